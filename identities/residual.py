"""Variance through residual layers at initialisation, for any filter width N, channels C and depth L.

As the problem says: everything is independent with zero mean; w is the variance of a weight.
"""

from derive import Derivation, Moments, Var, Sum, eq, identity, index, nonnegative, random, recursion, size
from derive import independence, induction, linearity
from identities.sources import EXAM_2018

N, C, L = size("N"), size("C"), size("L")
v, w = nonnegative("v"), nonnegative("w")
u = nonnegative("u")
a, b, c, k = index("a", N), index("b", N), index("c", C), index("k", C)
p, q = index("p", N), index("q", N)
x = random("x", N, N, C, law=Moments(0, v))
W = random("W", N, N, C, C, law=Moments(0, w))
G = random("G", N, N, C, law=Moments(0, v))
l, m = index("l", 0, L), index("m", 0, L)
variance = recursion("v", l, 1, u, u + N**2*C*w*u)
gradient = recursion("g", l, 1, u, u + N**2*C*w*u, upwards=False)


@identity(
    source=EXAM_2018.problem(5, part="a"), row="003.5a", aliases=["resnet variance", "resnet variance recursion"],
    tags=["residual", "initialisation"],
)
def resnet_variance():
    """Variance after one residual layer

    x is the window that the filter sees, (p, q) any place in it, k any channel of the output.
    """
    return Derivation(
        Var(x[p, q, k] + Sum(W[a, b, c, k]*x[a, b, c], a, b, c), x, W),
        eq(v + Sum(w*v, a, b, c),    by=independence),
        eq(v + N**2*C*w*v,           by=linearity),
        eq(v*(1 + N**2*C*w)),
    )  # fmt: skip


@identity(
    source=EXAM_2018.problem(5, part="b"), row="003.5b", aliases=["resnet variance at depth"],
    tags=["residual", "initialisation"],
)
def resnet_variance_at_depth():
    """Variance after l residual layers"""
    return Derivation(
        variance[l],
        eq((1 + N**2*C*w)**l,    by=induction),
    )  # fmt: skip


@identity(
    source=EXAM_2018.problem(5, part="d"), row="003.5d", aliases=["resnet gradient layer"],
    tags=["residual", "initialisation"],
)
def resnet_gradient_layer():
    """Variance of the gradient below one residual layer

    G is the window of the gradient above that the backward convolution sees, (p, q) any place in it, k any channel.
    """
    return Derivation(
        Var(G[p, q, k] + Sum(W[a, b, k, c]*G[a, b, c], a, b, c), G, W),
        eq(v + Sum(w*v, a, b, c),    by=independence),
        eq(v + N**2*C*w*v,           by=linearity),
    )  # fmt: skip


@identity(
    source=EXAM_2018.problem(5, part="d"), row="003.5d", aliases=["resnet gradient variance"],
    tags=["residual", "initialisation"],
)
def resnet_gradient_variance():
    """Variance of the gradient l residual layers above the input, downwards from 1 at layer L"""
    return Derivation(
        gradient[l],
        eq((1 + N**2*C*w)**(L - l),    by=induction),
    )  # fmt: skip
