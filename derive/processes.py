"""Worker processes, started and kept: what becomes of them when a limit is passed.

Promise: a limit really stops a worker, also inside C code. A worker that dies costs the task that it was doing, and no
other: each has a pipe of its own, and they share no lock. No process outlives the `Processes` it belongs to, also when
it is interrupted. This module needs no SymPy: its workers are forks of a fork server that has imported it. Importing
this module takes as long as a cached answer: `pool` does so when there is a task.

Glossary
    task      one call of an operation of `worker`, in whichever process
    stopped   what comes of a task whose process did not live to answer
    entry     the module that a worker works with: it has `initialise` and `operate`, as `worker` has
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import multiprocessing.forkserver
import multiprocessing.resource_tracker
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from json import dumps, loads
from typing import Any

from derive.names import LibraryError
from derive.pool import Limits, Stopped

__all__ = ["Processes", "Task"]

_OUT_OF_MEMORY = (77, -signal.SIGABRT)
"""How a worker ends for want of memory: `worker.EXIT_MEMORY`, or C code that calls abort."""

_UNKNOWN = 255
"""How a worker seems to have ended where the fork server that knew is gone."""

_MOST_TASKS = 500
"""After so many tasks a worker makes way for a new one, so that what libraries keep in memory does not add up."""

_PATIENCE = 3
"""How often in a row workers may die without a task, or not start at all, before the task in front is given up."""

_PAUSE = 0.05


class Task:
    """One call of a worker's operation."""

    def __init__(self, operation: str, args: tuple[Any, ...]) -> None:
        self.call = dumps([operation, args]).encode()
        self.outcome: Any = None
        self.done = False

    def settle(self, outcome: Any) -> None:
        """Say what came of it."""
        self.outcome, self.done = outcome, True


class _Worker:
    """A process, the pipe to it, and its task, if it has one."""

    def __init__(self, process: Any, pipe: Any) -> None:
        self.process, self.pipe = process, pipe
        self.task: Task | None = None
        self.begun = 0.0
        self.tasks = 0

    def begin(self, task: Task) -> None:
        """Hand over a task; raises OSError where the process is dead."""
        self.pipe.send_bytes(task.call)
        self.task, self.begun = task, time.monotonic()
        self.tasks += 1

    def end(self) -> int:
        """End the process, if it has not ended; its exit status, a negative signal where one killed it."""
        self.process.join(_PAUSE)
        if self.process.exitcode is None:
            self.process.kill()
        elif self.process.exitcode == _UNKNOWN:
            # Nobody saw it end: the fork server may be dead, and the worker alive.
            with suppress(OSError):
                os.kill(self.process.pid, signal.SIGKILL)
        self.process.join()
        self.pipe.close()
        return int(self.process.exitcode)

    def kill(self) -> None:
        """End the process at once."""
        self.process.kill()
        self.end()


