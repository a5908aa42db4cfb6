"""Meaning: values of terms in models, against brute force with fractions and against known constants."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import mpmath
import pytest
import sympy
from flint import acb, arb, ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import (
    Abs,
    Add,
    Float,
    I,
    Integer,
    Integral,
    Mul,
    Piecewise,
    Pow,
    Rational,
    Symbol,
    acos,
    acosh,
    asin,
    atanh,
    binomial,
    conjugate,
    cos,
    exp,
    factorial,
    floor,
    gamma,
    log,
    oo,
    pi,
    sin,
    sqrt,
    zeta,
)

from derive.core.errors import NotEvaluable
from derive.core.meaning import (
    Atoms,
    Gaussian,
    Infinite,
    JointLaw,
    Model,
    Polynomial,
    Table,
    compare,
    evaluate,
    render,
    weigh,
)
from derive.core.meaning.heads import HEADS
from derive.core.meaning.values import Pole, ball, power
from derive.core.terms import CrossEntropy, Entry, Expectation, Index, Sum
from derive.vocabulary import (
    KL,
    Bernoulli,
    E,
    H,
    Moments,
    Var,
    array,
    complex_number,
    define,
    delta,
    function,
    index,
    law,
    random,
    real,
    size,
)

x, y = real("x"), real("y")
n, m = size("n"), size("m")
i, j = index("i", n), index("j", m)
X = array("X", n, m)
v = array("v", n)


def at(term, **values):
    """Evaluate with scalars given by name."""
    named = {s: fmpq(*w) if isinstance(w, tuple) else w for s in term.free_symbols for k, w in values.items()
             if s.name == k}
    return evaluate(term, Model.of(named))


def same_ball(value, text):
    """Whether a real ball contains the decimal number and is narrower than its last digit."""
    places = len(text.partition(".")[2])
    whole = fmpq(int(text.replace(".", "")), 10**places)
    with ctx.workprec(256):
        return type(value) is arb and bool(abs(value - whole) < fmpq(100, 10**places)) and bool(value.rad() < 1e-20)


# ---------------------------------------------------------------- exact values


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (Pow(Rational(4, 9), Rational(1, 2), evaluate=False), fmpq(2, 3)),
        (Pow(Rational(8, 27), Rational(-2, 3), evaluate=False), fmpq(9, 4)),
        (Pow(Integer(0), Integer(0), evaluate=False), fmpq(1)),
        (exp(Integer(0), evaluate=False), fmpq(1)),
        (log(Integer(1), evaluate=False), fmpq(0)),
        (Abs(Rational(-7, 3), evaluate=False), fmpq(7, 3)),
        (floor(Rational(-7, 3), evaluate=False), fmpq(-3)),
        (sympy.ceiling(Rational(-7, 3), evaluate=False), fmpq(-2)),
        (sympy.Mod(Integer(-7), Integer(3), evaluate=False), fmpq(2)),
        (factorial(Integer(6), evaluate=False), fmpq(720)),
        (gamma(Integer(6), evaluate=False), fmpq(120)),
        (binomial(Rational(1, 2), Integer(3), evaluate=False), fmpq(1, 16)),
        (sympy.Max(Integer(2), Rational(5, 2), evaluate=False), fmpq(5, 2)),
        (sin(Integer(0), evaluate=False), fmpq(0)),
        (cos(Integer(0), evaluate=False), fmpq(1)),
        (Mul(I, I, evaluate=False), fmpq(-1)),
        (Pow(I + 1, Integer(-3), evaluate=False), Gaussian(fmpq(-1, 4), fmpq(-1, 4))),
        (Pow(Integer(-4), Rational(1, 2), evaluate=False), Gaussian(fmpq(0), fmpq(2))),
        (Pow(Integer(-4), Rational(3, 2), evaluate=False), Gaussian(fmpq(0), fmpq(-8))),
        (Abs(Add(3, 4 * I), evaluate=False), fmpq(5)),
        (conjugate(Add(3, 4 * I), evaluate=False), Gaussian(fmpq(3), fmpq(-4))),
    ],
)
def test_exact_values_stay_exact(term, expected):
    """What can be exact is exact."""
    assert evaluate(term, Model.of({})) == expected


@pytest.mark.parametrize(
    ("term", "digits"),
    [
        (log(Integer(2), evaluate=False), "0.69314718055994530941723212145817656807"),
        (pi, "3.14159265358979323846264338327950288419"),
        (sympy.E, "2.71828182845904523536028747135266249775"),
        (sympy.EulerGamma, "0.57721566490153286060651209008240243104"),
        (Pow(Integer(2), Rational(1, 2), evaluate=False), "1.41421356237309504880168872420969807856"),
        (zeta(Integer(3), evaluate=False), "1.20205690315959428539973816151144999076"),
        (gamma(Rational(1, 2), evaluate=False), "1.77245385090551602729816748334114518279"),
        (sympy.erf(Integer(1), evaluate=False), "0.84270079294971486934122063508260925929"),
        (sympy.digamma(Integer(2), evaluate=False), "0.42278433509846713939348790991759756895"),
        (sympy.polygamma(1, Integer(1), evaluate=False), "1.64493406684822643647241516664602518921"),
        (sympy.loggamma(Rational(5, 2), evaluate=False), "0.28468287047291915963249466968270192432"),
        (sympy.beta(Rational(1, 2), Rational(1, 2), evaluate=False), "3.14159265358979323846264338327950288419"),
        (acosh(Integer(2), evaluate=False), "1.31695789692481670862504634730796844402"),
    ],
)
def test_known_constants(term, digits):
    """Balls contain constants whose digits are known from tables."""
    assert same_ball(evaluate(term, Model.of({})), digits)


_LEAVES = st.one_of(
    st.integers(-4, 4).map(Integer), st.builds(Rational, st.integers(-5, 5), st.integers(1, 4)), st.sampled_from([x, y])
)


def _grow(children):
    pairs = st.tuples(children, children)
    return st.one_of(
        pairs.map(lambda p: Add(*p, evaluate=False)),
        pairs.map(lambda p: Mul(*p, evaluate=False)),
        st.tuples(children, st.integers(-2, 3)).map(lambda p: Pow(p[0], p[1], evaluate=False)),
        children.map(lambda a: Abs(a, evaluate=False)),
        children.map(lambda a: floor(a, evaluate=False)),
        pairs.map(lambda p: delta(*p)),
        st.tuples(children, st.integers(-1, 3)).map(lambda p: Sum(_line(p[0]), (_K, 0, p[1]))),
    )


def _line(a):
    """a*k + a, of which SymPy makes nothing."""
    return Add(Mul(a, _K, evaluate=False), a, evaluate=False)


_K = Index("k", 0, 3)


def by_fractions(term, env):
    """An independent evaluator of rational terms; None where a divisor is zero."""
    if term in env:
        return env[term]
    if term.is_Rational:
        return Fraction(int(term.p), int(term.q))
    if isinstance(term, Sum):
        (k, lo, hi), total = term.limits[0], Fraction(0)
        for value in range(int(lo), int(hi) + 1):
            part = by_fractions(term.bodies[0], {**env, k: Fraction(value)})
            if part is None:
                return None
            total += part
        return total
    args = [by_fractions(a, env) for a in term.args]
    if None in args:
        return None
    name = type(term).__name__
    if name == "Pow":
        return None if args[0] == 0 and args[1] < 0 else args[0] ** int(args[1])
    if name == "Mul":
        return args[0] * (args[1] if len(args) == 2 else _times(args[1:]))
    return {"Add": sum, "Abs": lambda a: abs(a[0]), "floor": lambda a: Fraction(a[0].__floor__()),
            "Delta": lambda a: Fraction(a[0] == a[1])}[name](args)


def _times(args):
    found = Fraction(1)
    for a in args:
        found *= a
    return found


@settings(max_examples=300, deadline=None)
@given(st.recursive(_LEAVES, _grow, max_leaves=8), st.fractions(-3, 3, max_denominator=4), st.integers(-3, 3))
def test_rational_terms_agree_with_fractions(term, one, other):
    """Random rational terms are worth what an independent evaluator says."""
    model = Model.of({x: fmpq(one.numerator, one.denominator), y: fmpq(other)})
    expected = by_fractions(term, {x: one, y: Fraction(other)})
    try:
        found = evaluate(term, model)
    except NotEvaluable:
        assert expected is None
        return
    assert expected is not None
    assert (int(found.p), int(found.q)) == (expected.numerator, expected.denominator)


@settings(max_examples=60, deadline=None)
@given(st.integers(-30, 30), st.integers(1, 7), st.sampled_from([exp, sin, cos, sympy.atan, sympy.sinh, sympy.tanh]))
def test_two_precisions_overlap(p, q, head):
    """A ball at 512 bits lies within the one at 64 bits, up to overlap."""
    term = head(Rational(p, q), evaluate=False)
    coarse, fine = evaluate(term, Model.of({}), 64), evaluate(term, Model.of({}), 512)
    if type(fine) is fmpq:
        assert coarse == fine
    else:
        assert coarse.overlaps(fine)
        assert not p or fine.rad() < coarse.rad()


# ---------------------------------------------------------------- complex values and refusals


def test_log_of_a_negative_number_is_principal():
    """log(-2) is log 2 + i pi, and a square root turns by a quarter."""
    found = at(log(x), x=(-2,))
    assert type(found) is acb
    assert found.imag.overlaps(arb.pi())
    assert compare(at(sqrt(x) * sqrt(x), x=(-3,)), fmpq(3)) == "less"


def test_log_of_a_square_is_not_twice_the_log():
    """log(x^2) and 2 log x differ at x = -1 by 2 pi i."""
    assert weigh(log(Pow(x, 2)), 2 * log(x), Model.of({x: -1}))[2] in ("different", "less", "greater")


def test_complex_symbols():
    """A complex symbol takes exact Gaussian values."""
    z = complex_number("z")
    model = Model.of({z: Gaussian(fmpq(1), fmpq(2))})
    assert evaluate(z * conjugate(z), model) == fmpq(5)
    assert evaluate(z**2, model) == Gaussian(fmpq(-3), fmpq(4))
    assert weigh(sqrt(z**2), z, Model.of({z: Gaussian(fmpq(-1), fmpq(1))}))[2] == "different"


@pytest.mark.parametrize(
    ("term", "message"),
    [
        (Pow(Integer(0), Integer(-1), evaluate=False), "1/0"),
        (asin(Integer(2), evaluate=False), "branch cut"),
        (acos(Integer(-2), evaluate=False), "branch cut"),
        (atanh(Integer(2), evaluate=False), "branch cut"),
        (zeta(Integer(1), evaluate=False), "pole"),
        (gamma(Integer(-2), evaluate=False), "negative integer"),
        (sympy.loggamma(Rational(-1, 2), evaluate=False), "not certainly positive"),
        (Float("0.5"), "float literal"),
        (Integral(x, (x, 0, 1)), "Integral"),
        (Mul(0, oo, evaluate=False), "0 times oo"),
        (Add(oo, -oo, evaluate=False), "oo - oo"),
        (Pow(10, Pow(10, 10, evaluate=False), evaluate=False), "too large"),
        (Sum(1, (Index("k", 1, 10**9), 1, 10**9)), "too long"),
        (Sum(1, (Index("k", 1, Rational(3, 2)), 1, Rational(3, 2))), "not an exact integer"),
        (floor(log(exp(Integer(3), evaluate=False), evaluate=False), evaluate=False), "contains an integer"),
        (X, "stands without arguments"),
        (sympy.Max(I, Integer(1), evaluate=False), "not known to be real"),
    ],
)
def test_what_has_no_rigorous_value_is_refused(term, message):
    """Poles, cuts, floats, unknown heads and giants raise NotEvaluable and say why."""
    with pytest.raises(NotEvaluable, match=message):
        evaluate(term, Model.of({}))


def test_a_pole_is_its_own_error():
    """An exact division by zero is a Pole."""
    with pytest.raises(Pole, match="1/0"):
        power(fmpq(0), fmpq(-1))


def test_deep_terms_are_refused_not_fatal():
    """A term nested beyond the recursion limit is NotEvaluable."""
    term = Integer(1)
    for _ in range(5000):
        term = Abs(term, evaluate=False)
    with pytest.raises(NotEvaluable, match="RecursionError"):
        evaluate(term, Model.of({}))


_HEADS = [*HEADS, log]
_TWO = tuple(h for h in HEADS if isinstance(h.nargs, sympy.FiniteSet) and 2 in h.nargs)
_ANY = st.one_of(_LEAVES, st.sampled_from([pi, sympy.E, I, oo, -oo, Integer(10**6), Rational(1, 10**9), _K]))


def _wilder(children):
    unary = [h for h in _HEADS if isinstance(h.nargs, sympy.FiniteSet) and 1 in h.nargs]
    pairs = st.tuples(children, children)
    return st.one_of(
        st.tuples(st.sampled_from(unary), children).map(lambda p: p[0](p[1], evaluate=False)),
        st.tuples(st.sampled_from([Add, Mul, Pow, *_TWO]), pairs).map(
            lambda p: p[0](*p[1], evaluate=False)
        ),
        pairs.map(lambda p: Sum(Mul(*p, evaluate=False), (_K, 0, oo))),
        pairs.map(lambda p: Sum(Mul(*p, evaluate=False), (_K, p[1], 3))),
        pairs.map(lambda p: Expectation(*p, (_K, 0, 2))),
        pairs.map(lambda p: CrossEntropy(*p, (_K, 0, 2))),
    )


@settings(max_examples=250, deadline=None)
@given(st.recursive(_ANY, _wilder, max_leaves=6), st.fractions(-3, 3, max_denominator=3), st.integers(-2, 2))
def test_any_term_has_a_value_or_is_refused(term, one, other):
    """Whatever is thrown at it, evaluate gives a value or raises NotEvaluable; a second precision overlaps."""
    model = Model.of({x: fmpq(one.numerator, one.denominator), y: fmpq(other), _K: 1})
    try:
        coarse, fine = evaluate(term, model, 96), evaluate(term, model, 256)
    except NotEvaluable:
        return
    assert compare(coarse, fine) in ("equal", None)
    assert all(isinstance(part, str) for part in render(fine) if part is not None)


def test_a_name_without_a_value_is_refused():
    """A free name that the model leaves out is named in the error."""
    with pytest.raises(NotEvaluable, match="x has no value"):
        evaluate(x + 1, Model.of({}))


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (fmpq(1), fmpq(1), "equal"),
        (fmpq(1), fmpq(2), "less"),
        (Infinite(1), fmpq(2), "greater"),
        (Infinite(-1), Infinite(-1), "equal"),
        (Gaussian(fmpq(0), fmpq(1)), fmpq(2), "different"),
        (acb(1, arb(0, 1e-9)), fmpq(2), "unequal"),
        (acb(1, arb(0, 1e-9)), fmpq(1), None),
        (arb(2).sqrt(), arb(2).sqrt(), None),
        (Infinite(0), fmpq(1), "unequal"),
        (Infinite(0), Infinite(1), None),
    ],
)
def test_compare(left, right, expected):
    """Two values compare as far as it is certain, and no further."""
    assert compare(left, right) == expected


def test_acos_near_one_is_not_zero():
    """acos(7823207/7823209) is small but certainly not 0."""
    assert weigh(acos(Rational(7823207, 7823209), evaluate=False), Integer(0), Model.of({}))[2] == "greater"


def test_more_precision_is_spent_where_it_is_asked_for():
    """1 - e^-100/2 is told from 1 at 512 bits."""
    term = 1 - exp(Integer(-100), evaluate=False) / 2
    assert weigh(term, Integer(1), Model.of({}))[2] is None
    assert weigh(term, Integer(1), Model.of({}), keen=True)[2] == "less"


# ---------------------------------------------------------------- sums, arrays, definitions


def test_sums_over_sizes_and_entries():
    """A double sum over an array is the sum of its cells."""
    cells = {(a, b): fmpq(a * a, b) for a in (1, 2) for b in (1, 2, 3)}
    model = Model.of({n: 2, m: 3, X: Table(cells)})
    assert evaluate(Sum(X[i, j] ** 2, i, j), model) == sum((c**2 for c in cells.values()), fmpq(0))


def test_empty_ranges_are_zero():
    """A sum whose upper end is below its lower end is 0, however far."""
    k = Index("k", 1, n)
    assert evaluate(Sum(1 / (k - k), (k, 1, n)), Model.of({n: 0})) == 0
    assert evaluate(Sum(5, (k, 1, n)), Model.of({n: -3})) == 0


def test_a_bound_index_shadows_a_free_one():
    """Inside a sum over k, k is bound; outside it is the model's."""
    k = Index("k", 1, 3)
    term = Sum(k, (k, 1, k)) * k
    assert evaluate(term, Model.of({k: 3})) == 18


