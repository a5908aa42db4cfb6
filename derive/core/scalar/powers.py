"""Sequences made of the powers of a number and of its inverse: Fibonacci, Lucas, Chebyshev.

Promise: `by_powers(left, right, context)` says True only where both sides are equal at every point that the context
allows and where both are defined. It rests on, for all integers n,

    F_n = (phi^n - (-1)^n phi^-n)/sqrt(5)            L_n = phi^n + (-1)^n phi^-n
    T_n(x) = (w^n + w^-n)/2                          U_n(x) = (w^(n+1) - w^(-n-1))/(w - 1/w)     x = (w + 1/w)/2
    T_n(e) = e^n                                     U_n(e) = e^n (n + 1)                        e = 1 or -1

Every complex x is (w + 1/w)/2 for a w that is not 0: a claim that holds for all of these w, and at x = 1 and x = -1
where U stands in it, holds for all x. Where a root of x^2 - 1, or acos x, stands in it, w is chosen by that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import sympy as sp
from sympy import Basic, Expr, I, Integer, Pow, Rational, S, Symbol

from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.looseness import loose
from derive.core.scalar.places import Known, applied, minus, moved, place, replaced
from derive.core.scalar.zero import equal, vanishes
from derive.core.terms import Domain, Scalar, free_names, substitute, subterms

__all__ = ["by_powers", "fresh", "same_powers"]

HALF = Rational(1, 2)
PHI = S.GoldenRatio
GOLDEN = (sp.fibonacci, sp.lucas)
CHEBYSHEV = (sp.chebyshevt, sp.chebyshevu)
MOST_ARGUMENTS = 4
MOST_TURNS = 6
"""How high a power of the golden ratio is recognised."""

Up = Callable[[Expr], Expr]
"""The powers of a number with integers in the exponent."""


@dataclass(frozen=True)
class _Work:
    """The claim's context, the loose symbols, a logarithm of the golden ratio, and arguments with their w."""

    known: Known
    log: Scalar
    bases: Mapping[Expr, Up] = field(default_factory=dict)

    @property
    def context(self) -> Context:
        """What is known."""
        return self.known.context


def by_powers(left: Expr, right: Expr, context: Context) -> bool:
    """Known to be equal, by writing such sequences as powers."""
    if not _orders_known((left, right), context):
        return False
    difference = _mirrored(plus(left, minus(right)), context)
    log = fresh("phi'", difference, context)
    work = _Work(Known(context, loose(left, right, context)), log)
    return _closes(_golden(difference, work), work, MOST_ARGUMENTS)


def _orders_known(sides: tuple[Expr, ...], context: Context) -> bool:
    """Whether there are such sequences, all at integers."""
    found = applied(sides, *GOLDEN, *CHEBYSHEV)
    plain = all(len(t.args) == (1 if isinstance(t, GOLDEN) else 2) for t in found)
    return bool(found) and plain and all(context.integer(t.args[0]) for t in found)


def same_powers(left: Expr, right: Expr, context: Context) -> bool:
    """Known to be equal, with the powers of the golden ratio as such."""
    difference = plus(left, minus(right))
    work = _Work(Known(context), fresh("phi'", difference, context))
    return vanishes(_golden(difference, work), context)


def fresh(name: str, term: Expr, context: Context) -> Scalar:
    """A name of its own, for a number that is not 0."""
    taken = {s.name for t in (term, *context.given, *context.names) for s in free_names(t) | t.free_symbols}
    while name in taken:
        name += "'"
    return Scalar(name, Domain("complex", nonzero=True))


# ---------------------------------------------------------------- the golden ratio


def _golden(term: Expr, work: _Work) -> Expr:
    """The term with Fibonacci and Lucas numbers, and powers and logarithms of the golden ratio, over the latter."""
    values: dict[Expr, Expr] = {}
    for t in applied((term,), *GOLDEN):
        n = t.args[0]
        up, down = _ratio(n, work), times(power(S.NegativeOne, n), _ratio(minus(n), work))
        if isinstance(t, sp.lucas):
            values[t] = plus(up, down)
        else:
            values[t] = times(Rational(1, 5), power(Integer(5), HALF), plus(up, minus(down)))
    for t in applied((term,), sp.log):
        turns = _logarithm(t, work)
        if turns is not None:
            values[t] = times(Integer(turns), work.log)
    for t in applied((term,), Pow):
        base, k = t.args
        if not isinstance(k, Rational) and work.context.integer(k):
            found = _unit(base, work.context)
            if found is not None:
                sign, j = found
                values[t] = times(power(Integer(sign), k), _ratio(times(Integer(j), k), work))
    return replaced(term, values)


def _logarithm(term: Expr, work: _Work) -> int | None:
    found = _unit(term.args[0], work.context) if len(term.args) == 1 else None
    return found[1] if found is not None and found[0] == 1 else None


