"""The place of an extremum: what is proved, what never may be, what refutes, and how it is written and read."""

from __future__ import annotations

import pytest
from flint import arb, fmpq
from sympy import Add, Expr, Integer, Mul, Pow, S, exp, log
from sympy import I as ImaginaryUnit
from wrong_scalar import Case, read

from derive.checking import check, check_claim
from derive.core import kernel, meaning
from derive.core.claims import Derivation, Invalid, Proved, Refuted, Relation, Undecided, Verdict, eq
from derive.core.errors import NotEvaluable, TermError
from derive.core.kernel import Claim
from derive.core.meaning import Model, middle
from derive.core.rules import Family, algebra, linearity, logarithms, stationarity
from derive.core.terms import ArgMax, ArgMin, Array, Domain, Index, Scalar, Sum, free_names, substitute
from derive.printers.tex import latex
from derive.printers.text import text
from derive.reader import ReaderError, read_claim
from derive.refute import models
from derive.search.suggest import SEARCH

MODELS = 8
X, A, L = (Scalar(name, Domain()) for name in "xal")
M = Scalar("m", Domain("real", S.Zero, lo_open=True))

WRONG = [
    Case("the point is at an end",
         "a real; ArgMin((x-a)**2, (x, 0, a)) = a",
         "a positive; ArgMin((x-a)**2, (x, 0, 2*a)) = a"),
    Case("the stationary point lies outside",
         "ArgMin(x**2 - 2*x, (x, 2, 3)) = 1",
         "ArgMin(x**2 - 2*x, (x, 0, 3)) = 1"),
    Case("it may lie outside",
         "a real; ArgMin((x-a)**2, (x, 0, 1)) = a",
         "a real; a > 0; a < 1; ArgMin((x-a)**2, (x, 0, 1)) = a"),
    Case("stationary, and no extremum",
         "ArgMin(x**3, (x, -1, 1)) = 0",
         "ArgMin(x**4, (x, -1, 1)) = 0"),
    Case("stationary, and neither convex nor least",
         "ArgMin(x**4 - x**3, (x, -1, 1)) = 0",
         "ArgMin(x**4 - x**3, (x, -1, 1)) = 3/4"),
    Case("a maximum for a minimum",
         "ArgMin(x*(1-x), (x, 0, 1)) = 1/2",
         "ArgMax(x*(1-x), (x, 0, 1)) = 1/2"),
    Case("a minimum for a maximum",
         "ArgMax(x*log(x), (x, 0, oo)) = exp(-1)",
         "ArgMin(x*log(x), (x, 0, oo)) = exp(-1)"),
    Case("two minimisers",
         "ArgMin((x**2-1)**2, (x, -oo, oo)) = 1",
         "ArgMin((x**2-1)**2, (x, 0, oo)) = 1"),
    Case("minimisers without number",
         "ArgMin(cos(x), (x, -oo, oo)) = pi",
         "ArgMin(cos(x), (x, 0, 2*pi)) = pi"),
    Case("a constant",
         "ArgMin(x - x, (x, 0, 1)) = 1/2"),
    Case("a second minimum that is less",
         "ArgMin(x**4 - 2*x**2 + x/2, (x, -oo, oo)) = 1"),
    Case("a pole inside",
         "ArgMin(1/x**2 + x, (x, -1, 2)) = 2**(1/3)",
         "ArgMin(1/x**2 + x, (x, 0, 2)) = 2**(1/3)"),
    Case("not defined at one point inside",
         "ArgMin(x**2*(x-1)/(x-1), (x, -2, 2)) = 0",
         "ArgMin(x**2*(x-3)/(x-3), (x, -2, 2)) = 0"),
    Case("not real on a part of the interval",
         "ArgMin(x - log(x), (x, -1, oo)) = 1",
         "ArgMin(x - log(x), (x, 0, oo)) = 1"),
    Case("not real anywhere",
         "ArgMin(I*x**2, (x, -1, 1)) = 0"),
    Case("a complex parameter",
         "z complex; ArgMin(x**2 + z, (x, -1, 1)) = 0",
         "z complex; ArgMin(x**2 + Abs(z), (x, -1, 1)) = 0"),
    Case("a parameter of unknown sign",
         "a real; ArgMin(a*x**2, (x, -oo, oo)) = 0",
         "a positive; ArgMin(a*x**2, (x, -oo, oo)) = 0"),
    Case("a parameter that may be 0",
         "a nonnegative; ArgMin(a*x**2, (x, -oo, oo)) = 0",
         "a negative; ArgMax(a*x**2, (x, -oo, oo)) = 0"),
    Case("the mean of a population may be 0",
         "m nonnegative; ArgMin(-log(1-l) - m*log(l), (l, 0, 1)) = m/(1+m)",
         "m positive; ArgMin(-log(1-l) - m*log(l), (l, 0, 1)) = m/(1+m)"),
    Case("as many successes as trials",
         "n positive; k positive; k <= n; ArgMax(p**k*(1-p)**(n-k), (p, 0, 1)) = k/n",
         "n positive; k positive; k < n; ArgMax(p**k*(1-p)**(n-k), (p, 0, 1)) = k/n"),
    Case("the bound name is taken for a free one",
         "x real; a real; x > 0; x < 1; ArgMin((x-a)**2, (x, 0, 1)) = x",
         "x real; x > 0; x < 1; ArgMin((y-x)**2, (y, 0, 1)) = x"),
    Case("a given about a free name of the same spelling",
         "x real; x > 1; ArgMin(x**3 - 3*x, (x, -oo, oo)) = 1",
         "ArgMin(x**3 - 3*x, (x, 0, oo)) = 1"),
    Case("an empty interval",
         "ArgMin((x-1)**2, (x, 2, 0)) = 1",
         "ArgMin((x-1)**2, (x, 0, 2)) = 1"),
    Case("an interval that may be empty",
         "a real; b real; ArgMin(x - log(x), (x, a, b)) = 1",
         "a real; b real; a > 0; a < 1; b > 1; ArgMin(x - log(x), (x, a, b)) = 1"),
    Case("an interval between infinite ends",
         "ArgMin(x**2, (x, oo, -oo)) = 0",
         "ArgMin(x**2, (x, -oo, oo)) = 0"),
    Case("an infimum that is not attained",
         "ArgMin(exp(x), (x, -oo, oo)) = -oo"),
    Case("a corner that is a maximum",
         "a real; ArgMin(-Abs(x-a), (x, -oo, oo)) = a",
         "a real; ArgMin(Abs(x-a), (x, -oo, oo)) = a"),
    Case("a jump",
         "ArgMin(x**2 + floor(x), (x, -1, 1)) = 0"),
    Case("functions that fall where the others rise",
         "ArgMin(x*(1-x), (x, 0, 1)) = ArgMin(x*(x-1), (x, 0, 1))",
         "ArgMax(x*(1-x), (x, 0, 1)) = ArgMin(x*(x-1), (x, 0, 1))"),
    Case("functions without an extremum",
         "ArgMin(x, (x, 0, 1)) = ArgMin(2*x, (x, 0, 1))",
         "ArgMin(x*log(x), (x, 0, 1)) = ArgMin(2*x*log(x), (x, 0, 1))"),
    Case("other intervals",
         "ArgMin(x**2, (x, -1, 1)) = ArgMin(x**2, (x, -1, 2))"),
    Case("a factor that may be negative",
         "a real; ArgMin(x**2, (x, -1, 1)) = ArgMin(a*x**2, (x, -1, 1))",
         "a positive; ArgMin(x**2, (x, -1, 1)) = ArgMin(a*x**2, (x, -1, 1))"),
    Case("an inequality of a place",
         "ArgMin(x**2, (x, -1, 1)) < 1"),
    Case("an inequality of places of one function",
         "ArgMin(x**2 + x, (x, -1, 1)) < ArgMin(x*(x + 1), (x, -1, 1))",
         "ArgMin(x**2 + x, (x, -1, 1)) = ArgMin(x*(x + 1), (x, -1, 1))"),
    Case("another inequality of places of one function",
         "ArgMin(x**2 + x, (x, -1, 1)) >= ArgMin(x*(x + 1), (x, -1, 1))"),
]  # fmt: skip
NAMES = [case.name for case in WRONG]
TWINS = [case for case in WRONG if case.twin is not None]


