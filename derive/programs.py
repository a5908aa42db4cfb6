"""Programs of index assignments, and backward programs checked against them.

Promise: untrusted: a program is run symbolically, into named intermediates and a derivation that the kernel checks
like any other. Every tensor that a program writes starts at zero; each statement is a loop over all values of its
indices, run to its end before the next one starts.

Glossary
    tensor    an array; one that a program writes is named by its array, and stands in expressions as its entries
    x.grad    the gradient of the tensor x: the array `grad(x)`
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sympy import Add, Basic, Expr, Mul, S, Symbol

from derive.core.claims import Derivation, eq
from derive.core.errors import TermError
from derive.core.rules import chain_rule
from derive.core.shapes import clash
from derive.core.terms import (
    Array,
    Binder,
    Definition,
    Delta,
    Entry,
    Index,
    RandomArray,
    Sum,
    Total,
    children_in_scope,
    free_names,
    rebuild,
    substitute,
)
from derive.core.terms.values import term_of

__all__ = ["Backward", "Program", "Statement", "assign", "decrease", "grad", "increase"]


@dataclass(frozen=True)
class Statement:
    """For all values of the indices: `target = value`, or where `adds`, `target += value`."""

    target: Entry
    value: Expr
    adds: bool


def assign(target: Any, value: Any) -> Statement:
    """For all values of the indices of the target: `target = value`."""
    return _statement(target, value, adds=False)


def increase(target: Any, value: Any) -> Statement:
    """For all values of all indices: `target += value`; an index that the target does not have is summed over."""
    return _statement(target, value, adds=True)


def decrease(target: Any, value: Any) -> Statement:
    """For all values of all indices: `target -= value`."""
    return _statement(target, Mul(S.NegativeOne, term_of(value), evaluate=False), adds=True)


def _statement(target: Any, value: Any, *, adds: bool) -> Statement:
    place, found = term_of(target), term_of(value)
    if not isinstance(place, Entry) or isinstance(place.array, RandomArray):
        raise TermError(f"expected an entry of an array to assign to, such as mu[j], found {target!r}")
    wrong = clash([place, found], ())
    if wrong is not None:
        raise TermError(f"{place.array.name}: {wrong}")
    return Statement(place, found, adds)


def grad(tensor: Array) -> Array:
    """The gradient of a tensor: an array of the same shape, called `x.grad`."""
    return Array(f"{tensor.name}.grad", *tensor.shape)


class Program:
    """An ordered list of statements; `program[mu]` is what the tensor mu holds after the last one."""

    def __init__(self, *statements: Statement) -> None:
        self.statements = statements
        self._run = _Run(statements, {})

    def __getitem__(self, tensor: Array) -> Definition:
        return self._run.final(tensor)

    @property
    def tensors(self) -> tuple[Array, ...]:
        """What it writes, in the order of the first writes."""
        return tuple(self._run.count)

    def read(self, term: Any) -> Expr:
        """A term with every entry of what the program writes replaced by what stands there in the end."""
        return self._run.read(term_of(term))

    def backward(self, *statements: Statement, of: Array | Iterable[Array]) -> Backward:
        """A backward program, from the gradients of the outputs `of`."""
        return Backward(self, statements, (of,) if isinstance(of, Array) else tuple(of))


class Backward:
    """An ordered list of statements that is claimed to leave the gradient of every tensor in its `grad`."""

    def __init__(self, forward: Program, statements: tuple[Statement, ...], outputs: tuple[Array, ...]) -> None:
        self.forward = forward
        self.outputs = outputs
        for y in outputs:
            if y not in forward.tensors:
                raise TermError(f"{y.name} is not written by the forward program")
        known = {grad(t): None for t in _tensors_of(forward) if t not in outputs}
        wrong = next((s for s in statements if s.target.array not in known), None)
        if wrong is not None:
            raise TermError(
                f"{wrong.target.array.name} is not the gradient of a tensor of the forward program; "
                f"expected one of {', '.join(g.name for g in known)}"
            )
        read = [Statement(s.target, forward.read(s.value), s.adds) for s in statements]
        self._run = _Run(read, known)

    def __getitem__(self, tensor: Array) -> Definition:
        """What the gradient of a tensor holds after the last statement."""
        return self._run.final(grad(tensor))

    @property
    def tensors(self) -> tuple[Array, ...]:
        """The tensors whose gradients it writes."""
        return tuple(t for t in _tensors_of(self.forward) if grad(t) in self._run.count)

    @property
    def loss(self) -> Expr:
        """What has the given gradients of the outputs: the sum of each gradient times its output."""
        parts = []
        for y in self.outputs:
            final = self.forward[y]
            term = Mul(grad(y)[final.parameters], final[final.parameters], evaluate=False)
            parts.append(Sum(term, *final.parameters) if final.parameters else term)
        return parts[0] if len(parts) == 1 else Add(*parts, evaluate=False)

    def derivation(self, tensor: Array, *, given: Any = (), expect: str = "proved") -> Derivation:
        """The claim that the program leaves the derivative of the loss by a tensor in its gradient; then a formula."""
        left = self[tensor]
        place = self.forward.read(tensor[left.parameters])
        return Derivation(
            left[left.parameters],
            eq(Total(self.loss, place), by=chain_rule, expect=expect),
            eq(left.body, by=chain_rule, expect=expect),
            given=given,
        )


def _tensors_of(program: Program) -> list[Array]:
    """The arrays that a program writes or reads."""
    found = dict.fromkeys(program.tensors)
    for s in program.statements:
        for name in sorted(free_names(s.value), key=lambda n: n.name):
            if isinstance(name, Array) and not isinstance(name, RandomArray):
                found[name] = None
    return list(found)


# ---------------------------------------------------------------- running


@dataclass(frozen=True)
class _Version:
    """What a tensor holds at some time: a body in terms of one index for each axis."""

    indices: tuple[Index, ...]
    body: Expr


class _Run:
    """The statements run in order; `zero` are arrays that hold zero unless they are written."""

    def __init__(self, statements: Iterable[Statement], zero: Mapping[Array, None]) -> None:
        self.zero = zero
        self.count: dict[Array, int] = {}
        self.ready: dict[Array, Definition] = {}
        self.now: dict[Array, _Version] = {}
        found = list(statements)
        for s in found:
            self.count[s.target.array] = self.count.get(s.target.array, 0) + 1
        left = dict(self.count)
        for s in found:
            tensor = s.target.array
            self.now[tensor] = self._after(s)
            left[tensor] -= 1
            if not left[tensor]:
                version = self.now[tensor]
                self.ready[tensor] = Definition(tensor.name, version.body, *version.indices)

    def final(self, tensor: Array) -> Definition:
        """What a tensor holds in the end."""
        if tensor not in self.ready:
            raise TermError(f"{tensor.name} is not written; what is written: {', '.join(t.name for t in self.ready)}")
        return self.ready[tensor]

    def read(self, term: Basic) -> Any:
        """A term with the entries of what is written replaced by what they hold now."""
        if isinstance(term, Entry) and (term.array in self.count or term.array in self.zero):
            return self._entry(term.array, tuple(self.read(i) for i in term.indices))
        if isinstance(term, Symbol) or not term.args:
            return term
        return rebuild(term, [self.read(arg) for arg in term.args])

    def _entry(self, tensor: Array, indices: tuple[Any, ...]) -> Expr:
        if tensor in self.ready:
            return self.ready[tensor](*indices)
        if tensor not in self.now:
            return S.Zero
        version = self.now[tensor]
        found: Any = substitute(version.body, dict(zip(version.indices, indices, strict=True)))
        return found

    def _after(self, s: Statement) -> _Version:
        """The target's version after a statement."""
        tensor, places = s.target.array, s.target.indices
        self._no_race(s)
        own = [p if _covers(p, size, places) else None for p, size in zip(places, tensor.shape, strict=True)]
        free = [n for n in _free_indices(s.value, *places) if n not in own]
        if not s.adds:
            if free or None in own:
                loose = ", ".join(i.name for i in free) or "a place that is no index"
                raise TermError(f"{tensor.name} = ...: {loose} does not run over an axis of the target; say increase")
            return _Version(tuple(p for p in own if p is not None), self.read(s.value))
        before = self.now.get(tensor)
        indices = tuple(
            Index(f"{tensor.name}:{k + 1}", 1, size) if mine is None else mine
            for k, (mine, size) in enumerate(zip(own, tensor.shape, strict=True))
        )
        deltas = [Delta(i, p) for i, p, mine in zip(indices, places, own, strict=True) if mine is None]
        value = self.read(s.value)
        value = Mul(*deltas, value, evaluate=False) if deltas else value
        value = Sum(value, *free) if free else value
        if before is None:
            return _Version(indices, value)
        value = substitute(value, {i: b for i, b in zip(indices, before.indices, strict=True) if i != b})
        return _Version(before.indices, Add(before.body, value, evaluate=False))

    @staticmethod
    def _no_race(s: Statement) -> None:
        """A statement may not read what its own loop writes, but for the place that it assigns to."""
        if any(s.adds or entry != s.target or hidden for entry, hidden in _reads(s.value, s.target)):
            raise TermError(f"the loop over {s.target.array.name} reads what it may have written before")


def _reads(term: Basic, target: Entry, *, hidden: bool = False) -> Iterator[tuple[Entry, bool]]:
    """The entries of the target's array in a term, and whether a sum hides an index of the target there."""
    if isinstance(term, Entry) and term.array == target.array:
        yield term, hidden
    if isinstance(term, Binder):
        hidden = hidden or any(s in free_names(target) for s in term.bound_symbols)
    for child in children_in_scope(term):
        yield from _reads(child, target, hidden=hidden)


def _covers(place: Any, size: Any, places: tuple[Any, ...]) -> bool:
    """Whether a place is an index of its own that runs over the whole axis."""
    return isinstance(place, Index) and places.count(place) == 1 and (place.lo, place.hi) == (S.One, size)


def _free_indices(*terms: Basic) -> list[Index]:
    """The indices that a statement loops over."""
    found = {n for term in terms for n in free_names(term) if isinstance(n, Index)}
    return sorted(found, key=lambda n: n.name)
