"""Questions about a term as its variable approaches a point.

Promise: as for `limits`; the series behind an answer is made longer until it tells. Integrals are given to `integral`,
which may know their series.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from sympy import Expr, S, Symbol

from derive.core.errors import DeriveError
from derive.core.scalar.coefficients import is_zero, negative, positive, real_part
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.expansions import Expander, OfIntegral
from derive.core.scalar.orders import Scale, Series, TooShort, Unclear, growth
from derive.core.terms import Domain, Scalar, substitute

__all__ = ["asked", "bounded", "integrable_at"]

LENGTHS = (3, 6, 10)
INFINITE = frozenset({S.Infinity, S.NegativeInfinity})

Answer = TypeVar("Answer")


def bounded(term: Expr, x: Symbol, point: Expr, direction: int, context: Context) -> bool:
    """Known to be defined and bounded on one side of the point, near to it."""
    return bool(asked(term, x, point, direction, context, _is_bounded))


def integrable_at(term: Expr, x: Symbol, point: Expr, direction: int, context: Context) -> bool:
    """Known to be defined near the point on one side, and bounded there by a function that is integrable near to it."""
    question = _is_integrable_far if point in INFINITE else _is_integrable_near
    return bool(asked(term, x, point, direction, context, question))


@lru_cache(maxsize=4096)
def asked(
    term: Expr, x: Symbol, point: Expr, direction: int, context: Context,
    question: Callable[[Series, Context], Answer | None], integral: OfIntegral | None = None,
) -> Answer | None:
    """The answer to a question about the series of a term in t = |x - point|, or t = 1/|x|, or None."""
    known = context.without(x)
    t = _fresh(term, point, known)
    if point in INFINITE:
        place = times(S.One if point is S.Infinity else S.NegativeOne, power(t, S.NegativeOne))
    elif direction and not point.has(S.Infinity, S.NegativeInfinity, S.ComplexInfinity, S.NaN):
        place = plus(point, times(S.One if direction > 0 else S.NegativeOne, t))
    else:
        return None
    local = substitute(term, {x: place})
    for length in LENGTHS:
        try:
            return question(Expander(t, known, length, integral)(local), known)
        except TooShort:
            continue
        except (Unclear, DeriveError, RecursionError):
            return None
    return None


def _fresh(term: Expr, point: Expr, context: Context) -> Scalar:
    """A positive scalar under a name that stands nowhere here, not even bound."""
    taken = {s.name for e in (term, point, *context.given, *context.names) for s in e.atoms(Symbol)}
    name = "t"
    while name in taken:
        name += "_"
    found: Scalar = Scalar(name, Domain("real", S.Zero, None, lo_open=True))
    return found


def _is_bounded(series: Series, context: Context) -> bool:
    if any(growth(e, context) not in {0, -1} for e in series.errors):
        raise TooShort
    return all(growth(s, context) in {0, -1} or is_zero(c, context) for s, c in series.terms.items())


def _is_integrable_near(series: Series, context: Context) -> bool:
    """Each t^a L^b with re(a) > -1, or what an exponential makes small."""
    return _all_integrable(series, context, S.One)


def _is_integrable_far(series: Series, context: Context) -> bool:
    """The same at infinity, where dx is dt/t^2."""
    return _all_integrable(series, context, S.NegativeOne)


def _all_integrable(series: Series, context: Context, shift: Expr) -> bool:
    if not all(_integrable(e, context, shift) for e in series.errors):
        raise TooShort
    return all(_integrable(s, context, shift) or is_zero(c, context) for s, c in series.terms.items())


def _integrable(scale: Scale, context: Context, shift: Expr) -> bool:
    """Whether the integral of t^(shift - 1) * |scale| converges at 0."""
    waves = growth(Scale(scale.waves), context)
    if scale.vague < 0:
        return False
    if waves != 0:
        return waves == -1
    a, b = real_part(scale.power, context), real_part(scale.logs, context)
    if a is None or b is None:
        return False
    a = plus(a, shift)
    return positive(a, context) or (is_zero(a, context) and negative(plus(b, S.One), context))
