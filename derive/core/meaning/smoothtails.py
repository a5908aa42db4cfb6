"""Infinite sums and products whose terms have an expansion far out: the tail is summed, and not only bounded.

Promise: the value encloses the sum (or product) of what is left after the first terms, with the zeta function of
Hurwitz; one that certainly diverges is infinite or `Divergent`; everything else is `NotEvaluable`.
"""

from __future__ import annotations

from collections.abc import Callable

from flint import acb, acb_series, arb, ctx, fmpq
from sympy import Basic, Symbol

from derive.core.errors import Divergent, NotEvaluable
from derive.core.meaning import germs, scales
from derive.core.meaning.combinations import as_ball
from derive.core.meaning.endheads import GERMS
from derive.core.meaning.expand import Expander, Place
from derive.core.meaning.frames import Code, Frame, Scope
from derive.core.meaning.germs import Germ, Germs
from derive.core.meaning.inert import ln
from derive.core.meaning.jets import Number, as_real, enclosure, is_nil
from derive.core.meaning.scales import Scale
from derive.core.meaning.values import ONE, ZERO, Infinite, Value, ball, exponential, is_zero, multiply

__all__ = ["Tail", "compile_infinite_product", "smooth_tail"]

STARTS = (24, 64, 256)
ORDER = 12
ENOUGH = arb(2) ** -72
COARSEST = arb(2) ** -16

Tail = Callable[[Frame, int], Value]


def smooth_tail(body: Basic, index: Symbol, scope: Scope) -> Tail:
    """A closure that gives the sum of the body over index >= start."""
    expander = Expander(index, scope, GERMS)

    def tail(f: Frame, start: int) -> Value:
        place = Place(Infinite(1), 1, 1, ORDER, fmpq(1, start), None, whole=True)
        return _summed(expander.run(body, place, f), start)

    return tail


def _summed(parts: Germs, start: int) -> Value:
    return germs.worth(parts, lambda germ: _one(germ, start), lambda wild: _diverging(wild, start))


def _diverging(wild: list[Germ], start: int) -> Value:
    lead = germs.total(tuple(wild))
    if lead is None or lead.jet.lead is None or not abs(as_ball(lead.jet.lead)) > 0:
        raise NotEvaluable("an infinite sum that is not understood")
    if _one(lead, start) is not None:
        raise NotEvaluable("an infinite sum that is not understood")
    real = as_real(lead.jet.lead)
    if lead.scale.positive and real is not None and as_real(enclosure(lead.jet)) is not None:
        return Infinite(1 if real > 0 else -1)
    if scales.compared(lead.scale) >= 0:
        raise Divergent("an infinite sum whose terms do not tend to 0")
    if lead.scale.positive:
        raise Divergent("an infinite sum that diverges")
    raise NotEvaluable("an infinite sum that is not understood")


def _one(germ: Germ, start: int) -> Number | None:
    """The sum of one germ over n >= start, with t = 1/n; None where it does not converge."""
    scale = germ.scale
    if scale.rates:
        return _exponential(germ, start)
    if not is_nil(scale.spin):
        return _spun(germ, start)
    if scale.logs != 0 and (scale.turn != 0 or scale.logs.q != 1 or not 0 < scale.logs <= 4):
        raise NotEvaluable("an infinite sum with a power of a logarithm")
    found: Number = ZERO
    for j, c in enumerate(germ.jet.coefs):
        if is_nil(c):
            continue
        s = scale.power + j
        rest = j == germ.jet.order
        if s <= 0 or (s <= 1 and (scale.turn == 0 or rest)):
            if rest and j:
                raise NotEvaluable("an infinite sum of which too little is known")
            return None
        share = _alternating(s, start, scale.turn) if scale.turn != 0 and not rest else _zeta(s, scale.logs, start)
        if rest and scale.turn != 0:
            share = acb(arb(0, abs(share).upper()), arb(0, abs(share).upper()))
        found = found + c * share
    return found


def _spun(germ: Germ, start: int) -> Number | None:
    """The sum of n**-(s + I*spin), by the zeta function."""
    scale = germ.scale
    if scale.logs != 0 or scale.turn != 0:
        raise NotEvaluable("an infinite sum that is not understood")
    found: Number = ZERO
    for j, c in enumerate(germ.jet.coefs):
        if is_nil(c):
            continue
        s = scale.power + j
        if s <= 1:
            if j:
                raise NotEvaluable("an infinite sum of which too little is known")
            return None
        share = acb(arb(s), as_ball(scale.spin)).zeta(acb(start))
        if j == germ.jet.order:
            bound = arb(s).zeta(arb(start)).upper()
            share = acb(arb(0, bound), arb(0, bound))
        found = found + c * share
    return found


