"""What words on a command line stand for: names, files, folders, one identity of a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support import GOOD

from derive.names import LibraryError
from derive.pool import Limits, Pool
from derive.targets import choose, choose_all, library, one

Write = Callable[..., Path]


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    """A pool with the usual limits."""
    with Pool(Limits(jobs=1)) as found:
        yield found


def test_names_and_paths_may_be_mixed(pool: Pool, write: Write) -> None:
    """Names of several words, files and folders, in their order, each derivation once."""
    path, other = write("a.py"), write("sub/b.py", GOOD + GOOD.replace("good", "better"))
    found = choose(pool, ["ell", "bo", str(path), "dropout", f"{other.parent}/", str(path), "elbo"])
    assert [t.name for t in found.targets] == [
        "elbo-decomposition", "good", "dropout-expected-loss", "good", "better",
    ]  # fmt: skip
    assert found.mistakes == ()


def test_one_identity_of_a_file(pool: Pool, write: Write) -> None:
    """What follows `::` is a name or an alias in that file."""
    path = write("a.py", GOOD + GOOD.replace("good", "much_better").replace("@identity", "@identity(aliases=['mb'])"))
    for name in ("much better", "Much-Better", "mb"):
        assert [t.name for t in choose(pool, [f"{path}::{name}"]).targets] == ["much-better"]


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("a.py::goood", "no identity is called 'goood'; did you mean good?"),
        ("a.py::", "a.py::: expected a name behind `::`"),
        (".::good", "expected a file before `::`, found a folder"),
        ("./empty", "found no file with identities in this folder"),
        ("elbow", "no identity is called 'elbow'; did you mean elbo?"),
        ("a", "(for the file or folder of that name, write a.py)"),
        ("empty", "(for the file or folder of that name, write ./empty)"),
    ],
)
def test_words_that_stand_for_nothing(
    pool: Pool, write: Write, monkeypatch: pytest.MonkeyPatch, word: str, said: str
) -> None:
    """Each mistake has its own message, with what is near."""
    folder = write("a.py").parent
    (folder / "empty").mkdir()
    monkeypatch.chdir(folder)
    with pytest.raises(LibraryError, match=re.escape(said)):
        choose(pool, [word])


def test_a_mistake_in_one_file_does_not_hide_the_others(pool: Pool, write: Write) -> None:
    """In a folder, a file that cannot be loaded is told, and the others are found."""
    folder = write("a.py").parent
    write("b.py", "\n@identity\n")
    found = choose(pool, [f"{folder}/"])
    assert [t.name for t in found.targets] == ["good"]
    (message,) = found.mistakes
    assert message.startswith(f"{folder}/b.py:")
    assert "SyntaxError" in message


def test_the_whole_library_leaves_out_what_is_wrong_as_printed(pool: Pool) -> None:
    """Wrong printed solutions are left out, counted, and there when asked for."""
    wrong = {card.name for _, card in library(pool)[0] if "as-printed" in card.tags}
    assert "gaussian-mutual-information-as-printed" in wrong
    without, including = choose_all(pool, as_printed=False), choose_all(pool, as_printed=True)
    assert without.left_out == len(wrong)
    assert including.left_out == 0
    assert {t.name for t in including.targets} - {t.name for t in without.targets} == wrong


def test_the_library_has_no_errors(pool: Pool) -> None:
    """Every identity of the library can be built, has a step, and a source where it is a row of one."""
    found, mistakes = library(pool, count=True)
    assert mistakes == []
    for _, card in found:
        assert card.error is None
        assert card.steps
        assert card.source or not card.row


def test_exactly_one_identity_is_wanted(pool: Pool) -> None:
    """Commands that take one identity refuse several."""
    assert one(pool, ["elbo"]).name == "elbo-decomposition"
    with pytest.raises(LibraryError, match="expected one identity, found 2: elbo-decomposition, dropout-expected-loss"):
        one(pool, ["elbo", "dropout"])
