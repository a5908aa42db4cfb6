"""Rational combinations of 1, pi, square roots and logarithms of primes, kept exactly.

Promise: arithmetic is exact as long as the result is such a combination, and rigorous ball arithmetic otherwise. A
combination whose coefficients all vanish is the rational 0, so that what cancels is seen to cancel.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flint import arb, fmpq, fmpz

__all__ = ["Combination", "as_ball", "combination", "inverse", "log_of", "root_of", "turn_of"]

UNIT, PI = 1, 0
"""The keys of 1 and of pi; a prime is the key of its logarithm, -d that of the square root of d."""

LARGEST = 10**9


class Combination:
    """Coefficients by key; at least one but that of 1 is not 0."""

    __slots__ = ("parts",)

    def __init__(self, parts: Mapping[int, fmpq]) -> None:
        self.parts = dict(parts)

    def ball(self) -> arb:
        """Its value."""
        total = arb(0)
        for key, c in self.parts.items():
            total += c * _base(key)
        return total

    def __add__(self, other: Any) -> Any:
        if isinstance(other, Combination):
            return combination({k: self.parts.get(k, fmpq(0)) + other.parts.get(k, fmpq(0))
                                for k in {*self.parts, *other.parts}})  # fmt: skip
        if type(other) in (fmpq, int):
            return combination({**self.parts, UNIT: self.parts.get(UNIT, fmpq(0)) + other})
        return self.ball() + other

    __radd__ = __add__

    def __neg__(self) -> Any:
        return combination({k: -c for k, c in self.parts.items()})

    def __sub__(self, other: Any) -> Any:
        return self + (-other)

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __mul__(self, other: Any) -> Any:
        if type(other) in (fmpq, int):
            return combination({k: c * other for k, c in self.parts.items()})
        if isinstance(other, Combination) and all(k < 0 or k == UNIT for k in (*self.parts, *other.parts)):
            return _times(self, other)
        return self.ball() * as_ball(other)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        if type(other) in (fmpq, int):
            return combination({k: c / other for k, c in self.parts.items()})
        return self.ball() / as_ball(other)

    def __rtruediv__(self, other: Any) -> Any:
        return other / self.ball()

    def __abs__(self) -> arb:
        return abs(self.ball())

    def __gt__(self, other: Any) -> bool:
        return bool(self.ball() > as_ball(other))

    def __lt__(self, other: Any) -> bool:
        return bool(self.ball() < as_ball(other))


def _base(key: int) -> arb:
    if key <= PI:
        return arb.pi() if key == PI else arb(-key).sqrt()
    return arb(1) if key == UNIT else arb(key).log()


def _times(left: Combination, right: Combination) -> Any:
    """The product of sums of square roots."""
    total: Any = fmpq(0)
    for k, c in left.parts.items():
        for m, e in right.parts.items():
            square = (-k if k < 0 else 1) * (-m if m < 0 else 1)
            total = total + root_of(fmpq(square)) * (c * e)
    return total


def inverse(number: Any) -> Any:
    """One over a rational, or over a multiple of one square root; else a ball."""
    if type(number) is fmpq:
        return 1 / number
    if isinstance(number, Combination) and len(number.parts) == 1:
        ((key, c),) = number.parts.items()
        if key < 0:
            return combination({key: 1 / (c * -key)})
    return 1 / as_ball(number)


def root_of(value: fmpq) -> Any:
    """The square root of a positive rational, where that has small prime factors; else a ball."""
    if value.p > LARGEST or value.q > LARGEST:
        return arb(value).sqrt()
    outside, inside = fmpq(1, value.q), 1
    for p, e in fmpz(value.p * value.q).factor():
        outside *= fmpq(p) ** (int(e) // 2)
        inside *= int(p) ** (int(e) % 2)
    return combination({UNIT if inside == 1 else -inside: outside})


def combination(parts: Mapping[int, fmpq]) -> Any:
    """A combination, or the rational that it is."""
    kept = {k: fmpq(c) for k, c in parts.items() if c != 0}
    return kept.get(UNIT, fmpq(0)) if not kept or set(kept) == {UNIT} else Combination(kept)


def log_of(value: fmpq) -> Any:
    """The logarithm of a positive rational, where that has small prime factors; else a ball."""
    if value.p > LARGEST or value.q > LARGEST:
        return arb(value).log()
    found: dict[int, fmpq] = {}
    for side, number in ((1, value.p), (-1, value.q)):
        for p, e in fmpz(number).factor():
            found[int(p)] = found.get(int(p), fmpq(0)) + side * e
    return combination(found)


def turn_of(number: Any) -> fmpq | None:
    """q, where the number is exactly q*pi."""
    if type(number) is fmpq:
        return number if number == 0 else None
    return number.parts[PI] if isinstance(number, Combination) and set(number.parts) == {PI} else None


def as_ball(number: Any) -> Any:
    """A number as a ball; balls as they are."""
    if isinstance(number, Combination):
        return number.ball()
    return arb(number) if type(number) in (fmpq, int) else number
