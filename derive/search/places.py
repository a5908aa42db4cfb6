"""Suggests places where a body may not be smooth: zeros of what stands under bars, roots and lines.

Promise: none; core checks where they lie, and what the body does on either side.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp
from sympy import Expr, Integer, Rational, S, Symbol

from derive.search.plain import Plain

__all__ = ["places"]


def places(f: Expr, x: Symbol) -> Iterator[Expr]:
    """Where f may not be smooth; 0 first."""
    yield S.Zero
    plain = Plain.of(f, x)
    for found in _roots(plain.to(f), plain.there[x]):
        yield plain.back(found)


def _roots(f: Expr, x: Symbol) -> Iterator[Expr]:
    seen: set[Expr] = {S.Zero}
    for t in sp.preorder_traversal(f):
        for u in _inside(t):
            for root in _zeros(u, x):
                if root not in seen:
                    seen.add(root)
                    yield root


def _inside(t: Expr) -> list[Expr]:
    if isinstance(t, (sp.Abs, sp.sign, sp.log)):
        return [t.args[0]]
    if isinstance(t, (sp.Max, sp.Min)):
        return [a - b for a in t.args for b in t.args if a != b]
    if (isinstance(t, sp.Pow) and not t.args[1].is_nonnegative) or (isinstance(t, sp.Pow) and not t.args[1].is_integer):
        return [t.args[0]]
    if isinstance(t, (sp.tan, sp.sec)):
        return [sp.cos(t.args[0])]
    return []


def _zeros(u: Expr, x: Symbol) -> Iterator[Expr]:
    if x not in u.free_symbols:
        return
    if isinstance(u, (sp.sin, sp.cos, sp.tan)):
        for turn in sorted(range(-8, 9), key=abs):
            half = Rational(2*turn + 1, 2) if isinstance(u, sp.cos) else Integer(turn)
            yield from _polynomial(u.args[0] - half*sp.pi, x)
    elif isinstance(u, sp.log):
        yield from _polynomial(u.args[0] - 1, x)
    elif isinstance(u, (sp.Mul, sp.Pow)):
        for a in u.args:
            yield from _zeros(a, x)
    else:
        yield from _polynomial(u, x)


def _polynomial(u: Expr, x: Symbol) -> Iterator[Expr]:
    """The roots of a polynomial of degree one or two."""
    if not u.is_polynomial(x):
        return
    found = sp.Poly(u, x)
    if found.degree() == 1:
        a, b = found.all_coeffs()
        yield -b/a
    elif found.degree() == 2:
        a, b, c = found.all_coeffs()
        root = sp.sqrt(b**2 - 4*a*c)
        yield (-b - root)/(2*a)
        yield (-b + root)/(2*a)
