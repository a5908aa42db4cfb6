"""Values: what a term can be worth, and the arithmetic on them.

Promise: a value is exact, or a ball that contains the true one; where neither
can be had, `NotEvaluable` is raised. Functions of complex values are principal.

Glossary
    value      an exact rational, an exact `Gaussian`, a real ball (arb), a
               complex ball (acb), or `Infinite`
    weak       said of an infinite value that comes from the logarithm of an
               exact zero: times an exact zero it is 0 (the law's 0 ln 0 = 0)
    undefined  what has no value, but may stand under an exact zero weight
    pole       an exact zero that is divided by
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import acb, arb, ctx, fmpq, fmpz

from derive.core.errors import NotEvaluable

__all__ = [
    "ONE", "ZERO", "Gaussian", "Imprecise", "Infinite", "Pole", "Undefined", "Value", "add", "ball", "compare",
    "complex_ball", "divide", "exponential", "factorial", "finite", "integer_of", "is_zero", "logarithm", "multiply",
    "negative", "power", "real_ball", "sign_of", "subtract",
]

ZERO = fmpq(0)
ONE = fmpq(1)

EXACT_BITS = 200_000
"""An exact power larger than this becomes a ball, unless another limit is given."""

FINEST = 10_000
"""A ball that is narrower is compared as if it had so many bits."""

GIANT_BITS = 50_000_000
"""A power larger than this is refused."""


@dataclass(frozen=True, slots=True)
class Gaussian:
    """An exact complex number with rational parts; the imaginary part is not 0."""

    re: fmpq
    im: fmpq


@dataclass(frozen=True, slots=True)
class Infinite:
    """oo or -oo; `weak` where it is the logarithm of an exact zero or pole.

    The sign 0 is no value at all: it marks a side that certainly has no finite
    value, where two sides are compared.
    """

    sign: int
    weak: bool = False


Value = Any
"""fmpq | Gaussian | arb | acb | Infinite. (python-flint's types are unknown to the type checker.)"""


class Undefined(NotEvaluable):
    """No value here; harmless under an exact zero weight."""


class Pole(NotEvaluable):
    """An exact zero is divided by."""


class Imprecise(NotEvaluable):
    """The ball is too wide at this precision; a higher one may do."""


# ---------------------------------------------------------------- conversions


def gaussian(re: fmpq, im: fmpq) -> Value:
    """The exact complex number; a rational where the imaginary part is 0."""
    return re if im == 0 else Gaussian(re, im)


def ball(value: Value) -> Any:
    """The same number as a ball, real where it is known to be real."""
    kind = type(value)
    if kind is arb or kind is acb:
        return value
    if kind is fmpq:
        return arb(value)
    if kind is Gaussian:
        return acb(arb(value.re), arb(value.im))
    raise NotEvaluable("an infinite value stands where a finite one is needed")


def complex_ball(value: Value) -> acb:
    """The same number as a complex ball."""
    return acb(ball(value))


def real_ball(value: Value, what: str) -> arb:
    """The same number as a real ball; `what` names who needs it."""
    found = ball(value)
    if type(found) is not arb:
        raise NotEvaluable(f"{what} of a value that is not known to be real")
    return found


def finite(found: Any) -> Value:
    """The ball as a value, real where its imaginary part is exactly 0; raises where it encloses nothing."""
    if not found.is_finite():
        raise Imprecise("no finite enclosure at this precision")
    if type(found) is acb and found.imag.is_zero():
        return found.real
    return found


def is_zero(value: Value) -> bool:
    """Whether it is the exact zero."""
    return type(value) is fmpq and value == 0


def integer_of(value: Value, what: str) -> int:
    """The exact integer; `what` names who needs it."""
    if type(value) is not fmpq or value.q != 1:
        raise NotEvaluable(f"{what} is not an exact integer")
    return int(value.p)


def sign_of(value: Value, what: str) -> int:
    """-1, 0 or 1 for a real value; raises where it is not certain."""
    if type(value) is Infinite:
        return int(value.sign)
    if type(value) is fmpq:
        return (value > 0) - (value < 0)
    found = real_ball(value, what)
    if found > 0:
        return 1
    if found < 0:
        return -1
    raise Imprecise(f"the sign of {what} is not certain")


# ---------------------------------------------------------------- ring


def add(left: Value, right: Value) -> Value:
    """The sum; oo - oo is undefined."""
    if type(left) is fmpq and type(right) is fmpq:
        return left + right
    if type(left) is arb and type(right) is arb:
        return finite(left + right)
    if type(left) is Infinite or type(right) is Infinite:
        return _add_infinite(left, right)
    if type(left) is fmpq and left == 0:
        return right
    if type(right) is fmpq and right == 0:
        return left
    a, b = _parts(left), _parts(right)
    if a is not None and b is not None:
        return gaussian(a[0] + b[0], a[1] + b[1])
    return finite(ball(left) + ball(right))


def _add_infinite(left: Value, right: Value) -> Value:
    if type(left) is not Infinite:
        left, right = right, left
    if type(right) is Infinite:
        if left.sign != right.sign:
            raise Undefined("oo - oo has no value")
        return Infinite(left.sign, left.weak and right.weak)
    if type(right) in (fmpq, arb):
        return left
    raise Undefined("an infinite value plus a complex one has no value")


def _parts(value: Value) -> tuple[fmpq, fmpq] | None:
    if type(value) is fmpq:
        return value, ZERO
    if type(value) is Gaussian:
        return value.re, value.im
    return None


def negative(value: Value) -> Value:
    """Minus the value."""
    kind = type(value)
    if kind is Infinite:
        return Infinite(-value.sign, value.weak)
    if kind is Gaussian:
        return Gaussian(-value.re, -value.im)
    return -value


def subtract(left: Value, right: Value) -> Value:
    """The difference."""
    return add(left, negative(right))


def multiply(left: Value, right: Value) -> Value:
    """The product; an exact zero times a weak infinite value is 0, 0 times oo has no value."""
    if type(left) is fmpq and type(right) is fmpq:
        return left * right
    if type(left) is arb and type(right) is arb:
        return finite(left * right)
    if type(left) is Infinite or type(right) is Infinite:
        return _multiply_infinite(left, right)
    if is_zero(left) or is_zero(right):
        return ZERO
    if type(left) is fmpq and left == 1:
        return right
    if type(right) is fmpq and right == 1:
        return left
    a, b = _parts(left), _parts(right)
    if a is not None and b is not None:
        return gaussian(a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0])
    return finite(ball(left) * ball(right))


