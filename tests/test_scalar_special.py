"""Special functions over few primitives: what must be found, what must not, and agreement with the meaning of terms."""

from __future__ import annotations

from fractions import Fraction
from math import gcd

import pytest
import sympy as sp
from flint import fmpq
from sympy import Expr, Integer, Rational, S, Symbol

from derive.core.errors import NotEvaluable
from derive.core.meaning import Gaussian, Model, contradicts, weigh
from derive.core.scalar.cases import cases
from derive.core.scalar.context import Context
from derive.core.scalar.places import Known
from derive.core.scalar.rationals import cotangent_derivative, zeta_at
from derive.core.scalar.special import canonical, canonical_pair, equal_special, loose
from derive.core.terms import domain_of
from derive.reader import read_claim

DOMAINS = {
    "a": "complex", "b": "complex", "s": "complex", "z": "complex", "x": "positive", "t": "real",
    "k": "integer nonnegative", "m": "integer positive", "n": "integer nonnegative", "i": "integer",
}


def pole_free(name: str) -> str:
    """The given that a number is none of 0, -1, -2, ..."""
    return f"Not(And(Eq(im({name}), 0), Eq(floor(re({name})), re({name})), re({name}) <= 0))"


def read(left: str, right: str, *given: str) -> tuple[Expr, Expr, Context]:
    """Both sides of a claim, and what is known."""
    found = read_claim({"symbols": DOMAINS, "given": list(given), "steps": [left, f"= {right}"]}).derivation
    return found.start, found.steps[0].right, Context(found.given)


EQUAL = [
    # gamma
    ("gamma(z + 1)", "z*gamma(z)"),
    ("gamma(z + 3)", "z*(z + 1)*(z + 2)*gamma(z)", pole_free("z")),
    ("gamma(z)*gamma(1 - z)", "pi/sin(pi*z)"),
    ("gamma(z)*gamma(-z)", "-pi/(z*sin(pi*z))"),
    ("gamma(z)*gamma(3 - z)", "(2 - z)*(1 - z)*pi/sin(pi*z)"),
    ("gamma(z)*gamma(z + 1/2)", "2**(1 - 2*z)*sqrt(pi)*gamma(2*z)"),
    ("gamma(z)*gamma(z + 1/3)*gamma(z + 2/3)", "2*pi*3**(1/2 - 3*z)*gamma(3*z)"),
    ("cos(pi*z)", "pi/(gamma(1/2 + z)*gamma(1/2 - z))"),
    ("gamma(7/2)", "15*sqrt(pi)/8"),
    ("gamma(-3/2)", "4*sqrt(pi)/3"),
    ("gamma(1/3)*gamma(2/3)", "2*pi/sqrt(3)"),
    ("gamma(1/6)", "2**(-1/3)*sqrt(3/pi)*gamma(1/3)**2"),
    ("gamma(6)", "120"),
    ("factorial(n + 2)", "(n + 1)*(n + 2)*factorial(n)"),
    ("factorial(2*n)", "4**n*factorial(n)*gamma(n + 1/2)/sqrt(pi)"),
    ("gamma(conjugate(z))", "conjugate(gamma(z))"),
    ("gamma(z)", "exp(loggamma(z))"),
    # factorials, binomials
    ("binomial(n, 0)", "1"),
    ("binomial(a, 3)", "a*(a - 1)*(a - 2)/6"),
    ("binomial(n, n + m)", "0"),
    ("binomial(n, k)", "binomial(n, n - k)", "k <= n"),
    ("binomial(n, k)", "factorial(n)/(factorial(k)*factorial(n - k))"),
    ("binomial(z + 1, k + 1)", "binomial(z, k) + binomial(z, k + 1)"),
    ("binomial(z, k)", "FallingFactorial(z, k)/factorial(k)"),
    ("RisingFactorial(z, k + m)", "RisingFactorial(z, k)*RisingFactorial(z + k, m)"),
    ("RisingFactorial(z, k)", "FallingFactorial(z + k - 1, k)"),
    ("FallingFactorial(k, k)", "factorial(k)"),
    ("RisingFactorial(z, 2)", "z*(z + 1)"),
    # beta
    ("beta(a, b)", "gamma(a)*gamma(b)/gamma(a + b)"),
    ("beta(a, b)", "beta(b, a)"),
    ("beta(a, b)", "beta(a + 1, b) + beta(a, b + 1)"),
    ("beta(1/2, 1/2)", "pi"),
    # digamma, polygamma, harmonic numbers
    ("digamma(z + 1)", "digamma(z) + 1/z"),
    ("digamma(1 - z)", "digamma(z) + pi*cot(pi*z)"),
    ("digamma(2*z)", "log(2) + (digamma(z) + digamma(z + 1/2))/2"),
    ("digamma(1/2)", "-EulerGamma - 2*log(2)"),
    ("digamma(1/3)", "-EulerGamma - sqrt(3)*pi/6 - 3*log(3)/2"),
    ("digamma(-1/2)", "2 - EulerGamma - 2*log(2)"),
    ("digamma(4)", "11/6 - EulerGamma"),
    ("harmonic(n + 1)", "harmonic(n) + 1/(n + 1)"),
    ("digamma(m)", "harmonic(m - 1) - EulerGamma"),
    ("polygamma(0, z)", "digamma(z)"),
    ("polygamma(m, 1)", "(-1)**(m + 1)*factorial(m)*zeta(m + 1)"),
    ("polygamma(1, 1/4)", "pi**2 + 8*Catalan"),
    ("polygamma(1, 1 - z)", "-polygamma(1, z) + pi**2/sin(pi*z)**2"),
    ("polygamma(2, z + 1)", "polygamma(2, z) + 2/z**3"),
    # zeta
    ("zeta(s, 1)", "zeta(s)"),
    ("zeta(s, 3)", "zeta(s) - 1 - 1/2**s"),
    ("zeta(s, 3/2)", "(2**s - 1)*zeta(s) - 2**s"),
    ("zeta(s, 1/4) + zeta(s, 3/4)", "2**s*(2**s - 1)*zeta(s)"),
    ("zeta(s, 2*x)", "2**(-s)*(zeta(s, x) + zeta(s, x + 1/2))"),
    ("zeta(2)", "pi**2/6"),
    ("zeta(8)", "pi**8/9450"),
    ("zeta(-1)", "-1/12"),
    ("zeta(0, a)", "1/2 - a"),
    ("zeta(-2, a)", "-a*(a - 1)*(2*a - 1)/6"),
    ("zeta(3, 1/4)", "28*zeta(3) + pi**3"),
    ("zeta(1 - s)", "2*cos(pi*s/2)/(2*pi)**s*gamma(s)*zeta(s)"),
    ("zeta(conjugate(s))", "conjugate(zeta(s))"),
    # others
    ("erfc(-z)", "2 - erfc(z)"),
    ("erf(z) + erfc(z)", "1"),
    ("sinc(2*z)", "sinc(z)*cos(z)"),
    ("sinc(pi/2)", "2/pi"),
    ("sinc(conjugate(z))", "conjugate(sinc(z))"),
]

