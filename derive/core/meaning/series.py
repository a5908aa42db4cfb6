"""Infinite sums: a partial sum, and a tail that is bounded rigorously.

Promise: the value encloses the sum of an absolutely convergent series; a series
of terms that are eventually of one sign and not summable is oo or -oo; one
whose terms do not tend to 0 is `Divergent`; everything else is `NotEvaluable`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import acb, arb, ctx, fmpq
from sympy import Basic

from derive.core.errors import Divergent, NotEvaluable
from derive.core.meaning.bounds import compile_growth
from derive.core.meaning.frames import Code, Frame, Scope
from derive.core.meaning.growth import Bound, Growth
from derive.core.meaning.values import ZERO, Infinite, Value, add, ball, finite, sign_of

__all__ = ["compile_series"]

MOST_TERMS = 6_000
SLOW_TERMS = 2_000
"""How many terms are added where the tail falls geometrically, and where it falls like a power only."""

ROUGH_BITS = 2_000
"""Powers in the terms become balls beyond this size: the sum is a ball in any case."""

COARSE = 40
"""If the working precision is out of reach, so many bits will do."""


def compile_series(body: Basic, limit: Any, scope: Scope) -> Code:
    """The sum of the body over index >= lo."""
    index, lo, _ = limit
    first = scope.integer(lo)
    inner, (slot,) = scope.rough(ROUGH_BITS).bind([index])
    term = inner.code(body)
    growth = compile_growth(body, index, inner)

    def terms(f: Frame, start: int, end: int) -> Value:
        total: Value = ZERO
        for k in range(start, end):
            f[slot] = k
            total = add(total, term(f))
        return total

    def code(f: Frame) -> Value:
        start = first(f)
        g = growth(f)
        if g is None:
            raise NotEvaluable("the tail of an infinite sum is not understood")
        begin = max(g.start, start, 1)
        if begin - start > 8 * MOST_TERMS:
            raise NotEvaluable("the tail of an infinite sum begins too late")
        if g.vanishes:
            return terms(f, start, begin)
        if g.upper is not None and _summable(g.upper):
            return _enclosed(lambda a, b: terms(f, a, b), g.upper, start, begin)
        return _diverging(terms(f, start, begin), g)

    return code


def _summable(upper: Bound) -> bool:
    order = upper.rate.order()
    return order < 0 or (order == 0 and upper.degree < -1)


def _enclosed(terms: Callable[[int, int], Value], upper: Bound, start: int, begin: int) -> Value:
    """The partial sum, as a ball widened by the tail."""
    end, tail = _cut(upper, begin) if upper.rate.order() < 0 else _power_cut(upper, begin)
    total, radius = ball(terms(start, end)), arb(0, tail.upper())
    return finite(total + (acb(radius, radius) if type(total) is acb else radius))


def _cut(upper: Bound, begin: int) -> tuple[int, arb]:
    """Where to stop a series that falls geometrically, and a bound of the rest."""
    for bits in (ctx.prec + 8, COARSE):
        low, high = begin, max(begin, 16)
        while high <= MOST_TERMS:
            tail = _geometric_tail(upper, high)
            if tail is not None and tail < arb(2) ** -bits:
                return _earlier(upper, low, high, bits)
            low, high = high, 2 * high
    raise NotEvaluable("an infinite sum converges too slowly")


def _earlier(upper: Bound, low: int, high: int, bits: int) -> tuple[int, arb]:
    """The cut at `high`, or one between `low` and `high` that does as well."""
    best = high, _geometric_tail(upper, high)
    while high - low > 8:
        middle = (low + high) // 2
        tail = _geometric_tail(upper, middle)
        if tail is not None and tail < arb(2) ** -bits:
            high, best = middle, (middle, tail)
        else:
            low = middle
    return best


def _power_cut(upper: Bound, begin: int) -> tuple[int, arb]:
    """Where to stop a series that falls like a power, and the integral bound of the rest."""
    end = max(2 * begin, SLOW_TERMS)
    above = arb(upper.degree) + 1
    return end, -upper.scale * arb(end - 1) ** above / above


def _geometric_tail(upper: Bound, end: int) -> arb | None:
    """A bound of the sum from `end` on, where consecutive bounds fall by at least a fixed ratio."""
    growth = arb(fmpq(end + 1, end)) ** arb(upper.degree) if upper.degree > 0 else arb(1)
    ratio = upper.rate.log().exp() * growth
    if not ratio < 1:
        return None
    found = upper.at(end) / (1 - ratio)
    return found if found.is_finite() else None


def _diverging(partial: Value, g: Growth) -> Value:
    """oo or -oo where the terms are eventually of one sign and bounded below by a divergent series."""
    lower = g.lower
    if lower is None:
        raise NotEvaluable("the tail of an infinite sum is not understood")
    order = lower.rate.order()
    if g.sign is not None and (order > 0 or (order == 0 and lower.degree >= -1)):
        if type(partial) is Infinite and sign_of(partial, "a partial sum") != g.sign:
            raise NotEvaluable("oo - oo in an infinite sum")
        return add(Infinite(g.sign), _real(partial))
    if order > 0 or (order == 0 and lower.degree >= 0):
        raise Divergent("an infinite sum whose terms do not tend to 0")
    raise NotEvaluable("an infinite sum that is not known to converge")


def _real(partial: Value) -> Value:
    if type(partial) not in (fmpq, arb, Infinite):
        raise NotEvaluable("an infinite sum of complex terms diverges")
    return partial
