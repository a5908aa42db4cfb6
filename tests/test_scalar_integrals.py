"""Definite integrals: values, equations between integrals, existence; and what must not be found."""

from __future__ import annotations

import pytest
from flint import acb, arb
from sympy import Expr, S, sin

from derive.core.scalar.branches import constants_equal
from derive.core.scalar.combining import close_integrals
from derive.core.scalar.context import Context
from derive.core.scalar.convergence import absolutely, exists
from derive.core.scalar.differentiate import plus, times
from derive.core.scalar.integrals import definite
from derive.core.scalar.named_integrals import named
from derive.core.scalar.oracle import SILENT
from derive.core.scalar.spans import fresh, renamed, span
from derive.core.scalar.special import equal_special
from derive.core.scalar.substitution import carried, image
from derive.core.terms import Integral
from derive.reader import read_claim
from derive.search.suggest import SEARCH

DOMAINS = {"a": "positive", "b": "real", "c": "positive", "n": "integer nonnegative", "m": "real nonnegative",
           "p": "positive", "q": "positive", "t": "real", "s": "complex"}


def read(left: str, right: str, *given: str) -> tuple[Expr, Expr, Context]:
    """Both sides of a claim, and what is known."""
    found = read_claim({"symbols": DOMAINS, "given": list(given), "steps": [left, f"= {right}"]}).derivation
    names = sorted(found.start.free_symbols | found.steps[0].right.free_symbols, key=str)
    return found.start, found.steps[0].right, Context(found.given, tuple(names))


def integral(text: str, *given: str) -> tuple[Integral, Context]:
    """One integral, and what is known."""
    left, _, context = read(text, "0", *given)
    assert isinstance(left, Integral)
    return left, context


def closes(left: str, right: str, *given: str) -> bool:
    """Whether an equation closes."""
    one, other, context = read(left, right, *given)
    return close_integrals(plus(one, times(S.NegativeOne, other)), context, SEARCH)


# ---------------------------------------------------------------- values

VALUES: list[tuple[str, ...]] = [
    ("Integral(x**2, (x, 0, 1))", "1/3"),
    ("Integral(x**2, (x, 1, 0))", "-1/3"),
    ("Integral(sin(x), (x, 0, pi))", "2"),
    ("Integral(1/x, (x, 1, 2))", "log(2)"),
    ("Integral(1/x, (x, -2, -1))", "-log(2)"),
    ("Integral(1/x, (x, a, 2*a))", "log(2)"),
    ("Integral(log(x), (x, 0, 1))", "-1"),
    ("Integral(1/sqrt(x), (x, 0, 4))", "4"),
    ("Integral(exp(-x), (x, 0, oo))", "1"),
    ("Integral(1/(1 + x**2), (x, -oo, oo))", "pi"),
    ("Integral(1/(x**2 + a**2), (x, 0, oo))", "pi/(2*a)"),
    ("Integral(x*exp(x), (x, 0, t))", "(t - 1)*exp(t) + 1"),
    ("Integral(x**2, (x, b, t))", "t**3/3 - b**3/3"),
    ("Integral(x**2, (x, 0, m))", "m**3/3"),
    ("Integral(Abs(x), (x, -1, 2))", "5/2"),
    ("Integral(1/sqrt(Abs(x)), (x, -1, 1))", "4"),
    ("Integral(log(x**2), (x, -1, 1))", "-4"),
    ("Integral(Abs(log(x)), (x, exp(-1), exp(1)))", "2 - 2*exp(-1)"),
    ("Integral(log(x), (x, 2, 2))", "0"),
    ("Integral(sin(a*x)/x, (x, 0, oo))", "pi/2"),
    ("Integral(sin(a*x)*cos(c*x)/x, (x, 0, oo))", "pi/4 + pi/4*sign(a - c)", "a != c"),
    ("Integral(cos(c*x)/(a**2 + x**2), (x, 0, oo))", "pi*exp(-a*c)/(2*a)"),
    ("Integral(x*sin(c*x)/(4 + 9*x**2), (x, 0, oo))", "pi*exp(-2*c/3)/18"),
    ("Integral(sin(c*x)/(x*(a**2 + x**2)), (x, 0, oo))", "pi*(1 - exp(-a*c))/(2*a**2)"),
    ("Integral(1/(2 + cos(x)), (x, 0, pi/2))", "2*sqrt(3)/3*atan(sqrt(3)/3)"),
    ("Integral(Abs(cos(x)), (x, 0, pi))", "2"),
]