def test_an_inner_range_may_use_an_outer_index():
    """Sum over a of the sum over b <= a."""
    a = Index("a", 1, 4)
    b = Index("b", 1, a)
    assert evaluate(Sum(Sum(b, (b, 1, a)), a), Model.of({})) == sum(sum(range(1, k + 1)) for k in range(1, 5))


def test_entries_out_of_range_are_refused():
    """An index expression that leaves the array has no value."""
    model = Model.of({n: 2, v: Table({(1,): fmpq(1), (2,): fmpq(2)}), i: 2})
    assert evaluate(v[i - 1], model) == 1
    with pytest.raises(NotEvaluable, match="out of range"):
        evaluate(v[i + 1], model)


def test_delta_and_piecewise():
    """A delta compares values; a Piecewise takes the first branch that holds."""
    assert evaluate(Sum(delta(i, j), i), Model.of({n: 2, j: 2})) == 1
    assert evaluate(Sum(delta(i, j), i), Model.of({n: 1, j: 2})) == 0
    step = Piecewise((1, x < 0), (2, x < 1), (3, True))
    assert [at(step, x=(k,)) for k in (-1, 0, 1)] == [1, 2, 3]


def test_definitions_unfold_with_their_arguments():
    """A definition's parameter is bound apart from an index of the same name outside."""
    mean = define("mean", Sum(X[i, j], i) / n, j)
    cells = {(a, b): fmpq(3 * a + b) for a in (1, 2) for b in (1, 2)}
    model = Model.of({n: 2, m: 2, X: Table(cells), j: 1})
    assert evaluate(mean[j + 1], model) == fmpq(13, 2)
    assert evaluate(Sum(mean[j] * mean[1], j), model) == (fmpq(11, 2) + fmpq(13, 2)) * fmpq(11, 2)
    assert evaluate(mean[j] - Sum(X[i, j], i) / n, model) == 0


