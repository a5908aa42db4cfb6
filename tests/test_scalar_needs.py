"""What scalar terms need: known needs are discharged, thin ones become conditions, the rest stands in the way."""

from __future__ import annotations

import pytest
import sympy as sp
from sympy import (
    Abs,
    Eq,
    Expr,
    Gt,
    I,
    Integer,
    Lt,
    Ne,
    Piecewise,
    Rational,
    S,
    acos,
    atan,
    binomial,
    cos,
    exp,
    factorial,
    gamma,
    im,
    log,
    oo,
    polygamma,
    re,
    sin,
    sqrt,
    tan,
    zeta,
)

from derive.core.scalar.context import Context
from derive.core.scalar.needs import Needs, needs
from derive.core.terms import Diff, Domain, Index, Integral, Limit, Product, Scalar, Sum

x, y, a = (Scalar(name, Domain("real")) for name in "xya")
r = Scalar("r", Domain("real", nonzero=True))
p = Scalar("p", Domain("real", S.Zero, lo_open=True))
z, s = (Scalar(name, Domain("complex")) for name in "zs")
n = Scalar("n", Domain("integer", S.Zero))
m = Scalar("m", Domain("integer"))
k = Index("k", 1, n)
FREE = Context()


def found(term: Expr, *given: sp.Basic, exists: bool = True) -> Needs:
    """The needs of a term where everything that binds exists, or nothing does."""
    return needs(term, FREE.also(*given), lambda _term, _context: exists)


with sp.evaluate(False):
    NO_POLE = sp.Not(sp.And(Eq(im(z), 0), Eq(sp.floor(re(z)), re(z)), re(z) <= 0))

    KNOWN = [
        (1 / p, ()),
        (log(p), ()),
        (log(z), (Ne(z, 0),)),
        (x**2 + sin(z) * exp(x), ()),
        (1 / (1 + x**2), ()),
        (tan(x), (Gt(cos(x), 0),)),
        (gamma(z), (NO_POLE,)),
        (gamma(p), ()),
        (factorial(n), ()),
        (binomial(n, k), ()),
        (polygamma(n, p), ()),
        (1 / r, ()),
        (x**n, ()),
        (p**s, ()),
        (x ** Rational(3, 2), ()),
        (zeta(s), (Ne(s, 1),)),
        (zeta(s), (Gt(re(s), 1),)),
        (atan(x), ()),
        (acos(x), ()),
        (log(2, 3), ()),
        (1 / gamma(p), ()),
        (sp.Max(x, y), ()),
        (sp.tanh(x), ()),
        (Sum(1 / k, (k, 1, n)), ()),
        (Product(x + k, (k, 1, n)), ()),
        (Sum(1 / (z + k), (k, 1, n)), (NO_POLE,)),
        (Integral(1 / x, (x, 1, 2)), ()),
        (Integral(1 / (1 + x * p), (x, 0, oo)), ()),
        (Limit(sin(x) / x, (x, 0, 0)), ()),
        (Diff(x**3, (x, 1, y)), ()),
        (Piecewise((1 / x, x > 0), (1, True)), ()),
        (Piecewise((1, Ne(x, y)), (2, Eq(x, y))), ()),
        (Piecewise((1 / (x - y), Ne(x, y)), (0, True)), ()),
        (1 / (sin(x) + 2), ()),
        (1 / Integral(sin(x) ** 2, (x, 0, 1)), ()),
    ]

    THIN = [
        (1 / x, (), {x}),
        (log(x), (), {x}),
        (1 / (x * y), (), {x, y}),
        ((x**2 - y**2) / (x - y), (), {x - y}),
        (tan(x), (), {cos(x)}),
        (gamma(z), (), {1 / gamma(z)}),
        (sp.digamma(z), (), {1 / gamma(z)}),
        (factorial(z), (), {1 / gamma(z + 1)}),
        (zeta(s), (), {s - 1}),
        (atan(z), (), {1 + z**2}),
        (1 / (z**p - 2), (Gt(re(z), 0),), {z**p - 2}),
        (1 / sqrt(x), (), {x}),
        (Integral(y / a, (y, 0, 1)), (), {a}),
        (1 / (exp(z) - 1), (), {exp(z) - 1}),
        (gamma(z + m), (), {1 / gamma(z + m)}),
        (1 / (1 / x + 1 / y), (), {x, y, 1 / x + 1 / y}),
        (log(x, y), (), {x, y, y - 1}),
        (1 / gamma(z), (), {1 / gamma(z)}),
    ]

    IN_THE_WAY = [
        (1 / n, ()),
        (1 / (n - 3), ()),
        (log(n), ()),
        (1 / m, ()),
        (x**m, (Eq(y, 1),)),
        (Integer(0) ** x, ()),
        (1 / (Abs(x) + x), ()),
        (1 / (sqrt(x**2) + x), ()),
        (1 / (1 + Abs(r) / r), ()),
        (gamma(m), ()),
        (factorial(m), ()),
        (polygamma(x, p), ()),
        (sp.Max(z, 1), ()),
        (oo + x, ()),
        (1 / (sin(m)), ()),
        (1 / (x**m - 1), ()),
        (1 / (1 + (-1) ** m), ()),
        (Sum(k, (k, 1, x)), ()),
        (Sum(1 / (k - 3), (k, 1, n)), ()),
        (Piecewise((1, x > 0)), ()),
        (sp.primepi(x), ()),
        (Piecewise((1, z > 0), (2, True)), ()),
        (1 / (x - x), ()),
        (1 / sp.floor(x), ()),
        (atan(I), ()),
        (log(0), ()),
        (1 / (x - y), (Eq(x, y),)),
        (sp.Mod(x, m), ()),
        (acos(1 / m), ()),
    ]


