"""The cache: an answer that is known is the one that would be found again, whatever happens to the files."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support import GOOD, Ran, Run, clean_environment, run_command

import derive.cache
from derive.cache import Cache, Store, cache_folder, versions
from derive.pool import Limits, Pool
from derive.runner import Decided, Finished, SourceFile, Target, cards, decide, decide_one, outline

Write = Callable[..., Path]

CHAIN = '''
@identity
def chain():
    """A chain."""
    return Derivation(log(exp(x)*exp(x)), eq(2*x, by=logarithms), eq(x + x + 1, by=algebra), eq(1 + 2*x, by=algebra))
'''


class Warned(list[str]):
    """What was warned of."""

    def __call__(self, message: str) -> None:
        """Warn."""
        self.append(message)


@pytest.fixture
def warned() -> Warned:
    """The warnings of a test."""
    return Warned()


def run(folder: Path, warn: Warned | None = None, start: float | None = None) -> Cache:
    """The cache of one run of a command; files that a test has just written count as settled."""
    return Cache(folder, warn if warn is not None else Warned(), time.time() + 1 if start is None else start)


def keep(folder: Path, file: Path, *touched: Path, answer: Any = "known", warn: Warned | None = None) -> None:
    """Keep an answer about a file, in a run of its own."""
    with run(folder, warn) as cache:
        cache.touch(str(file), [str(path) for path in touched])
        cache.keep(str(file), "kind", answer)


def known(folder: Path, file: Path, warn: Warned | None = None) -> Any:
    """What is known about a file, in a run of its own."""
    with run(folder, warn) as cache:
        return cache.about(str(file), "kind")


# ---------------------------------------------------------------- what an answer about a file rests on


def test_an_answer_is_known_until_what_it_rests_on_changes(cache: Path, tmp_path: Path) -> None:
    """The file, a file that it reads, and a file that was not there: each change is seen, and its undoing too."""
    file, other, missing = (tmp_path / name for name in ("a.py", "b.py", "c.py"))
    file.write_text("a")
    other.write_text("b")
    keep(cache, file, other, missing)
    assert known(cache, file) == "known"
    for path in (file, other, missing):
        before = path.read_bytes() if path.exists() else None
        path.write_text("x")
        assert known(cache, file) is None
        if before is None:
            path.unlink()
        else:
            path.write_bytes(before)
        assert known(cache, file) == "known"
    other.unlink()
    assert known(cache, file) is None
    assert known(cache, other) is None


def test_a_change_of_the_same_size_and_time_is_seen(cache: Path, tmp_path: Path) -> None:
    """What counts is what stands in a file."""
    file = tmp_path / "a.py"
    file.write_text("a")
    times = file.stat()
    keep(cache, file)
    file.write_text("b")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert known(cache, file) is None


@pytest.mark.parametrize("name", ["engine_files", "_library_files"])
def test_a_change_of_the_engine_or_the_library_is_seen(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Another source file, another text in one, another name of one."""
    source, file = tmp_path / "source.py", tmp_path / "a.py"
    source.write_text("1")
    file.write_text("a")
    monkeypatch.setattr(derive.cache, name, lambda: [source])
    keep(cache, file)
    assert known(cache, file) == "known"
    source.write_text("2")
    assert known(cache, file) is None
    source.write_text("1")
    assert known(cache, file) == "known"
    source.rename(tmp_path / "other.py")
    monkeypatch.setattr(derive.cache, name, lambda: [tmp_path / "other.py"])
    assert known(cache, file) is None


def test_a_change_of_the_engine_is_another_engine_for_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine that is part of every step's key changes with its sources, and not with the library."""
    source = tmp_path / "source.py"
    engines = []
    for name, text in (("_library_files", "1"), ("_library_files", "2"), ("engine_files", "1"), ("engine_files", "2")):
        source.write_text(text)
        monkeypatch.setattr(derive.cache, name, lambda: [source])
        engines.append(run(tmp_path).engine)
    assert engines[0] == engines[1]
    assert len(set(engines)) == 3


