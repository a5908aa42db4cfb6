"""Whether a claim closes under a licence: equalities by normal form, inequalities by signs and divergences.

Promise: `closes` says True only where the relation holds for all values that
the assumptions allow, wherever both sides are defined, by the capabilities
given and the base.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from flint import fmpq
from sympy import Basic, Expr

from derive.core.assume import Assumptions
from derive.core.claims import Relation
from derive.core.errors import BudgetError
from derive.core.normal.atoms import ZERO, Atom, Poly, atom_poly
from derive.core.normal.convert import Converter
from derive.core.normal.functions import logarithm
from derive.core.normal.heads import is_law
from derive.core.normal.labels import rename_poly
from derive.core.normal.ring import Ring
from derive.core.normal.sums import split_law, sum_over
from derive.core.terms import Definition, Index, Slope, free_names, subterms

__all__ = ["Attempt", "Lemma", "attempt", "definitions_in"]

DEEPER = 20
"""The budget of derivatives: those of many layers are long, and flat."""

OPAQUE_SLOPES = frozenset({"Total", "Partial"})
"""Names of atoms that are derivatives."""

OPAQUE = frozenset({"R", "D", "H", "HX", "KL", "E", "Var"})
"""Kinds of atoms that a lemma may be solved for."""
FOLDED = frozenset({"unfold_H", "unfold_HX", "unfold_KL"})


@dataclass(frozen=True)
class Lemma:
    """A conclusion that may be used: the difference of its sides vanishes, or is not negative."""

    name: str
    left: Expr
    relation: Relation
    right: Expr


@dataclass
class Attempt:
    """What came of an attempt: whether it closed, what was left, and what the rules need to be non-zero.

    `index` is the one that an induction ran over.
    """

    closed: bool
    left: Poly = ZERO
    right: Poly = ZERO
    residue: Poly = ZERO
    conditions: dict[str, Poly] = field(default_factory=dict)
    index: Index | None = None


def attempt(
    assumptions: Assumptions,
    left: Expr,
    relation: Relation,
    right: Expr,
    caps: frozenset[str],
    lemmas: Iterable[Lemma] = (),
) -> Attempt:
    """Try to close a claim; definitions are unfolded only while something is left.

    In derivatives those come first that stand on one side only, then each of the others alone; at last all of them.
    """
    order = definitions_in((left, right)) if "unfold_def" in caps else []
    used = list(lemmas)
    unfolded: frozenset[str] = frozenset()
    found = _unfolded(assumptions, left, relation, right, caps, unfolded, used)
    other = None if found.closed else _with_heads(assumptions, left, relation, right, caps, used)
    if other is not None and other.closed:
        return other
    tried = "chain" not in caps
    lonely = frozenset(d.name for d in order if (d in free_names(left)) is not (d in free_names(right)))
    while not found.closed and not (tried and _hopeless(found.residue, order)):
        standing = [name for name in _standing(order, found.residue) if name not in unfolded]
        if not tried and not unfolded and not lonely.isdisjoint(standing):
            unfolded = lonely
            found = _unfolded(assumptions, left, relation, right, caps, unfolded, used)
            continue
        if not tried:
            tried = True
            each = (unfolded | {name} for name in reversed(standing))
            trials = (_trial(assumptions, left, relation, right, caps, names, used) for names in each)
            closed = next((trial for trial in trials if trial is not None and trial.closed), None)
            if closed is not None:
                return closed
        following = next(iter(standing), None)
        if following is None:
            return found
        unfolded |= {following}
        found = _unfolded(assumptions, left, relation, right, caps, unfolded, used)
    return found


def _with_heads(
    assumptions: Assumptions, left: Expr, relation: Relation, right: Expr, caps: frozenset[str], lemmas: list[Lemma]
) -> Attempt | None:
    """The attempt that keeps entropies and divergences as they stand; a divergence between laws is not negative."""
    if "gibbs" not in caps or relation in {Relation.EQ, Relation.LT, Relation.GT}:
        return None
    return _trial(assumptions, left, relation, right, caps - FOLDED, frozenset(), lemmas)


def _standing(order: list[Definition], residue: Poly) -> list[str]:
    """The definitions that stand in what is left."""
    seen = _names(residue)
    return [d.name for d in order if d.name in seen]


def _hopeless(residue: Poly, order: list[Definition]) -> bool:
    """Whether a derivative that may not be taken is left alone in a term, and no definition can bring another one."""
    if not order or any(isinstance(part, Slope) for d in order for part in subterms(d.body)):
        return False
    alone = [mono[0][0] for mono in residue.terms if len(mono) == 1 and mono[0][1] == 1]
    return any(
        atom.kind == "f" and atom.name in OPAQUE_SLOPES and sum(a == atom for a in residue.all_atoms()) == 1
        for atom in alone
    )


def _names(poly: Poly) -> set[str]:
    return {a.name for a in poly.all_atoms() if a.kind == "D"}


def _trial(
    assumptions: Assumptions, left: Expr, relation: Relation, right: Expr, caps: frozenset[str],
    unfolded: frozenset[str], lemmas: list[Lemma],
) -> Attempt | None:
    try:
        return _unfolded(assumptions, left, relation, right, caps, unfolded, lemmas)
    except BudgetError:
        return None


def _unfolded(
    assumptions: Assumptions, left: Expr, relation: Relation, right: Expr, caps: frozenset[str],
    unfolded: frozenset[str], lemmas: list[Lemma],
) -> Attempt:
    """The attempt with these definitions unfolded."""
    ring = assumptions.ring(caps, unfolded)
    ring.budget *= DEEPER if "chain" in caps else 1
    convert = Converter(ring)
    found = Attempt(False, convert(left), convert(right), conditions=ring.conditions)
    found.residue = found.left - found.right
    try:
        found.closed = _holds(ring, convert, relation, found, lemmas)
    except RecursionError:
        raise BudgetError("the difference of the sides is nested past the budget") from None
    return found


def definitions_in(terms: Iterable[Basic]) -> list[Definition]:
    """The definitions that terms rest on, those that use others first."""
    found: list[Definition] = []
    for term in terms:
        for name in free_names(term):
            if isinstance(name, Definition) and name not in found:
                found.append(name)
    return sorted(found, key=lambda d: (-_below(d), d.name))


def _below(definition: Definition) -> int:
    """How many definitions a definition rests on, at any depth: more than any of those."""
    return sum(isinstance(d, Definition) for d in free_names(definition.body))


def _holds(ring: Ring, convert: Converter, relation: Relation, found: Attempt, lemmas: list[Lemma]) -> bool:
    if relation is Relation.EQ:
        return ring.vanishes(_without(convert, found.residue, lemmas))
    surplus = -found.residue if relation in {Relation.LE, Relation.LT} else found.residue
    strict = relation in {Relation.LT, Relation.GT}
    if "gibbs" in ring.caps:
        ring.facts = replace(ring.facts, divergences=_divergences(ring, (found.left, found.right)))
    if not (ring.facts.real(found.left) and ring.facts.real(found.right)):
        return False
    return _at_least_zero(ring, _with_lemmas(convert, surplus, lemmas), strict=strict)


def _at_least_zero(ring: Ring, surplus: Poly, *, strict: bool) -> bool:
    if not strict and ring.vanishes(surplus):
        return True
    if "sign" in ring.caps and (ring.facts.positive(surplus) if strict else ring.facts.nonnegative(surplus)):
        return True
    if "gibbs" in ring.caps and not strict:
        rest = _less_divergences(ring, surplus)
        return rest is not None and ring.facts.nonnegative(rest)
    return False


# ---------------------------------------------------------------- lemmas


def _without(convert: Converter, residue: Poly, lemmas: list[Lemma]) -> Poly:
    """What is left of a residue once multiples of the lemmas' differences are taken away."""
    for lemma in lemmas:
        if lemma.relation is not Relation.EQ or residue.is_zero:
            continue
        difference = convert(lemma.left) - convert(lemma.right)
        solved = _solved(difference)
        if solved is not None:
            residue = _replaced(convert.ring, residue, *solved)
            continue
        ratio = _ratio(residue, difference)
        if ratio is not None:
            residue = residue - difference.scale(ratio)
    return residue


