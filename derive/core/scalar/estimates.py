"""Simpler terms below a given one.

Promise: each pair (term', strict) of `smaller(term, context)` has term' <= term (< where strict) at every point that
the context allows and where both are defined. It rests on: |sin|, |cos|, |sinc| <= 1 for real arguments; the bounds of
Stirling, with 1/(12 u) by Robbins, for gamma; log u - 1/u < digamma(u) < log u - 1/(2 u) for u > 0; and binomial(n, k)
<= n^k/k! for natural n, k.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import sympy as sp
from flint import fmpq
from sympy import Expr, Integer, Pow, Rational, S, Symbol

from derive.core.normal.atoms import Atom, Mono, Poly
from derive.core.normal.show import show
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.parts import minus
from derive.core.scalar.shapes import plain, without_squares

__all__ = ["smaller"]

WAVES = frozenset({"sin", "cos", "sinc"})
HALF = Rational(1, 2)


def smaller(term: Expr, context: Context) -> Iterator[tuple[Expr, bool]]:
    """Lower bounds of a term that are free of waves, or of one other function."""
    term = plain(term)
    poly = context.poly(term)
    if poly is None:
        return
    look = _Look(context, context.assumptions(term).names)
    for reduced in dict.fromkeys((poly, without_squares(poly, "sin"), without_squares(poly, "cos"))):
        found = look.without_waves(reduced)
        if found is not None:
            yield found, False
    for name in BOUNDED:
        if any((a.kind, a.name) == ("f", name) for a in poly.atoms()):
            other = look.without(poly, name)
            if other is not None:
                yield other


@dataclass(frozen=True)
class _Look:
    context: Context
    names: Mapping[str, Symbol]

    def _term(self, mono: Mono, c: fmpq) -> Expr:
        return show(Poly({mono: c}), self.names)

    def _sign(self, mono: Mono, c: fmpq) -> int | None:
        """The sign of a monomial, 1 for >= 0, -1 for <= 0."""
        term = self._term(mono, c)
        return 1 if self.context.nonnegative(term) else -1 if self.context.nonnegative(minus(term)) else None

    def without_waves(self, poly: Poly) -> Expr | None:
        """Each product of sines and cosines replaced by the least that it can be."""
        total: list[Expr] = []
        changed = False
        for mono, c in poly.terms.items():
            waves = [(a, e) for a, e in mono if a.kind == "f" and a.name in WAVES]
            if not waves:
                total.append(self._term(mono, c))
                continue
            rest = tuple(f for f in mono if f not in waves)
            sign = self._sign(rest, c)
            if sign is None or not all(self._tame(a, e) for a, e in waves):
                return None
            changed = True
            even = all(int(e) % 2 == 0 for _, e in waves)
            if sign < 0:
                total.append(self._term(rest, c))
            elif not even:
                total.append(self._term(rest, -c))
        return plus(*total) if changed else None

    def _tame(self, atom: Atom, e: object) -> bool:
        return isinstance(e, int) and e > 0 and self.context.real(show(atom.args[0], self.names))

    def without(self, poly: Poly, name: str) -> tuple[Expr, bool] | None:
        """Each function of this name replaced by its bound, in monomials where it stands once, to the power 1."""
        total: list[Expr] = []
        strict = changed = False
        for mono, c in poly.terms.items():
            mine = [(a, e) for a, e in mono if (a.kind, a.name) == ("f", name)]
            rest = tuple(f for f in mono if f not in mine)
            sign = self._sign(rest, c) if len(mine) == 1 and mine[0][1] == 1 else None
            args = [show(a, self.names) for a in mine[0][0].args] if sign else []
            bound = BOUNDED[name](args, sign, self.context) if sign else None
            if bound is None:
                total.append(self._term(mono, c))
                continue
            changed = True
            total.append(times(self._term(rest, c), bound))
            strict = strict or (name not in WEAK and self.context.nonzero(self._term(rest, c)))
        return (plus(*total), strict) if changed else None


def _stirling(u: Expr) -> Expr:
    """sqrt(2 pi) u^(u - 1/2) exp(-u)."""
    body = sp.exp(plus(times(plus(u, -HALF), sp.log(u, evaluate=False)), minus(u)), evaluate=False)
    return times(Pow(times(Integer(2), sp.pi), HALF, evaluate=False), body)


def _correction(u: Expr) -> Expr:
    found: Expr = sp.exp(power(times(Integer(12), u), S.NegativeOne), evaluate=False)
    return found


def _gamma(args: list[Expr], sign: int, context: Context) -> Expr | None:
    (u,) = args
    if not context.positive(u):
        return None
    return _stirling(u) if sign > 0 else times(_stirling(u), _correction(u))


def _factorial(args: list[Expr], sign: int, context: Context) -> Expr | None:
    (u,) = args
    found = _gamma(args, sign, context)
    return None if found is None else times(u, found)


def _digamma(args: list[Expr], sign: int, context: Context) -> Expr | None:
    (u,) = args
    if not context.positive(u):
        return None
    weight = S.One if sign > 0 else HALF
    return plus(sp.log(u, evaluate=False), minus(times(weight, power(u, S.NegativeOne))))


def _binomial(args: list[Expr], sign: int, context: Context) -> Expr | None:
    n, k = args
    if not all(context.integer(a) and context.nonnegative(a) for a in args):
        return None
    if sign > 0:
        return S.Zero
    return times(Pow(n, k, evaluate=False), power(sp.factorial(k, evaluate=False), S.NegativeOne))


def _logarithm(args: list[Expr], sign: int, context: Context) -> Expr | None:
    """The logarithm of one of the functions above."""
    (inner,) = args
    if isinstance(inner, (sp.gamma, sp.factorial)):
        found = (_gamma if isinstance(inner, sp.gamma) else _factorial)([inner.args[0]], sign, context)
        return None if found is None else sp.log(found, evaluate=False)
    return None


BOUNDED: dict[str, Callable[[list[Expr], int, Context], Expr | None]] = {
    "gamma": _gamma, "factorial": _factorial, "digamma": _digamma, "binomial": _binomial,
    "log": _logarithm,
}
"""For arguments, and the sign of what stands before the function: what to put in its place, to make it less."""

WEAK = frozenset({"binomial"})
"""Bounds that may be attained."""
