"""Real intervals with exact rational ends.

Promise: every operation returns an interval that holds all results; it may be
wider than need be.
"""

from __future__ import annotations

from dataclasses import dataclass

from flint import fmpq

from derive.core.normal.atoms import Exponent

__all__ = ["NOTHING", "Bounds", "point"]


@dataclass(frozen=True)
class Bounds:
    """A real interval; None is no bound on that side."""

    lo: fmpq | None = None
    hi: fmpq | None = None
    lo_open: bool = True
    hi_open: bool = True

    @property
    def positive(self) -> bool:
        """Whether everything in it is > 0."""
        return self.lo is not None and (self.lo > 0 or (self.lo == 0 and self.lo_open))

    @property
    def nonnegative(self) -> bool:
        """Whether everything in it is >= 0."""
        return self.lo is not None and self.lo >= 0

    @property
    def negative(self) -> bool:
        """Whether everything in it is < 0."""
        return self.flipped().positive

    @property
    def excludes_zero(self) -> bool:
        """Whether 0 is not in it."""
        return self.positive or self.negative

    def flipped(self) -> Bounds:
        """The interval of the negatives."""
        return Bounds(
            None if self.hi is None else -self.hi, None if self.lo is None else -self.lo, self.hi_open, self.lo_open
        )

    def __add__(self, other: Bounds) -> Bounds:
        lo = None if self.lo is None or other.lo is None else self.lo + other.lo
        hi = None if self.hi is None or other.hi is None else self.hi + other.hi
        return Bounds(lo, hi, self.lo_open or other.lo_open, self.hi_open or other.hi_open)

    def scaled(self, factor: fmpq) -> Bounds:
        """Every number in it times a rational."""
        if factor == 0:
            return point(factor)
        if factor < 0:
            return self.flipped().scaled(-factor)
        return Bounds(
            None if self.lo is None else self.lo * factor,
            None if self.hi is None else self.hi * factor,
            self.lo_open,
            self.hi_open,
        )

    def times(self, other: Bounds) -> Bounds:
        """The products; exact where both are non-negative, else signs only."""
        if NOTHING in (self, other):
            return NOTHING
        if UNIT in (self, other):
            return other if self == UNIT else self
        if self.lo is not None and self.lo >= 0 and other.lo is not None and other.lo >= 0:
            lo = self.lo * other.lo
            lo_open = (self.lo_open and (other.lo > 0 or other.lo_open)) or (
                other.lo_open and (self.lo > 0 or self.lo_open)
            )
            hi = None if self.hi is None or other.hi is None else self.hi * other.hi
            if (self.hi == 0 and not self.hi_open) or (other.hi == 0 and not other.hi_open):
                return NOTHING
            return Bounds(lo, hi, lo_open, self.hi_open or other.hi_open)
        for one, two in ((self, other), (other, self)):
            if one.hi is not None and one.hi <= 0:
                return one.flipped().times(two).flipped()
        return Bounds()

    def power(self, exponent: Exponent) -> Bounds:
        """The powers, for an exact exponent; of a non-negative interval, or an integer one."""
        if isinstance(exponent, int) and exponent < 0 and self.negative:
            flipped = self.flipped().power(exponent)
            return flipped.flipped() if exponent % 2 else flipped
        if self.nonnegative:
            if exponent < 0:
                return self._inverse().power(-exponent) if self.positive else Bounds(fmpq(0), None, True)
            lo, lo_exact = _bound_power(self.lo, exponent, up=False)
            hi, hi_exact = _bound_power(self.hi, exponent, up=True)
            strict = self.lo_open if lo_exact else lo == 0 and self.positive
            return Bounds(lo, hi, strict, self.hi_open and hi_exact)
        if isinstance(exponent, int) and exponent % 2 == 0:
            return Bounds(fmpq(0), None, self.excludes_zero)
        if isinstance(exponent, int) and exponent == 1:
            return self
        if isinstance(exponent, int) and exponent > 0 and self.hi is not None and self.hi <= 0:
            return self.flipped().power(exponent).flipped()
        return Bounds()

    def _inverse(self) -> Bounds:
        hi = None if self.lo is None or self.lo == 0 else 1 / self.lo
        lo = fmpq(0) if self.hi is None else 1 / self.hi
        return Bounds(lo, hi, self.hi is None or self.hi_open, self.lo_open)


def _bound_power(bound: fmpq | None, exponent: Exponent, *, up: bool) -> tuple[fmpq | None, bool]:
    """A rational bound of a non-negative number to a positive power, and whether it is exact."""
    if bound is None:
        return None, True
    if bound in {0, 1}:
        return bound, True
    if isinstance(exponent, int) and exponent <= 64:
        return bound**exponent, True
    if up:
        return (fmpq(1), False) if bound < 1 else (None, True)
    return (fmpq(1) if bound > 1 else fmpq(0)), False


def point(value: fmpq) -> Bounds:
    """One number."""
    return Bounds(value, value, lo_open=False, hi_open=False)


NOTHING = point(fmpq(0))
UNIT = point(fmpq(1))
