"""What both notations share: how the arithmetic of an unevaluated term is read.

Promise: a view says what the author wrote, in the order in which it stands, and
leaves out only litter: factors 1, terms 0, `-1*x` for `-x`, `x^(-1)` and
a later factor 1/2 for a division, `x^(1/2)` for a square root. Nothing is sorted, distributed or
cancelled, so a view has the value of its term, also where parts are undefined.

Glossary
    view     one level of a term, ready to be printed: a sum, a product, ...
    level    how tightly a piece of notation binds; what is asked for less
             tightly than it stands gets brackets
    prefix   notation that applies to what follows without brackets: `ln x`
    marked   notation with marks where a line may be broken, and around what
             should stay together
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

from sympy import Add, Basic, Function, Integer, Mul, Pow, Rational, S, Symbol
from sympy.core.numbers import Half, NegativeInfinity, NegativeOne, One

from derive.core.claims import Condition
from derive.core.terms import (
    Applied,
    Binder,
    CrossEntropy,
    Defined,
    Definition,
    Entry,
    Index,
    Prob,
    Scalar,
    Sum,
    subterms,
)

__all__ = [
    "ATOM", "BREAK", "CLOSE", "OPEN", "POWER", "PREFIX", "PRODUCT", "SUM", "Leaf", "Minus", "Power", "Product", "Root",
    "Sums", "View", "any_finite_set", "bracketed", "broken", "declared", "fractions", "hides_limits", "own_limits",
    "prefixable", "sides", "unmarked", "view",
]

SUM, PRODUCT, PREFIX, POWER, ATOM = range(5)
BREAK, OPEN, CLOSE = "\0", "\1", "\2"
_UNMARK = {ord(mark): None for mark in (BREAK, OPEN, CLOSE)}


class Leaf(NamedTuple):
    """A term that is not arithmetic: a name, a number >= 0, a head."""

    term: Any


class Minus(NamedTuple):
    """A leading minus sign before `body`."""

    body: View


class Sums(NamedTuple):
    """Two or more terms, each with whether it is subtracted."""

    parts: tuple[tuple[bool, View], ...]


class Product(NamedTuple):
    """Factors from left to right, each with whether it is divided by."""

    factors: tuple[tuple[bool, Any], ...]


class Power(NamedTuple):
    """`base` to the `exponent`."""

    base: Any
    exponent: Any


class Root(NamedTuple):
    """A square root."""

    body: Any


View = Leaf | Minus | Sums | Product | Power | Root


def view(term: Basic) -> View:
    """Read one level of a term.

    >>> x, y = Symbol("x"), Symbol("y")
    >>> view(Mul(S.NegativeOne, x, Pow(y, -1, evaluate=False), evaluate=False))
    Minus(body=Product(factors=((False, x), (True, y))))
    """
    if isinstance(term, Add):
        return _sums(term)
    if isinstance(term, Mul):
        return _product(term)
    if isinstance(term, Pow):
        return _power(term)
    if isinstance(term, Rational) and term.p < 0:
        return Minus(Leaf(-term))
    if isinstance(term, NegativeInfinity):
        return Minus(Leaf(S.Infinity))
    return Leaf(term)


def _spine(term: Basic, head: type[Basic]) -> list[Basic]:
    """The arguments with everything nested at the left spliced in, without recursion: long chains nest there."""
    chain = [term]
    while chain[-1].args and isinstance(chain[-1].args[0], head):
        chain.append(chain[-1].args[0])
    found = list(chain.pop().args)
    for link in reversed(chain):
        found.extend(link.args[1:])
    return found


def _sums(term: Add) -> View:
    parts: list[tuple[bool, View]] = []
    for arg in _spine(term, Add):
        if arg is S.Zero:
            continue
        seen = view(arg)
        if isinstance(seen, Sums):
            parts.extend(seen.parts)
        elif isinstance(seen, Minus):
            parts.append((True, seen.body))
        else:
            parts.append((False, seen))
    if not parts:
        return Leaf(S.Zero)
    if len(parts) == 1:
        negative, only = parts[0]
        return Minus(only) if negative else only
    return Sums(tuple(parts))


def _product(term: Mul) -> View:
    items = _spine(term, Mul)
    negative = isinstance(items[0], Rational) and items[0].p < 0
    if isinstance(items[0], NegativeOne):
        items = items[1:]
    elif negative:
        items = [-items[0], *items[1:]]
    items = [item for item in items if not isinstance(item, One)]
    found = _one(items)
    return Minus(found) if negative else found


def _one(items: list[Any]) -> View:
    if not items:
        return Leaf(S.One)
    if len(items) == 1:
        return view(items[0])
    factors: list[tuple[bool, Any]] = []
    for k, item in enumerate(items):
        inner = view(item) if isinstance(item, Mul) else None
        if isinstance(inner, Product) and (k == 0 or not any(inverse for inverse, _ in inner.factors)):
            factors.extend(inner.factors)
        elif isinstance(item, Pow) and isinstance(item.exp, NegativeOne):
            factors.append((True, item.base))
        else:
            factors.append((False, item))
    return Product((factors[0], *map(_as_divisor, factors[1:])))


def _as_divisor(part: tuple[bool, Any]) -> tuple[bool, Any]:
    """A factor 1/n as a division by n."""
    inverse, factor = part
    unit = isinstance(factor, Rational) and factor.p == 1
    return (True, Integer(factor.q)) if unit and not inverse else part


def _power(term: Pow) -> View:
    if isinstance(term.exp, NegativeOne):
        return Product(((True, term.base),))
    if isinstance(term.exp, Half):
        return Root(term.base)
    return Power(term.base, term.exp)


def fractions(factors: tuple[tuple[bool, Any], ...]) -> list[tuple[list[Any], list[Any]]]:
    """Split a product into single factors and fractions: a run of factors up to its divisors is one fraction.

    A tall factor that is divided stands beside the fraction: `1/n sum`, not `sum` over `n`.
    """
    runs: list[tuple[list[Any], list[Any]]] = [([], [])]
    for inverse, factor in factors:
        if not inverse and runs[-1][1]:
            runs.append(([], []))
        runs[-1][inverse].append(factor)
    found: list[tuple[list[Any], list[Any]]] = []
    for upper, lower in runs:
        if not lower:
            found += [([factor], []) for factor in upper]
            continue
        while len(upper) > 1 and isinstance(upper[0], Rational) and upper[0].q != 1:
            found.append(([upper.pop(0)], []))
        tail = [upper.pop()] if upper and _tall(upper[-1]) else []
        found += [(upper, lower), *((([factor], [])) for factor in tail)]
    return found


def _tall(factor: Any) -> bool:
    """Whether it is a big sum, or a call or an expectation of sums and fractions."""
    if isinstance(factor, Sum):
        return True
    return isinstance(factor, (Function, Binder)) and any(
        isinstance(t, Sum) or (isinstance(t, Pow) and t.exp is S.NegativeOne) for t in subterms(factor)
    )


def prefixable(term: Basic) -> bool:
    """Whether `ln` may stand before it without brackets."""
    if isinstance(term, Defined):
        return bool(term.arguments)
    if isinstance(term, Integer):
        return bool(term.p >= 0)
    return isinstance(term, (Symbol, Entry, Prob, Applied)) or term is S.Pi


def bracketed(head: Definition) -> bool:
    """Whether a definition is indexed, `mu[j]`, and not called, `h(s)`."""
    return bool(head.parameters) and all(isinstance(p, Index) for p in head.parameters)


def any_finite_set(index: Index) -> bool:
    """Whether an index was declared without limits: it ranges over any finite set."""
    return index.lo is S.One and isinstance(index.hi, Scalar) and index.hi.name == f"|{index.sort}|"


def declared(index: Index) -> bool:
    """Whether an index was declared by itself, so that its limits are known; heads that were read declare their own."""
    return not index.sort.endswith("=")


def own_limits(limit: Any) -> bool:
    """Whether a binder runs over the index's own range."""
    index, lo, hi = limit
    return bool(lo == index.lo and hi == index.hi)


