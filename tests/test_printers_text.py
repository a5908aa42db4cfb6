"""Terms and hypotheses as text: exact, with as few brackets as can be read in one way only."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from printers_oracle import TextReader, nested, terms, value_of
from sympy import (
    Abs,
    Add,
    And,
    Eq,
    Function,
    Integer,
    Max,
    Mul,
    Ne,
    Not,
    Or,
    Pow,
    Rational,
    S,
    Symbol,
    evaluate,
    exp,
    log,
    oo,
    pi,
    sqrt,
)
from sympy import (
    E as Euler,
)

from derive import KL, Bernoulli, E, H, Moments, Sum, Var, array, define, delta, full_support, function, index, law
from derive.core.claims import Condition
from derive.core.errors import TermError
from derive.printers.text import condition_text, given_text, lines, text
from derive.vocabulary import random, size

a, b, c, x, y, z = (Symbol(name) for name in "abcxyz")
n, d = size("n"), size("d")
i, j, k = index("i", n), index("j", d), index("k", 0, oo)
X, v = array("X", n, d), array("v", n)
R = random("R", n, d, law=Bernoulli(Rational(1, 2)))
u, w = index("u"), index("w")
Q, P = law("Q_Phi", u, w), law("P", u, w)
f, g = function("f"), function("g", 2)
mu = define("mu", v[i], i)
h = define("h", x, x)
unit = define("unit", x)


def unevaluated(build):
    """Build a term as identity files do."""
    with evaluate(False):
        return build()


ARITHMETIC = [
    (lambda: 1 * x, "x"),
    (lambda: x * 1, "x"),
    (lambda: 0 + x, "x"),
    (lambda: -x, "-x"),
    (lambda: Mul(-1, -x), "-(-x)"),
    (lambda: a - b, "a - b"),
    (lambda: b - a - c, "b - a - c"),
    (lambda: a - (b - c), "a - (b - c)"),
    (lambda: a + (b - c), "a + b - c"),
    (lambda: -(a + b), "-(a + b)"),
    (lambda: -a + b, "-a + b"),
    (lambda: a + (-3), "a - 3"),
    (lambda: a + Mul(-1, -b), "a - (-b)"),
    (lambda: a * b / c, "a*b/c"),
    (lambda: a / (b * c), "a/(b*c)"),
    (lambda: a / b / c, "a/b/c"),
    (lambda: a / (b / c), "a/(b/c)"),
    (lambda: a * (b / c), "a*(b/c)"),
    (lambda: a * (b * c), "a*b*c"),
    (lambda: a * (-b), "a*(-b)"),
    (lambda: (-a) * b, "-a*b"),
    (lambda: -(a / b), "-a/b"),
    (lambda: (a + b) * c, "(a + b)*c"),
    (lambda: 1 / x, "1/x"),
    (lambda: 1 / x * y, "1/x*y"),
    (lambda: 1 / (1 / x), "1/(1/x)"),
    (lambda: x**-2, "x^(-2)"),
    (lambda: 1 / x**2, "1/x^2"),
    (lambda: (-x) ** 2, "(-x)^2"),
    (lambda: -(x**2), "-x^2"),
    (lambda: a ** (b**c), "a^(b^c)"),
    (lambda: (a**b) ** c, "(a^b)^c"),
    (lambda: (a * b) ** c, "(a*b)^c"),
    (lambda: a * b**c, "a*b^c"),
    (lambda: Integer(-2) ** x, "(-2)^x"),
    (lambda: Rational(1, 2) * x, "1/2*x"),
    (lambda: x * Rational(1, 2), "x/2"),
    (lambda: Rational(1, 2) ** x, "(1/2)^x"),
    (lambda: x ** Rational(1, 3), "x^(1/3)"),
    (lambda: Rational(-1, 2) * x, "-1/2*x"),
    (lambda: Mul(Rational(1, 2), 1 / x), "(1/2)/x"),
    (lambda: sqrt(x), "sqrt(x)"),
    (lambda: sqrt(x + y) ** 2, "sqrt(x + y)^2"),
    (lambda: exp(-x), "exp(-x)"),
    (lambda: Pow(Euler, x), "exp(1)^x"),
    (lambda: log(x), "ln x"),
    (lambda: log(x) * y, "ln(x)*y"),
    (lambda: y * log(x), "y*ln x"),
    (lambda: log(x) / 2, "ln(x)/2"),
    (lambda: log(x) ** 2, "ln(x)^2"),
    (lambda: log(x**2), "ln(x^2)"),
    (lambda: log(log(x)), "ln(ln x)"),
    (lambda: log(x + y), "ln(x + y)"),
    (lambda: log(x, 3, evaluate=False), "log(x, 3)"),
    (lambda: oo - x, "oo - x"),
    (lambda: -oo + x, "-oo + x"),
    (lambda: 2 * pi * S.ImaginaryUnit, "2*pi*I"),
    (lambda: Abs(x - y), "abs(x - y)"),
    (lambda: Max(x, y), "Max(x, y)"),
    (lambda: Function("q")(x, 1), "q(x, 1)"),
]


@pytest.mark.parametrize(("build", "expected"), ARITHMETIC, ids=[e for _, e in ARITHMETIC])
def test_arithmetic_is_printed_as_it_was_written(build, expected):
    """Arithmetic keeps the author's order and brackets, without litter."""
    assert text(unevaluated(build)) == expected


