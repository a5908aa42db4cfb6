"""Names that carry more than a name, and their applications.

Promise: as for the package. Scalars have domains, indices ranges, arrays
shapes, laws variables, functions an arity, definitions a body.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sympy import Basic, Expr, Integer, S, Symbol, Tuple

from derive.core.errors import TermError
from derive.core.terms.domains import Domain, assumptions_of
from derive.core.terms.values import term_of

__all__ = [
    "Applied", "Array", "Bar", "Defined", "Definition", "Delta", "Entry", "FunctionSymbol", "Index", "Law", "Name",
    "NamedLaw", "Prob", "RandomArray", "Scalar", "domain_of",
]


class Name(Symbol):
    """A SymPy symbol that carries more than a name; equal when all of it is equal."""

    extra: tuple[Any, ...]

    def __new__(cls, name: str, *extra: Any, **assumptions: bool) -> Any:
        if not name:
            raise TermError(f"{cls.__name__}: expected a name, found an empty string")
        obj = Symbol.__xnew__(cls, name, **assumptions)
        obj.extra = extra
        return obj

    def _hashable_content(self) -> tuple[Any, ...]:
        return (self.name, *self.extra, *self._assumptions0)

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, bool]]:
        return (self.name, *self.extra), dict(self._assumptions_orig)


class Scalar(Name):
    """A number with a domain. Sizes are integer scalars."""

    def __new__(cls, name: str, domain: Domain, **_: bool) -> Any:
        return super().__new__(cls, name, domain, **assumptions_of(domain))

    def renamed(self, name: str) -> Scalar:
        """A copy of the same domain under another name."""
        return Scalar(name, self.domain)

    @property
    def domain(self) -> Domain:
        """The values it may take."""
        return self.extra[0]


class Bar(Basic):
    """`z | y`, as it stands between the targets and the givens of a law."""

    @property
    def target(self) -> Basic:
        """What stands before the bar."""
        return self.args[0]

    @property
    def given(self) -> Basic:
        """What stands behind the bar."""
        return self.args[1]


class Index(Name):
    """An integer variable with its range `lo <= i <= hi`; `hi` may be `oo`.

    `sort` is the name it was declared under; `renamed` keeps it.
    """

    def __new__(cls, name: str, lo: Any, hi: Any, sort: str | None = None, **_: bool) -> Any:
        return super().__new__(cls, name, term_of(lo), term_of(hi), sort or name, integer=True)

    @property
    def lo(self) -> Expr:
        """The least value."""
        return self.extra[0]

    @property
    def hi(self) -> Expr:
        """The greatest value, or `oo`."""
        return self.extra[1]

    @property
    def sort(self) -> str:
        """The variable it stands for."""
        return self.extra[2]

    def renamed(self, name: str) -> Index:
        """A copy of the same range and sort under another name."""
        return Index(name, self.lo, self.hi, self.sort)

    @property
    def limits(self) -> Tuple:
        """What a binder keeps of it: (index, lo, hi)."""
        return Tuple(self, self.lo, self.hi)

    def __or__(self, other: Any) -> Bar:
        return Bar(self, term_of(other))


class Array(Name):
    """A real array; `x[b, j]` is an entry. Axes run from 1 to their size; without axes its one entry is `x()`."""

    def __new__(cls, name: str, *shape: Any, **_: bool) -> Any:
        return super().__new__(cls, name, *(term_of(n) for n in shape))

    @property
    def shape(self) -> tuple[Expr, ...]:
        """The sizes of the axes; empty where the text form declared none."""
        return self.extra

    __iter__: ClassVar[None] = None  # `[]` alone would make it an endless iterable, into which SymPy recurses

    def __getitem__(self, indices: Any) -> Entry:
        found = indices if isinstance(indices, tuple) else (indices,)
        if len(found) != len(self.shape):
            raise TermError(f"array {self.name}: expected {len(self.shape)} indices, found {len(found)}")
        return Entry(self, *(term_of(i) for i in found))

    def __call__(self) -> Entry:
        if self.shape:
            raise TermError(f"array {self.name}: expected {len(self.shape)} indices in brackets, found a call")
        return Entry(self)


class NamedLaw(Basic):
    """A law of independent real entries: a name and its parameters.

    `Bernoulli(p)`: 1 with probability p, else 0. `Moments(m, v)`: any law with
    mean m and variance v, its higher moments unknown. `Normal(m, s)`: the
    Gaussian with mean m and standard deviation s > 0.
    """

    NAMES: ClassVar[dict[str, int]] = {"Bernoulli": 1, "Moments": 2, "Normal": 2}

    def __new__(cls, name: Any, *parameters: Any) -> Any:
        word = str(name)
        if word not in cls.NAMES:
            raise TermError(f"expected one of the laws {', '.join(cls.NAMES)}, found {word}")
        if len(parameters) != cls.NAMES[word]:
            raise TermError(f"{word}: expected {cls.NAMES[word]} parameters, found {len(parameters)}")
        return super().__new__(cls, Symbol(word), *(term_of(p) for p in parameters))

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.args[0])

    @property
    def parameters(self) -> tuple[Expr, ...]:
        """Its parameters."""
        return self.args[1:]


class RandomArray(Array):
    """An array of independent entries that all follow the same named law; without axes its one entry is `x()`."""

    def __new__(cls, name: str, named: NamedLaw, *shape: Any, **_: bool) -> Any:
        return Name.__new__(cls, name, named, *(term_of(n) for n in shape))

    @property
    def law(self) -> NamedLaw:
        """The law of each entry."""
        return self.extra[0]

    @property
    def shape(self) -> tuple[Expr, ...]:
        """The sizes of the axes."""
        return self.extra[1:]


class Law(Name):
    """An arbitrary distribution over some indices: `Q(y, z)`, `Q(y)`, `Q(z | y)`.

    An argument is matched to a variable of the law by its sort, or given by
    keyword: `Q(y=1)`.
    """

    def __new__(cls, name: str, *slots: Index, **_: bool) -> Any:
        sorts = [slot.sort for slot in slots]
        if not slots or len(set(sorts)) != len(sorts):
            raise TermError(f"law {name}: expected one or more different indices, found {sorts}")
        return super().__new__(cls, name, *slots)

    @property
    def slots(self) -> tuple[Index, ...]:
        """Its variables, as declared."""
        return self.extra

    def __call__(self, *args: Any, **named: Any) -> Prob:
        targets: list[Any] = []
        givens: list[Any] = []
        side = targets
        for arg in args:
            if isinstance(arg, Bar):
                targets.append(arg.target)
                side = givens
                givens.append(arg.given)
            else:
                side.append(arg)
        taken = dict([self._slot(arg) for arg in targets] + [self._named(key, arg) for key, arg in named.items()])
        behind = dict(self._slot(arg) for arg in givens)
        if len(taken) + len(behind) != len(args) + len(named) + bool(givens) or set(taken) & set(behind):
            raise TermError(f"law {self.name}: a variable stands twice in {args}")
        if not taken:
            raise TermError(f"law {self.name}: expected at least one variable before the bar")
        return Prob(self, taken, behind)

    def _slot(self, arg: Any) -> tuple[int, Expr]:
        for k, slot in enumerate(self.slots):
            if isinstance(arg, Index) and arg.sort == slot.sort:
                return k, arg
        raise TermError(f"law {self.name}: expected indices of {[s.sort for s in self.slots]}, found {arg}")

    def _named(self, key: str, arg: Any) -> tuple[int, Expr]:
        for k, slot in enumerate(self.slots):
            if key == slot.sort:
                return k, term_of(arg)
        raise TermError(f"law {self.name}: expected a variable of {[s.sort for s in self.slots]}, found {key}")


class FunctionSymbol(Name):
    """An unknown real function, differentiable as often as it is differentiated."""

    def __new__(cls, name: str, arity: int = 1, **_: bool) -> Any:
        return super().__new__(cls, name, int(arity))

    @property
    def arity(self) -> int:
        """How many arguments it takes."""
        return self.extra[0]

    def __call__(self, *args: Any) -> Applied:
        return self.derivative(*([0] * self.arity))(*args)

    def derivative(self, *orders: int) -> Any:
        """The partial derivative of these orders, one for each argument, ready to be applied."""
        if len(orders) != self.arity or any(k < 0 for k in orders):
            raise TermError(f"function {self.name}: expected {self.arity} orders >= 0, found {orders}")

        def apply(*args: Any) -> Applied:
            if len(args) != self.arity:
                raise TermError(f"function {self.name}: expected {self.arity} arguments, found {len(args)}")
            return Applied(self, Tuple(*(Integer(k) for k in orders)), *(term_of(a) for a in args))

        return apply


class Definition(Name):
    """A named intermediate: `mu[j]` or `h(s)` stands for its body, and stays opaque until it is unfolded."""

    def __new__(cls, name: str, body: Any, *parameters: Any, **_: bool) -> Any:
        return super().__new__(cls, name, term_of(body), *parameters)

    @property
    def body(self) -> Expr:
        """What it stands for, in terms of its parameters."""
        return self.extra[0]

    @property
    def parameters(self) -> tuple[Symbol, ...]:
        """The symbols that its arguments replace."""
        return self.extra[1:]

    def __call__(self, *args: Any) -> Defined:
        if len(args) != len(self.parameters):
            raise TermError(f"{self.name}: expected {len(self.parameters)} arguments, found {len(args)}")
        return Defined(self, *(term_of(a) for a in args))

    __iter__: ClassVar[None] = None  # as for an array

    def __getitem__(self, indices: Any) -> Defined:
        return self(*(indices if isinstance(indices, tuple) else (indices,)))


class Entry(Expr):
    """`x[b, j]`: args are the array and its index expressions."""

    is_commutative = True

    @property
    def array(self) -> Array:
        """The array."""
        return self.args[0]

    @property
    def indices(self) -> tuple[Expr, ...]:
        """Where in the array."""
        return self.args[1:]


class Prob(Expr):
    """The probability `Q(targets | givens)` of a law; a variable named in neither is summed out.

    args are the law, the targets and the givens, each a Tuple of (slot number,
    value). A conditional is the joint over the marginal of its givens.
    """

    is_commutative = True

    def __new__(cls, law: Law, targets: Any, givens: Any = ()) -> Any:
        return super().__new__(cls, law, _slots(targets), _slots(givens))

    @property
    def law(self) -> Law:
        """The law."""
        return self.args[0]

    @property
    def targets(self) -> dict[int, Expr]:
        """Slot number to value, before the bar."""
        return {int(k): value for k, value in self.args[1]}

    @property
    def givens(self) -> dict[int, Expr]:
        """Slot number to value, behind the bar."""
        return {int(k): value for k, value in self.args[2]}


def _slots(pairs: Any) -> Tuple:
    if isinstance(pairs, Tuple):
        return pairs
    return Tuple(*(Tuple(Integer(k), term_of(v)) for k, v in sorted(dict(pairs).items())))


class Applied(Expr):
    """An unknown function, or a partial derivative of it, at some arguments."""

    is_commutative = True

    @property
    def function(self) -> FunctionSymbol:
        """The function."""
        return self.args[0]

    @property
    def orders(self) -> tuple[int, ...]:
        """How often it is differentiated in each argument."""
        return tuple(int(k) for k in self.args[1])

    @property
    def arguments(self) -> tuple[Expr, ...]:
        """Where it is evaluated."""
        return self.args[2:]


class Defined(Expr):
    """A definition at some arguments."""

    is_commutative = True

    @property
    def head(self) -> Definition:
        """The definition."""
        return self.args[0]

    @property
    def arguments(self) -> tuple[Expr, ...]:
        """What its parameters are replaced by."""
        return self.args[1:]

    def definition(self) -> Expr:
        """The body with the arguments put in."""
        from derive.core.terms.walk import substitute  # noqa: PLC0415 - walking knows the names

        return substitute(self.head.body, dict(zip(self.head.parameters, self.arguments, strict=True)))


class Delta(Expr):
    """1 where its two arguments are equal, else 0."""

    is_commutative = True


def domain_of(symbol: Symbol) -> Domain:
    """The domain of a scalar symbol: ours, or read off a plain SymPy symbol's assumptions.

    >>> domain_of(Symbol("x", positive=True)).words()
    '> 0'
    >>> domain_of(Symbol("x")).words()
    'complex'
    """
    if isinstance(symbol, Scalar):
        return symbol.domain
    if symbol.is_integer:
        field = "integer"
    elif symbol.is_real:
        field = "real"
    else:
        return Domain("complex", nonzero=symbol.is_zero is False)
    if symbol.is_positive:
        return Domain(field, S.One, None) if field == "integer" else Domain(field, S.Zero, None, lo_open=True)
    if symbol.is_negative:
        return Domain(field, None, S.NegativeOne) if field == "integer" else Domain(field, None, S.Zero, hi_open=True)
    if symbol.is_nonnegative:
        return Domain(field, S.Zero)
    if symbol.is_nonpositive:
        return Domain(field, None, S.Zero)
    return Domain(field, nonzero=symbol.is_zero is False)
