"""Small edits of a term and of a step: wrong neighbours for tests, nearby right ones for repairs.

Promise: nothing is decided here. Every edit is well-formed SymPy, built without
evaluation, and differs from what it was made of as a tree; whether it differs in
value is for the checker to say.

Glossary
    kind       what was changed, in a few words ("the sign of one term changed")
    neighbour  a term that differs by one edit
    mutant     a claim that differs from a step by one edit, of its right side,
               its relation or its givens
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sympy import Add, Basic, Expr, Function, Integer, Mul, Pow, Rational, S, Tuple, exp, log

from derive.core.claims import Derivation, Relation
from derive.core.kernel import Claim
from derive.core.terms import (
    Applied,
    ArgMax,
    ArgMin,
    Binder,
    CrossEntropy,
    Defined,
    Delta,
    Diff,
    Divergence,
    Entry,
    Extremum,
    Index,
    Law,
    Limit,
    Prob,
    free_names,
    rebuild,
)

__all__ = ["KINDS", "labelled", "mutants", "neighbours", "scaled"]

KINDS = {
    "sign": "the sign of one term changed",
    "double": "one term doubled",
    "half": "one term halved",
    "index": "one index replaced by another of the same range",
    "exponent": "one exponent raised by one",
    "exponent halved": "one exponent halved",
    "inverse": "the sign of one exponent changed",
    "bound": "one bound of a sum shifted by one",
    "term": "one term dropped",
    "factor": "one factor dropped",
    "order": "the order of a derivative raised by one",
    "arguments": "two arguments exchanged",
    "extremum": "the least value in place of the greatest, or the other way round",
    "law": "one law replaced by another",
    "condition": "what stands behind a bar dropped",
    "log argument": "the argument of a logarithm doubled",
    "relation": "the relation turned",
    "strict": "the relation made strict",
    "given": "one given dropped",
}
"""The kinds of edits, each in words."""

HALF = Rational(1, 2)
TURNED = {Relation.LE: Relation.GE, Relation.GE: Relation.LE, Relation.LT: Relation.GT, Relation.GT: Relation.LT}
STRICT = {Relation.EQ: Relation.LT, Relation.LE: Relation.LT, Relation.GE: Relation.GT}


@dataclass(frozen=True)
class _Scope:
    """The indices that may be named here, and the laws of the whole term."""

    indices: tuple[Index, ...]
    laws: tuple[Law, ...]

    def inside(self, binder: Binder) -> _Scope:
        """The scope of its bodies; the range of an index is the one it is bound over."""
        bound = tuple(_over(limit) for limit in binder.limits if isinstance(limit[0], Index))
        names = {b.name for b in bound}
        return replace(self, indices=(*(i for i in self.indices if i.name not in names), *bound))


def _over(limit: Tuple) -> Index:
    index, lo, hi = limit
    return Index(index.name, lo, hi, index.sort)


def scaled(term: Expr, factor: Rational) -> Expr:
    """A rational multiple of a term, unevaluated; a factor that stands in front is multiplied into.

    >>> from sympy import Symbol
    >>> scaled(scaled(Symbol("x"), HALF), Integer(2))
    x
    """
    parts = term.args if isinstance(term, Mul) else (term,)
    front = factor
    while parts and isinstance(parts[0], Rational):
        front, parts = Rational(front.p * parts[0].p, front.q * parts[0].q), parts[1:]
    if not parts or front is S.Zero:
        return front
    if front is S.One:
        return parts[0] if len(parts) == 1 else Mul(*parts, evaluate=False)
    return Mul(front, *parts, evaluate=False)


def neighbours(term: Expr) -> Iterator[tuple[str, Expr]]:
    """Every term that differs from this one by one small edit, with the kind of the edit; none twice.

    >>> from sympy import Symbol
    >>> x, y = Symbol("x"), Symbol("y")
    >>> [found for kind, found in neighbours(x + y) if kind == "term"]
    [y, x]
    """
    names = free_names(term)
    indices = tuple(sorted((n for n in names if isinstance(n, Index)), key=lambda n: n.name))
    laws = tuple(sorted((n for n in names if isinstance(n, Law)), key=lambda n: n.name))
    seen = {term}
    scope = _Scope(indices, laws)
    for kind, found in (*_term_edits(term), *_edits(term, scope)):
        if isinstance(found, Expr) and found not in seen:
            seen.add(found)
            yield kind, found


def mutants(derivation: Derivation, k: int) -> Iterator[tuple[str, Claim]]:
    """Every claim that differs from step k (from 0) by one small edit, with the kind of the edit."""
    step = derivation.steps[k]
    claim = Claim(derivation.left_of(k), step.relation, step.right, derivation.given)
    for kind, right in neighbours(step.right):
        if right != claim.left:
            yield kind, replace(claim, right=right)
    if step.relation in TURNED:
        yield "relation", replace(claim, relation=TURNED[step.relation])
    if step.relation in STRICT:
        yield "strict", replace(claim, relation=STRICT[step.relation])
    for n in range(len(claim.given)):
        yield "given", replace(claim, given=claim.given[:n] + claim.given[n + 1:])


def labelled(derivation: Derivation, k: int) -> list[tuple[str, Claim]]:
    """All mutants of a step, each with its kind and which one of that kind it is."""
    seen, found = Counter[str](), []
    for kind, claim in mutants(derivation, k):
        seen[kind] += 1
        found.append((f"{kind} {seen[kind]}", claim))
    return found


# ---------------------------------------------------------------- the walk


def _edits(term: Basic, scope: _Scope) -> Iterator[tuple[str, Basic]]:
    """Edits of a term: of its own, then of each of its parts."""
    yield from _own(term, scope)
    for at, part, inner in _parts(term, scope):
        for kind, found in _edits(part, inner):
            yield kind, _put(term, at, found)


Path = tuple[int, ...]


def _parts(term: Basic, scope: _Scope) -> Iterator[tuple[Path, Basic, _Scope]]:
    """The direct subterms that are expressions, each with where it stands and what may be named there."""
    match term:
        case Binder():
            inner = scope.inside(term)
            for n, body in enumerate(term.bodies):
                yield (n,), body, inner
            for n, bound in enumerate(term.args[term.BODIES:], start=term.BODIES):
                if isinstance(bound, Tuple):
                    yield from (((n, side), bound[side], scope) for side in (1, 2))
        case Prob():
            for n in (1, 2):
                yield from (((n, m, 1), pair[1], scope) for m, pair in enumerate(term.args[n]))
        case Applied():
            yield from (((n,), arg, scope) for n, arg in enumerate(term.args) if n >= 2)
        case Entry() | Defined():
            yield from (((n,), arg, scope) for n, arg in enumerate(term.args) if n >= 1)
        case Add() | Mul() | Pow() | Function() | Delta():
            yield from (((n,), arg, scope) for n, arg in enumerate(term.args))


def _put(term: Basic, at: Path, part: Basic) -> Basic:
    """The term with another part at a place."""
    here, *below = at
    new = _put(term.args[here], tuple(below), part) if below else part
    return rebuild(term, (*term.args[:here], new, *term.args[here + 1:]))


# ---------------------------------------------------------------- edits of one head


def _own(term: Basic, scope: _Scope) -> Iterator[tuple[str, Basic]]:
    """The edits of a term's own head."""
    match term:
        case Add():
            yield from _sum_edits(term)
        case Mul():
            for n, factor in enumerate(term.args):
                if len(term.args) > 1 and factor is not S.One:
                    yield ("sign" if factor is S.NegativeOne else "factor"), _without(term, n)
        case Pow():
            yield from _power_edits(term)
        case exp():
            yield from ((kind, rebuild(term, (found,))) for kind, found in _term_edits(term.args[0]))
        case log():
            doubled = rebuild(term, (scaled(term.args[0], Integer(2)), *term.args[1:]))
            yield "log argument", doubled
        case Index():
            yield from (("index", other) for other in scope.indices if _same_range(term, other, scope))
        case Prob():
            yield from _law_edits(term, scope)
        case Binder():
            yield from _binder_edits(term)


