"""Identities: how one is declared, and how a file of them is loaded.

Promise: declaring an identity does nothing else; what is wrong with it is said
when it is used, with file and line, and as a `LibraryError`. An identity file is
Python and is run as such: whoever loads one runs it. Files are loaded inside
worker processes (see `worker`), everything else here is cheap and needs no SymPy.

Glossary
    identity  a derivation in a file, with name, aliases, title, source and tags
    listing   the identities of one file, in the order in which they stand there
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from derive.core.errors import DeriveError
from derive.names import Card, LibraryError, reject_duplicates, resolve

if TYPE_CHECKING:
    from types import TracebackType

    from derive.core.claims import Derivation

__all__ = [
    "AS_PRINTED", "DECORATOR", "Document", "Identity", "Listing", "Source", "card_of", "files_of", "identity",
    "library_files",
    "library_folder", "load_file",
]

AS_PRINTED = "as-printed"
"""The tag of an identity that holds a wrong printed solution, as it was printed."""

_REGISTER = "__identities__"
"""Where a module keeps its own identities: a second one of the same name would hide the first among its names."""

DECORATOR = re.compile(rb"^\s*@\s*(\w+\s*\.\s*)*identity\b", re.MULTILINE)
"""What a file of identities says somewhere: only such files are run."""


# ---------------------------------------------------------------- what an identity is


@dataclass(frozen=True)
class Source:
    """Where an identity comes from: a document, a problem or a section of it, and perhaps a part of that.

    >>> str(Document("Quiz 1").problem(2, part="a"))
    'Quiz 1, problem 2a'
    >>> str(Document("All of Statistics").section("3.5"))
    'All of Statistics, section 3.5'
    """

    document: Document
    problem: str | None = None
    part: str | None = None
    section: str | None = None

    def __str__(self) -> str:
        part = self.part or ""
        joint = "." if part[:1].isdigit() else ""
        place = f"problem {self.problem}{joint}{part}" if self.problem else f"section {self.section}"
        return f"{self.document.title}, {place}" if self.problem or self.section else self.document.title

    def record(self) -> dict[str, str | None]:
        """The source as plain data."""
        return {
            "document": self.document.title, "problem": self.problem, "part": self.part, "section": self.section,
        }  # fmt: skip


@dataclass(frozen=True)
class Document:
    """A document that identities come from; `key` is a short label for it."""

    title: str
    key: str = ""

    def problem(self, number: int | str, part: int | str | None = None) -> Source:
        """A problem of this document, or a part of one."""
        return Source(self, str(number), None if part is None else str(part))

    def section(self, number: int | str) -> Source:
        """A section of this document."""
        return Source(self, section=str(number))

    def whole(self) -> Source:
        """The document itself."""
        return Source(self)


@dataclass(frozen=True)
class Identity:
    """A derivation with a name. Calling it, or `derivation()`, builds the derivation; an identity is a `Reason`."""

    name: str
    title: str
    text: str
    file: str
    line: int
    source: Source | None = None
    row: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    problem: str | None = field(default=None, compare=False)
    function: Callable[[], Any] = field(default=lambda: None, compare=False, repr=False)

    def derivation(self) -> Derivation:
        """The derivation, as its author wrote it; what goes wrong in there is a LibraryError with its line."""
        return self._built

    def __call__(self) -> Derivation:
        """The same as `derivation()`."""
        return self._built

    @cached_property
    def _built(self) -> Derivation:
        from sympy import evaluate  # noqa: PLC0415 - listing names must not cost an import of SymPy

        from derive.core.claims import Derivation  # noqa: PLC0415

        if self.problem is not None:
            raise LibraryError(f"{self.file}:{self.line}: identity {self.name}: {self.problem}")
        try:
            with _local_imports(Path(self.file).parent), evaluate(False):
                found = self.function()
        except MemoryError:
            raise
        except BaseException as error:
            raise LibraryError(f"{_place(error, self.file, self.line)}: {_words(error)}") from error
        if not isinstance(found, Derivation):
            raise LibraryError(
                f"{self.file}:{self.line}: identity {self.name}: expected it to return a Derivation, "
                f"found {type(found).__name__}"
            )
        return found


def identity(
    function: Callable[[], Any] | None = None,
    *,
    source: Source | None = None,
    row: str | Iterable[str] | None = None,
    aliases: Iterable[str] = (),
    tags: Iterable[str] = (),
) -> Any:
    """Declare that the function below is an identity: `@identity`, or `@identity(source=..., aliases=[...])`.

    Its name is the function's, its title the first line of the docstring.

    >>> @identity(aliases=["twice"])
    ... def double():
    ...     '''Twice a number is its sum with itself.'''
    >>> double.name, double.title, double.aliases
    ('double', 'Twice a number is its sum with itself.', ('twice',))
    """
    if function is not None:
        return _declare(function, source, row, aliases, tags)
    return lambda below: _declare(below, source, row, aliases, tags)


def _declare(function: Any, source: Any, row: Any, aliases: Any, tags: Any) -> Identity:
    if not inspect.isfunction(function):
        # There is no file and line to defer this to.
        raise LibraryError(f"@identity stands before a function, found {type(function).__name__}")
    text = inspect.getdoc(function) or ""
    problems = [
        *(["expected a function without parameters"] if inspect.signature(function).parameters else []),
        *(["expected a title: a docstring whose first line says what it is"] if not text else []),
        *_complaint("source", source is None or isinstance(source, Source), source, "Document(...).problem(...)"),
        *_complaint("row", row is None or _is_words(row), row, "a string or a list of strings"),
        *_complaint("aliases", not isinstance(aliases, str) and _is_words(aliases), aliases, "a list of strings"),
        *_complaint("tags", not isinstance(tags, str) and _is_words(tags), tags, "a list of strings"),
    ]
    found = Identity(
        name=function.__name__.strip("_").replace("_", "-"),
        title=text.split("\n", 1)[0],
        text=text,
        file=function.__code__.co_filename,
        line=function.__code__.co_firstlineno,
        source=source if isinstance(source, Source) else None,
        row=_strings(row),
        aliases=_strings(aliases),
        tags=_strings(tags),
        problem="; ".join(problems) or None,
        function=function,
    )
    function.__globals__.setdefault(_REGISTER, []).append(found)
    return found


def _is_words(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, (list, tuple)) and all(isinstance(v, str) for v in value))


def _complaint(name: str, good: bool, value: Any, expected: str) -> list[str]:  # noqa: FBT001
    return [] if good else [f"{name}= takes {expected}, found {_shown(value)}"]


def _strings(value: Any) -> tuple[str, ...]:
    if not _is_words(value):
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def card_of(found: Identity, *, count: bool = True) -> Card:
    """The card of an identity; to count its steps, the derivation is built."""
    steps, error = None, None
    if count:
        try:
            steps = len(found.derivation().steps)
        except LibraryError as problem:
            error = str(problem)
    return Card(
        name=found.name,
        title=found.title,
        file=found.file,
        line=found.line,
        source=None if found.source is None else found.source.record(),
        source_text="" if found.source is None else str(found.source),
        row=found.row,
        aliases=found.aliases,
        tags=found.tags,
        steps=steps,
        error=error,
    )


# ---------------------------------------------------------------- loading


@dataclass(frozen=True)
class Listing:
    """The identities of one file."""

    file: str
    identities: tuple[Identity, ...]

    def get(self, name: str) -> Identity:
        """The identity with this name or alias."""
        (found,) = resolve([name], self.identities)
        return next(i for i in self.identities if i.name == found)


def library_folder() -> Path:
    """The folder `identities` beside the installed `derive`; a foreign package of that name is refused.

    >>> library_folder().name
    'identities'
    """
    folder = Path(__file__).resolve().parent.parent / "identities"
    if not (folder / "__init__.py").is_file():
        raise LibraryError(f"expected the library of identities beside derive, at {folder}; found nothing there")
    spec = importlib.util.find_spec("identities")
    found = Path(spec.origin).resolve().parent if spec is not None and spec.origin else None
    if found != folder:
        raise LibraryError(
            f"the package `identities` at {found} is not the library that belongs to derive, at {folder}; "
            "rename it, or take it off PYTHONPATH"
        )
    return folder


def library_files() -> list[Path]:
    """The files of the library, in alphabetical order."""
    return files_of(library_folder())


def files_of(folder: Path) -> list[Path]:
    """The Python files directly in a folder that say `@identity`; the others are helpers, and are not run."""
    found = sorted(path for path in folder.glob("*.py") if not path.name.startswith("_"))
    return [path for path in found if DECORATOR.search(_read(path))]


def load_file(path: str | Path) -> Listing:
    """The identities that a Python file declares. **The file is run**, with its folder last on the import path.

    Raises LibraryError, with file and line, where it cannot be read or parsed,
    where running it raises, where two of its identities share a name, and where
    it declares none.
    """
    file = Path(path)
    if not file.is_file():
        raise LibraryError(f"no such file: {file}")
    module = _run(file)
    found = tuple(getattr(module, _REGISTER, ()))
    if not found:
        raise LibraryError(f"{file}: found no identity in it; write @identity before a function, or see `derive new`")
    reject_duplicates(found)
    return Listing(str(file), found)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise LibraryError(f"{path}: cannot be read: {error.strerror}") from None


def _run(file: Path) -> ModuleType:
    """The module of a file: the library's own under its name, any other under a name of its own."""
    from sympy import evaluate  # noqa: PLC0415 - as above

    _read(file)
    library = file.resolve().parent == Path(__file__).resolve().parent.parent / "identities"
    name = f"identities.{file.stem}" if library else f"derive_file_{abs(hash(str(file.resolve()))):x}"
    try:
        # What stands outside the functions of a file is kept as it is written, too.
        if library:
            with evaluate(False):
                return importlib.import_module(name)
        loader = SourceFileLoader(name, str(file))
        module = ModuleType(name)
        module.__file__ = str(file)
        sys.modules[name] = module
        with _local_imports(file.parent), evaluate(False):
            loader.exec_module(module)
    except MemoryError:
        raise
    except BaseException as error:
        # BaseException: a file that calls sys.exit has a mistake in it like any other.
        raise LibraryError(f"{_place(error, str(file), None)}: {_words(error)}") from error
    return module


