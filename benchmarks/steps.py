"""Each step of the library against `sympy.simplify(lhs - rhs)`, in one process and one run.

    python benchmarks/steps.py [--limit SECONDS] [--repeat N]

For SymPy a term is translated as far as SymPy has words for it: sums, entries
as IndexedBase, laws as functions, expectations over a law as weighted sums,
definitions unfolded. An expectation over random entries it has no word for; it
stays an opaque function. `proved` counts steps whose difference became 0.
"""

from __future__ import annotations

import argparse
import signal
import statistics
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

import sympy
from sympy import Basic, Function, IndexedBase, KroneckerDelta

from derive.checking import check_step
from derive.core.claims import Derivation, Proved
from derive.core.terms import Binder, Defined, Delta, Entry, Expectation, Index, Prob, Sum, Variance
from derive.library import AS_PRINTED, Identity, library_files, load_file


def native(term: Basic) -> Basic:
    """A term in SymPy's own words, as far as it has them."""
    match term:
        case Defined():
            return native(term.definition())
        case Sum():
            return sympy.Sum(native(term.bodies[0]), *((i, native(a), native(b)) for i, a, b in term.limits))
        case Expectation() | Variance() if term.arrays:
            return Function(type(term).__name__)(native(term.bodies[0]))
        case Binder():
            return native(term.definition())
        case Entry():
            return IndexedBase(term.array.name)[tuple(native(i) for i in term.indices)]
        case Prob():
            values = [native(v) for v in (*term.targets.values(), *term.givens.values())]
            slots = "".join(map(str, term.targets)) + "_" + "".join(map(str, term.givens))
            return Function(f"{term.law.name}{slots}", positive=True)(*values)
        case Delta():
            return KroneckerDelta(*(native(a) for a in term.args))
        case Index():
            return sympy.Symbol(term.name, integer=True)
    return term.func(*(native(a) for a in term.args)) if term.args else term


class Expired(Exception):
    """The limit has passed."""


def within(limit: float, work: Callable[[], Any]) -> tuple[Any, float]:
    """The result of some work and its seconds; None where the limit passed or it failed."""

    def expire(_signal: int, _frame: FrameType | None) -> None:
        raise Expired

    signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, limit)
    start = time.perf_counter()
    try:
        found = work()
    except Exception:  # noqa: BLE001 - SymPy may fail in any way on what it does not know
        found = None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return found, time.perf_counter() - start


def simplified(derivation: Derivation, k: int) -> bool:
    """Whether SymPy's simplify brings the difference of the sides to 0."""
    left, right = native(derivation.left_of(k)), native(derivation.steps[k].right)
    return sympy.simplify(left - right) == 0


def identities() -> list[Identity]:
    """The library, without what is printed wrong."""
    found = [identity for file in library_files() for identity in load_file(file).identities]
    return [identity for identity in found if AS_PRINTED not in identity.tags]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=float, default=10.0)
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    rows = []
    for identity in identities():
        derivation = identity.derivation()
        for k in range(len(derivation.steps)):
            check_step(derivation, k)
            times = [within(options.limit, lambda k=k, d=derivation: check_step(d, k)) for _ in range(options.repeat)]
            proved = times[0][0] is not None and isinstance(times[0][0].verdict, Proved)
            sympy.core.cache.clear_cache()
            theirs, seconds = within(options.limit, lambda k=k, d=derivation: simplified(d, k))
            rows.append((identity.name, k + 2, statistics.median(t for _, t in times), proved, seconds, bool(theirs)))
    print(f"{'identity':<34} {'line':>4} {'derive':>10} {'':>8} {'simplify':>10}")
    for name, line, ours, proved, theirs, zero in rows:
        print(f"{name:<34} {line:>4} {ours * 1000:>7.1f} ms {'proved' if proved else '-':>8} "
              f"{theirs * 1000:>7.1f} ms {'proved' if zero else '-':>8}")
    ours, theirs = (statistics.median(row[n] for row in rows) for n in (2, 4))
    print(f"\nmedian step: derive {ours * 1000:.1f} ms, simplify {theirs * 1000:.1f} ms, ratio {theirs / ours:.1f}")
    print(f"proved: derive {sum(r[3] for r in rows)} of {len(rows)}, simplify {sum(r[5] for r in rows)} of {len(rows)}")
    for name in dict.fromkeys(r[0] for r in rows):
        print(f"chain {name}: {sum(r[2] for r in rows if r[0] == name) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
