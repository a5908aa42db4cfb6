"""Mutants: small wrong edits of every proved step of the library.

None may be proved unless it happens to be true; those stand in TRUE, each with
the reason. Nearly all others are refuted; the rest stands in UNDECIDED. A
mutant is named by identity, step, kind, and which one of that kind it is.
"""

from __future__ import annotations

from functools import cache
from itertools import islice

import pytest
from sympy import S, Symbol, evaluate, log

from derive import KL, E, Sum, array, full_support, index, law, real, size
from derive.checking import check_claim, check_step
from derive.core.claims import Derivation, Relation, eq, le
from derive.core.kernel import Claim
from derive.core.terms import Binder, subterms
from derive.library import library_files, load_file
from derive.mutate import KINDS, labelled, mutants, neighbours, scaled

MOST, MOST_ENDLESS = 40, 12
"""So many mutants of a step are checked, evenly spaced; fewer where a sum is infinite, whose models take long."""

BUDGET = 1_000
"""So many mutants are checked in all, however large the library."""

REFUTED = 0.95

UNIT = "its weight sums to one like the one that it replaces, and what is averaged is a constant"
SHIFT = "a variance does not see a constant, nor a sign of the whole"
NORMALISED = "what is dropped is a sum over the whole law, which is 1"
FIRST_TERM = "the first term of the sum is 0"
NEGATIVE = "the logarithm of a probability is at most 0"
WEAKER = "a bound that is weaker still holds"
CENTRED = "what is changed is a factor of the sum of x - mu, which is 0"
OTHER_LAW = "the bound holds for any law in this place"
NOTHING = "what is changed is 0, or is multiplied by 0"
NOT_NEEDED = "the step holds without that given"
CONSTANT = "the functions differ by a constant, which moves no extremum"
SHOWN = "without that given the step shows that the sum is not 0 as a condition"

