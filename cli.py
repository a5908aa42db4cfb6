"""The command line: `derive list`, `show`, `check`, `explain`, `rules`, `new`, `render`.

Promise: the only module that prints. What was asked for goes to standard output,
everything else to standard error; a user's mistake is one clear message, never a
traceback. Exit status: 0 all proved, 1 something is not, 2 a user's mistake,
3 an internal contradiction (a bug in derive), 130 interrupted.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from derive import __version__

# SymPy is imported by workers only, and what starts them only by the commands that need it.
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from derive.display import Page
    from derive.pool import Limits
    from derive.runner import Event
    from derive.targets import Choice

PROVED, NOT_PROVED, MISTAKE, CONTRADICTION, INTERRUPTED, PIPE = 0, 1, 2, 3, 130, 141


class _Commands(click.Group):
    """Turns what may go wrong into messages and exit statuses."""

    def invoke(self, ctx: click.Context) -> Any:
        from derive.core.errors import DeriveError  # noqa: PLC0415

        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except DeriveError as error:
            _complain(str(error))
            ctx.exit(MISTAKE)
        except KeyboardInterrupt:
            _complain("interrupted")
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:
            # Whoever read the output has had enough of it; the interpreter must not try to flush what is left.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(PIPE)
        return result


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="derive %(version)s")
def main() -> None:
    """Check mathematical derivations, every step by itself.

    A step is proved for all values and sizes, refuted with an exact
    counterexample, or undecided; numbers that agree are never a proof.

    \b
    Examples:
      derive list --search variational       what the library has on a topic
      derive check elbo dropout              check two identities by name
      derive check mine.py                   check your own file
      derive check mine.py::my-identity      one identity of it
      derive explain elbo 3                  why line 3 holds, or does not
      derive new mine.py                     start a file of your own

    Exit status: 0 all proved, 1 something is not, 2 your mistake, 3 a bug in derive.
    """  # noqa: D301 - click reads the backspace as "leave the lines as they are"


def _complain(message: str) -> None:
    click.echo(f"derive: {message}", err=True)


# ---------------------------------------------------------------- what commands share


class _Memory(click.ParamType):
    """An amount of memory such as 512M or 2G."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        from derive.pool import memory_size  # noqa: PLC0415

        try:
            return value if isinstance(value, int) else memory_size(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def _limits(function: Any) -> Any:
    """The options that bound what a step may use."""
    options = [
        click.option("--jobs", "-j", type=click.IntRange(1, 64), help="Worker processes, by default one a core."),
        click.option(
            "--timeout", type=click.FloatRange(0.01, 86400), default=10.0, show_default=True, metavar="SECONDS",
            help="The time limit of each step.",
        ),
        click.option(
            "--memory", type=_Memory(), default="2G", show_default=True,
            help="The memory limit of each worker, such as 512M or 2G.",
        ),
    ]  # fmt: skip
    for option in reversed(options):
        function = option(function)
    return function


def _bounds(jobs: int | None = None, timeout: float = 10.0, memory: int = 2**31) -> Limits:
    from derive.pool import Limits  # noqa: PLC0415

    return Limits(seconds=timeout, memory=memory, **({} if jobs is None else {"jobs": jobs}))


def _page() -> Page:
    from derive.display import Page  # noqa: PLC0415

    coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Page(width=max(40, min(shutil.get_terminal_size((80, 24)).columns, 120)), colour=coloured)


def _show(lines: Iterable[str]) -> None:
    # color=True: whether there is colour is decided in _page, for all of the output.
    for line in lines:
        click.echo(line, color=True)


def _show_json(value: Any) -> None:
    from json import dumps  # noqa: PLC0415

    click.echo(dumps(value, indent=2, ensure_ascii=False))


class _Bar:
    """A progress bar on standard error, where that is a terminal; it is there only while one waits."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self.bar: Any = None

    def show(self, doing: str) -> None:
        """Draw it; it runs by itself until it is hidden."""
        if not sys.stderr.isatty():
            return
        if self.bar is None:
            from rich.console import Console  # noqa: PLC0415
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
            # It must not take hold of standard output, which may be a file.
            self.bar = Progress(
                *columns, console=Console(stderr=True), transient=True, redirect_stdout=False, redirect_stderr=False
            )
            self.bar.add_task("", total=self.total)
        self.bar.update(self.bar.task_ids[0], completed=self.done, description=doing)
        self.bar.start()

    def hide(self) -> None:
        """Wipe it away, so that something else can be written."""
        if self.bar is not None:
            self.bar.stop()


# ---------------------------------------------------------------- the commands


@main.command("list")
@click.option("--search", metavar="WORD", help="Only what has this in its name, aliases, title, source, row or tags.")
@click.option("--json", "as_json", is_flag=True, help="As a JSON array.")
def list_(search: str | None, as_json: bool) -> None:  # noqa: FBT001
    """List the identities of the library."""
    from derive.display import shelf  # noqa: PLC0415
    from derive.pool import Pool  # noqa: PLC0415
    from derive.targets import library  # noqa: PLC0415

    with Pool(_bounds()) as pool:
        found, mistakes = library(pool, count=True)
    rows = [card.record(file.shown) for file, card in found if search is None or card.mentions(search)]
    if as_json:
        _show_json(rows)
    else:
        _show(shelf(rows, _page()))
        if not rows:
            _complain(f"nothing in the library mentions {search!r}")
    errors = [*mistakes, *(file.say(card.error) for file, card in found if card.error)]
    for message in errors:
        _complain(message)
    sys.exit(MISTAKE if errors else PROVED)


@main.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
def show(names: tuple[str, ...]) -> None:
    """Show a derivation as it is written, without checking it."""
    from derive.display import statement  # noqa: PLC0415
    from derive.pool import Pool  # noqa: PLC0415
    from derive.runner import outline  # noqa: PLC0415
    from derive.targets import choose  # noqa: PLC0415

    with Pool(_bounds(jobs=1)) as pool:
        chosen = choose(pool, names)
        for i, target in enumerate(chosen.targets):
            _show([*([""] if i else []), *statement(outline(pool, target), _page())])
    for message in chosen.mistakes:
        _complain(message)
    sys.exit(MISTAKE if chosen.mistakes else PROVED)


@main.command()
@click.argument("names", nargs=-1, metavar="NAME...|PATH...")
@click.option("--all", "everything", is_flag=True, help="The whole library.")
@click.option("--as-printed", is_flag=True, help="With --all: also the printed solutions that are wrong.")
@click.option("--json", "as_json", is_flag=True, help="As a JSON array.")
@_limits
def check(
    names: tuple[str, ...],
    everything: bool,  # noqa: FBT001
    as_printed: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
    jobs: int | None,
    timeout: float,
    memory: int,
) -> None:
    """Check derivations, step by step.

    A NAME is an identity of the library; case, spaces, hyphens and
    underscores do not matter, and several words may be one name. A PATH is a
    file of your own, a folder of them (write ./folder), or file.py::name. An
    identity file is Python, and checking it runs it.

    \b
    Examples:
      derive check evidence lower bound
      derive check mine.py ./notes --timeout 60
      derive check --all --json
    """  # noqa: D301
    from derive.pool import Pool  # noqa: PLC0415
    from derive.runner import decide  # noqa: PLC0415
    from derive.targets import choose, choose_all  # noqa: PLC0415

    if bool(names) == everything:
        raise click.UsageError("name what to check, or write --all" if not names else "write names, or --all, not both")
    with Pool(_bounds(jobs, timeout, memory)) as pool:
        chosen = choose_all(pool, as_printed=as_printed) if everything else choose(pool, names)
        for message in chosen.mistakes:
            _complain(message)
        tell = _tell_json if as_json else _tell
        sys.exit(tell(decide(pool, chosen.targets), chosen))


@main.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.argument("line", type=int, metavar="STEP")
@_limits
def explain(names: tuple[str, ...], line: int, jobs: int | None, timeout: float, memory: int) -> None:
    """Explain one step: its rules and conditions, or the witness against it.

    STEP is the number of its line, as `derive check` shows it; line 1 is the
    start, so that the first step is 2.
    """
    from derive.display import explanation  # noqa: PLC0415
    from derive.pool import Pool  # noqa: PLC0415
    from derive.runner import decide_one, outline  # noqa: PLC0415
    from derive.targets import one  # noqa: PLC0415

    with Pool(_bounds(jobs or 1, timeout, memory)) as pool:
        target = one(pool, names)
        record = outline(pool, target)
        last = len(record["steps"]) + 1
        if not 2 <= line <= last:
            raise click.UsageError(f"{target.name} has the steps 2 to {last} (line 1 is the start), found {line}")
        decided = decide_one(pool, target, line - 2, record)
    _show(explanation(record, line - 2, decided, _page()))
    sys.exit(_status([decided]))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="As a JSON array.")
def rules(as_json: bool) -> None:  # noqa: FBT001
    """List every rule: what it states, its conditions, when it fails, its source."""
    from derive.core.rules import FAMILIES  # noqa: PLC0415
    from derive.display import rule  # noqa: PLC0415

    if as_json:
        fields = ("name", "title", "statement", "conditions", "fails", "source")
        _show_json([{field: getattr(family, field) for field in fields} for family in FAMILIES])
        return
    for i, family in enumerate(FAMILIES):
        _show([*([""] if i else []), *rule(family, _page())])


@main.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
def new(file: Path) -> None:
    """Start a file of your own, with comments, that checks."""
    from derive.template import TEMPLATE  # noqa: PLC0415

    if file.suffix != ".py":
        raise click.UsageError(f"expected a name that ends in .py, found {file}")
    _write(file, TEMPLATE.replace("{file}", file.name), "x")
    click.echo(f"wrote {file}; check it with: derive check {shlex.quote(str(file))}")


@main.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--output", "-o", type=click.Path(path_type=Path), metavar="FILE.tex", help="By default standard output.")
@_limits
def render(names: tuple[str, ...], output: Path | None, jobs: int | None, timeout: float, memory: int) -> None:
    """Check a derivation and write it as a standalone LaTeX document.

    What is not proved is marked as such in the document, and the exit status
    is the same as that of `derive check`.
    """
    from derive.names import LibraryError  # noqa: PLC0415
    from derive.pool import Pool  # noqa: PLC0415
    from derive.runner import Finished, Mistaken, decide, document  # noqa: PLC0415
    from derive.targets import one  # noqa: PLC0415

    with Pool(_bounds(jobs, timeout, memory)) as pool:
        target = one(pool, names)
        last = list(decide(pool, [target]))[-1]
        if isinstance(last, Mistaken):
            raise LibraryError(last.message)
        if not isinstance(last, Finished):
            raise TypeError(last)
        latex, steps = document(pool, target, last.record), last.record["steps"]
    if output is None:
        click.echo(latex, nl=False)
    else:
        _write(output, latex, "w")
        click.echo(f"wrote {output}")
    status = _status(steps)
    if status != PROVED:
        _complain(f"not all steps of {target.name} are proved; the document says which")
    sys.exit(status)


def _write(file: Path, text: str, mode: str) -> None:
    from derive.names import LibraryError  # noqa: PLC0415

    try:
        with file.open(mode, encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise LibraryError(f"{file} exists already, and is left as it is") from None
    except OSError as error:
        raise LibraryError(f"{file} cannot be written: {error.strerror}") from None


# ---------------------------------------------------------------- telling what is decided


def _status(steps: Iterable[dict[str, Any]]) -> int:
    """The exit status that some decided steps ask for."""
    statuses = [PROVED]
    for step in steps:
        if step.get("contradiction"):
            _complain(f"INTERNAL CONTRADICTION, a bug in derive; please report it: {step['contradiction']}")
            statuses.append(CONTRADICTION)
        elif step["verdict"] != "proved" or step["expect"] != "proved":
            statuses.append(NOT_PROVED)
    return max(statuses)


def _watch(events: Iterator[Event], chosen: Choice, tell: Callable[[Event], None]) -> int:
    """Tell of each event as it comes, with a bar while one waits; the exit status."""
    from derive.runner import Decided, Finished, Mistaken, Waiting  # noqa: PLC0415

    bar = _Bar(len(chosen.targets))
    status = MISTAKE if chosen.mistakes else PROVED
    try:
        for event in events:
            if isinstance(event, Waiting):
                bar.show(f"{event.target.name}, line {event.k + 2}")
                continue
            bar.hide()
            if isinstance(event, Mistaken):
                _complain(event.message)
                status = max(status, MISTAKE)
            tell(event)
            if isinstance(event, Decided):
                status = max(status, _status([event.record]))
            bar.done += isinstance(event, (Finished, Mistaken))
    finally:
        bar.hide()
    return status


def _tell(events: Iterator[Event], chosen: Choice) -> int:
    """Show derivations as they are decided; the exit status."""
    from derive import display  # noqa: PLC0415
    from derive.runner import Decided, Finished, Outlined  # noqa: PLC0415

    page = _page()
    verdicts: list[str] = []
    begun: dict[str, Any] = {}
    decided = 0

    def tell(event: Event) -> None:
        nonlocal begun, decided
        if isinstance(event, Outlined):
            begun, decided = event.record, 0
            _show([*([""] if verdicts else []), *display.header(begun, page), *display.start(begun, page)])
        elif isinstance(event, Decided):
            decided += 1
            _show(display.step(begun, event.k, event.record, page))
        elif isinstance(event, Finished):
            begun = {}
            verdicts.append(event.record["verdict"])
            _show(display.closing(event.record, page))

    try:
        status = _watch(events, chosen, tell)
    except KeyboardInterrupt:
        if begun:
            _show([f"  interrupted: {decided} of {len(begun['steps'])} steps decided"])
        raise
    if len(verdicts) > 1:
        _show(["", *display.summary(verdicts, chosen.left_out)])
    return status


def _tell_json(events: Iterator[Event], chosen: Choice) -> int:
    """Show derivations as one JSON array, once all are decided, or as far as they are; the exit status."""
    from derive.runner import gathered  # noqa: PLC0415

    told: list[Event] = []
    try:
        return _watch(events, chosen, told.append)
    finally:
        # Also when interrupted: what is not decided says so.
        _show_json(gathered(told))


if __name__ == "__main__":
    main()
