r"""Derivations as Markdown, with formulas that GitHub and GitLab typeset.

Promise: it holds exactly what a record holds, as `latex` does, and nothing a
user wrote can break it. Formulas stand in ```` ```math ```` blocks and between
`` $` `` and `` `$ ``: between plain dollar signs GitHub reads them as Markdown
first, and takes `\,` and `\\` apart. It also refuses `\operatorname`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

__all__ = ["markdown_of"]

_RELATIONS = {"=": "=", "<=": r"\le", ">=": r"\ge", "<": "<", ">": ">"}
_UNPROVED = {"refuted": "refuted", "undecided": "undecided", "invalid": "invalid", "error": "not decided"}
_OPERATOR = re.compile(r"\\operatorname\*?\{([^{}]*)\}")


def markdown_of(*records: Mapping[str, Any]) -> str:
    """One or more records of derivations as Markdown, each under a heading."""
    return "\n".join(_one(record) for record in records)


def _one(record: Mapping[str, Any]) -> str:
    parts = [f"## {_words(record['title'] or record['name'] or 'Derivation')}"]
    if record.get("source_text"):
        parts.append(_words(record["source_text"]))
    if record["given"]:
        givens = map(_given, record["given_latex"], record["given"])
        parts.append("\n".join(["Given", "", *(f"- {given}" for given in givens)]))
    parts.append(_chain(record))
    for k, step in enumerate(record["steps"]):
        parts += _notes(step, k + 2)
    return "\n\n".join([*parts, *_summary(record["steps"])]) + "\n"


def _chain(record: Mapping[str, Any]) -> str:
    rows = [rf"&\phantom{{{{}}={{}}}} {line}" for line in _lines(record["start"])]
    for step in record["steps"]:
        first, *rest = _lines(step)
        rows.append(rf"&{{}} {_RELATIONS[step['relation']]} {first} && {_reason(step)}")
        rows += [rf"&\phantom{{{{}}={{}}}} {line}" for line in rest]
    return _display("\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}")


def _lines(shown: Mapping[str, Any]) -> list[str]:
    """The lines of an expression; one that LaTeX would scale down stays whole."""
    lines = shown["latex_lines"]
    return [shown["latex"]] if any(r"\resizebox" in line for line in lines) else lines


def _reason(step: Mapping[str, Any]) -> str:
    said = ", ".join(step.get("by_titles") or step["by"])
    # MathJax has no escapes in text.
    text = rf"\text{{{re.sub(r'[^0-9A-Za-z,. ()/-]', _in_text, said)}}}" if said else ""
    if step["verdict"] == "proved":
        return text + r"\ \checkmark"
    return text + (rf"\ \textbf{{{_UNPROVED[step['verdict']]}}}" if step["verdict"] in _UNPROVED else "")


def _in_text(found: re.Match[str]) -> str:
    letter = found[0]
    return letter if letter.isalpha() or letter == "'" else " "


def _notes(step: Mapping[str, Any], line: int) -> list[str]:
    """What stands below the chain about a step: its conditions, why it is not proved, a witness, a repair."""
    notes = [f"Line {line} holds where {_given(said, plain)}." for said, plain in _conditions(step)]
    verdict, witness = step["verdict"], step.get("witness")
    if verdict not in _UNPROVED:
        return notes
    as_expected = ", as expected" if step["expect"] == verdict else ""
    lead = f"**Line {line} is {_UNPROVED[verdict]}{as_expected}**"
    if not witness:
        return [*notes, f"{lead}: {_words(step['reason'])}"]
    values = ", ".join(f"{name} = {value}" for name, value in witness["values"].items())
    sides = ", ".join(f"{side} {_value(witness, side)}" for side in ("left", "right"))
    notes.append(f"{lead}: " + (f"at {_words(values)}: " if values else "") + _words(sides) + ".")
    if witness["repair"]:
        said, *lines = witness["repair_latex"]
        if lines and not any(r"\resizebox" in part for part in lines):
            rows = " \\\\\n".join(f"& {part}" for part in lines)
            notes.append(f"{_plain(said[:1].upper() + said[1:])}:")
            notes.append(_display(f"\\begin{{aligned}}\n{rows}\n\\end{{aligned}}"))
        else:
            notes.append(f"Repair: {_words(witness['repair'])}")
    return notes


def _conditions(step: Mapping[str, Any]) -> list[tuple[str, str]]:
    return list(zip(step.get("conditions_latex", ()), step.get("conditions", ()), strict=False))


def _value(witness: Mapping[str, Any], side: str) -> str:
    exact, decimal = witness[side], witness[f"{side}_decimal"]
    return f"{decimal} (= {exact})" if exact is not None and exact != decimal else str(decimal)


def _summary(steps: list[Any]) -> list[str]:
    verdicts = [step["verdict"] for step in steps]
    if None in verdicts:
        return []
    return [f"Proved: {verdicts.count('proved')} of {len(verdicts)} {'step' if len(verdicts) == 1 else 'steps'}."]


# ---------------------------------------------------------------- pieces


def _display(formula: str) -> str:
    return f"```math\n{_formula(formula)}\n```"


def _given(latex: str, text: str) -> str:
    """LaTeX text with formulas in it, or the plain text where that holds more than formulas and words."""
    parts = latex.split("$")
    if "\\" in "".join(parts[::2]) or r"\resizebox" in latex or len(parts) % 2 == 0:
        return _words(text)
    return "".join(f"$`{_formula(part)}`$" if k % 2 else _words(part) for k, part in enumerate(parts))


def _formula(latex: str) -> str:
    # A backtick would end the formula; it has no meaning in one.
    return _OPERATOR.sub(r"\\mathop{\\mathrm{\1}}", latex).replace("`", "'")


def _plain(latex: str) -> str:
    """LaTeX words without their escapes, as Markdown."""
    return _words(re.sub(r"\\([#$%&_{}])", r"\1", latex))


def _words(text: str) -> str:
    """Words, with what Markdown would take for its own escaped."""
    lines = re.sub(r"\s*\n\s*", " ", text)
    return re.sub(r"([\\`*_{}\[\]<>#|$~&])", r"\\\1", lines)
