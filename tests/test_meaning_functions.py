"""The values of the further functions: known values, identities between them, conventions, and what has no value."""

from __future__ import annotations

import pytest
import sympy as sp
from flint import acb, arb, ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.core.errors import NotEvaluable
from derive.core.meaning import Gaussian, Model, evaluate, weigh
from derive.core.meaning.heads import HEADS
from derive.core.meaning.values import ball, complex_ball, gaussian
from derive.reader import read_symbols, read_term

WORDS = {
    "a": "complex", "b": "complex", "c": "complex", "s": "complex", "z": "complex", "m": "complex", "nu": "complex",
    "x": "real", "y": "real", "t": "real", "n": "integer", "k": "integer",
}  # fmt: skip
SYMBOLS = read_symbols(WORDS)

F = fmpq
Z = Gaussian(F(1, 3), F(5, 7))
W = Gaussian(F(-3, 4), F(2, 5))
HALF = Gaussian(F(1, 5), F(-1, 4))


def model(**values: object) -> Model:
    """A model of some of the symbols above."""
    return Model.of({SYMBOLS.scalars[name]: v if isinstance(v, Gaussian) else F(v) for name, v in values.items()})


def value(text: str, precision: int = 128, **values: object) -> object:
    """What a term is worth in a model."""
    return evaluate(read_term(text, SYMBOLS), model(**values), precision)


def agrees(left: str, right: str, *, bits: int = 60, **values: object) -> None:
    """Both are enclosed, and nothing tells them apart."""
    a, b, order = weigh(read_term(left, SYMBOLS), read_term(right, SYMBOLS), model(**values))
    assert order in (None, "equal"), (left, a, b)
    for found in map(complex_ball, (a, b)):
        assert found.real.rad() + found.imag.rad() < arb(2) ** -bits * (1 + abs(found).upper()), (left, found)


# ---------------------------------------------------------------- known values


@pytest.mark.parametrize(("text", "known"), [
    ("fibonacci(10)", "55"), ("fibonacci(-4)", "-3"), ("fibonacci(-5)", "5"), ("fibonacci(0)", "0"),
    ("lucas(5)", "11"), ("lucas(-3)", "-4"), ("lucas(0)", "2"),
    ("bernoulli(0)", "1"), ("bernoulli(2)", "1/6"), ("bernoulli(3)", "0"), ("bernoulli(12)", "-691/2730"),
    ("bernoulli(1, 0)", "-1/2"), ("bernoulli(1, 1)", "1/2"), ("bernoulli(3, 2)", "3"), ("bernoulli(4, 1/2)", "7/240"),
    ("euler(4)", "5"), ("euler(6)", "-61"), ("euler(3)", "0"), ("euler(3, 1/2)", "0"), ("euler(3, 0)", "1/4"),
    ("genocchi(4)", "1"), ("genocchi(2)", "-1"), ("catalan(5)", "42"), ("bell(5)", "52"), ("bell(3, 2)", "22"),
    ("subfactorial(5)", "44"), ("subfactorial(0)", "1"), ("factorial2(7)", "105"), ("factorial2(8)", "384"),
    ("factorial2(-1)", "1"), ("factorial2(-3)", "-1"), ("factorial2(-5)", "1/3"),
    ("partition(10)", "42"), ("partition(0)", "1"), ("partition(-3)", "0"),
    ("totient(36)", "12"), ("totient(1)", "1"), ("divisor_sigma(12)", "28"), ("divisor_sigma(12, 0)", "6"),
    ("primepi(100)", "25"), ("primepi(97)", "25"), ("primepi(5/2)", "1"), ("primepi(-1)", "0"),
    ("chebyshevt(5, 2)", "362"), ("chebyshevt(-5, 2)", "362"), ("chebyshevu(3, 2)", "56"), ("chebyshevu(-1, 2)", "0"),
    ("chebyshevu(-5, 2)", "-56"), ("legendre(2, 3)", "13"), ("legendre(-3, 3)", "13"), ("legendre(3, -1)", "-1"),
    ("hermite(3, 2)", "40"), ("laguerre(2, 4)", "1"), ("assoc_laguerre(2, 1, 3)", "-3/2"),
    ("gegenbauer(2, 3, 1/2)", "3"), ("jacobi(1, 1, 2, 3)", "7"), ("assoc_legendre(1, 1, 0)", "-1"),
    ("assoc_legendre(2, 1, 0)", "0"), ("assoc_legendre(2, 2, 3)", "-24"),
    ("hyper([], [], 0)", "1"), ("hyper([-2], [3], 4)", "-1/3"), ("hyper([-2, 5], [], 3)", "241"),
    ("besselj(0, 0)", "1"), ("besselj(3, 0)", "0"), ("besseli(1/2, 0)", "0"), ("LambertW(0)", "0"),
    ("polylog(2, 0)", "0"), ("elliptic_e(1)", "1"), ("elliptic_f(0, 3)", "0"), ("betainc(2, 3, 0, 0)", "0"),
    ("Heaviside(-2)", "0"), ("Heaviside(2)", "1"), ("expint(3, 0)", "1/2"), ("lowergamma(2, 0)", "0"),
])  # fmt: skip
def test_exact_values(text: str, known: str) -> None:
    """What is rational is known exactly."""
    assert value(text) == value(known)


