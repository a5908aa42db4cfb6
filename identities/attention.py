"""Attention in index notation, for any length, width and number of heads."""

from derive import D, Derivation, Program, Sum, array, assign, chain_rule, cos, decrease, define, eq, exp, grad, identity
from derive import algebra, definition, euler, increase, index, linearity, real, sin, size, sqrt
from identities.sources import EXAM_2021, ROFORMER, VASWANI

# ---------------------------------------------------------------- one matrix for query and key: 002.4

K, T, I, J = size("K"), size("T"), size("I"), size("J")
k, i = index("k", K), index("i", I)
t1, t2, t3 = index("t_1", T), index("t_2", T), index("t_3", T)
j, j1, j2 = index("j", J), index("j_1", J), index("j_2", J)
L = array("L", T, J)
WQ, WK = array("W_Q", K, I, J), array("W_K", K, I, J)
query = define("Query", Sum(WQ[k, i, j]*L[t1, j], j), k, t1, i)
key = define("Key", Sum(WK[k, i, j]*L[t1, j], j), k, t1, i)
joint = define("W~", Sum(WQ[k, i, j1]*WK[k, i, j2], i)/sqrt(I), k, j1, j2)


def logit(k, s, t):
    """The logit of two places, from query and key."""
    return Sum(query[k, s, i]*key[k, t, i], i)/sqrt(I)


def merged(k, s, t):
    """The logit of two places, from the one matrix."""
    return Sum(L[s, j1]*joint[k, j1, j2]*L[t, j2], j1, j2)


@identity(
    source=EXAM_2021.problem(4, part="a"), row="002.4a", aliases=["attention logits", "query key matrix"],
    tags=["attention"],
)
def attention_logits():
    """Query and key make one matrix: the logits"""
    return Derivation(
        logit(k, t1, t2),
        eq(Sum(Sum(WQ[k, i, j1]*L[t1, j1], j1)*Sum(WK[k, i, j2]*L[t2, j2], j2), i)/sqrt(I),    by=definition),
        eq(Sum(L[t1, j1]*WQ[k, i, j1]*WK[k, i, j2]*L[t2, j2], j1, j2, i)/sqrt(I),             by=linearity),
        eq(Sum(L[t1, j1]*(Sum(WQ[k, i, j1]*WK[k, i, j2], i)/sqrt(I))*L[t2, j2], j1, j2),      by=linearity),
        eq(merged(k, t1, t2),                                                                 by=definition),
    )  # fmt: skip


@identity(
    source=EXAM_2021.problem(4, part="a"), row="002.4a", aliases=["attention logits as printed"],
    tags=["attention", "as-printed"],
)
def attention_logits_as_printed():
    """Query and key make one matrix, as printed: what the softmax over t_2 divides by

    L(t_1, .) stands twice, for t_1 and for t_2.
    """
    twice = Sum(WQ[k, i, j1]*L[t1, j1], j1)*Sum(WK[k, i, j2]*L[t1, j2], j2)
    return Derivation(
        Sum(exp(logit(k, t1, t2)), t2),
        eq(Sum(exp(Sum(twice, i)/sqrt(I)), t2),    by=definition, expect="refuted"),
    )  # fmt: skip


@identity(source=EXAM_2021.problem(4, part="a"), row="002.4a", tags=["attention"])
def attention_from_one_matrix():
    """Query and key make one matrix: the attention after the softmax over t_2"""
    return Derivation(
        exp(logit(k, t1, t2))/Sum(exp(logit(k, t1, t3)), t3),
        eq(exp(merged(k, t1, t2))/Sum(exp(merged(k, t1, t3)), t3),    by=(definition, linearity)),
    )  # fmt: skip


@identity(source=EXAM_2021.problem(4, part="b"), row="002.4b", aliases=["attention parameters"], tags=["attention"])
def attention_parameters():
    """2 I J and J^2 parameters are equal exactly where I = J/2: J is not 0"""
    return Derivation(
        2*I*J - J**2,
        eq(2*J*(I - J/2),    by=algebra),
    )  # fmt: skip


