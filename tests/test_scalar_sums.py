"""Sums and products: values, convergence, equations; what must not be found; agreement with the meaning of terms."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import sympy as sp
from flint import fmpq
from sympy import Expr, S, Symbol

from derive.core.errors import NotEvaluable
from derive.core.meaning import Gaussian, Model, contradicts, satisfies, weigh
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, times
from derive.core.scalar.oracle import SILENT, Oracle, Silent
from derive.core.scalar.products import product_value
from derive.core.scalar.special import equal_special
from derive.core.scalar.sums import converges, has_value, sum_value, sums_equal
from derive.core.terms import Product, Sum, domain_of, rebuild, subterms
from derive.reader import read_claim
from derive.search.suggest import SEARCH

DOMAINS = {
    "a": "positive", "b": "positive", "s": "complex", "z": "complex", "x": "real",
    "m": "integer positive", "n": "integer nonnegative", "i": "integer",
}


def read(left: str, right: str, *given: str) -> tuple[Expr, Expr, Context]:
    """Both sides of a claim, and what is known."""
    found = read_claim({"symbols": DOMAINS, "given": list(given), "steps": [left, f"= {right}"]}).derivation
    return found.start, found.steps[0].right, Context(found.given)


def evaluated(term: Expr, context: Context, oracle: Oracle = SEARCH) -> Expr:
    """The term with its sums and products replaced where they have a value."""
    if not any(isinstance(t, (Sum, Product)) for t in subterms(term)):
        return term
    if isinstance(term, (Sum, Product)):
        inner = type(term)(evaluated(term.bodies[0], context, oracle), *term.args[1:])
        value = (sum_value if isinstance(term, Sum) else product_value)(inner, context, oracle)
        return inner if value is None else value
    found: Expr = rebuild(term, [evaluated(a, context, oracle) for a in term.args])
    return found


def closes(left: Expr, right: Expr, context: Context) -> bool:
    """By values, or as an equation between sums."""
    one, other = evaluated(left, context), evaluated(right, context)
    return equal_special(one, other, context) or sums_equal(plus(one, times(S.NegativeOne, other)), context)


EQUAL = [
    # with an end
    ("Sum(k**2, (k, 1, n))", "n*(n + 1)*(2*n + 1)/6"),
    ("Sum(k**3, (k, 1, n))", "Sum(k, (k, 1, n))**2"),
    ("Sum(2**k, (k, 0, n))", "2**(n + 1) - 1"),
    ("Sum(k*a**k, (k, 0, n))", "(n*a**(n + 2) - (n + 1)*a**(n + 1) + a)/(1 - a)**2", "a > 1"),
    ("Sum(1/(k*(k + 1)), (k, 1, n))", "n/(n + 1)"),
    ("Sum(1/k, (k, 1, n))", "harmonic(n)"),
    ("Sum(1/(k + a)**2, (k, 0, n))", "zeta(2, a) - zeta(2, a + n + 1)"),
    ("Sum(binomial(n, k)*z**k, (k, 0, n))", "(1 + z)**n"),
    ("Sum((-1)**k*binomial(n, k), (k, 0, n))", "0**n"),
    ("Sum(binomial(n, k)**2, (k, 0, n))", "binomial(2*n, n)"),
    ("Sum(k*factorial(k), (k, 0, n))", "factorial(n + 1) - 1"),
    ("Sum(binomial(n + k, k), (k, 0, m))", "binomial(n + m + 1, m)"),
    ("Sum(1/k**s, (k, 1, n))", "zeta(s) - zeta(s, n + 1)"),
    ("Sum(zeta(s, (a + k)/m), (k, 0, m - 1))", "m**s*zeta(s, a)"),
    ("Sum(digamma(z + k/m), (k, 0, m - 1))", "m*(digamma(m*z) - log(m))"),
    ("Sum(k, (k, 5, 3))", "0"),
    ("Sum(1/k, (k, 1, 3))", "11/6"),
    ("Sum(x, (k, 1, n))", "n*x"),
    ("Sum(Sum(x**j, (j, 0, 2)), (k, 1, n))", "n*(1 + x + x**2)"),
    # to infinity
    ("Sum(x**k, (k, 0, oo))", "1/(1 - x)", "Abs(x) < 1"),
    ("Sum(z**k, (k, 2, oo))", "z**2/(1 - z)", "Abs(z) < 1"),
    ("Sum(k**2*x**k, (k, 0, oo))", "x*(1 + x)/(1 - x)**3", "Abs(x) < 1"),
    ("Sum(exp(-a*k), (k, 0, oo))", "1/(1 - exp(-a))"),
    ("Sum(z**k/factorial(k), (k, 0, oo))", "exp(z)"),
    ("Sum(z**k/factorial(k + 1), (k, 0, oo))*z", "exp(z) - 1", "Ne(z, 0)"),
    ("Sum((-1)**k*z**(2*k + 1)/factorial(2*k + 1), (k, 0, oo))", "sin(z)"),
    ("Sum((-1)**k*z**(2*k)/factorial(2*k), (k, 0, oo))", "cos(z)"),
    ("Sum(z**(2*k)/factorial(2*k), (k, 0, oo))", "cosh(z)"),
    ("Sum(x**k/k, (k, 1, oo))", "-log(1 - x)", "Abs(x) < 1"),
    ("Sum((-1)**k/(k + 1), (k, 0, oo))", "log(2)"),
    ("Sum((-1)**k/(2*k + 1), (k, 0, oo))", "pi/4"),
    ("Sum((-1)**k*x**(2*k + 1)/(2*k + 1), (k, 0, oo))", "atan(x)", "Abs(x) < 1"),
    ("Sum(binomial(2*k, k)*z**k, (k, 0, oo))", "1/sqrt(1 - 4*z)", "Abs(z) < 1/4"),
    ("Sum(2**(k + 1)*factorial(k)**2/factorial(2*k + 1), (k, 0, oo))", "pi"),
    ("Sum(1/k**2, (k, 1, oo))", "pi**2/6"),
    ("Sum((-1)**(k + 1)/k**2, (k, 1, oo))", "pi**2/12"),
    ("Sum(1/k**s, (k, 1, oo))", "zeta(s)", "re(s) > 1"),
    ("Sum(1/(k*(k + 1)), (k, 1, oo))", "1"),
    ("Sum(1/((k + a)*(k + b)), (k, 0, oo))", "(digamma(a) - digamma(b))/(a - b)", "Ne(a, b)"),
    ("Sum(1/(k + 1) - 1/(k + a), (k, 0, oo))", "digamma(a) + EulerGamma"),
    ("Sum(x**(2*k + 1)/(2*k + 1), (k, 0, oo))", "atanh(x)", "Abs(x) < 1"),
    ("Sum(1/binomial(2*k, k), (k, 0, oo))", "4/3 + 2*sqrt(3)*pi/27"),
    ("Sum(1/4**k/(2*k + 1) + 1/3**k, (k, 0, oo))", "log(3) + 3/2"),
    ("Sum(zeta(k + 1)*x**k, (k, 1, oo))", "-EulerGamma - digamma(1 - x)", "Abs(x) < 1"),
    ("Sum((3**k - 1)*zeta(k + 1)/4**k, (k, 1, oo))", "pi"),
    ("Sum(digamma(k)*z**k, (k, 1, oo))", "z*(EulerGamma + log(1 - z))/(z - 1)", "Abs(z) < 1"),
    ("Sum(harmonic(k)*z**k, (k, 0, oo))", "-log(1 - z)/(1 - z)", "Abs(z) < 1"),
    # products
    ("Product(k, (k, 1, n))", "factorial(n)"),
    ("Product(a*2**k, (k, 1, n))", "a**n*2**(n*(n + 1)/2)"),
    ("Product(sin(k*pi/m), (k, 1, m - 1))", "m/2**(m - 1)"),
    ("Product(sin(x + k*pi/m), (k, 0, m - 1))", "2**(1 - m)*sin(m*x)"),
    ("Product(4*k**2/(4*k**2 - 1), (k, 1, oo))", "pi/2"),
    ("Product(1 - z**2/k**2, (k, 1, oo))", "sinc(pi*z)"),
    ("Product(cos(z/2**k), (k, 1, oo))", "sinc(z)"),
    ("Product(z, (k, 5, 3))", "1"),
    # equations between sums
    ("Sum(exp(-k**2), (k, 0, n))", "1 + Sum(exp(-(k + 1)**2), (k, 0, n - 1))"),
    ("Sum(log(k), (k, 1, m + 1))", "Sum(log(k), (k, 1, m)) + log(m + 1)"),
    ("Sum(x**k/factorial(k)**2, (k, 0, oo))", "1 + Sum(x**k/factorial(k)**2, (k, 1, oo))"),
    ("Sum((k + 1)*x**k/factorial(k)**3, (k, 0, oo))",
     "Sum(k*x**k/factorial(k)**3, (k, 0, oo)) + Sum(x**k/factorial(k)**3, (k, 0, oo))"),
    ("Sum(harmonic(k), (k, 1, n))", "(n + 1)*harmonic(n) - n"),
]

DIFFERENT = [
    ("Sum(k**2, (k, 1, n))", "n*(n + 1)*(2*n + 1)/3"),
    ("Sum(k, (k, 1, i))", "i*(i + 1)/2"),  # i may be below 0
    ("Sum(1, (k, 1, i))", "i"),
    ("Sum(2**k, (k, 0, i))", "2**(i + 1) - 1"),
    ("Sum(x**k, (k, 0, n))", "(1 - x**(n + 1))/(1 + x)"),
    ("Sum(binomial(n, k)*z**k, (k, 0, n))", "(1 - z)**n"),
    ("Sum(binomial(n, k)*z**k, (k, 1, n))", "(1 + z)**n"),
    ("Sum(binomial(n, k), (k, 0, i))", "2**n"),
    ("Sum(x**k, (k, 0, oo))", "1/(1 - x)"),
    ("Sum(x**k, (k, 0, oo))", "1/(1 - x)", "x < 1"),
    ("Sum((-1)**k, (k, 0, oo))", "1/2"),
    ("Sum(x**k/k, (k, 1, oo))", "-log(1 - x)", "x < 1"),
    ("Sum(x**k/k, (k, 1, oo))", "log(1 - x)", "Abs(x) < 1"),
    ("Sum(z**k/factorial(k), (k, 1, oo))", "exp(z)"),
    ("Sum(1/k**s, (k, 1, oo))", "zeta(s)"),
    ("Sum(1/k**s, (k, 1, oo))", "zeta(s)", "re(s) > 0"),
    ("Sum(1/k, (k, 1, oo))", "EulerGamma"),
    ("Sum(1/k, (k, 1, oo)) - Sum(1/(k + 1), (k, 1, oo))", "1"),  # oo - oo
    ("Sum(k + 1, (k, 0, oo)) - Sum(k, (k, 0, oo))", "0"),
    ("Sum((-1)**k/(2*k + 1), (k, 0, oo))", "pi/2"),
    ("Sum(1/((k + a)*(k + b)), (k, 0, oo))", "(digamma(a) + digamma(b))/(a - b)", "Ne(a, b)"),
    ("Sum(zeta(k + 1)*x**k, (k, 1, oo))", "-EulerGamma - digamma(1 - x)", "Abs(x) < 2"),
    ("Sum(harmonic(k)*z**k, (k, 0, oo))", "log(1 - z)/(1 - z)", "Abs(z) < 1"),
    ("Product(k, (k, 1, i))", "factorial(i)"),
    ("Product(1 - z/k, (k, 1, oo))", "1/gamma(1 - z)"),
    ("Product(1 - z**2/k**2, (k, 1, oo))", "sinc(z)"),
    ("Product(sin(x + k*pi/m), (k, 1, m - 1))", "2**(1 - m)*sin(m*x)"),
    ("Sum(exp(-k**2), (k, 0, n))", "Sum(exp(-(k + 1)**2), (k, 0, n - 1))"),
    ("Sum(harmonic(k), (k, 1, n))", "n*harmonic(n) - n"),
    ("Sum(floor(k*tanh(pi))/10**k, (k, 1, oo))", "1/81"),
]


@pytest.mark.parametrize("claim", EQUAL, ids=lambda c: f"{c[0]} = {c[1]}")
def test_equal(claim: tuple[str, ...]) -> None:
    """Equations that close."""
    left, right, context = read(*claim)
    assert closes(left, right, context)
    _agree(left, right, context)


@pytest.mark.parametrize("claim", DIFFERENT, ids=lambda c: f"{c[0]} = {c[1]}")
def test_not_equal(claim: tuple[str, ...]) -> None:
    """Equations that are false somewhere."""
    assert not closes(*read(*claim))


@pytest.mark.parametrize("claim", EQUAL, ids=lambda c: c[0])
def test_values_agree_with_the_meaning(claim: tuple[str, ...]) -> None:
    """A value is never seen to differ from its sum."""
    for side in read(*claim)[:2]:
        context = read(*claim)[2]
        value = evaluated(side, context)
        if value != side:
            _agree(side, value, context)


VALUES = {
    "complex": (
        Gaussian(fmpq(1, 7), fmpq(1, 8)), Gaussian(fmpq(-1, 9), fmpq(1, 6)), fmpq(1, 5), Gaussian(fmpq(5, 2), fmpq(1)),
    ),
    "positive": (fmpq(1, 3), fmpq(5, 2), fmpq(7), fmpq(11, 10)),
    "real": (fmpq(1, 3), fmpq(-2, 5), fmpq(0), fmpq(3, 2)),
    "integer": (3, 5, 2, 7),
}


def _agree(left: Expr, right: Expr, context: Context) -> None:
    """Both are never seen to differ where the givens hold, seen at a few points."""
    names = sorted(left.free_symbols | right.free_symbols, key=str)
    for at in range(4):
        values = {}
        for k, symbol in enumerate(names):
            domain = domain_of(symbol)
            kind = "positive" if domain.field == "real" and domain.lo is not None else domain.field
            values[symbol] = VALUES[kind][(at + k) % 4]
        model = Model.of(values)
        try:
            if not all(satisfies(g, model) for g in context.given):
                continue
            _, _, comparison = weigh(left, right, model)
        except NotEvaluable:
            continue
        assert not contradicts("=", comparison), (left, right, model.describe())


# ---------------------------------------------------------------- convergence


@pytest.mark.parametrize(("text", "given", "found"), [
    ("Sum(1/k**2, (k, 1, oo))", (), True),
    ("Sum(1/k, (k, 1, oo))", (), False),
    ("Sum((-1)**k/k, (k, 1, oo))", (), False),
    ("Sum(1/k**s, (k, 1, oo))", ("re(s) > 1",), True),
    ("Sum(1/k**s, (k, 1, oo))", ("re(s) > 0",), False),
    ("Sum(z**k/factorial(k), (k, 0, oo))", (), True),
    ("Sum(z**k*factorial(k), (k, 0, oo))", (), False),
    ("Sum(z**k, (k, 0, oo))", ("Abs(z) < 1",), True),
    ("Sum(z**k, (k, 0, oo))", (), False),
    ("Sum(binomial(2*k, k)*z**k, (k, 0, oo))", ("Abs(z) < 1/4",), True),
    ("Sum(binomial(2*k, k)*z**k, (k, 0, oo))", ("Abs(z) < 1/3",), False),
    ("Sum(sin(k), (k, 0, oo))", (), False),
    ("Sum(1/(k**2 + k), (k, 1, n))", (), True),
])
def test_converges(text: str, given: tuple[str, ...], found: bool) -> None:  # noqa: FBT001
    """Absolute convergence only."""
    term, _, context = read(text, "0", *given)
    assert isinstance(term, Sum)
    assert converges(term, context) is found


def test_conditional_convergence_is_a_value() -> None:
    """A conditionally convergent sum may have a value."""
    term, _, context = read("Sum((-1)**k/(k + 1), (k, 0, oo))", "0")
    assert isinstance(term, Sum)
    assert has_value(term, context)
    assert not converges(term, context)


# ---------------------------------------------------------------- the oracle is not believed


@dataclass(frozen=True)
class Liar(Silent):
    """It suggests one antidifference for everything."""

    found: Expr = S.Zero

    def antidifferences(self, f: Expr, k: Symbol) -> tuple[Expr, ...]:
        """What it was told to say, in k."""
        return (self.found.subs(Symbol("k"), k),)


def test_suggestions_are_checked() -> None:
    """A wrong antidifference is not used."""
    term, right, context = read("Sum(k*factorial(k), (k, 0, n))", "factorial(n + 1) - 1")
    assert isinstance(term, Sum)
    assert sum_value(term, context, SILENT) is None
    assert sum_value(term, context, Liar(Symbol("k") ** 2)) is None
    value = sum_value(term, context, SEARCH)
    assert value is not None
    assert equal_special(value, right, context)


def test_an_antidifference_without_a_value_in_the_range_is_not_used() -> None:
    """It telescopes, but over poles."""
    term, _, context = read("Sum(k*factorial(k), (k, 0, n))", "0")
    assert isinstance(term, Sum)
    k = Symbol("k")
    periodic = 1 / (sp.exp(2 * sp.pi * sp.I * k) - 1)
    assert sum_value(term, context, Liar(sp.factorial(k))) is not None
    assert sum_value(term, context, Liar(sp.factorial(k) + periodic)) is None


def test_no_division_by_what_may_be_zero() -> None:
    """x^(k - 1) is x^k/x but at x = 0."""
    term, _, context = read("Sum(x**(k - 1) + k, (k, 1, n))", "0", "Abs(x) < 1")
    assert isinstance(term, Sum)
    value = sum_value(term, context, SEARCH)
    assert value is None or not value.has(1 / Symbol("x"))


def test_a_closed_form_is_defined_where_the_sum_is() -> None:
    """zeta(s) - zeta(s, n + 1) has no value at s = 1."""
    term, _, context = read("Sum(1/k**s, (k, 1, n))", "0")  # at s = 1 it is a harmonic number
    assert isinstance(term, Sum)
    assert sum_value(term, context, SEARCH) is None