@pytest.mark.parametrize(("text", "known"), [
    ("besselj(0, 1)", "0.76519768655796655144971752610266"), ("bessely(1, 2)", "-0.10703243154093754688837077227748"),
    ("besseli(2, 3)", "2.2452124409299511546254783856343"), ("besselk(1/3, 2)", "0.11654496129616524875894262891463"),
    ("airyai(1)", "0.13529241631288141552414742351547"), ("airybi(0)", "0.61492662744600073515092236909361"),
    ("airyaiprime(0)", "-0.2588194037928067984051835601892"),
    ("airybiprime(-1)", "0.5923756264227923508167792291816"),
    ("elliptic_k(1/2)", "1.8540746773013719184338503471953"),
    ("elliptic_e(1/2)", "1.3506438810476755025201747353387"),
    ("elliptic_pi(1/2, 1/2)", "2.7012877620953510050403494706775"),
    ("LambertW(1)", "0.56714329040978387299996866221036"),
    ("LambertW(-1/10, -1)", "-3.577152063957297218409391963512"),
    ("polylog(3, 1/2)", "0.53721319360804020094062322559497"),
    ("stieltjes(1)", "-0.072815845483676724860586375874901"),
    ("dirichlet_eta(1)", "0.69314718055994530941723212145818"), ("Ei(1)", "1.8951178163559367554665209343316"),
    ("Ei(-1)", "-0.21938393439552027367716377546012"), ("Si(1)", "0.94608307036718301494135331382318"),
    ("Ci(1)", "0.33740392290096813466264620388915"), ("Shi(1)", "1.0572508753757285145718423548959"),
    ("Chi(1)", "0.83786694098020824089467857943576"), ("li(2)", "1.0451637801174927848445888891946"),
    ("li(1/2)", "-0.37867104306108797672720718463656"), ("Li(10)", "5.1204357246698051526783928634749"),
    ("erfi(1)", "1.6504257587975428760253377295614"), ("fresnels(1)", "0.43825914739035476607675669662515"),
    ("fresnelc(1)", "0.77989340037682282947420641365269"), ("expint(1, 1)", "0.21938393439552027367716377546012"),
    ("atan2(1, -1)", "2.3561944901923449288469825374596"),
    ("uppergamma(1/2, 2)", "0.080647117960317690788626073021305"),
    ("betainc(1/2, 3, 0, 1/3)", "0.92376043070340122321463804880313"),
])  # fmt: skip
def test_literature_values(text: str, known: str) -> None:
    """Values as mpmath has them, to 30 digits."""
    found = ball(value(text))
    with ctx.workprec(200):
        assert abs(found - arb(known)) < arb(10) ** -30, found


# ---------------------------------------------------------------- functions against each other


