"""What is known of the symbols of a scalar claim, and the questions that are asked of it.

Promise: an answer True follows from the domains and the givens; False says only that it is not known. Every question
is about a term at every point where the term is defined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from flint import ctx, fmpq
from sympy import Basic, Expr, Rational, S, Symbol
from sympy.core.relational import Eq, Ge, Gt, Lt, Ne, Relational
from sympy.logic.boolalg import And, Boolean, BooleanFalse, BooleanTrue, Not, Or

from derive.core.assume import Assumptions, assume, names_of
from derive.core.claims import Given
from derive.core.errors import BudgetError, GivenError, NotNormal
from derive.core.normal.atoms import Poly
from derive.core.normal.convert import Converter
from derive.core.normal.ring import UndefinedValue
from derive.core.scalar.answers import minus, sign_by_shape
from derive.core.scalar.differentiate import times
from derive.core.scalar.exclusions import nonzero_by_factors, nonzero_by_shape, not_integer, slit
from derive.core.scalar.givens import MIRRORED, Known, flat, taken_apart
from derive.core.scalar.polysigns import Signs
from derive.core.scalar.ranges import CAPS, PRECISION, End
from derive.core.scalar.regions import Region
from derive.core.scalar.signs import Knowledge
from derive.core.terms import Domain

__all__ = ["CAPS", "Context"]

MOST_CASES = 3
"""A given `Or` of more cases is not looked into."""


@dataclass(frozen=True)
class Context:
    """The givens of a claim, and what holds of the variables that are bound around a term."""

    given: tuple[Given, ...] = ()
    names: tuple[Symbol, ...] = ()

    def within(self, variable: Symbol, lo: Expr, hi: Expr) -> Context:
        """The same, and lo < variable < hi; an end may be infinite."""
        more = []
        if lo is not S.NegativeInfinity:
            more.append(Gt(variable, lo, evaluate=False))
        if hi is not S.Infinity:
            more.append(Lt(variable, hi, evaluate=False))
        return self.also(*more)

    def also(self, *given: Given) -> Context:
        """The same under more givens."""
        return Context((*self.given, *given), self.names)

    def without(self, variable: Symbol) -> Context:
        """The same without the givens about a name, which is bound anew."""
        return Context(tuple(g for g in self.given if variable not in g.free_symbols), self.names)

    # ------------------------------------------------------------ what the answers rest on

    @cached_property
    def known(self) -> Known:
        """The givens, taken apart."""
        return taken_apart(self.given)

    def assumptions(self, *terms: Basic) -> Assumptions:
        """What a normal form of these terms may rest on; raises GivenError where the givens contradict each other."""
        return _assumptions(self, frozenset(names_of((*terms, *self.names)).values()))

    def poly(self, term: Expr) -> Poly | None:
        """The normal form of a term, or None where it has none."""
        return _poly(self, term)

    def region(self, term: Expr) -> Region:
        """Where its value lies."""
        with ctx.workprec(PRECISION):
            return _knowledge(self).region(term)

    def signs(self, *terms: Expr) -> Signs | None:
        """The signs of normal forms in the names of these terms; None where the givens contradict each other."""
        try:
            return _signs(self, frozenset(names_of((*terms, *self.names)).values()))
        except GivenError:
            return None

    # ------------------------------------------------------------ questions

    def real(self, term: Expr) -> bool:
        """Known to be real."""
        if self.region(term).real:
            return True
        found, signs = self.poly(term), self.signs(term)
        with ctx.workprec(PRECISION):
            return found is not None and signs is not None and signs.real(found)

    def integer(self, term: Expr) -> bool:
        """Known to be an integer."""
        if _knowledge(self).whole(term):
            return True
        found = self.poly(term)
        return found is not None and self.assumptions(term).facts.integer(found)

    def positive(self, term: Expr) -> bool:
        """Known to be > 0."""
        return _least(self, term) == 1

    def nonnegative(self, term: Expr) -> bool:
        """Known to be >= 0."""
        return _least(self, term) is not None

    def negative(self, term: Expr) -> bool:
        """Known to be < 0."""
        return self.positive(times(S.NegativeOne, term))

    def nonzero(self, term: Expr) -> bool:
        """Known not to be 0."""
        return _nonzero(self, term)

    def slit(self, term: Expr) -> bool:
        """Known to be no real number <= 0: log and the powers are analytic there."""
        return _slit(self, term)

    def not_integer(self, term: Expr, at_most: int | None = None, at_least: int | None = None) -> bool:
        """Known not to be an integer in a range; with neither end, not to be an integer."""
        return _not_integer(self, term, at_most, at_least)

    def truth(self, condition: Boolean) -> bool | None:
        """Whether a condition is known to hold, or known to fail."""
        match condition:
            case BooleanTrue():
                return True
            case BooleanFalse():
                return False
            case And() | Or():
                found = [self.truth(part) for part in condition.args]
                ends = isinstance(condition, Or)
                return ends if ends in found else None if None in found else not ends
            case Not():
                inner = self.truth(condition.args[0])
                return None if inner is None else not inner
            case Relational():
                return True if condition in self.known.comparisons else self._compared(condition)
        return None

    def _compared(self, condition: Relational) -> bool | None:
        gap = minus(condition.lhs, condition.rhs)
        if isinstance(condition, (Eq, Ne)):
            found = self.poly(gap)
            same = True if found is not None and found.is_zero else False if self.nonzero(gap) else None
            return same if same is None or isinstance(condition, Eq) else not same
        gap = gap if isinstance(condition, (Gt, Ge)) else minus(condition.rhs, condition.lhs)
        strict = isinstance(condition, (Gt, Lt))
        if self.positive(gap) if strict else self.nonnegative(gap):
            return True
        back = times(S.NegativeOne, gap)
        return False if (self.nonnegative(back) if strict else self.positive(back)) else None


# ---------------------------------------------------------------- what is kept

@lru_cache(maxsize=1024)
def _knowledge(context: Context) -> Knowledge:
    """What is known of single terms, by the comparisons as they stand and solved for each name."""
    given = context.known.comparisons
    with ctx.workprec(PRECISION):
        found = Knowledge.of((*given, *(s for g in given for s in _solved(g))), context.known.cuts)
    found.ask = lambda term: _by_polynomial(context, term)
    return found


def _solved(comparison: Given) -> Iterator[Given]:
    """The comparison solved for each real name in which it is linear with a rational coefficient."""
    if not isinstance(comparison, Relational):
        return
    try:
        found = assume([comparison], ())
        poly = Converter(found.ring(CAPS))(minus(comparison.lhs, comparison.rhs))
    except (NotNormal, BudgetError, UndefinedValue, GivenError):
        return
    shower = Signs(found.facts, found.names, Knowledge())
    for mono, c in poly.terms.items():
        if len(mono) != 1 or mono[0][1] != 1 or mono[0][0].kind not in {"s", "f"}:
            continue
        rest = poly - Poly({mono: c})
        if any(mono[0][0] == other for other in rest.all_atoms()):
            continue
        left, right = shower.term(Poly({mono: fmpq(1)})), shower.term(rest.scale(-1 / c))
        relation = type(comparison) if c > 0 else MIRRORED[type(comparison)]
        yield relation(left, right, evaluate=False)


@lru_cache(maxsize=4096)
def _assumptions(context: Context, names: frozenset[Symbol]) -> Assumptions:
    """The facts, with the intervals of the names as far as their ends are rational."""
    known = context.known
    left_out = (*known.apart, *known.cuts, *(gap.term for gap in known.gaps if gap.holds(0)))
    apart = [Ne(term, S.Zero, evaluate=False) for term in left_out]
    found = assume(sorted(names, key=lambda s: s.name), (*known.comparisons, *known.others, *apart))
    knowledge = _knowledge(context)
    domains = dict(found.facts.domains)
    for name, domain in domains.items():
        if domain.field != "complex" and found.names[name] in knowledge.table:
            domains[name] = _narrowed(domain, knowledge.region(found.names[name]))
    return replace(found, facts=replace(found.facts, domains=domains))


def _narrowed(domain: Domain, region: Region) -> Domain:
    lo, lo_open = _rational(region.re.lo, up=False)
    hi, hi_open = _rational(region.re.hi, up=True)
    if lo is None:
        lo, lo_open = domain.lo, domain.lo_open
    if hi is None:
        hi, hi_open = domain.hi, domain.hi_open
    return Domain(domain.field, lo, hi, lo_open, hi_open, domain.nonzero)


def _rational(end: End | None, *, up: bool) -> tuple[Rational | None, bool]:
    """A rational end that is no further in, and whether it is left out."""
    if end is None:
        return None, False
    if isinstance(end.term, Rational):
        return end.term, end.open
    scaled = end.ball * 1024
    whole = (scaled.upper().ceil() if up else scaled.lower().floor()).unique_fmpz()
    return (None if whole is None else Rational(int(whole), 1024)), False


@lru_cache(maxsize=1024)
def _signs(context: Context, names: frozenset[Symbol]) -> Signs:
    found = _assumptions(context, names)
    return Signs(found.facts, found.names, _knowledge(context))


@lru_cache(maxsize=16384)
def _poly(context: Context, term: Expr) -> Poly | None:
    try:
        return Converter(context.assumptions(term).ring(CAPS))(term)
    except (NotNormal, BudgetError, UndefinedValue, GivenError):
        return None


# ---------------------------------------------------------------- questions

@lru_cache(maxsize=16384)
def _least(context: Context, term: Expr) -> int | None:
    """1 where it is known to be > 0, 0 where it is known to be >= 0."""
    region = context.region(term)
    if region.real and region.re.positive:
        return 1
    if region.real and region.re.nonpositive:
        return 0 if region.re.nil else None
    found = [0 if region.real and region.re.nonnegative else None]
    for way in (sign_by_shape, lambda term, context: _by_polynomial(context, term)):
        found.append(way(term, context))
        if found[-1] == 1:
            return 1
    return _piecewise(context, term) or (0 if 0 in found else None)


def _by_polynomial(context: Context, term: Expr) -> int | None:
    """The same by the normal form."""
    poly, signs = context.poly(term), context.signs(term)
    with ctx.workprec(PRECISION):
        return None if poly is None or signs is None else signs.least(poly)


def _piecewise(context: Context, term: Expr) -> int | None:
    """1 where a term in one real variable is > 0 on each of the pieces of its compact interval."""
    names = term.free_symbols
    if len(names) != 1 or isinstance(term, Symbol):
        return None
    (x,) = names
    with ctx.workprec(PRECISION):
        return 1 if _knowledge(context).positive_in_pieces(term, x) else None


@lru_cache(maxsize=16384)
def _nonzero(context: Context, term: Expr) -> bool:
    if context.region(term).nonzero or nonzero_by_shape(term, context):
        return True
    poly, signs = context.poly(term), context.signs(term)
    if poly is None or signs is None or poly.is_zero:
        return False
    if context.positive(term) or context.negative(term):
        return True
    with ctx.workprec(PRECISION):
        if nonzero_by_factors(poly, context, signs):
            return True
    return slit(term, context) or any(_in_each_case(context, term, lambda case: case.nonzero(term)))


@lru_cache(maxsize=16384)
def _slit(context: Context, term: Expr) -> bool:
    return slit(term, context) or any(_in_each_case(context, term, lambda case: case.slit(term)))


@lru_cache(maxsize=16384)
def _not_integer(context: Context, term: Expr, at_most: int | None, at_least: int | None) -> bool:
    with ctx.workprec(PRECISION):
        if not_integer(term, context, at_most, at_least):
            return True
    return any(_in_each_case(context, term, lambda case: case.not_integer(term, at_most, at_least)))


def _in_each_case(context: Context, term: Expr, holds: Callable[[Context], bool]) -> Iterator[bool]:
    """For each given `Or` about the names of a term: whether something holds in all of its cases."""
    for given in context.known.others:
        if isinstance(given, Or) and len(given.args) <= MOST_CASES and given.free_symbols & term.free_symbols:
            rest = Context(tuple(g for g in flat(context.given) if g != given), context.names)
            yield all(holds(rest.also(case)) for case in given.args)
