"""The backward programs and gradients of the library against PyTorch's automatic differentiation, at random sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product
from random import Random
from typing import Any

import pytest
from flint import arb, fmpq
from sympy import Symbol

from derive.core.meaning import Model, Polynomial, Table, evaluate
from derive.core.terms import Array, Definition, FunctionSymbol, Index, Scalar, free_names
from derive.library import library_folder, load_file
from derive.programs import Backward, grad

torch = pytest.importorskip("torch", reason="the extra `torch` is not installed: pip install derive[torch]")
F = torch.nn.functional

CLOSE = 1e-9
CUBIC = ((0, fmpq(1, 2)), (1, fmpq(2)), (2, fmpq(-1, 3)), (3, fmpq(1, 5)))
"""The activation: exponents and coefficients."""


def module(file: str) -> Any:
    """The names of a file of the library."""
    return load_file(library_folder() / f"{file}.py").identities[0].function.__globals__


def activation(u: Any) -> Any:
    """The same activation for PyTorch."""
    return sum(float(c.p) / float(c.q) * u**e for e, c in CUBIC)


def drawn_sizes(names: Iterable[Symbol], rng: Random) -> dict[Symbol, int]:
    """A size from 2 to 4 for each name of one."""
    integers = (n for n in names if isinstance(n, Scalar) and n.domain.field == "integer")
    return {n: rng.randint(2, 4) for n in sorted(integers, key=lambda n: n.name)}


class World:
    """One model of a backward program, and the same numbers as tensors that want gradients."""

    def __init__(self, backward: Backward, seed: int) -> None:
        self.backward = backward
        rng = Random(seed)
        names = {n for t in backward.tensors for n in _names(backward, t)}
        self.sizes = sizes = drawn_sizes(names, rng)
        arrays = sorted((n for n in names if isinstance(n, Array)), key=lambda a: a.name)
        ranges = {a: [range(1, int(sizes.get(s, s)) + 1) for s in a.shape] for a in arrays}
        self.tables = {a: {k: fmpq(rng.randint(-999, 999), 256) for k in product(*ranges[a])} for a in arrays}
        functions = {n for n in names if isinstance(n, FunctionSymbol)}
        cubic = Polynomial(tuple(((e,), c) for e, c in CUBIC))
        self.model = Model.of({
            **sizes, **{a: Table(cells) for a, cells in self.tables.items()}, **dict.fromkeys(functions, cubic),
        })  # fmt: skip

    def tensor(self, array: Array) -> Any:
        """The numbers of an array."""
        shape = [int(self.sizes.get(s, s)) for s in array.shape]
        found = torch.zeros(shape, dtype=torch.float64)
        for key, value in self.tables[array].items():
            found[tuple(k - 1 for k in key)] = float(value.p) / float(value.q)
        return found.requires_grad_()

    def left(self, tensor: Array) -> Any:
        """What the backward program leaves in a gradient."""
        definition: Definition = self.backward[tensor]
        shape = [int(self.sizes.get(s, s)) for s in tensor.shape]
        found = torch.zeros(shape, dtype=torch.float64)
        for key in product(*(range(1, n + 1) for n in shape)):
            value = evaluate(definition(*key), self.model)
            found[tuple(k - 1 for k in key)] = float(arb(value).mid())
        return found


def _names(backward: Backward, tensor: Array) -> Any:
    definition = backward[tensor]
    return free_names(definition(*definition.parameters)) | free_names(backward.loss)


def batch_norm(x: Any) -> Any:
    """Batch norm over the first axis, with 1/(B - 1)."""
    mean = x.mean(0)
    return (x - mean) / torch.sqrt(((x - mean) ** 2).sum(0) / (x.shape[0] - 1))


def layer_norm(L: Any, A: Any, B: Any) -> Any:
    """PyTorch's layer norm over the whole layer, with gain, bias and an activation."""
    return activation(A * F.layer_norm(L, L.shape, eps=0) + B)


def rms_norm(x: Any, g: Any) -> Any:
    """PyTorch's RMS norm, with a gain."""
    return F.rms_norm(x, x.shape[1:], g, eps=0)


def linear(U: Any, W: Any, c: Any) -> Any:
    """PyTorch's linear layer."""
    return F.linear(U, W.T, c)


def attention(Q: Any, K: Any, V: Any) -> Any:
    """PyTorch's scaled dot-product attention."""
    return F.scaled_dot_product_attention(Q[None], K[None], V[None])[0]


def gate(f: Any, h: Any, d: Any) -> Any:
    """A convex combination by a gate."""
    return f * h + (1 - f) * d


def residual(h: Any, W: Any, b: Any) -> Any:
    """A residual layer."""
    return h + activation(W @ h - b)


CASES: dict[str, tuple[str, str, Callable[..., Any], tuple[str, ...], str]] = {
    "batch norm": ("backprop", "BATCH_NORM_BACKWARD", batch_norm, ("x",), "y"),
    "layer norm": ("backprop", "LAYER_NORM_BACKWARD", layer_norm, ("L", "A", "C"), "N"),
    "rms norm": ("backprop", "RMS_NORM_BACKWARD", rms_norm, ("X", "g"), "Y"),
    "linear": ("backprop", "LINEAR_BACKWARD", linear, ("U", "W", "c"), "Z"),
    "attention": ("attention", "ATTENTION_BACKWARD", attention, ("Q", "Ky", "V"), "O"),
    "gate": ("recurrent", "MIX_BACKWARD", gate, ("f", "h", "d"), "after"),
    "residual": ("recurrent", "RESIDUAL_BACKWARD", residual, ("u", "W", "bias"), "v"),
}
"""For each program its file and name, the forward function, and the names of its inputs and of its output."""


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", CASES)
def test_programs_leave_what_autodiff_leaves(name: str, seed: int) -> None:
    """For random numbers, every gradient of an input is PyTorch's."""
    file, program, forward, inputs, output = CASES[name]
    names = module(file)
    world = World(names[program], seed)
    tensors = [world.tensor(names[n]) for n in inputs]
    loss = (world.tensor(grad(names[output])).detach() * forward(*tensors)).sum()
    loss.backward()
    for n, tensor in zip(inputs, tensors, strict=True):
        if names[n] in world.backward.tensors:
            assert torch.allclose(world.left(names[n]), tensor.grad, atol=CLOSE, rtol=CLOSE), n


