"""Who is asked: worker processes, behind what is known already.

Promise: as for `processes`. Nothing is started, nor imported for that, before
there is a task: many an answer is known already, and many a mistake is found
without one.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from types import TracebackType

    from derive.cache import Cache
    from derive.processes import Processes, Task

__all__ = ["Limits", "Pool", "Stopped", "memory_size"]

_LEAST_MEMORY = 2**28
"""What a worker needs to start, with some room."""


@dataclass(frozen=True)
class Limits:
    """What a step may use, and how many workers there are."""

    seconds: float = 10.0
    memory: int = 2 * 2**30
    jobs: int = field(default_factory=lambda: max(1, min(8, os.cpu_count() or 1)))


@dataclass(frozen=True)
class Stopped:
    """A task that did not end by itself, why, and how long it took where that is known."""

    reason: str
    seconds: float = 0.0


class Pool:
    """Worker processes under limits. Use it in a `with` statement: on leaving it, they are gone.

    `cache` is what is known already, for those who ask to look into first.
    """

    def __init__(self, limits: Limits, cache: Cache | None = None) -> None:
        self.limits = limits
        self.cache = cache
        self._processes: Processes | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._processes is not None:
            self._processes.close()

    def submit(self, operation: str, *args: Any) -> Task:
        """Queue a call of a worker's operation, which takes its time limit last."""
        return self._begun().submit(operation, *args)

    def result(self, task: Task) -> Any:
        """What the worker answered, or Stopped; a user's mistake is raised as LibraryError."""
        return self._begun().result(task)

    def ready(self, task: Task, seconds: float = 0) -> bool:
        """Whether asking for the result does not wait; up to so many seconds are given to that."""
        return self._begun().ready(task, seconds)

    def _begun(self) -> Processes:
        if self._processes is None:
            from derive.processes import Processes  # noqa: PLC0415 - see the module's docstring

            self._processes = Processes(self.limits, None if self.cache is None else self.cache.access)
        return self._processes


def memory_size(text: str) -> int:
    """An amount of memory in bytes.

    >>> memory_size("512M") == 512 * 2**20
    True
    """
    found = re.fullmatch(r"\s*(\d{1,16}(?:\.\d{1,9})?)\s*([kmgt]?)(?:i?b)?\s*", text, re.IGNORECASE)
    if found is None:
        raise ValueError(f"{text!r} is no amount of memory; write for example 512M or 2G")
    amount = int(float(found[1]) * 1024 ** " kmgt".index(found[2].lower() or " "))
    if not _LEAST_MEMORY <= amount <= 2**50:
        raise ValueError(f"{text!r} is out of range; a worker needs at least 256M")
    return amount