def _solved(difference: Poly) -> tuple[Atom, Poly] | None:
    """An opaque atom that the vanishing of a difference gives in terms of others."""
    for mono, c in difference.terms.items():
        if len(mono) != 1 or mono[0][1] != 1 or mono[0][0].kind not in OPAQUE:
            continue
        atom = mono[0][0]
        rest = difference - Poly({mono: c})
        if all(a != atom for a in rest.all_atoms()):
            return atom, rest.scale(-1 / c)
    return None


def _replaced(ring: Ring, poly: Poly, atom: Atom, value: Poly) -> Poly:
    """The polynomial with an atom replaced, where it stands to a whole positive power."""
    total = ZERO
    for mono, c in poly.terms.items():
        e = dict(mono).get(atom, 0)
        if not isinstance(e, int) or e <= 0:
            total = total + Poly({mono: c})
            continue
        rest = Poly({tuple(f for f in mono if f[0] != atom): c})
        total = total + ring.mul(rest, ring.power(value, e))
    return total


def _with_lemmas(convert: Converter, surplus: Poly, lemmas: list[Lemma]) -> Poly:
    """The surplus less a positive multiple of what a lemma shows not to be negative."""
    for lemma in lemmas:
        difference = convert(lemma.right) - convert(lemma.left)
        if lemma.relation in {Relation.GE, Relation.GT}:
            difference = -difference
        ratio = _ratio(surplus, difference)
        if ratio is not None and (ratio > 0 or lemma.relation is Relation.EQ):
            surplus = surplus - difference.scale(ratio)
    return surplus


