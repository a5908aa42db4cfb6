"""Terms of integrands as constants times powers of the variable, an exponential and other factors.

Promise: `shapes(f, span)` reads every term of the normal form of f so, `written` every term as it stands, or they are
None; a term equals what its shape says wherever both are defined.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import sympy as sp
from flint import fmpq
from sympy import Expr, Rational, S, Symbol

from derive.core.normal.atoms import Atom, Exponent, Mono, Poly
from derive.core.normal.show import show
from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.spans import Span
from derive.core.scalar.tidying import negative

__all__ = [
    "Shape", "added", "beta_of", "binomials", "decay", "gamma_of", "over", "positive_part", "shapes", "slope", "wave",
    "written",
]

UNIT = fmpq(1)
MOST_TERMS = 12


@dataclass
class Shape:
    """scale * x^power * exp(sum of c x^k) * product of others^exponents."""

    scale: list[Expr] = field(default_factory=list)
    power: list[Expr] = field(default_factory=list)
    exponent: list[tuple[Expr, Expr]] = field(default_factory=list)
    others: dict[Expr, list[Expr]] = field(default_factory=dict)

    @property
    def order(self) -> Expr:
        """The exponent of x, less what evaluation of numbers does."""
        return added(*self.power)


def added(*terms: Expr) -> Expr:
    """The sum; exact numbers are added up."""
    numbers = sum((t for t in terms if t.is_Rational), S.Zero)
    return plus(numbers, *(t for t in terms if not t.is_Rational))


def over(above: Expr, below: Expr) -> Expr:
    """The quotient; of exact numbers, the number."""
    if above.is_Rational and below.is_Rational:
        return above / below
    return times(above, power(below, S.NegativeOne))


def gamma_of(z: Expr) -> Expr:
    """gamma(z), inert."""
    found: Expr = sp.gamma(z, evaluate=False)
    return found


def beta_of(p: Expr, q: Expr) -> Expr:
    """B(p, q) by gammas, for positive real parts [DLMF 5.12.1]."""
    return times(gamma_of(p), gamma_of(q), power(gamma_of(added(p, q)), S.NegativeOne))


def positive_part(term: Expr, context: Context) -> bool:
    """Known to have a positive real part."""
    return context.positive(term) or context.positive(sp.re(term, evaluate=False))


# ---------------------------------------------------------------- reading


def written(f: Expr, where: Span) -> list[tuple[Expr, Shape]] | None:
    """The terms as they stand, each as 1 and a shape: normal forms split fractions, which may tear a term apart."""
    read: list[tuple[Expr, Shape]] = []
    for term in f.args if isinstance(f, sp.Add) else (f,):
        shape = Shape()
        if not _as_written(term, S.One, shape, where):
            return None
        read.append((S.One, shape))
    return read


def _as_written(term: Expr, up: Expr, shape: Shape, where: Span) -> bool:
    """Add the factors of term^up to the shape, where it is known to be their product."""
    x, known = where.x, where.inner
    if x not in term.free_symbols:
        shape.scale.append(power(term, up))
    elif term == x:
        shape.power.append(up)
    elif isinstance(term, sp.Mul) and (up is S.One or known.integer(up)):
        return all(_as_written(factor, up, shape, where) for factor in term.args)
    elif isinstance(term, sp.Pow) and term.base is not S.Exp1 and x not in term.exp.free_symbols:
        whole = up is S.One or known.integer(up) or (known.positive(term.base) and known.real(term.exp))
        return whole and _as_written(term.base, _product(term.exp, up), shape, where)
    elif isinstance(term, sp.exp):
        return up is S.One and _exponents(shape, term.args[0], where)
    else:
        shape.others.setdefault(term, []).append(up)
    return True


def _product(left: Expr, right: Expr) -> Expr:
    return left * right if left.is_Rational and right.is_Rational else times(left, right)


def _exponents(shape: Shape, argument: Expr, where: Span) -> bool:
    found = where.inner.poly(argument)
    names: dict[str, Symbol] = {**where.inner.assumptions(argument).names, where.x.name: where.x}
    return found is not None and all(
        _exponent(shape, Poly({mono: c}), 1, where.x, names) for mono, c in found.terms.items()
    )


def shapes(f: Expr, where: Span) -> list[tuple[Expr, Shape]] | None:
    """The terms of the normal form, each as a rational coefficient and a shape."""
    found = where.inner.poly(f)
    if found is None or not 0 < len(found.terms) <= MOST_TERMS:
        return None
    names: dict[str, Symbol] = {**where.inner.assumptions(f).names, where.x.name: where.x}
    read = []
    for mono, coefficient in found.terms.items():
        shape = _shape(mono, where.x, names)
        if shape is None:
            return None
        read.append((Rational(int(coefficient.p), int(coefficient.q)), shape))
    return read


def _shape(mono: Mono, x: Symbol, names: dict[str, Symbol]) -> Shape | None:
    shape = Shape()
    for atom, e in mono:
        whole = show(Poly.of({((atom, e),): UNIT}), names)
        if not whole.free_symbols <= set(names.values()):
            return None
        if x not in whole.free_symbols:
            shape.scale.append(whole)
        elif atom.kind == "f" and atom.name == "exp":
            if not _exponent(shape, atom.args[0], e, x, names):
                return None
        else:
            _factor(shape, atom, e, x, names)
    return shape


def _factor(shape: Shape, atom: Atom, e: Exponent, x: Symbol, names: dict[str, Symbol]) -> None:
    number = Rational(e.numerator, e.denominator)
    base, up = show(Poly.of({((atom, 1),): UNIT}), names), number
    if atom.kind == "^":
        base, exponent = (show(a, names) for a in atom.args)
        up = times(number, exponent)
    elif atom.kind == "b":
        base = show(atom.args[0], names)
    if base == x:
        shape.power.append(up)
    else:
        shape.others.setdefault(base, []).append(up)


def _exponent(shape: Shape, argument: Poly, e: Exponent, x: Symbol, names: dict[str, Symbol]) -> bool:
    """Read c x^k off one term of the exponent."""
    single = argument.single
    if single is None:
        return False
    coefficient, mono = single
    outside: list[Expr] = [Rational(int(coefficient.p), int(coefficient.q)) * Rational(e.numerator, e.denominator)]
    inside: list[Expr] = []
    for atom, k in mono:
        whole = show(Poly.of({((atom, k),): UNIT}), names)
        if x not in whole.free_symbols:
            outside.append(whole)
            continue
        inner = Shape()
        _factor(inner, atom, k, x, names)
        if inner.others:
            return False
        inside.extend(inner.power)
    shape.exponent.append((added(*inside), times(*outside)))
    return True


# ---------------------------------------------------------------- what stands in a shape


def decay(shape: Shape) -> tuple[Expr, Expr] | None:
    """(a, k) for an exponential exp(-a x^k)."""
    if not shape.exponent or len({k for k, _ in shape.exponent}) != 1:
        return None
    return added(*(negative(c) for _, c in shape.exponent)), shape.exponent[0][0]


def wave(shape: Shape, head: type[Expr], x: Symbol, known: Context) -> Expr | None:
    """t, where the one other factor is head(t x) with a real t."""
    if len(shape.others) != 1:
        return None
    ((base, up),) = shape.others.items()
    if not isinstance(base, head) or added(*up) is not S.One:
        return None
    found = slope(base.args[0], x)
    return found if found is not None and known.real(found) else None


def slope(term: Expr, x: Symbol) -> Expr | None:
    """t, where the term is t x as normal forms write it."""
    if isinstance(term, sp.Add):
        found = [slope(part, x) for part in term.args]
        return None if None in found else added(*found)
    factors = term.args if isinstance(term, sp.Mul) else (term,)
    rest = [f for f in factors if f != x]
    if len(rest) != len(factors) - 1 or any(x in f.free_symbols for f in rest):
        return None
    return times(*rest)


def binomials(shape: Shape, x: Symbol) -> list[tuple[Expr, Expr, Expr, Expr]] | None:
    """(c, d, k, r) for each other factor, where it is (c + d x^k)^r."""
    found = []
    for base, up in shape.others.items():
        if not isinstance(base, sp.Add):
            return None
        fixed = [t for t in base.args if x not in t.free_symbols]
        moving = [t for t in base.args if x in t.free_symbols]
        if len(moving) != 1 or not fixed:
            return None
        factors = moving[0].args if isinstance(moving[0], sp.Mul) else moving
        (rest, powers) = [f for f in factors if x not in f.free_symbols], [f for f in factors if x in f.free_symbols]
        if len(powers) != 1:
            return None
        (one,) = powers
        k = S.One if one == x else one.args[1] if isinstance(one, sp.Pow) and one.args[0] == x else None
        if k is None or x in k.free_symbols:
            return None
        found.append((added(*fixed), times(*rest), k, added(*up)))
    return found