def test_unknown_functions_are_polynomials_with_exact_derivatives():
    """f''(x) of x^3 + x*... is that of the polynomial in the model."""
    f, g = function("f"), function("g", 2)
    model = Model.of({
        f: Polynomial((((3,), fmpq(2)), ((1,), fmpq(-1)))), g: Polynomial((((2, 1), fmpq(1)), ((0, 2), fmpq(5)))),
        x: fmpq(1, 2), y: 3,
    })
    assert evaluate(f(x), model) == fmpq(1, 4) - fmpq(1, 2)
    assert evaluate(f.derivative(2)(x), model) == 6
    assert evaluate(g.derivative(1, 1)(x, y), model) == 1
    with pytest.raises(NotEvaluable, match="not known to be real"):
        evaluate(f(log(-x)), model)


# ---------------------------------------------------------------- laws


a_, z_ = index("a"), index("z")
P, Q = law("P", a_, z_), law("Q", a_, z_)
NA, NZ = size("|a|"), size("|z|")


def two_laws(p_cells, q_cells):
    """A model of P and Q over 2 x 2, with a = 1."""
    keys = list(product((1, 2), repeat=2))
    return Model.of({
        NA: 2, NZ: 2, a_: 1, z_: 1,
        P: JointLaw({k: fmpq(c, sum(p_cells)) for k, c in zip(keys, p_cells, strict=True)}),
        Q: JointLaw({k: fmpq(c, sum(q_cells)) for k, c in zip(keys, q_cells, strict=True)}),
    })