NO_VALUES = [
    "Integral(1/x, (x, -1, 1))",
    "Integral(1/x**2, (x, -1, 1))",
    "Integral(1/x**3, (x, -1, 1))",
    "Integral(x**b, (x, 1, 2))",
    "Integral(exp(b*x), (x, 0, 1))",
    "Integral(cos(t*x), (x, 0, 1))",
    "Integral(1/x, (x, 0, 1))",
    "Integral(1/x, (x, 1, oo))",
    "Integral(1/x, (x, b, t))",
    "Integral(tan(x), (x, 0, pi))",
    "Integral(sec(x)**2, (x, 0, pi))",
    "Integral(1/(x - 1), (x, 0, 2))",
    "Integral(1/(x - b), (x, 0, 1))",
    "Integral(sin(x), (x, 0, oo))",
    "Integral(cos(t*x), (x, 0, oo))",
    "Integral(exp(x), (x, 0, oo))",
    "Integral(x, (x, -oo, oo))",
    "Integral(exp(-b*x), (x, 0, oo))",
    "Integral(1/(1 - x**2), (x, 0, oo))",
    "Integral(1/(x*log(x)), (x, 0, 2))",
    "Integral(x**(b - 1)*exp(-x), (x, 0, oo))",
]


ANOTHER = ["Integral(x**b, (x, 1, 2))", "Integral(exp(b*x), (x, 0, 1))", "Integral(cos(t*x), (x, 0, 1))"]
"""These exist, but what is their value elsewhere is nothing for one parameter."""


@pytest.mark.parametrize("case", VALUES)
def test_values(case: tuple[str, ...]) -> None:
    """A value that is found is the right one, and the integral is known to exist."""
    left, right, context = read(*case)
    assert isinstance(left, Integral)
    found = definite(left, context, SEARCH)
    assert found is not None
    assert equal_special(found, right, context) or constants_equal(found, right)
    assert exists(left, context, SEARCH)


@pytest.mark.parametrize("text", NO_VALUES)
def test_no_values(text: str) -> None:
    """Divergent integrals, and such as diverge or have another value for some parameter, are given none."""
    term, context = integral(text)
    assert definite(term, context, SEARCH) is None
    assert not exists(term, context, SEARCH) or text in ANOTHER


def test_a_jump_of_the_antiderivative_is_seen() -> None:
    """atan(tan(x/2)/sqrt(3)) jumps at pi: its ends alone would give 0 for the integral of 1/(2 + cos(x))."""
    term, context = integral("Integral(1/(2 + cos(x)), (x, 0, 2*pi))")
    found = definite(term, context, SEARCH)
    if found is not None:
        _, right, _ = read("1", "2*pi/sqrt(3)")
        assert equal_special(found, right, context)
    assert not closes("Integral(1/(2 + cos(x)), (x, 0, 2*pi))", "0")


class Liar:
    """An oracle that suggests what is wrong."""

    def antiderivatives(self, f: Expr, x: Expr, /) -> tuple[Expr, ...]:
        """Not antiderivatives."""
        return (x, f, x**2/2 + x, S.Zero, 1/x)

    def substitutions(self, f: Expr, g: Expr, x: Expr, here: object, there: object, /) -> tuple[Expr, ...]:
        """Not substitutions."""
        return (x, x**2, 1/x, -x, 2*x, x + 1, S.One)

    def places(self, f: Expr, x: Expr, /) -> tuple[Expr, ...]:
        """Anywhere."""
        return (S.Zero, S.Half, S.One, x, S.ImaginaryUnit, S.Infinity)


LIED_ABOUT = ["Integral(1/x, (x, -1, 1))", "Integral(sin(x), (x, 0, 1))", "Integral(x*exp(x), (x, 0, 1))"]


@pytest.mark.parametrize("text", LIED_ABOUT)
def test_a_lying_oracle_costs_time_only(text: str) -> None:
    """Suggestions are checked."""
    term, context = integral(text)
    found = definite(term, context, Liar())
    assert found is None
    assert not close_integrals(plus(term, S.NegativeOne), context, Liar())


# ---------------------------------------------------------------- equations

