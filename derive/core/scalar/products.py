"""Products over an index.

Promise: `product_value` is defined, and equal to the product, at every point that the context allows and where the
product has a value; a product over an empty range is 1. The theorems:

    (a + lo) ... (a + hi) = gamma(a + hi + 1)/gamma(a + lo)
    sin(x) sin(x + pi/n) ... sin(x + (n - 1) pi/n) = 2^(1 - n) sin(n x);   without its zero, at x = 0: n 2^(1 - n)
    the product of x - cos((2 k - 1) pi/(2 n)) over k = 1 ... n is 2^(1 - n) T_n(x), that of x - cos(k pi/(n + 1)) is
    2^-n U_n(x)
    an endless product of (k + a) .../((k + b) ...), as many above as below and with the same sum, is the product of
    gamma(lo + b) .../(gamma(lo + a) ...)                                       Weierstrass
    cos(x/2) cos(x/4) cos(x/8) ... = sinc(x)                                    Euler
"""

from __future__ import annotations

import sympy as sp
from sympy import Add, Expr, Integer, Mul, Rational, S

from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.gammas import gamma_of
from derive.core.scalar.oracle import Oracle
from derive.core.scalar.places import Known, minus, moved, number, over, place, rising, turned
from derive.core.scalar.series import Linear, factor, linear_in
from derive.core.scalar.zero import equal
from derive.core.terms import Index, Product, substitute

__all__ = ["product_value"]

MOST_FACTORS = 64
HALF = Rational(1, 2)


def product_value(term: Product, context: Context, oracle: Oracle) -> Expr | None:
    """The value of a product, or None."""
    if len(term.limits) > 1:
        inner = product_value(Product(term.bodies[0], term.limits[-1]), context, oracle)
        return None if inner is None else product_value(Product(inner, *term.limits[:-1]), context, oracle)
    ((index, lo, hi),) = term.limits
    k = Index(index.name, lo, hi)
    body = substitute(term.bodies[0], {index: k}) if index != k else term.bodies[0]
    if isinstance(lo, Integer) and isinstance(hi, Integer) and hi - lo < MOST_FACTORS:
        return times(*(substitute(body, {k: Integer(j)}) for j in range(int(lo), int(hi) + 1)))
    if hi is S.Infinity:
        return _halves(body, k, context) or _endless(body, k, context)
    count = moved(plus(hi, minus(lo)), 1)
    if not Known(context).natural(count):
        return None
    if k not in body.free_symbols:
        return power(body, count)
    ways = (_sines, _zeros, _ended)
    return next((found for way in ways if (found := way(body, k, count, context)) is not None), None)


# ---------------------------------------------------------------- with an end


def _zeros(body: Expr, k: Index, count: Expr, context: Context) -> Expr | None:
    """The polynomials of Chebyshev by their zeros."""
    terms = Add.make_args(body)
    moving = [t for t in terms if k in t.free_symbols]
    if k.lo is not S.One or len(moving) != 1:
        return None
    cosines = [f for f in Mul.make_args(moving[0]) if isinstance(f, sp.cos)]
    if len(cosines) != 1 or not equal(moving[0], minus(cosines[0]), context):
        return None
    x, angle = plus(*(t for t in terms if t is not moving[0])), cosines[0].args[0]
    first = over(turned(moved(times(Integer(2), k), -1)), times(Integer(2), count))
    if context.positive(count) and equal(angle, first, context):
        return times(power(Integer(2), moved(minus(count), 1)), sp.chebyshevt(count, x, evaluate=False))
    if equal(angle, over(turned(k), moved(count, 1)), context):
        return times(power(Integer(2), minus(count)), sp.chebyshevu(count, x, evaluate=False))
    return None


def _ended(body: Expr, k: Index, count: Expr, context: Context) -> Expr | None:
    term = factor(body, k, context)
    if term is None or term.gamma or term.powered:
        return None
    found: list[Expr] = [power(s, count) for s in term.scale]
    if term.ratio:
        if not context.nonzero(term.step):
            return None
        found.append(power(term.step, times(HALF, plus(k.lo, k.hi), count)))
    for line, e in term.linear:
        value = _between(line, k, count, Known(context))
        if value is None:
            return None
        found.append(power(value, Integer(e)))
    return times(*found)


