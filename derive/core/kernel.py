"""The only place that makes `Proved` and `Refuted`.

    prove(claim, reasons, models)           Proved, Undecided or Invalid
    confirm(claim, model)                   Refuted, or None
    refute_strict(claim, models)            Refuted where a strict claim's sides are proved equal
    conclude(name, derivation, verdicts)    a theorem that others may cite

Promise
    A `Proved` is true for all values that satisfy the givens, at all sizes,
    wherever both sides are defined. It needs (1) a well-formed claim, (2) every
    need of both sides as written discharged, or shown as a condition that
    removes a thin set, (3) a model of the givens in which both sides have a
    value, (4) a normal form that closes under the licence of the stated reasons,
    and, where reasons are stated, not without each of them.

    A `Refuted` holds one model, checked here: it satisfies every domain and
    given, and both sides are rigorously evaluated in it and do not relate as
    claimed, or are proved equal where the claim is strict.

    Models come from outside and are checked here; theorems are made here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from sympy import Expr, S, evaluate

from derive.core import meaning
from derive.core.assume import Assumptions, assume, names_of
from derive.core.claims import (
    Claim,
    Condition,
    Derivation,
    Given,
    Invalid,
    Note,
    Proved,
    Refuted,
    Relation,
    Undecided,
    Verdict,
    Witness,
)
from derive.core.closing import Attempt, Lemma
from derive.core.defined import needs_of, needs_of_all
from derive.core.discharge import Needs
from derive.core.divergence import infinite_sign, misses, only_divergence_missing
from derive.core.errors import BudgetError, DeriveError, GivenError, NotEvaluable, NotNormal, TermError
from derive.core.extremal import Placed, placed
from derive.core.licence import Closing, Licence
from derive.core.normal.ring import UndefinedValue
from derive.core.normal.show import show
from derive.core.rules import Family, divergence
from derive.core.scalar.decide import Decision, needed
from derive.core.scalar.oracle import SILENT, Oracle
from derive.core.shapes import misfit
from derive.core.terms import Extremum, FullSupport, Index, Integral, Sum, free_names, has_float, subterms
from derive.core.thin import thin

__all__ = ["Claim", "Theorem", "conclude", "confirm", "flaw", "outside", "prove", "refute_strict", "weigh"]

STRICT = {Relation.LT: "less", Relation.GT: "greater"}
"""Strict relations, and how the left side then compares in a model."""


@dataclass(frozen=True)
class Theorem:
    """The conclusion of a derivation all of whose steps are proved. Made by `conclude` only."""

    lemma: Lemma
    given: tuple[Given, ...]
    conditions: tuple[Condition, ...]

    @property
    def name(self) -> str:
        """The name it is cited by."""
        return self.lemma.name


# ---------------------------------------------------------------- refuting


def confirm(claim: Claim, model: meaning.Model) -> Refuted | None:
    """Refuted where the model satisfies every domain and given and the claim fails in it, rigorously."""
    found = weigh(claim, model)
    if found is None or not meaning.contradicts(claim.relation.value, found[2]) or outside(claim, found):
        return None
    sides = zip((claim.left, claim.right), found[:2], strict=True)
    (left, left_decimal), (right, right_decimal) = (_rendered(side, v) for side, v in sides)
    return Refuted(Witness(model.describe(), left, right, left_decimal, right_decimal))


def _rendered(side: Expr, value: meaning.Value) -> tuple[str | None, str]:
    """A value as text; the place of an extremum may be nowhere."""
    nowhere = isinstance(side, Extremum) and isinstance(value, meaning.Infinite)
    return ("nowhere", "nowhere") if nowhere else meaning.render(value)


def outside(claim: Claim, found: tuple[meaning.Value, meaning.Value, str | None]) -> bool:
    """Whether a side with an integral that depends on a name has no finite value: the claim says nothing there.

    An integral that has none whatever the names are is no such thing. Likewise the place of an extremum; but where a
    place is claimed to be another place, it is enough that the first one is there.
    """
    if _finite(found):
        return False
    left, right = claim.left, claim.right
    for side, other, value in ((left, right, found[0]), (right, left, found[1])):
        if isinstance(side, Extremum) and isinstance(value, meaning.Infinite) and free_names(side):
            return side is left or not isinstance(other, Extremum)
    integrals = [t for side in (claim.left, claim.right) for t in subterms(side) if isinstance(t, Integral)]
    return any(free_names(t) for t in integrals)


def refute_strict(claim: Claim, models: Sequence[meaning.Model]) -> Refuted | None:
    """A strict claim fails in a model where both sides have a value, if they are proved equal without a condition."""
    if claim.relation not in STRICT:
        return None
    equal = prove(replace(claim, relation=Relation.EQ), (), models)
    if not isinstance(equal, Proved) or equal.conditions:
        return None
    for model in models:
        found = weigh(claim, model)
        if found is not None and _finite(found):
            (left, left_decimal), (right, right_decimal) = (meaning.render(v) for v in found[:2])
            return Refuted(Witness(model.describe(), left, right, left_decimal, right_decimal))
    return None


def weigh(
    claim: Claim, model: meaning.Model, *, keen: bool = True
) -> tuple[meaning.Value, meaning.Value, str | None] | None:
    """Both sides in a model that satisfies the givens, and how they compare; None where they have no value there."""
    if not meaning.in_domain(model) or not all(meaning.satisfies(g, model) is True for g in claim.given):
        return None
    try:
        return meaning.weigh(claim.left, claim.right, model, keen=keen)
    except NotEvaluable:
        return None


# ---------------------------------------------------------------- proving


def prove(
    claim: Claim,
    reasons: Sequence[Family | Theorem] = (),
    models: Iterable[meaning.Model] = (),
    oracle: Oracle = SILENT,
) -> Proved | Undecided | Invalid:
    """Decide whether the claim holds for all values.

    `models` are candidates for the model that a proof needs; what the oracle
    suggests is checked.
    """
    wrong = flaw(claim)
    if wrong is not None:
        return Invalid(wrong)
    with evaluate(True):  # identity files are read without; comparisons of numbers need it
        return _prove(claim, reasons, models, oracle)


def _prove(
    claim: Claim, reasons: Sequence[Family | Theorem], models: Iterable[meaning.Model], oracle: Oracle
) -> Proved | Undecided | Invalid:
    try:
        theorems = [r for r in reasons if isinstance(r, Theorem)]
        assumptions = assume((claim.left, claim.right, *_terms(theorems)), claim.given)
        if isinstance(claim.left, Extremum) or isinstance(claim.right, Extremum):
            return _extremal(claim, reasons, assumptions, tuple(models), oracle)
        if claim.right in {S.Infinity, S.NegativeInfinity}:
            return _infinite(claim, reasons, assumptions, models)
        _discharge_givens(claim, theorems, assumptions)
        families = [r for r in reasons if isinstance(r, Family)]
        names = [r.name for r in reasons]
        found = Licence(claim, assumptions, oracle).closing(families, [t.lemma for t in theorems], names)
        if isinstance(found, Invalid):
            return found
        return _close(claim, found, theorems, assumptions, models)
    except (UndefinedValue, GivenError) as error:
        return Invalid(str(error))
    except (BudgetError, NotNormal) as error:
        return Undecided(str(error))
    except TermError as error:  # of our own making: the claim's own terms were built before
        return Undecided(f"a term that a proof needs cannot be built: {error}")


def _extremal(
    claim: Claim,
    reasons: Sequence[Family | Theorem],
    assumptions: Assumptions,
    models: Sequence[meaning.Model],
    oracle: Oracle,
) -> Proved | Undecided | Invalid:
    """A claim about the place of an extremum."""

    def prover(inner: Claim, candidates: Sequence[meaning.Model]) -> Proved | Undecided | Invalid:
        _discharge_givens(claim, [r for r in reasons if isinstance(r, Theorem)], assumptions)
        return _prove(inner, reasons, candidates, oracle)

    found = placed(claim, reasons, assumptions, models, prover)
    if not isinstance(found, Placed):
        return found
    if not any(_allows(claim, model, found.conditions) for model in models):
        return Undecided("no model of the givens was found in which the conditions hold")
    return Proved(found.names, tuple(dict.fromkeys(found.conditions)), found.notes)


def _infinite(
    claim: Claim, reasons: Sequence[Family | Theorem], assumptions: Assumptions, models: Iterable[meaning.Model]
) -> Proved | Undecided | Invalid:
    """A claim that the left side is oo, or -oo."""
    if claim.relation is not Relation.EQ or any(r is not divergence for r in reasons):
        return Undecided("that a side is infinite is proved as an equation, by divergence alone")
    if claim.right is S.Infinity and misses(claim.left, assumptions):
        return _not_dominated(claim, assumptions, models)
    sign = infinite_sign(claim.left, assumptions, divergence.needs | divergence.helps)
    if sign is None or (sign > 0) is not (claim.right is S.Infinity):
        return Undecided("the left side is not known to be infinite")
    needs = needs_of(claim.left, assumptions.ring(frozenset()))
    if needs.conditions or not only_divergence_missing(claim.left, needs):
        return Undecided("what the left side needs is not all known")
    if not any(_is_infinite(weigh(claim, model), sign) for model in models):
        return Undecided("no model of the givens was found in which the left side is infinite")
    return Proved((divergence.name,), (), tuple(needs.notes))


def _not_dominated(
    claim: Claim, assumptions: Assumptions, models: Iterable[meaning.Model]
) -> Proved | Undecided:
    """That H(P, Q) or KL(P, Q) is oo where Q misses part of P; the laws themselves must be defined."""
    heads = [Sum(body, *claim.left.args[2:]) for body in claim.left.args[:2]]
    found = [needs_of(head, assumptions.ring(frozenset())) for head in heads]
    if any(needs.missing or needs.conditions for needs in found):
        return Undecided("what the left side needs is not all known")
    if not any(_is_infinite(weigh(claim, model), 1) for model in models):
        return Undecided("no model of the givens was found in which the left side is infinite")
    return Proved((divergence.name,), (), tuple(note for needs in found for note in needs.notes))


def _is_infinite(found: tuple[meaning.Value, meaning.Value, str | None] | None, sign: int) -> bool:
    return found is not None and isinstance(found[0], meaning.Infinite) and found[0].sign == sign


def _terms(theorems: Iterable[Theorem]) -> list[Expr]:
    return [side for t in theorems for side in (t.lemma.left, t.lemma.right)]


@lru_cache(maxsize=64)
def flaw(claim: Claim) -> str | None:
    """Why a claim is not well formed, or None."""
    places = {"on the left side": (claim.left,), "on the right side": (claim.right,), "in a given": claim.given}
    for place, terms in places.items():
        if any(map(has_float, terms)):
            return f"a floating-point number stands {place}: write an exact one, such as Rational(1, 2) or x/2"
    if claim.left == claim.right and not claim.identical:
        return "both sides are identical as written: nothing is claimed"
    try:
        names_of((claim.left, claim.right, *claim.given))
    except GivenError as error:
        return str(error)
    return misfit(claim.left, claim.right, claim.given, equation=claim.relation is Relation.EQ)


def _discharge_givens(claim: Claim, theorems: Iterable[Theorem], assumptions: Assumptions) -> None:
    """A cited theorem's givens must stand among the claim's own, or follow as full supports."""
    for theorem in theorems:
        for given in theorem.given:
            known = given in claim.given or (
                isinstance(given, FullSupport) and given.law.name in assumptions.facts.support
            )
            if not known:
                raise GivenError(f"{theorem.name} rests on a given that does not stand here: {given}")


def _close(
    claim: Claim,
    found: Closing,
    theorems: Sequence[Theorem],
    assumptions: Assumptions,
    models: Iterable[meaning.Model],
) -> Proved | Undecided:
    """A proof, where the claim closed and everything it needs is known."""
    if not found.closed:
        return _open(found, assumptions)
    if found.decision is not None and found.decision.closed:
        return _calculated(claim, found, found.decision, models)
    if found.attempt is None:
        return Undecided(found.why)
    closed = found.attempt
    needs = needs_of_all((claim.left, claim.right), assumptions.ring(frozenset()))
    if needs.missing:
        other = needed(claim.left, claim.right, claim.given, tuple(assumptions.names.values()))
        if other is None or other.missing:
            first = needs.missing[0]
            return Undecided(f"what both sides need is not all known: {first.why}", first.term)
        needs = Needs(list(other.conditions), list(other.notes))
    if closed.index is not None and _hangs_on(closed.index, needs, closed):
        return Undecided(f"an induction needs its conditions at every {closed.index.name}")
    cut = [poly for poly in closed.conditions.values() if not thin(poly, assumptions.facts)]
    if cut:
        return Undecided("a rule needs this not to be 0, which does not follow", show(cut[0], assumptions.names))
    if not any(_upholds(claim, weigh(claim, model, keen=claim.relation in STRICT)) for model in models):
        return Undecided("no model of the givens was found in which both sides have a value")
    return Proved(
        found.names, _conditions(needs, closed, assumptions, theorems), _trace(closed, needs, assumptions, theorems)
    )


def _open(found: Closing, assumptions: Assumptions) -> Undecided:
    """What is left where nothing closed."""
    if found.attempt is None:
        residue = None if found.decision is None else found.decision.residue
        return Undecided(found.why if residue is None else "no method closes this step", residue)
    reason = "the normal form of the difference of the sides is not zero"
    return Undecided(reason, show(found.attempt.residue, assumptions.names), trace=_forms(found.attempt, assumptions))


def _calculated(
    claim: Claim, found: Closing, decision: Decision, models: Iterable[meaning.Model]
) -> Proved | Undecided:
    """A proof by scalar calculus: every need is known or thin, and the conditions hold in a model of the givens."""
    needs = decision.needs
    if needs.missing:
        first = needs.missing[0]
        return Undecided(f"what both sides need is not all known: {first.why}", first.term)
    allowed = [model for model in models if _allows(claim, model, needs.conditions)]
    if not allowed:
        return Undecided("no model of the givens was found in which the conditions hold")
    if claim.relation in STRICT and not any(_upholds(claim, weigh(claim, model)) for model in allowed):
        return Undecided("no model of the givens was found in which the sides certainly differ")
    forms = (Note("left", decision.left, "evaluated"), Note("right", decision.right, "evaluated"))
    return Proved(found.names, tuple(dict.fromkeys(needs.conditions)), (*forms, *needs.notes))


def _allows(claim: Claim, model: meaning.Model, conditions: Iterable[Condition]) -> bool:
    """Whether a model satisfies the givens, and no condition's term is 0 in it."""
    if not meaning.in_domain(model) or not all(meaning.satisfies(g, model) is True for g in claim.given):
        return False
    for condition in conditions:
        try:
            found = meaning.weigh(condition.term, S.Zero, model)
        except NotEvaluable:
            return False
        if not meaning.contradicts("=", found[2]):
            return False
    return True


