"""Functions in normal form: exp, log, absolute values, symbolic powers, deltas, laws.

Promise: as for `ring`. Each law that depends on a sign or on being real asks
the facts; without a licence the function stays an atom over the normal form of
its argument.
"""

from __future__ import annotations

from fractions import Fraction

from flint import fmpq

from derive.core.normal.atoms import (
    ONE,
    ZERO,
    Atom,
    Exponent,
    Mono,
    Poly,
    absolute_atom,
    atom_poly,
    collect,
    constant,
    delta_atom,
)
from derive.core.normal.perfect import perfect_root
from derive.core.normal.ring import Ring, factored, primitive, split_content

__all__ = ["absolute", "circular", "delta", "exponential", "logarithm", "symbolic_power"]

IMAGINARY = Atom("I")
PI = Atom("c", "pi")


def function(name: str, *args: Poly) -> Poly:
    """A named function that stays as it is."""
    return atom_poly(Atom("f", name, args))


# ---------------------------------------------------------------- exp


def exponential(ring: Ring, argument: Poly) -> Poly:
    """exp of a sum is a product, and exp(c log u) is u^c; both are laws of `powers`."""
    if argument.is_zero:
        return ONE
    if "powers" not in ring.caps:
        return function("exp", argument)
    return ring.product(_exp_term(ring, mono, c) for mono, c in argument.terms.items())


def _exp_term(ring: Ring, mono: Mono, coefficient: fmpq) -> Poly:
    if _turn(mono):
        return ring.unit_power(Fraction(int(coefficient.p), int(coefficient.q)))
    if _whole_turns(ring, mono):
        return _turned(ring, mono, coefficient)
    exponent: Exponent = Fraction(int(coefficient.p), int(coefficient.q))
    exponent = int(exponent) if exponent.denominator == 1 else exponent
    if len(mono) == 1 and mono[0][1] == 1 and mono[0][0].kind == "f" and mono[0][0].name == "log":
        return ring.power(mono[0][0].args[0], exponent)
    return atom_poly(Atom("f", "exp", (Poly({mono: fmpq(1)}),)), exponent)


def _whole_turns(ring: Ring, mono: Mono) -> bool:
    """Whether the monomial is i*pi times an integer."""
    rest = tuple(f for f in mono if f not in {(IMAGINARY, 1), (PI, 1)})
    return len(rest) == len(mono) - 2 and ring.facts.integer(Poly({rest: fmpq(1)}))


def _turned(ring: Ring, mono: Mono, coefficient: fmpq) -> Poly:
    """exp(i pi c m) for an integer m: (-1)^m to the whole part of c, times what is left."""
    rest = tuple(f for f in mono if f not in {(IMAGINARY, 1), (PI, 1)})
    whole = fmpq(coefficient.floor())
    signs = symbolic_power(ring, constant(-1), Poly({rest: whole})) if whole else ONE
    part = coefficient - whole
    left = atom_poly(Atom("f", "exp", (Poly({mono: part}),))) if part else ONE
    return ring.mul(signs, left)


def _turn(mono: Mono) -> bool:
    """Whether the monomial is i*pi."""
    return len(mono) == 2 and {mono[0], mono[1]} == {(IMAGINARY, 1), (PI, 1)}


def circular(ring: Ring, argument: Poly, *, odd: bool) -> Poly:
    """cos u, or sin u where `odd`, by Euler's formula.

    `scalar/exponentials` says the same of claims about numbers, by the family `elementary`. It is a family of its own
    here, since here it works inside of sums over indices, monomial by monomial, and is tried with the other families
    of the normal form; what is one name there stands for all methods that compare two whole terms.
    """
    turn = ring.mul(atom_poly(IMAGINARY), argument)
    back = exponential(ring, -turn)
    if not odd:
        return (exponential(ring, turn) + back).scale(fmpq(1, 2))
    return ring.mul(atom_poly(IMAGINARY), back - exponential(ring, turn)).scale(fmpq(1, 2))


# ---------------------------------------------------------------- log


