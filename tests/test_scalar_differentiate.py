"""Derivatives: the table against difference quotients, and when there is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sympy as sp
from flint import acb, arb, ctx, fmpq
from sympy import Eq, Expr, I, Ne, Rational, S, cos, evaluate, exp, log, oo, pi, sin, sqrt
from sympy.core.relational import Ge, Gt

from derive.core.scalar.balls import enclose
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import derivative, plus, power, times, visibly_real
from derive.core.scalar.heads import diff_value
from derive.core.scalar.parameters import under_the_integral
from derive.core.scalar.zero import equal
from derive.core.terms import Diff, Domain, Index, Integral, Product, Scalar, Sum, substitute

x = Scalar("x", Domain("real"))
y = Scalar("y", Domain("real"))
a = Scalar("a", Domain("real"))
b = Scalar("b", Domain("real", S.Zero, None, lo_open=True))
z = Scalar("z", Domain("complex"))
n = Scalar("n", Domain("integer", S.Zero))
k = Scalar("k", Domain("integer", S.One))
POSITIVE_X = Gt(x, 0)


def built(term: Callable[[], Any]) -> Expr:
    """A term as it is written, with nothing evaluated."""
    with evaluate(False):
        found: Expr = sp.sympify(term())
    return found


TERMS: list[tuple[Callable[[], Any], Rational]] = [
    *((lambda f=f: f(x**2 + x), Rational(1, 5)) for f in (
        exp, log, sin, cos, sp.tan, sp.cot, sp.sec, sp.csc, sp.sinc, sp.sinh, sp.cosh, sp.tanh, sp.coth, sp.sech,
        sp.csch, sp.asin, sp.acos, sp.atan, sp.acot, sp.asinh, sp.atanh, sp.erf, sp.erfc, sp.gamma, sp.loggamma,
        sp.digamma, sp.factorial, sp.harmonic, sp.asech, sp.acsch, sqrt,
    )),
    *((lambda f=f: f(x**2 + x), Rational(3, 2)) for f in (sp.asec, sp.acsc, sp.acosh, sp.acoth)),
    *((lambda f=f: f(x - x**2), Rational(3, 2)) for f in (sp.Abs, sp.asec, sp.acsc) if f is sp.Abs),
    (lambda: sp.beta(x, x + 2), Rational(2, 3)),
    (lambda: sp.polygamma(2, x**2), Rational(4, 3)),
    (lambda: sp.zeta(3, x**2), Rational(4, 3)),
    (lambda: log(x, 2), Rational(7, 3)),
    (lambda: log(2, x), Rational(7, 3)),
    (lambda: x**x, Rational(7, 3)),
    (lambda: 2**x * x**3 / (1 + x), Rational(7, 3)),
    (lambda: sp.re(exp(I * x)) + sp.im(exp((1 + I) * x)) * sp.Abs(x + I), Rational(-1, 3)),
    (lambda: sp.conjugate(1 / (x + I)), Rational(1, 3)),
]


@pytest.mark.parametrize(("term", "place"), TERMS)
def test_the_table(term: Callable[[], Any], place: Rational) -> None:
    """The derivative agrees with a difference quotient, to many digits."""
    whole = built(term)
    slope = derivative(whole, x)
    assert slope is not None
    with ctx.workprec(512):
        at, step = acb(fmpq(int(place.p), int(place.q))), acb(fmpq(1, 10**40))
        values = [enclose(whole, 512, {x: v}) for v in (at - step, at + step)]
        ball = enclose(slope, 512, {x: at})
        assert ball is not None
        assert None not in values
        assert abs((values[1] - values[0]) / (2 * step) - ball).upper() < arb(fmpq(1, 10**30))


def test_sums_and_products() -> None:
    """Equal terms are added up, numbers multiplied; infinite ones are left alone."""
    assert plus(x, S.One, times(S.NegativeOne, x)) is S.One
    assert plus(times(S(2), x), times(S(3), x)) == times(S(5), x)
    assert plus(oo, times(S.NegativeOne, oo)).args == (oo, times(S.NegativeOne, oo))
    assert times(S(2), x, Rational(1, 2)) == x
    assert times(x, S.Zero) is S.Zero
    assert times(I, x, I) == times(S.NegativeOne, x)
    assert power(S.Zero, S.NegativeOne) == sp.Pow(0, -1, evaluate=False)
    assert power(S(2), S(3)) == 8


def test_visibly_real() -> None:
    """Real without any given, or not said to be."""
    assert visibly_real(built(lambda: sin(x) ** 2 / (1 + x) + sp.Abs(z)))
    assert not visibly_real(built(lambda: sqrt(x)))
    assert not visibly_real(built(lambda: log(x)))
    assert not visibly_real(built(lambda: x + z))
    assert not visibly_real(built(lambda: x**y))
    assert not visibly_real(sp.Symbol("q", real=True))


def test_without_a_rule() -> None:
    """Heads that are not in the table, and functions along a complex variable that are not analytic."""
    assert derivative(built(lambda: sp.besselj(x, 1)), x) is None
    assert derivative(built(lambda: sp.Max(x, 1)), x) is None
    assert derivative(built(lambda: sp.zeta(x)), x) is None
    assert derivative(built(lambda: sp.zeta(x, 2)), x) is None
    assert derivative(built(lambda: sp.polygamma(x, 2)), x) is None
    for head in (sp.Abs, sp.re, sp.im, sp.conjugate, sp.sign):
        assert derivative(built(lambda head=head: head(z)), z) is None


def test_sums_products_and_ranges() -> None:
    """A finite sum term by term, a finite product factor by factor; ranges that move have no rule."""
    i = Index("i", 1, 3)
    assert derivative(Sum(built(lambda: x**i), i), x) == Sum(times(i, power(x, plus(i, S.NegativeOne))), i)
    slope = derivative(Product(built(lambda: x + i), i), x)
    assert slope is not None
    with evaluate(False):
        factors = [x + j for j in (1, 2, 3)]
    assert isinstance(slope, Sum)
    before, after = slope.bodies[0].args[-2:]
    assert [p.limits[0][1:] for p in (before, after)] == [(1, plus(i, S.NegativeOne)), (plus(i, S.One), 3)]
    assert [substitute(p.bodies[0], {p.limits[0][0]: sp.Integer(1)}) for p in (before, after)] == factors[:1] * 2
    assert derivative(Sum(built(lambda: x**i), Index("i", 1, oo)), x) is None
    assert derivative(Sum(S.One, Index("i", 1, x)), x) is None


def test_piecewise() -> None:
    """Cut at one point; no rule where a branch may hold at a single point."""
    cut = sp.Piecewise((x**2, x < 0), (x, True), evaluate=False)
    assert derivative(cut, x) == sp.Piecewise((2 * x, x < 0), (1, True), evaluate=False)
    assert derivative(sp.Piecewise((x, Ne(x, 0)), (0, True), evaluate=False), x) is None
    assert derivative(sp.Piecewise((x, x**2 <= 0), (0, True), evaluate=False), x) is None
    assert derivative(sp.Piecewise((x, x < 0), (2, x <= 0), (x, True), evaluate=False), x) is None


def value(term: Callable[[], Any], name: Scalar, order: Any, point: Any, *given: Any) -> Expr | None:
    """The derivative at a point."""
    return diff_value(Diff(built(term), (name, sp.sympify(order), sp.sympify(point))), Context(given))


@pytest.mark.parametrize(("term", "name", "order", "point", "given", "expected"), [
    (lambda: sin(z), z, 2, z, (), lambda: -sin(z)),
    (lambda: x**3, x, 2, 2, (), lambda: 12),
    (lambda: x**3, x, 0, 2, (), lambda: 8),
    (lambda: sqrt(x), x, 2, x, (POSITIVE_X,), lambda: -1 / (4 * x ** Rational(3, 2))),
    (lambda: log(sp.Abs(x)), x, 1, x, (Ne(x, 0),), lambda: 1 / x),
    (lambda: b**x / log(b), x, 1, x, (Ne(b, 1),), lambda: b**x),
    (lambda: sin(z), z, n, z, (), lambda: sin(z + n * pi / 2)),
    (lambda: exp(a * x + 1), x, n, x, (), lambda: a**n * exp(a * x + 1)),
    (lambda: log(x), x, k, x, (POSITIVE_X,), lambda: (-1) ** (k - 1) * sp.factorial(k - 1) * x ** (-k)),
    (lambda: 3 * sp.digamma(x), x, n, x, (POSITIVE_X,), lambda: 3 * sp.polygamma(n, x)),
])
def test_values(term: Any, name: Scalar, order: Any, point: Any, given: Any, expected: Any) -> None:
    """Known derivatives."""
    found = value(term, name, order, point, *given)
    assert found is not None
    assert equal(found, built(expected), Context(given))


ORDERS: list[tuple[Callable[[], Any], Rational]] = [
    (lambda: sin(2 * x + 1), Rational(1, 3)), (lambda: cos(2 * x), Rational(1, 3)), (lambda: exp(-x / 2), Rational(1)),
    (lambda: sp.sinh(2 * x), Rational(1, 3)), (lambda: sp.cosh(2 * x), Rational(1, 3)), (lambda: log(x), Rational(3)),
    (lambda: sp.atan(2 * x), Rational(1, 3)), (lambda: sp.atanh(x / 2), Rational(1, 3)),
    (lambda: sp.cot(3 * x), Rational(1, 5)), (lambda: sp.digamma(2 * x), Rational(3)),
    (lambda: sp.loggamma(x), Rational(3)), (lambda: sp.polygamma(1, x), Rational(3)),
    (lambda: sp.zeta(3, x), Rational(3)), (lambda: (2 * x + 1) ** (-3), Rational(3)),
    (lambda: x ** Rational(5, 2), Rational(3)), (lambda: x**4, Rational(3)), (lambda: 1 / x, Rational(3)),
]


@pytest.mark.parametrize(("term", "place"), ORDERS)
def test_symbolic_orders_agree_with_repeated_derivatives(term: Callable[[], Any], place: Rational) -> None:
    """The n-th derivative for a symbolic n, at n = 1, 2, 3, is the repeated one."""
    general = diff_value(Diff(built(term), (x, k, place)), Context())
    assert general is not None
    for order in (1, 2, 3):
        repeated: Expr | None = built(term)
        for _ in range(order):
            repeated = derivative(repeated, x) if repeated is not None else None
        assert repeated is not None
        left = enclose(_plain(substitute(general, {k: sp.Integer(order)})), 256)
        right = enclose(substitute(repeated, {x: place}), 256)
        assert left is not None
        assert right is not None
        assert left.overlaps(right)


def _plain(term: Any) -> Any:
    """With factorials and their kin computed, so that there is a ball."""
    if isinstance(term, (sp.factorial, sp.RisingFactorial, sp.FallingFactorial)):
        return term.func(*(sp.simplify(a) for a in term.args))
    if isinstance(term, (sp.polygamma, sp.zeta)) or not term.args:
        return term.func(*map(sp.simplify, term.args), evaluate=False) if term.args else term
    found = [_plain(a) for a in term.args]
    if isinstance(term, sp.Pow):
        found[1] = sp.simplify(found[1])
    return term.func(*found, evaluate=False)


@pytest.mark.parametrize(("term", "name", "order", "point", "given"), [
    (lambda: sp.Abs(x), x, 1, 0, ()),
    (lambda: sp.Abs(x), x, 1, x, ()),
    (lambda: sqrt(x), x, 1, 0, ()),
    (lambda: sqrt(x), x, 1, x, ()),
    (lambda: sqrt(x**2), x, 1, x, ()),
    (lambda: log(x), x, 1, x, ()),
    (lambda: log(z), z, 1, z, ()),
    (lambda: sp.floor(x), x, 1, x, ()),
    (lambda: 1 / x, x, 1, 0, ()),
    (lambda: x**a, x, 1, x, ()),
    (lambda: x**n, x, 1, x, ()),
    (lambda: sp.gamma(x), x, 1, x, ()),
    (lambda: sp.conjugate(z), z, 1, z, ()),
    (lambda: sp.tan(x), x, 1, x, ()),
    (lambda: sin(x), x, a, x, ()),
    (lambda: sin(x), x, -1, x, ()),
    (lambda: log(x), x, n, x, (POSITIVE_X,)),
    (lambda: sp.asin(x), x, 1, x, ()),
    (lambda: sp.acosh(x), x, 1, x, (POSITIVE_X,)),
    (lambda: log(x), x, 1, x, (Ge(x, 0),)),
])
def test_no_derivative_is_claimed(term: Any, name: Scalar, order: Any, point: Any, given: Any) -> None:
    """Where it may not exist, or the order may not be a whole number."""
    assert value(term, name, order, point, *given) is None


def test_sinc_by_cases() -> None:
    """At 0 by the power series, elsewhere by the quotient."""
    found = value(lambda: sp.sinc(z), z, 2, z)
    assert isinstance(found, sp.Piecewise)
    assert found.args[0][1] == Ne(z, 0)
    assert equal(found.args[1][0], Rational(-1, 3), Context())
    assert value(lambda: sp.sinc(2 * x), x, 2, 0) == Rational(-4, 3)
    assert value(lambda: sp.sinc(x) + sp.sinc(2 * x), x, 1, 0) is None


def test_under_the_integral_sign() -> None:
    """A derivative in a parameter, with a bound that allows it."""
    gauss = Integral(built(lambda: exp(-b * y**2 + a * y)), (y, -oo, oo))
    found = under_the_integral(gauss, b, Context())
    assert isinstance(found, Integral)
    assert equal(found.body, built(lambda: -(y**2) * exp(-b * y**2 + a * y)), Context())
    assert under_the_integral(gauss, a, Context()) is not None
    laplace = Integral(built(lambda: exp(-y * b) * sin(a * y) / y), (y, S.Zero, oo))
    assert under_the_integral(laplace, b, Context()) is not None


def test_no_derivative_under_the_integral_sign() -> None:
    """Without a bound, or without convergence."""
    dirichlet = Integral(built(lambda: sin(a * y) / y), (y, S.Zero, oo))  # pi/2 times the sign of a
    assert under_the_integral(dirichlet, a, Context()) is None
    assert under_the_integral(dirichlet, a, Context((Gt(a, 0),))) is None
    ridge = Integral(built(lambda: exp(-sp.Abs(a) * y)), (y, S.Zero, oo))
    assert under_the_integral(ridge, a, Context()) is None
    growing = Integral(built(lambda: exp(-a * y**2)), (y, -oo, oo))
    assert under_the_integral(growing, a, Context()) is None
    closed = Scalar("c", Domain("real", S.Zero))
    edge = Integral(built(lambda: exp(-y) * closed ** Rational(3, 2)), (y, S.Zero, oo))
    assert under_the_integral(edge, closed, Context()) is None


def test_moving_ends() -> None:
    """Leibniz' rule on a compact interval."""
    whole = Integral(built(lambda: exp(-b * y**2)), (y, S.Zero, b))
    found = under_the_integral(whole, b, Context())
    assert found is not None
    inside = Integral(built(lambda: -(y**2) * exp(-b * y**2)), (y, S.Zero, b))
    assert equal(substitute(found, {}), plus(inside, built(lambda: exp(-b * b**2))), Context()) or found.has(Integral)
    assert under_the_integral(Integral(built(lambda: 1 / (y - b)), (y, S.Zero, S.One)), b, Context()) is None


def test_a_derivative_with_integrals_in_it() -> None:
    """Products and squares of integrals; a root of one may not be differentiable."""
    inner = Integral(built(lambda: exp(-(y**2) / 2)), (y, S.Zero, b))
    square = sp.Pow(inner, 2, evaluate=False)
    assert diff_value(Diff(square, (b, 1, b)), Context()) is not None
    assert diff_value(Diff(sqrt(inner), (b, 1, b)), Context()) is None
    assert diff_value(Diff(square, (b, 2, b)), Context()) is None


def test_conditions_are_kept_open() -> None:
    """A given that holds at one point only tells nothing about a neighbourhood."""
    assert value(lambda: sp.Abs(x), x, 1, x, Eq(x, 0)) is None
