"""Derivatives of index expressions in a model, by arithmetic with infinitesimals.

Promise: the value encloses the derivative that `terms.gradients` says, of a term that is differentiable at the model's
point; everything else is `NotEvaluable`. No derivative is ever written down: a term is evaluated where what it is
differentiated by is moved by e with e^2 = 0, in several directions at once where derivatives are nested.

Glossary
    direction  what is moved; the last one belongs to the innermost derivative
    moved      the coefficients of a value, one for each set of directions, the sets as bits
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import sympy as sp
from flint import acb
from sympy import Add, Basic, Mul, Pow, S, Symbol

from derive.core.errors import NotEvaluable
from derive.core.meaning.combinations import as_ball
from derive.core.meaning.frames import DEEP, Code, Frame, IntegerCode, Scope, layer, loop_over, refuse, shortened
from derive.core.meaning.jets import Coefficients, Number, as_plain, as_real, is_nil, number_of, value_of
from derive.core.meaning.taylor import TAYLOR, power_coefficients
from derive.core.meaning.tensors import is_tensor, kept, many_tensors
from derive.core.meaning.values import ONE, ZERO, Value
from derive.core.terms import Applied, Defined, Definition, Entry, Index, Sum, free_names
from derive.core.terms.gradients import Partial, Slope, Total, is_intermediate

__all__ = ["SLOPES", "compile_slope"]

Moved = tuple[Number, ...]
MovedCode = Callable[[Frame], Moved]

DEEPEST = 3
"""So many derivatives may be nested."""


@dataclass(frozen=True)
class _Direction:
    """What is moved: a name's slot, or a head and where in it."""

    head: Symbol
    slot: int | None
    place: tuple[IntegerCode, ...]
    total: bool

    def meets(self, indices: tuple[IntegerCode, ...], f: Frame) -> bool:
        """Whether these indices are its own."""
        return all(a(f) == b(f) for a, b in zip(indices, self.place, strict=True))


def compile_slope(term: Slope, scope: Scope) -> Code:
    """A closure that gives the derivative's value."""
    here = scope.code(term.body)
    try:
        compiler = _Moving(scope, ())
        moving = compiler.slope(term)
    except NotEvaluable as error:
        return refuse(str(error))

    def code(f: Frame) -> Value:
        here(f)
        if len(compiler.layers) > DEEP:
            for entries in compiler.layers:
                entries(f)
        return value_of(moving(f)[0])

    return code


