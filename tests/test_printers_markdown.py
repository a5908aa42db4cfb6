"""Markdown: the record of a derivation, with formulas that GitHub typesets and nothing it takes for its own."""

from __future__ import annotations

import re

import pytest
from sympy import evaluate

from derive import Derivation, Document, algebra, eq, identity, log, logarithms, positive, real
from derive.checked import record_of
from derive.library import library_files, load_file
from derive.printers.markdown import markdown_of

x, y = real("x"), real("y")
BLOCK = re.compile(r"^```math\n(.*?)\n```$", re.MULTILINE | re.DOTALL)


@identity(source=Document("Notes on *stars*").problem(1))
def squares():
    """A title with_underscores, $ and <b>."""
    return Derivation((x + y)**2, eq(x**2 + 2*x*y + y**2, by=algebra), eq(x**2 + y**2, by=algebra, expect="refuted"))


def test_a_derivation_reads_as_a_chain_with_verdicts():
    """Heading, source, givens, one aligned chain with reasons, what is wrong below it, and the sum of it."""
    text = markdown_of(record_of(squares))
    lines = text.splitlines()
    assert lines[0] == r"## A title with\_underscores, \$ and \<b\>."
    assert lines[2] == r"Notes on \*stars\*, problem 1"
    assert "- $`x, y`$ real" in lines
    chain = BLOCK.findall(text)[0].splitlines()
    assert chain[0] == r"\begin{aligned}"
    assert chain[2].endswith(r"&& \text{algebra}\ \checkmark \\")
    assert chain[3].endswith(r"&& \text{algebra}\ \textbf{refuted}")
    assert re.search(r"^\*\*Line 3 is refuted, as expected\*\*: at x = .*: left .*, right .*\.$", text, re.MULTILINE)
    assert lines[-1] == "Proved: 1 of 2 steps."


def test_a_condition_stands_below_the_chain():
    """What a step takes out is said with its line."""
    with evaluate(False):
        text = markdown_of(record_of(Derivation(x*y/y, eq(x, by=algebra))))
    assert "Line 2 holds where $`y \\ne 0`$." in text


def test_a_step_that_is_not_decided_says_why():
    """Its verdict stands in the chain, its reason below."""
    text = markdown_of(record_of(Derivation(x, eq(x + 0.5, by=algebra))))
    assert r"\textbf{invalid}" in text
    assert re.search(r"^\*\*Line 2 is invalid\*\*: \S", text, re.MULTILINE)


def test_a_repair_is_shown():
    """What would hold is set as a formula."""
    a, b = positive("a"), positive("b")
    text = markdown_of(record_of(Derivation(log(a*b), eq(log(a) - log(b), by=logarithms))))
    assert len(BLOCK.findall(text)) == 2
    assert re.search(r"^It holds .*:$", text, re.MULTILINE)


def test_hostile_names_break_nothing():
    """Backticks and dollar signs of an author end no formula."""
    a = real("`$")
    with evaluate(False):
        text = markdown_of(record_of(Derivation(a + 1, eq(1 + a, by=algebra))))
    plain = text.replace(r"\`", "").replace(r"\$", "")
    assert plain.count("```") == 2
    assert plain.count("`") - 6 == plain.count("$`") + plain.count("`$")
    assert BLOCK.findall(text)[0].count("`") == 0


@pytest.mark.parametrize("file", library_files(), ids=lambda file: file.stem)
def test_the_library_is_what_github_can_set(file):
    """No command that it refuses, no formula that is not closed, for every identity."""
    text = markdown_of(*(record_of(found) for found in load_file(file).identities))
    blocks = BLOCK.findall(text)
    assert text.count("```") == 2 * len(blocks) >= 2
    for refused in (r"\operatorname", r"\resizebox", r"\newline", "\0"):
        assert refused not in text
    for formula in [*blocks, *re.findall(r"\$`(.*?)`\$", text)]:
        assert formula.count("{") - formula.count(r"\{") == formula.count("}") - formula.count(r"\}")
        assert "`" not in formula
