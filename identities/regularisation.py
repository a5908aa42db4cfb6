"""Dropout and weight decay in linear regression, for any number of rows n and of columns d."""

from derive import Bernoulli, Derivation, E, Sum, Var, array, define, eq, identity, index, probability, random, size, sqrt
from derive import algebra, definition, independence, linearity
from identities.sources import HOMEWORK

n, d = size("n"), size("d")
i, j = index("i", n), index("j", d)
X, w, y = array("X", n, d), array("w", d), array("y", n)
p = probability("p")
R = random("R", n, d, law=Bernoulli(p))
Gamma = define("Gamma", sqrt(Sum(X[i, j]**2, i)), j)


@identity(source=HOMEWORK.problem(4, part="1"), row="004.4.1", aliases=["dropout", "dropout loss"], tags=["regularisation"])
def dropout_expected_loss():
    """Expected squared loss under dropout of the inputs"""
    dropped = Sum(X[i, j]*R[i, j]*w[j], j)
    kept = Sum(X[i, j]*w[j], j)

    return Derivation(
        E(Sum((y[i] - dropped)**2, i), R),
        eq(Sum(E((y[i] - dropped)**2, R), i),                                 by=linearity),
        eq(Sum(E(y[i] - dropped, R)**2 + Var(y[i] - dropped, R), i),          by=(definition, linearity)),
        eq(Sum((y[i] - p*kept)**2 + p*(1 - p)*Sum(X[i, j]**2*w[j]**2, j), i),  by=independence),
        eq(Sum((y[i] - p*kept)**2, i) + p*(1 - p)*Sum(w[j]**2*Sum(X[i, j]**2, i), j),  by=linearity),
        eq(Sum((y[i] - p*kept)**2, i) + p*(1 - p)*Sum((Gamma[j]*w[j])**2, j),  by=definition),
    )  # fmt: skip
