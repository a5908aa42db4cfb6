"""`derive batch`: lines in, verdicts out, whatever happens in between."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from errno import ENOSPC
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from support import Ran, clean_environment

from derive.batch import verdicts as verdicts_module
from derive.batch.deciding import Feed, answers
from derive.batch.lines import MAX_LINE, Line, lines
from derive.batch.run import Source, run
from derive.batch.tally import Tally
from derive.batch.verdicts import Verdicts
from derive.names import LibraryError
from derive.pool import Stopped

ROOT = Path(__file__).resolve().parent.parent
COMMAND = [sys.executable, "-c", "from cli import main; main(prog_name='derive')"]

RIGGED = """
import re
from cli import main

def rig():
    import derive.checking
    check_step = derive.checking.check_step

    def check(derivation, *args, **more):
        if "endless" in str(derivation.start):
            re.match("(a+)+b", "a" * 60)
        if "hungry" in str(derivation.start):
            found = [bytes(10**7) for _ in range(10**4)]
        return check_step(derivation, *args, **more)

    derive.checking.check_step = check

if __name__ == "__main__":
    main(prog_name="derive")
else:
    rig()
"""
"""The command, with workers that never leave C code at the sight of one name, and eat memory at that of another."""

PROVED = {"symbols": {"x": "positive", "y": "positive"}, "steps": ["log(x*y)", "= log(x) + log(y)"]}
REFUTED = {"symbols": {"x": "real"}, "steps": ["sqrt(x**2)", "= x"]}
ENDLESS = {"symbols": {"endless": "real"}, "steps": ["endless + 1", "= 1 + endless"]}
HUNGRY = {"symbols": {"hungry": "real"}, "steps": ["hungry + 1", "= 1 + hungry"]}
HUGE = {
    "symbols": {"a": "real", "b": "real", "c": "real", "d": "real"},
    "steps": ["(a + b + c + d)**90*(a - b)**50", "= (a - b)**50*(d + c + a + b)**90 + (a - a)*b"],
}
KEYS = {"id", "verdict", "steps", "seconds", "digest"}
STEP_KEYS = {"relation", "verdict", "by", "conditions", "witness", "left", "right", "reason", "seconds"}


def environment() -> dict[str, str]:
    """That of a user, with this checkout."""
    return clean_environment(PYTHONPATH=str(ROOT))


def batch(*args: str, cwd: Path, stdin: str | None = None, rigged: bool = False) -> Ran:
    """Run `derive batch`, and see that it shows no traceback."""
    command = rig(cwd) if rigged else COMMAND
    done = subprocess.run(
        [*command, "batch", *args], capture_output=True, text=True, cwd=cwd, timeout=60, check=False,
        env=environment(), input=stdin,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return Ran(done.returncode, done.stdout, done.stderr)


def rig(folder: Path) -> list[str]:
    """The rigged command."""
    (folder / "rigged.py").write_text(RIGGED, encoding="utf-8")
    return [sys.executable, str(folder / "rigged.py")]


def claims(path: Path, *records: dict[str, Any] | str) -> Path:
    """Write a claims file; each record gets its number as its id, and a text is a line as it stands."""
    found = [r if isinstance(r, str) else json.dumps({"id": str(i), **r}) for i, r in enumerate(records)]
    path.write_text("".join(line + "\n" for line in found), encoding="utf-8")
    return path


def answered(path: Path) -> list[dict[str, Any]]:
    """The answers in a file."""
    text = path.read_text(encoding="utf-8")
    assert text.endswith("\n") or not text
    return [json.loads(line) for line in text.splitlines()]


# ---------------------------------------------------------------- lines


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"[]", "expected a JSON object, found a list"),
        (b"3", "expected a JSON object, found a number"),
        (b"null", "expected a JSON object, found null"),
        (b'{"id": 1', "expected JSON, found the end of the line at column 9"),
        (b'{"id": x}', "expected JSON, found 'x}' at column 8"),
        (b'{"id": "\xff"}', "expected UTF-8, found the byte 0xff at column 9"),
        (b'{"id": [1]}', 'expected "id" to be a text or a whole number, found a list'),
        (b'{"id": true}', 'expected "id" to be a text or a whole number, found true'),
        (b'{"a": ' * 100_000, "expected a JSON object, found one that is nested too deeply"),
        (b'{"id": ' + b"1" * 5000 + b"}", "expected JSON (Exceeds the limit"),
        (b"x" * (MAX_LINE + 2), f"expected a line of at most {MAX_LINE} bytes, found more"),
    ],
)  # fmt: skip
def test_a_bad_line_says_what_is_wrong_and_ends_nothing(raw: bytes, said: str) -> None:
    """Each kind of bad line has its message, and the line behind it is read."""
    bad, good = lines(BytesIO(raw + b'\n{"id": "b", "steps": ["1", "= 1"]}\n'))
    assert str(bad.problem).startswith(said)
    assert (good.id, good.problem, good.steps, good.number) == ("b", None, ("1", "= 1"), 2)


def test_blank_lines_and_the_ends_of_lines_do_not_matter() -> None:
    """A mark at the start, blank lines and \\r\\n change no claim; a last line needs no end."""  # noqa: D301
    plain = list(lines(BytesIO(b'{"id": 1}\n{"id": 2}\n')))
    other = list(lines(BytesIO(b'\xef\xbb\xbf{"id": 1}\r\n\n  \r\n{"id": 2}')))
    assert [line.digest for line in plain] == [line.digest for line in other]
    assert [line.number for line in other] == [1, 4]


def test_a_claim_without_steps_is_for_the_reader() -> None:
    """What the steps are is looked at only as far as they can be counted."""
    texts = [b'{"steps": 3}', b'{"steps": [1, 2]}', b'{"steps": []}', b"{}"]
    assert [(line.steps, line.problem) for line in lines(BytesIO(b"\n".join(texts)))] == [((), None)] * 4


# ---------------------------------------------------------------- constant memory


def test_few_lines_are_read_ahead() -> None:
    """A stream without end is read no further than there is room."""
    read = []

    def endless() -> Iterator[Line]:
        for i in count():
            read.append(i)
            yield Line(i, "")

    feed = Feed(endless())
    feed.start()
    taken = [feed.take(1) for _ in range(10)]
    time.sleep(0.05)
    assert [line.number for line in taken if line] == list(range(10))
    assert len(read) < 10 + 100


class FakePool:
    """Answers at once, but for the first claim, and counts what is under way."""

    def __init__(self, step: dict[str, Any] | None = None, stuck: int = 0) -> None:
        self.step = step or {"verdict": "proved", "seconds": 0.5}
        self.under_way = self.most = 0
        self.stuck = stuck

    def submit(self, operation: str, text: str, k: int) -> int:
        """Take a task."""
        assert operation == "answer"
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        return k

    def ready(self, _task: int, _seconds: float = 0) -> bool:
        """Whether it is done: the first is asked for a while."""
        self.stuck -= 1
        return self.stuck < 0

    def result(self, _task: int) -> Any:
        """What comes of it."""
        self.under_way -= 1
        return {"step": dict(self.step), "warnings": []}


def test_few_claims_are_under_way_while_the_first_is_stuck() -> None:
    """Behind a claim that takes its time others are decided, but not without bound."""
    pool = FakePool(stuck=40)
    feed = Feed(Line(i, "", i, "{}", ("1", "= 1")) for i in range(2000))
    feed.start()
    found = [answer[1] for answer in answers(pool, feed) if answer]  # type: ignore[arg-type]
    assert [answer["id"] for answer in found] == list(range(2000))
    assert 16 < pool.most <= 512


def test_a_long_stream_takes_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    """20,000 lines, most of which go through a worker, need about as much memory as 2,000."""
    most = []
    for size in (2_000, 20_000):
        path = tmp_path / f"{size}.jsonl"
        path.write_text("".join(f'{{"id": {i}, "steps": [{i}]}}\nno\n' for i in range(size // 2)), encoding="utf-8")
        out = tmp_path / f"{size}.out"
        process = subprocess.Popen(
            [*COMMAND, "batch", str(path), "-o", str(out), "--jobs", "1"], env=environment(), stderr=subprocess.PIPE
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        with process:
            assert process.returncode == 1
        found = answered(out)
        assert len(found) == size
        assert [a["id"] for a in found if a["id"] is not None] == list(range(size // 2))
        most.append(used.ru_maxrss)
    assert most[1] < most[0] + 15_000


# ---------------------------------------------------------------- the file of verdicts


def answer_to(line: Line, verdict: str = "proved", **more: Any) -> dict[str, Any]:
    """An answer as `answers` gives it."""
    return {"id": line.id, "verdict": verdict, "steps": [], "seconds": 0.0, "digest": line.digest, **more}


def some(*texts: str) -> list[Line]:
    """Lines of a stream."""
    return list(lines(BytesIO("\n".join(texts).encode())))


def test_a_torn_line_is_taken_away_and_written_again(tmp_path: Path) -> None:
    """What a crash left of the last line makes way; the whole lines stay."""
    first, second = some('{"id": "a"}', '{"id": "b"}')
    path = tmp_path / "out"
    with Verdicts.to_file(path) as out:
        assert out.answered(first) is None
        out.append(answer_to(first))
        out.append(answer_to(second))
    whole = path.read_bytes()
    for cut in (1, 5, 20):
        path.write_bytes(whole[:-cut])
        with Verdicts.to_file(path) as out:
            kept = out.answered(first)
            assert kept is not None
            assert kept.verdict == "proved"
            assert out.answered(second) is None
            out.append(answer_to(second))
        assert path.read_bytes() == whole


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Dear diary\n", "expected an answer of derive batch, found something else"),
        (b"Dear diary", "expected an answer of derive batch, found something else"),
        (b'{"id": "a"}\n', "expected an answer of derive batch, found something else"),
        (b"[" * 100_000 + b"\n", "expected an answer of derive batch, found something else"),
        (b"\n", "expected an answer of derive batch, found something else"),
        (
            b'{"id": "a", "digest": "00", "verdict": "proved", "steps": []}\n',
            r"belongs to another input: its line 1 answers the claim 'a' \(00\), and line 1 of the input is 'a' \(",
        ),
    ],
    ids=["text", "no-end", "claims", "deep", "blank", "other"],
)
def test_a_file_that_holds_something_else_is_left_as_it_is(tmp_path: Path, content: bytes, said: str) -> None:
    """A mistaken -o costs nobody a file."""
    path = tmp_path / "out"
    path.write_bytes(content)
    (line,) = some('{"id": "a"}')
    with Verdicts.to_file(path) as out, pytest.raises(LibraryError, match=said):
        out.answered(line)
    assert path.read_bytes() == content


def test_a_longer_file_belongs_to_another_input(tmp_path: Path) -> None:
    """Answers beyond the end of the input are a mistake, and stay."""
    first, second = some('{"id": "a"}', '{"id": "b"}')
    path = tmp_path / "out"
    with Verdicts.to_file(path) as out:
        out.answered(first)
        out.append(answer_to(first))
        out.append(answer_to(second))
    before = path.read_bytes()
    with Verdicts.to_file(path) as out:
        out.answered(first)
        with pytest.raises(LibraryError, match="beyond the last line of this one"):
            out.end()
    assert path.read_bytes() == before


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    """A file that is being written is not written by another."""
    path = tmp_path / "out"
    with Verdicts.to_file(path), pytest.raises(LibraryError, match="is being written by another derive batch"):
        Verdicts.to_file(path)
    with Verdicts.to_file(path):
        pass


def test_a_full_disk_leaves_whole_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that is written in part is taken away again."""
    first, second = some('{"id": "a"}', '{"id": "b"}')
    path = tmp_path / "out"
    with Verdicts.to_file(path) as out:
        out.answered(first)
        out.append(answer_to(first))
        before = path.read_bytes()
        room = [10]
        write = os.write

        def full(handle: int, data: Any) -> int:
            if not room:
                raise OSError(ENOSPC, os.strerror(ENOSPC))
            return write(handle, bytes(data)[: room.pop()])

        monkeypatch.setattr(verdicts_module.os, "write", full)
        answer = answer_to(second)
        with pytest.raises(LibraryError, match="cannot be written: No space left on device"):
            out.append(answer)
    assert path.read_bytes() == before


