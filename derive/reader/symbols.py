"""The words that declare symbols.

Promise: a scalar's domain is what its words say, no more; words that contradict each other are a `ReaderError`.

    real (also without any word), complex, integer     the field
    positive, negative, nonnegative, nonpositive, nonzero
    prime              an integer >= 2, with Wilson's theorem as a given
    array              a real array `x[i, j]`
    function           an unknown real function `f(x)`
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from re import fullmatch

from sympy import Add, Eq, Integer, Mod, Rational, S, factorial

from derive.core.claims import Given
from derive.core.terms import Domain, Scalar
from derive.reader.errors import ReaderError
from derive.reader.vocabulary import CONSTANTS, FUNCTIONS

__all__ = ["Symbols", "read_declarations", "read_symbols"]

_FIELDS = {"real", "complex", "integer"}
_SIGNS = {"positive", "negative", "nonnegative", "nonpositive", "nonzero"}
_WORDS = sorted(_FIELDS | _SIGNS | {"prime", "array", "function"})
_RESERVED = {*CONSTANTS, "True", "False", "and", "or", "not", "ln"}
_CLASHES = ({"real", "complex"}, {"integer", "complex"}, {"positive", "negative"}, {"positive", "nonpositive"},
            {"negative", "nonnegative"})  # fmt: skip
_MOST = 500


@dataclass(frozen=True)
class Symbols:
    """What is declared: scalars, arrays and functions by name, and the givens that the words stand for."""

    scalars: Mapping[str, Scalar] = field(default_factory=dict)
    arrays: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    given: tuple[Given, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Every declared name."""
        return frozenset(self.scalars) | self.arrays | self.functions


def read_symbols(words: Mapping[str, str]) -> Symbols:
    """The symbols that a mapping from names to words declares.

    >>> read_symbols({"n": "integer positive"}).scalars["n"].domain.words()
    'integer, >= 1'
    """
    if not isinstance(words, Mapping):
        raise ReaderError(f"expected symbols as names with words, found {type(words).__name__}")
    if len(words) > _MOST:
        raise ReaderError(f"expected at most {_MOST} symbols, found {len(words)}")
    scalars: dict[str, Scalar] = {}
    arrays: set[str] = set()
    functions: set[str] = set()
    given: list[Given] = []
    for name, text in words.items():
        _check_name(name)
        said = _words(name, text)
        if "array" in said or "function" in said:
            if said not in ({"array"}, {"array", "real"}, {"function"}, {"function", "real"}):
                raise ReaderError(f"{name}: arrays and functions are real, and take no further words; found {text!r}")
            if "function" in said and name in FUNCTIONS:
                raise ReaderError(f"{name} is a known function; give the unknown one another name")
            (arrays if "array" in said else functions).add(name)
            continue
        scalars[name] = Scalar(name, _domain(name, said))
        if "prime" in said:
            given.append(_wilson(scalars[name]))
    return Symbols(scalars, frozenset(arrays), frozenset(functions), tuple(given))


def read_declarations(texts: Iterable[str]) -> dict[str, str]:
    """The words of texts such as "x y: positive", by name.

    >>> read_declarations(["x, y: positive", "n: integer"])
    {'x': 'positive', 'y': 'positive', 'n': 'integer'}
    """
    found: dict[str, str] = {}
    for text in texts:
        names, colon, words = text.partition(":")
        if not colon or not names.replace(",", " ").split():
            raise ReaderError(f"expected a declaration such as 'x y: positive', found {text[:60]!r}")
        for name in names.replace(",", " ").split():
            if name in found:
                raise ReaderError(f"{name[:60]} is declared twice")
            found[name] = words.strip()
    return found


def _check_name(name: object) -> None:
    if not isinstance(name, str) or not fullmatch(r"[A-Za-z_][A-Za-z_0-9]{0,99}", name):
        raise ReaderError(f"expected the name of a symbol (letters, digits and _), found {str(name)[:60]!r}")
    if name in _RESERVED:
        raise ReaderError(f"{name} has a meaning of its own here; give the symbol another name")


def _words(name: str, text: object) -> set[str]:
    if not isinstance(text, str):
        raise ReaderError(f"{name}: expected words such as 'real' or 'integer positive', found {type(text).__name__}")
    said = set(text.replace(",", " ").split())
    for word in sorted(said - set(_WORDS)):
        near = get_close_matches(word[:60], _WORDS, 1)
        hint = f"; did you mean {near[0]}?" if near else f"; the words are {', '.join(_WORDS)}"
        raise ReaderError(f"{name}: unknown word {word[:60]!r}{hint}")
    for clash in _CLASHES:
        if clash <= said:
            raise ReaderError(f"{name}: {' and '.join(sorted(clash))} contradict each other")
    if "complex" in said and said & (_SIGNS - {"nonzero"}):
        raise ReaderError(f"{name}: a complex number has no sign; found {text!r}")
    if "prime" in said and said - {"prime", "integer", "positive", "nonnegative", "nonzero", "real"}:
        raise ReaderError(f"{name}: a prime is a positive integer; found {text!r}")
    return said


def _domain(name: str, said: set[str]) -> Domain:
    """The domain that words without contradictions describe."""
    if "complex" in said:
        return Domain("complex", nonzero="nonzero" in said)
    whole = bool(said & {"integer", "prime"})
    kind = "integer" if whole else "real"
    lo: Rational | None = None
    hi: Rational | None = None
    nonzero = "nonzero" in said
    if "prime" in said:
        return Domain(kind, Integer(2))
    strictly_up = "positive" in said or ("nonnegative" in said and nonzero)
    strictly_down = "negative" in said or ("nonpositive" in said and nonzero)
    if strictly_up and strictly_down:
        raise ReaderError(f"{name}: no number is {' '.join(sorted(said))}")
    if strictly_up or "nonnegative" in said:
        lo = S.One if whole and strictly_up else S.Zero
    if strictly_down or "nonpositive" in said:
        hi = S.NegativeOne if whole and strictly_down else S.Zero
    return Domain(
        kind, lo, hi, lo_open=strictly_up and not whole, hi_open=strictly_down and not whole,
        nonzero=nonzero and lo is None and hi is None,
    )  # fmt: skip


def _wilson(p: Scalar) -> Given:
    """An integer p >= 2 is prime just where p divides (p - 1)! + 1."""
    below = factorial(Add(p, S.NegativeOne, evaluate=False), evaluate=False)
    return Eq(Mod(Add(below, S.One, evaluate=False), p, evaluate=False), S.Zero, evaluate=False)
