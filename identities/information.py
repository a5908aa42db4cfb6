"""Joint, conditional and relative entropies of arbitrary laws over finite sets, in nats; no support is assumed."""

from derive import KL, Derivation, E, H, I, Sum, eq, ge, identity, index, law, le, log, size
from derive import algebra, definition, gibbs, linearity, logarithms, marginalisation, normalisation, product_rule
from derive import full_support
from identities.sources import COVER, GOODFELLOW, QUIZ_2020

x, y, z = index("x"), index("y"), index("z")
P, Q = law("P", x, y), law("Q", x, y)
R = law("P", x, y, z)
p, q = law("p", x), law("q", x)
n = size("n")
i = index("i", n)
r = law("p", i)
v = x.renamed("v")
W, V = law("W", y, x), law("W", z, y)
after_p, after_q = Sum(p(v)*W(y | v), v), Sum(q(v)*W(y | v), v)


@identity(
    source=QUIZ_2020.problem(1), row="001.1", aliases=["mutual information", "mutual information and entropy"],
    tags=["entropy", "information"],
)
def mutual_information_and_entropies():
    """Mutual information as entropy less conditional entropy"""
    return Derivation(
        I(P(x, y)),
        eq(E(log(P(x, y)/(P(x)*P(y))), P(x, y)),                     by=definition),
        eq(E(log(P(x)*P(y | x)/(P(x)*P(y))), P(x, y)),               by=product_rule),
        eq(E(log(P(y | x)/P(y)), P(x, y)),                           by=algebra),
        eq(E(-log(P(y)) + log(P(y | x)), P(x, y)),                   by=logarithms),
        eq(E(-log(P(y)), P(x, y)) - E(-log(P(y | x)), P(x, y)),      by=linearity),
        eq(E(-log(P(y)), P(y)) - E(-log(P(y | x)), P(x, y)),         by=(definition, marginalisation)),
        eq(E(-log(P(y)), P(y)) - E(E(-log(P(y | x)), P(y | x)), P(x)),  by=(definition, product_rule, linearity)),
        eq(H(P(y)) - E(H(P(y | x)), P(x)),                           by=definition),
    )  # fmt: skip


@identity(
    source=QUIZ_2020.problem(1), row="001.1", aliases=["mutual information the other way round"],
    tags=["entropy", "information"],
)
def mutual_information_is_symmetric():
    """Mutual information, the other way round"""
    return Derivation(
        H(P(y)) - E(H(P(y | x)), P(x)),
        eq(I(P(x, y)),                                               by=mutual_information_and_entropies),
        eq(E(log(P(x, y)/(P(x)*P(y))), P(x, y)),                     by=definition),
        eq(E(log(P(y)*P(x | y)/(P(x)*P(y))), P(x, y)),               by=product_rule),
        eq(E(log(P(x | y)/P(x)), P(x, y)),                           by=algebra),
        eq(E(-log(P(x)) + log(P(x | y)), P(x, y)),                   by=logarithms),
        eq(E(-log(P(x)), P(x, y)) - E(-log(P(x | y)), P(x, y)),      by=linearity),
        eq(E(-log(P(x)), P(x)) - E(-log(P(x | y)), P(x, y)),         by=(definition, marginalisation)),
        eq(E(-log(P(x)), P(x)) - E(E(-log(P(x | y)), P(x | y)), P(y)),  by=(definition, product_rule, linearity)),
        eq(H(P(x)) - E(H(P(x | y)), P(y)),                           by=definition),
    )  # fmt: skip


@identity(
    source=QUIZ_2020.problem(1), row="001.1", aliases=["mutual information is nonnegative"],
    tags=["entropy", "information"],
)
def mutual_information_is_not_negative():
    """Mutual information is never negative"""
    return Derivation(
        H(P(y)) - E(H(P(y | x)), P(x)),
        eq(I(P(x, y)),    by=mutual_information_and_entropies),
        ge(0,             by=gibbs),
    )  # fmt: skip


@identity(source=COVER.section("2.6"), aliases=["conditioning cannot raise entropy"], tags=["entropy", "information"])
def conditioning_reduces_entropy():
    """Conditioning reduces entropy, on the average"""
    return Derivation(
        E(H(P(y | x)), P(x)),
        eq(H(P(y)) - (H(P(y)) - E(H(P(y | x)), P(x))),    by=algebra),
        eq(H(P(y)) - I(P(x, y)),                         by=mutual_information_and_entropies),
        le(H(P(y)),                                      by=gibbs),
    )  # fmt: skip


