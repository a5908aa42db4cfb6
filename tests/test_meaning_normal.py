"""Expectations over Gaussian draws: exact moments, and quadrature against closed forms that are known."""

from __future__ import annotations

import pytest
from flint import acb, arb, ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import (
    Abs,
    I,
    Max,
    Min,
    Mul,
    Pow,
    Rational,
    Symbol,
    cos,
    cosh,
    erf,
    exp,
    floor,
    log,
    pi,
    sign,
    sin,
    sqrt,
    tanh,
)  # fmt: skip

from derive.core.claims import Derivation, Refuted, Relation, eq
from derive.core.errors import NotEvaluable, TermError
from derive.core.kernel import Claim, confirm
from derive.core.meaning import Atoms, Model, NormalLaw, Polynomial, Table, compare, evaluate, in_domain
from derive.core.meaning.frames import Program, Scope
from derive.core.meaning.polynomials import sources
from derive.core.meaning.program import compile_term
from derive.core.meaning.tails import compile_tail
from derive.core.meaning.values import ball
from derive.core.terms import Entry, Expectation, NamedLaw, Sum
from derive.printers.givens import givens_of
from derive.printers.tex import latex
from derive.printers.text import text
from derive.refute import models, search
from derive.vocabulary import (
    Bernoulli,
    E,
    Normal,
    Var,
    array,
    define,
    delta,
    function,
    index,
    nonnegative,
    positive,
    random,
    real,
    recursion,
    size,
)

m, s, a, b = real("m"), positive("s"), positive("a"), positive("b")
n = size("n")
i, j = index("i", n), index("j", n)
x, y, z = random("x", law=Normal(m, s)), random("y", n, law=Normal(0, s)), random("z", n, law=Normal(m, s))
R = random("R", n, law=Bernoulli(Rational(1, 3)))
w = array("w", n)
MEAN, DEVIATION = fmpq(1, 3), fmpq(3, 2)
LAW, CENTRED = NormalLaw(MEAN, DEVIATION**2), NormalLaw(fmpq(0), DEVIATION**2)
MODEL = Model.of({
    m: MEAN, s: DEVIATION, n: 3, x: LAW, y: CENTRED, z: LAW,
    R: Atoms(((fmpq(0), fmpq(2, 3)), (fmpq(1), fmpq(1, 3)))),
    w: Table({(1,): fmpq(2), (2,): fmpq(-1), (3,): fmpq(5)}),
})  # fmt: skip


def value(term, precision=128):
    """The term's value in the one model of this file."""
    return evaluate(term, MODEL, precision)


def near(found, exact, bits=70):
    """Whether a ball contains the exact value, and is correct to so many bits."""
    return compare(found, exact) is None and bool(ball(found).rad() < arb(2) ** -bits * (1 + abs(ball(exact))))


def double_factorial(k):
    """k!! for odd k."""
    return 1 if k <= 1 else k * double_factorial(k - 2)


# ---------------------------------------------------------------- moments


@pytest.mark.parametrize("k", range(1, 7))
def test_even_moments_of_a_centred_gaussian(k):
    """E x^(2k) = (2k - 1)!! s^(2k), and odd moments vanish."""
    assert value(E(y[2] ** (2 * k), y)) == double_factorial(2 * k - 1) * DEVIATION ** (2 * k)
    assert value(E(y[2] ** (2 * k - 1), y)) == 0


