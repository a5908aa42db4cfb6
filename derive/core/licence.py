"""Proof under a licence: the stated reasons must close a claim together, and none may be idle.

Promise: a `Closing` that is closed says that the claim holds for all values that the assumptions allow, wherever both
sides are defined, by the families in `names`. The normal form is tried first, then scalar calculus; where no reason is
stated, families are tried in order of cost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sympy import Dummy, Symbol

from derive.core.assume import Assumptions
from derive.core.claims import Claim, Invalid, Relation
from derive.core.closing import Attempt, Lemma, attempt
from derive.core.errors import BudgetError, NotNormal
from derive.core.induction import by_induction
from derive.core.normal.ring import UndefinedValue
from derive.core.rules import FAMILIES, Family
from derive.core.scalar.context import Context
from derive.core.scalar.decide import CAPABILITIES, Decision, decide
from derive.core.scalar.oracle import Oracle
from derive.core.terms import Index, Scalar

__all__ = ["Closing", "Licence"]

STRUCTURAL = tuple(f for f in FAMILIES if not f.needs & CAPABILITIES)
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

    # ------------------------------------------------------------ attempts

    def _tried(
        self, families: Iterable[Family], *, but: frozenset[str] = frozenset(), lemmas: Sequence[Lemma] = ()
    ) -> Closing:
        caps: frozenset[str] = frozenset().union(*(f.needs | f.helps for f in families)) - but
        found, why = None, ""
        try:
            found = self._normal(caps, lemmas)
        except UndefinedValue:
            raise
        except (BudgetError, NotNormal) as error:
            why = str(error)
        if (found is not None and found.closed) or lemmas or not caps & CAPABILITIES or not self._scalar:
            return Closing(attempt=found, why=why)
        return Closing((), found, self._decided(caps), why)

    def _normal(self, caps: frozenset[str], lemmas: Sequence[Lemma]) -> Attempt:
        claim = self.claim
        found = attempt(self.assumptions, claim.left, claim.relation, claim.right, caps, lemmas)
        if found.closed or "induct" not in caps or claim.relation is not Relation.EQ:
            return found
        return by_induction(claim.left, claim.right, claim.given, caps) or found

    def _decided(self, caps: frozenset[str]) -> Decision:
        claim = self.claim
        names = tuple(sorted(self.assumptions.names.values(), key=lambda n: n.name))
        context = Context(claim.given, names)
        return decide(claim.left, claim.relation.value, claim.right, context, caps & CAPABILITIES, self.oracle)

    @property
    def _scalar(self) -> bool:
        """Whether it is a claim about numbers: no arrays, laws, definitions or unknown functions."""
        return all(isinstance(n, Index) or type(n) in {Symbol, Dummy, Scalar} for n in self.assumptions.names.values())

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
            return self._calculated(best)
        for family in reversed(STRUCTURAL):
            fewer = [f for f in chosen if f is not family]
            trial = self._tried(fewer)
            if trial.closed:
                chosen, best = fewer, trial
        return Closing(tuple(f.name for f in chosen), best.attempt)

    def _calculated(self, best: Closing) -> Closing:
        """By scalar calculus, all of it; the families are those whose methods were used, less what others bring."""
        if not self._scalar:
            return best
        found = self._decided(CAPABILITIES)
        used = [f for f in FAMILIES if f.needs & found.used]
        names = [f.name for f in used if not any(f.needs <= other.helps for other in used)]
        return Closing(tuple(names), best.attempt, found, best.why)


def _words(names: Sequence[str]) -> str:
    return " with ".join(names) if names else "nothing tried"
