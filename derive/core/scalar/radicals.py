"""Roots, logarithms and absolute values of products, and the arguments of functions over a common denominator.

Promise: `radicals(term, context)` has the value of the term at every point that the context allows and where the term
is defined. A factor moves out of a root or a logarithm only where it is known to be positive (of a root: not negative),
or where it is real and stands to an even power: (f^2)^r = |f|^(2 r).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sympy as sp
from flint import fmpq
from sympy import Expr, Function, Pow, Rational, S

from derive.core.normal.atoms import Atom, Poly, atom_poly, collect, merge
from derive.core.normal.factoring import factors
from derive.core.normal.show import show
from derive.core.scalar.algebraic import FIELD, angle, number
from derive.core.scalar.angles import CIRCULAR, in_one_angle
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, power, times
from derive.core.terms import children_in_scope, rebuild, subterms
from derive.core.terms.heads import Binder

__all__ = ["factored", "radicals"]

Factors = list[tuple[Expr, int]]

INVERSE = {sp.asin, sp.acos, sp.atan}
ODD = {sp.asin, sp.atan, sp.asinh, sp.atanh, sp.erf}
"""f(-u) = -f(u) at every u where f has a value, on its cuts too."""


@lru_cache(maxsize=8192)
def radicals(term: Expr, context: Context) -> Expr:
    """The term with what is known to be positive moved out of roots and logarithms."""
    if isinstance(term, Binder) or not children_in_scope(term):
        return term
    if isinstance(term, Pow):
        base, exponent = (radicals(a, context) for a in term.args)
        if isinstance(exponent, Rational):
            return rebuild(term, (base, exponent)) if exponent.is_Integer else _root(base, exponent, context)
        return _power(base, exponent, context)
    args = [radicals(a, context) if isinstance(a, Expr) else a for a in term.args]
    if isinstance(term, sp.log) and len(args) == 1:
        return _log(args[0], context)
    if isinstance(term, sp.Abs):
        return _bars(args[0], context)
    if isinstance(term, Function):
        args = [_together(a, context) if isinstance(a, Expr) else a for a in args]
        if type(term) in INVERSE or type(term) in ODD:
            return _inverse(type(term), args[0], context)
    found: Expr = rebuild(term, args)
    return found


def _power(base: Expr, exponent: Expr, context: Context) -> Expr:
    """1^u = 1, and 0^u = 0 for u > 0; a rational base is written as one."""
    poly = context.poly(base) if not base.free_symbols else None
    value = None if poly is None else poly.constant
    if value == 1:
        return S.One
    if value == 0 and context.positive(exponent):
        return S.Zero
    if value is not None:
        base = Rational(int(value.p), int(value.q))
    return Pow(base, exponent, evaluate=False)


# ---------------------------------------------------------------- factors


def factored(term: Expr, context: Context) -> Factors | None:
    """The factors of a term with their exponents, the rational content first; None where it has one only."""
    best: Factors | None = None
    circular = any(isinstance(t, CIRCULAR) for t in subterms(term))
    for parts in (1, 2) if circular else (1,):
        inner = in_one_angle(term, context, parts) if circular else term
        poly = context.poly(inner)
        if poly is None or poly.is_zero:
            return None
        names = context.assumptions(inner).names
        for reduced in _reduced(poly) if circular else (poly,):
            found = factors(reduced)
            if found is None:
                continue
            shown = [(show(p, names), e) for p, e in found]
            if best is None or _merit(shown) > _merit(best):
                best = shown
    return best if best is not None and (len(best) > 2 or any(e != 1 for _, e in best)) else None


def _merit(found: Factors) -> tuple[int, int]:
    """How many factors stand to an even power; then how many there are."""
    return sum(e % 2 == 0 for _, e in found), -sum(len(list(subterms(f))) for f, _ in found)


def _reduced(poly: Poly) -> tuple[Poly, ...]:
    """The polynomial with sin^2 = 1 - cos^2 used for every sine, and with cos^2 = 1 - sin^2 for every cosine."""
    return tuple(_without_squares(poly, one, other) for one, other in (("sin", "cos"), ("cos", "sin")))


def _without_squares(poly: Poly, name: str, other: str) -> Poly:
    while True:
        place = next(
            ((m, a, e) for m in poly.terms for a, e in m
             if (a.kind, a.name) == ("f", name) and isinstance(e, int) and e >= 2), None,
        )
        if place is None:
            return poly
        mono, atom, e = place
        rest = tuple((a, k) for a, k in mono if a != atom)
        rest = merge(rest, ((atom, e - 2),)) if e > 2 else rest
        twin = atom_poly(Atom("f", other, atom.args), 2)
        c = poly.terms[mono]
        kept = [(m, d) for m, d in poly.terms.items() if m != mono]
        poly = collect([*kept, (rest, c), *((merge(rest, m), -c * d) for m, d in twin.terms.items())])


def _product(found: Factors) -> Expr:
    return times(*(power(f, sp.Integer(e)) for f, e in found))


def _together(term: Expr, context: Context) -> Expr:
    """An argument over a common denominator, where it has one."""
    if not any(isinstance(t, Pow) and t.args[1].is_negative for t in subterms(term)):
        return term
    found = factored(term, context)
    return term if found is None else _product(found)


# ---------------------------------------------------------------- roots, logs, bars


def _root(base: Expr, exponent: Rational, context: Context) -> Expr:
    found = factored(base, context)
    if found is None:
        return Pow(base, exponent, evaluate=False)
    outside: list[Expr] = []
    inside: Factors = []
    for factor, e in found:
        if e % 2 == 0 and context.real(factor):
            outside.append(power(_bars(factor, context), e * exponent))
        elif context.positive(factor) or (e > 0 and context.nonnegative(factor)):
            outside.append(power(factor, e * exponent))
        else:
            inside.append((factor, e))
    rest = _product(inside)
    return times(*outside, *(() if rest is S.One else (Pow(rest, exponent, evaluate=False),)))


def _log(base: Expr, context: Context) -> Expr:
    found = factored(base, context)
    if found is None:
        return sp.log(base, evaluate=False)
    outside: list[Expr] = []
    inside: Factors = []
    for factor, e in found:
        if context.positive(factor):
            outside.append(times(sp.Integer(e), sp.log(factor, evaluate=False)))
        elif context.negative(factor):
            positive = times(S.NegativeOne, factor)
            outside.append(times(sp.Integer(e), sp.log(positive, evaluate=False)))
            inside.append((S.NegativeOne, e))
        elif e % 2 == 0 and context.real(factor):
            outside.append(times(sp.Integer(e), sp.log(_bars(factor, context), evaluate=False)))
        else:
            inside.append((factor, e))
    rest = _product(inside)
    return plus(*outside, *(() if rest is S.One else (sp.log(rest, evaluate=False),)))


def _bars(base: Expr, context: Context) -> Expr:
    if context.nonnegative(base):
        return base
    if context.nonnegative(times(S.NegativeOne, base)):
        return times(S.NegativeOne, base)
    found = factored(base, context)
    if found is None or not all(context.real(f) for f, _ in found):
        return sp.Abs(base, evaluate=False)
    kept = []
    for factor, e in found:
        if context.nonnegative(factor) or e % 2 == 0:
            kept.append(power(factor, sp.Integer(e)))
        elif context.nonnegative(times(S.NegativeOne, factor)):
            kept.append(power(times(S.NegativeOne, factor), sp.Integer(e)))
        else:
            kept.append(power(sp.Abs(factor, evaluate=False), sp.Integer(e)))
    return times(*kept)


# ---------------------------------------------------------------- inverse functions


def _inverse(head: type, argument: Expr, context: Context) -> Expr:
    """An inverse function where it is a part of pi, else with the sign of its argument outside where it is odd."""
    poly = context.poly(argument)
    if poly is None:
        return head(argument, evaluate=False)
    if poly.is_zero and head in ODD:
        return S.Zero
    if head in INVERSE:
        turn = _turn(head, number(poly))
        if turn is not None:
            return times(Rational(int(turn.p), int(turn.q)), S.Pi)
    if head not in ODD or max(poly, -poly, key=lambda p: p.key) == poly:
        return head(argument, evaluate=False)
    flipped = show(-poly, context.assumptions(argument).names)
    return times(S.NegativeOne, head(flipped, evaluate=False))


def _turn(head: type, value: Any | None) -> fmpq | None:
    """The angle in half turns.

    asin v = -i log(i v + sqrt(1 - v^2)) and acos v = pi/2 - asin v, principal; exp(2 i atan v) = (1 + i v)/(1 - i v)
    for a real v, and |2 atan v| < pi.
    """
    if value is None:
        return None
    if head is sp.atan:
        if not value.imag.is_zero():
            return None
        below = FIELD(1) + value * value
        twice = angle((FIELD(1) - value * value) / below, FIELD(2) * value / below)
        return None if twice is None else twice / 2
    found = angle((FIELD(1) - value * value).sqrt(), value)
    if found is None:
        return None
    return found if head is sp.asin else fmpq(1, 2) - found