HEADS = [
    (lambda: X[i, j] * v[i], "X[i,j]*v[i]"),
    (lambda: v[i + 1], "v[i + 1]"),
    (lambda: X[i + 1, j], "X[i + 1, j]"),
    (lambda: Sum(v[i], i), "Sum(v[i], i)"),
    (lambda: Sum(v[i] * 2, (i, 2, n)), "Sum(v[i]*2, i=2..n)"),
    (lambda: Sum(x**k, k), "Sum(x^k, k=0..oo)"),
    (lambda: Sum(x**k, (k, 0, n - 1)), "Sum(x^k, k=0..(n - 1))"),
    (lambda: Sum(x**k, (k, -1, n)), "Sum(x^k, k=-1..n)"),
    (lambda: Sum(X[i, j], i, j), "Sum(X[i,j], i, j)"),
    (lambda: Q(u, w), "Q_Phi(u, w)"),
    (lambda: Q(w | u), "Q_Phi(w|u)"),
    (lambda: Q(u, w=1), "Q_Phi(u, w=1)"),
    (lambda: Q(u.renamed("u'")), "Q_Phi(u')"),
    (lambda: E(log(Q(u)), Q(w | u)), "E[w ~ Q_Phi(w|u)] ln Q_Phi(u)"),
    (lambda: E(x + y, Q(w | u)), "E[w ~ Q_Phi(w|u)] (x + y)"),
    (lambda: E(x * y, R), "E[R] (x*y)"),
    (lambda: E(x**2, R), "E[R] (x^2)"),
    (lambda: E(x, R) ** 2, "(E[R] x)^2"),
    (lambda: E(x, R) * y, "(E[R] x)*y"),
    (lambda: y * E(x, R), "y*E[R] x"),
    (lambda: E(x, R) - y, "E[R] x - y"),
    (lambda: E(E(x, R), R), "E[R] E[R] x"),
    (lambda: E(k, (1 - x) * x**k, k), "E[k ~ (1 - x)*x^k] k"),
    (lambda: Var(X[i, j] * R[i, j], R), "Var[R] (X[i,j]*R[i,j])"),
    (lambda: H(Q(w | u)), "H(Q_Phi(w|u))"),
    (lambda: H(Q(w | u), P(w | u)), "H(Q_Phi(w|u), P(w|u))"),
    (lambda: KL(Q(w), P(w)), "KL(Q_Phi(w), P(w))"),
    (lambda: H((1 - x) * x**k, k), "H((1 - x)*x^k, k)"),
    (lambda: H(Q(u, w), u), "H(Q_Phi(u, w), u)"),
    (lambda: delta(i, 2), "delta(i, 2)"),
    (lambda: f(x), "f(x)"),
    (lambda: f.derivative(2)(x), "f''(x)"),
    (lambda: f.derivative(4)(x), "d[4]f(x)"),
    (lambda: g.derivative(1, 0)(x, y), "d[1,0]g(x, y)"),
    (lambda: mu[i], "mu[i]"),
    (lambda: h(x + 1), "h(x + 1)"),
    (lambda: unit() * 2, "unit*2"),
    (lambda: log(h(x)), "ln h(x)"),
    (lambda: R.law, "Bernoulli(1/2)"),
    (lambda: Moments(0, x), "Moments(0, x)"),
]


@pytest.mark.parametrize(("build", "expected"), HEADS, ids=[e for _, e in HEADS])
def test_heads_are_printed_in_their_notation(build, expected):
    """Every head of the vocabulary has its own notation."""
    assert text(unevaluated(build)) == expected


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
def test_every_nesting_of_heads_reads_back(depth):
    """Whatever stands inside whatever, three heads deep, an independent reader finds the value of the term."""
    wrong = [term for term in nested(depth) if TextReader(text(term)).whole() != value_of(term)]
    assert [text(term) for term in wrong] == []


