"""The classical orthogonal polynomials, and Legendre functions.

Promise: as for `heads`. The degree is an exact integer, at least 0 but for Chebyshev's and Legendre's polynomials,
which go on below it in one way only; the Legendre function of another degree has its cut along (-oo, -1].
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp
from flint import acb, fmpq, fmpq_poly, fmpz

from derive.core.errors import NotEvaluable
from derive.core.meaning.sequences import index_of
from derive.core.meaning.special import clear_of_cut, is_integer, real_where
from derive.core.meaning.values import (
    ONE,
    ZERO,
    Gaussian,
    Value,
    add,
    complex_ball,
    divide,
    is_zero,
    multiply,
    negative,
    power,
    subtract,
)

__all__ = ["ORTHOGONAL", "coefficients"]

HIGHEST = 1_000
EXACT = 64
"""Up to this degree a polynomial of an exact number is worked out exactly."""

Step = Callable[[int], tuple[Value, Value, Value]]
"""For each n the (a, b, c) with p(n + 1) = (a*x + b)*p(n) - c*p(n - 1)."""


def _is_exact(*values: Value) -> bool:
    return all(type(v) in (fmpq, Gaussian) for v in values)


def _recurred(n: int, x: Value, first: Value, second: Value, step: Step) -> Value:
    """The n-th of the polynomials with these first two."""
    before, found = first, second
    if n == 0:
        return first
    for k in range(1, n):
        a, b, c = step(k)
        before, found = found, subtract(multiply(add(multiply(a, x), b), found), multiply(c, before))
    return found


def _by_ball(method: str, n: int, x: Value, *others: Value) -> Value:
    found = getattr(complex_ball(x), method)(acb(n), *(complex_ball(v) for v in others))
    return real_where(found, x, *others)


def _degree(n: Value) -> int:
    return index_of(n, "the degree of a polynomial", -HIGHEST, HIGHEST)


def _natural(n: Value) -> int:
    return index_of(n, "the degree of a polynomial", 0, HIGHEST)


def _twice(_: int) -> tuple[Value, Value, Value]:
    return fmpq(2), ZERO, ONE


def _chebyshevt(n: Value, x: Value) -> Value:
    k = abs(_degree(n))
    if k <= EXACT and _is_exact(x):
        return _recurred(k, x, ONE, x, _twice)
    return _by_ball("chebyshev_t", k, x)


def _chebyshevu(n: Value, x: Value) -> Value:
    k = _degree(n)
    if k < 0:
        return ZERO if k == -1 else negative(_chebyshevu(fmpq(-k - 2), x))
    if k <= EXACT and _is_exact(x):
        return _recurred(k, x, ONE, multiply(fmpq(2), x), _twice)
    return _by_ball("chebyshev_u", k, x)


def _legendre(n: Value, x: Value) -> Value:
    if not is_integer(n):
        return _legendre_function(n, x)
    k = _degree(n)
    k = -k - 1 if k < 0 else k
    if k <= EXACT and _is_exact(x):
        return _recurred(k, x, ONE, x, lambda j: (fmpq(2 * j + 1, j + 1), ZERO, fmpq(j, j + 1)))
    return _by_ball("legendre_p", k, x)


def _legendre_function(nu: Value, x: Value) -> Value:
    """2F1(-nu, nu + 1; 1; (1 - x)/2)."""
    if not clear_of_cut(add(x, ONE)) or not abs(complex_ball(nu)) < HIGHEST:
        raise NotEvaluable("a Legendre function on or too near its branch cut, or of large degree")
    a, half = complex_ball(nu), complex_ball(divide(subtract(ONE, x), fmpq(2)))
    return real_where(half.hypgeom_2f1(-a, a + 1, acb(1)), nu, x)


def _hermite(n: Value, x: Value) -> Value:
    k = _natural(n)
    if k <= EXACT and _is_exact(x):
        return _recurred(k, x, ONE, multiply(fmpq(2), x), lambda j: (fmpq(2), ZERO, fmpq(2 * j)))
    return _by_ball("hermite_h", k, x)


def _laguerre(n: Value, x: Value) -> Value:
    return _assoc_laguerre(n, ZERO, x)


def _assoc_laguerre(n: Value, a: Value, x: Value) -> Value:
    def step(j: int) -> tuple[Value, Value, Value]:
        return fmpq(-1, j + 1), divide(add(a, fmpq(2 * j + 1)), fmpq(j + 1)), divide(add(a, fmpq(j)), fmpq(j + 1))

    return _recurred(_small(n), x, ONE, subtract(add(a, ONE), x), step)


def _small(n: Value) -> int:
    """A degree for which a recursion keeps its precision."""
    return index_of(n, "the degree of a polynomial", 0, EXACT)


def _gegenbauer(n: Value, a: Value, x: Value) -> Value:
    def step(j: int) -> tuple[Value, Value, Value]:
        by = fmpq(1, j + 1)
        twice = multiply(fmpq(2), a)
        return multiply(by, add(twice, fmpq(2 * j))), ZERO, multiply(by, add(twice, fmpq(j - 1)))

    if is_zero(a):
        raise NotEvaluable("a Gegenbauer polynomial of order 0")
    return _recurred(_small(n), x, ONE, multiply(multiply(fmpq(2), a), x), step)


def _jacobi(n: Value, a: Value, b: Value, x: Value) -> Value:
    """The sum of binomial(n + a, n - s)*binomial(n + b, s)*((x - 1)/2)**s*((x + 1)/2)**(n - s)."""
    k = _small(n)
    down, up = (divide(add(x, fmpq(e)), fmpq(2)) for e in (-1, 1))
    total: Value = ZERO
    for s in range(k + 1):
        weight = multiply(_choose(add(a, n), k - s), _choose(add(b, n), s))
        total = add(total, multiply(weight, multiply(power(down, fmpq(s)), power(up, fmpq(k - s)))))
    return total


def _choose(top: Value, k: int) -> Value:
    found: Value = ONE
    for j in range(k):
        found = divide(multiply(found, subtract(top, fmpq(j))), fmpq(j + 1))
    return found


def _assoc_legendre(n: Value, m: Value, x: Value) -> Value:
    """(-1)**m*(1 - x**2)**(m/2) times the m-th derivative of the n-th Legendre polynomial, for 0 <= m <= n."""
    k = _small(n)
    order = index_of(m, "the order of a Legendre function", 0, k)
    square = subtract(ONE, multiply(x, x))
    if order % 2 and not clear_of_cut(square) and not (is_zero(square)):
        raise NotEvaluable("a Legendre function on or too near its branch cut")
    slope = multiply(fmpq(fmpz.fac_ui(2 * order), 2**order * fmpz.fac_ui(order)), ONE)
    inner = _gegenbauer(fmpq(k - order), fmpq(2 * order + 1, 2), x)
    return multiply(fmpq((-1) ** order), multiply(power(square, fmpq(order, 2)), multiply(slope, inner)))


def coefficients(head: type, n: int) -> list[fmpq] | None:
    """The coefficients of the polynomial of degree n, the highest first; None for a head with further parameters."""
    x, one = fmpq_poly([0, 1]), fmpq_poly([1])
    found: fmpq_poly
    if not 0 <= n <= EXACT or head not in _PLAIN:
        return None
    second, step = _PLAIN[head]
    before, found = one, fmpq_poly([0, second])
    for k in range(1, n):
        a, c = step(k)
        before, found = found, a * x * found - c * before
    return list(reversed((found if n else one).coeffs()))


_PLAIN: dict[type, tuple[int, Callable[[int], tuple[fmpq, fmpq]]]] = {
    sp.chebyshevt: (1, lambda _: (fmpq(2), ONE)),
    sp.chebyshevu: (2, lambda _: (fmpq(2), ONE)),
    sp.legendre: (1, lambda k: (fmpq(2 * k + 1, k + 1), fmpq(k, k + 1))),
    sp.hermite: (2, lambda k: (fmpq(2), fmpq(2 * k))),
}
"""For p(0) = 1: p(1)/x, and (a, c) with p(k + 1) = a*x*p(k) - c*p(k - 1)."""


ORTHOGONAL: dict[type, Callable[..., Value]] = {
    sp.chebyshevt: _chebyshevt,
    sp.chebyshevu: _chebyshevu,
    sp.legendre: _legendre,
    sp.hermite: _hermite,
    sp.laguerre: _laguerre,
    sp.assoc_laguerre: _assoc_laguerre,
    sp.gegenbauer: _gegenbauer,
    sp.jacobi: _jacobi,
    sp.assoc_legendre: _assoc_legendre,
}
"""What each of these heads does to values."""