EQUATIONS: list[tuple[str, ...]] = [
    # linearity, renaming, direction, splitting
    ("Integral(x + sin(x), (x, 0, 1))", "Integral(u, (u, 0, 1)) + Integral(sin(x), (x, 0, 1))"),
    ("2*Integral(exp(-x**2), (x, 0, 1))", "-Integral(2*exp(-u**2), (u, 1, 0))"),
    ("Integral(exp(-x**2), (x, 0, 2))", "Integral(exp(-x**2), (x, 0, 1)) + Integral(exp(-x**2), (x, 1, 2))"),
    ("Integral(exp(-x**2), (x, -1, 1))", "2*Integral(exp(-x**2), (x, 0, 1))"),
    ("Integral(x*exp(-x**4), (x, -1, 1))", "0"),
    ("Integral(exp(-x**4), (x, -oo, oo))", "2*Integral(exp(-x**4), (x, 0, oo))"),
    ("Integral(exp(-x**4), (x, -oo, oo))", "Integral(exp(-x**4), (x, -oo, 0)) + Integral(exp(-x**4), (x, 0, oo))"),
    ("Integral(exp(-x**2), (x, 0, t))", "-Integral(exp(-x**2), (x, t, 0))"),
    # substitution
    ("Integral(x*exp(-x**4), (x, 0, 1))", "Integral(exp(-u**2)/2, (u, 0, 1))"),
    ("Integral(exp(-a*x**4), (x, 0, oo))", "Integral(exp(-u**4), (u, 0, oo))/a**(1/4)"),
    ("Integral(exp(sin(x))*cos(x), (x, 0, pi/2))", "Integral(exp(u), (u, 0, 1))"),
    ("Integral(sin(x)/x, (x, a, 2*a))", "Integral(sin(a*u)/u, (u, 1, 2))"),
    ("Integral(log(1 + x)/(1 + x**2), (x, 0, 1))", "Integral(log(1 + tan(u)), (u, 0, pi/4))"),
    ("Integral(exp(cos(x))*sin(x), (x, 0, 2*pi))", "0"),
    ("Integral(exp(-x**2)*x, (x, -1, 2))", "Integral(exp(-u)/2, (u, 1, 4))"),
    ("Integral(log(x)/(1 + x**2), (x, 0, oo))", "0"),
    # by parts
    ("Integral(x*exp(-x**2)*exp(exp(-x**2)), (x, 0, 1))", "exp(1)/2 - exp(exp(-1))/2"),
    ("Integral(log(x)**2, (x, 1, exp(1)))", "exp(1) - 2*Integral(log(x), (x, 1, exp(1)))"),
    ("Integral(log(1 + x)/x, (x, 1, 2)) + Integral(log(x)/(1 + x), (x, 1, 2))", "log(2)*log(3)"),
    ("Integral(log(sin(x)/x), (x, 0, pi/2))", "pi/2*(1 - log(pi))"),
    ("Integral(log(1 + x**3)/x, (x, 0, 1))", "pi**2/36"),
    ("Integral(sqrt(sin(x))/(sqrt(sin(x)) + sqrt(cos(x))), (x, 0, pi/2))", "pi/4"),
    # a parameter for which the value is none, but then the other side is none as well
    ("Integral(exp(b*x), (x, 0, 1))", "(exp(b) - 1)/b"),
    ("Integral(x**b, (x, 1, 2))", "(2**(b + 1) - 1)/(b + 1)"),
    # several, and products
    ("Integral(exp(-x**2), (x, 0, 1))**2", "Integral(exp(-x**2), (x, 0, 1))*Integral(exp(-u**2), (u, 0, 1))"),
]

