"""Terms compiled to closures: walking a SymPy tree for every model is forty times slower.

Promise: `evaluate` gives the value of a term in a model, or raises
`NotEvaluable`; nothing is guessed, and what cannot be evaluated matters only
where it is reached.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq
from sympy import Add, Basic, Dummy, Float, Mul, Piecewise, Pow, Rational, S, Symbol

from derive.core.errors import Divergent, NotEvaluable
from derive.core.meaning.binders import BINDERS
from derive.core.meaning.calculus import CALCULUS
from derive.core.meaning.conditions import Truth, compile_truth
from derive.core.meaning.frames import Code, Frame, Program, Scope, product, refuse
from derive.core.meaning.heads import HEADS, fits
from derive.core.meaning.hypergeometric import compile_hyper
from derive.core.meaning.indexed import INDEXED
from derive.core.meaning.models import Model
from derive.core.meaning.slopes import SLOPES
from derive.core.meaning.tensors import many_tensors, tensor
from derive.core.meaning.turns import TURNING, compile_turn
from derive.core.meaning.values import (
    ONE,
    ZERO,
    Gaussian,
    Infinite,
    Pole,
    Undefined,
    Value,
    add,
    divide,
    exponential,
    is_zero,
    logarithm,
    multiply,
    power,
    sign_of,
)
from derive.core.terms import (
    Array,
    Definition,
    FunctionSymbol,
    Index,
    Law,
    Scalar,
)

__all__ = ["compile_term", "compile_truth", "evaluate", "holds"]

NUMBERS = frozenset({Scalar, Symbol, Dummy})
"""Names of numbers."""



# ---------------------------------------------------------------- running


def evaluate(term: Basic, model: Model, precision: int = 128) -> Value:
    """The value of the term in the model, with balls of this precision in bits; raises NotEvaluable.

    >>> from derive.core.terms import Sum
    >>> n = Symbol("n", integer=True)
    >>> i = Index("i", 1, n)
    >>> evaluate(Sum(i**2, i), Model.of({n: 4}))
    30
    """
    if type(term) in NUMBERS:  # the ends of most ranges
        known = model.values.get(term)
        if type(known) is fmpq:
            return known
    return _value(term, model, precision)


@lru_cache(maxsize=512)
def _value(term: Basic, model: Model, precision: int) -> Value:
    """The value, kept for a while: a search, its check, a repair and the trace ask for the same sides in one model."""
    return _run(_compiled, term, model, precision)


def holds(condition: Basic, model: Model, precision: int = 128) -> bool | None:
    """Whether a comparison, or And/Or/Not of comparisons, holds; None where that is not certain."""
    try:
        return _run(_compiled_truth, condition, model, precision)
    except NotEvaluable:
        return None


def _run(compiled: Callable[[Basic], tuple[Program, Any]], term: Basic, model: Model, precision: int) -> Any:
    """Run a term's code at a precision; whatever cannot be computed is NotEvaluable."""
    before = ctx.prec
    ctx.prec = precision
    try:
        program, code = compiled(term)
        frame = program.frame(model)
        program.deepen(frame)
        return code(frame)
    except (ArithmeticError, ValueError, MemoryError, RecursionError) as error:
        raise NotEvaluable(f"no value: {type(error).__name__}: {error}") from None
    finally:
        ctx.prec = before


@lru_cache(maxsize=2048)
def _compiled(term: Basic) -> tuple[Program, Code]:
    program = Program()
    scope = Scope(program, compile_term)
    for head in many_tensors(term, scope):
        tensor(head, scope)
    return program, compile_term(term, scope)


@lru_cache(maxsize=512)
def _compiled_truth(condition: Basic) -> tuple[Program, Truth]:
    program = Program()
    return program, compile_truth(condition, Scope(program, compile_term))


# ---------------------------------------------------------------- terms


def compile_term(term: Basic, scope: Scope) -> Code:
    """A closure that gives the term's value in a frame."""
    kind = type(term)
    if kind in _TERMS:
        return _TERMS[kind](term, scope)
    if isinstance(term, Rational):
        return _constant(fmpq(int(term.p), int(term.q)))
    if isinstance(term, (Array, Law, FunctionSymbol, Definition)):
        return refuse(f"{term.name} stands without arguments")
    if isinstance(term, Symbol):
        return _symbol(term, scope)
    if kind in TURNING and term.has(S.Pi):
        return _turning(term, scope)
    if kind in HEADS and fits(HEADS[kind], len(term.args)):
        return _function(HEADS[kind], [scope.code(a) for a in term.args])
    if isinstance(term, Float):
        return refuse(f"a float literal {term} has no exact value")
    return refuse(f"{type(term).__name__} has no meaning here")


def _constant(value: Value) -> Code:
    return lambda _: value


def _at_precision(make: Callable[[], Value]) -> Callable[[Basic, Scope], Code]:
    """A constant that depends on the working precision."""
    return lambda _term, _scope: lambda _frame: make()


