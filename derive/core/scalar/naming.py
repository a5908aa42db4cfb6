"""Sums over an index as hypergeometric functions.

Promise: `named(term, context)` has the value of the term at every point that the context allows and where that is
defined. A sum is renamed where its series is entire, where its argument is inside the circle of convergence, or where
it is known to end.
"""

from __future__ import annotations

from sympy import Expr, S

from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, times
from derive.core.scalar.hypergeometric import read, terminating
from derive.core.scalar.hypers import hyper_of
from derive.core.scalar.places import Known, minus
from derive.core.scalar.series import small
from derive.core.scalar.sums import over_index
from derive.core.terms import Binder, Sum, children_in_scope, rebuild

__all__ = ["named"]


def named(term: Expr, context: Context, regular: tuple[Expr, ...] = ()) -> Expr:
    """The term with its outermost sums as hypergeometric functions, where they are such.

    `regular` are terms that are no poles of gamma wherever the claim is defined.
    """
    if isinstance(term, Sum):
        value = _named(term, context, regular)
        return term if value is None else value
    if isinstance(term, Binder) or not children_in_scope(term):
        return term
    found: Expr = rebuild(term, [named(a, context, regular) if isinstance(a, Expr) else a for a in term.args])
    return found


def _named(term: Sum, context: Context, regular: tuple[Expr, ...]) -> Expr | None:
    if len(term.limits) != 1:
        return None
    body, k = over_index(term)
    series = read(body, k, context, None, regular)
    if series is None:
        return None
    if k.hi is S.Infinity:
        gap = len(series.upper) - len(series.lower)
        if gap > 1 or (gap == 1 and not small(series.x, context)):
            return None
    else:
        count = plus(k.hi, minus(k.lo))
        known = Known(context)
        if series.before is not S.Zero or not known.natural(count) or not terminating(series, count, context):
            return None
    return plus(series.before, times(series.first, hyper_of(series.upper, series.lower, series.x)))
