"""Bessel functions, their spherical kin, and Airy functions.

Promise: as for `heads`. The functions are those of real and complex order with a cut along (-oo, 0]; on it, and at 0,
they have a value only where the order makes them one function on both sides. A value on a ball says that the function
is analytic there.
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp
from flint import acb, arb, fmpq

from derive.core.errors import NotEvaluable
from derive.core.meaning.special import clear_of_cut, is_integer, real_where
from derive.core.meaning.values import (
    ONE,
    ZERO,
    Pole,
    Value,
    add,
    ball,
    complex_ball,
    divide,
    finite,
    is_zero,
    multiply,
    power,
)

__all__ = ["BESSEL"]

HIGHEST_ORDER = 10_000
FARTHEST = 1_000_000


def _moderate(*values: Value) -> None:
    for value, most in zip(values, (HIGHEST_ORDER, FARTHEST), strict=False):
        if not abs(ball(value)) < most:
            raise NotEvaluable("a Bessel function of a large order or argument")


def _regular(method: str) -> Callable[[Value, Value], Value]:
    """J and I: entire where the order is an integer."""

    def apply(nu: Value, z: Value) -> Value:
        _moderate(nu, z)
        whole = is_integer(nu)
        if is_zero(z):
            return _at_zero(nu)
        if not whole and not clear_of_cut(z):
            raise NotEvaluable("a Bessel function on or too near its branch cut")
        return real_where(getattr(complex_ball(z), method)(complex_ball(nu)), nu, z)

    return apply


def _at_zero(nu: Value) -> Value:
    if is_zero(nu):
        return ONE
    if is_integer(nu) or complex_ball(nu).real > 0:
        return ZERO
    raise Pole("a Bessel function at 0")


def _singular(method: str) -> Callable[[Value, Value], Value]:
    """Y and K."""

    def apply(nu: Value, z: Value) -> Value:
        _moderate(nu, z)
        if is_zero(z):
            raise Pole("a Bessel function at 0")
        if not clear_of_cut(z):
            raise NotEvaluable("a Bessel function on or too near its branch cut")
        return real_where(getattr(complex_ball(z), method)(complex_ball(nu)), nu, z)

    return apply


_j, _y = _regular("bessel_j"), _singular("bessel_y")


def _hankel(sign: int) -> Callable[[Value, Value], Value]:
    return lambda nu, z: finite(complex_ball(_j(nu, z)) + complex_ball(_y(nu, z)) * acb(0, sign))


def _spherical(function: Callable[[Value, Value], Value]) -> Callable[[Value, Value], Value]:
    """sqrt(pi/(2*z)) times the function of an order that is larger by 1/2."""

    def apply(n: Value, z: Value) -> Value:
        if is_zero(z):
            raise NotEvaluable("a spherical Bessel function at 0")
        root = power(divide(finite(arb.pi() / 2), z), fmpq(1, 2))
        return multiply(root, function(add(n, fmpq(1, 2)), z))

    return apply


def _airy(method: str, derivative: int) -> Callable[[Value], Value]:
    def apply(z: Value) -> Value:
        _moderate(ZERO, z)
        return real_where(getattr(complex_ball(z), method)(derivative=derivative), z)

    return apply


BESSEL: dict[type, Callable[..., Value]] = {
    sp.besselj: _j,
    sp.bessely: _y,
    sp.besseli: _regular("bessel_i"),
    sp.besselk: _singular("bessel_k"),
    sp.hankel1: _hankel(1),
    sp.hankel2: _hankel(-1),
    sp.jn: _spherical(_j),
    sp.yn: _spherical(_y),
    sp.airyai: _airy("airy_ai", 0),
    sp.airyaiprime: _airy("airy_ai", 1),
    sp.airybi: _airy("airy_bi", 0),
    sp.airybiprime: _airy("airy_bi", 1),
}
"""What each of these heads does to values."""
