"""Sums of rational functions of the index times a power: by partial fractions.

Promise: `fractions` gives parts that add up to the terms at every k at which these are defined; `endless` and `ended`
the sums of the parts over a range, which are defined wherever the sums are. The sums of one part, from lo on:

    1/(k + b)^n            zeta(n, lo + b)                                   n >= 2
    c/(k + b) + ...        -c digamma(lo + b) - ...                          where the c add up to 0
    (-1)^k/(k + b)^n       by the even and the odd k apart
    x^k k ... (k + m)      by x^m/(1 - x)^(m + 1), the sum of x^j binomial(j, m)
    x^k/(k + b)            by the q-th roots of x, for b of denominator q    0 < |x| < 1
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb, factorial

import sympy as sp
from sympy import Expr, Integer, Rational, S

from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.places import LARGEST_SHIFT, Known, cosine, minus, moved, number, over, place, sine
from derive.core.scalar.series import Linear, Term, small
from derive.core.scalar.zero import equal
from derive.core.terms import Index

__all__ = ["Part", "ended", "endless", "fractions"]

MOST_PARTS = 60
LARGEST_DENOMINATOR = 16
HALF = Rational(1, 2)


@dataclass(frozen=True)
class Part:
    """factor * ratio^k * product of (k + a) over (k + root)^order; one of these two is 1."""

    factor: Expr
    ratio: Expr
    above: tuple[Expr, ...]
    root: Expr
    order: int


# ---------------------------------------------------------------- partial fractions


def fractions(term: Term, known: Known) -> list[Part] | None:
    """The parts of a term without gamma functions but such as cancel, and without other powers."""
    linear = _without_gammas(term, known.context)
    if linear is None or term.powered:
        return None
    scale = [term.outside]
    above: list[Expr] = []
    below: list[Expr] = []
    for line, e in linear:
        scale.append(power(number(line.slope), Integer(e)))
        (above if e > 0 else below).extend([line.root] * abs(e))
    found: list[Part] = []
    ok = _split(times(*scale), term.step, above, below, known, found)
    return found if ok else None


def _without_gammas(term: Term, context: Context) -> list[tuple[Linear, int]] | None:
    """gamma(u + n)/gamma(u) = u (u + 1) ... (u + n - 1)."""
    up = [line for line, e in term.gamma for _ in range(e)]
    down = [line for line, e in term.gamma for _ in range(-e)]
    found = list(term.linear)
    for line in up:
        for other in down:
            gap = _difference(line.shift, other.shift, context)
            if line.slope == other.slope and gap is not None and gap.denominator == 1 and abs(gap) <= LARGEST_SHIFT:
                low, sign = (other, 1) if gap > 0 else (line, -1)
                found += [(Linear(low.slope, moved(low.shift, j)), sign) for j in range(abs(int(gap)))]
                down.remove(other)
                break
        else:
            return None
    return None if down else found


def _difference(a: Expr, b: Expr, context: Context) -> Fraction | None:
    """a - b where that is a rational."""
    found = place(plus(a, minus(b)), context)
    return found.constant if found is not None and found.direction.is_zero else None


def _split(
    factor: Expr, ratio: Expr, above: list[Expr], below: list[Expr], known: Known, found: list[Part]
) -> bool:
    if len(found) > MOST_PARTS:
        return False
    if not below:
        found.append(Part(factor, ratio, tuple(above), S.Zero, 0))
        return True
    if above:  # (k + a)/(k + b) = 1 + (a - b)/(k + b)
        a, b = above[0], below[0]
        rest = above[1:]
        gap = plus(a, minus(b))
        if _difference(a, b, known.context) != 0 and not _split(times(factor, gap), ratio, rest, below, known, found):
            return False
        return _split(factor, ratio, rest, below[1:], known, found)
    b = below[0]
    other = next((c for c in below if _difference(c, b, known.context) != 0), None)
    if other is None:
        found.append(Part(factor, ratio, (), b, len(below)))
        return True
    gap = plus(other, minus(b))
    if not known.nonzero(gap):
        return False
    without = [[c for at, c in enumerate(below) if at != below.index(drop)] for drop in (other, b)]
    share = over(factor, gap)  # 1/((k + b)(k + c)) = (1/(k + b) - 1/(k + c))/(c - b)
    return (_split(share, ratio, [], without[0], known, found)
            and _split(minus(share), ratio, [], without[1], known, found))


# ---------------------------------------------------------------- endless sums


def endless(parts: Sequence[Part], k: Index, context: Context) -> Expr | None:
    """The sum over k >= lo, where it converges."""
    total = []
    for ratio, members in _by_ratio(parts, context):
        if ratio == 1:
            value = _plain(members, k, context)
        elif ratio == -1:
            value = _alternating(members, k)
        else:
            value = _decaying(members, k, context)
        if value is None:
            return None
        total.append(value)
    return plus(*total)


def _by_ratio(parts: Sequence[Part], context: Context) -> list[tuple[Fraction | None, list[Part]]]:
    groups: list[tuple[Fraction | None, list[Part]]] = []
    for part in parts:
        value = place(part.ratio, context)
        key = value.constant if value is not None and value.direction.is_zero else None
        home = next((g for g in groups if g[0] == key and _difference(g[1][0].ratio, part.ratio, context) == 0), None)
        if home is None:
            groups.append((key, [part]))
        else:
            home[1].append(part)
    return groups


def _plain(parts: Sequence[Part], k: Index, context: Context) -> Expr | None:
    simple = [p for p in parts if p.order == 1]
    if any(p.order == 0 for p in parts) or not equal(plus(*(p.factor for p in simple)), S.Zero, context):
        return None
    total = []
    for p in parts:
        start = plus(k.lo, p.root)
        if p.order == 1:
            total.append(minus(times(p.factor, sp.digamma(start, evaluate=False))))
        else:
            total.append(times(p.factor, sp.zeta(Integer(p.order), start, evaluate=False)))
    return plus(*total)


def _alternating(parts: Sequence[Part], k: Index) -> Expr | None:
    if any(p.order == 0 for p in parts):
        return None
    total = []
    for p in parts:
        start = plus(k.lo, p.root)
        even, odd = times(HALF, start), times(HALF, moved(start, 1))
        if p.order == 1:
            values = sp.digamma(odd, evaluate=False), sp.digamma(even, evaluate=False)
        else:
            order = Integer(p.order)
            values = sp.zeta(order, even, evaluate=False), sp.zeta(order, odd, evaluate=False)
        front = times(p.factor, power(S.NegativeOne, k.lo), power(Integer(2), Integer(-p.order)))
        total.append(times(front, plus(values[0], minus(values[1]))))
    return plus(*total)


def _decaying(parts: Sequence[Part], k: Index, context: Context) -> Expr | None:
    x = parts[0].ratio
    if not small(x, context):
        return None
    total = []
    for p in parts:
        if p.order == 0:
            value: Expr | None = _powers(p, k.lo, x)
        elif p.order == 1:
            value = _lerch(plus(k.lo, p.root), x, context)
        else:
            value = None
        if value is None:
            return None
        total.append(times(p.factor, power(x, k.lo), value))
    return plus(*total)


def _powers(part: Part, lo: Expr, x: Expr) -> Expr:
    """The sum over j >= 0 of x^j times the product of (lo + j + a)."""
    gap = plus(S.One, minus(x))
    return plus(*(
        times(d, power(x, Integer(m)) if m else S.One, power(gap, Integer(-m - 1)))
        for m, d in enumerate(_differences(part, lo))
    ))


def _differences(part: Part, lo: Expr) -> list[Expr]:
    """The forward differences at j = 0 of the product of (lo + j + a)."""
    n = len(part.above)
    values = [times(*(moved(plus(lo, a), j) for a in part.above)) for j in range(n + 1)]
    return [
        plus(*(times(Integer((-1) ** (m - j) * comb(m, j)), values[j]) for j in range(m + 1))) for m in range(n + 1)
    ]


def _lerch(start: Expr, x: Expr, context: Context) -> Expr | None:
    """The sum over j >= 0 of x^j/(j + start), for a real x."""
    found = place(start, context)
    if found is None or not found.direction.is_zero or not context.nonzero(x) or not context.real(x):
        return None
    t = found.constant
    if t.denominator > LARGEST_DENOMINATOR or abs(t) > LARGEST_SHIFT:
        return None
    base = t % 1 or Fraction(1)
    value = _by_roots(base, x, context)
    if value is None:
        return None
    m = int(t - base)
    if m >= 0:
        less = (times(number(-1 / (base + i)), power(x, Integer(i)) if i else S.One) for i in range(m))
        return times(power(x, Integer(-m)), plus(value, *less)) if m else value
    more = (times(number(1 / (t + j)), power(x, Integer(j)) if j else S.One) for j in range(-m))
    return plus(*more, times(power(x, Integer(-m)), value))


def _by_roots(base: Fraction, x: Expr, context: Context) -> Expr | None:
    """The sum over j of x^j/(j + p/q) = -sum over the q-th roots w of x of w^-p log(1 - w), with 0 < p <= q.

    With w = r exp(i u): log(1 - w) = log(1 - 2 r cos u + r^2)/2 - i atan(r sin u/(1 - r cos u)), for r < 1.
    """
    p, q = base.numerator, base.denominator
    if context.positive(x):
        size, turn = x, Fraction(0)
    elif context.negative(x):
        size, turn = minus(x), Fraction(1)
    else:
        return None
    r = power(size, number(Fraction(1, q)))
    total = []
    for j in range(q):
        u = (2 * j + turn) / q
        if u > 1:  # with u goes 2 - u, which gives the same
            continue
        weight = Integer(2 if 0 < u < 1 else 1)
        inside = times(r, cosine(u))
        squared = plus(S.One, times(Integer(-2), inside), power(r, Integer(2)))
        total.append(times(weight, HALF, cosine(p * u), sp.log(squared, evaluate=False)))
        if 0 < u < 1:
            angle = sp.atan(over(times(r, sine(u)), plus(S.One, minus(inside))), evaluate=False)
            total.append(minus(times(weight, sine(p * u), angle)))
    return times(S.NegativeOne, power(r, Integer(-p)), plus(*total))


# ---------------------------------------------------------------- sums with an end


def ended(parts: Sequence[Part], k: Index, known: Known) -> Expr | None:
    """The sum over lo <= k <= hi, where hi - lo + 1 is known to be an integer >= 0."""
    total = []
    for p in parts:
        value = _between(p, k, known)
        if value is None:
            return None
        total.append(times(p.factor, value))
    return plus(*total)


def _between(part: Part, k: Index, known: Known) -> Expr | None:
    if _difference(part.ratio, S.One, known.context) != 0:
        return None
    first, last = (plus(end, part.root) for end in (k.lo, moved(k.hi, 1)))
    if part.order == 0:
        count = moved(plus(k.hi, minus(k.lo)), 1)
        return plus(*(
            times(d, Rational(1, factorial(m + 1)), *(moved(count, -i) for i in range(m + 1)))
            for m, d in enumerate(_differences(part, k.lo))
        ))
    if not known.regular(first):
        return None
    if part.order == 1:
        return plus(sp.digamma(last, evaluate=False), minus(sp.digamma(first, evaluate=False)))
    order = Integer(part.order)
    return plus(sp.zeta(order, first, evaluate=False), minus(sp.zeta(order, last, evaluate=False)))
