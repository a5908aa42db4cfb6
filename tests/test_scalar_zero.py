"""Equality of scalar terms: what is known to be equal, what must not be, and random terms against their values."""

from __future__ import annotations

import pytest
import sympy as sp
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import (
    Abs,
    E,
    Expr,
    GoldenRatio,
    I,
    Integer,
    Rational,
    acos,
    asin,
    atan,
    cos,
    cosh,
    cot,
    exp,
    log,
    pi,
    sec,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
)

from derive.core.errors import NotEvaluable
from derive.core.meaning import Model, contradicts, weigh
from derive.core.normal.factoring import factors
from derive.core.scalar.algebraic import FIELD, angle, number
from derive.core.scalar.angles import in_one_angle
from derive.core.scalar.context import Context
from derive.core.scalar.exponentials import exponentials
from derive.core.scalar.radicals import radicals
from derive.core.scalar.zero import equal
from derive.core.terms import Domain, Scalar

x = Scalar("x", Domain())
y = Scalar("y", Domain())
z = Scalar("z", Domain("complex"))
p = Scalar("p", Domain("real", Integer(0), lo_open=True))
FREE = Context()
HALF = Rational(1, 2)

with sp.evaluate(False):
    EQUAL = [
        (1/(sqrt(2) + 1), sqrt(2) - 1),
        (sin(x)**2 + cos(x)**2, Integer(1)),
        (sin(3*z), 3*sin(z) - 4*sin(z)**3),
        (tan(x)*cos(x), sin(x)),
        (cot(x), 1/tan(x)),
        (sin(z) + cos(z), sqrt(2)*sin(z + pi/4)),
        (cos(pi/5), GoldenRatio/2),
        (cosh(z)**2 - sinh(z)**2, Integer(1)),
        (tanh(z), (exp(2*z) - 1)/(exp(2*z) + 1)),
        (sqrt(1 + cos(2*x)), sqrt(2)*Abs(cos(x))),
        (sqrt(1 - cos(x)), sqrt(2)*Abs(sin(x/2))),
        (sqrt(1 - sin(x)**2), Abs(cos(x))),
        (sqrt(cos(x) - cos(x)**3), sqrt(cos(x))*Abs(sin(x))),
        (log(1/(1 + p) + 1), log(2 + p) - log(1 + p)),
        (log(p**2 + 2*p + 1), 2*log(p + 1)),
        (sqrt(p**2 + p), sqrt(p)*sqrt(p + 1)),
        (2**(2*x), 4**x),
        (Abs(x*p), p*Abs(x)),
        (sec(x)**2, 1 + tan(x)**2),
        (atan(sqrt(3)), pi/3),
        (atan(-x), -atan(x)),
        (asin(HALF), pi/6),
        (acos(-HALF), 2*pi/3),
        (atan(2 - sqrt(3)), pi/12),
        (asin((sqrt(5) - 1)/4), pi/10),
        (exp(2*pi*I/3), (-1 + sqrt(3)*I)/2),
        (cos(x)**4, Rational(3, 8) + cos(2*x)/2 + cos(4*x)/8),
        (atan(1/(x + 1) + 1), atan((x + 2)/(x + 1))),
        (log(E), Integer(1)),
    ]
    DIFFERENT = [
        (sqrt(x**2), x),
        (log(x**2), 2*log(x)),
        (log(x*y), log(x) + log(y)),
        (sqrt(x*y), sqrt(x)*sqrt(y)),
        (sqrt(z**2), z),
        (atan(tan(x)), x),
        (sqrt(1 - sin(x)**2), cos(x)),
        (sqrt(z*p), sqrt(p)*z),
        (cosh(x)**2 + sinh(x)**2, Integer(1)),
        (sin(3*z), 3*sin(z) - 3*sin(z)**3),
        (cos(-z), -cos(z)),
        (acos(-x), -acos(x)),
        (atan(sqrt(3)), pi/6),
        (sqrt(2) + sqrt(3), sqrt(5)),
        (log(-p), -log(p)),
        (sqrt((x - 1)**2), x - 1),
        (log(exp(z)), z),
        (sqrt(1 - cos(z)**2), Abs(sin(z))),
    ]


@pytest.mark.parametrize(("left", "right"), EQUAL, ids=str)
def test_known_to_be_equal(left: Expr, right: Expr) -> None:
    """Identities that hold wherever both sides are defined."""
    assert equal(left, right, FREE)


@pytest.mark.parametrize(("left", "right"), DIFFERENT, ids=str)
def test_not_known_to_be_equal(left: Expr, right: Expr) -> None:
    """What holds on a part of the domain only, or not at all."""
    assert not equal(left, right, FREE)


@pytest.mark.parametrize(("left", "right"), EQUAL, ids=str)
def test_a_small_change_is_seen(left: Expr, right: Expr) -> None:
    """No tolerance: a difference of one part in 10^9 is a difference."""
    assert not equal(left, sp.Add(right, Rational(1, 10**9), evaluate=False), FREE)


