"""How fast factorials, binomial coefficients and zeta grow in an index.

Promise: as in `growth`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import arb, fmpq
from sympy import Symbol

from derive.core.meaning.frames import Frame, Scope
from derive.core.meaning.growth import Bound, Growth, Rate
from derive.core.meaning.linear import Linear, linear
from derive.core.meaning.values import ONE, ZERO, Value, factorial

__all__ = ["binomial_growth", "factorial_growth", "gamma_growth", "zeta_growth"]

GrowthCode = Callable[[Frame], Growth | None]

FACTORIAL_RATE = 256
"""m! * m**(k-m) <= k! for every k and m; the larger m, the faster a series with factorials is bounded."""

STEEPEST = 64


def _line(a: Value, b: Value) -> bool:
    """Whether a*k + b runs through integers, upwards or not at all."""
    whole = all(type(v) is fmpq and v.q == 1 for v in (a, b))
    return whole and bool(0 <= a <= STEEPEST) and bool(abs(b) <= 10_000)


def binomial_growth(term: Any, k: Symbol, scope: Scope) -> GrowthCode:
    """binomial(u, v) for integers u >= 0 and v: between 0 and 2**u."""
    above, below = (linear(a, k, scope) for a in term.args)
    if above is None or below is None:
        return lambda _: None
    (a, b), (c, d) = above, below

    def code(f: Frame) -> Growth | None:
        up, low = (a(f), b(f)), (c(f), d(f))
        inner = type(low[0]) is fmpq and low[0].q == 1 and type(low[1]) is fmpq and low[1].q == 1
        if not _line(*up) or not inner:
            return None
        if up[0] == 0 and up[1] < 0:
            return None
        start = 1 if up[0] == 0 else max(1, int((-up[1] / up[0]).ceil()))
        return Growth(start, Bound(arb(2) ** int(up[1].p), ZERO, Rate(fmpq(2)).to(int(up[0].p))))

    return code


def zeta_growth(term: Any, k: Symbol, scope: Scope) -> GrowthCode:
    """zeta(u) for u >= 2: between 1 and 2."""
    found = linear(term.args[0], k, scope) if len(term.args) == 1 else None
    if found is None:
        return lambda _: None
    slope, offset = found

    def code(f: Frame) -> Growth | None:
        a, b = slope(f), offset(f)
        if type(a) is not fmpq or type(b) is not fmpq or not a > 0:
            return None
        start = max(1, int(((2 - b) / a).ceil()))
        return Growth(start, Bound(arb(2)), Bound(arb(ONE)), 1)

    return code


def factorial_growth(term: Any, k: Symbol, scope: Scope) -> GrowthCode:
    """A factorial."""
    return _shifted_factorial(linear(term.args[0], k, scope), 0)


def gamma_growth(term: Any, k: Symbol, scope: Scope) -> GrowthCode:
    """The gamma function at an integer."""
    return _shifted_factorial(linear(term.args[0], k, scope), -1)


def _shifted_factorial(found: Linear | None, shift: int) -> GrowthCode:
    """(a*k + b)! for positive integers a: at least m! * m**(a*k + b - m)."""
    if found is None:
        return lambda _: None
    slope, offset = found

    def code(f: Frame) -> Growth | None:
        a, b = slope(f), offset(f)
        if type(a) is not fmpq or type(b) is not fmpq or a.q != 1 or b.q != 1 or not 0 < a <= 8 or abs(b) > 1000:
            return None
        m, b = FACTORIAL_RATE, b + shift
        scale = arb(factorial(m)) * arb(m) ** int(b.p - m)
        start = max(1, int((-b / a).ceil()))
        return Growth(start, None, Bound(scale, ZERO, Rate(fmpq(m)).to(int(a.p))), 1)

    return code
