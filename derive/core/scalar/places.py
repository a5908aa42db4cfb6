"""Where special functions stand: their arguments up to integers, and what is known of these.

Promise: `places` finds every application of a head outside of binders and cases: each of them has a value wherever the
term has one. An answer True of `Known` holds at all points that the context allows, but for a set without inner points
in a symbol that is `loose`.

Glossary
    place    an argument as direction + constant: the constant is rational, the direction a normal form without one
    class    the places of one direction whose constants differ by integers
    loose    a continuous symbol in which both sides of a claim are continuous wherever they are defined, so that what
             holds at all but isolated values of it holds at all of them
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import sympy as sp
from sympy import Add, Basic, Expr, Integer, Mul, Pow, Rational, S, Symbol

from derive.core.normal.atoms import Atom, Poly
from derive.core.normal.show import show
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, power, times
from derive.core.terms import Binder, rebuild

__all__ = [
    "LARGEST_SHIFT", "Known", "Place", "applied", "cosine", "minus", "moved", "number", "over", "place", "replaced",
    "rising", "sine", "turned",
]

LARGEST_SHIFT = 64


# ---------------------------------------------------------------- building


def number(value: Fraction | int) -> Rational:
    """An exact number as a term."""
    found = Fraction(value)
    return Rational(found.numerator, found.denominator)


def minus(term: Expr) -> Expr:
    """-term."""
    return number(-Fraction(int(term.p), int(term.q))) if isinstance(term, Rational) else times(S.NegativeOne, term)


def over(above: Expr, below: Expr) -> Expr:
    """above/below."""
    return times(above, power(below, S.NegativeOne))


def moved(term: Expr, by: Fraction | int) -> Expr:
    """term + by."""
    if isinstance(term, Rational):
        return number(Fraction(int(term.p), int(term.q)) + by)
    return plus(term, number(by))


def rising(term: Expr, count: int) -> Expr:
    """term*(term + 1)*...: so many factors."""
    return times(*(moved(term, k) for k in range(count)))


def turned(term: Expr) -> Expr:
    """pi*term."""
    return times(S.Pi, term)


COSINES = {
    Fraction(0): S.One,
    Fraction(1, 6): times(Rational(1, 2), power(Integer(3), Rational(1, 2))),
    Fraction(1, 4): power(Integer(2), Rational(-1, 2)),
    Fraction(1, 3): Rational(1, 2),
    Fraction(1, 2): S.Zero,
}


def cosine(at: Fraction) -> Expr:
    """cos(pi at), written out where that is a square root."""
    folded = min(at % 2, 2 - at % 2)
    found = COSINES.get(min(folded, 1 - folded))
    if found is None:
        return sp.cos(turned(number(folded)), evaluate=False)
    return found if folded <= Fraction(1, 2) else minus(found)


def sine(at: Fraction) -> Expr:
    """sin(pi at)."""
    return cosine(at - Fraction(1, 2))


# ---------------------------------------------------------------- walking


def opaque(term: Basic) -> bool:
    """Whether what stands inside may be undefined where the term is not."""
    return isinstance(term, (Binder, sp.Piecewise)) or not term.args


def applied(sides: Iterable[Basic], *heads: type) -> list[Expr]:
    """The applications of these heads, each once, outside of binders and cases."""
    found: dict[Expr, None] = {}
    for side in sides:
        _gather(side, heads, found)
    return list(found)


def _gather(term: Basic, heads: tuple[type, ...], found: dict[Expr, None]) -> None:
    if opaque(term):
        return
    if isinstance(term, heads) and isinstance(term, Expr):
        found[term] = None
    for arg in term.args:
        _gather(arg, heads, found)


def replaced(term: Expr, values: Mapping[Expr, Expr]) -> Expr:
    """The term with applications replaced, outside of binders and cases, the innermost first."""
    if opaque(term) or not isinstance(term, Basic):
        return term
    found = rebuild(term, [replaced(a, values) for a in term.args])
    return values.get(term, values.get(found, found))


# ---------------------------------------------------------------- places


@dataclass(frozen=True)
class Place:
    """An argument: the term as it stands, its direction, its constant."""

    term: Expr
    direction: Poly
    constant: Fraction

    @property
    def fraction(self) -> Fraction:
        """The constant up to integers, in [0, 1)."""
        return self.constant % 1

    def ratio(self, other: Place) -> Fraction | None:
        """The r with direction = r * other's direction, both not 0."""
        if self.direction.is_zero or len(self.direction.terms) != len(other.direction.terms):
            return None
        mono = next(iter(self.direction.terms))
        below = other.direction.terms.get(mono)
        if below is None:
            return None
        r = self.direction.terms[mono] / below
        return Fraction(int(r.p), int(r.q)) if other.direction.scale(r) == self.direction else None


@lru_cache(maxsize=8192)
def place(term: Expr, context: Context) -> Place | None:
    """The place of an argument; None where it has no normal form."""
    poly = context.poly(term)
    if poly is None:
        return None
    constant = poly.terms.get(())
    if constant is None:
        return Place(term, poly, Fraction(0))
    rest = Poly({m: c for m, c in poly.terms.items() if m})
    found = Fraction(int(constant.p), int(constant.q))
    return Place(term, rest, found)


