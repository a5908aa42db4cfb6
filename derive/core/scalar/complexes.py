"""Equations between complex values: the ways of `parts` and `branches`, one after the other.

Promise: `agree` names a method only where both sides are equal at every point that the context allows and where both
are defined.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Integer

from derive.core.scalar.branches import branches, constant_difference, constants_equal, logarithms
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import power
from derive.core.scalar.parts import cases, parts, split_terms
from derive.core.scalar.zero import equal
from derive.core.terms import Scalar

__all__ = ["agree"]

Claim = tuple[Expr, Expr, Context, str]


def agree(left: Expr, right: Expr, context: Context) -> str | None:
    """The name of the method by which the sides are known to be equal, or None."""
    if not (left.free_symbols | right.free_symbols):
        if constants_equal(left, right):
            return "exact algebraic numbers"
        plain = parts(left, context), parts(right, context)
        return "complex parts" if constants_equal(*plain) else None
    found = [_in_case(left, right, case) for case in cases(context)]
    return None if None in found else found[0]


def _in_case(left: Expr, right: Expr, context: Context) -> str | None:
    if equal(left, right, context):
        return "algebra"
    for one, two, inner, method in _forms(left, right, context):
        if equal(one, two, inner) or _equal_squares(one, two, inner):
            return method
    for one, two, inner in ((left, right, context), _split(left, right, context)):
        names = sorted(((one.free_symbols | two.free_symbols)), key=lambda s: str(s.name))
        for x in names:
            if isinstance(x, Scalar) and constant_difference(one, two, x, inner):
                return "equal derivatives"
    return None


def _split(left: Expr, right: Expr, context: Context) -> tuple[Expr, Expr, Context]:
    inner, (one, two) = split_terms(context, left, right)
    return one, two, inner


def _forms(left: Expr, right: Expr, context: Context) -> Iterator[Claim]:
    """The sides rewritten in several ways, together with what is known of their symbols."""
    one, two = parts(left, context), parts(right, context)
    yield one, two, context, "complex parts"
    yield branches(one, context), branches(two, context), context, "branches"
    raw = logarithms(left, context), logarithms(right, context)
    yield *raw, context, "logarithms"
    yield branches(raw[0], context), branches(raw[1], context), context, "branches"
    split = _split(one, two, context)
    if split[2] is not context:
        yield *split, "complex parts"
        yield branches(split[0], split[2]), branches(split[1], split[2]), split[2], "branches"
        logs = logarithms(split[0], split[2]), logarithms(split[1], split[2])
        yield branches(logs[0], split[2]), branches(logs[1], split[2]), split[2], "branches"


def _equal_squares(left: Expr, right: Expr, context: Context) -> bool:
    """Two sides that are not negative are equal where their squares are."""
    if not (context.nonnegative(left) and context.nonnegative(right)):
        return False
    return equal(power(left, Integer(2)), power(right, Integer(2)), context)
