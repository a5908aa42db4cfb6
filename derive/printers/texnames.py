"""Names and words of a user in LaTeX, and how wide LaTeX comes out.

Promise: nothing that a user writes in a name or a title can break a document
or do anything in it: every character is either known or spelled out. Widths are
estimates on the safe side, in points at a 10 pt font.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["escape", "name_tex", "width"]

_GREEK = frozenset([
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi",
    "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega", "varepsilon", "vartheta", "varphi", "varrho",
    "varsigma", "ell", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega",
])
_ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\ensuremath{\sim}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': "''", "`": r"\char18{}", "\u2013": "--", "\u2014": "---", "\u2018": "`",
    "\u2019": "'", "\u201c": "``", "\u201d": "''", "\u2026": r"\ldots{}", "\u00a0": "~", "\n": " ", "\t": " ",
    "\u00df": r"\ss{}", "\u00e6": r"\ae{}", "\u00f8": r"\o{}",
    "\u2212": r"\ensuremath{-}", "\u00d7": r"\ensuremath{\times}", "\u00b7": r"\ensuremath{\cdot}",
    "\u2264": r"\ensuremath{\le}", "\u2265": r"\ensuremath{\ge}", "\u221e": r"\ensuremath{\infty}",
}
_ACCENTS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0308": '"', "\u030c": "v", "\u0327": "c",
    "\u030a": "r", "\u030b": "H", "\u0306": "u", "\u0304": "=", "\u0307": ".",
}
_LONG = 30
_STEP = 15


def escape(words: str) -> str:
    r"""Words of a user as LaTeX text; very long words may be broken.

    >>> escape("50% of a_b")
    '50\\% of a\\_b'
    """
    return re.sub(r"\S+|\s+", lambda found: _word(found.group()), words)


def _word(word: str) -> str:
    shown = [_character(char) for char in word]
    if len(shown) <= _LONG:
        return "".join(shown)
    return r"\allowbreak{}".join("".join(shown[k : k + _STEP]) for k in range(0, len(shown), _STEP))


def _character(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if " " <= char <= "\x7e":
        return char
    greek = _greek(char)
    if greek:
        return rf"\ensuremath{{{greek}}}"
    apart = unicodedata.normalize("NFD", char)
    base, accents = apart[0], apart[1:]
    if len(accents) == 1 and accents[0] in _ACCENTS and base.isascii() and base.isalpha():
        return "\\" + _ACCENTS[accents[0]] + "{" + ("\\" if base in "ij" else "") + base + "}"
    return rf"\texttt{{U+{ord(char):04X}}}"


def _greek(char: str) -> str | None:
    found = re.fullmatch(r"GREEK (SMALL|CAPITAL) LETTER (\w+)", unicodedata.name(char, ""))
    if not found:
        return None
    word = found[2].replace("LAMDA", "LAMBDA")
    word = word.lower() if found[1] == "SMALL" else word.capitalize()
    return "\\" + word if word in _GREEK else None


def name_tex(name: str) -> str:
    r"""A name in mathematics: Greek words, subscripts behind `_` and of trailing digits, primes.

    >>> name_tex("Q_Phi"), name_tex("x1"), name_tex("sx"), name_tex("|z|")
    ('Q_{\\Phi}', 'x_{1}', '\\mathit{sx}', '\\lvert z\\rvert ')
    """
    if len(name) > 2 and name[0] == name[-1] == "|":
        return rf"\lvert {name_tex(name[1:-1])}\rvert "
    base = name.rstrip("'")
    primes = name[len(base):]
    parts = base.split("_")
    if not all(re.fullmatch(r"[^\W_]+", part) for part in parts):
        return rf"\text{{{escape(name)}}}"
    head = re.fullmatch(r"([^\W\d]+)(\d+)", parts[0])
    if head:
        parts[:1] = [head[1], head[2]]
    first, *below = (_part(part) for part in parts)
    return first + (f"_{{{','.join(below)}}}" if below else "") + primes


def _part(part: str) -> str:
    if part in _GREEK:
        return "\\" + part
    if part.isascii():
        return part if len(part) == 1 or part.isdigit() else rf"\mathit{{{part}}}"
    return (_greek(part) if len(part) == 1 else None) or rf"\text{{{escape(part)}}}"


# ---------------------------------------------------------------- widths

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)
_WIDTHS = {
    "{": 0.0, "}": 0.0, " ": 0.0, "+": 12.5, "-": 12.5, "=": 13.5, "<": 13.5, ">": 13.5, ",": 5.0, "(": 4.5, ")": 4.5,
    "[": 3.5, "]": 3.5, "'": 3.0, ".": 3.0, "/": 5.0, "!": 3.0, "|": 3.0, "m": 9.0, "w": 7.5, "M": 10.0, "W": 10.5,
    r"\,": 1.7, r"\;": 2.8, r"\ ": 3.4, r"\quad": 10.0, r"\mid": 8.5, r"\|": 5.5, r"\Vert": 5.5, r"\sim": 13.5,
    r"\le": 13.5, r"\ge": 13.5, r"\ne": 13.5, r"\in": 12.5, r"\times": 12.5, r"\cdot": 7.5, r"\infty": 10.5,
    r"\sum": 16.5, r"\ln": 11.0, r"\log": 15.0, r"\exp": 18.0, r"\ldots": 14.0, r"\lvert": 3.0, r"\rvert": 3.0,
    r"\bigl": 1.0, r"\bigr": 1.0, r"\Bigl": 2.5, r"\Bigr": 2.5, r"\biggl": 3.5, r"\biggr": 3.5, r"\Biggl": 4.5,
    r"\Biggr": 4.5, r"\big": 1.0, r"\left": 3.0, r"\right": 3.0, r"\mathbb": 1.0, r"\mathit": 0.0, r"\mathrm": 0.0,
    r"\operatorname": 2.0, r"\text": 0.0, r"\sqrt": 9.0, r"\allowbreak": 0.0, r"\ensuremath": 0.0,
    r"\textbackslash": 5.0, r"\int": 10.0, r"\prod": 14.5, r"\lim": 15.0, r"\to": 16.5, r"\bmod": 27.0, r"\lfloor": 4.5,
    r"\rfloor": 4.5, r"\lceil": 4.5, r"\rceil": 4.5, r"\overline": 0.0, r"\underline": 0.0, r"\arcsin": 30.0,
    r"\arccos": 30.0, r"\arctan": 30.0,
}
_BIG = (r"\sum", r"\prod", r"\lim")
_FUNCTION = 23.0
_FUNCTIONS = (r"\sin", r"\cos", r"\tan", r"\cot", r"\sec", r"\csc", r"\sinh", r"\cosh", r"\tanh", r"\coth", r"\arg")
_LETTER = 6.2
_SCRIPT = 0.75


def width(tex: str) -> float:
    r"""About how wide displayed mathematics of this package comes out, in points.

    >>> width(r"\frac{x}{x + x}") < width("x + x + x")
    True
    """
    return _row(_TOKEN.findall(tex), 0)[0]


def _row(tokens: list[str], start: int) -> tuple[float, int]:
    """The width from `start` to the end of the group, and where that is."""
    total = 0.0
    position = start
    while position < len(tokens) and tokens[position] != "}":
        found, position = _item(tokens, position)
        total += found
    return total, position


def _item(tokens: list[str], at: int) -> tuple[float, int]:
    head = tokens[at]
    if head == "{":
        inside, end = _row(tokens, at + 1)
        return inside, end + 1
    if head in (r"\frac", r"\binom"):
        upper, at = _argument(tokens, at + 1)
        lower, at = _argument(tokens, at)
        return max(upper, lower) + (2.4 if head == r"\frac" else 14.0), at
    if head in ("_", "^"):
        first, at = _argument(tokens, at + 1)
        if at < len(tokens) and tokens[at] in ("_", "^"):
            second, at = _argument(tokens, at + 1)
            first = max(first, second)
        return first * _SCRIPT, at
    if head in _BIG and at + 1 < len(tokens) and tokens[at + 1] in ("_", "^"):
        limits, at = _item(tokens, at + 1)
        return max(limits, _WIDTHS[head]) + 1.7, at
    return _WIDTHS.get(head, _FUNCTION if head in _FUNCTIONS else _LETTER), at + 1


def _argument(tokens: list[str], at: int) -> tuple[float, int]:
    return _item(tokens, at) if at < len(tokens) else (0.0, at)
