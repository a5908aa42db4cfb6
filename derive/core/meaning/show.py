"""Values as text: exact where they are exact, and decimals that are all correct.

Promise: every digit shown is a digit of the true value, cut off and not
rounded; `...` says that more follow.
"""

from __future__ import annotations

from typing import Any

from flint import arb, ctx, fmpq, fmpz

from derive.core.meaning.models import number_text
from derive.core.meaning.values import Gaussian, Infinite, Value, ball

__all__ = ["render"]

DIGITS = 18
FEWEST = 4
"""Fewer digits than this say less than the width of the ball does."""

LONGEST = 120
"""An exact number with more characters is shown by its decimals only."""


def render(value: Value) -> tuple[str | None, str]:
    """The exact text (None where there is none, or it is too long) and the decimals.

    >>> render(fmpq(1, 3))
    ('1/3', '0.333333333333333333...')
    >>> render(fmpq(-5, 2))
    ('-5/2', '-2.5')
    >>> render(Infinite(-1))
    ('-oo', '-oo')
    """
    if isinstance(value, Infinite):
        text = {1: "oo", -1: "-oo"}.get(value.sign, "diverges")
        return text, text
    if isinstance(value, (fmpq, Gaussian)):
        text = number_text(value) if _moderate(value) else ""
        return (text if text and len(text) <= LONGEST else None), _decimals(value)
    return None, _decimals(value)


def _moderate(value: Any) -> bool:
    parts = (value,) if isinstance(value, fmpq) else (value.re, value.im)
    return all(p.height_bits() < 4 * LONGEST for p in parts)


def _decimals(value: Value) -> str:
    if isinstance(value, fmpq):
        return _real_text(value, value)
    if isinstance(value, Gaussian):
        return _complex_text(_real_text(value.re, value.re), _real_text(value.im, value.im))
    found = ball(value)
    if type(found) is arb:
        return _ball_text(found)
    return _complex_text(_ball_text(found.real), _ball_text(found.imag))


def _complex_text(re: str, im: str) -> str:
    imaginary = "I" if im in ("1", "-1") else f"{im.removeprefix('-')}*I"
    if re == "0":
        return ("-" if im.startswith("-") else "") + imaginary
    return f"{re} {'-' if im.startswith('-') else '+'} {imaginary}"


def _ball_text(value: arb) -> str:
    with ctx.workprec(2 * ctx.prec + 1024):
        lower, upper = value.lower(), value.upper()
    exponents = [int(x.man_exp()[1]) for x in (lower, upper)]
    if any(abs(e) > 100_000 for e in exponents):
        return value.str(DIGITS)
    return _real_text(_exact(lower), _exact(upper))


def _exact(value: arb) -> fmpq:
    man, exponent = value.man_exp()
    return fmpq(man) * fmpq(2) ** int(exponent)


def _real_text(lower: fmpq, upper: fmpq) -> str:
    """The decimals on which both ends agree."""
    if lower == 0 and upper == 0:
        return "0"
    if lower < 0 < upper or lower == 0 or upper == 0:
        return f"within 1e{_exponent(max(-lower, upper)) + 1:+d} of 0"
    if upper < 0:
        text = _real_text(-upper, -lower)
        return f"minus {text}" if text.startswith("between") else f"-{text}"
    exponent = _exponent(upper)
    for digits in range(DIGITS, FEWEST - 1, -1):
        places = digits - 1 - exponent
        shift = fmpq(10) ** places
        low, high = (lower * shift).floor(), (upper * shift).floor()
        if low == high:
            exact = lower == upper and lower * shift == low
            return _placed(low, places, exponent, exact=exact)
    return _around(lower, upper)


def _around(lower: fmpq, upper: fmpq) -> str:
    """A rounded number and how far off it may be, or the ends where that is far."""
    width = _exponent(upper - lower)
    shift = fmpq(10) ** -max(width, _exponent(upper) - DIGITS)
    rounded = fmpq(((lower + upper) / 2 * shift + fmpq(1, 2)).floor()) / shift
    distance = max(upper - rounded, rounded - lower)
    if distance * 1000 < rounded:
        return f"{_real_text(rounded, rounded)} within 1e{_exponent(distance) + 1:+d}"
    return f"between {_outward(lower, up=False)} and {_outward(upper, up=True)}"


def _outward(value: fmpq, *, up: bool) -> str:
    """Three digits of a positive rational, rounded away from the ball."""
    shift = fmpq(10) ** (2 - _exponent(value))
    digits = (value * shift).ceil() if up else (value * shift).floor()
    rounded = fmpq(digits) / shift
    return _real_text(rounded, rounded)


def _exponent(value: fmpq) -> int:
    """The decimal exponent of a positive rational."""
    guess = (int(value.p.height_bits()) - int(value.q.height_bits())) * 30103 // 100000
    while fmpq(10) ** guess > value:
        guess -= 1
    while fmpq(10) ** (guess + 1) <= value:
        guess += 1
    return guess


def _placed(number: fmpz, places: int, exponent: int, *, exact: bool) -> str:
    digits = str(int(number))
    if places <= 0 and exact:
        return digits + "0" * -places
    if places >= 0 and exponent >= -7:
        if places == 0:
            return f"{digits}..."
        digits = digits.rjust(places + 1, "0")
        whole, part = digits[:-places], digits[-places:]
        part = part.rstrip("0") if exact else part
        return whole + ("." + part if part else "") + ("" if exact else "...")
    part = digits[1:].rstrip("0") if exact else digits[1:]
    return f"{digits[0]}{'.' + part if part else ''}{'' if exact else '...'}e{exponent:+d}"