# ---------------------------------------------------------------- knowledge


@dataclass(frozen=True)
class Known:
    """What may be used of the arguments: the context, the loose symbols; and what stands in the claim itself.

    `written` are arguments of gamma, which are no poles; `zetas` values of the zeta function.
    """

    context: Context
    loose: frozenset[Symbol] = frozenset()
    written: tuple[Expr, ...] = ()
    zetas: tuple[Expr, ...] = ()

    def place(self, term: Expr) -> Place | None:
        """The place of an argument."""
        return place(term, self.context)

    def regular(self, term: Expr) -> bool:
        """Known to be none of 0, -1, -2, ..."""
        return _regular(term, self)

    def not_integer(self, term: Expr) -> bool:
        """Known not to be an integer."""
        return self.isolated(term) or self.context.not_integer(term)

    def nonzero(self, term: Expr) -> bool:
        """Known not to be 0."""
        if self.isolated(term) or self.context.nonzero(term):
            return True
        if isinstance(term, Mul):
            return all(map(self.nonzero, term.args))
        return isinstance(term, Pow) and isinstance(term.exp, Integer) and self.nonzero(term.base)

    def same(self, left: Expr, right: Expr) -> bool:
        """Known to be equal, by the normal form."""
        found = self.context.poly(plus(left, minus(right)))
        return left == right or (found is not None and found.is_zero)

    def natural(self, term: Expr) -> bool:
        """Known to be an integer >= 0."""
        return self.context.integer(term) and self.context.nonnegative(term)

    def backwards(self, term: Expr) -> bool:
        """Whether the normal form, but for a constant, leads with a minus sign."""
        found = self.place(term)
        if found is None:
            return False
        if found.direction.is_zero:
            return found.constant < 0
        lead = min(found.direction.terms, key=lambda mono: [(a.key, e) for a, e in mono])
        return bool(found.direction.terms[lead] < 0)

    def sine(self, term: Expr) -> Expr:
        """sin(pi term), with sin(pi (u + m)) = (-1)^m sin(pi u) for the integer m in it."""
        poly = self.context.poly(term)
        if poly is None:
            return sp.sin(turned(term), evaluate=False)
        assumptions = self.context.assumptions(term)
        whole = Poly({m: c for m, c in poly.terms.items() if assumptions.facts.integer(Poly({m: c}))})
        if whole.is_zero:
            return sp.sin(turned(term), evaluate=False)
        rest, turns = (show(p, assumptions.names) for p in (poly - whole, whole))
        return times(power(S.NegativeOne, turns), sp.sin(turned(rest), evaluate=False))

    def isolated(self, term: Expr) -> bool:
        """Whether the term takes each of its values at isolated values of a loose symbol only."""
        if not self.loose & term.free_symbols:
            return False
        poly = self.context.poly(term)
        if poly is None:
            return False
        return any(self._linear(symbol, poly, term) for symbol in self.loose & term.free_symbols)

    def _linear(self, symbol: Symbol, poly: Poly, term: Expr) -> bool:
        """Whether the polynomial is linear in the symbol, with a slope that is known not to be 0."""
        mine = [mono for mono in poly.terms if any(_mentions(a, symbol.name) for a, _ in mono)]
        if len(mine) != 1 or (symbol.name, 1) not in [(a.name, e) for a, e in mine[0] if a.kind == "s"]:
            return False
        names = {s.name: s for s in term.free_symbols}
        others = [a for a, _ in mine[0] if a.kind != "s" or a.name != symbol.name]
        return all(
            a.kind in {"I", "c", "p"} or (a.kind == "s" and a.name in names and self.context.nonzero(names[a.name]))
            for a in others
        )


def _mentions(atom: Atom, name: str) -> bool:
    return (atom.kind == "s" and atom.name == name) or any(
        b.kind == "s" and b.name == name for arg in atom.args for b in arg.all_atoms()
    )


@lru_cache(maxsize=8192)
def _regular(term: Expr, known: Known) -> bool:
    found = known.place(term)
    if found is not None and found.direction.is_zero:
        return found.constant > 0 or found.constant.denominator > 1
    if known.isolated(term) or known.context.positive(term) or known.context.not_integer(term, at_most=0):
        return True
    if any(known.natural(plus(term, minus(other))) for other in known.written):
        return True
    if known.context.integer(term):
        return False
    return any(known.natural(part) and _regular(rest, known) for part, rest in _parts(term))


def _parts(term: Expr) -> Iterator[tuple[Expr, Expr]]:
    """Terms of a sum, each with the rest: an integer >= 0 in the sum leads away from the poles."""
    if not isinstance(term, Add):
        return
    for k, arg in enumerate(term.args):
        if isinstance(arg, Integer) and arg <= 0:
            continue
        yield arg, plus(*term.args[:k], *term.args[k + 1:])