def _symbol(term: Symbol, scope: Scope) -> Code:
    slot = scope.slot(term)
    if isinstance(term, Index):
        return lambda f: fmpq(f[slot])
    return lambda f: f[slot]


def _function(apply: Callable[..., Value], codes: list[Code]) -> Code:
    if len(codes) == 1:
        (only,) = codes
        return lambda f: apply(only(f))
    return lambda f: apply(*[code(f) for code in codes])


def _turning(term: Basic, scope: Scope) -> Code:
    """A trigonometric function, exact at rational multiples of pi where its value is rational."""
    turn, apply = compile_turn(term.args[0], scope), HEADS[type(term)]
    argument, (above, below) = scope.code(term.args[0]), TURNING[type(term)]

    def code(f: Frame) -> Value:
        found = turn(f)
        if found is None or found[0] != 0:
            return apply(argument(f))
        return divide(above(found[1]), below(found[1]))

    return code


def _add(term: Add, scope: Scope) -> Code:
    codes = [scope.code(a) for a in term.args]

    def code(f: Frame) -> Value:
        total = ZERO
        for k, one in enumerate(codes):
            try:
                value = one(f)
            except Divergent:
                if all(_is_finite(other, f) for j, other in enumerate(codes) if j != k):
                    raise
                raise Undefined("a sum of several terms that diverge") from None
            total = add(total, value)
        return total

    return code


def _is_finite(code: Code, f: Frame) -> bool:
    """Whether a code has a finite value; what diverges beside it may make up for that, or not."""
    try:
        return type(code(f)) is not Infinite
    except Divergent:
        return False


def _mul(term: Mul, scope: Scope) -> Code:
    return product([scope.code(a) for a in term.args])


def _pow(term: Pow, scope: Scope) -> Code:
    base, exponent = term.args
    top = scope.code(exponent)
    if base is S.Exp1:
        return lambda f: exponential(top(f))
    bottom = scope.code(base)
    bits = scope.exact_bits
    return lambda f: power(bottom(f), top(f), exact_bits=bits)


def _log(term: sp.log, scope: Scope) -> Code:
    if len(term.args) == 2:
        over, under = (_log_of(a, scope) for a in term.args)
        return lambda f: divide(over(f), under(f))
    return _log_of(term.args[0], scope)


def _log_of(term: Basic, scope: Scope) -> Code:
    """log; a pole or a zero among its argument's factors makes it infinite, both make it undefined."""
    whole = scope.code(term)
    factors = [(scope.code(b), e) for b, e in _factors(term, fmpq(1))]

    def by_factors(f: Frame) -> Value:
        rest, zero, pole = ONE, False, False
        for base, exponent in factors:
            value = base(f)
            if not is_zero(value):
                rest = multiply(rest, power(value, exponent))
            elif exponent > 0:
                zero = True
            else:
                pole = True
        if not pole:
            return logarithm(ZERO if zero else rest)
        if zero or sign_of(rest, "the argument of log") < 0:
            raise Undefined("log of 0/0, or of a negative value over 0")
        return Infinite(1, weak=True)

    def code(f: Frame) -> Value:
        try:
            value = whole(f)
        except Pole:
            return by_factors(f)
        return logarithm(value)

    return code


def _factors(term: Basic, exponent: fmpq) -> list[tuple[Basic, fmpq]]:
    if isinstance(term, Mul):
        return [pair for a in term.args for pair in _factors(a, exponent)]
    if isinstance(term, Pow) and isinstance(term.args[1], sp.Integer):
        return _factors(term.args[0], exponent * int(term.args[1]))
    return [(term, exponent)]


def _piecewise(term: Piecewise, scope: Scope) -> Code:
    branches = [(scope.code(e), compile_truth(c, scope)) for e, c in (pair.args for pair in term.args)]

    def code(f: Frame) -> Value:
        for value, condition in branches:
            true = condition(f)
            if true is None:
                raise NotEvaluable("a condition of a Piecewise is not certain")
            if true:
                return value(f)
        raise NotEvaluable("no branch of a Piecewise applies")

    return code


_I = Gaussian(ZERO, ONE)

_TERMS: dict[type, Callable[[Any, Scope], Code]] = {
    Add: _add,
    Mul: _mul,
    Pow: _pow,
    sp.log: _log,
    Piecewise: _piecewise,
    sp.hyper: compile_hyper,
    **INDEXED,
    **BINDERS,
    **CALCULUS,
    **SLOPES,
    type(S.Pi): _at_precision(arb.pi),
    type(S.Exp1): _at_precision(arb.const_e),
    type(S.EulerGamma): _at_precision(arb.const_euler),
    type(S.Catalan): _at_precision(arb.const_catalan),
    type(S.GoldenRatio): _at_precision(lambda: (1 + arb(5).sqrt()) / 2),
    type(S.ImaginaryUnit): lambda _term, _scope: _constant(_I),
    type(S.Infinity): lambda _term, _scope: _constant(Infinite(1)),
    type(S.NegativeInfinity): lambda _term, _scope: _constant(Infinite(-1)),
}
