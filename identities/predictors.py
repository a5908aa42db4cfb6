"""Predictors of a label: the law of label and prediction, and what a perfect one and a perfect wrong one know.

The problem draws x and y from Pop and yh, a label as well, from Q(yh | x).
"""

from derive import KL, Derivation, E, H, I, Sum, delta, eq, full_support, ge, identity, index, law, le, log
from derive import algebra, contraction, definition, gibbs, linearity, logarithms, marginalisation, normalisation
from derive import positivity, product_rule
from identities.sources import QUIZ_1

x, y = index("x"), index("y")
yh = y.renamed("yh")
Pop = law("Pop", x, y)
Q = law("Q", y, x)
u, w = index("u"), index("w", y.lo, y.hi)
X = law("X", u, w)
G = law("Q", y, u, w)
b = index("b", 0, 1)
bh = b.renamed("bh")
B = law("Pop", b)
P = law("P", y, index("yh", y.lo, y.hi))
joint = E(Pop(y | x)*Q(yh | x), Pop(x))


@identity(source=QUIZ_1.problem(2), row="000.2", aliases=["marginal of the prediction"], tags=["entropy", "information"])
def prediction_marginal():
    """The law of the prediction, from that of label and prediction"""
    return Derivation(
        Sum(joint, y),
        eq(E(Sum(Pop(y | x), y)*Q(yh | x), Pop(x)),    by=linearity),
        eq(E(Q(yh | x), Pop(x)),                       by=normalisation),
        given=full_support(Q),
    )  # fmt: skip


@identity(source=QUIZ_1.problem(2), row="000.2", aliases=["marginal of the label"], tags=["entropy", "information"])
def label_marginal():
    """The law of the label, from that of label and prediction"""
    return Derivation(
        Sum(joint, yh),
        eq(E(Pop(y | x)*Sum(Q(yh | x), yh), Pop(x)),    by=linearity),
        eq(E(Pop(y | x), Pop(x)),                       by=normalisation),
        eq(Sum(Pop(x)*Pop(y | x), x),                   by=definition),
        eq(Sum(Pop(x, y), x),                           by=product_rule),
        eq(Pop(y),                                      by=marginalisation),
        given=full_support(Q),
    )  # fmt: skip


@identity(
    source=QUIZ_1.problem(2), row="000.2", aliases=["marginal of the prediction as printed"],
    tags=["entropy", "information", "as-printed"],
)
def prediction_marginal_as_printed():
    """The law of the prediction, as printed

    Q(y | x) stands where Q(yh | x) must.
    """
    return Derivation(
        Sum(joint, y),
        eq(E(Q(y | x), Pop(x)),    by=normalisation, expect="refuted"),
        given=full_support(Q),
    )  # fmt: skip


@identity(source=QUIZ_1.problem(2, part="a"), row="000.2a", aliases=["perfect predictor"], tags=["entropy", "information"])
def perfect_predictor_cross_entropy():
    """A perfect predictor has cross-entropy 0, and none has less

    An input x is a pair of the label w that it determines and all else, u. The label given x is w for sure, as is
    the prediction of the perfect predictor; G is any other predictor.
    """
    return Derivation(
        E(H(delta(y, w), delta(y, w), y), X(u, w)),
        eq(E(-Sum(delta(y, w)*log(delta(y, w)), y), X(u, w)),    by=definition),
        eq(E(-log(1), X(u, w)),                                  by=contraction),
        eq(0,                                                    by=algebra),
        le(E(H(delta(y, w), G(y | u, w), y), X(u, w)),           by=positivity),
        given=full_support(G),
    )  # fmt: skip