TRUE = {
    **{f"{name}-likelihood 2 log argument {k}": CONSTANT
       for name, k in (("bernoulli", 1), ("bernoulli", 2), ("exponential", 1), ("poisson", 1), ("variance", 1))},
    "geometric-cross-entropy-minimiser 2 log argument 1": CONSTANT,
    "geometric-cross-entropy-minimiser 2 log argument 2": CONSTANT,
    "least-squares-weight 3 given 1": SHOWN,
    "geometric-cross-entropy-minimum 4 factor 7": WEAKER,
    "geometric-cross-entropy-minimum 4 term 4": WEAKER,
    "bernoulli-mean 2 half 2": NOTHING,
    "bernoulli-variance 2 factor 3": NOTHING,
    "score-has-mean-zero 2 factor 4": NOTHING,
    "prediction-marginal 2 factor 1": NORMALISED,
    "perfect-predictor-cross-entropy 2 sign 2": NOTHING,
    "perfect-predictor-mutual-information 2 index 5": NOTHING,
    "log-sum-exp-is-at-least-each-score 4 index 5": NOTHING,
    "log-sum-exp-is-at-most-maximum-plus-log-n 7 log argument 1": WEAKER,
    "log-sum-exp-is-at-least-each-score 3 sign 4": NOTHING,
    "geometric-distribution-entropy 4 factor 2": NORMALISED,
    "geometric-distribution-entropy 4 bound 2": FIRST_TERM,
    "geometric-distribution-entropy 5 bound 1": FIRST_TERM,
    "dropout-expected-loss 3 sign 6": SHIFT,
    "dropout-expected-loss 3 half 6": SHIFT,
    "dropout-expected-loss 3 double 6": SHIFT,
    "dropout-expected-loss 3 term 5": SHIFT,
    "dropout-expected-loss 3 sign 7": SHIFT,
    "elbo-decomposition 2 law 2": UNIT,
    "elbo-decomposition 2 condition 1": UNIT,
    "elbo-decomposition 3 law 6": UNIT,
    "elbo-decomposition 3 condition 5": UNIT,
    "elbo-decomposition 4 law 6": UNIT,
    "elbo-decomposition 4 condition 5": UNIT,
    "elbo-decomposition 7 double 1": WEAKER,
    "elbo-decomposition 7 law 2": OTHER_LAW,
    "elbo-decomposition 7 condition 1": OTHER_LAW,
    "elbo-decomposition 7 exponent halved 1": WEAKER,
    "elbo-decomposition 7 law 3": OTHER_LAW,
    "elbo-entropies 3 law 2": UNIT,
    "elbo-entropies 3 condition 1": UNIT,
    "elbo-bound 3 law 2": UNIT,
    "elbo-bound 3 condition 1": UNIT,
    "elbo-bound 6 sign 1": NEGATIVE,
    "elbo-bound 6 half 1": NEGATIVE,
    "elbo-bound 6 log argument 1": WEAKER,
    **dict.fromkeys((
        f"batch-norm-backward-mean 3 {edit}"
        for edit in (
            "sign 3", "half 3", "double 3", "term 2", "sign 5", "factor 6", "factor 7", "factor 9", "factor 10",
            "exponent 3", "exponent halved 3", "inverse 3", "sign 6", "double 4", "term 3", "sign 7", "half 5",
            "term 4",
        )
    ), CENTRED),
    **dict.fromkeys((
        f"layer-norm-backward-mean 3 {edit}"
        for edit in (
            "sign 3", "half 3", "double 3", "term 2", "sign 9", "factor 15", "factor 16", "exponent 3",
            "exponent halved 3", "inverse 3", "factor 19", "factor 20", "factor 21", "factor 22",
        )
    ), CENTRED),
    **{f"weight-norm-projects-u-away 2 {edit} 1": "both sides are 0" for edit in ("sign", "half", "double")},
    **{
        f"batch-norm-of-whitened-input {edit}": "this step does not need that given"
        for edit in ("2 given 1", "3 given 1", "3 given 2", "4 given 2")
    },
    "bernoulli-divergence 4 term 3": NOTHING,
    "bernoulli-entropy 4 double 4": NOTHING,
    "bernoulli-mean 2 factor 2": NOTHING,
    "bernoulli-mean 2 term 1": NOTHING,
    "bernoulli-mean 2 term 2": NOTHING,
    "bernoulli-variance 2 term 3": NOTHING,
    "conditioning-reduces-entropy 4 double 1": WEAKER,
    "cross-entropy-decomposition 7 given 1": NOT_NEEDED,
    "cross-entropy-decomposition 7 half 1": WEAKER,
    "cross-entropy-decomposition 7 sign 1": WEAKER,
    "data-processing 2 condition 3": WEAKER,
    "data-processing 2 half 3": WEAKER,
    "divergence-chain-rule 9 half 1": WEAKER,
    "divergence-data-processing 3 given 1": NOT_NEEDED,
    "divergence-data-processing 7 law 1": WEAKER,
    "divergence-data-processing 7 sign 1": WEAKER,
    "em-lower-bound 7 double 2": WEAKER,
    "em-lower-bound 7 half 3": WEAKER,
    "entropy-is-subadditive 5 double 2": WEAKER,
    "entropy-is-subadditive 5 double 3": WEAKER,
    "geometric-mean 2 bound 1": WEAKER,
    "importance-sampling-is-unbiased 4 given 1": NOT_NEEDED,
    "label-marginal 2 condition 2": WEAKER,
    "label-marginal 2 factor 2": WEAKER,
    "label-marginal 3 condition 1": WEAKER,
    "label-marginal 4 condition 1": WEAKER,
    "label-marginal 4 given 1": NOT_NEEDED,
    "label-marginal 5 given 1": NOT_NEEDED,
    "label-marginal 6 given 1": NOT_NEEDED,
    "log-sum-exp-is-at-least-each-score 3 double 4": NOTHING,
    "log-sum-exp-is-at-least-each-score 4 index 3": NOTHING,
    "log-sum-exp-is-at-most-maximum-plus-log-n 7 double 3": WEAKER,
    "log-sum-exp-is-at-most-maximum-plus-log-n 9 double 3": WEAKER,
    "log-sum-exp-is-at-most-maximum-plus-log-n 9 log argument 1": WEAKER,
    "log-sum-exp-variational 5 sign 3": WEAKER,
    "mutual-information-chain-rule 9 half 1": WEAKER,
    "mutual-information-is-at-most-the-entropy 9 double 1": WEAKER,
    "one-hot-divergence 2 double 3": NOTHING,
    "one-hot-divergence 2 half 3": NOTHING,
    "one-hot-divergence 2 index 4": NOTHING,
    "one-hot-divergence 3 index 3": NOTHING,
    "perfect-predictor-cross-entropy 2 bound 2": WEAKER,
    "perfect-predictor-cross-entropy 2 bound 4": WEAKER,
    "perfect-predictor-cross-entropy 2 bound 6": WEAKER,
    "perfect-predictor-cross-entropy 2 double 1": WEAKER,
    "perfect-predictor-cross-entropy 2 index 3": WEAKER,
    "perfect-predictor-cross-entropy 2 sign 1": WEAKER,
    "perfect-predictor-cross-entropy 3 bound 1": WEAKER,
    "perfect-predictor-cross-entropy 3 bound 2": WEAKER,
    "perfect-predictor-cross-entropy 3 bound 3": WEAKER,
    "perfect-predictor-cross-entropy 3 given 1": NOT_NEEDED,
    "perfect-predictor-cross-entropy 3 half 1": WEAKER,
    "perfect-predictor-cross-entropy 3 sign 2": WEAKER,
    "perfect-predictor-cross-entropy 4 given 1": NOT_NEEDED,
    "perfect-predictor-cross-entropy 5 bound 1": WEAKER,
    "perfect-predictor-cross-entropy 5 bound 3": WEAKER,
    "perfect-predictor-cross-entropy 5 bound 6": WEAKER,
    "perfect-predictor-cross-entropy 5 half 1": WEAKER,
    "perfect-predictor-cross-entropy 5 index 2": WEAKER,
    "perfect-predictor-cross-entropy 5 index 3": WEAKER,
    "perfect-predictor-joint 2 given 1": NOT_NEEDED,
    "perfect-predictor-joint 3 given 1": NOT_NEEDED,
    "perfect-predictor-joint 4 given 1": NOT_NEEDED,
    "perfect-predictor-mutual-information 2 factor 8": WEAKER,
    "perfect-predictor-mutual-information 2 index 6": WEAKER,
    "perfect-predictor-mutual-information 2 index 7": WEAKER,
    "prediction-marginal 2 condition 1": WEAKER,
    "score-has-mean-zero 2 exponent 1": NOTHING,
    "score-has-mean-zero 2 half 3": NOTHING,
    "score-has-mean-zero 2 sign 1": NOTHING,
    "score-has-mean-zero 3 double 1": NOTHING,
    "score-has-mean-zero 3 half 1": NOTHING,
    "score-has-mean-zero 3 sign 1": NOTHING,
    "score-has-mean-zero 4 double 1": NOTHING,
    "score-has-mean-zero 4 half 1": NOTHING,
    "score-has-mean-zero 4 sign 1": NOTHING,
    "score-has-mean-zero 5 double 1": NOTHING,
    "score-has-mean-zero 5 half 1": NOTHING,
    "score-has-mean-zero 5 sign 1": NOTHING,
    "uniform-law-has-maximal-entropy 7 double 1": WEAKER,
    "uniform-law-has-maximal-entropy 7 log argument 1": WEAKER,
}
"""Mutants that are true, each with the reason."""

