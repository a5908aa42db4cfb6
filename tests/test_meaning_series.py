"""Infinite sums: closed forms that are known, and growth bounds against the terms themselves."""

from __future__ import annotations

import pytest
import sympy
from flint import arb, ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Add, Integer, Mul, Pow, Rational, exp, factorial, log, oo, pi, sin, sqrt

from derive.core.errors import Divergent, NotEvaluable
from derive.core.meaning import Geometric, Infinite, Mixture, Model, Points, Table, compare, evaluate, weigh
from derive.core.meaning.bounds import compile_growth
from derive.core.meaning.frames import Program, Scope
from derive.core.meaning.program import compile_term
from derive.core.meaning.values import Imprecise, ball
from derive.core.terms import Sum
from derive.vocabulary import KL, E, H, array, index, integer, law, nonnegative, real, size

k, k2 = index("k", 0, oo), index("k2", 0, oo)
r, b = real("r"), nonnegative("b")


def series(body, **values):
    """The sum over k = 0, 1, ... in a model of r and b."""
    names = {"r": r, "b": b}
    return evaluate(Sum(body, k), Model.of({names[s]: fmpq(*v) if isinstance(v, tuple) else fmpq(v)
                                           for s, v in values.items()}))


def encloses(value, exact, bits=100):
    """Whether the value is the exact number, or a ball around it that is correct to so many bits."""
    if type(value) is fmpq:
        return value == exact
    return compare(value, exact) is None and bool(value.rad() < arb(2) ** -bits)


@settings(max_examples=40, deadline=None)
@given(st.integers(-8, 8), st.integers(0, 3))
def test_polynomials_times_powers(tenths, degree):
    """Sum k^d r^k is A_d(r)/(1-r)^(d+1) with the Eulerian polynomials A_d."""
    ratio = fmpq(tenths, 10)
    eulerian = {0: (1,), 1: (0, 1), 2: (0, 1, 1), 3: (0, 1, 4, 1)}[degree]
    exact = sum((c * ratio**e for e, c in enumerate(eulerian)), fmpq(0)) / (1 - ratio) ** (degree + 1)
    assert encloses(series(k**degree * r**k, r=(tenths, 10)), exact)


def test_a_mixed_rate_that_floating_point_gets_wrong():
    """Sum (3/10)^k e^(-3k/10) is 1/(1 - 0.3 e^-0.3) = 1.28575..., not 1.300."""
    ratio = Rational(3, 10)
    term = Sum(Mul(Pow(ratio, k, evaluate=False), exp(-3 * k / 10, evaluate=False), evaluate=False), k)
    left, right, order = weigh(term, 1 / (1 - ratio * exp(-ratio)), Model.of({}))
    assert order is None
    assert left.rad() < 1e-30
    assert right.overlaps(left)
    assert evaluate(term, Model.of({}), 64).overlaps(left)


@pytest.mark.parametrize(
    ("body", "closed"),
    [
        (r**k / factorial(k), exp(r)),
        (k * exp(-b * k) * (1 - exp(-b)), exp(-b) / (1 - exp(-b))),
        (sin(k + 1) / 2**k, 4 * sin(1) / (5 - 4 * sympy.cos(1))),
        (r ** (2 * k + 1), r / (1 - r**2)),
        ((-1) ** k * Pow(Rational(1, 2), k), Rational(2, 3)),
        (Pow(sympy.I / 2, k), 1 / (1 - sympy.I / 2)),
        (Pow(Integer(2), -k / 2), 1 / (1 - 1 / sqrt(2))),
        (Sum(r ** (k + k2) / 3**k2, k2), 1 / (1 - r) / (1 - r / 3)),
        (Sum(r**k * index("j", 1, 3), index("j", 1, 3)), 6 / (1 - r)),
        (Pow(k + 1, 2) / 2**k, 12),
    ],
)
def test_known_closed_forms(body, closed):
    """Series agree with their closed forms to far more digits than chance allows."""
    model = Model.of({r: fmpq(-2, 5), b: fmpq(1, 3)})
    left, _, order = weigh(Sum(body, k), sympy.sympify(closed), model)
    assert order is None
    assert ball(left).rel_accuracy_bits() > 100


