"""A corpus of wrong claims, each with the strongest verdict that holds and, where there is one, its true twin.

A claim is (left, relation, right, givens...), built without evaluation. A wrong
one must never be proved; the twin differs by what was wrong, and must be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sympy import (
    Abs,
    And,
    Eq,
    Function,
    Gt,
    I,
    Integer,
    Le,
    Lt,
    Ne,
    Not,
    Or,
    Pow,
    Rational,
    S,
    Symbol,
    acos,
    conjugate,
    cos,
    evaluate,
    exp,
    factorial,
    gamma,
    log,
    oo,
    pi,
    sin,
    sqrt,
    tan,
    zoo,
)

from derive import (
    KL,
    Bernoulli,
    E,
    H,
    Moments,
    Sum,
    Var,
    array,
    complex_number,
    define,
    delta,
    full_support,
    function,
    index,
    integer,
    law,
    nonzero,
    positive,
    probability,
    random,
    real,
    recursion,
    size,
)  # fmt: skip
from derive.core.claims import Relation
from derive.core.kernel import Claim

Built = Callable[[], tuple]


@dataclass(frozen=True)
class Case:
    """A wrong claim, what is found about it, and the true twin."""

    name: str
    wrong: Built
    found: str = "refuted"
    twin: Built | None = None


def claim(built: Built) -> Claim:
    """The claim that a case builds, as its author would have written it."""
    with evaluate(False):
        left, relation, right, *given = built()
        return Claim(left + 0 if isinstance(left, int) else left, Relation(relation), S(right), tuple(given))


x, y, a, b, c = (real(name) for name in "xyabc")
p, q = positive("p"), positive("q")
r = probability("r", strict=True)
prob = probability("prob")
s = real("s", -1, 1)
nz = nonzero("nz")
z, w = complex_number("z"), complex_number("w")
n, d = size("n"), size("d")
m, k = integer("m"), integer("k")
i, j, other = index("i", n), index("j", n), index("l", d)
three, free = index("i3", 1, 3), index("j_m", m)
k0, k1 = index("k0", 0, oo), index("k1", 1, oo)
A, B, C, M = array("A", n), array("B", n), array("C", d), array("M", n, n)

POWERS = [
    Case("log of a square", lambda: (log(x**2), "=", 2*log(x)), twin=lambda: (log(p**2), "=", 2*log(p))),
    Case("root of a square", lambda: (sqrt(x**2), "=", x), twin=lambda: (sqrt(x**2), "=", Abs(x))),
    Case("root of a complex square", lambda: (sqrt(z**2), "=", z), twin=lambda: (sqrt(z)**2, "=", z)),
    Case("root of a complex square is not the modulus", lambda: (sqrt(z**2), "=", Abs(z))),
    Case("square of a complex modulus", lambda: (Abs(z)**2, "=", z**2)),
    Case("power of a power", lambda: ((x**a)**b, "=", x**(a*b))),
    Case("complex power of a power", lambda: ((p**z)**w, "=", p**(z*w))),
    Case("real power of an integer power", lambda: ((x**m)**b, "=", x**(m*b))),
    Case("three halves of a square", lambda: ((a**2)**Rational(3, 2), "=", a**3)),
    Case("cube root of a cube", lambda: ((a**3)**Rational(1, 3), "=", a)),
    Case("power of a product", lambda: ((x*y)**a, "=", x**a*y**a), twin=lambda: ((p*y)**a, "=", p**a*y**a)),
    Case("root of a product", lambda: (sqrt(x*y), "=", sqrt(x)*sqrt(y)),
         twin=lambda: (sqrt(p*y), "=", sqrt(p)*sqrt(y))),
    Case("root of a complex square with a real factor", lambda: (sqrt((a*z)**2), "=", Abs(a)*z)),
    Case("root of a negative", lambda: (sqrt(-x), "=", I*sqrt(x)), twin=lambda: (sqrt(-p), "=", I*sqrt(p))),
    Case("root of a complex negative", lambda: (sqrt(-z), "=", I*sqrt(z))),
    Case("root of a reciprocal", lambda: (sqrt(1/x), "=", 1/sqrt(x)), twin=lambda: (sqrt(1/p), "=", 1/sqrt(p))),
    Case("quotient of complex roots", lambda: (sqrt(z)/sqrt(w), "=", sqrt(z/w))),
    Case("root times root of minus one", lambda: (sqrt(S(-1))*sqrt(S(-1)), "=", 1),
         twin=lambda: (sqrt(S(-1))*sqrt(S(-1)), "=", -1)),
    Case("fractional power of i", lambda: (sqrt(I)*I*x, "=", I*x), twin=lambda: (sqrt(I)*sqrt(I)*x, "=", I*x)),
    Case("cube root of a negative number", lambda: (S(-8)**Rational(1, 3), "=", -2)),
    Case("root of minus a square", lambda: (sqrt(-x**2), "=", -I*Abs(x)), twin=lambda: (sqrt(-x**2), "=", I*Abs(x))),
    Case("factor of unknown sign out of a root", lambda: (sqrt(x**2*y), "=", x*sqrt(y)),
         twin=lambda: (sqrt(x**2*y), "=", Abs(x)*sqrt(y))),
    Case("root of a binomial square", lambda: (sqrt(a**2 + 2*a*b + b**2), "=", a + b)),
    Case("root of a squared difference", lambda: (((a - b)**2)**Rational(1, 2), "=", a - b)),
    Case("even power of minus one, real exponent", lambda: (Pow(-1, 2*x), "=", 1), twin=lambda: (Pow(-1, 2*m), "=", 1)),
    Case("minus one taken out of a power", lambda: ((-x)**a, "=", Pow(-1, a)*x**a),
         twin=lambda: ((-p)**a, "=", Pow(-1, a)*p**a)),
    Case("zero to a real power", lambda: (Pow(0, x), "=", 0), twin=lambda: (Pow(0, x - x), "=", 1)),
    Case("a power of a real base is not negative", lambda: (x**a, ">=", 0), twin=lambda: (p**a, ">", 0)),
    Case("a rational for an irrational", lambda: (sqrt(S(2)), "=", Rational(665857, 470832)),
         twin=lambda: (sqrt(S(6)), "=", sqrt(S(2))*sqrt(S(3)))),
    Case("a denested root of the wrong sign", lambda: (sqrt(5 - 2*sqrt(S(6))), "=", sqrt(S(2)) - sqrt(S(3)))),
    Case("nearly equal numbers", lambda: (1/factorial(S(2004)), "=", 1/factorial(S(2006)))),
    Case("an angle that is nearly zero", lambda: (acos(Rational(7823207, 7823209)), "=", 0)),
]

LOGARITHMS = [
    Case("log of a product", lambda: (log(x*y), "=", log(x) + log(y)), twin=lambda: (log(p*y), "=", log(p) + log(y))),
    Case("log of a quotient", lambda: (log(p/x), "=", log(p) - log(x)), twin=lambda: (log(p/q), "=", log(p) - log(q))),
    Case("log of a reciprocal", lambda: (log(1/x), "=", -log(x)), twin=lambda: (log(1/p), "=", -log(p))),
    Case("log of a negative", lambda: (log(-x), "=", log(x) + I*pi), twin=lambda: (log(-p), "=", log(p) + I*pi)),
    Case("log of a square of a negative", lambda: (log(x*x), "=", log(-x) + log(-x))),
    Case("log of a complex power", lambda: (log(p**z), "=", z*log(p)), twin=lambda: (log(p**a), "=", a*log(p))),
    Case("log of an integer power", lambda: (log(x**m), "=", m*log(x)), twin=lambda: (log(p**m), "=", m*log(p))),
    Case("log of exp", lambda: (log(exp(z)), "=", z), "undecided", twin=lambda: (log(exp(x)), "=", x)),
    Case("exp of log", lambda: (exp(2*log(x)), "=", 2*x), twin=lambda: (exp(log(z)), "=", z)),
    Case("root of exp", lambda: (sqrt(exp(z)), "=", exp(z/2)), "undecided", twin=lambda: (sqrt(exp(x)), "=", exp(x/2))),
    Case("power of exp", lambda: (exp(z)**w, "=", exp(z*w)), "undecided", twin=lambda: (exp(z)**m, "=", exp(z*m))),
    Case("a full turn times a real number", lambda: (exp(2*pi*I*x), "=", 1), twin=lambda: (exp(2*pi*I), "=", 1)),
    Case("a power of a full turn", lambda: (exp(2*pi*I)**x, "=", exp(2*pi*I*x))),
    Case("the other root of one", lambda: (sqrt(exp(2*pi*I)), "=", -1), twin=lambda: (sqrt(exp(2*pi*I)), "=", 1)),
    Case("log of a sum", lambda: (log(Sum(exp(A[i]), i)), "=", Sum(A[i], i)),
         twin=lambda: (log(Sum(exp(A[i] + x), i)), "=", x + log(Sum(exp(A[i]), i)))),
    Case("log to the base one", lambda: (log(x)/log(S(1)), "=", log(x)), "invalid"),
    Case("the same root as an exponential", lambda: (exp(log(x**2)/2), "=", x),
         twin=lambda: (exp(log(x**2)/2), "=", Abs(x))),
]

INEQUALITIES = [
    Case("modulus at most the number", lambda: (Abs(x), "<=", x)),
    Case("modulus of a sum", lambda: (Abs(x + y), "=", Abs(x) + Abs(y))),
    Case("equal moduli", lambda: (a, "=", -b, Eq(Abs(a), Abs(b)))),
    Case("a square is positive", lambda: (x**2, ">", 0), twin=lambda: (x**2, ">=", 0)),
    Case("a complex square is not negative", lambda: (z**2, ">=", 0)),
    Case("a complex power is positive", lambda: (p**z, ">", 0)),
    Case("a root is not negative", lambda: (sqrt(x), ">=", 0), twin=lambda: (sqrt(p), ">", 0)),
    Case("a factor of unknown sign", lambda: (c*y, ">", c*x, Lt(x, y)), twin=lambda: (2*y, ">", 2*x, Lt(x, y))),
    Case("strict from weak", lambda: (x, "<", y, Le(x, y)), twin=lambda: (x, "<=", y, Le(x, y))),
    Case("more than a given says", lambda: (2*y - 2*x + 1, ">", 2, Lt(x, y)),
         twin=lambda: (2*y - 2*x + 1, ">", 1, Lt(x, y))),
    Case("one side of an or", lambda: (x, ">", 0, Or(Gt(x, 0), Gt(y, 0))),
         twin=lambda: (x, ">", 0, And(Gt(x, 0), Gt(y, 0)))),
    Case("not both", lambda: (x, ">", 0, Not(And(Le(x, 0), Le(y, 0)))), twin=lambda: (x, ">", 0, Not(Le(x, 0)))),
    Case("a sum of squares is positive", lambda: (Sum(A[i]**2, i), ">", 0), twin=lambda: (Sum(A[i]**2, i), ">=", 0)),
    Case("a sum over what may be empty", lambda: (Sum(p, (i, 1, m)), ">", 0), twin=lambda: (Sum(p, i), ">", 0)),
]

CONDITIONS = [
    Case("nothing over nothing", lambda: ((x - x)/(x - x), "=", 1), "invalid",
         twin=lambda: ((a - b)*(a + b)/(a - b), "=", a + b)),
    Case("zero times what is not defined", lambda: (0*(1/(x - x)), "=", 0), "invalid"),
    Case("a hidden zero below", lambda: (1/((p - q)**2 - p**2 + 2*p*q - q**2), "=", 0), "invalid"),
    Case("exp times exp less one below", lambda: (x/(exp(x)*exp(-x) - 1), "=", 2*x), "invalid"),
    Case("a trigonometric zero below", lambda: (x/(sin(x)**2 + cos(x)**2 - 1), "=", 2*x/(sin(x)**2 + cos(x)**2 - 1)),
         "undecided"),
    Case("zero on half the line", lambda: ((Abs(x) - x)/(Abs(x) - x), "=", 1), "undecided"),
    Case("zero on half the line, as a root", lambda: ((sqrt(x**2) - x)*y/(sqrt(x**2) - x), "=", y), "undecided"),
    Case("zero on half the line, as a logarithm",
         lambda: ((exp(log(x**2)/2) - x)/(exp(log(x**2)/2) - x), "=", 1), "undecided"),
    Case("zero on one of two pieces", lambda: (a*_split(x)/_split(x), "=", a, Gt(x**2, 1)), "undecided"),
    Case("zero on one of two pieces of a domain", lambda: (a*_split(nz)/_split(nz), "=", a), "undecided"),
    Case("zero at an integer", lambda: ((k - 3)/(k - 3), "=", 1), "undecided"),
    Case("zero at a size", lambda: ((n - 3)/(n - 3), "=", 1), "undecided", twin=lambda: (n/n, "=", 1)),
    Case("zero at a size, with a free factor", lambda: (y*(x*(n - 3))/(x*(n - 3)), "=", y), "undecided",
         twin=lambda: (y*(x*n)/(x*n), "=", y)),
    Case("zero at size one", lambda: (y*(Sum(A[i], i) - A[n])/(Sum(A[i], i) - A[n]), "=", y), "undecided",
         twin=lambda: (y*(Sum(A[i], i) - x)/(Sum(A[i], i) - x), "=", y)),
    Case("zero where two indices meet", lambda: (y*(A[i] - A[j])/(A[i] - A[j]), "=", y), "undecided",
         twin=lambda: (y*(A[i] - x)/(A[i] - x), "=", y)),
    Case("zero inside a definition", lambda: (y*(x - _same())/(x - _same()), "=", y), "invalid"),
    Case("a ratio that may be one", lambda: (Sum(n**i, (i, 1, d)), "=", (n**(d + 1) - n)/(n - 1)), "undecided",
         twin=lambda: (Sum(x**i, i), "=", (x**(n + 1) - x)/(x - 1))),
    Case("a given that excludes another value", lambda: (1/(x - y), "=", 2/(x - y), Ne(x, 0)),
         twin=lambda: (1/(x - y), "=", 2/(2*x - 2*y), Ne(x, y))),
    Case("a pole of the gamma function", lambda: (gamma(S(0))*0, "=", 0), "undecided"),
    Case("a pole of the tangent", lambda: (tan(pi/2)*0, "=", 0), "undecided", twin=lambda: (tan(pi/3)*0, "=", 0)),
    Case("infinity is not a number", lambda: (x + oo - oo, "=", x), "undecided"),
    Case("complex infinity", lambda: (zoo*x, "=", zoo), "undecided"),
]


def _split(u: object) -> object:
    """|u| - u, as an analytic function on each side of 0."""
    return exp(log(u**2)*(sin(y)**2 + cos(y)**2)/2) - u  # type: ignore[operator]


_same = define("same", x)

SUMS = [
    Case("a delta over part of its range", lambda: (Sum(delta(three, free), three), "=", 1), "undecided",
         twin=lambda: (Sum(delta(i, j), i), "=", 1)),
    Case("a delta of another range", lambda: (Sum(delta(i, other), i), "=", 1)),
    Case("a delta past the end", lambda: (Sum(delta(i, j + 1), i), "=", 1), twin=lambda: (Sum(delta(i, n), i), "=", 1)),
    Case("a delta of even numbers", lambda: (Sum(delta(2*i, j), i), "=", 1)),
    Case("a delta of a real number", lambda: (Sum(delta(i, x), i), "=", 1)),
    Case("counting backwards", lambda: (Sum(Integer(1), (i, 1, m)), "=", m), twin=lambda: (Sum(Integer(1), i), "=", n)),
    Case("SymPy's empty sum", lambda: (Sum(Integer(1), (i, 5, 2)), "=", -2)),
    Case("a sum to any integer", lambda: (Sum(i, (i, 1, m)), "=", m*(m + 1)/2),
         twin=lambda: (Sum(i, i), "=", n*(n + 1)/2)),
    Case("a backward sum", lambda: (Sum(i, (i, n, 1)), "=", n*(3 - n)/2)),
    Case("a geometric sum to any integer", lambda: (Sum(S(2)**i, (i, 1, m)), "=", S(2)**(m + 1) - 2),
         twin=lambda: (Sum(S(2)**i, i), "=", S(2)**(n + 1) - 2)),
    Case("counting to a real number", lambda: (Sum(Integer(1), (i, 1, x)), "=", x)),
    Case("a range that starts too far", lambda: (Sum(Sum(Integer(1), (j, 1, i - 3)), i), "=", n*(n + 1)/2 - 3*n),
         twin=lambda: (Sum(Sum(Integer(1), (j, 1, i - 1)), i), "=", n*(n - 1)/2)),
    Case("a triangle is not a square", lambda: (Sum(Sum(Integer(1), (j, 1, i)), i), "=", n**2),
         twin=lambda: (Sum(Sum(Integer(1), (j, 1, i)), i), "=", n*(n + 1)/2)),
    Case("exchange over a triangle", lambda: (Sum(Sum(M[i, j], (j, 1, i)), i), "=", Sum(Sum(M[i, j], (i, 1, j)), j)),
         twin=lambda: (Sum(Sum(M[i, j], j), i), "=", Sum(Sum(M[i, j], i), j))),
    Case("the square of a sum", lambda: (Sum(A[i], i)**2, "=", Sum(A[i]**2, i)),
         twin=lambda: (Sum(A[i], i)**2, "=", Sum(A[i]*A[j], i, j))),
    Case("the reciprocal of a sum", lambda: (1/Sum(A[i], i), "=", Sum(1/A[i], i)),
         twin=lambda: (Sum(A[i]/Sum(A[j], j), i), "=", 1)),
    Case("a shadowed index", lambda: (Sum(A[i]*Sum(A[i], i), i), "=", Sum(A[i]**2, i)),
         twin=lambda: (Sum(A[i]*Sum(A[i], i), i), "=", Sum(A[i], i)**2)),
    Case("a softmax over the wrong index", lambda: (Sum(exp(A[i])/Sum(exp(A[j]), i), i), "=", 1),
         twin=lambda: (Sum(exp(A[i])/Sum(exp(A[j]), j), i), "=", 1)),
    Case("capture of a free index", lambda: (Sum(A[i], i)*A[i], "=", Sum(A[i]**2, i)), "invalid",
         twin=lambda: (Sum(A[i], i)*A[i], "=", Sum(A[i]*A[j], j))),
    Case("another free index", lambda: (A[i], "=", A[j]), "invalid"),
    Case("an index out of range", lambda: (A[i + 1] - A[i + 1] + x, "=", x), "undecided"),
    Case("entry zero", lambda: (A[S(0)]*0, "=", 0), "undecided"),
    Case("half an entry", lambda: (A[Rational(1, 2)]*0, "=", 0), "undecided"),
    Case("a sum past the end", lambda: (Sum(A[i], (i, 1, n + 5)), "=", Sum(A[j], (j, 1, n + 5))), "undecided"),
    Case("the index of another axis", lambda: (C[i], "=", 1*C[i] + 0), "undecided"),
    Case("a transposed factor", lambda: (Sum(M[i, j]*A[i]*B[j], i, j), "=", Sum(M[j, i]*A[i]*B[j], i, j)),
         twin=lambda: (Sum(M[i, j]*A[i]*A[j], i, j), "=", Sum(M[j, i]*A[i]*A[j], i, j))),
    Case("a definition takes an index along", lambda: (n*_square(), "=", Sum(_square(), i)),
         twin=lambda: (Sum(_square(), i), "=", Sum(i**2, i))),
]

_square = define("square", i**2)

SERIES = [
    Case("a geometric series of any ratio", lambda: (Sum(x**k0, k0), "=", 1/(1 - x)),
         twin=lambda: (Sum(r**k0, k0), "=", 1/(1 - r))),
    Case("a geometric series up to the end points", lambda: (Sum(s**k0, k0), "=", 1/(1 - s))),
    Case("a geometric series bounded on one side", lambda: (Sum(x**k0, k0), "=", 1/(1 - x), Lt(x, 1)),
         twin=lambda: (Sum(x**k0, k0), "=", 1/(1 - x), Lt(Abs(x), 1))),
    Case("an exponential that may grow", lambda: (Sum(exp(-x*k0), k0), "=", 1/(1 - exp(-x))),
         twin=lambda: (Sum(exp(-p*k0), k0), "=", 1/(1 - exp(-p)))),
    Case("an exponential of a complex rate", lambda: (Sum(exp(z*k0), k0), "=", 1/(1 - exp(z)))),
    Case("the wrong first term", lambda: (Sum(exp(-p*k1), k1), "=", 1/(1 - exp(-p))),
         twin=lambda: (Sum(exp(-p*k0), (k0, n, oo)), "=", exp(-p*n)/(1 - exp(-p)))),
    Case("a sum split into two that diverge",
         lambda: (Sum((k0 + 1) - k0, k0), "=", Sum(k0 + 1, k0) - Sum(k0, k0)), "undecided"),
    Case("a telescope without an end", lambda: (Sum((k0 + 2) - (k0 + 1), k0), "=", -1), "undecided"),
    Case("a divergent part",
         lambda: (Sum(k0 - k0 + r**k0, k0), "=", Sum(k0, k0) - Sum(k0, k0) + 1/(1 - r)), "undecided"),
    Case("the harmonic series split", lambda: (Sum(1/k1 - 1/(k1 + 1), k1), "=", Sum(1/k1, k1) - Sum(1/(k1 + 1), k1)),
         "undecided"),
    Case("a series less itself", lambda: (Sum(x**k0, k0) - Sum(x**k0, k0) + y, "=", y), "not proved",
         twin=lambda: (Sum(r**k0, k0) - Sum(r**k0, k0) + y, "=", y)),
    Case("zero times a divergent series", lambda: (0*Sum(k0, k0), "=", 0), "undecided",
         twin=lambda: (Sum(0*k0, k0), "=", 0)),
    Case("a factor out of a divergent series", lambda: (Sum(x*y**k0, k0), "=", x*Sum(y**k0, k0)), "not proved",
         twin=lambda: (Sum(x*r**k0, k0), "=", x*Sum(r**k0, k0))),
]

NAMES = [
    Case("a product and a name that looks like it", lambda: (exp(x*y), "=", exp(real("x*s:y")))),
    Case("a power and a name that looks like it", lambda: (exp(x**2), "=", exp(real("x^2")))),
    Case("a sum and a name that looks like it", lambda: (exp(x + 2*y), "=", exp(real("x+2*s:y")))),
    Case("one name, real and positive", lambda: (sqrt(real("t")**2), "=", positive("t")), "not proved"),
    Case("one name, real and integer", lambda: (real("t") + 0, "=", integer("t")), "not proved"),
    Case("one name, two plain symbols",
         lambda: (sqrt(Symbol("t", real=True)**2), "=", Symbol("t", positive=True)), "not proved"),
    Case("one name, two definitions", lambda: (define("same", x + 1)() - _same(), "=", 0), "not proved"),
    Case("a float", lambda: (0.5*x, "=", x/2), "invalid", twin=lambda: (Rational(1, 2)*x, "=", x/2 + 0)),
    Case("a float in a body", lambda: (Sum(0.5*A[i], i), "=", Sum(A[i], i)/2), "invalid"),
    Case("a float in a range", lambda: (Sum(i, (i, 1, 2.0)), "=", 3), "invalid"),
    Case("identical sides", lambda: (x + y, "=", x + y), "invalid"),
    Case("givens that contradict", lambda: (x, "=", y, Lt(x, y), Gt(x, y)), "invalid"),
    Case("a given that contradicts a domain", lambda: (p, "=", p + 1, Lt(p, 0)), "invalid"),
    Case("givens without a model", lambda: (x, "=", y, Eq(x, x + 1)), "undecided"),
    Case("a function of a complex number", lambda: (function("f")(z)*0, "=", 0), "undecided",
         twin=lambda: (function("f")(x)*0, "=", 0)),
    Case("a function is its derivative", lambda: (function("f").derivative(1)(x), "=", function("f")(x))),
    Case("a conjugate", lambda: (conjugate(z), "=", z)),
    Case("a class that is called exp", lambda: (_fake_exp(x)*_fake_exp(y), "=", _fake_exp(x + y)), "undecided"),
]

_fake_exp = type("exp", (Function,), {})

u, v = index("u"), index("v")
u0 = index("u0", 0, oo)
Joint, Other = law("P", u, v), law("Q", u, v)
One, Two, Endless = law("F", u), law("G", u), law("N", u0)
FULL, ONES = full_support(Joint, Other), full_support(One, Two)

LAWS = [
    Case("part of a range", lambda: (Sum(One(u), (u, 2, u.hi)), "=", 1), twin=lambda: (Sum(One(u), u), "=", 1)),
    Case("part of an endless range", lambda: (Sum(Endless(u0), (u0, 1, oo)), "=", 1),
         twin=lambda: (Sum(Endless(u0), u0), "=", 1)),
    Case("a squared law", lambda: (Sum(One(u)**2, u), "=", 1)),
    Case("a law under another factor", lambda: (Sum(One(u)*Two(u), u), "=", 1)),
    Case("a conditional without support", lambda: (Sum(Joint(v | u), v), "=", 1), "undecided",
         twin=lambda: (Sum(Joint(v | u), v), "=", 1, FULL[0])),
    Case("a conditional summed over its given", lambda: (Sum(Joint(v | u), u), "=", 1, FULL[0])),
    Case("a marginal of another law", lambda: (Sum(Joint(u, v), v), "=", Other(u)),
         twin=lambda: (Sum(Joint(u, v), v), "=", Joint(u))),
    Case("the other marginal", lambda: (Sum(Joint(u, v), u), "=", Joint(u))),
    Case("a marginal with a factor", lambda: (Sum(Joint(u, v)*Joint(v), v), "=", Joint(u))),
    Case("independence for nothing", lambda: (Joint(u, v), "=", Joint(u)*Joint(v)),
         twin=lambda: (Joint(u, v), "=", Joint(u)*Joint(v | u), FULL[0])),
    Case("Bayes' rule turned round", lambda: (Joint(v | u), "=", Joint(u | v)*Joint(u)/Joint(v), *FULL),
         twin=lambda: (Joint(v | u), "=", Joint(u | v)*Joint(v)/Joint(u), *FULL)),
    Case("another law's support",
         lambda: (log(law("F|w", u)(u)**2), "=", 2*log(law("F|w", u)(u)), ONES[0]), "undecided",
         twin=lambda: (log(One(u)**2), "=", 2*log(One(u)), ONES[0])),
    Case("a weight does not save a reciprocal", lambda: (E(1/One(u), One(u)), "=", u.hi), "undecided",
         twin=lambda: (E(1/One(u), One(u)), "=", u.hi, ONES[0])),
    Case("a weight does not save an exponential", lambda: (E(exp(-log(One(u))), One(u)), "=", u.hi), "undecided",
         twin=lambda: (E(exp(-log(One(u))), One(u)), "=", u.hi, ONES[0])),
    Case("a value that the law does not have", lambda: (One(u=S(0))*0, "=", 0), "undecided"),
    Case("entropy is positive", lambda: (H(One(u)), ">", 0), twin=lambda: (H(One(u)), ">=", 0)),
    Case("entropy of what is no law", lambda: (H(A[i], i), ">=", 0)),
    Case("cross-entropy below entropy", lambda: (H(One(u), Two(u)), "<=", H(One(u)), *ONES),
         twin=lambda: (H(One(u), Two(u)), ">=", H(One(u)), *ONES)),
    Case("cross-entropy without support", lambda: (H(One(u), Two(u)), "=", H(One(u)) + KL(One(u), Two(u))), "undecided",
         twin=lambda: (H(One(u), Two(u)), "=", H(One(u)) + KL(One(u), Two(u)), *ONES)),
    Case("a strict divergence", lambda: (KL(One(u), Two(u)), ">", 0),
         twin=lambda: (KL(One(u), Two(u)), ">=", 0, *ONES)),
    Case("a divergence from above", lambda: (KL(One(u), Two(u)), "<=", 0),
         twin=lambda: (-KL(One(u), Two(u)), "<=", 0, *ONES)),
    Case("a negative divergence", lambda: (-KL(One(u), Two(u)), ">=", 0)),
    Case("a symmetric divergence", lambda: (KL(One(u), Two(u)), "=", KL(Two(u), One(u)), *ONES)),
    Case("a difference of divergences", lambda: (KL(One(u), Two(u)) - KL(Two(u), One(u)), ">=", 0, *ONES),
         twin=lambda: (KL(One(u), Two(u)) + KL(Two(u), One(u)), ">=", 0, *ONES)),
    Case("a divergence times any number", lambda: (x*KL(One(u), Two(u)), ">=", 0),
         twin=lambda: (2*KL(One(u), Two(u)), ">=", 0, *ONES)),
    Case("a divergence of what are no laws", lambda: (KL(A[i], B[i], i), ">=", 0)),
    Case("a divergence of halves of laws", lambda: (KL(One(u)/2, Two(u), u), ">=", 0)),
    Case("more in a part than in the whole", lambda: (H(Joint(u)), ">=", H(Joint(u, v)))),
    Case("conditioning raises entropy", lambda: (E(H(Joint(v | u)), Joint(u)), ">=", H(Joint(v)), *FULL)),
    Case("a marginal that may vanish", lambda: (E(log(Joint(u)/Joint(v)), One(u)*Two(u), u), "=",
                                                E(log(Joint(u)) - log(Joint(v)), One(u)*Two(u), u)), "not proved"),
    Case("a divergence from twice a law", lambda: (KL(One(u), 2*Two(u), u), ">=", 0)),
    Case("the bound turned", lambda: (log(Joint(u)), "<=", _elbo(), *FULL),
         twin=lambda: (log(Joint(u)), ">=", log(Joint(u)) - KL(Other(v | u), Joint(v | u)), *FULL)),
    Case("the bound strict", lambda: (log(Joint(u)), ">", _elbo(), *FULL)),
    Case("the bound without support", lambda: (log(Joint(u)), ">=", _elbo()), "undecided"),
    Case("the bound under a marginal",
         lambda: (log(Joint(u)), ">=", E(log(Joint(u)*Joint(v | u)/Other(v | u)), Other(v)), *FULL)),
]


def _elbo() -> object:
    return E(log(Joint(u)*Joint(v | u)/Other(v | u)), Other(v | u))


R = random("R", n, law=Bernoulli(prob))
N1, N2 = random("N1", n, law=Moments(a, p)), random("N2", n, law=Moments(a, p))
e = random("e", law=Moments(0, 1))
_first = define("first", R[S(1)])

MOMENTS = [
    Case("mean of a square", lambda: (E(R[i]**2, R), "=", prob**2), twin=lambda: (E(R[i]**2, R), "=", prob)),
    Case("entries that may be the same", lambda: (E(R[i]*R[j], R), "=", prob**2),
         twin=lambda: (E(R[i]*R[j], R), "=", prob**2 + delta(i, j)*(prob - prob**2))),
    Case("the first and the last entry", lambda: (E(R[n]*R[S(1)], R), "=", prob**2)),
    Case("mean of a product under a law", lambda: (E(A[i]*B[i], 1/n, i), "=", E(A[i], 1/n, i)*E(B[i], 1/n, i)),
         twin=lambda: (E(N1[i]*N2[i], N1, N2), "=", a**2)),
    Case("variance is linear", lambda: (Var(R[i] + R[j], R), "=", 2*prob*(1 - prob)),
         twin=lambda: (Var(Sum(R[i], i), R), "=", n*prob*(1 - prob))),
    Case("variance of a multiple", lambda: (Var(2*A[i], 1/n, i), "=", 2*Var(A[i], 1/n, i)),
         twin=lambda: (Var(2*A[i], 1/n, i), "=", 4*Var(A[i], 1/n, i))),
    Case("variance under what is no law", lambda: (Var(A[i], B[i], i), "=", E(A[i]**2, B[i], i) - E(A[i], B[i], i)**2),
         twin=lambda: (Var(A[i], 1/n, i), "=", E(A[i]**2, 1/n, i) - E(A[i], 1/n, i)**2)),
    Case("a variance is not negative under any weight", lambda: (Var(A[i], B[i], i), ">=", 0),
         twin=lambda: (Var(A[i], 1/n, i), ">=", 0)),
    Case("a third moment of a bell", lambda: (E(N1[i]**3, N1), "=", a**3 + 3*a*p)),
    Case("a fourth moment of a bell", lambda: (E((N1[i] - a)**4, N1), "=", 3*p**2)),
    Case("mean of an exponential", lambda: (E(exp(N1[i]), N1), "=", exp(a + p/2))),
    Case("mean of a reciprocal", lambda: (E(1/(1 + R[i]), R), "=", 1/(1 + prob))),
    Case("mean of a logarithm", lambda: (E(log(1 + R[i]), R), "=", log(1 + prob))),
    Case("mean of a modulus", lambda: (E(Abs(N1[i]), N1), "=", Abs(a))),
    Case("a mean inside a mean", lambda: (E(R[i]*E(R[i], R), R), "=", prob),
         twin=lambda: (E(R[i]*E(R[i], R), R), "=", prob**2)),
    Case("a mean over one of two", lambda: (E(N1[i]*N2[i], N1), "=", a**2), "undecided"),
    Case("a random definition is no constant", lambda: (E(_first()*R[S(1)], R), "=", E(_first(), R)*prob),
         twin=lambda: (E(_first()*R[S(1)], R), "=", prob)),
    Case("a scalar draw is no constant", lambda: (E(e[()]**2*x, e), "=", x*E(e[()], e)**2),
         twin=lambda: (E(e[()]**2*x, e), "=", x)),
    Case("mean of a constant under what is no law", lambda: (E(x, A[i], i), "=", x),
         twin=lambda: (E(x, 1/n, i), "=", x)),
    Case("mean over another size", lambda: (E(x, 1/d, i), "=", x)),
    Case("Jensen turned", lambda: (E(A[i], 1/n, i)**2, ">=", E(A[i]**2, 1/n, i))),
]

_depth, _before = index("depth", 0, oo), real("before")
_doubled = recursion("doubled", _depth, 1, _before, 2*_before)
_taken = recursion("taken", _depth, j, _before, _before)
_hidden = recursion("hidden", _depth, x, _before, _before)

RECURSIONS = [
    Case("a sequence from another start", lambda: (_doubled[_depth], "=", S(2)**_depth + 1),
         twin=lambda: (_doubled[_depth], "=", S(2)**_depth)),
    Case("a sequence with another step", lambda: (_doubled[_depth], "=", 1 + _depth)),
    Case("a sequence right at its first places", lambda: (_doubled[_depth], "=", 1 + _depth*(_depth + 1)/2)),
    Case("a place before the start", lambda: (_doubled[_depth - 1], "=", S(2)**(_depth - 1)), "undecided"),
    Case("a sequence takes an index along", lambda: (Sum(_taken[S(0)], j), "=", n*_taken[S(0)])),
    Case("zero inside a sequence", lambda: (y*(x - _hidden[S(2)])/(x - _hidden[S(2)]), "=", y), "undecided"),
    Case("a sum right at its first places", lambda: (Sum(i, (i, 1, j)), "=", j**2 - (j - 1)*j/2 + (j - 1)*(j - 2)),
         twin=lambda: (Sum(i, (i, 1, j)), "=", j*(j + 1)/2)),
]

CORPUS = [*POWERS, *LOGARITHMS, *INEQUALITIES, *CONDITIONS, *SUMS, *SERIES, *NAMES, *LAWS, *MOMENTS, *RECURSIONS]
