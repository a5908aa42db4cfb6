"""The greatest and the least of finitely many values: claims about them, from claims about one value, or a bound.

Promise: where a claim that `alternatives` gives holds, the first one holds, wherever its extrema have values.

The theorems, for the greatest value m of f(i) over a finite range that is not empty. (1) It is one of the values: what
holds with f(p) for m, whatever p is, holds. (2) It is a bound of them: what holds with M for m, for every number M such
that f(i) <= M for each i, holds. Likewise for the least. An equation holds where both inequalities do, each by an
alternative of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product

from sympy import Basic, Expr, S
from sympy.core.relational import Ge, Le

from derive.core.claims import Claim, Given, Relation
from derive.core.terms import (
    Array,
    Binder,
    Domain,
    Index,
    Maximum,
    Minimum,
    Scalar,
    free_names,
    rebuild,
    substitute,
    subterms,
)

__all__ = ["alternatives", "directions", "extrema"]

MOST = 3
"""A claim about more extrema has too many alternatives."""

Extremum = Maximum | Minimum


def extrema(claim: Claim) -> list[Extremum]:
    """The extrema in a claim whose value does not hang on what another head binds."""
    return list(dict.fromkeys(t for term in (claim.left, claim.right, *claim.given) for t in _outermost(term)))


def _outermost(term: Basic) -> Iterator[Extremum]:
    if isinstance(term, (Maximum, Minimum)):
        yield term
        return
    bound = frozenset(term.bound_symbols) if isinstance(term, Binder) else frozenset()
    for arg in term.bodies if isinstance(term, Binder) else term.args:
        yield from (found for found in _outermost(arg) if not free_names(found) & bound)


def directions(claim: Claim) -> list[Claim]:
    """The inequalities that make the claim."""
    if claim.relation is not Relation.EQ:
        return [claim]
    return [replace(claim, relation=relation) for relation in (Relation.LE, Relation.GE)]


def alternatives(claim: Claim) -> Iterator[Claim]:
    """Claims from any of which an inequality follows."""
    found = extrema(claim)
    if not found or len(found) > MOST:
        return
    stated = {t for side in (claim.left, claim.right) for t in _outermost(side)}
    for choice in product(*((_one_value, _bound) if term in stated else (_bound,) for term in found)):
        taken = {name.name for side in (claim.left, claim.right, *claim.given) for name in _every_name(side)}
        values = {term: stand_in(term, taken) for term, stand_in in zip(found, choice, strict=True)}
        if None in values.values():
            continue
        bounds = [_bounds(term, values[term]) for term, kind in zip(found, choice, strict=True) if kind is _bound]
        loose = [term for term, kind in zip(found, choice, strict=True) if kind is _one_value]
        given = [_put(g, values) for g in claim.given if not any(t in loose for t in subterms(g))]
        yield replace(
            claim, left=_put(claim.left, values), right=_put(claim.right, values), given=(*given, *bounds)
        )


def _one_value(term: Extremum, taken: set[str]) -> Expr:
    """The body at fresh indices of the same ranges."""
    there = {index: Index(_fresh(index.name, taken), lo, hi, index.sort) for index, lo, hi in term.limits}
    found: Expr = substitute(term.bodies[0], there)
    return found


def _bound(term: Extremum, taken: set[str]) -> Expr | None:
    """A number, or one for each value of the free indices; None where these do not start at 1."""
    free = sorted((n for n in free_names(term) if isinstance(n, Index)), key=lambda n: n.name)
    if any(n.lo != 1 or n.hi is S.Infinity for n in free):
        return None
    name = _fresh("M", taken)
    return Array(name, *(n.hi for n in free))[tuple(free)] if free else Scalar(name, Domain())


def _bounds(term: Extremum, bound: Expr) -> Given:
    """That a number is a bound of all values."""
    return (Le if isinstance(term, Maximum) else Ge)(term.bodies[0], bound, evaluate=False)


def _put(term: Basic, values: Mapping[Basic, Expr]) -> Basic:
    if term in values:
        return values[term]
    if isinstance(term, Binder):
        inside = {m: v for m, v in values.items() if not free_names(m) & set(term.bound_symbols)}
        return rebuild(term, [*(_put(body, inside) for body in term.bodies), *term.args[term.BODIES:]])
    return rebuild(term, [_put(arg, values) for arg in term.args]) if term.args else term


def _every_name(term: Basic) -> Iterator[Basic]:
    """All names in a term, bound ones too."""
    for part in subterms(term):
        yield from part.free_symbols
        if isinstance(part, Binder):
            yield from part.bound_symbols


def _fresh(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "'"
    taken.add(name)
    return name
