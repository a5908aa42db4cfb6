"""The ring of normal forms: powers, roots, units, fractions, budgets, perfect powers."""

from __future__ import annotations

from typing import Any

import pytest
from strategies import ALL_CAPS, p, r, r2
from sympy import Add, I, Integer, Mul, Pow, Rational, exp, log, pi, sqrt

from derive.core.assume import assume
from derive.core.errors import BudgetError
from derive.core.normal.atoms import ONE, Poly
from derive.core.normal.convert import Converter
from derive.core.normal.ring import Ring, UndefinedValue
from derive.vocabulary import complex_number, integer

w, k = complex_number("w"), integer("k")
HALF = Rational(1, 2)


def normal(term: Any, licence: frozenset[str] = ALL_CAPS) -> Poly:
    """The normal form of a term over the scalars of this file."""
    return Converter(assume([term], ()).ring(licence))(term)


def raw(base: Any, exponent: Any) -> Any:
    """A power that SymPy does not touch."""
    return Pow(base, exponent, evaluate=False)


@pytest.mark.parametrize(
    ("term", "same"),
    [
        (raw(12, HALF), 2 * sqrt(3)),
        (raw(Rational(4, 9), HALF), Rational(2, 3)),
        (raw(Rational(8, 27), Rational(-2, 3)), Rational(9, 4)),
        (Mul(sqrt(2), sqrt(6), evaluate=False), 2 * sqrt(3)),
        (raw(-8, Rational(1, 3)), Mul(2, raw(-1, Rational(1, 3)), evaluate=False)),
        (raw(-1, Rational(4, 3)), Mul(-1, raw(-1, Rational(1, 3)), evaluate=False)),
        (raw(-4, HALF), 2 * I),
        (raw(I, 6), Integer(-1)),
        (raw(I, -1), -I),
        (raw(I, Rational(2, 3)), raw(-1, Rational(1, 3))),
        (raw(-I, Rational(1, 2)), Mul(-1, raw(-1, Rational(3, 4)), evaluate=False)),
        (exp(I * pi / 3, evaluate=False), raw(-1, Rational(1, 3))),
    ],
)  # fmt: skip
def test_roots_of_numbers(term: Any, same: Any) -> None:
    """Roots of rationals are reduced to roots of primes and of minus one, by principal values."""
    assert normal(term).key == normal(same).key


def test_a_root_of_i_is_not_dropped() -> None:
    """i^(2/3) is not 1."""
    assert normal(raw(I, Rational(2, 3))) != ONE


@pytest.mark.parametrize("n", range(-5, 9))
def test_powers_of_i(n: int) -> None:
    """i^n goes round in four steps."""
    assert normal(raw(I, n)) == normal([Integer(1), I, Integer(-1), -I][n % 4])


@pytest.mark.parametrize("n", range(1, 7))
def test_roots_of_minus_one_multiply_to_it(n: int) -> None:
    """The n-th power of the principal n-th root of -1 is -1."""
    root = raw(-1, Rational(1, n))
    assert normal(Mul(*[root] * n, evaluate=False)) == -ONE


@pytest.mark.parametrize(
    ("term", "same"),
    [
        (raw(r**2, HALF), abs(r)),
        (raw(p**2, HALF), p),
        (raw(4 * p * (r**2 + 1), HALF), 2 * sqrt(p) * sqrt(r**2 + 1)),
        (raw(raw(1 + r, 2), HALF), abs(1 + r)),
        (raw(raw(1 + p, 4), Rational(1, 4)), 1 + p),
        (raw(Add(1, 2 * r, r**2, evaluate=False), -1), raw(1 + r, -2)),
    ],
)  # fmt: skip
def test_roots_of_powers(term: Any, same: Any) -> None:
    """A root takes out what has a known sign, and the absolute value of a real base of an even power."""
    assert normal(term).key == normal(same).key


