"""Which derivations are decided, and what is told of them.

Promise: a user's file is loaded, and a step decided, in the worker processes of
a `Pool` only, under its limits. The order of what was asked for is kept. What
the cache of the pool knows is not asked of a worker, and what is settled is
handed to it.

Glossary
    target   one derivation to decide: a file and the name of an identity in it, or a claim
    claim    a derivation as text, in JSON (see `worker`)
    outline  the record of a derivation before its steps are decided
    event    what there is to tell while derivations are decided
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from derive.names import Card, LibraryError
from derive.pool import Limits, Pool, Stopped

if TYPE_CHECKING:
    from derive.processes import Task

__all__ = [
    "Decided", "Event", "Finished", "Mistaken", "Outlined", "SourceFile", "Target", "Waiting",
    "cards", "decide", "decide_one", "document", "finish", "gathered", "known", "outline", "run", "worst_of",
]


@dataclass(frozen=True)
class SourceFile:
    """A file of identities: its absolute path, and how it is shown to readers."""

    path: str
    shown: str

    def say(self, message: str) -> str:
        """A message of a worker, with the file as readers know it."""
        return message.replace(self.path, self.shown)


@dataclass(frozen=True)
class Target:
    """One derivation to decide; where it is a claim, no file has anything to do with it."""

    file: SourceFile
    name: str
    claim: str = ""


def cards(pool: Pool, files: Sequence[SourceFile], *, count: bool = False) -> Iterator[list[Card] | str]:
    """For each file the cards of its identities, or the user's mistake in it."""
    kept = [_kept_cards(pool, file, count=count) for file in files]
    asked = [
        None if here else pool.submit("listing", file.path, count) for file, here in zip(files, kept, strict=True)
    ]
    for file, here, task in zip(files, kept, asked, strict=True):
        if task is None:
            yield [Card.of(plain) for plain in here or ()]
            continue
        try:
            answer = _result(pool, task, file)
        except LibraryError as error:
            yield file.say(str(error))
            continue
        if isinstance(answer, Stopped):
            yield f"{file.shown}: while it was loaded: {answer.reason}"
        else:
            if pool.cache is not None and not any(card["error"] for card in answer["cards"]):
                pool.cache.keep(file.path, _COUNTED if count else _CARDS, answer["cards"])
            yield [Card.of(plain) for plain in answer["cards"]]


_CARDS, _COUNTED = "cards", "cards, counted"


def _kept_cards(pool: Pool, file: SourceFile, *, count: bool) -> list[dict[str, Any]] | None:
    if pool.cache is None:
        return None
    return pool.cache.about(file.path, _COUNTED) or (None if count else pool.cache.about(file.path, _CARDS))


def known(pool: Pool, target: Target) -> dict[str, Any] | None:
    """The record of a derivation, decided, that is known already."""
    if pool.cache is None or target.claim:
        return None
    found = pool.cache.about(target.file.path, f"record {target.name}")
    if found is None:
        return None
    steps = [{**step, "cached": True} for step in found["steps"]]
    return {**found, "file": target.file.shown, "steps": steps, "cached": True}


def _keep(pool: Pool, target: Target, record: dict[str, Any]) -> None:
    """Hand a record to the cache, unless something in it is not settled."""
    settled = all(s["verdict"] != "error" and not s.get("contradiction") for s in record["steps"])
    if pool.cache is not None and not target.claim and settled:
        pool.cache.keep(target.file.path, f"record {target.name}", record)


def _result(pool: Pool, task: Task, file: SourceFile) -> Any:
    """What a worker answered about a file; what it read for that goes to the cache."""
    answer = pool.result(task)
    # Whoever asks again for the same result finds the same dict.
    if pool.cache is not None and isinstance(answer, dict) and "touched" in answer:
        pool.cache.touch(file.path, answer.pop("touched"))
    return answer


@dataclass(frozen=True)
class Outlined:
    """A derivation whose steps are about to be decided."""

    target: Target
    record: dict[str, Any]


@dataclass(frozen=True)
class Decided:
    """A decided step: the k-th of its derivation, from 0."""

    target: Target
    k: int
    record: dict[str, Any]


@dataclass(frozen=True)
class Finished:
    """A derivation all of whose steps are decided."""

    target: Target
    record: dict[str, Any]


@dataclass(frozen=True)
class Mistaken:
    """A derivation that cannot be built: a user's mistake."""

    target: Target
    message: str


@dataclass(frozen=True)
class Waiting:
    """Nothing was decided for a while; step k of the target is (or would be) next."""

    target: Target
    k: int


Event = Outlined | Decided | Finished | Mistaken | Waiting

_A_WHILE = 0.5


def decide(pool: Pool, targets: Sequence[Target]) -> Iterator[Event]:
    """Decide the steps of some derivations, and tell of them in order, as soon as that can be."""
    kept = [known(pool, target) for target in targets]
    outlines = [None if found else _ask_outline(pool, target) for target, found in zip(targets, kept, strict=True)]
    steps: list[list[Task]] = []
    for i, target in enumerate(targets):
        task, found = outlines[i], kept[i]
        if task is None or found is not None:
            yield from _told(target, found or {})
            continue
        while not pool.ready(task, _A_WHILE):
            yield Waiting(target, 0)
        try:
            outlined = _outline(pool, task, target)
        except LibraryError as error:
            yield Mistaken(target, str(error))
            continue
        _begin(pool, targets, outlines, steps)
        yield Outlined(target, outlined)
        records: list[dict[str, Any]] = []
        for k, task in enumerate(steps[i]):
            while not pool.ready(task, _A_WHILE):
                _begin(pool, targets, outlines, steps)
                yield Waiting(target, k)
            records.append(_step(pool, task, outlined["steps"][k], target))
            yield Decided(target, k, records[-1])
        record = finish(outlined, records)
        _keep(pool, target, record)
        yield Finished(target, record)


