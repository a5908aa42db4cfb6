"""The command line, through its real entry point: installed from a wheel, outside the repository."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import shutil
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from support import GOOD, Ran, Run, clean_environment, line_of, run_command, without_colour

import cli
import derive as package
from derive.runner import Decided, Finished, Mistaken, Outlined, SourceFile, Target
from derive.targets import Choice

Write = Callable[..., Path]

THREE = '''
@identity(aliases=["one two"])
def mine():
    """One of my own."""
    return Derivation(
        log(exp(x)*exp(x)),
        eq(2*x, by=logarithms),
        eq(x + x + 1, by=algebra),
        eq(1 + 2*x, by=algebra),
    )
'''

ENDLESS = '''
@identity
def endless():
    """Its definition does not end."""
    import pathlib
    pathlib.Path(__file__).with_name("begun").touch()
    while True:
        pass

@identity
def citing():
    """The second step cites what does not end."""
    return Derivation(x + y, eq(y + x), eq(x + z, by=endless), eq(z + x))
'''


# ---------------------------------------------------------------- check


def test_check_shows_the_elbo_step_by_step(derive: Run) -> None:
    """The first command of the README: title, givens, numbered steps with reason and verdict, closing line."""
    ran = derive("check", "ell", "bo")
    assert (ran.status, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0].startswith("ELBO decomposition")
    assert "TTIC 31230 2020, Quiz 1, problem 2" in ran.out
    assert "identities/variational.py" in ran.out
    assert any(line.startswith("  given  ") for line in lines)
    assert "  1  ln Q_Phi(y)" in lines
    second = r"^  2  = E\[z ~ Q_Psi\(z\|y\)\] ln Q_Phi\(y\) +normalisation +proved +<?\d+ ms$"
    assert re.search(second, ran.out, re.MULTILINE)
    assert lines[-1] == "  proved: 6 of 6 steps"


def test_names_that_mean_the_same_check_the_same(derive: Run) -> None:
    """Aliases and spellings are one identity, and two names are two."""
    words = ["evidence", "lower", "bound", "ELBO", "Dropout", "ell-bo", "elbo"]
    records = json.loads(derive("check", "--json", *words).out)
    assert [record["name"] for record in records] == ["elbo-decomposition", "dropout-expected-loss"]


def test_the_printed_error_is_refuted_at_its_second_line(derive: Run) -> None:
    """The wrong printed solution has a witness and a repair, says that this is expected, and exits 1."""
    ran = derive("check", "gaussian-mi-as-printed")
    assert ran.status == 1
    assert re.search(r"logarithms.* +refuted, as expected", ran.out)
    assert "at sigma_e = 1, sigma_x = 1" in ran.out
    assert "it holds with a factor 1/2:" in ran.out
    assert "0.693147180559945309" in ran.out
    assert ran.out.splitlines()[-1] == "  proved: 2 of 3 steps; refuted, as expected: line 2"


@pytest.fixture(scope="session")
def checked_all(command: Path, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The whole library, checked."""
    return run_command(command, "check", "--all", cwd=tmp_path_factory.mktemp("all"))


def test_check_all_proves_the_library(derive: Run, checked_all: Ran) -> None:
    """Everything but the wrong printed solutions is proved, and what was left out is counted."""
    ran = checked_all
    assert (ran.status, ran.err) == (0, "")
    last = r"(\d+) derivations: \1 proved \(left out: \d+ as printed, see --as-printed\)"
    assert re.fullmatch(last, ran.out.splitlines()[-1])
    including = derive("check", "--all", "--as-printed")
    assert including.status == 1
    assert re.search(r"refuted, as expected", including.out)


