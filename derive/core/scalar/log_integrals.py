"""Integrals of logarithms over stretches where they are infinite at an end.

Promise: as for `beta_integrals`.
"""

from __future__ import annotations

import sympy as sp
from sympy import Expr, Integer, Rational, S

from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.integrands import Shape, added, binomials, gamma_of, slope
from derive.core.scalar.spans import Span
from derive.core.scalar.tidying import negative
from derive.core.scalar.zero import equal

__all__ = ["dilogarithm", "log_power", "log_sine"]

HALF = Rational(1, 2)


def log_power(shape: Shape, where: Span) -> Expr | None:
    """x^m log(x)^n over (0, 1) is (-1)^n n!/(m+1)^(n+1), for m > -1 and whole n >= 0; (-log x)^r, r > -1, likewise.

    [DLMF 5.9.1, with exp(-x) for x]
    """
    known, m = where.outer, added(shape.order, S.One)
    log = sp.log(where.x, evaluate=False)
    if shape.exponent or len(shape.others) != 1 or not known.positive(m):
        return None
    ((base, up),) = shape.others.items()
    n = added(*up)
    turned = base != log and equal(plus(base, log), S.Zero, where.inner)
    if base != log and not turned:
        return None
    if turned and not known.positive(added(n, S.One)):
        return None
    if not turned and not (known.integer(n) and known.nonnegative(n)):
        return None
    sign = S.One if turned else power(S.NegativeOne, n)
    return times(sign, gamma_of(added(n, S.One)), power(m, negative(added(n, S.One))))


def log_sine(shape: Shape, where: Span) -> Expr | None:
    """log(sin(k x)) and log(cos(k x)) over (0, pi/(2 k)) are -pi log(2)/(2 k), for k > 0 [Euler; DLMF 4.26(iv)].

    log(sin(k x)) over (0, pi/k) is twice that; log(tan(k x)) over (0, pi/(2 k)) is 0.
    """
    known, x = where.outer, where.x
    inner = _one_log(shape)
    if inner is None or shape.power or not isinstance(inner, (sp.sin, sp.cos, sp.tan)):
        return None
    k = slope(inner.args[0], x)
    if k is None or not known.positive(k):
        return None
    turn = times(k, where.hi)
    twice = isinstance(inner, sp.sin) and equal(turn, sp.pi, known)
    if not twice and not equal(turn, times(HALF, sp.pi), known):
        return None
    if isinstance(inner, sp.tan):
        return S.Zero
    return times(S.NegativeOne if twice else -HALF, sp.pi, sp.log(Integer(2), evaluate=False), power(k, S.NegativeOne))


def dilogarithm(shape: Shape, where: Span) -> Expr | None:
    """log(1 + x^k)/x over (0, 1) is pi^2/(12 k), log(1 - x^k)/x is -pi^2/(6 k), for k > 0 [DLMF 25.12.1, 25.6.1]."""
    inner = _one_log(shape)
    found = None if inner is None else binomials(Shape(others={inner: [S.One]}), where.x)
    if found is None or shape.order is not S.NegativeOne:
        return None
    ((c, d, k, _),) = found
    if c is not S.One or d not in {S.One, S.NegativeOne} or not where.outer.positive(k):
        return None
    scale = Rational(1, 12) if d is S.One else Rational(-1, 6)
    return times(scale, power(sp.pi, Integer(2)), power(k, S.NegativeOne))


def _one_log(shape: Shape) -> Expr | None:
    """u, where the one other factor is log(u)."""
    if shape.exponent or len(shape.others) != 1:
        return None
    ((base, up),) = shape.others.items()
    return base.args[0] if isinstance(base, sp.log) and added(*up) is S.One else None
