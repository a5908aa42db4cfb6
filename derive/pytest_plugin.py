"""The pytest plugin: every derivation is a node, and every step of it a test.

Promise: a file of identities becomes tests such as
`identities/variational.py::elbo_bound::step 3`, numbered as `derive check`
numbers its lines. A step passes when its verdict is the one that its author
expects, and else fails with the step, its reason and its witness. Files are
loaded and steps decided in a worker process, under limits: nothing hangs, and
SymPy is not imported here. Projects without such files are left alone.

Glossary
    derivation file   a file of identities: its path matches `derive_files`, or it is
                      named on the command line, and it says `@identity` and `derive`
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

# What the plugin does is imported by what does it: pytest loads it wherever derive is installed.
if TYPE_CHECKING:
    from derive.names import Card
    from derive.pool import Pool
    from derive.runner import Target

__all__ = ["DerivationFile", "DerivationNode", "MistakeItem", "StepItem"]

_TESTS = re.compile(rb"^\s*(async\s+)?def\s+test|^\s*class\s+Test", re.MULTILINE)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options and what may stand in an ini file."""
    group = parser.getgroup("derive", "derivations, checked step by step")
    group.addoption("--no-derive", action="store_true", help="Do not collect derivations.")
    group.addoption(
        "--derive-library", action="store_true", help="Collect the identities that come with derive as well."
    )
    group.addoption(
        "--derive-timeout", type=float, metavar="SECONDS",
        help="The time limit of each step of a derivation (10, unless the ini file says otherwise).",
    )  # fmt: skip
    parser.addini("derive_timeout", "The time limit of each step of a derivation, in seconds.", default="10")
    parser.addini("derive_files", "Globs for files of identities.", type="args", default=["identities/*.py"])


def pytest_configure(config: pytest.Config) -> None:
    """Read the time limit, and add the library to what is collected, where that is asked for."""
    config.addinivalue_line("markers", "derive: a step of a derivation, collected by derive.")
    _seconds(config)
    if config.getoption("derive_library") and not config.getoption("no_derive"):
        from derive.core.errors import DeriveError  # noqa: PLC0415
        from derive.library import library_folder  # noqa: PLC0415

        try:
            folder = str(library_folder())
        except DeriveError as error:
            raise pytest.UsageError(str(error)) from None
        # A worker of xdist is handed the arguments of its controller, and the option as well.
        if folder not in config.args:
            config.args.append(folder)


# ---------------------------------------------------------------- which files


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> DerivationFile | None:
    """Collect a derivation file, beside what others make of it."""
    if not _is_derivation_file(file_path, parent) or _is_ours_alone(file_path, parent):
        return None
    return _file(file_path, parent)


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> Any:
    """Keep Python's collector from importing a derivation file that it only sees because it was named."""
    if _is_derivation_file(module_path, parent) and _is_ours_alone(module_path, parent):
        return _file(module_path, parent)
    return None


def _file(path: Path, parent: pytest.Collector) -> DerivationFile:
    """The collector of a derivation file; one of the library goes by the same name wherever it is installed."""
    library = Path(__file__).resolve().parent.parent / "identities"
    nodeid = f"identities/{path.name}" if path.resolve().parent == library else None
    found: DerivationFile = DerivationFile.from_parent(parent, path=path, nodeid=nodeid)
    return found


def _is_derivation_file(path: Path, parent: pytest.Collector) -> bool:
    """Whether a file is to be collected as derivations; its text is read last, and only where its path fits."""
    config, session = parent.config, parent.session
    if path.suffix != ".py" or path.name.startswith("_") or config.getoption("no_derive"):
        return False
    if not (session.isinitpath(path) or any(path.match(glob) for glob in config.getini("derive_files"))):
        return False
    from derive.library import DECORATOR  # noqa: PLC0415

    text = _text(path)
    return b"derive" in text and DECORATOR.search(text) is not None