@dataclass(frozen=True)
class _Moving:
    """The compiler of terms to moved values.

    `carried` says where a parameter's moved value stands, `tensors` what was compiled once for these directions;
    `layers` compute all entries of such a tensor, the innermost first, so that no evaluation is nested deeply.
    """

    scope: Scope
    directions: tuple[_Direction, ...]
    carried: dict[int, int] = field(default_factory=dict)
    tensors: dict[Definition, Any] = field(default_factory=dict)
    layers: list[Callable[[Frame], None]] = field(default_factory=list)

    @property
    def size(self) -> int:
        return 1 << len(self.directions)

    def code(self, term: Basic) -> MovedCode:
        """The term compiled to its moved value."""
        if isinstance(term, Symbol) and not isinstance(term, Index):
            return self._name(term)
        if not self._moves(term):
            return self._still(term)
        if isinstance(term, Slope):
            return self.slope(term)
        if isinstance(term, (Add, Mul)):
            return self._folded([self.code(a) for a in term.args], _plus if isinstance(term, Add) else _times)
        if isinstance(term, Pow):
            return self._power(*term.args)
        if isinstance(term, sp.log) and len(term.args) == 2:
            return self.code(Mul(sp.log(term.args[0]), Pow(sp.log(term.args[1]), -1), evaluate=False))
        case = _CASES.get(type(term))
        if case is not None:
            return case(self, term)
        if type(term) in TAYLOR and len(term.args) == 1:
            return _through(TAYLOR[type(term)], self.code(term.args[0]))
        raise NotEvaluable(f"a derivative of {type(term).__name__}")

    def slope(self, term: Slope) -> MovedCode:
        """One more derivative, inside those that are being taken."""
        if len(self.directions) == DEEPEST:
            raise NotEvaluable("derivatives that are nested too deeply")
        direction = self._direction(term)
        layers = [] if self.directions else self.layers
        inside = replace(self, directions=(*self.directions, direction), tensors={}, layers=layers)
        for head in many_tensors(term, self.scope):
            inside._tensor(head)
        body = term.body
        if isinstance(body, Defined) and isinstance(term, Partial) and body.head != direction.head:
            found = inside.formula(body)
        else:
            found = inside.code(body)
        return lambda f: found(f)[self.size:]

    def _direction(self, term: Slope) -> _Direction:
        by = term.by
        if isinstance(by, Symbol):
            return _Direction(by, self.scope.slot(by), (), isinstance(term, Total))
        place = tuple(self.scope.integer(i) for i in by.args[1:])
        return _Direction(by.args[0], None, place, isinstance(term, Total))

    def _moves(self, term: Basic) -> bool:
        names = free_names(term)
        return any(d.head in names for d in self.directions) or any(
            self.scope.bound.get(name) in self.carried for name in names
        )

    def _still(self, term: Basic) -> MovedCode:
        code, rest = self.scope.code(term), (ZERO,) * (self.size - 1)
        return lambda f: (number_of(code(f)), *rest)

    def _name(self, term: Symbol) -> MovedCode:
        slot = self.scope.slot(term)
        if slot in self.carried:
            place = self.carried[slot]
            return lambda f: f[place]
        unit = [ZERO] * self.size
        for k, d in enumerate(self.directions):
            if d.slot == slot:
                unit[1 << k] = ONE
        return lambda f: (number_of(f[slot]), *unit[1:])

    def _folded(self, codes: list[MovedCode], join: Callable[[Moved, Moved], Moved]) -> MovedCode:
        first, *rest = codes

        def code(f: Frame) -> Moved:
            found = first(f)
            for one in rest:
                found = join(found, one(f))
            return found

        return code

    def _power(self, base: Basic, exponent: Basic) -> MovedCode:
        if base is S.Exp1:
            return _through(TAYLOR[sp.exp], self.code(exponent))
        bottom = self.code(base)
        if not self._moves(exponent):
            above = self.scope.code(exponent)
            return lambda f: _applied(power_coefficients(number_of(above(f))), bottom(f))
        top = self.code(exponent)
        return lambda f: _applied(TAYLOR[sp.exp], _times(top(f), _applied(TAYLOR[sp.log], bottom(f))))

    def entry(self, term: Entry) -> MovedCode:
        """An entry, which moves in the directions that are its own."""
        value = self.scope.code(term)
        indices = tuple(self.scope.integer(i) for i in term.indices)
        mine = [(1 << k, d) for k, d in enumerate(self.directions) if d.head == term.array]
        if any(self._moves(i) for i in term.indices):
            raise NotEvaluable("an index that moves")

        def code(f: Frame) -> Moved:
            found = [ZERO] * self.size
            found[0] = number_of(value(f))
            for bit, d in mine:
                if d.meets(indices, f):
                    found[bit] = ONE
            return tuple(found)

        return code

    def defined(self, term: Defined) -> MovedCode:
        """A function by its formula; an intermediate as well, but for directions that are itself, or hold it."""
        if not is_intermediate(term.head):
            return self.formula(term)
        indices = tuple(self.scope.integer(i) for i in term.arguments)
        last = [max(k for k in range(len(self.directions)) if s >> k & 1) for s in range(1, self.size)]
        settled = {
            s: self.directions[k] for s, k in enumerate(last, start=1)
            if self.directions[k].head == term.head or not self.directions[k].total
        }
        inside = self._still(term) if len(settled) == self.size - 1 else self.formula(term)

        def code(f: Frame) -> Moved:
            found = list(inside(f))
            for s, d in settled.items():
                alone = s & (s - 1) == 0 and d.head == term.head
                found[s] = ONE if alone and d.meets(indices, f) else ZERO
            return tuple(found)

        return code

    def formula(self, term: Defined) -> MovedCode:
        """What a definition stands for, its parameters moved as its arguments are."""
        head = term.head
        if len(head.parameters) != len(term.arguments):
            raise NotEvaluable(f"{head.name} has a wrong number of arguments")
        if is_tensor(head, self.scope):
            return self._remembered(term)
        scope, slots = self.scope.bind(head.parameters)
        plain: list[tuple[int, Any]] = []
        carried, moving = dict(self.carried), []
        for slot, parameter, argument in zip(slots, head.parameters, term.arguments, strict=True):
            if isinstance(parameter, Index):
                plain.append((slot, self.scope.integer(argument)))
                continue
            plain.append((slot, self.scope.code(argument)))
            if self._moves(argument):
                carried[slot] = self.scope.program.slot()
                moving.append((carried[slot], self.code(argument)))
        body = replace(self, scope=scope, carried=carried).code(head.body)

        def code(f: Frame) -> Moved:
            for slot, value in [(slot, argument(f)) for slot, argument in (*plain, *moving)]:
                f[slot] = value
            return body(f)

        return code

    def _remembered(self, term: Defined) -> MovedCode:
        """A tensor, each of whose moved entries is computed once for a direction."""
        slots, body, memory = self._tensor(term.head)
        indices = [self.scope.integer(a) for a in term.arguments]
        towards = [place for d in self.directions for place in d.place]

        def code(f: Frame) -> Moved:
            place = tuple([i(f) for i in indices])
            key = (place, tuple([p(f) for p in towards]))
            found: Moved = kept(f, memory, key, zip(slots, place, strict=True), body)
            return found

        return code

    def _tensor(self, head: Definition) -> tuple[list[int], MovedCode, int]:
        """A tensor compiled once: the slots of its indices, its formula, and where its moved entries are kept."""
        if head not in self.tensors:
            inner, slots = self.scope.outside().bind(head.parameters)
            body = replace(self, scope=inner, carried={}).code(head.body)
            self.tensors[head] = slots, body, self.scope.program.slot()
            place, limits = head(*head.parameters), [p.limits for p in head.parameters]
            self.layers.append(layer(limits, self.scope, lambda inner: replace(self, scope=inner)._remembered(place)))
        found: tuple[list[int], MovedCode, int] = self.tensors[head]
        return found

    def sum(self, term: Sum) -> MovedCode:
        """A finite sum."""
        if any(limit[2] is S.Infinity or any(map(self._moves, limit[1:])) for limit in term.limits):
            raise NotEvaluable("a derivative of an infinite sum, or of one whose range moves")
        inner, visit = loop_over(term.limits, self.scope)
        body = replace(self, scope=inner).code(term.bodies[0])

        def code(f: Frame) -> Moved:
            total: Moved = (ZERO,) * self.size
            for _ in visit(f):
                total = _plus(total, body(f))
            return total

        return code

    def applied(self, term: Applied) -> MovedCode:
        """An unknown function: a polynomial."""
        slot, memory, orders = self.scope.slot(term.function), self.scope.program.slot(), term.orders
        arguments = [self.code(a) for a in term.arguments]

        def code(f: Frame) -> Moved:
            values = [a(f) for a in arguments]
            if any(as_real(v[0]) is None for v in values):
                raise NotEvaluable("an unknown function of a value that is not known to be real")
            if f[memory] is None:
                f[memory] = f[slot].derivative(orders).monomials
            total: Moved = (ZERO,) * self.size
            for exponents, coefficient in f[memory]:
                monomial: Moved = (coefficient, *(ZERO,) * (self.size - 1))
                for value, exponent in zip(values, exponents, strict=True):
                    for _ in range(exponent):
                        monomial = _times(monomial, value)
                total = _plus(total, monomial)
            return tuple(map(shortened, total))

        return code


