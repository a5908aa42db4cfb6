"""Taylor coefficients of the functions that `meaning` knows, at a number or all over a ball.

Promise: `TAYLOR[head](z, n)` gives f(z), f'(z), f''(z)/2, ..., up to the n-th; over a ball each encloses the values
at all of its points, and the function is analytic there: along the real axis where the ball is real, in the plane
where it is complex. Everything else raises `NotEvaluable`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sympy as sp
from flint import acb, acb_series, arb, arb_series, ctx, fmpq

from derive.core.errors import NotEvaluable
from derive.core.meaning.combinations import log_of
from derive.core.meaning.heads import HEADS
from derive.core.meaning.jets import Jet, Number, number_of, through, times
from derive.core.meaning.special import clear_of_cut, polygamma, zeta
from derive.core.meaning.values import (
    ONE,
    ZERO,
    Imprecise,
    Value,
    add,
    ball,
    divide,
    exponential,
    logarithm,
    multiply,
    power,
    subtract,
)

__all__ = ["TAYLOR", "lambert_below", "power_coefficients", "zeta_in_second"]

Coefs = Sequence[Number]


def _numbers(values: Sequence[Value]) -> list[Number]:
    return [number_of(v) for v in values]


def _exp(z: Number, n: int) -> Coefs:
    found = [number_of(exponential(z))]
    for k in range(1, n + 1):
        found.append(found[-1] / k)
    return found


def _log(z: Number, n: int) -> Coefs:
    first = log_of(z) if type(z) is fmpq and z > 0 else number_of(logarithm(z))
    found, inverse, sign = [first], ONE, -1
    step = number_of(divide(ONE, z)) if n else ONE
    for k in range(1, n + 1):
        inverse, sign = inverse * step, -sign
        found.append(inverse * fmpq(sign, k))
    return found


def power_coefficients(exponent: Number) -> Callable[[Number, int], Coefs]:
    """z**exponent for a fixed exponent."""

    def coefs(z: Number, n: int) -> Coefs:
        if type(exponent) is fmpq and exponent.q == 1 and exponent >= 0:
            return [_binomial(exponent, k) * number_of(power(z, exponent - k)) if k <= exponent else ZERO
                    for k in range(n + 1)]
        found = [number_of(power(z, exponent))]
        step = number_of(divide(ONE, z)) if n else ONE
        for k in range(1, n + 1):
            found.append(found[-1] * step * (exponent - (k - 1)) / k)
        return found

    return coefs


def _binomial(top: fmpq, k: int) -> fmpq:
    found = ONE
    for j in range(k):
        found = found * (top - j) / (j + 1)
    return found


def _cycle(head: type, other: type, signs: Sequence[int]) -> Callable[[Number, int], Coefs]:
    """A function whose derivatives are itself and another in turn."""

    def coefs(z: Number, n: int) -> Coefs:
        pair = _numbers([HEADS[head](z), HEADS[other](z)] if n else [HEADS[head](z)])
        found, below = [], ONE
        for k in range(n + 1):
            below = below / k if k else below
            found.append(pair[k % 2] * (signs[k % 4] * below))
        return found

    return coefs


_sin = _cycle(sp.sin, sp.cos, (1, 1, -1, -1))
_cos = _cycle(sp.cos, sp.sin, (1, -1, -1, 1))
_sinh = _cycle(sp.sinh, sp.cosh, (1, 1, 1, 1))
_cosh = _cycle(sp.cosh, sp.sinh, (1, 1, 1, 1))


def _quotient(head: type, above: Any, below: Any) -> Callable[[Number, int], Coefs]:
    """One function over another."""

    def coefs(z: Number, n: int) -> Coefs:
        top, bottom = Jet(tuple(above(z, n))), Jet(tuple(below(z, n)))
        found = times(top, through(power_coefficients(fmpq(-1)), bottom)).coefs
        return (number_of(HEADS[head](z)), *found[1:])

    return coefs


def _one(_: Number, n: int) -> Coefs:
    return (ONE,) + (ZERO,) * n


def _by_derivative(head: type, slope: Callable[[Jet], Jet]) -> Callable[[Number, int], Coefs]:
    """A function with an algebraic derivative."""

    def coefs(z: Number, n: int) -> Coefs:
        first = number_of(HEADS[head](z))
        if n == 0:
            return (first,)
        found = slope(Jet((z, ONE) + (ZERO,) * n)).coefs
        return (first, *(c / (k + 1) for k, c in enumerate(found[:n])))

    return coefs


def _to(jet: Jet, exponent: fmpq) -> Jet:
    return through(power_coefficients(exponent), jet)


def _moved(jet: Jet, by: int) -> Jet:
    return Jet((jet.coefs[0] + by, *jet.coefs[1:]))


def _one_minus_square(jet: Jet) -> Jet:
    found = times(jet, jet)
    return Jet((1 - found.coefs[0], *(-c for c in found.coefs[1:])))


def _root_product(jet: Jet) -> Jet:
    return times(_to(_moved(jet, 1), fmpq(-1, 2)), _to(_moved(jet, -1), fmpq(-1, 2)))


def _negated(jet: Jet) -> Jet:
    return Jet(tuple(-c for c in jet.coefs))


def _by_series(method: str, head: type) -> Callable[[Number, int], Coefs]:
    """By flint's own power series."""

    def coefs(z: Number, n: int) -> Coefs:
        first = number_of(HEADS[head](z))
        if n == 0:
            return (first,)
        centre = ball(z)
        kind = acb_series if type(centre) is acb else arb_series
        before = ctx.cap
        ctx.cap = max(before, n + 2)
        try:
            found = list(getattr(kind([centre, 1], prec=n + 1), method)().coeffs())
        finally:
            ctx.cap = before
        found += [arb(0)] * (n + 1 - len(found))
        if not all(c.is_finite() for c in found):
            raise Imprecise("no finite enclosure of a power series")
        return (first, *found[1 : n + 1])

    return coefs