def hides_limits(term: Binder) -> bool:
    """Whether what H or KL binds can be seen from the law: the variables before its bar, each over its own range."""
    weight = term.bodies[0]
    if not isinstance(weight, Prob) or not all(own_limits(limit) for limit in term.limits):
        return False
    if isinstance(term, CrossEntropy) and isinstance(term.bodies[1], Index):
        return False
    seen = [value for value in weight.targets.values() if isinstance(value, Index)]
    return seen == [limit[0] for limit in term.limits]


def sides(condition: Condition) -> tuple[Any, Any]:
    """What a condition keeps apart: `a` and `b` for `a - b`, else the term and 0."""
    args = condition.term.args
    if condition.term.is_Add and len(args) == 2:
        first, second = (view(arg) for arg in args)
        if not isinstance(first, Minus) and isinstance(second, Minus):
            return args[0], second.body
        if isinstance(first, Minus) and not isinstance(second, Minus):
            return args[1], first.body
    return condition.term, S.Zero


# ---------------------------------------------------------------- lines


def unmarked(marked: str) -> str:
    """The notation without its marks."""
    return marked.translate(_UNMARK)


def broken(
    marked: str, width: float, measure: Callable[[str], float], indent: float, depth: int = 0, hang: int = 1
) -> list[tuple[int, str]]:
    """Lines of at most `width`, each with the depth at which it is indented: `depth` the first, `hang` the others.

    Lines are filled with the pieces between the outermost marks; a piece too
    long for a line is broken in turn, hangs deeper, and nothing joins its last
    line. A piece without marks stays too long.
    """
    plain = unmarked(marked)
    pieces = _split(marked) if measure(plain.rstrip()) > width - depth * indent else [marked]
    if len(pieces) == 1:
        return [(depth, plain)]
    found: list[tuple[int, str]] = []
    open_ended = False
    for piece in pieces:
        if open_ended:
            at, line = found[-1]
            joined = line + unmarked(piece)
            if measure(joined.rstrip()) <= width - at * indent:
                found[-1] = (at, joined)
                continue
        part = broken(piece, width, measure, indent, hang if found else depth, hang + 1)
        open_ended = len(part) == 1
        found += part
    return found


def _split(marked: str) -> list[str]:
    """The pieces between the outermost places where a line may be broken."""
    at: dict[int, list[int]] = {}
    depth = 0
    for position, char in enumerate(marked):
        if char == BREAK:
            at.setdefault(depth, []).append(position)
        depth += (char == OPEN) - (char == CLOSE)
    if not at:
        return [marked]
    cuts = [-1, *at[min(at)], len(marked)]
    return [marked[start + 1 : end] for start, end in pairwise(cuts)]
