"""Floating-point values of plain terms, to sort suggestions by: quick, and good for nothing else.

Promise: none.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable, Mapping

import sympy as sp
from sympy import Expr, S, Symbol

__all__ = ["close", "number", "samples"]

FUNCTIONS: dict[type, Callable[..., complex]] = {
    sp.exp: cmath.exp, sp.log: lambda z, b=cmath.e: cmath.log(z) / cmath.log(b),
    sp.sin: cmath.sin, sp.cos: cmath.cos, sp.tan: cmath.tan,
    sp.cot: lambda z: 1 / cmath.tan(z), sp.sec: lambda z: 1 / cmath.cos(z), sp.csc: lambda z: 1 / cmath.sin(z),
    sp.sinh: cmath.sinh, sp.cosh: cmath.cosh, sp.tanh: cmath.tanh, sp.coth: lambda z: 1 / cmath.tanh(z),
    sp.asin: cmath.asin, sp.acos: cmath.acos, sp.atan: cmath.atan, sp.acot: lambda z: cmath.atan(1 / z),
    sp.asinh: cmath.asinh, sp.acosh: cmath.acosh, sp.atanh: cmath.atanh,
    sp.Abs: lambda z: complex(abs(z)), sp.sign: lambda z: z / abs(z) if z else 0j,
    sp.re: lambda z: complex(z.real), sp.im: lambda z: complex(z.imag), sp.conjugate: lambda z: z.conjugate(),
    sp.sinc: lambda z: cmath.sin(z) / z if z else 1 + 0j,
    sp.erf: lambda z: complex(math.erf(z.real)), sp.erfc: lambda z: complex(math.erfc(z.real)),
    sp.gamma: lambda z: complex(math.gamma(z.real)), sp.factorial: lambda z: complex(math.gamma(z.real + 1)),
}
CONSTANTS = {sp.pi: math.pi, S.Exp1: math.e, S.EulerGamma: 0.5772156649015329, S.Catalan: 0.915965594177219}


def number(term: Expr, values: Mapping[Symbol, complex]) -> complex | None:
    """The value, or None where there is none, or none that is known here."""
    try:
        found = _value(term, values)
    except (ArithmeticError, ValueError, KeyError, TypeError):
        return None
    return found if cmath.isfinite(found) else None


def _value(term: Expr, values: Mapping[Symbol, complex]) -> complex:
    if term in values:
        return values[term]
    if isinstance(term, sp.Rational):
        return complex(int(term.p) / int(term.q))
    if term is S.ImaginaryUnit:
        return 1j
    if term in CONSTANTS:
        return complex(CONSTANTS[term])
    if isinstance(term, sp.Add):
        return sum((_value(a, values) for a in term.args), 0j)
    if isinstance(term, sp.Mul):
        return math.prod((_value(a, values) for a in term.args), start=1 + 0j)
    if isinstance(term, sp.Pow):
        return _value(term.base, values) ** _value(term.exp, values)
    return FUNCTIONS[type(term)](*(_value(a, values) for a in term.args))


def close(left: complex | None, right: complex | None, tolerance: float = 1e-6) -> bool:
    """Whether two values agree roughly."""
    return left is not None and right is not None and abs(left - right) <= tolerance * (1 + abs(left) + abs(right))


def samples(names: list[Symbol]) -> list[dict[Symbol, complex]]:
    """A few values for some names: moderate, large, and of the other sign where that is allowed."""
    found = []
    for base, step in ((0.6137, 0.2741), (3.718, 1.1931), (-0.5371, -0.1719)):
        values = {}
        for k, name in enumerate(names):
            value = base + step * k
            if name.is_integer:
                value = float(round(4 * value) or 1)
            values[name] = complex(abs(value) if name.is_nonnegative else -abs(value) if name.is_nonpositive else value)
        found.append(values)
    return found