def _plus(left: Moved, right: Moved) -> Moved:
    return tuple([a + b for a, b in zip(left, right, strict=True)])


def _times(left: Moved, right: Moved) -> Moved:
    """The product: of each set the sum over its parts."""
    if len(left) == 2:
        return left[0] * right[0], left[0] * right[1] + left[1] * right[0]
    found: list[Number] = [ZERO] * len(left)
    for s, a in enumerate(left):
        for t, b in enumerate(right):
            if not s & t and not is_nil(a) and not is_nil(b):
                found[s | t] = found[s | t] + a * b
    return tuple(found)


def _through(function: Coefficients, inner: MovedCode) -> MovedCode:
    return lambda f: _applied(function, inner(f))


def _applied(function: Coefficients, inner: Moved) -> Moved:
    """A function of a moved value, by Taylor's theorem; off the real axis its branch cuts count."""
    point, order = as_plain(inner[0]), (len(inner) - 1).bit_length()
    if as_real(point) is not None and any(as_real(c) is None for c in inner[1:]):
        point = acb(as_ball(point))
    coefs = [as_plain(c) for c in function(point, order)]
    step: Moved = (ZERO, *inner[1:])
    found: Moved = (coefs[-1], *(ZERO,) * (len(inner) - 1))
    for c in reversed(coefs[:-1]):
        found = _times(found, step)
        found = (found[0] + c, *found[1:])
    return found


_CASES: dict[type, Callable[[_Moving, Any], MovedCode]] = {
    Entry: _Moving.entry,
    Defined: _Moving.defined,
    Sum: _Moving.sum,
    Applied: _Moving.applied,
}

SLOPES: dict[type, Callable[[Any, Scope], Code]] = {Total: compile_slope, Partial: compile_slope}
"""How each derivative is compiled."""
