"""Signs, ranges and integrality, from the domains and the givens alone.

Promise: every answer holds for all values that the givens allow. "None" and
"False" mean not known, never the opposite. Bounds are exact rationals.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import permutations

from flint import fmpq

from derive.core.bounds import Bounds, point
from derive.core.normal.atoms import Atom, Exponent, Mono, Poly, atom_poly
from derive.core.normal.labels import rename_poly
from derive.core.terms import Domain

__all__ = ["Facts"]

MOST_INDICES = 2
"""A given with more free indices is used as it stands only."""

CONSTANTS = {
    "pi": Bounds(fmpq(3), fmpq(22, 7)),
    "EulerGamma": Bounds(fmpq(1, 2), fmpq(3, 5)),
    "Catalan": Bounds(fmpq(9, 10), fmpq(1)),
    "GoldenRatio": Bounds(fmpq(8, 5), fmpq(5, 3)),
}


@dataclass(frozen=True)
class Facts:
    """What is known: the domain of each symbol, the laws with full support, and known signs.

    `above` holds polynomials known to be positive (strict) or non-negative,
    `nonzero` such as are known not to vanish, each for all values of its free
    indices; `weights` the keys of law atoms and deltas positive where the present term counts;
    `definitions` intervals that hold the values of definitions at real arguments.
    `summable` says of i^power times some factors that its sum over an infinite range
    converges absolutely: the range, the power, the factors; `divergences` are the keys
    of divergences between laws.
    """

    domains: Mapping[str, Domain] = field(default_factory=dict)
    support: frozenset[str] = frozenset()
    above: tuple[tuple[Poly, bool], ...] = ()
    nonzero: tuple[Poly, ...] = ()
    weights: frozenset[str] = frozenset()
    entries: Mapping[str, Bounds] = field(default_factory=dict)
    definitions: Mapping[str, Bounds] = field(default_factory=dict)
    summable: tuple[tuple[tuple[str, ...], int, frozenset[tuple[Atom, Exponent]]], ...] = ()
    divergences: frozenset[str] = frozenset()
    _bases: dict[Atom, Bounds | None] = field(default_factory=dict, init=False, repr=False, compare=False)
    """The bounds of atoms that were asked for before."""

    def under(self, weights: Iterable[str]) -> Facts:
        """The same, where these law atoms are positive."""
        added = frozenset(weights) - self.weights
        return replace(self, weights=self.weights | added) if added else self

    # ------------------------------------------------------------ bounds

    def bounds(self, poly: Poly) -> Bounds | None:
        """An interval that holds the polynomial's value, or None where it may not be real."""
        total = point(fmpq(0))
        for mono, coefficient in poly.terms.items():
            one = self.mono_bounds(mono)
            if one is None:
                return None
            total = total + one.scaled(coefficient)
        for known, strict in self.above:
            for instance in instances(known, poly):
                total = _sharpened(total, poly, instance, strict=strict)
        return self._at_ends(total, poly) if total.lo is None or total.hi is None else total

    def _at_ends(self, total: Bounds, poly: Poly) -> Bounds:
        """Bounds of a polynomial that is linear in an index, from the ends of the index's range."""
        for mono, c in poly.terms.items():
            if len(mono) != 1 or mono[0][1] != 1 or mono[0][0].kind != "i":
                continue
            index = mono[0][0]
            rest = poly - Poly({mono: c})
            if index.name in rest.free:
                continue
            ends = index.args if len(index.args) == 2 else (index.args[0], None)
            low, high = ends if c > 0 else (ends[1], ends[0])
            if total.lo is None and low is not None:
                found = self.bounds(rest + low.scale(c))
                total = total if found is None else replace(total, lo=found.lo, lo_open=found.lo_open)
            if total.hi is None and high is not None:
                found = self.bounds(rest + high.scale(c))
                total = total if found is None else replace(total, hi=found.hi, hi_open=found.hi_open)
        return total

    def mono_bounds(self, mono: Mono) -> Bounds | None:
        """The same for a monomial."""
        total = point(fmpq(1))
        for atom, exponent in mono:
            one = self.atom_bounds(atom, exponent)
            if one is None:
                return None
            total = total.times(one)
        return total

    def atom_bounds(self, atom: Atom, exponent: Exponent = 1) -> Bounds | None:
        """The same for a power of an atom."""
        if atom.kind == "f" and atom.name == "exp":
            return self._exp_bounds(atom.args[0].scale(fmpq(exponent.numerator, exponent.denominator)))
        base = self._known_base_bounds(atom)
        if base is None:
            return None
        if not isinstance(exponent, int) and not base.nonnegative:
            return None
        return base.power(exponent)

    def _exp_bounds(self, argument: Poly) -> Bounds | None:
        inner = self.bounds(argument)
        if inner is None:
            return None
        if inner.negative or (inner.hi is not None and inner.hi <= 0):
            return Bounds(fmpq(0), fmpq(1), lo_open=True, hi_open=inner.negative)
        if inner.nonnegative:
            return Bounds(fmpq(1), None, lo_open=inner.positive)
        return Bounds(fmpq(0), None)

    def _known_base_bounds(self, atom: Atom) -> Bounds | None:
        """The bounds of an atom, computed once: facts never change, and equal atoms have equal values."""
        if atom not in self._bases:
            self._bases[atom] = self._base_bounds(atom)
        return self._bases[atom]

    def _base_bounds(self, atom: Atom) -> Bounds | None:
        match atom.kind:
            case "s":
                return self._symbol_bounds(atom.name)
            case "c":
                return CONSTANTS.get(atom.name)
            case "i":
                return self._index_bounds(atom)
            case "p":
                return point(fmpq(int(atom.name)))
            case "x":
                return self.entries.get(atom.name, Bounds()) if self._all_real(atom) else None
            case "g":
                return Bounds() if self._all_real(atom) else None
            case "D":
                return self.definitions.get(atom.name) if self._all_real(atom) else None
            case "d":
                return Bounds(fmpq(0), fmpq(1), lo_open=atom.key in self.weights, hi_open=False)
            case "P":
                full = atom.name.rsplit("|", 2)[0] in self.support or atom.key in self.weights
                return Bounds(fmpq(0), fmpq(1), lo_open=full, hi_open=False)
            case "b":
                return self.bounds(atom.args[0])
            case "f":
                return self._function_bounds(atom)
            case "^":
                base, exponent = self.bounds(atom.args[0]), self.bounds(atom.args[1])
                if base is None or exponent is None or not base.positive:
                    return None
                small = base.hi is not None and base.hi <= 1 and exponent.nonnegative
                return Bounds(fmpq(0), fmpq(1) if small else None, hi_open=False)
            case "Sum":
                return self._sum_bounds(atom)
            case "Max" | "Min":
                return self.bounds(atom.args[0])
            case "E":
                return self._mean_bounds(atom)
            case "Var":
                return self._mean_bounds(atom, nonnegative=True)
            case "KL" if atom.key in self.divergences:
                return Bounds(fmpq(0), None, lo_open=False)
            case "H" | "HX" if all(map(self._in_unit_interval, atom.args)):
                return Bounds(fmpq(0), None, lo_open=False)
            case "KL" if all(map(self.nonnegative, atom.args)):
                return Bounds()
        return None

    def _symbol_bounds(self, name: str) -> Bounds | None:
        domain = self.domains.get(name)
        if domain is None or domain.field == "complex":
            return None
        lo = None if domain.lo is None else fmpq(int(domain.lo.p), int(domain.lo.q))
        hi = None if domain.hi is None else fmpq(int(domain.hi.p), int(domain.hi.q))
        at_lo = domain.lo_open or lo is None or (domain.nonzero and lo == 0)
        at_hi = domain.hi_open or hi is None or (domain.nonzero and hi == 0)
        return Bounds(lo, hi, at_lo, at_hi)

    def _index_bounds(self, atom: Atom) -> Bounds:
        lo = self.bounds(atom.args[0])
        hi = self.bounds(atom.args[1]) if len(atom.args) > 1 else None
        return Bounds(
            lo.lo if lo else None, hi.hi if hi else None, lo.lo_open if lo else True, hi.hi_open if hi else True
        )

    def _all_real(self, atom: Atom) -> bool:
        return all(self.bounds(a) is not None for a in atom.args)

    def _function_bounds(self, atom: Atom) -> Bounds | None:
        inner = self.bounds(atom.args[0])
        if atom.name == "Abs":
            return Bounds(fmpq(0), None, self.not_zero(atom.args[0]))
        if inner is None:
            return None
        if atom.name == "factorial" and inner.nonnegative and self.integer(atom.args[0]):
            return Bounds(fmpq(1), None, lo_open=False)
        if atom.name in REAL:
            return REAL[atom.name]
        if atom.name == "log" and inner.positive:
            lo = fmpq(0) if inner.lo is not None and inner.lo >= 1 else None
            hi = fmpq(0) if inner.hi is not None and inner.hi <= 1 else None
            return Bounds(lo, hi, inner.lo_open or inner.lo != 1, inner.hi_open or inner.hi != 1)
        return None

    def _sum_bounds(self, atom: Atom) -> Bounds | None:
        body = self.bounds(atom.args[0])
        if body is None:
            return None
        if body.nonnegative:
            strict = body.positive and all(self.nonempty(b) for b in atom.bound)
            return Bounds(fmpq(0), None, lo_open=strict)
        if body.flipped().nonnegative:
            return self._negated_sum(body, atom)
        return Bounds()

    def _negated_sum(self, body: Bounds, atom: Atom) -> Bounds:
        strict = body.negative and all(self.nonempty(b) for b in atom.bound)
        return Bounds(None, fmpq(0), hi_open=strict)

    def nonempty(self, index: Atom) -> bool:
        """Known to have a value in its range."""
        if len(index.args) == 1:
            return True
        gap = self.bounds(index.args[1] - index.args[0])
        return gap is not None and gap.nonnegative

    def _in_unit_interval(self, poly: Poly) -> bool:
        found = self.bounds(poly)
        return found is not None and found.nonnegative and found.hi is not None and found.hi <= 1

    def _mean_bounds(self, atom: Atom, *, nonnegative: bool = False) -> Bounds | None:
        body = self.bounds(atom.args[0])
        weight = self.bounds(atom.args[1]) if len(atom.args) > 1 else point(fmpq(1))
        if body is None or weight is None or not weight.nonnegative:
            return None
        return Bounds(fmpq(0), None, lo_open=False) if nonnegative or body.nonnegative else Bounds()

    # ------------------------------------------------------------ questions

    def positive(self, poly: Poly) -> bool:
        """Known to be > 0."""
        found = self.bounds(poly)
        return found is not None and found.positive

    def nonnegative(self, poly: Poly) -> bool:
        """Known to be >= 0."""
        found = self.bounds(poly)
        return found is not None and found.nonnegative

    def negative(self, poly: Poly) -> bool:
        """Known to be < 0."""
        found = self.bounds(poly)
        return found is not None and found.negative

    def real(self, poly: Poly) -> bool:
        """Known to be real."""
        return self.bounds(poly) is not None

    def not_zero(self, poly: Poly) -> bool:
        """Known not to be 0."""
        if self.nonzero and self.not_zero_as_given(poly):
            return True
        found = self.bounds(poly)
        if found is not None and found.excludes_zero:
            return True
        one = poly.single
        return one is not None and all(self._atom_not_zero(a) for a, _ in one[1])

    def not_zero_as_given(self, poly: Poly) -> bool:
        """Whether a given says that it is not 0."""
        return any(instance in (poly, -poly) for known in self.nonzero for instance in instances(known, poly))

    def _atom_not_zero(self, atom: Atom) -> bool:
        if atom.kind in {"I", "p", "u"} or (atom.kind == "f" and atom.name == "exp"):
            return True
        if self.nonzero and self.not_zero_as_given(atom_poly(atom)):
            return True
        if atom.kind == "b":
            return self.not_zero(atom.args[0])
        if atom.kind == "s" and atom.name in self.domains and self.domains[atom.name].nonzero:
            return True
        found = self._known_base_bounds(atom)
        return found is not None and found.excludes_zero

    def integer(self, poly: Poly) -> bool:
        """Known to be an integer."""
        return all(
            c.q == 1 and all(isinstance(e, int) and e > 0 and self._integer_atom(a) for a, e in mono)
            for mono, c in poly.terms.items()
        )

    def _integer_atom(self, atom: Atom) -> bool:
        if atom.kind == "s":
            domain = self.domains.get(atom.name)
            return domain is not None and domain.field == "integer"
        return atom.kind in {"i", "d"}


