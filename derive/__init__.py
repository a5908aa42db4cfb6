"""The words an identity file may use: terms, relations, reasons. Each is loaded when it is first asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_WORDS = {
    "derive.vocabulary": (
        "Bernoulli", "E", "H", "KL", "Moments", "Normal", "Var", "array", "complex_number", "define", "delta",
        "full_support", "function", "index", "integer", "law", "negative", "nonnegative", "nonzero", "positive",
        "probability", "random", "real", "recursion", "size",
    ),
    "derive.core.terms": ("Sum",),
    "derive.core.claims": ("eq", "ge", "gt", "le", "lt"),
    "derive.notebook": ("Derivation", "Report"),
    "derive.testing": ("assert_proved",),
    "derive.core.rules": (
        "algebra", "contraction", "definition", "divergence", "geometric_series", "gibbs", "independence", "induction",
        "linearity", "logarithms", "marginalisation", "normalisation", "positivity", "powers", "product_rule",
    ),
    "derive.library": ("Document", "Identity", "Source", "identity"),
    "derive.checking": ("check",),
    "sympy": ("Integer", "Rational", "exp", "log", "oo", "pi", "sqrt"),
}
_HOME = {word: module for module, words in _WORDS.items() for word in words}

__all__ = [*sorted(_HOME), "__version__"]  # noqa: PLE0604
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"derive has no word {name!r}; it has {', '.join(sorted(_HOME))}")
    found = getattr(import_module(_HOME[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
