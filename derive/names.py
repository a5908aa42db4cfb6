"""Names: how an identity is found by what a user calls it, and what is said about it.

Promise: plain values and pure functions. Words that stand for nothing, and two
identities of one name, raise `LibraryError` with what is near or where they are.

Glossary
    card  what is said about an identity, without its mathematics; plain data, so
          that it may cross from a worker to its parent
    key   a name or alias as it is compared: no case, spaces, hyphens, underscores
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from derive.core.errors import DeriveError

__all__ = ["Card", "LibraryError", "key", "reject_duplicates", "resolve"]

_FEW = 5
"""So many names are listed in a message; more would bury it."""


class LibraryError(DeriveError):
    """An identity, or a file of them, that cannot be used; the message names file and line."""


# ---------------------------------------------------------------- cards


@dataclass(frozen=True)
class Card:
    """What is said about an identity. `steps` is None where they are not counted, or the definition has an `error`."""

    name: str
    title: str
    file: str
    line: int
    source: dict[str, str | None] | None
    source_text: str
    row: tuple[str, ...]
    aliases: tuple[str, ...]
    tags: tuple[str, ...]
    steps: int | None
    error: str | None = None

    def plain(self) -> dict[str, Any]:
        """All of it as a dict, which may go through JSON."""
        return asdict(self)

    @classmethod
    def of(cls, plain: dict[str, Any]) -> Card:
        """The card that `plain()` was made from."""
        fields: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in plain.items()}
        return cls(**fields)

    def mentions(self, word: str) -> bool:
        """Whether a word occurs in the name, an alias, the title, the source, a row or a tag."""
        said = (self.name, *self.aliases, self.title, self.source_text, *self.row, *self.tags)
        return any(word.casefold() in text.casefold() or (key(word) or word) in key(text) for text in said)

    def record(self, file: str) -> dict[str, Any]:
        """What `derive list --json` shows, under the given name of its file."""
        row = list(self.row) if len(self.row) > 1 else self.row[0] if self.row else None
        return {
            "name": self.name, "aliases": list(self.aliases), "title": self.title, "file": file,
            "source": self.source, "row": row, "tags": list(self.tags), "steps": self.steps,
        }  # fmt: skip


# ---------------------------------------------------------------- names


class Named(Protocol):
    """What can be found by name: an identity or a card."""

    @property
    def name(self) -> str: ...
    @property
    def aliases(self) -> tuple[str, ...]: ...


class Placed(Named, Protocol):
    """What can be found by name and has a place in a file."""

    @property
    def file(self) -> str: ...
    @property
    def line(self) -> int: ...


def key(name: str) -> str:
    """A name as it is compared.

    >>> key("Ell-Bo") == key("ell bo") == key("ELL_BO")
    True
    """
    return "".join(c for c in name.casefold() if c not in " -_\t\n")


def reject_duplicates(identities: Iterable[Placed]) -> None:
    """Raise LibraryError where two identities share a name or an alias, naming both places."""
    owners: dict[str, Placed] = {}
    for one in identities:
        for name in (one.name, *one.aliases):
            if not key(name):
                raise LibraryError(f"{one.file}:{one.line}: identity {one.name}: expected a name, found {name!r}")
            other = owners.setdefault(key(name), one)
            if other is not one:
                raise LibraryError(
                    f"two identities are called {name!r}: {other.name} at {other.file}:{other.line} "
                    f"and {one.name} at {one.file}:{one.line}"
                )


def resolve(words: Sequence[str], catalogue: Iterable[Named]) -> list[str]:
    """The names that some words stand for: the longest run of words that is a name or an alias is one identity.

    >>> elbo = Card("elbo-decomposition", "", "", 1, None, "", (), ("elbo", "ell bo"), (), 1)
    >>> resolve(["ell", "bo", "Elbo_Decomposition"], [elbo])
    ['elbo-decomposition', 'elbo-decomposition']
    """
    known = {key(name): (one.name, name) for one in catalogue for name in (one.name, *one.aliases)}
    singles = [word for given in words for word in given.split()]
    found = []
    start = 0
    while start < len(singles):
        runs = range(len(singles), start, -1)
        stop = next((stop for stop in runs if key("".join(singles[start:stop])) in known), None)
        if stop is None:
            raise LibraryError(_unknown(singles[start:], known))
        found.append(known[key("".join(singles[start:stop]))][0])
        start = stop
    return found


def _unknown(words: Sequence[str], known: dict[str, tuple[str, str]]) -> str:
    """What to say of words that stand for nothing: names and aliases that are near, or that hold the first word."""
    from difflib import get_close_matches  # noqa: PLC0415 - most words stand for something

    near = {
        match: None
        for stop in range(len(words), 0, -1)
        for match in get_close_matches(key("".join(words[:stop])), known, n=3)
    }
    first = key(words[0])
    candidates = list(near) or [name for name in known if first and first in name]
    # One suggestion for each identity, as its author writes it.
    suggested = list({known[name][0]: known[name][1] for name in reversed(candidates)}.values())[::-1][:3]
    names = list(dict.fromkeys(name for name, _ in known.values()))
    there = f"there is {', '.join(names)}" if 0 < len(names) <= _FEW else "`derive list` shows what there is"
    hint = f"did you mean {' or '.join(suggested)}?" if suggested else there
    return f"no identity is called {' '.join(words)!r}; {hint}"
