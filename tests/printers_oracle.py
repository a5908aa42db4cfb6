"""Independent readers of printed text and LaTeX, and random unevaluated terms, for the tests of the printers.

A term and what is printed of it are both given a value in the integers modulo a
large prime; every head but the four operations is a hash of its arguments. Two
readings that differ anywhere differ in value, except with probability 1/prime.
The readers share no code with the printers.
"""

from __future__ import annotations

import hashlib
import re

from hypothesis import strategies as st
from sympy import Add, Integer, Mul, Pow, Rational, S, Symbol, exp, log, oo

from derive.core.terms import Array, Entry, Expectation, Index, NamedLaw, RandomArray, Sum

PRIME = 2**89 - 1

A, B, C = (Symbol(name) for name in "abc")
N = Symbol("n", integer=True, positive=True)
I = Index("i", 1, N)  # noqa: E741
K = Index("k", 0, oo)
X = Array("x", N)
R = RandomArray("R", NamedLaw("Bernoulli", Rational(1, 2)), N)


def hashed(*parts) -> int:
    """A value for a head applied to values."""
    return int.from_bytes(hashlib.sha256(repr(parts).encode()).digest()[:16]) % PRIME


def inverse(value: int) -> int:
    """One over a value; 0 for 0."""
    return pow(value, PRIME - 2, PRIME)


def value_of(term) -> int:
    """The value of a term, straight from its SymPy arguments."""
    if isinstance(term, Rational):
        return term.p * inverse(term.q) % PRIME
    if isinstance(term, Add):
        return sum(value_of(arg) for arg in term.args) % PRIME
    if isinstance(term, Mul):
        found = 1
        for arg in term.args:
            found = found * value_of(arg) % PRIME
        return found
    if isinstance(term, log):
        return hashed("ln", value_of(term.args[0]))
    if type(term) is exp:
        return hashed("exp", value_of(term.args[0]))
    if isinstance(term, Pow):
        if term.exp is S.NegativeOne:
            return inverse(value_of(term.base))
        if term.exp is S.Half:
            return hashed("sqrt", value_of(term.base))
        return hashed("^", value_of(term.base), value_of(term.exp))
    if isinstance(term, Entry):
        return hashed("entry", *(value_of(index) for index in term.indices))
    if isinstance(term, Expectation):
        return hashed("E", value_of(term.args[0]))
    if isinstance(term, Sum):
        return hashed("Sum", value_of(term.args[0]))
    assert isinstance(term, Symbol), term
    return hashed(term.name)


# ---------------------------------------------------------------- random terms


HEADS = [
    lambda t: Add(t, B, evaluate=False),
    lambda t: Add(B, t, evaluate=False),
    lambda t: Add(B, Mul(-1, t, evaluate=False), evaluate=False),
    lambda t: Mul(t, B, evaluate=False),
    lambda t: Mul(B, t, evaluate=False),
    lambda t: Mul(B, t, C, evaluate=False),
    lambda t: Mul(-1, t, evaluate=False),
    lambda t: Mul(1, t, evaluate=False),
    lambda t: Mul(t, Pow(B, -1, evaluate=False), evaluate=False),
    lambda t: Mul(B, Pow(t, -1, evaluate=False), evaluate=False),
    lambda t: Pow(t, -1, evaluate=False),
    lambda t: Pow(t, 2, evaluate=False),
    lambda t: Pow(t, B, evaluate=False),
    lambda t: Pow(B, t, evaluate=False),
    lambda t: Pow(t, S.Half, evaluate=False),
    lambda t: log(t, evaluate=False),
    lambda t: exp(t, evaluate=False),
    lambda t: Sum(t, K),
    lambda t: Expectation(t, 1, R),
    lambda t: Entry(X, t),
]
"""Every way in which a term can stand inside another."""

LEAVES = [A, Entry(X, I), Integer(2), Integer(-3), Rational(2, 3), Rational(-1, 2), S.One, S.NegativeOne, S.Zero]


def nested(depth: int) -> list:
    """Every term of this many heads around a leaf: all pairs and triples of notation that can meet."""
    found = LEAVES
    for level in range(depth):
        found = [head(term) for head in HEADS for term in (found if level == 0 or depth < 3 else found[:: level + 1])]
    return found


@st.composite
def terms(draw, depth: int = 5):
    """Random terms, as a user may have written them: unsorted, with litter, nothing evaluated."""
    return _random(draw(st.randoms(use_true_random=False)), depth)


def _random(chance, depth: int):
    if depth == 0 or chance.random() < 0.1:
        return chance.choice(LEAVES)
    first = _random(chance, depth - 1)
    if chance.random() < 0.6:
        return chance.choice(HEADS)(first)
    head = chance.choice([Add, Mul, Mul, Pow])
    return head(first, _random(chance, depth - 1), evaluate=False)


# ---------------------------------------------------------------- readers


