"""Claims about arrays, laws and unknown functions that are cases of claims about numbers."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Abs, Max, Min, Piecewise, S, evaluate, exp, log, oo, tanh

from derive import E, Rational, Sum, array, define, delta, function, index, law, probability, real, sigmoid, size
from derive.checking import check_step
from derive.core import kernel
from derive.core.assume import assume
from derive.core.claims import Claim, Derivation, Proved, Relation, ge
from derive.core.errors import NotNormal
from derive.core.generic import Generic
from derive.core.terms import Scalar
from derive.refute import models
from derive.search.suggest import SEARCH

n, m = size("n"), size("m")
i, j, k = index("i", n), index("j", n), index("k", 1, n)
later = index("l", 2, n)
beyond = index("b", 0, n)
row = index("r", m)
x, y, A = array("x", n), array("y", n), array("A", m, n)
f = function("f")
u, v = index("u"), index("v")
P = law("P", u)
Q = law("Q", u, v)
forever = index("t", 1, oo)
series = array("s", oo)
g = probability("g")
c = real("c")
squares = define("squares", Sum(x[i]**2, i))
share = define("share", P(u), u)
gate = define("gate", sigmoid(x[i]), i)


def proves(left: Any, relation: str, right: Any, *given: Any) -> bool:
    """Whether the kernel proves a claim by itself, with no counterexample sought."""
    claim = Claim(S(left), Relation(relation), S(right), given)
    found = kernel.prove(claim, (), models([claim.left, claim.right], given, limit=8), SEARCH)
    return isinstance(found, Proved)


with evaluate(False):
    TRUE: dict[str, tuple[Any, ...]] = {
        "two entries": (x[i]*y[j], "<=", (x[i]**2 + y[j]**2)/2),
        "one entry twice": (x[i]*(1 - x[i]), "<=", Rational(1, 4)),
        "bars": (Abs(x[i] + y[i]), "<=", Abs(x[i]) + Abs(y[i])),
        "a sum": (log(1 + Sum(x[i]**2, i)), "<=", Sum(x[j]**2, j)),
        "a definition": (log(1 + squares()), "<=", squares()),
        "a definition that must be unfolded": (gate[i], "=", 1 - sigmoid(-x[i])),
        "a named function": (sigmoid(x[i])*(1 - sigmoid(x[i])), "<=", Rational(1, 4)),
        "two named functions": (tanh(x[i]), "=", 2*sigmoid(2*x[i]) - 1),
        "an unknown function": (f(x[i])*f(x[j]), "<=", (f(x[i])**2 + f(x[j])**2)/2),
        "a probability": (P(u)*(1 - P(u)), "<=", Rational(1, 4)),
        "the greater of two": (g*x[i] + (1 - g)*y[i], "<=", Max(x[i], y[i])),
        "the lesser of two sums": (g*squares() + (1 - g)*Sum(x[i], i), ">=", Min(squares(), Sum(x[k], k))),
        "a strict bound": (log(1 + exp(x[i])), ">", Max(x[i], 0)),
        "a given": (x[i]**2, "<=", 1, x[i] >= -1, x[i] <= 1),
        "a given at another index": (x[i]*x[j], "<=", 1, x[i] >= -1, x[i] <= 1),
        "a choice": (Piecewise((x[i], x[i] > 0), (-x[i], True)), "=", Abs(x[i])),
        "a delta": (exp(delta(i, j)*x[i]), ">", 0),
    }
    WRONG: dict[str, tuple[Any, ...]] = {
        "two entries taken for one": (x[i]*y[j], "<=", (x[i]**2 + y[i]**2)/2 + y[j]**2/4),
        "two indices taken for one": (x[i]*x[j], ">=", 0),
        "a row taken for another": (A[row, i]*A[row, j], "<=", A[row, i]**2),
        "bars as an equation": (Abs(x[i] + y[i]), "=", Abs(x[i]) + Abs(y[i])),
        "a sum of either sign": (log(1 + Sum(x[i], i)), "<=", Sum(x[j], j)),
        "two sums taken for one": (Sum(x[i], i)*Sum(y[i], i), "<=", Sum(x[i], i)**2),
        "an unknown function at two places": (f(x[i]), "=", f(x[j])),
        "an unknown function at two places in a bound": (f(x[i])*f(x[j]), ">=", 0),
        "a probability that may be 0": (log(P(u)), "<=", 0),
        "a probability that may be 1": (P(u), "<", 1),
        "a conditional one whose condition may have probability 0": (Q(v | u)*(1 - Q(v | u)), "<=", Rational(1, 4)),
        "a difference that is 0 for equal indices": (1/(x[i] - x[j]) + 1/(x[j] - x[i]), "=", 0),
        "the lesser of two": (g*x[i] + (1 - g)*y[i], "<=", Min(x[i], y[i])),
        "a weight that is none": (c*x[i] + (1 - c)*y[i], "<=", Max(x[i], y[i])),
        "a strict bound that is reached": (Max(x[i], 0), ">", x[i]),
        "a given at an index of a longer range": (x[i]**2, "<=", 1, x[later] >= -1, x[later] <= 1),
        "a given about another array": (x[i]**2, "<=", 1, y[i] >= -1, y[i] <= 1),
        "an infinite sum": (Sum(series[forever]**2, forever), "<", 1 + Sum(series[forever]**2, forever)),
        "a mean that may be infinite": (E(log(P(u)), P(u))**2, ">=", E(log(P(u)), P(u)) - 1),
        "a sum with logarithms of 0": (Sum(log(P(u)), u) - Sum(log(P(u)), u)*2, ">=", 0),
        "a root of an entry": (x[i]**Rational(1, 2), ">=", 0),
    }


@pytest.mark.parametrize("name", TRUE)
def test_a_case_of_a_true_claim_is_proved(name: str) -> None:
    """Entries, sums, probabilities and values of functions are numbers."""
    assert proves(*TRUE[name])


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_claim_is_not_proved(name: str) -> None:
    """What stands for two things, may be infinite, or is not known to be defined, proves nothing."""
    assert not proves(*WRONG[name])


def test_parts_with_one_normal_form_are_one_symbol() -> None:
    """However they are written."""
    with evaluate(False):
        left, right = Sum(x[i]*y[i], i), Sum(y[j]*x[j], j)
    generic = Generic(assume((left, right), ()))
    assert generic.plain(left) == generic.plain(right)


def test_bounds_that_are_visible_are_kept() -> None:
    """A sum of squares is not negative, a probability at most 1, and a mean of one lies in between."""
    parts = (Sum(x[i]**2, i), P(u), E(P(u), P(u)))
    generic = Generic(assume(parts, ()))
    assert [generic.plain(part).domain.words() for part in parts] == [">= 0", "in [0, 1]", ">= 0"]


def test_the_parts_come_back() -> None:
    """What is shown names the parts, not the symbols."""
    term = x[i]*y[j] + Sum(x[i], i)
    generic = Generic(assume((term,), ()))
    plain = generic.plain(term)
    assert all(isinstance(name, Scalar) for name in plain.free_symbols)
    assert generic.meant(plain) == term


def test_names_that_are_taken_are_not_given_again() -> None:
    """A symbol of the claim's own may have any name."""
    own = real("v_1")
    generic = Generic(assume((own*x[i],), ()))
    assert {name.name for name in generic.plain(own*x[i]).free_symbols} == {"v_1", "v_2"}


