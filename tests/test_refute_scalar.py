"""Claims of the calculus of one variable: the false ones are refuted, the true ones never are."""

from __future__ import annotations

import pytest

from derive.core import kernel
from derive.core.claims import Claim, Refuted, Relation
from derive.reader import read_claim
from derive.refute import allowance, models, search

RELATIONS = {r.value: r for r in Relation}


def claim_of(text: str, given: tuple[str, ...] = (), **symbols: str) -> Claim:
    """A claim as text, with the words of its symbols."""
    left, relation, right = text.partition(" = ") if " = " in text else text.partition(" < ")
    if not relation:
        left, relation, right = text.partition(" <= ")
    read = read_claim({"symbols": symbols, "given": list(given), "steps": [left, f"{relation.strip()} {right}"]})
    derivation = read.derivation
    step = derivation.steps[0]
    return Claim(derivation.start, step.relation, step.right, derivation.given)


def searched(claim: Claim, limit: int = 16) -> object:
    """What the search over the first models says."""
    return search(claim, models([claim.left, claim.right], claim.given, limit=limit), kernel.confirm)


@pytest.mark.parametrize(("text", "given", "symbols"), [
    ("log(exp(z)) = z", (), {"z": "complex"}),
    ("sqrt(z**2) = z", (), {"z": "complex"}),
    ("sqrt(z*w) = sqrt(z)*sqrt(w)", (), {"z": "complex", "w": "complex"}),
    ("log(z*w) = log(z) + log(w)", (), {"z": "complex", "w": "complex"}),
    ("conjugate(log(z)) = log(conjugate(z))", (), {"z": "complex"}),
    ("(z**a)**b = z**(a*b)", (), {"z": "complex", "a": "real", "b": "real"}),
    ("atan(tan(x)) = x", (), {"x": "real"}),
    ("asin(sin(x)) = x", (), {"x": "real"}),
    ("acos(cos(x)) = x", (), {"x": "real"}),
    ("atan(x) + atan(1/x) = pi/2", (), {"x": "real nonzero"}),
    ("atan(x) + atan(y) = atan((x + y)/(1 - x*y))", (), {"x": "real", "y": "real"}),
    ("floor(2*x) = 2*floor(x)", (), {"x": "real"}),
    ("floor(-x) = -floor(x)", (), {"x": "real"}),
    ("Abs(x + y) = Abs(x) + Abs(y)", (), {"x": "real", "y": "real"}),
    ("Sum(z**n, (n, 0, oo)) = 1/(1 + z)", ("Abs(z) < 1",), {"z": "complex"}),
    ("log(1 + z) = Sum((-1)**n*z**n/n, (n, 1, oo))", ("Abs(z) < 1/4",), {"z": "complex"}),
    ("Sum(1/n**s, (n, 1, oo)) = zeta(s + 1)", ("re(s) > 1",), {"s": "complex"}),
    ("gamma(z + 1) = (z + 1)*gamma(z)", ("Not(And(Eq(im(z), 0), re(z) <= 0))",), {"z": "complex"}),
    ("Integral(exp(-a*x), (x, 0, oo)) = a", (), {"a": "positive"}),
    ("Integral(x**n, (x, 0, 1)) = 1/n", ("n >= 1",), {"n": "integer"}),
    ("Integral(1/x, (x, -1, 2)) = log(2)", (), {}),
    ("Integral(1/x**2, (x, -1, 1)) = -2", (), {}),
    ("Derivative(sqrt(z), z) = 1/sqrt(z)", ("Not(And(Eq(im(z), 0), re(z) <= 0))",), {"z": "complex"}),
    ("Derivative(x**n, x) = n*x**n", ("n >= 1",), {"x": "real", "n": "integer"}),
    ("Limit(sin(a*x)/x, x, 0) = 1/a", (), {"a": "positive"}),
    ("Limit(1/x, x, 0, '+-') = 0", (), {}),
    ("Product(1 + 1/k, (k, 1, n)) = n", (), {"n": "integer positive"}),
    ("binomial(n, k) = binomial(n, k + 1)", ("k <= n",), {"n": "integer nonnegative", "k": "integer nonnegative"}),
    ("digamma(1 - z) = digamma(z)", ("Not(And(Eq(im(z), 0), Eq(floor(re(z)), re(z))))",), {"z": "complex"}),
    ("2*a*b < a**2 + b**2", (), {"a": "real", "b": "real"}),
    ("log(x) < x - 1", (), {"x": "positive"}),
    ("exp(pi*sqrt(163)) = 640320**3 + 744", (), {}),
    ("Abs(sin(z)) <= 1", (), {"z": "complex"}),
])
def test_what_is_false_is_refuted(text: str, given: tuple[str, ...], symbols: dict[str, str]) -> None:
    """One of the first models refutes it."""
    assert isinstance(searched(claim_of(text, given, **symbols)), Refuted)


