"""Absolute values, deltas, symbolic powers, and the text keys of atoms."""

from __future__ import annotations

from typing import Any

import pytest
from strategies import ALL_CAPS, A, f, g, i, j, n, p, r, r2, x
from sympy import Abs, Function, Integer, Mul, Pow, Rational, exp, log, sin

from derive.core.assume import assume
from derive.core.errors import NotNormal
from derive.core.normal.atoms import ONE, ZERO, Poly
from derive.core.normal.convert import Converter
from derive.core.normal.labels import rename_poly
from derive.core.normal.show import show
from derive.core.terms import Entry, Sum, free_names
from derive.vocabulary import delta, integer, positive, real

k = integer("k")


def normal(term: Any, licence: frozenset[str] = ALL_CAPS) -> Poly:
    """The normal form of a term."""
    return Converter(assume([term], ()).ring(licence))(term)


@pytest.mark.parametrize(
    ("term", "same"),
    [
        (Abs(-3 * r, evaluate=False), 3 * Abs(r)),
        (Abs(r - r2), Abs(r2 - r)),
        (Abs(-p - 1, evaluate=False), p + 1),
        (Abs(r, evaluate=False) ** 2, r**2),
        (Pow(Abs(r), -3, evaluate=False), Abs(r) * Pow(r, -4)),
    ],
)
def test_absolute_values(term: Any, same: Any) -> None:
    """Rational factors come out, known signs decide, even powers lose the bars."""
    assert normal(term).key == normal(same).key


def test_an_absolute_difference_under_sums_is_symmetric() -> None:
    """sum |x_i - x_j| x_j is sum |x_j - x_i| x_i: the sign inside follows the labels."""
    assert normal(Sum(Abs(x[i] - x[j]) * x[j], i, j)) == normal(Sum(Abs(x[i] - x[j]) * x[i], i, j))


def test_deltas_are_decided_where_the_difference_is() -> None:
    """delta(i, i) is 1, delta(n + 1, i) is 0 as i <= n, delta(i, j) stays and is its own square."""
    assert normal(delta(i, i)) == ONE
    assert normal(delta(p, 0)) == ZERO
    assert normal(delta(i, j) ** 3) == normal(delta(j, i))
    assert normal(delta(2 * i, 2 * j)) == normal(delta(i, j))


@pytest.mark.parametrize(
    ("term", "other"),
    [
        (Pow(r * r2, k), Pow(r, k) * Pow(r2, k)),
        (Pow(4 * p, r), Pow(2, 2 * r) * Pow(p, r)),
        (Pow(p, k) * Pow(p, 2), Pow(p, k + 2)),
    ],
)
def test_symbolic_powers_of_products(term: Any, other: Any) -> None:
    """An integer exponent goes to every factor, a real one to the positive ones."""
    assert normal(term) == normal(other)


def test_a_real_exponent_does_not_split_what_may_be_negative() -> None:
    """(r r2)^p is not r^p r2^p for real r and r2."""
    assert normal(Pow(r * r2, p)) != normal(Pow(r, p) * Pow(r2, p))


def test_exp_and_log_are_inverse_where_they_are() -> None:
    """exp(2 log p) is p^2, exp(u + v) is a product, and exp(k log(-2)) is not simplified to a wrong branch."""
    assert normal(exp(2 * log(p), evaluate=False)) == normal(p**2)
    assert normal(exp(r + r2, evaluate=False)) == normal(Mul(exp(r), exp(r2), evaluate=False))
    assert normal(exp(log(p) / 2, evaluate=False)) == normal(Pow(p, Rational(1, 2)))


def test_unknown_functions_differ_by_name_order_and_argument() -> None:
    """f(x), f'(x), f(y) and g(x, y) are four atoms."""
    terms = [f(r), f.derivative(1)(r), f(r2), g(r, r2), g.derivative(1, 0)(r, r2), g(r2, r)]
    assert len({normal(t).key for t in terms}) == len(terms)


def test_a_function_that_sympy_does_not_own_is_not_taken_for_its_namesake() -> None:
    """A user's class called log has no law of logarithms."""

    class log(Function):  # noqa: N801
        """Not the logarithm."""

    with pytest.raises(NotNormal, match="log has no normal form"):
        normal(log(p))


def test_names_that_look_like_keys_do_not_collide() -> None:
    """A symbol called as a product is written is not that product, in any argument."""
    a, b, trap = real("a"), real("b"), real("a*s:b")
    assert normal(sin(a * b)).key != normal(sin(trap)).key
    assert normal(f(a + 1)).key != normal(f(real("1+1*s:a"))).key
    assert normal(real("x(1*i:$i(1,1*s:n))")).key != normal(x[i]).key


def test_renaming_is_simultaneous() -> None:
    """Two labels are exchanged, not merged."""
    found = normal(x[i] * A[i, j])
    swapped = rename_poly(found, {"$i": "$j", "$j": "$i"})
    assert swapped != found
    assert rename_poly(swapped, {"$i": "$j", "$j": "$i"}) == found
    assert swapped.free == found.free == {"$i", "$j"}


@pytest.mark.parametrize(
    "term",
    [
        Sum(x[i] * A[i, j], i),
        Pow(Integer(-1), Rational(1, 3)),
        exp(r) * Abs(r),
        f.derivative(2)(r),
        delta(i, j),
        positive("p") ** r,
    ],
)
def test_show_is_read_back(term: Any) -> None:
    """The term shown for a normal form has the same normal form."""
    assumptions = assume([term], ())
    found = normal(term)
    shown = show(found, assumptions.names)
    assert Converter(assume([term, shown], ()).ring(ALL_CAPS))(shown).key == found.key
    assert {s.name for s in free_names(shown)} == {s.name for s in free_names(term)}
    assert isinstance(show(normal(x[i]), assume([x[i]], ()).names), Entry)
    assert n in free_names(shown) or n not in free_names(term)
