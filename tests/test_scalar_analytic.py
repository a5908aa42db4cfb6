"""Continuity, smoothness and analyticity: where they hold, where they must not be claimed, and random terms."""

from __future__ import annotations

import random

import pytest
import sympy as sp
from flint import acb, arb, fmpq
from sympy import (
    Abs,
    Expr,
    Ge,
    Gt,
    I,
    Integer,
    Le,
    Max,
    Ne,
    Piecewise,
    Rational,
    S,
    acos,
    acot,
    asin,
    atan,
    cos,
    exp,
    floor,
    gamma,
    log,
    oo,
    pi,
    re,
    sign,
    sin,
    sqrt,
    tan,
    zeta,
)

from derive.core.errors import NotEvaluable
from derive.core.meaning import Gaussian, Model, evaluate
from derive.core.scalar.analytic import analytic_at, continuous, smooth
from derive.core.scalar.context import Context
from derive.core.scalar.corners import corners
from derive.core.terms import Diff, Domain, Index, Integral, Scalar, Sum, substitute

x, y, a = (Scalar(name, Domain("real")) for name in "xya")
p = Scalar("p", Domain("real", S.Zero, lo_open=True))
z, w = (Scalar(name, Domain("complex")) for name in "zw")
n = Scalar("n", Domain("integer", S.One))
k = Index("k", 0, n)
FREE = Context()


def on(lo: object, hi: object, *given: object) -> Context:
    """A context in which x lies in an open interval."""
    return FREE.also(*given).within(x, sp.sympify(lo), sp.sympify(hi))


SHUT = FREE.also(Ge(x, 0), Le(x, 1))