NOT_EQUATIONS: list[tuple[str, ...]] = [
    ("Integral(x + sin(x), (x, 0, 1))", "Integral(u, (u, 0, 1)) + 2*Integral(sin(x), (x, 0, 1))"),
    ("2*Integral(exp(-x**2), (x, 0, 1))", "Integral(2*exp(-u**2), (u, 1, 0))"),
    ("Integral(exp(-x**2), (x, 0, 2))", "Integral(exp(-x**2), (x, 0, 1)) + Integral(exp(-x**2), (x, 1, 3))"),
    ("Integral(exp(-x**2), (x, -1, 1))", "0"),
    ("Integral(exp(-x**2), (x, -1, 2))", "2*Integral(exp(-x**2), (x, 0, 1))"),
    ("Integral(x**2, (x, -1, 1))", "Integral(sqrt(u)/2, (u, 1, 1))"),  # u = x**2 turns round
    ("Integral(exp(-x**2), (x, -1, 1))", "Integral(exp(-u)/(2*sqrt(u)), (u, 1, 1))"),
    ("Integral(x*exp(-x**4), (x, 0, 1))", "Integral(exp(-u**2), (u, 0, 1))"),
    ("Integral(exp(-a*x**4), (x, 0, oo))", "Integral(exp(-u**4), (u, 0, oo))/a**(1/2)"),
    ("Integral(exp(-b*x**4), (x, 0, oo))", "Integral(exp(-u**4), (u, 0, oo))/b**(1/4)"),
    ("Integral(exp(-x**2), (x, 0, 1))**2", "Integral(exp(-x**2), (x, 0, 1))"),
    ("Integral(exp(b*x), (x, 0, 1))", "(exp(b) - 1)*Integral(exp(-b*x), (x, 0, oo))"),
    ("Integral(exp(b*x), (x, 0, 1))*b", "Integral(exp(u), (u, 0, b))/sign(b**2)"),
    ("Integral(1/x**2, (x, -1, 1))", "-2"),
    ("Integral(1/x, (x, -1, 1))", "0"),
    ("Integral(1/(1 + x**2), (x, 0, oo))", "pi"),
    ("Integral(log(x)/(1 + x**2), (x, 0, oo))", "1"),
    ("Integral(log(x)/(1 + x**2), (x, 0, 1))", "0"),
    # Frullani: the parts diverge, and u = 2 x would carry one to the other
    ("Integral((exp(-x) - exp(-2*x))/x, (x, 0, oo))", "0"),
    ("Integral((cos(x) - cos(2*x))/x, (x, 0, oo))", "0"),
]


@pytest.mark.parametrize("case", EQUATIONS)
def test_equations(case: tuple[str, ...]) -> None:
    """Equations between integrals close."""
    assert closes(*case)


@pytest.mark.parametrize("case", NOT_EQUATIONS)
def test_wrong_equations(case: tuple[str, ...]) -> None:
    """Wrong neighbours do not."""
    assert not closes(*case)


def test_the_ends_of_a_substitution_are_limits() -> None:
    """1/x turns (0, oo) round; where a term is not continuous at an end, it is not put in there."""
    term, context = integral("Integral(exp(-x), (x, 0, oo))")
    x = fresh(context, term)
    where = span(x, S.Zero, S.Infinity, context)
    unit = span(x, S.Zero, S.One, context)
    assert where is not None
    assert unit is not None
    assert image(1/x, where) == (S.Infinity, S.Zero)
    assert image(x, where) == (S.Zero, S.Infinity)
    assert image(sin(1/x), unit) is None
    assert carried(x, unit, x**2 - x, unit) is None
    assert carried(x, unit, x**2, unit) is not None


# ---------------------------------------------------------------- named integrals

NAMED: list[tuple[str, dict[str, str]]] = [
    ("Integral(exp(-a*x**2 + b*x), (x, -oo, oo))", {"a": "1.3", "b": "-0.7"}),
    ("Integral(x**3*exp(-a*x**2 + b*x), (x, -oo, oo))", {"a": "0.8", "b": "0.6"}),
    ("Integral(x**4*exp(-a*x**2), (x, -oo, oo))", {"a": "1.1"}),
    ("Integral(x**(p - 1)*exp(-a*x), (x, 0, oo))", {"a": "1.7", "p": "2.5"}),
    ("Integral(x**(p + 1)*exp(-a*x**3), (x, 0, oo))", {"a": "0.9", "p": "0.6"}),
    ("Integral(cos(t*x)*exp(-a*x**2), (x, 0, oo))", {"a": "0.6", "t": "-1.2"}),
    ("Integral(exp(-a*x)*sin(t*x), (x, 0, oo))", {"a": "0.8", "t": "1.4"}),
    ("Integral(exp(-a*x)*cos(t*x), (x, 0, oo))", {"a": "0.8", "t": "1.4"}),
    ("Integral(exp(-a*x)*sin(t*x)/x, (x, 0, oo))", {"a": "1.8", "t": "-0.9"}),
    ("Integral(x**p*(1 - x)**q, (x, 0, 1))", {"p": "1.4", "q": "2.3"}),
    ("Integral(x**p*(3 - 3*x**2)**q, (x, 0, 1))", {"p": "1.4", "q": "2.3"}),
    ("Integral(x**p/(a + c*x**2)**(p + 3), (x, 0, oo))", {"a": "0.7", "c": "1.9", "p": "1.2"}),
    ("Integral(x**p*log(x)**3, (x, 0, 1))", {"p": "1.7"}),
    ("Integral(x**p*(-log(x))**q, (x, 0, 1))", {"p": "1.7", "q": "2"}),
    ("Integral(sin(x)**p*cos(x)**q, (x, 0, pi/2))", {"p": "1.3", "q": "2.6"}),
    ("Integral((a - a*x/2)**p*x**q, (x, 0, 2))", {"a": "1.3", "p": "1.4", "q": "0.8"}),
    ("Integral((x + 1)**p*(3 - x)**q, (x, -1, 3))", {"p": "1.4", "q": "0.8"}),
    ("Integral((2*x + 2)**n*(x - 3)**n, (x, -1, 3))", {"n": "3"}),
    ("Integral(sin(2*x)**p*cos(2*x)**q, (x, 0, pi/4))", {"p": "1.3", "q": "2.6"}),
    ("Integral(sin(x/2)**p, (x, 0, 2*pi))", {"p": "1.3"}),
    ("Integral(exp(-a*x)*sin(x)*cos(2*x)**2, (x, 0, oo))", {"a": "0.8"}),
    ("Integral(x**(p + 2)/(exp(a*x) - 1), (x, 0, oo))", {"a": "1.2", "p": "1.5"}),
    ("Integral(x**(p + 2)/(exp(a*x) + 1), (x, 0, oo))", {"a": "1.2", "p": "1.5"}),
]