def test_joint_marginal_and_conditional():
    """P(a), P(z|a) and P(a, z) come from one joint table."""
    model = two_laws((1, 2, 3, 4), (1, 1, 1, 1))
    assert evaluate(P(a_), model) == fmpq(3, 10)
    assert evaluate(P(z_), model) == fmpq(4, 10)
    assert evaluate(P(z_ | a_), model) == fmpq(1, 3)
    assert evaluate(P(z=2), model) == fmpq(6, 10)
    assert evaluate(Sum(P(a_, z_), a_, z_), model) == 1


def test_a_conditional_given_nothing_likely_is_undefined_but_weightless():
    """P(z|a) with P(a) = 0 has no value, but is harmless under a zero weight."""
    model = two_laws((0, 0, 3, 4), (1, 1, 1, 1))
    with pytest.raises(NotEvaluable, match="probability 0"):
        evaluate(P(z_ | a_), model)
    assert evaluate(Sum(P(a_) * P(z_ | a_), a_, z_), model) == 1
    assert evaluate(E(P(z=1) * P(z_ | a_), P(a_)), model.with_value(z_, 2)) == fmpq(3, 7) * fmpq(4, 7)


def test_zero_log_zero():
    """0 ln 0 is 0, p ln 0 is -oo, and 0 ln(0/0) is 0."""
    assert at(x * log(x), x=0) == 0
    assert at(x * log(y), x=2, y=0) == Infinite(-1, weak=True)
    assert at(x * log(x / y), x=0, y=0) == 0
    assert at(x * log(x / y), x=1, y=0) == Infinite(1, weak=True)
    assert at(x * (log(x) - log(y)), x=0, y=0) == 0