@identity(
    source=COVER.section("2.2"), aliases=["chain rule of entropy", "joint entropy", "conditional entropy"],
    tags=["entropy", "information"],
)
def entropy_chain_rule():
    """Chain rule of entropy: the joint is the marginal and the conditional"""
    return Derivation(
        H(P(x, y)),
        eq(-Sum(P(x, y)*log(P(x, y)), x, y),                                              by=definition),
        eq(-Sum(P(x, y)*log(P(x)*P(y | x)), x, y),                                        by=product_rule),
        eq(-Sum(P(x, y)*(log(P(x)) + log(P(y | x))), x, y),                               by=logarithms),
        eq(-Sum(P(x, y)*log(P(x)), x, y) - Sum(P(x, y)*log(P(y | x)), x, y),              by=linearity),
        eq(-Sum(P(x)*log(P(x)), x) - Sum(P(x, y)*log(P(y | x)), x, y),                    by=marginalisation),
        eq(-Sum(P(x)*log(P(x)), x) - Sum(P(x)*P(y | x)*log(P(y | x)), x, y),              by=product_rule),
        eq(-Sum(P(x)*log(P(x)), x) - Sum(P(x)*Sum(P(y | x)*log(P(y | x)), y), x),         by=linearity),
        eq(H(P(x)) + E(H(P(y | x)), P(x)),                                                by=definition),
    )  # fmt: skip


@identity(
    source=COVER.section("2.6"), aliases=["subadditivity of entropy", "independence bound on entropy"],
    tags=["entropy", "information"],
)
def entropy_is_subadditive():
    """The joint entropy is at most the sum of the entropies"""
    return Derivation(
        H(P(x, y)),
        eq(H(P(x)) + E(H(P(y | x)), P(x)),                                    by=entropy_chain_rule),
        eq(H(P(x)) + H(P(y)) - (H(P(y)) - E(H(P(y | x)), P(x))),              by=algebra),
        eq(H(P(x)) + H(P(y)) - I(P(x, y)),                                    by=mutual_information_and_entropies),
        le(H(P(x)) + H(P(y)),                                                 by=gibbs),
    )  # fmt: skip


@identity(source=COVER.section("2.6"), aliases=["entropy of independent variables"], tags=["entropy", "information"])
def entropy_of_a_product():
    """The entropy of independent variables is the sum of theirs"""
    return Derivation(
        H(P(x)*Q(y), x, y),
        eq(-Sum(P(x)*Q(y)*log(P(x)*Q(y)), x, y),                                          by=definition),
        eq(-Sum(P(x)*Q(y)*(log(P(x)) + log(Q(y))), x, y),                                 by=logarithms),
        eq(-Sum(P(x)*log(P(x)), x)*Sum(Q(y), y) - Sum(P(x), x)*Sum(Q(y)*log(Q(y)), y),    by=linearity),
        eq(-Sum(P(x)*log(P(x)), x) - Sum(Q(y)*log(Q(y)), y),                              by=normalisation),
        eq(H(P(x)) + H(Q(y)),                                                             by=definition),
    )  # fmt: skip


@identity(
    source=GOODFELLOW.section("3.13"), aliases=["cross entropy is entropy plus kl", "cross entropy"],
    tags=["entropy", "information"],
)
def cross_entropy_decomposition():
    """Cross-entropy is entropy plus divergence, hence at least the entropy"""
    return Derivation(
        H(p(x), q(x)),
        eq(-Sum(p(x)*log(q(x)), x),                                      by=definition),
        eq(-Sum(p(x)*log(p(x)*q(x)/p(x)), x),                            by=algebra),
        eq(-Sum(p(x)*(log(p(x)) - log(p(x)/q(x))), x),                   by=logarithms),
        eq(-Sum(p(x)*log(p(x)), x) + Sum(p(x)*log(p(x)/q(x)), x),        by=linearity),
        eq(H(p(x)) + KL(p(x), q(x)),                                     by=definition),
        ge(H(p(x)),                                                      by=gibbs),
        given=full_support(q),
    )  # fmt: skip


@identity(
    source=COVER.section("2.6"), aliases=["gibbs inequality", "information inequality", "kl is nonnegative"],
    tags=["entropy", "information"],
)
def divergence_is_not_negative():
    """The Kullback-Leibler divergence is never negative"""
    return Derivation(
        KL(p(x), q(x)),
        ge(0,    by=gibbs),
    )  # fmt: skip


