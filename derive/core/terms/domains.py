"""The values a scalar may take."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Rational

__all__ = ["Domain", "assumptions_of"]


@dataclass(frozen=True)
class Domain:
    """The values a scalar may take.

    `field` is "complex", "real" or "integer". The bounds are exact rationals or
    None (no bound) and exist only for real and integer scalars.
    """

    field: str = "real"
    lo: Rational | None = None
    hi: Rational | None = None
    lo_open: bool = False
    hi_open: bool = False
    nonzero: bool = False

    def __lt__(self, other: Domain) -> bool:
        """Some order: SymPy sorts symbols of one name by what else they carry."""
        return repr(self) < repr(other)

    def words(self) -> str:
        """The domain in words, as the givens show it.

        >>> Domain("real", Rational(0), None, lo_open=True).words()
        '> 0'
        >>> Domain("real", Rational(0), Rational(1), True, True).words()
        'in (0, 1)'
        >>> Domain("integer", Rational(1)).words()
        'integer, >= 1'
        """
        parts = [] if self.field == "real" and (self.lo is not None or self.hi is not None) else [self.field]
        if self.lo is not None and self.hi is not None:
            parts.append(f"in {'(' if self.lo_open else '['}{self.lo}, {self.hi}{')' if self.hi_open else ']'}")
        elif self.lo is not None:
            parts.append(f"{'>' if self.lo_open else '>='} {self.lo}")
        elif self.hi is not None:
            parts.append(f"{'<' if self.hi_open else '<='} {self.hi}")
        if self.nonzero:
            parts.append("not 0")
        return ", ".join(parts)


def assumptions_of(domain: Domain) -> dict[str, bool]:
    """What SymPy may know of a symbol of this domain."""
    if domain.field == "complex":
        return {"complex": True} | ({"zero": False} if domain.nonzero else {})
    known: dict[str, bool] = {"integer": True} if domain.field == "integer" else {"real": True}
    if domain.lo is not None and domain.lo >= 0:
        strict = domain.lo > 0 or domain.lo_open or domain.nonzero
        known["positive" if strict else "nonnegative"] = True
    elif domain.hi is not None and domain.hi <= 0:
        strict = domain.hi < 0 or domain.hi_open or domain.nonzero
        known["negative" if strict else "nonpositive"] = True
    elif domain.nonzero:
        known["nonzero"] = True
    return known
