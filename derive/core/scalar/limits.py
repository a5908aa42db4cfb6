"""Limits, and the orders of magnitude behind them.

Promise: a limit that is returned is the limit for every value of the parameters that the context allows, and the term
is defined near the point on the side in question. An answer True is certain; None and False say only that nothing is
known.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, S, Symbol
from sympy.core.relational import Ne

from derive.core.scalar.approach import INFINITE, asked, bounded, integrable_at
from derive.core.scalar.coefficients import is_zero, negative, positive
from derive.core.scalar.context import Context
from derive.core.scalar.moving import moving_integral
from derive.core.scalar.orders import Scale, Series, TooShort, dominant, growth, visibly_positive
from derive.core.scalar.zero import equal
from derive.core.terms import Limit

__all__ = ["Order", "bounded", "germ", "integrable_at", "limit", "limit_value", "order_at", "tends_to_zero"]

FROM_ABOVE, FROM_BELOW = 1, -1


@dataclass(frozen=True)
class Order:
    """The dominant term: coefficient * scale, in t = |x - point|, or t = 1/|x| at an infinite point."""

    coefficient: Expr
    scale: Scale


def germ(x: Symbol, point: Expr, direction: int, context: Context) -> Context:
    """What may be taken for granted of x where only the values near to the point count: on which side of it x is."""
    known = context.without(x)
    if point is S.Infinity:
        return known.within(x, S.One, point)
    if point is S.NegativeInfinity:
        return known.within(x, point, S.NegativeOne)
    if direction == 0:
        return known.also(Ne(x, point, evaluate=False))
    return known.within(x, point, S.Infinity) if direction > 0 else known.within(x, S.NegativeInfinity, point)


def limit_value(term: Limit, context: Context) -> Expr | None:
    """The value of a limit, or None."""
    return limit(term.body, term.variable, term.point, term.direction, context)


def limit(term: Expr, x: Symbol, point: Expr, direction: int, context: Context) -> Expr | None:
    """The limit as x tends to the point from above (1), below (-1) or both sides (0): a term, oo, -oo or None."""
    if point in INFINITE:
        return _one_sided(term, x, point, 0, context)
    if direction:
        return _one_sided(term, x, point, direction, context)
    above, below = (_one_sided(term, x, point, side, context) for side in (FROM_ABOVE, FROM_BELOW))
    if above is None or below is None:
        return None
    if above == below:
        return above
    return above if not {above, below} & INFINITE and equal(above, below, context) else None


def order_at(term: Expr, x: Symbol, point: Expr, direction: int, context: Context) -> Order | None:
    """The dominant behaviour on one side of the point."""
    return asked(term, x, point, direction, context, _order, moving_integral)


def tends_to_zero(term: Expr, x: Symbol, point: Expr, direction: int, context: Context) -> bool:
    """Known to tend to 0 on one side of the point."""
    return _one_sided(term, x, point, direction, context) is S.Zero


def _one_sided(term: Expr, x: Symbol, point: Expr, direction: int, context: Context) -> Expr | None:
    return asked(term, x, point, direction, context, _limit, moving_integral)


# ---------------------------------------------------------------- questions


def _limit(series: Series, context: Context) -> Expr | None:
    found: Expr = S.Zero
    large = []
    for scale, c in series.terms.items():
        if scale.trivial:
            found = c
        elif growth(scale, context) != -1 and not is_zero(c, context):
            large.append(scale)
    if not large:
        if any(growth(e, context) != -1 for e in series.errors):
            raise TooShort
        return S.Zero if is_zero(found, context) else found
    scale, c = dominant(series, context)
    if growth(scale, context) == 1 and series.real and visibly_positive(scale, context):
        if positive(c, context):
            return S.Infinity
        if negative(c, context):
            return S.NegativeInfinity
    return None


def _order(series: Series, context: Context) -> Order | None:
    scale, c = dominant(series, context)
    return Order(c, scale)