def verdict(left: Expr, right: Expr, given: tuple[object, ...] = (), reasons: tuple[Family, ...] = ()) -> Verdict:
    """What the kernel says of an equation, with no refutation before."""
    claim = Claim(left, Relation.EQ, right, given)
    return kernel.prove(claim, reasons, models([left, right], given, limit=MODELS), SEARCH)


def verdict_of(derivation: Derivation) -> Verdict:
    """The same for a claim that was read."""
    (step,) = derivation.steps
    claim = Claim(derivation.start, step.relation, step.right, derivation.given)
    return kernel.prove(claim, (), models([claim.left, claim.right], claim.given, limit=MODELS), SEARCH)


# ---------------------------------------------------------------- proofs


def test_there_are_many_wrong_claims() -> None:
    """Each is named once."""
    assert len(set(NAMES)) == len(NAMES)
    assert len(NAMES) >= 30
    assert len(TWINS) >= 20


@pytest.mark.parametrize("case", WRONG, ids=NAMES)
def test_a_wrong_claim_is_not_proved(case: Case) -> None:
    """The proof itself fails, even where no model would have refuted the claim first."""
    assert not isinstance(verdict_of(read(case.wrong)), Proved)


@pytest.mark.parametrize("case", TWINS, ids=[case.name for case in TWINS])
def test_the_true_twin_is_proved(case: Case) -> None:
    """What differs from a wrong claim by just what was wrong in it is proved."""
    assert case.twin is not None
    found = verdict_of(read(case.twin))
    assert isinstance(found, Proved), found
    assert found.rules == ("stationarity",)
    assert not found.conditions


