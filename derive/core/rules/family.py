"""What a rule family is: a named licence for some capabilities of the normal form."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Family"]


@dataclass(frozen=True)
class Family:
    """A rule family, as `by=` names it and `derive rules` lists it.

    `needs` are the capabilities it is the licence for: a step that closes
    without them does not rest on this family. `helps` may be used on the side.
    """

    name: str
    title: str
    statement: str
    conditions: str
    fails: str
    source: str
    needs: frozenset[str] = frozenset()
    helps: frozenset[str] = frozenset()
    cost: int = 1

    @property
    def spoken(self) -> str:
        """What readers know it by: the name that `by=` takes, or its title where that begins with somebody's name."""
        return self.title if self.title[:1].isupper() else self.name.replace("_", " ")