def test_signs_that_the_context_knows() -> None:
    """Roots lose their bars where the sign is known, and only there."""
    inside = FREE.within(x, Integer(0), Integer(1))
    with sp.evaluate(False):
        assert equal(sqrt(x**2), x, inside)
        assert equal(sqrt(1 - sin(x)**2), cos(x), inside)
        assert not equal(sqrt((x - 2)**2), x - 2, inside)
        assert equal(sqrt((x - 2)**2), 2 - x, inside)


def test_exact_numbers() -> None:
    """A root is an exact number; a name and pi are none."""
    cube = FREE.poly(sp.Pow(2, Rational(1, 3), evaluate=False))
    assert cube is not None
    assert (number(cube)**3 - FIELD(2)).is_zero()
    assert number(FREE.poly(x)) is None
    assert number(FREE.poly(pi)) is None


@pytest.mark.parametrize("turn", [fmpq(0), fmpq(1), fmpq(1, 3), fmpq(-1, 2), fmpq(-5, 12), fmpq(7, 10)])
def test_angles_are_found(turn: fmpq) -> None:
    """Every part of a half turn that is looked for is told from its sine and cosine."""
    point = FIELD.pow(FIELD(-1), FIELD(turn))
    found = angle((point + FIELD(1)/point)/FIELD(2), (point - FIELD(1)/point)/(FIELD(2)*FIELD.i()))
    assert found == turn


def test_no_angle_off_the_circle_and_at_odd_parts() -> None:
    """A point off the circle, or at no rational part of a turn, has no angle."""
    assert angle(FIELD(2), FIELD(0)) is None
    assert angle(FIELD(3)/5, FIELD(4)/5) is None


def test_factors_multiply_out() -> None:
    """Factors with their exponents, a denominator among them; none of what is no polynomial."""
    poly = FREE.poly((x**2 - y**2)*(x + 1)**2/y)
    assert poly is not None
    found = factors(poly)
    assert found is not None
    assert sorted(e for _, e in found) == [-1, 1, 1, 1, 2]
    assert factors(FREE.poly(sqrt(x + 1) + y)) is None


def test_multiple_angles() -> None:
    """Everything stands over the sine and cosine of one angle."""
    found = in_one_angle(cos(3*x) + sin(2*x), FREE)
    expected = 4*cos(x)**3 - 3*cos(x) + 2*sin(x)*cos(x)
    assert equal(found, expected, FREE)
    assert not any(a.args[0] != x for a in found.atoms(sp.sin, sp.cos))


def test_bound_terms_are_left_alone() -> None:
    """What stands inside of an integral is not looked at."""
    from derive.core.terms import Integral

    term = Integral(sin(x), (x, Integer(0), Integer(1)))
    assert exponentials(term) == term
    assert radicals(term, FREE) == term


LEAVES = st.sampled_from([x, y, p, Integer(2), Rational(1, 3), pi, sqrt(2), Integer(-1)])
HEADS = st.sampled_from([sin, cos, exp, sp.atan, tanh, Abs])


def _grown(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    two = st.tuples(inner, inner)
    return st.one_of(
        two.map(lambda t: sp.Add(*t, evaluate=False)),
        two.map(lambda t: sp.Mul(*t, evaluate=False)),
        st.tuples(HEADS, inner).map(lambda t: t[0](t[1], evaluate=False)),
        st.tuples(inner, st.sampled_from([Integer(2), Integer(-1), HALF, Rational(-1, 2), Integer(3)])).map(
            lambda t: sp.Pow(*t, evaluate=False)
        ),
        inner.map(lambda t: sp.log(sp.Pow(t, 2, evaluate=False), evaluate=False)),
    )


TERMS = st.recursive(LEAVES, _grown, max_leaves=6)
POINTS = [
    Model.of({x: fmpq(1, 3), y: fmpq(-2), p: fmpq(3, 2)}), Model.of({x: fmpq(-5, 2), y: fmpq(7, 3), p: fmpq(1, 5)}),
    Model.of({x: fmpq(4), y: fmpq(1), p: fmpq(9)}), Model.of({x: fmpq(-1), y: fmpq(-1, 7), p: fmpq(2)}),
]


@given(TERMS)
@settings(max_examples=150, deadline=None)
def test_the_rewritten_term_has_the_same_value(term: Expr) -> None:
    """A rewritten random term agrees with the term wherever both have values."""
    rewritten = exponentials(radicals(term, FREE))
    for point in POINTS:
        try:
            _, _, order = weigh(term, rewritten, point)
        except NotEvaluable:
            continue
        assert not contradicts("=", order), (term, rewritten, point.describe())


@given(TERMS, TERMS)
@settings(max_examples=150, deadline=None)
def test_equal_terms_have_equal_values(left: Expr, right: Expr) -> None:
    """Two random terms that are known to be equal have one value."""
    if not equal(left, right, FREE):
        return
    for point in POINTS:
        try:
            _, _, order = weigh(left, right, point)
        except NotEvaluable:
            continue
        assert not contradicts("=", order), (left, right, point.describe())
