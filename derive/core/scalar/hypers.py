"""Hypergeometric functions: closed forms, one form for equal ones, and relations between neighbours.

Promise: `hyper_value(args, known)` is equal to F(above; below; z) wherever that is defined, as far as `known` goes (see
`places`): a closed form, or a name for the function over its parameters in order. `as_series` writes Bessel and Airy
functions and polynomials as hypergeometric ones; `neighbours` writes these over two of each chain. The theorems (DLMF
13.2, 13.6, 15.2, 15.5, 15.8, 16.2, 10.16, 9.6, 18.5):

    equal parameters above and below cancel; F is 1 at z = 0 and where one above is 0, and ends where one is -1, -2, ...
    1F1(a; b; z) = e^z 1F1(b - a; b; -z)             1F1(a; 2 a; z) = e^(z/2) 0F1(; a + 1/2; z^2/16)
    2F1(1/2, 1/2; 1; m) = 2 K(m)/pi                  2F1(-1/2, 1/2; 1; m) = 2 E(m)/pi
    J_v(z) = (z/2)^v 0F1(; v + 1; -z^2/4)/gamma(v + 1), I_v with +
    F, F' and F'' = those with all parameters raised by 1 and 2, in the differential equation
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import factorial

import sympy as sp
from sympy import Expr, Integer, Pow, Rational, S, Tuple
from sympy.core.function import AppliedUndef
from sympy.core.relational import Ne

from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.gammas import gamma_of
from derive.core.scalar.hypergeometric import Series, closed
from derive.core.scalar.places import Known, applied, minus, moved, over, replaced, rising
from derive.core.scalar.zero import equal

__all__ = ["NAMED", "airy_at_zero", "as_series", "hyper_of", "hyper_value", "neighbours", "unnamed"]

LONGEST = 32
HALF = Rational(1, 2)
MARK = "F'"
"""What the names of functions without a closed form start with: no name that is read does."""

Parameters = tuple[Expr, ...]


def hyper_of(above: Parameters, below: Parameters, z: Expr) -> Expr:
    """A hypergeometric function as it stands."""
    found: Expr = Expr.__new__(sp.hyper, Tuple(*above), Tuple(*below), z)
    return found


def hyper_value(args: Sequence[Expr], known: Known) -> Expr | None:
    """A closed form, or the name."""
    above, below = _cancelled(list(args[0].args), list(args[1].args), known)
    z = args[2]
    if known.same(z, S.Zero) or any(known.same(a, S.Zero) for a in above):
        return S.One
    count = _ends(above, known)
    if count is not None:
        return plus(*(_term(above, below, z, j) for j in range(count + 1)))
    if len(above) > len(below) + 1:
        return None
    return _confluent(above, below, z, known) or _closed(above, below, z, known) or _named(above, below, z, known)


def _cancelled(above: list[Expr], below: list[Expr], known: Known) -> tuple[Parameters, Parameters]:
    kept = []
    for b in below:
        twin = next((a for a in above if known.same(a, b)), None)
        if twin is None:
            kept.append(b)
        else:
            above.remove(twin)
    return tuple(above), tuple(kept)


def _ends(above: Parameters, known: Known) -> int | None:
    """The least N with a parameter -N above."""
    found = [p.constant for a in above if (p := known.place(a)) is not None and p.direction.is_zero]
    counts = [int(-c) for c in found if c.denominator == 1 and -LONGEST <= c <= 0]
    return min(counts) if counts else None


def _term(above: Parameters, below: Parameters, z: Expr, j: int) -> Expr:
    top = times(*(rising(a, j) for a in above), power(z, Integer(j)) if j else S.One)
    return over(top, times(Integer(factorial(j)), *(rising(b, j) for b in below)))


# ---------------------------------------------------------------- closed forms


def _closed(above: Parameters, below: Parameters, z: Expr, known: Known) -> Expr | None:
    if len(above) == 2 and len(below) == 1 and known.same(z, S.One):
        return _at_one(*above, below[0], known)
    found = closed(Series(S.Zero, S.One, above, below, z), _off_zero(z, known), continued=True)
    if found is not None:
        return found
    if len(above) == 0 and len(below) == 1:
        return _half_order(below[0], z, known)
    return _elliptic(above, below, z, known)


def _off_zero(z: Expr, known: Known) -> Context:
    """The context where no loose symbol in z is 0."""
    return known.context.also(*(Ne(s, S.Zero, evaluate=False) for s in sorted(z.free_symbols & known.loose, key=str)))


def _at_one(a: Expr, b: Expr, c: Expr, known: Known) -> Expr | None:
    """Gauss: gamma(c) gamma(c - a - b)/(gamma(c - a) gamma(c - b)) for re(c - a - b) > 0."""
    rest, left, right = plus(c, minus(a), minus(b)), plus(c, minus(a)), plus(c, minus(b))
    positive = known.context.positive(rest) or known.context.positive(sp.re(rest, evaluate=False))
    if not positive or not known.regular(left) or not known.regular(right):
        return None
    return over(times(gamma_of(c), gamma_of(rest)), times(gamma_of(left), gamma_of(right)))


def _half_order(b: Expr, z: Expr, known: Known) -> Expr | None:
    """0F1(; b; z) for b = 5/2, 7/2, ..., from those below: z F(b) = (b - 2) (b - 1) (F(b - 2) - F(b - 1))."""
    found = known.place(b)
    if found is None or not found.direction.is_zero or found.constant.denominator != 2:
        return None
    order = found.constant
    if not Fraction(3, 2) < order <= LONGEST or not known.nonzero(z):
        return None
    first = (closed(Series(S.Zero, S.One, (), (Rational(k, 2),), z), known.context) for k in (1, 3))
    low, high = first
    if low is None or high is None:
        return None
    at = Fraction(5, 2)
    while at <= order:
        front = Rational(*((at - 2) * (at - 1)).as_integer_ratio())
        low, high = high, over(times(front, plus(low, minus(high))), z)
        at += 1
    return high


def _elliptic(above: Parameters, below: Parameters, z: Expr, known: Known) -> Expr | None:
    """The complete elliptic integrals, which are these functions by definition."""
    if len(above) != 2 or len(below) != 1 or not known.same(below[0], S.One):
        return None
    front = over(Integer(2), S.Pi)
    first, second = sp.elliptic_k(z, evaluate=False), sp.elliptic_e(z, evaluate=False)
    if _are(above, (HALF, HALF), known):
        return times(front, first)
    if _are(above, (-HALF, HALF), known):
        return times(front, second)
    if _are(above, (-HALF, Rational(3, 2)), known):
        return times(front, plus(times(Integer(2), second), minus(first)))
    return None


def _are(above: Parameters, values: Parameters, known: Known) -> bool:
    (a, b), (u, v) = above, values
    return (known.same(a, u) and known.same(b, v)) or (known.same(a, v) and known.same(b, u))


def _confluent(above: Parameters, below: Parameters, z: Expr, known: Known) -> Expr | None:
    """1F1: the argument without a leading minus sign, or as 0F1; the error function where that is it."""
    if len(above) != 1 or len(below) != 1:
        return None
    (a,), (b,) = above, below
    if known.same(b, times(Integer(2), a)):
        inner = hyper_value((Tuple(), Tuple(moved(a, HALF_FRACTION)), over(power(z, Integer(2)), Integer(16))), known)
        return None if inner is None else times(sp.exp(times(HALF, z), evaluate=False), inner)
    if known.same(a, S.One) and known.same(b, Rational(3, 2)):
        inner = _closed((HALF,), below, minus(z), known)
        return None if inner is None else times(sp.exp(z, evaluate=False), inner)
    if known.backwards(z):
        inner = hyper_value((Tuple(plus(b, minus(a))), Tuple(b), minus(z)), known)
        return None if inner is None else times(sp.exp(z, evaluate=False), inner)
    return None


HALF_FRACTION = Fraction(1, 2)


# ---------------------------------------------------------------- names


def _named(above: Parameters, below: Parameters, z: Expr, known: Known) -> Expr:
    """The function under a name that tells how many parameters there are; these in order."""
    head = sp.Function(f"{MARK}{len(above)},{len(below)}")
    found: Expr = head(*_ordered(above, known), *_ordered(below, known), z)
    return found


def _ordered(parameters: Parameters, known: Known) -> list[Expr]:
    def key(term: Expr) -> str:
        poly = known.context.poly(term)
        return str(term) if poly is None else poly.key

    return sorted(parameters, key=key)


def _taken_apart(term: Expr) -> tuple[Parameters, Parameters, Expr]:
    """The parameters and the argument of a named function."""
    count = int(type(term).__name__.removeprefix(MARK).split(",")[0])
    return term.args[:count], term.args[count:-1], term.args[-1]


def unnamed(sides: Sequence[Expr]) -> tuple[Expr, ...]:
    """The sides with the names replaced by the functions."""
    values = {
        t: hyper_of(*_taken_apart(t)) for t in applied(sides, AppliedUndef) if type(t).__name__.startswith(MARK)
    }
    return tuple(replaced(side, values) for side in sides) if values else tuple(sides)


def neighbours(sides: Sequence[Expr], known: Known) -> tuple[Expr, ...]:
    """Named functions whose parameters differ from those of others by the same integer, over the two highest."""
    found = tuple(sides)
    for _ in range(LONGEST):
        values = _transformed(found, known) or _lowered(found, known)
        if not values:
            break
        found = tuple(replaced(side, values) for side in found)
    return found


def _transformed(sides: Sequence[Expr], known: Known) -> dict[Expr, Expr]:
    """Pfaff: F(a, b; c; z/(z - 1)) = (1 - z)^a F(a, c - b; c; z), for z off the cut; here z is the simpler one."""
    named = [t for t in applied(sides, AppliedUndef) if type(t).__name__ == f"{MARK}2,1"]
    for other in named:
        for t in named:
            a, b, c, w = t.args
            z = other.args[-1]
            rest = plus(S.One, minus(z))
            if w.count_ops() <= z.count_ops() or not known.same(other.args[2], c) or not known.context.slit(rest):
                continue
            if not equal(times(w, rest), minus(z), known.context):
                continue
            for first, second in ((a, b), (b, a)):
                target = (first, plus(c, minus(second)))
                if _are(other.args[:2], target, known):
                    return {t: times(power(rest, first), other)}
    return {}


def _lowered(sides: Sequence[Expr], known: Known) -> dict[Expr, Expr]:
    named = [t for t in applied(sides, AppliedUndef) if type(t).__name__.startswith(MARK)]
    for low in named:
        for other in named:
            if type(other) is type(low) and other.args[-1] == low.args[-1]:
                steps = _steps(low, other, known)
                if steps is not None and 2 <= steps <= LONGEST:
                    value = _from_above(low, known)
                    return {} if value is None else {low: value}
    return {}


def _steps(low: Expr, high: Expr, known: Known) -> int | None:
    """By which positive integer all parameters of one exceed those of the other."""
    gaps = {_gap(a, b, known) for a, b in zip(low.args[:-1], high.args[:-1], strict=True)}
    found = gaps.pop() if len(gaps) == 1 else None
    return found if found is not None and found > 0 else None


def _gap(low: Expr, high: Expr, known: Known) -> int | None:
    found = known.place(plus(high, minus(low)))
    whole = found is not None and found.direction.is_zero and found.constant.denominator == 1
    return int(found.constant) if whole and found is not None else None


def _from_above(term: Expr, known: Known) -> Expr | None:
    """F by F(+1) and F(+2), from z (1 - z) F'' + (c - (a + b + 1) z) F' = a b F and its confluent forms."""
    above, below, z = _taken_apart(term)
    if len(below) != 1 or len(above) > 2 or (len(above) == 2 and not known.nonzero(moved(z, -1))):
        return None
    (c,) = below
    one, two = (_named(tuple(moved(a, k) for a in above), (moved(c, k),), z, known) for k in (1, 2))
    if len(above) == 2:
        a, b = above
        slope = plus(c, times(S.NegativeOne, moved(plus(a, b), 1), z))
        front = times(z, plus(S.One, minus(z)), moved(a, 1), moved(b, 1))
    elif len(above) == 1:
        slope, front = plus(c, minus(z)), times(z, moved(above[0], 1))
    else:
        slope, front = c, z
    return plus(over(times(front, two), times(c, moved(c, 1))), over(times(slope, one), c))


