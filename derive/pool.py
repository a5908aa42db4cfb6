"""Worker processes: what is asked of them, and what becomes of them when a limit is passed.

Promise: a limit really stops a worker, also inside C code. A worker that dies
costs the task that it was doing, and no other. No process outlives the `Pool` it
belongs to, also when it is interrupted. This module needs no SymPy: its workers
are forks of a fork server that has imported it.

Glossary
    task      one call of an operation of `worker`, in whichever process
    stopped   what comes of a task whose process did not live to answer
    renewal   a new pool in place of one that broke down, with the same tasks
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.context
import multiprocessing.forkserver
import multiprocessing.resource_tracker
import os
import re
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import Future, TimeoutError, wait  # noqa: A004 - pebble raises this one
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from json import dumps, loads
from types import TracebackType
from typing import Any, Self

import pebble
from pebble import ProcessExpired, ProcessPool

from derive.names import LibraryError

__all__ = ["Limits", "Pool", "Stopped", "Task", "memory_size"]

_OUT_OF_MEMORY = (77, -signal.SIGABRT)
"""How a worker ends for want of memory: `worker.EXIT_MEMORY`, or C code that calls abort."""

_LEAST_MEMORY = 2**28
"""What a worker needs to start, with some room."""

_PATIENCE = 2
"""How often a pool is renewed without any task being done, before the task in front is given up."""


@dataclass(frozen=True)
class Limits:
    """What a step may use, and how many workers there are."""

    seconds: float = 10.0
    memory: int = 2 * 2**30
    jobs: int = field(default_factory=lambda: max(1, min(8, os.cpu_count() or 1)))


@dataclass(frozen=True)
class Stopped:
    """A task that did not end by itself, why, and how long it took where that is known."""

    reason: str
    seconds: float = 0.0


class Task:
    """One call of a worker's operation, now or in a renewed pool."""

    def __init__(self, operation: str, args: tuple[Any, ...]) -> None:
        self.call = (operation, args)
        self.future: Future[Any] | None = None
        self.outcome: Any = None
        self.done = False


class _Context(multiprocessing.context.ForkServerContext):
    """Makes processes by way of a fork server, and keeps their locks.

    A pool lets go of its locks before its workers: one that is just starting
    would not find them, and say so on standard error.
    """

    def __init__(self) -> None:
        super().__init__()
        self.locks: list[Any] = []

    def RLock(self) -> Any:
        lock = super().RLock()
        self.locks.append(lock)
        return lock


class Pool:
    """Worker processes under limits. Use it in a `with` statement: on leaving it, they are gone."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._context = _Context()
        self._open: list[Task] = []
        self._pool: Any = None
        self._idle_renewals = 0

    def __enter__(self) -> Self:
        # Nothing is started before there is a task: many a mistake is found without one.
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with _deaf_to_interrupts():
            self._stop()

    def submit(self, operation: str, *args: Any) -> Task:
        """Queue a call of a worker's operation, which takes its time limit last."""
        task = Task(operation, (*args, self.limits.seconds))
        self._open.append(task)
        self._schedule(task)
        return task

    def result(self, task: Task) -> Any:
        """What the worker answered, or Stopped; a user's mistake is raised as LibraryError."""
        while not task.done:
            self._await(task)
        if isinstance(task.outcome, dict) and "mistake" in task.outcome:
            raise LibraryError(task.outcome["mistake"])
        if isinstance(task.outcome, dict) and "bug" in task.outcome:
            return Stopped(task.outcome["bug"])
        return task.outcome

    def ready(self, task: Task, seconds: float = 0) -> bool:
        """Whether asking for the result does not wait; up to so many seconds are given to that."""
        if task.done or task.future is None:
            return True
        return bool(wait([task.future], seconds).done)

    def _await(self, task: Task) -> None:
        future = task.future
        if future is None:
            self._renew()
            return
        try:
            self._settle(task, loads(future.result()))
            self._idle_renewals = 0
        except TimeoutError:
            # The backstop: the worker did not even end itself.
            self._settle(task, Stopped(f"it gave no answer, far beyond {self._time_limit()}", self.limits.seconds))
        except ProcessExpired as error:
            self._settle(task, self._death(error.exitcode))
        except (OSError, RuntimeError):
            # The pool broke down: a worker died idle, or the fork server itself was killed.
            self._renew()

    def _settle(self, task: Task, outcome: Any) -> None:
        task.outcome, task.done = outcome, True
        self._open.remove(task)

    def _time_limit(self) -> str:
        return f"{self.limits.seconds:g} s, the time limit"

    def _death(self, code: int) -> Stopped:
        if code in _OUT_OF_MEMORY:
            return Stopped(f"stopped at {_size(self.limits.memory)}, the memory limit")
        if code == -signal.SIGALRM:
            return Stopped(f"stopped after {self._time_limit()}", self.limits.seconds)
        if code < 0:
            return Stopped(f"its process was killed by signal {-code} ({_signal(-code)}), not by derive")
        return Stopped(f"its process ended by itself, with exit status {code}")

    def _schedule(self, task: Task) -> None:
        if self._pool is None:
            self._start()
        try:
            # The worker ends itself in time. This is for code that has switched that off.
            backstop = 2 * self.limits.seconds + 3
            task.future = self._pool.schedule(_operate, args=task.call, timeout=backstop)
        except (OSError, RuntimeError):
            task.future = None

    def _renew(self) -> None:
        """Start a new pool, and queue there what is not done; give up on the first of it after some patience."""
        with _deaf_to_interrupts():
            self._stop()
        self._idle_renewals += 1
        if self._idle_renewals > _PATIENCE:
            self._settle(self._open[0], Stopped("its workers died again and again, not by derive"))
        self._start()
        for task in self._open:
            if task.future is None or not task.future.done() or _broke(task.future):
                self._schedule(task)

    def _start(self) -> None:
        pebble.CONSTS.sleep_unit = 0.01
        pebble.CONSTS.term_timeout = 0.2
        _start_fork_server()
        self._pool = ProcessPool(
            max_workers=self.limits.jobs,
            context=self._context,
            initializer=_initialise,
            initargs=(self.limits.memory,),
        )
        # Asking starts the workers: an interrupt half way would leave one behind that nobody knows. The threads
        # that are started here stay deaf, so that an interrupt always meets the main thread.
        with _deaf_to_interrupts(), suppress(OSError, RuntimeError):
            _ = self._pool.active

    def _stop(self) -> None:
        if self._pool is not None:
            with suppress(OSError, RuntimeError):
                self._pool.stop()
                self._pool.join()


