"""Both sides of a refuted step exactly: what a term is in a model, as an expression of constants.

Promise: for showing only. The verdict rests on the kernel's own evaluation.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from flint import fmpq
from sympy import Add, Basic, Expr, Integer, Rational, S

from derive.core.assume import assume
from derive.core.claims import Refuted
from derive.core.errors import DeriveError
from derive.core.kernel import Claim
from derive.core.meaning import Model, evaluate
from derive.core.normal.convert import Converter
from derive.core.normal.ring import Ring
from derive.core.normal.show import show
from derive.core.terms import (
    Binder,
    Defined,
    Diff,
    Extremum,
    Integral,
    Limit,
    Product,
    Sum,
    rebuild,
    substitute,
    subterms,
)

__all__ = ["exactly", "with_exact_sides"]

CAPS = frozenset({"powers", "logs"})
MOMENTS = frozenset({"moments", "unfold_Var", "split", "scale", "unit", "contract"})
MOST_TERMS = 64
LARGEST = 24
"""A sum with more terms is not written out, and an expression with more nodes is not shown."""


def with_exact_sides(claim: Claim, model: Model, refuted: Refuted) -> Refuted:
    """The verdict with exact sides where they are short; `model` is the one that refutes."""
    witness = refuted.witness
    left = witness.left or exactly(claim.left, model)
    right = witness.right or exactly(claim.right, model)
    return replace(refuted, witness=replace(witness, left=left, right=right))


def exactly(term: Expr, model: Model) -> Expr | None:
    """The value of a term in a model as an expression such as ln(2)/2, or None where it is long or has none."""
    try:
        poly = Converter(Ring(caps=CAPS, budget=2_000))(_ground(_without_draws(term), model))
        shown = show(poly, {})
    except (DeriveError, RecursionError):
        return None
    short = sum(1 for _ in subterms(shown)) <= LARGEST
    return shown if short and not poly.free and not shown.free_symbols else None


def _without_draws(term: Expr) -> Expr:
    """The term with its expectations over random entries worked out, where they are polynomials."""
    if not any(isinstance(t, Binder) and t.arrays for t in subterms(term)):
        return term
    known = assume([term], [])
    return show(Converter(known.ring(CAPS | MOMENTS))(term), known.names)


def _ground(term: Basic, model: Model) -> Basic:
    """The term with everything that the model fixes put in, and sums written out."""
    if isinstance(term, (Rational,)) or not (term.args or term.free_symbols):
        return term
    value = _rational(term, model)
    if value is not None or isinstance(term, (Diff, Extremum, Integral, Limit, Product)):
        return term if value is None else value
    if isinstance(term, Defined) or (isinstance(term, Binder) and not isinstance(term, Sum)):
        unfolded = term.definition()
        return term if unfolded == term else _ground(unfolded, model)
    if isinstance(term, Sum):
        return _written_out(term, model)
    return rebuild(term, [_ground(arg, model) for arg in term.args])


def _rational(term: Basic, model: Model) -> Rational | None:
    try:
        value = evaluate(term, model)
    except DeriveError:
        return None
    return Rational(int(value.p), int(value.q)) if isinstance(value, fmpq) else None


def _written_out(term: Sum, model: Model) -> Basic:
    ranges = []
    for _, lo, hi in term.limits:
        first, last = _rational(lo, model), _rational(hi, model)
        if first is None or last is None:
            return term
        ranges.append(range(int(first), int(last) + 1))
    cells = list(product(*ranges)) if _count(ranges) <= MOST_TERMS else None
    if cells is None:
        return term
    indices = [limit[0] for limit in term.limits]
    terms = [
        _ground(substitute(term.bodies[0], dict(zip(indices, map(Integer, cell), strict=True))), model)
        for cell in cells
    ]
    return Add(*terms, evaluate=False) if terms else S.Zero


def _count(ranges: list[range]) -> int:
    total = 1
    for one in ranges:
        total *= len(one)
    return total
