"""Hypergeometric series: read off the terms of a sum, and the closed forms of some.

Promise: `read` gives a series whose terms are those of the body from an index on, at every point at which they are all
defined; `closed` its sum, which is defined there too. With (a)_j the rising factorial,

    F(a, ...; b, ...; x) = sum over j >= 0 of (a)_j ... / ((b)_j ... j!) x^j

The closed forms are those of DLMF 15.4 and 13.6; those with more upper than lower parameters hold for |x| < 1, on the
border where the series converges, and for every x where a parameter ends the series.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import factorial

import sympy as sp
from sympy import Expr, Integer, Rational, S

from derive.core.normal.atoms import Atom, Mono, Poly
from derive.core.normal.show import show
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.gammas import gamma_of
from derive.core.scalar.places import Known, minus, moved, over, place, rising
from derive.core.scalar.series import Term, factor, small
from derive.core.terms import Index, substitute

__all__ = ["Series", "closed", "divided", "parameters", "read", "terminating"]

HALF, ONE, TWO, MORE = Fraction(1, 2), Fraction(1), Fraction(2), Fraction(3, 2)
MOST_PARAMETERS = 12
MOST_PEELED = 3
LONGEST_HEAD = 8


@dataclass(frozen=True)
class Series:
    """first * F(upper; lower; x), after some terms that do not fit the pattern."""

    before: Expr
    first: Expr
    upper: tuple[Expr, ...]
    lower: tuple[Expr, ...]
    x: Expr


def read(
    body: Expr, k: Index, context: Context, term: Term | None = None, regular: tuple[Expr, ...] = ()
) -> Series | None:
    """The sum of the body from k.lo on; `regular` are terms that are known to be no poles of gamma."""
    found = factor(body, k, context) if term is None else term
    if found is None or found.powered:
        return None
    upper, lower, scale = parameters(found)
    known = Known(context, written=regular)
    if len(upper) + len(lower) > MOST_PARAMETERS:
        return None
    before = S.Zero
    for skipped in range(MOST_PEELED):
        start = moved(k.lo, skipped)
        above, below = _cancelled([plus(a, start) for a in upper], [plus(b, start) for b in lower], context)
        first = substitute(body, {k: start})
        if all(known.regular(b) for b in below):
            one = next((b for b in below if _fraction(b, context) == 1), None)
            if one is None:
                above.append(S.One)
            else:
                below.remove(one)
            return Series(before, first, tuple(above), tuple(below), times(found.step, scale))
        before = plus(before, first)
    return None


def parameters(term: Term) -> tuple[list[Expr], list[Expr], Expr]:
    """a, b and c with f(k + 1)/f(k) = ratio * c * product of (k + a) over product of (k + b)."""
    upper: list[Expr] = []
    lower: list[Expr] = []
    scale: list[Expr] = []
    for linear, e in term.linear:
        above, below = (upper, lower) if e > 0 else (lower, upper)
        above.extend([moved(linear.root, 1)] * abs(e))
        below.extend([linear.root] * abs(e))
    for linear, e in term.gamma:
        n = int(linear.slope)
        scale.append(power(Integer(n), Integer(n * e)))
        if n > 0:
            steps = [times(Rational(1, n), moved(linear.shift, j)) for j in range(n)]
        else:
            steps = [times(Rational(1, -n), plus(Integer(j), minus(linear.shift))) for j in range(1, 1 - n)]
        (upper if (n > 0) == (e > 0) else lower).extend(steps * abs(e))
    return upper, lower, times(*scale)


def _cancelled(upper: list[Expr], lower: list[Expr], context: Context) -> tuple[list[Expr], list[Expr]]:
    above = list(upper)
    below = []
    for b in lower:
        twin = next((a for a in above if _same(a, b, context)), None)
        if twin is None:
            below.append(b)
        else:
            above.remove(twin)
    return above, below


def _same(a: Expr, b: Expr, context: Context) -> bool:
    if a == b:
        return True
    found = context.poly(plus(a, minus(b)))
    return found is not None and found.is_zero


def _fraction(term: Expr, context: Context) -> Fraction | None:
    found = place(term, context)
    return found.constant if found is not None and found.direction.is_zero else None


# ---------------------------------------------------------------- closed forms


def terminating(series: Series, count: Expr, context: Context) -> bool:
    """Whether an upper parameter is -count: the series ends after count + 1 terms."""
    return any(_same(a, minus(count), context) for a in series.upper)


def closed(series: Series, context: Context, *, ends: bool = False, continued: bool = False) -> Expr | None:
    """The sum; `ends` says that it has but finitely many terms, `continued` that it may be continued to x off the cut.

    The cut is x >= 1: each closed form is analytic off it.
    """
    off = continued and context.slit(plus(S.One, minus(series.x)))
    value = _total(series, context, ends=ends, off=off)
    if value is None and not ends:
        value = _tail(series, context)
    return None if value is None else plus(series.before, value)


def _tail(series: Series, context: Context) -> Expr | None:
    """With 1 above and m = 2, 3, ... below: the series from its term m - 1 on, of which the first term is 1.

    The whole series has all other parameters less m - 1; it is summed, and its first terms are taken off.
    """
    fractions = [_fraction(b, context) for b in series.lower]
    rest = list(series.upper)
    m = next((int(f) for f in fractions if f is not None and f.denominator == 1 and 1 < f <= LONGEST_HEAD), None)
    one = next((a for a in rest if _fraction(a, context) == 1), None)
    if m is None or one is None:
        return None
    rest.remove(one)
    upper = tuple(moved(a, 1 - m) for a in rest)
    others = list(series.lower)
    del others[fractions.index(Fraction(m))]
    lower = tuple(moved(b, 1 - m) for b in others)
    known = Known(context)
    if not all(known.regular(b) for b in lower) or not all(known.nonzero(z) for a in upper for z in _steps(a, m - 1)):
        return None
    whole = _total(Series(S.Zero, S.One, upper, lower, series.x), context, ends=False)
    if whole is None:
        return None
    terms = [_coefficient(upper, lower, i) for i in range(m)]
    head = plus(*(times(c, power(series.x, Integer(i)) if i else S.One) for i, c in enumerate(terms[:-1])))
    above = times(over(series.first, terms[-1]), plus(whole, minus(head)))
    return divided(above, power(series.x, Integer(m - 1)), context)


def _steps(a: Expr, count: int) -> list[Expr]:
    return [moved(a, j) for j in range(count)]


def _coefficient(upper: tuple[Expr, ...], lower: tuple[Expr, ...], i: int) -> Expr:
    """The i-th coefficient of a series."""
    above = times(*(rising(a, i) for a in upper))
    return over(above, times(Integer(factorial(i)), *(rising(b, i) for b in lower)))


def _total(series: Series, context: Context, *, ends: bool, off: bool = False) -> Expr | None:
    shape = len(series.upper), len(series.lower)
    x, first = series.x, series.first
    if shape == (0, 0):
        return times(first, sp.exp(x, evaluate=False))
    if shape == (1, 0):
        if not ends and not off and not small(x, context):
            return None
        return times(first, power(plus(S.One, minus(x)), minus(series.upper[0])))
    fractions = tuple(tuple(sorted(f for a in side if (f := _fraction(a, context)) is not None))
                      for side in (series.upper, series.lower))
    rational = (len(fractions[0]), len(fractions[1])) == shape
    if shape == (2, 1) and (not rational or (not ends and _same(x, S.One, context))):
        return _symbolic(series, context, ends=ends, off=off)
    if shape == (2, 1) and ends:
        return None
    if not rational:
        return None
    w, sign = _root(x, context)
    inside = off or small(x, context)
    match fractions:
        case ((), (f,)) if f == HALF:
            return times(first, _even(sp.cosh, sp.cos, w, sign))
        case ((), (f,)) if f == MORE:
            return _odd(first, sp.sinh, sp.sin, times(Integer(2), w), sign, context)
        case ((f,), (g,)) if (f, g) == (HALF, MORE):
            front = times(Rational(1, 2), power(S.Pi, HALF_TERM))
            argument = w if sign < 0 else times(S.ImaginaryUnit, w)
            return divided(times(first, front, sp.erf(argument, evaluate=False)), argument, context)
        case ((f, g), (h,)):
            return _gauss((f, g, h), first, x, w, sign, context, inside=inside)
    return None


HALF_TERM = Rational(1, 2)


def _even(plain: type, turned: type, w: Expr, sign: int) -> Expr:
    found: Expr = (plain if sign > 0 else turned)(times(Integer(2), w), evaluate=False)
    return found


def _odd(first: Expr, plain: type, turned: type, z: Expr, sign: int, context: Context) -> Expr:
    """first*sinh(z)/z or first*sin(z)/z; where the division may fail, by sinc."""
    found = divided(times(first, (plain if sign > 0 else turned)(z, evaluate=False)), z, context)
    if found is not None:
        return found
    return times(first, sp.sinc(times(S.ImaginaryUnit, z) if sign > 0 else z, evaluate=False))


def _gauss(
    key: tuple[Fraction, Fraction, Fraction], first: Expr, x: Expr, w: Expr, sign: int, context: Context, *,
    inside: bool,
) -> Expr | None:
    """F(a, b; c; x) for small halves."""
    ends = x if isinstance(x, Rational) else None
    gap = plus(S.One, minus(x))
    sine = (sp.asin if sign > 0 else sp.asinh)(w, evaluate=False)
    if key == (ONE, ONE, TWO) and (inside or ends == -1):
        return divided(times(S.NegativeOne, first, sp.log(gap, evaluate=False)), x, context)
    if key == (HALF, ONE, MORE) and (inside or ends == -1):
        head = sp.atanh if sign > 0 else sp.atan
        return divided(times(first, head(w, evaluate=False)), w, context)
    if key == (HALF, HALF, MORE) and (inside or ends in {1, -1}):
        return divided(times(first, sine), w, context)
    if key == (ONE, ONE, MORE) and inside:
        return divided(times(first, sine, power(gap, -HALF_TERM)), w, context)
    if key == (ONE, ONE, HALF) and inside:
        more = times(Integer(sign), w, sine, power(gap, Rational(-3, 2)))
        return times(first, plus(power(gap, S.NegativeOne), more))
    return None


def _symbolic(series: Series, context: Context, *, ends: bool, off: bool) -> Expr | None:
    """Gauss' theorem at x = 1, and two forms for upper parameters that differ by 1/2."""
    a, b = series.upper
    (c,) = series.lower
    x = series.x
    if _same(x, S.One, context):
        return _at_one(series.first, a, b, c, context, ends=ends)
    if not ends and not off and not small(x, context):
        return None
    low = next((u for u, v in ((a, b), (b, a)) if _same(moved(u, HALF), v, context)), None)
    third = _fraction(c, context)
    if low is None or third not in {HALF, MORE}:
        return None
    w, sign = _root(x, context)
    w = w if sign > 0 else times(S.ImaginaryUnit, w)
    exponent = times(Integer(-2), low) if third == HALF else plus(S.One, times(Integer(-2), low))
    up, down = (power(plus(S.One, times(Integer(s), w)), exponent) for s in (1, -1))
    if third == HALF:
        return times(series.first, Rational(1, 2), plus(up, down))
    if not context.nonzero(exponent):
        return None
    front = times(series.first, Rational(1, 2), power(exponent, S.NegativeOne))
    return divided(times(front, plus(up, minus(down))), w, context)


