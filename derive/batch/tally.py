"""What came of the claims of a file: counts, ids that stand twice, the exit status, one line that says so.

Promise: constant memory. Whether an id stood before is asked of a filter of fixed size: it never misses one, and up to
a million ids it is wrong about a new one less than once in ten thousand files.
"""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b

__all__ = ["Tally"]

_BITS = 27
_HASHES = 8
_ORDER = ("proved", "undecided", "error", "invalid", "refuted")


class Tally:
    """Counts of verdicts, and ids that stand more than once."""

    def __init__(self) -> None:
        self.verdicts: Counter[str] = Counter()
        self.kept = self.warned = self.contradictions = self.repeated = 0
        self._first_repeated: tuple[str | int, int] | None = None
        self._seen = bytearray(2**_BITS // 8)

    @property
    def count(self) -> int:
        """How many claims there were."""
        return self.verdicts.total()

    @property
    def all_proved(self) -> bool:
        """Whether there is nothing but proved claims."""
        return self.verdicts["proved"] == self.count

    def meet(self, name: str | int | None, number: int) -> None:
        """Note the id on a line, unless it has none."""
        if name is None:
            return
        found = blake2b(repr(name).encode("utf-8", "surrogatepass"), digest_size=4 * _HASHES).digest()
        places = [int.from_bytes(found[i : i + 4], "big") % 2**_BITS for i in range(0, len(found), 4)]
        if all(self._seen[place >> 3] >> (place & 7) & 1 for place in places):
            self.repeated += 1
            self._first_repeated = self._first_repeated or (name, number)
        for place in places:
            self._seen[place >> 3] |= 1 << (place & 7)

    def summary(self, seconds: float) -> str:
        """One line on all of it.

        >>> tally = Tally()
        >>> tally.verdicts.update(["proved", "refuted", "proved"])
        >>> tally.summary(1.25)
        '3 claims: 2 proved, 1 refuted; 1.2 s'
        """
        parts = [f"{self.verdicts[verdict]} {verdict}" for verdict in _ORDER if self.verdicts[verdict]]
        said = f"{self.count} claim{'' if self.count == 1 else 's'}: {', '.join(parts) or 'nothing to prove'}"
        before = f"; {self.kept} of them answered before" if self.kept else ""
        warned = f"; {self.warned} with warnings" if self.warned else ""
        return f"{said}{before}{warned}; {seconds:.1f} s"

    def repetition(self) -> str | None:
        """What is to be said of ids that stand more than once."""
        if self._first_repeated is None:
            return None
        name, number = self._first_repeated
        again = f", and {self.repeated - 1} more" if self.repeated > 1 else ""
        return f"warning: an id that stood before: {name!r} on line {number}{again}"
