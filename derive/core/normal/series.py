"""Closed sums of a polynomial times a geometric term, found by telescoping.

Promise: a closed form is used only after F(i+1) - F(i) = term has been checked
in the ring. A ratio that may be 1 adds the condition that it is not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import comb

from flint import fmpq

from derive.core.normal.atoms import ONE, ZERO, Atom, Mono, Poly, atom_poly, constant
from derive.core.normal.convergence import converges, slope
from derive.core.normal.functions import exponential, symbolic_power
from derive.core.normal.ring import Ring

__all__ = ["closed_sum"]

LARGEST_DEGREE = 12
MOST_VALUES = 4
"""A sum over so many numbers at most is written out."""
Rewrite = Callable[[Ring, Poly, Mapping[str, Poly]], Poly]


def closed_sum(ring: Ring, index: Atom, mono: Mono, rewrite: Rewrite) -> Poly | None:
    """The sum of `mono` over one index, or None where it is not polynomial times geometric, nor over a few numbers."""
    few = _few(index)
    if few is not None:
        body = Poly({mono: fmpq(1)})
        return sum((rewrite(ring, body, {index.name: constant(at)}) for at in few), ZERO)
    degree = 0
    ratio = ONE
    geometric: list[tuple[Atom, int]] = []
    exponential_series = _over_factorial(mono, index)
    for atom, e in mono:
        if exponential_series and atom.name == "factorial" and index.name in atom.free:
            continue
        if atom.kind == "i" and atom.name == index.name and isinstance(e, int) and 0 < e <= LARGEST_DEGREE:
            degree = e
            continue
        step = _step(ring, atom, e, index)
        if step is None:
            return None
        ratio = ring.mul(ratio, step)
        geometric.append((atom, e))  # type: ignore[arg-type]
    if exponential_series:
        start = rewrite(ring, Poly({tuple(geometric): fmpq(1)}), {index.name: ZERO})
        return ring.product([start, exponential(ring, ratio), _touchard(ring, degree, ratio)])
    if not _may_telescope(ring, index, mono):
        return None
    if len(index.args) == 2 and ratio != ONE and not ring.facts.not_zero(ratio - ONE):
        ring.conditions[(ratio - ONE).key] = ratio - ONE
    coefficients = _antidifference(ring, ratio, degree)
    if not _telescopes(ring, ratio, degree, coefficients):
        return None
    power = Poly({tuple(geometric): fmpq(1)})

    def value(at: Poly) -> Poly:
        return ring.mul(rewrite(ring, power, {index.name: at}), _horner(ring, coefficients, at))

    lower = value(index.args[0])
    return -lower if len(index.args) == 1 else value(index.args[1] + ONE) - lower


def _over_factorial(mono: Mono, index: Atom) -> bool:
    """Whether it has one factor 1/i! that the index touches, and the index runs from 0 to oo."""
    found = [(a, e) for a, e in mono if (a.kind, a.name) == ("f", "factorial") and index.name in a.free]
    return len(index.args) == 1 and index.args[0].is_zero and len(found) == 1 and found[0][1] == -1 and (
        found[0][0].args[0] == atom_poly(index)
    )


def _touchard(ring: Ring, degree: int, ratio: Poly) -> Poly:
    """sum of i^degree r^i/i! over i >= 0, less its factor e^r: sum of S(degree, j) r^j, S of the second kind."""
    row = [1]
    for _ in range(degree):
        row = [j * (row[j] if j < len(row) else 0) + (row[j - 1] if j else 0) for j in range(len(row) + 1)]
    return _horner(ring, [constant(c) for c in row], ratio)


def _few(index: Atom) -> range | None:
    """The values of an index whose range is a few numbers."""
    ends = [end.constant for end in index.args]
    if len(ends) != 2 or ends[0] is None or ends[1] is None or ends[0].q != 1 or ends[1].q != 1:
        return None
    values = range(int(ends[0].p), int(ends[1].p) + 1)
    return values if len(values) <= MOST_VALUES else None


def _may_telescope(ring: Ring, index: Atom, mono: Mono) -> bool:
    """Whether F at the ends gives the sum: the range does not run backwards, or F tends to 0."""
    if len(index.args) == 1:
        return converges(ring.facts, mono, index)
    span = index.args[1] - index.args[0] + ONE
    return ring.facts.nonnegative(span) and ring.facts.integer(span)


def _step(ring: Ring, atom: Atom, e: object, index: Atom) -> Poly | None:
    """By what a factor is multiplied when the index grows by 1."""
    scale = fmpq(e.numerator, e.denominator)  # type: ignore[attr-defined]
    if atom.kind == "f" and atom.name == "exp":
        one = slope(atom.args[0], index)
        return None if one is None else exponential(ring, one.scale(scale))
    if atom.kind == "^" and index.name not in atom.args[0].free:
        one = slope(atom.args[1], index)
        return None if one is None else symbolic_power(ring, atom.args[0], one.scale(scale))
    return None


def _antidifference(ring: Ring, ratio: Poly, degree: int) -> list[Poly]:
    """The coefficients of P with ratio*P(i+1) - P(i) = i^degree."""
    if ratio == ONE:
        return _power_sum(degree)
    inverse = ring.power(ratio - ONE, -1)
    found: dict[int, Poly] = {}
    for m in range(degree, -1, -1):
        total = ONE if m == degree else ZERO
        for k in range(m + 1, degree + 1):
            total = total - ring.mul(ratio, found[k]).scale(fmpq(comb(k, m)))
        found[m] = ring.mul(total, inverse)
    return [found[m] for m in range(degree + 1)]


def _power_sum(degree: int) -> list[Poly]:
    """The coefficients of P with P(i+1) - P(i) = i^degree and P(0) = 0."""
    found: dict[int, fmpq] = {0: fmpq(0)}
    for m in range(degree, -1, -1):
        total = fmpq(1 if m == degree else 0) - sum(
            (found[k] * comb(k, m) for k in range(m + 2, degree + 2)), fmpq(0)
        )
        found[m + 1] = total / (m + 1)
    return [constant(found[m]) for m in range(degree + 2)]


def _telescopes(ring: Ring, ratio: Poly, degree: int, coefficients: list[Poly]) -> bool:
    """The check: ratio*P(i+1) - P(i) - i^degree is zero as a polynomial in i."""
    i = atom_poly(Atom("s", "?i"))
    up = ring.mul(ratio, _horner(ring, coefficients, i + ONE))
    return ring.vanishes(up - _horner(ring, coefficients, i) - ring.power(i, degree))


def _horner(ring: Ring, coefficients: list[Poly], at: Poly) -> Poly:
    total = ZERO
    for c in reversed(coefficients):
        total = ring.mul(total, at) + c
    return total
