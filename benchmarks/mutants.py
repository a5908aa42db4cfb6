"""Every small wrong edit of every proved step of the library, checked: what came of them, by kind of edit.

    python benchmarks/mutants.py [--jobs N] [--limit SECONDS] [--open FILE] [NAME...]

Some edits happen to be true, and are proved; `--open` writes these, and all that are neither refuted nor not well
formed, as JSON Lines, to be read by someone. The tests check a sample, and hold the reasons of those known.
"""

from __future__ import annotations

import argparse
import json
import signal
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from types import FrameType

from derive.checking import check_claim
from derive.core.claims import Derivation
from derive.library import library_files, load_file
from derive.mutate import labelled

VERDICTS = ("refuted", "invalid", "undecided", "time-out", "proved")


class _TimeOut(Exception):
    """A check took too long."""


@cache
def library() -> dict[str, Derivation]:
    """Every identity's derivation, by name."""
    found = [identity for path in library_files() for identity in load_file(path).identities]
    return {identity.name: identity.derivation() for identity in found}


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise _TimeOut


def checked(place: tuple[str, int, int]) -> list[dict[str, str]]:
    """The verdict on each mutant of a step: identity, step from 0, and the limit in seconds for each."""
    name, k, limit = place
    signal.signal(signal.SIGALRM, _stop)
    found = []
    for label, claim in labelled(library()[name], k):
        signal.alarm(limit)
        try:
            verdict = check_claim(claim).name
        except _TimeOut:
            verdict = "time-out"
        finally:
            signal.alarm(0)
        sides = {"left": str(claim.left), "relation": claim.relation.value, "right": str(claim.right)}
        kind = label.rpartition(" ")[0]
        found.append({"mutant": f"{name} {k + 2} {label}", "kind": kind, "verdict": verdict, **sides})
    return found


def table(counts: Counter[tuple[str, str]]) -> Iterator[str]:
    """Kinds of edits against verdicts."""
    kinds = sorted({kind for kind, _ in counts})
    yield f"| {' | '.join(('edit', 'mutants', *VERDICTS))} |"
    yield "|---" + "|---:" * (len(VERDICTS) + 1) + "|"
    counts = counts + Counter({("all", v): sum(n for (_, w), n in counts.items() if v == w) for v in VERDICTS})
    for kind in (*kinds, "all"):
        here = Counter({verdict: n for (what, verdict), n in counts.items() if what == kind})
        row = [here[verdict] for verdict in VERDICTS]
        yield f"| {' | '.join((kind, str(sum(row)), *map(str, row)))} |"


def main() -> None:
    """Check them, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="identities by name; all where none is named")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--limit", type=int, default=20, help="seconds for each mutant")
    parser.add_argument("--open", type=Path, help="where to write those that are neither refuted nor invalid")
    asked = parser.parse_args()
    places = [
        (name, k, asked.limit)
        for name, chain in library().items() if not asked.names or name in asked.names
        for k, step in enumerate(chain.steps) if step.expect == "proved"
    ]  # fmt: skip
    counts, left = Counter[tuple[str, str]](), []
    with ProcessPoolExecutor(asked.jobs) as pool:
        for found in pool.map(checked, places):
            for one in found:
                counts[one["kind"], one["verdict"]] += 1
                left += [one] if one["verdict"] not in {"refuted", "invalid"} else []
    if asked.open is not None:
        asked.open.write_text("".join(json.dumps(one) + "\n" for one in left), encoding="utf-8")
    print("\n".join(table(counts)))


if __name__ == "__main__":
    main()
