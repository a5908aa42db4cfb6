"""Names in which both sides of a claim are continuous.

Promise: wherever both sides are defined, they are continuous, and defined nearby, in each of the symbols that `loose`
gives, and the values that the context allows these have no isolated points. What holds at all but isolated values of
such a symbol holds at all of them.
"""

from __future__ import annotations

import sympy as sp
from sympy import Add, Basic, Expr, Integer, Mul, Pow, S, Symbol
from sympy.core.relational import Eq, Ge, Gt, Le, Lt, Ne, Relational
from sympy.logic.boolalg import And, Not, Or

from derive.core.claims import Given
from derive.core.scalar.analytic import analytic_at
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, times
from derive.core.terms import Diff, Sum, domain_of

__all__ = ["loose"]


ANALYTIC = (
    sp.exp, sp.sin, sp.cos, sp.tan, sp.cot, sp.sec, sp.csc, sp.sinh, sp.cosh, sp.tanh, sp.coth, sp.sech, sp.csch,
    sp.gamma, sp.factorial, sp.beta, sp.digamma, sp.erf, sp.erfc, sp.erfi, sp.sinc, sp.airyai, sp.airybi,
    sp.airyaiprime, sp.airybiprime,
)
"""Meromorphic functions: continuous, and defined in a neighbourhood, wherever they are defined."""

CONTINUOUS = (sp.Abs, sp.re, sp.im, sp.conjugate)
"""Continuous everywhere."""


def loose(left: Expr, right: Expr, context: Context) -> frozenset[Symbol]:
    """The continuous symbols in which both sides are continuous, and defined nearby, wherever they are defined."""
    return frozenset(
        s for s in left.free_symbols | right.free_symbols
        if _has_room(s, context) and _even(left, s, context) and _even(right, s, context)
    )


def _has_room(symbol: Symbol, context: Context) -> bool:
    """Whether the values that the context allows the symbol have no isolated points, whatever the others are."""
    domain = domain_of(symbol)
    if domain.field == "integer":
        return False
    closed = 0
    if domain.lo is not None and domain.hi is not None and domain.lo >= domain.hi:
        return False
    if (domain.lo is not None and not domain.lo_open) or (domain.hi is not None and not domain.hi_open):
        closed += 1
    for given in context.given:
        if symbol in given.free_symbols:
            kind = _openness(given)
            if kind is None:
                return False
            closed += kind
    return closed <= 1


def _openness(given: Given) -> int | None:
    """0 where a given of continuous functions cuts out an open set, 1 for a half-plane or half-line with its border."""
    if isinstance(given, (Lt, Gt, Ne)):
        return 0 if _steady(given) else None
    if isinstance(given, (Le, Ge)):
        sides = [a for a in given.args if a.free_symbols]
        plain = len(sides) == 1 and (isinstance(sides[0], Symbol) or (
            isinstance(sides[0], (sp.re, sp.im)) and isinstance(sides[0].args[0], Symbol)))
        return 1 if plain else None
    if isinstance(given, (And, Or)):
        kinds = [_openness(g) for g in given.args]
        return None if None in kinds else sum(k for k in kinds if k)
    if isinstance(given, Not):
        return 0 if _closed(given.args[0]) else None
    return None


def _closed(condition: Basic) -> bool:
    """Whether a condition cuts out a closed set."""
    if isinstance(condition, (And, Or)):
        return _integral(condition) or all(_closed(c) for c in condition.args)
    return isinstance(condition, (Eq, Le, Ge)) and _steady(condition)


def _integral(condition: Basic) -> bool:
    """Whether it says that a number z is an integer (and more that is closed): im(z) = 0 and floor(re(z)) = re(z)."""
    if not isinstance(condition, And):
        return False
    rounded = [
        c for c in condition.args
        if isinstance(c, Eq) and any(isinstance(a, sp.floor) and a.args[0] in c.args for a in c.args)
        and all(_steady_term(a.args[0] if isinstance(a, sp.floor) else a) for a in c.args)
    ]
    others = [c for c in condition.args if c not in rounded]
    return len(rounded) == 1 and all(_closed(c) for c in others)


