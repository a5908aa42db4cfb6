"""Sums in normal form: connecting, contracting, counting, laws, canonical labels."""

from __future__ import annotations

from typing import Any

import pytest
from strategies import ALL_CAPS, GIVENS, LINEAR, A, G, P, Q, R, b, c, few, free, i, j, k, l0, m, mu, n, p, r, t, x, y, z
from sympy import Abs, Add, Integer, Mul, Pow, Rational, exp

from derive.core.assume import assume
from derive.core.errors import BudgetError, NotNormal
from derive.core.normal.atoms import Poly
from derive.core.normal.convert import Converter
from derive.core.terms import Index, Sum
from derive.vocabulary import Bernoulli, E, Var, define, delta, index, integer, random, size


def normal(term: Any, licence: frozenset[str] = ALL_CAPS, givens: Any = GIVENS) -> Poly:
    """The normal form of a term."""
    return Converter(assume([term], givens).ring(licence))(term)


def same(left: Any, right: Any, licence: frozenset[str] = ALL_CAPS) -> bool:
    """Whether both have one normal form."""
    return normal(left, licence).key == normal(right, licence).key


def test_bound_names_do_not_matter() -> None:
    """Renaming a bound index changes nothing, not even in the base."""
    assert same(Sum(x[i], i), Sum(x[j], j), frozenset())


def test_a_product_of_sums_is_a_double_sum() -> None:
    """(sum x)^2 is the sum of x_i x_j."""
    assert same(Sum(x[i], i) ** 2, Sum(x[i] * x[j], i, j))


def test_sums_are_not_split_without_a_licence() -> None:
    """The base keeps a sum of two terms whole."""
    assert not same(Sum(x[i] + r, i), Sum(x[i], i) + n * r, frozenset())
    assert same(Sum(x[i] + r, i), Sum(x[i], i) + n * r, LINEAR)


@pytest.mark.parametrize("count", range(3, 7))
def test_cycles_are_recognised(count: int) -> None:
    """The trace of a power of a matrix is one atom, however its indices are listed."""
    axes = [Index(f"e{q}", 1, n) for q in range(count)]

    def trace(order: list[Index]) -> Any:
        return Sum(Mul(*(A[order[q], order[(q + 1) % count]] for q in range(count)), evaluate=False), *axes)

    turned = [axes[(q * (count - 1)) % count] for q in range(count)]
    assert same(trace(axes), trace(turned), LINEAR)
    assert not same(trace(axes), trace(axes) * 2, LINEAR)


