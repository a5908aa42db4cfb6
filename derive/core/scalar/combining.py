"""Equations between integrals.

Promise: `close_integrals(difference, context, oracle)` says True only where every integral in the difference is known
to exist, and it is 0 at every point that the context allows and where it is defined. It rests on: linearity over one
span, splitting a span at inner points, reflection, `substitution`, and the values that `integrals` finds. Each is a
theorem about integrals that exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, islice

from sympy import Add, Expr, Integer, Rational, S, Symbol

from derive.core.scalar.branches import constants_equal
from derive.core.scalar.context import Context
from derive.core.scalar.convergence import dominated, exists
from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.gathering import denied, holds_integral, linear_terms, outermost, replaced
from derive.core.scalar.integrals import between, value
from derive.core.scalar.oracle import SILENT, Oracle
from derive.core.scalar.parameters import fresh_name
from derive.core.scalar.spans import ENDS, Span, fresh, renamed, span
from derive.core.scalar.special import equal_special
from derive.core.scalar.substitution import carried
from derive.core.scalar.tidying import minus, negative, plainly, tidy
from derive.core.scalar.zero import equal, vanishes
from derive.core.terms import Domain, Integral, free_names, substitute

__all__ = ["close_integrals"]

MOST_GROUPS = 12
MOST_UNKNOWNS = 8
MOST_PARTS = 8
MOST_MEANS = 5
LONGER = 4
"""How many times as long a mean may be as the body."""
HALF = Rational(1, 2)


@dataclass(frozen=True)
class Group:
    """The integral of a sum of bodies over a span."""

    parts: tuple[Expr, ...]
    where: Span

    @property
    def body(self) -> Expr:
        """The sum."""
        return plus(*self.parts)


@dataclass(frozen=True)
class _Search:
    """What stays the same while an equation is looked at, and the values found so far."""

    x: Symbol
    context: Context
    oracle: Oracle
    known: dict[Group, Expr | None] = field(default_factory=dict)


def close_integrals(difference: Expr, context: Context, oracle: Oracle = SILENT) -> bool:
    """Known to vanish, where its integrals are known to exist."""
    try:
        return _closes(difference, context, oracle)
    except RecursionError:  # a normal form that is too deep
        return False


def _closes(difference: Expr, context: Context, oracle: Oracle) -> bool:
    if not all(exists(integral, context, oracle) for integral in outermost(difference)):
        return False
    x = fresh(context, difference)
    context = context.also(*denied(difference))
    search = _Search(x, context, oracle)
    groups: list[Group] = []
    closed: list[Expr] = []
    for factor, integral in linear_terms(difference):
        where = None if integral is None else span(x, *integral.ends, context)
        if integral is None or where is None:
            closed.append(factor if integral is None else times(factor, integral))
        else:
            groups.append(Group((times(factor, renamed(integral, x)),), where))
    if not any(holds_integral(t) for t in closed):
        return _close(groups, closed, search)
    return _nonlinear(difference, search)


# ---------------------------------------------------------------- linear


def _close(groups: list[Group], closed: list[Expr], search: _Search) -> bool:
    """Whether the groups and what stands beside them add up to nothing."""
    for reshape in (_as_they_are, _turned, _refined, _folded, _turned, _carried_over):
        shaped = reshape(groups, search)
        if shaped == groups and reshape is not _as_they_are:
            continue
        groups = _cancelled(_merged(map(_forwards, shaped), search), search)
        found = _values(groups, search)
        if found is not None and _vanishes([*closed, *found], search):
            return True
        if not groups:
            return False
    return len(groups) == 1 and any(_by_mean(mean, closed, search) for mean in _means(groups[0], search))


def _by_mean(mean: Group, closed: list[Expr], search: _Search) -> bool:
    found = _values([mean], search)
    return found is not None and _vanishes([*closed, *found], search)


def _means(group: Group, search: _Search) -> Iterator[Group]:
    """The mean of the body and what a change of the variable that keeps the span makes of it."""
    body, ends = group.body, (group.where.lo, group.where.hi)
    suggested = search.oracle.substitutions(body, body, search.x, ends, ends)
    for u in islice(chain(_mirrors(group.where), suggested), MOST_MEANS):
        other = carried(body, group.where, u, group.where) if u != search.x else None
        if other is not None:
            both = plus(times(HALF, body), times(HALF, tidy(other, group.where.inner)))
            mean = plainly(both, group.where.inner)
            if vanishes(mean, group.where.inner) or mean.count_ops() <= LONGER * body.count_ops():
                yield Group((mean,), group.where)


def _mirrors(where: Span) -> Iterator[Expr]:
    """The reflection of a finite span at its middle; of (0, oo), at 1."""
    if where.lo not in ENDS and where.hi not in ENDS:
        yield minus(plus(where.lo, where.hi), where.x)
    if (where.lo, where.hi) == (S.Zero, S.Infinity):
        yield power(where.x, S.NegativeOne)


def _as_they_are(groups: list[Group], _: _Search) -> list[Group]:
    return groups


def _values(groups: Iterable[Group], search: _Search) -> list[Expr] | None:
    """The values of all groups, or None."""
    found = []
    for group in groups:
        if group not in search.known:
            search.known[group] = value(group.body, group.where, search.oracle)
        one = search.known[group]
        if one is None:
            return None
        found.append(one)
    return found


def _vanishes(terms: Iterable[Expr], search: _Search) -> bool:
    """Whether terms without integrals add up to nothing."""
    total = plus(*terms)
    if vanishes(total, search.context) or equal_special(total, S.Zero, search.context):
        return True
    return not total.free_symbols and constants_equal(total, S.Zero)


def _forwards(group: Group) -> Group:
    """The same from the lower end to the upper, with a tidy body."""
    where, parts = group.where, tuple(tidy(p, group.where.inner) for p in group.parts)
    if where.order >= 0:
        return Group(parts, where)
    turned = replace(where, lo=where.hi, hi=where.lo, order=1)
    return Group(tuple(times(S.NegativeOne, p) for p in parts), turned)


def _merged(groups: Iterable[Group], search: _Search) -> list[Group]:
    """One group for each span; those whose body vanishes are left out."""
    found: list[Group] = []
    for group in groups:
        for k, other in enumerate(found):
            sign = _relative(group.where, other.where, search.context)
            if sign:
                found[k] = Group((*other.parts, *(times(Integer(sign), p) for p in group.parts)), other.where)
                break
        else:
            found.append(group)
    return [g for g in found if not _empty(g) and not vanishes(g.body, g.where.inner)]


def _empty(group: Group) -> bool:
    return group.where.lo not in ENDS and equal(group.where.lo, group.where.hi, group.where.outer)


def _relative(one: Span, other: Span, context: Context) -> int:
    """1 for the same span, -1 for the same in the other direction, else 0."""
    for sign, (lo, hi) in ((1, (other.lo, other.hi)), (-1, (other.hi, other.lo))):
        if _same(one.lo, lo, context) and _same(one.hi, hi, context):
            return sign
    return 0


def _same(left: Expr, right: Expr, context: Context) -> bool:
    if left in ENDS or right in ENDS:
        return left == right
    return equal(left, right, context)


def _cancelled(groups: list[Group], search: _Search) -> list[Group]:
    """Leave out pairs of groups of which one is the other's negative after a change of the variable."""
    left = list(groups)
    k = 0
    while k < len(left):
        for m in range(k + 1, len(left)):
            if _opposite(left[k], left[m], search) or _opposite(left[m], left[k], search):
                del left[m], left[k]
                break
        else:
            k += 1
    return left


