"""Heads of the calculus of one variable: integrals, derivatives, limits, products.

Promise: as for the package. Each binds its variable; what stands behind the
variable (ends, order, point, direction) is outside of its scope.

    Integral(f, (x, a, b))   the integral of f from a to b: along the segment where the ends are complex;
                             at an end that is oo, or where f is unbounded, the improper one
    Diff(f, (x, n, p))       the n-th derivative of f with respect to x, at x = p
    Limit(f, (x, p, d))      the limit of f as x tends to p, through reals: from above (d = 1), from below
                             (d = -1), or from both sides (d = 0); p may be oo or -oo
    Product(f, (k, a, b))    the product over an index; 1 over an empty range, a limit where b is oo
    Maximum(f, (k, a, b))    the greatest of finitely many real values, Minimum the least; none over an empty range
"""

from __future__ import annotations

from typing import Any, ClassVar

from sympy import Expr, Symbol, Tuple

from derive.core.errors import TermError
from derive.core.terms.heads import Binder
from derive.core.terms.names import Scalar
from derive.core.terms.values import term_of

__all__ = ["Diff", "Integral", "Limit", "Maximum", "Minimum", "Product"]


class Product(Binder):
    """The product of its body over its indices; 1 over an empty range."""


class Maximum(Binder):
    """The greatest value of its body over its indices, whose range is finite and not empty."""


class Minimum(Binder):
    """The least value of its body over its indices, whose range is finite and not empty."""


class _OfOneVariable(Binder):
    """A head over one scalar variable: args are the body and (variable, two more terms)."""

    SHAPE: ClassVar[str]

    def __new__(cls, body: Any, over: Any) -> Any:
        parts = tuple(over) if isinstance(over, (tuple, Tuple)) else ()
        if len(parts) != 3 or not isinstance(parts[0], Scalar):
            raise TermError(f"{cls.__name__}: expected {cls.SHAPE}, found {over!r}")
        return Expr.__new__(cls, term_of(body), Tuple(parts[0], term_of(parts[1]), term_of(parts[2])))

    @property
    def body(self) -> Expr:
        """What stands in the scope of the variable."""
        return self.args[0]

    @property
    def variable(self) -> Symbol:
        """The bound variable."""
        return self.args[1][0]


class Integral(_OfOneVariable):
    """The integral of its body over (variable, from, to)."""

    SHAPE = "(variable, from, to)"

    @property
    def ends(self) -> tuple[Expr, Expr]:
        """From where and to where."""
        return self.args[1][1], self.args[1][2]


class Diff(_OfOneVariable):
    """The derivative of its body: (variable, order, point)."""

    SHAPE = "(variable, order, point)"

    @property
    def order(self) -> Expr:
        """How often."""
        return self.args[1][1]

    @property
    def point(self) -> Expr:
        """Where."""
        return self.args[1][2]


class Limit(_OfOneVariable):
    """The limit of its body: (variable, point, direction); the direction is 1, -1 or 0."""

    SHAPE = "(variable, point, 1, -1 or 0)"

    def __new__(cls, body: Any, over: Any) -> Any:
        found = super().__new__(cls, body, over)
        if found.args[1][2] not in {1, -1, 0}:
            raise TermError(f"{cls.__name__}: expected {cls.SHAPE}, found {over!r}")
        return found

    @property
    def point(self) -> Expr:
        """Where to."""
        return self.args[1][1]

    @property
    def direction(self) -> int:
        """1 from above, -1 from below, 0 from both sides."""
        return int(self.args[1][2])
