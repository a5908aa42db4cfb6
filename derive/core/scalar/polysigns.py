"""Signs of normal forms: factors, one variable exactly, quadratics, multiples of what is given.

Promise: `Signs.least` is 1 only where the polynomial is > 0, and 0 or 1 only where it is real and >= 0, at every point
that the domains and the givens allow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from flint import arb, fmpq, fmpq_poly, fmpz_poly
from sympy import Expr, Integer, Rational, S, Symbol

from derive.core.errors import BudgetError
from derive.core.facts import Facts
from derive.core.normal.atoms import ONE, Atom, Exponent, Mono, Poly, atom_poly, constant, merge
from derive.core.normal.factoring import factors
from derive.core.normal.ring import Ring
from derive.core.normal.show import show
from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.ranges import CAPS, End, Range, is_nil
from derive.core.scalar.signs import Knowledge

__all__ = ["Signs"]

DEEPEST = 2
"""How often a sign may rest on the sign of another polynomial."""

MOST_TERMS = 40
HIGHEST = 24


@dataclass(frozen=True, eq=False)
class Signs:
    """Signs of polynomials under some facts; `known` knows the single terms."""

    facts: Facts
    names: dict[str, Symbol]
    known: Knowledge
    memo: dict[str, tuple[int, int | None]] = field(default_factory=dict)

    def least(self, poly: Poly, depth: int = DEEPEST) -> int | None:
        """1 where the value is > 0, 0 where it is >= 0, None where neither is known."""
        tried = self.memo.get(poly.key)
        if tried is not None and (tried[0] >= depth or tried[1] == 1):
            return tried[1]
        self.memo[poly.key] = (depth, None)
        found = self._least(poly, depth)
        self.memo[poly.key] = (depth, found)
        return found

    def _least(self, poly: Poly, depth: int) -> int | None:
        best = self._directly(poly)
        if best == 1 or len(poly.terms) > MOST_TERMS or poly.constant is not None:
            return best
        ways = (self._by_factors, self._in_one, self._quadratic, self._concave, self._by_givens, self._circular)
        for way in ways:
            found = way(poly, depth)
            if found is not None:
                best = found if best is None else max(best, found)
            if best == 1:
                return 1
        return best

    def _directly(self, poly: Poly) -> int | None:
        """By the facts, or by interval arithmetic."""
        bounds = self.facts.bounds(poly)
        if bounds is not None and bounds.positive:
            return 1
        region = self.known.region(self.term(poly))
        if region.real and region.re.positive:
            return 1
        weak = (bounds is not None and bounds.nonnegative) or (region.real and region.re.nonnegative)
        return 0 if weak else None

    def term(self, poly: Poly) -> Expr:
        """The term of a polynomial."""
        return show(poly, self.names)

    def range_of(self, atom: Atom) -> Range | None:
        """Where an atom lies, if it is real."""
        region = self.known.region(self.term(atom_poly(atom)))
        return region.re if region.real else None

    def real(self, poly: Poly) -> bool:
        """Known to be real."""
        return self.facts.real(poly) or self.known.region(self.term(poly)).real

    def times_i(self, poly: Poly) -> Poly | None:
        """The product with i."""
        return self._product(poly, atom_poly(Atom("I")))

    # ------------------------------------------------------------ ways

    def _by_factors(self, poly: Poly, depth: int) -> int | None:
        """The product of the signs of irreducible factors."""
        found = factors(poly)
        if found is None or any(part in (poly, -poly) for part, _ in found):
            return None
        total, flips = 1, 0
        for part, e in found:
            here = self._factor(part, e, depth)
            if here is None:
                return None
            size, down = here
            total, flips = min(total, size), flips + down
        return total if flips % 2 == 0 else None

    def _factor(self, part: Poly, e: int, depth: int) -> tuple[int, int] | None:
        """(1 or 0, whether negative) of a factor's power."""
        up = self.least(part, depth)
        down = None if up == 1 else self.least(-part, depth)
        strict = e < 0 or 1 in {up, down} or self.facts.not_zero(part)
        if e % 2 == 0:
            return (int(strict), 0) if self.real(part) else None
        if up is None and down is None:
            return None
        return int(strict), int(up is None)

    def _in_one(self, poly: Poly, _depth: int) -> int | None:
        """A polynomial in one atom, on the range of that atom: by its real roots, exactly."""
        atoms = {a for mono in poly.terms for a, _ in mono}
        if len(atoms) != 1:
            return None
        (atom,) = atoms
        exponents = {mono[0][1] if mono else 0: c for mono, c in poly.terms.items()}
        values = self.range_of(atom)
        if values is None:
            return None
        root = lcm(*(Fraction(e).denominator for e in exponents))
        if root > 1 or min(exponents) < 0:
            if not values.nonnegative:
                return None
            values = values.real_power(Rational(1, root))
        shift = min(0, *exponents)
        whole = {int((e - shift) * root): c for e, c in exponents.items()}
        if max(whole) > HIGHEST:
            return None
        return positive_on(fmpq_poly([whole.get(k, fmpq(0)) for k in range(max(whole) + 1)]), values)

    def _quadratic(self, poly: Poly, depth: int) -> int | None:
        """a t^2 + b t + c with a >= 0, c >= 0 and b^2 <= 4 a c is >= 0; a > 0 and b^2 < 4 a c make it > 0."""
        if depth <= 0:
            return None
        best = None
        for atom, parts in self._powers(poly, 2):
            a, b, c = parts
            if a.is_zero or self.range_of(atom) is None:
                continue
            lead = self.least(a, depth - 1)
            if lead is None:
                continue
            gap = self._product(a, c)
            square = self._product(b, b)
            if gap is None or square is None:
                continue
            found = self.least(gap.scale(fmpq(4)) - square, depth - 1)
            if found is None or not self.real(b) or (lead == 0 and self.least(c, depth - 1) is None):
                continue
            best = 1 if lead == 1 and found == 1 else best or 0
            if best == 1:
                return 1
        return best

    def _concave(self, poly: Poly, depth: int) -> int | None:
        """a t^2 + b t + c with a <= 0 is at least the smaller of its values at the ends of an interval for t."""
        if depth <= 0:
            return None
        for atom, (a, b, c) in self._powers(poly, 2):
            if atom.kind not in {"s", "i"} or not self.real(b) or (not a.is_zero and self.least(-a, depth - 1) is None):
                continue
            for low, strict_low in self._ends(atom, 1):
                at_low = self._at(a, b, c, low, depth)
                if at_low is None:
                    continue
                for high, strict_high in self._ends(atom, -1):
                    at_high = self._at(a, b, c, high, depth)
                    if at_high is None:
                        continue
                    bent = not a.is_zero and self.least(-a, depth - 1) == 1 and strict_low and strict_high
                    above = (at_low and strict_high) or (at_high and strict_low) or (at_low and at_high)
                    return 1 if bent or above else 0
        return None

    def _at(self, a: Poly, b: Poly, c: Poly, t: Poly, depth: int) -> int | None:
        linear = self._product(a, t)
        value = None if linear is None else self._product(linear + b, t)
        return None if value is None else self.least(value + c, depth - 1)

    def _ends(self, atom: Atom, side: int) -> Iterator[tuple[Poly, bool]]:
        """The lower (side 1) or upper (side -1) bounds of a symbol or an index, and whether they are strict."""
        if atom.kind == "i":
            yield from ((end, False) for end in (atom.args[:1] if side > 0 else atom.args[1:]))
        for known, strict in self.facts.above:
            c = known.terms.get(((atom, 1),))
            if c is None or c * side < 0:
                continue
            rest = known - Poly({((atom, 1),): c})
            if all(atom != other for other in rest.all_atoms()):
                yield rest.scale(-1 / c), strict
        domain = self.facts.domains.get(atom.name)
        end = None if domain is None else domain.lo if side > 0 else domain.hi
        if domain is not None and end is not None:
            strict = domain.lo_open if side > 0 else domain.hi_open
            yield constant(fmpq(int(end.p), int(end.q))), strict or (domain.nonzero and end == 0)

    def _powers(self, poly: Poly, degree: int) -> Iterator[tuple[Atom, tuple[Poly, ...]]]:
        """Each atom in which this is a polynomial of at most that degree, with the coefficients from the highest."""
        for atom in dict.fromkeys(poly.atoms()):
            parts: list[dict[Mono, fmpq]] = [{} for _ in range(degree + 1)]
            for mono, c in poly.terms.items():
                e = dict(mono).get(atom, 0)
                if not isinstance(e, int) or not 0 <= e <= degree:
                    break
                parts[degree - e][tuple(f for f in mono if f[0] != atom)] = c
            else:
                found = tuple(map(Poly, parts))
                if all(atom != other for part in found for other in part.all_atoms()):
                    yield atom, found

    def _by_givens(self, poly: Poly, depth: int) -> int | None:
        """r*g + h with g >= 0 given, r >= 0 and h >= 0."""
        if depth <= 0:
            return None
        best = None
        for given, strict in (*self.facts.above, *_of_whole_parts(poly)):
            for multiple, firm in self._multiples(given, poly):
                rest = self.least(poly - multiple, depth - 1)
                if rest is not None:
                    best = max(best or 0, int(rest == 1 or (strict and firm)))
                if best == 1:
                    return 1
        return best

    def _multiples(self, given: Poly, poly: Poly) -> Iterator[tuple[Poly, bool]]:
        """Products of a given with a known factor >= 0 that take a term off the polynomial, and whether it is > 0."""
        for mono, c in given.terms.items():
            if not mono:
                continue
            down = tuple((a, -e) for a, e in mono)
            for target, d in poly.terms.items():
                factor = merge(target, down)
                if any(e < 0 for _, e in factor):
                    continue
                scale = Poly({factor: d / c})
                size = self._directly(scale)
                product = None if size is None else self._product(given, scale)
                if product is not None:
                    yield product, size == 1

    def _circular(self, poly: Poly, depth: int) -> int | None:
        """With sin^2 = 1 - cos^2, and the other way round."""
        if depth <= 0:
            return None
        best = None
        for old, new in (("sin", "cos"), ("cos", "sin")):
            other = self._exchanged(poly, old, new)
            if other is not None and other != poly:
                found = self.least(other, depth - 1)
                best = best if found is None else max(best or 0, found)
        return best

    def _exchanged(self, poly: Poly, old: str, new: str) -> Poly | None:
        total = Poly({})
        for mono, c in poly.terms.items():
            part: Poly | None = Poly({(): c})
            for atom, e in mono:
                if (atom.kind, atom.name) == ("f", old) and isinstance(e, int) and e >= 2:
                    square = ONE - atom_poly(Atom("f", new, atom.args), 2)
                    for _ in range(e // 2):
                        part = None if part is None else self._product(part, square)
                    left: Exponent = e % 2
                else:
                    left = e
                if left and part is not None:
                    part = self._product(part, atom_poly(atom, left))
            if part is None:
                return None
            total = total + part
        return total

    def _product(self, a: Poly, b: Poly) -> Poly | None:
        try:
            return Ring(caps=CAPS, facts=self.facts, budget=2_000).mul(a, b)
        except BudgetError:
            return None


def _of_whole_parts(poly: Poly) -> Iterator[tuple[Poly, bool]]:
    """x - 1 < floor(x) <= x, and x <= ceiling(x) < x + 1; for what stands in the polynomial."""
    for atom in dict.fromkeys(poly.atoms()):
        if atom.kind == "f" and atom.name in {"floor", "ceiling"}:
            gap = atom.args[0] - atom_poly(atom)
            gap = gap if atom.name == "floor" else -gap
            yield gap, False
            yield ONE - gap, True


# ---------------------------------------------------------------- one variable


def positive_on(poly: fmpq_poly, values: Range) -> int | None:
    """1 where a polynomial over the rationals is > 0 on a range, 0 where it is >= 0."""
    inside = _sample(poly, values)
    if inside is None or poly(inside) <= 0:
        return None
    whole = (poly * poly.denom()).numer()
    roots = [(root, part, m) for part, m in whole.factor_squarefree()[1] for root in _real_roots(part)]
    touched = False
    for root, part, multiplicity in roots:
        where = _place(root, part, values, [other for other, _, _ in roots])
        if where == "outside":
            continue
        if where == "inside" and multiplicity % 2:
            return None
        touched = True
    return 0 if touched else 1


def _real_roots(poly: fmpz_poly) -> list[arb]:
    return [root.real for root, _ in poly.complex_roots() if root.imag.contains(0)]


def _place(root: arb, poly: fmpz_poly, values: Range, roots: list[arb]) -> str:
    """Where a root lies: outside the range (an end that is left out counts), at an end, or perhaps inside."""
    for end, low in ((values.lo, True), (values.hi, False)):
        if end is None:
            continue
        if (root < end.ball) if low else (root > end.ball):
            return "outside"
        if not ((root > end.ball) if low else (root < end.ball)):
            alone = sum(end.ball.overlaps(other) for other in roots) == 1
            return ("outside" if end.open else "end") if alone and _is_root(poly, end) else "inside"
    return "inside"


def _is_root(poly: fmpz_poly, end: End) -> bool:
    """Whether an end is a root, exactly."""
    if end.term is None:
        return False
    t = end.term
    terms = [times(Integer(int(c)), power(t, Integer(k)) if k else S.One) for k, c in enumerate(poly.coeffs()) if c]
    return is_nil(plus(*terms))


def _sample(poly: fmpq_poly, values: Range) -> fmpq | None:
    """A rational in the range at which the polynomial is not 0."""
    low = None if values.lo is None else _rational(values.lo.ball.upper())
    high = None if values.hi is None else _rational(values.hi.ball.lower())
    if low is not None and high is not None:
        if low >= high:
            return None
        tries = [low + (high - low) * fmpq(k, 97) for k in range(1, 97)]
    elif low is not None:
        tries = [low + k for k in range(1, 97)]
    elif high is not None:
        tries = [high - k for k in range(1, 97)]
    else:
        tries = [fmpq(k) for k in range(97)]
    return next((t for t in tries if poly(t) != 0), None)


def _rational(ball: arb) -> fmpq:
    mantissa, exponent = ball.mid().man_exp()
    return fmpq(mantissa) * fmpq(2) ** int(exponent)
