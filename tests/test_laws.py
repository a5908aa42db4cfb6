"""Laws without support, infinities, deltas, sums over bits, products: rules fire where they must, and only there."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Expr, evaluate, factorial

from derive import (
    KL,
    Derivation,
    E,
    H,
    I,
    Product,
    Sum,
    contraction,
    definition,
    delta,
    divergence,
    eq,
    exp,
    full_support,
    ge,
    geometric_series,
    gibbs,
    index,
    law,
    linearity,
    log,
    logarithms,
    negative,
    normalisation,
    oo,
    positive,
    probability,
    product_rule,
    real,
    size,
)
from derive.checking import check
from derive.core.errors import TermError

x, y = index("x"), index("y")
v = y.renamed("v")
P, Q, R = law("P", x, y), law("Q", x, y), law("R", y)
k, i = index("k", 0, oo), index("i", 0, oo)
K, L = law("K", k), law("L", k)
N, M = size("N", 2), size("M")
n, m = index("n", N), index("m", M)
b = index("b", 0, 1)
p, q = probability("p", strict=True), probability("q", strict=True)
beta, t, u, s = positive("beta"), real("t"), real("u"), negative("s")
geometric = (1 - exp(-beta))*exp(-beta*i)

PROVED: dict[str, Any] = {
    "a logarithm under the weight of its law": lambda: (
        Sum(P(x, y)*log(P(x)*P(y | x)), x, y), eq(Sum(P(x, y)*(log(P(x)) + log(P(y | x))), x, y), by=logarithms)),
    "a marginal is positive where the joint is": lambda: (
        E(log(P(x, y)/P(y)), P(x, y)), eq(E(log(P(x, y)) - log(P(y)), P(x, y)), by=logarithms)),
    "a product rule under a weight": lambda: (
        Sum(P(x, y)*log(P(x, y)), x, y), eq(Sum(P(x, y)*log(P(x)*P(y | x)), x, y), by=product_rule)),
    "a law at the other end of a delta": lambda: (
        Sum(R(y)*delta(v, y)*log(R(y)/R(y=v)), v, y), eq(Sum(R(y)*log(R(y)/R(y)), y), by=contraction)),
    "a joint law sums to one": lambda: (Sum(P(x, y), x, y), eq(1, by=normalisation)),
    "a divergence without support": lambda: (KL(P(x, y), Q(x, y)), ge(0, by=gibbs)),
    "a divergence from a product": lambda: (I(P(x, y)), ge(0, by=gibbs)),
    "a mean divergence": lambda: (E(KL(P(y | x), R(y)), P(x)), ge(0, by=gibbs)),
    "a cross-entropy without support": lambda: (H(P(x, y), Q(x, y)), ge(H(P(x, y)), by=gibbs)),
    "a divergence of formulas": lambda: (
        KL(p**b*(1 - p)**(1 - b), q**b*(1 - q)**(1 - b), b), ge(0, by=gibbs)),
    "a law that misses part of another": lambda: (H(geometric, delta(i, k), i), eq(oo, by=divergence)),
    "a law on two values that misses one": lambda: (KL(1/N, delta(n, N), n), eq(oo, by=divergence)),
    "a delta in an infinite sum": lambda: (
        Sum(delta(i, k)*log(geometric), i), eq(log((1 - exp(-beta))*exp(-beta*k)), by=contraction)),
    "a mean that is given to be finite": lambda: (
        Sum((k + 1)*K(k), k), eq(Sum(k*K(k), k) + Sum(K(k), k), by=linearity), E(k, K(k)) < oo),
    "an entropy that is given to be finite": lambda: (
        E(t - log(K(k)), K(k)), eq(t*E(1, K(k)) - E(log(K(k)), K(k)), by=linearity), H(K(k)) < oo),
    "a sum over bits": lambda: (Sum(b*p**b*(1 - p)**(1 - b), b), eq(p, by=geometric_series)),
    "an exponential series": lambda: (
        Sum(k**2*t**k/factorial(k), k), eq((t + t**2)*exp(t), by=geometric_series)),
    "logarithms of negative factors": lambda: (log(s*(s - 1)), eq(log(-s) + log(1 - s), by=logarithms)),
    "a product with two ends": lambda: (
        Product(1 + delta(n, 1) + 2*delta(n, N), n), eq(6*1, by=contraction)),
    "a product of equal factors": lambda: (Product(t + 1, n), eq((1 + t)**N*1)),
}
"""What must be proved: the start, the step, the givens."""

SILENT: dict[str, Any] = {
    "a logarithm without a weight": lambda: (
        Sum(log(P(x)*P(y | x)), x, y), eq(Sum(log(P(x)) + log(P(y | x)), x, y), by=logarithms)),
    "the weight of another law": lambda: (
        E(log(Q(x, y)/Q(y)), P(x, y)), eq(E(log(Q(x, y)) - log(Q(y)), P(x, y)), by=logarithms)),
    "a marginal's weight for the joint": lambda: (
        E(log(P(x, y)/P(y)), P(x)*P(y), x, y), eq(E(log(P(x, y)) - log(P(y)), P(x)*P(y), x, y), by=logarithms)),
    "a division that no weight makes good": lambda: (
        Sum(R(y)*(t/R(y)), y), eq(Sum(R(y)/R(y), y)*t, by=linearity)),
    "part of a joint law": lambda: (Sum(P(x, y), x), eq(1, by=normalisation)),
    "a divergence the other way round": lambda: (0*t, ge(KL(P(x, y), Q(x, y)), by=gibbs)),
    "a divergence from what is no law": lambda: (KL(R(y), 2*R(y), y), ge(0, by=gibbs)),
    "less entropy than cross-entropy": lambda: (H(P(x, y)), ge(H(P(x, y), Q(x, y)), by=gibbs)),
    "a law that misses nothing": lambda: (H(delta(i, k), geometric, i), eq(oo, by=divergence)),
    "a law that may miss nothing": lambda: (H(K(k), L(k)), eq(oo, by=divergence)),
    "a weight that may be zero where the other is": lambda: (H(K(k), delta(k, 3), k), eq(oo, by=divergence)),
    "one value only": lambda: (KL(1/M, delta(m, M), m), eq(oo, by=divergence)),
    "a mean that may be infinite": lambda: (
        Sum((k + 1)*K(k), k), eq(Sum(k*K(k), k) + Sum(K(k), k), by=linearity)),
    "a finite mean is no finite variance": lambda: (
        Sum((k**2 + 1)*K(k), k), eq(Sum(k**2*K(k), k) + Sum(K(k), k), by=linearity), E(k, K(k)) < oo),
    "the finite mean of another law": lambda: (
        Sum((k + 1)*K(k), k), eq(Sum(k*K(k), k) + Sum(K(k), k), by=linearity), E(k, L(k)) < oo),
    "an exponential series that starts late": lambda: (
        Sum(t**k/factorial(k), (k, 1, oo)), eq(exp(t), by=geometric_series)),
    "a factorial above the line": lambda: (
        Sum((t + 1)*factorial(k), k), eq(t*Sum(factorial(k), k) + Sum(factorial(k), k), by=linearity)),
    "a logarithm of factors without sign": lambda: (log(t*u), eq(log(-t) + log(-u), by=logarithms)),
    "a product whose ends may meet": lambda: (
        Product(1 + delta(m, 1) + 2*delta(m, M), m), eq(6*1, by=contraction)),
    "a product that loses a factor": lambda: (Product(t + 1, n), eq((1 + t)**(N - 1))),
}
"""What must not be proved."""


def verdict(case: Any) -> str:
    """The verdict of a chain of one step."""
    with evaluate(False):
        start, step, *given = case()
        chain = Derivation(start, step, given=tuple(given))
    return check(chain).steps[0].verdict.name


@pytest.mark.parametrize("case", PROVED)
def test_it_fires(case: str) -> None:
    """A step that a rule is for."""
    assert verdict(PROVED[case]) == "proved"


@pytest.mark.parametrize("case", SILENT)
def test_it_stays_silent(case: str) -> None:
    """A step that looks like one, where a condition fails."""
    assert verdict(SILENT[case]) != "proved"


def test_mutual_information_is_a_divergence() -> None:
    """`I` builds the divergence from the product of the marginals, also given a third variable."""
    z = index("z")
    S = law("S", x, y, z)
    with evaluate(False):
        assert I(P(x, y)) == KL(P(x, y), P(x)*P(y), x, y)
        given: Expr = I(S(x, y | z))
        assert given == KL(S(x, y | z), S(x | z)*S(y | z), x, y)
    with pytest.raises(TermError, match="two variables"):
        I(P(x))


def test_definitions_of_divergences_need_support() -> None:
    """The sum of p ln(p/q) is finite where q has full support, and only then."""
    def chain() -> tuple[Any, ...]:
        return KL(P(x, y), Q(x, y)), eq(Sum(P(x, y)*log(P(x, y)/Q(x, y)), x, y), by=definition)

    assert verdict(chain) != "proved"
    assert verdict(lambda: (*chain(), full_support(Q))) == "proved"