def _steady(condition: Relational) -> bool:
    return all(_steady_term(a) for a in condition.args)


def _steady_term(term: Basic) -> bool:
    """Whether a term is continuous everywhere in all of its symbols."""
    if isinstance(term, Pow):
        return isinstance(term.args[1], Integer) and term.args[1] > 0 and _steady_term(term.args[0])
    plain = isinstance(term, (Symbol, sp.Number, sp.NumberSymbol, Add, Mul, *CONTINUOUS, sp.exp, sp.sin, sp.cos))
    return (plain or term is S.ImaginaryUnit) and all(_steady_term(a) for a in term.args)


def _even(term: Basic, x: Symbol, context: Context) -> bool:
    """Whether a term is continuous in x, and defined nearby, wherever it is defined."""
    if x not in term.free_symbols or isinstance(term, Symbol):
        return True
    inside = all(_even(a, x, context) for a in term.args)
    match term:
        case Add() | Mul():
            return inside
        case Pow():
            base, exponent = term.args
            if isinstance(exponent, Integer) or (x not in exponent.free_symbols and context.integer(exponent)):
                return inside
            if x in base.free_symbols:
                return inside and context.slit(base)
            return inside and (context.positive(base) or base is S.Exp1)
        case sp.log() | sp.loggamma():
            return inside and len(term.args) == 1 and context.slit(term.args[0])
        case sp.atan() | sp.asinh() | sp.asin() | sp.acos() | sp.atanh():
            sign = S.One if isinstance(term, (sp.atan, sp.asinh)) else S.NegativeOne
            return inside and context.slit(plus(S.One, times(sign, Pow(term.args[0], 2, evaluate=False))))
        case sp.zeta():
            shift = term.args[1] if len(term.args) == 2 else S.One
            return inside and (x not in shift.free_symbols or context.positive(shift))
        case sp.polygamma() | sp.RisingFactorial() | sp.FallingFactorial() | sp.binomial():
            place, order = (1, 0) if isinstance(term, sp.polygamma) else (0, 1)
            fixed = x not in term.args[order].free_symbols and context.integer(term.args[order])
            return fixed and context.nonnegative(term.args[order]) and _even(term.args[place], x, context)
        case sp.chebyshevt() | sp.chebyshevu() | sp.legendre() | sp.hermite() | sp.bernoulli():
            return inside and x not in term.args[0].free_symbols and context.integer(term.args[0])
        case sp.besselj() | sp.besseli() | sp.bessely() | sp.besselk() | sp.hankel1() | sp.hankel2():
            return inside and _cylinder(term, x, context)
        case sp.elliptic_k() | sp.elliptic_e() if len(term.args) == 1:
            return inside and context.slit(plus(S.One, times(S.NegativeOne, term.args[0])))
        case sp.hyper():
            return inside and _series(term, x, context)
        case Diff():
            moves = term.point == x == term.variable and isinstance(term.order, Integer)
            return moves and analytic_at(term.body, x, x, context)
        case sp.harmonic():
            return inside and len(term.args) == 1
        case Sum():
            free = all(e is not S.Infinity and x not in e.free_symbols for limit in term.limits for e in limit[1:])
            return free and _even(term.bodies[0], x, context)
    return inside and isinstance(term, (*ANALYTIC, *CONTINUOUS))


def _cylinder(term: Basic, x: Symbol, context: Context) -> bool:
    """Bessel functions of a fixed order: J and I are entire for an integer order, all are analytic off the cut."""
    nu, z = term.args
    if x in nu.free_symbols:
        return False
    return context.slit(z) or (isinstance(term, (sp.besselj, sp.besseli)) and context.integer(nu))


def _series(term: Basic, x: Symbol, context: Context) -> bool:
    """Hypergeometric functions with fixed parameters, entire or off the cut."""
    above, below, z = term.args
    if x in above.free_symbols | below.free_symbols:
        return False
    gap = len(above.args) - len(below.args)
    return gap < 1 or (gap == 1 and context.slit(plus(S.One, times(S.NegativeOne, z))))
