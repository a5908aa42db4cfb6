"""Building terms without evaluating them.

Promise: what is built is the term as it stands.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Add, Basic, Mul, Pow

__all__ = ["call", "ln", "pow_", "sum_", "times"]


def sum_(*args: Any) -> Basic:
    """A sum."""
    return Add(*args, evaluate=False)


def pow_(base: Any, exponent: Any) -> Basic:
    """A power."""
    return Pow(base, exponent, evaluate=False)


def ln(term: Any) -> Basic:
    """A logarithm."""
    return sp.log(term, evaluate=False)


def times(*args: Any) -> Basic:
    """A product."""
    return Mul(*args, evaluate=False)


def call(head: Any, *args: Any) -> Basic:
    """A function."""
    return head(*args, evaluate=False)
