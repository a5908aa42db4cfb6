"""Derivatives at a point, by power series.

Promise: the value encloses the n-th derivative of a body that is analytic at the point: along the real axis where its
variable is real, in the plane where it is complex. Everything else is `NotEvaluable`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import acb, arb, fmpq, fmpz
from sympy import Add, Basic, Mul, Piecewise, Pow, S
from sympy.core.relational import Relational

from derive.core.errors import NotEvaluable
from derive.core.meaning import jets
from derive.core.meaning.combinations import as_ball
from derive.core.meaning.conditions import RELATIONS, folded
from derive.core.meaning.frames import Code, Frame, Scope
from derive.core.meaning.jets import Jet, Number, as_real, number_of, value_of
from derive.core.meaning.onaxis import has_broken
from derive.core.meaning.taylor import (
    TAYLOR,
    lambert_below,
    polygamma_coefficients,
    power_coefficients,
    zeta_in_first,
    zeta_in_second,
)
from derive.core.meaning.values import ONE, ZERO, Infinite, Value, ball, compare, complex_ball, integer_of
from derive.core.terms import Diff, Integral, Product, Sum, domain_of, free_names

__all__ = ["compile_diff"]

POINTS = 20
FEW_POINTS = 8
RADII = (fmpq(1, 4), fmpq(1, 16), fmpq(1, 64))
"""For a derivative by values: how many, how many where each is dear, and on which discs."""

HIGHEST = 60
"""A derivative of higher order is not taken."""


def compile_diff(term: Diff, scope: Scope) -> Code:
    """A closure that gives the derivative's value."""
    x = term.variable
    order, point = scope.code(term.order), scope.code(term.point)
    inner, (slot,) = scope.bind([x])
    plane = domain_of(x).field == "complex"
    body = term.body
    here = inner.code(body)

    def code(f: Frame) -> Value:
        n, at = integer_of(order(f), "the order of a derivative"), point(f)
        if not 0 <= n <= HIGHEST or type(at) is Infinite:
            raise NotEvaluable("a derivative of such an order, or at infinity")
        f[slot] = at
        if n == 0:
            return here(f)
        if not plane and type(at) not in (fmpq, arb):
            raise NotEvaluable("a derivative along the real axis at a complex point")
        found = _Series(x, slot, inner, f, at, n, plane).of(body).coefs[n] * fmpq(fmpz.fac_ui(n))
        return value_of(found)

    return code


