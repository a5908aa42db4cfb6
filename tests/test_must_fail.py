"""Wrong proofs, all of which must fail, and their true twins, which must not.

The claims stand in `wrong_proofs`; here are also the wrong chains: wrong, idle
and missing reasons, citations of what is not proved, circles. Of the wrong
proofs known from elsewhere, those that need integrals (substitution over
[-1, 1], the integral of 1/x^2) and limits cannot be written yet: SymPy's own
`Integral` and `Limit` have no normal form, and the last test here says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sympy import Integral, Limit, S, Symbol, evaluate, log, oo
from sympy import Sum as SympySum
from wrong_proofs import CORPUS, FULL, ONES, A, Case, Joint, One, a, b, claim, i, p, u, v, x, y

from derive import (
    D,
    Derivation,
    Sum,
    algebra,
    contraction,
    definition,
    eq,
    full_support,
    ge,
    gibbs,
    index,
    law,
    le,
    linearity,
    logarithms,
    normalisation,
    positive,
    positivity,
    real,
)  # fmt: skip
from derive.checking import check, check_claim, check_step
from derive.core import kernel
from derive.core.claims import Invalid, Proved
from derive.core.errors import TermError
from derive.core.kernel import Claim
from derive.refute import models

MODELS = 12
NAMES = [case.name for case in CORPUS]


def test_the_corpus_names_each_case_once() -> None:
    """A name stands for one wrong claim, and there are many of them."""
    assert len(set(NAMES)) == len(NAMES)
    assert len(NAMES) > 150


@pytest.mark.parametrize("case", CORPUS, ids=NAMES)
def test_a_wrong_claim_gets_its_verdict(case: Case) -> None:
    """A wrong claim gets the strongest verdict that holds of it; an undecided one may later get a stronger one."""
    found = check_claim(claim(case.wrong)).name
    allowed = {
        "refuted": {"refuted"},
        "invalid": {"invalid"},
        "undecided": {"undecided", "invalid", "refuted"},
        "not proved": {"undecided", "invalid", "refuted"},
    }
    assert found in allowed[case.found]


@pytest.mark.parametrize("case", CORPUS, ids=NAMES)
def test_the_kernel_alone_does_not_prove_it(case: Case) -> None:
    """The proof itself fails, even where no model would have refuted the claim first."""
    wrong = claim(case.wrong)
    tried = models((wrong.left, wrong.right), wrong.given, limit=MODELS)
    assert not isinstance(kernel.prove(wrong, (), tried), Proved)


TWINS = [case for case in CORPUS if case.twin is not None]


@pytest.mark.parametrize("case", TWINS, ids=[case.name for case in TWINS])
def test_the_true_twin_is_proved(case: Case) -> None:
    """What differs from a wrong claim by just what was wrong in it is proved."""
    assert case.twin is not None
    verdict = check_claim(claim(case.twin))
    assert isinstance(verdict, Proved), verdict


def test_division_by_a_difference_shows_its_condition() -> None:
    """Dividing (a - b)(a + b) by a - b is proved only beside a - b != 0."""
    verdict = check_claim(claim(lambda: ((a - b)*(a + b)/(a - b), "=", a + b)))
    assert isinstance(verdict, Proved)
    assert [str(condition.term) for condition in verdict.conditions] == ["a - b"]


# ---------------------------------------------------------------- chains and reasons


@dataclass(frozen=True)
class Cited:
    """An identity, as far as `by=` asks."""

    name: str
    built: object

    def derivation(self) -> Derivation:
        """Build it."""
        return self.built()  # type: ignore[operator]


def reason_of(derivation: Derivation, k: int = 0) -> str:
    """Why step k is invalid."""
    verdict = check_step(derivation, k).verdict
    assert isinstance(verdict, Invalid), verdict
    return verdict.reason


def test_a_wrong_reason_is_invalid() -> None:
    """A true step with a reason that does not close it names what does."""
    with evaluate(False):
        chain = Derivation(log(p**2), eq(2*log(p), by=linearity))
    assert reason_of(chain) == "linearity does not close this step; logarithms does"


def test_an_idle_reason_is_invalid() -> None:
    """A reason that the step does not need is not what closes it."""
    with evaluate(False):
        chain = Derivation(x + x, eq(2*x, by=contraction))
    assert reason_of(chain) == "contraction is not what closes this step; algebra does"


def test_one_idle_reason_of_two_is_invalid() -> None:
    """Each of several reasons must be needed."""
    with evaluate(False):
        chain = Derivation(log(p**2), eq(2*log(p), by=(logarithms, normalisation)))
    assert reason_of(chain) == "normalisation is not what closes this step; logarithms does"


def test_a_missing_second_reason_is_invalid() -> None:
    """A step that needs two reasons does not close by one of them."""
    with evaluate(False):
        chain = Derivation(Sum(log(One(u)**2)*1 + One(u), u), eq(2*Sum(log(One(u)), u) + 1, by=logarithms), given=ONES)
    assert reason_of(chain).startswith("logarithms does not close this step; ")


def test_a_wrong_step_with_a_reason_is_refuted() -> None:
    """A reason does not save a wrong step."""
    with evaluate(False):
        chain = Derivation(log(x**2), eq(2*log(x), by=logarithms))
    assert check(chain).verdict == "refuted"


def test_a_chain_does_not_turn_round() -> None:
    """What stands after >= may not be continued by <=."""
    with evaluate(False):
        chain = Derivation(x**2 + 1, ge(x**2, by=positivity), le(x**2 + 2, by=positivity))
    assert reason_of(chain, 1) == "a chain may not turn round: found <= after >="
    with pytest.raises(TermError, match=r"^a chain may not turn round: found <= after >=$"):
        chain.conclusion()


def test_a_step_does_not_see_what_stands_before() -> None:
    """A false line does not prove the next: each step stands by itself."""
    with evaluate(False):
        chain = Derivation(x, eq(y), eq(y + 0), eq(x))
    assert [step.verdict.name for step in check(chain).steps] == ["refuted", "proved", "refuted"]


def _false() -> Derivation:
    with evaluate(False):
        return Derivation(log(x**2), eq(2*log(x)))


def _undecided() -> Derivation:
    with evaluate(False):
        return Derivation(Sum(Joint(v | u), v), eq(1))


def _supported() -> Derivation:
    with evaluate(False):
        return Derivation(Sum(Joint(v | u), v), eq(1, by=normalisation), given=FULL[0])


@pytest.mark.parametrize(("built", "verdict"), [(_false, "refuted"), (_undecided, "undecided")])
def test_what_is_not_proved_may_not_be_cited(built: object, verdict: str) -> None:
    """A citation stands only on proved steps."""
    left, right = built().start, built().steps[0].right  # type: ignore[operator]
    with evaluate(False):
        chain = Derivation(2*left, eq(2*right, by=Cited("lemma", built)), given=FULL)
    verdicts = {check_step(chain, 0).verdict.name}
    assert verdicts <= {"invalid", "refuted"}
    if verdicts == {"invalid"}:
        assert reason_of(chain) == f"lemma may not be cited: its step 2 is {verdict}, not proved"


def test_a_citation_with_its_givens_proves() -> None:
    """An identity that is proved may be cited where its givens stand."""
    with evaluate(False):
        chain = Derivation(x*0 + 2*Sum(Joint(v | u), v), eq(2, by=Cited("lemma", _supported)), given=FULL[0])
    assert check(chain).verdict == "proved"


def test_a_citation_without_its_givens_is_invalid() -> None:
    """The givens of what is cited must stand here as well."""
    with evaluate(False):
        chain = Derivation(2*Sum(Joint(v | u), v), eq(2, by=Cited("lemma", _supported)))
    assert reason_of(chain) == f"lemma rests on a given that does not stand here: {FULL[0]}"


def test_a_citation_for_another_domain_is_invalid() -> None:
    """What was proved for a positive x is not there for a real x."""
    with evaluate(False):
        t = positive("t")
        lemma = Cited("lemma", lambda: Derivation(log(t**2), eq(2*log(t))))
        chain = Derivation(log(real("t")**2 + 1), eq(2*log(real("t")) + 1, by=lemma))
    assert check(chain).verdict in {"invalid", "refuted"}
    kernel_verdict = kernel.prove(Claim(chain.start, chain.steps[0].relation, chain.steps[0].right), ())
    assert not isinstance(kernel_verdict, Proved)


def test_a_circle_of_citations_is_invalid() -> None:
    """Two identities that cite each other prove nothing."""
    first = Cited("first", lambda: _step_by(second))
    second = Cited("second", lambda: _step_by(first))
    verdict = check_step(_step_by(first), 0).verdict
    assert isinstance(verdict, Invalid)
    assert "may not be cited" in verdict.reason or "a circle of citations" in verdict.reason


def _step_by(reason: Cited) -> Derivation:
    with evaluate(False):
        return Derivation(log(p**2), eq(2*log(p), by=reason))


def test_an_identity_that_cites_itself_is_invalid() -> None:
    """A circle of one is a circle."""
    itself = Cited("itself", lambda: _step_by(itself))
    verdict = check_step(_step_by(itself), 0).verdict
    assert isinstance(verdict, Invalid)


def test_a_citation_whose_terms_cannot_be_built_is_invalid() -> None:
    """What is cited is the author's own: a derivative by a sum is a mistake, and said to be one."""
    verdict = check_step(_step_by(Cited("slope", lambda: Derivation(D(p, p + 1), eq(S.Zero)))), 0).verdict
    assert isinstance(verdict, Invalid)
    assert "to differentiate by" in verdict.reason


