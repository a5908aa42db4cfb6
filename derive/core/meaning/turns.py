"""Exact sums a + q*pi of a rational and a rational multiple of pi, and the functions that have a plain value there.

Promise: a turn that is returned is exactly the value of the term; what is not plain to see is None.
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp
from flint import arb, fmpq
from sympy import Add, Basic, Mul, Pow, S

from derive.core.errors import NotEvaluable
from derive.core.meaning.frames import Frame, Scope
from derive.core.meaning.values import ONE, ZERO, Value

__all__ = ["TURNING", "Turn", "TurnCode", "compile_turn", "cosine_of", "sine_of"]

Turn = tuple[fmpq, fmpq]
"""(a, q) for a + q*pi."""

TurnCode = Callable[[Frame], Turn | None]


def compile_turn(term: Basic, scope: Scope) -> TurnCode:
    """A closure that gives the term as a turn, or None."""
    if term is S.Pi:
        return lambda _: (ZERO, ONE)
    if not term.has(S.Pi):
        return _rational(term, scope)
    if isinstance(term, Add):
        return _sum([compile_turn(a, scope) for a in term.args])
    if isinstance(term, Mul):
        return _product([compile_turn(a, scope) for a in term.args])
    if isinstance(term, Pow):
        base, exponent = (compile_turn(a, scope) for a in term.args)
        return lambda f: _power(base(f), exponent(f))
    return lambda _: None


def _rational(term: Basic, scope: Scope) -> TurnCode:
    code = scope.code(term)

    def turn(f: Frame) -> Turn | None:
        try:
            value = code(f)
        except (NotEvaluable, ArithmeticError, ValueError):
            return None
        return (value, ZERO) if type(value) is fmpq else None

    return turn


def _sum(parts: list[TurnCode]) -> TurnCode:
    def turn(f: Frame) -> Turn | None:
        a, q = ZERO, ZERO
        for part in parts:
            found = part(f)
            if found is None:
                return None
            a, q = a + found[0], q + found[1]
        return a, q

    return turn


def _product(parts: list[TurnCode]) -> TurnCode:
    def turn(f: Frame) -> Turn | None:
        a, q = ONE, ZERO
        for part in parts:
            found = part(f)
            if found is None or (q != 0 and found[1] != 0):
                return None
            a, q = a * found[0], a * found[1] + q * found[0]
        return a, q

    return turn


def _power(base: Turn | None, exponent: Turn | None) -> Turn | None:
    if base is None or exponent is None or base[1] != 0 or exponent[1] != 0 or exponent[0].q != 1:
        return None
    small = abs(exponent[0]) <= 64 and not (base[0] == 0 and exponent[0] < 0)
    return (base[0] ** int(exponent[0].p), ZERO) if small else None


_SINES = {fmpq(0): fmpq(0), fmpq(1, 6): fmpq(1, 2), fmpq(1, 2): fmpq(1), fmpq(5, 6): fmpq(1, 2)}


def sine_of(q: fmpq) -> Value:
    """The sine of q*pi, exact where it is rational."""
    turns = q - 2 * fmpq((q / 2).floor())
    sign = 1
    if turns >= 1:
        turns, sign = turns - 1, -1
    exact = _SINES.get(turns)
    return sign * exact if exact is not None else sign * arb.sin_pi_fmpq(turns)


def cosine_of(q: fmpq) -> Value:
    """The cosine of q*pi, exact where it is rational."""
    return sine_of(q + fmpq(1, 2))


def _one(_: fmpq) -> Value:
    return ONE


TURNING: dict[type, tuple[Callable[[fmpq], Value], Callable[[fmpq], Value]]] = {
    sp.sin: (sine_of, _one),
    sp.cos: (cosine_of, _one),
    sp.tan: (sine_of, cosine_of),
    sp.cot: (cosine_of, sine_of),
    sp.sec: (_one, cosine_of),
    sp.csc: (_one, sine_of),
}
"""Trigonometric functions of q*pi as quotients."""
