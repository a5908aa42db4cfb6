"""What is told while derivations are decided, through an outlet that writes it down."""

from __future__ import annotations

from typing import Any

import pytest

from derive.display import Page
from derive.runner import Decided, Finished, Mistaken, Outlined, SourceFile, Target, Waiting
from derive.targets import Choice
from derive.telling import status_of, tell, tell_json, tell_nothing

TARGET = Target(SourceFile("/a.py", "a.py"), "a")


class Written:
    """An outlet that writes down what it is told."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.json: Any = None
        self.said: list[str] = []
        self.waited: list[tuple[str, int, int]] = []
        self.waiting = False

    def page(self):
        """A page of 80 columns."""
        return Page(80)

    def show(self, lines):
        """Write lines down; none comes into a progress bar."""
        assert not self.waiting
        self.lines += lines

    def show_json(self, value):
        """Write JSON down."""
        self.json = value

    def complain(self, message):
        """Write a message down."""
        self.said.append(message)

    def wait(self, doing, done, total):
        """Write down what is waited for."""
        self.waited.append((doing, done, total))
        self.waiting = True

    def resume(self):
        """End waiting."""
        self.waiting = False


def step(verdict="proved", expect="proved", **more):
    """The record of a step."""
    return {
        "relation": "=", "text": "b", "by_titles": [], "verdict": verdict, "expect": expect, "conditions": [],
        "reason": "so", "seconds": 0.0, **more,
    }  # fmt: skip


def record(*steps):
    """The record of a derivation."""
    verdict = "proved" if all(s["verdict"] == "proved" for s in steps) else "invalid"
    return {
        "name": "a", "title": "A", "source_text": "", "file": "a.py", "given": [], "start": {"text": "a"},
        "steps": list(steps), "verdict": verdict, "seconds": 0.0,
    }  # fmt: skip


def events(*steps):
    """The events of a derivation, with a wait before the first step."""
    yield Outlined(TARGET, record(*steps))
    yield Waiting(TARGET, 0)
    for k, one in enumerate(steps):
        yield Decided(TARGET, k, one)
    yield Finished(TARGET, record(*steps))


@pytest.mark.parametrize(
    ("found", "status"),
    [
        (step(), 0), (step("invalid"), 1), (step("error"), 1), (step("refuted", "refuted"), 1),
        (step("proved", "refuted"), 1), (step("error", contradiction="x"), 3),
    ],
    ids=["proved", "invalid", "error", "as expected", "not as expected", "contradiction"],
)  # fmt: skip
def test_the_status_is_that_of_the_worst_step(found, status):
    """Also of a step whose author expects it to be wrong, or that is proved against expectation."""
    assert status_of([step(), found, step()]) == status


def test_a_contradiction_is_complained_about():
    """Once, with its message."""
    said: list[str] = []
    status_of([step("error", contradiction="x = 1")], said.append)
    assert said == ["INTERNAL CONTRADICTION, a bug in derive; please report it: x = 1"]


def test_what_is_decided_is_shown_in_order():
    """Header, lines and closing line; a progress while one waits, gone before the next line."""
    out = Written()
    assert tell(events(step(), step("invalid")), Choice((TARGET,)), out) == 1
    assert out.lines[0].startswith("A")
    assert out.lines[-1] == "  proved: 1 of 2 steps; invalid: line 3"
    assert out.waited == [("a, line 2", 0, 1)]
    assert not out.waiting


def test_mistakes_are_complained_about():
    """Those on the way to the derivations, and those in one of them; the others are told."""
    out = Written()
    chosen = Choice((TARGET, TARGET), ("first",))
    found, status = tell_nothing(iter([Mistaken(TARGET, "second"), *events(step())]), chosen, out)
    assert (status, out.said) == (2, ["first", "second"])
    assert [one["name"] for one in found] == ["a"]
    assert out.waited == [("a, line 2", 1, 2)]


def interrupted(*steps):
    """The events of a derivation, up to an interrupt behind its first step."""
    told = events(*steps)
    for _ in range(3):
        yield next(told)
    raise KeyboardInterrupt


def test_an_interrupt_tells_how_far_it_went():
    """As text, and as JSON with the steps that are decided."""
    out = Written()
    with pytest.raises(KeyboardInterrupt):
        tell(interrupted(step(), step("error")), Choice((TARGET,)), out)
    assert out.lines[-1] == "  interrupted: 1 of 2 steps decided"
    with pytest.raises(KeyboardInterrupt):
        tell_json(interrupted(step(), step("error")), Choice((TARGET,)), out)
    assert [one["verdict"] for one in out.json[0]["steps"]] == ["proved", "error"]
    assert not out.waiting
