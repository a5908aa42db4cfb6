"""Plain records of what was checked, for programs and for the command line.

Promise: a record holds strings, numbers, booleans, None, lists and dicts only,
so that it crosses process boundaries and is JSON as it stands; whoever shows it
needs no term and no SymPy. Nothing in it is decided here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sympy import Expr

from derive.core.claims import (
    Derivation,
    Failed,
    Invalid,
    Proved,
    Refuted,
    Step,
    StepReport,
    Undecided,
    Verdict,
    Witness,
    worst,
)
from derive.core.rules import FAMILIES
from derive.printers.givens import givens_of, givens_tex
from derive.printers.tex import condition_tex, latex, latex_lines, note_tex
from derive.printers.text import condition_text, note_text, text

__all__ = ["Record", "derivation_record", "source_record", "step_record", "written_record"]

Record = dict[str, Any]

LINE_POINTS = 320.0
"""How wide a line of a chain may be in LaTeX: what a page leaves beside the reasons."""


NOTE_POINTS = 440.0
"""How wide a formula below a chain may be."""


_SPOKEN = {family.name: family.spoken for family in FAMILIES}


def step_record(report: StepReport) -> Record:
    """One step with its verdict: what it says, why, and what else the verdict holds."""
    verdict = report.verdict
    conditions, rules = (verdict.conditions, verdict.rules) if isinstance(verdict, Proved) else ((), ())
    trace = verdict.trace if isinstance(verdict, (Proved, Refuted, Undecided)) else ()
    written = written_record(report.step, report.left)
    names = written["by"] or list(rules)
    return {
        **written,
        "by": names,
        "by_titles": [_SPOKEN.get(name, name) for name in names],
        "verdict": verdict.name,
        "reason": _reason(verdict),
        "rules": list(rules),
        "conditions": [condition_text(c) for c in conditions],
        "conditions_latex": [condition_tex(c) for c in conditions],
        "trace": [note_text(note) for note in trace],
        "witness": _witness(verdict.witness) if isinstance(verdict, Refuted) else None,
        "residue": _residue(verdict),
        "agreed": verdict.agreed if isinstance(verdict, Undecided) else None,
        "hint": verdict.hint if isinstance(verdict, Undecided) else None,
        "seconds": report.seconds,
    }


def written_record(step: Step, left: Expr) -> Record:
    """One step as it is written, not checked: what `step_record` says of it before there is a verdict."""
    return {
        "relation": step.relation.value,
        "left": text(left),
        "right": text(step.right),
        "text": text(step.right),
        "latex": latex(step.right),
        "latex_lines": latex_lines(step.right, LINE_POINTS),
        "by": [reason.name for reason in step.by],
        "verdict": None,
        "expect": step.expect,
        "line": step.line,
    }


def derivation_record(
    name: str,
    title: str,
    source: Any,
    file: str | Path | None,
    derivation: Derivation,
    step_records: list[Record],
    seconds: float,
) -> Record:
    """A derivation with the records of its steps; its verdict is the worst of theirs, None where they have none."""
    verdicts = [step["verdict"] for step in step_records]
    return {
        "name": name,
        "title": title,
        "source": source_record(source),
        "file": None if file is None else str(file),
        "line": derivation.line,
        "verdict": None if None in verdicts else worst(verdicts),
        "seconds": seconds,
        "given": givens_of(derivation),
        "given_latex": givens_tex(derivation),
        "start": {
            "text": text(derivation.start),
            "latex": latex(derivation.start),
            "latex_lines": latex_lines(derivation.start, LINE_POINTS),
        },
        "steps": step_records,
    }


def source_record(source: Any) -> Record | None:
    """Where a derivation comes from: document, problem and part, whatever object holds them.

    >>> source_record(None) is None
    True
    """
    if source is None:
        return None
    if hasattr(source, "record"):
        source = source.record()
    found = source if isinstance(source, dict) else {key: getattr(source, key, None) for key in _SOURCE}
    return {key: None if found.get(key) is None else str(found[key]) for key in _SOURCE}


_SOURCE = ("document", "problem", "part", "section")


def _witness(witness: Witness) -> Record:
    return {
        "values": dict(witness.values),
        "left": _exact(witness.left),
        "right": _exact(witness.right),
        "left_decimal": witness.left_decimal,
        "right_decimal": witness.right_decimal,
        "repair": None if witness.repair is None else note_text(witness.repair),
        "repair_latex": None if witness.repair is None else note_tex(witness.repair, NOTE_POINTS),
    }


def _residue(verdict: Verdict) -> str | None:
    if not isinstance(verdict, Undecided) or verdict.residue is None:
        return None
    return text(verdict.residue)


def _exact(side: str | Expr | None) -> str | None:
    return text(side) if isinstance(side, Expr) else side


def _reason(verdict: Verdict) -> str:
    """One sentence why the verdict is what it is."""
    if isinstance(verdict, Proved):
        return f"closed by {', '.join(verdict.rules)}" if verdict.rules else "closed"
    if isinstance(verdict, Refuted):
        at = ", ".join(f"{name} = {value}" for name, value in verdict.witness.values)
        return f"it fails at {at}" if at else "it fails"
    if isinstance(verdict, Undecided):
        evidence = f"both sides agreed in {verdict.agreed} models" if verdict.agreed else "no model was evaluated"
        return "; ".join(said for said in (verdict.reason, evidence, verdict.hint) if said)
    if isinstance(verdict, (Invalid, Failed)):
        return verdict.reason
    raise TypeError(f"not a verdict: {verdict!r}")