def test_a_wrong_program_differs() -> None:
    """The comparison sees a factor."""
    names = module("backprop")
    world = World(names["LINEAR_BACKWARD"], 1)
    U, W, c = (world.tensor(names[n]) for n in ("U", "W", "c"))
    (2 * world.tensor(grad(names["Z"])).detach() * linear(U, W, c)).sum().backward()
    assert not torch.allclose(world.left(names["U"]), U.grad, atol=CLOSE, rtol=CLOSE)


# ---------------------------------------------------------------- gradients in closed form


def jacobian(f: Callable[[Any], Any], x: Any) -> Any:
    """All derivatives of the outputs by the inputs."""
    return torch.autograd.functional.jacobian(f, x)


def softmax_jacobian(z: Any) -> Any:
    """Over row, output and input of that row."""
    found = jacobian(lambda z: torch.softmax(z, 1), z)
    return torch.stack([found[n, :, n] for n in range(len(z))])


def cross_entropy_gradient(z: Any) -> Any:
    """Over row, class and input of that row, by PyTorch's cross-entropy."""
    rows, classes = z.shape
    losses = [
        jacobian(lambda z, c=c: F.cross_entropy(z, torch.full((rows,), c), reduction="none"), z) for c in range(classes)
    ]
    return torch.stack([torch.stack([loss[n, n] for loss in losses]) for n in range(rows)])


def logistic(X: Any, label: Any) -> Callable[[Any], Any]:
    """PyTorch's loss of logistic regression."""
    return lambda w: F.binary_cross_entropy_with_logits(X @ w, label, reduction="sum")


GRADIENTS: dict[str, tuple[str, tuple[str, ...], str, Callable[..., Any]]] = {
    "softmax-jacobian": ("backprop", ("z",), "nkl", softmax_jacobian),
    "softmax-cross-entropy-gradient": ("backprop", ("z",), "nyl", cross_entropy_gradient),
    "softmax-cross-entropy-gradient-of-a-batch": (
        "backprop", ("z", "t"), "nl", lambda z, t: jacobian(lambda z: F.cross_entropy(z, t), z),
    ),
    "logistic-regression-gradient": (
        "backprop", ("w", "X", "label"), "e", lambda w, X, label: jacobian(logistic(X, label), w),
    ),
    "logistic-regression-hessian": (
        "backprop", ("w", "X", "label"), "ef",
        lambda w, X, label: torch.autograd.functional.hessian(logistic(X, label), w),
    ),
    "batch-norm-gradient": (
        "backprop", ("x", "x'.grad"), "cj", lambda x, G: jacobian(lambda x: (G * batch_norm(x)).sum(), x),
    ),
    "weight-norm-gradient": (
        "weights", ("u", "G", "gamma"), "k",
        lambda u, G, gamma: jacobian(lambda u: (G * torch._weight_norm(u[None], gamma[None, None], 0)[0]).sum(), u),
    ),
}  # fmt: skip
"""For each identity its file, its inputs, the indices of the gradient in order, and the gradient by PyTorch."""


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", GRADIENTS)
def test_gradients_are_those_of_autodiff(name: str, seed: int) -> None:
    """For random sizes and numbers the proved formula is PyTorch's gradient."""
    file, inputs, letters, gradient = GRADIENTS[name]
    found = load_file(library_folder() / f"{file}.py").identities
    derivation = next(identity for identity in found if identity.name == name).derivation()
    right, rng = derivation.steps[-1].right, Random(seed)
    names = free_names(derivation.start) | free_names(right)
    sizes = drawn_sizes(names, rng)
    values: dict[Symbol, Any] = {**sizes}
    tensors: dict[str, Any] = {}
    for symbol in sorted((n for n in names if n.name in inputs), key=lambda n: n.name):
        shape = [sizes[n] for n in symbol.shape] if isinstance(symbol, Array) else []
        cells = {k: fmpq(rng.randint(1, 12), 8) for k in product(*(range(1, n + 1) for n in shape))}
        values[symbol] = Table(cells) if isinstance(symbol, Array) else cells[()]
        tensor = torch.tensor([float(c.p) / float(c.q) for c in cells.values()], dtype=torch.float64)
        tensors[symbol.name] = tensor.reshape(shape)
    expected = gradient(*(tensors[n] for n in inputs))
    indices = [next(i for i in names if isinstance(i, Index) and i.name == letter) for letter in letters]
    for place in product(*(range(1, n + 1) for n in expected.shape)):
        value = evaluate(right, Model.of({**values, **dict(zip(indices, place, strict=True))}))
        theirs = float(expected[tuple(k - 1 for k in place)])
        assert float(arb(value).mid()) == pytest.approx(theirs, rel=CLOSE, abs=CLOSE)
