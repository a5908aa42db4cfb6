"""Antiderivatives by undetermined coefficients: sums of powers of x, logarithms, exponentials, sines and cosines.

Promise: none; core differentiates what comes out.
"""

from __future__ import annotations

from collections.abc import Iterable

import sympy as sp
from sympy import Expr, S, Symbol

__all__ = ["by_ansatz", "opened"]

MOST_UNKNOWNS = 28
HIGHEST = 12


def by_ansatz(f: Expr, x: Symbol) -> Expr | None:
    """An antiderivative that is a combination of terms like those of f, or None."""
    terms = [waves(t) for t in sp.Add.make_args(opened(f))]
    total = opened(sp.Add(*terms))
    basis: dict[Expr, None] = {}
    for term in sp.Add.make_args(total):
        found = _like(term, x)
        if found is None or len(basis) > MOST_UNKNOWNS:
            return None
        basis.update(dict.fromkeys(found))
    return _solved(total, list(basis), x) if 0 < len(basis) <= MOST_UNKNOWNS else None


def opened(f: Expr) -> Expr:
    """Expanded, but for what stands below a line."""
    below = {a.base for a in f.atoms(sp.Pow) if a.base.is_Add and a.exp.is_Integer and a.exp < 0}
    names = {base: sp.Dummy() for base in below}
    shut = f.replace(lambda a: isinstance(a, sp.Pow) and a.base in below and a.exp.is_Integer and a.exp < 0,
                     lambda a: names[a.base]**(-a.exp))
    return sp.expand(shut).subs({name: 1/base for base, name in names.items()})


def waves(term: Expr) -> Expr:
    """The term with products of sines and cosines as sums."""
    factors = []
    for a in sp.Mul.make_args(term):
        whole = isinstance(a, sp.Pow) and isinstance(a.base, (sp.sin, sp.cos)) and a.exp.is_Integer and 0 < a.exp <= 8
        factors.extend([a.base]*int(a.exp) if whole else [a])
    moving = [a for a in factors if isinstance(a, (sp.sin, sp.cos))]
    if len(moving) < 2:
        return term
    rest = sp.Mul(*(a for a in factors if not isinstance(a, (sp.sin, sp.cos))))
    total = moving[0]
    for wave in moving[1:]:
        total = sp.expand(sp.Add(*(_pair(t, wave) for t in sp.Add.make_args(total))))
    return sp.expand(rest*total)


def _pair(term: Expr, wave: Expr) -> Expr:
    """A constant times a wave, or a constant, times another wave."""
    constant, one = term.as_independent(sp.sin, sp.cos, as_Add=False)
    if not isinstance(one, (sp.sin, sp.cos)):
        return term*wave
    u, v = one.args[0], wave.args[0]
    if isinstance(one, sp.sin) and isinstance(wave, sp.sin):
        return constant*(sp.cos(u - v) - sp.cos(u + v))/2
    if isinstance(one, sp.cos) and isinstance(wave, sp.cos):
        return constant*(sp.cos(u - v) + sp.cos(u + v))/2
    if isinstance(one, sp.cos):
        u, v = v, u
    return constant*(sp.sin(u - v) + sp.sin(u + v))/2


def _like(term: Expr, x: Symbol) -> Iterable[Expr] | None:
    """The terms that an antiderivative of this one may be made of."""
    degree, logs, rest, below = S.Zero, 0, [], S.One
    for a in sp.Mul.make_args(term):
        base, power = (a.base, a.exp) if isinstance(a, sp.Pow) and a.base is not S.Exp1 else (a, S.One)
        if x not in a.free_symbols:
            continue
        if base == x and x not in power.free_symbols:
            degree = degree + power
        elif isinstance(base, sp.log) and base.args[0] == x and power.is_Integer and 0 < power <= HIGHEST:
            logs += int(power)
        elif isinstance(base, (sp.exp, sp.sin, sp.cos, sp.sinh, sp.cosh)) and power == 1:
            rest.append(base)
        elif isinstance(a, sp.Pow) and x not in a.base.free_symbols:
            rest.append(a)
        elif base.is_polynomial(x) and power.is_Integer and power < 0 and below is S.One:
            below = a
        else:
            return None
    if len(rest) > 2 or (below is not S.One and (not rest or logs)):
        return None
    found = _spread(degree, logs, rest, x)
    return found if found is None or below is S.One else _lowered(found, below, x)