def _broke(future: Future[Any]) -> bool:
    error = future.exception()
    return isinstance(error, (OSError, RuntimeError)) and not isinstance(error, (ProcessExpired, TimeoutError))


def _initialise(memory: int) -> None:
    """Make a process a worker. Where that fails, `_operate` will say so: here it would only end the process."""
    with suppress(Exception):
        from derive import worker  # noqa: PLC0415 - it imports SymPy: in a worker, never in the parent

        worker.initialise(memory)


def _operate(operation: str, args: tuple[Any, ...]) -> str:
    try:
        from derive import worker  # noqa: PLC0415
    except Exception as error:  # noqa: BLE001 - an installation may be broken in any way
        return dumps({"bug": f"a worker cannot start: {type(error).__name__}: {error}"})
    return worker.operate(operation, args)


def _start_fork_server() -> None:
    """Start the process that workers are forked from, with what they need imported, and deaf to Ctrl-C from birth."""
    multiprocessing.set_forkserver_preload(["__main__", "derive.worker"])
    # It imports what this process would: not what lies in the current folder, which `python -c` puts first.
    wanted = {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "PYTHONSAFEPATH": "1"}
    before = {name: os.environ.get(name) for name in wanted}
    try:
        os.environ.update(wanted)
        # First, since starting it ends with letting Ctrl-C through again.
        multiprocessing.resource_tracker.ensure_running()
        with _deaf_to_interrupts():
            multiprocessing.forkserver.ensure_running()
    except OSError:
        # Then no worker can start either, which a pool knows how to say.
        return
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Keep Ctrl-C waiting, here and in what is started here."""
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def memory_size(text: str) -> int:
    """An amount of memory in bytes.

    >>> memory_size("512M") == 512 * 2**20
    True
    """
    found = re.fullmatch(r"\s*(\d{1,16}(?:\.\d{1,9})?)\s*([kmgt]?)(?:i?b)?\s*", text, re.IGNORECASE)
    if found is None:
        raise ValueError(f"{text!r} is no amount of memory; write for example 512M or 2G")
    amount = int(float(found[1]) * 1024 ** " kmgt".index(found[2].lower() or " "))
    if not _LEAST_MEMORY <= amount <= 2**50:
        raise ValueError(f"{text!r} is out of range; a worker needs at least 256M")
    return amount


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"


def _size(amount: int) -> str:
    for unit, name in ((2**30, "GiB"), (2**20, "MiB")):
        if amount >= unit:
            return f"{amount / unit:g} {name}"
    return f"{amount} bytes"
