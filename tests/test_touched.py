"""What a worker notes of the files that Python code reads; the events of Python are handed in by hand."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
import sympy

from derive import touched


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """Nothing is noted yet, and this process is not watched for good."""
    monkeypatch.setattr(touched, "_seen", set())
    monkeypatch.setattr(touched, "_wanted", set())
    monkeypatch.setattr(touched, "_known", touched._own_folders())


def code(name: str):
    """The code of a file."""
    return compile("", name, "exec")


def test_files_that_are_run_or_read_are_noted():
    """Python files, data files by their name as text or bytes; not code without a file, nor a file by its number."""
    touched._note("exec", (code("/mine/helper.py"),))
    touched._note("exec", (code("<string>"),))
    touched._note("open", ("data.txt", "r", os.O_RDONLY))
    touched._note("open", (b"/mine/data.csv", None, os.O_RDWR))
    touched._note("open", (3, "r", 0))
    assert touched.seen("/mine/a.py") == ["/mine/data.csv", "/mine/helper.py", "data.txt"]


def test_files_that_are_only_written_are_not_noted():
    """By their mode, or by their flags where there is no mode; a file that is changed is read."""
    for mode, flags in (("w", 0), ("ab", 0), ("x", 0), (None, os.O_WRONLY | os.O_CREAT)):
        touched._note("open", ("/mine/out", mode, flags))
    assert touched.seen("/mine/a.py") == []
    touched._note("open", ("/mine/out", "r+", os.O_RDWR))
    assert touched.seen("/mine/a.py") == ["/mine/out"]


def test_what_the_cache_knows_by_other_means_is_left_out():
    """Python, SymPy and derive itself; not what else is installed."""
    library = Path(os.__file__).parent
    for path in (library / "json" / "decoder.py", sympy.__file__, touched.__file__, "/mine/__pycache__/helper.pyc"):
        touched._note("open", (str(path), "rb", 0))
    assert touched.seen("/mine/a.py") == []
    other = str(library / "site-packages" / "numpy.py")
    touched._note("exec", (code(other),))
    assert touched.seen("/mine/a.py") == [other]


def test_a_module_that_is_not_there_is_noted_where_it_would_be():
    """Beside the file, as a module or as a package; what was found is noted when it is run."""
    assert "nosuch" not in sys.modules
    for name in ("nosuch", "json", "nosuch.inner"):
        touched._note("import", (name, None, [], [], []))
    assert touched.seen("/mine/a.py") == ["/mine/nosuch.py", "/mine/nosuch/__init__.py"]


@pytest.mark.parametrize("event", ["subprocess.Popen", "os.system", "socket.connect"])
def test_what_comes_from_elsewhere_cannot_be_told(event):
    """Another process or the network may say something else any time."""
    touched._note(event, ("x",))
    assert touched.seen("/mine/a.py") is None


def test_very_many_files_cannot_be_told():
    """Looking at them all would take longer than deciding again."""
    for k in range(1001):
        touched._note("exec", (code(f"/mine/{k}.py"),))
    assert touched.seen("/mine/a.py") is None
