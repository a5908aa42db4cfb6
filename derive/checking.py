"""Checking: one step by itself, and one derivation.

Promise: each step gets one verdict, made by the kernel. A few cheap models come
first, so that a wrong step is refuted in milliseconds; then the proof; then the
guard: a proved step that some model contradicts is an InternalContradiction,
never a verdict.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import Protocol, TypeVar, runtime_checkable

from derive.core import kernel
from derive.core.claims import (
    Derivation,
    Invalid,
    Note,
    Proved,
    Reason,
    Refuted,
    Relation,
    Report,
    StepReport,
    Undecided,
    Verdict,
    compose,
)
from derive.core.errors import DeriveError, InternalContradiction, TermError
from derive.core.kernel import Claim, Theorem
from derive.core.meaning import Model, render
from derive.core.rules import Family
from derive.refute import models, search
from derive.repair import hint_for, repaired
from derive.search.suggest import SEARCH

__all__ = ["Citable", "check", "check_claim", "check_step"]

Told = TypeVar("Told", Refuted, Undecided)

CHEAP, GUARD, LONG = 4, 6, 150
"""How many models are tried before a proof, how many more after one, and how many in all where there is none."""


@runtime_checkable
class Citable(Protocol):
    """What `by=` may cite: an identity, which has a name and builds its derivation."""

    @property
    def name(self) -> str:
        """Its name."""

    def derivation(self) -> Derivation:
        """Its derivation."""


def check(derivation: Derivation) -> Report:
    """Every step of a derivation with its verdict."""
    start = time.perf_counter()
    steps = tuple(check_step(derivation, k) for k in range(len(derivation.steps)))
    return Report(derivation, steps, time.perf_counter() - start)


def check_step(
    derivation: Derivation, k: int, *, citing: tuple[str, ...] = (), identical: bool = False
) -> StepReport:
    """Step k (from 0) with its verdict.

    `citing` names the identities that led here, to see a circle; with
    `identical`, sides that are the same as written are no flaw.
    """
    start = time.perf_counter()
    step, left = derivation.steps[k], derivation.left_of(k)
    verdict: Verdict
    try:
        _same_direction(derivation, k)
        reasons = [_resolved(reason, citing) for reason in step.by]
    except (_NotCitable, TermError) as error:
        verdict = Invalid(str(error))
    else:
        verdict = check_claim(Claim(left, step.relation, step.right, derivation.given, identical), reasons)
    return StepReport(step, left, verdict, time.perf_counter() - start)


def check_claim(claim: Claim, reasons: Sequence[Family | Theorem] = ()) -> Verdict:
    """One claim by itself: refuted cheaply, proved and guarded, or searched for longer."""
    flaw = kernel.flaw(claim)
    if flaw is not None:
        return Invalid(flaw)
    try:
        return _verdict(claim, reasons)
    except TermError as error:  # the claim's own terms are there already: it is one that the check wanted
        return Undecided(f"a term that the check needs cannot be built: {error}")


def _verdict(claim: Claim, reasons: Sequence[Family | Theorem]) -> Verdict:
    supply = models([claim.left, claim.right], claim.given, limit=LONG)
    first = list(islice(supply, CHEAP))
    refuted = search(claim, first, kernel.confirm)
    if isinstance(refuted, Refuted):
        return _told(claim, repaired(claim, refuted), first)
    following = list(islice(supply, GUARD))
    verdict = kernel.prove(claim, reasons, chain(first, following), SEARCH)
    if isinstance(verdict, Proved):
        _guard(claim, verdict, following)
    elif isinstance(verdict, Undecided):
        found = search(claim, chain(following, supply), kernel.confirm)
        if isinstance(found, Refuted):
            return _told(claim, repaired(claim, found), first)
        strict = kernel.refute_strict(claim, first)
        if strict is not None:
            return strict
        agreed = refuted.agreed + found.agreed
        hint = _without_value(claim, (*first, *following)) or hint_for(claim)
        return _told(claim, replace(verdict, agreed=agreed, hint=hint), first)
    return verdict


def _without_value(claim: Claim, tried: Sequence[Model]) -> str | None:
    """A model in which an integral has no finite value, so that the claim needs a further given."""
    for model in tried:
        found = kernel.weigh(claim, model)
        if found is not None and kernel.outside(claim, found):
            at = ", ".join(f"{name} = {value}" for name, value in model.describe())
            return f"a side has no finite value at {at}: a given that rules this out is missing"
    return None


def _told(claim: Claim, verdict: Told, first: Sequence[Model]) -> Told:
    """The verdict with the first models that were tried in its trace."""
    tried: tuple[Note, ...] = tuple(_tried(claim, model) for model in first)
    return replace(verdict, trace=verdict.trace + tried)


def _tried(claim: Claim, model: Model) -> Note:
    """A model, and what both sides are in it."""
    at = ", ".join(f"{name} = {value}" for name, value in model.describe()) or "the only model"
    found = kernel.weigh(claim, model)
    if found is None:
        return Note(f"tried {at}", None, "a side has no value there")
    left, right = (render(value)[1] for value in found[:2])
    return Note(f"tried {at}", None, f"left {left}, right {right}")


def _guard(claim: Claim, verdict: Proved, candidates: Sequence[Model]) -> None:
    """Contradict a proof by more models; what does is a bug in the trusted code."""
    found = search(claim, candidates, kernel.confirm)
    if isinstance(found, Refuted):
        raise InternalContradiction(
            f"a proved step fails in a model: {claim.left} {claim.relation.value} {claim.right}, "
            f"by {', '.join(verdict.rules)}, at {dict(found.witness.values)}"
        )


# ---------------------------------------------------------------- reasons


class _NotCitable(DeriveError):
    """A reason that may not be used."""


def _same_direction(derivation: Derivation, k: int) -> None:
    """Raise TermError where step k turns the chain round."""
    here = derivation.steps[k].relation
    for step in derivation.steps[:k]:
        if step.relation is not Relation.EQ and here is not Relation.EQ:
            compose(step.relation, here)


def _resolved(reason: Reason, citing: tuple[str, ...]) -> Family | Theorem:
    if isinstance(reason, Family):
        return reason
    if not isinstance(reason, Citable):
        raise _NotCitable(f"{reason.name} is neither a rule nor an identity")
    if reason.name in citing:
        raise _NotCitable(f"a circle of citations: {' -> '.join([*citing, reason.name])}")
    derivation = reason.derivation()
    inner = (*citing, reason.name)
    verdicts = [check_step(derivation, k, citing=inner).verdict for k in range(len(derivation.steps))]
    try:
        return kernel.conclude(reason.name, derivation, verdicts)
    except DeriveError as error:
        raise _NotCitable(str(error)) from None
