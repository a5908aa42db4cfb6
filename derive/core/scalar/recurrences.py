"""Induction over the end of a sum.

Promise: `by_induction` says True only where a combination of sums vanishes for every value that the context allows an
integer n: it does at the least one, and it does not change from n to n + 1. It is used only where every term is known
to have a value for all n from the least one on, so that the chain does not break.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sympy as sp
from sympy import Expr, Integer, Pow, S

from derive.core.scalar.differentiate import plus, times
from derive.core.scalar.places import Known, minus, moved, place
from derive.core.scalar.special import equal_special
from derive.core.terms import Index, Scalar, substitute, subterms
from derive.core.terms.heads import Binder

__all__ = ["Member", "by_induction", "defined"]

MOST_TERMS = 64
HARMLESS = (sp.exp, sp.sin, sp.cos, sp.sinh, sp.cosh, sp.erf, sp.sinc)
"""Functions that have a value everywhere."""

Member = tuple[Expr, Expr, Index]
"""A coefficient, the body of a sum, and its index."""


def defined(term: Expr, known: Known) -> bool:
    """Known to have a value wherever the context allows: a term of powers, gamma functions and their kin."""
    return all(_has_value(part, known) for part in subterms(term))


def _has_value(part: Expr, known: Known) -> bool:
    match part:
        case Pow():
            base, exponent = part.args
            return base is S.Exp1 or known.natural(exponent) or known.nonzero(base)
        case sp.gamma() | sp.digamma():
            return known.regular(part.args[0])
        case sp.factorial():
            return known.regular(moved(part.args[0], 1))
        case sp.harmonic():
            return len(part.args) == 1 and known.regular(moved(part.args[0], 1))
        case sp.fibonacci() | sp.lucas() | sp.chebyshevt() | sp.chebyshevu() | sp.legendre():
            return known.context.integer(part.args[0])
        case sp.binomial() | sp.RisingFactorial() | sp.FallingFactorial():
            return known.natural(part.args[1])
    return not isinstance(part, (Binder, sp.Function, sp.Piecewise)) or isinstance(part, HARMLESS)


def by_induction(rest: Expr, members: Sequence[Member], known: Known) -> bool:
    """Whether rest plus the sums vanishes, by induction over an integer in their upper ends."""
    return any(_over(n, rest, members, known) for n in _candidates(members, known))


def _candidates(members: Sequence[Member], known: Known) -> Iterator[Scalar]:
    found = {s for _, _, k in members for s in k.hi.free_symbols}
    for n in sorted(found, key=lambda s: s.name):
        bound = any(n in given.free_symbols for given in known.context.given)
        if isinstance(n, Scalar) and n.domain.field == "integer" and n.domain.lo is not None and not bound:
            yield n


def _over(n: Scalar, rest: Expr, members: Sequence[Member], known: Known) -> bool:
    if any(n in k.lo.free_symbols for _, _, k in members):
        return False
    parts = [rest, *(t for outside, body, _ in members for t in (outside, body))]
    if not all(defined(p, known) for p in parts):
        return False
    return _starts(n, rest, members, known) and _goes_on(n, rest, members, known)


def _whole(term: Expr, known: Known) -> int | None:
    found = place(term, known.context)
    plain = found is not None and found.direction.is_zero and found.constant.denominator == 1
    return int(found.constant) if plain and found is not None else None


def _starts(n: Scalar, rest: Expr, members: Sequence[Member], known: Known) -> bool:
    first = {n: n.domain.lo}
    total = [substitute(rest, first)]
    for outside, body, k in members:
        count = _whole(plus(substitute(k.hi, first), minus(k.lo)), known)
        if count is None or count >= MOST_TERMS:
            return False
        terms = (substitute(substitute(body, {k: moved(k.lo, j)}), first) for j in range(count + 1))
        total.append(times(substitute(outside, first), plus(*terms)))
    return equal_special(plus(*total), S.Zero, known.context)


def _goes_on(n: Scalar, rest: Expr, members: Sequence[Member], known: Known) -> bool:
    up = {n: plus(n, Integer(1))}
    total = [substitute(rest, up), minus(rest)]
    for outside, body, k in members:
        later = substitute(times(outside, body), up)
        steps = _whole(plus(substitute(k.hi, up), minus(k.hi)), known)
        room = known.natural(moved(plus(k.hi, minus(k.lo)), 1))
        if steps is None or not 0 <= steps < MOST_TERMS or not room:
            return False
        if not equal_special(later, times(outside, body), known.context):
            return False
        total += [substitute(later, {k: moved(k.hi, j + 1)}) for j in range(steps)]
    return equal_special(plus(*total), S.Zero, known.context)
