"""What the elementary functions make of a range of real numbers.

Promise: as for `ranges`. At the usual parts of pi the values are exact.
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp
from flint import arb, ctx, fmpq
from sympy import Expr, Integer, Rational, S, pi

from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.ranges import (
    ALL,
    POSITIVE,
    PRECISION,
    End,
    Range,
    both,
    closed,
    finite,
    is_nil,
    lift,
    outer,
)

__all__ = [
    "HALF_PI", "RISING", "UNIT", "arcsine", "cosine", "exponential", "hyperbolic_cosine", "logarithm", "sine",
    "tangent",
]

HALF_ROOTS = (S.Zero, S.Half, power(Integer(2), Rational(-1, 2)), times(S.Half, power(Integer(3), S.Half)), S.One)
PARTS = (fmpq(0), fmpq(1, 6), fmpq(1, 4), fmpq(1, 3), fmpq(1, 2))
SINES = dict(zip(PARTS, HALF_ROOTS, strict=True))
"""The sine of some parts of pi."""

Ball = Callable[[arb], arb]
UNIT = Range(End(arb(-1), False, S.NegativeOne), End(arb(1), False, S.One))


def exponential(values: Range) -> Range:
    """e^x."""
    found = values.rising(lift(arb.exp, lambda t: S.One if is_nil(t) else sp.exp(t, evaluate=False)))
    return Range(found.lo or POSITIVE.lo, found.hi)


def logarithm(values: Range) -> Range:
    """log x, for the x > 0."""
    low = values.lo if values.lo is not None and values.lo.sign == 1 else None
    high = values.hi if values.hi is not None and values.hi.sign == 1 else None
    return Range(low, high).rising(lift(arb.log, lambda t: sp.log(t, evaluate=False)))


# ---------------------------------------------------------------- circular functions


def sine_of(turns: fmpq) -> Expr | None:
    """sin(turns*pi), where the table has it."""
    turns = turns - 2 * (turns / 2).floor()
    if turns > 1:
        found = sine_of(turns - 1)
        return None if found is None else times(S.NegativeOne, found)
    return SINES.get(min(turns, 1 - turns))


def _angle(end: End) -> fmpq | None:
    """q with end = q*pi, where that is known for a twelfth part."""
    if end.term is None:
        return None
    guess = _twelfths(end.ball / arb.pi())
    return guess if guess is not None and is_nil(_less(end.term, _part_of_pi(guess))) else None


def _twelfths(ball: arb) -> fmpq | None:
    whole = (ball * 12 + arb(1) / 2).floor().unique_fmpz()
    return None if whole is None else fmpq(whole) / 12


def _part_of_pi(turns: fmpq) -> Expr:
    return times(Rational(int(turns.p), int(turns.q)), pi)


def _less(a: Expr, b: Expr) -> Expr:
    return plus(a, times(S.NegativeOne, b))


def _sine_at(end: End) -> End:
    turns = _angle(end)
    exact = None if turns is None else sine_of(turns)
    if exact is None and end.term is not None:
        exact = sp.sin(end.term, evaluate=False)
    return End(end.ball.sin(), end.open, exact)


def _cell(end: End, *, up: bool) -> int | None:
    """The greatest whole number at most x/pi + 1/2 (`up`: the least one at least), or None; it may lie further out."""
    place = end.ball / arb.pi() + arb(1) / 2
    turns = _angle(end)
    if turns is not None:
        exact = turns + fmpq(1, 2)
        return int(exact.ceil()) if up else int(exact.floor())
    found = place.upper().ceil() if up else place.lower().floor()
    whole = found.unique_fmpz()
    return None if whole is None else int(whole)


def sine(values: Range) -> Range:
    """sin x."""
    if values.lo is None or values.hi is None:
        return UNIT
    first, last = _cell(values.lo, up=False), _cell(values.hi, up=True)
    if first is None or last is None or last - first > 3:
        return UNIT
    ends: list[End | None] = [_sine_at(values.lo), _sine_at(values.hi)]
    ends += [End(arb(k % 2 * 2 - 1), False, Integer(k % 2 * 2 - 1)) for k in range(first + 1, last)]
    return both(UNIT, Range(outer(ends, least=True), outer(ends, least=False)))


def cosine(values: Range) -> Range:
    """cos x."""
    return sine(values + closed(arb.pi() / 2, times(S.Half, pi)))


def tangent(values: Range) -> Range:
    """tan x, where x is no pole."""
    if values.lo is None or values.hi is None:
        return ALL
    first, last = _cell(values.lo, up=False), _cell(values.hi, up=True)
    if first is None or last is None or last - first != 1:
        return ALL
    return Range(_tangent_at(values.lo), _tangent_at(values.hi))


def _tangent_at(end: End) -> End | None:
    turns = _angle(end)
    if turns is not None and (2 * turns).q == 1 and (2 * turns).p % 2:
        return None
    ball = end.ball.tan()
    if not ball.is_finite():
        return None
    exact = None if turns is None else tangent_of(turns)
    if exact is None and end.term is not None:
        exact = sp.tan(end.term, evaluate=False)
    return End(ball, end.open, exact)


def tangent_of(turns: fmpq) -> Expr | None:
    """tan(turns*pi), where the table has it."""
    above, below = sine_of(turns), sine_of(turns + fmpq(1, 2))
    if above is None or below is None or below is S.Zero:
        return None
    return times(above, power(below, S.NegativeOne))


# ---------------------------------------------------------------- rising functions


def _arc(ball: Ball, of: Callable[[fmpq], Expr | None], head: Callable[..., Expr]) -> Callable[[End], End | None]:
    """An inverse circular function, exact where its value is a usual part of pi."""

    def image(end: End) -> End | None:
        value = ball(end.ball)
        if end.term is None or not value.is_finite():
            return finite(End(value, end.open))
        turns = _twelfths(value / arb.pi())
        found = None if turns is None else of(turns)
        if turns is not None and found is not None and is_nil(_less(end.term, found)):
            return End(value, end.open, _part_of_pi(turns))
        return End(value, end.open, head(end.term, evaluate=False))

    return image


def _between(limit: End, image: Callable[[End], End | None]) -> Callable[[Range], Range]:
    """A rising function with the limits -limit and limit."""

    def function(values: Range) -> Range:
        found, least = values.rising(image), (-Range(None, limit)).lo
        return Range(found.lo or least, found.hi or limit)

    return function


def _plain(ball: Ball, head: Callable[..., Expr]) -> Callable[[Range], Range]:
    """A rising function that is 0 at 0."""
    image = lift(ball, lambda t: S.Zero if is_nil(t) else head(t, evaluate=False))
    return lambda values: values.rising(image)


with ctx.workprec(PRECISION):
    HALF_PI = End(arb.pi() / 2, True, times(S.Half, pi))
ONE = End(arb(1), True, S.One)
_arcsine = _arc(arb.asin, sine_of, sp.asin)


def arcsine(values: Range) -> Range:
    """asin x, for the x between -1 and 1."""
    quarter = Range((-Range(None, HALF_PI)).lo, HALF_PI)
    found = both(values, UNIT).rising(_arcsine)
    shut = Range(*(None if e is None else e.with_open(False) for e in (quarter.lo, quarter.hi)))
    return both(found, shut)


def hyperbolic_cosine(values: Range) -> Range:
    """cosh x."""
    return values.absolute().rising(lift(arb.cosh, lambda t: S.One if is_nil(t) else sp.cosh(t, evaluate=False)))


def whole_part(values: Range) -> Range:
    """floor x."""
    low = None if values.lo is None else values.lo.ball.lower().floor()
    high = None if values.hi is None else values.hi.ball.upper().floor()
    if values.hi is not None and high is not None and values.hi.open and values.hi.term == _integer(high):
        high = high - 1
    return Range(_whole(low), _whole(high))


def _integer(ball: arb) -> Integer | None:
    found = ball.unique_fmpz()
    return None if found is None else Integer(int(found))


def _whole(ball: arb | None) -> End | None:
    return None if ball is None or not ball.is_finite() else End(ball, False, _integer(ball))


RISING: dict[type, Callable[[Range], Range]] = {
    sp.sinh: _plain(arb.sinh, sp.sinh),
    sp.asinh: _plain(arb.asinh, sp.asinh),
    sp.tanh: _between(ONE, lift(arb.tanh, lambda t: S.Zero if is_nil(t) else sp.tanh(t, evaluate=False))),
    sp.erf: _between(ONE, lift(arb.erf, lambda t: S.Zero if is_nil(t) else sp.erf(t, evaluate=False))),
    sp.atan: _between(HALF_PI, _arc(arb.atan, tangent_of, sp.atan)),
    sp.floor: whole_part,
}
"""Functions that rise on the whole line."""
