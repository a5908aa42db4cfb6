"""The architecture, read off the sources: what imports what, who makes verdicts, and what core never does."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

ORDER = (
    "derive.core.errors", "derive.core.terms", "derive.core.shapes", "derive.core.claims",
    "derive.core.normal.atoms", "derive.core.normal.labels", "derive.core.bounds", "derive.core.facts",
    "derive.core.visible", "derive.core.scalar.differentiate", "derive.core.gradients", "derive.core.normal",
    "derive.core.rules", "derive.core.meaning", "derive.core.assume", "derive.core.thin", "derive.core.generic",
    "derive.core.discharge", "derive.core.defined", "derive.core.closing", "derive.core.scalar",
    "derive.core.divergence", "derive.core.induction", "derive.core.attained",
    "derive.core.stationary", "derive.core.extremal", "derive.core.licence", "derive.core.kernel", "derive.core",
    "derive.vocabulary", "derive.programs", "derive.search", "derive.refute", "derive.mutate", "derive.repair",
    "derive.checking", "derive.content", "derive.names", "derive.library", "derive.printers", "derive.checked",
    "derive.display", "derive.typeset", "derive.template", "derive.complaints", "derive.reader", "derive.touched",
    "derive.cache", "derive.worker", "derive.pool", "derive.processes", "derive.runner", "derive.targets",
    "derive.telling", "derive.batch", "derive.options", "derive.testing", "derive.notebook", "derive.pytest_plugin",
    "derive", "cli",
)  # fmt: skip
"""The units, from the bottom up: a module belongs to the longest of these names that it starts with."""

LAZY = {("derive.pool", "derive.processes")}
"""Deferred imports that go upwards: processes are loaded where there is a task that no answer is known to."""

MAY_KNOW = {
    "derive.core": {"derive.core"},
    "derive.core.meaning": {"derive.core.errors", "derive.core.terms", "derive.core.meaning"},
    "derive.printers": {
        "derive.core.errors", "derive.core.terms", "derive.core.claims", "derive.core.rules", "derive.printers",
    },
}
"""Packages that may import these alone; the ground truth shares no code with the prover."""

MAKERS = {"Proved": "derive.core.kernel", "Refuted": "derive.core.kernel", "Theorem": "derive.core.kernel"}
"""Who may construct what."""

LOOSE = {"simplify", "nsimplify", "equals", "evalf", "lambdify", "parse_expr", "__import__", "nsum", "random"}
BUILT_IN = {"eval", "exec", "compile", "float", "open", "print"}
"""What core never calls: by any name, and as a built-in function."""

LONGEST = 460
"""Modules are to stay under about 400 lines; the command line is one long list of commands."""


def sources() -> list[Path]:
    """Every source file of the package, and the command line."""
    return [*sorted((ROOT / "derive").rglob("*.py")), ROOT / "cli.py"]


def name_of(path: Path) -> str:
    """The dotted name of a source file."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {name_of(path): path for path in sources()}


@cache
def tree(name: str) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(MODULES[name].read_text(encoding="utf-8"))


def imports(name: str, *, deferred: bool = True) -> set[str]:
    """The modules of ours that a module imports, less those for type checkers; inside functions where `deferred`."""
    found: set[str] = set()
    for node in _imports(tree(name), deferred=deferred):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} has a relative import"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.add(inner if inner in MODULES else str(node.module))
    return {module for module in found if module.split(".")[0] in {"derive", "identities", "cli"}}


def _imports(top: ast.AST, *, deferred: bool) -> Iterator[ast.Import | ast.ImportFrom]:
    """The import statements below a node."""
    for node in ast.iter_child_nodes(top):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield node
        elif isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            continue
        elif deferred or not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from _imports(node, deferred=deferred)


def unit(name: str) -> str:
    """The unit that a module belongs to."""
    found = [u for u in ORDER if name == u or name.startswith(f"{u}.")]
    return max(found, key=len)


