"""Where a function of one real variable is least on an open interval.

Promise: a `Finding` without a reason says that the claim about the place of an extremum holds for all values that the
givens allow, and that the function is defined and real on all of the interval, given its conditions. What is no number
in a term (laws, definitions, entries) stands for itself there: as a real number, of which only its sign is known.

The theorems. (1) If f'' > 0 on the interval and f'(p) = 0, then p is the one minimiser. (2) If f is continuous, f' < 0
before p and f' > 0 after it, then p is. (3) If f' = h g' with h > 0, then f and g have the same one, if any. (4) If
f' rises strictly, or changes its sign once, from < 0 near the one end to > 0 near the other, then there is one. In (1)
and (2) a derivative may be 0 as well, if it is so on no part of the interval.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from sympy import Expr, Integer, Mul, Rational, S, Symbol
from sympy.core.relational import Gt, Lt

from derive.core.assume import Assumptions
from derive.core.claims import Claim, Condition, Given, Note, Relation
from derive.core.defined import needs_of
from derive.core.errors import BudgetError, GivenError, NotNormal, TermError
from derive.core.generic import Generic
from derive.core.normal.ring import UndefinedValue
from derive.core.scalar import inequalities
from derive.core.scalar.analytic import continuous, smooth
from derive.core.scalar.constants import constants_equal
from derive.core.scalar.context import Context
from derive.core.scalar.decide import needed
from derive.core.scalar.differentiate import derivative, plus, power, times
from derive.core.scalar.limits import limit
from derive.core.scalar.polynomials import univariate
from derive.core.scalar.spans import fresh
from derive.core.scalar.variation import Stretch, variation
from derive.core.scalar.zero import equal, vanishes
from derive.core.terms import Extremum, domain_of, free_names, substitute, subterms

__all__ = ["Finding", "exists", "settled"]

INFINITE = frozenset({S.Infinity, S.NegativeInfinity})
MISTAKES = (NotNormal, BudgetError, UndefinedValue, GivenError, TermError, RecursionError)

POWERS = (0, 2, 4)
"""By these even powers of the distance, or of the variable, a slope is multiplied that tends to 0."""

ALONE = "the place of an extremum is compared with a point, or with another over the same interval"


@dataclass(frozen=True)
class Finding:
    """Why nothing closed (None where it did), the conditions to show, and notes on what was found."""

    why: str | None = None
    conditions: tuple[Condition, ...] = ()
    notes: tuple[Note, ...] = ()


def settled(claim: Claim, assumptions: Assumptions) -> Finding:
    """Whether the claim follows by theorems (1) to (3); where not, under which further given it would."""
    if claim.relation is not Relation.EQ:
        return Finding("of the place of an extremum only equations are proved")
    sides = sorted((claim.left, claim.right), key=lambda side: not isinstance(side, Extremum))
    return _asked(sides[0], sides[1], claim.given, assumptions)


def exists(term: Extremum, given: tuple[Given, ...], assumptions: Assumptions) -> Finding:
    """Whether there is one such place, by theorem (4)."""
    return _asked(term, None, given, assumptions)


def _asked(term: Extremum, other: Expr | None, given: tuple[Given, ...], assumptions: Assumptions) -> Finding:
    try:
        problem, generic = _Problem.of(term, other, given, assumptions)
        why = problem.obstacle()
    except MISTAKES as error:
        return Finding(str(error))
    if why is None:
        return _with_needs(problem, term, generic, assumptions)
    wanted = next((words for words, more in _stronger(problem) if _closes(problem, more)), None)
    return Finding(why if wanted is None else f"{why}; it follows where {wanted}, which is not known")


def _closes(problem: _Problem, more: tuple[Given, ...]) -> bool:
    try:
        return replace(problem, context=problem.context.also(*more)).obstacle() is None
    except MISTAKES:
        return False


# ---------------------------------------------------------------- what is missing


def _stronger(problem: _Problem) -> Iterator[tuple[str, tuple[Given, ...]]]:
    """Further givens to try, each in words: the sign of a name, a point inside of the interval, all names positive."""
    terms = [t for t in (problem.body, problem.lo, problem.hi, problem.other) if t is not None]
    found: set[Symbol] = {s for t in terms for s in t.free_symbols if s != problem.x and domain_of(s).field == "real"}
    names = [s for s in sorted(found, key=lambda s: s.name) if not problem.context.positive(s)]
    for sign, head in ((">", Gt), ("<", Lt)):
        for name in names:
            if sign == ">" or not problem.context.nonnegative(name):
                yield f"{problem.words(name)} {sign} 0", (head(name, S.Zero, evaluate=False),)
    bounded = {problem.lo, problem.hi} != INFINITE
    if bounded and problem.other is not None and not isinstance(problem.other, Extremum):
        inside = (Lt(a, b, evaluate=False) for a, b in problem.order() if not {a, b} & INFINITE)
        yield problem.chain(problem.other), tuple(inside)
    if len(names) > 1:
        words = " and ".join(f"{problem.words(name)} > 0" for name in names)
        yield words, tuple(Gt(name, S.Zero, evaluate=False) for name in names)


# ---------------------------------------------------------------- one question


@dataclass(frozen=True)
class _Problem:
    """The minimiser of a body over lo < x < hi; what it is to be: a point, another place, or anything (None)."""

    body: Expr
    x: Symbol
    lo: Expr
    hi: Expr
    other: Expr | None
    context: Context
    words: Callable[[Expr], str]

    @classmethod
    def of(
        cls, term: Extremum, other: Expr | None, given: tuple[Given, ...], assumptions: Assumptions
    ) -> tuple[_Problem, Generic]:
        """The question about a term, with a variable that stands nowhere else, and what stands for what in it."""
        terms = [t for t in (term, other) if t is not None]
        outside = Context(given, tuple(n for t in (*terms, *given) for n in free_names(t)))
        x = fresh(outside, *terms, *given)
        generic = Generic(assumptions, frozenset({x}))
        body = generic.plain(substitute(term.body, {term.variable: x}))
        lo, hi = (generic.plain(end) for end in term.ends)
        target = None if other is None else _target(other, x, generic)
        known = generic.givens(given)
        names = {s for t in (body, lo, hi, target, *known) if t is not None for s in t.free_symbols} - {x}
        context = Context(known, tuple(sorted(names, key=lambda s: s.name)))
        return cls(times(Rational(term.SIGN), body), x, lo, hi, target, context, generic.words), generic

    # ------------------------------------------------------------ what is known where

    @property
    def inner(self) -> Context:
        """What is known of x on the interval."""
        return self.context.within(self.x, self.lo, self.hi)

    def order(self) -> tuple[tuple[Expr, Expr], tuple[Expr, Expr]]:
        """What must be less than what for the point to be inside."""
        point = self.other if self.other is not None else S.NaN
        return (self.lo, point), (point, self.hi)

    def at(self, term: Expr, point: Expr) -> Expr:
        """A term with x at a point."""
        found: Expr = substitute(term, {self.x: point})
        return found

    # ------------------------------------------------------------ the theorems

    def obstacle(self) -> str | None:
        """What is in the way; None where the claim follows."""
        if not all(end in INFINITE or self.context.real(end) for end in (self.lo, self.hi)):
            return "the ends of the interval are not known to be real"
        if self.lo is S.Infinity or self.hi is S.NegativeInfinity:
            return "the interval is empty"
        if self.other is None or isinstance(self.other, Extremum):
            return self._of_places()
        if any(isinstance(t, Extremum) for t in subterms(self.other)):
            return ALONE
        return self._of_a_point(self.other)

    def _of_places(self) -> str | None:
        if not _less(self.lo, self.hi, self.context):
            return "that the interval is not empty is not known"
        if not self.inner.real(self.body):
            return "that the function is real on all of the interval is not known"
        slope = self._slope(self.body)
        if slope is None:
            return "that the function is smooth on all of the interval is not known"
        slopes = [slope]
        if isinstance(self.other, Extremum):
            theirs = self._alike(slope, self.other)
            if theirs is None:
                return "that both functions rise and fall together is not known"
            slopes.append(theirs)
        return None if any(map(self._turns_once, slopes)) else "that there is exactly one such point is not known"

    def _of_a_point(self, point: Expr) -> str | None:
        inside = all(a in INFINITE or b in INFINITE or _less(a, b, self.context) for a, b in self.order())
        if not inside or not self.context.real(point):
            return f"that the point lies inside of the interval is not known: {self.chain(point)}"
        if not self.inner.real(self.body):
            return "that the function is real on all of the interval is not known"
        slope = self._slope(self.body)
        if slope is not None and vanishes(self.at(slope, point), self.context):
            if self._convex(slope) or self._falls_and_rises(point):
                return None
            return "that the function is convex, or falls before the point and rises after it, is not known"
        if self._falls_and_rises(point):
            return None
        if slope is None:
            return "that the function is smooth on all of the interval is not known"
        return "that the derivative is 0 at the point is not known"

    def chain(self, point: Expr) -> str:
        if {self.lo, self.hi} == INFINITE:
            return f"{self.words(point)} is to be real"
        return " < ".join(self.words(t) for t in (self.lo, point, self.hi) if t not in INFINITE)

    def _slope(self, body: Expr) -> Expr | None:
        """The derivative, where the body is smooth on all of the interval and the derivative, as written, as well."""
        return _derived(body, self.x, self.inner)

    def _convex(self, slope: Expr) -> bool:
        """Whether the slope rises strictly."""
        second = _derived(slope, self.x, self.inner)
        return second is not None and self._positive(second, self.lo, self.hi)

    def _positive(self, term: Expr, lo: Expr, hi: Expr) -> bool:
        """Whether it is > 0 on the stretch; or at least 0, and on no part of the stretch 0: then its integral rises."""
        stretch = Stretch.between(self.x, lo, hi, self.context)
        if _less(S.Zero, term, stretch.context):
            return True
        found = variation(term, stretch)
        return found is not None and found.signs == (1,) and (found.thin or self._polynomial(term))

    def _polynomial(self, term: Expr) -> bool:
        """Whether it is a polynomial in x with rational coefficients, and not 0: then it has few zeros."""
        poly = self.context.poly(term)
        return poly is not None and not poly.is_zero and univariate(poly, self.x) is not None

    def _falls_and_rises(self, point: Expr) -> bool:
        """Theorem (2)."""
        if not continuous(self.body, self.x, self.inner):
            return False
        before = self.context.within(self.x, self.lo, point)
        after = self.context.within(self.x, point, self.hi)
        down, up = (_derived(self.body, self.x, side) for side in (before, after))
        if down is None or up is None:
            return False
        return self._positive(times(S.NegativeOne, down), self.lo, point) and self._positive(up, point, self.hi)

    def _turns_once(self, slope: Expr) -> bool:
        """Theorem (4)."""
        if self._near(self.lo, 1, slope) >= 0 or self._near(self.hi, -1, slope) <= 0:
            return False
        if self._convex(slope):
            return True
        found = variation(slope, Stretch.between(self.x, self.lo, self.hi, self.context))
        return found is not None and found.signs == (-1, 1) and found.strict

    def _near(self, end: Expr, side: int, slope: Expr) -> int:
        """The sign of the slope near to an end, by the limit of its multiples by a positive power; 0 if not known."""
        base = self.x if end in INFINITE else plus(self.x, times(S.NegativeOne, end))
        for e in POWERS:
            grown = times(slope, power(base, Integer(e)))
            sign = _sign(limit(grown, self.x, end, side, self.context), self.context)
            if sign:
                return sign
        return 0

    def _alike(self, slope: Expr, other: Extremum) -> Expr | None:
        """The slope of the other function, where it is over the same interval and has the sign of this one."""
        if not all(a == b or equal(a, b, self.context) for a, b in zip((self.lo, self.hi), other.ends, strict=True)):
            return None
        body = times(Rational(other.SIGN), other.body)
        theirs = self._slope(body) if self.inner.real(body) else None
        if theirs is None:
            return None
        for h in _ratios(self.body, body, self.x):
            if self.inner.positive(h) and smooth(h, self.x, self.inner) and equal(slope, times(h, theirs), self.inner):
                return theirs
        return None


def _target(other: Expr, x: Symbol, generic: Generic) -> Expr:
    """The other side, with the variable of a place of an extremum renamed."""
    if not isinstance(other, Extremum):
        return generic.plain(other)
    body = generic.plain(substitute(other.body, {other.variable: x}))
    found: Expr = type(other)(body, (x, *(generic.plain(end) for end in other.ends)))
    return found


def _derived(term: Expr, x: Symbol, context: Context) -> Expr | None:
    """The derivative, where the term and what is written for the derivative are smooth."""
    if not smooth(term, x, context):
        return None
    found = derivative(term, x)
    return found if found is not None and smooth(found, x, context) else None


def _less(left: Expr, right: Expr, context: Context) -> bool:
    """Known to be less."""
    if left is S.NegativeInfinity or right is S.Infinity:
        return left not in {S.Infinity, right} and right is not S.NegativeInfinity
    if left in INFINITE or right in INFINITE:
        return False
    return inequalities.holds(left, "<", right, context) is not None


def _sign(value: Expr | None, context: Context) -> int:
    """1 or -1 for what is known to be above or below 0, else 0."""
    if value is None or (not value.free_symbols and value not in INFINITE and constants_equal(value, S.Zero)):
        return 0
    return 1 if _less(S.Zero, value, context) else -1 if _less(value, S.Zero, context) else 0


def _ratios(one: Expr, two: Expr, x: Symbol) -> Iterator[Expr]:
    """What the slope of one may be of that of the other: constants in front, and for logarithms the function."""
    front = times(_constants(one, x), power(_constants(two, x), S.NegativeOne))
    minus = S.NegativeOne
    for h in (S.One, front, one, two, power(one, minus), power(two, minus)):
        yield h
        yield times(minus, h)


def _constants(term: Expr, x: Symbol) -> Expr:
    """The factors that do not hang on x."""
    return times(*(f for f in term.args if x not in f.free_symbols)) if isinstance(term, Mul) else S.One


# ---------------------------------------------------------------- what is needed


def _with_needs(problem: _Problem, term: Extremum, generic: Generic, assumptions: Assumptions) -> Finding:
    """What the function, the ends and the point need, and what stands in the function as no number."""
    names = problem.context.names
    other = problem.other
    theirs = other.body if isinstance(other, Extremum) else S.Zero
    outside = [end for end in (problem.lo, problem.hi) if end not in INFINITE]
    outside += [] if other is None or isinstance(other, Extremum) else [other]
    found = [needed(problem.body, theirs, problem.inner.given, (*names, problem.x))]
    found += [needed(t, S.Zero, problem.context.given, names) for t in outside]
    conditions: list[Condition] = []
    for one in found:
        if one is None or one.missing:
            first = one.missing[0].why if one is not None else "where a side is defined is not known"
            return Finding(f"what both sides need is not all known: {first}")
        conditions += one.conditions
    if any(problem.x in c.term.free_symbols for c in conditions):
        return Finding("that the function is defined on all of the interval is not known")
    shown = [Condition(generic.meant(c.term), c.over) for c in conditions]
    if not all(map(generic.thin, (c.term for c in shown))):
        return Finding("a term must not be 0, which does not follow")
    for part in generic.parts:
        needs = needs_of(part, assumptions.ring(frozenset()))
        if needs.missing:
            return Finding(f"what both sides need is not all known: {needs.missing[0].why}")
        shown += needs.conditions
    return Finding(None, tuple(dict.fromkeys(shown)), _notes(problem, term, generic))


def _notes(problem: _Problem, term: Extremum, generic: Generic) -> tuple[Note, ...]:
    """The derivatives, for `explain`."""
    x = problem.x
    slope = derivative(times(Rational(term.SIGN), problem.body), x)
    second = None if slope is None else derivative(slope, x)
    found = [(slope, "the derivative"), (second, "the second derivative")]
    shown = [(generic.meant(substitute(t, {x: term.variable})), words) for t, words in found if t is not None]
    return tuple(Note("found", one, f"{words} in {term.variable}") for one, words in shown)
