"""The layout of records on a page: what stands where, and that nothing sticks out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import without_colour

from derive.core.rules import FAMILIES
from derive.display import (
    Page,
    closing,
    explanation,
    header,
    rule,
    shelf,
    start,
    statement,
    step,
    summary,
    wrap_expression,
)


def one(text: str = "b", verdict: str = "proved", **more: Any) -> dict[str, Any]:
    """A record of a step."""
    plain = {
        "relation": "=", "text": text, "left": "a", "right": text, "by": ["algebra"], "by_titles": ["algebra"],
        "verdict": verdict, "expect": "proved", "conditions": [], "witness": None, "reason": "", "residue": None,
        "agreed": None, "hint": None, "rules": [], "trace": [], "seconds": 0.002,
    }  # fmt: skip
    return plain | more


def whole(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A record of a derivation."""
    plain = {
        "name": "a-name", "title": "A title", "source_text": "Quiz 1, problem 2", "file": "identities/a.py",
        "verdict": "proved", "given": ["x > 0", "y real"], "start": {"text": "a"}, "steps": list(steps), "seconds": 0.1,
    }  # fmt: skip
    return plain | more


WITNESS = {
    "values": {"sx": "1", "se": "1"}, "left": "ln(2)/2", "right": "ln 2", "left_decimal": "0.346573590279972655...",
    "right_decimal": "0.693147180559945309...", "repair": "it holds with a factor 1/2: 1/2*ln(sx^2)",
}  # fmt: skip


def test_a_derivation_looks_as_documented() -> None:
    """Title, source and file on one line, then the givens, numbered lines, reason, verdict, time, closing line."""
    first, second = one("b + c"), one("d", by_titles=["Gibbs' inequality"], relation=">=", seconds=0.0001)
    record, page = whole(first, second), Page(72)
    lines = [*header(record, page), *start(record, page)]
    lines += [*step(record, 0, first, page), *step(record, 1, second, page), *closing(record, page)]
    assert lines == [
        "A title                Quiz 1, problem 2                 identities/a.py",
        "  given  x > 0; y real",
        "  1  a",
        "  2  = b + c                        algebra            proved       2 ms",
        "  3  >= d                           Gibbs' inequality  proved      <1 ms",
        "  proved: 2 of 2 steps",
    ]


def test_a_long_title_has_source_and_file_below() -> None:
    """What does not fit beside the title stands under it."""
    lines = header(whole(one(), title="word " * 20), Page(72))
    assert lines[2] == "  Quiz 1, problem 2   identities/a.py"


def test_a_refuted_step_shows_witness_and_repair() -> None:
    """The witness, both sides exactly and in decimals, and what holds instead, stand under the step."""
    record = whole(one("b", "refuted", witness=WITNESS))
    wide = step(record, 0, record["steps"][0], Page(120))
    assert wide[0].split() == ["2", "=", "b", "algebra", "REFUTED", "2", "ms"]
    assert wide[1:] == [
        "       at sx = 1, se = 1:   left 0.346573590279972655... (= ln(2)/2)   right 0.693147180559945309... (= ln 2)",
        "       it holds with a factor 1/2:   1/2*ln(sx^2)",
    ]
    assert step(record, 0, record["steps"][0], Page(72))[1:4] == [
        "       at sx = 1, se = 1:",
        "       left  0.346573590279972655... (= ln(2)/2)",
        "       right 0.693147180559945309... (= ln 2)",
    ]


def test_a_witness_shows_what_there_is() -> None:
    """A value that is not exact, or that is its own decimal, is shown once; a long repair starts on a new line."""
    repair = f"it holds {'as ' * 19}this: 1/2*b"
    witness = WITNESS | {"left": None, "right": "3", "right_decimal": "3", "repair": repair}
    record = whole(one("b", "refuted", witness=witness))
    lines = step(record, 0, record["steps"][0], Page(100))
    assert lines[1].endswith("left 0.346573590279972655...   right 3")
    assert lines[2].endswith("as this:")
    assert lines[3] == "          1/2*b"


def test_an_undecided_step_shows_residue_evidence_and_hint() -> None:
    """What is left over, in how many models both sides agree, and what would close it."""
    record = whole(one("b", "undecided", residue="x - y", agreed=3, hint="closes if x > 0"))
    assert step(record, 0, record["steps"][0], Page(80))[1:] == [
        "       left over:  x - y",
        "       both sides agree in 3 models: evidence, not a proof",
        "       closes if x > 0",
    ]


@pytest.mark.parametrize("verdict", ["invalid", "error"])
def test_an_invalid_step_or_an_error_shows_the_reason(verdict: str) -> None:
    """The reason stands under the step."""
    record = whole(one("b", verdict, reason="q is not declared"))
    assert step(record, 0, record["steps"][0], Page(80))[1:] == ["       q is not declared"]


