"""What a context knows: true answers where they are wanted, none where they would be false, and random terms."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
import sympy as sp
from flint import fmpq
from sympy import (
    Abs,
    Eq,
    Expr,
    Ge,
    Gt,
    I,
    Integer,
    Le,
    Lt,
    Ne,
    Not,
    Or,
    Rational,
    S,
    acos,
    asin,
    atan,
    binomial,
    conjugate,
    cos,
    exp,
    factorial,
    floor,
    gamma,
    im,
    log,
    oo,
    pi,
    re,
    sin,
    sqrt,
    tan,
    tanh,
)

from derive.core.errors import NotEvaluable
from derive.core.meaning import Gaussian, Model, compare, evaluate
from derive.core.scalar.context import Context
from derive.core.terms import Domain, Index, Integral, Scalar, Sum


def real(name: str, **domain: object) -> Scalar:
    """A real scalar."""
    return Scalar(name, Domain("real", **domain))


x, y, a, b, t = (real(name) for name in "xyabt")
p, q = (real(name, lo=S.Zero, lo_open=True) for name in "pq")
n = Scalar("n", Domain("integer", S.Zero))
m = Scalar("m", Domain("integer"))
z, s = (Scalar(name, Domain("complex")) for name in "zs")
k = Index("k", 0, oo)
FREE = Context()


def on(variable: Scalar, lo: object, hi: object, *given: object) -> Context:
    """A context in which a variable lies in an open interval."""
    return FREE.also(*given).within(variable, sp.sympify(lo), sp.sympify(hi))


with sp.evaluate(False):
    OFF_CUT = Not(sp.And(Eq(im(z), 0), re(z) <= 0))
    NO_POLE = Not(sp.And(Eq(im(z), 0), Eq(floor(re(z)), re(z)), re(z) <= 0))
    OFF_RAYS = Not(Or(sp.And(Eq(im(I * z), 0), re(I * z) <= -1), sp.And(Eq(im(I * z), 0), re(I * z) >= 1)))
    NO_INTEGER = Not(sp.And(Eq(im(z), 0), Eq(floor(re(z)), re(z))))

    YES = [
        ("positive", sin(x), on(x, 0, pi)),
        ("positive", cos(x), on(x, -pi / 2, pi / 2)),
        ("positive", 1 - x**2, on(x, -1, 1)),
        ("positive", log(x), on(x, 1, oo)),
        ("positive", 1 - exp(-x), on(x, 0, oo)),
        ("positive", 1 - log(x), on(x, 1, exp(Integer(1)))),
        ("positive", 3 - x**2, on(x, 0, sqrt(3))),
        ("positive", cos(x) - sin(x), on(x, 0, pi / 4)),
        ("positive", 1 - sin(x) ** 2, on(x, 0, pi / 2)),
        ("positive", x**2 + x + 1, FREE),
        ("positive", x**3 - x - 1, on(x, 2, oo)),
        ("positive", x**2 - 2 * x * sin(a) + 1, FREE.also(Gt(cos(a), 0))),
        ("nonnegative", x**2 - 2 * x * sin(a) + 1, FREE),
        ("nonnegative", a**2 + b**2 - a * b, FREE),
        ("positive", a**2 - t**2, on(t, 0, a, Gt(a, 0))),
        ("positive", sqrt(a**2 - t**2), on(t, 0, a, Gt(a, 0))),
        ("positive", sin(pi * t / p), on(t, 0, p)),
        ("nonnegative", b * q - a * q, FREE.also(Le(a, b))),
        ("positive", b - a, FREE.also(Lt(a, y), Lt(y, b))),
        ("positive", a - 1, FREE.also(Gt(2 * a - 3, 0))),
        ("positive", gamma(x), on(x, 0, oo)),
        ("positive", factorial(n), FREE),
        ("positive", asin(x), on(x, 0, 1)),
        ("positive", acos(x), on(x, -1, 1)),
        ("positive", tan(x), on(x, 0, pi / 2)),
        ("positive", 2 - x * exp(-x) - cos(x), on(x, Rational(1, 10), 1)),
        ("positive", -log(x), on(x, 0, 1)),
        ("positive", Abs(z), FREE.also(Ne(z, 0))),
        ("nonnegative", Integral(sin(x), (x, 0, pi)), FREE),
        ("positive", Sum(1 / (k + p), (k, 0, n)), FREE),
        ("positive", binomial(2 * n, n), FREE),
        ("nonnegative", n - floor(n / 2), FREE),
        ("nonzero", z**2, FREE.also(Not(Eq(z, 0)))),
        ("nonzero", z**2 - 1, FREE.also(Not(Or(Eq(z, -1), Eq(z, 1))))),
        ("nonzero", s - 1, FREE.also(Gt(re(s), 1))),
        ("nonzero", conjugate(z) - 1, FREE.also(Ne(z, 1))),
        ("nonzero", exp(z), FREE),
        ("nonzero", x + I, FREE),
        ("nonzero", x + I * y, FREE.also(Ne(y, 0))),
        ("nonzero", gamma(z), FREE),
        ("nonzero", sin(pi * z), FREE.also(NO_INTEGER)),
        ("nonzero", 1 - exp(2 * pi * I * x), on(x, 0, 1)),
        ("nonzero", z + n, FREE.also(NO_POLE)),
        ("nonzero", 2 * z + 6, FREE.also(NO_POLE)),
        ("nonzero", 1 + z**2, FREE.also(Or(Gt(re(z), 0), Lt(re(z), 0)))),
        ("slit", s, FREE.also(Gt(re(s), 0))),
        ("slit", z, FREE.also(OFF_CUT)),
        ("slit", conjugate(z), FREE.also(OFF_CUT)),
        ("slit", 3 * z + p, FREE.also(OFF_CUT)),
        ("slit", sqrt(z), FREE.also(OFF_CUT)),
        ("slit", 1 + z, FREE.also(Lt(Abs(z), 1))),
        ("slit", 1 - z**2, FREE.also(Lt(Abs(z), 1))),
        ("slit", 1 + z**2, FREE.also(OFF_RAYS)),
        ("slit", x + I * y, FREE.also(Ne(y, 0))),
        ("real", log(p), FREE),
        ("real", sqrt(x**2 - 2 * x * y + y**2), FREE),
        ("real", z * conjugate(z), FREE),
        ("real", x**m, FREE),
        ("real", asin(tanh(x)), FREE),
        ("integer", n * m - 3, FREE),
        ("integer", (-1) ** m, FREE),
        ("integer", floor(x), FREE),
    ]

    NO = [
        ("positive", sin(x), on(x, 0, 2 * pi)),
        ("positive", 1 + sin(x), FREE),
        ("positive", x**2 - 2 * x * sin(a) + 1, FREE),
        ("positive", a**2 + b**2 - 2 * a * b, FREE),
        ("positive", cos(x), FREE.also(Ge(x, -pi / 2), Le(x, pi / 2))),
        ("nonnegative", cos(x), on(x, -pi / 2, Rational(1571, 1000))),
        ("positive", x**2 - 2, on(x, Rational(1414, 1000), 2)),
        ("nonnegative", x**2 - 2 * x, on(x, 1, oo)),
        ("nonnegative", b * x - a * x, FREE.also(Le(a, b))),
        ("positive", a**2 - t**2, FREE.also(Lt(t, a))),
        ("positive", n, FREE),
        ("positive", Abs(z), FREE),
        ("nonnegative", z, FREE),
        ("nonnegative", log(x), on(x, 0, 1)),
        ("positive", Integral(1 / x, (x, 1, 0)), FREE),
        ("nonnegative", Integral(sin(x), (x, 0, a)), FREE),
        ("nonnegative", x**3, FREE),
        ("nonnegative", -(x**2) * p, FREE),
        ("nonnegative", -(x**2) * sqrt(p), FREE),
        ("positive", tan(x), on(x, 0, pi)),
        ("nonnegative", x**x, FREE),
        ("nonzero", z - 1, FREE.also(NO_POLE)),
        ("nonzero", z**2 + 1, FREE),
        ("nonzero", x**2 - 2, FREE),
        ("nonzero", sin(pi * z), FREE.also(NO_POLE)),
        ("nonzero", z + m, FREE.also(NO_POLE)),
        ("nonzero", 1 - exp(2 * pi * I * x), on(x, 0, 2)),
        ("nonzero", 1 + z**2, FREE.also(Or(Gt(re(z), 0), Lt(im(z), 0)))),
        ("nonzero", x + I * y, FREE),
        ("nonzero", z + conjugate(z), FREE.also(Ne(z, 0))),
        ("slit", z, FREE),
        ("slit", z - 1, FREE.also(OFF_CUT)),
        ("slit", -z, FREE.also(OFF_CUT)),
        ("slit", z**2, FREE.also(OFF_CUT)),
        ("slit", 1 - z**2, FREE.also(OFF_RAYS)),
        ("slit", 1 + z, FREE.also(Le(Abs(z), 1))),
        ("slit", exp(z), FREE),
        ("slit", s, FREE.also(Ge(re(s), 0))),
        ("real", log(x), FREE),
        ("real", sqrt(x), FREE),
        ("real", x**p, FREE),
        ("real", asin(2 * x), on(x, 0, 1)),
        ("real", z + 2 * conjugate(z), FREE),
        ("integer", n / 2, FREE),
        ("integer", Integer(2) ** m, FREE),
        ("integer", gamma(x), FREE),
    ]


@pytest.mark.parametrize(("question", "term", "context"), YES)
def test_known(question: str, term: Expr, context: Context) -> None:
    """What follows is known."""
    assert getattr(context, question)(term)


@pytest.mark.parametrize(("question", "term", "context"), NO)
def test_not_known(question: str, term: Expr, context: Context) -> None:
    """What does not follow is not known."""
    assert not getattr(context, question)(term)


with sp.evaluate(False):
    INTEGERS = [
        (True, z, FREE.also(NO_POLE), 0, None),
        (True, z + n, FREE.also(NO_POLE), 0, None),
        (True, -z, FREE.also(NO_POLE), None, 0),
        (True, z * Rational(1, 2), FREE.also(NO_POLE), 0, None),
        (True, conjugate(z), FREE.also(NO_POLE), 0, None),
        (True, Rational(1, 2), FREE, None, None),
        (True, I * y + 1, FREE.also(Ne(y, 0)), None, None),
        (True, x, on(x, 0, 1), None, None),
        (True, z, FREE.also(Gt(re(z), -1)), -1, None),
        (False, z - 1, FREE.also(NO_POLE), 0, None),
        (False, 2 * z, FREE.also(NO_POLE), 0, None),
        (False, z + m, FREE.also(NO_POLE), 0, None),
        (False, z, FREE.also(NO_POLE), None, None),
        (False, I * y + 1, FREE, None, None),
        (False, x, on(x, 0, 2), None, None),
        (False, z, FREE.also(Gt(re(z), -1)), 0, None),
    ]
    CONDITIONS = [
        (x < 2, True),
        (x > 1, False),
        (x < Rational(1, 2), None),
        (sp.And(x > 0, Ne(x, 0)), True),
        (sp.Or(x > 2, x < 1), True),
        (Eq(x, x), True),
        (Eq(x, 2), False),
        (Not(x < 2), False),
    ]


@pytest.mark.parametrize(("expected", "term", "context", "at_most", "at_least"), INTEGERS)
def test_integers_left_out(
    *, expected: bool, term: Expr, context: Context, at_most: int | None, at_least: int | None
) -> None:
    """A given that leaves out the integers <= 0 holds for shifts upwards, and for what divides it."""
    assert context.not_integer(term, at_most, at_least) is expected


@pytest.mark.parametrize(("condition", "expected"), CONDITIONS)
def test_truth_of_conditions(condition: sp.Basic, *, expected: bool | None) -> None:
    """Conditions are known to hold, known to fail, or neither."""
    assert on(x, 0, 1).truth(condition) is expected


def test_bound_anew() -> None:
    """Nothing is known of a name that is bound anew."""
    known = on(x, 0, 1)
    assert known.positive(x)
    assert not known.without(x).positive(x)
    assert not known.nonnegative(Integral(x**3, (x, -2, 1)))


def test_contradicting_givens_raise_nothing() -> None:
    """Givens that cannot hold are answered with anything, but without an exception."""
    empty = FREE.also(Gt(a, 1, evaluate=False), Lt(a, 0, evaluate=False))
    assert empty.poly(a + b) is None
    assert empty.positive(b + 1) in {True, False}


# ---------------------------------------------------------------- random terms

UNARY: tuple[Callable[[Expr], Expr], ...] = (
    sin,
    cos,
    tan,
    exp,
    log,
    sqrt,
    Abs,
    atan,
    tanh,
    asin,
    acos,
    gamma,
    sp.sinh,
    sp.cosh,
    sp.erf,
    floor,
    sp.sign,
    sp.sinc,
    sp.acosh,
    sp.asinh,
    sp.atanh,
    sp.cot,
    sp.sec,
    sp.acot,
    sp.erfc,
    sp.digamma,
    conjugate,
    re,
    im,
    sp.arg,
    lambda u: u**2,
    lambda u: u**-1,
    lambda u: u**3,
    lambda u: u ** Rational(1, 3),
    lambda u: u ** Rational(-3, 2),
    lambda u: 1 - u,
    lambda u: u**2 - u + 1,
    lambda u: -u,
)
NUMBERS = [Integer(c) for c in (-2, -1, 0, 1, 2, 3)] + [Rational(1, 2), Rational(-3, 2), pi, sqrt(2), I]

SETTINGS = [
    (on(x, 0, pi, Gt(y, 1), Lt(y, 3)), {x: (0, 3), y: (1, 3)}),
    (on(x, -1, 1, Ge(y, 0)), {x: (-1, 1), y: (0, 5)}),
    (FREE.also(Lt(x, y)), {x: (-3, -1), y: (-1, 4)}),
    (FREE.also(Gt(x, 0), Le(x * 2, 7)), {x: (0, 3), y: (-4, 4)}),
]


def a_term(rng: random.Random, names: list[Expr], depth: int) -> Expr:
    """A random term."""
    if depth == 0:
        return rng.choice(names) if rng.random() < 0.7 else rng.choice(NUMBERS)
    if rng.random() < 0.5:
        return rng.choice(UNARY)(a_term(rng, names, depth - 1))
    left, right = a_term(rng, names, depth - 1), a_term(rng, names, rng.randrange(depth))
    return rng.choice([left + right, left * right, left - right, left / right])


def a_number(rng: random.Random, lo: int, hi: int) -> fmpq:
    """A rational in an interval."""
    return fmpq(rng.randint(lo * 16 + 1, hi * 16 - 1), 16)


def check(term: Expr, known: Context, model: Model) -> bool:
    """Compare every answer with the value in a model; whether there was anything to compare."""
    try:
        value = evaluate(term, model, 128)
    except (NotEvaluable, ZeroDivisionError):
        return False
    order = compare(value, evaluate(S.Zero, model, 128))
    said = {
        question: getattr(known, question)(term) for question in ("positive", "nonnegative", "negative", "nonzero")
    }
    for question, wrong in (
        ("positive", {"less", "equal", "different"}),
        ("nonnegative", {"less", "different"}),
        ("negative", {"greater", "equal", "different"}),
        ("nonzero", {"equal"}),
    ):
        assert not (said[question] and order in wrong), (question, term, known.given, model, value)
    if known.slit(term):
        assert order not in {"less", "equal"}, ("slit", term, known.given, model, value)
    if known.real(term):
        imaginary = evaluate(sp.im(term, evaluate=False), model, 128)
        assert compare(imaginary, fmpq(0)) not in {"less", "greater"}, ("real", term, known.given, model, value)
    if known.not_integer(term, at_most=0):
        assert not (isinstance(value, fmpq) and value.q == 1 and value <= 0), (term, known.given, model, value)
    return True


def test_random_terms() -> None:
    """No answer is contradicted by the value of a random term at a random point."""
    rng = random.Random(7)
    compared = 0
    for _ in range(450):
        known, ranges = rng.choice(SETTINGS)
        with sp.evaluate(False):
            term = a_term(rng, list(ranges), rng.choice([1, 2, 2, 3]))
        compared += check(term, known, Model.of({v: a_number(rng, *span) for v, span in ranges.items()}))
    assert compared > 200


def test_random_complex_terms() -> None:
    """The same for a complex number in a half plane and in a disc."""
    rng = random.Random(11)
    compared = 0
    for _ in range(350):
        with sp.evaluate(False):
            term = a_term(rng, [z, x], rng.choice([1, 2, 2, 3]))
        disc = rng.random() < 0.5
        known = FREE.also(Lt(Abs(z), 1)) if disc else FREE.also(Gt(re(z), 0), Le(im(z), 2))
        across = fmpq(rng.randint(-11, 11), 16) if disc else fmpq(rng.randint(1, 60), 16)
        model = Model.of({z: Gaussian(across, fmpq(rng.randint(-11, 11), 16)), x: a_number(rng, -3, 3)})
        compared += check(term, known, model)
    assert compared > 200
