"""Backward programs: the loops that compute gradients, for any sizes and any differentiable activation.

A program is an ordered list of loops over tensors that start at zero; `y.grad` is what comes from above, and what the
loops leave in `x.grad` is the derivative of the sum of `y.grad` times y.
"""

from derive import D, Derivation, Program, Rational, Sum, array, assign, decrease, define, delta, eq, exp, function, grad
from derive import identity, increase, index, log, sigmoid, size, sqrt
from derive import chain_rule, definition
from identities.sources import BISHOP, GOODFELLOW, QUIZ_1, QUIZ_2020, RMSNORM

# ---------------------------------------------------------------- batch normalisation

B, J = size("B", 2), size("J")
b, j = index("b", B), index("j", J)
x, y, mu, s = array("x", B, J), array("x'", B, J), array("mu", J), array("s", J)

BATCH_NORM = Program(
    increase(mu[j],   x[b, j]/B),
    increase(s[j],    (x[b, j] - mu[j])**2/(B - 1)),
    increase(y[b, j], (x[b, j] - mu[j])/sqrt(s[j])),
)  # fmt: skip
BATCH_NORM_BACKWARD = BATCH_NORM.backward(
    increase(grad(x)[b, j], grad(y)[b, j]/sqrt(s[j])),
    decrease(grad(mu)[j],   grad(y)[b, j]/sqrt(s[j])),
    decrease(grad(s)[j],    (x[b, j] - mu[j])*s[j]**Rational(-3, 2)*grad(y)[b, j]/2),
    increase(grad(x)[b, j], 2/(B - 1)*(x[b, j] - mu[j])*grad(s)[j]),
    decrease(grad(mu)[j],   2/(B - 1)*(x[b, j] - mu[j])*grad(s)[j]),
    increase(grad(x)[b, j], grad(mu)[j]/B),
    of=y,
)  # fmt: skip
SPREAD = BATCH_NORM[s][j] > 0


@identity(
    source=QUIZ_2020.problem(3), row="001.3", aliases=["batch norm backward", "batchnorm backward"],
    tags=["backprop", "normalisation"],
)
def batch_norm_backward():
    """Batch normalisation, backward: the gradient of the input

    The loops' result is the total derivative, through the mean and the variance.
    """
    return BATCH_NORM_BACKWARD.derivation(x, given=SPREAD)


@identity(source=QUIZ_2020.problem(3), row="001.3", tags=["backprop", "normalisation"])
def batch_norm_backward_mean():
    """Batch normalisation, backward: the gradient of the mean"""
    return BATCH_NORM_BACKWARD.derivation(mu, given=SPREAD)


@identity(source=QUIZ_2020.problem(3), row="001.3", tags=["backprop", "normalisation"])
def batch_norm_backward_variance():
    """Batch normalisation, backward: the gradient of the variance"""
    return BATCH_NORM_BACKWARD.derivation(s, given=SPREAD)


@identity(source=QUIZ_2020.problem(3), row="001.3", aliases=["batch norm gradient"], tags=["backprop", "normalisation"])
def batch_norm_gradient():
    """Batch normalisation: the gradient of the input in closed form"""
    G = grad(y)
    c = index("c", B)
    s_, mu_ = BATCH_NORM[s], BATCH_NORM[mu]
    return Derivation(
        D(BATCH_NORM_BACKWARD.loss, x[c, j]),
        eq((G[c, j] - Sum(G[b, j], b)/B)/sqrt(s_[j])
           - (x[c, j] - mu_[j])*Sum(G[b, j]*(x[b, j] - mu_[j]), b)/((B - 1)*s_[j]**Rational(3, 2)),    by=chain_rule),
        given=SPREAD,
    )  # fmt: skip


# ---------------------------------------------------------------- layer normalisation

T, I = size("T"), size("I")
t, i = index("t", T), index("i", I)
L, N = array("L", T, I), array("L~", T, I)
A, C = array("A", I), array("B", I)
m, r = array("mu"), array("sigma")
act = function("act")
scaled = A[i]/r()*(L[t, i] - m()) + C[i]

