"""Integrals, derivatives, limits, products, cases and special functions in both notations, and read back from text."""

import hashlib

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sympy import Add, Mul, Pow, Rational, S, Symbol, exp, oo, sqrt

from derive.core.claims import Derivation, eq
from derive.core.terms import Diff, Domain, Integral, Limit, Scalar
from derive.printers.givens import givens_of
from derive.printers.tex import latex, latex_lines
from derive.printers.text import given_text, lines, text
from derive.reader import ReaderError, read_claim, read_given, read_symbols, read_term

SYMBOLS = read_symbols(
    {"x": "real", "y": "positive", "z": "complex", "n": "integer positive", "f": "function", "A": "array"}
)
X = SYMBOLS.scalars["x"]


def read(words: str):
    """A term over x, y, z, n, f and A."""
    return read_term(words, SYMBOLS)


CASES_TEX = (
    r"\begin{cases} x & \text{if } x < 0 \\ 0 & \text{if } x = 1 \text{ and } y > 2 \\ "
    r"y & \text{otherwise} \end{cases}"
)
CASES = [
    ("Integral(x/2*exp(-x), (x, 0, oo))", "Integral(x/2*exp(-x), x=0..oo)",
     r"\int_{0}^{\infty} \frac{x}{2}\,e^{-x}\,dx"),
    ("Integral(x + 1, (x, -1, n))", "Integral(x + 1, x=-1..n)", r"\int_{-1}^{n} (x + 1)\,dx"),
    ("2*Integral(x, (x, 0, 1))*y", "2*Integral(x, x=0..1)*y", r"2\biggl(\int_{0}^{1} x\,dx\biggr)\,y"),
    ("Derivative(x**2, x)", "Derivative(x^2, x)", r"\frac{d}{dx} x^{2}"),
    ("Derivative(sin(z) + 1, (z, n))", "Derivative(sin(z) + 1, (z, n))",
     r"\frac{d^{n}}{dz^{n}} \bigl(\sin(z) + 1\bigr)"),
    ("Subs(Derivative(gamma(t), t), t, 1)", "Subs(Derivative(gamma(t), t), t, 1)",
     r"\left.\frac{d}{dt} \Gamma(t)\right|_{t=1}"),
    ("Limit(1/x, x, 0, '-')", "Limit(1/x, x, 0, '-')", r"\lim_{x \to 0^{-}} \frac{1}{x}"),
    ("Limit(1/x, x, y + 1)", "Limit(1/x, x, y + 1, '+')", r"\lim_{x \to (y + 1)^{+}} \frac{1}{x}"),
    ("Limit(1/x, x, 0, '+-')", "Limit(1/x, x, 0, '+-')", r"\lim_{x \to 0} \frac{1}{x}"),
    ("Limit(n/x, x, oo)", "Limit(n/x, x, oo)", r"\lim_{x \to \infty} \frac{n}{x}"),
    ("Product(1 + 1/k, (k, 1, n))", "Product(1 + 1/k, k=1..n)", r"\prod_{k=1}^{n} \biggl(1 + \frac{1}{k}\biggr)"),
    ("Sum(A[k], (k, 1, n))", "Sum(A[k], k=1..n)", r"\sum_{k=1}^{n} A_{k}"),
    ("Piecewise((x, x < 0), (0, And(Eq(x, 1), y > 2)), (y, True))",
     "Piecewise((x, x < 0), (0, x = 1 and y > 2), (y, True))",
     CASES_TEX),
    ("factorial(n + 1)/factorial(n)", "factorial(n + 1)/factorial(n)", r"\frac{(n + 1)!}{n!}"),
    ("binomial(2*n, n)**2", "binomial(2*n, n)^2", r"\biggl(\binom{2n}{n}\biggr)^{2}"),
    ("gamma(x)*beta(x, y)", "gamma(x)*beta(x, y)", r"\Gamma(x)\,\mathrm{B}(x, y)"),
    ("loggamma(x) + digamma(x)", "loggamma(x) + digamma(x)", r"\ln\Gamma(x) + \psi(x)"),
    ("polygamma(2, x)", "polygamma(2, x)", r"\psi^{(2)}(x)"),
    ("zeta(z) - zeta(z, 2)", "zeta(z) - zeta(z, 2)", r"\zeta(z) - \zeta(z, 2)"),
    ("harmonic(n) + harmonic(n, 2)", "harmonic(n) + harmonic(n, 2)", "H_{n} + H_{n}^{(2)}"),
    ("RisingFactorial(x, n)", "RisingFactorial(x, n)", "x^{(n)}"),
    ("FallingFactorial(x + 1, n)", "FallingFactorial(x + 1, n)", r"(x + 1)^{\underline{n}}"),
    ("Abs(x) + Abs(1/x)", "abs(x) + abs(1/x)", r"\lvert x\rvert + \biggl\lvert \frac{1}{x}\biggr\rvert"),
    ("floor(x) + ceiling(x/2)", "floor(x) + ceiling(x/2)",
     r"\lfloor x\rfloor + \biggl\lceil \frac{x}{2}\biggr\rceil"),
    ("conjugate(z)*re(z)", "conjugate(z)*re(z)", r"\overline{z}\,\operatorname{Re}(z)"),
    ("Mod(n, 2) + 1", "Mod(n, 2) + 1", r"(n \bmod 2) + 1"),
    ("sin(x)**2 + atan(x)", "sin(x)^2 + atan(x)", r"\bigl(\sin(x)\bigr)^{2} + \arctan(x)"),
    ("asinh(x)*acot(x)", "asinh(x)*acot(x)", r"\operatorname{arsinh}(x)\,\operatorname{arccot}(x)"),
    ("EulerGamma + Catalan*GoldenRatio", "EulerGamma + Catalan*GoldenRatio", r"\gamma + G\,\varphi"),
    ("besselj(0, x)", "besselj(0, x)", r"\operatorname{besselj}(0, x)"),
    ("x/2 + x*(1/3)*y", "x/2 + x/3*y", r"\frac{x}{2} + \frac{x}{3}\,y"),
    ("f(x) + A[1]", "f(x) + A[1]", "f(x) + A_{1}"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "plain", "tex"), CASES)
