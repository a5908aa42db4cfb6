"""The search: its models are honest, telling and repeatable, and what it refutes it shrinks."""

from __future__ import annotations

import pytest
import sympy
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Abs, Eq, Integer, Ne, Rational, exp, log, oo, sqrt
from sympy.logic.boolalg import And, Or

from derive.core.claims import Refuted, Relation
from derive.core.kernel import Claim, confirm
from derive.core.meaning import Atoms, Model, Polynomial, evaluate, in_domain, satisfies
from derive.core.terms import Sum
from derive.refute import Tally, models, search
from derive.refute.names import cast
from derive.refute.shrink import shrink
from derive.vocabulary import (
    KL,
    Bernoulli,
    E,
    Moments,
    array,
    complex_number,
    define,
    delta,
    full_support,
    function,
    index,
    integer,
    law,
    negative,
    nonzero,
    positive,
    probability,
    random,
    real,
    size,
)

x, y, a, b = real("x"), real("y"), real("a"), real("b")
p = positive("p")
n, m = size("n"), size("m")
i, j = index("i", n), index("j", m)
X, w, t = array("X", n, m), array("w", m), array("t", n)
q = probability("q")
R = random("R", n, m, law=Bernoulli(q))
M = random("M", n, law=Moments(a, p))
u, z = index("u"), index("z")
P, Q = law("P", u, z), law("Q", u, z)
f = function("f")


def searched(left, relation, right, given=(), attempts=20):
    """Search among so many models, with the kernel deciding."""
    hypotheses = tuple(given) if isinstance(given, (tuple, list)) else (given,)
    claim = Claim(sympy.sympify(left), Relation(relation), sympy.sympify(right), hypotheses)
    return search(claim, models([claim.left, claim.right], hypotheses, limit=attempts), confirm)


GIVENS = [
    ("order", (x, y, a), (x < y, y < a)),
    ("different", (x, y), (Ne(x, y),)),
    ("small", (x,), (Abs(x) < 1,)),
    ("beyond", (p,), (p > 3,)),
    ("large", (x,), (x > 5000,)),
    ("narrow", (x,), (x > Rational(1, 3), x < Rational(2, 5))),
    ("linear", (x, y), (Eq(2 * x + 3 * y, 7),)),
    ("circle", (x, y), (Eq(x**2 + y**2, 1),)),
    ("both", (x, y), (And(x > 0, Or(y > x, y < -x)),)),
    ("sizes", (n, m), (n > m,)),
    ("entries", (w,), (w[j] > 0,)),
    ("shares", (w,), (w[j] >= 0, Eq(Sum(w[j], j), 1))),
    ("support", (P, Q), (full_support(P), full_support(Q))),
    ("integer", (integer("k"),), (integer("k") >= 4,)),
]


@pytest.mark.parametrize(("terms", "givens"), [g[1:] for g in GIVENS], ids=[g[0] for g in GIVENS])
def test_models_satisfy_their_givens(terms, givens):
    """Several different models are found for each kind of given, all of them honest."""
    term = sum((Sum(s[j], j) if s == w else P(u, z) * Q(u, z) if s in (P, Q) else s for s in terms), Integer(0))
    found = list(models([term], givens, limit=8))
    assert len(found) >= 5
    assert len({model.describe() for model in found}) == len(found)
    for model in found:
        assert in_domain(model)
        assert all(satisfies(g, model) is True for g in givens)


def test_models_are_repeatable_and_can_be_skipped():
    """The same arguments yield the same models; the first ones can be left out."""
    terms = [E(Sum((t[i] - Sum(X[i, j] * R[i, j] * w[j], j)) ** 2, i), R), f(x)]
    once, twice = ([model.describe() for model in models(terms, (), limit=6)] for _ in range(2))
    assert once == twice
    assert [model.describe() for model in models(terms, (), limit=6, skip=4)] == once[4:]
    assert [model.describe() for model in models(terms, (), limit=6, seed=1)] != once


def test_contradictory_givens_have_no_model():
    """Where no model is found, none is made up."""
    assert list(models([x + y], (x < y, y < x), limit=5)) == []


