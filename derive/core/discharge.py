"""What a term needs in order to be defined, and how a need is met.

Promise: a need is discharged by the facts, or becomes a condition where it removes a thin set only, or else it stands
in the way: nothing is met that does not follow from the givens and the domains.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sympy import Abs, Basic, Expr, Mul, Pow, Rational, Symbol

from derive.core.claims import Condition, Note
from derive.core.errors import BudgetError, NotNormal
from derive.core.facts import Facts
from derive.core.normal.atoms import ONE, Atom, Poly
from derive.core.normal.convert import Converter
from derive.core.normal.ring import Ring, UndefinedValue
from derive.core.normal.sums import in_range
from derive.core.terms import Definition, free_names
from derive.core.thin import thin
from derive.core.visible import visible

__all__ = ["CAPS", "Discharge", "Env", "Needs", "Scope"]

CAPS = frozenset({"powers", "split", "scale", "contract"})
"""What the normal forms of needs may use."""

BUDGET = 20_000
Env = Mapping[Symbol, Atom]
NOWHERE: Env = {}


@dataclass
class Needs:
    """What was found: conditions to show, notes on what was discharged, and what stands in the way."""

    conditions: list[Condition] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    missing: list[Note] = field(default_factory=list)

    @property
    def all_known(self) -> bool:
        """Whether nothing is to be shown, and nothing stands in the way."""
        return not self.conditions and not self.missing


@dataclass(frozen=True)
class Scope:
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

    @classmethod
    def outermost(cls, facts: Facts, *, moving: bool = False) -> Scope:
        """Where nothing is bound."""
        return cls(NOWHERE, facts, facts, moving=moving)

    def weighted(self, keys: frozenset[str]) -> Scope:
        """Under a weight that is positive where these are."""
        return replace(self, in_log=self.in_log.under(keys)) if keys else self

    def nonlinear(self) -> Scope:
        """Inside a function of a term: exp(-ln 0) is not made zero by a weight."""
        return self if self.in_log is self.facts else replace(self, in_log=self.facts)

    @property
    def key(self) -> tuple[int, int, int, bool]:
        """What tells it from other scopes, as long as both are kept."""
        return id(self.env), id(self.facts), id(self.in_log), self.moving


@dataclass(frozen=True)
class Discharge:
    """Where needs are met; `known` are normal forms, each with what has to be kept for its key to stay its own."""

    ring: Ring
    needs: Needs
    known: dict[tuple[Basic, int, int, frozenset[str], frozenset[str]], tuple[Poly | None, Env, Facts]] = field(
        default_factory=dict
    )

    def met(self, label: str, term: Expr, why: str) -> None:
        """Note a need that the facts discharge."""
        self.needs.notes.append(Note(label, term, why))

    def miss(self, label: str, term: Expr, why: str) -> None:
        """Note a need that nothing discharges."""
        self.needs.missing.append(Note(label, term, why))

    def normal(
        self, term: Basic, scope: Scope, facts: Facts, *, caps: frozenset[str] = CAPS,
        unfold: frozenset[str] = frozenset(),
    ) -> Poly | None:
        """The normal form, or None where there is none to be had."""
        key = term, id(scope.env), id(facts), caps, unfold
        if key not in self.known:
            ring = replace(self.ring, facts=facts, budget=BUDGET, caps=caps, unfold=unfold)
            self.known[key] = _normal(ring, term, scope.env), scope.env, facts
        return self.known[key][0]

    # ------------------------------------------------------------ needs

    def nonzero(self, term: Expr, scope: Scope, facts: Facts) -> None:
        """`term` must not be 0."""
        parts = _parts(term)
        known = self._plainly_nonzero(term, scope, facts)
        if not known and parts and all(self._plainly_nonzero(part, scope, facts) for part in parts):
            for part in parts:
                self.nonzero(part, scope, facts)
            return
        poly = self._looked_into(term, scope, facts)
        if poly is not None and poly.is_zero:
            raise UndefinedValue("0 stands below a line, under a power that may be negative, or in a logarithm")
        if poly is not None and (facts.not_zero(poly) or self._given_nonzero(term, scope, facts)):
            if not isinstance(term, Rational):
                self.met("nonzero", term, "known from the domains and the givens")
            return
        if parts:
            for part in parts:
                self.nonzero(part, scope, facts)
            return
        if isinstance(term, Pow) and self._plainly_nonzero(term.args[0], scope, facts):
            self.met("nonzero", term, "a power of what is not 0")
            return
        if poly is not None and thin(poly, facts) and not any(label.startswith("~") for label in poly.free):
            over = tuple(i for i in scope.over if i in term.free_symbols)
            condition = Condition(term, over)
            if condition not in self.needs.conditions:
                self.needs.conditions.append(condition)
            return
        self.miss("nonzero", term, "it must not be 0, and this does not follow from the givens")

    def _plainly_nonzero(self, term: Expr, scope: Scope, facts: Facts) -> bool:
        """Whether the facts say so with no definition unfolded."""
        poly = self.normal(term, scope, facts)
        return poly is not None and facts.not_zero(poly)

    def _given_nonzero(self, term: Expr, scope: Scope, facts: Facts) -> bool:
        """Whether a given says, as it was written, that the term is not 0."""
        if not facts.nonzero:
            return False
        plain = self.normal(term, scope, facts, caps=frozenset())
        return plain is not None and facts.not_zero_as_given(plain)

    def _looked_into(self, term: Expr, scope: Scope, facts: Facts) -> Poly | None:
        """The normal form; with every definition unfolded where it is not known not to be 0."""
        poly = self.normal(term, scope, facts)
        if poly is None or facts.not_zero(poly):
            return poly
        inside = frozenset(atom.name for atom in poly.all_atoms() if atom.kind == "D")
        if not inside:
            return poly
        every = inside | {name.name for name in free_names(term) if isinstance(name, Definition)}
        return self.normal(term, scope, facts, unfold=every)

    def real(self, term: Expr, scope: Scope, why: str) -> None:
        """`term` must be real."""
        if visible(term) is not None:
            return
        poly = self.normal(term, scope, scope.facts)
        if poly is None or not scope.facts.real(poly):
            self.miss("real", term, why)

    # ------------------------------------------------------------ ranges

    def on_axis(self, place: Expr, size: Expr, scope: Scope) -> bool:
        """Whether a place is known to be an integer from 1 to a size."""
        value, length = self.normal(place, scope, scope.facts), self.normal(size, scope, scope.facts)
        return value is not None and length is not None and self._in_range(value, Atom("i", "", (ONE, length)), scope)

    def over_range(self, place: Expr, index: Basic, scope: Scope, there: Scope | None = None) -> bool:
        """Whether a place is known to be in the range of an index, whose ends are read in another scope, if any."""
        value, axis = self.normal(place, scope, scope.facts), self.normal(index, there or scope, scope.facts)
        atom = None if axis is None else axis.atom
        return value is not None and atom is not None and self._in_range(value, atom, scope)

    def _in_range(self, value: Poly, axis: Atom, scope: Scope) -> bool:
        return in_range(replace(self.ring, facts=scope.facts), value, axis)


def _parts(term: Expr) -> tuple[Expr, ...]:
    """What must not be 0 where a product, an absolute value or a power with a rational exponent must not."""
    if isinstance(term, (Mul, Abs)):
        return tuple(term.args)
    return term.args[:1] if isinstance(term, Pow) and isinstance(term.args[1], Rational) else ()


def _normal(ring: Ring, term: Basic, env: Env) -> Poly | None:
    try:
        return Converter(ring)(term, env)
    except (NotNormal, BudgetError) as error:
        if isinstance(error, UndefinedValue):
            raise
        return None
