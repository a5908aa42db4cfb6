"""Models: one concrete choice of everything that a claim leaves open.

Promise: a model is a frozen value that can be printed exactly. It is made by
whoever likes; whether it is an honest one is decided by `givens.in_domain`.

Glossary
    table      an array's entries, by their indices
    outside    what a table holds beyond its cells (arrays of infinite or
               undeclared shape)
    mixture    a law over infinite ranges: a weighted sum of products of one law
               a slot, each finite or geometric
    atoms      the values of a random entry, each with its probability
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product as cartesian
from types import MappingProxyType
from typing import Any

from flint import fmpq
from sympy import Symbol

from derive.core.errors import NotEvaluable
from derive.core.meaning.values import ONE, ZERO, Gaussian

__all__ = ["Atoms", "Geometric", "JointLaw", "Mixture", "Model", "NormalLaw", "Points", "Polynomial", "Table"]

Key = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Table:
    """An array: its cells, and what stands outside them (None: nothing does)."""

    cells: Mapping[Key, fmpq]
    outside: fmpq | None = None

    def at(self, key: Key) -> fmpq:
        """The entry there; raises where there is none."""
        found = self.cells.get(key, self.outside)
        if found is None:
            raise NotEvaluable(f"no entry at {list(key)}: out of range")
        return found

    def text(self) -> str:
        """Its cells, nested by rows."""
        tail = "" if self.outside is None else f", {self.outside} elsewhere"
        return _nested(self.cells) + tail


@dataclass(frozen=True, eq=False)
class JointLaw:
    """A law over finite ranges: the joint probability of every assignment of its slots."""

    cells: Mapping[Key, fmpq]
    _marginals: dict[Key, dict[Key, fmpq]] = field(default_factory=dict, repr=False)

    def marginal(self, slots: Key) -> Mapping[Key, fmpq]:
        """The law of some of its slots."""
        found = self._marginals.get(slots)
        if found is None:
            found = {}
            for key, probability in self.cells.items():
                part = tuple(key[s] for s in slots)
                found[part] = found.get(part, ZERO) + probability
            self._marginals[slots] = found
        return found

    def probability(self, slots: Key, values: Key) -> fmpq:
        """The probability that these slots take these values; raises out of range."""
        found = self.marginal(slots).get(values)
        if found is None:
            raise NotEvaluable(f"no probability at {list(values)}: out of range")
        return found

    def text(self) -> str:
        """Its cells, nested by slots."""
        return _nested(self.cells)


@dataclass(frozen=True)
class Points:
    """A finite law of one slot of a mixture: its probabilities at lo, lo+1, ...; 0 beyond."""

    lo: int
    weights: tuple[fmpq, ...]

    def probability(self, k: int) -> fmpq:
        """The probability of k."""
        return self.weights[k - self.lo] if 0 <= k - self.lo < len(self.weights) else ZERO

    def text(self) -> str:
        """Its probabilities in a row."""
        return "[" + ", ".join(map(str, self.weights)) + f"] from {self.lo}"


@dataclass(frozen=True)
class Geometric:
    """The law (1 - ratio) * ratio**(k - lo) of one slot of a mixture."""

    lo: int
    ratio: fmpq

    def probability(self, k: int) -> fmpq:
        """The probability of k."""
        return (1 - self.ratio) * self.ratio ** (k - self.lo) if k >= self.lo else ZERO

    def text(self) -> str:
        """Its formula."""
        return f"geometric with ratio {self.ratio} from {self.lo}"


@dataclass(frozen=True)
class Mixture:
    """A law of which some slots have infinite ranges."""

    parts: tuple[tuple[fmpq, tuple[Points | Geometric, ...]], ...]

    def probability(self, slots: Key, values: Key) -> fmpq:
        """The probability that these slots take these values; raises below their range."""
        total = ZERO
        for weight, factors in self.parts:
            term = weight
            for slot, value in zip(slots, values, strict=True):
                if value < factors[slot].lo:
                    raise NotEvaluable(f"no probability at {list(values)}: out of range")
                term *= factors[slot].probability(value)
            total += term
        return total

    def text(self) -> str:
        """Its parts."""
        return " + ".join(f"{w}*({'; '.join(f.text() for f in fs)})" for w, fs in self.parts)


@dataclass(frozen=True)
class Atoms:
    """The law of one entry of a random array."""

    pairs: tuple[tuple[fmpq, fmpq], ...]

    def moment(self, n: int) -> fmpq:
        """The n-th moment about 0."""
        return sum((p * v**n for v, p in self.pairs), ZERO)

    def text(self) -> str:
        """Its atoms in a row."""
        return "each entry " + ", ".join(f"{v} with probability {p}" for v, p in self.pairs)


@dataclass(frozen=True)
class NormalLaw:
    """The Gaussian law of one entry of a random array; its variance is exact, its deviation need not be."""

    mean: fmpq
    variance: fmpq

    def moment(self, n: int) -> fmpq:
        """The n-th moment about 0, by E x^n = m E x^(n-1) + (n-1) v E x^(n-2).

        >>> NormalLaw(fmpq(1), fmpq(2)).moment(4)
        25
        """
        before, found = ZERO, ONE
        for k in range(n):
            before, found = found, self.mean * found + k * self.variance * before
        return found

    def text(self) -> str:
        """Its parameters."""
        return f"each entry Gaussian with mean {self.mean} and variance {self.variance}"


@dataclass(frozen=True)
class Polynomial:
    """A polynomial for an unknown function: exponents and coefficient of each monomial."""

    monomials: tuple[tuple[Key, fmpq], ...]
    _derivatives: dict[Key, Polynomial] = field(default_factory=dict, repr=False, compare=False)

    def derivative(self, orders: Key) -> Polynomial:
        """Its partial derivative of these orders."""
        found = self._derivatives.get(orders)
        if found is None:
            found = self._derivatives[orders] = _derivative(self, orders)
        return found

    def text(self) -> str:
        """The polynomial in x, or in x1, x2, ..."""
        arity = len(self.monomials[0][0]) if self.monomials else 1
        names = ["x"] if arity == 1 else [f"x{k + 1}" for k in range(arity)]
        found = ""
        for key, c in self.monomials:
            powers = [n if e == 1 else f"{n}^{e}" for n, e in zip(names, key, strict=True) if e]
            text = "*".join(powers if powers and abs(c) == 1 else [str(abs(c)), *powers])
            found += (" - " if c < 0 else " + ") + text if found else ("-" if c < 0 else "") + text
        return found or "0"


def _derivative(polynomial: Polynomial, orders: Key) -> Polynomial:
    found = []
    for exponents, coefficient in polynomial.monomials:
        if any(e < k for e, k in zip(exponents, orders, strict=True)):
            continue
        factor = coefficient
        for e, k in zip(exponents, orders, strict=True):
            for j in range(k):
                factor *= e - j
        found.append((tuple(e - k for e, k in zip(exponents, orders, strict=True)), factor))
    return Polynomial(tuple(found))


@dataclass(frozen=True, eq=False)
class Model:
    """What every free name is: a number, a table, a law, atoms or a polynomial.

    Numbers are exact rationals, or `Gaussian` for complex ones.

    >>> n = Symbol("n", integer=True)
    >>> Model.of({n: 2}).describe()
    (('n', '2'),)
    """

    values: Mapping[Symbol, Any]

    @staticmethod
    def of(values: Mapping[Symbol, Any]) -> Model:
        """A model of these values; Python integers become exact rationals."""
        return Model(MappingProxyType({k: fmpq(v) if isinstance(v, int) else v for k, v in values.items()}))

    def with_value(self, name: Symbol, value: Any) -> Model:
        """The same model with one value changed."""
        return Model.of({**self.values, name: value})

    def describe(self) -> tuple[tuple[str, str], ...]:
        """Every name with its exact value as text, numbers first, then by name."""
        rows = sorted(self.values.items(), key=lambda kv: (not isinstance(kv[1], (fmpq, Gaussian)), kv[0].name))
        return tuple((name.name, number_text(v) if isinstance(v, (fmpq, Gaussian)) else v.text()) for name, v in rows)


def number_text(value: Any) -> str:
    """An exact number as text.

    >>> number_text(Gaussian(fmpq(1, 2), fmpq(-1)))
    '1/2 - I'
    """
    if isinstance(value, fmpq):
        return str(value)
    size = abs(value.im)
    imaginary = "I" if size == ONE else f"{size}*I"
    if value.re == 0:
        return imaginary if value.im > 0 else f"-{imaginary}"
    return f"{value.re} {'+' if value.im > 0 else '-'} {imaginary}"


def _nested(cells: Mapping[Key, fmpq]) -> str:
    """Cells over a box as nested lists; cells over anything else one by one."""
    if not cells:
        return "[]"
    columns = list(zip(*cells, strict=True))
    axes = [list(range(min(column), max(column) + 1)) for column in columns]
    box = list(cartesian(*axes)) if _volume(axes) == len(cells) else []
    if len(box) != len(cells) or any(key not in cells for key in box):
        return ", ".join(f"[{', '.join(map(str, key))}]: {value}" for key, value in sorted(cells.items()))
    return _rows(cells, axes, ())


def _volume(axes: list[list[int]]) -> int:
    count = 1
    for axis in axes:
        count *= len(axis)
    return count


def _rows(cells: Mapping[Key, fmpq], axes: list[list[int]], prefix: Key) -> str:
    if len(prefix) == len(axes):
        return str(cells[prefix])

    def inner() -> Iterator[str]:
        for k in axes[len(prefix)]:
            yield _rows(cells, axes, (*prefix, k))

    return "[" + ", ".join(inner()) + "]"
