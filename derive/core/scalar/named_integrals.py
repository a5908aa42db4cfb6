"""Integrals with a name: Gauss, Euler, Laplace, Dirichlet, Fourier, Bose.

Promise: `named(f, span)` is the value of the integral of f over the span at every point that the context allows, and
there the integral exists; or None. f is read through its normal form, term by term: each term is one of the integrals
here, of `beta_integrals` or of `log_integrals`.
"""

from __future__ import annotations

from collections.abc import Callable
from math import comb, prod

import sympy as sp
from sympy import Expr, Integer, Rational, S

from derive.core.scalar.beta_integrals import first_beta, line_beta, second_beta, wallis
from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.integrands import (
    Shape,
    added,
    binomials,
    decay,
    gamma_of,
    over,
    positive_part,
    shapes,
    slope,
    wave,
    written,
)
from derive.core.scalar.log_integrals import dilogarithm, log_power, log_sine
from derive.core.scalar.spans import Span
from derive.core.scalar.tidying import minus, negative, plainly, total, waves

__all__ = ["named"]

HALF = Rational(1, 2)
TWO = Integer(2)
WHOLE = tuple(map(Integer, range(25)))


def named(f: Expr, where: Span) -> Expr | None:
    """The value of the integral of f, where every term of its normal form is one of the integrals here."""
    found = _named(f, where)
    if found is not None or not f.has(sp.sin, sp.cos) or where.hi is not S.Infinity:
        return found
    plain = plainly(f, where.inner)
    waving = waves(plain)
    return None if waving == plain else _named(waving, where)


def _named(f: Expr, where: Span) -> Expr | None:
    theorems = _theorems(where) if where.order == 1 else ()
    for read in (written, shapes) if theorems else ():
        found = _valued(read(f, where), theorems, where)
        if found is not None:
            return found
    return None


def _valued(found: list[tuple[Expr, Shape]] | None, theorems: tuple[Theorem, ...], where: Span) -> Expr | None:
    """The sum of the values of the terms, where each is that of a theorem."""
    if found is None:
        return None
    values: list[Expr] = []
    for coefficient, shape in found:
        one = next((v for v in (theorem(shape, where) for theorem in theorems) if v is not None), None)
        if one is None or not all(total(factor, where.outer) for factor in shape.scale):
            return None
        values.append(times(coefficient, *shape.scale, one))
    return plus(*values)


Theorem = Callable[[Shape, Span], "Expr | None"]


def _theorems(where: Span) -> tuple[Theorem, ...]:
    lo, hi = where.lo, where.hi
    if lo is S.NegativeInfinity and hi is S.Infinity:
        return (_gauss,)
    if lo is S.Zero and hi is S.Infinity:
        return _euler, _gauss_cosine, _laplace, _dirichlet, _fourier, second_beta, _bose
    if lo is S.NegativeInfinity or hi is S.Infinity:
        return ()
    if lo is S.Zero and hi is S.One:
        return first_beta, line_beta, log_power, dilogarithm
    return (first_beta, line_beta, wallis, log_sine) if lo is S.Zero else (line_beta,)


