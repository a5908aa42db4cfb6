"""Whether a model is an honest one: domains, shapes, laws, and the givens.

Promise: `in_domain` is true only if every value in the model is one that its
name allows; `satisfies` says True or False only where that is certain. Whoever
made the model is not trusted.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from itertools import product as cartesian
from typing import Any

from flint import fmpq
from sympy import Add, Basic, I, Mul, Pow, Rational, S, Symbol
from sympy.logic.boolalg import And, Not, Or

from derive.core.errors import NotEvaluable
from derive.core.meaning.models import (
    Atoms,
    Geometric,
    JointLaw,
    Mixture,
    Model,
    NormalLaw,
    Points,
    Polynomial,
    Table,
)
from derive.core.meaning.program import evaluate, holds
from derive.core.meaning.values import ONE, ZERO, Gaussian, compare, integer_of
from derive.core.terms import (
    Array,
    Definition,
    FullSupport,
    FunctionSymbol,
    Index,
    Law,
    NamedLaw,
    RandomArray,
    Recursion,
    Scalar,
    domain_of,
    free_names,
)

__all__ = ["in_domain", "satisfies", "variance_of"]

MOST_CASES = 2_000
"""A given over more values of its free indices than this is not decided."""


def satisfies(given: Basic, model: Model) -> bool | None:
    """Whether a given holds in the model; None where that is not certain.

    A given with free indices is read for all of their values; where the model
    fixes such an index, for that one too.

    >>> x = Symbol("x", real=True)
    >>> satisfies(x < 2, Model.of({x: 1})), satisfies(x > 2, Model.of({x: 1}))
    (True, False)
    """
    if isinstance(given, FullSupport):
        return _full_support(given.law, model.values.get(given.law))
    if isinstance(given, Not) and not _open_indices(given):
        found = satisfies(given.args[0], model)
        return None if found is None else not found
    if isinstance(given, (And, Or)) and not _open_indices(given):
        return _joined([satisfies(a, model) for a in given.args], decisive=isinstance(given, Or))
    indices = _open_indices(given)
    if not indices:
        return holds(given, model)
    try:
        ranges = [range(_end(i.lo, model), _end(i.hi, model) + 1) for i in indices]
    except NotEvaluable:
        return None
    known = True
    for count, key in enumerate(cartesian(*ranges)):
        if count > MOST_CASES:
            return None
        found = holds(given, Model.of({**model.values, **dict(zip(indices, key, strict=True))}))
        if found is False:
            return False
        known = known and found is True
    return True if known else None


def _open_indices(given: Basic) -> list[Index]:
    return sorted((n for n in free_names(given) if isinstance(n, Index)), key=lambda n: n.name)


def _joined(parts: list[bool | None], *, decisive: bool) -> bool | None:
    if decisive in parts:
        return decisive
    return None if None in parts else not decisive


def _full_support(name: Law, law: Any) -> bool | None:
    if isinstance(law, JointLaw):
        return all(p > 0 for p in law.cells.values())
    if isinstance(law, Mixture):
        everywhere = any(
            w > 0 and all(_everywhere(x, slot) for x, slot in zip(factors, name.slots, strict=True))
            for w, factors in law.parts
        )
        return True if everywhere else None
    return None


def _everywhere(one: Points | Geometric, slot: Index) -> bool:
    if isinstance(one, Geometric):
        return one.ratio > 0
    return slot.hi is not S.Infinity and all(p > 0 for p in one.weights)


# ---------------------------------------------------------------- domains


def in_domain(model: Model) -> bool:
    """Whether every value in the model is one that its name allows.

    >>> in_domain(Model.of({Symbol("x", positive=True): -1}))
    False
    """
    try:
        return all(_allowed(name, value, model) for name, value in model.values.items())
    except (NotEvaluable, KeyError, AttributeError, TypeError, ValueError):
        return False


def _allowed(name: Symbol, value: Any, model: Model) -> bool:
    if isinstance(name, Index):
        where = integer_of(value, name.name)
        return _end(name.lo, model) <= where and (name.hi is S.Infinity or where <= _end(name.hi, model))
    if isinstance(name, RandomArray):
        if isinstance(value, NormalLaw):
            return name.law.name == "Normal" and _gaussian(value, name.law, model)
        return isinstance(value, Atoms) and _proper(value) and _follows(value, name.law, model)
    if isinstance(name, Array):
        return isinstance(value, Table) and _shaped(value, name, model)
    if isinstance(name, Law):
        return _lawful(value, name, model)
    if isinstance(name, FunctionSymbol):
        return isinstance(value, Polynomial) and all(len(k) == name.arity for k, _ in value.monomials)
    if isinstance(name, (Definition, Recursion)) or not isinstance(value, (fmpq, Gaussian)):
        return False
    return _in_scalar_domain(name, value)


def _end(term: Any, model: Model) -> int:
    return integer_of(evaluate(term, model), "the end of a range")


def _in_scalar_domain(name: Symbol, value: fmpq | Gaussian) -> bool:
    domain = domain_of(name)
    if domain.field == "complex":
        fits = not (domain.nonzero and isinstance(value, fmpq) and value == 0)
    elif isinstance(value, Gaussian):
        return False
    else:
        fits = not (
            (domain.field == "integer" and value.q != 1)
            or (domain.nonzero and value == 0)
            or (domain.lo is not None and not _above(value - _exact(domain.lo), strictly=domain.lo_open))
            or (domain.hi is not None and not _above(_exact(domain.hi) - value, strictly=domain.hi_open))
        )
    return fits and (isinstance(name, Scalar) or _assumed(name, value))


def _above(value: fmpq, *, strictly: bool) -> bool:
    """Whether it is >= 0, or > 0."""
    return bool(value > 0) or (not strictly and bool(value == 0))


def _exact(value: Any) -> fmpq:
    return fmpq(int(value.p), int(value.q))


@lru_cache(maxsize=4096)
def _assumed(name: Symbol, value: fmpq | Gaussian) -> bool:
    """Whether a plain SymPy symbol's assumptions (even, prime, ...) allow the value."""
    number = _sympy_number(value)
    return all(getattr(number, f"is_{key}") is truth for key, truth in name._assumptions_orig.items())


