"""The data of the normal form: atoms, monomials, polynomials.

Promise: frozen values with a canonical text key. Two polynomials with the same
key denote the same function of their names; nothing here decides anything.

Glossary
    atom       what the polynomial ring does not look into: a name, an entry, a
               function at some arguments, a power of a sum, a binder
    label      the name of an index: `$i` free, `?7` in flight, `#h.k` bound and
               canonical, where h is the height of the binder
    monomial   a sorted tuple of (atom, exponent), exponents exact rationals
    polynomial a map from monomials to non-zero rational coefficients

Kinds of atoms
    s symbol   c constant   i index   x entry   f function   g unknown function
    P law      D definition   R recursion   d delta   p prime under a root   I imaginary unit
    u root of minus one: u^e is exp(i pi e), for e between 0 and 1
    b a polynomial under a power   ^ a power with a symbolic exponent
    k unknown cumulant   Sum Prod E Var H HX KL  binders
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache

from flint import fmpq

__all__ = [
    "BINDERS", "ONE", "ZERO", "Atom", "Exponent", "Mono", "Poly", "absolute_atom", "atom_poly", "collect",
    "constant", "delta_atom",
    "index_poly", "known_atom", "merge", "mono_key",
]

Exponent = int | Fraction
BINDERS = frozenset({"Sum", "Prod", "E", "Var", "H", "HX", "KL", "Max", "Min"})
KEY_CHARACTERS = frozenset("*^+(),:[]<>")
UNIT = fmpq(1)
NO_LABELS: frozenset[str] = frozenset()


class Atom:
    """An indivisible factor. `args` are polynomials, `bound` index atoms, `arrays` bound random arrays."""

    __slots__ = ("args", "arrays", "bound", "free", "height", "key", "kind", "name")

    def __init__(
        self,
        kind: str,
        name: str = "",
        args: tuple[Poly, ...] = (),
        bound: tuple[Atom, ...] = (),
        arrays: tuple[str, ...] = (),
    ) -> None:
        self.kind, self.name, self.args, self.bound, self.arrays = kind, name, args, bound, arrays
        shown = _quoted(name)
        drawn = frozenset([f"~{a}" for a in arrays])
        if not args:
            self.key, self.height = f"{kind}:{shown}", 0
            self.free = frozenset((name,)) if kind == "i" else drawn
            return
        free = args[0].free if len(args) == 1 else NO_LABELS.union(*[a.free for a in args])
        height = args[0].height if len(args) == 1 else max([a.height for a in args])
        inner = args[0].key if len(args) == 1 else ",".join([a.key for a in args])
        if kind in BINDERS:
            scope = ",".join([*(b.key for b in bound), *map(_quoted, arrays)])
            self.key, self.height = f"{kind}[{scope}]({inner})", 1 + height
            ranges = NO_LABELS.union(*[r.free for b in bound for r in b.args])
            self.free = (free | ranges) - {b.name for b in bound} - drawn
            return
        self.key, self.height = f"{kind}:{shown}({inner})", height
        self.free = free | {name} if kind == "i" else free | drawn if drawn else free

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Atom) and self.key == other.key)

    def __hash__(self) -> int:
        return hash(self.key)

    def __repr__(self) -> str:
        return self.key


@lru_cache(maxsize=4096)
def _quoted(name: str) -> str:
    """A name as keys show it: marked off where it has a character that keys are built with, so that none is mistaken.

    >>> _quoted("x"), _quoted("x*s:y")
    ('x', '<5:x*s:y>')
    """
    return name if KEY_CHARACTERS.isdisjoint(name) else f"<{len(name)}:{name}>"


Mono = tuple[tuple[Atom, Exponent], ...]


def mono_key(mono: Mono) -> str:
    """The text key of a monomial.

    >>> mono_key(((Atom("s", "x"), 2),))
    's:x^2'
    """
    return "*".join([a.key if e == 1 else f"{a.key}^{e}" for a, e in mono])


def merge(left: Mono, right: Mono) -> Mono:
    """The product of two monomials, by adding exponents."""
    if not left:
        return right
    if not right:
        return left
    out: list[tuple[Atom, Exponent]] = []
    i = j = 0
    while i < len(left) and j < len(right):
        a, b = left[i][0], right[j][0]
        if a.key == b.key:
            e = left[i][1] + right[j][1]
            if e:
                out.append((a, e if isinstance(e, int) or e.denominator != 1 else int(e)))
            i, j = i + 1, j + 1
        elif a.key < b.key:
            out.append(left[i])
            i += 1
        else:
            out.append(right[j])
            j += 1
    out.extend(left[i:])
    out.extend(right[j:])
    return tuple(out)


class Poly:
    """A polynomial: monomial to coefficient, no zero coefficients; `lead` keeps its leading monomial, once known."""

    __slots__ = ("_free", "_height", "_key", "lead", "terms")

    def __init__(self, terms: Mapping[Mono, fmpq]) -> None:
        self.terms: dict[Mono, fmpq] = {m: c for m, c in terms.items() if c}
        self.lead: Mono | None = None
        self._key: str | None = None
        self._free: frozenset[str] | None = None
        self._height: int | None = None

    @classmethod
    def of(cls, terms: dict[Mono, fmpq]) -> Poly:
        """A polynomial of terms none of which is zero."""
        self = cls.__new__(cls)
        self.terms = terms
        self.lead = None
        self._key = self._free = self._height = None
        return self

    @property
    def key(self) -> str:
        """Canonical text; equal keys, equal polynomials."""
        if self._key is None:
            parts = sorted([(mono_key(m), c) for m, c in self.terms.items()])
            self._key = "+".join([f"{c}*{k}" if k else str(c) for k, c in parts]) or "0"
        return self._key

    @property
    def free(self) -> frozenset[str]:
        """The labels and random arrays that occur free."""
        if self._free is None:
            self._free = NO_LABELS.union(*[a.free for m in self.terms for a, _ in m])
        return self._free

    @property
    def height(self) -> int:
        """How deep binders are nested."""
        if self._height is None:
            self._height = max([a.height for m in self.terms for a, _ in m], default=0)
        return self._height

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Poly) and (self is other or self.terms == other.terms)

    def __hash__(self) -> int:
        return hash(self.key)

    def __repr__(self) -> str:
        return self.key

    def __add__(self, other: Poly) -> Poly:
        if not self.terms:
            return other
        if not other.terms:
            return self
        more, fewer = (self, other) if len(self.terms) >= len(other.terms) else (other, self)
        return _collected(dict(more.terms), fewer.terms.items())

    def __neg__(self) -> Poly:
        return self.scale(fmpq(-1))

    def __sub__(self, other: Poly) -> Poly:
        return self + -other if other.terms else self

    def scale(self, factor: fmpq) -> Poly:
        """Every coefficient times a rational."""
        if factor == 1:
            return self
        return Poly.of({m: c * factor for m, c in self.terms.items()}) if factor else ZERO

    @property
    def is_zero(self) -> bool:
        """Whether it is the zero polynomial."""
        return not self.terms

    @property
    def constant(self) -> fmpq | None:
        """Its value where it is a rational constant, else None."""
        if not self.terms:
            return fmpq(0)
        if len(self.terms) == 1 and () in self.terms:
            return self.terms[()]
        return None

    @property
    def single(self) -> tuple[fmpq, Mono] | None:
        """Coefficient and monomial where there is exactly one term."""
        if len(self.terms) == 1:
            ((mono, coefficient),) = self.terms.items()
            return coefficient, mono
        return None

    @property
    def atom(self) -> Atom | None:
        """The atom where it is one atom to the power 1, with coefficient 1."""
        one = self.single
        if one is not None and one[0] == 1 and len(one[1]) == 1 and one[1][0][1] == 1:
            return one[1][0][0]
        return None

    def atoms(self) -> Iterator[Atom]:
        """The atoms of its monomials, outermost only, with repetition."""
        for mono in self.terms:
            for atom, _ in mono:
                yield atom

    def all_atoms(self) -> Iterator[Atom]:
        """Every atom at any depth."""
        for atom in self.atoms():
            yield atom
            for arg in (*atom.args, *(r for b in atom.bound for r in b.args)):
                yield from arg.all_atoms()


def collect(parts: Iterable[tuple[Mono, fmpq]]) -> Poly:
    """The polynomial with these terms added up."""
    return _collected({}, parts)


def _collected(terms: dict[Mono, fmpq], parts: Iterable[tuple[Mono, fmpq]]) -> Poly:
    """The polynomial of terms that are its own, with some more; a monomial is hashed once, which is what costs."""
    count = len(terms)
    for mono, coefficient in parts:
        found = terms.setdefault(mono, coefficient)
        if len(terms) == count:
            terms[mono] = found + coefficient
        count = len(terms)
    return Poly.of(terms) if all(terms.values()) else Poly(terms)


def constant(value: int | fmpq) -> Poly:
    """A rational constant."""
    return Poly({(): fmpq(value)})


def atom_poly(atom: Atom, exponent: Exponent = 1) -> Poly:
    """One atom to a power."""
    return Poly.of({((atom, exponent),): UNIT})


@lru_cache(maxsize=8192)
def known_atom(kind: str, name: str, args: tuple[Poly, ...] = (), arrays: tuple[str, ...] = ()) -> Atom:
    """An atom that binds nothing; the same one for the same parts, so that its key is made once."""
    return Atom(kind, name, args, (), arrays)


@lru_cache(maxsize=8192)
def index_poly(label: str, ends: tuple[Poly, ...]) -> Poly:
    """An index with its range, as a polynomial."""
    return atom_poly(known_atom("i", label, ends))


def absolute_atom(argument: Poly) -> Atom:
    """The absolute value; both signs of the argument give the same atom."""
    return Atom("f", "Abs", (max(argument, -argument, key=lambda p: p.key),))


def delta_atom(difference: Poly) -> Atom:
    """The indicator that a difference vanishes; both signs give the same atom."""
    return Atom("d", "", (min(difference, -difference, key=lambda p: p.key),))


ZERO = Poly({})
ONE = constant(1)