def test_a_claim_without_names_has_one_model():
    """A constant claim is looked at once."""
    assert [model.describe() for model in models([Integer(2) + log(3)], (), limit=5)] == [()]


def test_models_are_not_symmetric_by_accident():
    """The second model tells entries, rows, columns and scalars apart."""
    model = list(models([Sum(X[i, j] * w[j], i, j) + x + y], (), limit=2))[1]
    entries = list(model.values[X].cells.values())
    assert model.values[n] != model.values[m]
    assert len(set(entries)) == len(entries)
    assert model.values[x] != model.values[y]


def test_domains_reach_their_ends():
    """Zero, negative and large values, both ends of a probability, and empty sizes are tried where allowed."""
    values = [model.values[x] for model in models([x], (), limit=26)]
    assert min(values) <= -100
    assert max(values) >= 100
    assert 0 in values
    assert {0, 1} <= {int(v) for v in (model.values[q] for model in models([q], (), limit=9)) if v.q == 1}
    assert all(model.values[negative("g")] < 0 for model in models([negative("g")], (), limit=9))
    assert 0 in [model.values[size("s", 0)] for model in models([Sum(1, index("k", size("s", 0)))], (), limit=6)]


def test_laws_have_zeros_only_without_full_support():
    """Some laws have zero probabilities, unless support is given."""
    term = P(u, z)
    assert any(0 in model.values[P].cells.values() for model in models([term], (), limit=12))
    assert not any(
        0 in model.values[P].cells.values() for model in models([term], (full_support(P),), limit=12)
    )


def test_random_entries_are_asymmetric():
    """An array of which only moments are known gets three points, with a third moment."""
    for model in models([E(M[1] ** 3, M)], (), limit=6):
        atoms = model.values[M]
        mean = model.values[a]
        assert isinstance(atoms, Atoms)
        assert len(atoms.pairs) == 3
        assert sum((pr * (v - mean) ** 3 for v, pr in atoms.pairs), fmpq(0)) != 0


def test_functions_outlast_their_derivatives():
    """An unknown function has degree at least two above the derivatives taken, also inside a definition."""
    body = define("body", f.derivative(3)(x))
    for model in models([body() + f(x)], (), limit=4):
        value = model.values[f]
        assert isinstance(value, Polynomial)
        assert max(e for (e,), _ in value.monomials) >= 5


REFUTED = [
    ("log of a square", log(x**2), "=", 2 * log(x), (), {"x": "-1"}),
    ("a lost half", log(sqrt(p**2 + 1)), "=", log(p**2 + 1), (), {"p": "1"}),
    ("a sign", Abs(a), "=", -a, (), {"a": "1"}),
    ("equal moduli", a, "=", -b, (Eq(Abs(a), Abs(b)),), None),
    ("a square root", sqrt(complex_number("c") ** 2), "=", complex_number("c"), (), {"c": "-1"}),
    ("delta out of range", Sum(delta(i, j), i), "=", 1, (), {"j": "2", "m": "2", "n": "1"}),
    ("an empty range", Sum(1, index("k", integer("l"))), "=", integer("l"), (), {"l": "-1"}),
    ("strict", x**2, ">", 0, (), {"x": "0"}),
    ("order", x * y, "<", y * y, (x < y,), None),
    ("a geometric series without its condition", Sum(x ** index("k", 0, oo), index("k", 0, oo)), "=", 1 / (1 - x), (),
     None),
    ("a dropped factor", E((x - R[1, 1]) ** 2, R), "=", (x - q) ** 2 + q, (), {"m": "1", "n": "1", "q": "1", "x": "0"}),
    ("a gaussian fourth moment", E(M[1] ** 4, M), "=", a**4 + 6 * a**2 * p + 3 * p**2, (), None),
    ("conditionals swapped", P(z | u), "=", P(u | z), full_support(P), None),
    ("gibbs turned round", KL(P(u, z), Q(u, z)), "<=", 0, full_support(P, Q), None),
    ("additivity", f(x + y), "=", f(x) + f(y), (), None),
    ("a derivative", f.derivative(1)(x), "=", f(x), (), None),
    ("a product of sums", Sum(w[j], j) ** 2, "=", Sum(w[j] ** 2, j), (), {"m": "2"}),
    ("a transposed array", Sum(X[i, 1], i), "=", Sum(X[1, j], j), (), None),
    ("support that is not given", Sum(P(z | u) * P(u), u, z), "=", Sum(P(u) / P(u), u), (), None),
]


