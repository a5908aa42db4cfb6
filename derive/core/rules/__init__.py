"""The rule families: a closed set of named licences. `FAMILIES` lists them in order of cost."""

from __future__ import annotations

from derive.core.rules.family import Family
from derive.core.rules.probability import gibbs, independence, marginalisation, normalisation, product_rule
from derive.core.rules.structure import (
    algebra,
    contraction,
    definition,
    divergence,
    geometric_series,
    induction,
    linearity,
    logarithms,
    positivity,
    powers,
)

__all__ = [
    "FAMILIES", "Family", "algebra", "contraction", "definition", "divergence", "geometric_series", "gibbs",
    "independence", "induction", "linearity", "logarithms", "marginalisation", "normalisation", "positivity",
    "powers", "product_rule",
]

FAMILIES: tuple[Family, ...] = tuple(
    sorted(
        (
            algebra, linearity, powers, positivity, contraction, logarithms, definition, normalisation,
            marginalisation, product_rule, geometric_series, divergence, independence, gibbs, induction,
        ),
        key=lambda family: family.cost,
    )
)
