"""Polylogarithms and other kin of zeta, and Lambert's W.

Promise: as for `heads`. The polylogarithm has its cut along [1, oo), Lambert's W along (-oo, -1/e] on its branch 0 and
along (-oo, 0] on the others. On a cut there is no value, but for the branch -1 where it is real, and for the branch 0 a
ball around the values on both sides.
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp
from flint import acb, arb, fmpq, fmpz

from derive.core.errors import NotEvaluable
from derive.core.meaning.sequences import index_of
from derive.core.meaning.special import clear_of_cut, either_side, polygamma, real_where, zeta
from derive.core.meaning.values import (
    ONE,
    ZERO,
    Infinite,
    Pole,
    Value,
    ball,
    complex_ball,
    finite,
    integer_of,
    is_zero,
    logarithm,
    negative,
    subtract,
)

__all__ = ["ZETAKIN"]

FARTHEST = 1_000
HIGHEST_STIELTJES = 1_000
MOST_BRANCHES = 1_000
NEAR = arb(2) ** -40


def _moderate(*values: Value) -> None:
    if any(type(v) is Infinite or not abs(ball(v)) < FARTHEST for v in values):
        raise NotEvaluable("a zeta function of a large value")


def _polylog(s: Value, z: Value) -> Value:
    _moderate(s, z)
    if is_zero(z):
        return ZERO
    if type(z) is fmpq and z == 1:
        if complex_ball(s).real > 1:
            return zeta(s)
        raise Pole("a polylogarithm at 1")
    if type(s) is fmpq and s == 1:
        return negative(_log_off_cut(subtract(ONE, z)))
    if not clear_of_cut(subtract(ONE, z)):
        raise NotEvaluable("a polylogarithm on or too near its branch cut")
    return real_where(complex_ball(z).polylog(complex_ball(s)), s, z)


def _log_off_cut(value: Value) -> Value:
    if not clear_of_cut(value):
        raise NotEvaluable("a polylogarithm on or too near its branch cut")
    return logarithm(value)


def _eta(s: Value) -> Value:
    _moderate(s)
    return real_where(complex_ball(s).dirichlet_eta(), s)


def _lerch(z: Value, s: Value, a: Value) -> Value:
    _moderate(z, s, a)
    if not complex_ball(a).real > 0:
        raise NotEvaluable("Lerch's function with a third argument that is not to the right of 0")
    if not clear_of_cut(subtract(ONE, z)):
        raise NotEvaluable("Lerch's function on or too near its branch cut")
    return real_where(complex_ball(z).lerch_phi(complex_ball(s), complex_ball(a)), z, s, a)


def _stieltjes(n: Value, a: Value = ONE) -> Value:
    k = index_of(n, "the index of a Stieltjes constant", 0, HIGHEST_STIELTJES)
    if not clear_of_cut(a):
        raise NotEvaluable("a Stieltjes constant on or too near its branch cut")
    _moderate(a)
    if k == 0:
        return negative(polygamma(ZERO, a))
    return real_where(acb.stieltjes(fmpz(k), complex_ball(a)), a)


def _trigamma(z: Value) -> Value:
    return polygamma(ONE, z)


def _lambert(z: Value, branch: Value = ZERO) -> Value:
    k = integer_of(branch, "the branch of LambertW")
    if abs(k) > MOST_BRANCHES or type(z) is Infinite:
        raise NotEvaluable("a far branch of LambertW")
    if is_zero(z):
        if k == 0:
            return ZERO
        raise Pole("LambertW at 0")
    found = complex_ball(z)
    turning = -(arb(-1).exp())
    real = type(z) in (fmpq, arb)
    if k == 0 and real and (found.real < turning or abs(found - turning) < NEAR):
        return either_side(found.lambertw())
    if k == 0:
        sound = clear_of_cut(finite(found - turning))
    elif k == -1 and real:
        sound = bool(found.real > turning and found.real < 0) or clear_of_cut(z)
    else:
        sound = clear_of_cut(z)
    if not sound:
        raise NotEvaluable("LambertW on or too near its branch cut")
    value = finite(found.lambertw(k))
    if real and found.real > turning and (k == 0 or (k == -1 and found.real < 0)):
        return finite(ball(value).real)
    return value


ZETAKIN: dict[type, Callable[..., Value]] = {
    sp.polylog: _polylog,
    sp.dirichlet_eta: _eta,
    sp.lerchphi: _lerch,
    sp.stieltjes: _stieltjes,
    sp.trigamma: _trigamma,
    sp.LambertW: _lambert,
}
"""What each of these heads does to values."""
