"""Wrong claims of scalar calculus, none of which may be proved, and their true twins, all of which must be.

The kernel is asked by itself, with the search for suggestions, so that no refutation hides a wrong proof. The claims
stand in `wrong_scalar`; here are also those that text cannot say.
"""

from __future__ import annotations

import pytest
from sympy import Abs, Expr, Integer, Rational, S, conjugate, cos, exp, sin
from wrong_scalar import CORPUS, Case, read

from derive.core import kernel
from derive.core.claims import Derivation, Proved, Relation, Verdict
from derive.core.kernel import Claim
from derive.core.terms import Domain, Index, Integral, Limit, Scalar, Sum
from derive.refute import models
from derive.search.suggest import SEARCH

MODELS = 8
NAMES = [case.name for case in CORPUS]
TWINS = [case for case in CORPUS if case.twin is not None]


def verdict(left: Expr, relation: str, right: Expr, given: tuple[object, ...] = ()) -> Verdict:
    """What the kernel says of a claim."""
    claim = Claim(left, Relation(relation), right, given, True)
    return kernel.prove(claim, (), models([left, right], given, limit=MODELS), SEARCH)


def verdict_of(derivation: Derivation) -> Verdict:
    """The same for a claim that was read."""
    (step,) = derivation.steps
    return verdict(derivation.start, step.relation.value, step.right, derivation.given)


def test_the_corpus_names_each_case_once() -> None:
    """A name stands for one wrong claim, and there are many of them."""
    assert len(set(NAMES)) == len(NAMES)
    assert len(NAMES) > 200
    assert len(TWINS) > 150


@pytest.mark.parametrize("case", CORPUS, ids=NAMES)
def test_a_wrong_claim_is_not_proved(case: Case) -> None:
    """The proof itself fails, even where no model would have refuted the claim first."""
    assert not isinstance(verdict_of(read(case.wrong)), Proved)


@pytest.mark.parametrize("case", TWINS, ids=[case.name for case in TWINS])
def test_the_true_twin_is_proved(case: Case) -> None:
    """What differs from a wrong claim by just what was wrong in it is proved."""
    assert case.twin is not None
    found = verdict_of(read(case.twin))
    assert isinstance(found, Proved), found


@pytest.mark.parametrize(("text", "conditions"), [
    ("a real; b real; Integral(1/(b-a), (t, a, b)) = 1", ["-a + b"]),
    ("a real; b real; a <= b; Integral(1/(b-a), (t, a, b)) = 1", ["-a + b"]),
    ("a real; b real; a < b; Integral(1/(b-a), (t, a, b)) = 1", []),
    ("a real; Integral(cos(a*t), (t, 0, 1)) = sin(a)/a", ["a"]),
    ("n real; Integral(t**n, (t, 1, 2)) = (2**(n+1) - 1)/(n+1)", ["n + 1"]),
    ("x real; y real; (x**2 - y**2)/(x - y) = x + y", ["x - y"]),
    ("z complex; gamma(z+1) = z*gamma(z)", ["1/gamma(z + 1)", "1/gamma(z)"]),
])
def test_what_is_left_out_is_shown(text: str, conditions: list[str]) -> None:
    """A proof that fails on a thin set shows it, and shows nothing that is known."""
    found = verdict_of(read(text))
    assert isinstance(found, Proved)
    assert [str(condition.term) for condition in found.conditions] == conditions


# ---------------------------------------------------------------- what text cannot say


N = Scalar("n", Domain("integer", S.One))
X = Scalar("x", Domain("real"))
RUNNING = Index("i", S.One, S.Infinity)
ROOT = RUNNING ** Rational(1, 2)
J, J_ = (Index(name, S.Zero, N) for name in ("j", "j_"))
K = Index("k", S.Zero, N)
WAVE = Integral(exp(sin(X, evaluate=False), evaluate=False), (X, S.Zero, S.One))
HIDDEN = [Scalar(name, Domain("complex")) for name in ("x'", "x'0", "x''")]


def _cosine(index: Index) -> Expr:
    found: Expr = cos(sin(index, evaluate=False), evaluate=False)
    return found


def _over_both_sides(body: Expr) -> Expr:
    """Over a range that is not the one its index carries."""
    return Sum(body, (RUNNING, Integer(-2), Integer(2)))


@pytest.mark.parametrize(("left", "right"), [
    *((Sum(_cosine(K), K), Sum(_cosine(other), K)) for other in (J, J_)),
    *((WAVE**2, name**2) for name in HIDDEN),
    *((WAVE * name, name**2) for name in HIDDEN),
    (_over_both_sides(Abs(RUNNING, evaluate=False)), S.Zero),
    (_over_both_sides(Integral(X * Abs(RUNNING, evaluate=False), (X, S.Zero, S.One))), S.Zero),
    (_over_both_sides(Limit(X + Abs(RUNNING, evaluate=False), (X, S.Zero, 0))), S.Zero),
    (conjugate(_over_both_sides(ROOT), evaluate=False), _over_both_sides(ROOT)),
], ids=str)
def test_a_name_stands_for_itself(left: Expr, right: Expr) -> None:
    """A name of the prover's own is never one of the claim's, and an index runs over its limits."""
    assert not isinstance(verdict(left, "=", right), Proved)


def test_an_index_over_its_own_range_is_evaluated() -> None:
    """The twin of those: the index carries the range that it runs over."""
    index = Index("i", Integer(1), Integer(3))
    assert isinstance(verdict(Sum(Abs(index, evaluate=False), index), "=", Integer(6)), Proved)