@pytest.mark.parametrize(("left", "right", "names"), [
    ("airyai(z)*airybiprime(z) - airyaiprime(z)*airybi(z)", "1/pi", {"z": Z}),
    ("besselj(nu + 1, z)*bessely(nu, z) - besselj(nu, z)*bessely(nu + 1, z)", "2/(pi*z)", {"nu": HALF, "z": W}),
    ("besseli(nu, z)*besselk(nu + 1, z) + besseli(nu + 1, z)*besselk(nu, z)", "1/z", {"nu": HALF, "z": W}),
    ("hankel1(nu, z)", "besselj(nu, z) + I*bessely(nu, z)", {"nu": HALF, "z": Z}),
    ("hankel2(nu, z)", "besselj(nu, z) - I*bessely(nu, z)", {"nu": HALF, "z": Z}),
    ("besselj(3, z)", "-besselj(-3, z)", {"z": Gaussian(F(-2), F(1, 9))}),
    ("besselj(3, x)", "-besselj(3, -x)", {"x": F(7, 3)}),
    ("jn(1, z)", "sin(z)/z**2 - cos(z)/z", {"z": W}), ("yn(0, z)", "-cos(z)/z", {"z": W}),
    ("elliptic_e(m)*elliptic_k(1 - m) + elliptic_e(1 - m)*elliptic_k(m) - elliptic_k(m)*elliptic_k(1 - m)", "pi/2",
     {"m": Z}),
    ("elliptic_k(m)", "Integral(1/sqrt(1 - m*sin(t)**2), (t, 0, pi/2))", {"m": Z}),
    ("elliptic_e(x, m)", "Integral(sqrt(1 - m*sin(t)**2), (t, 0, x))", {"x": F(7, 2), "m": Z}),
    ("elliptic_f(x, m)", "Integral(1/sqrt(1 - m*sin(t)**2), (t, 0, x))", {"x": F(-7, 2), "m": F(3, 5)}),
    ("elliptic_pi(a, x, m)", "Integral(1/((1 - a*sin(t)**2)*sqrt(1 - m*sin(t)**2)), (t, 0, x))",
     {"x": F(2), "m": F(3, 5), "a": F(-4, 3)}),
    ("elliptic_pi(a, m)", "Integral(1/((1 - a*sin(t)**2)*sqrt(1 - m*sin(t)**2)), (t, 0, pi/2))", {"a": HALF, "m": W}),
    ("elliptic_f(pi/2, m)", "elliptic_k(m)", {"m": Z}), ("elliptic_e(3*pi/2, m)", "3*elliptic_e(m)", {"m": Z}),
    ("elliptic_f(-5*pi/2, m)", "-5*elliptic_k(m)", {"m": Z}), ("elliptic_e(pi, m)", "2*elliptic_e(m)", {"m": Z}),
    ("elliptic_pi(a, pi/2, m)", "elliptic_pi(a, m)", {"a": F(1, 3), "m": F(-2)}),
    ("elliptic_e(x, 1)", "sin(x)", {"x": F(3, 2)}), ("elliptic_e(x, 1)", "2 - sin(x)", {"x": F(2)}),
    ("elliptic_e(pi/2, 1)", "1", {}), ("elliptic_f(x, 2)", "elliptic_f(asin(sqrt(2)*sin(x)), 1/2)/sqrt(2)",
                                     {"x": F(3, 4)}),
    ("elliptic_f(pi/6, 4)", "elliptic_k(1/4)/2", {}),
    ("elliptic_e(asin(1/sqrt(x)), x)", "sqrt(x)*(elliptic_e(1/x) - (1 - 1/x)*elliptic_k(1/x))", {"x": F(3)}),
    ("hyper([1/2, 1/2, 1], [3/2, 3/2], -1)", "Catalan", {}), ("hyper([1, 1, 1], [2, 2], 1)", "pi**2/6", {}),
    ("hyper([1, 1, 1, 1], [2, 2, 2], -1)", "3*zeta(3)/4", {}),
    ("hyper([a], [], z)", "(1 - z)**(-a)", {"a": Z, "z": W}), ("hyper([], [], z)", "exp(z)", {"z": W}),
    ("z*hyper([1, 1], [2], z)", "-log(1 - z)", {"z": Gaussian(F(5), F(1, 3))}),
    ("z*hyper([1/2, 1], [3/2], -z**2)", "atan(z)", {"z": Z}),
    ("hyper([a, b], [c], 1)", "gamma(c)*gamma(c - a - b)/(gamma(c - a)*gamma(c - b))",
     {"a": HALF, "b": Z, "c": F(7, 3)}),
    ("hyper([a, b], [c], z)", "(1 - z)**(c - a - b)*hyper([c - a, c - b], [c], z)",
     {"a": Z, "b": W, "c": HALF, "z": Gaussian(F(3), F(1))}),
    ("hyper([1, 1, 1], [2, 2], z)*z", "polylog(2, z)", {"z": HALF}),
    ("legendre(nu, x)", "hyper([-nu, nu + 1], [1], (1 - x)/2)", {"nu": HALF, "x": F(5, 2)}),
    ("chebyshevt(n, cos(z))", "cos(n*z)", {"n": 7, "z": Z}),
    ("chebyshevu(n - 1, cos(z))*sin(z)", "sin(n*z)", {"n": -6, "z": Z}),
    ("gegenbauer(n, 1, z)", "chebyshevu(n, z)", {"n": 6, "z": Z}),
    ("jacobi(n, 0, 0, z)", "legendre(n, z)", {"n": 6, "z": Z}),
    ("jacobi(n, a, b, -z)", "(-1)**n*jacobi(n, b, a, z)", {"n": 5, "a": Z, "b": W, "z": HALF}),
    ("assoc_laguerre(n, a, 0)", "binomial(n + a, n)", {"n": 5, "a": Z}),
    ("hermite(2*k, z)", "(-4)**k*factorial(k)*assoc_laguerre(k, -1/2, z**2)", {"k": 3, "z": Z}),
    ("assoc_legendre(2, 1, x)", "-3*x*sqrt(1 - x**2)", {"x": F(-3, 5)}),
    ("LambertW(z, k)*exp(LambertW(z, k))", "z", {"z": W, "k": -3}),
    ("LambertW(-(1/E))", "-1", {}), ("LambertW(x, -1)*exp(LambertW(x, -1))", "x", {"x": F(-1, 3)}),
    ("polylog(2, z) + polylog(2, 1 - z)", "pi**2/6 - log(z)*log(1 - z)", {"z": Z}),
    ("polylog(1, z)", "-log(1 - z)", {"z": Gaussian(F(3), F(1))}), ("polylog(s, 1)", "zeta(s)", {"s": F(7, 3)}),
    ("lerchphi(z, 1, 1)*z", "-log(1 - z)", {"z": HALF}), ("lerchphi(-1, s, 1)", "dirichlet_eta(s)", {"s": Z}),
    ("lerchphi(z, 3, a)", "Integral(t**2*exp(-a*t)/(1 - z*exp(-t)), (t, 0, oo))/2", {"z": Z, "a": F(3, 2)}),
    ("stieltjes(0, a)", "-digamma(a)", {"a": Gaussian(F(-5, 2), F(1))}), ("trigamma(z)", "polygamma(1, z)", {"z": Z}),
    ("stieltjes(1, 1/2)", "stieltjes(1) - 2*EulerGamma*log(2) - log(2)**2", {}),
    ("Ei(z)", "Chi(z) + Shi(z)", {"z": Z}), ("Ci(z)", "Chi(I*z) - pi*I/2", {"z": Z}),
    ("Si(z)", "Integral(sinc(t), (t, 0, z))", {"z": Z}), ("Shi(z)", "-I*Si(I*z)", {"z": Z}),
    ("li(z)", "Ei(log(z))", {"z": Gaussian(F(3), F(2))}), ("erfi(z)", "-I*erf(I*z)", {"z": Z}),
    ("erf2(a, b)", "erf(b) - erf(a)", {"a": Z, "b": W}),
    ("fresnels(z)", "Integral(sin(pi*t**2/2), (t, 0, z))", {"z": Z}),
    ("fresnelc(z)", "Integral(cos(pi*t**2/2), (t, 0, z))", {"z": Z}),
    ("lowergamma(s, z) + uppergamma(s, z)", "gamma(s)", {"s": Z, "z": W}),
    ("uppergamma(1, z)", "exp(-z)", {"z": F(-3)}), ("lowergamma(1, z)", "1 - exp(-z)", {"z": F(-3)}),
    ("expint(nu, z)", "z**(nu - 1)*uppergamma(1 - nu, z)", {"nu": Z, "z": W}),
    ("betainc(2, b, 0, z)", "(1 - (1 - z)**b*(1 + b*z))/(b*(1 + b))", {"b": Z, "z": W}),
    ("betainc(a, b, x, y)", "Integral(t**(a - 1)*(1 - t)**(b - 1), (t, x, y))",
     {"a": Z, "b": HALF, "x": F(1, 5), "y": F(2, 3)}),
    ("betainc(a, b, 0, 1)", "beta(a, b)", {"a": Z, "b": F(1, 2)}), ("betainc(1, 1, 0, 2)", "2", {}),
    ("betainc_regularized(a, b, 0, x) + betainc_regularized(b, a, 0, 1 - x)", "1",
     {"a": Z, "b": F(1, 2), "x": F(1, 3)}),
    ("atan2(y, x)", "arg(x + I*y)", {"x": F(-3), "y": F(-1, 2)}), ("atan2(0, x)", "pi", {"x": F(-3)}),
    ("bernoulli(n, z + 1) - bernoulli(n, z)", "n*z**(n - 1)", {"n": 7, "z": Z}),
    ("euler(n, z + 1) + euler(n, z)", "2*z**n", {"n": 7, "z": Z}),
])  # fmt: skip
def test_identities(left: str, right: str, names: dict[str, object]) -> None:
    """Two ways to one value, which share no convention."""
    agrees(left, right, bits=40, **names)


