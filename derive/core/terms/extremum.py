"""The place of an extremum: `ArgMin`, `ArgMax`.

Promise: as for the package.

    ArgMin(f, (x, a, b))   the one x with a < x < b at which f, which is real on all of that interval, is less than at
                           every other; without a value where there is no such x, or more than one
    ArgMax(f, (x, a, b))   the same for what is greater

`ArgMin(f, x)` takes the interval from what x was declared as. The ends may be -oo and oo.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sympy import Expr, Rational, S, Symbol, Tuple

from derive.core.errors import TermError
from derive.core.terms.domains import Domain
from derive.core.terms.heads import Binder
from derive.core.terms.names import Scalar
from derive.core.terms.values import term_of

__all__ = ["ArgMax", "ArgMin", "Extremum", "interval_domain"]


class Extremum(Binder):
    """The place of an extremum over an open interval: args are the body and (variable, from, to)."""

    SIGN: ClassVar[int]

    def __new__(cls, body: Any, over: Any) -> Any:
        parts = _declared(cls.__name__, over) if isinstance(over, Scalar) else over
        if not isinstance(parts, (tuple, Tuple)) or len(parts) != 3 or not isinstance(parts[0], Scalar):
            raise TermError(f"{cls.__name__}: expected a real variable or (variable, from, to), found {over!r}")
        x, lo, hi = parts[0], term_of(parts[1]), term_of(parts[2])
        if x.domain not in {Domain(), interval_domain(lo, hi)}:
            wanted = f"it must be real, or declared on ({lo}, {hi})"
            raise TermError(f"{cls.__name__}: {x.name} was declared {x.domain.words()}; {wanted}")
        return Expr.__new__(cls, term_of(body), Tuple(x, lo, hi))

    @property
    def body(self) -> Expr:
        """The function."""
        return self.args[0]

    @property
    def variable(self) -> Symbol:
        """The bound variable."""
        return self.args[1][0]

    @property
    def ends(self) -> tuple[Expr, Expr]:
        """The ends of the interval, which do not belong to it."""
        return self.args[1][1], self.args[1][2]


class ArgMin(Extremum):
    """Where a function is least."""

    SIGN: ClassVar[int] = 1


class ArgMax(Extremum):
    """Where a function is greatest."""

    SIGN: ClassVar[int] = -1


def interval_domain(lo: Expr, hi: Expr) -> Domain:
    """The domain of a variable on an open interval, as far as its ends are rational or infinite."""
    low, high = (end if isinstance(end, Rational) else None for end in (lo, hi))
    return Domain("real", low, high, lo_open=low is not None, hi_open=high is not None)


def _declared(head: str, x: Scalar) -> tuple[Scalar, Expr, Expr]:
    """The variable and its interval, from its declaration."""
    domain = x.domain
    lo = S.NegativeInfinity if domain.lo is None else domain.lo
    hi = S.Infinity if domain.hi is None else domain.hi
    if domain != interval_domain(lo, hi):
        raise TermError(f"{head}: expected a variable on an open interval; {x.name} was declared {domain.words()}")
    return x, lo, hi