def _lowered(found: list[Expr], below: Expr, x: Symbol) -> list[Expr]:
    """The same over the powers of what stands below the line, and without it."""
    size = int(sp.degree(below.base, x))
    heads = dict.fromkeys(sp.Mul(*(a for a in sp.Mul.make_args(t) if a != x and not _is_power(a, x))) for t in found)
    lower = [h*x**i/below.base**j for h in heads for j in range(1, -int(below.exp)) for i in range(size)]
    return [*found, *lower, *heads]


def _is_power(a: Expr, x: Symbol) -> bool:
    return isinstance(a, sp.Pow) and a.base == x


def _spread(degree: Expr, logs: int, rest: list[Expr], x: Symbol) -> list[Expr] | None:
    arguments = [a.args[0] if not isinstance(a, sp.Pow) else a.exp for a in rest]
    steps = max((_degree(u, x) for u in arguments), default=1)
    if steps == 0 or (degree.is_Integer and degree > HIGHEST):
        return None
    powers = [degree + 1]
    whole = degree.is_Integer and degree >= 0
    if rest:
        powers = [sp.Integer(k) for k in range(int(degree) + 1)] if whole else [degree + 1 - steps]
    partners = [S.One]
    for a in rest:
        others = {sp.sin: sp.cos, sp.cos: sp.sin, sp.sinh: sp.cosh, sp.cosh: sp.sinh}
        both = [a, others[type(a)](a.args[0])] if type(a) in others else [a]
        partners = [p*b for p in partners for b in both]
    extra = 1 if degree == -1 and not rest else 0
    every = ((k, j, p) for k in powers for j in range(logs + 1 + extra) for p in partners)
    return [x**k*sp.log(x)**j*p for k, j, p in every if (k, j, p) != (0, 0, 1)]


def _degree(u: Expr, x: Symbol) -> int:
    """The degree of a polynomial in x; 0 where it is none."""
    return int(sp.degree(u, x)) if u.is_polynomial(x) else 0


def _is_line(a: Expr, x: Symbol) -> bool:
    return isinstance(a, sp.Pow) and a.base != x and x in a.base.free_symbols and a.exp.is_Integer and a.exp < 0


def _solved(f: Expr, basis: list[Expr], x: Symbol) -> Expr | None:
    unknowns = [sp.Dummy(f"c{k}") for k in range(len(basis))]
    rows: dict[Expr, Expr] = {}
    lines = {a.base: -a.exp for t in basis for a in sp.Mul.make_args(t) if _is_line(a, x)}
    for t in sp.Add.make_args(f):
        lines.update({a.base: max(-a.exp, lines.get(a.base, 0)) for a in sp.Mul.make_args(t) if _is_line(a, x)})
    clear = sp.Mul(*(base**(n + 1) for base, n in lines.items()))
    for coefficient, term in [*zip(unknowns, basis, strict=True), (S.NegativeOne, None)]:
        slope = sp.diff(term, x) if term is not None else f
        body = sp.expand(sp.Add(*(part*clear for part in sp.Add.make_args(slope))))
        for part in sp.Add.make_args(body):
            fixed, moving = part.as_independent(x, as_Add=False)
            rows[moving] = rows.get(moving, S.Zero) + coefficient*fixed
    try:
        found = sp.linsolve(list(rows.values()), unknowns)
    except (ValueError, NotImplementedError):
        return None
    for solution in found:
        fixed = [s.subs(dict.fromkeys(unknowns, 0)) for s in solution]
        return sp.Add(*(c*b for c, b in zip(fixed, basis, strict=True)))
    return None
