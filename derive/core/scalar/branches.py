"""Logarithms, powers and inverse functions of complex terms; equality by equal derivatives.

Promise: `branches(term, context)` has the value of the term at every point that the context allows and where the term
is defined. `constant_difference` is True only where both sides agree at every such point: on each connected piece of
what the variable may be, both are analytic (smooth), their derivatives are equal, and they agree at one point.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import sympy as sp
from flint import fmpq
from sympy import Add, Basic, Expr, I, Integer, Mul, Pow, Rational, S, Symbol
from sympy.core.relational import Eq, Ge, Gt, Le, Lt, Ne, Relational
from sympy.logic.boolalg import Not

from derive.core.claims import Given
from derive.core.normal.atoms import Atom, atom_poly
from derive.core.normal.factoring import factors
from derive.core.normal.show import show
from derive.core.scalar.analytic import smooth
from derive.core.scalar.balls import below
from derive.core.scalar.constants import constants_equal, logarithms
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import derivative, plus, power, times
from derive.core.scalar.intervals import bounds_in, flat, undefined_at
from derive.core.scalar.parts import cartesian, minus, plainly
from derive.core.scalar.radicals import factored
from derive.core.scalar.zero import equal
from derive.core.terms import Scalar, children_in_scope, domain_of, rebuild, substitute
from derive.core.terms.heads import Binder

__all__ = ["branches", "constant_difference", "constants_equal", "logarithms"]

HALF = Rational(1, 2)


# ---------------------------------------------------------------- rewriting over the cuts


@lru_cache(maxsize=4096)
def branches(term: Expr, context: Context) -> Expr:
    """The term with logarithms and roots of products, negatives and exponentials taken apart where that is certain."""
    if isinstance(term, Binder) or not children_in_scope(term):
        return term
    args = [branches(a, context) if isinstance(a, Expr) else a for a in term.args]
    if isinstance(term, sp.log) and len(args) == 1:
        return _log(args[0], context)
    if isinstance(term, Pow) and isinstance(args[1], Rational) and not isinstance(args[1], Integer):
        return _root(args[0], args[1], context)
    rebuilt: Expr = rebuild(term, args)
    return rebuilt


def _log(inner: Expr, context: Context) -> Expr:
    above = _exponent(inner)
    if above is not None and _in_strip(above, context):
        return above
    pair = _pair(inner, context)
    if pair is not None:
        one, two, e = pair
        return plus(_log(one, context), times(Integer(e), _log(two, context)))
    if context.negative(inner):
        return plus(sp.log(plainly(minus(inner), context), evaluate=False), times(I, sp.pi))
    turned = _turned(inner, context)
    if turned is not None:
        other, sign = turned
        return plus(sp.log(other, evaluate=False), times(Integer(sign), I, sp.pi))
    return sp.log(inner, evaluate=False)


def _exponent(inner: Expr) -> Expr | None:
    if isinstance(inner, sp.exp):
        return inner.args[0]
    return inner.args[1] if isinstance(inner, Pow) and inner.args[0] is S.Exp1 else None


def _in_strip(term: Expr, context: Context) -> bool:
    """-pi < im(term) <= pi."""
    if context.real(term):
        return True
    for height in (cartesian(term, context)[1], sp.im(term, evaluate=False)):
        if context.positive(plus(sp.pi, height)) and context.nonnegative(plus(sp.pi, minus(height))):
            return True
    return False


def _root(base: Expr, exponent: Rational, context: Context) -> Expr:
    pair = _pair(base, context)
    if pair is not None:
        one, two, e = pair
        return times(_root(one, exponent, context), _root(two, exponent * e, context))
    turned = _turned(base, context)
    if turned is not None:
        other, sign = turned
        unit = Pow(S.NegativeOne, exponent * sign, evaluate=False)
        return times(unit, Pow(other, exponent, evaluate=False))
    if context.negative(base) or (exponent > 0 and context.nonnegative(minus(base))):
        return times(Pow(S.NegativeOne, exponent, evaluate=False), Pow(minus(base), exponent, evaluate=False))
    if isinstance(base, Pow) and _narrow(base.args[0], base.args[1], context):
        return Pow(base.args[0], base.args[1] * exponent, evaluate=False)
    return Pow(base, exponent, evaluate=False)


def _narrow(term: Expr, k: Expr, context: Context) -> bool:
    """Known that (term^k)^s = term^(k s): the argument is less than pi/|k|."""
    return k in {2, -1, -2} and context.positive(cartesian(term, context)[0])


def _turned(term: Expr, context: Context) -> tuple[Expr, int] | None:
    """(w, sign) with term = -w, arg(term) = arg(w) + sign pi; w is the one that reads better."""
    poly = context.poly(term)
    if poly is None or poly.is_zero or max(poly, -poly, key=lambda p: p.key) == poly or context.real(term):
        return None
    other = show(-poly, context.assumptions(term).names)
    _, height = cartesian(other, context)
    if context.positive(height):
        return other, -1
    if context.negative(height):
        return other, 1
    return None


def _pair(term: Expr, context: Context) -> tuple[Expr, Expr, int] | None:
    """(a, b, e) with term = a b^e, e = 1 or -1, and arg(term) = arg(a) + e arg(b), wherever neither is 0.

    So it is where the parts of a and b are on sides of the real axis that keep the sum of the angles in (-pi, pi]: b =
    r - c a (for e = -1: r + c a) with r, c >= 0; or where both lie to the right of the imaginary axis.
    """
    for one, two, e in _splittings(term, context):
        if _fits(one, two, e, context):
            return one, two, e
    return None


def _splittings(term: Expr, context: Context) -> Iterator[tuple[Expr, Expr, int]]:
    poly = context.poly(term)
    if poly is None:
        return
    names = context.assumptions(term).names
    found = factors(poly)
    if found is None:
        return
    content, *rest = found
    parts = [(show(p, names), e) for p, e in rest]
    if content[0].constant not in {fmpq(1), fmpq(-1)} and len(parts) == 1:
        return
    scale = show(content[0], names)
    if len(parts) == 2 and {abs(e) for _, e in parts} == {1}:
        (f, m), (g, n) = parts
        for (one, d), (two, e) in (((f, m), (g, n)), ((g, n), (f, m))):
            if d != 1:
                continue
            for sign in (S.One, S.NegativeOne) if scale.is_negative else (S.One,):
                weight = times(sign, scale)
                yield times(weight, one), times(sign, two), e
    if len(parts) == 1 and parts[0][1] == 1:
        yield from _over_i(times(scale, parts[0][0]), context)


def _over_i(term: Expr, context: Context) -> Iterator[tuple[Expr, Expr, int]]:
    """1 + w^2 = (1 + i w)(1 - i w), for a term that is r^2 + w^2 with rational r and one symbol w."""
    for w in sorted(term.free_symbols, key=lambda s: str(s.name)):
        rest = substitute(term, {w: S.Zero})
        square = times(I, w)
        if equal(term, plus(rest, power(w, Integer(2))), context) and equal(rest, S.One, context):
            yield plus(S.One, square), plus(S.One, minus(square)), 1


def _fits(one: Expr, two: Expr, e: int, context: Context) -> bool:
    (a, b), (c, d) = cartesian(one, context), cartesian(two, context)
    if context.positive(a) and context.positive(c):
        return True
    opposite = minus(d) if e == 1 else d
    ratio = _ratio(opposite, b, context)
    if ratio is None or not context.nonnegative(ratio):
        return False
    rest = plus(c, times(ratio, a) if e == 1 else minus(times(ratio, a)))
    return context.nonnegative(rest)


def _ratio(above: Expr, below_it: Expr, context: Context) -> Expr | None:
    """The r with above = r * below, at every point, also where below is 0."""
    quotient = context.poly(times(above, power(below_it, S.NegativeOne)))
    if quotient is None:
        return None
    found = show(quotient, context.assumptions(above, below_it).names)
    return found if equal(above, times(found, below_it), context) else None


# ---------------------------------------------------------------- equal derivatives


def constant_difference(left: Expr, right: Expr, x: Symbol, context: Context) -> bool:
    """Whether the sides agree, by their derivatives with respect to x and their values at one point of each piece."""
    names = left.free_symbols | right.free_symbols
    if not isinstance(x, Scalar) or domain_of(x).field == "integer" or x not in names:
        return False
    if _is_rational(left, x) and _is_rational(right, x):  # then algebra says all there is to say of x
        return False
    return all(_on_piece(left, right, x, inner, points) for inner, points in _pieces(x, context)) and all(
        any(undefined_at(side, {x: end}, context.without(x)) for side in (left, right))
        or _same_at(left, right, x, end, context) for end in _closed_ends(x, context)
    )


def _is_rational(term: Basic, x: Symbol) -> bool:
    """Whether a term is a rational function of x."""
    if x not in term.free_symbols or isinstance(term, Symbol):
        return True
    if isinstance(term, Pow):
        return isinstance(term.args[1], Integer) and _is_rational(term.args[0], x)
    return isinstance(term, (Add, Mul)) and all(_is_rational(a, x) for a in term.args)


def _closed_ends(x: Symbol, context: Context) -> list[Expr]:
    """The ends that the pieces leave out: of the domain, and of what is given to be <= or >=."""
    domain = domain_of(x)
    ends = ((domain.lo, domain.lo_open), (domain.hi, domain.hi_open))
    found = [end for end, left_out in ends if end is not None and not left_out and not (domain.nonzero and end == 0)]
    if domain.field != "complex":
        found += [end for g in flat(context.given) if x in g.free_symbols for end in _weak_ends(g, x, context)]
    return found


def _weak_ends(given: Given, x: Symbol, context: Context) -> list[Expr]:
    """The ends that a given lets x take."""
    return [end for (end, left_out), _ in bounds_in(given, x, context.without(x)) if not left_out]


def _opened(given: Given, x: Symbol, context: Context) -> Given:
    """The given without its ends, where these are known."""
    strict = {Le: Lt, Ge: Gt}.get(type(given))
    return given if strict is None or not _weak_ends(given, x, context) else strict(*given.args, evaluate=False)


POINTS = (
    S.Zero, S.One, S.NegativeOne, HALF, -HALF, Integer(2), Integer(-2), Rational(1, 4), Rational(-1, 4), Integer(4),
    Integer(-4), sp.pi / 4, sp.pi / 2, Integer(10), Integer(-10), Rational(1, 10), Rational(-1, 10),
)
"""Where both sides are compared: the simplest points first."""


def _on_piece(left: Expr, right: Expr, x: Symbol, context: Context, points: tuple[Expr, ...]) -> bool:
    if not (smooth(left, x, context) and smooth(right, x, context)):
        return False
    one, two = derivative(left, x), derivative(right, x)
    if one is None or two is None:
        return False
    if not (equal(one, two, context) or equal(_over_common(one, context), _over_common(two, context), context)):
        return False
    return any(_agree_at(left, right, x, p, context) for p in points)


def _over_common(term: Expr, context: Context) -> Expr:
    """The term with what stands below its lines over a common denominator."""
    if isinstance(term, Binder) or not children_in_scope(term):
        return term
    args = [_over_common(a, context) if isinstance(a, Expr) else a for a in term.args]
    if isinstance(term, Pow) and isinstance(args[1], Integer) and args[1] < 0:
        found = factored(args[0], context)
        if found is not None:
            return times(*(power(base, e * args[1]) for base, e in found))
    rebuilt: Expr = rebuild(term, args)
    return rebuilt


def _agree_at(left: Expr, right: Expr, x: Symbol, p: Expr, context: Context) -> bool:
    return _allows(context, x, p) and _same_at(left, right, x, p, context)


def _same_at(left: Expr, right: Expr, x: Symbol, p: Expr, context: Context) -> bool:
    """Whether both sides agree at x = p; nothing is used of what is given about x."""
    a, b = substitute(left, {x: p}), substitute(right, {x: p})
    outer = context.without(x)
    if not (a.free_symbols | b.free_symbols):
        return constants_equal(a, b)
    return equal(a, b, outer) or any(constant_difference(a, b, y, outer) for y in _variables(a, b))


def _variables(*terms: Expr) -> list[Symbol]:
    names = {s for t in terms for s in t.free_symbols}
    return sorted((s for s in names if isinstance(s, Scalar)), key=lambda s: str(s.name))


def _allows(context: Context, x: Symbol, p: Expr) -> bool:
    """Whether x = p satisfies what the context says of x, whatever the other symbols are."""
    domain = domain_of(x)
    if domain.lo is not None and not (below(domain.lo, p) or (p == domain.lo and not domain.lo_open)):
        return False
    if domain.hi is not None and not (below(p, domain.hi) or (p == domain.hi and not domain.hi_open)):
        return False
    outer = context.without(x)
    return all(outer.truth(_at(g, x, p)) is True for g in context.given if x in g.free_symbols)


def _at(given: Given, x: Symbol, p: Expr) -> Given:
    found: Given = given.func(*(substitute(a, {x: p}) for a in given.args), evaluate=False)
    return found


def _pieces(x: Symbol, context: Context) -> Iterator[tuple[Context, tuple[Expr, ...]]]:
    """Connected sets that cover all that the context allows of x, each with points to look at.

    Only givens that leave a convex set are kept, and over the complex numbers such as take points out of an open one.
    """
    others = [g for g in flat(context.given) if x not in g.free_symbols]
    mine = [g for g in flat(context.given) if x in g.free_symbols]
    kept = [g for g in mine if _convex(g, x)]
    holes = [h for g in mine if (h := _hole(g, x)) is not None]
    if domain_of(x).nonzero:
        holes.append(S.Zero)
    if domain_of(x).field == "complex":
        punctures = [Ne(x, h, evaluate=False) for h in holes]
        if punctures:
            kept = [g for g in kept if isinstance(g, (Lt, Gt))]
        yield Context((*others, *kept, *punctures), context.names), POINTS + tuple(times(I, p) for p in POINTS[1:4])
        return
    inner = Context((*others, *(_opened(g, x, context) for g in kept)), context.names)
    middle = _middle(kept, x)
    points = POINTS if middle is None else (middle, *POINTS)
    domain = domain_of(x)
    first = S.NegativeInfinity if domain.lo is None else domain.lo
    last = S.Infinity if domain.hi is None else domain.hi
    edges = [h for h in sorted({h for h in holes if isinstance(h, Rational)}) if first < h < last]
    for lo, hi in zip([first, *edges], [*edges, last], strict=True):
        near = (lo + 1,) if lo is not S.NegativeInfinity else ()
        yield inner.within(x, lo, hi), (*points, *near, *((hi - 1,) if hi is not S.Infinity else ()))


def _middle(kept: list[Given], x: Symbol) -> Expr | None:
    """The middle between two numbers that x is given to lie between."""
    ends = [g.rhs if g.lhs == x else g.lhs for g in kept if isinstance(g, Relational) and x in g.args]
    known = sorted({e for e in ends if not e.free_symbols}, key=str)
    return times(HALF, plus(*known)) if len(known) == 2 else None


def _hole(given: Given, x: Symbol) -> Expr | None:
    """The value that a given takes from x."""
    if isinstance(given, Not) and isinstance(given.args[0], Eq):
        given = Ne(*given.args[0].args, evaluate=False)
    if isinstance(given, Ne) and x in given.args:
        other = given.args[1] if given.args[0] == x else given.args[0]
        return other if isinstance(other, Expr) and x not in other.free_symbols else None
    return None


def _convex(given: Given, x: Symbol) -> bool:
    """Whether a given leaves a convex set of x: affine comparisons in x, re(x), im(x), and |x - c| < r."""
    if not isinstance(given, (Lt, Le, Gt, Ge)):
        return False
    low, high = (given.lhs, given.rhs) if isinstance(given, (Lt, Le)) else (given.rhs, given.lhs)
    if isinstance(low, sp.Abs) and x not in high.free_symbols and _affine(low.args[0], x, plain=True):
        return True
    return _affine(plus(high, minus(low)), x, plain=domain_of(x).field != "complex")


def _affine(term: Expr, x: Symbol, *, plain: bool) -> bool:
    """Whether a term is affine in x, or else in re(x) and im(x)."""
    poly = Context().poly(term)
    if poly is None:
        return False
    for mono in poly.terms:
        mine = [(a, e) for a, e in mono if _mentions(a, x)]
        if mine and (len(mine) > 1 or mine[0][1] != 1 or not _is_part(mine[0][0], x, plain=plain)):
            return False
    return True


def _mentions(atom: Atom, x: Symbol) -> bool:
    return any((a.kind, a.name) == ("s", x.name) for a in atom_poly(atom).all_atoms())


def _is_part(atom: Atom, x: Symbol, *, plain: bool) -> bool:
    """Whether an atom is x itself, or else re(x) or im(x)."""
    if plain:
        return (atom.kind, atom.name) == ("s", x.name)
    inner = atom.args[0].atom if atom.args else None
    return atom.kind == "f" and atom.name in {"re", "im"} and inner is not None and _is_part(inner, x, plain=True)
