"""Integrals as a variable in them tends to 0: in an end, or in the body.

Promise: as for `expansions`; the error tends to 0, at a rate that is not known. The theorems used: an integral that
exists is the limit of those over shorter stretches; and dominated convergence, with a bound as in `parameters`.
"""

from __future__ import annotations

from sympy import Expr, S

from derive.core.scalar.approach import asked
from derive.core.scalar.coefficients import is_zero
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, times, visibly_real
from derive.core.scalar.expansions import Expander
from derive.core.scalar.orders import VAGUE, Series, TooShort, Unclear, exact, growth
from derive.core.scalar.parameters import Bounds, absolutely_integrable, fresh_name
from derive.core.terms import Integral, domain_of, free_names, subterms

__all__ = ["moving_integral"]


def moving_integral(term: Integral, expander: Expander) -> Series:
    """The integral at the limit, and an error that tends to 0."""
    y, (lo, hi) = term.variable, term.ends
    t, context = expander.t, expander.context
    if not visibly_real(y):
        raise Unclear
    if t in term.body.free_symbols:
        if t in lo.free_symbols | hi.free_symbols:
            raise Unclear
        return _dominated(term, expander)
    (low, from_low), (high, from_high) = (_end(e, expander) for e in (lo, hi))
    known = context.without(y)
    gap = None if {low, high} & {S.Infinity, S.NegativeInfinity} else plus(high, times(S.NegativeOne, low))
    if gap is not None and context.positive(times(S.NegativeOne, gap)):
        inside = from_low <= 0 <= from_high and absolutely_integrable(term.body, y, high, low, known)
    else:
        upwards = low is not S.Infinity and high is not S.NegativeInfinity
        ordered = upwards if gap is None else context.positive(gap)
        inside = ordered and from_low >= 0 >= from_high and absolutely_integrable(term.body, y, low, high, known)
    if not inside:
        raise Unclear
    whole = Integral(term.body, (y, low, high))
    return Series(exact(whole).terms, (VAGUE,), context.real(term.body))


def _end(end: Expr, expander: Expander) -> tuple[Expr, int]:
    """Where an end tends to, and from which side; 0 where it does not move."""
    if expander.t not in end.free_symbols:
        return end, 0
    series = expander(end)
    limit = expander.settled(series)
    if limit is None:
        sign = expander.far(series)
        return (S.Infinity if sign > 0 else S.NegativeInfinity), -sign
    return limit[0], expander.sign(limit[1])


def _dominated(term: Integral, expander: Expander) -> Series:
    """Where the body tends to 0, or to a term free of t, at every point between the ends."""
    t, y, (lo, hi) = expander.t, term.variable, term.ends
    known = expander.context.without(y)
    gap = plus(hi, times(S.NegativeOne, lo))
    if lo is not S.NegativeInfinity and hi is not S.Infinity and not known.positive(gap):
        raise Unclear
    within = known.within(y, lo, hi)
    value = asked(term.body, t, S.Zero, 1, within, _limit)
    taken = {s.name for part in subterms(term) for s in free_names(part)} | {s.name for s in within.names}
    taken |= {s.name for g in within.given for s in g.free_symbols} | {y.name, t.name}
    end = fresh_name(t.name, domain_of(t), taken)
    bounds = Bounds(t, y, (end,), within, upwards=True).of(term.body)
    if value is None or bounds is None:
        raise Unclear
    if not all(absolutely_integrable(b, y, lo, hi, known) for b in (term.body, value, *bounds)):
        raise Unclear
    whole = exact(S.Zero if value is S.Zero else Integral(value, (y, lo, hi)))
    return Series(whole.terms, (VAGUE,), expander.context.real(term.body))


def _limit(series: Series, context: Context) -> Expr | None:
    found: Expr = S.Zero
    for scale, c in series.terms.items():
        if scale.trivial:
            found = c
        elif growth(scale, context) != -1 and not is_zero(c, context):
            raise Unclear
    if any(growth(e, context) != -1 for e in series.errors):
        raise TooShort
    return found
