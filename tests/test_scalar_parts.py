"""Complex parts, branch cuts, constants: what is equal, and what must never be."""

from __future__ import annotations

import pytest
import sympy as sp
from flint import acb, arb
from sympy import Abs, Expr, GoldenRatio, I, Integer, Pow, Rational, S, conjugate, exp, im, log, pi, re, sign
from sympy.core.relational import Eq, Ge, Gt, Le, Lt, Ne
from sympy.logic.boolalg import And, Not, Or

from derive.core.scalar.balls import enclose
from derive.core.scalar.branches import branches, constant_difference, constants_equal, logarithms
from derive.core.scalar.complexes import agree
from derive.core.scalar.context import Context
from derive.core.scalar.parts import cartesian, cases, conjugated, parts, split_complex
from derive.core.terms import Domain, Index, Scalar, Sum

X, Y = (Scalar(name, Domain("real")) for name in "xy")
P, Q = (Scalar(name, Domain("real", S.Zero, None, lo_open=True)) for name in "pq")
C = Scalar("c", Domain("real", S.Zero))
U = Scalar("u", Domain("real", -S.One, S.One))
Z, W = (Scalar(name, Domain("complex")) for name in "zw")
N = Scalar("n", Domain("integer"))
HALF = S.Half


def f(head: type, *args: Expr) -> Expr:
    """A function of terms, unevaluated."""
    return head(*args, evaluate=False)


def root(term: Expr) -> Expr:
    """The square root, unevaluated."""
    return f(Pow, term, HALF)


def eq(left: Expr, right: Expr) -> Expr:
    """An equation as a given."""
    return f(Eq, left, right)


UPPER, LOWER = Gt(f(im, Z), 0), Lt(f(im, Z), 0)
SLIT = Not(And(eq(f(im, Z), S.Zero), Le(f(re, Z), 0)))
ON_LINE = Not(Or(And(eq(f(im, I*Z), S.Zero), Lt(f(re, I*Z), -1)), And(eq(f(im, I*Z), S.Zero), Gt(f(re, I*Z), 1))))

EQUAL = [
    (f(Abs, X + I*Y), root(X**2 + Y**2), ()),
    (f(re, Z), (Z + f(conjugate, Z))/2, ()),
    (f(im, Z), (Z - f(conjugate, Z))/(2*I), ()),
    (f(Abs, Z*W), f(Abs, Z)*f(Abs, W), ()),
    (f(Abs, Z)**2, Z*f(conjugate, Z), ()),
    (f(Abs, Z**3), f(Abs, Z)**3, ()),
    (f(re, f(exp, Z)), f(exp, f(re, Z))*f(sp.cos, f(im, Z)), ()),
    (f(im, f(sp.sin, X + I*Y)), f(sp.cos, X)*f(sp.sinh, Y), ()),
    (f(Abs, f(sp.sin, X + I*Y)), root(f(sp.sin, X)**2 + f(sp.sinh, Y)**2), ()),
    (f(sp.gamma, f(conjugate, Z)), f(conjugate, f(sp.gamma, Z)), ()),
    (root(f(conjugate, Z)), f(conjugate, root(Z)), (SLIT,)),
    (f(sp.atan, f(conjugate, Z)), f(conjugate, f(sp.atan, Z)), (ON_LINE,)),
    (f(re, f(log, Z)), f(log, f(Abs, Z)), (Ne(Z, 0),)),
    (f(re, root(Z)), root((f(Abs, Z) + f(re, Z))/2), ()),
    (f(im, root(Z)), f(sign, f(im, Z))*root((f(Abs, Z) - f(re, Z))/2), (SLIT,)),
    (root(X**2), f(Abs, X), ()),
    (root(-Z), I*root(Z), (Or(And(eq(f(im, Z), S.Zero), Ge(f(re, Z), 0)), LOWER),)),
    (root(-Z), -I*root(Z), (Or(And(eq(f(im, Z), S.Zero), Le(f(re, Z), 0)), UPPER),)),
    (root(Z - C*Z**2), root(Z)*root(1 - C*Z), ()),
    (root(Z/(Z + C)), root(Z)/root(Z + C), ()),
    (root(P*Z), root(P)*root(Z), ()),
    (root(1 + Z**2), root(1 + I*Z)*root(1 - I*Z), ()),
    (f(log, P*Z), f(log, P) + f(log, Z), ()),
    (f(log, f(exp, Z)), Z, (Gt(f(im, Z), -pi), Le(f(im, Z), pi))),
    (f(log, Z*W), f(log, Z) + f(log, W), (Gt(f(re, Z), 0), Gt(f(re, W), 0))),
    (f(log, X**2), 2*f(log, f(Abs, X)), ()),
    (f(Pow, Z, W), f(exp, W*f(log, Z)), (Ne(Z, 0),)),
    (f(sp.cos, f(sp.atan, Z)), 1/root(1 + Z**2), ()),
    (f(sp.acot, 1/Z), f(sp.atan, Z), ()),
    (f(sp.atan, P) + f(sp.atan, 1/P), pi/2, ()),
    (f(sp.atan, 1/X), -pi/2 - f(sp.atan, X), (Lt(X, 0),)),
    (f(sp.atan, 1/Z), pi/2 - f(sp.atan, Z), (Gt(f(re, Z), 0),)),
    (f(sp.asin, U) + f(sp.acos, U), pi/2, ()),
    (f(sp.asin, X) + f(sp.acos, X), pi/2, (Ge(X, -1), Le(X, 1))),
    (f(sp.asin, X/P) + f(sp.acos, X/P), pi/2, (Le(f(Abs, X), P),)),
    (f(sp.atan, X) + f(sp.atan, Y), f(sp.atan, (X + Y)/(1 - X*Y)), (Lt(X*Y, 1),)),
    (f(sp.asinh, X), f(log, X + root(1 + X**2)), ()),
]

