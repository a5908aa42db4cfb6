"""From what a user writes to a term, without ever reading text as code."""

from __future__ import annotations

from typing import Any

from sympy import Basic, sympify
from sympy.core.sympify import SympifyError

from derive.core.errors import TermError

__all__ = ["term_of"]


def term_of(value: Any) -> Any:
    """A number or a SymPy object as a term; raises TermError for text and everything else.

    >>> term_of(2)
    2
    >>> term_of("2")
    Traceback (most recent call last):
    derive.core.errors.TermError: expected a number or a term, found '2'
    """
    try:
        found = sympify(value, strict=True)
    except SympifyError:
        raise TermError(f"expected a number or a term, found {value!r}") from None
    if not isinstance(found, Basic):
        raise TermError(f"expected a number or a term, found {value!r}")
    return found