def _ratio(n: Expr, work: _Work) -> Expr:
    """phi^n: the constant in n stays a power, the rest goes to exp."""
    found = place(n, work.context)
    constant = found.constant if found is not None and found.constant.denominator == 1 else 0
    rest = moved(n, -constant)
    whole = power(PHI, Integer(int(constant)))
    if found is not None and found.direction.is_zero:
        return power(PHI, n) if not constant else whole
    return times(whole, sp.exp(times(rest, work.log), evaluate=False))


def _unit(base: Expr, context: Context) -> tuple[int, int] | None:
    """The sign and the j with base = sign phi^j, j not 0."""
    if base.free_symbols or not any(map(_of_five, subterms(base))):
        return None
    for j in range(1, MOST_TURNS + 1):
        for turn in (j, -j):
            for sign in (1, -1):
                if equal(base, times(Integer(sign), power(PHI, Integer(turn))), context):
                    return sign, turn
    return None


def _of_five(part: Basic) -> bool:
    """The golden ratio, or a number in which 5 stands, without which there is none."""
    return part is PHI or (isinstance(part, Rational) and (part.p % 5 == 0 or part.q % 5 == 0) and part != 0)


# ---------------------------------------------------------------- Chebyshev


def _closes(term: Expr, work: _Work, depth: int) -> bool:
    """Whether the term vanishes: its arguments are dealt with from the inside out."""
    found = applied((term,), *CHEBYSHEV)
    if not found:
        return vanishes(term, work.context)
    inner = [t.args[1] for t in found if not applied((t.args[1],), *CHEBYSHEV)]
    if depth == 0 or not inner:
        return False
    inner.sort(key=lambda g: (not isinstance(g, Symbol), g.count_ops()))
    return all(_closes(_golden(one, new), new, depth - 1) for one, new in _cases(term, inner[0], work))


def _cases(term: Expr, g: Expr, work: _Work) -> Iterator[tuple[Expr, _Work]]:
    """What is to be shown, with T and U at this argument written out: for a w, and where g is 1 or -1."""
    for sign in (1, -1):
        if equal(g, Integer(sign), work.context):
            yield _at_end(term, g, sign), work
            return
    divides = any(isinstance(t, sp.chebyshevu) and t.args[1] == g for t in applied((term,), *CHEBYSHEV))
    if divides and not _apart(g, work.known):
        for sign in (1, -1):
            yield _at_end(term, g, sign), work
    term, g, up, work = _based(term, g, work)
    yield _written(term, g, up, work)


def _mirrored(term: Expr, context: Context) -> Expr:
    """The term with one of each two opposite arguments: T_n(-x) = (-1)^n T_n(x), and so for U."""
    found = applied((term,), *CHEBYSHEV)
    arguments = [t.args[1] for t in found]
    kept = [s for g in arguments for s in g.free_symbols if g in (s, minus(s))]
    values: dict[Expr, Expr] = {}
    for t in found:
        n, g = t.args
        lead = next((k for k in kept if equal(k, g, context)), None)
        if lead is None:
            opposite = next((k for k in kept if equal(k, minus(g), context)), None)
            if opposite is None:
                kept.append(g)
            else:
                values[t] = times(power(S.NegativeOne, n), type(t)(n, opposite, evaluate=False))
        elif lead != g:
            values[t] = type(t)(n, lead, evaluate=False)
    return replaced(term, values)


def _at_end(term: Expr, g: Expr, sign: int) -> Expr:
    """The term where g is 1 or -1."""
    e = Integer(sign)
    values: dict[Expr, Expr] = {}
    for t in applied((term,), *CHEBYSHEV):
        n, x = t.args
        if x == g:
            values[t] = power(e, n) if isinstance(t, sp.chebyshevt) else times(power(e, n), moved(n, 1))
    found = replaced(term, {**values, g: e})
    found = substitute(found, {g: e}) if isinstance(g, Symbol) else found
    ends = {sp.acos: S.Zero if sign > 0 else S.Pi, sp.acosh: S.Zero if sign > 0 else times(I, S.Pi)}
    return replaced(found, {head(e, evaluate=False): value for head, value in ends.items()})


def _apart(g: Expr, known: Known) -> bool:
    """Known not to be 1 or -1, but for isolated values of a loose symbol."""
    half_turn = power(S.Pi, S.NegativeOne)
    match g:
        case sp.cos():
            return known.not_integer(times(g.args[0], half_turn))
        case sp.sin():
            return known.not_integer(plus(times(g.args[0], half_turn), HALF))
        case sp.cosh():
            return known.not_integer(times(S.NegativeOne, I, g.args[0], half_turn))
    return known.nonzero(moved(g, 1)) and known.nonzero(moved(g, -1))


