"""The library as pages: every identity, checked, compiles with a real LaTeX, and nothing sticks out."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from derive.checked import record_of
from derive.library import library_files, load_file
from derive.printers.latex import document_of

pytestmark = pytest.mark.skipif(
    shutil.which("pdflatex") is None, reason="pdflatex is not installed (Debian: texlive-latex-base, -recommended)"
)

STUCK_OUT = re.compile(r"^Overfull \\[hv]box .*", re.MULTILINE)
WARNED = re.compile(r"^(?:LaTeX|Package \w+) Warning: .*", re.MULTILINE)


def compiled(folder: Path, latex: str) -> tuple[bool, str]:
    """Whether it compiles, and the log, on lines as long as they are."""
    (folder / "pages.tex").write_text(latex, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "pages.tex"]
    environment = os.environ | {"max_print_line": "1000"}
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=120, env=environment)
    return done.returncode == 0, (folder / "pages.log").read_text(encoding="latin-1")


def identities():
    """Every identity of the library."""
    return [found for file in library_files() for found in load_file(file).identities]


@pytest.mark.parametrize("file", library_files(), ids=lambda file: file.stem)
def test_every_identity_compiles_without_overfull_boxes(file, tmp_path):
    """The checked identities of a file make one document: no error, no warning, no overfull box."""
    records = [record_of(found) for found in load_file(file).identities]
    well, log = compiled(tmp_path, document_of(*records))
    assert well, log[-3000:]
    assert STUCK_OUT.findall(log) == []
    assert WARNED.findall(log) == []
    assert (tmp_path / "pages.pdf").stat().st_size > 1000


def test_every_verdict_stands_on_the_page(tmp_path):
    """The pages say of each identity how many of its steps are proved, and mark each that is not."""
    records = [record_of(found) for found in identities()]
    latex = document_of(*records)
    verdicts = [step["verdict"] for record in records for step in record["steps"]]
    assert latex.count(r"\checkmark") == verdicts.count("proved") > 0
    assert latex.count(r"\textbf{Refuted}") == verdicts.count("refuted") > 0
    assert latex.count("Proved: ") == len(records)


def test_what_sticks_out_is_seen(tmp_path):
    """The log of a page with a box that is too wide tells of it."""
    end = r"\end{document}"
    wide = document_of(record_of(identities()[0])).replace(end, r"\rule{2\textwidth}{1pt}\par" + end)
    well, log = compiled(tmp_path, wide)
    assert well
    assert len(STUCK_OUT.findall(log)) == 1
