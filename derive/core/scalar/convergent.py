"""Absolute convergence of sums to infinity.

Promise: `converges` says True only where the sum converges absolutely at every point that the context allows.
"""

from __future__ import annotations

import sympy as sp
from sympy import Add, Expr, Integer, S

from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, times
from derive.core.scalar.hypergeometric import parameters
from derive.core.scalar.places import minus
from derive.core.scalar.series import factor, small, summands, within_unit
from derive.core.terms import Index

__all__ = ["converges"]


def converges(body: Expr, k: Index, context: Context) -> bool:
    """Whether the sum of the body over k is known to converge absolutely."""
    return k.hi is not S.Infinity or all(_converges(part, k, context) for part in summands(body))


def _converges(body: Expr, k: Index, context: Context) -> bool:
    """By the ratio of consecutive terms; where it tends to something of modulus 1, by the power that they fall with."""
    term = factor(body, k, context)
    if term is None:
        return False
    upper, lower, scale = parameters(term)
    if len(lower) != len(upper):
        return len(lower) > len(upper)
    x = times(term.step, scale)
    if small(x, context):
        return True
    fall = plus(*lower, *(minus(a) for a in upper), *(minus(e) for _, e in term.powered), Integer(-1))
    return within_unit(x, context) and (
        context.positive(fall) or context.positive(plus(*(sp.re(t, evaluate=False) for t in Add.make_args(fall))))
    )
