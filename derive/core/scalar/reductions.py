"""What an inequality in one real variable is brought to: bounds, halves, new names.

Promise: each says at its function what holds of what it returns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sympy as sp
from sympy import Basic, Expr, Integer, Rational, S, Symbol
from sympy.core.relational import Gt, Le, Relational

from derive.core.scalar.balls import below
from derive.core.scalar.constants import without_sinc
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, times
from derive.core.scalar.intervals import Reach
from derive.core.scalar.parameters import fresh_name
from derive.core.scalar.parts import minus
from derive.core.scalar.variation import INFINITE
from derive.core.scalar.zero import equal
from derive.core.terms import Domain, Scalar, children_in_scope, domain_of, rebuild, substitute, subterms
from derive.core.terms.heads import Binder

__all__ = ["bars", "half", "is_even", "on_reals", "put", "renamed", "splits", "varies", "with_moduli"]

SPLITS = (S.Zero, S.One, Integer(2), Integer(4), Integer(8), S.Half)
"""Places where an interval is cut in two."""


def varies(symbol: Symbol) -> bool:
    """Whether it is a real variable."""
    return isinstance(symbol, Scalar) and domain_of(symbol).field != "complex"


def on_reals(gap: Expr, x: Symbol, span: Reach) -> tuple[Expr, Reach]:
    """The same about a real variable of which nothing is known but its interval; turned, where it is not positive."""
    if span.lo is S.NegativeInfinity and (span.hi is S.Zero or span.outer.negative(span.hi)):
        turned = Reach(x, minus(span.hi), S.Infinity, (span.open[1], True), span.outer)
        return on_reals(substitute(gap, {x: minus(x)}), x, turned)
    lo = span.lo if isinstance(span.lo, Rational) else None
    hi = span.hi if isinstance(span.hi, Rational) else None
    y = Scalar(x.name, Domain("real", lo, hi))
    outer = Context(span.outer.given, tuple(y if n == x else n for n in span.outer.names))
    return substitute(gap, {x: y}), Reach(y, span.lo, span.hi, span.open, outer)


def is_even(term: Expr, x: Symbol, context: Context) -> bool:
    """Whether the term at -x is what it is at x."""
    right = context.also(Gt(x, S.Zero, evaluate=False))
    turned = put(substitute(term, {x: minus(x)}), {sp.Abs(minus(x), evaluate=False): sp.Abs(x, evaluate=False)})
    return equal(without_sinc(term, right), without_sinc(turned, right), right)


def half(gap: Expr, span: Reach) -> Reach:
    """The right half of the line, where the gap is even."""
    if {span.lo, span.hi} != INFINITE or not is_even(gap, span.x, span.outer):
        return span
    return Reach(span.x, S.Zero, span.hi, (False, True), span.outer)


def splits(lo: Expr, hi: Expr) -> Iterator[Expr]:
    """Places strictly between."""
    if lo.free_symbols or hi.free_symbols:
        return
    middle = () if lo in INFINITE or hi in INFINITE else (times(S.Half, plus(lo, hi)),)
    for place in (*SPLITS, *middle):
        if (lo in INFINITE or below(lo, place)) and (hi in INFINITE or below(place, hi)):
            yield place


def put(term: Basic, values: dict[Expr, Expr]) -> Expr:
    """The term with other terms in the place of some."""
    if term in values:
        return values[term]
    if isinstance(term, Binder) or not children_in_scope(term):
        return term
    rebuilt: Expr = rebuild(term, [put(a, values) for a in term.args])
    return rebuilt


def bars(term: Expr, context: Context) -> list[Expr]:
    """The real terms that stand between bars."""
    found = [t.args[0] for t in subterms(term) if isinstance(t, sp.Abs) and context.real(t.args[0])]
    return list(dict.fromkeys(found))


def renamed(gap: Expr, context: Context) -> tuple[Expr, Context]:
    """|z|, re(z) and im(z) of a complex symbol as real variables, where z stands nowhere else in the term."""
    values: dict[Expr, Expr] = {}
    more: list[Relational] = []
    taken = {s.name for t in (gap, *context.given, *context.names) for s in t.free_symbols}
    for z in sorted(gap.free_symbols, key=lambda s: str(s.name)):
        if varies(z) or not isinstance(z, Scalar):
            continue
        size, real, imaginary = (head(z, evaluate=False) for head in (sp.Abs, sp.re, sp.im))
        r = fresh_name(f"abs_{z.name}", Domain("real", S.Zero, None), taken)
        x, y = (fresh_name(f"{part}_{z.name}", Domain("real"), taken) for part in ("re", "im"))
        values |= {size: r, real: x, imaginary: y}
        if mentions(gap, size):
            more += [Le(t, r, evaluate=False) for part in (x, y) for t in (part, minus(part))]
    found = put(gap, values)
    if not values or any(not varies(s) for s in found.free_symbols):
        return gap, context
    used = found.free_symbols
    given = [put(g, values) for g in context.given]
    kept = [g for g in (*given, *more) if g.free_symbols <= used | {s for s in g.free_symbols if varies(s)}]
    return found, Context(tuple(kept), tuple(values.values()))


def mentions(term: Basic, part: Expr) -> bool:
    return any(t == part for t in subterms(term))


def with_moduli(term: Expr, context: Context, bounds: Callable[[Expr, Context], list[Expr]]) -> Iterator[Expr]:
    """The term itself; and with one absolute value that stands for itself, or under +, replaced by a bound."""
    yield term
    if isinstance(term, sp.Abs):
        yield from bounds(term.args[0], context)
    elif isinstance(term, sp.Add):
        for k, addend in enumerate(term.args):
            for other in with_moduli(addend, context, bounds):
                if other != addend:
                    yield plus(*term.args[:k], other, *term.args[k + 1:])
    elif isinstance(term, sp.Mul):
        for k, factor in enumerate(term.args):
            others = times(*term.args[:k], *term.args[k + 1:])
            if isinstance(factor, sp.Abs) and context.nonnegative(others):
                yield from (times(others, other) for other in bounds(factor.args[0], context))
