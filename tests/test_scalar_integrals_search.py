"""The searches behind integrals: what they suggest, and that they end."""

from __future__ import annotations

import sys

import pytest
import sympy as sp
from sympy import Expr, Integer, Rational, S, atan, cos, exp, log, oo, pi, sec, sin, sqrt, tan

from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import derivative
from derive.core.scalar.tidying import tidy, waves
from derive.core.scalar.zero import equal
from derive.core.terms import Domain, Scalar
from derive.search.ansatz import by_ansatz
from derive.search.effort import bounded
from derive.search.integration import antiderivative
from derive.search.places import places
from derive.search.plain import branches, usable
from derive.search.substitutions import substitutions
from derive.search.suggest import SEARCH

x = Scalar("x", Domain())
a = Scalar("a", Domain("real", Integer(0), None, lo_open=True))
INSIDE = Context().within(x, S.Zero, Rational(1, 2))

FOUND = [
    x**2*exp(3*x),
    sin(x)**4*cos(x)**2,
    log(x)**3,
    x**a*log(x)**2,
    exp(-a*x)*sin(x),
    1/(x**4 + 4),
    exp(6*x)*sin(exp(3*x)),
    x**7*sqrt(5 + 3*x**4),
    x*atan(x),
    x**2*log(x + 1),
    1/(2 + cos(x)),
    tan(x)**3,
    sec(x)**2*tan(x),
    x*exp(x**2)/(1 + x**2) - x*exp(x**2)/(1 + x**2)**2,
    1/(x*(3 + log(x))**2),
    3**x/5**x,
    log(x)/(1 + x) + log(1 + x)/x,
]


@pytest.mark.parametrize("f", FOUND)
def test_antiderivatives(f: Expr) -> None:
    """One of the suggestions has the integrand as its derivative."""
    slopes = (derivative(term, x) for term in SEARCH.antiderivatives(f, x))
    assert any(slope is not None and equal(slope, f, INSIDE) for slope in slopes)


def test_an_effort_is_bounded() -> None:
    """A call that makes too many calls is given up, also from inside of another; a quick one is not."""

    def climb(n: int) -> int:
        return 0 if n == 0 else 1 + climb(n - 1)

    assert bounded(100, climb, 10) == 10
    assert bounded(100, climb, 500) is None
    assert bounded(1000, lambda: (bounded(50, climb, 60), climb(20))) == (None, 20)
    assert bounded(100, lambda: bounded(10_000, climb, 500)) is None
    assert bounded(100, int, "no number") is None
    assert not isinstance(sys.getprofile(), type(bounded))


def test_a_search_ends_without_an_answer() -> None:
    """What has no elementary antiderivative is given up."""
    t = sp.Symbol("t", positive=True)
    assert antiderivative(exp(-t**4), t) is None
    assert by_ansatz(exp(t)/t, t) is None


def test_substitutions_that_fit_come_first() -> None:
    """u = x^2 for x exp(-x^4), seen from the ends and from values inside."""
    found = next(iter(substitutions(x*exp(-x**4), -exp(-x**2)/2, x, (S.Zero, S.One), (S.Zero, S.One))))
    assert found == x**2
    found = next(iter(substitutions(exp(sin(x))*cos(x), -exp(x), x, (S.Zero, pi/2), (S.Zero, S.One))))
    assert found == sin(x)
    found = next(iter(substitutions(exp(-a*x**4), -exp(-x**4)/a**Rational(1, 4), x, (S.Zero, oo), (S.Zero, oo))))
    assert found.subs(sp.Abs(x), x) == a**Rational(1, 4)*x


def test_places_are_where_bars_and_lines_vanish() -> None:
    """0, and the zeros of what is easily solved."""
    assert Rational(1, 2) in places(sp.Abs(2*x - 1), x)
    assert pi/2 in places(sp.Abs(cos(x)), x)
    assert S.One in places(sp.Abs(log(x)), x)


def test_suggestions_are_of_heads_that_are_known() -> None:
    """A Piecewise is taken apart; what core cannot differentiate is no suggestion."""
    t = sp.Symbol("t", real=True)
    assert list(branches(sp.Piecewise((t, t > 0), (-t, True)))) == [t, -t]
    assert usable(t + sin(t))
    assert not usable(sp.Si(t))


TIDY = [
    (sp.Abs(x), x),
    (sp.sign(x - 1), S.NegativeOne),
    (sp.Max(x, 1), S.One),
    (sp.Pow(x*cos(x), Rational(1, 2), evaluate=False), sqrt(x)*sqrt(cos(x))),
    (sp.Pow((x - 1)**2, Rational(1, 2), evaluate=False), 1 - x),
    (log(x*cos(x), evaluate=False), log(x) + log(cos(x))),
    (sin(pi/2 - x, evaluate=False), cos(x)),
    (cos(x + 3*pi/2, evaluate=False), sin(x)),
    (exp(log(x - 3, evaluate=False), evaluate=False), x - 3),
]

UNTOUCHED = [
    sp.Abs(x - a),
    log((x - 1)*(x - 2), evaluate=False),
    sp.Pow((x - 1)*(x - 2), Rational(1, 2), evaluate=False),
    sp.Pow((x - a)**2, Rational(1, 2), evaluate=False),
    log((x - a)**2, evaluate=False),
    sin(x + pi/3, evaluate=False),
]


@pytest.mark.parametrize(("term", "expected"), TIDY)
def test_tidy(term: Expr, expected: Expr) -> None:
    """Bars, roots and logarithms are resolved where signs are known."""
    found = tidy(term, INSIDE)
    assert found.doit() == expected.doit() or equal(found, expected, INSIDE)
    assert not found.has(sp.Abs, sp.sign, sp.Max)


@pytest.mark.parametrize("term", UNTOUCHED)
def test_not_tidied(term: Expr) -> None:
    """And left where they are not."""
    assert tidy(term, INSIDE) == term


def test_products_of_waves() -> None:
    """sin and cos of several lines as a sum."""
    term = x*sin(2*x)*cos(3*x)**2
    found = waves(term)
    assert equal(found, term, Context())
    assert all(len([f for f in t.args if f.has(sin, cos)]) <= 1 for t in found.args)
