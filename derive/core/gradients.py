"""Derivatives of index expressions, as index expressions.

Promise: `gradient(term, by, through)` is the derivative of the term with respect to an entry x[k], a real scalar or an
intermediate, wherever the term is differentiable: an entry of the same array gives deltas of the indices, a sum the sum
of the derivatives, an unknown function its derivative. With `through`, intermediates are differentiated through; else
each is a variable of its own, but for one that is itself the term. NotNormal where a head is not known to be smooth.
"""

from __future__ import annotations

from functools import lru_cache

from sympy import Add, Expr, Integer, Mul, Pow, S, Symbol, exp, log

from derive.core.errors import NotNormal, TermError
from derive.core.scalar.differentiate import TABLE, plus, power, times
from derive.core.terms import (
    Applied,
    Defined,
    Delta,
    Entry,
    Index,
    Sum,
    free_names,
    substitute,
)
from derive.core.terms.gradients import SIGMOID, Slope, Total, is_intermediate

__all__ = ["gradient", "slope_of"]


@lru_cache(maxsize=512)
def slope_of(term: Slope) -> Expr:
    """The derivative that a term stands for."""
    return gradient(term.body, term.by, through=isinstance(term, Total))


def gradient(term: Expr, by: Expr, *, through: bool) -> Expr:
    """The derivative of a term by a variable."""
    found = _Gradient(by, through)
    try:
        if not through and isinstance(term, Defined) and term.head != found.head:
            return found.of(term.definition())
        return found.of(term)
    except TermError as error:
        raise NotNormal(str(error)) from None


class _Gradient:
    """The derivative by one variable."""

    def __init__(self, by: Expr, through: bool) -> None:  # noqa: FBT001 - private
        self.by = by
        self.through = through
        self.head: Symbol = by if isinstance(by, Symbol) else by.args[0]
        self.taken = {s.name for s in free_names(by)}
        self.seen: dict[Expr, Expr] = {}

    def of(self, term: Expr) -> Expr:
        """The derivative of a term."""
        if term not in self.seen:
            self.seen[term] = self._of(term)
        return self.seen[term]

    def _of(self, term: Expr) -> Expr:
        if isinstance(term, (Entry, Defined)) and term.args[0] == self.head:
            return self._deltas(term)
        if term == self.by:
            return S.One
        if self._constant(term):
            return S.Zero
        match term:
            case Add():
                return plus(*map(self.of, term.args))
            case Mul():
                parts = [
                    times(*term.args[:k], self.of(factor), *term.args[k + 1:]) for k, factor in enumerate(term.args)
                ]
                return plus(*parts)
            case Pow():
                return self._power(*term.args)
            case exp():
                return times(self.of(term.args[0]), term)
            case log() if len(term.args) == 1:
                return times(self.of(term.args[0]), power(term.args[0], S.NegativeOne))
            case Sum():
                return self._sum(term)
            case Applied():
                return self._applied(term)
            case Defined():
                return self._defined(term)
            case Slope():
                return self.of(slope_of(term))
        if type(term) in TABLE and len(term.args) == 1:
            return times(self.of(term.args[0]), TABLE[type(term)](term.args[0]))
        raise NotNormal(f"{type(term).__name__} is not differentiated: {term}")

    def _constant(self, term: Expr) -> bool:
        """Whether the variable does not stand in the term, at any depth of definitions."""
        return self.head not in free_names(term)

    def _deltas(self, term: Entry | Defined) -> Expr:
        here, there = term.args[1:], self.by.args[1:]
        if any(not self._constant(i) for i in here):
            raise NotNormal(f"an index of {self.head.name} hangs on what is differentiated by")
        return times(*(Delta(i, k) for i, k in zip(here, there, strict=True) if i != k))

    def _defined(self, term: Defined) -> Expr:
        """An intermediate by its formula, or held; a function by its formula."""
        if is_intermediate(term.head):
            if any(not self._constant(i) for i in term.arguments):
                raise NotNormal(f"an index of {term.head.name} hangs on what is differentiated by")
            return self.of(term.definition()) if self.through else S.Zero
        if term.head == SIGMOID:
            return times(self.of(term.arguments[0]), term, plus(S.One, times(S.NegativeOne, term)))
        return self.of(term.definition())

    def _power(self, base: Expr, exponent: Expr) -> Expr:
        if self._constant(exponent):
            lower = Integer(int(exponent) - 1) if isinstance(exponent, Integer) else plus(exponent, S.NegativeOne)
            return times(exponent, power(base, lower), self.of(base))
        if base is S.Exp1:
            return times(power(base, exponent), self.of(exponent))
        if self._constant(base):
            return times(power(base, exponent), log(base, evaluate=False), self.of(exponent))
        raise NotNormal(f"a power with both variable is not differentiated: {base}**({exponent})")

    def _sum(self, term: Sum) -> Expr:
        if any(hi is S.Infinity for _, _, hi in term.limits):
            raise NotNormal("an infinite sum is not differentiated term by term")
        if any(not self._constant(e) for _, lo, hi in term.limits for e in (lo, hi)):
            raise NotNormal("the range of a sum hangs on what is differentiated by")
        (body,) = term.bodies
        inside = {s.name for s in free_names(body)} | {index.name for index, _, _ in term.limits}
        limits = []
        for index, lo, hi in term.limits:
            fresh: Index = index
            while fresh.name in self.taken or (fresh != index and fresh.name in inside):
                fresh = fresh.renamed(fresh.name + "'")
            inside.add(fresh.name)
            if fresh != index:
                body = substitute(body, {index: fresh})
            limits.append((fresh, lo, hi))
        inner = self.of(body)
        return S.Zero if inner is S.Zero else Sum(inner, *limits)

    def _applied(self, term: Applied) -> Expr:
        parts = []
        for k, argument in enumerate(term.arguments):
            inner = self.of(argument)
            if inner is S.Zero:
                continue
            orders = [int(n) + (j == k) for j, n in enumerate(term.orders)]
            parts.append(times(term.function.derivative(*orders)(*term.arguments), inner))
        return plus(*parts)
