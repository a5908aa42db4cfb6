"""Antiderivatives by a few rules, tried in the order of their cost; SymPy's own searches last, and bounded.

Promise: none; core differentiates what comes out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice

import sympy as sp
from sympy import Expr, Integer, Rational, S, Symbol
from sympy.integrals.manualintegrate import manualintegrate
from sympy.integrals.rationaltools import ratint

from derive.search.ansatz import by_ansatz, opened
from derive.search.effort import bounded
from derive.search.floats import close, number, samples

__all__ = ["antiderivative"]

LARGEST = 160
MOST_CALLS = 140_000
DEPTH = 2
MOST_CHANGES = 10
LARGEST_CHANGED = 40


@lru_cache(maxsize=2048)
def antiderivative(f: Expr, x: Symbol, depth: int = DEPTH) -> Expr | None:
    """A term whose derivative may be f, or None."""
    if x not in f.free_symbols:
        return f*x
    if sp.count_ops(f) > LARGEST:
        return None
    for rule in RULES:
        found = rule(f, x, depth)
        if found is not None:
            return found
    return None


def _apart(f: Expr, x: Symbol, depth: int) -> Expr | None:
    """Constants outside; sums term by term, where every term has one."""
    fixed, moving = f.as_independent(x, as_Add=False)
    if fixed != 1:
        inner = antiderivative(moving, x, depth)
        return None if inner is None else fixed*inner
    terms = f.args if isinstance(f, sp.Add) else sp.Add.make_args(opened(f))
    if len(terms) < 2 or len(terms) > 12:
        return None
    quick = by_ansatz(f, x)
    if quick is not None:
        return quick
    total = []
    for term in terms:
        one = antiderivative(term, x, 1 if depth else 0)
        if one is None:
            return None
        total.append(one)
    return sp.Add(*total)


def _rational(f: Expr, x: Symbol, _: int) -> Expr | None:
    if not f.is_rational_function(x):
        return None
    found = bounded(3*MOST_CALLS, ratint, f, x)
    return None if found is None or found.has(sp.Integral, sp.RootSum) else found


def _ansatz(f: Expr, x: Symbol, _: int) -> Expr | None:
    return by_ansatz(f, x)


# ---------------------------------------------------------------- f = c h(g) g'


HEADS: dict[type, Callable[[Expr], Expr]] = {
    sp.exp: sp.exp, sp.sin: lambda u: -sp.cos(u), sp.cos: sp.sin, sp.tan: lambda u: -sp.log(sp.cos(u)),
    sp.cot: lambda u: sp.log(sp.sin(u)), sp.log: lambda u: u*sp.log(u) - u, sp.sinh: sp.cosh, sp.cosh: sp.sinh,
    sp.sec: lambda u: sp.log(sp.sec(u) + sp.tan(u)), sp.csc: lambda u: -sp.log(sp.csc(u) + sp.cot(u)),
    sp.atan: lambda u: u*sp.atan(u) - sp.log(1 + u**2)/2, sp.tanh: lambda u: sp.log(sp.cosh(u)),
}


def _chain(f: Expr, x: Symbol, _: int) -> Expr | None:
    """c g^k g' and c h(g) g' for parts g of f, seen by values."""
    names = sorted(f.free_symbols - {x}, key=str)
    for g in _parts(f, x):
        slope = sp.diff(g, x)
        for values in samples(names)[:2]:
            found = _powered(f, g, slope, x, values) or _headed(f, g, x, values)
            if found is not None:
                return found
    return None


def _parts(f: Expr, x: Symbol) -> list[Expr]:
    found: dict[Expr, None] = {}
    for t in sp.preorder_traversal(f):
        if isinstance(t, Expr) and t != x and x in t.free_symbols and not isinstance(t, sp.Mul):
            found[t] = None
            for a in t.args if isinstance(t, (sp.Function, sp.Pow)) else ():
                if x in a.free_symbols and a != x:
                    found[a] = None
    return sorted(found, key=sp.count_ops)[:24]


def _at(terms: tuple[Expr, ...], x: Symbol, values: dict[Symbol, complex]) -> list[tuple[complex, ...]]:
    """The values of some terms at a few points where all of them have one."""
    found = []
    for point in (0.4137, 0.8291, 1.3717, 2.2173, -0.3391, 0.1173, 3.3119, 5.1171):
        row = [number(t, {**values, x: complex(point)}) for t in terms]
        if None not in row:
            found.append(tuple(v for v in row if v is not None))
    return found


def _powered(f: Expr, g: Expr, slope: Expr, x: Symbol, values: dict[Symbol, complex]) -> Expr | None:
    rows = [r for r in _at((f, g, slope), x, values) if abs(r[0]) > 1e-12 and abs(r[1]) > 1e-9 and abs(r[2]) > 1e-9]
    if len(rows) < 3:
        return None
    (f0, g0, s0), (f1, g1, s1), (f2, g2, s2) = rows[:3]
    if close(abs(g0), abs(g1), 1e-9) or abs(g0) <= 0:
        return None
    try:
        power = (sp.log(abs(f1/s1)) - sp.log(abs(f0/s0)))/(sp.log(abs(g1)) - sp.log(abs(g0)))
    except (ZeroDivisionError, ValueError):
        return None
    k = sp.nsimplify(power, rational=True, tolerance=1e-6) if power.is_finite else None
    if k is None or k.q > 12 or abs(k.p) > 24 or not close(complex(power), complex(k), 1e-6):
        return None
    ratio = abs(f0/s0)/abs(g0)**float(k)
    if not close(abs(f2/s2), ratio*abs(g2)**float(k), 1e-6):
        return None
    scale = _exactly(f/(g**k*slope), x, [r[0]/(r[1]**float(k)*r[2]) for r in rows[:3]], values)
    if scale is None:
        return None
    return scale*(sp.log(g) if k == -1 else g**(k + 1)/(k + 1))


def _headed(f: Expr, g: Expr, x: Symbol, values: dict[Symbol, complex]) -> Expr | None:
    if type(g) not in HEADS:
        return None
    inner = sp.diff(g.args[0], x)
    rows = _at((f, g, inner), x, values)[:3]
    if len(rows) < 3 or any(abs(r[1]*r[2]) < 1e-12 for r in rows):
        return None
    ratios = [r[0]/(r[1]*r[2]) for r in rows]
    if not all(close(ratios[0], r) for r in ratios[1:]):
        return None
    scale = _exactly(f/(g*inner), x, ratios, values)
    return None if scale is None else scale*HEADS[type(g)](g.args[0])


def _exactly(ratio: Expr, x: Symbol, found: list[complex], values: dict[Symbol, complex]) -> Expr | None:
    """A ratio that does not depend on x, without x."""
    if not values and abs(found[0].imag) < 1e-9:
        scale = sp.nsimplify(found[0].real, rational=True, tolerance=1e-9)
        if scale.q < 1000:
            return scale
    for change in (sp.cancel, sp.trigsimp, lambda r: r.subs(x, Rational(1, 2))):
        exact = bounded(30_000, change, ratio)
        if exact is not None and x not in exact.free_symbols:
            return exact
    return None


# ---------------------------------------------------------------- other variables


def _substituted(f: Expr, x: Symbol, depth: int) -> Expr | None:
    """The body over t = g(x), for parts g that can be solved for x."""
    if not depth:
        return None
    t = sp.Dummy("t", positive=True)
    for g in _parts(f, x)[:MOST_CHANGES]:
        body = bounded(15_000, _divided, f, g, x, t)
        found = antiderivative(body, t, 0) if body is not None and x not in body.free_symbols else None
        if found is not None:
            return found.subs(t, g)
    for forwards, backwards in islice(_changes(f, x, t), MOST_CHANGES):
        body = bounded(80_000, _changed, f, x, t, backwards)
        if body is None or x in body.free_symbols or sp.count_ops(body) > LARGEST_CHANGED:
            continue
        found = antiderivative(body, t, 0)
        if found is not None:
            return found.subs(t, forwards)
    return None


def _divided(f: Expr, g: Expr, x: Symbol, t: Symbol) -> Expr:
    slope = sp.diff(g, x)
    return sp.Add(*(sp.powsimp(part/slope) for part in sp.Add.make_args(f))).subs(g, t)


def _changed(f: Expr, x: Symbol, t: Symbol, backwards: Expr) -> Expr:
    body = f.subs(x, backwards)*sp.diff(backwards, t)
    body = sp.powsimp(sp.powdenest(body, force=True))
    return sp.cancel(body) if body.is_rational_function(t) else sp.expand_power_base(body)


def _changes(f: Expr, x: Symbol, t: Symbol) -> Iterator[tuple[Expr, Expr]]:
    """(g(x), its inverse at t)."""
    for g in sorted(_parts(f, x), key=lambda g: isinstance(g, sp.Pow) and g.base == x):
        if isinstance(g, sp.exp) and (k := _slope(g.args[0], x)) is not None:
            yield sp.exp(k*x), sp.log(t)/k
        elif isinstance(g, sp.Pow) and g.exp.is_Rational and not g.exp.is_Integer and _slope(g.base, x) is not None:
            k, c = _slope(g.base, x), g.base.subs(x, 0)
            q = Integer(g.exp.q)
            yield g.base**(1/q), (t**q - c)/k
        elif isinstance(g, sp.log) and g.args[0] == x:
            yield g, sp.exp(t)
        elif isinstance(g, sp.Add) and (inverse := _solved(g, x, t)) is not None:
            yield g, inverse
        elif isinstance(g, sp.Pow) and g.base == x and g.exp.is_Integer and g.exp > 1:
            yield g, t**(1/g.exp)


def _slope(u: Expr, x: Symbol) -> Expr | None:
    k = sp.diff(u, x)
    return k if x not in k.free_symbols and k != 0 else None


def _solved(g: Expr, x: Symbol, t: Symbol) -> Expr | None:
    """x from c + k x^n = t."""
    moving = [a for a in g.args if x in a.free_symbols]
    if len(moving) != 1:
        return None
    k, power = moving[0].as_independent(x, as_Add=False)
    n = S.One if power == x else power.exp if isinstance(power, sp.Pow) and power.base == x else None
    if n is None or x in n.free_symbols:
        return None
    return ((t - (g - moving[0]))/k)**(1/n)


def _circular(f: Expr, x: Symbol, depth: int) -> Expr | None:
    """A rational function of sines and cosines of one line, over t = cos, sin, tan or tan of the half."""
    lines = {t.args[0] for t in f.atoms(sp.sin, sp.cos, sp.tan, sp.cot, sp.sec, sp.csc) if x in t.free_symbols}
    if not depth or len(lines) != 1:
        return None
    (line,) = lines
    k = _slope(line, x)
    if k is None:
        return None
    s, c, t = sp.Dummy("s"), sp.Dummy("c"), sp.Dummy("t")
    heads = {sp.sin: s, sp.cos: c, sp.tan: s/c, sp.cot: c/s, sp.sec: 1/c, sp.csc: 1/s}
    body = f.subs({head(line): value for head, value in heads.items()})
    if x in body.free_symbols or not body.is_rational_function(s, c):
        return None
    for change in (_by_cosine, _by_sine, _by_tangent, _by_half):
        found = bounded(MOST_CALLS, change, body, s, c, t)
        if found is None:
            continue
        rational, forwards = found
        inner = antiderivative(rational, t, 0)
        if inner is not None:
            return inner.subs(t, forwards(line))/k
    return None


Changed = tuple[Expr, Callable[[Expr], Expr]]


def _by_cosine(body: Expr, s: Symbol, c: Symbol, t: Symbol) -> Changed | None:
    """t = cos: what is left over is a function of sin^2."""
    rest = _even(sp.cancel(body/s), s, 1 - c**2)
    return None if rest is None else (sp.cancel(-rest.subs(c, t)), sp.cos)


def _by_sine(body: Expr, s: Symbol, c: Symbol, t: Symbol) -> Changed | None:
    rest = _even(sp.cancel(body/c), c, 1 - s**2)
    return None if rest is None else (sp.cancel(rest.subs(s, t)), sp.sin)


def _by_tangent(body: Expr, s: Symbol, c: Symbol, t: Symbol) -> Changed | None:
    rest = _even(sp.cancel(body.subs(s, t*c)), c, 1/(1 + t**2))
    return None if rest is None else (sp.cancel(rest/(1 + t**2)), sp.tan)


def _by_half(body: Expr, s: Symbol, c: Symbol, t: Symbol) -> Changed:
    rest = body.subs({s: 2*t/(1 + t**2), c: (1 - t**2)/(1 + t**2)})*2/(1 + t**2)
    return sp.cancel(rest), lambda line: sp.tan(line/2)


def _even(body: Expr, v: Symbol, square: Expr) -> Expr | None:
    """A rational function of v that is even, over the value of v^2."""
    above, below = sp.fraction(sp.together(body))
    parts = []
    for part in (above, below):
        poly = sp.Poly(part, v)
        if any(n % 2 for (n,) in poly.monoms()):
            return None
        parts.append(sum((a*square**(n // 2) for (n,), a in poly.terms()), S.Zero))
    return sp.cancel(parts[0]/parts[1])


# ---------------------------------------------------------------- by parts, and what SymPy has


def _by_parts(f: Expr, x: Symbol, depth: int) -> Expr | None:
    """u v' with u a logarithm or an inverse function: u v less an antiderivative of u' v."""
    if not depth:
        return None
    factors = sp.Mul.make_args(f)
    for k, u in enumerate(factors):
        head = u.base if isinstance(u, sp.Pow) and u.exp.is_Integer and u.exp > 0 else u
        if not isinstance(head, (sp.log, sp.atan, sp.asin, sp.acos, sp.erf, sp.erfc, sp.asinh, sp.atanh, sp.acot)):
            continue
        v = antiderivative(sp.Mul(*factors[:k], *factors[k + 1:]), x, 1)
        if v is None:
            continue
        rest = bounded(30_000, _settled, sp.diff(u, x)*v)
        if rest is None:
            continue
        inner = antiderivative(rest, x, depth - 1)
        if inner is not None:
            return u*v - inner
    return None


def _settled(term: Expr) -> Expr:
    return sp.expand(sp.cancel(sp.together(term)))


def _products(f: Expr, x: Symbol, _: int) -> Expr | None:
    """c u v for functions u, v in a sum, seen by values: what an integration by parts leaves."""
    if not isinstance(f, sp.Add):
        return None
    names = sorted(f.free_symbols - {x}, key=str)
    kernels = [x, *(g for g in _parts(f, x) if isinstance(g, (sp.Function, sp.Pow)))][:10]
    for values in samples(names)[:2]:
        for k, u in enumerate(kernels):
            for v in kernels[k:]:
                slope = sp.diff(u*v, x)
                rows = _at((f, slope), x, values)[:3]
                if len(rows) < 3 or any(abs(r[1]) < 1e-12 for r in rows):
                    continue
                ratios = [r[0]/r[1] for r in rows]
                if all(close(ratios[0], r) for r in ratios[1:]):
                    scale = _exactly(f/slope, x, ratios, values)
                    if scale is not None:
                        return scale*u*v
    return None


def _known(f: Expr, x: Symbol, depth: int) -> Expr | None:
    if depth < DEPTH:
        return None
    found = bounded(MOST_CALLS, manualintegrate, f, x)
    return None if found is None or found.has(sp.Integral) else found


RULES: tuple[Callable[[Expr, Symbol, int], Expr | None], ...] = (
    _apart, _rational, _ansatz, _chain, _products, _circular, _by_parts, _substituted, _known,
)
