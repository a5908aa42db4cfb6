"""Claims about the place of an extremum: which way to go, under the stated reasons.

Promise: a `Placed` says that the claim holds for all values that the givens allow, by the families that it names, where
its conditions hold: by stationarity, or as the functions are equal at every point of the interval, but for a constant,
which the prover that is handed in has proved, and have an extremum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sympy import Add, Expr, S, Symbol
from sympy.core.relational import Gt, Lt

from derive.core import meaning
from derive.core.assume import Assumptions, assume
from derive.core.claims import Claim, Condition, Given, Invalid, Note, Proved, Reason, Relation, Undecided
from derive.core.errors import BudgetError, GivenError, NotEvaluable, NotNormal
from derive.core.normal.convert import Converter
from derive.core.rules import stationarity
from derive.core.stationary import Finding, exists, settled
from derive.core.terms import Extremum, Scalar, free_names, interval_domain, substitute

__all__ = ["Placed", "placed"]

INFINITE = frozenset({S.Infinity, S.NegativeInfinity})
Prover = Callable[[Claim, Sequence[meaning.Model]], Proved | Undecided | Invalid]


@dataclass(frozen=True)
class Placed:
    """By which families, under which conditions, with what to tell."""

    names: tuple[str, ...]
    conditions: tuple[Condition, ...]
    notes: tuple[Note, ...]


def placed(
    claim: Claim,
    reasons: Sequence[Reason],
    assumptions: Assumptions,
    models: Sequence[meaning.Model],
    prover: Prover,
) -> Placed | Undecided | Invalid:
    """The way that closes a claim, or why none does."""
    found = settled(claim, assumptions)
    if found.why is None and all(r is stationarity for r in reasons):
        return Placed((stationarity.name,), found.conditions, found.notes)
    if stationarity in reasons:
        return _idle(reasons) if found.why is None else Undecided(found.why)
    best: Undecided | Invalid | None = None
    for shifted in (False, True):
        inner = pointwise(claim, frozenset(assumptions.names.values()), shifted=shifted)
        if inner is None:
            break
        verdict = prover(inner.claim, _inside(inner, models))
        if isinstance(verdict, Proved):
            return _at_each_point(claim, inner, verdict, assumptions)
        best = verdict if best is None else best
    if found.why is None:
        return Invalid(f"{' with '.join(r.name for r in reasons)} does not close this step; {stationarity.name} does")
    return best if best is not None and (reasons or isinstance(best, Invalid)) else Undecided(found.why)


def _idle(reasons: Sequence[Reason]) -> Invalid:
    idle = next(r.name for r in reasons if r is not stationarity)
    return Invalid(f"{idle} is not what closes this step; {stationarity.name} does")


def _at_each_point(
    claim: Claim, inner: Pointwise, verdict: Proved, assumptions: Assumptions
) -> Placed | Undecided:
    """The functions are equal, or differ by a constant: one must have an extremum, both a real value everywhere."""
    if any(free_names(c.term) & {*inner.variables} for c in verdict.conditions):
        return Undecided("that the functions are equal is not known at every point of the interval")
    there = [exists(side, claim.given, assumptions) for side in (claim.left, claim.right)]
    best: Finding | None = next((one for one in there if one.why is None), None)
    if best is None:
        return Undecided(str(there[1].why))
    if len(inner.variables) > 1 and not all(_real(side, inner.claim.given) for side in inner.claim.left.args):
        return Undecided("that both functions are real is not known")
    return Placed(verdict.rules, (*verdict.conditions, *best.conditions), verdict.trace)


@dataclass(frozen=True)
class Pointwise:
    """Two places of one kind over one interval: a claim about their functions at the variables, which are inside."""

    claim: Claim
    variables: tuple[Scalar, ...]
    ends: tuple[Expr, Expr]


def pointwise(claim: Claim, taken: frozenset[Symbol], *, shifted: bool) -> Pointwise | None:
    """The claim that both functions are equal all over the interval; or that they differ by a constant, if `shifted`.

    The variables are none of the claim's; `taken` are names that may stand there if they are the same variable.
    """
    left, right = claim.left, claim.right
    same = isinstance(left, Extremum) and type(left) is type(right) and left.ends == right.ends
    if claim.relation is not Relation.EQ or not same:
        return None
    used = {s.name for t in (left, right, *claim.given) for s in free_names(t)}
    x = Scalar(left.variable.name, interval_domain(*left.ends))
    while x.name in used or any(s.name == x.name and s != x for s in taken):
        x = x.renamed(x.name + "'")
    y = x.renamed(x.name + "'")
    while y.name in used or any(s.name == y.name for s in taken):
        y = y.renamed(y.name + "'")
    one, two = (substitute(side.body, {side.variable: x}) for side in (left, right))
    if shifted:
        one, two = (Add(f, substitute(g, {x: y}), evaluate=False) for f, g in ((one, two), (two, one)))
    names = (x, y) if shifted else (x,)
    more = [given for name in names for given in _inside_of(name, *left.ends)]
    return Pointwise(Claim(one, Relation.EQ, two, (*claim.given, *more), identical=True), names, left.ends)


def _inside_of(x: Scalar, lo: Expr, hi: Expr) -> Iterator[Given]:
    """What the domain of a variable does not say of the interval."""
    if not lo.is_Rational and lo not in INFINITE:
        yield Gt(x, lo, evaluate=False)
    if not hi.is_Rational and hi not in INFINITE:
        yield Lt(x, hi, evaluate=False)


def _real(term: Expr, given: Sequence[Given]) -> bool:
    """Known to be real, by its normal form."""
    try:
        found = assume([term], given)
        return found.facts.real(Converter(found.ring(frozenset()))(term))
    except (NotNormal, BudgetError, GivenError):
        return False


def _inside(inner: Pointwise, models: Iterable[meaning.Model]) -> list[meaning.Model]:
    """The models, each with points of the interval for the variables."""
    found = []
    for model in models:
        point = _between(inner.ends, model)
        if point is not None:
            found.append(meaning.Model.of({**model.values, **dict.fromkeys(inner.variables, point)}))
    return found


def _between(ends: tuple[Expr, Expr], model: meaning.Model) -> meaning.Value | None:
    """A rational between the ends, in a model."""
    try:
        lo, hi = (meaning.evaluate(end, model) for end in ends)
        return meaning.middle(lo, hi)
    except NotEvaluable:
        return None
