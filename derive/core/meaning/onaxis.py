"""Functions that are analytic along the real axis only piece by piece, continued into the plane.

Promise: on a real ball `OnAxis(term, x)` is the term; on a ball in the plane it is the analytic continuation of what
the term is for those x on the real axis that lie below and above the ball, and has no value where that is not one
analytic function.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from flint import acb, fmpq
from sympy import Basic, Expr, Piecewise, Symbol

from derive.core.errors import NotEvaluable
from derive.core.meaning.frames import Code, Frame, Scope
from derive.core.meaning.inert import call, sum_, times
from derive.core.meaning.values import Value, compare, complex_ball, finite, multiply, power, sign_of
from derive.core.terms import Applied, Binder, Defined, Recurred, free_names, rebuild, subterms

__all__ = ["BROKEN", "OnAxis", "compile_on_axis", "continued", "has_broken"]

BROKEN = (
    sp.Abs, sp.sign, sp.re, sp.im, sp.conjugate, sp.floor, sp.ceiling, sp.Mod, sp.Max, sp.Min, Piecewise, sp.arg,
    Applied, Defined, Recurred,
)  # fmt: skip
"""Heads that are not analytic in the plane, or that hide what they are made of."""


class OnAxis(Expr):
    """args are a term whose head is broken, and the variable of the axis."""

    is_commutative = True


def has_broken(term: Basic, x: Symbol) -> bool:
    """Whether a broken head stands over the variable somewhere."""
    return any(isinstance(t, BROKEN) and x in free_names(t) for t in subterms(term))


def continued(term: Basic, x: Symbol) -> Basic:
    """The term with what is broken in x continued; raises where that is hidden in another binder."""
    if x not in free_names(term):
        return term
    if isinstance(term, Binder):
        if has_broken(term, x):
            raise NotEvaluable("an integrand that is broken inside of another binder")
        return term
    if isinstance(term, sp.Mod):
        left, right = term.args
        whole = call(sp.floor, times(left, sp.Pow(right, -1, evaluate=False)))
        return continued(sum_(left, times(-1, right, whole)), x)
    if isinstance(term, (Applied, Defined, Recurred, sp.arg)):
        raise NotEvaluable("an integrand that is not understood")
    if isinstance(term, Piecewise):
        pieces = [(continued(e, x), c) for e, c in (pair.args for pair in term.args)]
        return OnAxis(Piecewise(*pieces, evaluate=False), x)
    found = rebuild(term, [continued(a, x) for a in term.args])
    return OnAxis(found, x) if isinstance(term, BROKEN) else found


def compile_on_axis(term: OnAxis, scope: Scope) -> Code:
    """A closure, as promised above."""
    whole, x = term.args
    slot, plain = scope.slot(x), scope.code(whole)
    beyond = _beyond(whole, slot, scope)

    def code(f: Frame) -> Value:
        return beyond(f) if type(f[slot]) is acb else plain(f)

    return code


def _beyond(whole: Any, slot: int, scope: Scope) -> Code:
    if isinstance(whole, Piecewise):
        return _chosen(whole, slot, scope)
    codes = [scope.code(a) for a in whole.args]
    first = codes[0]

    def real(f: Frame, code: Code) -> Value:
        where = f[slot]
        f[slot] = where.real
        try:
            return code(f)
        finally:
            f[slot] = where

    def mirrored(f: Frame) -> acb:
        where = f[slot]
        f[slot] = where.conjugate()
        try:
            return complex_ball(first(f)).conjugate()
        finally:
            f[slot] = where

    def absolute(f: Frame) -> Value:
        try:
            return multiply(fmpq(sign_of(real(f, first), "a term")), first(f))
        except NotEvaluable:
            return power(finite(complex_ball(first(f)) * mirrored(f)), fmpq(1, 2))

    def extreme(f: Frame) -> Value:
        towards = "greater" if isinstance(whole, sp.Max) else "less"
        values = [real(f, c) for c in codes]
        for code, value in zip(codes, values, strict=True):
            if all(other is value or compare(value, other) == towards for other in values):
                return code(f)
        raise NotEvaluable("which is larger is not certain")

    def part(f: Frame) -> Value:
        here, there = complex_ball(first(f)), mirrored(f)
        if isinstance(whole, sp.conjugate):
            return finite(there)
        if isinstance(whole, sp.re):
            return finite((here + there) / 2)
        return finite((here - there) / acb(0, 2))

    if isinstance(whole, sp.Abs):
        return absolute
    if isinstance(whole, (sp.Max, sp.Min)):
        return extreme
    if isinstance(whole, (sp.re, sp.im, sp.conjugate)):
        return part
    plain = scope.code(whole)  # sign, floor, ceiling: constant where they are analytic
    return lambda f: _exactly(real(f, plain))


def _exactly(value: Value) -> Value:
    if type(value) is not fmpq:
        raise NotEvaluable("a step that is not certain")
    return value


def _chosen(whole: Piecewise, slot: int, scope: Scope) -> Code:
    """The branch that holds all along the axis there."""
    marks = Piecewise(*[(sp.Integer(k), pair.args[1]) for k, pair in enumerate(whole.args)], evaluate=False)
    which, codes = scope.code(marks), [scope.code(pair.args[0]) for pair in whole.args]

    def code(f: Frame) -> Value:
        where = f[slot]
        f[slot] = where.real
        try:
            k = which(f)
        finally:
            f[slot] = where
        return codes[int(k)](f)

    return code
