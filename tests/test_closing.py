"""What is unfolded, and in which order; and that what is kept on the way is kept for its own place only."""

from __future__ import annotations

import pytest
from flint import fmpq
from sympy import Add, Expr, I, Integer, Mul, Pow, S, evaluate, exp, log, sqrt

from derive import D, Sum, array, chain_rule, define, definition, index, law, positive, real, size
from derive.core import closing
from derive.core.assume import assume
from derive.core.claims import Relation
from derive.core.closing import Attempt, attempt
from derive.core.defined import needs_of, needs_of_all
from derive.core.meaning import Model
from derive.core.meaning import evaluate as value_in
from derive.core.normal.convert import Converter
from derive.core.normal.show import show
from derive.core.shapes import misfit
from derive.core.terms import Index

n, m = size("n"), size("m")
i, j = index("i", n), index("j", n)
x, w = array("x", n), array("w", n)
p, u = positive("p"), real("u")
mu = define("mu", Sum(x[i], i)/n)
spread = define("spread", sqrt(1 + Sum((x[i] - mu())**2, i)))
twice = define("twice", 2*mu())
CHAIN = chain_rule.needs | chain_rule.helps
UNFOLD = definition.needs | definition.helps | {"split", "scale"}


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[frozenset[str]]:
    """What was unfolded in each attempt that is made."""
    found: list[frozenset[str]] = []
    before = closing._Unfolding._unfolded

    def noted(self: closing._Unfolding, unfolded: frozenset[str]) -> Attempt:
        found.append(unfolded)
        return before(self, unfolded)

    monkeypatch.setattr(closing._Unfolding, "_unfolded", noted)
    return found


def closes(left: Expr, right: Expr, caps: frozenset[str]) -> bool:
    """Whether an equation closes."""
    return attempt(assume([left, right], ()), left, Relation.EQ, right, caps).closed


# ---------------------------------------------------------------- the strategy


def test_nothing_is_unfolded_where_nothing_needs_to_be(tried: list[frozenset[str]]) -> None:
    """What holds of any mean needs no formula of it."""
    assert closes((mu() + 1)**2, mu()**2 + 2*mu() + 1, UNFOLD)
    assert tried == [frozenset()]


def test_definitions_are_unfolded_one_by_one(tried: list[frozenset[str]]) -> None:
    """Those that use others come first, and what is not needed stays folded."""
    assert closes(twice(), mu() + mu(), UNFOLD)
    assert closes(twice(), 2*Sum(x[i], i)/n, UNFOLD)
    assert not closes(twice(), 3*mu(), UNFOLD)
    one, both = frozenset({"twice"}), frozenset({"twice", "mu"})
    assert tried == [frozenset(), one, frozenset(), one, both, frozenset(), one, both]


def test_a_definition_alone_on_a_side_is_unfolded_at_once(tried: list[frozenset[str]]) -> None:
    """Folded it is never equal to a side that does not know it."""
    slope = define("slope", 2*mu()/n)
    assert closes(D(mu()**2, x[j]), slope(), CHAIN)
    assert tried == [frozenset({"slope"})]


def test_what_a_derivative_brings_back_is_unfolded_first(tried: list[frozenset[str]]) -> None:
    """The derivative of a root holds what stands under it: the root is unfolded, and the mean stays folded."""
    with evaluate(False):
        closed = closes(D(spread(), x[j]), (x[j] - mu())/spread() - Sum(x[i] - mu(), i)/(n*spread()), CHAIN)
    assert closed
    assert tried == [frozenset(), frozenset({"spread"})]


def test_no_unfolding_closes_what_is_false() -> None:
    """Every way is tried, and none closes."""
    assert not closes(D(spread(), x[j]), x[j]/spread(), CHAIN)
    assert not closes(D(mu()**2, x[j]), define("slope", 3*mu()/n)(), CHAIN)


# ---------------------------------------------------------------- what is kept


