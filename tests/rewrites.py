"""Random true rewrites, each with a perturbation that makes it wrong: what must close, and what must not.

Promise: in `claim(rng)` the left and the right recipe are equal wherever they
are defined, by a reason that does not use the normal form; the third recipe
differs from the left one in some model.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from random import Random
from typing import Any

from strategies import A, P, Q, R, S, b, f, i, j, k, m, n, p, q, r, r2, renamed, t, u, x, z
from sympy import Integer, Rational

__all__ = ["CLAIMS", "claim"]

Recipe = Any


def num(value: Any) -> Recipe:
    return ("num", value)


def times(*parts: Recipe) -> Recipe:
    return ("mul", parts)


def plus(*parts: Recipe) -> Recipe:
    return ("add", parts)


def minus(part: Recipe) -> Recipe:
    return times(num(Integer(-1)), part)


def power(base: Recipe, exponent: Any) -> Recipe:
    return ("pow", base, num(Integer(exponent) if isinstance(exponent, int) else exponent))


def at(name: Any, *places: Any) -> Recipe:
    return ("entry", name, tuple(num(a) for a in places))


def atom(rng: Random, *indices: Any) -> Recipe:
    """A small real factor in these indices, or a scalar."""
    return rng.choice(
        [
            num(r),
            num(b),
            num(Rational(rng.randint(1, 5), 2)),
            *(at(x, a) for a in indices),
            *(at(A, a, d) for a, d in product(indices, indices)),
            *(("applied", f, (1,), (at(x, a),)) for a in indices),
        ]
    )


# ---------------------------------------------------------------- the rewrites


def distributed(rng: Random) -> tuple[Recipe, Recipe]:
    """(a + b)(c + d) is expanded, inside a sum."""
    one, two = ([atom(rng, i, j) for _ in range(rng.randint(2, 3))] for _ in range(2))
    left = ("sum", times(plus(*one), plus(*two)), (i, j))
    return left, plus(*(("sum", times(a, d), (j, i)) for a, d in product(one, two)))


def squared_sum(rng: Random) -> tuple[Recipe, Recipe]:
    """The square of a sum is a double sum; the factors that are free of the index stand outside."""
    a = atom(rng, i)
    left = times(num(r), power(("sum", plus(a, times(num(r2), at(x, i))), (i,)), 2))
    first = plus(a, times(num(r2), at(x, i)))
    return left, ("sum", times(num(r), first, renamed(first, {i: j})), (i, j))


def contracted(rng: Random) -> tuple[Recipe, Recipe]:
    """A delta picks its term."""
    body = times(atom(rng, i), atom(rng, i))
    left = ("sum", times(("delta", num(i), num(j)), body, at(x, j)), (i, j))
    return left, ("sum", times(renamed(body, {i: j}), at(x, j)), (j,))


def one_less(rng: Random) -> tuple[Recipe, Recipe]:
    """1 - delta leaves out the diagonal."""
    body = times(at(x, i), atom(rng, i, j))
    left = ("sum", times(plus(num(Integer(1)), minus(("delta", num(i), num(j)))), body), (i, j))
    return left, plus(("sum", body, (i, j)), minus(("sum", renamed(body, {j: i}), (i,))))


def logarithm_of_product(rng: Random) -> tuple[Recipe, Recipe]:
    """The log of a product of positive factors is a sum; roots and powers count."""
    factors = [num(p), ("exp", atom(rng, i)), plus(num(Integer(1)), power(at(x, i), 2)), num(Rational(3, 2))]
    chosen = rng.sample(factors, rng.randint(2, 4))
    exponents = [rng.choice((1, 2, -1, Rational(1, 2), Rational(-3, 2))) for _ in chosen]
    left = ("sum", ("log", times(*(power(a, e) for a, e in zip(chosen, exponents, strict=True)))), (i,))
    return left, plus(*(("sum", times(num(e), ("log", a)), (i,)) for a, e in zip(chosen, exponents, strict=True)))


def independent(rng: Random) -> tuple[Recipe, Recipe]:
    """The mean of a square of a sum of independent entries is the square of the mean, plus the variances."""
    name, mean, variance = rng.choice(((R, u, times(num(u), plus(num(Integer(1)), minus(num(u))))), (S, r, num(q))))
    weight = atom(rng, i)
    left = ("E", power(("sum", times(weight, at(name, i)), (i,)), 2), None, (name,))
    mean_ = power(("sum", times(weight, num(mean)), (i,)), 2)
    return left, plus(mean_, times(variance, ("sum", power(weight, 2), (i,))))


def normalised(rng: Random) -> tuple[Recipe, Recipe]:
    """E of what is free of the index is itself; E is linear; a conditional is the joint over the marginal."""
    weight = rng.choice((("prob", P, ((0, num(z)),), ()), ("prob", Q, ((1, num(z)),), ((0, num(k)),))))
    joint = {
        P: weight,
        Q: times(("prob", Q, ((0, num(k)), (1, num(z))), ()), power(("prob", Q, ((0, num(k)),), ()), -1)),
    }
    constant, body = times(num(r), ("exp", num(b))), times(at(x, z), num(p))
    left = ("E", plus(constant, body), weight, (z,))
    return left, plus(constant, times(num(p), ("sum", times(at(x, z), joint[weight[1]]), (z,))))


def fractions(rng: Random) -> tuple[Recipe, Recipe]:
    """Fractions with different denominators are brought over one."""
    one, two = rng.sample((num(p), num(b), plus(num(p), num(Integer(1))), plus(num(p), power(num(r), 2))), 2)
    above, over = atom(rng, i), atom(rng, i)
    left = plus(times(above, power(one, -1)), times(over, power(two, -1)))
    return left, times(plus(times(above, two), times(over, one)), power(times(one, two), -1))


def softmax(rng: Random) -> tuple[Recipe, Recipe]:
    """A softmax sums to one, whatever stands beside it."""
    beside = atom(rng, i)
    total = ("sum", ("exp", times(num(r), at(x, j))), (j,))
    share = times(("exp", times(num(r), at(x, k_of_n))), power(total, -1))
    return ("sum", times(beside, ("sum", share, (k_of_n,))), (i,)), ("sum", beside, (i,))


k_of_n = j.renamed("k_of_n")


def geometric(rng: Random) -> tuple[Recipe, Recipe]:
    """The mean of a geometric law, by its formula."""
    ratio = ("exp", times(num(-p), num(Integer(rng.randint(1, 3)))))
    left = ("sum", times(num(t), power(ratio, t), num(r)), (t,))
    return left, times(num(r), ratio, power(plus(num(Integer(1)), minus(ratio)), -2))


def roots(rng: Random) -> tuple[Recipe, Recipe]:
    """Positive content comes out of a root."""
    inside = plus(power(num(r), 2), num(Integer(1)))
    half = Rational(rng.choice((1, 3, -1, -3)), 2)
    left = power(times(num(Integer(4)), power(num(p), 2), inside), half)
    return left, times(power(num(Integer(4)), half), power(num(p), 2 * half), power(inside, half))


def counted(rng: Random) -> tuple[Recipe, Recipe]:
    """Sums of powers of an index by Faulhaber's formulas, and the number of terms."""
    forms = {
        0: num(n),
        1: times(num(n), plus(num(n), num(Integer(1))), num(Rational(1, 2))),
        2: times(
            num(n),
            plus(num(n), num(Integer(1))),
            plus(times(num(Integer(2)), num(n)), num(Integer(1))),
            num(Rational(1, 6)),
        ),
        3: power(times(num(n), plus(num(n), num(Integer(1))), num(Rational(1, 2))), 2),
    }
    degree = rng.choice(sorted(forms))
    return ("sum", times(num(r), power(num(i), degree), num(m)), (i, k)), times(num(r), forms[degree], power(num(m), 2))


CLAIMS: tuple[Callable[[Random], tuple[Recipe, Recipe]], ...] = (
    distributed, squared_sum, contracted, one_less, logarithm_of_product, independent, normalised, fractions, softmax,
    geometric, roots, counted,
)  # fmt: skip


def claim(rng: Random) -> tuple[str, Recipe, Recipe, Recipe]:
    """The name of a rewrite, its two sides, and a wrong right side."""
    make = rng.choice(CLAIMS)
    left, right = make(rng)
    wrong = rng.choice((
        times(num(Rational(rng.choice((2, 3, -1, Rational(1, 2))))), right),
        plus(right, num(rng.choice((p, Integer(1))))),
        plus(right, times(num(Rational(1, 3)), right)),
    ))  # fmt: skip
    return make.__name__, left, right, wrong
