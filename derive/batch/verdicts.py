"""The file that answers are written to, one a line.

Promise: what stands in it is whole lines, also after an interrupt or on a full disk; a last line that a crash has torn
is taken away before anything is written. A file that holds anything but answers to the same claims in the same order is
left as it is, and so is one that somebody else is writing.
"""

from __future__ import annotations

import fcntl
import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from json import dumps, loads
from pathlib import Path
from typing import Any, BinaryIO, Self

from derive.batch.lines import Line
from derive.names import LibraryError

__all__ = ["Kept", "Verdicts"]

_LONGEST = 2**26
_BEGINS = b'{"id": '
"""How each answer begins: what does not is not ours, and not to be taken away."""


@dataclass(frozen=True)
class Kept:
    """What matters of an answer that is there already."""

    verdict: str
    contradiction: bool


class Verdicts:
    """Where answers go: a file that may hold some already, or else something that they can only be written to.

    Use it in a `with` statement.
    """

    def __init__(self, handle: int, name: str, kept: BinaryIO | None = None) -> None:
        self.name = name
        self._handle, self._kept = handle, kept
        self._resumes = kept is not None
        self._good = 0
        self._line = 0

    @classmethod
    def to_stream(cls, handle: int, name: str) -> Verdicts:
        """Write to a stream that is open already."""
        return cls(os.dup(handle), name)

    @classmethod
    def to_file(cls, path: Path) -> Verdicts:
        """Go on with a file, or begin it."""
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        except OSError as error:
            raise LibraryError(f"{path} cannot be written: {error.strerror}") from None
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return cls(handle, str(path))
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return cls(handle, str(path), path.open("rb"))
        except BlockingIOError:
            os.close(handle)
            raise LibraryError(f"{path} is being written by another derive batch") from None
        except OSError as error:
            os.close(handle)
            raise LibraryError(f"{path} cannot be read, to see what it holds already: {error.strerror}") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._kept is not None:
            self._kept.close()
        os.close(self._handle)

    @property
    def resumes(self) -> bool:
        """Whether the same command goes on where this one ends."""
        return self._resumes

    def is_what(self, stream: BinaryIO) -> bool:
        """Whether this is the very file that a stream reads."""
        with suppress(OSError, ValueError):
            return self._resumes and os.path.samestat(os.fstat(self._handle), os.fstat(stream.fileno()))
        return False

    # ------------------------------------------------------------ what is there already

    def answered(self, line: Line) -> Kept | None:
        """The answer to the next line, if it is there; if not, what follows is written from here on.

        Raises LibraryError where an answer to something else stands there.
        """
        raw = self._next()
        if raw is None:
            return None
        try:
            found = loads(raw)
            name, digest, verdict, steps = found["id"], found["digest"], str(found["verdict"]), found["steps"]
            contradiction = any(step.get("contradiction") for step in steps)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise LibraryError(
                f"{self.name}, line {self._line}: expected an answer of derive batch, found something else; "
                "the file is left as it is, write to another one"
            ) from None
        if (name, digest) != (line.id, line.digest):
            raise LibraryError(
                f"{self.name} belongs to another input: its line {self._line} answers the claim {name!r} ({digest}), "
                f"and line {line.number} of the input is {line.id!r} ({line.digest}); "
                "the file is left as it is, write to another one"
            )
        return Kept(verdict, contradiction)

    def end(self) -> None:
        """Say that the input has ended; raises LibraryError where there are answers to more than that."""
        if self._next() is not None:
            raise LibraryError(
                f"{self.name} belongs to another input: it has answers beyond the last line of this one; "
                "the file is left as it is, write to another one"
            )

    def _next(self) -> bytes | None:
        """The next whole line that is there; where there is none, a torn one is taken away."""
        if self._kept is None:
            return None
        raw = self._kept.readline(_LONGEST)
        self._line += 1
        if raw.endswith(b"\n"):
            self._good += len(raw)
            return raw
        if raw and not raw.startswith(_BEGINS[: len(raw)]):
            return raw
        self._kept.close()
        self._kept = None
        if raw:
            self._cut()
        return None

    # ------------------------------------------------------------ what is new

    def append(self, answer: dict[str, Any]) -> None:
        """Write an answer, all of it or nothing."""
        data = dumps(answer).encode() + b"\n"
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(self._handle, rest) :]
        except BaseException as error:
            if len(rest) < len(data):
                self._cut()
            if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
                raise LibraryError(f"{self.name} cannot be written: {error.strerror}") from None
            raise
        self._good += len(data)

    def _cut(self) -> None:
        """Take away what stands behind the last whole line."""
        if self._resumes:
            with suppress(OSError):
                os.ftruncate(self._handle, self._good)