# ---------------------------------------------------------------- what has no value


@pytest.mark.parametrize("text", [
    "bernoulli(1)", "bernoulli(-1)", "bernoulli(1/2)", "genocchi(1)", "fibonacci(1/2)", "fibonacci(3, 2)",
    "fibonacci(10**9)", "lucas(1/3)", "catalan(-1)", "bell(-1)", "bell(10**6)", "euler(10**5)", "partition(10**9)",
    "totient(0)", "totient(-3)", "totient(10**30)", "totient(1/2)", "divisor_sigma(0)", "divisor_sigma(6, -1)",
    "divisor_sigma(6, 10**6)", "primepi(10**12)", "primepi(I)", "factorial2(-2)", "factorial2(1/2)", "subfactorial(-1)",
    "subfactorial(1/2)", "catalan(10**9)", "factorial2(10**9)", "stieltjes(-1)", "stieltjes(10**9)",
    "stieltjes(1, -1/2)", "assoc_legendre(1, 2, 0)",
    "chebyshevt(1/2, 3)", "chebyshevu(10**9, 3)", "legendre(1/2, -2)", "legendre(1/2, -1)", "hermite(-1, 2)",
    "laguerre(1/2, 2)", "gegenbauer(3, 0, 2)", "jacobi(-1, 1, 1, 2)", "assoc_legendre(1, 1, 3)",
    "besselj(1/2, -1)", "besselj(-1/2, 0)", "bessely(0, 0)", "bessely(2, -1)", "besselk(1/2, -1)", "besselj(10**6, 1)",
    "besselj(I, 0)", "hankel1(0, 0)", "jn(0, 0)", "jn(1, -2)", "airyai(10**9)",
    "elliptic_k(1)", "elliptic_pi(1, 1/2)", "elliptic_pi(3, 1/2)",
    "elliptic_pi(1/2, 3)",
    "elliptic_f(2, 3)", "elliptic_e(2, 3)", "elliptic_pi(3, 2, 1/2)", "elliptic_f(pi/2, 1)", "elliptic_f(2 + I, 1/2)",
    "elliptic_pi(2, 1, 1/2)", "hyper([1, 1], [2], 1)", "hyper([1, 1], [2], 2)", "hyper([1, 1], [3/2], 3)",
    "hyper([1, 1, 1], [3/2, 3/2], 1)", "hyper([1, 1, 5], [2, 2], -1)", "hyper([1, 1, 1], [2, 2], 2)",
    "hyper([1], [0], 1)", "hyper([1], [-2], 1)", "hyper([-1], [-2], 1)", "hyper([1, 1], [], 1/2)",
    "LambertW(0, 1)", "LambertW(-1, 1)", "LambertW(-1, -1)", "LambertW(1, 1/2)",
    "polylog(2, 2)", "polylog(1/2, 1)", "polylog(1, 1)", "polylog(1, 3)", "lerchphi(2, 1, 1)", "lerchphi(1/2, 1, -1/2)",
    "Ei(0)", "Ci(-1)", "Ci(0)", "Chi(-2)", "li(1)", "li(-2)", "expint(1, 0)", "expint(1/2, -1)", "expint(1, -1)",
    "uppergamma(1/2, -1)", "uppergamma(0, 0)", "uppergamma(0, -1)", "lowergamma(1/2, -1)", "lowergamma(0, 1)",
    "lowergamma(-1/2, 0)", "betainc(1/2, 1/2, 0, 2)", "betainc(0, 1, 0, 1/2)", "betainc(-1/2, 1, 0, 1/2)",
    "betainc(1/2, -1/2, 0, 1)", "betainc(1/2, 1, -1, 0)", "betainc_regularized(1, 0, 0, 1/2)",
    "atan2(0, 0)", "atan2(I, 1)", "Heaviside(0)", "Heaviside(I)", "DiracDelta(1)", "multigamma(1, 2)",
])  # fmt: skip
def test_no_value(text: str) -> None:
    """Poles, branch cuts, conventions and giants have no value."""
    with pytest.raises(NotEvaluable):
        value(text)


