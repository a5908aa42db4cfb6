"""Simpler forms of a body where signs are known: bars resolved, powers and logarithms of products split.

Promise: `tidy(term, context)` has the value of the term at every point that the context allows and where the term is
defined. `waves` likewise, with products of sines and cosines written as sums. `plainly` is the normal form as a term,
which agrees with the term wherever both are defined.
"""

from __future__ import annotations

from functools import lru_cache

import sympy as sp
from sympy import Add, Basic, Expr, Integer, Mul, Pow, Rational, S

from derive.core.normal.atoms import Atom, Poly
from derive.core.normal.show import show
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.needs import needs
from derive.core.scalar.zero import equal
from derive.core.terms import Binder, rebuild, subterms

__all__ = ["bare", "minus", "negative", "plainly", "tidy", "total", "waves"]

MOST_WAVES = 6
HALF = Rational(1, 2)
PI = Atom("c", "pi")


def negative(term: Expr) -> Expr:
    """The term's negative."""
    return -term if term.is_Rational else times(S.NegativeOne, term)


def minus(left: Expr, right: Expr) -> Expr:
    """The difference."""
    return plus(left, negative(right))


def bare(term: Basic) -> bool:
    """Whether no sum, integral, limit or their like stands in it: such terms are undefined on thin sets only."""
    return not any(isinstance(t, (Binder, sp.Piecewise)) for t in subterms(term))


@lru_cache(maxsize=4096)
def plainly(term: Expr, context: Context) -> Expr:
    """The normal form as a term, where it is one that equals the term; else the term."""
    try:
        found = context.poly(term)
        if found is None or not bare(term):
            return term
        back = show(found, context.assumptions(term).names)
        return back if back.free_symbols <= term.free_symbols and equal(back, term, context) else term
    except RecursionError:
        return term


@lru_cache(maxsize=4096)
def total(term: Expr, context: Context) -> bool:
    """Known to be defined at every point that the context allows."""
    found = needs(term, context, _never)
    return not found.conditions and not found.missing


def _never(_: Expr, __: Context) -> bool:
    return False


# ---------------------------------------------------------------- signs


@lru_cache(maxsize=8192)
def tidy(term: Expr, context: Context) -> Expr:
    """The term with bars, signs and extrema resolved, and powers and logarithms of products split."""
    if not term.args or isinstance(term, (Binder, sp.Piecewise)):
        return term
    args = [tidy(a, context) if isinstance(a, Expr) else a for a in term.args]
    found: Expr = rebuild(term, args)
    if isinstance(term, (sp.Abs, sp.sign)):
        return _modulus(found, context)
    if isinstance(term, (sp.Max, sp.Min)) and len(args) == 2:
        return _extremum(found, context)
    if isinstance(term, Pow) and args[0] is not S.Exp1 and not args[1].is_Integer:
        return _power(args[0], args[1], context)
    if isinstance(term, sp.log) and len(args) == 1:
        return _logarithm(args[0], context)
    if isinstance(term, (sp.sin, sp.cos)):
        return _shifted(found, context)
    if isinstance(term, sp.exp) and isinstance(args[0], sp.log) and len(args[0].args) == 1:
        return args[0].args[0]
    return found


def _modulus(term: Expr, context: Context) -> Expr:
    (u,) = term.args
    for sign in (S.One, S.NegativeOne):
        signed = u if sign is S.One else negative(u)
        if isinstance(term, sp.Abs) and context.nonnegative(signed):
            return signed
        if isinstance(term, sp.sign) and context.positive(signed):
            return sign
    return term


def _extremum(term: Expr, context: Context) -> Expr:
    for u, v in (term.args, term.args[::-1]):
        if context.nonnegative(minus(u, v)):
            return u if isinstance(term, sp.Max) else v
    return term


def _power(base: Expr, exponent: Expr, context: Context) -> Expr:
    """(u v)^e = u^e v^e for u >= 0; exp(u)^e = exp(e u) for real u; (u^k)^e = u^(k e) for u >= 0 and real k."""
    factors = base.args if isinstance(base, Mul) else (base,)
    done: list[Expr] = []
    left: list[Expr] = []
    for factor in factors:
        one = _raised(factor, exponent, context)
        (left if one is None else done).append(factor if one is None else one)
    return times(*done, power(times(*left), exponent)) if left else times(*done)


def _raised(factor: Expr, exponent: Expr, context: Context) -> Expr | None:
    """factor^exponent, in a form that may leave a product; None where it is not known to be >= 0."""
    if isinstance(factor, sp.exp):
        (u,) = factor.args
        return sp.exp(times(exponent, u), evaluate=False) if context.real(u) else None
    if isinstance(factor, Pow) and factor.base is not S.Exp1:
        u, k = factor.args
        if k.is_Integer and k % 2 == 0 and not context.nonnegative(u) and context.nonnegative(negative(u)):
            u = negative(u)
        if context.nonnegative(u) and context.real(k):
            return power(u, _product(k, exponent))
    if context.nonnegative(factor):
        return power(factor, exponent)
    return None


