"""Answers to claims, in their order, from worker processes.

Promise: each claim gets one answer, in the order of the lines. A claim that is stuck, or ends its worker, costs its own
limits and nothing else: its step is an error. So many claims are under way, and no more, whatever the stream holds; and
an answer that is ready does not wait for a line that has not come yet.

Glossary
    answer   what is written for a claim: its id, its verdict, its steps
    asked    a claim whose steps workers have been asked for
    feed     the thread that reads the stream
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Semaphore, Thread
from typing import TYPE_CHECKING, Any

from derive.batch.lines import Line
from derive.pool import Pool, Stopped
from derive.runner import worst_of

if TYPE_CHECKING:
    from derive.processes import Task

__all__ = ["Answer", "Feed", "answers"]

Answer = dict[str, Any]

_AHEAD = 64
"""How many lines may be read ahead."""

_UNDER_WAY = 512
"""How many claims may be under way: enough for the other workers while the first one takes its whole limit."""

_UNDER_WAY_BYTES = 2**24
_MOST_STEPS = 1000
_MOMENT = 0.05
_RELATION = re.compile(r"\s*(<=|>=|==|=|<|>)\s*")


class Feed:
    """Reads lines ahead, in a thread, so that nobody waits for the stream but who has nothing else to do."""

    def __init__(self, source: Iterable[Line]) -> None:
        self._source = source
        self._room = Semaphore(_AHEAD)
        self._queue: SimpleQueue[Line | BaseException | None] = SimpleQueue()
        self._thread = Thread(target=self._read, daemon=True)
        self.ended = False

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def _read(self) -> None:
        try:
            for line in self._source:
                self._room.acquire()
                self._queue.put(line)
        except BaseException as error:  # noqa: BLE001 - whoever takes the lines gets it
            self._queue.put(error)
        else:
            self._queue.put(None)

    def take(self, seconds: float) -> Line | None:
        """The next line, if there is one within some time; at the end of the stream `ended` is true."""
        if self.ended:
            return None
        try:
            found = self._queue.get(timeout=seconds) if seconds else self._queue.get_nowait()
        except Empty:
            return None
        if isinstance(found, BaseException):
            self.ended = True
            raise found
        if found is None:
            self.ended = True
            return None
        self._room.release()
        return found


@dataclass
class _Asked:
    line: Line
    tasks: list[Task] = field(default_factory=list)


def answers(pool: Pool, feed: Feed) -> Iterator[tuple[Line, Answer] | None]:
    """The answer to each line, in order; None now and then while there is none."""
    waiting: deque[_Asked] = deque()
    size = 0
    while waiting or not feed.ended:
        while len(waiting) < _UNDER_WAY and size < _UNDER_WAY_BYTES:
            line = feed.take(0 if waiting else _MOMENT)
            if line is None:
                break
            waiting.append(_ask(pool, line))
            size += len(line.text)
        if not waiting or not all(pool.ready(task, _MOMENT) for task in waiting[0].tasks):
            yield None
            continue
        done = waiting.popleft()
        size -= len(done.line.text)
        yield done.line, _answer(pool, done)


def _ask(pool: Pool, line: Line) -> _Asked:
    """Queue the steps of a claim; one that has none is for the reader to refuse."""
    if line.problem is not None:
        return _Asked(line)
    count = min(max(1, len(line.steps) - 1), _MOST_STEPS)
    return _Asked(line, [pool.submit("answer", line.text, k) for k in range(count)])


def _answer(pool: Pool, asked: _Asked) -> Answer:
    line = asked.line
    if line.problem is not None:
        return _refused(line, line.problem)
    if len(line.steps) - 1 > _MOST_STEPS:
        return _refused(line, f"expected at most {_MOST_STEPS} steps, found {len(line.steps) - 1}")
    steps: list[dict[str, Any]] = []
    warnings: list[str] = []
    for k, task in enumerate(asked.tasks):
        found = pool.result(task)
        if isinstance(found, Stopped):
            steps.append(_stopped(line, k, found))
        elif "refused" in found:
            return _refused(line, found["refused"], found.get("warnings", ()))
        else:
            warnings = warnings or found["warnings"]
            steps.append(found["step"])
    return {
        "id": line.id,
        "verdict": worst_of(step["verdict"] for step in steps),
        "steps": steps,
        "seconds": sum(step["seconds"] for step in steps),
        **({"warnings": warnings} if warnings else {}),
        "digest": line.digest,
    }


def _refused(line: Line, reason: str, warnings: Iterable[str] = ()) -> Answer:
    """The answer to a line that is not a claim."""
    said = {"warnings": list(warnings)} if warnings else {}
    return {
        "id": line.id, "verdict": "invalid", "steps": [], "seconds": 0.0, "reason": reason, **said,
        "digest": line.digest,
    }  # fmt: skip


def _stopped(line: Line, k: int, stopped: Stopped) -> dict[str, Any]:
    """A step whose worker did not live to answer, in the words of the claim."""
    texts = [_RELATION.match(text) for text in line.steps[k : k + 2]]
    relation = texts[1][1].replace("==", "=") if len(texts) > 1 and texts[1] else None
    left, right = (
        text[found.end() if found else 0 :].strip() for text, found in zip(
            (*line.steps[k : k + 2], "", "")[:2], (*texts, None, None)[:2], strict=True
        )
    )  # fmt: skip
    return {
        "relation": relation, "verdict": "error", "by": [], "conditions": [], "witness": None,
        "left": left, "right": right, "reason": stopped.reason, "seconds": stopped.seconds,
    }  # fmt: skip