@pytest.mark.parametrize(
    ("term", "other"),
    [
        (raw(r**2, HALF), r),
        (raw(w**2, HALF), w),
        (raw(raw(1 + w, 2), HALF), 1 + w),
        (raw(raw(1 + r, 3), Rational(1, 3)), 1 + r),
        (raw(raw(r, p), 2 * p), raw(r, 2 * p**2)),
        (Mul(raw(r, HALF), raw(r2, HALF), evaluate=False), raw(r * r2, HALF)),
    ],
)  # fmt: skip
def test_roots_keep_what_may_change_sign(term: Any, other: Any) -> None:
    """Nothing of unknown sign is pulled through a root."""
    assert normal(term).key != normal(other).key


def test_partial_fractions() -> None:
    """1/(p (p + 1)) is 1/p - 1/(p + 1), also to higher powers."""
    assert normal(raw(p, -1) * raw(p + 1, -1)) == normal(raw(p, -1) - raw(p + 1, -1))
    left = Mul(raw(p, -2), raw(p + 3, -2), evaluate=False)
    assert Ring().vanishes(normal(left - left.expand()))
    assert not Ring().vanishes(normal(left - 2 * left.expand()))


def test_a_numerator_is_reduced_by_the_denominator() -> None:
    """r/(r + 1) is 1 - 1/(r + 1)."""
    assert normal(Mul(r, raw(r + 1, -1), evaluate=False)) == normal(1 - raw(r + 1, -1))


def test_a_zero_denominator_has_no_value() -> None:
    """1/(r - r) is refused for every value."""
    with pytest.raises(UndefinedValue, match="division by zero, whatever the values"):
        normal(raw(Add(r, -r, evaluate=False), -1))


def test_a_large_expansion_runs_out_of_budget() -> None:
    """A product of many sums stops at the budget."""
    wide = Add(*(complex_number(f"w{n}") for n in range(12)), evaluate=False)
    with pytest.raises(BudgetError, match="past its budget of monomials"):
        normal(raw(wide, 12))


@pytest.mark.parametrize("term", [raw(1 + r, 65), raw(3, 10**9), raw(7, raw(10, 30))])
def test_giant_powers_are_refused(term: Any) -> None:
    """A power whose size alone would exhaust memory is not begun."""
    with pytest.raises(BudgetError, match="past the budget"):
        normal(term)


@pytest.mark.parametrize(
    ("term", "same"),
    [
        (log(raw(1 + r**2, 2), evaluate=False), 2 * log(1 + r**2)),
        (log(raw(r - r2, 2) / p, evaluate=False), 2 * log(abs(r - r2)) - log(p)),
        (log(Rational(12), evaluate=False), 2 * log(2) + log(3)),
        (log(Integer(-2), evaluate=False), log(2) + I * pi),
        (log(-2 * I, evaluate=False), log(2) - I * pi / 2),
        (log(raw(-1, Rational(1, 3)), evaluate=False), I * pi / 3),
        (log(Mul(-3, raw(-1, Rational(1, 3)), evaluate=False), evaluate=False), log(3) - 2 * I * pi / 3),
        (log(exp(r, evaluate=False), evaluate=False), r),
    ],
)  # fmt: skip
def test_logarithms_come_apart_where_signs_allow_it(term: Any, same: Any) -> None:
    """Logs of products and of perfect powers split by known signs."""
    assert normal(term).key == normal(same).key


@pytest.mark.parametrize(
    ("term", "other"),
    [
        (log(r**2, evaluate=False), 2 * log(r)),
        (log(r * r2, evaluate=False), log(r) + log(r2)),
        (log(exp(w, evaluate=False), evaluate=False), w),
        (log(raw(1 + w, 2), evaluate=False), 2 * log(1 + w)),
    ],
)  # fmt: skip
def test_logarithms_stay_where_signs_are_unknown(term: Any, other: Any) -> None:
    """ln(x^2) is not 2 ln x for an x that may be negative."""
    assert normal(term).key != normal(other).key


def test_symbolic_exponents_add() -> None:
    """x^(k+1) is x x^k for an integer k, and (-1)^(2k) is 1."""
    assert normal(raw(r, k + 1)) == normal(Mul(r, raw(r, k), evaluate=False))
    assert normal(raw(Integer(-1), 2 * k)) == ONE