def _between(line: Linear, k: Index, count: Expr, known: Known) -> Expr | None:
    """The product of slope*(k + root), upwards or downwards from a place that is no pole."""
    slope = power(number(line.slope), count)
    first, last = plus(k.lo, line.root), plus(k.hi, line.root)
    if known.regular(first):
        return times(slope, over(gamma_of(moved(last, 1)), gamma_of(first)))
    low, high = minus(last), moved(minus(first), 1)
    if known.regular(low):
        return times(slope, power(S.NegativeOne, count), over(gamma_of(high), gamma_of(low)))
    return None


def _sines(body: Expr, k: Index, count: Expr, context: Context) -> Expr | None:
    if not isinstance(body, sp.sin):
        return None
    pair = linear_in(body.args[0], k, context)
    if pair is None:
        return None
    slope, shift = pair
    start = plus(times(slope, k.lo), shift)
    if context.positive(count) and equal(times(slope, count), S.Pi, context):
        return times(power(Integer(2), moved(minus(count), 1)), sp.sin(times(count, start), evaluate=False))
    n = moved(count, 1)
    if equal(times(slope, n), S.Pi, context) and equal(start, slope, context):
        return times(n, power(Integer(2), minus(count)))
    return None


# ---------------------------------------------------------------- endless


def _halves(body: Expr, k: Index, context: Context) -> Expr | None:
    """cos(x/2^k) from lo on."""
    if not isinstance(body, sp.cos):
        return None
    term = factor(body.args[0], k, context)
    if term is None or term.linear or term.gamma or term.powered or not equal(term.step, HALF, context):
        return None
    whole = times(Integer(2), term.outside, power(HALF, k.lo))
    return sp.sinc(whole, evaluate=False)


def _endless(body: Expr, k: Index, context: Context) -> Expr | None:
    term = factor(body, k, context)
    if term is None or term.gamma or term.powered:
        return None
    above = [line.root for line, e in term.linear for _ in range(e)]
    below = [line.root for line, e in term.linear for _ in range(-e)]
    scale = times(term.outside, term.step, *(power(number(line.slope), Integer(e)) for line, e in term.linear))
    balanced = len(above) == len(below) and equal(plus(*above), plus(*below), context)
    if not balanced or term.ratio or not equal(scale, S.One, context):
        return None
    top = [gamma_of(plus(k.lo, b)) for b in below]
    bottom = _reciprocals([plus(k.lo, a) for a in above], Known(context))
    return None if bottom is None else times(*top, *bottom)


def _reciprocals(points: list[Expr], known: Known) -> list[Expr] | None:
    """1/gamma at these points, which is 0 at the poles: by the reflection formula where a pole is not ruled out."""
    found: list[Expr] = []
    left = list(points)
    while left:
        z = left.pop()
        if known.regular(z):
            found.append(power(gamma_of(z), S.NegativeOne))
            continue
        twin = next((y for y in left if _mirror(z, y, known) is not None), None)
        if twin is None:
            return None
        left.remove(twin)
        total = _mirror(z, twin, known)
        if total is None:
            return None
        found.append(_pair(z, twin, total))
    return found


def _mirror(z: Expr, y: Expr, known: Known) -> int | None:
    total = place(plus(z, y), known.context)
    whole = total is not None and total.direction.is_zero and total.constant.denominator == 1 and total.constant <= 2
    return int(total.constant) if whole and total is not None else None


def _pair(z: Expr, y: Expr, total: int) -> Expr:
    """1/(gamma(z) gamma(y)) for z + y = total <= 2, at every z."""
    if total == 2:  # 1/(gamma(1 + u) gamma(1 - u)) = sinc(pi u)
        return sp.sinc(turned(moved(z, -1)), evaluate=False)
    return times(rising(y, 1 - total), sp.sin(turned(z), evaluate=False), power(S.Pi, S.NegativeOne))