def _sympy_number(value: fmpq | Gaussian) -> Any:
    if isinstance(value, fmpq):
        return Rational(int(value.p), int(value.q))
    re, im = (Rational(int(v.p), int(v.q)) for v in (value.re, value.im))
    return Add(re, Mul(im, I)) if re else Mul(im, I)


def _shaped(table: Table, name: Array, model: Model) -> bool:
    """A cell for each place in the shape; arrays of infinite or undeclared shape hold a value everywhere."""
    if not all(type(v) is fmpq for v in table.cells.values()):
        return False
    if not name.shape or S.Infinity in name.shape:
        return table.outside is not None
    return table.outside is None and _box(table.cells, [range(1, _end(n, model) + 1) for n in name.shape])


def _box(cells: Any, ranges: list[range]) -> bool:
    count = 1
    for one in ranges:
        count *= len(one)
    return len(cells) == count and all(key in cells for key in islice(cartesian(*ranges), count))


def _lawful(law: Any, name: Law, model: Model) -> bool:
    ends = [(_end(s.lo, model), None if s.hi is S.Infinity else _end(s.hi, model)) for s in name.slots]
    if isinstance(law, JointLaw):
        if any(hi is None for _, hi in ends) or not _sums_to_one(list(law.cells.values())):
            return False
        return _box(law.cells, [range(lo, (hi or 0) + 1) for lo, hi in ends])
    if not isinstance(law, Mixture) or not _sums_to_one([w for w, _ in law.parts]):
        return False
    return all(
        len(factors) == len(ends) and all(_slot_lawful(x, *end) for x, end in zip(factors, ends, strict=True))
        for _, factors in law.parts
    )


def _slot_lawful(one: Any, lo: int, hi: int | None) -> bool:
    if isinstance(one, Geometric):
        return hi is None and one.lo == lo and 0 < one.ratio < 1
    if not isinstance(one, Points) or one.lo != lo or not _sums_to_one(list(one.weights)):
        return False
    return hi is None or len(one.weights) == hi - lo + 1


def _sums_to_one(weights: list[fmpq]) -> bool:
    return all(w >= 0 for w in weights) and sum(weights, ZERO) == ONE


def _proper(atoms: Atoms) -> bool:
    values = [v for v, _ in atoms.pairs]
    return len({(int(v.p), int(v.q)) for v in values}) == len(values) and _sums_to_one([p for _, p in atoms.pairs])


def _follows(atoms: Atoms, law: NamedLaw, model: Model) -> bool:
    parameters = [evaluate(p, model) for p in law.parameters]
    if law.name == "Bernoulli":
        (p,) = parameters
        return _same(atoms.moment(1), p) and all(v in (0, 1) or q == 0 for v, q in atoms.pairs)
    if law.name == "Moments":
        mean, variance = parameters
        return _same(atoms.moment(1), mean) and _same(atoms.moment(2) - atoms.moment(1) ** 2, variance)
    return False


def _gaussian(value: NormalLaw, law: NamedLaw, model: Model) -> bool:
    mean, deviation = law.parameters
    positive = compare(evaluate(deviation, model), ZERO) == "greater"
    return positive and _same(value.mean, evaluate(mean, model)) and _same(value.variance, variance_of(law, model))


def variance_of(law: NamedLaw, model: Model) -> Any:
    """The variance of a Gaussian law in a model, exact also where the deviation is the root of a rational."""
    return evaluate(_square(law.parameters[1]), model)


def _square(term: Basic) -> Basic:
    """The square of a term; (b**e)**2 is b**(2*e), whatever b and e are."""
    if isinstance(term, Mul):
        return Mul(*(_square(a) for a in term.args), evaluate=False)
    if isinstance(term, Pow) and isinstance(term.args[1], Rational):
        return Pow(term.args[0], 2 * term.args[1], evaluate=False)
    return Pow(term, 2, evaluate=False)


def _same(left: fmpq, right: Any) -> bool:
    return compare(left, right) == "equal"
