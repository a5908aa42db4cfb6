"""Numbers enclosed in balls.

Promise: `enclose` returns a complex ball that contains the principal value of a term; None where it has none that is
known: at a pole, on a branch cut where the conventions of the books differ, or for a head not listed here. `below` is
certain. Enclosures are python-flint's; nothing is ever rounded to a verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp
from flint import acb, arb, ctx, fmpq, fmpz
from sympy import Add, Basic, Expr, Mul, Pow, Rational, S, Symbol

__all__ = ["Ball", "below", "enclose", "sign_of"]

Ball = Any
"""An acb. (python-flint's types are unknown to the type checker.)"""

PRECISIONS = (64, 256, 1024, 4096)
LARGEST_EXPONENT = 1 << 20


def enclose(term: Basic, precision: int = 128, at: Mapping[Symbol, Ball] | None = None) -> Ball | None:
    """A ball around the value, at the values of the symbols; None where none is found."""
    before = ctx.prec
    ctx.prec = precision
    try:
        return _finite(_value(term, at or {}))
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    finally:
        ctx.prec = before


def sign_of(term: Expr) -> int | None:
    """1 or -1 for a real constant whose sign balls decide, else None; an exact zero is never decided."""
    for precision in PRECISIONS:
        found = enclose(term, precision)
        if found is None or not found.imag.is_zero():
            return None
        if found.real > 0:
            return 1
        if found.real < 0:
            return -1
    return None


def below(left: Expr, right: Expr) -> bool:
    """Whether left < right for real constants: their balls are apart."""
    for precision in PRECISIONS:
        a, b = enclose(left, precision), enclose(right, precision)
        if a is None or b is None or not (a.imag.is_zero() and b.imag.is_zero()):
            return False
        if a.real < b.real:
            return True
        if a.real > b.real:
            return False
    return False


def _finite(value: Ball | None) -> Ball | None:
    return value if value is not None and value.is_finite() else None


def _value(term: Basic, at: Mapping[Symbol, Ball]) -> Ball | None:
    if isinstance(term, Rational):
        return acb(fmpq(int(term.p), int(term.q)))
    if isinstance(term, Symbol):
        return at.get(term)
    if term in CONSTANTS:
        return CONSTANTS[term]()
    if isinstance(term, Pow):
        return _power(term, at)
    args: list[Ball] = [_finite(_value(a, at)) for a in term.args]
    if not args or any(a is None for a in args):
        return None
    if isinstance(term, (Add, Mul)):
        total = args[0]
        for other in args[1:]:
            total = total + other if isinstance(term, Add) else total * other
        return total
    head = HEADS.get(type(term))
    if head is None or len(args) not in ARITY.get(type(term), (1,)):
        return None
    return head(*args)


def _power(term: Pow, at: Mapping[Symbol, Ball]) -> Ball | None:
    base, exponent = term.args
    if base is S.Exp1:
        above = _finite(_value(exponent, at))
        return None if above is None else above.exp()
    below_it = _finite(_value(base, at))
    if below_it is None:
        return None
    if isinstance(exponent, Rational):
        if abs(exponent) > LARGEST_EXPONENT:
            return None
        if exponent.q == 1:
            return below_it ** fmpz(int(exponent))
        if exponent > 0 and below_it.is_zero():
            return below_it
        root = below_it.sqrt() if exponent.q == 2 else (below_it.log() / int(exponent.q)).exp()
        return root ** fmpz(int(exponent.p))
    above = _finite(_value(exponent, at))
    return None if above is None or below_it.contains(0) else (above * below_it.log()).exp()


def _entire(method: str) -> Callable[[Ball], Ball]:
    return lambda z: getattr(z, method)()


def _off(method: str, on_cut: Callable[[Ball], bool]) -> Callable[[Ball], Ball | None]:
    return lambda z: None if on_cut(z) else getattr(z, method)()


def _beyond_one(z: Ball) -> bool:
    return bool(z.imag.contains(0)) and not (z.real >= -1 and z.real <= 1)


def _beyond_i(z: Ball) -> bool:
    return bool(z.real.contains(0)) and not (z.imag > -1 and z.imag < 1)


def _beyond_i_inclusive(z: Ball) -> bool:
    return bool(z.real.contains(0)) and not (z.imag >= -1 and z.imag <= 1)


def _at_least_one(z: Ball) -> bool:
    return bool(z.imag.contains(0)) and not (z.real > -1 and z.real < 1)


def _below_one(z: Ball) -> bool:
    return bool(z.imag.contains(0)) and not z.real >= 1


def _not_right(z: Ball) -> bool:
    return bool(z.imag.contains(0)) and not z.real > 0


def _turned(head: Callable[[Ball], Ball | None]) -> Callable[[Ball], Ball | None]:
    return lambda z: head(1 / z)


def _log(z: Ball, base: Ball | None = None) -> Ball:
    return z.log() if base is None else z.log() / base.log()


def _zeta(s: Ball, a: Ball | None = None) -> Ball:
    return s.zeta() if a is None else s.zeta(a)


def _beta(a: Ball, b: Ball) -> Ball:
    return a.gamma() * b.gamma() * (a + b).rgamma()


def _sign(z: Ball) -> Ball | None:
    if z.is_zero():
        return z
    return None if z.contains(0) else z / acb(abs(z))


def _floor(z: Ball) -> Ball | None:
    return acb(z.real.floor()) if z.imag.is_zero() else None


def _ceiling(z: Ball) -> Ball | None:
    return acb(z.real.ceil()) if z.imag.is_zero() else None


def _polygamma(n: Ball, z: Ball) -> Ball:
    return z.digamma() if n.is_zero() else z.polygamma(n)


_asin, _acos = _off("asin", _beyond_one), _off("acos", _beyond_one)
_atan, _atanh = _off("atan", _beyond_i), _off("atanh", _at_least_one)
_asinh, _acosh = _off("asinh", _beyond_i_inclusive), _off("acosh", _below_one)

CONSTANTS: dict[Basic, Callable[[], Ball]] = {
    S.Pi: acb.pi,
    S.Exp1: lambda: acb(arb.const_e()),
    S.ImaginaryUnit: lambda: acb(0, 1),
    S.EulerGamma: lambda: acb(arb.const_euler()),
    S.Catalan: lambda: acb(arb.const_catalan()),
    S.GoldenRatio: lambda: (1 + acb(5).sqrt()) / 2,
}

HEADS: dict[type, Callable[..., Ball | None]] = {
    **{
        getattr(sp, name): _entire(name)
        for name in ("exp", "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth", "sech", "csch",
                     "gamma", "digamma", "erf", "erfc", "sinc", "conjugate")
    },
    sp.log: _log,
    sp.asin: _asin, sp.acos: _acos, sp.atan: _atan, sp.asinh: _asinh, sp.acosh: _acosh, sp.atanh: _atanh,
    sp.asec: _turned(_acos), sp.acsc: _turned(_asin), sp.acot: _turned(_atan),
    sp.asech: _turned(_acosh), sp.acsch: _turned(_asinh), sp.acoth: _turned(_atanh),
    sp.loggamma: _off("lgamma", _not_right),
    sp.factorial: lambda z: (z + 1).gamma(),
    sp.harmonic: lambda z: (z + 1).digamma() + arb.const_euler(),
    sp.zeta: _zeta, sp.beta: _beta, sp.polygamma: _polygamma,
    sp.Abs: lambda z: acb(abs(z)), sp.re: lambda z: acb(z.real), sp.im: lambda z: acb(z.imag),
    sp.sign: _sign, sp.floor: _floor, sp.ceiling: _ceiling,
}
"""The functions that are known; each maps balls to a ball or None."""

ARITY: dict[type, tuple[int, ...]] = {sp.log: (1, 2), sp.zeta: (1, 2), sp.beta: (2,), sp.polygamma: (2,)}
