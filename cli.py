"""The command line: `derive list`, `show`, `check`, `batch`, `explain`, `rules`, `new`, `render`.

Promise: the only module that prints. What was asked for goes to standard output,
everything else to standard error; a user's mistake is one clear message, never a
traceback. Exit status: 0 all proved, 1 something is not, 2 a user's mistake,
3 an internal contradiction (a bug in derive), 130 interrupted.
"""

from __future__ import annotations

import _signal as signal  # type: ignore[import-not-found]  # `signal` is slow to import, and this comes first
import os
import sys


def _end_quietly(*_: object) -> None:
    """What Ctrl-C does while there is nothing to clean up yet: no traceback from the middle of an import."""
    os.write(2, b"derive: interrupted\n")
    os._exit(INTERRUPTED)


def _on_interrupt(handler: Any) -> Any:
    """Say what Ctrl-C does, if it is this thread and the usual handler that get it; the handler before."""
    try:
        before = signal.getsignal(signal.SIGINT)
        if before in (signal.default_int_handler, _end_quietly):
            signal.signal(signal.SIGINT, handler)
    except ValueError:
        return signal.default_int_handler
    return before


INTERRUPTED, PIPE = 130, 141
_BEFORE = _on_interrupt(_end_quietly)

from pathlib import Path  # noqa: E402 - importing takes long enough to be interrupted
from typing import TYPE_CHECKING, Any  # noqa: E402

import click  # noqa: E402

from derive import __version__  # noqa: E402
from derive.options import asking, bounds, caching, claimed, claiming, limits  # noqa: E402
from derive.telling import MISTAKE, PROVED, status_of, tell, tell_json, tell_nothing  # noqa: E402

# SymPy is imported by workers only, and what starts them only by the commands that need it.
if TYPE_CHECKING:
    from collections.abc import Iterable

    from derive.display import Page


