"""From a term and a place to its germs: how the term behaves as its variable tends to the place.

Promise: as for `germs`, for the term's values at x = place + side*t**root, or x = side*t**-root where the place is
infinite, for 0 < t <= reach. The variable is real. A term that is not understood raises `NotEvaluable`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp
from flint import arb, fmpq
from sympy import Add, Basic, Mul, Pow, S, Symbol
from sympy.core.relational import Relational

from derive.core.errors import NotEvaluable
from derive.core.meaning import germs, jets
from derive.core.meaning.combinations import as_ball
from derive.core.meaning.conditions import folded
from derive.core.meaning.exactly import exactly
from derive.core.meaning.frames import Code, Frame, Scope
from derive.core.meaning.germs import Germ, Germs, Unbounded, multiplied, plain, scale_all
from derive.core.meaning.jets import Jet, Number, as_real, enclosure, is_nil, number_of
from derive.core.meaning.scales import UNIT, Scale
from derive.core.meaning.taylor import TAYLOR, power_coefficients
from derive.core.meaning.values import ONE, ZERO, Infinite, Value, multiply
from derive.core.terms import free_names

__all__ = ["Expander", "Place", "Run"]


@dataclass(frozen=True)
class Place:
    """Where the variable tends to: a value (or oo, -oo), from which side, and how closely that is looked at.

    `exact` is the place as an exact number, where it is known as one; `whole` says that the variable runs through
    the integers.
    """

    at: Value
    side: int
    root: int
    order: int
    reach: fmpq
    exact: Number | None = None
    whole: bool = False


@dataclass
class Expander:
    """The germs of subterms of one term in one variable; `run` needs a frame."""

    x: Symbol
    scope: Scope
    heads: Mapping[type, Callable[[Run, Any], Germs]]
    codes: dict[Basic, Code] = field(default_factory=dict)

    def run(self, term: Basic, place: Place, f: Frame) -> Germs:
        """The germs of a term."""
        return Run(self, place, f).of(term)

    def code(self, term: Basic) -> Code:
        """The code of a term free of the variable."""
        found = self.codes.get(term)
        if found is None:
            found = self.codes[term] = self.scope.code(term)
        return found


@dataclass
class Run:
    """The germs of subterms at one place, each found once."""

    above: Expander
    place: Place
    frame: Frame
    known: dict[Basic, Germs] = field(default_factory=dict)

    def of(self, term: Basic) -> Germs:
        """The germs of a term."""
        found = self.known.get(term)
        if found is None:
            found = self.known[term] = self._of(term)
        return found

    def _of(self, term: Basic) -> Germs:
        p = self.place
        if term == self.above.x:
            return self._variable()
        if self.above.x not in free_names(term):
            return self.constant(exactly(term, self.value))
        if isinstance(term, Add):
            return germs.merged([g for a in term.args for g in self.of(a)])
        if isinstance(term, Mul):
            found = self.plain(ONE)
            for a in term.args:
                found = multiplied(found, self.of(a))
            return found
        if isinstance(term, Pow):
            return self._power(*term.args)
        special = self.above.heads.get(type(term))
        if special is not None:
            return special(self, term)
        if type(term) in TAYLOR and len(term.args) == 1:
            return germs.applied(TAYLOR[type(term)], self.of(term.args[0]), p.order, p.reach)
        raise NotEvaluable(f"{type(term).__name__} near the end of a range")

    def plain(self, value: Value) -> Germs:
        """The germs of a value."""
        return self.constant(number_of(value))

    def constant(self, number: Number) -> Germs:
        """The germs of a number."""
        return plain(number, self.place.order, self.place.reach)

    def value(self, term: Basic) -> Value:
        """The value of a term free of the variable."""
        code = self.above.code(term)
        self.above.scope.program.fit(self.frame)
        return code(self.frame)

    def number(self, term: Basic) -> Number:
        """The same as a number."""
        return number_of(self.value(term))

    def _variable(self) -> Germs:
        p = self.place
        if type(p.at) is Infinite:
            scale = Scale(fmpq(-p.root))
            return (Germ(scale, jets.constant(fmpq(p.side), p.order, p.reach)),)
        coefs = [ZERO] * (p.order + 1)
        coefs[0] = number_of(p.at) if p.exact is None else p.exact
        if p.root > p.order:
            raise NotEvaluable("a root that is too high")
        coefs[p.root] += fmpq(p.side)
        return germs.normal(Germ(UNIT, Jet(tuple(coefs), p.reach)))

    # ------------------------------------------------------------ powers

    def _power(self, base: Basic, exponent: Basic) -> Germs:
        p = self.place
        if base is S.Exp1:
            return self.exp(self.of(exponent))
        if self.above.x in free_names(exponent):
            return self._moving_power(base, exponent)
        e = self.number(exponent)
        if type(e) is fmpq:
            return germs.power_of(self.of(base), e)
        inner = self.of(base)
        try:
            return germs.applied(power_coefficients(e), inner, p.order, p.reach)
        except (Unbounded, NotEvaluable):
            return self.exp(multiplied(self.of(exponent), self.log(inner)))

    def _moving_power(self, base: Basic, exponent: Basic) -> Germs:
        if self.place.whole and self.above.x not in free_names(base):
            found = self._geometric(self.value(base), self.of(exponent))
            if found is not None:
                return found
        return self.exp(multiplied(self.of(exponent), self.log(self.of(base))))

    def _geometric(self, base: Value, exponent: Germs) -> Germs | None:
        """base**(a*n + b) for integers a and b, and a real base below 0."""
        if type(base) not in (fmpq, arb) or not base < 0:
            return None
        slope, offset = ZERO, ZERO
        for germ in exponent:
            c, *rest = germ.jet.coefs
            known = type(c) is fmpq and c.q == 1 and not germ.scale.rates and germ.scale.logs == 0
            if known and germ.scale.power == -1 and all(is_nil(r) for r in rest[1:]) and len(rest) > 1:
                slope, offset = c, offset + rest[0]
            elif known and germ.scale.power == 0 and all(is_nil(r) for r in rest):
                offset += c
            else:
                return None
        if type(offset) is not fmpq or offset.q != 1:
            return None
        sign = self.plain(ONE if offset.p % 2 == 0 else fmpq(-1))
        size = self.exp(multiplied(exponent, self.log(self.plain(multiply(fmpq(-1), base)))))
        turn = Germ(Scale(turn=ONE if slope.p % 2 else ZERO), jets.constant(ONE, self.place.order, self.place.reach))
        return multiplied(multiplied((turn,), sign), size)

    def exp(self, parts: Germs) -> Germs:
        """exp of germs."""
        return germs.exponential(parts, self.place.order, self.place.reach, TAYLOR[sp.exp])

    def log(self, parts: Germs) -> Germs:
        """log of germs."""
        return germs.log_of(parts, TAYLOR[sp.log])

    # ------------------------------------------------------------ signs

    def sign(self, parts: Germs) -> int | None:
        """The sign of a real function for all t; 0 where it is exactly 0, None where it is not known."""
        germ = germs.total(parts)
        if germ is None:
            return 0
        real = as_real(enclosure(germ.jet))
        if real is None or not germ.scale.positive:
            return None
        return 1 if real > 0 else -1 if real < 0 else None

    def holds(self, condition: Basic) -> bool:
        """Whether a condition holds for all t, or for none."""
        return folded(condition, self._compared)

    def _compared(self, condition: Relational) -> bool:
        left, right = (self.of(a) for a in condition.args)
        difference = germs.merged((*left, *scale_all(right, fmpq(-1))))
        if isinstance(condition, (sp.Eq, sp.Ne)):
            return self._apart(difference) is isinstance(condition, sp.Ne)
        sign = self.sign(difference)
        if sign is None:
            raise NotEvaluable("a condition that is not certain")
        return bool({sp.Lt: sign < 0, sp.Le: sign <= 0, sp.Gt: sign > 0, sp.Ge: sign >= 0}[type(condition)])

    def _apart(self, difference: Germs) -> bool:
        germ = germs.total(difference)
        if germ is None:
            return False
        if not abs(as_ball(enclosure(germ.jet))) > 0:
            raise NotEvaluable("a condition that is not certain")
        return True

