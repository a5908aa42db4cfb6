"""The library: declaring identities, and loading files of them."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support import GOOD, line_of
from sympy import Add, Symbol

from derive.core.claims import Derivation, Reason, eq
from derive.core.errors import DeriveError
from derive.library import Document, Identity, card_of, files_of, identity, library_files, library_folder, load_file
from derive.names import LibraryError

x, y = Symbol("x", real=True), Symbol("y", real=True)
Write = Callable[..., Path]


# ---------------------------------------------------------------- declaring


def test_an_identity_is_named_after_its_function() -> None:
    """Name, title and text come from the function, place from its definition."""

    @identity
    def twice_a_number() -> Derivation:
        """Twice a number.

        More words.
        """
        return Derivation(x + x, eq(2 * x))

    assert isinstance(twice_a_number, Identity)
    assert twice_a_number.name == "twice-a-number"
    assert twice_a_number.title == "Twice a number."
    assert twice_a_number.text == "Twice a number.\n\nMore words."
    assert twice_a_number.file == __file__
    assert twice_a_number.line == line_of(Path(__file__), "def twice_a_number") - 1


def test_an_identity_carries_what_its_author_says() -> None:
    """Source, row, aliases and tags are kept, lists as tuples."""

    @identity(source=Document("Quiz").problem(2, part="a"), row=["1", "2"], aliases=["b"], tags=["t"])
    def a() -> None:
        """A."""

    assert (str(a.source), a.row, a.aliases, a.tags) == ("Quiz, problem 2a", ("1", "2"), ("b",), ("t",))
    assert a.source.record() == {"document": "Quiz", "problem": "2", "part": "a", "section": None}
    assert str(Document("Quiz").problem(4, part=1)) == "Quiz, problem 4.1"


def test_an_identity_is_a_reason() -> None:
    """An identity may stand behind `by=`."""

    @identity
    def a() -> None:
        """A."""

    assert isinstance(a, Reason)
    assert eq(x, by=a).by == (a,)


def test_a_derivation_is_built_once_and_as_written() -> None:
    """The function runs at first use only, and SymPy evaluates nothing in it."""
    calls = []

    @identity
    def a() -> Derivation:
        """A."""
        calls.append(1)
        return Derivation(x + x, eq(2 * x))

    assert calls == []
    assert a().start == Add(x, x, evaluate=False) != 2 * x
    assert a.derivation() is a()
    assert calls == [1]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"aliases": "elbo"}, "aliases= takes a list of strings, found 'elbo'"),
        ({"aliases": [1]}, "aliases= takes a list of strings, found [1]"),
        ({"tags": "t"}, "tags= takes a list of strings, found 't'"),
        ({"row": 3}, "row= takes a string or a list of strings, found 3"),
        ({"source": "Quiz"}, "source= takes Document(...).problem(...), found 'Quiz'"),
    ],
)
def test_a_wrong_option_is_told_when_the_identity_is_used(options: dict[str, object], said: str) -> None:
    """A wrong option does not stop the file from loading; using the identity names file, line and option."""

    @identity(**options)
    def a() -> Derivation:
        """A."""
        return Derivation(x + y, eq(y + x))

    with pytest.raises(LibraryError, match=re.escape(said)) as caught:
        a.derivation()
    assert str(caught.value).startswith(f"{__file__}:{a.line}: identity a: ")


def test_a_missing_title_and_parameters_are_told_when_it_is_used() -> None:
    """A function without docstring, or with parameters, is refused at use."""

    @identity
    def a(n: int) -> int:
        return n

    with pytest.raises(LibraryError, match=r"identity a: expected a function without parameters; expected a title"):
        a()


def test_what_is_raised_in_a_definition_is_told_with_its_line() -> None:
    """An exception in an identity's function is a LibraryError at the line where it was raised, at every use."""

    @identity
    def a() -> Derivation:
        """A."""
        return Derivation(x, eq(1 / 0 * x))

    for _ in range(2):
        with pytest.raises(LibraryError, match="ZeroDivisionError: division by zero") as caught:
            a.derivation()
        assert str(caught.value).startswith(f"{__file__}:{line_of(Path(__file__), '1 / 0 * x')}: ")


def test_our_own_errors_in_a_definition_speak_for_themselves() -> None:
    """A DeriveError raised in a definition is told without the name of its class."""

    @identity
    def a() -> Derivation:
        """A."""
        return Derivation(x)

    with pytest.raises(LibraryError, match=r":\d+: a derivation needs at least one step$"):
        a.derivation()


def test_an_identity_must_return_a_derivation() -> None:
    """A function that returns something else is refused, with what it returned."""

    @identity
    def a() -> int:
        """A."""
        return 3

    with pytest.raises(LibraryError, match="identity a: expected it to return a Derivation, found int"):
        a.derivation()


def test_identity_stands_before_a_function() -> None:
    """Anything else is refused at once, since there is no place to tell later."""
    with pytest.raises(LibraryError, match="@identity stands before a function, found int"):
        identity(3)


def test_a_card_counts_steps_or_tells_the_error() -> None:
    """A card has the number of steps, or the error in the definition, and neither where it is not asked to count."""

    @identity
    def good() -> Derivation:
        """A."""
        return Derivation(x + y, eq(y + x), eq(x + y))

    @identity
    def bad() -> int:
        """A."""
        return 3

    assert (card_of(good).steps, card_of(good).error) == (2, None)
    assert card_of(good, count=False).steps is None
    assert card_of(bad).steps is None
    assert "found int" in (card_of(bad).error or "")


