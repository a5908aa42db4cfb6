"""The oracle that proofs are given: what the searches of this package suggest.

Promise: none; core checks everything that comes from here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sympy import Expr, Symbol

from derive.search.antiderivative import antiderivatives
from derive.search.places import places
from derive.search.substitutions import substitutions
from derive.search.telescoping import antidifferences

__all__ = ["SEARCH", "Search"]


@dataclass(frozen=True)
class Search:
    """Suggestions by search."""

    def antiderivatives(self, f: Expr, x: Symbol, /) -> Iterable[Expr]:
        """Terms whose derivative may be f."""
        return antiderivatives(f, x)

    def substitutions(
        self, f: Expr, g: Expr, x: Symbol, here: tuple[Expr, Expr], there: tuple[Expr, Expr], /
    ) -> Iterable[Expr]:
        """Terms u(x) for which f may be g(u(x)) u'(x), up to sign."""
        return substitutions(f, g, x, here, there)

    def places(self, f: Expr, x: Symbol, /) -> Iterable[Expr]:
        """Where f may not be smooth."""
        return places(f, x)

    def antidifferences(self, f: Expr, k: Symbol) -> Iterable[Expr]:
        """Terms whose difference in k may be f."""
        return antidifferences(f, k)


SEARCH = Search()
