"""The argument of a complex number as the imaginary part of its logarithm.

Promise: `directed(sides, context)` gives terms that are equal to the sides wherever all of these are defined: arg w and
atan2(y, x) are im(log w), with w = x + i y; a power of such a w, which is not 0, or of |w|, is exp of its exponent
times the logarithm; log(w/|w|) is i arg w.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import sympy as sp
from sympy import Expr, I, Mul, Pow, S
from sympy.core.relational import Gt, Le

from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, times
from derive.core.scalar.places import applied, replaced

__all__ = ["directed"]


def directed(sides: Sequence[Expr], context: Context) -> tuple[Expr, ...]:
    """The sides without arg and atan2."""
    angles = {t: _pointed(t) for t in applied(sides, sp.arg, sp.atan2)}
    if not angles:
        return tuple(sides)
    values: dict[Expr, Expr] = {t: _angle(w, context) for t, w in angles.items()}
    values |= _added(angles, values, context)
    pointed = set(angles.values())
    for t in applied(sides, Pow):
        base, exponent = t.args
        if not exponent.free_symbols:
            continue
        if _among(base, pointed, context):
            values[t] = sp.exp(times(exponent, _logarithm(base, context)), evaluate=False)
        elif isinstance(base, sp.Abs) and _among(base.args[0], pointed, context):
            values[t] = sp.exp(times(exponent, sp.log(base, evaluate=False)), evaluate=False)
    for t in applied(sides, sp.log):
        (w, *base) = t.args
        if not base and _among(w, pointed, context):
            values[t] = _logarithm(w, context)
        elif not base and isinstance(w, sp.sign) and _among(w.args[0], pointed, context):
            values[t] = times(I, _angle(w.args[0], context))
    return tuple(replaced(side, values) for side in sides)


def _added(angles: dict[Expr, Expr], values: dict[Expr, Expr], context: Context) -> dict[Expr, Expr]:
    """The direction of a product of two as the sum of theirs, where that is known to lie in (-pi, pi]."""
    found: dict[Expr, Expr] = {}
    for s, r in combinations(angles, 2):
        total = plus(s, r)
        above = Gt(total, times(S.NegativeOne, S.Pi), evaluate=False)
        inside = context.truth(above) and context.truth(Le(total, S.Pi, evaluate=False))
        product = times(angles[s], angles[r])
        for t in angles if inside else ():
            if t not in (s, r) and t not in found and _among(product, {angles[t]}, context):
                found[t] = plus(values[s], values[r])
    return found


def _among(w: Expr, pointed: set[Expr], context: Context) -> bool:
    """Whether w is one of these, as its normal form says."""
    if w in pointed:
        return True
    gaps = (context.poly(plus(w, times(S.NegativeOne, p))) for p in pointed)
    return any(gap is not None and gap.is_zero for gap in gaps)


def _pointed(term: Expr) -> Expr:
    """The w of arg w, or of atan2."""
    if isinstance(term, sp.arg):
        return term.args[0]
    y, x = term.args
    return plus(x, times(I, y))


def _angle(w: Expr, context: Context) -> Expr:
    """im(log w), positive factors left out; 0 or pi for a real w of known sign."""
    kept = times(*(f for f in Mul.make_args(w) if not context.positive(f)))
    if kept is S.One or context.positive(kept):
        return S.Zero
    if context.negative(kept):
        return S.Pi
    return sp.im(sp.log(kept, evaluate=False), evaluate=False)


def _logarithm(w: Expr, context: Context) -> Expr:
    """log|w| + i arg w."""
    size = sp.log(sp.Abs(w, evaluate=False), evaluate=False)
    return plus(size, times(I, _angle(w, context)))
