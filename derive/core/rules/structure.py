"""Rule families of algebra: rings, sums, powers, logarithms, definitions, closed sums, signs."""

from __future__ import annotations

from derive.core.rules.family import Family

__all__ = [
    "algebra", "chain_rule", "contraction", "definition", "divergence", "euler", "geometric_series", "induction",
    "linearity", "logarithms", "positivity", "powers",
]

UNFOLD = frozenset({"unfold_E", "unfold_Var", "unfold_H", "unfold_HX", "unfold_KL", "unfold_def", "unfold_R"})

algebra = Family(
    name="algebra",
    title="algebra",
    statement="Both sides are the same element of the ring of polynomials over their atoms, with rational"
    " coefficients, quotients and integer powers; bound indices may be renamed, a rational factor passes through a"
    " sum, and a^r a^s = a^(r+s).",
    conditions="Every denominator that stands on either side is not zero.",
    fails="It does not split or join sums, take a power or a logarithm of a product apart, or unfold a definition.",
    source="Lang, Algebra, 2002, ch. II and IV",
    cost=0,
)

linearity = Family(
    name="linearity",
    title="linearity",
    statement="Sums and expectations are linear: sum (a f + b g) = a sum f + b sum g for a, b free of the index;"
    " finite sums may be exchanged; the sum of 1 over lo..hi is hi - lo + 1.",
    conditions="An infinite sum is split only where every part converges absolutely; the count needs hi - lo + 1 >= 0.",
    fails="Splitting sum (f - g) into two divergent sums; sum(1, i = 1..m) = m for an m that may be negative.",
    source="Rudin, Principles of Mathematical Analysis, 1976, 3.47 and 3.55",
    needs=frozenset({"split", "scale"}),
    helps=frozenset({"unit"}),
    cost=1,
)

contraction = Family(
    name="contraction",
    title="contraction of a delta",
    statement="sum over i of delta(i, e) f(i) = f(e); a product over i of factors that are equal but where i = e is the"
    " factor there times a power of the others.",
    conditions="e is provably an integer in the range of i.",
    fails="sum of delta(i, j) over i = 1..3 is not 1 for every j: where j may leave 1..3 the delta stays.",
    source="Graham, Knuth and Patashnik, Concrete Mathematics, 1994, 2.1",
    needs=frozenset({"contract"}),
    helps=frozenset({"split", "scale"}),
    cost=2,
)

powers = Family(
    name="powers",
    title="laws of powers",
    statement="exp(u + v) = exp(u) exp(v); (a b)^r = a^r b^r and (a^r)^s = a^(r s) for a >= 0; a^(m + n) = a^m a^n;"
    " (a b)^n = a^n b^n for an integer n; sqrt(x^2) = |x| for real x.",
    conditions="The sign of what is pulled out of a root is known; principal values throughout.",
    fails="sqrt(x^2) = x, and (x^a)^b = x^(a b), for an x that may be negative.",
    source="DLMF 4.2(iv)",
    needs=frozenset({"powers"}),
    cost=1,
)

chain_rule = Family(
    name="chain_rule",
    title="chain rule",
    statement="D and d are linear, obey the product and the chain rule, and pass through finite sums; the derivative"
    " of x[i] by x[k] is delta(i, k), that of f(u) is f'(u) times that of u. D goes through every definition, d holds"
    " them.",
    conditions="Every function on the way is smooth at its argument, which is real.",
    fails="D|x| at 0; a derivative through an infinite sum; d(y, x) where y hangs on x through a definition.",
    source="Rudin, Principles of Mathematical Analysis, 1976, 9.15 and 9.21",
    needs=frozenset({"chain"}),
    helps=frozenset({"split", "scale", "unit", "contract", "powers", "unfold_def"}),
    cost=3,
)

euler = Family(
    name="euler",
    title="Euler's formula",
    statement="cos u = (exp(i u) + exp(-i u))/2 and sin u = (exp(i u) - exp(-i u))/(2 i), so that angles add where"
    " exponents do.",
    conditions="None: it holds for all complex u. Here it is used of entries and indices.",
    fails="sin(u v) in terms of sin u and sin v.",
    source="DLMF 4.14",
    needs=frozenset({"euler"}),
    helps=frozenset({"powers"}),
    cost=3,
)

logarithms = Family(
    name="logarithms",
    title="laws of logarithms",
    statement="ln(a b) = ln a + ln b and ln(a^r) = r ln a for a > 0; ln(exp u) = u for real u; exp(r ln u) = u^r.",
    conditions="All factors but one are known to be positive; principal values throughout.",
    fails="ln(x^2) = 2 ln x for an x that may be negative; ln(x y) = ln x + ln y for negative x, y.",
    source="DLMF 4.8(i)",
    needs=frozenset({"logs"}),
    helps=frozenset({"powers"}),
    cost=2,
)

definition = Family(
    name="definition",
    title="definition",
    statement="E, Var, H, KL and the named intermediates stand for their definitions.",
    conditions="None beyond what the definition itself needs.",
    fails="It unfolds and no more: a sum is neither split nor evaluated.",
    source="Cover and Thomas, Elements of Information Theory, 2006, ch. 2",
    needs=UNFOLD,
    cost=2,
)

induction = Family(
    name="induction",
    title="induction",
    statement="An equation holds for every value of a free index if it holds at the least one (the greatest one), and"
    " at l + 1 (at l) whenever it holds at l (at l + 1).",
    conditions="No condition of the step hangs on the index.",
    fails="Where the base or the step does not close; over an index without an end to start from.",
    source="Graham, Knuth and Patashnik, Concrete Mathematics, 1994, 1.1",
    needs=frozenset({"induct"}),
    helps=frozenset({"unfold_R", "powers", "split", "scale"}),
    cost=4,
)

geometric_series = Family(
    name="geometric_series",
    title="geometric and power sums",
    statement="Sums of a polynomial in the index times r^index have a closed form, found by telescoping: F with"
    " F(i+1) - F(i) = term is constructed and this difference is checked; the sum is F at the ends. A sum over a few"
    " numbers is written out; over all i >= 0, one of i^d r^i / i! is e^r times a polynomial in r.",
    conditions="r is not 1; an infinite sum needs |r| < 1 from the givens; a finite one hi - lo + 1 >= 0.",
    fails="sum of x^n over n >= 0 for an x that may leave (-1, 1); a range that may run backwards.",
    source="Petkovsek, Wilf and Zeilberger, A = B, 1996, ch. 5",
    needs=frozenset({"series"}),
    helps=frozenset({"split", "scale", "powers"}),
    cost=3,
)

divergence = Family(
    name="divergence",
    title="divergence",
    statement="A sum over an infinite range all of whose terms are at least some c > 0 is oo; a positive multiple of it"
    " is oo, a negative one -oo. H(P, Q) and KL(P, Q) of two laws are oo where Q is 0 and P is not.",
    conditions="The bound c is a rational that follows from the domains and the givens; P is known to be positive.",
    fails="Terms that tend to 0, such as 1/k; terms of both signs; a factor that may be 0.",
    source="Rudin, Principles of Mathematical Analysis, 1976, 3.23",
    needs=frozenset({"diverge"}),
    helps=frozenset({"scale"}),
    cost=3,
)

positivity = Family(
    name="positivity",
    title="signs",
    statement="An inequality holds where the difference of its sides is a sum of terms of known sign.",
    conditions="Both sides are real; signs and ranges follow from the domains and the givens.",
    fails="a c <= b c from a <= b, for a c that may be negative.",
    source="interval arithmetic: Moore, Interval Analysis, 1966",
    needs=frozenset({"sign"}),
    cost=1,
)
