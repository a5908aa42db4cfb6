"""The search for a model in which a claim fails.

Promise: untrusted and deterministic. A model found here refutes nothing by
itself; the callable `confirm` (the kernel's) decides, and it alone makes
`Refuted`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from derive.core.claims import Refuted
from derive.core.errors import NotEvaluable
from derive.core.kernel import Claim
from derive.core.meaning import Model, contradicts, in_domain, satisfies, weigh
from derive.refute.exact import with_exact_sides
from derive.refute.names import cast
from derive.refute.propose import models
from derive.refute.shrink import shrink

__all__ = ["Confirm", "Tally", "models", "search"]

Confirm = Callable[[Claim, Model], Refuted | None]

KEEN = 1
"""In so many models narrow balls that overlap are told apart as far as precision goes."""


@dataclass(frozen=True)
class Tally:
    """What a search that refuted nothing has seen.

    `agreed` counts models in which both sides were evaluated and the relation
    was not contradicted; `skipped` those in which a side has no rigorous value.
    """

    agreed: int = 0
    skipped: int = 0


def search(claim: Claim, candidates: Iterable[Model], confirm: Confirm) -> Refuted | Tally:
    """Refute by the smallest model near the first candidate that does, or say what was seen."""
    agreed = skipped = 0
    for count, model in enumerate(candidates):
        fails = _fails(claim, model, keen=count < KEEN)
        if fails is None:
            skipped += 1
            continue
        found = confirm(claim, model) if fails else None
        if found is not None:
            least = shrink(model, cast([claim.left, claim.right], claim.given), _refuter(claim))
            smaller = confirm(claim, least)
            return with_exact_sides(claim, model, found) if smaller is None else with_exact_sides(claim, least, smaller)
        agreed += 1
    return Tally(agreed, skipped)


def _fails(claim: Claim, model: Model, *, keen: bool = False) -> bool | None:
    """Whether the relation certainly fails in the model; None where a side has no value."""
    try:
        _, _, order = weigh(claim.left, claim.right, model, keen=keen)
    except NotEvaluable:
        return None
    return contradicts(claim.relation.value, order)


def _refuter(claim: Claim) -> Callable[[Model], bool]:
    """Whether a smaller model is honest, and refutes as well."""

    def refutes(model: Model) -> bool:
        honest = in_domain(model) and all(satisfies(g, model) is True for g in claim.given)
        return honest and _fails(claim, model) is True

    return refutes
