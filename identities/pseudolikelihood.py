"""Pseudolikelihood of the all-ones assignment of a chain of N binary variables.

The score counts the neighbours that agree: N - 1 where all are 1. With the variable in place i turned to 0 it is less
by the number of its neighbours, 2 - delta(i, 1) - delta(i, N) where N >= 2.
"""

from derive import Derivation, Product, Sum, delta, eq, exp, identity, index, size
from derive import algebra, contraction, linearity, powers
from identities.sources import EXAM_2018

N, M = size("N", 2), size("N")
i, j, b = index("i", N), index("j", M), index("b", 1, N - 1)


def conditional(here, after):
    """The probability that a variable is 1, with this score for it, and that one where it is turned."""
    return exp(here) / (exp(here) + exp(after))


@identity(
    source=EXAM_2018.problem(4), row="003.4", aliases=["score of the all-ones chain"], tags=["pseudolikelihood"]
)
def chain_score():
    """The score of the all-ones assignment"""
    return Derivation(
        Sum(delta(1, 1), b),
        eq(Sum(1, b),    by=algebra),
        eq(N - 1,        by=linearity),
    )  # fmt: skip


@identity(
    source=EXAM_2018.problem(4), row="003.4", aliases=["pseudolikelihood inside the chain"], tags=["pseudolikelihood"]
)
def chain_conditional_inside():
    """The conditional of a variable with two neighbours"""
    return Derivation(
        conditional(N - 1, N - 3),
        eq(exp(N - 1)/(exp(N - 1)*(1 + exp(-2))),    by=powers),
        eq(1/(1 + exp(-2)),                          by=algebra),
    )  # fmt: skip


@identity(
    source=EXAM_2018.problem(4), row="003.4", aliases=["pseudolikelihood at an end of the chain"],
    tags=["pseudolikelihood"],
)
def chain_conditional_at_an_end():
    """The conditional of a variable with one neighbour"""
    return Derivation(
        conditional(N - 1, N - 2),
        eq(exp(N - 1)/(exp(N - 1)*(1 + exp(-1))),    by=powers),
        eq(1/(1 + exp(-1)),                          by=algebra),
    )  # fmt: skip


@identity(
    source=EXAM_2018.problem(4), row="003.4", aliases=["pseudolikelihood", "pseudolikelihood of a chain"],
    tags=["pseudolikelihood"],
)
def chain_pseudolikelihood():
    """Pseudolikelihood of the all-ones chain, for N >= 2: two ends, and N - 2 variables between them"""
    return Derivation(
        Product(conditional(N - 1, N - 1 - (2 - delta(i, 1) - delta(i, N))), i),
        eq(Product(1/(1 + exp(-(2 - delta(i, 1) - delta(i, N)))), i),              by=powers),
        eq(1/(1 + exp(-1)) * (1/(1 + exp(-1))) * (1/(1 + exp(-2)))**(N - 2),       by=contraction),
        eq((1 + exp(-1))**-2 * (1 + exp(-2))**(-(N - 2)),                          by=powers),
    )  # fmt: skip


@identity(
    source=EXAM_2018.problem(4), row="003.4", aliases=["pseudolikelihood as printed"],
    tags=["pseudolikelihood", "as-printed"],
)
def chain_pseudolikelihood_as_printed():
    """Pseudolikelihood of the all-ones chain, as printed

    That N is at least 2 is not stated: with one variable both ends are the same, and the formula fails.
    """
    return Derivation(
        Product(conditional(M - 1, M - 1 - (2 - delta(j, 1) - delta(j, M))), j),
        eq(Product(1/(1 + exp(-(2 - delta(j, 1) - delta(j, M)))), j),              by=powers),
        eq((1 + exp(-1))**-2 * (1 + exp(-2))**(-(M - 2)),    by=(contraction, powers), expect="refuted"),
    )  # fmt: skip