COMPLEX = "the logarithm of a negative number: the balls of the complex series are not told apart"
DIVERGES = "a mean that does not exist: that it diverges is not certified"
GIVEN = "without full support a side has no value in some models, which refutes nothing"
DIVIDED = "without it a deviation may be 0, by which is divided: a side has no value there"
RANGE = "an index or a value out of its range: a side has no value in any model"
BOUND = "a weaker bound, which is true and needs more than one rule"
ENDLESS = "a multiple of oo, which has no value as written"
SAME = "it is true, as what is changed is 0, and needs more than one rule"
MINIMISER = "without it there need not be an extremum; where there is one, it is where it is claimed to be"
ALMOST = "it is true, and that a cross-entropy is real is not known"
FAR = "that the function falls all the way to oo is not certified"

UNDECIDED = {
    **{f"{name}-likelihood {k} given 1": MINIMISER
       for name in ("bernoulli", "exponential", "poisson", "variance") for k in (2, 3)},
    **{f"geometric-cross-entropy-minimiser {k} given {n}": MINIMISER for k in (2, 3) for n in (1, 2)},
    "geometric-cross-entropy-minimiser 2 log argument 1": ALMOST,
    "geometric-cross-entropy-minimiser 2 log argument 2": ALMOST,
    "least-squares-weight 2 given 1": MINIMISER,
    "variance-likelihood 2 factor 1": FAR,
    "variance-likelihood 2 factor 4": FAR,
    "variance-likelihood 2 term 1": FAR,
    "score-has-mean-zero 2 bound 4": SAME,
    "data-processing 2 bound 9": BOUND,
    "divergence-data-processing 7 given 2": GIVEN,
    "chain-score 2 half 3": RANGE,
    "geometric-distribution-entropy 2 sign 8": COMPLEX,
    "geometric-distribution-entropy 2 term 3": COMPLEX,
    "geometric-distribution-entropy 2 sign 10": COMPLEX,
    "gaussian-entropy 2 inverse 1": DIVERGES,
    "gaussian-entropy 3 inverse 1": DIVERGES,
    "gaussian-mutual-information 2 inverse 11": DIVERGES,
    "elbo-decomposition 7 factor 2": BOUND,
    "elbo-decomposition 7 exponent 1": BOUND,
    "elbo-decomposition 7 inverse 1": BOUND,
    "elbo-decomposition 2 given 1": GIVEN,
    "elbo-decomposition 2 given 2": GIVEN,
    "elbo-decomposition 3 given 1": GIVEN,
    "elbo-decomposition 3 given 2": GIVEN,
    "elbo-decomposition 4 given 2": GIVEN,
    "elbo-decomposition 5 given 1": GIVEN,
    "elbo-decomposition 6 given 1": GIVEN,
    "elbo-decomposition 6 given 2": GIVEN,
    "elbo-decomposition 7 given 1": GIVEN,
    "elbo-decomposition 7 given 2": GIVEN,
    "elbo-entropies 2 given 1": GIVEN,
    "elbo-entropies 2 given 2": GIVEN,
    "elbo-entropies 3 given 1": GIVEN,
    "elbo-entropies 4 given 1": GIVEN,
    "elbo-entropies 4 given 2": GIVEN,
    "elbo-entropies 5 given 1": GIVEN,
    "elbo-entropies 5 given 2": GIVEN,
    "elbo-bound 2 given 1": GIVEN,
    "elbo-bound 2 given 2": GIVEN,
    "elbo-bound 3 given 1": GIVEN,
    "elbo-bound 3 given 2": GIVEN,
    "elbo-bound 4 given 1": GIVEN,
    "elbo-bound 4 given 2": GIVEN,
    "elbo-bound 5 given 1": GIVEN,
    "elbo-bound 5 given 2": GIVEN,
    "elbo-bound 6 given 1": GIVEN,
    "elbo-bound 6 given 2": GIVEN,
    **{
        f"{name} {step} given 1": DIVIDED
        for name in (
            "batch-norm-backward", "batch-norm-backward-mean", "batch-norm-backward-variance", "layer-norm-backward",
            "layer-norm-backward-gain", "layer-norm-backward-shift", "layer-norm-backward-mean",
            "layer-norm-backward-deviation", "rms-norm-backward", "rms-norm-backward-gain", "weight-norm-gradient",
            "weight-norm-projects-u-away",
        )
        for step in (2, 3)
    },
    "batch-norm-gradient 2 given 1": DIVIDED,
    "batch-norm-of-whitened-input 2 given 2": DIVIDED,
    "batch-norm-of-whitened-input 4 given 1": DIVIDED,
    "batch-norm-backward-mean 3 half 4": "true where B is not 2",
    "batch-norm-backward-mean 3 double 5": "true where B is not 2",
    **{f"concatenation 2 {edit}": RANGE for edit in ("sign 4", "double 4", "half 5", "double 5")},
    **{
        f"update-gate 2 {edit} {number + at}": RANGE
        for number in (8, 16, 22) for edit, at in (("sign", 0), ("double", 0), ("half", 1), ("double", 1))
    },
    "anti-predictor-marginal 2 double 3": RANGE,
    "anti-predictor-marginal 2 half 2": RANGE,
    "anti-predictor-marginal 2 half 3": RANGE,
    "anti-predictor-marginal 2 sign 2": RANGE,
    "anti-predictor-mutual-information 2 double 6": RANGE,
    "anti-predictor-mutual-information 3 double 2": RANGE,
    "anti-predictor-mutual-information 3 double 3": RANGE,
    "anti-predictor-mutual-information 3 half 4": RANGE,
    "anti-predictor-mutual-information 3 half 5": RANGE,
    "anti-predictor-mutual-information 3 sign 2": RANGE,
    "cross-entropy-decomposition 2 given 1": GIVEN,
    "cross-entropy-decomposition 3 given 1": GIVEN,
    "cross-entropy-decomposition 4 given 1": GIVEN,
    "cross-entropy-decomposition 7 bound 1": BOUND,
    "cross-entropy-decomposition 7 bound 2": BOUND,
    "cross-entropy-with-a-one-hot-law 2 double 1": ENDLESS,
    "cross-entropy-with-a-one-hot-law 2 half 1": ENDLESS,
    "data-processing 2 bound 7": BOUND,
    "data-processing 2 bound 8": BOUND,
    "data-processing 2 condition 1": BOUND,
    "divergence-chain-rule 8 given 1": GIVEN,
    "divergence-chain-rule 9 given 1": GIVEN,
    "divergence-chain-rule 9 law 2": BOUND,
    "divergence-data-processing 2 given 2": GIVEN,
    "divergence-data-processing 4 given 3": GIVEN,
    "divergence-data-processing 7 double 1": BOUND,
    "divergence-data-processing 7 factor 3": BOUND,
    "divergence-data-processing 7 factor 4": BOUND,
    "divergence-data-processing 7 given 1": GIVEN,
    "divergence-from-a-one-hot-law 2 double 1": ENDLESS,
    "divergence-from-a-one-hot-law 2 half 1": ENDLESS,
    "em-lower-bound 2 given 1": GIVEN,
    "em-lower-bound 3 given 1": GIVEN,
    "em-lower-bound 4 given 1": GIVEN,
    "em-lower-bound 6 given 1": GIVEN,
    "em-lower-bound 7 bound 3": BOUND,
    "em-lower-bound 7 double 1": BOUND,
    "geometric-cross-entropy 2 given 1": GIVEN,
    "geometric-cross-entropy-minimum 4 factor 5": BOUND,
    "importance-sampling-is-unbiased 2 given 1": GIVEN,
    "label-marginal 3 given 1": GIVEN,
    "log-sum-exp-is-at-most-maximum-plus-log-n 7 double 4": BOUND,
    "log-sum-exp-is-at-most-maximum-plus-log-n 7 exponent halved 1": BOUND,
    "data-processing-inequality 7 bound 2": BOUND,
    "data-processing-inequality 7 factor 3": BOUND,
    "log-sum-exp-is-at-least-the-maximum 2 bound 1": BOUND,
    "mutual-information-chain-rule 9 bound 1": BOUND,
    "mutual-information-chain-rule 9 bound 2": BOUND,
    "mutual-information-chain-rule 9 bound 4": BOUND,
    "mutual-information-chain-rule 9 factor 2": BOUND,
    "mutual-information-is-at-most-the-entropy 9 bound 1": BOUND,
    "perfect-predictor-cross-entropy 5 arguments 1": BOUND,
    "perfect-predictor-cross-entropy 5 given 1": GIVEN,
    "perfect-predictor-joint 2 index 3": SAME,
    "perfect-predictor-joint 3 index 3": SAME,
    "perfect-predictor-joint 4 index 3": SAME,
    "poisson-entropy 6 bound 1": SAME,
    "poisson-mean 2 bound 1": SAME,
    "poisson-mean 3 bound 1": SAME,
    "poisson-variance 2 bound 2": SAME,
    "prediction-marginal 3 given 1": GIVEN,
    "score-has-mean-zero 2 bound 3": SAME,
}
"""Mutants about which nothing is found, each with the reason."""