@pytest.mark.parametrize(("term", "given"), KNOWN)
def test_known(term: Expr, given: tuple[sp.Basic, ...]) -> None:
    """What follows from the domains and the givens needs no more."""
    got = found(term, *given)
    assert (got.conditions, got.missing) == ((), ())


@pytest.mark.parametrize(("term", "given", "expected"), THIN)
def test_thin(term: Expr, given: tuple[sp.Basic, ...], expected: set[Expr]) -> None:
    """Zeros of analytic functions of continuous names become conditions."""
    got = found(term, *given)
    assert got.missing == ()
    assert {condition.term for condition in got.conditions} == expected


@pytest.mark.parametrize(("term", "given"), IN_THE_WAY)
def test_in_the_way(term: Expr, given: tuple[sp.Basic, ...]) -> None:
    """What would cut an open set, fixes an integer, or is not understood, is missing."""
    assert found(term, *given).missing


BINDERS = [
    Integral(x, (x, 0, 1)),
    Limit(x, (x, 0, 0)),
    Diff(x, (x, 1, y)),
    Sum(1 / k**2, (k, 1, oo)),
    Product(1 + 1 / k**2, (k, 1, oo)),
]


@pytest.mark.parametrize("term", BINDERS)
def test_existence_is_asked_for(term: Expr) -> None:
    """An integral, a limit, a derivative and what is infinite must be known to exist."""
    assert found(term).missing == ()
    assert [note.label for note in found(term, exists=False).missing] == ["exists"]
    assert found(Sum(k, (k, 1, n)), exists=False).missing == ()


def test_inner_integrals_are_asked_about_where_they_stand() -> None:
    """The context of an inner integral has the range of the outer variable, under a name of its own."""
    seen: list[tuple[Expr, Context]] = []

    def exists(term: Expr, context: Context) -> bool:
        seen.append((term, context))
        return True

    with sp.evaluate(False):
        inner = Integral(1 / (x + y), (y, 0, 1))
        needs(Integral(inner, (x, 1, 2)), FREE.also(Lt(x, 0)), exists)
    (_, outside), (term, inside) = seen
    (name,) = term.free_symbols
    assert name != x
    assert inside.positive(name - 1)
    assert not outside.positive(x)


def test_conditions_over_an_index() -> None:
    """A condition on every term of a sum says over which index it holds."""
    got = found(Sum(1 / (y + k), (k, 1, n)))
    (condition,) = got.conditions
    assert [index.name for index in condition.over] == ["k"]
    assert got.missing == ()


def test_a_name_that_is_not_zero_may_change_sign() -> None:
    """1 + |r|/r is 0 for every r < 0: that is no thin set, though it is analytic on either side."""
    with sp.evaluate(False):
        assert found(1 / (1 + Abs(r) / r)).missing
        assert not found(1 / (1 + Abs(p) / p)).missing
