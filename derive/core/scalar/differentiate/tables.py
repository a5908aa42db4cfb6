"""The derivatives of the functions of the vocabulary.

Promise: each entry is the derivative at every argument where the function is analytic and the entry is defined.
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp
from sympy import Expr, S

from derive.core.scalar.differentiate.building import plus, power, times

__all__ = ["PAIRS", "TABLE"]

Pair = tuple[Expr | None, Expr | None]


def _f(head: Callable[..., Expr], *args: Expr) -> Expr:
    return head(*args, evaluate=False)


_TWO = sp.Integer(2)
_HALF = sp.Rational(-1, 2)
_GAUSS = times(_TWO, power(sp.pi, _HALF))


def _minus(u: Expr) -> Expr:
    return times(S.NegativeOne, u)


def _square(u: Expr) -> Expr:
    return power(u, _TWO)


def _inverse(u: Expr) -> Expr:
    return power(u, S.NegativeOne)


def _root(u: Expr, sign: int) -> Expr:
    """1/sqrt(1 + sign*u^2)."""
    return power(plus(S.One, times(sp.Integer(sign), _square(u))), _HALF)


def _over(u: Expr, sign: int) -> Expr:
    """1/(1 + sign*u^2)."""
    return _inverse(plus(S.One, times(sp.Integer(sign), _square(u))))


def _acosh(u: Expr) -> Expr:
    return times(power(plus(u, S.NegativeOne), _HALF), power(plus(u, S.One), _HALF))


def _of_inverse(outer: Callable[[Expr], Expr]) -> Callable[[Expr], Expr]:
    """The derivative of f(1/u) from that of f."""
    return lambda u: times(S.NegativeOne, power(u, sp.Integer(-2)), outer(_inverse(u)))


TABLE: dict[type, Callable[[Expr], Expr]] = {
    sp.exp: lambda u: _f(sp.exp, u),
    sp.sin: lambda u: _f(sp.cos, u),
    sp.cos: lambda u: _minus(_f(sp.sin, u)),
    sp.tan: lambda u: plus(S.One, _square(_f(sp.tan, u))),
    sp.cot: lambda u: _minus(plus(S.One, _square(_f(sp.cot, u)))),
    sp.sec: lambda u: times(_f(sp.sec, u), _f(sp.tan, u)),
    sp.csc: lambda u: times(S.NegativeOne, _f(sp.csc, u), _f(sp.cot, u)),
    sp.sinc: lambda u: plus(times(_f(sp.cos, u), _inverse(u)), times(S.NegativeOne, _f(sp.sin, u), power(u, -_TWO))),
    sp.sinh: lambda u: _f(sp.cosh, u),
    sp.cosh: lambda u: _f(sp.sinh, u),
    sp.tanh: lambda u: plus(S.One, _minus(_square(_f(sp.tanh, u)))),
    sp.coth: lambda u: plus(S.One, _minus(_square(_f(sp.coth, u)))),
    sp.sech: lambda u: times(S.NegativeOne, _f(sp.sech, u), _f(sp.tanh, u)),
    sp.csch: lambda u: times(S.NegativeOne, _f(sp.csch, u), _f(sp.coth, u)),
    sp.log: _inverse,
    sp.asin: lambda u: _root(u, -1),
    sp.acos: lambda u: _minus(_root(u, -1)),
    sp.atan: lambda u: _over(u, 1),
    sp.acot: lambda u: _minus(_over(u, 1)),
    sp.asec: _of_inverse(lambda v: _minus(_root(v, -1))),
    sp.acsc: _of_inverse(lambda v: _root(v, -1)),
    sp.asinh: lambda u: _root(u, 1),
    sp.acosh: _acosh,
    sp.atanh: lambda u: _over(u, -1),
    sp.acoth: lambda u: _over(u, -1),
    sp.asech: _of_inverse(_acosh),
    sp.acsch: _of_inverse(lambda v: _root(v, 1)),
    sp.erf: lambda u: times(_GAUSS, _f(sp.exp, _minus(_square(u)))),
    sp.erfc: lambda u: times(S.NegativeOne, _GAUSS, _f(sp.exp, _minus(_square(u)))),
    sp.gamma: lambda u: times(_f(sp.gamma, u), _f(sp.digamma, u)),
    sp.loggamma: lambda u: _f(sp.digamma, u),
    sp.digamma: lambda u: _f(sp.polygamma, S.One, u),
    sp.harmonic: lambda u: _f(sp.polygamma, S.One, plus(u, S.One)),
    sp.factorial: lambda u: times(_f(sp.factorial, u), _f(sp.digamma, plus(u, S.One))),
}
"""The derivatives of functions of one argument."""


def _beta(a: Expr, b: Expr) -> tuple[Expr, Expr]:
    both = _minus(_f(sp.digamma, plus(a, b)))
    whole = _f(sp.beta, a, b)
    return times(whole, plus(_f(sp.digamma, a), both)), times(whole, plus(_f(sp.digamma, b), both))


def _rising(a: Expr, k: Expr) -> tuple[Expr, Expr]:
    above = _f(sp.digamma, plus(a, k))
    whole = _f(sp.RisingFactorial, a, k)
    return times(whole, plus(above, _minus(_f(sp.digamma, a)))), times(whole, above)


def _falling(a: Expr, k: Expr) -> tuple[Expr, Expr]:
    below = _f(sp.digamma, plus(a, _minus(k), S.One))
    whole = _f(sp.FallingFactorial, a, k)
    return times(whole, plus(_f(sp.digamma, plus(a, S.One)), _minus(below))), times(whole, below)


def _binomial(n: Expr, k: Expr) -> tuple[Expr, Expr]:
    rest = _f(sp.digamma, plus(n, _minus(k), S.One))
    whole = _f(sp.binomial, n, k)
    return (
        times(whole, plus(_f(sp.digamma, plus(n, S.One)), _minus(rest))),
        times(whole, plus(rest, _minus(_f(sp.digamma, plus(k, S.One))))),
    )


PAIRS: dict[type, Callable[[Expr, Expr], tuple[Expr | None, Expr | None]]] = {
    sp.beta: _beta,
    sp.RisingFactorial: _rising,
    sp.FallingFactorial: _falling,
    sp.binomial: _binomial,
    sp.polygamma: lambda n, u: (None, _f(sp.polygamma, plus(n, S.One), u)),
    sp.zeta: lambda s, a: (None, times(S.NegativeOne, s, _f(sp.zeta, plus(s, S.One), a))),
    sp.log: lambda u, b: (
        _inverse(times(u, _f(sp.log, b))),
        times(S.NegativeOne, _f(sp.log, u), _inverse(times(b, power(_f(sp.log, b), _TWO)))),
    ),
}
"""Both partial derivatives of functions of two arguments; None where there is no name for one."""


