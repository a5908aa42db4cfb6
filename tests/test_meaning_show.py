"""Values and models as text: every digit shown is a correct one."""

from __future__ import annotations

from decimal import Decimal, getcontext

import pytest
from flint import acb, arb, ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Symbol

from derive.core.meaning import (
    Atoms,
    Gaussian,
    Geometric,
    Infinite,
    JointLaw,
    Mixture,
    Model,
    Points,
    Polynomial,
    Table,
    render,
)
from derive.vocabulary import Bernoulli, array, function, index, law, random, real, size


def at_precision(make):
    """A ball at 128 bits."""
    with ctx.workprec(128):
        return make()


@pytest.mark.parametrize(
    ("value", "exact", "decimal"),
    [
        (fmpq(0), "0", "0"),
        (fmpq(7), "7", "7"),
        (fmpq(-5, 4), "-5/4", "-1.25"),
        (fmpq(2, 3), "2/3", "0.666666666666666666..."),
        (fmpq(10**30), "1" + "0" * 30, "1" + "0" * 30),
        (fmpq(1, 3 * 10**9), "1/3000000000", "3.33333333333333333...e-10"),
        (fmpq(10**25, 3), f"{10**25}/3", "3.33333333333333333...e+24"),
        (Infinite(1), "oo", "oo"),
        (Infinite(-1, weak=True), "-oo", "-oo"),
        (Infinite(0), "diverges", "diverges"),
        (Gaussian(fmpq(0), fmpq(-1)), "-I", "-I"),
        (Gaussian(fmpq(1, 2), fmpq(3)), "1/2 + 3*I", "0.5 + 3*I"),
    ],
)
def test_exact_values(value, exact, decimal):
    """Exact values have an exact text, and decimals that end where the number does."""
    assert render(value) == (exact, decimal)


@pytest.mark.parametrize(
    ("make", "decimal"),
    [
        (lambda: arb(2).log() / 2, "0.346573590279972654..."),
        (lambda: -arb.pi(), "-3.14159265358979323..."),
        (lambda: acb(arb(2).log(), arb.pi()), "0.693147180559945309... + 3.14159265358979323...*I"),
        (lambda: arb(-1000).exp(), "5.07595889754945676...e-435"),
        (lambda: arb(2) + arb(0, 1e-30), "2 within 1e-29"),
        (lambda: arb(0, 1e-30), "within 1e-29 of 0"),
        (lambda: arb(2, 0.25), "between 1.74 and 2.26"),
        (lambda: arb(1.5, 2**-20), "1.5 within 1e-6"),
    ],
)
def test_balls(make, decimal):
    """A ball shows the digits it is sure of, or how wide it is."""
    assert render(at_precision(make)) == (None, decimal)


def test_giant_exact_values_show_decimals_only():
    """An exact number of thousands of digits is not printed in full."""
    exact, decimal = render(fmpq(3) ** 5000)
    assert exact is None
    assert decimal.startswith("4." + str(3**5000)[1:18])
    assert decimal.endswith("e+2385")


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 10**12), st.integers(1, 10**12), st.integers(-30, 30))
def test_decimals_are_cut_off_and_correct(p, q, power):
    """Digits agree with long division in decimal arithmetic, cut off and not rounded."""
    getcontext().prec = 80
    text = render(fmpq(p, q) * fmpq(10) ** power)[1]
    cut = Decimal(text.replace("...", ""))
    true = Decimal(p) / Decimal(q) * Decimal(10) ** power
    assert true - cut >= 0
    assert true - cut < Decimal(10) ** (true.adjusted() - 16)
    assert ("..." in text) == (fmpq(p, q) * fmpq(10) ** power != fmpq(int(cut.scaleb(60)), 10**60))


def test_models_are_described_exactly():
    """Every name stands with its exact value: numbers first, tables by rows."""
    n, i = size("n"), index("i", 2)
    x = array("x", n, 2)
    P, Q = law("P", i), law("Q", index("k", 0, 1))
    R = random("R", n, law=Bernoulli(real("p")))
    model = Model.of({
        x: Table({(a, b): fmpq(a, b) for a in (1, 2) for b in (1, 2)}), n: 2, Symbol("c"): Gaussian(fmpq(1), fmpq(-2)),
        P: JointLaw({(1,): fmpq(1, 3), (2,): fmpq(2, 3)}), R: Atoms(((fmpq(0), fmpq(1, 4)), (fmpq(1), fmpq(3, 4)))),
        function("f"): Polynomial((((2,), fmpq(1)), ((1,), fmpq(-3, 2)), ((0,), fmpq(-1)))),
        Q: Mixture(((fmpq(1), (Geometric(0, fmpq(1, 2)),)),)),
    })
    assert model.describe() == (
        ("c", "1 - 2*I"),
        ("n", "2"),
        ("P", "[1/3, 2/3]"),
        ("Q", "1*(geometric with ratio 1/2 from 0)"),
        ("R", "each entry 0 with probability 1/4, 1 with probability 3/4"),
        ("f", "x^2 - 3/2*x - 1"),
        ("x", "[[1, 1/2], [2, 1]]"),
    )


def test_loose_tables_say_what_stands_elsewhere():
    """A table that is not a box lists its places, and what is outside of it."""
    assert Table({(1,): fmpq(1), (3,): fmpq(5)}, outside=fmpq(0)).text() == "[1]: 1, [3]: 5, 0 elsewhere"
    assert Table({(1,): fmpq(1), (2,): fmpq(5)}, outside=fmpq(0)).text() == "[1, 5], 0 elsewhere"
    assert Table({(1, 1): fmpq(1), (2, 3): fmpq(5)}).text() == "[1, 1]: 1, [2, 3]: 5"
    assert Points(0, (fmpq(1, 2), fmpq(1, 2))).text() == "[1/2, 1/2] from 0"
