"""How records look on a page of text: pure layout, from plain dicts to lines.

Promise: nothing is printed here, nothing is computed but the layout, and no line
is wider than the page unless a single word is. Without colour a line is plain
text; colour changes no letter of it.

Glossary
    page     how wide the text may be, and whether it may be coloured
    record   a derivation or a step as plain data, made by `printers.records`
    tail     what stands at the right of a step: reason, verdict, time
    details  what stands under a step: the witness, what is left over, the reason why not
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = [
    "Page", "closing", "explanation", "header", "label", "rule", "shelf", "start", "statement", "step", "summary",
    "wrap_expression",
]

_STYLES = {
    "title": "1", "faint": "2", "proved": "32", "undecided": "33", "error": "35", "invalid": "31", "refuted": "1;31",
}  # fmt: skip

_VERDICTS = {"refuted": "REFUTED"}
"""How a verdict is written where it is not its name: what is wrong must meet the eye."""

_REASON_WIDTH = 30
_DETAIL = " " * 7


@dataclass(frozen=True)
class Page:
    """A page of text."""

    width: int = 80
    colour: bool = False

    def paint(self, text: str, style: str) -> str:
        """The text in a style, where there is colour."""
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self.colour and text else text


# ---------------------------------------------------------------- long lines


def wrap_expression(text: str, first: int, rest: int) -> list[str]:
    """Break an expression where it is least nested: `first` columns for the first line, `rest` for the others.

    >>> wrap_expression("a*(b + c) + d", 11, 9)
    ['a*(b + c)', '+ d']
    """
    lines = []
    room = first
    while len(text) > room:
        cut = _cut(text, room)
        lines.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
        room = rest
    return [*lines, text]


def _cut(text: str, room: int) -> int:
    """Where to break a text that does not fit: before an operator at the lowest depth, late rather than early."""
    depth = 0
    best = (room, room)  # a cut by force counts as very deep
    best_score = (1000, 0)
    for at, letter in enumerate(text[: room + 1]):
        if letter in ")]}":
            depth -= 1
        before = text[max(0, at - 1)]
        penalty = None
        if letter in "+-" and before == " " and text[at + 1 : at + 2] == " ":
            penalty = 0
        elif letter == "*" or before == ",":
            penalty = 1
        elif before == " ":
            penalty = 2
        if penalty is not None and 0 < at <= room:
            # A line that is nearly empty is worse than a break one level deeper.
            score = (depth * 3 + penalty + (3 if at < room // 3 else 0), -at)
            if score < best_score:
                best, best_score = (at, room), score
        if letter in "([{":
            depth += 1
    return best[0]


def _wrap(text: str, width: int, indent: str, first: str | None = None) -> list[str]:
    """Words, wrapped under themselves."""
    return textwrap.wrap(
        text, max(width, len(indent) + 20), initial_indent=indent if first is None else first,
        subsequent_indent=indent, break_long_words=False, break_on_hyphens=False,
    ) or [(indent if first is None else first).rstrip()]  # fmt: skip


def _expression(text: str, lead: str, page: Page) -> list[str]:
    """An expression behind a lead, wrapped under itself."""
    room = max(20, page.width - len(lead))
    return [(lead if i == 0 else " " * len(lead)) + line for i, line in enumerate(wrap_expression(text, room, room))]


# ---------------------------------------------------------------- a derivation


def header(record: dict[str, Any], page: Page) -> list[str]:
    """The title, the source, the file, and what is given."""
    title, source, file = record["title"], record["source_text"], record["file"]
    rest = [part for part in (source, file) if part]
    free = page.width - len(title) - sum(map(len, rest))
    if rest and free >= 2 * len(rest):
        # The file stands at the right margin, the source half way.
        gaps = [free // len(rest)] * (len(rest) - 1)
        gaps.append(free - sum(gaps))
        line = "".join(" " * gap + part for gap, part in zip(gaps, rest, strict=True))
        lines = [page.paint(title, "title") + page.paint(line, "faint")]
    else:
        lines = [page.paint(line, "title") for line in _wrap(title, page.width, "")]
        below = "   ".join(rest)
        fits = len(below) + 2 <= page.width
        parts = [below] if rest and fits else rest
        wrapped = [line for part in parts for line in _wrap(part, page.width, "  ")]
        lines += [page.paint(line, "faint") for line in wrapped]
    given = "; ".join(record["given"])
    return lines + (_wrap(given, page.width, " " * 9, "  given  ") if given else [])


def start(record: dict[str, Any], page: Page) -> list[str]:
    """Line 1: the expression that the chain starts with."""
    return _expression(record["start"]["text"], _lead(1, len(record["steps"])), page)


def statement(record: dict[str, Any], page: Page) -> list[str]:
    """A derivation as it is written, without verdicts."""
    lines = [*header(record, page), *start(record, page)]
    for k, one in enumerate(record["steps"]):
        lines += _with_tail(_step_lines(one, k, record, page), _reason(one), page.width, page)
    return lines


def step(record: dict[str, Any], k: int, one: dict[str, Any], page: Page) -> list[str]:
    """A decided step: relation, expression, reason, verdict, time; and its details."""
    reason = max([0, *(min(len(_reason(s)), _REASON_WIDTH) for s in [*record["steps"], one])])
    said = max(len(label(s["expect"], s["expect"])) if s["expect"] != "proved" else 9 for s in record["steps"])
    reasons = textwrap.wrap(_reason(one), _REASON_WIDTH) or [""]
    verdict = label(one["verdict"], one["expect"])
    tail = f"{reasons[0]:<{reason}}  {verdict:<{said}} {_time(one['seconds']):>7}"
    lines = _with_tail(_step_lines(one, k, record, page), tail, page.width, page, verdict, one["verdict"])
    left = max(0, page.width - len(tail))
    lines += [" " * left + more for more in reasons[1:]]
    return lines + details(one, page)


def _with_tail(lines: list[str], tail: str, width: int, page: Page, word: str = "", style: str = "") -> list[str]:
    """Put the tail at the right margin: beside the last line where it fits, else under it."""
    *above, last = lines
    painted = tail.replace(word, page.paint(word, style)) if word else page.paint(tail, "faint")
    gap = width - len(last) - len(tail)
    if not tail:
        return lines
    if gap >= 2:
        return [*above, last + " " * gap + painted]
    return [*lines, " " * max(0, width - len(tail)) + painted]


def _step_lines(one: dict[str, Any], k: int, record: dict[str, Any], page: Page) -> list[str]:
    return _expression(one["text"], f"{_lead(k + 2, len(record['steps']))}{one['relation']} ", page)


def _lead(number: int, steps: int) -> str:
    return f"{number:>{max(3, len(str(steps + 1)) + 1)}}  "


def _reason(one: dict[str, Any]) -> str:
    return ", ".join(one["by_titles"])


def _time(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.1f} s"
    return f"{round(seconds * 1000)} ms" if seconds >= 0.0005 else "<1 ms"


def label(verdict: str, expect: str) -> str:
    """A verdict as it is written beside a step.

    >>> label("refuted", "proved"), label("refuted", "refuted"), label("proved", "refuted")
    ('REFUTED', 'refuted, as expected', 'proved, expected refuted')
    """
    if expect == "proved":
        return _VERDICTS.get(verdict, verdict)
    return f"{verdict}, as expected" if verdict == expect else f"{verdict}, expected {expect}"


def details(one: dict[str, Any], page: Page) -> list[str]:
    """What stands under a step."""
    said: list[str] = []
    if one["conditions"]:
        said += _wrap("where " + ", ".join(one["conditions"]), page.width, _DETAIL + "  ", _DETAIL)
    if one["verdict"] == "refuted" and one["witness"] is not None:
        said += _witness(one["witness"], page)
    elif one["verdict"] == "undecided":
        if one.get("residue"):
            said += _expression(one["residue"], _DETAIL + "left over:  ", page)
        elif one["reason"]:
            said += _wrap(one["reason"], page.width, _DETAIL)
        if one.get("agreed"):
            models = f"{one['agreed']} model{'s' if one['agreed'] != 1 else ''}"
            said += _wrap(f"both sides agree in {models}: evidence, not a proof", page.width, _DETAIL)
        if one.get("hint"):
            said += _wrap(one["hint"], page.width, _DETAIL)
    elif one["verdict"] in ("invalid", "error") and one["reason"]:
        said += _wrap(one["reason"], page.width, _DETAIL)
    return said


def _witness(witness: dict[str, Any], page: Page) -> list[str]:
    values = ", ".join(f"{name} = {value}" for name, value in witness["values"].items())
    at = f"at {values}:" if values else "for any values:"
    sides = [f"{side:<5} {_value(witness[side], witness[f'{side}_decimal'])}" for side in ("left", "right")]
    whole = f"{_DETAIL}{at}   {'   '.join(' '.join(s.split()) for s in sides)}"
    if len(whole) <= page.width:
        lines = [whole]
    else:
        lines = _wrap(at, page.width, _DETAIL + "   ", _DETAIL)
        for side in sides:
            lines += _wrap(side[6:], page.width, _DETAIL + " " * 6, _DETAIL + side[:6])
    if witness.get("repair"):
        words, _, right = witness["repair"].rpartition(": ")
        if len(words) <= page.width // 2:
            lines += _expression(right, f"{_DETAIL}{words}:   " if words else _DETAIL, page)
        else:
            lines += [*_wrap(f"{words}:", page.width, _DETAIL), *_expression(right, _DETAIL + "   ", page)]
    return lines


def _value(exact: str | None, decimal: str | None) -> str:
    if not decimal or decimal == exact:
        return exact or "not shown"
    return f"{decimal} (= {exact})" if exact else decimal


def closing(record: dict[str, Any], page: Page) -> list[str]:
    """The line under a derivation: how many of its steps are proved, and which are not."""
    steps = record["steps"]
    proved = sum(s["verdict"] == "proved" for s in steps)
    known = sum(s.get("cached", False) for s in steps)
    cached = "" if not known else " (cached)" if known == len(steps) else f" ({known} cached)"
    parts = [f"proved: {proved} of {len(steps)} step{'s' if len(steps) != 1 else ''}{cached}"]
    groups: dict[str, list[str]] = {}
    for k, one in enumerate(steps):
        if one["verdict"] != "proved" or one["expect"] != "proved":
            name = label(one["verdict"], one["expect"]).lower()
            groups.setdefault(name, []).append(str(k + 2))
    parts += [f"{name}: line {', '.join(lines)}" for name, lines in groups.items()]
    return [page.paint(line, record["verdict"]) for line in _wrap("; ".join(parts), page.width, "    ", "  ")]


def summary(verdicts: Sequence[str], left_out: int) -> list[str]:
    """The last line under several derivations."""
    proved = sum(verdict == "proved" for verdict in verdicts)
    others = {v: sum(verdict == v for verdict in verdicts) for v in dict.fromkeys(verdicts) if v != "proved"}
    parts = [f"{len(verdicts)} derivations: {proved} proved", *(f"{count} {name}" for name, count in others.items())]
    aside = f" (left out: {left_out} as printed, see --as-printed)" if left_out else ""
    return [", ".join(parts) + aside]


# ---------------------------------------------------------------- one step, a list, a rule


def explanation(record: dict[str, Any], k: int, one: dict[str, Any], page: Page) -> list[str]:
    """All that is known of a decided step."""
    lines = [*header(record, page), *_wrap(f"line {k + 2} of {len(record['steps']) + 1}", page.width, "  ")]
    lines += _expression(one["left"], f"  {'left':<10} ", page)
    lines += _expression(one["right"], f"  {'right  ' + one['relation']:<10} ", page)
    verdict = label(one["verdict"], one["expect"])
    cached = ", cached" if one.get("cached") else ""
    lines.append(f"  {'verdict':<10} {page.paint(verdict, one['verdict'])} in {_time(one['seconds'])}{cached}")
    lines += _entry("by", _reason(one) or "(no reason given)", page)
    if one.get("rules"):
        lines += _entry("closed by", ", ".join(one["rules"]), page)
    for condition in one["conditions"]:
        lines += _entry("where", condition, page)
    if one["verdict"] != "proved":
        lines += details(one, page)
    if one.get("trace"):
        lines.append("  how")
        for entry in one["trace"]:
            lines += _wrap(entry, page.width, "      ", "    ")
    return lines


def _entry(name: str, text: str, page: Page) -> list[str]:
    return _wrap(text, page.width, " " * 13, f"  {name:<10} ")


def shelf(rows: Iterable[dict[str, Any]], page: Page) -> list[str]:
    """The identities of the library, file by file: name, title, where from, other names."""
    lines: list[str] = []
    file = None
    for row in rows:
        if row["file"] != file:
            lines += [*([""] if lines else []), page.paint(row["file"], "faint")]
            file = row["file"]
        count = row["steps"]
        tail = "an error in its definition" if count is None else f"{count} step{'' if count == 1 else 's'}"
        gap = max(2, page.width - 2 - len(row["name"]) - len(tail))
        lines.append(f"  {page.paint(row['name'], 'title')}{' ' * gap}{tail}")
        lines += _wrap(row["title"], page.width, "    ")
        if row["aliases"]:
            lines += _wrap(f"also: {', '.join(row['aliases'])}", page.width, "          ", "    ")
    return lines


def rule(family: Any, page: Page) -> list[str]:
    """A rule family: what it states, under which conditions, when it fails, and its source."""
    lines = [f"{page.paint(family.title, 'title')}   by={family.name}"]
    entries = {"states": family.statement, "needs": family.conditions, "fails": family.fails, "source": family.source}
    for name, text in entries.items():
        lines += _wrap(" ".join(text.split()), page.width, " " * 10, f"  {name:<7} ") if text else []
    return lines