DIFFERENT = [
    ("gamma(z + 1)", "gamma(z)"),
    ("gamma(z + 1)", "(z + 1)*gamma(z)"),
    ("gamma(z)*gamma(1 - z)", "pi/cos(pi*z)"),
    ("gamma(z)*gamma(z + 1/2)", "2**(1 - z)*sqrt(pi)*gamma(2*z)"),
    ("gamma(2*z)", "2*gamma(z)"),
    ("gamma(1/3)", "gamma(2/3)"),
    ("loggamma(z)", "log(gamma(z))"),
    ("binomial(i, k)", "binomial(i, i - k)"),  # i = -1, k = 0: 1 and 0
    ("binomial(n, i)", "binomial(n, i + 1)"),
    ("binomial(n, k)", "0"),
    ("binomial(z + 1, k + 1)", "binomial(z, k) + binomial(z, k)"),
    ("RisingFactorial(i, k)", "gamma(i + k + 1)/gamma(i)"),
    ("digamma(z + 1)", "digamma(z) - 1/z"),
    ("digamma(1 - z)", "digamma(z) - pi*cot(pi*z)"),
    ("digamma(1/3)", "digamma(2/3)"),
    ("polygamma(i, 1)", "(-1)**(i + 1)*factorial(i)*zeta(i + 1)"),
    ("zeta(s, 3)", "zeta(s) - 1 - 1/3**s"),
    ("zeta(3)", "pi**3/26"),
    ("zeta(s, 1/3)", "zeta(s, 2/3)"),
    ("zeta(1 - s)", "2*sin(pi*s/2)/(2*pi)**s*gamma(s)*zeta(s)"),
    ("erfc(-z)", "1 - erfc(z)"),
    ("sinc(2*z)", "2*sinc(z)*cos(z)"),
    ("conjugate(gamma(z))", "gamma(z)"),
]


