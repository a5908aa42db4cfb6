"""The backward programs of the library against PyTorch's automatic differentiation, at some sizes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from random import Random
from typing import Any

import pytest
from flint import arb, fmpq

from derive.core.meaning import Model, Polynomial, Table, evaluate
from derive.core.terms import Array, Definition, FunctionSymbol, free_names
from derive.library import library_folder, load_file
from derive.programs import Backward, grad

torch = pytest.importorskip("torch", reason="the extra `torch` is not installed: pip install derive[torch]")

SIZES = {"B": 3, "J": 2, "T": 3, "I": 4, "M": 3, "K": 2, "S": 2, "E": 3, "H": 2, "X": 2, "N": 3}
CLOSE = 1e-9
CUBIC = ((0, fmpq(1, 2)), (1, fmpq(2)), (2, fmpq(-1, 3)), (3, fmpq(1, 5)))
"""The activation: exponents and coefficients."""


def module(file: str) -> Any:
    """The names of a file of the library."""
    return load_file(library_folder() / f"{file}.py").identities[0].function.__globals__


def activation(u: Any) -> Any:
    """The same activation for PyTorch."""
    return sum(float(c.p) / float(c.q) * u**e for e, c in CUBIC)


class World:
    """One model of a backward program, and the same numbers as tensors that want gradients."""

    def __init__(self, backward: Backward, seed: int) -> None:
        self.backward = backward
        rng = Random(seed)
        names = {n for t in backward.tensors for n in _names(backward, t)}
        sizes = {n: SIZES[n.name] for n in names if n.name in SIZES and not isinstance(n, Array)}
        self.tables = {
            a: {k: fmpq(rng.randint(-9, 9), 4) for k in product(*(range(1, int(sizes.get(s, s)) + 1) for s in a.shape))}
            for a in sorted((n for n in names if isinstance(n, Array)), key=lambda a: a.name)
        }
        self.sizes = sizes
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
    """Layer norm with gain, bias and an activation."""
    mean = L.mean()
    deviation = torch.sqrt(((L - mean) ** 2).mean())
    return activation(A / deviation * (L - mean) + B)


def rms_norm(x: Any, g: Any) -> Any:
    """RMS norm with a gain."""
    return g * x / torch.sqrt((x**2).mean(1, keepdim=True))


def linear(U: Any, W: Any, c: Any) -> Any:
    """A linear layer."""
    return U @ W + c


def attention(Q: Any, K: Any, V: Any) -> Any:
    """Scaled dot-product attention."""
    return torch.softmax(Q @ K.T / Q.shape[1] ** 0.5, 1) @ V


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


@pytest.mark.parametrize("seed", [1, 2])
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
