"""Values to try: for scalars by their domain, for tables, laws and functions by shape.

Promise: deterministic for a given random generator; simple values first. None
of it is trusted: `in_domain` and `satisfies` judge every model that is made.
"""

from __future__ import annotations

from itertools import product as cartesian
from random import Random
from typing import Any

from flint import fmpq
from sympy import S, Symbol

from derive.core.errors import NotEvaluable
from derive.core.meaning import (
    Atoms,
    Gaussian,
    Geometric,
    JointLaw,
    Mixture,
    Model,
    NormalLaw,
    Points,
    Polynomial,
    Table,
    evaluate,
    variance_of,
)
from derive.core.terms import Array, FunctionSymbol, Law, RandomArray, domain_of

__all__ = ["atoms", "end_of", "joint", "polynomial", "pool", "simplicity", "size_pool", "table", "wild"]

_REALS = [fmpq(*v) for v in (
    (1, 1), (-2, 1), (1, 2), (3, 1), (-1, 3), (5, 2), (2, 1), (-1, 1), (0, 1), (1, 3), (-3, 2), (7, 3), (4, 1), (-5, 1),
    (10, 1), (1, 10), (-1, 10), (-10, 1), (100, 1), (1, 100), (3, 4), (-100, 1), (2, 3), (6, 1), (1000, 1), (-1, 100),
    (3, 5), (-4, 5),
)]  # fmt: skip
_SHARES = [fmpq(*v) for v in ((1, 3), (3, 4), (1, 2), (1, 5), (9, 10), (0, 1), (1, 1), (1, 100), (2, 3), (99, 100))]
_COMPLEX = [Gaussian(fmpq(*a), fmpq(*b)) for a, b in (
    ((1, 1), (1, 1)), ((-1, 1), (-4, 1)), ((0, 1), (1, 1)), ((-1, 1), (2, 1)), ((2, 1), (-1, 1)), ((1, 2), (5, 1)),
    ((0, 1), (-2, 1)), ((1, 3), (1, 4)), ((-3, 1), (-1, 1)), ((-1, 4), (1, 5)), ((3, 2), (-7, 2)), ((-5, 1), (1, 10)),
    ((-5, 1), (-1, 10)), ((1, 10), (3, 1)), ((0, 1), (10, 1)), ((0, 1), (1, 2)),
)]  # fmt: skip
"""In every quadrant, near the negative axis and on the imaginary one, in the unit disc, and beyond pi*I."""

_MODES = ("signed", "positive", "share", "sparse", "negative", "simplex")
"""How a table may be filled: any signs, positive, in (0, 1), with zeros, negative, rows that sum to one."""


_SIZES = {(above, below): fmpq(above, below) for above in range(1, 10) for below in (1, 2, 3)}


def simplicity(value: Any) -> tuple[int, int, bool]:
    """A key that is smaller for a simpler number."""
    if isinstance(value, Gaussian):
        return (2, int(value.re.height_bits() + value.im.height_bits()), True)
    return (0 if value.q == 1 else 1, abs(int(value.p)) + int(value.q) - (value == 0), bool(value < 0))


def pool(name: Symbol) -> list[Any]:
    """Values that the domain of a scalar allows, the most telling first."""
    domain = domain_of(name)
    if domain.field == "complex":
        mixed = [v for pair in zip(_REALS, _COMPLEX, strict=False) for v in pair] + _REALS[len(_COMPLEX) :]
        return [v for v in mixed if not (domain.nonzero and v == 0)]
    lo = None if domain.lo is None else fmpq(int(domain.lo.p), int(domain.lo.q))
    hi = None if domain.hi is None else fmpq(int(domain.hi.p), int(domain.hi.q))
    if domain.field == "integer":
        start = lo.ceil() if lo is not None else None
        found = [fmpq(start + k) for k in range(12)] if start is not None else [v for v in _REALS if v.q == 1]
    elif lo is not None and hi is not None:
        found = [lo + (hi - lo) * share for share in _SHARES]
    elif lo is not None:
        found = list(dict.fromkeys(lo + abs(v) for v in _REALS))
    elif hi is not None:
        found = [hi - v for v in _REALS if v >= 0]
    else:
        found = list(_REALS)
    return [
        v for v in found
        if not (domain.nonzero and v == 0)
        and (lo is None or (v > lo if domain.lo_open else v >= lo))
        and (hi is None or (v < hi if domain.hi_open else v <= hi))
    ]  # fmt: skip


def size_pool(name: Symbol) -> list[Any]:
    """Values for a size, from 1 on where the domain allows it, then 0 and below."""
    values = sorted(v for v in pool(name) if abs(v) <= 12)
    return [v for v in values if v >= 1] + [v for v in reversed(values) if v < 1]


def wild(name: Symbol, rng: Random) -> Any:
    """A random value near the domain's own."""
    base = rng.choice(pool(name) or [fmpq(1)])
    domain = domain_of(name)
    if isinstance(base, Gaussian):
        stretch = fmpq(rng.randint(1, 9), rng.randint(1, 7))
        return Gaussian(base.re * stretch, base.im * stretch)
    if domain.field == "integer" or (domain.lo is not None and domain.hi is not None):
        return base
    return base * fmpq(rng.randint(1, 12), rng.randint(1, 7))


# ---------------------------------------------------------------- tables


def end_of(term: Any, model: Model) -> int:
    """The exact integer that the end of a range is in a model; raises NotEvaluable."""
    value = evaluate(term, model)
    if type(value) is not fmpq or value.q != 1:
        raise NotEvaluable("the end of a range is not an integer")
    return int(value.p)


