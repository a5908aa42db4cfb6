"""From terms to normal forms.

Promise: the polynomial returned equals the term wherever the term is defined.
It does not depend on how SymPy ordered or evaluated the term. What it cannot
read raises NotNormal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

from flint import fmpq
from sympy import Abs as SympyAbs
from sympy import Add, Basic, Expr, Function, Mul, NumberSymbol, Pow, Rational, S, Symbol, cos, exp, log, sin
from sympy.core.function import AppliedUndef

from derive.core.errors import BudgetError, NotNormal
from derive.core.gradients import slope_of
from derive.core.normal import heads
from derive.core.normal.atoms import ONE, ZERO, Atom, Poly, atom_poly, constant, known_atom
from derive.core.normal.functions import absolute, circular, delta, exponential, logarithm, symbolic_power
from derive.core.normal.labels import binder
from derive.core.normal.moments import Moments
from derive.core.normal.products import product_over
from derive.core.normal.ring import Ring, primitive
from derive.core.normal.sums import finite, law_atom, peeled, sum_over
from derive.core.terms import (
    Applied,
    Binder,
    CrossEntropy,
    Defined,
    Delta,
    Divergence,
    Entropy,
    Entry,
    Expectation,
    Index,
    Maximum,
    Minimum,
    Prob,
    Product,
    RandomArray,
    Recurred,
    Sum,
    Variance,
    free_names,
    substitute,
    taken_indices,
)
from derive.core.terms.gradients import Partial, Slope, Total

__all__ = ["Converter", "law_factors"]

Env = Mapping[Symbol, Atom]


def law_factors(factors: Iterable[Basic]) -> list[Expr]:
    """The laws and deltas among some factors, and among the factors of products there."""
    found: list[Expr] = []
    for factor in factors:
        if isinstance(factor, (Prob, Delta)):
            found.append(factor)
        elif isinstance(factor, Mul):
            found += law_factors(factor.args)
    return found


HEADS = {Entropy: "H", CrossEntropy: "HX", Divergence: "KL", Variance: "Var", Maximum: "Max", Minimum: "Min"}


@dataclass(frozen=True)
class Converter:
    """Normal forms of terms, in one ring."""

    ring: Ring
    seen: dict[Symbol, Poly] = field(default_factory=dict, repr=False)
    known: dict[tuple[Basic, tuple[tuple[Symbol, Atom], ...]], Poly] = field(default_factory=dict, repr=False)
    """The normal forms of dear terms, by what the bound names in them mean."""

    def __call__(self, term: Basic, env: Env | None = None) -> Poly:
        """The normal form of a term; `env` maps bound indices to their labels in flight."""
        try:
            return self._convert(term, env or {})
        except RecursionError:
            raise BudgetError("the normal form is nested past the budget") from None

    def _convert(self, term: Basic, env: Env) -> Poly:
        head: Any = type(term)
        case = _case(head)
        if case is None:
            raise NotNormal(f"{type(term).__name__} has no normal form: {term}")
        if head not in DEAR:
            return case(self, term, env)
        names = free_names(term) if env else ()
        key = term, tuple([pair for pair in env.items() if pair[0] in names])
        if key not in self.known:
            self.known[key] = case(self, term, env)
        return self.known[key]

    # ------------------------------------------------------------ leaves

    def symbol(self, term: Symbol, env: Env) -> Poly:
        """A name: bound, a free index, or a scalar."""
        if term in env:
            return atom_poly(env[term])
        if term not in self.seen:
            self.seen[term] = atom_poly(
                Atom("i", f"${term.name}", self._range(term.lo, term.hi, {}))
                if isinstance(term, Index)
                else Atom("s", term.name)
            )
        return self.seen[term]

    def rational(self, term: Rational, _: Env) -> Poly:
        """An exact number."""
        return constant(fmpq(int(term.p), int(term.q)))

    def named_number(self, term: NumberSymbol, _: Env) -> Poly:
        """pi, e and their like."""
        if term is S.Exp1:
            return exponential(self.ring, ONE)
        return atom_poly(Atom("c", type(term).__name__.replace("Pi", "pi")))

    def imaginary(self, _term: Basic, _: Env) -> Poly:
        """The imaginary unit."""
        return atom_poly(Atom("I"))

    def _range(self, lo: Expr, hi: Expr, env: Env) -> tuple[Poly, ...]:
        if lo is S.NegativeInfinity:
            raise NotNormal("an index without a least value has no normal form")
        return (self._convert(lo, env),) if hi is S.Infinity else (self._convert(lo, env), self._convert(hi, env))

    # ------------------------------------------------------------ ring

    def add(self, term: Add, env: Env) -> Poly:
        """A sum of terms."""
        total = ZERO
        for arg in term.args:
            total = total + self._convert(arg, env)
        return total

    def multiply(self, term: Mul, env: Env) -> Poly:
        """A product; what stands beside a law counts only where that is positive, by 0 ln 0 = 0."""
        weight = self.ring.product(self._convert(law, env) for law in law_factors(term.args))
        known = self.ring.facts.under(heads.positive_where(weight))
        if known is self.ring.facts:
            return self.ring.product(self._convert(arg, env) for arg in term.args)
        ring = replace(self.ring, facts=known)
        found = ring.product(Converter(ring)._convert(arg, env) for arg in term.args)
        self.ring.budget = ring.budget
        return found

    def power(self, term: Pow, env: Env) -> Poly:
        """A power; e^x is exp(x)."""
        base, exponent = term.args
        above = self._convert(exponent, env)
        if base is S.Exp1:
            return exponential(self.ring, above)
        below = self._convert(base, env)
        value = above.constant
        if value is not None:
            return self.ring.power(below, Fraction(int(value.p), int(value.q)))
        return symbolic_power(self.ring, below, above)

    def exp(self, term: Basic, env: Env) -> Poly:
        """The exponential."""
        return exponential(self.ring, self._convert(term.args[0], env))

    def log(self, term: Basic, env: Env) -> Poly:
        """The natural logarithm, or one to a base."""
        found = [logarithm(self.ring, self._convert(arg, env)) for arg in term.args]
        return found[0] if len(found) == 1 else self.ring.mul(found[0], self.ring.power(found[1], -1))

    def absolute(self, term: Basic, env: Env) -> Poly:
        """An absolute value."""
        return absolute(self.ring, self._convert(term.args[0], env))

    def function(self, term: Function, env: Env) -> Poly:
        """Any other function of numbers, known or not: equal arguments, equal values; circular ones with `euler`."""
        if "euler" in self.ring.caps and isinstance(term, (sin, cos)):
            inner = self._convert(term.args[0], env)
            if any(atom.kind in {"x", "i"} for atom in inner.all_atoms()):
                return circular(self.ring, inner, odd=isinstance(term, sin))
        kind = "g" if isinstance(term, AppliedUndef) else "f"
        name = f"{term.func.__name__};" if kind == "g" else term.func.__name__
        foreign = kind == "f" and not term.func.__module__.startswith("sympy.")  # it may share a known function's name
        if foreign or not all(isinstance(arg, Expr) for arg in term.args):
            raise NotNormal(f"{name} has no normal form: {term}")
        return atom_poly(Atom(kind, name, tuple(self._convert(arg, env) for arg in term.args)))

    # ------------------------------------------------------------ our terms

    def entry(self, term: Entry, env: Env) -> Poly:
        """An entry of an array."""
        arrays = (term.array.name,) if isinstance(term.array, RandomArray) else ()
        args = tuple(self._convert(i, env) for i in term.indices)
        return atom_poly(known_atom("x", term.array.name, args, arrays))

    def applied(self, term: Applied, env: Env) -> Poly:
        """An unknown function or a derivative of it."""
        orders = ",".join(map(str, term.orders)) if any(term.orders) else ""
        return atom_poly(
            Atom("g", f"{term.function.name};{orders}", tuple(self._convert(a, env) for a in term.arguments))
        )

    def defined(self, term: Defined, env: Env) -> Poly:
        """A definition: opaque until it is to be unfolded; what its body takes from around it are further arguments."""
        if term.head.name in self.ring.unfold:
            return self._convert(term.definition(), env)
        args = (*term.arguments, *taken_indices(term.head))
        arrays = tuple(sorted(a.name for a in free_names(term.head.body) if isinstance(a, RandomArray)))
        return atom_poly(Atom("D", term.head.name, tuple(self._convert(a, env) for a in args), (), arrays))

    def recurred(self, term: Recurred, env: Env) -> Poly:
        """A recursion at some place; with `unfold_R` its start, or its step while the place is beyond that."""
        head = term.head
        at = self._convert(term.at, env)
        if any(isinstance(name, RandomArray) for name in free_names(head)):
            raise NotNormal(f"{head.name} has random steps; that has no normal form")
        if any(name in env for name in free_names(head)):
            raise NotNormal(f"{head.name} depends on a bound index; it is one sequence for all of its values")
        if "unfold_R" not in self.ring.caps:
            return atom_poly(Atom("R", head.name, (at,)))
        end = self._convert(head.index.lo if head.upwards else head.index.hi, env)
        distance = at - end if head.upwards else end - at
        if distance.is_zero:
            return self._convert(head.start, env)
        if not self.ring.facts.nonnegative(distance - ONE) or not self.ring.facts.integer(at):
            return atom_poly(Atom("R", head.name, (at,)))
        self.ring.spend(1)
        before = Add(term.at, S.NegativeOne if head.upwards else S.One, evaluate=False)
        place = before if head.upwards else term.at
        return self._convert(substitute(head.step, {head.previous: head(before), head.index: place}), env)

    def slope(self, term: Slope, env: Env) -> Poly:
        """A derivative: with `chain` it is taken; else equal bodies, no definition unfolded, have equal derivatives."""
        if "chain" in self.ring.caps:
            self.ring.spend(1)
            return self._convert(slope_of(term), env)
        folded = Converter(replace(self.ring, unfold=frozenset()))
        parts = (folded._convert(term.body, env), folded._convert(term.by, env))
        self.ring.budget = folded.ring.budget
        return atom_poly(Atom("f", type(term).__name__, parts))

    def delta(self, term: Delta, env: Env) -> Poly:
        """An indicator of equality."""
        left, right = term.args
        return delta(self.ring, self._convert(left, env), self._convert(right, env))

    def prob(self, term: Prob, env: Env) -> Poly:
        """A law; with `product` a conditional is the joint over the marginal of its givens."""
        targets = {k: self._convert(v, env) for k, v in term.targets.items()}
        givens = {k: self._convert(v, env) for k, v in term.givens.items()}
        name = term.law.name
        if givens and "product" in self.ring.caps:
            both = targets | givens
            joint = law_atom(name, sorted(both), [], tuple(both[k] for k in sorted(both)))
            below = law_atom(name, sorted(givens), [], tuple(givens[k] for k in sorted(givens)))
            return self.ring.mul(atom_poly(joint), atom_poly(below, -1))
        values = [targets[k] for k in sorted(targets)] + [givens[k] for k in sorted(givens)]
        return atom_poly(law_atom(name, sorted(targets), sorted(givens), tuple(values)))

    # ------------------------------------------------------------ binders

    def _scope(self, term: Binder, env: Env) -> tuple[list[Atom], Env]:
        bound = []
        inner = dict(env)
        for index, lo, hi in term.limits:
            atom = Atom("i", self.ring.fresh(), self._range(lo, hi, env))
            bound.append(atom)
            inner[index] = atom
        return bound, inner

    def sum(self, term: Sum, env: Env) -> Poly:
        """A sum over indices."""
        bound, inner = self._scope(term, env)
        body = self._convert(term.bodies[0], inner)
        if "unfold_R" in self.ring.caps and len(bound) == 1:
            return peeled(self.ring, bound[0], body)
        return sum_over(self.ring, bound, body)

    def product(self, term: Product, env: Env) -> Poly:
        """A product over indices: the last one inside."""
        bound, inner = self._scope(term, env)
        found = self._convert(term.bodies[0], inner)
        for index in reversed(bound):
            found = product_over(self.ring, index, found)
        return found

    def expectation(self, term: Expectation, env: Env) -> Poly:
        """An expectation over a law, or over random arrays."""
        if term.arrays:
            laws = self._laws(term, env)
            body = self._convert(term.bodies[0], env)
            return heads.random_mean(self.ring, tuple(a.name for a in term.arrays), body, laws)
        bound, inner = self._scope(term, env)
        weight = self._convert(term.bodies[1], inner)
        known = replace(self.ring, facts=self.ring.facts.under(heads.positive_where(weight)))
        body = Converter(known)(term.bodies[0], inner)
        self.ring.budget = known.budget
        return heads.mean(self.ring, bound, body, weight)

    def _laws(self, term: Binder, env: Env) -> Moments:
        for array in term.arrays:
            if any(s in env for p in array.law.parameters for s in free_names(p)):
                raise NotNormal(f"the law of {array.name} depends on a bound index, but is one law for all its values")
        return {
            a.name: (a.law.name, tuple(self._convert(p, env) for p in a.law.parameters)) for a in term.arrays
        }

    def head(self, term: Binder, env: Env) -> Poly:
        """An entropy, a divergence, a variance or an extremum: opaque until it is to be unfolded."""
        kind = HEADS[type(term)]
        if f"unfold_{kind}" in self.ring.caps:
            return self._convert(term.definition(), env)
        bound, inner = self._scope(term, env)
        bodies = tuple(self._convert(b, inner) for b in (term.bodies[:1] if term.arrays else term.bodies))
        if kind == "HX" and "gibbs" in self.ring.caps and self._splits(bodies, bound):
            return atom_poly(binder("H", bodies[:1], bound)) + atom_poly(binder("KL", bodies, bound))
        self._laws(term, env)
        arrays = tuple(a.name for a in term.arrays)
        if kind != "Var":
            return atom_poly(binder(kind, bodies, bound, arrays))
        content, body = primitive(bodies[0])
        return atom_poly(binder(kind, (body, *bodies[1:]), bound, arrays)).scale(content * content)

    def _splits(self, bodies: tuple[Poly, ...], bound: list[Atom]) -> bool:
        """Whether H(P, Q) = H(P) + KL(P, Q), also where it is infinite: for finite sums of what is not negative."""
        return all(map(finite, bound)) and all(map(self.ring.facts.nonnegative, bodies))


CASES: dict[type, Callable[[Converter, Any, Env], Poly]] = {
    Symbol: Converter.symbol,
    Rational: Converter.rational,
    NumberSymbol: Converter.named_number,
    type(S.ImaginaryUnit): Converter.imaginary,
    Add: Converter.add,
    Mul: Converter.multiply,
    Pow: Converter.power,
    exp: Converter.exp,
    log: Converter.log,
    SympyAbs: Converter.absolute,
    Function: Converter.function,
    Entry: Converter.entry,
    Applied: Converter.applied,
    Defined: Converter.defined,
    Recurred: Converter.recurred,
    Slope: Converter.slope,
    Delta: Converter.delta,
    Prob: Converter.prob,
    Sum: Converter.sum,
    Product: Converter.product,
    Expectation: Converter.expectation,
    Variance: Converter.head,
    Maximum: Converter.head,
    Minimum: Converter.head,
    Entropy: Converter.head,
    CrossEntropy: Converter.head,
    Divergence: Converter.head,
}


DEAR = frozenset({Pow, Applied, Defined, Total, Partial, Sum, Product})
"""Heads whose normal forms are kept: they stand in a term again and again once a derivative is taken."""


@lru_cache(maxsize=256)
def _case(head: type) -> Callable[[Converter, Any, Env], Poly] | None:
    """The case for a class of terms: its own, or that of the nearest class above it."""
    return next((CASES[above] for above in head.__mro__ if above in CASES), None)