class Reader:
    """What both readers share: tokens, sums, and the value of a product so far."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.at = 0

    @property
    def next(self) -> str:
        """The token that comes next; empty at the end."""
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, wanted: str | None = None) -> str:
        """Read one token."""
        found = self.next
        if not found or (wanted is not None and found != wanted):
            raise ValueError(f"expected {wanted}, found {found!r} at {self.at} in {self.tokens}")
        self.at += 1
        return found

    def whole(self) -> int:
        """The value of everything."""
        found = self.sum()
        if self.next:
            raise ValueError(f"left over: {self.tokens[self.at:]}")
        return found

    def sum(self) -> int:
        """A sum, with a leading minus perhaps; a second sign in a row is refused."""
        sign = -1 if self.next == "-" else 1
        if sign < 0:
            self.take()
        found = sign * self.product()
        while self.next in ("+", "-"):
            found += self.product() if self.take() == "+" else -self.product()
        return found % PRIME

    def product(self) -> int:
        """A product."""
        raise NotImplementedError


class TextReader(Reader):
    """Reads what `text` prints."""

    def __init__(self, shown: str) -> None:
        tokens = re.findall(r"\d+|[A-Za-z_]\w*'*|\.\.|\S", shown)
        super().__init__(tokens)

    def product(self) -> int:
        """Factors from left to right; one that applies to what follows must be the last."""
        found, last = self.factor()
        while self.next in ("*", "/"):
            if last:
                raise ValueError(f"a prefix before {self.next}")
            divided = self.take() == "/"
            factor, last = self.factor()
            found = found * (inverse(factor) if divided else factor) % PRIME
        return found

    def factor(self) -> tuple[int, bool]:
        """A factor, and whether it is a prefix."""
        if self.next == "ln" and self.tokens[self.at + 1] != "(":
            self.take()
            return hashed("ln", self.atom()), True
        if self.next == "E":
            self.take()
            while self.take() != "]":
                pass
            prefixed = self.next == "E" or (self.next == "ln" and self.tokens[self.at + 1] != "(")
            return hashed("E", self.factor()[0] if prefixed else self.atom()), True
        base = self.atom()
        if self.next != "^":
            return base, False
        self.take()
        found = hashed("^", base, self.atom())
        if self.next == "^":
            raise ValueError("a power of a power without brackets")
        return found, False

    def atom(self) -> int:
        """A number, a name, a call or brackets."""
        token = self.take()
        if token.isdigit():
            return int(token)
        if token == "(":
            found = self.sum()
            self.take(")")
            return found
        if not token[0].isalpha():
            raise ValueError(f"unexpected {token}")
        if self.next == "[":
            self.take()
            found = self.sum()
            self.take("]")
            return hashed("entry", found)
        if self.next == "(":
            self.take()
            found = self.sum()
            while self.take() != ")":
                pass
            return hashed(token, found)
        return hashed(token)


class TexReader(Reader):
    """Reads what `latex` prints."""

    def __init__(self, shown: str) -> None:
        tokens = re.findall(r"\\[A-Za-z]+|\\.|\d+|\S", shown)
        sizes = re.compile(r"\\(big|Big|bigg|Bigg)[lr]")
        super().__init__([token for token in tokens if not sizes.fullmatch(token)])

    def product(self) -> int:
        """Juxtaposed factors, and quotients with a slash; one that applies to what follows must be the last."""
        found, last = self.factor()
        while self.next not in ("", "+", "-", "}", ")", "]", ","):
            if last:
                raise ValueError(f"a prefix before {self.next}")
            divided = self.next == "/"
            if self.next in ("/", r"\,", r"\cdot"):
                self.take()
            factor, last = self.factor()
            found = found * (inverse(factor) if divided else factor) % PRIME
        return found

    def group(self, left: str = "{", right: str = "}") -> int:
        """The value between brackets."""
        self.take(left)
        found = self.sum()
        self.take(right)
        return found

    def skipped(self) -> None:
        """Pass over a group."""
        depth = (self.take("{") == "{") + 0
        while depth:
            depth += {"{": 1, "}": -1}.get(self.take(), 0)

    def factor(self) -> tuple[int, bool]:
        """A factor, and whether it is a prefix."""
        if self.next == r"\ln":
            self.take()
            if self.next == "(":
                return hashed("ln", self.group("(", ")")), False
            return hashed("ln", self.atom()), True
        if self.next == r"\sum":
            self.take()
            for script in "_^":
                self.take(script)
                self.skipped()
            return hashed("Sum", self.product()), True
        base = self.atom()
        if self.next != "^":
            return base, False
        self.take()
        return hashed("^", base, self.group()), False

    def atom(self) -> int:
        """A number, a name, a call, a fraction, a root or brackets."""
        token = self.next
        if token == "(":
            return self.group("(", ")")
        if token == "{":
            return self.group()
        self.take()
        if token.isdigit():
            return int(token)
        if token == r"\frac":
            upper = self.group()
            return upper * inverse(self.group()) % PRIME
        if token == r"\sqrt":
            return hashed("sqrt", self.group())
        if token == r"\exp":
            return hashed("exp", self.group("(", ")"))
        if token == "e":
            self.take("^")
            return hashed("exp", self.group())
        if token == r"\mathbb":
            self.skipped()
            self.take("_")
            self.skipped()
            return hashed("E", self.group("[", "]"))
        if not token.isalpha():
            raise ValueError(f"unexpected {token} in {self.tokens}")
        if self.next == "_":
            self.take()
            return hashed("entry", self.group())
        return hashed(token)
