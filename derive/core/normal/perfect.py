"""Perfect powers: 1 + 2 x + x^2 is (1 + x)^2.

Promise: `perfect_root(p)` is (g, k) with g^k = p, multiplied out and compared,
and k > 1 the greatest found; or None, which says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpq, fmpz

from derive.core.normal.atoms import Atom, Mono, Poly, collect, merge

__all__ = ["perfect_root"]

LARGEST = 120
"""Polynomials of more terms are not looked at."""


def perfect_root(poly: Poly) -> tuple[Poly, int] | None:
    """A polynomial and the power of it that this one is.

    >>> x = Atom("s", "x")
    >>> perfect_root(Poly({(): fmpq(1), ((x, 1),): fmpq(2), ((x, 2),): fmpq(1)}))
    (1+1*s:x, 2)
    """
    if not 3 <= len(poly.terms) <= LARGEST or any(not isinstance(e, int) or e < 0 for m in poly.terms for _, e in m):
        return None
    atoms = sorted({a for m in poly.terms for a, _ in m}, key=lambda a: a.key)
    for k in (2, 3, 5):
        root = _root(poly, k, atoms)
        if root is not None:
            further = perfect_root(root)
            return (root, k) if further is None else (further[0], k * further[1])
    return None


def _greatest(poly: Poly, atoms: Sequence[Atom]) -> tuple[Mono, fmpq]:
    """The greatest term in the lexicographic order of these atoms, which products respect."""
    return max(poly.terms.items(), key=lambda term: [dict(term[0]).get(a, 0) for a in atoms])


def _root(poly: Poly, k: int, atoms: Sequence[Atom]) -> Poly | None:
    """The k-th root, term by term from the greatest."""
    lead, coefficient = _greatest(poly, atoms)
    number = _number_root(coefficient, k)
    if number is None or any(e % k for _, e in lead):
        return None
    first = tuple((a, e // k) for a, e in lead)
    root = Poly({first: number})
    below, scale = tuple((a, -e * (k - 1)) for a, e in first), k * number ** (k - 1)
    for _ in range(len(poly.terms)):
        rest = poly - _raised(root, k)
        if rest.is_zero:
            return root
        mono, c = _greatest(rest, atoms)
        following = merge(mono, below)
        if any(e < 0 for _, e in following) or following in root.terms:
            return None
        root = root + Poly({following: c / scale})
    return None


def _raised(poly: Poly, k: int) -> Poly:
    found = poly
    for _ in range(k - 1):
        found = collect((merge(m, o), c * d) for m, c in found.terms.items() for o, d in poly.terms.items())
    return found


def _number_root(value: fmpq, k: int) -> fmpq | None:
    """The exact k-th root of a positive rational, or None."""
    if value <= 0:
        return None
    above, below = (fmpz(int(part)).root(k) for part in (value.p, value.q))
    found = fmpq(above, below)
    return found if found**k == value else None
