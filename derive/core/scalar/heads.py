"""The value of a derivative at a point.

Promise: a term that is returned is the derivative at every point that the context allows; it exists there, and the term
is defined there. For a real variable it is the derivative along the reals, else the complex one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp
from sympy import Add, Expr, Integer, Mul, Pow, Rational, S, Symbol

from derive.core.scalar.analytic import analytic_at
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import derivative, plus, power, times
from derive.core.scalar.parameters import differentiable, under_the_integral
from derive.core.scalar.zero import vanishes
from derive.core.terms import Diff, Index, Integral, Sum, substitute, subterms

__all__ = ["diff_value", "exists"]

HIGHEST = 12
LARGEST = 3000
MINUS = S.NegativeOne


def diff_value(term: Diff, context: Context) -> Expr | None:
    """The derivative, or None where it is not known to exist, or there is no name for it."""
    body, x, n, p = term.body, term.variable, term.order, term.point
    if not isinstance(n, Integer):
        known = context.integer(n) and context.nonnegative(n) and analytic_at(body, x, p, context)
        return _symbolic(body, x, n, p, context) if known else None
    if not 0 <= n <= HIGHEST:
        return None
    if any(isinstance(t, Integral) and x in t.free_symbols for t in subterms(body)):
        return _with_integrals(body, x, int(n), p, context)
    if not analytic_at(body, x, p, context):
        return None
    found = _repeated(body, x, int(n))
    if found is not None and analytic_at(found, x, p, context):
        return substitute(found, {x: p})
    return _with_sinc(body, x, int(n), p, context)


def exists(term: Diff, context: Context) -> bool:
    """Known to exist: an analytic function has all derivatives."""
    n = term.order
    if context.integer(n) and context.nonnegative(n) and analytic_at(term.body, term.variable, term.point, context):
        return True
    return diff_value(term, context) is not None


def _repeated(body: Expr, x: Symbol, count: int) -> Expr | None:
    found: Expr | None = body
    for _ in range(count):
        found = None if found is None else derivative(found, x)
        if found is None or sum(1 for _ in subterms(found)) > LARGEST:
            return None
    return found


def _with_integrals(body: Expr, x: Symbol, count: int, p: Expr, context: Context) -> Expr | None:
    """The first derivative of a term with integrals of which x is a parameter."""
    if count != 1 or p != x or not differentiable(body, x, context):
        return None
    found = derivative(body, x, lambda term, y: under_the_integral(term, y, context))
    return found if found is not None and differentiable(found, x, context) else None


def _with_sinc(body: Expr, x: Symbol, count: int, p: Expr, context: Context) -> Expr | None:
    """By cases: sinc(g) is sin(g)/g where g is not 0; where it is, the first terms of its power series will do."""
    inner = {t.args[0] for t in subterms(body) if isinstance(t, sp.sinc) and x in t.free_symbols}
    if len(inner) != 1:
        return None
    g = inner.pop()
    at = substitute(g, {x: p})
    series = [times(Rational((-1) ** k, sp.factorial(2 * k + 1)), power(g, Integer(2 * k)))
              for k in range(count // 2 + 1)]
    near = _repeated(_replaced(body, g, plus(*series)), x, count)
    if near is None or not analytic_at(near, x, p, context):
        return None
    if vanishes(at, context):
        return substitute(near, {x: p})
    plain = _repeated(_replaced(body, g, times(sp.sin(g, evaluate=False), power(g, MINUS))), x, count)
    if plain is None or not analytic_at(plain, x, p, context.also(sp.Ne(at, S.Zero, evaluate=False))):
        return None
    branches = (substitute(plain, {x: p}), sp.Ne(at, S.Zero, evaluate=False)), (substitute(near, {x: p}), S.true)
    return sp.Piecewise(*branches, evaluate=False)


def _replaced(term: Expr, g: Expr, value: Expr) -> Expr:
    """The term with `value` for sinc(g)."""
    if isinstance(term, sp.sinc) and term.args[0] == g:
        return value
    if not term.args or not isinstance(term, (Add, Mul, Pow, sp.Function)):
        return term
    return term.func(*(_replaced(a, g, value) if isinstance(a, Expr) else a for a in term.args), evaluate=False)


# ---------------------------------------------------------------- derivatives of an order n that is not a number


def _symbolic(body: Expr, x: Symbol, n: Expr, p: Expr, context: Context) -> Expr | None:
    if isinstance(body, Add):
        parts = [_symbolic(a, x, n, p, context) for a in body.args]
        known = [q for q in parts if q is not None]
        return plus(*known) if len(known) == len(parts) else None
    if isinstance(body, Mul):
        inner = [a for a in body.args if x in a.free_symbols]
        outer = [a for a in body.args if x not in a.free_symbols]
        found = _symbolic(inner[0], x, n, p, context) if len(inner) == 1 else None
        return None if found is None else times(*outer, found)
    if x not in body.free_symbols:
        return S.Zero if context.positive(n) else None
    if isinstance(body, Pow) and body.base is S.Exp1:
        return _of_linear(sp.exp, body.exp, x, n, p, context)
    if isinstance(body, Pow) and x not in body.exp.free_symbols:
        return _rodrigues(body, x, n, p, context) or _power(body, x, n, p, context)
    if isinstance(body, sp.zeta) and len(body.args) == 2 and x not in body.args[0].free_symbols:
        return _hurwitz(body, x, n, p, context)
    if isinstance(body, sp.polygamma) and x not in body.args[0].free_symbols:
        slope = derivative(body.args[1], x)
        if slope is None or x in slope.free_symbols:
            return None
        whole = sp.polygamma(plus(body.args[0], n), substitute(body.args[1], {x: p}), evaluate=False)
        return times(power(slope, n), whole)
    if isinstance(body, (sp.besselj, sp.besseli)):
        return _bessel(body, x, n, p)
    return _of_linear(type(body), body.args[0], x, n, p, context) if len(body.args) == 1 else None


def _of_linear(head: type, u: Expr, x: Symbol, n: Expr, p: Expr, context: Context) -> Expr | None:
    """Of head(c x + d): c^n times the n-th derivative of the head."""
    rule = ORDERS.get(head)
    slope = derivative(u, x)
    if rule is None or slope is None or x in slope.free_symbols:
        return None
    found = rule(substitute(u, {x: p}), n, context)
    return None if found is None else times(power(slope, n), found)


def _power(body: Pow, x: Symbol, n: Expr, p: Expr, context: Context) -> Expr | None:
    """(c x + d)^k: for a negative integer k by rising factorials, else by falling ones, off 0."""
    base, k = body.args
    slope = derivative(base, x)
    at = substitute(base, {x: p})
    if slope is None or x in slope.free_symbols or not context.nonzero(at):
        return None
    if context.integer(k) and context.positive(times(MINUS, k)):
        factor = times(power(MINUS, n), sp.RisingFactorial(times(MINUS, k), n, evaluate=False))
    else:
        factor = sp.FallingFactorial(k, n, evaluate=False)
    return times(power(slope, n), factor, power(at, plus(k, times(MINUS, n))))


def _rodrigues(body: Pow, x: Symbol, n: Expr, p: Expr, context: Context) -> Expr | None:
    """The n-th derivative of (x^2 - 1)^n is 2^n n! P_n(x)."""
    base = plus(power(x, Integer(2)), MINUS)
    gaps = plus(body.exp, times(MINUS, n)), plus(body.base, times(MINUS, base))
    if not all(vanishes(gap, context) for gap in gaps):
        return None
    return times(power(Integer(2), n), sp.factorial(n, evaluate=False), sp.legendre(n, p, evaluate=False))


def _hurwitz(body: Expr, x: Symbol, n: Expr, p: Expr, context: Context) -> Expr | None:
    """zeta(s, c x + d): (-c)^n s (s + 1) ... (s + n - 1) zeta(s + n, .); no pole may come in between."""
    s, a = body.args
    slope = derivative(a, x)
    if slope is None or x in slope.free_symbols or not context.nonzero(plus(s, n, MINUS)):
        return None
    factor = times(power(times(MINUS, slope), n), sp.RisingFactorial(s, n, evaluate=False))
    return times(factor, sp.zeta(plus(s, n), substitute(a, {x: p}), evaluate=False))


def _turned(head: Any) -> Callable[[Expr, Expr, Context], Expr | None]:
    """sin and cos: each derivative adds a quarter turn."""
    return lambda u, n, _: head(plus(u, times(Rational(1, 2), sp.pi, n)), evaluate=False)


def _hyperbolic(sign: int) -> Callable[[Expr, Expr, Context], Expr | None]:
    """(exp(u) + sign*(-1)^n*exp(-u))/2."""

    def rule(u: Expr, n: Expr, _: Context) -> Expr:
        down = times(Integer(sign), power(MINUS, n), sp.exp(times(MINUS, u), evaluate=False))
        return times(Rational(1, 2), plus(sp.exp(u, evaluate=False), down))

    return rule


def _beyond_first(rule: Callable[[Expr, Expr], Expr]) -> Callable[[Expr, Expr, Context], Expr | None]:
    """For n >= 1 only."""
    return lambda u, n, context: rule(u, n) if context.positive(n) else None


def _factorial_before(n: Expr) -> Expr:
    return sp.factorial(plus(n, MINUS), evaluate=False)


def _log(u: Expr, n: Expr) -> Expr:
    return times(power(MINUS, plus(n, MINUS)), _factorial_before(n), power(u, times(MINUS, n)))


def _atan(u: Expr, n: Expr) -> Expr:
    """From 1/(1 + u^2) = (1/(u - i) - 1/(u + i))/(2 i)."""
    back = times(MINUS, n)
    gap = plus(power(plus(u, times(MINUS, S.ImaginaryUnit)), back), times(MINUS, power(plus(u, S.ImaginaryUnit), back)))
    lead = times(power(MINUS, plus(n, MINUS)), _factorial_before(n))
    return times(Rational(-1, 2), S.ImaginaryUnit, lead, gap)


def _atanh(u: Expr, n: Expr) -> Expr:
    """From 1/(1 - u^2) = (1/(u + 1) - 1/(u - 1))/2."""
    back = times(MINUS, n)
    gap = plus(power(plus(u, S.One), back), times(MINUS, power(plus(u, MINUS), back)))
    return times(Rational(1, 2), power(MINUS, plus(n, MINUS)), _factorial_before(n), gap)


def _erf(u: Expr, n: Expr) -> Expr:
    """The derivatives of exp(-u^2) are polynomials of Hermite times it."""
    before = plus(n, MINUS)
    gauss = sp.exp(times(MINUS, power(u, Integer(2))), evaluate=False)
    front = times(Integer(2), power(sp.pi, Rational(-1, 2)), power(MINUS, before))
    return times(front, sp.hermite(before, u, evaluate=False), gauss)


def _bessel(body: Expr, x: Symbol, n: Expr, p: Expr) -> Expr | None:
    """J_v(c x + d): (c/2)^n times the sum of (-1)^k binomial(n, k) J_(v - n + 2 k); for I without the sign."""
    order, u = body.args
    slope = derivative(u, x)
    if slope is None or x in slope.free_symbols | order.free_symbols:
        return None
    k = Index(next(name for j in range(99) if (name := f"k{j}") not in {s.name for s in body.free_symbols}), S.Zero, n)
    moved = plus(order, times(MINUS, n), times(Integer(2), k))
    sign = power(MINUS, k) if isinstance(body, sp.besselj) else S.One
    term = times(sign, sp.binomial(n, k, evaluate=False), type(body)(moved, substitute(u, {x: p}), evaluate=False))
    return times(power(times(Rational(1, 2), slope), n), Sum(term, k))


def _cot(u: Expr, n: Expr, _: Context) -> Expr:
    """From the reflection of digamma: pi cot(pi z) = digamma(1 - z) - digamma(z)."""
    z = times(u, power(sp.pi, MINUS))
    there = sp.polygamma(n, plus(S.One, times(MINUS, z)), evaluate=False)
    back = times(power(MINUS, n), there)
    gap = plus(back, times(MINUS, sp.polygamma(n, z, evaluate=False)))
    return times(power(sp.pi, plus(MINUS, times(MINUS, n))), gap)


ORDERS: dict[type, Callable[[Expr, Expr, Context], Expr | None]] = {
    sp.exp: lambda u, _, __: sp.exp(u, evaluate=False),
    sp.sin: _turned(sp.sin),
    sp.cos: _turned(sp.cos),
    sp.sinh: _hyperbolic(-1),
    sp.cosh: _hyperbolic(1),
    sp.log: _beyond_first(_log),
    sp.atan: _beyond_first(_atan),
    sp.atanh: _beyond_first(_atanh),
    sp.cot: _cot,
    sp.digamma: lambda u, n, _: sp.polygamma(n, u, evaluate=False),
    sp.erf: _beyond_first(_erf),
    sp.loggamma: _beyond_first(lambda u, n: sp.polygamma(plus(n, MINUS), u, evaluate=False)),
}
"""The n-th derivatives of functions at u."""
