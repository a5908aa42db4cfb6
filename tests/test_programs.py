"""Programs of index assignments: how they run, and backward programs that are right and wrong."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sympy import evaluate, sqrt

from derive import Program, Rational, Sum, array, assign, decrease, exp, function, grad, increase, index, log, size
from derive.checking import check
from derive.core.claims import Refuted
from derive.core.errors import TermError
from derive.core.terms import Array, Entry, Index
from derive.printers.text import text
from derive.programs import Backward, Statement

B, J, K = size("B", 2), size("J"), size("K")
b, c, j, k = index("b", B), index("c", B), index("j", J), index("k", K)
x, mu, s, y = array("x", B, J), array("mu", J), array("s", J), array("y", B, J)
W, z, total = array("W", J, K), array("z", B, K), array("total")
act = function("act")


def verdicts(backward: Backward, **given: object) -> dict[str, str]:
    """The verdict for each gradient."""
    return {t.name: check(backward.derivation(t, **given)).verdict for t in backward.tensors}


# ---------------------------------------------------------------- running


def test_loops_sum_over_what_the_target_does_not_have() -> None:
    """`mu[j] += x[b, j]/B` leaves the sum over b."""
    with evaluate(False):
        found = Program(increase(mu[j], x[b, j]/B))[mu]
    assert text(found(j).definition()) == "Sum(x[b,j]/B, b)"
    assert found.parameters == (j,)


def test_statements_add_up_and_overwrite() -> None:
    """`+=` and `-=` add to what is there, `=` replaces it; a tensor that is read is what it holds at that time."""
    with evaluate(False):
        added = Program(increase(mu[j], x[b, j]), decrease(mu[j], s[j]))[mu]
        replaced = Program(increase(mu[j], x[b, j]), assign(mu[j], mu[j]**2 + s[j]))[mu]
        early = Program(increase(y[b, j], mu[j]), increase(mu[j], s[j]))
        late = Program(increase(mu[j], s[j]), increase(y[b, j], mu[j]))
    assert text(added.body) == "Sum(x[b,j], b) - s[j]"
    assert text(replaced.body) == "Sum(x[b,j], b)^2 + s[j]"
    assert text(early[y].body) == "0"
    assert text(late[y].body) == "mu[j]"


def test_a_target_may_be_any_place() -> None:
    """Blocks by an offset, diagonals, one cell: what is not a plain index becomes a delta."""
    joined, diagonal = array("joined", J + K), array("M", J, J)
    with evaluate(False):
        parts = Program(increase(joined[j], mu[j]), increase(joined[J + k], z[1, k]))
        cells = Program(increase(diagonal[j, j], mu[j]), increase(diagonal[1, j], s[j]))
        scalar = Program(increase(total(), x[b, j]*mu[j]))
    assert text(parts[joined].body).count("delta") == 2
    assert text(cells[diagonal].body).count("delta") == 3
    assert text(scalar[total].body) == "Sum(x[b,j]*mu[j], b, j)"


def test_a_loop_index_is_never_captured() -> None:
    """The second statement sums over j, which is the first one's own index."""
    h, after, A = array("h", J), array("h'", J), array("A", J, J)
    i = index("i", J)
    with evaluate(False):
        found = Program(increase(after[j], h[j]), increase(after[i], A[j, i]*act(Sum(A[j, i]*h[i], i))))[after]
    assert text(found.body) == "h[j] + Sum(A[j',j]*act(Sum(A[j',i]*h[i], i)), j')"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: increase(mu[j] + 1, x[b, j]), "expected an entry of an array to assign to"),
        (lambda: Program(assign(mu[j], x[b, j])), "b does not run over an axis of the target; say increase"),
        (lambda: Program(assign(W[j, j], mu[j])), "sizes clash: j runs over 1..J, on an axis of W that has size K"),
        (lambda: Program(increase(mu[k], z[b, k])), "sizes clash: k runs over 1..K, on an axis of mu that has size J"),
        (lambda: Program(increase(mu[j], mu[j] + x[b, j])), "the loop over mu reads what it may have written"),
        (lambda: Program(assign(mu[j], Sum(mu[j], j))), "the loop over mu reads what it may have written"),
        (lambda: Program(assign(mu[j], x[1, j]))[s], "s is not written; what is written: mu"),
        (lambda: Program(assign(mu[j], x[1, j])).backward(of=y), "y is not written by the forward program"),
        (lambda: Program(assign(mu[j], x[1, j])).backward(increase(s[j], x[b, j]), of=mu),
         "s is not the gradient of a tensor of the forward program; expected one of x.grad"),
    ],
)  # fmt: skip
def test_slips_are_told_before_any_algebra(make: object, message: str) -> None:
    """Scope and shape: which index, which tensor, which sizes."""
    with pytest.raises(TermError, match=message), evaluate(False):
        make()