# ---------------------------------------------------------------- other functions as series


def as_series(sides: Sequence[Expr], known: Known) -> tuple[Expr, ...]:
    """The sides with functions that are hypergeometric ones as such."""
    values: dict[Expr, Expr] = {}
    for t in applied(sides, *NAMED):
        value = NAMED[type(t)](t.args, known)
        if value is not None:
            values[t] = value
    return tuple(replaced(side, values) for side in sides)


def _cylinder(sign: int) -> Callable[[Parameters, Known], Expr | None]:
    def rule(args: Parameters, known: Known) -> Expr | None:
        nu, z = args
        up = moved(nu, 1)
        if not known.regular(up):
            return None
        square = times(Rational(sign, 4), _squared(z))
        return times(_to_the(z, nu), over(hyper_of((), (up,), square), gamma_of(up)))

    return rule


def _second_kind(args: Parameters, known: Known) -> Expr | None:
    """K_v = (pi/2) (I_-v - I_v)/sin(pi v) for a v that is no integer."""
    nu, z = args
    if not known.not_integer(nu):
        return None
    parts = _cylinder(1)((minus(nu), z), known), _cylinder(1)((nu, z), known)
    if parts[0] is None or parts[1] is None:
        return None
    return over(times(HALF, S.Pi, plus(parts[0], minus(parts[1]))), sp.sin(times(S.Pi, nu), evaluate=False))


