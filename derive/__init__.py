"""The words an identity file may use: terms, relations, reasons. Each is loaded when it is first asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_WORDS = {
    "derive.vocabulary": (
        "Bernoulli", "D", "E", "H", "I", "KL", "Moments", "Normal", "Var", "array", "complex_number", "d", "define",
        "delta", "full_support", "function", "index", "integer", "law", "negative", "nonnegative", "nonzero",
        "positive", "probability", "random", "real", "recursion", "sigmoid", "size",
    ),
    "derive.programs": ("Program", "assign", "decrease", "grad", "increase"),
    "derive.core.terms": (
        "ArgMax", "ArgMin", "Diff", "Integral", "Limit", "Maximum", "Minimum", "Product", "Sum",
    ),
    "derive.core.claims": ("eq", "ge", "gt", "le", "lt"),
    "derive.notebook": ("Derivation", "Report"),
    "derive.testing": ("assert_proved",),
    "derive.core.rules": (
        "algebra", "attainment", "bounds", "branches", "chain_rule", "contraction", "definition", "differentiation",
        "divergence", "elementary", "euler", "geometric_series", "gibbs", "independence", "induction", "integration",
        "limits", "linearity", "logarithms", "marginalisation", "normalisation", "positivity", "powers", "product_rule",
        "special_functions", "stationarity", "summation",
    ),
    "derive.library": ("Document", "Identity", "Source", "identity"),
    "derive.checking": ("check",),
    "sympy": ("Integer", "Rational", "cos", "exp", "log", "oo", "pi", "sin", "sqrt", "tanh"),
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
