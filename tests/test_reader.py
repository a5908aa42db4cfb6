"""The text form of claims: what is read, that nothing is evaluated or lost, and what is refused."""

import pytest
from sympy import Add, And, Eq, Ge, Integer, Lt, Mul, Ne, Not, Or, Piecewise, Pow, Rational, S, exp, log, sin, zeta
from sympy import Max as SympyMax

from derive import check
from derive.core.claims import Relation
from derive.core.errors import DeriveError
from derive.core.terms import (
    Applied,
    Array,
    Delta,
    Diff,
    Domain,
    Entry,
    FunctionSymbol,
    Index,
    Integral,
    Limit,
    Maximum,
    Minimum,
    Product,
    Scalar,
    Sum,
    free_names,
    substitute,
)
from derive.reader import (
    ReaderError,
    Symbols,
    read_chain,
    read_claim,
    read_declarations,
    read_given,
    read_steps,
    read_symbols,
    read_term,
)

X, Y, Z, N = (
    Scalar("x", Domain()), Scalar("y", Domain("real", S.Zero, lo_open=True)), Scalar("z", Domain("complex")),
    Scalar("n", Domain("integer", S.One)),
)  # fmt: skip
SYMBOLS = read_symbols(
    {"x": "real", "y": "positive", "z": "complex", "n": "integer positive", "f": "function", "A": "array"}
)


def read(text: str):
    """A term over x, y, z, n, f and A."""
    return read_term(text, SYMBOLS)


def add(*terms):
    """A sum as it stands."""
    return Add(*terms, evaluate=False)


def mul(*factors):
    """A product as it stands."""
    return Mul(*factors, evaluate=False)


def power(base, exponent):
    """A power as it stands."""
    return Pow(base, exponent, evaluate=False)


# ---------------------------------------------------------------- arithmetic


@pytest.mark.parametrize(("text", "expected"), [
    ("x + y", add(X, Y)),
    ("x - y", add(X, mul(-1, Y))),
    ("x - 2*y", add(X, mul(-2, Y))),
    ("x - 2", add(X, Integer(-2))),
    ("x - (y + 1)", add(X, mul(-1, add(Y, 1)))),
    ("x - x", add(X, mul(-1, X))),
    ("0*x", mul(0, X)),
    ("1*x**1", mul(1, power(X, 1))),
    ("1/2", Rational(1, 2)),
    ("-1/8", Rational(-1, 8)),
    ("4/2", mul(4, Rational(1, 2))),
    ("1/0", power(Integer(0), -1)),
    ("x/2", mul(X, Rational(1, 2))),
    ("3*x/4", mul(3, X, Rational(1, 4))),
    ("x/1", mul(X, power(Integer(1), -1))),
    ("1/x", power(X, -1)),
    ("2/x/y", mul(2, power(X, -1), power(Y, -1))),
    ("x/(y*n)", mul(X, power(mul(Y, N), -1))),
    ("-x**2", mul(-1, power(X, 2))),
    ("(-x)**2", power(mul(-1, X), 2)),
    ("-2**2", mul(-1, power(Integer(2), 2))),
    ("(-2)**2", power(Integer(-2), 2)),
    ("-x*y", mul(-1, X, Y)),
    ("-(x*y)", mul(-1, X, Y)),
    ("-(-1*x)", mul(-1, -1, X)),
    ("--x", mul(-1, mul(-1, X))),
    ("2**-x", power(Integer(2), mul(-1, X))),
    ("2**-x**2", power(Integer(2), mul(-1, power(X, 2)))),
    ("x**y**n", power(X, power(Y, N))),
    ("x^y", power(X, Y)),
    ("+x", X),
    ("-(pi/2)", mul(-1, S.Pi, Rational(1, 2))),
    ("-oo", S.NegativeInfinity),
    ("x + -oo", add(X, S.NegativeInfinity)),
    ("10**10**10", power(Integer(10), power(Integer(10), 10))),
    ("E**x", power(S.Exp1, X)),
    ("sqrt(x)", power(X, S.Half)),
    ("x**(1/2)", power(X, S.Half)),
    ("log(x, 2)", mul(log(X, evaluate=False), power(log(2, evaluate=False), -1))),
    ("ln x*2", mul(log(X, evaluate=False), 2)),
    ("((x))", X),
    ("sin(0)", sin(0, evaluate=False)),
    ("exp(1)", exp(1, evaluate=False)),
    ("Max(x, y, 1)", SympyMax(X, Y, 1, evaluate=False)),
    ("KroneckerDelta(n, 1)", Delta(N, S.One)),
    (" x+\n\ty ", add(X, Y)),
])  # fmt: skip
def test_arithmetic_is_built_as_it_is_written(text, expected) -> None:
    """Every operator binds as in Python, and nothing is evaluated."""
    assert read(text) == expected


