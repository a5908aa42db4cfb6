"""The values of SymPy's functions at given values.

Promise: `apply(head, values)` is the principal value, exact where that is easy
and else a ball; on a branch cut where the conventions of the books differ
(asin, acos, atan and their hyperbolic kin outside their real domain), at a
pole, and for any head not listed here it raises `NotEvaluable`.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature

import sympy as sp
from flint import acb, arb, fmpq

from derive.core.errors import NotEvaluable
from derive.core.meaning.bessel import BESSEL
from derive.core.meaning.elliptic import ELLIPTIC
from derive.core.meaning.incomplete import INCOMPLETE
from derive.core.meaning.orthogonal import ORTHOGONAL
from derive.core.meaning.sequences import SEQUENCES
from derive.core.meaning.special import SPECIAL
from derive.core.meaning.values import (
    ONE,
    ZERO,
    Gaussian,
    Imprecise,
    Infinite,
    Pole,
    Value,
    ball,
    compare,
    complex_ball,
    divide,
    exponential,
    finite,
    gaussian,
    is_zero,
    logarithm,
    multiply,
    negative,
    power,
    real_ball,
    sign_of,
    subtract,
)
from derive.core.meaning.zetakin import ZETAKIN

__all__ = ["HEADS", "Function", "fits"]

Function = Callable[..., Value]


def _entire(method: str, at_zero: fmpq | None) -> Function:
    """A function without branch cuts, by the name of flint's method; `at_zero` is its exact value at 0."""

    def apply(value: Value) -> Value:
        if at_zero is not None and is_zero(value):
            return at_zero
        return finite(getattr(ball(value), method)())

    return apply


def _pole_at_zero(method: str) -> Function:
    """A meromorphic function with a pole at 0."""

    def apply(value: Value) -> Value:
        if is_zero(value):
            raise Pole(f"{method}(0) has no value")
        return finite(getattr(ball(value), method)())

    return apply


def _inverse(method: str, at_zero: fmpq | None, cut: Callable[[acb], bool]) -> Function:
    """An inverse function; `cut` says that a ball is certainly clear of the branch cuts."""

    def apply(value: Value) -> Value:
        if at_zero is not None and is_zero(value):
            return at_zero
        found = complex_ball(value)
        if not cut(found):
            raise NotEvaluable(f"{method} on or too near a branch cut")
        return finite(getattr(ball(value), method)())

    return apply


def _off_real_rays(z: acb) -> bool:
    """Clear of (-oo, -1) and (1, oo)."""
    return bool((z.real >= -1 and z.real <= 1) or not z.imag.contains(0))


def _inside_unit(z: acb) -> bool:
    """Clear of (-oo, -1] and [1, oo)."""
    return bool((z.real > -1 and z.real < 1) or not z.imag.contains(0))


def _off_imaginary_rays(z: acb) -> bool:
    """Clear of the imaginary axis at and beyond i and -i."""
    return bool((z.imag > -1 and z.imag < 1) or not z.real.contains(0))


def _acos(value: Value) -> Value:
    if type(value) is fmpq and value == 1:
        return ZERO
    return _inverse("acos", None, _off_real_rays)(value)


def _acosh(value: Value) -> Value:
    if type(value) is fmpq and value == 1:
        return ZERO
    if type(value) in (fmpq, arb) and value > 1:
        return finite(ball(value).acosh())
    root = multiply(power(subtract(value, ONE), fmpq(1, 2)), power(subtract(value, fmpq(-1)), fmpq(1, 2)))
    return logarithm(finite(ball(value) + ball(root)))


_asin = _inverse("asin", ZERO, _off_real_rays)
_atan = _inverse("atan", ZERO, _off_imaginary_rays)
_asinh = _inverse("asinh", ZERO, _off_imaginary_rays)
_atanh = _inverse("atanh", ZERO, _inside_unit)


def _inverted(function: Function, apart: fmpq | None = None) -> Function:
    """A function of one over the value; `apart` is where conventions differ."""

    def apply(value: Value) -> Value:
        if apart is not None and type(value) is fmpq and value == apart:
            raise NotEvaluable("an inverse function where conventions differ")
        return function(divide(ONE, value))

    return apply


def _no_argument() -> Value:
    raise Pole("the argument of 0")


def _arg(value: Value) -> Value:
    return _im(logarithm(value)) if not is_zero(value) else _no_argument()