class Processes:
    """Worker processes under limits; `access` is what they need to look steps up (see `cache`)."""

    def __init__(self, limits: Limits, access: tuple[str, str] | None = None, entry: str = "derive.worker") -> None:
        self.limits = limits
        self._setup = (entry, limits.memory, access)
        self._context = multiprocessing.get_context("forkserver")
        self._queue: deque[Task] = deque()
        self._workers: list[_Worker] = []
        self._in_vain = 0

    def close(self) -> None:
        """End them."""
        with _deaf_to_interrupts():
            while self._workers:
                self._workers.pop().kill()

    def submit(self, operation: str, *args: Any) -> Task:
        """Queue a call of a worker's operation, which takes its time limit last."""
        task = Task(operation, (*args, self.limits.seconds))
        self._queue.append(task)
        self._assign()
        return task

    def result(self, task: Task) -> Any:
        """What the worker answered, or Stopped; a user's mistake is raised as LibraryError."""
        while not task.done:
            self._pump(1.0)
        if isinstance(task.outcome, dict) and "mistake" in task.outcome:
            raise LibraryError(task.outcome["mistake"])
        if isinstance(task.outcome, dict) and "bug" in task.outcome:
            return Stopped(task.outcome["bug"])
        return task.outcome

    def ready(self, task: Task, seconds: float = 0) -> bool:
        """Whether asking for the result does not wait; up to so many seconds are given to that."""
        end = time.monotonic() + seconds
        while not task.done:
            left = end - time.monotonic()
            self._pump(max(0.0, left))
            if left <= 0:
                break
        return task.done

    # ------------------------------------------------------------ tasks to workers

    def _assign(self) -> None:
        """Hand tasks to the workers that have none, as long as there are both."""
        while self._queue:
            worker = next((w for w in self._workers if w.task is None), None) or self._started()
            if worker is None:
                return
            try:
                worker.begin(self._queue[0])
            except OSError:
                self._lose(worker)
            else:
                self._queue.popleft()

    def _started(self) -> _Worker | None:
        """A new worker, if there is room for one and it starts."""
        if len(self._workers) >= self.limits.jobs:
            return None
        # An interrupt half way would leave a process behind that nobody knows.
        with _deaf_to_interrupts():
            _start_fork_server()
            ours, theirs = self._context.Pipe()
            process = self._context.Process(target=_serve, args=(theirs, *self._setup), daemon=True)
            try:
                process.start()
            except (OSError, EOFError):
                ours.close()
                self._despair()
                return None
            finally:
                theirs.close()
            worker = _Worker(process, ours)
            self._workers.append(worker)
        return worker

    def _lose(self, worker: _Worker) -> int:
        """Take leave of a worker that is dead, or that has to be; its exit status."""
        self._workers.remove(worker)
        if worker.task is None:
            self._despair()
        return worker.end()

    def _despair(self) -> None:
        """Count what was in vain; after some patience the task in front is given up."""
        self._in_vain += 1
        if self._in_vain > _PATIENCE and self._queue:
            self._in_vain = 0
            self._queue.popleft().settle(Stopped("its workers died again and again, not by derive"))

    # ------------------------------------------------------------ answers from workers

    def _pump(self, seconds: float) -> None:
        """Take the answers that come within some time, the first of them; see who is dead or far too late."""
        self._assign()
        pipes = {worker.pipe: worker for worker in self._workers}
        if not pipes:
            time.sleep(min(seconds, _PAUSE))
            return
        # The worker ends itself in time. This is for code that has switched that off.
        backstop = 2 * self.limits.seconds + 3
        ends = [worker.begun + backstop for worker in self._workers if worker.task is not None]
        wait = min([seconds, *(max(0.0, end - time.monotonic()) for end in ends)])
        for pipe in multiprocessing.connection.wait(list(pipes), wait):
            self._hear(pipes[pipe])
        now = time.monotonic()
        for worker in [w for w in self._workers if w.task is not None and now > w.begun + backstop]:
            if worker.task is not None:
                reason = f"it gave no answer, far beyond {self._time_limit()}"
                worker.task.settle(Stopped(reason, self.limits.seconds))
            worker.process.kill()
            self._lose(worker)
        self._assign()

    def _hear(self, worker: _Worker) -> None:
        """Take what a worker says: its answer, or, by falling silent, that it is dead."""
        try:
            answer = loads(worker.pipe.recv_bytes())
        except (EOFError, OSError):
            task = worker.task
            code = self._lose(worker)
            if task is not None:
                task.settle(self._death(code))
            return
        if worker.task is not None:
            worker.task.settle(answer)
        worker.task = None
        self._in_vain = 0
        if worker.tasks >= _MOST_TASKS:
            self._workers.remove(worker)
            worker.kill()

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


def _serve(pipe: Any, entry: str, memory: int, access: tuple[str, str] | None) -> None:
    """What a worker does all its life."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    problem = None
    try:
        # It imports SymPy: in a worker, never in the parent.
        module = import_module(entry)
        module.initialise(memory, access)
    except Exception as error:  # noqa: BLE001 - an installation may be broken in any way
        problem = dumps({"mistake": f"a worker cannot start: {type(error).__name__}: {error}"})
    try:
        while True:
            operation, args = loads(pipe.recv_bytes())
            pipe.send_bytes((problem or module.operate(operation, args)).encode())
    except MemoryError:
        os._exit(_OUT_OF_MEMORY[0])
    except (EOFError, OSError):
        # The parent has gone.
        return


def _start_fork_server() -> None:
    """Have the process that workers are forked from, with what they need imported, and deaf to Ctrl-C from birth."""
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
        # Then no worker can start either, and whoever wants one will see.
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
