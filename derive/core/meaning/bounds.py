"""From a term and an index to the growth of its values, structurally.

Promise: as in `growth`. A subterm free of the index is a constant, whose value
is computed in the model; a head that is not listed here has no growth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import sympy as sp
from flint import acb, arb, fmpq
from sympy import Add, Basic, Mul, Pow, S, Symbol

from derive.core.errors import NotEvaluable
from derive.core.meaning import growth
from derive.core.meaning.countings import binomial_growth, factorial_growth, gamma_growth, zeta_growth
from derive.core.meaning.frames import Code, Frame, Scope
from derive.core.meaning.growth import Bound, Growth, Rate, bracket
from derive.core.meaning.linear import Linear, factors, linear
from derive.core.meaning.models import Geometric, JointLaw, Mixture, Table
from derive.core.meaning.sequencegrowth import SEQUENCE_GROWTH, paired
from derive.core.meaning.values import ONE, ZERO, Gaussian, Undefined, Value, ball, power
from derive.core.terms import Defined, Delta, Entry, Prob, Sum, free_names

__all__ = ["GrowthCode", "compile_growth"]

GrowthCode = Callable[[Frame], Growth | None]


def compile_growth(term: Basic, k: Symbol, scope: Scope) -> GrowthCode:
    """A closure that gives the growth of the term in k, or None."""
    code = _compile(term, k, scope)

    def guarded(f: Frame) -> Growth | None:
        try:
            return code(f)
        except Undefined as error:
            raise NotEvaluable(str(error)) from None

    return guarded


def _compile(term: Basic, k: Symbol, scope: Scope) -> GrowthCode:
    if term == k:
        return lambda _: growth.variable()
    if k not in free_names(term):
        value = scope.code(term)
        return lambda f: growth.constant(value(f))
    if isinstance(term, Mul):
        return _product_of(term, k, scope)
    handler = _HANDLERS.get(type(term))
    return handler(term, k, scope) if handler else lambda _: None


def _all(codes: Iterable[GrowthCode], f: Frame) -> list[Growth] | None:
    found = []
    for code in codes:
        one = code(f)
        if one is None:
            return None
        found.append(one)
    return found


def _sum_of(term: Add, k: Symbol, scope: Scope) -> GrowthCode:
    codes = [_compile(a, k, scope) for a in term.args]

    def code(f: Frame) -> Growth | None:
        parts = _all(codes, f)
        return growth.plus(parts) if parts is not None else None

    return code


def _product_of(term: Mul, k: Symbol, scope: Scope) -> GrowthCode:
    pair = paired(term, k, scope)
    if pair is None:
        return _product(term.args, k, scope)
    first, others = pair[0], _product(pair[1], k, scope) if pair[1] else None
    if others is None:
        return first

    def code(f: Frame) -> Growth | None:
        parts = _all((first, others), f)
        return None if parts is None else growth.times(parts)

    return code


def _product(terms: Iterable[Basic], k: Symbol, scope: Scope) -> GrowthCode:
    """The growth of a product; a factor that vanishes absorbs a logarithm, as 0 ln 0 = 0, and no other absorbs ln 0."""
    codes = [(_compile(a, k, scope), _at_zero(a, k, scope) if isinstance(a, sp.log) else None) for a in terms]

    def code(f: Frame) -> Growth | None:
        parts, logs = [], []
        for one, at_zero in codes:
            found = one(f)
            if found is None and at_zero is None:
                return None
            logs += [at_zero(f)] if found is None and at_zero is not None else []
            parts += [] if found is None else [found]
        if not logs:
            return growth.times(parts)
        if any(p.vanishes for p in parts):
            return growth.vanishing(max(p.start for p in parts))
        return growth.times_infinite(parts, logs[0]) if len(logs) == 1 and logs[0] is not None else None

    return code


def _at_zero(term: Any, k: Symbol, scope: Scope) -> GrowthCode:
    """The growth of ln 0 where it is exactly that, or of ln(p/0), from some k on; None where neither is known."""
    parts = factors(term.args[0])
    above = [_compile(a, k, scope) for a in parts if not _is_inverse(a)]
    below = [_compile(a.args[0], k, scope) for a in parts if _is_inverse(a)]

    def code(f: Frame) -> Growth | None:
        over, under = _all(above, f), _all(below, f)
        if len(term.args) != 1 or over is None or under is None:
            return None
        upward = any(g.vanishes for g in under)
        others = [g for g in (*over, *under) if not g.vanishes]
        if upward is any(g.vanishes for g in over) or any(g.sign != 1 or g.lower is None for g in others):
            return None
        return growth.infinite(max(g.start for g in (*over, *under)), 1 if upward else -1)

    return code


def _is_inverse(term: Basic) -> bool:
    return isinstance(term, Pow) and term.args[1] is S.NegativeOne


# ---------------------------------------------------------------- powers


def _power(term: Pow, k: Symbol, scope: Scope) -> GrowthCode:
    base, exponent = term.args
    if base is S.Exp1:
        return _exp(sp.exp(exponent, evaluate=False), k, scope)
    if k not in free_names(exponent):
        return _fixed_power(_compile(base, k, scope), scope.code(exponent))
    if k in free_names(base):
        return lambda _: None
    found = linear(exponent, k, scope)
    if found is None:
        return lambda _: None
    return _geometric(scope.code(base), found)


def _fixed_power(base: GrowthCode, exponent: Code) -> GrowthCode:
    def code(f: Frame) -> Growth | None:
        e = exponent(f)
        found = base(f)
        if type(e) is not fmpq or found is None:
            return None
        return growth.integer_power(found, int(e.p)) if e.q == 1 else growth.fraction(found, e)

    return code


def _geometric(base: Code, exponent: Linear) -> GrowthCode:
    """base**(a*k + b), for a base that is positive, or any base and integers a and b."""

    def code(f: Frame) -> Growth | None:
        value, a, b = base(f), exponent[0](f), exponent[1](f)
        if type(a) is not fmpq or type(b) not in (fmpq, arb):
            return None
        whole = a.q == 1 and type(b) is fmpq and b.q == 1
        positive = type(value) in (fmpq, arb) and value > 0
        if not (whole or positive):
            return None
        if type(value) is fmpq and value == 0:
            return growth.vanishing(int(((1 - b) / a).ceil())) if a > 0 else None
        size = value if positive else _modulus(value)
        if not size > 0:
            return None
        scale = ball(power(size, b))
        if type(size) is fmpq and a.q == 1:
            rate = Rate(size).to(int(a.p))
            return growth.geometric(rate, rate, scale, 1 if positive else None)
        ratio = ball(power(size, a))
        return growth.geometric(
            Rate(bracket(ratio, up=True)), Rate(bracket(ratio, up=False)), scale, 1 if positive else None
        )

    return code


def _modulus(value: Value) -> Value:
    if type(value) is fmpq:
        return abs(value)
    if type(value) is Gaussian:
        return power(value.re**2 + value.im**2, fmpq(1, 2))
    return abs(ball(value))


# ---------------------------------------------------------------- functions


def _exp(term: Any, k: Symbol, scope: Scope) -> GrowthCode:
    (argument,) = term.args
    found = linear(argument, k, scope)
    if found is None:
        inside = _compile(argument, k, scope)
        return lambda f: _through(growth.exponential, inside(f))
    slope, offset = found

    def code(f: Frame) -> Growth | None:
        a, b = slope(f), offset(f)
        sign = 1 if all(type(v) in (fmpq, arb) for v in (a, b)) else None
        scale = _real_part(b).exp()
        if type(a) in (fmpq, Gaussian):
            rate = Rate(ONE, a if type(a) is fmpq else a.re)
            return growth.geometric(rate, rate, scale, sign)
        ratio = _real_part(a).exp()
        return growth.geometric(Rate(bracket(ratio, up=True)), Rate(bracket(ratio, up=False)), scale, sign)

    return code


def _real_part(value: Value) -> arb:
    found = ball(value)
    return found.real if type(found) is acb else found


def _through(step: Callable[[Growth], Growth | None], found: Growth | None) -> Growth | None:
    return None if found is None else step(found)


def _log(term: Any, k: Symbol, scope: Scope) -> GrowthCode:
    (argument,) = term.args if len(term.args) == 1 else (None,)
    if argument is None:
        return lambda _: None
    whole = _compile(argument, k, scope)
    near = None
    if isinstance(argument, Add) and any(a is S.One for a in argument.args):
        at = argument.args.index(S.One)
        near = _sum_of(Add(*argument.args[:at], *argument.args[at + 1 :], S.Zero, evaluate=False), k, scope)

    def code(f: Frame) -> Growth | None:
        close = _through(growth.log_near_one, near(f)) if near is not None else None
        return close or _through(growth.logarithm, whole(f))

    return code


def _absolute(term: Any, k: Symbol, scope: Scope) -> GrowthCode:
    inside = _compile(term.args[0], k, scope)

    def modulus(g: Growth) -> Growth:
        return Growth(g.start, g.upper, g.lower, None if g.lower is None else 1)

    return lambda f: _through(modulus, inside(f))


def _part(term: Any, k: Symbol, scope: Scope) -> GrowthCode:
    """re, im, conjugate: no larger than what they are of."""
    inside = _compile(term.args[0], k, scope)
    return lambda f: _through(lambda g: Growth(g.start, g.upper), inside(f))


def _stepped(term: Any, k: Symbol, scope: Scope) -> GrowthCode:
    """floor, ceiling: within 1 of a real value."""
    inside = _compile(term.args[0], k, scope)

    def near(g: Growth) -> Growth | None:
        if g.sign is None:
            return None
        both = growth.plus([Growth(g.start, g.upper), growth.constant(ONE)])
        return Growth(both.start, both.upper)

    return lambda f: _through(near, inside(f))


def _bounded(term: Any, k: Symbol, scope: Scope) -> GrowthCode:
    """sin, cos, tanh of a real value: at most 1."""
    inside = _compile(term.args[0], k, scope)

    def one(g: Growth) -> Growth | None:
        return None if g.sign is None else Growth(g.start, Bound(arb(1)))

    return lambda f: _through(one, inside(f))


def _rising(term: Any, k: Symbol, scope: Scope) -> GrowthCode:
    """A fixed number of factors."""
    base, count = _compile(term.args[0], k, scope), scope.code(term.args[1])
    if k in free_names(term.args[1]):
        return lambda _: None

    def code(f: Frame) -> Growth | None:
        one, n = base(f), count(f)
        if one is None or type(n) is not fmpq or n.q != 1 or not 0 < n <= 20:
            return None
        return growth.times([growth.plus([one, growth.constant(fmpq(j))]) for j in range(int(n))])

    return code


# ---------------------------------------------------------------- our own heads


def _delta(term: Delta, k: Symbol, scope: Scope) -> GrowthCode:
    left, right = term.args
    difference = _compile(Add(left, Mul(S.NegativeOne, right, evaluate=False), evaluate=False), k, scope)
    return lambda f: _through(lambda g: None if g.lower is None else growth.vanishing(g.start), difference(f))


def _defined(term: Defined, k: Symbol, scope: Scope) -> GrowthCode:
    return _compile(term.definition(), k, scope)


def _entry(term: Entry, k: Symbol, scope: Scope) -> GrowthCode:
    """An array that is 0 outside its cells vanishes once one of its indices has left them."""
    slot = scope.slot(term.array)
    moving = [(axis, linear(i, k, scope)) for axis, i in enumerate(term.indices) if k in free_names(i)]

    def code(f: Frame) -> Growth | None:
        table = f[slot]
        if not isinstance(table, Table) or table.outside is None or table.outside != 0:
            return None
        for axis, found in moving:
            last = None if found is None else _leaves(found, [key[axis] for key in table.cells], f)
            if last is not None:
                return growth.vanishing(last)
        return None

    return code


def _leaves(found: Linear, keys: list[int], f: Frame) -> int | None:
    """From which k on a*k + b is beyond all keys, for integers a > 0 and b."""
    a, b = found[0](f), found[1](f)
    if type(a) is not fmpq or type(b) is not fmpq or a.q != 1 or b.q != 1 or a <= 0:
        return None
    return max(1, int(((max(keys, default=0) + 1 - b) / a).ceil()))


def _prob(term: Prob, k: Symbol, scope: Scope) -> GrowthCode:
    slot = scope.slot(term.law)
    values = {**term.targets, **term.givens}
    places = {s: (linear(v, k, scope), scope.integer(v), k in free_names(v)) for s, v in values.items()}
    behind = {s: places[s] for s in term.givens}

    def code(f: Frame) -> Growth | None:
        law = f[slot]
        if isinstance(law, JointLaw) or not isinstance(law, Mixture):
            return None
        above = _mixture(law, places, f)
        if above is None or not behind:
            return above
        below = _mixture(law, behind, f)
        under = None if below is None else growth.integer_power(below, -1)
        return None if under is None else growth.times([above, under])

    return code


def _mixture(law: Mixture, places: dict[int, Any], f: Frame) -> Growth | None:
    parts = []
    for weight, slots in law.parts:
        found = [growth.constant(weight)]
        for s, (line, fixed, moves) in places.items():
            if not moves:
                found.append(growth.constant(slots[s].probability(fixed(f))))
                continue
            one = None if line is None else _slot_growth(slots[s], line, f)
            if one is None:
                return None
            found.append(one)
        parts.append(growth.times(found))
    return growth.plus(parts)


def _slot_growth(law: Any, line: Linear, f: Frame) -> Growth | None:
    a, b = line[0](f), line[1](f)
    if type(a) is not fmpq or type(b) is not fmpq or a.q != 1 or b.q != 1 or a <= 0:
        return None
    start = max(1, int(((law.lo - b) / a).ceil()))
    if isinstance(law, Geometric):
        scale = arb(1 - law.ratio) * arb(law.ratio) ** int(b.p - law.lo)
        rate = Rate(law.ratio).to(int(a.p))
        bound = Bound(scale, ZERO, rate)
        return Growth(start, bound, bound, 1)
    return growth.vanishing(_leaves(line, [law.lo + len(law.weights) - 1], f) or start)


def _inner_sum(term: Sum, k: Symbol, scope: Scope) -> GrowthCode:
    """An inner sum whose ranges are free of k: term by term, or with the factors free of its indices taken out."""
    (body,) = term.bodies
    names = set(term.bound_symbols)
    if k in names or any(k in free_names(end) for limit in term.limits for end in limit[1:]):
        return lambda _: None
    if any(limit[2] is S.Infinity for limit in term.limits):
        parts = factors(body)
        outside = [a for a in parts if not free_names(a) & names]
        inside = [a for a in parts if free_names(a) & names]
        if not inside or any(k in free_names(a) for a in inside):
            return lambda _: None
        rest = inside[0] if len(inside) == 1 else Mul(*inside, evaluate=False)
        return _product([*outside, Sum(rest, *term.limits)], k, scope)
    first, *others = term.limits
    inner, (slot,) = scope.bind([first[0]])
    lo, hi = scope.integer(first[1]), scope.integer(first[2])
    one = _compile(Sum(body, *others) if others else body, k, inner)

    def code(f: Frame) -> Growth | None:
        parts = []
        ends = range(lo(f), hi(f) + 1)
        if len(ends) > 1000:
            return None
        for j in ends:
            f[slot] = j
            found = one(f)
            if found is None:
                return None
            parts.append(found)
        return growth.plus(parts) if parts else growth.vanishing(1)

    return code


_HANDLERS: dict[type, Callable[[Any, Symbol, Scope], GrowthCode]] = {
    Add: _sum_of,
    Pow: _power,
    sp.exp: _exp,
    sp.log: _log,
    sp.Abs: _absolute,
    sp.re: _part,
    sp.im: _part,
    sp.conjugate: _part,
    sp.floor: _stepped,
    sp.ceiling: _stepped,
    sp.sin: _bounded,
    sp.cos: _bounded,
    sp.tanh: _bounded,
    sp.factorial: factorial_growth,
    sp.gamma: gamma_growth,
    sp.RisingFactorial: _rising,
    sp.binomial: binomial_growth,
    sp.zeta: zeta_growth,
    **SEQUENCE_GROWTH,
    Delta: _delta,
    Defined: _defined,
    Entry: _entry,
    Prob: _prob,
    Sum: _inner_sum,
}
