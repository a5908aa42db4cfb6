"""Sums that are infinite: `= oo` and `= -oo`.

Promise: `infinite_sign` is 1 or -1 only where a term is a known positive (or
negative) multiple of one sum over an infinite range all of whose terms are at
least some rational c > 0; that sum is oo.
"""

from __future__ import annotations

from flint import fmpq
from sympy import Expr, S

from derive.core.assume import Assumptions
from derive.core.defined import Needs
from derive.core.normal.atoms import Atom, Poly
from derive.core.normal.convert import Converter
from derive.core.terms import Binder, subterms

__all__ = ["infinite_sign", "only_divergence_missing"]


def infinite_sign(term: Expr, assumptions: Assumptions, caps: frozenset[str]) -> int | None:
    """The sign of an infinite value, or None where the term is not known to be infinite."""
    single = Converter(assumptions.ring(caps))(term).single
    if single is None:
        return None
    coefficient, mono = single
    sums = [atom for atom, e in mono if e == 1 and _diverges(atom, assumptions)]
    if len(sums) != 1:
        return None
    factor = Poly({tuple(f for f in mono if f[0] != sums[0]): coefficient})
    if assumptions.facts.positive(factor):
        return 1
    return -1 if assumptions.facts.negative(factor) else None


def _diverges(atom: Atom, assumptions: Assumptions) -> bool:
    """A sum of terms that are all at least c > 0 over an infinite range, and over others that are not empty."""
    if atom.kind != "Sum" or all(len(index.args) == 2 for index in atom.bound):
        return False
    body = assumptions.facts.bounds(atom.args[0])
    above = body is not None and body.lo is not None and body.lo > fmpq(0)
    return above and all(assumptions.facts.nonempty(index) for index in atom.bound)


def only_divergence_missing(term: Expr, needs: Needs) -> bool:
    """Whether all that a term lacks is the convergence of the one infinite sum in it."""
    endless = [t for t in subterms(term) if isinstance(t, Binder) and any(lim[2] is S.Infinity for lim in t.limits)]
    return len(endless) == 1 and all(m.label == "converges" and m.term == endless[0] for m in needs.missing)