def _loggamma(z: Number, n: int) -> Coefs:
    return [number_of(HEADS[sp.loggamma](z)), *(c / (k + 1) for k, c in enumerate(_polygammas(0, z, n - 1)))]


def _polygammas(order: int, z: Number, n: int) -> list[Number]:
    found, below = [], ONE
    for k in range(n + 1):
        below = below / k if k else below
        found.append(number_of(polygamma(fmpq(order + k), z)) * below)
    return found


def polygamma_coefficients(order: int) -> Callable[[Number, int], Coefs]:
    """polygamma of a fixed order."""
    return lambda z, n: _polygammas(order, z, n)


def _harmonic(z: Number, n: int) -> Coefs:
    found = _polygammas(0, number_of(add(z, ONE)), n)
    return (number_of(HEADS[sp.harmonic](z)), *found[1:])


def _factorial(z: Number, n: int) -> Coefs:
    return TAYLOR[sp.gamma](number_of(add(z, ONE)), n)


def _sinc(z: Number, n: int) -> Coefs:
    """sin(z)/z = 0F1(3/2, -z**2/4), whose derivatives are of its own kind."""
    where = -ball(z) * ball(z) / 4
    inner: list[Number] = []
    a, below = fmpq(3, 2), ONE
    for k in range(n + 1):
        inner.append(where.hypgeom_0f1(arb(a + k)) * below)
        below = below / ((a + k) * (k + 1))
    if not all(c.is_finite() for c in inner):
        raise Imprecise("no finite enclosure of sinc")
    square = Jet((-z * z / 4, -z / 2, fmpq(-1, 4)) + (ZERO,) * n) if n > 1 else Jet((-z * z / 4, -z / 2)[: n + 1])
    square = Jet(square.coefs[: n + 1])
    found = through(lambda _z, _n: inner, square).coefs
    return (number_of(HEADS[sp.sinc](z)), *found[1:])


