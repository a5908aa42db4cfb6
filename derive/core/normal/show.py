"""From normal forms back to terms, to be shown: a residue, a condition.

Promise: the term has the value of the polynomial, except where a name that
the claim does not hold stands in for what has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy
from sympy import (
    Add,
    Catalan,
    EulerGamma,
    Expr,
    Function,
    GoldenRatio,
    I,
    Integer,
    Mul,
    Pow,
    Rational,
    Symbol,
    exp,
    oo,
    pi,
)

from derive.core.normal.atoms import Atom, Exponent, Poly
from derive.core.normal.sums import split_law
from derive.core.terms import (
    Applied,
    Array,
    CrossEntropy,
    Defined,
    Definition,
    Delta,
    Divergence,
    Entropy,
    Entry,
    Expectation,
    FunctionSymbol,
    Index,
    Law,
    Maximum,
    Minimum,
    Partial,
    Prob,
    Product,
    RandomArray,
    Recursion,
    Scalar,
    Sum,
    Total,
    Variance,
    substitute,
    taken_indices,
)

__all__ = ["show"]

CONSTANTS = {"pi": pi, "EulerGamma": EulerGamma, "Catalan": Catalan, "GoldenRatio": GoldenRatio}
FUNCTIONS: dict[str, Any] = {
    head.__name__: head
    for head in (
        sympy.exp, sympy.log, sympy.Abs, sympy.sign, sympy.re, sympy.im, sympy.conjugate, sympy.arg,
        sympy.sin, sympy.cos, sympy.tan, sympy.cot, sympy.sec, sympy.csc, sympy.sinc,
        sympy.asin, sympy.acos, sympy.atan, sympy.acot, sympy.asec, sympy.acsc,
        sympy.sinh, sympy.cosh, sympy.tanh, sympy.coth, sympy.sech, sympy.csch,
        sympy.asinh, sympy.acosh, sympy.atanh, sympy.acoth, sympy.floor, sympy.ceiling, sympy.Mod,
        sympy.factorial, sympy.binomial, sympy.RisingFactorial, sympy.FallingFactorial, sympy.gamma, sympy.loggamma,
        sympy.digamma, sympy.polygamma, sympy.beta, sympy.zeta, sympy.harmonic, sympy.erf, sympy.erfc,
    )
}
BINDERS: dict[str, type] = {
    "Sum": Sum, "Prod": Product, "E": Expectation, "Var": Variance, "H": Entropy, "HX": CrossEntropy, "KL": Divergence,
    "Max": Maximum, "Min": Minimum,
}
SLOPES: dict[str, Any] = {"Total": Total, "Partial": Partial}
LETTERS = "ijklmnabcdefgh"


def show(poly: Poly, names: Mapping[str, Symbol]) -> Expr:
    """The term of a polynomial; `names` are the symbols of the claim, by name."""
    return _Shower(dict(names)).poly(poly, {})


class _Shower:
    """Rebuilds terms, choosing letters for bound labels."""

    def __init__(self, names: dict[str, Symbol]) -> None:
        self.names = names
        self.seen: dict[tuple[Atom, Exponent, int], tuple[Expr, Mapping[str, Index]]] = {}

    def poly(self, poly: Poly, scope: Mapping[str, Index]) -> Expr:
        parts = list(poly.terms.items())
        if len(parts) > 1:
            parts.sort(key=lambda t: str(t[0]))
        terms = [self._term(mono, c, scope) for mono, c in parts]
        if not terms:
            return Integer(0)
        return terms[0] if len(terms) == 1 else Add(*terms, evaluate=False)

    def _term(self, mono: Any, coefficient: Any, scope: Mapping[str, Index]) -> Expr:
        factors: list[Expr] = [self._power(atom, e, scope) for atom, e in mono]
        if coefficient != 1 or not factors:
            factors.insert(0, Rational(int(coefficient.p), int(coefficient.q)))
        return factors[0] if len(factors) == 1 else Mul(*factors, evaluate=False)

    def _power(self, atom: Atom, e: Exponent, scope: Mapping[str, Index]) -> Expr:
        """A power of an atom, written once for all the places in one scope where it stands."""
        key = (atom, e, id(scope))
        if key not in self.seen:
            self.seen[key] = self._written(atom, e, scope), scope  # which is kept, so that no other gets its id
        return self.seen[key][0]

    def _written(self, atom: Atom, e: Exponent, scope: Mapping[str, Index]) -> Expr:
        exponent = Rational(e.numerator, e.denominator)
        if atom.kind == "f" and atom.name == "exp" and e != 1:
            inner = self.poly(atom.args[0], scope)
            return exp(Mul(exponent, inner, evaluate=False), evaluate=False)
        if atom.kind == "^":
            base, up = (self.poly(a, scope) for a in atom.args)
            return Pow(base, up if e == 1 else Mul(exponent, up, evaluate=False), evaluate=False)
        base = self._atom(atom, scope)
        return base if e == 1 else Pow(base, exponent, evaluate=False)

    def _atom(self, atom: Atom, scope: Mapping[str, Index]) -> Expr:
        if atom.kind in BINDERS:
            return self._binder(atom, scope)
        args = [self.poly(a, scope) for a in atom.args]
        match atom.kind:
            case "s" | "k":
                return self.names.get(atom.name) or Symbol(atom.name if atom.kind == "s" else f"kappa_{atom.name}")
            case "c":
                return CONSTANTS.get(atom.name) or Symbol(atom.name)
            case "I":
                return I
            case "u":
                return Integer(-1)
            case "p":
                return Integer(int(atom.name))
            case "i":
                return scope.get(atom.name) or self.names.get(atom.name.lstrip("$")) or Symbol(atom.name)
            case "x":
                return Entry(self._named(atom.name, Array), *args)
            case "g":
                return self._applied(atom, args)
            case "D":
                return self._defined(atom, args)
            case "R":
                found = self.names.get(atom.name)
                return found(args[0]) if isinstance(found, Recursion) else Symbol(atom.name)
            case "d":
                return Delta(args[0], Integer(0))
            case "P":
                law, targets, givens = split_law(atom)
                values = dict(zip([*targets, *givens], args, strict=True))
                return Prob(self._named(law, Law), {t: values[t] for t in targets}, {g: values[g] for g in givens})
            case "f":
                return self._function(atom.name, args)
        return args[0]

    def _defined(self, atom: Atom, args: list[Expr]) -> Expr:
        """The definition; its body where that takes bound indices from around it, under their letters here."""
        head = self.names.get(atom.name)
        if not isinstance(head, Definition):
            return Symbol(atom.name)
        count = len(head.parameters)
        around = dict(zip(taken_indices(head), args[count:], strict=False))
        if all(index == place for index, place in around.items()):
            return head(*args[:count])
        return substitute(head.body, around | dict(zip(head.parameters, args[:count], strict=True)))

    def _function(self, name: str, args: list[Expr]) -> Expr:
        if name in SLOPES and isinstance(args[1], (Entry, Defined, Scalar)):
            return SLOPES[name](*args)
        if name in FUNCTIONS:
            found: Expr = FUNCTIONS[name](*args, evaluate=False)
            return found
        return Function(name)(*args)

    def _applied(self, atom: Atom, args: list[Expr]) -> Expr:
        name, orders = atom.name.split(";")
        function = self.names.get(name)
        if not isinstance(function, FunctionSymbol):
            return Function(name)(*args)
        counts = [int(k) for k in orders.split(",")] if orders else [0] * len(args)
        found: Applied = function.derivative(*counts)(*args)
        return found

    def _named(self, name: str, kind: type) -> Any:
        found = self.names.get(name)
        return found if isinstance(found, kind) else Symbol(name)

    def _binder(self, atom: Atom, scope: Mapping[str, Index]) -> Expr:
        inner = dict(scope)
        bound: list[Any] = []
        for index in atom.bound:
            lo = self.poly(index.args[0], scope)
            hi = self.poly(index.args[1], scope) if len(index.args) > 1 else oo
            fresh = Index(self._letter(inner), lo, hi)
            inner[index.name] = fresh
            bound.append(fresh)
        bound.extend(self.names[a] for a in atom.arrays if isinstance(self.names.get(a), RandomArray))
        bodies = [self.poly(a, inner) for a in atom.args]
        if atom.kind in {"E", "Var"} and len(bodies) == 1:
            bodies.append(Integer(1))
        found: Expr = BINDERS[atom.kind](*bodies, *bound)
        return found

    def _letter(self, scope: Mapping[str, Index]) -> str:
        taken = {i.name for i in scope.values()} | set(self.names)
        return next(name for n in range(99) for name in (c + "'" * n for c in LETTERS) if name not in taken)