def test_zero_absorbs_no_pole_and_no_true_infinity():
    """0 * (1/0) and 0 * oo have no value, and neither has log(0)/log(0)."""
    k = Index("k", 1, oo)
    with sympy.evaluate(False):
        terms = {"1/0": x * (1 / x), "0 times oo": x * Sum(1 / k, k), "not positive": log(x) / log(x)}
    for message, term in terms.items():
        with pytest.raises(NotEvaluable, match=message):
            at(term, x=0)


def test_entropies_with_zeros():
    """H, cross-entropy and KL follow 0 ln 0 = 0 and are oo where Q = 0 < P."""
    model = two_laws((1, 0, 0, 1), (1, 1, 0, 2))
    expected = evaluate(log(Integer(2), evaluate=False), model)
    assert compare(evaluate(H(P(a_, z_)), model), expected) is None
    assert type(evaluate(KL(P(a_, z_), Q(a_, z_)), model)) is arb
    assert evaluate(KL(Q(a_, z_), P(a_, z_)), model) == Infinite(1, weak=True)
    assert evaluate(H(Q(a_, z_), P(a_, z_)), model) == Infinite(1, weak=True)
    assert evaluate(KL(P(a_, z_), P(a_, z_)), model) == 0


def test_divergence_is_its_definition():
    """KL evaluated directly agrees with its defining sum, and so do the entropies."""
    model = two_laws((1, 2, 3, 4), (4, 1, 2, 2))
    for term in (KL(P(z_ | a_), Q(z_ | a_)), H(P(z_)), H(P(z_), Q(z_)), Var(log(Q(z_)), P(z_)), E(log(Q(z_)), P(z_))):
        assert weigh(term, term.definition(), model)[2] is None


