"""Polynomials over atoms as products of irreducible ones.

Promise: `factors(p)` multiplies out to p; the factorisation is python-flint's, over the rationals, with the atoms taken
for independent variables. None where an exponent is no integer, or where there is nothing to gain.
"""

from __future__ import annotations

from flint import Ordering, fmpq, fmpq_mpoly_ctx

from derive.core.normal.atoms import Atom, Mono, Poly, merge

__all__ = ["factors", "over_common"]

MOST_TERMS, MOST_ATOMS, HIGHEST = 200, 8, 24
"""Larger polynomials are not factored."""


def over_common(poly: Poly) -> tuple[Poly, Mono] | None:
    """(q, m) with poly = q/m, q of non-negative whole exponents; None where an exponent is no integer."""
    least: dict[Atom, int] = {}
    for mono in poly.terms:
        for atom, e in mono:
            if not isinstance(e, int):
                return None
            least[atom] = min(least.get(atom, 0), e)
    below = tuple(sorted(((a, -e) for a, e in least.items() if e < 0), key=lambda f: f[0].key))
    return Poly({merge(m, below): c for m, c in poly.terms.items()}), below


def factors(poly: Poly) -> list[tuple[Poly, int]] | None:
    """The irreducible factors with their exponents, the rational content first; or None."""
    found = over_common(poly)
    if found is None or not 1 <= len(found[0].terms) <= MOST_TERMS:
        return None
    above, below = found
    atoms = sorted({a for m in above.terms for a, _ in m}, key=lambda a: a.key)
    if not 1 <= len(atoms) <= MOST_ATOMS or any(e > HIGHEST for m in above.terms for _, e in m):
        return None
    ring = fmpq_mpoly_ctx.get(tuple(f"x{k}" for k in range(len(atoms))), Ordering.lex)
    place = {a: k for k, a in enumerate(atoms)}
    terms = {}
    for mono, c in above.terms.items():
        exponents = [0] * len(atoms)
        for atom, e in mono:
            exponents[place[atom]] = int(e)
        terms[tuple(exponents)] = c
    content, parts = ring.from_dict(terms).factor()
    every: list[tuple[Poly, int]] = [(Poly({(): fmpq(content)}), 1)]
    for part, e in parts:
        every.append((_back(part.to_dict(), atoms), int(e)))
    every.extend((Poly({((a, 1),): fmpq(1)}), -int(e)) for a, e in below)
    return every


def _back(terms: dict[tuple[int, ...], fmpq], atoms: list[Atom]) -> Poly:
    return Poly({
        tuple((a, int(e)) for a, e in zip(atoms, exponents, strict=True) if e): fmpq(c)
        for exponents, c in terms.items()
    })
