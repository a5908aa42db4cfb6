"""How large a function of one Gaussian draw is far out: what bounds the tails of an integral.

Promise: a `Tail` of f holds for x = mean + deviation*t with real t and
u = |t| >= start >= 1. There f(x) has a value, |f(x)| <= upper(u), and
|f(x)| >= lower(u) > 0 where a lower bound is known. Every head that has a tail
is holomorphic wherever `meaning` evaluates it on a complex ball. What is not
understood has no tail (None).

Glossary
    bound    scale * u**degree * exp(linear*u + square*u**2), with scale >= 0
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import sympy as sp
from flint import acb, arb, fmpq
from sympy import Add, Basic, Mul, Pow, S

from derive.core.errors import NotEvaluable, TermError
from derive.core.meaning.frames import Frame, Scope, loop_over
from derive.core.meaning.models import NormalLaw
from derive.core.meaning.polynomials import Draw, Polynomial, Sources, compile_polynomial, law_at, real
from derive.core.meaning.values import ZERO, Infinite, Value, ball
from derive.core.terms import Defined, Entry, Sum, free_names

__all__ = ["Bound", "Tail", "compile_tail", "either"]

HIGHEST = 1_000
"""A higher power is not bounded."""


@dataclass(frozen=True)
class Bound:
    """scale * u**degree * exp(linear*u + square*u**2)."""

    scale: arb
    degree: arb = arb(0)  # noqa: RUF009 - balls are immutable
    linear: arb = arb(0)  # noqa: RUF009
    square: arb = arb(0)  # noqa: RUF009

    def times(self, other: Bound) -> Bound:
        """The product."""
        return Bound(
            self.scale * other.scale, self.degree + other.degree, self.linear + other.linear,
            self.square + other.square,
        )  # fmt: skip

    def to(self, e: arb) -> Bound:
        """A power of a bound whose scale is positive, or a positive power."""
        return Bound(self.scale**e, self.degree * e, self.linear * e, self.square * e)

    def plus(self, other: Bound) -> Bound:
        """A bound of the sum of two, since u >= 1."""
        return Bound(
            self.scale + other.scale, self.degree.max(other.degree), self.linear.max(other.linear),
            self.square.max(other.square),
        )  # fmt: skip


@dataclass(frozen=True)
class Tail:
    """Bounds of a function of one draw; whether it is real there, and real and at least 0."""

    upper: Bound
    lower: Bound | None = None
    real: bool = False
    nonnegative: bool = False
    start: arb = arb(1)  # noqa: RUF009 - balls are immutable
    draws: frozenset[Draw] = frozenset()


TailCode = Callable[[Frame], Tail | None]


def compile_tail(term: Basic, draws: Sources, scope: Scope) -> TailCode:
    """A closure that gives the tail of the term in its one draw, or None."""
    if not free_names(term) & draws.keys():
        value = scope.code(term)
        return lambda f: _constant(value(f))
    case = _CASES.get(type(term))
    return case(term, draws, scope) if case else _none


def _none(_: Frame) -> None:
    return None


def _constant(value: Value) -> Tail:
    if type(value) is Infinite:
        raise NotEvaluable("an infinite value beside a random one")
    found = ball(value)
    size, known = Bound(abs(found)), type(found) is arb
    return Tail(size, size if abs(found) > 0 else None, real=known, nonnegative=known and bool(found >= 0))


def _joined(tails: Iterable[Tail]) -> tuple[arb, frozenset[Draw]]:
    """From where on all of them hold, and their draws."""
    found = list(tails)
    start = reduce(lambda a, b: a.max(b), (t.start for t in found), arb(1))
    return start, frozenset().union(*(t.draws for t in found))


def _all(codes: Iterable[TailCode], f: Frame) -> list[Tail] | None:
    found = []
    for code in codes:
        one = code(f)
        if one is None:
            return None
        found.append(one)
    return found


def either(left: Tail, right: Tail, beyond: arb) -> Tail:
    """What bounds a function that is one on the left and the other on the right, beyond so many deviations."""
    both = _plus([left, right])
    return replace(both, lower=None, nonnegative=False, start=both.start.max(beyond))


# ---------------------------------------------------------------- ring


def _plus(tails: list[Tail]) -> Tail:
    start, draws = _joined(tails)
    nonnegative = all(t.nonnegative for t in tails)
    lower = next((t.lower for t in tails if t.lower is not None), None) if nonnegative else None
    upper = reduce(Bound.plus, (t.upper for t in tails), Bound(arb(0)))
    return Tail(upper, lower, all(t.real for t in tails), nonnegative, start, draws)


def _times(tails: list[Tail]) -> Tail:
    start, draws = _joined(tails)
    if any(t.upper.scale.is_zero() for t in tails):
        return Tail(Bound(arb(0)), None, True, True, start, draws)
    lowers = [t.lower for t in tails]
    known = [b for b in lowers if b is not None]
    lower = reduce(Bound.times, known, Bound(arb(1))) if len(known) == len(lowers) else None
    upper = reduce(Bound.times, (t.upper for t in tails), Bound(arb(1)))
    return Tail(upper, lower, all(t.real for t in tails), all(t.nonnegative for t in tails), start, draws)


def _entry(term: Entry, draws: Sources, scope: Scope) -> TailCode:
    return _by_polynomial(term, draws, scope)


def _add(term: Add, draws: Sources, scope: Scope) -> TailCode:
    """Term by term; where that gives no lower bound, the leading term of a polynomial may."""
    parts = [compile_tail(a, draws, scope) for a in term.args]
    whole = _by_polynomial(term, draws, scope)

    def code(f: Frame) -> Tail | None:
        tails = _all(parts, f)
        found = None if tails is None else _plus(tails)
        if found is None or found.lower is not None:
            return found
        led = whole(f)
        return found if led is None else replace(found, lower=led.lower, start=led.start.max(found.start))

    return code


def _mul(term: Mul, draws: Sources, scope: Scope) -> TailCode:
    still = [a for a in term.args if not free_names(a) & draws.keys()]
    moving = [a for a in term.args if a not in still]
    together = [Mul(*still, evaluate=False)] if len(still) > 1 else still
    parts = [compile_tail(a, draws, scope) for a in [*together, *moving]]

    def code(f: Frame) -> Tail | None:
        tails = _all(parts, f)
        return None if tails is None else _times(tails)

    return code


def _by_polynomial(term: Basic, draws: Sources, scope: Scope) -> TailCode:
    polynomial = compile_polynomial(term, draws, scope)

    def code(f: Frame) -> Tail | None:
        found = polynomial(f)
        in_t = None if found is None else _in_t(found, draws, f)
        if found is None or in_t is None:
            return None
        sizes = [abs(c) for c in in_t.coefficients]
        upper = Bound(sum(sizes, arb(0)), arb(len(sizes) - 1))
        tail = Tail(upper, None, in_t.real, draws=in_t.draws)
        lead, rest = sizes[-1], sum(sizes[:-1], arb(0))
        if not lead > 0:
            return tail
        start = (2 * rest / lead).max(arb(1))  # from there on the lead is at least twice the rest
        return replace(tail, lower=Bound(lead / 2, arb(len(sizes) - 1)), start=start)

    return code


@dataclass(frozen=True)
class _InT:
    """A polynomial in one draw, by the powers of t in x = mean + deviation*t."""

    coefficients: list[Any]
    real: bool
    draws: frozenset[Draw]


def _in_t(polynomial: Polynomial, draws: Sources, f: Frame) -> _InT | None:
    """The polynomial in t, where there is but one Gaussian draw."""
    found = frozenset(draw for monomial in polynomial for draw, _ in monomial)
    if len(found) > 1:
        raise NotEvaluable("an integral over several random entries")
    if not found:
        return _InT([ball(polynomial.get((), ZERO))], real(polynomial), found)
    (draw,) = found
    law = next(law_at(source, f) for source in draws.values() if source.slot == draw[0])
    if not isinstance(law, NormalLaw):
        return None
    mean, deviation = arb(law.mean), arb(law.variance).sqrt()
    degree = max(e for monomial in polynomial for _, e in monomial)
    coefficients: list[Any] = [arb(0)]
    for e in range(degree, -1, -1):  # Horner's rule
        key = ((draw, e),) if e else ()
        shifted = [mean * c for c in coefficients] + [arb(0)]
        for k, c in enumerate(coefficients):
            shifted[k + 1] = shifted[k + 1] + deviation * c
        coefficients = shifted
        coefficients[0] = coefficients[0] + ball(polynomial.get(key, ZERO))
    return _InT(coefficients[: degree + 1], real(polynomial), found)


# ---------------------------------------------------------------- functions


def _power(term: Pow, draws: Sources, scope: Scope) -> TailCode:
    base, exponent = term.args
    if not free_names(base) & draws.keys():
        value = scope.code(base)
        above = Mul(exponent, sp.log(base, evaluate=False), evaluate=False)
        by_exp = _exp(sp.exp(exponent if base is S.Exp1 else above, evaluate=False), draws, scope)
        return lambda f: by_exp(f) if base is S.Exp1 or _positive(value(f)) else None
    if free_names(exponent) & draws.keys():
        return _none
    below, e_code = compile_tail(base, draws, scope), scope.code(exponent)

    def code(f: Frame) -> Tail | None:
        e, tail = e_code(f), below(f)
        if type(e) is not fmpq or tail is None or abs(e) > HIGHEST:
            return None
        return _raised(tail, e)

    return code


def _positive(value: Value) -> bool:
    return type(value) in (fmpq, arb) and bool(value > 0)


def _raised(tail: Tail, e: fmpq) -> Tail | None:
    """tail**e; a fraction e of something that may be negative is complex."""
    upper, lower = tail.upper, tail.lower
    if e < 0:
        if lower is None:
            return None
        upper, lower = lower, upper if upper.scale > 0 else None
    even = e.q == 1 and e.p % 2 == 0 and tail.real
    stays = tail.nonnegative or even
    e_ball = arb(e)
    return Tail(
        upper.to(e_ball), None if lower is None else lower.to(e_ball),
        tail.nonnegative or (tail.real and e.q == 1), stays, tail.start, tail.draws,
    )  # fmt: skip


def _exp(term: Any, draws: Sources, scope: Scope) -> TailCode:
    """exp of a polynomial of degree at most 2, exactly; of anything else that grows so slowly, by its modulus."""
    (argument,) = term.args
    polynomial, inside = compile_polynomial(argument, draws, scope), compile_tail(argument, draws, scope)

    def code(f: Frame) -> Tail | None:
        found = polynomial(f)
        in_t = None if found is None else _in_t(found, draws, f)
        if in_t is not None and len(in_t.coefficients) <= 3:
            e0, e1, e2 = ([acb(c).real for c in in_t.coefficients] + [arb(0)] * 3)[:3]
            upper, lower = (Bound(e0.exp(), arb(0), s * abs(e1), e2) for s in (1, -1))
            return Tail(upper, lower, in_t.real, in_t.real, arb(1), in_t.draws)
        tail = inside(f)
        return None if tail is None else _exp_of(tail)

    return code


def _exp_of(tail: Tail) -> Tail | None:
    """exp of something that grows at most like u**2, by its modulus."""
    size = tail.upper
    if not (size.linear <= 0 and size.square <= 0 and size.degree <= 2):
        return None
    upper, lower = (
        Bound(arb(1), arb(0), s * size.scale) if size.degree <= 1 else Bound(arb(1), arb(0), arb(0), s * size.scale)
        for s in (1, -1)
    )
    return Tail(upper, lower, tail.real, tail.real, tail.start, tail.draws)


def _log(term: Any, draws: Sources, scope: Scope) -> TailCode:
    """|log z| <= |log |z|| + pi, and log u <= u."""
    if len(term.args) != 1:
        return _none
    inside = compile_tail(term.args[0], draws, scope)

    def code(f: Frame) -> Tail | None:
        tail = inside(f)
        if tail is None or tail.lower is None:
            return None
        up, low = tail.upper, tail.lower
        constant = abs(up.scale.log()).max(abs(low.scale.log())) + arb.pi()
        slope = sum((abs(b) for b in (up.degree, low.degree, up.linear, low.linear)), arb(0))
        square = abs(up.square) + abs(low.square)
        degree = 0 if slope.is_zero() and square.is_zero() else 1 if square.is_zero() else 2
        upper = Bound(constant + slope + square, arb(degree))
        return Tail(upper, None, tail.nonnegative, False, tail.start, tail.draws)

    return code


def _bounded(limit: int) -> Callable[[Any, Sources, Scope], TailCode]:
    """A function that is at most this large at real values, and real there."""

    def case(term: Any, draws: Sources, scope: Scope) -> TailCode:
        inside = compile_tail(term.args[0], draws, scope)

        def code(f: Frame) -> Tail | None:
            tail = inside(f)
            if tail is None or not tail.real:
                return None
            return Tail(Bound(arb(limit)), None, True, False, tail.start, tail.draws)

        return code

    return case


def _hyperbolic(term: Any, draws: Sources, scope: Scope) -> TailCode:
    """sinh and cosh are halves of exp(z) + exp(-z), up to a sign."""
    argument = term.args[0]
    minus = Mul(S.NegativeOne, argument, evaluate=False)
    parts = [_exp(sp.exp(a, evaluate=False), draws, scope) for a in (argument, minus)]

    def code(f: Frame) -> Tail | None:
        tails = _all(parts, f)
        return None if tails is None else replace(_plus(tails), lower=None, nonnegative=False)

    return code


# ---------------------------------------------------------------- our own heads


def _total(term: Sum, draws: Sources, scope: Scope) -> TailCode:
    if any(limit[2] is S.Infinity for limit in term.limits):
        return _none
    inner, visit = loop_over(term.limits, scope)
    body = compile_tail(term.bodies[0], draws, inner)

    def code(f: Frame) -> Tail | None:
        tails = _all((body for _ in visit(f)), f)
        return None if tails is None else _plus(tails)

    return code


def _defined(term: Defined, draws: Sources, scope: Scope) -> TailCode:
    try:
        body = term.definition()
    except TermError:
        return _none
    return compile_tail(body, draws, scope)


_CASES: dict[type, Callable[[Any, Sources, Scope], TailCode]] = {
    Add: _add,
    Mul: _mul,
    Pow: _power,
    Entry: _entry,
    Sum: _total,
    Defined: _defined,
    sp.exp: _exp,
    sp.log: _log,
    sp.sin: _bounded(1),
    sp.cos: _bounded(1),
    sp.tanh: _bounded(1),
    sp.atan: _bounded(2),
    sp.erf: _bounded(1),
    sp.erfc: _bounded(2),
    sp.sinh: _hyperbolic,
    sp.cosh: _hyperbolic,
}
