r"""Integrals, derivatives, limits, products, extrema, cases and the special functions in LaTeX.

Promise: as for `texterms`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp
from sympy import S

from derive.core.terms import (
    ArgMax,
    ArgMin,
    Diff,
    Extremum,
    Integral,
    Limit,
    Maximum,
    Minimum,
    Partial,
    Product,
    Slope,
    Total,
)
from derive.printers.layout import ATOM, PREFIX, PRODUCT, SUM, own_limits, unmarked
from derive.printers.texnames import name_tex

__all__ = ["CONSTANTS", "OPERATORS", "tex_heads"]

Shown = Callable[[Any, int], str]


CONSTANTS = {S.EulerGamma: r"\gamma ", S.Catalan: "G", S.GoldenRatio: r"\varphi "}

_DIRECTIONS = {1: "^{+}", -1: "^{-}", 0: ""}
_INFINITE = (S.Infinity, S.NegativeInfinity)

OPERATORS: dict[type, str] = {
    **{getattr(sp, f): rf"\{f}" for f in ("sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth")},
    sp.arg: r"\arg",
    sp.asin: r"\arcsin", sp.acos: r"\arccos", sp.atan: r"\arctan",
    **{getattr(sp, f"a{f}"): rf"\operatorname{{arc{f}}}" for f in ("cot", "sec", "csc")},
    **{getattr(sp, f"a{f}h"): rf"\operatorname{{ar{f}h}}" for f in ("sin", "cos", "tan", "cot", "sec", "csc")},
    sp.re: r"\operatorname{Re}", sp.im: r"\operatorname{Im}", sp.sign: r"\operatorname{sgn}",
    sp.gamma: r"\Gamma", sp.loggamma: r"\ln\Gamma", sp.digamma: r"\psi", sp.zeta: r"\zeta", sp.beta: r"\mathrm{B}",
    sp.LambertW: "W",
}  # fmt: skip
"""The names of functions that are set as their name and brackets."""


def tex_heads(
    shown: Shown, bracket: Callable[..., str], solid: Callable[..., str], script: Callable[[Any], str]
) -> dict[type, Shown]:
    """How each of these heads is set.

    `solid` shows a term in which no line is broken, `script` an exponent.
    """

    def within(tex: str, binds: int, level: int) -> str:
        return bracket(tex) if binds < level else tex

    def integral(term: Integral, level: int) -> str:
        lo, hi = (solid(end) for end in term.ends)
        body = shown(term.body, PRODUCT)
        return within(rf"\int_{{{lo}}}^{{{hi}}} {body}\,d{name_tex(term.variable.name)}", PREFIX, level)

    def diff(term: Diff, level: int) -> str:
        x, once = name_tex(term.variable.name), term.order is S.One
        times = "" if once else f"^{{{script(term.order)}}}"
        sign = rf"\frac{{d{times}}}{{d{x}{times}}}"
        if term.point == term.variable:
            return within(rf"{sign} {shown(term.body, PREFIX)}", PREFIX, level)
        body = unmarked(shown(term.body, PREFIX))
        return rf"\left.{sign} {body}\right|_{{{x}={solid(term.point)}}}"

    def slope(term: Slope, level: int) -> str:
        sign = r"\mathrm{d}" if isinstance(term, Total) else r"\partial "
        return within(rf"\frac{{{sign}}}{{{sign} {solid(term.by)}}} {shown(term.body, PREFIX)}", PREFIX, level)

    def limit(term: Limit, level: int) -> str:
        side = "" if term.point in _INFINITE else _DIRECTIONS[term.direction]
        to = solid(term.point, ATOM if side else SUM)
        below = rf"{name_tex(term.variable.name)} \to {to}{side}"
        return within(rf"\lim_{{{below}}} {shown(term.body, PREFIX)}", PREFIX, level)

    def extremum(term: Extremum, level: int) -> str:
        x, (lo, hi) = name_tex(term.variable.name), (solid(end) for end in term.ends)
        if _INFINITE[0] is term.ends[1]:
            below = rf"{x} \in \mathbb{{R}}" if _INFINITE[1] is term.ends[0] else f"{x} > {lo}"
        else:
            below = f"{x} < {hi}" if _INFINITE[1] is term.ends[0] else f"{lo} < {x} < {hi}"
        head = r"\operatorname*{arg\,min}" if isinstance(term, ArgMin) else r"\operatorname*{arg\,max}"
        body = shown(term.body, PREFIX)
        return within(rf"{head}_{{{below}}} {body}", PREFIX, level)

    def product(term: Product, level: int) -> str:
        signs = "".join(
            rf"\prod_{{{name_tex(index.name)}={solid(lo)}}}^{{{solid(hi)}}}" for index, lo, hi in term.limits
        )
        return within(f"{signs} {shown(term.bodies[0], PREFIX)}", PREFIX, level)

    def greatest(term: Maximum | Minimum, level: int) -> str:
        head = r"\max" if isinstance(term, Maximum) else r"\min"
        over = ", ".join(
            name_tex(limit[0].name) if own_limits(limit) else
            rf"{solid(limit[1])} \le {name_tex(limit[0].name)} \le {solid(limit[2])}"
            for limit in term.limits
        )
        return within(f"{head}_{{{over}}} {shown(term.bodies[0], PREFIX)}", PREFIX, level)

    def cases(term: sp.Piecewise, _: int) -> str:
        rows = [
            f"{solid(value)} & " + (r"\text{otherwise}" if condition == S.true else rf"\text{{if }} {solid(condition)}")
            for value, condition in term.args
        ]
        return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"

    def called(head: str, *args: Any) -> str:
        return head + bracket(", ".join(shown(arg, SUM) for arg in args))

    def factorial(term: sp.factorial, level: int) -> str:
        return within(f"{_base(term.args[0])}!", PREFIX, level)

    def _base(term: Any) -> str:
        tex = unmarked(shown(term, ATOM))
        return tex if isinstance(term, (sp.Symbol, sp.Integer)) else bracket(unmarked(shown(term, SUM)))

    def harmonic(term: sp.harmonic, _: int) -> str:
        power = f"^{{({solid(term.args[1])})}}" if len(term.args) == 2 else ""
        return f"H_{{{solid(term.args[0])}}}{power}"

    def modulo(term: sp.Mod, level: int) -> str:
        return within(rf"{shown(term.args[0], PREFIX)} \bmod {shown(term.args[1], PREFIX)}", SUM, level)

    found: dict[type, Shown] = {
        Integral: integral,
        Diff: diff,
        Total: slope,
        Partial: slope,
        Limit: limit,
        ArgMin: extremum,
        ArgMax: extremum,
        Product: product,
        Maximum: greatest,
        Minimum: greatest,
        sp.Piecewise: cases,
        sp.factorial: factorial,
        sp.harmonic: harmonic,
        sp.Mod: modulo,
        sp.binomial: lambda t, _: rf"\binom{{{solid(t.args[0])}}}{{{solid(t.args[1])}}}",
        sp.polygamma: lambda t, _: called(rf"\psi^{{({solid(t.args[0])})}}", t.args[1]),
        sp.RisingFactorial: lambda t, _: f"{_base(t.args[0])}^{{({solid(t.args[1])})}}",
        sp.FallingFactorial: lambda t, _: rf"{_base(t.args[0])}^{{\underline{{{solid(t.args[1])}}}}}",
        sp.conjugate: lambda t, _: rf"\overline{{{solid(t.args[0])}}}",
        sp.floor: lambda t, _: bracket(shown(t.args[0], SUM), r"\lfloor ", r"\rfloor "),
        sp.ceiling: lambda t, _: bracket(shown(t.args[0], SUM), r"\lceil ", r"\rceil "),
    }
    def operator(tex: str) -> Shown:
        return lambda t, _: called(tex, *t.args)

    return found | {head: operator(tex) for head, tex in OPERATORS.items()}