@pytest.mark.parametrize("claim", EQUAL, ids=lambda c: f"{c[0]} = {c[1]}")
def test_equal(claim: tuple[str, ...]) -> None:
    """Equations that close."""
    left, right, context = read(*claim)
    assert equal_special(left, right, context)
    _agree(left, right)


@pytest.mark.parametrize("claim", DIFFERENT, ids=lambda c: f"{c[0]} = {c[1]}")
def test_not_equal(claim: tuple[str, ...]) -> None:
    """Equations that are false somewhere."""
    assert not equal_special(*read(*claim))


# ---------------------------------------------------------------- against the meaning


VALUES = {
    "complex": (
        Gaussian(fmpq(1, 3), fmpq(1, 2)), Gaussian(fmpq(-5, 4), fmpq(2)), Gaussian(fmpq(9, 4), fmpq(-1, 3)),
        fmpq(-7, 3),
    ),
    "positive": (fmpq(1, 3), fmpq(5, 2), fmpq(7), fmpq(11, 10)),
    "integer": (3, 5, 2, 7),
}


def _models(*terms: Expr) -> list[Model]:
    names = sorted(set().union(*(t.free_symbols for t in terms)), key=str)

    def value(symbol: Symbol, at: int) -> object:
        domain = domain_of(symbol)
        kind = domain.field if domain.field in VALUES else "positive"
        return VALUES[kind][(at + names.index(symbol)) % 4]

    return [Model.of({s: value(s, at) for s in names}) for at in range(4)]


def _agree(left: Expr, right: Expr) -> int:
    """Both are never seen to differ; how often they could be compared."""
    seen = 0
    for model in _models(left, right):
        try:
            _, _, comparison = weigh(left, right, model)
        except NotEvaluable:
            continue
        assert not contradicts("=", comparison), (left, right, model.describe())
        seen += 1
    return seen


TERMS = [
    "gamma(z + 5/2)*gamma(3 - z)/gamma(2*z + 1)", "factorial(n + 3)/factorial(n)*binomial(n + 4, 2)",
    "binomial(z, k)*RisingFactorial(z + 1, m)", "FallingFactorial(z + 3, k) + RisingFactorial(-z, k)",
    "beta(z, 1 - z + m)", "digamma(3*z) - digamma(z + 4)*digamma(-z)", "polygamma(2, z + 1) - polygamma(2, 2 - z)",
    "zeta(s, x + 3) + zeta(s, x)", "zeta(s, 5/6)*zeta(s, 2/3)", "zeta(3, 7/4)", "zeta(4, 1 - z) - zeta(4, z)",
    "digamma(7/5)", "digamma(-8/3)", "polygamma(3, 1/6)", "gamma(-7/6)*gamma(11/4)", "harmonic(n + 1/2) + harmonic(z)",
    "erfc(z)*sinc(z + 1)", "zeta(s)*zeta(1 - s)", "zeta(-5, z)", "bernoulli(m, x)",
]


@pytest.mark.parametrize("text", TERMS)
def test_canonical_has_the_same_value(text: str) -> None:
    """Rewriting keeps the value."""
    term, _, context = read(text, "0")
    assert _agree(term, canonical(term, context)) >= 1
    assert _agree(term, canonical_pair(term, S.Zero, context)[0]) >= 1


@pytest.mark.parametrize("order", [None, 2, 3, 4, 7])
@pytest.mark.parametrize("q", [2, 3, 4, 5, 6, 8, 10, 12])
def test_zeta_at_rationals(order: int | None, q: int) -> None:
    """The elimination gives the values."""
    s = Rational(5, 2) if order is None else Integer(order)
    for p in range(1, q):
        if gcd(p, q) == 1:
            found = zeta_at(s, order, Fraction(p, q))
            assert _agree(sp.zeta(s, Rational(p, q), evaluate=False), found) == 4


def test_cotangent_derivative() -> None:
    """Against the table of SymPy."""
    x = Symbol("x", real=True)
    ratio = sp.cot(sp.pi * x, evaluate=False)
    assert sp.expand(cotangent_derivative(3, ratio) - sp.diff(sp.cot(sp.pi * x), x, 3)) == 0


# ---------------------------------------------------------------- where it is not to be used


def test_poles_are_kept_where_they_are_not_ruled_out() -> None:
    """An integer that may be negative is left alone."""
    left, _, context = read("RisingFactorial(i, k)", "0")
    assert canonical(left, context) == left
    left, _, context = read("binomial(i, k)", "0")
    assert canonical(left, context) == left


