"""Suggestions from outside: antiderivatives, substitutions, places to split at.

Promise: none. Whatever an oracle says is checked here before it is used, so that a wrong suggestion costs time only.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Protocol

from sympy import Expr, Symbol

__all__ = ["SILENT", "Oracle", "Silent"]


Ends = tuple[Expr, Expr]


class Oracle(Hashable, Protocol):
    """What a search may suggest."""

    def antiderivatives(self, f: Expr, x: Symbol, /) -> Iterable[Expr]:
        """Terms whose derivative may be f."""

    def substitutions(self, f: Expr, g: Expr, x: Symbol, here: Ends, there: Ends, /) -> Iterable[Expr]:
        """Terms u(x) for which f may be g(u(x)) u'(x), up to sign; f is over one stretch, g over another."""

    def places(self, f: Expr, x: Symbol, /) -> Iterable[Expr]:
        """Where f may not be smooth in x."""

    def antidifferences(self, f: Expr, k: Symbol, /) -> Iterable[Expr]:
        """Terms F for which F(k + 1) - F(k) may be f."""


@dataclass(frozen=True)
class Silent:
    """An oracle that suggests nothing."""

    def antiderivatives(self, *_: object) -> Iterable[Expr]:
        """None."""
        return ()

    def substitutions(self, *_: object) -> Iterable[Expr]:
        """None."""
        return ()

    def places(self, *_: object) -> Iterable[Expr]:
        """None."""
        return ()

    def antidifferences(self, *_: object) -> Iterable[Expr]:
        """None."""
        return ()


SILENT = Silent()
