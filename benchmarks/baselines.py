"""What the claims of `outside.py` are compared with: SymPy's simplify, and floats at random points.

Both read a claim with SymPy's own parser, which runs text as code: they are for files that one trusts. This module is
the entry of worker processes (see `derive.processes`), which end at their limits.
"""

from __future__ import annotations

import random
import re
import signal
import time
from collections.abc import Iterator
from json import dumps
from typing import Any

import sympy
from sympy.parsing.sympy_parser import parse_expr

from derive import worker

__all__ = ["initialise", "operate"]

POINTS, TOLERANCE = 5, 1e-8
_RELATION = re.compile(r"\s*(<=|>=|==|=|<|>)")

Claim = dict[str, Any]


def initialise(memory: int, _access: None) -> None:
    """Make this process a worker, as derive's own are."""
    worker.initialise(memory)


def operate(name: str, args: list[Any]) -> str:
    """Whether a baseline is sure of a claim, and its seconds."""
    claim, seconds = args
    signal.setitimer(signal.ITIMER_REAL, seconds)
    start = time.perf_counter()
    try:
        sure = {"simplify": simplified, "floats": differs}[name](claim)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - SymPy may fail in any way
        sure = False
    signal.setitimer(signal.ITIMER_REAL, 0)
    return dumps({"sure": sure, "seconds": time.perf_counter() - start})


def simplified(claim: Claim) -> bool:
    """Whether each step is an equation whose difference SymPy brings to 0."""
    return all(
        relation == "=" and sympy.simplify((left - right).doit()) == 0 for left, relation, right in _steps(claim)
    )


def differs(claim: Claim) -> bool:
    """Whether a step fails, in floating-point numbers, at some random point."""
    names = _symbols(claim)
    givens = [_read(text, names) for text in claim["given"]]
    rng = random.Random(0)
    for left, relation, right in _steps(claim):
        free = sorted(left.free_symbols | right.free_symbols, key=str)
        for _ in range(POINTS):
            point = _point(free, claim, givens, rng)
            if point is None:
                continue
            a, b = (complex(sympy.N(side.subs(point))) for side in (left, right))
            if _fails(a, relation, b):
                return True
    return False


def _fails(a: complex, relation: str, b: complex) -> bool:
    room = TOLERANCE * max(1, abs(a), abs(b))
    if relation == "=":
        return abs(a - b) > room
    gap = (a - b).real if relation[0] == "<" else (b - a).real
    return gap > room


def _point(free: list[Any], claim: Claim, givens: list[Any], rng: random.Random) -> dict[Any, Any] | None:
    """Values for symbols that satisfy what is given, if some are soon found."""
    for _ in range(200):
        point = {symbol: _value(str(claim["symbols"].get(symbol.name, "real")), rng) for symbol in free}
        if all(given.subs(point) == True for given in givens):  # noqa: E712 - SymPy's own true
            return point
    return None


def _value(words: str, rng: random.Random) -> Any:
    if "integer" in words:
        low = 1 if "positive" in words else 0 if "nonnegative" in words else -5
        return sympy.Integer(rng.randint(low, 6))
    size = sympy.Float(rng.uniform(0.05, 3))
    if "complex" in words:
        return sympy.Float(rng.uniform(-3, 3)) + sympy.I * sympy.Float(rng.uniform(-3, 3))
    sign = -1 if "negative" in words.split() else 1 if re.search("positive|nonnegative", words) else rng.choice((-1, 1))
    return sign * size


def _symbols(claim: Claim) -> dict[str, Any]:
    names: dict[str, Any] = {}
    for name, words in claim["symbols"].items():
        said = str(words).split()
        real = {} if "complex" in said or "integer" in said else {"real": True}
        known = {w: True for w in said if w in ("integer", "positive", "negative", "nonnegative", "nonpositive")}
        names[name] = sympy.Symbol(name, **real, **known)
    return names


def _steps(claim: Claim) -> Iterator[tuple[Any, str, Any]]:
    """The steps of a claim in SymPy's own words."""
    names = _symbols(claim)
    left = _read(claim["steps"][0], names)
    for text in claim["steps"][1:]:
        found = _RELATION.match(text)
        if found is None:
            raise ValueError(text)
        right = _read(text[found.end() :], names)
        yield left, found[1].replace("==", "="), right
        left = right


def _read(text: str, names: dict[str, Any]) -> Any:
    return parse_expr(text.replace("^", "**"), local_dict=dict(names))
