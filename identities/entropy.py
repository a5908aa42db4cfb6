"""Entropies of discrete laws, in nats."""

from derive import Derivation, H, Sum, eq, exp, identity, index, log, oo, positive
from derive import algebra, definition, geometric_series, linearity, logarithms
from identities.sources import EXAM_2021

beta = positive("beta")
i, k = index("i", 0, oo), index("k", 0, oo)


@identity(source=EXAM_2021.problem(1, part="a"), row="002.1a", aliases=["softmax over the naturals"], tags=["entropy"])
def geometric_distribution():
    """The softmax of -beta*i over i = 0, 1, 2, ... is a geometric distribution"""
    return Derivation(
        exp(-beta*i) / Sum(exp(-beta*k), k),
        eq((1 - exp(-beta)) * exp(-beta*i),    by=geometric_series),
    )  # fmt: skip


@identity(
    source=EXAM_2021.problem(1, part="b"), row="002.1b", aliases=["geometric entropy", "softmax entropy"], tags=["entropy"]
)
def geometric_distribution_entropy():
    """Entropy of the softmax of -beta*i over i = 0, 1, 2, ..."""
    P = (1 - exp(-beta)) * exp(-beta*i)

    return Derivation(
        H(P, i),
        eq(Sum(P * -log((1 - exp(-beta)) * exp(-beta*i)), i),                                  by=definition),
        eq(Sum(P * (-log(1 - exp(-beta)) + beta*i), i),                                        by=logarithms),
        eq(-log(1 - exp(-beta)) * Sum(P, i) + Sum((1 - exp(-beta)) * exp(-beta*i) * beta*i, i),  by=linearity),
        eq(-log(1 - exp(-beta)) + beta*(1 - exp(-beta)) * Sum(i * exp(-beta)**i, i),           by=geometric_series),
        eq(-log(1 - exp(-beta)) + beta*(1 - exp(-beta)) * (exp(-beta)/(1 - exp(-beta))**2),    by=geometric_series),
        eq(-log(1 - exp(-beta)) + beta*exp(-beta)/(1 - exp(-beta)),                            by=algebra),
    )  # fmt: skip