# ---------------------------------------------------------------- one run


class FakeOutlet:
    """Keeps what is told."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def complain(self, message: str) -> None:
        """Keep a message."""
        self.said.append(message)

    def wait(self, *_: Any) -> None:
        """Nothing to keep."""

    def resume(self) -> None:
        """Nothing to keep."""


def ran(texts: list[str], path: Path, step: dict[str, Any]) -> tuple[int, list[str]]:
    """The status and the messages of a run in which each step comes to the same."""
    outlet = FakeOutlet()
    source = Source("claims", BytesIO("\n".join(texts).encode()))
    with Verdicts.to_file(path) as out:
        status = run(source, out, FakePool(step), outlet)  # type: ignore[arg-type]
    return status, outlet.said


def test_a_contradiction_is_told_and_has_its_status(tmp_path: Path) -> None:
    """A bug in derive is loud, also where it is found in the file again."""
    step = {"verdict": "error", "seconds": 0.0, "contradiction": "x = 1"}
    texts = ['{"id": "a", "steps": ["1", "= 1"]}']
    status, said = ran(texts, tmp_path / "out", step)
    assert status == 3
    assert said[0] == "INTERNAL CONTRADICTION, a bug in derive; please report it: line 1: x = 1"
    assert ran(texts, tmp_path / "out", step)[0] == 3


def test_ids_that_stand_twice_are_told(tmp_path: Path) -> None:
    """The summary warns of the first of them, also where they were answered before; a claim needs no id."""
    texts = [f'{{"id": {name}, "steps": ["1", "= 1"]}}' for name in ('"a"', "1", '"1"', '"a"', "null", "null", "1")]
    for again in (False, True):
        status, said = ran(texts, tmp_path / "out", {"verdict": "proved", "seconds": 0.0})
        assert status == 0
        assert said[0] == "warning: an id that stood before: 'a' on line 4, and 1 more"
        assert said[1].startswith("7 claims: 7 proved" + ("; 7 of them answered before" if again else ""))


def test_a_worker_that_cannot_start_is_not_an_answer(tmp_path: Path) -> None:
    """A broken installation ends the run, and costs no claim."""
    pool = FakePool()

    def result(_task: int) -> Any:
        raise LibraryError("a worker cannot start: ImportError")

    pool.result = result  # type: ignore[method-assign]
    source = Source("claims", BytesIO(b'{"id": "a", "steps": ["1", "= 1"]}'))
    with Verdicts.to_file(tmp_path / "out") as out, pytest.raises(LibraryError, match="a worker cannot start"):
        run(source, out, pool, FakeOutlet())  # type: ignore[arg-type]
    assert answered(tmp_path / "out") == []


def test_a_step_that_was_stopped_says_what_it_was() -> None:
    """The sides and the relation of a step that no worker lived to answer are told in the words of the claim."""
    pool = FakePool()
    pool.result = lambda _task: Stopped("stopped after 1 s", 1.0)  # type: ignore[assignment,method-assign]
    feed = Feed(some('{"id": "a", "steps": ["a", " == b <", "<= c"]}'))
    feed.start()
    ((_, answer),) = (found for found in answers(pool, feed) if found)  # type: ignore[arg-type]
    assert (answer["verdict"], answer["seconds"]) == ("error", 2.0)
    assert [(s["left"], s["relation"], s["right"]) for s in answer["steps"]] == [("a", "=", "b <"), ("b <", "<=", "c")]
    assert answer["steps"][0].keys() == STEP_KEYS


def test_the_filter_of_ids_misses_none_and_invents_none() -> None:
    """Among many ids just those that stand twice are told."""
    tally = Tally()
    for i in range(20_000):
        tally.meet(f"id {i}", i)
    assert tally.repetition() is None
    for i in range(0, 20_000, 100):
        tally.meet(f"id {i}", i)
    assert tally.repeated == 200


# ---------------------------------------------------------------- real processes


def test_verdicts_in_order_with_the_documented_fields(tmp_path: Path) -> None:
    """Good and bad claims, in their order, by two workers; the summary counts them, and the status is 1."""
    twice = {"symbols": {"x": "real", "z": "real"}, "steps": ["x + x", "= 2*x", "<= 2*x + 1"]}
    records = [twice, REFUTED, "{", PROVED, {"steps": ["1 +", "= 1"]}, {"symbols": {}, "steps": ["q", "= q"]}]
    claims(tmp_path / "c", *records)
    ran = batch("c", "-o", "out", "--jobs", "2", cwd=tmp_path)
    found = answered(tmp_path / "out")
    assert [a["id"] for a in found] == ["0", "1", None, "3", "4", "5"]
    assert [a["verdict"] for a in found] == ["proved", "refuted", "invalid", "proved", "invalid", "invalid"]
    assert (ran.status, ran.out) == (1, "")
    assert re.fullmatch(r"derive: 6 claims: 2 proved, 3 invalid, 1 refuted; 1 with warnings; \d+\.\d s\n", ran.err), (
        ran.err
    )
    assert found[0].keys() == KEYS | {"warnings"}
    assert [step["relation"] for step in found[0]["steps"]] == ["=", "<="]
    assert "z is declared and not used" in found[0]["warnings"][0]
    assert found[1].keys() == KEYS
    assert found[1]["steps"][0].keys() == STEP_KEYS
    assert found[1]["steps"][0]["witness"]["values"].keys() == {"x"}
    assert found[4].keys() == KEYS | {"reason"}
    assert found[4]["reason"].startswith("expected a term, found the end")
    assert found[3]["steps"][0]["by"] == ["logarithms"]
    assert found[3]["seconds"] == found[3]["steps"][0]["seconds"]


def test_sides_that_are_written_alike_are_proved_only_where_they_are_defined(tmp_path: Path) -> None:
    """Nothing is claimed, which is a warning; a value that may not be there makes it undecided."""
    defined = {"symbols": {"z": "complex"}, "steps": ["z**(-1)", "= 1/z"]}
    divergent = {"symbols": {}, "steps": ["Sum((-1)**k, (k, 0, oo))", "= Sum((-1)**k, (k, 0, oo))"]}
    claims(tmp_path / "c", defined, divergent)
    batch("c", "-o", "out", cwd=tmp_path)
    proved, other = answered(tmp_path / "out")
    assert (proved["verdict"], len(proved["steps"][0]["conditions"])) == ("proved", 1)
    assert other["verdict"] != "proved"
    assert [a["warnings"] for a in (proved, other)] == [["step 1: both sides are written alike"]] * 2


def test_what_is_proved_has_status_0(tmp_path: Path) -> None:
    """Through standard input and output; so has a file without claims."""
    ran = batch("-", "-o", "-", cwd=tmp_path, stdin=json.dumps(PROVED) + "\n")
    assert (ran.status, json.loads(ran.out)["verdict"], json.loads(ran.out)["id"]) == (0, "proved", None)
    ran = batch("-", "-o", "out", cwd=tmp_path, stdin="\n")
    assert (ran.status, ran.err[:35]) == (0, "derive: 0 claims: nothing to prove;")


def test_what_passes_a_limit_costs_one_line(tmp_path: Path) -> None:
    """A claim that does not end and one that eats memory are errors; those around them are decided."""
    claims(tmp_path / "c", PROVED, ENDLESS, PROVED, HUNGRY, PROVED)
    limits = ("--timeout", "1.5", "--memory", "400M", "--jobs", "2")
    ran = batch("c", "-o", "out", *limits, cwd=tmp_path, rigged=True)
    found = answered(tmp_path / "out")
    assert [a["verdict"] for a in found] == ["proved", "error", "proved", "error", "proved"], found
    assert found[1]["steps"][0]["reason"] == "stopped after 1.5 s, the time limit"
    assert found[3]["steps"][0]["reason"] == "stopped at 400 MiB, the memory limit"
    assert ran.status == 1


def test_a_claim_may_be_huge(tmp_path: Path) -> None:
    """What is legal and far too much is stopped by the limits, without any rigging."""
    claims(tmp_path / "c", HUGE, PROVED)
    batch("c", "-o", "out", "--timeout", "1", cwd=tmp_path)
    huge, proved = answered(tmp_path / "out")
    assert huge["verdict"] in ("error", "undecided")
    assert proved["verdict"] == "proved"


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start `derive batch` on a claim, one that does not end, and another; the first is answered."""
    started = []

    def begin(*more: str) -> subprocess.Popen[str]:
        claims(tmp_path / "c", PROVED, ENDLESS, PROVED)
        args = [*rig(tmp_path), "batch", "c", "-o", "out", "--jobs", "1", *more]
        process = subprocess.Popen(
            args, cwd=tmp_path, env=environment(), stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        started.append(process)
        end = time.monotonic() + 20
        while not ((tmp_path / "out").exists() and (tmp_path / "out").stat().st_size) and time.monotonic() < end:
            time.sleep(0.02)
        # The worker has begun with the second claim as soon as it has answered the first one.
        time.sleep(0.2)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def workers(process: subprocess.Popen[str]) -> list[int]:
    """The busiest process of a session: the one that a claim keeps at work."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == process.pid and int(entry.parent.name) != process.pid:
            found.append((int(fields[11]) + int(fields[12]), fields[0], int(entry.parent.name)))
    return [pid for _, state, pid in found if state == "R"]


def test_a_worker_that_is_killed_costs_one_line(begun: Callable[..., subprocess.Popen[str]], tmp_path: Path) -> None:
    """kill -9 from outside is an error of the claim that the worker had."""
    process = begun("--timeout", "50")
    (worker,) = workers(process)
    os.kill(worker, signal.SIGKILL)
    _, err = process.communicate(timeout=20)
    found = answered(tmp_path / "out")
    assert [a["verdict"] for a in found] == ["proved", "error", "proved"]
    assert found[1]["steps"][0]["reason"] == "its process was killed by signal 9 (SIGKILL), not by derive"
    assert (process.returncode, "Traceback" in err) == (1, False)


def test_an_interrupt_leaves_a_file_to_go_on_with(begun: Callable[..., subprocess.Popen[str]], tmp_path: Path) -> None:
    """Ctrl-C says how to go on, and the same command does, also behind a line that was torn."""
    process = begun("--timeout", "50")
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert (process.returncode, err.splitlines()) == (130, [
        "derive: out has the answers to 1 claims; the same command goes on from there", "derive: interrupted",
    ])  # fmt: skip
    (first,) = answered(tmp_path / "out")
    with (tmp_path / "out").open("a") as out:
        out.write('{"id": "1", "verd')
    ran = batch("c", "-o", "out", "--timeout", "1", cwd=tmp_path, rigged=True)
    found = answered(tmp_path / "out")
    assert found[0] == first
    assert [a["verdict"] for a in found] == ["proved", "error", "proved"]
    assert "3 claims: 2 proved, 1 error; 1 of them answered before" in ran.err
    again = (tmp_path / "out").read_bytes()
    assert "3 of them answered before" in batch("c", "-o", "out", cwd=tmp_path).err
    assert (tmp_path / "out").read_bytes() == again


def test_an_answer_does_not_wait_for_the_next_claim(tmp_path: Path) -> None:
    """A program may put a claim, read the verdict, and put the next one."""
    with subprocess.Popen(
        [*COMMAND, "batch", "-", "-o", "-"], cwd=tmp_path, env=environment(), text=True, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        for claim, verdict in ((PROVED, "proved"), (REFUTED, "refuted")):
            process.stdin.write(json.dumps(claim) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["verdict"] == verdict
        process.stdin.close()
        assert process.wait(20) == 1


def test_who_has_read_enough_ends_it(tmp_path: Path) -> None:
    """A pipe that is closed is no error worth a message."""
    claims(tmp_path / "c", *["no"] * 5000)
    command = f'exec {sys.executable} -c "from cli import main; main()" batch c -o - | head -n 1'
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], cwd=tmp_path, env=environment(), capture_output=True,
        text=True, check=False, timeout=30,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (141, "")
    assert json.loads(done.stdout)["verdict"] == "invalid"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["nosuch", "-o", "out"], "nosuch cannot be read: No such file or directory"),
        ([".", "-o", "out"], ". cannot be read: Is a directory"),
        (["c", "-o", "nosuch/out"], "nosuch/out cannot be written: No such file or directory"),
        (["c", "-o", "."], ". cannot be written: Is a directory"),
        (["c", "-o", "c"], "c is the file of the claims; write to another one"),
        (["c", "-o", "/dev/full"], "/dev/full cannot be written: No space left on device"),
        (["c", "-o", "diary"], "diary, line 1: expected an answer of derive batch, found something else; the file is"),
    ],
)
def test_a_users_mistake_is_one_message(tmp_path: Path, args: list[str], said: str) -> None:
    """What cannot be read or written is said, nothing is spoilt, and the status is 2."""
    claims(tmp_path / "c", "no")
    (tmp_path / "diary").write_text("Dear diary\n")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    ran = batch(*args, cwd=tmp_path)
    assert (ran.status, ran.out) == (2, "")
    (line,) = ran.err.splitlines()
    assert line.startswith(f"derive: {said}")
    assert before == {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.name != "out"}
