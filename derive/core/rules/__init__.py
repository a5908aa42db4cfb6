"""The rule families: a closed set of named licences. `FAMILIES` lists them in order of cost."""

from __future__ import annotations

from derive.core.rules.calculus import (
    bounds,
    branches,
    differentiation,
    elementary,
    integration,
    limits,
    special_functions,
    summation,
)
from derive.core.rules.extrema import attainment, stationarity
from derive.core.rules.family import Family
from derive.core.rules.probability import gibbs, independence, marginalisation, normalisation, product_rule
from derive.core.rules.structure import (
    algebra,
    chain_rule,
    contraction,
    definition,
    divergence,
    euler,
    geometric_series,
    induction,
    linearity,
    logarithms,
    positivity,
    powers,
)

__all__ = [
    "FAMILIES", "Family", "algebra", "attainment", "bounds", "branches", "chain_rule", "contraction", "definition",
    "differentiation", "divergence", "elementary", "euler", "geometric_series", "gibbs", "independence",
    "induction", "integration", "limits", "linearity", "logarithms", "marginalisation", "normalisation",
    "positivity", "powers", "product_rule", "special_functions", "stationarity", "summation",
]

FAMILIES: tuple[Family, ...] = tuple(
    sorted(
        (
            algebra, linearity, powers, positivity, contraction, logarithms, definition, normalisation,
            chain_rule, euler, marginalisation, product_rule, geometric_series, divergence, independence, gibbs,
            induction, elementary, branches, special_functions, differentiation, limits, summation, integration, bounds,
            attainment,
            stationarity,
        ),
        key=lambda family: family.cost,
    )
)
