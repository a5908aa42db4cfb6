"""Equality of constants: sums of logarithms and inverse functions of algebraic numbers.

Promise: `constants_equal` is True only where both sides are equal. Inverse functions are written as logarithms, by
their definition; a rational combination of logarithms of algebraic numbers is 0 where exact arithmetic says that the
product of the powers is positive, and of absolute value 1, and a ball decides which multiple of 2 pi i is left.
`logarithms(term, context)` has the value of the term wherever that is defined.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import Any

import sympy as sp
from flint import acb, fmpq
from sympy import Expr, I, Integer, Pow, Rational, S

from derive.core.errors import BudgetError, NotNormal
from derive.core.normal.atoms import Atom, Mono, Poly, atom_poly, collect
from derive.core.normal.show import show
from derive.core.scalar.algebraic import FIELD, number, vanishes_over
from derive.core.scalar.balls import enclose
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.zero import cleared, equal, normal
from derive.core.terms import children_in_scope, rebuild
from derive.core.terms.heads import Binder

__all__ = ["constants_equal", "logarithms", "without_sinc"]

HALF = Rational(1, 2)
TWO = Integer(2)
LARGEST_POWER = 400
"""Powers of algebraic numbers are computed up to this exponent, all taken together."""

PI = Atom("c", "pi")
UNIT = Atom("I")
PRECISION = 256


# ---------------------------------------------------------------- inverse functions as logarithms


def _log(term: Expr) -> Expr:
    found: Expr = sp.log(term, evaluate=False)
    return found


def _minus(term: Expr) -> Expr:
    return times(S.NegativeOne, term)


def _root(term: Expr) -> Expr:
    return Pow(term, HALF, evaluate=False)


def _one_over(term: Expr) -> Expr:
    return power(term, S.NegativeOne)


def _atanh(w: Expr) -> Expr:
    return times(HALF, plus(_log(plus(S.One, w)), _minus(_log(plus(S.One, _minus(w))))))


def _asinh(w: Expr) -> Expr:
    return _log(plus(w, _root(plus(S.One, power(w, TWO)))))


def _acosh(w: Expr) -> Expr:
    return _log(plus(w, times(_root(plus(w, S.NegativeOne)), _root(plus(w, S.One)))))


def _atan(w: Expr) -> Expr:
    return times(_minus(I), _atanh(times(I, w)))


def _asin(w: Expr) -> Expr:
    return times(_minus(I), _log(plus(times(I, w), _root(plus(S.One, _minus(power(w, TWO)))))))


def _acos(w: Expr) -> Expr:
    return plus(times(HALF, sp.pi), _minus(_asin(w)))


def _of_inverse(head: Callable[[Expr], Expr]) -> Callable[[Expr], Expr]:
    return lambda w: head(_one_over(w))


DEFINITIONS: dict[type, Callable[[Expr], Expr]] = {
    sp.asin: _asin, sp.acos: _acos, sp.atan: _atan, sp.asinh: _asinh, sp.acosh: _acosh, sp.atanh: _atanh,
    sp.asec: _of_inverse(_acos), sp.acsc: _of_inverse(_asin), sp.acot: _of_inverse(_atan),
    sp.asech: _of_inverse(_acosh), sp.acsch: _of_inverse(_asinh), sp.acoth: _of_inverse(_atanh),
}
"""Principal values, as the books define them."""


AT_ZERO: dict[type, Expr] = {sp.sinc: S.One, sp.erf: S.Zero, sp.erfc: S.One}


@lru_cache(maxsize=4096)
def logarithms(term: Expr, context: Context) -> Expr:
    """Inverse functions as logarithms, and powers w^s of what is known not to be 0 as exp(s log w)."""
    if isinstance(term, Binder) or not children_in_scope(term):
        return term
    args = [logarithms(a, context) if isinstance(a, Expr) else a for a in term.args]
    if type(term) in DEFINITIONS:
        return DEFINITIONS[type(term)](args[0])
    if isinstance(term, Pow) and _general(term.args[1], context) and context.nonzero(term.args[0]):
        found: Expr = sp.exp(times(args[1], _log(args[0]) if args[0] is not S.Exp1 else S.One), evaluate=False)
        return found
    rebuilt: Expr = rebuild(term, args)
    return rebuilt


def _general(exponent: Expr, context: Context) -> bool:
    """Whether a power with this exponent is written as an exponential."""
    return not isinstance(exponent, Rational) and not context.integer(exponent)


def without_sinc(term: Expr, context: Context) -> Expr:
    """sinc(u) as sin(u)/u where u is not 0 (sinc(i v) as sinh(v)/v), as 1 where it is; erf(0) = 0."""
    if isinstance(term, Binder) or not children_in_scope(term):
        return term
    args = [without_sinc(a, context) if isinstance(a, Expr) else a for a in term.args]
    if isinstance(term, sp.sinc) and context.nonzero(args[0]):
        height = times(_minus(I), args[0])
        if context.real(height):
            return times(sp.sinh(height, evaluate=False), _one_over(height))
        return times(sp.sin(args[0], evaluate=False), _one_over(args[0]))
    if type(term) in AT_ZERO and equal(args[0], S.Zero, context):
        return AT_ZERO[type(term)]
    rebuilt: Expr = rebuild(term, args)
    return rebuilt


# ---------------------------------------------------------------- constants


def constants_equal(left: Expr, right: Expr) -> bool:
    """Whether two terms without free symbols are known to be equal."""
    if left.free_symbols or right.free_symbols:
        return False
    context = Context()
    gap = without_sinc(plus(left, _minus(right)), context)
    if equal(gap, S.Zero, context):
        return True
    found = normal(logarithms(gap, context), context)
    if found is None:
        return False
    poly, ring = found
    try:
        return _vanishes(cleared(poly, ring))
    except (NotNormal, BudgetError):
        return False


Weights = dict[Atom, tuple[Fraction, Fraction]]
"""For each logarithm (and pi) its coefficient, as real and imaginary part."""


def _vanishes(poly: Poly) -> bool:
    """Whether the coefficients of everything that is no logarithm vanish, one after the other."""
    if poly.is_zero or vanishes_over(poly):
        return True
    groups: dict[Mono, Weights] = {}
    rest: list[tuple[Mono, fmpq]] = []
    for mono, c in poly.terms.items():
        place = _logarithm_in(mono)
        if place is None:
            rest.append((mono, c))
            continue
        others = tuple(f for f in mono if f[0] not in {place, UNIT})
        lower = [(a, e - 1) for a, e in mono if a == place and e > 1]
        key = tuple(sorted((*others, *lower), key=lambda f: f[0].key))
        weights = groups.setdefault(key, {})
        re, im = weights.get(place, (Fraction(0), Fraction(0)))
        value = Fraction(int(c.p), int(c.q))
        imaginary = any(a == UNIT for a, _ in mono)
        weights[place] = (re, im + value) if imaginary else (re + value, im)
    return vanishes_over(collect(rest)) and all(_relation(w) for w in groups.values())


def _logarithm_in(mono: Mono) -> Atom | None:
    """A logarithm of an algebraic number that stands to a positive whole power, else pi."""
    logs = [a for a, e in mono if (a.kind, a.name) == ("f", "log") and isinstance(e, int) and e > 0]
    known = [a for a in logs if number(a.args[0]) is not None]
    if known:
        return known[0]
    return next((a for a, e in mono if a == PI and isinstance(e, int) and e > 0), None)


def _relation(weights: Weights) -> bool:
    """Whether the combination of logarithms is 0. With log w = L + i t: sum (a + i b)(L + i t) = 0.

    It is where sum a L = sum b L = 0 and sum a t = sum b t = 0; pi is taken for the t of -1, times -i.
    """
    values: list[tuple[Any, Any, Fraction, Fraction]] = []
    for atom, (a, b) in weights.items():
        if atom == PI:
            values.append((FIELD(-1), acb(-1).log(), b, -a))
            continue
        value, ball = number(atom.args[0]), enclose(show(atom_poly(atom), {}), PRECISION)
        if value is None or ball is None or value.is_zero():
            return False
        values.append((value, ball, a, b))
    return all(_angles([(v, ball.imag, row[k]) for v, ball, *row in values])
               and _sizes([(v, row[k]) for v, _, *row in values]) for k in (0, 1))


def _whole(rows: list[Fraction]) -> list[int] | None:
    """The coefficients as integers without a common denominator; None where they are too large."""
    below = lcm(*(r.denominator for r in rows)) if rows else 1
    found = [int(r * below) for r in rows]
    return found if sum(map(abs, found)) <= LARGEST_POWER else None


def _power_product(pairs: list[tuple[Any, int]]) -> Any | None:
    total = FIELD(1)
    try:
        for value, e in pairs:
            total = total * (value**e if e >= 0 else FIELD(1) / value ** (-e))
    except (ZeroDivisionError, AssertionError, NotImplementedError, ValueError):
        return None
    return total


def _sizes(rows: list[tuple[Any, Fraction]]) -> bool:
    """Whether sum c log|w| = 0: the product of the |w|^2 to these powers is 1."""
    rows = [r for r in rows if r[1]]
    powers = _whole([c for _, c in rows])
    if powers is None:
        return False
    found = _power_product([(v * v.conjugate(), e) for (v, _), e in zip(rows, powers, strict=True)])
    return found is not None and bool((found - FIELD(1)).is_zero())


def _angles(rows: list[tuple[Any, Any, Fraction]]) -> bool:
    """Whether sum c arg(w) = 0: the product of the powers is positive, so it is a multiple of 2 pi, and it is small."""
    rows = [r for r in rows if r[2]]
    powers = _whole([c for _, _, c in rows])
    if powers is None:
        return False
    total = sum((ball * e for (_, ball, _), e in zip(rows, powers, strict=True)), acb(0).real)
    if not abs(total) < 6:
        return False
    found = _power_product([(v, e) for (v, _, _), e in zip(rows, powers, strict=True)])
    if found is None or not found.imag.is_zero():
        return False
    return bool(FIELD.gt(found, FIELD(0)))
