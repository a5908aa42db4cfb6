"""Sums over Fibonacci, Lucas and Chebyshev sequences, with these as powers inside of the sums.

Promise: `opened(left, right, context)` gives pairs of sides: where each of them is equal wherever both are defined, so
are the sides as given. What it rests on stands in `powers`; a pair is for a w with x = (w + 1/w)/2, for x = 1, or for
x = -1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sympy as sp
from sympy import Expr, Integer, Pow, Rational, S, Symbol

from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.places import minus, moved
from derive.core.scalar.powers import fresh
from derive.core.scalar.zero import equal
from derive.core.terms import Binder, Index, Sum, rebuild, substitute, subterms

__all__ = ["binet", "has_value", "opened"]

GOLDEN = (sp.fibonacci, sp.lucas)
CHEBYSHEV = (sp.chebyshevt, sp.chebyshevu)
HALF = Rational(1, 2)
Rule = Callable[[Expr], Expr | None]


def opened(left: Expr, right: Expr, context: Context) -> Iterator[tuple[Expr, Expr]]:
    """The pairs; none where no such sequence stands inside of a sum, or there is none but of one name."""
    inside = [t for side in (left, right) for s in subterms(side) if isinstance(s, Sum) for t in subterms(s.bodies[0])]
    found = [t for side in (left, right) for t in subterms(side) if isinstance(t, (*GOLDEN, *CHEBYSHEV))]
    if not any(isinstance(t, (*GOLDEN, *CHEBYSHEV)) for t in inside):
        return
    plain = all(len(t.args) == (1 if isinstance(t, GOLDEN) else 2) for t in found)
    if not plain or not all(context.integer(t.args[0]) for t in found):
        return
    arguments = {t.args[1] for t in found if isinstance(t, CHEBYSHEV)}
    if not arguments:
        yield _deep(left, _golden), _deep(right, _golden)
        return
    (x, *others) = arguments
    if others or not isinstance(x, Symbol) or isinstance(x, Index):
        return
    if any(isinstance(t, sp.chebyshevu) for t in found):
        for sign in (1, -1):
            yield _at_end(left, x, sign), _at_end(right, x, sign)
    yield _generic(left, right, x, context)


def has_value(term: Sum, context: Context, value: Callable[[Expr, Context], Expr]) -> bool:
    """Whether a sum is found to have a value with sequences in it written as powers, in all cases."""
    found = [value(side, context) for side, _ in opened(term, S.Zero, context)]
    return bool(found) and not any(isinstance(t, Sum) for side in found for t in subterms(side))


def binet(term: Expr, context: Context) -> Expr:
    """The term with Fibonacci and Lucas numbers as powers of the golden ratio, where they stand at integers."""
    def rule(part: Expr) -> Expr | None:
        return _golden(part) if isinstance(part, GOLDEN) and context.integer(part.args[0]) else None

    return _deep(term, rule)


def _deep(term: Expr, rule: Rule) -> Expr:
    """The term with what the rule says, inside of sums as well."""
    if isinstance(term, Sum):
        return Sum(_deep(term.bodies[0], rule), *term.limits)
    if isinstance(term, (Binder, sp.Piecewise)) or not term.args:
        return term
    found: Expr = rebuild(term, [_deep(a, rule) if isinstance(a, Expr) else a for a in term.args])
    value = rule(found)
    return found if value is None else value


def _golden(term: Expr) -> Expr | None:
    """Binet's formulas."""
    if not isinstance(term, GOLDEN) or len(term.args) != 1:
        return None
    n = term.args[0]
    up, down = power(S.GoldenRatio, n), times(power(S.NegativeOne, n), power(S.GoldenRatio, minus(n)))
    if isinstance(term, sp.lucas):
        return plus(up, down)
    root = times(Rational(1, 5), power(Integer(5), HALF))
    return plus(times(root, up), times(S.NegativeOne, root, down))


def _at_end(term: Expr, x: Symbol, sign: int) -> Expr:
    e = Integer(sign)

    def rule(part: Expr) -> Expr | None:
        if not isinstance(part, CHEBYSHEV):
            return None
        n = part.args[0]
        return power(e, n) if isinstance(part, sp.chebyshevt) else times(power(e, n), moved(n, 1))

    found: Expr = substitute(_deep(term, rule), {x: e})
    return found


def _generic(left: Expr, right: Expr, x: Symbol, context: Context) -> tuple[Expr, Expr]:
    """x = (w + 1/w)/2, and sqrt(x^2 - 1) = (w - 1/w)/2, for w = x + sqrt(x^2 - 1)."""
    w = fresh("w", plus(left, right), context)
    inverse = power(w, S.NegativeOne)
    value, gap = (times(HALF, plus(w, times(s, inverse))) for s in (S.One, S.NegativeOne))
    square = plus(power(x, Integer(2)), S.NegativeOne)

    def rule(part: Expr) -> Expr | None:
        if isinstance(part, Pow) and isinstance(part.exp, Rational) and part.exp.q == 2:
            return power(gap, Integer(2 * part.exp)) if equal(part.base, square, context) else None
        if not isinstance(part, CHEBYSHEV):
            return None
        n = part.args[0] if isinstance(part, sp.chebyshevt) else moved(part.args[0], 1)
        up, down = power(w, n), power(w, minus(n))
        if isinstance(part, sp.chebyshevt):
            return times(HALF, plus(up, down))
        return times(HALF, plus(up, minus(down)), power(gap, S.NegativeOne))

    first, second = (substitute(_deep(side, rule), {x: value}) for side in (left, right))
    return first, second
