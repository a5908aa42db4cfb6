"""What a step says, as one digest: the key under which its verdict is kept.

Promise: two steps with one key have the same verdict and the same record. The
key holds all that a verdict may rest on: both sides, with the domains, ranges,
shapes, laws, definitions and recursions that their names carry; the relation,
those before it, the reasons, all steps of what is cited, the givens in any
order, and the engine. Names of identities and docstrings stay out, and so does
the verdict that an author expects. What is not known in full has no key: a
head of an author's own, a dummy symbol, a circle of citations.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from hashlib import blake2b
from typing import Any

from sympy import Basic, Dummy, Wild
from sympy.core.function import UndefinedFunction

from derive.checking import Citable
from derive.core.claims import Derivation, Reason, Relation
from derive.core.rules import Family
from derive.core.terms import Domain

__all__ = ["step_key"]

_OURS = ("sympy", "derive")


class _Unknown(Exception):
    """Something whose content is not known in full."""


def step_key(derivation: Derivation, k: int, engine: str) -> str | None:
    """The key of step k, from 0; None where it has none.

    >>> from sympy import Symbol
    >>> from derive.core.claims import eq
    >>> x, y = Symbol("x"), Symbol("y")
    >>> keys = {step_key(Derivation(x + y, eq(side)), 0, "") for side in (y + x, y - x)}
    >>> len(keys)
    2
    """
    writer = _Writer()
    try:
        return writer.mixed(
            "step",
            engine,
            *_direction(derivation, k),
            writer.step(derivation, k, ()),
        ).hex()
    except (_Unknown, RecursionError):
        return None


def _direction(derivation: Derivation, k: int) -> list[str]:
    """The relations before step k, as far as they say whether it may stand there."""
    if derivation.steps[k].relation is Relation.EQ:
        return []
    before = dict.fromkeys(step.relation for step in derivation.steps[:k])
    return [relation.value for relation in before if relation is not Relation.EQ]


class _Writer:
    """Digests of terms and of what is made of them; a term that stands in many places is read once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Any, bytes]] = {}

    def mixed(self, *parts: str | bytes) -> bytes:
        """One digest of several parts, each by itself."""
        found = blake2b(digest_size=16)
        for part in parts:
            data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
            found.update(len(data).to_bytes(8, "big"))
            found.update(data)
        return found.digest()

    def step(self, derivation: Derivation, k: int, citing: tuple[str, ...]) -> bytes:
        """What step k says, under the givens."""
        step = derivation.steps[k]
        sides = (self.value(derivation.left_of(k)), step.relation.value, self.value(step.right))
        givens = sorted(self.value(given) for given in derivation.given)
        return self.mixed(*sides, self.mixed(*givens), *(self._reason(reason, citing) for reason in step.by))

    def _reason(self, reason: Reason, citing: tuple[str, ...]) -> bytes:
        if isinstance(reason, Family):
            return self.value(reason)
        if not isinstance(reason, Citable) or reason.name in citing:
            raise _Unknown
        derivation = reason.derivation()
        inner = (*citing, reason.name)
        steps = [self.step(derivation, k, inner) for k in range(len(derivation.steps))]
        # Its name stands in verdicts.
        return self.mixed("cited", reason.name, *steps)

    def value(self, value: Any) -> bytes:
        """A term, or something that a term holds; equal only where `==` and the types of all parts are."""
        if isinstance(value, Basic):
            known = self._known.get(id(value))
            if known is None:
                # The value is kept with its digest: another could come to have its id.
                known = self._known[id(value)] = (value, self._term(value))
            return known[1]
        if value is None or isinstance(value, (bool, int, str)):
            if type(value) not in (bool, int, str, type(None)):
                raise _Unknown
            return self.mixed(type(value).__name__, repr(value) if not isinstance(value, int) else hex(value))
        if isinstance(value, tuple):
            return self.mixed("tuple", *(self.value(part) for part in value))
        if isinstance(value, frozenset):
            return self.mixed("set", *sorted(self.value(part) for part in value))
        if isinstance(value, Relation):
            return self.mixed("relation", value.value)
        if is_dataclass(value) and type(value) in (Domain, Family):
            parts = [self.value(getattr(value, field.name)) for field in fields(value)]
            return self.mixed(type(value).__name__, *parts)
        raise _Unknown

    def _term(self, term: Basic) -> bytes:
        """A term by its class and by what SymPy compares it by."""
        if isinstance(term, (Dummy, Wild)):
            raise _Unknown
        kind = type(term)
        if isinstance(kind, UndefinedFunction):
            if hasattr(kind, "_imp_"):
                raise _Unknown
            assumptions = tuple(sorted(getattr(kind, "_kwargs", {}).items()))
            head = self.mixed("function", kind.__name__, self.value(assumptions))
        elif kind.__module__.partition(".")[0] in _OURS:
            head = self.mixed("head", kind.__module__, kind.__qualname__)
        else:
            raise _Unknown
        return self.mixed(head, self.value(term._hashable_content()))