def _hangs_on(index: Index, needs: Needs, found: Attempt) -> bool:
    """Whether a condition to be shown mentions the index of an induction."""
    return any(index in free_names(c.term) for c in needs.conditions) or any(
        f"${index.name}" in poly.free for poly in found.conditions.values()
    )


def _upholds(claim: Claim, found: tuple[meaning.Value, meaning.Value, str | None] | None) -> bool:
    """Whether both sides have a finite value, and certainly differ as a strict claim says: a second look at it."""
    if found is None or not _finite(found):
        return False
    return claim.relation not in STRICT or found[2] == STRICT[claim.relation]


def _finite(found: tuple[meaning.Value, meaning.Value, str | None] | None) -> bool:
    """Whether both sides have a finite value."""
    return found is not None and not any(isinstance(v, meaning.Infinite) for v in found[:2])


def _conditions(
    needs: Needs, found: Attempt, assumptions: Assumptions, theorems: Sequence[Theorem]
) -> tuple[Condition, ...]:
    """The conditions to show: of both sides as written, of the rules, and of what is cited."""
    shown = list(needs.conditions)
    shown.extend(Condition(show(poly, assumptions.names)) for poly in found.conditions.values())
    shown.extend(c for t in theorems for c in t.conditions)
    return tuple(dict.fromkeys(shown))


