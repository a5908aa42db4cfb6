"""What would mend a step: a nearby right side that holds, or an assumption that closes it.

Promise: a repair or a hint is shown only where `kernel.prove` proved it. A
verdict is the kernel's own, with a note added; nothing is refuted or proved
here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from sympy import Add, Expr, Integer, Rational, S, Symbol
from sympy.logic.boolalg import BooleanFalse, BooleanTrue

from derive.core import kernel, meaning
from derive.core.claims import Note, Proved, Refuted, Relation
from derive.core.errors import DeriveError, TermError
from derive.core.kernel import Claim
from derive.core.terms import (
    Binder,
    Diff,
    Domain,
    FullSupport,
    Index,
    Integral,
    Law,
    Limit,
    Product,
    Scalar,
    domain_of,
    free_names,
    substitute,
    subterms,
)
from derive.mutate import KINDS, TURNED, neighbours, scaled
from derive.refute import allowance, models

__all__ = ["hint_for", "repaired"]

SLOW = (Integral, Limit, Diff, Product)
MODELS, CANDIDATES, PROOFS, HINTS = 3, 60, 3, 6
"""How many models a repair must agree with, how many repairs are weighed, how many repairs and hints are tried."""

LARGEST_TERM = 400
"""Terms with more nodes are not repaired."""

FACTORS = (
    Rational(1, 2), Integer(2), S.NegativeOne, Rational(1, 4), Integer(4), Rational(-1, 2), Integer(-2),
    Rational(1, 3), Integer(3),
)  # fmt: skip

EDITS = ("sign", "half", "double", "term", "arguments", "factor", "exponent", "inverse", "law", "index", "bound")
"""The kinds of edits that may mend a step, the likeliest first."""


# ---------------------------------------------------------------- repairs


def repaired(claim: Claim, refuted: Refuted) -> Refuted:
    """The refuted verdict, with a nearby step that holds where one is found."""
    note = _repair(claim)
    return refuted if note is None else replace(refuted, witness=replace(refuted.witness, repair=note))


def _repair(claim: Claim) -> Note | None:
    if sum(1 for _ in subterms(claim.right)) > LARGEST_TERM:
        return None
    tried = list(models((claim.left, claim.right), claim.given, limit=MODELS))
    proofs = 0
    most = len(FACTORS) if _slow(claim) else min(CANDIDATES, max(len(FACTORS), allowance(claim)))
    for label, candidate in islice(_candidates(claim), most):
        if not _agrees(candidate, tried):
            continue
        if isinstance(kernel.prove(candidate, (), tried), Proved):
            return Note(label, candidate.right)
        proofs += 1
        if proofs == PROOFS:
            return None
    return None


def _candidates(claim: Claim) -> Iterator[tuple[str, Claim]]:
    """Nearby claims, each with how it differs. Only an equation pins its right side down."""
    if claim.relation is not Relation.EQ:
        turned = TURNED[claim.relation]
        yield f"it holds with {turned.value} in place of {claim.relation.value}", replace(claim, relation=turned)
        return
    for factor in FACTORS:
        yield f"it holds with a factor {factor}", replace(claim, right=_times(factor, claim.right))
    found = sorted(
        ((EDITS.index(kind), kind, right) for kind, right in islice(neighbours(claim.right), 200) if kind in EDITS),
        key=lambda edit: edit[0],
    )
    for _, kind, right in found:
        if right != claim.left:
            yield f"it holds with {KINDS[kind]}", replace(claim, right=right)


def _times(factor: Rational, term: Expr) -> Expr:
    """The multiple, with the factor in each term of a sum, as one would write it."""
    if isinstance(term, Add):
        return Add(*(scaled(part, factor) for part in term.args), evaluate=False)
    return scaled(term, factor)


def _agrees(claim: Claim, tried: Iterable[meaning.Model]) -> bool:
    """Whether some model lets both sides be compared, and none contradicts."""
    some = False
    for model in tried:
        found = kernel.weigh(claim, model)
        if found is None:
            continue
        if meaning.contradicts(claim.relation.value, found[2]):
            return False
        some = True
    return some


# ---------------------------------------------------------------- hints


def hint_for(claim: Claim) -> str | None:
    """The one further assumption that closes an undecided claim, in words; None where none was found."""
    if _slow(claim):
        return None
    for words, stronger, weaker in islice(_stronger(claim), HINTS):
        needed = _conditions(stronger)
        if needed is None:
            continue
        for milder, candidate in weaker:
            if _conditions(candidate) == needed:
                return f"closes if {milder}"
        return f"closes if {words}"
    return None


def _slow(claim: Claim) -> bool:
    """Whether it holds integrals, limits, derivatives or products: trying such a claim many times takes too long."""
    return any(isinstance(t, SLOW) for side in (claim.left, claim.right) for t in subterms(side))


def _conditions(claim: Claim) -> int | None:
    """How many conditions a proof of the claim shows; None where there is no proof."""
    supply = models((claim.left, claim.right), claim.given, limit=2 * MODELS)
    try:
        found = kernel.prove(claim, (), supply)
    except DeriveError:
        return None
    return len(found.conditions) if isinstance(found, Proved) else None


Weaker = tuple[tuple[str, Claim], ...]


def _stronger(claim: Claim) -> Iterator[tuple[str, Claim, Weaker]]:
    """Claims under one more assumption, each with milder ones to try where it closes."""
    names = sorted(free_names(claim.left) | free_names(claim.right), key=lambda s: str(s.name))
    supported = {g.law for g in claim.given if isinstance(g, FullSupport)}
    for law in names:
        if isinstance(law, Law) and law not in supported:
            yield f"{law.name} has full support", replace(claim, given=(*claim.given, FullSupport(law))), ()
    bare = [law for law in names if isinstance(law, Law) and law not in supported]
    if len(bare) > 1:
        words = f"{', '.join(law.name for law in bare[:-1])} and {bare[-1].name} have full support"
        yield words, replace(claim, given=(*claim.given, *map(FullSupport, bare))), ()
    scalars = [s for s in names if _is_scalar(s)]
    endless = any(isinstance(t, Binder) and any(limit[2] is S.Infinity for limit in t.limits)
                  for side in (claim.left, claim.right) for t in subterms(side))
    for symbol in scalars:
        options = ((words, _narrowed(claim, {symbol: domain})) for words, domain in _domains(symbol))
        narrowed = [(words, found) for words, found in options if found is not None]
        if narrowed:
            *weaker, (words, strongest) = narrowed
            yield words, strongest, tuple(weaker)
    if endless:
        for symbol in scalars:
            inside = _narrowed(claim, {symbol: Domain("real", S.NegativeOne, S.One, lo_open=True, hi_open=True)})
            if domain_of(symbol).lo is None and inside is not None:
                yield f"-1 < {symbol.name} < 1", inside, ()
    if len(scalars) > 1:
        domains = {s: found[-1][1] for s in scalars if (found := _domains(s))}
        every = _narrowed(claim, domains) if len(domains) > 1 else None
        if every is not None:
            yield " and ".join(f"{s.name} > 0" for s in domains), every, ()


def _is_scalar(symbol: Symbol) -> bool:
    return type(symbol) in {Scalar, Symbol} and not isinstance(symbol, Index) and domain_of(symbol).field != "integer"


def _domains(symbol: Symbol) -> list[tuple[str, Domain]]:
    """Narrower domains of a scalar, the mildest first; the last is the positive part of its own."""
    own, name = domain_of(symbol), symbol.name
    if (own.lo is not None and (own.lo > 0 or own.lo_open)) or (own.hi is not None and own.hi <= 0):
        return []
    found = []
    if own.field == "complex":
        found.append((f"{name} is real", Domain("real")))
    if not own.nonzero:
        found.append((f"{name} is not 0", replace(own, nonzero=True)))
    if own.lo is None:
        found.append((f"{name} >= 0", Domain("real", S.Zero, own.hi, hi_open=own.hi_open)))
    found.append((f"{name} > 0", Domain("real", S.Zero, own.hi, lo_open=True, hi_open=own.hi_open)))
    return found


def _narrowed(claim: Claim, domains: dict[Symbol, Domain]) -> Claim | None:
    """The claim with narrower domains; None where a declaration elsewhere depends on one of the symbols."""
    values = {symbol: Scalar(symbol.name, domain) for symbol, domain in domains.items()}
    try:
        left, right = _expression(claim.left, values), _expression(claim.right, values)
        given = [substitute(g, values) for g in claim.given]
    except TermError:
        return None
    if any(isinstance(g, BooleanFalse) for g in given):
        return None
    kept = tuple(g for g in given if not isinstance(g, BooleanTrue))
    return replace(claim, left=left, right=right, given=kept)


def _expression(term: Expr, values: dict[Symbol, Scalar]) -> Expr:
    return substitute(term, values)
