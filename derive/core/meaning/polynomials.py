"""Terms that are polynomials in the entries of random arrays, and their expectations by exact moments.

Promise: a polynomial found here equals the term for all values of the entries;
what is not plainly a polynomial is None. The expectation of a monomial is the
product of the moments of its entries, which are independent.

Glossary
    draw         one entry: the slot of its array, and its indices
    polynomial   monomials, each with its coefficient; a monomial is the powers
                 of its draws, sorted
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import arb, fmpq
from sympy import Add, Basic, Integer, Mul, Pow, S, Symbol

from derive.core.errors import NotEvaluable, TermError
from derive.core.meaning.frames import Frame, IntegerCode, Scope, loop_over
from derive.core.meaning.models import Atoms, NormalLaw
from derive.core.meaning.values import ONE, ZERO, Infinite, Value, add, is_zero, logarithm, multiply
from derive.core.terms import Applied, Defined, Entry, Expectation, RandomArray, Sum, Variance, free_names

__all__ = ["Draw", "Polynomial", "PolynomialCode", "Sources", "compile_polynomial", "law_at", "mean_over", "sources"]

Draw = tuple[int, tuple[int, ...]]
Monomial = tuple[tuple[Draw, int], ...]
Polynomial = Mapping[Monomial, Value]
PolynomialCode = Callable[[Frame], Polynomial | None]

MOST_PRODUCTS = 50_000
"""Multiplying two polynomials with more pairs of monomials than this is refused."""

HIGHEST = 200
"""A higher power of a random term is not multiplied out."""


@dataclass(frozen=True)
class Source:
    """Where an array's draws come from: its slot in the frame, the slot of its law, and its shape."""

    slot: int
    law: int
    shape: tuple[IntegerCode, ...]

    def draw(self, key: tuple[int, ...], f: Frame) -> Draw:
        """The draw at these indices; raises out of range."""
        shape = [n(f) for n in self.shape]
        if len(key) != len(shape) or not all(1 <= k <= n for k, n in zip(key, shape, strict=True)):
            raise NotEvaluable(f"no random entry at {list(key)}: out of range")
        return self.slot, key


Sources = Mapping[Symbol, Source]


def sources(arrays: Iterable[RandomArray], scope: Scope) -> tuple[Scope, Sources]:
    """A scope in which the arrays are bound, and where their draws come from."""
    arrays = list(arrays)
    inner, slots = scope.bind(arrays)
    found = {
        array: Source(slot, scope.program.free_slot(array), tuple(scope.integer(n) for n in array.shape))
        for slot, array in zip(slots, arrays, strict=True)
    }
    return inner, found


def law_at(source: Source, f: Frame) -> Any:
    """The law of an array's entries in this frame."""
    law = f[source.law]
    if not isinstance(law, (Atoms, NormalLaw)):
        raise NotEvaluable("a random array without a law in this model")
    return law


# ---------------------------------------------------------------- arithmetic


def _constant(value: Value) -> Polynomial:
    if type(value) is Infinite:
        raise NotEvaluable("an infinite value beside a random one")
    return {} if is_zero(value) else {(): value}


def _sum(left: Polynomial, right: Polynomial) -> Polynomial:
    found = dict(left)
    _add_to(found, right)
    return found


def _add_to(total: dict[Monomial, Value], part: Polynomial) -> None:
    for monomial, c in part.items():
        found = add(total.get(monomial, ZERO), c)
        if is_zero(found):
            total.pop(monomial, None)
        else:
            total[monomial] = found


def _product(left: Polynomial, right: Polynomial) -> Polynomial:
    if len(left) * len(right) > MOST_PRODUCTS:
        raise NotEvaluable("a polynomial in random entries with too many terms")
    found: dict[Monomial, Value] = {}
    for a, c in left.items():
        for b, d in right.items():
            powers = dict(a)
            for draw, e in b:
                powers[draw] = powers.get(draw, 0) + e
            monomial = tuple(sorted(powers.items()))
            found[monomial] = add(found.get(monomial, ZERO), multiply(c, d))
    return {m: c for m, c in found.items() if not is_zero(c)}