def test_the_json_of_check_has_the_documented_fields(derive: Run, write: Write) -> None:
    """An array of derivations, each with its steps, on standard output alone."""
    write("mine.py", "print('noise')\n" + THREE)
    ran = derive("check", "mine.py", "--json")
    assert ran.status == 1
    (record,) = json.loads(ran.out)
    assert record.keys() >= {"name", "verdict", "seconds", "given", "steps", "title", "source", "file"}
    assert (record["name"], record["verdict"], record["file"]) == ("mine", "refuted", "mine.py")
    for step in record["steps"]:
        assert step.keys() >= {
            "relation", "verdict", "by", "conditions", "witness", "left", "right", "reason", "seconds",
        }  # fmt: skip
    assert [step["verdict"] for step in record["steps"]] == ["proved", "refuted", "proved"]
    assert record["steps"][1]["witness"]["values"].keys() == {"x"}
    assert set(re.findall("noise", ran.err)) == {"noise"}


def test_a_file_of_ones_own(derive: Run, write: Write) -> None:
    """A file, a folder, and one identity of a file are checked like the library."""
    write("mine.py", GOOD + THREE)
    assert derive("check", "mine.py::good").status == 0
    ran = derive("check", "./")
    assert ran.status == 1
    assert ran.out.splitlines()[-1] == "2 derivations: 1 proved, 1 refuted"
    assert re.search(r"^  3  = x \+ x \+ 1 +algebra +REFUTED", ran.out, re.MULTILINE)
    assert "  proved: 2 of 3 steps; refuted: line 3" in ran.out


def test_a_limit_is_an_error_of_one_step(derive: Run, write: Write) -> None:
    """A step that does not end is stopped, the others are decided, and the status is 1."""
    write("mine.py", ENDLESS)
    ran = derive("check", "mine.py::citing", "--timeout", "1")
    assert ran.status == 1
    third = r"^  3  = x \+ z +endless +error +1\.0 s\n +stopped after 1 s, the time limit$"
    assert re.search(third, ran.out, re.MULTILINE)
    assert re.search(r"^  4  = z \+ x +algebra +proved", ran.out, re.MULTILINE)


def test_a_memory_limit_is_an_error_of_one_step(derive: Run, write: Write) -> None:
    """A step that eats memory is stopped at the limit that was asked for."""
    write("mine.py", ENDLESS.replace("while True:\n        pass", "return [bytes(10**8) for _ in range(10**6)]"))
    ran = derive("check", "mine.py::citing", "--memory", "400M")
    assert ran.status == 1
    assert "stopped at 400 MiB, the memory limit" in ran.out
    assert "  proved: 2 of 3 steps; error: line 3" in ran.out


