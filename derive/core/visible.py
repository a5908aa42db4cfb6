"""What can be seen of a term's sign as its author wrote it, without any given.

Promise: `visible(term)` is an interval that holds the term's value wherever it is defined, for all values of its names
in their domains; None where it may not be real. Squares that a normal form would multiply out are still seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache

from flint import fmpq
from sympy import Abs, Add, Expr, Mul, NumberSymbol, Pow, Rational, S, Symbol, exp, log

from derive.core.bounds import Bounds, point
from derive.core.facts import REAL
from derive.core.terms import (
    Applied,
    Defined,
    Definition,
    Delta,
    Entry,
    Index,
    Maximum,
    Minimum,
    Prob,
    Slope,
    Sum,
    domain_of,
    free_names,
)

__all__ = ["definition_bounds", "visible"]

Known = Mapping[Symbol, Bounds]
UNIT = Bounds(fmpq(0), fmpq(1), lo_open=False, hi_open=False)


@lru_cache(maxsize=1024)
def definition_bounds(definition: Definition) -> Bounds | None:
    """An interval that holds a definition's values at all real arguments."""
    return visible(definition.body, {parameter: Bounds() for parameter in definition.parameters})


def visible(term: Expr, known: Known | None = None) -> Bounds | None:
    """The interval; `known` are those of symbols that stand for something else than they say."""
    inside = known or {}
    match term:
        case Rational():
            return point(fmpq(int(term.p), int(term.q)))
        case NumberSymbol():
            return Bounds(fmpq(0), None)
        case Symbol():
            return inside[term] if term in inside else _symbol(term, inside)
        case Add():
            return _folded(term, inside, Bounds.__add__)
        case Mul():
            return _folded(term, inside, Bounds.times)
        case Pow():
            base, exponent = term.args
            return _power(base, exponent, inside)
        case Sum():
            return _sum(term, inside)
        case Entry():
            return Bounds() if all(visible(i, inside) is not None for i in term.indices) else None
        case Defined():
            return _defined(term, inside)
        case Applied():
            return Bounds() if all(visible(a, inside) is not None for a in term.arguments) else None
        case Delta() | Prob():
            return UNIT
        case Maximum() | Minimum():
            return visible(term.bodies[0], inside)
        case Slope():
            return None if visible(term.body, inside) is None else Bounds()
    return _function(term, inside)


def _symbol(symbol: Symbol, known: Known) -> Bounds | None:
    if isinstance(symbol, Index):
        lo = visible(symbol.lo, known) if symbol.lo is not S.NegativeInfinity else None
        hi = visible(symbol.hi, known) if symbol.hi is not S.Infinity else None
        return Bounds(
            lo.lo if lo else None, hi.hi if hi else None, lo.lo_open if lo else True, hi.hi_open if hi else True
        )
    domain = domain_of(symbol)
    if domain.field == "complex":
        return None
    lo, hi = (None if end is None else fmpq(int(end.p), int(end.q)) for end in (domain.lo, domain.hi))
    at_lo = domain.lo_open or lo is None or (domain.nonzero and lo == 0)
    at_hi = domain.hi_open or hi is None or (domain.nonzero and hi == 0)
    return Bounds(lo, hi, at_lo, at_hi)


def _folded(term: Expr, known: Known, join: Callable[[Bounds, Bounds], Bounds]) -> Bounds | None:
    total: Bounds | None = None
    for arg in term.args:
        one = visible(arg, known)
        if one is None:
            return None
        total = one if total is None else join(total, one)
    return total


def _power(base: Expr, exponent: Expr, known: Known) -> Bounds | None:
    above = visible(exponent, known)
    if base is S.Exp1:
        return None if above is None else Bounds(fmpq(0), None)
    below = visible(base, known)
    if below is None or above is None:
        return None
    if isinstance(exponent, Rational):
        whole = int(exponent.p) if exponent.q == 1 else Fraction(int(exponent.p), int(exponent.q))
        return below.power(whole) if isinstance(whole, int) or below.nonnegative else None
    return Bounds(fmpq(0), None) if below.positive else None


def _sum(term: Sum, known: Known) -> Bounds | None:
    inner = dict(known)
    full = True
    for index, lo, hi in term.limits:
        low, high = visible(lo, known), None if hi is S.Infinity else visible(hi, known)
        if low is None or (high is None and hi is not S.Infinity):
            return None
        inner[index] = Bounds(low.lo, high.hi if high else None, low.lo_open, high.hi_open if high else True)
        full = full and (high is None or (low.hi is not None and high.lo is not None and low.hi <= high.lo))
    body = visible(term.bodies[0], inner)
    if body is None:
        return None
    if body.nonnegative:
        return Bounds(fmpq(0), None, lo_open=body.positive and full)
    return Bounds()


def _defined(term: Defined, known: Known) -> Bounds | None:
    if any(visible(a, known) is None for a in term.arguments):
        return None
    around = {k: v for k, v in known.items() if k not in term.head.parameters and k in free_names(term.head.body)}
    if not around:
        return definition_bounds(term.head)
    return visible(term.head.body, {**around, **dict.fromkeys(term.head.parameters, Bounds())})


def _function(term: Expr, known: Known) -> Bounds | None:
    if len(term.args) != 1:
        return None
    inner = visible(term.args[0], known)
    if inner is None:
        return None
    if isinstance(term, exp):
        return Bounds(fmpq(0), None)
    if isinstance(term, Abs):
        return Bounds(fmpq(0), None, inner.excludes_zero)
    if isinstance(term, log):
        return Bounds() if inner.positive else None
    return REAL.get(type(term).__name__)
