"""The functions and constants that a claim may name.

Promise: a call builds the head and evaluates nothing. What a function that the engine has no rules for is worth may be
known all the same (`core.meaning.heads`), so that a wrong claim about it is refuted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import sympy as sp
from sympy import Basic, Expr, S
from sympy.functions.combinatorial import numbers

from derive.core.terms import Delta

__all__ = ["CONSTANTS", "FUNCTIONS", "RELATIONS", "Known"]


class Known(NamedTuple):
    """A function: how it is built, and how many arguments it takes."""

    build: Callable[..., Expr]
    least: int
    most: int


CONSTANTS: dict[str, Expr] = {
    "oo": S.Infinity, "pi": S.Pi, "E": S.Exp1, "I": S.ImaginaryUnit, "EulerGamma": S.EulerGamma,
    "Catalan": S.Catalan, "GoldenRatio": S.GoldenRatio,
}  # fmt: skip
"""The names of numbers, which no symbol may take."""

RELATIONS: dict[str, type[Basic]] = {
    "=": sp.Eq, "==": sp.Eq, "!=": sp.Ne, "<": sp.Lt, "<=": sp.Le, ">": sp.Gt, ">=": sp.Ge,
    "Eq": sp.Eq, "Ne": sp.Ne, "Lt": sp.Lt, "Le": sp.Le, "Gt": sp.Gt, "Ge": sp.Ge,
}  # fmt: skip
"""Comparisons, as signs and as words."""

_MANY = 1_000


def _inert(head: Callable[..., Expr]) -> Callable[..., Expr]:
    return lambda *args: head(*args, evaluate=False)


def _log(term: Expr, base: Expr | None = None) -> Expr:
    above = sp.log(term, evaluate=False)
    if base is None:
        return above
    return sp.Mul(above, sp.Pow(sp.log(base, evaluate=False), S.NegativeOne, evaluate=False), evaluate=False)


def _root(term: Expr) -> Expr:
    return sp.Pow(term, S.Half, evaluate=False)


def _bare(head: type[Expr]) -> Callable[..., Expr]:
    """A head whose own constructor rewrites what it is given."""
    return lambda *args: Expr.__new__(head, *args)


_ONE = (
    "exp", "sin", "cos", "tan", "cot", "sec", "csc", "sinc", "sinh", "cosh", "tanh", "coth", "sech", "csch", "asin",
    "acos", "atan", "acot", "asec", "acsc", "asinh", "acosh", "atanh", "acoth", "asech", "acsch", "floor", "ceiling",
    "sign", "re", "im", "conjugate", "arg", "factorial", "gamma", "loggamma", "digamma", "erf", "erfc", "erfi",
    "factorial2", "subfactorial", "trigamma", "Ei", "Si", "Ci", "Shi", "Chi", "li", "Li", "fresnels", "fresnelc",
    "airyai", "airybi", "airyaiprime", "airybiprime", "elliptic_k", "dirichlet_eta",
)  # fmt: skip
_TWO = (
    "Mod", "binomial", "RisingFactorial", "FallingFactorial", "polygamma", "beta", "atan2", "polylog", "expint",
    "besselj", "bessely", "besseli", "besselk", "hankel1", "hankel2", "jn", "yn", "legendre", "chebyshevt",
    "chebyshevu", "hermite", "elliptic_f", "lowergamma", "uppergamma", "erf2", "multigamma",
)  # fmt: skip
_RANGE = {
    "zeta": (1, 2), "harmonic": (1, 2), "LambertW": (1, 2), "elliptic_e": (1, 2), "elliptic_pi": (2, 3),
    "stieltjes": (1, 2), "laguerre": (2, 2), "assoc_laguerre": (3, 3), "assoc_legendre": (3, 3), "gegenbauer": (3, 3),
    "jacobi": (4, 4), "lerchphi": (3, 3), "betainc": (4, 4), "Heaviside": (1, 2), "DiracDelta": (1, 2),
}  # fmt: skip
_SEQUENCES = {
    "fibonacci": (1, 2), "lucas": (1, 1), "bernoulli": (1, 2), "euler": (1, 2), "catalan": (1, 1), "bell": (1, 2),
    "genocchi": (1, 1), "partition": (1, 1), "totient": (1, 1), "primepi": (1, 1), "divisor_sigma": (1, 2),
}  # fmt: skip

FUNCTIONS: dict[str, Known] = {
    **{name: Known(_inert(getattr(sp, name)), 1, 1) for name in _ONE},
    **{name: Known(_inert(getattr(sp, name)), 2, 2) for name in _TWO},
    **{name: Known(_inert(getattr(sp, name)), *counts) for name, counts in _RANGE.items()},
    **{name: Known(_inert(getattr(numbers, name)), *counts) for name, counts in _SEQUENCES.items()},
    "Abs": Known(_inert(sp.Abs), 1, 1),
    "abs": Known(_inert(sp.Abs), 1, 1),
    "sqrt": Known(_root, 1, 1),
    "log": Known(_log, 1, 2),
    "ln": Known(_log, 1, 2),
    "rf": Known(_inert(sp.RisingFactorial), 2, 2),
    "ff": Known(_inert(sp.FallingFactorial), 2, 2),
    "Max": Known(_inert(sp.Max), 1, _MANY),
    "Min": Known(_inert(sp.Min), 1, _MANY),
    "KroneckerDelta": Known(Delta, 2, 2),
    "delta": Known(Delta, 2, 2),
    "betainc_regularized": Known(_bare(sp.betainc_regularized), 4, 4),
    "hyper": Known(_bare(sp.hyper), 3, 3),
}
"""Every function by its name."""
