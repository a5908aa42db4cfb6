"""Hurwitz' zeta function at rational numbers between 0 and 1.

Promise: `zeta_at(s, order, a)` equals zeta(s, a) for every s != 1. The values zeta(s, p/q) with the same q obey linear
equations with rational coefficients: distribution, for each prime n that divides q, and reflection where s is an
integer >= 2 (see `zetas`). These are solved by elimination, the greatest p first, and what they leave free stays.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import factorial, gcd

import sympy as sp
from flint import fmpq, fmpz
from sympy import Expr, Integer, Rational, S

from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.places import cosine, minus, number, over, sine

__all__ = ["cotangent_derivative", "zeta_at"]

Row = tuple[dict[int, Fraction], Expr]
"""Coefficients of the unknown zeta(s, p/q) by p, and what their sum is."""

HIGHEST_ORDER = 40


@lru_cache(maxsize=1024)
def zeta_at(s: Expr, order: int | None, a: Fraction) -> Expr:
    """zeta(s, a) for a in (0, 1]; `order` is s where that is an integer."""
    if a == 1:
        return _riemann(s, order)
    q = a.denominator
    for pivot, (rest, value) in _solved(s, order, q).items():
        if pivot == a.numerator:
            terms = (times(number(-c), _left(s, order, Fraction(p, q))) for p, c in rest.items())
            return plus(value, *terms)
    return _left(s, order, a)


def _left(s: Expr, order: int | None, a: Fraction) -> Expr:
    if (order, a) == (2, Fraction(1, 4)):
        return plus(power(S.Pi, Integer(2)), times(Integer(8), S.Catalan))
    return sp.zeta(s, number(a), evaluate=False)


def _riemann(s: Expr, order: int | None) -> Expr:
    """zeta(s, 1); at 2 n it is |B_2n| (2 pi)^2n / (2 (2 n)!)."""
    if order is None or order % 2 or not 0 < order <= HIGHEST_ORDER:
        return sp.zeta(s, S.One, evaluate=False)
    c = abs(fmpq.bernoulli(order)) * fmpq(2 ** (order - 1), factorial(order))
    return times(Rational(int(c.p), int(c.q)), power(S.Pi, Integer(order)))


def _solved(s: Expr, order: int | None, q: int) -> dict[int, Row]:
    """By pivot: the others with their coefficients, and the value of the sum."""
    found: dict[int, Row] = {}
    for row in _equations(s, order, q):
        coefficients, value = row
        for pivot, (rest, known) in found.items():
            c = coefficients.pop(pivot, Fraction(0))
            if c:
                value = plus(value, times(number(-c), known))
                for p, d in rest.items():
                    coefficients[p] = coefficients.get(p, Fraction(0)) - c * d
        coefficients = {p: c for p, c in coefficients.items() if c}
        if not coefficients:
            continue
        pivot = max(coefficients)
        lead = coefficients.pop(pivot)
        rest = {p: c / lead for p, c in coefficients.items()}
        value = times(number(1 / lead), value)
        for other, (old, known) in list(found.items()):
            c = old.pop(pivot, Fraction(0))
            if c:
                for p, d in rest.items():
                    old[p] = old.get(p, Fraction(0)) - c * d
                found[other] = {p: d for p, d in old.items() if d}, plus(known, times(number(-c), value))
        found[pivot] = rest, value
    return found


def _equations(s: Expr, order: int | None, q: int) -> list[Row]:
    rows: list[Row] = []
    for prime, _ in fmpz(q).factor():
        n = int(prime)
        rows += [_distribution(s, order, q, n, j) for j in range(1, q // n + 1)]
    if order is not None and 2 <= order <= HIGHEST_ORDER:
        rows += [_reflection(order, p, q) for p in range(q - 1, q // 2, -1) if gcd(p, q) == 1]
    return rows


def _distribution(s: Expr, order: int | None, q: int, n: int, j: int) -> Row:
    """zeta(s, j/q) + zeta(s, j/q + 1/n) + ... = n^s zeta(s, n j/q)."""
    coefficients: dict[int, Fraction] = {}
    value = [times(power(Integer(n), s), zeta_at(s, order, Fraction(n * j, q)))]
    for k in range(n):
        p = j + k * (q // n)
        if gcd(p, q) == 1:
            coefficients[p] = Fraction(1)
        else:
            value.append(minus(zeta_at(s, order, Fraction(p, q))))
    return coefficients, plus(*value)


def _reflection(order: int, p: int, q: int) -> Row:
    """zeta(s, x) + (-1)^s zeta(s, 1 - x) = (-1)^(s-1) pi/(s-1)! d^(s-1)/dx^(s-1) cot(pi x)."""
    ratio = over(cosine(Fraction(p, q)), sine(Fraction(p, q)))
    front = times(Rational((-1) ** (order - 1), factorial(order - 1)), S.Pi)
    return {p: Fraction(1), q - p: Fraction((-1) ** order)}, times(front, cotangent_derivative(order - 1, ratio))


def cotangent_derivative(m: int, ratio: Expr) -> Expr:
    """The m-th derivative of cot(pi x) by cot(pi x): each d/dx sends c^k to -pi k c^(k-1) (1 + c^2)."""
    row = {1: 1}
    for _ in range(m):
        after: dict[int, int] = {}
        for k, c in row.items():
            for e in (k - 1, k + 1):
                if k:
                    after[e] = after.get(e, 0) - c * k
        row = after
    terms = (times(Integer(c), power(ratio, Integer(k)) if k else S.One) for k, c in row.items() if c)
    return times(power(S.Pi, Integer(m)) if m else S.One, plus(*terms))