def test_a_kept_normal_form_is_that_of_its_own_range() -> None:
    """The same body under the same name, over other ranges, next to each other and inside of each other."""
    convert = Converter(assume([n, m], ()).ring(CHAIN))
    with evaluate(False):
        here, there = Sum(u**i, i), Sum(u**i, (Index("i", 1, m), S.One, m))
        nested = Sum(x[i]**2*Sum(x[i]**2*w[i], i), i)
    assert convert(here) != convert(there)
    assert convert(there) == Converter(assume([n, m], ()).ring(CHAIN))(there)
    assert convert(nested) == convert(Sum(x[j]**2, j)*Sum(x[i]**2*w[i], i))
    assert convert(Add(here, here, evaluate=False)) == convert(2*here)


def test_a_need_under_a_weight_is_another_than_without() -> None:
    """A logarithm that a law's weight makes harmless is looked at again where it stands alone."""
    z = index("z", n)
    P = law("P", z)
    with evaluate(False):
        weighted, alone = Mul(P(z), log(P(z))), log(P(z))
        both = Add(weighted, alone)
    ring = assume([both], ()).ring(frozenset())
    assert not needs_of(weighted, ring).missing
    assert needs_of(alone, ring).missing
    assert needs_of(both, ring).missing
    assert needs_of_all([weighted, alone], ring).missing


def test_a_need_of_a_derivative_is_another_than_outside() -> None:
    """A logarithm of what is not real has a value, and is not differentiated along the real axis."""
    with evaluate(False):
        logarithm = log(Add(Mul(I, u), Integer(1)))
        term = Add(logarithm, D(logarithm, u))
    ring = assume([term], ()).ring(frozenset())
    assert "real" not in [note.label for note in needs_of(logarithm, ring).missing]
    assert "real" in [note.label for note in needs_of_all([logarithm, term], ring).missing]


def test_each_need_is_said_once() -> None:
    """Both sides of a step say the same things."""
    ring = assume([u, p], ()).ring(frozenset())
    with evaluate(False):
        found = needs_of_all([1/u + 1/p + log(u), log(p) + 1/u], ring)
    assert [c.term for c in found.conditions] == [u]
    assert [note.term for note in found.notes] == [p]


def test_facts_under_a_weight_are_not_those_without() -> None:
    """What was asked before is not what holds where a law is positive."""
    z = index("z", n)
    P = law("P", z)
    known = assume([P(z)], ())
    weight = Converter(known.ring(frozenset()))(P(z))
    assert not known.facts.positive(weight)
    assert known.facts.under({a.key for a in weight.atoms()}).positive(weight)
    assert not known.facts.positive(weight)


def test_a_shown_atom_is_written_with_the_letters_of_its_scope() -> None:
    """One normal form at two depths of sums: read again, what is shown has the same normal form."""
    with evaluate(False):
        inner = Sum(exp(x[i]), i)
        term = Add(log(inner), Sum(w[j]/inner + Sum(w[i]*log(inner), i)**2, j), Pow(inner, Integer(-1)))
    ring = assume([term], ()).ring(frozenset())
    poly = Converter(ring)(term)
    assert Converter(ring)(show(poly, assume([term], ()).names)) == poly


def test_a_value_is_that_of_its_own_model() -> None:
    """The same term in two models, and at two precisions."""
    first, second = Model.of({u: 2}), Model.of({u: 3})
    assert [value_in(u**2, model) for model in (first, second, first)] == [4, 9, 4]
    assert value_in(exp(u), first, 512).rel_accuracy_bits() > value_in(exp(u), first, 64).rel_accuracy_bits()
    assert value_in(u, first) == fmpq(2)


def test_formulas_are_entered_once() -> None:
    """A chain of definitions, each used twice by the next, is no deeper to look into than it is long."""
    with evaluate(False):
        body = x[i]
        for k in range(40):
            body = define(f"h{k}", body, i)(i)
            body = Add(body, Mul(body, body))
    assert misfit(body, x[i], ()) is None
    other = index("o", m)
    clash = misfit(define("wrong", Sum(x[other], other))() + define("right", Sum(x[i], i))(), u, ())
    assert clash is not None
    assert "sizes clash" in clash