def _opposite(one: Group, other: Group, search: _Search) -> bool:
    return any(
        vanishes(plus(one.body, body), one.where.inner) for body in _images(one, other, search)
    )


def _images(one: Group, other: Group, search: _Search) -> Iterator[Expr]:
    """The other group's integral as bodies over the span of the first."""
    here, there = (one.where.lo, one.where.hi), (other.where.lo, other.where.hi)
    for u in search.oracle.substitutions(one.body, other.body, search.x, here, there):
        body = carried(other.body, one.where, u, other.where)
        if body is not None:
            yield body


# ---------------------------------------------------------------- other shapes


def _refined(groups: list[Group], search: _Search) -> list[Group]:
    """The spans split at each other's ends; those of opposite directions are turned round."""
    ends = [e for g in groups for e in (g.where.lo, g.where.hi) if e not in ENDS]
    found: list[Group] = []
    for group in groups:
        parts = [group]
        for end in ends:
            parts = [half for part in parts for half in _halves(part, end, search)]
        found.extend(parts)
    return found if len(found) <= MOST_GROUPS else groups


def _halves(group: Group, place: Expr, search: _Search) -> list[Group]:
    if not group.where.order or not between([place], group.where):
        return [group]
    ends = ((group.where.lo, place), (place, group.where.hi))
    halves = [span(search.x, lo, hi, search.context) for lo, hi in ends]
    return [group] if None in halves else [Group(group.parts, half) for half in halves if half is not None]


