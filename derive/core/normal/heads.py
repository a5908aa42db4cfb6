"""Expectations in normal form, over a law or over random arrays.

Promise: as for `ring`. E is linear (`split`, `scale`), E of a constant is that
constant where the weight is known to sum to one (`unit`), and over independent
entries it is a polynomial in cumulants (`moments`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flint import fmpq

from derive.core.normal.atoms import ONE, ZERO, Atom, Mono, Poly, atom_poly
from derive.core.normal.convergence import converges
from derive.core.normal.labels import binder
from derive.core.normal.moments import Moments, expected_product
from derive.core.normal.ring import Ring, primitive
from derive.core.normal.sums import finite, law_atom, opened, split_law, sum_over

__all__ = ["mean", "positive_where", "random_mean"]


def mean(ring: Ring, bound: Sequence[Atom], body: Poly, weight: Poly) -> Poly:
    """E of a body under a weight over indices in flight."""
    if "unfold_E" in ring.caps:
        return sum_over(ring, bound, ring.mul(weight, body))
    names = frozenset(b.name for b in bound)
    if body.is_zero:
        return ZERO
    unit = "unit" in ring.caps and sums_to_one(ring, bound, weight)
    if unit and body.free.isdisjoint(names):
        return body
    if "split" not in ring.caps:
        return _atom(bound, body, weight)
    total = stuck = ZERO
    for mono, c in body.terms.items():
        if _integrable(ring, bound, mono, weight):
            total = total + _mean_mono(ring, bound, mono, weight, unit=unit).scale(c)
        else:
            stuck = stuck + Poly({mono: c})
    return total if stuck.is_zero else total + _atom(bound, stuck, weight)


def _integrable(ring: Ring, bound: Sequence[Atom], mono: Mono, weight: Poly) -> bool:
    infinite = [b for b in bound if not finite(b)]
    if not infinite:
        return True
    single = ring.mul(weight, Poly({mono: fmpq(1)})).single
    return len(infinite) == 1 and single is not None and converges(ring.facts, single[1], infinite[0])


def _mean_mono(ring: Ring, bound: Sequence[Atom], mono: Mono, weight: Poly, *, unit: bool) -> Poly:
    names = frozenset(b.name for b in bound)
    outside = Poly({tuple(f for f in mono if f[0].free.isdisjoint(names)): fmpq(1)})
    inside = Poly({tuple(f for f in mono if not f[0].free.isdisjoint(names)): fmpq(1)})
    indices, inside = opened(ring, bound, inside)
    extra = indices[len(bound):]
    single = inside.single
    if single is None:
        return ring.mul(outside, sum_over(ring, extra, mean(ring, bound, inside, weight)))
    parameters = Poly({tuple(f for f in single[1] if f[0].free.isdisjoint(names)): single[0]})
    rest = tuple(f for f in single[1] if not f[0].free.isdisjoint(names))
    inner = ONE if unit and not rest else _atom(bound, Poly({rest: fmpq(1)}), weight)
    return ring.mul(outside, sum_over(ring, extra, ring.mul(parameters, inner)))


def _atom(bound: Sequence[Atom], body: Poly, weight: Poly) -> Poly:
    content, inner = primitive(body)
    return atom_poly(binder("E", (inner, weight), bound)).scale(content)


def sums_to_one(ring: Ring, bound: Sequence[Atom], weight: Poly) -> bool:
    """Whether a weight is known to sum to one over these indices."""
    caps = frozenset({"normal", "series", "powers", "split", "scale"})
    return sum_over(replace(ring, caps=caps), bound, weight) == ONE


def positive_where(weight: Poly) -> frozenset[str]:
    """The keys of the law atoms that are positive wherever this weight is."""
    atom = weight.atom
    if atom is None or atom.kind != "P":
        return frozenset()
    law, targets, givens = split_law(atom)
    value = dict(zip([*targets, *givens], atom.args, strict=True))

    def marginal(slots: list[int]) -> str:
        ordered = sorted(slots)
        return law_atom(law, ordered, [], tuple(value[s] for s in ordered)).key

    found = {atom.key, marginal(targets), marginal([*targets, *givens])}
    return frozenset(found | ({marginal(givens)} if givens else set()))


def random_mean(ring: Ring, arrays: tuple[str, ...], body: Poly, laws: Moments) -> Poly:
    """E of a body over independent arrays."""
    names = frozenset(f"~{a}" for a in arrays)
    if body.is_zero or ("unit" in ring.caps and body.free.isdisjoint(names)):
        return body
    if "split" not in ring.caps:
        content, inner = primitive(body)
        return atom_poly(binder("E", (inner,), (), arrays)).scale(content)
    total = ZERO
    for mono, c in body.terms.items():
        total = total + _random_mono(ring, arrays, names, mono, laws).scale(c)
    return total


def _random_mono(ring: Ring, arrays: tuple[str, ...], names: frozenset[str], mono: Mono, laws: Moments) -> Poly:
    outside = Poly({tuple(f for f in mono if f[0].free.isdisjoint(names)): fmpq(1)})
    inside = Poly({tuple(f for f in mono if not f[0].free.isdisjoint(names)): fmpq(1)})
    extra, inside = opened(ring, (), inside, names)
    single = inside.single
    if single is None:
        return ring.mul(outside, sum_over(ring, extra, random_mean(ring, arrays, inside, laws)))
    fixed = Poly({tuple(f for f in single[1] if f[0].free.isdisjoint(names)): single[0]})
    drawn = tuple(f for f in single[1] if not f[0].free.isdisjoint(names))
    inner = expected_product(ring, drawn, laws) if "moments" in ring.caps else None
    if inner is None:
        certain = not drawn and "unit" in ring.caps
        inner = ONE if certain else atom_poly(binder("E", (Poly({drawn: fmpq(1)}),), (), arrays))
    return ring.mul(outside, sum_over(ring, extra, ring.mul(fixed, inner)))
