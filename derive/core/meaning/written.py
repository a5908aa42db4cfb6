"""Sums over indices written out term by term, so that what varies with a number inside stands in plain functions.

Promise: the term has the value of the one that is given, in the frame. An infinite sum under a law that has finitely
many values there ends with them: beyond, its terms have weight 0. Any other infinite sum stays.
"""

from __future__ import annotations

from sympy import Add, Basic, Expr, Integer, Mul, S, Symbol

from derive.core.errors import NotEvaluable
from derive.core.meaning.frames import Frame, Scope
from derive.core.meaning.models import Mixture, Points
from derive.core.terms import (
    Binder,
    CrossEntropy,
    Divergence,
    Entropy,
    Expectation,
    Index,
    Prob,
    Sum,
    children_in_scope,
    free_names,
    rebuild,
    substitute,
    subterms,
)

__all__ = ["written_out"]

MOST = 200
"""So many terms may stand in the place of all sums together."""


def written_out(term: Basic, x: Symbol, scope: Scope, f: Frame) -> Basic:
    """The term with each sum that x stands in written out; the same term where there is none."""
    return _Writer(x, scope, f, [MOST]).of(term)


class _Writer:
    """One pass, with what is left of the budget."""

    def __init__(self, x: Symbol, scope: Scope, f: Frame, left: list[int]) -> None:
        self.x, self.scope, self.frame, self.left = x, scope, f, left

    def of(self, term: Basic) -> Basic:
        """The term with its sums written out."""
        if self.x not in free_names(term) or not any(isinstance(t, Binder) for t in subterms(term)):
            return term
        if isinstance(term, (Entropy, CrossEntropy, Divergence)) or (isinstance(term, Expectation) and term.limits):
            return self.of(term.definition())
        if isinstance(term, Sum):
            return self._sum(term)
        if isinstance(term, Binder) or not children_in_scope(term):
            return term
        return rebuild(term, [self.of(arg) if isinstance(arg, Expr) else arg for arg in term.args])

    def _sum(self, term: Sum) -> Basic:
        (index, lo, hi), *rest = term.limits
        inner = Sum(term.bodies[0], *rest) if rest else term.bodies[0]
        last = self._last(inner, index) if hi is S.Infinity else self._end(hi)
        if last is None:
            return term
        first = self._end(lo)
        self.left[0] -= last - first + 1
        if self.left[0] < 0:
            raise NotEvaluable("a sum that is too long to be written out")
        parts = [self.of(substitute(inner, {index: Integer(k)})) for k in range(first, last + 1)]
        return Add(*parts, evaluate=False) if len(parts) > 1 else parts[0] if parts else S.Zero

    def _end(self, end: Expr) -> int:
        code = self.scope.integer(end)
        self.scope.program.fit(self.frame)
        return code(self.frame)

    def _last(self, body: Expr, index: Index) -> int | None:
        """The last value of an index that a law in front of the body allows."""
        factors = body.args if isinstance(body, Mul) else (body,)
        for factor in factors:
            if not isinstance(factor, Prob) or factor.givens:
                continue
            law = self.frame[self.scope.slot(factor.law)]
            for slot, value in factor.targets.items():
                if value == index and isinstance(law, Mixture):
                    found = [parts[slot] for _, parts in law.parts]
                    if all(isinstance(p, Points) for p in found):
                        return max(p.lo + len(p.weights) - 1 for p in found if isinstance(p, Points))
        return None