def _product(k: Expr, exponent: Expr) -> Expr:
    return k * exponent if k.is_Rational and exponent.is_Rational else times(k, exponent)


def _logarithm(term: Expr, context: Context) -> Expr:
    """log(u v) = log(u) + log(v) for u > 0; log(u^k) = k log(u) for u > 0 and real k; log(exp(u)) = u for real u."""
    factors = term.args if isinstance(term, Mul) else (term,)
    done: list[Expr] = []
    left: list[Expr] = []
    for factor in factors:
        one = _logged(factor, context)
        (left if one is None else done).append(factor if one is None else one)
    if (left and len(left) < len(factors)) or done:
        return plus(*done, *([sp.log(times(*left), evaluate=False)] if left else []))
    found: Expr = sp.log(term, evaluate=False)
    return found


def _logged(factor: Expr, context: Context) -> Expr | None:
    """The logarithm of a factor that is known to be > 0."""
    if isinstance(factor, sp.exp):
        return factor.args[0] if context.real(factor.args[0]) else None
    if isinstance(factor, Pow) and factor.base is not S.Exp1:
        u, k = factor.args
        if k.is_Integer and k % 2 == 0 and context.positive(negative(u)):
            u = negative(u)
        if context.positive(u) and context.real(k):
            return times(k, sp.log(u, evaluate=False))
    if context.positive(factor):
        found: Expr = sp.log(factor, evaluate=False)
        return found
    return None


QUARTERS: dict[tuple[type, int], tuple[type, int]] = {
    (sp.sin, 1): (sp.cos, 1), (sp.sin, 2): (sp.sin, -1), (sp.sin, 3): (sp.cos, -1),
    (sp.cos, 1): (sp.sin, -1), (sp.cos, 2): (sp.cos, -1), (sp.cos, 3): (sp.sin, 1),
}
"""sin(u + k pi/2) and cos(u + k pi/2) as a wave in u and a sign."""


def _shifted(term: Expr, context: Context) -> Expr:
    """A wave without quarter turns in its argument: sin(pi/2 - x) is cos(x)."""
    found = context.poly(term.args[0])
    whole = None if found is None else found.terms.get(((PI, 1),))
    if found is None or whole is None or (2 * whole).q != 1 or len(found.terms) == 1 or not bare(term):
        return term
    rest = Poly({m: c for m, c in found.terms.items() if m != ((PI, 1),)})
    names = context.assumptions(term).names
    head, sign = type(term), 1
    if all(c < 0 for c in rest.terms.values()):  # sin(-u) = -sin(u), cos(-u) = cos(u)
        rest, whole, sign = -rest, -whole, -1 if head is sp.sin else 1
    turns = int((2 * whole).p) % 4
    if turns:
        head, turned = QUARTERS[head, turns]
        sign *= turned
    found_wave = head(show(rest, names), evaluate=False)
    return found_wave if sign > 0 else negative(found_wave)


# ---------------------------------------------------------------- products of waves


def waves(term: Expr) -> Expr:
    """The term with products of sines and cosines as sums: cos(u) cos(v) = (cos(u - v) + cos(u + v))/2 and its kin."""
    if isinstance(term, Add):
        return plus(*map(waves, term.args))
    factors = [f for a in (term.args if isinstance(term, Mul) else (term,)) for f in _repeated(a)]
    moving = [f for f in factors if isinstance(f, (sp.sin, sp.cos))]
    if not 2 <= len(moving) <= MOST_WAVES:
        return term
    rest = [f for f in factors if not isinstance(f, (sp.sin, sp.cos))]
    total = [(S.One, moving[0])]
    for wave in moving[1:]:
        total = [(times(c, d), w) for c, v in total for d, w in _pair(v, wave)]
    return plus(*(times(*rest, c, w) for c, w in total))


def _repeated(factor: Expr) -> tuple[Expr, ...]:
    waving = isinstance(factor, Pow) and isinstance(factor.base, (sp.sin, sp.cos))
    if waving and factor.exp in map(Integer, range(2, MOST_WAVES + 1)):
        return (factor.base,) * int(factor.exp)
    return (factor,)


def _pair(one: Expr, other: Expr) -> tuple[tuple[Expr, Expr], tuple[Expr, Expr]]:
    """The product of two waves as the sum of two."""
    if isinstance(one, sp.cos) and isinstance(other, sp.sin):
        one, other = other, one
    u, v = one.args[0], other.args[0]
    head = sp.sin if isinstance(one, sp.sin) is not isinstance(other, sp.sin) else sp.cos
    sign = -HALF if head is sp.cos and isinstance(one, sp.sin) else HALF
    return (HALF, head(minus(u, v), evaluate=False)), (sign, head(plus(u, v), evaluate=False))
