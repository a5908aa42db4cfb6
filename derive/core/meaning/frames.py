"""Codes, frames and scopes: what compiled terms are made of.

Promise: nothing here knows what a term is; `Scope` is handed the compiler. A
factor that is exactly zero absorbs only what a zero weight may absorb: the
logarithm of an exact zero or pole, and a conditional law given an event of
probability zero.

Glossary
    code     a closure from a frame to a value
    frame    one list that holds the model's values and the bound variables
    scope    which slot of the frame a name means here
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import product as cartesian
from typing import Any

from flint import arb, fmpq
from sympy import Basic, Integer, Symbol

from derive.core.errors import Divergent, NotEvaluable
from derive.core.meaning.models import Model
from derive.core.meaning.values import (
    EXACT_BITS,
    ONE,
    ZERO,
    Infinite,
    Undefined,
    Value,
    add,
    integer_of,
    is_zero,
    multiply,
)
from derive.core.terms import Index

__all__ = [
    "DEEP", "Code", "Frame", "IntegerCode", "Program", "Scope", "layer", "loop", "loop_over", "product", "refuse",
    "shortened",
]

Frame = list[Any]
Code = Callable[[Frame], Value]
IntegerCode = Callable[[Frame], int]
Visit = Callable[[Frame], None]

LONGEST = 100_000
"""A finite sum with more terms is not evaluated."""

BUDGET = 30_000
"""How many evaluations of integrands, and terms of series, one evaluation may take."""

DEEP = 12
"""So many definitions on definitions are evaluated from the outside."""

TOO_LONG = 5_000
"""An exact partial sum with more bits becomes a ball."""


@dataclass
class Program:
    """What is shared while one term is compiled, and what runs it.

    `tensors` are the definitions over indices that were compiled once for all places where they stand; `layers` compute
    all their entries, the innermost first.
    """

    size: int = 0
    free: dict[Symbol, int] = field(default_factory=dict)
    spent: int = 0
    tensors: dict[Any, Any] = field(default_factory=dict)
    layers: list[Callable[[Frame], None]] = field(default_factory=list)

    def deepen(self, f: Frame) -> None:
        """Compute what stands in many layers from the innermost, so that no evaluation is nested too deeply."""
        if len(self.layers) > DEEP:
            for layer in self.layers:
                layer(f)

    def slot(self) -> int:
        """A new slot."""
        self.size += 1
        return self.size - 1

    def free_slot(self, name: Symbol) -> int:
        """The slot of a free name."""
        if name not in self.free:
            self.free[name] = self.slot()
        return self.free[name]

    def spend(self, effort: int) -> None:
        """Note an effort; raises where one evaluation has become too dear."""
        self.spent += effort
        if self.spent > BUDGET:
            raise NotEvaluable("an evaluation that takes too long")

    def exhausted(self) -> bool:
        """Whether it has become too dear, with one more step."""
        self.spent += 1
        return self.spent > BUDGET

    def fit(self, f: Frame) -> None:
        """Room for what was compiled since the frame was made."""
        f.extend([None] * (self.size - len(f)))

    def frame(self, model: Model) -> Frame:
        """A frame that holds the model's values; the effort is counted from here on."""
        self.spent = 0
        found: Frame = [None] * self.size
        for name, slot in self.free.items():
            value = model.values.get(name)
            if value is None:
                raise NotEvaluable(f"{name.name} has no value in this model")
            found[slot] = integer_of(value, name.name) if isinstance(name, Index) else value
        return found


@dataclass(frozen=True)
class Scope:
    """The bound names that are visible, over the program's free ones, and how large an exact power may be."""

    program: Program
    compiler: Callable[[Basic, Scope], Code]
    bound: Mapping[Symbol, int] = field(default_factory=dict)
    exact_bits: int = EXACT_BITS

    def slot(self, name: Symbol) -> int:
        """Where the name's value stands."""
        found = self.bound.get(name)
        return self.program.free_slot(name) if found is None else found

    def bind(self, names: Any) -> tuple[Scope, list[int]]:
        """A scope in which these names are bound to new slots."""
        slots = [self.program.slot() for _ in names]
        bound = {**self.bound, **dict(zip(names, slots, strict=True))}
        return replace(self, bound=bound), slots

    def outside(self) -> Scope:
        """The scope in which nothing is bound."""
        return replace(self, bound={})

    def rough(self, bits: int) -> Scope:
        """The same scope, in which exact powers beyond so many bits become balls."""
        return replace(self, exact_bits=bits)

    def code(self, term: Basic) -> Code:
        """The term compiled in this scope."""
        return self.compiler(term, self)

    def integer(self, term: Basic) -> IntegerCode:
        """The term compiled to an exact integer."""
        if isinstance(term, Index):
            slot = self.slot(term)
            return lambda f: f[slot]
        if isinstance(term, Integer):
            known = int(term)
            return lambda _: known
        code = self.code(term)
        what = type(term).__name__ if term.args else str(term)
        return lambda f: integer_of(code(f), what)