def test_what_hangs_on_a_name_apart_is_no_number() -> None:
    """The variable of a derivative is not hidden in a symbol."""
    generic = Generic(assume((f(c),), ()), frozenset({c}))
    with pytest.raises(NotNormal):
        generic.plain(f(c))


# ---------------------------------------------------------------- what is cited, at other indices


def cited(left: Any, relation: str, right: Any, theorem: Any) -> bool:
    """Whether a claim is proved from a theorem alone."""
    claim = Claim(left, Relation(relation), right)
    return isinstance(kernel.prove(claim, (theorem,), models([left, right], (), limit=8), SEARCH), Proved)


@pytest.fixture(scope="module")
def theorem() -> Any:
    """2 x_i y_i is at most x_i^2 + y_i^2."""
    with evaluate(False):
        chain = Derivation(x[i]**2 + y[i]**2, ge(2*x[i]*y[i]))
    return kernel.conclude("squares", chain, [check_step(chain, 0).verdict])


def test_a_theorem_holds_at_every_index(theorem: Any) -> None:
    """Whatever its free index is called."""
    with evaluate(False):
        assert cited(x[i]**2 + y[i]**2, ">=", 2*x[i]*y[i] + 0, theorem)
        assert cited(x[j]**2 + y[j]**2 + c, ">=", 2*x[j]*y[j] + c, theorem)


def test_a_theorem_says_nothing_of_two_indices_or_of_another_range(theorem: Any) -> None:
    """One index stands for all places of it, and within its range."""
    with evaluate(False):
        assert not cited(x[i]**2 + y[j]**2, ">=", 2*x[i]*y[i], theorem)
        assert not cited(x[i]**2 + y[j]**2, ">=", 2*x[j]*y[j], theorem)
        assert not cited(x[beyond]**2 + y[beyond]**2, ">=", 2*x[beyond]*y[beyond], theorem)
