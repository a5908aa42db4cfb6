"""Elliptic integrals, in the parameter m: special values, quasi-periods, and one modulus for related ones.

Promise: an entry of `ELLIPTIC` gives a term that is equal to the function at these arguments, wherever that is defined,
as far as `known` goes (see `places`); None where there is nothing to say. The theorems (DLMF 19.2, 19.6, 19.7):

    K(0) = E(0) = pi/2, E(1) = 1, Pi(0, m) = K(m), Pi(m, m) = E(m)/(1 - m), Pi(n, 0) = pi/(2 sqrt(1 - n)) for n < 1
    F(phi, 0) = E(phi, 0) = phi, F(0, m) = E(0, m) = 0, F(-phi, m) = -F(phi, m), and so for E and Pi
    F(phi + k pi, m) = F(phi, m) + 2 k K(m), E likewise;  E(phi, 1) = sin phi for |re phi| <= pi/2
    F(phi, 1) = log((1 + sin phi)/cos phi) for real phi between -pi/2 and pi/2
    F(phi, m) = K(1/m)/sqrt(m), E(phi, m) = sqrt(m) (E(1/m) - (1 - 1/m) K(1/m)) where m sin(phi)^2 = 1 and m > 1
    K(m) = K(m/(m - 1))/sqrt(1 - m), E(m) = sqrt(1 - m) E(m/(m - 1)) for m off the cut; K(1/2) and E(1/2) by
    gamma(1/4), and K at the singular moduli of order 3 by gamma(1/3)
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import sympy as sp
from sympy import Add, Expr, Integer, Rational, S

from derive.core.scalar.differentiate import plus, power, times
from derive.core.scalar.gammas import gamma_of
from derive.core.scalar.places import Known, minus, moved, over
from derive.core.scalar.zero import equal

__all__ = ["ELLIPTIC"]

HALF = Rational(1, 2)
QUARTER_TURN = times(HALF, S.Pi)


def _f(head: Callable[..., Expr], *args: Expr) -> Expr:
    return head(*args, evaluate=False)


def _same(known: Known, left: Expr, right: Expr) -> bool:
    """Known to be equal, as algebraic numbers as well."""
    return known.same(left, right) or equal(left, right, known.context)


def _root(value: Expr) -> Expr:
    return power(value, HALF)


# ---------------------------------------------------------------- complete


def _at_half() -> tuple[Expr, Expr]:
    """K(1/2) and E(1/2)."""
    g = power(gamma_of(Rational(1, 4)), Integer(2))
    k = times(Rational(1, 4), g, power(S.Pi, Rational(-1, 2)))
    return k, plus(times(HALF, k), times(power(S.Pi, Rational(3, 2)), power(g, S.NegativeOne)))


def _third() -> Expr:
    """K(1/2 - sqrt(3)/4)."""
    above = times(power(Integer(3), Rational(1, 4)), power(gamma_of(Rational(1, 3)), Integer(3)))
    return over(above, times(Integer(4), power(Integer(2), Rational(1, 3)), S.Pi))


SINGULAR = plus(HALF, times(Rational(-1, 4), _root(Integer(3))))


def _first(args: tuple[Expr, ...], known: Known) -> Expr | None:
    """K."""
    return _complete(args[0], known, 0)


def _second(args: tuple[Expr, ...], known: Known) -> Expr | None:
    """E, complete or not."""
    return _complete(args[0], known, 1) if len(args) == 1 else _incomplete(sp.elliptic_e, args, known)


def _complete(m: Expr, known: Known, kind: int) -> Expr | None:
    if m.free_symbols:
        return None
    if _same(known, m, S.Zero):
        return QUARTER_TURN
    if kind == 1 and _same(known, m, S.One):
        return S.One
    if _same(known, m, HALF):
        return _at_half()[kind]
    if kind == 0 and _same(known, m, SINGULAR):
        return _third()
    rest = plus(S.One, minus(m))
    other = over(minus(m), rest)
    if known.context.positive(minus(m)) and known.context.positive(rest):
        value = _complete(other, known, kind)  # m < 0 goes to a modulus between 0 and 1
        return None if value is None else times(_root(rest) if kind else power(rest, Rational(-1, 2)), value)
    return None


def _third_kind(args: tuple[Expr, ...], known: Known) -> Expr | None:
    """Pi."""
    if len(args) == 3:
        return _third_incomplete(args, known)
    n, m = args
    if _same(known, n, S.Zero):
        return _first((m,), known) or _f(sp.elliptic_k, m)
    if _same(known, n, m):
        return over(_second((m,), known) or _f(sp.elliptic_e, m), plus(S.One, minus(m)))
    if _same(known, m, S.Zero) and known.context.slit(plus(S.One, minus(n))):
        return times(QUARTER_TURN, power(plus(S.One, minus(n)), Rational(-1, 2)))
    return None


def _third_incomplete(args: tuple[Expr, ...], known: Known) -> Expr | None:
    n, phi, m = args
    if _same(known, phi, S.Zero):
        return S.Zero
    if _same(known, n, S.Zero):
        return _incomplete(sp.elliptic_f, (phi, m), known) or _f(sp.elliptic_f, phi, m)
    if known.backwards(phi):
        return minus(_f(sp.elliptic_pi, n, minus(phi), m))
    if _same(known, phi, QUARTER_TURN):
        return _third_kind((n, m), known) or _f(sp.elliptic_pi, n, m)
    return None


# ---------------------------------------------------------------- incomplete


def _incomplete(head: Callable[..., Expr], args: tuple[Expr, ...], known: Known) -> Expr | None:
    """F and E: half turns first, then the sign, then special values."""
    phi, m = args
    complete = sp.elliptic_k if head is sp.elliptic_f else sp.elliptic_e
    quarters = times(Integer(2), phi, power(S.Pi, S.NegativeOne))
    if known.context.integer(quarters) and (head is sp.elliptic_e or known.nonzero(moved(m, -1))):
        return times(quarters, _complete(m, known, int(head is sp.elliptic_e)) or _f(complete, m))
    turns, rest = _half_turns(phi, known)
    if turns is not None:
        if head is sp.elliptic_f and not known.nonzero(moved(m, -1)):
            return None
        whole = _complete(m, known, int(head is sp.elliptic_e)) or _f(complete, m)
        inner = _incomplete(head, (rest, m), known) or _f(head, rest, m)
        return plus(inner, times(Integer(2), turns, whole))
    if _same(known, phi, S.Zero):
        return S.Zero
    if _same(known, m, S.Zero):
        return phi
    if known.backwards(phi):
        back = minus(phi)
        return minus(_incomplete(head, (back, m), known) or _f(head, back, m))
    if _same(known, phi, QUARTER_TURN):
        return _complete(m, known, int(head is sp.elliptic_e)) or _f(complete, m)
    return _degenerate(head, phi, known) if _same(known, m, S.One) else _turned_over(head, phi, m, known)


def _turned_over(head: Callable[..., Expr], phi: Expr, m: Expr, known: Known) -> Expr | None:
    """At m sin(phi)^2 = 1 for a real m > 1 and 0 < phi < pi/2, by the modulus 1/m."""
    if not known.context.positive(moved(m, -1)) or not known.context.positive(phi):
        return None
    if not _in_strip(phi, known, strict=True) or not _same(
            known, times(m, power(sp.sin(phi, evaluate=False), Integer(2))), S.One):
        return None
    inverse = power(m, S.NegativeOne)
    first, second = _f(sp.elliptic_k, inverse), _f(sp.elliptic_e, inverse)
    if head is sp.elliptic_f:
        return over(first, _root(m))
    return times(_root(m), plus(second, minus(times(plus(S.One, minus(inverse)), first))))


def _degenerate(head: Callable[..., Expr], phi: Expr, known: Known) -> Expr | None:
    """At m = 1: integrals of cos and of 1/cos between -pi/2 and pi/2."""
    sine = sp.sin(phi, evaluate=False)
    if head is sp.elliptic_e:
        return sine if _in_strip(phi, known, strict=False) else None
    if known.context.real(phi) and _in_strip(phi, known, strict=True):
        return sp.log(over(plus(S.One, sine), sp.cos(phi, evaluate=False)), evaluate=False)
    return None


def _in_strip(phi: Expr, known: Known, *, strict: bool) -> bool:
    """Known: |re phi| < pi/2, or <= where phi is real and not `strict`."""
    context = known.context
    test = context.positive if strict or not context.real(phi) else context.nonnegative
    part = phi if context.real(phi) else sp.re(phi, evaluate=False)
    return test(plus(QUARTER_TURN, part)) and test(plus(QUARTER_TURN, minus(part)))


def _half_turns(phi: Expr, known: Known) -> tuple[Expr | None, Expr]:
    """The integer multiple of pi that stands in phi as a term of its own, and the rest; None where there is none.

    A half of an odd turn is left at pi/2.
    """
    terms = phi.args if isinstance(phi, Add) else (phi,)
    whole: list[Expr] = []
    left: list[Expr] = []
    for term in terms:
        count = times(term, power(S.Pi, S.NegativeOne))
        found = known.place(count)
        if found is not None and found.direction.is_zero:
            size = found.constant
            if size % 1 == Fraction(1, 2) and len(terms) > 1:  # where the real part may be pi/2, the books differ
                left.append(term)
                continue
            turns = int(size // 1) if size % 1 else int(size)
            if size % 1 > Fraction(1, 2):
                turns += 1
            if turns:
                whole.append(Integer(turns))
                if size != turns:
                    left.append(times(Rational((size - turns).numerator, (size - turns).denominator), S.Pi))
                continue
        elif known.context.integer(count):
            whole.append(_plain(count))
            continue
        left.append(term)
    return (plus(*whole), plus(*left)) if whole else (None, phi)


def _plain(count: Expr) -> Expr:
    """The count without the factor pi that is divided out."""
    factors = list(sp.Mul.make_args(count))
    inverse = power(S.Pi, S.NegativeOne)
    if S.Pi in factors and inverse in factors:
        factors.remove(S.Pi)
        factors.remove(inverse)
    return times(*factors)


ELLIPTIC: dict[type, Callable[[tuple[Expr, ...], Known], Expr | None]] = {
    sp.elliptic_k: _first,
    sp.elliptic_e: _second,
    sp.elliptic_f: lambda args, known: _incomplete(sp.elliptic_f, args, known),
    sp.elliptic_pi: _third_kind,
}
"""What these are at special arguments, by the head."""
