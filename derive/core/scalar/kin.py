"""Further functions in terms of others, and exact values of arithmetic functions at given numbers.

Promise: an entry of `KIN` gives a term that is equal to the function at these arguments, wherever that is defined, as
far as `known` goes (see `places`); None where there is nothing to say.

    erfi z = -i erf(i z)      H1 = J + i Y, H2 = J - i Y      stieltjes(0, a) = -digamma(a)
    atan2(y, x) = arg(x + i y)      Li_1(z) = -log(1 - z), Li_0(z) = z/(1 - z)
    Li_s(-1) = (2^(1 - s) - 1) zeta(s), Li_2(i) = -pi^2/48 + i Catalan
    W(x e^x) = x for x >= -1 on the principal branch      p(n) = 0 for n < 0      totient(p^n) = p^n - p^(n - 1)
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp
from flint import fmpz
from sympy import Expr, I, Integer, Mul, Pow, Rational, S

from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.places import Known, minus, moved, over
from derive.core.scalar.zero import equal
from derive.core.terms import Domain, Integral, Scalar, subterms

__all__ = ["KIN"]

LARGEST = 400
"""Greater arguments of arithmetic functions are not worked out."""

Args = tuple[Expr, ...]


def _erfi(args: Args, _: Known) -> Expr:
    return times(S.NegativeOne, I, sp.erf(times(I, args[0]), evaluate=False))


def _hankel(sign: int) -> Callable[[Args, Known], Expr]:
    def rule(args: Args, _: Known) -> Expr:
        second = times(Integer(sign), I, sp.bessely(*args, evaluate=False))
        return plus(sp.besselj(*args, evaluate=False), second)

    return rule


def _stieltjes(args: Args, known: Known) -> Expr | None:
    n, a = args if len(args) == 2 else (args[0], S.One)
    return minus(sp.digamma(a, evaluate=False)) if known.same(n, S.Zero) else None


def _atan2(args: Args, known: Known) -> Expr:
    y, x = args
    return _arg((plus(x, times(I, y)),), known) or sp.arg(plus(x, times(I, y)), evaluate=False)


def _polylog(args: Args, known: Known) -> Expr | None:
    s, z = args
    rest = plus(S.One, minus(z))
    if known.same(s, S.Zero):
        return over(z, rest)
    if known.same(s, S.One) and known.context.slit(rest):
        return minus(sp.log(rest, evaluate=False))
    if known.same(z, S.NegativeOne) and known.nonzero(moved(s, -1)):
        front = moved(power(Integer(2), plus(S.One, minus(s))), -1)
        return times(front, sp.zeta(s, S.One, evaluate=False))
    if known.same(s, Integer(2)) and any(known.same(z, t) for t in (I, minus(I))):
        sign = S.One if known.same(z, I) else S.NegativeOne
        return plus(times(Rational(-1, 48), power(S.Pi, Integer(2))), times(sign, I, S.Catalan))
    return None


def _betainc(args: Args, known: Known) -> Expr | None:
    """By its definition, for parameters with a positive real part and ends from 0 to 1."""
    a, b, lo, hi = args
    context = known.context
    converges = all(context.positive(p) or context.positive(sp.re(p, evaluate=False)) for p in (a, b))
    if not converges or not all(context.nonnegative(t) for e in (lo, hi) for t in (e, plus(S.One, minus(e)))):
        return None
    taken = {s.name for p in args for s in p.free_symbols}
    t = Scalar(next(name for k in range(99) if (name := f"t{k}") not in taken), Domain("real"))
    body = times(power(t, moved(a, -1)), power(plus(S.One, minus(t)), moved(b, -1)))
    return Integral(body, (t, lo, hi))


def _regularized(args: Args, known: Known) -> Expr | None:
    found = _betainc(args, known)
    return None if found is None else over(found, sp.beta(*args[:2], evaluate=False))


def _lambert(args: Args, known: Known) -> Expr | None:
    """W(x exp(x)) on the principal branch, for the x that stands in an exponential inside."""
    if len(args) == 2 and not known.same(args[1], S.Zero):
        return None
    z = args[0]
    if known.same(z, S.Zero):
        return S.Zero
    for x in _exponents(z):
        fits = known.context.real(x) and known.context.nonnegative(moved(x, 1))
        if fits and equal(z, times(x, sp.exp(x, evaluate=False)), known.context):
            return x
    return None


def _exponents(z: Expr) -> list[Expr]:
    found: dict[Expr, None] = {}
    for t in subterms(z):
        match t:
            case sp.exp():
                found[t.args[0]] = None
            case Pow() if t.base is S.Exp1:
                found[t.exp] = None
            case S.Exp1:
                found[S.One] = None
    for x in list(found):
        found[minus(x)] = None
    return list(found)


# ---------------------------------------------------------------- arithmetic functions


def _given_number(args: Args) -> int | None:
    plain = len(args) == 1 and isinstance(args[0], Integer) and abs(args[0]) <= LARGEST
    return int(args[0]) if plain else None


def _partition(args: Args, known: Known) -> Expr | None:
    n = _given_number(args)
    if n is not None and n >= 0:
        return Integer(int(fmpz(n).partitions_p()))
    whole = len(args) == 1 and known.context.integer(args[0])
    return S.Zero if whole and known.context.negative(args[0]) else None


def _bell(args: Args, _: Known) -> Expr | None:
    n = _given_number(args)
    return None if n is None or n < 0 else Integer(int(fmpz.bell_number(n)))


def _totient(args: Args, known: Known) -> Expr | None:
    n = _given_number(args)
    if n is not None and n > 0:
        return Integer(int(fmpz(n).euler_phi()))
    term = args[0]
    if _prime(term, known):
        return moved(term, -1)
    if isinstance(term, Pow):
        base, k = term.args
        whole = known.context.integer(base) and known.context.integer(k)
        if whole and known.context.positive(base) and known.context.positive(k):
            inner = sp.totient(base, evaluate=False)
            return times(power(base, moved(k, -1)), _totient((base,), known) or inner)
    return None


def _prime(p: Expr, known: Known) -> bool:
    """Whether it is given that p >= 2 divides (p - 1)! + 1: just the primes do (Wilson)."""
    if not known.context.integer(p) or not known.context.nonnegative(moved(p, -2)):
        return False
    wilson = plus(sp.factorial(moved(p, -1), evaluate=False), S.One)
    return any(
        isinstance(g, sp.Eq) and isinstance(g.lhs, sp.Mod) and g.rhs == 0 and g.lhs.args[1] == p
        and known.same(g.lhs.args[0], wilson)
        for g in known.context.given
    )


def _arg(args: Args, known: Known) -> Expr | None:
    """Positive factors do not turn."""
    kept = [f for f in Mul.make_args(args[0]) if not known.context.positive(f)]
    return None if len(kept) == len(Mul.make_args(args[0])) else sp.arg(times(*kept), evaluate=False)


KIN: dict[type, Callable[[Args, Known], Expr | None]] = {
    sp.erfi: _erfi, sp.hankel1: _hankel(1), sp.hankel2: _hankel(-1), sp.stieltjes: _stieltjes, sp.atan2: _atan2,
    sp.polylog: _polylog, sp.LambertW: _lambert, sp.partition: _partition, sp.bell: _bell, sp.totient: _totient,
    sp.arg: _arg, sp.betainc: _betainc, sp.betainc_regularized: _regularized,
}
"""What these are in terms of others, by the head."""