def test_heads_are_printed_in_both_notations(written, plain, tex) -> None:
    """Readable text, which is read back, and the usual LaTeX."""
    term = read(written)
    assert text(term) == plain
    assert " ".join(latex(term).split()) == tex
    assert text(read(plain)) == plain
    assert value(read(plain)) == value(term)


def test_a_derivative_whose_order_uses_its_variable_is_printed_in_full() -> None:
    """The short form would say something else."""
    n = Scalar("n", Domain())
    assert text(Diff(n, (n, n, n))) == "Diff(n, (n, n, n))"


def test_variables_of_integrals_are_no_givens() -> None:
    """Nor are indices whose ends stand in the sum; the free ones are."""
    t = Scalar("t", Domain())
    assert givens_of(Derivation(Integral(t, (t, 0, X)), eq(X))) == ["x real"]
    claim = read_claim({"symbols": {"n": "integer positive"}, "steps": ["Sum(k, (k, 1, n))", "= n*(n + 1)/2"]})
    assert givens_of(claim.derivation) == ["n a size, at least 1"]
    assert givens_of(Derivation(Limit(t, (t, 0, 1)), eq(0))) == []


@pytest.mark.parametrize("written", [
    "x < y", "x != 0", "Not(And(Eq(im(z), 0), re(z) <= 0))", "Or(x < 0, And(y < 1, Not(Eq(n, 2))))",
    "And(Or(x < 0, y < 1), x <= 3)", "Not(x = y)", "Or(And(x < 1, y < 1), And(x > 1, y > 1))", "not not x < 1",
])  # fmt: skip
def test_givens_are_read_back(written) -> None:
    """The words and, or, not, with brackets where they are needed."""
    found = read_given(written, SYMBOLS)
    assert value(read_given(given_text(found), SYMBOLS)) == value(found)


# ---------------------------------------------------------------- what is printed is read back

PRIME = 2**89 - 1


def hashed(*parts) -> int:
    """A value for a head applied to values."""
    return int.from_bytes(hashlib.sha256(repr(parts).encode()).digest()[:16]) % PRIME