def test_entropy_of_a_geometric_law():
    """H of (1 - e^-b) e^(-bk) is b/(e^b - 1) - log(1 - e^-b)."""
    P = (1 - exp(-b)) * exp(-b * k)
    model = Model.of({b: fmpq(1, 3)})
    assert weigh(H(P, k), b / (exp(b) - 1) - log(1 - exp(-b)), model)[2] is None
    assert weigh(H(P, k), b / (exp(b) - 1) + log(1 - exp(-b)), model)[2] == "greater"


def test_power_tails_are_enclosed():
    """Sum 1/(k+1)^2 contains pi^2/6 and excludes its neighbours."""
    basel = Sum(1 / (k + 1) ** 2, k)
    assert weigh(basel, pi**2 / 6, Model.of({}))[2] is None
    assert weigh(basel, pi**2 / 6 + Rational(1, 100), Model.of({}))[2] == "less"
    assert weigh(Sum(1 / (k**2 - k + 1), k), Integer(3), Model.of({}))[2] == "less"


@pytest.mark.parametrize(
    ("body", "sign"),
    [
        (1 / (k + 1), 1),
        (-1 / (3 * k + 2), -1),
        (2**k, 1),
        (k - 5, 1),
        (1 / sqrt(k + 1), 1),
        (log(k + 2) / (k + 1), 1),
        (Integer(1) + 0 * r, 1),
        (1 - Pow(2, k), -1),
        (factorial(k) / 100**k, 1),
    ],
)
def test_one_signed_divergence_is_infinite(body, sign):
    """A series of terms that are eventually of one sign, and too large, is oo or -oo."""
    assert evaluate(Sum(body, k), Model.of({r: 1})) == Infinite(sign)


def test_oscillation_diverges():
    """A series whose terms do not tend to 0 and change sign is Divergent."""
    for body in ((-1) ** k, (-2) ** k, k * (-1) ** k):
        with pytest.raises(Divergent, match="do not tend to 0"):
            evaluate(Sum(body, k), Model.of({}))


def test_divergence_differs_from_every_number():
    """A divergent side is unequal to a finite one, and says so; two divergent sides tell nothing."""
    wild = Sum((-1) ** k, k)
    left, _, order = weigh(wild, Rational(1, 2), Model.of({}))
    assert (left, order) == (Infinite(0), "unequal")
    assert weigh(wild, wild, Model.of({}))[2] is None


@pytest.mark.parametrize("body", [sin(k) / (k + 1), sin(k) * Pow(k + 1, k, evaluate=False) / 5**k, sin(k)])
def test_what_is_not_understood_is_refused(body):
    """Oscillation that is not by roots of unity has no value."""
    with pytest.raises(NotEvaluable, match=r"not known to converge|not understood|tail"):
        evaluate(Sum(body, k), Model.of({}))


def test_slow_series_are_coarse_or_refused():
    """A rate of 0.99 still gives a correct ball; one of 0.9999 gives nothing, and soon."""
    assert encloses(series(r**k, r=(99, 100)), fmpq(100), bits=30)
    with pytest.raises(NotEvaluable, match="too slowly"):
        series(r**k, r=(9999, 10000))


def test_a_pole_among_the_terms_is_refused():
    """One undefined term makes the whole sum undefined, however far out it lies."""
    with pytest.raises(NotEvaluable, match="1/0"):
        evaluate(Sum(1 / (k - 40) / 2**k, k), Model.of({}))


def test_the_lower_end_may_be_negative_or_symbolic():
    """Sum from -3, and from a size, of 2^-k."""
    n = integer("n")
    j = index("j", n, oo)
    for start in (-3, 0, 5):
        assert encloses(evaluate(Sum(Pow(2, -j), j), Model.of({n: start})), fmpq(2) ** (1 - start))


def test_finite_support_is_summed_exactly():
    """An array that is 0 outside its cells gives an exact sum, also under a logarithm that it absorbs."""
    x = array("x", oo)
    j = index("j", 1, oo)
    model = Model.of({x: Table({(1,): fmpq(1, 2), (3,): fmpq(5)}, outside=fmpq(0))})
    assert evaluate(Sum(x[j], j), model) == fmpq(11, 2)
    assert evaluate(Sum(x[j] * log(x[j]), j), model).overlaps(evaluate(5 * log(5) - log(2) / 2, model))