def _power(base: Polynomial, n: int) -> Polynomial | None:
    if not 0 <= n <= HIGHEST:
        return None
    found = _constant(ONE)
    for _ in range(n):
        found = _product(found, base)
    return found


def mean_over(polynomial: Polynomial, over: Sources, f: Frame) -> Polynomial:
    """The expectation over the draws of these arrays; the other draws stay."""
    laws = {source.slot: law_at(source, f) for source in over.values()}
    found: dict[Monomial, Value] = {}
    for monomial, c in polynomial.items():
        rest = []
        for draw, e in monomial:
            if draw[0] in laws:
                c = multiply(c, laws[draw[0]].moment(e))  # noqa: PLW2901
            else:
                rest.append((draw, e))
        if not is_zero(c):
            _add_to(found, {tuple(rest): c})
    return found


# ---------------------------------------------------------------- terms


def compile_polynomial(term: Basic, draws: Sources, scope: Scope) -> PolynomialCode:
    """A closure that gives the term as a polynomial in the draws, or None where it is not plainly one."""
    if not free_names(term) & draws.keys():
        value = scope.code(term)
        return lambda f: _constant(value(f))
    case = _CASES.get(type(term))
    return case(term, draws, scope) if case else _none


def _none(_: Frame) -> None:
    return None


def _folded(
    terms: Iterable[Basic], join: Callable[[Polynomial, Polynomial], Polynomial], unit: Polynomial, draws: Sources,
    scope: Scope,
) -> PolynomialCode:  # fmt: skip
    codes = [compile_polynomial(a, draws, scope) for a in terms]

    def code(f: Frame) -> Polynomial | None:
        found = unit
        for one in codes:
            part = one(f)
            if part is None:
                return None
            found = join(found, part)
        return found

    return code


def _add(term: Add, draws: Sources, scope: Scope) -> PolynomialCode:
    return _folded(term.args, _sum, {}, draws, scope)


def _mul(term: Mul, draws: Sources, scope: Scope) -> PolynomialCode:
    """Factors without draws are taken together, so that 0 ln 0 is 0 among them."""
    still = [a for a in term.args if not free_names(a) & draws.keys()]
    moving = [a for a in term.args if a not in still]
    together = [Mul(*still, evaluate=False)] if len(still) > 1 else still
    return _folded([*together, *moving], _product, {(): ONE}, draws, scope)


def _pow(term: Pow, draws: Sources, scope: Scope) -> PolynomialCode:
    if free_names(term.args[1]) & draws.keys():
        return _none
    base, exponent = compile_polynomial(term.args[0], draws, scope), scope.code(term.args[1])

    def code(f: Frame) -> Polynomial | None:
        n = exponent(f)
        below = base(f) if type(n) is fmpq and n.q == 1 else None
        return None if below is None else _power(below, int(n.p))

    return code


def _entry(term: Entry, draws: Sources, scope: Scope) -> PolynomialCode:
    source = draws.get(term.array)
    if source is None or any(free_names(i) & draws.keys() for i in term.indices):
        return _none
    indices = [scope.integer(i) for i in term.indices]
    return lambda f: {((source.draw(tuple([i(f) for i in indices]), f), 1),): ONE}


def _total(term: Sum, draws: Sources, scope: Scope) -> PolynomialCode:
    if any(limit[2] is S.Infinity for limit in term.limits):
        return _none
    inner, visit = loop_over(term.limits, scope)
    body = compile_polynomial(term.bodies[0], draws, inner)

    def code(f: Frame) -> Polynomial | None:
        found: dict[Monomial, Value] = {}
        for _ in visit(f):
            part = body(f)
            if part is None:
                return None
            _add_to(found, part)
        return found

    return code


