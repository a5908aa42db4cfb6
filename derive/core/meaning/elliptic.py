"""Elliptic integrals in the parameter m.

Promise: as for `heads`. The complete ones have their cuts along m, and n, in [1, oo); for a real m there the first two
are a ball around the values on both sides. An incomplete one is the integral
from 0 to phi of 1/sqrt(1 - m*sin(t)**2), sqrt(1 - m*sin(t)**2) or 1/((1 - n*sin(t)**2)*sqrt(1 - m*sin(t)**2)), and
has a value only where both factors stay off (-oo, 0] all along the segment from 0 to phi, and phi is real or has a real
part between -pi/2 and pi/2: there all books agree.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import sympy as sp
from flint import acb, arb, ctx, fmpq

from derive.core.errors import NotEvaluable
from derive.core.meaning.special import clear_of_cut, either_side, real_where
from derive.core.meaning.values import (
    ONE,
    ZERO,
    Imprecise,
    Pole,
    Value,
    complex_ball,
    finite,
    is_zero,
    subtract,
)

__all__ = ["ELLIPTIC"]

PIECES = 16
"""The segment from 0 to phi is looked at in so many pieces."""

FARTHEST, HIGHEST = 10, 3
"""Where abs(phi), or the imaginary part of phi, is larger there is no value: it would take seconds."""

FINEST = 256
"""An integral of the third kind with complex parameters gets no more bits: beyond that it may take minutes."""


def _off(value: Value) -> None:
    """Raise unless the value is certainly not in [1, oo)."""
    if not clear_of_cut(subtract(ONE, value)):
        raise NotEvaluable("an elliptic integral on or too near its branch cut")


def _k(m: Value) -> Value:
    if type(m) is fmpq and m == 1:
        raise Pole("an elliptic integral that diverges")
    if _beyond(m):
        return either_side(complex_ball(m).elliptic_k())
    _off(m)
    return real_where(complex_ball(m).elliptic_k(), m)


def _beyond(m: Value) -> bool:
    """Whether it is real and more than 1."""
    return type(m) in (fmpq, arb) and bool(m > 1)


def _complete_e(m: Value) -> Value:
    if type(m) is fmpq and m == 1:
        return ONE
    if _beyond(m):
        return either_side(complex_ball(m).elliptic_e())
    _off(m)
    return real_where(complex_ball(m).elliptic_e(), m)


def _complete_pi(n: Value, m: Value) -> Value:
    if type(n) is fmpq and n == 1:
        raise Pole("an elliptic integral that diverges")
    if is_zero(n):
        return _k(m)
    _off(n)
    _off(m)
    with _bits(n, m):
        return real_where(acb.elliptic_pi(complex_ball(n), complex_ball(m)), n, m)


def _bits(*values: Value) -> AbstractContextManager[None]:
    """The working precision, less for complex values."""
    real = all(type(v) in (fmpq, arb) for v in values)
    return nullcontext() if real else ctx.workprec(min(ctx.prec, FINEST))


# ---------------------------------------------------------------- incomplete


def _segment(phi: acb) -> list[acb]:
    """Balls that cover the segment from 0 to phi."""
    half = arb(fmpq(1, 2 * PIECES))
    return [phi * arb(half.mid() * (2 * k + 1), half) for k in range(PIECES)]


def _sound(phi: Value, *parameters: Value) -> None:
    """Raise unless 1 - p*sin(t)**2 is off (-oo, 0] for each parameter p and all t on the way to phi."""
    found = complex_ball(phi)
    if not abs(found) < FARTHEST:
        raise NotEvaluable("an elliptic integral over a long way")
    if type(phi) not in (fmpq, arb) and not (abs(found.real) < arb.pi() / 2 and abs(found.imag) < HIGHEST):
        raise NotEvaluable("an elliptic integral up to a far complex amplitude")
    for t in [] if _plainly_sound(found, *parameters) else _segment(found):
        square = t.sin() ** 2
        if not all(clear_of_cut(finite(1 - complex_ball(p) * square)) for p in parameters):
            raise NotEvaluable("an elliptic integral across a branch cut")


def _plainly_sound(phi: acb, *parameters: Value) -> bool:
    """The same for real values, seen from their sizes: sin(t)**2 rises up to pi/2, and is at most 1."""
    if not phi.imag.is_zero() or any(type(p) not in (fmpq, arb) for p in parameters):
        return False
    if all(p < 1 for p in parameters):
        return True
    square = phi.real.sin() ** 2
    return bool(abs(phi.real) < arb.pi() / 2) and all(bool(arb(p) * square < 1) for p in parameters)


def _incomplete(whole: Callable[[acb], Any], complete: Callable[[], Value], slope: Callable[[acb], acb],
                phi: Value, *parameters: Value) -> Value:  # fmt: skip
    """The integral up to phi; near an odd multiple of pi/2 by the complete one and the mean value of the integrand."""
    _sound(phi, *parameters)
    found = complex_ball(phi)
    half_turns = (found.real * 2 / arb.pi() + arb(fmpq(1, 2))).floor().unique_fmpz()
    if half_turns is not None and half_turns % 2:
        step = found - acb(arb.pi() * half_turns / 2)
        if abs(step) < arb(2) ** -20:
            near = acb(arb.pi() * half_turns / 2) + step * arb(fmpq(1, 2), fmpq(1, 2))
            value = complex_ball(complete()) * half_turns + step * slope(near.sin() ** 2)
            return real_where(value, phi, *parameters)
    value = whole(found)
    if not value.is_finite():  # a wide ball: the middle, and the mean value of the integrand
        value = whole(found.mid()) + (found - found.mid()) * slope(found.sin() ** 2)
    if not value.is_finite():
        raise Imprecise("no finite enclosure of an elliptic integral")
    return real_where(value, phi, *parameters)


def _last_bit(phi: Value, m: Value) -> tuple[arb, arb, arb] | None:
    """Where 1 - m*sin(phi)**2 is 0 for all we can see, for real values and 0 < phi < pi/2: what remains up to phi.

    An amplitude just below phi, how far it is, and how fast 1 - m*sin(t)**2 falls at least on the way, where it is
    below 1 in modulus. The conventions on the cut beyond do not matter then: they change the sign of what is tiny.
    """
    if not all(type(v) in (fmpq, arb) for v in (phi, m)) or not (phi > 0 and arb(phi) < arb.pi() / 2):
        return None
    end, p = arb(phi), arb(m)
    before = end.mid() - arb(2) ** -(ctx.prec * 3 // 4)
    rest = 1 - p * end.sin() ** 2
    if not rest.contains(0) or not (1 - p * before.sin() ** 2 > 0 and before > 0):
        return None
    between = before.union(end)
    slope = p * (2 * between).sin()
    sound = slope > 0 and abs(1 - p * between.sin() ** 2) < 1
    return (before, abs(end - before).upper(), slope.lower()) if sound else None


def _f(phi: Value, m: Value) -> Value:
    if is_zero(phi):
        return ZERO
    p = complex_ball(m)
    last = _last_bit(phi, m)
    if last is not None:  # the rest is at most twice the integral of 1/sqrt(slope*t) up to twice the distance
        before, distance, slope = last
        return _widened(_f(before, m), 8 * (distance / slope).sqrt())
    return _incomplete(lambda z: acb.elliptic_f(z, p), lambda: _k(m), lambda s: (1 - p * s).rsqrt(), phi, m)


def _widened(value: Value, radius: arb) -> Value:
    """The value, off by at most so much in the plane."""
    off = arb(0, radius.upper())
    return finite(complex_ball(value) + acb(off, off))


def _incomplete_e(phi: Value, m: Value) -> Value:
    if is_zero(phi):
        return ZERO
    p = complex_ball(m)
    if type(m) is fmpq and m == 1 and type(phi) in (fmpq, arb):
        return _of_absolute_cosine(arb(phi))
    last = _last_bit(phi, m)
    if last is not None:
        before, distance, _ = last
        return _widened(_incomplete_e(before, m), distance)
    return _incomplete(lambda z: acb.elliptic_e_inc(z, p), lambda: _complete_e(m), lambda s: (1 - p * s).sqrt(), phi, m)


def _of_absolute_cosine(phi: arb) -> Value:
    """The integral of abs(cos(t)) from 0 to phi: 2*k + sin(phi - k*pi) for the k next to phi/pi; for both of two."""
    turns = phi / arb.pi()
    k = (turns + arb(fmpq(1, 2))).floor().unique_fmpz()
    if k is not None:
        return finite(2 * k + (phi - k * arb.pi()).sin())
    k = turns.floor().unique_fmpz()
    if k is None:
        raise Imprecise("an elliptic integral up to a wide ball")
    below, above = [2 * j + (phi - j * arb.pi()).sin() for j in (k, k + 1)]
    return finite(below.union(above))


def _incomplete_pi(n: Value, phi: Value, m: Value) -> Value:
    if is_zero(phi):
        return ZERO
    q, p = complex_ball(n), complex_ball(m)
    with _bits(n, phi, m):
        return _incomplete(lambda z: acb.elliptic_pi_inc(q, z, p), lambda: _complete_pi(n, m),
                           lambda s: (1 - p * s).rsqrt() / (1 - q * s), phi, m, n)  # fmt: skip


def _e(first: Value, *second: Value) -> Value:
    return _incomplete_e(first, *second) if second else _complete_e(first)


def _pi(n: Value, first: Value, *second: Value) -> Value:
    return _incomplete_pi(n, first, *second) if second else _complete_pi(n, first)


ELLIPTIC: dict[type, Callable[..., Value]] = {
    sp.elliptic_k: _k,
    sp.elliptic_f: _f,
    sp.elliptic_e: _e,
    sp.elliptic_pi: _pi,
}
"""What each of these heads does to values."""
