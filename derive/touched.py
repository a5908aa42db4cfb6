"""Which files the Python code of identity files reads, in a worker process.

Promise: every Python file that is run and every file that is opened for reading
is noted, other than those of Python, of what computes, and of `derive` and its
library, which the cache knows by other means. Code that asks another process or
the network is noted as such: what it says may change without any file changing.

What an author reads from the clock, from the environment or from chance is not
seen; `--no-cache` is for that.
"""

from __future__ import annotations

import os
import sys
from typing import Any

__all__ = ["seen", "watch"]

_OUTSIDE = frozenset({
    "subprocess.Popen", "os.system", "os.posix_spawn", "os.exec", "socket.connect", "socket.getaddrinfo",
})  # fmt: skip
_MOST = 1000

_seen: set[str] = set()
_wanted: set[str] = set()
_known: list[str] = []
_watching: list[bool] = []


def watch() -> None:
    """Begin to note, for as long as this process lives: Python can be asked for this only once."""
    _known.extend(_own_folders())
    if not _watching:
        _watching.append(True)
        sys.addaudithook(_note)


def seen(file: str) -> list[str] | None:
    """What has been read since `watch`, for the sake of an identity file; None where that cannot be told."""
    if "" in _seen or len(_seen) > _MOST:
        return None
    found = {path for path in _seen if not _is_known(path)}
    # A module that was not found may be there tomorrow.
    missing = {name for name in tuple(_wanted) if name not in sys.modules}
    folder = os.path.dirname(file)  # noqa: PTH120
    found |= {os.path.join(folder, name + end) for name in missing for end in (".py", "/__init__.py")}  # noqa: PTH118
    return sorted(found)


def _note(event: str, args: tuple[Any, ...]) -> None:
    if event == "open":
        path, mode, flags = args
        if isinstance(path, (str, bytes)) and not _only_writes(mode, flags):
            name = os.fsdecode(path)
            # A compiled file stands for its source, which is noted when it is run.
            if not (name.endswith(".pyc") and "__pycache__" in name):
                _seen.add(name)
    elif event == "exec":
        name = getattr(args[0], "co_filename", "<")
        if name[:1] != "<":
            _seen.add(name)
    elif event == "import":
        if "." not in args[0]:
            _wanted.add(args[0])
    elif event in _OUTSIDE:
        _seen.add("")


def _only_writes(mode: Any, flags: Any) -> bool:
    if isinstance(mode, str):
        return "+" not in mode and any(letter in mode for letter in "wax")
    return isinstance(flags, int) and flags & os.O_ACCMODE == os.O_WRONLY


def _own_folders() -> list[str]:
    here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120
    packages = [getattr(sys.modules.get(name), "__file__", None) for name in ("sympy", "flint", "mpmath")]
    library = os.path.join(os.path.dirname(here), "identities")  # noqa: PTH118, PTH120
    found = [here, library, *(os.path.dirname(path) for path in packages if path)]  # noqa: PTH120
    return [folder + os.sep for folder in found]


def _is_known(path: str) -> bool:
    python = os.path.dirname(os.__file__) + os.sep  # noqa: PTH120
    if path.startswith(python):
        return not path[len(python):].startswith(("site-packages", "dist-packages"))
    return path.startswith(tuple(_known))