@cache
def library() -> dict[str, Derivation]:
    """Every identity's derivation, by name."""
    found = [identity for path in library_files() for identity in load_file(path).identities]
    return {identity.name: identity.derivation() for identity in found}


def steps() -> list[tuple[str, int]]:
    """Every step of the library that is expected to hold: identity, and step from 0."""
    every = [(name, k, step) for name, chain in library().items() for k, step in enumerate(chain.steps)]
    return [(name, k) for name, k, step in every if step.expect == "proved"]


def is_endless(chain: Derivation) -> bool:
    """Whether some sum in a derivation is infinite."""
    terms = [chain.start, *(step.right for step in chain.steps)]
    binders = [t for term in terms for t in subterms(term) if isinstance(t, Binder)]
    return any(limit[2] is S.Infinity for binder in binders for limit in binder.limits)


def named(name: str, k: int) -> list[tuple[str, Claim]]:
    """All mutants of a step, by name."""
    return [(f"{name} {k + 2} {label}", claim) for label, claim in labelled(library()[name], k)]


def sample(name: str, k: int) -> list[tuple[str, Claim]]:
    """The mutants of a step that are checked."""
    found = named(name, k)
    most = min(MOST_ENDLESS if is_endless(library()[name]) else MOST, max(3, BUDGET // len(steps())))
    stride = -(-len(found) // most)
    return found[k % stride::stride]


@pytest.mark.parametrize(("name", "k"), steps(), ids=[f"{name}-{k + 2}" for name, k in steps()])
def test_no_mutant_is_proved(name: str, k: int) -> None:
    """A wrong neighbour of a proved step is not proved, and what is neither proved nor refuted is listed."""
    assert check_step(library()[name], k).verdict.name == "proved"
    found = {label: check_claim(claim).name for label, claim in sample(name, k)}
    assert sorted(label for label, verdict in found.items() if verdict == "proved" and label not in TRUE) == []
    assert sorted(
        label for label, verdict in found.items() if verdict in {"undecided", "error"} and label not in UNDECIDED
    ) == []


def test_nearly_all_mutants_are_refuted() -> None:
    """Of the sampled mutants that are not true, at most 5% are listed as undecided: the others are refuted."""
    wrong = [label for name, k in steps() for label, _ in sample(name, k) if label not in TRUE]
    assert len(set(wrong) & UNDECIDED.keys()) <= (1 - REFUTED) * len(wrong)


def test_what_is_listed_exists() -> None:
    """The lists name no mutant that is not there any more."""
    every = {label for name, k in steps() for label, _ in named(name, k)}
    assert sorted((TRUE.keys() | UNDECIDED.keys()) - every) == []


# ---------------------------------------------------------------- mutate itself


x, y = real("x"), real("y")
n = size("n")
i, j = index("i", n), index("j", n)
A, M = array("A", n), array("M", n, n)
u = index("u")
P, Q = law("P", u), law("Q", u)


def kinds_of(term: object) -> dict[str, list[str]]:
    """The neighbours of a term as text, by kind."""
    found: dict[str, list[str]] = {}
    for kind, neighbour in neighbours(term):
        found.setdefault(kind, []).append(str(neighbour))
    return found


def test_each_neighbour_is_new() -> None:
    """No neighbour is the term itself, and none comes twice."""
    with evaluate(False):
        term = Sum(M[i, j]*A[j]**2 - log(2*x)/y, i, j)
    found = [neighbour for _, neighbour in neighbours(term)]
    assert len(set(found)) == len(found) > 20
    assert term not in found


def test_every_kind_is_in_words() -> None:
    """A kind is one of those that have words."""
    with evaluate(False):
        right = E(log(P(u)), P(u)) + Sum(A[i]*M[i, j], i, j)**2 - x
        chain = Derivation(KL(P(u), Q(u)), le(right), given=full_support(P))
    assert {kind for kind, _ in mutants(chain, 0)} <= KINDS.keys()


def test_a_sum_loses_terms_and_signs() -> None:
    """A sum's edits: a term dropped, doubled, halved, its sign changed."""
    with evaluate(False):
        found = kinds_of(x - y)
    assert found["term"] == ["-y", "x"]
    assert "x + y" in found["sign"]


def test_bounds_of_a_sum_are_shifted() -> None:
    """Both ends of a sum move inwards, an infinite end does not."""
    assert kinds_of(Sum(A[i], i))["bound"] == ["Sum(Entry(A, i), (i, 2, n))", "Sum(Entry(A, i), (i, 1, n - 1))"]
    endless = index("k", 0, S.Infinity)
    assert len(kinds_of(Sum(x**endless, endless))["bound"]) == 1


def test_indices_are_swapped_within_their_range_only() -> None:
    """An index is replaced by another of the same range in scope, and by no other."""
    other = index("o", size("m"))
    term = Sum(A[i]*array("B", size("m"))[other], i, other)
    assert "index" not in kinds_of(term)
    ranges = "(i, 1, n), (j, 1, n)"
    assert kinds_of(Sum(M[i, j], i, j))["index"] == [f"Sum(Entry(M, {two}), {ranges})" for two in ("j, j", "i, i")]


def test_arguments_of_a_divergence_are_exchanged() -> None:
    """KL(P, Q) becomes KL(Q, P)."""
    found = [neighbour for kind, neighbour in neighbours(KL(P(u), Q(u))) if kind == "arguments"]
    assert found == [KL(Q(u), P(u))]


def test_a_given_is_dropped_and_a_relation_turned() -> None:
    """The edits of a step besides those of its right side."""
    with evaluate(False):
        chain = Derivation(x, le(x + 1), given=(full_support(P), full_support(Q)))
    found = [(kind, claim.relation, claim.given) for kind, claim in mutants(chain, 0)]
    assert [edit for edit in found if edit[0] in {"given", "relation", "strict"}] == [
        ("relation", Relation.GE, chain.given),
        ("strict", Relation.LT, chain.given),
        ("given", Relation.LE, chain.given[1:]),
        ("given", Relation.LE, chain.given[:1]),
    ]


def test_a_mutant_is_never_the_left_side() -> None:
    """What would make a step identical on both sides is left out."""
    with evaluate(False):
        chain = Derivation(x, eq(x + y))
    assert all(claim.right != claim.left for _, claim in mutants(chain, 0))


def test_scaled_multiplies_into_a_factor() -> None:
    """A rational factor in front is multiplied into, and one is not written."""
    z = Symbol("z")
    assert scaled(scaled(z, S.Half), S(2)) == z
    assert str(scaled(3*z, S(2))) == "6*z"
    assert scaled(S(5), S.NegativeOne) == -5


def test_neighbours_are_made_one_by_one() -> None:
    """A few neighbours of a large term are had without making all."""
    with evaluate(False):
        term = sum((A[i]**k for k in range(2, 60)), x)
    assert len(list(islice(neighbours(term), 3))) == 3
