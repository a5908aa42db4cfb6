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

from sympy import Expr, S

from derive.core import meaning
from derive.core.assume import Assumptions, assume, names_of
from derive.core.claims import (
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
from derive.core.closing import Attempt, Lemma, attempt
from derive.core.defined import Needs, needs_of, thin
from derive.core.divergence import infinite_sign, only_divergence_missing
from derive.core.errors import BudgetError, DeriveError, GivenError, NotEvaluable, NotNormal
from derive.core.induction import by_induction
from derive.core.normal.ring import UndefinedValue
from derive.core.normal.show import show
from derive.core.rules import FAMILIES, Family, divergence
from derive.core.terms import Array, FullSupport, Index, free_names, has_float

__all__ = ["Claim", "Theorem", "conclude", "confirm", "flaw", "prove", "refute_strict", "weigh"]


@dataclass(frozen=True)
class Claim:
    """One relation between two terms, under givens."""

    left: Expr
    relation: Relation
    right: Expr
    given: tuple[Given, ...] = ()


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
    if found is None or not meaning.contradicts(claim.relation.value, found[2]):
        return None
    (left, left_decimal), (right, right_decimal) = (meaning.render(v) for v in found[:2])
    return Refuted(Witness(model.describe(), left, right, left_decimal, right_decimal))


def refute_strict(claim: Claim, models: Sequence[meaning.Model]) -> Refuted | None:
    """A strict claim fails in a model where both sides have a value, if they are proved equal without a condition."""
    if claim.relation not in {Relation.LT, Relation.GT}:
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


def weigh(claim: Claim, model: meaning.Model) -> tuple[meaning.Value, meaning.Value, str | None] | None:
    """Both sides in a model that satisfies the givens, and how they compare; None where they have no value there."""
    if not meaning.in_domain(model) or not all(meaning.satisfies(g, model) is True for g in claim.given):
        return None
    try:
        return meaning.weigh(claim.left, claim.right, model, keen=True)
    except NotEvaluable:
        return None


# ---------------------------------------------------------------- proving


def prove(
    claim: Claim,
    reasons: Sequence[Family | Theorem] = (),
    models: Iterable[meaning.Model] = (),
) -> Proved | Undecided | Invalid:
    """Decide whether the claim holds for all values; `models` are candidates for the model that a proof needs."""
    wrong = flaw(claim)
    if wrong is not None:
        return Invalid(wrong)
    try:
        theorems = [r for r in reasons if isinstance(r, Theorem)]
        assumptions = assume((claim.left, claim.right, *_terms(theorems)), claim.given)
        if claim.right in {S.Infinity, S.NegativeInfinity}:
            return _infinite(claim, reasons, assumptions, models)
        needs = _needs(claim, assumptions)
        _discharge_givens(claim, theorems, assumptions)
        return _close(claim, reasons, assumptions, needs, models)
    except (UndefinedValue, GivenError) as error:
        return Invalid(str(error))
    except (BudgetError, NotNormal) as error:
        return Undecided(str(error))


def _infinite(
    claim: Claim, reasons: Sequence[Family | Theorem], assumptions: Assumptions, models: Iterable[meaning.Model]
) -> Proved | Undecided | Invalid:
    """A claim that the left side is oo, or -oo."""
    if claim.relation is not Relation.EQ or any(r is not divergence for r in reasons):
        return Undecided("that a side is infinite is proved as an equation, by divergence alone")
    sign = infinite_sign(claim.left, assumptions, divergence.needs | divergence.helps)
    if sign is None or (sign > 0) is not (claim.right is S.Infinity):
        return Undecided("the left side is not known to be infinite")
    needs = needs_of(claim.left, assumptions.ring(frozenset()))
    if needs.conditions or not only_divergence_missing(claim.left, needs):
        return Undecided("what the left side needs is not all known")
    if not any(_is_infinite(weigh(claim, model), sign) for model in models):
        return Undecided("no model of the givens was found in which the left side is infinite")
    return Proved((divergence.name,), (), tuple(needs.notes))


def _is_infinite(found: tuple[meaning.Value, meaning.Value, str | None] | None, sign: int) -> bool:
    return found is not None and isinstance(found[0], meaning.Infinite) and found[0].sign == sign


def _terms(theorems: Iterable[Theorem]) -> list[Expr]:
    return [side for t in theorems for side in (t.lemma.left, t.lemma.right)]


def flaw(claim: Claim) -> str | None:
    """Why a claim is not well formed, or None."""
    places = {"on the left side": (claim.left,), "on the right side": (claim.right,), "in a given": claim.given}
    for place, terms in places.items():
        if any(map(has_float, terms)):
            return f"a floating-point number stands {place}: write an exact one, such as Rational(1, 2) or x/2"
    if claim.left == claim.right:
        return "both sides are identical as written: nothing is claimed"
    try:
        names_of((claim.left, claim.right, *claim.given))
    except GivenError as error:
        return str(error)
    names = [free_names(side) for side in (claim.left, claim.right)]
    if not all(any(isinstance(n, Array) for n in found) for found in names):
        return None
    left, right = ({n.name for n in found if isinstance(n, Index)} for found in names)
    only = [
        f"{', '.join(sorted(found))} {'stands' if len(found) == 1 else 'stand'} free on the {side} side only"
        for side, found in (("left", left - right), ("right", right - left)) if found
    ]
    return f"free indices differ: {'; '.join(only)}" if only else None


def _needs(claim: Claim, assumptions: Assumptions) -> Needs:
    """The needs of both sides as written."""
    total = Needs()
    for side in (claim.left, claim.right):
        found = needs_of(side, assumptions.ring(frozenset()))
        total.conditions.extend(c for c in found.conditions if c not in total.conditions)
        total.notes.extend(n for n in found.notes if n not in total.notes)
        total.missing.extend(m for m in found.missing if m not in total.missing)
    return total


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
    reasons: Sequence[Family | Theorem],
    assumptions: Assumptions,
    needs: Needs,
    models: Iterable[meaning.Model],
) -> Proved | Undecided | Invalid:
    used, found = _licensed(claim, reasons, assumptions) if reasons else _searched(claim, assumptions)
    if isinstance(found, Invalid):
        return found
    if not found.closed:
        reason = "the normal form of the difference of the sides is not zero"
        return Undecided(reason, show(found.residue, assumptions.names), trace=_forms(found, assumptions))
    if needs.missing:
        first = needs.missing[0]
        return Undecided(f"what both sides need is not all known: {first.why}", first.term)
    if found.index is not None and _hangs_on(found.index, needs, found):
        return Undecided(f"an induction needs its conditions at every {found.index.name}")
    cut = [poly for poly in found.conditions.values() if not thin(poly, assumptions.facts)]
    if cut:
        return Undecided("a rule needs this not to be 0, which does not follow", show(cut[0], assumptions.names))
    if not any(_finite(weigh(claim, model)) for model in models):
        return Undecided("no model of the givens was found in which both sides have a value")
    return Proved(
        tuple(used), _conditions(needs, found, assumptions, reasons), _trace(found, needs, assumptions, reasons)
    )


