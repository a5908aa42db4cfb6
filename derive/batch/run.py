"""One run of `derive batch`: what is read, asked, written and told.

Promise: nothing is printed here. However a run ends, the file of verdicts holds whole lines in the order of the claims,
and the same command goes on from there.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO

from derive.batch.deciding import Feed, answers
from derive.batch.lines import Line, lines
from derive.batch.tally import Tally
from derive.batch.verdicts import Verdicts
from derive.names import LibraryError
from derive.pool import Pool
from derive.telling import CONTRADICTION, NOT_PROVED, PROVED, Outlet

__all__ = ["Source", "opened", "run", "written"]


@dataclass(frozen=True)
class Source:
    """Where claims come from: its name, the stream, and how many lines it has, where that is known."""

    name: str
    stream: BinaryIO
    total: int | None = None

    def lines(self) -> Iterator[Line]:
        """Its claims."""
        try:
            yield from lines(self.stream)
        except OSError as error:
            raise LibraryError(f"{self.name} cannot be read: {error.strerror}") from None


_STANDARD = Path("-")
_PIECE = 2**20


@contextmanager
def opened(path: Path, standard: TextIO | None, *, counted: bool = False) -> Iterator[Source]:
    """The claims in a file, or of standard input; their lines are counted where that is asked for, and can be done."""
    if path == _STANDARD:
        if standard is None:
            raise LibraryError("standard input is closed")
        yield Source("standard input", standard.buffer)
        return
    try:
        stream = path.open("rb")
    except OSError as error:
        raise LibraryError(f"{path} cannot be read: {error.strerror}") from None
    with stream:
        total = _count(stream) if counted and stat.S_ISREG(os.fstat(stream.fileno()).st_mode) else None
        yield Source(str(path), stream, total)


def _count(stream: BinaryIO) -> int:
    """How many lines there are."""
    found = sum(piece.count(b"\n") for piece in iter(lambda: stream.read(_PIECE), b""))
    stream.seek(0)
    return found


def written(path: Path, standard: TextIO | None) -> Verdicts:
    """Where the verdicts go: a file, or standard output."""
    if path == _STANDARD:
        if standard is None:
            raise LibraryError("standard output is closed")
        return Verdicts.to_stream(standard.fileno(), "standard output")
    return Verdicts.to_file(path)


def run(source: Source, verdicts: Verdicts, pool: Pool, outlet: Outlet) -> int:
    """Answer the claims that are not answered yet; the exit status."""
    if verdicts.is_what(source.stream):
        raise LibraryError(f"{verdicts.name} is the file of the claims; write to another one")
    tally = Tally()
    start = time.monotonic()
    try:
        _answer_all(source, verdicts, pool, outlet, tally)
    except KeyboardInterrupt:
        outlet.resume()
        outlet.complain(_so_far(verdicts, tally))
        raise
    except LibraryError as error:
        outlet.resume()
        if tally.count == tally.kept:
            raise
        raise LibraryError(f"{error} ({_so_far(verdicts, tally)})") from None
    finally:
        outlet.resume()
    for said in (tally.repetition(), tally.summary(time.monotonic() - start)):
        if said is not None:
            outlet.complain(said)
    return CONTRADICTION if tally.contradictions else PROVED if tally.all_proved else NOT_PROVED


def _so_far(verdicts: Verdicts, tally: Tally) -> str:
    goes_on = "; the same command goes on from there" if verdicts.resumes else ""
    return f"{verdicts.name} has the answers to {tally.count} claims{goes_on}"


def _answer_all(source: Source, verdicts: Verdicts, pool: Pool, outlet: Outlet, tally: Tally) -> None:
    feed = Feed(_unanswered(source, verdicts, tally))
    feed.start()
    for found in answers(pool, feed):
        if found is None:
            outlet.wait("claims", tally.count, source.total)
            continue
        line, answer = found
        verdicts.append(answer)
        tally.meet(line.id, line.number)
        tally.verdicts[answer["verdict"]] += 1
        tally.warned += "warnings" in answer
        for step in answer["steps"]:
            if "contradiction" in step:
                tally.contradictions += 1
                outlet.complain(
                    "INTERNAL CONTRADICTION, a bug in derive; please report it: "
                    f"line {line.number}: {step['contradiction']}"
                )


def _unanswered(source: Source, verdicts: Verdicts, tally: Tally) -> Iterable[Line]:
    """The lines that have no answer yet; the others are counted."""
    resuming = True
    for line in source.lines():
        kept = verdicts.answered(line) if resuming else None
        if kept is None:
            resuming = False
            yield line
            continue
        tally.meet(line.id, line.number)
        tally.kept += 1
        tally.verdicts[kept.verdict] += 1
        tally.contradictions += kept.contradiction
    verdicts.end()
