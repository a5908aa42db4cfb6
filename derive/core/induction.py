"""Induction over a free index, up from its least value or down from its greatest.

Promise: `by_induction` says closed only where the equation closes at the end
where the index starts, and at the next value with the equation itself as a
lemma at the present one. The caller sees to it that no condition shown hangs on
the index: the lemma needs it at every value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sympy import Add, Expr, S

from derive.core.assume import assume
from derive.core.claims import Given, Relation
from derive.core.closing import Attempt, Lemma, attempt
from derive.core.terms import Index, free_names, substitute

__all__ = ["by_induction"]

Equation = tuple[Expr, Expr]


def by_induction(left: Expr, right: Expr, given: tuple[Given, ...], caps: frozenset[str]) -> Attempt | None:
    """The attempt that closed the step of an induction; None where none closes.

    The assumptions are made anew for each part, since the index gets another
    range; a given that mentions it is left out.
    """
    indices = (n for n in free_names(left) | free_names(right) if isinstance(n, Index))
    for index in sorted(indices, key=lambda n: n.name):
        usable = tuple(g for g in given if index not in free_names(g))
        for base, step, lemma in _plans(index, (left, right)):
            start = attempt(assume(base, usable), base[0], Relation.EQ, base[1], caps)
            if not start.closed:
                continue
            hypothesis = Lemma("induction hypothesis", lemma[0], Relation.EQ, lemma[1])
            found = attempt(assume((*step, *lemma), usable), step[0], Relation.EQ, step[1], caps, [hypothesis])
            if found.closed:
                return replace(found, index=index, conditions=start.conditions | found.conditions)
    return None


def _plans(index: Index, sides: Equation) -> Iterator[tuple[Equation, Equation, Equation]]:
    """For each direction: the equation at the start, at the next value, and at the present one."""
    if any(index in free_names(name) for side in sides for name in free_names(side) - {index}):
        return  # a law, a definition or a range hangs on the index, and cannot be had at another value
    last = index.hi if index.hi is S.Infinity else Add(index.hi, S.NegativeOne, evaluate=False)
    here = Index(index.name, index.lo, last, index.sort)
    following = Add(here, S.One, evaluate=False)
    present, next_ = _at(sides, index, here), _at(sides, index, following)
    yield _at(sides, index, index.lo), next_, present
    if index.hi is not S.Infinity:
        yield _at(sides, index, index.hi), present, next_


def _at(sides: Equation, index: Index, value: Expr) -> Equation:
    left, right = (substitute(side, {index: value}) for side in sides)
    return left, right
