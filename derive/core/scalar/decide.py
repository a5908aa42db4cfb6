"""Whether a scalar claim holds: heads are evaluated from the inside out, then sides are compared.

Promise: a `Decision` that is closed says that the relation holds for all values that the context allows, wherever both
sides are defined. Each of its methods is a theorem of the module that it comes from; `used` names the capabilities
that they belong to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from sympy import Expr, S, Symbol
from sympy.core.relational import Ne

from derive.core.claims import Given
from derive.core.errors import BudgetError, GivenError, NotNormal, TermError
from derive.core.normal.ring import UndefinedValue
from derive.core.scalar import (
    cases,
    combining,
    complexes,
    convergence,
    equations,
    heads,
    inequalities,
    integrals,
    limits,
    parameters,
    parts,
    products,
    special,
    sums,
)
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, times
from derive.core.scalar.needs import Needs, needs
from derive.core.scalar.oracle import SILENT, Oracle
from derive.core.scalar.zero import equal
from derive.core.terms import Diff, Integral, Limit, Product, Sum, children_in_scope, rebuild, subterms
from derive.core.terms.heads import Binder

__all__ = ["CAPABILITIES", "Decision", "decide", "needed"]

CAPABILITIES = frozenset({
    "elementary", "branches", "special", "differentiate", "limits", "summation", "integrate", "bounds",
})

DEEPEST = 3
"""So often is a claim split into cases."""

MISTAKES = (NotNormal, BudgetError, UndefinedValue, GivenError, TermError, RecursionError)
"""What a method may raise where it knows nothing."""


@dataclass(frozen=True)
class Decision:
    """Whether it closed, by which capabilities, what both sides became, and what both need as written."""

    closed: bool
    left: Expr
    right: Expr
    used: frozenset[str] = frozenset()
    needs: Needs = field(default_factory=Needs)

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
    return found if found.closed else _solved(relation, _Work(context, caps, oracle), (left, right)) or found


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
                return heads.diff_value(term, context) is not None
            case Sum():
                return sums.has_value(term, context)
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
    yield work.take_parts
    yield work.rewrite_special
    yield work.compare_sums
    yield work.compare_integrals
    yield work.agree


def _inequalities(work: _Work, relation: str) -> Iterator[Method]:
    """What is tried for an inequality."""

    def ordered(view: _View) -> bool:
        return work.ordered(view, relation)

    yield ordered
    rewrite = work.rewrite_exactly if relation in {"<", ">"} else work.rewrite_special
    for change in (work.evaluate, work.take_parts, rewrite):

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
        value = _Evaluation(self.caps, self.oracle, used)
        return self._change(view, value(view.left, self.under), value(view.right, self.under), used)

    def take_parts(self, view: _View) -> bool:
        if "branches" not in self.caps:
            return False
        left, right = (parts.parts(side, self.context) for side in (view.left, view.right))
        return self._change(view, left, right, {"branches"})

    def rewrite_special(self, view: _View) -> bool:
        if "special" not in self.caps:
            return False
        return self._change(view, *special.canonical_pair(view.left, view.right, self.context), {"special"})

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


@dataclass(frozen=True)
class _Evaluation:
    """Heads of the calculus replaced by their values, from the inside out."""

    caps: frozenset[str]
    oracle: Oracle
    used: set[str]
    again: bool = True

    def __call__(self, term: Expr, context: Context) -> Expr:
        if not any(isinstance(t, Binder) for t in subterms(term)):
            return term
        if isinstance(term, (Integral, Limit, Diff)):
            return self._of_one_variable(term, context)
        if isinstance(term, (Sum, Product)):
            return self._over_indices(term, context)
        if isinstance(term, Binder) or not children_in_scope(term):
            return term
        found: Expr = rebuild(term, [self(a, context) if isinstance(a, Expr) else a for a in term.args])
        return found

    def _of_one_variable(self, term: Integral | Limit | Diff, context: Context) -> Expr:
        x, first, second = term.args[1]
        body = self(term.body, _around(term, context))
        new = type(term)(body, (x, self(first, context), self(second, context)))
        value = self._value(new, context)
        if value is None:
            return new
        return replace(self, again=False)(value, context) if isinstance(term, Limit) and self.again else value

    def _value(self, term: Expr, context: Context) -> Expr | None:
        try:
            if isinstance(term, Integral) and "integrate" in self.caps:
                return self._by("integrate", integrals.definite(term, context, self.oracle))
            if isinstance(term, Limit) and "limits" in self.caps:
                return self._by("limits", limits.limit_value(term, context))
            if isinstance(term, Diff) and "differentiate" in self.caps:
                return self._by("differentiate", heads.diff_value(term, context))
            if isinstance(term, Sum) and "summation" in self.caps:
                return self._by("summation", sums.sum_value(term, context, self.oracle))
            if isinstance(term, Product) and "summation" in self.caps:
                return self._by("summation", products.product_value(term, context, self.oracle))
        except MISTAKES:
            return None
        return None

    def _by(self, capability: str, value: Expr | None) -> Expr | None:
        if value is not None:
            self.used.add(capability)
        return value

    def _over_indices(self, term: Binder, context: Context) -> Expr:
        (body,) = term.bodies
        new = type(term)(self(body, context), *term.args[1:])
        value = self._value(new, context)
        return new if value is None else value


def _around(term: Integral | Limit | Diff, context: Context) -> Context:
    """What is known inside of a head, of its variable and of what is around it."""
    x, first, second = term.args[1]
    if isinstance(term, Integral):
        return _between(x, first, second, context.without(x))
    if isinstance(term, Limit):
        return limits.germ(x, first, term.direction, context)
    return parameters.near(x, context) if second == x else context.without(x)


def _between(x: Symbol, lo: Expr, hi: Expr, context: Context) -> Context:
    """What is known of x between the ends, where their order is."""
    if lo is S.NegativeInfinity or hi is S.Infinity:
        return context.within(x, lo, hi)
    gap = plus(hi, times(S.NegativeOne, lo))
    if hi is not S.NegativeInfinity and lo is not S.Infinity:
        if context.nonnegative(gap):
            return context.within(x, lo, hi)
        if context.nonnegative(times(S.NegativeOne, gap)):
            return context.within(x, hi, lo)
        return context
    return context.within(x, hi, lo)
