"""From text to tokens.

Promise: a text is read as numbers, names, quoted directions and signs of a fixed list, and nothing else; a text past a
limit, or with any other character, is a `ReaderError`. Time and space are linear in the length of the text.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from derive.reader.errors import ReaderError

__all__ = ["MAX_DIGITS", "MAX_LENGTH", "RELATIONS", "Token", "tokens"]

MAX_LENGTH = 20_000
MAX_DIGITS = 1_000

RELATIONS = ("<=", ">=", "==", "!=", "=", "<", ">")
"""The signs between two sides, the longer ones first."""

_TOKEN = re.compile(
    r"(?P<space>[ \t\r\n]+)"
    r"|(?P<number>[0-9]+(?:\.(?!\.)[0-9]*)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+)"
    r"|(?P<name>[A-Za-z_][A-Za-z_0-9]*'*)"
    r"|(?P<text>'[^']{0,8}'|\"[^\"]{0,8}\")"
    r"|(?P<sign>\*\*|<=|>=|==|!=|\.\.|[-+*/^()\[\],=<>])"
)


class Token(NamedTuple):
    """A number, a name, a quoted text, a sign or the end, and where it stands."""

    kind: str
    text: str
    at: int


def tokens(text: str) -> list[Token]:
    """The tokens of a text, with an "end" behind them.

    >>> [t.text for t in tokens("2*x^n")]
    ['2', '*', 'x', '**', 'n', '']
    """
    if len(text) > MAX_LENGTH:
        raise ReaderError(f"expected at most {MAX_LENGTH} characters, found {len(text)}")
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ReaderError(f"expected a number, a name or a sign, found {text[at]!a}", text, at)
        kind = str(match.lastgroup)
        if kind == "number":
            _check_number(match.group(), text, at)
        if kind != "space":
            found.append(Token(kind, "**" if match.group() == "^" else match.group(), at))
        at = match.end()
    return [*found, Token("end", "", len(text.rstrip()))]


def _check_number(digits: str, text: str, at: int) -> None:
    if not digits.isdigit():
        raise ReaderError(f"expected an exact number such as 1/2, found the decimal {digits[:20]}", text, at)
    if len(digits) > MAX_DIGITS:
        raise ReaderError(f"expected a number of at most {MAX_DIGITS} digits, found {len(digits)}", text, at)
