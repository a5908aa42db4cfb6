"""Further functions: recurrences, powers, elliptic and hypergeometric forms; what must be found, and what must not."""

from __future__ import annotations

from collections.abc import Callable

import mpmath
import pytest
import sympy as sp
from sympy import Expr, Integer, Rational, S

from derive.core.scalar.context import Context
from derive.core.scalar.decide import CAPABILITIES, decide, needed
from derive.core.scalar.differentiate import derivative
from derive.core.scalar.hypers import hyper_of, hyper_value
from derive.core.scalar.looseness import loose
from derive.core.scalar.oracle import SILENT
from derive.core.scalar.places import Known
from derive.core.scalar.powers import by_powers
from derive.core.terms import Domain, Scalar
from derive.reader import read_claim

DOMAINS = {
    "a": "complex", "b": "complex", "c": "complex", "z": "complex", "w": "complex", "x": "real", "t": "positive",
    "k": "integer", "m": "integer", "n": "integer", "i": "integer nonnegative", "j": "integer positive",
}


def no_pole(name: str) -> str:
    """The given that a number is none of 0, -1, -2, ..."""
    return f"Not(And(Eq(im({name}), 0), Eq(floor(re({name})), re({name})), re({name}) <= 0))"


OFF_CUT = "Not(And(Eq(im(z), 0), re(z) >= 1))"


def read(left: str, right: str, *given: str) -> tuple[Expr, Expr, Context]:
    """Both sides of an equation, and what is known."""
    found = read_claim({"symbols": DOMAINS, "given": list(given), "steps": [left, f"= {right}"]}).derivation
    return found.start, found.steps[0].right, Context(found.given)


def closes(left: str, right: str, *given: str) -> bool:
    """Whether the claim is decided, and everything that both sides need is known or thin."""
    one, other, context = read(left, right, *given)
    found = decide(one, "=", other, context, CAPABILITIES, SILENT)
    return found.closed and not found.needs.missing


