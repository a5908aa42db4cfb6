"""The derivatives of further functions: Bessel, Airy, elliptic, orthogonal polynomials, Lambert, hypergeometric.

Promise: as for `tables`. Elliptic functions are in the parameter m.
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp
from sympy import Expr, Rational, S

from derive.core.scalar.differentiate.building import plus, power, times

__all__ = ["FURTHER", "FURTHER_PAIRS", "hyper_slope"]

Pair = tuple[Expr | None, Expr | None]
TWO = sp.Integer(2)
HALF = Rational(1, 2)
QUARTER = Rational(-1, 4)


def _f(head: Callable[..., Expr], *args: Expr) -> Expr:
    return head(*args, evaluate=False)


def _minus(u: Expr) -> Expr:
    return times(S.NegativeOne, u)


def _over(u: Expr) -> Expr:
    return power(u, S.NegativeOne)


def _up(n: Expr) -> Expr:
    return plus(n, S.One)


def _down(n: Expr) -> Expr:
    return plus(n, S.NegativeOne)


def _rest(m: Expr) -> Expr:
    """1 - m."""
    return plus(S.One, _minus(m))


def _lambert(*args: Expr) -> Expr:
    """From W exp(W) = z: exp(-W)/(1 + W)."""
    w = _f(sp.LambertW, *args)
    return times(_f(sp.exp, _minus(w)), _over(plus(S.One, w)))


FURTHER: dict[type, Callable[[Expr], Expr]] = {
    sp.airyai: lambda u: _f(sp.airyaiprime, u),
    sp.airybi: lambda u: _f(sp.airybiprime, u),
    sp.airyaiprime: lambda u: times(u, _f(sp.airyai, u)),
    sp.airybiprime: lambda u: times(u, _f(sp.airybi, u)),
    sp.erfi: lambda u: times(TWO, power(sp.pi, Rational(-1, 2)), _f(sp.exp, power(u, TWO))),
    sp.LambertW: _lambert,
    sp.elliptic_k: lambda m: times(
        HALF, plus(_f(sp.elliptic_e, m), _minus(times(_rest(m), _f(sp.elliptic_k, m)))), _over(times(m, _rest(m)))),
    sp.elliptic_e: lambda m: times(HALF, plus(_f(sp.elliptic_e, m), _minus(_f(sp.elliptic_k, m))), _over(m)),
}
"""Of one argument."""


def _root(phi: Expr, m: Expr) -> Expr:
    """1 - m sin(phi)^2."""
    return plus(S.One, times(S.NegativeOne, m, power(_f(sp.sin, phi), TWO)))


def _elliptic_e(phi: Expr, m: Expr) -> Pair:
    gap = plus(_f(sp.elliptic_e, phi, m), _minus(_f(sp.elliptic_f, phi, m)))
    return power(_root(phi, m), HALF), times(HALF, gap, _over(m))


def _elliptic_f(phi: Expr, m: Expr) -> Pair:
    inverse = power(_root(phi, m), Rational(-1, 2))
    parts = (
        times(HALF, _f(sp.elliptic_e, phi, m), _over(times(m, _rest(m)))),
        times(Rational(-1, 2), _f(sp.elliptic_f, phi, m), _over(m)),
        times(QUARTER, _f(sp.sin, times(TWO, phi)), _over(_rest(m)), inverse),
    )
    return inverse, plus(*parts)


def _cylinder(head: Callable[..., Expr], below: int, above: int) -> Callable[[Expr, Expr], Pair]:
    """(below f_(nu - 1) + above f_(nu + 1))/2."""

    def rule(nu: Expr, z: Expr) -> Pair:
        left, right = times(sp.Integer(below), _f(head, _down(nu), z)), times(sp.Integer(above), _f(head, _up(nu), z))
        return None, times(HALF, plus(left, right))

    return rule


def _off_ends(x: Expr) -> Expr:
    """1/(x^2 - 1)."""
    return _over(plus(power(x, TWO), S.NegativeOne))


def _chebyshev_u(n: Expr, x: Expr) -> Pair:
    gap = plus(times(_up(n), _f(sp.chebyshevt, _up(n), x)), times(S.NegativeOne, x, _f(sp.chebyshevu, n, x)))
    return None, times(gap, _off_ends(x))


def _legendre(n: Expr, x: Expr) -> Pair:
    gap = plus(_f(sp.legendre, _up(n), x), times(S.NegativeOne, x, _f(sp.legendre, n, x)))
    return None, times(_up(n), gap, _off_ends(x))


def _angle(y: Expr, x: Expr) -> Pair:
    below = _over(plus(power(x, TWO), power(y, TWO)))
    return times(x, below), times(S.NegativeOne, y, below)


FURTHER_PAIRS: dict[type, Callable[[Expr, Expr], Pair]] = {
    sp.besselj: _cylinder(sp.besselj, 1, -1),
    sp.bessely: _cylinder(sp.bessely, 1, -1),
    sp.hankel1: _cylinder(sp.hankel1, 1, -1),
    sp.hankel2: _cylinder(sp.hankel2, 1, -1),
    sp.besseli: _cylinder(sp.besseli, 1, 1),
    sp.besselk: _cylinder(sp.besselk, -1, -1),
    sp.chebyshevt: lambda n, x: (None, times(n, _f(sp.chebyshevu, _down(n), x))),
    sp.chebyshevu: _chebyshev_u,
    sp.legendre: _legendre,
    sp.hermite: lambda n, x: (None, times(TWO, n, _f(sp.hermite, _down(n), x))),
    sp.bernoulli: lambda n, x: (None, times(n, _f(sp.bernoulli, _down(n), x))),
    sp.elliptic_e: _elliptic_e,
    sp.elliptic_f: _elliptic_f,
    sp.LambertW: lambda z, k: (_lambert(z, k), None),
    sp.polylog: lambda s, z: (None, times(_f(sp.polylog, _down(s), z), _over(z))),
    sp.atan2: _angle,
}
"""Of two arguments: both partial derivatives; None where there is no name for one."""


def hyper_slope(above: tuple[Expr, ...], below: tuple[Expr, ...], z: Expr) -> Expr:
    """The derivative of a hypergeometric function in z: every parameter goes up by 1."""
    front = times(*above, *(_over(b) for b in below))
    return times(front, Expr.__new__(sp.hyper, sp.Tuple(*map(_up, above)), sp.Tuple(*map(_up, below)), z))
