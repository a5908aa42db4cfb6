"""Random terms: the normal form against meaning, and against itself written in another way."""

from __future__ import annotations

from math import comb
from random import Random
from typing import Any

from flint import acb, fmpq
from hypothesis import given, settings
from rewrites import claim
from strategies import ALL_CAPS, EXTRA, GIVENS, LINEAR, build, caps, connected, generators, recipe, scrambled
from sympy import Expr

from derive.core import meaning
from derive.core.assume import assume
from derive.core.bounds import Bounds
from derive.core.claims import Relation
from derive.core.closing import attempt
from derive.core.defined import needs_of
from derive.core.errors import BudgetError, GivenError, NotEvaluable, NotNormal
from derive.core.meaning import Atoms, Gaussian, Infinite, Model
from derive.core.normal.atoms import Poly
from derive.core.normal.convert import Converter
from derive.core.normal.show import show
from derive.core.terms import free_names
from derive.refute import models

DIFFERENT = {"less", "greater", "different", "unequal"}
DEFINITIONS = frozenset({"mu", "h", "free"})


def normal(term: Expr, licence: frozenset[str], givens: Any = GIVENS) -> Poly | None:
    """The normal form, or None where there is none to be had."""
    unfold = DEFINITIONS if "unfold_def" in licence else frozenset()
    try:
        return Converter(assume([term], givens).ring(licence, unfold))(term)
    except (BudgetError, NotNormal):
        return None


def cumulant(atoms: Atoms, order: int) -> fmpq:
    """The cumulant of a finite law, from its moments."""
    moments = [atoms.moment(k) for k in range(order + 1)]
    found = [fmpq(0)]
    for a in range(1, order + 1):
        found.append(moments[a] - sum((comb(a - 1, b - 1) * found[b] * moments[a - b] for b in range(1, a)), fmpq(0)))
    return found[order]


def with_cumulants(model: Model, shown: Expr) -> Model:
    """The model with the unknown cumulants of a shown normal form worked out."""
    for name in free_names(shown):
        if name.name.startswith("kappa_"):
            order, array = name.name.removeprefix("kappa_").rstrip(")").split("(")
            law = next(v for k, v in model.values.items() if k.name == array)
            model = model.with_value(name, cumulant(law, int(order)))
    return model


def worth_the_same(term: Expr, poly: Poly, givens: Any) -> bool:
    """Whether no model tells the term from its normal form."""
    shown = show(poly, assume([term], givens).names)
    for model in models([term], givens, limit=3):
        try:
            left, right, found = meaning.weigh(term, shown, with_cumulants(model, shown))
        except NotEvaluable:
            continue
        if found in DIFFERENT and not any(isinstance(v, Infinite) and v.sign == 0 for v in (left, right)):
            return False
    return True


@settings(derandomize=True, deadline=None, max_examples=1500)
@given(generators())
def test_the_normal_form_means_what_the_term_means(rng: Random) -> None:
    """Under any licence, a term and its normal form never have rigorously different values."""
    term = build(recipe(rng, rng.randint(1, 4)), evaluate=rng.random() < 0.3)
    licence = caps(rng)
    givens = GIVENS if rng.random() < 0.6 else ()
    poly = normal(term, licence, givens)
    assert poly is None or worth_the_same(term, poly, givens)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(generators())
def test_connected_sums_mean_what_they_meant(rng: Random) -> None:
    """Canonical labels of nested and symmetric sums capture nothing."""
    term = build(connected(rng, rng.randint(2, 3)))
    poly = normal(term, LINEAR)
    assert poly is None or worth_the_same(term, poly, GIVENS)


@settings(derandomize=True, deadline=None, max_examples=500)
@given(generators())
def test_another_way_to_write_a_term_has_the_same_normal_form(rng: Random) -> None:
    """Bound names, order and grouping leave no trace in the normal form."""
    made = recipe(rng, rng.randint(1, 4), dynamic=False)
    licence = rng.choice((LINEAR, frozenset(), ALL_CAPS, caps(rng)))
    one, two = (normal(build(way), licence) for way in (made, scrambled(made, rng)))
    assert one is None or two is None or one.key == two.key


