"""How each head is set in LaTeX, in the notation of the field.

Promise: the same reading as `text`, set as it is printed: fractions, big sums,
subscripts, `E` with its law below. Nothing a user writes in a name reaches LaTeX
unescaped. Brackets come in fixed sizes, so that a line may be broken inside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from sympy import Abs, Basic, Max, Min, Rational, S, Symbol, Tuple, exp, log
from sympy.core.function import AppliedUndef, Function
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, Boolean, BooleanFalse, BooleanTrue, Not, Or

from derive.core.errors import TermError
from derive.core.terms import (
    Applied,
    Binder,
    CrossEntropy,
    Defined,
    Delta,
    Divergence,
    Entropy,
    Entry,
    Expectation,
    FullSupport,
    Index,
    NamedLaw,
    Prob,
    Recurred,
    Sum,
    Variance,
)
from derive.printers.layout import (
    ATOM,
    BREAK,
    CLOSE,
    OPEN,
    POWER,
    PREFIX,
    PRODUCT,
    SUM,
    Leaf,
    Minus,
    Power,
    Product,
    Root,
    Sums,
    View,
    any_finite_set,
    bracketed,
    fractions,
    hides_limits,
    own_limits,
    prefixable,
    unmarked,
    view,
)
from derive.printers.texcalculus import CONSTANTS, tex_heads
from derive.printers.texnames import escape, name_tex, width

__all__ = ["marked_tex"]

_CONSTANTS = {
    S.Infinity: r"\infty ", S.ComplexInfinity: r"\tilde{\infty}", S.NaN: r"\mathrm{nan}", S.Pi: r"\pi ",
    S.ImaginaryUnit: r"\mathrm{i}", S.Exp1: r"\mathrm{e}", **CONSTANTS,
}
_RELATIONS = {"==": "=", "!=": r"\ne ", "<": "<", "<=": r"\le ", ">": ">", ">=": r"\ge "}
_PRIMES = 3
_WIDEST_EXPONENT = 120.0
_WIDEST_FRACTION = 280.0


def marked_tex(term: Basic) -> str:
    """The term, or a hypothesis, as LaTeX mathematics with marks where a line may be broken."""
    try:
        return _shown(term, SUM)
    except RecursionError:
        raise TermError("the term is nested too deeply to be printed") from None


# ---------------------------------------------------------------- brackets


def _solid(term: Any, level: int = SUM) -> str:
    """Marked notation inside a fraction, a root or a script, where no line can be broken."""
    return unmarked(_shown(term, level)).strip()


def _bracket(inner: str, left: str = "(", right: str = ")") -> str:
    """Brackets that are as high as what they hold."""
    if r"\biggl" in inner or r"\begin{" in inner:
        size = "Bigg"
    elif any(tall in inner for tall in (r"\sum", r"\prod", r"\int", r"\frac", r"\binom")):
        size = "bigg"
    elif r"\bigl" in inner or r"\Bigl" in inner or r"\sqrt" in inner:
        size = "Big"
    elif "(" in inner or "[" in inner:
        size = "big"
    else:
        return f"{left}{inner}{right}"
    return rf"\{size}l{left}{inner}\{size}r{right}"


def _within(shown: str, binds: int, level: int) -> str:
    return _bracket(shown) if binds < level else shown


# ---------------------------------------------------------------- arithmetic


def _shown(term: Any, level: int) -> str:
    """The marked LaTeX of a term or of a view, in brackets where `level` asks for more than it binds."""
    seen: View = term if isinstance(term, View) else view(term)
    if isinstance(seen, Leaf):
        return _leaf(seen.term, level)
    if isinstance(seen, Root):
        return rf"\sqrt{{{_solid(seen.body)}}}"
    if isinstance(seen, Power):
        return _within(f"{_base(seen.base)}^{{{_script(seen.exponent)}}}", POWER, level)
    if isinstance(seen, Product):
        return _product(seen, level)
    if isinstance(seen, Minus):
        return _within(f"-{_shown(seen.body, PRODUCT)}", SUM, level)
    return _within(_parts(seen), SUM, level)


def _base(term: Any) -> str:
    seen = view(term)
    if isinstance(seen, Leaf) and isinstance(seen.term, Function) and not isinstance(seen.term, (AppliedUndef, Abs)):
        return _bracket(_shown(seen, SUM))
    shown = _shown(seen, ATOM)
    twice = "'" in shown or "^" in shown
    return f"{{{unmarked(shown).strip()}}}" if twice and not shown.endswith((")", "]")) else shown


def _parts(sums: Sums) -> str:
    found = []
    for k, (negative, part) in enumerate(sums.parts):
        sign = ("-" if negative else "") if k == 0 else f" {BREAK}{'-' if negative else '+'} "
        found.append(sign + _shown(part, PRODUCT))
    return f"{OPEN}{''.join(found)}{CLOSE}"


def _product(product: Product, level: int) -> str:
    groups = fractions(product.factors)
    if len(groups) == 1 and groups[0][1]:
        return _fraction(*groups[0], level)
    found = []
    for k, (upper, lower) in enumerate(groups):
        inner = PREFIX if k == len(groups) - 1 else POWER
        found.append(_fraction(upper, lower, inner) if lower else _shown(upper[0], inner))
    shown = found[0]
    for before, after in pairwise(found):
        times = _times(unmarked(before), unmarked(after))
        shown += (BREAK + times if times else "") + after
    return _within(f"{OPEN}{shown}{CLOSE}", PRODUCT, level)


def _fraction(upper: list[Any], lower: list[Any], level: int) -> str:
    """A fraction; one that is too wide for a line is written with a slash, at which the line may be broken."""
    above, below = (_shown(part[0], SUM) if len(part) == 1 else _run(part) for part in (upper or [S.One], lower))
    plain = rf"\frac{{{unmarked(above).strip()}}}{{{unmarked(below).strip()}}}"
    if width(plain) <= _WIDEST_FRACTION:
        return _within(plain, POWER, level)
    first, second = (
        shown if len(part) <= 1 and prefixable(part[0] if part else S.One) else _bracket(shown)
        for part, shown in ((upper, above), (lower, below))
    )
    return _within(f"{OPEN}{first}{BREAK}/{second}{CLOSE}", PRODUCT, level)


def _run(factors: list[Any]) -> str:
    """Factors side by side."""
    shown = [_shown(factor, POWER) for factor in factors[:-1]] + [_shown(factors[-1], PREFIX)]
    found = shown[0]
    for before, after in pairwise(shown):
        found += _times(unmarked(before), unmarked(after)) + after
    return found


def _times(before: str, after: str) -> str:
    """What stands between two factors."""
    if after[0].isdigit():
        return r"\cdot "
    return "" if before.isdigit() and not after.startswith(r"\frac") else r"\,"


def _script(term: Any) -> str:
    r"""An exponent: its fractions with a slash, as `\frac` is too small there."""
    return _script_view(view(term), SUM).strip()


def _script_view(seen: View, level: int) -> str:
    if isinstance(seen, Minus):
        return _within("-" + _script_view(seen.body, PRODUCT), SUM, level)
    if isinstance(seen, Sums):
        signs = ["-" if negative else "+" if k else "" for k, (negative, _) in enumerate(seen.parts)]
        parts = [_script_view(part, PRODUCT) for _, part in seen.parts]
        return _within("".join(sign + part for sign, part in zip(signs, parts, strict=True)), SUM, level)
    if isinstance(seen, Leaf) and isinstance(seen.term, Rational):
        return str(seen.term)
    if not isinstance(seen, Product) or not any(inverse for inverse, _ in seen.factors):
        return unmarked(_shown(seen, level)).strip()
    found = ""
    for k, (inverse, factor) in enumerate(seen.factors):
        shown = _solid(factor, POWER)
        if inverse:
            found += f"{'1' if k == 0 else ''}/{shown}"
        else:
            found += (r"\cdot " if "/" in found else r"\," if k else "") + shown
    return found


# ---------------------------------------------------------------- leaves


def _leaf(term: Any, level: int) -> str:
    show = _HEADS.get(type(term))
    if show is not None:
        return show(term, level)
    if isinstance(term, Symbol):
        return _spaced(name_tex(term.name))
    if isinstance(term, Rational):
        return str(term.p) if term.q == 1 else _within(rf"\frac{{{term.p}}}{{{term.q}}}", POWER, level)
    if term in _CONSTANTS:
        return _CONSTANTS[term]
    if isinstance(term, Boolean):
        return _boolean(term, level)
    if isinstance(term, AppliedUndef):
        return _call(name_tex(term.func.__name__), term.args)
    if term.args:
        return _call(rf"\operatorname{{{escape(type(term).__name__)}}}", term.args)
    return rf"\text{{{escape(str(term))}}}"


def _spaced(tex: str) -> str:
    r"""A name after which a letter may follow: `\beta x`, not `\betax`."""
    return tex + " " if tex.startswith("\\") and tex[-1].isalpha() else tex


def _list(terms: Iterable[Any]) -> str:
    return ", ".join(_shown(term, SUM) for term in terms)


def _call(head: str, terms: Iterable[Any]) -> str:
    return head + _bracket(_list(terms))


def _below(name: str, indices: Iterable[Any]) -> str:
    head = name_tex(name)
    indices = tuple(indices)
    if not indices:
        return head
    below = ",".join(_solid(i) for i in indices)
    return f"{f'({head})' if '_' in head else head}_{{{below}}}"


def _ln(term: Any, level: int) -> str:
    head = r"\ln" if len(term.args) == 1 else rf"\log_{{{_solid(term.args[1])}}}"
    inner = term.args[0]
    seen = view(inner)
    groups = fractions(seen.factors) if isinstance(seen, Product) else []
    fraction = len(groups) == 1 and bool(groups[0][1])
    if level <= PREFIX and (prefixable(inner) or fraction):
        return f"{head} {_shown(inner, POWER)}"
    return head + _bracket(_shown(inner, SUM))


def _exp(term: Any, level: int) -> str:
    (inner,) = term.args
    exponent = _script(inner)
    if r"\sum" in exponent or r"\frac" in exponent or width(exponent) > _WIDEST_EXPONENT:
        return _call(r"\exp", term.args)
    return _within(f"e^{{{exponent}}}", POWER, level)


def _abs(term: Any, _: int) -> str:
    return _bracket(_shown(term.args[0], SUM), r"\lvert ", r"\rvert ")


def _prob(term: Prob, _: int) -> str:
    inner = _slots(term, term.targets)
    if term.givens:
        inner += rf"\mid {_slots(term, term.givens)}"
    return name_tex(term.law.name) + _bracket(inner)


def _slots(term: Prob, values: dict[int, Any]) -> str:
    found = []
    for k, value in values.items():
        sort = term.law.slots[k].sort
        named = isinstance(value, Index) and value.sort == sort
        found.append(_shown(value, SUM) if named else f"{name_tex(sort)}={_shown(value, SUM)}")
    return ", ".join(found)


def _applied(term: Applied, _: int) -> str:
    name, orders = name_tex(term.function.name), term.orders
    if any(orders):
        if len(orders) == 1:
            name += "'" * orders[0] if orders[0] <= _PRIMES and "'" not in name else f"^{{({orders[0]})}}"
        else:
            name += f"^{{({','.join(map(str, orders))})}}"
    return _call(name, term.arguments)


def _defined(term: Defined, _: int) -> str:
    if not term.arguments:
        return _spaced(name_tex(term.head.name))
    if bracketed(term.head):
        return _below(term.head.name, term.arguments)
    return _call(name_tex(term.head.name), term.arguments)


def _recurred(term: Recurred, _: int) -> str:
    return _below(term.head.name, (term.at,))


def _sum(term: Sum, level: int) -> str:
    signs = "".join(_big_sum(limit) for limit in term.limits)
    signs += "".join(rf"\sum_{{{name_tex(array.name)}}}" for array in term.arrays)
    return _within(f"{signs} {_shown(term.args[0], PRODUCT)}", PREFIX, level)


def _big_sum(limit: Any) -> str:
    index, lo, hi = limit
    name = name_tex(index.name)
    if own_limits(limit) and any_finite_set(index):
        return rf"\sum_{{{name}}}"
    return rf"\sum_{{{name}={_solid(lo)}}}^{{{_solid(hi)}}}"


def _over(term: Binder) -> str:
    """What a head ranges over, for below it."""
    found = [_limit(limit) for limit in term.limits] + [name_tex(array.name) for array in term.arrays]
    return ",".join(found)


def _limit(limit: Any) -> str:
    index, lo, hi = limit
    name = name_tex(index.name)
    return name if own_limits(limit) else rf"{name} \in \{{{_solid(lo)},\ldots,{_solid(hi)}\}}"


def _moment(head: str) -> Callable[[Any, int], str]:
    def show(term: Any, _: int) -> str:
        body, weight = term.bodies
        law = "" if weight is S.One and term.arrays else rf"\sim {_solid(weight)}"
        return rf"{head}_{{{_over(term)}{law}}}{_bracket(_shown(body, SUM), '[', ']')}"

    return show


def _over_laws(head: str, subscript: str, between: str) -> Callable[[Any, int], str]:
    def show(term: Binder, _: int) -> str:
        below = ",".join(part for part in (subscript, "" if hides_limits(term) else _over(term)) if part)
        inner = between.join(_shown(body, SUM) for body in term.bodies)
        return head + (f"_{{{below}}}" if below else "") + _bracket(inner)

    return show


def _named(head: str) -> Callable[[Any, int], str]:
    return lambda term, _: _call(head, term.args)


# ---------------------------------------------------------------- hypotheses


def _boolean(term: Boolean, level: int) -> str:
    if isinstance(term, Relational):
        return _within(f"{_shown(term.lhs, SUM)} {_RELATIONS[term.rel_op]} {_shown(term.rhs, SUM)}", SUM, level)
    if isinstance(term, FullSupport):
        names = ", ".join(name_tex(slot.name) for slot in term.law.slots)
        return rf"{name_tex(term.law.name)}({names}) > 0 \text{{ for every }} {names}"
    if isinstance(term, (And, Or)):
        word = r" \text{ and } " if isinstance(term, And) else r" \text{ or } "
        return word.join(_bracket(_list([arg])) if isinstance(arg, (And, Or)) else _list([arg]) for arg in term.args)
    if isinstance(term, Not):
        return rf"\text{{not }} {_bracket(_list(term.args))}"
    if isinstance(term, (BooleanTrue, BooleanFalse)):
        return rf"\text{{{bool(term)}}}"
    return _call(rf"\operatorname{{{escape(type(term).__name__)}}}", term.args)


_HEADS: dict[type, Callable[[Any, int], str]] = {
    log: _ln,
    exp: _exp,
    Abs: _abs,
    Max: _named(r"\max"),
    Min: _named(r"\min"),
    Delta: lambda term, _: rf"\delta_{{{','.join(_solid(arg) for arg in term.args)}}}",
    Entry: lambda term, _: _below(term.array.name, term.indices),
    Prob: _prob,
    Applied: _applied,
    Defined: _defined,
    Recurred: _recurred,
    Sum: _sum,
    Expectation: _moment(r"\mathbb{E}"),
    Variance: _moment(r"\operatorname{Var}"),
    Entropy: _over_laws("H", "", ", "),
    CrossEntropy: _over_laws("H", "", ", "),
    Divergence: _over_laws("D", r"\mathrm{KL}", r"\,\Vert\,"),
    NamedLaw: lambda term, _: _call(rf"\mathrm{{{escape(term.name)}}}", term.parameters),
    Tuple: lambda term, _: _bracket(_list(term.args)),
    **tex_heads(_shown, _bracket, _solid, _script),
}