def _double_root(z: Expr) -> Expr | None:
    """The w with z = 2 sqrt(w) as it stands."""
    factors = sp.Mul.make_args(z)
    if len(factors) == 2 and Integer(2) in factors:
        (root,) = (f for f in factors if f != Integer(2))
        return root.base if isinstance(root, Pow) and root.exp == HALF else None
    return None


def _squared(z: Expr) -> Expr:
    w = _double_root(z)
    return power(z, Integer(2)) if w is None else times(Integer(4), w)


def _to_the(z: Expr, nu: Expr) -> Expr:
    """(z/2)^nu; a principal root to a power is a principal power."""
    w = _double_root(z)
    return power(times(HALF, z), nu) if w is None else power(w, times(HALF, nu))


def _airy(order: int, which: int) -> Callable[[Parameters, Known], Expr | None]:
    """Ai or Bi, or a derivative: the values at 0 times the two solutions."""

    def rule(args: Parameters, _: Known) -> Expr | None:
        (z,) = args
        value, slope = _at_zero(which)
        w = times(Rational(1, 9), power(z, Integer(3)))
        third = Rational(1, 3)
        if order == 0:
            parts = hyper_of((), (2 * third,), w), times(z, hyper_of((), (4 * third,), w))
        else:
            parts = times(HALF, power(z, Integer(2)), hyper_of((), (5 * third,), w)), hyper_of((), (third,), w)
        return plus(times(value, parts[0]), times(slope, parts[1]))

    return rule