def value(term) -> int:
    """A value in which only litter and the bracketing of sums and products make no difference."""
    if isinstance(term, Rational):
        return term.p * pow(term.q, PRIME - 2, PRIME) % PRIME
    if term is S.NegativeInfinity:
        return PRIME - value(oo)
    if term is S.Exp1:
        return hashed("exp", value(S.One))
    if isinstance(term, Add):
        return sum(map(value, term.args)) % PRIME
    if isinstance(term, Mul):
        found = 1
        for arg in term.args:
            found = found * value(arg) % PRIME
        return found
    if isinstance(term, Pow) and term.exp is S.NegativeOne:
        return pow(value(term.base), PRIME - 2, PRIME)
    if isinstance(term, Pow) and type(term) is not exp:
        return hashed("^", value(term.base), value(term.exp))
    if isinstance(term, Symbol):
        return hashed(term.name)
    if not term.args:
        return hashed(str(term))
    kind = type(term).__name__
    if kind == "Max":
        return hashed(kind, sorted({value(arg) for arg in term.args}))
    return hashed(kind, *(value(arg) for arg in term.args))


LEAVES = ["x", "y", "z", "n", "k", "0", "1", "2", "3/4", "pi", "I", "E", "oo", "A[n]", "f(x)", "EulerGamma", "-1", "10"]
HEADS = [
    "{} + {}", "{} - {}", "{}*{}", "{}/{}", "({})*({})", "({})/({})", "({})**({})", "-({})", "-{}", "({})**2", "1/({})",
    "1/2*({})", "({})/2", "sqrt({})", "exp({})", "log({})", "log({}, {})", "sin({})", "atan({})", "Abs({})", "zeta({})",
    "zeta({}, {})", "gamma({})", "factorial({})", "binomial({}, {})", "polygamma(1, {})", "floor({})", "Mod({}, {})",
    "Max({}, {}, 7)", "conjugate({})", "Sum({}, (k, 1, n))", "Sum({}, (k, {}, oo))", "Product({}, (k, 0, {}))",
    "Integral({}, (x, 0, {}))", "Integral({}, (t, -oo, oo))", "Limit({}, x, {})", "Limit({}, x, {}, '+-')",
    "Limit({}, t, oo)", "Derivative({}, x)", "Derivative({}, (z, {}))", "Subs(Derivative({}, t), t, {})",
    "Subs(Derivative({}, (t, 2)), t, {})", "Piecewise(({}, x < {}), ({}, True))", "besselj({}, {})",
    "Piecewise(({}, Eq({}, 1)), (2, And(x < 1, Not(y > {}))), (3, Or(x < 1, Ne(y, 2))))", "A[{}]", "f({})", "sinc({})",
    "hyper([{}], [], {})", "Derivative({}, x, y)", "{}**{}", "{}**-{}", "({} + {})*({} - {})",
]  # fmt: skip


@st.composite
def written(draw, depth: int = 4) -> str:
    """Random text in which all heads meet."""
    if depth == 0:
        return draw(st.sampled_from(LEAVES))
    head = draw(st.sampled_from(HEADS))
    return head.format(*(draw(written(draw(st.integers(0, depth - 1)))) for _ in range(head.count("{}"))))


@settings(max_examples=400, deadline=None)
@given(written())
def test_what_is_printed_is_read_back(words) -> None:
    """The same term, up to litter, on one line and on several; LaTeX has balanced braces."""
    bound = read_symbols({**dict.fromkeys("xtk", "real"), "y": "positive", "z": "complex", "n": "integer positive",
                          "f": "function", "A": "array"})  # fmt: skip
    try:
        term = read_term(words, bound)
    except ReaderError:
        assume(False)
    plain = text(term)
    again = read_term(plain, bound)
    assert value(again) == value(term), plain
    assert value(read_term(" ".join(lines(term, 30)), bound)) == value(term)
    tex = latex(term)
    assert tex.count("{") == tex.count("}")
    assert tex.count(r"\left") == tex.count(r"\right")
    assert all(line.count("{") == line.count("}") for line in latex_lines(term, 200.0))


def test_the_oracle_tells_terms_apart() -> None:
    """The value of the round trip does not forgive what matters."""
    assert value(read("x - (y - 1)")) != value(read("x - y - 1"))
    assert value(read("Limit(x, x, 0)")) != value(read("Limit(x, x, 0, '-')"))
    assert value(read("Sum(k, (k, 1, n))")) != value(read("Sum(k, (k, 0, n))"))
    assert value(read("x**(y**n)")) != value(read("(x**y)**n"))
    assert value(read("x/y/2")) == value(read("(x/y)/2")) == value(read("x*(1/2)/y"))
    assert value(sqrt(X)) == value(read("sqrt(x)"))