@pytest.mark.parametrize(("text", "given", "symbols"), [
    ("exp(log(z)) = z", (), {"z": "complex"}),
    ("sqrt(z)**2 = z", (), {"z": "complex"}),
    ("log(exp(z)) = z", ("im(z) > -pi", "im(z) <= pi"), {"z": "complex"}),
    ("sqrt(x**2) = Abs(x)", (), {"x": "real"}),
    ("tan(atan(z)) = z", ("Abs(z) < 1",), {"z": "complex"}),
    ("(x**2 - 1)/(x - 1) = x + 1", (), {"x": "real"}),
    ("Sum(z**n, (n, 0, oo)) = 1/(1 - z)", ("Abs(z) < 1",), {"z": "complex"}),
    ("gamma(z)*gamma(1 - z) = pi/sin(pi*z)", (), {"z": "complex"}),
    ("zeta(s, a) = zeta(s, a + 1) + a**(-s)", ("re(a) > 0",), {"s": "complex", "a": "complex"}),
    ("Integral(1/x, (x, -1, 1)) - Integral(1/x, (x, -1, 1)) = 1", (), {}),
    ("Integral(1/(x**2 - a**2), (x, 0, oo)) = 0", (), {"a": "positive"}),
    ("Derivative(Abs(x), x) = sign(x)", (), {"x": "real"}),
    ("Limit(Abs(x)/x, x, a) = sign(a)", ("Ne(a, 0)",), {"a": "real"}),
    ("RisingFactorial(z, k) = gamma(z + k)/gamma(z)", (), {"z": "complex", "k": "integer nonnegative"}),
    ("binomial(n, k) = binomial(n, n - k)", ("k <= n",), {"n": "integer nonnegative", "k": "integer nonnegative"}),
    ("2*a*b <= a**2 + b**2", (), {"a": "real", "b": "real"}),
    ("x**x = exp(x*log(x))", (), {"x": "positive"}),
    ("Integral(exp(-s*x), (x, 0, oo)) = 1/s", ("re(s) > 0",), {"s": "complex"}),
])
def test_what_is_true_is_not_refuted(text: str, given: tuple[str, ...], symbols: dict[str, str]) -> None:
    """No model refutes it, poles, cuts and what diverges on both sides included."""
    assert not isinstance(searched(claim_of(text, given, **symbols)), Refuted)


def test_dear_claims_are_looked_at_less_often() -> None:
    """The number of models falls with what one costs."""
    cheap = claim_of("x + 1 = x", x="real")
    dear = claim_of("Integral(x, (x, 0, a)) = a", a="real")
    dearer = claim_of("Derivative(Integral(x, (x, 0, a)), a) = a", a="real")
    assert allowance(cheap) > allowance(dear) > allowance(dearer) >= 1
    plain, sampled = (claim_of(f"Derivative({text}, x) = x", x="real") for text in ("sin(x)", "besselj(0, x)"))
    assert allowance(plain) > allowance(sampled) >= 1
    summed = claim_of("hyper([x, 1, 1], [2, 2], -1) = x", x="real")
    assert allowance(claim_of("hyper([x, 1], [2], -1) = x", x="real")) > allowance(summed) >= 1


def test_a_witness_of_an_integral_is_shown() -> None:
    """Its sides are decimals; there is no exact form to be shown."""
    found = searched(claim_of("Integral(exp(-a*x), (x, 0, oo)) = a", a="positive"))
    assert isinstance(found, Refuted)
    assert found.witness.left is None or "Integral" not in str(found.witness.left)
    assert found.witness.left_decimal != found.witness.right_decimal
