"""The sign of a function on an interval, by balls that cover it.

Promise: `covered` is True only where the term has the sign, and is not 0, at every point between the ends, these
included.
"""

from __future__ import annotations

from fractions import Fraction

from flint import acb, arb, fmpq
from sympy import Expr, Rational, Symbol

from derive.core.scalar.balls import enclose

__all__ = ["covered", "fraction", "over"]

MOST_BOXES = 400
SMALLEST = 2048
"""No box is smaller than this part of the interval."""


def fraction(end: Expr) -> Fraction | None:
    """The end where it is rational."""
    return Fraction(int(end.p), int(end.q)) if isinstance(end, Rational) else None


def covered(term: Expr, x: Symbol, ends: list[Fraction | None], sign: int) -> bool:
    """Whether balls show the sign everywhere between the ends, these included."""
    lo, hi = ends
    if lo is None or hi is None:
        return False
    left = [(lo, hi)]
    for _ in range(MOST_BOXES):
        if not left:
            return True
        low, high = left.pop()
        middle = (low + high) / 2
        value = over(term, x, low, high)
        if value is not None and value * sign > 0:
            continue
        if (high - low) * SMALLEST < hi - lo or (value is not None and value * sign < 0):
            return False
        left += [(low, middle), (middle, high)]
    return not left


def over(term: Expr, x: Symbol, low: Fraction | None, high: Fraction | None) -> arb | None:
    """A ball around all values of a real term between two rationals."""
    if low is None or high is None:
        return None
    middle, radius = (low + high) / 2, (high - low) / 2
    box = arb(fmpq(middle.numerator, middle.denominator)) + arb(0, arb(fmpq(radius.numerator, radius.denominator)))
    value = enclose(term, 64, {x: acb(box)})
    return value.real if value is not None and value.imag.is_zero() else None
