"""What the tests share: `derive` as a user has it, installed from a wheel, outside the repository."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support import GOOD, HEAD, Ran, Run, run_command

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session", autouse=True)
def _no_cache_of_ones_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What the tests ask is not answered by what somebody found before, nor kept for them."""
    before = os.environ.get("DERIVE_CACHE")
    os.environ["DERIVE_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    yield
    os.environ.pop("DERIVE_CACHE")
    if before is not None:
        os.environ["DERIVE_CACHE"] = before


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the cache, empty at the start of each test."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("DERIVE_CACHE", str(folder))
    return folder


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


@pytest.fixture
def derive(command: Path, tmp_path: Path) -> Run:
    """Run the installed command in a folder of its own."""

    def run(*args: str, **extra: str) -> Ran:
        return run_command(command, *args, cwd=tmp_path, **extra)

    return run


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write an identity file; it starts with the imports and the symbols x, y, z."""

    def write(name: str, text: str = GOOD, head: str = HEAD) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(head + text, encoding="utf-8")
        return path

    return write
