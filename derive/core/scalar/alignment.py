"""Equations between sums: the bodies added up.

Promise: `aligned` says True only where a combination of sums vanishes wherever it is defined: after the indices are
moved to start at 0, or in place, what stands out at the ends being written out, the bodies add up to 0. Sums to
infinity are added up only where each converges absolutely.
"""

from __future__ import annotations

from collections.abc import Callable

from sympy import Expr, S

from derive.core.scalar.context import Context
from derive.core.scalar.convergent import converges
from derive.core.scalar.differentiate import plus, times
from derive.core.scalar.places import Known, minus, moved, place
from derive.core.scalar.recurrences import Member
from derive.core.scalar.special import equal_special
from derive.core.terms import Index, free_names, substitute

__all__ = ["aligned"]

MOST_TERMS = 64


def aligned(rest: Expr, members: list[Member], context: Context) -> bool:
    """The bodies added up, as the indices are or with all ranges moved to start at 0."""
    if any(k.hi is S.Infinity and not converges(body, k, context) for _, body, k in members):
        return False
    methods: tuple[Callable[[Expr, list[Member], Context], bool], ...] = (_from_zero, _in_place)
    return any(method(rest, members, context) for method in methods)


def _from_zero(rest: Expr, members: list[Member], context: Context) -> bool:
    lengths = {k.hi if k.hi is S.Infinity else _key(plus(k.hi, minus(k.lo)), context) for _, _, k in members}
    if len(lengths) != 1 or None in lengths:
        return False
    first = members[0][2]
    end = S.Infinity if first.hi is S.Infinity else plus(first.hi, minus(first.lo))
    j = Index(_unused(rest, members, context), S.Zero, end)
    total = plus(*(times(outside, substitute(body, {k: plus(j, k.lo)})) for outside, body, k in members))
    return equal_special(rest, S.Zero, context) and equal_special(total, S.Zero, context)


def _unused(rest: Expr, members: list[Member], context: Context) -> str:
    """A name for an index that stands nowhere here."""
    terms = (rest, *context.given, *context.names, *(t for outside, body, _ in members for t in (outside, body)))
    taken = {s.name for t in terms for s in free_names(t)} | {k.name for _, _, k in members}
    name = "j"
    while name in taken:
        name += "_"
    return name


def _key(term: Expr, context: Context) -> str | None:
    """A key that equal terms share."""
    poly = context.poly(term)
    return None if poly is None else poly.key


def _in_place(rest: Expr, members: list[Member], context: Context) -> bool:
    """Ranges that differ by whole numbers at their ends: what stands out is written out."""
    first = members[0][2]
    los = [_gap(k.lo, first.lo, context) for _, _, k in members]
    his = [0 if k.hi is first.hi else _gap(k.hi, first.hi, context) for _, _, k in members]
    if None in los or None in his:
        return False
    low = max(x for x in los if x is not None)
    high = min(x for x in his if x is not None)
    endless = first.hi is S.Infinity
    k = Index(_unused(rest, members, context), moved(first.lo, low), first.hi if endless else moved(first.hi, high))
    if not endless and not Known(context).natural(moved(plus(k.hi, minus(k.lo)), 1)):
        return False
    apart = [rest]
    total = []
    for (outside, body, old), lo, hi in zip(members, los, his, strict=True):
        places = [moved(old.lo, i) for i in range(low - (lo or 0))]
        places += [moved(old.hi, -i) for i in range((hi or 0) - high)]
        if len(places) > MOST_TERMS:
            return False
        apart += [times(outside, substitute(body, {old: at})) for at in places]
        total.append(times(outside, substitute(body, {old: k})))
    return equal_special(plus(*total), S.Zero, context) and equal_special(plus(*apart), S.Zero, context)


def _gap(a: Expr, b: Expr, context: Context) -> int | None:
    if S.Infinity in (a, b):
        return None
    found = place(plus(a, minus(b)), context)
    whole = found is not None and found.direction.is_zero and found.constant.denominator == 1
    return int(found.constant) if whole and found is not None else None