def test_beta_keeps_its_zeros() -> None:
    """beta(a, b) may be 0 where gamma(a + b) has a pole."""
    left, _, context = read("beta(a, b)", "0")
    assert canonical(left, context) == left


@pytest.mark.parametrize(("text", "given", "found"), [
    ("gamma(z) + exp(z)", (), {"z"}),
    ("gamma(z)", ("Eq(z, 0)",), set()),
    ("gamma(z)", ("re(z) > 1",), {"z"}),
    ("gamma(z)", ("re(z) >= 1",), {"z"}),
    ("gamma(z)", ("re(z) >= 1", "re(z) <= 1"), set()),
    ("gamma(z)", (pole_free("z"),), {"z"}),
    ("gamma(z)*sign(t)", (), {"z"}),
    ("gamma(floor(t))", (), set()),
    ("gamma(n)", (), set()),
    ("log(z)", (), set()),
    ("log(z)", ("re(z) > 0",), {"z"}),
    ("sqrt(z)*gamma(z)", (), set()),
    ("2**z", (), {"z"}),
    ("t**z", (), set()),
    ("0**z", (), set()),
    ("Piecewise((1, Ne(z, 0)), (2, True))", (), set()),
    ("zeta(s, a)", (), {"s"}),
])
def test_loose_symbols(text: str, given: tuple[str, ...], found: set[str]) -> None:
    """Only where both sides are continuous, and the givens leave room."""
    term, _, context = read(text, "0", *given)
    assert {s.name for s in loose(term, S.Zero, context)} == found


def test_regular() -> None:
    """What is known not to be a pole."""
    term, _, context = read("z + n", "0", pole_free("z"))
    z = next(s for s in term.free_symbols if s.name == "z")
    known = Known(context)
    assert known.regular(term)
    assert known.regular(z)
    assert not known.regular(sp.Add(z, -1, evaluate=False))
    assert not known.regular(sp.Mul(-1, z, evaluate=False))
    assert not known.regular(Integer(0))
    assert known.regular(Rational(-1, 2))


# ---------------------------------------------------------------- cases


def by_cases(left: Expr, right: Expr, context: Context, depth: int = 4) -> bool:
    """Whether an equation closes after splitting into cases."""
    if equal_special(left, right, context):
        return True
    found = cases((left, right), context) if depth else None
    return found is not None and all(by_cases(*sides, inner, depth - 1) for sides, inner in found)


@pytest.mark.parametrize("claim", [
    ("sinc(z)", "Piecewise((sin(z)/z, Ne(z, 0)), (1, Eq(z, 0)))"),
    ("I**i", "Piecewise((1, Eq(Mod(i, 4), 0)), (I, Eq(Mod(i - 1, 4), 0)), (-1, Eq(Mod(i - 2, 4), 0)), (-I, True))"),
    ("floor(i/2) + floor((i + 1)/2)", "i"),
    ("Abs(t)", "Piecewise((t, t >= 0), (-t, True))"),
    ("Mod(4*n + 7, 4)", "3"),
    ("Piecewise((1, x > 0), (2, True))", "1"),
])
def test_cases_close(claim: tuple[str, ...]) -> None:
    """Conditions are decided, or split."""
    assert by_cases(*read(*claim))


@pytest.mark.parametrize("claim", [
    ("sinc(z)", "Piecewise((sin(z)/z, Ne(z, 0)), (2, Eq(z, 0)))"),
    ("I**i", "Piecewise((1, Eq(Mod(i, 4), 0)), (I, Eq(Mod(i - 1, 4), 0)), (-1, True))"),
    ("floor(i/2)", "i/2"),
    ("Abs(t)", "Piecewise((t, t >= -1), (-t, True))"),
    ("Piecewise((1, z > 0), (2, True))", "2"),
])
def test_wrong_cases_do_not_close(claim: tuple[str, ...]) -> None:
    """One of the cases is false."""
    assert not by_cases(*read(*claim))


def test_residues_cover_every_value() -> None:
    """n = 3 m + r with n >= 0: the least m of each residue."""
    left, right, context = read("Mod(n, 3)", "0")
    found = cases((left, right), context)
    assert found is not None
    least = []
    for _, inner in found:
        (m,) = inner.names
        least.append(int(domain_of(m).lo))
    assert least == [0, 0, 0]
    assert [sides[0] for sides, _ in found] == [0, 1, 2]
