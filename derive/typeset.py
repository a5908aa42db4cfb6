"""The format of a document, and LaTeX documents as PDF, with the LaTeX that is installed.

Promise: pdflatex runs in a folder of its own, without a shell, under a time
limit, and nothing of it is left behind. What goes wrong is a TypesettingError.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from derive.core.errors import DeriveError

__all__ = ["TypesettingError", "form_for", "pdf_of"]

_SECONDS = 120.0
_FORMS = {".tex": "tex", ".pdf": "pdf", ".md": "markdown", ".markdown": "markdown"}


class TypesettingError(DeriveError):
    """A document that could not be made into a PDF; the message says why."""


def form_for(form: str | None, output: Path | None, *, fragment: bool = False) -> str:
    """The format that is asked for, or else that of the file; a TypesettingError where that makes no sense.

    >>> form_for(None, Path("notes.md")), form_for(None, None)
    ('markdown', 'tex')
    """
    guessed = "tex" if output is None else _FORMS.get(output.suffix.lower())
    found = form or guessed
    if found is None:
        raise TypesettingError(f"{output} does not tell the format; write --format, or end it in .tex, .pdf or .md")
    if fragment and found != "tex":
        raise TypesettingError(f"--fragment is for LaTeX, found the format {found}")
    if found == "pdf" and output is None:
        raise TypesettingError("a PDF goes into a file; write -o FILE.pdf")
    return found


def pdf_of(latex: str, seconds: float = _SECONDS) -> bytes:
    """A LaTeX document as PDF."""
    program = shutil.which("pdflatex")
    if program is None:
        raise TypesettingError(
            "a PDF needs a LaTeX, and there is no pdflatex on the path (Debian: texlive-latex-base and "
            "texlive-latex-recommended); --format tex needs none"
        )
    with tempfile.TemporaryDirectory(prefix="derive-") as name:
        folder = Path(name)
        (folder / "derive.tex").write_text(latex, encoding="utf-8")
        command = [program, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "derive.tex"]
        status = _run(command, folder, seconds)
        made = folder / "derive.pdf"
        if status != 0 or not made.is_file():
            raise TypesettingError(f"pdflatex failed: {_complaint(folder / 'derive.log')}")
        return made.read_bytes()


def _run(command: list[str], folder: Path, seconds: float) -> int:
    # Its log is cut into lines of 79 letters unless told otherwise; it may read and write here only.
    environment = os.environ | {"max_print_line": "1000", "openin_any": "p", "openout_any": "p", "TEXMFOUTPUT": "."}
    process = subprocess.Popen(  # noqa: S603 - a program that was just found, without a shell
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        raise TypesettingError(f"pdflatex was stopped after {seconds:g} s") from None
    finally:
        # It may have started programs of its own, such as one that makes fonts.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _complaint(log: Path) -> str:
    """The first error in a log."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "it left no log"
    found = re.search(r"^! (.*)", text, re.MULTILINE)
    return found[1].strip() if found else "its log names no error"