def _at_zero(which: int) -> tuple[Expr, Expr]:
    """Ai(0) and Ai'(0), or Bi(0) and Bi'(0)."""
    three = Integer(3)
    value = over(power(three, Rational(-2, 3)), gamma_of(Rational(2, 3)))
    slope = over(times(S.NegativeOne, power(three, Rational(-1, 3))), gamma_of(Rational(1, 3)))
    if which == 0:
        return value, slope
    return times(power(three, HALF), value), times(S.NegativeOne, power(three, HALF), slope)


def airy_at_zero(args: Parameters, known: Known, order: int, which: int) -> Expr | None:
    """The values at 0."""
    return _at_zero(which)[order] if known.same(args[0], S.Zero) else None


def _polynomial(kind: int) -> Callable[[Parameters, Known], Expr | None]:
    """Legendre, and Chebyshev of both kinds, at an integer order n: 2F1(-n, n + p; c; (1 - x)/2)."""
    shift, lower = ((1, S.One), (0, HALF), (2, Rational(3, 2)))[kind]

    def rule(args: Parameters, known: Known) -> Expr | None:
        n, x = args
        if not known.context.integer(n):
            return None
        found = hyper_of((minus(n), moved(n, shift)), (lower,), times(HALF, plus(S.One, minus(x))))
        return times(moved(n, 1), found) if kind == 2 else found

    return rule


NAMED: dict[type, Callable[[Parameters, Known], Expr | None]] = {
    sp.besselj: _cylinder(-1), sp.besseli: _cylinder(1), sp.besselk: _second_kind,
    sp.airyai: _airy(0, 0), sp.airybi: _airy(0, 1), sp.airyaiprime: _airy(1, 0), sp.airybiprime: _airy(1, 1),
    sp.legendre: _polynomial(0), sp.chebyshevt: _polynomial(1), sp.chebyshevu: _polynomial(2),
}
"""Functions by hypergeometric ones."""
