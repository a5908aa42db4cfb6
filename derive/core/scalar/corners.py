"""Where a continuous function of one real variable may fail to be smooth.

Promise: between two neighbouring points of `corners(term, x, context)`, and before the first and after the last, the
term is smooth in x; it is continuous on the whole open interval that the context gives x. The points are guessed at
(zeros of what stands under a bar or a root), and what is said of them is then checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cmp_to_key

import sympy as sp
from flint import ctx, fmpq
from sympy import Add, Expr, Integer, Mul, Pow, Rational, S, Symbol, pi
from sympy.core.relational import Ge, Gt, Le, Lt, Relational

from derive.core.normal.atoms import Mono, Poly
from derive.core.normal.factoring import factors
from derive.core.scalar.analytic import continuous, smooth
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.ranges import PRECISION
from derive.core.terms import subterms

__all__ = ["corners"]

MOST = 24
"""More candidates are not looked at."""


def corners(term: Expr, x: Symbol, context: Context) -> list[Expr] | None:
    """Isolated points, in order, between which the term is smooth, and at which it is continuous; or None."""
    if smooth(term, x, context):
        return []
    if not continuous(term, x, context):
        return None
    found = _inside(dict.fromkeys(_candidates(term, x, context)), x, context)
    points = None if found is None else _in_order(found, context)
    if not points:
        return None
    low, high = _ends(x, context)
    around = context.without(x)
    pieces = zip((low, *points), (*points, high), strict=True)
    return points if all(smooth(term, x, around.within(x, a, b)) for a, b in pieces) else None


def _ends(x: Symbol, context: Context) -> tuple[Expr, Expr]:
    """The ends that were last given for x."""
    low: Expr = S.NegativeInfinity
    high: Expr = S.Infinity
    for given in context.given:
        if isinstance(given, (Gt, Ge)) and given.lhs == x:
            low = given.rhs
        elif isinstance(given, (Lt, Le)) and given.lhs == x:
            high = given.rhs
    return low, high


def _inside(points: dict[Expr, None], x: Symbol, context: Context) -> list[Expr] | None:
    """The points between the ends; None where that is not known of one."""
    low, high = _ends(x, context)
    around = context.without(x)
    kept: list[Expr] = []
    for point in points:
        above = low is S.NegativeInfinity or around.positive(_minus(point, low))
        below = high is S.Infinity or around.positive(_minus(high, point))
        if above and below:
            kept.append(point)
        elif not (_beyond(low, point, around) or _beyond(point, high, around)):
            return None
    return kept if len(kept) <= MOST else None


def _beyond(a: Expr, b: Expr, context: Context) -> bool:
    """Known that b <= a."""
    return not a.is_infinite and not b.is_infinite and context.nonnegative(_minus(a, b))


def _in_order(points: Sequence[Expr], context: Context) -> list[Expr] | None:
    """The points from the least, without repetition; None where two cannot be compared."""
    kept: list[Expr] = []
    for point in points:
        found = [context.poly(_minus(point, other)) for other in kept]
        if not any(poly is not None and poly.is_zero for poly in found):
            kept.append(point)
    for k, a in enumerate(kept):
        if not all(context.positive(_minus(a, b)) or context.positive(_minus(b, a)) for b in kept[:k]):
            return None
    return sorted(kept, key=cmp_to_key(lambda a, b: 1 if context.positive(_minus(a, b)) else -1))


def _minus(a: Expr, b: Expr) -> Expr:
    return plus(a, times(S.NegativeOne, b))


# ---------------------------------------------------------------- candidates

def _candidates(term: Expr, x: Symbol, context: Context) -> Iterator[Expr]:
    """Zeros of what stands under a bar, a sign, a root, in a condition, or of differences under Max and Min."""
    for part in subterms(term):
        if x not in part.free_symbols:
            continue
        match part:
            case sp.Abs() | sp.sign():
                yield from _zeros(part.args[0], x, context)
            case sp.Max() | sp.Min():
                for k, u in enumerate(part.args):
                    for v in part.args[:k]:
                        yield from _zeros(_minus(u, v), x, context)
            case Pow() if isinstance(part.exp, Rational) and not isinstance(part.exp, Integer):
                yield from _zeros(part.base, x, context)
            case Relational():
                yield from _zeros(_minus(part.lhs, part.rhs), x, context)


def _zeros(term: Expr, x: Symbol, context: Context) -> Iterator[Expr]:
    """Some points at which a term may vanish."""
    match term:
        case Mul():
            for factor in term.args:
                yield from _zeros(factor, x, context)
            return
        case Pow() if x not in term.exp.free_symbols:
            yield from _zeros(term.base, x, context)
            return
        case sp.sin() | sp.tan():
            yield from _turns(term.args[0], x, S.Zero, context)
            return
        case sp.cos() | sp.cot():
            yield from _turns(term.args[0], x, S.Half, context)
            return
        case sp.log():
            yield from _zeros(_minus(term.args[0], S.One), x, context)
            return
    poly, signs = context.poly(term), context.signs(term)
    if poly is None or signs is None:
        return
    for part, e in factors(poly) or []:
        parts = _coefficients(part, x) if e > 0 else None
        if parts is not None:
            yield from _roots(*map(signs.term, parts))
        elif e > 0 and part != poly and part.constant is None:
            yield from _zeros(signs.term(part), x, context)
        for atom in dict.fromkeys(part.atoms()):
            if parts is None and (atom.kind, atom.name) in {("f", "sin"), ("f", "cos")}:
                yield from _turns(signs.term(atom.args[0]), x, S.Zero, context)
                yield from _turns(signs.term(atom.args[0]), x, S.Half, context)


def _coefficients(poly: Poly, x: Symbol) -> tuple[Poly, Poly, Poly] | None:
    """a, b, c with the polynomial a*x^2 + b*x + c."""
    parts: list[dict[Mono, fmpq]] = [{}, {}, {}]
    for mono, value in poly.terms.items():
        e = next((e for atom, e in mono if atom.kind == "s" and atom.name == x.name), 0)
        rest = tuple(f for f in mono if not (f[0].kind == "s" and f[0].name == x.name))
        deep = (a for arg in rest for inner in arg[0].args for a in inner.all_atoms())
        if e not in {0, 1, 2} or any(a.kind == "s" and a.name == x.name for a in deep):
            return None
        parts[2 - int(e)][rest] = value
    return Poly(parts[0]), Poly(parts[1]), Poly(parts[2])


def _roots(a: Expr, b: Expr, c: Expr) -> Iterator[Expr]:
    if a is S.Zero and b is not S.Zero:
        yield times(S.NegativeOne, c, power(b, S.NegativeOne))
    if a is not S.Zero:
        inside = plus(times(b, b), times(Integer(-4), a, c))
        for sign in (S.One, S.NegativeOne):
            root = times(sign, power(inside, S.Half))
            yield times(S.Half, plus(times(S.NegativeOne, b), root), power(a, S.NegativeOne))


def _turns(term: Expr, x: Symbol, shift: Rational, context: Context) -> Iterator[Expr]:
    """Where a*x + b is (k + shift)*pi, for the k that a bounded range of it allows."""
    poly, signs = context.poly(term), context.signs(term)
    parts = None if poly is None else _coefficients(poly, x)
    if parts is None or signs is None or not parts[0].is_zero or parts[1].is_zero:
        return
    a, b = signs.term(parts[1]), signs.term(parts[2])
    values = context.region(times(term, power(pi, S.NegativeOne))).re
    if values.lo is None or values.hi is None:
        return
    with ctx.workprec(PRECISION):
        first, last = values.lo.ball.lower().floor().unique_fmpz(), values.hi.ball.upper().ceil().unique_fmpz()
    if first is None or last is None or last - first > MOST:
        return
    for k in range(int(first) - 1, int(last) + 1):
        turn = times(Add(Integer(k), shift), pi)
        yield times(plus(turn, times(S.NegativeOne, b)), power(a, S.NegativeOne))
