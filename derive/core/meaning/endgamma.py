"""The gamma function and its kin near the end of a range.

Promise: as for `expand`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp
from flint import arb, fmpq
from sympy import Basic

from derive.core.errors import NotEvaluable
from derive.core.meaning import germs
from derive.core.meaning.expand import Run
from derive.core.meaning.germs import Germ, Germs, Unbounded, multiplied, scale_all
from derive.core.meaning.inert import call, sum_, times
from derive.core.meaning.jets import Jet
from derive.core.meaning.scales import UNIT
from derive.core.meaning.taylor import TAYLOR
from derive.core.meaning.values import ONE
from derive.core.terms import free_names

__all__ = ["FACTORIALS"]

STIRLING = 7
"""So many terms of Stirling's series."""


def _gamma(run: Run, term: Basic) -> Germs:
    """By Taylor's theorem; by its recurrence at a pole, by Stirling's series far out."""
    inner, p = run.of(term.args[0]), run.place
    if isinstance(term, sp.factorial):
        inner = germs.merged((*inner, *run.plain(ONE)))
    try:
        main, _ = germs.bounded(inner, p.order, p.reach)
    except Unbounded:
        return run.exp(_stirling(run, inner))
    at = _pole(main)
    if at is None:
        return germs.applied(TAYLOR[sp.gamma], inner, p.order, p.reach)
    found = germs.applied(TAYLOR[sp.gamma], _up(run, inner, at + 1), p.order, p.reach)
    for j in range(at + 1):
        found = multiplied(found, germs.power_of(_up(run, inner, j), fmpq(-1)))
    return found


def _pole(main: Jet) -> int | None:
    """How far below 0 the integer lies that the argument tends to, at a pole."""
    at = main.lead
    if type(at) is fmpq and at.q == 1 and -20 <= at <= 0:
        return int(-at.p)
    return None


def _up(run: Run, inner: Germs, by: int) -> Germs:
    return germs.merged((*inner, *run.plain(fmpq(by))))


def _stirling(run: Run, inner: Germs) -> Germs:
    """log gamma(u) for u >= 1: (u - 1/2)*log u - u + log(2*pi)/2, and Stirling's series, which envelops it."""
    if run.sign(_up(run, inner, -1)) != 1:
        raise NotEvaluable("gamma far out")
    log, under = run.log(inner), germs.power_of(inner, fmpq(-1))
    found = [
        *multiplied(germs.merged((*inner, *run.plain(fmpq(-1, 2)))), log), *scale_all(inner, fmpq(-1)),
        *run.plain((2 * arb.pi()).log() / 2), *_enveloped(run, under, lambda k: fmpq(1, 2 * k * (2 * k - 1)), 1),
    ]  # fmt: skip
    return germs.merged(found)


def _enveloped(run: Run, under: Germs, weight: Callable[[int], fmpq], first: int) -> Germs:
    """Sum of bernoulli(2k)*weight(k)/u**(2k - 2 + first), with a rest between 0 and its last term."""
    power, square = under if first == 1 else multiplied(under, under), multiplied(under, under)
    found: list[Germ] = []
    for k in range(1, STIRLING + 1):
        c = fmpq.bernoulli(2 * k) * weight(k)
        if k == STIRLING:
            share = arb(fmpq(1, 2), fmpq(1, 2)) * c
            found += multiplied(power, (Germ(UNIT, Jet((share,), run.place.reach)),))
        else:
            found += scale_all(power, c)
        power = multiplied(power, square)
    return germs.merged(found)


def _loggamma(run: Run, term: Basic) -> Germs:
    inner, p = run.of(term.args[0]), run.place
    try:
        return germs.applied(TAYLOR[sp.loggamma], inner, p.order, p.reach)
    except Unbounded:
        return _stirling(run, inner)


def _digamma(run: Run, term: Basic) -> Germs:
    """log u - 1/(2u) - 1/(12 u**2) + ... far out; by its recurrence at a pole."""
    inner, p = run.of(term.args[0]), run.place
    harmonic = isinstance(term, sp.harmonic)
    if harmonic:
        inner = _up(run, inner, 1)
    euler = run.plain(arb.const_euler()) if harmonic else ()
    try:
        main, _ = germs.bounded(inner, p.order, p.reach)
    except Unbounded:
        if run.sign(_up(run, inner, -1)) != 1:
            raise
        under = germs.power_of(inner, fmpq(-1))
        tail = _enveloped(run, under, lambda k: fmpq(-1, 2 * k), 2)
        return germs.merged((*run.log(inner), *scale_all(under, fmpq(-1, 2)), *tail, *euler))
    at = _pole(main)
    above = inner if at is None else _up(run, inner, at + 1)
    found = list(germs.applied(TAYLOR[sp.digamma], above, p.order, p.reach))
    for j in range(0 if at is None else at + 1):
        found += scale_all(germs.power_of(_up(run, inner, j), fmpq(-1)), fmpq(-1))
    return germs.merged((*found, *euler))


def _binomial(run: Run, term: Basic) -> Germs:
    """By factorials."""
    n, k = term.args
    rest = run.of(call(sp.factorial, sum_(n, times(-1, k))))
    below = multiplied(run.of(call(sp.factorial, k)), rest)
    return multiplied(run.of(call(sp.factorial, n)), germs.power_of(below, fmpq(-1)))


def _beta(run: Run, term: Basic) -> Germs:
    a, b = term.args
    above = multiplied(run.of(call(sp.gamma, a)), run.of(call(sp.gamma, b)))
    return multiplied(above, germs.power_of(run.of(call(sp.gamma, sum_(a, b))), fmpq(-1)))


def _rising(run: Run, term: Basic) -> Germs:
    """A quotient of gammas; of a fixed number of factors it is their product."""
    base, count = term.args
    if run.above.x in free_names(count):
        above, below = (run.of(call(sp.gamma, u)) for u in (sum_(base, count), base))
        return multiplied(above, germs.power_of(below, fmpq(-1)))
    k = run.value(count)
    if type(k) is not fmpq or k.q != 1 or not 0 <= k <= 12:
        raise NotEvaluable("a factorial near the end of a range")
    found = run.plain(ONE)
    for j in range(int(k.p)):
        found = multiplied(found, _up(run, run.of(base), j))
    return found


def _sinc(run: Run, term: Basic) -> Germs:
    inner, p = run.of(term.args[0]), run.place
    try:
        return germs.applied(TAYLOR[sp.sinc], inner, p.order, p.reach)
    except Unbounded:
        return multiplied(run.of(call(sp.sin, term.args[0])), germs.power_of(inner, fmpq(-1)))


FACTORIALS: dict[type, Callable[[Run, Any], Germs]] = {
    sp.gamma: _gamma,
    sp.factorial: _gamma,
    sp.loggamma: _loggamma,
    sp.digamma: _digamma,
    sp.harmonic: _digamma,
    sp.binomial: _binomial,
    sp.beta: _beta,
    sp.RisingFactorial: _rising,
    sp.sinc: _sinc,
}
"""Heads that need more than Taylor's theorem."""