# ---------------------------------------------------------------- a user's mistakes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("while True: pass\n", "mine.py: while it was loaded: stopped after 1 s, the time limit"),
        ("a = [bytes(10**8) for _ in range(10**6)]\n", "mine.py: while it was loaded: stopped at 300 MiB, the"),
        ("def f(:\n", "mine.py:4: SyntaxError: "),
        (GOOD + GOOD, "two identities are called 'good': good at mine.py:5 and good at mine.py:10"),
        ("import sys; sys.exit()\n", "mine.py:4: it called sys.exit(None), which ends the program that reads it"),
        ("import os; os.kill(os.getpid(), 9)\n", "mine.py: while it was loaded: its process was killed by signal 9"),
        ("", "mine.py: found no identity in it; write @identity before a function"),
        (GOOD.replace("eq(", "eqq("), "mine.py:8: NameError: name 'eqq' is not defined"),
        (GOOD.replace("y + x", "0.5*x"), None),
    ],
    ids=["loop", "memory", "syntax", "twice", "exit", "kill", "empty", "name", "float"],
)  # fmt: skip
def test_a_hostile_or_wrong_file_gets_one_clear_message(derive: Run, write: Write, text: str, said: str | None) -> None:
    """Whatever a file does, the answer is one message that says where, on standard error, and status 2."""
    write("mine.py", text)
    ran = derive("check", "mine.py", "--timeout", "1", "--memory", "300M", "--jobs", "1")
    if said is None:
        assert ran.status == 1
        assert re.search(r"^  2  = 0\.50*\*x +algebra +invalid", ran.out, re.MULTILINE)
        return
    assert (ran.status, ran.out) == (2, "")
    (line,) = ran.err.splitlines()
    assert line.startswith(f"derive: {said}")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["check", "elbow"], "derive: no identity is called 'elbow'; did you mean elbo?"),
        (["check", "nosuch.py"], "derive: no such file: nosuch.py"),
        (["check"], "Error: name what to check, or write --all"),
        (["check", "--all", "elbo"], "Error: write names, or --all, not both"),
        (["check", "elbo", "--timeout", "0"], "Error: Invalid value for '--timeout': 0.0 is not in the range"),
        (["check", "elbo", "--memory", "many"], "Error: Invalid value for '--memory': 'many' is no amount of memory"),
        (["check", "elbo", "--memory", "1K"], "Error: Invalid value for '--memory': '1K' is out of range"),
        (["explain", "elbo", "1"], "Error: elbo-decomposition has the steps 2 to 7 (line 1 is the start), found 1"),
        (["explain", "elbo"], "Error: Missing argument"),
        (["show", "elb"], "derive: no identity is called 'elb'; did you mean elbo?"),
        (["new", "mine.txt"], "Error: expected a name that ends in .py, found mine.txt"),
        (["new", "nosuch/mine.py"], "derive: nosuch/mine.py cannot be written: No such file or directory"),
        (["render", "elbo", "-o", "a.txt"], "derive: a.txt does not tell the format"),
        (["render", "elbo", "--format", "pdf"], "derive: a PDF goes into a file"),
        (["nosuch"], "Error: No such command 'nosuch'"),
    ],
)
def test_a_mistake_on_the_command_line(derive: Run, args: list[str], said: str) -> None:
    """Each mistake has one message on standard error, and status 2."""
    ran = derive(*args)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.splitlines()[-1].startswith(said)


def test_a_broken_definition_does_not_hide_the_others(derive: Run, write: Write) -> None:
    """The others are checked, the error is told with its line, and the status is 2."""
    path = write("mine.py", "\n@identity\ndef bad():\n    '''Bad.'''\n    return 1/0\n" + GOOD)
    ran = derive("check", "mine.py")
    assert ran.status == 2
    assert ran.err == f"derive: mine.py:{line_of(path, '1/0')}: ZeroDivisionError: division by zero\n"
    assert ran.out.splitlines()[-1] == "  proved: 1 of 1 step"
    bad, good = json.loads(derive("check", "mine.py", "--json").out)
    assert (bad["verdict"], good["verdict"]) == ("invalid", "proved")
    assert "ZeroDivisionError" in bad["error"]


def test_a_foreign_package_called_identities_is_refused(derive: Run, tmp_path: Path) -> None:
    """It is named in the message, rather than taken for the library."""
    (tmp_path / "identities").mkdir()
    (tmp_path / "identities" / "__init__.py").touch()
    assert derive("check", "elbo").status == 0
    ran = derive("check", "elbo", PYTHONPATH=str(tmp_path))
    assert ran.status == 2
    assert f"the package `identities` at {tmp_path}/identities is not the library" in ran.err


