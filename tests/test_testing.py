"""`assert_proved`: what passes, and what is said of what does not."""

from __future__ import annotations

import pytest
from sympy import Rational, evaluate, floor

from derive import Derivation, algebra, eq, identity, logarithms, real
from derive.checked import record_of, surprises
from derive.checking import check
from derive.core.errors import TermError
from derive.names import LibraryError
from derive.testing import assert_proved

x, y = real("x"), real("y")


@identity(aliases=["turned"])
def turned_round():
    """A sum does not depend on the order."""
    return Derivation(x + y, eq(y + x, by=algebra))


@identity
def as_printed():
    """A solution that is wrong, as printed."""
    return Derivation(x + y, eq(x - y, expect="refuted"))


@identity
def unbuilt():
    """A definition with a mistake in it."""
    return Derivation(nosuchname)  # noqa: F821


def wrong():
    """Three steps: one right, one wrong, one with the wrong reason."""
    with evaluate(False):
        return Derivation(x + y, eq(y + x, by=algebra), eq(x * y, by=algebra), eq(y * x, by=logarithms))


@pytest.mark.parametrize("found", [turned_round, turned_round.derivation(), check(turned_round()), as_printed])
def test_what_is_as_expected_passes(found):
    """An identity, a derivation and a report pass, also where a wrong step is declared as such."""
    assert_proved(found)


def test_what_is_not_as_expected_is_shown():
    """The error shows each step that is not as expected, behind the one it follows, with its witness or reason."""
    with pytest.raises(AssertionError) as caught:
        assert_proved(wrong())
    lines = str(caught.value).splitlines()
    assert lines[0] == "line 3: REFUTED: it fails at x = 0, y = 1 (and 1 more step)"
    assert lines[1] == "  given  x, y real"
    assert lines[2] == "  2  y + x"
    assert lines[3].split() == ["3", "=", "x*y", "algebra", "REFUTED", *lines[3].split()[-2:]]
    assert lines[4].strip() == "at x = 0, y = 1:   left 1   right 0"
    assert lines[5].split()[:5] == ["4", "=", "y*x", "logarithms", "invalid"]
    assert lines[6].strip() == "logarithms is not what closes this step; algebra does"
    assert len(lines) == 7


def test_a_declared_refutation_that_is_proved_fails():
    """A step that holds although its author expects a refutation is a failure."""
    with evaluate(False):
        found = Derivation(x + y, eq(y + x, expect="refuted"))
    with pytest.raises(AssertionError, match=r"^line 2: proved, expected refuted\n"):
        assert_proved(found)


def test_it_takes_nothing_else():
    """A value that is no derivation is a mistake of the caller, and so is a definition that cannot be built."""
    with pytest.raises(TermError, match="expected a derivation, an identity or a report, found int"):
        assert_proved(3)
    with pytest.raises(LibraryError, match=r"test_testing\.py:\d+: NameError: name 'nosuchname' is not defined"):
        assert_proved(unbuilt)


def test_the_record_says_what_the_identity_is():
    """The record of an identity has its name and title, that of a derivation alone has none."""
    found = record_of(turned_round)
    assert (found["name"], found["title"]) == ("turned-round", "A sum does not depend on the order.")
    assert record_of(turned_round())["title"] == ""
    assert found["steps"][0]["by_titles"] == ["algebra"]
    assert surprises(record_of(wrong())) == [1, 2]


def test_what_was_tried_is_told() -> None:
    """A refuted step and an undecided one say in which models their sides were compared."""
    wrong = record_of(Derivation(x**2, eq(x**3)))["steps"][0]
    assert wrong["verdict"] == "refuted"
    assert any(line.startswith("tried x = ") and "left" in line for line in wrong["trace"])
    with evaluate(False):
        hermite = Derivation(floor(2*x), eq(floor(x) + floor(x + Rational(1, 2))))
    open_one = record_of(hermite)["steps"][0]
    assert open_one["verdict"] == "undecided"
    assert sum(line.startswith("tried x = ") for line in open_one["trace"]) >= 2