DIFFERENT = [
    (root(X**2), X, ()),
    (root(Z**2), Z, ()),
    (root(Z**2), f(Abs, Z), ()),
    (root(Z*W), root(Z)*root(W), ()),
    (root(Z*W), root(Z)*root(W), (Gt(f(re, Z), 0),)),
    (root(-Z), I*root(Z), ()),
    (root(-Z), I*root(Z), (UPPER,)),
    (root(-Z), I*root(Z), (Or(LOWER, eq(f(im, Z), S.Zero)),)),
    (root(Z - X*Z**2), root(Z)*root(1 - X*Z), ()),
    (root(Z/(Z - C)), root(Z)/root(Z - C), ()),
    (root(Z*(Z + C)), root(Z)*root(Z + C), ()),
    (f(log, Z**2), 2*f(log, Z), ()),
    (f(log, X*Y), f(log, X) + f(log, Y), ()),
    (f(log, f(exp, Z)), Z, ()),
    (f(log, f(exp, Z)), Z, (Ge(f(im, Z), -pi), Le(f(im, Z), pi))),
    (f(log, Z*W), f(log, Z) + f(log, W), (Gt(f(im, Z), 0), Gt(f(im, W), 0))),
    (f(log, Z/W), f(log, Z) - f(log, W), ()),
    (f(Pow, f(Pow, X, Y), P), f(Pow, X, Y*P), ()),
    (f(Pow, X*Y, HALF), root(X)*root(Y), ()),
    (f(conjugate, root(Z)), root(f(conjugate, Z)), ()),
    (f(conjugate, f(log, Z)), f(log, f(conjugate, Z)), ()),
    (f(conjugate, f(sp.atan, Z)), f(sp.atan, f(conjugate, Z)), ()),
    (f(Abs, Z + W), f(Abs, Z) + f(Abs, W), ()),
    (f(Abs, Z**N), f(Abs, Z), ()),
    (f(re, Z*W), f(re, Z)*f(re, W), ()),
    (f(im, root(Z)), root((f(Abs, Z) - f(re, Z))/2), (SLIT,)),
    (f(sp.atan, f(sp.tan, X)), X, ()),
    (f(sp.asin, f(sp.sin, X)), X, ()),
    (f(sp.atan, X) + f(sp.atan, 1/X), pi/2, ()),
    (f(sp.atan, X) + f(sp.atan, 1/X), pi/2, (Ne(X, 0),)),
    (f(sp.atan, 1/Z), pi/2 - f(sp.atan, Z), (Ne(Z, 0),)),
    (f(sp.atan, X) + f(sp.atan, Y), f(sp.atan, (X + Y)/(1 - X*Y)), (Ne(X*Y, 1),)),
    (2*f(sp.atan, X), f(sp.atan, 2*X/(1 - X**2)), (Or(X > 1, X < -1),)),
    (f(log, Z**4), 4*f(log, Z) - 2*pi*I, (Ge(f(re, Z), 0), Le(f(re, Z), 0), Ne(Z, 0))),
    (f(sp.floor, X), S.Zero, (Ge(X, 0), Le(X, 1))),
    (f(sp.acosh, X), f(log, X + root(X**2 - 1)), ()),
    (f(sp.asin, X), -I*f(log, I*X - root(1 - X**2)), ()),
    (f(Abs, X), X, (Or(X > 0, X < 1),)),
    (f(sign, X), S.One, (Ge(X, 0),)),
    (f(sp.floor, X), X - HALF, ()),
]


