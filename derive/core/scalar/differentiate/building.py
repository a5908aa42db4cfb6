"""Sums, products and powers as they stand, with what is trivial done.

Promise: each has the value of what is written, wherever that is defined.
"""

from __future__ import annotations

from typing import Any

from sympy import Add, Expr, Integer, Mul, Pow, Rational, S

__all__ = ["plus", "power", "times"]


def plus(*terms: Expr) -> Expr:
    """The sum, with its rational numbers and its equal terms added up."""
    found: dict[Expr, Rational] = {}
    for term in _flat(Add, terms):
        coefficient, rest = _split(term)
        if rest.is_number and not _finite(rest):
            return Add(*terms, evaluate=False)
        found[rest] = found.get(rest, S.Zero) + coefficient
    kept = [times(c, rest) for rest, c in found.items() if c is not S.Zero]
    return Add(*kept, evaluate=False) if len(kept) > 1 else kept[0] if kept else S.Zero


def times(*factors: Expr) -> Expr:
    """The product, with its rational numbers multiplied, and i*i = -1; 0 where a factor is."""
    flat = list(_flat(Mul, factors))
    number: Rational = S.One
    kept: list[Expr] = []
    for f in flat:
        if isinstance(f, Rational):
            number = number * f
        elif f is S.ImaginaryUnit and f in kept:
            kept.remove(f)
            number = -number
        else:
            kept.append(f)
    if number is S.Zero:
        return S.Zero
    if number is not S.One:
        kept.insert(0, number)
    return Mul(*kept, evaluate=False) if len(kept) > 1 else kept[0] if kept else S.One


def power(base: Expr, exponent: Expr) -> Expr:
    """The power, as it stands; computed for a small whole power of a rational."""
    if exponent is S.One:
        return base
    if exponent is S.Zero or base is S.One:
        return S.One
    if isinstance(base, Rational) and isinstance(exponent, Integer) and base is not S.Zero and abs(exponent) <= 64:
        return base**exponent
    return Pow(base, exponent, evaluate=False)


def _flat(head: Any, terms: tuple[Expr, ...]) -> list[Expr]:
    return [a for t in terms for a in (_flat(head, t.args) if isinstance(t, head) else [t])]


def _split(term: Expr) -> tuple[Rational, Expr]:
    """A term as a rational number times the rest."""
    if isinstance(term, Rational):
        return term, S.One
    if isinstance(term, Mul):
        found = times(term)
        if isinstance(found, Rational):
            return found, S.One
        if isinstance(found, Mul) and isinstance(found.args[0], Rational):
            return found.args[0], times(*found.args[1:])
        return S.One, found
    return S.One, term


def _finite(number: Expr) -> bool:
    return not number.has(S.Infinity, S.NegativeInfinity, S.ComplexInfinity, S.NaN)


