"""Claims as text: from what a program or a user writes to derivations.

Promise: text is never run as code. What is built says what the text says, inert; a text that is not a claim, or is past
a limit, is a `ReaderError` that shows the place.

    read_claim(record)         a derivation, from a record {"symbols", "given", "steps"}
    read_term, read_given      one term, one hypothesis
    read_chain(text)           "a = b <= c" as steps
    read_declarations(texts)   "x y: positive" as symbols of a record
"""

from __future__ import annotations

from derive.reader.claims import Claimed, read_chain, read_claim, read_given, read_steps, read_term
from derive.reader.errors import ReaderError
from derive.reader.symbols import Symbols, read_declarations, read_symbols

__all__ = [
    "Claimed", "ReaderError", "Symbols", "read_chain", "read_claim", "read_declarations", "read_given", "read_steps",
    "read_symbols", "read_term",
]
