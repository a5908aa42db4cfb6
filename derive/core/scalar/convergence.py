"""Whether an integral exists.

Promise: `exists` says True only where the integral exists, as a proper or improper Riemann integral, at every point
that the context allows; `absolutely` only where that of its modulus does as well. An integrand that is not defined at
isolated points is taken as its normal form there: such points have no weight.
"""

from __future__ import annotations

from functools import lru_cache

import sympy as sp
from sympy import Expr, S

from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import derivative, times
from derive.core.scalar.integrals import between, regular, value
from derive.core.scalar.limits import integrable_at, tends_to_zero
from derive.core.scalar.oracle import SILENT, Oracle
from derive.core.scalar.spans import ENDS, Span, fresh, renamed, span
from derive.core.scalar.tidying import plainly, tidy, waves
from derive.core.scalar.zero import vanishes
from derive.core.terms import Integral

__all__ = ["absolutely", "dominated", "exists"]

MOST_PARTS = 3
MOST_TERMS = 12


@lru_cache(maxsize=2048)
def exists(term: Integral, context: Context, oracle: Oracle = SILENT) -> bool:
    """Known to exist."""
    x = fresh(context, term)
    where = span(x, *term.ends, context)
    try:
        return where is not None and _exists(renamed(term, x), where, oracle, MOST_PARTS)
    except RecursionError:  # a normal form that is too deep
        return False


def absolutely(term: Integral, context: Context) -> bool:
    """Known to converge absolutely."""
    x = fresh(context, term)
    where = span(x, *term.ends, context)
    return where is not None and dominated(tidy(renamed(term, x), where.inner), where)


def _exists(body: Expr, where: Span, oracle: Oracle, parts: int) -> bool:
    f = tidy(body, where.inner)
    if dominated(f, where):
        return True
    if where.order == 0:
        return False
    if regular(f, where.inner, where) and (_by_terms(f, where) or value(f, where, oracle) is not None):
        return True
    return parts > 0 and _in_parts(f, where, oracle, parts)


def dominated(f: Expr, where: Span) -> bool:
    """Absolutely integrable: continuous on the closed stretch, or on the open one and dominated at each end."""
    closed = where.closed
    if closed is not None and regular(f, closed, where):
        return True
    if where.order == 0 or not regular(f, where.inner, where):
        return False
    return _tamed(f, where, where.low) and _tamed(f, where, where.high)


def _tamed(f: Expr, where: Span, end: Expr) -> bool:
    side = 1 if end == where.low else -1
    if integrable_at(f, where.x, end, side, where.inner):
        return True
    plain = plainly(f, where.inner)
    return plain != f and integrable_at(plain, where.x, end, side, where.inner)


def _in_parts(f: Expr, where: Span, oracle: Oracle, parts: int) -> bool:
    """Split at a place between the ends where f may not be continuous."""
    for place in between(oracle.places(f, where.x), where):
        halves = (span(where.x, where.lo, place, where.outer), span(where.x, place, where.hi, where.outer))
        if all(half is not None and _exists(f, half, oracle, parts - 1) for half in halves):
            return True
    return False


# ---------------------------------------------------------------- conditional convergence


def _by_terms(f: Expr, where: Span) -> bool:
    """Each term of the normal form is dominated, or waves, at each end."""
    plain = waves(plainly(f, where.inner))
    terms = plain.args if isinstance(plain, sp.Add) else (plain,)
    if len(terms) > MOST_TERMS or not all(regular(t, where.inner, where) for t in terms):
        return False
    return all(
        _tamed(t, where, end) or _waves(t, where, end) for t in terms for end in (where.low, where.high)
    )


def _waves(f: Expr, where: Span, end: Expr) -> bool:
    """Dirichlet: f = g times sin or cos of a line in x, where g tends to 0 at infinity and g' is dominated there."""
    if end not in ENDS or not isinstance(f, sp.Mul):
        return False
    side = 1 if end == where.low else -1
    for k, wave in enumerate(f.args):
        if not isinstance(wave, (sp.sin, sp.cos)) or not _line(wave.args[0], where):
            continue
        g = times(*f.args[:k], *f.args[k + 1:])
        slope = derivative(g, where.x)
        if slope is not None and tends_to_zero(g, where.x, end, side, where.inner):
            return _tamed(slope, where, end)
    return False


def _line(term: Expr, where: Span) -> bool:
    """Real, linear in x, and not constant."""
    slope = derivative(term, where.x)
    if slope is None or not where.inner.real(term) or not where.inner.nonzero(slope):
        return False
    return where.x not in slope.free_symbols or vanishes(derivative(slope, where.x) or S.One, where.inner)
