"""Which terms have thin zeros among the points that the domains and the givens allow.

Promise: `thin_zeros` says True only where the zeros of a term are nowhere dense, or are everything (which the model
that a proof needs rules out): the points that a claim is about lie in a connected open set on which the term is one
analytic function of its continuous names.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sympy import Abs, Add, Expr, Mul, Pow, Rational, S, Symbol, gamma, im, re
from sympy.core.relational import Eq, Ge, Gt, Le, Lt

from derive.core.claims import Given
from derive.core.scalar.analytic import analytic_in
from derive.core.scalar.context import Context
from derive.core.scalar.givens import flat, taken_apart
from derive.core.terms import Binder, Index, Scalar, domain_of, substitute, subterms
from derive.core.thin import thin

__all__ = ["thin_zeros"]


def thin_zeros(term: Expr, context: Context) -> bool:
    """Whether "this is not 0" removes a thin set."""
    if any(isinstance(given, Eq) for given in context.known.comparisons):
        return False
    poly = context.poly(term)
    if poly is not None and thin(poly, context.assumptions(term).facts):
        return True
    names = term.free_symbols
    if not names:
        return False
    if any(isinstance(x, Index) or domain_of(x).field == "integer" for x in names):
        return _never_fixed(term, context)
    if any(isinstance(part, Binder) for part in subterms(term)):
        return False
    relaxed = {x: Scalar(x.name, replace(domain_of(x), nonzero=False)) for x in names if _has_hole(x)}
    variables = frozenset(relaxed.get(x, x) for x in names)
    return analytic_in(substitute(term, relaxed), variables, _connected(context, names))


def _never_fixed(term: Expr, context: Context) -> bool:
    """1/gamma(u), where whatever the integers in u are, u takes no value on an open set."""
    if not isinstance(term, Pow) or not isinstance(term.base, gamma) or term.exp is not S.NegativeOne:
        return False
    inside = context.poly(term.base.args[0])
    return inside is not None and thin(inside, context.assumptions(term).facts)


def _has_hole(x: Symbol) -> bool:
    """A real name that may have either sign, but not be 0."""
    domain = domain_of(x)
    below, above = domain.lo is None or domain.lo < 0, domain.hi is None or domain.hi > 0
    return domain.field != "complex" and domain.nonzero and below and above


def _connected(context: Context, names: Iterable[Symbol]) -> Context:
    """The context of givens that hold on a connected open set which has all points of the claim in it.

    Such are the convex ones; for complex names alone also what leaves out the zeros of analytic functions, and a single
    cut where nothing convex is given.
    """
    givens = list(flat(context.given))
    kept = [given for given in givens if _is_convex(given)]
    if any(domain_of(x).field != "complex" for x in names):
        return Context(tuple(given for given in kept if not any(map(_has_hole, given.free_symbols))))
    cuts = [given for given in givens if taken_apart([given]).cuts]
    apart = [given for given in givens if taken_apart([given]).apart or taken_apart([given]).gaps]
    return Context((*kept, *apart, *(cuts if len(cuts) == 1 and not kept else ())))


def _is_convex(given: Given) -> bool:
    if not isinstance(given, (Gt, Ge, Lt, Le)):
        return False
    low, high = (given.rhs, given.lhs) if isinstance(given, (Gt, Ge)) else (given.lhs, given.rhs)
    return _affine(high) and (_affine(low) or (isinstance(low, Abs) and _affine(low.args[0])))


def _affine(term: Expr) -> bool:
    """A real affine function of the names, their real and imaginary parts."""
    match term:
        case Rational() | Symbol():
            return True
        case re() | im():
            return _affine(term.args[0])
        case Add():
            return all(map(_affine, term.args))
        case Mul():
            return sum(bool(arg.free_symbols) for arg in term.args) <= 1 and all(
                _affine(arg) if arg.free_symbols else True for arg in term.args
            )
    return not term.free_symbols