@pytest.mark.parametrize("claim", EQUAL, ids=str)
def test_agree(claim):
    """Equal at every point."""
    left, right, given = claim
    assert agree(left, right, Context(given)) is not None


@pytest.mark.parametrize("claim", DIFFERENT, ids=str)
def test_never_agree(claim):
    """Different at some point that the givens allow."""
    left, right, given = claim
    assert agree(left, right, Context(given)) is None


# ---------------------------------------------------------------- constants


SAME = [
    (f(Pow, I, I), f(exp, -pi/2)), (pi, 4*f(sp.atan, HALF) + 4*f(sp.atan, Rational(1, 3))), (pi, -I*f(log, -S.One)),
    (pi, 16*f(sp.atan, Rational(1, 5)) - 4*f(sp.atan, Rational(1, 239))), (pi, 10*f(sp.asin, 1/(2*GoldenRatio))),
    (2*f(sp.atan, Integer(2)), pi - f(sp.acos, Rational(3, 5))),
    (f(sp.acosh, Integer(2)), f(log, 2 + root(Integer(3)))),
    (f(log, 1 + I), f(log, Integer(2))/2 + I*pi/4), (f(log, 3 + 4*I), 2*f(log, 2 + I)),
    (f(sp.sinc, pi/3), 3*root(Integer(3))/(2*pi)), (f(sp.sinc, S.Zero), S.One),
    (2*f(sp.atanh, Rational(1, 3)), f(log, 2*S.One)),
    (f(exp, I*f(sp.acos, Rational(3, 5))), Rational(3, 5) + 4*I/5), (f(log, -Integer(8)), 3*f(log, Integer(2)) + I*pi),
]

OTHER = [
    (pi, 4*f(sp.atan, HALF) + 4*f(sp.atan, Rational(1, 4))), (2*f(sp.atan, Integer(2)), -f(sp.acos, Rational(3, 5))),
    (3*f(log, -I), f(log, I)), (2*f(log, -S.One), S.Zero), (f(Pow, I, I), f(exp, pi/2)),
    (f(sp.atan, Integer(2)) + f(sp.atan, Integer(3)), -pi/4), (3*f(log, I - 1), f(log, f(Pow, I - 1, Integer(3)))),
    (f(log, -Integer(2)) + f(log, -Integer(3)), f(log, Integer(6))), (f(sp.acos, Rational(7823207, 7823209)), S.Zero),
    (f(exp, pi*root(Integer(163))), Integer(640320)**3 + 744), (f(exp, pi) - pi, Integer(20)),
    (f(log, Integer(2)), f(log, Integer(3))), (f(sp.gamma, Rational(1, 3)), f(sp.gamma, Rational(2, 3))),
]


@pytest.mark.parametrize("pair", SAME, ids=str)
def test_constants_equal(pair):
    """Equal, and not equal to what is near."""
    assert constants_equal(*pair)
    assert not constants_equal(pair[0], pair[1] + Rational(1, 10**30))


@pytest.mark.parametrize("pair", OTHER, ids=str)
def test_constants_differ(pair):
    """Near at best."""
    assert not constants_equal(*pair)


def test_constants_have_no_symbols():
    """Nothing is said of symbols."""
    assert not constants_equal(X, X)


# ---------------------------------------------------------------- every rewriting against the numbers


VALUES = [
    (a, b) for a in (-2, Rational(-1, 3), HALF, 3) for b in (Rational(-5, 2), Rational(-1, 7), Rational(2, 3), 2)
]
TERMS = [
    f(conjugate, f(exp, Z)*f(sp.sin, Z)/(1 + Z)), f(re, f(sp.cosh, Z)**2), f(im, Z**3/(2 + Z)),
    f(Abs, Z**2*f(exp, Z)/(Z + 3)), f(re, 1/f(exp, Z)), f(Abs, f(Pow, Integer(3), Z)), f(im, f(sp.cos, I*Z)),
    f(re, f(log, Z + 4)), f(Abs, f(sp.gamma, Z + I/3)),
    f(conjugate, f(sp.zeta, Z + 4)), f(re, root(Z)), f(Abs, root(Z)),
]


def ball(term: Expr, a: Rational, b: Rational) -> acb:
    """The value at a + b i."""
    parts_of_z = (arb(int(Rational(v).p)) / int(Rational(v).q) for v in (a, b))
    return enclose(term, 128, {Z: acb(*parts_of_z)})


@pytest.mark.parametrize("term", TERMS, ids=str)
def test_parts_keep_the_value(term):
    """Rigorous balls around both overlap."""
    written = parts(term, Context())
    assert written != term
    for a, b in VALUES:
        assert ball(term, a, b).overlaps(ball(written, a, b))


