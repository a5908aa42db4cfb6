"""What an integral over the end of a range is worth, from the germs of its integrand there.

Promise: `end_value` encloses the integral over 0 < t <= reach, or says that it is infinite or diverges; what is not
certain raises `NotEvaluable`.
"""

from __future__ import annotations

from flint import acb, arb, fmpq

from derive.core.errors import Divergent, NotEvaluable
from derive.core.meaning import germs, scales
from derive.core.meaning.combinations import as_ball
from derive.core.meaning.germs import Germ, Germs
from derive.core.meaning.jets import Jet, Number, as_real, enclosure, is_nil, value_of
from derive.core.meaning.scales import Scale
from derive.core.meaning.values import ZERO, Infinite, Value

__all__ = ["end_value", "limit_value", "primitive"]

TINY = fmpq(1, 2**60)


def end_value(parts: Germs, reach: fmpq) -> Value:
    """The integral of the sum of germs from 0 to reach."""
    return germs.worth(parts, lambda germ: _one(germ, reach), _diverging)


def _diverging(wild: list[Germ]) -> Value:
    """What diverges by itself: the largest term decides, if it is certain and does not turn."""
    lead = germs.total(tuple(wild))
    if lead is None or lead.jet.lead is None:
        raise NotEvaluable("an integral that is not understood")
    size = lead.jet.lead
    if not lead.scale.positive or not abs(as_ball(size)) > 0 or _one(lead, lead.jet.reach) is not None:
        raise NotEvaluable("an integral that is not understood")
    real = as_real(size)
    if real is None or as_real(enclosure(lead.jet)) is None:
        raise Divergent("an integral that diverges")
    return Infinite(1 if real > 0 else -1)


def _one(germ: Germ, reach: fmpq) -> Number | None:
    """The integral of one germ; None where it does not converge."""
    scale = germ.scale
    if scale.rates or scale.turn != 0:
        return _exponential(germ, reach)
    found: Number = ZERO
    for j, c in enumerate(germ.jet.coefs):
        if is_nil(c):
            continue
        share = _power_integral(scale.power + j, scale.logs, reach)
        if share is None:
            return None
        if not is_nil(scale.spin):
            share = _disc(share) if j == germ.jet.order else _spun(scale, j, reach)
        found = found + c * share
    return found


def _disc(bound: arb) -> acb:
    """What is no larger in modulus."""
    return acb(arb(0, bound.upper()), arb(0, bound.upper()))


def _spun(scale: Scale, j: int, reach: fmpq) -> acb:
    """The integral of t**(power + j + I*spin)."""
    if scale.logs != 0:
        raise NotEvaluable("an integral of a complex power times a logarithm")
    beta = acb(arb(scale.power + j + 1), as_ball(scale.spin))
    return (beta * arb(reach).log()).exp() / beta


def _power_integral(power: fmpq, logs: fmpq, reach: fmpq) -> arb | None:
    """The integral of t**power * log(1/t)**logs, by the incomplete gamma function."""
    beta, end = power + 1, arb(reach)
    log = -end.log()
    if beta < 0 or (beta == 0 and logs >= -1):
        return None
    if beta == 0:
        return log ** arb(logs + 1) / arb(-logs - 1)
    if logs == 0:
        return end ** arb(beta) / arb(beta)
    found = (arb(beta) * log).gamma_upper(arb(logs + 1)) / arb(beta) ** arb(logs + 1)
    if not found.is_finite():
        raise NotEvaluable("no finite enclosure of an incomplete gamma function")
    return found


def _exponential(germ: Germ, reach: fmpq) -> Number | None:
    """The integral of what falls exponentially is bounded; of what turns, it is an incomplete gamma function."""
    scale = germ.scale
    kind = _growth(scale)
    if kind > 0:
        return None
    if kind == 0:
        return _turning(germ, reach)
    bound = scales.supremum(scale.modulus, reach) * arb(reach)
    disc = arb(bound / 2, bound / 2) if scale.positive else acb(arb(0, bound), arb(0, bound))
    return enclosure(germ.jet) * disc


