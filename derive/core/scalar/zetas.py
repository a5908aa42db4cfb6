"""Digamma and Hurwitz' zeta function: one representative for each class of arguments modulo integers, and values.

Promise: as for `gammas`. The zeta function of Riemann is written zeta(s, 1) here. The theorems, all where both sides
are defined; powers are principal:

    digamma(z + 1) = digamma(z) + 1/z                     zeta(s, a + 1) = zeta(s, a) - a^-s
    digamma(1 - z) = digamma(z) + pi cot(pi z)            the derivatives of the former, for zeta at s = 2, 3, ...
    digamma(n z) = log n + (digamma(z) + ... + digamma(z + (n - 1)/n))/n
    n^s zeta(s, n z) = zeta(s, z) + ... + zeta(s, z + (n - 1)/n)
    digamma at rationals: Gauss' theorem                  zeta(-n, a) = -B_(n+1)(a)/(n + 1)
    zeta(2 n) by Bernoulli numbers                        zeta(1 - s) = 2 (2 pi)^-s cos(pi s/2) gamma(s) zeta(s)
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import comb, factorial

import sympy as sp
from flint import fmpq
from sympy import Expr, Integer, Rational, S

from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.gammas import (
    LARGEST_MULTIPLE,
    ROUNDS,
    classes,
    gamma_of,
    least,
    mirrored,
    multiple,
    part,
    shifts,
)
from derive.core.scalar.places import (
    LARGEST_SHIFT,
    Known,
    Place,
    applied,
    cosine,
    minus,
    moved,
    number,
    over,
    replaced,
    sine,
    turned,
)
from derive.core.scalar.rationals import cotangent_derivative, zeta_at

__all__ = ["bernoulli_polynomial", "digammas", "zetas"]

Values = dict[Expr, Expr]
LARGEST_ORDER = 24
LARGEST_DENOMINATOR = 24


def _digamma(term: Expr) -> Expr:
    return sp.digamma(term, evaluate=False)


def _zeta(s: Expr, a: Expr) -> Expr:
    return sp.zeta(s, a, evaluate=False)


def _log(term: Expr) -> Expr:
    return sp.log(term, evaluate=False)


# ---------------------------------------------------------------- digamma


def digammas(sides: Sequence[Expr], known: Known) -> tuple[Expr, ...]:
    """The sides with their digamma functions over few representatives."""
    found = tuple(sides)
    for _ in range(ROUNDS):
        places = [p for t in applied(found, sp.digamma) if (p := known.place(t.args[0])) is not None]
        values = _gauss(places) or _shifted(places) or _multiplied(places) or _reflected(places, known)
        if not values:
            break
        found = tuple(replaced(side, values) for side in found)
    return found


def _gauss(places: Sequence[Place]) -> Values:
    values: Values = {}
    for p in places:
        if p.direction.is_zero and p.constant.denominator <= LARGEST_DENOMINATOR and abs(p.constant) <= LARGEST_SHIFT:
            found = _digamma_at(p.constant)
            if found is not None:
                values[_digamma(p.term)] = found
    return values


def _digamma_at(at: Fraction) -> Expr | None:
    """Gauss: digamma(p/q) for 0 < p < q; elsewhere by the recurrence."""
    if at.denominator == 1 and at <= 0:
        return None
    base = at % 1 or Fraction(1)
    steps = sum((1 / (base + k) for k in range(int(at - base))), Fraction(0))
    steps -= sum((1 / (at + k) for k in range(int(base - at))), Fraction(0))
    shift = plus(number(steps), minus(S.EulerGamma))
    if base == 1:
        return shift
    p, q = base.numerator, base.denominator
    terms = [shift, minus(_log(Integer(2 * q)))]
    if 2 * p != q:
        terms.append(times(Rational(-1, 2), S.Pi, over(cosine(base), sine(base))))
    terms += [
        times(Integer(2), cosine(Fraction(2 * k * p, q)), _log_sine(Fraction(k, q))) for k in range(1, (q - 1) // 2 + 1)
    ]
    return plus(*terms)


LOG_SINES = {
    Fraction(1, 6): lambda: minus(_log(Integer(2))),
    Fraction(1, 4): lambda: times(Rational(-1, 2), _log(Integer(2))),
    Fraction(1, 3): lambda: plus(times(Rational(1, 2), _log(Integer(3))), minus(_log(Integer(2)))),
}


def _log_sine(at: Fraction) -> Expr:
    """log(sin(pi at)) for 0 < at < 1/2."""
    known = LOG_SINES.get(at)
    return known() if known is not None else _log(sp.sin(turned(number(at)), evaluate=False))


def _shifted(places: Sequence[Place]) -> Values:
    return {
        _digamma(other): plus(_digamma(lead), *(power(moved(lead, k), S.NegativeOne) for k in range(n)))
        for lead, other, n in shifts(places)
    }


def _multiplied(places: Sequence[Place]) -> Values:
    found = multiple(places)
    if found is None:
        return {}
    term, n = found
    parts = plus(*(_digamma(part(term, k, n)) for k in range(n)))
    return {_digamma(term): plus(_log(Integer(n)), times(Rational(1, n), parts))}


def _reflected(places: Sequence[Place], known: Known) -> Values:
    pair = mirrored(places, known)
    if pair is None:
        return {}
    keep, drop, total = pair
    angle = turned(keep.term)
    cotangent = times(S.Pi, over(sp.cos(angle, evaluate=False), sp.sin(angle, evaluate=False)))
    found = [_digamma(keep.term), cotangent]  # digamma(1 - keep)
    if total <= 1:
        found += [minus(power(moved(drop.term, k), S.NegativeOne)) for k in range(1 - total)]
    else:
        mirror = moved(minus(keep.term), 1)
        found += [power(moved(mirror, k), S.NegativeOne) for k in range(total - 1)]
    return {_digamma(drop.term): plus(*found)}


# ---------------------------------------------------------------- zeta


def zetas(sides: Sequence[Expr], known: Known) -> tuple[Expr, ...]:
    """The sides with their zeta functions over few representatives."""
    found = tuple(sides)
    for _ in range(ROUNDS):
        values = _zeta_values(found, known)
        if not values:
            break
        found = tuple(replaced(side, values) for side in found)
    return found


def _zeta_values(sides: Sequence[Expr], known: Known) -> Values:
    groups: dict[str, list[tuple[Expr, Place, Place]]] = {}
    values: Values = {}
    for term in applied(sides, sp.zeta):
        s, a = (known.place(arg) for arg in _arguments(term))
        if s is None or a is None:
            continue
        found = _at_order(s, a)
        if found is not None and found != term:
            values[term] = found
        groups.setdefault(f"{s.direction.key};{s.constant}", []).append((term, s, a))
    if values:
        return values
    for members in groups.values():
        values |= _within(members, known)
    return values or _functional(groups, known)


def _arguments(term: Expr) -> tuple[Expr, Expr]:
    return term.args if len(term.args) == 2 else (term.args[0], S.One)


def _at_order(s: Place, a: Place) -> Expr | None:
    """Values at s = 0, -1, ..., and at rational a."""
    order = s.constant if s.direction.is_zero and s.constant.denominator == 1 else None
    if order is not None and -LARGEST_ORDER <= order <= 0:
        n = 1 - int(order)
        return times(Rational(-1, n), bernoulli_polynomial(n, a.term))
    if not a.direction.is_zero or a.constant.denominator > LARGEST_DENOMINATOR or abs(a.constant) > LARGEST_SHIFT:
        return None
    if order == 1 or (a.constant.denominator == 1 and a.constant <= 0):
        return None
    base = a.constant % 1 or Fraction(1)
    count = int(a.constant - base)
    back = minus(s.term)
    steps = [minus(power(number(base + k), back)) for k in range(count)]
    steps += [power(number(a.constant + k), back) for k in range(-count)]
    whole = None if order is None else int(order)
    return plus(zeta_at(s.term if whole is None else Integer(whole), whole, base), *steps)


def bernoulli_polynomial(n: int, a: Expr) -> Expr:
    """B_n(a), with B_n = B_n(0) as flint has them: B_1 = -1/2."""
    terms = []
    for k in range(n + 1):
        c = fmpq.bernoulli(n - k) * comb(n, k)
        if c:
            terms.append(times(Rational(int(c.p), int(c.q)), power(a, Integer(k)) if k else S.One))
    return plus(*terms)


def _within(members: list[tuple[Expr, Place, Place]], known: Known) -> Values:
    """Values among the zeta functions of one s."""
    s = members[0][1]
    of = {id(a): term for term, _, a in members}
    places = [a for _, _, a in members]
    values: Values = {}
    back = minus(s.term)
    for group in classes(places):
        lead = group[0]
        for other in group[1:]:
            count = int(other.constant - lead.constant)
            if count <= LARGEST_SHIFT and (count or of[id(other)] != _zeta(s.term, lead.term)):
                steps = (minus(power(moved(lead.term, k), back)) for k in range(count))
                values[of[id(other)]] = plus(_zeta(s.term, lead.term), *steps)
    return values or _zeta_multiplied(places, of, s) or _zeta_reflected(places, of, s, known)


def _zeta_multiplied(places: Sequence[Place], of: dict[int, Expr], s: Place) -> Values:
    found = least(places)
    for p in found:
        for other in found:
            r = p.ratio(other)
            if r is not None and r.denominator == 1 and 2 <= r <= LARGEST_MULTIPLE:
                n = int(r)
                parts = plus(*(_zeta(s.term, part(p.term, k, n)) for k in range(n)))
                return {of[id(p)]: times(power(Integer(n), minus(s.term)), parts)}
    return {}


def _zeta_reflected(places: Sequence[Place], of: dict[int, Expr], s: Place, known: Known) -> Values:
    if not s.direction.is_zero or s.constant.denominator != 1 or not 2 <= s.constant <= LARGEST_ORDER:
        return {}
    pair = mirrored(places, known)
    if pair is None:
        return {}
    keep, drop, total = pair
    m = int(s.constant) - 1
    sign = (-1) ** (m + 1)
    angle = turned(keep.term)
    ratio = over(sp.cos(angle, evaluate=False), sp.sin(angle, evaluate=False))
    derived = times(Integer((-1) ** m), S.Pi, cotangent_derivative(m, ratio))
    both = plus(derived, times(Integer(-factorial(m)), _zeta(s.term, keep.term)))
    found = [times(Rational(sign, factorial(m)), both)]  # zeta(s, 1 - keep)
    back = Integer(-int(s.constant))
    if total <= 1:
        found += [power(moved(drop.term, k), back) for k in range(1 - total)]
    else:
        mirror = moved(minus(keep.term), 1)
        found += [minus(power(moved(mirror, k), back)) for k in range(total - 1)]
    return {of[id(drop)]: plus(*found)}


def _functional(groups: dict[str, list[tuple[Expr, Place, Place]]], known: Known) -> Values:
    """zeta(1 - s) by zeta(s); both stand in the claim, so that s is neither 0 nor 1."""
    found = [m for members in groups.values() for m in members if m[2].direction.is_zero and m[2].constant == 1]
    for _, s, _ in found:
        for term, t, _ in found:
            mirror = s.constant + t.constant == 1 and (s.direction + t.direction).is_zero
            if mirror and not s.direction.is_zero and known.regular(s.term):
                front = times(Integer(2), power(times(Integer(2), S.Pi), minus(s.term)))
                cosine = sp.cos(times(Rational(1, 2), S.Pi, s.term), evaluate=False)
                return {term: times(front, cosine, gamma_of(s.term), _zeta(s.term, S.One))}
    return {}
