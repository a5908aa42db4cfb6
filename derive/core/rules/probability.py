"""Rule families of probability: laws, independence, Gibbs' inequality."""

from __future__ import annotations

from derive.core.rules.family import Family
from derive.core.rules.structure import UNFOLD

__all__ = ["gibbs", "independence", "marginalisation", "normalisation", "product_rule"]

normalisation = Family(
    name="normalisation",
    title="normalisation of a law",
    statement="A law sums to one over all its targets; E of a constant is that constant.",
    conditions="The sum runs over the whole range of each target, and nothing else mentions it; a conditional's givens"
    " have positive probability.",
    fails="A sum over part of the range; a weight that is not known to sum to one.",
    source="Cover and Thomas, Elements of Information Theory, 2006, 2.1",
    needs=frozenset({"normal", "unit"}),
    helps=frozenset({"scale"}),
    cost=2,
)

marginalisation = Family(
    name="marginalisation",
    title="marginalisation",
    statement="Summing a joint law over one of its variables gives the law of the others.",
    conditions="As for normalisation.",
    fails="A variable that another factor mentions as well.",
    source="Cover and Thomas, Elements of Information Theory, 2006, 2.2",
    needs=frozenset({"marginal"}),
    helps=frozenset({"scale"}),
    cost=2,
)

product_rule = Family(
    name="product_rule",
    title="product rule",
    statement="Q(y, z) = Q(y) Q(z | y).",
    conditions="Q(y) > 0, from full support.",
    fails="Where Q(y) may be 0 the conditional has no value.",
    source="Cover and Thomas, Elements of Information Theory, 2006, 2.2",
    needs=frozenset({"product"}),
    cost=2,
)

independence = Family(
    name="independence",
    title="moments of independent entries",
    statement="E of a product of independent entries is the sum, over the set partitions of its factors, of products of"
    " cumulants with a delta for every further entry of a block.",
    conditions="The entries of a random array are independent and follow its law, all of whose moments exist.",
    fails="Functions of entries other than polynomials: E exp(R) stays as it is.",
    source="McCullagh, Tensor Methods in Statistics, 1987, 2.3",
    needs=frozenset({"moments"}),
    helps=frozenset({"unfold_Var", "split", "scale", "unit", "contract"}),
    cost=3,
)

gibbs = Family(
    name="gibbs",
    title="Gibbs' inequality",
    statement="KL(P, Q) >= 0: the difference of the sides is a non-negative combination of divergences, plus terms of"
    " known sign.",
    conditions="P and Q are laws over the same variables, each summing to one over the whole range.",
    fails="P or Q that is not known to sum to one; a divergence with a negative factor.",
    source="Cover and Thomas, Elements of Information Theory, 2006, 2.6.3",
    needs=frozenset({"gibbs"}),
    helps=UNFOLD | {"logs", "powers", "split", "scale", "unit", "sign"},
    cost=4,
)
