"""From records to derivations.

Promise: as for the package.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sympy import Expr
from sympy.logic.boolalg import And, false, true

from derive.core.claims import Derivation, Given, Relation, Step
from derive.core.errors import DeriveError
from derive.core.terms import substitute
from derive.reader.build import Builder
from derive.reader.errors import ReaderError
from derive.reader.grammar import parse, parse_step
from derive.reader.shapes import shaped
from derive.reader.symbols import Symbols, read_symbols
from derive.reader.tokens import RELATIONS, tokens

__all__ = ["Claimed", "read_chain", "read_claim", "read_given", "read_steps", "read_term"]

_MOST = 200
_FIELDS = ("symbols", "given", "steps")


@dataclass(frozen=True)
class Claimed:
    """A claim that was read.

    `identical` are the steps, from 0, whose two sides are written alike: there is nothing to prove in them.
    """

    derivation: Derivation
    warnings: tuple[str, ...] = ()
    id: str | None = None
    identical: tuple[int, ...] = ()


def read_claim(record: Mapping[str, Any]) -> Claimed:
    """The claim in a record: `symbols` (names with words), `given` and `steps` (texts); other fields say nothing.

    >>> claim = read_claim({"symbols": {"x": "positive"}, "steps": ["log(x**2)", "= 2*log(x)"]})
    >>> claim.derivation.steps[0].relation.value
    '='
    """
    if not isinstance(record, Mapping):
        raise ReaderError(f"expected a record with {', '.join(_FIELDS)}, found {type(record).__name__}")
    symbols = read_symbols(record.get("symbols", {}))
    builder = Builder(symbols)
    given = [g for text in _texts(record, "given", least=0) for g in _flat(_given(builder, text))]
    derivation = _derivation(builder, _texts(record, "steps", least=2), (*symbols.given, *given))
    identical = tuple(k for k, step in enumerate(derivation.steps) if derivation.left_of(k) == step.right)
    warnings = [f"{name} is declared and not used" for name in sorted(symbols.names - builder.used)]
    warnings += [f"step {k + 1}: both sides are written alike" for k in identical]
    name = record.get("id")
    return Claimed(derivation, tuple(warnings), None if name is None else str(name), identical)


def read_term(text: str, symbols: Symbols | None = None) -> Expr:
    """One term.

    >>> read_term("1/2 + 0*pi").args
    (1/2, 0*pi)
    """
    return Builder(symbols or Symbols()).term(text, parse(_text(text)))


def read_given(text: str, symbols: Symbols | None = None) -> Given:
    """One hypothesis: comparisons, also chained ones, and And, Or, Not of them; SymPy's true where it says nothing."""
    return _given(Builder(symbols or Symbols()), text)


def read_steps(texts: Sequence[str], symbols: Symbols | None = None, given: Sequence[Given] = ()) -> Derivation:
    """A start and its steps, each of which begins with a relation.

    >>> read_steps(["1 + 1", "= 2"]).steps[0].right
    2
    """
    return _derivation(Builder(symbols or Symbols()), texts, tuple(given))


def read_chain(text: str) -> tuple[str, ...]:
    """The start and the steps of one text with relations in it, as a record has them.

    >>> read_chain("a = b <= c")
    ('a', '= b', '<= c')
    """
    depth, cuts = 0, [0]
    for token in tokens(_text(text)):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(token.text, 0) if token.kind == "sign" else 0
        if depth == 0 and token.kind == "sign" and token.text in RELATIONS:
            cuts.append(token.at)
    return tuple(text[lo:hi].strip() for lo, hi in zip(cuts, [*cuts[1:], len(text)], strict=True))


def _derivation(builder: Builder, texts: Sequence[str], given: tuple[Given, ...]) -> Derivation:
    terms = [builder.term(texts[0], parse(texts[0]))]
    signs = []
    for text in texts[1:]:
        sign, node = parse_step(text)
        signs.append(Relation("=" if sign == "==" else sign))
        terms.append(builder.term(text, node))
    shapes = shaped((*terms, *given))
    start, *rights = (substitute(term, shapes) for term in terms)
    steps = [Step(sign, right) for sign, right in zip(signs, rights, strict=True)]
    try:
        found = Derivation(start, *steps, given=tuple(substitute(hypothesis, shapes) for hypothesis in given))
        found.conclusion()
    except DeriveError as error:
        raise ReaderError(str(error)) from None
    return found


def _given(builder: Builder, text: str) -> Given:
    found = builder.given(text, parse(_text(text)))
    if found is false:
        raise ReaderError("expected a hypothesis that may hold", text, 0)
    return found


def _flat(given: Given) -> Iterator[Given]:
    """The parts of a conjunction, one by one."""
    if isinstance(given, And):
        for part in given.args:
            yield from _flat(part)
    elif given is not true:
        yield given


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ReaderError(f"expected a text, found {type(value).__name__}")
    return value


def _texts(record: Mapping[str, Any], field: str, least: int) -> list[str]:
    found = record.get(field, [])
    if not isinstance(found, (list, tuple)) or not least <= len(found) <= _MOST:
        wanted = "a start and one or more steps" if least else "a list"
        raise ReaderError(f"{field}: expected {wanted} (at most {_MOST} texts)")
    return [_text(text) for text in found]