def _is_ours_alone(path: Path, parent: pytest.Collector) -> bool:
    """Whether Python's collector would see a derivation file only because it was named, and find no test in it."""
    if not parent.session.isinitpath(path):
        return False
    globs = parent.config.getini("python_files")
    named_like_tests = any(path.match(glob) if "/" in glob else fnmatch(path.name, glob) for glob in globs)
    return not named_like_tests and _TESTS.search(_text(path)) is None


def _text(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


# ---------------------------------------------------------------- what they hold


class DerivationFile(pytest.File):
    """A file of identities."""

    def collect(self) -> Iterator[DerivationNode]:
        """Its derivations; what is wrong with the file is the error."""
        from derive.runner import SourceFile, Target, cards  # noqa: PLC0415

        file = SourceFile(str(self.path), self.nodeid)
        (found,) = cards(_pool(self.config), [file])
        if isinstance(found, str):
            raise self.CollectError(found)
        for card in found:
            # Node ids are written like Python: the function's name.
            name = card.name.replace("-", "_")
            yield DerivationNode.from_parent(self, name=name, target=Target(file, card.name), card=card)


class DerivationNode(pytest.Collector):
    """A derivation; `-k` finds it by name, alias or tag."""

    def __init__(self, *, target: Target, card: Card, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.target = target
        self.extra_keyword_matches.update((card.name, *card.aliases, *card.tags))

    def collect(self) -> Iterator[pytest.Item]:
        """Its steps, or a test that fails with what is wrong in its definition."""
        from derive.names import LibraryError  # noqa: PLC0415
        from derive.runner import outline  # noqa: PLC0415

        try:
            record = outline(_pool(self.config), self.target)
        except LibraryError as error:
            yield MistakeItem.from_parent(self, name="definition", message=str(error))
            return
        for k in range(len(record["steps"])):
            yield StepItem.from_parent(self, name=f"step {k + 2}", target=self.target, record=record, k=k)


class MistakeItem(pytest.Item):
    """A definition that cannot be built: one test fails with it, and the others run."""

    def __init__(self, *, message: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.message = message
        self.add_marker("derive")

    def runtest(self) -> None:
        """Fail."""
        pytest.fail(self.message, pytrace=False)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where it stands."""
        return self.path, None, _domain(self)


class StepItem(pytest.Item):
    """A step of a derivation."""

    def __init__(self, *, target: Target, record: dict[str, Any], k: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.target, self.record, self.k = target, record, k
        self.add_marker("derive")

    def runtest(self) -> None:
        """Decide the step, and fail unless its verdict is the expected one."""
        from derive.complaints import complaint  # noqa: PLC0415
        from derive.runner import decide_one  # noqa: PLC0415

        decided = decide_one(_pool(self.config), self.target, self.k, self.record)
        self.user_properties.append(("derive_verdict", decided["verdict"]))
        if decided["verdict"] != decided["expect"] or decided.get("contradiction"):
            steps = [decided if k == self.k else step for k, step in enumerate(self.record["steps"])]
            pytest.fail(complaint({**self.record, "steps": steps}, [self.k]), pytrace=False)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where it stands."""
        line = self.record["steps"][self.k]["line"]
        return self.path, None if line is None else line - 1, _domain(self)


def _domain(item: pytest.Item) -> str:
    return f"{item.parent.name if item.parent else ''}::{item.name}"


# ---------------------------------------------------------------- the worker


_POOL = pytest.StashKey["Pool"]()


def _pool(config: pytest.Config) -> Pool:
    """The worker of this run: started when it is first needed, gone when pytest is."""
    from derive.pool import Limits, Pool  # noqa: PLC0415

    if _POOL not in config.stash:
        # One worker: tests run one after the other, and in parallel by `-n`.
        pool = Pool(Limits(seconds=_seconds(config), jobs=1))
        pool.__enter__()
        config.add_cleanup(lambda: pool.__exit__(None, None, None))
        config.stash[_POOL] = pool
    return config.stash[_POOL]


def _seconds(config: pytest.Config) -> float:
    said = config.getoption("derive_timeout")
    said = config.getini("derive_timeout") if said is None else said
    try:
        seconds = float(said)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 86400:
        raise pytest.UsageError(f"the time limit of a step: expected a number of seconds above 0, found {said}")
    return seconds