EQUAL = [
    # powers of the golden ratio
    ("fibonacci(10)", "55"),
    ("fibonacci(-6)", "-8"),
    ("lucas(n)", "fibonacci(n - 1) + fibonacci(n + 1)"),
    ("lucas(n)**2", "5*fibonacci(n)**2 + 4*(-1)**n"),
    ("fibonacci(2*n)", "fibonacci(n)*lucas(n)"),
    ("fibonacci(3*n)", "5*fibonacci(n)**3 + 3*(-1)**n*fibonacci(n)"),
    ("fibonacci(m + n)", "fibonacci(m)*fibonacci(n + 1) + fibonacci(m - 1)*fibonacci(n)"),
    ("((1 + sqrt(5))/2)**n", "(lucas(n) + sqrt(5)*fibonacci(n))/2"),
    ("exp(n*log(GoldenRatio))", "(lucas(n) + sqrt(5)*fibonacci(n))/2"),
    ("fibonacci(2*n)", "chebyshevu(n - 1, 3/2)"),
    ("lucas(2*n)", "2*chebyshevt(n, 3/2)"),
    ("Sum(fibonacci(k)**2, (k, 0, i))", "fibonacci(i)*fibonacci(i + 1)"),
    # Chebyshev
    ("chebyshevt(5, z)", "16*z**5 - 20*z**3 + 5*z"),
    ("chebyshevt(-n, z)", "chebyshevt(n, z)"),
    ("chebyshevu(-1, z)", "0"),
    ("chebyshevu(-n, z)", "-chebyshevu(n - 2, z)"),
    ("chebyshevu(n, -z)", "(-1)**n*chebyshevu(n, z)"),
    ("chebyshevt(m, chebyshevt(n, z))", "chebyshevt(m*n, z)"),
    ("2*chebyshevt(m, z)*chebyshevt(n, z)", "chebyshevt(m + n, z) + chebyshevt(m - n, z)"),
    ("chebyshevt(n, z)**2 + (1 - z**2)*chebyshevu(n - 1, z)**2", "1"),
    ("chebyshevu(n, z)**2 - chebyshevu(n - 1, z)*chebyshevu(n + 1, z)", "1"),
    ("chebyshevu(2*n + 1, z)", "2*chebyshevt(n + 1, z)*chebyshevu(n, z)"),
    ("chebyshevu(n, 1) + chebyshevu(n, -1)", "(n + 1)*(1 + (-1)**n)"),
    ("chebyshevt(2*n, 0)", "(-1)**n"),
    ("chebyshevt(n, cosh(z))", "cosh(n*z)"),
    ("chebyshevu(n, cos(z))*sin(z)", "sin((n + 1)*z)"),
    ("chebyshevt(n, z)", "cosh(n*acosh(z))"),
    ("chebyshevt(n, z)", "((z + sqrt(z**2 - 1))**n + (z - sqrt(z**2 - 1))**n)/2"),
    ("Derivative(chebyshevt(n, z), z)", "n*chebyshevu(n - 1, z)"),
    # Legendre, Hermite
    ("legendre(4, z)", "(35*z**4 - 30*z**2 + 3)/8"),
    ("legendre(-n - 1, z)", "legendre(n, z)"),
    ("(j + 1)*legendre(j + 1, z) + j*legendre(j - 1, z)", "(2*j + 1)*z*legendre(j, z)"),
    ("legendre(2*i, 0)", "(-1)**i*binomial(2*i, i)/4**i"),
    ("(1 - z**2)*Derivative(legendre(i, z), (z, 2)) - 2*z*Derivative(legendre(i, z), z)", "-i*(i + 1)*legendre(i, z)"),
    ("hermite(i + 2, z)", "2*z*hermite(i + 1, z) - 2*(i + 1)*hermite(i, z)"),
    ("hermite(3, z)", "8*z**3 - 12*z"),
    ("Derivative(hermite(j, z), (z, 2)) - 2*z*Derivative(hermite(j, z), z) + 2*j*hermite(j, z)", "0", "j >= 2"),
    ("Derivative(erf(z), (z, j))", "2*(-1)**(j + 1)/sqrt(pi)*hermite(j - 1, z)*exp(-z**2)"),
    # Bessel, Airy
    ("besselj(n - 1, z) + besselj(n + 1, z)", "2*n/z*besselj(n, z)"),
    ("besselk(a - 1, z) - besselk(a + 1, z)", "-2*a/z*besselk(a, z)", "Ne(z, 0)"),
    ("besselk(-a, z)", "besselk(a, z)", "Ne(z, 0)"),
    ("besselj(n, -z)", "(-1)**n*besselj(n, z)"),
    ("besseli(n, z)", "I**(-n)*besselj(n, I*z)"),
    ("besselj(5/2, z)", "sqrt(2*z/pi)*((3/z**2 - 1)*sin(z)/z - 3*cos(z)/z**2)", "Ne(z, 0)"),
    ("besselj(-3/2, z)", "-sqrt(2*z/pi)*(sin(z)/z + cos(z)/z**2)", "Ne(z, 0)"),
    ("besselk(3/2, z)", "sqrt(pi/2)*exp(-z)*(1 + 1/z)/sqrt(z)", "Ne(z, 0)"),
    ("besseli(-5/2, t)", "sqrt(2/pi/t)*((1 + 3/t**2)*cosh(t) - 3*sinh(t)/t)"),
    ("bessely(1/2, z)", "-besselj(-1/2, z)", "Ne(z, 0)"),
    ("besselk(0, t)*besseli(1, t) + besselk(1, t)*besseli(0, t)", "1/t"),
    ("besselj(0, 0)", "1"),
    ("besselj(j, 0)", "0"),
    ("hankel1(a, z) + hankel2(a, z)", "2*besselj(a, z)", "Ne(z, 0)"),
    ("Derivative(besselj(0, z), z)", "-besselj(1, z)"),
    ("Derivative(besselj(n, z), (z, 2))*z**2 + z*Derivative(besselj(n, z), z)", "(n**2 - z**2)*besselj(n, z)"),
    ("airyai(z)*airybiprime(z) - airyaiprime(z)*airybi(z)", "1/pi"),
    ("airybi(0)", "sqrt(3)*airyai(0)"),
    ("Derivative(airyai(z), (z, 3))", "airyai(z) + z*airyaiprime(z)"),
    # elliptic
    ("elliptic_e(k*pi/2, z)", "k*elliptic_e(z)"),
    ("elliptic_f(7*pi/2, z)", "7*elliptic_k(z)", "Ne(z, 1)"),
    ("elliptic_f(13*pi/6, z)", "elliptic_f(pi/6, z) + 4*elliptic_k(z)", "Ne(z, 1)"),
    ("elliptic_e(w - 2*pi, z)", "elliptic_e(w, z) - 4*elliptic_e(z)"),
    ("elliptic_k(-1)", "elliptic_k(1/2)/sqrt(2)"),
    ("elliptic_e(-1)", "sqrt(2)*elliptic_e(1/2)"),
    ("elliptic_pi(0, z)", "elliptic_k(z)", "Ne(z, 1)"),
    ("elliptic_f(pi/4, 1)", "log(1 + sqrt(2))"),
    ("Derivative(elliptic_k(t), t)", "(elliptic_e(t) - (1 - t)*elliptic_k(t))/(2*t*(1 - t))", "t < 1"),
    ("Derivative(elliptic_e(x, t), x)", "sqrt(1 - t*sin(x)**2)", "t < 1"),
    # Lambert
    ("LambertW(-exp(-1))", "-1"),
    ("LambertW(E)", "1"),
    ("LambertW(t*exp(t))", "t"),
    ("Derivative(LambertW(t), t)", "exp(-LambertW(t))/(1 + LambertW(t))"),
    # Bernoulli
    ("bernoulli(i, z + 1)", "bernoulli(i, z) + i*z**(i - 1)", "Ne(z, 0)"),
    ("bernoulli(i, 1 - z)", "(-1)**i*bernoulli(i, z)"),
    ("bernoulli(2*i + 3, 0)", "0"),
    ("bernoulli(6, 0)", "1/42"),
    # hypergeometric
    ("hyper([], [], z)", "exp(z)"),
    ("hyper([a], [], z)", "(1 - z)**(-a)", OFF_CUT),
    ("hyper([a, b], [b], z)", "(1 - z)**(-a)", OFF_CUT, no_pole("b")),
    ("hyper([-2, a], [b], z)", "1 - 2*a*z/b + a*(a + 1)*z**2/(b*(b + 1))", no_pole("b")),
    ("hyper([], [1/2], -z**2/4)", "cos(z)"),
    ("hyper([], [7/2], -z**2/4)", "15/z**2*((3/z**2 - 1)*sin(z)/z - 3*cos(z)/z**2)", "Ne(z, 0)"),
    ("z*hyper([1/2], [3/2], -z**2)", "sqrt(pi)/2*erf(z)"),
    ("hyper([1/2, 1/2], [1], t)", "2*elliptic_k(t)/pi", "t < 1"),
    ("hyper([1, 1], [2], z)", "-log(1 - z)/z", OFF_CUT, "Ne(z, 0)"),
    ("hyper([1, 1], [1/2], 1/2)", "2 + pi/2"),
    ("hyper([a, b], [c], 1)", "gamma(c)*gamma(c - a - b)/(gamma(c - a)*gamma(c - b))", "re(c - a - b) > 0",
        no_pole("c")),
    ("hyper([a], [2*a], z)", "exp(z)*hyper([a], [2*a], -z)", no_pole("2*a")),
    ("hyper([], [c], z) - hyper([], [c + 1], z)", "z*hyper([], [c + 2], z)/(c*(c + 1))", no_pole("c")),
    ("hyper([-i, i + 1], [1], (1 - z)/2)", "legendre(i, z)"),
    ("Derivative(hyper([a], [b], z), z)", "a/b*hyper([a + 1], [b + 1], z)", no_pole("b")),
    ("Sum(z**k/factorial(k)**2, (k, 0, oo))", "hyper([], [1], z)"),
    # directions
    ("arg(-2*I)", "-pi/2"),
    ("arg(t*z)", "arg(z)", "Ne(z, 0)"),
    ("Abs(log(z))**2", "log(Abs(z))**2 + arg(z)**2", "Ne(z, 0)"),
    ("z**w", "exp(w*(log(Abs(z)) + I*arg(z)))", "Ne(z, 0)"),
    # sums, products and integrals of them
    ("Sum(binomial(i, k)*fibonacci(k), (k, 0, i))", "fibonacci(2*i)"),
    ("Sum(binomial(i, k)*lucas(k), (k, 0, i))", "lucas(2*i)"),
    ("Sum(chebyshevt(k, z)*w**k/factorial(k), (k, 0, oo))", "exp(w*z)*cosh(w*sqrt(z**2 - 1))"),
    ("2**(j - 1)*Product(z - cos((2*k - 1)*pi/(2*j)), (k, 1, j))", "chebyshevt(j, z)"),
    ("2**i*Product(z - cos(k*pi/(i + 1)), (k, 1, i))", "chebyshevu(i, z)"),
    ("Sum(1/RisingFactorial(a, k)*z**k/factorial(k), (k, 0, oo))", "hyper([], [a], z)", no_pole("a")),
    ("Subs(Derivative((x**2 - 1)**i, (x, i)), x, z)", "2**i*factorial(i)*legendre(i, z)"),
    ("atan2(t, x) + atan2(1, t)", "atan2(t*t + x, x*t - t)",
        "And(atan2(t, x) + atan2(1, t) > -pi, atan2(t, x) + atan2(1, t) <= pi)"),
    ("elliptic_f(pi/6, 4)", "elliptic_k(1/4)/2"),
    ("besselk(1/3, z)", "pi*sqrt(3)*airyai((3*z/2)**(2/3))/(3*z/2)**(1/3)", "Ne(z, 0)"),
    ("polylog(2, -1)", "-pi**2/12"),
    ("im(polylog(2, I))", "Catalan"),
    # numbers
    ("partition(100)", "190569292"),
    ("bell(10)", "115975"),
    ("totient(36)", "12"),
    ("totient(3**j)", "2*3**(j - 1)"),
    ("stieltjes(0, z)", "-digamma(z)", no_pole("z")),
    ("erfi(z)", "-I*erf(I*z)"),
]

