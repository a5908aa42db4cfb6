"""The place of an extremum: rigorous bisection and Newton's method inside, germs of the function at the ends.

Promise: the value encloses the one point of the open interval at which the function is least (or greatest). It rests
on: the function has a finite value all over the interval; the second derivative is positive on a stretch in which the
first changes its sign; everywhere else before it the function falls, or is more than somewhere on the stretch, and
likewise after it. Where there certainly is no such point, as the function is not real somewhere, tends to -oo at an
end, falls towards one from everywhere, or is strictly concave, it is `Divergent`; whatever is not certain raises
`NotEvaluable`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from flint import acb, arb, fmpq
from sympy import Basic

from derive.core.errors import Divergent, NotEvaluable
from derive.core.meaning import germs, scales
from derive.core.meaning.endheads import GERMS
from derive.core.meaning.expand import Expander, Place, Run
from derive.core.meaning.frames import Code, Frame, Scope
from derive.core.meaning.jets import as_real, enclosure
from derive.core.meaning.quadrature import roots_of
from derive.core.meaning.scales import Scale
from derive.core.meaning.values import Gaussian, Infinite, Value, real_ball
from derive.core.meaning.written import written_out
from derive.core.terms import Diff, Extremum

__all__ = ["compile_extremum", "middle"]

GRID = tuple(fmpq(k, 48) for k in range(1, 48))
FINE = tuple(fmpq(1, 2**k) for k in (7, 9, 12, 16))
"""Shares of the interval at which the slope is looked at first."""

HALVINGS = 40
SPREAD = (fmpq(1, 8), fmpq(1, 2), fmpq(7, 8))
UNEVEN = fmpq(9, 8)
NEWTON = 12
SHRINKS = arb(fmpq(9, 10))
WIDENINGS, WIDEST = 24, 8
MOST_PIECES = 400
MISTAKES = (NotEvaluable, ArithmeticError, ValueError)
REACHES = (fmpq(1, 8), fmpq(1, 64), fmpq(1, 1024), fmpq(1, 2**15))
ORDER = 8


def middle(lo: Value, hi: Value) -> fmpq | None:
    """A rational between two values, either of which may be infinite; None where none is certain to be."""
    if type(lo) is Infinite or type(hi) is Infinite:
        if type(lo) is type(hi):
            return fmpq(0) if lo.sign < 0 < hi.sign else None
        if type(lo) is Infinite:
            return fmpq((arb(hi) - 1).floor().lower().unique_fmpz()) if lo.sign < 0 else None
        return fmpq((arb(lo) + 1).ceil().upper().unique_fmpz()) if hi.sign > 0 else None
    if type(lo) is fmpq and type(hi) is fmpq:
        return (lo + hi) / 2 if lo < hi else None
    low, high = real_ball(lo, "the end of an interval"), real_ball(hi, "the end of an interval")
    found = _exact(((low + high) / 2).mid())
    return found if arb(found) > low and arb(found) < high else None


def compile_extremum(term: Extremum, scope: Scope) -> Code:
    """A closure that gives the place."""
    ends = [scope.code(end) for end in term.ends]
    inner, (slot,) = scope.rough(2_000).bind([term.variable])
    prepared = _compiled(term, term.body, inner)

    def code(f: Frame) -> Value:
        lo, hi = (end(f) for end in ends)
        if middle(lo, hi) is None:
            raise NotEvaluable("an interval that is not seen to be one")
        body = written_out(term.body, term.variable, inner, f)
        codes, expander = prepared if body == term.body else _compiled(term, body, inner)
        inner.program.fit(f)
        search = _Search(_Function(term.SIGN, body, slot, inner, expander, codes, f), lo, hi)
        try:
            return search.place()
        except NotEvaluable:
            if search.nowhere():
                raise Divergent("an extremum that is not there") from None
            raise

    return code


def _compiled(term: Extremum, body: Basic, inner: Scope) -> tuple[tuple[Code, ...], Expander]:
    """The function and its first two derivatives, and what looks at its ends."""
    x = term.variable
    codes = tuple(inner.code(t) for t in (body, *(Diff(body, (x, n, x)) for n in (1, 2))))
    return codes, Expander(x, inner, GERMS)


@dataclass(frozen=True)
class _Function:
    """The function, to be made as small as can be, and its first two derivatives, in one frame."""

    factor: int
    body: Basic
    slot: int
    scope: Scope
    expander: Expander
    codes: tuple[Code, ...]
    frame: Frame

    def value(self, at: Value) -> arb:
        """Its value, on a ball of values."""
        return self.slope(at, 0)

    def slope(self, at: Value, order: int) -> arb:
        """A derivative, on a ball of values."""
        self.scope.program.spend(1)
        self.frame[self.slot] = at
        found = real_ball(self.codes[order](self.frame), "the extremum")
        if not found.is_finite():
            raise NotEvaluable("a function without a value")
        return self.factor * found

    def unreal(self, at: Value) -> bool:
        """Whether its value is certainly not a real number."""
        self.frame[self.slot] = at
        try:
            found = self.codes[0](self.frame)
        except MISTAKES:
            return False
        return type(found) in (Gaussian, Infinite) or (type(found) is acb and not found.imag.contains(0))

    def sign(self, at: Value, order: int = 1) -> int:
        """The sign of a derivative on a ball; 0 where it is not known."""
        try:
            found = self.slope(at, order)
        except MISTAKES:
            return 0
        return 1 if found > 0 else -1 if found < 0 else 0

    def above(self, at: Value, least: arb) -> bool:
        """Whether all its values on a ball are more than that."""
        try:
            return bool(self.value(at) > least)
        except MISTAKES:
            return False

    def root(self) -> int:
        """By which power of t the ends are approached."""
        return roots_of(self.body, self.expander, self.frame)

    def above_near(self, end: Value, side: int, reach: fmpq, least: arb) -> bool:
        """Whether its values for 0 < t <= reach at end + side t^root, or side/t^root, are more than that."""
        lead = self.lead(end, side, reach, least)
        return lead is not None and bool(lead[1] > 0)

    def unbounded(self, end: Value, side: int) -> bool:
        """Whether it tends to -oo at an end."""
        lead = self.lead(end, side, REACHES[1], arb(0))
        return lead is not None and bool(lead[1] < 0) and scales.compared(lead[0]) > 0

    def lead(self, end: Value, side: int, reach: fmpq, least: arb) -> tuple[Scale, arb] | None:
        """A positive scale and a real ball, whose product is the function less a number near to an end."""
        run = Run(self.expander, Place(end, side, self.root(), ORDER, reach), self.frame)
        try:
            found = germs.scale_all(run.of(self.body), fmpq(self.factor))
            lead = germs.total(germs.merged((*found, *germs.scale_all(run.plain(least), fmpq(-1)))))
        except MISTAKES:
            return None
        real = None if lead is None else as_real(enclosure(lead.jet))
        return None if lead is None or real is None or not lead.scale.positive else (lead.scale, real)


@dataclass(frozen=True)
class _Search:
    """One search, over an interval."""

    function: _Function
    lo: Value
    hi: Value

    def place(self) -> Value:
        """The place; raises where it is not certain."""
        low, high = self._bracket()
        stretch, value = self._stretch(low, high)
        least = self.function.value(value)
        if not (self._beyond(stretch[0], -1, least) and self._beyond(stretch[1], 1, least)):
            raise NotEvaluable("an extremum that is not seen to be one on all of the interval")
        return value

    def nowhere(self) -> bool:
        """Whether there certainly is no such place."""
        if any(self.function.unreal(arb(self._at(share))) for share in SPREAD):
            return True
        for end, side in ((self.lo, -1), (self.hi, 1)):
            if self.function.unbounded(end, side if type(end) is Infinite else -side):
                return True
        return self._concave() or any(self._falls_towards(end, side) for end, side in ((self.lo, -1), (self.hi, 1)))

    def _concave(self) -> bool:
        """Whether the function is strictly concave on all of the interval, where its ends are rational."""
        if type(self.lo) is not fmpq or type(self.hi) is not fmpq:
            return False
        return _everywhere(lambda ball: self.function.sign(ball, 2) < 0, self.lo, self.hi)

    def _falls_towards(self, end: Value, side: int) -> bool:
        """Whether the function falls all the way to an end, and is more before than where that begins."""
        if type(end) is not fmpq:
            return False
        for start in (self._at(share) for share in SPREAD):
            try:
                least = self.function.value(arb(start))
            except MISTAKES:
                continue
            if self._covered(start, end, -side, None) and self._beyond(start, -side, least):
                return True
        return False

    # ------------------------------------------------------------ inside

    def _bracket(self) -> tuple[fmpq, fmpq]:
        """Two points near to one another between which the slope changes its sign, from below to above."""
        places = sorted({self._at(share) for share in _shares()})
        signs = [(p, self.function.sign(arb(p))) for p in places]
        known = [(p, s) for p, s in signs if s]
        turns = [(a, b) for (a, s), (b, t) in pairwise(known) if (s, t) == (-1, 1)]
        if len(turns) != 1:
            raise NotEvaluable("an extremum that is not found")
        low, high = turns[0]
        for _ in range(HALVINGS):
            half = (low + high) / 2
            sign = self.function.sign(arb(half))
            if not sign:
                break
            low, high = (half, high) if sign < 0 else (low, half)
        return low, high

    def _at(self, share: fmpq) -> fmpq:
        """The point of the interval at a share of it."""
        lo, hi = (None if type(end) is Infinite else _rational(end) for end in (self.lo, self.hi))
        if lo is not None and hi is not None:
            return lo + share * (hi - lo)
        if lo is not None:
            return lo + share / (1 - share)
        if hi is not None:
            return hi - (1 - share) / share
        return (2 * share - 1) / (share * (1 - share))

    def _stretch(self, low: fmpq, high: fmpq) -> tuple[tuple[fmpq, fmpq], arb]:
        """A stretch around the bracket on which the function is convex, as wide as is seen, and the place in it."""
        centre, radius = (low + high) / 2, (high - low) / 2
        best: tuple[fmpq, fmpq] | None = None
        for _ in range(WIDENINGS):
            ends = centre - radius, centre + radius * UNEVEN
            if not (self._inside(ends[0]) and self._inside(ends[1]) and self._convex(*ends)):
                break
            best = ends
            radius *= 4
            if radius > WIDEST * (1 + abs(centre)):
                break
        if best is None or self.function.sign(arb(best[0])) >= 0 or self.function.sign(arb(best[1])) <= 0:
            raise NotEvaluable("a function that is not seen to be convex at its extremum")
        return best, self._newton(_ball(low, high) if self._changes(low, high) else _ball(*best))

    def _changes(self, low: fmpq, high: fmpq) -> bool:
        return self.function.sign(arb(low)) < 0 < self.function.sign(arb(high))

    def _convex(self, low: fmpq, high: fmpq) -> bool:
        return self.function.sign(_ball(low, high), 2) > 0

    def _newton(self, ball: arb) -> arb:
        """The place in a ball that has it, by Newton's method with intervals."""
        for _ in range(NEWTON):
            point = arb(ball.mid())
            try:
                step = point - self.function.slope(point, 1) / self.function.slope(ball, 2)
                found = step.intersection(ball)
            except MISTAKES:
                break
            if not found.is_finite() or not found.rad() < ball.rad() * SHRINKS:
                break
            ball = found
        return ball

    # ------------------------------------------------------------ outside of the stretch

    def _inside(self, point: fmpq) -> bool:
        at = arb(point)
        low = type(self.lo) is Infinite or bool(at > arb(self.lo))
        return low and (type(self.hi) is Infinite or bool(at < arb(self.hi)))

    def _beyond(self, start: fmpq, side: int, least: arb) -> bool:
        """Whether from there to an end the function falls towards the start, or is more than that."""
        end = self.lo if side < 0 else self.hi
        if type(end) not in (fmpq, Infinite):
            return False
        root = self.function.root()
        for reach in REACHES:
            stop = fmpq(side) / reach**root if type(end) is Infinite else end - side * reach**root
            ahead = side * (stop - start) > 0
            if self.function.above_near(end, side if type(end) is Infinite else -side, reach, least):
                return not ahead or self._covered(start, stop, side, least)
        return type(end) is fmpq and self._covered(start, end, side, least)

    def _covered(self, start: fmpq, stop: fmpq, side: int, least: arb | None) -> bool:
        """The same between two points: everywhere the slope has this sign, or the function is more than that."""

        def tells(ball: arb) -> bool:
            return self.function.sign(ball) == side or (least is not None and self.function.above(ball, least))

        return _everywhere(tells, start, stop)


def _everywhere(tells: Callable[[arb], bool], start: fmpq, stop: fmpq) -> bool:
    """Whether this is so on pieces between two points, which are halved until they tell."""
    stack, pieces = [(start, stop)], 0
    while stack:
        a, b = stack.pop()
        pieces += 1
        if tells(_ball(min(a, b), max(a, b))):
            continue
        if pieces > MOST_PIECES:
            return False
        half = (a + b) / 2
        stack += [(half, b), (a, half)]
    return True


def _shares() -> Iterator[fmpq]:
    yield from GRID
    for share in FINE:
        yield share
        yield 1 - share


def _ball(low: fmpq, high: fmpq) -> arb:
    """All numbers between two, and some beyond where their middle is 0: Arb has no powers of such balls."""
    return arb(low).union(arb(high * UNEVEN if low + high == 0 else high))


def _exact(number: arb) -> fmpq:
    """A ball without a radius, as the rational that it is."""
    mantissa, exponent = number.man_exp()
    return fmpq(mantissa) * fmpq(2) ** int(exponent)


def _rational(value: Value) -> fmpq:
    """A rational near to a value."""
    return value if type(value) is fmpq else _exact(real_ball(value, "the end of an interval").mid())
