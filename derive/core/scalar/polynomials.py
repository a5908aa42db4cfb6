"""Signs of polynomials, exactly.

Promise: `roots_between` is exact: real roots are isolated by python-flint, never taken for what is near. `nonnegative`
answers True only where a term is >= 0 for all values that the context allows: by the signs of the monomials of its
normal form, and by completing squares. `sign_of_product` holds at every point that the context allows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import lcm

from flint import fmpq, fmpq_poly, fmpz_poly
from sympy import Expr, Rational, S, Symbol

from derive.core.normal.atoms import Atom, Mono, Poly, atom_poly, collect, merge
from derive.core.normal.factoring import factors
from derive.core.normal.ring import split_content
from derive.core.normal.show import show
from derive.core.scalar.balls import sign_of
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import times

__all__ = ["Root", "nonnegative", "roots_between", "sign_of_product", "signed_factors", "univariate"]

DEEPEST = 4
MOST_TERMS = 60


# ---------------------------------------------------------------- one variable


@dataclass(frozen=True)
class Root:
    """A real root: between two rationals, or (lo = hi) that rational; and how often."""

    lo: fmpq
    hi: fmpq
    multiplicity: int

    @property
    def exact(self) -> Rational | None:
        """The root where it is rational."""
        return Rational(int(self.lo.p), int(self.lo.q)) if self.lo == self.hi else None


def univariate(poly: Poly, x: Symbol) -> fmpq_poly | None:
    """The polynomial in x with rational coefficients, or None where there is anything else."""
    found: dict[int, fmpq] = {}
    for mono, c in poly.terms.items():
        if not mono:
            found[0] = c
        elif len(mono) == 1 and (mono[0][0].kind, mono[0][0].name) == ("s", x.name) and isinstance(mono[0][1], int):
            if mono[0][1] < 0:
                return None
            found[mono[0][1]] = c
        else:
            return None
    return fmpq_poly([found.get(k, fmpq(0)) for k in range(max(found, default=0) + 1)])


def roots_between(poly: fmpq_poly, lo: Fraction | None, hi: Fraction | None) -> list[Root] | None:
    """The real roots strictly between lo and hi, in order; None where one is not told apart from an end."""
    found: list[Root] = []
    _, parts = fmpz_poly([int(c) for c in poly.numer().coeffs()]).factor()
    for part, multiplicity in parts:
        if part.degree() == 1:
            value = -fmpq(int(part[0]), int(part[1]))
            found.append(Root(value, value, multiplicity))
            continue
        for root, _ in part.complex_roots():
            if root.imag.is_zero():
                low, high = (_rational(end) for end in (root.real.lower(), root.real.upper()))
                found.append(Root(low, high, multiplicity))
    inside: list[Root] = []
    for root in found:
        side = [_compare(root, end) for end in (lo, hi)]
        if side[0] == 0 or side[1] == 0:
            if root.lo == root.hi:
                continue
            return None
        if (lo is None or side[0] == 1) and (hi is None or side[1] == -1):
            inside.append(root)
    inside.sort(key=lambda r: (r.lo, r.hi))
    apart = all(a.hi < b.lo for a, b in pairwise(inside))
    return inside if apart else None


def _rational(end: object) -> fmpq:
    mantissa, exponent = end.man_exp()  # type: ignore[attr-defined]
    return fmpq(mantissa) * fmpq(2) ** int(exponent)


def _compare(root: Root, end: Fraction | None) -> int | None:
    """1 where the root is above the end, -1 below, 0 where it is the end or not told apart."""
    if end is None:
        return None
    value = fmpq(end.numerator, end.denominator)
    return 1 if root.lo > value else -1 if root.hi < value else 0


# ---------------------------------------------------------------- several variables


def nonnegative(term: Expr, context: Context) -> bool:
    """Known to be >= 0, by its normal form."""
    poly = context.poly(term)
    if poly is None or len(poly.terms) > MOST_TERMS:
        return False
    look = _Look(context, context.assumptions(term).names)
    return all(map(look.real, poly.atoms())) and look.nonnegative(look.without_roots(poly), DEEPEST)


@dataclass(frozen=True)
class _Look:
    """What is known of the atoms."""

    context: Context
    names: Mapping[str, Symbol]

    def _term(self, poly: Poly) -> Expr:
        return show(poly, self.names)

    def real(self, atom: Atom) -> bool:
        return self.context.real(self._term(atom_poly(atom)))

    def atom_nonnegative(self, atom: Atom) -> bool:
        return atom.name.startswith(ROOT) or self.context.nonnegative(self._term(atom_poly(atom)))

    def nonnegative(self, poly: Poly, depth: int) -> bool:
        if all(self._term_nonnegative(m, c) for m, c in poly.terms.items()):
            return True
        return depth > 0 and any(self._as_square(poly, atom, depth) for atom in _squared_atoms(poly))

    def _term_nonnegative(self, mono: Mono, c: fmpq) -> bool:
        return c > 0 and all((isinstance(e, int) and e % 2 == 0) or self.atom_nonnegative(a) for a, e in mono)

    def _as_square(self, poly: Poly, atom: Atom, depth: int) -> bool:
        """a v^2 + b v + c with a >= 0 and 4 a c >= b^2, and c >= 0 where a may be 0."""
        a, b, c = (_coefficient(poly, atom, k) for k in (2, 1, 0))
        if not self.nonnegative(a, depth - 1):
            return False
        if b.is_zero:
            return self.nonnegative(c, depth - 1)
        discriminant = _times(a, c).scale(fmpq(4)) - _times(b, b)
        if not self.nonnegative(discriminant, depth - 1):
            return False
        return (a.constant is not None and a.constant > 0) or self.nonnegative(c, depth - 1)

    def without_roots(self, poly: Poly) -> Poly:
        """The polynomial with a = u^q for each atom a >= 0 that stands under a q-th root; the u are >= 0."""
        below: dict[Atom, int] = {}
        for mono in poly.terms:
            for atom, e in mono:
                below[atom] = lcm(below.get(atom, 1), Fraction(e).denominator)
        rooted = {a: q for a, q in below.items() if q > 1 and self.atom_nonnegative(a)}
        terms = []
        for mono, c in poly.terms.items():
            kept: Mono = ()
            for atom, e in mono:
                q = rooted.get(atom)
                other = (atom, e) if q is None else (Atom("s", ROOT + atom.key), int(Fraction(e) * q))
                kept = merge(kept, (other,))
            terms.append((kept, c))
        return collect(terms)


ROOT = "root of "


def _squared_atoms(poly: Poly) -> Iterator[Atom]:
    """The atoms that stand to the powers 0, 1 and 2 only."""
    seen: dict[Atom, set[object]] = {}
    for mono in poly.terms:
        for atom, e in mono:
            seen.setdefault(atom, set()).add(e)
    yield from (a for a, powers in sorted(seen.items(), key=lambda p: p[0].key) if 2 in powers and powers <= {1, 2})


def _coefficient(poly: Poly, atom: Atom, k: int) -> Poly:
    found = []
    for mono, c in poly.terms.items():
        e = dict(mono).get(atom, 0)
        if e == k:
            found.append((tuple(f for f in mono if f[0] != atom), c))
    return collect(found)


def _times(left: Poly, right: Poly) -> Poly:
    return collect((merge(m, n), c * d) for m, c in left.terms.items() for n, d in right.terms.items())


# ---------------------------------------------------------------- factors


def sign_of_product(term: Expr, context: Context) -> tuple[int, bool] | None:
    """(1, strict) for a term >= 0, (-1, strict) for one <= 0, from its factors; `strict`: it is not 0."""
    poly = context.poly(term)
    if poly is None or poly.is_zero:
        return None if poly is None else (1, False)
    names = context.assumptions(term).names
    sign, strict = 1, True
    for factor, e in signed_factors(poly):
        found = _factor_sign(show(factor, names), e, context)
        if found is None:
            return None
        sign, strict = sign * found[0], strict and found[1]
    return sign, strict


def _factor_sign(term: Expr, e: Rational, context: Context) -> tuple[int, bool] | None:
    if not term.free_symbols:
        sign = sign_of(term)
        return None if sign is None or (sign < 0 and e.q > 1) else (sign if e % 2 else 1, True)
    if context.positive(term):
        return 1, True
    if e.q == 1 and context.negative(term):
        return (-1 if e % 2 else 1), True
    if e.q == 1 and e % 2 == 0 and context.real(term):
        return 1, context.nonzero(term)
    if context.nonnegative(term) or (e.q == 1 and nonnegative(term, context)):
        return 1, False
    opposite = times(S.NegativeOne, term)
    return (-1, False) if e.q == 1 and (context.nonnegative(opposite) or nonnegative(opposite, context)) else None


def signed_factors(poly: Poly) -> Iterator[tuple[Poly, Rational]]:
    """The factors of a polynomial with their exponents, the rational content first; 0 is its own factor."""
    if poly.is_zero:
        yield poly, S.One
        return
    content, shared, inner = split_content(poly)
    yield Poly({(): content}), S.One
    for atom, e in shared:
        base = atom.args[0] if atom.kind == "b" else atom_poly(atom)
        yield base, Rational(Fraction(e).numerator, Fraction(e).denominator)
    if inner.constant is not None:
        return
    for factor, e in factors(inner) or [(inner, 1)]:
        yield factor, Rational(e)
