"""Integrals that depend on a parameter: the derivative under the integral sign.

Promise: `under_the_integral(term, a, context)` is the derivative of the integral in the real parameter a, which exists,
at every point that the context allows.

The theorems used. On a compact interval: body and ends are smooth in all variables together. On any interval that does
not move: f(., a) is absolutely integrable, f is smooth in a at every y, and |df/da| is bounded, for all values of the
parameter between two values a1 < a < a2, by one function of y that is integrable. That function is made of f at a1 and
a2, from factors that are monotone in the parameter or bounded; of a1 and a2 nothing is known but the strict givens that
a itself satisfies, which they do when they are close enough.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp
from sympy import Add, Expr, Integer, Mul, Pow, S, Symbol
from sympy.core.relational import Gt, Lt, Ne

from derive.core.scalar.analytic import analytic_at, continuous
from derive.core.scalar.approach import bounded, integrable_at
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import derivative, plus, times, visibly_real
from derive.core.terms import Domain, Integral, Scalar, domain_of, substitute, subterms

__all__ = ["Bounds", "absolutely_integrable", "differentiable", "fresh_name", "near", "under_the_integral"]

MOST_BOUNDS = 16
BOUNDED = (sp.sin, sp.cos, sp.tanh, sp.erf, sp.atan)
"""Bounded for real arguments."""


def near(a: Symbol, context: Context) -> Context:
    """The context without the givens about a that might fail at values as close to it as one likes."""
    return Context(tuple(g for g in context.given if a not in g.free_symbols or _is_open(g, a, context)), context.names)


def _is_open(given: sp.Basic, a: Symbol, context: Context) -> bool:
    """A strict comparison of terms that are smooth in a."""
    if not isinstance(given, (Gt, Lt, Ne)):
        return False
    return all(analytic_at(side, a, a, context) for side in given.args)


def differentiable(term: Expr, a: Symbol, context: Context) -> bool:
    """Known to be smooth in a, and in the values of its integrals."""
    plain, values = _without_integrals(term, a, context)
    return all(analytic_at(plain, v, v, context) for v in (a, *values))


def _without_integrals(term: Expr, a: Symbol, context: Context) -> tuple[Expr, list[Scalar]]:
    """The term with a complex number for each integral that depends on a."""
    taken = _names(term, context)
    found: dict[Expr, Scalar] = {}

    def replaced(part: Expr) -> Expr:
        if isinstance(part, Integral) and a in part.free_symbols:
            if part not in found:
                found[part] = fresh_name("J", Domain("complex"), taken)
            return found[part]
        if a not in part.free_symbols or not isinstance(part, (Add, Mul, Pow, sp.Function)):
            return part
        return part.func(*(replaced(p) if isinstance(p, Expr) else p for p in part.args), evaluate=False)

    return replaced(term), list(found.values())


def _names(term: Expr, context: Context) -> set[str]:
    every = (*(s for t in subterms(term) for s in t.atoms(Symbol)), *(s for g in context.given for s in g.free_symbols))
    return {s.name for s in (*every, *context.names)}


def fresh_name(name: str, domain: Domain, taken: set[str]) -> Scalar:
    """A scalar whose name is not taken; from then on it is."""
    while name in taken:
        name += "'"
    taken.add(name)
    found: Scalar = Scalar(name, domain)
    return found


def under_the_integral(term: Integral, a: Symbol, context: Context) -> Expr | None:
    """The derivative of an integral in a parameter, or None."""
    y, lo, hi = term.args[1]
    local = context.without(y)
    if y == a or not visibly_real(a) or not visibly_real(y):
        return None
    slope = derivative(term.body, a)
    if slope is None:
        return None
    if analytic_at(term, a, a, context):
        inner = S.Zero if slope is S.Zero else Integral(slope, (y, lo, hi))
        ends = [_end(term, end, sign, a) for end, sign in ((hi, 1), (lo, -1))]
        return None if None in ends else plus(inner, *(e for e in ends if e is not None))
    if a in lo.free_symbols | hi.free_symbols or not _dominated(term.body, slope, term, a, local):
        return None
    return Integral(slope, (y, lo, hi))


def _end(term: Integral, end: Expr, sign: int, a: Symbol) -> Expr | None:
    speed = derivative(end, a)
    return None if speed is None else times(Integer(sign), substitute(term.body, {term.variable: end}), speed)


def _dominated(body: Expr, slope: Expr, term: Integral, a: Symbol, context: Context) -> bool:
    """Whether the theorem for an interval that does not move applies."""
    domain = domain_of(a)
    lo, hi = term.ends
    gap = plus(hi, times(S.NegativeOne, lo))
    if lo is not S.NegativeInfinity and hi is not S.Infinity and not context.positive(gap):
        return False
    closed = (domain.lo is not None and not domain.lo_open) or (domain.hi is not None and not domain.hi_open)
    if closed or domain.field != "real":
        return False
    inside = near(a, context)
    if not absolutely_integrable(body, term.variable, lo, hi, context):
        return False
    within = inside.within(term.variable, lo, hi)
    if not analytic_at(body, a, a, within):
        return False
    taken = _names(Add(body, slope, evaluate=False), context) | {a.name, term.variable.name}
    ends = (fresh_name(a.name, domain, taken), fresh_name(a.name, domain, taken))
    bounds = Bounds(a, term.variable, ends, within).of(slope)
    if bounds is None:
        return False
    copies = [substitute(g, {a: e}) for g in inside.given if a in g.free_symbols for e in ends]
    around = inside.also(*copies)
    return all(absolutely_integrable(b, term.variable, lo, hi, around) for b in bounds)


def absolutely_integrable(body: Expr, y: Symbol, lo: Expr, hi: Expr, context: Context) -> bool:
    """Known to be continuous between two ends, lo < hi, and absolutely integrable at both."""
    return (
        continuous(body, y, context.within(y, lo, hi))
        and integrable_at(body, y, lo, 1, context)
        and integrable_at(body, y, hi, -1, context)
    )


@dataclass(frozen=True)
class Bounds:
    """Terms whose absolute values, added up, bound a term for all values of the parameter between the ends.

    With `upwards` there is but one end, the upper one, and the lower one is 0, which the parameter tends to.
    """

    a: Symbol
    y: Symbol
    ends: tuple[Expr, ...]
    context: Context
    upwards: bool = False

    def of(self, term: Expr) -> list[Expr] | None:
        """The bounds, or None; free of the parameter."""
        if self.a not in term.free_symbols:
            return [term]
        if self.y not in term.free_symbols:
            return [S.One] if self._tame(term) else None
        if isinstance(term, Add):
            parts = [self.of(t) for t in term.args]
            return self._cut([b for p in parts for b in p or ()]) if all(p is not None for p in parts) else None
        if isinstance(term, Mul):
            return self._product(list(term.args))
        if isinstance(term, BOUNDED) and self.context.real(term.args[0]):
            return [S.One]
        if isinstance(term, sp.exp) or (isinstance(term, Pow) and term.base is S.Exp1):
            inner = term.args[-1]
            return self._at_ends(term) if self.context.real(inner) and self._monotone(inner) else None
        if isinstance(term, Pow):
            return self._power(*term.args)
        return None

    def _tame(self, term: Expr) -> bool:
        """Bounded for all values of the parameter in question."""
        if self.upwards:
            return bounded(term, self.a, S.Zero, 1, self.context)
        return analytic_at(term, self.a, self.a, self.context)

    def _cut(self, found: list[Expr] | None) -> list[Expr] | None:
        return found if found is not None and len(found) <= MOST_BOUNDS else None

    def _product(self, factors: list[Expr]) -> list[Expr] | None:
        found: list[Expr] | None = [S.One]
        for factor in factors:
            one = self.of(factor)
            if found is None or one is None:
                return None
            found = self._cut([times(b, c) for b in found for c in one])
        return found

    def _power(self, base: Expr, exponent: Expr) -> list[Expr] | None:
        if isinstance(exponent, Integer) and 0 < exponent <= 4:
            return self._product([base] * int(exponent))
        if self.a in exponent.free_symbols or not self.context.real(exponent) or not self.context.positive(base):
            return None
        return self._at_ends(Pow(base, exponent, evaluate=False)) if self._monotone(base) else None

    def _at_ends(self, term: Expr) -> list[Expr]:
        return [substitute(term, {self.a: e}) for e in self.ends]

    def _monotone(self, term: Expr) -> bool:
        """Monotone in the parameter at every y: linear in it, or with a slope of one sign."""
        slope = derivative(term, self.a)
        if slope is None:
            return False
        if self.context.nonnegative(slope):
            return True
        if self.upwards:
            return False
        return self.a not in slope.free_symbols or self.context.nonnegative(times(S.NegativeOne, slope))
