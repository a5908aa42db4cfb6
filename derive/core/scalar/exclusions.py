"""What is known not to be: 0, on the cut of the logarithm, an integer.

Promise: as for `Context`, which asks.
"""

from __future__ import annotations

import sympy as sp
from flint import ctx, fmpq, fmpz
from sympy import Add, Expr, Integer, Mul, NumberSymbol, Pow, Rational, S, Symbol, pi

from derive.core.normal.atoms import Atom, Poly
from derive.core.normal.factoring import factors
from derive.core.normal.ring import primitive
from derive.core.scalar.answers import Asked, minus
from derive.core.scalar.differentiate import plus, times
from derive.core.scalar.givens import Gap
from derive.core.scalar.polysigns import Signs
from derive.core.scalar.ranges import PRECISION, closed
from derive.core.scalar.regions import Region
from derive.core.scalar.waves import HALF_PI
from derive.core.terms import domain_of

__all__ = ["mirrored", "nonzero_by_factors", "nonzero_by_shape", "not_integer", "slit"]

HALF_TURN_MONO = ((Atom("I"), 1), (Atom("c", "pi"), 1))
HALF_TURN = closed(HALF_PI.ball * 2, pi)


def nonzero_by_shape(term: Expr, context: Asked) -> bool:
    """Not 0, by what it is made of."""
    mirror = mirrored(term)
    if mirror is not None:
        return context.nonzero(mirror)
    match term:
        case Mul():
            return all(map(context.nonzero, term.args))
        case Pow():
            bare = term.base == term.exp and context.integer(term.exp) and context.nonnegative(term.exp)
            return term.base is S.Exp1 or bare or context.nonzero(term.base)
        case Add():
            return _by_conjugate(term, context)
        case sp.exp() | sp.gamma() | sp.factorial():
            return True
        case sp.RisingFactorial():
            z, n = term.args
            return context.integer(n) and context.nonnegative(n) and not_integer(z, context, at_most=0)
        case sp.Abs() | sp.conjugate() | sp.sign():
            return context.nonzero(term.args[0])
        case sp.sin():
            return not_integer(times(term.args[0], Pow(pi, -1, evaluate=False)), context)
        case sp.cos():
            return not_integer(plus(times(term.args[0], Pow(pi, -1, evaluate=False)), S.Half), context)
        case sp.log() if len(term.args) == 1:
            return context.nonzero(minus(term.args[0], S.One))
        case sp.sinh() | sp.tanh() if context.real(term.args[0]):
            return context.nonzero(term.args[0])
    return False


def _by_conjugate(term: Add, context: Asked) -> bool:
    """a + b r with a square root r, where (a + b r)(a - b r) is a number other than 0."""
    for root in dict.fromkeys(f for a in term.args for f in Mul.make_args(a)):
        if isinstance(root, Pow) and root.exp == S.Half:
            turned = (times(S.NegativeOne, a) if root in Mul.make_args(a) else a for a in term.args)
            found = context.poly(times(term, plus(*turned)))
            if found is not None and found.constant is not None and found.constant != 0:
                return True
    return False


def nonzero_by_factors(poly: Poly, context: Asked, signs: Signs) -> bool:
    """Not 0, by the irreducible factors of the normal form."""
    if signs.facts.not_zero(poly) or _left_out(poly, context, signs) or _off_one(poly, context, signs):
        return True
    w = _root_of_rest(poly, signs)
    if w is not None and context.nonzero(minus(S.One, w)) and context.nonzero(plus(S.One, w)):
        return True
    found = factors(poly)
    if found is None:
        return False
    parts = [part for part, e in found if part.constant is None and e > 0]
    return all(_factor_nonzero(part, context, signs) for part in parts)


def _factor_nonzero(part: Poly, context: Asked, signs: Signs) -> bool:
    if signs.facts.not_zero(part) or signs.least(part) == 1 or signs.least(-part) == 1:
        return True
    if _left_out(part, context, signs) or _off_one(part, context, signs):
        return True
    term = signs.term(part)
    return context.region(term).nonzero or nonzero_by_shape(term, context)


