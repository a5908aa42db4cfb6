"""From a model that refutes to the smallest one nearby that still does.

Promise: deterministic and bounded; the result refutes whenever the model that
was given does, as far as the callable that decides it says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from flint import fmpq
from sympy import S, Symbol

from derive.core.errors import NotEvaluable
from derive.core.meaning import Gaussian, JointLaw, Model, Polynomial, Table
from derive.core.terms import Array, Index, Law, RandomArray
from derive.refute.names import Cast
from derive.refute.pools import atoms, end_of, pool, simplicity, size_pool

__all__ = ["shrink"]

BUDGET = 160
"""So many smaller models are tried."""

_SIMPLE = [fmpq(*v) for v in ((0, 1), (1, 1), (-1, 1), (2, 1), (-2, 1), (1, 2), (-1, 2), (3, 1))]


def shrink(model: Model, who: Cast, refutes: Callable[[Model], bool], *, budget: int = BUDGET) -> Model:
    """The smallest model found, first in sizes, then in numbers, then in tables; `budget` models are tried."""
    spent = 0
    progress = True
    budget = min(budget, BUDGET)
    while progress and spent < budget:
        progress = False
        for smaller in _smaller(model, who):
            if spent >= budget:
                break
            spent += 1
            if refutes(smaller):
                model, progress = smaller, True
                break
    return model


def _smaller(model: Model, who: Cast) -> Iterator[Model]:
    """Simpler models, the boldest changes first; those that cannot be made are left out."""
    for make in (_fewer, _simpler_numbers, _simpler_tables, _simpler_functions):
        yield from make(model, who)


def _fewer(model: Model, who: Cast) -> Iterator[Model]:
    for size in who.sizes:
        now = _reach(model.values[size])
        for value in sorted((v for v in size_pool(size) if _reach(v) < now), key=_reach):
            found = _fitted(model.with_value(size, value), who)
            if found is not None:
                yield found


def _reach(size: fmpq) -> fmpq:
    """How far a size is from 1; sizes below 1 come after all others."""
    return size if size >= 1 else 1000 - size


def _simpler_numbers(model: Model, who: Cast) -> Iterator[Model]:
    for name in who.scalars:
        now = simplicity(model.values[name])
        values = sorted({_key(v): v for v in [*_SIMPLE, *pool(name)]}.values(), key=simplicity)
        for value in values:
            if simplicity(value) < now:
                found = _fitted(model.with_value(name, value), who)
                if found is not None:
                    yield found
    for index in who.indices:
        lowest = end_of(index.lo, model)
        if model.values[index] > lowest:
            yield model.with_value(index, lowest)


def _key(value: Any) -> Any:
    return (value.re, value.im) if isinstance(value, Gaussian) else value


def _simpler_tables(model: Model, who: Cast) -> Iterator[Model]:
    for array in who.arrays:
        cells = model.values[array].cells
        for value in (fmpq(1), fmpq(0)):
            if any(v != value for v in cells.values()):
                yield _with_cells(model, array, dict.fromkeys(cells, value))
    for law in who.laws:
        if isinstance(model.values[law], JointLaw):
            keys, now = list(model.values[law].cells), list(model.values[law].cells.values())
            ramp = list(range(1, len(keys) + 1))
            for weights in ([1] * len(keys), ramp, ramp[::-1]):
                simple = [fmpq(w, sum(weights)) for w in weights]
                if _heights(simple) < _heights(now):
                    yield model.with_value(law, JointLaw(dict(zip(keys, simple, strict=True))))
    for array in who.arrays:
        cells = model.values[array].cells
        for key, now in cells.items():
            for value in _SIMPLE:
                if simplicity(value) < simplicity(now):
                    yield _with_cells(model, array, {**cells, key: value})


def _simpler_functions(model: Model, who: Cast) -> Iterator[Model]:
    for name in who.functions:
        monomials = model.values[name].monomials
        for k, (exponents, coefficient) in enumerate(monomials):
            if len(monomials) > 1:
                yield model.with_value(name, Polynomial(monomials[:k] + monomials[k + 1 :]))
            if coefficient != 1:
                yield model.with_value(
                    name, Polynomial((*monomials[:k], (exponents, fmpq(1)), *monomials[k + 1 :]))
                )


def _heights(values: list[fmpq]) -> int:
    return sum(int(v.q) for v in values)


def _with_cells(model: Model, array: Array, cells: Mapping[tuple[int, ...], fmpq]) -> Model:
    return model.with_value(array, replace(model.values[array], cells=cells))


# ---------------------------------------------------------------- fitting


def _fitted(model: Model, who: Cast) -> Model | None:
    """The model with its tables cut to its sizes and its random arrays made anew; None where that fails."""
    values = dict(model.values)
    try:
        for name, value in model.values.items():
            found = _cut(name, value, model)
            if found is None:
                return None
            values[name] = found
        fitted = Model.of(values)
        for array in who.randoms:
            fitted = fitted.with_value(array, atoms(array, 0, fitted))
    except NotEvaluable:
        return None
    return fitted


def _cut(name: Symbol, value: Any, model: Model) -> Any:
    if isinstance(name, Index):
        lo = end_of(name.lo, model)
        hi = value if name.hi is S.Infinity else end_of(name.hi, model)
        return None if hi < lo else fmpq(max(lo, min(int(value.p), int(hi))))
    if isinstance(name, Array) and not isinstance(name, RandomArray) and isinstance(value, Table):
        if value.outside is not None:
            return value
        return Table(_inside(value.cells, [(1, end_of(n, model)) for n in name.shape]))
    if isinstance(name, Law) and isinstance(value, JointLaw):
        cells = _inside(value.cells, [(end_of(s.lo, model), end_of(s.hi, model)) for s in name.slots])
        total = sum(cells.values(), fmpq(0))
        return JointLaw({k: p / total for k, p in cells.items()}) if total > 0 else None
    return value


def _inside(cells: Mapping[tuple[int, ...], fmpq], box: list[tuple[int, int]]) -> dict[tuple[int, ...], fmpq]:
    return {
        key: v for key, v in cells.items() if all(lo <= k <= hi for k, (lo, hi) in zip(key, box, strict=True))
    }
