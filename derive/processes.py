"""Worker processes, started and kept: what becomes of them when a limit is passed.

Promise: a limit really stops a worker, also inside C code. A worker that dies
costs the task that it was doing, and no other. No process outlives the `Processes`
it belongs to, also when it is interrupted. This module needs no SymPy: its workers
are forks of a fork server that has imported it. Importing this module takes as
long as a cached answer: `pool` does so when there is a task.

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
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import Future, TimeoutError, wait  # noqa: A004 - pebble raises this one
from contextlib import contextmanager, suppress
from json import dumps, loads
from typing import Any

import pebble
from pebble import ProcessExpired, ProcessPool

from derive.names import LibraryError
from derive.pool import Limits, Stopped

__all__ = ["Processes", "Task"]

_OUT_OF_MEMORY = (77, -signal.SIGABRT)
"""How a worker ends for want of memory: `worker.EXIT_MEMORY`, or C code that calls abort."""

_PATIENCE = 2
"""How often a pool is renewed without any task being done, before the task in front is given up."""


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


class Processes:
    """Worker processes under limits; `access` is what they need to look steps up (see `cache`)."""

    def __init__(self, limits: Limits, access: tuple[str, str] | None = None) -> None:
        self.limits = limits
        self._access = access
        self._context = _Context()
        self._open: list[Task] = []
        self._pool: Any = None
        self._idle_renewals = 0

    def close(self) -> None:
        """End them."""
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
            initargs=(self.limits.memory, self._access),
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


def _initialise(memory: int, access: tuple[str, str] | None) -> None:
    """Make a process a worker. Where that fails, `_operate` will say so: here it would only end the process."""
    with suppress(Exception):
        from derive import worker  # noqa: PLC0415 - it imports SymPy: in a worker, never in the parent

        worker.initialise(memory, access)


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
