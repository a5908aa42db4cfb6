"""The lines of a claims file, as they come.

Promise: memory is bounded by the longest line that is allowed, whatever stands in the stream. A line that is no claim
is handed on with what was expected and what was found, and ends nothing. Nothing here knows what a claim means.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from json import JSONDecodeError, loads
from typing import Any, BinaryIO

__all__ = ["MAX_LINE", "Line", "lines"]

MAX_LINE = 2**20
"""How many bytes a line may have."""

_SHOWN = 40
_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Line:
    """A line that is not empty: its number from 1, a digest of its bytes, and its id where it has one.

    `text` is the claim, and `steps` are the texts in it, the start among them. Where the line cannot be a claim,
    `problem` says why, and there is no text.
    """

    number: int
    digest: str
    id: str | int | None = None
    text: str = ""
    steps: tuple[str, ...] = ()
    problem: str | None = None


def lines(stream: BinaryIO) -> Iterator[Line]:
    """The lines of a stream that are not empty.

    >>> from io import BytesIO
    >>> [line.problem for line in lines(BytesIO(b'[]'))]
    ['expected a JSON object, found a list']
    """
    number = 0
    while raw := stream.readline(MAX_LINE + 1):
        number += 1
        found = blake2b(digest_size=8)
        if len(raw) > MAX_LINE and not raw.endswith(b"\n"):
            while raw:
                found.update(raw)
                raw = b"" if raw.endswith(b"\n") else stream.readline(MAX_LINE)
            yield Line(number, found.hexdigest(), problem=f"expected a line of at most {MAX_LINE} bytes, found more")
            continue
        body = (raw.removeprefix(_MARK) if number == 1 else raw).strip(b" \t\r\n")
        if body:
            found.update(body)
            yield _line(number, found.hexdigest(), body)


def _line(number: int, digest: str, body: bytes) -> Line:
    try:
        text = body.decode("utf-8")
        record = loads(text)
    except UnicodeDecodeError as error:
        byte = body[error.start]
        return Line(number, digest, problem=f"expected UTF-8, found the byte {byte:#04x} at column {error.start + 1}")
    except JSONDecodeError as error:
        there = repr(text[error.pos : error.pos + _SHOWN]) if error.pos < len(text) else "the end of the line"
        return Line(number, digest, problem=f"expected JSON, found {there} at column {error.pos + 1} ({error.msg})")
    except RecursionError:
        return Line(number, digest, problem="expected a JSON object, found one that is nested too deeply")
    except ValueError as error:
        return Line(number, digest, problem=f"expected JSON ({error})")
    if not isinstance(record, dict):
        return Line(number, digest, problem=f"expected a JSON object, found {_kind(record)}")
    name = record.get("id")
    if name is not None and (isinstance(name, bool) or not isinstance(name, (str, int))):
        return Line(number, digest, problem=f'expected "id" to be a text or a whole number, found {_kind(name)}')
    steps = record.get("steps")
    texts = isinstance(steps, list) and all(isinstance(step, str) for step in steps)
    return Line(number, digest, name, text, tuple(steps) if texts and steps else ())


def _kind(value: Any) -> str:
    """What a JSON value is, in words."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    kinds = {"str": "a text", "list": "a list", "dict": "an object"}
    return kinds.get(type(value).__name__, "a number")
