"""Exact algebraic numbers, and angles that are rational parts of a half turn.

Promise: `number(p)` is the exact value of a normal form that holds nothing but rationals, roots of them, i and roots
of minus one; None where it is not such, or too large. `vanishes_over(p)` says True only where a normal form is zero
because its coefficients, as algebraic numbers, are. Exact arithmetic is Calcium's (through python-flint).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import fmpq
from flint.types._gr import gr_complex_qqbar_ctx

from derive.core.normal.atoms import Atom, Exponent, Mono, Poly, collect

__all__ = ["FIELD", "angle", "number", "vanishes_over"]

FIELD: Any = gr_complex_qqbar_ctx.new()
LARGEST_DEGREE = 96
"""Numbers of a greater degree, by the product of the degrees of their roots, are not computed."""

DENOMINATORS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 16, 20, 24)
"""Parts of a half turn that are looked for."""


def _rational(value: fmpq) -> Any:
    return FIELD(value)


def _degree(atoms: dict[Atom, int]) -> int:
    total = 1
    for d in atoms.values():
        total *= d
    return total


def _roots(poly: Poly, found: dict[Any, int]) -> bool:
    """Gather the roots that stand in it with their degrees; False where something else does."""
    for mono in poly.terms:
        for atom, e in mono:
            if not _root(atom, e, found):
                return False
    return True


def _root(atom: Atom, e: Exponent, found: dict[Any, int]) -> bool:
    degree = Fraction(e).denominator
    if atom.kind == "I":
        found[atom] = 2
        return True
    if atom.kind == "p":
        found[atom] = max(found.get(atom, 1), degree)
        return True
    if atom.kind == "u":
        found[atom] = max(found.get(atom, 1), 2 * degree)
        return True
    if atom.kind == "b":
        found[atom] = max(found.get(atom, 1), degree)
        return _roots(atom.args[0], found)
    return False


def number(poly: Poly) -> Any | None:
    """The exact number, as an element of Calcium's field of algebraic numbers, or None."""
    found: dict[Any, int] = {}
    if not _roots(poly, found) or _degree(found) > LARGEST_DEGREE:
        return None
    try:
        return _value(poly)
    except (ZeroDivisionError, AssertionError, NotImplementedError, ValueError):
        return None


def _value(poly: Poly) -> Any:
    total = FIELD(0)
    for mono, c in poly.terms.items():
        total = total + _rational(c) * _product(mono)
    return total


def _product(mono: Mono) -> Any:
    total = FIELD(1)
    for atom, e in mono:
        base = FIELD.i() if atom.kind == "I" else _base(atom)
        if isinstance(e, int):
            total = total * (base**e if e >= 0 else FIELD(1) / base ** (-e))
        else:
            total = total * FIELD.pow(base, _rational(fmpq(e.numerator, e.denominator)))
    return total


def _base(atom: Atom) -> Any:
    if atom.kind == "p":
        return FIELD(int(atom.name))
    return FIELD(-1) if atom.kind == "u" else _value(atom.args[0])


def vanishes_over(poly: Poly) -> bool:
    """Whether the coefficients of everything that is not algebraic vanish as algebraic numbers."""
    groups: dict[Mono, list[tuple[Mono, fmpq]]] = {}
    for mono, c in poly.terms.items():
        fixed = tuple(f for f in mono if _root(f[0], f[1], {}))
        groups.setdefault(tuple(f for f in mono if f not in fixed), []).append((fixed, c))
    for parts in groups.values():
        value = number(collect(parts))
        if value is None or not value.is_zero():
            return False
    return True


def angle(cosine: Any, sine: Any) -> fmpq | None:
    """The t in (-1, 1] with cosine + i sine = exp(i pi t), where it is a small rational: exact."""
    point = cosine + FIELD.i() * sine
    for d in DENOMINATORS:
        if (FIELD.pow(point, FIELD(2 * d)) - FIELD(1)).is_zero():
            for k in range(-d + 1, d + 1):
                if (point - FIELD.pow(FIELD(-1), FIELD(k) / FIELD(d))).is_zero():
                    return fmpq(k, d)
    return None
