"""Honest models: lies about domains, shapes, laws and assumptions are seen, and givens are decided or left open."""

from __future__ import annotations

import pytest
import sympy
from flint import fmpq
from sympy import Abs, Eq, I, Integer, Ne, Symbol, log, oo, sqrt
from sympy.logic.boolalg import And, Not, Or

from derive.core.meaning import (
    Atoms,
    Gaussian,
    Geometric,
    JointLaw,
    Mixture,
    Model,
    Points,
    Polynomial,
    Table,
    in_domain,
    satisfies,
)
from derive.core.terms import Sum
from derive.vocabulary import (
    Bernoulli,
    Moments,
    array,
    complex_number,
    full_support,
    function,
    index,
    integer,
    law,
    nonzero,
    positive,
    probability,
    random,
    real,
    size,
)

x, y = real("x"), real("y")
n = size("n")
i = index("i", n)
v = array("v", n)
z = index("z", 2)
P = law("P", i, z)
HALF = fmpq(1, 2)


def cells(*values):
    """A table of these entries."""
    return Table({(k + 1,): fmpq(w) for k, w in enumerate(values)})


def joint(*weights):
    """A law over 1..len/2 and 1..2 with these probabilities in sevenths."""
    keys = [(a, b) for a in range(1, len(weights) // 2 + 1) for b in (1, 2)]
    return JointLaw({k: fmpq(w, 7) for k, w in zip(keys, weights, strict=True)})


@pytest.mark.parametrize(
    ("values", "honest"),
    [
        ({positive("p"): 1}, True),
        ({positive("p"): 0}, False),
        ({probability("q"): 1}, True),
        ({probability("q"): fmpq(3, 2)}, False),
        ({probability("q", strict=True): 1}, False),
        ({nonzero("u"): 0}, False),
        ({integer("k", 2, 5): 5}, True),
        ({integer("k", 2, 5): 6}, False),
        ({integer("k"): HALF}, False),
        ({x: Gaussian(fmpq(0), fmpq(1))}, False),
        ({complex_number("c"): Gaussian(fmpq(0), fmpq(1))}, True),
        ({n: 0}, False),
        ({Symbol("s", positive=True): -1}, False),
        ({Symbol("s", even=True): 3}, False),
        ({Symbol("s", even=True): 4}, True),
        ({Symbol("s", prime=True): 9}, False),
        ({Symbol("s", rational=False, real=True): 1}, False),
        ({Symbol("s", imaginary=True): Gaussian(fmpq(0), fmpq(2))}, True),
        ({n: 2, i: 2}, True),
        ({n: 2, i: 3}, False),
        ({i: 1}, False),
        ({n: 2, v: cells(1, 2)}, True),
        ({n: 2, v: cells(1)}, False),
        ({n: 2, v: cells(1, 2, 3)}, False),
        ({v: cells(1)}, False),
        ({n: 2, v: Table({(1,): fmpq(1), (2,): Gaussian(fmpq(0), fmpq(1))})}, False),
        ({n: 2, v: fmpq(1)}, False),
        ({n: 2, P: joint(1, 2, 0, 4)}, True),
        ({n: 2, P: joint(1, 2, 1, 4)}, False),
        ({n: 2, P: joint(-1, 4, 0, 4)}, False),
        ({n: 1, P: joint(1, 2, 0, 4)}, False),
        ({function("f"): Polynomial((((1,), fmpq(1)),))}, True),
        ({function("f", 2): Polynomial((((1,), fmpq(1)),))}, False),
        ({array("w", oo): Table({}, outside=fmpq(0))}, True),
        ({array("w", oo): cells(1, 2)}, False),
    ],
)
def test_in_domain(values, honest):
    """A model is honest only if every value is one that its name allows."""
    assert in_domain(Model.of(values)) is honest


R = random("R", n, law=Bernoulli(x))
M = random("M", n, law=Moments(x, y))


@pytest.mark.parametrize(
    ("array_", "atoms", "honest"),
    [
        (R, ((0, HALF), (1, HALF)), True),
        (R, ((0, fmpq(1, 3)), (1, fmpq(2, 3))), False),
        (R, ((fmpq(1, 2), fmpq(1)),), False),
        (R, ((1, HALF),), False),
        (M, ((0, HALF), (1, HALF)), True),
        (M, ((-1, fmpq(1, 10)), (0, HALF), (fmpq(3, 2), fmpq(2, 5))), True),
        (M, ((0, fmpq(1, 4)), (1, fmpq(3, 4))), False),
        (M, ((HALF, HALF), (HALF, HALF)), False),
    ],
)
def test_random_entries_follow_their_law(array_, atoms, honest):
    """Atoms have the named law's parameters exactly, or the model lies."""
    spread = {((-1, fmpq(1, 10)), (0, HALF), (fmpq(3, 2), fmpq(2, 5))): fmpq(3, 4)}.get(atoms, fmpq(1, 4))
    model = Model.of({n: 2, x: HALF, y: spread, array_: Atoms(tuple((fmpq(a), q) for a, q in atoms))})
    assert in_domain(model) is honest


def test_laws_over_infinite_ranges():
    """A geometric law starts where its slot does; a slot of infinite range takes no table."""
    k = index("k", 1, oo)
    Q = law("Q", k)
    assert in_domain(Model.of({Q: Mixture(((fmpq(1), (Geometric(1, HALF),)),))}))
    assert not in_domain(Model.of({Q: Mixture(((fmpq(1), (Geometric(0, HALF),)),))}))
    assert not in_domain(Model.of({Q: Mixture(((HALF, (Geometric(1, HALF),)),))}))
    assert not in_domain(Model.of({Q: JointLaw({(1,): fmpq(1)})}))
    assert not in_domain(Model.of({Q: Mixture(((fmpq(1), (Geometric(1, fmpq(1)),)),))}))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (x < y, True),
        (x > y, False),
        (Eq(x, 1), True),
        (Ne(x, y), True),
        (Eq(sqrt(y) ** 2 - 2, 0), True),
        (Abs(x) <= 1, True),
        (And(x < y, y < 1), False),
        (Or(x > y, y > 1), True),
        (Not(Eq(x, y), evaluate=False), True),
        (log(x - y) < 1, None),
        (Eq(log(y), log(Integer(2), evaluate=False) * 1, evaluate=False), None),
        (1 / (x - 1) > 0, None),
        (And(x > y, 1 / (x - 1) > 0), False),
        (Or(x < y, 1 / (x - 1) > 0), True),
        (sympy.true, True),
        (sympy.false, False),
    ],
)
def test_satisfies(given, expected):
    """A given is True or False where that is certain, and None where it is not."""
    assert satisfies(given, Model.of({x: 1, y: 2})) is expected