def primitive(parts: Germs) -> Germs:
    """The integral from 0 to t of the sum of germs, as germs."""
    found: list[Germ] = []
    for germ in germs.merged(parts):
        scale, reach = germ.scale, germ.jet.reach
        if scale.rates or scale.turn != 0:
            scales.supremum(scale.modulus, reach)  # it falls towards 0, so that it is largest at t
            rest = enclosure(germ.jet) * (arb(fmpq(1, 2), fmpq(1, 2)) if scale.positive else acb(arb(0, 1), arb(0, 1)))
            found.append(Germ(Scale(scale.power + 1, scale.logs, scale.modulus.rates), Jet((rest,), reach)))
            continue
        if scale.logs != 0 or scale.power <= -1 or not is_nil(scale.spin):
            raise NotEvaluable("an integral near the end of a range")
        coefs = [ZERO if is_nil(c) else c / (scale.power + j + 1) for j, c in enumerate(germ.jet.coefs[:-1])]
        last = scale.power + germ.jet.order + 1
        found += germs.normal(Germ(Scale(scale.power + 1), Jet((*coefs, germ.jet.coefs[-1] / last), reach)))
    return germs.merged(found)


def _growth(scale: Scale) -> int:
    for _, (re, _) in scale.rates:
        if is_nil(re):
            continue
        if re > 0 or re < 0:
            return 1 if re > 0 else -1
        raise NotEvaluable("a rate too near to 0")
    return 0


def _turning(germ: Germ, reach: fmpq) -> Number:
    """For one rate s = i*w: the integral of t**a * exp(s*t**-k) is (-s)**-c * gamma(c, -s*u**k)/k, c = (-a - 1)/k."""
    scale = germ.scale
    plain = scale.turn == 0 and scale.logs == 0 and is_nil(scale.spin)
    if not plain or len(scale.rates) != 1 or scale.rates[0][0][1] != 0:
        raise NotEvaluable("an oscillation that is not understood")
    (k, _), (_, w) = scale.rates[0]
    if not (w > 0 or w < 0):
        raise NotEvaluable("an oscillation of unknown rate")
    minus_s = acb(0, -as_ball(w))
    u = 1 / arb(reach)
    found: Number = ZERO
    for j, c in enumerate(germ.jet.coefs):
        if is_nil(c):
            continue
        power = scale.power + j
        if j == germ.jet.order:
            bound = _power_integral(power, ZERO, reach)
            if bound is None:
                raise NotEvaluable("an oscillation of which too little is known")
            found = found + c * _disc(bound)
            continue
        order = (-power - 1) / k
        if order >= 1:
            raise NotEvaluable("an oscillation that does not die out")
        far = (minus_s * u ** arb(k)).gamma_upper(acb(arb(order)))
        found = found + c * minus_s ** acb(arb(-order)) * far / arb(k)
    return found


# ---------------------------------------------------------------- limits


def limit_value(parts: Germs) -> Value:
    """The limit of the sum of germs as t tends to 0; `Divergent` where there certainly is none."""
    still: Number = ZERO
    growing = turning = False
    for germ in germs.merged(parts):
        size = scales.compared(germ.scale)
        if size < 0:
            continue
        lead = germ.jet.lead
        if size == 0 and not germ.scale.oscillates:
            if lead is None or not germ.scale.positive:
                raise NotEvaluable("a limit that is not known")
            still = still + lead
        elif size == 0:
            turning = turning or _turns(germ, parts)
        else:
            growing = True
    if growing:
        return _growing(parts)
    if turning:
        raise Divergent("a limit that does not exist")
    return value_of(still)


def _turns(germ: Germ, parts: Germs) -> bool:
    """Whether a term goes round for ever, and no other one with the same rate may cancel it."""
    lead = germ.jet.lead
    alone = all(other is germ or not _near(other.scale, germ.scale) for other in parts)
    if lead is None or not abs(as_ball(lead)) > 0 or not alone or germ.scale.logs != 0 or germ.scale.power != 0:
        raise NotEvaluable("an oscillation that is not understood")
    return True


def _near(left: Scale, right: Scale) -> bool:
    """Whether two scales of the same modulus may be the same one."""
    if left.turn != right.turn and not left.rates and not right.rates:
        return False
    if left.spin > right.spin or left.spin < right.spin:
        return False
    keys = {key for key, _ in (*left.rates, *right.rates)}
    a, b = dict(left.rates), dict(right.rates)
    for key in keys:
        x, y = a.get(key, (ZERO, ZERO))[1], b.get(key, (ZERO, ZERO))[1]
        if x > y or x < y:
            return False
    return True


def _growing(parts: Germs) -> Value:
    lead = germs.total(parts)
    if lead is None or lead.jet.lead is None:
        raise NotEvaluable("a limit that is not known")
    size = lead.jet.lead
    if not lead.scale.positive or not abs(as_ball(size)) > 0:
        raise NotEvaluable("a limit that is not known")
    real = as_real(size)
    if real is None:
        raise Divergent("a limit that is infinite and complex")
    if as_real(enclosure(lead.jet)) is None:
        raise NotEvaluable("a limit that is not known")
    return Infinite(1 if real > 0 else -1)
