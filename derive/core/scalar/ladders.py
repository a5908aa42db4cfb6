"""Functions with an order, up to integers: Bessel functions, the polynomials of Legendre and Hermite.

Promise: `ladders(sides, known)` gives terms that are equal to the sides wherever those are defined, as far as `known`
goes (see `places`). The theorems (DLMF 10.6, 10.29, 10.4, 10.16, 10.5, 10.28, 18.9, 18.6, 9.2):

    f_(v+2) = (2 (v + 1)/z) f_(v+1) - f_v            J, Y, and H of both kinds
    I_(v+2) = I_v - (2 (v + 1)/z) I_(v+1)            K_(v+2) = K_v + (2 (v + 1)/z) K_(v+1)
    (n + 2) P_(n+2) = (2 n + 3) z P_(n+1) - (n + 1) P_n          H_(n+2) = 2 z H_(n+1) - 2 (n + 1) H_n
    J_-n = (-1)^n J_n, Y likewise, I_-n = I_n for integers n; K_-v = K_v; P_(-n-1) = P_n
    half orders are elementary; J_(v+1) Y_v - J_v Y_(v+1) = 2/(pi z); I_v K_(v+1) + I_(v+1) K_v = 1/z
    Ai Bi' - Ai' Bi = 1/pi

A class of orders is written over its two least members. A determinant of two solutions is divided by one of them, whose
zeros are isolated: this is done where the argument moves with a loose symbol.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

import sympy as sp
from sympy import Expr, I, Integer, Rational, S

from derive.core.normal.atoms import Atom
from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.gammas import gamma_of
from derive.core.scalar.places import LARGEST_SHIFT, Known, Place, applied, minus, moved, number, over, replaced

__all__ = ["LADDERS", "ladders"]

CYLINDERS = (sp.besselj, sp.bessely, sp.besseli, sp.besselk)
ENTIRE = (sp.besselj, sp.besseli)
POLYNOMIALS = (sp.legendre, sp.hermite)
LADDERS = (*CYLINDERS, *POLYNOMIALS)
HIGHEST = 32
HALF = Rational(1, 2)

Values = dict[Expr, Expr]


def ladders(sides: Sequence[Expr], known: Known) -> tuple[Expr, ...]:
    """The sides with such functions over two members of each class."""
    found = tuple(sides)
    for rewrite in (_second_kind, _rotated, _mirrored, _turned, _single, _stepped, _determined):
        values = rewrite(found, known)
        found = tuple(replaced(side, values) for side in found)
    return found


def _f(head: Callable[..., Expr], order: Expr, z: Expr) -> Expr:
    return head(order, z, evaluate=False)


# ---------------------------------------------------------------- signs of orders and arguments


def _second_kind(sides: Sequence[Expr], known: Known) -> Values:
    """Y of an order that is no integer, where J of the opposite order stands in the claim."""
    values: Values = {}
    for t in applied(sides, sp.bessely):
        nu, z = t.args
        back = minus(nu)
        stands = any(u.args[1] == z and known.same(u.args[0], back) for u in applied(sides, sp.besselj))
        if stands and known.not_integer(nu) and known.nonzero(z):
            angle = times(S.Pi, nu)
            above = times(sp.cos(angle, evaluate=False), _f(sp.besselj, nu, z))
            values[t] = over(plus(above, minus(_f(sp.besselj, back, z))), sp.sin(angle, evaluate=False))
    return values


def _rotated(sides: Sequence[Expr], known: Known) -> Values:
    """J_v(i w) = (i w)^v w^-v I_v(w), and the other way round; i^v for an integer v."""
    values: Values = {}
    for t in applied(sides, *ENTIRE):
        nu, z = t.args
        poly = known.context.poly(z)
        if poly is None or poly.is_zero or not all((Atom("I"), 1) in mono for mono in poly.terms):
            continue
        w = times(S.NegativeOne, I, z)
        other = _f(sp.besseli if isinstance(t, sp.besselj) else sp.besselj, nu, w)
        if known.context.integer(nu):
            values[t] = times(power(I, nu), other)
        elif known.nonzero(w):
            values[t] = times(power(z, nu), power(w, minus(nu)), other)
    return values


def _mirrored(sides: Sequence[Expr], known: Known) -> Values:
    """Orders that lead with a minus sign."""
    values: Values = {}
    for t in applied(sides, *LADDERS):
        n, z = t.args
        if not known.backwards(n):
            continue
        whole = known.context.integer(n)
        if isinstance(t, sp.legendre):
            if whole:
                values[t] = _f(sp.legendre, moved(minus(n), -1), z)
        elif isinstance(t, sp.besselk) or (isinstance(t, sp.besseli) and whole):
            values[t] = _f(type(t), minus(n), z)
        elif isinstance(t, (sp.besselj, sp.bessely)) and whole:
            values[t] = times(power(S.NegativeOne, n), _f(type(t), minus(n), z))
    return values


def _turned(sides: Sequence[Expr], known: Known) -> Values:
    """Arguments that are the opposites of others: f_n(-z) = (-1)^n f_n(z) for J, I, and P and H of order n >= 0."""
    values: Values = {}
    kept: list[Expr] = []
    for t in applied(sides, *LADDERS):
        n, z = t.args
        lead = next((k for k in kept if known.same(k, z)), None)
        opposite = _unsigned(z, known) if lead is None else lead
        if lead is not None:
            if lead != z:
                values[t] = _f(type(t), n, lead)
            continue
        even = known.natural(n) if isinstance(t, POLYNOMIALS) else known.context.integer(n) and isinstance(t, ENTIRE)
        if even and opposite != z:
            values[t] = times(power(S.NegativeOne, n), _f(type(t), n, opposite))
            z = opposite
        kept.append(z)
    return values


def _unsigned(z: Expr, known: Known) -> Expr:
    """z, or -z where z leads with a minus sign."""
    poly = known.context.poly(z)
    if poly is None or poly.is_zero:
        return z
    lead = min(poly.terms, key=lambda mono: [(a.key, e) for a, e in mono])
    return minus(z) if poly.terms[lead] < 0 else z


# ---------------------------------------------------------------- orders that are numbers, arguments that are


def _single(sides: Sequence[Expr], known: Known) -> Values:
    """Polynomials and half orders written out, and values at 0, 1 and -1."""
    values: Values = {}
    for t in applied(sides, *LADDERS):
        found = known.place(t.args[0])
        value = _at_point(t, known)
        if value is None and found is not None and found.direction.is_zero:
            value = _at_order(t, found.constant, known)
        if value is not None:
            values[t] = value
    return values


def _at_order(t: Expr, order: Fraction, known: Known) -> Expr | None:
    z = t.args[1]
    if isinstance(t, POLYNOMIALS):
        if order.denominator != 1 or not 0 <= order <= HIGHEST:
            return None
        first = z if isinstance(t, sp.legendre) else times(Integer(2), z)
        return _climbed(type(t), S.Zero, z, int(order), (S.One, first))
    if order.denominator != 2 or abs(order) > HIGHEST or not known.nonzero(z):
        return None
    down, up = _half_orders(type(t), z)
    if order < 0:
        steps = int(-HALF_ORDER - order)
        return _descended(type(t), z, steps, (up, down))
    return _climbed(type(t), Rational(-1, 2), z, int(order + HALF_ORDER), (down, up))


HALF_ORDER = Fraction(1, 2)


def _half_orders(head: type, z: Expr) -> tuple[Expr, Expr]:
    """The functions of order -1/2 and 1/2; the principal root of z is what their definitions hold."""
    root = times(power(Integer(2), HALF), power(S.Pi, Rational(-1, 2)), power(z, Rational(-1, 2)))
    sine, cosine = sp.sin(z, evaluate=False), sp.cos(z, evaluate=False)
    if head is sp.besselj:
        return times(root, cosine), times(root, sine)
    if head is sp.bessely:
        return times(root, sine), times(S.NegativeOne, root, cosine)
    if head is sp.besseli:
        return times(root, sp.cosh(z, evaluate=False)), times(root, sp.sinh(z, evaluate=False))
    value = times(HALF, S.Pi, root, sp.exp(minus(z), evaluate=False))
    return value, value


def _at_point(t: Expr, known: Known) -> Expr | None:
    n, z = t.args
    if isinstance(t, sp.legendre):
        if known.same(z, S.One):
            return S.One
        if known.same(z, S.NegativeOne) and known.natural(n):
            return power(S.NegativeOne, n)
        if known.same(z, S.Zero) and known.natural(n):
            half = times(HALF, n)
            above = times(sp.cos(times(S.Pi, half), evaluate=False), gamma_of(moved(half, Fraction(1, 2))))
            return over(above, times(power(S.Pi, HALF), gamma_of(moved(half, 1))))
    if isinstance(t, ENTIRE) and known.same(z, S.Zero) and known.context.integer(n):
        return S.One if known.same(n, S.Zero) else S.Zero if known.context.nonzero(n) else None
    return None


# ---------------------------------------------------------------- classes


def _next(head: type, n: Expr, z: Expr, both: tuple[Expr, Expr]) -> Expr:
    """f_(n+2) from f_n and f_(n+1)."""
    low, high = both
    up = moved(n, 1)
    if head is sp.legendre:
        rise = times(plus(n, moved(n, 3)), z, high)
        return over(plus(rise, minus(times(up, low))), moved(n, 2))
    if head is sp.hermite:
        return times(Integer(2), plus(times(z, high), minus(times(up, low))))
    rise = times(Integer(2), up, high, power(z, S.NegativeOne))
    if head is sp.besseli:
        return plus(low, minus(rise))
    return plus(low, rise) if head is sp.besselk else plus(rise, minus(low))


def _climbed(head: type, n: Expr, z: Expr, steps: int, both: tuple[Expr, Expr]) -> Expr:
    """f_(n+steps)."""
    low, high = both
    for k in range(steps):
        low, high = high, _next(head, moved(n, k), z, (low, high))
    return low


def _descended(head: type, z: Expr, steps: int, both: tuple[Expr, Expr]) -> Expr:
    """f_(-1/2-steps) from those of order 1/2 and -1/2."""
    high, low = both
    for k in range(steps):
        n = number(Fraction(-1, 2) - k)  # low is f_n, high is f_(n+1)
        rise = times(Integer(2), n, low, power(z, S.NegativeOne))
        signs = {sp.besseli: (high, rise), sp.besselk: (high, minus(rise))}.get(head, (rise, minus(high)))
        high, low = low, plus(*signs)
    return low


def _stepped(sides: Sequence[Expr], known: Known) -> Values:
    """Members of a class beyond the two least ones."""
    values: Values = {}
    classes: dict[tuple[type, Expr, str, Fraction], list[tuple[Place, Expr]]] = {}
    for t in applied(sides, *LADDERS):
        found = known.place(t.args[0])
        if found is not None:
            key = type(t), t.args[1], found.direction.key, found.fraction
            classes.setdefault(key, []).append((found, t))
    for (head, z, _, _), members in classes.items():
        members.sort(key=lambda m: m[0].constant)
        lead = members[0][0]
        pair = _f(head, lead.term, z), _f(head, moved(lead.term, 1), z)
        for found, t in members:
            steps = int(found.constant - lead.constant)
            if steps == 0 and t != pair[0]:
                values[t] = pair[0]
            elif steps == 1:
                values[t] = pair[1]
            elif 2 <= steps <= LARGEST_SHIFT and _may_climb(head, lead.term, z, steps, known):
                values[t] = _climbed(head, lead.term, z, steps, pair)
    return values


def _may_climb(head: type, n: Expr, z: Expr, steps: int, known: Known) -> bool:
    if head is sp.legendre:
        return known.context.integer(n) and all(known.nonzero(moved(n, k)) for k in range(2, steps + 1))
    if head is sp.hermite:
        return known.natural(n)
    return known.nonzero(z)


# ---------------------------------------------------------------- determinants


def _determined(sides: Sequence[Expr], known: Known) -> Values:
    """One function of two pairs of solutions by the other three."""
    values: Values = {}
    for t in applied(sides, sp.bessely, sp.besselk):
        head = sp.besselj if isinstance(t, sp.bessely) else sp.besseli
        low, z = t.args
        after = next((u for u in applied(sides, type(t)) if u.args[1] == z and known.same(moved(low, 1), u.args[0])),
                     None)
        if after is None or not known.isolated(z) or not known.nonzero(z) or low.free_symbols & known.loose:
            continue
        first, second = _f(head, low, z), _f(head, after.args[0], z)
        if not any(u in (first, second) for u in applied(sides, head)):
            continue
        inverse = power(z, S.NegativeOne)
        if head is sp.besselj:
            gap = plus(times(second, t), times(Integer(-2), inverse, power(S.Pi, S.NegativeOne)))
        else:
            gap = plus(inverse, minus(times(second, t)))
        values[after] = over(gap, first)
    for t in applied(sides, sp.airybiprime):
        (z,) = t.args
        ai, slope, bi = (head(z, evaluate=False) for head in (sp.airyai, sp.airyaiprime, sp.airybi))
        if {ai, slope, bi} <= set(applied(sides, sp.airyai, sp.airyaiprime, sp.airybi)) and known.isolated(z):
            values[t] = over(plus(power(S.Pi, S.NegativeOne), times(slope, bi)), ai)
    return values
