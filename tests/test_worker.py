"""What a worker does, called in this process: how what goes wrong in a step becomes a verdict."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from support import GOOD

from derive import worker
from derive.core.errors import BudgetError, InternalContradiction

Write = Callable[..., Path]


def decided(write: Write, monkeypatch: pytest.MonkeyPatch, error: Exception) -> dict[str, object]:
    """The record of a step whose check raises."""

    def check_step(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(worker.checker, "check_step", check_step)
    return dict(worker.step(str(write("mine.py")), "good", 0, 10.0))


def test_an_internal_contradiction_is_marked(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no verdict on the mathematics, and its message goes up beside the record."""
    record = decided(write, monkeypatch, InternalContradiction("x = 1 contradicts it"))
    assert (record["verdict"], record["contradiction"]) == ("error", "x = 1 contradicts it")


def test_an_error_of_ours_makes_a_step_invalid(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """A DeriveError that nothing else turned into a verdict is told as the reason."""
    record = decided(write, monkeypatch, BudgetError("too many monomials"))
    assert (record["verdict"], record["reason"]) == ("invalid", "too many monomials")


def test_a_bug_is_an_error_of_one_step(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any other exception is an error that says where it was raised, or that something is nested too deeply."""
    record = decided(write, monkeypatch, ZeroDivisionError("oops"))
    assert record["verdict"] == "error"
    assert "internal error: ZeroDivisionError: oops (test_worker.py:" in str(record["reason"])
    assert decided(write, monkeypatch, RecursionError())["reason"] == "it is nested too deeply"


def test_answers_are_json(write: Write) -> None:
    """Whatever is asked, the answer is JSON: a listing, a mistake, a bug."""
    path = str(write("mine.py"))
    assert [card["name"] for card in json.loads(worker.operate("listing", (path, True, 10.0)))["cards"]] == ["good"]
    assert "no such file" in json.loads(worker.operate("listing", ("/nosuch.py", True, 10.0)))["mistake"]
    assert "KeyError" in json.loads(worker.operate("nosuch", ()))["bug"]


def test_an_outline_knows_title_source_and_givens(write: Write) -> None:
    """The outline holds what the header shows."""
    text = GOOD.replace("@identity", "@identity(source=Document('Notes').problem(3))")
    record = worker.outline(str(write("noted.py", text)), "good", "shown.py", 10.0)
    assert (record["title"], record["source_text"]) == ("A step that holds.", "Notes, problem 3")
    assert (record["file"], record["given"]) == ("shown.py", ["x, y real"])