def _multiply_infinite(left: Value, right: Value) -> Value:
    if type(left) is not Infinite:
        left, right = right, left
    if type(right) is Infinite:
        return Infinite(left.sign * right.sign, left.weak and right.weak)
    if is_zero(right):
        if left.weak:
            return ZERO
        raise NotEvaluable("0 times oo has no value")
    if type(right) not in (fmpq, arb) or not (right > 0 or right < 0):
        raise Undefined("an infinite value times one of unknown sign has no value")
    return Infinite(left.sign if right > 0 else -left.sign, left.weak)


def divide(left: Value, right: Value) -> Value:
    """The quotient; raises `Pole` where the divisor is exactly 0."""
    return multiply(left, power(right, fmpq(-1)))


# ---------------------------------------------------------------- powers


def power(base: Value, exponent: Value, *, exact_bits: int = EXACT_BITS) -> Value:
    """The principal power exp(exponent * log base); 0**0 = 1."""
    if type(exponent) is fmpq:
        if exponent.q == 1:
            return _integer_power(base, int(exponent.p), exact_bits)
        return _fractional_power(base, exponent)
    if type(exponent) is Infinite or type(base) is Infinite:
        raise NotEvaluable("a power with an infinite base or exponent")
    if is_zero(base):
        real = ball(exponent).real
        if real > 0:
            return ZERO
        raise Pole("a power of 0") if real < 0 else Imprecise("0 to a power of unknown sign")
    if type(base) is fmpq and base == 1:
        return ONE
    return exponential(multiply(exponent, logarithm(base)))


def _around_zero(base: arb, n: int) -> arb:
    """A whole positive power of a ball whose middle is 0: Arb's own encloses nothing."""
    most = arb(base.rad().upper()) ** n
    return arb(0, most.upper())


def _integer_power(base: Value, n: int, exact_bits: int = EXACT_BITS) -> Value:
    kind = type(base)
    if n == 1:
        return base
    if kind is Infinite:
        if n <= 0:
            raise NotEvaluable("an infinite value to a power that is not positive")
        return Infinite(base.sign**n, base.weak)
    if n == 0:
        return ONE
    if is_zero(base):
        if n < 0:
            raise Pole("1/0 has no value")
        return ZERO
    parts = _parts(base)
    if parts is None:
        return finite(_around_zero(base, n) if kind is arb and n > 0 and base.mid().is_zero() else base**n)
    if kind is fmpq and base in (1, -1):
        return ONE if n % 2 == 0 else base
    bits = max(p.height_bits() for p in parts) * abs(n)
    if bits > GIANT_BITS:
        raise NotEvaluable(f"a power with about {bits} bits is too large")
    if bits > exact_bits:
        return finite(ball(base) ** n)
    if kind is fmpq:
        return base**n
    if n < 0:
        norm = base.re**2 + base.im**2
        base, n = gaussian(base.re / norm, -base.im / norm), -n
    found = ONE
    while n:
        found = multiply(found, base) if n & 1 else found
        base, n = multiply(base, base), n >> 1
    return found


