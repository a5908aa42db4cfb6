"""Expectations over Gaussian draws.

Promise: exact where the body is a polynomial in the draws, else, for a body in
one draw, a ball around the integral, taken piece by piece between its corners: adaptive Gauss-Legendre quadrature with
rigorous errors (Arb) between two points, and a bound of what is beyond them.
Source: Johansson, Numerical integration in arbitrary-precision ball arithmetic, 2018.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from typing import Any

from flint import acb, arb, ctx, fmpq
from sympy import Expr

from derive.core.errors import NotEvaluable
from derive.core.meaning.frames import Code, Frame, Scope
from derive.core.meaning.kinks import corners, twin_of, unkinked
from derive.core.meaning.models import NormalLaw
from derive.core.meaning.polynomials import Sources, compile_polynomial, law_at, mean_over, sources
from derive.core.meaning.tails import Tail, compile_tail, either
from derive.core.meaning.values import ZERO, Value, complex_ball, finite
from derive.core.terms import RandomArray

__all__ = ["gaussian_mean"]

ATTEMPTS = ((192, 3_000), (56, 12_000))
"""How accurate an integral is wanted, and after how many evaluations of its body that is given up."""

FARTHEST = 200
"""An integral that has to be taken over more deviations than this is given up."""

COARSEST = arb(2) ** -40
"""A ball that is wider than this, relative to 1 or to what it contains, says too little."""

PROBES = 400
NARROWEST = fmpq(1, 2**40)
"""How often a body is looked at for singularities, and down to which width."""

ANYWHERE = fmpq(17, 7)
"""Where a body without corners is tried first."""

SEVERAL = "an integral over several random entries"


def gaussian_mean(body: Expr, arrays: tuple[RandomArray, ...], scope: Scope) -> Code:
    """E of the body over independent entries, of which some are Gaussian."""
    inner, draws = sources(arrays, scope)
    polynomial = compile_polynomial(body, draws, inner)
    integral = _integral(body, draws, inner)

    def code(f: Frame) -> Value:
        found = polynomial(f)
        if found is None:
            return integral(f)
        return mean_over(found, draws, f).get((), ZERO)

    return code


@dataclass
class _Point:
    """An array of which one entry stands at a point of the integration; with `every`, all do."""

    key: tuple[int, ...] | None = None
    value: Value = ZERO
    every: bool = False

    def at(self, key: tuple[int, ...]) -> Value:
        """The entry's value; raises for any other entry."""
        if key != self.key and not self.every:
            raise NotEvaluable(SEVERAL)
        return self.value


def _integral(body: Expr, draws: Sources, scope: Scope) -> Code:
    twins = {array: twin_of(array) for array in draws}
    inner, slots = scope.bind(list(twins.values()))
    smooth, found = unkinked(body, twins)
    edges = [compile_polynomial(edge, draws, inner) for edge in found]
    tails, integrand = compile_tail(smooth, draws, inner), inner.code(smooth)

    def code(f: Frame) -> Value:
        corner = corners(edges, f)
        inside = _between(corner)
        twin = _Point(every=True)
        for slot in slots:
            f[slot] = twin

        def tail_at(where: fmpq) -> Tail:
            twin.value = where
            tail = tails(f)
            if tail is not None and len(tail.draws) > 1:
                raise NotEvaluable(SEVERAL)
            if tail is None or not tail.draws:
                raise NotEvaluable("an expectation over a Gaussian that is not understood")
            return tail

        ends = [tail_at(inside[0]), tail_at(inside[-1])]
        ((drawn, key),) = ends[0].draws
        for source in draws.values():
            f[source.slot] = _Point()
        f[drawn] = point = _Point(key)
        law = next(law_at(source, f) for source in draws.values() if source.slot == drawn)
        if not isinstance(law, NormalLaw):
            raise NotEvaluable("an integral over a random entry that is not Gaussian")
        return _quadrature(lambda: integrand(f), point, law, _Pieces(corner, inside, twin, *ends))

    return code


def _between(corner: list[fmpq]) -> list[fmpq]:
    """One value in every piece that the corners leave."""
    if not corner:
        return [ANYWHERE]
    return [corner[0] - 1, *((a + b) / 2 for a, b in pairwise(corner)), corner[-1] + 1]


