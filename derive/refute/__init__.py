"""The search for a model in which a claim fails.

Promise: untrusted and deterministic. A model found here refutes nothing by
itself; the callable `confirm` (the kernel's) decides, and it alone makes
`Refuted`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from sympy import Abs, Basic, Function, S, hyper

from derive.core.claims import Refuted
from derive.core.errors import NotEvaluable
from derive.core.kernel import Claim
from derive.core.meaning import Model, contradicts, in_domain, satisfies, weigh
from derive.core.meaning.taylor import TAYLOR
from derive.core.terms import Diff, Extremum, Integral, Limit, Product, Sum, children_in_scope
from derive.refute.exact import with_exact_sides
from derive.refute.names import cast
from derive.refute.propose import models
from derive.refute.shrink import shrink

__all__ = ["Confirm", "Tally", "allowance", "models", "search"]

Confirm = Callable[[Claim, Model], Refuted | None]

EFFORT, FEWEST, MOST = 80, 3, 1_000
"""How many models of a claim are looked at where each costs 1, at least, and where they cost nothing to speak of."""

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
    allowed = allowance(claim)
    for count, model in enumerate(islice(candidates, allowed)):
        fails = _fails(claim, model, keen=count < KEEN)
        if fails is None:
            skipped += 1
            continue
        found = confirm(claim, model) if fails else None
        if found is not None:
            least = shrink(model, cast([claim.left, claim.right], claim.given), _refuter(claim), budget=allowed)
            smaller = confirm(claim, least)
            return with_exact_sides(claim, model, found) if smaller is None else with_exact_sides(claim, least, smaller)
        agreed += 1
    return Tally(agreed, skipped)


def allowance(claim: Claim) -> int:
    """How many models are worth their while: integrals are dear, and nested ones more so."""
    cost = sum(_cost(side) for side in (claim.left, claim.right))
    return max(FEWEST, EFFORT // cost) if cost else MOST


def _cost(term: Basic) -> int:
    """How dear one evaluation is: multiplied where what is dear stands inside of another."""
    inside = sum(_cost(child) for child in children_in_scope(term))
    if isinstance(term, (Integral, Diff)) and inside:
        return 8 * inside
    if isinstance(term, Extremum):
        return 8 * (1 + inside)
    if isinstance(term, (Integral, Limit, Product)) or (isinstance(term, Sum) and _endless(term)):
        return inside + 2
    return inside + 2 if _by_many_values(term) else inside


def _by_many_values(term: Basic) -> bool:
    """Whether it is a derivative of a function without a series of its own, or may be a sum of hypergeometric terms."""
    if isinstance(term, hyper):
        return len(term.args[0]) > max(2, len(term.args[1]))
    functions = term.args[0].atoms(Function) if isinstance(term, Diff) else ()
    return any(type(f) not in (*TAYLOR, Abs) for f in functions)


def _endless(term: Sum) -> bool:
    return any(limit[2] is S.Infinity for limit in term.limits)


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
