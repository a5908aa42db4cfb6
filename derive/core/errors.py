"""The one tree of exceptions.

Promise: everything that `derive` raises on purpose is a `DeriveError`; a user's
mistake never surfaces as any other exception. Messages say what was expected
and what was found.
"""

from __future__ import annotations

__all__ = [
    "BudgetError", "DeriveError", "Divergent", "GivenError", "InternalContradiction", "NotEvaluable", "NotNormal",
    "TermError",
]


class DeriveError(Exception):
    """Base of every error that `derive` raises on purpose."""


class TermError(DeriveError):
    """A term is not well formed: wrong number of indices, a float literal, an unknown head."""


class GivenError(DeriveError):
    """A hypothesis is malformed, or the hypotheses contradict each other."""


class BudgetError(DeriveError):
    """A normal form grew past its budget; the step is undecided, nothing is known."""


class NotEvaluable(DeriveError):
    """A term has no rigorous value in this model; this refutes nothing."""


class Divergent(NotEvaluable):
    """A sum certainly has no finite value in this model: its terms do not tend to zero."""


class InternalContradiction(DeriveError):
    """A proved step fails in a model: a bug in the trusted code, reported loudly."""


class NotNormal(DeriveError):
    """A term has a head that the normal form does not know; the step is undecided."""
