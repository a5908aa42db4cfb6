"""Derivatives of index expressions: what they are, what the engine makes of them, and what a model says."""

from __future__ import annotations

from itertools import islice
from random import Random

import pytest
from sympy import Abs, Add, Expr, Integer, Mul, Pow, Rational, S, cos, evaluate, exp, log, oo, sin, sqrt, tanh

from derive import (
    Bernoulli,
    D,
    Derivation,
    Sum,
    algebra,
    array,
    chain_rule,
    complex_number,
    d,
    define,
    definition,
    delta,
    eq,
    function,
    index,
    linearity,
    positive,
    random,
    real,
    sigmoid,
    size,
)  # fmt: skip
from derive.checking import check, check_claim, check_step
from derive.core.claims import Proved, Relation, Undecided
from derive.core.errors import NotEvaluable, NotNormal, TermError
from derive.core.gradients import gradient, slope_of
from derive.core.kernel import Claim
from derive.core.meaning import compare
from derive.core.meaning import evaluate as value_in
from derive.core.rules import Family
from derive.core.terms import free_names, substitute
from derive.printers.tex import latex
from derive.printers.text import text
from derive.refute import models

B, J, K = size("B", 2), size("J"), size("K")
b, c, e = index("b", B), index("c", B), index("e", B)
i, j, k, l = (index(name, J) for name in "ijkl")  # noqa: E741 - as the field writes
x, y, G = array("x", B, J), array("y", J), array("G", B, J)
u, v = real("u"), real("v")
f, g = function("f"), function("g", 2)
mu = define("mu", Sum(x[b, j], b)/B, j)
s = define("s", Sum((x[b, j] - mu[j])**2, b)/(B - 1), j)
z = define("z", (x[b, j] - mu[j])/sqrt(s[j]), b, j)
h = define("h", tanh(u)*y[1] + u**2, u)
p = define("p", exp(y[k])/Sum(exp(y[l]), l), k)


def verdict(left: object, right: object, *by: object, given: object = ()) -> str:
    """The verdict on one step."""
    return check(Derivation(left, eq(right, by=by or None), given=given)).verdict


# ---------------------------------------------------------------- what is proved, at every size

TRUE = {
    "entry": (lambda: (D(x[b, j], x[c, k]), delta(b, c)*delta(j, k))),
    "sum": (lambda: (D(Sum(x[b, j]**2, b, j), x[c, k]), 2*x[c, k])),
    "same names": (lambda: (D(Sum(x[b, j]**2, b, j), x[b, j]), 2*x[b, j])),
    "nested sums": (lambda: (D(Sum(y[j]*Sum(y[i]*x[b, i], i), j), y[k]),
                             Sum(y[i]*x[b, i], i) + x[b, k]*Sum(y[j], j))),
    "product": (lambda: (D(u*exp(u)*sin(u), u), exp(u)*sin(u) + u*exp(u)*sin(u) + u*exp(u)*cos(u))),
    "chain": (lambda: (D(f(u**2), u), 2*u*f.derivative(1)(u**2))),
    "two arguments": (lambda: (D(g(u, u), u), g.derivative(1, 0)(u, u) + g.derivative(0, 1)(u, u))),
    "second": (lambda: (D(D(f(u), u), u), f.derivative(2)(u))),
    "softmax": (lambda: (D(p[k], y[l]), p[k]*(delta(k, l) - p[l]))),
    "norm": (lambda: (D(sqrt(1 + Sum(y[i]**2, i)), y[k]), y[k]/sqrt(1 + Sum(y[i]**2, i)))),
    "log of a sum": (lambda: (D(log(Sum(exp(y[i]), i)), y[k]), exp(y[k])/Sum(exp(y[i]), i))),
    "power": (lambda: (D(Integer(2)**u, u), Integer(2)**u*log(2))),
    "tanh": (lambda: (D(tanh(3*u), u), 3*(1 - tanh(3*u)**2))),
    "sigmoid": (lambda: (D(sigmoid(2*u), u), 2*sigmoid(2*u)*(1 - sigmoid(2*u)))),
    "sigmoid, held": (lambda: (d(sigmoid(2*u), u), 2*sigmoid(2*u)*(1 - sigmoid(2*u)))),
    "mean": (lambda: (D(mu[j], x[c, j]), 1/B)),
    "mean, another column": (lambda: (D(mu[j], x[c, k]), delta(j, k)/B)),
    "held mean": (lambda: (d(x[b, j] - mu[j], x[c, j]), delta(b, c))),
    "formula": (lambda: (d(mu[j], x[c, j]), 1/B)),
    "by an intermediate": (lambda: (d(x[b, j]*mu[j]**2, mu[k]), 2*delta(j, k)*x[b, j]*mu[j])),
    "through to an intermediate": (lambda: (D(s[j], mu[j]), 2*(B*mu[j] - Sum(x[b, j], b))/(B - 1))),
    "gradient of a linear map": (lambda: (D(Sum(y[j]*x[b, j], j), y[k]), x[b, k])),
    "a derivative in a sum": (lambda: (Sum(D(Sum(y[j]**3, j), y[i])*y[i], i), 3*Sum(y[i]**3, i))),
    "hessian": (lambda: (D(D(Sum(y[j]**3, j), y[i]), y[k]), 6*y[i]*delta(i, k))),
}