@pytest.mark.parametrize("text", [
    "zeta(2)", "zeta(x, 1)", "gamma(5)", "factorial(3)", "binomial(4, 2)", "polygamma(0, x)", "atan2(1, 1)",
    "Mod(7, 3)",
    "floor(3)", "Abs(-2)", "re(x)", "conjugate(x)", "sign(3)", "Max(1, 2)", "besselj(0, 0)", "elliptic_k(0)",
    "hyper([], [1], 0)",
    "erf(0)", "beta(1, 1)", "harmonic(3)", "RisingFactorial(2, 3)", "fibonacci(10)", "totient(10)", "LambertW(0)",
    "sinc(0)",
    "acos(1)", "loggamma(1)", "betainc_regularized(1, 2, 0, 1)",
])  # fmt: skip
def test_no_function_is_evaluated(text) -> None:
    """A call stays a call of that function on its arguments."""
    found = read(text)
    assert type(found).__name__ == text.split("(")[0]
    assert found.args
    assert not found.is_number or found.is_Function


def test_zeta_keeps_its_second_argument() -> None:
    """What SymPy would drop stays."""
    assert read("zeta(x, 1)") == zeta(X, 1, evaluate=False)
    assert len(read("zeta(x, 1)").args) == 2


# ---------------------------------------------------------------- heads that bind


def test_sums_bind_indices() -> None:
    """The bound index has the range of its limits, and hides a symbol of its name."""
    found = read("Sum(n**2, (n, 1, n))")
    (limit,) = found.limits
    assert isinstance(found, Sum)
    assert limit[0] != N
    assert (limit[0].lo, limit[0].hi) == (1, N)
    assert found.free_symbols == {N}
    assert isinstance(read("Product(1 + 1/k, (k, 1, oo))"), Product)
    assert isinstance(read("Maximum(1/k, (k, 1, 9))"), Maximum)
    assert isinstance(read("Minimum(1/k, k=1..9)"), Minimum)
    assert read("Sum(k, k=1..n)") == read("Sum(k, (k, 1, n))")


def test_the_first_limit_is_the_innermost() -> None:
    """Its ends may use those behind it; not the other way round."""
    outer = read("Sum(i*j, (i, 1, j), (j, 1, n))")
    assert outer == read("Sum(Sum(i*j, (i, 1, j)), (j, 1, n))")
    assert outer.free_symbols == {N}
    with pytest.raises(ReaderError, match="j is not declared"):
        read("Sum(i*j, (j, 1, n), (i, 1, j))")


def test_integrals_bind_real_variables_unless_an_end_is_complex() -> None:
    """Whatever the symbol of that name is declared as."""
    assert read("Integral(y, (y, -1, 1))") == Integral(Scalar("y", Domain()), (Scalar("y", Domain()), -1, 1))
    for end in ("I", "z", "2*I*pi", "x + z**2"):
        assert read(f"Integral(t, (t, 0, {end}))").variable.domain.field == "complex"
    for end in ("Abs(z)", "re(z)", "x", "oo"):
        assert read(f"Integral(t, (t, 0, {end}))").variable.domain.field == "real"
    inner, outer = (Scalar(name, Domain()) for name in "st")
    assert read("Integral(s, (s, 0, t), (t, 0, 1))") == Integral(Integral(inner, (inner, 0, outer)), (outer, 0, 1))


def test_derivatives_are_taken_where_the_variable_stands() -> None:
    """At a symbol, to an order, mixed, and at a point by Subs."""
    assert read("Derivative(x**2, x)") == Diff(power(X, 2), (X, 1, X))
    assert read("Derivative(x**2, (x, n))") == Diff(power(X, 2), (X, N, X))
    assert read("Derivative(x**2, x, 2)") == read("Derivative(x**2, (x, 2))")
    assert read("Derivative(x*y, x, y)") == Diff(Diff(mul(X, Y), (X, 1, X)), (Y, 1, Y))
    t = Scalar("t", Domain())
    assert read("Subs(Derivative(sin(t), t), t, 1)") == Diff(sin(t, evaluate=False), (t, 1, 1))
    assert read("Subs(Derivative(t*s, t), (t, s), (1, 2))") == Diff(mul(t, 2), (t, 1, 1))
    assert read("Subs(Derivative(t**2, t), t, z)").variable.domain.field == "complex"
    assert read("Subs(Derivative(z**2, z), z, 1)").variable == Z
    assert read("Subs(Derivative(y**2, y), y, 1)").variable == Scalar("y", Domain())
    for text in ("Derivative(n, n)", "Derivative(x, 2)", "Sum(Derivative(k, k), (k, 1, n))", "Derivative(x)"):
        with pytest.raises(ReaderError):
            read(text)


