"""Where a scalar term is defined: one pass over it as its author wrote it.

Promise: where every condition holds and nothing is missing, the term has a finite value at every point that the
context allows. A need that is known is discharged; one that removes a thin set only (the zeros of an analytic function
of continuous names) becomes a condition; everything else is missing. Whether an integral, a limit, a derivative or
something infinite has a value is asked of `exists`, which answers for all that depends on what they bind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import sympy as sp
from sympy import Add, Basic, Expr, Integer, Mul, NumberSymbol, Pow, Rational, S, Symbol, Tuple
from sympy.core.relational import Ge, Le, Relational
from sympy.logic.boolalg import And, Boolean, BooleanAtom, Not, Or

from derive.core.claims import Condition, Note
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.exclusions import mirrored
from derive.core.scalar.further import DEFINED
from derive.core.scalar.thinness import thin_zeros
from derive.core.terms import Diff, Domain, Index, Integral, Limit, Product, Scalar, Sum, domain_of, substitute

__all__ = ["Exists", "Needs", "needs"]

Exists = Callable[[Expr, Context], bool]
INFINITE = (S.Infinity, S.NegativeInfinity)


@dataclass(frozen=True)
class Needs:
    """What was found: conditions to show, what stands in the way, and notes on what was discharged."""

    conditions: tuple[Condition, ...] = ()
    missing: tuple[Note, ...] = ()
    notes: tuple[Note, ...] = ()


def needs(term: Expr, context: Context, exists: Exists) -> Needs:
    """Everything that a term needs in order to be defined."""
    found = _Found(exists)
    _Walk(context, found).walk(term)
    conditions, missing, notes = found.conditions, found.missing, found.notes
    return Needs(tuple(dict.fromkeys(conditions)), tuple(dict.fromkeys(missing)), tuple(dict.fromkeys(notes)))


@dataclass
class _Found:
    exists: Exists
    conditions: list[Condition] = field(default_factory=list)
    missing: list[Note] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def met(self, label: str, term: Expr) -> None:
        """A need that is known."""
        self.notes.append(Note(label, term, "known from the domains and the givens"))

    def miss(self, label: str, term: Expr, why: str) -> None:
        """A need that stands in the way."""
        self.missing.append(Note(label, term, why))


@dataclass(frozen=True)
class _Walk:
    """Where the walk is: what is known there, the indices that are bound, and names that `exists` answers for."""

    context: Context
    found: _Found
    over: tuple[Symbol, ...] = ()
    answered: frozenset[Symbol] = frozenset()

    def walk(self, term: Basic) -> None:
        """Put down what the term needs."""
        match term:
            case Rational() | NumberSymbol() | S.ImaginaryUnit | Symbol():
                pass
            case Add() | Mul():
                self._all(term.args)
            case Pow():
                self._power(term.base, term.exp)
            case Sum() | Product():
                self._over_index(term)
            case Integral() | Limit() | Diff():
                self._over_variable(term)
            case sp.Piecewise():
                self._piecewise(term)
            case _:
                self._function(term)

    def _all(self, terms: tuple[Basic, ...]) -> None:
        for term in terms:
            self.walk(term)

    def _function(self, term: Basic) -> None:
        rule = RULES.get(type(term))
        if rule is not None:
            self._all(arguments(term))
            rule(self, *term.args)
            return
        infinite = term in {*INFINITE, S.ComplexInfinity, S.NaN}
        why = "an infinite value is not a number" if infinite else "where this is defined is not known here"
        self.found.miss("defined", term, why)

    # ------------------------------------------------------------ single needs

    def nonzero(self, term: Expr) -> None:
        """The term must not be 0."""
        if self.context.nonzero(term):
            if not isinstance(term, Rational):
                self.found.met("nonzero", term)
            return
        mirror = mirrored(term)
        factors = _factors(term) if mirror is None else (mirror,)
        if factors is not None:
            for factor in factors:
                self.nonzero(factor)
            return
        self.needed(term, "nonzero", "it must not be 0, and this does not follow from the givens")

    def needed(self, term: Expr, label: str, why: str) -> None:
        """What is not known: a condition where its zeros are thin, else missing."""
        if term.free_symbols & self.answered:
            return
        poly = self.context.poly(term)
        if poly is not None and poly.is_zero:
            self.found.miss(label, term, "it is 0, and must not be")
        elif thin_zeros(term, self.context):
            self.found.conditions.append(Condition(term, tuple(i for i in self.over if i in term.free_symbols)))
        else:
            self.found.miss(label, term, why)

    def no_pole(self, term: Expr) -> None:
        """The term must be no integer <= 0."""
        term = mirrored(term) or term
        if self.context.not_integer(term, at_most=0):
            self.found.met("no pole", term)
            return
        below = power(sp.gamma(term, evaluate=False), S.NegativeOne)
        self.needed(below, "no pole", "gamma has a pole where this is 0, and that it is not does not follow")

    def whole(self, term: Expr) -> bool:
        """Known to be an integer >= 0."""
        return self.context.integer(term) and self.context.nonnegative(term)

    def known(self, holds: bool, label: str, term: Expr, why: str) -> None:  # noqa: FBT001
        """Something that must be known."""
        if holds:
            self.found.met(label, term)
        elif not term.free_symbols & self.answered:
            self.found.miss(label, term, why)

    def _power(self, base: Expr, exponent: Expr) -> None:
        self._all((base, exponent))
        if base is S.Exp1 or self.whole(exponent):
            return
        if self.context.positive(exponent) or self.context.positive(sp.re(exponent, evaluate=False)):
            return
        self.nonzero(base)

    # ------------------------------------------------------------ what binds

    def _over_index(self, term: Sum | Product) -> None:
        body, inner = term.bodies[0], self
        infinite = False
        for index, lo, hi in term.limits:
            infinite |= lo in INFINITE or hi in INFINITE
            for end in (lo, hi):
                if end not in INFINITE:
                    self.walk(end)
                    self.known(self.context.integer(end), "integer", end, "an end of a range must be an integer")
            fresh = Index(self._free_name(index, term), lo, hi)
            body = substitute(body, {index: fresh})
            inner = replace(inner, over=(*inner.over, fresh))
        inner.walk(body)
        if infinite:
            self._existing(term)

    def _existing(self, term: Expr) -> None:
        if self.found.exists(term, self.context):
            self.found.met("exists", term)
        else:
            self.found.miss("exists", term, "that it has a value does not follow from the givens")

    def _over_variable(self, term: Integral | Limit | Diff) -> None:
        """What does not depend on the variable is needed as elsewhere; `exists` answers for the rest."""
        x = term.variable
        for part in term.args[1][1:]:
            if part not in INFINITE:
                self.walk(part)
        self._existing(term)
        real = domain_of(x).field != "complex"
        fresh = Scalar(self._free_name(x, term), Domain("real" if real else "complex"))
        inner = replace(self, context=self._near(term, fresh), answered=self.answered | {fresh})
        inner.walk(substitute(term.body, {x: fresh}))

    def _near(self, term: Integral | Limit | Diff, fresh: Symbol) -> Context:
        """What holds of the variable inside an integral whose direction is known."""
        if not isinstance(term, Integral) or domain_of(fresh).field == "complex":
            return self.context
        lo, hi = term.ends
        if _before(lo, hi, self.context):
            return _inside(fresh, lo, hi, self.context)
        if _before(hi, lo, self.context):
            return _inside(fresh, hi, lo, self.context)
        return self.context

    def _free_name(self, bound: Symbol, term: Expr) -> str:
        """A name for what is bound about which nothing is said elsewhere."""
        every = (term, *self.context.given, *self.context.names, *self.over, *self.answered)
        taken = {s.name for t in every for s in t.free_symbols}
        name: str = bound.name
        while name in taken:
            name += "'"
        return name

    # ------------------------------------------------------------ cases

    def _piecewise(self, term: sp.Piecewise) -> None:
        inner = self
        for body, condition in term.args:
            truth = inner.context.truth(condition)
            inner.condition(condition)
            if truth is False:
                continue
            replace(inner, context=inner.context if truth else inner.context.also(condition)).walk(body)
            if truth is True:
                return
            inner = replace(inner, context=inner.context.also(Not(condition, evaluate=False)))
        self.found.miss("defined", term, "that one of its cases applies does not follow from the givens")

    def condition(self, condition: Boolean) -> None:
        """What a condition needs: its sides are defined, and real where they are compared."""
        match condition:
            case BooleanAtom():
                return
            case And() | Or() | Not():
                for part in condition.args:
                    self.condition(part)
            case Relational():
                self._all(condition.args)
                if not isinstance(condition, (sp.Eq, sp.Ne)):
                    for side in condition.args:
                        self.real(side)
            case _:
                self.found.miss("defined", condition, "what this condition means is not known here")

    def real(self, term: Expr) -> None:
        """The term must be real."""
        self.known(self.context.real(term), "real", term, "it must be real, and this does not follow from the givens")


def arguments(term: Basic) -> tuple[Basic, ...]:
    """The arguments of a function; those of a hypergeometric one stand in lists."""
    return tuple(a for arg in term.args for a in (arg.args if isinstance(arg, Tuple) else (arg,)))


def _factors(term: Expr) -> tuple[Expr, ...] | None:
    """Terms that need only not be 0 for this not to be 0, or None where it is in one piece."""
    if isinstance(term, Mul) or (isinstance(term, (sp.Abs, sp.conjugate)) and term.args):
        return term.args
    if isinstance(term, Pow) and term.base is not S.Exp1:
        return (term.base,)
    return None


def _before(lo: Expr, hi: Expr, context: Context) -> bool:
    """Known to be in this order."""
    if lo is S.NegativeInfinity or hi is S.Infinity:
        return True
    if lo in INFINITE or hi in INFINITE:
        return False
    return context.nonnegative(plus(hi, times(S.NegativeOne, lo)))


def _inside(x: Symbol, lo: Expr, hi: Expr, context: Context) -> Context:
    """What is known of x between the ends; where these may be equal, not so much that they could not be."""
    if lo in INFINITE or hi in INFINITE or context.positive(plus(hi, times(S.NegativeOne, lo))):
        return context.within(x, lo, hi)
    return context.also(Ge(x, lo, evaluate=False), Le(x, hi, evaluate=False))


# ---------------------------------------------------------------- functions


def _entire(_: _Walk, *__: Expr) -> None:
    """Defined everywhere."""


def _logarithm(walk: _Walk, *args: Expr) -> None:
    for arg in args:
        walk.nonzero(arg)
    for base in args[1:]:
        walk.nonzero(plus(base, S.NegativeOne))


def _not_a_zero_of(head: Callable[..., Expr]) -> Callable[[_Walk, Expr], None]:
    return lambda walk, u: walk.nonzero(head(u, evaluate=False))


def _square(u: Expr, sign: int) -> Expr:
    """1 + sign*u^2."""
    return plus(S.One, times(Integer(sign), power(u, Integer(2))))


def _not_one(sign: int, *, inverse: bool = False) -> Callable[[_Walk, Expr], None]:
    def rule(walk: _Walk, u: Expr) -> None:
        if inverse:
            walk.nonzero(u)
        walk.nonzero(_square(u, sign))

    return rule


def _nonzero(walk: _Walk, *args: Expr) -> None:
    walk.nonzero(args[-1])


def _no_pole(shift: int) -> Callable[[_Walk, Expr], None]:
    return lambda walk, u: walk.no_pole(plus(u, S.One) if shift else u)


def _polygamma(walk: _Walk, n: Expr, u: Expr) -> None:
    walk.known(walk.whole(n), "order", n, "the order must be an integer >= 0")
    walk.no_pole(u)


def _zeta(walk: _Walk, s: Expr, a: Expr = S.One) -> None:
    walk.nonzero(plus(s, S.NegativeOne))
    if a is not S.One:
        walk.no_pole(a)


def _beta(walk: _Walk, a: Expr, b: Expr) -> None:
    walk.no_pole(a)
    walk.no_pole(b)


def _binomial(walk: _Walk, n: Expr, k: Expr) -> None:
    if not walk.whole(k):
        walk.no_pole(plus(n, S.One))


def _rising(walk: _Walk, z: Expr, n: Expr) -> None:
    if not walk.whole(n):
        walk.no_pole(plus(z, n))


def _falling(walk: _Walk, z: Expr, n: Expr) -> None:
    if not walk.whole(n):
        walk.no_pole(plus(z, S.One))


def _all_real(walk: _Walk, *args: Expr) -> None:
    for arg in args:
        walk.real(arg)


def _mod(walk: _Walk, u: Expr, v: Expr) -> None:
    _all_real(walk, u, v)
    walk.nonzero(v)


RULES: dict[type, Callable[..., None]] = {
    **dict.fromkeys(
        (sp.exp, sp.sin, sp.cos, sp.sinh, sp.cosh, sp.sinc, sp.erf, sp.erfc, sp.Abs, sp.sign, sp.re, sp.im,
         sp.conjugate, sp.asin, sp.acos, sp.asinh, sp.acosh),
        _entire,
    ),
    sp.log: _logarithm,
    sp.tan: _not_a_zero_of(sp.cos), sp.sec: _not_a_zero_of(sp.cos),
    sp.cot: _not_a_zero_of(sp.sin), sp.csc: _not_a_zero_of(sp.sin),
    sp.tanh: _not_a_zero_of(sp.cosh), sp.sech: _not_a_zero_of(sp.cosh),
    sp.coth: _not_a_zero_of(sp.sinh), sp.csch: _not_a_zero_of(sp.sinh),
    sp.atan: _not_one(1), sp.acot: _not_one(1), sp.atanh: _not_one(-1), sp.acoth: _not_one(-1, inverse=True),
    sp.asec: _nonzero, sp.acsc: _nonzero, sp.asech: _nonzero, sp.acsch: _nonzero, sp.arg: _nonzero,
    sp.floor: _all_real, sp.ceiling: _all_real, sp.Max: _all_real, sp.Min: _all_real, sp.Mod: _mod,
    sp.gamma: _no_pole(0), sp.loggamma: _no_pole(0), sp.digamma: _no_pole(0),
    sp.factorial: _no_pole(1), sp.harmonic: _no_pole(1), sp.polygamma: _polygamma,
    sp.zeta: _zeta, sp.beta: _beta, sp.binomial: _binomial,
    sp.RisingFactorial: _rising, sp.FallingFactorial: _falling,
    **DEFINED,
}
"""What functions need of their arguments."""
