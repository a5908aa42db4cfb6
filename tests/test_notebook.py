"""A notebook shows a derivation as its checked chain."""

from __future__ import annotations

import subprocess
import sys
from html.parser import HTMLParser

import pytest
from sympy import evaluate

from derive import Derivation, algebra, eq, identity, le, real
from derive.checked import record_of
from derive.checking import check
from derive.notebook import html_of, mimebundle
from derive.printers.latex import fragment_of

x, y = real("x"), real("y")
KINDS = {"text/html", "text/latex", "text/plain"}


@identity
def costly():
    """It costs 5$ & <b>6$</b>."""
    return Derivation(x + y, eq(y + x, by=algebra), le(x * y))


@identity
def unbuilt():
    """A definition with a mistake in it."""
    return Derivation(nosuchname)  # noqa: F821


class Tags(HTMLParser):
    """Checks that tags are closed in order, and keeps the text between them."""

    def __init__(self):
        super().__init__()
        self.open, self.words = [], []

    def handle_starttag(self, tag, attrs):
        """Open one."""
        self.open.append(tag)

    def handle_endtag(self, tag):
        """Close the last one."""
        assert self.open.pop() == tag

    def handle_data(self, data):
        """Keep what stands there."""
        self.words.append(data)


def words_of(html):
    """The text of well-formed HTML."""
    tags = Tags()
    tags.feed(html)
    tags.close()
    assert tags.open == []
    return tags.words


@pytest.mark.parametrize("found", [costly, costly(), check(costly())])
def test_a_value_shows_its_checked_chain(found):
    """An identity, a derivation and a report show verdicts and witness in every kind."""
    bundle = found._repr_mimebundle_()
    assert set(bundle) == KINDS
    assert "proved: 1 of 2 steps; refuted: line 3" in bundle["text/plain"]
    assert "at x = 0, y = 1" not in bundle["text/plain"].splitlines()[0]
    assert r"\checkmark" in bundle["text/latex"]
    assert r"\textbf{Refuted}: at" in bundle["text/latex"]
    said = words_of(bundle["text/html"])
    assert "proved" in said
    assert "REFUTED" in said
    assert r"$\displaystyle \le x\,y$" in said


def test_only_the_wanted_kinds_are_given():
    """Jupyter may ask for some kinds, or for none of some."""
    assert set(costly._repr_mimebundle_(include={"text/plain"})) == {"text/plain"}
    assert set(costly._repr_mimebundle_(exclude={"text/plain"})) == KINDS - {"text/plain"}


def test_words_of_a_user_stay_words():
    """Neither tags nor dollar signs of a title mean anything in the page."""
    html = mimebundle(costly)["text/html"]
    words_of(html)
    assert "<b>It costs 5<span>$</span> &amp; &lt;b&gt;6<span>$</span>&lt;/b&gt;.</b>" in html


def test_a_title_is_not_needed():
    """A derivation alone begins with what is given."""
    assert mimebundle(costly())["text/plain"].startswith("  given  x, y real\n  1  x + y\n")


def test_a_mistake_is_shown_as_a_message():
    """What cannot be built shows why, and raises nothing."""
    bundle = mimebundle(unbuilt)
    assert bundle["text/plain"].startswith("LibraryError: ")
    assert bundle["text/plain"].endswith("NameError: name 'nosuchname' is not defined")
    assert words_of(bundle["text/html"]) == [bundle["text/plain"]]


def test_a_formula_that_is_scaled_down_on_paper_is_whole_on_the_screen():
    """What LaTeX would scale to its page is left to the page of the notebook, which scrolls."""
    wide = real("a" * 90)
    with evaluate(False):
        record = record_of(Derivation(wide, eq(wide + 0 * x)))
    assert any(r"\resizebox" in line for line in record["start"]["latex_lines"])
    assert r"\resizebox" not in html_of(record)
    assert r"\resizebox" in fragment_of(record)


def test_the_public_words_bring_it_along():
    """Whoever has a derivation from `derive` has its notebook form, and no printer is loaded for that."""
    code = (
        "import sys\nfrom derive import Derivation, Report\n"
        "print(hasattr(Derivation, '_repr_mimebundle_'), hasattr(Report, '_repr_mimebundle_'),"
        " any('printers' in name for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True", "False"]
