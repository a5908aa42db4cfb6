"""What the givens of a claim say, taken apart: comparisons, cuts, integers that are left out.

Promise: everything in `Known` follows from the givens. What is not understood is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import sympy as sp
from sympy import Basic, Expr, Integer, Rational, S
from sympy.core.relational import Eq, Ge, Gt, Le, Lt, Ne, Relational
from sympy.logic.boolalg import And, Boolean, Not, Or

from derive.core.claims import Given
from derive.core.scalar.differentiate import plus, times

__all__ = ["MIRRORED", "Gap", "Known", "flat", "taken_apart"]

MIRRORED: dict[type, type] = {Lt: Gt, Le: Ge, Gt: Lt, Ge: Le, Eq: Eq, Ne: Ne}


@dataclass(frozen=True)
class Gap:
    """A number that is no integer from `least` to `most`; None is no end."""

    term: Expr
    least: int | None = None
    most: int | None = None

    def holds(self, value: int) -> bool:
        """Whether the number is known not to be this integer."""
        return (self.least is None or self.least <= value) and (self.most is None or value <= self.most)


@dataclass(frozen=True)
class Known:
    """Comparisons that hold, what is not 0, no real number <= 0, no integer in a range, and what else is given."""

    comparisons: tuple[Given, ...] = ()
    apart: tuple[Expr, ...] = ()
    others: tuple[Given, ...] = ()
    cuts: tuple[Expr, ...] = ()
    gaps: tuple[Gap, ...] = ()


def flat(givens: Iterable[Given]) -> Iterator[Given]:
    """The same givens without And, Not(Or(...)), Not(Not(...)) and Not of an equation."""
    for given in givens:
        match given:
            case And():
                yield from flat(given.args)
            case Not(args=[Not() as inner]):
                yield from flat(inner.args)
            case Not(args=[Or() as inner]):
                yield from flat(Not(part, evaluate=False) for part in inner.args)
            case Not(args=[Eq() as inner]):
                yield Ne(*inner.args, evaluate=False)
            case Not(args=[Ne() as inner]):
                yield Eq(*inner.args, evaluate=False)
            case _:
                yield given


def taken_apart(givens: Iterable[Given]) -> Known:
    """What the givens say."""
    found = Known()
    for given in flat(givens):
        match given:
            case Not(args=[And() as inner]):
                found = _excluded(found, list(flat(inner.args)))
            case Ne():
                found = replace(found, apart=(*found.apart, plus(given.lhs, times(S.NegativeOne, given.rhs))))
            case Relational() | Not(args=[Relational()]):
                found = replace(found, comparisons=(*found.comparisons, given))
            case _:
                found = replace(found, others=(*found.others, given))
    return found


def _excluded(found: Known, parts: list[Boolean]) -> Known:
    """Not all of these hold: w is real, w is whole, w is at most or at least some number."""
    term = next((w for part in parts if (w := _said_real(part)) is not None), None)
    if term is None:
        return found
    rest = [p for p in parts if _said_real(p) != term]
    whole = [p for p in rest if _said_whole(p, term)]
    ends = [_end(p, term) for p in rest if p not in whole]
    if None in ends or len(ends) > 2:
        return found
    bounds = [e for e in ends if e is not None]
    if whole:
        gap = _gap(term, bounds)
        return found if gap is None else replace(found, gaps=(*found.gaps, gap))
    if len(bounds) != 1 or bounds[0][0] in {Lt, Gt}:
        return found
    relation, end = bounds[0]
    gap_term = plus(term, times(S.NegativeOne, end)) if end is not S.Zero else term
    cut = gap_term if relation is Le else times(S.NegativeOne, gap_term)
    return replace(found, cuts=(*found.cuts, cut))


def _said_real(part: Boolean) -> Expr | None:
    """w, where it is said that im(w) = 0."""
    if isinstance(part, Eq):
        for left, right in (part.args, part.args[::-1]):
            if isinstance(left, sp.im) and right is S.Zero:
                return left.args[0]
    return None


def _said_whole(part: Boolean, term: Expr) -> bool:
    """Whether it is said that floor(re(w)) = re(w)."""
    if not isinstance(part, Eq):
        return False
    for left, right in (part.args, part.args[::-1]):
        if isinstance(left, sp.floor) and left.args[0] == right and _is_part(right, term):
            return True
    return False


def _is_part(value: Basic, term: Expr) -> bool:
    return value == term or (isinstance(value, sp.re) and value.args[0] == term)


def _end(part: Boolean, term: Expr) -> tuple[type, Expr] | None:
    """(relation, number), where it is said that re(w) stands in that relation to a number."""
    if not isinstance(part, (Lt, Le, Gt, Ge)):
        return None
    left, right, relation = part.lhs, part.rhs, type(part)
    if _is_part(right, term):
        left, right, relation = right, left, MIRRORED[relation]
    if not _is_part(left, term) or right.free_symbols:
        return None
    return relation, right


def _gap(term: Expr, bounds: list[tuple[type, Expr]]) -> Gap | None:
    gap = Gap(term)
    for relation, end in bounds:
        if not isinstance(end, Rational):
            return None
        low, high = int(sp.ceiling(end)), int(sp.floor(end))
        strict = relation in {Lt, Gt} and isinstance(end, Integer)
        if relation in {Le, Lt} and gap.most is None:
            gap = replace(gap, most=high - strict)
        elif relation in {Ge, Gt} and gap.least is None:
            gap = replace(gap, least=low + strict)
        else:
            return None
    return gap
