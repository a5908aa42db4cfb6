"""Scope and shape, seen before any algebra: indices that stand free on one side only, sizes that do not fit.

Promise: `misfit` names what is certainly a slip of the author: an index that one side does not have, an index that runs
over one size where an axis has another. It decides nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sympy import Basic, Expr, S, Symbol

from derive.core.terms import (
    Array,
    Binder,
    Defined,
    Definition,
    Entry,
    Index,
    Scalar,
    Slope,
    children_in_scope,
    free_names,
)

__all__ = ["clash", "misfit"]

Ends = tuple[Expr, Expr]


def misfit(left: Expr, right: Expr, given: Sequence[Basic], *, equation: bool = True) -> str | None:
    """What is wrong with the indices of a claim, or None: a bound may hold for all values of an index of one side."""
    return clash([left, right], given) or (_lonely(left, right) if equation else None)


# ---------------------------------------------------------------- scope


def _lonely(left: Expr, right: Expr) -> str | None:
    """The indices that stand free on one side only; the value of a derivative need not hang on its indices."""
    sides = (left, right)
    if not all(any(isinstance(n, Array) for n in free_names(side)) for side in sides):
        return None
    have = [{n.name for n in free_names(side) if isinstance(n, Index)} for side in sides]
    keep = [{n.name for n in _kept(side) if isinstance(n, Index)} for side in sides]
    only = [
        f"{', '.join(sorted(found))} {'stands' if len(found) == 1 else 'stand'} free on the {side} side only"
        for side, found in (("left", keep[0] - have[1]), ("right", keep[1] - have[0])) if found
    ]
    return f"free indices differ: {'; '.join(only)}" if only else None


def _kept(term: Basic) -> set[Symbol]:
    """The free names of a term that do not stand in derivatives alone."""
    if isinstance(term, Slope):
        return set()
    if not _has_slope(term):
        return set(free_names(term))
    inside: set[Symbol] = set().union(*(_kept(child) for child in children_in_scope(term)))
    return inside - set(term.bound_symbols) if isinstance(term, Binder) else inside


def _has_slope(term: Basic) -> bool:
    return any(isinstance(child, Slope) or _has_slope(child) for child in children_in_scope(term))


# ---------------------------------------------------------------- shape


def clash(terms: Iterable[Basic], given: Sequence[Basic]) -> str | None:
    """An index that runs over 1..n on an axis of another size, where no given speaks of both."""
    related = [free_names(g) for g in given]
    entered: set[Definition] = set()
    for term in terms:
        for name, axis, index, place in _places(term, {}, entered):
            low, high = index
            if low is S.One and isinstance(high, Scalar) and isinstance(axis, Scalar) and high != axis:
                if any(high in names and axis in names for names in related):
                    continue
                return f"sizes clash: {place} runs over 1..{high.name}, on an axis of {name} that has size {axis.name}"
    return None


def _places(
    term: Basic, bound: dict[Symbol, Ends], entered: set[Definition]
) -> Iterator[tuple[str, Expr, Ends, Index]]:
    """Every index on an axis: the array or definition, the size of its axis, the range, and the index.

    A definition's formula is entered once.
    """
    if isinstance(term, Entry):
        for index, size in zip(term.indices, term.array.shape, strict=False):
            if isinstance(index, Index):
                yield term.array.name, size, bound.get(index, (index.lo, index.hi)), index
    if isinstance(term, Defined):
        for index, parameter in zip(term.arguments, term.head.parameters, strict=False):
            if isinstance(index, Index) and isinstance(parameter, Index) and parameter.lo is S.One:
                yield term.head.name, parameter.hi, bound.get(index, (index.lo, index.hi)), index
        if term.head not in entered:
            entered.add(term.head)
            yield from _places(term.head.body, {}, entered)
    inner = bound | {index: (lo, hi) for index, lo, hi in term.limits} if isinstance(term, Binder) else bound
    for child in children_in_scope(term):
        yield from _places(child, inner, entered)
