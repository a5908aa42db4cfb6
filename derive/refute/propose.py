"""Models of some claims, the most telling first.

Promise: every model that is yielded satisfies the givens and the domains, and
the same arguments always yield the same models. Nothing here is trusted: who
refutes by a model checks it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from random import Random
from typing import Any

from flint import fmpq
from sympy import Basic, S, Symbol
from sympy.core.relational import Eq, Relational

from derive.core.errors import NotEvaluable
from derive.core.meaning import Model, evaluate, in_domain, satisfies
from derive.core.meaning.values import power
from derive.core.terms import FullSupport, Law, free_names, subterms
from derive.refute.names import Cast, cast
from derive.refute.pools import atoms, end_of, joint, polynomial, pool, size_pool, table, wild

__all__ = ["complete", "models"]

PLANNED = 9
"""So many models are planned; later ones are random."""

TIES = 3
"""In this turn names of one domain are equal: some strict claims fail there alone."""

MOST_DRAWS = 6
"""How many entries of random arrays a model may have in all."""

UNSOLVED = 2
"""From this turn on equations are solved from random values, so that not all solutions are special."""

SOLVING = 24
REFILLS = 5
REPEATS = 12
"""After so many proposals without a new model there are probably no more."""


def models(
    terms: Iterable[Basic], givens: Sequence[Basic], *, seed: int = 0, limit: int = 40, skip: int = 0
) -> Iterator[Model]:
    """Different models of the terms in which all givens hold: `limit` of them at most, less the first `skip`.

    >>> x, y = Symbol("x", real=True), Symbol("y", real=True)
    >>> [m.describe() for m in models([x], [x < y], limit=2)]
    [(('x', '1'), ('y', '3')), (('x', '-2'), ('y', '-1/3'))]
    """
    who = cast(terms, givens)
    seen: set[Any] = set()
    idle = 0
    for turn in range(6 * limit + REPEATS):
        if len(seen) == limit or idle > REPEATS:
            return
        found = _propose(who, givens, turn, Random(f"{seed}/{turn}"))  # noqa: S311
        key = None if found is None else found.describe()
        if found is None or key in seen:
            idle += 1
            continue
        idle = 0
        seen.add(key)
        if len(seen) > skip:
            yield found


def _propose(who: Cast, givens: Sequence[Basic], turn: int, rng: Random) -> Model | None:
    """One model, or None where this turn's choices cannot be made to satisfy the givens."""
    numbers = Model.of(_numbers(who, turn, rng))
    known = set(numbers.values)
    plain = [g for g in givens if not isinstance(g, FullSupport) and free_names(g) <= known]
    repaired = _repaired(numbers, plain, turn, rng)
    if repaired is None:
        return None
    rest = [g for g in givens if g not in plain]
    for attempt in range(REFILLS if rest else 1):
        try:
            found = complete(who, repaired, givens, turn + attempt, rng)
        except NotEvaluable:
            return None
        if all(satisfies(g, found) is True for g in rest) and in_domain(found):
            return found
    return None


# ---------------------------------------------------------------- numbers


def _numbers(who: Cast, turn: int, rng: Random) -> dict[Symbol, Any]:
    """Sizes and scalars of this turn."""
    found: dict[Symbol, Any] = {}
    for place, name in enumerate(who.sizes):
        values = size_pool(name)
        if not values:
            continue
        below = sum(v < 1 for v in values)  # sizes for which a range from 1 is empty, where the domain has some
        plan = (1, 1 + place % 2, -1 - turn % below if below else 0, 2 - place % 2, 0)
        at = plan[turn] if turn < len(plan) else rng.randrange(-min(below, 2), 4)
        found[name] = values[min(at, len(values) - 1)]
    if who.randoms:
        found = _few_draws(who, found)
    for place, name in enumerate(who.scalars):
        values = pool(name)
        if not values:
            continue
        planned = turn < PLANNED or rng.random() < 0.3
        at = turn if turn == TIES else turn + 3 * place
        found[name] = values[at % len(values)] if planned else wild(name, rng)
    return found


def _few_draws(who: Cast, numbers: dict[Symbol, Any]) -> dict[Symbol, Any]:
    """Smaller sizes, where random arrays would have too many outcomes to visit."""
    found = dict(numbers)
    while _draws(who, found) > MOST_DRAWS:
        largest = max((s for s in who.sizes if s in found), key=lambda s: found[s], default=None)
        if largest is None or found[largest] <= max(fmpq(1), min(size_pool(largest))):
            break
        found[largest] -= 1
    return found


def _draws(who: Cast, numbers: dict[Symbol, Any]) -> int:
    total = 0
    for array in who.randoms:
        count = 1
        for axis in array.shape:
            count *= _length(axis, numbers)
        total += count
    return total


def _length(axis: Basic, numbers: dict[Symbol, Any]) -> int:
    try:
        return max(0, end_of(axis, Model.of(numbers)))
    except NotEvaluable:
        return 2


