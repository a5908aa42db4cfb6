"""Sets of real numbers between two ends, and what arithmetic and functions make of them.

Promise: every operation returns a range that holds all results; it may be wider than need be. An end is a rigorous
ball, with the exact number as a term where that is kept: so an end that is 0 is known to be 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from flint import arb, fmpq
from sympy import Expr, Integer, Rational, S

from derive.core.assume import Assumptions
from derive.core.errors import BudgetError, NotNormal
from derive.core.facts import Facts
from derive.core.normal.convert import Converter
from derive.core.normal.ring import UndefinedValue
from derive.core.scalar.differentiate import plus, power, times

__all__ = [
    "ALL", "CAPS", "NIL", "NONNEGATIVE", "POSITIVE", "PRECISION", "End", "Range", "both", "closed", "finite", "hull",
    "is_nil", "lift", "number", "outer",
]

CAPS = frozenset({"split", "scale", "unit", "powers", "logs", "sign"})
"""What the normal form may do in scalar calculus."""

PRECISION = 128
"""Bits of the balls."""


@lru_cache(maxsize=8192)
def is_nil(term: Expr) -> bool:
    """Whether a number is known to be 0, by its normal form."""
    try:
        return Converter(Assumptions({}, Facts()).ring(CAPS))(term).is_zero
    except (NotNormal, BudgetError, UndefinedValue):
        return False


@dataclass(frozen=True, eq=False)
class End:
    """An end of a range: a number, enclosed, and whether the range leaves it out."""

    ball: arb
    open: bool = False
    term: Expr | None = None

    @cached_property
    def sign(self) -> int | None:
        """1, -1 or 0, where it is known."""
        if self.ball > 0:
            return 1
        if self.ball < 0:
            return -1
        return 0 if self.term is not None and is_nil(self.term) else None

    @property
    def nil(self) -> bool:
        """Known to be 0."""
        return self.sign == 0

    def with_open(self, left_out: bool) -> End:  # noqa: FBT001
        """The same number, left out or not."""
        return self if self.open == left_out else replace(self, open=left_out)


@dataclass(frozen=True, eq=False)
class Range:
    """The real numbers between two ends; None is no end on that side."""

    lo: End | None = None
    hi: End | None = None

    @property
    def positive(self) -> bool:
        """All of it is > 0."""
        return self.lo is not None and (self.lo.sign == 1 or (self.lo.open and self.lo.nil))

    @property
    def nonnegative(self) -> bool:
        """All of it is >= 0."""
        return self.lo is not None and self.lo.sign in {0, 1}

    @property
    def negative(self) -> bool:
        """All of it is < 0."""
        return self.hi is not None and (self.hi.sign == -1 or (self.hi.open and self.hi.nil))

    @property
    def nonpositive(self) -> bool:
        """All of it is <= 0."""
        return self.hi is not None and self.hi.sign in {0, -1}

    @property
    def nonzero(self) -> bool:
        """0 is not in it."""
        return self.positive or self.negative

    @property
    def nil(self) -> bool:
        """It is 0."""
        return self.lo is not None and self.hi is not None and self.lo.nil and self.hi.nil

    def __neg__(self) -> Range:
        return Range(_negated(self.hi), _negated(self.lo))

    def __add__(self, other: Range) -> Range:
        return Range(_sum(self.lo, other.lo), _sum(self.hi, other.hi))

    def __sub__(self, other: Range) -> Range:
        return self + -other

    def __mul__(self, other: Range) -> Range:
        for one, two in ((self, other), (other, self)):
            if one.nil:
                return NIL
            if one.nonpositive and not one.nonnegative:
                return -((-one) * two)
        if self.nonnegative and other.nonnegative:
            return Range(_product(self.lo, other.lo), _upper(self.hi, other.hi))
        if self.nonnegative or other.nonnegative:
            scale, mixed = (self, other) if self.nonnegative else (other, self)
            return Range(_scaled(scale.hi, mixed.lo, sign=-1), _scaled(scale.hi, mixed.hi, sign=1))
        corners = [_upper_of(a, b) for a in (self.lo, self.hi) for b in (other.lo, other.hi)]
        if None in corners:
            return ALL
        return Range(outer(corners, least=True), outer(corners, least=False))

    def inverse(self) -> Range:
        """1/x for x in it, x not 0."""
        if self.positive or (self.nonnegative and self.lo is not None):
            least = NOUGHT if self.hi is None else RECIPROCAL(self.hi)
            return Range(least, None if self.lo is None or self.lo.nil else RECIPROCAL(self.lo))
        if self.nonpositive:
            return -((-self).inverse())
        return ALL

    def absolute(self) -> Range:
        """|x| for x in it."""
        if self.nonnegative:
            return self
        if self.nonpositive:
            return -self
        if self.lo is None or self.hi is None:
            return NONNEGATIVE
        negated = _negated(self.lo)
        top = outer([e for e in (negated, self.hi) if e is not None], least=False)
        return Range(NOUGHT.with_open(False), top)

    def whole_power(self, n: int) -> Range:
        """x^n for x in it."""
        if n < 0:
            return self.inverse().whole_power(-n)
        if n == 0:
            return number(1)
        base = self.absolute() if n % 2 == 0 else self
        return base.rising(lift(lambda b: b**n, lambda t: power(t, Integer(n))))

    def real_power(self, e: Rational) -> Range:
        """x^e for x >= 0 in it, and a rational e."""
        if e < 0:
            return self.inverse().real_power(-e)
        exact = fmpq(int(e.p), int(e.q))
        base = both(self, NONNEGATIVE)
        found = base.rising(lift(
            lambda b: arb(0) if b.is_zero() else b.nonnegative_part() ** arb(exact), lambda t: power(t, e)
        ))
        return both(found, NONNEGATIVE)

    def rising(self, image: Callable[[End], End | None]) -> Range:
        """f(x) for x in it, f strictly increasing."""
        return Range(None if self.lo is None else image(self.lo), None if self.hi is None else image(self.hi))


def _negated(end: End | None) -> End | None:
    if end is None:
        return None
    return End(-end.ball, end.open, None if end.term is None else times(S.NegativeOne, end.term))


def _sum(a: End | None, b: End | None) -> End | None:
    if a is None or b is None:
        return None
    term = None if a.term is None or b.term is None else plus(a.term, b.term)
    return finite(End(a.ball + b.ball, a.open or b.open, term))


def finite(end: End) -> End | None:
    """The end, where its ball says anything."""
    return end if end.ball.is_finite() else None


def _product(a: End | None, b: End | None) -> End | None:
    """The least product of numbers at least a >= 0 and b >= 0."""
    if a is None or b is None:
        return None
    if a.nil or b.nil:
        return NOUGHT.with_open((not a.nil or a.open) and (not b.nil or b.open))
    return _times(a, b)


def _upper(a: End | None, b: End | None) -> End | None:
    """The greatest product of non-negative numbers at most a and b."""
    if (a is not None and a.nil) or (b is not None and b.nil):
        return NOUGHT.with_open(False)
    return _upper_of(a, b)


def _scaled(scale: End | None, end: End | None, *, sign: int) -> End | None:
    """The end of a product with a number from 0 to `scale`, where the other factor's end has that sign, or may have."""
    found = _upper_of(scale, end)
    if end is None or found is None or end.sign == sign:
        return found
    return End(arb.min(found.ball, arb(0)) if sign < 0 else arb.max(found.ball, arb(0)))


