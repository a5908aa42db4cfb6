"""Walking over terms and rebuilding them, with scopes respected.

Promise: as for the package; substitution never captures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from sympy import Add, Basic, Float, Function, Max, Min, Mul, Pow, Symbol, Tuple, betainc_regularized, hyper
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, Not, Or

from derive.core.errors import TermError
from derive.core.terms.gradients import Slope
from derive.core.terms.heads import Binder, FullSupport
from derive.core.terms.names import (
    Applied,
    Array,
    Defined,
    Definition,
    Entry,
    Index,
    Law,
    Prob,
    RandomArray,
)
from derive.core.terms.recursions import Recurred, Recursion

__all__ = [
    "bound_indices", "children_in_scope", "free_names", "has_float", "rebuild", "substitute", "subterms",
    "taken_indices",
]


SCOPED = (Binder, Prob, Applied, Entry, Defined, Recurred, FullSupport)
"""Heads that have args which are not expressions."""

REWRITING = (And, Or, hyper, betainc_regularized)
"""Heads whose own constructors rewrite their args, also where they are told not to evaluate."""


def children_in_scope(term: Basic) -> tuple[Basic, ...]:
    """The direct subterms that are expressions: no binders, no slot numbers, no bare names of heads."""
    if not isinstance(term, SCOPED):
        return term.args
    if isinstance(term, Binder):
        return (*term.bodies, *(e for limit in term.limits for e in limit[1:]))
    if isinstance(term, Prob):
        return (*term.targets.values(), *term.givens.values())
    if isinstance(term, Applied):
        return term.arguments
    if isinstance(term, (Entry, Defined, Recurred)):
        return term.args[1:]
    if isinstance(term, FullSupport):
        return ()
    return term.args


def subterms(term: Basic) -> Iterator[Basic]:
    """The term and everything below it, outermost first."""
    stack = [term]
    while stack:
        top = stack.pop()
        yield top
        stack.extend(reversed(children_in_scope(top)))


def has_float(term: Basic) -> bool:
    """Whether a float literal stands anywhere in it."""
    return any(isinstance(t, Float) for t in subterms(term))


def bound_indices(term: Basic) -> set[Symbol]:
    """Every index or random array bound somewhere in the term."""
    return {s for t in subterms(term) if isinstance(t, Binder) for s in t.bound_symbols}


@lru_cache(maxsize=4096)
def free_names(term: Basic) -> frozenset[Symbol]:
    """The free symbols, heads included: scalars, indices, arrays, laws, functions, definitions.

    What a definition's body or a random array's law is made of counts as well;
    the range of a free index does, and a law's ranges.
    """
    found: set[Symbol] = set()
    _collect(term, frozenset(), found)
    return frozenset(found)


def _collect(term: Basic, bound: frozenset[Symbol], found: set[Symbol]) -> None:
    if isinstance(term, Symbol):
        if term in bound or term in found:
            return
        found.add(term)
        for part, inner in _carried(term):
            _collect(part, bound | inner, found)
        return
    if isinstance(term, Binder):
        inside = bound | frozenset(term.bound_symbols)
        for body in term.bodies:
            _collect(body, inside, found)
        for limit in term.limits:
            _collect(limit[1], bound, found)
            _collect(limit[2], bound, found)
        for array in term.arrays:
            for part, inner in _carried(array):
                _collect(part, bound | inner, found)
        return
    if isinstance(term, (Entry, Prob, Applied, Defined, Recurred, FullSupport)):
        _collect(term.args[0], bound, found)
    for child in children_in_scope(term):
        _collect(child, bound, found)


def _carried(name: Symbol) -> Iterator[tuple[Basic, frozenset[Symbol]]]:
    """The terms that a name brings along, each with what is bound in it."""
    none: frozenset[Symbol] = frozenset()
    if isinstance(name, Index):
        yield from ((name.lo, none), (name.hi, none))
    elif isinstance(name, Law):
        yield from ((end, none) for slot in name.slots for end in (slot.lo, slot.hi))
    elif isinstance(name, RandomArray):
        yield from ((p, none) for p in (*name.law.parameters, *name.shape))
    elif isinstance(name, Array):
        yield from ((n, none) for n in name.shape)
    elif isinstance(name, Definition):
        yield name.body, frozenset(name.parameters)
    elif isinstance(name, Recursion):
        yield from ((part, none) for part in (name.index.lo, name.index.hi, name.start))
        yield name.step, frozenset((name.index, name.previous))


def taken_indices(definition: Definition) -> tuple[Index, ...]:
    """The free indices of a definition's body, by name: it takes their values from where it is used."""
    found = free_names(definition.body) - set(definition.parameters)
    return tuple(sorted((s for s in found if isinstance(s, Index)), key=lambda s: s.name))


