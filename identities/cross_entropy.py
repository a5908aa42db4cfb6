"""Cross-entropies with laws over the natural numbers, in nats; with honest infinities."""

from derive import KL, ArgMin, D, Derivation, E, H, Sum, define, delta, eq, exp, ge, gt, identity, index, law, log, oo
from derive import algebra, chain_rule, contraction, definition, divergence, geometric_series, gibbs, linearity
from derive import logarithms, normalisation, positive, positivity, probability, stationarity, summation
from identities.sources import EXAM_2021, QUIZ_1

k, i = index("k", 0, oo), index("i", 0, oo)
beta = positive("beta")
lam = probability("lambda", strict=True)
m = positive("m")
Pop = law("Pop", k)
P = (1 - exp(-beta)) * exp(-beta*i)
Q = (1 - lam) * lam**k
mu = define("mu", E(k, Pop(k)))
b = index("b", 0, 1)
best = m/(1 + m)
loss = -log(1 - lam) - m*log(lam)
least = -log(1 - best) - m*log(best)


@identity(
    source=QUIZ_1.problem(1, part="a"), row="000.1a", aliases=["cross-entropy with a geometric law"],
    tags=["entropy", "cross-entropy"],
)
def geometric_cross_entropy():
    """Cross-entropy of any law on 0, 1, 2, ... with a geometric one

    mu is the mean of the population, which is finite.
    """
    return Derivation(
        H(Pop(k), Q, k),
        eq(-Sum(Pop(k)*log((1 - lam)*lam**k), k),                              by=definition),
        eq(-Sum(Pop(k)*(log(1 - lam) + k*log(lam)), k),                        by=logarithms),
        eq(-log(1 - lam)*Sum(Pop(k), k) - log(lam)*Sum(k*Pop(k), k),           by=linearity),
        eq(-log(1 - lam) - log(lam)*Sum(k*Pop(k), k),                          by=normalisation),
        eq(-log(1 - lam) - mu()*log(lam),                                      by=definition),
        given=E(k, Pop(k)) < oo,
    )  # fmt: skip


@identity(
    source=QUIZ_1.problem(1, part="b"), row="000.1b", aliases=["geometric law nearest in cross-entropy"],
    tags=["entropy", "cross-entropy"],
)
def geometric_cross_entropy_minimiser():
    """Of all geometric laws that with lambda = mu/(1 + mu) has the least cross-entropy

    mu is the mean of the population, which must be positive: where it is 0, the cross-entropy -ln(1 - lambda) has no
    least value on 0 < lambda < 1.
    """
    return Derivation(
        ArgMin(H(Pop(k), Q, k), lam),
        eq(ArgMin(-log(1 - lam) - mu()*log(lam), lam),    by=geometric_cross_entropy),
        eq(mu()/(1 + mu()),                               by=stationarity),
        given=(E(k, Pop(k)) < oo, mu() > 0),
    )  # fmt: skip


@identity(
    source=QUIZ_1.problem(1, part="b"), row="000.1b", aliases=["stationary point of the geometric cross-entropy"],
    tags=["entropy", "cross-entropy"],
)
def geometric_cross_entropy_slope():
    """The derivative of the cross-entropy with a geometric law, whose only zero is lambda = m/(1 + m)

    m is the mean of the population, which is positive.
    """
    return Derivation(
        D(loss, lam),
        eq(1/(1 - lam) - m/lam,                          by=chain_rule),
        eq((1 + m)*(lam - m/(1 + m))/(lam*(1 - lam)),    by=algebra),
    )  # fmt: skip


@identity(
    source=QUIZ_1.problem(1, part="b"), row="000.1b", aliases=["convexity of the geometric cross-entropy"],
    tags=["entropy", "cross-entropy"],
)
def geometric_cross_entropy_is_convex():
    """The cross-entropy with a geometric law is strictly convex in lambda, for a positive mean m"""
    return Derivation(
        D(D(loss, lam), lam),
        eq(D(1/(1 - lam) - m/lam, lam),     by=chain_rule),
        eq(1/(1 - lam)**2 + m/lam**2,       by=chain_rule),
        gt(0,                               by=positivity),
    )  # fmt: skip


