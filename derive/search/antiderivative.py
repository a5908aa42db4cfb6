"""Suggests antiderivatives.

Promise: none; core differentiates what is suggested.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import sympy as sp
from sympy import Expr, Symbol

from derive.search.ansatz import by_ansatz
from derive.search.effort import bounded
from derive.search.integration import antiderivative
from derive.search.plain import Plain, branches, usable

__all__ = ["antiderivatives"]

MOST_CALLS = 500_000


def antiderivatives(f: Expr, x: Symbol) -> Iterator[Expr]:
    """Terms whose derivative may be f, each once."""
    plain = Plain.of(f, x)
    body = bounded(MOST_CALLS, plain.to, f)
    if body is None or not usable(body):
        return
    seen: set[Expr] = set()
    for search in (_found, _for_positive):
        found = search(body, plain.there[x])
        for branch in branches(found) if found is not None else ():
            for term in _variants(branch, plain.there[x]):
                if term not in seen and usable(term):
                    seen.add(term)
                    yield plain.back(term)


@lru_cache(maxsize=1024)
def _found(f: Expr, x: Symbol) -> Expr | None:
    return bounded(MOST_CALLS, antiderivative, f, x)


def _for_positive(f: Expr, x: Symbol) -> Expr | None:
    """What is found where powers of x are taken together as for positive x."""
    t = Symbol("t", positive=True)
    found = bounded(MOST_CALLS, by_ansatz, f.xreplace({x: t}), t)
    return None if found is None else found.xreplace({t: x})


def _variants(term: Expr, x: Symbol) -> Iterator[Expr]:
    """The term, and it with logarithms taken of the opposite argument, whose derivative is the same."""
    yield term
    logs = [t for t in term.atoms(sp.log) if x in t.free_symbols]
    if logs:
        yield term.xreplace({t: sp.log(-t.args[0]) for t in logs})
        yield term.xreplace({t: sp.log(t.args[0]**2)/2 for t in logs})
