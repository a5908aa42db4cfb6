r"""Derivations as LaTeX: a fragment for a document of one's own, or a document that compiles as it stands.

Promise: it holds exactly what a record holds (title, source, givens, the chain
with its reasons, verdicts, conditions and witnesses), and nothing a user wrote
can break it. It needs amsmath, amssymb and graphicx, and a text width of 16 cm.

Glossary
    run    steps that stand in one display; a display ends below a step that is
           not proved, whose note follows
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from derive.core.claims import Derivation, Report
from derive.printers.records import Record, derivation_record, step_record, written_record
from derive.printers.tex import latex, latex_lines
from derive.printers.texnames import escape

__all__ = ["document", "document_of", "fragment", "fragment_of", "latex", "latex_lines"]

_PREAMBLE = r"""\documentclass[10pt]{article}
\usepackage[a4paper,margin=2.2cm]{geometry}
\usepackage{amsmath,amssymb,graphicx}
\allowdisplaybreaks
\setlength{\parindent}{0pt}
\begin{document}
"""
_RELATIONS = {"=": "=", "<=": r"\le", ">=": r"\ge", "<": "<", ">": ">"}
_UNPROVED = {"refuted": "Refuted", "undecided": "Undecided", "invalid": "Invalid", "error": "Not decided"}


def document(derivation: Derivation, report: Report | None = None, meta: Any = None) -> str:
    """A LaTeX document of its own; without a report it shows no verdicts.

    `meta` names it: an object or a mapping with any of `name`, `title`,
    `source` and `file`.
    """
    return document_of(_record(derivation, report, meta))


def fragment(derivation: Derivation, report: Report | None = None, meta: Any = None) -> str:
    """The same without preamble, to be put into a document of one's own."""
    return fragment_of(_record(derivation, report, meta))


def document_of(*records: Record) -> str:
    """A LaTeX document of one or more records of derivations."""
    found = []
    mark = 0
    for record in records:
        found.append(fragment_of(record, mark))
        mark += sum(len(step.get("conditions_latex", ())) for step in record["steps"])
    return _PREAMBLE + "\n".join(found) + "\\end{document}\n"


def fragment_of(record: Record, mark: int = 0) -> str:
    """One record of a derivation in LaTeX: heading, givens, chain, what it comes to.

    Footnotes are numbered from the one after `mark`.
    """
    title = record["title"] or record["name"] or "Derivation"
    title = title if title.endswith("..") else title.removesuffix(".")
    found = [rf"\subsection*{{{escape(title)}}}"]
    found += _heading(record) + _givens(record["given_latex"]) + _chain(record, mark) + _summary(record["steps"])
    return "\n".join(found) + "\n"


def _record(derivation: Derivation, report: Report | None, meta: Any) -> Record:
    def named(key: str) -> Any:
        return meta.get(key) if isinstance(meta, Mapping) else getattr(meta, key, None)

    if report is None:
        steps = [written_record(step, derivation.left_of(k)) for k, step in enumerate(derivation.steps)]
    else:
        steps = [step_record(step) for step in report.steps]
    seconds = 0.0 if report is None else report.seconds
    name, title = named("name") or "", named("title") or ""
    return derivation_record(name, title, named("source"), named("file"), derivation, steps, seconds)


# ---------------------------------------------------------------- parts


def _heading(record: Record) -> list[str]:
    source = record["source"] or {}
    part = source.get("part") or ""
    problem = f"problem {source['problem']}{'.' if part[:1].isdigit() else ''}{part}" if source.get("problem") else ""
    section = f"section {source['section']}" if source.get("section") else ""
    said = ", ".join(escape(words) for words in (source.get("document"), problem, section) if words)
    return [rf"{{\small {said}\par}}"] if said else []


def _givens(givens: list[str]) -> list[str]:
    if not givens:
        return []
    return [
        r"\medskip\textit{Given}",
        r"\begin{itemize}\setlength{\itemsep}{0pt}\raggedright",
        *(rf"\item[$\cdot$] {given}" for given in givens),
        r"\end{itemize}",
    ]


def _chain(record: Record, mark: int) -> list[str]:
    rows = [rf"&\phantom{{{{}}={{}}}} {line}" for line in record["start"]["latex_lines"]]
    found: list[str] = []
    notes: list[str] = []
    for step in record["steps"]:
        marks = ""
        for condition in step.get("conditions_latex", ()):
            mark += 1
            marks += rf"\footnotemark[{mark}]"
            notes.append(rf"\footnotetext[{mark}]{{Where {condition}.}}")
        rows += _rows(step, marks)
        note = _note(step)
        if note:
            found += [*_display(rows), *note]
            rows = []
    return [*found, *(_display(rows) if rows else []), *notes]


def _display(rows: list[str]) -> list[str]:
    # No page ends below the first row: it would part the start from all that is said of it.
    first, *rest = rows
    return [r"\begin{flalign*}", " \\\\\n".join([" \\\\*\n".join([first, *rest[:1]]), *rest[1:]]), r"\end{flalign*}"]


def _rows(step: Record, marks: str) -> list[str]:
    """A step: its lines, the first with relation and reason."""
    first, *rest = step["latex_lines"]
    verdict = step["verdict"]
    sign = rf" \textbf{{{_UNPROVED[verdict].lower()}}}" if verdict in _UNPROVED else ""
    sign = r"~$\checkmark$" if verdict == "proved" else sign
    reason = ", ".join(escape(name) for name in step.get("by_titles") or step["by"])
    said = rf"\parbox[t]{{3.6cm}}{{\raggedright\small {reason}{sign}{marks}}}"
    return [
        rf"&{{}} {_RELATIONS[step['relation']]} {first} && {said}",
        *(rf"&\phantom{{{{}}={{}}}} {line}" for line in rest),
    ]


def _note(step: Record) -> list[str]:
    """What has to be said of a step that is not proved."""
    verdict = step["verdict"]
    if verdict not in _UNPROVED:
        return []
    witness = step.get("witness")
    if not witness:
        said = escape(step["reason"])
    else:
        values = ", ".join(f"{name} = {value}" for name, value in witness["values"].items())
        sides = ", ".join(f"{side} {_value(witness, side)}" for side in ("left", "right"))
        said = (f"at {escape(values)}: " if values else "") + escape(sides) + "."
        if witness["repair"]:
            words, *lines = witness["repair_latex"]
            said += " " + words[:1].upper() + words[1:] + (":" if lines else ".")
            said += "".join(rf"\newline $\displaystyle {line}$" for line in lines)
    as_expected = ", as expected" if step["expect"] == verdict else ""
    return [rf"{{\small\raggedright \textbf{{{_UNPROVED[verdict]}}}{as_expected}: {said}\par}}"]


def _value(witness: Mapping[str, Any], side: str) -> str:
    exact, decimal = witness[side], witness[f"{side}_decimal"]
    return f"{decimal} (= {exact})" if exact is not None and exact != decimal else str(decimal)


def _summary(steps: list[Record]) -> list[str]:
    verdicts = [step["verdict"] for step in steps]
    if None in verdicts:
        return []
    word = "step" if len(verdicts) == 1 else "steps"
    return [rf"{{\small Proved: {verdicts.count('proved')} of {len(verdicts)} {word}.\par}}"]
