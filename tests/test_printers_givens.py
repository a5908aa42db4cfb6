"""Everything that is given is said, once, in words."""

from __future__ import annotations

import pytest
from sympy import Symbol, evaluate, exp, log, oo, sqrt

from derive import Bernoulli, Derivation, E, Moments, Sum, array, define, eq, full_support, function, index, law
from derive.printers.givens import givens_of, givens_tex, names_of
from derive.vocabulary import (
    complex_number,
    integer,
    negative,
    nonnegative,
    nonzero,
    positive,
    probability,
    random,
    real,
    size,
)

n, d = size("n"), size("d")
i, j, k = index("i", n), index("j", d), index("k", 0, oo)
X, w, v = array("X", n, d), array("w", d), array("v", d)
p = probability("p")
y, z = index("y"), index("z")
Q, P = law("Q_Phi", y, z), law("P", y, z)


def given_of(build, **more):
    """The givens of a derivation whose one step says that the term is itself."""
    with evaluate(False):
        term = build()
    return givens_of(Derivation(term, eq(term), **more))


SENTENCES = [
    (lambda: positive("beta"), ["beta > 0"]),
    (lambda: negative("b"), ["b < 0"]),
    (lambda: nonnegative("b"), ["b >= 0"]),
    (lambda: nonzero("b"), ["b real, not 0"]),
    (lambda: real("b"), ["b real"]),
    (lambda: real("b", -1, 2), ["b in [-1, 2]"]),
    (lambda: probability("p", strict=True), ["p in (0, 1)"]),
    (lambda: complex_number("s"), ["s complex"]),
    (lambda: integer("m", 2), ["m >= 2, integer"]),
    (lambda: integer("m"), ["m integer"]),
    (lambda: size("m", 0), ["m >= 0, integer"]),
    (lambda: n, ["n a size, at least 1"]),
    (lambda: n + d, ["n, d sizes, at least 1"]),
    (lambda: positive("s") + positive("t") + real("u"), ["s, t > 0", "u real"]),
    (lambda: Symbol("s"), ["s complex"]),
    (lambda: Symbol("m", integer=True, positive=True), ["m a size, at least 1"]),
    (lambda: Sum(exp(k), k), ["k in 0, 1, 2, ..."]),
    (lambda: Sum(w[j], j), ["d a size, at least 1", "j in 1..d", "w real, of length d"]),
    (lambda: Sum(w[j] * v[j], j), ["d a size, at least 1", "j in 1..d", "w, v real, of length d"]),
    (
        lambda: Sum(X[i, j], i, j),
        ["n, d sizes, at least 1", "i in 1..n", "j in 1..d", "X real, n x d"],
    ),
    (lambda: index("i", 2, n), ["n a size, at least 1", "i in 2..n"]),
    (lambda: index("i", n, oo), ["n a size, at least 1", "i in n, ..."]),
    (lambda: z, ["z ranges over any finite set"]),
    (lambda: Q(y), ["y, z range over any finite sets", "Q_Phi any law over y, z"]),
    (lambda: Q(y) * P(z.renamed("z'")), ["y, z range over any finite sets", "Q_Phi, P any laws over y, z"]),
    (lambda: function("f")(p), ["p in [0, 1]", "f any real function, as smooth as differentiated"]),
    (
        lambda: function("f", 2)(p, p) + function("g", 2)(p, p),
        ["p in [0, 1]", "f, g any real functions of 2 arguments, as smooth as differentiated"],
    ),
]


@pytest.mark.parametrize(("build", "expected"), SENTENCES, ids=[e[-1] for _, e in SENTENCES])
def test_names_are_given_in_words(build, expected):
    """Each kind of name has its sentence, and names of one kind share it."""
    assert given_of(build) == expected


def test_random_arrays_show_an_entry_and_their_law():
    """A random array is given by an entry as the author indexes it, its law and its shape."""
    R = random("R", n, d, law=Bernoulli(p))
    assert given_of(lambda: E(Sum(R[i, j], j), R))[-1] == "R[i,j] independent, Bernoulli(p), n x d"
    assert "p in [0, 1]" in given_of(lambda: E(Sum(R[i, j], j), R))


def test_unknown_laws_are_given_by_their_moments():
    """A law known by mean and variance is said in those words."""
    s = positive("s")
    W = random("W", n, law=Moments(0, s**2))
    assert given_of(lambda: E(W[i], W))[-1] == "W[i] independent, of mean 0 and variance s^2, of length n"


def test_definitions_bring_their_bodies_along():
    """A definition is given with its body, after what its body is made of; its own parameters are not given."""
    s, t = positive("s"), positive("t")
    with evaluate(False):
        gamma = define("Gamma", sqrt(Sum(X[i, j] ** 2, i)), j)
        h = define("h", log(s) + p, s)
    said = ["d, n sizes, at least 1", "j in 1..d", "i in 1..n", "X real, n x d", "Gamma[j] := sqrt(Sum(X[i,j]^2, i))"]
    assert given_of(lambda: gamma[j]) == said
    assert given_of(lambda: h(t)) == ["p in [0, 1]", "t > 0", "h(s) := ln s + p"]


def test_names_of_later_steps_and_of_hypotheses_are_given():
    """A name that first stands in a later step or in a hypothesis is given as well."""
    a, b, c = (real(name) for name in "abc")
    assert givens_of(Derivation(a, eq(b), eq(a), given=[c > 0])) == ["a, b, c real", "c > 0"]


def test_full_supports_of_one_shape_share_a_sentence():
    """Full support is said for every value, together for laws over the same variables."""
    found = given_of(lambda: Q(y) * P(y), given=full_support(Q, P))
    assert found[-1] == "Q_Phi(y, z) > 0 and P(y, z) > 0 for every y, z"


def test_names_come_in_order_and_once():
    """Names are listed as first met, in the same order in every process."""
    with evaluate(False):
        assert [name.name for name in names_of([Sum(X[i, j] * w[j], j) + X[i, j]])] == ["X", "n", "d", "i", "j", "w"]


def test_givens_in_latex_are_sentences_with_formulas():
    """In LaTeX the words stay words, and what is between them is mathematics."""
    with evaluate(False):
        gamma = define("Gamma", sqrt(Sum(X[i, j] ** 2, i)), j)
        found = givens_tex(Derivation(gamma[j] + p, eq(p), given=full_support(Q)))
    assert found == [
        r"$d, n$ sizes, at least 1",
        r"$p \in [0, 1]$",
        r"$j \in \{1, \ldots, d\}$",
        r"$i \in \{1, \ldots, n\}$",
        r"$y, z$ range over any finite sets",
        r"$X$ real, $n \times d$",
        r"$Q_{\Phi}$ any law over $y, z$",
        r"$\Gamma_{j} := \sqrt{\sum_{i=1}^{n} X_{i,j}^{2}}$",
        r"$Q_{\Phi}(y, z) > 0$ for every $y, z$",
    ]
