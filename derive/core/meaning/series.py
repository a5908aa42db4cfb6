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

MOST_TERMS = 60_000
SLOW_TERMS = 4_000
"""How many terms are added where the tail falls like a power only."""


def compile_series(body: Basic, limit: Any, scope: Scope) -> Code:
    """The sum of the body over index >= lo."""
    index, lo, _ = limit
    first = scope.integer(lo)
    inner, (slot,) = scope.bind([index])
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
        if begin - start > MOST_TERMS:
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
    goal = arb(2) ** (-ctx.prec - 8)
    geometric = upper.rate.order() < 0
    end, total = begin, ball(terms(start, begin))
    most = MOST_TERMS if geometric else SLOW_TERMS
    ahead = max(begin, 16)
    while True:
        total = total + ball(terms(end, ahead))
        end = ahead
        tail = _geometric_tail(upper, end) if geometric else _power_tail(upper, end)
        if tail is not None and (tail < goal or 2 * end > most):
            break
        if 2 * end > most:
            raise NotEvaluable("an infinite sum converges too slowly")
        ahead = end + end // 2
    radius = arb(0, tail.upper())
    if type(total) is acb:
        return finite(total + acb(radius, radius))
    return finite(total + radius)


def _geometric_tail(upper: Bound, end: int) -> arb | None:
    """A bound of the sum from `end` on, where consecutive bounds fall by at least a fixed ratio."""
    growth = arb(fmpq(end + 1, end)) ** arb(upper.degree) if upper.degree > 0 else arb(1)
    ratio = upper.rate.log().exp() * growth
    if not ratio < 1:
        return None
    found = upper.at(end) / (1 - ratio)
    return found if found.is_finite() else None


def _power_tail(upper: Bound, end: int) -> arb | None:
    """The integral bound of scale * k**degree from `end` on."""
    if end < 2:
        return None
    above = arb(upper.degree) + 1
    return -upper.scale * arb(end - 1) ** above / above


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
