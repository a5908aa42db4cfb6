"""Sums: their values, whether they converge, and when combinations of them vanish.

Promise: `sum_value` is defined, and equal to the sum, at every point that the context allows and where the sum has a
value; a sum over lo <= k <= hi with hi < lo is 0, and a closed form is used for a range of symbolic length only where
that is known to be an integer >= 0. `converges` says True only where the sum converges absolutely, whatever the
context allows. What an oracle suggests is checked by telescoping.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import sympy as sp
from sympy import Add, Expr, Integer, Mul, Pow, Rational, S

from derive.core.errors import BudgetError, GivenError, NotNormal
from derive.core.normal.convert import Converter
from derive.core.normal.ring import UndefinedValue
from derive.core.normal.show import show
from derive.core.scalar import convergent, poles
from derive.core.scalar.alignment import aligned
from derive.core.scalar.context import CAPS, Context
from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.generating import generating
from derive.core.scalar.hypergeometric import closed, read, terminating
from derive.core.scalar.oracle import SILENT, Oracle
from derive.core.scalar.places import Known, applied, minus, moved, number
from derive.core.scalar.products import product_value
from derive.core.scalar.recurrences import Member, by_induction, defined
from derive.core.scalar.series import Term, factor, linear_in, summands
from derive.core.scalar.special import equal_special, loose
from derive.core.scalar.spelling import spelt
from derive.core.scalar.zero import equal
from derive.core.terms import Index, Sum, substitute, subterms

__all__ = ["converges", "has_value", "product_value", "sum_value", "sums_equal"]

MOST_TERMS = 64
HALF = Rational(1, 2)


# ---------------------------------------------------------------- values


def sum_value(term: Sum, context: Context, oracle: Oracle) -> Expr | None:
    """The value of a sum, or None."""
    if len(term.limits) > 1:
        inner = sum_value(Sum(term.bodies[0], term.limits[-1]), context, oracle)
        return None if inner is None else sum_value(Sum(inner, *term.limits[:-1]), context, oracle)
    body, k = over_index(term)
    if k not in body.free_symbols:
        return _constant(body, k, context)
    written = _written_out(body, k)
    if written is not None:
        return written
    if k.hi is S.Infinity:
        return _endless(body, k, context)
    found = _ended(body, k, Known(context), oracle) if _has_length(k, context) else None
    return _after_zero(body, k, context, oracle) if found is None else found


def _after_zero(body: Expr, k: Index, context: Context, oracle: Oracle) -> Expr | None:
    """Without a first term that is 0: over no index at all, both sums are 0."""
    after = Index(k.name, moved(k.lo, 1), k.hi)
    if not _has_length(after, context) or not equal(substitute(body, {k: k.lo}), S.Zero, context):
        return None
    return _ended(substitute(body, {k: after}), after, Known(context), oracle)


def over_index(term: Sum) -> tuple[Expr, Index]:
    """The body and the index of a sum over one index, the index with the range that it has here."""
    ((index, lo, hi),) = term.limits
    k = Index(index.name, lo, hi)
    return (term.bodies[0], k) if k == index else (substitute(term.bodies[0], {index: k}), k)


def _length(k: Index) -> Expr:
    return moved(plus(k.hi, minus(k.lo)), 1)


def _has_length(k: Index, context: Context) -> bool:
    return Known(context).natural(_length(k))


def _constant(body: Expr, k: Index, context: Context) -> Expr | None:
    if k.hi is S.Infinity or not _has_length(k, context):
        return None
    return times(body, _length(k))


def _written_out(body: Expr, k: Index) -> Expr | None:
    if not isinstance(k.lo, Integer) or not isinstance(k.hi, Integer) or k.hi - k.lo >= MOST_TERMS:
        return None
    return plus(*(substitute(body, {k: Integer(j)}) for j in range(int(k.lo), int(k.hi) + 1)))


def _endless(body: Expr, k: Index, context: Context) -> Expr | None:
    series = read(body, k, context)
    if series is not None:
        value = closed(series, context)
        if value is not None:
            return value
    known = Known(context)
    total: list[Expr] = []
    rational: list[poles.Part] = []
    for part in _spelt_out(body, known):
        term = factor(part, k, context)
        if term is None:
            value = generating(part, k, context, _endless)
            if value is None:
                return None
            total.append(value)
            continue
        found = poles.fractions(term, known)
        if found is not None:
            rational += found
            continue
        series = read(part, k, context, term)
        value = _power(term, k, context) if series is None else closed(series, context)
        if value is None:
            return None
        total.append(value)
    if rational:
        value = poles.endless(rational, k, context)
        if value is None:
            return None
        total.append(value)
    return plus(*total)


def _spelt_out(body: Expr, known: Known) -> list[Expr]:
    """The terms of a body; harmonic numbers are sums themselves."""
    return summands(spelt(body, known) if body.has(sp.harmonic) else body)


def _lone_power(term: Term) -> tuple[Expr, Expr, Expr] | None:
    """(c, s, root) for a term c ratio^k (k + root)^-s."""
    if len(term.powered) != 1 or term.linear or term.gamma:
        return None
    line, exponent = term.powered[0]
    return times(term.outside, power(number(line.slope), exponent)), minus(exponent), line.root


def _power(term: Term, k: Index, context: Context) -> Expr | None:
    """The sum of (k + a)^-s is zeta(s, lo + a) for re(s) > 1; with (-1)^k, by the even and the odd k apart."""
    found = _lone_power(term)
    if found is None:
        return None
    scale, s, root = found
    if not context.positive(moved(s, -1)) and not context.positive(moved(sp.re(s, evaluate=False), -1)):
        return None
    start = plus(k.lo, root)
    if equal(term.step, S.One, context):
        return times(scale, sp.zeta(s, start, evaluate=False))
    if not equal(term.step, S.NegativeOne, context):
        return None
    even, odd = (sp.zeta(s, times(HALF, moved(start, j)), evaluate=False) for j in (0, 1))
    return times(scale, power(S.NegativeOne, k.lo), power(Integer(2), minus(s)), plus(even, minus(odd)))


# ---------------------------------------------------------------- sums with an end


def _ended(body: Expr, k: Index, known: Known, oracle: Oracle | None) -> Expr | None:
    """The sum over a range of known length >= 0."""
    for method in (_by_ring, _by_series, _by_parts, _by_multiplication):
        value = method(body, k, known)
        if value is not None:
            return value
    return None if oracle is None else _telescoped(body, k, known, oracle)


def _by_ring(body: Expr, k: Index, known: Known) -> Expr | None:
    """A polynomial times a geometric term, as the normal form has it."""
    term = Sum(body, k)
    context = known.context
    try:
        assumptions = context.assumptions(term)
        ring = assumptions.ring(CAPS | {"series"})
        found = Converter(ring)(term)
    except (NotNormal, BudgetError, UndefinedValue, GivenError):
        return None
    if any(a.kind == "Sum" for a in found.all_atoms()):
        return None
    names = assumptions.names
    if not all(known.nonzero(show(c, names)) for c in ring.conditions.values()):
        return None
    value = show(found, names)
    below = {p.args[0] for p in _divisions(body)}  # x^(n - 1) is x^n/x there: not at x = 0
    return value if all(p.args[0] in below or known.nonzero(p.args[0]) for p in _divisions(value)) else None


def _divisions(term: Expr) -> Iterator[Pow]:
    """The powers that have no value at base 0."""
    for part in subterms(term):
        if isinstance(part, Pow) and isinstance(part.args[1], Rational) and part.args[1] < 0:
            yield part


def _by_series(body: Expr, k: Index, known: Known) -> Expr | None:
    """A series that ends where the range does."""
    context = known.context
    count = plus(k.hi, minus(k.lo))
    series = read(body, k, context)
    if series is None or series.before is not S.Zero or not known.natural(count):
        return None
    return closed(series, context, ends=True) if terminating(series, count, context) else None


def _by_parts(body: Expr, k: Index, known: Known) -> Expr | None:
    """Partial fractions, and lone powers."""
    total = []
    for part in summands(body):
        term = factor(part, k, known.context)
        found = None if term is None else poles.fractions(term, known)
        value = poles.ended(found, k, known) if found is not None else None
        if value is None and term is not None:
            value = _power_between(term, k, known)
        if value is None:
            value = _by_ring(part, k, known) or _by_series(part, k, known)
        if value is None:
            return None
        total.append(value)
    return plus(*total)


def _power_between(term: Term, k: Index, known: Known) -> Expr | None:
    found = _lone_power(term)
    if found is None or not equal(term.step, S.One, known.context):
        return None
    scale, s, root = found
    first, last = plus(k.lo, root), plus(moved(k.hi, 1), root)
    if not known.nonzero(moved(s, -1)) or not (known.regular(first) or _stands(s, first, known)):
        return None
    return times(scale, plus(sp.zeta(s, first, evaluate=False), minus(sp.zeta(s, last, evaluate=False))))


def _stands(s: Expr, a: Expr, known: Known) -> bool:
    """Whether zeta(s, a) stands in the claim, and so has a value."""
    return any(known.same(s, t.args[0]) and known.same(a, t.args[1]) for t in known.zetas)


def _by_multiplication(body: Expr, k: Index, known: Known) -> Expr | None:
    """The multiplication theorems over a symbolic number n of parts: c times zeta(s, z + k/n) or digamma(z + k/n)."""
    context = known.context
    inside = applied((body,), sp.zeta, sp.digamma, sp.polygamma)
    touched = [t for t in inside if k in t.free_symbols]
    if len(touched) != 1:
        return None
    (head,) = touched
    factors = body.args if isinstance(body, Mul) else (body,)
    outside = [f for f in factors if f != head]
    if any(k in f.free_symbols for f in outside) or len(outside) + 1 != len(factors):
        return None
    pair = linear_in(head.args[-1], k, context)
    n = _length(k)
    if pair is None or not context.positive(n) or (len(head.args) > 1 and k in head.args[0].free_symbols):
        return None
    if not equal(times(pair[0], n), S.One, context):
        return None
    whole = times(n, plus(times(pair[0], k.lo), pair[1]))
    if isinstance(head, sp.digamma):
        log = sp.log(n, evaluate=False)
        return times(*outside, n, plus(sp.digamma(whole, evaluate=False), minus(log)))
    if isinstance(head, sp.zeta) and len(head.args) == 2:
        return times(*outside, power(n, head.args[0]), sp.zeta(head.args[0], whole, evaluate=False))
    m = head.args[0]
    if isinstance(head, sp.polygamma) and context.integer(m) and context.positive(m):
        return times(*outside, power(n, moved(m, 1)), sp.polygamma(m, whole, evaluate=False))
    return None


def _telescoped(body: Expr, k: Index, known: Known, oracle: Oracle) -> Expr | None:
    """F(hi + 1) - F(lo), where F(k + 1) - F(k) is the body and F is defined for lo <= k <= hi + 1."""
    wide = Index(k.name, k.lo, moved(k.hi, 1))
    for found in oracle.antidifferences(body, k):
        step = plus(substitute(found, {k: moved(k, 1)}), minus(found))
        if defined(substitute(found, {k: wide}), known) and equal_special(step, body, known.context):
            return plus(substitute(found, {k: wide.hi}), minus(substitute(found, {k: k.lo})))
    return None


# ---------------------------------------------------------------- convergence


def has_value(term: Sum, context: Context) -> bool:
    """Known to have a value: a sum to infinity that converges, absolutely or not."""
    return converges(term, context) or (
        any(limit[2] is S.Infinity for limit in term.limits) and sum_value(term, context, SILENT) is not None)


def converges(term: Sum, context: Context) -> bool:
    """Known to converge absolutely."""
    return len(term.limits) == 1 and convergent.converges(*over_index(term), context)


# ---------------------------------------------------------------- equations between sums


def sums_equal(difference: Expr, context: Context) -> bool:
    """Whether a combination of sums and other terms is known to vanish wherever it is defined."""
    found = _combination(difference)
    if found is None:
        return False
    rest, members = found
    known = _known(difference, rest, context)
    return (
        _by_values(rest, members, known)
        or aligned(rest, members, context)
        or by_induction(rest, members, known)
    )


def _known(difference: Expr, rest: Expr, context: Context) -> Known:
    written = [t.args[0] for t in applied((rest,), sp.gamma, sp.digamma)]
    written += [t.args[1] for t in applied((rest,), sp.polygamma)]
    zetas = [t for t in applied((rest,), sp.zeta) if len(t.args) == 2]
    return Known(context, loose(difference, S.Zero, context), tuple(written), tuple(zetas))


def _combination(difference: Expr) -> tuple[Expr, list[Member]] | None:
    """The terms without sums, and the sums over one index with what stands before them."""
    rest: list[Expr] = []
    members: list[Member] = []
    for part in _terms(difference):
        factors = part.args if isinstance(part, Mul) else (part,)
        sums = [f for f in factors if isinstance(f, Sum)]
        if not sums:
            rest.append(part)
        elif len(sums) == 1 and len(sums[0].limits) == 1:
            outside = times(*(f for f in factors if f is not sums[0]))
            members.append((outside, *over_index(sums[0])))
        else:
            return None
    return (plus(*rest), members) if members else None


def _terms(term: Expr) -> Iterator[Expr]:
    """The terms of a sum, products multiplied out where a sum over an index stands inside of a sum of terms."""
    if isinstance(term, Add):
        for arg in term.args:
            yield from _terms(arg)
    elif isinstance(term, Mul):
        inner = next((a for a in term.args if isinstance(a, (Add, Mul)) and _holds_sum(a)), None)
        if inner is None:
            yield term
            return
        others = [a for a in term.args if a is not inner]
        for part in inner.args if isinstance(inner, Add) else (None,):
            yield from _terms(times(*others, *(inner.args if part is None else (part,))))
    else:
        yield term


def _holds_sum(term: Expr) -> bool:
    return any(isinstance(t, Sum) for t in subterms(term))


def _by_values(rest: Expr, members: Iterable[Member], known: Known) -> bool:
    """Sums with an end by functions that stand in the claim, such as zeta(s, n)."""
    context = known.context
    total = [rest]
    for outside, body, k in members:
        value = None
        if k.hi is S.Infinity:
            value = _endless(body, k, context)
        elif _has_length(k, context):
            value = _ended(body, k, known, None)
        if value is None:
            return False
        total.append(times(outside, value))
    return equal_special(plus(*total), S.Zero, context)
