"""Absolute convergence of an infinite sum of one monomial.

Promise: `converges` says True only where the sum converges absolutely for all
values that the facts allow: the terms are a polynomial in the index times
something that decays geometrically, or a law times something bounded.
"""

from __future__ import annotations

from flint import fmpq

from derive.core.facts import Facts
from derive.core.normal.atoms import ONE, ZERO, Atom, Exponent, Mono, Poly, absolute_atom, atom_poly

__all__ = ["converges", "slope"]


def converges(facts: Facts, mono: Mono, index: Atom) -> bool:
    """Whether the sum of the monomial over an infinite index is known to converge absolutely."""
    rate = ZERO
    decays = summable = grows = False
    for atom, e in mono:
        if index.name not in atom.free:
            continue
        if atom.kind == "i" and isinstance(e, int):
            grows = grows or e > 0
            continue
        if atom.kind == "f" and atom.name == "exp":
            one = slope(atom.args[0], index)
            if one is None:
                return False
            rate = rate + one.scale(fmpq(e.numerator, e.denominator))
            continue
        if atom.kind == "^":
            shrinking = _shrinks(facts, atom, e, index)
            if shrinking is None:
                return False
            decays = decays or shrinking
            continue
        if not _summable(atom, e, index):
            return False
        summable = True
    if not rate.is_zero:
        bounds = facts.bounds(rate)
        if bounds is None or bounds.hi is None or bounds.hi > 0:
            return False
        decays = decays or bounds.negative
    return decays or (summable and not grows)


def slope(poly: Poly, index: Atom) -> Poly | None:
    """The coefficient of the index in a polynomial that is linear in it, else None."""
    total: dict[Mono, fmpq] = {}
    for mono, c in poly.terms.items():
        mine = [(a, e) for a, e in mono if index.name in a.free]
        if not mine:
            continue
        if len(mine) > 1 or mine[0][0].kind != "i" or mine[0][1] != 1:
            return None
        total[tuple(f for f in mono if f[0].kind != "i" or f[0].name != index.name)] = c
    return Poly(total)


def _shrinks(facts: Facts, atom: Atom, e: Exponent, index: Atom) -> bool | None:
    """Whether base^(e m) decays (True) or is bounded (False) as the index grows; None where neither is known."""
    base, exponent = atom.args
    step = slope(exponent, index)
    if index.name in base.free or step is None:
        return None
    step = step.scale(fmpq(e.numerator, e.denominator))
    size = facts.bounds(base)
    absolute = facts.bounds(ONE - atom_poly(absolute_atom(base)))
    inside = (absolute is not None and absolute.positive) or (
        size is not None and facts.positive(ONE - base) and facts.positive(ONE + base)
    )
    if inside and facts.positive(step):
        return True
    if size is not None and facts.positive(base - ONE) and facts.positive(-step):
        return True
    bounded = size is not None and facts.nonnegative(ONE - base) and facts.nonnegative(ONE + base)
    return False if bounded and facts.nonnegative(step) else None


def _summable(atom: Atom, e: Exponent, index: Atom) -> bool:
    """A law summed over one of its targets, or a delta that picks at most one term."""
    if e != 1:
        return False
    if atom.kind == "P":
        targets = len(atom.name.split("|")[-2].split())
        mine = [k for k, a in enumerate(atom.args) if index.name in a.free]
        return len(mine) == 1 and mine[0] < targets and _is_index(atom.args[mine[0]], index)
    if atom.kind == "d":
        step = slope(atom.args[0], index)
        return step is not None and step.constant is not None and step.constant != 0
    return False


def _is_index(poly: Poly, index: Atom) -> bool:
    found = poly.atom
    return found is not None and found.kind == "i" and found.name == index.name