# ---------------------------------------------------------------- scaled dot products, backward

S, E_ = size("S"), size("E")
t, s, r = index("t", T), index("s", S), index("r", S)
e, v = index("e", E_), index("v", J)
Q, Ky, V = array("Q", T, E_), array("K", S, E_), array("V", S, J)
Z, A, O = array("Z", T, S), array("A", T, S), array("O", T, J)
ATTENTION = Program(
    assign(Z[t, s],    Sum(Q[t, e]*Ky[s, e], e)/sqrt(E_)),
    assign(A[t, s],    exp(Z[t, s])/Sum(exp(Z[t, r]), r)),
    increase(O[t, v],  A[t, s]*V[s, v]),
)  # fmt: skip
ATTENTION_BACKWARD = ATTENTION.backward(
    increase(grad(V)[s, v],   A[t, s]*grad(O)[t, v]),
    increase(grad(A)[t, s],   grad(O)[t, v]*V[s, v]),
    increase(grad(Z)[t, s],   A[t, s]*grad(A)[t, s]),
    decrease(grad(Z)[t, s],   A[t, s]*A[t, r]*grad(A)[t, r]),
    increase(grad(Q)[t, e],   grad(Z)[t, s]*Ky[s, e]/sqrt(E_)),
    increase(grad(Ky)[s, e],  grad(Z)[t, s]*Q[t, e]/sqrt(E_)),
    of=O,
)  # fmt: skip


@identity(source=VASWANI.section("3.2.1"), aliases=["attention backward"], tags=["attention", "backprop"])
def attention_backward_query():
    """Scaled dot-product attention, backward: the gradient of the queries"""
    return ATTENTION_BACKWARD.derivation(Q)


@identity(source=VASWANI.section("3.2.1"), tags=["attention", "backprop"])
def attention_backward_key():
    """Scaled dot-product attention, backward: the gradient of the keys"""
    return ATTENTION_BACKWARD.derivation(Ky)


@identity(source=VASWANI.section("3.2.1"), tags=["attention", "backprop"])
def attention_backward_value():
    """Scaled dot-product attention, backward: the gradient of the values"""
    return ATTENTION_BACKWARD.derivation(V)


@identity(source=VASWANI.section("3.2.1"), tags=["attention", "backprop"])
def attention_backward_logits():
    """Scaled dot-product attention, backward: the gradient of the logits"""
    return ATTENTION_BACKWARD.derivation(Z)


# ---------------------------------------------------------------- rotary positions

P = size("P")
p = index("p", P)
theta = array("theta", P)
qa, qb, ka, kb = array("q_1", P), array("q_2", P), array("k_1", P), array("k_2", P)
here, there = real("t_1"), real("t_2")


def rotated(a, b, at):
    """Each pair (a[p], b[p]) turned by the angle at*theta[p]."""
    angle = at*theta[p]
    return a[p]*cos(angle) - b[p]*sin(angle), a[p]*sin(angle) + b[p]*cos(angle)


@identity(source=ROFORMER.section("3.2"), aliases=["rope norm"], tags=["attention", "rotary"])
def rotary_keeps_norms():
    """Rotary positions keep the norm of a query"""
    first, second = rotated(qa, qb, here)
    return Derivation(
        Sum(first**2 + second**2, p),
        eq(Sum(qa[p]**2 + qb[p]**2, p),    by=euler),
    )  # fmt: skip


@identity(source=ROFORMER.section("3.2"), aliases=["rope", "rotary embedding"], tags=["attention", "rotary"])
def rotary_scores_are_relative():
    """Rotary positions: the score of a query at t_1 and a key at t_2 depends on t_1 - t_2 only"""
    q1, q2 = rotated(qa, qb, here)
    k1, k2 = rotated(ka, kb, there)
    angle = (here - there)*theta[p]
    return Derivation(
        Sum(q1*k1 + q2*k2, p),
        eq(Sum((qa[p]*ka[p] + qb[p]*kb[p])*cos(angle)
               + (qa[p]*kb[p] - qb[p]*ka[p])*sin(angle), p),    by=euler),
    )  # fmt: skip