@pytest.mark.parametrize("name", TRUE)
def test_what_holds_is_proved(name: str) -> None:
    """The chain rule proves it, and is what proves it."""
    with evaluate(False):
        left, right = TRUE[name]()
    assert verdict(left, right, chain_rule) == "proved"


FALSE = {
    "entry": (lambda: (D(x[b, j], x[c, j]), S.One*x[b, j]/x[b, j])),
    "sum dropped": (lambda: (D(log(Sum(exp(y[i]), i)), y[k]), exp(y[k])/Sum(exp(y[i]), i)**2)),
    "softmax, wrong index": (lambda: (D(p[k], y[l]), p[k]*(delta(k, l) - p[k]))),
    "softmax, sign": (lambda: (D(p[k], y[l]), p[k]*(delta(k, l) + p[l]))),
    "factor": (lambda: (D(mu[j], x[c, k]), delta(j, k))),
    "held": (lambda: (d(x[b, j] - mu[j], x[c, j]), delta(b, c) - 1/B)),
    "through": (lambda: (D(x[b, j] - mu[j], x[c, j]), delta(b, c) + 0*B)),
    "captured": (lambda: (D(Sum(y[j]*Sum(y[i]*x[b, i], i), j), y[k]), 2*Sum(y[i]*x[b, i], i))),
    "tanh": (lambda: (D(tanh(3*u), u), 1 - tanh(3*u)**2)),
    "argument": (lambda: (D(f(u**2), u), 2*u*f.derivative(1)(u))),
    "hessian": (lambda: (D(D(Sum(y[j]**3, j), y[i]), y[k]), 6*y[i])),
}


@pytest.mark.parametrize("name", FALSE)
def test_what_fails_is_refuted(name: str) -> None:
    """A model refutes it, by arithmetic that shares nothing with the engine."""
    with evaluate(False):
        left, right = FALSE[name]()
    assert verdict(left, right, chain_rule) == "refuted"


# ---------------------------------------------------------------- what is not proved

w = complex_number("w")
UNSURE = {
    "corner": lambda: (D(Abs(u), u), u/Abs(u)),
    "a root at its branch point": lambda: (D(sqrt(u), u)*sqrt(u)*2 - 1 + u/u - 1, Integer(0)),
    "a root of a complex value": lambda: (D(sqrt(u + w), u), 1/(2*sqrt(u + w))),
    "a logarithm of a complex value": lambda: (D(log(u + w), u), 1/(u + w)),
    "an infinite sum": lambda: (D(Sum(u**index("n", 0, oo), index("n", 0, oo)), u), 1/(1 - u)**2),
}


@pytest.mark.parametrize("name", UNSURE)
def test_what_needs_more_is_not_proved_without_a_condition(name: str) -> None:
    """Where a derivative may not exist, no proof comes without a condition that rules it out."""
    with evaluate(False):
        left, right = UNSURE[name]()
    found = check_claim(Claim(left, Relation.EQ, right), [chain_rule])
    assert not isinstance(found, Proved) or found.conditions


def test_a_derivative_needs_the_licence() -> None:
    """Without the chain rule a derivative is opaque; equal bodies have equal derivatives."""
    with evaluate(False):
        left, right = D(u**2 - u**2 + v, v), Integer(1)
        same = D((u + v)**2, v), D(u**2 + 2*u*v + v**2, v)
    assert verdict(left, right, algebra) == "invalid"
    assert verdict(*same, algebra) == "proved"


