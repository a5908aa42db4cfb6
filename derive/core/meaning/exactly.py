"""Numbers that terms are exactly: rational combinations of 1, pi, square roots and logarithms.

Promise: the number is the term's value; it is exact where that is plain to see, and a ball elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp
from flint import fmpq
from sympy import Add, Basic, Mul, Pow, S

from derive.core.meaning.combinations import PI, Combination, combination, inverse, log_of, root_of
from derive.core.meaning.jets import Number, number_of
from derive.core.meaning.values import ONE, Value

__all__ = ["exactly"]


def exactly(term: Basic, value: Callable[[Basic], Value]) -> Number:
    """A term as a number; `value` gives the values of its subterms."""
    found = _plainly(term, value)
    return number_of(value(term)) if found is None else found


def _plainly(term: Basic, value: Callable[[Basic], Value]) -> Number | None:
    """A combination or a rational, or None."""
    if term is S.Pi:
        return combination({PI: ONE})
    if isinstance(term, sp.log) and len(term.args) == 1:
        inner = value(term.args[0])
        return log_of(inner) if type(inner) is fmpq and inner > 0 else None
    if isinstance(term, Pow) and term.args[1] in (S.Half, -S.Half):
        inner = value(term.args[0])
        if type(inner) is not fmpq or not inner > 0:
            return None
        return root_of(inner if term.args[1] == S.Half else 1 / inner)
    if isinstance(term, Pow) and term.args[1] in (2, -1):
        inner = _plainly(term.args[0], value)
        if inner is None or (type(inner) is fmpq and inner == 0):
            return None
        return _known(inner * inner if term.args[1] == 2 else inverse(inner))
    if isinstance(term, (Add, Mul)):
        total: Number = ONE if isinstance(term, Mul) else ONE - 1
        for a in term.args:
            part = _plainly(a, value)
            if part is None:
                return None
            total = _known(total + part if isinstance(term, Add) else total * part)
            if total is None:
                return None
        return total
    if term.has(S.Pi, sp.log, Pow):
        return None
    found = value(term)
    return found if type(found) is fmpq else None


def _known(number: Number) -> Number | None:
    return number if type(number) is fmpq or isinstance(number, Combination) else None
