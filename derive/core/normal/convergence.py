"""Absolute convergence of an infinite sum of one monomial.

Promise: `converges` says True only where the sum converges absolutely for all
values that the facts allow: the terms are a polynomial in the index times
something that decays geometrically, or a law times something bounded.
"""

from __future__ import annotations

from flint import fmpq

from derive.core.facts import Facts
from derive.core.normal.atoms import ONE, ZERO, Atom, Exponent, Mono, Poly, absolute_atom, atom_poly
from derive.core.normal.labels import rename

__all__ = ["MARK", "converges", "picks", "slope"]

MARK = "?"
"""The label of the summed index in what a given says to converge."""


def converges(facts: Facts, mono: Mono, index: Atom) -> bool:
    """Whether the sum of the monomial over an infinite index is known to converge absolutely."""
    if any(e > 0 and atom.kind == "d" and picks(atom, index) for atom, e in mono) or _given(facts, mono, index):
        return True
    if any(e < 0 and _is_factorial(atom, index) for atom, e in mono):
        return all(index.name not in atom.free or _tame(atom, e, index) for atom, e in mono)
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


def _is_factorial(atom: Atom, index: Atom) -> bool:
    """(i + c)! for an integer c."""
    step = slope(atom.args[0], index) if (atom.kind, atom.name) == ("f", "factorial") else None
    return step is not None and step == ONE


def _tame(atom: Atom, e: Exponent, index: Atom) -> bool:
    """What any factorial below the line outgrows: powers of the index, what is geometric, logs of factorials."""
    if _is_factorial(atom, index):
        return e < 0
    if atom.kind == "i":
        return isinstance(e, int) and e > 0
    if (atom.kind, atom.name) == ("f", "log"):
        inner = atom.args[0].atom
        return isinstance(e, int) and e > 0 and inner is not None and _is_factorial(inner, index)
    if (atom.kind, atom.name) == ("f", "exp"):
        return slope(atom.args[0], index) is not None
    return atom.kind == "^" and index.name not in atom.args[0].free and slope(atom.args[1], index) is not None


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
    """A law summed over one of its targets."""
    if e != 1 or atom.kind != "P":
        return False
    targets = len(atom.name.split("|")[-2].split())
    mine = [k for k, a in enumerate(atom.args) if index.name in a.free]
    return len(mine) == 1 and mine[0] < targets and _is_index(atom.args[mine[0]], index)


def picks(atom: Atom, index: Atom) -> bool:
    """A delta that picks at most one term."""
    step = slope(atom.args[0], index)
    return step is not None and step.constant is not None and step.constant != 0


def _given(facts: Facts, mono: Mono, index: Atom) -> bool:
    """Whether a given says that it converges, or that it does with a greater power of the index."""
    mine = [(a, e) for a, e in mono if index.name in a.free]
    powers = [e for a, e in mine if a.kind == "i" and a.name == index.name]
    others = tuple((rename(a, {index.name: MARK}), e) for a, e in mine if a.kind != "i" or a.name != index.name)
    if any(not isinstance(e, int) or e < 0 for e in powers) or any(a.bound for a, _ in others):
        return False
    ranges = tuple(a.key for a in index.args)
    return any(
        known == ranges and frozenset(others) == factors and sum(powers) <= power
        for known, power, factors in facts.summable
    )


def _is_index(poly: Poly, index: Atom) -> bool:
    found = poly.atom
    return found is not None and found.kind == "i" and found.name == index.name