def _defined(term: Defined, draws: Sources, scope: Scope) -> PolynomialCode:
    try:
        body = term.definition()
    except TermError:
        return _none
    return compile_polynomial(body, draws, scope)


def _applied(term: Applied, draws: Sources, scope: Scope) -> PolynomialCode:
    slot, orders = scope.slot(term.function), term.orders
    arguments = [compile_polynomial(a, draws, scope) for a in term.arguments]

    def code(f: Frame) -> Polynomial | None:
        values = [a(f) for a in arguments]
        known = [v for v in values if v is not None]
        if len(known) < len(values) or not all(real(v) for v in known):
            return None
        found: Polynomial = {}
        for exponents, coefficient in f[slot].derivative(orders).monomials:
            product = _constant(coefficient)
            for value, exponent in zip(known, exponents, strict=True):
                power = _power(value, exponent)
                if power is None:
                    return None
                product = _product(product, power)
            found = _sum(found, product)
        return found

    return code


def _expectation(term: Expectation, draws: Sources, scope: Scope) -> PolynomialCode:
    body, weight = term.bodies
    if not term.arrays:
        return compile_polynomial(term.definition(), draws, scope)
    if term.limits or weight != 1:
        return _none
    inner, here = sources(term.arrays, scope)
    code = compile_polynomial(body, {**draws, **here}, inner)

    def run(f: Frame) -> Polynomial | None:
        found = code(f)
        return None if found is None else mean_over(found, here, f)

    return run


def _variance(term: Variance, draws: Sources, scope: Scope) -> PolynomialCode:
    return compile_polynomial(term.definition(), draws, scope)


def real(polynomial: Polynomial) -> bool:
    """Whether all of its coefficients are known to be real."""
    return all(type(c) in (fmpq, arb) for c in polynomial.values())


def _log(term: Any, draws: Sources, scope: Scope) -> PolynomialCode:
    """log(c * exp(u)) is log(c) + u, for c > 0 and a real polynomial u."""
    found = _positive_factors(term.args[0], draws) if len(term.args) == 1 else None
    if found is None:
        return _none
    still, exponents = found
    scale = scope.code(Mul(*still, evaluate=False) if still else S.One)
    above = _folded(exponents, _sum, {}, draws, scope)

    def code(f: Frame) -> Polynomial | None:
        exponent = above(f)
        if exponent is None or not real(exponent):
            return None
        size = scale(f)
        if type(size) not in (fmpq, arb) or not size > 0:
            return None
        return _sum(_constant(logarithm(size)), exponent)

    return code


def _positive_factors(term: Basic, draws: Sources) -> tuple[list[Basic], list[Basic]] | None:
    """The factors free of draws, and the exponents of those that are an exponential; None where another is left."""
    if not free_names(term) & draws.keys():
        return [term], []
    if isinstance(term, sp.exp):
        return [], [term.args[0]]
    if isinstance(term, Pow) and term.args[0] is S.Exp1:
        return [], [term.args[1]]
    if isinstance(term, Pow) and isinstance(term.args[1], Integer):
        inner = _positive_factors(term.args[0], draws)
        if inner is None:
            return None
        n = term.args[1]
        return [Pow(a, n, evaluate=False) for a in inner[0]], [Mul(n, u, evaluate=False) for u in inner[1]]
    if isinstance(term, Mul):
        parts = [_positive_factors(a, draws) for a in term.args]
        known = [p for p in parts if p is not None]
        if len(known) == len(parts):
            return [a for p in known for a in p[0]], [u for p in known for u in p[1]]
    return None


_CASES: dict[type, Callable[[Any, Sources, Scope], PolynomialCode]] = {
    Add: _add,
    Mul: _mul,
    Pow: _pow,
    sp.log: _log,
    Entry: _entry,
    Sum: _total,
    Defined: _defined,
    Applied: _applied,
    Expectation: _expectation,
    Variance: _variance,
}