UNIT_INTERVAL = Bounds(fmpq(-1), fmpq(1), lo_open=False, hi_open=False)
REAL = {
    "sin": UNIT_INTERVAL, "cos": UNIT_INTERVAL, "sinc": UNIT_INTERVAL,
    "tanh": Bounds(fmpq(-1), fmpq(1)), "erf": Bounds(fmpq(-1), fmpq(1)), "atan": Bounds(fmpq(-2), fmpq(2)),
    "cosh": Bounds(fmpq(1), None, lo_open=False), "sech": Bounds(fmpq(0), fmpq(1), hi_open=False),
    "erfc": Bounds(fmpq(0), fmpq(2)),
} | dict.fromkeys(("sinh", "tan", "cot", "sec", "csc", "coth", "csch", "asinh", "gamma", "digamma"), Bounds())
"""What functions are for a real argument, wherever they are defined."""


def instances(known: Poly, poly: Poly) -> Iterator[Poly]:
    """A known polynomial, and it with its free indices replaced by indices of the same range in another one."""
    yield known
    places = {name: index for name, index in _indices(known).items() if name.startswith("$")}
    if not 0 < len(places) <= MOST_INDICES:
        return
    found = _indices(poly)
    for chosen in permutations(found.values(), len(places)):
        if all(old.args == new.args for old, new in zip(places.values(), chosen, strict=True)):
            names = {old: new.name for old, new in zip(places, chosen, strict=True)}
            yield rename_poly(known, names)


@lru_cache(maxsize=1024)
def _indices(poly: Poly) -> Mapping[str, Atom]:
    """The indices in a polynomial, by name."""
    return {a.name: a for a in poly.all_atoms() if a.kind == "i"}


def _sharpened(total: Bounds, poly: Poly, known: Poly, *, strict: bool) -> Bounds:
    """Use that poly = r*known + c for a known positive polynomial and rationals r > 0, c."""
    pair = _proportion(poly, known)
    if pair is None:
        return total
    ratio, rest = pair
    if ratio > 0 and (total.lo is None or total.lo < rest or (total.lo == rest and strict)):
        return replace(total, lo=rest, lo_open=strict)
    if ratio < 0 and (total.hi is None or total.hi > rest or (total.hi == rest and strict)):
        return replace(total, hi=rest, hi_open=strict)
    return total


def _proportion(poly: Poly, known: Poly) -> tuple[fmpq, fmpq] | None:
    mono = next((m for m in known.terms if m), None)
    if mono is None or mono not in poly.terms:
        return None
    ratio = poly.terms[mono] / known.terms[mono]
    rest = (poly - known.scale(ratio)).constant
    return None if rest is None else (ratio, rest)


