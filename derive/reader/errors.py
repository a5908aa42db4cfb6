"""What is wrong with a text, and where.

Promise: a `ReaderError` names what was expected and what was found, and shows the place under the text.
"""

from __future__ import annotations

from derive.core.errors import DeriveError

__all__ = ["ReaderError"]

_WINDOW = 72


class ReaderError(DeriveError):
    """A text that is not a claim: the message, the text, and the column (from 0) where it goes wrong."""

    def __init__(self, message: str, text: str = "", column: int | None = None) -> None:
        self.message, self.text, self.column = message, text, column
        super().__init__(message if column is None else f"{message}\n{self.excerpt()}")

    def excerpt(self) -> str:
        """The part of the text around the place, and a caret below it.

        >>> print(ReaderError("expected a term", "1 + ", 4).excerpt())
            1 +
                ^
        """
        if self.column is None:
            return ""
        start = max(0, self.column - _WINDOW // 2)
        shown = "".join(c if c.isprintable() and c.isascii() else "?" for c in self.text[start : start + _WINDOW])
        return f"    {shown.rstrip()}\n    {' ' * (self.column - start)}^"
