"""Suggests changes of the variable of integration.

Promise: none; core checks the ends, the monotony and the bodies. Candidates solve p(u) = q(x) for a part p of one body
and a part q of the other; floating-point values at the ends and inside sort out most of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import sympy as sp
from sympy import Expr, S, Symbol

from derive.search.floats import close, number, samples
from derive.search.plain import Plain

__all__ = ["substitutions"]

MOST_PARTS = 24
MOST_ROUGH = 6
STEP = 1e-4
LARGE = 1e3

Ends = tuple[Expr, Expr]


def substitutions(f: Expr, g: Expr, x: Symbol, here: Ends, there: Ends) -> Iterator[Expr]:
    """Terms u(x) for which f may be g(u) u' or its negative; after them some that fit at the ends only."""
    plain = Plain.of(f, g, x, *here, *there)
    question = _Question(
        plain.to(f), plain.to(g), plain.there[x], tuple(map(plain.to, here)), tuple(map(plain.to, there))
    )
    rough: list[Expr] = []
    seen: set[Expr] = set()
    for u in question.candidates():
        if u in seen:
            continue
        seen.add(u)
        fits = question.fits(u)
        if fits == 2:
            yield plain.back(u)
        elif fits == 1 and len(rough) < MOST_ROUGH:
            rough.append(u)
    yield from map(plain.back, rough)


@dataclass(frozen=True)
class _Question:
    """Two bodies in one variable, and the ends of their spans, over plain symbols."""

    f: Expr
    g: Expr
    x: Symbol
    here: Ends
    there: Ends

    def candidates(self) -> Iterator[Expr]:
        """Everything that is tried, the simplest first."""
        x = self.x
        yield x
        yield from self.lines()
        outer, inner = _parts(self.g, x), _parts(self.f, x)
        for p in [x, *outer]:
            for q in [x, *inner]:
                found = self._solved(p, q)
                if found is not None and x in found.free_symbols:
                    yield found
        yield from (
            1/x, -x, x/(1 + x), x/(1 - x), 1/(1 + x), (1 - x)/(1 + x), 1/x - 1, 1 - x, x**2, sp.sqrt(x), sp.exp(x),
            sp.exp(-x), sp.log(x), -sp.log(x), sp.tan(x), sp.tan(x/2), sp.sin(x), sp.cos(x), sp.atan(x), sp.sin(x)**2,
            x**3, 2*x, x/2, sp.pi/2 - x, sp.pi - x,
        )

    def lines(self) -> Iterator[Expr]:
        """The two affine maps from one span to the other."""
        (a, b), (c, d) = self.here, self.there
        if any(e.has(S.Infinity, S.NegativeInfinity) for e in (a, b, c, d)) or a == b:
            return
        for p, q in ((c, d), (d, c)):
            yield sp.expand(p + (q - p)*(self.x - a)/(b - a))
        for p, q in ((c, d), (d, c)):
            yield p + (q - p)*2*(self.x - a)/((b - a) + (self.x - a))

    def _solved(self, p: Expr, q: Expr) -> Expr | None:
        """u with p(u) = q(x), where the ends do not rule it out."""
        if p == q:
            return None
        values = samples(self._names())[0]
        at_here = [number(q, {**values, self.x: e}) for e in self._edges(self.here, values)]
        at_there = [number(p, {**values, self.x: e}) for e in self._edges(self.there, values)]
        if None not in at_here and None not in at_there:
            straight = all(_alike(m, n) for m, n in zip(at_here, at_there, strict=True))
            crossed = all(_alike(m, n) for m, n in zip(at_here, at_there[::-1], strict=True))
            if not straight and not crossed:
                return None
        return _inverted(p, self.x, q)

    def _names(self) -> list[Symbol]:
        every = self.f.free_symbols.union(self.g.free_symbols, *(e.free_symbols for e in (*self.here, *self.there)))
        return sorted(every - {self.x}, key=str)

    def _edges(self, ends: Ends, values: Mapping[Symbol, complex]) -> list[complex]:
        """Points close to the ends, from within."""
        low, high = (self._end(e, values) for e in ends)
        if abs(low) < 1e5 and abs(high) < 1e5:
            gap = (high - low) * 1e-7
            return [low + gap, high - gap]
        return [low + 1e-6 if abs(low) < 1e5 else low, high - 1e-6 if abs(high) < 1e5 else high]

    def _end(self, end: Expr, values: Mapping[Symbol, complex]) -> complex:
        if end in (S.Infinity, S.NegativeInfinity):
            return complex(1e5 if end is S.Infinity else -1e5)
        found = number(end, values)
        return 0j if found is None else found

    def fits(self, u: Expr) -> int:
        """2 where bodies agree, 1 where the ends do, 0 where they do not."""
        best = 0
        for values in samples(self._names()):
            best = max(best, self._fits(u, values))
            if best == 2:
                break
        return best

    def _fits(self, u: Expr, values: dict[Symbol, complex]) -> int:
        x = self.x
        ends = [number(u, {**values, x: e}) for e in self._edges(self.here, values)]
        if None in ends:
            return 0
        wanted = [self._end(e, values) for e in self.there]
        straight = all(_near(m, n) for m, n in zip(ends, wanted, strict=True))
        if not straight and not all(_near(m, n) for m, n in zip(ends, wanted[::-1], strict=True)):
            return 0
        point = _inside(*(self._end(e, values) for e in self.here))
        at, before, after = (number(u, {**values, x: point + h}) for h in (0, -STEP, STEP))
        if at is None or before is None or after is None:
            return 0
        left, right = number(self.f, {**values, x: point}), number(self.g, {**values, x: at})
        if left is None or right is None:
            return 1
        slope = (after - before) / (2 * STEP) * (1 if straight else -1)
        return 2 if close(left, -right * slope, 1e-5) else 1


