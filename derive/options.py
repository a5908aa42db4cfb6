"""What several commands share: the options that bound them, and whom they ask.

Promise: nothing is printed here, and what starts workers is imported only by those who ask.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from derive.pool import Limits, Pool
    from derive.runner import Target

__all__ = ["asking", "bounds", "caching", "claimed", "claiming", "limits"]


class _Memory(click.ParamType):
    """An amount of memory such as 512M or 2G."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        from derive.pool import memory_size  # noqa: PLC0415

        try:
            return value if isinstance(value, int) else memory_size(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def _together(*options: Any) -> Callable[[Any], Any]:
    """Several options as one decorator, in their order."""

    def decorate(function: Any) -> Any:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


limits = _together(
    click.option("--jobs", "-j", type=click.IntRange(1, 64), help="Worker processes, by default one a core."),
    click.option(
        "--timeout", type=click.FloatRange(0.01, 86400), default=10.0, show_default=True, metavar="SECONDS",
        help="The time limit of each step.",
    ),
    click.option(
        "--memory", type=_Memory(), default="2G", show_default=True,
        help="The memory limit of each worker, such as 512M or 2G.",
    ),
)  # fmt: skip
"""The options that bound what a step may use."""

caching = click.option("--no-cache", is_flag=True, help="Neither use nor keep answers that are known already.")

claiming = _together(
    click.option("--expression", "-e", "texts", multiple=True, metavar="TEXT", help="A claim, such as 'a*b = b*a'."),
    click.option(
        "--symbol", "-s", "symbols", multiple=True, metavar="'NAME...: WORD...'",
        help="With -e: what its symbols are, such as 'x y: positive'.",
    ),
    click.option(
        "--given", "-g", "given", multiple=True, metavar="TEXT", help="With -e: what is given, such as 'x < y'."
    ),
)  # fmt: skip
"""The options that state a claim."""


def claimed(texts: Sequence[str], symbols: Sequence[str], given: Sequence[str]) -> list[Target]:
    """Claims that were typed, as derivations to decide; all of them under the same symbols and givens."""
    from json import dumps  # noqa: PLC0415

    from derive.runner import SourceFile, Target  # noqa: PLC0415

    names = ["claim"] if len(texts) == 1 else [f"claim {i}" for i, _ in enumerate(texts, 1)]
    stated = [dumps({"text": text, "declared": symbols, "given": given}) for text in texts]
    return [Target(SourceFile("", ""), name, claim) for name, claim in zip(names, stated, strict=True)]


def bounds(jobs: int | None = None, timeout: float = 10.0, memory: int = 2**31) -> Limits:
    """The limits that some options stand for."""
    from derive.pool import Limits  # noqa: PLC0415

    return Limits(seconds=timeout, memory=memory, **({} if jobs is None else {"jobs": jobs}))


@contextmanager
def asking(limits: Limits, complain: Callable[[str], None], *, no_cache: bool) -> Iterator[Pool]:
    """Who is asked: workers, and what is known already."""
    from derive.pool import Pool  # noqa: PLC0415

    if no_cache:
        with Pool(limits) as pool:
            yield pool
        return
    from derive.cache import Cache, cache_folder  # noqa: PLC0415

    keeps = limits.memory >= type(limits)().memory
    with Cache(cache_folder(), complain, keeps=keeps) as cache, Pool(limits, cache) as pool:
        yield pool