@pytest.mark.parametrize("text_", [
    "k positive; n positive; k < n; ArgMax(p**k*(1-p)**(n-k), (p, 0, 1)) = ArgMax(k*log(p)+(n-k)*log(1-p), (p, 0, 1))",
    "a positive; b positive; ArgMin(a*x + b/x, (x, 0, oo)) = sqrt(b/a)",
    "a positive; ArgMin(exp(x) - a*x, (x, -oo, oo)) = log(a)",
    "a real; a > 0; a < 1; ArgMin(log(1 + exp(x)) - a*x, (x, -oo, oo)) = log(a/(1-a))",
    "a real; b positive; ArgMin((x-a)**2 + b*x**2, (x, -oo, oo)) = a/(1+b)",
    "n positive; s positive; ArgMin(n*log(v)/2 + s/(2*v), (v, 0, oo)) = s/n",
    "a real; b positive; ArgMax(exp(-(x-a)**2/(2*b)), (x, -oo, oo)) = a",
    "a real; ArgMin((x-a)**2, (x, a-1, a+1)) = a",
])
def test_more_that_is_proved(text_: str) -> None:
    """What readers would ask."""
    found = verdict_of(read(text_))
    assert isinstance(found, Proved), found


def test_a_thin_condition_is_shown() -> None:
    """The point is defined but where a denominator is 0, which no sign depends on."""
    found = verdict_of(read("a real; b real; ArgMin((x - a/b)**2, (x, -oo, oo)) = a/b"))
    assert isinstance(found, Proved)
    assert [str(c.term) for c in found.conditions] == ["b"]


LOSS = -log(1 - L) - A*log(L)


