"""What a failing test says: the steps that are not as expected, from their records.

Promise: plain text of at most 80 columns, made without SymPy; nothing is decided.
"""

from __future__ import annotations

from typing import Any

from derive import display

__all__ = ["complaint"]

_WIDTH = 80


def complaint(record: dict[str, Any], wrong: list[int]) -> str:
    """Some steps of a derivation as text: for each what it follows, what it says, its verdict and what that rests on.

    The first line says the most of the first of them: it is what a summary shows.
    """
    page = display.Page(_WIDTH)
    lines = [_headline(record["steps"][wrong[0]], wrong[0], more=len(wrong) - 1)]
    lines += [line for line in display.header(record, page) if line]
    shown: set[int] = set()
    for k in wrong:
        if k - 1 not in shown:
            lines += _before(record, k, page)
        lines += display.step(record, k, record["steps"][k], page)
        shown.add(k)
        contradiction = record["steps"][k].get("contradiction")
        if contradiction:
            lines.append(f"  INTERNAL CONTRADICTION, a bug in derive; please report it: {contradiction}")
    return "\n".join(lines)


def _headline(step: dict[str, Any], k: int, *, more: int) -> str:
    verdict = display.label(step["verdict"], step["expect"])
    reason = "" if step["verdict"] == "proved" else f": {step['reason']}"
    others = f" (and {more} more step{'s' if more > 1 else ''})" if more else ""
    return f"line {k + 2}: {verdict}{reason}{others}"


def _before(record: dict[str, Any], k: int, page: display.Page) -> list[str]:
    """The line that step k follows."""
    if k == 0:
        return display.start(record, page)
    lead = f"{k + 1:>{max(3, len(str(len(record['steps']) + 1)) + 1)}}  "
    room = max(20, page.width - len(lead))
    lines = display.wrap_expression(record["steps"][k - 1]["text"], room, room)
    return [(lead if i == 0 else " " * len(lead)) + line for i, line in enumerate(lines)]
