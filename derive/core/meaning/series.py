"""Infinite sums: a partial sum, and a tail that is bounded rigorously.

Promise: the value encloses the sum of an absolutely convergent series; a series
of terms that are eventually of one sign and not summable is oo or -oo; one
whose terms do not tend to 0 is `Divergent`; everything else is `NotEvaluable`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flint import acb, arb, ctx, fmpq
from sympy import Basic

from derive.core.errors import Divergent, NotEvaluable
from derive.core.meaning.bounds import compile_growth
from derive.core.meaning.frames import Code, Frame, Program, Scope
from derive.core.meaning.growth import Bound, Growth
from derive.core.meaning.smoothtails import Tail, smooth_tail
from derive.core.meaning.values import ZERO, Infinite, Value, add, ball, finite, sign_of

__all__ = ["compile_series"]

MOST_TERMS = 6_000
SLOW_TERMS = 2_000
"""How many terms are added where the tail falls geometrically, and where it falls like a power only."""

ROUGH_BITS = 2_000
"""Powers in the terms become balls beyond this size: the sum is a ball in any case."""

STARTS = (24, 80, 256)
"""From which term on an expansion is tried."""

SMOOTH_CALLS = 40
"""What an expansion costs, in terms."""

SHARP, FEWEST = 60, 16
"""So many bits are wanted of a sum, and so many it must have."""

FAST = fmpq(1, 8)
"""A rate of exp(-FAST) or less needs few terms."""

COARSE = 40
"""If the working precision is out of reach, so many bits will do."""


def compile_series(body: Basic, limit: Any, scope: Scope) -> Code:
    """The sum of the body over index >= lo."""
    index, lo, _ = limit
    first = scope.integer(lo)
    inner, (slot,) = scope.rough(ROUGH_BITS).bind([index])
    growth = compile_growth(body, index, inner)
    series = _Series(inner.code(body), slot, smooth_tail(body, index, inner), inner.program)

    def code(f: Frame) -> Value:
        start = first(f)
        g = growth(f)
        ways = [lambda: series.bounded(f, start, g), lambda: series.smooth(f, start)]
        if not _falls_fast(g):
            ways.reverse()
        try:
            return ways[0]()
        except Divergent:
            raise
        except NotEvaluable as error:
            return _rather(ways[1], error if _falls_fast(g) else None)

    return code


def _falls_fast(g: Growth | None) -> bool:
    """Whether its bound falls so fast that few terms are enough."""
    if g is None or g.vanishes or g.upper is None:
        return g is not None and g.vanishes
    return g.upper.rate.order() < 0 and bool(g.upper.rate.log() < -FAST)


@dataclass(frozen=True)
class _Series:
    """A series: its terms, and an expansion of its tail."""

    term: Code
    slot: int
    tail: Tail
    program: Program

    def terms(self, f: Frame, start: int, end: int) -> Value:
        """The sum of the terms from start on, before end."""
        total: Value = ZERO
        self.program.spend(max(end - start, 0))
        for k in range(start, end):
            f[self.slot] = k
            total = add(total, self.term(f))
        return total

    def bounded(self, f: Frame, start: int, g: Growth | None) -> Value:
        """A partial sum, and a bound of the rest by growth."""
        if g is None:
            raise NotEvaluable("the tail of an infinite sum is not understood")
        begin = max(g.start, start, 1)
        if begin - start > 8 * MOST_TERMS:
            raise NotEvaluable("the tail of an infinite sum begins too late")
        if g.vanishes:
            return self.terms(f, start, begin)
        if g.upper is not None and _summable(g.upper):
            return _enclosed(lambda a, b: self.terms(f, a, b), g.upper, start, begin)
        return _diverging(self.terms(f, start, begin), g)

    def smooth(self, f: Frame, start: int) -> Value:
        """First terms, and an expansion of the others."""
        failure = NotEvaluable("the tail of an infinite sum is not understood")
        best: Value | None = None
        for begin in (max(s, start + 8) for s in STARTS):
            self.program.spend(SMOOTH_CALLS)
            try:
                tail = self.tail(f, begin)
            except Divergent:
                raise
            except NotEvaluable as error:
                failure = error
                continue
            head = self.terms(f, start, begin)
            if type(tail) is Infinite:
                return add(tail, _real(head))
            found = ball(add(head, tail))
            if best is None or found.rel_accuracy_bits() > best.rel_accuracy_bits():
                best = finite(found)
            if found.rel_accuracy_bits() >= SHARP:
                break
        if best is None or ball(best).rel_accuracy_bits() < FEWEST:
            raise failure
        return best


def _rather(code: Callable[[], Value], error: NotEvaluable | None) -> Value:
    """What a second attempt gives, or the failure of the first one, if that is told, or its own."""
    try:
        return code()
    except Divergent:
        raise
    except NotEvaluable as other:
        raise (error or other) from None


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
