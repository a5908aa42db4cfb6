"""Proof under a licence: the stated reasons must close a claim together, and none may be idle.

Promise: a `Closing` that is closed says that the claim holds for all values that the assumptions allow, wherever both
sides are defined, by the families in `names`. The normal form is tried first, then scalar calculus; where no reason is
stated, families are tried in order of cost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

from sympy import Expr

from derive.core.assume import Assumptions, assume
from derive.core.attained import alternatives, directions, extrema
from derive.core.claims import Claim, Invalid, Note, Relation
from derive.core.closing import Attempt, Lemma, attempt
from derive.core.defined import needs_of_all
from derive.core.errors import BudgetError, NotNormal
from derive.core.generic import Generic, is_scalar
from derive.core.induction import by_induction
from derive.core.normal.ring import UndefinedValue
from derive.core.rules import FAMILIES, Family, attainment
from derive.core.scalar.context import Context
from derive.core.scalar.decide import CAPABILITIES, Decision, decide
from derive.core.scalar.needs import Needs
from derive.core.scalar.oracle import Oracle
from derive.core.terms import Index, free_names

__all__ = ["Closing", "Licence"]

MOST_INSTANCES = 16
"""So many ways to put other indices into what is cited are tried."""

STRUCTURAL = tuple(f for f in FAMILIES if not f.needs & (CAPABILITIES | attainment.needs))
"""The families of the normal form."""


@dataclass(frozen=True)
class Closing:
    """What came of it: the names of the families, and the attempt by normal form or by scalar calculus."""

    names: tuple[str, ...] = ()
    attempt: Attempt | None = None
    decision: Decision | None = None
    why: str = ""

    @property
    def closed(self) -> bool:
        """Whether the claim closed."""
        return bool((self.attempt and self.attempt.closed) or (self.decision and self.decision.closed))

    @property
    def settled(self) -> bool:
        """Whether it closed, and nothing is to be shown beside it."""
        if self.attempt is not None and self.attempt.closed:
            return not self.attempt.conditions and self.attempt.index is None
        return self.decision is not None and self.decision.proves and not self.decision.needs.conditions


@dataclass(frozen=True)
class Licence:
    """One claim, what is assumed, and who may suggest; `closing` finds a proof."""

    claim: Claim
    assumptions: Assumptions
    oracle: Oracle

    def closing(self, families: Sequence[Family], lemmas: Sequence[Lemma], names: Sequence[str]) -> Closing | Invalid:
        """By the stated reasons, none of which may be idle; by a search where there are none."""
        if not names:
            return self._searched()
        found = self._tried(families, lemmas=lemmas)
        if not found.closed:
            other = self._searched()
            if other.closed:
                return Invalid(f"{_words(names)} does not close this step; {_words(other.names)} does")
            return found
        for name in names:
            without = self._without(name, families, lemmas)
            if without is not None and without.closed:
                rest = [n for n in names if n != name] or self._searched().names
                return Invalid(f"{name} is not what closes this step; {_words(rest)} does")
        return Closing(tuple(names), found.attempt, found.decision)

    def _without(self, name: str, families: Sequence[Family], lemmas: Sequence[Lemma]) -> Closing | None:
        """The attempt without one reason; None for the base, which is always there."""
        reason = next((f for f in families if f.name == name), None)
        if reason is None:
            return self._tried(families, lemmas=[lemma for lemma in lemmas if lemma.name != name])
        if not reason.needs:
            fewer = [f for f in families if f is not reason]
            return self._tried(fewer, lemmas=lemmas) if fewer else None
        others: frozenset[str] = frozenset().union(*(f.needs for f in families if f is not reason))
        return self._tried(families, but=reason.needs - others, lemmas=lemmas)

    @property
    def _sides(self) -> tuple[Expr, Expr]:
        return self.claim.left, self.claim.right

    @property
    def _indices(self) -> list[Index]:
        """The free indices of the claim."""
        return [n for side in self._sides for n in free_names(side) if isinstance(n, Index)]

    # ------------------------------------------------------------ attempts

    def _tried(
        self, families: Iterable[Family], *, but: frozenset[str] = frozenset(), lemmas: Sequence[Lemma] = ()
    ) -> Closing:
        chosen = tuple(families)
        caps: frozenset[str] = frozenset().union(*(f.needs | f.helps for f in chosen)) - but
        if "extrema" in caps and extrema(self.claim):
            attained = self._with_extrema(lambda case: case._tried(chosen, but=but, lemmas=lemmas))
            if attained is not None:
                return attained
        found, why = None, ""
        try:
            found = self._normal(caps, lemmas)
        except UndefinedValue:
            raise
        except (BudgetError, NotNormal) as error:
            why = str(error)
        if (found is not None and found.closed) or lemmas or not caps & CAPABILITIES:
            return Closing(attempt=found, why=why)
        return Closing((), found, self._decided(caps), why)

    def _normal(self, caps: frozenset[str], lemmas: Sequence[Lemma]) -> Attempt:
        """By normal form, with the lemmas as they stand, else at other indices; by induction at last."""
        claim, found = self.claim, None
        for case in islice(product(*(lemma.instances(self._indices) for lemma in lemmas)), MOST_INSTANCES):
            trial = attempt(self.assumptions, claim.left, claim.relation, claim.right, caps, case)
            if trial.closed:
                return trial
            found = found or trial
        if found is None:
            raise BudgetError("no instance of what is cited was tried")
        induced = "induct" in caps and claim.relation is Relation.EQ
        return (by_induction(claim.left, claim.right, claim.given, caps) if induced else None) or found

    def _decided(self, caps: frozenset[str]) -> Decision | None:
        """By scalar calculus: the claim itself, or one about numbers of which it is a case."""
        claim, names = self.claim, self.assumptions.names.values()
        if is_scalar(names):
            context = Context(claim.given, tuple(sorted(names, key=lambda n: n.name)))
            return decide(claim.left, claim.relation.value, claim.right, context, caps & CAPABILITIES, self.oracle)
        found = None
        for unfold in (False, True):
            if found is None or not found.proves:
                found = self._of_case(Generic(self.assumptions, unfold=unfold), caps) or found
        return found

    def _of_case(self, generic: Generic, caps: frozenset[str]) -> Decision | None:
        """What is decided of the claim about numbers that this is a case of, said of this one."""
        try:
            left, right = map(generic.plain, self._sides)
        except (NotNormal, BudgetError):
            return None
        given = generic.givens(self.claim.given)
        names = {s for term in (left, right, *given) for s in term.free_symbols}
        context = Context(given, tuple(sorted(names, key=lambda n: n.name)))
        found = decide(left, self.claim.relation.value, right, context, caps & CAPABILITIES, self.oracle)
        sides = {"left": generic.meant(found.left), "right": generic.meant(found.right)}
        return replace(found, **sides, needs=self._meant(generic, found.needs))

    def _meant(self, generic: Generic, needs: Needs) -> Needs:
        """The needs of the claim about numbers, and those of the parts; what is not thin is missing."""
        parts = needs_of_all(generic.parts, self.assumptions.ring(frozenset()))
        shown = [replace(c, term=generic.meant(c.term)) for c in needs.conditions]
        thick = [Note("nonzero", c.term, "a term must not be 0") for c in shown if not generic.thin(c.term)]
        missing = [replace(n, term=None if n.term is None else generic.meant(n.term)) for n in needs.missing]
        return Needs((*parts.conditions, *shown), (*parts.missing, *missing, *thick), tuple(parts.notes))

    def _with_extrema(self, close: Callable[[Licence], Closing]) -> Closing | None:
        """By a value or a bound for each extremum; for an equation both ways."""
        needs = needs_of_all(self._sides, self.assumptions.ring(frozenset()))
        names: list[str] = []
        total = Needs(tuple(needs.conditions), tuple(needs.missing), tuple(needs.notes))
        for claim in directions(self.claim):
            found = next((c for case in alternatives(claim) if (c := close(self._about(case))).settled), None)
            if found is None:
                return None
            names += found.names
            if found.decision is not None:
                total = replace(total, notes=(*total.notes, *found.decision.needs.notes))
        return Closing(tuple(dict.fromkeys(names)), decision=Decision(True, *self._sides, needs=total))

    def _about(self, claim: Claim) -> Licence:
        return Licence(claim, assume((claim.left, claim.right), claim.given), self.oracle)

    # ------------------------------------------------------------ search

    def _searched(self) -> Closing:
        """One family in order of cost, then all of them, less those that are idle; then scalar calculus."""
        for family in STRUCTURAL:
            best = self._tried([family])
            if best.closed and not (family.needs and self._tried([family], but=family.needs).closed):
                return Closing((family.name,), best.attempt)
        chosen = list(STRUCTURAL)
        best = self._tried(chosen)
        if not best.closed:
            attained = self._with_extrema(Licence._searched) if extrema(self.claim) else None
            return self._calculated(best) if attained is None else _also(attained, attainment)
        for family in reversed(STRUCTURAL):
            fewer = [f for f in chosen if f is not family]
            trial = self._tried(fewer)
            if trial.closed:
                chosen, best = fewer, trial
        return Closing(tuple(f.name for f in chosen), best.attempt)

    def _calculated(self, best: Closing) -> Closing:
        """By scalar calculus, all of it; the families are those whose methods were used, less what others bring."""
        found = self._decided(CAPABILITIES)
        if found is None:
            return best
        used = [f for f in FAMILIES if f.needs & found.used]
        names = [f.name for f in used if not any(f.needs <= other.helps for other in used)]
        return Closing(tuple(names), best.attempt, found, best.why)


def _also(found: Closing, family: Family) -> Closing:
    """With one more family, less those that it brings."""
    brought = {f.name for f in FAMILIES if f.needs <= family.helps}
    return replace(found, names=(*(name for name in found.names if name not in brought), family.name))


def _words(names: Sequence[str]) -> str:
    return " with ".join(names) if names else "nothing tried"
