"""The words that declare symbols and write heads, as an identity file uses them."""

from __future__ import annotations

from typing import Any

from sympy import Expr, Mul, Rational, oo

from derive.core.errors import TermError
from derive.core.terms import (
    SIGMOID,
    Array,
    Binder,
    CrossEntropy,
    Definition,
    Delta,
    Divergence,
    Domain,
    Entropy,
    Expectation,
    FullSupport,
    FunctionSymbol,
    Index,
    Law,
    NamedLaw,
    Partial,
    Prob,
    RandomArray,
    Recursion,
    Scalar,
    Total,
    Variance,
)
from derive.core.terms.values import term_of

__all__ = [
    "KL",
    "Bernoulli",
    "D",
    "E",
    "H",
    "I",
    "Moments",
    "Normal",
    "Var",
    "array",
    "complex_number",
    "d",
    "define",
    "delta",
    "full_support",
    "function",
    "index",
    "integer",
    "law",
    "negative",
    "nonnegative",
    "nonzero",
    "positive",
    "probability",
    "random",
    "real", "recursion", "sigmoid", "size",
]


def _exact(value: Any, name: str) -> Rational | None:
    if value is None or value in (oo, -oo):
        return None
    found = term_of(value)
    if not isinstance(found, Rational):
        raise TermError(f"{name}: a bound is an exact rational or None, found {value!r}")
    return found


def _scalar(field: str, name: str, lo: Any = None, hi: Any = None, **flags: bool) -> Scalar:
    return Scalar(name, Domain(field, _exact(lo, name), _exact(hi, name), **flags))


def real(name: str, lo: Any = None, hi: Any = None) -> Scalar:
    """A real number, in the closed interval [lo, hi] where bounds are given."""
    return _scalar("real", name, lo, hi)


def positive(name: str) -> Scalar:
    """A real number > 0."""
    return _scalar("real", name, 0, lo_open=True)


def negative(name: str) -> Scalar:
    """A real number < 0."""
    return _scalar("real", name, None, 0, hi_open=True)


def nonnegative(name: str) -> Scalar:
    """A real number >= 0."""
    return _scalar("real", name, 0)


def nonzero(name: str) -> Scalar:
    """A real number other than 0."""
    return _scalar("real", name, nonzero=True)


def probability(name: str, *, strict: bool = False) -> Scalar:
    """A real number in [0, 1], or in (0, 1) where `strict`."""
    return _scalar("real", name, 0, 1, lo_open=strict, hi_open=strict)


def complex_number(name: str) -> Scalar:
    """A complex number."""
    return _scalar("complex", name)


def integer(name: str, lo: Any = None, hi: Any = None) -> Scalar:
    """An integer, in lo..hi where bounds are given."""
    return _scalar("integer", name, lo, hi)


def size(name: str, least: int = 1) -> Scalar:
    """A size: an integer that is at least 1 unless told otherwise."""
    return _scalar("integer", name, least)


def index(name: str, *limits: Any) -> Index:
    """An index: over any finite set (`index("z")`), over 1..n (`index("b", B)`), or over lo..hi (`hi` may be oo).

    >>> index("i", 0, oo).lo
    0
    """
    if len(limits) == 0:
        return Index(name, 1, size(f"|{name}|"))
    if len(limits) == 1:
        return Index(name, 1, limits[0])
    if len(limits) == 2:
        return Index(name, *limits)
    raise TermError(f"index {name}: expected no limits, a size, or lo and hi; found {len(limits)} limits")


def array(name: str, *shape: Any) -> Array:
    """A real array with axes 1..n; `x[b, j]` is an entry."""
    return Array(name, *shape)


def random(name: str, *shape: Any, law: NamedLaw) -> RandomArray:
    """An array of independent entries that all follow `law`; without axes it is one number, `x()`.

    >>> random("x", law=Normal(0, positive("s")))().array.law.name
    'Normal'
    """
    return RandomArray(name, law, *shape)


def Bernoulli(p: Any) -> NamedLaw:
    """1 with probability p, else 0."""
    return NamedLaw("Bernoulli", p)


def Moments(mean: Any, variance: Any) -> NamedLaw:
    """Any law with this mean and variance; its higher moments are unknown."""
    return NamedLaw("Moments", mean, variance)


def Normal(mean: Any, deviation: Any) -> NamedLaw:
    """The Gaussian law with this mean and this standard deviation > 0."""
    return NamedLaw("Normal", mean, deviation)


def function(name: str, arity: int = 1) -> FunctionSymbol:
    """An unknown real function, as smooth as it is differentiated."""
    return FunctionSymbol(name, arity)


