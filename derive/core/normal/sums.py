"""Sums in normal form.

Promise: as for `ring`. With `split` and `scale` a sum becomes a polynomial in
connected sums; a product of sums stays a product of atoms until an outer sum
touches it. An infinite sum is split only where every part is known to converge
absolutely; a delta is contracted only where its solution is provably in range.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce

from flint import fmpq

from derive.core.normal.atoms import BINDERS, ONE, ZERO, Atom, Exponent, Mono, Poly, atom_poly, constant
from derive.core.normal.convergence import converges
from derive.core.normal.functions import absolute, delta, exponential, logarithm, symbolic_power
from derive.core.normal.labels import binder, rename_poly
from derive.core.normal.ring import Ring, leading, primitive
from derive.core.normal.series import closed_sum

__all__ = ["finite", "law_atom", "opened", "peeled", "rewrite", "solved", "split_law", "sum_over"]


def finite(index: Atom) -> bool:
    """Whether the index has an upper end."""
    return len(index.args) == 2


def span(index: Atom) -> Poly:
    """hi - lo + 1 of a finite index."""
    return index.args[1] - index.args[0] + ONE


def sum_over(ring: Ring, bound: Sequence[Atom], body: Poly) -> Poly:
    """The sum of a polynomial over indices in flight."""
    if body.is_zero:
        return ZERO
    if not bound:
        return body
    if "split" not in ring.caps and "scale" not in ring.caps:
        return _whole(ring, bound, body)
    if "split" not in ring.caps:
        return _scaled(ring, bound, body)
    total = ZERO
    stuck = ZERO
    for mono, c in body.terms.items():
        if _convergent(ring, bound, mono):
            total = total + _sum_mono(ring, bound, mono).scale(c)
        else:
            stuck = stuck + Poly({mono: c})
    return total if stuck.is_zero else total + _scaled(ring, bound, stuck)


def peeled(ring: Ring, index: Atom, body: Poly) -> Poly:
    """The sum over lo..n + c as that over lo..n and c terms more, while the range is known not to be empty."""
    extra = ZERO
    if finite(index) and span(index).is_zero:
        return extra
    while finite(index) and len(index.args[1].terms) > 1 and index.args[1].terms.get((), fmpq(0)) >= 1:
        lo, hi = index.args
        if not ring.facts.integer(hi) or not ring.facts.nonnegative(hi - lo):
            break
        ring.spend(1)
        extra = extra + rewrite(ring, body, {index.name: hi})
        before, index = index, Atom("i", ring.fresh(), (lo, hi - ONE))
        body = rewrite(ring, body, {before.name: atom_poly(index)})
    return sum_over(ring, [index], body) + extra


def _convergent(ring: Ring, bound: Sequence[Atom], mono: Mono) -> bool:
    infinite = [b for b in bound if not finite(b)]
    if not infinite:
        return True
    return len(infinite) == 1 and converges(ring.facts, mono, infinite[0])


def _whole(ring: Ring, bound: Sequence[Atom], body: Poly) -> Poly:
    """The sum as one atom, with the rational content outside."""
    special = _special(ring, bound, body)
    if special is not None:
        return special
    content, inner = primitive(body)
    ring.spend((len(bound) - 1) ** 2 * sum(len(mono) for mono in inner.terms))  # what canonical labels cost
    atom = binder("Sum", (inner,), bound)
    return atom_poly(atom).scale(content)


def _scaled(ring: Ring, bound: Sequence[Atom], body: Poly) -> Poly:
    """The sum as one atom, with the factors that all its terms share and no index touches outside."""
    names = frozenset(b.name for b in bound)
    common = [{a: e for a, e in mono if a.free.isdisjoint(names)} for mono in body.terms]
    shared = reduce(lambda x, y: {a: e for a, e in x.items() if y.get(a) == e}, common)
    outside = tuple(sorted(shared.items(), key=lambda f: f[0].key))
    inner = Poly({tuple((a, e) for a, e in mono if a not in shared): c for mono, c in body.terms.items()})
    if len(inner.terms) == 1 and all(finite(b) for b in bound):
        return ring.mul(Poly({outside: fmpq(1)}), _sum_mono(ring, bound, *inner.terms).scale(*inner.terms.values()))
    return ring.mul(Poly({outside: fmpq(1)}), _whole(ring, bound, inner))


def _special(ring: Ring, bound: Sequence[Atom], body: Poly) -> Poly | None:
    """What `normal` licenses without splitting: the sum of a law over its variables."""
    single = body.single
    if "normal" not in ring.caps or single is None:
        return None
    reduced = _summed_law(ring, bound, single[1])
    return None if reduced is None else sum_over(ring, *reduced).scale(single[0])


def _sum_mono(ring: Ring, bound: Sequence[Atom], mono: Mono) -> Poly:
    """The sum of one monomial: contract, sum laws out, drop unused indices, connect."""
    names = frozenset(b.name for b in bound)
    outside = tuple(f for f in mono if f[0].free.isdisjoint(names))
    touched = Poly({tuple(f for f in mono if not f[0].free.isdisjoint(names)): fmpq(1)})
    bound, touched = opened(ring, bound, touched)
    single = touched.single
    if single is None or touched.constant is not None:
        inner = sum_over(ring, bound, touched) if touched.constant is None else _unused(ring, bound)
        return ring.mul(Poly({outside: fmpq(1)}), inner.scale(touched.constant or fmpq(1)))
    return ring.mul(Poly({outside: fmpq(1)}), _sum_touched(ring, bound, single[1]).scale(single[0]))


def _sum_touched(ring: Ring, bound: Sequence[Atom], mono: Mono) -> Poly:
    for step in (_contracted, _summed_law):
        reduced = step(ring, bound, mono)
        if reduced is not None:
            return sum_over(ring, *reduced)
    total = ONE
    for part, factors in _components(bound, mono):
        total = ring.mul(total, _connected(ring, part, factors) if factors else _unused(ring, part))
    return total


def _unused(ring: Ring, bound: Iterable[Atom]) -> Poly:
    """The sum of 1: the number of values where the range is known not to be negative, else an atom."""
    total = ONE
    for index in bound:
        if finite(index) and ring.facts.nonnegative(span(index)) and ring.facts.integer(span(index)):
            total = ring.mul(total, span(index))
        else:
            total = ring.mul(total, atom_poly(binder("Sum", (ONE,), [index])))
    return total


# ---------------------------------------------------------------- opening and connecting


def opened(
    ring: Ring, bound: Sequence[Atom], body: Poly, touching: frozenset[str] = frozenset()
) -> tuple[list[Atom], Poly]:
    """Open the sums in a monomial that the indices, or other labels, touch: into one sum over more indices."""
    single = body.single
    indices = list(bound)
    if single is None:
        return indices, body
    names = frozenset(b.name for b in bound) | touching
    parts: list[Poly] = [constant(single[0])]
    for atom, e in single[1]:
        if not _opens(atom, names) or not isinstance(e, int) or e < 0:
            parts.append(atom_poly(atom, e))
            continue
        for _ in range(e):
            fresh = {b.name: ring.fresh() for b in atom.bound}
            indices.extend(Atom("i", fresh[b.name], b.args) for b in atom.bound)
            parts.append(rename_poly(atom.args[0], fresh))
    return indices, ring.product(parts)


def _opens(atom: Atom, names: frozenset[str]) -> bool:
    return (
        atom.kind == "Sum"
        and len(atom.args[0].terms) == 1
        and not atom.free.isdisjoint(names)
        and all(finite(b) and all(r.free.isdisjoint(names) for r in b.args) for b in atom.bound)
    )


def _components(bound: Sequence[Atom], mono: Mono) -> list[tuple[list[Atom], Mono]]:
    """Split indices and factors into connected parts; an unused index is a part without factors."""
    groups: list[tuple[set[str], list[tuple[Atom, object]]]] = []
    names = {b.name for b in bound}
    for factor in mono:
        labels = set(factor[0].free & names)
        joined = [g for g in groups if g[0] & labels]
        merged = (labels.union(*(g[0] for g in joined)), [f for g in joined for f in g[1]] + [factor])
        groups = [g for g in groups if not g[0] & labels] + [merged]
    used = set().union(*(g[0] for g in groups)) if groups else set()
    parts: list[tuple[list[Atom], Mono]] = [([b], ()) for b in bound if b.name not in used]
    for labels, factors in groups:
        ordered = tuple(sorted(factors, key=lambda f: f[0].key))
        parts.append(([b for b in bound if b.name in labels], ordered))  # type: ignore[arg-type]
    return parts


def _connected(ring: Ring, bound: list[Atom], mono: Mono) -> Poly:
    """A connected sum: folded where a factor below the line allows it, closed where a formula is licensed."""
    if not bound:
        return Poly({mono: fmpq(1)})
    folded = _folded(ring, bound, mono)
    if folded is not None:
        return folded
    if "series" in ring.caps and len(bound) == 1:
        closed = closed_sum(ring, bound[0], mono, rewrite)
        if closed is not None:
            return closed
    ring.spend((len(bound) - 1) ** 2 * len(mono))  # what canonical labels cost
    return atom_poly(binder("Sum", (Poly({mono: fmpq(1)}),), bound))


def _folded(ring: Ring, bound: list[Atom], mono: Mono) -> Poly | None:
    """Sum out an index that is private to a few factors, where that sum stands below the line in the rest."""
    below = {a.key for a, e in mono if a.kind == "Sum" and e < 0}
    below |= {leading_key(a) for a, e in mono if a.kind == "b" and e < 0}
    if not below or len(bound) < 2:
        return None
    for index in bound:
        if not finite(index):
            continue
        mine = tuple(f for f in mono if index.name in f[0].free)
        others = [b for b in bound if b is not index]
        if any(index.name in r.free for b in others for r in b.args):
            continue
        inner = atom_poly(binder("Sum", (Poly({mine: fmpq(1)}),), [index]))
        single = inner.single
        if single is not None and any(a.key in below for a, _ in single[1]):
            rest = Poly({tuple(f for f in mono if index.name not in f[0].free): fmpq(1)})
            return sum_over(ring, others, ring.mul(inner, rest))
    return None


def leading_key(atom: Atom) -> str:
    """The key of the leading monomial of a base, where that is one atom."""
    lead = leading(atom.args[0])
    return lead[0][0].key if len(lead) == 1 else ""


# ---------------------------------------------------------------- contraction and laws


def _contracted(ring: Ring, bound: Sequence[Atom], mono: Mono) -> tuple[list[Atom], Poly] | None:
    """Solve a delta for a bound index whose solution is provably in its range, and put it in."""
    if "contract" not in ring.caps:
        return None
    for k, (atom, e) in enumerate(mono):
        if atom.kind != "d" or e != 1:
            continue
        for index in bound:
            solution = solved(atom.args[0], index)
            if solution is None or not in_range(ring, solution, index):
                continue
            others = [b for b in bound if b is not index]
            if any(index.name in r.free for b in others for r in b.args):
                continue
            rest = Poly({mono[:k] + mono[k + 1:]: fmpq(1)})
            return others, rewrite(ring, rest, {index.name: solution})
    return None


def solved(difference: Poly, index: Atom) -> Poly | None:
    """The value of the index at which a difference vanishes, where it stands there once with coefficient 1 or -1."""
    mono: Mono = ((index, 1),)
    c = difference.terms.get(mono)
    if c is None or abs(c) != 1:
        return None
    rest = difference - Poly({mono: c})
    return None if index.name in rest.free else rest.scale(-1 / c)


def in_range(ring: Ring, value: Poly, index: Atom) -> bool:
    """Whether an integer value lies in the range of an index, provably."""
    other = value.atom
    if other is not None and other.kind == "i" and [a.key for a in other.args] == [a.key for a in index.args]:
        return True
    if not ring.facts.integer(value) or not ring.facts.nonnegative(value - index.args[0]):
        return False
    return not finite(index) or ring.facts.nonnegative(index.args[1] - value)


def _summed_law(ring: Ring, bound: Sequence[Atom], mono: Mono) -> tuple[list[Atom], Poly] | None:
    """Sum a law over a variable that nothing else mentions: 1 for all its targets, a marginal for some."""
    if not {"normal", "marginal"} & ring.caps:
        return None
    for k, (atom, e) in enumerate(mono):
        if atom.kind != "P" or e != 1:
            continue
        law, targets, givens = split_law(atom)
        private = {slot: _private(ring, bound, mono, k, slot) for slot in targets}
        if ("normal" if all(private.values()) else "marginal") not in ring.caps:
            continue
        for slot, index in private.items():
            if index is None:
                continue
            left = [t for t in targets if t != slot]
            others = [b for b in bound if b.name != index.name]
            kept = tuple(a for s, a in zip([*targets, *givens], atom.args, strict=True) if s != slot)
            factor = ONE if not left else atom_poly(law_atom(law, left, givens, kept))
            rest = Poly({mono[:k] + mono[k + 1:]: fmpq(1)})
            return others, ring.mul(rest, factor)
    return None


def _private(ring: Ring, bound: Sequence[Atom], mono: Mono, k: int, slot: int) -> Atom | None:
    """The bound index at a slot of the law in place k, where it runs over the slot's range and nothing else has it."""
    atom = mono[k][0]
    law, targets, givens = split_law(atom)
    index = atom.args[[*targets, *givens].index(slot)].atom
    if index is None or index.kind != "i" or not any(b.name == index.name for b in bound):
        return None
    if any(index.name in a.free for n, (a, _) in enumerate(mono) if n != k):
        return None
    if sum(index.name in a.free for a in atom.args) != 1 or not _full_range(ring, law, slot, index):
        return None
    return None if any(index.name in r.free for b in bound if b.name != index.name for r in b.args) else index


