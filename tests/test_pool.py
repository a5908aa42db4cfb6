"""Worker processes: limits that really stop them, deaths that cost one task, no process left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support import GOOD

from derive.names import LibraryError
from derive.pool import Limits, Pool, Stopped, memory_size

Write = Callable[..., Path]


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    """A pool with small limits."""
    with Pool(Limits(seconds=1.5, memory=2**29, jobs=2)) as found:
        yield found


COUNT = True
CLAIM = '{"symbols": {"x": "real"}, "steps": ["x + x", "= 2*x"]}'

TELLS_ITS_PID = """
import os, pathlib
part = pathlib.Path(__file__).with_name("part")
part.write_text(str(os.getpid()))
part.rename(part.with_name("pid"))
while True: pass
"""


def workers(pool: Pool) -> list[Any]:
    """The workers of a pool that has begun."""
    return pool._begun()._workers


def worker_of(path: Path) -> int:
    """The process that loads a file which tells it."""
    told = path.with_name("pid")
    until(told.exists)
    return int(told.read_text(encoding="utf-8"))


def listed(pool: Pool, path: Path) -> object:
    """What loading a file in a worker comes to."""
    return pool.result(pool.submit("listing", str(path), COUNT))


def test_a_worker_answers_in_plain_data(pool: Pool, write: Write) -> None:
    """The cards of a file come back as dicts."""
    answer = listed(pool, write("mine.py"))
    assert isinstance(answer, dict)
    assert [card["name"] for card in answer["cards"]] == ["good"]


def test_answers_belong_to_their_tasks(pool: Pool, write: Write) -> None:
    """Many tasks over two workers come back each with its own answer."""
    paths = [write(f"f{i}.py", GOOD.replace("good", f"name{i}")) for i in range(30)]
    tasks = [pool.submit("listing", str(path), not COUNT) for path in paths]
    names = [pool.result(task)["cards"][0]["name"] for task in tasks]
    assert names == [f"name{i}" for i in range(30)]


def test_a_users_mistake_is_raised_here(pool: Pool, write: Write) -> None:
    """What a worker calls a mistake is a LibraryError in the parent."""
    with pytest.raises(LibraryError, match=r"mine\.py:4: NameError: name 'nope' is not defined"):
        listed(pool, write("mine.py", "nope\n"))


def test_a_bug_in_a_worker_is_told_and_costs_nothing_else(pool: Pool, write: Write) -> None:
    """An exception that nobody foresaw is a stopped task that says where it was raised."""
    broken = pool.submit("nosuchoperation")
    assert "internal error: KeyError: 'nosuchoperation' (worker.py:" in pool.result(broken).reason
    assert isinstance(listed(pool, write("mine.py")), dict)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("while True: pass\n", "stopped after 1.5 s, the time limit"),
        ("10**(10**10)\n", "stopped after 1.5 s, the time limit"),
        ("import time; time.sleep(1000)\n", "stopped after 1.5 s, the time limit"),
        ("a = [bytes(10**8) for _ in range(10**6)]\n", "stopped at 512 MiB, the memory limit"),
        ("import flint; flint.fmpz(1) << 10**11\n", "stopped at 512 MiB, the memory limit"),
        ("import os; os._exit(5)\n", "its process ended by itself, with exit status 5"),
        ("import os; os.kill(os.getpid(), 9)\n", "killed by signal 9 (SIGKILL), not by derive"),
        ("import os; os.abort()\n", "stopped at 512 MiB, the memory limit"),
    ],
    ids=["loop", "C code", "sleep", "memory", "memory in C code", "exit", "kill", "abort"],
)
def test_a_file_that_does_not_end_is_stopped(pool: Pool, write: Write, text: str, reason: str) -> None:
    """A limit stops a worker wherever it is, the reason says which, and the pool goes on."""
    answer = listed(pool, write("mine.py", text))
    assert isinstance(answer, Stopped)
    assert reason in answer.reason
    assert isinstance(listed(pool, write("good.py")), dict)


def test_a_worker_that_defends_itself_is_stopped_all_the_same(write: Write) -> None:
    """A file that ignores the signals of the limits meets the backstop."""
    text = "import signal\nfor s in (14, 15): signal.signal(s, signal.SIG_IGN)\nwhile True: pass\n"
    with Pool(Limits(seconds=0.05, jobs=1)) as pool:
        answer = listed(pool, write("mine.py", text))
        assert isinstance(answer, Stopped)
        assert "it gave no answer, far beyond 0.05 s, the time limit" in answer.reason


def test_the_fork_server_may_die(write: Write) -> None:
    """A file that kills the fork server costs itself at most: the pool is renewed."""
    killer = write("killer.py", "import os, time\nos.kill(os.getppid(), 9)\ntime.sleep(0.2)\nos.kill(os.getpid(), 9)\n")
    good = write("good.py")
    with Pool(Limits(seconds=5, jobs=1)) as pool:
        tasks = [pool.submit("listing", str(path), not COUNT) for path in (killer, good)]
        dead, alive = [pool.result(task) for task in tasks]
        assert isinstance(dead, Stopped)
        assert isinstance(alive, dict)


def test_workers_that_are_killed_cost_their_own_tasks() -> None:
    """However often workers are killed, whatever they are at, nothing hangs and no other task is lost."""
    with Pool(Limits(seconds=20, jobs=2)) as pool:
        tasks = [pool.submit("answer", CLAIM, 0) for _ in range(150)]
        found = []
        for i, task in enumerate(tasks):
            if i % 10 == 5:
                os.kill(workers(pool)[i % 2].process.pid, signal.SIGKILL)
            found.append(pool.result(task))
    stopped = [answer for answer in found if isinstance(answer, Stopped)]
    assert len(stopped) <= 15
    assert {answer.reason for answer in stopped} <= {"its process was killed by signal 9 (SIGKILL), not by derive"}
    verdicts = [answer["step"]["verdict"] for answer in found if not isinstance(answer, Stopped)]
    assert verdicts == ["proved"] * (150 - len(stopped))


def test_a_worker_makes_way_after_many_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    """What libraries keep in memory does not add up from task to task, and no task is lost for it."""
    monkeypatch.setattr("derive.processes._MOST_TASKS", 3)
    with Pool(Limits(jobs=1)) as pool:
        seen = []
        for _ in range(9):
            task = pool.submit("answer", CLAIM, 0)
            seen.append(workers(pool)[0].process.pid)
            assert pool.result(task)["step"]["verdict"] == "proved"
    assert len(set(seen)) == 3


def test_what_cannot_start_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no process can be had at all, each task says so after a while."""

    def start(_process: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    with Pool(Limits(jobs=1)) as pool:
        monkeypatch.setattr("multiprocessing.context.ForkServerProcess.start", start)
        answers = [pool.result(pool.submit("answer", CLAIM, 0)) for _ in range(2)]
    assert [answer.reason for answer in answers] == ["its workers died again and again, not by derive"] * 2


def test_no_process_outlives_its_pool(write: Write) -> None:
    """Leaving the pool ends its workers, also one that is busy."""
    path = write("mine.py", TELLS_ITS_PID)
    with Pool(Limits(seconds=60, jobs=1)) as pool:
        pool.submit("listing", str(path), not COUNT)
        pid = worker_of(path)
    assert not alive(pid)


def test_a_killed_parent_leaves_no_busy_worker(write: Write) -> None:
    """Where the parent is killed, which it cannot answer, its workers end with their time limit."""
    path = write("mine.py", TELLS_ITS_PID)
    program = (
        "from derive.pool import Limits, Pool\n"
        "if __name__ == '__main__':\n"
        "    with Pool(Limits(seconds=1, jobs=1)) as pool:\n"
        f"        pool.result(pool.submit('listing', {str(path)!r}, False))\n"
    )
    script = path.parent / "program.py"
    script.write_text(program, encoding="utf-8")
    parent = subprocess.Popen([sys.executable, str(script)], env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)})
    pid = worker_of(path)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    until(lambda: not alive(pid))


def test_sympy_stays_out_of_the_parent() -> None:
    """Importing what asks the workers does not import what they need."""
    program = (
        "import sys, cli, derive.runner, derive.targets, derive.display\n"
        "print('sympy' in sys.modules, 'rich' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert done.stdout.split() == ["False", "False"]


def until(condition: Callable[[], bool]) -> None:
    """Wait for something that happens soon."""
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether a process runs; one that is dead, and that nobody has waited for, does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"


@pytest.mark.parametrize(
    ("text", "amount"), [("256M", 2**28), ("1.5 GiB", 3 * 2**29), ("2g", 2**31), ("1073741824", 2**30), ("1tb", 2**40)]
)
def test_an_amount_of_memory(text: str, amount: int) -> None:
    """Amounts are read with the usual units, whatever their case."""
    assert memory_size(text) == amount


@pytest.mark.parametrize(
    ("text", "said"),
    [("much", "'much' is no amount of memory"), ("-1G", "no amount"), ("255M", "out of range"), ("9999T", "range")],
)
def test_no_amount_of_memory(text: str, said: str) -> None:
    """What is no amount, or too small for a worker, is refused."""
    with pytest.raises(ValueError, match=said):
        memory_size(text)
