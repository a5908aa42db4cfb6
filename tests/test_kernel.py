"""The kernel: each rule family fires and stays silent where it must, reasons are licences, conditions are shown."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from sympy import (
    Abs,
    Gt,
    Integer,
    Lt,
    Ne,
    Rational,
    S,
    atan,
    binomial,
    cos,
    evaluate,
    exp,
    factorial,
    gamma,
    log,
    oo,
    pi,
    sin,
    sqrt,
)

from derive import (
    KL,
    Bernoulli,
    D,
    Derivation,
    E,
    H,
    Sum,
    Var,
    algebra,
    array,
    complex_number,
    contraction,
    d,
    define,
    definition,
    delta,
    eq,
    full_support,
    ge,
    geometric_series,
    index,
    induction,
    integer,
    law,
    linearity,
    logarithms,
    lt,
    positive,
    powers,
    probability,
    random,
    real,
    recursion,
    size,
)  # fmt: skip
from derive.checking import check_claim
from derive.core import kernel
from derive.core.claims import Condition, Invalid, Proved, Refuted, Relation, Undecided
from derive.core.errors import DeriveError
from derive.core.kernel import Claim, conclude, confirm, flaw, prove
from derive.core.rules import FAMILIES, Family, gibbs, independence, marginalisation, normalisation, product_rule
from derive.core.terms import ArgMin, Diff, Integral, Limit, Maximum
from derive.refute import models
from derive.search.suggest import SEARCH

x, y, a, b = (real(name) for name in "xyab")
p, q = positive("p"), positive("q")
r = probability("r", strict=True)
prob = probability("prob")
z = complex_number("z")
n = size("n")
m, k = integer("m"), integer("k")
i, j = index("i", n), index("j", n)
k0 = index("k0", 0, oo)
k1 = index("k1", 0, n - 1)
A, B = array("A", n), array("B", n)
u, v = index("u"), index("v")
One, Two, Joint = law("F", u), law("G", u), law("P", u, v)
SUPPORT = full_support(One, Two)
JOINT = full_support(Joint)
R = random("R", n, law=Bernoulli(prob))
mu = define("mu", Sum(A[i], i)/n)
depth = index("depth", 0, oo)
before = real("before")
grow = recursion("grow", depth, 1, before, 2*before)


def claim(left: object, relation: str, right: object, *given: object) -> Claim:
    """A claim from its parts."""
    return Claim(S(left), Relation(relation), S(right), tuple(given))


def proof(found: Claim, *reasons: object) -> object:
    """What the kernel says, with some models to choose from."""
    return prove(found, reasons, models((found.left, found.right), found.given, limit=12), SEARCH)


FIRES = {
    "algebra": lambda: claim((a - b)*(a + b), "=", a**2 - b**2),
    "linearity": lambda: claim(Sum(x*A[i] + B[i], i), "=", x*Sum(A[i], i) + Sum(B[i], i)),
    "powers": lambda: claim(sqrt(x**2), "=", Abs(x)),
    "positivity": lambda: claim(p + x**2, ">", 0),
    "contraction": lambda: claim(Sum(delta(i, j)*A[i], i), "=", A[j]),
    "logarithms": lambda: claim(log(p*q**2), "=", log(p) + 2*log(q)),
    "definition": lambda: claim(mu(), "=", Sum(A[i], i)/n),
    "chain_rule": lambda: claim(D(x*mu()**2, A[j]), "=", 2*x*mu()/n),
    "euler": lambda: claim(sin(A[i] + B[j]), "=", sin(A[i])*cos(B[j]) + cos(A[i])*sin(B[j])),
    "normalisation": lambda: claim(Sum(One(u), u), "=", 1),
    "marginalisation": lambda: claim(Sum(Joint(u, v), v), "=", Joint(u)),
    "product_rule": lambda: claim(Joint(u, v), "=", Joint(u)*Joint(v | u), JOINT),
    "geometric_series": lambda: claim(Sum(r**k0, k0), "=", 1/(1 - r)),
    "independence": lambda: claim(E(R[i]**2, R), "=", prob),
    "gibbs": lambda: claim(KL(One(u), Two(u)), ">=", 0, *SUPPORT),
    "induction": lambda: claim(grow[depth], "=", S(2)**depth),
    "divergence": lambda: claim(p*Sum(1 + r**k0, k0), "=", oo),
    "elementary": lambda: claim(sin(2*x), "=", 2*sin(x)*cos(x)),
    "branches": lambda: claim(atan(p) + atan(1/p), "=", pi/2),
    "special_functions": lambda: claim(gamma(p + 1), "=", p*gamma(p)),
    "differentiation": lambda: claim(Diff(sin(x**2), (x, 1, x)), "=", 2*x*cos(x**2)),
    "limits": lambda: claim(Limit(sin(x)/x, (x, 0, 0)), "=", 1),
    "summation": lambda: claim(Sum(k1*factorial(k1), k1), "=", factorial(n) - 1),
    "integration": lambda: claim(Integral(x**2, (x, 0, p)), "=", p**3/3),
    "bounds": lambda: claim(log(p), "<=", p - 1),
    "attainment": lambda: claim(A[j], "<=", Maximum(A[i], i)),
    "stationarity": lambda: claim(ArgMin(p*x**2 - 2*a*x, x), "=", a/p),
}
"""A claim that each family closes by itself."""

SILENT = {
    "algebra": lambda: claim(Sum(A[i] + B[i], i), "=", Sum(A[i], i) + Sum(B[i], i)),
    "linearity": lambda: claim(Sum(x**k0 - x**k0 + y**k0, k0), "=", Sum(x**k0, k0) - Sum(x**k0, k0) + Sum(y**k0, k0)),
    "powers": lambda: claim(sqrt(x**2), "=", x),
    "positivity": lambda: claim(x*y, ">=", 0),
    "contraction": lambda: claim(Sum(delta(i, j + 1)*A[i], i), "=", A[j]),
    "logarithms": lambda: claim(log(x*y), "=", log(x) + log(y)),
    "definition": lambda: claim(mu(), "=", Sum(A[i], i)),
    "chain_rule": lambda: claim(d(x*mu()**2, A[j]), "=", 2*x*mu()/n),
    "euler": lambda: claim(sin(A[i] + B[j]), "=", sin(A[i])*cos(B[j])),
    "normalisation": lambda: claim(Sum(One(u), (u, 2, u.hi)), "=", 1),
    "marginalisation": lambda: claim(Sum(Joint(u, v)*Joint(v), v), "=", Joint(u)),
    "product_rule": lambda: claim(Joint(u, v), "=", Joint(u)*Joint(v)),
    "geometric_series": lambda: claim(Sum(x**k0, k0), "=", 1/(1 - x)),
    "independence": lambda: claim(E(R[i]*R[j], R), "=", prob**2),
    "gibbs": lambda: claim(KL(One(u), 2*Two(u), u), ">=", 0, *SUPPORT),
    "induction": lambda: claim(grow[depth], "=", S(2)**depth + depth),
    "divergence": lambda: claim(p*Sum(r**k0, k0), "=", oo),
    "elementary": lambda: claim(sqrt(1 - sin(x)**2), "=", cos(x)),
    "branches": lambda: claim(atan(x) + atan(1/x), "=", pi/2),
    "special_functions": lambda: claim(binomial(n, m), "=", factorial(n)/(factorial(m)*factorial(n - m))),
    "differentiation": lambda: claim(Diff(Abs(x), (x, 1, x)), "=", 1),
    "limits": lambda: claim(Limit(Abs(x)/x, (x, 0, 0)), "=", 1),
    "summation": lambda: claim(Sum(x**k0, k0), "=", 1/(1 - x)),
    "integration": lambda: claim(Integral(1/x**2, (x, -1, 1)), "=", -2),
    "bounds": lambda: claim(log(p), "<", p - 1),
    "attainment": lambda: claim(A[j], "<", Maximum(A[i], i)),
    "stationarity": lambda: claim(ArgMin(p*x**2 - 2*a*x, (x, 0, 1)), "=", a/p),
}
"""A claim, near to the one above, that no family may close by itself."""


def built(table: dict, family: Family) -> Claim:
    """The claim of a family, as its author would have written it."""
    with evaluate(False):
        return table[family.name]()


@pytest.mark.parametrize("family", FAMILIES, ids=[f.name for f in FAMILIES])
def test_a_family_closes_what_it_is_for(family: Family) -> None:
    """With the family as its reason the step is proved, and the verdict names it."""
    found = proof(built(FIRES, family), family)
    assert isinstance(found, Proved), found
    assert found.rules == (family.name,)


@pytest.mark.parametrize("family", FAMILIES, ids=[f.name for f in FAMILIES])
def test_a_family_is_found_without_a_reason(family: Family) -> None:
    """Where no reason is stated, the family that closes the step is found and named."""
    found = proof(built(FIRES, family))
    assert isinstance(found, Proved), found
    assert found.rules == (family.name,)


@pytest.mark.parametrize("family", FAMILIES, ids=[f.name for f in FAMILIES])
def test_a_family_stays_silent(family: Family) -> None:
    """What looks like its business and is not stays open."""
    assert not isinstance(proof(built(SILENT, family), family), Proved)


def test_every_family_is_documented() -> None:
    """Each family says what it states, under which conditions, when it fails, and where it is from."""
    assert {family.name for family in FAMILIES} == FIRES.keys() == SILENT.keys()
    assert all(f.title and f.statement and f.conditions and f.fails and f.source for f in FAMILIES)
    assert len({f.name for f in FAMILIES}) == len(FAMILIES)


# ---------------------------------------------------------------- licences


def test_the_base_needs_no_licence() -> None:
    """What `algebra` names is there beside every reason."""
    with evaluate(False):
        found = proof(claim(log(p*q)*(x + x), "=", 2*x*log(p) + 2*x*log(q)), logarithms)
    assert isinstance(found, Proved)


def test_algebra_beside_another_reason_is_not_idle() -> None:
    """The base may be named where it is used."""
    with evaluate(False):
        found = proof(claim(log(p*q)*(x + x), "=", 2*x*log(p) + 2*x*log(q)), logarithms, algebra)
    assert not isinstance(found, Undecided)


def test_two_reasons_are_both_needed() -> None:
    """A step that needs two reasons is proved by both and by neither alone."""
    with evaluate(False):
        step = claim(Sum(log(p*q)*A[i] + A[i], i), "=", (log(p) + log(q))*Sum(A[i], i) + Sum(A[i], i))
    assert isinstance(proof(step, logarithms, linearity), Proved)
    alone = proof(step, linearity)
    assert isinstance(alone, Invalid)
    assert alone.reason.startswith("linearity does not close this step; ")


def test_an_idle_reason_is_named() -> None:
    """The message names the idle reason and what closes the step."""
    with evaluate(False):
        found = proof(claim(log(p**2), "=", 2*log(p)), logarithms, definition)
    assert found == Invalid("definition is not what closes this step; logarithms does")


def test_a_reason_does_not_close_what_is_open() -> None:
    """A reason on a claim that nothing closes leaves it undecided."""
    with evaluate(False):
        found = proof(claim(E(A[i], 1/n, i)**2, "<=", E(A[i]**2, 1/n, i)), linearity)
    assert isinstance(found, Undecided)


# ---------------------------------------------------------------- conditions and traces


def test_a_thin_condition_is_shown() -> None:
    """Dividing by a difference shows that it is not zero."""
    with evaluate(False):
        found = proof(claim((a - b)*x/(a - b), "=", x))
    assert isinstance(found, Proved)
    assert [(str(c.term), c.over) for c in found.conditions] == [("a - b", ())]


def test_a_condition_in_a_sum_holds_for_every_index() -> None:
    """A condition on what a sum binds says for which index."""
    with evaluate(False):
        found = proof(claim(Sum(x*A[i]/A[i], i), "=", n*x))
    assert isinstance(found, Proved)
    assert found.conditions == (Condition(A[i], (i,)),)


def test_a_given_discharges_a_condition() -> None:
    """What a given says need not be shown as a condition."""
    with evaluate(False):
        found = proof(claim((a - b)*x/(a - b), "=", x, Ne(a, b)))
    assert isinstance(found, Proved)
    assert found.conditions == ()


def test_a_product_below_shows_its_factors() -> None:
    """A product is not zero where none of its factors is."""
    with evaluate(False):
        found = proof(claim(y*(p*x)/(p*x), "=", y))
    assert isinstance(found, Proved)
    assert [c.term for c in found.conditions] == [x]


CUTTING = [(lambda: 1/(k - 3), "k"), (lambda: 1/(Abs(x) - x), "|x|"), (lambda: y/(x*(n - 3)), "n")]


@pytest.mark.parametrize(("left", "cut"), CUTTING)
def test_what_cuts_more_than_a_thin_set_is_not_shown(left: object, cut: str) -> None:
    """A condition on an integer, or on half a line, stands in the way."""
    with evaluate(False):
        below = left()  # type: ignore[operator]
        found = proof(claim(below*x, "=", x*below + 0))
    assert isinstance(found, Undecided), cut
    assert found.reason.endswith("it must not be 0, and this does not follow from the givens")


def test_the_trace_has_both_normal_forms() -> None:
    """A proof records both sides in normal form, and what was discharged."""
    with evaluate(False):
        found = proof(claim(log(p*q), "=", log(p) + log(q)))
    assert isinstance(found, Proved)
    assert [note.label for note in found.trace[:2]] == ["left", "right"]
    assert found.trace[0].term == found.trace[1].term
    assert any(note.label == "nonzero" and note.term == p for note in found.trace)


def test_an_undecided_claim_shows_what_is_left() -> None:
    """The residue is the normal form of the difference."""
    with evaluate(False):
        found = proof(claim(x**2 + y, "=", x**2))
    assert isinstance(found, Undecided)
    assert str(found.residue) == "y"


def test_a_proof_needs_a_model() -> None:
    """Without a model in which both sides have a value nothing is proved."""
    with evaluate(False):
        found = prove(claim(x + x, "=", 2*x), (), ())
    assert found == Undecided("no model of the givens was found in which both sides have a value")


# ---------------------------------------------------------------- well-formedness


def test_free_indices_must_agree() -> None:
    """An index that stands free on one side only is named, with its side."""
    with evaluate(False):
        assert flaw(claim(A[i], "=", Sum(A[j], j))) == "free indices differ: i stands free on the left side only"
        assert flaw(claim(A[i], "=", A[i]*x)) is None


def test_identical_sides_claim_nothing() -> None:
    """Sides that are identical as written are invalid."""
    with evaluate(False):
        assert flaw(claim(x + y, "=", x + y)) == "both sides are identical as written: nothing is claimed"


def test_a_float_is_pointed_out() -> None:
    """A float is invalid wherever it stands."""
    with evaluate(False):
        found = flaw(claim(x, "=", Sum(0.5*A[i], i)))
    assert found is not None
    assert found.startswith("a floating-point number stands on the right side")


def test_contradicting_givens_are_invalid() -> None:
    """Givens that rule each other out prove nothing."""
    with evaluate(False):
        found = proof(claim(x, "=", y, Lt(x, y), Gt(x, y)))
    assert isinstance(found, Invalid)
    assert found.reason.startswith("the givens contradict each other: ")


# ---------------------------------------------------------------- refuting


def test_confirm_checks_the_model_itself() -> None:
    """A model that violates a given refutes nothing, whoever proposes it."""
    with evaluate(False):
        loose, tight = claim(x, ">", 0), claim(x, ">", 0, Gt(x, 0))
    (model,) = [m for m in models((x,), (), limit=12) if confirm(loose, m) is not None][:1]
    assert isinstance(confirm(loose, model), Refuted)
    assert confirm(tight, model) is None


def test_confirm_does_not_refute_what_holds() -> None:
    """Where both sides agree there is no witness."""
    with evaluate(False):
        step = claim(x + x, "=", 2*x)
    assert all(confirm(step, model) is None for model in models((x,), (), limit=12))


def test_a_witness_has_exact_values() -> None:
    """Exact values are shown exactly."""
    with evaluate(False):
        step = claim(x/3, "=", x/2, Gt(x, Rational(1, 2)), Lt(x, Rational(3, 2)))
    found = next(v for m in models((x,), step.given, limit=12) if (v := confirm(step, m)) is not None)
    values = dict(found.witness.values)
    assert found.witness.left is not None
    assert Rational(found.witness.left)*3 == Rational(values["x"]) == Rational(found.witness.right)*2


def test_verdicts_are_not_truth_values() -> None:
    """Asking a verdict whether it is true is a mistake, and none can be changed."""
    found = proof(claim(x + y, "=", y + x + 0*x))
    with pytest.raises(TypeError, match="a verdict is not a bool"):
        bool(found)
    with pytest.raises(FrozenInstanceError, match="cannot assign"):
        found.reason = ""  # type: ignore[attr-defined]


# ---------------------------------------------------------------- citing


def theorem(chain: Derivation) -> kernel.Theorem:
    """The theorem of a derivation, each step proved on the way."""
    claims = [Claim(chain.left_of(n), s.relation, s.right, chain.given) for n, s in enumerate(chain.steps)]
    return conclude("lemma", chain, [proof(c, *s.by) for c, s in zip(claims, chain.steps, strict=True)])


def test_a_conclusion_composes_the_chain() -> None:
    """The conclusion goes from the start to the last expression, by the composed relation, with all conditions."""
    with evaluate(False):
        chain = Derivation(x**2, eq(x**2*a/a), ge(x**2 - p), lt(x**2 + 1))
        found = theorem(Derivation(*(chain.start, *chain.steps[:2])))
    assert found.lemma.relation is Relation.GE
    assert (found.lemma.left, found.lemma.right) == (chain.start, chain.steps[1].right)
    assert [c.term for c in found.conditions] == [a]


def test_no_conclusion_past_an_unproved_step() -> None:
    """A step that is not proved ends the chain."""
    with evaluate(False):
        chain = Derivation(x, eq(x + 0), eq(y))
    with pytest.raises(DeriveError, match=r"^lemma may not be cited: its step 3 is undecided, not proved$"):
        theorem(chain)


def test_a_conclusion_needs_every_verdict() -> None:
    """One verdict for each step."""
    with evaluate(False):
        chain = Derivation(x, eq(x + 0))
    with pytest.raises(DeriveError, match=r"^lemma: 1 steps, but 0 verdicts$"):
        conclude("lemma", chain, [])


def test_a_lemma_is_used_at_its_scale() -> None:
    """A cited equation may be added in any rational multiple, a cited bound in a positive one."""
    with evaluate(False):
        lemma = theorem(Derivation(H(One(u)), eq(-Sum(One(u)*log(One(u)), u))))
        step = claim(x - 3*H(One(u)), "=", x + 3*Sum(One(u)*log(One(u)), u))
        bound = theorem(Derivation(KL(One(u), Two(u)), ge(0), given=SUPPORT))
        good = claim(2*KL(One(u), Two(u)) + x, ">=", x, *SUPPORT)
        bad = claim(x - 2*KL(One(u), Two(u)), ">=", x, *SUPPORT)
    assert isinstance(proof(step, lemma), Proved)
    assert isinstance(proof(good, bound), Proved)
    assert isinstance(proof(bad, bound), Undecided)


def test_a_lemma_brings_its_conditions() -> None:
    """What is proved by a citation holds under the conditions of what is cited."""
    with evaluate(False):
        lemma = theorem(Derivation(log(p*q), eq(log(p*q)*x/x), eq(log(p) + log(q))))
        found = proof(claim(y + log(p*q), "=", y + log(p) + log(q)), lemma)
    assert isinstance(found, Proved)
    assert found.rules == ("lemma",)
    assert [c.term for c in found.conditions] == [x]


# ---------------------------------------------------------------- induction


place = index("place", 1, n)
double = recursion("double", depth, 1, before, 2*before)
shrink = recursion("shrink", place, 1, before, before/x)


@pytest.mark.parametrize(
    "right",
    [
        lambda: S(2)**depth + 1, lambda: S(2)**(depth + 1), lambda: S(3)**depth, lambda: 1 + depth,
        lambda: 1 + depth*(depth + 1)/2,
    ],
    ids=["wrong base", "wrong start", "wrong ratio", "right base only", "right at two places"],
)
def test_a_wrong_induction_does_not_close(right: object) -> None:
    """An induction needs its base and its step."""
    with evaluate(False):
        found = proof(claim(double[depth], "=", right()), induction)  # type: ignore[operator]
    assert not isinstance(found, Proved)


def test_a_given_about_the_index_does_not_stand_in_the_way() -> None:
    """A given that mentions the index is left out of an induction, over a finite range too."""
    upto = index("upto", 0, n)
    doubled = recursion("doubled", upto, 1, before, 2*before)
    with evaluate(False):
        held = proof(claim(doubled[upto], "=", S(2)**upto, Gt(upto, -1)), induction)
        open_one = proof(claim(doubled[upto], "=", S(2)**upto + upto, Gt(upto, -1)), induction)
    assert isinstance(held, Proved), held
    assert isinstance(open_one, Undecided)


def test_an_induction_needs_its_conditions_everywhere() -> None:
    """A condition that hangs on the index is not enough at one place."""
    with evaluate(False):
        found = proof(claim(shrink[place]*A[place]/A[place], "=", x*x**(-place)))
    assert not isinstance(found, Proved)


def test_geometric_sums_and_variances_report_their_own_family() -> None:
    """A family is not named for what it merely helps with."""
    with evaluate(False):
        found = proof(claim(log(Sum(exp(A[i] + x), i)), "=", x + log(Sum(exp(A[i]), i))))
        shift = proof(claim(Var(A[i] + x, 1/n, i), "=", Var(A[i], 1/n, i)))
    assert isinstance(found, Proved)
    assert not {"gibbs", "independence", "induction"} & set(found.rules)
    assert isinstance(shift, Proved)
    assert "gibbs" not in shift.rules


def test_counting_needs_a_range_that_runs_forwards() -> None:
    """The sum of one over 1..n is n for a size, not for any integer."""
    with evaluate(False):
        assert isinstance(proof(claim(Sum(Integer(1), i), "=", n), linearity), Proved)
        assert not isinstance(proof(claim(Sum(Integer(1), (i, 1, m)), "=", m)), Proved)


def test_rules_are_not_mistaken_for_each_other() -> None:
    """A law's sum is no geometric sum, a power no logarithm."""
    for family, wrong in ((normalisation, geometric_series), (powers, logarithms), (marginalisation, contraction)):
        found = proof(built(FIRES, family), wrong)
        assert isinstance(found, Invalid)
        assert found.reason.startswith(f"{wrong.name} ")
    assert isinstance(proof(built(FIRES, gibbs), independence), Invalid)
    assert isinstance(proof(built(FIRES, product_rule), normalisation), Invalid)