@dataclass(frozen=True)
class _Pieces:
    """The corners, a value inside of each piece, the twin that is set to it, and the outer pieces' tails."""

    corners: list[fmpq]
    inside: list[fmpq]
    twin: _Point
    left: Tail
    right: Tail


def _quadrature(integrand: Callable[[], Value], point: _Point, law: NormalLaw, pieces: _Pieces) -> Value:
    mean, deviation = arb(law.mean), arb(law.variance).sqrt()
    scale = 1 / (2 * arb.pi()).sqrt()
    nowhere = acb(arb.nan(), arb.nan())
    corner = [(arb(c) - mean) / deviation for c in pieces.corners]
    tail = either(pieces.left, pieces.right, reduce(arb.max, (abs(c) for c in corner), arb(1)))

    def between(left: arb, right: arb) -> Callable[[acb, bool], acb]:
        width = right - left

        def at(share: acb, analytic: bool) -> acb:  # noqa: FBT001 - Arb calls it so
            t = left + width * share
            where = mean + deviation * t
            if where.imag.is_zero():
                if analytic:  # a real ball does not show whether the function is holomorphic around it
                    return nowhere
                where = where.real
            point.value = where
            try:
                found = integrand()
            except NotEvaluable:
                return nowhere
            return complex_ball(found) * (-t * t / 2).exp() * scale * width

        return at

    for bits, calls in ATTEMPTS:
        tolerance = arb(2) ** -min(ctx.prec * 5 // 8, bits)
        end, rest = _cut(tail, tolerance)
        total = acb(0)
        for left, right, where in zip([arb(-end), *corner], [*corner, arb(end)], pieces.inside, strict=True):
            pieces.twin.value = where
            point.value = where
            _tried(integrand)
            piece = between(left, right)
            if _singular(piece):
                raise NotEvaluable("an integral over a singularity")
            total += acb.integral(piece, 0, 1, rel_tol=tolerance, abs_tol=tolerance, eval_limit=calls)
        radius = arb(0, rest.upper())
        real = pieces.left.real and pieces.right.real
        whole: Any = total.real + radius if real else total + acb(radius, radius)
        if whole.is_finite() and whole.rad() < COARSEST * (1 + abs(whole)):
            return finite(whole)
    raise NotEvaluable("an integral that does not converge")


def _singular(piece: Callable[[acb, bool], acb]) -> bool:
    """Whether some tiny interval in [0, 1] has no bounded values that are seen: no quadrature gets past it."""
    stack = [(fmpq(0), fmpq(1))]
    for _ in range(PROBES):
        if not stack:
            return False
        left, width = stack.pop()
        half = width / 2
        if piece(acb(arb(left + half, half)), False).is_finite():
            continue
        if width < NARROWEST:
            return True
        stack += [(left, half), (left + half, half)]
    return False


def _tried(integrand: Callable[[], Value]) -> None:
    """What cannot be evaluated at all says so once, and not thousands of times; no weight of 0 absorbs that."""
    try:
        integrand()
    except NotEvaluable as error:
        raise NotEvaluable(str(error)) from None


def _cut(tail: Tail, small: arb) -> tuple[int, arb]:
    """How many deviations to integrate over, and a bound of what is beyond on both sides.

    Beyond it g(u) = scale*u**degree*exp(linear*u - k*u**2) is log-concave, so that
    its integral is at most g(end) over the rate at which its logarithm falls.
    """
    bound = tail.upper
    degree, k = bound.degree.max(arb(0)), arb(fmpq(1, 2)) - bound.square
    if not k > 0:
        raise NotEvaluable("an expectation that need not be finite")
    end = int(tail.start.upper().ceil().unique_fmpz() or FARTHEST) + 6
    while end <= FARTHEST:
        rate = 2 * k * end - bound.linear - degree / end
        if rate > 0:
            g = bound.scale * arb(end) ** degree * (bound.linear * end - k * end * end).exp()
            rest = g * (2 / arb.pi()).sqrt() / rate
            if rest < small:
                return end, rest
        end += max(1, end // 8)
    raise NotEvaluable("an expectation over a Gaussian whose tails are too heavy")
