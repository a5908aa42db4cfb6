"""Claims whose truth is known: what derive makes of them, and SymPy's simplify, and floats at random points.

    python benchmarks/outside.py FOLDER [--files NAME ...] [--sample N] [--timeout SECONDS] [--jobs N]
                                 [--no-baselines] [--markdown] [--undecided FILE]

Every claims file (JSON Lines) in the folder whose lines have a `truth` is run: "true", "false", or "conditional",
which may be proved with a condition shown only. Where a line says `"core": false` it is counted by itself. Exit status
1 where a false claim is proved, a true one refuted, or a conditional one proved without a condition.

    simplify   proves a step where sympy.simplify((left - right).doit()) == 0
    floats     refutes a step where both sides differ at one of some random points that satisfy what is given

Both read the claim with SymPy's own parser, which runs text as code: run this on files that you trust. Each claim is
run in a worker process, which is killed at the same limit. All three take their turn in the same run.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from derive.batch.deciding import Feed, answers
from derive.batch.lines import lines
from derive.pool import Limits, Pool, Stopped
from derive.processes import Processes

TRUTHS = ("true", "conditional", "false")
VERDICTS = ("proved", "refuted", "undecided", "invalid", "error")

Claim = dict[str, Any]


@dataclass
class Outcome:
    """What was made of a claim: the verdict and its answer, and how long that took."""

    claim: Claim
    verdict: str
    seconds: float
    answer: dict[str, Any] = field(default_factory=dict)

    @property
    def unsound(self) -> str | None:
        """What is wrong with the verdict, if anything."""
        truth = self.claim["truth"]
        if truth == "false" and self.verdict == "proved":
            return "a false claim is proved"
        if truth == "true" and self.verdict == "refuted":
            return "a true claim is refuted"
        bare = not any(step["conditions"] for step in self.answer.get("steps", []))
        if truth == "conditional" and self.verdict == "proved" and bare:
            return "a claim that needs a condition is proved without one"
        return None


# ---------------------------------------------------------------- the three


def by_derive(claims: list[Claim], limits: Limits) -> Iterator[Outcome]:
    """What derive makes of claims."""
    text = "\n".join(json.dumps(claim) for claim in claims).encode()
    with Pool(limits) as pool:
        feed = Feed(lines(BytesIO(text)))
        feed.start()
        answered = (found[1] for found in answers(pool, feed) if found is not None)
        for claim, answer in zip(claims, answered, strict=True):
            yield Outcome(claim, answer["verdict"], answer["seconds"], answer)


def by_baseline(name: str, word: str, claims: list[Claim], limits: Limits) -> list[Outcome]:
    """What a baseline makes of claims: the word where it is sure, else "undecided", or "error" at a limit."""
    processes = Processes(limits, entry="baselines")
    try:
        tasks = [processes.submit(name, claim) for claim in claims]
        found = []
        for claim, task in zip(claims, tasks, strict=True):
            answer = processes.result(task)
            if isinstance(answer, Stopped):
                found.append(Outcome(claim, "error", answer.seconds))
            else:
                found.append(Outcome(claim, word if answer["sure"] else "undecided", answer["seconds"]))
        return found
    finally:
        processes.close()


# ---------------------------------------------------------------- tables


def row(name: str, truth: str, runs: dict[str, list[Outcome]]) -> list[str]:
    """One row: how many of the claims came to which verdict, and how long that took."""
    ours = runs["derive"]
    counts = Counter(found.verdict for found in ours)
    seconds = sorted(found.seconds for found in ours)
    cells = [name, truth, str(len(ours)), *(str(counts[verdict]) for verdict in VERDICTS)]
    cells += [f"{statistics.median(seconds) * 1000:.0f} ms", f"{seconds[int(0.9 * (len(seconds) - 1))] * 1000:.0f} ms"]
    cells.append(f"{sum(seconds):.0f} s")
    for other, word in (("simplify", "proved"), ("floats", "refuted")):
        cells += (
            [str(sum(found.verdict == word for found in runs[other])), f"{sum(f.seconds for f in runs[other]):.0f} s"]
            if other in runs else ["-", "-"]
        )  # fmt: skip
    return cells


HEAD = [
    "file", "truth", "claims", *VERDICTS, "median", "90 %", "total", "simplify proves", "in", "floats refute", "in",
]  # fmt: skip


def shown(rows: list[list[str]], *, markdown: bool) -> Iterator[str]:
    """The table as lines."""
    if markdown:
        yield f"| {' | '.join(HEAD)} |"
        yield f"|{'---|' * 2}{'---:|' * (len(HEAD) - 2)}"
        yield from (f"| {' | '.join(cells)} |" for cells in rows)
        return
    widths = [max(len(cells[i]) for cells in [HEAD, *rows]) for i in range(len(HEAD))]
    for cells in [HEAD, *rows]:
        sides = "<<" + ">" * (len(HEAD) - 2)
        yield "  ".join(f"{cell:{side}{w}}" for cell, side, w in zip(cells, sides, widths, strict=True))


def groups(name: str, runs: dict[str, list[Outcome]]) -> Iterator[tuple[str, str, dict[str, list[Outcome]]]]:
    """The outcomes of a file by their truth, those outside the core by themselves."""
    kinds = [(claim["truth"], claim.get("core", True)) for claim in (found.claim for found in runs["derive"])]
    for core in (True, False):
        for truth in TRUTHS:
            here = [i for i, kind in enumerate(kinds) if kind == (truth, core)]
            if here:
                chosen = {key: [found[i] for i in here] for key, found in runs.items()}
                yield name if core else f"{name}, not core", truth, chosen


# ---------------------------------------------------------------- the run


def read(path: Path, sample: int | None) -> list[Claim]:
    """The claims of a file whose truth is known, or a sample of them, the same each time."""
    with path.open(encoding="utf-8") as stream:
        found = [claim for claim in map(json.loads, filter(str.strip, stream)) if claim.get("truth") in TRUTHS]
    for claim in found:
        claim.setdefault("symbols", {})
        claim.setdefault("given", [])
    if sample is not None and sample < len(found):
        chosen = sorted(random.Random(0).sample(range(len(found)), sample))
        found = [found[i] for i in chosen]
    return found


def dump(path: Path, outcomes: Iterable[tuple[str, Outcome]]) -> None:
    """Write the claims that are neither proved nor refuted, by topic."""
    by_topic: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for file, found in outcomes:
        if found.verdict not in ("proved", "refuted"):
            reasons = [step["reason"] for step in found.answer["steps"] if step["verdict"] == found.verdict]
            topic = str(found.claim.get("topic", ""))
            reason = found.answer.get("reason") or "; ".join(reasons)
            by_topic[topic].append(
                {"file": file, **found.claim, "verdict": found.verdict, "reason": reason, "seconds": found.seconds}
            )
    with path.open("w", encoding="utf-8") as stream:
        for topic in sorted(by_topic, key=lambda topic: (-len(by_topic[topic]), topic)):
            for entry in by_topic[topic]:
                stream.write(json.dumps(entry) + "\n")


def main() -> None:
    """Print the table, and what is unsound."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", nargs="+", metavar="NAME", help="only files with one of these in their name")
    parser.add_argument("--sample", type=int, metavar="N", help="so many claims of each file")
    parser.add_argument("--timeout", type=float, default=10.0, metavar="SECONDS")
    parser.add_argument("--jobs", type=int, default=Limits().jobs, metavar="N")
    parser.add_argument("--no-baselines", action="store_true", help="derive alone")
    parser.add_argument("--markdown", action="store_true", help="the table as Markdown")
    parser.add_argument("--undecided", type=Path, metavar="FILE", help="write what is not decided there, by topic")
    options = parser.parse_args()
    files = sorted(options.folder.glob("*.jsonl"))
    files = [path for path in files if not options.files or any(name in path.name for name in options.files)]
    if not files:
        parser.error(f"found no claims file (*.jsonl) in {options.folder} that was asked for")
    limits = Limits(seconds=options.timeout, jobs=options.jobs)
    rows: list[list[str]] = []
    decided: list[tuple[str, Outcome]] = []
    for path in files:
        claims = read(path, options.sample)
        if not claims:
            continue
        runs = {"derive": list(by_derive(claims, limits))}
        if not options.no_baselines:
            runs["simplify"] = by_baseline("simplify", "proved", claims, limits)
            runs["floats"] = by_baseline("floats", "refuted", claims, limits)
        rows += [row(*group) for group in groups(path.stem, runs)]
        decided += [(path.name, found) for found in runs["derive"]]
    for line in shown(rows, markdown=options.markdown):
        print(line)
    if options.undecided is not None:
        dump(options.undecided, decided)
    wrong = [(file, found) for file, found in decided if found.unsound]
    for file, found in wrong:
        print(f"\nUNSOUND: {found.unsound}: {file}: {json.dumps(found.claim)}\n  {json.dumps(found.answer)}")
    print(f"\n{len(decided)} claims, {len(wrong)} unsound verdicts, limit {options.timeout:g} s, {options.jobs} jobs")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