def _hangs_on(index: Index, needs: Needs, found: Attempt) -> bool:
    """Whether a condition to be shown mentions the index of an induction."""
    return any(index in free_names(c.term) for c in needs.conditions) or any(
        f"${index.name}" in poly.free for poly in found.conditions.values()
    )


def _finite(found: tuple[meaning.Value, meaning.Value, str | None] | None) -> bool:
    """Whether both sides have a finite value."""
    return found is not None and not any(isinstance(v, meaning.Infinite) for v in found[:2])


def _conditions(
    needs: Needs, found: Attempt, assumptions: Assumptions, reasons: Sequence[Family | Theorem]
) -> tuple[Condition, ...]:
    """The conditions to show: of both sides as written, of the rules, and of what is cited."""
    shown = list(needs.conditions)
    shown.extend(Condition(show(poly, assumptions.names)) for poly in found.conditions.values())
    shown.extend(c for r in reasons if isinstance(r, Theorem) for c in r.conditions)
    return tuple(dict.fromkeys(shown))


def _trace(
    found: Attempt, needs: Needs, assumptions: Assumptions, reasons: Sequence[Family | Theorem]
) -> tuple[Note, ...]:
    """What `explain` shows: the normal forms, what was discharged, what was cited."""
    return (
        *_forms(found, assumptions),
        *needs.notes,
        *(Note("given", None, f"from {r.name}") for r in reasons if isinstance(r, Theorem)),
    )


