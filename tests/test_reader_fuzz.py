"""Hostile and random text: never anything but a term or a ReaderError, nothing is run, and the limits hold."""

import builtins
import os
import sys
import time
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sympy import Expr

from derive.core.terms import has_float
from derive.printers.text import text as printed
from derive.reader import ReaderError, read_chain, read_claim, read_declarations, read_given, read_symbols, read_term
from derive.reader.grammar import MAX_HEIGHT, MAX_NODES, parse
from derive.reader.tokens import MAX_LENGTH

SYMBOLS = {"x": "real", "y": "positive", "z": "complex", "n": "integer positive", "f": "function", "A": "array"}
READ = read_symbols(SYMBOLS)
QUICK = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))

PIECES = [
    "x", "y", "z", "n", "k", "f", "A", "1", "0", "2", "10", "pi", "oo", "I", "E", "(", ")", "[", "]", ",", "+",
    "-", "*", "/",
    "**", "^", "=", "<", "<=", ">", ">=", "!=", "==", "..", ".", "'", "'+'", '"', " ", "sin(", "Sum(", "Integral(",
    "Limit(",
    "Derivative(", "Subs(", "Piecewise(", "Product(", "hyper(", "And(", "Not(", "Eq(", "and", "or", "not", "ln",
    "True",
    "(k, 1, n)", "(x, 0, oo)", "zeta(", "Max(", "Mod(", "factorial(", "__import__", "\\", "{", "}", ":", ";", "#",
    "\n", "\0",
    "\u03c0", "\u2212", "0x1", "1j", "1_0", "lambda", "@", "%", "!", "~", "&", "|", "`", "9" * 40,
]  # fmt: skip

CLAIMS = [
    "Integral(exp(-x)*x**(1/2), (x, 0, oo))", "Sum((-1)**k/(2*k + 1), (k, 0, oo)) + f(x)*A[n]",
    "Piecewise((cos(z)/z - sin(z)/z**2, Ne(z, 0)), (0, Eq(z, 0)))", "Subs(Derivative(gamma(z), z), z, 1)",
    "Limit(n*sin(1/n), n, oo)", "hyper([], [5/2], z**2/4)", "Derivative(zeta(z, n), (z, n))",
    "Max(Abs(x), y)/binomial(2*n, n) - Product(1 - 1/k**2, (k, 2, n))",
]  # fmt: skip

EDITS = st.tuples(st.integers(0, 80), st.integers(0, 4), st.sampled_from(PIECES))


def reads(text: str) -> None:
    """It is read, or refused with a ReaderError."""
    try:
        found = read_term(text, READ)
    except ReaderError as error:
        shown = str(error)
    else:
        assert isinstance(found, Expr)
        assert not has_float(found)
        shown = printed(found)
    assert all(line.isprintable() for line in shown.splitlines())


@QUICK
@given(st.text(max_size=60))
def test_random_text(text) -> None:
    """Any characters."""
    reads(text)
    for read in (_given, read_chain, lambda t: read_declarations([t]), lambda t: read_symbols({t: t})):
        with suppress(ReaderError):
            read(text)


def _given(text: str) -> object:
    return read_given(text, READ)


@QUICK
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_random_pieces(pieces) -> None:
    """Words and signs of the language in any order."""
    reads("".join(pieces))
    reads(" ".join(pieces))


@QUICK
@given(st.sampled_from(CLAIMS), st.lists(EDITS, max_size=4))
def test_mutated_claims(claim, edits) -> None:
    """Pieces cut out and put in."""
    for at, cut, piece in edits:
        claim = claim[:at] + piece + claim[at + cut :]
    reads(claim)


@QUICK
@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(CLAIMS),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["id", "symbols", "given", "steps", "x"]), inner, max_size=4),
    max_leaves=12,
))  # fmt: skip
def test_random_records(record) -> None:
    """Anything that JSON may hold."""
    with suppress(ReaderError):
        read_claim(record)


