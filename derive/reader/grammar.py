"""From tokens to a tree.

Promise: the tree says what stands in the text, and nothing about what it means. Its height and its number of nodes are
limited, so that whatever walks over it ends, without deep recursion.

    or, and, not, a relation, + and -, * and /, a sign, ** or ^     bind more and more tightly, as in Python
    calls f(a, b), entries x[i, j], brackets (a), pairs (a, b), lists [a, b], limits k=a..b, and `ln x`
"""

from __future__ import annotations

from dataclasses import dataclass

from derive.reader.errors import ReaderError
from derive.reader.tokens import RELATIONS, Token, tokens

__all__ = ["MAX_DEPTH", "MAX_HEIGHT", "MAX_NODES", "Node", "parse", "parse_step"]

MAX_HEIGHT = 60
MAX_NODES = 6_000
MAX_DEPTH = 120

_OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _SIGN, _POWER = range(8)
_BINDS = {"or": _OR, "and": _AND, "+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "**": _POWER}
_BINDS |= dict.fromkeys(RELATIONS, _COMPARE)
_KINDS = {_OR: "or", _AND: "and", _COMPARE: "compare", _SUM: "sum", _PRODUCT: "product"}
_WORDS = ("and", "or", "not")


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of the tree: its kind, where it starts, its words, and its parts.

    kind            words                          parts
    number, text    the digits, what is quoted
    name            the name
    call, entry     the name                       the arguments, the places
    sum, product    a sign before each part        the terms, the factors
    minus, not                                     one
    power                                          base and exponent
    compare         the signs between the parts    the sides
    and, or                                        the conditions
    tuple, list                                    the members
    limit           the name                       the two ends
    """

    kind: str
    at: int
    words: tuple[str, ...] = ()
    parts: tuple[Node, ...] = ()
    height: int = 1

    @property
    def word(self) -> str:
        """Its only word."""
        return self.words[0]


def parse(text: str) -> Node:
    """The tree of a whole text.

    >>> parse("a - 2*b").words
    ('+', '-')
    """
    return _Parser(text, tokens(text)).whole()


def parse_step(text: str) -> tuple[str, Node]:
    """The relation that a text begins with, and the tree of the rest.

    >>> parse_step("<= x")[0]
    '<='
    """
    found = tokens(text)
    if found[0].text not in RELATIONS or found[0].text == "!=":
        raise ReaderError("expected a step to begin with =, <=, >=, < or >", text, found[0].at)
    return found[0].text, _Parser(text, found[1:]).whole()


class _Parser:
    """One pass over the tokens, from left to right."""

    def __init__(self, text: str, found: list[Token]) -> None:
        self.text, self.tokens = text, found
        self.place = self.nodes = self.depth = 0

    @property
    def next(self) -> Token:
        """The token that comes next."""
        return self.tokens[self.place]

    def take(self) -> Token:
        """The next token, which is then behind."""
        self.place += 1
        return self.tokens[self.place - 1]

    def fail(self, expected: str) -> ReaderError:
        """The error that something else comes next."""
        token = self.next
        found = "the end" if token.kind == "end" else f"'{token.text[:30]}'"
        return ReaderError(f"expected {expected}, found {found}", self.text, token.at)

    def node(self, kind: str, at: int, words: tuple[str, ...] = (), parts: tuple[Node, ...] = ()) -> Node:
        """A piece of the tree, within the limits."""
        self.nodes += 1
        height = 1 + max((part.height for part in parts), default=0)
        if self.nodes > MAX_NODES:
            raise ReaderError(f"expected at most {MAX_NODES} pieces", self.text, at)
        if height > MAX_HEIGHT:
            raise self.too_deep(at)
        return Node(kind, at, words, parts, height)

    def too_deep(self, at: int) -> ReaderError:
        """The error that a text is nested too deeply."""
        return ReaderError(f"expected terms nested at most {MAX_HEIGHT} deep", self.text, at)

    def whole(self) -> Node:
        """All of the text."""
        found = self.expression(_OR)
        if self.next.kind != "end":
            raise self.fail("an operator or the end")
        return found

    def expression(self, level: int) -> Node:
        """What binds at least as tightly as `level`."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.too_deep(self.next.at)
        at = self.next.at
        found = self.prefixed(level)
        while _BINDS.get(self.next.text, -1) >= level and self.next.kind != "text":
            binds = _BINDS[self.next.text]
            if binds == _POWER:
                self.take()
                found = self.node("power", at, (), (found, self.expression(_SIGN)))
            else:
                found = self.chain(binds, at, found)
        self.depth -= 1
        return found

    def prefixed(self, level: int) -> Node:
        """A sign or a `not` with what it applies to, or an atom."""
        token = self.next
        if token.kind == "sign" and token.text in ("+", "-") and level <= _SIGN:
            self.take()
            inner = self.expression(_SIGN)
            return self.node("minus", token.at, (), (inner,)) if token.text == "-" else inner
        if token.text == "not" and level <= _NOT:
            self.take()
            return self.node("not", token.at, (), (self.expression(_NOT),))
        return self.atom()

    def chain(self, binds: int, at: int, first: Node) -> Node:
        """Parts with signs of the same strength between them, from left to right."""
        signs: list[str] = []
        parts = [first]
        while _BINDS.get(self.next.text) == binds and self.next.kind != "text":
            signs.append(self.take().text)
            parts.append(self.expression(binds + 1))
        if binds == _COMPARE and self.next.text == ".." and signs == ["="] and first.kind == "name":
            self.take()
            return self.node("limit", at, first.words, (parts[1], self.expression(_SUM)))
        leading = {_SUM: ("+",), _PRODUCT: ("*",)}.get(binds, ())
        return self.node(_KINDS[binds], at, (*leading, *signs), tuple(parts))

    def atom(self) -> Node:
        """A number, a name, a call, an entry, or something in brackets."""
        token = self.next
        if token.kind in ("number", "text"):
            self.take()
            return self.node(token.kind, token.at, (token.text.strip("'\""),))
        if token.text == "(":
            members = self.inside("(", ")")
            single = len(members) == 1 and self.tokens[self.place - 2].text != ","
            return members[0] if single else self.node("tuple", token.at, (), members)
        if token.text == "[":
            return self.node("list", token.at, (), self.inside("[", "]"))
        if token.kind != "name" or token.text in _WORDS:
            raise self.fail("a term")
        self.take()
        if self.next.text == "(":
            return self.node("call", token.at, (token.text,), self.inside("(", ")"))
        if self.next.text == "[":
            return self.node("entry", token.at, (token.text,), self.inside("[", "]"))
        if token.text == "ln" and self.next.kind in ("name", "number") and self.next.text not in (*_WORDS, "ln"):
            return self.node("call", token.at, (token.text,), (self.atom(),))
        return self.node("name", token.at, (token.text,))

    def inside(self, left: str, right: str) -> tuple[Node, ...]:
        """What stands between brackets, with commas between."""
        opening = self.take().at
        members: list[Node] = []
        while self.next.text != right:
            members.append(self.expression(_OR))
            if self.next.text != ",":
                break
            self.take()
        if self.next.text != right:
            raise self.fail(f"',' or '{right}' for the '{left}' at column {opening + 1}")
        self.take()
        return tuple(members)
