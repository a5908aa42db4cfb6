"""Special functions by their definitions: factorials, binomials, beta, harmonic numbers over gamma, digamma and zeta.

Promise: `spelt(term, known)` is equal to the term wherever that is defined, as far as `known` goes (see `places`). What
stands inside of binders and cases is left as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import factorial

import sympy as sp
from sympy import Basic, Expr, Integer, Rational, S
from sympy.core.relational import Ne

from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.gammas import gamma_of
from derive.core.scalar.places import Known, minus, moved, over, rising
from derive.core.scalar.zetas import bernoulli_polynomial
from derive.core.terms import Binder, rebuild

__all__ = ["CASES", "Case", "spelt"]

LARGEST_COUNT = 64

Case = Callable[[tuple[Expr, ...], Known], Expr | None]


def spelt(term: Expr, known: Known, cases: Mapping[type, Case] | None = None) -> Expr:
    """Every head that has one, by its definition in terms of the primitives; `cases` may hold more than these."""
    table = CASES if cases is None else cases
    if isinstance(term, (Binder, sp.Piecewise)) or not term.args:
        return term
    if isinstance(term, sp.conjugate):
        term = _conjugate(term.args, known) or term
    found = rebuild(term, [spelt(a, known, table) if isinstance(a, Expr) else a for a in term.args])
    case = table.get(type(found))
    new = None if case is None else case(found.args, known)
    return found if new is None else new


def _is(term: Basic) -> int | None:
    return int(term) if isinstance(term, Integer) and abs(int(term)) <= LARGEST_COUNT else None


def _factorial(args: tuple[Expr, ...], _: Known) -> Expr:
    return gamma_of(moved(args[0], 1))


def _binomial(args: tuple[Expr, ...], known: Known) -> Expr | None:
    """binomial(n, k) is n (n-1) ... (n-k+1)/k! for every n and every integer k >= 0."""
    n, k = args
    count = _is(k)
    if count is not None and count >= 0:
        return times(Rational(1, factorial(count)), *(moved(n, -j) for j in range(count)))
    if not known.context.integer(k):
        return None
    gap = plus(n, minus(k))
    if known.natural(n) and known.context.negative(gap):
        return S.Zero
    top, rest = moved(n, 1), moved(gap, 1)
    if not known.context.nonnegative(k) or not known.regular(top) or not known.regular(rest):
        return None
    return over(gamma_of(top), times(gamma_of(moved(k, 1)), gamma_of(rest)))


def _rising(args: tuple[Expr, ...], known: Known) -> Expr | None:
    z, k = args
    count = _is(k)
    if count is not None and count >= 0:
        return rising(z, count)
    if not known.natural(k):
        return None
    if known.regular(z):
        return over(gamma_of(plus(z, k)), gamma_of(z))
    top = moved(minus(z), 1)  # (z)_k = (-1)^k (-z)(-z-1)...(-z-k+1)
    bottom = plus(top, minus(k))
    if known.regular(top) and known.regular(bottom):
        return times(power(S.NegativeOne, k), over(gamma_of(top), gamma_of(bottom)))
    return None


def _falling(args: tuple[Expr, ...], known: Known) -> Expr | None:
    z, k = args
    count = _is(k)
    if count is not None and count >= 0:
        return times(*(moved(z, -j) for j in range(count)))
    top, bottom = moved(z, 1), moved(plus(z, minus(k)), 1)
    if known.natural(k) and known.regular(top) and known.regular(bottom):
        return over(gamma_of(top), gamma_of(bottom))
    return None


def _beta(args: tuple[Expr, ...], known: Known) -> Expr | None:
    a, b = args if len(args) == 2 else (args[0], args[0])
    both = plus(a, b)
    return over(times(gamma_of(a), gamma_of(b)), gamma_of(both)) if known.regular(both) else None


def _harmonic(args: tuple[Expr, ...], known: Known) -> Expr | None:
    up = moved(args[0], 1)
    if len(args) == 1:
        return plus(sp.digamma(up, evaluate=False), S.EulerGamma)
    if known.natural(args[0]) and known.nonzero(moved(args[1], -1)):
        return plus(_zeta((args[1],), known), minus(sp.zeta(args[1], up, evaluate=False)))
    return None


def _polygamma(args: tuple[Expr, ...], known: Known) -> Expr | None:
    """polygamma(m, z) = (-1)^(m+1) m! zeta(m + 1, z) for m = 1, 2, ..."""
    m, z = args
    if m is S.Zero:
        return sp.digamma(z, evaluate=False)
    if not known.context.integer(m) or not known.context.positive(m):
        return None
    up = moved(m, 1)
    return times(power(S.NegativeOne, up), gamma_of(up), sp.zeta(up, z, evaluate=False))


def _zeta(args: tuple[Expr, ...], _: Known) -> Expr:
    return sp.zeta(args[0], S.One, evaluate=False) if len(args) == 1 else sp.zeta(*args, evaluate=False)


def _bernoulli(args: tuple[Expr, ...], known: Known) -> Expr | None:
    """B_n(a) = -n zeta(1 - n, a) for n = 1, 2, ...; bernoulli(n) is B_n(1).

    B_n(1 - a) = (-1)^n B_n(a); B_n(0) = B_n(1) for n = 2, 3, ..., and both are 0 for n = 3, 5, ...
    """
    n, a = args if len(args) == 2 else (args[0], S.One)
    count = _is(n)
    if count is not None and count >= 0:
        return bernoulli_polynomial(count, a)
    if not known.context.integer(n) or not known.context.positive(n):
        return None
    sign = S.One
    if known.backwards(a):
        sign, a = power(S.NegativeOne, n), plus(S.One, minus(a))
    if known.same(a, S.Zero) or known.same(a, S.One):
        if known.natural(times(Rational(1, 2), moved(n, -3))):
            return S.Zero
        if known.context.nonnegative(moved(n, -2)):
            a = S.One
    return times(S.NegativeOne, sign, n, sp.zeta(moved(minus(n), 1), a, evaluate=False))


def _erfc(args: tuple[Expr, ...], _: Known) -> Expr:
    return plus(S.One, minus(sp.erf(args[0], evaluate=False)))


def _sinc(args: tuple[Expr, ...], known: Known) -> Expr | None:
    if args[0] is S.Zero:
        return S.One
    return over(sp.sin(args[0], evaluate=False), args[0]) if known.nonzero(args[0]) else None


def _exp(args: tuple[Expr, ...], _: Known) -> Expr | None:
    return gamma_of(args[0].args[0]) if isinstance(args[0], sp.loggamma) else None


def _conjugate(args: tuple[Expr, ...], known: Known) -> Expr | None:
    """These are real on an interval of the real axis, and meromorphic: f(conjugate z) is the conjugate of f(z)."""
    inner = args[0]
    if isinstance(inner, MIRRORED):
        return _conjugate_further(inner, known)
    riemann = isinstance(inner, sp.zeta) and (len(inner.args) == 1 or inner.args[1] is S.One)
    if not riemann and not isinstance(inner, (sp.gamma, sp.digamma, sp.erf, sp.sinc)):
        return None
    turned = sp.conjugate(inner.args[0], evaluate=False)
    found: Expr = type(inner)(turned, *inner.args[1:], evaluate=False)
    return found


MIRRORED = (
    sp.airyai, sp.airybi, sp.airyaiprime, sp.airybiprime, sp.erfi, sp.elliptic_k, sp.elliptic_e, sp.legendre,
    sp.chebyshevt, sp.chebyshevu, sp.hermite, sp.besselj, sp.besseli, sp.LambertW,
)
"""Functions that are real on an interval of the real axis, where they are analytic."""


def _conjugate_further(inner: Expr, known: Known) -> Expr | None:
    """The last argument is turned: off the cut, and for an integer order."""
    context = known.context
    *order, z = inner.args
    if isinstance(inner, sp.LambertW):
        z, order = inner.args[0], []
        cut = context.slit(plus(z, sp.exp(S.NegativeOne, evaluate=False))) and len(inner.args) == 1
    elif isinstance(inner, (sp.elliptic_k, sp.elliptic_e)):
        off = context
        if isinstance(inner, sp.elliptic_k):  # where that is defined
            off = context.also(Ne(moved(z, -1), S.Zero, evaluate=False))
        cut = not order and off.slit(plus(S.One, minus(z)))
    else:
        cut = all(context.integer(n) for n in order)
    if not cut:
        return None
    found: Expr = type(inner)(*order, sp.conjugate(z, evaluate=False), evaluate=False)
    return found


CASES: dict[type, Case] = {
    sp.factorial: _factorial,
    sp.binomial: _binomial,
    sp.RisingFactorial: _rising,
    sp.FallingFactorial: _falling,
    sp.beta: _beta,
    sp.harmonic: _harmonic,
    sp.polygamma: _polygamma,
    sp.zeta: _zeta,
    sp.bernoulli: _bernoulli,
    sp.erfc: _erfc,
    sp.sinc: _sinc,
    sp.exp: _exp,
}
"""What each head is in terms of the primitives."""
