"""The rule families of extrema and of their places."""

from __future__ import annotations

from derive.core.rules.family import Family

__all__ = ["attainment", "stationarity"]

attainment = Family(
    name="attainment",
    title="the greatest and the least value",
    statement="The greatest of finitely many values is one of them, and at least each of them: what holds whichever"
    " of the values stands for it holds, and what holds with every bound of the values for it holds.",
    conditions="The range is finite and not empty, the values are real.",
    fails="max_i (x_i + y_i) = max_i x_i + max_i y_i; max_i x_i <= x_j.",
    source="Rudin, Principles of Mathematical Analysis, 1976, 1.8",
    needs=frozenset({"extrema"}),
    helps=frozenset({"sign"}),
    cost=4,
)

stationarity = Family(
    name="stationarity",
    title="stationarity and convexity",
    statement="On an open interval a point at which f' = 0 is the one where f is least if f'' > 0 throughout, or if f"
    " falls before it and rises after it; f and -f exchange ArgMin and ArgMax; where f' is a positive multiple of g',"
    " f and g have their extremum at one place.",
    conditions="The point lies inside of the interval; f is real and twice differentiable on all of it, or continuous"
    " there and differentiable but at the point; every sign follows from the givens.",
    fails="ArgMin of x^3 at 0; of x^2 - 2 x over (2, 3) at 1; of a x^2 for an a of unknown sign.",
    source="Rudin, Principles of Mathematical Analysis, 1976, 5.8-5.11; Boyd and Vandenberghe, Convex Optimization,"
    " 2004, 3.1",
    needs=frozenset({"stationary"}),
    cost=10,
)