@identity(
    source=COVER.section("2.5"), aliases=["chain rule of kl", "chain rule of relative entropy"],
    tags=["entropy", "information"],
)
def divergence_chain_rule():
    """Chain rule of the divergence"""
    return Derivation(
        KL(P(x, y), Q(x, y)),
        eq(Sum(P(x, y)*log(P(x, y)/Q(x, y)), x, y),                                           by=definition),
        eq(Sum(P(x, y)*log(P(x)*P(y | x)/(Q(x)*Q(y | x))), x, y),                             by=product_rule),
        eq(Sum(P(x, y)*(log(P(x)/Q(x)) + log(P(y | x)/Q(y | x))), x, y),                      by=logarithms),
        eq(Sum(P(x, y)*log(P(x)/Q(x)), x, y) + Sum(P(x, y)*log(P(y | x)/Q(y | x)), x, y),     by=linearity),
        eq(Sum(P(x)*log(P(x)/Q(x)), x) + Sum(P(x, y)*log(P(y | x)/Q(y | x)), x, y),           by=marginalisation),
        eq(Sum(P(x)*log(P(x)/Q(x)), x) + Sum(P(x)*Sum(P(y | x)*log(P(y | x)/Q(y | x)), y), x),
                                                                              by=(product_rule, linearity)),
        eq(KL(P(x), Q(x)) + E(KL(P(y | x), Q(y | x)), P(x)),                                  by=definition),
        ge(KL(P(x), Q(x)),                                                                    by=gibbs),
        given=full_support(Q),
    )  # fmt: skip


@identity(
    source=COVER.section("2.6"), aliases=["maximum entropy of the uniform law", "maximum entropy"],
    tags=["entropy", "information"],
)
def uniform_law_has_maximal_entropy():
    """No law on n values has more entropy than the uniform one, whose entropy is ln n"""
    return Derivation(
        H(r(i)),
        eq(log(n) - (Sum(r(i)*log(r(i)), i) + log(n)),                   by=definition),
        eq(log(n) - (Sum(r(i)*log(r(i)), i) + Sum(r(i), i)*log(n)),      by=normalisation),
        eq(log(n) - Sum(r(i)*(log(r(i)) + log(n)), i),                   by=linearity),
        eq(log(n) - Sum(r(i)*log(r(i)/(1/n)), i),                        by=logarithms),
        eq(log(n) - KL(r(i), 1/n, i),                                    by=definition),
        le(log(n),                                                       by=gibbs),
    )  # fmt: skip


@identity(source=COVER.section("2.1"), aliases=["entropy of the uniform law"], tags=["entropy", "information"])
def uniform_entropy():
    """The entropy of the uniform law on n values"""
    return Derivation(
        H(1/n, i),
        eq(-Sum(1/n * log(1/n), i),    by=definition),
        eq(Sum(log(n)/n, i),           by=logarithms),
        eq(log(n),                     by=linearity),
    )  # fmt: skip


@identity(
    source=COVER.section("2.5"), aliases=["conditional mutual information", "chain rule of mutual information"],
    tags=["entropy", "information"],
)
def mutual_information_chain_rule():
    """Chain rule of mutual information: what x and y together say of z"""
    return Derivation(
        KL(R(x, y, z), R(x, y)*R(z), x, y, z),
        eq(Sum(R(x, y, z)*log(R(x, y, z)/(R(x, y)*R(z))), x, y, z),                           by=definition),
        eq(Sum(R(x, y, z)*log(R(x)*R(z | x)*R(y | x, z)/(R(x)*R(y | x)*R(z))), x, y, z),        by=product_rule),
        eq(Sum(R(x, y, z)*(log(R(z | x)/R(z)) + log(R(y | x, z)/R(y | x))), x, y, z),         by=logarithms),
        eq(Sum(R(x, y, z)*log(R(z | x)/R(z)), x, y, z)
           + Sum(R(x, y, z)*log(R(y | x, z)/R(y | x)), x, y, z),                              by=linearity),
        eq(Sum(R(x, z)*log(R(z | x)/R(z)), x, z)
           + Sum(R(x, y, z)*log(R(y | x, z)/R(y | x)), x, y, z),                              by=marginalisation),
        eq(Sum(R(x, z)*log(R(x, z)/(R(x)*R(z))), x, z)
           + Sum(R(x)*R(y, z | x)*log(R(y, z | x)/(R(y | x)*R(z | x))), x, y, z),             by=product_rule),
        eq(I(R(x, z)) + E(I(R(y, z | x)), R(x)),                                  by=(definition, linearity)),
        ge(I(R(x, z)),                                                                        by=gibbs),
    )  # fmt: skip


