"""Names: how words find identities, and what is said when they do not."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.names import Card, LibraryError, key, reject_duplicates, resolve


def card(name: str, *aliases: str, line: int = 1) -> Card:
    """A card with this name and these aliases."""
    return Card(name, f"About {name}", "a.py", line, None, "", (), aliases, (), 1)


SHELF = [
    card("elbo-decomposition", "elbo", "ell bo", "evidence lower bound"),
    card("elbo-bound", "evidence"),
    card("dropout-expected-loss", "dropout"),
]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ell bo", ["elbo-decomposition"]),
        ("elbo", ["elbo-decomposition"]),
        ("ELBO", ["elbo-decomposition"]),
        ("Elbo_Decomposition", ["elbo-decomposition"]),
        ("elbo decomposition", ["elbo-decomposition"]),
        ("evidence lower bound", ["elbo-decomposition"]),
        ("evidence", ["elbo-bound"]),
        ("elbo dropout", ["elbo-decomposition", "dropout-expected-loss"]),
        ("dropout ell bo elbo bound", ["dropout-expected-loss", "elbo-decomposition", "elbo-bound"]),
        ("evidence evidence lower-bound", ["elbo-bound", "elbo-decomposition"]),
    ],
)
def test_the_longest_run_of_words_is_one_identity(words: str, found: list[str]) -> None:
    """Words are split into names and aliases, the longest first, whatever their case and separators."""
    assert resolve(words.split(), SHELF) == found


def test_words_may_come_in_one_argument() -> None:
    """A quoted argument that holds several words is the same as several arguments."""
    assert resolve(["ell bo dropout"], SHELF) == ["elbo-decomposition", "dropout-expected-loss"]


@given(st.lists(st.sampled_from("ab c-_D"), min_size=1).map("".join))
def test_a_key_ignores_case_and_separators_and_nothing_else(name: str) -> None:
    """The key of a name is what is left of it without case and separators."""
    assert key(name) == key(name.upper()) == key(f" {name}-") == "".join(c for c in name if c.isalpha()).lower()


@pytest.mark.parametrize(
    ("words", "near"),
    [
        ("elbow", "elbo?"), ("dropuot", "dropout?"), ("evidense lower bond", "evidence lower bound"),
        ("loss", "dropout-expected-loss"),
    ],
)
def test_a_near_miss_gets_a_suggestion(words: str, near: str) -> None:
    """A word that is nearly a name, or part of one, is answered with that name as its author writes it."""
    with pytest.raises(LibraryError, match=rf"no identity is called '{words}'; did you mean .*{re.escape(near)}"):
        resolve(words.split(), SHELF)


def test_a_far_miss_gets_what_there_is() -> None:
    """A word that is near nothing is answered with the names, where they are few."""
    with pytest.raises(LibraryError, match="'qqq'; there is elbo-decomposition, elbo-bound, dropout-expected-loss"):
        resolve(["qqq"], SHELF)
    with pytest.raises(LibraryError, match="'qqq'; `derive list` shows what there is"):
        resolve(["qqq"], [card(f"n{i}") for i in range(6)])


def test_two_identities_of_one_name_are_an_error_naming_both_lines() -> None:
    """A name or an alias that two identities share is refused, with both places."""
    with pytest.raises(LibraryError, match=r"are called 'One Two': one_two at a\.py:3 and other at a\.py:9"):
        reject_duplicates([card("one_two", line=3), card("other", "One Two", line=9)])


def test_an_alias_that_repeats_the_name_is_no_duplicate() -> None:
    """One identity may say its own name twice."""
    reject_duplicates([card("softmax-entropy", "softmax entropy")])


def test_an_alias_without_letters_is_an_error() -> None:
    """An alias that nobody could type is refused with its place."""
    with pytest.raises(LibraryError, match=r"a\.py:7: identity one: expected a name, found '- '"):
        reject_duplicates([card("one", "- ", line=7)])


def test_a_card_survives_being_plain_data() -> None:
    """What crosses between processes is the same card again."""
    source = {"document": "D", "problem": "1", "part": None}
    before = Card("a", "T", "f.py", 3, source, "D, problem 1", ("1.2",), ("b",), (), 4)
    assert Card.of(before.plain()) == before


def test_the_listed_record_has_the_documented_fields() -> None:
    """`derive list --json` shows exactly the documented fields, one row as a string and several as a list."""
    one = Card("a", "T", "/abs/f.py", 3, None, "", ("1.2",), ("b",), ("t",), 4).record("f.py")
    assert one == {
        "name": "a", "aliases": ["b"], "title": "T", "file": "f.py",
        "source": None, "row": "1.2", "tags": ["t"], "steps": 4,
    }  # fmt: skip
    assert Card("a", "T", "f", 3, None, "", ("1", "2"), (), (), 4).record("f")["row"] == ["1", "2"]
    assert Card("a", "T", "f", 3, None, "", (), (), (), 4).record("f")["row"] is None


def test_a_search_looks_at_names_aliases_titles_sources_rows_and_tags() -> None:
    """A card mentions a word that stands in any of these, and no other."""
    found = Card("softmax-x", "A title", "f.py", 3, None, "Quiz 7", ("003.1",), ("ell bo",), ("tagged",), 4)
    assert all(found.mentions(w) for w in ("SoftMax", "title", "quiz", "003", "ellbo", "ell-bo", "tagged"))
    assert not any(found.mentions(w) for w in ("absent", "f.py"))
