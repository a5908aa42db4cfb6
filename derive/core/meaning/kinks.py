"""Bodies with corners: |u| (also as the root of u**2), max, min and sign of what is linear in one draw.

Promise: `unkinked` replaces each corner by what it is where the draw lies on
the same side of it as its twin; between two neighbouring `corners` any twin
there will do. A corner that is not found stays as it is.

Glossary
    corner   a value of the draw at which such a linear term vanishes
    twin     a copy of a random array, whose draw stands inside a piece while
             the draw itself moves
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sympy as sp
from flint import fmpq
from sympy import Add, Basic, Mul, Pow, Rational, S

from derive.core.errors import NotEvaluable, TermError
from derive.core.meaning.frames import Frame
from derive.core.meaning.polynomials import PolynomialCode
from derive.core.meaning.values import ZERO
from derive.core.terms import Defined, Entry, RandomArray, free_names, rebuild

__all__ = ["corners", "twin_of", "unkinked"]

Twins = Mapping[RandomArray, RandomArray]

SMOOTH = (Add, Mul, Pow, sp.exp, sp.log, sp.sin, sp.cos, sp.tanh, sp.atan, sp.erf, sp.erfc, sp.sinh, sp.cosh)
"""The heads that are searched for corners."""


def twin_of(array: RandomArray) -> RandomArray:
    """A copy under a name that no one writes."""
    return RandomArray(f"{array.name}' inside", array.law, *array.shape)


def unkinked(body: Basic, twins: Twins) -> tuple[Basic, list[Basic]]:
    """The body without corners, and the terms whose zeros they are."""
    edges: list[Basic] = []
    smooth = _unkinked(body, twins, edges)
    return smooth, edges


def _unkinked(term: Basic, twins: Twins, edges: list[Basic]) -> Basic:
    if not free_names(term) & twins.keys():
        return term
    if isinstance(term, Defined):
        try:
            return _unkinked(term.definition(), twins, edges)
        except TermError:
            return term
    if isinstance(term, (sp.Max, sp.Min)):
        first, *others = (_unkinked(a, twins, edges) for a in term.args)
        towards = S.One if isinstance(term, sp.Max) else S.NegativeOne
        for other in others:
            first = _extreme(first, other, towards, twins, edges)
        return first
    if isinstance(term, (sp.Abs, sp.sign)):
        inside = _unkinked(term.args[0], twins, edges)
        side = _side(inside, twins, edges)
        return side if isinstance(term, sp.sign) else Mul(side, inside, evaluate=False)
    if isinstance(term, Pow) and term.args[1] == Rational(1, 2) and _is_square(term.args[0]):
        inside = _unkinked(term.args[0].args[0], twins, edges)
        return Mul(_side(inside, twins, edges), inside, evaluate=False)
    if isinstance(term, SMOOTH):
        return rebuild(term, [_unkinked(a, twins, edges) for a in term.args])
    return term


def _is_square(term: Basic) -> bool:
    return isinstance(term, Pow) and bool(term.args[1] == 2)


def _extreme(left: Basic, right: Basic, towards: Basic, twins: Twins, edges: list[Basic]) -> Basic:
    """w*a + (1 - w)*b, where w = (1 + sign(a - b))/2 is exactly 0 or 1."""
    difference = Add(left, Mul(S.NegativeOne, right, evaluate=False), evaluate=False)
    side = Mul(towards, _side(difference, twins, edges), evaluate=False)
    shares = (Mul(Rational(1, 2), Add(S.One, way, evaluate=False), evaluate=False)
              for way in (side, Mul(S.NegativeOne, side, evaluate=False)))
    return Add(*(Mul(w, a, evaluate=False) for w, a in zip(shares, (left, right), strict=True)), evaluate=False)


def _side(term: Basic, twins: Twins, edges: list[Basic]) -> Basic:
    """The sign of a term where the twin is."""
    edges.append(term)
    return sp.sign(_twinned(term, twins), evaluate=False)


def _twinned(term: Basic, twins: Twins) -> Basic:
    if isinstance(term, Entry):
        return Entry(twins.get(term.array, term.array), *term.indices)
    if not term.args or not free_names(term) & twins.keys():
        return term
    return rebuild(term, [_twinned(a, twins) for a in term.args])


def corners(edges: list[PolynomialCode], f: Frame) -> list[fmpq]:
    """The values of the draw at the corners, in order; raises where an edge is not linear and rational."""
    return sorted(set(_zeros(edges, f)))


def _zeros(edges: list[PolynomialCode], f: Frame) -> Iterator[fmpq]:
    for edge in edges:
        found = edge(f)
        if found is None or any(type(c) is not fmpq for c in found.values()):
            raise NotEvaluable("a corner that is not plain to see")
        moving = [m for m in found if m]
        if not moving:
            continue
        if len(moving) > 1 or [e for _, e in moving[0]] != [1]:
            raise NotEvaluable("a corner that is not plain to see")
        yield -found.get((), ZERO) / found[moving[0]]
