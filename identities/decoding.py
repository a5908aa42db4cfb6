"""Counting the sequences that a decoder chooses from: T positions, each with one of N words."""

from derive import Derivation, Product, Sum, eq, identity, index, size
from derive import algebra, linearity
from identities.sources import HOMEWORK

N, T = size("N"), size("T")
t, w = index("t", T), index("w", N)


@identity(
    source=HOMEWORK.problem(2, part="1"), row="004.2.1", aliases=["number of sequences", "size of the search space"],
    tags=["decoding", "counting"],
)
def sequence_count():
    """The number of sequences of T words out of N

    One choice of a word for every position, the choices counted by a sum and independent of each other.
    """
    return Derivation(
        Product(Sum(1, w), t),
        eq(Product(N, t),    by=linearity),
        eq(N**T,             by=algebra),
    )  # fmt: skip
