"""What binds: sums, and the expectations, variances and entropies over indices.

Promise: each is evaluated as it is defined, with 0 ln 0 = 0 and p ln 0 = -oo
for p > 0; ranges are read outside the binder, and an empty range gives 0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp
from flint import fmpq
from sympy import Expr, Mul, Pow, S

from derive.core.meaning import outcomes
from derive.core.meaning.frames import Code, Frame, Scope, loop, product, refuse
from derive.core.meaning.series import compile_series
from derive.core.meaning.values import Value, negative, power, subtract
from derive.core.terms import Binder, CrossEntropy, Divergence, Entropy, Expectation, Sum, Variance

__all__ = ["BINDERS"]


def _sum(term: Sum, scope: Scope) -> Code:
    return _total(term.bodies[0], term, scope)


def _total(body: Expr, term: Binder, scope: Scope) -> Code:
    """The sum of a body over a binder's indices."""
    if term.arrays:
        return refuse(f"{type(term).__name__} over random arrays")
    endless = [limit for limit in term.limits if limit[2] is S.Infinity]
    if endless:
        return _endless(body, term, endless, scope)
    return loop(lambda inner: inner.code(body), term.limits, scope)


def _endless(body: Expr, term: Binder, endless: list[Any], scope: Scope) -> Code:
    """Sums with an infinite range: the finite ranges outside, one series inside, the others in its body."""
    names = set(term.bound_symbols)
    if any(names & end.free_symbols for limit in term.limits for end in limit[1:]):
        return refuse("a range that uses the name of another bound index, in an infinite sum")
    finite = [limit for limit in term.limits if limit[2] is not S.Infinity]
    first, *rest = endless
    body = Sum(body, *rest) if rest else body
    if finite:
        return loop(lambda inner: compile_series(body, first, inner), finite, scope)
    return compile_series(body, first, scope)


def _expectation(term: Expectation, scope: Scope) -> Code:
    body, weight = term.bodies
    if not term.arrays:
        weighted = Mul(weight, body, evaluate=False)
        return _total(weighted, term, scope)
    if term.limits or weight != 1:
        return refuse("an expectation over both indices and random arrays")
    return outcomes.expectation(body, term.arrays, scope)


def _variance(term: Variance, scope: Scope) -> Code:
    body, weight = term.bodies
    if term.arrays:
        if term.limits or weight != 1:
            return refuse("a variance over both indices and random arrays")
        return outcomes.variance(body, term.arrays, scope)
    if any(limit[2] is S.Infinity for limit in term.limits):
        return scope.code(term.definition())
    mean = _expectation(Expectation(*term.args), scope)
    slot = scope.program.slot()

    def make(inner: Scope) -> Code:
        value = inner.code(body)
        return product([inner.code(weight), lambda f: power(subtract(value(f), f[slot]), fmpq(2))])

    spread = loop(make, term.limits, scope)

    def code(f: Frame) -> Value:
        f[slot] = mean(f)
        return spread(f)

    return code


def _entropy(term: Entropy, scope: Scope) -> Code:
    (p,) = term.bodies
    return _minus_p_log(p, p, term, scope)


def _cross_entropy(term: CrossEntropy, scope: Scope) -> Code:
    p, q = term.bodies
    return _minus_p_log(p, q, term, scope)


def _minus_p_log(p: Expr, q: Expr, term: Binder, scope: Scope) -> Code:
    spelt = Mul(p, sp.log(q, evaluate=False), evaluate=False)
    total = _total(spelt, term, scope)
    return lambda f: negative(total(f))


def _divergence(term: Divergence, scope: Scope) -> Code:
    p, q = term.bodies
    quotient = Mul(p, Pow(q, -1, evaluate=False), evaluate=False)
    spelt = Mul(p, sp.log(quotient, evaluate=False), evaluate=False)
    return _total(spelt, term, scope)


BINDERS: dict[type, Callable[[Any, Scope], Code]] = {
    Sum: _sum,
    Expectation: _expectation,
    Variance: _variance,
    Entropy: _entropy,
    CrossEntropy: _cross_entropy,
    Divergence: _divergence,
}
"""How each binder is compiled."""
