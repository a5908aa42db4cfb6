"""What the functions of the vocabulary make of a region.

Promise: as for `ranges`; a function that is not in the table may have any value.
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp
from flint import arb
from sympy import Integer, S, pi

from derive.core.scalar.differentiate import times
from derive.core.scalar.ranges import (
    ALL,
    NIL,
    NONNEGATIVE,
    POSITIVE,
    End,
    Range,
    both,
    closed,
    lift,
    number,
    outer,
)
from derive.core.scalar.regions import ANYTHING, REAL, Region, real
from derive.core.scalar.waves import (
    HALF_PI,
    RISING,
    UNIT,
    arcsine,
    cosine,
    hyperbolic_cosine,
    sine,
    tangent,
)

__all__ = ["HEADS"]

Image = Callable[..., Region]
QUARTER = Range((-Range(None, HALF_PI)).lo, HALF_PI)
PI = closed(HALF_PI.ball * 2, pi)
RIGHT = closed(HALF_PI.ball, times(S.Half, pi))
ONE = number(1)


def _real(image: Callable[[Range], Range]) -> Image:
    """A function that is real at reals, and may be anything elsewhere."""
    return lambda u: real(image(u.re)) if u.real else ANYTHING


def _inverse(image: Image) -> Image:
    """The inverse of a function."""
    return lambda u: image(u).inverse()


def _open(values: Range) -> Range:
    """The same with its ends."""
    return Range(*(None if e is None else e.with_open(False) for e in (values.lo, values.hi)))


def _fits(u: Region) -> bool:
    """Real and from -1 to 1."""
    return u.real and (ONE - u.re).nonnegative and (ONE + u.re).nonnegative


def _asin(u: Region) -> Region:
    return real(arcsine(u.re)) if _fits(u) else Region(_open(QUARTER))


def _acos(u: Region) -> Region:
    return real(RIGHT - arcsine(u.re)) if _fits(u) else Region(Range(NIL.lo, PI.hi))


def _atan(u: Region) -> Region:
    return real(RISING[sp.atan](u.re)) if u.real else Region(_open(QUARTER))


def _acot(u: Region) -> Region:
    if not u.real:
        return Region(_open(QUARTER))
    side = POSITIVE if u.re.nonnegative else -POSITIVE if u.re.negative else ALL
    return real(both(Range(QUARTER.lo, HALF_PI.with_open(False)), side))


def _atanh(u: Region) -> Region:
    return real(_signed(u.re)) if _fits(u) else ANYTHING


def _signed(values: Range) -> Range:
    """What has the sign of these."""
    if values.nil:
        return NIL
    if values.nonnegative:
        return POSITIVE if values.positive else NONNEGATIVE
    if values.nonpositive:
        return -(POSITIVE if values.negative else NONNEGATIVE)
    return ALL


def _acosh(u: Region) -> Region:
    above = u.re - ONE
    return real(_signed(above)) if u.real and above.nonnegative else Region(NONNEGATIVE)


def _log(u: Region, *base: Region) -> Region:
    found = u.logarithm()
    return found * base[0].logarithm().inverse() if base else found


def _abs(u: Region) -> Region:
    return real(both(u.mod, NONNEGATIVE))


def _sign(u: Region) -> Region:
    if not u.real:
        return Region(size=ONE if u.nonzero else Range(NIL.lo, ONE.hi)).fitted()
    return real(ONE if u.re.positive else -ONE if u.re.negative else both(UNIT, _signed(u.re)))


def _arg(u: Region) -> Region:
    return real(u.logarithm().im)


def _ceiling(u: Region) -> Region:
    return real(-RISING[sp.floor](-u.re)) if u.real else ANYTHING


def _mod(u: Region, v: Region) -> Region:
    if not (u.real and v.real):
        return ANYTHING
    return real(Range(NIL.lo, None if v.re.hi is None else v.re.hi.with_open(True)) if v.re.positive else ALL)


def _extremum(*, least: bool) -> Image:
    def image(*args: Region) -> Region:
        if not all(u.real for u in args):
            return ANYTHING
        near = [end for u in args if (end := u.re.hi if least else u.re.lo) is not None]
        known = outer(near, least=least) if near else None
        other = outer([u.re.lo if least else u.re.hi for u in args], least=least)
        return real(Range(other, known) if least else Range(known, other))

    return image


def _sinc(u: Region) -> Region:
    if not u.real:
        return ANYTHING
    values = Range(None, End(arb(1), u.re.nonzero, S.One))
    return real(both(values, POSITIVE if (PI - u.re.absolute()).positive else UNIT))


# ---------------------------------------------------------------- special functions


def _positive_at_positive(u: Region) -> Region:
    """Real at reals, > 0 for u > 0: gamma."""
    return Region(POSITIVE if u.re.positive else ALL, NIL, POSITIVE) if u.real else Region(size=POSITIVE)


def _real_at_positive(u: Region) -> Region:
    return REAL if u.real and u.re.positive else ANYTHING


def _digamma(u: Region) -> Region:
    if not (u.real and u.re.positive):
        return REAL if u.real else ANYTHING
    return real(u.re.rising(lift(arb.digamma, lambda _: None)))


def _polygamma(n: Region, u: Region) -> Region:
    order = None if n.re.lo is None else n.re.lo.term
    if not (isinstance(order, Integer) and n.re.hi is n.re.lo and n.real and u.real and order >= 0):
        return ANYTHING
    if order == 0:
        return _digamma(u)
    return real(ALL if not u.re.positive else POSITIVE if order % 2 else -POSITIVE)


def _zeta(s: Region, *shift: Region) -> Region:
    if shift:
        a = shift[0]
        above = s.real and a.real and (s.re - ONE).positive and a.re.positive
        return real(POSITIVE) if above else REAL if s.real and a.real and a.re.positive else ANYTHING
    if not s.real:
        return Region(size=POSITIVE if (s.re - ONE).positive else NONNEGATIVE)
    return real(Range(End(arb(1), True, S.One))) if (s.re - ONE).positive else REAL


def _beta(a: Region, b: Region) -> Region:
    if a.real and b.real:
        return real(POSITIVE if a.re.positive and b.re.positive else ALL)
    return ANYTHING


def _rising_factorial(a: Region, n: Region) -> Region:
    if a.real and n.real:
        return real(POSITIVE if a.re.positive and n.re.nonnegative else ALL)
    return ANYTHING


def _harmonic(u: Region) -> Region:
    return real(_signed(u.re) if u.re.nonnegative else ALL) if u.real else ANYTHING


def _erfc(u: Region) -> Region:
    return real(ONE - RISING[sp.erf](u.re)) if u.real else ANYTHING


def _sine(u: Region) -> Region:
    return real(sine(u.re)) if u.real else ANYTHING


def _cosine(u: Region) -> Region:
    return real(cosine(u.re)) if u.real else ANYTHING


def _lambert(u: Region, k: Region | None = None) -> Region:
    """The principal branch of Lambert's function has the sign of its argument where that is >= 0."""
    if k is not None and not (k.real and k.re.nil):
        return ANYTHING
    return real(_signed(u.re)) if u.real and u.re.nonnegative else ANYTHING


