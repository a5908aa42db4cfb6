"""How a derivation shows itself in a notebook: as its checked chain, in HTML, LaTeX and text.

Promise: a derivation, an identity or a report that stands last in a cell is
checked and shown; what goes wrong is shown as a message. HTML holds formulas in
LaTeX, which Jupyter typesets, and the text, folded, for where nothing does; the
LaTeX is a fragment, which `nbconvert --to latex` puts into its document.

Jupyter asks a value for `_repr_mimebundle_`. The core may know nothing of
printers, so that the method is put onto its classes from here, and the public
words `Derivation` and `Report` are taken from this module: whoever has such a
value, has it. Checking and printing are imported only when something is shown.
"""

from __future__ import annotations

import html
from typing import Any

from derive.core.claims import Derivation, Report
from derive.core.errors import DeriveError
from derive.library import Identity

__all__ = ["Derivation", "Identity", "Report", "html_of", "mimebundle", "text_of"]

_WIDTH = 88
_COLOURS = {
    "proved": "#1a7f37", "undecided": "#9a6700", "error": "#8250df", "invalid": "#cf222e", "refuted": "#cf222e",
}  # fmt: skip
_SIGNS = {"=": "=", "<=": r"\le", ">=": r"\ge", "<": "<", ">": ">"}
_CELL = "text-align:left;vertical-align:top;padding:2px 8px"


def mimebundle(found: Any) -> dict[str, str]:
    """A derivation, an identity or a report, checked, as `text/html`, `text/latex` and `text/plain`."""
    from derive.checked import record_of  # noqa: PLC0415 - see the module's docstring
    from derive.printers.latex import fragment_of  # noqa: PLC0415

    try:
        record = record_of(found)
        return {"text/html": html_of(record), "text/latex": fragment_of(record), "text/plain": text_of(record)}
    except DeriveError as error:
        said = f"{type(error).__name__}: {error}"
        return {"text/html": f"<pre>{html.escape(said)}</pre>", "text/plain": said}


def _repr_mimebundle_(self: Any, include: Any = None, exclude: Any = None) -> dict[str, str]:
    """What Jupyter shows of it; `include` and `exclude` are kinds that it wants, or not."""
    bundle = mimebundle(self)
    return {k: v for k, v in bundle.items() if (not include or k in include) and k not in (exclude or ())}


for _shown in (Derivation, Identity, Report):
    # setattr: mypy knows these classes without it, which is the point.
    setattr(_shown, "_repr_mimebundle_", _repr_mimebundle_)  # noqa: B010


# ---------------------------------------------------------------- text


def text_of(record: dict[str, Any]) -> str:
    """A checked derivation as `derive check` shows it."""
    from derive import display  # noqa: PLC0415

    page = display.Page(_WIDTH)
    lines = [line for line in display.header(record, page) if line] + display.start(record, page)
    for k, step in enumerate(record["steps"]):
        lines += display.step(record, k, step, page)
    return "\n".join([*lines, *display.closing(record, page)])


# ---------------------------------------------------------------- HTML


def html_of(record: dict[str, Any]) -> str:
    """A checked derivation as HTML, with formulas between dollar signs."""
    said = [f"<b>{_words(record['title'])}</b>"] if record["title"] else []
    said += [f"<small>{_words(record['source_text'])}</small>"] if record["source_text"] else []
    givens = "; ".join(map(_given, record["given_latex"], record["given"]))
    said += [f"<i>given</i> {givens}"] if givens else []
    rows = [_row("1", _lines(record["start"], ""), "", "")]
    for k, step in enumerate(record["steps"]):
        rows.append(_row(str(k + 2), _lines(step, _SIGNS[step["relation"]]), _words(_reason(step)), _verdict(step)))
        rows += _details(step)
    text = f"<details><summary>as text</summary><pre>{html.escape(text_of(record))}</pre></details>"
    return "\n".join([
        '<div class="derive" style="overflow-x:auto">',
        *(f"<div>{line}</div>" for line in said),
        "<table>", *rows, "</table>",
        text,
        "</div>",
    ])  # fmt: skip


def _row(number: str, formula: str, reason: str, verdict: str) -> str:
    return "<tr>" + "".join(f'<td style="{_CELL}">{cell}</td>' for cell in (number, formula, reason, verdict)) + "</tr>"


def _lines(shown: dict[str, Any], relation: str) -> str:
    """The lines of an expression, the first behind its relation; one that LaTeX would scale down stays whole."""
    lines = shown["latex_lines"]
    if any(r"\resizebox" in line for line in lines):
        lines = [shown["latex"]]
    leads = [f"{relation} ", *[r"\quad "] * (len(lines) - 1)]
    formulas = [_formula(rf"\displaystyle {lead}{line}") for lead, line in zip(leads, lines, strict=True)]
    return "".join(f"<div>{formula}</div>" for formula in formulas)


def _formula(latex: str) -> str:
    return f"${html.escape(latex, quote=False)}$"


def _given(latex: str, text: str) -> str:
    """A given as LaTeX text, or as plain text where that holds more than formulas and words."""
    words = "".join(latex.split("$")[::2])
    return _words(text) if "\\" in words or r"\resizebox" in latex else html.escape(latex, quote=False)


def _words(text: str) -> str:
    """Words of a user: a dollar sign in them does not begin a formula."""
    return html.escape(text).replace("$", "<span>$</span>")


def _reason(step: dict[str, Any]) -> str:
    return ", ".join(step["by_titles"])


def _verdict(step: dict[str, Any]) -> str:
    from derive import display  # noqa: PLC0415

    label = html.escape(display.label(step["verdict"], step["expect"]))
    return f'<span style="color:{_COLOURS[step["verdict"]]}">{label}</span>'


def _details(step: dict[str, Any]) -> list[str]:
    """What stands under a step: conditions, the witness, why not."""
    from derive import display  # noqa: PLC0415

    lines = display.details(step, display.Page(_WIDTH))
    if not lines:
        return []
    said = html.escape("\n".join(line.removeprefix(" " * 7) for line in lines))
    return [f'<tr><td></td><td colspan="3" style="{_CELL}"><pre>{said}</pre></td></tr>']
