"""A bound on the effort of a search, counted in calls and not in seconds, so that it ends alike on every machine.

Promise: `bounded` returns what a call returns, or None where it took too many calls, or where SymPy gave up in one of
its many ways.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from inspect import CO_GENERATOR
from types import FrameType
from typing import Any

__all__ = ["bounded"]

AGAIN = 2000
"""Calls until it is raised again, where the first was swallowed."""


class _ExhaustedError(Exception):
    """Too many calls."""


GAVE_UP = (
    _ExhaustedError, ArithmeticError, AttributeError, IndexError, KeyError, NotImplementedError, RecursionError,
    RuntimeError, TypeError, ValueError,
)


@dataclass
class _Counter:
    """What `sys.setprofile` calls: counts the calls of functions, and raises when there are too many."""

    left: int

    def __call__(self, frame: FrameType, event: str, _arg: object) -> None:
        if event != "call":
            return
        self.left -= 1
        if self.left < 0 and not frame.f_code.co_flags & CO_GENERATOR:  # one may be closed when it is collected
            self.left = AGAIN
            raise _ExhaustedError


def bounded(limit: int, call: Callable[..., Any], *args: Any) -> Any:
    """The result of a call that makes at most so many calls in turn; None where that is not enough."""
    outer = sys.getprofile()
    counter = _Counter(min(limit, outer.left) if isinstance(outer, _Counter) else limit)
    start = counter.left
    try:
        sys.setprofile(counter)
        return call(*args)
    except GAVE_UP:
        return None
    finally:
        sys.setprofile(outer if callable(outer) else None)
        if isinstance(outer, _Counter):
            outer.left -= max(start - counter.left, 0)
