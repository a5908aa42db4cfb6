"""What happens inside a worker process: files are loaded, steps decided, records made.

Promise: what comes back is JSON, never a term. A user's mistake comes back as
`{"mistake": message}`, a bug of ours as `{"bug": message}`. A limit that is passed ends the process, also
where C code runs: the clock by SIGALRM, memory by `EXIT_MEMORY`, so that its
parent can tell. Only `runner` and `batch` call this module, through workers. What was read for the sake of an answer
comes back with it, and a step that is known already is looked up by its content.

Glossary
    claim    a derivation as text: the JSON of a record that `reader` reads; with a `text` and what is `declared` in
             place of its `steps` and `symbols` where it was typed on a command line
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from json import dumps, loads
from pathlib import Path
from typing import Any

# Everything that deciding a step needs: the fork server imports this module once, and each worker is a fork of it.
import derive.checking as checker
import derive.vocabulary  # noqa: F401
from derive import touched
from derive.cache import Store
from derive.content import step_key
from derive.core.claims import Derivation, Failed, Invalid, StepReport
from derive.core.errors import DeriveError, InternalContradiction
from derive.library import Identity, Listing, card_of, load_file
from derive.names import LibraryError
from derive.printers.latex import document_of, fragment_of
from derive.printers.markdown import markdown_of
from derive.printers.records import derivation_record, step_record
from derive.reader import Claimed, ReaderError, read_chain, read_claim, read_declarations

__all__ = ["EXIT_MEMORY", "OPERATIONS", "initialise", "operate"]

EXIT_MEMORY = 77
"""The exit status of a worker that ran out of memory: it is not trusted with another step."""

_MOST_DIGITS = 100_000
"""So many digits of an exact number may be shown; Python's own limit is less than what 2004! has."""


def initialise(memory: int, access: tuple[str, str] | None = None) -> None:
    """Make this process a worker: an address space of so many bytes, and nothing on the parent's standard output.

    `access` is the file of the cache and the digest of the engine, where steps are looked up.
    """
    sys.dont_write_bytecode = True
    # Nothing here needs cleaning up, so that SIGTERM may end it at once, also inside C code.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    # What an author prints goes to standard error; what C code and multiprocessing say on dying goes nowhere, since
    # the parent tells it in one message.
    sys.stdout = open(os.dup(2), "w", buffering=1, errors="replace", encoding="utf-8")  # noqa: SIM115, PTH123
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(null, stream)
    sys.set_int_max_str_digits(_MOST_DIGITS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    allowed = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
    resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))
    if access is not None:
        _ACCESS.append((Store(Path(access[0]), writes=False), access[1]))
        touched.watch()


_ACCESS: list[tuple[Store, str]] = []
"""The cache of this process and the digest of the engine; empty where nothing is looked up."""


def operate(name: str, args: tuple[Any, ...]) -> str:
    """Do one of the OPERATIONS, and answer in JSON; what goes wrong is `{"mistake": message}` or `{"bug": message}`."""
    try:
        return dumps(OPERATIONS[name](*args))
    except LibraryError as error:
        return dumps({"mistake": str(error)})
    except MemoryError:
        os._exit(EXIT_MEMORY)
    except Exception as error:  # noqa: BLE001 - an exception of any class may not survive the way to the parent
        return dumps({"bug": _bug(error)})


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """End this process unless the block ends in time."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


@lru_cache(maxsize=256)
def _loaded(file: str) -> Listing:
    return load_file(file)


def _find(file: str, name: str, seconds: float) -> tuple[Identity, Derivation]:
    with _within(seconds):
        found = _loaded(file).get(name)
        return found, found.derivation()


def listing(file: str, count: bool, seconds: float) -> dict[str, Any]:  # noqa: FBT001
    """The cards of a file; their steps are counted only where asked, since that builds every derivation."""
    with _within(seconds):
        return _signed({"cards": [card_of(found, count=count).plain() for found in _loaded(file).identities]}, file)


def outline(file: str, name: str, shown: str, seconds: float) -> dict[str, Any]:
    """The record of a derivation none of whose steps is decided yet: their verdict is "error"."""
    found, derivation = _find(file, name, seconds)
    with _within(seconds):
        pending = [step_record(_undecided(derivation, k)) for k in range(len(derivation.steps))]
        return _signed(_record(found, derivation, pending, shown), file)


def step(file: str, name: str, k: int, seconds: float) -> dict[str, Any]:
    """The record of step k, decided, or looked up; where it may be kept, with the `key` to keep it under."""
    _, derivation = _find(file, name, seconds)
    with _within(seconds):
        return _signed(_step(derivation, k), file)


def _step(derivation: Derivation, k: int, *, identical: bool = False) -> dict[str, Any]:
    key = step_key(derivation, k, _ACCESS[0][1] + "identical" * identical) if _ACCESS else None
    known = None if key is None else _looked_up(key)
    if known is not None:
        here = derivation.steps[k]
        return {**known, "expect": here.expect, "line": here.line, "cached": True}
    report, contradiction = _decide(derivation, k, identical=identical)
    record = step_record(report)
    if contradiction:
        record["contradiction"] = contradiction
    elif key is not None and not isinstance(report.verdict, Failed):
        record["key"] = key
    return record


# ---------------------------------------------------------------- claims


def claim_outline(claim: str, name: str, seconds: float) -> dict[str, Any]:
    """The record of a claim none of whose steps is decided yet, with what the reader warns of."""
    with _within(seconds):
        found = _claimed(claim)
        pending = [step_record(_undecided(found.derivation, k)) for k in range(len(found.derivation.steps))]
        record = derivation_record(name, name, None, None, found.derivation, pending, 0.0)
        return {**record, "line": None, "source_text": "", "warnings": list(found.warnings)}


def claim_step(claim: str, k: int, seconds: float) -> dict[str, Any]:
    """The record of step k of a claim, as of a step of a file."""
    with _within(seconds):
        found = _claimed(claim)
        return _step(found.derivation, k, identical=k in found.identical)


def answer(claim: str, k: int, seconds: float) -> dict[str, Any]:
    """What `derive batch` writes of step k, and the reader's warnings; or why the text is no claim."""
    with _within(seconds):
        try:
            found = _claimed(claim)
        except LibraryError as error:
            return {"refused": str(error)}
        report, contradiction = _decide(found.derivation, k, identical=k in found.identical)
        record = step_record(report)
        said = {"contradiction": contradiction} if contradiction else {}
        return {"step": {field: record[field] for field in ANSWERED} | said, "warnings": list(found.warnings)}


