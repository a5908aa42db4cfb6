"""Terms as LaTeX: the same reading as in text, in the notation of the field, with every name made harmless."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from printers_oracle import TexReader, nested, terms, value_of
from sympy import Abs, Function, Mul, Rational, Symbol, evaluate, exp, log, oo, sin, sqrt

from derive import KL, Bernoulli, E, H, Sum, Var, array, define, delta, full_support, function, index, law
from derive.core.claims import Condition
from derive.core.errors import TermError
from derive.printers.tex import condition_tex, latex, latex_lines
from derive.printers.texnames import escape, name_tex, width
from derive.vocabulary import random, size

a, b, c, x, y = (Symbol(name) for name in "abcxy")
beta = Symbol("beta")
n, d = size("n"), size("d")
i, j, k = index("i", n), index("j", d), index("k", 0, oo)
X, v, sigma = array("X", n, d), array("v", n), array("sigma_x", n)
R = random("R", n, d, law=Bernoulli(Rational(1, 2)))
u, w = index("u"), index("w")
Q, P = law("Q_Phi", u, w), law("P", u, w)
f, g = function("f"), function("g", 2)
mu, h = define("mu", v[i], i), define("h", x, x)


def unevaluated(build):
    """Build a term as identity files do."""
    with evaluate(False):
        return build()


TERMS = [
    (lambda: a - b, "a - b"),
    (lambda: a - (b - c), "a - (b - c)"),
    (lambda: a * b / c, r"\frac{a\,b}{c}"),
    (lambda: a / (b * c), r"\frac{a}{b\,c}"),
    (lambda: a * (b / c), r"a\,\frac{b}{c}"),
    (lambda: a / b * c, r"\frac{a}{b}\,c"),
    (lambda: (a / b) ** 2, r"\biggl(\frac{a}{b}\biggr)^{2}"),
    (lambda: 2 * x, "2x"),
    (lambda: x * 2, r"x\cdot 2"),
    (lambda: Rational(1, 2) * x, r"\frac{1}{2}\,x"),
    (lambda: (-x) ** 2, "(-x)^{2}"),
    (lambda: (a**b) ** c, "(a^{b})^{c}"),
    (lambda: a ** (b**c), "a^{b^{c}}"),
    (lambda: a ** (b / c), "a^{b/c}"),
    (lambda: sqrt(x + y), r"\sqrt{x + y}"),
    (lambda: exp(-beta * k), r"e^{-\beta \,k}"),
    (lambda: exp(-(x**2) / (2 * y)), r"e^{-x^{2}/(2y)}"),
    (lambda: exp(Sum(v[i], i)), r"\exp\biggl(\sum_{i=1}^{n} v_{i}\biggr)"),
    (lambda: exp(x) ** 2, "(e^{x})^{2}"),
    (lambda: log(x), r"\ln x"),
    (lambda: log(x) * y, r"\ln(x)\,y"),
    (lambda: log(x) ** 2, r"(\ln x)^{2}"),
    (lambda: log(x / y), r"\ln \frac{x}{y}"),
    (lambda: log(1 + x / y) / 2, r"\frac{1}{2}\,\ln\biggl(1 + \frac{x}{y}\biggr)"),
    (lambda: log(x, 3, evaluate=False), r"\log_{3} x"),
    (lambda: sin(x) ** 2, r"\bigl(\sin(x)\bigr)^{2}"),
    (lambda: Abs(x - y), r"\lvert x - y\rvert"),
    (lambda: Function("q")(x, 1), "q(x, 1)"),
    (lambda: oo, r"\infty"),
    (lambda: X[i, j] ** 2, "X_{i,j}^{2}"),
    (lambda: sigma[i], r"(\sigma_{x})_{i}"),
    (lambda: v[i.renamed("i'")] ** 2, "{v_{i'}}^{2}"),
    (lambda: Sum(X[i, j], i, j), r"\sum_{i=1}^{n}\sum_{j=1}^{d} X_{i,j}"),
    (lambda: Sum(x**k, k), r"\sum_{k=0}^{\infty} x^{k}"),
    (lambda: Sum(v[i], i) / n, r"\frac{1}{n}\,\sum_{i=1}^{n} v_{i}"),
    (lambda: Sum(v[i], i) * x, r"\biggl(\sum_{i=1}^{n} v_{i}\biggr)\,x"),
    (lambda: Sum(Q(u, w), w), r"\sum_{w} Q_{\Phi}(u, w)"),
    (lambda: Q(w | u), r"Q_{\Phi}(w\mid u)"),
    (lambda: Q(u, w=1), r"Q_{\Phi}(u, w=1)"),
    (lambda: E(log(Q(u)), Q(w | u)), r"\mathbb{E}_{w\sim Q_{\Phi}(w\mid u)}\bigl[\ln Q_{\Phi}(u)\bigr]"),
    (lambda: E(x, R) ** 2, r"\mathbb{E}_{R}[x]^{2}"),
    (lambda: Var(x, R), r"\operatorname{Var}_{R}[x]"),
    (lambda: H(Q(w | u)), r"H\bigl(Q_{\Phi}(w\mid u)\bigr)"),
    (lambda: H(x**k, k), r"H_{k}(x^{k})"),
    (lambda: KL(Q(w), P(w)), r"D_{\mathrm{KL}}\bigl(Q_{\Phi}(w)\,\Vert\,P(w)\bigr)"),
    (lambda: delta(i, j), r"\delta_{i,j}"),
    (lambda: f.derivative(1)(x), "f'(x)"),
    (lambda: f.derivative(4)(x), "f^{(4)}(x)"),
    (lambda: g.derivative(1, 0)(x, y), "g^{(1,0)}(x, y)"),
    (lambda: mu[i], r"\mu_{i}"),
    (lambda: h(x + 1), "h(x + 1)"),
    (lambda: R.law, r"\mathrm{Bernoulli}\biggl(\frac{1}{2}\biggr)"),
    (lambda: x >= y, r"x \ge  y"),
    (lambda: full_support(Q), r"Q_{\Phi}(u, w) > 0 \text{ for every } u, w"),
]


@pytest.mark.parametrize(("build", "expected"), TERMS, ids=[e for _, e in TERMS])
def test_terms_are_set_in_the_notation_of_the_field(build, expected):
    """Every head and every kind of arithmetic has its LaTeX."""
    assert latex(unevaluated(build)) == expected


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
def test_every_nesting_of_heads_reads_back(depth):
    """Whatever stands inside whatever, three heads deep, an independent reader finds the value of the term."""
    wrong = [term for term in nested(depth) if TexReader(latex(term)).whole() != value_of(term)]
    assert [latex(term) for term in wrong] == []


@settings(max_examples=400, deadline=None)
@given(terms())
def test_latex_reads_back_as_the_term(term):
    """An independent reader finds in the LaTeX the value of the term: precedence and brackets are right."""
    assert TexReader(latex(term)).whole() == value_of(term), latex(term)


@settings(max_examples=200, deadline=None)
@given(terms(), st.integers(60, 320))
def test_every_line_is_balanced_and_fits(term, points):
    """Each line has as many opening as closing braces, and none is wider than asked for."""
    for line in latex_lines(term, points):
        assert line.replace(r"\{", "").count("{") == line.replace(r"\}", "").count("}")
        assert r"\resizebox" in line or width(line) <= points + 20


def test_long_lines_break_before_operators():
    """A sum that is too wide goes on under itself, its operator spaced as between two operands."""
    term = unevaluated(lambda: a * b + b * c - x * y)
    assert latex_lines(term, 1000) == [r"a\,b + b\,c - x\,y"]
    assert latex_lines(term, 45) == [r"a\,b + b\,c", r"\quad {}- x\,y"]


def test_a_broken_product_shows_its_sign():
    """Where a product is broken the next line begins with a multiplication sign."""
    term = unevaluated(lambda: (a + b) * (b + c))
    assert latex_lines(term, 60) == ["(a + b)", r"\quad {}\times (b + c)"]


def test_a_very_wide_fraction_gets_a_slash():
    """A fraction wider than a line is written with a slash, and broken there and inside."""
    wide = unevaluated(lambda: sum([a * b] * 15, c))
    assert latex(unevaluated(lambda: wide / x)).startswith(r"(c + a\,b + ")
    assert latex(unevaluated(lambda: wide / x)).endswith(r"a\,b)/x")
    assert latex(unevaluated(lambda: x / wide)).startswith(r"x/(c + a\,b")
    assert latex(unevaluated(lambda: y * (x / wide) * y)).startswith(r"y\,\bigl(x/(c + a\,b")
    assert all(r"\resizebox" not in line for line in latex_lines(unevaluated(lambda: wide / x), 200))
    assert TexReader(latex(unevaluated(lambda: (wide / wide) ** 2))).whole() == value_of(
        unevaluated(lambda: (wide / wide) ** 2)
    )


def test_nested_fractions_stay_linear():
    """A continued fraction of a hundred floors is printed once, not once more on every floor."""
    term = x
    for _ in range(100):
        term = unevaluated(lambda term=term: a / (b + term))
    assert TexReader(latex(term)).whole() == value_of(term)


def test_what_cannot_be_broken_is_scaled_down():
    """A fraction that is too wide for the line is scaled to it."""
    term = unevaluated(lambda: (a + b + c + x + y) / x)
    (line,) = latex_lines(term, 50)
    assert line.startswith(r"\resizebox{50pt}{!}{$\displaystyle \frac{")


def test_too_deep_nesting_is_an_error_of_ours():
    """A term nested too deeply to be printed raises TermError, not RecursionError."""
    term = x
    for _ in range(3000):
        term = Mul(y, log(term, evaluate=False), evaluate=False)
    with pytest.raises(TermError, match="nested too deeply to be printed"):
        latex(term)


def test_conditions_are_formulas():
    """A condition shows what it keeps apart, and for which indices."""
    assert condition_tex(Condition(unevaluated(lambda: a - beta))) == r"$a \ne \beta$"
    assert condition_tex(Condition(v[i], (i,))) == r"$v_{i} \ne 0$ for every $i$"


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("x", "x"),
        ("beta", r"\beta"),
        ("Q_Phi", r"Q_{\Phi}"),
        ("sigma_x_2", r"\sigma_{x,2}"),
        ("x12", "x_{12}"),
        ("x'", "x'"),
        ("sx", r"\mathit{sx}"),
        ("|z|", r"\lvert z\rvert "),
        ("\u03b2", r"\beta"),
        ("a b", r"\text{a b}"),
        ("_", r"\text{\_}"),
        ("50%", r"\text{50\%}"),
        ("a$b", r"\text{a\$b}"),
        ("\\input{x}", r"\text{\textbackslash{}input\{x\}}"),
    ],
)
def test_names_become_mathematics(name, expected):
    """Greek words, subscripts and primes are read in a name; everything else is spelled out."""
    assert name_tex(name) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("50% & #1_a", r"50\% \& \#1\_a"),
        ("{x^2}~$y$", r"\{x\textasciicircum{}2\}\ensuremath{\sim}\$y\$"),
        ("\\end{document}", r"\textbackslash{}end\{document\}"),
        ("Erd\u0151s, na\u00efve", r"""Erd\H{o}s, na\"{\i}ve"""),
        ("\u03b2 \u2264 1", r"\ensuremath{\beta} \ensuremath{\le} 1"),
        ("\u4e2d", r"\texttt{U+4E2D}"),
        ("\x07", r"\texttt{U+0007}"),
    ],
)
def test_words_are_escaped(words, expected):
    """Every character of a user is known or spelled out."""
    assert escape(words) == expected


@given(st.text())
def test_escaped_words_hold_no_live_character(words):
    """Outside the commands we write ourselves, no character that TeX acts on is left, and braces are balanced."""
    shown = escape(words)
    rest = re.sub(r"\\[%&#_${}]|\\[A-Za-z]+|\\[`'^\"~=.]", "", shown)
    assert not set(rest) & set("\\%&#_$^")
    assert rest.count("{") == rest.count("}")
    assert rest.isascii()


def test_very_long_words_may_be_broken():
    """A word without spaces, such as a table of values, gets places to break."""
    parts = ["abcdefghijklmno", "pqrstuvwxyzABCD", "EFGHIJKLMNOPQRS", "TUVWXYZ"]
    assert escape(string.ascii_letters) == r"\allowbreak{}".join(parts)
