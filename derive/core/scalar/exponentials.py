"""Circular and hyperbolic functions as exponentials.

Promise: `exponentials(term)` has the value of the term wherever that is defined. By the definitions of Euler: sin u is
(exp(i u) - exp(-i u))/(2 i), and so on; the golden ratio and powers of rational numbers are written out as well.

The family `euler` is the same theorem inside of the normal form (`normal/functions.circular`), for sums over indices.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import sympy as sp
from sympy import Basic, Expr, Function, I, Pow, Rational, S

from derive.core.scalar.differentiate import plus, power, times
from derive.core.terms import children_in_scope, rebuild
from derive.core.terms.heads import Binder

__all__ = ["exponentials"]

HALF = Rational(1, 2)


def _exp(term: Expr) -> Expr:
    return sp.exp(term, evaluate=False)


def _minus(term: Expr) -> Expr:
    return times(S.NegativeOne, term)


def _cosine(u: Expr) -> Expr:
    return times(HALF, plus(_exp(u), _exp(_minus(u))))


def _sine(u: Expr) -> Expr:
    return times(HALF, plus(_exp(u), _minus(_exp(_minus(u)))))


def _over(above: Expr, below: Expr) -> Expr:
    return times(above, power(below, S.NegativeOne))


def _turned(u: Expr) -> Expr:
    return times(I, u)


TABLE: dict[type, Callable[[Expr], Expr]] = {
    sp.cosh: _cosine,
    sp.sinh: _sine,
    sp.tanh: lambda u: _over(_sine(u), _cosine(u)),
    sp.coth: lambda u: _over(_cosine(u), _sine(u)),
    sp.sech: lambda u: power(_cosine(u), S.NegativeOne),
    sp.csch: lambda u: power(_sine(u), S.NegativeOne),
    sp.cos: lambda u: _cosine(_turned(u)),
    sp.sin: lambda u: times(_minus(I), _sine(_turned(u))),
    sp.tan: lambda u: times(_minus(I), _over(_sine(_turned(u)), _cosine(_turned(u)))),
    sp.cot: lambda u: times(I, _over(_cosine(_turned(u)), _sine(_turned(u)))),
    sp.sec: lambda u: power(_cosine(_turned(u)), S.NegativeOne),
    sp.csc: lambda u: times(I, power(_sine(_turned(u)), S.NegativeOne)),
}
"""What each function is."""


def _logarithm(base: Basic) -> Expr | None:
    """The principal logarithm of a rational other than 0, or of i."""
    if base is I:
        return times(HALF, I, S.Pi)
    if not isinstance(base, Rational) or base == 0:
        return None
    size = sp.log(abs(base), evaluate=False)
    return size if base > 0 else plus(size, times(I, S.Pi))


@lru_cache(maxsize=4096)
def exponentials(term: Basic) -> Basic:
    """The term with circular and hyperbolic functions as exponentials; what is bound is left as it stands.

    >>> exponentials(sp.cosh(sp.Symbol("u")))
    (exp(u) + exp(-u))/2
    """
    if term is S.GoldenRatio:
        return times(HALF, plus(S.One, Pow(sp.Integer(5), HALF, evaluate=False)))
    if isinstance(term, Binder) or not children_in_scope(term):
        return term
    args = [exponentials(a) for a in term.args]
    if type(term) in TABLE:
        return TABLE[type(term)](args[0])
    if isinstance(term, Pow) and not isinstance(args[1], Rational):
        logarithm = _logarithm(args[0])
        if logarithm is not None:
            return _exp(times(args[1], logarithm))
    if isinstance(term, (Expr, Function)):
        return rebuild(term, args)
    return term
