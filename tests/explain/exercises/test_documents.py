"""Sheets as LaTeX, Markdown, HTML and notebooks: whole, escaped, with solutions or without."""

import csv
import io
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from quatrain.explain.exercises.exercise import Exercise, exercise
from quatrain.explain.exercises.topics import TOPICS
from quatrain.page.problem_sheet import (
    as_latex,
    as_markdown,
    as_notebook,
    as_web_page,
    marks_as_csv,
    marks_as_json,
)
from quatrain.records import Equation, Formula

ODD = r"Bobby \end{document} $ & % # _ <script>alert(1)</script> [x](javascript:1) `é` 李"


def sheets(seed: str = "Ada") -> list[Exercise]:
    return [exercise(topic, seed=seed, level=level) for topic in TOPICS for level in (1, 3)]


@pytest.mark.slow
@pytest.mark.parametrize("solutions", [False, True])
def test_latex_is_balanced(solutions: bool) -> None:
    for sheet in sheets(ODD):
        document = as_latex([sheet, sheet], solutions=solutions)
        opened: list[str] = []
        for command, name in re.findall(r"\\(begin|end)\{(\w+\*?)\}", document):
            if command == "begin":
                opened.append(name)
            else:
                assert opened.pop() == name
        assert not opened
        assert document.count(r"\end{document}") == 1
        bare = re.sub(r"\\.", "", document)
        assert bare.count("{") == bare.count("}")
        assert bare.count("$") % 2 == 0
        outside = re.sub(r"\\else .*?\\fi", "", document)
        assert all(sign <= "\u017f" for sign in outside), "a letter that T1 lacks"


@pytest.mark.slow
def test_markdown_and_notebooks_have_every_question() -> None:
    for sheet in sheets(ODD):
        text = as_markdown([sheet])
        assert all(f"**{question.number}.**" in text for question in sheet.questions)
        assert "<script>" not in text
        assert "*Solution.*" not in text
        assert as_markdown([sheet], solutions=True).count("*Solution.*") == len(sheet.questions)
        notebook = json.loads(as_notebook(sheet, solutions=True))
        assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
        assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])
        cells = "\n".join(cell["source"] for cell in notebook["cells"])
        formulas = re.findall(r"^\$\$\n(.*?)\n\$\$$", cells, re.DOTALL | re.MULTILINE)
        assert all(formula.startswith(r"\begin{aligned}") for formula in formulas)
        equations = [
            part
            for question in sheet.questions
            for part in (*question.given, *question.solution)
            if isinstance(part, Formula | Equation)
        ]
        assert len(formulas) >= len(equations)


@pytest.mark.slow
def test_notebooks_have_the_format_of_notebooks() -> None:
    nbformat = pytest.importorskip("nbformat")
    for sheet in sheets(ODD)[::4]:
        nbformat.validate(nbformat.reads(as_notebook(sheet, solutions=True), as_version=4))


@pytest.mark.slow
def test_the_mathematics_of_latex_can_be_read() -> None:
    """matplotlib's parser reads a part of LaTeX's mathematics, and all that the sheets use."""
    mathtext = pytest.importorskip("matplotlib.mathtext")
    parser = mathtext.MathTextParser("path")
    formulas = 0
    for topic in TOPICS:
        sheet = exercise(topic, seed="Ada", level=3)
        document = as_latex([sheet], solutions=True).partition(r"\begin{document}")[2]
        display = re.findall(r"\\begin\{align\*\}(.*?)\\end\{align\*\}", document, re.DOTALL)
        reasons = re.compile(r"\\tag\*\{.*\}|\\parbox\[t\]\{\d+em\}\{[^}]*\}")
        display = [reasons.sub("", part).replace("&", "") for part in display]
        lines = [line for part in display for line in part.split("\\\\")]
        lines = [line.strip() for line in lines if "$" not in line]
        prose = re.sub(r"\\begin\{align\*\}.*?\\end\{align\*\}", "", document, flags=re.DOTALL)
        for formula in {*re.findall(r"\$([^$]+)\$", prose), *lines}:
            parser.parse(f"${formula}$")
            formulas += 1
    assert formulas > 100


def test_the_answer_to_a_formula_stands_as_it_is_typed() -> None:
    sheet = exercise("lstm", seed="Ada", level=2)
    [first, *_] = [question for question in sheet.questions if question.kind == "formula"]
    solution = rf"\textit{{Solution.}} \texttt{{{first.answer}}}"
    assert solution in as_latex([sheet], solutions=True)


@pytest.mark.slow
def test_the_cells_of_a_notebook_run() -> None:
    notebook = json.loads(as_notebook(exercise("lstm", seed=ODD, level=2)))
    names: dict[str, Any] = {}
    cells = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for cell in cells:
        exec(compile(cell, "cell", "exec"), names)  # noqa: S102 - our own notebook
    assert names["sheet"].seed == " ".join(ODD.split())
    assert names["sheet"][1].check(...).verdict == "missing"


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        for name, value in attrs:
            assert not name.startswith("on")
            assert name not in {"src", "href"} or (value or "").startswith("data:")


@pytest.mark.slow
def test_a_web_page_loads_nothing_and_runs_nothing() -> None:
    for sheet in sheets(ODD)[::3]:
        parser = Tags()
        page = as_web_page([sheet, sheet], solutions=True)
        parser.feed(page)
        assert "script" not in parser.names
        assert parser.names.count("section") == 2
        assert "Solution." in page
        assert "Solution." not in as_web_page([sheet])


def test_a_notebook_shows_a_sheet_and_its_marks() -> None:
    sheet = exercise("convolution", seed="<b>Ada</b>")
    assert "&lt;b&gt;Ada" in sheet._repr_html_()
    assert "No answer yet." in sheet.check({})._repr_html_()
    assert "No answer yet." in sheet[1].check(...)._repr_html_()


def test_marks_as_a_table_run_no_formula() -> None:
    marking = exercise("convolution", seed="=HYPERLINK(1)").check({"1": "=1+cmd", "2": "1x1x1"})
    rows = list(csv.reader(io.StringIO(marks_as_csv([marking]))))
    assert rows[0][:4] == ["student", "right", "questions", "1 mark"]
    assert rows[1][0] == "'=HYPERLINK(1)"
    assert rows[1][3] == "not understood"
    assert not any(cell.startswith(("=", "+", "@")) for cell in rows[1])
    assert json.loads(marks_as_json([marking]))[0]["marks"][0]["verdict"] == "not understood"