def law_atom(law: str, targets: Sequence[int], givens: Sequence[int], values: tuple[Poly, ...]) -> Atom:
    """A law at some values: the slots of its targets, then of its givens, are in the name."""
    name = f"{law}|{' '.join(map(str, targets))}|{' '.join(map(str, givens))}"
    return Atom("P", name, values)


def split_law(atom: Atom) -> tuple[str, list[int], list[int]]:
    """The name, the target slots and the given slots of a law atom."""
    law, targets, givens = atom.name.rsplit("|", 2)
    return law, [int(t) for t in targets.split()], [int(g) for g in givens.split()]


def _full_range(ring: Ring, law: str, slot: int, index: Atom) -> bool:
    """Whether an index runs over the whole range of a slot."""
    declared = ring.ranges.get((law, slot))
    return declared is not None and declared == tuple(a.key for a in index.args)


# ---------------------------------------------------------------- substitution


def rewrite(ring: Ring, poly: Poly, values: Mapping[str, Poly]) -> Poly:
    """Replace labels by polynomials, and normalise again."""
    if poly.free.isdisjoint(values):
        return poly
    total = ZERO
    for mono, c in poly.terms.items():
        total = total + ring.product(_rewrite_power(ring, a, e, values) for a, e in mono).scale(c)
    return total