# ---------------------------------------------------------------- backward


def batch_norm() -> tuple[Program, list[Statement]]:
    """The forward program, and the right backward program."""
    with evaluate(False):
        forward = Program(
            increase(mu[j], x[b, j]/B),
            increase(s[j], (x[b, j] - mu[j])**2/(B - 1)),
            increase(y[b, j], (x[b, j] - mu[j])/sqrt(s[j])),
        )
        backward = [
            increase(grad(x)[b, j], grad(y)[b, j]/sqrt(s[j])),
            decrease(grad(mu)[j], grad(y)[b, j]/sqrt(s[j])),
            decrease(grad(s)[j], (x[b, j] - mu[j])*s[j]**Rational(-3, 2)*grad(y)[b, j]/2),
            increase(grad(x)[b, j], 2/(B - 1)*(x[b, j] - mu[j])*grad(s)[j]),
            decrease(grad(mu)[j], 2/(B - 1)*(x[b, j] - mu[j])*grad(s)[j]),
            increase(grad(x)[b, j], grad(mu)[j]/B),
        ]
    return forward, backward


FORWARD, BACKWARD = batch_norm()
SPREAD = FORWARD[s][j] > 0


def test_the_right_program_is_proved() -> None:
    """Every gradient that it leaves is the total derivative."""
    found = FORWARD.backward(*BACKWARD, of=y)
    assert verdicts(found, given=SPREAD) == {"mu": "proved", "s": "proved", "x": "proved"}


ORDERS = {
    "the input first of all": (5, 0, 1, 2, 3, 4),
    "the variance is read before it is there": (0, 1, 3, 4, 5, 2),
    "the mean is read half done": (0, 5, 1, 2, 3, 4),
}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_loops_in_a_wrong_order_are_refuted(order: Sequence[int]) -> None:
    """A gradient that is read before it is complete leaves a wrong one."""
    found = FORWARD.backward(*(BACKWARD[n] for n in order), of=y)
    assert "refuted" in verdicts(found, given=SPREAD).values()


def test_an_order_that_does_not_matter_is_proved() -> None:
    """The sum of x - mu over the batch is 0: the mean's second loop may come at any time."""
    found = FORWARD.backward(*(BACKWARD[n] for n in (0, 1, 4, 2, 3, 5)), of=y)
    assert verdicts(found, given=SPREAD) == {"mu": "proved", "s": "proved", "x": "proved"}


def test_a_wrong_gradient_is_named_with_its_place() -> None:
    """The refutation says which gradient differs, and at which indices."""
    with evaluate(False):
        wrong = [*BACKWARD[:5], increase(grad(x)[b, j], grad(mu)[j])]
    report = check(FORWARD.backward(*wrong, of=y).derivation(x, given=SPREAD))
    found = report.steps[0].verdict
    assert isinstance(found, Refuted)
    assert text(report.steps[0].left) == "x.grad[b,j]"
    assert {"b", "j"} <= {name for name, _ in found.witness.values}


def test_a_missing_loop_is_refuted() -> None:
    """Each loop is needed, but the one that adds 0."""
    for n in range(6):
        found = FORWARD.backward(*(BACKWARD[:n] + BACKWARD[n + 1:]), of=y)
        try:
            left = set(verdicts(found, given=SPREAD).values())
        except TermError:
            left = {"refuted"}
        assert ("refuted" in left) is (n != 4) or n == 2, n


# ---------------------------------------------------------------- wrong loops of a linear layer


def linear(*backward: Statement) -> dict[str, str]:
    """The verdicts on a backward program of z = x W, and of a softmax behind it."""
    with evaluate(False):
        return verdicts(Program(increase(z[b, k], x[b, j]*W[j, k])).backward(*backward, of=z))


def test_a_linear_layer() -> None:
    """x.grad = G W^T and W.grad = x^T G."""
    assert linear(
        increase(grad(x)[b, j], grad(z)[b, k]*W[j, k]), increase(grad(W)[j, k], x[b, j]*grad(z)[b, k])
    ) == {"x": "proved", "W": "proved"}