NOT_NAMED = [
    "Integral(exp(-b*x**2), (x, -oo, oo))",
    "Integral(x**(b - 1)*exp(-x), (x, 0, oo))",
    "Integral(x**(p - 1)*exp(-b*x), (x, 0, oo))",
    "Integral(x**(p - 1)*exp(-x**b), (x, 0, oo))",
    "Integral(x**(p - 2)*exp(-x), (x, 0, oo))",
    "Integral(x**b*(1 - x)**q, (x, 0, 1))",
    "Integral(x**p*(1 - x)**b, (x, 0, 1))",
    "Integral(x**p*(1 - 2*x)**q, (x, 0, 1))",
    "Integral(x**p/(a - c*x)**(p + 2), (x, 0, oo))",
    "Integral(x**p/(a + c*x)**(p + 1), (x, 0, oo))",
    "Integral(x**b*log(x)**2, (x, 0, 1))",
    "Integral(x**p*log(x)**b, (x, 0, 1))",
    "Integral(sin(x)**b*cos(x)**q, (x, 0, pi/2))",
    "Integral(1/(exp(a*x) - 1), (x, 0, oo))",
    "Integral(x**(p - 1)/(exp(a*x) - 1), (x, 0, oo))",
    "Integral(x**p/(exp(b*x) - 1), (x, 0, oo))",
    "Integral(cos(t*x), (x, 0, oo))",
    "Integral(sin(s*x)/x, (x, 0, oo))",
    "Integral(exp(-a*x)*sin(s*x), (x, 0, oo))",
    "Integral(sin(t*x), (x, 0, oo))",
    "Integral(x**p*(1 - x)**q, (x, 0, 2))",
    "Integral((x + 1)**p*(x - 3)**q, (x, -1, 3))",
    "Integral((x + 1)**b*(3 - x)**q, (x, -1, 3))",
    "Integral(sin(x)**p*cos(x)**q, (x, 0, pi))",
    "Integral(cos(x)**p, (x, 0, pi))",
    "Integral(cos(t*x)/(a + c*x**2), (x, 0, oo))",
    "Integral(cos(a*x)/(a - c*x**2), (x, 0, oo))",
    "Integral(x*cos(a*x)/(a + c*x**2), (x, 0, oo))",
]


@pytest.mark.parametrize(("text", "values"), NAMED)
def test_named(text: str, values: dict[str, str]) -> None:
    """The value agrees with rigorous quadrature of the integral at a point."""
    term, context = integral(text)
    x = fresh(context, term)
    where = span(x, *term.ends, context)
    assert where is not None
    found = named(renamed(term, x), where)
    assert found is not None
    balls = {name: acb(arb(value)) for name, value in values.items()}
    assert _ball(found, balls).overlaps(_quadrature(term, balls))


@pytest.mark.parametrize("text", NOT_NAMED)
def test_not_named(text: str) -> None:
    """Where a condition is not known to hold, there is no value."""
    term, context = integral(text)
    x = fresh(context, term)
    where = span(x, *term.ends, context)
    assert where is not None
    assert named(renamed(term, x), where) is None


