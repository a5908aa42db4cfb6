"""Entropy, mean and variance of the Bernoulli, categorical and Poisson laws; divergence of two such, in nats."""

from sympy import factorial

from derive import KL, Derivation, E, H, Sum, Var, delta, eq, exp, ge, identity, index, law, log, oo, positive
from derive import algebra, contraction, definition, geometric_series, gibbs, linearity, logarithms, normalisation
from derive import positivity, powers, probability
from identities.sources import BISHOP, COVER, WASSERMAN

p, q = probability("p", strict=True), probability("q", strict=True)
rate, other = positive("lambda"), positive("nu")
b = index("b", 0, 1)
k = index("k", 0, oo)
i = index("i")
c = i.renamed("c")
P = law("P", i)


def bernoulli(p):
    """The probability of b = 0 or 1."""
    return p**b * (1 - p)**(1 - b)


def poisson(rate):
    """The probability of k = 0, 1, 2, ..."""
    return exp(-rate)*rate**k/factorial(k)


@identity(source=BISHOP.section("2.1"), aliases=["mean of a bernoulli law"], tags=["bernoulli"])
def bernoulli_mean():
    """The mean of a Bernoulli law"""
    return Derivation(
        E(b, bernoulli(p), b),
        eq(Sum(b*p**b*(1 - p)**(1 - b), b),    by=definition),
        eq(p,                                  by=geometric_series),
    )  # fmt: skip


@identity(source=BISHOP.section("2.1"), aliases=["variance of a bernoulli law"], tags=["bernoulli"])
def bernoulli_variance():
    """The variance of a Bernoulli law"""
    return Derivation(
        Var(b, bernoulli(p), b),
        eq(E((b - E(b, bernoulli(p), b))**2, bernoulli(p), b),    by=definition),
        eq(E((b - p)**2, bernoulli(p), b),                        by=(definition, geometric_series)),
        eq(Sum((b - p)**2*p**b*(1 - p)**(1 - b), b),              by=definition),
        eq(p**2*(1 - p) + (1 - p)**2*p,                           by=geometric_series),
        eq(p*(1 - p),                                             by=algebra),
    )  # fmt: skip


@identity(
    source=COVER.section("2.1"), aliases=["entropy of a bernoulli law", "binary entropy"], tags=["bernoulli", "entropy"]
)
def bernoulli_entropy():
    """The entropy of a Bernoulli law"""
    return Derivation(
        H(bernoulli(p), b),
        eq(-Sum(bernoulli(p)*log(bernoulli(p)), b),                                     by=definition),
        eq(-Sum(bernoulli(p)*(b*log(p) + (1 - b)*log(1 - p)), b),                       by=logarithms),
        eq(-log(p)*Sum(b*bernoulli(p), b) - log(1 - p)*Sum((1 - b)*bernoulli(p), b),    by=linearity),
        eq(-p*log(p) - (1 - p)*log(1 - p),                                              by=geometric_series),
    )  # fmt: skip


@identity(source=COVER.section("2.3"), aliases=["kl of two bernoulli laws"], tags=["bernoulli", "entropy"])
def bernoulli_divergence():
    """The divergence of two Bernoulli laws"""
    return Derivation(
        KL(bernoulli(p), bernoulli(q), b),
        eq(Sum(bernoulli(p)*log(bernoulli(p)/bernoulli(q)), b),                              by=definition),
        eq(Sum(bernoulli(p)*(b*log(p/q) + (1 - b)*log((1 - p)/(1 - q))), b),                 by=logarithms),
        eq(log(p/q)*Sum(b*bernoulli(p), b) + log((1 - p)/(1 - q))*Sum((1 - b)*bernoulli(p), b),  by=linearity),
        eq(p*log(p/q) + (1 - p)*log((1 - p)/(1 - q)),                                        by=geometric_series),
    )  # fmt: skip


@identity(
    source=COVER.section("2.6"), aliases=["kl of two bernoulli laws is nonnegative"], tags=["bernoulli", "entropy"]
)
def bernoulli_divergence_is_not_negative():
    """The divergence of two Bernoulli laws is never negative"""
    return Derivation(
        p*log(p/q) + (1 - p)*log((1 - p)/(1 - q)),
        eq(KL(bernoulli(p), bernoulli(q), b),    by=bernoulli_divergence),
        ge(0,                                    by=gibbs),
    )  # fmt: skip


@identity(source=BISHOP.section("2.2"), aliases=["mean of a categorical law"], tags=["categorical"])
def categorical_mean():
    """The mean of the indicator of one value"""
    return Derivation(
        E(delta(i, c), P(i)),
        eq(Sum(P(i)*delta(i, c), i),    by=definition),
        eq(P(c),                        by=contraction),
    )  # fmt: skip