def test_what_stands_behind_a_bound_variable_is_replaced() -> None:
    """Substitution reaches ends and points that use a name that the head binds."""
    assert substitute(read("Derivative(x**2, x)"), {X: Integer(3)}) == Diff(power(X, 2), (X, 1, 3))
    k = Index("k", 1, N)
    assert substitute(Sum(k, (k, S.One, k)), {k: N}) == Sum(k, (k, S.One, N))
    assert substitute(Sum(k, (k, S.One, N)), {k: N}) == Sum(k, (k, S.One, N))


def test_substitution_by_subs_never_captures() -> None:
    """A value that uses a name bound inside keeps its meaning."""
    found = read("Subs(Integral(s*x, (x, 0, 1)), s, x)")
    assert X in found.free_symbols
    assert found.variable != X


@pytest.mark.parametrize(("text", "direction"), [
    ("Limit(1/x, x, 0)", 1), ("Limit(1/x, x, 0, '+')", 1), ("Limit(1/x, x, 0, '-')", -1), ("Limit(1/x, x, 0, '+-')", 0),
    ('Limit(1/x, x, oo, "-")', -1),
])  # fmt: skip
def test_limits_have_a_direction(text, direction) -> None:
    """From above unless it is said."""
    found = read(text)
    assert isinstance(found, Limit)
    assert found.direction == direction


def test_piecewise_keeps_its_conditions() -> None:
    """Comparisons as signs or words, chained, joined; True at the end."""
    found = read("Piecewise((x, x < 0), (y, Eq(x, 1)), (0, And(x > 1, Ne(x, 2))), (1, 2 <= x < 3), (2, True))")
    assert isinstance(found, Piecewise)
    conditions = [c for _, c in found.args]
    assert conditions[:2] == [Lt(X, 0, evaluate=False), Eq(X, 1, evaluate=False)]
    assert [type(c) for c in conditions[2:4]] == [And, And]
    assert len(conditions[2].args) == 2
    assert conditions[4] == S.true
    for text in (
        "Piecewise((x, 1))", "Piecewise(x)", "Piecewise((1, False))", "Piecewise((1, Piecewise((1, x < 0)) < 2))",
    ):  # fmt: skip
        with pytest.raises(ReaderError):
            read(text)


# ---------------------------------------------------------------- names


def test_entries_and_unknown_functions() -> None:
    """Entries need no declaration, functions do; both keep how many arguments they take."""
    assert read("A[n]") == Entry(Array("A"), N)
    assert read_term("q[1, 2]") == Entry(Array("q"), Integer(1), Integer(2))
    f = FunctionSymbol("f", 2)
    assert read("f(x, y)") == Applied(f, *f(X, Y).args[1:])
    for text in (
        "A[n] + A[n, n]", "f(x) + f(x, y)", "A", "f", "f + 1", "x[1]*x", "x + x[1]", "A[]", "y[1]", "pi[1]", "f()",
    ):  # fmt: skip
        with pytest.raises(ReaderError):
            read(text)


def test_an_array_may_be_declared_real() -> None:
    """A name without further words may be one."""
    assert read("x[1]") == Entry(Array("x"), Integer(1))