def test_an_internal_contradiction_is_loud(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proved step that a model contradicts is a bug of ours: a loud message and status 3, above all else."""
    target = Target(SourceFile("/a.py", "a.py"), "a")
    step = {
        "relation": "=", "text": "b", "by_titles": [], "verdict": "error", "expect": "proved", "conditions": [],
        "reason": "internal contradiction: x = 1", "seconds": 0.0, "contradiction": "x = 1",
    }  # fmt: skip
    record = {
        "name": "a", "title": "A", "source_text": "", "file": "a.py", "given": [], "start": {"text": "a"},
        "steps": [step], "verdict": "error",
    }  # fmt: skip
    events = [Outlined(target, record), Decided(target, 0, step), Finished(target, record), Mistaken(target, "wrong")]
    monkeypatch.setattr("derive.targets.choose", lambda *_: Choice((target,)))
    monkeypatch.setattr("derive.runner.decide", lambda *_: iter(events))
    result = CliRunner().invoke(cli.main, ["check", "a"])
    assert result.exit_code == 3
    assert "derive: INTERNAL CONTRADICTION, a bug in derive; please report it: x = 1\n" in result.stderr


# ---------------------------------------------------------------- the other commands


def test_list_shows_and_searches_the_library(derive: Run) -> None:
    """All identities, or those that mention a word."""
    every, some = derive("list"), derive("list", "--search", "dropout")
    assert every.status == some.status == 0
    assert "  elbo-decomposition " in every.out
    assert "also: elbo, ell bo, evidence lower bound" in " ".join(every.out.split())
    assert "dropout-expected-loss" in some.out
    assert "elbo" not in some.out
    assert derive("list", "--search", "zzz").err == "derive: nothing in the library mentions 'zzz'\n"


def test_the_json_of_list_has_the_documented_fields(derive: Run) -> None:
    """Exactly the documented fields for each identity."""
    found = {record["name"]: record for record in json.loads(derive("list", "--json").out)}
    assert found["elbo-decomposition"] == {
        "name": "elbo-decomposition",
        "aliases": ["elbo", "ell bo", "evidence lower bound"],
        "title": found["elbo-decomposition"]["title"],
        "file": "identities/variational.py",
        "source": {"document": "TTIC 31230 2020, Quiz 1", "problem": "2", "part": None, "section": None},
        "row": ["001.2a", "001.2b"],
        "tags": ["variational"],
        "steps": 6,
    }
    assert found["dropout-expected-loss"]["row"] == "004.4.1"


def test_show_does_not_check(derive: Run, write: Write) -> None:
    """A derivation is shown as written, without verdicts, also a wrong one."""
    write("mine.py", THREE)
    ran = derive("show", "mine.py::one two", "elbo bound")
    assert ran.status == 0
    assert re.search(r"^  3  = x \+ x \+ 1 +algebra$", ran.out, re.MULTILINE)
    assert "proved" not in ran.out
    assert "REFUTED" not in ran.out


def test_explain_tells_all_of_a_step(derive: Run, write: Write) -> None:
    """Rules and how it was closed for a proved step, the witness for a refuted one, with the status of check."""
    proved = derive("explain", "evidence", "lower", "bound", "2")
    assert proved.status == 0
    assert re.search(r"^  left +ln Q_Phi\(y\)$", proved.out, re.MULTILINE)
    assert re.search(r"^  closed by +.*normalisation", proved.out, re.MULTILINE)
    write("mine.py", THREE)
    refuted = derive("explain", "mine.py::mine", "3")
    assert refuted.status == 1
    assert re.search(r"^  verdict +REFUTED", refuted.out, re.MULTILINE)
    assert re.search(r"^ +at x = ", refuted.out, re.MULTILINE)


def test_rules_lists_every_rule(derive: Run) -> None:
    """Name, statement, conditions, failure and source, of each family."""
    from derive.core.rules import FAMILIES

    ran = derive("rules")
    assert ran.status == 0
    assert re.findall(r"by=(\w+)$", ran.out, re.MULTILINE) == [family.name for family in FAMILIES]
    assert json.loads(derive("rules", "--json").out)[0]["statement"] == FAMILIES[0].statement


def test_new_starts_a_file_that_checks(derive: Run, tmp_path: Path) -> None:
    """The starting file is proved as it stands, and never overwrites another."""
    assert derive("new", "mine.py").out == "wrote mine.py; check it with: derive check mine.py\n"
    assert derive("check", "mine.py").status == 0
    (tmp_path / "mine.py").write_text("mine", encoding="utf-8")
    ran = derive("new", "mine.py")
    assert (ran.status, ran.err) == (2, "derive: mine.py exists already, and is left as it is\n")
    assert (tmp_path / "mine.py").read_text(encoding="utf-8") == "mine"


def test_render_writes_a_document(derive: Run, tmp_path: Path) -> None:
    """A standalone LaTeX document, with the status of check."""
    assert derive("render", "elbo", "-o", "elbo.tex").out == "wrote elbo.tex\n"
    latex = (tmp_path / "elbo.tex").read_text(encoding="utf-8")
    assert latex.startswith("\\documentclass")
    assert latex.endswith("\\end{document}\n")
    ran = derive("render", "gaussian mi as printed")
    assert ran.status == 1
    assert ran.out.startswith("\\documentclass")
    assert "not all steps of gaussian-mutual-information-as-printed are proved" in ran.err


def test_render_puts_several_into_one_document(derive: Run, write: Write, tmp_path: Path) -> None:
    """Names and paths, in each format; a mistake in one does not keep the others out."""
    write("mine.py", GOOD + "\n@identity\ndef bad():\n    '''Bad.'''\n    return 1/0\n")
    ran = derive("render", "resnet variance at depth", "mine.py")
    assert ran.status == 2
    assert ran.out.count("\\subsection*") == 2
    assert ran.out.count("\\documentclass") == 1
    assert "ZeroDivisionError" in ran.err
    fragment = derive("render", "mine.py::good", "--fragment")
    assert fragment.out.startswith("\\subsection*{A step that holds")
    assert "document" not in fragment.out
    assert derive("render", "mine.py::good", "elbo", "-o", "both.md").status == 0
    assert re.findall("^## (.*)$", (tmp_path / "both.md").read_text(encoding="utf-8"), re.MULTILINE) == [
        "A step that holds.", "ELBO decomposition",
    ]  # fmt: skip
    assert derive("render", "mine.py::good", "--format", "markdown").out.startswith("## A step that holds.\n")


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed (Debian: texlive-latex-base)")
def test_render_makes_a_pdf_where_there_is_a_latex(derive: Run, tmp_path: Path) -> None:
    """The suffix asks for it."""
    assert derive("render", "elbo", "-o", "elbo.pdf").out == "wrote elbo.pdf\n"
    assert (tmp_path / "elbo.pdf").read_bytes().startswith(b"%PDF-")


def test_render_says_where_there_is_no_latex(derive: Run, tmp_path: Path) -> None:
    """One message, status 2, and no file."""
    ran = derive("render", "elbo", "-o", "elbo.pdf", PATH="/nosuch")
    assert ran.status == 2
    assert ran.err.startswith("derive: a PDF needs a LaTeX, and there is no pdflatex on the path")
    assert list(tmp_path.iterdir()) == []


def test_version_and_help(derive: Run) -> None:
    """The version is the package's; the help has examples; every command has help."""
    assert derive("--version").out == f"derive {package.__version__}\n"
    ran = derive("--help")
    assert "derive check mine.py::my-identity" in ran.out
    for name in re.findall(r"^  (\w+) ", ran.out.partition("Commands:")[2], re.MULTILINE):
        assert derive(name, "--help").status == 0


# ---------------------------------------------------------------- terminals, pipes, interrupts


def test_a_pipe_gets_plain_text_of_80_columns(derive: Run, checked_all: Ran) -> None:
    """Nothing is coloured and nothing is wider than 80 columns, for every derivation of the library."""
    for ran in (checked_all, derive("list"), derive("rules")):
        assert "\x1b" not in ran.out
        assert max(map(len, ran.out.splitlines())) <= 80


def test_a_reader_that_goes_away_is_no_error(command: Path, tmp_path: Path) -> None:
    """`derive check --all | head -1` ends quietly."""
    done = subprocess.run(
        ["bash", "-c", f"'{command}' check --all | head -1"], capture_output=True, text=True, cwd=tmp_path, check=False,
        env=clean_environment(),
    )  # fmt: skip
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 1


def on_terminal(command: Path, *args: str, cwd: Path, columns: int = 80, **extra: str) -> str:
    """What the command writes on a terminal."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(cwd)
        time.sleep(0.05)  # until its size is set
        os.execve(command, [str(command), *args], clean_environment(TERM="xterm-256color", **extra))
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    written = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # the other side is closed
            break
        if not part:
            break
        written += part
    os.waitpid(pid, 0)
    os.close(terminal)
    return written.decode()


def test_a_terminal_gets_colour_unless_it_declines(command: Path, write: Write) -> None:
    """Verdicts are coloured on a terminal; NO_COLOR gives the same letters without; its width is used."""
    cwd = write("mine.py", THREE).parent
    coloured = on_terminal(command, "check", "mine.py", cwd=cwd)
    plain = on_terminal(command, "check", "mine.py", cwd=cwd, NO_COLOR="1")
    narrow = on_terminal(command, "check", "mine.py", cwd=cwd, columns=50)
    assert "\x1b[1;31mREFUTED\x1b[0m" in coloured
    assert "\x1b" not in plain

    def letters(text: str) -> str:
        return re.sub(r"<?\d+ ms", "ms", without_colour(text)).replace(" (cached)", "")

    assert letters(coloured).split() == letters(plain).split()
    assert max(len(line) for line in without_colour(narrow).splitlines()) <= 50


def test_a_long_run_shows_its_progress_on_a_terminal_only(command: Path, derive: Run, write: Write) -> None:
    """While a step takes long a bar says which it is; it is wiped away, and not there in a pipe."""
    cwd = write("mine.py", ENDLESS).parent
    shown = on_terminal(command, "check", "mine.py::citing", "--timeout", "1.2", cwd=cwd)
    assert "citing, line 3" in without_colour(shown)
    assert "0/1" in without_colour(shown)
    piped = derive("check", "mine.py::citing", "--timeout", "1.2")
    assert "citing, line 3" not in piped.out + piped.err


@pytest.mark.parametrize("args", [["check", "mine.py::citing"], ["check", "mine.py::citing", "--json"]])
def test_an_interrupt_tells_what_was_decided_and_leaves_no_orphan(command: Path, write: Write, args: list[str]) -> None:
    """Ctrl-C ends the run with status 130, one message, the steps decided so far, and no process behind."""
    cwd = write("mine.py", ENDLESS).parent
    process = subprocess.Popen(
        [str(command), *args, "--timeout", "60", "--jobs", "1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, cwd=cwd, env=clean_environment(), start_new_session=True,
    )  # fmt: skip
    for _ in range(1000):
        if (cwd / "begun").exists():
            break
        time.sleep(0.02)
    time.sleep(0.3)  # until the step before it is told
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (130, "derive: interrupted\n")
    if "--json" in args:
        (record,) = json.loads(out)
        assert [step["verdict"] for step in record["steps"]] == ["proved", "error", "error"]
    else:
        assert out.splitlines()[-1] == "  interrupted: 1 of 3 steps decided"
    assert remaining(process.pid) == []


def test_an_interrupt_at_any_moment_of_the_start_is_quiet(command: Path, tmp_path: Path) -> None:
    """While workers are still being started, Ctrl-C ends the run with one message and leaves no process behind."""
    for delay in (0.03, 0.05, 0.15, 0.25, 0.35):
        process = subprocess.Popen(
            [str(command), "check", "elbo"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path,
            env=clean_environment(), start_new_session=True,
        )  # fmt: skip
        time.sleep(delay)
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=20)
        assert (process.returncode, err) in {(130, "derive: interrupted\n"), (0, "")}
        assert remaining(process.pid) == []


def remaining(group: int) -> list[str]:
    """The processes of a group that are still there shortly after; the dead that nobody has waited for do not count."""
    found: list[str] = []
    for _ in range(100):
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                name, _, rest = stat.read_text(encoding="utf-8").rpartition(")")
            except (FileNotFoundError, ProcessLookupError):
                continue
            state, _, of, *_ = rest.split()
            if int(of) == group and state != "Z":
                found.append(name)
        if not found:
            break
        time.sleep(0.05)
    return found
