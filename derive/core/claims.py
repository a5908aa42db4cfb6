"""What is claimed and what was found: relations, steps, derivations, givens, verdicts.

Promise: plain frozen values. `Proved` and `Refuted` are constructed by
`derive.core.kernel` only; a test scans for it. A verdict is never a bool.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, Protocol, TypeAlias, runtime_checkable

from sympy import Basic, Expr
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, Boolean, Not, Or

from derive.core.errors import GivenError, TermError
from derive.core.terms import FullSupport
from derive.core.terms.values import term_of

__all__ = [
    "Claim", "Condition", "Derivation", "Failed", "Given", "Invalid", "Note", "Proved", "Reason", "Refuted", "Relation",
    "Report", "Step", "StepReport", "Undecided", "Verdict", "Witness", "compose", "eq", "ge", "gt", "le", "lt", "worst",
]


class Relation(Enum):
    """How a step's right side relates to what stands before it."""

    EQ = "="
    LE = "<="
    GE = ">="
    LT = "<"
    GT = ">"


Given: TypeAlias = Boolean
"""A hypothesis: a SymPy comparison, And/Or/Not of them, or `FullSupport`."""


@runtime_checkable
class Reason(Protocol):
    """What may stand behind `by=`: a rule family, or an identity that is cited."""

    @property
    def name(self) -> str:
        """The name that verdicts and listings show."""


@dataclass(frozen=True)
class Step:
    """A relation, the expression on its right, and the reason.

    `by` is empty where the author gave no reason. `expect` is the verdict that
    the author of a wrong printed solution declares. `line` is where it stands.
    """

    relation: Relation
    right: Expr
    by: tuple[Reason, ...] = ()
    expect: str = "proved"
    line: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Derivation:
    """A start expression, its steps, and what is given.

    >>> from sympy import Symbol
    >>> x = Symbol("x", real=True)
    >>> Derivation(x + x, eq(2*x)).conclusion()[1]
    <Relation.EQ: '='>
    """

    start: Expr
    steps: tuple[Step, ...]
    given: tuple[Given, ...]
    line: int | None = field(default=None, compare=False)

    def __init__(self, start: Any, *steps: Step, given: Any = ()) -> None:
        for step in steps:
            if not isinstance(step, Step):
                raise TermError(f"expected steps made by eq, le, ge, lt or gt, found {step!r}")
        if not steps:
            raise TermError("a derivation needs at least one step")
        hypotheses = tuple(given) if isinstance(given, (tuple, list)) else (given,)
        for hypothesis in hypotheses:
            check_given(hypothesis)
        object.__setattr__(self, "start", _expression(start))
        object.__setattr__(self, "steps", steps)
        object.__setattr__(self, "given", hypotheses)
        object.__setattr__(self, "line", _caller_line(1))

    def left_of(self, k: int) -> Expr:
        """The left side of step k, counted from 0: what stands before it."""
        return self.start if k == 0 else self.steps[k - 1].right

    def conclusion(self) -> tuple[Expr, Relation, Expr]:
        """Start, composed relation, last expression; raises TermError where relations clash."""
        relation = Relation.EQ
        for step in self.steps:
            relation = compose(relation, step.relation)
        return self.start, relation, self.steps[-1].right


@dataclass(frozen=True)
class Claim:
    """One relation between two terms, under givens.

    Sides that are identical as written are a flaw, except where `identical`: a
    claim from outside may say so, and still needs both sides to be defined.
    """

    left: Expr
    relation: Relation
    right: Expr
    given: tuple[Given, ...] = ()
    identical: bool = False


def compose(first: Relation, second: Relation) -> Relation:
    """The relation that follows from two in a chain.

    >>> compose(Relation.LE, Relation.LT)
    <Relation.LT: '<'>
    """
    pair = {first, second} - {Relation.EQ}
    if not pair:
        return Relation.EQ
    for side in ((Relation.LT, Relation.LE), (Relation.GT, Relation.GE)):
        if pair <= set(side):
            return side[0] if side[0] in pair else side[1]
    raise TermError(f"a chain may not turn round: found {second.value} after {first.value}")


def check_given(given: Any) -> None:
    """Raise GivenError unless it is a comparison, And/Or/Not of comparisons, or a full support."""
    if isinstance(given, (And, Or, Not)):
        for arg in given.args:
            check_given(arg)
    elif not isinstance(given, (Relational, FullSupport)):
        raise GivenError(
            f"a given is a comparison such as x < y, And/Or/Not of comparisons, or full_support(Q); found {given!r}"
        )


def _expression(value: Any) -> Expr:
    found = term_of(value)
    if not isinstance(found, Expr):
        raise TermError(f"expected an expression, found {type(found).__name__}: {found}")
    return found


def _caller_line(depth: int) -> int | None:
    """The line of the first caller outside this file."""
    frame = sys._getframe(depth)
    here = Path(__file__).name
    while frame is not None and Path(frame.f_code.co_filename).name == here:
        frame = frame.f_back  # type: ignore[assignment]
    return frame.f_lineno if frame is not None else None


