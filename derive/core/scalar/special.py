"""Special functions over few primitives: gamma, digamma, zeta(s, a), erf.

Promise: `canonical_pair(left, right, context)` gives two terms such that, where these are equal wherever both are
defined, so are the sides as given. Each rewriting is a theorem; a condition of it either follows from the context, or
fails only at isolated values of a symbol in which both sides are continuous wherever they have a value: equality then
holds there as well, being a limit. What stands inside of binders and cases is left as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from math import factorial

import sympy as sp
from sympy import Add, Basic, Expr, Integer, Mul, Pow, Rational, S, Symbol
from sympy.core.relational import Eq, Ge, Gt, Le, Lt, Ne, Relational
from sympy.logic.boolalg import And, Not, Or

from derive.core.claims import Given
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.gammas import gamma_of, gammas
from derive.core.scalar.places import Known, applied, minus, moved, over, rising
from derive.core.scalar.zero import equal
from derive.core.scalar.zetas import bernoulli_polynomial, digammas, zetas
from derive.core.terms import Binder, Sum, domain_of, rebuild

__all__ = ["canonical", "canonical_pair", "equal_special", "exact_pair", "loose", "spelt"]

LARGEST_COUNT = 64


def canonical(term: Expr, context: Context) -> Expr:
    """The term with its special functions over few primitives; equal to it wherever it is defined."""
    return _canonical((term,), Known(context))[0]


@lru_cache(maxsize=4096)
def canonical_pair(left: Expr, right: Expr, context: Context) -> tuple[Expr, Expr]:
    """Both sides of an equation over the same primitives."""
    found = _canonical((left, right), Known(context, loose(left, right, context)))
    return found[0], found[1]


@lru_cache(maxsize=4096)
def exact_pair(left: Expr, right: Expr, context: Context) -> tuple[Expr, Expr]:
    """The same, each side equal to what it was wherever that is defined: nothing is left to continuity."""
    found = _canonical((left, right), Known(context))
    return found[0], found[1]


def equal_special(left: Expr, right: Expr, context: Context) -> bool:
    """Known to be equal wherever both are defined."""
    return equal(left, right, context) or equal(*canonical_pair(left, right, context), context)


def _canonical(sides: tuple[Expr, ...], known: Known) -> tuple[Expr, ...]:
    if not any(side.has(*SPECIAL) for side in sides):
        return sides
    written = [t.args[0] for t in applied(sides, sp.gamma, sp.digamma)]
    written += [moved(t.args[0], 1) for t in applied(sides, sp.factorial, sp.harmonic) if len(t.args) == 1]
    known = replace(known, written=tuple(written))
    found = tuple(spelt(side, known) for side in sides)
    for pass_ in (zetas, digammas, gammas):
        found = pass_(found, known)
    return found


# ---------------------------------------------------------------- heads over primitives


def spelt(term: Expr, known: Known) -> Expr:
    """Every head that has one, by its definition in terms of the primitives."""
    if isinstance(term, (Binder, sp.Piecewise)) or not term.args:
        return term
    if isinstance(term, sp.conjugate):
        term = _conjugate(term.args, known) or term
    found = rebuild(term, [spelt(a, known) if isinstance(a, Expr) else a for a in term.args])
    case = CASES.get(type(found))
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
    """B_n(a) = -n zeta(1 - n, a) for n = 1, 2, ...; bernoulli(n) is B_n(1)."""
    n, a = args if len(args) == 2 else (args[0], S.One)
    count = _is(n)
    if count is not None and count >= 0:
        return bernoulli_polynomial(count, a)
    if not known.context.integer(n) or not known.context.positive(n):
        return None
    return times(minus(n), sp.zeta(moved(minus(n), 1), a, evaluate=False))


def _erfc(args: tuple[Expr, ...], _: Known) -> Expr:
    return plus(S.One, minus(sp.erf(args[0], evaluate=False)))


def _sinc(args: tuple[Expr, ...], known: Known) -> Expr | None:
    if args[0] is S.Zero:
        return S.One
    return over(sp.sin(args[0], evaluate=False), args[0]) if known.nonzero(args[0]) else None


def _exp(args: tuple[Expr, ...], _: Known) -> Expr | None:
    return gamma_of(args[0].args[0]) if isinstance(args[0], sp.loggamma) else None


def _conjugate(args: tuple[Expr, ...], _: Known) -> Expr | None:
    """These are real on an interval of the real axis, and meromorphic: f(conjugate z) is the conjugate of f(z)."""
    inner = args[0]
    riemann = isinstance(inner, sp.zeta) and (len(inner.args) == 1 or inner.args[1] is S.One)
    if not riemann and not isinstance(inner, (sp.gamma, sp.digamma, sp.erf, sp.sinc)):
        return None
    turned = sp.conjugate(inner.args[0], evaluate=False)
    found: Expr = type(inner)(turned, *inner.args[1:], evaluate=False)
    return found


CASES: dict[type, Callable[[tuple[Expr, ...], Known], Expr | None]] = {
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
SPECIAL = (*(head for head in CASES if head is not sp.exp), sp.gamma, sp.digamma, sp.erf, sp.loggamma)


# ---------------------------------------------------------------- continuity


ANALYTIC = (
    sp.exp, sp.sin, sp.cos, sp.tan, sp.cot, sp.sec, sp.csc, sp.sinh, sp.cosh, sp.tanh, sp.coth, sp.sech, sp.csch,
    sp.gamma, sp.factorial, sp.beta, sp.digamma, sp.erf, sp.erfc, sp.sinc,
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
        case sp.zeta():
            shift = term.args[1] if len(term.args) == 2 else S.One
            return inside and (x not in shift.free_symbols or context.positive(shift))
        case sp.polygamma() | sp.RisingFactorial() | sp.FallingFactorial() | sp.binomial():
            place, order = (1, 0) if isinstance(term, sp.polygamma) else (0, 1)
            fixed = x not in term.args[order].free_symbols and context.integer(term.args[order])
            return fixed and context.nonnegative(term.args[order]) and _even(term.args[place], x, context)
        case sp.harmonic():
            return inside and len(term.args) == 1
        case Sum():
            free = all(e is not S.Infinity and x not in e.free_symbols for limit in term.limits for e in limit[1:])
            return free and _even(term.bodies[0], x, context)
    return inside and isinstance(term, (*ANALYTIC, *CONTINUOUS))
