"""`assert_proved`: a derivation as an assertion in tests of one's own.

Promise: it passes where every step has the verdict that its author expects
(`proved`, unless the step says `expect=`), and else raises AssertionError with
the steps that do not, as `derive check` shows them. It decides in this process,
without limits; the pytest plugin has them.
"""

from __future__ import annotations

from typing import Any

from derive.checked import record_of, surprises
from derive.complaints import complaint

__all__ = ["assert_proved"]


def assert_proved(found: Any) -> None:
    """Raise AssertionError unless every step of a derivation, an identity or a report is as expected.

    >>> from derive import Derivation, eq, real
    >>> x = real("x")
    >>> assert_proved(Derivation(x*(x + 1), eq(x**2 + x)))
    """
    __tracebackhide__ = True  # pytest then points at the assertion, not in here
    record = record_of(found)
    wrong = surprises(record)
    if wrong:
        raise AssertionError(complaint(record, wrong))