def test_conditions_stand_under_a_proved_step() -> None:
    """A condition that removes a thin set is shown."""
    record = whole(one(conditions=["a != b", "c != 0"]))
    assert step(record, 0, record["steps"][0], Page(80))[1] == "       where a != b, c != 0"


def test_an_expected_verdict_says_so() -> None:
    """A wrong printed step is refuted as expected, beside the step and in the closing line."""
    record = whole(one(), one("c", "refuted", expect="refuted"), one("d", expect="refuted"), verdict="refuted")
    assert "refuted, as expected" in step(record, 1, record["steps"][1], Page(80))[0]
    (line,) = closing(record, Page(100))
    assert line == "  proved: 2 of 3 steps; refuted, as expected: line 3; proved, expected refuted: line 4"


def test_the_summary_counts_verdicts() -> None:
    """Several derivations are summed up, with how many were left out."""
    assert summary(["proved", "refuted", "proved"], 0) == ["3 derivations: 2 proved, 1 refuted"]
    assert summary(["proved", "proved"], 4) == ["2 derivations: 2 proved (left out: 4 as printed, see --as-printed)"]


def test_an_explanation_shows_sides_rules_conditions_and_trace() -> None:
    """All that is known of one step."""
    how = ["normal form: b", "n > 0 is given"]
    record = whole(one(rules=["algebra", "linearity"], conditions=["n != 0"], trace=how))
    lines = explanation(record, 0, record["steps"][0], Page(80))
    for expected in (
        "  line 2 of 2", "  left       a", "  right  =   b", "  closed by  algebra, linearity", "  where      n != 0",
        "    normal form: b", "    n > 0 is given",
    ):  # fmt: skip
        assert expected in lines


def test_every_rule_is_shown_with_its_statement() -> None:
    """The rules on a page hold every word of statement, conditions, failure and source."""
    for family in FAMILIES:
        shown = " ".join(" ".join(rule(family, Page(60))).split())
        for words in (family.statement, family.conditions, family.fails, family.source):
            assert " ".join(words.split()) in shown


def test_the_shelf_groups_identities_by_file() -> None:
    """Names, step counts, titles and aliases, under their file."""
    row = {"name": "n", "title": "T", "file": "f.py", "aliases": ["m"], "steps": 3}
    lines = shelf([row, row | {"name": "o", "steps": None, "aliases": []}, row | {"file": "g.py"}], Page(50))
    assert lines[0] == "f.py"
    assert lines[1].split() == ["n", "3", "steps"]
    assert lines[2:4] == ["    T", "    also: m"]
    assert "an error in its definition" in lines[4]
    assert lines[6:8] == ["", "g.py"]


LONG = "Sum((y[i] - p*Sum(X[i,j]*w[j], j))^2 + p*(1 - p)*Sum(X[i,j]^2*w[j]^2, j), i)"


def test_a_long_expression_breaks_where_it_is_least_nested() -> None:
    """A break stands before a sign between terms rather than inside one of them."""
    assert wrap_expression("alpha*(beta + gamma) + delta*(epsilon + zeta)", 30, 30) == [
        "alpha*(beta + gamma)",
        "+ delta*(epsilon + zeta)",
    ]
    assert wrap_expression("x", 10, 10) == ["x"]


@given(st.text("ab+-*/(), ^", max_size=80), st.integers(8, 40))
def test_wrapping_loses_nothing_and_fits(text: str, width: int) -> None:
    """Any text, wrapped, has the same letters, on lines that fit."""
    lines = wrap_expression(text, width, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(len(line) <= width for line in lines)


@pytest.mark.parametrize("width", [60, 80, 100])
def test_nothing_sticks_out(width: int) -> None:
    """No line of a derivation with long expressions is wider than the page."""
    many = one(LONG, "refuted", witness=WITNESS, by_titles=["independence", "a rule of many words", "definition"])
    record = whole(one(LONG), many, one(LONG, "undecided", residue=LONG * 2, hint="word " * 30), given=["words " * 30])
    page = Page(width)
    lines = [*header(record, page), *start(record, page), *statement(record, page)]
    for k, s in enumerate(record["steps"]):
        lines += step(record, k, s, page) + explanation(record, k, s, page)
    assert max(map(len, lines)) <= width


def test_colour_changes_no_letter() -> None:
    """A coloured page without its codes is the plain one."""
    record = whole(one(LONG), one("b", "refuted", witness=WITNESS), one("proved", expect="refuted"), verdict="refuted")

    def page(*, colour: bool) -> str:
        on = Page(80, colour)
        lines = [*header(record, on), *closing(record, on), *statement(record, on)]
        for k, s in enumerate(record["steps"]):
            lines += step(record, k, s, on) + explanation(record, k, s, on)
        return "\n".join(lines)

    assert "\x1b[" not in page(colour=False)
    assert "\x1b[1;31mREFUTED\x1b[0m" in page(colour=True)
    assert without_colour(page(colour=True)) == page(colour=False)