@settings(max_examples=400, deadline=None)
@given(terms())
def test_printed_text_reads_back_as_the_term(term):
    """An independent reader finds in the text the value of the term: precedence and brackets are right."""
    assert TextReader(text(term)).whole() == value_of(term), text(term)


def test_the_reader_tells_groupings_apart():
    """The oracle itself distinguishes readings, so that the test above can fail."""
    readings = ["a - b - c", "a - (b - c)", "a/b/c", "a/(b/c)", "(a^b)^c", "a^(b^c)", "-a^b", "(-a)^b", "ln(a)*b"]
    assert len({TextReader(reading).whole() for reading in readings}) == len(readings)


@settings(max_examples=200, deadline=None)
@given(terms(), st.integers(8, 60))
def test_broken_lines_hold_the_same_text(term, width):
    """Lines put together again are the text on one line; a line without operators left may be longer."""
    shown = lines(term, width)
    assert "".join(line.replace(" ", "") for line in shown) == text(term).replace(" ", "")
    assert all(line == line.rstrip() for line in shown)


def test_lines_fit_and_break_before_operators():
    """A long sum is filled up to the width and broken before its operators, outermost first."""
    term = unevaluated(lambda: x * (a + b) + y * (b - c) - z)
    assert lines(term, 80) == ["x*(a + b) + y*(b - c) - z"]
    assert lines(term, 24) == ["x*(a + b) + y*(b - c)", "  - z"]
    assert lines(term, 12) == ["x*(a + b)", "  + y", "    *(b - c)", "  - z"]


def test_a_piece_that_is_broken_hangs_deeper():
    """The lines of a piece that was broken itself hang deeper, and nothing joins them."""
    term = unevaluated(lambda: f(a + b + c + x) + y)
    assert lines(term, 14) == ["f(a + b + c", "    + x)", "  + y"]
    assert lines(unevaluated(lambda: (a + b + c) * x * y), 10) == ["(a + b", "    + c)", "  *x*y"]


def test_a_long_chain_is_printed_without_recursion():
    """Sums of thousands of terms nest at the left and are printed all the same."""
    term = x
    for _ in range(3000):
        term = Add(term, y, evaluate=False)
    assert text(term) == "x" + " + y" * 3000


def test_too_deep_nesting_is_an_error_of_ours():
    """A term nested too deeply to be printed raises TermError, not RecursionError."""
    term = x
    for _ in range(3000):
        term = Pow(y, term, evaluate=False)
    with pytest.raises(TermError, match="nested too deeply to be printed"):
        text(term)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("x_1'", "x_1'"),
        ("|z|", "|z|"),
        ("a b", "`a b`"),
        ("a+b", "`a+b`"),
        ("2x", "`2x`"),
        ("\x1b[31mred", "`\\x1b[31mred`"),
        ("a`b", "`a\\x60b`"),
        ("a\0b", "`a\\x00b`"),
    ],
)
def test_odd_names_are_quoted(name, expected):
    """A name that could be read as something else, or that a terminal would obey, is quoted."""
    assert text(Symbol(name)) == expected


GIVENS = [
    (lambda: x < y, "x < y"),
    (lambda: x >= y + 1, "x >= y + 1"),
    (lambda: Ne(x, y), "x != y"),
    (lambda: Eq(x, y), "x = y"),
    (lambda: And(x < y, y < z), "x < y and y < z"),
    (lambda: Or(And(x < 1, y < 1), z < 1), "z < 1 or (x < 1 and y < 1)"),
    (lambda: Not(And(x < 1, y < 1), evaluate=False), "not (x < 1 and y < 1)"),
    (lambda: full_support(Q), "Q_Phi(u, w) > 0 for every u, w"),
]


@pytest.mark.parametrize(("build", "expected"), GIVENS, ids=[e for _, e in GIVENS])
def test_hypotheses_are_printed_in_words(build, expected):
    """Comparisons, their combinations and full support read as words."""
    assert given_text(unevaluated(build)) == expected


CONDITIONS = [
    (Condition(unevaluated(lambda: a - b)), "a != b"),
    (Condition(unevaluated(lambda: -a + b)), "b != a"),
    (Condition(unevaluated(lambda: a + b)), "a + b != 0"),
    (Condition(x), "x != 0"),
    (Condition(v[i], (i,)), "v[i] != 0 for every i"),
    (Condition(X[i, j], (i.limits, j.limits)), "X[i,j] != 0 for every i, j"),
]


@pytest.mark.parametrize(("condition", "expected"), CONDITIONS, ids=[e for _, e in CONDITIONS])
def test_conditions_say_what_is_not_zero(condition, expected):
    """A condition shows what it keeps apart, and for which indices."""
    assert condition_text(condition) == expected
