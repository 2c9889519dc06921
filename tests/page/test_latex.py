"""LaTeX: formulas found in prose, what fits a line, and a document that compiles."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from quatrain import explain
from quatrain.explain import exercise
from quatrain.explain.exercises.topics import TOPICS
from quatrain.page.latex import LINE, as_document, as_latex, mixed, part_as_latex, printed
from quatrain.page.latex.mathematics import unbroken, whole
from quatrain.page.latex.width import broken, width
from quatrain.page.problem_sheet import as_latex as sheets_as_latex
from quatrain.records import Equation, Explanation, Formula, Heading, Matrix, Note, Table


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("delta c_t = delta h_t * o_t", r"$\delta c_t = \delta h_t \odot o_t$"),
        ("through h_t, W_h^T delta z at t+1", r"through $h_t$, $W_h^\top \, \delta z$ at $t + 1$"),
        ("tanh' = 1 - tanh^2", r"$\tanh' = 1 - \tanh^2$"),
        ("sigma' = sigma (1 - sigma) cancels", r"$\sigma' = \sigma \, (1 - \sigma)$ cancels"),
        ("not y_hat - y unless y = 1", r"not $\hat y - y$ unless $y = 1$"),
        ("each gate k of i, f, o: by sigma'", r"each gate k of $i,\ f,\ o$: by $\sigma'$"),
        ("* multiplies elements pairwise", r"$\odot$ multiplies elements pairwise"),
        ("dL/dW_xk = delta z_k x_t^T", r"$\partial L / \partial W_{xk} = \delta z_k \, x_t^\top$"),
        ("dL/d(w_y h)", r"$\partial L / \partial (w_y \, h)$"),
        ("delta z_i,1 and c_{t-1},1", r"$\delta z_{i,1}$ and $c_{t-1,1}$"),
        ("cell 588 (r = 0.95)", "cell 588 $(r = 0.95)$"),
        ('write "sigma(z_i)" for sigma(z_i)', r'write "sigma(z\_i)" for $\sigma (z_i)$'),
        ("a step of 1e-05", "a step of $10^{-5}$"),
        ("the candidate c~_t", r"the candidate $\tilde c_t$"),
        ("h_(t-1) and c_prev", r"$h_{t-1}$ and $c_{\mathrm{prev}}$"),
        ("T = 13,570 numbers", "$T = 13{,}570$ numbers"),
        ("ceil((T - N) / S).", r"$\lceil (T - N) / S \rceil$."),
        ("at most (T - N) / S, down", "at most $(T - N) / S$, down"),
    ],
)
def test_formulas_in_prose_are_mathematics(text: str, latex: str) -> None:
    assert mixed(text) == latex


@pytest.mark.parametrize(
    "text",
    [
        "A multiply-add is one multiplication of an input by a weight.",
        "With a class I know, a student's x-axis isn't bent.",
        "The layer has 3 inputs, or 12 in all: 5 to 7.",
        "a poem, a line, a word",
    ],
)
def test_words_stay_words(text: str) -> None:
    assert mixed(text) == text


def test_a_minus_is_a_minus_and_a_hyphen_a_hyphen() -> None:
    assert printed("from -1 to -0.5, well-known, 3-4") == "from $-$1 to $-$0.5, well-known, 3-4"


def test_headings_break_at_spaces_outside_formulas() -> None:
    assert unbroken("back through c_{t+1} f_{t+1}") == ["back", "through", "c_{t+1} f_{t+1}"]
    assert unbroken("delta z, central differences") == ["delta z,", "central", "differences"]
    assert whole("delta c") == r"\delta c"
    assert whole("delta c, large") == ""


@pytest.mark.parametrize(
    "text", ["詩", "עברית", "🎉", "Ж", "\u202eabc", "é ő ś ž ﬁ ½ ⊢ ⊙ ‘’“”–—…\u200d"]
)
def test_every_character_is_printed_by_the_fonts_of_pdflatex(text: str) -> None:
    assert all(sign <= "\u017f" for sign in printed(text))


def test_two_names_in_another_script_stay_two_names() -> None:
    assert printed("李明") != printed("王芳")
    assert "U+674E" in printed("李")


@pytest.mark.parametrize("room", [20, 35, 60])
def test_a_broken_formula_loses_nothing_and_fits(room: int) -> None:
    latex = (
        r"a_{1} + \left(b \times c - d\right) \times e = \frac{x + y}{z} - 3 \times 4 \times 5 + 6"
    )
    lines = broken(latex, room)
    assert re.sub(r"\\(left|right)|\s", "", "".join(lines)) == re.sub(
        r"\\(left|right)|\s", "", latex
    )
    assert all(width(line) <= room for line in lines)
    assert len(lines) >= width(latex) / room


def test_a_wide_table_is_divided_and_keeps_its_first_column() -> None:
    columns = ("name", *(f"column {number}" for number in range(20)))
    rows = (("first", *(number + 0.123456 for number in range(20))),)
    lines = part_as_latex(Table("Wide", columns, rows))
    parts = "\n".join(lines).split(r"\begin{tabular}{l")[1:]
    assert len(parts) > 1
    assert all("first &" in part for part in parts)
    assert all("column" in part for part in parts)
    assert sum(part.count("123") + part.count(".12") for part in parts) >= 20


def test_a_long_table_is_broken_across_pages() -> None:
    rows = tuple((number, "x") for number in range(50))
    explanation = Explanation("T", (Table("Long", ("n", "x"), rows),))
    latex = as_latex(explanation)
    assert r"\begin{longtable}" in latex
    assert r"\usepackage{longtable}" in latex.splitlines()[1]


def test_a_wide_matrix_is_shown_in_blocks_and_a_large_one_without_its_middle() -> None:
    wide = Matrix("M", (tuple(number + 0.5 for number in range(40)),))
    latex = "\n".join(part_as_latex(wide))
    assert latex.count(r"\begin{bmatrix}") > 1
    assert "Columns 1 to" in latex
    large = Matrix("M", tuple(tuple(map(float, range(3))) for _ in range(100)))
    latex = "\n".join(part_as_latex(large))
    assert r"\vdots" in latex
    assert "100 by 3; the middle is left out" in latex


def test_a_long_name_and_a_long_reason_take_several_lines() -> None:
    name = "element-wise multiplications per character of the text"
    latex = "\n".join(part_as_latex(Formula(name, "", "", 3)))
    assert rf"\raggedleft {name}" in latex
    reason = "a reason that goes on and on " * 5
    assert r"\tag*{\footnotesize \parbox" in "\n".join(part_as_latex(Equation("", "a = b", reason)))


def test_a_document_includes_its_pictures() -> None:
    explanation = explain.pooling_corners()
    names = {picture.name: f"{picture.name}.png" for picture in explanation.pictures}
    document = as_document(explanation, names)
    assert document.count(r"\includegraphics") == len(names)
    assert document.count(r"\begin{document}") == document.count(r"\end{document}") == 1
    assert r"\includegraphics" not in re.sub(r"%.*", "", as_document(explanation))


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
def test_everything_compiles_in_one_document(tmp_path: Path) -> None:
    """The fragments of the explanations and a sheet of each topic, one after the other."""
    explanations = (
        explain.convolution((32, 30, 4), filters=8, kernel=(5, 3), stride=2, groups=2),
        explain.pooling_of([[1.0, 2.5, 3.0], [4.0, 5.0, 6.25], [7.0, 8.0, -9.0]], window=2),
        explain.lstm(64, 512, layers=3),
        explain.gradients(loss="softmax", steps=2, target=1),
        explain.gradients(loss="log-only", hidden=1, inputs=1),
        explain.flow(steps=5, hidden=4, networks=2),
        explain.windows("Salt on the sill,\nfrost & 100% of_it: é ő 詩 ~^\\.", length=9, stride=4),
    )
    seeds = ("Ada", "李明 🎉", "\\input{x} $%&#_{}~^", "עברית")
    sheets = [
        exercise(topic, seed=seed, level=3) for topic, seed in zip(TOPICS, seeds * 2, strict=False)
    ]
    document = sheets_as_latex(sheets, solutions=True)
    parts = [as_latex(explanation, line=LINE) for explanation in explanations]
    document = document.replace(r"\end{document}", "\n".join([*parts, r"\end{document}"]))
    (tmp_path / "all.tex").write_text(document, encoding="utf-8")
    command = ["pdflatex", "-halt-on-error", "-interaction=nonstopmode", "all.tex"]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, errors="replace", check=False
    )
    assert done.returncode == 0, done.stdout[-2000:]
    overfull = map(float, re.findall(r"Overfull \\hbox \(([\d.]+)pt", done.stdout))
    assert max(overfull, default=0) < 20, "something is cut off at the right"


def test_parts_of_a_fragment_stand_apart_and_displays_in_their_paragraph() -> None:
    parts = (Heading("H"), Formula("n", "a", "b", 3), Note("A note."), Note("Another."))
    body = as_latex(Explanation("T", parts)).split("\n\n", 1)[1]
    assert body.startswith("\\par\\medskip\\noindent\\textbf{H}\n\\begin{align*}")
    assert "A note.\n\nAnother." in body