def test_equal_values_do_not_make_equal_partial_derivatives() -> None:
    """Unfolding a definition inside a derivative changes what is held, and is no rule."""
    with evaluate(False):
        held, spelt = d(2*mu[j], x[c, j]), d(2*Sum(x[b, j], b)/B, x[c, j])
    assert verdict(held, spelt, definition) != "proved"
    assert verdict(held, spelt, chain_rule) == "refuted"
    assert verdict(held, 0*x[c, j]) != "refuted"
    assert verdict(D(2*mu[j], x[c, j]), D(2*Sum(x[b, j], b)/B, x[c, j]), chain_rule) == "proved"


def test_the_derivative_by_an_intermediate_is_not_that_of_its_formula() -> None:
    """D(mu^2, mu) is 2 mu; with the formula put in for mu, nothing hangs on mu any more."""
    with evaluate(False):
        assert verdict(D(mu[j]**2, mu[j]), D((Sum(x[b, j], b)/B)**2, mu[j]), definition) != "proved"


# ---------------------------------------------------------------- what may be written

BY = index("n", 0, 3)


@pytest.mark.parametrize(
    "by",
    [
        u + v, complex_number("w"), size("n"), f(u), h(u), random("R", law=Bernoulli(Rational(1, 2)))(),
        define("open", Sum(x[b, j], b))(),
    ],
)
def test_not_everything_is_differentiated_by(by: Expr) -> None:
    """An entry, a real scalar, an intermediate whose formula is closed; nothing else."""
    with pytest.raises(TermError, match="to differentiate by"):
        D(u, by)


def test_no_value_moves_into_a_derivative() -> None:
    """What hangs on the variable cannot be substituted into the body, nor the variable be replaced."""
    inside = define("inside", D(u*v**2, v), u)
    assert substitute(D(u*v**2, v), {u: y[1]}) == D(y[1]*v**2, v)
    for values in ({u: v}, {v: Integer(2)}, {u: sin(v)}):
        with pytest.raises(TermError, match="cannot be put into a derivative"):
            substitute(D(u*v**2, v), values)
    with pytest.raises(NotNormal):
        gradient(inside(v), v, through=True)


@pytest.mark.parametrize("by", [None, definition, chain_rule], ids=["no reason", "definition", "chain rule"])
def test_a_term_that_a_proof_cannot_build_is_no_mistake_of_the_step(by: Family | None) -> None:
    """Unfolding would put v where the derivative is taken by v: undecided, and refuted where it is false."""
    inside = define("inside", D(u*v**2, v), u)
    with evaluate(False):
        true = check_step(Derivation(inside(v), eq(2*v*v, by=by)), 0).verdict
        false = check_step(Derivation(inside(v), eq(3*v*v, by=by)), 0).verdict
    assert isinstance(true, Undecided)
    assert "cannot be built" in true.reason
    assert false.name == "refuted"


def test_a_bound_index_is_renamed_apart() -> None:
    """The index of a sum never captures that of the variable, nor another name in the body."""
    prime = j.renamed("j'")
    M = array("M", J, J)
    found = gradient(Sum(M[j, prime]*y[j], j), y[j], through=True)
    assert text(found) == "Sum(delta(j'', j)*M[j'',j'], j'')"


@pytest.mark.parametrize(
    "term",
    [Abs(u), Sum(u**BY, index("n", 0, oo)), u**u, define("R", x[b, j])(), Pow(u, v, evaluate=False)],
)
def test_what_is_not_known_to_be_smooth_is_not_differentiated(term: Expr) -> None:
    """NotNormal, where the variable stands in it."""
    if u in term.free_symbols and not isinstance(term, Pow):
        with pytest.raises(NotNormal):
            gradient(term, u, through=True)
    else:
        assert gradient(term, v, through=True) is S.Zero or isinstance(term, Pow)


# ---------------------------------------------------------------- text and LaTeX


def test_derivatives_are_printed() -> None:
    """D and d as they are written, and as the field sets them."""
    with evaluate(False):
        term = D(Sum(x[b, j]**2, b), x[c, j]) + d(z[b, j], mu[j])
    assert text(term) == "D(Sum(x[b,j]^2, b), x[c,j]) + d(z[b,j], mu[j])"
    shown = latex(term)
    assert r"\mathrm{d}" in shown
    assert r"\partial" in shown