def law(name: str, *variables: Index) -> Law:
    """An arbitrary distribution over its variables: `Q(y, z)`, its marginal `Q(y)`, its conditional `Q(z | y)`."""
    return Law(name, *variables)


def full_support(*laws: Law) -> FullSupport | tuple[FullSupport, ...]:
    """The given that each of these laws is positive wherever its variables are in range."""
    for one in laws:
        if not isinstance(one, Law):
            raise TermError(f"full_support: expected laws, found {one!r}")
    found = tuple(FullSupport(one) for one in laws)
    return found[0] if len(found) == 1 else found


def define(name: str, body: Any, *parameters: Any) -> Definition:
    """A named intermediate, opaque until `definition` unfolds it.

    After `mu = define("mu", Sum(x[b, j], b)/B, j)` it is used as `mu[j]`, or
    `mu(j)`; without parameters as `mu()`.
    """
    return Definition(name, body, *parameters)


def recursion(name: str, at: Index, start: Any, previous: Scalar, step: Any, *, upwards: bool = True) -> Recursion:
    """A sequence with a start and a step.

    After `v = recursion("v", l, 1, u, u*(1 + r))` it is used as `v[l]`. Upwards
    it is `start` at the least value of its index, and v(l + 1) is the step with
    `previous` = v(l); downwards it starts at the greatest value, and v(l) is the
    step with `previous` = v(l + 1).
    """
    return Recursion(name, at, start, previous, step, upwards)


def delta(left: Any, right: Any) -> Delta:
    """1 where both are equal, else 0."""
    return Delta(term_of(left), term_of(right))


def D(y: Any, by: Any) -> Total:
    """The derivative of y by an entry `x[b, j]`, an intermediate `mu[j]` or a real number, through every definition."""
    return Total(y, by)


def d(y: Any, by: Any) -> Partial:
    """The derivative of y, or of the formula of an intermediate y, with every other intermediate held."""
    return Partial(y, by)


sigmoid = SIGMOID
"""The logistic function, `sigmoid(u)` = 1/(1 + exp(-u))."""


def _over(head: str, args: tuple[Any, ...], expressions: int) -> tuple[list[Expr], list[Any]]:
    """Split the arguments of a head into its laws and what it binds."""
    found = [term_of(a) for a in args[:expressions]]
    binds = list(args[expressions:])
    if not binds and found and isinstance(found[0], Prob):
        binds = [t for t in found[0].targets.values() if isinstance(t, Index)]
    if not binds:
        raise TermError(f"{head}: expected the index it ranges over")
    return found, binds


def _moment(head: type[Binder], body: Any, over: tuple[Any, ...]) -> Binder:
    if over and all(isinstance(o, RandomArray) for o in over):
        return head(body, 1, *over)
    (weight,), binds = _over(head.__name__, over, 1)
    return head(body, weight, *binds)


def E(body: Any, *over: Any) -> Expectation:
    """An expectation: `E(f, Q(z | y))`, `E(f, P, i)` with an expression P in i, or `E(f, R)` over random arrays."""
    return _moment(Expectation, body, over)


def Var(body: Any, *over: Any) -> Variance:
    """A variance, over the same as `E`."""
    return _moment(Variance, body, over)


def H(*args: Any) -> Entropy | CrossEntropy:
    """Entropy, `H(P(z))` `H(P, i)`, or cross-entropy `H(P(z), Q(z))`, `H(P, Q, i)`, in nats."""
    if len(args) >= 2 and not isinstance(args[1], Index):
        laws, binds = _over("H", args, 2)
        return CrossEntropy(*laws, *binds)
    laws, binds = _over("H", args, 1)
    return Entropy(*laws, *binds)


def KL(*args: Any) -> Divergence:
    """The Kullback-Leibler divergence `KL(P(z), Q(z))` or `KL(P, Q, i)`, in nats."""
    laws, binds = _over("KL", args, 2)
    return Divergence(*laws, *binds)


def I(joint: Prob) -> Divergence:  # noqa: E743 - what the field calls it
    """Mutual information, in nats: `I(P(x, y))` is KL(P(x, y), P(x) P(y)), and `I(P(x, y | z))` the same given z."""
    targets = joint.targets if isinstance(joint, Prob) else {}
    if len(targets) != 2 or not all(isinstance(t, Index) for t in targets.values()):
        raise TermError(f"I: expected a law of two variables, such as P(x, y), found {joint}")
    first, second = (Prob(joint.law, {slot: value}, joint.givens) for slot, value in targets.items())
    return Divergence(joint, Mul(first, second, evaluate=False), *targets.values())
