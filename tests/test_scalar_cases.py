"""Max, Min and absolute values by cases: what is proved, and what must not be, by the kernel alone."""

from __future__ import annotations

import pytest
from wrong_scalar import read

from derive.core import kernel
from derive.core.claims import Proved, Verdict
from derive.core.kernel import Claim
from derive.refute import models
from derive.search.suggest import SEARCH

TRUE = [
    "p real; q real; Max(p, q) >= p",
    "p real; q real; Min(p, q) <= q",
    "p real; q real; Max(p, q) + Min(p, q) = p + q",
    "p real; q real; Max(p, q)*Min(p, q) = p*q",
    "p real; q real; Max(p, q) = (p + q + Abs(p - q))/2",
    "p real; q real; Min(p, q) = -Max(-p, -q)",
    "p real; q real; r real; Max(p, q, r) = Max(p, Max(q, r))",
    "p real; q real; r real; Max(p, Min(q, r)) = Min(Max(p, q), Max(p, r))",
    "p real; q real; r positive; r*Max(p, q) = Max(r*p, r*q)",
    "p real; q real; r negative; r*Max(p, q) = Min(r*p, r*q)",
    "p real; q real; p + q <= 2*Max(p, q)",
    "p real; q real; g real; g >= 0; g <= 1; g*p + (1 - g)*q >= Min(p, q)",
    "p real; q real; g real; g >= 0; g <= 1; g*p + (1 - g)*q <= Max(p, q)",
    "p real; q real; log(exp(p) + exp(q)) = Max(p, q) + log(1 + exp(-Abs(p - q)))",
    "p real; q real; Abs(p + q) <= Abs(p) + Abs(q)",
    "p real; q real; Abs(Abs(p) - Abs(q)) <= Abs(p - q)",
    "x real; Max(x, -x) = Abs(x)",
    "x real; Max(x, 0) = (x + Abs(x))/2",
]
WRONG = [
    "p real; q real; Max(p, q) > p",
    "p real; q real; Max(p, q) = p",
    "p real; q real; Max(p, q) - Min(p, q) = p - q",
    "p real; q real; Max(p, q)*Min(p, q) = p**2",
    "p real; q real; Max(p, q) = (p + q - Abs(p - q))/2",
    "p real; q real; Min(p, q) = Max(-p, -q)",
    "p real; q real; r real; r*Max(p, q) = Max(r*p, r*q)",
    "p real; q real; r real; Max(p, Min(q, r)) = Min(Max(p, q), r)",
    "p real; q real; g real; g >= 0; g*p + (1 - g)*q >= Min(p, q)",
    "p real; q real; g real; g >= 0; g <= 1; g*p + (1 - g)*q < Max(p, q)",
    "p real; q real; log(exp(p) + exp(q)) = Max(p, q) + log(1 + exp(Abs(p - q)))",
    "p real; q real; Abs(p + q) < Abs(p) + Abs(q)",
    "p complex; q complex; Abs(p) + Abs(q) = Abs(p + q)",
    "x complex; Abs(x)**2 = x**2",
    "x real; Max(x, -x) = x",
]


def verdict(text: str) -> Verdict:
    """What the kernel says of a claim, without a search for a counterexample."""
    derivation = read(text)
    (step,) = derivation.steps
    claim = Claim(derivation.start, step.relation, step.right, derivation.given, True)
    return kernel.prove(claim, (), models([claim.left, claim.right], claim.given, limit=8), SEARCH)


@pytest.mark.parametrize("text", TRUE)
def test_a_true_claim_is_proved(text: str) -> None:
    """By cases of what is greater."""
    assert isinstance(verdict(text), Proved)


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_claim_is_not_proved(text: str) -> None:
    """A case that is left out, or one that fails, proves nothing."""
    assert not isinstance(verdict(text), Proved)