# ---------------------------------------------------------------- shapes and scopes


def test_sizes_that_clash_are_told() -> None:
    """An index over one size on an axis of another, before any algebra."""
    other = index("o", K)
    found = check(Derivation(Sum(y[other], other), eq(Sum(y[j], j)))).steps[0].verdict
    assert "sizes clash: o runs over 1..K, on an axis of y that has size J" in found.reason
    assert verdict(mu[other], Sum(x[b, other], b)/B) == "invalid"
    assert verdict(Sum(2*y[other], other), 2*Sum(y[other], other), given=K <= J) == "proved"


def test_a_free_index_is_told() -> None:
    """An index that stands free on one side only; a derivative's value need not hang on its indices."""
    found = check(Derivation(Sum(x[b, j]*y[j], j), eq(Sum(x[b, j]*y[i], i)))).steps[0].verdict
    assert "j stands free on the right side only" in found.reason
    assert verdict(D(mu[j], x[c, j])*y[1], y[1]/B, chain_rule) == "proved"
    assert verdict(D(mu[j], x[c, j])*y[1], y[i]/B, chain_rule) == "invalid"


# ---------------------------------------------------------------- the engine against the models


def leaf(rng: Random) -> Expr:
    """A small term."""
    return rng.choice([u, v, y[i], y[j], y[k], x[b, j], x[c, k], mu[j], mu[k], s[j], Integer(2), delta(i, k)])


def smooth(rng: Random, depth: int) -> Expr:
    """A random term of smooth heads, over clashing names."""
    if depth == 0:
        return leaf(rng)
    one, two = smooth(rng, depth - 1), smooth(rng, depth - 1)
    return rng.choice([
        lambda: Add(one, two, evaluate=False),
        lambda: Mul(one, two, evaluate=False),
        lambda: Pow(one, 2, evaluate=False),
        lambda: Sum(one, rng.choice([i, j, k])),
        lambda: Sum(Mul(one, two, evaluate=False), rng.choice([b, c]), rng.choice([i, j])),
        lambda: sin(one, evaluate=False),
        lambda: tanh(one, evaluate=False),
        lambda: f(one),
        lambda: g(one, two),
        lambda: h(one),
        lambda: exp(sin(one, evaluate=False), evaluate=False),
        lambda: sqrt(Add(1, Pow(one, 2, evaluate=False), evaluate=False), evaluate=False),
        lambda: D(one, rng.choice([u, y[k], x[b, j], mu[k]])),
    ])()  # fmt: skip


def agreements(seed: int) -> int:
    """In how many models the derivative that the engine writes agrees with the one that the model has; none differ."""
    rng = Random(seed)
    body = smooth(rng, rng.choice([2, 2, 3]))
    names = free_names(body)
    by = [a for a in (u, y[i], y[j], x[b, j], x[c, k], mu[j], s[j]) if (a if a == u else a.args[0]) in names]
    if not by:
        return 0
    term = rng.choice([D, d])(body, rng.choice(by))
    try:
        written = slope_of(term)
    except NotNormal:
        return 0
    seen = 0
    for model in islice(models([term, written], [], limit=4, seed=seed), 4):
        try:
            order = compare(value_in(term, model), value_in(written, model))
        except NotEvaluable:
            continue
        assert order in (None, "equal"), (text(term), text(written), model.describe())
        seen += 1
    return seen


@pytest.mark.parametrize("start", range(0, 400, 100))
def test_the_engine_agrees_with_the_models(start: int) -> None:
    """Random terms: the derivative as an index expression is worth what arithmetic with infinitesimals gives."""
    assert sum(map(agreements, range(start, start + 100))) > 200


def test_sign_of_a_definition_is_seen_from_its_formula() -> None:
    """A softmax is positive, a variance is not negative, so that their roots and logarithms are smooth."""
    spread = define("t", Sum((x[b, j] - mu[j])**2, b) + 1, j)
    assert verdict(D(log(p[k]), y[l]), delta(k, l) - p[l], chain_rule) == "proved"
    assert verdict(D(sqrt(spread[j]), u), u - u, chain_rule, linearity) != "refuted"
    assert verdict(D(log(spread[j])*positive("q"), u), Integer(0)) == "proved"
