"""Start-up and the cache: what a user waits for, each as the median of some runs, and against `python -c pass`.

    python benchmarks/startup.py [--runs N] [--name NAME]

All runs take turns, so that a busy machine is busy for all of them. The cache is
a temporary one. `cold` is without it, `cached` with it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def seconds(command: list[str], environment: dict[str, str]) -> float:
    """How long a command takes."""
    start = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)}: {done.stderr.decode()}")
    return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--name", default="elbo")
    options = parser.parse_args()
    python = sys.executable
    derive = [python, "-c", "from cli import main; main(prog_name='derive')"]
    library = [*derive, "check", "--all"]
    rows = {
        "python -c pass": [python, "-c", "pass"],
        "import click": [python, "-c", "import click"],
        "import sympy": [python, "-c", "import sympy"],
        "derive --help": [*derive, "--help"],
        "derive list, cached": [*derive, "list"],
        f"derive check {options.name}, cached": [*derive, "check", options.name],
        f"derive check {options.name}, cold": [*derive, "check", options.name, "--no-cache"],
        "the library, cached": library,
        "the library, cold, one job": [*library, "--no-cache", "--jobs", "1"],
        "the library, cold, two jobs": [*library, "--no-cache", "--jobs", "2"],
    }
    with tempfile.TemporaryDirectory() as folder:
        path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
        environment = os.environ | {"DERIVE_CACHE": folder, "PYTHONPATH": path}
        for command in rows.values():
            seconds(command, environment)
        turns = [{name: seconds(command, environment) for name, command in rows.items()} for _ in range(options.runs)]
    medians = {name: statistics.median(turn[name] for turn in turns) for name in rows}
    least = medians["python -c pass"]
    print(f"{'median of ' + str(options.runs) + ' runs':<34} {'ms':>8} {'x python':>9}")
    for name, median in medians.items():
        print(f"{name:<34} {median * 1000:>8.0f} {median / least:>9.1f}")


if __name__ == "__main__":
    main()