LAYER_NORM = Program(
    assign(m(),      Sum(L[t, i], t, i)/(T*I)),
    assign(r(),      sqrt(Sum((L[t, i] - m())**2, t, i)/(T*I))),
    assign(N[t, i],  act(scaled)),
)  # fmt: skip
above = grad(N)[t, i]*act.derivative(1)(scaled)
LAYER_NORM_BACKWARD = LAYER_NORM.backward(
    increase(grad(A)[i],    above*(L[t, i] - m())/r()),
    increase(grad(C)[i],    above),
    increase(grad(L)[t, i], above*A[i]/r()),
    decrease(grad(m)(),     above*A[i]/r()),
    decrease(grad(r)(),     above*A[i]*(L[t, i] - m())/r()**2),
    increase(grad(L)[t, i], grad(r)()*(L[t, i] - m())/(T*I*r())),
    decrease(grad(m)(),     grad(r)()*(L[t, i] - m())/(T*I*r())),
    increase(grad(L)[t, i], grad(m)()/(T*I)),
    of=N,
)  # fmt: skip
DEVIATION = LAYER_NORM[r]() > 0


@identity(
    source=QUIZ_1.problem(3), row="000.3", aliases=["layer norm backward", "layernorm backward"],
    tags=["backprop", "normalisation"],
)
def layer_norm_backward():
    """Layer normalisation, backward: the gradient of the input

    act is any differentiable activation; mean and deviation are those of the whole layer, as the problem says.
    """
    return LAYER_NORM_BACKWARD.derivation(L, given=DEVIATION)


@identity(source=QUIZ_1.problem(3), row="000.3", tags=["backprop", "normalisation"])
def layer_norm_backward_gain():
    """Layer normalisation, backward: the gradient of the gain A"""
    return LAYER_NORM_BACKWARD.derivation(A, given=DEVIATION)


@identity(source=QUIZ_1.problem(3), row="000.3", tags=["backprop", "normalisation"])
def layer_norm_backward_shift():
    """Layer normalisation, backward: the gradient of the shift B"""
    return LAYER_NORM_BACKWARD.derivation(C, given=DEVIATION)


@identity(source=QUIZ_1.problem(3), row="000.3", tags=["backprop", "normalisation"])
def layer_norm_backward_mean():
    """Layer normalisation, backward: the gradient of the mean"""
    return LAYER_NORM_BACKWARD.derivation(m, given=DEVIATION)


@identity(source=QUIZ_1.problem(3), row="000.3", tags=["backprop", "normalisation"])
def layer_norm_backward_deviation():
    """Layer normalisation, backward: the gradient of the deviation"""
    return LAYER_NORM_BACKWARD.derivation(r, given=DEVIATION)


# ---------------------------------------------------------------- root mean square normalisation

g, Y, rms = array("g", I), array("y", T, I), array("rms", T)
X = array("x", T, I)
RMS_NORM = Program(
    assign(rms[t],   sqrt(Sum(X[t, i]**2, i)/I)),
    assign(Y[t, i],  g[i]*X[t, i]/rms[t]),
)  # fmt: skip
RMS_NORM_BACKWARD = RMS_NORM.backward(
    increase(grad(g)[i],     grad(Y)[t, i]*X[t, i]/rms[t]),
    increase(grad(X)[t, i],  grad(Y)[t, i]*g[i]/rms[t]),
    decrease(grad(rms)[t],   grad(Y)[t, i]*g[i]*X[t, i]/rms[t]**2),
    increase(grad(X)[t, i],  grad(rms)[t]*X[t, i]/(I*rms[t])),
    of=Y,
)  # fmt: skip


@identity(source=RMSNORM.whole(), aliases=["rmsnorm backward"], tags=["backprop", "normalisation"])
def rms_norm_backward():
    """Root mean square normalisation, backward: the gradient of the input"""
    return RMS_NORM_BACKWARD.derivation(X, given=RMS_NORM[rms][t] > 0)


@identity(source=RMSNORM.whole(), tags=["backprop", "normalisation"])
def rms_norm_backward_gain():
    """Root mean square normalisation, backward: the gradient of the gain"""
    return RMS_NORM_BACKWARD.derivation(g, given=RMS_NORM[rms][t] > 0)


# ---------------------------------------------------------------- linear layers

