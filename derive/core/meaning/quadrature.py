"""Definite integrals: rigorous quadrature between the ends, and the germs of the integrand at the ends.

Promise: the value encloses the integral, improper at an end that is infinite or at which the integrand is singular;
an integral whose positive or negative part only is infinite is oo or -oo; one that certainly diverges otherwise is
`Divergent`; everything else is `NotEvaluable`.
Source: Johansson, Numerical integration in arbitrary-precision ball arithmetic, 2018 (for what lies between the ends).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from flint import acb, arb, ctx, fmpq
from sympy import Basic, Pow, Symbol

from derive.core.errors import Divergent, NotEvaluable
from derive.core.meaning.combinations import PI, combination, root_of
from derive.core.meaning.endheads import GERMS
from derive.core.meaning.exactly import exactly
from derive.core.meaning.expand import Expander, Place
from derive.core.meaning.frames import Code, Frame, Scope, refuse
from derive.core.meaning.germs import Germ, Germs, multiplied
from derive.core.meaning.improper import end_value
from derive.core.meaning.jets import Number, as_plain, constant
from derive.core.meaning.onaxis import continued, has_broken
from derive.core.meaning.scales import Scale
from derive.core.meaning.values import ZERO, Infinite, Value, add, ball, compare, complex_ball, finite, negative
from derive.core.terms import Binder, Integral, children_in_scope, free_names

__all__ = ["compile_integral", "exponents_of", "roots_of"]

CALLS = 4_000
"""An integral that needs more evaluations of its integrand is given up."""

PROBES = 1_000
WIDTHS = (fmpq(1, 128), fmpq(1, 2**12), fmpq(1, 2**20))
"""How often an integrand is looked at for singularities, and down to which width."""

LARGEST = 24
"""The largest denominator of a place that is guessed."""

DEEPEST = 4
"""Singularities beside singularities are looked for so often."""

MOST_SPOTS = 4
"""An integrand with more singularities inside is not integrated."""

ROUGH_BITS, ROUGH_CALLS = 36, 6_000
"""A second attempt is content with so few bits, and spends so many evaluations."""

SAMPLES = (*(fmpq(k, 12) for k in range(1, 12)), *(fmpq(1, 2**k) for k in (5, 8, 12, 16, 20)))
MOST_BLUR = 1_000
"""A result may be so much wider than the integrand, where that is not known closely."""

COARSEST = arb(2) ** -16
"""A ball that is wider than this, relative to 1 or to what it contains, says too little."""

REACHES = (fmpq(1, 8), fmpq(1, 16), fmpq(1, 32), fmpq(1, 128), fmpq(1, 1024), fmpq(1, 2**15))
ORDER = 14
NOWHERE = acb(arb.nan(), arb.nan())
END_CALLS = 40
END_BITS = 72
"""How closely an end is looked at, and how narrow its share is wanted."""


@dataclass(frozen=True)
class _End:
    """A place that is approached from one side; `exact` where it is known exactly."""

    at: Value
    side: int
    exact: Number | None = None


def compile_integral(term: Integral, scope: Scope) -> Code:
    """A closure that gives the integral's value."""
    x = term.variable
    ends = [scope.code(e) for e in term.ends]
    inner, (slot,) = scope.rough(2_000).bind([x])
    body = term.body
    plain = inner.code(body)
    try:
        smooth = inner.code(continued(body, x))
    except NotEvaluable as error:
        return refuse(str(error))
    work = _Work(x, slot, plain, smooth, Expander(x, inner, GERMS), body)

    def code(f: Frame) -> Value:
        a, b = (e(f) for e in ends)
        if compare(a, b) == "equal":
            f[slot] = a
            plain(f)  # what has no value there has no integral
            return ZERO
        exact = [v if type(v) is fmpq else None if type(v) is Infinite else exactly(e, lambda t: scope.code(t)(f))
                 for v, e in zip((a, b), term.ends, strict=True)]  # fmt: skip
        return _between(work, f, (a, b), exact)

    return code


