"""Heads that bind: sums, expectations, entropies; and the given that a law has full support.

Promise: as for the package.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sympy import Add, Basic, Expr, Mul, Pow, S, Symbol, Tuple, log
from sympy.logic.boolalg import Boolean

from derive.core.errors import TermError
from derive.core.terms.names import Index, Law, RandomArray
from derive.core.terms.values import term_of

__all__ = ["Binder", "CrossEntropy", "Divergence", "Entropy", "Expectation", "FullSupport", "Sum", "Variance"]


class Binder(Expr):
    """A head that binds: its first `BODIES` args are in scope of the rest.

    What binds is a Tuple (index, lo, hi), or a random array. A later index's
    range may not use an earlier one.
    """

    is_commutative = True

    BODIES: ClassVar[int] = 1

    def __new__(cls, *args: Any) -> Any:
        parts = [_binding(arg) if k >= cls.BODIES else term_of(arg) for k, arg in enumerate(args)]
        if len(parts) <= cls.BODIES:
            raise TermError(f"{cls.__name__}: expected {cls.BODIES} bodies and at least one index, found {len(parts)}")
        names = [p[0] if isinstance(p, Tuple) else p for p in parts[cls.BODIES:]]
        if len(set(names)) != len(names):
            raise TermError(f"{cls.__name__}: an index is bound twice in {names}")
        return super().__new__(cls, *parts)

    @property
    def bodies(self) -> tuple[Expr, ...]:
        """The expressions in scope."""
        return self.args[: self.BODIES]

    @property
    def limits(self) -> tuple[Tuple, ...]:
        """The bound indices, each with its range."""
        return tuple(b for b in self.args[self.BODIES:] if isinstance(b, Tuple))

    @property
    def arrays(self) -> tuple[RandomArray, ...]:
        """The bound random arrays."""
        return tuple(b for b in self.args[self.BODIES:] if isinstance(b, RandomArray))

    @property
    def free_symbols(self) -> set[Symbol]:
        inside: set[Symbol] = set().union(*(b.free_symbols for b in self.bodies))
        bound = {limit[0] for limit in self.limits} | set(self.arrays)
        ranges: set[Symbol] = set().union(*(e.free_symbols for limit in self.limits for e in limit[1:]))
        return (inside - bound) | ranges

    @property
    def bound_symbols(self) -> list[Symbol]:
        """What it binds."""
        return [limit[0] for limit in self.limits] + list(self.arrays)

    def _sympystr(self, printer: Any) -> str:
        """SymPy's printer goes by the name of a class, and would take our `Sum` for its own."""
        return f"{type(self).__name__}({', '.join(printer.doprint(arg) for arg in self.args)})"


def _binding(arg: Any) -> Basic:
    if isinstance(arg, Index):
        return arg.limits
    if isinstance(arg, RandomArray):
        return arg
    if isinstance(arg, (tuple, Tuple)) and len(arg) == 3 and isinstance(arg[0], Index):
        return Tuple(*arg)
    raise TermError(f"expected an index, (index, lo, hi) or a random array to bind, found {arg!r}")


def _times(*factors: Any) -> Expr:
    return Mul(*factors, evaluate=False)


def _minus(term: Any) -> Expr:
    return _times(S.NegativeOne, term)


def _log(term: Any) -> Expr:
    return log(term, evaluate=False)


class Sum(Binder):
    """The sum of its body over its indices; 0 over an empty range."""


class Expectation(Binder):
    """E of a body: args are the body, the weight, and what is bound.

    The weight is a law (of an index) or 1 (where random arrays are bound).
    """

    BODIES = 2

    def definition(self) -> Expr:
        """The weighted sum; over random arrays it is itself."""
        body, weight = self.bodies
        if self.arrays:
            return self
        return Sum(_times(weight, body), *self.limits)


class Variance(Binder):
    """Var of a body under a weight, or over random arrays."""

    BODIES = 2

    def definition(self) -> Expr:
        """E[(f - E f)^2]."""
        body, weight = self.bodies
        binders = self.args[self.BODIES:]
        mean = Expectation(body, weight, *binders)
        return Expectation(Pow(Add(body, _minus(mean), evaluate=False), 2, evaluate=False), weight, *binders)


class Entropy(Binder):
    """H(P) in nats: minus the sum of P ln P, with 0 ln 0 = 0."""

    def definition(self) -> Expr:
        """- sum P ln P."""
        (p,) = self.bodies
        return _minus(Sum(_times(p, _log(p)), *self.limits))


class CrossEntropy(Binder):
    """H(P, Q) in nats: minus the sum of P ln Q."""

    BODIES = 2

    def definition(self) -> Expr:
        """- sum P ln Q."""
        p, q = self.bodies
        return _minus(Sum(_times(p, _log(q)), *self.limits))


class Divergence(Binder):
    """KL(P, Q) in nats: the sum of P ln(P/Q); oo where Q = 0 < P."""

    BODIES = 2

    def definition(self) -> Expr:
        """Sum P ln(P/Q)."""
        p, q = self.bodies
        return Sum(_times(p, _log(_times(p, Pow(q, -1, evaluate=False)))), *self.limits)


# ---------------------------------------------------------------- givens


class FullSupport(Boolean):
    """The hypothesis that a law is positive wherever its variables are in range."""

    @property
    def law(self) -> Law:
        """The law."""
        return self.args[0]
