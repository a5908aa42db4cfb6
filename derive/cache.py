"""Answers that are known already: those of unchanged files, and those of steps by their content.

Promise: a cached answer is the one that would be found again, never another.
What cannot be read, kept or trusted is no answer, and one warning at most. Only
the process that asks writes; workers read. SymPy is not imported here.

A step is known by the digest of what it says (see `content`) and of the engine.
In front of that, an answer about a file is known by the digests of all that was
read when it was found: the file, what it imports and opens, the library, the
engine, the libraries below it. Only settled answers are handed in: time-outs,
errors and contradictions are kept out by `runner` and `worker`.

Glossary
    store    the SQLite file
    seal     a digest that shows whether a row is as it was written
    engine   all source files of `derive`, and the versions of Python and of what it computes with
    touched  the files that a worker's Python code has read (see `touched`)
    settled  a file that was last changed before this run began: what a worker read is what is there
"""

from __future__ import annotations

import os
import stat
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from hashlib import blake2b
from json import dumps, loads
from pathlib import Path
from typing import Any, Self

__all__ = ["Cache", "Store", "cache_folder", "engine_files", "versions"]

_FORMAT = "1"
_NAME = f"derive-{_FORMAT}.sqlite"
_MOST_ROWS = 20_000
_LARGEST = 2**24
"""Files larger than this are not read again and again; answers that rest on them are not kept."""

_GRAIN = 0.012
"""How far, in seconds, the time stamp of a file may lag behind the clock."""

_OFTEN = 2.0
"""After so many seconds what is new is written, though the run goes on."""

_COMPUTES = ("sympy", "flint", "mpmath")
_DISTRIBUTIONS = ("sympy-", "python_flint-", "mpmath-", "gmpy2-")


def cache_folder(environ: Mapping[str, str] = os.environ) -> Path | None:
    """Where answers are kept: DERIVE_CACHE, or `derive` in XDG_CACHE_HOME or ~/.cache; None where there is no home.

    >>> str(cache_folder({"XDG_CACHE_HOME": "/tmp/x"}))
    '/tmp/x/derive'
    """
    if environ.get("DERIVE_CACHE"):
        return Path(environ["DERIVE_CACHE"]).absolute()
    base = environ.get("XDG_CACHE_HOME", "")
    if Path(base).is_absolute():
        return Path(base, "derive")
    home = environ.get("HOME") or os.path.expanduser("~")  # noqa: PTH111 - Path.home raises where there is none
    return Path(home, ".cache", "derive") if Path(home).is_absolute() else None


def digest(*parts: bytes) -> str:
    """A digest of some bytes, each part by itself."""
    found = blake2b(digest_size=16)
    for part in parts:
        found.update(len(part).to_bytes(8, "big"))
        found.update(part)
    return found.hexdigest()


# ---------------------------------------------------------------- what answers rest on


def engine_files() -> list[Path]:
    """The source files of `derive`."""
    return sorted(Path(__file__).resolve().parent.rglob("*.py"))


def _library_files() -> list[Path]:
    return sorted((Path(__file__).resolve().parent.parent / "identities").rglob("*.py"))


def versions(path: Iterable[str]) -> str | None:
    """The versions of Python and of what computes, as installed on an import path; None where that cannot be told.

    Metadata is slow to ask: the names of the folders that hold it say enough.
    """
    found = [sys.version, str(sys.flags.optimize)]
    places = [Path(place) for place in path]
    for package in _COMPUTES:
        home = next((place for place in places if (place / package).is_dir()), None)
        if home is None:
            return None
        names = sorted(name for name in os.listdir(home) if name.endswith((".dist-info", ".egg-info")))  # noqa: PTH208
        found += [name for name in names if name.startswith(_DISTRIBUTIONS)]
        # A checkout has no metadata.
        release = home / package / "release.py"
        found.append(digest(release.read_bytes()) if release.is_file() else "")
    return "\n".join(found)


def _digest_of(files: Iterable[Path]) -> str:
    named = ((f"{file.parent.name}/{file.name}", file.read_bytes()) for file in files)
    return digest(*(part for name, content in named for part in (os.fsencode(name), content)))


