"""Repairs and hints: shown only where they are proved, in words that say what they change."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import Lt, Rational, S, Symbol, evaluate, exp, log, oo, pi, sqrt

from derive import (
    KL,
    H,
    Sum,
    array,
    complex_number,
    define,
    full_support,
    index,
    integer,
    law,
    nonnegative,
    positive,
    probability,
    real,
    size,
)  # fmt: skip
from derive.checking import check_claim
from derive.core import kernel
from derive.core.claims import Proved, Refuted, Relation, Undecided
from derive.core.kernel import Claim
from derive.core.terms import Scalar
from derive.refute import models, search
from derive.repair import hint_for, repaired

x, y = real("x"), real("y")
p, q = positive("p"), positive("q")
z = complex_number("z")
n = size("n")
i, j = index("i", n), index("j", n)
A, B = array("A", n), array("B", n)
u, v = index("u"), index("v")
P, Q, J = law("P", u), law("Q", u), law("J", u, v)
FULL = full_support(P, Q)


def claim(left: object, relation: str, right: object, *given: object) -> Claim:
    """A claim from its parts."""
    return Claim(S(left), Relation(relation), S(right), tuple(given))


def repair_of(wrong: Claim) -> tuple[str, str] | None:
    """The repair of a refuted claim, as text; it must be proved."""
    found = check_claim(wrong)
    assert isinstance(found, Refuted), found
    note = found.witness.repair
    if note is None:
        return None
    relation = wrong.relation
    if " in place of " in note.label:
        relation = Relation(note.label.split()[3])
    mended = replace(wrong, relation=relation, right=note.term)
    tried = models((mended.left, mended.right), mended.given, limit=12)
    assert isinstance(kernel.prove(mended, (), tried), Proved)
    return note.label, str(note.term)


@pytest.mark.parametrize(
    ("wrong", "label", "term"),
    [
        (lambda: claim(log(sqrt(p)), "=", log(p)), "it holds with a factor 1/2", "log(p)/2"),
        (lambda: claim(Sum(i, i), "=", n*(n + 1)), "it holds with a factor 1/2", "n*(n + 1)/2"),
        (lambda: claim(x + x, "=", x), "it holds with a factor 2", "2*x"),
        (lambda: claim(log(1/p), "=", log(p)), "it holds with a factor -1", "-log(p)"),
        (lambda: claim((x + y)/3, "=", x + y), "it holds with a factor 1/3", "x/3 + y/3"),
        (lambda: claim(2*log(p**2), "=", log(p)), "it holds with a factor 4", "4*log(p)"),
    ],
)
def test_a_missing_factor_is_found(wrong: object, label: str, term: str) -> None:
    """A right side that is a small multiple away is mended by the factor."""
    with evaluate(False):
        step = wrong()  # type: ignore[operator]
    assert repair_of(step) == (label, term)


@pytest.mark.parametrize(
    ("wrong", "label"),
    [
        (lambda: claim((x - y)**2, "=", x**2 + 2*x*y + y**2), "it holds with the sign of one term changed"),
        (lambda: claim((x + y)*(x - y), "=", x**2 + y**2), "it holds with the sign of one term changed"),
        (lambda: claim((x + y)**2, "=", x**2 + x*y + y**2), "it holds with one term doubled"),
        (lambda: claim(log(p*q), "=", log(p) + log(q) + x), "it holds with one term dropped"),
        (lambda: claim(H(P(u), Q(u)), "=", H(P(u)) + KL(Q(u), P(u)), *FULL), "it holds with two arguments exchanged"),
        (lambda: claim(Sum(A[i]*B[j], i, j), "=", Sum(A[i], i)*Sum(B[j], j)/n), "it holds with one factor dropped"),
        (lambda: claim(Sum(A[i], i)**2 + x, "=", Sum(A[i], i)**3 + x), None),
    ],
)
def test_a_small_slip_is_found(wrong: object, label: str | None) -> None:
    """A wrong sign, a lost factor or exchanged arguments are named; what is further off is not."""
    with evaluate(False):
        found = repair_of(wrong())  # type: ignore[operator]
    assert (None if found is None else found[0]) == label


def test_a_turned_bound_is_found() -> None:
    """A bound that holds the other way round says so; a strict one as well."""
    with evaluate(False):
        assert repair_of(claim(x**2, "<=", 0)) == ("it holds with >= in place of <=", "0")
        assert repair_of(claim(p, "<", 0)) == ("it holds with > in place of <", "0")
        assert repair_of(claim(x, "<=", y)) is None


def test_a_repair_needs_a_proof() -> None:
    """What only agrees in a few models is not offered: sqrt(x^2) = x holds for x > 0 alone."""
    with evaluate(False):
        assert repair_of(claim(2*sqrt(x**2), "=", x)) is None


def test_the_verdict_stays_the_kernels() -> None:
    """A repair adds a note to the witness and changes nothing else."""
    with evaluate(False):
        step = claim(log(sqrt(p)), "=", log(p))
    found = search(step, models((step.left, step.right), (), limit=6), kernel.confirm)
    assert isinstance(found, Refuted)
    mended = repaired(step, found)
    assert mended.witness.repair is not None
    assert replace(mended, witness=replace(mended.witness, repair=None)) == found


def test_the_printed_mutual_information_lacks_a_half() -> None:
    """The printed solution holds with a factor 1/2, in each of its terms."""
    s, sx, se = positive("s"), positive("sx"), positive("se")
    h = define("h", log(s) + (1 + log(2*pi))/2, s)
    with evaluate(False):
        step = claim(h(sqrt(sx**2 + se**2)) - h(se), "=", log(sx**2 + se**2) - log(se**2))
    assert repair_of(step) == ("it holds with a factor 1/2", "-log(se**2)/2 + log(se**2 + sx**2)/2")


# ---------------------------------------------------------------- hints


@pytest.mark.parametrize(
    ("open_claim", "hint"),
    [
        (lambda: claim(log(exp(z)), "=", z), "closes if z is real"),
        (lambda: claim(Sum(J(v | u), v), "=", 1), "closes if J has full support"),
        (lambda: claim(log(x**2), "=", 2*log(x)), "closes if x > 0"),
        (lambda: claim(sqrt(x**2), "=", x), "closes if x >= 0"),
        (lambda: claim(sqrt(x**2*y**2), "=", x*y), "closes if x > 0 and y > 0"),
        (lambda: claim(x**2 + 1, "=", 0), None),
    ],
)
def test_the_missing_assumption_is_named(open_claim: object, hint: str | None) -> None:
    """The mildest single assumption that closes a claim, or all at once, or none."""
    with evaluate(False):
        step = open_claim()  # type: ignore[operator]
    assert hint_for(step) == hint


def test_a_series_may_need_a_small_ratio() -> None:
    """A geometric series of any ratio closes inside the circle of convergence."""
    k0 = index("k0", 0, oo)
    with evaluate(False):
        step = claim(Sum(x**k0, k0), "=", 1/(1 - x))
    assert hint_for(step) == "closes if -1 < x < 1"


def test_two_laws_may_both_need_support() -> None:
    """Where one law's support is not enough, that of all is tried."""
    with evaluate(False):
        step = claim(log(P(u)/Q(u)), "=", log(P(u)) - log(Q(u)))
    assert hint_for(step) == "closes if P and Q have full support"