@pytest.mark.parametrize(("left", "right", "words"), [
    (ArgMin(LOSS, (L, 0, 1)), A/(1 + A), "a > 0"),
    (ArgMin(A*X**2, X), S.Zero, "a > 0"),
    (ArgMax(A*X**2, X), S.Zero, "a < 0"),
    (ArgMin((X - A)**2, (X, 0, 1)), A, "0 < a < 1"),
    (ArgMin(exp(X) - A*X, X), log(A), "a > 0"),
], ids=str)
def test_the_missing_given_is_named(left: Expr, right: Expr, words: str) -> None:
    """The reason says under which further given the step would follow."""
    found = verdict(left, right)
    assert isinstance(found, Undecided)
    assert f"it follows where {words}, which is not known" in found.reason
    assert isinstance(verdict(left, right, (A > 0, A < 1) if "<" in words and ">" not in words else (A > 0,)), Proved) \
        is (words != "a < 0")


def test_no_condition_is_named_where_none_helps() -> None:
    """A cube has no least value anywhere."""
    found = verdict(ArgMin(X**3, X), S.Zero)
    assert isinstance(found, Undecided)
    assert "follows where" not in found.reason


# ---------------------------------------------------------------- arrays, reasons


I = Index("i", 1, Scalar("n", Domain("integer", S.One)))  # noqa: E741
DATA = Array("t", I.hi)
SQUARES = Sum((DATA[I] - X)**2, I)
WRITTEN_OUT = Sum(DATA[I]**2, I) - 2*X*Sum(DATA[I], I) + I.hi*X**2
MEAN = Sum(DATA[I], I)/I.hi


def test_functions_that_are_equal_everywhere() -> None:
    """The place stays where the function is rewritten, by the rule that rewrites it."""
    found = verdict(ArgMin(SQUARES, X), ArgMin(WRITTEN_OUT, X), (), (linearity,))
    assert isinstance(found, Proved)
    assert found.rules == ("linearity",)
    assert isinstance(verdict(ArgMin(SQUARES, X), ArgMin(WRITTEN_OUT, X), (), (logarithms,)), Invalid)


def test_what_is_no_number_stands_for_itself() -> None:
    """A sum over data is some real number, and the rest is calculus."""
    assert isinstance(verdict(ArgMin(WRITTEN_OUT, X), MEAN, (), (stationarity,)), Proved)
    assert not isinstance(verdict(ArgMin(WRITTEN_OUT, X), 2*MEAN), Proved)


def test_a_function_whose_terms_are_not_known_to_be_real() -> None:
    """What hangs on the variable, and is no number, has no derivative here."""
    assert isinstance(verdict(ArgMin(SQUARES, X), MEAN, (), (stationarity,)), Undecided)


def test_the_sign_of_a_sum_is_named() -> None:
    """The missing condition may be about a term."""
    rate = ArgMax(I.hi*log(M) - M*Sum(DATA[I], I), M)
    found = verdict(rate, I.hi/Sum(DATA[I], I))
    assert isinstance(found, Undecided)
    assert "Sum(" in found.reason
    assert "> 0" in found.reason
    assert isinstance(verdict(rate, I.hi/Sum(DATA[I], I), (Sum(DATA[I], I) > 0,)), Proved)


def test_equal_functions_without_an_extremum() -> None:
    """Nothing is claimed of a place that is not there."""
    twice = Add(X*DATA[1], X*DATA[1], evaluate=False)
    found = verdict(ArgMin(2*X*DATA[1], (X, 0, 1)), ArgMin(twice, (X, 0, 1)))
    assert isinstance(found, Undecided)
    assert "exactly one" in found.reason


def test_equal_on_a_part_of_the_interval() -> None:
    """What holds where a factor is not 0 is not enough: the function must have a value at every point."""
    for hole, proved in ((X, False), (X - 2, True)):
        broken = Mul(X**2, hole, Pow(hole, -1, evaluate=False), evaluate=False)
        for reasons in ((), (algebra,)):
            found = verdict(ArgMin(broken, (X, -1, 1)), ArgMin(X**2, (X, -1, 1)), (), reasons)
            assert isinstance(found, Proved) is proved