# ---------------------------------------------------------------- random arrays


p_ = real("p", 0, 1)
R = random("R", n, m, law=Bernoulli(p_))
M = random("M", n, law=Moments(x, y))
THREE = Atoms(((fmpq(-1), fmpq(4, 9)), (fmpq(0), fmpq(1, 2)), (fmpq(8), fmpq(1, 18))))


def test_dropout_against_brute_force():
    """The expected squared loss agrees with a sum over all masks, made independently."""
    w, t = array("w", m), array("t", n)
    xs = {(a, b): Fraction(2 * a - 3 * b + a * b, b) for a in (1, 2) for b in (1, 2)}
    ws, ts, p = {1: Fraction(2), 2: Fraction(-1, 3)}, {1: Fraction(1), 2: Fraction(5)}, Fraction(1, 3)
    total = Fraction(0)
    for mask in product((0, 1), repeat=4):
        r = dict(zip(product((1, 2), repeat=2), mask, strict=True))
        loss = sum((ts[a] - sum(xs[a, b] * r[a, b] * ws[b] for b in (1, 2))) ** 2 for a in (1, 2))
        total += p ** sum(mask) * (1 - p) ** (4 - sum(mask)) * loss
    model = Model.of({
        n: 2, m: 2, p_: fmpq(1, 3), R: Atoms(((fmpq(0), fmpq(2, 3)), (fmpq(1), fmpq(1, 3)))),
        X: Table({k: fmpq(c.numerator, c.denominator) for k, c in xs.items()}),
        w: Table({(k,): fmpq(c.numerator, c.denominator) for k, c in ws.items()}),
        t: Table({(k,): fmpq(c.numerator, c.denominator) for k, c in ts.items()}),
    })
    found = evaluate(E(Sum((t[i] - Sum(X[i, j] * R[i, j] * w[j], j)) ** 2, i), R), model)
    assert found == fmpq(total.numerator, total.denominator)


