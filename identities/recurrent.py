"""Gated and residual networks in index notation, for any batch size, width and length."""

from sympy import Max, Min

from derive import D, Derivation, Program, Sum, array, assign, chain_rule, define, eq, function, grad, identity, increase
from derive import bounds, contraction, definition, ge, index, induction, le, real, recursion, sigmoid, size, tanh
from identities.sources import EXAM_2018, EXAM_2021

# ---------------------------------------------------------------- the update gate: 003.2

B, X, H = size("B"), size("X"), size("H")
b, c, i, j = index("b", B), index("c", H), index("i", X), index("j", H)
k = index("k", X + H)
x, h = array("x", B, X), array("h", B, H)
Wf, Wd = array("W_f", H, X + H), array("W_d", H, X + H)
bf, bd = array("b_f", H), array("b_d", H)
z = array("z", B, X + H)

CONCATENATION = Program(
    increase(z[b, i],      x[b, i]),
    increase(z[b, X + j],  h[b, j]),
)  # fmt: skip
joined = CONCATENATION[z]


@identity(
    source=EXAM_2018.problem(2, part="a"), row="003.2a", aliases=["concatenation as two products"], tags=["recurrent"]
)
def concatenation():
    """A matrix on a concatenation is two matrices: W[x, h] = W_x x + W_h h

    W_x are the first X columns of W, W_h the others.
    """
    return Derivation(
        Sum(Wf[c, k]*joined[b, k], k),
        eq(Sum(Wf[c, i]*x[b, i], i) + Sum(Wf[c, X + j]*h[b, j], j),    by=(definition, contraction)),
    )  # fmt: skip


def gate(W, bias):
    """What goes into a gate, as the concatenation has it."""
    return Sum(W[c, k]*joined[b, k], k) + bias[c]


def blocks(W, bias):
    """What goes into a gate, block by block."""
    return Sum(W[c, i]*x[b, i], i) + Sum(W[c, X + j]*h[b, j], j) + bias[c]


@identity(source=EXAM_2018.problem(2, part="b"), row="003.2b", aliases=["ugrnn"], tags=["recurrent"])
def update_gate():
    """The update gate RNN in index notation

    h' = f h + (1 - f) d, with f from a sigmoid and d from tanh.
    """
    f, d = sigmoid(gate(Wf, bf)), tanh(gate(Wd, bd))
    return Derivation(
        f*h[b, c] + (1 - f)*d,
        eq(sigmoid(blocks(Wf, bf))*h[b, c]
           + (1 - sigmoid(blocks(Wf, bf)))*tanh(blocks(Wd, bd)),    by=(definition, contraction)),
    )  # fmt: skip


@identity(
    source=EXAM_2018.problem(2, part="b"), row="003.2b", aliases=["ugrnn as printed"], tags=["recurrent", "as-printed"]
)
def update_gate_as_printed():
    """The update gate RNN in index notation, as printed

    The candidate d is given the sigmoid, where part (a) has tanh.
    """
    f, d = sigmoid(gate(Wf, bf)), tanh(gate(Wd, bd))
    return Derivation(
        f*h[b, c] + (1 - f)*d,
        eq(sigmoid(blocks(Wf, bf))*h[b, c]
           + (1 - sigmoid(blocks(Wf, bf)))*sigmoid(blocks(Wd, bd)),    by=(definition, contraction), expect="refuted"),
    )  # fmt: skip


f, d, after, ff = array("f", B, H), array("d", B, H), array("h'", B, H), array("f'", B, H)
MIX = Program(
    assign(after[b, c], f[b, c]*h[b, c] + (1 - f[b, c])*d[b, c]),
)
MIX_BACKWARD = MIX.backward(
    increase(grad(f)[b, c], grad(after)[b, c]*(h[b, c] - d[b, c])),
    increase(grad(h)[b, c], grad(after)[b, c]*f[b, c]),
    increase(grad(d)[b, c], grad(after)[b, c]*(1 - f[b, c])),
    of=after,
)
MIX_AS_PRINTED = MIX.backward(
    increase(grad(f)[b, c], grad(ff)[b, c]*(h[b, c] - d[b, c])),
    increase(grad(h)[b, c], grad(ff)[b, c]*f[b, c]),
    increase(grad(d)[b, c], grad(ff)[b, c]*(1 - f[b, c])),
    of=after,
)


@identity(source=EXAM_2018.problem(2, part="c"), row="003.2c", aliases=["ugrnn backward"], tags=["recurrent", "backprop"])
def update_gate_backward_gate():
    """The update gate, backward: the gradient of the gate f"""
    return MIX_BACKWARD.derivation(f)


@identity(source=EXAM_2018.problem(2, part="c"), row="003.2c", tags=["recurrent", "backprop"])
def update_gate_backward_state():
    """The update gate, backward: the gradient of the state h"""
    return MIX_BACKWARD.derivation(h)


@identity(source=EXAM_2018.problem(2, part="c"), row="003.2c", tags=["recurrent", "backprop"])
def update_gate_backward_candidate():
    """The update gate, backward: the gradient of the candidate d"""
    return MIX_BACKWARD.derivation(d)


