"""Expectations over arbitrary laws: towers of them, reweighting, scores, and bounds on the evidence."""

from derive import D, Derivation, E, H, Sum, Var, array, eq, exp, full_support, function, ge, identity, index, law, log
from derive import algebra, chain_rule, definition, gibbs, linearity, logarithms, marginalisation, normalisation
from derive import product_rule, real
from identities.sources import BISHOP, WASSERMAN, WILLIAMS

x, y, z = index("x"), index("y"), index("z")
P, Q = law("P", x, y), law("Q", x)
X = law("P", x)
f = array("f", x.hi)
g = array("f", x.hi, y.hi)
t = real("theta")
s = function("s", 2)
v = x.renamed("v")
model = exp(s(x, t)) / Sum(exp(s(v, t)), v)


@identity(
    source=WASSERMAN.section("3.5"), aliases=["tower rule", "iterated expectation", "adam's law"], tags=["expectation"]
)
def law_of_total_expectation():
    """Law of total expectation"""
    return Derivation(
        E(E(g[x, y], P(y | x)), P(x)),
        eq(Sum(P(x)*Sum(P(y | x)*g[x, y], y), x),    by=definition),
        eq(Sum(P(x)*P(y | x)*g[x, y], x, y),         by=linearity),
        eq(Sum(P(x, y)*g[x, y], x, y),               by=product_rule),
        eq(E(g[x, y], P(x, y)),                      by=definition),
    )  # fmt: skip


@identity(source=WASSERMAN.section("1.7"), aliases=["law of total probability"], tags=["expectation"])
def law_of_total_probability():
    """Law of total probability"""
    return Derivation(
        E(P(y | x), P(x)),
        eq(Sum(P(x)*P(y | x), x),    by=definition),
        eq(Sum(P(x, y), x),          by=product_rule),
        eq(P(y),                     by=marginalisation),
    )  # fmt: skip


@identity(
    source=WASSERMAN.section("3.3"), aliases=["second moment less squared mean"], tags=["expectation", "variance"]
)
def variance_from_moments():
    """The variance is the second moment less the square of the mean"""
    mean = E(f[x], X(x))

    return Derivation(
        Var(f[x], X(x)),
        eq(E((f[x] - mean)**2, X(x)),                                        by=definition),
        eq(E(f[x]**2 - 2*mean*f[x] + mean**2, X(x)),                         by=algebra),
        eq(E(f[x]**2, X(x)) - 2*mean*E(f[x], X(x)) + mean**2*E(1, X(x)),     by=linearity),
        eq(E(f[x]**2, X(x)) - 2*mean*E(f[x], X(x)) + mean**2,                by=normalisation),
        eq(E(f[x]**2, X(x)) - mean**2,                                       by=algebra),
    )  # fmt: skip


@identity(
    source=WASSERMAN.section("3.5"), aliases=["eve's law", "variance decomposition"], tags=["expectation", "variance"]
)
def law_of_total_variance():
    """Law of total variance"""
    inner = E(g[x, y], P(y | x))
    mean = E(g[x, y], P(x, y))

    return Derivation(
        Var(g[x, y], P(x, y)),
        eq(E(g[x, y]**2, P(x, y)) - mean**2,                               by=(definition, linearity, normalisation)),
        eq(E(E(g[x, y]**2, P(y | x)), P(x)) - mean**2,                     by=(definition, product_rule, linearity)),
        eq(E(E(g[x, y]**2, P(y | x)) - inner**2 + inner**2, P(x)) - mean**2,  by=algebra),
        eq(E(E(g[x, y]**2, P(y | x)) - inner**2, P(x)) + (E(inner**2, P(x)) - mean**2),  by=linearity),
        eq(E(Var(g[x, y], P(y | x)), P(x)) + (E(inner**2, P(x)) - mean**2),  by=(definition, linearity, normalisation)),
        eq(E(Var(g[x, y], P(y | x)), P(x)) + Var(inner, P(x)),
                                                               by=(definition, product_rule, linearity, normalisation)),
    )  # fmt: skip


@identity(source=BISHOP.section("11.1.4"), aliases=["importance weights"], tags=["expectation"])
def importance_sampling_is_unbiased():
    """Importance sampling is unbiased, where the proposal misses nothing"""
    return Derivation(
        E(f[x]*X(x)/Q(x), Q(x)),
        eq(Sum(Q(x)*(f[x]*X(x)/Q(x)), x),    by=definition),
        eq(Sum(X(x)*f[x], x),                by=algebra),
        eq(E(f[x], X(x)),                    by=definition),
        given=full_support(Q),
    )  # fmt: skip


@identity(source=BISHOP.section("9.4"), aliases=["em bound", "free energy bound"], tags=["expectation", "entropy", "variational"])
def em_lower_bound():
    """The EM lower bound on the evidence"""
    return Derivation(
        log(P(y)),
        eq(E(log(P(y)), Q(x)),                                               by=normalisation),
        eq(E(log(P(x, y)/P(x | y)), Q(x)),                                   by=product_rule),
        eq(E(log(P(x, y)) - log(P(x | y)), Q(x)),                            by=logarithms),
        eq(E(log(P(x, y)), Q(x)) - E(log(P(x | y)), Q(x)),                   by=linearity),
        eq(E(log(P(x, y)), Q(x)) + H(Q(x), P(x | y)),                        by=definition),
        ge(E(log(P(x, y)), Q(x)) + H(Q(x)),                                  by=gibbs),
        given=full_support(P),
    )  # fmt: skip


@identity(
    source=WASSERMAN.section("9.7"), aliases=["score has mean zero", "expected score"], tags=["expectation", "score"]
)
def score_has_mean_zero():
    """The score has mean zero

    The law is the softmax of any smooth scores s(x, theta): any positive law that moves smoothly with theta is one.
    """
    return Derivation(
        E(D(log(model), t), model, x),
        eq(Sum(model*D(log(model), t), x),    by=definition),
        eq(Sum(D(model, t), x),               by=chain_rule),
        eq(D(Sum(model, x), t),               by=chain_rule),
        eq(D(1, t),                           by=linearity),
        eq(0,                                 by=chain_rule),
    )  # fmt: skip


@identity(
    source=WILLIAMS.whole(), aliases=["score-function identity", "reinforce", "log-derivative trick"],
    tags=["expectation", "score"],
)
def score_function_identity():
    """The score-function identity: the gradient of a mean is the mean of f times the score"""
    return Derivation(
        D(Sum(f[x]*model, x), t),
        eq(Sum(f[x]*D(model, t), x),                 by=chain_rule),
        eq(Sum(f[x]*model*D(log(model), t), x),      by=chain_rule),
        eq(E(f[x]*D(log(model), t), model, x),       by=definition),
    )  # fmt: skip