NOT_EQUAL = [
    ("fibonacci(n)", "fibonacci(-n)"),
    ("fibonacci(n + 1)", "fibonacci(n) + fibonacci(n - 2)"),
    ("lucas(n)", "fibonacci(n - 1) - fibonacci(n + 1)"),
    ("fibonacci(x + 2)", "fibonacci(x + 1) + fibonacci(x)"),
    ("chebyshevt(x, cos(z))", "cos(x*z)"),
    ("chebyshevt(m, chebyshevt(n, z))", "chebyshevt(m + n, z)"),
    ("chebyshevu(m, chebyshevt(n, z))", "chebyshevu(m*n, z)"),
    ("chebyshevu(n, z)*(z**2 - 1)", "0"),
    ("chebyshevu(n, 1)", "n"),
    ("chebyshevt(n, sin(z))", "sin(n*z)"),
    ("chebyshevu(n - 1, z)*sqrt(z**2 - 1)", "((z - sqrt(z**2 - 1))**n - (z + sqrt(z**2 - 1))**n)/2"),
    ("legendre(n, -z)", "(-1)**n*legendre(n, z)"),
    ("legendre(a + 1, z)*(a + 1)", "(2*a + 1)*z*legendre(a, z) - a*legendre(a - 1, z)"),
    ("hermite(i + 2, z)", "2*z*hermite(i + 1, z) - 2*i*hermite(i, z)"),
    ("besselj(-a, z)", "cos(pi*a)*besselj(a, z)", "Ne(z, 0)"),
    ("besselj(a - 1, z) + besselj(a + 1, z)", "a/z*besselj(a, z)", "Ne(z, 0)"),
    ("besseli(n, z)", "I**n*besselj(n, I*z)"),
    ("bessely(n, -z)", "(-1)**n*bessely(n, z)", "Ne(z, 0)"),
    ("besselk(a, z)*besseli(a + 1, z) - besselk(a + 1, z)*besseli(a, z)", "1/z", "Ne(z, 0)"),
    ("besselj(k, 0)", "0"),
    ("airybi(0)", "airyai(0)"),
    ("elliptic_e(x, 1)", "sin(x)"),
    ("elliptic_f(x, 1)", "log((1 + sin(x))/cos(x))"),
    ("elliptic_e(k*pi/2, z)", "2*k*elliptic_e(z)"),
    ("elliptic_f(w + pi, 1)", "elliptic_f(w, 1)"),
    ("elliptic_k(-1)", "sqrt(2)*elliptic_k(1/2)"),
    ("elliptic_k(conjugate(z))", "conjugate(elliptic_k(z))"),
    ("LambertW(x*exp(x))", "x"),
    ("LambertW(t*exp(t), -1)", "t"),
    ("LambertW(conjugate(z))", "conjugate(LambertW(z))"),
    ("bernoulli(2*i + 1, 0)", "0"),
    ("bernoulli(j, 0)", "bernoulli(j, 1)"),
    ("bernoulli(i, 1 - z)", "bernoulli(i, z)"),
    ("hyper([a], [], z)", "(1 - z)**a", OFF_CUT),
    ("hyper([a], [b], z)", "exp(z)*hyper([b - a], [b], z)", no_pole("b")),
    ("hyper([1, 1], [2], z)", "-log(1 - z)/z", "Ne(z, 0)"),
    ("hyper([1/2, 1/2], [1], z)", "2*elliptic_e(z)/pi", OFF_CUT),
    ("hyper([a, b], [c], 1)", "gamma(c)*gamma(c - a - b)/(gamma(c - a)*gamma(c - b))", no_pole("c")),
    ("hyper([1, 1, 1], [1], z)", "1/(1 - z)**2"),
    ("arg(x*z)", "arg(z)", "Ne(z, 0)"),
    ("arg(z**2)", "2*arg(z)", "Ne(z, 0)"),
    ("arg(z*w)", "arg(z) + arg(w)", "Ne(z, 0)", "Ne(w, 0)"),
    ("totient(m*n)", "totient(m)*totient(n)"),
    ("totient(j)", "j - 1"),
    ("partition(n)", "0"),
    ("polylog(1, z)", "-log(1 - z)"),
    ("polylog(2, -I)", "-pi**2/48 + I*Catalan"),
    ("Sum(binomial(n, k)*fibonacci(k), (k, 0, n))", "fibonacci(2*n)"),
    ("Sum(binomial(i, k)*fibonacci(k), (k, 0, i))", "fibonacci(i)**2"),
    ("Sum(chebyshevt(k, z)*w**k, (k, 0, oo))", "(1 - w*z)/(1 - 2*w*z + w**2)"),
    ("2**j*Product(z - cos((2*k - 1)*pi/(2*j)), (k, 1, j))", "chebyshevt(j, z)"),
    ("2**i*Product(z - cos(k*pi/i), (k, 1, i))", "chebyshevu(i, z)"),
    ("Subs(Derivative((x**2 - 1)**j, (x, j)), x, z)", "2**j*legendre(j, z)"),
    ("atan2(t, x) + atan2(1, t)", "atan2(t*t + x, x*t - t)"),
    ("elliptic_f(pi/6, 4)", "elliptic_k(1/4)"),
    ("elliptic_f(5*pi/6, 4)", "elliptic_k(1/4)/2"),
    ("besselk(1/3, z)", "pi*airyai((3*z/2)**(2/3))/(3*z/2)**(1/3)", "Ne(z, 0)"),
    ("z**w", "exp(w*(log(Abs(z)) - I*arg(z)))", "Ne(z, 0)"),
    ("hyper([1/2], [3/2], -z**2)", "sqrt(pi)/2*erf(z)"),
    ("Derivative(bessely(0, z), z)", "-bessely(1, z)", "Ne(z, 0)"),
    ("Derivative(LambertW(z), z)", "exp(-LambertW(z))/(1 + LambertW(z))"),
    ("Derivative(elliptic_k(z), z)", "(elliptic_e(z) - (1 - z)*elliptic_k(z))/(2*z*(1 - z))"),
]


