"""Generalised hypergeometric functions.

Promise: the value of a series that terminates, or of one with at most one more parameter above than below, continued
with a cut along [1, oo). On the cut, but for a sum at 1 that converges, and for a lower parameter that is an integer
below 1, there is none (`NotEvaluable`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp
from flint import acb, fmpq
from sympy import Basic, S

from derive.core.errors import Divergent, NotEvaluable
from derive.core.meaning.frames import Code, Frame, Scope
from derive.core.meaning.inert import call, pow_, sum_, times
from derive.core.meaning.special import clear_of_cut, is_integer, real_where
from derive.core.meaning.values import (
    ONE,
    Imprecise,
    Infinite,
    Pole,
    Value,
    add,
    ball,
    complex_ball,
    divide,
    is_zero,
    multiply,
    subtract,
)
from derive.core.terms import Index, Sum

__all__ = ["compile_hyper"]

LONGEST = 300
LARGEST = 1_000


def compile_hyper(term: Any, scope: Scope) -> Code:
    """A closure that gives the function's value; args are the upper parameters, the lower ones, and the argument."""
    above, below = ([scope.code(a) for a in parameters] for parameters in term.args[:2])
    at = scope.code(term.args[2])

    on_circle = scope.code(_series(term)) if len(above) == len(below) + 1 > 2 else None

    def code(f: Frame) -> Value:
        tops, bottoms, z = [a(f) for a in above], [b(f) for b in below], at(f)
        poles = any(_is_pole(v) for v in (*tops, *bottoms))
        if on_circle is not None and type(z) is fmpq and z in (1, -1) and not poles:
            return _summed(on_circle, f)
        return _hyper(tops, bottoms, z)

    return code


def _summed(series: Code, f: Frame) -> Value:
    """The sum, where it converges; elsewhere the function may have a value all the same."""
    try:
        found = series(f)
    except Divergent as error:
        raise NotEvaluable(str(error)) from None
    if type(found) is Infinite:
        raise NotEvaluable("a hypergeometric series that diverges")
    return found


def _series(term: Any) -> Basic:
    """The series as a sum, for parameters none of which is an integer below 1."""
    above, below, z = term.args
    k = Index("series k", 0, S.Infinity)  # a name that nobody can give
    over, under = ([call(sp.gamma, sum_(p, k)) for p in ps] for ps in (above, below))
    body = times(pow_(z, k), *over, *(pow_(u, -1) for u in under), pow_(call(sp.factorial, k), -1))
    norm = [*(call(sp.gamma, b) for b in below), *(pow_(call(sp.gamma, a), -1) for a in above)]
    return times(*norm, Sum(body, k))


def _is_pole(value: Value) -> bool:
    """Whether it is an exact integer that is at most 0."""
    return is_integer(value) and bool(value <= 0)


def _hyper(above: Sequence[Value], below: Sequence[Value], z: Value) -> Value:
    if any(type(v) is Infinite or not abs(ball(v)) < LARGEST for v in (*above, *below, z)):
        raise NotEvaluable("a hypergeometric function of large values")
    if any(_is_pole(b) for b in below):
        raise Pole("a hypergeometric function at a pole")
    if is_zero(z):
        return ONE
    lengths = [-int(a.p) for a in above if _is_pole(a)]
    if lengths:
        return _terminating(min(lengths), above, below, z)
    extra = len(above) - len(below)
    if extra > 1:
        raise NotEvaluable("a hypergeometric series that diverges")
    values = (*above, *below, z)
    if extra == 1 and not clear_of_cut(subtract(ONE, z)):
        return _at_one(above, below, z)
    found = complex_ball(z).hypgeom([complex_ball(a) for a in above], [complex_ball(b) for b in below])
    if not found.is_finite():
        raise Imprecise("no finite enclosure of a hypergeometric function")
    return real_where(found, *values)


def _at_one(above: Sequence[Value], below: Sequence[Value], z: Value) -> Value:
    """Gauss' sum."""
    if not (len(below) == 1 and type(z) is fmpq and z == 1):
        raise NotEvaluable("a hypergeometric function on or too near its branch cut")
    (a, b), c = (complex_ball(v) for v in above), complex_ball(below[0])
    excess = c - a - b
    if not excess.real > 0:
        raise NotEvaluable("a hypergeometric series at 1 that is not known to converge")
    found: acb = c.gamma() * excess.gamma() * (c - a).rgamma() * (c - b).rgamma()
    return real_where(found, *above, *below)


def _terminating(length: int, above: Sequence[Value], below: Sequence[Value], z: Value) -> Value:
    """The polynomial in z of this degree."""
    if length > LONGEST:
        raise NotEvaluable("a long hypergeometric sum")
    total: Value = ONE
    term: Value = ONE
    for k in range(length):
        term = multiply(term, divide(z, fmpq(k + 1)))
        for a in above:
            term = multiply(term, add(a, fmpq(k)))
        for b in below:
            term = divide(term, add(b, fmpq(k)))
        total = add(total, term)
    return total
