"""The ring of normal forms: products, powers, roots.

Promise: every operation returns a polynomial equal to what was asked, wherever
that is defined. Which laws may be used is said by `caps`, the capabilities
licensed by the rule families in force; what depends on a sign asks `facts`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count
from math import gcd, lcm

from flint import fmpq, fmpz

from derive.core.errors import BudgetError
from derive.core.facts import Facts
from derive.core.normal.atoms import (
    ONE,
    ZERO,
    Atom,
    Exponent,
    Mono,
    Poly,
    absolute_atom,
    atom_poly,
    collect,
    constant,
    merge,
    mono_key,
)
from derive.core.normal.perfect import perfect_root

__all__ = ["Ring", "UndefinedValue", "factored", "leading", "primitive", "split_content"]

SPECIAL = frozenset({"b", "p", "I", "u", "d", "^"})
LABEL = re.compile(r"i:[?#$!*][^(,)*^+]*")
LARGEST_POWER = 64
LARGEST_NUMBER_BITS = 20_000


class UndefinedValue(BudgetError):
    """A term has no value anywhere, such as 1/0."""


@dataclass
class Ring:
    """Everything a normalisation needs: capabilities, facts, and a budget of monomials.

    `ranges` are the ranges of the slots of laws, as keys; `unfold` names the
    definitions that are not opaque; `conditions` gathers what a rule needs to
    be non-zero, by key.
    """

    caps: frozenset[str] = frozenset()
    facts: Facts = field(default_factory=Facts)
    ranges: Mapping[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)
    unfold: frozenset[str] = frozenset()
    budget: int = 200_000
    labels: Iterable[int] = field(default_factory=count)
    conditions: dict[str, Poly] = field(default_factory=dict)

    def fresh(self) -> str:
        """A label that is used nowhere else."""
        return f"?{next(self.labels)}"  # type: ignore[call-overload]

    def spend(self, amount: int) -> None:
        """Take from the budget; raise BudgetError when it is used up."""
        self.budget -= amount
        if self.budget < 0:
            raise BudgetError("the normal form grew past its budget of monomials")

    # ------------------------------------------------------------ products

    def mul(self, left: Poly, right: Poly) -> Poly:
        """The product, expanded."""
        for one, other in ((left, right), (right, left)):
            value = one.constant
            if value is not None:
                return other.scale(value)
        self.spend(len(left.terms) * len(right.terms))
        parts: list[tuple[Mono, fmpq]] = []
        others = [(m, c, _settles(m)) for m, c in right.terms.items()]
        for m1, c1 in left.terms.items():
            settles = _settles(m1)
            for m2, c2, too in others:
                mono, c = merge(m1, m2), c1 * c2
                if settles or too:
                    parts.extend((m, c * d) for m, d in self.settle(mono).terms.items())
                else:
                    parts.append((mono, c))
        return collect(parts)

    def product(self, factors: Iterable[Poly]) -> Poly:
        """The product of several polynomials."""
        total = ONE
        for factor in factors:
            total = self.mul(total, factor)
        return total

    def settle(self, mono: Mono) -> Poly:
        """Apply what holds between the powers of one atom: i^2 = -1, roots, delta^2 = delta, b*b^-1 = 1."""
        for k, (atom, e) in enumerate(mono):
            rest = mono[:k] + mono[k + 1:]
            match atom.kind:
                case "I" if not 0 < e < 2:
                    turns = Fraction(e) % 4
                    kept = merge(rest, ((atom, _number(turns % 2)),)) if turns % 2 else rest
                    return self.settle(kept).scale(fmpq(-1 if turns >= 2 else 1))
                case "u" if not 0 < e < 1 or e + e == 1:
                    return self.mul(self.unit_power(e), self.settle(rest))
                case "p" if isinstance(e, int) or not 0 < e < 1:
                    whole = int(e // 1)
                    kept = merge(rest, ((atom, e - whole),)) if e != whole else rest
                    return self.settle(kept).scale(fmpq(int(atom.name)) ** whole)
                case "^" if isinstance(e, int) and e not in {0, 1} and self._is_sign(atom):
                    return self.settle(merge(rest, ((atom, 1),)) if e % 2 else rest)
                case "d" if e > 1:
                    return self.settle(merge(rest, ((atom, 1),)))
                case "b" if e >= 1:
                    whole = int(e // 1)
                    kept = merge(rest, ((atom, e - whole),)) if e != whole else rest
                    return self.mul(self.power(atom.args[0], whole), self.settle(kept))
                case "b" if e < 0:
                    reduced = self._reduced(atom, e, rest)
                    if reduced is not None:
                        return reduced
                case "f" if atom.name == "Abs" and _foldable(e) and self.facts.real(atom.args[0]):
                    kept = merge(rest, ((atom, 1),)) if e % 2 else rest
                    return self.mul(self.settle(kept), self.power(atom.args[0], e - e % 2))
        return Poly.of({mono: fmpq(1)})

    def _is_sign(self, atom: Atom) -> bool:
        """Whether it is (-1)^m for an integer m."""
        return atom.args[0].constant == -1 and self.facts.integer(atom.args[1])

    def _reduced(self, atom: Atom, e: Exponent, rest: Mono) -> Poly | None:
        """With b = c lead + tail: lead b^e = (b^(e+1) - tail b^e)/c for e < 0."""
        lead = leading(atom.args[0])
        quotient = divide(rest, lead)
        if quotient is None:
            return self._separated(atom, e, rest, lead)
        self.spend(1)
        tail = Poly({m: -c for m, c in atom.args[0].terms.items() if m != lead})
        power = Poly({((atom, e),): fmpq(1)})
        up = ONE if e == -1 else Poly({((atom, _number(e + 1)),): fmpq(1)})
        kept = Poly({quotient: 1 / atom.args[0].terms[lead]})
        return self.mul(kept, up) + self.mul(self.mul(tail, kept), power)

    def _separated(self, atom: Atom, e: Exponent, rest: Mono, lead: Mono) -> Poly | None:
        """Partial fractions: x^-k b^e for lead(b) a power of x, where b at x = 0 is one term t.

        With b = t + u: x^-k b^e = (x^-k b^(e+1) - x^-k u b^e)/t, and x divides u.
        """
        if len(lead) != 1 or e > -1:
            return None
        x = lead[0][0]
        if not any(a == x and k < 0 for a, k in rest):
            return None
        free = {m: c for m, c in atom.args[0].terms.items() if all(a != x for a, _ in m)}
        if len(free) != 1 or any(k < 0 for m in atom.args[0].terms for _, k in m):
            return None
        self.spend(1)
        ((mono, c),) = free.items()
        kept = Poly({merge(rest, tuple((a, -k) for a, k in mono)): 1 / c})
        up = ONE if e == -1 else Poly({((atom, _number(e + 1)),): fmpq(1)})
        others = Poly({m: -d for m, d in atom.args[0].terms.items() if m != mono})
        return self.mul(kept, up) + self.mul(self.mul(others, kept), Poly({((atom, e),): fmpq(1)}))

    def vanishes(self, poly: Poly) -> bool:
        """Whether a polynomial is zero once every denominator is cleared."""
        while not poly.is_zero:
            below = {a: e for m in poly.terms for a, e in m if a.kind == "b" and e < 0}
            if not below:
                return False
            atom = min(below, key=lambda a: a.key)
            least = min(dict(m).get(atom, 0) for m in poly.terms)
            poly = self.mul(poly, Poly({((atom, -int(least // 1)),): fmpq(1)}))
        return True

    # ------------------------------------------------------------ powers

    def power(self, base: Poly, exponent: Exponent) -> Poly:
        """A power with an exact exponent; principal values."""
        exponent = _number(exponent)
        if exponent == 0:
            return ONE
        if exponent == 1:
            return base
        if base.is_zero:
            if exponent < 0:
                raise UndefinedValue("a division by zero, whatever the values")
            return ZERO
        single = base.single
        if single is not None:
            return self._single_power(*single, exponent)
        if isinstance(exponent, int) and exponent > 0:
            return self._whole_power(base, exponent)
        return self._sum_power(base, exponent)

    def _whole_power(self, base: Poly, exponent: int) -> Poly:
        if exponent > LARGEST_POWER:
            raise BudgetError(f"a sum to the power {exponent} is past the budget")
        half = self._whole_power(base, exponent // 2) if exponent > 1 else ONE
        square = self.mul(half, half)
        return self.mul(square, base) if exponent % 2 else square

    def _single_power(self, coefficient: fmpq, mono: Mono, exponent: Exponent) -> Poly:
        if isinstance(exponent, int):
            _check_size(coefficient, exponent)
            raised = tuple((a, e * exponent) for a, e in mono)
            return self.settle(raised).scale(coefficient**exponent)
        outside = self.rational_power(abs(coefficient), exponent)
        kept: list[tuple[Atom, Exponent]] = []
        for atom, e in mono:
            root = self._root(atom, e, exponent)
            if root is None:
                kept.append((atom, e))
            else:
                outside = self.mul(outside, root)
        sign = 1 if coefficient > 0 else -1
        if not kept:
            return outside if sign > 0 else self.mul(outside, self.unit_power(exponent))
        if len(kept) == 1 and kept[0] == (Atom("I"), 1):
            return self.mul(outside, self.unit_power(Fraction(exponent) * sign / 2))
        if sign > 0 and len(kept) == 1 and kept[0][1] == 1 and _plain(kept[0][0]):
            return self.mul(outside, Poly({((kept[0][0], exponent),): fmpq(1)}))
        inside = Poly({tuple(kept): fmpq(sign)})
        return self.mul(outside, atom_poly(Atom("b", "", (inside,)), exponent))

    def _root(self, atom: Atom, e: Exponent, exponent: Exponent) -> Poly | None:
        """(a^e)^exponent as a factor of its own where a sign allows it."""
        if atom.kind == "p":
            return self.settle(((atom, _number(e * exponent)),))
        if "powers" not in self.caps:
            return None
        if atom.kind == "f" and atom.name == "exp" and self.facts.real(atom.args[0]):
            return atom_poly(atom, _number(e * exponent))
        bounds = self.facts.atom_bounds(atom)
        if bounds is None:
            return None
        if bounds.positive or (bounds.nonnegative and e > 0):
            return self.settle(((atom, _number(e * exponent)),))
        if isinstance(e, int) and e % 2 == 0:
            return self.settle(((absolute_atom(atom_poly(atom)), _number(e * exponent)),))
        return None

    def unit_power(self, exponent: Exponent) -> Poly:
        """(-1)^exponent = exp(i pi exponent)."""
        turn = Fraction(exponent) % 2
        sign = fmpq(-1 if turn >= 1 else 1)
        turn %= 1
        if turn == 0:
            return constant(sign)
        if turn == Fraction(1, 2):
            return atom_poly(Atom("I")).scale(sign)
        return atom_poly(Atom("u"), turn).scale(sign)

    def rational_power(self, value: fmpq, exponent: Exponent) -> Poly:
        """A positive rational to an exact power, as a rational times roots of primes."""
        if isinstance(exponent, int):
            _check_size(value, exponent)
            return constant(value**exponent)
        total = ONE
        for prime, e in factored(value):
            whole = _number(Fraction(exponent) * e)
            total = self.mul(total, self.settle(((Atom("p", str(prime)), whole),)))
        return total

    def _sum_power(self, base: Poly, exponent: Exponent) -> Poly:
        """A power of a sum: content out, the rest primitive and an atom."""
        content, shared, inner = split_content(base)
        if not isinstance(exponent, int):
            return self._sum_root(content, shared, inner, exponent)
        outside = self._single_power(content, shared, exponent)
        found = perfect_root(inner)
        if found is not None:
            return self.mul(outside, self._sum_power(found[0], exponent * found[1]))
        return self.mul(outside, self.settle(((Atom("b", "", (inner,)), exponent),)))

    def _sum_root(self, content: fmpq, shared: Mono, inner: Poly, exponent: Exponent) -> Poly:
        outside = self.rational_power(abs(content), exponent)
        kept: list[tuple[Atom, Exponent]] = []
        for atom, e in shared:
            root = self._root(atom, e, exponent)
            if root is None:
                kept.append((atom, e))
            else:
                outside = self.mul(outside, root)
        if not kept and content > 0 and "powers" in self.caps:
            perfect = self._perfect(inner, exponent)
            if perfect is not None:
                return self.mul(outside, perfect)
        inside = self.mul(inner, Poly({tuple(kept): fmpq(1 if content > 0 else -1)}))
        single = inside.single
        if single is not None:
            return self.mul(outside, self._single_power(*single, exponent))
        return self.mul(outside, self.settle(((Atom("b", "", (inside,)), exponent),)))

    def _perfect(self, base: Poly, exponent: Exponent) -> Poly | None:
        """(g^k)^exponent as a power of g, or of |g|, where the sign of g or an even k allows it."""
        found = perfect_root(base)
        if found is None:
            return None
        root, k = found
        for signed in (root, -root) if k % 2 == 0 else (root,):
            if self.facts.nonnegative(signed):
                return self.power(signed, Fraction(exponent) * k)
        if k % 2 or not self.facts.real(root):
            return None
        return self.settle(((absolute_atom(root), _number(Fraction(exponent) * k)),))


def _settles(mono: Mono) -> bool:
    """Whether something is to be looked after between the powers in a product with it."""
    return any(a.kind in SPECIAL or a.name == "Abs" for a, _ in mono)


def _foldable(e: Exponent) -> bool:
    """Whether |x|^e is a power of x times |x| or 1."""
    return isinstance(e, int) and e not in {0, 1}


def _plain(atom: Atom) -> bool:
    """Whether a^e means the principal power of the atom's value for every e; exp(u)^e means exp(e u)."""
    return atom.kind not in {"^", "u"} and not (atom.kind == "f" and atom.name == "exp")