def _forms(found: Attempt, assumptions: Assumptions) -> tuple[Note, ...]:
    return (
        Note("left", show(found.left, assumptions.names), "normal form of the left side"),
        Note("right", show(found.right, assumptions.names), "normal form of the right side"),
    )


# ---------------------------------------------------------------- licences


def _try(
    claim: Claim,
    assumptions: Assumptions,
    families: Iterable[Family],
    *,
    but: frozenset[str] = frozenset(),
    lemmas: Iterable[Lemma] = (),
) -> Attempt:
    caps: frozenset[str] = frozenset().union(*(f.needs | f.helps for f in families)) - but
    found = attempt(assumptions, claim.left, claim.relation, claim.right, caps, lemmas)
    if found.closed or "induct" not in caps or claim.relation is not Relation.EQ:
        return found
    return by_induction(claim.left, claim.right, claim.given, caps) or found


def _licensed(
    claim: Claim, reasons: Sequence[Family | Theorem], assumptions: Assumptions
) -> tuple[list[str], Attempt | Invalid]:
    """The stated reasons must close it together, and none may be idle."""
    families = [r for r in reasons if isinstance(r, Family)]
    theorems = [r for r in reasons if isinstance(r, Theorem)]
    names = [r.name for r in reasons]
    lemmas = [t.lemma for t in theorems]
    found = _try(claim, assumptions, families, lemmas=lemmas)
    if not found.closed:
        other, closing = _searched(claim, assumptions)
        if isinstance(closing, Attempt) and closing.closed:
            return names, Invalid(f"{_words(names)} does not close this step; {_words(other)} does")
        return names, found
    for reason in reasons:
        without = (
            _try(claim, assumptions, families, lemmas=[t.lemma for t in theorems if t is not reason])
            if isinstance(reason, Theorem)
            else _idle(claim, assumptions, families, reason, lemmas)
        )
        if without is not None and without.closed:
            rest = [n for n in names if n != reason.name] or _searched(claim, assumptions)[0]
            return names, Invalid(f"{reason.name} is not what closes this step; {_words(rest)} does")
    return names, found


def _idle(
    claim: Claim, assumptions: Assumptions, families: Sequence[Family], reason: Family, lemmas: list[Lemma]
) -> Attempt | None:
    """The attempt without what a family is the licence for; None for the base, which is always there."""
    others: frozenset[str] = frozenset().union(*(f.needs for f in families if f is not reason))
    if not reason.needs:
        fewer = [f for f in families if f is not reason]
        return _try(claim, assumptions, fewer, lemmas=lemmas) if fewer else None
    return _try(claim, assumptions, families, but=reason.needs - others, lemmas=lemmas)


def _searched(claim: Claim, assumptions: Assumptions) -> tuple[list[str], Attempt | Invalid]:
    """No reason stated: one family, in order of cost, then all of them, less those that are idle."""
    best = Attempt(closed=False)
    for family in FAMILIES:
        best = _guarded(claim, assumptions, [family])
        if best.closed and not (family.needs and _guarded(claim, assumptions, [family], but=family.needs).closed):
            return [family.name], best
    chosen = list(FAMILIES)
    best = _guarded(claim, assumptions, chosen)
    if not best.closed:
        return [], best
    for family in reversed(FAMILIES):
        fewer = [f for f in chosen if f is not family]
        trial = _guarded(claim, assumptions, fewer)
        if trial.closed:
            chosen, best = fewer, trial
    return [f.name for f in chosen], best


def _guarded(
    claim: Claim, assumptions: Assumptions, families: list[Family], *, but: frozenset[str] = frozenset()
) -> Attempt:
    """An attempt that counts as not closed where it grew past its budget."""
    try:
        return _try(claim, assumptions, families, but=but)
    except UndefinedValue:
        raise
    except BudgetError:
        return Attempt(closed=False)


def _words(names: Sequence[str]) -> str:
    return " with ".join(names) if names else "nothing tried"


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
    return Theorem(Lemma(name, left, relation, right), derivation.given, tuple(dict.fromkeys(conditions)))