def _repaired(model: Model, givens: Sequence[Basic], turn: int, rng: Random) -> Model | None:
    """The model with as few numbers changed as it takes to satisfy givens on numbers alone."""

    def score(candidate: Model) -> int:
        return sum(satisfies(g, candidate) is True for g in givens)

    if turn >= UNSOLVED and any(isinstance(g, Eq) and satisfies(g, model) is not True for g in givens):
        model = _solved(model, givens, rng)
    best = score(model)
    for _ in range(2 * len(givens) + 2):
        if best == len(givens):
            return model
        better = _improved(model, givens, score, best, turn)
        if better is None:
            return None
        model, best = better
    return model if best == len(givens) else None


def _solved(model: Model, givens: Sequence[Basic], rng: Random) -> Model:
    """Equations on numbers solved for one name, the others drawn anew until that has a rational solution."""
    for given in givens:
        names = sorted(free_names(given) & set(model.values), key=lambda n: n.name)
        for _ in range(SOLVING if isinstance(given, Eq) and names else 0):
            if satisfies(given, model) is True:
                break
            unknown = rng.choice(names)
            trial = Model.of({**model.values, **{n: rng.choice(pool(n)) for n in names if pool(n)}})
            solutions = (trial.with_value(unknown, v) for v in _crossings(given, unknown, trial))
            model = next((m for m in solutions if in_domain(m) and satisfies(given, m) is True), model)
    return model


def _improved(
    model: Model, givens: Sequence[Basic], score: Callable[[Model], int], best: int, turn: int
) -> tuple[Model, int] | None:
    failing = [g for g in givens if satisfies(g, model) is not True]
    for given in failing:
        names = sorted(free_names(given) & set(model.values), key=lambda n: n.name)
        for name in names[turn % len(names) :] + names[: turn % len(names)] if names else []:
            values = pool(name)
            shift = turn % len(values) if values else 0
            for value in [*_proposals(given, givens, name, model, turn), *values[shift:], *values[:shift]]:
                trial = model.with_value(name, value)
                if in_domain(trial) and satisfies(given, trial) is True:
                    found = score(trial)
                    if found > best:
                        return trial, found
    return None


def _proposals(given: Basic, givens: Sequence[Basic], name: Symbol, model: Model, turn: int) -> list[fmpq]:
    """Values of a name at, around and between those at which comparisons turn; others first in each turn."""
    roots = _crossings(given, name, model)
    if isinstance(given, Eq):
        return roots
    steps = (fmpq(1 + turn), fmpq(1, 2 + turn), fmpq(1, 10 * (1 + turn)), fmpq(1, 1000))
    around = [root + sign * step for root in roots for step in steps for sign in (1, -1)]
    ends = sorted({root for one in givens for root in _crossings(one, name, model)})
    share = fmpq(turn % 5 + 1, 7)
    between = [low + (high - low) * share for low, high in pairwise(ends)]
    found = [*between, *roots, *around]
    at = turn % len(found) if found else 0
    return found[at:] + found[:at]


def _crossings(given: Basic, name: Symbol, model: Model) -> list[fmpq]:
    """Values at which a comparison in the given turns, where it is linear or quadratic in the name."""
    found: list[fmpq] = []
    for part in subterms(given):
        if not isinstance(part, Relational) or name not in free_names(part):
            continue
        try:
            at = [
                evaluate(part.args[0], model.with_value(name, v)) - evaluate(part.args[1], model.with_value(name, v))
                for v in (0, 1, 2)
            ]
        except (NotEvaluable, TypeError):
            continue
        if all(type(v) is fmpq for v in at):
            found += _roots(*at)
    return found


def _roots(at_0: fmpq, at_1: fmpq, at_2: fmpq) -> list[fmpq]:
    """The rational roots of the polynomial of degree at most two through the values at 0, 1 and 2."""
    square = (at_2 - 2 * at_1 + at_0) / 2
    slope = at_1 - at_0 - square
    if square == 0:
        return [-at_0 / slope] if slope != 0 else []
    root = power(slope**2 - 4 * square * at_0, fmpq(1, 2))
    return [(-slope + root) / (2 * square), (-slope - root) / (2 * square)] if type(root) is fmpq else []


# ---------------------------------------------------------------- the rest


def complete(who: Cast, numbers: Model, givens: Sequence[Basic], turn: int, rng: Random) -> Model:
    """The model with indices, tables, laws and functions filled in; raises NotEvaluable where a range is empty."""
    supported = {g.law for g in givens if isinstance(g, FullSupport)}
    found = numbers
    for place, index in enumerate(who.indices):
        lo = end_of(index.lo, found)
        hi = lo + 3 if index.hi is S.Infinity else end_of(index.hi, found)
        if hi < lo:
            raise NotEvaluable("an index over an empty range")
        apart = place if turn % 2 else 0  # indices of one range are equal in some models, and different in others
        found = found.with_value(index, lo + (turn + 1 + apart) % (hi - lo + 1))
    for array in who.arrays:
        found = found.with_value(array, table(array, who.axes.get(array, len(array.shape)), turn, found, rng))
    for law in who.laws:
        found = found.with_value(law, _law(law, turn, found, rng, supported))
    for array in who.randoms:
        found = found.with_value(array, atoms(array, turn, found))
    for function in who.functions:
        orders = who.orders.get(function, (0,) * function.arity)
        found = found.with_value(function, polynomial(function, orders, turn, rng))
    return found


def _law(law: Law, turn: int, model: Model, rng: Random, supported: set[Law]) -> Any:
    return joint(law, turn, model, rng, support=law in supported)


