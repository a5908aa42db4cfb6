"""What is told while derivations are decided, and the exit status that comes of it.

Promise: nothing is printed here: lines go to an `Outlet`, which the command line
has. What is decided is told as soon as it is, in the order of what was asked.

Glossary
    status  0 all proved, 1 something is not, 2 a user's mistake, 3 an internal contradiction
    outlet  where lines, complaints and the progress go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from derive.display import Page
    from derive.runner import Event
    from derive.targets import Choice

__all__ = [
    "CONTRADICTION", "MISTAKE", "NOT_PROVED", "PROVED", "Outlet", "status_of", "tell", "tell_json", "tell_nothing",
]

PROVED, NOT_PROVED, MISTAKE, CONTRADICTION = 0, 1, 2, 3


class Outlet(Protocol):
    """Where what is told goes."""

    def page(self) -> Page:
        """The page that lines are laid out for."""

    def show(self, lines: Iterable[str]) -> None:
        """Show lines of what was asked for."""

    def show_json(self, value: Any) -> None:
        """Show what was asked for as JSON."""

    def complain(self, message: str) -> None:
        """Say something beside what was asked for."""

    def wait(self, doing: str, done: int, total: int | None) -> None:
        """Say that somebody waits, what for, and how many of how many derivations are done."""

    def resume(self) -> None:
        """Say that the waiting is over."""


def status_of(steps: Iterable[dict[str, Any]], complain: Callable[[str], None] | None = None) -> int:
    """The exit status that some decided steps ask for; a contradiction is complained about."""
    statuses = [PROVED]
    for step in steps:
        if step.get("contradiction"):
            if complain is not None:
                complain(f"INTERNAL CONTRADICTION, a bug in derive; please report it: {step['contradiction']}")
            statuses.append(CONTRADICTION)
        elif step["verdict"] != "proved" or step["expect"] != "proved":
            statuses.append(NOT_PROVED)
    return max(statuses)


def tell(events: Iterator[Event], chosen: Choice, outlet: Outlet) -> int:
    """Show derivations as they are decided; the exit status."""
    from derive import display  # noqa: PLC0415 - `derive --help` shows none
    from derive.runner import Decided, Finished, Outlined  # noqa: PLC0415

    page = outlet.page()
    verdicts: list[str] = []
    begun: dict[str, Any] = {}
    decided = 0

    def on(event: Event) -> None:
        nonlocal begun, decided
        if isinstance(event, Outlined):
            begun, decided = event.record, 0
            outlet.show([*([""] if verdicts else []), *display.header(begun, page), *display.start(begun, page)])
        elif isinstance(event, Decided):
            decided += 1
            outlet.show(display.step(begun, event.k, event.record, page))
        elif isinstance(event, Finished):
            begun = {}
            verdicts.append(event.record["verdict"])
            outlet.show(display.closing(event.record, page))

    try:
        status = _watch(events, chosen, outlet, on)
    except KeyboardInterrupt:
        if begun:
            outlet.show([f"  interrupted: {decided} of {len(begun['steps'])} steps decided"])
        raise
    if len(verdicts) > 1:
        outlet.show(["", *display.summary(verdicts, chosen.left_out)])
    return status


def tell_json(events: Iterator[Event], chosen: Choice, outlet: Outlet) -> int:
    """Show derivations as one JSON array, once all are decided, or as far as they are; the exit status."""
    from derive.runner import gathered  # noqa: PLC0415

    told: list[Event] = []
    try:
        return _watch(events, chosen, outlet, told.append)
    finally:
        # Also when interrupted: what is not decided says so.
        outlet.show_json(gathered(told))


def tell_nothing(events: Iterator[Event], chosen: Choice, outlet: Outlet) -> tuple[list[dict[str, Any]], int]:
    """The records of derivations, decided, and the exit status."""
    from derive.runner import Finished  # noqa: PLC0415

    told: list[Event] = []
    status = _watch(events, chosen, outlet, told.append)
    return [event.record for event in told if isinstance(event, Finished)], status


def _watch(events: Iterator[Event], chosen: Choice, outlet: Outlet, on: Callable[[Event], None]) -> int:
    """Hand on each event as it comes, and say when one waits; the exit status."""
    from derive.runner import Decided, Finished, Mistaken, Outlined, Waiting  # noqa: PLC0415

    done = 0
    status = PROVED
    for message in chosen.mistakes:
        outlet.complain(message)
        status = MISTAKE
    try:
        for event in events:
            if isinstance(event, Waiting):
                outlet.wait(f"{event.target.name}, line {event.k + 2}", done, len(chosen.targets))
                continue
            outlet.resume()
            if isinstance(event, Mistaken):
                outlet.complain(event.message)
                status = max(status, MISTAKE)
            if isinstance(event, Outlined):
                for warning in event.record.get("warnings", ()):
                    outlet.complain(f"warning: {event.target.name}: {warning}")
            on(event)
            if isinstance(event, Decided):
                status = max(status, status_of([event.record], outlet.complain))
            done += isinstance(event, (Finished, Mistaken))
    finally:
        outlet.resume()
    return status
