"""The greatest and the least of finitely many values: what is proved, and what must not be, by the kernel alone."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Add, Mul, Pow, S, evaluate, exp, log, sqrt

from derive import E, Maximum, Minimum, Sum, array, attainment, gibbs, index, law, positive, positivity, real, size
from derive.core import kernel
from derive.core.assume import assume
from derive.core.attained import alternatives, directions, extrema
from derive.core.claims import Claim, Invalid, Proved, Relation
from derive.core.defined import needs_of
from derive.printers.tex import latex
from derive.printers.text import text
from derive.refute import models
from derive.search.suggest import SEARCH

n, m = size("n"), size("m")
i, j, k = index("i", n), index("j", n), index("k", n)
r, s = index("r", m), index("s", m)
later = index("l", 2, n)
x, y, A = array("x", n), array("y", n), array("A", n, m)
a, c = real("a"), positive("c")
u = index("u")
P = law("P", u)


def claim(left: Any, relation: str, right: Any, *given: Any) -> Claim:
    """A claim from its parts."""
    return Claim(S(left), Relation(relation), S(right), given)


def decided(one: Claim, *reasons: Any) -> Any:
    """What the kernel says of a claim, with no counterexample sought."""
    return kernel.prove(one, reasons, models([one.left, one.right], one.given, limit=8), SEARCH)


with evaluate(False):
    TRUE: dict[str, tuple[Any, ...]] = {
        "an entry": (x[j], "<=", Maximum(x[i], i)),
        "an entry of a row": (A[j, r], "<=", Maximum(A[i, r], i)),
        "a least one": (Minimum(x[i], i), "<=", x[j]),
        "least and greatest": (Minimum(x[i], i), "<=", Maximum(x[i], i)),
        "renamed": (Maximum(x[i], i), "=", Maximum(x[j], j)),
        "moved": (Maximum(x[i] + a, i), "=", a + Maximum(x[k], k)),
        "scaled": (Maximum(c*x[i], i), "=", c*Maximum(x[k], k)),
        "turned": (Maximum(-x[i], i), "=", -Minimum(x[k], k)),
        "a constant": (Maximum(a, i), "=", a),
        "a sum of two": (Maximum(x[i] + y[i], i), "<=", Maximum(x[i], i) + Maximum(y[i], i)),
        "at the same place, or not": (Maximum(x[i]*exp(a), i), ">=", x[j]*exp(a)),
        "a bound of all": (Maximum(x[i], i), "<=", 1, x[i] <= 1),
        "of a bound of all": (x[j], "<=", 1, Maximum(x[i], i) <= 1),
        "a bound that is not reached": (Maximum(x[i], i), "<", 1, x[i] < 1),
        "two indices": (A[j, s], "<=", Maximum(A[i, r], i, r)),
        "within a mean": (E(Maximum(x[i], i) - x[j], P(u), u), ">=", 0),
    }
    WRONG: dict[str, tuple[Any, ...]] = {
        "an entry is not the greatest": (Maximum(x[i], i), "<=", x[j]),
        "nor strictly less": (x[j], "<", Maximum(x[i], i)),
        "two rows": (Maximum(A[i, r], i), "<=", Maximum(A[i, s], i)),
        "an entry of another row": (A[j, s], "<=", Maximum(A[i, r], i)),
        "scaled by any number": (Maximum(a*x[i], i), "=", a*Maximum(x[k], k)),
        "scaled by any number, as a bound": (Maximum(a*x[i], i), "<=", a*Maximum(x[k], k)),
        "a sum of two, reached": (Maximum(x[i] + y[i], i), "=", Maximum(x[i], i) + Maximum(y[i], i)),
        "a product": (Maximum(x[i]*y[i], i), "<=", Maximum(x[i], i)*Maximum(y[i], i)),
        "turned, not changed over": (Maximum(-x[i], i), "=", -Maximum(x[k], k)),
        "of a bound of the least": (x[j], "<=", 1, Minimum(x[i], i) <= 1),
        "a bound of another array": (Maximum(x[i], i), "<=", 1, y[i] <= 1),
        "a bound of later ones": (Maximum(x[i], i), "<=", 1, x[later] <= 1),
        "of no values, perhaps": (Minimum(x[later], later), "<=", Maximum(x[later], later)),
        "of values that may not be real": (Minimum(sqrt(x[i]), i), "<=", Maximum(sqrt(x[i]), i)),
        "one that is bound elsewhere": (Mul(m, Maximum(A[i, r], i)), "=", Sum(Maximum(A[i, r], i), r)),
        "sums and maxima exchanged": (Sum(Maximum(A[i, r], i), r), "<=", Maximum(Sum(A[i, r], r), i)),
        "least of greatest": (Minimum(Maximum(A[i, r], i), r), "<=", Maximum(Minimum(A[i, r], r), i)),
    }


@pytest.mark.parametrize("name", TRUE)
def test_a_true_claim_is_proved(name: str) -> None:
    """By a value, or a bound, for each extremum."""
    assert isinstance(decided(claim(*TRUE[name])), Proved)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_claim_is_not_proved(name: str) -> None:
    """Neither alternative says more than it may."""
    assert not isinstance(decided(claim(*WRONG[name])), Proved)


def test_the_reason_is_needed_and_not_idle() -> None:
    """An entry is at most the greatest by attainment and signs; Gibbs' inequality has no part in it."""
    one = claim(x[j], "<=", Maximum(x[i], i))
    assert isinstance(decided(one, attainment, positivity), Proved)
    assert isinstance(decided(one, positivity), Invalid)
    assert isinstance(decided(one, attainment, positivity, gibbs), Invalid)


