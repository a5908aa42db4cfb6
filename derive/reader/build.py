"""From a tree to terms.

Promise: the term says what stands in the text, with nothing evaluated: `1*x`, `0*x`, `x - x` and `2**10**9` stay. Only
a literal with its sign, and one whole number over another in lowest terms, are read as one number. A name is bound by
the heads around it, else declared, else an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any

import sympy as sp
from sympy import Add, Basic, Expr, Integer, Pow, S, Symbol, Tuple
from sympy.logic.boolalg import Boolean

from derive.core.errors import TermError
from derive.core.terms import (
    Applied,
    ArgMax,
    ArgMin,
    Array,
    Diff,
    Domain,
    Entry,
    FunctionSymbol,
    Integral,
    Limit,
    Maximum,
    Minimum,
    Product,
    Scalar,
    Sum,
    substitute,
)
from derive.reader.errors import ReaderError
from derive.reader.grammar import MAX_NODES, Node
from derive.reader.inert import continuous, divided, logic, negated, own_index, product, size, with_sign
from derive.reader.symbols import Symbols
from derive.reader.vocabulary import CONSTANTS, FUNCTIONS, RELATIONS

__all__ = ["Builder"]

Scope = Mapping[str, Symbol]

_DIRECTIONS = {"+": 1, "-": -1, "+-": 0, "-+": 0}
_MOST_BOUND = 40

INDEXED = {"Sum": Sum, "Product": Product, "Maximum": Maximum, "Minimum": Minimum}
"""Heads over indices."""


class Builder:
    """Builds the terms of one claim; what it has met of names is kept from one text to the next."""

    def __init__(self, symbols: Symbols) -> None:
        self.symbols = symbols
        self.text = ""
        self.used: set[str] = set()
        self.axes: dict[str, int] = {}
        self.arities: dict[str, int] = {}
        self.bound = 0

    def term(self, text: str, node: Node) -> Expr:
        """The term of a whole text."""
        self.text, self.bound = text, 0
        return self._guarded(self._term, node)

    def given(self, text: str, node: Node) -> Boolean:
        """The hypothesis of a whole text."""
        self.text, self.bound = text, 0
        return self._guarded(self._condition, node)

    def _guarded(self, build: Callable[[Node, Scope], Any], node: Node) -> Any:
        try:
            return build(node, {})
        except TermError as error:
            raise ReaderError(str(error), self.text, node.at) from None

    def _fail(self, message: str, node: Node) -> ReaderError:
        return ReaderError(message, self.text, node.at)

    # ------------------------------------------------------------ terms

    def _term(self, node: Node, scope: Scope) -> Expr:
        case = getattr(self, f"_{node.kind}", None) if node.kind in _TERMS else None
        if case is None:
            raise self._fail(f"expected a term, found {_AS_WORDS.get(node.kind, node.kind)}", node)
        found: Expr = case(node, scope)
        return found

    def _number(self, node: Node, _: Scope) -> Expr:
        return Integer(int(node.word))

    def _name(self, node: Node, scope: Scope) -> Expr:
        name = node.word
        if name in scope:
            return scope[name]
        if name in self.symbols.scalars:
            self.used.add(name)
            self._once(name, "a number", node)
            return self.symbols.scalars[name]
        if name in CONSTANTS:
            return CONSTANTS[name]
        if name in self.symbols.arrays:
            raise self._fail(f"{name} is an array; write {name}[i]", node)
        if name in self.symbols.functions or name in FUNCTIONS or name in _HEADS:
            raise self._fail(f"{name} is a function; write {name}(...)", node)
        raise self._fail(f"{name} is not declared; {self._near(name, scope)}", node)

    def _near(self, name: str, scope: Scope) -> str:
        near = _nearest(name, [*scope, *self.symbols.names, *CONSTANTS])
        return f"did you mean {near}?" if near else "add it to the symbols"

    def _once(self, name: str, use: str, node: Node) -> None:
        """A name that no word fixes stands for one kind of thing only."""
        if name in self.axes and use == "a number":
            raise self._fail(f"{name} stands for a number here and for an array elsewhere", node)

    def _sum(self, node: Node, scope: Scope) -> Expr:
        terms = zip(node.words, node.parts, strict=True)
        return Add(*(self._negative(p, scope) if s == "-" else self._term(p, scope) for s, p in terms), evaluate=False)

    def _minus(self, node: Node, scope: Scope) -> Expr:
        return self._negative(node.parts[0], scope)

    def _negative(self, node: Node, scope: Scope) -> Expr:
        factors = self._factors(node, scope) if node.kind == "product" else [self._term(node, scope)]
        return product(with_sign(factors, written=node.kind in ("product", "number", "name")))

    def _product(self, node: Node, scope: Scope) -> Expr:
        return product(self._factors(node, scope))

    def _factors(self, node: Node, scope: Scope) -> list[Expr]:
        """The factors from left to right, with divisors as powers -1."""
        found: list[Expr] = []
        for sign, part in zip(node.words, node.parts, strict=True):
            if sign == "/":
                found = divided(found, self._term(part, scope))
            elif not found and part.kind == "minus":
                inner = part.parts[0]
                found = with_sign([self._term(inner, scope)], written=inner.kind == "number")
            else:
                found.append(self._term(part, scope))
        return found

    def _power(self, node: Node, scope: Scope) -> Expr:
        base, exponent = (self._term(part, scope) for part in node.parts)
        return Pow(base, exponent, evaluate=False)

    def _entry(self, node: Node, scope: Scope) -> Expr:
        name = node.word
        if name in scope or name in CONSTANTS or name in self.symbols.functions:
            raise self._fail(f"{name} is no array here", node)
        declared = self.symbols.scalars.get(name)
        if declared is not None and (declared.domain != Domain() or (name in self.used and name not in self.axes)):
            raise self._fail(f"{name} is declared as a number; declare it 'array' (of real entries)", node)
        if not node.parts:
            raise self._fail(f"expected {name}[i] with one or more places", node)
        axes = self.axes.setdefault(name, len(node.parts))
        if axes != len(node.parts):
            raise self._fail(f"{name} has {axes} places elsewhere, and {len(node.parts)} here", node)
        self.used.add(name)
        return Entry(Array(name), *(self._term(part, scope) for part in node.parts))

    def _call(self, node: Node, scope: Scope) -> Expr:
        name = node.word
        if name in self.symbols.functions and name not in scope:
            return self._applied(node, scope)
        if name in _HEADS:
            return _HEADS[name](self, node, scope)
        if name in ("And", "Or", "Not", *RELATIONS):
            raise self._fail(f"expected a term, found the condition {name}", node)
        known = FUNCTIONS.get(name)
        if known is None:
            near = _nearest(name, [*FUNCTIONS, *_HEADS, *self.symbols.functions])
            hint = f"did you mean {near}?" if near else "declare it as a function, or write a product with *"
            raise self._fail(f"unknown function {name[:40]}; {hint}", node)
        if not known.least <= len(node.parts) <= known.most:
            wanted = str(known.least) if known.least == known.most else f"{known.least} or more"
            raise self._fail(f"{name} takes {wanted} arguments, found {len(node.parts)}", node)
        return known.build(*(self._argument(part, scope, lists=name == "hyper") for part in node.parts))

    def _argument(self, node: Node, scope: Scope, *, lists: bool) -> Basic:
        if lists and node.kind in ("list", "tuple"):
            return Tuple(*(self._term(part, scope) for part in node.parts))
        return self._term(node, scope)

    def _applied(self, node: Node, scope: Scope) -> Applied:
        name = node.word
        self.used.add(name)
        arity = self.arities.setdefault(name, len(node.parts))
        if arity != len(node.parts) or not arity:
            raise self._fail(f"{name} takes {arity or 'some'} arguments elsewhere, and {len(node.parts)} here", node)
        return FunctionSymbol(name, arity)(*(self._term(part, scope) for part in node.parts))

    # ------------------------------------------------------------ conditions

    def _condition(self, node: Node, scope: Scope) -> Boolean:
        if node.kind == "compare":
            return self._compared(node, scope)
        word = node.word if node.kind == "call" else {"and": "And", "or": "Or", "not": "Not"}.get(node.kind, "")
        if word in ("And", "Or") and len(node.parts) > 1:
            return logic(getattr(sp, word), [self._condition(part, scope) for part in node.parts])
        if word == "Not" and len(node.parts) == 1:
            return negated(self._condition(node.parts[0], scope))
        if node.kind == "name" and node.word in ("True", "False"):
            return sp.true if node.word == "True" else sp.false
        if word in RELATIONS and len(node.parts) == 2:
            return self._related(word, node.parts[0], node.parts[1], scope)
        raise self._fail("expected a comparison such as x < y, or And, Or, Not of comparisons", node)

    def _compared(self, node: Node, scope: Scope) -> Boolean:
        pairs = zip(node.words, node.parts, node.parts[1:], strict=False)
        found = [self._related(sign, left, right, scope) for sign, left, right in pairs]
        return found[0] if len(found) == 1 else logic(sp.And, found)

    def _related(self, word: str, left: Node, right: Node, scope: Scope) -> Boolean:
        found: Boolean = RELATIONS[word](self._term(left, scope), self._term(right, scope), evaluate=False)
        return found

    # ------------------------------------------------------------ heads that bind

    def _count(self, node: Node, more: int) -> None:
        """What is bound nests, so that it counts against a limit."""
        self.bound += more
        if self.bound > _MOST_BOUND:
            raise self._fail(f"expected at most {_MOST_BOUND} bound variables", node)

    def _bound_name(self, node: Node) -> str:
        if node.kind != "name" or node.word in CONSTANTS:
            raise self._fail("expected the name of a variable", node)
        return node.word

    def _limits(self, node: Node) -> tuple[str, Node, Node]:
        """The name and the ends of (k, a, b), or of k=a..b."""
        if node.kind == "limit":
            return node.word, *node.parts  # type: ignore[return-value]
        if node.kind != "tuple" or len(node.parts) != 3:
            raise self._fail("expected limits such as (k, 1, n)", node)
        return self._bound_name(node.parts[0]), node.parts[1], node.parts[2]

    def _over(self, node: Node, scope: Scope, bind: Callable[[str, Expr, Expr], Symbol], head: Any) -> Expr:
        """A head over one or more limits: the first is the innermost, its ends in the scope of those behind it."""
        if len(node.parts) < 2:
            raise self._fail(f"expected {node.word}(f, (k, a, b))", node)
        self._count(node, len(node.parts) - 1)
        bound = []
        for limit in reversed(node.parts[1:]):
            name, *ends = self._limits(limit)
            lo, hi = (self._term(end, scope) for end in ends)
            symbol = bind(name, lo, hi)
            bound.append((symbol, lo, hi))
            scope = {**scope, name: symbol}
        found = self._term(node.parts[0], scope)
        for limits in reversed(bound):
            found = head(found, limits)
        return found

    def _indexed(self, node: Node, scope: Scope) -> Expr:
        return self._over(node, scope, own_index, INDEXED[node.word])

    def _integral(self, node: Node, scope: Scope) -> Expr:
        return self._over(node, scope, continuous, Integral)

    def _extremum(self, node: Node, scope: Scope) -> Expr:
        """Over (x, a, b), or a < x < b; what is bound is real."""
        wanted = f"expected {node.word}(f, (x, a, b)), or a < x < b"
        if len(node.parts) != 2:
            raise self._fail(wanted, node)
        self._count(node, 1)
        over = node.parts[1]
        if over.kind == "compare" and over.words == ("<", "<"):
            start, variable, end = over.parts
            name = self._bound_name(variable)
        elif over.kind == "tuple":
            name, start, end = self._limits(over)
        else:
            raise self._fail(wanted, over)
        lo, hi = (self._term(part, scope) for part in (start, end))
        symbol = Scalar(name, Domain())
        head = ArgMin if node.word == "ArgMin" else ArgMax
        return head(self._term(node.parts[0], {**scope, name: symbol}), (symbol, lo, hi))

    def _limit(self, node: Node, scope: Scope) -> Expr:
        if not 3 <= len(node.parts) <= 4:
            raise self._fail("expected Limit(f, x, a), or Limit(f, x, a, '+') with '+', '-' or '+-'", node)
        body, variable, at, *direction = node.parts
        sign = 1
        if direction:
            if direction[0].kind != "text" or direction[0].word not in _DIRECTIONS:
                raise self._fail("expected the direction '+', '-' or '+-'", direction[0])
            sign = _DIRECTIONS[direction[0].word]
        name = self._bound_name(variable)
        point = self._term(at, scope)
        symbol = continuous(name, point)
        return Limit(self._term(body, {**scope, name: symbol}), (symbol, point, Integer(sign)))

    def _derivative(self, node: Node, scope: Scope) -> Expr:
        if len(node.parts) < 2:
            raise self._fail("expected Derivative(f, x) or Derivative(f, (x, n))", node)
        self._count(node, len(node.parts) - 1)
        found = self._term(node.parts[0], scope)
        for variable, order in self._orders(node):
            symbol = self._name(variable, scope) if variable.kind == "name" else None
            if not isinstance(symbol, Scalar) or symbol.domain.field == "integer":
                raise self._fail("expected a real or complex variable to differentiate by", variable)
            times = self._term(order, scope) if order else S.One
            if order and symbol in times.free_symbols:
                raise self._fail(f"expected an order without {symbol.name}", order)
            found = Diff(found, (symbol, times, symbol))
        return found

    def _orders(self, node: Node) -> list[tuple[Node, Node | None]]:
        """Each variable with how often, from x, (x, n), and x followed by a number."""
        found: list[tuple[Node, Node | None]] = []
        for part in node.parts[1:]:
            if part.kind == "number" and found and found[-1][1] is None:
                found[-1] = (found[-1][0], part)
            elif part.kind == "tuple" and len(part.parts) == 2:
                found.append((part.parts[0], part.parts[1]))
            else:
                found.append((part, None))
        return found

    def _subs(self, node: Node, scope: Scope) -> Expr:
        if len(node.parts) != 3:
            raise self._fail("expected Subs(f, x, a)", node)
        body, variables, values = node.parts
        names = [self._bound_name(v) for v in (variables.parts if variables.kind == "tuple" else (variables,))]
        given = values.parts if values.kind == "tuple" else (values,)
        if len(names) != len(given) or len(set(names)) != len(names):
            raise self._fail("expected as many values as different variables", node)
        points = [self._term(value, scope) for value in given]
        bound = {
            name: continuous(name, point, self.symbols.scalars.get(name, S.One))
            for name, point in zip(names, points, strict=True)
        }
        found = self._term(body, {**scope, **bound})
        replaced: Expr = substitute(found, dict(zip(bound.values(), points, strict=True)))
        if size(replaced) > MAX_NODES:
            raise self._fail(f"expected at most {MAX_NODES} pieces after the substitution", node)
        return replaced

    def _piecewise(self, node: Node, scope: Scope) -> Expr:
        pairs = []
        for part in node.parts:
            if part.kind != "tuple" or len(part.parts) != 2:
                raise self._fail("expected a pair (value, condition)", part)
            pairs.append((self._term(part.parts[0], scope), self._condition(part.parts[1], scope)))
        if all(c is sp.false for _, c in pairs):
            raise self._fail("expected Piecewise((value, condition), ...) with a condition that may hold", node)
        if any(c.has(sp.Piecewise) for _, c in pairs):
            raise self._fail("expected conditions without a Piecewise in them", node)
        return sp.Piecewise(*pairs, evaluate=False)


_TERMS = ("number", "name", "sum", "minus", "product", "power", "entry", "call")
_AS_WORDS = {
    "compare": "a comparison", "and": "a condition", "or": "a condition", "not": "a condition", "tuple": "a pair",
    "list": "a list", "limit": "limits", "text": "a quoted text",
}  # fmt: skip
_HEADS: dict[str, Callable[[Builder, Node, Scope], Expr]] = {
    "Sum": Builder._indexed,
    "Product": Builder._indexed,
    "Maximum": Builder._indexed,
    "Minimum": Builder._indexed,
    "Integral": Builder._integral,
    "ArgMin": Builder._extremum,
    "ArgMax": Builder._extremum,
    "Limit": Builder._limit,
    "Derivative": Builder._derivative,
    "Subs": Builder._subs,
    "Piecewise": Builder._piecewise,
}


def _nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is spelt most like this one."""
    spelt = {word.lower(): word for word in known}
    found = get_close_matches(name[:40].lower(), spelt, 1)
    return spelt[found[0]] if found else None
