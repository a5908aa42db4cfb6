"""Where the value of a term lies, by interval arithmetic over what is known of its symbols.

Promise: `Knowledge.region(term)` holds the value of the term at every point that the domains and the givens allow and
where the term is defined. Nothing is cancelled: x - x lies anywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import sympy as sp
from flint import arb, fmpq
from sympy import Add, Basic, Expr, Integer, Mul, NumberSymbol, Pow, Rational, S, Symbol
from sympy.core.relational import Eq, Ge, Gt, Le, Lt, Relational
from sympy.logic.boolalg import Not

from derive.core.scalar.differentiate import plus, times
from derive.core.scalar.images import HEADS
from derive.core.scalar.ranges import ALL, NIL, NONNEGATIVE, POSITIVE, Range, both, closed, hull, number
from derive.core.scalar.regions import ANYTHING, REAL, Region, real, union
from derive.core.scalar.waves import UNIT
from derive.core.terms import Domain, Entry, Index, Integral, Limit, Product, Scalar, Sum, domain_of, substitute

__all__ = ["Knowledge", "meet"]

CONSTANTS: dict[Expr, Callable[[], arb]] = {
    S.Pi: arb.pi, S.Exp1: arb.const_e, S.EulerGamma: arb.const_euler, S.Catalan: arb.const_catalan,
    S.GoldenRatio: lambda: (1 + arb(5).sqrt()) / 2,
}
OPPOSITE: dict[type, type] = {Gt: Le, Ge: Lt, Lt: Ge, Le: Gt}

HIGHEST = 1000
"""Greater whole exponents are not worked out."""

MOST_HALVINGS = 6

MARK = "\N{DEGREE SIGN}"
"""What is bound gets a name of its own, about which nothing is given."""


def meet(a: Region, b: Region) -> Region:
    """What is in both."""
    im = a.im if a.real else b.im if b.real else both(a.im, b.im)
    return Region(both(a.re, b.re), im, both(a.size, b.size), a.off or b.off)


@dataclass(eq=False)
class Knowledge:
    """What the comparisons among the givens say of single terms, and what follows from that."""

    table: dict[Basic, Region] = field(default_factory=dict)
    memo: dict[Basic, Region] = field(default_factory=dict)
    ask: Callable[[Expr], int | None] = field(default=lambda _: None)
    asked: set[Expr] = field(default_factory=set)

    @classmethod
    def of(cls, given: Iterable[Basic], cuts: Iterable[Expr] = ()) -> Knowledge:
        """From comparisons, and terms off the cut; a second pass uses what the first has found of their other sides."""
        found = cls({cut: Region(off=True) for cut in cuts})
        comparisons = [c for g in given if (c := found._comparison(g)) is not None]
        for _ in range(2):
            for comparison in comparisons:
                found._learn(comparison)
            found.memo.clear()
        return found

    def but(self, values: Mapping[Basic, Region]) -> Knowledge:
        """The same, with more known of some terms."""
        table = dict(self.table)
        for term, region in values.items():
            table[term] = meet(table.get(term, ANYTHING), region)
        return Knowledge(table)

    def _comparison(self, given: Basic) -> Relational | None:
        """The given as a comparison; the opposite of one where both sides are real."""
        if isinstance(given, (Eq, Gt, Ge, Lt, Le)):
            return given
        inner = given.args[0] if isinstance(given, Not) else None
        if isinstance(inner, (Gt, Ge, Lt, Le)) and all(self.region(side).real for side in inner.args):
            return OPPOSITE[type(inner)](*inner.args, evaluate=False)
        return None

    def _learn(self, comparison: Relational) -> None:
        up = isinstance(comparison, (Gt, Ge))
        left, right = comparison.args if up else reversed(comparison.args)
        if isinstance(comparison, Eq):
            self._narrow(left, self.region(right))
            self._narrow(right, self.region(left))
            return
        strict = isinstance(comparison, (Gt, Lt))
        above, below = self.region(left).re.hi, self.region(right).re.lo
        self._narrow(left, Region(Range(below if below is None else below.with_open(strict or below.open), None)))
        self._narrow(right, Region(Range(None, above if above is None else above.with_open(strict or above.open))))

    def _narrow(self, term: Expr, region: Region) -> None:
        """Put down what is known of a term, and of what it is a part or the size of."""
        if isinstance(term, Rational):
            return
        if isinstance(term, (sp.re, sp.im, sp.Abs)):
            parts = {sp.re: Region(region.re), sp.im: Region(ALL, region.re), sp.Abs: Region(size=region.re)}
            self._put(term.args[0], parts[type(term)])
        self._put(term, region)

    def _put(self, term: Expr, region: Region) -> None:
        self.table[term] = meet(self.table.get(term, ANYTHING), region)
        self.memo.clear()

    # ------------------------------------------------------------ terms

    def region(self, term: Basic) -> Region:
        """Where the value lies."""
        found = self.memo.get(term)
        if found is None:
            found = self._region(term)
            if term in self.table:
                found = meet(found, self.table[term]).fitted()
            self.memo[term] = found
        return found

    def _region(self, term: Basic) -> Region:
        match term:
            case Rational():
                return real(number(fmpq(int(term.p), int(term.q))))
            case NumberSymbol():
                return real(closed(CONSTANTS[term](), term)) if term in CONSTANTS else REAL
            case S.ImaginaryUnit:
                return Region(number(0), number(1))
            case Index():
                return real(self._between(term.lo, term.hi))
            case Symbol():
                return _domain(domain_of(term))
            case Add():
                return self._sum(term)
            case Mul():
                return self._product(term)
            case Pow():
                return self._power(*term.args)
            case Sum() | Product():
                return self._over(term)
            case Integral():
                return self._integral(term)
            case Limit():
                return self._limit(term)
            case Entry():
                return REAL
            case sp.Piecewise():
                return union([self.region(body) for body, _ in term.args])
            case sp.log() | sp.gamma() | sp.loggamma() | sp.digamma():
                return HEADS[type(term)](*map(self._signed, term.args))
            case sp.factorial():
                return HEADS[sp.gamma](self._signed(plus(term.args[0], S.One)))
            case sp.binomial():
                return self._binomial(*term.args)
            case sp.chebyshevt() | sp.legendre():
                return self._polynomial(*term.args)
        head = HEADS.get(type(term))
        return ANYTHING if head is None else head(*map(self.region, term.args))

    def _signed(self, term: Expr) -> Region:
        """The same where the sign matters: what is not seen by intervals is asked for."""
        found = self.region(term)
        if not found.real or found.re.nonnegative or found.re.negative or term in self.asked:
            return found
        self.asked.add(term)
        sign = self.ask(term)
        self.asked.discard(term)
        if sign is not None:
            found = self.memo[term] = meet(found, Region(POSITIVE if sign else NONNEGATIVE))
        return found

    def positive_in_pieces(self, term: Expr, x: Symbol) -> bool:
        """Whether a term is > 0 on each of the pieces of the compact interval of x."""
        values = self.region(x)
        if not values.real or values.re.lo is None or values.re.hi is None or domain_of(x).field == "integer":
            return False
        return self._pieces(term, x, values.re, MOST_HALVINGS)

    def _pieces(self, term: Expr, x: Symbol, values: Range, depth: int) -> bool:
        table = {key: region for key, region in self.table.items() if x not in key.free_symbols}
        found = Knowledge(table | {x: real(values)}).region(term)
        if found.real and found.re.positive:
            return True
        if depth == 0 or values.lo is None or values.hi is None or not found.real or found.re.nonpositive:
            return False
        middle = closed(((values.lo.ball + values.hi.ball) / 2).mid())
        halves = Range(values.lo, middle.hi), Range(middle.lo, values.hi)
        return all(self._pieces(term, x, half, depth - 1) for half in halves)

    def _between(self, lo: Expr, hi: Expr) -> Range:
        low = None if lo is S.NegativeInfinity else self.region(lo).re.lo
        return Range(low, None if hi is S.Infinity else self.region(hi).re.hi)

    def _sum(self, term: Add) -> Region:
        total = self.region(term.args[0])
        for arg in term.args[1:]:
            total = total + self.region(arg)
        return total

    def _product(self, term: Mul) -> Region:
        """Equal factors are taken together, and a number with its conjugate."""
        counts = Counter(term.args)
        total = real(number(1))
        for factor in list(counts):
            mirror = factor.args[0] if isinstance(factor, sp.conjugate) else None
            while mirror is not None and counts[mirror] > 0 and counts[factor] > 0:
                counts[mirror] -= 1
                counts[factor] -= 1
                total = total * real(self.region(mirror).mod.whole_power(2))
        for factor, count in counts.items():
            if count:
                total = total * self.region(factor).whole_power(count)
        return total

    def _power(self, base: Expr, exponent: Expr) -> Region:
        up = self.region(exponent)
        if base is S.Exp1:
            return up.exponential()
        if isinstance(exponent, Integer) and abs(int(exponent)) <= HIGHEST:
            return self.region(base).whole_power(int(exponent))
        below = self._signed(base)
        if isinstance(exponent, Rational) and abs(exponent) <= HIGHEST:
            return self._root(below, exponent)
        found = (up * below.logarithm()).exponential()
        if below.real and up.real and (below.re.nonnegative or self.whole(exponent)):
            found = real(both(found.re, POSITIVE) if below.re.positive else found.re)
        if below.nonzero:
            return found
        return union([found, real(Range(number(0).lo, number(1).hi))])

    @staticmethod
    def _root(base: Region, e: Rational) -> Region:
        if base.real and base.re.nonnegative:
            return real(base.re.real_power(e))
        whole = int(e) if e > 0 else -int(-e)
        return base.whole_power(whole) * base.root_power(e - whole) if whole else base.root_power(e)

    def _binomial(self, n: Expr, k: Expr) -> Region:
        """Real at reals; > 0 where 0 <= k <= n, and >= 0 for integers k and n >= 0."""
        above, below = self.region(n), self.region(k)
        if not (above.real and below.real):
            return ANYTHING
        if below.re.nonnegative and self._signed(plus(n, times(S.NegativeOne, k))).re.nonnegative:
            return real(POSITIVE)
        return real(NONNEGATIVE if above.re.nonnegative and self.whole(n) and self.whole(k) else ALL)

    def _polynomial(self, n: Expr, x: Expr) -> Region:
        """T and P of an integer order are real at reals, and between -1 and 1 where x is."""
        at = self.region(x)
        if not at.real or not self.whole(n):
            return ANYTHING
        small = (number(1) - at.re).nonnegative and (number(1) + at.re).nonnegative
        return real(UNIT if small else ALL)

    def _over(self, term: Sum | Product) -> Region:
        """A sum or product of numbers of one sign."""
        body = term.bodies[0]
        finite = not any(end in {S.Infinity, S.NegativeInfinity} for limit in term.limits for end in limit[1:])
        filled = all(self._ordered(lo, hi) == 1 for _, lo, hi in term.limits)
        for index, lo, hi in term.limits:
            body = substitute(body, {index: Index(index.name + MARK, lo, hi)})
        inside = self.region(body)
        if not inside.real:
            return ANYTHING
        if isinstance(term, Product):
            return real(POSITIVE if inside.re.positive and finite else NONNEGATIVE if inside.re.nonnegative else ALL)
        if inside.re.nonnegative:
            return real(POSITIVE if inside.re.positive and filled else NONNEGATIVE)
        return real(-NONNEGATIVE if inside.re.nonpositive else ALL)

    def _integral(self, term: Integral) -> Region:
        """An integral of real numbers over a real segment; of one sign where the integrand is."""
        (lo, hi), one_way = term.ends, self._ordered(*term.ends)
        span = self._span(lo, hi) if one_way == 1 else self._span(hi, lo) if one_way == -1 else ALL
        inside = self._bound(term, term.variable, span)
        if inside is None or not inside.real or not all(self._real_end(end) for end in term.ends):
            return ANYTHING
        values = inside.re if one_way == 1 else -inside.re
        return _of_sign(values, strict=self._ordered(*term.ends, strict=True) != 0) if one_way else REAL

    def _ordered(self, lo: Expr, hi: Expr, *, strict: bool = False) -> int:
        """1 where lo <= hi is known, -1 where hi <= lo is, else 0; where `strict`, with < in place of <=."""
        if lo is S.NegativeInfinity or hi is S.Infinity:
            return 1
        if hi is S.NegativeInfinity or lo is S.Infinity:
            return -1
        width = self._signed(plus(hi, times(S.NegativeOne, lo)))
        if not width.real:
            return 0
        up, down = width.re, -width.re
        return int(up.positive if strict else up.nonnegative) - int(down.positive if strict else down.nonnegative)

    def _real_end(self, end: Expr) -> bool:
        return end in {S.Infinity, S.NegativeInfinity} or self.region(end).real

    def _span(self, lo: Expr, hi: Expr) -> Range:
        """What lies strictly between two ends."""
        return _opened(self._between(lo, hi))

    def _limit(self, term: Limit) -> Region:
        """A limit of real numbers is real, and not on the other side of 0."""
        near = ALL
        if term.point is S.Infinity:
            near = Range(closed(arb(10) ** 9).lo, None)
        elif term.point is S.NegativeInfinity:
            near = Range(None, closed(-arb(10) ** 9).lo)
        elif self.region(term.point).real:
            at, reach = self.region(term.point).re, Range(NIL.lo, closed(arb(1) / 1000).hi)
            up = at + _opened(reach)
            down = at - _opened(reach)
            near = up if term.direction == 1 else down if term.direction == -1 else hull([down, up])
        inside = self._bound(term, term.variable, near)
        if inside is None or not inside.real:
            return ANYTHING
        return _of_sign(inside.re, strict=False)

    def _bound(self, term: Integral | Limit, x: Symbol, values: Range) -> Region | None:
        """The body where its real variable is in a range."""
        if domain_of(x).field == "complex":
            return None
        fresh = Scalar(x.name + MARK, Domain("real"))
        while fresh in self.table:
            fresh = fresh.renamed(fresh.name + MARK)
        return self.but({fresh: Region(values)}).region(substitute(term.body, {x: fresh}))

    def whole(self, term: Expr) -> bool:
        """Known to be an integer, by its shape."""
        match term:
            case Integer() | sp.floor() | sp.ceiling() | Index():
                return True
            case Symbol():
                return domain_of(term).field == "integer"
            case Add() | Mul() | sp.Max() | sp.Min() | sp.Abs():
                return all(map(self.whole, term.args))
            case Pow():
                whole = all(map(self.whole, term.args))
                return whole and (self.region(term.exp).re.nonnegative or term.base in {S.One, S.NegativeOne})
            case sp.factorial():
                return self.whole(term.args[0])
            case sp.binomial() | sp.Mod():
                return all(map(self.whole, term.args))
        return False


def _of_sign(values: Range, *, strict: bool) -> Region:
    """What has the sign of these values; where `strict`, the sign > 0 or < 0 too."""
    if values.nonnegative:
        return real(POSITIVE if strict and values.positive else NONNEGATIVE)
    if values.nonpositive:
        return real(-POSITIVE if strict and values.negative else -NONNEGATIVE)
    return REAL


def _opened(values: Range) -> Range:
    return Range(*(None if e is None else e.with_open(True) for e in (values.lo, values.hi)))


def _domain(domain: Domain) -> Region:
    if domain.field == "complex":
        return Region(size=POSITIVE) if domain.nonzero else ANYTHING
    lo, hi = (None if end is None else number(fmpq(int(end.p), int(end.q))) for end in (domain.lo, domain.hi))
    low = None if lo is None or lo.lo is None else lo.lo.with_open(domain.lo_open)
    high = None if hi is None or hi.hi is None else hi.hi.with_open(domain.hi_open)
    values = Range(low, high)
    if domain.nonzero and values.nonnegative:
        values = both(values, POSITIVE)
    if domain.nonzero and values.nonpositive:
        values = -both(-values, POSITIVE)
    return Region(values, number(0), POSITIVE if domain.nonzero else Range(number(0).lo, None))
