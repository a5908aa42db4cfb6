"""Expansions of terms as t tends to 0 from above.

Promise: as `orders` says of a `Series`. Functions are expanded by their power series at a point where they are
analytic, by their behaviour at a pole or a branch point, and by their asymptotic series at infinity; an `Unclear` is
raised for everything else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import sympy as sp
from sympy import Add, Expr, Integer, Mul, Pow, Rational, S, Symbol

from derive.core.scalar import elementary, stirling
from derive.core.scalar.analytic import analytic_at
from derive.core.scalar.coefficients import is_zero, negative, positive, real
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import TABLE, plus, power, times
from derive.core.scalar.orders import (
    UNIT,
    VAGUE,
    Scale,
    Series,
    TooShort,
    Unclear,
    added,
    compared,
    dominant,
    exact,
    growth,
    inverted,
    multiplied,
    powers,
    raised,
    rest,
    scaled,
    small,
    visibly_positive,
)
from derive.core.scalar.taylor import at_point, exponentials, taylor
from derive.core.terms import Domain, Integral, Scalar, substitute

__all__ = ["Expander", "OfIntegral"]

HALF = Rational(1, 2)
MINUS = S.NegativeOne

OfIntegral = Callable[[Integral, "Expander"], Series]
"""What may know the series of integrals."""


@dataclass
class Expander:
    """Series of terms in t, to some length."""

    t: Symbol
    context: Context
    length: int
    integral: OfIntegral | None = None
    seen: dict[Expr, Series] = field(default_factory=dict)

    def __call__(self, term: Expr) -> Series:
        """The series of a term; raises Unclear or TooShort."""
        if term not in self.seen:
            self.seen[term] = self._expand(term)
        return self.seen[term]

    def _expand(self, term: Expr) -> Series:
        if self.t not in term.free_symbols:
            if not _finite(term):
                raise Unclear
            return exact(term, real=real(term, self.context))
        if term == self.t:
            return exact(S.One, Scale((), S.One), real=True)
        if isinstance(term, Add):
            return added(self.context, *(self(a) for a in term.args))
        if isinstance(term, Mul):
            return self._product(term)
        if isinstance(term, Pow):
            return self._power(*term.args)
        rule = RULES.get(type(term))
        if rule is not None:
            return rule(self, *(self(a) if isinstance(a, Expr) else a for a in term.args))
        if isinstance(term, Integral) and self.integral is not None:
            return self.integral(term, self)
        special = TERMS.get(type(term))
        if special is not None:
            return special(self, *term.args)
        return self._regular(term)

    def _product(self, term: Mul) -> Series:
        found = exact(times(*(a for a in term.args if self.t not in a.free_symbols)))
        found = replace(found, real=all(real(c, self.context) for c in found.terms.values()))
        if not all(_finite(c) for c in found.terms.values()):
            raise Unclear
        for a in term.args:
            if self.t in a.free_symbols:
                found = self.product(found, self(a))
        return found

    def _power(self, base: Expr, exponent: Expr) -> Series:
        if base is S.Exp1:
            return self.exp(self(exponent))
        if self.t in exponent.free_symbols:
            return self.exp(self.product(self(exponent), self.log(self(base))))
        below = self(base)
        try:
            return raised(below, exponent, self.context, self.length)
        except Unclear:
            return self._root(below, exponent)

    def _root(self, base: Series, exponent: Expr) -> Series:
        """A power with a real exponent > 0, which is continuous on the real line: its limit; else by the logarithm."""
        limit = self.settled(base)
        if not base.real:
            return self.exp(self.times(self.log(base), exponent))
        if limit is None or not positive(exponent, self.context):
            raise Unclear
        return Series(exact(power(limit[0], exponent)).terms, (VAGUE,), False)

    def _regular(self, term: Expr) -> Series:
        """A term that is analytic in t at 0: its value, and an error of order t."""
        if not analytic_at(term, self.t, S.Zero, self.context):
            raise Unclear
        value = substitute(term, {self.t: S.Zero})
        return Series(exact(value).terms, (Scale((), S.One),), self.context.real(term))

    # ------------------------------------------------------------ arithmetic

    def product(self, *factors: Series) -> Series:
        """The product."""
        found = factors[0]
        for one in factors[1:]:
            found = multiplied(found, one, self.context)
        return found

    def sum(self, *parts: Series) -> Series:
        """The sum."""
        return added(self.context, *parts)

    def times(self, series: Series, factor: Expr) -> Series:
        """A constant multiple."""
        return scaled(series, factor, real=real(factor, self.context))

    def minus(self, left: Series, right: Series) -> Series:
        """The difference."""
        return self.sum(left, self.times(right, MINUS))

    def plus_constant(self, series: Series, constant: Expr) -> Series:
        """The series plus a constant."""
        return self.sum(series, exact(constant, real=real(constant, self.context)))

    def one(self) -> Series:
        """The number 1."""
        return exact(S.One, real=True)

    def over(self, top: Series, below: Series) -> Series:
        """The quotient."""
        return self.product(top, inverted(below, self.context, self.length))

    def root(self, series: Series) -> Series:
        """The square root."""
        return raised(series, HALF, self.context, self.length)

    # ------------------------------------------------------------ what a series does

    def settled(self, series: Series) -> tuple[Expr, Series] | None:
        """The limit c and the rest u, which tends to 0, where there is a limit that can be seen."""
        constant = series.terms.get(UNIT, S.Zero)
        u = Series({s: c for s, c in series.terms.items() if s != UNIT}, series.errors, series.real)
        if not small(u, self.context):
            u = Series({s: c for s, c in u.terms.items() if not self._gone(s, c)}, u.errors, u.real)
            if not small(u, self.context):
                return None
        return (S.Zero if is_zero(constant, self.context) else constant), u

    def _gone(self, scale: Scale, coefficient: Expr) -> bool:
        return growth(scale, self.context) != -1 and is_zero(coefficient, self.context)

    def sign(self, series: Series) -> int:
        """The sign that a real series has in the end."""
        if not series.real:
            raise Unclear
        scale, c = dominant(series, self.context)
        if visibly_positive(scale, self.context):
            if positive(c, self.context):
                return 1
            if negative(c, self.context):
                return -1
        raise Unclear

    def far(self, series: Series) -> int:
        """1 where a real series tends to oo, -1 where it tends to -oo."""
        sign = self.sign(series)
        if growth(dominant(series, self.context)[0], self.context) != 1:
            raise Unclear
        return sign

    # ------------------------------------------------------------ exp and log

    def log(self, series: Series) -> Series:
        """The principal logarithm."""
        scale, c = dominant(series, self.context)
        if scale.logs is not S.Zero or not visibly_positive(scale, self.context):
            raise Unclear
        if positive(c, self.context) or self.context.slit(c):
            lead = at_point(sp.log, c)
        elif negative(c, self.context):
            side = 1 if series.real else self.sign(elementary.imaginary_part(self, series))
            lead = plus(at_point(sp.log, times(MINUS, c)), times(Integer(side), S.ImaginaryUnit, sp.pi))
        else:
            raise Unclear
        u = rest(series, scale, c, self.context)
        tail = powers(u, [S.Zero, *(Rational((-1) ** (k + 1), k) for k in range(1, self.length))], self.context)
        parts = [exact(times(w, S.One), Scale((), times(MINUS, k), m), real=True) for w, k, m in scale.waves]
        if scale.power is not S.Zero:
            parts.append(exact(times(MINUS, scale.power), Scale((), S.Zero, S.One), real=True))
        return self.sum(exact(lead, real=real(lead, self.context)), *parts, tail)

    def exp(self, series: Series) -> Series:
        """The exponential: what grows becomes a scale, what is constant a factor, and the rest a power series."""
        outside, factor = UNIT, S.One
        inside: dict[Scale, Expr] = {}
        for scale, c in series.terms.items():
            if scale.trivial:
                factor = at_point(sp.exp, c)
                continue
            if growth(scale, self.context) == -1:
                inside[scale] = c
            elif not is_zero(c, self.context):
                outside = self._lifted(outside, scale, c)
        u = Series(inside, tuple(e for e in series.errors if growth(e, self.context) == -1), series.real)
        if len(u.errors) < len(series.errors):
            if any(growth(e, self.context) not in {0, -1} for e in series.errors):
                raise TooShort
            return Series({}, (outside,), series.real)
        tail = powers(u, exponentials(self.length), self.context)
        found = multiplied(tail, exact(factor, outside), self.context)
        return replace(found, real=series.real)

    def _lifted(self, outside: Scale, scale: Scale, c: Expr) -> Scale:
        """The scale times exp(c * another scale)."""
        k, m = times(MINUS, scale.power), scale.logs
        if scale.waves or not (real(k, self.context) and real(m, self.context)):
            raise Unclear
        if k is S.Zero and m is S.One:
            lifted = plus(outside.power, times(MINUS, c))
            return replace(outside, power=S.Zero if is_zero(lifted, self.context) else lifted)
        if not (positive(k, self.context) or (k is S.Zero and positive(plus(m, MINUS), self.context))):
            raise Unclear
        return Scale((*outside.waves, (c, k, m)), outside.power, outside.logs)

    # ------------------------------------------------------------ functions

    def by_taylor(self, head: Any, series: Series, *parameters: Expr) -> Series | None:
        """The function of a series with a limit, where it is analytic there."""
        found = self.settled(series)
        if found is None:
            return None
        c, u = found
        z = self.t if u.real and real(c, self.context) else Scalar(f"{self.t.name}'", Domain("complex"))
        if not analytic_at(head(*parameters, z, evaluate=False), z, c, self.context):
            return None
        coefficients = taylor(head, c, self.length, self.context, *parameters)
        coefficients = self._by_derivative(head, c) if coefficients is None else coefficients
        return replace(powers(u, coefficients, self.context), real=u.real and real(c, self.context))

    def _by_derivative(self, head: Any, c: Expr) -> list[Expr]:
        """The first coefficients of head(c + t), from those of its derivative."""
        slope = self(TABLE[head](plus(c, self.t)))
        found = [at_point(head, c)]
        for k in range(self.length - 1):
            scale = Scale((), Integer(k))
            if any(compared(scale, e, self.context) != 1 for e in slope.errors):
                break
            found.append(times(Rational(1, k + 1), slope.terms.get(scale, S.Zero)))
        return found


def _finite(term: Expr) -> bool:
    return not term.has(S.Infinity, S.NegativeInfinity, S.ComplexInfinity, S.NaN)


def _quotient(top: Callable[[Expander, Series], Series] | None,
              below: Callable[[Expander, Series], Series]) -> Callable[[Expander, Series], Series]:
    return lambda e, u: e.over(e.one() if top is None else top(e, u), below(e, u))


def _turned(head: Callable[[Expander, Series], Series]) -> Callable[[Expander, Series], Series]:
    """f(1/u)."""
    return lambda e, u: head(e, e.over(e.one(), u))


def _log(e: Expander, u: Series, *base: Series) -> Series:
    return e.over(e.log(u), e.log(base[0])) if base else e.log(u)


SIN, COS, SINH, COSH = (elementary.wave(head) for head in (sp.sin, sp.cos, sp.sinh, sp.cosh))

RULES: dict[type, Callable[..., Series]] = {
    sp.exp: Expander.exp, sp.log: _log,
    sp.sin: SIN, sp.cos: COS, sp.sinh: SINH, sp.cosh: COSH,
    sp.tan: _quotient(SIN, COS), sp.cot: _quotient(COS, SIN),
    sp.sec: _quotient(None, COS), sp.csc: _quotient(None, SIN),
    sp.tanh: _quotient(SINH, COSH), sp.coth: _quotient(COSH, SINH),
    sp.sech: _quotient(None, COSH), sp.csch: _quotient(None, SINH),
    sp.asin: elementary.asin, sp.acos: elementary.acos, sp.atan: elementary.atan,
    sp.asinh: elementary.asinh, sp.acosh: elementary.acosh, sp.atanh: elementary.atanh,
    sp.acot: _turned(elementary.atan), sp.asec: _turned(elementary.acos), sp.acsc: _turned(elementary.asin),
    sp.acoth: _turned(elementary.atanh), sp.asech: _turned(elementary.acosh), sp.acsch: _turned(elementary.asinh),
    sp.sinc: elementary.sinc, sp.Abs: elementary.absolute, sp.sign: elementary.sgn,
    sp.floor: elementary.floor, sp.ceiling: elementary.ceiling,
    sp.re: elementary.real_part, sp.im: elementary.imaginary_part, sp.conjugate: elementary.conjugate,
    sp.Max: elementary.greatest, sp.Min: elementary.least,
    sp.gamma: stirling.gamma, sp.loggamma: stirling.loggamma, sp.digamma: stirling.digamma,
    sp.factorial: stirling.factorial, sp.binomial: stirling.binomial, sp.beta: stirling.beta,
    sp.RisingFactorial: stirling.rising, sp.FallingFactorial: stirling.falling, sp.harmonic: stirling.harmonic,
    sp.erf: stirling.erf, sp.erfc: stirling.erfc,
}  # fmt: skip
"""Functions of series."""

TERMS: dict[type, Callable[..., Series]] = {
    sp.polygamma: stirling.polygamma, sp.zeta: stirling.zeta, sp.Piecewise: elementary.piecewise,
}  # fmt: skip
"""Heads that look at their arguments as terms."""
