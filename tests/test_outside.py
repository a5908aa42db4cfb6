"""The outside benchmark: claims whose truth is known against their verdicts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from support import clean_environment

FOLDER = Path(__file__).resolve().parent.parent / "benchmarks"

CLAIMS = [
    {"symbols": {"x": "positive", "y": "positive"}, "steps": ["log(x*y)", "= log(x) + log(y)"], "truth": "true"},
    {"symbols": {"x": "real"}, "given": ["x < 0"], "steps": ["sqrt(x**2)", "= x"], "truth": "false"},
    {"symbols": {"x": "real"}, "steps": ["x + x", "= 2*x", "<= 2*x + 1"], "truth": "true", "topic": "sums"},
    {"symbols": {"x": "real"}, "steps": ["Si(x)", "= -Si(-x)"], "truth": "true", "core": False},
]


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The benchmark as a module."""
    monkeypatch.syspath_prepend(str(FOLDER))
    import outside

    return outside


def run(folder: Path, claims: list[dict[str, object]], *args: str) -> subprocess.CompletedProcess[str]:
    """Run the benchmark on some claims."""
    (folder / "some.jsonl").write_text("\n".join(map(json.dumps, claims)), encoding="utf-8")
    return subprocess.run(
        [sys.executable, str(FOLDER / "outside.py"), str(folder), "--jobs", "1", *args], capture_output=True,
        text=True, check=False, timeout=100, env=clean_environment(PYTHONPATH=str(FOLDER.parent)), cwd=folder,
    )  # fmt: skip


def test_the_table_counts_verdicts_by_truth(tmp_path: Path) -> None:
    """One row for each file and truth, what is not core by itself, and the baselines beside it."""
    done = run(tmp_path, CLAIMS, "--markdown", "--undecided", "left.jsonl")
    assert (done.returncode, done.stderr) == (0, "")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in done.stdout.splitlines() if "|" in line]
    table = {(row[0], row[1]): dict(zip(rows[0][2:8], row[2:8], strict=True)) for row in rows[2:]}
    assert table["some", "true"] == {
        "claims": "2", "proved": "2", "refuted": "0", "undecided": "0", "invalid": "0", "error": "0",
    }  # fmt: skip
    assert table["some", "false"]["refuted"] == "1"
    assert table["some, not core", "true"]["undecided"] == "1"
    floats = {(row[0], row[1]): row[-2] for row in rows[2:]}
    assert floats == {("some", "true"): "0", ("some", "false"): "1", ("some, not core", "true"): "0"}
    (left,) = map(json.loads, (tmp_path / "left.jsonl").read_text().splitlines())
    assert (left["file"], left["verdict"], left["core"]) == ("some.jsonl", "undecided", False)
    assert left["reason"]


def test_an_unsound_verdict_is_loud(tmp_path: Path) -> None:
    """Where the truth and the verdict contradict each other, the claim is shown and the status is 1."""
    turned = {**CLAIMS[0], "truth": "false"}
    done = run(tmp_path, [turned, CLAIMS[1]], "--no-baselines")
    assert done.returncode == 1
    assert "UNSOUND: a false claim is proved: some.jsonl:" in done.stdout
    assert "2 claims, 1 unsound verdicts" in done.stdout


@pytest.mark.parametrize(
    ("truth", "verdict", "conditions", "said"),
    [
        ("true", "proved", [], None),
        ("true", "refuted", [], "a true claim is refuted"),
        ("true", "undecided", [], None),
        ("false", "proved", [], "a false claim is proved"),
        ("false", "proved", ["x != 0"], "a false claim is proved"),
        ("false", "refuted", [], None),
        ("conditional", "proved", [], "a claim that needs a condition is proved without one"),
        ("conditional", "proved", ["x != 0"], None),
        ("conditional", "refuted", [], None),
    ],
)
def test_what_is_unsound(
    outside: ModuleType, truth: str, verdict: str, conditions: list[str], said: str | None
) -> None:
    """Each pair of truth and verdict."""
    answer = {"steps": [{"conditions": []}, {"conditions": conditions}]}
    assert outside.Outcome({"truth": truth}, verdict, 0.0, answer).unsound == said


def test_a_sample_is_the_same_each_time(outside: ModuleType, tmp_path: Path) -> None:
    """Lines without a known truth are left out, and the sample keeps their order."""
    path = tmp_path / "many.jsonl"
    lines = [{"id": i, "steps": [], "truth": "true" if i % 2 else "unknown"} for i in range(100)]
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    first, again = (outside.read(path, 10) for _ in range(2))
    assert first == again
    assert len(first) == 10
    assert [claim["id"] for claim in first] == sorted(claim["id"] for claim in first)
    assert all(claim["id"] % 2 for claim in first)


def test_a_folder_without_claims_is_a_mistake(tmp_path: Path) -> None:
    """Nothing to measure is said."""
    done = run(tmp_path, [], "--files", "nosuch")
    assert done.returncode == 2
    assert "found no claims file" in done.stderr
