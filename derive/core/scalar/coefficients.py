"""Questions about coefficients and exponents of asymptotic series, asked of balls first and of the context then.

Promise: an answer True is certain; False says only that it is not known. Of very large terms nothing is asked.
"""

from __future__ import annotations

from functools import lru_cache

import sympy as sp
from sympy import Add, Basic, Expr, Mul, Pow, Rational, S

from derive.core.scalar.balls import enclose, sign_of
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, times, visibly_real
from derive.core.scalar.zero import vanishes

__all__ = ["conjugated", "is_zero", "negative", "nonzero", "positive", "real", "real_part"]

LARGEST = 300
"""Of terms with more nodes nothing is asked."""


@lru_cache(maxsize=8192)
def _size(term: Basic) -> int:
    return 1 + sum(map(_size, term.args))


@lru_cache(maxsize=8192)
def positive(term: Expr, context: Context) -> bool:
    """Known to be > 0."""
    if isinstance(term, Rational):
        return bool(term > 0)
    if not term.free_symbols:
        return sign_of(term) == 1
    return _size(term) <= LARGEST and context.positive(term)


def negative(term: Expr, context: Context) -> bool:
    """Known to be < 0."""
    return positive(times(S.NegativeOne, term), context)


@lru_cache(maxsize=8192)
def is_zero(term: Expr, context: Context) -> bool:
    """Known to be 0."""
    if isinstance(term, Rational):
        return term is S.Zero
    return _size(term) <= LARGEST and vanishes(term, context)


@lru_cache(maxsize=8192)
def nonzero(term: Expr, context: Context) -> bool:
    """Known not to be 0."""
    if isinstance(term, Rational):
        return term is not S.Zero
    if not term.free_symbols:
        ball = enclose(term)
        if ball is not None and not ball.contains(0):
            return True
    return _size(term) <= LARGEST and context.nonzero(term)


@lru_cache(maxsize=8192)
def real(term: Expr, context: Context) -> bool:
    """Known to be real."""
    return visibly_real(term) or (_size(term) <= LARGEST and context.real(term))


def real_part(term: Expr, context: Context) -> Expr | None:
    """The real part, without `re` where it can be seen."""
    found = _parts(term, context)
    return None if found is None else found[0]


def conjugated(term: Expr, context: Context) -> Expr:
    """The conjugate, of sums and products part by part."""
    if isinstance(term, (Add, Mul)):
        return (plus if isinstance(term, Add) else times)(*(conjugated(a, context) for a in term.args))
    if term is S.ImaginaryUnit:
        return times(S.NegativeOne, term)
    return term if real(term, context) else sp.conjugate(term, evaluate=False)


def _parts(term: Expr, context: Context) -> tuple[Expr, Expr] | None:
    if visibly_real(term):
        return term, S.Zero
    if term is S.ImaginaryUnit:
        return S.Zero, S.One
    if isinstance(term, (Add, Mul)):
        found = [_parts(a, context) for a in term.args]
        known = [f for f in found if f is not None]
        if len(known) == len(found):
            return _sum_of_parts(known) if isinstance(term, Add) else _product_of_parts(known)
    if real(term, context):
        return term, S.Zero
    if isinstance(term, sp.Symbol):
        return sp.re(term, evaluate=False), sp.im(term, evaluate=False)
    if isinstance(term, Pow) and term.exp is S.NegativeOne and term.base is S.ImaginaryUnit:
        return S.Zero, S.NegativeOne
    return None


def _sum_of_parts(parts: list[tuple[Expr, Expr]]) -> tuple[Expr, Expr]:
    return plus(*(u for u, _ in parts)), plus(*(v for _, v in parts))


def _product_of_parts(parts: list[tuple[Expr, Expr]]) -> tuple[Expr, Expr]:
    x, y = parts[0]
    for u, v in parts[1:]:
        x, y = plus(times(x, u), times(S.NegativeOne, y, v)), plus(times(x, v), times(y, u))
    return x, y
