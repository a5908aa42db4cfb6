"""Derivations that are checked here and now, in this process, as records.

Promise: a derivation, an identity or a report becomes the same record that a
worker makes of it. There are no limits here: whoever calls it waits for the
steps, and `runner` is for those who will not.
"""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from derive.checking import check
from derive.core.claims import Derivation, Report
from derive.core.errors import TermError
from derive.printers.records import Record, derivation_record, step_record

__all__ = ["record_of", "surprises"]

@runtime_checkable
class _Declared(Protocol):
    """An identity: it builds its derivation, and says what it is."""

    name: str
    title: str
    source: Any

    def derivation(self) -> Derivation:
        """Its derivation."""


def record_of(found: Any) -> Record:
    """The record of a derivation, an identity or a report; what is not checked yet is checked.

    >>> from derive import Derivation, eq, real
    >>> x = real("x")
    >>> record_of(Derivation(x*(x + 1), eq(x**2 + x)))["verdict"]
    'proved'
    """
    declared = found if isinstance(found, _Declared) else None
    checked = found if declared is None else declared.derivation()
    if isinstance(checked, Derivation):
        checked = check(checked)
    if not isinstance(checked, Report):
        raise TermError(f"expected a derivation, an identity or a report, found {type(found).__name__}")
    steps = [step_record(step) for step in checked.steps]
    name, title, source = ("", "", None) if declared is None else (declared.name, declared.title, declared.source)
    record = derivation_record(name, title, source, None, checked.derivation, steps, checked.seconds)
    return {**record, "source_text": str(source or "")}


def surprises(record: Record) -> list[int]:
    """Which steps, from 0, do not have the verdict that their author expects."""
    return [k for k, step in enumerate(record["steps"]) if step["verdict"] != step["expect"]]
