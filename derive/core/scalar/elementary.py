"""Expansions of elementary functions, and of functions with corners and jumps.

Promise: as for `expansions`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sympy as sp
from sympy import Integer, Rational, S
from sympy.core.relational import Eq, Ge, Gt, Le, Lt, Ne

from derive.core.scalar.balls import enclose
from derive.core.scalar.coefficients import conjugated
from derive.core.scalar.differentiate import times
from derive.core.scalar.orders import UNIT, Series, TooShort, Unclear, dominant, exact, pruned, visibly_positive
from derive.core.scalar.taylor import at_point

if TYPE_CHECKING:
    from derive.core.scalar.expansions import Expander

__all__ = ["absolute", "acos", "acosh", "asin", "asinh", "atan", "atanh", "ceiling", "conjugate", "floor", "greatest",
           "imaginary_part", "least", "piecewise", "real_part", "sgn", "sinc", "wave"]

HALF = Rational(1, 2)
MINUS = S.NegativeOne


def known(found: Series | None) -> Series:
    """What was found; Unclear where that is nothing."""
    if found is None:
        raise Unclear
    return found


def wave(head: Any) -> Callable[[Expander, Series], Series]:
    """A function of series: sin, cos, sinh or cosh; by exponentials where there is no limit, or as bounded."""
    turn = S.ImaginaryUnit if head in {sp.sin, sp.cos} else S.One
    factor = {sp.sin: times(HALF, MINUS, S.ImaginaryUnit), sp.sinh: HALF}.get(head, HALF)
    sign = MINUS if head in {sp.sin, sp.sinh} else S.One

    def rule(e: Expander, u: Series) -> Series:
        found = e.by_taylor(head, u)
        if found is not None:
            return replace(found, real=u.real)
        try:
            up, down = e.exp(e.times(u, turn)), e.exp(e.times(u, times(MINUS, turn)))
        except (Unclear, TooShort):
            if turn is S.ImaginaryUnit and u.real:
                return Series({}, (UNIT,), True)
            raise
        return replace(e.times(e.sum(up, e.times(down, sign)), factor), real=u.real)

    return rule


def asin(e: Expander, u: Series) -> Series:
    """The arcsine, as pi/2 less the arccosine."""
    return e.by_taylor(sp.asin, u) or e.plus_constant(e.times(acos(e, u), MINUS), times(HALF, sp.pi))


def acos(e: Expander, u: Series) -> Series:
    """The arccosine: twice the arcsine of sqrt((1 - u)/2) for -1 <= u <= 1, and pi less that of -u."""
    found = e.by_taylor(sp.acos, u)
    if found is not None:
        return found
    limit = e.settled(u)
    if limit is None or limit[0] not in {S.One, MINUS}:
        raise Unclear
    if limit[0] is MINUS:
        return e.plus_constant(e.times(acos(e, e.times(u, MINUS)), MINUS), sp.pi)
    gap = e.minus(e.one(), u)
    if gap.scales and e.sign(gap) < 0:
        raise Unclear
    found = e.by_taylor(sp.asin, e.root(e.times(gap, HALF)))
    return e.times(known(found), Integer(2))


def atan(e: Expander, u: Series) -> Series:
    """The arctangent: +-pi/2 less that of 1/u, for a real u."""
    found = e.by_taylor(sp.atan, u)
    if found is not None:
        return found
    half = times(Rational(e.far(u), 2), sp.pi)
    return e.plus_constant(e.times(atan(e, e.over(e.one(), u)), MINUS), half)


def asinh(e: Expander, u: Series) -> Series:
    """The inverse of sinh: log(u + sqrt(u^2 + 1)) for a large u, and it is odd."""
    found = e.by_taylor(sp.asinh, u)
    if found is not None:
        return found
    if e.far(u) < 0:
        return e.times(asinh(e, e.times(u, MINUS)), MINUS)
    return e.log(e.sum(u, e.root(e.plus_constant(e.product(u, u), S.One))))


def acosh(e: Expander, u: Series) -> Series:
    """The inverse of cosh: twice that of sinh at sqrt((u - 1)/2), for u >= 1."""
    found = e.by_taylor(sp.acosh, u)
    if found is not None:
        return found
    gap = e.plus_constant(u, MINUS)
    if gap.scales and e.sign(gap) < 0:
        raise Unclear
    return e.times(asinh(e, e.root(e.times(gap, HALF))), Integer(2))


def atanh(e: Expander, u: Series) -> Series:
    """The inverse of tanh: (log(1 + u) - log(1 - u))/2 for -1 < u < 1."""
    found = e.by_taylor(sp.atanh, u)
    if found is not None:
        return found
    above, below = e.plus_constant(u, S.One), e.minus(e.one(), u)
    if e.sign(above) < 0 or e.sign(below) < 0:
        raise Unclear
    return e.times(e.minus(e.log(above), e.log(below)), HALF)


def sinc(e: Expander, u: Series) -> Series:
    """As sin(u)/u, or by its power series at 0."""
    limit = e.settled(u)
    if limit is not None and limit[0] is S.Zero:
        return known(e.by_taylor(sp.sinc, u))
    return e.over(wave(sp.sin)(e, u), u)


def absolute(e: Expander, u: Series) -> Series:
    """u or -u for a real u of one sign; of the order of u otherwise."""
    try:
        return e.times(u, Integer(e.sign(u)))
    except (Unclear, TooShort):
        limit = e.settled(u)
        if limit is not None:
            value = exact(at_point(sp.Abs, limit[0]), real=True)
            return e.sum(value, Series({}, limit[1].scales, True))
        return pruned(Series({}, u.scales, True), e.context)


def sgn(e: Expander, u: Series) -> Series:
    """The sign of a real u."""
    if not u.scales:
        return u
    return exact(Integer(e.sign(u)), real=True)


def floor(e: Expander, u: Series) -> Series:
    """The floor: constant where the limit is no integer, or is approached from one side; else within 1 of u."""
    limit = e.settled(u) if u.real else None
    if limit is not None:
        c, gap = limit
        whole = sp.floor(c, evaluate=False)
        if isinstance(c, Rational):
            below = c.q == 1 and bool(gap.scales) and e.sign(gap) < 0
            return exact(Integer(c.p // c.q - below), real=True)
        ball = None if c.free_symbols else enclose(c)
        if ball is not None and ball.real.floor().is_exact() and not ball.real.contains_integer():
            return exact(whole, real=True)
    if not u.real:
        raise Unclear
    return e.sum(u, Series({}, (UNIT,), True))


def ceiling(e: Expander, u: Series) -> Series:
    """-floor(-u)."""
    return e.times(floor(e, e.times(u, MINUS)), MINUS)


def conjugate(e: Expander, u: Series) -> Series:
    """The conjugate."""
    if u.real:
        return u
    if not all(visibly_positive(s, e.context) for s in u.terms):
        raise Unclear
    return Series({s: conjugated(c, e.context) for s, c in u.terms.items()}, u.errors, False)


def real_part(e: Expander, u: Series) -> Series:
    """The real part of a real u, or of a sum of positive scales."""
    return replace(e.times(e.sum(u, conjugate(e, u)), HALF), real=True)


def imaginary_part(e: Expander, u: Series) -> Series:
    """The imaginary part."""
    gap = e.minus(u, conjugate(e, u))
    return replace(e.times(gap, times(MINUS, HALF, S.ImaginaryUnit)), real=True)


def greatest(e: Expander, *parts: Series) -> Series:
    """The greatest of real parts."""
    found = parts[0]
    for one in parts[1:]:
        gap = e.minus(one, found)
        found = one if gap.scales and e.sign(gap) > 0 else found
    return found


def least(e: Expander, *parts: Series) -> Series:
    """The least of real parts."""
    return e.times(greatest(e, *(e.times(p, MINUS) for p in parts)), MINUS)


def piecewise(e: Expander, *branches: sp.Tuple) -> Series:
    """The branch that is taken in the end."""
    for body, condition in branches:
        if holds(e, condition):
            return e(body)
    raise Unclear


def holds(e: Expander, condition: sp.Basic) -> bool:
    """Whether a comparison holds in the end, or fails in the end."""
    if condition in {S.true, S.false}:
        return condition is S.true
    if not isinstance(condition, (Lt, Le, Gt, Ge, Eq, Ne)):
        raise Unclear
    gap = e.minus(e(condition.lhs), e(condition.rhs))
    if not gap.scales:
        return isinstance(condition, (Le, Ge, Eq))
    if isinstance(condition, (Eq, Ne)):
        dominant(gap, e.context)
        return isinstance(condition, Ne)
    return (e.sign(gap) > 0) == isinstance(condition, (Gt, Ge))