def _zeta(s: fmpq, logs: fmpq, start: int) -> arb:
    """The sum of log(n)**logs * n**-s, by a derivative of the zeta function."""
    if logs == 0:
        return arb(s).zeta(arb(start)) if s > 0 else arb(0)
    n = int(logs)
    before = ctx.cap
    ctx.cap = max(before, n + 2)
    try:
        found = acb_series([acb(arb(s)), 1], prec=n + 1).zeta(acb(start)).coeffs()[n].real
    finally:
        ctx.cap = before
    sign = -1 if n % 2 else 1
    return found * sign * arb(n + 1).gamma()


def _alternating(s: fmpq, start: int, turn: fmpq) -> Number:
    """The sum of exp(pi*I*turn*n) * n**-s; the terms with equal factors are summed together, and analytically."""
    period = 2 * int(turn.q) if turn.p % 2 else int(turn.q)
    if period > 24:
        raise NotEvaluable("an infinite sum that turns too slowly")
    total: Number = ZERO
    for k in range(period):
        angle = turn * (start + k)
        factor = fmpq(-1 if angle.p % 2 else 1) if angle.q == 1 else acb(arb(angle)).exp_pi_i()
        where = arb(fmpq(start + k, period))
        part = -where.digamma() if s == 1 else arb(s).zeta(where) * arb(period) ** arb(-s)
        total = total + factor * (part / period if s == 1 else part)
    return total


def _exponential(germ: Germ, start: int) -> Number | None:
    """What falls at least geometrically is bounded by a geometric series."""
    modulus = germ.scale.modulus
    order = _falls(modulus)
    if order > 0:
        return None
    if order == 0:
        raise NotEvaluable("an infinite sum that turns round")
    at = scales.supremum(modulus, fmpq(1, start))
    bound = at / (1 - _ratio(modulus, start))
    if germ.scale.positive:
        return enclosure(germ.jet) * arb(bound.upper() / 2, bound.upper() / 2)
    return enclosure(germ.jet) * acb(arb(0, bound.upper()), arb(0, bound.upper()))


def _falls(modulus: Scale) -> int:
    for _, (re, _) in modulus.rates:
        if re > 0 or re < 0:
            return 1 if re > 0 else -1
        raise NotEvaluable("a rate too near to 0")
    return 0


def _ratio(modulus: Scale, start: int) -> arb:
    """A bound of the quotient of neighbours: exp of half the leading rate, where what is left falls as well."""
    ((k, b), (s, _)), *others = modulus.rates
    left = Scale(modulus.power, modulus.logs, (((k, b), (s / 2, ZERO)), *others))
    scales.supremum(left, fmpq(1, start))
    found = as_ball(s / 2).exp()
    if b < 0 or k < 1 or not found < 1:
        raise NotEvaluable("an infinite sum that falls too slowly")
    return found.upper()


def compile_infinite_product(body: Basic, index: Symbol, lo: Basic, scope: Scope) -> Code:
    """The product over index >= lo: first factors, times exp of the sum of the logarithms of the others."""
    first = scope.integer(lo)
    inner, (slot,) = scope.rough(2_000).bind([index])
    factor = inner.code(body)
    logs = Expander(index, inner, GERMS)

    def code(f: Frame) -> Value:
        start = first(f)
        failure = NotEvaluable("an infinite product that is not understood")
        found: Value = ONE
        at = start
        for begin in (max(s, start + 8) for s in STARTS):
            while at < begin:
                f[slot] = at
                found = multiply(found, factor(f))
                at += 1
            place = Place(Infinite(1), 1, 1, ORDER, fmpq(1, begin), None, whole=True)
            try:
                tail = _summed(_log_germs(logs, body, place, f), begin)
            except Divergent:
                raise
            except NotEvaluable as error:
                failure = error
                continue
            if type(tail) is Infinite:
                raise NotEvaluable("an infinite product that tends to 0 or to oo")
            if is_zero(found):
                return ZERO
            whole = multiply(found, exponential(tail))
            if ball(whole).rel_accuracy_bits() >= 60 or begin >= max(STARTS[-1], start + 8):
                return whole
        raise failure

    return code


def _log_germs(logs: Expander, body: Basic, place: Place, f: Frame) -> Germs:
    """The logarithm of the body, which tends to 1, far out."""
    return logs.run(ln(body), place, f)