def _fractional_power(base: Value, exponent: fmpq) -> Value:
    kind = type(base)
    if kind is Infinite:
        raise NotEvaluable("a fractional power of an infinite value")
    if is_zero(base):
        if exponent < 0:
            raise Pole("a negative power of 0")
        return ZERO
    if kind is fmpq and base > 0:
        root = _exact_root(base, int(exponent.q)) if base.height_bits() < EXACT_BITS else None
        if root is not None:
            return _integer_power(root, int(exponent.p))
        return finite(arb(base) ** arb(exponent))
    if kind is arb and base > 0:
        return finite(base.sqrt() if exponent == fmpq(1, 2) else base ** arb(exponent))
    if kind in (fmpq, arb) and base < 0:
        modulus = _fractional_power(-base, exponent)
        if exponent.q == 2:
            turn = gaussian(ZERO, ONE) if exponent.p % 4 == 1 else gaussian(ZERO, fmpq(-1))
        else:
            turn = acb(arb(exponent)).exp_pi_i()
        return multiply(modulus, turn)
    return exponential(multiply(exponent, logarithm(base)))


def _exact_root(base: fmpq, n: int) -> fmpq | None:
    """The exact n-th root of a positive rational, if it has one."""
    if base == 1:
        return base
    if n > base.height_bits():
        return None
    p, q = base.p.root(n), base.q.root(n)
    return fmpq(p, q) if p**n == base.p and q**n == base.q else None


# ---------------------------------------------------------------- log, exp


def logarithm(value: Value) -> Value:
    """The principal logarithm; weakly -oo at the exact 0."""
    kind = type(value)
    if kind is fmpq:
        if value == 0:
            return Infinite(-1, weak=True)
        if value == 1:
            return ZERO
        return arb(value).log() if value > 0 else acb(arb(-value).log(), arb.pi())
    if kind is arb:
        if value > 0:
            return finite(value.log())
        if value < 0:
            return finite(acb((-value).log(), arb.pi()))
        raise Imprecise("the logarithm of a ball that contains 0")
    found = ball(value)
    off_cut(found)
    return finite(found.log())


def off_cut(value: acb) -> None:
    """Raise unless the ball is clear of the negative real axis and of 0."""
    if value.imag.contains(0) and not value.real > 0:
        raise Imprecise("a ball straddles the branch cut of the logarithm")


def exponential(value: Value) -> Value:
    """e to the value."""
    if type(value) is Infinite:
        raise NotEvaluable("exp of an infinite value")
    if is_zero(value):
        return ONE
    return finite(ball(value).exp())


def factorial(n: int) -> Value:
    """n! for n >= 0, exact while it is of moderate size."""
    if n < 0:
        raise Pole("the factorial of a negative integer")
    if n <= 20_000:
        return fmpq(fmpz.fac_ui(n))
    if n.bit_length() > 40:
        raise NotEvaluable("the factorial of a giant integer")
    return finite(arb(n + 1).gamma())


# ---------------------------------------------------------------- comparison


def compare(left: Value, right: Value) -> str | None:
    """How two values relate, as far as it is certain.

    "equal"      exactly the same
    "less", "greater"   both real, in that order
    "different"  not equal, and at least one is certainly not real
    "unequal"    not equal; whether both are real is not known
    None         the balls overlap

    >>> compare(fmpq(1, 2), arb(2).sqrt())
    'less'
    >>> compare(Infinite(1), fmpq(3))
    'greater'
    """
    if type(left) is fmpq and type(right) is fmpq:
        return "equal" if left == right else "less" if left < right else "greater"
    if type(left) is Infinite or type(right) is Infinite:
        return _compare_infinite(left, right)
    if type(left) is Gaussian and type(right) is Gaussian:
        return "equal" if left == right else "different"
    bits = [int(v.rel_accuracy_bits()) + 64 for v in (left, right) if type(v) in (arb, acb)]
    with ctx.workprec(max(ctx.prec, 512, *(b for b in bits if b < FINEST))):  # an exact side must not be blurred
        a, b = ball(left), ball(right)
    if type(a) is arb and type(b) is arb:
        return "less" if a < b else "greater" if a > b else None
    a, b = acb(a), acb(b)
    if a.overlaps(b):
        return None
    return "unequal" if a.imag.contains(0) and b.imag.contains(0) else "different"


def _compare_infinite(left: Value, right: Value) -> str | None:
    a = left.sign if type(left) is Infinite else 0
    b = right.sign if type(right) is Infinite else 0
    if any(type(v) is Infinite and v.sign == 0 for v in (left, right)):
        return None if type(left) is type(right) else "unequal"
    for value in (left, right):
        if type(value) is Gaussian or (type(value) is acb and not value.imag.contains(0)):
            return "different"
        if type(value) is acb:
            return "unequal"
    return "equal" if a == b else "less" if a < b else "greater"
