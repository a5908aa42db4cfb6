"""The shape of a term in one index: linear forms, and factors.

Promise: what is returned is the same term, as it is written; a shape that is
not plain to see is None.
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp
from sympy import Add, Basic, Mul, Pow, Symbol

from derive.core.meaning.frames import Code, Frame, Scope
from derive.core.meaning.values import ONE, ZERO, Value, add, multiply
from derive.core.terms import free_names

__all__ = ["Linear", "factors", "linear"]

Linear = tuple[Code, Code]


def linear(term: Basic, k: Symbol, scope: Scope) -> Linear | None:
    """Codes of a and b where the term is a*k + b as it is written."""
    if term == k:
        return (lambda _: ONE), (lambda _: ZERO)
    if k not in free_names(term):
        return (lambda _: ZERO), scope.code(term)
    if isinstance(term, Add):
        parts = [linear(a, k, scope) for a in term.args]
        known = [p for p in parts if p is not None]
        if len(known) != len(parts):
            return None
        return _folded(add, ZERO, [a for a, _ in known]), _folded(add, ZERO, [b for _, b in known])
    if isinstance(term, Mul):
        moving = [a for a in term.args if k in free_names(a)]
        inner = linear(moving[0], k, scope) if len(moving) == 1 else None
        if inner is None:
            return None
        still = [scope.code(a) for a in term.args if a is not moving[0]]
        return _folded(multiply, ONE, [inner[0], *still]), _folded(multiply, ONE, [inner[1], *still])
    return None


def _folded(operation: Callable[[Value, Value], Value], unit: Value, codes: list[Code]) -> Code:
    def code(f: Frame) -> Value:
        found = unit
        for one in codes:
            found = operation(found, one(f))
        return found

    return code


def factors(term: Basic) -> list[Basic]:
    """Factors of a term: b**(u + v) is b**u * b**v, and (u*v)**n is u**n * v**n for an integer n."""
    if isinstance(term, Mul):
        return [f for a in term.args for f in factors(a)]
    if isinstance(term, sp.exp) and isinstance(term.args[0], Add):
        return [sp.exp(a, evaluate=False) for a in term.args[0].args]
    if isinstance(term, Pow):
        base, exponent = term.args
        if isinstance(exponent, Add):
            return [Pow(base, a, evaluate=False) for a in exponent.args]
        if isinstance(exponent, sp.Integer):
            return [Pow(f, exponent, evaluate=False) for f in factors(base)]
    return [term]