def _written(term: Expr, g: Expr, up: Up, work: _Work) -> tuple[Expr, _Work]:
    """T and U at g by the powers; what T is may be an argument of another, with powers of its own."""
    values: dict[Expr, Expr] = {}
    bases = dict(work.bases)
    for t in applied((term,), *CHEBYSHEV):
        n, x = t.args
        if x != g:
            continue
        if isinstance(t, sp.chebyshevt):
            values[t] = times(HALF, plus(up(n), up(minus(n))))
            bases[values[t]] = _several(up, n)
        else:
            n = moved(n, 1)
            below = plus(up(S.One), minus(up(S.NegativeOne)))
            values[t] = times(plus(up(n), minus(up(minus(n)))), power(below, S.NegativeOne))
    return replaced(term, values), _Work(work.known, work.log, bases)


def _several(up: Up, n: Expr) -> Up:
    return lambda k: up(times(n, k))


def _turned(up: Up) -> Up:
    return lambda k: times(power(S.NegativeOne, k), up(k))


def _based(term: Expr, g: Expr, work: _Work) -> tuple[Expr, Expr, Up, _Work]:
    """The term and the argument with (w + 1/w)/2 put in where w is a new name, and the powers of w."""
    for value, up in work.bases.items():
        if equal(g, value, work.context):
            return term, g, up, work
        if equal(g, minus(value), work.context):
            return term, g, _turned(up), work
    match g:
        case sp.cos():
            return term, g, _exponential(times(I, g.args[0])), work
        case sp.sin():
            angle = plus(times(HALF, S.Pi), minus(g.args[0]))
            return term, g, _exponential(times(I, angle)), work
        case sp.cosh():
            return term, g, _exponential(g.args[0]), work
    if not g.free_symbols:
        return term, g, _of_number(g, work), work
    return _with_name(term, g, work)


def _exponential(u: Expr) -> Up:
    return lambda k: sp.exp(times(u, k), evaluate=False)


def _of_number(g: Expr, work: _Work) -> Up:
    """g + sqrt(g^2 - 1), or i where g is 0."""
    if equal(g, S.Zero, work.context):
        return _exponential(times(HALF, I, S.Pi))
    w = plus(g, power(plus(power(g, Integer(2)), S.NegativeOne), HALF))
    found = _unit(w, work.context)
    if found is None:
        return lambda k: power(w, k)
    sign, j = found
    return lambda k: times(power(Integer(sign), k), _ratio(times(Integer(j), k), work))


def _with_name(term: Expr, g: Expr, work: _Work) -> tuple[Expr, Expr, Up, _Work]:
    """A name w for g + sqrt(g^2 - 1), or an angle t for acos g, acosh g where one stands in the term."""
    context = work.context
    new = fresh("w", plus(term, g), context)
    turn = Scalar(new.name, Domain("complex"))
    arccosine, area = sp.acos(g, evaluate=False), sp.acosh(g, evaluate=False)
    roots = {sign: _roots(term, g, sign, context) for sign in (1, -1)}
    present = set(applied((term,), sp.acos, sp.acosh))
    up: Up
    if arccosine in present:
        up, value, old = _exponential(times(I, turn)), sp.cos(turn, evaluate=False), {arccosine: turn}
        old |= _powers_of(roots[-1], sp.sin(turn, evaluate=False))
    elif area in present:
        up, value, old = _exponential(turn), sp.cosh(turn, evaluate=False), {area: turn}
    else:
        inverse = power(new, S.NegativeOne)
        gap = times(HALF, plus(new, minus(inverse)))
        up, value = (lambda k: power(new, k)), times(HALF, plus(new, inverse))
        old = _powers_of(roots[1], gap) if roots[1] else _powers_of(roots[-1], times(S.NegativeOne, I, gap))
    found = replaced(term, old)
    bases = dict(work.bases) | {value: up}
    if isinstance(g, Symbol):
        return substitute(found, {g: value}), value, up, _Work(work.known, work.log, bases)
    return replaced(found, {g: value}), value, up, _Work(work.known, work.log, bases)


def _roots(term: Expr, g: Expr, sign: int, context: Context) -> dict[Expr, Rational]:
    """The odd powers of the root of sign (g^2 - 1) in the term, by their exponents."""
    inside = times(Integer(sign), plus(power(g, Integer(2)), S.NegativeOne))
    return {
        t: t.args[1] for t in applied((term,), Pow)
        if isinstance(t.args[1], Rational) and t.args[1].q == 2 and equal(t.args[0], inside, context)
    }


def _powers_of(roots: dict[Expr, Rational], value: Expr) -> dict[Expr, Expr]:
    return {t: power(value, Integer(2 * e)) for t, e in roots.items()}
