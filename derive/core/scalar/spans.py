"""Stretches of the real line that are integrated over, and the bound variable on them.

Promise: `span` knows the order of its ends, or says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Basic, Expr, S, Symbol
from sympy.core.relational import Ge, Le

from derive.core.scalar.context import Context
from derive.core.scalar.tidying import minus
from derive.core.terms import Binder, Domain, Integral, Scalar, domain_of, free_names, substitute, subterms

__all__ = ["ENDS", "Span", "fresh", "renamed", "span"]

REAL = Domain("real")


@dataclass(frozen=True)
class Span:
    """From lo to hi, in the direction of the integral.

    `inner` knows of x what the open stretch allows. With `order` 1, lo < hi; with -1, hi < lo; with 0 the ends are
    not known to differ: `inner` then holds for the closed stretch, or for the whole line.
    """

    x: Symbol
    lo: Expr
    hi: Expr
    order: int
    inner: Context
    outer: Context

    @property
    def low(self) -> Expr:
        """The lower end."""
        return self.lo if self.order >= 0 else self.hi

    @property
    def high(self) -> Expr:
        """The upper end."""
        return self.hi if self.order >= 0 else self.lo

    @property
    def closed(self) -> Context | None:
        """What the closed stretch allows of x, where both ends are finite."""
        infinite = self.order and (_infinite(self.low) or _infinite(self.high))
        return None if infinite else self.reached

    @property
    def reached(self) -> Context:
        """What the stretch with those of its ends that are finite allows of x."""
        if self.order == 0:
            return self.inner
        found = self.outer
        if not _infinite(self.low):
            found = found.also(Ge(self.x, self.low, evaluate=False))
        return found if _infinite(self.high) else found.also(Le(self.x, self.high, evaluate=False))


def _infinite(end: Expr) -> bool:
    return bool(end.has(S.Infinity, S.NegativeInfinity))


def _closed(x: Symbol, lo: Expr, hi: Expr, context: Context) -> Context:
    return context.also(Ge(x, lo, evaluate=False), Le(x, hi, evaluate=False))


def span(x: Symbol, lo: Expr, hi: Expr, context: Context) -> Span | None:
    """The span from lo to hi; None where an end is not known to be real."""
    if x in lo.free_symbols | hi.free_symbols or domain_of(x) != REAL:
        return None
    low, high = (lo if lo in ENDS else None), (hi if hi in ENDS else None)
    if not all(e in ENDS or (not _infinite(e) and context.real(e)) for e in (lo, hi)):
        return None
    if (low is S.NegativeInfinity and high is not S.NegativeInfinity) or (high is S.Infinity and low is not S.Infinity):
        return Span(x, lo, hi, 1, context.within(x, lo, hi), context)
    if low is not None or high is not None:
        return None if lo == hi else Span(x, lo, hi, -1, context.within(x, hi, lo), context)
    if context.positive(minus(hi, lo)):
        return Span(x, lo, hi, 1, context.within(x, lo, hi), context)
    if context.positive(minus(lo, hi)):
        return Span(x, lo, hi, -1, context.within(x, hi, lo), context)
    if context.nonnegative(minus(hi, lo)):
        return Span(x, lo, hi, 0, _closed(x, lo, hi, context), context)
    if context.nonnegative(minus(lo, hi)):
        return Span(x, lo, hi, 0, _closed(x, hi, lo, context), context)
    return Span(x, lo, hi, 0, context, context)


ENDS = (S.Infinity, S.NegativeInfinity)


# ---------------------------------------------------------------- the bound variable


def fresh(context: Context, *terms: Basic) -> Scalar:
    """A real variable under a name that stands nowhere in these terms or in what is known."""
    every = (*terms, *context.given, *context.names)
    taken = {s.name for t in every for u in subterms(t) for s in _names(u)}
    name = "x'"
    while name in taken:
        name += "'"
    return Scalar(name, REAL)


def _names(term: Basic) -> Iterator[Symbol]:
    if isinstance(term, Binder):
        yield from term.bound_symbols
    if isinstance(term, Symbol):
        yield term
        yield from free_names(term)


def renamed(term: Integral, x: Symbol) -> Expr:
    """The body over another variable."""
    found: Expr = substitute(term.body, {term.variable: x})
    return found
