"""Records: plain data that holds everything a verdict says."""

from __future__ import annotations

import json

import pytest
from sympy import Add, Mul, Symbol, evaluate, log

from derive import Derivation, eq, index, law, le
from derive.core.claims import Condition, Failed, Invalid, Note, Proved, Refuted, StepReport, Undecided, Witness
from derive.core.rules.family import Family
from derive.printers.records import derivation_record, source_record, step_record, written_record
from derive.vocabulary import positive

x, y = positive("x"), positive("y")
RULE = Family("logarithms", "", "", "", "", "")
REPAIR = Note("it holds as", Mul(2, x, evaluate=False))
WITNESS = Witness((("x", "1/2"), ("y", "1")), "1/2", None, "0.5", "0.6931471805599453...", REPAIR)
KEYS = {
    "relation", "left", "right", "text", "latex", "latex_lines", "by", "by_titles", "verdict", "expect", "reason",
    "rules",
    "conditions", "conditions_latex", "trace", "witness", "residue", "agreed", "hint", "seconds", "line",
}  # fmt: skip


def derivation():
    """A derivation of two steps, the first with a reason."""
    with evaluate(False):
        return Derivation(log(x * y), eq(log(x) + log(y), by=RULE), le(2 * log(y)), given=[x < y])


def record(verdict, k=0):
    """The record of step k with this verdict."""
    found = derivation()
    return step_record(StepReport(found.steps[k], found.left_of(k), verdict, 0.25))



VERDICTS = [
    Proved(("logarithms",), (Condition(x - y),), (Note("positive", x, "given"),)),
    Refuted(WITNESS),
    Undecided("a residue is left", Add(x, Mul(-1, y, evaluate=False), evaluate=False), 7, "closes if x = y"),
    Invalid("free indices differ"),
    Failed("time limit of 10 s"),
]


@pytest.mark.parametrize("verdict", VERDICTS, ids=lambda v: v.name)
def test_every_record_is_json_with_the_same_keys(verdict):
    """A record of any verdict has all keys and survives JSON unchanged."""
    found = record(verdict)
    assert set(found) == KEYS
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["verdict"] == verdict.name


def test_a_record_shows_both_sides_and_where_the_step_stands():
    """Relation, both sides in text and LaTeX, time and line are in every record."""
    found = record(VERDICTS[0])
    assert (found["relation"], found["left"], found["right"]) == ("=", "ln(x*y)", "ln x + ln y")
    assert found["text"] == found["right"]
    assert found["latex"] == r"\ln x + \ln y"
    assert found["latex_lines"] == [r"\ln x + \ln y"]
    assert found["seconds"] == 0.25
    assert found["line"] == derivation().steps[0].line
    assert found["expect"] == "proved"


def test_the_reason_is_the_authors_or_else_what_closed_it():
    """`by` holds the author's reasons, and the rules that closed the step where there are none."""
    proved = Proved(("algebra", "logarithms"))
    assert record(proved)["by"] == ["logarithms"]
    assert record(proved, 1)["by"] == ["algebra", "logarithms"]
    assert record(VERDICTS[2], 1)["by"] == []


def test_a_proved_record_holds_rules_conditions_and_trace():
    """What closed the step, under which conditions and how they were discharged."""
    found = record(VERDICTS[0])
    assert found["rules"] == ["logarithms"]
    assert found["conditions"] == ["x != y"]
    assert found["conditions_latex"] == [r"$x \ne y$"]
    assert found["trace"] == ["positive: x (given)"]
    assert found["reason"] == "closed by logarithms"
    assert found["witness"] is found["residue"] is found["hint"] is None


def test_a_refuted_record_holds_the_witness():
    """The witness has every value, both sides exactly where they are exact, decimals, and the repair."""
    found = record(VERDICTS[1])
    assert found["witness"] == {
        "values": {"x": "1/2", "y": "1"},
        "left": "1/2",
        "right": None,
        "left_decimal": "0.5",
        "right_decimal": "0.6931471805599453...",
        "repair": "it holds as: 2*x",
        "repair_latex": ["it holds as", "2x"],
    }
    assert found["reason"] == "it fails at x = 1/2, y = 1"
    assert found["conditions"] == found["rules"] == []


def test_an_undecided_record_holds_what_is_left():
    """Residue, evidence and hint stand by themselves and in the reason."""
    found = record(VERDICTS[2])
    assert (found["residue"], found["agreed"], found["hint"]) == ("x - y", 7, "closes if x = y")
    assert found["reason"] == "a residue is left; both sides agreed in 7 models; closes if x = y"
    assert record(Undecided("past the budget"))["reason"] == "past the budget; no model was evaluated"
    assert record(Undecided("past the budget"))["residue"] is None


def test_invalid_and_failed_records_hold_their_reason():
    """What is invalid and what failed say why in their own words."""
    assert record(VERDICTS[3])["reason"] == "free indices differ"
    assert record(VERDICTS[4])["reason"] == "time limit of 10 s"


def test_a_derivation_record_holds_its_steps_and_the_worst_verdict():
    """The record of a derivation has its givens, its start, its steps, and the worst of their verdicts."""
    steps = [record(VERDICTS[0]), record(VERDICTS[2], 1)]
    found = derivation_record("two-logs", "Two logarithms", None, "logs.py", derivation(), steps, 0.5)
    assert found["verdict"] == "undecided"
    assert found["given"] == ["x, y > 0", "x < y"]
    assert found["given_latex"] == ["$x, y > 0$", "$x < y$"]
    assert found["start"] == {"text": "ln(x*y)", "latex": r"\ln(x\,y)", "latex_lines": [r"\ln(x\,y)"]}
    assert (found["name"], found["title"], found["file"]) == ("two-logs", "Two logarithms", "logs.py")
    assert found["steps"] is steps
    assert json.loads(json.dumps(found)) == found


def test_what_is_not_checked_has_no_verdict():
    """A derivation that is only shown has steps without verdicts, and none itself."""
    found = derivation()
    steps = [written_record(step, found.left_of(k)) for k, step in enumerate(found.steps)]
    assert [step["verdict"] for step in steps] == [None, None]
    assert derivation_record("n", "t", None, None, found, steps, 0.0)["verdict"] is None


class Source:
    """A source as the library has it."""

    def record(self):
        """Plain data."""
        return {"document": "Quiz 1", "problem": "2", "part": None}


@pytest.mark.parametrize("source", [Source(), {"document": "Quiz 1", "problem": 2}], ids=["object", "mapping"])
def test_a_source_becomes_plain_data(source):
    """A source is an object of the library or a mapping; missing parts are None."""
    assert source_record(source) == {"document": "Quiz 1", "problem": "2", "part": None, "section": None}


def test_conditionals_print_the_same_in_left_and_right():
    """Both sides of a step go through the same printer."""
    u, w = index("u"), index("w")
    Q = law("Q", u, w)
    with evaluate(False):
        chain = Derivation(Q(u, w), eq(Q(w | u) * Q(u)), eq(Q(u, w)))
    first, second = (written_record(step, chain.left_of(k)) for k, step in enumerate(chain.steps))
    assert first["right"] == second["left"] == "Q(w|u)*Q(u)"
    assert first["left"] == second["right"] == "Q(u, w)"
    assert Symbol("unused").name not in first["right"]
