"""Antidifferences: F with F(k + 1) - F(k) = f, by Gosper's algorithm.

Promise: none; what is suggested is checked where it is used.
"""

from __future__ import annotations

from collections.abc import Iterable

import sympy as sp
from sympy import Expr, Symbol
from sympy.concrete.gosper import gosper_term

from derive.core.terms import substitute, subterms

__all__ = ["antidifferences"]

MISTAKES = (
    ArithmeticError, AttributeError, NotImplementedError, RecursionError, TypeError, ValueError, sp.PolynomialError,
)
"""What SymPy may raise where it knows nothing."""

LARGEST = 120
"""Terms with more parts are not tried."""


def antidifferences(f: Expr, k: Symbol) -> Iterable[Expr]:
    """Terms whose difference in k may be f."""
    names = sorted(f.free_symbols, key=lambda s: s.name)
    plain = {s: Symbol(f"{s.name}_", integer=s.is_integer) for s in names}
    back = {v: s for s, v in plain.items()}
    x = plain.get(k)
    if x is None or sum(1 for _ in subterms(f)) > LARGEST:
        return
    try:
        simple = sp.powsimp(_evaluated(substitute(f, plain)))
        ratio = gosper_term(simple, x)
        if ratio is not None:
            yield substitute(sp.factor(ratio) * simple, back)
    except MISTAKES:
        return


def _evaluated(term: Expr) -> Expr:
    """The term as SymPy would have built it."""
    if not term.args:
        return term
    return term.func(*(_evaluated(a) for a in term.args))
