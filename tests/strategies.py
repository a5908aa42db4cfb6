"""Random terms for the tests of the normal form.

Promise: a recipe is a plain nested tuple that says how to write a term; the
same recipe can be written with SymPy's auto-evaluation or without, and in
another order under other bound names. All randomness comes from one generator.

Glossary
    recipe   (head, parts...): what `build` turns into a term
    scope    the indices that may be used at a place
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random
from typing import Any

import sympy as sp
from hypothesis import strategies as st
from sympy import Abs, Add, Expr, I, Integer, Mul, Ne, Pow, Rational, exp, log, oo, pi

from derive.core.terms import Delta, Entry, Index, Partial, Prob, Sum, Total
from derive.vocabulary import (
    KL,
    Bernoulli,
    E,
    H,
    Moments,
    Var,
    array,
    complex_number,
    define,
    full_support,
    function,
    index,
    integer,
    law,
    nonnegative,
    nonzero,
    positive,
    probability,
    random,
    real,
    size,
)

__all__ = [
    "ALL_CAPS",
    "EXTRA",
    "GIVENS",
    "LINEAR",
    "build",
    "caps",
    "connected",
    "generators",
    "recipe",
    "renamed",
    "scrambled",
]

n, m, l0 = size("n"), size("m"), size("l", 0)
i, j, i2, j2, k = index("i", n), index("j", n), index("i2", n), index("j2", n), index("k", m)
few, empty, t = index("a", 1, 3), index("o", 1, l0), index("t", 0, oo)
lower = index("s", 1, i)
y, z = index("y", m), index("z", n)
x, A, B, longer = array("x", n), array("A", n, n), array("B", n, m), array("xs", n + 1)
Q, P, G = law("Q", y, z), law("P", z), law("G", index("t", 0, oo))
f, g = function("f"), function("g", 2)
r, r2, p, q, u, c, b, w = (
    real("r"),
    real("r2"),
    positive("p"),
    nonnegative("q"),
    probability("u"),
    integer("c"),
    nonzero("b"),
    complex_number("w"),
)
R, S = random("R", n, law=Bernoulli(u)), random("S", n, law=Moments(r, q))
mu = define("mu", Sum(B[i, k], k) / m, i)
h = define("h", p**2 + 1, p)
free = define("free", x[i] + 1)

SCALARS = (r, r2, p, p, q, u, c, b, w)
GIVENS = full_support(Q, P, G)
EXTRA = (
    r < r2, p > q, Abs(r) < 1, c >= 2, Ne(r, r2), x[i] > 0, p > 1, p < 1, r <= -1, r + r2 > 0, p <= q + 2, n >= 2,
)  # fmt: skip
"""Givens of which a test may take some; not all of them agree."""

LINEAR = frozenset({"split", "scale", "contract"})
ALL_CAPS = frozenset({
    "split", "scale", "unit", "contract", "powers", "logs", "unfold_E", "unfold_Var", "unfold_H", "unfold_HX",
    "unfold_KL",
    "unfold_def", "normal", "marginal", "product", "series", "moments", "chain", "euler",
})  # fmt: skip


def caps(rng: Random) -> frozenset[str]:
    """A random licence: mostly a few capabilities, sometimes none or all."""
    chance = rng.choice((0.0, 0.3, 0.6, 0.9, 1.0))
    return frozenset(cap for cap in sorted(ALL_CAPS) if rng.random() < chance)


# ---------------------------------------------------------------- recipes


def recipe(rng: Random, depth: int = 3, *, probabilistic: bool = True, dynamic: bool = True) -> Any:
    """A random recipe over a free index i; without `dynamic`, no definition takes an index from around it."""
    return _Cook(rng, probabilistic=probabilistic, dynamic=dynamic).term(depth, (i,))


def connected(rng: Random, count: int) -> Any:
    """A recipe for a sum over several indices that one product connects, as symmetric as chance has it."""
    axes = [Index(f"e{k}", 1, n) for k in range(count)]
    shapes = {
        "path": [(k, k + 1) for k in range(count - 1)],
        "cycle": [(k, (k + 1) % count) for k in range(count)],
        "clique": [(a, b) for b in range(count) for a in range(b)],
        "star": [(0, k) for k in range(1, count)],
        "pairs": [(k, (k + 1) % count) for k in range(count)] + [(k, (k + 2) % count) for k in range(count)],
        "bipartite": [(a, b) for a in range(count // 2) for b in range(count // 2, count)],
        "random": [(rng.randrange(count), rng.randrange(count)) for _ in range(count + 1)],
    }
    edges = shapes[rng.choice(sorted(shapes))]
    if rng.random() < 0.3:
        edges = [edge[:: rng.choice((1, -1))] for edge in edges]
    factors = [
        _edge(rng.choice(EDGES) if rng.random() < 0.1 else kind, axes[a], axes[b])
        for kind in [rng.choice(EDGES)]
        for a, b in edges
    ]
    if rng.random() < 0.3:
        factors.append(("entry", x, (("num", rng.choice(axes)),)))
    return ("sum", ("mul", tuple(factors)), tuple(axes))


EDGES = ("A", "A", "sym", "quotient", "delta", "abs", "exp", "f", "root", "inner", "power")


def _edge(kind: str, one: Index, two: Index) -> Any:
    """A factor that two indices share."""
    at = [("entry", x, (("num", a),)) for a in (one, two)]
    gap = ("add", (at[0], ("mul", (("num", Integer(-1)), at[1]))))
    both = ("entry", A, (("num", one), ("num", two)))
    inner = Index("e'", 1, n)
    match kind:
        case "sym":
            return ("add", (both, ("entry", A, (("num", two), ("num", one)))))
        case "quotient":
            return ("mul", (at[0], ("pow", at[1], ("num", Integer(-1)))))
        case "delta":
            return ("delta", ("num", one), ("add", (("num", two), ("num", Integer(1)))))
        case "abs":
            return ("abs", gap)
        case "exp":
            return ("exp", ("mul", tuple(at)))
        case "f":
            return ("applied", f, (1,), (gap,))
        case "root":
            return ("pow", ("add", (("num", Integer(1)), ("mul", tuple(at)))), ("num", Rational(1, 2)))
        case "inner":
            body = tuple(("entry", A, (("num", a), ("num", inner))) for a in (one, two))
            return ("pow", ("sum", ("mul", body), (inner,)), ("num", Rational(3, 2)))
        case "power":
            return ("pow", both, ("num", p))
    return both


class _Cook:
    """Draws recipes."""

    def __init__(self, rng: Random, *, probabilistic: bool, dynamic: bool) -> None:
        self.rng = rng
        self.probabilistic = probabilistic
        self.dynamic = dynamic
        self.count = 0

    def pick(self, options: Sequence[Any]) -> Any:
        return options[self.rng.randrange(len(options))]

    def term(self, depth: int, scope: tuple[Index, ...], drawn: tuple[Any, ...] = ()) -> Any:
        """A term of at most this depth."""
        if depth <= 0:
            return self.leaf(scope, drawn)
        heads = [
            self.add,
            self.add,
            self.mul,
            self.mul,
            self.mul,
            self.power,
            self.total,
            self.total,
            self.apply,
            self.leaf_,
            self.slope,
        ]
        if self.probabilistic:
            heads += [self.mean, self.drawn_mean, self.entropy, self.defined, self.series]
        return self.pick(heads)(depth, scope, drawn)

    def leaf_(self, _depth: int, scope: Any, drawn: Any) -> Any:
        return self.leaf(scope, drawn)

    def leaf(self, scope: tuple[Index, ...], drawn: tuple[Any, ...]) -> Any:
        """A number, a scalar, an index, an entry, a law or a delta."""
        kinds = ["number", "scalar", "scalar", "entry", "entry", "entry", "index", "delta"]
        if self.probabilistic:
            kinds += ["law"]
        if drawn:
            kinds += ["drawn"] * 4
        kind = self.pick(kinds)
        if kind == "number":
            return ("num", self.pick((1, 2, -1, -2, 3, Rational(1, 2), Rational(-2, 3), 4, 0, pi, I)))
        if kind == "index":
            return ("num", self.pick(scope))
        if kind == "entry":
            return self.entry(scope)
        if kind == "delta":
            return ("delta", ("num", self.pick(scope)), self.place(scope))
        if kind == "law":
            return self.law(scope)
        if kind == "drawn":
            return ("entry", self.pick(drawn), (("num", self.axis(scope, n)),))
        return ("num", self.pick(SCALARS))

    def place(self, scope: tuple[Index, ...]) -> Any:
        one = ("num", self.pick((*scope, Integer(1), Integer(2), n)))
        return ("add", (one, ("num", Integer(self.pick((1, -1)))))) if self.rng.random() < 0.2 else one

    def axis(self, scope: tuple[Index, ...], length: Any) -> Any:
        return self.pick([s for s in scope if s.hi == length] or [Integer(1)])

    def entry(self, scope: tuple[Index, ...]) -> Any:
        name = self.pick((x, x, A, A, B, longer))
        if name is longer:
            shift = self.pick((0, 1))
            inner = ("num", self.axis(scope, n))
            return ("entry", longer, (("add", (inner, ("num", Integer(1)))),) if shift else (inner,))
        return ("entry", name, tuple(("num", self.axis(scope, length)) for length in name.shape))

    def law(self, scope: tuple[Index, ...]) -> Any:
        at_y, at_z = ("num", self.axis(scope, m)), ("num", self.axis(scope, n))
        return self.pick((
            ("prob", P, ((0, at_z),), ()),
            ("prob", Q, ((0, at_y), (1, at_z)), ()),
            ("prob", Q, ((1, at_z),), ()),
            ("prob", Q, ((1, at_z),), ((0, at_y),)),
        ))  # fmt: skip

    # ------------------------------------------------------------ heads

    def add(self, depth: int, scope: Any, drawn: Any) -> Any:
        return ("add", tuple(self.term(depth - 1, scope, drawn) for _ in range(self.pick((2, 2, 3)))))

    def mul(self, depth: int, scope: Any, drawn: Any) -> Any:
        return ("mul", tuple(self.term(depth - 1, scope, drawn) for _ in range(self.pick((2, 2, 3)))))

    def power(self, depth: int, scope: Any, drawn: Any) -> Any:
        half = Rational(1, 2)
        exponent = self.pick(
            (2, 2, 3, -1, -1, -2, half, half, -half, Rational(2, 3), Rational(-3, 2), p, u, c, n, 0, None)
        )
        base = self.term(depth - 1, scope, drawn)
        if exponent is None:
            return ("pow", base, self.term(max(depth - 2, 0), scope, drawn))
        return ("pow", base, ("num", sp.sympify(exponent)))

    def apply(self, depth: int, scope: Any, drawn: Any) -> Any:
        head = self.pick(("exp", "exp", "log", "log", "abs", "f", "f'", "g", "sin", "cos"))
        first = self.term(depth - 1, scope, drawn)
        if head == "g":
            return ("applied", g, self.pick(((0, 0), (1, 0), (0, 2))), (first, self.term(depth - 2, scope, drawn)))
        if head in {"f", "f'"}:
            return ("applied", f, (len(head) - 1,), (first,))
        return (head, first)

    def slope(self, depth: int, scope: Any, drawn: Any) -> Any:
        """A derivative by an entry, a real scalar or an intermediate."""
        by = self.pick((
            ("entry", x, (("num", self.axis(scope, n)),)),
            ("entry", A, tuple(("num", self.axis(scope, n)) for _ in "ab")),
            ("num", self.pick((r, p, q))), ("defined", mu, (("num", self.axis(scope, n)),)),
        ))  # fmt: skip
        return ("slope", self.term(depth - 1, scope, drawn), by, self.rng.random() < 0.5)

    def bound(self, scope: tuple[Index, ...]) -> Index:
        """An index to bind, sometimes one that shadows."""
        self.count += 1
        one = self.pick((i, i, j, j, k, few, empty, lower if i in scope else j))
        return one if self.rng.random() < 0.3 else one.renamed(f"{one.name}_{self.count}")

    def total(self, depth: int, scope: Any, drawn: Any) -> Any:
        found = tuple(dict.fromkeys(self.bound(scope) for _ in range(self.pick((1, 1, 2)))))
        if len(found) > 1 and any(o in found for one in found for o in one.lo.free_symbols | one.hi.free_symbols):
            found = found[:1]
        return ("sum", self.term(depth - 1, (*scope, *found), drawn), found)

    def series(self, depth: int, scope: Any, drawn: Any) -> Any:
        """An infinite sum with a geometric decay or a law, times a polynomial or anything."""
        one = t.renamed(f"t_{self.count}")
        self.count += 1
        at = ("num", one)
        decay = self.pick((
            ("exp", ("mul", (("num", -p), at))), ("exp", ("mul", (("num", -p), at, ("num", Integer(2))))),
            ("pow", ("num", Rational(1, 2)), at), ("pow", ("num", Rational(-1, 3)), at), ("prob", G, ((0, at),), ()),
            ("pow", ("exp", ("num", -p)), at),
        ))  # fmt: skip
        other = (
            self.term(depth - 2, scope, drawn)
            if self.rng.random() < 0.5
            else ("pow", at, ("num", Integer(self.pick((0, 1, 2)))))
        )
        body = ("mul", (decay, other))
        if self.rng.random() < 0.3:
            body = ("add", (body, ("mul", (decay, at))))
        return ("sum", body, (one,))

    def mean(self, depth: int, scope: Any, drawn: Any) -> Any:
        """E or Var under a law, or under an arbitrary weight."""
        over = self.pick((z, z, y, i))
        inner = (*scope, over)
        at = ("num", over)
        other = ("num", self.axis(scope, m if over is not y else n))
        weights: list[Any] = [("entry", x, (("num", self.axis(inner, n)),))] if self.rng.random() < 0.3 else []
        if over is y:
            weights += [("prob", Q, ((0, at),), ()), ("prob", Q, ((0, at),), ((1, other),))]
        else:
            weights += [
                ("prob", P, ((0, at),), ()),
                ("prob", Q, ((1, at),), ((0, other),)),
                ("prob", Q, ((0, other), (1, at)), ()),
            ]
        return (self.pick(("E", "E", "E", "Var")), self.term(depth - 1, inner, drawn), self.pick(weights), (over,))

    def drawn_mean(self, depth: int, scope: Any, drawn: Any) -> Any:
        """E or Var over random arrays."""
        arrays = self.pick(((R,), (S,), (R, S)))
        return (self.pick(("E", "E", "E", "Var")), self.term(depth - 1, scope, (*drawn, *arrays)), None, arrays)

    def entropy(self, _depth: int, scope: Any, _drawn: Any) -> Any:
        at, other = ("num", z), ("num", self.axis(scope, m))
        laws = (
            ("prob", P, ((0, at),), ()), ("prob", Q, ((1, at),), ((0, other),)), ("prob", Q, ((1, at),), ()),
        )  # fmt: skip
        kind = self.pick(("H", "HX", "KL"))
        return (kind, *(self.pick(laws) for _ in range(1 if kind == "H" else 2)), (z,))

    def defined(self, depth: int, scope: Any, drawn: Any) -> Any:
        if self.dynamic and self.rng.random() < 0.3:
            return ("defined", free, ())
        if self.rng.random() < 0.5:
            return ("defined", mu, (("num", self.axis(scope, n)),))
        return ("defined", h, (self.term(depth - 1, scope, drawn),))


# ---------------------------------------------------------------- writing a recipe


def build(made: Any, *, evaluate: bool = False) -> Expr:
    """The term of a recipe; with `evaluate`, as SymPy writes it on its own."""
    return _Builder(evaluate=evaluate).build(made)


class _Builder:
    """Writes recipes as terms."""

    def __init__(self, *, evaluate: bool) -> None:
        self.options = {} if evaluate else {"evaluate": False}

    def build(self, made: Any) -> Any:
        head, *parts = made
        return getattr(self, f"_{head}")(*parts)

    def _all(self, parts: Iterable[Any]) -> list[Any]:
        return [self.build(part) for part in parts]

    def _num(self, value: Any) -> Any:
        return sp.sympify(value)

    def _add(self, parts: Any) -> Any:
        return Add(*self._all(parts), **self.options)

    def _mul(self, parts: Any) -> Any:
        return Mul(*self._all(parts), **self.options)

    def _pow(self, base: Any, exponent: Any) -> Any:
        return Pow(self.build(base), self.build(exponent), **self.options)

    def _exp(self, part: Any) -> Any:
        return exp(self.build(part), **self.options)

    def _log(self, part: Any) -> Any:
        return log(self.build(part), **self.options)

    def _sin(self, part: Any) -> Any:
        return sp.sin(self.build(part), **self.options)

    def _cos(self, part: Any) -> Any:
        return sp.cos(self.build(part), **self.options)

    def _abs(self, part: Any) -> Any:
        return Abs(self.build(part), **self.options)

    def _entry(self, name: Any, places: Any) -> Any:
        return Entry(name, *self._all(places))

    def _delta(self, left: Any, right: Any) -> Any:
        return Delta(self.build(left), self.build(right))

    def _applied(self, name: Any, orders: Any, parts: Any) -> Any:
        return name.derivative(*orders)(*self._all(parts))

    def _defined(self, name: Any, parts: Any) -> Any:
        return name(*self._all(parts))

    def _slope(self, body: Any, by: Any, total: Any) -> Any:
        return (Total if total else Partial)(self.build(body), self.build(by))

    def _prob(self, name: Any, targets: Any, givens: Any) -> Any:
        return Prob(name, {s: self.build(v) for s, v in targets}, {s: self.build(v) for s, v in givens})

    def _sum(self, body: Any, over: Any) -> Any:
        return Sum(self.build(body), *over)

    def _E(self, body: Any, weight: Any, over: Any) -> Any:
        return E(self.build(body), *over) if weight is None else E(self.build(body), self.build(weight), *over)

    def _Var(self, body: Any, weight: Any, over: Any) -> Any:
        return Var(self.build(body), *over) if weight is None else Var(self.build(body), self.build(weight), *over)

    def _H(self, one: Any, over: Any) -> Any:
        return H(self.build(one), *over)

    def _HX(self, one: Any, two: Any, over: Any) -> Any:
        return H(self.build(one), self.build(two), *over)

    def _KL(self, one: Any, two: Any, over: Any) -> Any:
        return KL(self.build(one), self.build(two), *over)


# ---------------------------------------------------------------- another way to write it


def scrambled(made: Any, rng: Random) -> Any:
    """The same mathematics: arguments shuffled and regrouped, bound indices renamed and listed in another order."""
    return _Scrambler(rng).scramble(made, {})


def renamed(made: Any, names: dict[Any, Any]) -> Any:
    """The recipe with other indices in place of its own."""
    if isinstance(made, tuple):
        return tuple(renamed(part, names) for part in made)
    return names.get(made, made) if isinstance(made, Index) else made


class _Scrambler:
    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.count = 0

    def scramble(self, made: Any, names: dict[Any, Any]) -> Any:
        head, *parts = made
        if head == "num":
            return ("num", names.get(parts[0], parts[0]))
        if head in {"add", "mul"}:
            return self._regrouped(head, [self.scramble(part, names) for part in parts[0]])
        if head in {"sum", "E", "Var", "H", "HX", "KL"}:
            return self._binder(head, parts, names)
        if head in {"entry", "defined"}:
            return (head, parts[0], tuple(self.scramble(a, names) for a in parts[1]))
        if head == "applied":
            return (head, parts[0], parts[1], tuple(self.scramble(a, names) for a in parts[2]))
        if head == "prob":
            sides = [tuple((s, self.scramble(v, names)) for s, v in side) for side in parts[1:]]
            return (head, parts[0], *sides)
        if head == "slope":
            return (head, *(self.scramble(part, names) for part in parts[:2]), parts[2])
        if head == "delta":
            sides = [self.scramble(part, names) for part in parts]
            self.rng.shuffle(sides)
            return (head, *sides)
        return (head, *(self.scramble(part, names) for part in parts))

    def _regrouped(self, head: str, parts: list[Any]) -> Any:
        self.rng.shuffle(parts)
        if len(parts) > 2 and self.rng.random() < 0.5:
            cut = self.rng.randrange(1, len(parts))
            return (head, ((head, tuple(parts[:cut])), *parts[cut:]))
        return (head, tuple(parts))

    def _binder(self, head: str, parts: list[Any], names: dict[Any, Any]) -> Any:
        *bodies, over = parts
        if not isinstance(over[0], Index):
            return (head, *(b and self.scramble(b, names) for b in bodies), over)
        fresh = []
        inner = dict(names)
        for one in over:
            self.count += 1
            ends = [end.subs(names) if end.free_symbols & names.keys() else end for end in (one.lo, one.hi)]
            fresh.append(Index(f"{self.rng.choice('abcxyz')}'{self.count}", *ends, one.sort))
            inner[one] = fresh[-1]
        self.rng.shuffle(fresh)
        return (head, *(self.scramble(b, inner) for b in bodies), tuple(fresh))


# ---------------------------------------------------------------- for hypothesis


def generators() -> st.SearchStrategy[Random]:
    """Random generators, by their seeds: generators that hypothesis controls draw mostly trivial terms."""
    return st.integers(0, 10**9).map(Random)