def leading(poly: Poly) -> Mono:
    """The leading monomial: greatest degree, then last key; never the constant where there is another.

    Keys are compared with their labels masked first, so that the choice does
    not hang on the name of a bound index; where two monomials differ in bound
    labels only, as in 1/(x_i - x_j), it does, and two ways to list i and j may
    come out differently.
    """
    if poly.lead is None:
        poly.lead = max(poly.terms, key=_rank) if len(poly.terms) > 1 else next(iter(poly.terms))
    return poly.lead


def _rank(mono: Mono) -> tuple[bool, Exponent, str, str]:
    key = mono_key(mono)
    return bool(mono), sum([e for _, e in mono]), LABEL.sub("i:_", key), key


def divide(mono: Mono, by: Mono) -> Mono | None:
    """The quotient where every factor of `by` stands in `mono` to at least that power."""
    found = dict(mono)
    for atom, e in by:
        have = found.get(atom, 0)
        if (e > 0 and have < e) or (e < 0 and have > e):
            return None
    return merge(mono, tuple((a, -e) for a, e in by))


def split_content(poly: Poly) -> tuple[fmpq, Mono, Poly]:
    """poly = coefficient * monomial * rest; the rest is primitive and no atom divides it."""
    monos = list(poly.terms)
    atoms = {a for m in monos for a, _ in m}
    least = {a: min(dict(m).get(a, 0) for m in monos) for a in atoms}
    shared = tuple(sorted(((a, _number(e)) for a, e in least.items() if e), key=lambda f: f[0].key))
    inverse = tuple((a, -e) for a, e in shared)
    rest = Poly({merge(m, inverse): c for m, c in poly.terms.items()})
    content, inner = primitive(rest)
    return content, shared, inner


