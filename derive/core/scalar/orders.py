"""Orders of magnitude as t tends to 0 from above, and sums of them.

Promise: a `Series` with terms c*s and errors e says: on some interval (0, d) the term is defined, and it differs from
the sum of its c*s by at most a constant times the sum of the |e|; d and the constant may depend on the parameters. A
coefficient may be 0 unless it was asked about. `real` says that the term is real on (0, d).

Glossary
    scale      exp(sum of c*t^-k*L^m) * t^a * L^b, where L = log(1/t); each (c, k, m) is a wave, with real k > 0, or
               k = 0 and real m > 1
    growth     1, 0, -1: the modulus of a scale tends to oo, is 1, tends to 0
    dominant   the term of a series that all others, and the errors, are small against
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import sympy as sp
from sympy import Expr, Rational, S

from derive.core.scalar.coefficients import is_zero, negative, nonzero, positive, real, real_part
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, power, times

__all__ = [
    "UNIT", "VAGUE", "Scale", "Series", "TooShort", "Unclear", "added", "compared", "dominant", "exact", "growth",
    "inverted", "multiplied", "powers", "pruned", "raised", "rest", "scaled", "small", "visibly_positive",
]

MOST_TERMS = 60
MOST_FACTORS = 12


class Unclear(Exception):
    """Nothing certain can be said."""


class TooShort(Exception):
    """The terms that are known have cancelled: more of them may help."""


Wave = tuple[Expr, Expr, Expr]


@dataclass(frozen=True)
class Scale:
    """exp(sum of c*t^-k*L^m) * t^power * L^logs * w^vague, for a w that tends to 0; only errors are vague."""

    waves: tuple[Wave, ...] = ()
    power: Expr = S.Zero
    logs: Expr = S.Zero
    vague: int = 0

    @property
    def trivial(self) -> bool:
        """Identically 1, as can be seen."""
        return self == UNIT

    def raised(self, exponent: Expr) -> Scale:
        """The principal power where the scale is positive; for an integer exponent, always."""
        waves = tuple((times(exponent, c), k, m) for c, k, m in self.waves)
        if self.vague and not isinstance(exponent, sp.Integer):
            raise Unclear
        vague = self.vague and self.vague * int(exponent)
        return Scale(waves, times(exponent, self.power), times(exponent, self.logs), vague)


UNIT = Scale()
VAGUE = Scale(vague=1)


@dataclass(frozen=True)
class Series:
    """Coefficients of scales, the scales of the errors, and whether the whole is real."""

    terms: Mapping[Scale, Expr]
    errors: tuple[Scale, ...] = ()
    real: bool = False

    @property
    def scales(self) -> tuple[Scale, ...]:
        """Everything that it is made of."""
        return (*self.terms, *self.errors)


# ---------------------------------------------------------------- scales


def joined(left: Scale, right: Scale, context: Context) -> Scale:
    """The product of two scales."""
    vague = left.vague + right.vague
    if not left.waves and not right.waves:
        return Scale((), _sum(left.power, right.power, context), _sum(left.logs, right.logs, context), vague)
    waves: dict[tuple[Expr, Expr], Expr] = {}
    for c, k, m in (*left.waves, *right.waves):
        waves[k, m] = plus(waves.get((k, m), S.Zero), c)
    kept = tuple((c, k, m) for (k, m), c in sorted(waves.items(), key=str) if not is_zero(c, context))
    return Scale(kept, _sum(left.power, right.power, context), _sum(left.logs, right.logs, context), vague)


def _sum(left: Expr, right: Expr, context: Context) -> Expr:
    found = plus(left, right)
    return S.Zero if found is not S.Zero and is_zero(found, context) else found


def growth(scale: Scale, context: Context) -> int | None:
    """1, 0 or -1 as the modulus tends to oo, is 1, or tends to 0; None where that is not known."""
    clear = _clear_growth(scale, context)
    vague = -1 if scale.vague > 0 else 1 if scale.vague < 0 else 0
    return clear if vague == 0 else vague if clear in {0, vague} else None


def _clear_growth(scale: Scale, context: Context) -> int | None:
    found = _wave_growth(scale, context)
    if found != 0:
        return found
    for exponent, sign in ((scale.power, -1), (scale.logs, 1)):
        part = real_part(exponent, context)
        if part is None:
            return None
        if positive(part, context):
            return sign
        if negative(part, context):
            return -sign
        if not is_zero(part, context):
            return None
    return 0


def _wave_growth(scale: Scale, context: Context) -> int | None:
    """The growth of the exponential alone; 0 where the exponent is imaginary."""
    loud: list[Wave] = []
    for c, k, m in scale.waves:
        part = real_part(c, context)
        if part is None:
            return None
        if not is_zero(part, context):
            loud.append((part, k, m))
    if not loud:
        return 0
    first = loud[0]
    for wave in loud[1:]:
        order = _later(first, wave, context)
        if order is None:
            return None
        first = wave if order else first
    if positive(first[0], context):
        return 1
    return -1 if negative(first[0], context) else None


def _later(one: Wave, other: Wave, context: Context) -> bool | None:
    """Whether the other wave is the greater one."""
    for a, b in zip(one[1:], other[1:], strict=True):
        gap = plus(b, times(S.NegativeOne, a))
        if positive(gap, context):
            return True
        if negative(gap, context):
            return False
        if not is_zero(gap, context):
            return None
    return None


@lru_cache(maxsize=8192)
def compared(left: Scale, right: Scale, context: Context) -> int | None:
    """1, 0, -1 as left/right grows, has modulus 1, or tends to 0."""
    if left == right:
        return 0
    return growth(joined(left, right.raised(S.NegativeOne), context), context)


def visibly_positive(scale: Scale, context: Context) -> bool:
    """Whether the scale is known to be real, and so positive."""
    return all(real(e, context) for e in (scale.power, scale.logs, *(c for c, _, _ in scale.waves)))


# ---------------------------------------------------------------- series


def exact(coefficient: Expr, scale: Scale = UNIT, *, real: bool = False) -> Series:
    """A series of one term."""
    return Series({scale: coefficient} if coefficient is not S.Zero else {}, (), real)


def scaled(series: Series, factor: Expr, *, real: bool) -> Series:
    """A series times a constant."""
    if factor is S.Zero:
        return Series({}, (), True)
    terms = {s: times(factor, c) for s, c in series.terms.items()}
    return Series(terms, series.errors, series.real and real)


def added(context: Context, *parts: Series) -> Series:
    """The sum."""
    terms: dict[Scale, Expr] = {}
    for part in parts:
        for scale, c in part.terms.items():
            terms[scale] = plus(terms.get(scale, S.Zero), c)
    terms = {s: c for s, c in terms.items() if c is not S.Zero}
    errors = tuple(e for part in parts for e in part.errors)
    return pruned(Series(terms, errors, all(p.real for p in parts)), context)


def multiplied(left: Series, right: Series, context: Context, cut: tuple[Scale, ...] = ()) -> Series:
    """The product; what is small against the scales in `cut` may be left out, and counts as an error."""
    terms: dict[Scale, Expr] = {}
    for s, c in left.terms.items():
        for r, d in right.terms.items():
            both = joined(s, r, context)
            terms[both] = plus(terms.get(both, S.Zero), times(c, d))
    errors = {joined(s, e, context) for s in left.scales for e in right.errors}
    errors |= {joined(e, s, context) for e in left.errors for s in right.terms}
    kept = {s: c for s, c in terms.items() if c is not S.Zero}
    return pruned(Series(kept, (*errors, *cut), left.real and right.real), context)


def pruned(series: Series, context: Context) -> Series:
    """Without the errors that others cover, and without the terms that an error covers."""
    errors: list[Scale] = []
    for error in dict.fromkeys(series.errors):
        if any(_covers(other, error, context) for other in errors):
            continue
        errors = [e for e in errors if not _covers(error, e, context)]
        errors.append(error)
    terms = {s: c for s, c in series.terms.items() if not any(_covers(e, s, context) for e in errors)}
    if len(terms) > MOST_TERMS or len(errors) > MOST_TERMS:
        raise Unclear
    return Series(terms, tuple(errors), series.real)


def _covers(error: Scale, scale: Scale, context: Context) -> bool:
    return compared(scale, error, context) in {0, -1}


def dominant(series: Series, context: Context) -> tuple[Scale, Expr]:
    """The term that all else is small against; its coefficient is not 0. Raises TooShort or Unclear."""
    found = dict(series.terms)
    while found:
        first = _greatest(found, context)
        if any(compared(e, first, context) != -1 for e in series.errors):
            raise TooShort
        if nonzero(found[first], context):
            if any(s != first and compared(s, first, context) != -1 for s in found):
                raise Unclear
            return first, found[first]
        if not is_zero(found[first], context):
            raise Unclear
        del found[first]
    raise TooShort if series.errors else Unclear


def _greatest(scales: Iterable[Scale], context: Context) -> Scale:
    found: Scale | None = None
    for scale in scales:
        if found is None or compared(scale, found, context) == 1:
            found = scale
    if found is None:
        raise Unclear
    return found


def small(series: Series, context: Context) -> bool:
    """Known to tend to 0."""
    return all(growth(s, context) == -1 for s in series.scales)


def rest(series: Series, first: Scale, coefficient: Expr, context: Context) -> Series:
    """u, where the series is coefficient*first*(1 + u) for its dominant term."""
    others = {s: c for s, c in series.terms.items() if s != first and not is_zero(c, context)}
    below = exact(power(coefficient, S.NegativeOne), first.raised(S.NegativeOne), real=True)
    real = series.real and visibly_positive(first, context)
    return multiplied(Series(others, series.errors, real), below, context)


def inverted(series: Series, context: Context, length: int) -> Series:
    """One over the series."""
    return raised(series, S.NegativeOne, context, length)


def raised(series: Series, exponent: Expr, context: Context, length: int) -> Series:
    """The principal power with an exponent that does not depend on t."""
    if isinstance(exponent, sp.Integer) and 0 < exponent <= MOST_FACTORS:
        return _product(series, int(exponent), context)
    whole = context.integer(exponent)
    if not series.scales:
        if positive(exponent, context):
            return series
        raise Unclear
    first, c = dominant(series, context)
    plain = visibly_positive(first, context)
    if not whole and not (plain and (series.real or positive(c, context) or context.slit(c))):
        raise Unclear
    u = rest(series, first, c, context)
    total = powers(u, _binomial_coefficients(exponent, length), context)
    real_result = series.real and plain and (whole or (real(exponent, context) and positive(c, context)))
    lead = exact(power(c, exponent), first.raised(exponent), real=real_result)
    return replace(multiplied(total, lead, context), real=real_result)


def _product(series: Series, count: int, context: Context) -> Series:
    found = series
    for _ in range(count - 1):
        found = multiplied(found, series, context)
    return found


def _binomial_coefficients(exponent: Expr, length: int) -> list[Expr]:
    found: list[Expr] = [S.One]
    for k in range(1, length):
        found.append(times(found[-1], plus(exponent, sp.Integer(1 - k)), Rational(1, k)))
    return found


def powers(u: Series, coefficients: list[Expr], context: Context) -> Series:
    """The sum of c_k*u^k for a u that tends to 0, from the first coefficients of a power series, which are real."""
    if not small(u, context):
        raise Unclear
    last = next((k for k in range(len(coefficients), 0, -1) if coefficients[k - 1] is not S.Zero), 0)
    cut = tuple(s.raised(sp.Integer(len(coefficients))) for s in u.scales)
    total = exact(coefficients[0] if coefficients else S.Zero, real=True)
    one = exact(S.One, real=True)
    for c in coefficients[1:last]:
        one = multiplied(one, u, context, cut)
        total = added(context, total, scaled(one, c, real=True))
    found = added(context, total, Series({}, cut, True))
    return replace(found, real=u.real)
