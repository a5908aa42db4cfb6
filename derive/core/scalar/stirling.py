"""Expansions of gamma and its kin, of zeta and of the error functions.

Promise: as for `expansions`. At poles by the functional equation, at infinity by Stirling's series (DLMF 5.11, valid
away from the negative axis) and by DLMF 7.12.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import sympy as sp
from sympy import Expr, Integer, Rational, S

from derive.core.scalar.coefficients import nonzero, positive
from derive.core.scalar.differentiate import power, times
from derive.core.scalar.orders import (
    Series,
    Unclear,
    dominant,
    exact,
    growth,
    inverted,
    powers,
    raised,
    scaled,
    visibly_positive,
)
from derive.core.scalar.taylor import hurwitz

if TYPE_CHECKING:
    from derive.core.scalar.expansions import Expander

__all__ = ["beta", "binomial", "digamma", "erf", "erfc", "factorial", "falling", "gamma", "harmonic", "loggamma",
           "polygamma", "rising", "zeta"]

MINUS = S.NegativeOne
HALF = Rational(1, 2)
MOST_STEPS = 20


def _large(e: Expander, u: Series) -> bool:
    """Tends to infinity, away from the negative axis."""
    scale, c = dominant(u, e.context)
    if growth(scale, e.context) != 1 or not visibly_positive(scale, e.context):
        return False
    return positive(c, e.context) or e.context.slit(c)


def _pole(e: Expander, u: Series) -> int | None:
    """The integer n <= 0 that the series tends to, as its negative."""
    limit = e.settled(u)
    if limit is None or not isinstance(limit[0], Integer) or not -MOST_STEPS <= limit[0] <= 0:
        return None
    return -int(limit[0])


def _tail(e: Expander, u: Series, coefficients: list[Expr], first: int) -> Series:
    """u^-first * sum of c_k u^(-2k), with an error of the order of the first term left out."""
    square = raised(u, Integer(-2), e.context, e.length)
    whole = powers(square, coefficients, e.context)
    return e.product(raised(u, Integer(-first), e.context, e.length), whole) if first else whole


def loggamma(e: Expander, u: Series) -> Series:
    """The logarithm of gamma: Stirling's series for a large argument."""
    found = e.by_taylor(sp.loggamma, u)
    if found is not None:
        return found
    if not _large(e, u):
        raise Unclear
    count = max(1, e.length // 2)
    series = [Rational(sp.bernoulli(2 * k), 2 * k * (2 * k - 1)) for k in range(1, count + 1)]
    constant = times(HALF, sp.log(times(Integer(2), sp.pi), evaluate=False))
    lead = e.product(e.plus_constant(u, -HALF), e.log(u))
    return e.sum(lead, e.times(u, MINUS), exact(constant, real=True), _tail(e, u, series, 1))


def gamma(e: Expander, u: Series) -> Series:
    """The gamma function: at a pole -n by that of u + n + 1, over u (u + 1) ... (u + n)."""
    found = e.by_taylor(sp.gamma, u)
    if found is not None:
        return found
    n = _pole(e, u)
    if n is None:
        return e.exp(loggamma(e, u))
    below = e.product(*(e.plus_constant(u, Integer(k)) for k in range(n + 1)))
    return e.over(gamma(e, e.plus_constant(u, Integer(n + 1))), below)


def factorial(e: Expander, u: Series) -> Series:
    """The factorial, gamma(u + 1)."""
    return gamma(e, e.plus_constant(u, S.One))


def binomial(e: Expander, n: Series, k: Series) -> Series:
    """The binomial, gamma(n + 1)/(gamma(k + 1) gamma(n - k + 1))."""
    return e.over(factorial(e, n), e.product(factorial(e, k), factorial(e, e.minus(n, k))))


def beta(e: Expander, a: Series, b: Series) -> Series:
    """The beta function, gamma(a) gamma(b)/gamma(a + b)."""
    return e.over(e.product(gamma(e, a), gamma(e, b)), gamma(e, e.sum(a, b)))


def rising(e: Expander, a: Series, n: Series) -> Series:
    """The rising factorial, gamma(a + n)/gamma(a)."""
    return e.over(gamma(e, e.sum(a, n)), gamma(e, a))


def falling(e: Expander, a: Series, n: Series) -> Series:
    """The falling factorial, gamma(a + 1)/gamma(a - n + 1)."""
    return e.over(factorial(e, a), factorial(e, e.minus(a, n)))


def digamma(e: Expander, u: Series) -> Series:
    """The digamma function: at a pole by that of u + 1, less 1/u."""
    found = e.by_taylor(sp.digamma, u)
    if found is not None:
        return found
    n = _pole(e, u)
    if n is not None:
        below = [inverted(e.plus_constant(u, Integer(k)), e.context, e.length) for k in range(n + 1)]
        return e.minus(digamma(e, e.plus_constant(u, Integer(n + 1))), e.sum(*below))
    if not _large(e, u):
        raise Unclear
    count = max(1, e.length // 2)
    series = [Rational(-sp.bernoulli(2 * k), 2 * k) for k in range(1, count + 1)]
    half = e.times(inverted(u, e.context, e.length), -HALF)
    return e.sum(e.log(u), half, _tail(e, u, series, 2))


def harmonic(e: Expander, u: Series) -> Series:
    """digamma(u + 1) + EulerGamma."""
    return e.plus_constant(digamma(e, e.plus_constant(u, S.One)), S.EulerGamma)


def polygamma(e: Expander, order: Expr, argument: Expr) -> Series:
    """A derivative of digamma of an order that does not depend on t."""
    if order is S.Zero:
        return digamma(e, e(argument))
    if e.t in order.free_symbols:
        raise Unclear
    return _polygamma(e, order, e(argument))


def _polygamma(e: Expander, order: Expr, u: Series) -> Series:
    found = e.by_taylor(sp.polygamma, u, order)
    if found is not None:
        return found
    if not isinstance(order, Integer) or not 0 < order <= MOST_STEPS:
        raise Unclear
    m, sign = int(order), Integer((-1) ** (int(order) + 1))
    n = _pole(e, u)
    if n is not None:
        down = [raised(e.plus_constant(u, Integer(k)), Integer(-m - 1), e.context, e.length) for k in range(n + 1)]
        steps = scaled(e.sum(*down), sign * sp.factorial(m), real=True)
        return e.sum(_polygamma(e, order, e.plus_constant(u, Integer(n + 1))), steps)
    if not _large(e, u):
        raise Unclear
    count = max(1, e.length // 2)
    even = [sp.bernoulli(2 * k) * sp.factorial(2 * k + m - 1) / sp.factorial(2 * k) for k in range(1, count + 1)]
    first = e.times(raised(u, Integer(-m), e.context, e.length), Integer(sp.factorial(m - 1)))
    second = e.times(raised(u, Integer(-m - 1), e.context, e.length), Rational(sp.factorial(m), 2))
    return e.times(e.sum(first, second, _tail(e, u, even, m + 2)), sign)


def zeta(e: Expander, s: Expr, a: Expr = S.One) -> Series:
    """Riemann's zeta: at its pole, where it is analytic, and for a large s; Hurwitz's for a fixed s."""
    if a is not S.One:
        limit = e.settled(e(a))
        if e.t in s.free_symbols or limit is None or not e.context.slit(limit[0]):
            raise Unclear
        if not nonzero(s - 1, e.context):
            raise Unclear
        coefficients = hurwitz(s, limit[0], e.length, e.context)
        return replace(powers(limit[1], coefficients, e.context), real=False)
    u = e(s)
    limit = e.settled(u)
    if limit is None:
        if e.far(u) < 0:
            raise Unclear
        shrinking = e.exp(e.times(u, times(MINUS, sp.log(Integer(2), evaluate=False))))
        return e.sum(e.one(), Series({}, shrinking.scales, True))
    if limit[0] is S.One:
        gap = limit[1]
        pole = inverted(gap, e.context, e.length)
        return e.sum(pole, exact(S.EulerGamma, real=True), Series({}, gap.scales, gap.real))
    found = e.by_taylor(sp.zeta, u)
    if found is None:
        raise Unclear
    return found


def erfc(e: Expander, u: Series) -> Series:
    """exp(-u^2)/(sqrt(pi) u) (1 - 1/(2 u^2) + ...) for a large real u."""
    found = e.by_taylor(sp.erfc, u)
    if found is not None:
        return found
    if e.far(u) < 0:
        return e.plus_constant(e.times(erfc(e, e.times(u, MINUS)), MINUS), Integer(2))
    coefficients: list[Expr] = [S.One]
    for k in range(1, max(1, e.length // 2)):
        coefficients.append(coefficients[-1] * Rational(1 - 2 * k, 2))
    shrinking = e.exp(e.times(e.product(u, u), MINUS))
    return e.times(e.product(shrinking, _tail(e, u, coefficients, 1)), power(sp.pi, -HALF))


def erf(e: Expander, u: Series) -> Series:
    """1 - erfc(u)."""
    found = e.by_taylor(sp.erf, u)
    return found if found is not None else e.plus_constant(e.times(erfc(e, u), MINUS), S.One)

