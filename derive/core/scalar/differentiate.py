"""Derivatives by the table.

Promise: `derivative(term, x)` is the derivative with respect to x at every point where the term is analytic in x (for a
real x: has no corner or jump) and the derivative as written is defined; None where the table does not know a head. It
says nothing about where that is: `analytic` does. Nothing is simplified but rational numbers and equal terms of a sum.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp
from sympy import Add, Expr, Mul, NumberSymbol, Pow, Rational, S, Symbol
from sympy.core.relational import Ge, Gt, Le, Lt

from derive.core.terms import Diff, Index, Integral, Product, Scalar, Sum, substitute

__all__ = ["TABLE", "derivative", "plus", "power", "times", "visibly_real"]

Inner = Callable[[Expr, Symbol], Expr | None]
"""A derivative of heads that need more than a table, such as integrals."""


def plus(*terms: Expr) -> Expr:
    """The sum, with its rational numbers and its equal terms added up."""
    found: dict[Expr, Rational] = {}
    for term in _flat(Add, terms):
        coefficient, rest = _split(term)
        if rest.is_number and not _finite(rest):
            return Add(*terms, evaluate=False)
        found[rest] = found.get(rest, S.Zero) + coefficient
    kept = [times(c, rest) for rest, c in found.items() if c is not S.Zero]
    return Add(*kept, evaluate=False) if len(kept) > 1 else kept[0] if kept else S.Zero


def times(*factors: Expr) -> Expr:
    """The product, with its rational numbers multiplied, and i*i = -1; 0 where a factor is."""
    flat = list(_flat(Mul, factors))
    number: Rational = S.One
    kept: list[Expr] = []
    for f in flat:
        if isinstance(f, Rational):
            number = number * f
        elif f is S.ImaginaryUnit and f in kept:
            kept.remove(f)
            number = -number
        else:
            kept.append(f)
    if number is S.Zero:
        return S.Zero
    if number is not S.One:
        kept.insert(0, number)
    return Mul(*kept, evaluate=False) if len(kept) > 1 else kept[0] if kept else S.One


def power(base: Expr, exponent: Expr) -> Expr:
    """The power, as it stands; computed for a small whole power of a rational."""
    if exponent is S.One:
        return base
    if exponent is S.Zero or base is S.One:
        return S.One
    if isinstance(base, Rational) and isinstance(exponent, sp.Integer) and base is not S.Zero and abs(exponent) <= 64:
        return base**exponent
    return Pow(base, exponent, evaluate=False)


def _flat(head: Any, terms: tuple[Expr, ...]) -> list[Expr]:
    return [a for t in terms for a in (_flat(head, t.args) if isinstance(t, head) else [t])]


def _split(term: Expr) -> tuple[Rational, Expr]:
    """A term as a rational number times the rest."""
    if isinstance(term, Rational):
        return term, S.One
    if isinstance(term, Mul):
        found = times(term)
        if isinstance(found, Rational):
            return found, S.One
        if isinstance(found, Mul) and isinstance(found.args[0], Rational):
            return found.args[0], times(*found.args[1:])
        return S.One, found
    return S.One, term


def _finite(number: Expr) -> bool:
    return not number.has(S.Infinity, S.NegativeInfinity, S.ComplexInfinity, S.NaN)


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
    if type(term) in TABLE and len(term.args) == 1:
        return _all(times, [TABLE[type(term)](term.args[0]), derivative(term.args[0], x, inner)])
    if type(term) in PAIRS and len(term.args) == 2:
        partial = PAIRS[type(term)](*term.args)
        parts = [_chain(p, derivative(a, x, inner)) for p, a in zip(partial, term.args, strict=True)]
        return _all(plus, parts)
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
    return times(term, plus(times(up, _f(sp.log, base)), times(exponent, down, _inverse(base))))


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
        return _f(term.func, inside)
    if isinstance(term, sp.Abs):
        if visibly_real(u):
            return times(u, inside, _inverse(term))
        return times(_f(sp.re, times(_f(sp.conjugate, u), inside)), _inverse(term))
    if isinstance(term, sp.sign) and visibly_real(u):
        return S.Zero
    return None
