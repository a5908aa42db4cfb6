"""Where a term is continuous, smooth, analytic.

Promise: True follows from the domains and the givens; False says only that it is not known. A part that is free of the
variable is a constant here, and not looked into: where it has no value, the whole term has none.

For a real variable, `smooth` means infinitely differentiable along the reals, and `analytic_at` a convergent power
series in the real variable; for a complex one both mean complex analytic.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import sympy as sp
from sympy import Add, Basic, Expr, Integer, Mul, Pow, S, Symbol
from sympy.core.relational import Ge, Le

from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.further import ANALYTIC
from derive.core.terms import Diff, Domain, Index, Integral, Product, Scalar, Sum, domain_of, substitute

__all__ = ["analytic_at", "analytic_in", "continuous", "smooth"]


def continuous(term: Expr, x: Symbol, context: Context) -> bool:
    """Known to be defined and continuous in x on the interval that the context gives x, closed ends included."""
    return _Look(frozenset({x}), context, smooth=False, real=_is_real(x)).regular(term)


def smooth(term: Expr, x: Symbol, context: Context) -> bool:
    """Known to be infinitely differentiable in x on the interval that the context gives x; analytic for complex x."""
    return _Look(frozenset({x}), context, smooth=True, real=_is_real(x)).regular(term)


def analytic_at(term: Expr, x: Symbol, point: Expr, context: Context) -> bool:
    """Known to be analytic in x in a neighbourhood of a finite point; an x in the point is the one outside."""
    if point.has(S.Infinity, S.NegativeInfinity, S.ComplexInfinity, S.NaN):
        return False
    return _Look(frozenset({x}), context, smooth=True, real=_is_real(x), at={x: point}).regular(term)


def analytic_in(term: Expr, names: frozenset[Symbol], context: Context) -> bool:
    """Known to be one analytic function of these names together, wherever the context allows them."""
    return _Look(names, context, smooth=True, real=all(map(_is_real, names))).regular(term)


def _is_real(x: Symbol) -> bool:
    return domain_of(x).field != "complex"


@dataclass(frozen=True)
class _Look:
    """One question: in which variables, where (all that the context allows, or `at` a point), and how regular."""

    variables: frozenset[Symbol]
    context: Context
    smooth: bool
    real: bool
    at: Mapping[Symbol, Expr] = field(default_factory=dict)

    def regular(self, term: Basic) -> bool:
        """Whether the term is as regular as is asked."""
        if not term.free_symbols & self.variables or isinstance(term, Symbol):
            return True
        head = type(term)
        if isinstance(term, Pow):
            return self._power(*term.args)
        if isinstance(term, (Sum, Product)):
            return self._finite(term)
        if isinstance(term, Integral):
            return self._integral(term)
        if isinstance(term, Diff):
            return self._diff(term)
        if isinstance(term, sp.Piecewise):
            return self._piecewise(term)
        rule = RULES.get(head)
        parts = (a for arg in term.args for a in (arg.args if isinstance(arg, sp.Tuple) else (arg,)))
        return rule is not None and all(map(self.regular, parts)) and rule(self, *term.args)

    def regular_at(self, *terms: Expr) -> bool:
        """The same for several terms."""
        return all(map(self.regular, terms))

    # ------------------------------------------------------------ questions, at the place that is asked about

    def here(self, term: Expr) -> Expr:
        """The term at the place in question."""
        return substitute(term, self.at) if self.at else term

    def nonzero(self, term: Expr) -> bool:
        """Not 0 there."""
        return self.context.nonzero(self.here(term))

    def slit(self, term: Expr) -> bool:
        """Off the cut of the logarithm there."""
        return self.context.slit(self.here(term))

    def no_pole(self, term: Expr) -> bool:
        """No pole of gamma there."""
        return self.context.not_integer(self.here(term), at_most=0)

    def real_near(self, term: Expr) -> bool:
        """Real for real values of the variables: everywhere that is asked about, or all around the point."""
        if not self.real:
            return False
        fresh = {x: self._fresh(x, term) for x in self.at}
        return self.context.real(substitute(term, fresh) if fresh else term)

    def within(self, term: Expr, bound: int) -> bool:
        """Real and strictly between -bound and bound there."""
        if not self.real_near(term):
            return False
        return self._below(term, bound) and self._below(times(S.NegativeOne, term), bound)

    def _below(self, term: Expr, bound: int) -> bool:
        gap = self.here(plus(Integer(bound), times(S.NegativeOne, term)))
        return self.context.positive(gap) if self.smooth else self.context.nonnegative(gap)

    # ------------------------------------------------------------ heads that are no plain functions

    def _power(self, base: Expr, exponent: Expr) -> bool:
        if isinstance(base, sp.gamma) and isinstance(exponent, Integer) and exponent < 0:
            return self.regular(base.args[0])
        if not self.regular_at(base, exponent):
            return False
        if base is S.Exp1:
            return True
        if exponent.free_symbols & self.variables:
            fixed = not base.free_symbols & self.variables
            return self.nonzero(base) if fixed else self._logarithm(base)
        if self.context.integer(exponent):
            return self.context.nonnegative(exponent) or self.nonzero(base)
        if self._logarithm(base):
            return True
        rises = self.context.positive(sp.re(exponent, evaluate=False)) or self.context.positive(exponent)
        return not self.smooth and rises and self.real_near(base)

    def _fresh(self, x: Symbol, *terms: Expr) -> Scalar:
        """A real or complex scalar without bounds, under a name that stands nowhere here."""
        every = (*terms, *self.context.given, *self.context.names, *self.variables, *self.at.values())
        taken = {s.name for t in every for s in t.free_symbols}
        name = x.name
        while name in taken:
            name += "'"
        return Scalar(name, Domain("real" if _is_real(x) else "complex"))

    def _logarithm(self, term: Expr) -> bool:
        """Whether log is regular there: off the cut, or for a real variable along it."""
        return self.slit(term) or (self.real_near(term) and self.nonzero(term))

    def _finite(self, term: Sum | Product) -> bool:
        body = term.bodies[0]
        for index, lo, hi in term.limits:
            if hi is S.Infinity or lo is S.NegativeInfinity or (lo.free_symbols | hi.free_symbols) & self.variables:
                return False
            body = substitute(body, {index: Index(index.name, lo, hi)})
        return self.regular(body)

    def _integral(self, term: Integral) -> bool:
        """Regular in the variables and the bound one together, on a segment of known direction."""
        (lo, hi), y = term.ends, term.variable
        if any(end.is_infinite for end in term.ends) or not self.regular_at(lo, hi) or not _is_real(y):
            return False
        width = self.here(plus(hi, times(S.NegativeOne, lo)))
        if self.context.nonnegative(times(S.NegativeOne, width)):
            lo, hi = hi, lo
        elif not self.context.nonnegative(width):
            return False
        fresh = self._fresh(y, term)
        low, high = Ge(fresh, self.here(lo), evaluate=False), Le(fresh, self.here(hi), evaluate=False)
        inside = self.context.also(low, high)
        joint = replace(self, variables=self.variables | {fresh}, context=inside)
        return joint.regular(substitute(term.body, {y: fresh}))

    def _diff(self, term: Diff) -> bool:
        """Smooth in the variables and the bound one together, about its point."""
        y = term.variable
        if term.order.free_symbols & self.variables or not self.regular(term.point):
            return False
        fresh = self._fresh(y, term)
        joint = replace(self, variables=self.variables | {fresh}, smooth=True, real=self.real and _is_real(y),
                        at={**self.at, fresh: self.here(term.point)})
        return joint.regular(substitute(term.body, {y: fresh}))

    def _piecewise(self, term: sp.Piecewise) -> bool:
        """The branches that may be taken, each under its condition; which one it is may not depend on the variables."""
        inside = self
        for body, condition in term.args:
            known = inside.context.truth(condition) if not self.at else None
            if known is False:
                continue
            if known is not True and condition.free_symbols & self.variables:
                return False
            here = inside if known else replace(inside, context=inside.context.also(condition))
            if not here.regular(body):
                return False
            if known:
                return True
            inside = replace(inside, context=inside.context.also(sp.Not(condition)))
        return True


# ---------------------------------------------------------------- functions

ONE = S.One


def _entire(_: _Look, *__: Expr) -> bool:
    return True


def _off_zeros(head: Callable[..., Expr]) -> Callable[[_Look, Expr], bool]:
    return lambda look, u: look.nonzero(head(u, evaluate=False))


def _inverse(u: Expr) -> Expr:
    return power(u, S.NegativeOne)


def _square(u: Expr, sign: int) -> Expr:
    """1 + sign*u^2."""
    return plus(ONE, times(Integer(sign), power(u, Integer(2))))


def _between(look: _Look, u: Expr) -> bool:
    """Real and between -1 and 1, or off the cuts of asin, acos and atanh."""
    return look.slit(_square(u, -1)) or look.within(u, 1)


def _fixed(look: _Look, u: Expr) -> bool:
    return not u.free_symbols & look.variables


def _natural(look: _Look, u: Expr) -> bool:
    """A whole number >= 0 that does not vary."""
    return _fixed(look, u) and look.context.integer(u) and look.context.nonnegative(u)


def _beta(look: _Look, u: Expr, v: Expr) -> bool:
    return look.no_pole(u) and look.no_pole(v)


def _binomial(look: _Look, n: Expr, k: Expr) -> bool:
    return _natural(look, k) or look.no_pole(plus(n, ONE))


def _factorials(look: _Look, z: Expr, n: Expr) -> bool:
    return _natural(look, n) or (look.no_pole(z) and look.no_pole(plus(z, n)))


def _zeta(look: _Look, s: Expr, a: Expr = ONE) -> bool:
    return look.nonzero(plus(s, S.NegativeOne)) and (a is ONE or look.slit(a))


def _parted(look: _Look, *_: Expr) -> bool:
    """re, im, conjugate: smooth along the reals only."""
    return look.real or not look.smooth


def _absolute(look: _Look, u: Expr) -> bool:
    return not look.smooth or (look.real and look.nonzero(u))


def _extremum(look: _Look, *args: Expr) -> bool:
    if not all(map(look.real_near, args)):
        return False
    return not look.smooth or all(
        look.nonzero(plus(u, times(S.NegativeOne, v))) for k, u in enumerate(args) for v in args[:k]
    )


RULES: dict[type, Callable[..., bool]] = {
    Add: _entire,
    Mul: _entire,
    sp.exp: _entire, sp.sin: _entire, sp.cos: _entire, sp.sinh: _entire, sp.cosh: _entire, sp.sinc: _entire,
    sp.erf: _entire, sp.erfc: _entire,
    sp.log: lambda look, u, *base: look._logarithm(u) and (not base or (look._logarithm(base[0]) and look.nonzero(
        plus(base[0], S.NegativeOne)))),
    sp.tan: _off_zeros(sp.cos), sp.sec: _off_zeros(sp.cos), sp.cot: _off_zeros(sp.sin), sp.csc: _off_zeros(sp.sin),
    sp.tanh: _off_zeros(sp.cosh), sp.sech: _off_zeros(sp.cosh),
    sp.coth: _off_zeros(sp.sinh), sp.csch: _off_zeros(sp.sinh),
    sp.asin: _between, sp.acos: _between,
    sp.atanh: lambda look, u: look.slit(_square(u, -1)),
    sp.atan: lambda look, u: look.slit(_square(u, 1)),
    sp.asinh: lambda look, u: look.slit(_square(u, 1)),
    sp.acosh: lambda look, u: look.slit(plus(u, S.NegativeOne)) or (
        not look.smooth and look.real_near(u) and look.context.nonnegative(look.here(plus(u, S.NegativeOne)))),
    sp.acot: lambda look, u: look.nonzero(u) and look.slit(_square(_inverse(u), 1)),
    sp.acoth: lambda look, u: look.nonzero(u) and look.slit(_square(_inverse(u), -1)),
    sp.asec: lambda look, u: look.nonzero(u) and _between(look, _inverse(u)),
    sp.acsc: lambda look, u: look.nonzero(u) and _between(look, _inverse(u)),
    sp.gamma: lambda look, u: look.no_pole(u),
    sp.loggamma: lambda look, u: look.slit(u),
    sp.digamma: lambda look, u: look.no_pole(u),
    sp.polygamma: lambda look, n, u: _natural(look, n) and look.no_pole(u),
    sp.factorial: lambda look, u: look.no_pole(plus(u, ONE)),
    sp.harmonic: lambda look, u: look.no_pole(plus(u, ONE)),
    sp.beta: _beta,
    sp.binomial: _binomial,
    sp.RisingFactorial: _factorials,
    sp.zeta: _zeta,
    sp.Abs: _absolute,
    sp.sign: lambda look, u: look.real and look.nonzero(u),
    sp.arg: lambda look, u: look.real and look.slit(u),
    sp.re: _parted, sp.im: _parted, sp.conjugate: _parted,
    sp.Max: _extremum, sp.Min: _extremum,
    **ANALYTIC,
}
"""When a function of regular arguments is regular."""
