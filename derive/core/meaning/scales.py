"""How functions behave at the end of a range: monomials of t, log(1/t) and exponentials, and which of them is larger.

Promise: what is said of the order of two scales, and of the supremum of one, is certain; else `NotEvaluable`.

Glossary
    scale   t**(power + I*spin) * l**logs * exp(sum of s * t**-k * l**b) * exp(pi*I*turn/t), with l = log(1/t), for
            0 < t <= reach; reach is so small that l >= 1, and k >= 0
    rate    one ((k, b), s) of that sum; s is a pair of a real and an imaginary part
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import arb, fmpq

from derive.core.errors import NotEvaluable
from derive.core.meaning.combinations import as_ball
from derive.core.meaning.jets import Number, is_nil
from derive.core.meaning.values import ZERO

__all__ = ["UNIT", "Scale", "compared", "over", "raised", "supremum", "tends_to"]

Rate = tuple[tuple[fmpq, fmpq], tuple[Number, Number]]


@dataclass(frozen=True, slots=True)
class Scale:
    """A monomial; rates from the largest on."""

    power: fmpq = ZERO
    logs: fmpq = ZERO
    rates: tuple[Rate, ...] = ()
    turn: fmpq = ZERO
    spin: Number = ZERO

    @property
    def positive(self) -> bool:
        """Whether it is real and positive."""
        return self.turn == 0 and is_nil(self.spin) and all(is_nil(s[1]) for _, s in self.rates)

    @property
    def oscillates(self) -> bool:
        """Whether it turns round and round."""
        spins = self.spin > 0 or self.spin < 0
        return bool(self.turn != 0 or spins or any(s[1] > 0 or s[1] < 0 for _, s in self.rates))

    @property
    def modulus(self) -> Scale:
        """Its absolute value."""
        kept = tuple((key, (s[0], ZERO)) for key, s in self.rates if not is_nil(s[0]))
        return Scale(self.power, self.logs, kept)


UNIT = Scale()


def over(left: Scale, right: Scale) -> Scale:
    """left / right."""
    return times(left, raised(right, fmpq(-1)))


def times(left: Scale, right: Scale) -> Scale:
    """The product."""
    rates = dict(left.rates)
    for key, (re, im) in right.rates:
        a, b = rates.get(key, (ZERO, ZERO))
        rates[key] = (a + re, b + im)
    turn = left.turn + right.turn
    turn -= 2 * fmpq((turn / 2).floor())
    return Scale(left.power + right.power, left.logs + right.logs, ordered(rates), turn, left.spin + right.spin)


def ordered(rates: dict[tuple[fmpq, fmpq], tuple[Number, Number]]) -> tuple[Rate, ...]:
    """Rates that are not exactly 0, from the largest on."""
    kept = [(key, s) for key, s in rates.items() if not (is_nil(s[0]) and is_nil(s[1]))]
    return tuple(sorted(kept, key=lambda rate: rate[0], reverse=True))


def raised(scale: Scale, e: fmpq) -> Scale:
    """A power; one that is not an integer needs a positive scale."""
    if e.q != 1 and not scale.positive:
        raise NotEvaluable("a root of what turns round and round")
    turn = scale.turn * e
    return Scale(
        scale.power * e, scale.logs * e, tuple((key, (s[0] * e, s[1] * e)) for key, s in scale.rates),
        turn - 2 * fmpq((turn / 2).floor()), scale.spin * e,
    )  # fmt: skip


def compared(scale: Scale) -> int:
    """Where its modulus tends to as t tends to 0: -1 to 0, 0 constant 1, 1 to oo; raises where that is not certain."""
    for _, (re, _) in scale.rates:
        if is_nil(re):
            continue
        if re > 0:
            return 1
        if re < 0:
            return -1
        raise NotEvaluable("a rate too near to 0")
    if scale.power != 0:
        return -1 if scale.power > 0 else 1
    return int(scale.logs > 0) - int(scale.logs < 0)


tends_to = compared


def supremum(scale: Scale, reach: fmpq) -> arb:
    """An upper bound of its modulus over 0 < t <= reach; raises unless it grows all the way to there.

    With u = 1/t, the logarithmic derivative in u, times u, is -power + logs/l + sum of s*u**k*l**b*(k + b/l).
    """
    u = 1 / arb(reach)
    log = u.log()
    if not log >= 1:
        raise NotEvaluable("a reach that is too large")
    rates = [(key, as_ball(s[0])) for key, s in scale.rates if not is_nil(s[0])]
    slope = -arb(scale.power) + (arb(scale.logs) / log if scale.logs > 0 else 0)
    if rates:
        (k, b), lead = rates[0]
        if not lead < 0 or b < 0 or k <= 0:
            raise NotEvaluable("a scale that is not known to fall")
        total = lead * arb(k)
        for (m, c), s in rates[1:]:
            if m < k and not arb(c - b) / log <= arb(k - m):
                raise NotEvaluable("a reach that is too large")
            total += abs(s) * (arb(m) + abs(arb(c)) / log) * u ** arb(m - k) * log ** arb(c - b)
        if not total < 0:
            raise NotEvaluable("a reach that is too large")
        slope += total * u ** arb(k) * log ** arb(b)
    flat = not rates and scale.power == 0 and scale.logs <= 0
    if not (flat or slope <= 0):
        raise NotEvaluable("a scale that is not known to fall")
    exponent = -arb(scale.power) * log + arb(scale.logs) * log.log()
    for (m, c), s in rates:
        exponent += s * u ** arb(m) * log ** arb(c)
    found: Any = exponent.exp().upper()
    if not found.is_finite():
        raise NotEvaluable("a scale that is too large")
    return found
