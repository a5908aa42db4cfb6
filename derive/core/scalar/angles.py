"""Sines and cosines of multiples of one angle, as polynomials in its sine and cosine.

Promise: `in_one_angle(term, context, parts)` has the value of the term everywhere: cos(k u) is the polynomial of
Chebyshev in cos u, sin(k u) that of the second kind in cos u, times sin u; tangents and their kin become quotients.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd

import sympy as sp
from flint import fmpq, fmpz_poly
from sympy import Expr, Rational, S

from derive.core.normal.atoms import Poly
from derive.core.normal.ring import primitive
from derive.core.normal.show import show
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, power, times
from derive.core.terms import children_in_scope, rebuild, subterms
from derive.core.terms.heads import Binder

__all__ = ["CIRCULAR", "in_one_angle"]

CIRCULAR = (sp.sin, sp.cos, sp.tan, sp.cot, sp.sec, sp.csc)
LARGEST_MULTIPLE = 16


def in_one_angle(term: Expr, context: Context, parts: int = 1) -> Expr:
    """The term over the sine and cosine of the greatest common part of its angles, divided by `parts`."""
    angles: dict[Expr, tuple[fmpq, Poly]] = {}
    for found in subterms(term):
        if isinstance(found, CIRCULAR):
            poly = context.poly(found.args[0])
            if poly is None or poly.is_zero:
                return term
            angles[found.args[0]] = primitive(poly)
    units: dict[Poly, fmpq] = {}
    for content, direction in angles.values():
        units[direction] = _common(units.get(direction), abs(content) / parts)
    known = context.assumptions(term).names
    found_units = {
        d: (unit, times(Rational(int(unit.p), int(unit.q)), show(d, known))) for d, unit in units.items()
    }
    return _written(term, {a: _multiple(c, *found_units[d]) for a, (c, d) in angles.items()})


def _common(one: fmpq | None, other: fmpq) -> fmpq:
    if one is None:
        return other
    above = gcd(int(one.p) * int(other.q), int(other.p) * int(one.q))
    return fmpq(above, int(one.q) * int(other.q))


def _multiple(content: fmpq, unit: fmpq, angle: Expr) -> tuple[int, Expr]:
    ratio = Fraction(int(content.p), int(content.q)) / Fraction(int(unit.p), int(unit.q))
    return int(ratio), angle


def _written(term: Expr, multiples: dict[Expr, tuple[int, Expr]]) -> Expr:
    if isinstance(term, CIRCULAR):
        k, angle = multiples[term.args[0]]
        if abs(k) > LARGEST_MULTIPLE:
            return term
        sine, cosine = _sine(k, angle), _cosine(k, angle)
        minus = S.NegativeOne
        match term:
            case sp.sin():
                return sine
            case sp.cos():
                return cosine
            case sp.tan():
                return times(sine, power(cosine, minus))
            case sp.cot():
                return times(cosine, power(sine, minus))
            case sp.sec():
                return power(cosine, minus)
        return power(sine, minus)
    if isinstance(term, Binder) or not children_in_scope(term):
        return term
    found: Expr = rebuild(term, [_written(a, multiples) for a in term.args])
    return found


def _cosine(k: int, angle: Expr) -> Expr:
    return _polynomial(fmpz_poly.chebyshev_t(abs(k)), sp.cos(angle, evaluate=False))


def _sine(k: int, angle: Expr) -> Expr:
    if k == 0:
        return S.Zero
    sign = sp.Integer(1 if k > 0 else -1)
    many = _polynomial(fmpz_poly.chebyshev_u(abs(k) - 1), sp.cos(angle, evaluate=False))
    return times(sign, sp.sin(angle, evaluate=False), many)


def _polynomial(coefficients: fmpz_poly, x: Expr) -> Expr:
    terms = [
        times(sp.Integer(int(c)), power(x, sp.Integer(k)) if k else S.One)
        for k, c in enumerate(coefficients.coeffs()) if c != 0
    ]
    return plus(*terms)