@dataclass(frozen=True)
class _Work:
    """An integrand, compiled; `smooth` is analytic wherever it has a value on a ball in the plane."""

    x: Symbol
    slot: int
    plain: Code
    smooth: Code
    expander: Expander
    body: Basic

    def spend(self, calls: int) -> None:
        """Note an effort; raises where too much has been spent on one evaluation."""
        self.expander.scope.program.spend(calls)

    def at(self, f: Frame, where: Any) -> Any:
        """The integrand on a ball, or nothing."""
        f[self.slot] = where
        if self.expander.scope.program.exhausted():
            return NOWHERE
        try:
            found = self.smooth(f)
        except (NotEvaluable, ArithmeticError, ValueError):
            return NOWHERE
        return NOWHERE if type(found) is Infinite else complex_ball(found)


def _between(work: _Work, f: Frame, ends: tuple[Value, Value], exact: list[Number | None]) -> Value:
    a, b = ends
    if any(type(v) not in (fmpq, arb, Infinite) for v in ends):
        if any(type(v) is Infinite for v in ends):
            raise NotEvaluable("an integral from a complex number to infinity")
        return _segment(work, f, complex_ball(a), complex_ball(b))
    order = compare(a, b)
    if order == "greater":
        return negative(_between(work, f, (b, a), exact[::-1]))
    if order != "less":
        return _segment(work, f, complex_ball(a), complex_ball(b))
    return _pieces(work, f, _End(a, 1, exact[0]), _End(b, -1, exact[1]))


def _segment(work: _Work, f: Frame, a: acb, b: acb) -> Value:
    """Along the segment between two complex numbers, where the integrand is analytic all along."""
    if has_broken(work.body, work.x):
        raise NotEvaluable("an integrand that is not analytic, along a path in the plane")
    width = b - a

    def at(share: acb, _: bool) -> acb:  # noqa: FBT001 - Arb calls it so
        where = a + width * share
        return work.at(f, where) * width

    return _quadrature(at)