@dataclass
class _Series:
    """The power series of terms about the point, up to the order."""

    x: Any
    slot: int
    scope: Scope
    frame: Frame
    at: Value
    order: int
    plane: bool

    def of(self, term: Basic) -> Jet:
        if term == self.x:
            return Jet(((number_of(self.at), ONE) + (ZERO,) * self.order)[: self.order + 1])
        if self.x not in free_names(term):
            return self.plain(self.value(term))
        if isinstance(term, Add):
            found = self.of(term.args[0])
            for a in term.args[1:]:
                found = jets.plus(found, self.of(a))
            return found
        if isinstance(term, Mul):
            found = self.of(term.args[0])
            for a in term.args[1:]:
                found = jets.times(found, self.of(a))
            return found
        if isinstance(term, Pow):
            return self.power(*term.args)
        if isinstance(term, Sum) and len(term.limits) == 1 and term.limits[0][2] is not S.Infinity:
            return self.sum(term)
        if isinstance(term, (Integral, Sum, Product)):
            return self.by_values(term, FEW_POINTS)
        if isinstance(term, Piecewise):
            return self.of(next((e for e, c in (p.args for p in term.args) if self.holds(c)), S.Infinity))
        if len(term.args) == 2 and type(term) in _TWO:
            return _TWO[type(term)](self, *term.args)
        if len(term.args) == 1 and type(term) in _BROKEN:
            return self.broken(type(term), self.of(term.args[0]))
        if len(term.args) == 1 and type(term) in TAYLOR:
            return self.through(TAYLOR[type(term)], self.of(term.args[0]))
        if isinstance(term, sp.Function):
            return self.by_values(term, POINTS)
        raise NotEvaluable(f"a derivative of {type(term).__name__}")

    def value(self, term: Basic) -> Value:
        code = self.scope.code(term)
        self.scope.program.fit(self.frame)
        return code(self.frame)

    def plain(self, value: Value) -> Jet:
        return jets.constant(value, self.order, ZERO)

    def through(self, head: Any, inner: Jet) -> Jet:
        """A function of a series; in the plane its branch cuts count on the real axis as well."""
        if self.plane or (as_real(inner.coefs[0]) is not None and any(as_real(c) is None for c in inner.coefs)):
            inner = Jet((acb(as_ball(inner.coefs[0])), *inner.coefs[1:]))
        return jets.through(head, inner)

    def power(self, base: Basic, exponent: Basic) -> Jet:
        if base is S.Exp1:
            return jets.through(TAYLOR[sp.exp], self.of(exponent))
        if self.x not in free_names(exponent):
            e = number_of(self.value(exponent))
            below = self.of(base)
            if type(e) is fmpq and e.q == 1:
                return jets.through(power_coefficients(e), below)
            return self.through(power_coefficients(e), below)
        log = self.through(TAYLOR[sp.log], self.of(base))
        return jets.through(TAYLOR[sp.exp], jets.times(self.of(exponent), log))

    def sum(self, term: Sum) -> Jet:
        """A finite sum over one index, written out."""
        index, lo, hi = term.limits[0]
        ends = [integer_of(self.value(e), "the end of a range") for e in (lo, hi)]
        if ends[1] - ends[0] > 200 or self.x in free_names(lo) | free_names(hi):
            raise NotEvaluable("a derivative of a long sum")
        inner, (slot,) = self.scope.bind([index])
        frame = self.frame
        inner.program.fit(frame)
        total = self.plain(ZERO)
        for k in range(ends[0], ends[1] + 1):
            frame[slot] = k
            run = _Series(self.x, self.slot, inner, frame, self.at, self.order, self.plane)
            total = jets.plus(total, run.of(term.bodies[0]))
        return total

    def by_values(self, term: Basic, count: int) -> Jet:
        """By Cauchy's formula on a circle: what has values on a ball in the plane is analytic there.

        With m points at radius r the coefficient of t**n is off by that of t**(n + m), t**(n + 2m), ..., times powers
        of r; those are at most bound/radius**n, for a bound all over a disc.
        """
        if has_broken(term, self.x) or self.order >= count // 2:
            raise NotEvaluable(f"a derivative of {type(term).__name__}")
        code = self.scope.code(term)
        self.scope.program.fit(self.frame)

        def at(where: acb) -> acb:
            self.frame[self.slot] = where
            return complex_ball(code(self.frame))

        centre = acb(ball(self.at))
        radius, bound = _disc(at, centre)
        r = radius / 16
        points = [acb(arb(fmpq(2 * k, count))).exp_pi_i() for k in range(count)]
        values = [at(centre + acb(r) * w) for w in points]
        coefs: list[Number] = []
        for n in range(self.order + 1):
            total = acb(0)
            for k, value in enumerate(values):
                total += value * points[(-k * n) % count]
            off = (bound / arb(radius) ** n * arb(16) ** -count * 2).upper()
            coefs.append(total / count / arb(r) ** n + acb(arb(0, off), arb(0, off)))
        return Jet(tuple(coefs))

    def broken(self, head: type, inner: Jet) -> Jet:
        """What is analytic along the real axis only, where it does not break."""
        if self.plane:
            raise NotEvaluable(f"a derivative of {head.__name__} in the plane")
        if head in _PARTS:
            return Jet(tuple(_PARTS[head](c) for c in inner.coefs))
        reals = [as_real(c) for c in inner.coefs]
        first = reals[0]
        if first is None or any(r is None for r in reals):
            raise NotEvaluable(f"a derivative of {head.__name__} of a complex value")
        if head in (sp.floor, sp.ceiling):
            found = first.floor().unique_fmpz()
            if found is None or not (first > arb(found)):
                raise NotEvaluable("a derivative at a jump")
            return self.plain(fmpq(found) + (1 if head is sp.ceiling else 0))
        sign = 1 if first > 0 else -1 if first < 0 else 0
        if not sign:
            raise NotEvaluable("a derivative at a corner")
        return self.plain(fmpq(sign)) if head is sp.sign else jets.scaled(inner, fmpq(sign))

    def holds(self, condition: Basic) -> bool:
        """Whether a condition holds all around the point."""
        return folded(condition, self._compared)

    def _compared(self, condition: Relational) -> bool:
        if self.x not in free_names(condition):
            left, right = (self.value(a) for a in condition.args)
        else:
            self.frame[self.slot] = self.at
            left, right = (self.value(a) for a in condition.args)
            for a in condition.args:
                self.of(a)
            if compare(left, right) == "equal":
                raise NotEvaluable("a derivative where a condition changes")
        found = compare(left, right)
        truth = RELATIONS[type(condition)].get(found)
        if truth is None:
            raise NotEvaluable("a condition that is not certain")
        return truth