def _quadrature(term: Integral, balls: dict[str, acb]) -> acb:
    """The integral over all but its far ends, with a radius that the rest is below."""
    lo, hi = term.ends
    low = acb(-14) if lo is S.NegativeInfinity else _ball(lo, balls)
    high = _ball(hi, balls) if hi is not S.Infinity else acb(40) if "exp" in str(term) else acb(4000)
    edge = acb(arb("1e-7"))
    low = low + edge if lo is S.Zero else low
    high = high - edge if hi is not S.Infinity else high
    name = term.variable.name

    def body(z: acb, analytic: bool) -> acb:  # noqa: FBT001 - as acb.integral calls it
        return _ball(term.body, {**balls, name: z}, analytic=analytic)

    found = acb.integral(body, low, high, rel_tol=arb("1e-8"))
    return found + acb(arb(0, 2e-5), arb(0, 2e-5))


HEADS = {"exp": acb.exp, "sin": acb.sin, "cos": acb.cos, "gamma": acb.gamma, "atan": acb.atan}


def _ball(term: Expr, balls: dict[str, acb], *, analytic: bool = False) -> acb:
    if term.is_Symbol:
        return balls[term.name]
    if term.is_Rational:
        return acb(arb(int(term.p)) / int(term.q))
    if term is S.Pi:
        return acb(arb.pi())
    args = [_ball(a, balls, analytic=analytic) for a in term.args]
    if term.is_Add:
        return sum(args, acb(0))
    if term.is_Mul:
        total = acb(1)
        for one in args:
            total *= one
        return total
    if term.is_Pow:
        whole = term.exp.is_Integer
        return args[0] ** int(term.exp) if whole else args[0].pow(args[1], analytic=analytic)
    if term.func.__name__ == "zeta":
        return args[0].zeta()
    if term.func.__name__ == "log":
        return args[0].log(analytic=analytic)
    return HEADS[term.func.__name__](args[0])


# ---------------------------------------------------------------- existence

EXIST = [
    "Integral(exp(-x**2)*log(x), (x, 0, oo))",
    "Integral(log(sin(x)), (x, 0, pi/2))",
    "Integral(sqrt(sin(x)), (x, 0, pi/2))",
    "Integral(1/sqrt(sin(x)), (x, 0, pi/2))",
    "Integral(sin(x)/x, (x, 0, oo))",
    "Integral(sin(t*x)*exp(-a*x)/x, (x, 0, oo))",
    "Integral(cos(a*x)/sqrt(x), (x, 0, oo))",
    "Integral(sin(a*x)*x/(1 + x**2), (x, 0, oo))",
    "Integral(exp(-x**2), (x, t, b))",
    "Integral(log(x)/(1 + x**2), (x, 0, oo))",
    "Integral(sin(x)/x, (x, -1, 1))",
    "Integral(x**(p - 1)*exp(-x)*cos(x), (x, 0, oo))",
]

NOT_EXIST = [
    "Integral(log(x)/x, (x, 0, 1))",
    "Integral(1/(x*log(x)), (x, 2, oo))",
    "Integral(sin(x)/x**2, (x, 0, 1))",
    "Integral(sin(x)**2/x, (x, 1, oo))",
    "Integral(sin(x)*exp(x), (x, 0, oo))",
    "Integral(cos(t*x)/x, (x, 1, oo))",
    "Integral(x/(1 + x**2), (x, -oo, oo))",
    "Integral(1/sin(x), (x, 1, 4))",
    "Integral(1/(x**2 - b), (x, 0, 1))",
    "Integral(x**b, (x, 0, 1))",
    "Integral(exp(b*x), (x, 0, oo))",
]


@pytest.mark.parametrize("text", EXIST)
def test_existence(text: str) -> None:
    """Proper, absolutely convergent, and Dirichlet's."""
    assert exists(*integral(text), SEARCH)


@pytest.mark.parametrize("text", NOT_EXIST)
def test_no_existence(text: str) -> None:
    """Divergent, or for some values of a parameter."""
    assert not exists(*integral(text), SEARCH)


def test_absolute_convergence_is_more() -> None:
    """sin(x)/x has an integral to oo, but not absolutely."""
    assert absolutely(*integral("Integral(sin(x)/x**2, (x, 1, oo))"))
    assert not absolutely(*integral("Integral(sin(x)/x, (x, 1, oo))"))


def test_silence_suggests_nothing() -> None:
    """Without an oracle the named integrals are left."""
    term, context = integral("Integral(exp(-x**2), (x, -oo, oo))")
    assert definite(term, context, SILENT) is not None
    term, context = integral("Integral(x**2, (x, 1, 2))")
    assert definite(term, context, SILENT) is None
