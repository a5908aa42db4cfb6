"""Where a term is defined: one pass over it as its author wrote it.

Promise: every division, logarithm, infinite sum, conditional and index on
either side yields a need. A need is discharged by the facts, or becomes a
condition where it removes a thin set only, or else it stands in the way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import repeat

from sympy import (
    Abs,
    Add,
    Basic,
    Expr,
    Function,
    Integer,
    Mul,
    Pow,
    Rational,
    S,
    Symbol,
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

from derive.core.claims import Condition, Note
from derive.core.errors import BudgetError, NotNormal
from derive.core.facts import Facts
from derive.core.gradients import slope_of
from derive.core.normal.atoms import ONE, Atom, Poly
from derive.core.normal.convergence import converges
from derive.core.normal.convert import Converter, law_factors
from derive.core.normal.heads import positive_where
from derive.core.normal.moments import polynomial_in
from derive.core.normal.ring import Ring, UndefinedValue
from derive.core.normal.sums import finite, in_range
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
    NamedLaw,
    Prob,
    Product,
    RandomArray,
    Recurred,
    Slope,
    Sum,
    Variance,
    children_in_scope,
    free_names,
    is_intermediate,
    substitute,
    taken_indices,
)
from derive.core.thin import thin
from derive.core.visible import visible

__all__ = ["Needs", "needs_of", "thin"]

ENTIRE = (exp, sin, cos, sinh, cosh, erf, Abs)
SMOOTH = (tanh, sech, atan, asinh)
"""Defined at all real numbers, and smooth there."""

CAPS = frozenset({"powers", "split", "scale", "contract"})
Env = Mapping[Symbol, Atom]

UNBOUNDED = frozenset({"Moments", "Normal"})
"""Laws whose entries have no bounds: not every function of them has a mean."""

PARAMETERS: dict[str, Callable[[NamedLaw], tuple[tuple[Expr, str, int | None], ...]]] = {
    "Bernoulli": lambda law: ((law.parameters[0], ">=0", 1),),
    "Moments": lambda law: ((law.parameters[0], "real", None), (law.parameters[1], ">=0", None)),
    "Normal": lambda law: ((law.parameters[0], "real", None), (law.parameters[1], ">0", None)),
}
"""For each law its parameters, with the least and the greatest value that each may have."""


@dataclass
class Needs:
    """What was found: conditions to show, notes on what was discharged, and what stands in the way."""

    conditions: list[Condition] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    missing: list[Note] = field(default_factory=list)


@dataclass(frozen=True)
class _Scope:
    """Where the walk is: labels of bound indices, what is known, and what is known inside a logarithm.

    Under a law's weight a term counts only where the weight is positive, by
    0 ln 0 = 0; that holds for what stands in a logarithm, not for a division,
    and only while the term is a polynomial in such logarithms. What stands in a
    derivative is `moving`: branch cuts may be met along the real axis only.
    """

    env: Env
    facts: Facts
    in_log: Facts
    over: tuple[Basic, ...] = ()
    moving: bool = False

    def weighted(self, keys: frozenset[str]) -> _Scope:
        return replace(self, in_log=self.in_log.under(keys))

    def nonlinear(self) -> _Scope:
        """Inside a function of a term: exp(-ln 0) is not made zero by a weight."""
        return replace(self, in_log=self.facts)


def needs_of(term: Expr, ring: Ring) -> Needs:
    """Everything that a term needs in order to be defined; `ring` has the facts."""
    needs = Needs()
    walker = _Walker(replace(ring, caps=CAPS), needs)
    walker.walk(term, _Scope({}, ring.facts, ring.facts))
    return needs


@dataclass(frozen=True)
class _Walker:
    ring: Ring
    needs: Needs
    known: dict[tuple[Basic, int, int], tuple[Poly | None, tuple[Env, Facts]]] = field(default_factory=dict)
    plain: dict[Definition, list[Note] | None] = field(default_factory=dict)

    def normal(self, term: Basic, scope: _Scope, facts: Facts) -> Poly | None:
        """The normal form, or None where there is none to be had."""
        key = (term, id(scope.env), id(facts))
        if key not in self.known:
            self.known[key] = self._normal(term, scope.env, facts), (scope.env, facts)
        return self.known[key][0]

    def _normal(self, term: Basic, env: Env, facts: Facts) -> Poly | None:
        try:
            return Converter(replace(self.ring, facts=facts, budget=20_000))(term, env)
        except (NotNormal, BudgetError) as error:
            if isinstance(error, UndefinedValue):
                raise
            return None

    def met(self, label: str, term: Expr, why: str) -> None:
        """Note a need that the facts discharge."""
        self.needs.notes.append(Note(label, term, why))

    def miss(self, label: str, term: Expr, why: str) -> None:
        """Note a need that nothing discharges."""
        self.needs.missing.append(Note(label, term, why))

    # ------------------------------------------------------------ the walk

    def walk(self, term: Basic, scope: _Scope) -> None:
        """Collect the needs of a term."""
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
                if isinstance(term, SMOOTH):
                    self._real(term.args[0], scope, f"{type(term).__name__} is taken of real numbers only")
                elif isinstance(term, factorial):
                    self._whole(term, scope)
                elif isinstance(term, Function) and not isinstance(term, (*ENTIRE, AppliedUndef)):
                    self.miss("defined", term, "where this function is defined is not known here")
                if term in (S.Infinity, S.NegativeInfinity, S.ComplexInfinity, S.NaN):
                    self.miss("defined", term, "an infinite value is not a number")
                inner = scope.nonlinear() if isinstance(term, Function) else scope
                for child in children_in_scope(term):
                    self.walk(child, inner)

    def _product(self, term: Mul, scope: _Scope) -> None:
        for k, factor in enumerate(term.args):
            others = law_factors(f for n, f in enumerate(term.args) if n != k)
            weight = self.normal(Mul(*others, evaluate=False), scope, scope.facts) if others else None
            self.walk(factor, scope if weight is None else scope.weighted(positive_where(weight)))

    def _power(self, term: Pow, scope: _Scope) -> None:
        base, exponent = term.args
        inner = scope if isinstance(exponent, Integer) and exponent.is_positive else scope.nonlinear()
        self.walk(base, inner)
        self.walk(exponent, scope.nonlinear())
        above = self.normal(exponent, scope, scope.facts)
        if scope.moving and not (above is not None and scope.facts.integer(above)) and base is not S.Exp1:
            self._real(base, scope, "a root is differentiated along the real axis only")
        if base is S.Exp1 or (above is not None and self._never_negative(above, scope.facts)):
            return
        self._nonzero(base, scope, scope.facts)

    @staticmethod
    def _never_negative(exponent: Poly, facts: Facts) -> bool:
        return facts.positive(exponent) or (facts.nonnegative(exponent) and facts.integer(exponent))

    def _logarithm(self, term: log, scope: _Scope) -> None:
        inner = replace(scope, facts=scope.in_log, in_log=scope.facts)
        for arg in term.args:
            self.walk(arg, inner)
            self._nonzero(arg, inner, inner.facts)
            if scope.moving:
                self._real(arg, inner, "a logarithm is differentiated along the real axis only")
        if len(term.args) == 2:
            self._nonzero(Add(term.args[1], S.NegativeOne, evaluate=False), inner, inner.facts)

    def _nonzero(self, term: Expr, scope: _Scope, facts: Facts) -> None:
        """`term` must not be 0."""
        poly = self._looked_into(term, scope, facts)
        if poly is not None and poly.is_zero:
            raise UndefinedValue("0 stands below a line, under a power that may be negative, or in a logarithm")
        if poly is not None and (facts.not_zero(poly) or self._given_nonzero(term, scope, facts)):
            if not isinstance(term, Rational):
                self.met("nonzero", term, "known from the domains and the givens")
            return
        if isinstance(term, (Mul, Abs)) or (isinstance(term, Pow) and isinstance(term.args[1], Rational)):
            for factor in term.args[:1] if isinstance(term, Pow) else term.args:
                self._nonzero(factor, scope, facts)
            return
        if isinstance(term, Pow) and self._known_base(term.args[0], scope, facts):
            self.met("nonzero", term, "a power of what is not 0")
            return
        if poly is not None and thin(poly, facts) and not any(label.startswith("~") for label in poly.free):
            over = tuple(i for i in scope.over if i in term.free_symbols)
            condition = Condition(term, over)
            if condition not in self.needs.conditions:
                self.needs.conditions.append(condition)
            return
        self.miss("nonzero", term, "it must not be 0, and this does not follow from the givens")

    def _known_base(self, base: Expr, scope: _Scope, facts: Facts) -> bool:
        poly = self.normal(base, scope, facts)
        return poly is not None and facts.not_zero(poly)

    def _given_nonzero(self, term: Expr, scope: _Scope, facts: Facts) -> bool:
        """Whether a given says, as it was written, that the term is not 0."""
        if not facts.nonzero:
            return False
        plain = _Walker(replace(self.ring, caps=frozenset()), self.needs).normal(term, scope, facts)
        return plain is not None and facts.not_zero_as_given(plain)

    def _looked_into(self, term: Expr, scope: _Scope, facts: Facts) -> Poly | None:
        """The normal form; with every definition unfolded where it is not known not to be 0."""
        poly = self.normal(term, scope, facts)
        if poly is None or facts.not_zero(poly):
            return poly
        inside = frozenset(atom.name for atom in poly.all_atoms() if atom.kind == "D")
        if not inside:
            return poly
        every = inside | {name.name for name in free_names(term) if isinstance(name, Definition)}
        return _Walker(replace(self.ring, unfold=every), self.needs).normal(term, scope, facts)

    def _entry(self, term: Entry, scope: _Scope) -> None:
        for place, size in zip(term.indices, term.array.shape, strict=False):
            if isinstance(place, Index) and place not in scope.env and (place.lo, place.hi) == (S.One, size):
                continue
            self.walk(place, scope)
            value, length = self.normal(place, scope, scope.facts), self.normal(size, scope, scope.facts)
            axis = None if length is None else Atom("i", "", (ONE, length))
            known = replace(self.ring, facts=scope.facts)
            if value is None or axis is None or not in_range(known, value, axis):
                self.miss("in range", place, f"it must be an integer from 1 to {size}, the size of {term.array.name}")

    def _prob(self, term: Prob, scope: _Scope) -> None:
        for slot, value in (*term.targets.items(), *term.givens.items()):
            declared = term.law.slots[slot]
            found = self.normal(value, scope, scope.facts)
            axis = self.normal(declared, scope, scope.facts)
            index = None if axis is None else axis.atom
            if found is None or index is None or not in_range(replace(self.ring, facts=scope.facts), found, index):
                self.miss("in range", value, f"it must be a value of {declared.name}")
        if term.givens:
            below = Prob(term.law, term.givens)
            poly = self.normal(below, scope, scope.facts)
            if poly is None or not (scope.facts.positive(poly) or scope.in_log.positive(poly)):
                self.miss("positive", below, "the givens of a conditional need positive probability: full_support")
            else:
                self.met("positive", below, "by full support, or by the weight it stands under")

    def _defined(self, term: Defined, scope: _Scope) -> None:
        """What the formula needs; only its notes, once, where all of it is known at every place of its indices."""
        notes = self._known_everywhere(term.head)
        if notes is None or not all(map(self._fits, term.arguments, term.head.parameters, repeat(scope))):
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
                inside = _Walker(self.ring, Needs(), plain=self.plain)
                bare = replace(self.ring.facts, weights=frozenset())
                inside.walk(head.body, _Scope({}, bare, bare, moving=True))
                if not inside.needs.conditions and not inside.needs.missing:
                    self.plain[head] = inside.needs.notes
        return self.plain[head]

    def _fits(self, argument: Expr, parameter: Index, scope: _Scope) -> bool:
        """Whether an argument is in the range of a parameter."""
        value, axis = self.normal(argument, scope, scope.facts), self.normal(parameter, scope, scope.facts)
        index = None if axis is None else axis.atom
        return value is not None and index is not None and in_range(replace(self.ring, facts=scope.facts), value, index)

    def _applied(self, term: Applied, scope: _Scope) -> None:
        for arg in term.arguments:
            self.walk(arg, scope)
            self._real(arg, scope, f"{term.function.name} is a function of real numbers")

    def _real(self, term: Expr, scope: _Scope, why: str) -> None:
        """`term` must be real."""
        if visible(term) is not None:
            return
        poly = self.normal(term, scope, scope.facts)
        if poly is None or not scope.facts.real(poly):
            self.miss("real", term, why)

    def _whole(self, term: factorial, scope: _Scope) -> None:
        """A factorial is taken of integers that are at least 0."""
        poly = self.normal(term.args[0], scope, scope.facts)
        if scope.moving or poly is None or not (scope.facts.integer(poly) and scope.facts.nonnegative(poly)):
            self.miss("defined", term, "a factorial is taken of integers that are at least 0")

    def _slope(self, term: Slope, scope: _Scope) -> None:
        """The body is smooth there, and the derivative defined."""
        inside = replace(scope.nonlinear(), moving=True)
        self.walk(term.by, inside)
        self.walk(term.body, inside)
        try:
            self.walk(slope_of(term), inside)
        except NotNormal as error:
            self.miss("differentiable", term, str(error))

    def _recurred(self, term: Recurred, scope: _Scope) -> None:
        """The place is in range; the start needs what it needs; the step may need nothing that is not known."""
        head = term.head
        self.walk(term.at, scope.nonlinear())
        at = self.normal(term.at, scope, scope.facts)
        axis = self.normal(head.index, _Scope({}, scope.facts, scope.facts), scope.facts)
        index = None if axis is None else axis.atom
        if at is None or index is None or not in_range(replace(self.ring, facts=scope.facts), at, index):
            self.miss("in range", term.at, f"it must be a place of {head.name}")
        self.walk(head.start, scope.nonlinear())
        last = head.index.hi if head.index.hi is S.Infinity else Add(head.index.hi, S.NegativeOne, evaluate=False)
        within = Index(head.index.name, head.index.lo, last, head.index.sort)
        step = needs_of(substitute(head.step, {head.index: within}), replace(self.ring, facts=scope.facts))
        if step.conditions or step.missing:
            self.miss("defined", head.step, f"the step of {head.name} needs what is not known")

    # ------------------------------------------------------------ binders

    def _binder(self, term: Binder, scope: _Scope) -> None:
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
        for array in term.arrays:
            self._law(array, term, scope)
        if isinstance(term, Sum):
            self._convergent(term.bodies[0], term, bound, inner)

    def _law(self, array: RandomArray, term: Binder, scope: _Scope) -> None:
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

    def _polynomial(self, term: Binder, array: RandomArray, scope: _Scope) -> bool:
        ring = replace(self.ring, caps=CAPS | {"logs"})
        poly = _Walker(ring, self.needs).normal(term.bodies[0], scope, scope.facts)
        return poly is not None and all(polynomial_in(mono, f"~{array.name}") for mono in poly.terms)

    def _inside(self, term: Binder, scope: _Scope) -> tuple[_Scope, list[Atom]]:
        env = dict(scope.env)
        bound = []
        for index, lo, hi in term.limits:
            self.walk(lo, scope)
            if hi is not S.Infinity:
                self.walk(hi, scope)
            convert = Converter(replace(self.ring, facts=scope.facts))
            ends = (convert(lo, scope.env),) if hi is S.Infinity else (convert(lo, scope.env), convert(hi, scope.env))
            atom = Atom("i", self.ring.fresh(), ends)
            env[index] = atom
            bound.append(atom)
        return replace(scope, env=env, over=(*scope.over, *(limit[0] for limit in term.limits))), bound

    def _convergent(self, body: Expr, term: Binder, bound: list[Atom], inner: _Scope) -> None:
        infinite = [b for b in bound if not finite(b)]
        if not infinite:
            return
        ring = replace(self.ring, caps=CAPS | {"logs"})
        poly = _Walker(ring, self.needs).normal(body, inner, inner.facts)
        if len(infinite) == 1 and poly is not None and all(
            converges(inner.facts, mono, infinite[0]) for mono in poly.terms
        ):
            self.met("converges", term, "every part is dominated by a geometric series, or by a law")
        else:
            self.miss("converges", term, "its convergence does not follow from the givens")
