"""Functions near the end of a range that need more than Taylor's theorem: singular, unbounded or broken ones.

Promise: as for `expand`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp
from flint import acb, arb, fmpq
from sympy import Basic, Piecewise, S

from derive.core.errors import NotEvaluable
from derive.core.meaning import germs, jets
from derive.core.meaning.combinations import PI, as_ball, combination, log_of, turn_of
from derive.core.meaning.endgamma import FACTORIALS
from derive.core.meaning.expand import Expander, Run
from derive.core.meaning.germs import Germ, Germs, Unbounded, multiplied, scale_all
from derive.core.meaning.improper import primitive
from derive.core.meaning.inert import call, ln, pow_, sum_, times
from derive.core.meaning.jets import Jet, Number, as_real, enclosure
from derive.core.meaning.orthogonal import coefficients
from derive.core.meaning.scales import UNIT, Scale
from derive.core.meaning.taylor import TAYLOR, polygamma_coefficients, zeta_in_first, zeta_in_second
from derive.core.meaning.turns import cosine_of, sine_of
from derive.core.meaning.values import ONE, ZERO, Infinite, Value, integer_of
from derive.core.terms import Integral, free_names

__all__ = ["GERMS"]

I_ = acb(0, 1)


def _argument(run: Run, term: Basic) -> Germs:
    return run.of(term.args[0])


def _log(run: Run, term: Basic) -> Germs:
    over = run.log(_argument(run, term))
    return over if len(term.args) == 1 else multiplied(over, germs.power_of(run.log(run.of(term.args[1])), fmpq(-1)))


def _exp(run: Run, term: Basic) -> Germs:
    return run.exp(_argument(run, term))


def _circular(over: int, under: int) -> Callable[[Run, Basic], Germs]:
    """A quotient of sine (1), cosine (2) and 1 (0), exact at multiples of pi, by exponentials where unbounded."""

    def head(run: Run, term: Basic) -> Germs:
        parts = {0: run.plain(ONE)} | {which: _wave(run, term.args[0], which) for which in {over, under} - {0}}
        return multiplied(parts[over], germs.power_of(parts[under], fmpq(-1))) if under else parts[over]

    return head


def _wave(run: Run, argument: Basic, which: int) -> Germs:
    """The sine or the cosine; of q*pi + h by those of h."""
    inner, p = run.of(argument), run.place
    turn = _place_turn(inner)
    heads = [TAYLOR[sp.sin], TAYLOR[sp.cos]]
    try:
        if turn is None:
            return germs.applied(heads[which - 1], inner, p.order, p.reach)
        moved = tuple(g for germ in inner for g in _without_constant(germ))
        sine, cosine = (germs.applied(h, moved, p.order, p.reach) for h in heads)
    except Unbounded:
        return _by_turning(run, inner, which)
    s, c = sine_of(turn), cosine_of(turn)
    if which == 1:
        return germs.merged((*scale_all(cosine, s), *scale_all(sine, c)))
    return germs.merged((*scale_all(cosine, c), *scale_all(sine, -s)))


def _place_turn(inner: Germs) -> fmpq | None:
    """q where the argument tends to exactly q*pi; None for 0, and where it does not."""
    firsts = [g.jet.coefs[0] for g in inner if g.scale == UNIT and g.jet.order]
    return turn_of(firsts[0]) if len(firsts) == 1 else None


def _without_constant(germ: Germ) -> Germs:
    if germ.scale != UNIT:
        return (germ,)
    if germ.jet.order == 0:
        raise NotEvaluable("a constant that is not told apart")
    return germs.normal(Germ(UNIT, Jet((ZERO, *germ.jet.coefs[1:]), germ.jet.reach)))


def _by_turning(run: Run, inner: Germs, which: int) -> Germs:
    """sin and cos as exponentials."""
    up, down = run.exp(scale_all(inner, I_)), run.exp(scale_all(inner, -I_))
    if which == 1:
        return germs.merged((*scale_all(up, -I_ / 2), *scale_all(down, I_ / 2)))
    return germs.merged((*scale_all(up, fmpq(1, 2)), *scale_all(down, fmpq(1, 2))))


def _hyperbolic(over: int, under: int) -> Callable[[Run, Basic], Germs]:
    """A quotient of sinh (1), cosh (2) and 1 (0)."""

    def head(run: Run, term: Basic) -> Germs:
        inner, p = _argument(run, term), run.place
        try:
            return _quotient([germs.applied(TAYLOR[h], inner, p.order, p.reach) if h else run.plain(ONE)
                                   for h in (_HYPERBOLIC[over], _HYPERBOLIC[under])])  # fmt: skip
        except Unbounded:
            up, down = run.exp(inner), run.exp(scale_all(inner, fmpq(-1)))
        difference = germs.merged((*up, *scale_all(down, fmpq(-1))))
        sums = {0: run.plain(fmpq(2)), 1: difference, 2: germs.merged((*up, *down))}
        found = _quotient([sums[over], sums[under]])
        return scale_all(found, fmpq(1, 2)) if not under else found

    return head


_HYPERBOLIC = {0: None, 1: sp.sinh, 2: sp.cosh}


def _quotient(parts: list[Germs]) -> Germs:
    return multiplied(parts[0], germs.power_of(parts[1], fmpq(-1)))


def _atan(run: Run, term: Basic) -> Germs:
    inner, p = _argument(run, term), run.place
    try:
        return germs.applied(TAYLOR[sp.atan], inner, p.order, p.reach)
    except Unbounded:
        sign = run.sign(inner)
        if not sign:
            raise
    small = germs.applied(TAYLOR[sp.atan], germs.power_of(inner, fmpq(-1)), p.order, p.reach)
    return germs.merged((*run.constant(combination({PI: fmpq(sign, 2)})), *scale_all(small, fmpq(-1))))


def _or_else(rewrite: Callable[[Any], Basic]) -> Callable[[Run, Basic], Germs]:
    """A function by its Taylor series, or by other functions that it equals everywhere."""

    def head(run: Run, term: Basic) -> Germs:
        try:
            return germs.applied(TAYLOR[type(term)], _argument(run, term), run.place.order, run.place.reach)
        except NotEvaluable:
            return run.of(rewrite(term.args[0]))

    return head


def _asinh(u: Any) -> Basic:
    return ln(sum_(u, pow_(sum_(pow_(u, 2), 1), S.Half)))


def _acosh(u: Any) -> Basic:
    return ln(sum_(u, times(pow_(sum_(u, -1), S.Half), pow_(sum_(u, 1), S.Half))))


def _atanh(u: Any) -> Basic:
    return times(S.Half, sum_(ln(sum_(1, u)), times(-1, ln(sum_(1, times(-1, u))))))


def _asin(u: Any) -> Basic:
    """With a square root that shows how it behaves at 1 and -1: atan(u/sqrt((1 - u)*(1 + u))) for -1 < u < 1."""
    root = times(pow_(sum_(1, times(-1, u)), S.Half), pow_(sum_(1, u), S.Half))
    return sp.atan(times(u, pow_(root, -1)), evaluate=False)


def _acos(u: Any) -> Basic:
    """For -1 <= u <= 1."""
    return times(2, sp.asin(pow_(times(S.Half, sum_(1, times(-1, u))), S.Half), evaluate=False))


def _absolute(run: Run, term: Basic) -> Germs:
    germ = germs.total(_argument(run, term))
    if germ is None:
        return ()
    jet, modulus = germ.jet, germ.scale.modulus
    real = as_real(enclosure(jet))
    if real is not None and (real > 0 or real < 0):
        return (Germ(modulus, jet if real > 0 else jets.minus(jet)),)
    lead = None if jet.lead is None else abs(jet.lead)
    return (Germ(modulus, Jet((abs(as_ball(enclosure(jet))),), jet.reach, lead)),)


def _sign(run: Run, term: Basic) -> Germs:
    sign = run.sign(_argument(run, term))
    if sign is None:
        raise NotEvaluable("a sign that is not certain")
    return run.plain(fmpq(sign))


def _part(which: str) -> Callable[[Run, Basic], Germs]:
    """The real part, the imaginary part or the conjugate, coefficient by coefficient."""

    def pick(c: Number) -> Number:
        if type(c) is not acb:
            return ZERO if which == "imag" else c
        return c.conjugate() if which == "conjugate" else getattr(c, which)

    def head(run: Run, term: Basic) -> Germs:
        found: list[Germ] = []
        for germ in _argument(run, term):
            if not germ.scale.positive:
                raise NotEvaluable("a part of what turns round and round")
            limit = None if germ.jet.limit is None else pick(germ.jet.limit)
            found += germs.normal(Germ(germ.scale, Jet(tuple(pick(c) for c in germ.jet.coefs), germ.jet.reach, limit)))
        return germs.merged(found)

    return head


def _extreme(run: Run, term: Basic) -> Germs:
    best, *others = (run.of(a) for a in term.args)
    towards = 1 if isinstance(term, sp.Max) else -1
    for other in others:
        sign = run.sign(germs.merged((*best, *scale_all(other, fmpq(-1)))))
        if sign is None:
            raise NotEvaluable("which is larger is not certain")
        best = best if sign * towards >= 0 else other
    return best


def _piecewise(run: Run, term: Basic) -> Germs:
    for pair in term.args:
        value, condition = pair.args
        if run.holds(condition):
            return run.of(value)
    raise NotEvaluable("no branch of a Piecewise applies")


def _floor(run: Run, term: Basic) -> Germs:
    try:
        main, small = germs.bounded(_argument(run, term), run.place.order, run.place.reach)
    except Unbounded:
        if any(as_real(enclosure(g.jet)) is None or not g.scale.positive for g in _argument(run, term)):
            raise
        gap = arb(fmpq(-1, 2) if isinstance(term, sp.floor) else fmpq(1, 2), fmpq(1, 2))
        return germs.merged((*_argument(run, term), Germ(UNIT, Jet((gap,), run.place.reach))))
    around = enclosure(main)
    for germ in small:
        around = around + germs.size(germ)
    real, at = as_real(around), main.lead
    if type(at) is fmpq and at.q == 1 and real is not None and abs(real - arb(at)) < 1:
        side = run.sign(germs.merged((*_argument(run, term), *run.plain(-at))))
        if side is None:
            raise NotEvaluable("floor near a jump")
        return run.plain(at + (min(side, 0) if isinstance(term, sp.floor) else max(side, 0)))
    found = None if real is None else (real.floor() if isinstance(term, sp.floor) else real.ceil()).unique_fmpz()
    if found is None:
        raise NotEvaluable("floor near a jump")
    return run.plain(fmpq(found))


def _mod(run: Run, term: Basic) -> Germs:
    u, c = term.args
    return run.of(sum_(u, times(-1, c, call(sp.floor, times(u, pow_(c, -1))))))


def _erfc(run: Run, term: Basic) -> Germs:
    """Where its argument tends to oo: 0 < erfc(u)*exp(u**2)*sqrt(pi)*u < 1, and tends to 1."""
    inner, p = _argument(run, term), run.place
    try:
        return germs.applied(TAYLOR[type(term)], inner, p.order, p.reach)
    except Unbounded:
        sign = run.sign(inner)
        if not sign:
            raise
    positive = scale_all(inner, fmpq(sign))
    share = (Germ(UNIT, Jet((arb(fmpq(1, 2), fmpq(1, 2)),), p.reach, ONE)),)
    tail = multiplied(run.exp(scale_all(multiplied(inner, inner), fmpq(-1))), germs.power_of(positive, fmpq(-1)))
    tail = scale_all(multiplied(tail, share), 1 / arb.pi().sqrt())
    if isinstance(term, sp.erfc):
        return tail if sign > 0 else germs.merged((*run.plain(fmpq(2)), *scale_all(tail, fmpq(-1))))
    return germs.merged((*run.plain(fmpq(sign)), *scale_all(tail, fmpq(-sign))))


def _polygamma(run: Run, term: Basic) -> Germs:
    order = run.value(term.args[0])
    if type(order) is not fmpq or order.q != 1 or not 0 <= order <= 50:
        raise NotEvaluable("polygamma of an order that is not plain")
    head = polygamma_coefficients(int(order.p))
    return germs.applied(head, run.of(term.args[1]), run.place.order, run.place.reach)


def _zeta(run: Run, term: Basic) -> Germs:
    p, second = run.place, term.args[1] if len(term.args) > 1 else S.One
    if run.above.x not in free_names(second):
        try:
            return germs.applied(zeta_in_first(run.value(second)), run.of(term.args[0]), p.order, p.reach)
        except Unbounded:
            return _zeta_far(run, term.args[0], run.value(second))
    if run.above.x in free_names(term.args[0]):
        raise NotEvaluable("zeta with both arguments moving")
    return germs.applied(zeta_in_second(run.value(term.args[0])), run.of(second), p.order, p.reach)


def _zeta_far(run: Run, s: Basic, a: Value) -> Germs:
    """1 + 2**-s*r where s tends to oo: r is between 1 and 1 + 2/(s - 1)."""
    inner = run.of(s)
    if a != 1 or run.sign(germs.merged((*inner, *run.plain(fmpq(-3))))) != 1:
        raise NotEvaluable("zeta far out")
    power = run.exp(scale_all(multiplied(inner, run.constant(log_of(fmpq(2)))), fmpq(-1)))
    share = (Germ(UNIT, Jet((arb(fmpq(3, 2), fmpq(1, 2)),), run.place.reach, ONE)),)
    return germs.merged((*run.plain(ONE), *multiplied(power, share)))


def _integral(run: Run, term: Integral) -> Germs:
    """Of which one end is the variable, which tends to oo or -oo: the whole integral, less what is beyond."""
    x, p = run.above.x, run.place
    y, (low, high) = term.variable, term.ends
    moving = [x in free_names(t) for t in (low, high)]
    if type(p.at) is not Infinite or x in free_names(term.body) - {y} or sum(moving) != 1 or x not in (low, high):
        raise NotEvaluable("an integral near the end of a range")
    far = S.Infinity if p.at.sign > 0 else S.NegativeInfinity
    ends = (low, far) if moving[1] else (far, high)
    whole = run.value(Integral(term.body, (y, *ends)))
    inner, _ = run.above.scope.bind([y])
    body = Expander(y, inner, run.above.heads).run(term.body, p, run.frame)
    step = (Germ(Scale(fmpq(-p.root - 1)), jets.constant(fmpq(p.root), p.order, p.reach)),)
    beyond = primitive(multiplied(body, step))
    return germs.merged((*run.plain(whole), *scale_all(beyond, fmpq(-p.side if moving[1] else p.side))))


def _polynomial(run: Run, term: Basic) -> Germs:
    """An orthogonal polynomial of a degree that does not move, by its coefficients."""
    degree, inner = term.args
    if run.above.x in free_names(degree):
        raise NotEvaluable(f"{type(term).__name__} near the end of a range")
    coefs = coefficients(type(term), integer_of(run.value(degree), "the degree of a polynomial"))
    if coefs is None:
        raise NotEvaluable("a polynomial of large or negative degree near the end of a range")
    at, found = run.of(inner), run.plain(coefs[0])
    for c in coefs[1:]:
        found = germs.merged((*multiplied(found, at), *run.plain(c)))
    return found


GERMS: dict[type, Callable[[Run, Any], Germs]] = {
    sp.log: _log,
    sp.exp: _exp,
    sp.sin: _circular(1, 0),
    sp.cos: _circular(2, 0),
    sp.tan: _circular(1, 2),
    sp.cot: _circular(2, 1),
    sp.sec: _circular(0, 2),
    sp.csc: _circular(0, 1),
    sp.sinh: _hyperbolic(1, 0),
    sp.cosh: _hyperbolic(2, 0),
    sp.tanh: _hyperbolic(1, 2),
    sp.coth: _hyperbolic(2, 1),
    sp.sech: _hyperbolic(0, 2),
    sp.csch: _hyperbolic(0, 1),
    sp.atan: _atan,
    sp.acot: lambda run, term: run.of(sp.atan(pow_(term.args[0], -1), evaluate=False)),
    sp.asin: _or_else(_asin),
    sp.acos: _or_else(_acos),
    sp.asinh: _or_else(_asinh),
    sp.acosh: _or_else(_acosh),
    sp.atanh: _or_else(_atanh),
    sp.Abs: _absolute,
    sp.sign: _sign,
    sp.re: _part("real"),
    sp.im: _part("imag"),
    sp.conjugate: _part("conjugate"),
    sp.Max: _extreme,
    sp.Min: _extreme,
    sp.floor: _floor,
    sp.ceiling: _floor,
    sp.Mod: _mod,
    sp.erf: _erfc,
    sp.erfc: _erfc,
    sp.polygamma: _polygamma,
    sp.zeta: _zeta,
    **dict.fromkeys((sp.chebyshevt, sp.chebyshevu, sp.legendre, sp.hermite), _polynomial),
    Piecewise: _piecewise,
    Integral: _integral,
    **FACTORIALS,
}
"""Heads that need more than Taylor's theorem."""
