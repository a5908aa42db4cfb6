"""Keys of steps: whatever a verdict may rest on changes them, and nothing else does."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import pytest
from sympy import Dummy, Function, Integer, Symbol, evaluate

from derive import (
    Derivation,
    Moments,
    Sum,
    algebra,
    array,
    define,
    eq,
    function,
    ge,
    geometric_series,
    index,
    integer,
    law,
    le,
    linearity,
    log,
    positive,
    random,
    real,
    recursion,
    size,
)
from derive.content import step_key

x, y = real("x"), real("y")
n = size("n")


@dataclass(frozen=True)
class Cited:
    """What a step may cite."""

    name: str
    built: Any
    text: str = ""

    def derivation(self) -> Derivation:
        """Its derivation, also where that cites it."""
        return self.built() if callable(self.built) else self.built


def key(*steps: Any, start: Any = x, given: Any = (), k: int = -1, engine: str = "1") -> str:
    """The key of a step, by default the last one."""
    found = step_key(Derivation(start, *steps, given=given), k % len(steps), engine)
    assert found is not None
    return found


def unequal(left: Any, right: Any) -> None:
    """Two starts make two keys."""
    assert key(eq(0), start=left) != key(eq(0), start=right)


PLAIN = Derivation(x + y, eq(y + x, by=algebra))
OTHER = Derivation(x + y, eq(y + x + 1, by=algebra))


@pytest.mark.parametrize(
    "other",
    [
        lambda: key(eq(y, by=algebra), start=y),
        lambda: key(eq(x, by=algebra)),
        lambda: key(le(y, by=algebra)),
        lambda: key(eq(y)),
        lambda: key(eq(y, by=linearity)),
        lambda: key(eq(y, by=(algebra, linearity))),
        lambda: key(eq(y, by=algebra), given=x < y),
        lambda: key(eq(y, by=Cited("algebra", PLAIN))),
        lambda: key(eq(y, by=algebra), engine="2"),
        lambda: key(eq(y, by=algebra), start=positive("x")),
        lambda: key(eq(y, by=algebra), start=real("z")),
        lambda: key(eq(y, by=algebra), start=Symbol("x", real=True)),
    ],
    ids=["left", "right", "relation", "reason", "rule", "rules", "given", "cited", "engine", "domain", "name", "plain"],
)
def test_what_a_verdict_rests_on_is_in_the_key(other: Any) -> None:
    """Another side, relation, reason, given, engine, name or domain is another key."""
    assert other() != key(eq(y, by=algebra))


def test_what_no_verdict_rests_on_is_not_in_the_key() -> None:
    """The expected verdict, the line, the order of the givens and an equal step elsewhere make no difference."""
    one = key(eq(y, by=algebra), given=(x < y, y < 3))
    assert one == key(eq(y, by=algebra, expect="refuted"), given=(y < 3, x < y))
    assert one == key(eq(x + 1, by=linearity), eq(x), eq(y, by=algebra), given=(y < 3, x < y))
    assert key(eq(y, by=Cited("a", PLAIN, "words"))) == key(eq(y, by=Cited("a", PLAIN, "other words")))


def test_a_chain_that_turns_round_is_another_step() -> None:
    """The relations before a step say whether it may stand there."""
    assert key(ge(y), le(x)) != key(le(y), le(x))


def test_all_of_what_is_cited_is_in_the_key() -> None:
    """Any step or given of a cited identity, its name, and what that cites in turn."""
    cited = [
        Cited("a", PLAIN), Cited("b", PLAIN), Cited("a", OTHER),
        Cited("a", Derivation(x + y, eq(y + x, by=linearity))),
        Cited("a", Derivation(x + y, eq(y + x, by=algebra), given=x < y)),
        Cited("a", Derivation(x + y, eq(y + x, by=Cited("c", PLAIN)))),
        Cited("a", Derivation(x + y, eq(y + x, by=Cited("c", OTHER)))),
    ]  # fmt: skip
    keys = [key(eq(y, by=one)) for one in cited]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (lambda: array("a", n)[1], lambda: array("a", n + 1)[1]),
        (lambda: define("a", x)() + 1, lambda: define("a", y)() + 1),
        (lambda: Sum(x, index("i", n)), lambda: Sum(x, index("i", n + 1))),
        (lambda: log(law("Q", index("z"))(z=1)), lambda: log(law("Q", index("z", 3))(z=1))),
        (lambda: random("R", n, law=Moments(0, x))[1], lambda: random("R", n, law=Moments(0, y))[1]),
        (lambda: function("f")(x), lambda: function("f").derivative(1)(x)),
        (lambda: step_of("up"), lambda: step_of("down")),
        (lambda: integer("k", 0, 3), lambda: integer("k", 0, 4)),
        (lambda: size("k"), lambda: size("k", 2)),
        (lambda: Integer(1), lambda: Symbol("1")),
        (lambda: Function("f")(x), lambda: Function("g")(x)),
        (lambda: Function("f", real=True)(x), lambda: Function("f")(x)),
    ],
    ids=["array", "definition", "range", "law", "random", "order", "recursion", "bounds", "size", "kind", "f", "real"],
)  # fmt: skip
def test_what_a_name_carries_is_in_the_key(left: Any, right: Any) -> None:
    """The shape of an array, the body of a definition, the range of an index, the step of a recursion, and so on."""
    unequal(left(), right())


def step_of(way: str) -> Any:
    """A recursion, upwards or downwards."""
    at = index("l", 0, n)
    return recursion("v", at, 1, x, x*y, upwards=way == "up")[at]


def test_order_and_brackets_are_in_the_key() -> None:
    """A term is kept as it is written."""
    with evaluate(False):
        unequal(x + y, y + x)
        unequal(x + (y + 1), (x + y) + 1)


class Own(Function):  # noqa: D101
    pass


def test_what_is_not_known_in_full_has_no_key() -> None:
    """A head of an author's own, a dummy, a circle of citations, a reason of unknown make."""

    def none(*steps: Any, start: Any = x) -> bool:
        return step_key(Derivation(start, *steps), 0, "1") is None

    circle = Cited("a", lambda: Derivation(x, eq(y, by=Cited("b", lambda: Derivation(x, eq(y, by=circle))))))
    nested = x
    with evaluate(False):
        for _ in range(3000):
            nested = nested + 1
    assert none(eq(Own(x)))
    assert none(eq(0), start=Dummy("x"))
    assert none(eq(y, by=circle))
    assert none(eq(y, by=type("Reason", (), {"name": "mine"})()))
    assert none(eq(nested))
    assert not none(eq(y, by=geometric_series))


def test_keys_are_the_same_in_every_process() -> None:
    """No address and no hash of this process is in them."""
    program = (
        "from derive.library import library_files, load_file\n"
        "from derive.content import step_key\n"
        "for file in library_files():\n"
        "    for found in load_file(file).identities:\n"
        "        steps = found.derivation().steps\n"
        "        print([step_key(found.derivation(), k, '') for k in range(len(steps))])\n"
    )
    outs = [
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert outs[0] == outs[1]
    assert "None" not in outs[0]
    assert len(outs[0]) > 100