def test_an_idle_citation_is_invalid() -> None:
    """A cited identity must be what closes the step."""
    with evaluate(False):
        chain = Derivation(x + x, eq(2*x, by=Cited("lemma", lambda: Derivation(log(p**2), eq(2*log(p))))))
    assert reason_of(chain) == "lemma is not what closes this step; algebra does"


def test_gibbs_needs_the_same_variables() -> None:
    """A divergence between laws of different variables is not one."""
    other = law("G2", index("other"))
    with evaluate(False):
        body = One(u)*log(One(u)/other(next(iter(other.slots))))
        chain = Derivation(Sum(body, u), ge(0, by=gibbs), given=(ONES[0], full_support(other)))
    assert check(chain).verdict == "refuted"


def test_unfolding_is_not_evaluating() -> None:
    """`definition` unfolds a name, and does no more."""
    with evaluate(False):
        chain = Derivation(Sum(A[i] + A[i], i), eq(2*Sum(A[i], i), by=definition))
    assert reason_of(chain) == "definition is not what closes this step; algebra does"


t = Symbol("t", real=True)


@pytest.mark.parametrize(
    "left",
    [Integral(1/t**2, (t, -1, 1)), Limit(1/t, t, 0), SympySum(1/t, (t, 1, oo))],
    ids=["integral", "limit", "SymPy's sum"],
)
def test_what_cannot_be_read_is_not_proved(left: object) -> None:
    """A head without a normal form is undecided, whatever stands on the other side."""
    with evaluate(False):
        verdict = check_claim(claim(lambda: (left, "=", -2)))
    assert verdict.name in {"undecided", "refuted"}


def test_by_algebra_alone_is_not_a_licence_for_more() -> None:
    """The base does not take logarithms apart."""
    with evaluate(False):
        chain = Derivation(log(p*x), eq(log(p) + log(x), by=algebra))
    assert reason_of(chain) == "algebra does not close this step; logarithms does"