@identity(source=BISHOP.section("2.2"), aliases=["variance of a categorical law"], tags=["categorical"])
def categorical_variance():
    """The variance of the indicator of one value"""
    return Derivation(
        Var(delta(i, c), P(i)),
        eq(E((delta(i, c) - P(c))**2, P(i)), by=(definition, contraction)),
        eq(E(delta(i, c) - 2*P(c)*delta(i, c) + P(c)**2, P(i)), by=algebra),
        eq((1 - 2*P(c))*E(delta(i, c), P(i)) + P(c)**2, by=(linearity, normalisation)),
        eq((1 - 2*P(c))*P(c) + P(c)**2, by=categorical_mean),
        eq(P(c)*(1 - P(c)), by=algebra),
    )  # fmt: skip


@identity(source=COVER.section("2.1"), aliases=["entropy of a categorical law"], tags=["categorical", "entropy"])
def categorical_entropy():
    """The entropy of a categorical law, which is never negative"""
    return Derivation(
        -Sum(P(i)*log(P(i)), i),
        eq(E(-log(P(i)), P(i)),        by=definition),
        eq(H(P(i)),                    by=definition),
        ge(0,                          by=positivity),
    )  # fmt: skip


@identity(source=WASSERMAN.section("3.4"), aliases=["mean of a poisson law"], tags=["poisson"])
def poisson_mean():
    """The mean of a Poisson law"""
    return Derivation(
        E(k, poisson(rate), k),
        eq(Sum(k*exp(-rate)*rate**k/factorial(k), k),    by=definition),
        eq(exp(-rate)*Sum(k*rate**k/factorial(k), k),    by=linearity),
        eq(exp(-rate)*(rate*exp(rate)),                  by=geometric_series),
        eq(rate,                                         by=powers),
    )  # fmt: skip


@identity(source=WASSERMAN.section("3.4"), aliases=["variance of a poisson law"], tags=["poisson"])
def poisson_variance():
    """The variance of a Poisson law"""
    return Derivation(
        Var(k, poisson(rate), k),
        eq(E((k - E(k, poisson(rate), k))**2, poisson(rate), k),    by=definition),
        eq(E((k - rate)**2, poisson(rate), k),                      by=(definition, geometric_series)),
        eq(Sum((k - rate)**2*exp(-rate)*rate**k/factorial(k), k),   by=definition),
        eq(exp(-rate)*(Sum(k**2*rate**k/factorial(k), k) - 2*rate*Sum(k*rate**k/factorial(k), k)
                       + rate**2*Sum(rate**k/factorial(k), k)),     by=linearity),
        eq(exp(-rate)*((rate + rate**2)*exp(rate) - 2*rate*(rate*exp(rate)) + rate**2*exp(rate)),
                                                                    by=geometric_series),
        eq(rate,                                                    by=powers),
    )  # fmt: skip


@identity(source=COVER.section("2.1"), aliases=["entropy of a poisson law"], tags=["poisson", "entropy"])
def poisson_entropy():
    """The entropy of a Poisson law"""
    return Derivation(
        H(poisson(rate), k),
        eq(-Sum(poisson(rate)*log(poisson(rate)), k),                                          by=definition),
        eq(Sum(poisson(rate)*(rate - k*log(rate) + log(factorial(k))), k),                     by=logarithms),
        eq(rate*Sum(poisson(rate), k) - log(rate)*Sum(k*poisson(rate), k)
           + Sum(poisson(rate)*log(factorial(k)), k),                                          by=linearity),
        eq(rate - rate*log(rate) + Sum(poisson(rate)*log(factorial(k)), k),                    by=geometric_series),
        eq(rate - rate*log(rate) + E(log(factorial(k)), poisson(rate), k),                     by=definition),
    )  # fmt: skip


@identity(source=COVER.section("2.3"), aliases=["kl of two poisson laws"], tags=["poisson", "entropy"])
def poisson_divergence():
    """The divergence of two Poisson laws"""
    return Derivation(
        KL(poisson(rate), poisson(other), k),
        eq(Sum(poisson(rate)*log(poisson(rate)/poisson(other)), k),                            by=definition),
        eq(Sum(poisson(rate)*(other - rate + k*(log(rate) - log(other))), k),                  by=logarithms),
        eq((other - rate)*Sum(poisson(rate), k) + (log(rate) - log(other))*Sum(k*poisson(rate), k),  by=linearity),
        eq(other - rate + rate*(log(rate) - log(other)),                                       by=geometric_series),
        eq(other - rate + rate*log(rate/other),                                                by=logarithms),
    )  # fmt: skip