def _at_one(first: Expr, a: Expr, b: Expr, c: Expr, context: Context, *, ends: bool) -> Expr | None:
    """Gauss: gamma(c) gamma(c - a - b)/(gamma(c - a) gamma(c - b)); Vandermonde where the series ends."""
    known = Known(context)
    rest, left, right = plus(c, minus(a), minus(b)), plus(c, minus(a)), plus(c, minus(b))
    if not ends and not context.positive(rest) and not context.positive(sp.re(rest, evaluate=False)):
        return None
    if not all(known.regular(z) for z in (c, rest, left, right)):
        return None
    return times(first, over(times(gamma_of(c), gamma_of(rest)), times(gamma_of(left), gamma_of(right))))


# ---------------------------------------------------------------- roots and quotients


def _root(x: Expr, context: Context) -> tuple[Expr, int]:
    """(w, s) with x = s*w^2 and s = 1 or -1: w without a root where x is a square."""
    poly = context.poly(x)
    names = context.assumptions(x).names
    if poly is not None and poly.single is not None:
        c, mono = poly.single
        if all(isinstance(e, int) and e % 2 == 0 for _, e in mono):
            half: Mono = tuple((a, e // 2) for a, e in mono)
            size = Rational(abs(int(c.p)), int(c.q))
            return times(power(size, HALF_TERM), show(Poly({half: c / c}), names)), 1 if c > 0 else -1
    if context.nonnegative(minus(x)) and not context.nonnegative(x):
        return power(minus(x), HALF_TERM), -1
    return power(x, HALF_TERM), 1


def divided(above: Expr, below: Expr, context: Context) -> Expr | None:
    """above/below where below is known not to be 0, or where it divides a factor that stands above as a polynomial."""
    if context.nonzero(below):
        return over(above, below)
    poly = context.poly(over(above, below))
    target = context.poly(below)
    if poly is None or target is None or target.single is None:
        return None
    atoms: set[Atom] = {a for a, e in target.single[1] if isinstance(e, int) and e > 0}
    if any(a in atoms and e < 0 for mono in poly.terms for a, e in mono):
        return None
    if any(a.kind == "b" and e < 0 for mono in poly.terms for a, e in mono):
        return None
    return show(poly, context.assumptions(above).names)