@pytest.mark.parametrize(("left", "relation", "right", "given", "shown"), [r[1:] for r in REFUTED],
                         ids=[r[0] for r in REFUTED])
def test_wrong_claims_are_refuted(left, relation, right, given, shown):
    """Each wrong claim has a model, and the witness is as small as one would write it."""
    found = searched(left, relation, right, given)
    assert isinstance(found, Refuted)
    values = dict(found.witness.values)
    assert shown is None or shown.items() <= values.items()


TRUE = [
    (log(p**2), "=", 2 * log(p), ()),
    (x**2 + y**2, ">=", 2 * x * y, ()),
    (Sum(x ** index("k", 0, oo), index("k", 0, oo)), "=", 1 / (1 - x), (Abs(x) < 1,)),
    (E((x - R[1, 1]) ** 2, R), "=", (x - q) ** 2 + q * (1 - q), ()),
    (E(M[1] ** 2, M), "=", a**2 + p, ()),
    (KL(P(z | u), Q(z | u)), ">=", 0, full_support(P, Q)),
    (Sum(P(z | u), z), "=", 1, ()),
    (f(x) * exp(0 * x), "=", f(x), ()),
    (1 / nonzero("v") * nonzero("v"), "=", 1, ()),
]


@pytest.mark.parametrize(("left", "relation", "right", "given"), TRUE)
def test_true_claims_are_not_refuted(left, relation, right, given):
    """A true claim agrees in nearly all models, and in none does it fail."""
    found = searched(left, relation, right, given, attempts=30)
    assert isinstance(found, Tally)
    assert found.agreed >= 1
    assert found.agreed > found.skipped


def test_a_step_without_a_value_is_counted_as_skipped():
    """Where a side has no rigorous value the model counts neither way."""
    found = searched(sympy.asin(2 + x**2), "=", 0)
    assert found == Tally(agreed=0, skipped=20)


def test_confirm_has_the_last_word():
    """A model that the kernel does not accept refutes nothing."""
    claim = Claim(x, Relation.EQ, x + 1, ())
    found = search(claim, models([x], (), limit=3), lambda _claim, _model: None)
    assert found == Tally(agreed=3)


def test_shrinking_keeps_what_refutes():
    """The shrunk model still refutes, and cuts tables and laws to the smaller sizes."""
    term = Sum(X[i, j] * P(u, z), i, j, z) - 7
    model = list(models([term], (), limit=3))[1]
    small = shrink(model, cast([term], ()), lambda candidate: in_domain(candidate) and evaluate(term, candidate) != 0)
    assert in_domain(small)
    assert evaluate(term, small) != 0
    assert (small.values[n], small.values[m], small.values[size("|z|")]) == (1, 1, 1)
    assert list(small.values[X].cells.values()) == [0]


def test_shrinking_is_bounded():
    """A callable that always says yes ends the search all the same."""
    model = next(models([Sum(X[i, j], i, j) + x], (), limit=1))
    small = shrink(model, cast([Sum(X[i, j], i, j) + x], ()), lambda _candidate: True)
    assert small.values[x] == 0
    assert in_domain(small)


@settings(max_examples=25, deadline=None)
@given(st.integers(-3, 3), st.integers(-3, 3), st.integers(-3, 3))
def test_any_wrong_quadratic_is_refuted_and_any_right_one_is_not(c0, c1, c2):
    """(x + c0)(x + c1) equals its expansion with constant c2 only where that is c0*c1."""
    found = searched((x + c0) * (x + c1), "=", x**2 + (c0 + c1) * x + c2)
    assert isinstance(found, Refuted) == (c2 != c0 * c1)


def test_a_model_made_by_hand_may_be_a_candidate():
    """Candidates may come from anywhere; the kernel checks them."""
    claim = Claim(x, Relation.LE, Integer(5), (x > 0,))
    assert search(claim, [Model.of({x: -9})], confirm) == Tally(agreed=1)
    assert isinstance(search(claim, [Model.of({x: 9})], confirm), Refuted)