@pytest.mark.parametrize("text_", [
    "0*ArgMin(x**3, (x, -1, 1)) = 0",
    "ArgMin(x**3, (x, -1, 1)) - ArgMin(x**3, (x, -1, 1)) = 0",
    "ArgMin(x**3, (x, -1, 1))/ArgMin(x**3, (x, -1, 1)) = 1",
    "sin(ArgMin(x, (x, 0, 1)))**2 + cos(ArgMin(x, (x, 0, 1)))**2 = 1",
    "Integral(y*ArgMin(x**3, (x, 0, y)), (y, -1, 1)) = 0",
    "ArgMin(x**2 + 0*ArgMin(y**3, (y, -1, 1)), (x, -1, 1)) = 0",
    "ArgMin((x - 1)**2, (x, 0, ArgMin(y**3, (y, 2, 3)))) = 1",
    "ArgMin(x**2, (x, -1, 1)) = 0*ArgMin(y**3, (y, -1, 1))",
    "ArgMin(x**3, (x, -1, 1)) + 1 > ArgMin(x**3, (x, -1, 1))",
])
def test_inside_of_other_terms_nothing_is_proved(text_: str) -> None:
    """A place that is not there has no value, and no term with it."""
    assert not isinstance(verdict_of(read(text_)), Proved)


def test_a_constant_moves_no_extremum() -> None:
    """Functions may differ by a real constant, and by nothing else."""
    shorter = I.hi*X**2 - 2*X*Sum(DATA[I], I)
    assert isinstance(verdict(ArgMin(SQUARES, X), ArgMin(shorter, X), (), (linearity,)), Proved)
    assert isinstance(verdict(ArgMin(SQUARES + A, X), ArgMin(shorter, X), (), (linearity,)), Proved)
    assert not isinstance(verdict(ArgMin(SQUARES + ImaginaryUnit, X), ArgMin(shorter, X), (), (linearity,)), Proved)
    assert not isinstance(verdict(ArgMin(SQUARES + X, X), ArgMin(shorter, X), (), (linearity,)), Proved)
    assert not isinstance(verdict(ArgMin(SQUARES + 1/X, X), ArgMin(shorter + 1/X, X), (), (linearity,)), Proved)


def test_a_wrong_reason() -> None:
    """The message says what closes the step."""
    left, right = ArgMin((X - A)**2, X), A
    wrong = verdict(left, right, (), (algebra,))
    assert isinstance(wrong, Invalid)
    assert "stationarity does" in wrong.reason
    both = verdict(left, right, (), (stationarity, logarithms))
    assert isinstance(both, Invalid)
    assert "logarithms is not what closes" in both.reason


# ---------------------------------------------------------------- values in a model


def value(term: Expr, **values: fmpq | int) -> meaning.Value:
    """The value of a term where its names have these values."""
    names = {s.name: s for s in free_names(term)}
    return meaning.evaluate(term, Model.of({names[k]: fmpq(v) if isinstance(v, int) else v for k, v in values.items()}))


@pytest.mark.parametrize(("term", "expected"), [
    (ArgMin(-log(1 - L) - 2*log(L), (L, 0, 1)), fmpq(2, 3)),
    (ArgMin((X - 3)**2, X), fmpq(3)),
    (ArgMax(L**3*(1 - L)**2, (L, 0, 1)), fmpq(3, 5)),
    (ArgMin(X + 1/X, (X, 0, S.Infinity)), fmpq(1)),
    (ArgMin((X**2 - 1)**2, (X, 0, S.Infinity)), fmpq(1)),
    (ArgMax(exp(-X**2/2), X), fmpq(0)),
    (ArgMax(X*exp(-X), (X, 0, S.Infinity)), fmpq(1)),
    (ArgMin(X**2 - X, (X, S.NegativeInfinity, 1)), fmpq(1, 2)),
    (ArgMin(exp(2*X) - 2*X, X), fmpq(0)),
])
def test_a_value(term: Expr, expected: fmpq) -> None:
    """The ball is narrow, and around the place."""
    found = arb(value(term))
    assert found.overlaps(arb(expected))
    assert found.rad() < arb(fmpq(1, 2**40))


