"""Mutants: small wrong edits of every proved step of the library.

None may be proved unless it happens to be true; those are listed in
`known_mutants`, each with the reason. Nearly all others are refuted; the rest
is listed there as well. Here a sample is checked, `benchmarks/mutants.py` has all.
"""

from __future__ import annotations

from functools import cache
from itertools import islice

import pytest
from known_mutants import TRUE, UNDECIDED
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

BUDGET = 800
"""So many mutants are checked in all, however large the library."""

REFUTED = 0.95

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
    most = min(MOST_ENDLESS if is_endless(library()[name]) else MOST, max(2, BUDGET // len(steps())))
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
    """Of all mutants that are not true, at most 5% are listed as undecided: the others are refuted."""
    wrong = [label for name, k in steps() for label, _ in named(name, k) if label not in TRUE]
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