def _ratio(residue: Poly, difference: Poly) -> fmpq | None:
    """The rational by which a monomial that both have is scaled."""
    shared = sorted((m for m in difference.terms if m in residue.terms), key=str)
    return residue.terms[shared[0]] / difference.terms[shared[0]] if shared else None


# ---------------------------------------------------------------- divergences


def _divergences(ring: Ring, polys: Iterable[Poly]) -> frozenset[str]:
    """The keys of the divergences between laws: both are nowhere negative and sum to one, so that it is at least 0."""
    found = {atom for poly in polys for atom in poly.all_atoms() if atom.kind == "KL"}
    return frozenset(atom.key for atom in found if all(is_law(ring, body, atom.bound) for body in atom.args))


def _less_divergences(ring: Ring, surplus: Poly) -> Poly | None:
    """The surplus less non-negative multiples of divergences; None where there was none to take away."""
    taken = False
    for mono, c in list(surplus.terms.items()):
        if len(mono) != 1 or mono[0][1] != 1 or mono[0][0].kind != "Sum" or c > 0:
            continue
        divergence = _divergence(ring, mono[0][0])
        if divergence is not None:
            surplus = surplus + divergence.scale(c)
            taken = True
    return surplus if taken else None


def _divergence(ring: Ring, atom: Atom) -> Poly | None:
    """For a sum of p log q, with p and q laws over all that is summed: sum p log p - sum p log q, which is >= 0."""
    single = atom.args[0].single
    if single is None or len(single[1]) != 2 or any(e != 1 for _, e in single[1]):
        return None
    first, second = (a for a, _ in single[1])
    p, entropy = (first, second) if first.kind == "P" else (second, first)
    if p.kind != "P" or entropy.kind != "f" or entropy.name != "log":
        return None
    q = entropy.args[0].atom
    if q is None or q.kind != "P" or not (_law_over(ring, p, atom.bound) and _law_over(ring, q, atom.bound)):
        return None
    fresh = {b.name: ring.fresh() for b in atom.bound}
    bound = [Atom("i", fresh[b.name], b.args) for b in atom.bound]
    weight = rename_poly(atom_poly(p), fresh)
    itself = sum_over(ring, bound, ring.mul(weight, logarithm(ring, weight)))
    return itself - atom_poly(atom)


def _law_over(ring: Ring, atom: Atom, bound: tuple[Atom, ...]) -> bool:
    """Whether a law atom's targets are just these indices, over their whole ranges."""
    _, targets, _ = split_law(atom)
    if len(targets) != len(bound):
        return False
    return is_law(ring, atom_poly(atom), bound)