# ---------------------------------------------------------------- loading


def test_a_file_is_loaded_in_its_order(write: Write) -> None:
    """The identities of a file are listed as they stand in it, and found by name or alias."""
    path = write("mine.py", GOOD + GOOD.replace("good", "a_second"))
    listing = load_file(path)
    assert [i.name for i in listing.identities] == ["good", "a-second"]
    assert listing.get("A Second").derivation().steps


@pytest.mark.parametrize(
    ("text", "said", "at"),
    [
        ("def f(:\n", "SyntaxError: ", "def f("),
        ("import nosuchmodule\n", "ModuleNotFoundError: No module named 'nosuchmodule'", "import nosuch"),
        ("from derive import nosuchword\n", "ImportError: cannot import name 'nosuchword'", "nosuchword"),
        ("def f():\n    return 1/0\n\n\nf()\n", "ZeroDivisionError: division by zero", "return 1/0"),
        ("import sys\nsys.exit(4)\n", r"it called sys.exit(4)", "sys.exit"),
        ("raise KeyboardInterrupt\n", "KeyboardInterrupt", "raise Key"),
        ("q = real('q', 0.5)\n", "q: a bound is an exact rational", "real('q'"),
        ("class E(Exception):\n    def __str__(self): raise self\nraise E\n", "E", "raise E"),
    ],
)
def test_a_file_that_cannot_be_run_is_told_with_its_line(write: Write, text: str, said: str, at: str) -> None:
    """Whatever loading a file raises becomes one LibraryError that names file and line."""
    path = write("mine.py", text)
    with pytest.raises(LibraryError, match=re.escape(said)) as caught:
        load_file(path)
    assert str(caught.value).startswith(f"{path}:{line_of(path, at)}: ")


def test_a_file_without_identities_is_an_error(write: Write) -> None:
    """A file that declares none is told so, also where it imports some."""
    path = write("mine.py", "from identities import variational\nfrom identities.variational import elbo_bound\n")
    with pytest.raises(LibraryError, match=r"mine\.py: found no identity in it; write @identity before a function"):
        load_file(path)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    """A path that is no file is told so."""
    with pytest.raises(LibraryError, match=r"no such file: .*absent\.py"):
        load_file(tmp_path / "absent.py")


def test_two_identities_of_one_name_in_a_file_are_an_error(write: Write) -> None:
    """A second function of one name, which hides the first from Python, is found all the same."""
    path = write("mine.py", GOOD + GOOD)
    first = line_of(path, "@identity")
    with pytest.raises(LibraryError, match=rf"called 'good': good at {path}:{first} and good at {path}:{first + 5}"):
        load_file(path)


def test_a_file_may_import_its_neighbour_and_leaves_nothing_behind(write: Write, tmp_path: Path) -> None:
    """Neighbours are found while the file loads and while its functions run, and never meet those of another folder."""
    for folder in ("one", "two"):
        write(f"{folder}/helper.py", f"NAME = {folder!r}\n", head="")
        write(
            f"{folder}/mine.py",
            "import helper\nNAME = helper.NAME\n@identity\ndef a():\n    '''A.'''\n    import helper\n"
            "    return Derivation(real(helper.NAME), eq(real(NAME)))\n",
        )
    path_before = list(sys.path)
    for folder in ("one", "two"):
        derivation = load_file(tmp_path / folder / "mine.py").get("a").derivation()
        assert str(derivation.start) == str(derivation.steps[0].right) == folder
    assert "helper" not in sys.modules
    assert sys.path == path_before


def test_a_file_cannot_hide_what_derive_imports(write: Write) -> None:
    """A neighbour called like a module of ours or of Python does not come before it."""
    write("derive.py", "raise SystemExit\n", head="")
    write("json.py", "raise SystemExit\n", head="")
    assert load_file(write("mine.py", "import json\njson.dumps(1)\n" + GOOD)).identities


def test_a_folder_is_read_for_identity_files_only(write: Write) -> None:
    """Files that do not say @identity, private files and subfolders are left alone."""
    folder = write("b.py").parent
    write("a.py", "\n@ derive.identity(row='1')\ndef f(): ...\n")
    write("helper.py", "# the identity matrix\n", head="")
    write("_private.py")
    write("sub/c.py")
    assert [p.name for p in files_of(folder)] == ["a.py", "b.py"]


def test_the_library_stands_beside_derive() -> None:
    """The library is the folder beside the package, and all of its files can be loaded."""
    import derive

    assert library_folder() == Path(derive.__file__).resolve().parent.parent / "identities"
    assert {p.stem for p in library_files()} >= {"variational", "regularisation", "gaussian"}


def test_a_foreign_package_called_identities_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another package of that name, earlier on the path, is named in the message."""
    (tmp_path / "identities").mkdir()
    (tmp_path / "identities" / "__init__.py").touch()
    for name in [n for n in sys.modules if n == "identities" or n.startswith("identities.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(LibraryError, match=rf"the package `identities` at {tmp_path}/identities is not the library"):
        library_folder()


def test_a_file_of_the_library_is_the_module_that_others_import() -> None:
    """Loading a library file by its path gives the same identities as importing it."""
    from identities.variational import elbo_bound

    assert load_file(library_folder() / "variational.py").get("elbo bound") is elbo_bound


def test_a_library_error_is_a_derive_error() -> None:
    """Whoever catches DeriveError catches these too."""
    assert issubclass(LibraryError, DeriveError)