def _entry(mode: str, rng: Random) -> fmpq:
    size = _SIZES[rng.randint(1, 9), rng.choice((1, 1, 2, 3))]
    if mode == "positive":
        return size
    if mode == "negative":
        return -size
    if mode in ("share", "simplex"):
        return fmpq(rng.randint(1, 12), 13)
    if mode == "sparse" and rng.random() < 0.5:
        return fmpq(0)
    return size if rng.random() < 0.5 else -size


def table(name: Array, axes: int, turn: int, model: Model, rng: Random) -> Table:
    """An array with pairwise different entries, as far as that goes."""
    mode = _MODES[0] if turn < 2 else _MODES[turn % len(_MODES)]
    endless = not name.shape or S.Infinity in name.shape
    if endless:
        ranges = [range(1 if name.shape else -2, 5) for _ in range(axes)]
    else:
        ranges = [range(1, end_of(n, model) + 1) for n in name.shape]
    cells: dict[tuple[int, ...], fmpq] = {}
    for key in cartesian(*ranges):
        value = _entry(mode, rng)
        for _ in range(8):
            if value not in cells.values() or mode == "sparse":
                break
            value = _entry(mode, rng)
        cells[key] = value
    if mode == "simplex":
        _normalise_rows(cells)
    return Table(cells, fmpq(0) if endless else None)


def _normalise_rows(cells: dict[tuple[int, ...], fmpq]) -> None:
    for row in {key[:-1] for key in cells}:
        total = sum((v for k, v in cells.items() if k[:-1] == row), fmpq(0))
        for key in [k for k in cells if k[:-1] == row]:
            cells[key] = cells[key] / total


def joint(name: Law, turn: int, model: Model, rng: Random, *, support: bool) -> JointLaw | Mixture:
    """A law over the ranges of its slots; with zeros in some turns, unless it must have full support."""
    sparse = not support and turn % 3 == 2
    if any(slot.hi is S.Infinity for slot in name.slots):
        return _mixture(name, model, rng, sparse=sparse)
    ranges = [range(end_of(s.lo, model), end_of(s.hi, model) + 1) for s in name.slots]
    keys = list(cartesian(*ranges))
    weights = [rng.randint(1, 9) for _ in keys]
    if turn == 0 and len(keys) <= 3:
        weights = list(range(1, len(keys) + 1))
    if sparse and len(keys) > 1:
        slot = rng.randrange(len(ranges))
        for k, key in enumerate(keys):  # now here and there, now a whole slice, so that marginals vanish too
            if rng.random() < 0.4 if turn % 2 else key[slot] == ranges[slot][-1]:
                weights[k] = 0
        weights[0] = 2
    total = sum(weights)
    if not total:
        raise NotEvaluable("a law over an empty range")
    return JointLaw({key: fmpq(w, total) for key, w in zip(keys, weights, strict=True)})


def _mixture(name: Law, model: Model, rng: Random, *, sparse: bool) -> Mixture:
    shares = (fmpq(1, 3), fmpq(2, 3))
    parts = []
    for share in shares:
        factors: list[Points | Geometric] = []
        for slot in name.slots:
            lo = end_of(slot.lo, model)
            if slot.hi is S.Infinity and not sparse:
                factors.append(Geometric(lo, fmpq(rng.randint(1, 3), 5)))
                continue
            count = 3 if slot.hi is S.Infinity else end_of(slot.hi, model) - lo + 1
            weights = [rng.randint(1, 9) for _ in range(count)]
            factors.append(Points(lo, tuple(fmpq(w, sum(weights)) for w in weights)))
        parts.append((share, tuple(factors)))
    return Mixture(tuple(parts))


def atoms(name: RandomArray, turn: int, model: Model) -> Atoms | NormalLaw:
    """A law with the named law's parameters; three-point and asymmetric where only moments are named."""
    if name.law.name == "Normal":
        return _normal(name, model)
    parameters = [evaluate(p, model) for p in name.law.parameters]
    if not all(type(p) is fmpq for p in parameters):
        raise NotEvaluable("a law with an irrational parameter")
    if name.law.name == "Bernoulli":
        (p,) = parameters
        return Atoms(tuple((v, q) for v, q in ((fmpq(0), 1 - p), (fmpq(1), p)) if q != 0))
    mean, variance = parameters
    if variance == 0:
        return Atoms(((mean, fmpq(1)),))
    down = fmpq(1 + turn % 3)
    up = 2 * variance / down
    if up == down:
        down, up = 2 * down, up / 2
    low, high = variance / (down * (down + up)), variance / (up * (down + up))
    return Atoms(((mean - down, low), (mean, 1 - low - high), (mean + up, high)))


def _normal(name: RandomArray, model: Model) -> NormalLaw:
    mean, variance = evaluate(name.law.parameters[0], model), variance_of(name.law, model)
    if type(mean) is not fmpq or type(variance) is not fmpq:
        raise NotEvaluable("a Gaussian law of which mean or variance is irrational")
    return NormalLaw(mean, variance)


def polynomial(name: FunctionSymbol, orders: tuple[int, ...], turn: int, rng: Random) -> Polynomial:
    """A polynomial of degree at least two above the derivatives taken, in each argument."""
    degrees = [k + 2 + (turn % 2) for k in orders]
    keys = list(cartesian(*(range(d + 1) for d in degrees)))
    if name.arity > 2:
        keys = sorted({*rng.sample(keys, min(len(keys), 12)), tuple(degrees)})
    found = [(key, fmpq(rng.choice((-3, -2, -1, 1, 2, 3, 5)), rng.choice((1, 1, 2)))) for key in keys]
    return Polynomial(tuple(found))
