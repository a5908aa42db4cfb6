"""Truncated power series with a rigorous rest, and functions of them.

Promise: a `Jet` of f with coefficients c_0, ..., c_n says f(t) = c_0 + ... + c_(n-1)*t^(n-1) + r(t)*t^n with r(t) in
c_n, for all 0 < t <= reach; for reach 0 it gives the Taylor coefficients at 0. Operations keep that promise. What is
exact stays exact, so that a coefficient that is exactly 0 is seen as such.

Glossary
    number   an exact rational, or a real or complex ball
    lead     the limit of f at 0: c_0, but for a jet of one coefficient, where it is told apart, or not known (None)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flint import acb, arb, fmpq

from derive.core.errors import NotEvaluable
from derive.core.meaning.combinations import Combination, as_ball
from derive.core.meaning.values import ONE, ZERO, Gaussian, Imprecise, Infinite, Value, finite

__all__ = [
    "Jet", "Number", "as_plain", "as_real", "constant", "enclosure", "folded", "is_nil", "minus", "number_of", "plus",
    "scaled", "shifted", "through", "times", "value_of",
]

Number = Any


@dataclass(frozen=True, slots=True)
class Jet:
    """Coefficients and how far they reach."""

    coefs: tuple[Number, ...]
    reach: fmpq = ZERO
    limit: Number | None = None

    @property
    def order(self) -> int:
        """The number of coefficients that are not the rest."""
        return len(self.coefs) - 1

    @property
    def lead(self) -> Any:
        """The limit at 0, if it is known."""
        return self.coefs[0] if len(self.coefs) > 1 or self.reach == 0 else self.limit


def number_of(value: Value) -> Number:
    """A finite value as a number."""
    if type(value) is Gaussian:
        return acb(arb(value.re), arb(value.im))
    if type(value) is Infinite:
        raise NotEvaluable("an infinite value in a power series")
    return value


def is_nil(number: Number) -> bool:
    """Whether it is exactly 0."""
    if type(number) is fmpq:
        return bool(number == 0)
    return not isinstance(number, Combination) and bool(number.is_zero())


def constant(value: Value, order: int, reach: fmpq) -> Jet:
    """A number."""
    found = number_of(value)
    return Jet((found,) + (ZERO,) * order, reach, found)


def _span(reach: fmpq, k: int) -> Number:
    """All t**k for 0 <= t <= reach."""
    if k == 0:
        return ONE
    half = reach**k / 2
    return arb(half, half)


def folded(jet: Jet, order: int) -> Jet:
    """The same with fewer coefficients."""
    if order >= jet.order:
        return jet
    rest = jet.coefs[order]
    if jet.reach != 0:
        for k, c in enumerate(jet.coefs[order + 1 :], start=1):
            if not is_nil(c):
                rest = rest + c * _span(jet.reach, k)
    return Jet((*jet.coefs[:order], rest), jet.reach, jet.lead)


def enclosure(jet: Jet) -> Number:
    """A ball that contains every value for 0 < t <= reach."""
    return folded(jet, 0).coefs[0]


def plus(left: Jet, right: Jet) -> Jet:
    """The sum."""
    order = min(left.order, right.order)
    a, b = folded(left, order), folded(right, order)
    limit = None if a.lead is None or b.lead is None else a.lead + b.lead
    return Jet(tuple([x + y for x, y in zip(a.coefs, b.coefs, strict=True)]), a.reach, limit)


def scaled(jet: Jet, factor: Number) -> Jet:
    """A constant times it."""
    return Jet(tuple([ZERO if is_nil(c) else c * factor for c in jet.coefs]), jet.reach,
               None if jet.lead is None else jet.lead * factor)  # fmt: skip


def minus(jet: Jet) -> Jet:
    """Minus it."""
    return scaled(jet, fmpq(-1))


def times(left: Jet, right: Jet) -> Jet:
    """The product."""
    order = min(left.order, right.order)
    a, b = folded(left, order), folded(right, order)
    found: list[Number] = [ZERO] * (order + 1)
    over: dict[int, Number] = {}
    moving = [(j, y) for j, y in enumerate(b.coefs) if not is_nil(y)]
    for i, x in enumerate(a.coefs):
        if is_nil(x):
            continue
        for j, y in moving:
            if i + j <= order:
                found[i + j] = found[i + j] + x * y
            elif a.reach == 0:
                break
            else:
                over[i + j - order] = over.get(i + j - order, ZERO) + x * y
    for k, c in over.items():
        found[order] = found[order] + c * _span(a.reach, k)
    limit = None if a.lead is None or b.lead is None else a.lead * b.lead
    return Jet(tuple(found), a.reach, limit)


def shifted(jet: Jet, by: int) -> Jet:
    """t**by times it; below 0 that needs as many leading coefficients that are exactly 0."""
    if by >= 0:
        return folded(Jet((ZERO,) * by + jet.coefs, jet.reach, ZERO if by else jet.limit), jet.order)
    if len(jet.coefs) <= -by or not all(is_nil(c) for c in jet.coefs[:-by]):
        raise Imprecise("a power series that is not seen to vanish")
    return Jet(jet.coefs[-by:], jet.reach)


Coefficients = Callable[[Number, int], Sequence[Number]]
"""The Taylor coefficients 0 to n of a function at a number, each true for all numbers of a ball."""


def through(function: Coefficients, inner: Jet) -> Jet:
    """The function of the jet, by Taylor's theorem about c_0."""
    order = inner.order
    if order == 0 and inner.reach != 0:
        limit = None if inner.limit is None else function(as_plain(inner.limit), 0)[0]
        return Jet((function(as_plain(inner.coefs[0]), 0)[0],), inner.reach, limit)
    if inner.reach == 0:
        coefs = list(function(as_plain(inner.coefs[0]), order))
    else:
        coefs = [*function(as_plain(inner.coefs[0]), order - 1), function(as_plain(enclosure(inner)), order)[order]]
    step = Jet((ZERO, *inner.coefs[1:]), inner.reach)
    found = Jet((coefs[-1],) + (ZERO,) * order, inner.reach)
    for c in reversed(coefs[:-1]):
        found = times(found, step)
        found = Jet((found.coefs[0] + c, *found.coefs[1:]), found.reach)
    return found


def as_real(number: Number) -> arb | None:
    """The number as a real ball, if it is known to be real."""
    if type(number) is acb:
        return number.real if number.imag.is_zero() else None
    return as_ball(number)


def as_plain(number: Number) -> Number:
    """The number as an exact rational or a ball."""
    return number.ball() if isinstance(number, Combination) else number


def value_of(number: Number) -> Value:
    """The number as a value."""
    found = as_plain(number)
    return found if type(found) is fmpq else finite(found)