def _upper_of(a: End | None, b: End | None) -> End | None:
    return None if a is None or b is None else _times(a, b)


def _times(a: End, b: End) -> End | None:
    term = None if a.term is None or b.term is None else times(a.term, b.term)
    shut = (a.nil and not a.open) or (b.nil and not b.open)
    return finite(End(a.ball * b.ball, (a.open or b.open) and not shut, term))


def lift(ball: Callable[[arb], arb], term: Callable[[Expr], Expr | None]) -> Callable[[End], End | None]:
    """What a function of numbers does to an end, given on balls and on terms."""
    return lambda end: finite(End(ball(end.ball), end.open, None if end.term is None else term(end.term)))


def outer(ends: Sequence[End | None], *, least: bool) -> End | None:
    """The least or the greatest of some ends."""
    best = ends[0]
    for end in ends[1:]:
        if best is None or end is None:
            return None
        below = end.ball < best.ball if least else end.ball > best.ball
        above = best.ball < end.ball if least else best.ball > end.ball
        if below:
            best = end
        elif not above:
            best = _tied(best, end, least=least)
    return best


def _tied(a: End, b: End, *, least: bool) -> End:
    """One end for two that may be equal."""
    if a.term is not None and b.term is not None and is_nil(plus(a.term, times(S.NegativeOne, b.term))):
        return a.with_open(a.open and b.open)
    return End(arb.min(a.ball, b.ball) if least else arb.max(a.ball, b.ball))


def closed(ball: arb, term: Expr | None = None) -> Range:
    """One number."""
    end = finite(End(ball, False, term))
    return Range(end, end)


def number(value: int | fmpq) -> Range:
    """One rational."""
    exact = fmpq(value)
    return closed(arb(exact), Rational(int(exact.p), int(exact.q)))


RECIPROCAL = lift(lambda b: 1 / b, lambda t: power(t, S.NegativeOne))
NOUGHT = End(arb(0), True, S.Zero)
ALL = Range()
NIL = number(0)
POSITIVE = Range(NOUGHT)
NONNEGATIVE = Range(NOUGHT.with_open(False))


def hull(ranges: Sequence[Range]) -> Range:
    """What holds all of some ranges."""
    return Range(
        outer([r.lo for r in ranges], least=True), outer([r.hi for r in ranges], least=False)
    )


def both(a: Range, b: Range) -> Range:
    """What is in both; where that is nothing, anything may be returned."""
    return Range(_inner(a.lo, b.lo, least=False), _inner(a.hi, b.hi, least=True))


def _inner(a: End | None, b: End | None, *, least: bool) -> End | None:
    """The stronger of two ends on the same side."""
    if a is None or b is None:
        return b if a is None else a
    if (a.ball < b.ball) if least else (a.ball > b.ball):
        return a
    if (b.ball < a.ball) if least else (b.ball > a.ball):
        return b
    if a.term is not None and b.term is not None and is_nil(plus(a.term, times(S.NegativeOne, b.term))):
        return a.with_open(a.open or b.open)
    return a if a.term is not None else b
