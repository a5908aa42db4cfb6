"""Inequalities between functions of numbers: what is known, and what must never be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sympy as sp
from flint import acb
from sympy import Abs, Expr, I, Integer, Pow, Rational, S, cos, exp, log, oo, pi, sin, sinc, sinh, tan, tanh
from sympy.core.relational import Ge, Gt, Le, Lt, Ne
from sympy.logic.boolalg import Or

from derive.core.scalar.absolute import lower_bounds, size_bounds
from derive.core.scalar.balls import below, enclose, sign_of
from derive.core.scalar.context import Context
from derive.core.scalar.estimates import smaller
from derive.core.scalar.inequalities import holds
from derive.core.scalar.intervals import reach
from derive.core.scalar.polynomials import nonnegative, roots_between, sign_of_product, univariate
from derive.core.scalar.variation import Stretch, variation
from derive.core.terms import Domain, Scalar, substitute


def scalar(name: str, field: str = "real", lo: int | None = None, *, lo_open: bool = False, **more: bool) -> Scalar:
    """A scalar with a lower bound."""
    return Scalar(name, Domain(field, None if lo is None else Integer(lo), None, lo_open, **more))


A, B, C, X, Y = (scalar(name) for name in "abcxy")
P, Q = (scalar(name, lo=0, lo_open=True) for name in "pq")
N0, M0 = (scalar(name, lo=0) for name in ("n0", "m0"))
N = scalar("n", "integer", 1)
K, J = (scalar(name, "integer", 0) for name in "kj")
Z, W = (scalar(name, "complex") for name in "zw")


def f(head: type, *args: Expr) -> Expr:
    """A function of terms, unevaluated."""
    return head(*args, evaluate=False)


TRUE = [
    # polynomials, roots, givens
    (2*A*B, "<=", A**2 + B**2, ()),
    (f(Pow, P*Q, S.Half), "<=", (P + Q)/2, ()),
    (A*C, "<=", B*C, (Le(A, B), Ge(C, 0))),
    (X**4 + 1, ">", X, ()),
    (A**2 + B**2 + C**2, ">=", A*B + B*C + C*A, ()),
    (1/(1 + X**2), "<=", S.One, ()),
    (X, "<", X + 1, ()),
    (P**3 + 2, ">=", 3*P, ()),
    # one variable
    (f(log, P), "<=", P - 1, ()),
    (f(log, P), "<", P, ()),
    (f(exp, X), ">=", 1 + X, ()),
    (f(exp, P), ">", 1 + P + P**2/2, ()),
    (f(sin, P), "<", P, ()),
    (f(cos, X), ">=", 1 - X**2/2, ()),
    (f(sp.atan, N0), ">=", N0/(1 + N0), ()),
    (f(sp.atan, N0), "<=", pi/2*f(tanh, N0), ()),
    (f(sp.atan, P), "<", pi*P/2, ()),
    (f(sinh, P), ">", P, ()),
    (f(sin, X), "<=", 4*X*(pi - X)/pi**2, (Ge(X, 0), Le(X, pi))),
    (f(sin, X), ">=", 2*X/pi, (Ge(X, 0), Le(X, pi/2))),
    (f(tan, X), ">", X, (Gt(X, 0), Lt(X, pi/2))),
    (P*f(log, P), ">=", P - 1, ()),
    (f(sinc, X), ">", Rational(-108617, 500000), ()),
    (f(exp, P), ">", P**2, ()),
    # absolute values
    (f(Abs, f(sin, X)), "<=", f(Abs, X), ()),
    (f(Abs, f(sin, X)), "<=", S.One, ()),
    (f(Abs, X + Y), "<=", f(Abs, X) + f(Abs, Y), ()),
    (f(Abs, Z + W), "<=", f(Abs, Z) + f(Abs, W), ()),
    (f(Abs, f(Abs, Z) - f(Abs, W)), "<=", f(Abs, Z - W), ()),
    (f(Abs, f(exp, Z)), "<=", f(exp, f(Abs, Z)), ()),
    (f(Abs, f(sin, Z)), "<=", f(sinh, f(Abs, Z)), ()),
    (f(Abs, f(sp.atan, Z)), "<=", -f(log, 1 - f(Abs, Z)), (Le(f(Abs, Z), 1),)),
    (f(Abs, f(sinc, Z)), "<=", f(exp, f(Abs, f(sp.im, Z))), ()),
    (f(Abs, f(sp.zeta, Z)), "<=", f(sp.zeta, f(sp.re, Z)), (Gt(f(sp.re, Z), 1),)),
    (f(sp.re, Z), "<=", f(Abs, Z), ()),
    (f(Abs, f(sin, X + I*Y)), ">=", f(Abs, Y), ()),
    # factorials and their kin
    (f(sp.factorial, N), ">", f(exp, N), (Ge(N, 6),)),
    (f(sp.digamma, P), "<", f(log, P), ()),
    (f(sp.binomial, K, J), "<=", K**J/f(sp.factorial, J), ()),
    # cases
    (X**2, ">=", S.One, (Or(X >= 1, X <= -1),)),
    # numbers
    (f(Abs, pi - Rational(355, 113)), "<", Rational(267, 10**9), ()),
    (pi**3, "<", f(exp, pi) + 8, ()),
    (4*f(sp.atan, S.Half) + 4*f(sp.atan, Rational(1, 3)), "<=", pi, ()),
]

FALSE = [
    (2*A*B, "<", A**2 + B**2, ()),
    (A*B, "<=", (A**2 + B**2)/3, ()),
    (f(Pow, P*Q, S.Half), "<", (P + Q)/2, ()),
    (A*C, "<=", B*C, (Le(A, B),)),
    (A*C, "<", B*C, (Lt(A, B), Ge(C, 0))),
    (f(log, P), "<", P - 1, ()),
    (f(log, P), "<=", P - 2, ()),
    (f(exp, X), ">", 1 + X, ()),
    (f(exp, X), ">=", 1 + X + X**2/2, ()),
    (f(sin, X), "<=", X, ()),
    (f(sin, N0), "<", N0, ()),
    (f(cos, X), ">=", 1 - X**2/3, ()),
    (f(sp.atan, N0), "<=", N0/(1 + N0), ()),
    (f(sp.atan, N0), ">", N0/(1 + N0), ()),
    (f(sinc, X), ">", Rational(-217, 1000), ()),
    (f(exp, P), ">", P**3, ()),
    (f(exp, P), ">=", 3*P, ()),
    (f(tan, X), ">", X, (Gt(X, 0),)),
    (1/X, "<=", 1/Y, (Ge(X, Y),)),
    (X**2, "<=", X, (Ge(X, 0),)),
    (f(Abs, X + Y), ">=", f(Abs, X) + f(Abs, Y), ()),
    (f(Abs, Z - W), "<=", f(Abs, f(Abs, Z) - f(Abs, W)), ()),
    (f(Abs, f(sin, Z)), "<=", S.One, ()),
    (f(Abs, f(cos, Z)), "<=", f(cos, f(Abs, Z)), ()),
    (f(Abs, f(exp, Z)), "<", f(exp, f(Abs, Z)), ()),
    (f(Abs, f(sp.zeta, Z)), "<=", f(sp.zeta, f(sp.re, Z)), ()),
    (f(Abs, f(sp.gamma, Z)), "<=", f(sp.gamma, f(sp.re, Z)), ()),
    (f(sp.re, Z), "<", f(Abs, Z), ()),
    (Z**2, ">=", S.Zero, ()),
    (f(sp.factorial, N), ">", f(exp, N), (Ge(N, 5),)),
    (f(sp.factorial, N), ">", 2**N, ()),
    (f(sp.digamma, P), ">", f(log, P) - 1/(2*P), ()),
    (f(sp.binomial, K, J), "<", K**J/f(sp.factorial, J), ()),
    (X**2, ">=", S.One, (Or(X >= 1, X <= 0),)),
    (f(Abs, pi - Rational(355, 113)), "<", Rational(266, 10**9), ()),
    (4*f(sp.atan, S.Half) + 4*f(sp.atan, Rational(1, 3)), "<", pi, ()),
    (pi, "<", pi, ()),
    (f(log, X**2), "<=", 2*f(log, X), ()),
    (I + 1, "<=", I + 2, ()),
    (f(Pow, X, S.Half), ">=", S.Zero, ()),
    (X**2/(X - 1), ">=", S.Zero, ()),
]


@pytest.mark.parametrize("claim", TRUE, ids=str)
def test_holds(claim):
    """Known."""
    left, relation, right, given = claim
    assert holds(left, relation, right, Context(given)) is not None


@pytest.mark.parametrize("claim", FALSE, ids=str)
def test_never_holds(claim):
    """False at some point that the givens allow, or meaningless."""
    left, relation, right, given = claim
    assert holds(left, relation, right, Context(given)) is None


def test_a_claim_is_read_from_both_sides():
    """a >= b is b <= a."""
    assert holds(P - 1, ">=", f(log, P), Context()) == holds(f(log, P), "<=", P - 1, Context())


# ---------------------------------------------------------------- false neighbours, at random


NEIGHBOURS = [
    (f(log, P), P - 1), (f(sp.atan, P), P), (P/(1 + P), f(sp.atan, P)), (f(sin, P), P), (1 + P, f(exp, P)),
    (f(tanh, P), f(sp.atan, P)), (P, f(sinh, P)), (P - P**3/6, f(sin, P)), (2*P/(2 + P), f(log, 1 + P)),
    (f(cos, P), 1 - P**2/2 + P**4/24), (f(sp.erf, P), 2*P/sp.sqrt(pi)),
]
FACTORS = [Rational(9, 10), Rational(101, 100)]
POINTS = [Rational(1, 1000), Rational(1, 10), S.Half, S.One, Rational(3, 2), Integer(3), Integer(10), Integer(40)]


def values(term: Expr) -> Iterator[object]:
    """Rigorous balls at some points."""
    for point in POINTS:
        yield enclose(term, 128, {P: acb(int(point.p)) / int(point.q)})


@pytest.mark.parametrize("pair", NEIGHBOURS, ids=str)
def test_neighbours_are_never_against_the_numbers(pair):
    """A changed factor is not proved where a ball says that it is wrong."""
    left, right = pair
    assert holds(left, "<=", right, Context()) is not None
    for factor in FACTORS:
        gap = factor*right - left
        if any(v is not None and v.real < 0 for v in values(gap)):
            assert holds(left, "<=", factor*right, Context()) is None
        if any(v is not None and v.real > 0 for v in values(gap)):
            assert holds(left, ">=", factor*right, Context()) is None


# ---------------------------------------------------------------- parts of it


def pattern(term: Expr, lo: Expr, hi: Expr) -> object:
    """What is found on a stretch."""
    found = variation(term, Stretch.between(X, lo, hi, Context((), (X,))))
    return found and (found.signs, found.strict)


@pytest.mark.parametrize(("term", "lo", "hi", "expected"), [
    (X - 1, S.Zero, oo, ((-1, 1), True)),
    (X**2 - 2, S.Zero, oo, ((-1, 1), True)),
    ((X - 1)**2, S.Zero, oo, ((1,), False)),
    (X - 1 - f(log, X), S.Zero, oo, ((1,), False)),
    (X - 2 - f(log, X), S.Zero, oo, ((1, -1, 1), True)),
    (f(sin, X), S.Zero, 2*pi, ((1, -1), True)),
    (f(exp, X) - 1, -oo, oo, ((-1, 1), True)),
    (1/X, -oo, oo, ((-1, 1), True)),
    (f(Abs, X) - 1, -oo, oo, None),
    (f(sin, 1/X), S.Zero, S.One, None),
])
def test_variation(term, lo, hi, expected):
    """Signs, and whether they are strict."""
    assert pattern(term, lo, hi) == expected


def test_roots_are_exact():
    """Rational roots are found, others isolated."""
    poly = univariate(Context().poly((X - 1)*(X - 2)**2*(X**2 - 3)), X)
    found = roots_between(poly, None, None)
    assert [r.exact for r in found] == [None, 1, None, 2]
    assert [r.multiplicity for r in found] == [1, 1, 1, 2]
    assert [r.exact for r in roots_between(poly, 1, 2)] == [None]


def test_polynomials():
    """Squares, and nothing for complex symbols."""
    assert nonnegative(A**2 - 2*A*B + B**2, Context())
    assert nonnegative(P - 2*f(Pow, P, S.Half)*f(Pow, Q, S.Half) + Q, Context())
    assert not nonnegative(A**2 - 3*A*B + B**2, Context())
    assert not nonnegative(A*B, Context())
    assert not nonnegative(Z**2, Context())
    assert sign_of_product(-P*(1 + A**2), Context()) == (-1, True)
    assert sign_of_product(A*P, Context()) is None
    assert sign_of_product(Z**2, Context()) is None


def test_reach():
    """Intervals from domains and givens."""
    assert reach(X, Context((Gt(X, 1), Le(X, A)))).lo == 1
    assert reach(X, Context((Gt(X, 1), Le(X, A)))).open == (True, False)
    found = reach(A, Context((Le(f(Abs, A), P),)))
    assert (found.lo, found.hi) == (-P, P)
    assert reach(X, Context((Or(X > 1, X < 0),))).lo == -oo
    assert reach(X, Context((X * A <= 1,))).hi == oo
    assert reach(X, Context((Ge(X, 0), Ne(X, 0)))).open[0]


def test_bounds_of_absolute_values():
    """Majorants within their radius."""
    assert size_bounds(f(sp.atan, Z), Context()) == [f(Abs, f(sp.atan, Z))]
    assert f(sp.atanh, f(Abs, Z)) in size_bounds(f(sp.atan, Z), Context((Lt(f(Abs, Z), 1),)))
    assert f(sp.gamma, f(sp.re, Z)) not in size_bounds(f(sp.gamma, Z), Context())
    assert all(substitute(b, {Z: S.Zero}) != oo for b in lower_bounds(Z + 1, Context()))


def test_estimates_keep_to_their_conditions():
    """No bound without its condition."""
    assert not list(smaller(f(sp.gamma, X), Context()))
    assert not list(smaller(f(sp.digamma, X), Context()))
    assert not list(smaller(f(sp.binomial, X, Y), Context()))
    assert not list(smaller(f(sin, Z), Context()))
    assert not list(smaller(X*f(sin, X), Context()))
    assert [strict for _, strict in smaller(f(sp.gamma, P), Context())] == [True]
    assert [strict for _, strict in smaller(N0*f(sp.gamma, P), Context())] == [False]


def test_balls():
    """Nothing at poles, at zeros, on cuts."""
    assert sign_of(f(sin, pi)) is None
    assert below(Rational(22, 7) - Rational(1, 10**6), Rational(22, 7))
    assert not below(pi, pi)
    assert enclose(f(sp.atan, 2*I)) is None
    assert enclose(f(sp.asin, Integer(2))) is None
    assert enclose(f(log, S.Zero)) is None
    assert enclose(f(sp.gamma, Integer(-1))) is None
    assert enclose(f(Pow, S.Zero, S.Half)) == 0
    assert enclose(f(log, Integer(-1))).imag.overlaps(acb.pi().real)