@pytest.mark.parametrize(("text", "above"), [
    ("LambertW(-1)", "-0.31813150520476413531265425158766451720351761387140 1.3372357014306894089011621431937106125"),
    ("elliptic_k(2)", "1.31102877714605990523241979494 -1.31102877714605990523241979494"),
    ("elliptic_e(2)", "0.5990701173677961037199612462 0.5990701173677961037199612462"),
])  # fmt: skip
def test_on_a_cut_both_sides_are_enclosed(text: str, above: str) -> None:
    """Which of two conjugate values it is is a convention; that it is no other is not."""
    real, imag = map(arb, above.split())
    found = complex_ball(value(text))
    for side in (acb(real, imag), acb(real, -imag)):
        assert found.overlaps(side)
    assert found.real.rad() < arb(2) ** -60
    assert not found.overlaps(acb(real + arb("0.001"), imag))


# ---------------------------------------------------------------- derivatives


@pytest.mark.parametrize(("left", "right", "names"), [
    ("Derivative(besselj(nu, z), z)", "(besselj(nu - 1, z) - besselj(nu + 1, z))/2", {"nu": HALF, "z": W}),
    ("Derivative(besselj(2, x), (x, 2))", "-besselj(2, x)*(1 - 4/x**2) - (besselj(1, x) - besselj(3, x))/(2*x)",
     {"x": F(-3, 2)}),
    ("Derivative(besselk(0, z), z)", "-besselk(1, z)", {"z": Z}),
    ("Derivative(airyai(z), (z, 2))", "z*airyai(z)", {"z": Z}),
    ("Derivative(airybi(x**2), x)", "2*x*airybiprime(x**2)", {"x": F(2, 3)}),
    ("Derivative(LambertW(z, k), z)", "LambertW(z, k)/(z*(1 + LambertW(z, k)))", {"z": Z, "k": 2}),
    ("Derivative(LambertW(x, -1), x)", "LambertW(x, -1)/(x*(1 + LambertW(x, -1)))", {"x": F(-1, 7)}),
    ("Derivative(elliptic_k(m), m)", "(elliptic_e(m) - (1 - m)*elliptic_k(m))/(2*m*(1 - m))", {"m": Z}),
    ("Derivative(elliptic_f(x, m), x)", "1/sqrt(1 - m*sin(x)**2)", {"x": F(1, 2), "m": F(1, 3)}),
    ("Derivative(legendre(5, z), z)*(z**2 - 1)", "5*(z*legendre(5, z) - legendre(4, z))", {"z": Z}),
    ("Derivative(chebyshevt(n, z), z)", "n*chebyshevu(n - 1, z)", {"n": 6, "z": Z}),
    ("Derivative(bernoulli(n, x), (x, 2))", "n*(n - 1)*bernoulli(n - 2, x)", {"n": 5, "x": F(1, 3)}),
    ("Derivative(hyper([a, b], [c], z), z)", "a*b/c*hyper([a + 1, b + 1], [c + 1], z)",
     {"a": Z, "b": W, "c": F(3, 2), "z": HALF}),
    ("Derivative(polylog(s, z), z)", "polylog(s - 1, z)/z", {"s": Z, "z": HALF}),
    ("Derivative(uppergamma(s, x), x)", "-exp(-x)*x**(s - 1)", {"s": Z, "x": F(2)}),
    ("Derivative(Ei(x), x)", "exp(x)/x", {"x": F(2)}),
    ("Derivative(erfi(x), (x, 3))", "4*(1 + 2*x**2)*exp(x**2)/sqrt(pi)", {"x": F(1, 2)}),
    ("Derivative(atan2(y, x), x)", "-y/(x**2 + y**2)", {"x": F(-3), "y": F(2)}),
    ("Derivative(atan2(y, x), y)", "x/(x**2 + y**2)", {"x": F(-3), "y": F(2)}),
    ("Derivative(fresnels(x), (x, 2))", "pi*x*cos(pi*x**2/2)", {"x": F(1, 3)}),
])  # fmt: skip
def test_derivatives(left: str, right: str, names: dict[str, object]) -> None:
    """Derivatives against the formulas of the books."""
    agrees(left, right, bits=40, **names)


