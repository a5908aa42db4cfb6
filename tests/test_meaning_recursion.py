"""Recursions: their values, where they have none, and which names a model of them assigns."""

from __future__ import annotations

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Rational, oo

from derive.core.claims import Refuted, Relation
from derive.core.errors import NotEvaluable, TermError
from derive.core.kernel import Claim, confirm
from derive.core.meaning import Infinite, Model, Polynomial, Table, evaluate, in_domain
from derive.core.terms import Sum, free_names, substitute
from derive.refute import models, search
from derive.refute.names import cast
from derive.vocabulary import array, function, index, nonnegative, real, recursion, size

L = size("L")
l, j = index("l", 0, L), index("j", 0, L)  # noqa: E741
k = index("k", 0, oo)
u, r = real("u"), real("r")
up = recursion("v", l, 1, u, u * (1 + r))
down = recursion("g", l, 1, u, u + l, upwards=False)
MODEL = Model.of({L: 4, r: fmpq(1, 2), l: 2})


def value(term):
    """The term's value in the one model of this file."""
    return evaluate(term, MODEL)


@pytest.mark.parametrize("place", range(5))
def test_upwards_from_the_least_value(place):
    """v(0) = 1, v(l + 1) = v(l) (1 + r)."""
    assert value(up[place]) == fmpq(3, 2) ** place


@pytest.mark.parametrize("place", range(5))
def test_downwards_from_the_greatest_value(place):
    """g(4) = 1, g(l) = g(l + 1) + l: the step sees the index it leads to."""
    assert value(down[place]) == 1 + sum(range(place, 4))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(-4, 4), min_size=1, max_size=6), st.booleans())
def test_steps_read_arrays_by_their_index(entries, upwards):
    """A running sum of an array's entries, in either direction."""
    n = len(entries)
    a = array("a", L)
    t = index("t", 0, L)
    running = recursion("c", t, 0, u, u + a[t + 1], upwards=upwards)
    model = Model.of({L: n, a: Table({(p + 1,): fmpq(e) for p, e in enumerate(entries)})})
    for place in range(n + 1):
        expected = sum(entries[:place]) if upwards else sum(entries[place:])
        assert evaluate(running[place], model) == expected


def test_ends_that_do_not_start_at_zero():
    """A recursion over 3..7, upwards and downwards."""
    t = index("t", 3, 7)
    assert value(recursion("c", t, 10, u, u + t)[7]) == 10 + 3 + 4 + 5 + 6
    assert value(recursion("c", t, 10, u, u + t, upwards=False)[3]) == 10 + 6 + 5 + 4 + 3


def test_the_place_may_be_an_expression():
    """v(L - l) at L = 4, l = 2."""
    assert value(up[L - l]) == fmpq(9, 4)
    assert value(up[L - 3 * l + 2]) == 1


def test_inside_sums():
    """Sums over the place, also where the sum's index is the recursion's own."""
    assert value(Sum(up[j], j)) == sum(fmpq(3, 2) ** p for p in range(5))
    assert value(Sum(up[l] * l, l)) == sum(p * fmpq(3, 2) ** p for p in range(5))
    assert value(Sum(up[L - j] * down[j], j)) == sum(fmpq(3, 2) ** (4 - p) * (1 + sum(range(p, 4))) for p in range(5))


def test_sums_and_recursions_inside_a_step():
    """A step that sums another recursion up to its index."""
    nested = recursion("q", l, 1, u, u + Sum(up[j], (j, 0, l)))
    expected = [fmpq(1)]
    for place in range(4):
        expected.append(expected[-1] + sum(fmpq(3, 2) ** p for p in range(place + 1)))
    assert [value(nested[p]) for p in range(5)] == expected


def test_a_recursion_at_a_place_that_is_a_recursion():
    """c(c(1)) with c(t) = t + 1."""
    c = recursion("c", l, 1, u, u + 1)
    assert value(c[c[1]]) == 3


def test_a_step_that_applies_an_unknown_function():
    """Two iterations of a polynomial."""
    f = function("f")
    model = MODEL.with_value(f, Polynomial((((2,), fmpq(1)), ((0,), fmpq(-1)))))
    assert evaluate(recursion("c", l, 3, u, f(u))[2], model) == 63


def test_an_endless_recursion_upwards():
    """2^-k at k = 10."""
    assert value(recursion("h", k, 1, u, u / 2)[10]) == fmpq(1, 1024)