@settings(derandomize=True, deadline=None, max_examples=120)
@given(generators())
def test_symmetric_sums_have_one_normal_form(rng: Random) -> None:
    """Cycles, cliques, stars and bipartite products over up to six indices do not hang on the names of these."""
    made = connected(rng, rng.randint(2, 6))
    licence = rng.choice((LINEAR, frozenset(), ALL_CAPS))
    one, two = (normal(build(way), licence) for way in (made, scrambled(made, rng)))
    assert one is None or two is None or one.key == two.key


@settings(derandomize=True, deadline=None, max_examples=400)
@given(generators())
def test_true_rewrites_close_and_wrong_ones_do_not(rng: Random) -> None:
    """A true rewrite closes under the full licence; the same with a changed coefficient or an added term does not."""
    name, *sides = claim(rng)
    left, right, wrong = (build(side) for side in sides)
    assumptions = assume([left, right, wrong], GIVENS)
    assert attempt(assumptions, left, Relation.EQ, right, ALL_CAPS).closed, name
    assert not attempt(assumptions, left, Relation.EQ, wrong, ALL_CAPS).closed, name


def outside(bounds: Bounds, value: Any) -> bool:
    """Whether a value certainly does not lie in an interval."""
    if isinstance(value, Infinite):
        return False
    if isinstance(value, (Gaussian, acb)):
        return isinstance(value, Gaussian) or not value.imag.contains(0)
    exact = type(value) is fmpq
    below = bounds.lo is not None and (value < bounds.lo or (bounds.lo_open and exact and value == bounds.lo))
    above = bounds.hi is not None and (value > bounds.hi or (bounds.hi_open and exact and value == bounds.hi))
    return bool(below or above)


@settings(derandomize=True, deadline=None, max_examples=400)
@given(generators())
def test_facts_hold_in_every_model_of_the_givens(rng: Random) -> None:
    """Bounds contain the value, what is not zero is not zero, and what is an integer is one."""
    term = build(recipe(rng, rng.randint(1, 3), dynamic=False))
    givens = (*GIVENS, *rng.sample(EXTRA, rng.choice((0, 1, 2))))
    try:
        facts = assume([term], givens).facts
    except GivenError:
        return
    poly = normal(term, caps(rng) - {"unfold_def"}, givens)
    if poly is None:
        return
    bounds = facts.bounds(poly)
    for model in models([term], givens, limit=3):
        try:
            value = meaning.evaluate(term, model)
        except NotEvaluable:
            continue
        assert bounds is None or not outside(bounds, value), (bounds, value)
        if type(value) is fmpq:
            assert value != 0 or not facts.not_zero(poly)
            assert value.q == 1 or not facts.integer(poly)


LIMITS = (
    "certain",
    "ball",
    "too long",
    "outcomes",
    "branch",
    "enclos",
    "precision",
    "bound",
    "tail",
    "giant",
    "polynomial",
)
"""Words of a refusal that says what the evaluator cannot do, not what the term lacks."""


def refusal(term: Expr, model: Model) -> str | None:
    """Why a term has no value in a model, or None where it has one."""
    try:
        meaning.evaluate(term, model)
    except NotEvaluable as error:
        return str(error)
    return None


@settings(derandomize=True, deadline=None, max_examples=250)
@given(generators())
def test_a_term_whose_needs_are_met_has_a_value(rng: Random) -> None:
    """Where nothing is missing and every condition holds, a term can be evaluated."""
    term = build(recipe(rng, rng.randint(1, 3), dynamic=False))
    givens = (*GIVENS, *rng.sample(EXTRA, rng.choice((0, 1))))
    try:
        needs = needs_of(term, assume([term], givens).ring(frozenset()))
    except (BudgetError, NotNormal):
        return
    if needs.missing or any(condition.over for condition in needs.conditions):
        return
    for model in models([term, *(condition.term for condition in needs.conditions)], givens, limit=3):
        try:
            met = all(meaning.compare(meaning.evaluate(c.term, model), fmpq(0)) in DIFFERENT for c in needs.conditions)
        except NotEvaluable:
            continue
        if met:
            why = refusal(term, model)
            assert why is None or any(word in why for word in LIMITS), why
