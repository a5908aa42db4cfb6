"""Which conditions may be shown beside a proof: those that remove a thin set.

Promise: `thin` says True only where the zeros of a polynomial are nowhere dense
among the values that the domains and the givens allow, at every size and for
every index; or where they are everything, which the model that a proof needs
rules out.
"""

from __future__ import annotations

from dataclasses import replace

from derive.core.facts import Facts
from derive.core.normal.atoms import Atom, Poly, atom_poly

__all__ = ["thin"]

CONTINUOUS = frozenset({"s", "x", "g"})
FIXED = frozenset({"c", "p", "I", "u", "f", "b", "^"})
OPAQUE = frozenset({"D", "R", "E", "Var", "H", "HX", "KL", "k"})
SMOOTH = frozenset({"s", "c", "x", "g", "f", "p", "b", "^", "Sum", "i", "I", "u"})
SMOOTH_FUNCTIONS = frozenset({"exp", "log", "sin", "cos", "sinh", "cosh", "erf"})


def thin(poly: Poly, facts: Facts) -> bool:
    """Whether the zeros are a thin set, at every size and for every index.

    Either some name varies freely in it; or nothing in it is discrete and it is
    analytic on a connected domain: then it is zero on a thin set or everywhere,
    and that it is not zero everywhere is seen in the model which a proof needs.
    """
    if any(atom.kind in OPAQUE for atom in poly.all_atoms()):
        return False
    if _varies(poly, facts):
        return True
    kinds = [_continuous(atom, facts) for atom in poly.all_atoms() if atom.kind not in FIXED]
    return bool(kinds) and all(kinds) and _analytic(poly, _connected(facts))


def _varies(poly: Poly, facts: Facts) -> bool:
    """Whether it is a polynomial in something that varies freely, with a leading coefficient that has thin zeros."""
    atoms = dict.fromkeys(poly.atoms())
    for atom in atoms:
        exponents = [dict(mono).get(atom, 0) for mono in poly.terms]
        if not all(isinstance(e, int) for e in exponents) or not any(exponents) or not _free(atom, facts):
            continue
        names = _names(atom_poly(atom), facts)
        if any(names & _names(atom_poly(other), facts) for other in atoms if other != atom):
            continue
        lead = Poly({
            tuple(f for f in mono if f[0] != atom): c
            for (mono, c), e in zip(poly.terms.items(), exponents, strict=True) if e == max(exponents)
        })
        if facts.not_zero(lead) or _varies(lead, facts):
            return True
    return False


def _free(atom: Atom, facts: Facts) -> bool:
    """Whether an atom takes infinitely many values as the continuous names in it vary, whatever is discrete."""
    if atom.kind == "f":
        return atom.name in SMOOTH_FUNCTIONS and _varies(atom.args[0], facts)
    if atom.kind == "b":
        return _varies(atom.args[0], facts)
    if atom.kind != "Sum":
        return _continuous(atom, facts)
    return all(map(facts.nonempty, atom.bound)) and _free_sum(atom, facts)


def _free_sum(atom: Atom, facts: Facts) -> bool:
    """Whether the body is a multiple of a power of one array's entry, a different entry for all the bound indices."""
    single = atom.args[0].single
    if single is None:
        return False
    entries = [f for f in single[1] if f[0].kind == "x"]
    others = Poly({tuple(f for f in single[1] if f[0].kind != "x"): single[0]})
    if len(entries) != 1 or not isinstance(entries[0][1], int) or not facts.not_zero(others):
        return False
    if _names(atom_poly(entries[0][0]), facts) & _names(others, facts):
        return False
    places = {place.atom.name for place in entries[0][0].args if place.atom is not None and place.atom.kind == "i"}
    return {b.name for b in atom.bound} <= places


def _names(poly: Poly, facts: Facts) -> set[tuple[str, str]]:
    """The continuous names in it, at any depth; an unknown function counts as one with its derivatives."""
    return {(a.kind, a.name.split(";")[0]) for a in poly.all_atoms() if _continuous(a, facts)}


def _connected(facts: Facts) -> Facts:
    """What holds on a product of intervals: without the givens, and without "not 0" for what has either sign."""
    domains = {
        name: replace(d, nonzero=False) if (d.lo is None or d.lo < 0) and (d.hi is None or d.hi > 0) else d
        for name, d in facts.domains.items()
    }
    return replace(facts, domains=domains, above=(), nonzero=(), weights=frozenset())


def _analytic(poly: Poly, facts: Facts) -> bool:
    """Whether it is one analytic function on a connected domain: no root or logarithm of what may change sign."""
    for mono in poly.terms:
        for atom, e in mono:
            if atom.kind not in SMOOTH or (atom.kind == "f" and atom.name not in SMOOTH_FUNCTIONS):
                return False
            cut = atom.args[0] if (atom.kind, atom.name) == ("f", "log") or atom.kind == "^" else None
            if not isinstance(e, int) and atom.kind not in {"p", "^"} and atom.name != "exp":
                cut = atom_poly(atom)
            if cut is not None and not facts.positive(cut):
                return False
            if not all(_analytic(arg, facts) for arg in atom.args):
                return False
    return True


def _continuous(atom: Atom, facts: Facts) -> bool:
    """Whether it is a name of something that varies continuously."""
    if atom.kind == "s":
        domain = facts.domains.get(atom.name)
        return domain is not None and domain.field != "integer"
    return atom.kind in CONTINUOUS
