"""Products over a finite index in normal form.

Promise: the polynomial equals the product wherever every factor is defined. A
product of equal factors is a power; with `contract`, the factors at which a
delta in the body is 1 stand apart, and the others, where it is 0, are equal.
What is neither stays one atom.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

from derive.core.errors import NotNormal
from derive.core.normal.atoms import ONE, Atom, Poly, atom_poly
from derive.core.normal.functions import symbolic_power
from derive.core.normal.labels import binder
from derive.core.normal.ring import Ring
from derive.core.normal.sums import finite, in_range, rewrite, solved

__all__ = ["product_over"]


def product_over(ring: Ring, index: Atom, body: Poly) -> Poly:
    """The product of a polynomial over an index in flight."""
    if not finite(index):
        raise NotNormal("an infinite product has no normal form")
    found = _parted(ring, index, body)
    return atom_poly(binder("Prod", (body,), [index])) if found is None else found


def _parted(ring: Ring, index: Atom, body: Poly) -> Poly | None:
    """The factors at which a delta is 1, times the power of the others; None where that is not known."""
    span = index.args[1] - index.args[0] + ONE
    if not (ring.facts.nonnegative(span) and ring.facts.integer(span)):
        return None
    if index.name not in body.free:
        return symbolic_power(ring, body, span)
    deltas = {a for a in body.all_atoms() if a.kind == "d" and index.name in a.free}
    places = [solved(delta.args[0], index) for delta in deltas]
    if "contract" not in ring.caps or not deltas or any(p is None or not in_range(ring, p, index) for p in places):
        return None
    apart = [p for p in places if p is not None]
    if any(not ring.facts.not_zero(p - q) for k, p in enumerate(apart) for q in apart[:k]):
        return None
    rest = _without(ring, body, index, apart)
    if any(label.startswith("?") and label not in body.free for label in rest.free):
        return None
    factors = [rewrite(ring, body, {index.name: place}) for place in apart]
    others = reduce(lambda left, _: left - ONE, apart, span)
    return ring.product([*factors, symbolic_power(ring, rest, others)])


def _without(ring: Ring, body: Poly, index: Atom, places: list[Poly]) -> Poly:
    """The body at an index that is none of these places."""
    other = atom_poly(Atom("i", ring.fresh(), index.args))
    facts = replace(ring.facts, nonzero=(*ring.facts.nonzero, *(other - place for place in places)))
    known = replace(ring, facts=facts)
    found = rewrite(known, body, {index.name: other})
    ring.budget = known.budget
    return found