def _told(target: Target, record: dict[str, Any]) -> Iterator[Event]:
    """The events of a derivation whose record is there."""
    yield Outlined(target, record)
    for k, step in enumerate(record["steps"]):
        yield Decided(target, k, step)
    yield Finished(target, record)


def _begin(pool: Pool, targets: Sequence[Target], outlines: list[Task | None], steps: list[list[Task]]) -> None:
    """Queue the steps of the derivations whose outline is there, so that no worker is idle while one step is slow."""
    while len(steps) < len(targets):
        i = len(steps)
        task = outlines[i]
        if task is None:
            steps.append([])
            continue
        if not pool.ready(task):
            break
        try:
            count = len(_outline(pool, task, targets[i])["steps"])
        except LibraryError:
            count = 0
        steps.append([_ask_step(pool, targets[i], k) for k in range(count)])


def outline(pool: Pool, target: Target) -> dict[str, Any]:
    """The record of a derivation, not decided; raises LibraryError for a user's mistake."""
    return _outline(pool, _ask_outline(pool, target), target)


def decide_one(pool: Pool, target: Target, k: int, outlined: dict[str, Any]) -> dict[str, Any]:
    """The record of step k, decided, of a derivation that is outlined."""
    return _step(pool, _ask_step(pool, target, k), outlined["steps"][k], target)


def document(pool: Pool, records: Sequence[dict[str, Any]], form: str = "tex") -> str:
    """Records of derivations as one text: "tex" is a LaTeX document, "fragment" goes into one, "markdown"."""
    answer = pool.result(pool.submit("render", list(records), form))
    if isinstance(answer, Stopped):
        raise LibraryError(f"{', '.join(record['name'] for record in records)}: while rendering: {answer.reason}")
    return str(answer["text"])


def _ask_outline(pool: Pool, target: Target) -> Task:
    if target.claim:
        return pool.submit("claim_outline", target.claim, target.name)
    return pool.submit("outline", target.file.path, target.name, target.file.shown)


def _ask_step(pool: Pool, target: Target, k: int) -> Task:
    if target.claim:
        return pool.submit("claim_step", target.claim, k)
    return pool.submit("step", target.file.path, target.name, k)


def _outline(pool: Pool, task: Task, target: Target) -> dict[str, Any]:
    return _plain(pool, task, target, "while its derivation was built")


def _plain(pool: Pool, task: Task, target: Target, doing: str) -> dict[str, Any]:
    try:
        answer = _result(pool, task, target.file)
    except LibraryError as error:
        raise LibraryError(target.file.say(str(error))) from None
    if isinstance(answer, Stopped):
        raise LibraryError(f"{': '.join(filter(None, (target.file.shown, target.name, doing)))}: {answer.reason}")
    return dict(answer)


def _step(pool: Pool, task: Task, pending: dict[str, Any], target: Target) -> dict[str, Any]:
    """The record of a decided step, or the pending one with the reason why it was not."""
    try:
        answer = _result(pool, task, target.file)
    except LibraryError as error:
        answer = Stopped(target.file.say(str(error)))
    if isinstance(answer, Stopped):
        return {**pending, "reason": answer.reason, "seconds": answer.seconds, "cached": False}
    record = dict(answer)
    key = record.pop("key", None)
    if key is not None and pool.cache is not None:
        pool.cache.keep_step(key, record)
    return {**record, "cached": record.get("cached", False)}


_ORDER = ("proved", "undecided", "error", "invalid", "refuted")


def worst_of(verdicts: Iterable[str]) -> str:
    """The worst of some verdicts.

    >>> worst_of(["proved", "error", "undecided"])
    'error'
    """
    return max(verdicts, key=_ORDER.index)


def finish(outlined: dict[str, Any], records: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The record of a derivation, from its outline and the records of its steps; the steps that miss stay pending."""
    known = list(records)
    steps = [*known, *outlined["steps"][len(known):]]
    verdict = worst_of(step["verdict"] for step in steps)
    seconds = sum(step["seconds"] for step in steps)
    cached = all(step.get("cached", False) for step in steps)
    return {**outlined, "steps": steps, "verdict": verdict, "seconds": seconds, "cached": cached}


def gathered(events: Iterable[Event]) -> list[dict[str, Any]]:
    """The records of the derivations that some events tell of, also of one that is not finished or cannot be built."""
    found: list[dict[str, Any]] = []
    outlined: dict[str, Any] = {}
    steps: list[dict[str, Any]] = []
    for event in events:
        if isinstance(event, Outlined):
            outlined, steps = event.record, []
            found.append(finish(outlined, steps))
        elif isinstance(event, Decided):
            steps.append(event.record)
            found[-1] = finish(outlined, steps)
        elif isinstance(event, Mistaken):
            name, file = event.target.name, event.target.file.shown
            found.append({
                "name": name, "file": file, "verdict": "invalid", "seconds": 0.0, "given": [], "steps": [],
                "cached": False, "error": event.message,
            })  # fmt: skip
    return found


def run(
    targets: Sequence[Target],
    *,
    limits: Limits | None = None,
    on_step: Callable[[Target, int, dict[str, Any]], None] | None = None,
) -> list[dict[str, Any]]:
    """The records of some derivations, decided; raises LibraryError for the first that cannot be built."""
    told: list[Event] = []
    with Pool(limits or Limits()) as pool:
        for event in decide(pool, targets):
            if isinstance(event, Mistaken):
                raise LibraryError(event.message)
            if isinstance(event, Decided) and on_step is not None:
                on_step(event.target, event.k, event.record)
            told.append(event)
    return gathered(told)
