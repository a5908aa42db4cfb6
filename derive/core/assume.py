"""From the givens and the domains to facts.

Promise: every fact follows from a declared domain or a given. What a given says
that is not used here is lost, never twisted: an `Or`, or an equality, adds no
fact (models still have to satisfy it).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from flint import fmpq
from sympy import Basic, Mul, Pow, Rational, S, Symbol
from sympy.core.relational import Ge, Gt, Le, Lt, Ne, Relational
from sympy.logic.boolalg import And, Not

from derive.core.bounds import Bounds
from derive.core.claims import Given
from derive.core.errors import BudgetError, GivenError, NotNormal
from derive.core.facts import Facts
from derive.core.normal.atoms import Poly
from derive.core.normal.convergence import MARK
from derive.core.normal.convert import Converter
from derive.core.normal.heads import positive_where
from derive.core.normal.labels import rename
from derive.core.normal.ring import Ring
from derive.core.terms import (
    Binder,
    CrossEntropy,
    Defined,
    Definition,
    Entropy,
    Expectation,
    FullSupport,
    Index,
    Law,
    RandomArray,
    Sum,
    domain_of,
    free_names,
    subterms,
)
from derive.core.visible import definition_bounds

__all__ = ["Assumptions", "assume", "names_of"]


@dataclass(frozen=True)
class Assumptions:
    """What a proof may rest on: the symbols by name, the facts, and the ranges of the laws' variables."""

    names: dict[str, Symbol]
    facts: Facts
    ranges: dict[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)

    def ring(self, caps: frozenset[str], unfold: frozenset[str] = frozenset()) -> Ring:
        """A ring with these capabilities."""
        return Ring(caps=caps, facts=self.facts, ranges=self.ranges, unfold=unfold)


def assume(terms: Iterable[Basic], givens: Iterable[Given]) -> Assumptions:
    """The assumptions of a claim; raises GivenError where two symbols share a name."""
    hypotheses = list(givens)
    every = [*terms, *hypotheses]
    names = names_of(every)
    domains = {s.name: domain_of(s) for s in names.values() if _is_scalar(s)}
    support = frozenset(g.law.name for g in _flat(hypotheses) if isinstance(g, FullSupport))
    facts = Facts(domains=domains, support=support)
    found = Assumptions(names, facts)
    ring = found.ring(frozenset())
    facts = replace(facts, entries=_entry_bounds(every, found), definitions=_definition_bounds(names))
    for given in _flat([*hypotheses, *_under_roots(hypotheses)]):
        facts = _with_comparison(facts, Converter(replace(ring, facts=facts)), given)
    return Assumptions(names, facts, _ranges(names, ring))


def _is_scalar(symbol: Symbol) -> bool:
    return not isinstance(symbol, (Index, Law)) and not hasattr(symbol, "shape") and not hasattr(symbol, "body")


def names_of(terms: Iterable[Basic]) -> dict[str, Symbol]:
    """The free symbols of some terms, and the random arrays, by name; raises GivenError where two share one."""
    found: dict[str, Symbol] = {}
    for term in terms:
        for symbol in sorted(free_names(term) | set(_bound_arrays(term)), key=lambda s: s.name):
            other = found.setdefault(symbol.name, symbol)
            if other != symbol:
                raise GivenError(f"two different symbols are called {symbol.name}: give each name one declaration")
    return found


def _bound_arrays(term: Basic) -> Iterable[RandomArray]:
    return (a for t in subterms(term) if isinstance(t, Binder) for a in t.arrays)


def _flat(givens: Iterable[Given]) -> Iterable[Given]:
    for given in givens:
        if isinstance(given, And):
            yield from _flat(given.args)
        else:
            yield given


def _entry_bounds(terms: Iterable[Basic], found: Assumptions) -> dict[str, Bounds]:
    """The range of the entries of random arrays whose law has one."""
    arrays = {a for a in found.names.values() if isinstance(a, RandomArray)}
    arrays |= {a for t in terms for a in _bound_arrays(t)}
    return {
        a.name: Bounds(fmpq(0), fmpq(1), lo_open=False, hi_open=False) for a in arrays if a.law.name == "Bernoulli"
    }


def _definition_bounds(names: dict[str, Symbol]) -> dict[str, Bounds]:
    """The ranges of the definitions, as far as they are seen from their formulas."""
    found = {n.name: definition_bounds(n) for n in names.values() if isinstance(n, Definition)}
    return {name: bounds for name, bounds in found.items() if bounds is not None}