@identity(source=EXAM_2018.problem(2, part="c"), row="003.2c", tags=["recurrent", "backprop", "as-printed"])
def update_gate_backward_gate_as_printed():
    """The update gate, backward, as printed: the gradient of the gate f

    The gradient of the next gate stands where that of the next state must.
    """
    return MIX_AS_PRINTED.derivation(f, expect="refuted")


@identity(source=EXAM_2018.problem(2, part="c"), row="003.2c", tags=["recurrent", "backprop", "as-printed"])
def update_gate_backward_state_as_printed():
    """The update gate, backward, as printed: the gradient of the state h"""
    return MIX_AS_PRINTED.derivation(h, expect="refuted")


@identity(source=EXAM_2018.problem(2, part="c"), row="003.2c", tags=["recurrent", "backprop", "as-printed"])
def update_gate_backward_candidate_as_printed():
    """The update gate, backward, as printed: the gradient of the candidate d"""
    return MIX_AS_PRINTED.derivation(d, expect="refuted")


# ---------------------------------------------------------------- residual connections: 002.2c

N = size("N")
n, m, o = index("n", N), index("m", N), index("o", N)
W, bias, u, v = array("W", N, N), array("b", N), array("h", N), array("h'", N)
act = function("act")
inside = Sum(W[n, m]*u[m], m) - bias[n]
RESIDUAL = Program(
    increase(v[n], u[n]),
    increase(v[n], act(inside)),
)
RESIDUAL_BACKWARD = RESIDUAL.backward(
    increase(grad(u)[n], grad(v)[n]),
    increase(grad(u)[m], grad(v)[n]*act.derivative(1)(inside)*W[n, m]),
    of=v,
)


@identity(
    source=EXAM_2021.problem(2, part="c"), row="002.2c", aliases=["residual gradient", "identity path"],
    tags=["residual", "backprop"],
)
def residual_backward():
    """A residual layer keeps the identity path: the gradient below is that above, plus that through the diversion"""
    return RESIDUAL_BACKWARD.derivation(u)


depth = size("L")
layer = index("l", 0, depth)
lower = index("l'", 1, layer)
below = real("u")
start, diversion = array("h_0", N), array("R", depth, N)
state = recursion("h", layer, start[n], below, below + diversion[layer + 1, n])


@identity(
    source=EXAM_2021.problem(2, part="c"), row="002.2c", aliases=["residual sum", "sum of diversions"], tags=["residual"]
)
def residual_network():
    """A residual network adds up its diversions: h_l = h_0 + sum of R_1, ..., R_l, at any depth

    R[l, n] is what the diversion of layer l adds at place n, whatever it is computed from.
    """
    return Derivation(
        state[layer],
        eq(start[n] + Sum(diversion[lower, n], lower),    by=induction),
    )  # fmt: skip


# ---------------------------------------------------------------- convex combinations: 002.3

U, V = array("W_h", H, H), array("W_x", H, X)
UG, VG = array("W_hG", H, H), array("W_xG", H, X)
bh, bx, bg = array("B_h", H), array("B_x", H), array("B_G", H)
from_h = define("p", Sum(U[j, c]*h[b, c], c) - bh[j], b, j)
from_x = define("q", Sum(V[j, i]*x[b, i], i) - bx[j], b, j)
gate_of_h = define("G", sigmoid(Sum(UG[j, c]*h[b, c], c) + Sum(VG[j, i]*x[b, i], i) - bg[j]), b, j)


def gated(g):
    """What goes into R, for a gate g: a convex combination of what comes from h and from x."""
    return g*from_h[b, j] + (1 - g)*from_x[b, j]


@identity(source=EXAM_2021.problem(3), row="002.3", aliases=["gate between"], tags=["recurrent"])
def gated_input_is_above_the_lesser():
    """The second gate: what goes into R lies above the lesser of the two inputs"""
    return Derivation(
        gated(gate_of_h[b, j]),
        ge(Min(from_h[b, j], from_x[b, j]),    by=bounds),
    )  # fmt: skip


@identity(source=EXAM_2021.problem(3), row="002.3", tags=["recurrent"])
def gated_input_is_below_the_greater():
    """The second gate: what goes into R lies below the greater of the two inputs"""
    return Derivation(
        gated(gate_of_h[b, j]),
        le(Max(from_h[b, j], from_x[b, j]),    by=bounds),
    )  # fmt: skip


@identity(source=EXAM_2021.problem(3), row="002.3", aliases=["open gate"], tags=["recurrent"])
def gate_fixed_at_one():
    """The second gate, fixed at 1: R sees what comes from h alone"""
    return Derivation(
        gated(1),
        eq(Sum(U[j, c]*h[b, c], c) - bh[j],    by=definition),
    )  # fmt: skip


@identity(source=EXAM_2021.problem(3), row="002.3", aliases=["closed gate"], tags=["recurrent"])
def gate_fixed_at_zero():
    """The second gate, fixed at 0: R sees what comes from x alone"""
    return Derivation(
        gated(0),
        eq(Sum(V[j, i]*x[b, i], i) - bx[j],    by=definition),
    )  # fmt: skip