def _alike(left: complex | None, right: complex | None) -> bool:
    """Close, or both large of one sign."""
    if left is None or right is None:
        return False
    return close(left, right, 1e-2) or (min(abs(left), abs(right)) > LARGE and left.real * right.real > 0)


def _near(found: complex | None, wanted: complex) -> bool:
    if found is None:
        return False
    if abs(wanted) >= 1e5:
        return found.real * wanted.real > 0 and abs(found) > 8
    return abs(found - wanted) <= 1e-2 * (1 + abs(wanted))


def _inside(low: complex, high: complex) -> complex:
    """A point between."""
    if abs(low) < 1e5 and abs(high) < 1e5:
        return low + (high - low) * 0.3719
    if abs(low) < 1e5:
        return low + 0.7391
    return high - 0.7391 if abs(high) < 1e5 else 0.4177 + 0j


# ---------------------------------------------------------------- parts of bodies


def _parts(f: Expr, x: Symbol) -> list[Expr]:
    """What stands under functions and powers, sums, and the functions and powers themselves; the smallest first."""
    found: dict[Expr, None] = {}
    for t in sp.preorder_traversal(f):
        if not isinstance(t, Expr) or x not in t.free_symbols or t == x:
            continue
        if isinstance(t, (sp.Pow, sp.Function)):
            for a in t.args:
                if x in a.free_symbols and a != x:
                    found[a] = None
            if t != f:
                found[t] = None
        elif isinstance(t, sp.Add):
            found[t] = None
            found[sp.expand(t)] = None
        elif isinstance(t, sp.Mul) and t != f:
            found[t] = None
    return sorted(found, key=sp.count_ops)[:MOST_PARTS]


INVERSES: dict[type, Callable[[Expr], Expr]] = {
    sp.exp: sp.log, sp.log: sp.exp, sp.sin: sp.asin, sp.cos: sp.acos, sp.tan: sp.atan, sp.asin: sp.sin,
    sp.acos: sp.cos, sp.atan: sp.tan, sp.sinh: sp.asinh, sp.tanh: sp.atanh, sp.Abs: lambda y: y, sp.cot: sp.acot,
    sp.sec: lambda y: sp.acos(1/y), sp.csc: lambda y: sp.asin(1/y),
}


def _inverted(p: Expr, x: Symbol, y: Expr) -> Expr | None:
    """u with p(u) = y, where x stands once in p."""
    while p != x:
        if isinstance(p, sp.Add) and (split := _single(p.args, x)):
            y = y - sp.Add(*split[1])
        elif isinstance(p, sp.Mul) and (split := _single(p.args, x)):
            y = y/sp.Mul(*split[1])
        elif isinstance(p, sp.Pow) and x not in p.exp.free_symbols:
            split = (p.base, [])
            y = y**(1/p.exp)
        elif isinstance(p, sp.Pow) and x not in p.base.free_symbols:
            split = (p.exp, [])
            y = sp.log(y)/sp.log(p.base)
        elif type(p) in INVERSES:
            split = (p.args[0], [])
            y = INVERSES[type(p)](y)
        else:
            return None
        p = split[0]
    return sp.powdenest(y, force=True) if isinstance(y, sp.Pow) else y


def _single(parts: Iterable[Expr], x: Symbol) -> tuple[Expr, list[Expr]] | None:
    """The one part that holds x, and the others."""
    held = [a for a in parts if x in a.free_symbols]
    return (held[0], [a for a in parts if x not in a.free_symbols]) if len(held) == 1 else None

