"""The vocabulary: what a claim is written in, on top of SymPy.

Promise: terms are inert SymPy expressions. Building one evaluates nothing,
decides nothing and loses nothing; what a term means is said in `meaning`, how
it is rewritten in `normal`.

Glossary
    index    a variable that ranges over consecutive integers (finite, symbolic
             or infinite); it carries its range
    sort     the name under which an index was declared; a primed copy keeps it,
             and so still stands for the same variable of a law
    binder   a head that binds indices (or random arrays) in its bodies
    law      an arbitrary probability distribution over some indices
    entry    one element of an array
"""

from __future__ import annotations

from derive.core.terms.calculus import Diff, Integral, Limit, Maximum, Minimum, Product
from derive.core.terms.domains import Domain
from derive.core.terms.extremum import ArgMax, ArgMin, Extremum, interval_domain
from derive.core.terms.gradients import SIGMOID, Partial, Slope, Total, is_intermediate
from derive.core.terms.heads import (
    Binder,
    CrossEntropy,
    Divergence,
    Entropy,
    Expectation,
    FullSupport,
    Sum,
    Variance,
)
from derive.core.terms.names import (
    Applied,
    Array,
    Bar,
    Defined,
    Definition,
    Delta,
    Entry,
    FunctionSymbol,
    Index,
    Law,
    NamedLaw,
    Prob,
    RandomArray,
    Scalar,
    domain_of,
)
from derive.core.terms.recursions import Recurred, Recursion
from derive.core.terms.walk import (
    bound_indices,
    children_in_scope,
    free_names,
    has_float,
    rebuild,
    substitute,
    subterms,
    taken_indices,
)

__all__ = [
    "SIGMOID", "Applied", "ArgMax", "ArgMin", "Array", "Bar", "Binder", "CrossEntropy", "Defined", "Definition",
    "Delta", "Diff", "Divergence", "Domain", "Entropy", "Entry", "Expectation", "Extremum", "FullSupport",
    "FunctionSymbol", "Index", "Integral", "Law", "Limit", "Maximum", "Minimum", "NamedLaw", "Partial", "Prob",
    "Product", "RandomArray", "Recurred", "Recursion", "Scalar", "Slope", "Sum", "Total", "Variance",
    "bound_indices", "children_in_scope", "domain_of", "free_names", "has_float", "interval_domain",
    "is_intermediate", "rebuild", "substitute", "subterms", "taken_indices",
]