def test_an_undecided_claim_carries_its_hint() -> None:
    """The verdict shows what would close it."""
    with evaluate(False):
        found = check_claim(claim(Sum(J(v | u), v), "=", 1))
    assert isinstance(found, Undecided)
    assert found.hint == "closes if J has full support"
    assert found.agreed > 0


def test_an_assumption_is_not_named_twice() -> None:
    """What is already positive, or given, is not suggested."""
    with evaluate(False):
        assert hint_for(claim(log(p + q), "=", log(p) + log(q))) is None
        assert hint_for(claim(log(probability("r", strict=True)), "=", 0)) is None
        assert hint_for(claim(H(P(u), Q(u)), "=", H(P(u)), *FULL)) is None


def test_a_hint_respects_the_givens() -> None:
    """An assumption that contradicts a given is no hint."""
    with evaluate(False):
        step = claim(log(x**2), "=", 2*log(x), Lt(x, 0))
    assert hint_for(step) is None


def test_a_hint_leaves_declarations_alone() -> None:
    """A symbol on which a declaration hangs is not replaced."""
    scale = define("scale", sqrt(x**2))
    with evaluate(False):
        assert hint_for(claim(scale(), "=", x)) is None


def test_plain_symbols_get_hints() -> None:
    """SymPy's own symbols are complex unless told otherwise."""
    t = Symbol("t")
    with evaluate(False):
        assert hint_for(claim(log(exp(t)), "=", t)) == "closes if t is real"


def test_narrower_domains_keep_the_name() -> None:
    """A hint speaks of the author's own symbol, also where it has bounds."""
    bounded = Scalar("c", real("c", None, Rational(1, 2)).domain)
    with evaluate(False):
        assert hint_for(claim(sqrt(bounded**2), "=", bounded)) == "closes if c >= 0"
        assert hint_for(claim(sqrt(nonnegative("d")**2)*0 + log(integer("m")**2), "=", 2*log(integer("m")))) is None
