"""What a term needs in order to be defined: met, shown as a condition, or missing."""

from __future__ import annotations

from typing import Any

import pytest
from strategies import GIVENS, P, Q, b, c, f, i, j, k, m, n, p, q, r, r2, t, w, x, y, z
from sympy import Add, Integer, Mul, Pow, cos, exp, gamma, log, oo, sqrt, tan

from derive.core.assume import assume
from derive.core.defined import needs_of
from derive.core.discharge import Needs
from derive.core.normal.ring import UndefinedValue
from derive.core.terms import Sum
from derive.vocabulary import KL, Bernoulli, E, H, Moments, Normal, delta, index, positive, random, real


def needs(term: Any, *givens: Any) -> Needs:
    """The needs of a term."""
    return needs_of(term, assume([term], givens).ring(frozenset()))


@pytest.mark.parametrize(
    "term",
    [
        1 / p,
        1 / b,
        log(p),
        sqrt(r),
        exp(1 / n),
        cos(r),
        Pow(r, n),
        x[i] / (1 + r**2),
        f(r),
        Sum(exp(-p * t), t),
        H(P(z)),
        KL(P(z), Q(z)),
        delta(i, j),
    ],
)
def test_nothing_is_missing(term: Any) -> None:
    """Known signs discharge divisions, logarithms and series."""
    found = needs(term)
    assert not found.missing
    assert not found.conditions


@pytest.mark.parametrize(
    ("term", "shown"), [(1 / r, r), (1 / (r - r2), r - r2), (log(w), w), (r**-2, r), (Pow(r - 1, -3), r - 1)]
)
def test_thin_sets_are_shown_as_conditions(term: Any, shown: Any) -> None:
    """A denominator in continuous symbols is a condition, not an obstacle."""
    found = needs(term)
    assert [condition.term for condition in found.conditions] == [shown]
    assert not found.missing


@pytest.mark.parametrize(
    ("term", "label"),
    [
        (1 / c, "nonzero"),
        (1 / (i - j), "nonzero"),
        (1 / delta(i, j), "nonzero"),
        (Sum(Pow(r, t), t), "converges"),
        (Sum(Integer(1) / (t + 1), t), "converges"),
        (x[i + 1], "in range"),
        (x[k], "in range"),
        (x[c], "in range"),
        (f(w), "real"),
        (gamma(r), "defined"),
        (tan(r), "defined"),
        (r + oo, "defined"),
        (Q(z | y), "positive"),
        (P(z=n + 1), "in range"),
        (1 / (r - abs(r)), "nonzero"),
    ],
)
def test_what_is_missing_is_said(term: Any, label: str) -> None:
    """A need that removes more than a thin set, and does not follow, stands in the way."""
    assert label in [note.label for note in needs(term).missing]


def test_support_makes_a_conditional_defined() -> None:
    """Q(z | y) needs Q(y) > 0; full support gives it."""
    assert not needs(Q(z | y), *GIVENS).missing


def test_a_weight_covers_its_logarithm() -> None:
    """P log P needs no support: 0 ln 0 is 0. A division by P does."""
    assert not needs(Sum(Mul(P(z), log(P(z))), z)).missing
    assert not needs(E(log(P(z)), P(z))).missing
    assert needs(Sum(Mul(P(z), Pow(q, 2), Pow(P(z), -2), evaluate=False), z)).missing


def test_a_division_by_zero_is_refused() -> None:
    """1/(r - r) has no value anywhere."""
    with pytest.raises(UndefinedValue, match="0 stands below a line"):
        needs(Pow(Add(r, Mul(-1, r, evaluate=False), evaluate=False), -1, evaluate=False))


def test_a_condition_inside_a_sum_is_over_its_index() -> None:
    """1/x_i under a sum is a condition for every i."""
    (condition,) = needs(Sum(1 / x[i], i)).conditions
    assert condition.over == (i,)
    assert condition.term == x[i]


def test_ranges_are_walked_as_well() -> None:
    """The end of a range may divide, too."""
    assert needs(Sum(r, index("e", 1, m / c))).missing


free, spread = real("free"), positive("spread")


@pytest.mark.parametrize(
    ("law", "body", "label"),
    [
        (lambda: Normal(0, free), lambda x: x**2, "a law"),
        (lambda: Bernoulli(free), lambda x: x, "a law"),
        (lambda: Moments(0, free), lambda x: x, "a law"),
        (lambda: Normal(0, spread), lambda x: exp(free * x**2), "integrable"),
        (lambda: Moments(0, spread), lambda x: 1 / (1 + x**2), "integrable"),
    ],
)
def test_a_mean_needs_a_law_and_integrability(law, body, label):
    """Parameters outside a law's domain, and what may have no mean, stand in the way of a proof."""
    x = random("x", law=law())
    assert label in [note.label for note in needs(E(body(x()), x)).missing]


def test_polynomials_of_gaussian_entries_are_integrable():
    """A polynomial needs nothing but a positive deviation."""
    x = random("x", law=Normal(0, spread))
    assert needs(E(x() ** 4 + free * x(), x)).missing == []