def rebuild(term: Basic, args: Iterable[Basic]) -> Basic:
    """The same head over other arguments, with nothing evaluated."""
    found = tuple(args)
    if found == term.args:
        return term
    if isinstance(term, (Add, Mul, Pow)):
        return term.func(*found, evaluate=False)
    if isinstance(term, REWRITING):
        return Basic.__new__(type(term), *found)
    if isinstance(term, (Function, Relational, Not, Max, Min)):
        return term.func(*found, evaluate=False)
    return term.func(*found)


def substitute(term: Basic, values: Mapping[Symbol, Basic]) -> Basic:
    """Replace free symbols; a bound index that would capture is renamed.

    >>> from sympy import S
    >>> from derive.core.terms import Domain, Scalar, Sum
    >>> n = Scalar("n", Domain("integer", S.One)); i = Index("i", 1, n); j = Index("j", 1, n)
    >>> x = Array("x", n, n)
    >>> substitute(Sum(x[i, j], i), {j: i}).args[0].indices
    (i', i)
    """
    if isinstance(term, Symbol):
        if term in values:
            return values[term]
        if isinstance(term, (Law, RandomArray, Definition, Recursion)) and free_names(term) & values.keys():
            raise TermError(f"{term.name} depends on what is replaced; declare it with the new values instead")
        return term
    if not values or not term.args:
        return term
    if isinstance(term, Binder):
        return _substitute_binder(term, values)
    if isinstance(term, Slope) and _captured(term, values):
        raise TermError(f"a value that hangs on {term.by} cannot be put into a derivative by it")
    return rebuild(term, [substitute(arg, values) for arg in term.args])


def _captured(term: Slope, values: Mapping[Symbol, Basic]) -> bool:
    """Whether a derivative would see a value as moving that stands still, or lose what it is taken by."""
    head = term.by if isinstance(term.by, Symbol) else term.by.args[0]
    return head in values or any(head in free_names(value) for value in values.values())


def _substitute_binder(term: Binder, values: Mapping[Symbol, Basic]) -> Basic:
    bound = set(term.bound_symbols)
    outer = {k: v for k, v in values.items() if k in term.free_symbols | free_names(term)}
    if not outer:
        return term
    inner = {k: v for k, v in outer.items() if k not in bound}
    incoming: set[Symbol] = set().union(*(v.free_symbols for v in inner.values()))
    taken = incoming | bound | term.free_symbols
    limits = []
    for limit in term.limits:
        index, ends = limit[0], [substitute(e, outer) for e in limit[1:]]
        fresh = index
        while fresh in incoming or (fresh != index and fresh in taken):
            fresh = fresh.renamed(fresh.name + "'")
        if fresh != index:
            taken = taken | {fresh}
        limits.append((index, fresh, ends))
    inner |= {index: fresh for index, fresh, _ in limits if index != fresh}
    bodies = [substitute(b, inner) for b in term.bodies]
    return type(term)(*bodies, *(Tuple(fresh, *ends) for _, fresh, ends in limits), *term.arrays)