def _rewrite_power(ring: Ring, atom: Atom, e: Exponent, values: Mapping[str, Poly]) -> Poly:
    if atom.free.isdisjoint(values):
        return atom_poly(atom, e)
    if atom.kind in BINDERS:
        return ring.power(_rewrite_binder(ring, atom, values), e)
    args = tuple(rewrite(ring, a, values) for a in atom.args)
    scale = fmpq(e.numerator, e.denominator)
    match atom.kind:
        case "i":
            return ring.power(values.get(atom.name) or atom_poly(Atom("i", atom.name, args)), e)
        case "b":
            return ring.power(args[0], e)
        case "^":
            return symbolic_power(ring, args[0], args[1].scale(scale))
        case "f" if atom.name == "exp":
            return exponential(ring, args[0].scale(scale))
        case "f" if atom.name == "log":
            return ring.power(logarithm(ring, args[0]), e)
        case "f" if atom.name == "Abs":
            return ring.power(absolute(ring, args[0]), e)
        case "d":
            return ring.power(delta(ring, args[0], ZERO), e)
    return ring.power(atom_poly(Atom(atom.kind, atom.name, args, (), atom.arrays)), e)


def _rewrite_binder(ring: Ring, atom: Atom, values: Mapping[str, Poly]) -> Poly:
    fresh = {b.name: ring.fresh() for b in atom.bound}
    bound = [Atom("i", fresh[b.name], tuple(rewrite(ring, r, values) for r in b.args)) for b in atom.bound]
    args = tuple(rewrite(ring, rename_poly(a, fresh), values) for a in atom.args)
    if atom.kind == "Sum":
        return sum_over(ring, bound, args[0])
    return atom_poly(binder(atom.kind, args, bound, atom.arrays))
