"""Equalities among the givens, used to replace a name.

Promise: `solved(sides, context)` gives sides and a context such that a claim about them, for all values that the new
context allows, is the claim about the old ones for all that the old one allows: a given says that a name is a term
without that name, the term stands in its place everywhere, and what the name's domain says is said of the term.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Integer, S, Symbol
from sympy.core.relational import Eq, Ge, Gt, Le, Lt, Ne
from sympy.logic.boolalg import And

from derive.core.claims import Given
from derive.core.normal.atoms import Poly
from derive.core.normal.show import show
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, times
from derive.core.terms import Scalar, domain_of, substitute

__all__ = ["solved"]

Sides = tuple[Expr, ...]


def solved(sides: Sides, context: Context) -> tuple[Sides, Context] | None:
    """The sides with a name replaced by what a given says it is; None where no given does."""
    flat = tuple(_flat(context.given))
    for given in flat:
        found = _solution(given, context) if isinstance(given, Eq) else None
        if found is None:
            continue
        name, value = found
        values = {name: value}
        rest = [substitute(g, values) for g in flat if g is not given]
        names = tuple(n for n in context.names if n != name)
        inner = Context((*(g for g in rest if g is not S.true), *_domain(name, value)), names)
        return tuple(substitute(side, values) for side in sides), inner
    return None


def _flat(given: tuple[Given, ...]) -> Iterator[Given]:
    for one in given:
        if isinstance(one, And):
            yield from _flat(one.args)
        else:
            yield one


def _solution(given: Eq, context: Context) -> tuple[Symbol, Expr] | None:
    """A real name that stands linearly, with a rational factor, in a given equation, and what it is."""
    poly = context.poly(plus(given.lhs, times(S.NegativeOne, given.rhs)))
    names = {s.name: s for s in given.free_symbols}
    if poly is None:
        return None
    for mono, c in poly.terms.items():
        if len(mono) != 1 or mono[0][1] != 1 or mono[0][0].kind != "s":
            continue
        name = names.get(mono[0][0].name)
        rest = Poly({m: -d / c for m, d in poly.terms.items() if m != mono})
        if not isinstance(name, Scalar) or domain_of(name).field != "real":
            continue
        if any(a.kind == "s" and a.name == name.name for a in rest.all_atoms()):
            continue
        value = show(rest, context.assumptions(given).names)
        if context.without(name).real(value):
            return name, value
    return None


def _domain(name: Symbol, value: Expr) -> Iterator[Given]:
    """What the domain of a name says of the term that stands for it."""
    domain = domain_of(name)
    if domain.lo is not None:
        yield (Gt if domain.lo_open else Ge)(value, domain.lo, evaluate=False)
    if domain.hi is not None:
        yield (Lt if domain.hi_open else Le)(value, domain.hi, evaluate=False)
    if domain.nonzero:
        yield Ne(value, Integer(0), evaluate=False)
