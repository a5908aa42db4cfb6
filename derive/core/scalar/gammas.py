"""The gamma function: one representative for each class of arguments modulo integers, and what ties classes together.

Promise: `gammas(sides, known)` gives terms that are equal to the sides wherever those are defined, as far as `known`
goes (see `places`). The theorems, all for z where both sides are defined:

    gamma(z + n) = z (z + 1) ... (z + n - 1) gamma(z)
    gamma(z) gamma(1 - z) = pi/sin(pi z)                                        Euler's reflection
    gamma(n z) = (2 pi)^((1 - n)/2) n^(n z - 1/2) gamma(z) ... gamma(z + (n - 1)/n)    Gauss' multiplication

A class is written over its least argument in the claim: that is no pole, for the claim itself has a value there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import factorial

import sympy as sp
from sympy import Expr, Integer, Rational, S

from derive.core.scalar.differentiate import power, times
from derive.core.scalar.places import (
    LARGEST_SHIFT,
    Known,
    Place,
    applied,
    minus,
    moved,
    number,
    over,
    replaced,
    rising,
    turned,
)

__all__ = ["classes", "gamma_of", "gammas", "least", "mirrored", "multiple", "part", "shifts"]

ROUNDS = 6
LARGEST_MULTIPLE = 8
LARGEST_FACTORIAL = 1_000

Values = dict[Expr, Expr]


def gamma_of(term: Expr) -> Expr:
    """gamma at a term, as it stands."""
    return sp.gamma(term, evaluate=False)


def gammas(sides: Sequence[Expr], known: Known) -> tuple[Expr, ...]:
    """The sides with their gamma functions over few representatives."""
    found = tuple(sides)
    for _ in range(ROUNDS):
        places = [p for t in applied(found, sp.gamma) if (p := known.place(t.args[0])) is not None]
        values = _at_rationals(places) or _shifted(places) or _multiplied(places) or _reflected(places, known)
        if not values:
            break
        found = tuple(replaced(side, values) for side in found)
    return found


# ---------------------------------------------------------------- classes


def classes(places: Sequence[Place]) -> list[list[Place]]:
    """Places that differ by integers, the least first."""
    found: dict[tuple[str, Fraction], list[Place]] = {}
    for p in places:
        if not p.direction.is_zero:
            found.setdefault((p.direction.key, p.fraction), []).append(p)
    return [sorted(members, key=lambda p: (p.constant, sp.default_sort_key(p.term))) for members in found.values()]


def least(places: Sequence[Place]) -> list[Place]:
    """The least place of each class."""
    return [members[0] for members in classes(places)]


def shifts(places: Sequence[Place]) -> Iterator[tuple[Expr, Expr, int]]:
    """The least place of a class, another one of it, and by how much that is greater."""
    for members in classes(places):
        lead = members[0]
        for other in members[1:]:
            count = int(other.constant - lead.constant)
            if count <= LARGEST_SHIFT and (count or other.term != lead.term):
                yield lead.term, other.term, count


def multiple(places: Sequence[Place]) -> tuple[Expr, int] | None:
    """A place and an n >= 2 such that its direction is n times that of another class, or minus that."""
    found = least(places)
    for p in found:
        for other in found:
            r = p.ratio(other)
            if r is not None and r.denominator == 1 and 2 <= abs(r) <= LARGEST_MULTIPLE:
                return p.term, abs(int(r))
    return None


def _shifted(places: Sequence[Place]) -> Values:
    return {gamma_of(other): times(rising(lead, n), gamma_of(lead)) for lead, other, n in shifts(places)}


# ---------------------------------------------------------------- numbers


def _at_rationals(places: Sequence[Place]) -> Values:
    values: Values = {}
    for p in places:
        if p.direction.is_zero:
            found = _value(p.constant)
            if found is not None:
                values[gamma_of(p.term)] = found
    return values


def _value(at: Fraction) -> Expr | None:
    """gamma at a rational: a factorial, a root of pi, or over gamma at fractions below 1/2 of few denominators."""
    if at.denominator == 1:
        return Integer(factorial(int(at) - 1)) if 0 < at <= LARGEST_FACTORIAL else None
    if abs(at) > LARGEST_SHIFT:
        return None
    if at > 1:
        base = at % 1
        return times(rising(number(base), int(at - base)), gamma_of(number(base)))
    if at < 0:
        base = at % 1
        return over(gamma_of(number(base)), rising(number(at), int(base - at)))
    if at == Fraction(1, 2):
        return power(S.Pi, Rational(1, 2))
    if at > Fraction(1, 2):
        return over(S.Pi, times(sp.sin(turned(number(at)), evaluate=False), gamma_of(number(1 - at))))
    if at.denominator % 4 == 2:  # by duplication, over smaller denominators
        twice = times(power(Integer(2), number(1 - 2 * at)), power(S.Pi, Rational(1, 2)), gamma_of(number(2 * at)))
        return over(twice, gamma_of(number(at + Fraction(1, 2))))
    return None


# ---------------------------------------------------------------- between classes


def _multiplied(places: Sequence[Place]) -> Values:
    """Where the direction of one class is a multiple of that of another: the multiplication theorem."""
    found = multiple(places)
    return {} if found is None else {gamma_of(found[0]): _product(*found)}


def _product(term: Expr, n: int) -> Expr:
    parts = [gamma_of(part(term, k, n)) for k in range(n)]
    front = power(times(Integer(2), S.Pi), Rational(1 - n, 2))
    return times(front, power(Integer(n), moved(term, Fraction(-1, 2))), *parts)


def part(term: Expr, k: int, n: int) -> Expr:
    """(term + k)/n."""
    return times(Rational(1, n), moved(term, k))


def _reflected(places: Sequence[Place], known: Known) -> Values:
    """Where two classes are reflections of each other."""
    pair = mirrored(places, known)
    if pair is None:
        return {}
    keep, drop, total = pair
    return {gamma_of(drop.term): _reflection(keep.term, drop.term, total, known)}


def mirrored(places: Sequence[Place], known: Known) -> tuple[Place, Place, int] | None:
    """Two classes keep and drop with keep + drop an integer, and neither an integer.

    Where keep + drop <= 1, one would be a pole if both were integers.
    """
    found = least(places)
    for k, p in enumerate(found):
        for q in found[k + 1:]:
            if (p.direction + q.direction).is_zero and (p.constant + q.constant).denominator == 1:
                keep, drop = (p, q) if p.direction.key > q.direction.key else (q, p)
                total = int(p.constant + q.constant)
                if total <= 1 or known.not_integer(keep.term):
                    return keep, drop, total
    return None


def _reflection(keep: Expr, drop: Expr, total: int, known: Known) -> Expr:
    """gamma(drop) by gamma(keep), keep + drop = total: neither is an integer."""
    mirrored = over(S.Pi, times(known.sine(keep), gamma_of(keep)))  # gamma(1 - keep)
    if total <= 1:
        return over(mirrored, rising(drop, 1 - total))
    return times(rising(moved(minus(keep), 1), total - 1), mirrored)