@pytest.mark.parametrize(("text", "message"), [
    ("w", "w is not declared; add it to the symbols"),
    ("gama(x)", "unknown function gama; did you mean gamma?"),
    ("foo123(x)", "unknown function foo123; declare it as a function"),
    ("Pi", "did you mean pi?"),
    ("0.5*x", "exact number such as 1/2, found the decimal 0.5"),
    ("1e3", "exact number"),
    (".5", "exact number"),
    ("2x", "expected an operator or the end, found 'x'"),
    ("x y", "expected an operator or the end"),
    ("x +", "expected a term, found the end"),
    ("(x", "',' or '\\)' for the '\\(' at column 1"),
    ("x)", "expected an operator or the end, found '\\)'"),
    ("x < y", "expected a term, found a comparison"),
    ("Eq(x, y)", "found the condition Eq"),
    ("(x, y)", "found a pair"),
    ("()", "found a pair"),
    ("[x]", "found a list"),
    ("'+'", "found a quoted text"),
    ("sin", "sin is a function; write sin\\(...\\)"),
    ("sin(x, y)", "sin takes 1 arguments, found 2"),
    ("sin()", "found 0"),
    ("x.y", "expected a number, a name or a sign, found '.'"),
    ("x @ y", "found '@'"),
    ("x % 2", "found '%'"),
    ("x // 2", "expected a term"),
    ("\u03b2", "found '.u03b2'"),
    ("Sum(x, n)", "expected limits such as \\(k, 1, n\\)"),
    ("Sum(x, (pi, 1, 2))", "expected the name of a variable"),
    ("Integral(x, x)", "expected limits"),
    ("Limit(x, x)", "expected Limit"),
    ("Limit(x, x, 0, '*')", "direction"),
    ("Subs(x, (x, y), 1)", "as many values"),
    ("", "expected a term, found the end"),
    ("lambda: 0", "found ':'"),
    ("True", "True is not declared"),
    ("9" * 1001, "at most 1000 digits"),
])  # fmt: skip
def test_what_is_no_term_is_refused(text, message) -> None:
    """The message says what was expected, and a caret shows where."""
    with pytest.raises(ReaderError, match=message) as caught:
        read(text)
    assert isinstance(caught.value, DeriveError)
    if caught.value.column is not None:
        assert "^" in str(caught.value).splitlines()[-1]


def test_the_caret_stands_under_the_mistake() -> None:
    """Also in a long text, of which a window is shown."""
    with pytest.raises(ReaderError) as caught:
        read("x + " * 100 + "w" + " + x" * 100)
    shown, caret = str(caught.value).splitlines()[1:]
    assert shown[caret.index("^")] == "w"
    assert len(shown) < 100
    assert caught.value.column == 400


# ---------------------------------------------------------------- symbols


@pytest.mark.parametrize(("words", "domain"), [
    ("", Domain()),
    ("real", Domain()),
    ("positive", Domain("real", S.Zero, lo_open=True)),
    ("real positive", Domain("real", S.Zero, lo_open=True)),
    ("nonnegative", Domain("real", S.Zero)),
    ("nonnegative nonzero", Domain("real", S.Zero, lo_open=True)),
    ("negative", Domain("real", None, S.Zero, hi_open=True)),
    ("nonpositive", Domain("real", None, S.Zero)),
    ("nonzero", Domain("real", nonzero=True)),
    ("complex", Domain("complex")),
    ("complex nonzero", Domain("complex", nonzero=True)),
    ("integer", Domain("integer")),
    ("integer positive", Domain("integer", S.One)),
    ("integer nonnegative", Domain("integer", S.Zero)),
    ("integer negative", Domain("integer", None, S.NegativeOne)),
    ("integer nonzero", Domain("integer", nonzero=True)),
    ("nonnegative nonpositive", Domain("real", S.Zero, S.Zero)),
    ("prime", Domain("integer", Integer(2))),
])  # fmt: skip
def test_words_give_domains(words, domain) -> None:
    """Each word cuts the domain, none adds to it."""
    assert read_symbols({"x": words}).scalars["x"].domain == domain


@pytest.mark.parametrize("words", [
    "positive negative", "positive nonpositive", "negative nonnegative", "complex positive", "real complex",
    "integer complex", "nonnegative nonpositive nonzero", "integer nonnegative nonpositive nonzero", "rational",
    "natural",
    "even", "positve", "array positive", "function complex", "prime negative", "array function", 3, None,
])  # fmt: skip
def test_words_that_say_nothing_possible_are_refused(words) -> None:
    """Contradictions, unknown words, and what is no text."""
    with pytest.raises(ReaderError):
        read_symbols({"x": words})


@pytest.mark.parametrize("name", [
    "pi", "E", "I", "oo", "True", "not", "x y", "", "2x", "x'", "x.y", "\u03b2", "x" * 101, 3, None,
])  # fmt: skip
def test_names_that_mean_something_else_are_refused(name) -> None:
    """Constants, words of the language, and what is no name."""
    with pytest.raises(ReaderError):
        read_symbols({name: "real"})


def test_a_symbol_may_share_its_name_with_a_function() -> None:
    """`beta` is a symbol, `beta(x, y)` the function."""
    symbols = read_symbols({"beta": "positive"})
    assert read_term("beta*beta(1, beta)", symbols).args[0] == symbols.scalars["beta"]
    with pytest.raises(ReaderError, match="known function"):
        read_symbols({"gamma": "function"})


