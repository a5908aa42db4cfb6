"""Inequalities.

Promise: `holds(left, relation, right, context)` names a method only where the relation holds at every point that the
context allows and where both sides are defined and real; strictness is respected. None says only that nothing is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import sympy as sp
from sympy import Basic, Expr, Integer, Pow, Rational, S, Symbol
from sympy.core.relational import Ge, Gt, Le, Ne

from derive.core.scalar import polynomials
from derive.core.scalar.absolute import lower_bounds, size_bounds
from derive.core.scalar.balls import below
from derive.core.scalar.constants import constants_equal, without_sinc
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.estimates import smaller
from derive.core.scalar.intervals import Reach, reach, undefined_at
from derive.core.scalar.parts import cartesian, cases, conjugated, minus, plainly
from derive.core.scalar.reductions import bars, half, is_even, on_reals, put, renamed, splits, varies, with_moduli
from derive.core.scalar.variation import INFINITE, Stretch, variation
from derive.core.scalar.zero import equal
from derive.core.terms import children_in_scope, domain_of, substitute, subterms
from derive.core.terms.heads import Binder

__all__ = ["holds"]

DEEPEST = 3
MOST_BARS = 3
MOST_NAMES = 3
MOST_SPLITS = 3
MOST_STRETCHES = 40

STEEP = (sp.gamma, sp.factorial, sp.loggamma, sp.digamma, sp.polygamma)
"""Functions whose derivatives are no simpler: they are replaced by their bounds first."""

def holds(left: Expr, relation: str, right: Expr, context: Context) -> str | None:
    """The method by which left REL right is known, or None; the relation is one of <=, <, >=, >."""
    if relation in {">=", ">"}:
        left, right = right, left
    found = None
    bases = dict.fromkeys((*_divisors(left), *_divisors(right)))
    for case in cases(context.also(*(Ne(u, S.Zero, evaluate=False) for u in bases))):
        known = case.also(*(Gt(u, S.Zero, evaluate=False) for u in bases if case.nonnegative(u)))
        found = _Claim(left, right, relation in {"<", ">"}, known).method()
        if found is None:
            return None
    return found


def _divisors(term: Basic) -> Iterator[Expr]:
    """What is not 0 where a term has a value: what is divided by, what a logarithm is taken of."""
    if isinstance(term, Binder) or not children_in_scope(term):
        return
    divides = isinstance(term, Pow) and isinstance(term.args[1], Rational) and term.args[1] < 0
    if (divides or (isinstance(term, sp.log) and len(term.args) == 1)) and term.args[0].free_symbols:
        yield term.args[0]
    for part in term.args:
        yield from _divisors(part)


@dataclass
class _Budget:
    """How many stretches may still be looked at."""

    left: int

    def spend(self) -> bool:
        """Take one, where there is one."""
        self.left -= 1
        return self.left >= 0


@dataclass(frozen=True)
class _Claim:
    """left <= right, or left < right."""

    left: Expr
    right: Expr
    strict: bool
    context: Context
    depth: int = DEEPEST
    logs: bool = False
    budget: _Budget = field(default_factory=lambda: _Budget(MOST_STRETCHES))

    @property
    def gap(self) -> Expr:
        """What is to be >= 0."""
        return plus(self.right, minus(self.left))

    def of(self, left: Expr, right: Expr, *, strict: bool | None = None, context: Context | None = None) -> str | None:
        """The method for another claim from which this one follows."""
        if self.depth == 0:
            return None
        return _Claim(left, right, self.strict if strict is None else strict, context or self.context,
                      self.depth - 1, budget=self.budget).method()

    def method(self) -> str | None:
        """The first method that closes it."""
        ways = (
            self.by_numbers, self.by_signs, self.by_polynomials, self.by_heads, self.by_bars,
            self.by_moduli, self.by_logarithms, self.by_variation, self.by_estimates, self.by_squares,
        )
        bound = any(isinstance(t, Binder) for t in subterms(self.gap))
        return next((found for way in (ways[:2] if bound else ways) if (found := way()) is not None), None)

    def _real(self) -> bool:
        return _real(self.left, self.context) and _real(self.right, self.context)

    # ------------------------------------------------------------ what is known at once

    def by_numbers(self) -> str | None:
        """Constants by balls that are apart, or by exact equality."""
        if self.left.free_symbols | self.right.free_symbols:
            return None
        if below(self.left, self.right):
            return "numbers"
        return "numbers" if not self.strict and self._real() and constants_equal(self.left, self.right) else None

    def by_signs(self) -> str | None:
        """The difference has a known sign."""
        if not self._real():
            return None
        known = self.context.positive(self.gap) if self.strict else (
            self.context.nonnegative(self.gap) or equal(self.left, self.right, self.context))
        if known:
            return "signs"
        found = polynomials.sign_of_product(self.gap, self.context)
        return "signs" if found is not None and found[0] > 0 and (found[1] or not self.strict) else None

    def by_polynomials(self) -> str | None:
        """The difference is a sum of squares, or of terms that are not negative."""
        if self.strict or not self._real():
            return None
        return "a sum of squares" if polynomials.nonnegative(self.gap, self.context) else None

    # ------------------------------------------------------------ one variable

    def by_variation(self) -> str | None:
        """Monotone in one variable, from the ends."""
        if not self._real() or bars(self.gap, self.context):
            return None
        gap, context = renamed(self.gap, self.context)
        names = sorted((s for s in gap.free_symbols if varies(s)), key=lambda s: str(s.name))
        for x in names if len(names) <= MOST_NAMES else ():
            span = reach(x, context)
            local, inner = on_reals(gap, x, half(gap, span))
            if self._ends_hold(local, inner) and self._between(local, inner, inner.lo, inner.hi, MOST_SPLITS):
                return "monotonicity"
        return None

    def _ends_hold(self, gap: Expr, span: Reach) -> bool:
        """At the ends that belong to the interval."""
        for end, left_out in zip((span.lo, span.hi), span.open, strict=True):
            if left_out or end in INFINITE or undefined_at(gap, {span.x: end}, span.outer):
                continue
            if not _known_sign(substitute(gap, {span.x: end}), span.outer, strict=self.strict):
                return False
        return True

    def _between(self, gap: Expr, span: Reach, lo: Expr, hi: Expr, cuts: int) -> bool:
        """On the open stretch; else on two parts of it."""
        stretch = Stretch.between(span.x, lo, hi, span.outer)
        free = without_sinc(gap, stretch.context)
        for term in dict.fromkeys((free, gap) if hi not in INFINITE else (free,)):
            if self._closes(term, stretch):
                return True
        for lower, strict in smaller(free, stretch.context):
            if replace(self, strict=self.strict and not strict)._closes(lower, stretch):
                return True
        if cuts == 0:
            return False
        for place in splits(lo, hi):
            at = {span.x: place}
            value = substitute(gap, at)
            if not (undefined_at(gap, at, span.outer) or _known_sign(value, span.outer, strict=self.strict)):
                continue
            if self._between(gap, span, place, hi, 0) and self._between(gap, span, lo, place, cuts - 1):
                return True
        return False

    def _closes(self, gap: Expr, stretch: Stretch) -> bool:
        if any(isinstance(t, STEEP) for t in subterms(gap)) or not self.budget.spend():
            return False
        found = variation(gap, stretch)
        if found is None or found.signs not in {(), (1,)}:
            return False
        return not self.strict or (found.signs == (1,) and found.strict)

    # ------------------------------------------------------------ structure

    def by_heads(self) -> str | None:
        """f(a) <= f(b) from a <= b, for an increasing f."""
        pair = _same_head(self.left, self.right, self.context)
        if pair is None or self.logs or not self._real():
            return None
        found = self.of(*pair)
        return None if found is None else "monotonicity"

    def by_bars(self) -> str | None:
        """Both signs of what stands between bars; |u| <= b from u <= b and -u <= b."""
        inside = bars(self.gap, self.context)
        if not inside or len(inside) > MOST_BARS:
            return None
        inner = min(inside, key=lambda u: sum(1 for _ in subterms(u)))
        if not isinstance(inner, Symbol) and isinstance(self.left, sp.Abs) and self.context.real(self.left.args[0]):
            inner = self.left.args[0]
            both = self.of(inner, self.right) and self.of(minus(inner), self.right)
            return "absolute values" if both else None
        heads = [(S.One, Ge)] if self._even(inner) else [(S.One, Ge), (S.NegativeOne, Le)]
        for sign, head in heads:
            given = head(inner, S.Zero, evaluate=False)
            value = {sp.Abs(inner, evaluate=False): times(sign, inner)}
            if self.of(put(self.left, value), put(self.right, value), context=self.context.also(given)) is None:
                return None
        return "absolute values"

    def _even(self, x: Expr) -> bool:
        """Whether the claim says the same about -x."""
        if not isinstance(x, Symbol):
            return False
        domain = domain_of(x)
        if (domain.lo, domain.hi) != (None, None) or not all(
            isinstance(g, Ne) and S.Zero in g.args for g in self.context.given if x in g.free_symbols
        ):
            return False
        return is_even(self.gap, x, self.context)

    def by_estimates(self) -> str | None:
        """Functions replaced by what is less."""
        if not self._real():
            return None
        for lower, strict in smaller(self.gap, self.context):
            if self.of(S.Zero, lower, strict=self.strict and not strict) is not None:
                return "bounds of functions"
        return None

    def by_logarithms(self) -> str | None:
        """Positive sides by their logarithms."""
        products = _is_product(self.left) and _is_product(self.right)
        if self.logs or not products or not (_grows(self.left) and _grows(self.right)):
            return None
        if not (self.context.positive(self.left) and self.context.positive(self.right)):
            return None
        sides = [sp.log(side, evaluate=False) for side in (self.left, self.right)]
        other = replace(self, left=sides[0], right=sides[1], depth=self.depth - 1, logs=True)
        if self.depth == 0 or other.method() is None:
            return None
        return "logarithms"

    def by_moduli(self) -> str | None:
        """|w| replaced by what is more on the left, less on the right."""
        inside = {t.args[0] for t in subterms(self.gap) if isinstance(t, sp.Abs)}
        if len(inside) <= MOST_BARS and all(self.context.real(u) for u in inside):
            return None
        for left in with_moduli(self.left, self.context, size_bounds):
            for right in with_moduli(self.right, self.context, lower_bounds):
                if (left, right) != (self.left, self.right) and self.of(left, right) is not None:
                    return "absolute values"
        return None

    def by_squares(self) -> str | None:
        """|w|^2 = re(w)^2 + im(w)^2 for sides that are not negative."""
        if not any(isinstance(s, sp.Abs) and not self.context.real(s.args[0]) for s in (self.left, self.right)):
            return None
        squares = [_square(side, self.context) for side in (self.left, self.right)]
        if squares[0] is None or squares[1] is None:
            return None
        found = self.of(squares[0], squares[1])
        return None if found is None else "squares"


# ---------------------------------------------------------------- helpers


def _real(term: Expr, context: Context) -> bool:
    """Known to be real: by its parts, or as it is its own conjugate."""
    if context.real(term):
        return True
    other = conjugated(term, context)
    return other is not None and equal(term, other, context)


def _known_sign(value: Expr, context: Context, *, strict: bool) -> bool:
    """value >= 0, or > 0."""
    claim = _Claim(S.Zero, plainly(without_sinc(value, context), context), strict, context, 0)
    return (claim.by_numbers() or claim.by_signs() or claim.by_polynomials()) is not None


INCREASING: dict[type, Callable[[Expr, Context], bool]] = {
    sp.exp: lambda u, c: c.real(u), sp.sinh: lambda u, c: c.real(u), sp.tanh: lambda u, c: c.real(u),
    sp.atan: lambda u, c: c.real(u), sp.asinh: lambda u, c: c.real(u), sp.erf: lambda u, c: c.real(u),
    sp.log: lambda u, c: c.positive(u), sp.cosh: lambda u, c: c.nonnegative(u),
}
"""Where a function is real and strictly increasing."""


def _same_head(left: Expr, right: Expr, context: Context) -> tuple[Expr, Expr] | None:
    """(a, b) with left = f(a), right = f(b)."""
    if isinstance(left, Pow) and isinstance(right, Pow) and left.args[1] == right.args[1]:
        e = left.args[1]
        if isinstance(e, Rational) and e > 0 and all(context.nonnegative(s.args[0]) for s in (left, right)):
            return left.args[0], right.args[0]
        return None
    known = INCREASING.get(type(left))
    if known is None or type(left) is not type(right) or len(left.args) != 1 or len(right.args) != 1:
        return None
    ok = known(left.args[0], context) and known(right.args[0], context)
    return (left.args[0], right.args[0]) if ok else None


def _is_product(term: Expr) -> bool:
    return isinstance(term, (sp.Mul, Pow, sp.exp, sp.factorial, sp.gamma)) or not term.free_symbols


def _grows(term: Expr) -> bool:
    """Whether there is a symbol in an exponent, or a factorial: what logarithms make simpler."""
    return any(
        isinstance(t, (sp.exp, sp.factorial, sp.gamma)) or (isinstance(t, Pow) and t.args[1].free_symbols)
        for t in subterms(term)
    )


def _square(side: Expr, context: Context) -> Expr | None:
    """The square of a side that is known not to be negative."""
    if isinstance(side, sp.Abs):
        real, imaginary = cartesian(side.args[0], context)
        return plus(power(real, Integer(2)), power(imaginary, Integer(2)))
    return power(side, Integer(2)) if context.nonnegative(side) else None