def _folded(groups: list[Group], search: _Search) -> list[Group]:
    """Symmetric spans folded at 0, and spans below 0 reflected."""
    found = []
    for group in groups:
        low, high = group.where.low, group.where.high
        mirrored = substitute(group.body, {search.x: times(S.NegativeOne, search.x)})
        half: Span | None = None
        body: tuple[Expr, ...] = ()
        if group.where.order == 1 and _opposite_ends(low, high, search.context):
            half, body = span(search.x, S.Zero, high, search.context), (group.body, mirrored)
        elif group.where.order == 1 and high not in ENDS and search.context.nonnegative(negative(high)):
            ends = (times(S.NegativeOne, high), S.Infinity if low in ENDS else times(S.NegativeOne, low))
            half, body = span(search.x, *ends, search.context), (mirrored,)
        found.append(group if half is None else Group(body, half))
    return found


def _opposite_ends(low: Expr, high: Expr, context: Context) -> bool:
    if low in ENDS or high in ENDS:
        return (low, high) == (S.NegativeInfinity, S.Infinity)
    return equal(plus(low, high), S.Zero, context)


def _carried_over(groups: list[Group], search: _Search) -> list[Group]:
    """The first two groups that a change of the variable brings together, as one."""
    for k, one in enumerate(groups):
        for other in (g for m, g in enumerate(groups) if m != k):
            for body in _images(one, other, search):
                rest = [g for g in groups if g not in (one, other)]
                return [*rest, Group((*one.parts, body), one.where)]
    return groups


def _turned(groups: list[Group], search: _Search) -> list[Group]:
    """Without the groups in which a change of the variable in one part cancels the others."""
    return [g for g in groups if not any(_turns(g, parts, search) for parts in (g.parts, _split(g)))]


def _split(group: Group) -> tuple[Expr, ...]:
    """The terms of the normal form, where the integral of each is known to exist."""
    body = plainly(group.body, group.where.inner)
    terms = body.args if isinstance(body, Add) and len(body.args) <= MOST_PARTS else ()
    return terms if all(dominated(t, group.where) for t in terms) else ()


def _turns(group: Group, parts: tuple[Expr, ...], search: _Search) -> bool:
    if not 2 <= len(parts) <= MOST_PARTS:
        return False
    for k, part in enumerate(parts):
        rest = Group((*parts[:k], *parts[k + 1:]), group.where)
        if _opposite(rest, Group((part,), group.where), search):
            return True
    return False


def _reflected(group: Group, search: _Search) -> Expr:
    where, x = group.where, search.x
    if where.lo not in ENDS and where.hi not in ENDS:
        return tidy(substitute(group.body, {x: minus(plus(where.lo, where.hi), x)}), where.inner)
    if (where.lo, where.hi) == (S.Zero, S.Infinity):
        turned = substitute(group.body, {x: power(x, S.NegativeOne)})
        return tidy(times(turned, power(x, Integer(-2))), where.inner)
    return group.body


# ---------------------------------------------------------------- not linear


def _nonlinear(difference: Expr, search: _Search) -> bool:
    """Whether it vanishes once integrals have their values, and equal ones are one unknown."""
    known: list[tuple[Integral, Expr]] = []
    values: dict[Expr, Expr] = {}
    every = (difference, *search.context.given, *search.context.names)
    taken = {search.x.name, *(s.name for t in every for s in free_names(t))}
    for k, integral in enumerate(outermost(difference)):
        if k >= MOST_UNKNOWNS:
            return False
        where = span(search.x, *integral.ends, search.context)
        if where is None:
            return False
        found = value(renamed(integral, search.x), where, search.oracle)
        if found is None:
            found = next((name for other, name in known if _equal(integral, other, search)), None)
        if found is None:
            name = fresh_name(search.x.name, Domain("complex"), taken)
            known.append((integral, name))
            found = name
        values[integral] = found
    return _vanishes([replaced(difference, values)], search)


def _equal(one: Integral, other: Integral, search: _Search) -> bool:
    return close_integrals(minus(one, other), search.context, search.oracle)




