"""Integrals, derivatives, limits, products, extrema and cases as plain text, in words that the reader takes back.

Promise: as for `text`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Piecewise, S

from derive.core.terms import (
    ArgMax,
    ArgMin,
    Diff,
    Extremum,
    Integral,
    Limit,
    Maximum,
    Minimum,
    Partial,
    Product,
    Slope,
    Total,
)
from derive.printers.layout import SUM

__all__ = ["Shown", "text_heads"]

Shown = Callable[[Any, int], str]
"""How a term is shown where something binds as tightly as a level says."""

_DIRECTIONS = {1: "'+'", -1: "'-'", 0: "'+-'"}


def text_heads(shown: Shown, limit: Callable[[Any], str], over: Shown) -> dict[type, Shown]:
    """How each of these heads is written, over how a term, limits and a head over indices are."""

    def integral(term: Integral, _: int) -> str:
        return f"Integral({shown(term.body, SUM)}, {limit(term.args[1])})"

    def diff(term: Diff, _: int) -> str:
        body, x, order = shown(term.body, SUM), shown(term.variable, SUM), shown(term.order, SUM)
        if term.variable in term.order.free_symbols:
            return f"Diff({body}, ({x}, {order}, {shown(term.point, SUM)}))"
        plain = f"Derivative({body}, {x if term.order is S.One else f'({x}, {order})'})"
        return plain if term.point == term.variable else f"Subs({plain}, {x}, {shown(term.point, SUM)})"

    def limits(term: Limit, _: int) -> str:
        found = [shown(t, SUM) for t in (term.body, term.variable, term.point)]
        if term.direction != 1 or term.point not in (S.Infinity, S.NegativeInfinity):
            found.append(_DIRECTIONS[term.direction])
        return f"Limit({', '.join(found)})"

    def extremum(term: Extremum, _: int) -> str:
        lo, x, hi = (shown(t, SUM) for t in (term.ends[0], term.variable, term.ends[1]))
        return f"{type(term).__name__}({shown(term.body, SUM)}, {lo} < {x} < {hi})"

    def cases(term: Piecewise, _: int) -> str:
        return f"Piecewise({', '.join(f'({shown(e, SUM)}, {shown(c, SUM)})' for e, c in term.args)})"

    def slope(term: Slope, _: int) -> str:
        head = "D" if isinstance(term, Total) else "d"
        return f"{head}({shown(term.body, SUM)}, {shown(term.by, SUM)})"

    return {
        Total: slope, Partial: slope, Product: over, Maximum: over, Minimum: over, Integral: integral, Diff: diff,
        Limit: limits, Piecewise: cases,
        ArgMin: extremum, ArgMax: extremum,
    }  # fmt: skip
