"""What a model of some claims has to assign.

Promise: every free name of the terms and the givens is listed once, in an order
in which each can be chosen from what stands before it.

Glossary
    size    a scalar that stands in a range or in a shape
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sympy import Basic, Symbol

from derive.core.terms import (
    Applied,
    Array,
    Binder,
    Defined,
    Definition,
    Entry,
    FunctionSymbol,
    Index,
    Law,
    RandomArray,
    Recurred,
    Recursion,
    bound_indices,
    free_names,
    subterms,
)

__all__ = ["Cast", "cast"]


@dataclass(frozen=True)
class Cast:
    """The names of a claim by kind; `orders` is the highest derivative taken of each function, by argument."""

    sizes: tuple[Symbol, ...]
    scalars: tuple[Symbol, ...]
    indices: tuple[Index, ...]
    arrays: tuple[Array, ...]
    laws: tuple[Law, ...]
    randoms: tuple[RandomArray, ...]
    functions: tuple[FunctionSymbol, ...]
    orders: dict[FunctionSymbol, tuple[int, ...]]
    axes: dict[Array, int]


def cast(terms: Iterable[Basic], givens: Iterable[Basic]) -> Cast:
    """Every name that a model of the terms and the givens assigns."""
    terms, givens = list(terms), list(givens)
    whole = [*terms, *givens]
    names: set[Symbol] = set()
    sizes: set[Symbol] = set()
    orders: dict[FunctionSymbol, tuple[int, ...]] = {}
    axes: dict[Array, int] = {}
    for term in terms:
        names |= free_names(term)
    for given in givens:  # a given holds for every value of its free indices, and so leaves none to choose
        names |= {n for n in free_names(given) if not isinstance(n, Index)}
    for part in _everything(whole):
        names |= {b for b in bound_indices(part) if isinstance(b, RandomArray)} if isinstance(part, Binder) else set()
        if isinstance(part, Binder):
            sizes |= {s for limit in part.limits for end in limit[1:] for s in free_names(end)}
        if isinstance(part, Applied):
            before = orders.get(part.function, part.orders)
            orders[part.function] = tuple(map(max, before, part.orders))
        if isinstance(part, Entry):
            axes[part.array] = len(part.indices)
    for name in list(names):
        sizes |= {s for end in _ends(name) for s in free_names(end)}
    numbers = sorted((n for n in names if _is_number(n)), key=lambda n: n.name)
    return Cast(
        tuple(n for n in numbers if n in sizes and n.is_integer),
        tuple(n for n in numbers if n not in sizes or not n.is_integer),
        _of(Index, names), tuple(a for a in _of(Array, names) if not isinstance(a, RandomArray)), _of(Law, names),
        _of(RandomArray, names), _of(FunctionSymbol, names), orders, axes,
    )


def _of(kind: type, names: set[Symbol]) -> tuple:
    return tuple(sorted((n for n in names if isinstance(n, kind)), key=lambda n: n.name))


def _is_number(name: Symbol) -> bool:
    return not isinstance(name, (Index, Array, Law, FunctionSymbol, Definition, Recursion))


def _ends(name: Symbol) -> tuple[Basic, ...]:
    """The terms in a name's range or shape."""
    if isinstance(name, Index):
        return (name.lo, name.hi)
    if isinstance(name, Law):
        return tuple(end for slot in name.slots for end in (slot.lo, slot.hi))
    if isinstance(name, Recursion):
        return (name.index.lo, name.index.hi)
    return name.shape if isinstance(name, Array) else ()


def _everything(terms: Iterable[Basic]) -> Iterator[Basic]:
    """All subterms, those of definitions' bodies included."""
    seen: set[Definition | Recursion] = set()
    stack = list(terms)
    while stack:
        for part in subterms(stack.pop()):
            yield part
            if isinstance(part, (Defined, Recurred)) and part.head not in seen:
                seen.add(part.head)
                stack.extend([part.head.body] if isinstance(part, Defined) else [part.head.start, part.head.step])