def test_variance_and_independence():
    """Var of a sum of independent entries is the sum of variances; a product's mean is the product."""
    model = Model.of({n: 3, x: 0, y: 4, M: THREE})
    assert evaluate(Var(Sum(M[i], i), M), model) == 12
    assert evaluate(E(M[1] * M[2], M), model) == 0
    assert evaluate(E(M[1] ** 2 * M[2] ** 2, M), model) == 16
    assert evaluate(E(M[1] ** 4, M), model) == fmpq(4, 9) + fmpq(4096, 18)


def test_nested_expectations_over_one_array():
    """An inner expectation binds the array anew: E[(f - E f)^2] is Var f."""
    model = Model.of({n: 2, x: 0, y: 4, M: THREE})
    spread = Var(M[1] * M[2] + M[1], M)
    assert evaluate(spread.definition(), model) == evaluate(spread, model)


def test_an_entry_read_under_a_condition_is_counted_once():
    """Outcomes branch only on entries that are read, whichever those are."""
    body = Piecewise((M[2], M[1] > 0), (0, True))
    assert evaluate(E(body + 1, M), Model.of({n: 2, x: 0, y: 4, M: THREE})) == 1


def test_a_random_entry_outside_an_expectation_is_refused():
    """A random array has no value by itself; nor has an entry beyond its shape."""
    model = Model.of({n: 1, x: 0, y: 4, M: THREE})
    with pytest.raises(NotEvaluable, match="outside an expectation"):
        evaluate(M[1], model)
    with pytest.raises(NotEvaluable, match="out of range"):
        evaluate(E(M[2] ** 2, M), model)