@settings(max_examples=30, deadline=None)
@given(st.integers(-3, 3), st.integers(1, 4), st.integers(0, 9))
def test_moments_are_sums_of_central_ones(mean, variance, order):
    """The recurrence of the moments agrees with the binomial expansion of (m + s t)^k."""
    binomial = 1
    total = 0
    for k in range(order + 1):
        if k % 2 == 0:
            total += binomial * mean ** (order - k) * double_factorial(k - 1) * variance ** (k // 2)
        binomial = binomial * (order - k) // (k + 1)
    assert NormalLaw(fmpq(mean), fmpq(variance)).moment(order) == total


def test_independent_entries_do_not_correlate():
    """E (sum w_i x_i)^2 is s^2 sum w_i^2 + (m sum w_i)^2, exactly."""
    found = value(E(Sum(w[i] * z[i], i) ** 2, z))
    assert found == DEVIATION**2 * 30 + (MEAN * 6) ** 2


def test_variance_of_a_linear_form_is_exact():
    """Var sum w_i x_i = s^2 sum w_i^2."""
    assert value(Var(Sum(w[i] * z[i], i), z)) == DEVIATION**2 * 30


def test_gaussian_and_finite_entries_mix_in_polynomials():
    """Dropout of Gaussian inputs: E (sum R_i x_i)^2 with R of Bernoulli(1/3)."""
    p = fmpq(1, 3)
    second = MEAN**2 + DEVIATION**2
    assert value(E(Sum(R[i] * z[i], i) ** 2, R, z)) == 3 * p * second + 6 * p**2 * MEAN**2
    nested = Expectation(Expectation(Sum(R[i] * z[i], i) ** 2, 1, R), 1, z)
    assert value(nested) == value(Expectation(Expectation(Sum(R[i] * z[i], i) ** 2, 1, z), 1, R))
    assert value(nested) == 3 * p * second + 6 * p**2 * MEAN**2


def test_an_unknown_function_is_a_polynomial_in_the_draw():
    """Stein's lemma E[(x - m) f(x)] = s^2 E[f'(x)], exactly."""
    f = function("f")
    cubic = Polynomial((((3,), fmpq(2)), ((2,), fmpq(-1)), ((0,), fmpq(5))))
    model = MODEL.with_value(f, cubic)
    assert evaluate(E((x() - m) * f(x()), x), model) == evaluate(s**2 * E(f.derivative(1)(x()), x), model)


def test_definitions_and_powers_of_symbolic_degree_are_unfolded():
    """E h(x)^n with h(t) = t - m and n = 4."""
    t = real("t")
    h = define("h", t - m, t)
    found = evaluate(E(h(x()) ** (n + 1), x), MODEL)
    assert found == 3 * DEVIATION**4


def test_an_index_selects_among_entries():
    """A delta of indices stays outside of the moments: E x_i x_j = m^2 + delta s^2."""
    assert value(E(Sum(delta(i, j) * z[i] * z[j], i, j), z)) == 3 * (MEAN**2 + DEVIATION**2)


@pytest.mark.parametrize("place", [0, 4])
def test_entries_out_of_range_have_no_value(place):
    """There is no entry 0 and no entry n + 1."""
    with pytest.raises(NotEvaluable, match="out of range"):
        value(E(z[place] ** 2, z))


def test_an_infinite_factor_is_not_absorbed_by_a_mean_of_zero():
    """log(0) E y is not 0: a Gaussian is almost never 0."""
    with pytest.raises(NotEvaluable, match="infinite"):
        value(E(log(n - 3) * y[1], y))


# ---------------------------------------------------------------- entropy


def entropy_body(law_mean, deviation):
    """Minus the log of the density at x."""
    density = exp(-((x() - law_mean) ** 2) / (2 * deviation**2)) / (deviation * sqrt(2 * pi))
    return -log(density)


def test_entropy_by_its_integral():
    """E[-log density] encloses log s + (1 + log 2 pi)/2."""
    for precision in (128, 512):
        found = value(E(entropy_body(m, s), x), precision)
        assert near(found, value(log(s) + (1 + log(2 * pi)) / 2, precision))


def test_the_integral_of_the_entropy_agrees_with_its_moments():
    """Minus the log of the density, shared out by sin^2 + cos^2 = 1 so that it is integrated, has the same mean."""
    shares = [entropy_body(m, s) * c(x()) ** 2 for c in (sin, cos)]
    found = [value(E(Mul(*share.args, evaluate=False), x)) for share in shares]
    assert near(found[0] + found[1], value(log(s) + (1 + log(2 * pi)) / 2), bits=38)
    assert not near(found[0], found[1], bits=10)


def test_the_log_of_a_mixture():
    """E log(e^(-x^2/2) + e^(-(x-1)^2/2)) by the trapezoidal rule."""
    body = log(exp(-(x() ** 2) / 2) + exp(-((x() - 1) ** 2) / 2))
    exact = trapezoidal(lambda t: ((-t * t / 2).exp() + (-((t - 1) ** 2) / 2).exp()).log())
    assert abs(ball(value(E(body, x))) - exact) < arb(10) ** -12


def trapezoidal(function):
    """E of a function of x by the trapezoidal rule: not rigorous, but very accurate for what is smooth on the line."""
    total = arb(0)
    for k in range(-300, 301):
        t = arb(k) / 24
        total += function(arb(MEAN) + arb(DEVIATION) * t) * (-t * t / 2).exp() / 24
    return total / (2 * arb.pi()).sqrt()


def test_log_of_a_negative_multiple_is_refused():
    """log(-exp(x)) runs along a branch cut; it is not read as x + log(1), nor as x - i pi."""
    with pytest.raises(NotEvaluable, match="does not converge"):
        value(E(log(Mul(-1, exp(x()), evaluate=False)), x))


# ---------------------------------------------------------------- quadrature


@pytest.mark.parametrize(("body", "closed"), [
    (exp(x()), exp(m + s**2 / 2)),
    (exp(-2 * x()), exp(-2 * m + 2 * s**2)),
    (x() * exp(x()), (m + s**2) * exp(m + s**2 / 2)),
    (exp(-x() ** 2), exp(-(m**2) / (1 + 2 * s**2)) / sqrt(1 + 2 * s**2)),
    (exp(x() ** 2 / 9), exp(m**2 / (9 - 2 * s**2)) / sqrt(1 - 2 * s**2 / 9)),
    (cos(x()), cos(m) * exp(-(s**2) / 2)),
    (sin(2 * x()), sin(2 * m) * exp(-2 * s**2)),
    (cosh(x()), cosh(m) * exp(s**2 / 2)),
    (exp(I * x()), exp(I * m - s**2 / 2)),
    (erf(x()), erf(m / sqrt(1 + 2 * s**2))),
    (Pow(2, x(), evaluate=False), exp(m * log(2) + (s * log(2)) ** 2 / 2)),
])  # fmt: skip
def test_closed_forms(body, closed):
    """Integrals whose closed forms are in the books."""
    assert near(value(E(body, x)), value(closed))


@pytest.mark.parametrize(("body", "closed"), [
    (Abs(y[1]), s * sqrt(2 / pi)),
    (Abs(x() - m), s * sqrt(2 / pi)),
    (Max(y[1], 0), s / sqrt(2 * pi)),
    (Max(y[1], 0) ** 2, s**2 / 2),
    (Min(y[1], 0), -s / sqrt(2 * pi)),
    (sign(x() - m) * (x() - m) ** 3, 2 * sqrt(2 / pi) * s**3),
    (exp(Abs(y[1])), exp(s**2 / 2) * (1 + erf(s / sqrt(2)))),
    (Abs(y[1] - 1) + Abs(y[1] + 1) - Max(y[1] - 1, 1 - y[1]) + Min(y[1] + 1, -y[1] - 1), 0 * s),
    (Max(y[1], 0) * Max(-y[1], 0), 0 * s),
    (Abs(Abs(y[1])), s * sqrt(2 / pi)),
    (sqrt((x() - m) ** 2), s * sqrt(2 / pi)),
])  # fmt: skip
def test_corners(body, closed):
    """Absolute values, rectifiers and signs of what is linear in the draw, as accurate as smooth bodies."""
    over = x if x in {e.args[0] for e in body.atoms(Entry)} else y
    assert near(value(E(body, over)), value(closed))


def test_corners_far_out():
    """E |y - 40 s| is 40 s up to less than e^-800."""
    assert near(value(E(Abs(y[1] - 60), y)), fmpq(60))


@pytest.mark.parametrize("body", [
    log(1 + exp(x())), log(2 + Max(x(), Rational(1, 7))), 1 / (1 + exp(-x())), log(1 + x() ** 2),
    sqrt(1 + x() ** 2), exp(sqrt(1 + x() ** 2)), 1 / (2 + x() + x() ** 2), x() * tanh(x()), log(2 + x() + x() ** 2),
])  # fmt: skip
def test_two_precisions_agree(body):
    """A finer ball lies in the coarser one, and both are narrow."""
    coarse, fine = value(E(body, x)), value(E(body, x), 256)
    assert ball(coarse).overlaps(ball(fine))
    assert ball(coarse).rad() < arb(2) ** -70
    assert ball(fine).rad() < arb(2) ** -150


def test_quadrature_against_the_trapezoidal_rule():
    """E log(1 + e^x), for which there is no closed form."""
    exact = trapezoidal(lambda t: (1 + t.exp()).log())
    assert abs(ball(value(E(log(1 + exp(x())), x))) - exact) < arb(10) ** -12


def test_variance_by_quadrature():
    """Var e^x = (e^(s^2) - 1) e^(2m + s^2)."""
    assert near(value(Var(exp(x()), x)), value((exp(s**2) - 1) * exp(2 * m + s**2)), bits=60)


def test_linearity_serves_several_draws():
    """A sum of functions of one draw each is integrated term by term."""
    assert near(value(E(Sum(exp(z[i]), i), z)), 3 * value(exp(m + s**2 / 2)))


def test_a_deviation_that_is_a_root_has_an_exact_variance():
    """Normal(0, sqrt(a^2 + b^2)): E u^2 is a^2 + b^2, exactly."""
    u = random("u", law=Normal(0, sqrt(a**2 + b**2)))
    model = Model.of({a: 1, b: 2, u: NormalLaw(fmpq(0), fmpq(5))})
    assert in_domain(model)
    assert evaluate(E(u() ** 2, u), model) == 5


@pytest.mark.parametrize(("body", "reason"), [
    (exp(x() ** 2 / 4), "need not be finite"),
    (1 / x(), "singularity"),
    (log(x() ** 2), "singularity"),
    (sqrt(x()), "singularity"),
    (1 / (x() ** 2 - 2), "singularity"),
    (exp(x() ** 3), "not understood"),
    (exp(x() ** 4), "not understood"),
    (delta(x(), 0), "not understood"),
    (Abs(x() ** 2 - 1), "not plain to see"),
    (Sum(Abs(z[i]), i) ** 2, "not understood"),
    (Abs(exp(I * x()) + 2), "not plain to see"),
    (floor(x()), "not understood"),
    (exp(z[1]) * z[2], "several random entries"),
    (exp(z[1]) * R[2], "not understood"),
])  # fmt: skip
def test_what_has_no_rigorous_value(body, reason):
    """Infinite, singular and unknown integrals are refused, with the reason."""
    over = [array for array in (x, z, R) if array in {e.args[0] for e in body.atoms(Entry)}]
    with pytest.raises(NotEvaluable, match=reason):
        value(E(body, *over))


def tail_of(body):
    """The tail of a body in x, in the one model."""
    program = Program()
    scope, draws = sources([x], Scope(program, compile_term))
    code, direct = compile_tail(body, draws, scope), scope.code(body)
    return code(program.frame(MODEL)), direct, draws[x].slot, program


class At:
    """A draw that stands at one value."""

    def __init__(self, point):
        self.point = point

    def at(self, _key):
        """The value."""
        return self.point


@pytest.mark.parametrize("body", [
    x() ** 3 - 2 * x(), exp(x() - x() ** 2), 1 / (1 + x() ** 2), log(2 + x() + x() ** 2), sqrt(3 + x() ** 2) * x(),
    exp(I * x()) * x(), cos(x()) + 2, log(1 + exp(-x())), (x() ** 2 - x()) ** -2, exp(-sqrt(1 + x() ** 2)), cosh(x()),
    Pow(Rational(1, 3), x(), evaluate=False), tanh(x()) ** 2 + 1, log(exp(x() ** 2) / 7),
])  # fmt: skip
def test_tails_bound_the_values(body):
    """Both bounds of a tail hold at points far out on either side."""
    tail, direct, slot, program = tail_of(body)
    for u in (fmpq(1), fmpq(3, 2), fmpq(4), fmpq(11), fmpq(40)):
        if not arb(u) >= tail.start:
            continue
        for t in (u, -u):
            frame = program.frame(MODEL)
            frame[slot] = At(MEAN + DEVIATION * t)
            size = abs(acb(ball(direct(frame))))
            assert not size > at(tail.upper, u)
            assert tail.lower is None or not size < at(tail.lower, u)


def at(bound, u):
    """A bound at u."""
    return bound.scale * arb(u) ** bound.degree * (bound.linear * u + bound.square * u * u).exp()


def test_working_precision_is_left_as_it_was():
    """An integral does not change the caller's precision."""
    before = ctx.prec
    value(E(exp(x()), x), 200)
    assert ctx.prec == before


# ---------------------------------------------------------------- models


@pytest.mark.parametrize(("law", "honest"), [
    (LAW, True),
    (NormalLaw(MEAN, DEVIATION), False),
    (NormalLaw(fmpq(0), DEVIATION**2), False),
    (Atoms(((MEAN - DEVIATION, fmpq(1, 2)), (MEAN + DEVIATION, fmpq(1, 2)))), False),
])  # fmt: skip
def test_a_model_keeps_the_parameters_of_the_law(law, honest):
    """Mean and variance are those of the law, and a finite law of the same moments is no Gaussian."""
    assert in_domain(Model.of({m: MEAN, s: DEVIATION, x: law})) is honest


@pytest.mark.parametrize("deviation", [0, -2])
def test_the_deviation_is_positive(deviation):
    """A Gaussian of deviation 0, or a negative one, is refused."""
    t = real("t")
    u = random("u", law=Normal(0, t))
    assert not in_domain(Model.of({t: deviation, u: NormalLaw(fmpq(0), fmpq(deviation) ** 2)}))


def test_a_gaussian_value_serves_no_other_law():
    """A Bernoulli entry cannot be Gaussian."""
    assert not in_domain(Model.of({n: 1, R: NormalLaw(fmpq(1, 3), fmpq(2, 9))}))


def test_a_model_prints_the_law():
    """The witness says which Gaussian."""
    assert ("x", "each entry Gaussian with mean 1/3 and variance 9/4") in MODEL.describe()


def test_a_scalar_draw_is_called():
    """`x()` is the entry of an array without axes; one with axes has to be indexed."""
    assert x() == x[()] == Entry(x)
    with pytest.raises(TermError, match=r"array z: expected 1 indices in brackets, found a call"):
        z()


def test_a_normal_law_takes_two_parameters():
    """Normal(0) is refused when it is declared."""
    with pytest.raises(TermError, match=r"Normal: expected 2 parameters, found 1"):
        NamedLaw("Normal", 0)


def refuted(left, right, given=()):
    """The smallest refutation of left = right that the search finds."""
    claim = Claim(left, Relation.EQ, right, given)
    return search(claim, models([left, right], given, limit=8), confirm)


def test_models_of_gaussian_claims_are_honest():
    """Every model that is proposed is in its domain and holds a Gaussian."""
    u = random("u", 2, n, law=Normal(m, sqrt(a)))
    found = list(models([E(u[1, i] ** 2, u)], (), limit=6))
    assert len(found) == 6
    assert all(in_domain(model) and isinstance(model.values[u], NormalLaw) for model in found)


@pytest.mark.parametrize(("left", "right"), [
    (E(x() ** 2, x), s**2),
    (E(exp(x()), x), exp(m + s**2)),
    (E(entropy_body(m, s), x), log(s) + (1 + log(pi)) / 2),
    (Var(x(), x), s),
])  # fmt: skip
def test_wrong_claims_are_refuted_by_a_small_model(left, right):
    """The witness has integers only, and its Gaussian follows them."""
    found = refuted(left, right)
    assert isinstance(found, Refuted)
    values = dict(found.witness.values)
    assert all("/" not in text for text in values.values())
    assert values["x"] == f"each entry Gaussian with mean {values['m']} and variance {int(values['s']) ** 2}"


@pytest.mark.parametrize(("left", "right"), [
    (E(x() ** 3, x), m**3 + 3 * m * s**2),
    (E(exp(x()), x), exp(m + s**2 / 2)),
    (E(entropy_body(m, s), x), log(s) + (1 + log(2 * pi)) / 2),
])  # fmt: skip
def test_true_claims_agree_in_all_models(left, right):
    """Nothing is refuted, and models were seen in which both sides have a value."""
    claim = Claim(left, Relation.EQ, right, ())
    found = search(claim, models([left, right], (), limit=4), confirm)
    assert not isinstance(found, Refuted)
    assert found.agreed >= 3


def test_more_draws_than_can_be_enumerated_leave_no_size_to_reduce():
    """An array of fixed shape has models, however many entries it has."""
    many = random("q", 9, law=Normal(0, s))
    assert next(models([E(many[9] ** 2, many)], ()), None) is not None


def test_a_recursion_in_the_body_is_not_understood():
    """A draw in a recursion's start is refused."""
    u = nonnegative("u")
    v = recursion("v", index("l", 0, 3), x(), u, 2 * u)
    with pytest.raises(NotEvaluable, match="not understood"):
        value(E(v[2], x))


def test_names_of_plain_symbols_serve_as_parameters():
    """SymPy's own symbols may be the parameters of a law."""
    sigma = Symbol("sigma", positive=True)
    u = random("u", law=Normal(0, sigma))
    assert evaluate(E(u() ** 4, u), Model.of({sigma: 2, u: NormalLaw(fmpq(0), fmpq(4))})) == 48


def test_printed_without_brackets():
    """A draw without axes is printed by its name, and its law is given."""
    derivation = Derivation(E(x() ** 2, x), eq(m**2 + s**2))
    assert "x independent, Normal(m, s)" in givens_of(derivation)
    assert "[]" not in text(derivation.start)
    assert "_{}" not in latex(derivation.start)
