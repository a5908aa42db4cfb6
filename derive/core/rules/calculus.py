"""Rule families of the calculus of numbers: functions, derivatives, integrals, limits, series, bounds."""

from __future__ import annotations

from derive.core.rules.family import Family

__all__ = [
    "bounds", "branches", "differentiation", "elementary", "integration", "limits", "special_functions",
    "summation",
]

elementary = Family(
    name="elementary",
    title="elementary functions",
    statement="Circular and hyperbolic functions are exponentials (Euler): sin u = (exp(i u) - exp(-i u))/(2 i);"
    " exponents add; algebraic numbers are compared exactly; factors of known sign leave roots, logarithms and"
    " absolute values.",
    conditions="What leaves a root or a logarithm is known to be positive, or real under an even power; every"
    " denominator is not zero.",
    fails="atan(tan x) = x, sqrt(x^2) = x and log(x y) = log x + log y where signs are not known.",
    source="DLMF ch. 4",
    needs=frozenset({"elementary"}),
    cost=3,
)

branches = Family(
    name="branches",
    title="complex parts and branches",
    statement="Conjugates, real and imaginary parts and absolute values of compound terms; roots, logarithms and"
    " inverse functions of complex terms on the branch that the givens fix; two analytic functions with one"
    " derivative on an interval that agree at one point agree.",
    conditions="Every argument is known to stay off the cut, or on the side that the rule is for.",
    fails="log(z w) = log z + log w, sqrt(z^2) = z, conj(log z) = log(conj z) on the cut.",
    source="DLMF 1.9, 4.2, 4.23",
    needs=frozenset({"branches"}),
    helps=frozenset({"elementary"}),
    cost=5,
)

special_functions = Family(
    name="special_functions",
    title="special functions",
    statement="Factorials, binomials, beta, gamma, digamma, polygamma, zeta, harmonic numbers and error functions in"
    " terms of few of them: recurrences, reflections, multiplication theorems, values at integers and rationals."
    " Fibonacci, Lucas and Chebyshev sequences as powers; Bessel functions, Legendre and Hermite polynomials over two"
    " of each class of orders; elliptic, hypergeometric, Airy and Lambert functions by their relations and values.",
    conditions="No argument is a pole, or on a cut; an integer case is told apart where the rule differs there.",
    fails="binomial(n, k) as a quotient of factorials where k > n; gamma(z) gamma(1 - z) = pi/sin(pi z) at integers;"
    " J_-v = (-1)^v J_v for a v that is no integer; W(x e^x) = x for x < -1.",
    source="DLMF ch. 4, 5, 7, 9, 10, 13, 15, 18, 19, 24 and 25",
    needs=frozenset({"special"}),
    helps=frozenset({"elementary", "branches"}),
    cost=5,
)

differentiation = Family(
    name="differentiation",
    title="differentiation",
    statement="Derivatives by the table, the chain rule and Leibniz' rule, at any order where that is known.",
    conditions="The function is analytic at the point (for a real variable: smooth there).",
    fails="d|x|/dx at 0, and derivatives across a branch cut.",
    source="DLMF 1.4, 4.7, 4.20",
    needs=frozenset({"differentiate"}),
    helps=frozenset({"elementary", "special", "branches"}),
    cost=4,
)

limits = Family(
    name="limits",
    title="limits",
    statement="Limits by continuity, by leading terms of expansions, and by the growth of exponentials, powers and"
    " logarithms.",
    conditions="Every leading coefficient is known not to be zero, and its sign where that matters; a two-sided limit"
    " needs both sides to agree.",
    fails="lim |x|/x at 0; lim exp(a x) at oo for an a of unknown sign; exchanging two limits.",
    source="Gruntz, On computing limits, 1996; Rudin, Principles of Mathematical Analysis, 1976, ch. 4",
    needs=frozenset({"limits"}),
    helps=frozenset({"elementary", "special", "branches", "differentiate"}),
    cost=6,
)

summation = Family(
    name="summation",
    title="closed sums and series",
    statement="Finite sums by telescoping: a certificate T with T(k+1) - T(k) = f(k) is checked; known series inside"
    " their radius of convergence; products likewise.",
    conditions="The certificate has no pole in the range; an infinite series converges; an empty sum is 0.",
    fails="sum x^n = 1/(1 - x) without |x| < 1; sums that diverge.",
    source="Petkovsek, Wilf and Zeilberger, A = B, 1996; DLMF 4.6, 4.19, 25.2",
    needs=frozenset({"summation"}),
    helps=frozenset({"elementary", "special", "branches", "limits"}),
    cost=7,
)

integration = Family(
    name="integration",
    title="integration",
    statement="The fundamental theorem: an antiderivative, wherever it comes from, is differentiated and compared, and"
    " is continuous between the ends; substitution, parts, symmetry and linearity; named integrals of Gauss, Euler and"
    " others.",
    conditions="The integral exists; no pole and no jump of an antiderivative lies between the ends; a substitution is"
    " differentiable and takes ends to ends.",
    fails="the integral of 1/x^2 over [-1, 1]; u = x^2 over [-1, 1]; an antiderivative that jumps.",
    source="Rudin, Principles of Mathematical Analysis, 1976, 6.17-6.22; DLMF 5.9, 5.12",
    needs=frozenset({"integrate"}),
    helps=frozenset({"elementary", "special", "branches", "differentiate", "limits", "summation"}),
    cost=8,
)

bounds = Family(
    name="bounds",
    title="bounds by calculus",
    statement="Inequalities by exact polynomial methods, sums of squares, monotonicity, convexity and rigorous"
    " enclosures.",
    conditions="Derivatives exist on the whole range; strictness follows from a strict sign.",
    fails="2 a b < a^2 + b^2 (they may be equal); a c <= b c for a c of unknown sign.",
    source="Hardy, Littlewood and Polya, Inequalities, 1934",
    needs=frozenset({"bounds"}),
    helps=frozenset({"elementary", "special", "branches", "differentiate", "limits", "summation", "integrate"}),
    cost=9,
)
