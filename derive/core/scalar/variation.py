"""How a function of one real variable changes its sign, by the sign of its derivative.

Promise: `variation(term, stretch)` is a pattern of signs that the term has, in this order, on the open stretch, for all
values that the context allows the other symbols; a stretch of a pattern may be empty, and between two of them, and
where a sign is not strict, the term may be 0. It rests on: the signs that the context knows; the exact roots of
polynomials; and that a function with a derivative of one sign is monotone, so that its sign follows from the ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import sympy as sp
from flint import arb, fmpq
from sympy import Expr, Integer, Rational, S, Symbol
from sympy.core.relational import Ge, Le

from derive.core.normal.atoms import Atom, Exponent, Mono, Poly
from derive.core.normal.show import show
from derive.core.scalar.analytic import analytic_at, continuous, smooth
from derive.core.scalar.balls import below, enclose, sign_of
from derive.core.scalar.boxes import covered, fraction, over
from derive.core.scalar.constants import constants_equal
from derive.core.scalar.context import CAPS, Context
from derive.core.scalar.differentiate import derivative, plus, power, times
from derive.core.scalar.limits import limit
from derive.core.scalar.parts import minus
from derive.core.scalar.patterns import LONGEST, POSITIVE, ZERO, Pattern, from_slope, multiplied
from derive.core.scalar.polynomials import roots_between, sign_of_product, signed_factors, univariate
from derive.core.scalar.shapes import additive, exponential_parts, linear_coefficient, plain, without_squares
from derive.core.scalar.zero import equal
from derive.core.terms import substitute

__all__ = ["Stretch", "variation"]

DEEPEST = 6
MOST_NODES = 30
MOST_TERMS = 60
MOST_KNOWN = 10
MOST_DENOMINATORS = 8
HALVINGS = 24
STEPS = 16

PLACES = (
    S.Zero, S.One, S.NegativeOne, S.Half, -S.Half, Integer(2), Integer(-2), sp.pi / 4, sp.pi / 2, Integer(4), sp.pi,
)
GRID = tuple(s * Rational(2) ** k for k in range(-8, 9) for s in (1, -1))
"""Places that are tried for turns, and to enclose them."""

INFINITE = frozenset({S.Infinity, S.NegativeInfinity})


@dataclass(frozen=True)
class Stretch:
    """x runs from lo to hi, which the context knows; the ends are left out."""

    x: Symbol
    lo: Expr
    hi: Expr
    context: Context

    @classmethod
    def between(cls, x: Symbol, lo: Expr, hi: Expr, context: Context) -> Stretch:
        """A stretch, told to the context."""
        return cls(x, lo, hi, context.within(x, lo, hi))


def variation(term: Expr, stretch: Stretch) -> Pattern | None:
    """The pattern of a term on a stretch, or None."""
    return _Search(stretch).pattern(plain(term), DEEPEST)


@dataclass
class _Search:
    """One search, with its budget."""

    stretch: Stretch
    nodes: int = 0
    seen: dict[str, tuple[Pattern | None, int]] = field(default_factory=dict)

    @property
    def context(self) -> Context:
        return self.stretch.context

    # ------------------------------------------------------------ factors

    def pattern(self, term: Expr, depth: int) -> Pattern | None:
        """The pattern of a product, from its factors."""
        poly = self.context.poly(term)
        if poly is None:
            return self._known(term) or (self._by_slope(term, None, depth) if depth else None)
        poly = without_squares(poly)
        if poly.is_zero:
            return ZERO
        names = self.context.assumptions(term).names
        clear, sign = self._cleared(poly, names)
        found = self._of_factors(clear, sign, names, depth)
        if found is None and clear != poly and depth and any(e != int(e) for m in clear.terms for _, e in m):
            return self._by_slope(show(poly, names), None, depth)
        return found

    def _of_factors(self, poly: Poly, total: Pattern, names: dict[str, Symbol], depth: int) -> Pattern | None:
        """The pattern of a polynomial over atoms, times another."""
        if poly.is_zero:
            return ZERO
        if len(poly.terms) > MOST_TERMS:
            return None
        for factor, e in signed_factors(poly):
            one = self._factor(factor, e, names, depth)
            if one is None:
                return None
            found = multiplied(total, one)
            if found is None:
                return None
            total = found
        return total

    def _cleared(self, poly: Poly, names: dict[str, Symbol]) -> tuple[Poly, Pattern]:
        """The polynomial times what stands below its lines, where the sign of that is known, and that sign."""
        sign = POSITIVE
        ring = self.context.assumptions(*names.values()).ring(CAPS)
        for _ in range(MOST_DENOMINATORS):
            least: dict[Atom, Exponent] = {}
            for mono in poly.terms:
                for atom, e in mono:
                    least[atom] = min(least.get(atom, 0), e)
            found = next((p for p in sorted(least.items(), key=lambda p: p[0].key)
                          if p[1] < 0 and p[0].kind == "b" and len(poly.terms) > 1), None)
            if found is None:
                break
            atom, e = found
            known = self._known(show(atom.args[0], names))
            if known is None or not known.strict or (known != POSITIVE and e != int(e)):
                break
            if known != POSITIVE and int(e) % 2:
                sign = sign.flipped()
            poly = ring.mul(poly, Poly({((atom, -e),): fmpq(1)}))
        return poly, sign

    def _factor(self, poly: Poly, e: Rational, names: dict[str, Symbol], depth: int) -> Pattern | None:
        """The pattern of factor^e."""
        value = poly.constant
        if value is not None:
            return POSITIVE if value > 0 else ZERO if value == 0 else POSITIVE.flipped()
        term = show(poly, names)
        if e.q != 1:
            return POSITIVE if self.context.positive(term) else None
        if e % 2 == 0:
            if not self.context.real(term):
                return None
            return POSITIVE if self.context.nonzero(term) else Pattern((1,))
        found, looked = self.seen.get(poly.key, (None, -1))
        if found is None and looked < depth:
            found = self._known(term) if len(poly.terms) <= MOST_KNOWN else None
            found = found or self._by_groups(poly, names) or self._by_roots(poly) or self._by_wave(poly, names)
            found = found or self._by_boxes(term)
            found = found or (self._by_slope(term, poly, depth) if depth else None)
            self.seen[poly.key] = (found, depth)
        return found

    def _known(self, term: Expr) -> Pattern | None:
        """What the context knows."""
        context = self.context
        if context.positive(term):
            return POSITIVE
        if context.negative(term):
            return POSITIVE.flipped()
        if context.nonnegative(term):
            return Pattern((1,), thin=self._thin(term))
        if context.nonnegative(minus(term)):
            return Pattern((-1,), thin=self._thin(term))
        return None

    def _by_groups(self, poly: Poly, names: dict[str, Symbol]) -> Pattern | None:
        """A sum of roots with coefficients of one sign."""
        groups: dict[Mono, dict[Mono, fmpq]] = {}
        for mono, c in poly.terms.items():
            roots = tuple(f for f in mono if f[0].kind == "b")
            groups.setdefault(roots, {})[tuple(f for f in mono if f not in roots)] = c
        if len(groups) < 2:
            return None
        signs = [sign_of_product(show(Poly(rest), names), self.context) for rest in groups.values()]
        roots_known = all(self.context.positive(show(Poly({m: fmpq(1)}), names)) for m in groups if m)
        if None in signs or not roots_known or len({s[0] for s in signs if s}) != 1:
            return None
        strict = any(s[1] for s in signs if s)
        return Pattern((signs[0][0],), (), strict=strict, thin=strict) if signs[0] else None

    def _thin(self, term: Expr) -> bool:
        """Known to be 0 on no stretch: analytic, and not 0 somewhere."""
        x = self.stretch.x
        places = (p for p in PLACES if self._inside(p))
        return term.free_symbols == {x} and smooth(term, x, self.context) and any(
            sign_of(substitute(term, {x: p})) is not None for p in places)

    def _inside(self, place: Expr) -> bool:
        lo, hi = self.stretch.lo, self.stretch.hi
        if lo.free_symbols | hi.free_symbols:
            return False
        return (lo in INFINITE or below(lo, place)) and (hi in INFINITE or below(place, hi))

    def _by_roots(self, poly: Poly) -> Pattern | None:
        """A polynomial in x, by its exact roots."""
        found = univariate(poly, self.stretch.x)
        ends = [fraction(end) for end in (self.stretch.lo, self.stretch.hi)]
        if found is None or any(end is None and e not in INFINITE
                                for end, e in zip(ends, (self.stretch.lo, self.stretch.hi), strict=True)):
            return None
        roots = roots_between(found, ends[0], ends[1])
        if roots is None:
            return None
        odd = [r for r in roots if r.multiplicity % 2]
        last = 1 if found[found.degree()] > 0 else -1
        beyond = roots_between(found, ends[1], None) if ends[1] is not None else []
        if beyond is None:
            return None
        at_end = ends[1] is not None and found(fmpq(ends[1].numerator, ends[1].denominator)) == 0
        if at_end:
            return None
        last *= (-1) ** sum(r.multiplicity for r in beyond)
        signs = tuple(last * (-1) ** (len(odd) - k) for k in range(len(odd) + 1))
        return Pattern(signs, tuple(r.exact for r in odd), strict=len(odd) == len(roots), thin=True)

    def _by_wave(self, poly: Poly, names: dict[str, Symbol]) -> Pattern | None:
        """sin or cos of a term that is affine in x with constant coefficients, by its zeros."""
        atom, x = poly.atom, self.stretch.x
        if atom is None or atom.kind != "f" or atom.name not in {"sin", "cos"}:
            return None
        inner = show(atom.args[0], names)
        slope = derivative(inner, x)
        ends = (self.stretch.lo, self.stretch.hi)
        if slope is None or slope.free_symbols or inner.free_symbols != {x} or INFINITE & set(ends):
            return None
        angles = [a for end in ends if (a := enclose(substitute(inner, {x: end}))) is not None and a.imag.is_zero()]
        if len(angles) != len(ends):
            return None
        first, last = sorted(int((angle.real / arb.pi()).mid().floor().unique_fmpz()) for angle in angles)
        if last - first > LONGEST:
            return None
        start = substitute(inner, {x: S.Zero})
        shift = S.Zero if atom.name == "sin" else S.Half
        turns = [plus(Integer(k), shift) for k in range(first - 1, last + 2)]
        zeros = [times(plus(times(k, sp.pi), minus(start)), power(slope, S.NegativeOne)) for k in turns]
        inside = [z for z in (zeros if below(S.Zero, slope) else zeros[::-1]) if self._inside(z)]
        if not all(z in inside or self._outside(z) for z in zeros):
            return None
        middles = [times(S.Half, plus(a, b)) for a, b in pairwise([ends[0], *inside, ends[1]])]
        signs = [sign_of(substitute(show(poly, names), {x: middle})) for middle in middles]
        known = tuple(s for s in signs if s is not None)
        return Pattern(known, tuple(inside), strict=True, thin=True) if len(known) == len(signs) else None

    def _outside(self, place: Expr) -> bool:
        """Not strictly inside."""
        lo, hi = self.stretch.lo, self.stretch.hi
        return below(place, lo) or below(hi, place) or constants_equal(place, lo) or constants_equal(place, hi)

    def _by_boxes(self, term: Expr) -> Pattern | None:
        """A function without other symbols on a stretch that is small, by balls that cover it."""
        ends = [fraction(e) for e in (self.stretch.lo, self.stretch.hi)]
        if term.free_symbols != {self.stretch.x} or None in ends:
            return None
        for sign in (1, -1):
            if covered(term, self.stretch.x, ends, sign):
                return POSITIVE if sign == 1 else POSITIVE.flipped()
        return None

    # ------------------------------------------------------------ slopes

    def _by_slope(self, term: Expr, poly: Poly | None, depth: int) -> Pattern | None:
        if self.stretch.x not in term.free_symbols:
            return None
        self.nodes += 1
        if self.nodes > MOST_NODES:
            return None
        for scaled, sign in self._scalings(term, poly, depth):
            found = self._from_slope(scaled, depth)
            if found is not None:
                return found if sign > 0 else found.flipped()
        return None

    def _scalings(self, term: Expr, poly: Poly | None, depth: int) -> Iterator[tuple[Expr, int]]:
        """The term times functions of one strict sign, and that sign; first what frees an addend of its factor."""
        if poly is not None:
            names = self.context.assumptions(term).names
            for atom in additive(poly, self.stretch.x):
                factor = linear_coefficient(poly, atom)
                if factor is None or factor.constant is not None:
                    continue
                coefficient = show(factor, names)
                sign = self.pattern(coefficient, depth - 1)
                if sign is not None and sign.strict and len(sign.signs) == 1:
                    yield times(term, power(coefficient, S.NegativeOne)), sign.signs[0]
        yield term, 1
        if poly is not None:
            for mono in exponential_parts(poly):
                scale = show(Poly({mono: fmpq(1)}), names)
                if self.context.positive(scale):
                    yield times(term, power(scale, S.NegativeOne)), 1

    def _from_slope(self, term: Expr, depth: int) -> Pattern | None:
        x = self.stretch.x
        slope = derivative(term, x)
        if slope is None or not self.context.real(term) or not smooth(term, x, self.context):
            return None
        found = self.pattern(slope, depth - 1)
        if found is None:
            return None
        places: list[Expr | None] = [self.stretch.lo, *found.turns, self.stretch.hi]
        if len(places) == 3 and places[1] is None and found.strict:
            places[1] = self._turn(slope)
        signs = [self._sign_at(term, p, end=k in {0, len(places) - 1}) for k, p in enumerate(places)]
        if found.strict and None in signs[1:-1]:
            near = self._signs_near_turns(term, slope, found.signs)
            signs[1:-1] = [n if s is None else s for s, n in zip(signs[1:-1], near, strict=True)]
        if not found.signs:
            sign = signs[0] if signs[0] is not None else signs[-1]
            return None if sign is None else ZERO if sign == 0 else Pattern((sign,), (), strict=True, thin=True)
        return from_slope(found, signs, places)

    def _turn(self, slope: Expr) -> Expr | None:
        """Where a slope is 0 that is so once only."""
        x, outer = self.stretch.x, self.context.without(self.stretch.x)
        return next((p for p in PLACES if self._inside(p) and _sign(substitute(slope, {x: p}), outer) == 0), None)

    def _signs_near_turns(self, term: Expr, slope: Expr, signs: tuple[int, ...]) -> list[int | None]:
        """The sign of the term all around each place where its slope changes its sign."""
        x = self.stretch.x
        nothing: list[int | None] = [None] * (len(signs) - 1)
        if term.free_symbols != {x}:
            return nothing
        known = [(p, sign_of(substitute(slope, {x: p}))) for p in self._grid()]
        runs: list[tuple[int, list[Rational]]] = []
        for p, sign in known:
            if sign is not None and (not runs or runs[-1][0] != sign):
                runs.append((sign, []))
            if sign is not None:
                runs[-1][1].append(p)
        if tuple(sign for sign, _ in runs) != signs:
            return nothing
        return [self._sign_near(term, slope, a[-1], b[0], sign)
                for (sign, a), (_, b) in pairwise(runs)]

    def _grid(self) -> list[Rational]:
        """Places all over the stretch."""
        ends = [fraction(e) for e in (self.stretch.lo, self.stretch.hi)]
        places = set(GRID)
        if ends[0] is not None and ends[1] is not None:
            step = (ends[1] - ends[0]) / STEPS
            inside = (ends[0] + k * step for k in range(1, STEPS))
            places |= {Rational(f.numerator, f.denominator) for f in inside}
        return sorted(p for p in places if self._inside(p))

    def _sign_near(self, term: Expr, slope: Expr, lo: Rational, hi: Rational, first: int) -> int | None:
        """The sign of the term on a bracket of the change of its slope, which is made narrower until it tells."""
        x = self.stretch.x
        for _ in range(HALVINGS):
            value = over(term, x, fraction(lo), fraction(hi))
            if value is not None and (value > 0 or value < 0):
                return 1 if value > 0 else -1
            middle = (lo + hi) / 2
            sign = sign_of(substitute(slope, {x: middle}))
            if sign is None:
                return None
            lo, hi = (middle, hi) if sign == first else (lo, middle)
        return None

    def _sign_at(self, term: Expr, place: Expr | None, *, end: bool) -> int | None:
        """The sign of the value at a place inside, or of the limit at an end."""
        if place is None:
            return None
        x, outer = self.stretch.x, self.context.without(self.stretch.x)
        if place not in INFINITE and (not end or analytic_at(term, x, place, outer)):
            return _sign(substitute(term, {x: place}), outer)
        if not end:
            return None
        value = limit(term, x, place, 1 if place == self.stretch.lo else -1, outer)
        if value is None:
            return self._by_continuity(term, place, outer)
        return _sign(value, outer)

    def _by_continuity(self, term: Expr, place: Expr, outer: Context) -> int | None:
        """The sign of the value at an end where the term is continuous there, from the side of the stretch."""
        x = self.stretch.x
        if place in INFINITE:
            return None
        low = place == self.stretch.lo
        side = outer.also((Ge if low else Le)(x, place, evaluate=False))
        other = self.stretch.hi if low else self.stretch.lo
        side = side.within(x, S.NegativeInfinity, other) if low else side.within(x, other, S.Infinity)
        return _sign(substitute(term, {x: place}), outer) if continuous(term, x, side) else None


def _sign(value: Expr, context: Context) -> int | None:
    """1, -1 or 0 for a number or an infinity, where that is known."""
    if value in INFINITE:
        return 1 if value is S.Infinity else -1
    if not value.free_symbols:
        if constants_equal(value, S.Zero):
            return 0
        return sign_of(value)
    if equal(value, S.Zero, context):
        return 0
    return 1 if context.positive(value) else -1 if context.negative(value) else None
