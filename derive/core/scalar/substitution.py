"""Changes of the variable of integration.

Promise: `carried(g, where, u, target)` is a body h with: the integral of g over the target span equals that of h over
`where`, either existing where the other does. Two theorems are used, for a real u(x), continuously differentiable on
the open stretch, that tends to the ends of the target at the ends of `where`:

- u is strictly monotone (u' has one sign): the improper integrals of g and of g(u(x)) u'(x) are one;
- g is continuous on the whole line, and u smooth on the closed stretch: u may turn round.

u is to be defined for all parameters that the context allows.
"""

from __future__ import annotations

from sympy import Expr, S

from derive.core.scalar.analytic import continuous, smooth
from derive.core.scalar.differentiate import derivative, times
from derive.core.scalar.limits import limit
from derive.core.scalar.spans import ENDS, Span
from derive.core.scalar.tidying import total
from derive.core.scalar.zero import equal
from derive.core.terms import substitute

__all__ = ["carried", "image"]


def image(u: Expr, where: Span) -> tuple[Expr, Expr] | None:
    """Where u tends to at the two ends, from within."""
    reached = continuous(u, where.x, where.reached)
    found = []
    for end in (where.lo, where.hi):
        if end not in ENDS and reached:
            found.append(substitute(u, {where.x: end}))
            continue
        if where.order == 0:
            return None
        one = limit(u, where.x, end, -1 if end == where.high else 1, where.inner)
        if one is None:
            return None
        found.append(one)
    return found[0], found[1]


def carried(g: Expr, where: Span, u: Expr, target: Span) -> Expr | None:
    """The body over `where` that has the integral of g over the target, or None."""
    x, known = where.x, where.inner
    if x not in u.free_symbols:
        return None
    ends = image(u, where)
    if ends is None:
        return None
    sign = _matched(ends, target)
    slope = derivative(u, x) if sign else None
    if slope is None or not smooth(u, x, known) or not known.real(u) or not total(u, known):
        return None
    if not _monotone(slope, where) and not _tame(g, u, where):
        return None
    return times(S.One if sign > 0 else S.NegativeOne, substitute(g, {x: u}), slope)


def _matched(ends: tuple[Expr, Expr], target: Span) -> int:
    """1 where these are the ends of the target, -1 where they are in the other order, 0 where neither is known."""
    for sign, (lo, hi) in ((1, (target.lo, target.hi)), (-1, (target.hi, target.lo))):
        if _same(ends[0], lo, target) and _same(ends[1], hi, target):
            return sign
    return 0


def _same(left: Expr, right: Expr, target: Span) -> bool:
    if left in ENDS or right in ENDS:
        return left == right
    return equal(left, right, target.outer)


def _monotone(slope: Expr, where: Span) -> bool:
    """Whether u' is known to have one sign; a constant one is good on spans of unknown direction as well."""
    if where.order == 0 and where.x in slope.free_symbols:
        return False
    return where.inner.positive(slope) or where.inner.positive(times(S.NegativeOne, slope))


def _tame(g: Expr, u: Expr, where: Span) -> bool:
    closed = where.closed
    if closed is None or not smooth(u, where.x, closed):
        return False
    return continuous(g, where.x, where.outer)