@pytest.mark.parametrize(
    "wrong",
    [
        increase(grad(x)[b, j], grad(z)[c, k]*W[j, k]),
        increase(grad(x)[b, j], grad(z)[b, k]*W[j, k]/B),
        decrease(grad(x)[b, j], grad(z)[b, k]*W[j, k]),
        increase(grad(x)[b, j], grad(z)[b, 1]*W[j, 1]),
        increase(grad(x)[b, j], grad(z)[b, k]*W[j, k]*x[b, j]),
        increase(grad(W)[j, k], x[c, j]*grad(z)[b, k]),
    ],
)
def test_wrong_loops_of_a_linear_layer_are_refuted(wrong: Statement) -> None:
    """An index exchanged, a factor of the batch size, a sign, a sum dropped."""
    assert set(linear(wrong).values()) == {"refuted"}


def test_square_matrices_transposed_are_refuted() -> None:
    """With equal sizes the transposed weight fits, and is wrong."""
    A, p, q = array("A", J, J), array("p", B, J), array("q", B, J)
    i = index("i", J)
    with evaluate(False):
        forward = Program(increase(q[b, i], p[b, j]*A[j, i]))
        right = forward.backward(increase(grad(p)[b, j], grad(q)[b, i]*A[j, i]), of=q)
        wrong = forward.backward(increase(grad(p)[b, j], grad(q)[b, i]*A[i, j]), of=q)
    assert verdicts(right) == {"p": "proved"}
    assert verdicts(wrong) == {"p": "refuted"}


# ---------------------------------------------------------------- depth, several outputs, scatter


def test_several_outputs() -> None:
    """The loss is the sum over all outputs, each with its gradient."""
    with evaluate(False):
        forward = Program(increase(total(), x[b, j]**2), assign(y[b, j], exp(x[b, j])))
        backward = forward.backward(
            increase(grad(x)[b, j], 2*x[b, j]*grad(total)()), increase(grad(x)[b, j], exp(x[b, j])*grad(y)[b, j]),
            of=(total, y),
        )  # fmt: skip
    assert verdicts(backward) == {"x": "proved"}


def test_the_gradient_of_a_concatenation_is_cut_into_blocks() -> None:
    """Each part gets its block of the gradient; the other block is refuted."""
    part, joined = array("part", J), array("joined", J + K)
    other = array("other", K)
    with evaluate(False):
        forward = Program(increase(joined[j], part[j]), increase(joined[J + k], other[k]))
        right = forward.backward(
            increase(grad(part)[j], grad(joined)[j]), increase(grad(other)[k], grad(joined)[J + k]), of=joined
        )
        wrong = forward.backward(increase(grad(other)[k], grad(joined)[k]), of=joined)
    assert verdicts(right) == {"part": "proved", "other": "proved"}
    assert verdicts(wrong) == {"other": "refuted"}


def chain(depth: int) -> tuple[Program, Backward]:
    """A perceptron of some layers, with its backward program."""
    H, i, m = size("H"), index("i", size("H")), index("m", size("H"))
    weights = [array(f"W{n}", H, H) for n in range(depth)]
    states: list[Array] = [array(f"h{n}", H) for n in range(depth + 1)]

    def inside(n: int, at: Index) -> Entry:
        other = m if at == i else i
        return Sum(weights[n][at, other]*states[n][other], other)

    with evaluate(False):
        forward = Program(*(assign(states[n + 1][i], act(inside(n, i))) for n in range(depth)))
        loops = []
        for n in reversed(range(depth)):
            above = grad(states[n + 1])[i]*act.derivative(1)(inside(n, i))
            loops += [
                increase(grad(weights[n])[i, m], above*states[n][m]),
                increase(grad(states[n])[m], above*weights[n][i, m]),
            ]
        return forward, forward.backward(*loops, of=states[-1])


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_layers_on_layers(depth: int) -> None:
    """The gradients of the first state and of the first weight, through all layers."""
    _, backward = chain(depth)
    first = [t for t in backward.tensors if t.name in {"h0", "W0"}]
    assert len(first) == 2
    for tensor in first:
        assert check(backward.derivation(tensor)).verdict == "proved"


def test_a_log_of_a_product_of_programs() -> None:
    """Softmax and cross-entropy as a program."""
    p, loss, t = array("p", B, K), array("loss"), array("t", B, K)
    n = index("n", K)
    with evaluate(False):
        forward = Program(
            assign(p[b, k], exp(z[b, k])/Sum(exp(z[b, n]), n)),
            decrease(loss(), t[b, k]*log(p[b, k])),
        )
        right = forward.backward(
            increase(grad(z)[b, k], grad(loss)()*(p[b, k]*Sum(t[b, n], n) - t[b, k])), of=loss
        )
        wrong = forward.backward(increase(grad(z)[b, k], grad(loss)()*(p[b, k] - t[b, k])), of=loss)
    assert verdicts(right) == {"z": "proved"}
    assert verdicts(wrong) == {"z": "refuted"}
