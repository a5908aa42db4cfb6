"""Definitions over indices in a model: compiled once, and each entry computed once in an evaluation.

Promise: as for the package. What stands in many layers is compiled and evaluated from the innermost, so that depth is
no matter of how deeply calls may be nested.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sympy import Basic

from derive.core.meaning.frames import DEEP, Code, Frame, Scope, layer
from derive.core.meaning.values import Value
from derive.core.terms import Defined, Definition, free_names, is_intermediate

__all__ = ["is_tensor", "kept", "many_tensors", "remembered", "tensor"]


def is_tensor(head: Definition, scope: Scope) -> bool:
    """Whether a definition's values hang on its indices alone, wherever it stands in this scope."""
    return is_intermediate(head) and not any(n in scope.bound for n in free_names(head.body) - set(head.parameters))


def many_tensors(term: Basic, scope: Scope) -> list[Definition]:
    """The tensors that a term rests on, those first that rest on fewer; none where they are few."""
    heads = [n for n in free_names(term) if isinstance(n, Definition) and is_tensor(n, scope)]
    if len(heads) <= DEEP:
        return []
    below = {head: sum(isinstance(n, Definition) for n in free_names(head.body)) for head in heads}
    return sorted(heads, key=lambda head: (below[head], head.name))


def remembered(term: Defined, scope: Scope) -> Code:
    """A tensor, each of whose entries is computed once in an evaluation."""
    slots, body, memory = tensor(term.head, scope)
    places = [scope.integer(a) for a in term.arguments]

    def code(f: Frame) -> Value:
        place = tuple([p(f) for p in places])
        return kept(f, memory, place, zip(slots, place, strict=True), body)

    return code


def kept(f: Frame, memory: int, key: Any, places: Iterable[tuple[int, int]], body: Callable[[Frame], Any]) -> Any:
    """What is kept under a key in a memory of the frame; else the body with its indices at these places, kept there."""
    entries = f[memory]
    if entries is None:
        entries = f[memory] = {}
    if key not in entries:
        for slot, k in places:
            f[slot] = k
        entries[key] = body(f)
    return entries[key]


def tensor(head: Definition, scope: Scope) -> tuple[list[int], Code, int]:
    """A tensor compiled once: the slots of its indices, its formula, and where its entries are kept."""
    known, key = scope.program.tensors, (head, scope.exact_bits)
    if key not in known:
        inner, slots = scope.outside().bind(head.parameters)
        known[key] = slots, inner.code(head.body), scope.program.slot()
        limits = [p.limits for p in head.parameters]
        scope.program.layers.append(layer(limits, scope, lambda inside: remembered(head(*head.parameters), inside)))
    found: tuple[list[int], Code, int] = known[key]
    return found
