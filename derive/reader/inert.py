"""Pieces of terms, inert.

Promise: what is built has the value of what is written; nothing is evaluated but the sign of a literal, and one whole
number over another in lowest terms.
"""

from __future__ import annotations

from math import gcd
from typing import Any

import sympy as sp
from sympy import Basic, Expr, Integer, Mul, Pow, Rational, S
from sympy.logic.boolalg import Boolean

from derive.core.terms import Domain, Index, Scalar, children_in_scope

__all__ = ["continuous", "divided", "logic", "negated", "own_index", "product", "size", "with_sign"]


def product(factors: list[Expr]) -> Expr:
    """The product, where there is more than one factor."""
    return factors[0] if len(factors) == 1 else Mul(*factors, evaluate=False)


def with_sign(factors: list[Expr], *, written: bool) -> list[Expr]:
    """The factors of the opposite number; the sign joins a literal that leads them."""
    first, *rest = factors
    if written and isinstance(first, Rational) and first > 0:
        return [-first, *rest]
    return [S.NegativeInfinity] if factors == [S.Infinity] else [S.NegativeOne, *factors]


def divided(factors: list[Expr], by: Expr) -> list[Expr]:
    """The factors with one more divisor; whole numbers in lowest terms make one fraction."""
    *rest, last = factors
    if isinstance(by, Integer) and abs(by) > 1:
        if isinstance(last, Integer) and not rest and gcd(int(last), int(by)) == 1:
            return [Rational(int(last), int(by))]
        return [*factors, Rational(1, int(by))]
    divisor = Pow(by, S.NegativeOne, evaluate=False)
    return [divisor] if factors == [S.One] else [*factors, divisor]


def logic(head: Any, conditions: list[Boolean]) -> Boolean:
    """The conditions joined, without True and False; SymPy's own constructors rewrite what they are given."""
    neutral, decides = (sp.true, sp.false) if head is sp.And else (sp.false, sp.true)
    kept = [c for c in conditions if c is not neutral]
    if decides in kept or not kept:
        return decides if kept else neutral
    return kept[0] if len(kept) == 1 else Basic.__new__(head, *kept)


def negated(condition: Boolean) -> Boolean:
    """The opposite condition."""
    if condition in (sp.true, sp.false):
        return sp.false if condition is sp.true else sp.true
    return sp.Not(condition, evaluate=False)


def own_index(name: str, lo: Expr, hi: Expr) -> Index:
    """An index that its head declares: the mark in its sort says so to the printers."""
    return Index(name, lo, hi, f"{name}=")


def continuous(name: str, *ends: Expr) -> Scalar:
    """A variable of an integral or a limit: real, unless an end is visibly complex."""
    return Scalar(name, Domain("complex" if any(map(_complex, ends)) else "real"))


def size(term: Basic, seen: dict[Basic, int] | None = None) -> int:
    """The number of pieces of a term, of which some may be shared."""
    known = {} if seen is None else seen
    if term not in known:
        known[term] = 1 + sum(size(arg, known) for arg in term.args)
    return known[term]


def _complex(term: Basic) -> bool:
    if term is S.ImaginaryUnit or (isinstance(term, Scalar) and term.domain.field == "complex"):
        return True
    return not isinstance(term, (sp.Abs, sp.re, sp.im, sp.arg)) and any(map(_complex, children_in_scope(term)))