@pytest.mark.parametrize("text", [
    "Subs(Derivative(LambertW(z), z), z, -1/E)", "Subs(Derivative(LambertW(z), z), z, -1)",
    "Subs(Derivative(elliptic_k(m), m), m, 2)", "Subs(Derivative(atan2(0, x), x), x, -1)",
    "Subs(Derivative(atan2(0, x), x), x, 0)", "Subs(Derivative(Ei(x), x), x, -1)",
    "Subs(Derivative(primepi(x), x), x, 2)", "Subs(Derivative(Heaviside(x), x), x, 0)",
    "Subs(Derivative(besselj(1/2, x), x), x, -1)", "Subs(Derivative(besselj(0, x), (x, 40)), x, 1)",
    "Subs(Derivative(hyper([1, 1], [2], x), x), x, 1)", "Subs(Derivative(fibonacci(x), x), x, 3)",
])  # fmt: skip
def test_derivatives_without_a_value(text: str) -> None:
    """On cuts, at steps, in an index, and of high order."""
    with pytest.raises(NotEvaluable):
        value(text)


# ---------------------------------------------------------------- integrals and limits


@pytest.mark.parametrize(("left", "right", "names"), [
    ("Integral(chebyshevt(n, x)**2/sqrt(1 - x**2), (x, -1, 1))", "pi/2", {"n": 5}),
    ("Integral(chebyshevu(n, x)*chebyshevu(n + 2, x)*sqrt(1 - x**2), (x, -1, 1))", "0", {"n": 3}),
    ("Integral(hermite(n, x)**2*exp(-x**2), (x, -oo, oo))", "2**n*factorial(n)*sqrt(pi)", {"n": 4}),
    ("Integral(legendre(n, x)/sqrt(1 - x), (x, -1, 1))", "2*sqrt(2)/(2*n + 1)", {"n": 3}),
    ("Limit(legendre(n, x)/x**n, x, oo)", "binomial(2*n, n)/2**n", {"n": 4}),
    ("Integral(besselj(0, x), (x, 0, 3))", "3*besselj(0, 3) + Integral(x*besselj(1, x), (x, 0, 3))", {}),
    ("Integral(airyai(x)**2, (x, -1, 2))",
     "2*airyai(2)**2 - airyaiprime(2)**2 + airyai(-1)**2 + airyaiprime(-1)**2", {}),
])  # fmt: skip
def test_integrals_and_limits(left: str, right: str, names: dict[str, object]) -> None:
    """Orthogonality, also against singular weights, and integrals by parts."""
    agrees(left, right, bits=30, **names)


