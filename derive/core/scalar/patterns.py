"""Patterns of signs.

Promise: `multiplied` is a pattern of the product, `from_slope` one of a function, where the patterns that they are made
from hold. A pattern gives the signs that a function has, in order, on an open stretch; a part of it may be empty, and
where a sign is not strict, the function may be 0.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Rational

__all__ = ["LONGEST", "POSITIVE", "ZERO", "Pattern", "from_slope", "multiplied"]

LONGEST = 4
"""No pattern has more signs."""


@dataclass(frozen=True)
class Pattern:
    """Signs in order, and where they change (None where that is not known exactly).

    `strict`: not 0 on the open stretch but where the sign changes. `thin`: 0 on no stretch of any length.
    """

    signs: tuple[int, ...]
    turns: tuple[Expr | None, ...] = ()
    strict: bool = False
    thin: bool = False

    def flipped(self) -> Pattern:
        """Of the negative."""
        return Pattern(tuple(-s for s in self.signs), self.turns, self.strict, self.thin)


ZERO = Pattern(())
POSITIVE = Pattern((1,), (), strict=True, thin=True)


def multiplied(one: Pattern, two: Pattern) -> Pattern | None:
    """The pattern of a product, where one factor has one sign only."""
    if not one.signs or not two.signs:
        return ZERO
    if len(one.signs) > 1:
        one, two = two, one
    if len(one.signs) > 1:
        return _merged(one, two)
    found = two if one.signs[0] > 0 else two.flipped()
    return Pattern(found.signs, found.turns, one.strict and two.strict, one.thin and two.thin)


def _merged(one: Pattern, two: Pattern) -> Pattern | None:
    """The pattern of a product, by the order of the turns."""
    turns: list[Rational] = [t for t in (*one.turns, *two.turns) if isinstance(t, Rational)]
    if len(turns) != len(one.turns) + len(two.turns) or len(set(turns)) != len(turns) or len(turns) >= LONGEST:
        return None
    first = one.signs[0] * two.signs[0]
    signs = tuple(first * (-1) ** k for k in range(len(turns) + 1))
    return Pattern(signs, tuple(sorted(turns)), one.strict and two.strict, one.thin and two.thin)


def from_slope(slope: Pattern, values: list[int | None], places: list[Expr | None]) -> Pattern | None:
    """The pattern of a function from the signs of its slope and of its values at the ends and turns."""
    signs: list[int] = []
    turns: list[Expr | None] = []
    strict = slope.thin
    for k, up in enumerate(slope.signs):
        low, high = (values[k], values[k + 1]) if up > 0 else (values[k + 1], values[k])
        if low is not None and low >= 0:
            stretch = [1]
        elif high is not None and high <= 0:
            stretch = [-1]
        else:
            stretch = [-up, up]
        for position, sign in enumerate(stretch):
            if signs and signs[-1] == sign:
                continue
            if signs:
                turns.append(None if position else places[k])
            signs.append(sign)
        interior = values[k + 1] if k + 1 < len(slope.signs) else None
        if k + 1 < len(slope.signs) and up != stretch[-1] and interior in {0, None}:
            strict = False
    if len(signs) > LONGEST:
        return None
    return Pattern(tuple(signs), tuple(turns), strict, slope.thin)