def _absolute(value: Value) -> Value:
    kind = type(value)
    if kind is Infinite:
        return Infinite(1, value.weak)
    if kind is fmpq:
        return abs(value)
    if kind is Gaussian:
        return power(value.re**2 + value.im**2, fmpq(1, 2))
    return finite(abs(value))


def _sign(value: Value) -> Value:
    if type(value) in (fmpq, arb, Infinite):
        return fmpq(sign_of(value, "sign"))
    return divide(value, _absolute(value))


def _re(value: Value) -> Value:
    if type(value) is Gaussian:
        return value.re
    return value if type(value) in (fmpq, Infinite) else finite(ball(value).real)


def _im(value: Value) -> Value:
    if type(value) is Gaussian:
        return value.im
    if type(value) is acb:
        return finite(value.imag)
    if type(value) is Infinite:
        raise NotEvaluable("the imaginary part of an infinite value")
    return ZERO


def _conjugate(value: Value) -> Value:
    if type(value) is Gaussian:
        return gaussian(value.re, -value.im)
    return finite(value.conjugate()) if type(value) is acb else value


def _floor(value: Value) -> Value:
    if type(value) is fmpq:
        return fmpq(value.floor())
    found = real_ball(value, "floor").floor().unique_fmpz()
    if found is None:
        raise Imprecise("floor of a ball that contains an integer")
    return fmpq(found)


def _ceiling(value: Value) -> Value:
    return negative(_floor(negative(value)))


def _mod(left: Value, right: Value) -> Value:
    return subtract(left, multiply(right, _floor(divide(left, right))))


def _extreme(wanted: str) -> Function:
    """Max ("greater") or Min ("less")."""

    def pick(left: Value, right: Value) -> Value:
        order = compare(left, right)
        if order in ("less", "greater", "equal"):
            return left if order == wanted else right
        if order is None and type(left) in (fmpq, arb) and type(right) in (fmpq, arb):
            a, b = arb(left), arb(right)
            return finite(a.max(b) if wanted == "greater" else a.min(b))
        raise NotEvaluable("Max or Min of values that are not known to be real")

    def apply(*values: Value) -> Value:
        found = values[0]
        for value in values[1:]:
            found = pick(found, value)
        if type(found) in (Gaussian, acb):
            raise NotEvaluable("Max or Min of a value that is not known to be real")
        return found

    return apply


def fits(function: Function, count: int) -> bool:
    """Whether it takes so many values; some of SymPy's heads take more or fewer than have a meaning here."""
    try:
        signature(function).bind(*range(count))
    except TypeError:
        return False
    return True


HEADS: dict[type, Function] = {
    sp.exp: exponential,
    sp.Abs: _absolute,
    sp.sign: _sign,
    sp.re: _re,
    sp.im: _im,
    sp.conjugate: _conjugate,
    sp.floor: _floor,
    sp.ceiling: _ceiling,
    sp.Mod: _mod,
    sp.sin: _entire("sin", ZERO),
    sp.cos: _entire("cos", ONE),
    sp.tan: _entire("tan", ZERO),
    sp.cot: _pole_at_zero("cot"),
    sp.sec: _entire("sec", ONE),
    sp.csc: _pole_at_zero("csc"),
    sp.sinh: _entire("sinh", ZERO),
    sp.cosh: _entire("cosh", ONE),
    sp.tanh: _entire("tanh", ZERO),
    sp.coth: _pole_at_zero("coth"),
    sp.asin: _asin,
    sp.acos: _acos,
    sp.atan: _atan,
    sp.asinh: _asinh,
    sp.acosh: _acosh,
    sp.atanh: _atanh,
    sp.erf: _entire("erf", ZERO),
    sp.erfc: _entire("erfc", ONE),
    sp.sech: _entire("sech", ONE),
    sp.csch: _pole_at_zero("csch"),
    sp.acot: _inverted(_atan, fmpq(0)),
    sp.asec: _inverted(_acos),
    sp.acsc: _inverted(_asin),
    sp.acoth: _inverted(_atanh),
    sp.asech: _inverted(_acosh),
    sp.acsch: _inverted(_asinh),
    sp.arg: _arg,
    **SPECIAL,
    **BESSEL,
    **ELLIPTIC,
    **INCOMPLETE,
    **ORTHOGONAL,
    **SEQUENCES,
    **ZETAKIN,
    sp.Max: _extreme("greater"),
    sp.Min: _extreme("less"),
}
"""What each SymPy head does to values. `log` is missing: it needs to see its argument's factors."""
