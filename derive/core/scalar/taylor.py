"""First coefficients of power series.

Promise: `taylor(head, c, length)` are the first coefficients of head(c + u) in powers of u, where head is analytic at
c; never more than `length` of them, and fewer where no name is known for the next; None for a head not listed. Whether
head is analytic at c, the caller asks. `at_point(head, c)` is head(c), as a number where that is exact.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp
from sympy import Add, Expr, Integer, Mul, Rational, S

from derive.core.scalar.coefficients import is_zero
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, power, times

__all__ = ["at_point", "exponentials", "hurwitz", "taylor"]

ZERO, ONE, MINUS = S.Zero, S.One, S.NegativeOne
HALF = Rational(1, 2)

AT_ZERO: dict[type, Expr] = {
    sp.exp: ONE, sp.sin: ZERO, sp.cos: ONE, sp.sinh: ZERO, sp.cosh: ONE, sp.asin: ZERO, sp.atan: ZERO, sp.asinh: ZERO,
    sp.atanh: ZERO, sp.erf: ZERO, sp.erfc: ONE, sp.sinc: ONE, sp.acos: times(HALF, sp.pi), sp.Abs: ZERO,
}  # fmt: skip
AT_ONE: dict[type, Expr] = {
    sp.log: ZERO, sp.gamma: ONE, sp.loggamma: ZERO, sp.digamma: times(MINUS, S.EulerGamma), sp.acosh: ZERO,
    sp.acos: ZERO, sp.Abs: ONE, sp.exp: S.Exp1,
}  # fmt: skip
QUARTERS: dict[type, tuple[int, int, int, int]] = {sp.sin: (0, 1, 0, -1), sp.cos: (1, 0, -1, 0)}


def at_point(head: Any, c: Expr, *parameters: Expr) -> Expr:
    """The value at c, with parameters before it."""
    if not parameters:
        if c is S.Zero and head in AT_ZERO:
            return AT_ZERO[head]
        if c is S.One and head in AT_ONE:
            return AT_ONE[head]
        if head in QUARTERS:
            quarters = _quarters(c)
            if quarters is not None:
                return Integer(QUARTERS[head][quarters % 4])
        if head is sp.exp:
            return exponential(c)
    if head is sp.polygamma and parameters[0] is S.Zero:
        return at_point(sp.digamma, c)
    return head(*parameters, c, evaluate=False)


def exponential(c: Expr) -> Expr:
    """exp(c), with exp(r*log(u)) = u^r for rational r."""
    roots, rest = [], []
    for term in Add.make_args(plus(c)):
        factors = Mul.make_args(term)
        logs = [f for f in factors if isinstance(f, sp.log) and len(f.args) == 1]
        if len(logs) == 1 and all(f is logs[0] or isinstance(f, Rational) for f in factors):
            roots.append(power(logs[0].args[0], times(*(f for f in factors if f is not logs[0]))))
        else:
            rest.append(term)
    inside = plus(*rest)
    return times(*roots, AT_ZERO[sp.exp] if inside is ZERO else sp.exp(inside, evaluate=False))


def _quarters(c: Expr) -> int | None:
    """How many quarter turns an angle is, where it is a whole number of them."""
    if c is S.Pi:
        return 2
    if isinstance(c, Mul) and len(c.args) == 2 and c.args[1] is S.Pi and isinstance(c.args[0], Rational):
        turns = 2 * c.args[0]
        return int(turns) if turns.q == 1 else None
    return None


def taylor(head: type, c: Expr, length: int, context: Context, *parameters: Expr) -> list[Expr] | None:
    """The first coefficients of head(c + u), or None where the head is not listed."""
    rule = RULES.get(head)
    return None if rule is None else rule(c, length, context, *parameters)


def _factorials(values: list[Expr]) -> list[Expr]:
    return [times(v, Rational(1, sp.factorial(k))) for k, v in enumerate(values)]


def exponentials(length: int) -> list[Expr]:
    """The first coefficients of exp at 0."""
    return _factorials([ONE] * length)


def _exp(c: Expr, length: int, _: Context) -> list[Expr]:
    return _factorials([at_point(sp.exp, c)] * length)


def _cycle(*steps: tuple[type, int]) -> Callable[[Expr, int, Context], list[Expr]]:
    def rule(c: Expr, length: int, _: Context) -> list[Expr]:
        values = [times(Integer(sign), at_point(head, c)) for head, sign in steps]
        return _factorials([values[k % len(values)] for k in range(length)])

    return rule


def _sinc(c: Expr, length: int, context: Context) -> list[Expr] | None:
    if not is_zero(c, context):
        return None
    return [ZERO if k % 2 else Rational((-1) ** (k // 2), sp.factorial(k + 1)) for k in range(length)]


def _digamma(c: Expr, length: int, _: Context) -> list[Expr]:
    return _factorials([at_point(sp.polygamma, c, Integer(k)) for k in range(length)])


def _loggamma(c: Expr, length: int, context: Context) -> list[Expr]:
    rest = _digamma(c, length - 1, context)
    return [at_point(sp.loggamma, c), *(times(v, Rational(1, k + 1)) for k, v in enumerate(rest))]


def _gamma(c: Expr, length: int, context: Context) -> list[Expr]:
    """From gamma' = gamma*digamma."""
    inner = _digamma(c, length, context)
    found: list[Expr] = [ONE]
    for k in range(length - 1):
        found.append(times(Rational(1, k + 1), plus(*(times(inner[j], found[k - j]) for j in range(k + 1)))))
    return [times(at_point(sp.gamma, c), v) for v in found]


def _polygamma(c: Expr, length: int, _: Context, order: Expr) -> list[Expr]:
    return _factorials([at_point(sp.polygamma, c, plus(order, Integer(k))) for k in range(length)])


def _hurwitz(c: Expr, length: int, _: Context, s: Expr) -> list[Expr]:
    """zeta(s, c + u)."""
    found = []
    factor: Expr = ONE
    for k in range(length):
        found.append(times(factor, at_point(sp.zeta, c, plus(s, Integer(k)))))
        factor = times(factor, MINUS, plus(s, Integer(k)), power(Integer(k + 1), MINUS))
    return found


def _zeta(c: Expr, _: int, __: Context) -> list[Expr]:
    return [at_point(sp.zeta, c)]


RULES: dict[type, Callable[..., list[Expr] | None]] = {
    sp.exp: _exp,
    sp.sin: _cycle((sp.sin, 1), (sp.cos, 1), (sp.sin, -1), (sp.cos, -1)),
    sp.cos: _cycle((sp.cos, 1), (sp.sin, -1), (sp.cos, -1), (sp.sin, 1)),
    sp.sinh: _cycle((sp.sinh, 1), (sp.cosh, 1)),
    sp.cosh: _cycle((sp.cosh, 1), (sp.sinh, 1)),
    sp.sinc: _sinc,
    sp.gamma: _gamma,
    sp.loggamma: _loggamma,
    sp.digamma: _digamma,
    sp.polygamma: _polygamma,
    sp.zeta: _zeta,
}
"""The heads that are listed; zeta(s, .) is asked for by its parameter."""


def hurwitz(s: Expr, c: Expr, length: int, context: Context) -> list[Expr]:
    """The first coefficients of zeta(s, c + u)."""
    return _hurwitz(c, length, context, s)
