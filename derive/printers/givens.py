"""Everything that is given in a derivation, in words: what its names are, and its hypotheses.

Promise: every name that is free in a step or brought along by one (a law's
variables, a definition's body, the law of a random array) is said once, in the
order of reading, and so is every explicit hypothesis. No assumption of a
derivation stays unsaid.

Glossary
    phrase   one given, as pieces that each notation shows in its own way: words,
             terms, and signs that differ between text and LaTeX
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sympy import Add, Basic, Integer, S, Symbol

from derive.core.claims import Derivation
from derive.core.terms import (
    Applied,
    Array,
    Binder,
    Defined,
    Definition,
    Domain,
    Entry,
    FullSupport,
    FunctionSymbol,
    Index,
    Law,
    Prob,
    RandomArray,
    Recurred,
    Recursion,
    Scalar,
    bound_indices,
    children_in_scope,
    domain_of,
    free_names,
    substitute,
)
from derive.printers.layout import any_finite_set, declared
from derive.printers.tex import latex_lines
from derive.printers.texnames import escape
from derive.printers.text import given_text, text

__all__ = ["Phrase", "Sign", "givens_of", "givens_tex", "names_of", "phrases"]


class Sign(NamedTuple):
    """A sign of mathematics, in text and in LaTeX."""

    text: str
    latex: str


Phrase = tuple[str | Sign | Basic, ...]

_LINE_POINTS = 400.0
_COMMA = Sign(", ", ", ")
_DOTS = Sign("..", r", \ldots, ")
_TIMES = Sign(" x ", r" \times ")


def givens_of(derivation: Derivation) -> list[str]:
    """Everything that is given, one sentence each.

    >>> from sympy import Symbol
    >>> from derive.core.claims import eq
    >>> x = Symbol("x", positive=True)
    >>> givens_of(Derivation(x, eq(x)))
    ['x > 0']
    """
    return ["".join(_piece(piece) for piece in phrase) for phrase in phrases(derivation)]


def givens_tex(derivation: Derivation) -> list[str]:
    r"""Everything that is given as LaTeX text, one sentence each.

    >>> from sympy import Symbol
    >>> from derive.core.claims import eq
    >>> beta = Symbol("beta", positive=True)
    >>> givens_tex(Derivation(beta, eq(beta)))
    ['$\\beta > 0$']
    """
    return [_phrase_tex(phrase) for phrase in phrases(derivation)]


def _phrase_tex(phrase: Phrase) -> str:
    """Words as text, everything between them as mathematics."""
    found: list[str] = []
    formula = ""
    for piece in phrase:
        if isinstance(piece, str):
            found += [*([f"${formula.strip()}$"] if formula else []), escape(piece)]
            formula = ""
        else:
            formula += piece.latex if isinstance(piece, Sign) else _inline(piece)
    return "".join([*found, *([f"${formula.strip()}$"] if formula else [])])


def _inline(term: Basic) -> str:
    """A term inside a sentence: TeX may break it where we would, and what is too wide for a line is scaled down."""
    first, *rest = latex_lines(term, _LINE_POINTS)
    return " ".join([first, *(line.replace(r"\quad ", "") for line in rest)])


def _piece(piece: str | Sign | Basic) -> str:
    if isinstance(piece, str):
        return piece
    if isinstance(piece, Sign):
        return piece.text
    return given_text(piece) if piece.is_Boolean else text(piece)


def phrases(derivation: Derivation) -> list[Phrase]:
    """Everything that is given, as phrases: scalars, indices, arrays, laws, functions, definitions, hypotheses."""
    terms = [derivation.start, *(step.right for step in derivation.steps), *derivation.given]
    names = names_of(terms)
    return [
        *_scalars([name for name in names if name not in _only_bound(terms, names)]),
        *_indices(names),
        *_arrays(names, terms),
        *_laws(names),
        *_functions(names),
        *_definitions(names),
        *_recursions(names),
        *_hypotheses(derivation),
    ]


# ---------------------------------------------------------------- names


def names_of(terms: Iterable[Basic]) -> list[Symbol]:
    """Every name in the terms, bound ones and those that other names bring along included, as first met."""
    found: dict[Symbol, None] = {}
    seen: set[Basic] = set()
    stack = list(reversed(list(terms)))
    while stack:
        top = stack.pop()
        if isinstance(top, Symbol):
            if top not in found:
                found[top] = None
                stack.extend(reversed(list(_brought(top))))
        elif top not in seen:
            seen.add(top)
            stack.extend(reversed(list(_below(top))))
    return list(found)


def _below(term: Basic) -> Iterator[Basic]:
    """The parts of a term in the order of reading."""
    if isinstance(term, (Entry, Prob, Applied, Defined, Recurred, FullSupport)):
        yield term.args[0]
    yield from children_in_scope(term)
    if isinstance(term, Binder):
        yield from term.bound_symbols


def _brought(name: Symbol) -> Iterator[Basic]:
    """What a name is made of; the parameters of a definition stand for anything and are left out, its indices not."""
    if isinstance(name, Index):
        yield from (name.lo, name.hi)
    elif isinstance(name, Law):
        yield from name.slots
    elif isinstance(name, RandomArray):
        yield from (*name.law.parameters, *name.shape)
    elif isinstance(name, Array):
        yield from name.shape
    elif isinstance(name, Recursion):
        yield name.index
        yield from (n for n in names_of([name.start, name.step]) if n not in (name.previous, name.index))
    elif isinstance(name, Definition):
        own = {p for p in name.parameters if not isinstance(p, Index)}
        yield from (p for p in name.parameters if isinstance(p, Index))
        yield from (n for n in names_of([name.body]) if n not in own)


def _joined(terms: Sequence[Basic]) -> Phrase:
    """Names with commas between them."""
    return tuple(piece for term in terms for piece in (_COMMA, term))[1:]


def _only_bound(terms: list[Basic], names: list[Symbol]) -> set[Symbol]:
    """The variables of integrals and limits, which nothing is given of, unless they are free elsewhere."""
    every = [*terms, *(name.body for name in names if isinstance(name, Definition))]
    bound = {name for term in every for name in bound_indices(term) if isinstance(name, Scalar)}
    return bound - frozenset().union(*map(free_names, terms))


# ---------------------------------------------------------------- sentences


def _scalars(names: list[Symbol]) -> Iterator[Phrase]:
    taken = {n.hi for n in names if isinstance(n, Index) and any_finite_set(n)}
    groups: dict[Domain, list[Symbol]] = {}
    for name in names:
        if (isinstance(name, Scalar) or type(name) is Symbol or not _declared(name)) and name not in taken:
            groups.setdefault(domain_of(name), []).append(name)
    for domain, group in groups.items():
        yield (*_joined(group), *_domain(domain, many=len(group) > 1))


def _declared(name: Symbol) -> bool:
    return isinstance(name, (Scalar, Index, Array, Law, FunctionSymbol, Definition, Recursion))


def _domain(domain: Domain, *, many: bool) -> Phrase:
    lo, hi = domain.lo, domain.hi
    if domain == Domain("integer", S.One):
        return (" sizes, at least 1" if many else " a size, at least 1",)
    if lo is not None and hi is not None:
        signs: Phrase = (
            Sign(" in ", r" \in "), Sign("(" if domain.lo_open else "[", "(" if domain.lo_open else "["),
            lo, _COMMA, hi, Sign(")" if domain.hi_open else "]", ")" if domain.hi_open else "]"),
        )
    elif lo is not None:
        signs = (Sign(" > ", " > ") if domain.lo_open else Sign(" >= ", r" \ge "), lo)
    elif hi is not None:
        signs = (Sign(" < ", " < ") if domain.hi_open else Sign(" <= ", r" \le "), hi)
    else:
        return (f" {domain.field}, not 0" if domain.nonzero else f" {domain.field}",)
    words = [", integer"] * (domain.field == "integer") + [", not 0"] * domain.nonzero
    return (*signs, "".join(words)) if words else signs


def _indices(names: list[Symbol]) -> Iterator[Phrase]:
    groups: dict[tuple[Any, ...], list[Index]] = {}
    for name in names:
        if not isinstance(name, Index) or not declared(name) or (name.name != name.sort and _original(name) in names):
            continue
        groups.setdefault(() if any_finite_set(name) else (name.lo, name.hi), []).append(name)
    for limits, group in groups.items():
        if not limits:
            yield (*_joined(group), " range over any finite sets" if len(group) > 1 else " ranges over any finite set")
        else:
            yield (*_joined(group), *_range(*limits))


def _original(name: Index) -> Index:
    return name.renamed(name.sort)


def _range(lo: Any, hi: Any) -> Phrase:
    if hi is not S.Infinity:
        return (Sign(" in ", r" \in \{"), lo, _DOTS, hi, Sign("", r"\}"))
    if lo.is_Integer:
        first: Phrase = (_COMMA, Integer(int(lo) + 1), _COMMA, Integer(int(lo) + 2))
    else:
        first = ()
    return (Sign(" in ", r" \in \{"), lo, *first, Sign(", ...", r", \ldots\}"))


def _arrays(names: list[Symbol], terms: list[Basic]) -> Iterator[Phrase]:
    groups: dict[tuple[Any, ...], list[Symbol]] = {}
    for name in names:
        if isinstance(name, Array) and not isinstance(name, RandomArray):
            groups.setdefault(name.shape, []).append(name)
    for shape, group in groups.items():
        yield (*_joined(group), *((" real, ", *_shape(shape)) if shape else (" real",)))
    for name in names:
        if isinstance(name, RandomArray):
            shape = (", ", *_shape(name.shape)) if name.shape else ()
            yield (_entry(name, terms), " independent, ", *_law_of(name), *shape)


def _shape(shape: tuple[Any, ...]) -> Phrase:
    if len(shape) == 1:
        return ("of length ", shape[0])
    return tuple(piece for n in shape for piece in (_TIMES, n))[1:]


def _entry(array: RandomArray, terms: list[Basic]) -> Basic:
    """Its first entry in the text, so that the reader sees the indices the author uses."""
    stack = list(reversed(terms))
    while stack:
        top = stack.pop()
        if isinstance(top, Entry) and top.array == array:
            return top
        stack.extend(reversed(children_in_scope(top)))
    return array


def _law_of(array: RandomArray) -> Phrase:
    if array.law.name == "Moments":
        mean, variance = array.law.parameters
        return ("of mean ", mean, " and variance ", variance)
    return (array.law,)


def _laws(names: list[Symbol]) -> Iterator[Phrase]:
    groups: dict[tuple[Index, ...], list[Symbol]] = {}
    for name in names:
        if isinstance(name, Law):
            groups.setdefault(name.slots, []).append(name)
    for slots, group in groups.items():
        yield (*_joined(group), " any laws over " if len(group) > 1 else " any law over ", *_joined(slots))


def _functions(names: list[Symbol]) -> Iterator[Phrase]:
    groups: dict[int, list[Symbol]] = {}
    for name in names:
        if isinstance(name, FunctionSymbol):
            groups.setdefault(name.arity, []).append(name)
    for arity, group in groups.items():
        kind = " any real functions" if len(group) > 1 else " any real function"
        of = "" if arity == 1 else f" of {arity} arguments"
        yield (*_joined(group), f"{kind}{of}, as smooth as differentiated")


def _definitions(names: list[Symbol]) -> Iterator[Phrase]:
    for name in names:
        if isinstance(name, Definition):
            yield (Defined(name, *name.parameters), Sign(" := ", r" := "), name.body)


def _recursions(names: list[Symbol]) -> Iterator[Phrase]:
    equals = Sign(" := ", r" := ")
    for name in names:
        if isinstance(name, Recursion):
            start = name.index.lo if name.upwards else name.index.hi
            place: Any = Add(name.index, S.One, evaluate=False) if name.upwards else name.index
            before = name.index if name.upwards else Add(name.index, S.One, evaluate=False)
            yield (name(start), equals, name.start)
            yield (name(place), equals, substitute(name.step, {name.previous: name(before)}))


def _hypotheses(derivation: Derivation) -> Iterator[Phrase]:
    supports: dict[tuple[Index, ...], list[Prob]] = {}
    given: Any
    for given in derivation.given:
        if isinstance(given, FullSupport):
            joint = Prob(given.law, dict(enumerate(given.law.slots)))
            supports.setdefault(given.law.slots, []).append(joint)
        else:
            yield (given,)
    for slots, joints in supports.items():
        pieces = [piece for joint in joints for piece in (" and ", joint, Sign(" > ", " > "), S.Zero)]
        yield (*pieces[1:], " for every ", *_joined(slots))
