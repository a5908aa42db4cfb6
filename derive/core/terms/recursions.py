"""Sequences that are defined by recursion along an index.

Promise: as for the package.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sympy import Expr, S, Symbol

from derive.core.errors import TermError
from derive.core.terms.names import Index, Name
from derive.core.terms.values import term_of

__all__ = ["Recurred", "Recursion"]


class Recursion(Name):
    """A sequence that is defined by recursion along an index.

    Upwards: v(lo) = start, and v(l + 1) = step with `previous` = v(l). Downwards:
    v(hi) = start, and v(l) = step with `previous` = v(l + 1). The step may use l.
    """

    def __new__(
        cls, name: str, index: Index, start: Any, previous: Symbol, step: Any, upwards: Any, **_: bool
    ) -> Any:
        if not upwards and index.hi is S.Infinity:
            raise TermError(f"recursion {name}: downwards it starts at a finite end, found {index.name} up to oo")
        return super().__new__(cls, name, index, term_of(start), previous, term_of(step), bool(upwards))

    @property
    def index(self) -> Index:
        """Where it runs."""
        return self.extra[0]

    @property
    def start(self) -> Expr:
        """Its value at the end where it starts."""
        return self.extra[1]

    @property
    def previous(self) -> Symbol:
        """What stands for the value before, in the step."""
        return self.extra[2]

    @property
    def step(self) -> Expr:
        """The next value, in terms of the one before."""
        return self.extra[3]

    @property
    def upwards(self) -> bool:
        """Whether it starts at the least value of its index."""
        return self.extra[4]

    def __call__(self, at: Any) -> Recurred:
        return Recurred(self, term_of(at))

    __iter__: ClassVar[None] = None  # as for an array

    def __getitem__(self, at: Any) -> Recurred:
        return self(at)


class Recurred(Expr):
    """A recursion at some place: args are the recursion and an integer."""

    is_commutative = True

    @property
    def head(self) -> Recursion:
        """The recursion."""
        return self.args[0]

    @property
    def at(self) -> Expr:
        """Where."""
        return self.args[1]
