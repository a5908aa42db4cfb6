"""Derivations as LaTeX documents: complete, harmless, and without overfull boxes."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from sympy import Mul, Rational, Symbol, evaluate, exp, log, oo, sqrt

from derive import KL, Bernoulli, Derivation, E, H, Sum, Var, array, define, eq, full_support, ge, index, law
from derive.core.claims import Condition, Invalid, Note, Proved, Refuted, Report, StepReport, Undecided, Witness
from derive.core.rules.family import Family
from derive.printers.latex import document, document_of, fragment, fragment_of
from derive.printers.records import derivation_record, step_record
from derive.vocabulary import positive, probability, random, real, size

n, d = size("n"), size("d")
i, j, k = index("i", n), index("j", d), index("k", 0, oo)
X, w, y = array("X", n, d), array("w", d), array("y", n)
p = probability("p")
R = random("R", n, d, law=Bernoulli(p))
u, z = index("u"), index("z")
Phi, Psi = law("Q_Phi", u, z), law("Q_Psi", u, z)
HOSTILE = "50% of $x_1 & #2 {~} ^\\end{document} \u03b2\u00e9\u4e2d \"q\" <|>`'"
RULE = Family("a_very&long%reason", "", "", "", "", "")
TABLE = "[" + ", ".join(["1/2"] * 60) + "," + "9" * 200 + "]"
REPAIR = Note("it holds with a factor 1/2", Mul(Rational(1, 2), Symbol("x_1")))
WITNESS = Witness((("x_1", "1/2"), ("X", TABLE)), "ln(2)/2", None, "0.3465735902799726...", "0.6931...", REPAIR)


def chain():
    """A derivation with every head, long lines and hostile names."""
    weird = real(HOSTILE)
    with evaluate(False):
        gamma = define("Gamma", sqrt(Sum(X[i, j] ** 2, i)), j)
        dropped = y[i] - Sum(X[i, j] * R[i, j] * w[j], j)
        loss = Sum(E(dropped**2, R) + Var(dropped, R), i) + Sum((gamma[j] * w[j]) ** 2, j)
        bound = E(log(Phi(u) * Phi(z | u) / Psi(z | u)), Psi(z | u))
        return Derivation(
            loss,
            eq(loss + bound - loss * 2 + H(Psi(z | u), Phi(z | u)) - KL(Psi(z | u), Phi(z | u)), by=RULE),
            eq((loss + bound + loss) / (1 + exp(-weird)), by=(RULE, RULE, RULE)),
            ge(Sum(exp(-weird * k) * (1 - exp(-weird)) / sqrt(1 + loss + loss), k)),
            eq(weird),
            given=[*full_support(Phi, Psi), weird > 0],
        )


def report(found):
    """A verdict of each kind."""
    verdicts = [
        Proved(("linearity",), (Condition(p - w[j], (j,)),)),
        Refuted(WITNESS),
        Undecided("left over: x^2_&%" + HOSTILE, None, 3, "closes if x > 0"),
        Invalid("found 1.5 " + HOSTILE),
    ]
    pairs = zip(found.steps, verdicts, strict=True)
    steps = [StepReport(step, found.left_of(q), verdict, 0.0) for q, (step, verdict) in enumerate(pairs)]
    return Report(found, tuple(steps), 0.1)


META = {"name": "odd", "title": HOSTILE, "source": {"document": HOSTILE, "problem": "4", "part": "1"}}


def simple(*steps):
    """A short derivation over a positive x."""
    return Derivation(positive("x"), *steps)


def test_a_document_stands_alone():
    """A document has preamble and end, a fragment has neither."""
    found = simple(eq(Symbol("b")))
    assert document(found).startswith("\\documentclass")
    assert document(found).endswith("\\end{document}\n")
    assert "documentclass" not in fragment(found)
    assert fragment(found) in document(found)


def test_title_source_and_givens_head_the_fragment():
    """The heading shows title and source, and the givens follow as formulas."""
    source = {"document": "Quiz", "problem": "4", "part": "1"}
    shown = fragment(simple(eq(p)), meta={"title": "A title.", "source": source})
    assert shown.splitlines()[:2] == [r"\subsection*{A title}", r"{\small Quiz, problem 4.1\par}"]
    assert r"\item[$\cdot$] $x > 0$" in shown
    assert r"\item[$\cdot$] $p \in [0, 1]$" in shown


def test_dots_at_the_end_of_a_title_stay():
    """A heading loses the full stop of a sentence, but not one of three dots."""
    assert r"\subsection*{Over i = 0, 1, ...}" in fragment(simple(eq(p)), meta={"title": "Over i = 0, 1, ..."})


def test_a_derivation_without_a_report_shows_no_verdict():
    """What was not checked has no check mark, no flag and no count of proved steps."""
    shown = fragment(simple(eq(p, by=RULE)))
    assert r"&{} = p && \parbox[t]{3.6cm}{\raggedright\small a\_very\&long\%reason}" in shown
    assert "checkmark" not in shown
    assert "Proved" not in shown


def test_verdicts_stand_beside_their_steps():
    """A proved step has a check mark and its conditions as footnotes; the others are named, with a note below."""
    shown = fragment(chain(), report(chain()), META)
    assert shown.count(r"~$\checkmark$") == 1
    assert r"~$\checkmark$\footnotemark[1]}" in shown
    assert r"\footnotetext[1]{Where $p \ne w_{j}$ for every $j$.}" in shown
    for word in ("refuted", "undecided", "invalid"):
        assert shown.count(rf"\textbf{{{word}}}") == shown.count(rf"\textbf{{{word.capitalize()}}}") == 1
    assert r"\textbf{Refuted}: at x\_1 = 1/2, X = [1/2, 1/2" in shown
    assert "left 0.3465735902799726... (= ln(2)/2), right 0.6931...." in shown
    assert r"It holds with a factor 1/2:\newline $\displaystyle \frac{1}{2}\,x_{1}$" in shown
    assert "Proved: 1 of 4 steps." in shown


def test_an_expected_refutation_says_so():
    """A printed solution that is wrong as declared is marked as expected."""
    found = simple(eq(p, expect="refuted"))
    step = StepReport(found.steps[0], found.start, Refuted(WITNESS), 0.0)
    assert r"\textbf{Refuted}, as expected: at" in fragment(found, Report(found, (step,), 0.0))


def test_footnotes_of_several_records_are_numbered_through():
    """In one document no two conditions share a footnote number."""
    found = simple(eq(p))
    step = step_record(StepReport(found.steps[0], found.start, Proved(("algebra",), (Condition(p),)), 0.0))
    record = derivation_record("one", "", None, None, found, [step], 0.0)
    shown = document_of(record, record)
    assert shown.count(r"\footnotetext[1]") == shown.count(r"\footnotetext[2]") == 1
    assert fragment_of(record).startswith(r"\subsection*{one}")


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
def test_documents_compile_without_overfull_boxes(tmp_path):
    """A document with every head, every verdict and hostile names compiles, and nothing sticks out."""
    (tmp_path / "odd.tex").write_text(document(chain(), report(chain()), META), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "odd.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=60)
    log_text = (tmp_path / "odd.log").read_text(encoding="latin-1")
    assert done.returncode == 0, log_text[-3000:]
    assert "Overfull" not in log_text
    assert "LaTeX Warning: Command" not in log_text