def calls(name: str) -> Iterator[tuple[str, int]]:
    """The name and the line of everything that a module calls."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func).rsplit(".", 1)[-1], node.lineno


CORE = [name for name in MODULES if name.startswith("derive.core")]
BELOW_CLI = [name for name in MODULES if name != "cli"]


def test_every_module_has_a_place() -> None:
    """A new module is given its place in the order: only the package itself is its own unit."""
    assert [name for name in MODULES if unit(name) == "derive" and name != "derive"] == []
    assert [name for name in CORE if unit(name) == "derive.core" and name != "derive.core"] == []


@pytest.mark.parametrize("name", MODULES)
def test_imports_run_downwards(name: str) -> None:
    """A module imports from its own unit and from those below, also where an import is deferred."""
    place = ORDER.index(unit(name))
    above = {module for module in imports(name) if module != "derive" and ORDER.index(unit(module)) > place}
    assert {module for module in above if (name, module) not in LAZY} == set()


@pytest.mark.parametrize("name", BELOW_CLI)
def test_the_engine_does_not_import_identities(name: str) -> None:
    """The library of identities is data to the engine; the public words are for those who use it."""
    found = imports(name)
    assert not {module for module in found if module == "derive" or module.split(".")[0] in {"identities", "cli"}}


def test_no_import_cycles() -> None:
    """At import time no module reaches itself."""
    graph = {name: imports(name, deferred=False) & MODULES.keys() for name in MODULES}
    done: set[str] = set()
    while graph.keys() - done:
        ready = {name for name in graph.keys() - done if graph[name] - {name} <= done}
        assert ready, f"a cycle among {sorted(graph.keys() - done)}"
        done |= ready


@pytest.mark.parametrize("package", MAY_KNOW)
def test_a_package_knows_no_more_than_it_may(package: str) -> None:
    """Core knows core alone, meaning nothing of the prover, printers nothing of the engine."""
    for name in MODULES:
        if name == package or name.startswith(f"{package}."):
            known = imports(name)
            allowed = tuple(MAY_KNOW[package])
            inside = tuple(f"{unit}." for unit in allowed)
            assert [m for m in known if m not in allowed and not m.startswith(inside)] == [], name


@pytest.mark.parametrize("name", MODULES)
def test_only_the_kernel_makes_verdicts(name: str) -> None:
    """`Proved(` and `Refuted(` stand in the kernel alone, and neither goes by another name."""
    made = {text for text, _ in calls(name) if text in MAKERS and MAKERS[text] != name}
    assert made == set()
    renamed = {
        alias.name
        for node in ast.walk(tree(name))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
        if alias.name in MAKERS and alias.asname is not None
    }
    assert renamed == set()


def test_the_kernel_does_make_them() -> None:
    """The scan sees what it looks for."""
    assert {text for text, _ in calls("derive.core.kernel")} >= set(MAKERS)


@pytest.mark.parametrize("name", BELOW_CLI)
def test_nothing_below_the_command_line_prints(name: str) -> None:
    """Only `cli.py` writes to a terminal."""
    assert [line for text, line in calls(name) if text == "print"] == []
    writes = [ast.unparse(n.func) for n in ast.walk(tree(name)) if isinstance(n, ast.Call)]
    assert [text for text in writes if text.startswith(("sys.stdout.", "sys.stderr.", "click.echo"))] == []


@pytest.mark.parametrize("name", CORE)
def test_core_is_exact(name: str) -> None:
    """No simplification by guesswork, no floats, no evaluation of text, no assertion for soundness."""
    assert [(text, line) for text, line in calls(name) if text in LOOSE] == []
    nodes = list(ast.walk(tree(name)))
    named = [node.func for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    assert [(func.id, func.lineno) for func in named if func.id in BUILT_IN] == []
    constants = [node for node in nodes if isinstance(node, ast.Constant)]
    assert [node.lineno for node in constants if isinstance(node.value, (float, complex))] == []
    assert "mpmath" not in {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}


@pytest.mark.parametrize("name", BELOW_CLI)
def test_no_assertion_carries_weight(name: str) -> None:
    """Under `python -O` an assertion vanishes, so none stands outside the tests."""
    assert [node.lineno for node in ast.walk(tree(name)) if isinstance(node, ast.Assert)] == []


@pytest.mark.parametrize("name", MODULES)
def test_a_module_says_what_it_is(name: str) -> None:
    """Each module opens with a sentence, and stays readable."""
    words = ast.get_docstring(tree(name))
    assert words
    assert words.splitlines()[0].endswith((".", "?"))
    assert name == "cli" or len(MODULES[name].read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("name", CORE)
def test_core_holds_no_state(name: str) -> None:
    """No module of the trusted code changes a global name."""
    assert [node.lineno for node in ast.walk(tree(name)) if isinstance(node, ast.Global)] == []
