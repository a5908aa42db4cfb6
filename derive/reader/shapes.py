"""The shapes of arrays, read off the sums that run over them.

Promise: an array gets a shape only where each of its entries in the whole claim stands at bound indices which run from
1 to the sizes in that shape; it is then used nowhere else, so that the claim says the same. Every other array has an
entry at all integers.
"""

from __future__ import annotations

from collections.abc import Iterable

from sympy import Basic, Expr, Integer, S

from derive.core.terms import Array, Entry, Index, Scalar, subterms

__all__ = ["shaped"]

_Shape = tuple[Expr, ...]


def shaped(terms: Iterable[Basic]) -> dict[Array, Array]:
    """The arrays without a shape that have one by their use, with it."""
    found: dict[Array, set[_Shape | None]] = {}
    for term in terms:
        for entry in subterms(term):
            if isinstance(entry, Entry):
                found.setdefault(entry.array, set()).add(_shape(entry))
    return {
        array: Array(array.name, *shape)
        for array, (shape, *others) in found.items()
        if shape is not None and not others and not array.shape
    }


def _shape(entry: Entry) -> _Shape | None:
    """The greatest values of its indices, where they all start at 1 and end at a name, a number or oo."""
    for place in entry.indices:
        if not isinstance(place, Index) or place.lo != S.One or not _simple(place.hi):
            return None
    return tuple(place.hi for place in entry.indices)


def _simple(end: Expr) -> bool:
    if isinstance(end, Scalar):
        return end.domain.field == "integer" and end.domain.lo is not None and end.domain.lo >= 1
    return end is S.Infinity or (isinstance(end, Integer) and end >= 1)
