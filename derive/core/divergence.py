"""What is infinite: `= oo` and `= -oo`.

Promise: `infinite_sign` is 1 or -1 only where a term is a known positive (or
negative) multiple of one sum over an infinite range all of whose terms are at
least some rational c > 0; that sum is oo. `misses` is True only where the term
is H(P, Q) or KL(P, Q) of laws, and Q is 0 where P is not: it is oo, as the
terms that are not oo add up to more than -oo.
"""

from __future__ import annotations

from flint import fmpq
from sympy import Expr, S

from derive.core.assume import Assumptions
from derive.core.discharge import Needs
from derive.core.normal.atoms import Atom, Poly
from derive.core.normal.convergence import picks
from derive.core.normal.convert import Converter
from derive.core.normal.heads import is_law, not_negative
from derive.core.terms import Binder, CrossEntropy, Divergence, subterms

__all__ = ["infinite_sign", "misses", "only_divergence_missing"]


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


def misses(term: Expr, assumptions: Assumptions) -> bool:
    """Whether it is a cross-entropy or divergence of two laws, the second of which is 0 where the first is not."""
    if not isinstance(term, (CrossEntropy, Divergence)) or len(term.limits) != 1:
        return False
    ring = assumptions.ring(frozenset({"powers"}))
    atom = Converter(ring)(term).atom
    if atom is None or len(atom.bound) != 1:
        return False
    (index,), (p, q) = atom.bound, atom.args
    if not all(is_law(ring, body, atom.bound) for body in atom.args) or not not_negative(ring, p, strict=True):
        return False
    return _two_values(index, assumptions) and _is_zero_off_one(q, index)


def _two_values(index: Atom, assumptions: Assumptions) -> bool:
    return len(index.args) == 1 or assumptions.facts.positive(index.args[1] - index.args[0])


def _is_zero_off_one(body: Poly, index: Atom) -> bool:
    """Whether it is 0 but at one value of the index at most."""
    single = body.single
    return single is not None and any(a.kind == "d" and e > 0 and picks(a, index) for a, e in single[1])


def only_divergence_missing(term: Expr, needs: Needs) -> bool:
    """Whether all that a term lacks is the convergence of the one infinite sum in it."""
    endless = [t for t in subterms(term) if isinstance(t, Binder) and any(lim[2] is S.Infinity for lim in t.limits)]
    return len(endless) == 1 and all(m.label == "converges" and m.term == endless[0] for m in needs.missing)
