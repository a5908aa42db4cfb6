"""When two scalar terms are equal.

Promise: `equal` says True only where both sides agree at every point that the context allows and where both are
defined. It compares normal forms, with sines and their kin written as exponentials, every denominator cleared, and
coefficients compared as exact algebraic numbers. It evaluates no integral, derivative, limit or infinite sum: those
are atoms to it, or have no normal form.
"""

from __future__ import annotations

from functools import lru_cache

from flint import fmpq
from sympy import Expr, S

from derive.core.assume import Assumptions
from derive.core.errors import BudgetError, GivenError, NotNormal, TermError
from derive.core.normal.atoms import Atom, Poly
from derive.core.normal.convert import Converter
from derive.core.normal.functions import exponential
from derive.core.normal.ring import Ring, UndefinedValue
from derive.core.scalar.algebraic import vanishes_over
from derive.core.scalar.context import CAPS, Context
from derive.core.scalar.differentiate import plus, times
from derive.core.scalar.exponentials import exponentials
from derive.core.scalar.radicals import radicals

__all__ = ["equal", "normal", "vanishes"]

UNIT = fmpq(1)
MOST_DENOMINATORS = 24


def vanishes(term: Expr, context: Context) -> bool:
    """Known to be 0 wherever it is defined."""
    return term is S.Zero or _vanishes(term, context)


def equal(left: Expr, right: Expr, context: Context) -> bool:
    """Known to be equal wherever both are defined."""
    return left == right or vanishes(plus(left, times(S.NegativeOne, right)), context)


@lru_cache(maxsize=8192)
def _vanishes(term: Expr, context: Context) -> bool:
    found = normal(term, context)
    if found is None:
        return False
    poly, ring = found
    if poly.is_zero:
        return True
    try:
        poly = _whole_turns(poly, ring)
        return ring.vanishes(poly) or vanishes_over(cleared(poly, ring))
    except (NotNormal, BudgetError, RecursionError):
        return False


def normal(term: Expr, context: Context) -> tuple[Poly, Ring] | None:
    """The normal form that terms are compared by, and its ring."""
    try:
        plain = exponentials(radicals(term, context))
        assumptions: Assumptions = context.assumptions(plain)
        ring = assumptions.ring(CAPS)
        return Converter(ring)(plain), ring
    except (NotNormal, BudgetError, UndefinedValue, TermError, GivenError, RecursionError):
        return None


def _whole_turns(poly: Poly, ring: Ring) -> Poly:
    """Powers of exp(i pi c m) for an integer m, in which whole half turns have come together, as powers of -1."""
    if not any(_turns(a) and isinstance(e, int) and abs(e) > 1 for mono in poly.terms for a, e in mono):
        return poly
    total = Poly({})
    for mono, c in poly.terms.items():
        turned = [(a, e) for a, e in mono if _turns(a) and isinstance(e, int) and abs(e) > 1]
        rest = Poly({tuple(f for f in mono if f not in turned): c})
        total = total + ring.mul(rest, ring.product(exponential(ring, a.args[0].scale(fmpq(e))) for a, e in turned))
    return total


def _turns(atom: Atom) -> bool:
    """Whether it is exp of i pi times something else than a number."""
    inside = atom.args[0].single if atom.kind == "f" and atom.name == "exp" else None
    return inside is not None and {(a.kind, a.name) for a, _ in inside[1]} > {("I", ""), ("c", "pi")}


def cleared(poly: Poly, ring: Ring) -> Poly:
    """The polynomial times what stands below its lines."""
    for _ in range(MOST_DENOMINATORS):
        below = {a: e for m in poly.terms for a, e in m if a.kind == "b" and e < 0}
        if not below:
            return poly
        atom = min(below, key=lambda a: a.key)
        least = min(dict(m).get(atom, 0) for m in poly.terms)
        poly = ring.mul(poly, Poly({((atom, -int(least // 1)),): UNIT}))
    return poly
