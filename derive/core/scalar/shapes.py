"""Terms and normal forms in the shape in which signs are read off.

Promise: `plain` and `without_squares` have the value of what they are given, wherever that is defined.
"""

from __future__ import annotations

import sympy as sp
from sympy import Expr, S, Symbol

from derive.core.normal.atoms import Atom, Mono, Poly, collect, merge
from derive.core.scalar.differentiate import power, times
from derive.core.scalar.exponentials import TABLE as AS_EXPONENTIALS
from derive.core.terms import children_in_scope, rebuild
from derive.core.terms.heads import Binder

__all__ = ["additive", "exponential_parts", "linear_coefficient", "plain", "without_squares"]

ADDITIVE = frozenset({"log", "atan", "asin", "acos", "asinh", "acosh", "atanh", "erf", "erfc"})
"""Functions whose derivatives are simpler than they are: one of them is freed of its coefficient."""

MOST_SCALES = 3


def plain(term: Expr) -> Expr:
    """Hyperbolic functions as exponentials, tangents and their kin as quotients."""
    if isinstance(term, Binder) or not children_in_scope(term):
        return term
    args = [plain(a) if isinstance(a, Expr) else a for a in term.args]
    if type(term) in HYPERBOLIC:
        return AS_EXPONENTIALS[type(term)](args[0])
    if type(term) in CIRCULAR:
        above, under = CIRCULAR[type(term)]
        top = S.One if above is None else above(args[0], evaluate=False)
        return times(top, power(under(args[0], evaluate=False), S.NegativeOne))
    rebuilt: Expr = rebuild(term, args)
    return rebuilt


HYPERBOLIC = frozenset({sp.sinh, sp.cosh, sp.tanh, sp.coth, sp.sech, sp.csch})
CIRCULAR = {
    sp.tan: (sp.sin, sp.cos), sp.cot: (sp.cos, sp.sin), sp.sec: (None, sp.cos), sp.csc: (None, sp.sin),
}


def without_squares(poly: Poly, name: str = "sin") -> Poly:
    """The polynomial with sin^2 = 1 - cos^2, or with cos^2 = 1 - sin^2."""
    other = "cos" if name == "sin" else "sin"
    while True:
        place = next(((m, a, e) for m in poly.terms for a, e in m
                      if (a.kind, a.name) == ("f", name) and isinstance(e, int) and e >= 2), None)
        if place is None:
            return poly
        mono, atom, e = place
        rest = tuple(f for f in mono if f[0] != atom)
        rest = merge(rest, ((atom, e - 2),)) if e > 2 else rest
        c = poly.terms[mono]
        kept = [(m, d) for m, d in poly.terms.items() if m != mono]
        twin = ((Atom("f", other, atom.args), 2),)
        poly = collect([*kept, (rest, c), (merge(rest, twin), -c)])


def additive(poly: Poly, x: Symbol) -> list[Atom]:
    """The logarithms and their kin that depend on x."""
    found = {a for m in poly.terms for a, _ in m if a.kind == "f" and a.name in ADDITIVE}
    return sorted((a for a in found if any(b.name == x.name for p in a.args for b in p.all_atoms())),
                  key=lambda a: a.key)


def linear_coefficient(poly: Poly, atom: Atom) -> Poly | None:
    """The factor of an atom that stands to the power 1 only."""
    parts = []
    for mono, c in poly.terms.items():
        e = dict(mono).get(atom, 0)
        if e == 1:
            parts.append((tuple(f for f in mono if f[0] != atom), c))
        elif e:
            return None
    return collect(parts)


def exponential_parts(poly: Poly) -> list[Mono]:
    """The exponentials that stand as factors of the terms: positive where their exponents are real."""
    found = {tuple(f for f in m if (f[0].kind, f[0].name) == ("f", "exp")) for m in poly.terms}
    return sorted((m for m in found if m), key=str)[:MOST_SCALES]
