"""Integrals as they stand in an equation.

Promise: `linear_terms` add up to the term; `replaced` puts equals for equals, in no binder; nothing is evaluated.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Add, Expr, Mul, Ne, Piecewise, Pow, S

from derive.core.claims import Given
from derive.core.scalar.differentiate import times
from derive.core.terms import Binder, Integral, rebuild, subterms

__all__ = ["denied", "holds_integral", "linear_terms", "outermost", "replaced"]


def denied(difference: Expr) -> list[Given]:
    """That nothing below a line is 0: elsewhere the difference is not defined, and nothing is claimed."""
    below = [t.base for t in _outside(difference) if isinstance(t, Pow) and t.exp.could_extract_minus_sign()]
    return [Ne(base, S.Zero, evaluate=False) for base in dict.fromkeys(below) if base.free_symbols]


def _outside(term: Expr) -> Iterator[Expr]:
    """The term and what stands in it, but in no binder and in no cases."""
    yield term
    if not isinstance(term, (Binder, Piecewise)):
        for part in term.args:
            if isinstance(part, Expr):
                yield from _outside(part)


def holds_integral(term: Expr) -> bool:
    """Whether an integral stands anywhere in it."""
    return any(isinstance(t, Integral) for t in subterms(term))


def linear_terms(term: Expr) -> Iterator[tuple[Expr, Integral | None]]:
    """The term as a sum of factors times integrals; a factor alone has no integral of its own, or is not linear."""
    if isinstance(term, Integral):
        yield S.One, term
    elif not holds_integral(term):
        yield term, None
    elif isinstance(term, Add):
        for part in term.args:
            yield from linear_terms(part)
    elif isinstance(term, Mul):
        holding = [a for a in term.args if holds_integral(a)]
        rest = times(*(a for a in term.args if not holds_integral(a)))
        if len(holding) != 1:
            yield term, None
            return
        for factor, integral in linear_terms(holding[0]):
            yield times(rest, factor), integral
    else:
        yield term, None


def outermost(term: Expr) -> list[Integral]:
    """The outermost integrals, each once."""
    found: list[Integral] = []
    stack = [term]
    while stack:
        top = stack.pop()
        if isinstance(top, Integral):
            if top not in found:
                found.append(top)
        elif not isinstance(top, Binder):
            stack.extend(a for a in top.args if isinstance(a, Expr))
    return found


def replaced(term: Expr, values: dict[Expr, Expr]) -> Expr:
    """The term with some of its parts replaced."""
    if term in values:
        return values[term]
    if isinstance(term, Binder) or not term.args:
        return term
    found: Expr = rebuild(term, [replaced(a, values) if isinstance(a, Expr) else a for a in term.args])
    return found
