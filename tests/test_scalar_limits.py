"""Limits: what they are, what they may not be, and the orders behind them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sympy as sp
from flint import acb, arb, ctx, fmpq
from sympy import E, EulerGamma, Expr, I, Rational, S, evaluate, exp, log, oo, pi, sin, sqrt
from sympy.core.relational import Gt, Le, Lt

from derive.core.scalar.balls import enclose
from derive.core.scalar.context import Context
from derive.core.scalar.limits import bounded, integrable_at, limit, limit_value, order_at, tends_to_zero
from derive.core.scalar.zero import equal
from derive.core.terms import Domain, Integral, Limit, Scalar

x = Scalar("x", Domain("real"))
y = Scalar("y", Domain("real"))
a = Scalar("a", Domain("real"))
b = Scalar("b", Domain("real", S.Zero, None, lo_open=True))
n = Scalar("n", Domain("integer", S.Zero))
m = Scalar("m", Domain("real", S.Zero))
w = Scalar("w", Domain("complex"))

HALF = Rational(1, 2)
Case = tuple[Callable[[], Any], Any, int, Any]


def built(term: Callable[[], Any]) -> Expr:
    """A term as it is written, with nothing evaluated."""
    with evaluate(False):
        found: Expr = sp.sympify(term())
    return found


def found(term: Callable[[], Any], point: Any, direction: int, *given: Any) -> Expr | None:
    """The limit in x."""
    return limit(built(term), x, sp.sympify(point), direction, Context(given))


NUMBERS: list[Case] = [
    (lambda: sin(x) / x, 0, 0, 1),
    (lambda: (1 - sp.cos(x)) / x**2, 0, 0, HALF),
    (lambda: (sp.tan(x) - x) / x**3, 0, 0, Rational(1, 3)),
    (lambda: (sp.asin(x) - x) / x**3, 0, 0, Rational(1, 6)),
    (lambda: (x**2 - 1) / (x**2 + 3 * x - 4), 1, 0, Rational(2, 5)),
    (lambda: (x - 4) / (sqrt(x) - 2), 4, 0, 4),
    (lambda: (3**x - 2**x) / (x**2 - x), 0, 0, log(2) - log(3)),
    (lambda: x * sp.tan(x) / sin(3 * x), 0, 0, 0),
    (lambda: x * sin(1 / x), 0, 0, 0),
    (lambda: x * log(x), 0, 1, 0),
    (lambda: x**x, 0, 1, 1),
    (lambda: (1 + 1 / x) ** x, oo, 0, E),
    (lambda: sqrt(x**2 + x) - x, oo, 0, HALF),
    (lambda: sqrt(x**2 + x) + x, -oo, 0, -HALF),
    (lambda: log(x) ** 2 / x, oo, 0, 0),
    (lambda: x**10 * exp(-x), oo, 0, 0),
    (lambda: sp.atan(x), -oo, 0, -pi / 2),
    (lambda: x * (pi / 2 - sp.atan(x)), oo, 0, 1),
    (lambda: sp.erf(x), -oo, 0, -1),
    (lambda: x * exp(x**2) * sp.erfc(x), oo, 0, 1 / sqrt(pi)),
    (lambda: sp.tanh(x), -oo, 0, -1),
    (lambda: x - log(sp.cosh(x)), oo, 0, log(2)),
    (lambda: sp.acos(1 - x) / sqrt(x), 0, 1, sqrt(2)),
    (lambda: sp.acosh(1 + x) / sqrt(x), 0, 1, sqrt(2)),
    (lambda: sp.asinh(x) - log(x), oo, 0, log(2)),
    (lambda: sp.atanh(x) + log(1 - x) / 2, 1, -1, log(2) / 2),
    (lambda: sp.gamma(x) - 1 / x, 0, 0, -EulerGamma),
    (lambda: (x + 2) * sp.gamma(x), -2, 0, HALF),
    (lambda: sp.digamma(x) + 1 / x, 0, 0, -EulerGamma),
    (lambda: sp.digamma(x) - log(x), oo, 0, 0),
    (lambda: sp.polygamma(1, x) * x, oo, 0, 1),
    (lambda: sp.zeta(x) - 1 / (x - 1), 1, 0, EulerGamma),
    (lambda: sp.zeta(x), oo, 0, 1),
    (lambda: sp.factorial(x) / (sqrt(2 * pi * x) * (x / E) ** x), oo, 0, 1),
    (lambda: 16**x / (x * sp.binomial(2 * x, x) ** 2), oo, 0, pi),
    (lambda: sp.harmonic(x) - log(x), oo, 0, EulerGamma),
    (lambda: sp.sinc(x), 0, 0, 1),
    (lambda: sp.sinc(x), -oo, 0, 0),
    (lambda: sp.floor(x), 2, 1, 2),
    (lambda: sp.floor(x), 2, -1, 1),
    (lambda: sp.ceiling(x), 2, 1, 3),
    (lambda: sp.floor(x) / x, oo, 0, 1),
    (lambda: sp.Abs(x) / x, 0, -1, -1),
    (lambda: sp.sign(x), 0, 1, 1),
    (lambda: sp.Max(x, x**2), 1, 0, 1),
    (lambda: log(sp.Abs(1 / x)) - log(sp.Abs(-2 / x)), oo, 0, -log(2)),
    (lambda: exp(1 / x), 0, -1, 0),
    (lambda: sp.re(exp(I * x)), 0, 0, 1),
    (lambda: log(-1 + I * x), 0, 1, I * pi),
    (lambda: log(-1 + I * x), 0, -1, -I * pi),
    (lambda: sqrt(x), -4, 0, 2 * I),
    (lambda: log(x), -1, 0, I * pi),
    (lambda: sp.Piecewise((sin(x) / x, x > 0), (2, True)), 0, 1, 1),
]


@pytest.mark.parametrize(("term", "point", "direction", "value"), NUMBERS)
def test_a_number(term: Callable[[], Any], point: Any, direction: int, value: Any) -> None:
    """The limit is the known one, and balls near the point come near to it."""
    limit_found = found(term, point, direction)
    assert limit_found is not None
    assert equal(limit_found, sp.sympify(value), Context())


WITHOUT_A_BALL = (sp.Piecewise, sp.Max, sp.binomial, sp.re)


@pytest.mark.parametrize(
    ("term", "point", "direction", "value"), [case for case in NUMBERS if not built(case[0]).has(*WITHOUT_A_BALL)]
)
def test_values_near_the_point_agree(term: Callable[[], Any], point: Any, direction: int, value: Any) -> None:
    """Very near to the point the values are near to what was found."""
    limit_found = found(term, point, direction)
    assert limit_found is not None
    goal = enclose(limit_found, 256)
    assert goal is not None
    balls = []
    for side in [direction] if direction else [1, -1]:
        with ctx.workprec(512):
            near = _near(point, side)
            ball = enclose(built(term), 512, {x: near})
        balls += [ball] if ball is not None else []
    assert balls
    assert all(abs(ball - goal).upper() < arb(1) / 5 for ball in balls)


def _near(point: Any, side: int) -> acb:
    if point in {oo, -oo}:
        return acb(arb(1000) if point is oo else arb(-1000))
    return acb(arb(fmpq(int(point)) + fmpq(side, 10**30)))


PARAMETERS: list[tuple[Callable[[], Any], Any, int, Any, tuple[Any, ...]]] = [
    (lambda: exp(-b * x) * x**a, oo, 0, S.Zero, ()),
    (lambda: x**b * log(x) ** n, 0, 1, S.Zero, ()),
    (lambda: x ** (m + 1) * log(x) ** (n + 1) / (m + 1), 0, 1, S.Zero, ()),
    (lambda: (1 + w / x) ** x, oo, 0, exp(w), ()),
    (lambda: exp(-(x**2) / 2) * sin(a * x), oo, 0, S.Zero, ()),
    (lambda: sp.sinc(a * I + x), -oo, 0, S.Zero, ()),
    (lambda: exp((3 - a) * x), oo, 0, S.Zero, (Gt(a, 3),)),
    (lambda: (x**2 - a**2) / (x - a), a, 0, 2 * a, ()),
    (lambda: (exp(a * x) - 1) / x, 0, 0, a, ()),
    (lambda: sp.atan(x / b), oo, 0, pi / 2, ()),
    (lambda: sp.conjugate(w * x) / x, 0, 0, sp.conjugate(w), ()),
]


@pytest.mark.parametrize(("term", "point", "direction", "value", "given"), PARAMETERS)
def test_with_parameters(term: Callable[[], Any], point: Any, direction: int, value: Any, given: Any) -> None:
    """Where the givens tell what is needed, the limit is known for all values of the parameters."""
    limit_found = found(term, point, direction, *given)
    assert limit_found is not None
    assert equal(limit_found, value, Context(given))


@pytest.mark.parametrize(("term", "point", "direction"), [
    (lambda: sin(1 / x), 0, 0),
    (lambda: sin(1 / x), 0, 1),
    (lambda: sp.Abs(x) / x, 0, 0),
    (lambda: 1 / x, 0, 0),
    (lambda: exp(1 / x), 0, 0),
    (lambda: sp.atan(1 / x), 0, 0),
    (lambda: exp(a * x), oo, 0),
    (lambda: x**a, oo, 0),
    (lambda: x**a, 0, 1),
    (lambda: a * x, oo, 0),
    (lambda: sp.floor(x), 2, 0),
    (lambda: sp.floor(x), a, 1),
    (lambda: sp.tan(x), pi / 2, 0),
    (lambda: sin(x), oo, 0),
    (lambda: x * sin(x), oo, 0),
    (lambda: x * (2 + sin(x)), oo, 0),
    (lambda: 1 / sin(x), oo, 0),
    (lambda: x - x * sp.sign(sin(x)), oo, 0),
    (lambda: exp(I * x), oo, 0),
    (lambda: x ** (I * b), 0, 1),
    (lambda: sp.asin(x), 1, 1),
    (lambda: log(w + x), 0, 0),
    (lambda: 1 / (x - a), 0, 0),
    (lambda: sqrt(x) * sp.gamma(x), -oo, 0),
    (lambda: sp.gamma(x), -1, 0),
    (lambda: sp.digamma(x), -oo, 0),
    (lambda: sp.zeta(x), -oo, 0),
    (lambda: sp.erf(I * x), oo, 0),
    (lambda: log(log(log(x))), oo, 0),
    (lambda: sp.Piecewise((1, x > 0), (2, True)), 0, 0),
    (lambda: sp.sign(x), 0, 0),
    (lambda: sp.sign(x) ** 2 - sp.Abs(sp.sign(sin(1 / x))), 0, 1),
])
def test_no_limit_is_claimed(term: Callable[[], Any], point: Any, direction: int) -> None:
    """Where there is none, or it hangs on what is not known."""
    assert found(term, point, direction) is None


@pytest.mark.parametrize(("term", "point", "direction", "value"), [
    (lambda: 1 / x, 0, 1, oo),
    (lambda: 1 / x, 0, -1, -oo),
    (lambda: 1 / x**2, 0, 0, oo),
    (lambda: log(x), 0, 1, -oo),
    (lambda: sp.tan(x), pi / 2, -1, oo),
    (lambda: exp(x) - x**5, oo, 0, oo),
    (lambda: x * log(x) - x**2, oo, 0, -oo),
    (lambda: x + sin(x), oo, 0, oo),
    (lambda: b * x, oo, 0, oo),
    (lambda: sp.gamma(x), oo, 0, oo),
    (lambda: sp.gamma(x), 0, -1, -oo),
])
def test_infinite_limits(term: Callable[[], Any], point: Any, direction: int, value: Any) -> None:
    """A real term that grows without bound, of one sign."""
    assert found(term, point, direction) is value


def test_a_limit_is_not_that_of_a_complex_direction() -> None:
    """I*x grows, but tends to neither oo nor -oo."""
    assert found(lambda: I * x, oo, 0) is None
    assert found(lambda: (1 + I) * x, oo, 0) is None


def test_what_is_known_of_a_bound_name_is_forgotten() -> None:
    """A given about x is about the x outside."""
    assert found(lambda: sp.Abs(x) / x, 0, 0, Gt(x, 0)) is None


def test_two_sides_that_differ_by_a_parameter() -> None:
    """|a + x|/(a + x) tends to the sign of a where that is known."""
    term: Callable[[], Any] = lambda: sp.Abs(a + x) / (a + x)  # noqa: E731
    assert found(term, 0, 0) is None
    assert equal(found(term, 0, 0, Gt(a, 0)) or S.Zero, S.One, Context((Gt(a, 0),)))


def test_the_head() -> None:
    """`limit_value` reads the term."""
    assert limit_value(Limit(built(lambda: sin(x) / x), (x, 0, 0)), Context()) is S.One
    assert limit_value(Limit(built(lambda: sp.Abs(x) / x), (x, 0, 0)), Context()) is None


def test_an_integral_whose_end_moves() -> None:
    """It tends to the improper integral where that exists."""
    gauss = Integral(built(lambda: exp(-(y**2))), (y, S.Zero, x))
    value = limit(gauss, x, oo, 0, Context())
    assert value == Integral(built(lambda: exp(-(y**2))), (y, S.Zero, oo))
    assert limit(Integral(built(lambda: 1 / y), (y, S.One, x)), x, oo, 0, Context()) is None
    assert limit(Integral(built(lambda: sin(y)), (y, S.Zero, x)), x, oo, 0, Context()) is None
    assert limit(Integral(built(lambda: 1 / y), (y, S.NegativeOne, x)), x, S.One, 0, Context()) is None


def test_a_limit_under_the_integral_sign() -> None:
    """With a bound the limit moves inside; without one it does not."""
    term = Integral(built(lambda: exp(-(x**2) * (1 + y**2)) / (1 + y**2)), (y, S.Zero, S.One))
    assert limit(term, x, oo, 0, Context()) is S.Zero
    bump = Integral(built(lambda: x * exp(-x * y)), (y, S.Zero, S.One))  # tends to 1, its body to 0
    assert limit(bump, x, oo, 0, Context()) is None
    ridge = Integral(built(lambda: exp(-((y - x) ** 2))), (y, S.NegativeInfinity, oo))  # sqrt(pi) for each x
    assert limit(ridge, x, oo, 0, Context()) is None


def test_orders() -> None:
    """The dominant term, in t = |x - p|, or t = 1/|x|."""
    one = order_at(built(lambda: x**2 * exp(-3 * x) * log(x) + exp(-4 * x)), x, oo, 0, Context())
    assert one is not None
    assert (one.scale.waves, one.scale.power, one.scale.logs) == (((-3, 1, 0),), -2, 1)
    assert order_at(built(lambda: sin(1 / x)), x, S.Zero, 1, Context()) is None


def test_tends_to_zero() -> None:
    """Certain zeros only."""
    assert tends_to_zero(built(lambda: exp(-x)), x, oo, 0, Context())
    assert not tends_to_zero(built(lambda: 1 + exp(-x)), x, oo, 0, Context())
    assert not tends_to_zero(built(lambda: x**a), x, S.Zero, 1, Context())


def test_bounded() -> None:
    """Bounded near the point, without having a limit."""
    assert bounded(built(lambda: sin(1 / x) + 2), x, S.Zero, 1, Context())
    assert bounded(built(lambda: x ** (I * b)), x, S.Zero, 1, Context())
    assert not bounded(built(lambda: sin(x) / x**2), x, S.Zero, 1, Context())
    assert not bounded(built(lambda: log(x)), x, S.Zero, 1, Context())
    assert not bounded(built(lambda: sin(w / x)), x, S.Zero, 1, Context())


@pytest.mark.parametrize(("term", "point", "given", "answer"), [
    (lambda: 1 / sqrt(x), 0, (), True),
    (lambda: 1 / x, 0, (), False),
    (lambda: log(x) ** 3, 0, (), True),
    (lambda: 1 / (x * log(x) ** 2), 0, (), True),
    (lambda: 1 / (x * log(x)), 0, (), False),
    (lambda: sin(1 / x) / sqrt(x), 0, (), True),
    (lambda: x**a, 0, (), False),
    (lambda: x**a, 0, (Gt(a, -1),), True),
    (lambda: x**a, 0, (Le(a, -1),), False),
    (lambda: 1 / x**2, oo, (), True),
    (lambda: 1 / x, oo, (), False),
    (lambda: sin(x) / x, oo, (), False),
    (lambda: sin(x) / x**2, oo, (), True),
    (lambda: x**a * exp(-b * x), oo, (), True),
    (lambda: exp(-a * x), oo, (), False),
    (lambda: x**a, oo, (Lt(a, -1),), True),
    (lambda: exp(-sqrt(x)), oo, (), True),
])
def test_integrable(term: Callable[[], Any], point: Any, given: tuple[Any, ...], answer: bool) -> None:  # noqa: FBT001
    """Comparison with powers, logarithms and exponentials."""
    assert integrable_at(built(term), x, sp.sympify(point), 1, Context(given)) is answer


def test_a_product_with_an_unknown_zero() -> None:
    """A coefficient that may be 0 is not divided by."""
    assert found(lambda: sin(a * x) / (a * x), 0, 0) is None
    value = found(lambda: sin(b * x) / (b * x), 0, 0)
    assert value is not None
    assert equal(value, S.One, Context())