def _term_edits(term: Basic) -> Iterator[tuple[str, Basic]]:
    """Sign and factor of one term."""
    if isinstance(term, Expr) and term is not S.Zero:
        yield "sign", scaled(term, S.NegativeOne)
        yield "half", scaled(term, HALF)
        yield "double", scaled(term, Integer(2))


def _sum_edits(term: Add) -> Iterator[tuple[str, Basic]]:
    for n, part in enumerate(term.args):
        for kind, found in _term_edits(part):
            yield kind, rebuild(term, (*term.args[:n], found, *term.args[n + 1:]))
        if len(term.args) > 1:
            yield "term", _without(term, n)


def _without(term: Add | Mul, n: int) -> Basic:
    rest = (*term.args[:n], *term.args[n + 1:])
    return rest[0] if len(rest) == 1 else rebuild(term, rest)


def _power_edits(term: Pow) -> Iterator[tuple[str, Basic]]:
    base, exponent = term.args
    if not isinstance(exponent, Rational):
        return
    raised = Rational(exponent.p + exponent.q, exponent.q)
    yield "exponent", S.One if raised is S.Zero else rebuild(term, (base, raised))
    yield "exponent halved", rebuild(term, (base, Rational(exponent.p, 2 * exponent.q)))
    yield "inverse", rebuild(term, (base, Rational(-exponent.p, exponent.q)))


def _same_range(index: Index, other: Index, scope: _Scope) -> bool:
    """Whether another index in scope has the range and the sort that this one has here."""
    here = next((i for i in scope.indices if i.name == index.name), index)
    return other.name != here.name and (other.lo, other.hi) == (here.lo, here.hi)


def _law_edits(term: Prob, scope: _Scope) -> Iterator[tuple[str, Basic]]:
    for other in scope.laws:
        if other != term.law and other.slots == term.law.slots:
            yield "law", Prob(other, term.args[1], term.args[2])
    if term.givens:
        yield "condition", Prob(term.law, term.args[1])


def _binder_edits(term: Binder) -> Iterator[tuple[str, Basic]]:
    if isinstance(term, (CrossEntropy, Divergence)):
        yield "arguments", rebuild(term, (term.args[1], term.args[0], *term.args[2:]))
    if isinstance(term, Diff) and isinstance(term.order, Integer):
        x, order, point = term.args[1]
        yield "order", Diff(term.body, (x, order + 1, point))
    if isinstance(term, Extremum):
        yield "extremum", (ArgMax if isinstance(term, ArgMin) else ArgMin)(*term.args)
    if isinstance(term, (Diff, Extremum, Limit)):
        return
    for n, bound in enumerate(term.args[term.BODIES:], start=term.BODIES):
        if not isinstance(bound, Tuple):
            continue
        index, lo, hi = bound
        if lo is not S.NegativeInfinity:
            yield "bound", rebuild(term, (*term.args[:n], Tuple(index, _shifted(lo, 1), hi), *term.args[n + 1:]))
        if hi is not S.Infinity:
            yield "bound", rebuild(term, (*term.args[:n], Tuple(index, lo, _shifted(hi, -1)), *term.args[n + 1:]))


def _shifted(end: Expr, by: int) -> Expr:
    return Integer(int(end) + by) if isinstance(end, Integer) else Add(end, Integer(by), evaluate=False)