def _off_one(poly: Poly, context: Asked, signs: Signs) -> bool:
    """c - c*e^u, or c + c*e^u, is 0 only where u/(2 i pi), or that plus 1/2, is an integer."""
    c = poly.terms.get((), fmpq(0))
    others = [(mono, v) for mono, v in poly.terms.items() if mono]
    if len(others) != 1 or abs(others[0][1]) != abs(c):
        return False
    total = Poly({})
    for atom, e in others[0][0]:
        if (atom.kind, atom.name) == ("f", "exp"):
            total = total + atom.args[0].scale(fmpq(e.numerator, e.denominator))
        elif atom.kind == "u":
            total = total + Poly({HALF_TURN_MONO: fmpq(e.numerator, e.denominator)})
        else:
            return False
    turns = times(signs.term(total), Rational(1, 2), Pow(times(S.ImaginaryUnit, pi), -1, evaluate=False))
    return not_integer(turns if others[0][1] == -c else plus(turns, S.Half), context)


def _left_out(part: Poly, context: Asked, signs: Signs) -> bool:
    """Whether a given excludes it: as a factor of something that is not 0, on a cut, or an integer that is left out."""
    turned = signs.times_i(part)
    for given in context.known.apart:
        poly = context.poly(given)
        for other, _ in (factors(poly) if poly is not None else None) or []:
            if _ratio(part, other) is not None or (turned is not None and _ratio(turned, other) is not None):
                return True
    for cut in context.known.cuts:
        poly = context.poly(cut)
        shift = None if poly is None else _shift(part, poly)
        if shift is not None and shift >= 0:
            return True
    return bool(context.known.gaps) and not_integer(signs.term(primitive(part)[1]), context, 0, 0)


def _ratio(a: Poly, b: Poly) -> fmpq | None:
    """r with a = r*b."""
    mono = next(iter(a.terms), None)
    if mono is None or mono not in b.terms or a.constant is not None:
        return None
    ratio = a.terms[mono] / b.terms[mono]
    return ratio if a == b.scale(ratio) else None


def _shift(a: Poly, b: Poly) -> fmpq | None:
    """s with a = r*(b + s) for rationals r, s."""
    mono = next((m for m in a.terms if m), None)
    if mono is None or mono not in b.terms:
        return None
    ratio = a.terms[mono] / b.terms[mono]
    rest = (a - b.scale(ratio)).constant
    return None if rest is None else rest / ratio


def mirrored(term: Expr) -> Expr | None:
    """The conjugate of a rational expression, where that has fewer conjugates in it."""
    if not term.has(sp.conjugate):
        return None
    found = _mirror(term)
    if found is None or found.count(sp.conjugate) >= term.count(sp.conjugate):
        return None
    return found


def _mirror(term: Expr) -> Expr | None:
    match term:
        case sp.conjugate():
            return term.args[0]
        case Rational() | NumberSymbol():
            return term
        case S.ImaginaryUnit:
            return times(S.NegativeOne, term)
        case Symbol():
            return term if domain_of(term).field != "complex" else sp.conjugate(term, evaluate=False)
        case Pow() if isinstance(term.exp, Integer):
            base = _mirror(term.base)
            return None if base is None else Pow(base, term.exp, evaluate=False)
        case Add() | Mul():
            parts = [_mirror(arg) for arg in term.args]
            return None if None in parts else (plus if isinstance(term, Add) else times)(*parts)
    return None


def parts_of(term: Expr, context: Asked) -> tuple[Expr, Expr] | None:
    """The real and the imaginary part of a polynomial in real things and i."""
    poly, signs = context.poly(term), context.signs(term)
    if poly is None or signs is None:
        return None
    turned = {mono: c for mono, c in poly.terms.items() if any(atom.kind == "I" for atom, _ in mono)}
    straight = Poly({mono: c for mono, c in poly.terms.items() if mono not in turned})
    across = Poly({tuple(f for f in mono if f[0].kind != "I"): c for mono, c in turned.items()})
    if not turned or not signs.real(straight) or not signs.real(across):
        return None
    return signs.term(straight), signs.term(across)


# ---------------------------------------------------------------- the cut of the logarithm


def slit(term: Expr, context: Asked) -> bool:
    """No real number <= 0."""
    if context.region(term).slit or context.positive(term):
        return True
    with ctx.workprec(PRECISION):
        return _slit_by_shape(term, context)


def _slit_by_shape(term: Expr, context: Asked) -> bool:
    """No real number <= 0, by what it is made of or by what is given."""
    mirror = mirrored(term)
    if mirror is not None:
        return context.slit(mirror)
    match term:
        case sp.conjugate():
            return context.slit(term.args[0])
        case sp.exp():
            return (HALF_TURN - context.region(term.args[0]).im.absolute()).positive
        case Pow() if isinstance(term.exp, Rational) and abs(term.exp) <= 1:
            return context.slit(term.base)
        case Mul():
            rest = [f for f in term.args if not context.positive(f)]
            if len(rest) == 1 and len(rest) < len(term.args):
                return context.slit(rest[0])
    parts = parts_of(term, context)
    if parts is not None and (context.nonzero(parts[1]) or context.positive(parts[0])):
        return True
    poly = context.poly(term)
    return poly is not None and (_beyond_cut(term, poly, context) or _no_square(term, poly, context))