def primitive(poly: Poly) -> tuple[fmpq, Poly]:
    """The rational content, signed so that what is left has integer coefficients and a positive leading one."""
    if poly.is_zero:
        return fmpq(1), poly
    numerator = denominator = 0
    for c in poly.terms.values():
        numerator = gcd(numerator, abs(int(c.p)))
        denominator = lcm(denominator, int(c.q)) if denominator else int(c.q)
    content = fmpq(numerator, denominator)
    if poly.terms[leading(poly)] < 0:
        content = -content
    return content, poly.scale(1 / content)


def factored(value: fmpq) -> list[tuple[int, int]]:
    """A positive rational as primes and exponents; a factor too large to split stays whole."""
    found = []
    for part, sign in ((value.p, 1), (value.q, -1)):
        number = fmpz(int(part))
        if number.bit_length() > 256:
            found.append((int(number), sign))
            continue
        found.extend((int(p), sign * int(e)) for p, e in number.factor())
    return [(p, e) for p, e in found if p != 1]


def _number(e: Exponent) -> Exponent:
    return e if isinstance(e, int) else int(e) if e.denominator == 1 else e


def _check_size(value: fmpq, exponent: int) -> None:
    bits = max(int(value.p).bit_length(), int(value.q).bit_length())
    if bits > 1 and bits * abs(exponent) > LARGEST_NUMBER_BITS:
        raise BudgetError(f"a number of about {bits * abs(exponent)} bits is past the budget")
