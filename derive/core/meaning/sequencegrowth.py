"""How fast Fibonacci numbers, orthogonal polynomials and others grow in their index.

Promise: as in `growth`. The bounds are

    phi**(m - 2) <= fibonacci(m) <= phi**(m - 1)                       for m >= 1
    1 <= totient(m) <= m                                               for m >= 1
    1 <= partition(m) <= exp(pi*sqrt(2*m/3)) <= exp(pi/sqrt(6)*(t*m + 1/t))   for m >= 0, t > 0
    abs(T_m(x)), abs(U_m(x)), abs(P_m(x)) <= (abs(x) + sqrt(1 + abs(x)**2))**m   for m >= 0
    abs(T_m(x)), abs(P_m(x)) <= 1, abs(U_m(x)) <= m + 1                for real x from -1 to 1

and, over m!, by Cauchy's inequality on |z| = r for the generating functions, or term by term,

    bernoulli(m, x)    4*exp(2*pi*abs(x))*(2*pi)**-m
    bell(m)            exp(exp(2) - 1)*2**-m
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp
from flint import arb, fmpq
from sympy import Basic, Pow, Symbol
from sympy.functions.combinatorial import numbers

from derive.core.meaning.frames import Frame, Scope
from derive.core.meaning.growth import Bound, Growth, Rate, bracket
from derive.core.meaning.linear import Linear, factors, linear
from derive.core.meaning.values import ONE, ZERO, Value, ball
from derive.core.terms import free_names

__all__ = ["OVER_FACTORIAL", "SEQUENCE_GROWTH", "paired"]

GrowthCode = Callable[[Frame], Growth | None]

ABOVE, BELOW = fmpq(1_618_034, 10**6), fmpq(1_618_033, 10**6)
"""The golden ratio lies between these."""

STEEPEST, FARTHEST = 64, 10_000
T = fmpq(1, 12)


def _steps(found: Linear, f: Frame, least: int) -> tuple[int, int, int] | None:
    """(a, b, start) for integers a > 0 and b with a*k + b >= least from `start` on."""
    a, b = found[0](f), found[1](f)
    if type(a) is not fmpq or type(b) is not fmpq or a.q != 1 or b.q != 1:
        return None
    if not 0 < a <= STEEPEST or abs(b) > FARTHEST:
        return None
    return int(a), int(b), max(1, int(((least - b) / a).ceil()))


def _indexed(least: int, bounds: Callable[..., Growth | None]) -> Callable[[Any, Symbol, Scope], GrowthCode]:
    """A function whose first argument is linear; `bounds` gets (a, b, start), and the values of the others."""

    def compiled(term: Any, k: Symbol, scope: Scope) -> GrowthCode:
        found = linear(term.args[0], k, scope)
        if found is None or any(k in free_names(a) for a in term.args[1:]):
            return lambda _: None
        others = [scope.code(a) for a in term.args[1:]]

        def code(f: Frame) -> Growth | None:
            steps = _steps(found, f, least)
            return None if steps is None else bounds(*steps, *[o(f) for o in others])

        return code

    return compiled


def _fibonacci(a: int, b: int, start: int, *polynomial: Value) -> Growth | None:
    if polynomial:
        return None
    upper = Bound(arb(ABOVE if b >= 1 else BELOW) ** (b - 1), ZERO, Rate(ABOVE).to(a))
    lower = Bound(arb(BELOW if b >= 2 else ABOVE) ** (b - 2), ZERO, Rate(BELOW).to(a))
    return Growth(start, upper, lower, 1)


def _totient(a: int, b: int, start: int) -> Growth | None:
    return Growth(start, Bound(arb(a + abs(b)), ONE), Bound(arb(1)), 1)


def _partition(a: int, b: int, start: int) -> Growth | None:
    slope = arb.pi() / arb(6).sqrt()
    scale = (slope * (T * b + 1 / T)).exp()
    return Growth(start, Bound(scale, ZERO, Rate(bracket((slope * T * a).exp(), up=True))), Bound(arb(1)), 1)


def _orthogonal(*, faster: bool = False) -> Callable[..., Growth | None]:
    """T, U or P; `faster` is U, which reaches m + 1 between -1 and 1."""

    def bounds(a: int, b: int, start: int, x: Value) -> Growth | None:
        if type(x) in (fmpq, arb) and x >= -1 and x <= 1:
            return Growth(start, Bound(arb(a + abs(b) + 1), ONE) if faster else Bound(arb(1)))
        size = abs(ball(x))
        rate = bracket(size + (1 + size * size).sqrt(), up=True)
        return Growth(start, Bound(arb(rate) ** b, ZERO, Rate(rate).to(a)))

    return bounds


SEQUENCE_GROWTH: dict[type, Callable[[Any, Symbol, Scope], GrowthCode]] = {
    numbers.fibonacci: _indexed(1, _fibonacci),
    numbers.totient: _indexed(1, _totient),
    numbers.partition: _indexed(0, _partition),
    sp.chebyshevt: _indexed(0, _orthogonal()),
    sp.chebyshevu: _indexed(0, _orthogonal(faster=True)),
    sp.legendre: _indexed(0, _orthogonal()),
}
"""The growth of each of these heads in its first argument."""


# ---------------------------------------------------------------- over a factorial


def _bernoulli(a: int, b: int, start: int, x: Value = ZERO) -> Growth | None:
    turn = 2 * arb.pi()
    rate = Rate(bracket(1 / turn, up=True)).to(a)
    return Growth(start, Bound(4 * (turn * abs(ball(x))).exp() * turn**-b, ZERO, rate))


def _bell(a: int, b: int, start: int, *polynomial: Value) -> Growth | None:
    if polynomial:
        return None
    return Growth(start, Bound((arb(2).exp() - 1).exp() * arb(2) ** -b, ZERO, Rate(fmpq(1, 2)).to(a)))


OVER_FACTORIAL: dict[type, Callable[[Any, Symbol, Scope], GrowthCode]] = {
    numbers.bernoulli: _indexed(0, _bernoulli),
    numbers.bell: _indexed(0, _bell),
}
"""The growth of each of these heads over the factorial of its index."""


def paired(term: Basic, k: Symbol, scope: Scope) -> tuple[GrowthCode, list[Basic]] | None:
    """The growth of a number over the factorial of its index, where both are factors of the term, and the others."""
    parts = factors(term)
    for number in parts:
        below = Pow(sp.factorial(number.args[0], evaluate=False), -1, evaluate=False) if number.args else None
        if type(number) in OVER_FACTORIAL and k in free_names(number) and below in parts:
            rest = list(parts)
            rest.remove(number)
            rest.remove(below)
            return OVER_FACTORIAL[type(number)](number, k, scope), rest
    return None