def _beyond_cut(term: Expr, poly: Poly, context: Asked) -> bool:
    """A positive multiple of what is off the cut, plus a number >= 0."""
    for cut in context.known.cuts:
        known = context.poly(cut)
        if known is None:
            continue
        mono = next((m for m in poly.terms if m and m in known.terms), None)
        if mono is None:
            continue
        ratio = poly.terms[mono] / known.terms[mono]
        signs = context.signs(term, cut)
        if ratio > 0 and signs is not None and signs.least(poly - known.scale(ratio)) is not None:
            return True
    return False


def _no_square(term: Expr, poly: Poly, context: Asked) -> bool:
    """c - w^2 = (s - w)(s + w) with s = sqrt(c): on the cut only where w is real and |w| >= s."""
    signs = context.signs(term)
    w = None if signs is None else _root_of_rest(poly, signs)
    if w is None:
        return False
    if context.region(w).im.nonzero:
        return True
    return context.slit(minus(S.One, w)) and context.slit(plus(S.One, w))


def _root_of_rest(poly: Poly, signs: Signs) -> Expr | None:
    """w with the polynomial a positive multiple of 1 - w^2."""
    c = poly.terms.get((), fmpq(0))
    rest = Poly({m: -v / c for m, v in poly.terms.items() if m}) if c > 0 else None
    single = None if rest is None else rest.single
    if single is None or not all(isinstance(e, int) and e % 2 == 0 for _, e in single[1]):
        return None
    scale, turned = abs(single[0]), single[0] < 0
    root = fmpq(fmpz(scale.p).root(2), fmpz(scale.q).root(2))
    if root * root != scale:
        return None
    found = signs.term(Poly({tuple((a, e // 2) for a, e in single[1]): root}))
    return times(S.ImaginaryUnit, found) if turned else found


# ---------------------------------------------------------------- integers


def not_integer(term: Expr, context: Asked, at_most: int | None = None, at_least: int | None = None) -> bool:
    """Not an integer in a range."""
    mirror = mirrored(term)
    if mirror is not None:
        return not_integer(mirror, context, at_most, at_least)
    region = context.region(term)
    parts = parts_of(term, context)
    if region.im.nonzero or (parts is not None and context.nonzero(parts[1])):
        return True
    if context.positive(term) and context.positive(minus(S.One, term)):
        return True
    for part in (term, sp.re(term, evaluate=False)):
        if at_most is not None and context.positive(minus(part, Integer(at_most))):
            return True
        if at_least is not None and context.positive(minus(Integer(at_least), part)):
            return True
    if region.real and _between_integers(region):
        return True
    return any(_covers(gap, term, at_most, at_least, context) for gap in context.known.gaps)


def _between_integers(region: Region) -> bool:
    lo, hi = region.re.lo, region.re.hi
    if lo is None or hi is None:
        return False
    below = lo.ball.lower().floor().unique_fmpz()
    if below is None:
        return False
    over = lo.ball > below or (lo.open and lo.term == Integer(int(below)))
    under = hi.ball < below + 1 or (hi.open and hi.term == Integer(int(below) + 1))
    return over and under


def _covers(gap: Gap, term: Expr, at_most: int | None, at_least: int | None, context: Asked) -> bool:
    """Whether every integer value asked about would make a number an integer that a given leaves out.

    With number = q*term + c for a whole q != 0 and an integer c: a term in the range makes it q*term + c.
    """
    poly, given, signs = context.poly(term), context.poly(gap.term), context.signs(term, gap.term)
    if poly is None or given is None or signs is None:
        return False
    mono = next((m for m in poly.terms if m and m in given.terms), None)
    if mono is None:
        return False
    q = given.terms[mono] / poly.terms[mono]
    rest = given - poly.scale(q)
    if q.q != 1 or not signs.facts.integer(rest):
        return False
    least, most = gap.least, gap.most
    low, high = (at_least, at_most) if q > 0 else (at_most, at_least)
    up = most is None or (high is not None and signs.least(_number(most) - rest - _number(int(q) * high)) is not None)
    down = least is None or (low is not None and signs.least(rest + _number(int(q) * low) - _number(least)) is not None)
    return up and down


def _number(value: int) -> Poly:
    return Poly({(): fmpq(value)})
