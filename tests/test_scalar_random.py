"""Random terms of scalar calculus: whatever is proved of them holds in models, which are evaluated independently.

Terms are small, over real, positive, complex and integer names. Claims are a term and what a plausible rewriting, right
or wrong, makes of it: most are not true everywhere, so that a rule without its condition shows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice

import sympy as sp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sympy import Add, Expr, I, Integer, Mul, Pow, Rational, S, Symbol

from derive.core import kernel
from derive.core.claims import Given, Proved, Refuted, Relation
from derive.core.kernel import Claim
from derive.core.scalar import heads, integrals, limits, sums
from derive.core.scalar.context import Context
from derive.core.scalar.spans import fresh
from derive.core.scalar.zero import equal
from derive.core.terms import Diff, Domain, Index, Integral, Limit, Scalar, Sum, substitute
from derive.refute import models, search
from derive.search.suggest import SEARCH

CALM = settings(max_examples=60, deadline=None, derandomize=True, database=None,
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much])
FEW = settings(CALM, max_examples=25)
MODELS = 20

REALS = (
    Scalar("x", Domain("real")), Scalar("p", Domain("real", S.Zero, None, lo_open=True)),
    Scalar("q", Domain("real", S.Zero, None)), Scalar("m", Domain("real", None, S.Zero)),
    Scalar("u", Domain("real", Integer(-1), S.One)), Scalar("k", Domain("integer")),
)
PLANE = (Scalar("z", Domain("complex")), Scalar("w", Domain("complex", nonzero=True)))
X, Z = REALS[0], PLANE[0]
NUMBERS = (*map(Integer, (-2, -1, 1, 2, 3)), Rational(1, 2), Rational(-1, 3), sp.pi, I)
POWERS = (*map(Integer, (-2, -1, 2, 3)), Rational(1, 2), Rational(-1, 2), Rational(1, 3))
UNARY = (
    sp.exp, sp.log, sp.sin, sp.cos, sp.tan, sp.sinh, sp.cosh, sp.tanh, sp.asin, sp.acos, sp.atan, sp.asinh, sp.acosh,
    sp.atanh, sp.acot, sp.Abs, sp.sign, sp.re, sp.im, sp.conjugate, sp.sinc, sp.floor, sp.gamma,
)


def f(head: Callable[..., Expr], *args: Expr) -> Expr:
    """The head, inert."""
    return head(*args, evaluate=False)


def terms(
    names: Sequence[Symbol], unary: Sequence[Callable[..., Expr]] = UNARY, size: int = 4
) -> st.SearchStrategy[Expr]:
    """Small terms over these names."""
    leaves = st.sampled_from(names) | st.sampled_from(NUMBERS)
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(f, st.sampled_from(unary), inner),
            st.builds(lambda a, b: f(Add, a, b), inner, inner),
            st.builds(lambda a, b: f(Mul, a, b), inner, inner),
            st.builds(lambda a, e: f(Pow, a, e), inner, st.sampled_from(POWERS)),
        ),
        max_leaves=size,
    )


def root(term: Expr) -> Expr:
    """The square root."""
    return f(Pow, term, S.Half)


def minus(term: Expr) -> Expr:
    """The negative."""
    return f(Mul, S.NegativeOne, term)


Rewriting = Callable[[Expr, Expr], tuple[Expr, Expr]]

REWRITINGS: tuple[Rewriting, ...] = (
    lambda a, b: (f(sp.log, f(Mul, a, b)), f(Add, f(sp.log, a), f(sp.log, b))),
    lambda a, b: (f(sp.log, f(Pow, a, b)), f(Mul, b, f(sp.log, a))),
    lambda a, _: (f(sp.log, f(sp.exp, a)), a),
    lambda a, _: (f(sp.log, minus(a)), f(Add, f(sp.log, a), f(Mul, I, sp.pi))),
    lambda a, b: (root(f(Mul, a, b)), f(Mul, root(a), root(b))),
    lambda a, _: (root(f(Pow, a, Integer(2))), a),
    lambda a, _: (root(f(Pow, a, Integer(2))), f(sp.Abs, a)),
    lambda a, _: (root(f(Pow, a, Integer(-1))), f(Pow, a, Rational(-1, 2))),
    lambda a, b: (f(Pow, f(Pow, a, b), S.Half), f(Pow, a, f(Mul, S.Half, b))),
    lambda a, b: (f(Pow, f(Mul, a, b), Rational(1, 3)), f(Mul, f(Pow, a, Rational(1, 3)), f(Pow, b, Rational(1, 3)))),
    lambda a, b: (f(Mul, f(Pow, a, b), f(Pow, a, minus(b))), S.One),
    lambda a, b: (f(sp.Abs, f(Mul, a, b)), f(Mul, f(sp.Abs, a), f(sp.Abs, b))),
    lambda a, b: (f(sp.Abs, f(Add, a, b)), f(Add, f(sp.Abs, a), f(sp.Abs, b))),
    lambda a, _: (f(Pow, f(sp.Abs, a), Integer(2)), f(Pow, a, Integer(2))),
    lambda a, _: (f(sp.Abs, a), a),
    lambda a, _: (f(sp.conjugate, a), a),
    lambda a, _: (f(sp.re, a), a),
    lambda a, _: (f(sp.im, a), S.Zero),
    lambda a, _: (f(Mul, f(sp.sign, a), f(sp.Abs, a)), a),
    lambda a, _: (f(Pow, f(sp.sign, a), Integer(2)), S.One),
    lambda a, _: (f(sp.conjugate, f(sp.log, a)), f(sp.log, f(sp.conjugate, a))),
    lambda a, _: (f(sp.conjugate, root(a)), root(f(sp.conjugate, a))),
    lambda a, _: (f(sp.conjugate, f(sp.asin, a)), f(sp.asin, f(sp.conjugate, a))),
    lambda a, _: (f(sp.conjugate, f(sp.atan, a)), f(sp.atan, f(sp.conjugate, a))),
    lambda a, _: (f(sp.asin, f(sp.sin, a)), a),
    lambda a, _: (f(sp.atan, f(sp.tan, a)), a),
    lambda a, _: (f(sp.sin, f(sp.asin, a)), a),
    lambda a, _: (f(sp.acot, a), f(Add, f(Mul, S.Half, sp.pi), minus(f(sp.atan, a)))),
    lambda a, _: (f(sp.acosh, a), f(sp.log, f(Add, a, root(f(Add, f(Pow, a, Integer(2)), S.NegativeOne))))),
    lambda a, _: (f(sp.sinc, a), f(Mul, f(sp.sin, a), f(Pow, a, S.NegativeOne))),
    lambda a, _: (f(sp.floor, a), a),
    lambda a, b: (f(sp.Max, a, b), a),
    lambda a, b: (f(Add, a, b), f(Add, b, a)),
    lambda a, b: (f(Mul, f(Mul, a, b), f(Pow, b, S.NegativeOne)), a),
)


def contradicted(left: Expr, relation: str, right: Expr, hypotheses: tuple[Given, ...] = ()) -> bool:
    """Whether a model of the givens shows that the claim fails."""
    claim = Claim(left, Relation(relation), right, hypotheses, True)
    if kernel.flaw(claim) is not None:
        return False
    tried = islice(models([left, right], hypotheses, limit=MODELS), MODELS)
    return isinstance(search(claim, tried, kernel.confirm), Refuted)


NAMED = terms((*REALS, *PLANE), size=3)


@CALM
@given(st.sampled_from(REWRITINGS), NAMED, NAMED)
def test_equal_terms_are_equal_in_models(rewriting: Rewriting, a: Expr, b: Expr) -> None:
    """The zero test, on what rewritings make of terms."""
    left, right = rewriting(a, b)
    names = tuple(left.free_symbols | right.free_symbols)
    assert not (equal(left, right, Context((), names)) and contradicted(left, "=", right))


@FEW
@given(st.sampled_from(REWRITINGS), NAMED, NAMED, st.sampled_from(["=", "=", "<=", "<", ">="]))
def test_proved_claims_hold_in_models(rewriting: Rewriting, a: Expr, b: Expr, relation: str) -> None:
    """The kernel, on the same; where a condition is shown, a model in which it fails has no value."""
    left, right = rewriting(a, b)
    claim = Claim(left, Relation(relation), right, (), True)
    found = kernel.prove(claim, (), models([left, right], (), limit=4), SEARCH)
    assert not (isinstance(found, Proved) and contradicted(left, relation, right))


QUESTIONS: dict[str, tuple[Callable[[Context, Expr], bool], Callable[[Expr], tuple[Expr, str, Expr]]]] = {
    "positive": (Context.positive, lambda t: (t, ">", S.Zero)),
    "nonnegative": (Context.nonnegative, lambda t: (t, ">=", S.Zero)),
    "negative": (Context.negative, lambda t: (t, "<", S.Zero)),
    "nonzero": (Context.nonzero, lambda t: (f(sp.Abs, t), ">", S.Zero)),
    "real": (Context.real, lambda t: (f(sp.im, t), "=", S.Zero)),
    "integer": (Context.integer, lambda t: (f(sp.floor, f(sp.re, t)), "=", t)),
    "slit": (Context.slit, lambda t: (f(Add, f(sp.Abs, t), f(sp.re, t)), ">", S.Zero)),
}


@CALM
@given(st.sampled_from(sorted(QUESTIONS)), terms((*REALS, *PLANE)))
def test_answers_hold_in_models(question: str, term: Expr) -> None:
    """What a context says of the sign, the kind and the place of a term."""
    ask, claim = QUESTIONS[question]
    assert not (ask(Context((), tuple(term.free_symbols)), term) and contradicted(*claim(term)))


REAL_HEADS = tuple(h for h in UNARY if h not in {sp.gamma, sp.re, sp.im, sp.conjugate})
BODIES = terms((X, X, REALS[1], REALS[5]), REAL_HEADS, 3)
PLACES = (S.Zero, S.One, Integer(-1), S.Half, S.Infinity, S.NegativeInfinity, REALS[1])


@CALM
@given(BODIES, st.sampled_from(PLACES), st.sampled_from([1, -1, 0]))
def test_limits_hold_in_models(body: Expr, point: Expr, side: int) -> None:
    """A limit that is found is the limit."""
    t = Scalar("t", Domain("real"))
    term = Limit(substitute(body, {X: t}), (t, point, side))
    value = limits.limit_value(term, Context((), tuple(term.free_symbols)))
    assert value is None or value.is_infinite or not contradicted(term, "=", value)


ENDS = st.sampled_from([
    (S.Zero, S.One), (Integer(-1), S.One), (Integer(-1), S.Zero), (S.One, Integer(-2)), (S.Zero, S.Infinity),
    (S.One, S.Infinity), (S.NegativeInfinity, S.Infinity), (S.Zero, REALS[1]), (REALS[1], S.Zero), (S.Zero, sp.pi),
])


@FEW
@given(BODIES, ENDS)
def test_integrals_hold_in_models(body: Expr, ends: tuple[Expr, Expr]) -> None:
    """A value that is found is that of the integral."""
    t = Scalar("t", Domain("real"))
    term = Integral(substitute(body, {X: t}), (t, *ends))
    context = Context((), tuple(term.free_symbols))
    value = integrals.definite(term, context, SEARCH)
    assert value is None or fresh(context, term) in value.free_symbols or not contradicted(term, "=", value)


@CALM
@given(BODIES, st.integers(0, 2), st.sampled_from([X, S.Zero, S.One, Integer(-1)]))
def test_derivatives_hold_in_models(body: Expr, order: int, point: Expr) -> None:
    """A derivative that is found is the derivative."""
    term = Diff(body, (X, Integer(order), point))
    value = heads.diff_value(term, Context((), tuple(term.free_symbols)))
    assert value is None or not contradicted(term, "=", value)


@FEW
@given(terms((X, REALS[1], Index("j", S.One, S.Infinity)), (sp.exp, sp.cos, sp.factorial, sp.Abs), 4),
       st.sampled_from([(S.One, S.Infinity), (S.Zero, S.Infinity), (S.One, REALS[5]), (Integer(-1), Integer(2))]))
def test_sums_hold_in_models(body: Expr, ends: tuple[Expr, Expr]) -> None:
    """A value that is found is that of the sum."""
    j = Index("j", *ends)
    term = Sum(substitute(body, {Index("j", S.One, S.Infinity): j}), j)
    value = sums.sum_value(term, Context((), tuple(term.free_symbols)), SEARCH)
    assert value is None or not contradicted(term, "=", value)
