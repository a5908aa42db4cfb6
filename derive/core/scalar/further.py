"""Where further functions are defined, and where they are analytic: what `needs` and `analytic` look up.

Promise: where what an entry of `DEFINED` asks for holds, the function has a finite value; where an entry of `ANALYTIC`
answers True, it is analytic in the variables that are looked at. Values are those of SymPy: principal branches,
elliptic functions in the parameter m; the incomplete ones go on beyond |re phi| = pi/2 by their quasi-periods.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import sympy as sp
from sympy import Basic, Expr, Integer, S, Symbol

from derive.core.scalar.context import Context
from derive.core.scalar.differentiate import plus, power, times

__all__ = ["ANALYTIC", "DEFINED", "hyper_kind"]

MINUS = S.NegativeOne
TWO = Integer(2)


class Walk(Protocol):
    """What is asked of a walk over the needs."""

    @property
    def context(self) -> Context:
        """What is known."""

    def nonzero(self, term: Expr) -> None:
        """The term must not be 0."""

    def no_pole(self, term: Expr) -> None:
        """The term must be no integer <= 0."""

    def known(self, holds: bool, label: str, term: Expr, why: str) -> None:  # noqa: FBT001
        """Something that must be known."""

    def real(self, term: Expr) -> None:
        """The term must be real."""


class Look(Protocol):
    """What is asked of a question about regularity."""

    @property
    def context(self) -> Context:
        """What is known."""

    @property
    def variables(self) -> frozenset[Symbol]:
        """In which variables."""

    def nonzero(self, term: Expr) -> bool:
        """Not 0 there."""

    def slit(self, term: Expr) -> bool:
        """Off the cut of the logarithm there."""

    def no_pole(self, term: Expr) -> bool:
        """No integer <= 0 there."""

    def real_near(self, term: Expr) -> bool:
        """Real all around."""


def _less(m: Expr) -> Expr:
    """m - 1."""
    return plus(m, MINUS)


def _rest(m: Expr) -> Expr:
    """1 - m."""
    return plus(S.One, times(MINUS, m))


# ---------------------------------------------------------------- where they are defined


def _entire(_: Walk, *__: Expr) -> None:
    """Defined everywhere."""


def _integer(walk: Walk, n: Expr, *_: Expr) -> None:
    walk.known(walk.context.integer(n), "integer", n, "it must be an integer")


def _at_least(least: int) -> Callable[..., None]:
    def rule(walk: Walk, n: Expr, *_: Expr) -> None:
        holds = walk.context.integer(n) and walk.context.nonnegative(plus(n, Integer(-least)))
        walk.known(holds, "integer", n, f"it must be an integer >= {least}")

    return rule


def _cylinder(walk: Walk, nu: Expr, z: Expr) -> None:
    """Entire for integer orders."""
    if not walk.context.integer(nu):
        walk.nonzero(z)


def _off_zero(walk: Walk, _: Expr, z: Expr) -> None:
    walk.nonzero(z)


def _not_one(walk: Walk, m: Expr) -> None:
    walk.nonzero(_less(m))


def _elliptic_f(walk: Walk, phi: Expr, m: Expr) -> None:
    if not _in_strip(walk.context, phi):
        walk.nonzero(_less(m))


def _in_strip(context: Context, phi: Expr) -> bool:
    """Known: |re phi| < pi/2."""
    angle, half = sp.re(phi, evaluate=False), times(S.Half, sp.pi)
    if context.real(phi):
        angle = phi
    return context.positive(plus(half, angle)) and context.positive(plus(half, times(MINUS, angle)))


def _elliptic_e(_: Walk, *__: Expr) -> None:
    """Defined everywhere, complete or not."""


def _elliptic_pi(walk: Walk, n: Expr, *others: Expr) -> None:
    walk.nonzero(_less(n))
    walk.nonzero(_less(others[-1]))
    if len(others) == 2:
        walk.nonzero(plus(S.One, times(MINUS, n, power(sp.sin(others[0], evaluate=False), TWO))))


def _lambert(walk: Walk, z: Expr, k: Expr = S.Zero) -> None:
    walk.known(walk.context.integer(k), "integer", k, "the branch must be an integer")
    if k is not S.Zero:
        walk.nonzero(z)


def _atan2(walk: Walk, y: Expr, x: Expr) -> None:
    walk.real(y)
    walk.real(x)
    if not (walk.context.nonzero(x) or walk.context.nonzero(y)):
        walk.nonzero(plus(x, times(S.ImaginaryUnit, y)))


def _polylog(walk: Walk, s: Expr, z: Expr) -> None:
    if not walk.context.positive(_less(sp.re(s, evaluate=False))):
        walk.nonzero(_less(z))


def hyper_kind(above: tuple[Expr, ...], below: tuple[Expr, ...]) -> str:
    """Whether the series is entire, has the radius 1, or has the radius 0."""
    gap = len(above) - len(below)
    return "entire" if gap < 1 else "disc" if gap == 1 else "asymptotic"


def _hyper(walk: Walk, above: Basic, below: Basic, z: Expr) -> None:
    """No lower parameter is a pole; of radius 1: not at 1, unless it converges there."""
    for b in below.args:
        walk.no_pole(b)
    if any(isinstance(a, Integer) and a <= 0 for a in above.args):
        return
    kind = hyper_kind(above.args, below.args)
    if kind == "asymptotic":
        walk.known(False, "converges", z, "the series has the radius of convergence 0")
    if kind == "disc" and not _tame_at_one(walk.context, above.args, below.args):
        walk.nonzero(_less(z))


def _tame_at_one(context: Context, above: tuple[Expr, ...], below: tuple[Expr, ...]) -> bool:
    """Known: the parameters below exceed those above in sum, so that the series converges at 1."""
    excess = plus(*below, *(times(MINUS, a) for a in above))
    return context.positive(excess) or context.positive(sp.re(excess, evaluate=False))


def _betainc(walk: Walk, a: Expr, b: Expr, lo: Expr, hi: Expr) -> None:
    """Between 0 and 1, for parameters with a positive real part."""
    inside = all(walk.context.nonnegative(t) for end in (lo, hi) for t in (end, _rest(end)))
    walk.known(inside, "between", hi, "the ends must lie between 0 and 1")
    for p in (a, b):
        holds = walk.context.positive(p) or walk.context.positive(sp.re(p, evaluate=False))
        walk.known(holds, "converges", p, "its real part must be positive")


def _stieltjes(walk: Walk, n: Expr, a: Expr = S.One) -> None:
    _at_least(0)(walk, n)
    walk.no_pole(a)


def _bell(walk: Walk, n: Expr, *others: Expr) -> None:
    _at_least(0)(walk, n)
    walk.known(not others, "defined", n, "polynomials of Bell are not known here")


DEFINED: dict[type, Callable[..., None]] = {
    **dict.fromkeys((sp.airyai, sp.airybi, sp.airyaiprime, sp.airybiprime, sp.erfi), _entire),
    **dict.fromkeys((sp.chebyshevt, sp.chebyshevu, sp.legendre, sp.lucas, sp.partition), _integer),
    **dict.fromkeys((sp.hermite, sp.bernoulli), _at_least(0)),
    sp.totient: _at_least(1),
    sp.besselj: _cylinder, sp.besseli: _cylinder,
    **dict.fromkeys((sp.bessely, sp.besselk, sp.hankel1, sp.hankel2), _off_zero),
    sp.elliptic_k: _not_one, sp.elliptic_f: _elliptic_f, sp.elliptic_e: _elliptic_e, sp.elliptic_pi: _elliptic_pi,
    sp.LambertW: _lambert, sp.atan2: _atan2, sp.polylog: _polylog, sp.hyper: _hyper,
    sp.betainc: _betainc, sp.betainc_regularized: _betainc, sp.stieltjes: _stieltjes, sp.bell: _bell,
    sp.fibonacci: lambda walk, n, *x: walk.known(
        walk.context.integer(n) and not x, "integer", n, "it must be an integer"),
}
"""What functions need of their arguments."""


# ---------------------------------------------------------------- where they are analytic


def _fixed(look: Look, n: Expr) -> bool:
    return not n.free_symbols & look.variables


def _whole(look: Look, n: Expr) -> bool:
    """An integer that does not vary."""
    return _fixed(look, n) and look.context.integer(n)


def _polynomial(look: Look, n: Expr, *_: Expr) -> bool:
    return _whole(look, n)


def _natural(look: Look, n: Expr, *_: Expr) -> bool:
    return _whole(look, n) and look.context.nonnegative(n)


def _regular_cylinder(look: Look, nu: Expr, z: Expr) -> bool:
    return _whole(look, nu) or (_fixed(look, nu) and look.slit(z))


def _real_angle(look: Look, phi: Expr, m: Expr) -> bool:
    """1 - m sin(t)^2 stays off the cut on the way to phi."""
    return look.real_near(phi) and look.slit(_rest(m))


def _regular_lambert(look: Look, z: Expr, k: Expr = S.Zero) -> bool:
    if k is S.Zero:
        return look.slit(plus(z, sp.exp(MINUS, evaluate=False)))
    return _whole(look, k) and look.slit(z)


def _regular_hyper(look: Look, above: Basic, below: Basic, z: Expr) -> bool:
    if (above.free_symbols | below.free_symbols) & look.variables or not all(map(look.no_pole, below.args)):
        return False
    kind = hyper_kind(above.args, below.args)
    return kind == "entire" or (kind == "disc" and look.slit(_rest(z)))


ANALYTIC: dict[type, Callable[..., bool]] = {
    **dict.fromkeys((sp.airyai, sp.airybi, sp.airyaiprime, sp.airybiprime, sp.erfi), lambda *_: True),
    **dict.fromkeys((sp.chebyshevt, sp.chebyshevu, sp.legendre), _polynomial),
    sp.hermite: _natural, sp.bernoulli: lambda look, n, *x: bool(x) and _natural(look, n),
    **dict.fromkeys((sp.besselj, sp.besseli), _regular_cylinder),
    **dict.fromkeys(
        (sp.bessely, sp.besselk, sp.hankel1, sp.hankel2), lambda look, nu, z: _fixed(look, nu) and look.slit(z)),
    sp.elliptic_k: lambda look, m: look.slit(_rest(m)),
    sp.elliptic_e: lambda look, *args: _real_angle(look, *args) if len(args) == 2 else look.slit(_rest(args[0])),
    sp.elliptic_f: _real_angle,
    sp.LambertW: _regular_lambert,
    sp.polylog: lambda look, s, z: _fixed(look, s) and look.slit(_rest(z)),
    sp.hyper: _regular_hyper,
    sp.atan2: lambda look, y, x: look.real_near(x) and look.real_near(y) and look.slit(
        plus(x, times(S.ImaginaryUnit, y))),
}
"""When a function of regular arguments is regular."""