@pytest.mark.parametrize("term", [
    f(sp.asin, Z), f(sp.acos, Z), f(sp.atan, Z), f(sp.asinh, Z), f(sp.acosh, Z), f(sp.atanh, Z), f(sp.acot, Z),
    f(sp.asec, Z), f(sp.acsc, Z), f(sp.asech, Z), f(sp.acsch, Z), f(sp.acoth, Z),
], ids=str)
def test_logarithms_are_the_principal_values(term):
    """Rigorous balls around both overlap."""
    written = logarithms(term, Context())
    for a, b in VALUES:
        assert ball(term, a, b).overlaps(ball(written, a, b))


@pytest.mark.parametrize("term", [
    root(-Z), root(1 + Z**2), root(Z - 2*Z**2), root(Z/(Z + 3)), f(log, -Z), f(log, f(exp, Z)), root(1/Z),
    root((Z + 1)**2), f(log, (Z + 1)/(2*Z + 3)), f(log, 3 - Z), root(2*Z - 6),
], ids=str)
@pytest.mark.parametrize("given", [(), (UPPER,), (LOWER,), (Gt(f(re, Z), 0),), (Lt(f(re, Z), 0),)], ids=str)
def test_branches_keep_the_value(term, given):
    """Wherever the givens hold."""
    context = Context(given)
    written = branches(term, context)
    for a, b in VALUES:
        at = {f(re, Z): a, f(im, Z): b}
        if all(g.xreplace(at) == S.true for g in given):
            assert ball(term, a, b).overlaps(ball(written, a, b))


# ---------------------------------------------------------------- parts of it


def test_conjugates_stay_where_the_cut_may_be():
    """Off the cut they move in."""
    assert conjugated(root(Z), Context()) is None
    assert conjugated(root(Z), Context((SLIT,))) == root(f(conjugate, Z))
    assert conjugated(f(sp.loggamma, Z), Context()) is None
    assert conjugated(f(sp.zeta, Z, X), Context()) is None
    assert conjugated(f(Pow, Z, N), Context()) == f(Pow, f(conjugate, Z), N)
    index = Index("k", S.Zero, sp.oo)
    assert conjugated(Sum(Z**index, index), Context()) == Sum(f(conjugate, Z)**index, index)


def test_cartesian():
    """Parts are real, and inert where they are not known."""
    assert cartesian(X + I*Y, Context()) == (X, Y)
    assert cartesian(Z, Context()) == (f(re, Z), f(im, Z))
    assert cartesian(f(sp.gamma, Z), Context()) == (f(re, f(sp.gamma, Z)), f(im, f(sp.gamma, Z)))


def test_cases_cover_all():
    """An Or is split, the negation of one is not."""
    found = cases(Context((Or(And(X > 0, Y > 0), X < 0), Y > -1)))
    assert len(found) == 2
    assert {X > 0, Y > 0, Y > -1} == set(found[0].given) or {X > 0, Y > 0, Y > -1} == set(found[1].given)
    assert cases(Context((Not(Or(X > 0, Y > 0)),)))[0].given == (Not(Or(X > 0, Y > 0)),)


def test_split_complex():
    """A given may leave one real variable."""
    assert split_complex(X + 1, Context()) is None
    term, inner = split_complex(Z*f(conjugate, Z), Context((eq(f(im, Z), S.Zero), Gt(f(re, Z), 0))))
    assert {s.name for s in term.free_symbols} == {"re_z"}
    assert inner.positive(term)


def test_a_constant_difference_needs_one_piece():
    """Equal derivatives say nothing across a gap."""
    left, right = f(sp.atan, X) + f(sp.atan, 1/X), pi/2
    assert constant_difference(left, right, X, Context((X > 0,)))
    assert not constant_difference(left, right, X, Context((Ne(X, 0),)))
    assert not constant_difference(left, right, X, Context((Ge(f(Abs, X), 1),)))
    assert not constant_difference(left, right, X, Context((Ge(X**2, 1),)))
    assert constant_difference(left, -right, X, Context((X < 0,)))
    assert not constant_difference(f(sp.floor, X), S.Zero, X, Context())
    assert not constant_difference(f(Abs, X)/X, S.One, X, Context())
    nonzero = Scalar("x", Domain("real", nonzero=True))
    assert not constant_difference(f(sp.atan, nonzero) + f(sp.atan, 1/nonzero), pi/2, nonzero, Context())
    whole = Scalar("m", Domain("integer"))
    assert not constant_difference(f(sp.cos, 2*pi*whole), S.One, whole, Context())