ANSWERED = ("relation", "verdict", "by", "conditions", "witness", "left", "right", "reason", "seconds")
"""What is answered of a step of a claim."""


@lru_cache(maxsize=8)
def _claimed(claim: str) -> Claimed:
    """The claim in a JSON text; raises LibraryError where there is none."""
    record = loads(claim)
    try:
        if "text" in record:
            steps = read_chain(record["text"])
            if len(steps) < 2:
                raise LibraryError(f"expected a relation such as = or <= between two sides, found {record['text']!r}")
            record |= {"steps": steps, "symbols": read_declarations(record["declared"])}
        return read_claim(record)
    except ReaderError as error:
        raise LibraryError(str(error)) from None


def _looked_up(key: str) -> dict[str, Any] | None:
    """The record that is kept under a key; a cache that cannot be read holds nothing, and the parent will say so."""
    try:
        text = _ACCESS[0][0].get(key)
        return None if text is None else dict(loads(text))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - whatever is wrong with the file
        return None


def _signed(answer: dict[str, Any], file: str) -> dict[str, Any]:
    """An answer, with what was read for it where somebody keeps that."""
    return {**answer, "touched": touched.seen(file)} if _ACCESS else answer


def render(records: list[dict[str, Any]], form: str, seconds: float) -> dict[str, Any]:
    """Records of derivations as one text, in one of the FORMS."""
    with _within(seconds):
        return {"text": FORMS[form](*records)}


def _fragments(*records: dict[str, Any]) -> str:
    """LaTeX without a preamble; footnotes are numbered through."""
    found = []
    mark = 0
    for record in records:
        found.append(fragment_of(record, mark))
        mark += sum(len(step["conditions_latex"]) for step in record["steps"])
    return "\n".join(found)


FORMS: dict[str, Callable[..., str]] = {"tex": document_of, "fragment": _fragments, "markdown": markdown_of}
"""What records may be made into."""


def _record(found: Identity, derivation: Derivation, steps: list[dict[str, Any]], shown: str) -> dict[str, Any]:
    record = derivation_record(found.name, found.title, found.source, shown, derivation, steps, 0.0)
    return {**record, "source_text": str(found.source or "")}


def _undecided(derivation: Derivation, k: int) -> StepReport:
    return StepReport(derivation.steps[k], derivation.left_of(k), Failed("it was not decided"), 0.0)


def _decide(derivation: Derivation, k: int, *, identical: bool = False) -> tuple[StepReport, str | None]:
    """Step k with its verdict, and the message of an internal contradiction."""
    left, here = derivation.left_of(k), derivation.steps[k]
    start = time.perf_counter()
    contradiction = None
    try:
        return checker.check_step(derivation, k, identical=identical), None
    except MemoryError:
        raise
    except InternalContradiction as error:
        contradiction = str(error)
        verdict: Any = Failed(f"internal contradiction: {error}")
    except DeriveError as error:
        verdict = Invalid(str(error))
    except Exception as error:  # noqa: BLE001 - a bug in one step must not hide the verdicts of the others
        verdict = Failed(_bug(error))
    return StepReport(here, left, verdict, time.perf_counter() - start), contradiction


def _bug(error: Exception) -> str:
    """What an exception that nobody foresaw says, and where it was raised."""
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "no place"
    return f"internal error: {type(error).__name__}: {error} ({place})"


OPERATIONS: dict[str, Callable[..., Any]] = {
    "listing": listing, "outline": outline, "step": step, "render": render,
    "claim_outline": claim_outline, "claim_step": claim_step, "answer": answer,
}  # fmt: skip
"""What a parent may ask for."""