with sp.evaluate(False):
    CONTINUOUS = [
        (1 / x, on(0, 1)),
        (log(x), on(0, oo)),
        (sqrt(x), SHUT),
        (x ** Rational(1, 3), on(-1, 1)),
        (Abs(x), on(-1, 1)),
        (sqrt(1 - x**2), FREE.also(Ge(x, -1), Le(x, 1))),
        (asin(x), FREE.also(Ge(x, -1), Le(x, 1))),
        (Max(x, 1 - x), FREE),
        (x**x, on(0, 1)),
        (1 / (x + p), on(0, 1)),
        (sqrt(x**2), FREE),
        (x**p, SHUT),
        (Sum(x**k, (k, 0, n)), FREE),
        (Abs(sin(x)) * sqrt(x), SHUT),
        (Integral(exp(-x * y), (y, 0, 1)), FREE),
    ]
    NOT_CONTINUOUS = [
        (1 / x, on(-1, 1)),
        (log(x), on(-1, 1)),
        (log(x), SHUT),
        (tan(x), on(0, pi)),
        (floor(x), on(0, 2)),
        (sign(x), on(-1, 1)),
        (1 / (x - a), on(0, 1)),
        (acot(x), on(-1, 1)),
        (atan(1 / x), on(-1, 1)),
        (x**-p, SHUT),
        (sqrt(x + I * x**2), on(-1, 1)),
        (log(sin(x)), on(0, 2 * pi)),
        (1 / (x**2 - 2), on(1, 2)),
        (x**a, SHUT),
        (Sum(x**k, (k, 0, oo)), on(-1, 1)),
        (Piecewise((x, x > 0), (1, True)), FREE),
        (gamma(x), on(-1, 1)),
        (Integral(1 / (x + y), (y, 0, 1)), on(-1, 1)),
        (zeta(x), on(0, 2)),
        (log(exp(I * x)), on(0, 5)),
        (sp.arg(exp(I * x)), on(0, 5)),
        (asin(x), on(0, 2)),
        (sp.acosh(x), on(0, 2)),
        (1 / sin(x), on(3, 4)),
    ]
    SMOOTH = [
        (sin(x) / x, on(0, 1)),
        (log(x), on(-2, -1)),
        (sqrt(x), on(-2, -1)),
        (Abs(x), on(0, 1)),
        (tan(x), on(-pi / 2, pi / 2)),
        (x**a, on(0, 1)),
        (Integer(2) ** x, FREE),
        (sqrt(x**2 - 2 * x * sin(a) + 1), on(0, 1, Gt(cos(a), 0))),
        (atan(x), FREE),
        (acos(x), on(-1, 1)),
        (sign(x), on(0, 1)),
        (Piecewise((x, x > 0), (1, True)), on(0, 1)),
        (gamma(x), on(0, oo)),
        (re(exp(I * x)), FREE),
        (Diff(sin(x * y), (y, 1, x)), FREE),
        (Integral(y**x, (y, 1, 2)), FREE),
        (zeta(x, p), on(1, oo)),
        (acot(x), on(0, 1)),
    ]
    NOT_SMOOTH = [
        (Abs(x), on(-1, 1)),
        (sqrt(x), SHUT),
        (x ** Rational(4, 3), on(-1, 1)),
        (sqrt(1 - x**2), SHUT),
        (Max(x, 1 - x), FREE),
        (sqrt(x**2), FREE),
        (asin(x), SHUT),
        (log(x), FREE),
        (Abs(x) * x, on(-1, 1)),
        (a**x, FREE),
        (sqrt(x - a), on(0, 1)),
        (Integral(sqrt(y), (y, 0, x)), on(0, 1)),
        (Diff(Abs(y - x), (y, 1, Integer(0))), on(-1, 1)),
    ]
    AT = [
        (log(z), z, Integer(1)),
        (log(x), x, Integer(-1)),
        (1 / z, z, I),
        (sqrt(z), z, Integer(2)),
        (atan(z), z, Integer(0)),
        (Abs(x), x, Integer(-1)),
        (gamma(z), z, Rational(-1, 2)),
        (1 / gamma(z), z, Integer(-1)),
        (exp(z) / (z - w), z, w + 1),
        (tan(z), z, Integer(0)),
        (zeta(z), z, Integer(2)),
        (z**w, z, Integer(1)),
        (sp.conjugate(x), x, Integer(0)),
    ]
    NOT_AT = [
        (log(z), z, Integer(-1)),
        (log(x), x, Integer(0)),
        (1 / z, z, Integer(0)),
        (sqrt(z), z, Integer(-2)),
        (atan(z), z, I),
        (Abs(x), x, Integer(0)),
        (Abs(z), z, Integer(1)),
        (gamma(z), z, Integer(-2)),
        (1 / (z - w), z, w),
        (log(z), z, w),
        (sp.conjugate(z), z, Integer(0)),
        (tan(z), z, pi / 2),
        (zeta(z), z, Integer(1)),
        (atan(z), z, 2 * I),
        (z, z, oo),
        (asin(z), z, Integer(2)),
        (floor(x), x, Rational(1, 2)),
    ]
    CORNERS = [
        (Abs(x), on(-1, 1), [0]),
        (Abs(cos(x)), on(0, pi), [pi / 2]),
        (sqrt(sin(x) ** 2), on(0, 5 * pi), [pi, 2 * pi, 3 * pi, 4 * pi]),
        (Max(x, 1 - x), on(0, 1), [Rational(1, 2)]),
        (Abs(x - p), on(0, 2 * p), [p]),
        (Abs(log(x)), on(0, 3), [1]),
        (Abs(x), on(1, 2), []),
        (sqrt(cos(x) - cos(x) ** 3), on(-pi / 2, pi / 2), [0]),
        (sign(x), on(-1, 1), None),
        (1 / Abs(x), on(-1, 1), None),
        (Abs(x - a), on(0, 1), None),
        (1 / x, on(-1, 1), None),
    ]


@pytest.mark.parametrize(("term", "context"), CONTINUOUS)
def test_continuous(term: Expr, context: Context) -> None:
    """What is continuous, closed ends included, is known to be."""
    assert continuous(term, x, context)


@pytest.mark.parametrize(("term", "context"), NOT_CONTINUOUS)
def test_not_continuous(term: Expr, context: Context) -> None:
    """A pole, a jump, a cut that is crossed, or a bad value of a parameter is seen."""
    assert not continuous(term, x, context)
    assert not smooth(term, x, context)


@pytest.mark.parametrize(("term", "context"), SMOOTH)
def test_smooth(term: Expr, context: Context) -> None:
    """What is smooth is known to be, and to be continuous."""
    assert smooth(term, x, context)
    assert continuous(term, x, context)


@pytest.mark.parametrize(("term", "context"), NOT_SMOOTH)
def test_not_smooth(term: Expr, context: Context) -> None:
    """A corner, or an end where a root begins, is not smooth."""
    assert not smooth(term, x, context)


@pytest.mark.parametrize(("term", "variable", "point"), AT)
def test_analytic_at(term: Expr, variable: Scalar, point: Expr) -> None:
    """Analytic about a point off the poles and cuts."""
    assert analytic_at(term, variable, point, FREE)


