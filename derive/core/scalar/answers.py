"""What can be said of the sign of a term from its shape, and the questions that may be asked on the way.

Promise: as for `Context`, which asks.
"""

from __future__ import annotations

from typing import Protocol

import sympy as sp
from sympy import Add, Expr, Integer, Mul, Pow, Rational, S, pi

from derive.core.normal.atoms import Poly
from derive.core.scalar.differentiate import plus, times
from derive.core.scalar.givens import Known
from derive.core.scalar.polysigns import Signs
from derive.core.scalar.regions import Region

__all__ = ["Asked", "minus", "sign_by_shape"]

ODD = (sp.sinh, sp.asinh, sp.tanh, sp.erf, sp.atan, sp.asin, sp.atanh)
"""Real functions with the sign of their argument, where they are real."""

MOST_FACTORS = 8


class Asked(Protocol):
    """The questions of a `Context` that are asked from here."""

    @property
    def known(self) -> Known:
        """The givens, taken apart."""

    def poly(self, term: Expr) -> Poly | None:
        """The normal form."""

    def region(self, term: Expr) -> Region:
        """Where the value lies."""

    def signs(self, *terms: Expr) -> Signs | None:
        """The signs of normal forms."""

    def real(self, term: Expr) -> bool:
        """Known to be real."""

    def integer(self, term: Expr) -> bool:
        """Known to be an integer."""

    def positive(self, term: Expr) -> bool:
        """Known to be > 0."""

    def nonnegative(self, term: Expr) -> bool:
        """Known to be >= 0."""

    def nonzero(self, term: Expr) -> bool:
        """Known not to be 0."""

    def slit(self, term: Expr) -> bool:
        """Known to be off the cut."""


def minus(a: Expr, b: Expr) -> Expr:
    """a - b."""
    return a if b is S.Zero else plus(a, times(S.NegativeOne, b))


def sign_by_shape(term: Expr, context: Asked) -> int | None:
    """1 where it is > 0, 0 where it is >= 0, by what it is made of."""
    match term:
        case Mul() if len(term.args) <= MOST_FACTORS:
            return _product(term, context)
        case Pow():
            return _power(term.base, term.exp, context)
        case sp.exp():
            return 1 if context.real(term.args[0]) else None
        case sp.log() if len(term.args) == 1:
            return _weak(minus(term.args[0], S.One), context)
        case sp.sin():
            return _all_positive(context, term.args[0], minus(pi, term.args[0]))
        case sp.cos():
            half = times(S.Half, pi)
            return _all_positive(context, minus(half, term.args[0]), plus(half, term.args[0]))
        case sp.acos():
            return _weak(minus(S.One, term.args[0]), context) if context.real(term) else None
        case sp.Abs():
            return 1 if context.nonzero(term.args[0]) else 0
    if isinstance(term, ODD) and context.real(term):
        return _weak(term.args[0], context)
    return None


def _weak(term: Expr, context: Asked) -> int | None:
    return 1 if context.positive(term) else 0 if context.nonnegative(term) else None


def _all_positive(context: Asked, *terms: Expr) -> int | None:
    """The least of the signs."""
    total = 1
    for term in terms:
        found = _weak(term, context)
        if found is None:
            return None
        total = min(total, found)
    return total


def _product(term: Mul, context: Asked) -> int | None:
    total, down = 1, False
    for factor in term.args:
        if isinstance(factor, Rational):
            down = down != (factor < 0)
            continue
        size = _weak(factor, context)
        if size is None:
            size, down = _turned(factor, context), not down
        if size is None:
            return None
        total = min(total, size)
    return None if down else total


def _turned(term: Expr, context: Asked) -> int | None:
    """The sign of the negative of what is no product."""
    region = context.region(term)
    if region.real and region.re.nonpositive:
        return 1 if region.re.negative else 0
    if isinstance(term, Add):
        return _weak(plus(*(times(S.NegativeOne, part) for part in term.args)), context)
    if isinstance(term, sp.log) and len(term.args) == 1 and context.real(term):
        return _weak(minus(S.One, term.args[0]), context)
    if isinstance(term, ODD) and not isinstance(term.args[0], Mul) and context.real(term):
        return _turned(term.args[0], context)
    return None


def _power(base: Expr, exponent: Expr, context: Asked) -> int | None:
    if not context.real(exponent):
        return None
    found = 1 if base is S.Exp1 else _weak(base, context)
    if found == 0 and isinstance(exponent, Rational) and exponent < 0:
        return 1
    if found is None and isinstance(exponent, Integer) and int(exponent) % 2 == 0 and context.real(base):
        return 1 if int(exponent) < 0 or context.nonzero(base) else 0
    return found