@pytest.mark.parametrize(("left", "right", "given"), [(c[0], c[1], c[2:]) for c in EQUAL])
def test_equal(left: str, right: str, given: tuple[str, ...]) -> None:
    """These are identities."""
    assert closes(left, right, *given)


@pytest.mark.parametrize(("left", "right", "given"), [(c[0], c[1], c[2:]) for c in NOT_EQUAL])
def test_not_equal(left: str, right: str, given: tuple[str, ...]) -> None:
    """These fail somewhere, or where nothing is known."""
    assert not closes(left, right, *given)


# ---------------------------------------------------------------- derivatives, by numbers


REAL = Scalar("x", Domain("real"))
AT = mpmath.mpf("0.3")
THIRD = Rational(1, 3)
SLOPES: list[tuple[Expr, Callable[[mpmath.mpf], mpmath.mpf]]] = [
    (sp.besselj(THIRD, REAL, evaluate=False), lambda v: mpmath.besselj(mpmath.mpf(1) / 3, v)),
    (sp.bessely(2, REAL, evaluate=False), lambda v: mpmath.bessely(2, v)),
    (sp.besseli(2, REAL, evaluate=False), lambda v: mpmath.besseli(2, v)),
    (sp.besselk(2, REAL, evaluate=False), lambda v: mpmath.besselk(2, v)),
    (sp.airyai(REAL, evaluate=False), mpmath.airyai),
    (sp.airybi(REAL, evaluate=False), mpmath.airybi),
    (sp.airyaiprime(REAL, evaluate=False), lambda v: mpmath.airyai(v, derivative=1)),
    (sp.airybiprime(REAL, evaluate=False), lambda v: mpmath.airybi(v, derivative=1)),
    (sp.erfi(REAL, evaluate=False), mpmath.erfi),
    (sp.LambertW(REAL, evaluate=False), mpmath.lambertw),
    (sp.elliptic_k(REAL, evaluate=False), mpmath.ellipk),
    (sp.elliptic_e(REAL, evaluate=False), mpmath.ellipe),
    (sp.elliptic_e(REAL, THIRD, evaluate=False), lambda v: mpmath.ellipe(v, mpmath.mpf(1) / 3)),
    (sp.elliptic_e(THIRD, REAL, evaluate=False), lambda v: mpmath.ellipe(mpmath.mpf(1) / 3, v)),
    (sp.elliptic_f(REAL, THIRD, evaluate=False), lambda v: mpmath.ellipf(v, mpmath.mpf(1) / 3)),
    (sp.elliptic_f(THIRD, REAL, evaluate=False), lambda v: mpmath.ellipf(mpmath.mpf(1) / 3, v)),
    (sp.chebyshevt(4, REAL, evaluate=False), lambda v: mpmath.chebyt(4, v)),
    (sp.chebyshevu(4, REAL, evaluate=False), lambda v: mpmath.chebyu(4, v)),
    (sp.legendre(4, REAL, evaluate=False), lambda v: mpmath.legendre(4, v)),
    (sp.hermite(4, REAL, evaluate=False), lambda v: mpmath.hermite(4, v)),
    (sp.bernoulli(4, REAL, evaluate=False), lambda v: mpmath.bernpoly(4, v)),
    (sp.polylog(2, REAL, evaluate=False), lambda v: mpmath.polylog(2, v)),
    (sp.atan2(REAL, THIRD, evaluate=False), lambda v: mpmath.atan2(v, mpmath.mpf(1) / 3)),
    (sp.atan2(THIRD, REAL, evaluate=False), lambda v: mpmath.atan2(mpmath.mpf(1) / 3, v)),
    (hyper_of((THIRD, Integer(2)), (Rational(3, 4),), REAL), lambda v: mpmath.hyp2f1(mpmath.mpf(1) / 3, 2, 0.75, v)),
]


