"""Bounds of absolute values of complex terms.

Promise: `size_bounds(w, context)` are terms that are >= |w| wherever both are defined; `lower_bounds` such as are
<= |w|. They rest on the triangle inequality and on majorants: where f(w) = sum a_n w^n, |f(w)| <= sum |a_n| |w|^n
within the radius of convergence; and the same for integrals and Dirichlet series with positive coefficients.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

import sympy as sp
from sympy import Add, Expr, I, Integer, Mul, Pow, S

from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.parts import cartesian, minus, parts

__all__ = ["lower_bounds", "size_bounds"]

MOST = 4
"""At most so many bounds of one term are looked at."""


def _f(head: type, *args: Expr) -> Expr:
    found: Expr = head(*args, evaluate=False)
    return found


def size_bounds(term: Expr, context: Context) -> list[Expr]:
    """Terms >= |term|, the sharpest first."""
    return list(dict.fromkeys(_bounds(term, context)))[:MOST]


def _bounds(term: Expr, context: Context) -> Iterator[Expr]:
    if isinstance(term, (Add, Mul)):
        for chosen in product(*(size_bounds(a, context)[:2] for a in term.args)):
            yield (plus if isinstance(term, Add) else times)(*chosen)
        return
    if isinstance(term, Pow) and isinstance(term.args[1], Integer) and term.args[1] > 0:
        for inner in size_bounds(term.args[0], context):
            yield power(inner, term.args[1])
        return
    if isinstance(term, sp.conjugate):
        yield from size_bounds(term.args[0], context)
        return
    yield parts(_f(sp.Abs, term), context)
    if len(term.args) == 1:
        yield from _of_head(term.func, term.args[0], context)


def _of_head(head: type, inner: Expr, context: Context) -> Iterator[Expr]:
    if head in OF_PARTS:
        yield from (bound for bound in [OF_PARTS[head](*cartesian(inner, context), context)] if bound is not None)
    if head in MAJORANTS:
        radius, function = MAJORANTS[head]
        for size in size_bounds(inner, context):
            if radius is None or context.positive(plus(radius, minus(size))):
                yield function(size)


def lower_bounds(term: Expr, context: Context) -> list[Expr]:
    """Terms <= |term|: of a sum, the size of one addend less those of the others."""
    found = [parts(_f(sp.Abs, term), context)]
    if isinstance(term, Add):
        for k, addend in enumerate(term.args):
            others = [size_bounds(a, context)[0] for j, a in enumerate(term.args) if j != k]
            found.append(plus(parts(_f(sp.Abs, addend), context), *map(minus, others)))
    real, imaginary = cartesian(term, context)
    return [*found, *(parts(_f(sp.Abs, part), context) for part in (real, imaginary))]


Majorant = Callable[[Expr], Expr]

MAJORANTS: dict[type, tuple[Expr | None, Majorant]] = {
    sp.exp: (None, lambda r: _f(sp.exp, r)),
    sp.sin: (None, lambda r: _f(sp.sinh, r)),
    sp.sinh: (None, lambda r: _f(sp.sinh, r)),
    sp.cos: (None, lambda r: _f(sp.cosh, r)),
    sp.cosh: (None, lambda r: _f(sp.cosh, r)),
    sp.sinc: (None, lambda r: _f(sp.sinc, times(I, r))),
    sp.tan: (sp.pi / 2, lambda r: _f(sp.tan, r)),
    sp.tanh: (sp.pi / 2, lambda r: _f(sp.tan, r)),
    sp.atan: (S.One, lambda r: _f(sp.atanh, r)),
    sp.atanh: (S.One, lambda r: _f(sp.atanh, r)),
    sp.asin: (S.One, lambda r: _f(sp.asin, r)),
    sp.asinh: (S.One, lambda r: _f(sp.asin, r)),
}
"""A radius (None for entire functions), and the majorant: increasing, as its coefficients are not negative."""


def _wave(_: Expr, imaginary: Expr, __: Context) -> Expr:
    """|sin(x + i y)|, |cos(x + i y)| <= cosh y."""
    return _f(sp.cosh, imaginary)


def _hyperbolic(real: Expr, _: Expr, __: Context) -> Expr:
    """|sinh(x + i y)|, |cosh(x + i y)| <= cosh x."""
    return _f(sp.cosh, real)


def _sinc(_: Expr, imaginary: Expr, __: Context) -> Expr:
    """sinc w is the mean of exp(i w t) over -1 < t < 1, and |exp(i w t)| = exp(-y t)."""
    return _f(sp.sinc, times(I, imaginary))


def _gamma(real: Expr, _: Expr, context: Context) -> Expr | None:
    """|gamma(w)| <= gamma(re w) for re w > 0, by Euler's integral."""
    return _f(sp.gamma, real) if context.positive(real) else None


def _zeta(real: Expr, _: Expr, context: Context) -> Expr | None:
    """|zeta(w)| <= zeta(re w) for re w > 1, term by term."""
    return _f(sp.zeta, real) if context.positive(plus(real, S.NegativeOne)) else None


OF_PARTS: dict[type, Callable[[Expr, Expr, Context], Expr | None]] = {
    sp.sin: _wave, sp.cos: _wave, sp.sinh: _hyperbolic, sp.cosh: _hyperbolic, sp.sinc: _sinc,
    sp.gamma: _gamma, sp.zeta: _zeta,
}
"""Bounds by the real and imaginary part of the argument."""
