"""The runner: which derivations are decided, in which order, and what is told of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from derive.names import LibraryError
from derive.pool import Limits, Pool
from derive.runner import (
    Decided,
    Finished,
    Mistaken,
    SourceFile,
    Target,
    Waiting,
    cards,
    decide,
    decide_one,
    document,
    gathered,
    outline,
    run,
)

Write = Callable[..., Path]

THREE = '''
@identity
def first():
    """The first."""
    return Derivation(x + y, eq(y + x), eq(x + y + 1), eq(1 + x + y))

@identity
def broken():
    """The second."""
    return Derivation(nosuchname)

@identity
def third():
    """The third."""
    return Derivation(x*y, eq(y*x))
'''

ENDLESS = '''
@identity
def endless():
    """Its definition does not end."""
    while True:
        pass

@identity
def hungry():
    """Its definition does not fit into memory."""
    return [bytes(10**8) for _ in range(10**6)]

@identity
def citing():
    """One step cites what does not end, one what does not fit."""
    return Derivation(x + y, eq(y + x), eq(x + z, by=endless), eq(y + z, by=hungry), eq(z + y))
'''


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    """A pool with small limits."""
    with Pool(Limits(seconds=1.5, memory=2**29, jobs=2)) as found:
        yield found


def targets(path: Path, *names: str) -> list[Target]:
    """Identities of a file."""
    return [Target(SourceFile(str(path), path.name), name) for name in names]


def test_events_come_in_order(pool: Pool, write: Write) -> None:
    """Each derivation is outlined, decided step by step and finished before the next one is begun."""
    events = decide(pool, targets(write("a.py", THREE), "third", "broken", "first"))
    told = [e for e in events if not isinstance(e, Waiting)]
    kinds = [(type(e).__name__, e.target.name, getattr(e, "k", None)) for e in told]
    assert kinds == [
        ("Outlined", "third", None), ("Decided", "third", 0), ("Finished", "third", None),
        ("Mistaken", "broken", None),
        ("Outlined", "first", None), ("Decided", "first", 0), ("Decided", "first", 1), ("Decided", "first", 2),
        ("Finished", "first", None),
    ]  # fmt: skip


def test_every_step_is_decided_by_itself(pool: Pool, write: Write) -> None:
    """A wrong step is refuted, and those around it are proved."""
    (record,) = run(targets(write("a.py", THREE), "first"), limits=pool.limits)
    assert [step["verdict"] for step in record["steps"]] == ["proved", "refuted", "proved"]
    assert record["verdict"] == "refuted"
    assert record["seconds"] == sum(step["seconds"] for step in record["steps"])


def test_a_mistake_in_a_definition_names_its_line(pool: Pool, write: Write) -> None:
    """A definition that raises is a mistake at its line, under the name by which the reader knows the file."""
    path = write("a.py", THREE)
    (event,) = decide(pool, targets(path, "broken"))
    assert isinstance(event, Mistaken)
    assert event.message == "a.py:13: NameError: name 'nosuchname' is not defined"
    with pytest.raises(LibraryError, match=r"a\.py:13: NameError"):
        run(targets(path, "broken"))


def test_a_limit_costs_one_step(pool: Pool, write: Write) -> None:
    """Steps that pass a limit are errors, which says nothing of the mathematics; the steps around them are decided."""
    path = write("a.py", ENDLESS)
    events = list(decide(pool, targets(path, "citing")))
    decided = [e.record for e in events if isinstance(e, Decided)]
    assert [d["verdict"] for d in decided[:3]] == ["proved", "error", "error"]
    assert decided[1]["reason"] == "stopped after 1.5 s, the time limit"
    assert decided[1]["seconds"] == 1.5
    assert decided[2]["reason"] == "stopped at 512 MiB, the memory limit"
    assert decided[3]["verdict"] in ("proved", "refuted")
    assert any(isinstance(e, Waiting) and e.k == 1 for e in events)


def test_a_definition_that_does_not_end_is_a_mistake(pool: Pool, write: Write) -> None:
    """Building a derivation is under the limits as well."""
    event = list(decide(pool, targets(write("a.py", ENDLESS), "endless")))[-1]
    assert isinstance(event, Mistaken)
    assert event.message == "a.py: endless: while its derivation was built: stopped after 1.5 s, the time limit"
    with pytest.raises(LibraryError, match=r"a\.py: hungry: while its derivation was built: stopped at 512 MiB"):
        outline(pool, targets(write("a.py", ENDLESS), "hungry")[0])


def test_the_outline_has_all_but_the_verdicts(pool: Pool, write: Write) -> None:
    """An outline holds what is written; its steps are errors until they are decided."""
    (target,) = targets(write("a.py", THREE), "first")
    record = outline(pool, target)
    assert record["start"]["text"] == "x + y"
    assert [step["text"] for step in record["steps"]] == ["y + x", "x + y + 1", "1 + x + y"]
    assert {step["reason"] for step in record["steps"]} == {"it was not decided"}
    assert decide_one(pool, target, 2, record)["verdict"] == "proved"


def test_a_derivation_that_is_cut_short_keeps_what_was_decided(pool: Pool, write: Write) -> None:
    """The record of an interrupted derivation holds the decided steps, then those that are not."""
    events = decide(pool, targets(write("a.py", THREE), "broken", "first"))
    told = []
    for event in events:
        told.append(event)
        if isinstance(event, Decided):
            break
    broken, cut = gathered(told)
    assert (broken["name"], broken["verdict"], broken["steps"]) == ("broken", "invalid", [])
    assert "NameError" in broken["error"]
    assert [step["verdict"] for step in cut["steps"]] == ["proved", "error", "error"]
    assert cut["verdict"] == "error"


def test_the_cards_of_files_keep_their_order(pool: Pool, write: Write) -> None:
    """For each file its cards or its mistake, in the order asked for."""
    paths = [write("a.py", THREE), write("b.py", "import nosuch\n"), write("c.py")]
    found = list(cards(pool, [SourceFile(str(p), p.name) for p in paths], count=True))
    assert [[c.name, c.steps] for c in found[0]] == [["first", 3], ["broken", None], ["third", 1]]  # type: ignore[union-attr]
    assert found[1] == "b.py:4: ModuleNotFoundError: No module named 'nosuch'"
    assert [c.name for c in found[2]] == ["good"]  # type: ignore[union-attr]


def test_a_document_is_made_of_a_record(pool: Pool, write: Write) -> None:
    """The LaTeX of a decided derivation is a whole document."""
    (target,) = targets(write("a.py", THREE), "third")
    *_, last = decide(pool, [target])
    assert isinstance(last, Finished)
    latex = document(pool, [last.record])
    assert latex.startswith("\\documentclass")
    assert "The third" in latex
    assert latex.endswith("\\end{document}\n")
