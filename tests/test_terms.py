"""Tests of the vocabulary: what it takes, what it refuses, and that substitution never captures."""

import pickle

import pytest
from sympy import S

from derive import Sum, array, define, delta, index, law, positive, random, recursion, size
from derive.core.errors import TermError
from derive.core.terms import Index, free_names, substitute
from derive.vocabulary import Bernoulli, real

n, m = size("n"), size("m")
i, j = index("i", n), index("j", n)
x = array("x", n, n)


@pytest.mark.parametrize(
    "make",
    [
        lambda: index("i", 1, "__import__('os').getpid()"),
        lambda: array("x", "n"),
        lambda: x["1", j],
        lambda: Sum("x", i),
        lambda: delta("i", j),
        lambda: define("h", "1 + 1"),
        lambda: real("x", "0"),
        lambda: recursion("v", index("l", 0, n), "1", real("u"), 2),
        lambda: law("Q", index("z"))(z="1"),
    ],
)
def test_text_is_never_read_as_a_term(make):
    """Every word that takes a term refuses text."""
    with pytest.raises(TermError, match="expected a number or a term, found"):
        make()


def test_arrays_and_definitions_are_not_sequences():
    """SymPy must not take what has entries for something to iterate over."""
    for name in (x, define("mu", i, i), recursion("v", index("l", 0, n), 1, real("u"), 2)):
        with pytest.raises(TypeError):
            iter(name)


def test_substitution_renames_what_would_capture():
    """A bound index makes way for one that is put in."""
    found = substitute(Sum(x[i, j], i), {j: i})
    assert found.free_symbols >= {i}
    assert found.limits[0][0] != i


def test_a_recursion_brings_its_own_names():
    """The index and the previous value of a recursion are bound in it."""
    u, r = real("u"), positive("r")
    place = index("l", 0, m)
    names = free_names(recursion("v", place, 1, u, u*r)[S.Zero])
    assert {r, m} <= names
    assert not {u, place} & names


def test_names_survive_pickling():
    """What carries more than a name is the same after a round trip."""
    y, z = index("y"), index("z")
    Q = law("Q", y, z)
    R = random("R", n, law=Bernoulli(real("p")))
    for term in (Q(z | y), Sum(x[i, j], i), R[i], Index("k", 0, n)):
        assert pickle.loads(pickle.dumps(term)) == term