def test_primes_are_told_by_wilson() -> None:
    """The word is not lost: it is a given."""
    claim = read_claim({"symbols": {"p": "prime"}, "steps": ["p", "> 1"]})
    (given,) = claim.derivation.given
    (p,) = given.free_symbols
    for k in range(2, 30):
        assert given.subs(p, k).doit() == all(k % d for d in range(2, k))


def test_declarations_of_the_command_line() -> None:
    """Several names, then words."""
    assert read_declarations(["x, y: positive", "n : integer positive"]) == {
        "x": "positive", "y": "positive", "n": "integer positive",
    }  # fmt: skip
    for texts in (["x positive"], [": real"], ["x: real", "x: positive"]):
        with pytest.raises(ReaderError):
            read_declarations(texts)


# ---------------------------------------------------------------- givens, steps, claims


@pytest.mark.parametrize(("text", "expected"), [
    ("x < y", Lt(X, Y, evaluate=False)),
    ("x = y", Eq(X, Y, evaluate=False)),
    ("x == y", Eq(X, Y, evaluate=False)),
    ("x != y", Ne(X, Y, evaluate=False)),
    ("Ge(x, y)", Ge(X, Y, evaluate=False)),
    ("Not(x < y)", Not(Lt(X, Y, evaluate=False), evaluate=False)),
    ("not x < y", Not(Lt(X, Y, evaluate=False), evaluate=False)),
    ("1 < 2", Lt(1, 2, evaluate=False)),
    ("And(True, x < y)", Lt(X, Y, evaluate=False)),
    ("Or(True, False)", S.true),
])  # fmt: skip
def test_givens_are_built_as_they_are_written(text, expected) -> None:
    """Signs and words; only True and False are worked out."""
    assert read_given(text, SYMBOLS) == expected


def test_joined_givens_stay_joined() -> None:
    """And binds more tightly than or; what SymPy would rewrite stays."""
    found = read_given("x < 1 or x > 0 and y = 1", SYMBOLS)
    assert [type(found), type(found.args[1])] == [Or, And]
    assert read_given("And(x < 1, x >= 1)", SYMBOLS).args == (Lt(X, 1, evaluate=False), Ge(X, 1, evaluate=False))
    assert len(read_given("0 < x <= y != 1", SYMBOLS).args) == 3


@pytest.mark.parametrize("text", [
    "x", "x + y", "And(x, y)", "Not(x)", "False", "1", "And(x < y)", "Eq(x)", "Implies(x < y, y < x)",
])  # fmt: skip
def test_what_is_no_hypothesis_is_refused(text) -> None:
    """A term, a wrong count, an unknown word, or what never holds."""
    with pytest.raises(ReaderError):
        read_given(text, SYMBOLS)


def test_a_claim_is_a_derivation() -> None:
    """Steps, givens (a conjunction one by one), warnings, and the id."""
    claim = read_claim({
        "id": "c", "symbols": {"x": "positive", "y": "positive", "u": "real"}, "given": ["0 < x < y"], "more": 1,
        "steps": ["log(x*y)", "= log(x) + log(y)", "<= 2*log(y)"],
    })  # fmt: skip
    assert claim.id == "c"
    assert claim.identical == ()
    assert claim.warnings == ("u is declared and not used",)
    assert len(claim.derivation.given) == 2
    assert [s.relation for s in claim.derivation.steps] == [Relation.EQ, Relation.LE]
    assert claim.derivation.conclusion()[1] is Relation.LE


def test_identical_sides_are_marked() -> None:
    """They are a warning, and the step is named."""
    claim = read_claim({"symbols": {"x": ""}, "steps": ["x + x", "= 2*x", "= 2*x"]})
    assert claim.identical == (1,)
    assert "step 2" in claim.warnings[0]
    assert read_claim({"symbols": {"x": ""}, "steps": ["x + x", "= 2*x"]}).identical == ()


@pytest.mark.parametrize("record", [
    None, [], {}, {"steps": "x = y"}, {"steps": ["1"]}, {"steps": ["1", "2"]}, {"steps": ["1", "!= 2"]},
    {"steps": ["1", 2]},
    {"steps": ["1", "="]}, {"steps": ["= 1", "= 1"]}, {"steps": ["1", "<= 2", ">= 1"]}, {"steps": ["1", "= 1"],
    "given": "1 < 2"},
    {"steps": ["1", "= 1"], "given": [1]}, {"steps": ["1", "= 1"], "symbols": ["x"]}, {"steps": ["1", "= 2 = 3"]},
    {"steps": ["1", "= x"]}, {"steps": ["1"] * 300}, {"steps": ["1", "= 1"], "given": ["1 < 0.5"]},
])  # fmt: skip
def test_what_is_no_claim_is_refused(record) -> None:
    """Whatever is wrong with a record, it is a ReaderError."""
    with pytest.raises(ReaderError):
        read_claim(record)