def test_a_strict_claim_between_equal_sides_is_refuted() -> None:
    """Where the sides are proved equal, a strict claim fails wherever they have a value, also at irrational ones."""
    with evaluate(False):
        found = check_claim(claim(log(p**2), "<", 2*log(p)))
        other = check_claim(claim(log(p), "<", 2*log(p)))
    assert found.name == "refuted"
    assert found.witness.left_decimal == found.witness.right_decimal
    assert other.name == "refuted"


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [
        (lambda: Sum(1, k0), oo, "proved"),
        (lambda: Sum(-2, k0), -oo, "proved"),
        (lambda: Sum(1 + A[i]**2, i, k0), oo, "proved"),
        (lambda: Sum(1, k0), -oo, "refuted"),
        (lambda: Sum(1, k0), 7, "refuted"),
        (lambda: x*Sum(1, k0), oo, "refuted"),
        (lambda: Sum((-1)**k0, k0), oo, "undecided"),
        (lambda: Sum(1/(1 + k0), k0), oo, "undecided"),
        (lambda: Sum(1, k0) - Sum(2, k0), -oo, "undecided"),
        (lambda: Sum(A[i], i), oo, "refuted"),
    ],
)
def test_a_sum_is_infinite_only_by_its_terms(left: object, right: object, verdict: str) -> None:
    """Terms bounded from below by a positive number add up to oo; nothing else is said to."""
    with evaluate(False):
        found = check_claim(claim(left(), "=", right))  # type: ignore[operator]
    assert found.name == verdict