def _quadrature(at: Callable[[acb, bool], acb]) -> Value:
    """Arb's quadrature; closely at first, roughly where that takes too long, and never closer than the integrand is."""
    blur = arb(0)
    for share in SAMPLES:
        blur = blur.max(_width(at(acb(arb(share)), False)))
    for bits, calls in ((min(ctx.prec * 5 // 8, 240), CALLS), (ROUGH_BITS, ROUGH_CALLS)):
        tolerance = (arb(2) ** -bits).max(blur / 16)
        total = acb.integral(at, 0, 1, rel_tol=tolerance, abs_tol=tolerance, eval_limit=calls)
        if total.is_finite() and _width(total) < COARSEST * (1 + abs(total)) + MOST_BLUR * blur:
            return total
    raise NotEvaluable("an integral that is not enclosed")


def _width(value: Any) -> arb:
    """How wide a ball is; 0 where it is not finite."""
    if not value.is_finite():
        return arb(0)
    return arb(value.rad()) if type(value) is arb else arb(value.real.rad()) + arb(value.imag.rad())


# ---------------------------------------------------------------- real ranges


def _pieces(work: _Work, f: Frame, left: _End, right: _End, depth: int = 0) -> Value:
    """Cut at a middle point where both ends are infinite, and at singularities inside."""
    if type(left.at) is Infinite and type(right.at) is Infinite:
        middle = fmpq(1, 3)
        return _joined(
            _pieces(work, f, left, _End(middle, -1, middle), depth),
            _pieces(work, f, _End(middle, 1, middle), right, depth),
        )
    (low, near), (high, far) = _end(work, f, left, right), _end(work, f, right, left)
    if not low < high:
        raise NotEvaluable("an integral whose ends are too near")
    if type(near) is Infinite or type(far) is Infinite:
        return _joined(near, far)
    spots = _singularities(work, f, low, high)
    if spots:
        if depth == DEEPEST:
            raise NotEvaluable("an integral over many singularities")
        return _split(work, f, left, right, spots, depth + 1)
    middle_part = _line(work, f, low, high)
    return finite(ball(add(add(near, middle_part), far)))


def _joined(left: Value, right: Value) -> Value:
    """The sum of two parts, infinite ones included."""
    if type(left) is Infinite and type(right) is Infinite and left.sign != right.sign:
        raise Divergent("an integral with parts that are infinite, with different signs")
    return add(left, right)


def _split(work: _Work, f: Frame, left: _End, right: _End, spots: list[Number], depth: int) -> Value:
    total: Value = ZERO
    start = left
    places = [*(_End(as_plain(t), -1, t) for t in spots), right]
    for stop in places:
        part = _pieces(work, f, start, stop, depth)
        total = _joined(total, part)
        start = replace(stop, side=1)
    return total


def _line(work: _Work, f: Frame, low: arb, high: arb) -> Value:
    """Between two points on the real axis."""
    width = high - low

    def at(share: acb, analytic: bool) -> acb:  # noqa: FBT001 - Arb calls it so
        where = low + width * share
        if where.imag.is_zero():
            if analytic:  # a real ball does not show whether the integrand is analytic around it
                return NOWHERE
            where = where.real
        return work.at(f, where) * width

    total = _quadrature(at)
    f[work.slot] = (low + high) / 2
    try:
        real = type(work.plain(f)) in (fmpq, arb)
    except NotEvaluable:
        real = False
    return finite(total.real if real and _is_real(work, f, low, high) else total)


def _is_real(work: _Work, f: Frame, low: arb, high: arb) -> bool:
    """Whether the integrand is real all along."""
    stack = [(low, high, 0)]
    while stack:
        a, b, depth = stack.pop()
        f[work.slot] = a.union(b)
        try:
            if type(work.plain(f)) in (fmpq, arb):
                continue
        except (NotEvaluable, ArithmeticError, ValueError):
            pass
        else:
            return False
        if depth > 12:
            return False
        middle = (a + b) / 2
        stack += [(a, middle, depth + 1), (middle, b, depth + 1)]
    return True


# ---------------------------------------------------------------- ends


def _end(work: _Work, f: Frame, end: _End, other: _End) -> tuple[arb, Value]:
    """From where on plain quadrature takes over, and the integral from the end to there."""
    if type(end.at) is not Infinite and _regular(work, f, end, other):
        return arb(end.at), ZERO
    best: tuple[Any, arb, Value] | None = None
    failure: NotEvaluable | None = None
    root = roots_of(work.body, work.expander, f)
    blur = _blur(work, f, end, other)
    wanted = (arb(2) ** -END_BITS).max(blur)
    for power, reach in product(sorted({1, root}), REACHES):
        try:
            value, cut = _share(work, f, end, other, power, reach)
        except Divergent:
            raise
        except NotEvaluable as error:
            failure = failure or error
            continue
        if type(value) is Infinite:
            return cut, value
        radius = _width(ball(value))
        if best is None or radius < best[0]:
            best = radius, cut, value
        if radius < wanted:
            break
    if best is None or not best[0] < COARSEST + MOST_BLUR * blur:
        raise failure or NotEvaluable("an end of an integral that is not understood")
    return best[1], best[2]


def _blur(work: _Work, f: Frame, end: _End, other: _End) -> arb:
    """How wide the values of the integrand are for themselves, somewhere inside."""
    near, *far = [e for e in (end, other) if type(e.at) is not Infinite]
    middle = (arb(near.at) + arb(far[0].at)) / 2 if far else arb(near.at) + near.side
    return _width(work.at(f, middle))


def _regular(work: _Work, f: Frame, end: _End, other: _End) -> bool:
    """Whether the integrand is analytic around an end."""
    width = fmpq(1, 64) if type(other.at) is Infinite else None
    gap = arb(width) if width is not None else abs(arb(other.at) - arb(end.at)) / 64
    small = arb(0, gap.min(arb(fmpq(1, 64))).upper())
    return bool(work.at(f, acb(arb(end.at) + small, small)).is_finite())


def _share(work: _Work, f: Frame, end: _End, other: _End, root: int, reach: fmpq) -> tuple[Value, arb]:
    """The integral over the end, by germs in t, where x is at + side*t**root, or side*t**-root far out."""
    if type(end.at) is Infinite:
        cut, power, side = arb(-end.side) / arb(reach) ** root, fmpq(-root - 1), -end.side
        fits = type(other.at) is Infinite or side * (cut - arb(other.at)) > 1
    else:
        cut, power, side = arb(end.at) + end.side * arb(reach) ** root, fmpq(root - 1), end.side
        fits = type(other.at) is Infinite or 2 * arb(reach) ** root < abs(arb(other.at) - arb(end.at))
    if not fits:
        raise NotEvaluable("a reach that is too large")
    work.spend(END_CALLS)
    parts = work.expander.run(work.body, Place(end.at, side, root, ORDER, reach, end.exact), f)
    step: Germs = (Germ(Scale(power), constant(fmpq(root), ORDER, reach)),)
    return end_value(multiplied(parts, step), reach), cut


def roots_of(body: Basic, expander: Expander, f: Frame) -> int:
    """A common denominator of the exponents in a term, so far as it is small."""
    root = 1
    for e in exponents_of(body, expander.x):
        try:
            exponent = expander.code(e)
            expander.scope.program.fit(f)
            value = exponent(f)
        except NotEvaluable:
            continue
        if type(value) is fmpq and value.q <= 6:
            root = root * int(value.q) // _gcd(root, int(value.q))
    return root if root <= 6 else 1


def exponents_of(term: Basic, x: Symbol) -> list[Basic]:
    """The fixed exponents over what moves with x, outside of what binds."""
    if x not in free_names(term) or isinstance(term, Binder):
        return []
    found = [e for a in children_in_scope(term) for e in exponents_of(a, x)]
    if isinstance(term, Pow) and x in free_names(term.args[0]) and x not in free_names(term.args[1]):
        found.append(term.args[1])
    return found


def _gcd(a: int, b: int) -> int:
    while b:
        a, b = b, a % b
    return a


# ---------------------------------------------------------------- singularities inside


def _singularities(work: _Work, f: Frame, low: arb, high: arb) -> list[Number]:
    """Plain points at or near which the integrand has no bounded values that are seen, in order."""
    for width in WIDTHS:
        spots = _unseen(work, f, low, high, ((high - low) / 512).min(arb(width)))
        named = [_named(spot) for spot in spots]
        found = [number for number in named if number is not None]
        if len(found) == len(named):
            return found
    raise NotEvaluable("a singularity at a place that is not plain")


def _unseen(work: _Work, f: Frame, low: arb, high: arb, width: arb) -> list[arb]:
    """Where the integrand has no bounded values that are seen on intervals of a width; neighbours are joined."""
    stack = [(low, high)]
    spots: list[arb] = []
    for _ in range(PROBES):
        if not stack:
            break
        a, b = stack.pop()
        work.spend(1)
        if work.at(f, a.union(b)).is_finite():
            continue
        if not b - a < width:
            middle = (a + b) / 2
            stack += [(middle, b), (a, middle)]
        elif spots and spots[-1].overlaps(a.union(b)):
            spots[-1] = spots[-1].union(b)
        else:
            spots.append(a.union(b))
        if len(spots) > MOST_SPOTS or (spots and spots[-1].rad() > fmpq(1, 16)):
            raise NotEvaluable("an integral over many singularities")
    if stack:
        raise NotEvaluable("an integrand that is not bounded where it is looked at")
    return spots


def _named(spot: arb) -> Number | None:
    """The simplest rational, multiple of pi, or square root in a narrow ball."""
    for q in range(1, LARGEST + 1):
        for measured, number in _READINGS:
            found = (measured(spot) * q + fmpq(1, 2)).mid().floor().unique_fmpz()
            if found is not None and found > 0 and (measured(spot) * q).contains(fmpq(found)):
                return number(spot, fmpq(found, q))
        if spot.contains(0):
            return ZERO
    return None


def _signed(spot: arb, number: Number) -> Number:
    return number if spot > 0 else -number


_READINGS: tuple[tuple[Callable[[arb], arb], Callable[[arb, fmpq], Number]], ...] = (
    (abs, _signed),
    (lambda spot: abs(spot) / arb.pi(), lambda spot, q: _signed(spot, combination({PI: q}))),
    (lambda spot: spot * spot, lambda spot, q: _signed(spot, root_of(q))),
)
"""How a number is read off a ball, and what it is for what is read."""