M, K = size("M"), size("K")
n, k = index("n", M), index("k", K)
U, W, c, Z = array("U", M, K), array("W", K, J), array("c", J), array("Z", M, J)
LINEAR = Program(
    increase(Z[n, j],  U[n, k]*W[k, j]),
    increase(Z[n, j],  c[j]),
)  # fmt: skip
LINEAR_BACKWARD = LINEAR.backward(
    increase(grad(U)[n, k],  grad(Z)[n, j]*W[k, j]),
    increase(grad(W)[k, j],  U[n, k]*grad(Z)[n, j]),
    increase(grad(c)[j],     grad(Z)[n, j]),
    of=Z,
)  # fmt: skip


@identity(source=GOODFELLOW.section("6.5"), aliases=["matmul backward", "matrix product backward"], tags=["backprop"])
def linear_backward_input():
    """Linear layer, backward: the gradient of the left factor is G W^T"""
    return LINEAR_BACKWARD.derivation(U)


@identity(source=GOODFELLOW.section("6.5"), tags=["backprop"])
def linear_backward_weight():
    """Linear layer, backward: the gradient of the weight is U^T G"""
    return LINEAR_BACKWARD.derivation(W)


@identity(source=GOODFELLOW.section("6.5"), tags=["backprop"])
def linear_backward_bias():
    """Linear layer, backward: the gradient of the bias is a sum over the batch"""
    return LINEAR_BACKWARD.derivation(c)


# ---------------------------------------------------------------- softmax and losses

z, onehot = array("z", M, K), array("t", M, K)
l, o = index("l", K), index("o", K)
p = define("p", exp(z[n, k])/Sum(exp(z[n, l]), l), n, k)


@identity(source=BISHOP.section("4.3.4"), aliases=["softmax jacobian"], tags=["backprop", "softmax"])
def softmax_jacobian():
    """The Jacobian of a softmax: p_k (delta_kl - p_l)"""
    return Derivation(
        D(p[n, k], z[n, l]),
        eq(p[n, k]*(delta(k, l) - p[n, l]),    by=chain_rule),
    )  # fmt: skip


@identity(source=BISHOP.section("4.3.4"), aliases=["softmax cross entropy"], tags=["backprop", "softmax"])
def softmax_cross_entropy_gradient():
    """Softmax and cross-entropy: the gradient is the difference of the laws

    For one class y of each row; the mean over the rows is what is minimised.
    """
    c = index("y", 1, K)
    return Derivation(
        D(-log(p[n, c]), z[n, l]),
        eq(p[n, l] - delta(l, c),    by=chain_rule),
    )  # fmt: skip


@identity(source=BISHOP.section("4.3.4"), tags=["backprop", "softmax"])
def softmax_cross_entropy_gradient_of_a_batch():
    """Softmax and cross-entropy against any targets t: (p_l sum_k t_k - t_l)/M"""
    return Derivation(
        D(-Sum(onehot[n, k]*log(p[n, k]), n, k)/M, z[n, l]),
        eq((p[n, l]*Sum(onehot[n, k], k) - onehot[n, l])/M,    by=chain_rule),
    )  # fmt: skip


F = size("F")
a, e, f = index("a", F), index("e", F), index("f", F)
w, V, label = array("w", F), array("X", M, F), array("label", M)
logit = define("z", Sum(V[n, a]*w[a], a), n)
LOGISTIC = -Sum(label[n]*log(sigmoid(logit[n])) + (1 - label[n])*log(1 - sigmoid(logit[n])), n)


@identity(source=BISHOP.section("4.3.2"), aliases=["logistic regression gradient"], tags=["backprop", "regression"])
def logistic_regression_gradient():
    """Logistic regression: the gradient is X^T (sigmoid(X w) - label)"""
    return Derivation(
        D(LOGISTIC, w[e]),
        eq(Sum((sigmoid(logit[n]) - label[n])*V[n, e], n),    by=chain_rule),
    )  # fmt: skip


@identity(source=BISHOP.section("4.3.3"), aliases=["logistic regression hessian"], tags=["backprop", "regression"])
def logistic_regression_hessian():
    """Logistic regression: the Hessian is X^T diag(s (1 - s)) X"""
    return Derivation(
        D(D(LOGISTIC, w[e]), w[f]),
        eq(Sum(sigmoid(logit[n])*(1 - sigmoid(logit[n]))*V[n, e]*V[n, f], n),    by=chain_rule),
    )  # fmt: skip