@pytest.mark.parametrize("term", [
    ArgMin(X**3, X), ArgMin(X, (X, 0, 1)), ArgMin((X**2 - 1)**2, X), ArgMin(-log(1 - L), (L, 0, 1)),
    ArgMin(-log(1 - L) + log(L), (L, 0, 1)), ArgMin(X**2, (X, 2, 3)), ArgMin(X**2, (X, 1, 0)),
    ArgMin(X**2 - 1/(X - 2)**2, X), ArgMin(X**2 - X**4/100, X), ArgMin(X**2 + exp(-X**4)*0 + 1/(X - 5), X),
], ids=str)
def test_no_value(term: Expr) -> None:
    """Where there is no such place, or more than one, or a pole, nothing is said."""
    with pytest.raises(NotEvaluable):
        value(term)


def test_a_lower_minimum_elsewhere_is_not_overlooked() -> None:
    """The one that is found near the middle is not the least."""
    with pytest.raises(NotEvaluable):
        value(ArgMin(X**2 - 5*exp(-1000*(X - 4)**2), (X, -5, 5)))


def test_between() -> None:
    """A rational between two ends."""
    assert middle(fmpq(0), fmpq(1)) == fmpq(1, 2)
    assert middle(meaning.Infinite(-1), meaning.Infinite(1)) == 0
    assert middle(fmpq(1), fmpq(1)) is None
    assert middle(meaning.Infinite(1), meaning.Infinite(-1)) is None
    pi = arb.pi()
    assert arb(middle(pi, meaning.Infinite(1))) > pi
    assert arb(middle(meaning.Infinite(-1), pi)) < pi
    assert arb(middle(pi, pi + 1)) > pi


@pytest.mark.parametrize("text_", [
    "m positive; ArgMin(-log(1-l) - m*log(l), (l, 0, 1)) = m/(2+m)",
    "m positive; ArgMin(-log(1-l) - m*log(l), (l, 0, 1)) = 1/(1+m)",
    "a real; ArgMin((x-a)**2, (x, -oo, oo)) = 2*a",
    "k positive; n positive; k < n; ArgMax(p**k*(1-p)**(n-k), (p, 0, 1)) = (n-k)/n",
    "ArgMin(x*log(x), (x, 0, oo)) = 1/e",
    "x real; a real; x > 0; x < 1; ArgMin((x-a)**2, (x, 0, 1)) = x",
])
def test_a_wrong_point_is_refuted(text_: str) -> None:
    """A model in which the place is another one."""
    try:
        derivation = read(text_)
    except ReaderError:
        derivation = read(text_.replace("1/e", "1/3"))
    (step,) = derivation.steps
    claim = Claim(derivation.start, step.relation, step.right, derivation.given)
    assert isinstance(check_claim(claim), Refuted)


@pytest.mark.parametrize("text_", [
    "ArgMin(x**3, (x, -1, 1)) = 0", "ArgMin(x**2, (x, 1, 2)) = 1", "ArgMax(x**2, (x, -1, 1)) = 1",
    "ArgMin(x*(1-x), (x, 0, 1)) = 0", "ArgMin(1/x, (x, 0, 1)) = 1",
])
def test_what_is_nowhere_is_refuted(text_: str) -> None:
    """Whatever the values are, there is no such point."""
    derivation = read(text_)
    (step,) = derivation.steps
    found = check_claim(Claim(derivation.start, step.relation, step.right, derivation.given))
    assert isinstance(found, Refuted)
    assert found.witness.left == "nowhere"


def test_another_function_without_a_minimiser_is_refuted() -> None:
    """The first place is there, and the other one is not."""
    claim = Claim(ArgMin(X*log(X) - M*X, (X, 0, S.Infinity)), Relation.EQ, ArgMin(-M*X, (X, 0, S.Infinity)))
    found = check_claim(claim)
    assert isinstance(found, Refuted)
    assert found.witness.right == "nowhere"