def _gauss(shape: Shape, where: Span) -> Expr | None:
    """The integral of x^n exp(b x - a x^2) over the line, for a > 0 and whole n >= 0 [DLMF 7.7.3, differentiated]."""
    known = where.outer
    if shape.others or shape.order not in WHOLE or any(k not in (S.One, TWO) for k, _ in shape.exponent):
        return None
    a = added(*(negative(c) for k, c in shape.exponent if k == TWO))
    b = added(*(c for k, c in shape.exponent if k is S.One))
    if a is S.Zero or not known.positive(a):
        return None
    n, shift = int(shape.order), over(b, times(TWO, a))
    moments = [
        times(Integer(comb(n, 2 * j) * prod(range(1, 2 * j, 2))),
              power(shift, Integer(n - 2 * j)) if n > 2 * j else S.One,
              power(times(TWO, a), Integer(-j)) if j else S.One)
        for j in range(n // 2 + 1) if b is not S.Zero or n == 2 * j
    ]
    peak = sp.exp(over(power(b, TWO), times(Integer(4), a)), evaluate=False) if b is not S.Zero else S.One
    return times(peak, power(sp.pi, HALF), power(a, -HALF), plus(*moments))


def _euler(shape: Shape, where: Span) -> Expr | None:
    """x^(s-1) exp(-a x^k) over (0, oo) is gamma(s/k)/(k a^(s/k)), for a, k, re(s) > 0 [DLMF 5.9.1]."""
    found, known = decay(shape), where.outer
    s = added(shape.order, S.One)
    if shape.others or found is None or not known.positive(found[1]) or not positive_part(s, known):
        return None
    a, k = found
    if not known.positive(a) and not (k is S.One and positive_part(a, known)):
        return None
    t = over(s, k)
    return times(over(S.One, k), gamma_of(t), power(a, negative(t)))


def _gauss_cosine(shape: Shape, where: Span) -> Expr | None:
    """cos(t x) exp(-a x^2) over (0, oo) is sqrt(pi/a)/2 exp(-t^2/(4 a)), for a > 0 and real t [DLMF 7.7.3]."""
    found, known = decay(shape), where.outer
    t = wave(shape, sp.cos, where.x, known)
    if t is None or found is None or found[1] != TWO or shape.order is not S.Zero or not known.positive(found[0]):
        return None
    a = found[0]
    falls = sp.exp(times(Rational(-1, 4), power(t, TWO), power(a, S.NegativeOne)), evaluate=False)
    return times(HALF, power(sp.pi, HALF), power(a, -HALF), falls)


def _laplace(shape: Shape, where: Span) -> Expr | None:
    """exp(-p x) times cos(t x), sin(t x) or sin(t x)/x over (0, oo), for p > 0 and real t [DLMF 1.14(iii)].

    They are p/(p^2 + t^2), t/(p^2 + t^2) and atan(t/p).
    """
    found, known = decay(shape), where.outer
    if found is None or found[1] is not S.One or not known.positive(found[0]):
        return None
    p = found[0]
    across, along = wave(shape, sp.sin, where.x, known), wave(shape, sp.cos, where.x, known)
    t = across if across is not None else along
    if t is None:
        return None
    if across is not None and shape.order is S.NegativeOne:
        return sp.atan(over(t, p), evaluate=False)
    if shape.order is not S.Zero:
        return None
    below = power(plus(power(p, TWO), power(t, TWO)), S.NegativeOne)
    return times(across if across is not None else p, below)


def _dirichlet(shape: Shape, where: Span) -> Expr | None:
    """sin(t x)/x over (0, oo) is pi/2 for t > 0, -pi/2 for t < 0 and 0 for t = 0 [DLMF 6.2.14]."""
    known = where.outer
    if shape.exponent or shape.order is not S.NegativeOne:
        return None
    t = wave(shape, sp.sin, where.x, known)
    if t is None:
        return None
    if known.positive(t):
        return times(HALF, sp.pi)
    if known.positive(negative(t)):
        return times(-HALF, sp.pi)
    return times(HALF, sp.pi, sp.sign(t, evaluate=False))


def _fourier(shape: Shape, where: Span) -> Expr | None:
    """cos(t x)/(c + d x^2), x sin(t x)/(c + d x^2) over (0, oo), for c, d, t > 0 [DLMF 1.14(ii); Laplace].

    They are pi exp(-r t)/(2 d r) and pi exp(-r t)/(2 d), with r = sqrt(c/d).
    """
    known, x = where.outer, where.x
    heads = [b for b in shape.others if isinstance(b, (sp.sin, sp.cos))]
    rest = Shape(others={b: up for b, up in shape.others.items() if b not in heads})
    found = binomials(rest, x)
    if shape.exponent or len(heads) != 1 or found is None or len(found) != 1:
        return None
    (head,), ((c, d, k, up),) = heads, found
    t = slope(head.args[0], x)
    odd = isinstance(head, sp.sin)
    if added(*shape.others[head]) is not S.One or k != TWO or up is not S.NegativeOne or t is None:
        return None
    if shape.order is not (S.One if odd else S.Zero) or not all(known.positive(e) for e in (c, d, t)):
        return None
    r = times(power(c, HALF), power(d, -HALF))
    falls = sp.exp(times(S.NegativeOne, r, t), evaluate=False)
    return times(HALF, sp.pi, falls, power(d, S.NegativeOne), S.One if odd else power(r, S.NegativeOne))


def _bose(shape: Shape, where: Span) -> Expr | None:
    """x^(s-1)/(exp(a x) - 1) over (0, oo) is gamma(s) zeta(s)/a^s, for re(s) > 1 and a > 0 [DLMF 25.5.1].

    With + 1 below the line it is (1 - 2^(1-s)) times that, for re(s) > 0 and s not 1 [DLMF 25.5.3].
    """
    known, x = where.outer, where.x
    if len(shape.others) != 1 or shape.exponent:
        return None
    ((base, up),) = shape.others.items()
    if added(*up) is not S.NegativeOne or not isinstance(base, sp.Add) or len(base.args) != 2:
        return None
    rising = [t for t in base.args if isinstance(t, sp.exp)]
    fixed = [t for t in base.args if t in (S.One, S.NegativeOne)]
    if len(rising) != 1 or len(fixed) != 1:
        return None
    a = slope(rising[0].args[0], x)
    s = added(shape.order, S.One)
    if a is None or not known.positive(a):
        return None
    whole = times(gamma_of(s), sp.zeta(s, S.One, evaluate=False), power(a, negative(s)))
    if fixed[0] is S.NegativeOne:
        return whole if positive_part(added(s, S.NegativeOne), known) else None
    if not positive_part(s, known) or not known.nonzero(minus(s, S.One)):
        return None
    part = plus(S.One, times(S.NegativeOne, power(TWO, added(S.One, negative(s)))))
    return times(part, whole)
