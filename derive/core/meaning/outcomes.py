"""Expectations and variances over random arrays; over entries with finite laws by exact enumeration.

Promise: the entries are independent; every outcome of the entries that the
body reads is visited once, with its probability. Which entries those are is
found while it runs, so that nothing is enumerated in vain. Where a law is
Gaussian, `integral` takes over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from flint import fmpq
from sympy import Add, Expr, Mul, Pow, S

from derive.core.errors import NotEvaluable
from derive.core.meaning.frames import Code, Frame, Scope, loop, product
from derive.core.meaning.integral import gaussian_mean
from derive.core.meaning.models import Atoms
from derive.core.meaning.values import ONE, ZERO, Infinite, Value, add, multiply, power, subtract
from derive.core.terms import RandomArray, Sum, free_names

__all__ = ["expectation", "variance"]

MOST_OUTCOMES = 10_000
"""An enumeration with more outcomes is not evaluated."""


@dataclass
class _Draws:
    """The entries of one array that have been read, each at one of its atoms."""

    pairs: tuple[tuple[fmpq, fmpq], ...]
    shape: tuple[int, ...]
    trail: list[tuple[_Draws, tuple[int, ...]]]
    chosen: dict[tuple[int, ...], int] = field(default_factory=dict)

    def at(self, key: tuple[int, ...]) -> fmpq:
        """The entry's value in the present outcome; an entry read for the first time starts at its first atom."""
        found = self.chosen.get(key)
        if found is None:
            if len(key) != len(self.shape) or not all(1 <= k <= n for k, n in zip(key, self.shape, strict=True)):
                raise NotEvaluable(f"no random entry at {list(key)}: out of range")
            found = self.chosen[key] = 0
            self.trail.append((self, key))
        return self.pairs[found][0]


def _outcomes(arrays: list[tuple[int, Any, list[Any]]], body: Code, f: Frame) -> Iterator[tuple[fmpq, Value]]:
    """The probability and the body's value of every outcome."""
    trail: list[tuple[_Draws, tuple[int, ...]]] = []
    for slot, law, shape in arrays:
        f[slot] = _Draws(tuple((v, p) for v, p in f[law].pairs if p != 0), tuple([n(f) for n in shape]), trail)
    for count in range(MOST_OUTCOMES + 1):
        if count == MOST_OUTCOMES:
            break
        value = body(f)
        probability = ONE
        for draws, key in trail:
            probability *= draws.pairs[draws.chosen[key]][1]
        yield probability, value
        while trail:
            draws, key = trail[-1]
            if draws.chosen[key] + 1 < len(draws.pairs):
                draws.chosen[key] += 1
                break
            del draws.chosen[key]
            trail.pop()
        else:
            return
    raise NotEvaluable(f"an expectation over more than {MOST_OUTCOMES} outcomes")


def _enumerated(
    body: Expr, arrays: tuple[RandomArray, ...], scope: Scope, finish: Callable[[Iterator[tuple[fmpq, Value]]], Value]
) -> Code:
    inner, slots = scope.bind(arrays)
    plan = [
        (slot, scope.program.free_slot(array), [scope.integer(n) for n in array.shape])
        for slot, array in zip(slots, arrays, strict=True)
    ]
    code = inner.code(body)

    def run(f: Frame) -> Value:
        for _, law, _ in plan:
            if not isinstance(f[law], Atoms):
                raise NotEvaluable("a random array without a law in this model")
        return finish(_outcomes(plan, code, f))

    return run


def expectation(body: Expr, arrays: tuple[RandomArray, ...], scope: Scope) -> Code:
    """E of the body; sums and constant factors are taken out first, so that few entries are read at once."""
    if not free_names(body) & set(arrays):
        return scope.code(body)
    if isinstance(body, Add):
        parts = [expectation(a, arrays, scope) for a in body.args]

        def total(f: Frame) -> Value:
            found: Value = ZERO
            for part in parts:
                found = add(found, part(f))
            return found

        return total
    if isinstance(body, Mul):
        still = [a for a in body.args if not free_names(a) & set(arrays)]
        if still:
            moving = [a for a in body.args if a not in still]
            rest = moving[0] if len(moving) == 1 else Mul(*moving, evaluate=False)
            factors = [scope.code(a) for a in still]
            return product([*([_bounded(factors)] if _gaussian(arrays) else factors), expectation(rest, arrays, scope)])
    if isinstance(body, Sum) and all(limit[2] is not S.Infinity for limit in body.limits):
        return loop(lambda inner: expectation(body.bodies[0], arrays, inner), body.limits, scope)
    return gaussian_mean(body, arrays, scope) if _gaussian(arrays) else _enumerated(body, arrays, scope, _mean)


def _gaussian(arrays: tuple[RandomArray, ...]) -> bool:
    return any(array.law.name == "Normal" for array in arrays)


def _bounded(factors: list[Code]) -> Code:
    """Their product, which stands beside a continuous draw: that is almost never 0, and absorbs no infinite value."""
    whole = product(factors)

    def code(f: Frame) -> Value:
        value = whole(f)
        if type(value) is Infinite:
            raise NotEvaluable("an infinite value beside a random one")
        return value

    return code


def variance(body: Expr, arrays: tuple[RandomArray, ...], scope: Scope) -> Code:
    """Var of the body: the mean of its square minus the square of its mean."""
    if _gaussian(arrays):
        first, second = (gaussian_mean(b, arrays, scope) for b in (body, Pow(body, 2, evaluate=False)))
        return lambda f: subtract(second(f), power(first(f), fmpq(2)))
    return _enumerated(body, arrays, scope, _spread)


def _mean(outcomes: Iterator[tuple[fmpq, Value]]) -> Value:
    total: Value = ZERO
    for probability, value in outcomes:
        total = add(total, multiply(probability, value))
    return total


def _spread(outcomes: Iterator[tuple[fmpq, Value]]) -> Value:
    first: Value = ZERO
    second: Value = ZERO
    for probability, value in outcomes:
        weighted = multiply(probability, value)
        first = add(first, weighted)
        second = add(second, multiply(weighted, value))
    return subtract(second, power(first, fmpq(2)))
