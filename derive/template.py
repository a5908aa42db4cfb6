"""The file that `derive new` writes: a small derivation that checks, with comments on every part of it."""

from __future__ import annotations

__all__ = ["TEMPLATE"]

TEMPLATE = '''\
"""My derivations."""

# Check this file with `derive check {file}`. It is Python, and is run as such.
from derive import Derivation, Document, Sum, array, eq, exp, identity, index, log, positive, size
from derive import algebra, linearity, logarithms

# Declare what the symbols are. They hold for all values and sizes: n is any size, x any real array.
n = size("n")
i = index("i", n)  # ranges over 1, ..., n
x = array("x", n)  # an entry is x[i]
a, b = positive("a"), positive("b")

NOTES = Document("My notes")


# The function's name is the identity's name, the docstring's first line is its title.
@identity(source=NOTES.problem(1), aliases=["log of a product"])
def logarithm_of_a_product():
    """The logarithm of a product of positive numbers."""
    # A derivation is a start, then one step a line: a relation (eq, le, ge, lt, gt), the expression on its
    # right, and by=, the reason why it follows from the line before. `derive rules` lists the reasons.
    return Derivation(
        log(a*b/exp(a)),
        eq(log(a) + log(b) - log(exp(a)),  by=logarithms),
        eq(log(a) + log(b) - a,            by=logarithms),
    )


@identity(source=NOTES.problem(2))
def sum_of_squares():
    """A sum of squares, expanded, for any number of terms."""
    return Derivation(
        Sum((x[i] + a)**2, i),
        eq(Sum(x[i]**2 + 2*a*x[i] + a**2, i),               by=algebra),
        eq(Sum(x[i]**2, i) + 2*a*Sum(x[i], i) + n*a**2,     by=linearity),
    )
'''
