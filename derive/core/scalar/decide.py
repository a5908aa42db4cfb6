"""Whether a scalar claim holds: heads are evaluated from the inside out, then sides are compared.

Promise: a `Decision` that is closed says that the relation holds for all values that the context allows, wherever both
sides are defined. Each of its methods is a theorem of the module that it comes from; `used` names the capabilities
that they belong to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import sympy as sp
from sympy import Expr, Integer, S, Symbol
from sympy.core.function import AppliedUndef
from sympy.core.relational import Ne

from derive.core.claims import Given
from derive.core.scalar import (
    cases,
    combining,
    complexes,
    convergence,
    directions,
    equations,
    heads,
    inequalities,
    limits,
    naming,
    opened,
    parts,
    powers,
    products,
    special,
    sums,
)
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, times
from derive.core.scalar.evaluation import MISTAKES, Evaluation
from derive.core.scalar.hypers import NAMED
from derive.core.scalar.looseness import loose
from derive.core.scalar.needs import Needs, needs
from derive.core.scalar.oracle import SILENT, Oracle
from derive.core.scalar.zero import equal
from derive.core.terms import Diff, Domain, Integral, Limit, Product, Scalar, Sum, substitute, subterms
from derive.core.terms.heads import Binder

__all__ = ["CAPABILITIES", "Decision", "decide", "needed"]

CAPABILITIES = frozenset({
    "elementary", "branches", "special", "differentiate", "limits", "summation", "integrate", "bounds",
})

DEEPEST = 3
"""So often is a claim split into cases."""

SERIES = (sp.hyper, *NAMED)
"""Functions that are hypergeometric ones."""


@dataclass(frozen=True)
class Decision:
    """Whether it closed, by which capabilities, what both sides became, and what both need as written."""

    closed: bool
    left: Expr
    right: Expr
    used: frozenset[str] = frozenset()
    needs: Needs = field(default_factory=Needs)

    @property
    def proves(self) -> bool:
        """Whether it closed, and everything that the sides need is known or shown."""
        return self.closed and not self.needs.missing

    @property
    def residue(self) -> Expr:
        """What is left to show to be 0."""
        return plus(self.left, times(S.NegativeOne, self.right))


@dataclass
class _View:
    """Both sides as they stand, and what brought them there."""

    left: Expr
    right: Expr
    used: set[str] = field(default_factory=set)

    @property
    def difference(self) -> Expr:
        return plus(self.left, times(S.NegativeOne, self.right))


def decide(
    left: Expr, relation: str, right: Expr, context: Context, caps: frozenset[str], oracle: Oracle
) -> Decision:
    """Try to close a claim with these capabilities."""
    if not (_keeps_ranges(left) and _keeps_ranges(right)):
        return Decision(False, left, right)
    shown = _shown(left, right, context)
    found = _decided(_View(left, right), relation, _Work(context, caps, oracle, shown), DEEPEST)
    if found.closed:
        return found
    plain, sides = _Work(context, caps, oracle), (left, right)
    ways = (_solved, _nearly, _from_zero)
    return next((one for way in ways if (one := way(relation, plain, sides)) is not None), found)


def _nearly(relation: str, work: _Work, given: tuple[Expr, Expr]) -> Decision | None:
    """By continuity: a derivative or a series is compared where no loose symbol is 0, 1 or -1."""
    if relation != "=" or not any(isinstance(t, (Diff, sp.hyper)) for side in given for t in subterms(side)):
        return None
    names = sorted(loose(*given, work.context), key=str)
    left_out = (Ne(plus(s, k), S.Zero, evaluate=False) for s in names for k in (S.Zero, S.One, S.NegativeOne))
    near = replace(work, context=work.context.also(*left_out))
    one = _decided(_View(*given), relation, near, DEEPEST) if names else None
    return replace(one, needs=_both(*given, work.context, work.oracle)) if one is not None and one.closed else None


def _from_zero(relation: str, work: _Work, given: tuple[Expr, Expr]) -> Decision | None:
    """Bernoulli polynomials of an order n >= 0: at n = 0 and n = 1, and for n >= 2."""
    orders = {t.args[0] for side in given for t in subterms(side) if isinstance(t, sp.bernoulli)}
    counts = {s for n in orders for s in n.free_symbols if isinstance(s, Scalar)}
    names = {s for s in counts if s.domain == Domain("integer", S.Zero)}
    if len(names) != 1 or any(names & g.free_symbols for g in work.context.given):
        return None
    (n,) = names
    used: set[str] = set()
    for value in (S.Zero, S.One, Scalar(n.name + "+", Domain("integer", Integer(2)))):
        one = _decided(_View(*(substitute(side, {n: value}) for side in given)), relation, work, DEEPEST)
        if not one.closed:
            return None
        used |= one.used
    return Decision(True, *given, frozenset(used), _both(*given, work.context, work.oracle))


def _solved(relation: str, work: _Work, given: tuple[Expr, Expr]) -> Decision | None:
    """By an equality among the givens."""
    found = equations.solved(given, work.context) if "elementary" in work.caps else None
    if found is None:
        return None
    (left, right), context = found
    one = _decided(_View(left, right), relation, replace(work, context=context), DEEPEST)
    return replace(one, needs=_both(*given, work.context, work.oracle)) if one.closed else None


def _keeps_ranges(term: Expr) -> bool:
    """Whether each index that is bound runs over the range that it carries, which is what is known of it."""
    sums = (t for t in subterms(term) if isinstance(t, (Sum, Product)))
    return all((index.lo, index.hi) == (lo, hi) for t in sums for index, lo, hi in t.limits)


def _shown(left: Expr, right: Expr, context: Context) -> tuple[Given, ...]:
    """The conditions that a proof about integrals shows, and may rest on."""
    if not any(isinstance(t, Integral) for side in (left, right) for t in subterms(side)):
        return ()
    try:
        found = [c for side in (left, right) for c in needs(side, context, lambda _, __: True).conditions]
    except MISTAKES:
        return ()
    return tuple(Ne(c.term, S.Zero, evaluate=False) for c in found if not c.over)


def _decided(view: _View, relation: str, work: _Work, depth: int) -> Decision:
    left, right, caps = view.left, view.right, work.caps
    for method in _equations(work) if relation == "=" else _inequalities(work, relation):
        try:
            if method(view):
                used = frozenset(view.used | {"elementary"}) & caps
                return Decision(True, view.left, view.right, used, _both(left, right, work.context, work.oracle))
        except MISTAKES:
            continue
    return _in_cases((left, right), view, relation, work, depth) or Decision(False, view.left, view.right)


def _in_cases(
    given: tuple[Expr, Expr], view: _View, relation: str, work: _Work, depth: int
) -> Decision | None:
    """By cases of the conditions that stand in the sides as written, or in what became of them."""
    if not depth or "branches" not in work.caps:
        return None
    for sides in dict.fromkeys((given, (view.left, view.right))):
        try:
            found = cases.cases(sides, work.context)
        except MISTAKES:
            continue
        if found is None:
            continue
        used = {"branches"}
        for (left, right), context in found:
            one = _decided(_View(left, right), relation, replace(work, context=context), depth - 1)
            if not one.closed:
                return None
            used |= one.used
        return Decision(True, *sides, frozenset(used), _both(*given, work.context, work.oracle))
    return None


def needed(left: Expr, right: Expr, given: tuple[Given, ...], names: tuple[Symbol, ...]) -> Needs | None:
    """What both sides need in order to be defined; None where that cannot be said."""
    try:
        return _both(left, right, Context(given, names), SILENT)
    except MISTAKES:
        return None


def _both(left: Expr, right: Expr, context: Context, oracle: Oracle) -> Needs:
    def exists(term: Expr, inner: Context) -> bool:
        return _exists(term, inner, oracle)

    one, other = (needs(side, context, exists) for side in (left, right))
    return Needs(
        tuple(dict.fromkeys((*one.conditions, *other.conditions))),
        tuple(dict.fromkeys((*one.missing, *other.missing))),
        tuple(dict.fromkeys((*one.notes, *other.notes))),
    )


def _exists(term: Expr, context: Context, oracle: Oracle) -> bool:
    """Whether an integral, a limit, a derivative, an infinite sum or product is known to have a finite value."""
    try:
        match term:
            case Integral():
                return convergence.exists(term, context, oracle)
            case Limit():
                value = limits.limit_value(term, context)
                return value is not None and value not in {S.Infinity, S.NegativeInfinity}
            case Diff():
                return heads.exists(term, context)
            case Sum():
                value = Evaluation(CAPABILITIES, oracle, set())
                return sums.has_value(term, context) or opened.has_value(term, context, value)
            case Product():
                return products.product_value(term, context, oracle) is not None
    except MISTAKES:
        return False
    return False


Method = Callable[[_View], bool]


def _equations(work: _Work) -> Iterator[Method]:
    """What is tried for an equation, in order of cost."""
    yield work.same
    yield work.compare_integrals
    yield work.evaluate
    yield work.write_directions
    yield work.take_parts
    yield work.rewrite_special
    yield work.write_as_powers
    yield work.name_series
    yield work.open_sums
    yield work.compare_sums
    yield work.compare_integrals
    yield work.agree


def _inequalities(work: _Work, relation: str) -> Iterator[Method]:
    """What is tried for an inequality."""

    def ordered(view: _View) -> bool:
        return work.ordered(view, relation)

    yield ordered
    rewrite = work.rewrite_exactly if relation in {"<", ">"} else work.rewrite_special
    for change in (work.evaluate, work.take_parts, rewrite, work.write_binet):

        def changed(view: _View, change: Method = change) -> bool:
            before = (view.left, view.right)
            same = change(view)
            if same and relation in {"<=", ">="}:
                return True
            return (view.left, view.right) != before and work.ordered(view, relation)

        yield changed


@dataclass(frozen=True)
class _Work:
    """The methods, under one context."""

    context: Context
    caps: frozenset[str]
    oracle: Oracle
    shown: tuple[Given, ...] = ()

    @property
    def under(self) -> Context:
        """The context with the conditions that are shown."""
        return self.context.also(*self.shown) if self.shown else self.context

    def same(self, view: _View) -> bool:
        return "elementary" in self.caps and equal(view.left, view.right, self.context)

    def _change(self, view: _View, left: Expr, right: Expr, used: set[str]) -> bool:
        if (left, right) == (view.left, view.right):
            return False
        view.left, view.right = left, right
        view.used |= used
        return self.same(view)

    def evaluate(self, view: _View) -> bool:
        used: set[str] = set()
        value = Evaluation(self.caps, self.oracle, used)
        return self._change(view, value(view.left, self.under), value(view.right, self.under), used)

    def take_parts(self, view: _View) -> bool:
        if "branches" not in self.caps:
            return False
        left, right = (parts.parts(side, self.context) for side in (view.left, view.right))
        return self._change(view, left, right, {"branches"})

    def write_directions(self, view: _View) -> bool:
        if "branches" not in self.caps or not _has(view, sp.arg, sp.atan2):
            return False
        sides = directions.directed((view.left, view.right), self.context)
        left, right = (parts.parts(side, self.context) for side in sides)
        closed = self._change(view, left, right, {"branches"})
        return closed or complexes.agree(view.left, view.right, self.context) is not None

    def rewrite_special(self, view: _View) -> bool:
        if "special" not in self.caps:
            return False
        return self._change(view, *special.canonical_pair(view.left, view.right, self.context), {"special"})

    def write_as_powers(self, view: _View) -> bool:
        if "special" not in self.caps:
            return False
        return self._by("special", view, powers.by_powers(view.left, view.right, self.context))

    def write_binet(self, view: _View) -> bool:
        if "special" not in self.caps:
            return False
        left, right = (opened.binet(side, self.context) for side in (view.left, view.right))
        return self._change(view, left, right, {"special"})

    def open_sums(self, view: _View) -> bool:
        """Sequences inside of sums as powers."""
        if not {"special", "summation"} <= self.caps or not _has(view, Sum):
            return False
        value = Evaluation(self.caps, self.oracle, view.used)
        pairs = list(opened.opened(view.left, view.right, self.context))
        for pair in pairs:
            left, right = (value(side, self.context) for side in pair)
            if not powers.same_powers(*special.canonical_pair(left, right, self.context), self.context):
                return False
        return self._by("summation", view, bool(pairs))

    def name_series(self, view: _View) -> bool:
        """Sums as hypergeometric functions, where one of these, or a kin of theirs, stands in the claim."""
        if not {"special", "summation"} <= self.caps or not _has(view, Sum) or not _has(view, *SERIES, AppliedUndef):
            return False
        sides = special.unnamed((view.left, view.right))
        lower = tuple(b for side in sides for t in subterms(side) if isinstance(t, sp.hyper) for b in t.args[1].args)
        left, right = (naming.named(side, self.context, lower) for side in sides)
        closed = special.equal_special(left, right, self.context)
        view.used |= {"special"} if closed else set()
        return self._by("summation", view, closed)

    def rewrite_exactly(self, view: _View) -> bool:
        """The same for a strict inequality, which continuity does not carry over to a point that is left out."""
        if "special" not in self.caps:
            return False
        return self._change(view, *special.exact_pair(view.left, view.right, self.context), {"special"})

    def agree(self, view: _View) -> bool:
        """By complex parts, branches and logarithms, and by equal derivatives."""
        if "branches" not in self.caps or _has(view, Binder):
            return False
        return self._by("branches", view, complexes.agree(view.left, view.right, self.context) is not None)

    def compare_sums(self, view: _View) -> bool:
        if "summation" not in self.caps or not _has(view, Sum, Product):
            return False
        return self._by("summation", view, sums.sums_equal(view.difference, self.context))

    def compare_integrals(self, view: _View) -> bool:
        if "integrate" not in self.caps or not _has(view, Integral):
            return False
        return self._by("integrate", view, combining.close_integrals(view.difference, self.under, self.oracle))

    def ordered(self, view: _View, relation: str) -> bool:
        if "bounds" not in self.caps:
            return False
        return self._by("bounds", view, inequalities.holds(view.left, relation, view.right, self.context) is not None)

    def _by(self, capability: str, view: _View, closed: bool) -> bool:  # noqa: FBT001 - what a method found
        if closed:
            view.used.add(capability)
        return closed


def _has(view: _View, *kinds: type) -> bool:
    return any(isinstance(t, kinds) for side in (view.left, view.right) for t in subterms(side))
