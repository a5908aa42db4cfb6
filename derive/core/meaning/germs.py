"""Functions near the end of a range, as sums of scales times power series, with rigorous rests.

Promise: the sum of the germs of a function is that function for all 0 < t <= reach. An empty sum is exactly 0.
Every operation keeps that promise or raises `NotEvaluable`.

Glossary
    germ      a scale times a jet whose first coefficient is not exactly 0, but for a jet of one coefficient
    bounded   said of germs that have a limit: the one that is a plain power series, and others that tend to 0
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from flint import acb, arb, fmpq

from derive.core.errors import NotEvaluable
from derive.core.meaning import jets, scales
from derive.core.meaning.combinations import Combination, as_ball
from derive.core.meaning.jets import Coefficients, Jet, Number, as_plain, enclosure, is_nil, value_of
from derive.core.meaning.scales import UNIT, Scale
from derive.core.meaning.taylor import power_coefficients
from derive.core.meaning.values import ONE, ZERO, Value

__all__ = ["Germ", "Germs", "applied", "exponential", "log_of", "multiplied", "power_of", "scale_all", "total"]

MOST_PARTS = 40


@dataclass(frozen=True, slots=True)
class Germ:
    """A scale times a jet."""

    scale: Scale
    jet: Jet


Germs = tuple[Germ, ...]


def normal(germ: Germ) -> Germs:
    """The germ without coefficients that are exactly 0 in front."""
    jet = germ.jet
    if all(is_nil(c) for c in jet.coefs):
        return ()
    by = 0
    while by < jet.order and is_nil(jet.coefs[by]):
        by += 1
    if not by:
        return (germ,)
    scale = germ.scale
    return (Germ(replace(scale, power=scale.power + by), jets.shifted(jet, -by)),)


def plain(number: Number, order: int, reach: fmpq) -> Germs:
    """A number."""
    return normal(Germ(UNIT, Jet((number,) + (ZERO,) * order, reach, number)))


def scale_all(parts: Germs, factor: Number) -> Germs:
    """A constant times them."""
    if is_nil(factor):
        return ()
    return tuple(Germ(g.scale, jets.scaled(g.jet, factor)) for g in parts)


# ---------------------------------------------------------------- sums


def _same_kind(left: Scale, right: Scale) -> bool:
    """Whether two scales differ by an integer power of t only."""
    gap = left.power - right.power
    alike = gap.q == 1 and left.logs == right.logs and left.turn == right.turn and _equal(left.spin, right.spin)
    return bool(alike) and _same(left.rates, right.rates)


def _same(left: tuple, right: tuple) -> bool:
    if len(left) != len(right):
        return False
    return all(
        a == b and all(_equal(x, y) for x, y in zip(s, t, strict=True))
        for (a, s), (b, t) in zip(left, right, strict=True)
    )


def _equal(left: Number, right: Number) -> bool:
    """Whether both are known exactly, and the same."""
    return all(type(n) is fmpq or isinstance(n, Combination) for n in (left, right)) and is_nil(left - right)


def merged(parts: Sequence[Germ]) -> Germs:
    """The same sum, with germs joined that differ by an integer power of t."""
    found: list[Germ] = []
    for germ in parts:
        for k, other in enumerate(found):
            if _same_kind(germ.scale, other.scale):
                low, high = (germ, other) if germ.scale.power <= other.scale.power else (other, germ)
                by = int((high.scale.power - low.scale.power).p)
                order = low.jet.order
                joined = normal(Germ(low.scale, jets.plus(low.jet, _raised(high.jet, by, order))))
                found[k : k + 1] = list(joined)
                break
        else:
            found.append(germ)
    return tuple(found)


def _raised(jet: Jet, by: int, order: int) -> Jet:
    """t**by times it, with as many coefficients as are known, up to an order."""
    return jets.folded(Jet((ZERO,) * by + jet.coefs, jet.reach, ZERO if by else jet.limit), order)


def worth(
    parts: Germs, one: Callable[[Germ], Number | None], diverging: Callable[[list[Germ]], Value]
) -> Value:
    """What germs are worth together: each by itself, or, where some diverge by themselves, what those do."""
    found: Number = ZERO
    wild: list[Germ] = []
    for germ in merged(parts):
        share = one(germ)
        if share is None:
            wild.append(germ)
        else:
            found = found + share
    return diverging(wild) if wild else value_of(found)


def total(parts: Germs) -> Germ | None:
    """One germ for all: the others go into the rest of the largest; None for 0."""
    found = list(merged(parts))
    if not found:
        return None
    lead = found[0]
    for germ in found[1:]:
        order = scales.compared(scales.over(germ.scale, lead.scale))
        if order > 0:
            lead = germ
        elif order == 0:
            raise NotEvaluable("two terms of the same size")
    others = [germ for germ in found if germ is not lead]
    for germ in others:
        if scales.compared(scales.over(germ.scale, lead.scale)) >= 0:
            raise NotEvaluable("two terms of the same size")
        lead = _absorbed(lead, germ)
    return lead


def _absorbed(lead: Germ, small: Germ) -> Germ:
    ratio = scales.over(small.scale, lead.scale)
    reach = lead.jet.reach
    for order in range(lead.jet.order, -1, -1):
        shifted = replace(ratio, power=ratio.power - order)
        try:
            bound = scales.supremum(shifted.modulus, reach)
        except NotEvaluable:
            continue
        if scales.compared(shifted) > 0:
            continue
        rest = enclosure(small.jet) * _disc(bound, ratio)
        jet = jets.folded(lead.jet, order)
        limit = jet.lead
        if order == 0 and scales.compared(shifted) == 0:
            limit = None
        return Germ(lead.scale, Jet((*jet.coefs[:-1], jet.coefs[-1] + rest), reach, limit))
    raise NotEvaluable("a term that is not seen to be small")


def _disc(bound: arb, scale: Scale) -> Number:
    """What a scale of at most that modulus may be."""
    if scale.positive:
        return arb(bound / 2, bound / 2)
    return acb(arb(0, bound), arb(0, bound))


# ---------------------------------------------------------------- products


def multiplied(left: Germs, right: Germs) -> Germs:
    """The product."""
    if len(left) * len(right) > MOST_PARTS:
        a, b = total(left), total(right)
        left, right = (() if a is None else (a,)), (() if b is None else (b,))
    found = [
        part for a in left for b in right
        for part in normal(Germ(scales.times(a.scale, b.scale), jets.times(a.jet, b.jet)))
    ]
    return merged(found)


def power_of(parts: Germs, e: fmpq) -> Germs:
    """A rational power, by the largest term."""
    if e.q == 1 and 0 < e <= 4:
        found = parts
        for _ in range(int(e.p) - 1):
            found = multiplied(found, parts)
        return found
    germ = total(parts)
    if germ is None:
        if e > 0:
            return ()
        raise NotEvaluable("a negative power of 0")
    return normal(Germ(scales.raised(germ.scale, e), jets.through(power_coefficients(e), germ.jet)))


def log_of(parts: Germs, coefficients: Coefficients) -> Germs:
    """The logarithm, split into its terms."""
    germ = total(parts)
    if germ is None or germ.scale.logs != 0 or not germ.scale.positive:
        raise NotEvaluable("a logarithm that is not understood")
    order, reach = germ.jet.order, germ.jet.reach
    found = list(normal(Germ(UNIT, jets.through(coefficients, germ.jet))))
    if germ.scale.power != 0:
        found.append(Germ(Scale(logs=ONE), Jet((-germ.scale.power,) + (ZERO,) * order, reach, -germ.scale.power)))
    for (k, b), (s, _) in germ.scale.rates:
        found.append(Germ(Scale(-k, b), Jet((s,) + (ZERO,) * order, reach, s)))
    return merged(found)


# ---------------------------------------------------------------- functions


def bounded(parts: Germs, order: int, reach: fmpq) -> tuple[Jet, list[Germ]]:
    """The plain power series, and the terms beside it that tend to 0; raises where there is no limit."""
    main, small = jets.constant(ZERO, order, reach), []
    for germ in merged(parts):
        scale = germ.scale
        if scale == Scale(scale.power) and scale.power.q == 1 and scale.power >= 0:
            main = jets.plus(main, _raised(germ.jet, int(scale.power.p), order))
        elif scales.compared(scale) < 0:
            small.append(germ)
        else:
            raise Unbounded("an argument that is not bounded")
    return main, small


class Unbounded(NotEvaluable):
    """The argument of a function grows without bound, or turns round."""


def size(germ: Germ) -> Number:
    """What a germ that tends to 0 may be."""
    return enclosure(germ.jet) * _disc(scales.supremum(germ.scale.modulus, germ.jet.reach), germ.scale)


def applied(function: Coefficients, parts: Germs, order: int, reach: fmpq) -> Germs:
    """An analytic function of germs that have a limit; by the mean value theorem in the terms that tend to 0."""
    main, small = bounded(parts, order, reach)
    found = list(normal(Germ(UNIT, jets.through(function, main))))
    if small:
        around = enclosure(main)
        for germ in small:
            around = around + size(germ)
        slope = function(_hull(around, enclosure(main)), 1)[1]
        first = None if main.lead is None else function(as_plain(main.lead), 1)[1]
        for germ in small:
            lead = None if first is None or germ.jet.lead is None else germ.jet.lead * first
            found.append(Germ(germ.scale, Jet((enclosure(germ.jet) * slope,), reach, lead)))
    return merged(found)


def _hull(left: Number, right: Number) -> Number:
    a, b = as_ball(left), as_ball(right)
    return a.union(b) if type(a) is type(b) else acb(a).union(acb(b))


def exponential(parts: Germs, order: int, reach: fmpq, coefficients: Coefficients) -> Germs:
    """exp of germs: what is singular goes into the scale, the rest is analytic."""
    rates: dict[tuple[fmpq, fmpq], tuple[Number, Number]] = {}
    power, spin = ZERO, ZERO
    tame: list[Germ] = []
    for germ in merged(parts):
        scale = germ.scale
        if scales.compared(scale) < 0:
            tame.append(germ)
            continue
        if not scale.positive or scale.rates or scale.logs < 0:
            raise NotEvaluable("an exponential that is not understood")
        done = 0
        for j, c in enumerate(germ.jet.coefs):
            k = -scale.power - j
            if k < 0 or (k == 0 and scale.logs == 0):
                break
            if j == germ.jet.order:
                raise NotEvaluable("an exponential of which too little is known")
            done = j + 1
            if is_nil(c):
                continue
            if k == 0 and scale.logs == 1:
                re, im = _rational_part(c)
                power, spin = power - re, spin - im
            elif k == 0:
                raise NotEvaluable("an exponential of a power of a logarithm")
            else:
                a, b = rates.get((k, scale.logs), (ZERO, ZERO))
                re, im = (c.real, c.imag) if type(c) is acb else (c, ZERO)
                rates[(k, scale.logs)] = (a + re, b + im)
        rest = Jet((ZERO,) * done + germ.jet.coefs[done:], reach)
        if not all(is_nil(c) for c in rest.coefs):
            tame += normal(Germ(scale, rest))
    found = applied(coefficients, tuple(tame), order, reach)
    scale = Scale(power, ZERO, scales.ordered(rates), ZERO, spin)
    return multiplied((Germ(scale, jets.constant(ONE, order, reach)),), found)


def _rational_part(number: Number) -> tuple[fmpq, Number]:
    """The real part, which must be rational, and the imaginary part."""
    if type(number) is fmpq:
        return number, ZERO
    if type(number) is not acb or not number.real.is_exact() or not number.real.is_finite():
        raise NotEvaluable("a power that is not rational")
    mantissa, exponent = number.real.man_exp()
    return fmpq(mantissa) * fmpq(2) ** int(exponent), number.imag