def _under_roots(hypotheses: Iterable[Given]) -> Iterator[Given]:
    """Where an intermediate that stands for a root is not 0, what stands under the root is not."""
    for given in _flat(hypotheses):
        if not isinstance(given, (Gt, Lt, Ne)) or given.rhs is not S.Zero or not isinstance(given.lhs, Defined):
            continue
        formula = given.lhs.definition()
        if isinstance(formula, Pow) and isinstance(formula.args[1], Rational) and formula.args[1] > 0:
            yield Ne(formula.args[0], S.Zero, evaluate=False)


def _with_comparison(facts: Facts, convert: Converter, given: Given) -> Facts:
    if isinstance(given, Not) and isinstance(given.args[0], Relational):
        given = given.args[0].negated
    if not isinstance(given, Relational):
        return facts
    if isinstance(given, Lt) and given.rhs is S.Infinity:
        return _with_finite(facts, convert, given.lhs)
    try:
        difference = convert(given.lhs) - convert(given.rhs)
    except (NotNormal, BudgetError):
        return facts
    if isinstance(given, Ne):
        return replace(facts, nonzero=(*facts.nonzero, difference))
    if not isinstance(given, (Gt, Ge, Lt, Le)) or not all(facts.real(convert(side)) for side in given.args):
        return facts
    signed = difference if isinstance(given, (Gt, Ge)) else -difference
    _reject_contradiction(facts, signed, given, strict=isinstance(given, (Gt, Lt)))
    strict = isinstance(given, (Gt, Lt))
    return replace(facts, above=(*facts.above, *((known, strict) for known in (signed, *_without_bars(facts, signed)))))


def _with_finite(facts: Facts, convert: Converter, term: Basic) -> Facts:
    """A sum over an infinite range, of terms that are not negative, converges absolutely where it is below oo."""
    while isinstance(term, (Entropy, CrossEntropy, Expectation)) and term.limits:
        term = term.definition()
    sign = -1 if isinstance(term, Mul) and term.args[0] == -1 and len(term.args) == 2 else 1
    term = term.args[1] if sign < 0 else term
    if not isinstance(term, Sum) or len(term.limits) != 1 or term.limits[0][2] is not S.Infinity:
        return facts
    atom = convert(term).atom
    single = None if atom is None or atom.kind != "Sum" else atom.args[0].single
    if atom is None or single is None or not _never_negative(facts, atom.args[0].scale(sign)):
        return facts
    (index,) = atom.bound
    power = sum(e for a, e in single[1] if a.kind == "i" and a.name == index.name)
    factors = frozenset(
        (rename(a, {index.name: MARK}), e) for a, e in single[1]
        if index.name in a.free and (a.kind != "i" or a.name != index.name)
    )
    if not isinstance(power, int):
        return facts
    found = (tuple(a.key for a in index.args), power, factors)
    return replace(facts, summable=(*facts.summable, found))


def _never_negative(facts: Facts, body: Poly) -> bool:
    return facts.under(positive_where(body)).nonnegative(body)


def _without_bars(facts: Facts, known: Poly) -> Iterator[Poly]:
    """From c - r|u| > 0 with r > 0 and a real u follow c - r u > 0 and c + r u > 0."""
    for mono, c in known.terms.items():
        if c > 0 or len(mono) != 1 or mono[0][1] != 1:
            continue
        bars = mono[0][0]
        if (bars.kind, bars.name) != ("f", "Abs") or not facts.real(bars.args[0]):
            continue
        rest, inner = known - Poly({mono: c}), bars.args[0].scale(-c)
        yield rest - inner
        yield rest + inner


def _reject_contradiction(facts: Facts, signed: Poly, given: Given, *, strict: bool) -> None:
    """Raise GivenError where what is known already rules a given out."""
    bounds = facts.bounds(signed)
    if bounds is not None and (bounds.negative or (strict and bounds.flipped().nonnegative)):
        raise GivenError(f"the givens contradict each other: {given} cannot hold")


def _ranges(names: dict[str, Symbol], ring: Ring) -> dict[tuple[str, int], tuple[str, ...]]:
    convert = Converter(ring)
    found = {}
    for law in names.values():
        if isinstance(law, Law):
            for k, slot in enumerate(law.slots):
                atom = convert(slot).atom
                if atom is not None:
                    found[law.name, k] = tuple(a.key for a in atom.args)
    return found