def zeta_in_second(s: Value) -> Callable[[Number, int], Coefs]:
    """zeta(s, a) as a function of a: its derivative is -s*zeta(s + 1, a)."""

    def coefs(a: Number, n: int) -> Coefs:
        if not clear_of_cut(a):
            raise NotEvaluable("zeta beyond its branch cut")
        found, factor, at = [], ONE, s
        for k in range(n + 1):
            found.append(number_of(multiply(factor, zeta(at, a))))
            factor = divide(multiply(factor, subtract(ZERO, at)), fmpq(k + 1))
            at = add(at, ONE)
        return found

    return coefs


def zeta_in_first(a: Value) -> Callable[[Number, int], Coefs]:
    """zeta(s, a) as a function of s."""

    def coefs(s: Number, n: int) -> Coefs:
        if not clear_of_cut(a):
            raise NotEvaluable("zeta beyond its branch cut")
        first = number_of(zeta(s, a))
        if n == 0:
            return (first,)
        before = ctx.cap
        ctx.cap = max(before, n + 2)
        try:
            found = list(acb_series([acb(ball(s)), 1], prec=n + 1).zeta(acb(ball(a))).coeffs())
        finally:
            ctx.cap = before
        if len(found) < n + 1 or not all(c.is_finite() for c in found):
            raise Imprecise("no finite enclosure of zeta")
        real = type(ball(s)) is arb and type(ball(a)) is arb
        return (first, *(c.real if real else c for c in found[1 : n + 1]))

    return coefs


def lambert_below(z: Number, n: int) -> Coefs:
    """The branch -1 of LambertW along the real axis from -1/e to 0."""
    first = number_of(HEADS[sp.LambertW](z, fmpq(-1)))
    if type(first) is not arb:
        raise NotEvaluable("LambertW beyond its branch point")
    before = ctx.cap
    ctx.cap = max(before, n + 2)
    try:
        found = list(arb_series([ball(z), 1], prec=n + 1).lambertw(-1).coeffs())
    finally:
        ctx.cap = before
    found += [arb(0)] * (n + 1 - len(found))
    if not all(c.is_finite() for c in found):
        raise Imprecise("no finite enclosure of a power series")
    return (first, *found[1 : n + 1])


TAYLOR: dict[type, Callable[[Number, int], Coefs]] = {
    sp.exp: _exp,
    sp.log: _log,
    sp.sin: _sin,
    sp.cos: _cos,
    sp.tan: _quotient(sp.tan, _sin, _cos),
    sp.cot: _quotient(sp.cot, _cos, _sin),
    sp.sec: _quotient(sp.sec, _one, _cos),
    sp.csc: _quotient(sp.csc, _one, _sin),
    sp.sinh: _sinh,
    sp.cosh: _cosh,
    sp.tanh: _quotient(sp.tanh, _sinh, _cosh),
    sp.coth: _quotient(sp.coth, _cosh, _sinh),
    sp.sech: _quotient(sp.sech, _one, _cosh),
    sp.csch: _quotient(sp.csch, _one, _sinh),
    sp.asin: _by_derivative(sp.asin, lambda j: _to(_one_minus_square(j), fmpq(-1, 2))),
    sp.acos: _by_derivative(sp.acos, lambda j: _negated(_to(_one_minus_square(j), fmpq(-1, 2)))),
    sp.atan: _by_derivative(sp.atan, lambda j: _to(_moved(times(j, j), 1), fmpq(-1))),
    sp.asinh: _by_derivative(sp.asinh, lambda j: _to(_moved(times(j, j), 1), fmpq(-1, 2))),
    sp.acosh: _by_derivative(sp.acosh, _root_product),
    sp.atanh: _by_derivative(sp.atanh, lambda j: _to(_one_minus_square(j), fmpq(-1))),
    sp.erf: _by_series("erf", sp.erf),
    sp.erfc: _by_series("erfc", sp.erfc),
    sp.gamma: _by_series("gamma", sp.gamma),
    sp.factorial: _factorial,
    sp.loggamma: _loggamma,
    sp.digamma: polygamma_coefficients(0),
    sp.harmonic: _harmonic,
    sp.sinc: _sinc,
    sp.zeta: zeta_in_first(ONE),
}
"""The functions of one argument."""
