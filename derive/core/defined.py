"""Where a term is defined: one pass over it as its author wrote it.

Promise: every division, logarithm, infinite sum, conditional and index on
either side yields a need, which `discharge` meets, shows or misses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import repeat
from typing import TypeVar

from sympy import (
    Abs,
    Add,
    Basic,
    Expr,
    Function,
    Integer,
    Mul,
    Pow,
    S,
    asinh,
    atan,
    cos,
    cosh,
    erf,
    exp,
    factorial,
    log,
    sech,
    sin,
    sinh,
    tanh,
)
from sympy.core.function import AppliedUndef

from derive.core.claims import Note
from derive.core.discharge import CAPS, Discharge, Needs, Scope
from derive.core.errors import NotNormal
from derive.core.facts import Facts
from derive.core.gradients import slope_of
from derive.core.normal.atoms import Atom, Poly
from derive.core.normal.convergence import converges
from derive.core.normal.convert import Converter, law_factors
from derive.core.normal.heads import positive_where
from derive.core.normal.moments import polynomial_in
from derive.core.normal.ring import Ring
from derive.core.normal.sums import finite
from derive.core.terms import (
    Applied,
    Binder,
    CrossEntropy,
    Defined,
    Definition,
    Divergence,
    Entropy,
    Entry,
    Expectation,
    Index,
    Maximum,
    Minimum,
    NamedLaw,
    Prob,
    Product,
    RandomArray,
    Recurred,
    Slope,
    Sum,
    Variance,
    children_in_scope,
    is_intermediate,
    substitute,
    taken_indices,
)

__all__ = ["Needs", "needs_of", "needs_of_all"]

ENTIRE = (exp, sin, cos, sinh, cosh, erf, Abs)
SMOOTH = (tanh, sech, atan, asinh)
"""Defined at all real numbers, and smooth there."""

INFINITE = frozenset({S.Infinity, S.NegativeInfinity, S.ComplexInfinity, S.NaN})
WITH_LOGS = CAPS | {"logs"}
T = TypeVar("T")

UNBOUNDED = frozenset({"Moments", "Normal"})
"""Laws whose entries have no bounds: not every function of them has a mean."""

PARAMETERS: dict[str, Callable[[NamedLaw], tuple[tuple[Expr, str, int | None], ...]]] = {
    "Bernoulli": lambda law: ((law.parameters[0], ">=0", 1),),
    "Moments": lambda law: ((law.parameters[0], "real", None), (law.parameters[1], ">=0", None)),
    "Normal": lambda law: ((law.parameters[0], "real", None), (law.parameters[1], ">0", None)),
}
"""For each law its parameters, with the least and the greatest value that each may have."""


def needs_of(term: Expr, ring: Ring) -> Needs:
    """Everything that a term needs in order to be defined; `ring` has the facts."""
    return needs_of_all([term], ring)


def needs_of_all(terms: Iterable[Expr], ring: Ring) -> Needs:
    """Everything that some terms need, each need once."""
    needs = Needs()
    walker = _Walker(replace(ring, caps=CAPS), needs)
    for term in terms:
        walker.walk(term, Scope.outermost(ring.facts))
    return Needs(_each_once(needs.conditions), _each_once(needs.notes), _each_once(needs.missing))


def _each_once(found: list[T]) -> list[T]:
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class _Walker(Discharge):
    """One pass over terms: `walked` are the places where it has been, `plain` what is known of definitions."""

    walked: dict[tuple[Basic, int, int, int, bool], Scope] = field(default_factory=dict)
    plain: dict[Definition, list[Note] | None] = field(default_factory=dict)
    binders: dict[tuple[Basic, ...], tuple[Scope, list[Atom], Scope]] = field(default_factory=dict)

    # ------------------------------------------------------------ the walk

    def walk(self, term: Basic, scope: Scope) -> None:
        """Collect the needs of a term, once for all its occurrences in one scope."""
        if not term.args and not isinstance(term, Function):
            if term in INFINITE:
                self.miss("defined", term, "an infinite value is not a number")
            return
        key = (term, *scope.key)
        if key not in self.walked:
            self.walked[key] = scope  # which is kept, so that no other gets its key
            self._walk(term, scope)

    def _walk(self, term: Basic, scope: Scope) -> None:
        match term:
            case Mul():
                self._product(term, scope)
            case Binder():
                self._binder(term, scope)
            case Pow():
                self._power(term, scope)
            case log():
                self._logarithm(term, scope)
            case Entry():
                self._entry(term, scope)
            case Prob():
                self._prob(term, scope)
            case Defined():
                self._defined(term, scope)
            case Applied():
                self._applied(term, scope)
            case Recurred():
                self._recurred(term, scope)
            case Slope():
                self._slope(term, scope)
            case _:
                self._other(term, scope)

    def _other(self, term: Basic, scope: Scope) -> None:
        """A function of numbers, or what is defined wherever its parts are."""
        if isinstance(term, SMOOTH):
            self.real(term.args[0], scope, f"{type(term).__name__} is taken of real numbers only")
        elif isinstance(term, factorial):
            self._whole(term, scope)
        elif isinstance(term, Function) and not isinstance(term, (*ENTIRE, AppliedUndef)):
            self.miss("defined", term, "where this function is defined is not known here")
        inner = scope.nonlinear() if isinstance(term, Function) else scope
        for child in children_in_scope(term):
            self.walk(child, inner)

    def _product(self, term: Mul, scope: Scope) -> None:
        if not law_factors(term.args):
            for factor in term.args:
                self.walk(factor, scope)
            return
        for k, factor in enumerate(term.args):
            others = law_factors(f for n, f in enumerate(term.args) if n != k)
            weight = self.normal(Mul(*others, evaluate=False), scope, scope.facts) if others else None
            self.walk(factor, scope if weight is None else scope.weighted(positive_where(weight)))

    def _power(self, term: Pow, scope: Scope) -> None:
        base, exponent = term.args
        inner = scope if isinstance(exponent, Integer) and exponent.is_positive else scope.nonlinear()
        self.walk(base, inner)
        self.walk(exponent, scope.nonlinear())
        above = self.normal(exponent, scope, scope.facts)
        if scope.moving and not (above is not None and scope.facts.integer(above)) and base is not S.Exp1:
            self.real(base, scope, "a root is differentiated along the real axis only")
        if base is S.Exp1 or (above is not None and self._never_negative(above, scope.facts)):
            return
        self.nonzero(base, scope, scope.facts)

    @staticmethod
    def _never_negative(exponent: Poly, facts: Facts) -> bool:
        return facts.positive(exponent) or (facts.nonnegative(exponent) and facts.integer(exponent))

    def _logarithm(self, term: log, scope: Scope) -> None:
        inner = replace(scope, facts=scope.in_log, in_log=scope.facts)
        for arg in term.args:
            self.walk(arg, inner)
            self.nonzero(arg, inner, inner.facts)
            if scope.moving:
                self.real(arg, inner, "a logarithm is differentiated along the real axis only")
        if len(term.args) == 2:
            self.nonzero(Add(term.args[1], S.NegativeOne, evaluate=False), inner, inner.facts)

    def _entry(self, term: Entry, scope: Scope) -> None:
        for place, size in zip(term.indices, term.array.shape, strict=False):
            if isinstance(place, Index) and place not in scope.env and (place.lo, place.hi) == (S.One, size):
                continue
            self.walk(place, scope)
            if not self.on_axis(place, size, scope):
                self.miss("in range", place, f"it must be an integer from 1 to {size}, the size of {term.array.name}")

    def _prob(self, term: Prob, scope: Scope) -> None:
        for slot, value in (*term.targets.items(), *term.givens.items()):
            declared = term.law.slots[slot]
            if not self.over_range(value, declared, scope):
                self.miss("in range", value, f"it must be a value of {declared.name}")
        if term.givens:
            below = Prob(term.law, term.givens)
            poly = self.normal(below, scope, scope.facts)
            if poly is None or not (scope.facts.positive(poly) or scope.in_log.positive(poly)):
                self.miss("positive", below, "the givens of a conditional need positive probability: full_support")
            else:
                self.met("positive", below, "by full support, or by the weight it stands under")

    def _defined(self, term: Defined, scope: Scope) -> None:
        """What the formula needs; only its notes, once, where all of it is known at every place of its indices."""
        notes = self._known_everywhere(term.head)
        if notes is None or not all(map(self.over_range, term.arguments, term.head.parameters, repeat(scope))):
            self.walk(term.definition(), scope)
            return
        self.needs.notes.extend(note for note in notes if note not in self.needs.notes)
        for argument in term.arguments:
            self.walk(argument, scope)

    def _known_everywhere(self, head: Definition) -> list[Note] | None:
        """The notes on a formula whose needs are all known, also inside a derivative; None for any other."""
        if head not in self.plain:
            self.plain[head] = None
            if is_intermediate(head) and not taken_indices(head):
                inside = _Walker(self.ring, Needs(), self.known, plain=self.plain, binders=self.binders)
                facts = self.ring.facts
                bare = replace(facts, weights=frozenset()) if facts.weights else facts
                inside.walk(head.body, Scope.outermost(bare, moving=True))
                if inside.needs.all_known:
                    self.plain[head] = inside.needs.notes
        return self.plain[head]

    def _applied(self, term: Applied, scope: Scope) -> None:
        for arg in term.arguments:
            self.walk(arg, scope)
            self.real(arg, scope, f"{term.function.name} is a function of real numbers")

    def _whole(self, term: factorial, scope: Scope) -> None:
        """A factorial is taken of integers that are at least 0."""
        poly = self.normal(term.args[0], scope, scope.facts)
        if scope.moving or poly is None or not (scope.facts.integer(poly) and scope.facts.nonnegative(poly)):
            self.miss("defined", term, "a factorial is taken of integers that are at least 0")

    def _slope(self, term: Slope, scope: Scope) -> None:
        """The body is smooth there, and the derivative defined."""
        inside = replace(scope.nonlinear(), moving=True)
        self.walk(term.by, inside)
        self.walk(term.body, inside)
        try:
            self.walk(slope_of(term), inside)
        except NotNormal as error:
            self.miss("differentiable", term, str(error))

    def _recurred(self, term: Recurred, scope: Scope) -> None:
        """The place is in range; the start needs what it needs; the step may need nothing that is not known."""
        head = term.head
        self.walk(term.at, scope.nonlinear())
        if not self.over_range(term.at, head.index, scope, Scope.outermost(scope.facts)):
            self.miss("in range", term.at, f"it must be a place of {head.name}")
        self.walk(head.start, scope.nonlinear())
        last = head.index.hi if head.index.hi is S.Infinity else Add(head.index.hi, S.NegativeOne, evaluate=False)
        within = Index(head.index.name, head.index.lo, last, head.index.sort)
        step = needs_of(substitute(head.step, {head.index: within}), replace(self.ring, facts=scope.facts))
        if not step.all_known:
            self.miss("defined", head.step, f"the step of {head.name} needs what is not known")

    # ------------------------------------------------------------ binders

    def _binder(self, term: Binder, scope: Scope) -> None:
        for _, lo, hi in term.limits:
            self.walk(lo, scope)
            if hi is not S.Infinity:
                self.walk(hi, scope)
        inner, bound = self._inside(term, scope)
        if isinstance(term, (Entropy, CrossEntropy, Divergence)) and not all(isinstance(b, Prob) for b in term.bodies):
            self.walk(term.definition(), scope)
            return
        if isinstance(term, (Expectation, Variance)) and term.limits:
            body, weight = term.bodies
            self.walk(weight, inner)
            poly = self.normal(weight, inner, inner.facts)
            keys = positive_where(poly) if poly is not None else frozenset()
            self.walk(body, inner.weighted(keys))
            squared = Pow(body, 2, evaluate=False) if isinstance(term, Variance) else body
            self._convergent(Mul(weight, squared, evaluate=False), term, bound, inner)
            return
        for body in term.bodies:
            self.walk(body, inner.nonlinear() if isinstance(term, Product) else inner)
        if isinstance(term, Product) and not all(map(finite, bound)):
            self.miss("converges", term, "that an infinite product converges is not known here")
        if isinstance(term, (Maximum, Minimum)):
            self.real(term.bodies[0], inner, "only real values have a greatest or a least one")
            if not all(finite(b) and inner.facts.nonnegative(b.args[1] - b.args[0]) for b in bound):
                self.miss("range", term, "the greatest or least is of finitely many values, at least one")
        for array in term.arrays:
            self._law(array, term, scope)
        if isinstance(term, Sum):
            self._convergent(term.bodies[0], term, bound, inner)

    def _law(self, array: RandomArray, term: Binder, scope: Scope) -> None:
        """The law's parameters are in their domain, and what is averaged is integrable."""
        for parameter, lowest, highest in PARAMETERS[array.law.name](array.law):
            self.walk(parameter, scope.nonlinear())
            poly = self.normal(parameter, scope, scope.facts)
            bounds = None if poly is None else scope.facts.bounds(poly)
            inside = bounds is not None and (
                (lowest == "real" or (bounds.positive if lowest == ">0" else bounds.nonnegative))
                and (highest is None or (bounds.hi is not None and bounds.hi <= highest))
            )
            if not inside:
                self.miss("a law", parameter, f"it must be a possible parameter of {array.law.name}")
        if array.law.name in UNBOUNDED and not self._polynomial(term, array, scope):
            self.miss("integrable", term, f"only polynomials in the entries of {array.name} are known to be integrable")

    def _polynomial(self, term: Binder, array: RandomArray, scope: Scope) -> bool:
        poly = self.normal(term.bodies[0], scope, scope.facts, caps=WITH_LOGS)
        return poly is not None and all(polynomial_in(mono, f"~{array.name}") for mono in poly.terms)

    def _inside(self, term: Binder, scope: Scope) -> tuple[Scope, list[Atom]]:
        """The scope of a binder's bodies, and its indices in flight; the same for the same ranges in one scope."""
        key = (*term.limits, *scope.key)
        if key not in self.binders:
            self.binders[key] = (*self._bound(term, scope), scope)
        return self.binders[key][:2]

    def _bound(self, term: Binder, scope: Scope) -> tuple[Scope, list[Atom]]:
        env = dict(scope.env)
        bound = []
        for index, lo, hi in term.limits:
            convert = Converter(replace(self.ring, facts=scope.facts))
            ends = (convert(lo, scope.env),) if hi is S.Infinity else (convert(lo, scope.env), convert(hi, scope.env))
            atom = Atom("i", self.ring.fresh(), ends)
            env[index] = atom
            bound.append(atom)
        return replace(scope, env=env, over=(*scope.over, *(limit[0] for limit in term.limits))), bound

    def _convergent(self, body: Expr, term: Binder, bound: list[Atom], inner: Scope) -> None:
        infinite = [b for b in bound if not finite(b)]
        if not infinite:
            return
        poly = self.normal(body, inner, inner.facts, caps=WITH_LOGS)
        if len(infinite) == 1 and poly is not None and all(
            converges(inner.facts, mono, infinite[0]) for mono in poly.terms
        ):
            self.met("converges", term, "every part is dominated by a geometric series, or by a law")
        else:
            self.miss("converges", term, "its convergence does not follow from the givens")
