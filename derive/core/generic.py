"""Terms over arrays, laws, definitions and unknown functions, with these as plain numbers.

Promise: what holds of `plain(term)` for all values of the symbols that stand for something, under `givens`, holds of
the term, wherever the `parts` that they stand for are defined.

Each largest part that is no term over numbers (an entry, a sum over entries, a probability, a mean, a value of an
unknown function) becomes a symbol: real, and within the bounds that are visible in the part, or known. Parts with one
normal form have one value, and become one symbol. Definitions may be such parts, or be unfolded. Givens say of these
symbols what they say of the parts; those that say nothing of numbers are lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from flint import fmpq
from sympy import Add, Basic, Dummy, Expr, Mul, NumberSymbol, Pow, Rational, S, Symbol, log
from sympy.core.function import Application
from sympy.core.relational import Relational
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.logic.boolalg import And, Not, Or

from derive.core.assume import Assumptions
from derive.core.claims import Given
from derive.core.errors import BudgetError, NotNormal
from derive.core.normal.atoms import Poly
from derive.core.normal.convert import Converter
from derive.core.terms import (
    Applied,
    CrossEntropy,
    Defined,
    Definition,
    Delta,
    Divergence,
    Domain,
    Entropy,
    Entry,
    Expectation,
    Index,
    Prob,
    Recurred,
    Scalar,
    Slope,
    Sum,
    free_names,
    rebuild,
    substitute,
    subterms,
)
from derive.core.thin import thin
from derive.core.visible import visible

__all__ = ["Generic", "is_scalar"]

SPREAD = (Applied, Defined, Entry, Prob, Slope, Delta, Recurred)
"""Heads that are no function of numbers."""

PARTS = (*SPREAD, Sum, Expectation)
"""What a symbol may stand for."""

NUMERIC = (Add, Mul, Pow, Application, ExprCondPair, Relational)
"""What is kept, and looked into."""


def is_scalar(names: Iterable[Symbol]) -> bool:
    """Whether these are names of numbers: no arrays, laws, definitions or unknown functions."""
    return all(isinstance(n, Index) or type(n) in {Symbol, Dummy, Scalar} for n in names)


@dataclass
class Generic:
    """The parts found so far, each with its symbol and its normal form.

    No part may hang on a name in `apart`; `unfold` says whether definitions are to be unfolded.
    """

    assumptions: Assumptions
    apart: frozenset[Symbol] = frozenset()
    unfold: bool = False
    known: list[tuple[Scalar, Expr, Poly]] = field(default_factory=list)

    @property
    def parts(self) -> tuple[Expr, ...]:
        """What symbols stand for."""
        return tuple(part for _, part, _ in self.known)

    def plain(self, term: Basic) -> Expr:
        """The term over numbers alone; raises NotNormal where a part is not known to be a real number."""
        if _is_plain(term):
            return term
        if self.unfold and isinstance(term, Defined):
            return self.plain(term.definition())
        if isinstance(term, PARTS):
            return self._symbol(term)
        if isinstance(term, NUMERIC):
            found: Expr = rebuild(term, [self.plain(a) for a in term.args])
            return found
        raise NotNormal(f"{type(term).__name__} is no number")

    def givens(self, given: Iterable[Given]) -> tuple[Given, ...]:
        """The givens about numbers; one with a free index also where that is another one in the parts."""
        return tuple(found for one in given for found in self._said(one))

    def meant(self, term: Expr) -> Expr:
        """The term, with what its symbols stand for."""
        return self._put(term, {symbol: part for symbol, part, _ in self.known})

    def words(self, term: Expr) -> str:
        """The term as text, with what its symbols stand for by name."""
        names = {s: Symbol(t.head.name if isinstance(t, Defined) and not t.arguments else str(t))
                 for s, t, _ in self.known}  # fmt: skip
        return str(self._put(term, names))

    def thin(self, term: Expr) -> bool:
        """Whether the zeros of a term, with what its symbols stand for, are known to be a thin set."""
        if _is_plain(term):
            return True
        try:
            return thin(Converter(self.assumptions.ring(frozenset()))(term), self.assumptions.facts)
        except (NotNormal, BudgetError):
            return False

    # ------------------------------------------------------------ parts

    def _put(self, term: Expr, values: Mapping[Scalar, Expr]) -> Expr:
        found: Expr = substitute(term, dict(values))
        return found

    def _symbol(self, part: Expr) -> Scalar:
        if free_names(part) & self.apart:
            raise NotNormal(f"{type(part).__name__} is no function of numbers whose derivative is known here")
        if not _is_finite(part):
            raise NotNormal(f"that {type(part).__name__} is finite is not known")
        convert = Converter(self.assumptions.ring(frozenset()))
        value = convert(part)
        for symbol, _, other in self.known:
            if other == value:
                return symbol
        found = Scalar(self._fresh(), self._domain(part, value))
        self.known.append((found, part, value))
        return found

    def _fresh(self) -> str:
        taken = {*self.assumptions.names, *(symbol.name for symbol, _, _ in self.known)}
        number = len(self.known) + 1
        while f"v_{number}" in taken:
            number += 1
        return f"v_{number}"

    def _domain(self, part: Expr, value: Poly) -> Domain:
        """By what is visible, and by what is known of the normal form and of that of what is defined."""
        facts = self.assumptions.facts
        found = [visible(part), facts.bounds(value)]
        unfolded = frozenset(n.name for n in free_names(part) if isinstance(n, Definition))
        if unfolded:
            found.append(facts.bounds(Converter(self.assumptions.ring(frozenset(), unfolded))(part)))
        known = [bounds for bounds in found if bounds is not None]
        if not known:
            raise NotNormal("that a term is real is not known")
        lo, lo_open = max(((b.lo, b.lo_open) for b in known if b.lo is not None), default=(None, False))
        hi, closed = min(((b.hi, not b.hi_open) for b in known if b.hi is not None), default=(None, True))
        return Domain("real", _rational(lo), _rational(hi), lo_open=lo_open, hi_open=not closed)

    # ------------------------------------------------------------ givens

    def _said(self, given: Given) -> Iterator[Given]:
        if not isinstance(given, (Relational, And, Or, Not)):
            return
        for instance in _instances(given, self.parts):
            try:
                yield self.plain(instance)
            except (NotNormal, BudgetError):
                return


def _instances(given: Given, parts: Sequence[Expr]) -> Iterator[Given]:
    """The given, which holds for all values of its free index, and it for each index of that range in the parts."""
    yield given
    free = [name for name in free_names(given) if isinstance(name, Index)]
    if len(free) != 1:
        return
    (index,) = free
    others = {name for part in parts for name in free_names(part) if isinstance(name, Index) and name != index}
    for other in sorted(others, key=lambda name: name.name):
        if (other.lo, other.hi) == (index.lo, index.hi):
            instance: Given = substitute(given, {index: other})
            yield instance


def _is_plain(term: Basic) -> bool:
    """Whether it is a term over numbers already."""
    if isinstance(term, (Rational, NumberSymbol)) or term is S.ImaginaryUnit:
        return True
    return is_scalar(free_names(term)) and not any(isinstance(t, SPREAD) for t in subterms(term))


@lru_cache(maxsize=1024)
def _is_finite(part: Basic) -> bool:
    """Whether it has no infinite value where it is defined: sums and means converge, but entropies may be infinite."""
    return all(map(_is_finite_by_itself, subterms(part)))


def _is_finite_by_itself(term: Basic) -> bool:
    if isinstance(term, Defined):
        return _is_finite(term.definition())
    if isinstance(term, log):
        bounds = visible(term.args[0])
        return bounds is not None and bounds.positive
    return not isinstance(term, (Entropy, CrossEntropy, Divergence))


def _rational(value: fmpq | None) -> Rational | None:
    return None if value is None else Rational(int(value.p), int(value.q))