def logarithm(ring: Ring, argument: Poly) -> Poly:
    """log of a product is a sum where all factors but one are positive; a law of `logarithms`."""
    if argument == ONE:
        return ZERO
    if "logs" not in ring.caps or argument.is_zero:
        return function("log", argument)
    single = argument.single
    if single is not None:
        return _log_mono(ring, *single)
    content, shared, inner = split_content(argument)
    total, left, turned = _log_factors(ring, shared)
    total = total + log_rational(abs(content))
    content = -content if turned else content
    settled = _settled(ring, inner)
    if settled != inner and not left:  # a denominator came out, and what is left is simpler without it
        return total + logarithm(ring, settled if content > 0 else -settled)
    rest = Poly({left: fmpq(1 if content > 0 else -1)})
    perfect = _log_perfect(ring, inner)
    if perfect is not None:
        return total + perfect + logarithm(ring, rest)
    return total + function("log", ring.mul(inner, rest))


def _settled(ring: Ring, poly: Poly) -> Poly:
    """The polynomial with what holds between the powers of one atom applied again, after a factor was taken out."""
    return collect(term for mono, c in poly.terms.items() for term in ring.settle(mono).scale(c).terms.items())


def _log_perfect(ring: Ring, argument: Poly) -> Poly | None:
    """log of g^k is k log g for a positive g, and k log|g| for a real g and an even k."""
    found = perfect_root(argument)
    if found is None:
        return None
    root, k = found
    if k % 2 == 0 and ring.facts.real(root):
        root = absolute(ring, root)
    elif not ring.facts.positive(root):
        return None
    return logarithm(ring, root).scale(fmpq(k))


def _log_mono(ring: Ring, coefficient: fmpq, mono: Mono) -> Poly:
    total, left, turned = _log_factors(ring, mono)
    total = total + log_rational(abs(coefficient))
    coefficient = -coefficient if turned else coefficient
    if not left and coefficient > 0:
        return total
    turn = _angle(left, negative=coefficient < 0)
    if turn is not None:
        return total + Poly({((IMAGINARY, 1), (PI, 1)): turn})
    return total + function("log", Poly({left: fmpq(1 if coefficient > 0 else -1)}))


def _angle(mono: Mono, *, negative: bool) -> fmpq | None:
    """The argument of 1, i or a root of minus one, or of its negative, in half turns; between -1 and 1."""
    if not mono:
        return fmpq(int(negative))
    (atom, e), *others = mono
    if others or not (atom.kind == "u" or mono == ((IMAGINARY, 1),)):
        return None
    turn = fmpq(e.numerator, e.denominator) if atom.kind == "u" else fmpq(1, 2)
    return turn - 1 if negative else turn


def _log_factors(ring: Ring, mono: Mono) -> tuple[Poly, Mono, bool]:
    """The logs of the positive factors and of minus the negative ones, the factors left, and whether a sign is."""
    total, turned = ZERO, False
    left: list[tuple[Atom, Exponent]] = []
    for atom, e in mono:
        one = log_atom(ring, atom)
        if one is None and isinstance(e, int) and ring.facts.negative(atom_poly(atom)):
            one = logarithm(ring, -atom.args[0]) if atom.kind == "b" else function("log", -atom_poly(atom))
            turned ^= e % 2 > 0
        if one is None:
            left.append((atom, e))
        else:
            total = total + one.scale(fmpq(e.numerator, e.denominator))
    return total, tuple(left), turned


def log_atom(ring: Ring, atom: Atom) -> Poly | None:
    """The log of an atom that is known to be positive, else None."""
    if atom.kind == "f" and atom.name == "exp":
        return atom.args[0] if ring.facts.real(atom.args[0]) else None
    if atom.kind == "p":
        return function("log", constant(int(atom.name)))
    bounds = ring.facts.atom_bounds(atom)
    if bounds is None or not bounds.positive:
        return None
    if atom.kind == "b":
        return logarithm(ring, atom.args[0])
    if atom.kind == "^":
        return ring.mul(atom.args[1], logarithm(ring, atom.args[0]))
    return function("log", atom_poly(atom))


def log_rational(value: fmpq) -> Poly:
    """The log of a positive rational as logs of primes."""
    total = ZERO
    for prime, e in factored(value):
        total = total + function("log", constant(prime)).scale(fmpq(e))
    return total


# ---------------------------------------------------------------- other functions


def absolute(ring: Ring, argument: Poly) -> Poly:
    """|u| is u or -u where the sign is known; rational factors move out."""
    if argument.constant is not None:
        return constant(abs(argument.constant))
    if ring.facts.nonnegative(argument):
        return argument
    if ring.facts.nonnegative(-argument):
        return -argument
    content, inner = primitive(argument)
    return atom_poly(absolute_atom(inner)).scale(abs(content))


