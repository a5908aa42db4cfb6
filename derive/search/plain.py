"""Between our terms and SymPy's own: names become plain symbols for a search, and come back after it.

Promise: none; this is outside of the trusted code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy as sp
from sympy import Basic, Expr, Symbol

from derive.core.terms import Index, Scalar, domain_of
from derive.core.terms.domains import assumptions_of

__all__ = ["Plain", "branches", "usable"]

KNOWN = (
    sp.Add, sp.Mul, sp.Pow, sp.exp, sp.log, sp.sin, sp.cos, sp.tan, sp.cot, sp.sec, sp.csc, sp.sinh, sp.cosh, sp.tanh,
    sp.coth, sp.asin, sp.acos, sp.atan, sp.asinh, sp.acosh, sp.atanh, sp.acot, sp.erf, sp.erfc, sp.Abs, sp.sign,
    sp.Symbol, sp.Rational, sp.NumberSymbol, type(sp.I), sp.gamma, sp.loggamma, sp.polygamma, sp.digamma, sp.zeta,
    sp.factorial,
)
"""Heads that a suggestion may have: those that have a derivative in core."""


@dataclass(frozen=True)
class Plain:
    """One translation: our names and the symbols that stand for them."""

    there: dict[Basic, Symbol]

    @classmethod
    def of(cls, *terms: Expr, positive: frozenset[Symbol] = frozenset()) -> Plain:
        """A translation of the names in some terms; those in `positive` are taken to be so."""
        names = sorted({s for t in terms for s in t.free_symbols if isinstance(s, (Scalar, Index))}, key=str)
        found = {}
        for k, name in enumerate(names):
            known = {"integer": True} if isinstance(name, Index) else assumptions_of(domain_of(name))
            found[name] = Symbol(f"v{k}", **({"positive": True} if name in positive else known))
        return cls(found)

    def to(self, term: Expr) -> Expr:
        """The term over plain symbols, evaluated as SymPy likes it."""
        return _evaluated(term, self.there)

    def back(self, term: Expr) -> Expr:
        """The term over our names."""
        found: Expr = term.xreplace({plain: name for name, plain in self.there.items()})
        return found


def _evaluated(term: Basic, there: dict[Basic, Symbol]) -> Expr:
    if term in there:
        return there[term]
    if not term.args:
        return term
    found: Expr = term.func(*(_evaluated(a, there) for a in term.args))
    return found


def usable(term: Basic) -> bool:
    """Whether it has no head that core has no derivative of."""
    return all(isinstance(t, KNOWN) for t in sp.preorder_traversal(term))


def branches(term: Expr) -> Iterator[Expr]:
    """The term, with each choice of a branch of the Piecewise terms in it; the generic one first."""
    cases = sorted(term.atoms(sp.Piecewise), key=sp.count_ops)
    if not cases:
        yield term
        return
    first = cases[0]
    for body, _ in first.args[:3]:
        yield from branches(term.xreplace({first: body}))
