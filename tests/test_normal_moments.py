"""Cumulants and moments against brute force."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import comb
from random import Random

import pytest
from flint import fmpq
from strategies import ALL_CAPS, R, S, build, n, u
from sympy import Integer

from derive.core import meaning
from derive.core.assume import assume
from derive.core.errors import BudgetError
from derive.core.meaning import Model
from derive.core.normal.convert import Converter
from derive.core.normal.moments import bernoulli_cumulant, partitions
from derive.core.normal.show import show
from derive.vocabulary import E

BELL = [1, 1, 2, 5, 15, 52, 203]


@pytest.mark.parametrize("order", range(1, 9))
@pytest.mark.parametrize("chance", [Fraction(1, 3), Fraction(0), Fraction(1), Fraction(9, 10)])
def test_bernoulli_cumulants_against_moments(order: int, chance: Fraction) -> None:
    """All moments of a Bernoulli entry are p; its cumulants follow by the recursion on moments."""
    cumulants: list[Fraction] = [Fraction(0)]
    for a in range(1, order + 1):
        cumulants.append(chance - sum((comb(a - 1, b - 1) * cumulants[b] * chance for b in range(1, a)), Fraction(0)))
    assert sum(c * chance**k for k, c in enumerate(bernoulli_cumulant(order))) == cumulants[order]


@pytest.mark.parametrize("count", range(7))
def test_partitions_are_counted_by_bell_numbers(count: int) -> None:
    """Every set partition comes once."""
    found = {frozenset(frozenset(block) for block in p) for p in partitions(list(range(count)))}
    assert len(found) == BELL[count] == sum(1 for _ in partitions(list(range(count))))


@pytest.mark.parametrize("seed", range(12))
def test_products_of_bernoulli_entries_against_enumeration(seed: int) -> None:
    """E of a product of fixed entries is the sum over all outcomes, by hand."""
    rng = Random(seed)
    places = [rng.randint(1, 3) for _ in range(rng.randint(1, 5))]
    term = build(("E", ("mul", tuple(("entry", R, (("num", Integer(a)),)) for a in places)), None, (R,)))
    shown = show(Converter(assume([term], ()).ring(ALL_CAPS))(term), {"u": u, "n": n, "R": R})
    chance = fmpq(2, 7)
    by_hand = fmpq(0)
    for outcome in product((0, 1), repeat=3):
        weight = fmpq(1)
        for one in outcome:
            weight *= chance if one else 1 - chance
        if all(outcome[a - 1] for a in places):
            by_hand += weight
    assert meaning.evaluate(shown, Model.of({u: chance, n: 3})) == by_hand


def test_unknown_cumulants_stay_atoms() -> None:
    """The third moment of an entry of which only two are named keeps its third cumulant."""
    found = Converter(assume([E(S[1] ** 3, S)], ()).ring(ALL_CAPS))(E(S[1] ** 3, S))
    assert [a.name for a in found.atoms() if a.kind == "k"] == ["3(S)"]


def test_a_long_product_of_entries_is_past_the_budget() -> None:
    """The number of set partitions is not tried beyond the cap."""
    term = E(S[1] ** 9, S)
    with pytest.raises(BudgetError, match="a product of 9 random entries is past the budget"):
        Converter(assume([term], ()).ring(ALL_CAPS))(term)