def test_versions_are_read_off_what_is_installed(tmp_path: Path) -> None:
    """Another version of SymPy or python-flint is seen, without importing it; what is not installed cannot be told."""
    for name in ("sympy", "flint", "mpmath", "sympy-1.14.0.dist-info", "python_flint-0.8.0.dist-info"):
        (tmp_path / name).mkdir()
    found = [versions(["/nosuch", str(tmp_path)])]
    (tmp_path / "python_flint-0.8.0.dist-info").rename(tmp_path / "python_flint-0.9.0.dist-info")
    found.append(versions([str(tmp_path)]))
    (tmp_path / "sympy-1.14.0.dist-info").rmdir()
    (tmp_path / "sympy" / "release.py").write_text("1.14")
    found.append(versions([str(tmp_path)]))
    (tmp_path / "sympy" / "release.py").write_text("1.15")
    found.append(versions([str(tmp_path)]))
    assert len(set(found)) == 4
    assert None not in found
    assert versions(["/nosuch"]) is None


@pytest.mark.parametrize("change", ["path", "setting"])
def test_where_modules_come_from_is_seen(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """Another import path may find other modules under the same names; SymPy has settings of its own."""
    file = tmp_path / "a.py"
    file.write_text("a")
    keep(cache, file)
    if change == "path":
        monkeypatch.syspath_prepend(str(tmp_path))
    else:
        monkeypatch.setenv("SYMPY_GROUND_TYPES", "python")
    assert known(cache, file) is None


def test_what_is_not_settled_is_not_kept(cache: Path, tmp_path: Path) -> None:
    """A file that was changed after the run began may not be what was read; a folder may have lost a file."""
    file, missing = tmp_path / "a.py", tmp_path / "folder" / "b.py"
    file.write_text("a")
    with run(cache, start=time.time() - 10) as one:
        one.touch(str(file), [])
        one.keep(str(file), "kind", "known")
    assert known(cache, file) is None
    past = time.time() + 1
    missing.parent.mkdir()
    with run(cache, start=past) as one:
        one.touch(str(file), [str(missing)])
        one._start = missing.parent.stat().st_ctime
        one.keep(str(file), "kind", "known")
    assert known(cache, file) is None


def test_what_cannot_be_told_is_not_kept(cache: Path, tmp_path: Path) -> None:
    """An answer that rests on another process, on a device or on a folder."""
    file = tmp_path / "a.py"
    file.write_text("a")
    for touched in (None, ["/dev/zero"], [str(tmp_path)], ["/proc/self/status"]):
        with run(cache) as one:
            one.touch(str(file), touched)
            one.touch(str(file), [])
            one.keep(str(file), "kind", "known")
        assert known(cache, file) is None


# ---------------------------------------------------------------- a store that is in a bad way


def test_two_processes_at_once(cache: Path) -> None:
    """Many write and read at the same time: nobody is warned, and nothing is lost or mixed up."""
    warned = Warned()

    def work(n: int) -> None:
        for k in range(10):
            with run(cache, warned) as one:
                one.keep_step(f"{n} {k}", {"is": n * 100 + k})

    threads = [threading.Thread(target=work, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store = Store(cache / derive.cache._NAME, writes=False)
    found = [json.loads(store.get(f"{n} {k}") or "{}") for n in range(3) for k in range(10)]
    store.close()
    assert found == [{"is": n * 100 + k} for n in range(3) for k in range(10)]
    assert warned == []


def impatient(monkeypatch: pytest.MonkeyPatch, *statements: str) -> None:
    """Let the store wait for nobody, and begin with some statements."""
    opened = Store._open

    def _open(self: Store, mode: str, _patience: float) -> Any:
        found = opened(self, mode, 0.0)
        for statement in statements:
            found.execute(statement)
        return found

    monkeypatch.setattr(Store, "_open", _open)


def test_a_store_that_another_process_holds(
    cache: Path, tmp_path: Path, warned: Warned, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is known, nothing is kept, and nobody is told."""
    file = tmp_path / "a.py"
    file.write_text("a")
    keep(cache, file)
    impatient(monkeypatch)
    other = sqlite3.connect(cache / derive.cache._NAME, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert known(cache, file, warned) is None
    keep(cache, file, answer="new", warn=warned)
    other.execute("ROLLBACK")
    other.close()
    assert known(cache, file, warned) == "known"
    assert warned == []


def test_a_full_disk(cache: Path, tmp_path: Path, warned: Warned, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was known stays so, what does not fit is not kept, and one warning says why."""
    file, other = tmp_path / "a.py", tmp_path / "b.py"
    for path in (file, other):
        path.write_text("a")
    keep(cache, file)
    impatient(monkeypatch, "PRAGMA max_page_count = 3")
    keep(cache, other, answer="x" * 100_000, warn=warned)
    assert known(cache, other) is None
    assert known(cache, file) == "known"
    (said,) = warned
    assert re.search(r"the cache .* cannot be written, and is left out \(database or disk is full\)", said)


def test_a_home_that_cannot_be_written(tmp_path: Path, warned: Warned, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is a warning, and no cache; one that is there already is still read."""
    file = tmp_path / "a.py"
    file.write_text("a")
    keep(file / "cache", file, warn=warned)
    assert known(file / "cache", file, warned) is None
    (said,) = warned
    assert "cannot be written, and is left out" in said
    folder = tmp_path / "cache"
    keep(folder, file)
    impatient(monkeypatch, "PRAGMA query_only = 1")
    keep(folder, file, answer="new", warn=warned)
    assert known(folder, file) == "known"
    assert "readonly" in warned[1]
    assert len(warned) == 2


@pytest.mark.parametrize(
    "content", [b"", b"this is no database" * 100, b"SQLite format 3\0" + b"\xff" * 5000, "older", "other"]
)
def test_a_spoilt_or_older_file_is_begun_anew(
    cache: Path, tmp_path: Path, warned: Warned, content: bytes | str
) -> None:
    """Nothing is known from it, one warning at most is given, and the next answer is kept."""
    file, store = tmp_path / "a.py", cache / derive.cache._NAME
    file.write_text("a")
    if isinstance(content, bytes):
        store.write_bytes(content)
    else:
        with sqlite3.connect(store) as db:
            columns = "key, value" if content == "older" else "key TEXT PRIMARY KEY, value BLOB, seal"
            db.execute(f"CREATE TABLE answers ({columns})")
            db.execute("INSERT INTO answers (key, value) VALUES ('a', 'b')")
        db.close()
    assert known(cache, file, warned) is None
    keep(cache, file)
    keep(cache, file)
    assert known(cache, file) == "known"
    assert len(warned) <= 1
    assert all("is spoilt, and begun anew" in said for said in warned)


def test_no_damage_to_the_file_changes_an_answer(cache: Path, tmp_path: Path) -> None:
    """Wherever a byte of the store is changed, what is found is what was kept, or nothing."""
    file, store = tmp_path / "a.py", cache / derive.cache._NAME
    file.write_text("a")
    keep(cache, file, answer={"verdict": "refuted"})
    whole = store.read_bytes()
    used = [at for at, byte in enumerate(whole) if byte]
    found = []
    for at in used[::7]:
        store.write_bytes(whole[:at] + bytes([whole[at] ^ 0x15]) + whole[at + 1 :])
        warned = Warned()
        found.append(known(cache, file, warned))
        assert len(warned) <= 1
    assert all(answer in (None, {"verdict": "refuted"}) for answer in found)
    assert None in found


def test_the_folder_of_the_cache() -> None:
    """DERIVE_CACHE, else XDG_CACHE_HOME where it is absolute, else the home folder's .cache."""
    home = {"HOME": "/home/me"}
    assert cache_folder({**home, "DERIVE_CACHE": "/a", "XDG_CACHE_HOME": "/b"}) == Path("/a")
    assert cache_folder({**home, "DERIVE_CACHE": "", "XDG_CACHE_HOME": "/b"}) == Path("/b/derive")
    assert cache_folder({**home, "XDG_CACHE_HOME": "b"}) == Path("/home/me/.cache/derive")


def test_the_store_does_not_grow_for_ever(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest rows make way."""
    monkeypatch.setattr(derive.cache, "_MOST_ROWS", 5)
    store = Store(cache / derive.cache._NAME, writes=True)
    for k in range(9):
        store.put({str(k): "x"})
    assert [k for k in range(9) if store.get(str(k))] == [4, 5, 6, 7, 8]
    store.close()


# ---------------------------------------------------------------- through workers


def checked(folder: Path, path: Path, name: str, seconds: float = 10.0) -> tuple[dict[str, Any], list[bool]]:
    """The record of a derivation, and which of its steps were known; as in a run of its own."""
    target = Target(SourceFile(str(path), path.name), name)
    with run(folder) as cache, Pool(Limits(seconds=seconds, jobs=1), cache) as pool:
        list(cards(pool, [target.file]))
        events = list(decide(pool, [target]))
        started = pool._processes is not None
    (record,) = [event.record for event in events if isinstance(event, Finished)]
    assert [event.record for event in events if isinstance(event, Decided)] == record["steps"]
    cached = [step["cached"] for step in record["steps"]]
    # Where all is known, nobody is asked.
    assert started or all(cached)
    return record, [*cached, not started]


def without_marks(record: dict[str, Any]) -> dict[str, Any]:
    """A record without what says that it was known."""
    steps = [{k: v for k, v in step.items() if k != "cached"} for step in record["steps"]]
    return {**record, "steps": steps, "cached": None}


def test_an_unchanged_file_is_answered_without_a_worker(cache: Path, write: Write) -> None:
    """The whole record is what it was, seconds and witness included, and is marked."""
    path = write("mine.py", CHAIN)
    first, cached = checked(cache, path, "chain")
    assert cached == [False] * 4
    assert [step["verdict"] for step in first["steps"]] == ["proved", "refuted", "proved"]
    again, cached = checked(cache, path, "chain")
    assert cached == [True] * 4
    assert (first["cached"], again["cached"]) == (False, True)
    assert without_marks(again) == without_marks(first)


def test_a_change_of_one_step_leaves_the_others_known(cache: Path, write: Write) -> None:
    """A step is known by what it says: its neighbours are decided again, the rest is not."""
    checked(cache, write("mine.py", CHAIN), "chain")
    longer = CHAIN.replace("eq(1 + 2*x, by=algebra)", "eq(2*x + 1, by=algebra)")
    record, cached = checked(cache, write("mine.py", longer), "chain")
    assert cached == [True, True, False, False]
    assert record["steps"][2]["text"] == "2*x + 1"
    text = CHAIN.replace("A chain.", "Other words.").replace("def chain", "\n\ndef other")
    text = text.replace("by=algebra)", "by=algebra, expect='refuted')")
    record, cached = checked(cache, write("mine.py", text), "other")
    assert cached == [True, True, True, False]
    assert (record["title"], record["steps"][1]["expect"]) == ("Other words.", "refuted")
    assert record["steps"][0]["line"] == record["line"]


def test_a_change_of_a_given_is_seen(cache: Path, write: Write) -> None:
    """A step that rested on a hypothesis is decided again."""
    text = GOOD.replace("Derivation(x + y, eq(y + x, by=algebra))", "Derivation(log(exp(x)), eq(x), GIVEN)")
    for given in ("given=x > 0", "given=x > 1"):
        _, cached = checked(cache, write("mine.py", text.replace("GIVEN", given)), "good")
        assert cached == [False, False]


@pytest.mark.parametrize(
    "reading",
    [
        "from helper import shift",
        "shift = int(__import__('pathlib').Path(__file__).with_name('data.txt').read_text())",
        "import importlib\nshift = importlib.import_module('package.helper').shift",
        "try:\n    from missing import shift\nexcept ImportError:\n    shift = 1",
    ],
    ids=["import", "data", "package", "missing"],
)
@pytest.mark.parametrize("inside", [False, True], ids=["at the top", "in the function"])
def test_a_change_of_what_a_file_reads_is_seen(cache: Path, write: Write, reading: str, inside: bool) -> None:  # noqa: FBT001
    """A neighbour that is imported, also late or by its name, a file that is opened, one that was not there."""
    folder = write("mine.py").parent
    files = [folder / name for name in ("helper.py", "package/helper.py", "missing.py")]

    def shift(value: int) -> None:
        for path in files:
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"shift = {value}\n", encoding="utf-8")
        (folder / "data.txt").write_text(str(value), encoding="utf-8")

    shift(1)
    files.pop().unlink()
    text = GOOD.replace("eq(y + x,", "eq(y + x + shift - 1,")
    if inside:
        indented = "".join(f"    {line}\n" for line in reading.splitlines())
        text = text.replace("    return", f"{indented}    return")
    else:
        text = f"{reading}\n{text}"
    write("mine.py", text)
    record, _ = checked(cache, folder / "mine.py", "good")
    assert record["verdict"] == "proved"
    assert checked(cache, folder / "mine.py", "good")[1] == [True, True]
    files.append(folder / "missing.py")
    shift(2)
    record, cached = checked(cache, folder / "mine.py", "good")
    assert (record["verdict"], cached) == ("refuted", [False, False])


def test_a_change_of_a_cited_identity_is_seen(cache: Path, write: Write) -> None:
    """A step that cites an identity of another file is decided again when that says something else."""
    cited = GOOD.replace("Derivation(x + y, eq(y + x, by=algebra))", "Derivation(log(exp(x)), eq(x, by=logarithms))")
    citing = "from cited import good\n" + cited.replace("good():", "citing():").replace("by=logarithms", "by=good")
    path = write("mine.py", citing)
    write("cited.py", cited)
    first, _ = checked(cache, path, "citing")
    assert first["verdict"] == "proved"
    assert checked(cache, path, "citing")[1] == [True, True]
    write("cited.py", cited.replace("eq(x,", "eq(x + 1,"))
    second, cached = checked(cache, path, "citing")
    assert cached == [False, False]
    assert second["verdict"] == "invalid"


def test_a_file_that_asks_others_is_not_known(cache: Path, write: Write) -> None:
    """What another process says may change while no file does; its steps are known by what they say."""
    path = write("mine.py", "import subprocess\nsubprocess.run(['true'], check=True)\n" + GOOD)
    checked(cache, path, "good")
    assert checked(cache, path, "good")[1] == [True, False]


def test_time_outs_are_never_kept(cache: Path, write: Write) -> None:
    """A step that was stopped is tried again, and its neighbours are known."""
    text = "\n@identity\ndef endless():\n    '''Its definition does not end.'''\n    while True:\n        pass\n"
    text += "\n@identity\ndef citing():\n    '''Cites it.'''\n    return Derivation(x, eq(x*1), eq(y, by=endless))\n"
    path = write("mine.py", text.replace("x*1", "x + y - y"))
    for expected in ([False, False, False], [True, False, False]):
        record, cached = checked(cache, path, "citing", seconds=0.7)
        assert (record["steps"][1]["verdict"], cached) == ("error", expected)


def test_contradictions_are_never_kept(cache: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record with an internal contradiction in it is not handed to the cache, whatever its verdicts."""
    path = write("mine.py")
    target = Target(SourceFile(str(path), path.name), "good")
    for wrong in ({"contradiction": "x = 1"}, {"verdict": "error"}):
        def step(*_: Any, wrong: dict[str, str] = wrong) -> dict[str, Any]:
            return {"verdict": "proved", "seconds": 0.0, "expect": "proved", **wrong}

        monkeypatch.setattr("derive.runner._step", step)
        with run(cache) as one, Pool(Limits(jobs=1), one) as pool:
            list(decide(pool, [target]))
        with run(cache) as one:
            assert one.about(str(path), "record good") is None


def test_one_step_is_kept_as_well(cache: Path, write: Write) -> None:
    """What `explain` decides is known to `check`."""
    path = write("mine.py", CHAIN)
    target = Target(SourceFile(str(path), path.name), "chain")
    with run(cache) as one, Pool(Limits(jobs=1), one) as pool:
        decide_one(pool, target, 1, outline(pool, target))
    assert checked(cache, path, "chain")[1] == [False, True, False, False]


# ---------------------------------------------------------------- through the command line


def modules(command: Path, *args: str, cwd: Path) -> tuple[Ran, set[str]]:
    """A run of the command, and the modules that it imported."""
    done = subprocess.run(
        [str(command), *args], capture_output=True, text=True, cwd=cwd, check=False,
        env=clean_environment(PYTHONPROFILEIMPORTTIME="1"),
    )  # fmt: skip
    found = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    err = "".join(f"{line}\n" for line in done.stderr.splitlines() if not line.startswith("import time:"))
    return Ran(done.returncode, done.stdout, err), found


def test_what_is_known_is_shown_without_sympy(command: Path, derive: Run, tmp_path: Path) -> None:
    """A cached check and list are what they were, but for the mark, and import no SymPy."""
    heavy = {"sympy", "flint", "rich", "multiprocessing", "concurrent.futures", "derive.processes"}
    for args in (["check", "elbo"], ["list"], ["explain", "elbo", "3"], ["check", "gaussian-mi-as-printed"]):
        first = derive(*args)
        again, found = modules(command, *args, cwd=tmp_path)
        assert "click" in found
        assert not heavy & found
        marks = re.compile(r" \(cached\)|, cached$", re.MULTILINE)
        # What was decided for one command is known to the next.
        shown = [marks.sub("", ran.out) for ran in (first, again)]
        assert (again.status, shown[1], again.err) == (first.status, shown[0], first.err)
        assert bool(marks.search(again.out)) == (args[0] != "list")
    for args in (["--help"], ["check", "--help"], ["--version"]):
        ran, found = modules(command, *args, cwd=tmp_path)
        assert ran.status == 0
        assert not (heavy | {"sqlite3", "derive.cache"}) & found


def test_the_command_line_can_do_without_the_cache(command: Path, derive: Run, write: Write, cache: Path) -> None:
    """--no-cache neither asks it nor keeps anything; JSON says what was known."""
    write("mine.py")

    def marks(*args: str) -> tuple[bool, bool]:
        (record,) = json.loads(derive("check", "mine.py", "--json", *args).out)
        (step,) = record["steps"]
        return record["cached"], step["cached"]

    assert marks("--no-cache") == (False, False)
    assert list(cache.iterdir()) == []
    assert marks() == (False, False)
    assert marks() == (True, True)
    assert marks("--no-cache") == (False, False)


def test_answers_found_with_little_memory_are_not_kept(derive: Run, write: Write, cache: Path) -> None:
    """A model that did not fit may be the one that refutes; what is known already is told all the same."""
    write("mine.py")
    for memory in ("1G", "1G", "2G", "1G"):
        last = derive("check", "mine.py", "--memory", memory).out
        assert ("(cached)" in last) == (memory == "1G" and list(cache.iterdir()) != [])


def test_without_a_place_for_the_cache_there_is_one_warning(command: Path, write: Write) -> None:
    """The answer is the same, and one line on standard error says that it is not kept."""
    path = write("mine.py")
    ran = run_command(command, "check", "mine.py", cwd=path.parent, DERIVE_CACHE=str(path))
    assert ran.status == 0
    assert ran.out.endswith("  proved: 1 of 1 step\n")
    (said,) = ran.err.splitlines()
    assert said.startswith(f"derive: the cache {path}/derive-1.sqlite cannot be written, and is left out")
