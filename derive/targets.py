"""What the words on a command line stand for: identities of the library, files, folders, one identity of a file.

Promise: words that stand for nothing raise LibraryError, with what is near; a
mistake in one file of several is handed back, and does not hide the others.

Glossary
    path      a word that is written like one: `mine.py`, `./notes`, `mine.py::name`
    choice    the derivations that were asked for, and the mistakes on the way
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from derive.library import AS_PRINTED, files_of, library_files
from derive.names import Card, LibraryError, key, reject_duplicates, resolve
from derive.pool import Pool
from derive.runner import SourceFile, Target, cards

__all__ = ["Choice", "choose", "choose_all", "library", "one"]


@dataclass(frozen=True)
class Choice:
    """The derivations that were asked for, the mistakes on the way, and how many were left out."""

    targets: tuple[Target, ...]
    mistakes: tuple[str, ...] = ()
    left_out: int = 0


def library(pool: Pool, *, count: bool = False) -> tuple[list[tuple[SourceFile, Card]], list[str]]:
    """The cards of the library, each with its file, and the mistakes in it."""
    files = [SourceFile(str(path), f"{path.parent.name}/{path.name}") for path in library_files()]
    found, mistakes = _cards(pool, files, count=count)
    reject_duplicates(card for _, card in found)
    return found, mistakes


def choose_all(pool: Pool, *, as_printed: bool) -> Choice:
    """The whole library, without the wrong printed solutions unless they are asked for."""
    found, mistakes = library(pool)
    kept = [(file, card) for file, card in found if as_printed or AS_PRINTED not in card.tags]
    return Choice(_targets(kept), tuple(mistakes), len(found) - len(kept))


def choose(pool: Pool, words: Sequence[str]) -> Choice:
    """What some words stand for, in their order."""
    targets: list[Target] = []
    mistakes: list[str] = []
    shelf: list[tuple[SourceFile, Card]] | None = None
    for is_path, run in _runs(words):
        if is_path:
            chosen = _of_path(pool, run[0])
            targets += chosen.targets
            mistakes += chosen.mistakes
            continue
        if shelf is None:
            shelf, broken = library(pool)
            mistakes += broken
        targets += _named(run, shelf)
    return Choice(tuple(dict.fromkeys(targets)), tuple(mistakes))


def one(pool: Pool, words: Sequence[str]) -> Target:
    """The one derivation that some words stand for."""
    chosen = choose(pool, words)
    if chosen.mistakes and not chosen.targets:
        raise LibraryError(chosen.mistakes[0])
    if len(chosen.targets) != 1:
        raise LibraryError(
            f"expected one identity, found {len(chosen.targets)}: {', '.join(t.name for t in chosen.targets)}"
        )
    return chosen.targets[0]


def _runs(words: Sequence[str]) -> list[tuple[bool, list[str]]]:
    """The words in runs: each path by itself, names that stand together together."""
    runs: list[tuple[bool, list[str]]] = []
    for word in words:
        if _is_path(word):
            runs.append((True, [word]))
        elif runs and not runs[-1][0]:
            runs[-1][1].append(word)
        else:
            runs.append((False, [word]))
    return runs


def _is_path(word: str) -> bool:
    return word.endswith(".py") or "/" in word or "::" in word or word in (".", "..")


def _named(words: Sequence[str], shelf: list[tuple[SourceFile, Card]]) -> list[Target]:
    try:
        names = resolve(words, (card for _, card in shelf))
    except LibraryError as error:
        there = [path for word in words for path in (Path(f"{word}.py"), Path(word)) if path.exists()]
        if there:
            written = there[0] if there[0].suffix == ".py" else f"./{there[0]}"
            raise LibraryError(f"{error} (for the file or folder of that name, write {written})") from None
        raise
    files = {card.name: file for file, card in shelf}
    return [Target(files[name], name) for name in names]


def _of_path(pool: Pool, word: str) -> Choice:
    """The derivations of a file, of the files in a folder, or the one behind `::`."""
    shown, _, name = word.partition("::")
    path = Path(shown)
    if path.is_dir():
        if name:
            raise LibraryError(f"{word}: expected a file before `::`, found a folder")
        paths = files_of(path)
        if not paths:
            raise LibraryError(f"{shown}: found no file with identities in this folder (its subfolders are not read)")
    elif not path.is_file():
        raise LibraryError(f"no such file: {shown}")
    else:
        paths = [path]
    found, mistakes = _cards(pool, [SourceFile(str(p.absolute()), str(p)) for p in paths], count=False)
    if "::" in word:
        if mistakes:
            return Choice((), tuple(mistakes))
        wanted = resolve([name], (card for _, card in found)) if key(name) else []
        if not wanted:
            raise LibraryError(f"{word}: expected a name behind `::`")
        found = [(file, card) for file, card in found if card.name in wanted]
    return Choice(_targets(found), tuple(mistakes))


def _cards(pool: Pool, files: list[SourceFile], *, count: bool) -> tuple[list[tuple[SourceFile, Card]], list[str]]:
    found: list[tuple[SourceFile, Card]] = []
    mistakes: list[str] = []
    for file, answer in zip(files, cards(pool, files, count=count), strict=True):
        if isinstance(answer, str):
            mistakes.append(answer)
        else:
            found += [(file, card) for card in answer]
    return found, mistakes


def _targets(found: Iterable[tuple[SourceFile, Card]]) -> tuple[Target, ...]:
    return tuple(Target(file, card.name) for file, card in found)