def test_a_model_without_a_minimiser_refutes_nothing() -> None:
    """Without m > 0 the claim is undecided, and the reason says what is missing."""
    (report,) = check(Derivation(ArgMin(LOSS, (L, 0, 1)), eq(A/(1 + A), by=stationarity))).steps
    assert isinstance(report.verdict, Undecided)
    assert "a > 0" in report.verdict.reason
    assert report.verdict.agreed > 0


# ---------------------------------------------------------------- terms and words


def test_the_interval_of_a_declared_variable() -> None:
    """It is the domain, which must be open."""
    share = Scalar("p", Domain("real", S.Zero, S.One, lo_open=True, hi_open=True))
    assert ArgMin(share**2, share).ends == (S.Zero, S.One)
    assert ArgMin(share**2, (share, 0, 1)) == ArgMin(share**2, share)
    assert ArgMin(X**2, X).ends == (S.NegativeInfinity, S.Infinity)
    assert ArgMin(M**2, M).ends == (S.Zero, S.Infinity)


@pytest.mark.parametrize("over", [
    (M, -1, 1), Scalar("q", Domain("real", S.Zero, S.One)), Scalar("n", Domain("integer")),
    Scalar("z", Domain("complex")), (X, 0), 3, Scalar("r", Domain("real", nonzero=True)),
], ids=str)
def test_a_variable_that_is_not_on_an_open_interval(over: object) -> None:
    """What was declared of the variable must be what the interval says."""
    with pytest.raises(TermError):
        ArgMin(X**2, over)


def test_scope() -> None:
    """The variable is bound in the function, and free in the ends; nothing is captured."""
    term = ArgMin((X - A)**2, (X, 0, X))
    assert free_names(term) == {X, A}
    put = substitute(ArgMin((X - A)**2, X), {A: X + 1})
    assert put.variable != X
    assert free_names(put) == {X}
    assert free_names(put.body) == {X, put.variable}


@pytest.mark.parametrize(("written", "plain", "set_"), [
    ("ArgMin(x**2, (x, 0, 1))", "ArgMin(x^2, 0 < x < 1)", r"\operatorname*{arg\,min}_{0 < x < 1} x^{2}"),
    ("ArgMax(m*x, 0 < x < m)", "ArgMax(m*x, 0 < x < m)", r"\operatorname*{arg\,max}_{0 < x < m} (m\,x)"),
    ("ArgMin(x**2, -oo < x < oo)", "ArgMin(x^2, -oo < x < oo)", r"\operatorname*{arg\,min}_{x \in \mathbb{R}} x^{2}"),
    ("ArgMin(x**2, (x, m, oo))", "ArgMin(x^2, m < x < oo)", r"\operatorname*{arg\,min}_{x > m} x^{2}"),
    ("ArgMin(x**2, (x, -oo, m))", "ArgMin(x^2, -oo < x < m)", r"\operatorname*{arg\,min}_{x < m} x^{2}"),
])
def test_both_notations(written: str, plain: str, set_: str) -> None:
    """As text, which is read back, and in LaTeX."""
    term = _term(written)
    assert text(term) == plain
    assert latex(term) == set_
    assert _term(plain) == term


def _term(written: str) -> Expr:
    record = {"symbols": {"m": "positive"}, "given": [], "steps": [written, "= m"]}
    return read_claim(record).derivation.start


@pytest.mark.parametrize("written", [
    "ArgMin(x**2)", "ArgMin(x**2, x)", "ArgMin(x**2, 0 < x)", "ArgMin(x**2, 1 > x > 0)", "ArgMin(x**2, (x, 0))",
    "ArgMin(x**2, (pi, 0, 1))", "ArgMin(x**2, (x, 0, 1), (y, 0, 1))", "ArgMin(x**2, 0 < 2*x < 1)",
])
def test_what_is_not_read(written: str) -> None:
    """The interval is said in one of two ways."""
    with pytest.raises(ReaderError):
        _term(written)


def test_integers_are_no_interval() -> None:
    """An index does not range over an interval."""
    with pytest.raises(TermError):
        ArgMin(I**2, I)
    assert ArgMin(X**2, (X, Integer(0), I.hi)).ends == (S.Zero, I.hi)
