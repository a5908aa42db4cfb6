"""What the tests of files and of the command line use: small identity files, and runs of the command."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

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


@dataclass(frozen=True)
class Ran:
    """What one run of the command line left behind."""

    status: int
    out: str
    err: str


Run = Callable[..., Ran]


def clean_environment(**extra: str) -> dict[str, str]:
    """The environment without what would lead Python back to the repository, or change the width or the colour."""
    away = ("PYTHONPATH", "NO_COLOR", "COLUMNS", "FORCE_COLOR", "PYTHONOPTIMIZE")
    return {k: v for k, v in os.environ.items() if k not in away and not k.startswith("PYTEST")} | extra


def run_command(command: Path, *args: str, cwd: Path, **extra: str) -> Ran:
    """Run the command and see that it shows no traceback."""
    done = subprocess.run(
        [str(command), *args], capture_output=True, text=True, cwd=cwd, timeout=120, check=False,
        env=clean_environment(**extra),
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return Ran(done.returncode, done.stdout, done.stderr)


def line_of(path: Path, text: str) -> int:
    """The number of the first line that holds a text."""
    return next(n for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if text in line)


def without_colour(text: str) -> str:
    """The text without the codes that colour it."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)
