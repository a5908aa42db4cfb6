"""Expectations in normal form, over a law or over random arrays.

Promise: as for `ring`. E is linear (`split`, `scale`), E of a constant is that
constant where the weight is known to sum to one (`unit`), and over independent
entries it is a polynomial in cumulants (`moments`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import product

from flint import fmpq

from derive.core.normal.atoms import ONE, ZERO, Atom, Mono, Poly, atom_poly
from derive.core.normal.convergence import converges
from derive.core.normal.labels import binder, rename_poly
from derive.core.normal.moments import Moments, expected_product
from derive.core.normal.ring import Ring, primitive, split_content
from derive.core.normal.sums import finite, law_atom, opened, solved, split_law, sum_over

__all__ = ["is_law", "mean", "not_negative", "positive_where", "random_mean"]

MOST_SLOTS = 4
"""Of a law over more variables than this only the joint itself is known to be positive under its weight."""


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
    caps = frozenset({"normal", "marginal", "contract", "series", "powers", "split", "scale"})
    return sum_over(replace(ring, caps=caps), bound, weight) == ONE


def is_law(ring: Ring, body: Poly, bound: Sequence[Atom]) -> bool:
    """Whether the body of a binder is known to be nowhere negative and to sum to one over what it binds."""
    fresh = {b.name: ring.fresh() for b in bound}
    indices = [Atom("i", fresh[b.name], b.args) for b in bound]
    return not_negative(ring, body) and sums_to_one(ring, indices, rename_poly(body, fresh))


def not_negative(ring: Ring, body: Poly, *, strict: bool = False) -> bool:
    """Whether it is known to be at least 0, or above 0 where `strict`, as it stands or by its factors."""
    test = ring.facts.positive if strict else ring.facts.nonnegative
    if test(body) or body.is_zero:
        return test(body)
    content, shared, inner = split_content(body)
    return test(Poly({shared: fmpq(1)})) and test(inner if content > 0 else -inner)


def positive_where(weight: Poly) -> frozenset[str]:
    """The keys of the law atoms and deltas that are positive wherever this weight, a product, is not 0."""
    single = weight.single
    if single is None:
        return frozenset()
    deltas = [atom for atom, e in single[1] if e > 0 and atom.kind == "d"]
    laws = [atom for atom, e in single[1] if e > 0 and atom.kind == "P"]
    laws += [moved for atom in laws for delta in deltas for moved in _moved(atom, delta)]
    return frozenset({delta.key for delta in deltas}).union(*map(_implied, laws))


def _moved(atom: Atom, delta: Atom) -> Iterator[Atom]:
    """A law at the values that its own have where a delta is 1."""
    for index in {a for mono in delta.args[0].terms for a, _ in mono if a.kind == "i"}:
        value = solved(delta.args[0], index)
        if value is not None and atom_poly(index) in atom.args:
            args = tuple(value if arg == atom_poly(index) else arg for arg in atom.args)
            yield Atom("P", atom.name, args)


@lru_cache(maxsize=512)
def _implied(atom: Atom) -> frozenset[str]:
    """Where a law is positive, so are all its marginals and conditionals at the same values."""
    law, targets, givens = split_law(atom)
    value = dict(zip([*targets, *givens], atom.args, strict=True))
    if len(value) > MOST_SLOTS:
        return frozenset({atom.key})

    def key(part: list[int], given: list[int]) -> str:
        return law_atom(law, part, given, tuple(value[s] for s in [*part, *given])).key

    found = set()
    for roles in product(range(3), repeat=len(value)):
        part, given = ([s for s, role in zip(sorted(value), roles, strict=True) if role == k] for k in (1, 2))
        if part:
            found.add(key(part, given))
    return frozenset(found)


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
