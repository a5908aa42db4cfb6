"""The terms of a sum as functions of the index: constants, a power of a ratio, linear factors, gamma functions.

Promise: `factor(body, k, context)` gives a `Term` that equals the body at every k of the range of the index at which
the body is defined, 0^0 being 1; None where the body is not of this kind.

Glossary
    linear   slope*k + shift, the slope a rational that is not 0
    term     scale * ratio^k * product of linear^power * product of gamma(linear)^+-1 * product of linear^exponent
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import sympy as sp
from flint import fmpq
from sympy import Add, Expr, Integer, Mul, Pow, Rational, S

from derive.core.normal.atoms import Atom, Mono, Poly
from derive.core.normal.factoring import factors
from derive.core.normal.show import show
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.places import Known, minus, number
from derive.core.scalar.spelling import spelt
from derive.core.terms import Index

__all__ = ["Linear", "Term", "factor", "linear_in", "modulus", "small", "summands", "within_unit"]

MOST_SUMMANDS = 40


@dataclass(frozen=True)
class Linear:
    """slope*k + shift."""

    slope: Fraction
    shift: Expr

    def at(self, k: Expr) -> Expr:
        """Its value."""
        return plus(times(number(self.slope), k), self.shift)

    @property
    def root(self) -> Expr:
        """shift/slope: the factor is slope*(k + root)."""
        return times(number(1 / self.slope), self.shift)


@dataclass
class Term:
    """The factors of a term; `linear` are powers by whole numbers, `powered` by exponents free of the index."""

    scale: list[Expr] = field(default_factory=list)
    ratio: list[Expr] = field(default_factory=list)
    linear: list[tuple[Linear, int]] = field(default_factory=list)
    gamma: list[tuple[Linear, int]] = field(default_factory=list)
    powered: list[tuple[Linear, Expr]] = field(default_factory=list)

    @property
    def outside(self) -> Expr:
        """What is free of the index."""
        return times(*self.scale)

    @property
    def step(self) -> Expr:
        """The ratio."""
        return times(*self.ratio)


# ---------------------------------------------------------------- reading


def linear_in(term: Expr, k: Index, context: Context) -> tuple[Expr, Expr] | None:
    """(a, b) with term = a*k + b and both free of k."""
    if k not in term.free_symbols:
        return S.Zero, term
    poly = context.poly(term)
    if poly is None:
        return None
    label = f"${k.name}"
    up: dict[Mono, fmpq] = {}
    rest: dict[Mono, fmpq] = {}
    for mono, c in poly.terms.items():
        mine = [(a, e) for a, e in mono if label in a.free]
        if not mine:
            rest[mono] = c
        elif len(mine) == 1 and mine[0][0].kind == "i" and mine[0][1] == 1:
            up[tuple(f for f in mono if f != mine[0])] = c
        else:
            return None
    names = context.assumptions(term).names
    return show(Poly(up), names), show(Poly(rest), names)


def _linear(term: Expr, k: Index, context: Context) -> Linear | None:
    found = linear_in(term, k, context)
    if found is None or not isinstance(found[0], Rational) or found[0] is S.Zero:
        return None
    return Linear(Fraction(int(found[0].p), int(found[0].q)), found[1])


def summands(body: Expr) -> list[Expr]:
    """The terms of a body, products of sums multiplied out; the body itself where that grows too much."""
    found = list(_expanded(body))
    return found if len(found) <= MOST_SUMMANDS else [body]


def _expanded(term: Expr) -> Iterator[Expr]:
    if isinstance(term, Add):
        for arg in term.args:
            yield from _expanded(arg)
        return
    if isinstance(term, Mul):
        for at, arg in enumerate(term.args):
            if isinstance(arg, (Add, Mul)) and (isinstance(arg, Mul) or len(arg.args) <= 6):
                for part in arg.args if isinstance(arg, Add) else (None,):
                    inside = arg.args if part is None else (part,)
                    yield from _expanded(times(*term.args[:at], *inside, *term.args[at + 1:]))
                return
    yield term


def factor(body: Expr, k: Index, context: Context) -> Term | None:
    """The body as a term, or None."""
    found = Term()
    spelled = spelt(body, Known(context))
    return found if _into(found, spelled, 1, k, context) else None


def _into(found: Term, term: Expr, e: int, k: Index, context: Context) -> bool:
    """Multiply by term^e."""
    if k not in term.free_symbols:
        found.scale.append(power(term, Integer(e)))
        return True
    if isinstance(term, Mul):
        return all(_into(found, a, e, k, context) for a in term.args)
    if isinstance(term, Pow):
        return _power(found, term.args[0], term.args[1], e, k, context)
    if isinstance(term, sp.exp):
        return _power(found, S.Exp1, term.args[0], e, k, context)
    if isinstance(term, sp.gamma):
        inner = _linear(term.args[0], k, context)
        if inner is None or inner.slope.denominator != 1:
            return False
        found.gamma.append((inner, e))
        return True
    return _polynomial(found, term, e, k, context)


def _power(found: Term, base: Expr, exponent: Expr, e: int, k: Index, context: Context) -> bool:
    if k not in exponent.free_symbols:
        if isinstance(exponent, Integer):
            return _into(found, base, e * int(exponent), k, context)
        inner = _linear(base, k, context)
        if inner is None or inner.slope < 0:  # (c u)^s = c^s u^s for c > 0
            return False
        found.powered.append((inner, times(Integer(e), exponent)))
        return True
    if k in base.free_symbols:
        return False
    parts = linear_in(exponent, k, context)
    if parts is None:
        return False
    slope, shift = (times(Integer(e), p) if e != 1 else p for p in parts)
    if not (base is S.Exp1 or context.nonzero(base) or _vanishing(slope, shift, k, context)):
        return False
    front = [power(base, shift)] if shift is not S.Zero else []
    found.scale += front
    found.ratio.append(power(base, slope))
    return True


def _vanishing(slope: Expr, shift: Expr, k: Index, context: Context) -> bool:
    """Whether base^(slope*k + shift) = base^shift (base^slope)^k at base 0 too, or has no value there."""
    if not isinstance(slope, Rational):
        return False
    if slope < 0:
        return k.hi is S.Infinity
    plain = slope.is_Integer and isinstance(shift, Integer) and shift >= 0
    return plain and context.nonnegative(k.lo)


def _polynomial(found: Term, term: Expr, e: int, k: Index, context: Context) -> bool:
    """A polynomial in k, by its linear factors."""
    poly = context.poly(term)
    if poly is None:
        return False
    parts = factors(poly)
    if parts is None:
        return False
    names = context.assumptions(term).names
    label = f"${k.name}"
    for part, m in parts:
        shown = show(part, names)
        if label not in part.free:
            found.scale.append(power(shown, Integer(m * e)))
            continue
        pair = _slopes(part, label)
        if pair is None:
            return False
        slope, shift = (show(p, names) for p in pair)
        if isinstance(slope, Rational):
            inner = Linear(Fraction(int(slope.p), int(slope.q)), shift)
        elif context.nonzero(slope):
            found.scale.append(power(slope, Integer(m * e)))
            inner = Linear(Fraction(1), times(shift, power(slope, S.NegativeOne)))
        else:
            return False
        found.linear.append((inner, m * e))
    return True


def _slopes(poly: Poly, label: str) -> tuple[Poly, Poly] | None:
    up: dict[Mono, fmpq] = {}
    rest: dict[Mono, fmpq] = {}
    for mono, c in poly.terms.items():
        mine: list[tuple[Atom, object]] = [(a, e) for a, e in mono if label in a.free]
        if not mine:
            rest[mono] = c
        elif len(mine) == 1 and mine[0][0].kind == "i" and mine[0][1] == 1:
            up[tuple(f for f in mono if f[0] != mine[0][0])] = c
        else:
            return None
    return (Poly(up), Poly(rest)) if up else None


# ---------------------------------------------------------------- sizes


def modulus(term: Expr, context: Context) -> tuple[list[Expr], list[Expr]]:
    """Positive terms with |term| = product of the first over the product of the second."""
    above: list[Expr] = []
    below: list[Expr] = []
    _sized(term, 1, above, below, context)
    return above, below


def _sized(term: Expr, e: int, above: list[Expr], below: list[Expr], context: Context) -> None:
    if isinstance(term, Mul):
        for arg in term.args:
            _sized(arg, e, above, below, context)
        return
    if isinstance(term, Pow) and isinstance(term.args[1], Integer):
        _sized(term.args[0], e * int(term.args[1]), above, below, context)
        return
    if term is S.ImaginaryUnit or term is S.NegativeOne:
        return
    if isinstance(term, Rational):
        size: Expr = abs(term)
    elif context.nonnegative(term):
        size = term
    elif context.nonnegative(minus(term)):
        size = minus(term)
    elif isinstance(term, sp.exp) or (isinstance(term, Pow) and term.args[0] is S.Exp1):
        size = sp.exp(sp.re(term.args[-1], evaluate=False), evaluate=False)
    else:
        size = sp.Abs(term, evaluate=False)
    (above if e > 0 else below).extend([size] * abs(e))


def small(term: Expr, context: Context) -> bool:
    """Known to have |term| < 1."""
    above, below = modulus(term, context)
    gap = plus(times(*below), minus(times(*above)))
    return context.positive(gap) or _smaller_root(above, below, context)


def _smaller_root(above: list[Expr], below: list[Expr], context: Context) -> bool:
    """|t|^n < 1 where |t| < 1: the modulus with repeated factors taken once."""
    for n in (2, 3, 4):
        counts = [{t: part.count(t) for t in part} for part in (above, below)]
        if all(c % n == 0 for side in counts for c in side.values()):
            once = [times(*(power(t, Integer(c // n)) for t, c in side.items())) for side in counts]
            if context.positive(plus(once[1], minus(once[0]))):
                return True
    return False


def within_unit(term: Expr, context: Context) -> bool:
    """Known to have |term| <= 1."""
    above, below = modulus(term, context)
    return context.nonnegative(plus(times(*below), minus(times(*above))))
