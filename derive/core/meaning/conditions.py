"""Conditions compiled to closures.

Promise: a condition is True or False only where that is certain.
"""

from __future__ import annotations

from collections.abc import Callable

from sympy import Basic
from sympy.core.relational import Eq, Ge, Gt, Le, Lt, Ne, Relational
from sympy.logic.boolalg import And, BooleanFalse, BooleanTrue, Not, Or

from derive.core.errors import NotEvaluable
from derive.core.meaning.frames import Frame, Scope, refuse
from derive.core.meaning.values import compare

__all__ = ["RELATIONS", "Truth", "compile_truth", "folded"]

Truth = Callable[[Frame], bool | None]


def compile_truth(condition: Basic, scope: Scope) -> Truth:
    """A closure that decides a condition; None where it is not certain."""
    if isinstance(condition, (BooleanTrue, BooleanFalse)):
        known = bool(condition)
        return lambda _: known
    if isinstance(condition, Relational):
        left, right = (scope.code(a) for a in condition.args)
        verdicts = RELATIONS.get(type(condition))
        if verdicts is None:
            return refuse(f"{type(condition).__name__} has no meaning here")
        return lambda f: verdicts.get(compare(left(f), right(f)))
    if isinstance(condition, Not):
        inside = compile_truth(condition.args[0], scope)
        return lambda f: {True: False, False: True, None: None}[inside(f)]
    if isinstance(condition, (And, Or)):
        decisive = isinstance(condition, Or)
        parts = [compile_truth(a, scope) for a in condition.args]
        return lambda f: _joined(parts, f, decisive=decisive)
    return refuse(f"{type(condition).__name__} is not a condition")


def _joined(parts: list[Truth], f: Frame, *, decisive: bool) -> bool | None:
    """Or (decisive True) or And (decisive False): one decisive part settles it, whatever the others are."""
    uncertain = False
    for part in parts:
        try:
            found = part(f)
        except NotEvaluable:
            found = None
        if found is decisive:
            return decisive
        uncertain = uncertain or found is None
    return None if uncertain else not decisive


def folded(condition: Basic, decide: Callable[[Relational], bool]) -> bool:
    """The truth of a condition all of whose comparisons are decided; raises NotEvaluable where one is not."""
    if isinstance(condition, (BooleanTrue, BooleanFalse)):
        return bool(condition)
    if isinstance(condition, Not):
        return not folded(condition.args[0], decide)
    if isinstance(condition, (And, Or)):
        return (all if isinstance(condition, And) else any)([folded(a, decide) for a in condition.args])
    if not isinstance(condition, Relational):
        raise NotEvaluable("a condition that is not understood")
    return decide(condition)


RELATIONS: dict[type, dict[str | None, bool]] = {
    Eq: {"equal": True, "less": False, "greater": False, "different": False, "unequal": False},
    Ne: {"equal": False, "less": True, "greater": True, "different": True, "unequal": True},
    Lt: {"less": True, "greater": False, "equal": False},
    Le: {"less": True, "greater": False, "equal": True},
    Gt: {"less": False, "greater": True, "equal": False},
    Ge: {"less": False, "greater": True, "equal": True},
}
"""What each relation says of the ways in which two values may compare."""
