"""Documents: the format that is asked for, and PDF with and without a LaTeX."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from derive.typeset import TypesettingError, form_for, pdf_of

PAGE = "\\documentclass{article}\n\\begin{document}\n%s\n\\end{document}\n"

needs_latex = pytest.mark.skipif(
    shutil.which("pdflatex") is None, reason="pdflatex is not installed (Debian: texlive-latex-base, -recommended)"
)


@pytest.mark.parametrize(
    ("form", "output", "found"),
    [
        (None, None, "tex"), (None, "a.tex", "tex"), (None, "a.PDF", "pdf"), (None, "a.md", "markdown"),
        ("markdown", "a.txt", "markdown"), ("tex", "a.pdf", "tex"),
    ],
)  # fmt: skip
def test_the_format_is_what_is_asked_for_else_that_of_the_file(form, output, found):
    """What is written behind --format wins over how the file is called."""
    assert form_for(form, None if output is None else Path(output)) == found


@pytest.mark.parametrize(
    ("form", "output", "fragment", "said"),
    [
        (None, "a.txt", False, "a.txt does not tell the format; write --format, or end it in .tex, .pdf or .md"),
        ("pdf", None, False, "a PDF goes into a file; write -o FILE.pdf"),
        (None, "a.md", True, "--fragment is for LaTeX, found the format markdown"),
    ],
)
def test_a_format_that_makes_no_sense(form, output, fragment, said):
    """Each has a message that says what to write."""
    with pytest.raises(TypesettingError, match=f"^{re.escape(said)}$"):
        form_for(form, None if output is None else Path(output), fragment=fragment)


@needs_latex
def test_a_document_becomes_a_pdf():
    """What comes back is a PDF."""
    assert pdf_of(PAGE % "$x^2$").startswith(b"%PDF-")


@needs_latex
def test_an_error_of_latex_is_told():
    """The first error in the log is the message."""
    with pytest.raises(TypesettingError, match=r"^pdflatex failed: Undefined control sequence\.$"):
        pdf_of(PAGE % r"\nosuch")


@needs_latex
def test_latex_that_does_not_end_is_stopped():
    """An endless document meets the time limit."""
    with pytest.raises(TypesettingError, match=r"^pdflatex was stopped after 0\.8 s$"):
        pdf_of(PAGE % r"\loop\iftrue\repeat", seconds=0.8)


@needs_latex
def test_latex_may_not_read_what_is_elsewhere(tmp_path):
    """A file outside its own folder is out of its reach."""
    (tmp_path / "secret.tex").write_text("secret", encoding="utf-8")
    with pytest.raises(TypesettingError, match="pdflatex failed"):
        pdf_of(PAGE % rf"\input{{{tmp_path}/secret.tex}}")


def test_without_a_latex_there_is_a_clear_message(monkeypatch):
    """It says what is missing, and what needs none."""
    monkeypatch.setenv("PATH", "/nosuch")
    said = r"there is no pdflatex on the path \(Debian: .*\); --format tex needs none$"
    with pytest.raises(TypesettingError, match=said):
        pdf_of(PAGE % "x")
