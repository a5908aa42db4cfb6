"""Special functions over few primitives: gamma, digamma, zeta(s, a), erf.

Promise: `canonical_pair(left, right, context)` gives two terms such that, where these are equal wherever both are
defined, so are the sides as given. Each rewriting is a theorem; a condition of it either follows from the context, or
fails only at isolated values of a symbol in which both sides are continuous wherever they have a value: equality then
holds there as well, being a limit. What stands inside of binders and cases is left as it is.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import sympy as sp
from sympy import Expr

from derive.core.scalar.context import Context
from derive.core.scalar.elliptic import ELLIPTIC
from derive.core.scalar.gammas import gammas
from derive.core.scalar.hypers import airy_at_zero, as_series, hyper_value, neighbours, unnamed
from derive.core.scalar.kin import KIN
from derive.core.scalar.ladders import LADDERS, ladders
from derive.core.scalar.looseness import loose
from derive.core.scalar.places import Known, applied, moved
from derive.core.scalar.powers import by_powers
from derive.core.scalar.spelling import CASES, Case
from derive.core.scalar.spelling import spelt as by_definition
from derive.core.scalar.zero import equal
from derive.core.scalar.zetas import digammas, zetas

__all__ = ["canonical", "canonical_pair", "equal_special", "exact_pair", "loose", "unnamed"]


def canonical(term: Expr, context: Context) -> Expr:
    """The term with its special functions over few primitives; equal to it wherever it is defined."""
    return _canonical((term,), Known(context))[0]


@lru_cache(maxsize=4096)
def canonical_pair(left: Expr, right: Expr, context: Context) -> tuple[Expr, Expr]:
    """Both sides of an equation over the same primitives."""
    found = _canonical((left, right), Known(context, loose(left, right, context)))
    return found[0], found[1]


@lru_cache(maxsize=4096)
def exact_pair(left: Expr, right: Expr, context: Context) -> tuple[Expr, Expr]:
    """The same, each side equal to what it was wherever that is defined: nothing is left to continuity."""
    found = _canonical((left, right), Known(context))
    return found[0], found[1]


def equal_special(left: Expr, right: Expr, context: Context) -> bool:
    """Known to be equal wherever both are defined."""
    if equal(left, right, context):
        return True
    plain = canonical_pair(left, right, context)
    return equal(*plain, context) or by_powers(*plain, context)


def _canonical(sides: tuple[Expr, ...], known: Known) -> tuple[Expr, ...]:
    sides = unnamed(sides)
    if not any(side.has(*SPECIAL) for side in sides):
        return sides
    written = [t.args[0] for t in applied(sides, sp.gamma, sp.digamma)]
    written += [moved(t.args[0], 1) for t in applied(sides, sp.factorial, sp.harmonic) if len(t.args) == 1]
    known = replace(known, written=tuple(written))
    if any(side.has(sp.hyper) for side in sides) or all(any(s.has(*kind) for s in sides) for kind in (AIRY, BESSEL)):
        sides = as_series(sides, known)
    found = tuple(by_definition(side, known, FURTHER) for side in sides)
    for pass_ in (ladders, neighbours, zetas, digammas, gammas):
        found = pass_(found, known)
    return found


def _airy(order: int, which: int) -> Case:
    return lambda args, known: airy_at_zero(args, known, order, which)


FURTHER: dict[type, Case] = {
    **CASES, **ELLIPTIC, **KIN,
    sp.hyper: hyper_value,
    sp.airyai: _airy(0, 0), sp.airybi: _airy(0, 1), sp.airyaiprime: _airy(1, 0), sp.airybiprime: _airy(1, 1),
}
"""What all heads are in terms of others."""

AIRY = (sp.airyai, sp.airybi, sp.airyaiprime, sp.airybiprime)
BESSEL = (sp.besselj, sp.bessely, sp.besseli, sp.besselk)
"""Where both stand in a claim, they are compared as series."""

PLAIN = (sp.gamma, sp.digamma, sp.erf, sp.loggamma)
SPECIAL = (*(head for head in FURTHER if head is not sp.exp), *PLAIN, *LADDERS)
