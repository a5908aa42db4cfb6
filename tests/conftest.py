"""What the tests share: `derive` as a user has it, installed from a wheel, outside the repository."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Ran:
    """What one run of the command line left behind."""

    status: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture(scope="session")
def command(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel, install it into a fresh environment, and give the console script there.

    The environment borrows the dependencies of this one, but not its `derive`:
    what is installed in it comes first on its path.
    """
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    wheel = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(wheel, check=True, cwd=folder)
    venv.create(folder / "env", with_pip=False)
    python = folder / "env" / "bin" / "python"
    wheels = [str(path) for path in folder.glob("*.whl")]
    subprocess.run([*pip, "--python", str(python), "install", "--no-deps", "--no-index", *wheels], check=True)
    (site,) = (folder / "env" / "lib").glob("python3.*/site-packages")
    borrowed = [p for p in sys.path if p.endswith("site-packages")]
    (site / "borrowed.pth").write_text("\n".join(borrowed), encoding="utf-8")
    return folder / "env" / "bin" / "derive"


def clean_environment(**extra: str) -> dict[str, str]:
    """The environment without what would lead Python back to the repository, or change the width or the colour."""
    away = ("PYTHONPATH", "NO_COLOR", "COLUMNS", "FORCE_COLOR", "PYTHONOPTIMIZE")
    return {k: v for k, v in os.environ.items() if k not in away and not k.startswith("PYTEST")} | extra


@pytest.fixture
def derive(command: Path, tmp_path: Path) -> Run:
    """Run the installed command in a folder of its own."""

    def run(*args: str, **extra: str) -> Ran:
        return run_command(command, *args, cwd=tmp_path, **extra)

    return run


def run_command(command: Path, *args: str, cwd: Path, **extra: str) -> Ran:
    """Run the command and see that it shows no traceback."""
    done = subprocess.run(
        [str(command), *args], capture_output=True, text=True, cwd=cwd, timeout=120, check=False,
        env=clean_environment(**extra),
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return Ran(done.returncode, done.stdout, done.stderr)


HEAD = """\
from derive import Derivation, Document, eq, exp, identity, log, positive, real
from derive import algebra, logarithms
x, y, z = real("x"), real("y"), real("z")
"""

GOOD = '''
@identity
def good():
    """A step that holds."""
    return Derivation(x + y, eq(y + x, by=algebra))
'''


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write an identity file; it starts with the imports and the symbols x, y, z."""

    def write(name: str, text: str = GOOD, head: str = HEAD) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(head + text, encoding="utf-8")
        return path

    return write


def line_of(path: Path, text: str) -> int:
    """The number of the first line that holds a text."""
    return next(n for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if text in line)


def without_colour(text: str) -> str:
    """The text without the codes that colour it."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)