def _digest_at(path: str) -> str | None:
    """The digest of what stands in a regular file, "absent", or None for what cannot be told."""
    try:
        found = os.stat(path)  # noqa: PTH116
        if not stat.S_ISREG(found.st_mode) or found.st_size > _LARGEST or path.startswith("/proc/"):
            return None
        return digest(Path(path).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return "absent"
    except (OSError, ValueError):
        return None


def _settled(path: str, start: float) -> bool:
    """Whether a file, or where there is none the folder that would hold it, was last changed before some time."""
    try:
        while not os.path.lexists(path):
            path = os.path.dirname(os.path.abspath(path))  # noqa: PTH100, PTH120
        changed = max(os.lstat(path).st_ctime, os.stat(path).st_ctime)  # noqa: PTH116
    except (OSError, ValueError):
        return False
    return changed < start - _GRAIN


# ---------------------------------------------------------------- the store


class Store:
    """Text by key in a SQLite file. What is not there as it was written is None; errors go to the caller."""

    def __init__(self, file: Path, *, writes: bool) -> None:
        self.file = file
        self._writes = writes
        self._connection: Any = None

    def get(self, key: str) -> str | None:
        """The text that was kept under a key."""
        if self._connection is None:
            if not self.file.exists():
                return None
            self._connection = self._open("rw" if self._writes else "ro", 0.2)
        rows = self._connection.execute("SELECT value, seal FROM answers WHERE key = ?", (key,)).fetchall()
        return next((value for value, seal in rows if isinstance(value, str) and seal == _seal(key, value)), None)

    def put(self, rows: Mapping[str, str]) -> None:
        """Keep texts under their keys, all or none of them; the oldest make way."""
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.close()
        self._connection = self._open("rwc", 2.0)
        with self._connection as db:
            db.execute("CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, value TEXT, seal TEXT)")
            db.executemany(
                "INSERT OR REPLACE INTO answers (key, value, seal) VALUES (?, ?, ?)",
                [(key, value, _seal(key, value)) for key, value in rows.items()],
            )
            db.execute("DELETE FROM answers WHERE rowid <= (SELECT max(rowid) FROM answers) - ?", (_MOST_ROWS,))

    def remove(self) -> None:
        """Take the file away."""
        self.close()
        for name in (self.file, self.file.with_name(self.file.name + "-journal")):
            name.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self, mode: str, patience: float) -> Any:
        from sqlite3 import connect  # noqa: PLC0415 - for those only who have something to look up

        name = str(self.file).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
        found = connect(f"file:{name}?mode={mode}", timeout=patience, uri=True)
        # A crash of the machine may cost the file, and seals show it; waiting for the disk costs every run.
        found.execute("PRAGMA synchronous = OFF")
        return found


def _seal(key: str, value: str) -> str:
    return digest(key.encode(), value.encode("utf-8", "surrogatepass"))


def _spoilt(error: Exception) -> bool:
    """Whether an error says that the file is no store of ours; else it is locked, full, read-only or out of reach."""
    # ERROR, CORRUPT, NOTADB; an error without a code comes from reading text that is none.
    return getattr(error, "sqlite_errorcode", 11) & 0xFF in (1, 11, 26)


# ---------------------------------------------------------------- the cache


