"""Real and imaginary parts, conjugates and absolute values of compound terms.

Promise: `parts(term, context)` has the value of the term at every point that the context allows and where the term is
defined. A conjugate moves into a function only where f(conj w) = conj f(w) holds: for meromorphic functions that are
real on the reals everywhere, for logarithms, roots and inverse functions off their cuts. `split_complex` renames: each
complex symbol z becomes x + i y with real x, y, in the givens too; what is proved there for all x, y is proved for z.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

import sympy as sp
from sympy import Add, Basic, Expr, I, Integer, Mul, Pow, Rational, S, Symbol
from sympy.core.relational import Eq, Ge, Gt, Le, Lt, Ne
from sympy.logic.boolalg import And, Boolean, Not, Or

from derive.core.claims import Given
from derive.core.normal.show import show
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, power, times
from derive.core.terms import Domain, Index, Scalar, Sum, children_in_scope, domain_of, rebuild, substitute
from derive.core.terms.heads import Binder

__all__ = ["cartesian", "cases", "conjugated", "minus", "parts", "plainly", "split_complex", "split_terms"]

HALF = Rational(1, 2)
TWO = Integer(2)
MOST_CASES = 8
LARGEST_POWER = 6

REAL_ON_REALS = frozenset({
    sp.exp, sp.sin, sp.cos, sp.tan, sp.cot, sp.sec, sp.csc, sp.sinh, sp.cosh, sp.tanh, sp.coth, sp.sech, sp.csch,
    sp.gamma, sp.digamma, sp.erf, sp.erfc, sp.sinc, sp.factorial, sp.harmonic, sp.binomial, sp.beta,
    sp.RisingFactorial, sp.FallingFactorial,
})
"""Meromorphic, and real on the reals in every argument: f(conj w) = conj f(w) wherever either is defined."""

EVEN = frozenset({sp.cos, sp.cosh, sp.sec, sp.sech, sp.sinc})

SLIT = frozenset({sp.log, sp.loggamma})
"""The same off (-oo, 0]."""


def minus(term: Expr) -> Expr:
    """The negative."""
    return times(S.NegativeOne, term)


def plainly(term: Expr, context: Context) -> Expr:
    """The term of its normal form; the term itself where it has none."""
    poly = context.poly(term)
    return term if poly is None else show(poly, context.assumptions(term).names)


def _f(head: type, *args: Expr) -> Expr:
    found: Expr = head(*args, evaluate=False)
    return found


# ---------------------------------------------------------------- conjugates


def conjugated(term: Expr, context: Context) -> Expr | None:
    """The conjugate without a bar over anything but a symbol, or None."""
    if isinstance(term, Symbol):
        return term if context.real(term) else _f(sp.conjugate, term)
    if term is S.ImaginaryUnit:
        return times(S.NegativeOne, I)
    if isinstance(term, sp.conjugate):
        return term.args[0]
    if isinstance(term, (sp.Abs, sp.re, sp.im, sp.arg)) or context.real(term):
        return term
    if isinstance(term, (Add, Mul)):
        inner = [conjugated(a, context) for a in term.args]
        return None if None in inner else (plus if isinstance(term, Add) else times)(*inner)
    if isinstance(term, Pow):
        return _conjugated_power(term.args[0], term.args[1], context)
    if isinstance(term, Sum) and len(term.bodies) == 1:
        return _conjugated_sum(term, context)
    if not _passes(term, context):
        return None
    inner = [conjugated(a, context) for a in term.args]
    if None in inner:
        return None
    if term.func in EVEN and _same(inner[0], minus(term.args[0]), context):
        return term
    return _f(term.func, *inner)


def _conjugated_power(base: Expr, exponent: Expr, context: Context) -> Expr | None:
    below, above = conjugated(base, context), conjugated(exponent, context)
    if below is None or above is None:
        return None
    whole = isinstance(exponent, Integer) or context.integer(exponent)
    safe = whole or base is S.Exp1 or _off_negative(base, context)
    return Pow(below, above, evaluate=False) if safe else None


def _conjugated_sum(term: Sum, context: Context) -> Expr | None:
    """The conjugate of a sum over real ranges, term by term: of a limit of partial sums too."""
    body = conjugated(term.bodies[0], context)
    real = all(context.real(end) or end is S.Infinity for _, lo, hi in term.limits for end in (lo, hi))
    return Sum(body, *(index for index, _, _ in term.limits)) if body is not None and real else None


def _passes(term: Expr, context: Context) -> bool:
    """Whether f(conj w) = conj f(w) here."""
    head = term.func
    if head in REAL_ON_REALS:
        return True
    if head in SLIT:
        return len(term.args) == 1 and _off_negative(term.args[0], context)
    if head is sp.zeta:
        return len(term.args) == 1 or context.positive(term.args[1])
    if head is sp.polygamma:
        return isinstance(term.args[0], Integer) and term.args[0] >= 0
    if head in {sp.atan, sp.asinh}:
        return _within_one(times(I, term.args[0]), context)
    if head in {sp.asin, sp.acos, sp.atanh}:
        return _within_one(term.args[0], context)
    return False


# ---------------------------------------------------------------- real and imaginary parts


def cartesian(term: Expr, context: Context) -> tuple[Expr, Expr]:
    """Real and imaginary part as real terms; a compound head that is not known stays under re and im."""
    if context.real(term):
        return term, S.Zero
    if term is S.ImaginaryUnit:
        return S.Zero, S.One
    if isinstance(term, Add):
        pairs = [cartesian(a, context) for a in term.args]
        return plus(*(u for u, _ in pairs)), plus(*(v for _, v in pairs))
    if isinstance(term, Mul):
        total: tuple[Expr, Expr] = (S.One, S.Zero)
        for a in term.args:
            total = _product(total, cartesian(a, context))
        return total
    if isinstance(term, sp.conjugate):
        u, v = cartesian(term.args[0], context)
        return u, minus(v)
    if isinstance(term, Pow):
        return _power_parts(term, context)
    if type(term) in CARTESIAN:
        u, v = cartesian(term.args[0], context)
        return CARTESIAN[type(term)](u, v)
    if isinstance(term, sp.log) and len(term.args) == 1:
        return _f(sp.log, parts(_f(sp.Abs, term.args[0]), context)), _f(sp.im, term)
    return _f(sp.re, term), _f(sp.im, term)


def _product(one: tuple[Expr, Expr], two: tuple[Expr, Expr]) -> tuple[Expr, Expr]:
    (a, b), (c, d) = one, two
    return plus(times(a, c), minus(times(b, d))), plus(times(a, d), times(b, c))


def _power_parts(term: Pow, context: Context) -> tuple[Expr, Expr]:
    base, exponent = term.args
    if base is S.Exp1:
        return _exp_parts(*cartesian(exponent, context))
    u, v = cartesian(base, context)
    if isinstance(exponent, Integer) and 0 < abs(int(exponent)) <= LARGEST_POWER:
        total: tuple[Expr, Expr] = (S.One, S.Zero)
        for _ in range(abs(int(exponent))):
            total = _product(total, (u, v))
        if exponent > 0:
            return total
        size = power(plus(power(u, TWO), power(v, TWO)), exponent)
        return times(total[0], size), minus(times(total[1], size))
    if exponent == HALF:
        size = parts(_f(sp.Abs, base), context)
        real = power(times(HALF, plus(size, u)), HALF)
        if _off_negative(base, context):
            return real, times(_f(sp.sign, v), power(times(HALF, plus(size, minus(u))), HALF))
        return real, _f(sp.im, term)
    if context.positive(base):
        return _exp_parts(*_product((_f(sp.log, base), S.Zero), cartesian(exponent, context)))
    return _f(sp.re, term), _f(sp.im, term)


def _off_negative(term: Expr, context: Context) -> bool:
    """Known not to lie in (-oo, 0); it may be 0."""
    if context.slit(term) or context.also(Ne(term, S.Zero, evaluate=False)).slit(term):
        return True
    return any(
        side < 0 and end >= 0 and _same(inner, term, context) for inner, side, end in _excluded_rays(context)
    )


def _within_one(term: Expr, context: Context) -> bool:
    """Known not to be a real number beyond -1 or 1: 1 - w^2 is not in (-oo, 0)."""
    if _off_negative(plus(S.One, minus(power(term, TWO))), context):
        return True
    rays = [(side, end) for inner, side, end in _excluded_rays(context) if _same(inner, term, context)]
    return any(s < 0 and e >= -1 for s, e in rays) and any(s > 0 and e <= 1 for s, e in rays)


def _same(one: Expr, other: Expr, context: Context) -> bool:
    found = context.poly(plus(one, minus(other)))
    return found is not None and found.is_zero


def _excluded_rays(context: Context) -> Iterator[tuple[Expr, int, Rational]]:
    """(w, side, end) for givens that w is not real and beyond the end: below it (side -1), above it (side 1)."""
    for given in _negated(context.given):
        pieces = given.args if isinstance(given, And) else ()
        axis = [g.lhs.args[0] for g in pieces if isinstance(g, Eq) and isinstance(g.lhs, sp.im) and g.rhs is S.Zero]
        beyond = [g for g in pieces if isinstance(g, (Lt, Le, Gt, Ge))]
        if len(pieces) != 2 or len(axis) != 1 or len(beyond) != 1:
            continue
        (ray,) = beyond
        if isinstance(ray.lhs, sp.re) and ray.lhs.args[0] == axis[0] and isinstance(ray.rhs, Rational):
            yield axis[0], -1 if isinstance(ray, (Lt, Le)) else 1, ray.rhs


def _negated(givens: tuple[Given, ...]) -> Iterator[Boolean]:
    """What is given not to hold."""
    for given in givens:
        if isinstance(given, And):
            yield from _negated(given.args)
        elif isinstance(given, Not):
            inner = given.args[0]
            yield from inner.args if isinstance(inner, Or) else (inner,)


def _exp_parts(u: Expr, v: Expr) -> tuple[Expr, Expr]:
    size = _f(sp.exp, u)
    return times(size, _f(sp.cos, v)), times(size, _f(sp.sin, v))


CARTESIAN: dict[type, Callable[[Expr, Expr], tuple[Expr, Expr]]] = {
    sp.exp: _exp_parts,
    sp.sin: lambda u, v: (times(_f(sp.sin, u), _f(sp.cosh, v)), times(_f(sp.cos, u), _f(sp.sinh, v))),
    sp.cos: lambda u, v: (times(_f(sp.cos, u), _f(sp.cosh, v)), minus(times(_f(sp.sin, u), _f(sp.sinh, v)))),
    sp.sinh: lambda u, v: (times(_f(sp.sinh, u), _f(sp.cos, v)), times(_f(sp.cosh, u), _f(sp.sin, v))),
    sp.cosh: lambda u, v: (times(_f(sp.cosh, u), _f(sp.cos, v)), times(_f(sp.sinh, u), _f(sp.sin, v))),
}


# ---------------------------------------------------------------- rewriting


@lru_cache(maxsize=4096)
def parts(term: Expr, context: Context) -> Expr:
    """The term with re, im, conjugate, Abs and sign of compound terms written out where that is certain."""
    if isinstance(term, Binder) or not children_in_scope(term):
        return term
    args = [parts(a, context) if isinstance(a, Expr) else a for a in term.args]
    match term:
        case sp.conjugate():
            found = conjugated(args[0], context)
            return _f(sp.conjugate, args[0]) if found is None else found
        case sp.re() | sp.im():
            return _part(args[0], context, imaginary=isinstance(term, sp.im))
        case sp.Abs():
            return _modulus(args[0], context)
        case sp.sign():
            return _sign(args[0], context)
    rebuilt: Expr = rebuild(term, args)
    return rebuilt


def _part(inner: Expr, context: Context, *, imaginary: bool) -> Expr:
    """One of re and im."""
    found = cartesian(inner, context)[imaginary]
    if not _inert(found):
        return found
    other = conjugated(inner, context)
    if other is not None and not isinstance(inner, Symbol):
        if imaginary:
            return times(HALF, minus(I), plus(inner, minus(other)))
        return times(HALF, plus(inner, other))
    return found


def _inert(term: Basic) -> bool:
    """Whether a part of a compound term is left."""
    if isinstance(term, (sp.re, sp.im)) and not isinstance(term.args[0], Symbol):
        return True
    return any(_inert(a) for a in term.args)


def _modulus(inner: Expr, context: Context) -> Expr:
    """|w|: of a product the product; |exp(w)| = exp(re w); else the root of w times its conjugate."""
    if context.nonnegative(inner):
        return inner
    if context.nonnegative(minus(inner)):
        return minus(inner)
    if isinstance(inner, Mul):
        return times(*(_modulus(a, context) for a in inner.args))
    if isinstance(inner, (sp.Abs, sp.conjugate)):
        return _modulus(inner.args[0], context)
    if isinstance(inner, sp.exp) or (isinstance(inner, Pow) and inner.args[0] is S.Exp1):
        above = inner.args[-1] if isinstance(inner, Pow) else inner.args[0]
        return _f(sp.exp, _part(above, context, imaginary=False))
    if isinstance(inner, Pow):
        base, exponent = inner.args
        if context.real(exponent):
            return power(_modulus(base, context), exponent)
        if context.positive(base):
            return power(base, _part(exponent, context, imaginary=False))
    if inner is S.ImaginaryUnit:
        return S.One
    if context.real(inner):
        return _f(sp.Abs, inner)
    other = conjugated(inner, context)
    if other is None or isinstance(inner, Symbol):
        return _f(sp.Abs, inner)
    return power(times(inner, other), HALF)


def _sign(inner: Expr, context: Context) -> Expr:
    if context.positive(inner):
        return S.One
    if context.negative(inner):
        return S.NegativeOne
    return _f(sp.sign, inner)


# ---------------------------------------------------------------- complex symbols


def cases(context: Context) -> tuple[Context, ...]:
    """Contexts that together cover every point that this one allows: one for each way to satisfy an Or."""
    flat: list[Given] = []
    for given in context.given:
        flat.extend(given.args if isinstance(given, And) else (given,))
    choice = next((g for g in flat if isinstance(g, Or)), None)
    if choice is None:
        return (Context(tuple(flat), context.names),)
    rest = [g for g in flat if g is not choice]
    found: list[Context] = []
    for branch in choice.args:
        found.extend(cases(Context((*rest, branch), context.names)))
    return tuple(found) if len(found) <= MOST_CASES else (context,)


def split_complex(term: Expr, context: Context) -> tuple[Expr, Context] | None:
    """A term with z = x + i y for every complex symbol, and what is known then; None where there is none."""
    inner, (found,) = split_terms(context, term)
    return None if inner is context else (found, inner)


def split_terms(context: Context, *terms: Expr) -> tuple[Context, tuple[Expr, ...]]:
    """The same for several terms: z = x + i y for every complex symbol; z = x or z = i y where the givens say so."""
    names = {s for t in (*terms, *context.given) for s in t.free_symbols} | set(context.names)
    taken = {s.name for s in names}
    mapping: dict[Symbol, Expr] = {}
    fresh: list[Symbol] = []
    for z in sorted(names, key=lambda s: str(s.name)):
        if isinstance(z, Index) or not isinstance(z, Scalar) or domain_of(z).field != "complex":
            continue
        x, y = (Scalar(_fresh(f"{part}_{z.name}", taken), Domain("real")) for part in ("re", "im"))
        flat = [g for given in context.given for g in (given.args if isinstance(given, And) else (given,))]
        if any(_vanishing(g, sp.im(z, evaluate=False)) for g in flat):
            mapping[z] = x
        elif any(_vanishing(g, sp.re(z, evaluate=False)) for g in flat):
            mapping[z] = times(I, y)
        else:
            mapping[z] = plus(x, times(I, y))
        if domain_of(z).nonzero:
            context = context.also(Ne(z, S.Zero, evaluate=False))
        fresh.extend(s for s in (x, y) if s in mapping[z].free_symbols)
    if not mapping:
        return context, terms
    plain = Context((), (*(n for n in context.names if n not in mapping), *fresh))
    givens = tuple(_split_given(g, mapping, plain) for g in context.given)
    inner = Context(tuple(g for g in givens if g is not S.true), plain.names)
    return inner, tuple(parts(substitute(t, mapping), inner) for t in terms)


def _fresh(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def _vanishing(given: Given, part: Expr) -> bool:
    return isinstance(given, Eq) and {given.lhs, given.rhs} == {part, S.Zero}


def _split_given(given: Given, mapping: dict[Symbol, Expr], context: Context) -> Boolean:
    """A given about the new symbols, with the parts written out."""
    if isinstance(given, (And, Or, Not)):
        inner = [_split_given(a, mapping, context) for a in given.args]
        if isinstance(given, Not) and isinstance(inner[0], (Lt, Le, Gt, Ge)):
            return Not(inner[0], evaluate=False)  # what is not real is not ordered
        return given.func(*inner)
    if not given.args:
        return given
    sides = [parts(substitute(a, mapping), context) for a in given.args]
    if isinstance(given, Eq) and sides[0] == sides[1]:
        return S.true
    return given.func(*sides, evaluate=False)
