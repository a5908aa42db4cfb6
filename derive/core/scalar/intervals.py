"""The interval that a real variable runs over.

Promise: `reach` gives an interval that holds every value that the context allows a variable, with ends free of it, and
what is known of everything else. `undefined_at` is True only where a term certainly has no value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy as sp
from flint import fmpq
from sympy import Expr, Pow, Rational, S, Symbol
from sympy.core.relational import Eq, Ge, Gt, Le, Lt, Ne
from sympy.logic.boolalg import And, Not

from derive.core.claims import Given
from derive.core.normal.atoms import Mono, Poly
from derive.core.normal.show import show
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.zero import equal
from derive.core.terms import children_in_scope, domain_of, substitute
from derive.core.terms.heads import Binder

__all__ = ["Reach", "bounds_in", "flat", "reach", "undefined_at"]


@dataclass(frozen=True)
class Reach:
    """From lo to hi; `open` says of each end whether it is left out; `outer` knows nothing of x."""

    x: Symbol
    lo: Expr
    hi: Expr
    open: tuple[bool, bool]
    outer: Context


Bound = tuple[Expr, bool]
"""An end, and whether it is left out."""


def reach(x: Symbol, context: Context) -> Reach:
    """The interval of x; where several ends are given, one that is known to be the sharpest, else the first."""
    domain = domain_of(x)
    lows: list[Bound] = [] if domain.lo is None else [(domain.lo, domain.lo_open)]
    highs: list[Bound] = [] if domain.hi is None else [(domain.hi, domain.hi_open)]
    outer = Context(tuple(g for g in flat(context.given) if x not in g.free_symbols), context.names)
    for given in flat(context.given):
        if x in given.free_symbols:
            for bound, low in bounds_in(given, x, outer):
                (lows if low else highs).append(bound)
    lo, lo_open = _sharpest(lows, outer, 1)
    hi, hi_open = _sharpest(highs, outer, -1)
    at_zero = _without_zero(x, context)
    return Reach(x, lo, hi, (lo_open or (at_zero and lo == 0), hi_open or (at_zero and hi == 0)), outer)


def flat(givens: tuple[Given, ...]) -> list[Given]:
    """The givens with every And taken apart."""
    found: list[Given] = []
    for given in givens:
        found.extend(flat(given.args) if isinstance(given, And) else (given,))
    return found


def _without_zero(x: Symbol, context: Context) -> bool:
    found = domain_of(x).nonzero
    for given in flat(context.given):
        negated = isinstance(given, Not) and isinstance(given.args[0], Eq)
        sides = set(given.args[0].args if negated else given.args) if negated or isinstance(given, Ne) else set()
        found = found or sides == {x, S.Zero}
    return found


def bounds_in(given: Given, x: Symbol, outer: Context) -> Iterator[tuple[Bound, bool]]:
    """The bounds of x in a comparison that is affine in x, or that bounds the absolute value of such a term."""
    if not isinstance(given, (Lt, Le, Gt, Ge)):
        return
    small, large = (given.lhs, given.rhs) if isinstance(given, (Lt, Le)) else (given.rhs, given.lhs)
    left_out = isinstance(given, (Lt, Gt))
    insides = [small.args[0], times(S.NegativeOne, small.args[0])] if isinstance(small, sp.Abs) else [small]
    for inside in insides:
        if isinstance(small, sp.Abs) and not Context(outer.given, (*outer.names, x)).real(inside):
            continue
        pair = _affine(plus(large, times(S.NegativeOne, inside)), x, outer)
        if pair is not None:
            slope, rest = pair
            end = times(S.NegativeOne, rest, power(slope, S.NegativeOne))
            end = _plain(end, outer)
            if outer.positive(slope):
                yield (end, left_out), True
            elif outer.negative(slope):
                yield (end, left_out), False


def _plain(term: Expr, context: Context) -> Expr:
    poly = context.poly(term)
    return term if poly is None else show(poly, context.assumptions(term).names)


def _affine(term: Expr, x: Symbol, context: Context) -> tuple[Expr, Expr] | None:
    """(slope, rest) with term = slope * x + rest, both free of x."""
    poly = context.poly(term)
    if poly is None:
        return None
    names = context.assumptions(term).names
    slope: dict[Mono, fmpq] = {}
    rest: dict[Mono, fmpq] = {}
    for mono, c in poly.terms.items():
        mine = [(a, e) for a, e in mono if (a.kind, a.name) == ("s", x.name)]
        others = tuple(f for f in mono if f not in mine)
        hidden = any(b.name == x.name for a, _ in others for p in a.args for b in p.all_atoms())
        if hidden or (mine and mine[0][1] != 1):
            return None
        (slope if mine else rest)[others] = c
    found = Poly(slope)
    return None if found.is_zero else (show(found, names), show(Poly(rest), names))


def _sharpest(bounds: list[Bound], context: Context, sign: int) -> Bound:
    """The greatest (least, for sign -1) of some ends."""
    if not bounds:
        return (S.NegativeInfinity if sign > 0 else S.Infinity), True
    best = bounds[0]
    for other in bounds[1:]:
        gap = times(Rational(sign), plus(other[0], times(S.NegativeOne, best[0])))
        if equal(gap, S.Zero, context):
            best = (best[0], best[1] or other[1])
        elif context.nonnegative(gap):
            best = other
    return best


def undefined_at(term: Expr, at: dict[Symbol, Expr], context: Context) -> bool:
    """Whether a term certainly has no value there: a division by zero, a logarithm of zero."""
    if isinstance(term, Binder) or not children_in_scope(term):
        return False
    base = None
    if isinstance(term, Pow) and isinstance(term.args[1], Rational) and term.args[1] < 0:
        base = term.args[0]
    if isinstance(term, (sp.log, sp.digamma)):
        base = term.args[0]
    if base is not None and equal(substitute(base, at), S.Zero, context):
        return True
    return any(undefined_at(a, at, context) for a in term.args)

