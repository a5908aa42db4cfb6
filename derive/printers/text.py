"""Terms, givens and conditions as plain text.

Promise: the text says exactly what the author wrote, with as few brackets as
can be read in one way only; two terms that differ in more than litter and in
the bracketing of pure sums and products print differently. One recursion over
the term, no SymPy printer. `^` is a power, `ln` the natural logarithm.

How to read it
    a*b/c        is read from left to right: `(a*b)/c`
    -x^2         is `-(x^2)`
    E[R] x       `E`, `Var` and `ln` apply to the next name, call or bracket only,
                 and stand last in a product: `2*ln x`, but `ln(x)*2`
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from sympy import Abs, Basic, Float, Integer, Rational, S, Symbol, Tuple, exp, log
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, Boolean, BooleanFalse, BooleanTrue, Not, Or

from derive.core.claims import Condition, Given, Note
from derive.core.errors import TermError
from derive.core.terms import (
    Applied,
    Bar,
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
from derive.printers.calculus import text_heads
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
    bracketed,
    broken,
    declared,
    hides_limits,
    own_limits,
    prefixable,
    sides,
    unmarked,
    view,
)

__all__ = ["condition_text", "given_text", "lines", "note_text", "relation_text", "text"]

_PLAIN = re.compile(r"[^\W\d]\w*'*(\.[^\W\d]\w*)*|\|[^\W\d]\w*'*\|")
_RELATIONS = {"==": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_CONSTANTS = {S.Infinity: "oo", S.ComplexInfinity: "zoo", S.NaN: "nan", S.Pi: "pi", S.ImaginaryUnit: "I"}
_PRIMES = 3
_INDENT = "  "


def text(term: Basic) -> str:
    """The term on one line.

    >>> from sympy import Add, Mul, Pow
    >>> x, y = Symbol("x"), Symbol("y")
    >>> text(Mul(x, Pow(Add(x, Mul(-1, y, evaluate=False), evaluate=False), -1, evaluate=False), evaluate=False))
    'x/(x - y)'
    """
    return unmarked(_guarded(term))


def lines(term: Basic, width: int) -> list[str]:
    """The term on as many lines as it needs, broken before operators, the outermost first.

    Lines after the first are indented. Only a piece without operators may be
    longer than `width`.

    >>> lines(Symbol("a") + Symbol("b"), 3)
    ['a', '  + b']
    """
    return [_INDENT * depth + line.rstrip() for depth, line in broken(_guarded(term), width, len, len(_INDENT))]


def given_text(given: Given) -> str:
    """A hypothesis in words.

    >>> given_text(Symbol("x") < Symbol("y"))
    'x < y'
    """
    return unmarked(_guarded(given))


def condition_text(condition: Condition) -> str:
    """A side condition in words: what is not zero, and for which indices.

    >>> a, b = Symbol("a"), Symbol("b")
    >>> condition_text(Condition(a - b))
    'a != b'
    """
    left, right = sides(condition)
    indices = [text(i[0] if isinstance(i, Tuple) else i) for i in condition.over]
    return f"{text(left)} != {text(right)}" + (f" for every {', '.join(indices)}" if indices else "")


def note_text(note: Note) -> str:
    """A line of a proof's record: what it says, about which term, and why.

    >>> note_text(Note("nonzero", Symbol("x"), "given"))
    'nonzero: x (given)'
    """
    words = note.label if note.term is None else f"{note.label}: {text(note.term)}"
    return f"{words} ({note.why})" if note.why else words


def relation_text(given: Relational) -> str:
    """The sign of a comparison.

    >>> relation_text(Symbol("x") >= 1)
    '>='
    """
    return _RELATIONS[given.rel_op]


def _guarded(term: Basic) -> str:
    try:
        return _shown(term, SUM)
    except RecursionError:
        raise TermError("the term is nested too deeply to be printed") from None


# ---------------------------------------------------------------- arithmetic


def _shown(term: Any, level: int) -> str:
    """The marked text of a term or of a view, in brackets where `level` asks for more than it binds."""
    seen: View = term if isinstance(term, View) else view(term)
    if isinstance(seen, Leaf):
        return _leaf(seen.term, level)
    if isinstance(seen, Root):
        return f"sqrt({_shown(seen.body, SUM)})"
    if isinstance(seen, Power):
        return _within(f"{_shown(seen.base, ATOM)}^{_shown(seen.exponent, ATOM)}", POWER, level)
    if isinstance(seen, Product):
        return _within(_factors(seen.factors), PRODUCT, level)
    if isinstance(seen, Minus):
        return _within(f"-{_shown(seen.body, PRODUCT)}", SUM, level)
    return _within(_parts(seen), SUM, level)


def _within(shown: str, binds: int, level: int) -> str:
    return f"({shown})" if binds < level else shown


def _parts(sums: Sums) -> str:
    found = []
    for k, (negative, part) in enumerate(sums.parts):
        sign = ("-" if negative else "") if k == 0 else f" {BREAK}{'-' if negative else '+'} "
        found.append(sign + _shown(part, PRODUCT))
    return f"{OPEN}{''.join(found)}{CLOSE}"


def _factors(factors: tuple[tuple[bool, Any], ...]) -> str:
    found = []
    last = len(factors) - 1
    for k, (inverse, factor) in enumerate(factors):
        if inverse:
            found.append(f"{'1' if k == 0 else BREAK}/{_shown(factor, POWER)}")
            continue
        if k == last:
            level = PREFIX
        else:
            level = PRODUCT if k == 0 and isinstance(factor, Rational) and not factors[1][0] else POWER
        found.append(f"{BREAK if k else ''}{'*' if k else ''}{_shown(factor, level)}")
    return f"{OPEN}{''.join(found)}{CLOSE}"


# ---------------------------------------------------------------- leaves


def _leaf(term: Any, level: int) -> str:
    show = _HEADS.get(type(term))
    if show is not None:
        return show(term, level)
    if isinstance(term, Symbol):
        return _name(term.name)
    if isinstance(term, Rational):
        return str(term.p) if term.q == 1 else _within(f"{term.p}/{term.q}", PRODUCT, level)
    if term in _CONSTANTS:
        return _CONSTANTS[term]
    if isinstance(term, Boolean):
        return _boolean(term, level)
    if isinstance(term, AppliedUndef):
        return _call(_name(term.func.__name__), term.args)
    if term is S.Exp1:
        return "exp(1)"
    if term.args:
        return _call(type(term).__name__, term.args)
    return f"{float(term)!r}" if isinstance(term, Float) else str(term)


def _name(name: str) -> str:
    """A name as it is, or quoted where it could be read as something else."""
    if _PLAIN.fullmatch(name):
        return name
    return "`" + name.encode("unicode_escape").decode("ascii").replace("`", "\\x60") + "`"


def _list(terms: Iterable[Any]) -> str:
    return ", ".join(_shown(term, SUM) for term in terms)


def _call(head: str, terms: Iterable[Any]) -> str:
    return f"{head}({_list(terms)})"


def _indexed(head: str, indices: tuple[Any, ...]) -> str:
    if not indices:
        return head
    simple = all(isinstance(i, (Symbol, Integer)) for i in indices)
    return f"{head}[{(',' if simple else ', ').join(_shown(i, SUM) for i in indices)}]"


def _ln(term: Any, level: int) -> str:
    if len(term.args) != 1:
        return _call("log", term.args)
    (inner,) = term.args
    if level <= PREFIX and prefixable(inner):
        return f"ln {_shown(inner, ATOM)}"
    return f"ln({_shown(inner, SUM)})"


def _prob(term: Prob, _: int) -> str:
    behind = term.givens
    bar = f"|{_slots(term, behind)}" if behind else ""
    return f"{_name(term.law.name)}({_slots(term, term.targets)}{bar})"


def _slots(term: Prob, values: dict[int, Any]) -> str:
    found = []
    for k, value in values.items():
        sort = term.law.slots[k].sort
        named = isinstance(value, Index) and value.sort == sort
        found.append(_shown(value, SUM) if named else f"{_name(sort)}={_shown(value, SUM)}")
    return ", ".join(found)


def _applied(term: Applied, _: int) -> str:
    name, orders = _name(term.function.name), term.orders
    if not any(orders):
        return _call(name, term.arguments)
    if len(orders) == 1 and orders[0] <= _PRIMES and not name.endswith("'"):
        return _call(name + "'" * orders[0], term.arguments)
    return _call(f"d[{','.join(map(str, orders))}]{name}", term.arguments)


def _defined(term: Defined, _: int) -> str:
    name = _name(term.head.name)
    if not term.arguments:
        return name
    return _indexed(name, term.arguments) if bracketed(term.head) else _call(name, term.arguments)


def _recurred(term: Recurred, _: int) -> str:
    return _indexed(_name(term.head.name), (term.at,))


def _limit(limit: Any, *, short: bool = False) -> str:
    index, lo, hi = limit
    if short:
        return _shown(index, SUM)
    ends = "..".join(_shown(end, SUM if isinstance(end, Integer) else ATOM) for end in (lo, hi))
    return f"{_shown(index, SUM)}={ends}"


def _is_short(limit: Any) -> bool:
    """Whether an index runs over 1..n for a name n, and was declared so."""
    index, lo, hi = limit
    return own_limits(limit) and lo is S.One and isinstance(hi, Symbol) and declared(index)


def _sum(term: Binder, _: int) -> str:
    limits = [_limit(t, short=_is_short(t)) for t in term.limits]
    arrays = [_name(array.name) for array in term.arrays]
    return f"{type(term).__name__}({', '.join([_shown(term.args[0], SUM), *limits, *arrays])})"


def _moment(head: str) -> Callable[[Any, int], str]:
    def show(term: Any, level: int) -> str:
        body, weight = term.bodies
        over = ", ".join(_limit(limit, short=own_limits(limit)) for limit in term.limits)
        if over or weight is not S.One:
            over += f" ~ {_shown(weight, SUM)}"
        over = "; ".join([over] * bool(over) + [", ".join(_name(a.name) for a in term.arrays)] * bool(term.arrays))
        seen = view(body)
        shown = f"({_shown(seen, SUM)})" if isinstance(seen, Power) else _shown(seen, PREFIX)
        return _within(f"{head}[{over}] {shown}", PREFIX, level)

    return show


def _over_laws(head: str) -> Callable[[Any, int], str]:
    def show(term: Binder, _: int) -> str:
        limits = [] if hides_limits(term) else [_limit(limit, short=own_limits(limit)) for limit in term.limits]
        arrays = [_name(array.name) for array in term.arrays]
        return f"{head}({', '.join([*(_shown(b, SUM) for b in term.bodies), *limits, *arrays])})"

    return show


def _named(head: str) -> Callable[[Any, int], str]:
    return lambda term, _: _call(head, term.args)


def _tuple(term: Tuple, _: int) -> str:
    return f"({_list(term)}{',' if len(term) == 1 else ''})"


# ---------------------------------------------------------------- hypotheses


def _boolean(term: Boolean, level: int) -> str:
    if isinstance(term, Relational):
        return _within(f"{_shown(term.lhs, SUM)} {relation_text(term)} {_shown(term.rhs, SUM)}", SUM, level)
    if isinstance(term, FullSupport):
        names = ", ".join(_name(slot.name) for slot in term.law.slots)
        return _within(f"{_name(term.law.name)}({names}) > 0 for every {names}", SUM, level)
    if isinstance(term, (And, Or)):
        word = " and " if isinstance(term, And) else " or "
        inner = [f"({_shown(arg, SUM)})" if isinstance(arg, (And, Or)) else _shown(arg, SUM) for arg in term.args]
        return _within(word.join(inner), SUM, level)
    if isinstance(term, Not):
        return f"not ({_shown(term.args[0], SUM)})"
    if isinstance(term, (BooleanTrue, BooleanFalse)):
        return str(bool(term))
    return _call(type(term).__name__, term.args)


_HEADS: dict[type, Callable[[Any, int], str]] = {
    log: _ln,
    exp: _named("exp"),
    Abs: _named("abs"),
    Delta: _named("delta"),
    Entry: lambda term, _: _indexed(_name(term.array.name), term.indices),
    Prob: _prob,
    Applied: _applied,
    Defined: _defined,
    Recurred: _recurred,
    Sum: _sum,
    Expectation: _moment("E"),
    Variance: _moment("Var"),
    Entropy: _over_laws("H"),
    CrossEntropy: _over_laws("H"),
    Divergence: _over_laws("KL"),
    NamedLaw: lambda term, _: _call(term.name, term.parameters),
    Bar: lambda term, _: f"{_shown(term.target, SUM)} | {_shown(term.given, SUM)}",
    Tuple: _tuple,
    **text_heads(_shown, _limit, _sum),
}