def test_the_name_of_the_value_before_is_bound_in_the_step_only():
    """A free u beside the recursion is another u."""
    assert evaluate(u * up[2], MODEL.with_value(u, fmpq(4))) == 9


# ---------------------------------------------------------------- no value


@pytest.mark.parametrize("place", [-1, 5])
@pytest.mark.parametrize("head", [up, down])
def test_out_of_range(head, place):
    """There is no value before the first place nor after the last."""
    with pytest.raises(NotEvaluable, match=f"{head.name} has no place {place}"):
        value(head[place])


def test_a_place_that_is_no_integer():
    """v(1/2) has no value."""
    with pytest.raises(NotEvaluable, match="not an exact integer"):
        value(up[Rational(1, 2)])


def test_giant_recursions_are_refused():
    """A place too far from the start is not run to."""
    with pytest.raises(NotEvaluable, match="h has no place 5000"):
        value(recursion("h", k, 1, u, u / 2)[5000])


@pytest.mark.parametrize("body", [
    lambda h: h[k], lambda h: h[k] / 2**k, lambda h: 1 / (1 + h[k] ** 2), lambda h: Sum(h[j], (j, 0, k)),
])  # fmt: skip
def test_the_tail_of_a_series_of_recursions_is_not_understood(body):
    """Nothing is known of how a recursion grows, whatever it converges to."""
    with pytest.raises(NotEvaluable, match="not understood"):
        value(Sum(body(recursion("h", k, 1, u, u / 2)), k))


def test_a_recursion_at_a_fixed_place_is_a_constant_in_a_series():
    """Sum h(3)/2^k is 2 h(3); with nothing to make it converge it is oo."""
    h = recursion("h", k, 1, u, u / 2)
    assert evaluate(Sum(h[3] / 2**k, k), MODEL).overlaps(evaluate(2 * h[3], MODEL) + 0)
    assert value(Sum(h[3], k)) == Infinite(1)


# ---------------------------------------------------------------- names


def test_bound_names_are_not_free():
    """Neither the index of a recursion nor the name of the value before is free, the names of its ends are."""
    assert free_names(up[2]) == {up, r, L}
    assert free_names(down[j]) == {down, j, L}
    assert free_names(up[u]) == {up, u, r, L}


def test_a_model_assigns_no_bound_name_and_no_recursion():
    """Size, scalar and index are assigned; the recursion, its index and the value before are not."""
    found = cast([up[j]], [])
    assert (found.sizes, found.scalars, found.indices) == ((L,), (r,), (j,))
    assert all(set(model.values) == {L, r, j} for model in models([up[j]], (), limit=4))


def test_the_end_of_a_recursion_is_a_size():
    """A name that stands only in the range of a recursion gets small values."""
    assert cast([up[2]], []).sizes == (L,)
    assert all(model.values[L] <= 12 for model in models([up[1]], (), limit=8))


def test_a_recursion_has_no_value_in_a_model():
    """A model that assigns one is not honest."""
    assert not in_domain(Model.of({up: 1}))


def test_replacing_what_a_recursion_is_made_of_is_refused():
    """r is part of v; its place is not."""
    assert substitute(up[j], {j: l}) == up[l]
    with pytest.raises(TermError, match="v depends on what is replaced"):
        substitute(up[j], {r: u})


def test_wrong_closed_forms_are_refuted():
    """v(l) = (1 + r)^(l + 1) fails, with a small witness."""
    claim = Claim(up[l], Relation.EQ, (1 + r) ** (l + 1), ())
    found = search(claim, models([claim.left, claim.right], (), limit=6), confirm)
    assert isinstance(found, Refuted)
    assert dict(found.witness.values) == {"L": "1", "l": "0", "r": "1"}


def test_right_closed_forms_agree():
    """g(l) = 1 + (L(L - 1) - l(l - 1))/2 in every model that is tried."""
    claim = Claim(down[l], Relation.EQ, 1 + (L * (L - 1) - l * (l - 1)) / 2, ())
    found = search(claim, models([claim.left, claim.right], (), limit=10), confirm)
    assert not isinstance(found, Refuted)
    assert found.agreed == 10


def test_givens_on_recursions_are_satisfied():
    """A given that a recursion stays positive chooses the models."""
    w = nonnegative("w")
    shrinking = recursion("c", l, 5, u, u - w)
    found = list(models([shrinking[l]], [shrinking[L] > 0], limit=4))
    assert found
    assert all(evaluate(shrinking[L], model) > 0 for model in found)
