"""Power series whose coefficients are values of the zeta or the digamma function.

Promise: `generating` is the sum over k >= lo, and defined wherever that converges absolutely for what the context
allows. The theorems:

    zeta(2, a) x + zeta(3, a) x^2 + ... = digamma(a) - digamma(a - x)               |x| < a
    (1 - x) (the sum of digamma(k + c) x^k) = digamma(lo + c) x^lo + the sum of x^(k + 1)/(k + c)     |x| < 1
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp
from sympy import Expr, Integer, Mul, S

from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.places import Known, minus, over, place
from derive.core.scalar.series import factor, linear_in, small
from derive.core.scalar.spelling import spelt
from derive.core.scalar.zero import equal
from derive.core.terms import Index

__all__ = ["generating"]

LONGEST_HEAD = 16

Value = Callable[[Expr, Index, Context], Expr | None]
"""How the sum of a body over an index is found."""


def generating(body: Expr, k: Index, context: Context, value: Value) -> Expr | None:
    """The sum, where the body is a constant times x^k times one of the two functions."""
    spelled = spelt(body, Known(context))
    factors = list(Mul.make_args(spelled))
    heads = [f for f in factors if isinstance(f, (sp.zeta, sp.digamma)) and k in f.free_symbols]
    if len(heads) != 1:
        return None
    factors.remove(heads[0])
    rest = factor(times(*factors), k, context)
    if rest is None or rest.linear or rest.gamma or rest.powered:
        return None
    found = _zeta(heads[0], rest.step, k, context) if isinstance(heads[0], sp.zeta) else (
        _digamma(heads[0], rest.step, k, context, value))
    return None if found is None else times(rest.outside, found)


def _zeta(head: Expr, x: Expr, k: Index, context: Context) -> Expr | None:
    order, a = head.args
    pair = linear_in(order, k, context)
    if pair is None or pair[0] != 1 or k in a.free_symbols:
        return None
    first = place(plus(k.lo, pair[1]), context)
    if first is None or not first.direction.is_zero or first.constant.denominator != 1:
        return None
    start = int(first.constant) - 1  # the sum of zeta(n + 1, a) x^n from here on
    front = plus(S.One, minus(pair[1]))
    if not 1 <= start <= LONGEST_HEAD or not context.positive(a) or not small(over(x, a), context):
        return None
    if not equal(front, S.Zero, context) and not context.nonzero(x):
        return None
    head_terms = (
        times(sp.zeta(Integer(n + 1), a, evaluate=False), power(x, Integer(n))) for n in range(1, start)
    )
    mirrored = sp.digamma(plus(a, minus(x)), evaluate=False)
    whole = plus(sp.digamma(a, evaluate=False), minus(mirrored), *(minus(t) for t in head_terms))
    return times(power(x, front), whole)


def _digamma(head: Expr, x: Expr, k: Index, context: Context, value: Value) -> Expr | None:
    pair = linear_in(head.args[0], k, context)
    if pair is None or pair[0] != 1 or not small(x, context):
        return None
    rest = value(times(x, power(x, k), power(plus(k, pair[1]), S.NegativeOne)), k, context)
    if rest is None:
        return None
    start = times(sp.digamma(plus(k.lo, pair[1]), evaluate=False), power(x, k.lo))
    return over(plus(start, rest), plus(S.One, minus(x)))
