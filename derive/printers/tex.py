"""Terms, hypotheses and conditions as LaTeX mathematics.

Promise: the same reading as `text`, in the notation of the field, on one line or
on lines that fit. Widths are in points at a 10 pt font.
"""

from __future__ import annotations

from sympy import Basic, Tuple

from derive.core.claims import Condition, Note
from derive.printers.layout import broken, sides, unmarked
from derive.printers.texnames import escape, width
from derive.printers.texterms import marked_tex

__all__ = ["condition_tex", "latex", "latex_lines", "note_tex"]

_INDENT = 10.0


def latex(term: Basic) -> str:
    r"""The term, or a hypothesis, as LaTeX mathematics on one line.

    >>> from sympy import Mul, Pow, Symbol
    >>> latex(Mul(Symbol("beta"), Pow(Symbol("x_i"), -1, evaluate=False), evaluate=False))
    '\\frac{\\beta}{x_{i}}'
    """
    return unmarked(marked_tex(term)).strip()


def latex_lines(term: Basic, points: float) -> list[str]:
    """The term on lines of at most about `points`, broken before operators; later lines begin with their indent.

    A piece without operators may be wider; it is scaled down to fit.
    """
    found: list[str] = []
    for depth, line in broken(marked_tex(term), points, width, _INDENT):
        shown = _opening(line.strip()) if found else line.strip()
        if width(shown) > points - depth * _INDENT:
            room = points - depth * _INDENT
            shown = rf"\resizebox{{{room:.0f}pt}}{{!}}{{$\displaystyle {shown}$}}"
        found.append(r"\quad " * depth + shown)
    return found


def condition_tex(condition: Condition) -> str:
    """A side condition as LaTeX text: what is not zero, and for which indices."""
    left, right = sides(condition)
    indices = [latex(i[0] if isinstance(i, Tuple) else i) for i in condition.over]
    formula = rf"${latex(left)} \ne {latex(right)}$"
    return formula + (f" for every ${', '.join(indices)}$" if indices else "")


def note_tex(note: Note, points: float) -> list[str]:
    """What a note says, as LaTeX text, and the lines of the term that it is about."""
    words = escape(f"{note.label} ({note.why})" if note.why else note.label)
    return [words, *([] if note.term is None else latex_lines(note.term, points))]


def _opening(line: str) -> str:
    """A line that goes on: its operator is spaced as between two operands, a product shows its sign."""
    if line.startswith((r"\,", r"\cdot ")):
        return r"{}\times " + line.removeprefix(r"\,").removeprefix(r"\cdot ").lstrip()
    return "{}" + line
