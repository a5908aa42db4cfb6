"""From the givens and the domains to facts.

Promise: every fact follows from a declared domain or a given. What a given says
that is not used here is lost, never twisted: an `Or`, or an equality, adds no
fact (models still have to satisfy it).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from flint import fmpq
from sympy import Basic, Symbol
from sympy.core.relational import Ge, Gt, Le, Lt, Ne, Relational
from sympy.logic.boolalg import And, Not

from derive.core.bounds import Bounds
from derive.core.claims import Given
from derive.core.errors import BudgetError, GivenError, NotNormal
from derive.core.facts import Facts
from derive.core.normal.atoms import Poly
from derive.core.normal.convert import Converter
from derive.core.normal.ring import Ring
from derive.core.terms import Binder, FullSupport, Index, Law, RandomArray, domain_of, free_names, subterms

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
    facts = replace(facts, entries=_entry_bounds(every, found))
    for given in _flat(hypotheses):
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


def _with_comparison(facts: Facts, convert: Converter, given: Given) -> Facts:
    if isinstance(given, Not) and isinstance(given.args[0], Relational):
        given = given.args[0].negated
    if not isinstance(given, Relational):
        return facts
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
