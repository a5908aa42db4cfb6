"""Derivatives by the table.

Promise: `derivative(term, x)` is the derivative with respect to x at every point where the term is analytic in x (for a
real x: has no corner or jump) and the derivative as written is defined; None where the table does not know a head. It
says nothing about where that is: `analytic` does. Nothing is simplified but rational numbers and equal terms of a sum.
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp
from sympy import Add, Expr, Mul, NumberSymbol, Pow, Rational, S, Symbol
from sympy.core.relational import Ge, Gt, Le, Lt

from derive.core.scalar.differentiate.building import plus, power, times
from derive.core.scalar.differentiate.further import FURTHER, FURTHER_PAIRS, hyper_slope
from derive.core.scalar.differentiate.tables import PAIRS, TABLE
from derive.core.terms import Diff, Index, Integral, Product, Scalar, Sum, substitute

__all__ = ["TABLE", "derivative", "plus", "power", "times", "visibly_real"]

Inner = Callable[[Expr, Symbol], Expr | None]
"""A derivative of heads that need more than a table, such as integrals."""

SINGLE = TABLE | FURTHER
DOUBLE = PAIRS | FURTHER_PAIRS


REAL_HEADS = (
    sp.exp, sp.sin, sp.cos, sp.tan, sp.cot, sp.sec, sp.csc, sp.sinh, sp.cosh, sp.tanh, sp.coth, sp.sech, sp.csch,
    sp.atan, sp.acot, sp.asinh, sp.erf, sp.erfc, sp.sinc, sp.floor, sp.ceiling, sp.Max, sp.Min, sp.sign, sp.gamma,
    sp.factorial, sp.digamma,
)  # fmt: skip
"""Real where they are defined and all their arguments are real."""


def visibly_real(term: Expr) -> bool:
    """Real wherever it is defined, as can be seen without any given."""
    if isinstance(term, (Rational, NumberSymbol, Index)):
        return True
    if isinstance(term, Scalar):
        return bool(term.domain.field != "complex")
    if isinstance(term, (sp.Abs, sp.re, sp.im)):
        return True
    if isinstance(term, sp.log):
        return len(term.args) == 1 and isinstance(term.args[0], (sp.Abs, sp.exp)) and visibly_real(term.args[0])
    if isinstance(term, Pow):
        positive = term.base is S.Exp1 and visibly_real(term.exp)
        return positive or (isinstance(term.exp, sp.Integer) and visibly_real(term.base))
    if isinstance(term, (Add, Mul, *REAL_HEADS)):
        return all(visibly_real(a) for a in term.args)
    return False


def derivative(term: Expr, x: Symbol, inner: Inner | None = None) -> Expr | None:
    """The derivative with respect to x, or None; `inner` is asked about integrals.

    >>> x = Symbol("x")
    >>> derivative(sp.sin(x**2, evaluate=False), x)
    2*x*cos(x**2)
    """
    if term == x:
        return S.One
    if x not in term.free_symbols:
        return S.Zero
    if isinstance(term, Add):
        return _all(plus, [derivative(a, x, inner) for a in term.args])
    if isinstance(term, Mul):
        return _product(term, x, inner)
    if isinstance(term, Pow):
        return _power(term, x, inner)
    if type(term) in SINGLE and len(term.args) == 1:
        return _all(times, [SINGLE[type(term)](term.args[0]), derivative(term.args[0], x, inner)])
    if type(term) in DOUBLE and len(term.args) == 2:
        partial = DOUBLE[type(term)](*term.args)
        parts = [_chain(p, derivative(a, x, inner)) for p, a in zip(partial, term.args, strict=True)]
        return _all(plus, parts)
    if isinstance(term, sp.hyper):
        return _hyper(term, x, inner)
    if isinstance(term, sp.Piecewise):
        return _piecewise(term, x, inner)
    if isinstance(term, (Sum, Product)):
        return _finite_range(term, x, inner)
    if isinstance(term, Diff):
        return _nested(term, x, inner)
    if isinstance(term, Integral):
        return None if inner is None else inner(term, x)
    return _real_heads(term, x, inner)


def _all(head: Callable[..., Expr], parts: list[Expr | None]) -> Expr | None:
    known = [p for p in parts if p is not None]
    return head(*known) if len(known) == len(parts) else None


def _chain(partial: Expr | None, inside: Expr | None) -> Expr | None:
    return S.Zero if inside is S.Zero else _all(times, [partial, inside])


def _product(term: Mul, x: Symbol, inner: Inner | None) -> Expr | None:
    total = []
    for k, factor in enumerate(term.args):
        inside = derivative(factor, x, inner)
        total.append(_all(times, [*term.args[:k], inside, *term.args[k + 1:]]))
    return _all(plus, total)


def _power(term: Pow, x: Symbol, inner: Inner | None) -> Expr | None:
    base, exponent = term.args
    if x not in exponent.free_symbols:
        return _all(times, [exponent, power(base, plus(exponent, S.NegativeOne)), derivative(base, x, inner)])
    if base is S.Exp1:
        return _all(times, [term, derivative(exponent, x, inner)])
    up, down = derivative(exponent, x, inner), derivative(base, x, inner)
    if up is None or down is None:
        return None
    return times(term, plus(times(up, sp.log(base, evaluate=False)), times(exponent, down, power(base, S.NegativeOne))))


def _hyper(term: Expr, x: Symbol, inner: Inner | None) -> Expr | None:
    """Of a hypergeometric function whose parameters stand still."""
    above, below, z = term.args
    if x in above.free_symbols | below.free_symbols:
        return None
    return _all(times, [hyper_slope(above.args, below.args, z), derivative(z, x, inner)])


def _piecewise(term: Expr, x: Symbol, inner: Inner | None) -> Expr | None:
    """Branches under conditions without x; or two that are cut at one point, each of which then is an interval."""
    conditions = [c for _, c in term.args]
    bound = [c for c in conditions if x in c.free_symbols]
    if bound and not (len(conditions) == 2 and conditions[1] is S.true and _cut(conditions[0], x)):
        return None
    parts = [derivative(e, x, inner) for e, _ in term.args]
    if any(p is None for p in parts):
        return None
    return sp.Piecewise(*zip(parts, conditions, strict=True), evaluate=False)


def _cut(condition: Expr, x: Symbol) -> bool:
    if not isinstance(condition, (Lt, Le, Gt, Ge)) or not visibly_real(x):
        return False
    left, right = condition.args
    return (left == x and x not in right.free_symbols) or (right == x and x not in left.free_symbols)


def _finite_range(term: Expr, x: Symbol, inner: Inner | None) -> Expr | None:
    """Of a finite sum, or product: for the latter one factor after the other."""
    if len(term.limits) != 1 or any(x in e.free_symbols for e in term.limits[0][1:]):
        return None
    index, lo, hi = term.limits[0]
    if hi is S.Infinity or lo is S.NegativeInfinity:
        return None
    body = derivative(term.bodies[0], x, inner)
    if body is None:
        return None
    if isinstance(term, Sum):
        return Sum(body, term.limits[0])
    names = {s.name for s in term.atoms(Symbol)}
    name = next(n for k in range(1, 99) if (n := f"{index.name}_{k}") not in names)
    others = (Index(name, lo, plus(index, S.NegativeOne)), Index(name, plus(index, S.One), hi))
    before, after = (Product(substitute(term.bodies[0], {index: other}), other) for other in others)
    return Sum(times(before, body, after), term.limits[0])


def _nested(term: Diff, x: Symbol, inner: Inner | None) -> Expr | None:
    """Of a derivative at a point that moves with x."""
    if x in term.order.free_symbols or (x != term.variable and x in term.body.free_symbols):
        return None
    inside = derivative(term.point, x, inner)
    return _all(times, [Diff(term.body, (term.variable, plus(term.order, S.One), term.point)), inside])


def _real_heads(term: Expr, x: Symbol, inner: Inner | None) -> Expr | None:
    """Of functions that are no analytic ones, along a real x."""
    if not visibly_real(x) or len(term.args) != 1:
        return None
    u = term.args[0]
    inside = derivative(u, x, inner)
    if inside is None:
        return None
    if isinstance(term, (sp.re, sp.im, sp.conjugate)):
        return term.func(inside, evaluate=False)
    if isinstance(term, sp.Abs):
        if visibly_real(u):
            return times(u, inside, power(term, S.NegativeOne))
        return times(sp.re(times(sp.conjugate(u, evaluate=False), inside), evaluate=False), power(term, S.NegativeOne))
    if isinstance(term, sp.sign) and visibly_real(u):
        return S.Zero
    return None