def test_laws_over_infinite_ranges():
    """A mixture of geometric laws sums to one, and its divergence from itself given more is not negative."""
    z = index("z", 2)
    P = law("P", k, z)
    parts = (
        (fmpq(1, 3), (Geometric(0, fmpq(1, 2)), Points(1, (fmpq(1, 4), fmpq(3, 4))))),
        (fmpq(2, 3), (Geometric(0, fmpq(1, 5)), Points(1, (fmpq(1, 2), fmpq(1, 2))))),
    )
    model = Model.of({P: Mixture(parts), z: 1})
    assert encloses(evaluate(Sum(P(k), k), model), fmpq(1))
    assert encloses(evaluate(Sum(P(k, z), k, z), model), fmpq(1))
    assert encloses(evaluate(E(k, P(k)), model), fmpq(1, 3) + fmpq(2, 3) * fmpq(1, 4))
    assert weigh(KL(P(k | z), P(k)), Integer(0), model)[2] == "greater"


def test_a_law_of_finite_support_over_an_infinite_range():
    """Zeros far out are absorbed under 0 ln 0, and the entropy is that of the finite law."""
    P = law("P", k)
    model = Model.of({P: Mixture(((fmpq(1), (Points(0, (fmpq(1, 2), fmpq(1, 2))),)),))})
    assert weigh(H(P(k)), log(2), model)[2] is None


# ---------------------------------------------------------------- growth


_RATES = st.sampled_from([Rational(1, 2), Rational(3, 2), Integer(2), Rational(-1, 3), Integer(-2), Integer(1)])
_BASE = st.one_of(
    st.just(k),
    st.just(k + 1),
    st.integers(-3, 3).map(Integer),
    st.builds(lambda q, s: Pow(q, s * k + 1, evaluate=False), _RATES, st.integers(-2, 2)),
    st.builds(lambda p, q: exp(Rational(p, q) * k + 1, evaluate=False), st.integers(-2, 2), st.integers(1, 3)),
)


def _compose(children):
    pairs = st.tuples(children, children)
    return st.one_of(
        pairs.map(lambda p: Add(*p, evaluate=False)),
        pairs.map(lambda p: Mul(*p, evaluate=False)),
        st.tuples(children, st.sampled_from([-2, -1, 2, 3, Rational(1, 2), Rational(-1, 3)])).map(
            lambda p: Pow(p[0], p[1], evaluate=False)
        ),
        children.map(lambda a: log(a, evaluate=False)),
        children.map(lambda a: exp(a, evaluate=False)),
        children.map(lambda a: log(Add(Integer(1), a, evaluate=False), evaluate=False)),
        children.map(lambda a: sympy.Abs(a, evaluate=False)),
        children.map(lambda a: sin(a, evaluate=False)),
    )


@settings(max_examples=400, deadline=None)
@given(st.recursive(_BASE, _compose, max_leaves=6))
def test_growth_bounds_hold(body):
    """Where a growth is found, the terms have values, obey both bounds and have the sign it states."""
    program = Program()
    scope, (slot,) = Scope(program, compile_term).bind([k])
    term, growth = scope.code(body), compile_growth(body, k, scope)
    with ctx.workprec(256):
        frame = program.frame(Model.of({}))
        try:
            found = growth(frame)
        except (NotEvaluable, ArithmeticError):
            return
        if found is None:
            return
        for step in (0, 1, 2, 5, 17, 40):
            at = found.start + step
            frame[slot] = at
            try:
                value = ball(term(frame))
            except Imprecise:
                continue
            slack = 1 + arb(2) ** -200
            assert found.upper is None or not abs(value) > found.upper.at(at) * slack
            assert found.lower is None or not abs(value) * slack < found.lower.at(at)
            assert found.sign != 1 or not value < 0
            assert found.sign != -1 or not value > 0


def test_sizes_and_series_together():
    """Finite ranges of symbolic size stand outside or inside an infinite sum alike."""
    n = size("n")
    i = index("i", n)
    w = array("w", n)
    model = Model.of({n: 2, w: Table({(1,): fmpq(1), (2,): fmpq(-3)})})
    assert encloses(evaluate(Sum(w[i] / 2**k, k, i), model), fmpq(-4))
    assert encloses(evaluate(Sum(Sum(w[i] ** 2 / 2**k, i), k), model), fmpq(20))
