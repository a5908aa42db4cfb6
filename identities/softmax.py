"""Log-sum-exp and the softmax of n scores g(1), ..., g(n), in nats."""

from derive import KL, Derivation, E, H, Maximum, Sum, delta, eq, exp, function, ge, identity, index, law, le, log, size
from derive import attainment, contraction, definition, gibbs, linearity, logarithms, normalisation
from identities.sources import BOYD, DONSKER

n = size("n")
i, j, k = index("i", n), index("j", n), index("k", n)
g = function("g")
highest = Maximum(g(k), k)
q = law("q", i)
total = Sum(exp(g(j)), j)
softmax = exp(g(i)) / total


@identity(source=BOYD.section("3.1.5"), aliases=["logsumexp is at least each score"], tags=["softmax", "entropy"])
def log_sum_exp_is_at_least_each_score():
    """Log-sum-exp is at least each of its scores"""
    return Derivation(
        log(total),
        eq(g(k) - log(exp(g(k))/total),                                          by=logarithms),
        eq(g(k) + Sum(delta(i, k)*(log(delta(i, k)) - log(softmax)), i),         by=contraction),
        eq(g(k) + Sum(delta(i, k)*log(delta(i, k)/softmax), i),                  by=logarithms),
        eq(g(k) + KL(delta(i, k), softmax, i),                                   by=definition),
        ge(g(k),                                                                 by=gibbs),
    )  # fmt: skip


@identity(
    source=BOYD.section("3.1.5"), aliases=["log-sum-exp lower bound", "logsumexp is at least the max"],
    tags=["softmax", "entropy"],
)
def log_sum_exp_is_at_least_the_maximum():
    """Log-sum-exp is at least the maximum of its scores"""
    return Derivation(
        log(total),
        ge(highest,    by=(attainment, log_sum_exp_is_at_least_each_score)),
    )  # fmt: skip


@identity(
    source=BOYD.section("3.1.5"), aliases=["log-sum-exp upper bound", "logsumexp is at most the max plus ln n"],
    tags=["softmax", "entropy"],
)
def log_sum_exp_is_at_most_maximum_plus_log_n():
    """Log-sum-exp is at most the maximum of its scores plus ln n"""
    return Derivation(
        log(total),
        eq(E(log(total), softmax, i),                                            by=normalisation),
        eq(E(g(i) - log(softmax), softmax, i),                                   by=logarithms),
        eq(E(g(i), softmax, i) - E(log(softmax), softmax, i),                    by=linearity),
        eq(E(g(i), softmax, i) + log(n) - E(log(softmax) + log(n), softmax, i),  by=(linearity, normalisation)),
        eq(E(g(i), softmax, i) + log(n) - KL(softmax, 1/n, i),                   by=(definition, logarithms)),
        le(E(g(i), softmax, i) + log(n),                                         by=gibbs),
        eq(highest + log(n) - E(highest - g(i), softmax, i),                     by=(linearity, normalisation)),
        le(highest + log(n),                                                     by=attainment),
    )  # fmt: skip


@identity(
    source=DONSKER.whole(), aliases=["gibbs variational principle", "donsker-varadhan", "free energy"], tags=["softmax", "entropy", "variational"]
)
def log_sum_exp_variational():
    """Log-sum-exp is at least the mean score plus the entropy of any law on the scores"""
    return Derivation(
        log(total),
        eq(E(log(total), q(i)),                                  by=normalisation),
        eq(E(g(i) - log(softmax), q(i)),                         by=logarithms),
        eq(E(g(i), q(i)) + H(q(i), softmax, i),                  by=(definition, linearity)),
        ge(E(g(i), q(i)) + H(q(i)),                              by=gibbs),
    )  # fmt: skip