HOSTILE = [
    "(" * 1_000 + "x" + ")" * 1_000, "(" * 19_000, "-" * 19_000 + "x", "x**" * 6_000 + "x", "x^-" * 6_000 + "x",
    "sin(" * 4_000 + "x" + ")" * 4_000, "[" * 19_000, "not " * 4_000 + "x < y", "A[" * 5_000, "x" * MAX_LENGTH,
    "1" * MAX_LENGTH, "1+" * 9_000 + "1", "ln " * 6_000 + "x", "x" * 1_000_000, "f(" + "x," * 9_000 + "x)",
    "Sum(" * 3_000 + "k" + ", (k, 1, n))" * 1_000, "Sum(k" + ", (k, 1, n)" * 1_000 + ")",
    "Derivative(x" + ", x" * 5_000 + ")", "x < " * 4_000 + "x", "Piecewise(" + "(x, x < 0)," * 1_500 + ")",
    "And(" * 3_000, "2**" * 100 + "2", "(((((" + "1," * 5_000, "Subs(x, x, " * 1_500,
    "Subs(x*x, x, " * 40 + "y" + ")" * 40, "Sum(" * 20 + "k" + ", (k, 1, n), (k, 1, n), (k, 1, n))" * 20,
    "__import__('os').system('echo')", "().__class__.__bases__[0]", "exec('1')", "open('/etc/passwd')", "x.__class__",
    "eval('1')", "lambda: x", "[k for k in x]", "f'{x}'", "print(x)", "globals()", "S(1)", "Symbol('x')",
    "sympify('1')",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda t: t[:16])
def test_hostile_text_is_refused(text) -> None:
    """By a limit or by the grammar, without deep recursion."""
    with pytest.raises(ReaderError):
        read_term(text, READ)
    steps = ["1", "= 1"]
    symbols = {text: text}
    for record in ({"steps": [text, "= 1"]}, {"steps": steps, "given": [text]}, {"steps": steps, "symbols": symbols}):
        with pytest.raises(ReaderError):
            read_claim(record)


def test_powers_of_absurd_size_are_not_worked_out() -> None:
    """They are read as they stand, in no time, and so are their functions and comparisons."""
    tower = "10**10**10**10"
    start = time.process_time()
    for text in (
        tower, f"sin({tower})", f"factorial({tower})", f"Max({tower}, 2)", f"hyper([{tower}], [1], 1)",
        f"Sum(k, (k, 1, {tower}))", f"floor({tower}) + zeta({tower}, 2)", f"binomial({tower}, 3)",
        f"Piecewise((1, {tower} < 2), (2, And({tower} > 1, x = {tower})), (3, True))", f"Mod({tower}, 7)",
        f"Subs(x + {tower}, x, {tower})", f"fibonacci({tower})", f"primepi({tower})", f"I**{tower}",
    ):  # fmt: skip
        assert isinstance(read_term(text, READ), Expr)
    read_given(f"And({tower} < x, x < {tower}, Not(Eq(x, {tower})))", READ)
    assert time.process_time() - start < 60


def test_the_limits_leave_room() -> None:
    """Large honest text is read: wide, deep, and long numbers."""
    assert len(read_term("+".join(["x"] * 2_000), READ).args) == 2_000
    assert read_term("sin(" * 40 + "x" + ")" * 40, READ).has_free(READ.scalars["x"])
    assert parse("1+" * 1_000 + "1").height < MAX_HEIGHT < MAX_NODES
    assert read_term("7" * 1_000, READ) == int("7" * 1_000)


def test_deep_text_needs_little_of_the_stack() -> None:
    """The deepest text that is read, read and printed with a stack of 600 frames more."""
    depth = max(k for k in range(1, 120) if _reads("sin(" * k + "x" + ")" * k))
    limit = sys.getrecursionlimit()
    used = len(_frames())
    try:
        sys.setrecursionlimit(used + 600)
        for k in (depth, 120, 1_000):
            for opening in ("sin(", "(", "1/(1 + ", "-", "x**"):
                _reads(opening * k + "x" + ")" * (k * opening.count("(")))
    finally:
        sys.setrecursionlimit(limit)


def _reads(text: str) -> bool:
    try:
        read_term(text, READ)
    except ReaderError:
        return False
    return True


def _frames() -> list[object]:
    frame, found = sys._getframe(), []
    while frame is not None:
        found.append(frame)
        frame = frame.f_back  # type: ignore[assignment]
    return found


@pytest.mark.parametrize("code", [
    "__import__('os').system('x')", "exec(x)", "eval(x)", "compile(x)", "open(x)", "getattr(x, y)", "os", "system(x)",
    "Sum(__import__, (k, 1, n))", "f(exec)", "print(x)",
])  # fmt: skip
def test_nothing_is_run(code, monkeypatch) -> None:
    """No text reaches Python's own evaluation, nor the system."""

    def caught(*_: object, **__: object) -> None:
        raise AssertionError("text was run")

    with monkeypatch.context() as patch:
        for name in ("eval", "exec", "compile"):
            patch.setattr(builtins, name, caught)
        patch.setattr(os, "system", caught)
        refused = not _reads(code)
        found = read_term("sin(x)**2 + Sum(1/k, (k, 1, n)) + Integral(x, (x, 0, 1))", READ)
    assert refused
    assert found.args
