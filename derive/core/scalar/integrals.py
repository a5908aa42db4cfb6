"""The value of a definite integral.

Promise: `definite` is the value of the integral at every point that the context allows, and where it answers, the
integral exists there: as a proper or improper Riemann integral, with finitely many places where it is improper.

The theorem used: where F is continuous on an open interval, F' = f there but for isolated points, and f is continuous
there, the integral of f exists exactly if F has limits at both ends, and is their difference. F and the value have to
be defined for all parameters that the context allows: x^(n+1)/(n+1) is nothing for n = -1, where the integral is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sympy import Add, Expr, S, Symbol

from derive.core.scalar.analytic import continuous
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import derivative, plus
from derive.core.scalar.limits import limit
from derive.core.scalar.named_integrals import named
from derive.core.scalar.oracle import SILENT, Oracle
from derive.core.scalar.spans import Span, fresh, renamed, span
from derive.core.scalar.tidying import bare, minus, plainly, tidy, total
from derive.core.scalar.zero import equal, vanishes
from derive.core.terms import Integral, substitute, subterms

__all__ = ["definite", "regular", "value"]

MOST_PARTS = 3
MOST_TERMS = 6


def definite(term: Integral, context: Context, oracle: Oracle = SILENT) -> Expr | None:
    """The value of an integral, or None."""
    x = fresh(context, term)
    where = span(x, *term.ends, context)
    try:
        return None if where is None else value(renamed(term, x), where, oracle)
    except RecursionError:  # a normal form that is too deep
        return None


def value(f: Expr, where: Span, oracle: Oracle, parts: int = MOST_PARTS) -> Expr | None:
    """The value of the integral of f over a span, or None."""
    f = tidy(f, where.inner)
    if vanishes(f, where.inner) and regular(f, where.inner, where):
        return S.Zero
    if where.lo == where.hi:
        return S.Zero
    found = named(f, where)
    if found is not None and total(found, where.outer):
        return found
    if regular(f, where.inner, where):
        plain = plainly(f, where.inner)
        if not total(plain, where.inner):  # it may have a denominator that f has not
            plain = f
        for candidate in oracle.antiderivatives(plain, where.x):
            found = difference(plain, candidate, where)
            if found is not None:
                return found
        found = _by_terms(plain, where, oracle, parts)
        if found is not None:
            return found
    return _in_parts(f, where, oracle, parts) if parts and where.order else None


def _by_terms(f: Expr, where: Span, oracle: Oracle, parts: int) -> Expr | None:
    """The sum of the values of the terms, where each has one; then each exists."""
    if not isinstance(f, Add) or len(f.args) > MOST_TERMS:
        return None
    values = []
    for term in f.args:
        one = value(term, where, oracle, min(parts, 1))
        if one is None:
            return None
        values.append(one)
    return plus(*values)


def regular(f: Expr, context: Context, where: Span) -> bool:
    """Known to be continuous there, but for isolated points where its normal form is continuous."""
    if continuous(f, where.x, context):
        return True
    return bare(f) and continuous(plainly(f, context), where.x, context)


def difference(f: Expr, antiderivative: Expr, where: Span) -> Expr | None:
    """F at the upper end less F at the lower, where F is an antiderivative of f that is good on the whole span."""
    known = where.inner
    slope = derivative(antiderivative, where.x)
    if slope is None or not equal(slope, f, known) or not _stands(antiderivative, f, where):
        return None
    closed = where.closed
    if closed is not None and continuous(antiderivative, where.x, closed):
        top, bottom = (substitute(antiderivative, {where.x: end}) for end in (where.hi, where.lo))
        return minus(top, bottom)
    if where.order == 0 or not continuous(antiderivative, where.x, known):
        return None
    top, bottom = (_edge(antiderivative, end, where) for end in (where.hi, where.lo))
    return None if top is None or bottom is None else minus(top, bottom)


def _stands(antiderivative: Expr, f: Expr, where: Span) -> bool:
    """Whether what is constant in it is known to be defined, or stands in f: of the integral of x^n, 1/(n + 1)."""
    written = set(subterms(f))
    return all(total(part, where.outer) for part in _constants(antiderivative, where.x) if part not in written)


def _constants(term: Expr, x: Symbol) -> Iterator[Expr]:
    """The greatest parts that are free of x."""
    if x not in term.free_symbols:
        yield term
        return
    for arg in term.args:
        if isinstance(arg, Expr):
            yield from _constants(arg, x)


def _edge(term: Expr, end: Expr, where: Span) -> Expr | None:
    """The limit at an end from within, where it is finite."""
    found = limit(term, where.x, end, -1 if end == where.high else 1, where.inner)
    return None if found is None or found.has(S.Infinity, S.NegativeInfinity, S.ComplexInfinity) else found


def _in_parts(f: Expr, where: Span, oracle: Oracle, parts: int) -> Expr | None:
    """The sum over two stretches, split at a place between the ends where f may not be smooth."""
    for place in between(oracle.places(f, where.x), where):
        halves = (span(where.x, where.lo, place, where.outer), span(where.x, place, where.hi, where.outer))
        values: list[Expr] = []
        for half in halves:
            found = None if half is None else value(f, half, oracle, parts - 1)
            if found is None:
                break
            values.append(found)
        if len(values) == len(halves):
            return plus(*values)
    return None


def between(places: Iterable[Expr], where: Span) -> list[Expr]:
    """The places that are known to lie strictly between the ends."""
    known = where.outer
    found = []
    for place in places:
        if where.x in place.free_symbols or not known.real(place):
            continue
        low, high = where.low is S.NegativeInfinity, where.high is S.Infinity
        if (low or known.positive(minus(place, where.low))) and (high or known.positive(minus(where.high, place))):
            found.append(place)
    return found
