"""Facts: bounds, signs and integrality from domains and givens; convergence."""

from __future__ import annotations

from typing import Any

import pytest
from flint import fmpq
from strategies import G, P, Q, b, c, i, j, k, m, n, p, q, r, r2, t, u, w, x, y, z
from sympy import Abs, Eq, Integer, Ne, Or, Pow, Rational, exp, log, sqrt

from derive.core.assume import assume
from derive.core.bounds import Bounds, point
from derive.core.errors import GivenError
from derive.core.facts import Facts
from derive.core.normal.convergence import converges
from derive.core.normal.convert import Converter
from derive.core.terms import FullSupport
from derive.vocabulary import full_support, index, integer, real


def facts_of(term: Any, *givens: Any) -> tuple[Facts, Any]:
    """The facts of a term under givens, and its normal form."""
    assumptions = assume([term], givens)
    return assumptions.facts, Converter(assumptions.ring(frozenset({"powers"})))(term)


@pytest.mark.parametrize(
    "term",
    [
        p,
        p + q,
        p * (1 + q),
        exp(r),
        1 + r**2,
        p**r,
        sqrt(p),
        1 / p,
        abs(b),
        n,
        i,
        n + k - 1,
        exp(-p) * p,
        log(2 + p),
        3 - u,
    ],
)
def test_positive(term: Any) -> None:
    """Sums, products, powers and exponentials of positive parts are positive."""
    facts, poly = facts_of(term)
    assert facts.positive(poly)
    assert facts.not_zero(poly)
    assert facts.negative(-poly)


@pytest.mark.parametrize(
    "term", [q, u, r, r**2, p - q, p - 1, log(p), r**3, w, w**2, P(z), x[i], i - j, i - 2, abs(r), 1 - u, c]
)
def test_not_known_to_be_positive(term: Any) -> None:
    """What may be zero, negative or complex is not called positive."""
    facts, poly = facts_of(term)
    assert not facts.positive(poly)


@pytest.mark.parametrize("term", [q, u, r**2, 1 - u, u * q, P(z), abs(w), i - 1, n - 1, u * q**2, Q(y, z)])
def test_nonnegative(term: Any) -> None:
    """Closed ends count."""
    facts, poly = facts_of(term)
    assert facts.nonnegative(poly)
    assert not facts.positive(poly)


def test_real_is_not_claimed_of_complex_values() -> None:
    """A complex symbol, a root or a logarithm of what may be negative has no real bounds."""
    for term in (w, w + 1, sqrt(r), log(r), Pow(r, p)):
        facts, poly = facts_of(term)
        assert facts.bounds(poly) is None


def test_givens_sharpen() -> None:
    """r < r2 makes r2 - r positive, also doubled and shifted; |r| < 1 bounds 1 - |r|."""
    facts, poly = facts_of(2 * r2 - 2 * r + 1, r < r2)
    assert facts.bounds(poly) == Bounds(fmpq(1), None)
    facts, poly = facts_of(1 - Abs(r), Abs(r) < 1)
    assert facts.positive(poly)
    facts, poly = facts_of(r - r2, Ne(r, r2))
    assert facts.not_zero(poly)
    assert not facts.positive(poly)


def test_what_a_given_does_not_say_is_not_read_into_it() -> None:
    """An Or adds no fact, and r < r2 says nothing of r + r2."""
    facts, poly = facts_of(r, Or(r > 1, r < -1))
    assert not facts.positive(poly)
    assert not facts.negative(poly)
    facts, poly = facts_of(r + r2, r < r2)
    assert not facts.positive(poly)


def test_a_complex_comparison_gives_no_sign() -> None:
    """A comparison between values that may not be real is not used."""
    facts, poly = facts_of(sqrt(r), Eq(r, 2))
    assert not facts.positive(poly)


def test_givens_that_contradict_each_other_are_refused() -> None:
    """p > 1 and p < 1 have no model."""
    with pytest.raises(GivenError, match="contradict each other"):
        assume([p], (p > 1, p < 1))


def test_support_makes_a_law_positive() -> None:
    """Full support is what makes P(z) > 0."""
    facts, poly = facts_of(P(z), full_support(P))
    assert facts.positive(poly)
    facts, poly = facts_of(P(z))
    assert not facts.positive(poly)


def test_integers() -> None:
    """Sizes, indices and their polynomials with integer coefficients are integers; halves are not."""
    for term, known in ((n * i + c - 2, True), (n / 2, False), (1 / n, False), (r, False), (Pow(n, c), False)):
        facts, poly = facts_of(term)
        assert facts.integer(poly) is known