def refuse(reason: str) -> Code:
    """A code that raises: what cannot be evaluated matters only where it is reached."""

    def code(_: Frame) -> Value:
        raise NotEvaluable(reason)

    return code


def product(codes: list[Code]) -> Code:
    """The product of codes; an exact zero absorbs what is undefined only for want of weight."""

    def careful(f: Frame) -> Value:
        values = []
        failure: Undefined | None = None
        for one in codes:
            try:
                values.append(one(f))
            except Undefined as error:
                failure = error
        if any(type(v) is Infinite and not v.weak for v in values):
            raise NotEvaluable("a product of infinite values")
        if not any(is_zero(v) for v in values):
            raise failure or Undefined("a product of infinite values")
        return ZERO

    if not codes:
        return lambda _: ONE
    first, *others = codes

    def code(f: Frame) -> Value:
        try:
            total = first(f)
            for one in others:
                total = multiply(total, one(f))
        except Undefined:
            return careful(f)
        except Divergent:
            if any(is_zero(value) for value in _evaluated(codes, f)):
                raise NotEvaluable("0 times what diverges has no value") from None
            raise
        return total

    return code


def _evaluated(codes: list[Code], f: Frame) -> Iterator[Value]:
    """The values of those that have one."""
    for one in codes:
        try:
            yield one(f)
        except NotEvaluable:
            continue


def loop(make: Callable[[Scope], Code], limits: Iterable[Any], scope: Scope) -> Code:
    """The finite sum of a body over ranges."""
    limits = list(limits)
    inner, slots = scope.bind([limit[0] for limit in limits])
    ends = [(scope.integer(limit[1]), scope.integer(limit[2])) for limit in limits]
    body = make(inner)

    def code(f: Frame) -> Value:
        ranges = [range(lo(f), hi(f) + 1) for lo, hi in ends]
        count = 1
        for one in ranges:
            count *= len(one)
        if count > LONGEST:
            raise NotEvaluable(f"a sum of {count} terms is too long")
        total = ZERO
        if len(slots) == 1:
            (slot,) = slots
            for k in ranges[0]:
                f[slot] = k
                total = add(total, body(f))
                if k & 63 == 63:
                    total = shortened(total)
            return total
        for key in cartesian(*ranges):
            for slot, k in zip(slots, key, strict=True):
                f[slot] = k
            total = add(total, body(f))
        return total

    return code


def loop_over(limits: Iterable[Any], scope: Scope) -> tuple[Scope, Callable[[Frame], Iterator[None]]]:
    """The scope inside finite ranges, and what steps a frame through all their values."""
    limits = list(limits)
    inner, slots = scope.bind([limit[0] for limit in limits])
    ends = [(scope.integer(limit[1]), scope.integer(limit[2])) for limit in limits]

    def visit(f: Frame) -> Iterator[None]:
        ranges = [range(lo(f), hi(f) + 1) for lo, hi in ends]
        for count, key in enumerate(cartesian(*ranges)):
            if count == LONGEST:
                raise NotEvaluable(f"a sum of more than {LONGEST} terms is too long")
            for slot, k in zip(slots, key, strict=True):
                f[slot] = k
            yield

    return inner, visit


def layer(limits: Iterable[Any], scope: Scope, entry: Callable[[Scope], Callable[[Frame], Any]]) -> Visit:
    """What computes every entry of a tensor that has a value."""
    inner, visit = loop_over(limits, scope.outside())
    there = entry(inner)

    def compute(f: Frame) -> None:
        for _ in visit(f):
            with suppress(NotEvaluable, ArithmeticError, ValueError):
                there(f)

    return compute


def shortened(total: Value) -> Value:
    """The value, as a ball where it is exact and too long."""
    return arb(total) if type(total) is fmpq and total.height_bits() > TOO_LONG else total


