"""The gamma function and its kin at given values, complex ones included.

Promise: as for `heads`: the principal value, exact where that is easy; at a pole, on a branch cut
on which the conventions of the books differ, and where a convention is needed, `NotEvaluable`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp
from flint import acb, arb, fmpq, fmpz

from derive.core.errors import NotEvaluable
from derive.core.meaning.sequences import bernoulli_polynomial
from derive.core.meaning.values import (
    ONE,
    ZERO,
    Infinite,
    Pole,
    Value,
    add,
    ball,
    complex_ball,
    divide,
    factorial,
    finite,
    integer_of,
    is_zero,
    multiply,
    subtract,
)

__all__ = ["SPECIAL", "clear_of_cut", "either_side", "real_where", "reciprocal_gamma"]

MOST_FACTORS = 10_000
"""A product of more factors is not written out."""


def is_integer(value: Value) -> bool:
    """Whether it is an exact integer."""
    return type(value) is fmpq and bool(value.q == 1)


def _is_pole(value: Value) -> bool:
    """Whether it is an exact integer that is at most 0."""
    return is_integer(value) and bool(value <= 0)


def real_where(found: Any, *values: Value) -> Value:
    """The ball, as a real one if all values are real: only for functions that are real there."""
    found = finite(found)
    return finite(ball(found).real) if type(found) is acb and all(type(v) in (fmpq, arb) for v in values) else found


def either_side(found: acb) -> Value:
    """The values on both sides of a cut along the real axis, of a function that is real beside it."""
    return finite(found.union(found.conjugate()))


def clear_of_cut(value: Value) -> bool:
    """Whether it certainly is not on (-oo, 0]."""
    if type(value) in (fmpq, arb):
        return bool(value > 0)
    found = complex_ball(value)
    return bool(found.real > 0 or not found.imag.contains(0))


def _factorial(value: Value) -> Value:
    if is_integer(value):
        return factorial(int(value.p))
    return finite((ball(value) + 1).gamma())


def gamma(value: Value) -> Value:
    """The gamma function."""
    if is_integer(value):
        return factorial(int(value.p) - 1)
    return finite(ball(value).gamma())


def reciprocal_gamma(value: Value) -> Value:
    """1/gamma, an entire function: 0 at the poles of gamma."""
    if _is_pole(value):
        return ZERO
    if is_integer(value) and value <= 1_000:
        return 1 / factorial(int(value.p) - 1)
    return finite(ball(value).rgamma())


def _loggamma(value: Value) -> Value:
    if type(value) is fmpq and value in (1, 2):
        return ZERO
    if type(value) in (fmpq, arb) and value > 0:
        return finite(ball(value).lgamma())
    if not clear_of_cut(value):
        raise NotEvaluable("loggamma of a value that is not certainly positive, or off its branch cut")
    return finite(complex_ball(value).lgamma())


def _rising(base: Value, count: Value) -> Value:
    """base*(base + 1)*...; below 0 as many factors to the left are divided by."""
    if not is_integer(count):
        if _is_pole(base):
            raise NotEvaluable("a rising factorial of a pole of gamma")
        return multiply(gamma(add(base, count)), reciprocal_gamma(base))
    k = integer_of(count, "the length of a factorial")
    if abs(k) > MOST_FACTORS:
        raise NotEvaluable("a factorial of too many factors")
    found: Value = ONE
    for j in range(k) if k >= 0 else range(k, 0):
        found = multiply(found, add(base, fmpq(j)))
    return found if k >= 0 else divide(ONE, found)


def _falling(base: Value, count: Value) -> Value:
    """base*(base - 1)*... is a rising factorial that ends at base."""
    return _rising(add(subtract(base, count), ONE), count)


def _binomial(n: Value, k: Value) -> Value:
    if is_integer(n) and n < 0 and not (is_integer(k) and k >= 0):
        raise NotEvaluable("a binomial coefficient above which a negative integer stands")
    if not is_integer(k):
        below = multiply(reciprocal_gamma(add(k, ONE)), reciprocal_gamma(add(subtract(n, k), ONE)))
        return multiply(_factorial(n), below)
    if k < 0:
        return ZERO
    if is_integer(n) and n >= 0 and 2 * k > n:
        k = n - k
        if k < 0:
            return ZERO
    if is_integer(n) and 0 <= n <= MOST_FACTORS:
        return fmpq(fmpz.bin_uiui(int(n), int(k)))
    if k <= MOST_FACTORS:
        return divide(_falling(n, k), factorial(int(k)))
    raise NotEvaluable("a giant binomial coefficient")


def _beta(a: Value, b: Value) -> Value:
    return multiply(multiply(gamma(a), gamma(b)), reciprocal_gamma(add(a, b)))


def zeta(s: Value, a: Value = ONE) -> Value:
    """The zeta function of Hurwitz, of Riemann where a is 1; its powers are principal."""
    if type(s) is fmpq and s == 1:
        raise Pole("zeta has a pole at 1")
    if _is_pole(a) and not (is_integer(s) and s <= 0):
        raise Pole("zeta has a pole there")
    if is_integer(s) and s <= 0 and s >= -200 and type(a) is fmpq:
        n = 1 - int(s.p)
        return -bernoulli_polynomial(n, a) / n
    if not (is_integer(s) or clear_of_cut(a)):
        raise NotEvaluable("zeta with a second argument on or too near its branch cut")
    if type(a) is fmpq and a == 1:
        return real_where(complex_ball(s).zeta(), s)
    return real_where(complex_ball(s).zeta(complex_ball(a)), s, a)


def polygamma(n: Value, x: Value) -> Value:
    """The n-th derivative of digamma."""
    order = integer_of(n, "the order of polygamma")
    if order < 0:
        raise NotEvaluable("polygamma of negative order")
    if _is_pole(x):
        raise Pole("polygamma at a pole")
    if order == 0:
        return finite(ball(x).digamma())
    return real_where(complex_ball(x).polygamma(acb(order)), x)


def _digamma(x: Value) -> Value:
    return polygamma(ZERO, x)


def _harmonic(n: Value, order: Value = ONE) -> Value:
    if order != 1:
        raise NotEvaluable("generalised harmonic numbers")
    if is_integer(n) and 0 <= n <= MOST_FACTORS:
        return sum((fmpq(1, k) for k in range(1, int(n) + 1)), ZERO)
    if is_integer(n) and n < 0:
        raise Pole("a harmonic number at a pole")
    return finite(ball(add(n, ONE)).digamma() + arb.const_euler())


def _sinc(value: Value) -> Value:
    if type(value) is Infinite:
        return ZERO
    return ONE if is_zero(value) else finite(ball(value).sinc())


SPECIAL: dict[type, Callable[..., Value]] = {
    sp.factorial: _factorial,
    sp.gamma: gamma,
    sp.loggamma: _loggamma,
    sp.RisingFactorial: _rising,
    sp.FallingFactorial: _falling,
    sp.binomial: _binomial,
    sp.beta: _beta,
    sp.zeta: zeta,
    sp.polygamma: polygamma,
    sp.digamma: _digamma,
    sp.harmonic: _harmonic,
    sp.sinc: _sinc,
}
"""What each of these heads does to values."""
