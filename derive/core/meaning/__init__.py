"""What a term means in one concrete model: the ground truth, which shares no code with the prover.

Promise: `evaluate` returns an exact value or a ball that contains the true one,
and raises `NotEvaluable` for everything else. `contradicts` is True only where
a relation certainly fails.

Glossary
    model    one choice of every size, number, table, law and function
    value    an exact rational or Gaussian, a ball, or an infinity
"""

from __future__ import annotations

from flint import acb, arb
from sympy import Basic

from derive.core.errors import Divergent, NotEvaluable
from derive.core.meaning.extrema import middle
from derive.core.meaning.givens import in_domain, satisfies, variance_of
from derive.core.meaning.models import (
    Atoms,
    Geometric,
    JointLaw,
    Mixture,
    Model,
    NormalLaw,
    Points,
    Polynomial,
    Table,
    number_text,
)
from derive.core.meaning.program import evaluate, holds
from derive.core.meaning.show import render
from derive.core.meaning.values import Gaussian, Imprecise, Infinite, Value, compare
from derive.core.terms import Integral, free_names, subterms

__all__ = [
    "Atoms", "Gaussian", "Geometric", "Infinite", "JointLaw", "Mixture", "Model", "NormalLaw", "Points",
    "Polynomial", "Table", "Value", "compare", "contradicts", "evaluate", "holds", "in_domain", "middle", "number_text",
    "render", "satisfies", "variance_of", "weigh",
]

PRECISIONS = (128, 512)
"""The working precisions in bits; the second where the first leaves the balls too wide to tell anything."""

PRECISIONS_OF_INTEGRALS = (128, 256)
LAST = 2_048
"""For one model of numbers only, where that is asked for."""

SHARP_BITS = 60
SETTLED = 40
"""A ball of so many bits that is much wider than the precision tells no more at a higher one."""
TINY = arb(2) ** -100
"""Balls that overlap with this relative accuracy, or this near to 0, agree for all we can see."""


def weigh(left: Basic, right: Basic, model: Model, *, keen: bool = False) -> tuple[Value, Value, str | None]:
    """Both values and how they compare; raises NotEvaluable.

    More precision is spent where balls overlap that are wide; where `keen`,
    also on narrow ones.

    A side that certainly diverges, and not to oo or -oo, counts as `Infinite(0)`:
    it is unequal to every finite value, and `render` says "diverges".
    """
    best: tuple[Value, Value, str | None] | None = None
    failure = NotEvaluable("no precision sufficed")
    for precision in _precisions(left, right, keen=keen):
        try:
            a, b = _or_divergent(left, model, precision), _or_divergent(right, model, precision)
        except Imprecise as error:
            failure = error
            continue
        except NotEvaluable as error:
            failure = error
            break
        best = a, b, compare(a, b)
        if best[2] is not None or (not keen and _sharp(a) and _sharp(b)) or _limited(a, b, precision):
            return best
    if best is None:
        raise failure
    return best


def _precisions(left: Basic, right: Basic, *, keen: bool) -> tuple[int, ...]:
    """Quadrature is dear, and what has no names has this one model only."""
    if any(isinstance(t, Integral) for side in (left, right) for t in subterms(side)):
        return PRECISIONS_OF_INTEGRALS
    return (*PRECISIONS, LAST) if keen and not free_names(left) | free_names(right) else PRECISIONS


def _limited(left: Value, right: Value, precision: int) -> bool:
    """Whether a ball is as narrow as its method makes it, and not as the precision does."""
    bits = [int(v.rel_accuracy_bits()) for v in (left, right) if type(v) in (arb, acb)]
    return bool(bits) and SETTLED <= min(bits) < precision * 3 // 4


def _or_divergent(term: Basic, model: Model, precision: int) -> Value:
    try:
        return evaluate(term, model, precision)
    except Divergent:
        return Infinite(0)


def _sharp(value: Value) -> bool:
    if type(value) not in (arb, acb):
        return True
    return bool(value.rel_accuracy_bits() >= SHARP_BITS or abs(value) < TINY)


_FAILS: dict[str, frozenset[str]] = {
    "=": frozenset({"less", "greater", "different", "unequal"}),
    "<=": frozenset({"greater", "different"}),
    ">=": frozenset({"less", "different"}),
    "<": frozenset({"greater", "different", "equal"}),
    ">": frozenset({"less", "different", "equal"}),
}


def contradicts(relation: str, comparison: str | None) -> bool:
    """Whether a comparison, as `compare` gives it, shows that the relation fails.

    >>> contradicts("<=", "greater"), contradicts("<=", None), contradicts("=", "unequal")
    (True, False, True)
    """
    return comparison in _FAILS[relation]
