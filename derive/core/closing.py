"""Whether a claim closes under a licence: equalities by normal form, inequalities by signs and divergences.

Promise: `closes` says True only where the relation holds for all values that
the assumptions allow, wherever both sides are defined, by the capabilities
given and the base.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from flint import fmpq
from sympy import Basic, Expr, Function, Integer, Pow, Symbol

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
from derive.core.terms import Defined, Definition, Entry, Index, Slope, free_names, substitute, subterms

__all__ = ["Attempt", "Lemma", "attempt", "definitions_in"]

DEEPER = 20
"""The budget of derivatives: those of many layers are long, and flat."""

OPAQUE_SLOPES = frozenset({"Total", "Partial"})
"""Names of atoms that are derivatives."""

OPAQUE = frozenset({"R", "D", "H", "HX", "KL", "E", "Var"})
"""Kinds of atoms that a lemma may be solved for."""
FOLDED = frozenset({"unfold_H", "unfold_HX", "unfold_KL"})
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Lemma:
    """A conclusion that may be used: the difference of its sides vanishes, or is not negative."""

    name: str
    left: Expr
    relation: Relation
    right: Expr
    fixed: frozenset[Symbol] = frozenset()
    """Names that something else is said of."""

    def instances(self, indices: Iterable[Index]) -> Iterator[Lemma]:
        """The lemma, which holds for all values of its free indices, and it where one of them is another index."""
        yield self
        own = [i for side in (self.left, self.right) for i in free_names(side) if isinstance(i, Index)]
        for index in dict.fromkeys(own):
            for other in indices:
                if other not in own and index not in self.fixed and other.limits[1:] == index.limits[1:]:
                    there = {index: other}
                    yield replace(self, left=substitute(self.left, there), right=substitute(self.right, there))


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
    """Try to close a claim; definitions are unfolded only while something is left."""
    return _Unfolding(assumptions, left, relation, right, caps, tuple(lemmas)).closing()


@dataclass(frozen=True)
class _Unfolding:
    """The search for definitions whose unfolding closes a claim.

    The strategy. First nothing is unfolded, but where that cannot close. Then entropies and divergences are kept as
    they stand. Then the definitions that stand in what is left are unfolded, one after another, those that use others
    first. Under derivatives, where unfolding is dear and few are needed, those come first that stand on one side only,
    all at once; next each of the others alone; at last one after another.
    """

    assumptions: Assumptions
    left: Expr
    relation: Relation
    right: Expr
    caps: frozenset[str]
    lemmas: tuple[Lemma, ...]

    def closing(self) -> Attempt:
        """The attempt that closed, or the last one."""
        if self._stands_alone():
            return self._in_derivatives(None)
        found = self._unfolded(NOTHING)
        if found.closed:
            return found
        other = self._with_heads()
        if other is not None and other.closed:
            return other
        return self._in_derivatives(found) if "chain" in self.caps else self._one_by_one(found, NOTHING)

    # ------------------------------------------------------------ the strategy

    def _with_heads(self) -> Attempt | None:
        """The attempt that keeps entropies and divergences; a divergence between laws is not negative."""
        if "gibbs" not in self.caps or self.relation in {Relation.EQ, Relation.LT, Relation.GT}:
            return None
        return replace(self, caps=self.caps - FOLDED)._within_budget(NOTHING)

    def _in_derivatives(self, found: Attempt | None) -> Attempt:
        """Those on one side only, each of the others alone, one after another; None where nothing was tried yet."""
        unfolded = NOTHING
        if found is None or not self._lonely.isdisjoint(self._standing(found, NOTHING)):
            unfolded = self._lonely
            found = self._unfolded(unfolded)
        if found.closed:
            return found
        return self._with_one_more(found, unfolded) or self._one_by_one(found, unfolded)

    def _with_one_more(self, found: Attempt, unfolded: frozenset[str]) -> Attempt | None:
        """What closes with one more definition unfolded; those first whose formulas a derivative brings back."""
        back = {d.name for d in self._order if _comes_back(d)}
        standing = self._standing(found, unfolded)[::-1]
        trials = (self._within_budget(unfolded | {name}) for name in sorted(standing, key=lambda n: n not in back))
        return next((trial for trial in trials if trial is not None and trial.closed), None)

    def _one_by_one(self, found: Attempt, unfolded: frozenset[str]) -> Attempt:
        """One definition more as long as something is left in which one stands."""
        while not found.closed and not self._hopeless(found.residue):
            standing = self._standing(found, unfolded)
            if not standing:
                break
            unfolded |= {standing[0]}
            found = self._unfolded(unfolded)
        return found

    # ------------------------------------------------------------ definitions

    @cached_property
    def _order(self) -> list[Definition]:
        """The definitions that may be unfolded, those that use others first."""
        return definitions_in((self.left, self.right)) if "unfold_def" in self.caps else []

    @cached_property
    def _lonely(self) -> frozenset[str]:
        """Those that stand on one side only."""
        left, right = free_names(self.left), free_names(self.right)
        return frozenset(d.name for d in self._order if (d in left) is not (d in right))

    def _stands_alone(self) -> bool:
        """Whether a side is one definition, which the other side does not know: folded, it is never equal to that."""
        if "chain" not in self.caps or self.relation is not Relation.EQ or self.lemmas:
            return False
        return any(isinstance(side, Defined) and side.head.name in self._lonely for side in (self.left, self.right))

    def _standing(self, found: Attempt, unfolded: frozenset[str]) -> list[str]:
        """The definitions that stand in what is left, and were not unfolded."""
        seen = {a.name for a in found.residue.all_atoms() if a.kind == "D"} - unfolded
        return [d.name for d in self._order if d.name in seen]

    def _hopeless(self, residue: Poly) -> bool:
        """Whether a derivative that may not be taken is left alone, and no definition can bring another one."""
        if not self._order or any(isinstance(part, Slope) for d in self._order for part in subterms(d.body)):
            return False
        alone = [mono[0][0] for mono in residue.terms if len(mono) == 1 and mono[0][1] == 1]
        return any(
            atom.kind == "f" and atom.name in OPAQUE_SLOPES and sum(a == atom for a in residue.all_atoms()) == 1
            for atom in alone
        )

    # ------------------------------------------------------------ one attempt

    def _within_budget(self, unfolded: frozenset[str]) -> Attempt | None:
        try:
            return self._unfolded(unfolded)
        except BudgetError:
            return None

    def _unfolded(self, unfolded: frozenset[str]) -> Attempt:
        """The attempt with these definitions unfolded."""
        ring = self.assumptions.ring(self.caps, unfolded)
        ring.budget *= DEEPER if "chain" in self.caps else 1
        convert = Converter(ring)
        found = Attempt(False, convert(self.left), convert(self.right), conditions=ring.conditions)
        found.residue = found.left - found.right
        try:
            found.closed = _holds(ring, convert, self.relation, found, self.lemmas)
        except RecursionError:
            raise BudgetError("the difference of the sides is nested past the budget") from None
        return found


def definitions_in(terms: Iterable[Basic]) -> list[Definition]:
    """The definitions that terms rest on, those that use others first."""
    found = {name for term in terms for name in free_names(term) if isinstance(name, Definition)}
    return sorted(found, key=lambda d: (-_below(d), d.name))


def _below(definition: Definition) -> int:
    """How many definitions a definition rests on, at any depth: more than any of those."""
    return sum(isinstance(d, Definition) for d in free_names(definition.body))


def _comes_back(definition: Definition) -> bool:
    """Whether the derivative of a definition holds its formula again, as that of a root or an exponential does."""
    inside = (t for t in subterms(definition.body) if isinstance(t, Function) or (isinstance(t, Pow) and not _whole(t)))
    return any(isinstance(part, (Entry, Defined)) for t in inside for part in subterms(t))


def _whole(term: Pow) -> bool:
    return isinstance(term.args[1], Integer) and term.args[1] > 0


def _holds(ring: Ring, convert: Converter, relation: Relation, found: Attempt, lemmas: Sequence[Lemma]) -> bool:
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


def _without(convert: Converter, residue: Poly, lemmas: Sequence[Lemma]) -> Poly:
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


def _with_lemmas(convert: Converter, surplus: Poly, lemmas: Sequence[Lemma]) -> Poly:
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
