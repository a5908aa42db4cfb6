"""Functions that are integrals: exponential, sine and cosine integrals, error functions, incomplete gamma and beta.

Promise: as for `heads`. On a branch cut there is a value only where all books give the same real one (Ei below 0, li
below 1). A value on a complex ball says that the function is analytic there.
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp
from flint import arb, fmpq

from derive.core.errors import NotEvaluable
from derive.core.meaning.special import clear_of_cut, gamma, is_integer, real_where
from derive.core.meaning.values import (
    ONE,
    ZERO,
    Infinite,
    Pole,
    Value,
    ball,
    complex_ball,
    divide,
    finite,
    is_zero,
    subtract,
)

__all__ = ["INCOMPLETE"]

FARTHEST = 100_000


def _moderate(*values: Value) -> None:
    if any(type(v) is Infinite or not abs(ball(v)) < FARTHEST for v in values):
        raise NotEvaluable("an integral function of a large value")


def _entire(method: str) -> Callable[[Value], Value]:
    """An odd entire function."""

    def apply(z: Value) -> Value:
        _moderate(z)
        return ZERO if is_zero(z) else real_where(getattr(complex_ball(z), method)(), z)

    return apply


def _off_cut(method: str, *, on_axis: bool = False) -> Callable[[Value], Value]:
    """A function with a logarithm in it: a pole at 0, a cut along (-oo, 0), and there real values or none."""

    def apply(z: Value) -> Value:
        _moderate(z)
        if is_zero(z):
            raise Pole(f"{method} at 0")
        real = type(z) in (fmpq, arb)
        if not clear_of_cut(z) and not (on_axis and real and z < 0):
            raise NotEvaluable(f"{method} on or too near its branch cut")
        found = getattr(ball(z), method)()
        return finite(found)

    return apply


_ei = _off_cut("ei", on_axis=True)


def _li(z: Value) -> Value:
    """Real on (0, 1) and (1, oo), cut along (-oo, 0]; below 1 in the plane the cut of Ei stands at (0, 1)."""
    _moderate(z)
    if type(z) is fmpq and z in (0, 1):
        if z == 0:
            return ZERO
        raise Pole("li at 1")
    real = type(z) in (fmpq, arb)
    if not clear_of_cut(subtract(z, ONE)) and not (real and z > 0 and z < 1):
        raise NotEvaluable("li on or too near its branch cut")
    return finite(ball(z).li())


def _offset_li(z: Value) -> Value:
    return subtract(_li(z), _li(fmpq(2)))


def _erf2(x: Value, y: Value) -> Value:
    return subtract(_erf(y), _erf(x))


_erf = _entire("erf")


def _expint(nu: Value, z: Value) -> Value:
    _moderate(nu, z)
    if is_zero(z):
        if complex_ball(nu).real > 1:
            return divide(ONE, subtract(nu, ONE))
        raise Pole("expint at 0")
    if not clear_of_cut(z) and not (is_integer(nu) and nu <= 0):
        raise NotEvaluable("expint on or too near its branch cut")
    if is_integer(nu) and nu <= 0 and not clear_of_cut(z):
        raise NotEvaluable("expint of an elementary order on the negative axis")
    return real_where(complex_ball(z).expint(complex_ball(nu)), nu, z)


def _upper_gamma(s: Value, z: Value) -> Value:
    _moderate(s, z)
    if is_zero(z):
        if complex_ball(s).real > 0:
            return gamma(s)
        raise Pole("an incomplete gamma function at 0")
    if not clear_of_cut(z) and not (is_integer(s) and s > 0):
        raise NotEvaluable("an incomplete gamma function on or too near its branch cut")
    return real_where(complex_ball(z).gamma_upper(complex_ball(s)), s, z)


def _lower_gamma(s: Value, z: Value) -> Value:
    _moderate(s, z)
    if is_integer(s) and s <= 0:
        raise Pole("an incomplete gamma function at a pole")
    if is_zero(z):
        if complex_ball(s).real > 0:
            return ZERO
        raise Pole("an incomplete gamma function at 0")
    if not clear_of_cut(z) and not is_integer(s):
        raise NotEvaluable("an incomplete gamma function on or too near its branch cut")
    return real_where(complex_ball(z).gamma_lower(complex_ball(s)), s, z)


# ---------------------------------------------------------------- beta


def _from_zero(a: Value, b: Value, x: Value) -> Value:
    """The integral of t**(a - 1)*(1 - t)**(b - 1) from 0 to x; at x = 0 and x = 1 only where it converges."""
    if is_zero(x):
        if complex_ball(a).real > 0:
            return ZERO
        raise NotEvaluable("an incomplete beta function from 0")
    one = type(x) is fmpq and x == 1
    if one and not complex_ball(b).real > 0:
        raise NotEvaluable("an incomplete beta function up to 1")
    left = clear_of_cut(x) or (is_integer(a) and a > 0)
    right = one or clear_of_cut(subtract(ONE, x)) or (is_integer(b) and b > 0)
    if not (left and right):
        raise NotEvaluable("an incomplete beta function on or too near its branch cut")
    if one:
        return _complete(a, b)
    return real_where(complex_ball(x).beta_lower(complex_ball(a), complex_ball(b)), a, b, x)


def _complete(a: Value, b: Value) -> Value:
    p, q = complex_ball(a), complex_ball(b)
    return real_where(p.gamma() * q.gamma() * (p + q).rgamma(), a, b)


def _betainc(a: Value, b: Value, low: Value, high: Value) -> Value:
    _moderate(a, b, low, high)
    if is_integer(a) and a <= 0:
        raise Pole("an incomplete beta function at a pole")
    return subtract(_from_zero(a, b, high), _from_zero(a, b, low))


def _regularized(a: Value, b: Value, low: Value, high: Value) -> Value:
    if any(is_integer(v) and v <= 0 for v in (a, b)):
        raise NotEvaluable("a regularised beta function at a pole")
    return divide(_betainc(a, b, low, high), _complete(a, b))


# ---------------------------------------------------------------- others


def _atan2(y: Value, x: Value) -> Value:
    """The argument of x + I*y for real numbers."""
    if any(type(v) not in (fmpq, arb) for v in (x, y)):
        raise NotEvaluable("atan2 of values that are not known to be real")
    if is_zero(x) and is_zero(y):
        raise NotEvaluable("atan2(0, 0), which is a convention")
    if is_zero(y) and x > 0:
        return ZERO
    if not (y > 0 or y < 0 or x > 0) and not is_zero(y):
        raise NotEvaluable("atan2 too near its branch cut")
    if is_zero(y):
        return arb.pi()
    return finite(arb.atan2(arb(y), arb(x)))


def _heaviside(x: Value, _at_zero: Value | None = None) -> Value:
    if type(x) not in (fmpq, arb) or not (x > 0 or x < 0):
        raise NotEvaluable("a step at a value that is not known to be positive or negative")
    return ONE if x > 0 else ZERO


def _fresnel(method: str) -> Callable[[Value], Value]:
    def apply(z: Value) -> Value:
        _moderate(z)
        return ZERO if is_zero(z) else real_where(getattr(complex_ball(z), method)(normalized=True), z)

    return apply


INCOMPLETE: dict[type, Callable[..., Value]] = {
    sp.Ei: _ei,
    sp.li: _li,
    sp.Li: _offset_li,
    sp.Si: _entire("si"),
    sp.Shi: _entire("shi"),
    sp.Ci: _off_cut("ci"),
    sp.Chi: _off_cut("chi"),
    sp.erfi: _entire("erfi"),
    sp.erf2: _erf2,
    sp.fresnels: _fresnel("fresnel_s"),
    sp.fresnelc: _fresnel("fresnel_c"),
    sp.expint: _expint,
    sp.uppergamma: _upper_gamma,
    sp.lowergamma: _lower_gamma,
    sp.betainc: _betainc,
    sp.betainc_regularized: _regularized,
    sp.atan2: _atan2,
    sp.Heaviside: _heaviside,
}
"""What each of these heads does to values."""