@pytest.mark.parametrize(("term", "function"), SLOPES, ids=[str(term) for term, _ in SLOPES])
def test_derivatives_agree_with_differences(term: Expr, function: Callable[[mpmath.mpf], mpmath.mpf]) -> None:
    """The table against numerical differentiation."""
    found = derivative(term, REAL)
    assert found is not None
    slope = mpmath.mpf(sp.N(found.subs(REAL, Rational(3, 10)), 20))
    assert abs(slope - mpmath.diff(function, AT)) < 1e-9


# ---------------------------------------------------------------- pieces


@pytest.mark.parametrize(("text", "given", "conditions"), [
    ("besselj(n, z)", (), []),
    ("besselj(a, z)", (), ["z"]),
    ("bessely(n, t)", (), []),
    ("legendre(a, z)", (), None),
    ("fibonacci(x)", (), None),
    ("hermite(n, z)", (), None),
    ("bernoulli(i, z)", (), []),
    ("totient(i)", (), None),
    ("totient(j)", (), []),
    ("elliptic_k(z)", (), ["z - 1"]),
    ("elliptic_f(x, 1)", ("Abs(x) < 1",), []),
    ("elliptic_f(x, 1)", (), None),
    ("LambertW(z)", (), []),
    ("LambertW(z, k)", (), ["z"]),
    ("LambertW(z, x)", (), None),
    ("atan2(t, x)", (), []),
    ("atan2(x, z)", (), None),
    ("hyper([a], [b], z)", ("re(b) > 0",), []),
    ("hyper([a, b], [c], z)", ("re(c) > 0",), ["z - 1"]),
    ("hyper([a, b, c], [t], z)", (), None),
    ("betainc(t, 2, 0, 1)", (), []),
    ("betainc(x, 2, 0, 1)", (), None),
    ("betainc(t, 2, 0, 2)", (), None),
    ("stieltjes(i, t)", (), []),
    ("stieltjes(n, t)", (), None),
])
def test_where_they_are_defined(text: str, given: tuple[str, ...], conditions: list[str] | None) -> None:
    """What they need is known, thin and shown, or missing (None)."""
    term, other, context = read(text, "0", *given)
    found = needed(term, other, context.given, ())
    assert found is not None
    assert bool(found.missing) == (conditions is None)
    if conditions is not None:
        assert [str(condition.term) for condition in found.conditions] == conditions