@contextmanager
def _local_imports(folder: Path) -> Iterator[None]:
    """Let a file import its neighbours, without letting them hide anything or meet those of another folder."""
    here = str(folder.resolve())
    before = set(sys.modules)
    sys.path.append(here)
    try:
        yield
    finally:
        sys.path.remove(here)
        for name in set(sys.modules) - before:
            origin = getattr(sys.modules[name], "__file__", None)
            if origin is not None and Path(origin).parent == Path(here) and not name.startswith("identities"):
                del sys.modules[name]


def _place(error: BaseException, file: str, line: int | None) -> str:
    """`file:line` of what went wrong: as deep in the author's file as the traceback goes."""
    if isinstance(error, SyntaxError) and error.filename is not None:
        return f"{error.filename}:{error.lineno or 1}"
    lines = [at for name, at in _frames(error.__traceback__) if name == file or Path(name) == Path(file).resolve()]
    found = lines[-1] if lines else line
    return file if found is None else f"{file}:{found}"


def _frames(traceback: TracebackType | None) -> Iterator[tuple[str, int]]:
    while traceback is not None:
        yield traceback.tb_frame.f_code.co_filename, traceback.tb_lineno
        traceback = traceback.tb_next


def _words(error: BaseException) -> str:
    """An exception in words: our own speak for themselves, others are named."""
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg}"
    if isinstance(error, DeriveError):
        return str(error)
    if isinstance(error, SystemExit):
        return f"it called sys.exit({_shown(error.code)}), which ends the program that reads it"
    try:
        said = str(error)
    except Exception:  # noqa: BLE001 - the text of an author's own exception is the author's code
        said = ""
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def _shown(value: Any) -> str:
    try:
        return repr(value)
    except Exception:  # noqa: BLE001 - an author's own value again
        return f"a {type(value).__name__}"
