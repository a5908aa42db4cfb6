"""Expectations of products of independent entries, by cumulants.

Promise: the expectation of a product of entries is the sum over the set
partitions of its factors of products of cumulants, with a delta for every
further entry of a block; entries of different arrays share no block. Unknown
cumulants stay atoms. Source: McCullagh, Tensor Methods in Statistics, 1987, 2.3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from flint import fmpq

from derive.core.errors import BudgetError
from derive.core.normal.atoms import ONE, ZERO, Atom, Mono, Poly, atom_poly
from derive.core.normal.functions import delta
from derive.core.normal.ring import Ring
from derive.core.normal.sums import finite

__all__ = ["Moments", "expected_product", "polynomial_in"]

LARGEST_PRODUCT = 8

Moments = Mapping[str, tuple[str, tuple[Poly, ...]]]
"""For each random array the name of its law and the law's parameters."""


def expected_product(ring: Ring, mono: Mono, laws: Moments) -> Poly | None:
    """E of a product of entries of independent arrays, or None where a factor is not an entry."""
    entries: list[Atom] = []
    for atom, e in mono:
        if atom.kind != "x" or not atom.arrays or not isinstance(e, int) or e < 0:
            return None
        if any(label.startswith("~") for arg in atom.args for label in arg.free):
            return None
        entries.extend([atom] * e)
    if len(entries) > LARGEST_PRODUCT:
        raise BudgetError(f"the expectation of a product of {len(entries)} random entries is past the budget")
    total = ZERO
    for blocks in partitions(list(range(len(entries)))):
        ring.spend(len(entries))
        term = ONE
        for block in blocks:
            term = ring.mul(term, _joint_cumulant(ring, [entries[k] for k in block], laws))
            if term.is_zero:
                break
        total = total + term
    return total


def _joint_cumulant(ring: Ring, entries: Sequence[Atom], laws: Moments) -> Poly:
    """The joint cumulant: that of one entry where all are the same entry, else 0."""
    first = entries[0]
    if any(e.name != first.name for e in entries):
        return ZERO
    law, parameters = laws[first.arrays[0]]
    total = cumulant(ring, first.arrays[0], law, parameters, len(entries))
    for other in entries[1:]:
        for a, b in zip(first.args, other.args, strict=True):
            total = ring.mul(total, delta(ring, a, b))
    return total


def cumulant(ring: Ring, array: str, law: str, parameters: Sequence[Poly], order: int) -> Poly:
    """The cumulant of an entry of this order."""
    if law == "Bernoulli":
        total = ZERO
        for k, c in enumerate(bernoulli_cumulant(order)):
            total = total + ring.power(parameters[0], k).scale(fmpq(c))
        return total
    if law == "Normal" and order >= 2:
        return ring.power(parameters[1], 2) if order == 2 else ZERO
    if order <= 2:
        return parameters[order - 1]
    return atom_poly(Atom("k", f"{order}({array})"))


def bernoulli_cumulant(order: int) -> list[int]:
    """The coefficients, by powers of p, of a cumulant of the Bernoulli law: k_(n+1) = p(1-p) dk_n/dp.

    >>> bernoulli_cumulant(2)
    [0, 1, -1]
    """
    found = [0, 1]
    for _ in range(order - 1):
        derivative = [k * c for k, c in enumerate(found)][1:]
        found = [0, *derivative, 0]
        for k, c in enumerate(derivative):
            found[k + 2] -= c
    return found


def partitions(items: list[int]) -> Iterator[list[list[int]]]:
    """The set partitions of a list.

    >>> sum(1 for _ in partitions([0, 1, 2]))
    5
    """
    if not items:
        yield []
        return
    first, rest = items[0], items[1:]
    for smaller in partitions(rest):
        yield [[first], *smaller]
        for k, block in enumerate(smaller):
            yield [*smaller[:k], [first, *block], *smaller[k + 1:]]


def polynomial_in(mono: Mono, label: str) -> bool:
    """Whether the label stands in entries to whole positive powers only, or in finite sums of such."""
    for atom, e in mono:
        if label not in atom.free:
            continue
        whole = isinstance(e, int) and e > 0
        if whole and atom.kind == "x" and all(label not in arg.free for arg in atom.args):
            continue
        inside = atom.args[0].terms if whole and atom.kind == "Sum" and all(map(finite, atom.bound)) else None
        if inside is None or not all(polynomial_in(inner, label) for inner in inside):
            return False
    return True