def _disc(at: Callable[[acb], acb], centre: acb) -> tuple[fmpq, arb]:
    """A radius, and a bound of the values on that disc."""
    failure = NotEvaluable("a derivative of what has no values in the plane")
    for radius in RADII:
        try:
            return radius, abs(at(centre + acb(arb(0, radius), arb(0, radius)))).upper()
        except NotEvaluable as error:
            failure = error
    raise failure


def _real(c: Number) -> Number:
    return c.real if type(c) is acb else c


def _imag(c: Number) -> Number:
    return c.imag if type(c) is acb else ZERO


def _conjugate(c: Number) -> Number:
    return c.conjugate() if type(c) is acb else c


_PARTS = {sp.re: _real, sp.im: _imag, sp.conjugate: _conjugate}
_BROKEN = (sp.Abs, sp.sign, sp.floor, sp.ceiling, *_PARTS)


def _polygamma(run: _Series, order: Basic, inner: Basic) -> Jet:
    if run.x in free_names(order):
        raise NotEvaluable("a derivative in the order of polygamma")
    n = integer_of(run.value(order), "the order of polygamma")
    return run.through(polygamma_coefficients(n), run.of(inner))


def _zeta(run: _Series, s: Basic, a: Basic) -> Jet:
    if run.x not in free_names(a):
        return jets.through(zeta_in_first(run.value(a)), run.of(s))
    if run.x in free_names(s):
        raise NotEvaluable("a derivative in both arguments of zeta")
    return run.through(zeta_in_second(run.value(s)), run.of(a))


def _log(run: _Series, inner: Basic, base: Basic) -> Jet:
    over, under = (run.through(TAYLOR[sp.log], run.of(u)) for u in (inner, base))
    return jets.times(over, jets.through(power_coefficients(fmpq(-1)), under))


def _beta(run: _Series, a: Basic, b: Basic) -> Jet:
    x, y = run.of(a), run.of(b)
    gamma = TAYLOR[sp.gamma]
    under = jets.through(power_coefficients(fmpq(-1)), jets.through(gamma, jets.plus(x, y)))
    return jets.times(jets.times(jets.through(gamma, x), jets.through(gamma, y)), under)


def _atan2(run: _Series, y: Basic, x: Basic) -> Jet:
    """The imaginary part of log(x + I*y) for real x and y."""
    below, above = ([as_real(c) for c in run.of(u).coefs] for u in (x, y))
    if run.plane or any(c is None for c in (*below, *above)):
        raise NotEvaluable("a derivative of atan2 of values that are not known to be real")
    inner = Jet(tuple(acb(a, b) for a, b in zip(below, above, strict=True)))
    return Jet(tuple(_imag(c) for c in jets.through(TAYLOR[sp.log], inner).coefs))


def _lambert(run: _Series, inner: Basic, branch: Basic) -> Jet:
    """Of the branch -1 along the real axis where it is real; elsewhere off the cuts."""
    found = run.of(inner)
    reals = [as_real(c) for c in found.coefs]
    left = reals[0] is not None and reals[0] < 0 and None not in reals and not run.plane
    if left and run.x not in free_names(branch) and run.value(branch) == -1:
        return jets.through(lambert_below, found)
    return run.by_values(sp.LambertW(inner, branch, evaluate=False), POINTS)


_TWO = {
    sp.polygamma: _polygamma, sp.zeta: _zeta, sp.log: _log, sp.beta: _beta, sp.atan2: _atan2, sp.LambertW: _lambert,
}  # fmt: skip