@pytest.mark.parametrize("text", [
    "Limit(hermite(x, 1), x, oo)", "Limit(chebyshevt(100, x), x, oo)", "Limit(besselj(0, x), x, oo)",
])  # fmt: skip
def test_limits_without_a_value(text: str) -> None:
    """In the degree, of a high degree, and of what has no expansion."""
    with pytest.raises(NotEvaluable):
        value(text)


# ---------------------------------------------------------------- series


@pytest.mark.parametrize(("left", "right", "names"), [
    ("Sum(fibonacci(k)*x**k, (k, 0, oo))", "x/(1 - x - x**2)", {"x": F(-3, 5)}),
    ("Sum(fibonacci(2*k - 3)*z**k, (k, 2, oo))", "z**2*(1 - z)/(1 - 3*z + z**2)", {"z": HALF}),
    ("Sum((-1)**(k + 1)/(fibonacci(k)*fibonacci(k + 1)), (k, 1, oo))", "(sqrt(5) - 1)/2", {}),
    ("Sum(totient(k)*x**k/(1 - x**k), (k, 1, oo))", "x/(1 - x)**2", {"x": F(-2, 3)}),
    ("Sum(totient(k)/k**10, (k, 1, oo))", "zeta(9)/zeta(10)", {}),
    ("Sum(partition(k)*x**k, (k, 0, oo))", "Product(1/(1 - x**k), (k, 1, 80))", {"x": F(1, 5)}),
    ("Sum(legendre(k, x)*z**k, (k, 0, oo))", "1/sqrt(1 - 2*x*z + z**2)", {"x": F(-9, 10), "z": F(3, 5)}),
    ("Sum(legendre(k, a)*z**k, (k, 0, oo))", "1/sqrt(1 - 2*a*z + z**2)", {"a": Z, "z": HALF}),
    ("Sum(chebyshevt(k, x)*z**k, (k, 0, oo))", "(1 - x*z)/(1 - 2*x*z + z**2)", {"x": F(1, 3), "z": F(3, 5)}),
    ("Sum(chebyshevu(k, a)*z**k/factorial(k), (k, 0, oo))",
     "exp(a*z)*(cosh(z*sqrt(a**2 - 1)) + a*z*sinc(I*z*sqrt(a**2 - 1)))", {"a": Z, "z": W}),
    ("Sum(bernoulli(k, 0)*(z**k/factorial(k)), (k, 0, oo))", "z/(exp(z) - 1)", {"z": Z}),
    ("Sum(bernoulli(k, x)*z**k/factorial(k), (k, 0, oo))", "z*exp(x*z)/(exp(z) - 1)", {"x": F(1, 3), "z": F(2)}),
    ("Sum(bell(k)*x**k/factorial(k), (k, 0, oo))", "exp(exp(x) - 1)", {"x": F(1, 2)}),
])  # fmt: skip
def test_series(left: str, right: str, names: dict[str, object]) -> None:
    """Generating functions: partial sums with a bounded rest."""
    agrees(left, right, bits=20, **names)