def test_seven_tied_indices_stop_at_the_cap() -> None:
    """A symmetric sum with more candidates than the cap is given up, not tried for ever."""
    axes = [Index(f"e{q}", 1, n) for q in range(9)]
    square = [(a, d) for a in range(9) for d in range(9) if a != d and (a // 3 == d // 3 or a % 3 == d % 3)]
    body = Mul(*(A[axes[a], axes[d]] for a, d in square), evaluate=False)
    with pytest.raises(BudgetError, match="canonical labels: more than 64 candidates for 9 indices"):
        normal(Sum(body, *axes), LINEAR)


def test_many_symmetric_factors_run_out_of_budget() -> None:
    """The cost of canonical labels is taken from the budget."""
    axes = [Index(f"e{q}", 1, n) for q in range(6)]
    body = Mul(*(A[a, d] + A[d, a] for a in axes for d in axes if a.name < d.name), evaluate=False)
    with pytest.raises(BudgetError, match="budget of monomials"):
        normal(Sum(body, *axes), LINEAR)


def test_labels_of_nested_sums_do_not_meet() -> None:
    """Renaming an outer index never catches one that an inner sum binds."""
    inner, middle, outer = index("s", 1, i), index("a", 1, 3), index("e", n)
    term = Sum(Sum(Sum(delta(middle, outer) * x[i], inner), middle), outer)
    found = normal(term, frozenset())
    labels = {a.name: a for a in found.all_atoms() if a.kind == "i" and a.name.startswith("#")}
    assert len(labels) == 2
    assert not any(name.startswith(("?", "!")) for name in found.free)


# ---------------------------------------------------------------- deltas and counts


def test_a_delta_is_contracted_in_range() -> None:
    """sum over i of delta(i, j) x_i is x_j where both range over 1..n."""
    assert same(Sum(delta(i, j) * x[i], i), x[j])


@pytest.mark.parametrize("place", [n + 1, Integer(0), c, k, j + 1, Rational(1, 2)])
def test_a_delta_stays_where_its_solution_may_be_out_of_range(place: Any) -> None:
    """sum over i of delta(i, e) is not 1 for every e."""
    assert not same(Sum(delta(i, place), i), Integer(1))


def test_the_number_of_terms_needs_a_range_that_does_not_run_backwards() -> None:
    """The sum of 1 over 1..m is m for a size m, and stays for an integer that may be negative."""
    o, bad = index("o", 1, l0), integer("bad")
    assert same(Sum(r, o), l0 * r)
    assert not same(Sum(Integer(1), index("o", 1, bad)), bad)
    assert same(Sum(r, few), 3 * r)


# ---------------------------------------------------------------- closed sums


@pytest.mark.parametrize("degree", range(7))
def test_power_sums_against_brute_force(degree: int) -> None:
    """The sum of i^d over 1..n is Faulhaber's polynomial, at each of ten sizes."""
    found = normal(Sum(Pow(i, degree, evaluate=False), i))
    for count in range(1, 11):
        value = sum(
            (coefficient * count ** sum(e for _, e in mono) for mono, coefficient in found.terms.items()), start=0
        )  # fmt: skip
        assert value == sum(q**degree for q in range(1, count + 1))


def test_a_geometric_series_has_its_closed_form() -> None:
    """The sum of exp(-p t) over t >= 0 is 1/(1 - exp(-p))."""
    assert same(Sum(exp(-p * t), t), 1 / (1 - exp(-p)))


@pytest.mark.parametrize("body", [exp(p * t), Pow(r, t), Pow(b, t), t * 1, Pow(Integer(-1), t), Pow(t + 1, -2)])
def test_a_series_that_may_diverge_stays(body: Any) -> None:
    """No closed form without convergence from the givens."""
    assert any(a.kind == "Sum" for a in normal(Sum(body, t)).all_atoms())


def test_a_series_converges_by_a_given() -> None:
    """|r| < 1 as a given licenses the geometric series."""
    term = Sum(Pow(r, t), t)
    assert not any(a.kind == "Sum" for a in normal(term, givens=(Abs(r) < 1,)).all_atoms())


def test_a_divergent_part_stays_with_what_it_stands_with() -> None:
    """sum (exp(-p t) + 1) keeps its divergent part as a sum, and the difference of two such is not zero."""
    found = normal(Sum(exp(-p * t) + 1, t))
    assert any(a.kind == "Sum" for a in found.atoms())
    apart = normal(Sum(Add(t + 1, -t, evaluate=False), t) - Sum(t + 1, t) + Sum(t * 1, t))
    assert not apart.is_zero


# ---------------------------------------------------------------- laws


def test_laws_sum_to_one_and_to_marginals() -> None:
    """A law over all its targets gives 1, over some of them the law of the others."""
    assert same(Sum(P(z), z), Integer(1))
    assert same(Sum(Q(y, z), z), Q(y))
    assert same(Sum(Q(z | y), z), Integer(1))
    assert same(E(r, Q(z | y)), r)


def test_a_law_over_part_of_its_range_stays() -> None:
    """Half a law does not sum to one."""
    part = Index("z", 2, n)
    assert not same(Sum(P(part), part), Integer(1))


def test_a_variable_that_another_factor_mentions_stays() -> None:
    """sum P(z) x_z is not x."""
    assert any(a.kind == "Sum" for a in normal(Sum(P(z) * x[z], z)).all_atoms())


def test_an_infinite_law_sums_to_one() -> None:
    """A law over 0, 1, 2, ... sums to one, and its mean is not split off without bounds."""
    assert same(Sum(G(t), t), Integer(1))


# ---------------------------------------------------------------- definitions


def test_a_definition_takes_an_index_from_around_it() -> None:
    """A definition whose body uses a free index is not constant under a sum over that index."""
    assert not same(Sum(free(), i), n * free(), LINEAR)
    assert same(Sum(free(), j), n * free(), LINEAR)


def test_a_definition_stays_opaque() -> None:
    """Opaque definitions with the same arguments are the same, with other arguments they are not."""
    assert same(Sum(mu[i], i), Sum(mu[j], j), LINEAR)
    assert not same(mu[1], mu[2], LINEAR)


def test_a_random_law_that_depends_on_a_bound_index_is_refused() -> None:
    """A random array has one law; a bound index cannot change it."""
    loose = random("T", n, law=Bernoulli(x[i]))
    with pytest.raises(NotNormal, match="the law of T depends on a bound index"):
        normal(Sum(E(loose[1], loose), i))


def test_means_of_independent_entries() -> None:
    """E of a square of a sum of Bernoulli entries, and the variance, at symbolic size."""
    u = R.law.parameters[0]
    assert same(E(Sum(R[i], i) ** 2, R), n**2 * u**2 + n * u * (1 - u))
    assert same(Var(Sum(x[i] * R[i], i), R), u * (1 - u) * Sum(x[i] ** 2, i))


def test_a_size_zero_range_is_empty() -> None:
    """A size that may be 0 still counts, since hi - lo + 1 is not negative."""
    assert same(Sum(m, index("o", 1, size("l", 0))), l0 * m)
    assert define("h", m).body == m