def test_too_many_outcomes_are_refused():
    """Enumeration stops at its cap."""
    with pytest.raises(NotEvaluable, match="outcomes"):
        evaluate(E(Sum(M[i], i) ** 2, M), Model.of({n: 12, x: 0, y: 4, M: THREE}))


def test_plain_symbols_and_expectation_by_formula():
    """Plain SymPy symbols have values too, and a weight may be a formula."""
    s = Symbol("s", positive=True)
    k = Index("k", 0, 2)
    term = Expectation(k, s**k, (k, 0, 2))
    assert evaluate(term, Model.of({s: fmpq(1, 2)})) == fmpq(1, 2) + 2 * fmpq(1, 4)


def test_entries_built_by_hand():
    """An array of undeclared shape holds a value everywhere."""
    loose = array("L")
    model = Model.of({loose: Table({(0,): fmpq(3)}, outside=fmpq(0))})
    assert evaluate(Entry(loose, Integer(0)) + Entry(loose, Integer(-7)), model) == 3


_COMPLEX = complex_number("c")
_ORACLE = {
    exp: mpmath.exp, log: mpmath.log, sin: mpmath.sin, cos: mpmath.cos, sympy.tan: mpmath.tan, sympy.cot: mpmath.cot,
    sympy.sec: mpmath.sec, sympy.csc: mpmath.csc, sympy.sinh: mpmath.sinh, sympy.cosh: mpmath.cosh,
    sympy.tanh: mpmath.tanh, sympy.coth: mpmath.coth, asin: mpmath.asin, acos: mpmath.acos, sympy.atan: mpmath.atan,
    sympy.asinh: mpmath.asinh, acosh: mpmath.acosh, atanh: mpmath.atanh, gamma: mpmath.gamma, sympy.erf: mpmath.erf,
    sympy.erfc: mpmath.erfc, sympy.digamma: mpmath.digamma, zeta: mpmath.zeta, Abs: abs, sqrt: mpmath.sqrt,
    conjugate: mpmath.conj, sympy.re: mpmath.re, sympy.im: mpmath.im, factorial: mpmath.factorial,
}


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(_ORACLE, key=str)), st.fractions(-4, 4, max_denominator=5),
       st.fractions(-4, 4, max_denominator=5))
def test_functions_agree_with_an_independent_library(head, re, im):
    """At complex and real points each function's ball contains what mpmath computes to 40 digits."""
    value = fmpq(re.numerator, re.denominator) if im == 0 else Gaussian(
        fmpq(re.numerator, re.denominator), fmpq(im.numerator, im.denominator))
    term = sqrt(_COMPLEX, evaluate=False) if head is sqrt else head(_COMPLEX, evaluate=False)
    try:
        found = evaluate(term, Model.of({_COMPLEX: value}))
    except NotEvaluable:
        return
    with mpmath.workdps(40):
        point = mpmath.mpc(mpmath.mpf(re.numerator) / re.denominator, mpmath.mpf(im.numerator) / im.denominator)
        expected = mpmath.mpc(_ORACLE[head](point))
        texts = [mpmath.nstr(part, 36, min_fixed=-99, max_fixed=99) for part in (expected.real, expected.imag)]
    if type(found) is Infinite:
        assert (head, point) == (log, 0)
        return
    with ctx.workprec(256):
        gap = acb(ball(found)) - acb(*(arb(text) for text in texts))
        assert abs(gap) < 1e-30 * (1 + abs(acb(ball(found))))
