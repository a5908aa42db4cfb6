"""Derivatives of index expressions: total, through definitions, and partial, with definitions held.

Promise: as for the package.

Glossary
    intermediate  a definition all of whose parameters are indices, such as `mu[j]`; one with other parameters, such as
                  `h(s)`, is a function
    D(y, v)       the derivative of y by v, through every intermediate that y is made of
    d(y, v)       the same with every other intermediate held; where y is itself an intermediate, of its formula
"""

from __future__ import annotations

from typing import Any

from sympy import Add, Expr, Pow, S, exp

from derive.core.errors import TermError
from derive.core.terms.domains import Domain
from derive.core.terms.names import Defined, Definition, Entry, Index, RandomArray, Scalar
from derive.core.terms.values import term_of

__all__ = ["SIGMOID", "Partial", "Slope", "Total", "is_intermediate"]


def is_intermediate(head: Definition) -> bool:
    """Whether a definition is a tensor, and not a function of numbers."""
    return all(isinstance(p, Index) for p in head.parameters)


class Slope(Expr):
    """The derivative of a term with respect to an entry of an array, a real scalar or a defined intermediate."""

    is_commutative = True

    def __new__(cls, of: Any, by: Any) -> Any:
        variable = term_of(by)
        wrong = _wrong(variable)
        if wrong is not None:
            raise TermError(
                f"expected an entry x[i], a defined intermediate mu[j] or a real scalar to differentiate by, "
                f"found {by}{wrong}"
            )
        return super().__new__(cls, term_of(of), variable)

    @property
    def body(self) -> Expr:
        """What is differentiated."""
        return self.args[0]

    @property
    def by(self) -> Expr:
        """By what."""
        return self.args[1]


def _wrong(variable: Any) -> str | None:
    """What keeps a term from being differentiated by; None where nothing does."""
    from derive.core.terms.walk import taken_indices  # noqa: PLC0415 - walking knows the names

    if isinstance(variable, Entry):
        return ", which is random" if isinstance(variable.array, RandomArray) else None
    if isinstance(variable, Scalar):
        return None if variable.domain.field == "real" else f", which is {variable.domain.field}"
    if not isinstance(variable, Defined):
        return ""
    if not is_intermediate(variable.head):
        return ", which is a function"
    around = ", ".join(i.name for i in taken_indices(variable.head))
    return f", whose formula takes {around} from where it is used" if around else None


class Total(Slope):
    """D: the derivative through every definition."""


class Partial(Slope):
    """d: the derivative with every other defined intermediate held."""


def _logistic() -> Definition:
    u = Scalar("u", Domain("real"))
    below = Add(S.One, exp(-u, evaluate=False), evaluate=False)
    return Definition("sigmoid", Pow(below, S.NegativeOne, evaluate=False), u)


SIGMOID = _logistic()
"""The logistic function 1/(1 + exp(-u)); its derivative is sigmoid(u) (1 - sigmoid(u))."""