class Cache:
    """What is known already, for one run of a command. `warn` is told at most one thing.

    A run that `keeps` nothing is one whose answers want of memory may have made worse than they could be.
    """

    def __init__(
        self, folder: Path | None, warn: Callable[[str], None], start: float | None = None, *, keeps: bool = True
    ) -> None:
        self._warn: Callable[[str], None] | None = warn
        self._keeps = keeps
        self._start = time.time() if start is None else start
        self._digests: dict[str, str | None] = {}
        self._touched: dict[str, set[str] | None] = {}
        self._new: dict[str, str] = {}
        self._written = time.monotonic()
        self._sources: list[Path] = []
        self._store: Store | None = None
        self.engine = self._all = ""
        if folder is not None:
            self._prepare(folder)

    def _prepare(self, folder: Path) -> None:
        try:
            engine, library = engine_files(), _library_files()
            below = versions(sys.path)
            if below is None or not engine:
                return
            self.engine = digest(_FORMAT.encode(), _digest_of(engine).encode(), below.encode())
            settings = [f"{k}={v}" for k, v in sorted(os.environ.items()) if k.startswith("SYMPY")]
            rest = "\n".join([_digest_of(library), *sys.path, *settings])
            self._all = digest(self.engine.encode(), rest.encode("utf-8", "surrogateescape"))
        except OSError:
            return
        self._sources = [*engine, *library]
        self._store = Store(folder / _NAME, writes=True)

    @property
    def access(self) -> tuple[str, str] | None:
        """What a worker needs to look a step up: the store's file and the engine."""
        return None if self._store is None else (str(self._store.file), self.engine)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._write()
        if self._store is not None:
            self._store.close()

    # ------------------------------------------------------------ files

    def about(self, file: str, kind: str) -> Any:
        """The answer of some kind about a file, if nothing that it rests on has changed; else None."""
        text = self._look_up(_front(file, kind))
        if text is None:
            return None
        with suppress(ValueError, KeyError, TypeError):
            kept = loads(text)
            if kept["state"] == self._state(kept["touched"]):
                return kept["answer"]
        return None

    def touch(self, file: str, touched: list[str] | None) -> None:
        """Note what was read for the sake of a file; None where that cannot be told."""
        known = self._touched.setdefault(file, {file})
        self._touched[file] = None if touched is None or known is None else known | set(touched)

    def keep(self, file: str, kind: str, answer: Any) -> None:
        """Keep an answer about a file, if all that was read for it is settled and can be told."""
        touched = self._touched.get(file)
        if self._store is None or touched is None:
            return
        paths = sorted(touched)
        state = self._state(paths)
        if state is not None and all(_settled(path, self._start) for path in paths):
            self._add(_front(file, kind), dumps({"touched": paths, "state": state, "answer": answer}))

    def _state(self, paths: list[str]) -> str | None:
        for path in paths:
            if path not in self._digests:
                self._digests[path] = _digest_at(path)
        digests = [self._digests[path] for path in paths]
        return None if None in digests else digest(self._all.encode(), dumps([paths, digests]).encode())

    # ------------------------------------------------------------ steps

    def keep_step(self, key: str, record: dict[str, Any]) -> None:
        """Keep the record of a decided step under the key that its worker made."""
        if self._store is not None:
            self._add(key, dumps(record))

    # ------------------------------------------------------------ the store

    def _look_up(self, key: str) -> str | None:
        if self._store is None:
            return None
        try:
            return self._store.get(key)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the file, there is no answer in it
            self._give_up(error, "read")
            return None

    def _add(self, key: str, value: str) -> None:
        if self._keeps:
            self._new[key] = value
        if time.monotonic() - self._written > _OFTEN:
            self._write()

    def _write(self) -> None:
        new, self._new, self._written = self._new, {}, time.monotonic()
        if self._store is None or not new or not all(_settled(str(file), self._start) for file in self._sources):
            return
        try:
            self._store.put(new)
        except Exception as error:  # noqa: BLE001 - answers that cannot be kept are answers all the same
            self._give_up(error, "written")

    def _give_up(self, error: Exception, doing: str) -> None:
        """Do without the cache; a spoilt file is taken away, so that the next run begins a new one."""
        store, self._store = self._store, None
        if store is None:
            return
        # Another process at work is no reason to complain.
        busy = getattr(error, "sqlite_errorcode", 0) & 0xFF in (5, 6)
        said = f"the cache {store.file} cannot be {doing}, and is left out ({error})"
        with suppress(Exception):
            store.close()
        if not isinstance(error, OSError) and _spoilt(error):
            said = f"the cache {store.file} is spoilt, and begun anew ({error})"
            with suppress(OSError):
                store.remove()
        if self._warn is not None and not busy:
            self._warn(said)
            self._warn = None


def _front(file: str, kind: str) -> str:
    return digest(b"file", os.fsencode(file), kind.encode())