@identity(
    source=QUIZ_1.problem(1, part="b"), row="000.1b", aliases=["minimiser of the geometric cross-entropy"],
    tags=["entropy", "cross-entropy"],
)
def geometric_cross_entropy_minimum():
    """No lambda has a smaller cross-entropy than m/(1 + m), for a positive mean m

    What it exceeds the least one by is 1 + m times the divergence of two Bernoulli laws.
    """
    def coin(p):
        return p**b * (1 - p)**(1 - b)

    return Derivation(
        loss,
        eq(least + (1 + m)*(best*log(best/lam) + (1 - best)*log((1 - best)/(1 - lam))),    by=logarithms),
        eq(least + (1 + m)*KL(coin(best), coin(lam), b),                       by=(definition, geometric_series)),
        ge(least,                                                              by=gibbs),
    )  # fmt: skip


@identity(source=QUIZ_1.problem(1, part="c"), row="000.1c", aliases=["mean of a geometric law"], tags=["geometric"])
def geometric_mean():
    """The mean of the geometric law (1 - lambda) lambda^k"""
    return Derivation(
        E(k, Q, k),
        eq(Sum(k*(1 - lam)*lam**k, k),             by=definition),
        eq((1 - lam)*Sum(k*lam**k, k),             by=linearity),
        eq((1 - lam)*(lam/(1 - lam)**2),           by=geometric_series),
        eq(lam/(1 - lam),                          by=algebra),
    )  # fmt: skip


@identity(
    source=QUIZ_1.problem(1, part="c"), row="000.1c", aliases=["mean of the optimal geometric law"], tags=["geometric"]
)
def geometric_mean_at_the_minimiser():
    """The mean of the geometric law that is nearest in cross-entropy is that of the population

    lambda is m/(1 + m), where m is the mean of the population.
    """
    return Derivation(
        Sum(k*(1 - best)*best**k, k),
        eq((1 - best)*Sum(k*best**k, k),             by=linearity),
        eq((1 - best)*(best/(1 - best)**2),          by=summation),
        eq(best/(1 - best),                          by=algebra),
        eq(m,                                        by=algebra),
    )  # fmt: skip


@identity(
    source=EXAM_2021.problem(1, part="c"), row="002.1c", aliases=["one-hot cross-entropy"],
    tags=["entropy", "cross-entropy"],
)
def one_hot_cross_entropy():
    """Cross-entropy of a one-hot law with the softmax of -beta*i"""
    return Derivation(
        H(delta(i, k), P, i),
        eq(-Sum(delta(i, k)*log(P), i),                    by=definition),
        eq(-log((1 - exp(-beta))*exp(-beta*k)),            by=contraction),
        eq(beta*k - log(1 - exp(-beta)),                   by=logarithms),
    )  # fmt: skip


@identity(
    source=EXAM_2021.problem(1, part="c"), row="002.1c", aliases=["one-hot divergence"],
    tags=["entropy", "cross-entropy"],
)
def one_hot_divergence():
    """Divergence of the softmax of -beta*i from a one-hot law: the cross-entropy, as a one-hot law has no entropy"""
    return Derivation(
        KL(delta(i, k), P, i),
        eq(H(delta(i, k), P, i) - H(delta(i, k), i),       by=(definition, logarithms, linearity)),
        eq(H(delta(i, k), P, i),                           by=(definition, contraction)),
        eq(beta*k - log(1 - exp(-beta)),                   by=one_hot_cross_entropy),
    )  # fmt: skip


@identity(
    source=EXAM_2021.problem(1, part="c"), row="002.1c", aliases=["cross-entropy with a one-hot law is infinite"],
    tags=["entropy", "cross-entropy"],
)
def cross_entropy_with_a_one_hot_law():
    """Cross-entropy of the softmax of -beta*i with a one-hot law: infinite, as that law misses all other values"""
    return Derivation(
        H(P, delta(i, k), i),
        eq(oo,    by=divergence),
    )  # fmt: skip


@identity(
    source=EXAM_2021.problem(1, part="c"), row="002.1c", aliases=["divergence from a one-hot law is infinite"],
    tags=["entropy", "cross-entropy"],
)
def divergence_from_a_one_hot_law():
    """Divergence of the softmax of -beta*i from a one-hot law: infinite, as that law misses all other values"""
    return Derivation(
        KL(P, delta(i, k), i),
        eq(oo,    by=divergence),
    )  # fmt: skip