@identity(source=COVER.section("2.8"), aliases=["two ways to the mutual information"], tags=["entropy", "information"])
def data_processing():
    """What z says of x, and y then, is what y says, and z then

    Where x, y, z is a Markov chain the last term is 0.
    """
    return Derivation(
        I(R(x, z)),
        le(I(R(x, z)) + E(I(R(x, y | z)), R(z)),                                                   by=gibbs),
        eq(Sum(R(x, z)*log(R(x, z)/(R(x)*R(z))), x, z)
           + Sum(R(z)*R(x, y | z)*log(R(x, y | z)/(R(x | z)*R(y | z))), x, y, z),          by=(definition, linearity)),
        eq(Sum(R(x, y, z)*log(R(x, z)/(R(x)*R(z))), x, y, z)
           + Sum(R(x, y, z)*log(R(x, y, z)*R(z)/(R(x, z)*R(y, z))), x, y, z),        by=(product_rule, marginalisation)),
        eq(Sum(R(x, y, z)*log(R(x, y, z)/(R(x)*R(y, z))), x, y, z),                        by=(logarithms, linearity)),
        eq(Sum(R(x, y, z)*log(R(x, y)/(R(x)*R(y))), x, y, z)
           + Sum(R(x, y, z)*log(R(x, y, z)*R(y)/(R(x, y)*R(y, z))), x, y, z),              by=(logarithms, linearity)),
        eq(Sum(R(x, y)*log(R(x, y)/(R(x)*R(y))), x, y)
           + Sum(R(y)*R(x, z | y)*log(R(x, z | y)/(R(x | y)*R(z | y))), x, y, z),    by=(product_rule, marginalisation)),
        eq(I(R(x, y)) + E(I(R(x, z | y)), R(y)),                                           by=(definition, linearity)),
    )  # fmt: skip


@identity(
    source=COVER.section("2.8"), aliases=["data processing inequality", "markov chain"], tags=["entropy", "information"]
)
def data_processing_inequality():
    """Data processing: what a channel W makes of y says no more of x than y does

    x, y, z is the Markov chain of the law P of x and y and of W.
    """
    after_xz, after_z = Sum(P(x, y)*V(z | y), y), Sum(P(y)*V(z | y), y)
    posterior = after_xz*(P(y)*V(z | y)/after_z)

    return Derivation(
        I(P(x, y)),
        eq(Sum(P(x, y)*log(P(x, y)/(P(x)*P(y))), x, y),                                                by=definition),
        eq(Sum(P(x, y)*V(z | y)*log(P(x, y)/(P(x)*P(y))), x, y, z),                                 by=normalisation),
        eq(Sum(P(x, y)*V(z | y)*(log(P(x, y)*V(z | y)/posterior)
                                 + log(after_xz/(P(x)*after_z))), x, y, z),                            by=logarithms),
        eq(Sum(P(x, y)*V(z | y)*log(P(x, y)*V(z | y)/posterior), x, y, z)
           + Sum(after_xz*log(after_xz/(P(x)*after_z)), x, z),                                         by=linearity),
        eq(KL(P(x, y)*V(z | y), posterior, x, y, z) + KL(after_xz, P(x)*after_z, x, z),                by=definition),
        ge(KL(after_xz, P(x)*after_z, x, z),                                                           by=gibbs),
        given=full_support(P, V),
    )  # fmt: skip


@identity(
    source=COVER.section("4.4"), aliases=["data processing of the divergence", "monotonicity of kl"],
    tags=["entropy", "information"],
)
def divergence_data_processing():
    """Data processing: a channel W brings two laws no further apart"""
    posterior = after_p*q(x)*W(y | x)/after_q

    return Derivation(
        KL(p(x), q(x)),
        eq(Sum(p(x)*log(p(x)/q(x)), x),                                                                by=definition),
        eq(Sum(p(x)*W(y | x)*log(p(x)/q(x)), x, y),                                                 by=normalisation),
        eq(Sum(p(x)*W(y | x)*(log(p(x)*W(y | x)/posterior) + log(after_p/after_q)), x, y),             by=logarithms),
        eq(Sum(p(x)*W(y | x)*log(p(x)*W(y | x)/posterior), x, y) + Sum(after_p*log(after_p/after_q), y),
                                                                                                       by=linearity),
        eq(KL(p(x)*W(y | x), posterior, x, y) + KL(after_p, after_q, y),                               by=definition),
        ge(KL(after_p, after_q, y),                                                                    by=gibbs),
        given=full_support(p, q, W),
    )  # fmt: skip
