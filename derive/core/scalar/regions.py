"""Sets of complex numbers: ranges of the real part, the imaginary part and the absolute value.

Promise: every operation returns a region that holds all results. A region whose imaginary part is known to be 0 is
one of real numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from flint import arb
from sympy import Rational, S, pi

from derive.core.scalar.differentiate import times
from derive.core.scalar.ranges import ALL, NIL, NONNEGATIVE, POSITIVE, End, Range, both, hull, number
from derive.core.scalar.waves import cosine, exponential, logarithm, sine

__all__ = ["ANYTHING", "REAL", "Region", "real", "union"]


@dataclass(frozen=True, eq=False)
class Region:
    """What is known of a complex number.

    `size` may say more of its absolute value than the parts do; `off` says that it is no real number <= 0.
    """

    re: Range = ALL
    im: Range = ALL
    size: Range = NONNEGATIVE
    off: bool = False

    @cached_property
    def real(self) -> bool:
        """All of it is real."""
        return self.im.nil

    @cached_property
    def mod(self) -> Range:
        """The absolute values."""
        if self.real:
            return both(self.re.absolute(), self.size)
        if self.re.nil:
            return both(self.im.absolute(), self.size)
        squares = self.re.whole_power(2) + self.im.whole_power(2)
        least = POSITIVE if self.re.nonzero or self.im.nonzero else NONNEGATIVE
        return both(both(squares.real_power(S.Half), self.size), least)

    @property
    def nonzero(self) -> bool:
        """0 is not in it."""
        return self.off or self.re.nonzero or self.im.nonzero or self.mod.positive

    @property
    def slit(self) -> bool:
        """No real number <= 0 is in it."""
        return self.off or self.im.nonzero or self.re.positive

    def __neg__(self) -> Region:
        return Region(-self.re, -self.im, self.size)

    def __add__(self, other: Region) -> Region:
        if self.real and other.real:
            return real(self.re + other.re)
        longest = self.mod + other.mod
        gaps = [g for g in (self.mod - other.mod, other.mod - self.mod) if g.nonnegative]
        size = Range(gaps[0].lo if gaps else NONNEGATIVE.lo, longest.hi)
        return Region(self.re + other.re, self.im + other.im, size)

    def __mul__(self, other: Region) -> Region:
        if self.real and other.real:
            return real(self.re * other.re)
        size = self.mod * other.mod
        off = (self.off and other.real and other.re.positive) or (other.off and self.real and self.re.positive)
        found = Region(self.re * other.re - self.im * other.im, self.re * other.im + self.im * other.re, size, off)
        return found.fitted()

    def fitted(self) -> Region:
        """The same, its parts no larger than its absolute value."""
        if self.size.hi is None:
            return self
        disc = Range((-Range(None, self.size.hi)).lo, self.size.hi)
        return Region(both(self.re, disc), self.im if self.real else both(self.im, disc), self.size, self.off)

    def conjugate(self) -> Region:
        """The conjugates."""
        return Region(self.re, -self.im, self.size, self.off)

    def inverse(self) -> Region:
        """1/z for z in it, z not 0."""
        if self.real:
            return real(self.re.inverse())
        square = self.mod.whole_power(2).inverse()
        return Region(self.re * square, -self.im * square, self.mod.inverse(), self.off).fitted()

    def whole_power(self, n: int) -> Region:
        """z^n for z in it."""
        if n == 0:
            return real(number(1))
        if self.real:
            return real(self.re.whole_power(n))
        if n < 0:
            return self.inverse().whole_power(-n)
        if self.re.nil and n % 2 == 0:
            found = real(self.im.whole_power(n))
            return -found if n % 4 else found
        found = Region(size=self.mod.whole_power(n))
        if 0 < n <= 4:
            product = self
            for _ in range(n - 1):
                product = product * self
            found = Region(product.re, product.im, found.size)
        return found.fitted()

    def root_power(self, e: Rational) -> Region:
        """The principal z^e for z in it, 0 < |e| < 1 rational."""
        if self.real and self.re.nonnegative:
            return real(self.re.real_power(e))
        size = self.mod.real_power(e)
        if abs(e) > S.Half:
            return Region(size=size, off=self.slit).fitted()
        right = POSITIVE if self.slit or (abs(e) < S.Half and self.nonzero) else NONNEGATIVE
        im = ALL if e < 0 else self.side()
        return Region(right, im, size).fitted()

    def side(self) -> Range:
        """The imaginary parts of z^e with 0 < e <= 1/2, and of log z, by their sign."""
        for part, sign in ((self.im, 1), (-self.im, -1)):
            if part.positive or part.nonnegative:
                side = POSITIVE if part.positive else NONNEGATIVE
                if sign > 0 or part.positive or self.slit:
                    return side if sign > 0 else -side
        return ALL

    def exponential(self) -> Region:
        """e^z for z in it."""
        size = exponential(self.re)
        if self.real:
            return real(size)
        return Region(size * cosine(self.im), size * sine(self.im), size).fitted()

    def logarithm(self) -> Region:
        """The principal log z for z in it, z not 0."""
        if self.real and self.re.nonnegative:
            return real(logarithm(self.re))
        turn = Range(End(-arb.pi(), True, times(S.NegativeOne, pi)), End(arb.pi(), self.slit, pi))
        if self.re.positive:
            half = arb.pi() / 2
            turn = Range(End(-half, True, times(Rational(-1, 2), pi)), End(half, True, times(S.Half, pi)))
        return Region(logarithm(self.mod), both(turn, self.side()))


REAL = Region(ALL, NIL)
ANYTHING = Region()


def real(values: Range) -> Region:
    """A region of real numbers."""
    return Region(values, NIL)


def union(regions: Sequence[Region]) -> Region:
    """What holds all of some regions."""
    if all(r.real for r in regions):
        return real(hull([r.re for r in regions]))
    return Region(hull([r.re for r in regions]), hull([r.im for r in regions]), hull([r.mod for r in regions]))