@pytest.mark.parametrize(("text", "names"), [
    ("Sum(fibonacci(k)*z**k, (k, 0, oo))", {"z": Gaussian(F(0), F(2, 3))}),
    ("Sum(bernoulli(k, 0)*z**k, (k, 0, oo))", {"z": F(1, 9)}), ("Sum(totient(k)/k**2, (k, 1, oo))", {}),
    ("Sum(bernoulli(k)*x**k/factorial(k), (k, 0, oo))", {"x": F(1)}),
])  # fmt: skip
def test_series_without_a_value(text: str, names: dict[str, object]) -> None:
    """Those that diverge, and those with a term of which the sign is a convention."""
    with pytest.raises(NotEvaluable):
        value(text, **names)


# ---------------------------------------------------------------- enclosures


_NUMBERS = st.builds(F, st.integers(-40, 40), st.integers(1, 9))
_ANY = st.one_of(_NUMBERS, st.builds(gaussian, _NUMBERS, _NUMBERS))
_COUNTS = {sp.beta: 2, sp.lerchphi: 3, sp.zeta: 1, sp.polygamma: 2, sp.elliptic_pi: 3, sp.elliptic_e: 2}
_NEW = sorted((h for h in HEADS if h.__module__.startswith("sympy.functions.special")), key=str)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(_NEW), st.lists(_ANY, min_size=4, max_size=4))
def test_wide_arguments_enclose_narrow_ones(head: type[sp.Function], values: list[object]) -> None:
    """A value on a ball around the last argument contains that at the argument, and its precision does not matter."""
    values = values[: _COUNTS.get(head) or int(min(head.nargs.args))]
    try:
        with ctx.workprec(128):
            found = complex_ball(HEADS[head](*values))
        with ctx.workprec(64):
            rough = complex_ball(HEADS[head](*values))
            wide = complex_ball(HEADS[head](*values[:-1], complex_ball(values[-1]) + acb(arb(0, 1e-4), arb(0, 1e-4))))
    except (NotEvaluable, ValueError, ArithmeticError):
        return
    assert found.overlaps(rough)
    assert found.overlaps(wide)