@identity(
    source=QUIZ_1.problem(2, part="a"), row="000.2a", aliases=["mutual information is at most the entropy"],
    tags=["entropy", "information"],
)
def mutual_information_is_at_most_the_entropy():
    """No prediction knows more of the label than its entropy"""
    z = index("yh", y.lo, y.hi)

    return Derivation(
        I(P(y, z)),
        eq(E(log(P(y, z)/(P(y)*P(z))), P(y, z)),                     by=definition),
        eq(E(log(P(z)*P(y | z)/(P(y)*P(z))), P(y, z)),               by=product_rule),
        eq(E(-log(P(y)) + log(P(y | z)), P(y, z)),                   by=logarithms),
        eq(E(-log(P(y)), P(y, z)) - E(-log(P(y | z)), P(y, z)),      by=linearity),
        eq(E(-log(P(y)), P(y)) - E(-log(P(y | z)), P(y, z)),         by=(definition, marginalisation)),
        eq(E(-log(P(y)), P(y)) - E(E(-log(P(y | z)), P(y | z)), P(z)),  by=(definition, product_rule, linearity)),
        eq(H(P(y)) - E(H(P(y | z)), P(z)),                           by=definition),
        le(H(P(y)),                                                  by=positivity),
    )  # fmt: skip


@identity(
    source=QUIZ_1.problem(2, part="a"), row="000.2a", aliases=["joint law of a perfect predictor"], tags=["entropy", "information"]
)
def perfect_predictor_joint():
    """Label and prediction of a perfect predictor are equal for sure"""
    return Derivation(
        Sum(Pop(x)*Pop(y | x)*delta(yh, y), x),
        eq(delta(yh, y)*Sum(Pop(x)*Pop(y | x), x),    by=linearity),
        eq(delta(yh, y)*Sum(Pop(x, y), x),            by=product_rule),
        eq(delta(yh, y)*Pop(y),                       by=marginalisation),
        given=full_support(Pop),
    )  # fmt: skip


@identity(
    source=QUIZ_1.problem(2, part="a"), row="000.2a", aliases=["mutual information of a perfect predictor"],
    tags=["entropy", "information"],
)
def perfect_predictor_mutual_information():
    """A perfect predictor knows all of the label: the mutual information is the entropy"""
    joint = Pop(y)*delta(yh, y)

    return Derivation(
        KL(joint, Pop(y)*Pop(yh), y, yh),
        eq(Sum(joint*log(joint/(Pop(y)*Pop(yh))), y, yh),         by=definition),
        eq(Sum(Pop(y)*log(Pop(y)/(Pop(y)*Pop(y))), y),            by=contraction),
        eq(Sum(Pop(y)*log(1/Pop(y)), y),                          by=algebra),
        eq(Sum(Pop(y)*-log(Pop(y)), y),                           by=logarithms),
        eq(H(Pop(y)),                                             by=definition),
    )  # fmt: skip


@identity(source=QUIZ_1.problem(2, part="b"), row="000.2b", aliases=["prediction of an anti-predictor"], tags=["entropy", "information"])
def anti_predictor_marginal():
    """The law of the prediction of an anti-predictor: that of the other label"""
    return Derivation(
        Sum(B(b)*delta(bh, 1 - b), b),
        eq(B(b=1 - bh),    by=contraction),
    )  # fmt: skip


@identity(
    source=QUIZ_1.problem(2, part="b"), row="000.2b", aliases=["anti-predictor", "perfect anti-predictor"],
    tags=["entropy", "information"],
)
def anti_predictor_mutual_information():
    """A predictor that is always wrong about a binary label knows all of it as well

    The label is 2 b - 1 and the prediction 2 bh - 1, for bits b and bh: they are opposite where bh = 1 - b.
    """
    joint = B(b)*delta(bh, 1 - b)

    return Derivation(
        KL(joint, B(b)*B(b=1 - bh), bh, b),
        eq(Sum(joint*log(joint/(B(b)*B(b=1 - bh))), bh, b),          by=definition),
        eq(Sum(B(b)*log(B(b)/(B(b)*B(b=1 - (1 - b)))), b),           by=contraction),
        eq(Sum(B(b)*log(1/B(b)), b),                                 by=algebra),
        eq(Sum(B(b)*-log(B(b)), b),                                  by=logarithms),
        eq(H(B(b)),                                                  by=definition),
    )  # fmt: skip
