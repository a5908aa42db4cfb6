"""Piecewise terms: resolved where a condition is decided, and claims split into cases.

Promise: `resolved` has the value of the term at every point that the context allows. `cases` gives contexts that
together allow every point that the context allows, each with both sides as they are there.

A case may be: which of two real arguments of a Max or Min is the greater; the sign of a real term in an absolute value;
a symbol equal to something and put in its place, or not; the residue of an integer symbol modulo a whole number, by
n = q m + r with a new symbol m; any other condition as a given, or its negation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sympy as sp
from sympy import Basic, Expr, Integer, S, Symbol
from sympy.core.relational import Eq, Ge, Gt, Le, Lt, Ne, Relational
from sympy.logic.boolalg import And, Boolean, Not, Or

from derive.core.claims import Given
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, times
from derive.core.scalar.places import place
from derive.core.terms import Binder, Domain, Scalar, free_names, rebuild, substitute, subterms

__all__ = ["Case", "cases", "resolved"]

MOST_RESIDUES = 12
NEGATED: dict[type, type] = {Eq: Ne, Ne: Eq, Lt: Ge, Ge: Lt, Gt: Le, Le: Gt}

Case = tuple[tuple[Expr, ...], Context]
"""The sides, and what is known there."""


# ---------------------------------------------------------------- resolving


def resolved(term: Expr, context: Context) -> Expr:
    """The term with Piecewise, Mod, floor, Max, Min and Abs replaced where that is decided."""
    if isinstance(term, Binder) or not term.args:
        return term
    if isinstance(term, sp.Piecewise):
        return _piecewise(term, context)
    found: Expr = rebuild(term, [resolved(a, context) if isinstance(a, Expr) else a for a in term.args])
    if isinstance(found, sp.Mod):
        return _residue(found, context)
    if isinstance(found, sp.floor):
        return _floor(found, context)
    if isinstance(found, (sp.Max, sp.Min)):
        return _extreme(found, context)
    if isinstance(found, sp.Abs):
        return _absolute(found, context)
    return found


def _extreme(term: Expr, context: Context) -> Expr:
    """Without the arguments that another one is known to be as far out as."""
    kept = list(term.args)
    for a in term.args:
        if len(kept) > 1 and any(b is not a and context.truth(_as_far(term, b, a)) for b in kept):
            kept.remove(a)
    return kept[0] if len(kept) == 1 else type(term)(*kept, evaluate=False)


def _as_far(term: Expr, a: Expr, b: Expr) -> Relational:
    """That of a and b the first may stand for both in a Max or Min."""
    return (Ge if isinstance(term, sp.Max) else Le)(a, b, evaluate=False)


def _absolute(term: sp.Abs, context: Context) -> Expr:
    """|t| = t where t >= 0, and -t where t <= 0."""
    inner = term.args[0]
    for sign, relation in ((S.One, Ge), (S.NegativeOne, Le)):
        if context.truth(relation(inner, S.Zero, evaluate=False)):
            return times(sign, inner)
    return term


def _piecewise(term: sp.Piecewise, context: Context) -> Expr:
    kept: list[tuple[Expr, Boolean]] = []
    for value, condition in term.args:
        known = _truth(condition, context)
        if known is False:
            continue
        if known is True and not kept:
            return resolved(value, context)
        kept.append((value, condition))
        if known is True:
            break
    return sp.Piecewise(*kept, evaluate=False) if kept else term


def _truth(condition: Boolean, context: Context) -> bool | None:
    """Whether it holds, with remainders and floors worked out."""
    if isinstance(condition, Relational):
        condition = type(condition)(*(resolved(a, context) for a in condition.args), evaluate=False)
    elif isinstance(condition, (And, Or)):
        found = [_truth(c, context) for c in condition.args]
        ends = isinstance(condition, Or)
        return ends if ends in found else None if None in found else not ends
    elif isinstance(condition, Not):
        inner = _truth(condition.args[0], context)
        return None if inner is None else not inner
    return context.truth(condition)


def _residue(term: sp.Mod, context: Context) -> Expr:
    """(q m + r) mod q = r mod q for integers m and whole numbers q > 0."""
    value, q = term.args
    split = place(value, context)
    if not isinstance(q, Integer) or q <= 0 or split is None or split.constant.denominator != 1:
        return term
    whole = all(c.q == 1 and int(c.p) % int(q) == 0 for c in split.direction.terms.values())
    rest = plus(value, Integer(-int(split.constant)))
    if not whole or not context.integer(times(sp.Rational(1, q), rest)):
        return term
    return Integer(int(split.constant) % int(q))


def _floor(term: sp.floor, context: Context) -> Expr:
    """floor(m + r) = m + floor(r) for an integer m and a rational r."""
    split = place(term.args[0], context)
    if split is None:
        return term
    whole = split.constant.numerator // split.constant.denominator
    rest = split.constant - whole
    moved = plus(term.args[0], sp.Rational(-rest.numerator, rest.denominator))
    if split.direction.is_zero:
        return Integer(whole)
    return moved if context.integer(moved) else term


# ---------------------------------------------------------------- splitting


def cases(sides: Sequence[Expr], context: Context) -> list[Case] | None:
    """The cases of the first condition that is not decided; one, where all are decided; None where nothing changes."""
    given = tuple(sides)
    sides = tuple(resolved(side, context) for side in given)
    for side in sides:
        for term in _outside(side):
            found = _split_at(term, sides, context)
            if found is not None:
                return [(tuple(resolved(s, inner) for s in there), inner) for there, inner in found]
    return [(sides, context)] if sides != given else None


def _outside(term: Basic) -> Iterator[Basic]:
    """What stands outside of binders, inner terms first."""
    if not isinstance(term, Binder):
        for arg in term.args:
            yield from _outside(arg)
    yield term


def _split_at(term: Basic, sides: tuple[Expr, ...], context: Context) -> list[Case] | None:
    if isinstance(term, (sp.Mod, sp.floor)):
        return _residues(term, sides, context)
    if isinstance(term, sp.Abs):
        return _by_condition(Ge(term.args[0], S.Zero, evaluate=False), sides, context)
    if isinstance(term, (sp.Max, sp.Min)) and len(term.args) > 1:
        return _by_condition(_as_far(term, *term.args[:2]), sides, context)
    if not isinstance(term, sp.Piecewise):
        return None
    for _, condition in term.args:
        for part in _atoms(condition):
            if any(isinstance(t, (sp.Mod, sp.floor)) for t in subterms(part)):
                inner = next(t for t in subterms(part) if isinstance(t, (sp.Mod, sp.floor)))
                found = _residues(inner, sides, context)
            else:
                found = _by_condition(part, sides, context)
            if found is not None:
                return found
    return None


def _atoms(condition: Basic) -> Iterator[Relational]:
    if isinstance(condition, Relational):
        yield condition
    elif isinstance(condition, (And, Or, Not)):
        for arg in condition.args:
            yield from _atoms(arg)


def _by_condition(condition: Relational, sides: tuple[Expr, ...], context: Context) -> list[Case] | None:
    if context.truth(condition) is not None or type(condition) not in NEGATED:
        return None
    other = NEGATED[type(condition)](*condition.args, evaluate=False)
    if not isinstance(condition, (Eq, Ne)):
        real = all(context.real(a) for a in condition.args)
        return [(sides, context.also(c)) for c in (condition, other)] if real else None
    apart = condition if isinstance(condition, Ne) else other
    found = [(sides, context.also(apart))]
    for name, value in (condition.args, condition.args[::-1]):
        if isinstance(name, Scalar) and name not in free_names(value):
            there = {name: value}
            inner = Context(tuple(_put(g, there) for g in context.given), context.names)
            return [*found, (tuple(_inserted(s, there) for s in sides), inner)]
    return None


def _inserted(term: Expr, there: dict[Symbol, Expr]) -> Expr:
    found: Expr = substitute(term, there)
    return found


def _put(given: Given, there: dict[Symbol, Expr]) -> Given:
    found: Given = substitute(given, there)
    return found


def _residues(term: Basic, sides: tuple[Expr, ...], context: Context) -> list[Case] | None:
    """n = q m + r, for an integer n in a remainder modulo q or in a floor of something over q."""
    value = term.args[0]
    split = place(value, context)
    if split is None:
        return None
    q = int(term.args[1]) if isinstance(term, sp.Mod) and isinstance(term.args[1], Integer) else 1
    for c in split.direction.terms.values():
        q = max(q, int(c.q))
    names = [s for s in value.free_symbols if isinstance(s, Scalar) and s.domain.field == "integer"]
    if not names or not 1 < q <= MOST_RESIDUES:
        return None
    n = min(names, key=lambda s: s.name)
    if n.domain.hi is not None or n.domain.nonzero:
        return None
    taken = {s.name for s in (*context.names, *(s for side in (*sides, *context.given) for s in free_names(side)))}
    name = n.name + "_"
    while name in taken:
        name += "_"
    found = []
    for r in range(q):
        least = None if n.domain.lo is None else Integer(-((r - int(n.domain.lo)) // q))
        m = Scalar(name, Domain("integer", least))
        there: dict[Symbol, Expr] = {n: plus(times(Integer(q), m), Integer(r)) if r else times(Integer(q), m)}
        inner = Context(tuple(_put(g, there) for g in context.given), (*(s for s in context.names if s != n), m))
        found.append((tuple(_inserted(s, there) for s in sides), inner))
    return found