def _step(relation: Relation, right: Any, by: Any, expect: Any) -> Step:
    reasons = by if isinstance(by, tuple) else () if by is None else (by,)
    for reason in reasons:
        if not isinstance(reason, Reason):
            raise TermError(f"by= takes a rule or an identity, or several in a tuple; found {reason!r}")
    return Step(relation, _expression(right), reasons, str(expect), _caller_line(2))


def eq(right: Any, by: Any = None, expect: Any = "proved") -> Step:
    """The next line, equal to what stands before it."""
    return _step(Relation.EQ, right, by, expect)


def le(right: Any, by: Any = None, expect: Any = "proved") -> Step:
    """The next line; what stands before it is at most this."""
    return _step(Relation.LE, right, by, expect)


def ge(right: Any, by: Any = None, expect: Any = "proved") -> Step:
    """The next line; what stands before it is at least this."""
    return _step(Relation.GE, right, by, expect)


def lt(right: Any, by: Any = None, expect: Any = "proved") -> Step:
    """The next line; what stands before it is less than this."""
    return _step(Relation.LT, right, by, expect)


def gt(right: Any, by: Any = None, expect: Any = "proved") -> Step:
    """The next line; what stands before it is greater than this."""
    return _step(Relation.GT, right, by, expect)


# ---------------------------------------------------------------- verdicts


@dataclass(frozen=True)
class Condition:
    """A side condition: `term` is not zero, for every value of the indices in `over`."""

    term: Expr
    over: tuple[Basic, ...] = ()


@dataclass(frozen=True)
class Note:
    """One line of a proof's record: what it says, about which term (None where about none), and why."""

    label: str
    term: Expr | None = None
    why: str = ""


class _NoBool:
    """Mixed into verdicts: asking one for its truth value is a mistake."""

    def __bool__(self) -> bool:
        raise TypeError("a verdict is not a bool; look at its class, or at report.verdict")


@dataclass(frozen=True)
class Proved(_NoBool):
    """True for all values that satisfy the givens, at all sizes, wherever both sides are defined.

    `rules` closed it; `conditions` removes a thin set; `trace` says how each
    side condition was discharged, and the normal forms.
    """

    rules: tuple[str, ...]
    conditions: tuple[Condition, ...] = ()
    trace: tuple[Note, ...] = ()
    name = "proved"


@dataclass(frozen=True)
class Witness:
    """A concrete model in which a step fails.

    `values` names every symbol, size and table with its exact value; `left` and
    `right` are the exact values, as text or as terms such as ln(2)/2 (None where
    they are too long, or there are none), `left_decimal` and `right_decimal`
    are correct digits. `repair` says what a nearby step that holds changes, with
    the right side that it has.
    """

    values: tuple[tuple[str, str], ...]
    left: str | Expr | None
    right: str | Expr | None
    left_decimal: str
    right_decimal: str
    repair: Note | None = None


@dataclass(frozen=True)
class Refuted(_NoBool):
    """One model satisfies every given, and both sides are rigorously evaluated in it and do not relate as claimed.

    `trace` holds some of the models that were tried.
    """

    witness: Witness
    trace: tuple[Note, ...] = ()
    name = "refuted"


@dataclass(frozen=True)
class Undecided(_NoBool):
    """Neither: why, what is left, in how many models the sides agreed, and what would close it.

    `trace` holds the normal forms, and some of the models that were tried.
    """

    reason: str
    residue: Expr | None = None
    agreed: int = 0
    hint: str | None = None
    trace: tuple[Note, ...] = ()
    name = "undecided"


@dataclass(frozen=True)
class Invalid(_NoBool):
    """Not well formed, or the reason is not what closes it."""

    reason: str
    name = "invalid"


@dataclass(frozen=True)
class Failed(_NoBool):
    """A time or memory limit, or a bug: nothing about the mathematics."""

    reason: str
    name = "error"


Verdict = Proved | Refuted | Undecided | Invalid | Failed

ORDER = ("proved", "undecided", "error", "invalid", "refuted")
"""Verdicts from best to worst."""


def worst(names: Any) -> str:
    """The worst of some verdict names; that of none is "proved".

    >>> worst(["proved", "error", "undecided"])
    'error'
    """
    return max(names, key=ORDER.index, default="proved")


@dataclass(frozen=True)
class StepReport:
    """One step with its verdict and how long it took."""

    step: Step
    left: Expr
    verdict: Verdict
    seconds: float


@dataclass(frozen=True)
class Report:
    """A derivation with the verdict of every step."""

    derivation: Derivation
    steps: tuple[StepReport, ...]
    seconds: float

    @property
    def verdict(self) -> str:
        """The worst verdict of its steps."""
        return worst(s.verdict.name for s in self.steps)
