"""The pytest plugin, as a user's own run has it: in processes of its own."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from support import HEAD, clean_environment

pytest_plugins = ["pytester"]

ROOT = Path(__file__).resolve().parent.parent

GOOD = '''
@identity(aliases=["turned"], tags=["sums"])
def sum_turned_round():
    """A step that holds."""
    return Derivation(x + y, eq(y + x, by=algebra), eq(x + y))
'''

MIXED = '''
@identity
def steps_of_all_kinds():
    """Right, wrong, rightly called wrong, wrongly called wrong, for the wrong reason."""
    return Derivation(
        x + y,
        eq(y + x, by=algebra),
        eq(x - y, by=algebra),
        eq(x, expect="refuted"),
        eq(x + 0*y, expect="refuted"),
        eq(x, by=logarithms),
    )

@identity
def never_built():
    """A mistake in the definition."""
    return Derivation(nosuchname)
'''

ENDLESS = '''
@identity
def endless():
    """Its definition does not end."""
    while True:
        pass

@identity
def citing():
    """A step that does not end, and one that does."""
    return Derivation(x + y, eq(y + x, by=endless), eq(x + y))
'''


@pytest.fixture
def run(pytester, monkeypatch):
    """Run pytest in the folder of the test with this plugin and xdist, whatever else is installed."""
    for name in set(os.environ) - set(clean_environment()):
        monkeypatch.delenv(name)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))

    def run(*args):
        return pytester.runpytest_subprocess(
            "-p", "derive.pytest_plugin", "-p", "xdist.plugin", "-p", "no:cacheprovider", *args, timeout=60
        )

    return run


@pytest.fixture
def put(pytester):
    """Write a file of identities below the folder of the test."""

    def put(name, text, head=HEAD):
        path = pytester.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(head + text, encoding="utf-8")
        return path

    return put


def test_every_step_is_a_test(run, put):
    """A file below `identities` is found, and each step has a node id, numbered as the lines of `derive check`."""
    put("identities/sums.py", GOOD)
    done = run("--collect-only", "-q")
    assert done.outlines[:2] == [
        "identities/sums.py::sum_turned_round::step 2", "identities/sums.py::sum_turned_round::step 3",
    ]  # fmt: skip
    run("identities/sums.py::sum_turned_round::step 3").assert_outcomes(passed=1)


def test_a_failure_shows_the_step_and_its_witness(run, put):
    """Refuted, unexpectedly proved, wrongly reasoned and unbuilt fail with their text and no traceback."""
    put("identities/mixed.py", MIXED)
    done = run("-v")
    done.assert_outcomes(passed=2, failed=4)
    done.stdout.fnmatch_lines([
        "*_ steps_of_all_kinds::step 3 _*",
        "line 3: REFUTED: it fails at x = 0, y = 1",
        "Right, wrong, rightly called wrong*",
        "  given  x, y real",
        "  2  y + x",
        "  3  = x - y * algebra * REFUTED *",
        "       at x = 0, y = 1:   left 1   right -1",
        "*_ steps_of_all_kinds::step 5 _*",
        "line 5: proved, expected refuted",
        "*_ steps_of_all_kinds::step 6 _*",
        "line 6: invalid: logarithms is not what closes this step; algebra does",
        "*_ never_built::definition _*",
        "identities/mixed.py:*: NameError: name 'nosuchname' is not defined",
        "FAILED identities/mixed.py::steps_of_all_kinds::step 3*",
    ], consecutive=False)  # fmt: skip
    done.stdout.no_fnmatch_line("*Traceback*")
    done.stdout.no_fnmatch_line("*pytest_plugin.py*")


def test_steps_are_chosen_by_name_alias_and_marker(run, put):
    """`-k` finds a derivation by its name, alias or tag, and `-m derive` all of them."""
    put("identities/sums.py", GOOD)
    put("identities/mixed.py", MIXED)
    put("test_own.py", "def test_own(): pass\n", head="")
    run("-k", "turned_round").assert_outcomes(passed=2, deselected=7)
    run("-k", "sums and not never and turned").assert_outcomes(passed=2, deselected=7)
    run("-m", "not derive", "--strict-markers").assert_outcomes(passed=1, deselected=8)


def test_several_processes_share_the_steps(run, put):
    """Under xdist every step is run once, with the same outcome."""
    put("identities/mixed.py", MIXED)
    put("identities/sums.py", GOOD)
    done = run("-n", "2")
    done.assert_outcomes(passed=4, failed=4)
    done.stdout.fnmatch_lines(["line 3: REFUTED: it fails at x = 0, y = 1"])


def test_what_does_not_end_fails_at_the_limit(run, put):
    """A definition and a step that do not end fail with the time limit, and the next step is decided."""
    put("identities/endless.py", ENDLESS)
    done = run("--derive-timeout", "0.8")
    done.assert_outcomes(passed=1, failed=2)
    done.stdout.fnmatch_lines([
        "identities/endless.py: endless: while its derivation was built: stopped after 0.8 s, the time limit",
        "line 2: error: stopped after 0.8 s, the time limit",
    ])  # fmt: skip


def test_a_file_that_does_not_load_is_an_error_of_collection(run, put):
    """A syntax error stands at its line, as that of any file that pytest collects."""
    put("identities/wrong.py", GOOD + "\ndef (:\n")
    done = run()
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["identities/wrong.py:*: SyntaxError: invalid syntax"])


def test_a_named_file_is_collected_wherever_it_lies(run, put):
    """A file of identities that is named is not imported as a test module; one that holds tests keeps them."""
    put("mine.py", GOOD + "\nimport os, pathlib\npathlib.Path(f'ran-{os.getpid()}').touch()\n")
    put("both.py", GOOD + "\ndef test_in_it(): pass\n")
    run().assert_outcomes()
    done = run("mine.py")
    done.assert_outcomes(passed=2)
    assert len(list(Path.cwd().glob("ran-*"))) == 1
    run("both.py").assert_outcomes(passed=3)


def test_the_ini_file_says_where_and_how_long(run, put, pytester):
    """`derive_files` and `derive_timeout` are read, an option beats them, and nonsense is a usage error."""
    put("notes/deep/sums.py", GOOD)
    pytester.makeini("[pytest]\nderive_files = notes/*/*.py\nderive_timeout = soon\n")
    done = run()
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines(["*the time limit of a step: expected a number of seconds above 0, found soon"])
    run("--derive-timeout", "5").assert_outcomes(passed=2)


def test_derivations_are_left_alone_where_that_is_asked_for(run, put):
    """With `--no-derive` no derivation is collected, and tests are."""
    put("identities/sums.py", GOOD)
    put("test_own.py", "def test_own(): pass\n", head="")
    run("--no-derive", "--derive-library").assert_outcomes(passed=1)


def test_the_library_is_collected_from_anywhere(run):
    """`--derive-library` collects what comes with derive under its own name, also in several processes."""
    done = run("--derive-library", "-k", "elbo_bound", "-v", "-n", "2", "--junitxml=out.xml")
    assert done.parseoutcomes().keys() == {"passed"}
    done = run("--derive-library", "--collect-only", "-q", "-k", "elbo_bound")
    assert done.outlines[:2] == [f"identities/variational.py::elbo_bound::step {k}" for k in (2, 3)]
    assert 'name="derive_verdict" value="proved"' in Path("out.xml").read_text(encoding="utf-8")


def test_other_projects_do_not_notice(run, pytester):
    """Neither SymPy nor the runner is loaded where there is no derivation, also beside another `@identity`."""
    text = "def identity(f): return f\n@identity\ndef thing(): pass\n"
    (pytester.path / "identities").mkdir()
    (pytester.path / "identities" / "other.py").write_text(text, encoding="utf-8")
    pytester.makepyfile(test_own="""
        import sys

        def test_own():
            assert "derive.pytest_plugin" in sys.modules
            assert not {"sympy", "derive.runner", "derive.pool", "derive.checking"} & set(sys.modules)
    """)
    run().assert_outcomes(passed=1)


def test_sympy_stays_in_the_worker(run, put, pytester):
    """Also where steps are decided and fail, pytest's own process has no SymPy."""
    put("identities/mixed.py", MIXED)
    pytester.makepyfile(test_z="import sys\ndef test_own(): assert 'sympy' not in sys.modules\n")
    run().assert_outcomes(passed=3, failed=4)


def test_the_installed_wheel_brings_the_plugin(command, tmp_path):
    """After an installation pytest finds the plugin by its entry point, and with it the library."""
    python = Path(command).with_name("python")
    args = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--derive-library", "-k", "elbo_bound"]
    done = subprocess.run(
        [python, *args], cwd=tmp_path, capture_output=True, text=True, check=False, env=clean_environment(), timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^\d+ passed, \d+ deselected", done.stdout, re.MULTILINE), done.stdout
