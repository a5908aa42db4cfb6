"""How fast a body grows in its index: rigorous bounds that sum the tail of a series.

Promise: a `Growth` of f holds for every integer k >= start, and says that f has
a value there: |f(k)| <= upper(k), and |f(k)| >= lower(k) > 0 where a lower
bound is known; `sign` says that f(k) is real and of that sign. What is not
understood has no growth (None); nothing is assumed.

Glossary
    bound    scale * k**degree * rate**k, with scale >= 0
    rate     q * exp(a), kept exact so that two rates can be told apart
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cmp_to_key
from typing import Any

from flint import arb, fmpq

from derive.core.errors import NotEvaluable
from derive.core.meaning.values import ONE, ZERO, Gaussian, Infinite, Value, ball

__all__ = [
    "Bound", "Growth", "Rate", "bracket", "constant", "exponential", "fraction", "geometric", "infinite",
    "integer_power",
    "log_near_one", "logarithm", "plus", "times", "times_infinite", "vanishing", "variable",
]

LATEST = 50_000
"""Bounds that hold only from a later index on are not used."""


@dataclass(frozen=True)
class Rate:
    """q * exp(a), with q > 0."""

    q: fmpq = ONE
    a: fmpq = ZERO

    def times(self, other: Rate) -> Rate:
        """The product."""
        return Rate(self.q * other.q, self.a + other.a)

    def to(self, n: int) -> Rate:
        """An integer power."""
        if self.q.height_bits() * abs(n) > 100_000:
            raise NotEvaluable("a growth rate is too large")
        return Rate(self.q**n, self.a * n)

    def log(self) -> arb:
        """Its logarithm."""
        return arb(self.q).log() + arb(self.a)

    def order(self) -> int:
        """Its sign of log: -1 below 1, 0 at 1, 1 above; exp of a rational that is not 0 is never rational."""
        if self.a == 0:
            return int(self.q > 1) - int(self.q < 1)
        found = self.log()
        if not (found > 0 or found < 0):
            raise NotEvaluable("a growth rate too near to 1")
        return 1 if found > 0 else -1


@dataclass(frozen=True)
class Bound:
    """scale * k**degree * rate**k."""

    scale: arb
    degree: fmpq = ZERO
    rate: Rate = Rate()

    def at(self, k: int) -> arb:
        """Its value at k >= 1."""
        return self.scale * arb(k) ** arb(self.degree) * (self.rate.log() * k).exp()

    def times(self, other: Bound) -> Bound:
        """The product."""
        return Bound(self.scale * other.scale, self.degree + other.degree, self.rate.times(other.rate))

    def inverse(self) -> Bound:
        """One over it."""
        return Bound(1 / self.scale, -self.degree, self.rate.to(-1))

    def order(self, other: Bound) -> int:
        """Which of two grows faster, scales aside."""
        rates = self.rate.times(other.rate.to(-1)).order()
        return rates or int(self.degree > other.degree) - int(self.degree < other.degree)


@dataclass(frozen=True)
class Growth:
    """Bounds of a function of k, for all integers k >= start >= 1."""

    start: int
    upper: Bound | None = None
    lower: Bound | None = None
    sign: int | None = None

    @property
    def vanishes(self) -> bool:
        """Whether it is exactly 0 from start on."""
        return self.upper is not None and bool(self.upper.scale.is_zero())


# ---------------------------------------------------------------- leaves


def constant(value: Value) -> Growth:
    """A number that does not depend on k."""
    if type(value) is Infinite:
        raise NotEvaluable("an infinite factor in an infinite sum")
    if type(value) is fmpq and value == 0:
        return vanishing(1)
    size = abs(ball(value))
    sign = None
    if type(value) in (fmpq, arb):
        sign = 1 if value > 0 else -1 if value < 0 else None
    known = type(value) is Gaussian or size > 0
    return Growth(1, Bound(size), Bound(size) if known else None, sign)


def vanishing(start: int) -> Growth:
    """Exactly 0 from start on."""
    return Growth(max(start, 1), Bound(arb(0)))


def infinite(start: int, sign: int) -> Growth:
    """Exactly oo or -oo from start on: more than any bound."""
    return Growth(max(start, 1), None, Bound(arb(1), ZERO, Rate(fmpq(2))), sign)


def variable() -> Growth:
    """k itself."""
    bound = Bound(arb(1), ONE)
    return Growth(1, bound, bound, 1)


# ---------------------------------------------------------------- ring


def times(parts: list[Growth]) -> Growth:
    """The product."""
    start = max(p.start for p in parts)
    uppers = [p.upper for p in parts if p.upper is not None]
    lowers = [p.lower for p in parts if p.lower is not None]
    upper = _product(uppers) if len(uppers) == len(parts) else None
    if upper is not None and any(p.vanishes for p in parts):
        return vanishing(start)
    lower = _product(lowers) if len(lowers) == len(parts) else None
    sign: int | None = 1
    for p in parts:
        sign = None if sign is None or p.sign is None else sign * p.sign
    return Growth(start, upper, lower, sign)


def times_infinite(parts: list[Growth], other: Growth) -> Growth | None:
    """The product with what is exactly infinite, where all else is known not to be 0 and of known sign."""
    rest = times(parts) if parts else constant(ONE)
    if rest.lower is None or rest.sign is None or other.sign is None:
        return None
    return infinite(max(rest.start, other.start), rest.sign * other.sign)


def _product(bounds: list[Bound]) -> Bound:
    found = bounds[0]
    for bound in bounds[1:]:
        found = found.times(bound)
    return found


def plus(parts: list[Growth]) -> Growth:
    """The sum: its lower bound is that of the terms that outgrow the others."""
    start = max(p.start for p in parts)
    parts = [p for p in parts if not p.vanishes]
    if not parts:
        return vanishing(start)
    if len(parts) == 1:
        (only,) = parts
        return Growth(start, only.upper, only.lower, only.sign)
    upper = parts[0].upper
    for p in parts[1:]:
        upper, start = _joined(upper, p.upper, start)
    found = Growth(start, upper)
    leads = [(p, p.lower) for p in parts if p.lower is not None]
    leads.sort(key=cmp_to_key(_faster_first))
    for leader, lower in leads:
        lead = _led(leader, lower, [p for p in parts if p is not leader], found)
        if lead is not None:
            return lead
    return found


def _faster_first(left: tuple[Growth, Bound], right: tuple[Growth, Bound]) -> int:
    return right[1].order(left[1])


def _led(leader: Growth, lower: Bound, others: list[Growth], whole: Growth) -> Growth | None:
    """The sum, if `leader` outgrows every term that might not have its sign."""
    against = [p for p in others if leader.sign is None or p.sign != leader.sign]
    if not against:
        return Growth(whole.start, whole.upper, lower, leader.sign)
    start = whole.start
    rest = against[0].upper
    for p in against[1:]:
        rest, start = _joined(rest, p.upper, start)
    if rest is None or lower.order(rest) <= 0:
        return None
    share = rest.times(lower.inverse())
    late = _below(share, arb(fmpq(1, 2)), start)
    if late is None:
        return None
    half = Bound(lower.scale / 2, lower.degree, lower.rate)
    real = leader.sign if all(p.sign is not None for p in against) else None
    return Growth(late, whole.upper, half, real)


def _joined(left: Bound | None, right: Bound | None, start: int) -> tuple[Bound | None, int]:
    """A bound of the sum of two bounds, and from where on it holds."""
    if left is None or right is None:
        return None, start
    order = left.rate.times(right.rate.to(-1)).order()
    if order == 0:
        return Bound(left.scale + right.scale, max(left.degree, right.degree), left.rate), start
    if order < 0:
        left, right = right, left
    if right.degree <= left.degree:
        return Bound(left.scale + right.scale, left.degree, left.rate), start
    share = Bound(arb(1), right.degree, right.rate).times(Bound(arb(1), left.degree, left.rate).inverse())
    late = _below(share, arb(1), start)
    if late is None:
        return None, start
    return Bound(left.scale + right.scale, left.degree, left.rate), late


def _below(bound: Bound, limit: arb, start: int) -> int | None:
    """An index from which on a bound that tends to 0 stays at or below the limit."""
    order = bound.rate.order()
    if order > 0 or (order == 0 and bound.degree >= 0):
        return None
    k = max(start, 1)
    while k <= LATEST:
        falling = bound.degree <= 0 or bool(-bound.rate.log() * k > arb(bound.degree))
        if falling and bound.at(k) < limit:
            return k
        k = 2 * k
    return None


# ---------------------------------------------------------------- powers


def integer_power(g: Growth, n: int) -> Growth | None:
    """g**n."""
    if n == 0:
        return constant(ONE)
    if abs(n) > 1000:
        return None
    if n > 0:
        return times([g] * n)
    if g.lower is None:
        return None
    upper, lower = g.lower.inverse(), None
    if g.upper is not None:
        lower = g.upper.inverse()
    return integer_power(Growth(g.start, upper, lower, g.sign), -n)


def fraction(g: Growth, e: fmpq) -> Growth | None:
    """g**e for a fraction e and a positive g."""
    if g.sign != 1 or g.lower is None:
        return None
    if e < 0:
        flipped = integer_power(g, -1)
        return None if flipped is None else fraction(flipped, -e)
    upper = None if g.upper is None else _root(g.upper, e, up=True)
    return Growth(g.start, upper, _root(g.lower, e, up=False), 1)


def _root(bound: Bound, e: fmpq, *, up: bool) -> Bound:
    rate = bound.rate
    q = rate.q if rate.q == 1 else bracket(arb(rate.q) ** arb(e), up=up)
    return Bound(bound.scale ** arb(e), bound.degree * e, Rate(q, rate.a * e))


def bracket(value: arb, *, up: bool) -> fmpq:
    """A rational just above, or just below, a positive ball."""
    man, exponent = (value.upper() if up else value.lower()).man_exp()
    found = fmpq(man) * fmpq(2) ** int(exponent)
    if found <= 0:
        raise NotEvaluable("a growth rate too near to 0")
    return found


def geometric(above: Rate, below: Rate, scale: arb, sign: int | None) -> Growth:
    """scale * r**k in modulus, where the rates bracket r from above and from below."""
    return Growth(1, Bound(scale, ZERO, above), Bound(scale, ZERO, below), sign)


# ---------------------------------------------------------------- exp, log


def exponential(g: Growth) -> Growth | None:
    """exp of a real g that is bounded, or that falls at least linearly."""
    if g.upper is not None and g.upper.rate.order() == 0 and g.upper.degree <= 0 and g.sign is not None:
        return Growth(g.start, Bound(g.upper.scale.exp()), Bound((-g.upper.scale).exp()), 1)
    lower = g.lower
    if g.sign == -1 and lower is not None and lower.rate.order() >= 0 and lower.degree >= 1:
        rate = bracket((-lower.scale).exp(), up=True)
        return Growth(g.start, Bound(arb(1), ZERO, Rate(rate)))
    return None


def logarithm(g: Growth) -> Growth | None:
    """log of a positive g: log k <= k and log k <= 4 k**(1/4) for k >= 1."""
    if g.sign != 1 or g.lower is None or g.upper is None:
        return None
    up, low = g.upper, g.lower
    scale = _larger(abs(up.scale.log()), abs(low.scale.log()))
    degree = arb(max(abs(up.degree), abs(low.degree)))
    if up.rate.order() == 0 and low.rate.order() == 0:
        bound = Bound(scale) if degree.is_zero() else Bound(scale + 4 * degree, fmpq(1, 4))
    else:
        bound = Bound(scale + degree + _larger(abs(up.rate.log()), abs(low.rate.log())), ONE)
    above = _log_above(low, g.start)
    if above is not None:
        return Growth(above[0], bound, above[1], 1)
    below = _log_above(up.inverse(), g.start)
    if below is not None:
        return Growth(below[0], bound, below[1], -1)
    return Growth(g.start, bound)


def _log_above(bound: Bound, start: int) -> tuple[int, Bound] | None:
    """A lower bound of the log of something that tends to infinity, and from where on it holds."""
    order = bound.rate.order()
    if order < 0 or (order == 0 and bound.degree <= 0):
        return None
    offset, spread = abs(bound.scale.log()), arb(abs(bound.degree))
    k = max(start, 1)
    while k <= LATEST:
        if order == 0 and bound.scale.log() + arb(bound.degree) * arb(k).log() > 1:
            return k, Bound(arb(1))
        slope = bound.rate.log()
        # half the slope beats the constant, a quarter each beats what grows like k**(1/4); both persist
        if order > 0 and slope * k > 4 * offset and slope * k > 16 * spread * arb(k) ** arb(fmpq(1, 4)):
            return k, Bound(slope / 4, ONE)
        k = 2 * k
    return None


def log_near_one(g: Growth) -> Growth | None:
    """log(1 + g) for a real g that tends to 0: between |g|/2 and 2|g| where |g| <= 1/2."""
    if g.vanishes:
        return g
    if g.upper is None or g.sign is None:
        return None
    start = _below(g.upper, arb(fmpq(1, 2)), g.start)
    if start is None:
        return None
    upper = Bound(2 * g.upper.scale, g.upper.degree, g.upper.rate)
    lower = None if g.lower is None else Bound(g.lower.scale / 2, g.lower.degree, g.lower.rate)
    return Growth(start, upper, lower, g.sign)


def _larger(left: arb, right: arb) -> Any:
    return left.max(right)
