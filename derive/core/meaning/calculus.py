"""Limits and products, and what compiles every head of the calculus of one variable.

Promise: each is evaluated as `terms.calculus` says; a limit that certainly does not exist is `Divergent`, one that is
not understood `NotEvaluable`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product
from typing import Any

import sympy as sp
from flint import arb, fmpq
from sympy import Basic, Integer, Pow, S, Symbol

from derive.core.errors import Divergent, NotEvaluable
from derive.core.meaning.derivatives import compile_diff
from derive.core.meaning.endheads import GERMS
from derive.core.meaning.exactly import exactly
from derive.core.meaning.expand import Expander, Place
from derive.core.meaning.extrema import compile_extremum
from derive.core.meaning.frames import LONGEST, Code, Frame, Scope
from derive.core.meaning.heads import HEADS
from derive.core.meaning.improper import limit_value
from derive.core.meaning.inert import sum_, times
from derive.core.meaning.onaxis import OnAxis, compile_on_axis, has_broken
from derive.core.meaning.quadrature import compile_integral, roots_of
from derive.core.meaning.smoothtails import compile_infinite_product
from derive.core.meaning.special import clear_of_cut
from derive.core.meaning.values import ONE, Imprecise, Infinite, Value, compare, multiply
from derive.core.terms import ArgMax, ArgMin, Diff, Integral, Limit, Maximum, Minimum, Product, free_names, subterms

__all__ = ["CALCULUS"]

REACHES = (fmpq(1, 16), fmpq(1, 256), fmpq(1, 2**14))
ORDER = 10


def compile_limit(term: Limit, scope: Scope) -> Code:
    """A closure that gives the limit's value."""
    x = term.variable
    point = scope.code(term.point)
    inner, (slot,) = scope.bind([x])
    inner.code(term.body)  # so that its names have their places
    expander = Expander(x, inner, GERMS)
    branches = None if has_broken(term.body, x) else [inner.code(u) for u in _branching(term.body, x)]

    def single(f: Frame, at: Value) -> bool:
        """Whether the body is one analytic function on both sides of the point."""
        f[slot] = at
        try:
            return branches is not None and all(clear_of_cut(u(f)) for u in branches)
        except NotEvaluable:
            return False

    def one(f: Frame, at: Value, side: int) -> Value:
        known = at if type(at) is fmpq else None if type(at) is Infinite else exactly(
            term.point, lambda t: scope.code(t)(f)
        )
        root = roots_of(term.body, expander, f)
        failure: NotEvaluable = Imprecise("a limit that is not understood")
        for reach in REACHES:
            try:
                return limit_value(expander.run(term.body, Place(at, side, root, ORDER, reach, known), f))
            except Divergent:
                raise
            except NotEvaluable as error:
                failure = error
        raise failure

    def code(f: Frame) -> Value:
        at = point(f)
        if type(at) is Infinite:
            return one(f, at, at.sign)
        if type(at) not in (fmpq, arb):
            raise NotEvaluable("a limit at a complex point")
        if term.direction:
            return one(f, at, term.direction)
        return _both(one(f, at, 1), one(f, at, -1), single=single(f, at))

    return code


def _branching(term: Basic, x: Symbol) -> list[Basic]:
    """What must stay off the negative axis, so that every function in the term is analytic."""
    found: list[Basic] = []
    for t in subterms(term):
        if x not in free_names(t):
            continue
        if isinstance(t, Pow) and not (isinstance(t.args[1], Integer) or x not in free_names(t.args[0])):
            found.append(t.args[0])
        elif isinstance(t, (sp.log, sp.loggamma)):
            found.extend(a for a in t.args if x in free_names(a))
        elif isinstance(t, (sp.asin, sp.acos, sp.atanh, sp.atan, sp.asinh)):
            (u,) = t.args  # 1 - u**2 off the negative axis keeps u off the cuts, and 1 + u**2
            found.append(sum_(1, times(1 if isinstance(t, (sp.atan, sp.asinh)) else -1, u, u)))
        elif isinstance(t, (sp.acosh, sp.acot, sp.asec, sp.acsc, sp.acoth, sp.asech, sp.acsch)):
            found.append(S.NegativeOne)  # never clear
    return found


def _both(above: Value, below: Value, *, single: bool) -> Value:
    """The limit from both sides, where those agree."""
    order = compare(above, below)
    if order == "equal":
        return above
    if order is not None:
        raise Divergent("a limit that differs from both sides")
    if not single:
        raise NotEvaluable("a limit that is not seen to be the same from both sides")
    return above


def _product(term: Product, scope: Scope) -> Code:
    if len(term.limits) != 1:
        index, *rest = term.limits
        return _product(Product(Product(term.bodies[0], index), *rest), scope)
    index, lo, hi = term.limits[0]
    if hi is S.Infinity:
        return compile_infinite_product(term.bodies[0], index, lo, scope)
    return _finite_product(term, index, scope)


def _finite_product(term: Product, index: Symbol, scope: Scope) -> Code:
    lo, hi = (scope.integer(e) for e in term.limits[0][1:])
    inner, (slot,) = scope.bind([index])
    body = inner.code(term.bodies[0])

    def code(f: Frame) -> Value:
        ends = range(lo(f), hi(f) + 1)
        if len(ends) > LONGEST:
            raise NotEvaluable(f"a product of {len(ends)} factors is too long")
        found: Value = ONE
        for k in ends:
            f[slot] = k
            found = multiply(found, body(f))
        return found

    return code


def _greatest(term: Maximum | Minimum, scope: Scope) -> Code:
    pick: Callable[..., Value] = HEADS[sp.Max if isinstance(term, Maximum) else sp.Min]
    limits = [[scope.integer(e) for e in limit[1:]] for limit in term.limits]
    inner, slots = scope.bind([limit[0] for limit in term.limits])
    body = inner.code(term.bodies[0])

    def code(f: Frame) -> Value:
        ranges = [range(lo(f), hi(f) + 1) for lo, hi in limits]
        if not all(ranges) or math.prod(map(len, ranges)) > LONGEST:
            raise NotEvaluable("the greatest or least of no value, or of too many")
        found = []
        for place in product(*ranges):
            for slot, k in zip(slots, place, strict=True):
                f[slot] = k
            found.append(body(f))
        return pick(*found)

    return code


CALCULUS: dict[type, Callable[[Any, Scope], Code]] = {
    Integral: compile_integral,
    Diff: compile_diff,
    Limit: compile_limit,
    Product: _product,
    Maximum: _greatest,
    Minimum: _greatest,
    OnAxis: compile_on_axis,
    ArgMin: compile_extremum,
    ArgMax: compile_extremum,
}
"""How each head is compiled."""