# ---------------------------------------------------------------- intervals

ENDS = [None, *(fmpq(v) for v in (-2, -1, 0, 1, 2)), fmpq(1, 2)]
VALUES = [fmpq(v, 4) for v in range(-12, 13)]


def intervals() -> list[Bounds]:
    """Intervals of every kind of end."""
    return [
        Bounds(lo, hi, lo_open, hi_open)
        for lo in ENDS
        for hi in ENDS
        if lo is None or hi is None or lo < hi
        for lo_open in (True, False)
        for hi_open in (True, False)
    ] + [point(v) for v in ENDS if v is not None]


def holds(bounds: Bounds, value: fmpq) -> bool:
    """Whether a number lies in an interval."""
    above = bounds.lo is None or value > bounds.lo or (value == bounds.lo and not bounds.lo_open)
    return above and (bounds.hi is None or value < bounds.hi or (value == bounds.hi and not bounds.hi_open))


def test_interval_arithmetic_holds_every_value() -> None:
    """Sums, products, multiples and powers of members are members, for every kind of interval."""
    every = intervals()
    inside = {id(one): [v for v in VALUES if holds(one, v)] for one in every}
    for one in every:
        for scale in (fmpq(-3, 2), fmpq(0), fmpq(2)):
            assert all(holds(one.scaled(scale), v * scale) for v in inside[id(one)])
        for e in (1, 2, 3, 4, -1, -2, -3):
            assert all(holds(one.power(e), v**e) for v in inside[id(one)] if v or e > 0)
    for one in every[::5]:
        for two in every[::3]:
            total, both = one + two, one.times(two)
            assert all(
                holds(total, v + o) and holds(both, v * o) for v in inside[id(one)][::2] for o in inside[id(two)][::3]
            )


# ---------------------------------------------------------------- convergence

RATE = real("rate", Rational(1, 3), 3)


def series(term: Any, *givens: Any) -> bool:
    """Whether the sum of a term over t is known to converge."""
    assumptions = assume([term, t], givens)
    convert = Converter(assumptions.ring(frozenset({"powers"})))
    bound = convert(t).atom
    assert bound is not None
    return all(converges(assumptions.facts, mono, bound) for mono in convert(term).terms)


@pytest.mark.parametrize(
    "term",
    [
        exp(-p * t),
        t**3 * exp(-p * t),
        Pow(Rational(1, 2), t) * t,
        Pow(Rational(-1, 2), t),
        G(t),
        G(t) * exp(-q * t),
        exp(-RATE * t) * exp(-q * t),
        Pow(1 + p, -t),
    ],
)
def test_series_that_converge(term: Any) -> None:
    """Geometric decay beats every power, and a law is summable."""
    assert series(term)


@pytest.mark.parametrize(
    "term",
    [
        Integer(1) * t**0,
        t,
        exp(p * t),
        exp(-q * t),
        exp(r * t),
        Pow(r, t),
        Pow(u, t),
        Pow(Integer(-1), t),
        t * G(t),
        1 / (t + 1) ** 2,
        exp(-p * t) * exp(p * t),
        Pow(1 + p, t),
        exp(-p * t**2),
        log(t + 1) * G(t),
        Pow(1 + q, -t),
        Pow(w, t),
    ],
)
def test_series_that_are_not_known_to_converge(term: Any) -> None:
    """Convergence is claimed only where it follows; u^t may be 1."""
    assert not series(term)


def test_series_by_a_given() -> None:
    """|r| < 1 makes r^t summable; r < 1 alone does not."""
    assert series(Pow(r, t), Abs(r) < 1)
    assert not series(Pow(r, t), r < 1)
    assert isinstance(full_support(G), FullSupport)
    assert series(Pow(r, t), r < 1, r > -1)


def test_index_ranges_bound_the_index() -> None:
    """An index over 1..n is at least 1, and at most what bounds n."""
    few = index("few", 2, 5)
    facts, poly = facts_of(few)
    assert facts.bounds(poly) == Bounds(fmpq(2), fmpq(5), lo_open=False, hi_open=False)
    facts, poly = facts_of(integer("e", 0, 4) - m)
    assert not facts.nonnegative(poly)


def test_a_bound_of_an_absolute_value_bounds_both_signs() -> None:
    """From |r| < 1 follow 1 - r > 0 and 1 + r > 0."""
    known = assume([r], [Abs(r) < 1])
    convert = Converter(known.ring(frozenset()))
    assert known.facts.positive(convert(1 - r))
    assert known.facts.positive(convert(1 + r))
    assert not known.facts.positive(convert(2 - 3 * r))
