"""Numbers and polynomials with an integer index: Fibonacci's, Bernoulli's, Bell's, and those of number theory.

Promise: as for `heads`. An index at which the books differ (the first Bernoulli number, Euler's totient of 0), one that
is no integer where only integers are usual, and one that is very large raise `NotEvaluable`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import sympy as sp
from flint import fmpq, fmpz
from sympy.functions.combinatorial import numbers

from derive.core.errors import NotEvaluable
from derive.core.meaning.values import (
    ONE,
    ZERO,
    Infinite,
    Pole,
    Value,
    add,
    integer_of,
    multiply,
    real_ball,
)

__all__ = ["SEQUENCES", "bernoulli_polynomial", "horner", "index_of"]

LONGEST_INDEX = 20_000
LARGEST_POLYNOMIAL = 200
LARGEST_BELL = 1_000
LARGEST_PARTITION = 1_000_000
FACTORABLE_BITS = 64
LARGEST_SIGMA = 200
SIEVED = 1_000_000


def index_of(value: Value, what: str, least: int, most: int) -> int:
    """The exact integer between these bounds; `what` names it."""
    found = integer_of(value, what)
    if not least <= found <= most:
        raise NotEvaluable(f"{what} is out of the range for which it has a value here")
    return found


def horner(coefs: list[fmpq], x: Value) -> Value:
    """A polynomial, its highest coefficient first; exact where x is."""
    if type(x) is Infinite:
        raise NotEvaluable("a polynomial at infinity")
    total: Value = ZERO
    for c in coefs:
        total = add(multiply(total, x), c)
    return total


def _fibonacci(n: Value, x: Value | None = None) -> Value:
    if x is not None:
        raise NotEvaluable("Fibonacci polynomials")
    k = index_of(n, "the index of a Fibonacci number", -LONGEST_INDEX, LONGEST_INDEX)
    sign = -1 if k < 0 and k % 2 == 0 else 1
    return fmpq(sign * fmpz.fib_ui(abs(k)))


def _lucas(n: Value) -> Value:
    k = index_of(n, "the index of a Lucas number", -LONGEST_INDEX, LONGEST_INDEX)
    return add(_fibonacci(fmpq(k - 1)), _fibonacci(fmpq(k + 1)))


def bernoulli_polynomial(n: int, x: Value) -> Value:
    """The n-th Bernoulli polynomial."""
    return horner([fmpq(fmpz.bin_uiui(n, k)) * fmpq.bernoulli(k) for k in range(n + 1)], x)


def _bernoulli(n: Value, x: Value | None = None) -> Value:
    count = index_of(n, "the index of a Bernoulli number", 0, LARGEST_POLYNOMIAL)
    if x is not None:
        return bernoulli_polynomial(count, x)
    if count == 1:
        raise NotEvaluable("the first Bernoulli number, whose sign is a convention")
    return fmpq.bernoulli(count)


def _euler(n: Value, x: Value | None = None) -> Value:
    count = index_of(n, "the index of an Euler number", 0, LARGEST_POLYNOMIAL)
    if x is None:
        return fmpq(fmpz.euler_number(count))
    coefs = [fmpq(fmpz.bin_uiui(count, k) * fmpz.euler_number(k), 2**k) for k in range(count + 1)]
    return horner(coefs, add(x, fmpq(-1, 2)))


def _genocchi(n: Value) -> Value:
    count = index_of(n, "the index of a Genocchi number", 2, LARGEST_POLYNOMIAL)
    return 2 * (1 - fmpq(2) ** count) * fmpq.bernoulli(count)


def _bell(n: Value, x: Value | None = None) -> Value:
    if x is None:
        return fmpq(fmpz.bell_number(index_of(n, "the index of a Bell number", 0, LARGEST_BELL)))
    count = index_of(n, "the index of a Bell polynomial", 0, LARGEST_POLYNOMIAL)
    return horner([fmpq(fmpz.stirling_s2(count, k)) for k in range(count, -1, -1)], x)


def _catalan(n: Value) -> Value:
    k = index_of(n, "the index of a Catalan number", 0, LONGEST_INDEX)
    return fmpq(fmpz.bin_uiui(2 * k, k), k + 1)


def _subfactorial(n: Value) -> Value:
    found = fmpz(1)
    for k in range(1, index_of(n, "the argument of a subfactorial", 0, 1_000) + 1):
        found = found * k + (-1) ** k
    return fmpq(found)


def _factorial2(n: Value) -> Value:
    """n*(n - 2)*..., and one over that for odd numbers below -1."""
    k = index_of(n, "the argument of a double factorial", -2_000, 2_000)
    if k < 0 and k % 2 == 0:
        raise Pole("the double factorial of a negative even integer")
    found = ONE
    for j in range(k, 0, -2):
        found = found * j
    for j in range(k + 2, 0, 2):
        found = found / j
    return found


# ---------------------------------------------------------------- number theory


def _partition(n: Value) -> Value:
    """The number of partitions; there are none of a negative integer."""
    k = index_of(n, "the argument of partition", -LARGEST_PARTITION, LARGEST_PARTITION)
    return ZERO if k < 0 else fmpq(fmpz(k).partitions_p())


def _factorable(value: Value) -> fmpz:
    return fmpz(index_of(value, "what is to be factored", 1, 2**FACTORABLE_BITS))


def _totient(n: Value) -> Value:
    return fmpq(_factorable(n).euler_phi())


def _divisor_sigma(n: Value, k: Value = ONE) -> Value:
    return fmpq(_factorable(n).divisor_sigma(index_of(k, "the power of divisors", 0, LARGEST_SIGMA)))


@lru_cache(maxsize=1)
def _primes() -> bytearray:
    """For each number up to the limit whether it is prime."""
    found = bytearray([1]) * (SIEVED + 1)
    found[:2] = b"\0\0"
    for k in range(2, int(fmpz(SIEVED).isqrt()) + 1):
        if found[k]:
            found[k * k :: k] = bytes(len(range(k * k, SIEVED + 1, k)))
    return found


def _primepi(x: Value) -> Value:
    """The number of primes up to a real number."""
    found = x.floor() if type(x) is fmpq else real_ball(x, "the number of primes").floor().unique_fmpz()
    if found is None:
        raise NotEvaluable("the primes up to a number that is not known well enough")
    if found > SIEVED:
        raise NotEvaluable("the primes up to a large number")
    return fmpq(sum(_primes()[: max(int(found), 0) + 1]))


SEQUENCES: dict[type, Callable[..., Value]] = {
    numbers.fibonacci: _fibonacci,
    numbers.lucas: _lucas,
    numbers.bernoulli: _bernoulli,
    numbers.euler: _euler,
    numbers.genocchi: _genocchi,
    numbers.bell: _bell,
    numbers.catalan: _catalan,
    numbers.partition: _partition,
    numbers.totient: _totient,
    numbers.divisor_sigma: _divisor_sigma,
    numbers.primepi: _primepi,
    sp.subfactorial: _subfactorial,
    sp.factorial2: _factorial2,
}
"""What each of these heads does to values."""