def test_an_equation_is_two_inequalities() -> None:
    """Each is proved by itself."""
    found = directions(claim(Maximum(a, i), "=", a))
    assert [one.relation.value for one in found] == ["<=", ">="]


def test_a_bound_is_one_for_each_value_of_a_free_index() -> None:
    """The bound of a row does not bound the others."""
    one = claim(A[j, s], "<=", Maximum(A[i, r], i))
    bounds = [case for case in alternatives(one) if len(case.given) == 1]
    assert [str(case.given[0]) for case in bounds] == ["Entry(A, i, r) <= Entry(M, r)"]


def test_a_value_does_not_bring_what_is_given_of_the_greatest() -> None:
    """A given about the greatest value would else hold of any."""
    one = claim(x[j], "<=", 2, Maximum(x[i], i) <= 1)
    two = claim(Maximum(x[i], i), "<=", 2, Maximum(x[i], i) <= 1)
    assert [len(case.given) for case in alternatives(one)] == [2]
    assert [len(case.given) for case in alternatives(two)] == [0, 2]


def test_an_extremum_needs_values_and_real_ones() -> None:
    """Over a range that may be empty, or of values that may be complex, it is not known to exist."""
    for term, label in ((Maximum(x[later], later), "range"), (Maximum(sqrt(x[i]), i), "real")):
        assert label in {note.label for note in needs_of(term, assume((term,), ()).ring(frozenset())).missing}


def test_how_it_is_written() -> None:
    """As text, and as TeX."""
    assert text(Maximum(x[i], i)) == "Maximum(x[i], i)"
    assert latex(Maximum(x[i], i)) == r"\max_{i} x_{i}"
    assert latex(Minimum(x[later], later)).startswith(r"\min_{")


def test_terms_are_not_changed() -> None:
    """What is put in is put into the sides alone."""
    with evaluate(False):
        term = Add(Maximum(x[i], i), Pow(log(Maximum(y[j], j)), 2))
    assert len(extrema(claim(term, "<=", a))) == 2
    assert len(list(alternatives(claim(term, "<=", a)))) == 4
