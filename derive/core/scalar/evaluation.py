"""Heads of the calculus replaced by their values, from the inside out.

Promise: what an `Evaluation` gives is equal to the term at every point that the context allows and where the term is
defined; it says by which capabilities.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sympy import Expr, S, Symbol

from derive.core.errors import BudgetError, GivenError, NotNormal, TermError
from derive.core.normal.ring import UndefinedValue
from derive.core.scalar import heads, integrals, limits, parameters, products, sums
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, times
from derive.core.scalar.oracle import Oracle
from derive.core.terms import Diff, Integral, Limit, Product, Sum, children_in_scope, rebuild, subterms
from derive.core.terms.heads import Binder

__all__ = ["MISTAKES", "Evaluation"]

MISTAKES = (NotNormal, BudgetError, UndefinedValue, GivenError, TermError, RecursionError)
"""What a method may raise where it knows nothing."""


@dataclass(frozen=True)
class Evaluation:
    """Heads of the calculus replaced by their values, from the inside out."""

    caps: frozenset[str]
    oracle: Oracle
    used: set[str]
    again: bool = True

    def __call__(self, term: Expr, context: Context) -> Expr:
        """The term with what has a value replaced by it."""
        if not any(isinstance(t, Binder) for t in subterms(term)):
            return term
        if isinstance(term, (Integral, Limit, Diff)):
            return self._of_one_variable(term, context)
        if isinstance(term, (Sum, Product)):
            return self._over_indices(term, context)
        if isinstance(term, Binder) or not children_in_scope(term):
            return term
        found: Expr = rebuild(term, [self(a, context) if isinstance(a, Expr) else a for a in term.args])
        return found

    def _of_one_variable(self, term: Integral | Limit | Diff, context: Context) -> Expr:
        x, first, second = term.args[1]
        body = self(term.body, around(term, context))
        new = type(term)(body, (x, self(first, context), self(second, context)))
        value = self._value(new, context)
        if value is None:
            return new
        return replace(self, again=False)(value, context) if isinstance(term, Limit) and self.again else value

    def _value(self, term: Expr, context: Context) -> Expr | None:
        try:
            if isinstance(term, Integral) and "integrate" in self.caps:
                return self._by("integrate", integrals.definite(term, context, self.oracle))
            if isinstance(term, Limit) and "limits" in self.caps:
                return self._by("limits", limits.limit_value(term, context))
            if isinstance(term, Diff) and "differentiate" in self.caps:
                return self._by("differentiate", heads.diff_value(term, context))
            if isinstance(term, Sum) and "summation" in self.caps:
                return self._by("summation", sums.sum_value(term, context, self.oracle))
            if isinstance(term, Product) and "summation" in self.caps:
                return self._by("summation", products.product_value(term, context, self.oracle))
        except MISTAKES:
            return None
        return None

    def _by(self, capability: str, value: Expr | None) -> Expr | None:
        if value is not None:
            self.used.add(capability)
        return value

    def _over_indices(self, term: Binder, context: Context) -> Expr:
        (body,) = term.bodies
        new = type(term)(self(body, context), *term.args[1:])
        value = self._value(new, context)
        return new if value is None else value


def around(term: Integral | Limit | Diff, context: Context) -> Context:
    """What is known inside of a head, of its variable and of what is around it."""
    x, first, second = term.args[1]
    if isinstance(term, Integral):
        return _between(x, first, second, context.without(x))
    if isinstance(term, Limit):
        return limits.germ(x, first, term.direction, context)
    return parameters.near(x, context) if second == x else context.without(x)


def _between(x: Symbol, lo: Expr, hi: Expr, context: Context) -> Context:
    """What is known of x between the ends, where their order is."""
    if lo is S.NegativeInfinity or hi is S.Infinity:
        return context.within(x, lo, hi)
    gap = plus(hi, times(S.NegativeOne, lo))
    if hi is not S.NegativeInfinity and lo is not S.Infinity:
        if context.nonnegative(gap):
            return context.within(x, lo, hi)
        if context.nonnegative(times(S.NegativeOne, gap)):
            return context.within(x, hi, lo)
        return context
    return context.within(x, hi, lo)
