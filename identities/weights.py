"""Weight normalisation: w = gamma u/||u||, for any dimension."""

from derive import D, Derivation, E, Moments, Sum, Var, array, chain_rule, contraction, define, delta, eq, identity
from derive import definition, independence, index, linearity, random, real, size, sqrt
from identities.sources import HOMEWORK

d = size("d")
i, j, k, l = index("i", d), index("j", d), index("k", d), index("l", d)
u, G = array("u", d), array("G", d)
gamma, beta = real("gamma"), real("beta")
norm = define("norm", sqrt(Sum(u[i]**2, i)))
w = define("w", gamma*u[i]/norm(), i)
perp = define("W_perp", delta(i, j) - u[i]*u[j]/norm()**2, i, j)


@identity(
    source=HOMEWORK.problem(3, part="2"), row="004.3.2", aliases=["batch norm as weight norm"], tags=["normalisation"]
)
def batch_norm_of_whitened_input():
    """Batch normalisation of u.x is w.x + beta, where x is centred and whitened

    x is the random input, of independent entries with mean 0 and variance 1; v is the input at hand.
    """
    x, v = random("x", d, law=Moments(0, 1)), array("v", d)
    y = Sum(u[i]*x[i], i)
    return Derivation(
        gamma*(Sum(u[i]*v[i], i) - E(y, x))/sqrt(Var(y, x)) + beta,
        eq(gamma*Sum(u[i]*v[i], i)/sqrt(Sum(u[i]**2, i)) + beta,    by=independence),
        eq(Sum(gamma*u[i]/sqrt(Sum(u[j]**2, j))*v[i], i) + beta,    by=linearity),
        eq(Sum(w[i]*v[i], i) + beta,                                by=definition),
        given=(norm() > 0, Var(y, x) > 0),
    )  # fmt: skip


@identity(
    source=HOMEWORK.problem(3, part="3"), row="004.3.3", aliases=["weight norm gradient"], tags=["normalisation", "backprop"]
)
def weight_norm_gradient():
    """The gradient of u is s W_perp times that of w, with s = gamma/||u||

    G is the gradient of the loss with respect to w.
    """
    return Derivation(
        D(Sum(G[i]*w[i], i), u[k]),
        eq(Sum(gamma/norm()*(delta(k, i) - u[k]*u[i]/norm()**2)*G[i], i),    by=(chain_rule, definition)),
        eq(gamma/norm()*Sum(perp[k, i]*G[i], i),                            by=(linearity, definition)),
        given=norm() > 0,
    )  # fmt: skip


@identity(source=HOMEWORK.problem(3, part="3"), row="004.3.3", tags=["normalisation"])
def weight_norm_projects_u_away():
    """W_perp u = 0"""
    return Derivation(
        Sum(perp[k, i]*u[i], i),
        eq(u[k] - u[k]*Sum(u[i]**2, i)/norm()**2,    by=(definition, contraction)),
        eq(0,                                        by=definition),
        given=norm() > 0,
    )  # fmt: skip
