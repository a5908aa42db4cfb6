"""Entries, laws, unknown functions, definitions and recursions in a model.

Promise: as for `program`: each is compiled to a closure, and what has no value there is `NotEvaluable`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import arb, fmpq
from sympy import S

from derive.core.errors import NotEvaluable
from derive.core.meaning.frames import Code, Frame, Scope, refuse, shortened
from derive.core.meaning.tensors import is_tensor, remembered
from derive.core.meaning.values import ONE, ZERO, Undefined, Value, add, compare, multiply, power
from derive.core.terms import Applied, Array, Defined, Delta, Entry, Index, Prob, RandomArray, Recurred

__all__ = ["INDEXED"]

LONGEST_RECURSION = 1_000
"""A recursion over a longer range is not run."""


def _entry(term: Entry, scope: Scope) -> Code:
    array = term.array
    if not isinstance(array, Array):
        return refuse(f"{array} is not an array")
    if isinstance(array, RandomArray) and array not in scope.bound:
        return refuse(f"{array.name} is random, and stands outside an expectation")
    slot = scope.slot(array)
    indices = [scope.integer(i) for i in term.indices]
    if len(indices) == 1:
        (only,) = indices
        return lambda f: f[slot].at((only(f),))
    if len(indices) == 2:
        first, second = indices
        return lambda f: f[slot].at((first(f), second(f)))
    return lambda f: f[slot].at(tuple([i(f) for i in indices]))


def _prob(term: Prob, scope: Scope) -> Code:
    slot = scope.slot(term.law)
    values = {k: scope.integer(v) for k, v in {**term.targets, **term.givens}.items()}
    kept = tuple(sorted(values))
    behind = tuple(sorted(term.givens))
    joint = [values[k] for k in kept]
    marginal = [values[k] for k in behind]

    def code(f: Frame) -> Value:
        law = f[slot]
        above = law.probability(kept, tuple([v(f) for v in joint]))
        if not behind:
            return above
        below = law.probability(behind, tuple([v(f) for v in marginal]))
        if not below:
            raise Undefined("a conditional law given an event of probability 0")
        return above / below

    return code


def _applied(term: Applied, scope: Scope) -> Code:
    slot, memory = scope.slot(term.function), scope.program.slot()
    orders = term.orders
    arguments = [scope.code(a) for a in term.arguments]

    def code(f: Frame) -> Value:
        values = [a(f) for a in arguments]
        for value in values:
            if type(value) not in (fmpq, arb):
                raise NotEvaluable("an unknown function of a value that is not known to be real")
        if f[memory] is None:
            f[memory] = f[slot].derivative(orders).monomials
        total = ZERO
        for exponents, coefficient in f[memory]:
            monomial: Value = coefficient
            for value, exponent in zip(values, exponents, strict=True):
                if exponent:
                    monomial = multiply(monomial, value if exponent == 1 else power(value, fmpq(exponent)))
            total = add(total, monomial)
        return shortened(total)

    return code


def _defined(term: Defined, scope: Scope) -> Code:
    """The body with its parameters bound; other names in it mean what they mean where it is used."""
    head = term.head
    if len(head.parameters) != len(term.arguments):
        return refuse(f"{head.name} has a wrong number of arguments")
    if is_tensor(head, scope):
        return remembered(term, scope)
    inner, slots = scope.bind(head.parameters)
    arguments = [
        (slot, scope.integer(a) if isinstance(p, Index) else scope.code(a))
        for slot, p, a in zip(slots, head.parameters, term.arguments, strict=True)
    ]
    body = inner.code(head.body)

    def code(f: Frame) -> Value:
        for slot, value in [(slot, argument(f)) for slot, argument in arguments]:
            f[slot] = value
        return body(f)

    return code


def _recurred(term: Recurred, scope: Scope) -> Code:
    """The recursion run from its start to the place."""
    head = term.head
    at, start = scope.integer(term.at), scope.code(head.start)
    first = scope.integer(head.index.lo)
    last = None if head.index.hi is S.Infinity else scope.integer(head.index.hi)
    inner, (place, before) = scope.bind((head.index, head.previous))
    step = inner.code(head.step)

    def code(f: Frame) -> Value:
        goal, lo = at(f), first(f)
        hi = None if last is None else last(f)
        if goal < lo or (hi is not None and goal > hi) or (goal if hi is None else hi) - lo > LONGEST_RECURSION:
            raise NotEvaluable(f"{head.name} has no place {goal}")
        values = range(lo, goal) if head.upwards else range((hi or 0) - 1, goal - 1, -1)
        found = start(f)
        for k in values:
            f[place], f[before] = k, found
            found = step(f)
        return found

    return code


def _delta(term: Delta, scope: Scope) -> Code:
    if len(term.args) != 2:
        return refuse("delta takes two arguments")
    left, right = (scope.code(a) for a in term.args)

    def code(f: Frame) -> Value:
        found = compare(left(f), right(f))
        if found is None:
            raise NotEvaluable("whether the arguments of delta are equal is not certain")
        return ONE if found == "equal" else ZERO

    return code


INDEXED: dict[type, Callable[[Any, Scope], Code]] = {
    Entry: _entry,
    Prob: _prob,
    Applied: _applied,
    Defined: _defined,
    Recurred: _recurred,
    Delta: _delta,
}
"""How each is compiled."""