def symbolic_power(ring: Ring, base: Poly, exponent: Poly) -> Poly:
    """base^exponent; with `powers`, exponents add up and positive factors come out."""
    value = exponent.constant
    if value is not None:
        return ring.power(base, Fraction(int(value.p), int(value.q)))
    if base == ONE:
        return ONE
    if "powers" not in ring.caps or base.is_zero:
        return atom_poly(Atom("^", "", (base, exponent)))
    factors = []
    for mono, c in exponent.terms.items():
        scale = Fraction(int(c.p), int(c.q))
        factors.append(_power_term(ring, base, mono, int(scale) if scale.denominator == 1 else scale))
    return ring.product(factors)


def _power_term(ring: Ring, base: Poly, mono: Mono, scale: Exponent) -> Poly:
    """base^(scale * mono) for one monomial of the exponent."""
    if not mono:
        return ring.power(base, scale)
    content, shared, inner = split_content(base)
    power = Poly({mono: fmpq(1)})
    whole = ring.facts.integer(power) and isinstance(scale, int)
    total = ONE
    kept: list[tuple[Atom, Exponent]] = []
    for atom, e in shared:
        bounds = ring.facts.atom_bounds(atom)
        if atom.kind == "f" and atom.name == "exp" and (whole or ring.facts.real(atom.args[0])):
            up = ring.mul(atom.args[0], power).scale(fmpq(e.numerator, e.denominator) * _rational(scale))
            total = ring.mul(total, exponential(ring, up))
        elif (bounds is not None and bounds.positive) or (whole and isinstance(e, int)):
            total = ring.mul(total, _atom_power(atom, power, _multiply(scale, e)))
        else:
            kept.append((atom, e))
    settled = _settled(ring, inner)
    if settled != inner and not kept:
        return ring.mul(total, _power_term(ring, settled.scale(content), mono, scale))
    for prime, e in factored(abs(content)):
        total = ring.mul(total, _atom_power(Atom("p", str(prime)), power, _multiply(scale, e)))
    rest = ring.mul(inner, Poly({tuple(kept): fmpq(1 if content > 0 else -1)}))
    if rest == ONE:
        return total
    if rest == constant(-1) and whole:
        return ring.mul(total, atom_poly(Atom("^", "", (rest, power)), int(scale) % 2) if int(scale) % 2 else ONE)
    return ring.mul(total, atom_poly(Atom("^", "", (rest, power)), scale))


def _atom_power(atom: Atom, power: Poly, scale: Exponent) -> Poly:
    base = constant(int(atom.name)) if atom.kind == "p" else atom.args[0] if atom.kind == "b" else atom_poly(atom)
    return atom_poly(Atom("^", "", (base, power)), scale)


def _multiply(a: Exponent, b: Exponent) -> Exponent:
    product = Fraction(a) * Fraction(b)
    return int(product) if product.denominator == 1 else product


def _rational(e: Exponent) -> fmpq:
    return fmpq(e.numerator, e.denominator)


def _like_indices(ring: Ring, difference: Poly) -> bool:
    """Whether it is i - j for two indices of one range, of which no given speaks: no need to ask the facts."""
    pair = [(mono[0][0], c) for mono, c in difference.terms.items() if len(mono) == 1 and mono[0][1] == 1]
    if len(pair) != 2 or len(difference.terms) != 2 or any(atom.kind != "i" for atom, _ in pair):
        return False
    (one, c1), (two, c2) = pair
    if c1 + c2 != 0 or [a.key for a in one.args] != [a.key for a in two.args]:
        return False
    known = (*(poly for poly, _ in ring.facts.above), *ring.facts.nonzero)
    return not any(all(atom.kind in {"i", "s"} for atom in poly.atoms()) for poly in known)


def delta(ring: Ring, left: Poly, right: Poly) -> Poly:
    """1 where both are equal, else 0; decided where the difference is, else an atom in the difference."""
    difference = left - right
    if difference.is_zero:
        return ONE
    if not _like_indices(ring, difference) and ring.facts.not_zero(difference):
        return ZERO
    return atom_poly(delta_atom(primitive(difference)[1]))
