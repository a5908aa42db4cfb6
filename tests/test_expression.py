"""`derive check -e`: claims that are typed on a command line."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support import Ran, clean_environment

ROOT = Path(__file__).resolve().parent.parent
COMMAND = [sys.executable, "-c", "from cli import main; main(prog_name='derive')", "check"]


def check(*args: str) -> Ran:
    """Run `derive check` of this checkout, and see that it shows no traceback."""
    done = subprocess.run(
        [*COMMAND, *args], capture_output=True, text=True, timeout=60, check=False,
        env=clean_environment(PYTHONPATH=str(ROOT)),
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return Ran(done.returncode, done.stdout, done.stderr)


def test_a_claim_is_shown_and_proved_like_a_derivation() -> None:
    """What is given, numbered lines, reason and verdict; status 0."""
    ran = check("-e", "log(x*y) = log(x) + log(y)", "--symbol", "x y: positive", "--given", "x < y")
    assert (ran.status, ran.err) == (0, "")
    head, given, start, step, closing = ran.out.splitlines()
    assert (head, given, start) == ("claim", "  given  x, y > 0; x < y", "  1  ln(x*y)")
    assert re.fullmatch(r"  2  = ln x \+ ln y +logarithms +proved +<?\d+ ms", step)
    assert closing == "  proved: 1 of 1 step"


def test_a_chain_has_several_relations_and_json_the_fields_of_a_check() -> None:
    """Each relation is a step; what the reader warns of goes to standard error and into the record."""
    ran = check("-e", "2*x = x + x <= x^2 + 1 < x^2 + 2", "-s", "x: real", "-s", "y: real", "--json")
    assert ran.status in (0, 1)
    assert ran.err == "derive: warning: claim: y is declared and not used\n"
    (record,) = json.loads(ran.out)
    assert (record["name"], record["file"], record["given"]) == ("claim", None, ["x real"])
    assert [(s["left"], s["relation"], s["right"]) for s in record["steps"]] == [
        ("2*x", "=", "x + x"), ("x + x", "<=", "x^2 + 1"), ("x^2 + 1", "<", "x^2 + 2"),
    ]  # fmt: skip
    assert record["steps"][0]["verdict"] == "proved"
    assert record["steps"][0].keys() >= {"by", "conditions", "witness", "reason", "seconds"}
    assert record["warnings"] == ["y is declared and not used"]


def test_a_wrong_claim_is_refuted_with_a_witness() -> None:
    """Status 1, with the point where it fails."""
    ran = check("-e", "sqrt(x^2) = x", "-s", "x: real")
    assert ran.status == 1
    assert re.search(r"  2  = x +REFUTED", ran.out)
    assert re.search(r"at x = -\d", ran.out)
    assert ran.out.splitlines()[-1] == "  proved: 0 of 1 step; refuted: line 2"


@pytest.mark.parametrize(
    "args",
    [
        ["-e", "-x = x - 2*x", "-g", "-1 < x"],
        ["--expression", "-x = x - 2*x", "--given", "-1 < x"],
        ["--expression=-x = x - 2*x", "--given=-1 < x"],
        ["-e-x = x - 2*x", "-g-1 < x"],
    ],
)
def test_a_text_may_begin_with_a_minus_sign(args: list[str]) -> None:
    """A claim or a given that begins like an option is none."""
    ran = check(*args, "-s", "x: real")
    assert (ran.status, ran.err) == (0, "")
    assert "  given  x real; -1 < x" in ran.out


def test_several_claims_are_several_derivations() -> None:
    """They share symbols and givens, are numbered, and the worst of them is the status."""
    ran = check("-e", "x + x = 2*x", "-e", "x + x = 3*x", "-s", "x: positive")
    assert ran.status == 1
    titles = [line for line in ran.out.splitlines() if line.startswith("claim")]
    assert titles == ["claim 1", "claim 2"]
    assert ran.out.splitlines()[-1] == "2 derivations: 1 proved, 1 refuted"


def test_what_was_decided_is_known_the_next_time(cache: Path) -> None:
    """A step of a claim is kept by its content: the same claim in other words finds it, --no-cache does not."""
    first = json.loads(check("-e", "x + x = 2*x", "-s", "x: real", "--json").out)[0]
    again = json.loads(check("-e", "(x+x) = 2 * x", "-s", "x : real", "--json").out)[0]
    fresh = json.loads(check("-e", "x + x = 2*x", "-s", "x: real", "--json", "--no-cache").out)[0]
    other = json.loads(check("-e", "x + x = 2*x", "-s", "x: positive", "--json").out)[0]
    assert [record["steps"][0]["cached"] for record in (first, again, fresh, other)] == [False, True, False, False]
    assert {record["verdict"] for record in (first, again, fresh, other)} == {"proved"}
    assert list(cache.iterdir())


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["-e", "x + = 1", "-s", "x: real"], ["derive: expected a term, found the end", "    x +", "       ^"]),
        (["-e", "x + 1", "-s", "x: real"], ["derive: expected a relation such as = or <= between two sides, found 'x"]),
        (["-e", "x = 1"], ["derive: x is not declared"]),
        (["-e", "1 = 1", "-s", "nonsense"], ["derive: expected a declaration such as 'x y: positive'"]),
        (["-e", "1 = 0.5 + 0.5"], ["derive: expected an exact number such as 1/2, found the decimal 0.5"]),
        (["-e", "2 = 1 + 1 >= 0 <= 1"], ["derive: a chain may not turn round: found <= after >="]),
        (["-e", "2 = 1 + 1", "elbo"], ["Error: write names, or a claim with -e, not both"]),
        (["-e", "2 = 1 + 1", "--all"], ["Error: write --all, or a claim with -e, not both"]),
        (["-s", "x: real"], ["Error: name what to check, or write --all, or a claim with -e"]),
        (["elbo", "-g", "x < 1"], ["Error: --symbol and --given belong to a claim: write it with -e"]),
        (["-e", "__import__('os') = 1"], ["derive: unknown function __import__"]),
        (["-e", "2 = " + "(" * 500], ["derive: expected"]),
    ],
)
def test_a_mistake_is_a_clear_message(args: list[str], said: list[str]) -> None:
    """It names what was expected and found, shows the place, and has status 2."""
    ran = check(*args)
    assert (ran.status, ran.out) == (2, "")
    lines = ran.err.splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith(("derive: ", "Error: ")))
    assert [line[: len(start)] for line, start in zip(lines[first:], said, strict=False)] == said


def test_mistakes_hide_no_other_claim() -> None:
    """A claim beside one that cannot be read is checked."""
    ran = check("-e", "x + = 1", "-e", "x + x = 2*x", "-s", "x: real")
    assert ran.status == 2
    assert "proved: 1 of 1 step" in ran.out


def test_a_claim_is_checked_under_its_limits() -> None:
    """What does not end in time is an error of one step, and says nothing of the mathematics."""
    claim = "(a+b+c+d)^90*(a-b)^50 = (a-b)^50*(d+c+a+b)^90 + (a-a)*b"
    ran = check("-e", claim, "-s", "a b c d: real", "--timeout", "0.5")
    assert ran.status == 1
    assert re.search(r"error +\d\.\d s\n +stopped after 0\.5 s|undecided", ran.out)
