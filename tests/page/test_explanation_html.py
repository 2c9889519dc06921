"""Parts of an explanation as HTML: MathML, tables, matrices; escaped, and never a traceback."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from quatrain import explain
from quatrain.page.explanation_html import parts_as_html
from quatrain.page.mathml import mathml
from quatrain.records import (
    Chart,
    Equation,
    Formula,
    Heading,
    Heatmap,
    Matrix,
    Note,
    Part,
    Table,
)

HOSTILE = "</math></div><script>alert('a rhyme')</script>\n& \x1b[31m<img src=x onerror=alert(1)>"
PARTS: tuple[Part, ...] = (
    Heading(HOSTILE),
    Note(HOSTILE),
    Formula(HOSTILE, HOSTILE, HOSTILE, 3, HOSTILE),
    Formula(HOSTILE, "", "", 3, "", rf"\text{{{HOSTILE}}}", HOSTILE),
    Equation(HOSTILE, HOSTILE, HOSTILE),
    Equation("a link", r"\href{javascript:alert(1)}{x}"),
    Table(HOSTILE, (HOSTILE, "b"), ((HOSTILE, 1.5), (None, -2e-9))),
    Matrix(HOSTILE, ((1.0, None), (-2.5e-7, 12345.0))),
    Heatmap("gate", HOSTILE, HOSTILE, "y", "z", (HOSTILE,), ("<b>",), ((0.5,),)),
    Chart("curve", HOSTILE, HOSTILE, "y", (0.0, 1.0), {HOSTILE: (0.0, 1.0)}),
)
TAGS = re.compile(
    "div|fig(caption|ure)|h4|img|p|pre|span|strong|sup|table|tbody|td|th|thead|tr"
    "|m(ath|frac|i|n|o|row|space|sub|sup|table|td|tr)"
)


class Reader(HTMLParser):
    """Collects tags and attributes, and checks that every tag is closed."""

    def __init__(self, fragment: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(fragment)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert tag == "img" or self.open.pop() == tag


@pytest.mark.parametrize("part", PARTS, ids=lambda part: type(part).__name__)
@pytest.mark.parametrize("classes", [False, True])
def test_whatever_a_part_holds_is_escaped(part: Part, classes: bool) -> None:
    fragment = parts_as_html((part,), classes=classes)
    page = Reader(fragment)
    assert all(map(TAGS.fullmatch, page.tags))
    allowed = {"class"} if classes else {"style"}
    if "pre" not in page.tags and "img" not in page.tags:
        attributes = {"xmlns", "display", "displaystyle", "mathvariant", "form", "stretchy"}
        assert page.attributes <= allowed | attributes | {"width", "fence"}
    assert "\x1b" not in fragment
    assert "javascript" not in fragment


def texts(fragment: str) -> list[str]:
    """Return the text of every `<math>` element."""
    formulas = re.findall(r"<math.*?</math>", fragment)
    return ["".join(ElementTree.fromstring(formula).itertext()) for formula in formulas]


def test_a_formula_is_symbols_numbers_and_result() -> None:
    formula = explain.linear(4, 300).formulas["weights"]
    assert texts(parts_as_html((formula,))) == ["outputs×inputs", "=300×4", "=1,200"]


def test_numbers_that_repeat_the_result_are_left_out() -> None:
    formula = Formula("biases", "filters", "8", 8, "", r"\text{filters}", "8")
    assert texts(parts_as_html((formula,))) == ["filters", "=8"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1_234_567, "1,234,567"),
        ((24, 24, 8), "24×24×8"),
        (-0.5, "−0.5"),
        (1.5e-9, "1.5×10−9"),
        (float("inf"), "∞"),
        (float("-inf"), "−∞"),
        (float("nan"), "undefined"),
    ],
)
def test_results_are_written_as_in_mathematics(value: float | tuple[int, ...], shown: str) -> None:
    assert texts(parts_as_html((Formula("n", "", "", value),))) == [shown]


def test_powers_of_ten_have_an_exponent() -> None:
    fragment = parts_as_html((Formula("n", "", "", 1.5e-9),))
    assert "<msup><mn>10</mn><mn>−9</mn></msup>" in fragment
    assert "1.5 × 10<sup>−9</sup>" in parts_as_html((Table("", ("n",), ((1.5e-9,),)),))


def test_units_stand_beside_the_result() -> None:
    assert texts(parts_as_html((Formula("memory", "", "", 3328, "bytes"),))) == ["3,328bytes"]


@pytest.mark.parametrize(
    "latex",
    [
        r"\unknown{x}",
        "{" * 3000,
        "x^",
        r"\left(",
        r"\begin{matrix}",
        r"\href{https://example.org}{x}",
        r"\color{red}{x}",
        "^^^^",
        "\\",
        "a & b",
    ],
)
def test_latex_that_cannot_be_converted_is_plain_text(latex: str) -> None:
    fragment = parts_as_html((Equation("the plain text", latex),))
    assert texts(fragment) == ["the plain text"]
    formula = Formula("n", "the symbols", "the numbers", 3, "", latex, latex)
    assert texts(parts_as_html((formula,))) == ["the symbols", "=the numbers", "=3"]


def test_formulas_are_plain_text_where_the_converter_is_not_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "latex2mathml.converter", None)
    equation = Equation("a new equation = 7", "a new equation = 7")
    assert texts(parts_as_html((equation,))) == ["a new equation = 7"]


def test_an_equation_has_its_reason() -> None:
    fragment = parts_as_html((Equation("a = b", "a = b", "by <definition>"),))
    assert "by &lt;definition&gt;" in fragment


def test_a_column_of_numbers_is_aligned_to_the_right() -> None:
    table = Table("", ("name", "count", "share"), (("a", 1, "50%"), ("b", None, "-3.5%")))
    fragment = parts_as_html((table,), classes=True)
    heads = re.findall(r"<th( class=\"number\")?>", fragment)
    assert list(map(bool, heads)) == [False, True, True]
    assert fragment.count('<td class="number">') == 4


def test_a_matrix_is_a_table_in_brackets() -> None:
    values = ((1.0, None), (-2.5, 12345.0))
    (formula,) = re.findall("<math.*?</math>", parts_as_html((Matrix("M", values),)))
    opening, table, closing = ElementTree.fromstring(formula)[0]
    assert (opening.text, closing.text) == ("[", "]")
    rows = [["".join(entry.itertext()) for entry in row] for row in table]
    assert rows == [["1", "·"], ["−2.5", "12,345"]]


def test_consecutive_parts_of_a_kind_stand_together() -> None:
    one, two = Matrix("A", ((1.0,),)), Matrix("B", ((2.0,),))
    assert parts_as_html((one, two), classes=True).count('<div class="matrices">') == 1
    assert parts_as_html((one, Note("n"), two), classes=True).count('class="matrices"') == 2


def test_spaces_in_words_and_crosses_in_prose_survive() -> None:
    assert "a\u00a0b" in mathml(r"\text{a b}")
    assert "3\u00a0×\u00a04 pixels" in parts_as_html((Note("3 x 4 pixels"),))


def test_what_every_layer_explains_is_mathematics() -> None:
    for explanation in (
        explain.convolution((28, 28, 1), filters=8, kernel=5, stride=2, padding=1),
        explain.pooling((28, 28, 8), window=2),
        explain.lstm(64, 32),
        explain.linear(10, 4),
        explain.embedding(40, 8),
        explain.highway(16),
        explain.gradients(),
    ):
        for part in explanation.parts:
            if isinstance(part, Equation):
                assert mathml(part.latex)
            elif isinstance(part, Formula) and part.latex_symbols:
                assert mathml(part.latex_symbols)
                assert not part.latex_numbers or mathml(part.latex_numbers)


def test_only_showing_a_formula_loads_the_converter() -> None:
    code = (
        "import sys, quatrain, quatrain.cli, quatrain.page.notebook;"
        "print('latex2mathml' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