def test_an_order_of_complex_values_is_not_decided():
    """i < 1 is neither true nor false, and so is its negation."""
    c = complex_number("c")
    model = Model.of({c: Gaussian(fmpq(0), fmpq(1))})
    comparison = sympy.Lt(sympy.Mul(c, 1, evaluate=False), 1, evaluate=False)
    assert satisfies(comparison, model) is None
    assert satisfies(Not(comparison, evaluate=False), model) is None
    assert satisfies(Eq(c, I), model) is True


def test_a_given_with_a_free_index_is_meant_for_all_its_values():
    """v[i] > 0 asks it of every entry, whatever i is in the model."""
    assert satisfies(v[i] > 0, Model.of({n: 2, v: cells(1, 2)})) is True
    assert satisfies(v[i] > 0, Model.of({n: 2, v: cells(1, -2), i: 1})) is False
    assert satisfies(Not(v[i] > 0), Model.of({n: 2, v: cells(1, -2), i: 2})) is False
    assert satisfies(Eq(Sum(v[i], i), 3), Model.of({n: 2, v: cells(1, 2)})) is True


def test_full_support():
    """Full support is certain of a table without zeros and of a geometric law; a finite law cannot have it."""
    k = index("k", 0, oo)
    Q = law("Q", k)
    assert satisfies(full_support(P), Model.of({n: 2, P: joint(1, 2, 1, 3)})) is True
    assert satisfies(full_support(P), Model.of({n: 2, P: joint(1, 2, 0, 4)})) is False
    assert satisfies(full_support(Q), Model.of({Q: Mixture(((fmpq(1), (Geometric(0, HALF),)),))})) is True
    assert satisfies(full_support(Q), Model.of({Q: Mixture(((fmpq(1), (Points(0, (fmpq(1),)),)),))})) is not True
    assert satisfies(full_support(Q), Model.of({})) is None