def test_chains_are_cut_at_their_relations() -> None:
    """Only outside of brackets."""
    chain = ("a + f(k = 1..2)", "= b", "<= Piecewise((1, x < 2))")
    assert read_chain(" ".join(chain)) == chain
    assert read_steps(read_chain("1 + 1 = 2")).steps[0].right == 2
    assert read_chain("x") == ("x",)


def test_what_is_read_can_be_read_again() -> None:
    """Reading has no state between claims."""
    assert read("Sum(A[k], (k, 1, n))") == read("Sum(A[k], (k, 1, n))")
    assert read_term("pi", Symbols()) is S.Pi


# ---------------------------------------------------------------- shapes


def shape_of(*steps: str):
    """The shape of an array in a claim with a size n and an integer m."""
    derivation = read_claim({"symbols": {"n": "integer positive", "m": "integer"}, "steps": steps}).derivation
    terms = (derivation.start, derivation.steps[0].right)
    (found,) = {a for term in terms for a in free_names(term) if isinstance(a, Array)}
    return found.shape


def test_arrays_have_the_shape_of_the_sums_over_them() -> None:
    """Where all of their entries run from 1 to the same sizes."""
    assert shape_of("Sum(x[i], (i, 1, n))", "= n") == (N,)
    assert shape_of("Sum(x[i, j], (i, 1, n), (j, 1, 3))", "= n") == (N, 3)
    assert shape_of("Sum(x[i, j]*x[j, i], (i, 1, n), (j, 1, n))", "= Sum(x[k, k], (k, 1, n))") == (N, N)
    assert shape_of("Sum(x[i], (i, 1, oo))", "= n") == (S.Infinity,)


@pytest.mark.parametrize("step", [
    "Sum(x[i], (i, 0, n))", "Sum(x[i], (i, 1, n + 1))", "Sum(x[i + 1], (i, 1, n))", "Sum(x[i], (i, 1, n)) + x[1]",
    "x[n]",
    "Sum(x[i], (i, 1, n)) + Sum(x[j], (j, 1, 2))", "Sum(x[i, j], (i, 1, j), (j, 1, n))", "Sum(x[i], (i, 1, m))",
    "Sum(x[i, 1], (i, 1, n))", "Sum(x[i], (i, 1, 0))", "Sum(x[i, j] + x[j, i], (i, 1, n), (j, 1, 2))",
])  # fmt: skip
def test_other_arrays_have_an_entry_everywhere(step) -> None:
    """No shape is made up."""
    assert shape_of(step, "= n") == ()


@pytest.mark.parametrize(("right", "verdict"), [
    ("= Sum(x[k], (k, 1, n))*Sum(y[k], (k, 1, n))", "proved"), ("= Sum(x[k]*y[k], (k, 1, n))", "refuted"),
])  # fmt: skip
def test_claims_about_entries_are_decided(right, verdict) -> None:
    """Sums over arrays as text are those of the identities."""
    claim = read_claim({
        "symbols": {"n": "integer positive"}, "steps": ["Sum(x[i]*y[j], (i, 1, n), (j, 1, n))", right],
    })  # fmt: skip
    assert check(claim.derivation).verdict == verdict


def test_rebuilding_evaluates_nothing() -> None:
    """Comparisons, And, Or, and heads that rewrite what they are given."""
    found = read("Piecewise((x, And(x < 1, x >= 1, 1 < 2)), (hyper([x], [x], 0), Or(Eq(x, x), y < 1)), (1, True))")
    assert substitute(found, {X: Y}).args[0].cond.args == (Lt(Y, 1, evaluate=False), Ge(Y, 1, evaluate=False),
                                                           Lt(1, 2, evaluate=False))  # fmt: skip
    second = substitute(found, {X: Y}).args[1]
    assert second.expr.args[:2] == ((Y,), (Y,))
    assert second.cond.args[0] == Eq(Y, Y, evaluate=False)
    assert substitute(read("betainc_regularized(x, 1, 0, 1)"), {X: S.One}).args[0] == 1