def _trace(
    found: Attempt, needs: Needs, assumptions: Assumptions, theorems: Sequence[Theorem]
) -> tuple[Note, ...]:
    """What `explain` shows: the normal forms, what was discharged, what was cited."""
    return (
        *_forms(found, assumptions),
        *needs.notes,
        *(Note("given", None, f"from {t.name}") for t in theorems),
    )


def _forms(found: Attempt, assumptions: Assumptions) -> tuple[Note, ...]:
    left = show(found.left, assumptions.names)
    right = left if found.right == found.left else show(found.right, assumptions.names)
    return Note("left", left, "normal form of the left side"), Note("right", right, "normal form of the right side")


# ---------------------------------------------------------------- citing


def conclude(name: str, derivation: Derivation, verdicts: Sequence[Verdict]) -> Theorem:
    """The theorem that a derivation proves; raises DeriveError where a step is not proved."""
    if len(verdicts) != len(derivation.steps):
        raise DeriveError(f"{name}: {len(derivation.steps)} steps, but {len(verdicts)} verdicts")
    for k, verdict in enumerate(verdicts):
        if not isinstance(verdict, Proved):
            raise DeriveError(f"{name} may not be cited: its step {k + 2} is {verdict.name}, not proved")
    left, relation, right = derivation.conclusion()
    conditions = [c for v in verdicts if isinstance(v, Proved) for c in v.conditions]
    fixed = frozenset(name for c in conditions for name in free_names(c.term))
    return Theorem(Lemma(name, left, relation, right, fixed), derivation.given, tuple(dict.fromkeys(conditions)))