def _angle(y: Region, x: Region) -> Region:
    """atan2, above and below the positive half-line."""
    return real(Range((-PI).lo, PI.hi)) if y.real and x.real else ANYTHING


HEADS: dict[type, Image] = {
    sp.exp: Region.exponential, sp.log: _log, sp.Abs: _abs, sp.sign: _sign, sp.arg: _arg,
    sp.re: lambda u: real(u.re), sp.im: lambda u: real(u.im), sp.conjugate: Region.conjugate,
    sp.sin: _sine, sp.cos: _cosine, sp.tan: _real(tangent), sp.csc: _inverse(_sine), sp.sec: _inverse(_cosine),
    sp.cot: _real(lambda x: tangent(RIGHT - x)),
    sp.sinh: _real(RISING[sp.sinh]), sp.cosh: _real(hyperbolic_cosine), sp.tanh: _real(RISING[sp.tanh]),
    sp.coth: _inverse(_real(RISING[sp.tanh])), sp.csch: _inverse(_real(RISING[sp.sinh])),
    sp.sech: _inverse(_real(hyperbolic_cosine)),
    sp.asin: _asin, sp.acos: _acos, sp.atan: _atan, sp.acot: _acot,
    sp.acsc: lambda u: _asin(u.inverse()), sp.asec: lambda u: _acos(u.inverse()),
    sp.asinh: _real(RISING[sp.asinh]), sp.acosh: _acosh, sp.atanh: _atanh, sp.acoth: lambda u: _atanh(u.inverse()),
    sp.floor: _real(RISING[sp.floor]), sp.ceiling: _ceiling, sp.Mod: _mod,
    sp.Max: _extremum(least=False), sp.Min: _extremum(least=True),
    sp.sinc: _sinc, sp.erf: _real(RISING[sp.erf]), sp.erfc: _erfc,
    sp.gamma: _positive_at_positive, sp.loggamma: _real_at_positive,
    sp.digamma: _digamma, sp.polygamma: _polygamma, sp.zeta: _zeta, sp.beta: _beta, sp.harmonic: _harmonic,
    sp.RisingFactorial: _rising_factorial, sp.LambertW: _lambert, sp.atan2: _angle,
    **dict.fromkeys((sp.airyai, sp.airybi, sp.airyaiprime, sp.airybiprime, sp.erfi), _real(lambda _: ALL)),
}