class _Commands(click.Group):
    """Turns what may go wrong into messages and exit statuses."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command line; until its command begins, Ctrl-C ends it on the spot."""
        before = _on_interrupt(_end_quietly)
        try:
            return super().main(*args, **kwargs)
        finally:
            _on_interrupt(before)

    def invoke(self, ctx: click.Context) -> Any:
        from derive.core.errors import DeriveError  # noqa: PLC0415

        try:
            _on_interrupt(signal.default_int_handler)
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
      derive check -e "2*x = x + x" -s x:real   a claim as text
      derive batch claims.jsonl -o out.jsonl    a file of them
      derive explain elbo 3                  why line 3 holds, or does not
      derive new mine.py                     start a file of your own

    Exit status: 0 all proved, 1 something is not, 2 your mistake, 3 a bug in derive.
    """  # noqa: D301 - click reads the backspace as "leave the lines as they are"


def _complain(message: str) -> None:
    click.echo(f"derive: {message}", err=True)


# ---------------------------------------------------------------- what commands share


class _Terminal:
    """Where what is told goes: see `derive.telling`."""

    def __init__(self) -> None:
        self._bar: Any = None

    def page(self) -> Page:
        """The page that is printed on."""
        from shutil import get_terminal_size  # noqa: PLC0415

        from derive.display import Page  # noqa: PLC0415

        coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        return Page(width=max(40, min(get_terminal_size((80, 24)).columns, 120)), colour=coloured)

    def show(self, lines: Iterable[str]) -> None:
        """Print lines."""
        # color=True: whether there is colour is decided in page(), for all of the output.
        for line in lines:
            click.echo(line, color=True)

    def show_json(self, value: Any) -> None:
        """Print JSON."""
        from json import dumps  # noqa: PLC0415

        click.echo(dumps(value, indent=2, ensure_ascii=False))

    def complain(self, message: str) -> None:
        """Print a message on standard error."""
        _complain(message)

    def wait(self, doing: str, done: int, total: int | None) -> None:
        """Draw a progress bar on standard error, where that is a terminal; it runs by itself until `resume`."""
        if not sys.stderr.isatty():
            return
        if self._bar is None:
            from rich.console import Console  # noqa: PLC0415
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
            # It must not take hold of standard output, which may be a file.
            self._bar = Progress(
                *columns, console=Console(stderr=True), transient=True, redirect_stdout=False, redirect_stderr=False
            )
            self._bar.add_task("", total=total)
        self._bar.update(self._bar.task_ids[0], completed=done, description=doing)
        self._bar.start()

    def resume(self) -> None:
        """Wipe the bar away, so that something else can be written."""
        if self._bar is not None:
            self._bar.stop()


# ---------------------------------------------------------------- the commands


@main.command("list")
@click.option("--search", metavar="WORD", help="Only what has this in its name, aliases, title, source, row or tags.")
@click.option("--json", "as_json", is_flag=True, help="As a JSON array.")
@caching
def list_(search: str | None, as_json: bool, no_cache: bool) -> None:  # noqa: FBT001
    """List the identities of the library."""
    from derive.display import shelf  # noqa: PLC0415
    from derive.targets import library  # noqa: PLC0415

    out = _Terminal()
    with asking(bounds(), _complain, no_cache=no_cache) as pool:
        found, mistakes = library(pool, count=True)
    rows = [card.record(file.shown) for file, card in found if search is None or card.mentions(search)]
    if as_json:
        out.show_json(rows)
    else:
        out.show(shelf(rows, out.page()))
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

    out = _Terminal()
    with Pool(bounds(jobs=1)) as pool:
        chosen = choose(pool, names)
        for i, target in enumerate(chosen.targets):
            out.show([*([""] if i else []), *statement(outline(pool, target), out.page())])
    for message in chosen.mistakes:
        _complain(message)
    sys.exit(MISTAKE if chosen.mistakes else PROVED)


@main.command()
@click.argument("names", nargs=-1, metavar="NAME...|PATH...")
@click.option("--all", "everything", is_flag=True, help="The whole library.")
@click.option("--as-printed", is_flag=True, help="With --all: also the printed solutions that are wrong.")
@click.option("--json", "as_json", is_flag=True, help="As a JSON array.")
@claiming
@caching
@limits
def check(
    names: tuple[str, ...],
    texts: tuple[str, ...],
    symbols: tuple[str, ...],
    given: tuple[str, ...],
    everything: bool,  # noqa: FBT001
    as_printed: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
    no_cache: bool,  # noqa: FBT001
    jobs: int | None,
    timeout: float,
    memory: int,
) -> None:
    """Check derivations, step by step.

    A NAME is an identity of the library; case, spaces, hyphens and
    underscores do not matter, and several words may be one name. A PATH is a
    file of your own, a folder of them (write ./folder), or file.py::name. An
    identity file is Python, and checking it runs it. A claim as text, -e, is
    only read.

    \b
    Examples:
      derive check evidence lower bound
      derive check -e "log(x*y) = log(x) + log(y)" --symbol "x y: positive"
      derive check mine.py ./notes --timeout 60
      derive check --all --json
    """  # noqa: D301
    from derive.runner import decide  # noqa: PLC0415
    from derive.targets import Choice, choose, choose_all  # noqa: PLC0415

    ways = {"names": names, "--all": everything, "a claim with -e": texts}
    chosen_ways = [way for way, chosen in ways.items() if chosen]
    if not chosen_ways:
        raise click.UsageError("name what to check, or write --all, or a claim with -e")
    if len(chosen_ways) > 1:
        raise click.UsageError(f"write {', or '.join(chosen_ways)}, not both")
    if (symbols or given) and not texts:
        raise click.UsageError("--symbol and --given belong to a claim: write it with -e")
    with asking(bounds(jobs, timeout, memory), _complain, no_cache=no_cache) as pool:
        if texts:
            chosen = Choice(tuple(claimed(texts, symbols, given)))
        else:
            chosen = choose_all(pool, as_printed=as_printed) if everything else choose(pool, names)
        sys.exit((tell_json if as_json else tell)(decide(pool, chosen.targets), chosen, _Terminal()))


@main.command()
@click.argument("claims", type=click.Path(path_type=Path), metavar="FILE|-")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), required=True, metavar="OUT",
    help="Where the verdicts go, or - for standard output; a file is gone on with.",
)  # fmt: skip
@limits
def batch(claims: Path, output: Path, jobs: int | None, timeout: float, memory: int) -> None:
    """Check a file of claims, JSON Lines, and write a verdict for each.

    The order is kept. The same command goes on where an earlier one was
    stopped: lines that OUT answers already are skipped. A claim that does not
    end, or a line that is no claim, costs one line of OUT.

    \b
    A line of FILE, and what comes of it:
      {"id": "a", "symbols": {"x": "real"}, "given": ["x < 1"], "steps": ["x + x", "= 2*x"]}
      {"id": "a", "verdict": "proved", "steps": [{"relation": "=", ...}], "seconds": 0.002, ...}
    """  # noqa: D301
    from derive.batch.run import opened, run, written  # noqa: PLC0415
    from derive.pool import Pool  # noqa: PLC0415

    counted = sys.stderr.isatty()
    with (
        opened(claims, sys.stdin, counted=counted) as source,
        written(output, sys.stdout) as verdicts,
        Pool(bounds(jobs, timeout, memory)) as pool,
    ):
        sys.exit(run(source, verdicts, pool, _Terminal()))


@main.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.argument("line", type=int, metavar="STEP")
@caching
@limits
def explain(
    names: tuple[str, ...],
    line: int,
    no_cache: bool,  # noqa: FBT001
    jobs: int | None,
    timeout: float,
    memory: int,
) -> None:
    """Explain one step: its rules and conditions, or the witness against it.

    STEP is the number of its line, as `derive check` shows it; line 1 is the
    start, so that the first step is 2.
    """
    from derive.display import explanation  # noqa: PLC0415
    from derive.runner import decide_one, known, outline  # noqa: PLC0415
    from derive.targets import one  # noqa: PLC0415

    with asking(bounds(jobs or 1, timeout, memory), _complain, no_cache=no_cache) as pool:
        target = one(pool, names)
        cached = known(pool, target)
        record = cached or outline(pool, target)
        last = len(record["steps"]) + 1
        if not 2 <= line <= last:
            raise click.UsageError(f"{target.name} has the steps 2 to {last} (line 1 is the start), found {line}")
        decided = record["steps"][line - 2] if cached else decide_one(pool, target, line - 2, record)
    out = _Terminal()
    out.show(explanation(record, line - 2, decided, out.page()))
    sys.exit(status_of([decided], _complain))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="As a JSON array.")
def rules(as_json: bool) -> None:  # noqa: FBT001
    """List every rule: what it states, its conditions, when it fails, its source."""
    from derive.core.rules import FAMILIES  # noqa: PLC0415
    from derive.display import rule  # noqa: PLC0415

    out = _Terminal()
    if as_json:
        fields = ("name", "title", "statement", "conditions", "fails", "source")
        out.show_json([{field: getattr(family, field) for field in fields} for family in FAMILIES])
        return
    for i, family in enumerate(FAMILIES):
        out.show([*([""] if i else []), *rule(family, out.page())])


@main.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
def new(file: Path) -> None:
    """Start a file of your own, with comments, that checks."""
    from shlex import quote  # noqa: PLC0415

    from derive.template import TEMPLATE  # noqa: PLC0415

    if file.suffix != ".py":
        raise click.UsageError(f"expected a name that ends in .py, found {file}")
    _write(file, TEMPLATE.replace("{file}", file.name).encode(), "xb")
    click.echo(f"wrote {file}; check it with: derive check {quote(str(file))}")


@main.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...|PATH...")
@click.option("--output", "-o", type=click.Path(path_type=Path), metavar="FILE", help="By default standard output.")
@click.option(
    "--format", "form", type=click.Choice(["tex", "pdf", "markdown"]),
    help="By default what FILE ends in (.tex, .pdf or .md), else tex.",
)  # fmt: skip
@click.option("--fragment", is_flag=True, help="What goes inside a LaTeX document, without its preamble.")
@caching
@limits
def render(
    names: tuple[str, ...],
    output: Path | None,
    form: str | None,
    fragment: bool,  # noqa: FBT001
    no_cache: bool,  # noqa: FBT001
    jobs: int | None,
    timeout: float,
    memory: int,
) -> None:
    """Check derivations and write them as one document.

    LaTeX, Markdown with formulas that GitHub typesets, or a PDF where a
    pdflatex is installed. What is not proved is marked as such, and the exit
    status is the same as that of `derive check`.

    \b
    Examples:
      derive render elbo dropout -o notes.pdf
      derive render mine.py --fragment -o mine.tex
      derive render elbo --format markdown
    """  # noqa: D301
    from derive.runner import decide, document  # noqa: PLC0415
    from derive.targets import choose  # noqa: PLC0415
    from derive.typeset import form_for, pdf_of  # noqa: PLC0415

    form = form_for(form, output, fragment=fragment)
    with asking(bounds(jobs, timeout, memory), _complain, no_cache=no_cache) as pool:
        chosen = choose(pool, names)
        records, status = tell_nothing(decide(pool, chosen.targets), chosen, _Terminal())
        if not records:
            sys.exit(status)
        text = document(pool, records, "fragment" if fragment else "markdown" if form == "markdown" else "tex")
    if form == "pdf" and output is not None:
        _write(output, pdf_of(text), "wb")
    elif output is not None:
        _write(output, text.encode(), "wb")
    else:
        click.echo(text, nl=False)
    if output is not None:
        click.echo(f"wrote {output}")
    for record in records:
        if status_of(record["steps"]) != PROVED:
            _complain(f"not all steps of {record['name']} are proved; the document says which")
    sys.exit(status)


def _write(file: Path, content: bytes, mode: str) -> None:
    from derive.names import LibraryError  # noqa: PLC0415

    try:
        with file.open(mode) as stream:
            stream.write(content)
    except FileExistsError:
        raise LibraryError(f"{file} exists already, and is left as it is") from None
    except OSError as error:
        raise LibraryError(f"{file} cannot be written: {error.strerror}") from None


# Whoever imports this module keeps the handler that was there.
_on_interrupt(_BEFORE)

if __name__ == "__main__":
    main()