def test_powers_need_integers() -> None:
    """An order that may be no integer, and a side without such sequences."""
    left, right, context = read("fibonacci(x + 2)", "fibonacci(x + 1) + fibonacci(x)")
    assert not by_powers(left, right, context)
    left, right, context = read("z + 1", "z + 1")
    assert not by_powers(left, right, context)


def test_continuity_of_further_functions() -> None:
    """Entire ones of an integer order are continuous everywhere; others off the cut alone."""
    for text, names in (
        ("besselj(n, z)", {"z"}), ("bessely(n, z)", set()), ("bessely(n, t)", {"t"}), ("legendre(n, z)", {"z"}),
        ("legendre(a, z)", set()), ("elliptic_k(z)", set()), ("hyper([a], [b], z)", {"z"}),
        ("hyper([a, b], [c], z)", set()), ("airyai(z)", {"z"}), ("Derivative(legendre(n, z), (z, 2))", {"z"}),
        ("Derivative(sqrt(z), z)", set()), ("atan(z)", set()), ("atan(x)", {"x"}),
    ):
        left, right, context = read(text, "0")
        assert {s.name for s in loose(left, right, context)} == names, text


def test_a_series_without_a_radius_has_no_value() -> None:
    """More parameters above than one more than below."""
    args = (sp.Tuple(S.One, S.One, S.Half), sp.Tuple(Rational(1, 3)), REAL)
    assert hyper_value(args, Known(Context())) is None
