"""Beta integrals: powers of two lines, or of sine and cosine, over stretches where they vanish at the ends.

Promise: each theorem is the value of the integral of a shape over a span at every point that the context allows, where
the integral then exists; or None.
"""

from __future__ import annotations

import sympy as sp
from sympy import Expr, Integer, Rational, S

from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.integrands import Shape, added, beta_of, binomials, over, positive_part, slope
from derive.core.scalar.spans import Span
from derive.core.scalar.tidying import minus, negative
from derive.core.scalar.zero import equal

__all__ = ["first_beta", "line_beta", "second_beta", "wallis"]

HALF = Rational(1, 2)
TWO = Integer(2)
LINE = [(S.Zero, S.One, S.One, S.One)]
"""x, as `binomials` reads it."""


def first_beta(shape: Shape, where: Span) -> Expr | None:
    """x^(p-1) (c + d x^k)^r over (0, h), c + d h^k = 0, is c^r h^p B(p/k, r+1)/k, for c, k, re(p), re(r+1) > 0.

    [DLMF 5.12.1, with (x/h)^k for x]
    """
    known, found = where.outer, binomials(shape, where.x)
    if shape.exponent or found is None or len(found) != 1:
        return None
    ((c, d, k, r),) = found
    p, q = added(shape.order, S.One), added(r, S.One)
    if not (known.positive(k) and positive_part(p, known) and positive_part(q, known)):
        return None
    if not known.positive(c) or not equal(plus(c, times(d, power(where.hi, k))), S.Zero, known):
        return None
    width = S.One if where.hi is S.One else power(where.hi, p)
    return times(power(c, r), width, over(S.One, k), beta_of(over(p, k), q))


def line_beta(shape: Shape, where: Span) -> Expr | None:
    """(a (x - lo))^p (b (hi - x))^q over (lo, hi) is a^p b^q (hi - lo)^(p+q+1) B(p+1, q+1), for a, b, p+1, q+1 > 0.

    Here a and b may be negative where p and q are whole. [DLMF 5.12.1, with (x - lo)/(hi - lo) for x]
    """
    known, x = where.outer, where.x
    factors = [*shape.others.items(), *([(x, shape.power)] if shape.power else [])]
    if shape.exponent or not 1 <= len(factors) <= 2:
        return None
    scale, exponents = [], {where.lo: S.Zero, where.hi: S.Zero}
    for base, up in factors:
        r, found = added(*up), LINE if base == x else binomials(Shape(others={base: [S.One]}), x)
        if found is None or found[0][2] is not S.One:
            return None
        (c, d, _, _), = found
        end = next((e for e in (where.lo, where.hi) if equal(plus(c, times(d, e)), S.Zero, known)), None)
        if end is None or exponents[end] is not S.Zero:
            return None
        slope = d if end == where.lo else negative(d)
        if not known.positive(slope) and not (known.integer(r) and known.nonzero(slope)):
            return None
        scale.append(power(slope, r))
        exponents[end] = r
    p, q = (added(e, S.One) for e in exponents.values())
    if not known.positive(p) or not known.positive(q):
        return None
    width = power(minus(where.hi, where.lo), added(p, q, S.NegativeOne))
    return times(*scale, width, beta_of(p, q))


def second_beta(shape: Shape, where: Span) -> Expr | None:
    """x^(p-1) (c + d x^k)^-r over (0, oo) is c^(p/k-r) d^(-p/k) B(p/k, r-p/k)/k, for c, d, k, p, r-p/k > 0.

    [DLMF 5.12.3, with x^k for x]
    """
    known, found = where.outer, binomials(shape, where.x)
    if shape.exponent or found is None or len(found) != 1:
        return None
    ((c, d, k, up),) = found
    p = over(added(shape.order, S.One), k)
    rest = added(negative(up), negative(p))
    if not all(known.positive(t) for t in (c, d, k, p, rest)):
        return None
    return times(over(S.One, k), power(c, negative(rest)), power(d, negative(p)), beta_of(p, rest))


def wallis(shape: Shape, where: Span) -> Expr | None:
    """sin(k x)^m cos(k x)^n over (0, pi/(2 k)) is B((m+1)/2, (n+1)/2)/(2 k), for re(m), re(n) > -1 [DLMF 5.12.2].

    sin(k x)^m over (0, pi/k) is twice that with n = 0.
    """
    known, x = where.outer, where.x
    slopes = [slope(b.args[0], x) if isinstance(b, (sp.sin, sp.cos)) else None for b in shape.others]
    if shape.exponent or shape.power or not slopes or slopes[0] is None or any(k != slopes[0] for k in slopes):
        return None
    m, n = (
        added(*(u for b, up in shape.others.items() if isinstance(b, head) for u in up), S.One)
        for head in (sp.sin, sp.cos)
    )
    turn = times(slopes[0], where.hi)
    twice = n is S.One and equal(turn, sp.pi, known)
    if not twice and not equal(turn, times(HALF, sp.pi), known):
        return None
    if not known.positive(slopes[0]) or not (positive_part(m, known) and positive_part(n, known)):
        return None
    scale = S.One if twice else HALF
    return times(scale, power(slopes[0], S.NegativeOne), beta_of(over(m, TWO), over(n, TWO)))