@pytest.mark.parametrize(("term", "variable", "point"), NOT_AT)
def test_not_analytic_at(term: Expr, variable: Scalar, point: Expr) -> None:
    """Not known to be analytic at a pole, on a cut, at a corner, or where a parameter may be in the way."""
    assert not analytic_at(term, variable, point, FREE)


def test_a_complex_variable() -> None:
    """For a complex variable smooth means analytic; every zero below the line must be left out."""
    with sp.evaluate(False):
        assert smooth(1 / (1 + z**2), z, FREE.also(Ne(z, I), Ne(z, -I)))
        assert not smooth(1 / (1 + z**2), z, FREE.also(Ne(z, I)))
        assert continuous(sp.conjugate(z), z, FREE)
        assert not smooth(sp.conjugate(z), z, FREE)


def test_the_point_is_outside() -> None:
    """An x in the point is the one that the context knows, not the bound one."""
    assert analytic_at(sqrt(x), x, x, FREE.also(Gt(x, 0)))
    assert not analytic_at(sqrt(x), x, x, FREE.also(Ge(x, 0)))
    assert not analytic_at(1 / x, x, x, FREE)


@pytest.mark.parametrize(("term", "context", "expected"), CORNERS)
def test_corners(term: Expr, context: Context, expected: list[Expr] | None) -> None:
    """Corners are found in order; jumps and poles are none."""
    found = corners(term, x, context)
    assert (found is None) is (expected is None)
    if found is not None and expected is not None:
        assert len(found) == len(expected)
        assert all(context.truth(sp.Eq(u, v, evaluate=False)) for u, v in zip(found, expected, strict=True))


# ---------------------------------------------------------------- random terms

HEADS = (
    sin,
    cos,
    tan,
    exp,
    log,
    sqrt,
    Abs,
    atan,
    asin,
    acos,
    gamma,
    floor,
    sign,
    sp.sinc,
    sp.cot,
    acot,
    sp.atanh,
    sp.acosh,
    sp.arg,
    re,
    lambda u: u**-1,
    lambda u: u**2,
    lambda u: u ** Rational(1, 3),
    lambda u: u ** Rational(5, 2),
    lambda u: 1 - u,
    lambda u: Max(u, Rational(1, 2)),
    lambda u: exp(I * u),
    lambda u: 2**u,
)
PLACES = [fmpq(k, 8) for k in range(-15, 16)]
STEP = fmpq(1, 2**50)


def a_term(rng: random.Random, depth: int) -> Expr:
    """A random term in x."""
    if depth == 0:
        return x if rng.random() < 0.75 else rng.choice([Integer(1), Integer(2), Rational(-1, 2), I])
    if rng.random() < 0.6:
        return rng.choice(HEADS)(a_term(rng, depth - 1))
    left, right = a_term(rng, depth - 1), a_term(rng, rng.randrange(depth))
    return rng.choice([left + right, left * right, left - right, left / right])


def ball(term: Expr, place: fmpq) -> acb:
    """The value at a place."""
    value = evaluate(term, Model.of({x: place}), 400)
    if isinstance(value, Gaussian):
        return acb(arb(value.re), arb(value.im))
    return acb(value)


def test_random_terms() -> None:
    """Where continuity is known there is no jump, and where smoothness is, no corner."""
    rng = random.Random(5)
    seen = {"continuous": 0, "smooth": 0}
    for _ in range(450):
        with sp.evaluate(False):
            term = a_term(rng, rng.choice([1, 2, 2, 3]))
        lo, hi = sorted(rng.sample(range(-2, 3), 2))
        known = on(lo, hi)
        flat, round_ = continuous(term, x, known), smooth(term, x, known)
        assert flat or not round_, term
        if not flat:
            continue
        place = rng.choice([q for q in PLACES if lo < q < hi])
        try:
            here, left, right = (ball(term, place + step) for step in (0, -STEP, STEP))
        except NotEvaluable:
            continue
        seen["continuous"] += 1
        assert not abs(right - left) > arb(2) ** -12, (term, lo, hi, place)
        if round_:
            seen["smooth"] += 1
            assert not abs(left + right - 2 * here) > arb(2) ** -70, (term, lo, hi, place)
    assert min(seen.values()) > 80, seen


def test_parts_free_of_the_variable_are_not_looked_into() -> None:
    """A constant is continuous wherever it has a value."""
    with sp.evaluate(False):
        assert continuous(x / a, x, FREE)
        assert smooth(substitute(x * log(a), {a: y}), x, FREE)
