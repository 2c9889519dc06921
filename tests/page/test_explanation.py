"""An explanation in the terminal, as JSON and as LaTeX: what the reader gets, letter by letter."""

import io
import json
import re
from collections.abc import Mapping
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from quatrain.page.explanation import as_json, as_latex, as_text
from quatrain.records import (
    Chart,
    Equation,
    Explanation,
    Formula,
    Heading,
    Heatmap,
    Matrix,
    Note,
    Part,
    Table,
)

WEIGHTS = Formula(
    "weights",
    "filters x kernel x kernel x channels",
    "8 x 5 x 5 x 3",
    600,
    "parameters",
    r"\text{filters} \times \text{kernel}^{2} \times \text{channels}",
    r"8 \times 5^{2} \times 3",
)
BIASES = Formula("biases", "filters", "8", 8, "parameters", r"\text{filters}", "8")
SHAPE = Formula("output shape", "height x width x filters", "", (28, 28, 8))
EQUATION = Equation("c = f * c", r"c = f \odot c", "the cell, kept")


def shown(*parts: Part, width: int = 80, colour: bool = False, title: str = "Title") -> str:
    console = Console(
        file=io.StringIO(),
        width=width,
        force_terminal=colour,
        color_system="truecolor" if colour else None,
        no_color=False,
        _environ={},
    )
    console.print(as_text(Explanation(title, parts)))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def lines(*parts: Part, width: int = 80) -> list[str]:
    return shown(*parts, width=width).splitlines()[2:]


def heatmap(
    values: tuple[tuple[float | None, ...], ...],
    *,
    x: tuple[str, ...] = (),
    y: tuple[str, ...] = (),
    limits: tuple[float, float] | None = None,
    diverging: bool = False,
    marks: tuple[tuple[str, ...], ...] = (),
) -> Heatmap:
    return Heatmap(
        "map",
        "A map",
        "",
        "",
        "bits",
        x or tuple(str(place) for place in range(len(values[0]))),
        y or tuple(str(place) for place in range(len(values))),
        values,
        limits,
        diverging,
        marks,
    )


class TestText:
    def test_formulas_of_one_run_are_aligned(self) -> None:
        assert lines(WEIGHTS, BIASES, SHAPE) == [
            "  weights       filters x kernel x kernel x channels",
            "                = 8 x 5 x 5 x 3 = 600 parameters",
            "  biases        filters = 8 parameters",
            "  output shape  height x width x filters = 28 x 28 x 8",
        ]

    def test_a_formula_that_fits_is_on_one_line(self) -> None:
        assert lines(WEIGHTS, width=90) == [
            "  weights  filters x kernel x kernel x channels = 8 x 5 x 5 x 3 = 600 parameters"
        ]

    def test_a_formula_that_does_not_fit_has_its_numbers_below(self) -> None:
        assert lines(WEIGHTS, width=60) == [
            "  weights  filters x kernel x kernel x channels",
            "           = 8 x 5 x 5 x 3 = 600 parameters",
        ]
        assert lines(WEIGHTS, width=34) == [
            "  weights  filters x kernel x",
            "           kernel x channels",
            "           = 8 x 5 x 5 x 3",
            "           = 600 parameters",
        ]

    @pytest.mark.parametrize(
        ("value", "wanted"),
        [
            (1234567, "1,234,567"),
            (-4, "-4"),
            (0.1 + 0.2, "0.3"),
            (1 / 3, "0.333333"),
            (1e-12 / 3, "3.33333e-13"),
            (-0.0, "0"),
            (float("inf"), "inf"),
            ((1024, 3), "1,024 x 3"),
        ],
    )
    def test_results(self, value: int | float | tuple[int, ...], wanted: str) -> None:
        assert lines(Formula("n", "", "", value)) == [f"  n  {wanted}"]

    def test_headings_open_what_follows_and_runs_stand_apart(self) -> None:
        assert shown(Note("First."), Heading("Head"), BIASES, Note("Last.")).splitlines() == [
            "Title",
            "",
            "  First.",
            "",
            "Head",
            "  biases  filters = 8 parameters",
            "",
            "  Last.",
        ]

    def test_equations_have_their_reasons_beside_them_or_below(self) -> None:
        long = Equation("a = b + b + b + b = d", "", "because")
        assert lines(EQUATION, long) == [
            "  c = f * c               the cell, kept",
            "  a = b + b + b + b = d   because",
        ]
        assert lines(EQUATION, long, width=20) == [
            "  c = f * c",
            "        the cell,",
            "        kept",
            "  a",
            "      = b + b + b +",
            "      b",
            "      = d",
            "        because",
        ]

    def test_numbers_of_a_table_stand_to_the_right_and_nothing_is_a_dash(self) -> None:
        table = Table("Counts", ("name", "n", "share"), (("a", 1200, 0.25), ("bc", None, 1 / 3)))
        assert lines(table) == [
            "  Counts",
            "  name      n     share",
            "  a     1,200      0.25",
            "  bc        -  0.333333",
        ]

    def test_a_table_too_wide_loses_digits_before_it_goes_row_by_row(self) -> None:
        table = Table("", ("one", "two"), ((0.123456789, 1.23456789e-10),))
        assert lines(table, width=26) == ["       one          two", "  0.123457  1.23457e-10"]
        assert lines(table, width=20) == ["     one        two", "  0.1235  1.235e-10"]
        assert lines(table, width=18) == ["  one  0.123457", "  two  1.23457e-10"]

    @settings(max_examples=60, deadline=None)
    @given(
        width=st.integers(24, 120),
        columns=st.lists(st.sampled_from(["n", "number of them", "share"]), min_size=1, max_size=7),
        data=st.data(),
    )
    def test_no_number_of_a_table_is_ever_cut(
        self, width: int, columns: list[str], data: st.DataObject
    ) -> None:
        numbers = st.integers(0, 10**9)
        row = tuple(data.draw(numbers) for _ in columns)
        text = shown(Table("", tuple(columns), (row,)), width=width)
        for number in row:
            assert f"{number:,}" in text.split()
        assert all(len(line) <= width for line in text.splitlines())

    def test_a_matrix_has_its_points_below_each_other(self) -> None:
        matrix = Matrix("M", ((1.0, 0.5), (-0.25, None), (12.0, 1e-7)))
        assert lines(matrix) == [
            "  M",
            "  [  1         0.5 ]",
            "  [ -0.25      .   ]",
            "  [ 12     1e-07   ]",
        ]

    def test_the_middle_of_a_large_matrix_is_left_out(self) -> None:
        rows = tuple(tuple(float(column) for column in range(50)) for _ in range(60))
        shown_lines = lines(Matrix("", rows))
        assert all(len(line) <= 80 for line in shown_lines)
        assert shown_lines[0].startswith("  [ 0  1  2 ")
        assert shown_lines[0].endswith(" 48  49 ]")
        assert " ... " in shown_lines[0]
        assert shown_lines[20] == "    ..."
        assert shown_lines[-1] == "  60 x 50; the middle is left out."
        assert len(shown_lines) == 40 + 2

    def test_a_chart_is_a_table_of_a_few_of_its_points(self) -> None:
        points = tuple(float(place) for place in range(100))
        chart = Chart(
            "c", "A curve", "steps", "nats", points, {"half": tuple(x / 2 for x in points)}
        )
        body = lines(chart)
        assert body[:3] == ["  A curve", "  steps  half", "      0     0"]
        assert body[-2:] == ["     99  49.5", "  nats; 12 of 100 points"]
        assert len(body) == 2 + 12 + 1
        short = Chart("c", "Short", "x", "nats", (1.0,), {"one": (None,)})
        assert lines(short) == ["  Short", "  x  one", "  1    -", "  nats"]

    def test_what_a_user_wrote_is_never_markup_nor_a_command_to_the_terminal(self) -> None:
        text = shown(
            Note("[bold]Bold[/bold] \x1b[31mred\x1b[0m\r\x07"),
            Table("[i]", ("[link]",), (("[red]x[/red]\x1b]0;t\x07",),)),
            heatmap(((1.0,),), x=("\x1b",), y=("[/]",)),
            title="[blink]T\x1b[2J",
        )
        assert "\x1b" not in text
        assert "\r" not in text
        assert "[bold]Bold[/bold] \ufffd[31mred" in text
        assert "[red]x[/red]" in text
        assert "[blink]T\ufffd[2J" in text

    @settings(max_examples=30, deadline=None)
    @given(width=st.integers(30, 120), title=st.text(max_size=80))
    def test_no_line_is_wider_than_the_terminal_or_ends_in_spaces(
        self, width: int, title: str
    ) -> None:
        text = shown(
            WEIGHTS,
            EQUATION,
            Note("A sentence that is long enough to be broken in a terminal of this width."),
            heatmap(tuple(tuple(float(x * y) for x in range(70)) for y in range(3))),
            Matrix("", (tuple(float(x) for x in range(40)),)),
            width=width,
        )
        assert max(map(len, text.splitlines())) <= width
        assert not [line for line in text.splitlines() if line != line.rstrip()]
        shown(Note(title), title=title, width=width)


class TestHeatmapInText:
    def test_without_colours_cells_are_characters_and_the_legend_has_the_limits(self) -> None:
        assert lines(heatmap(((0.0, 0.5, None), (1.0, 0.25, float("nan"))))) == [
            "  A map",
            "    0 1 2",
            "  0 ..++",
            "  1 @@--",
            "  0 .:-=+*#%@ 1  bits; blank: no value",
        ]

    def test_a_diverging_scale_is_neutral_in_the_middle(self) -> None:
        body = lines(heatmap(((-2.0, 0.0, 1.0),), diverging=True))
        assert body[2] == "  0 OO..**"
        assert body[3] == "  -2 Oo-.+*# 2  bits"

    def test_what_is_beyond_the_limits_has_the_colour_of_the_limit(self) -> None:
        assert lines(heatmap(((-9.0, 9.0),), limits=(0, 1)))[2] == "  0 ..@@"

    def test_equal_values_are_all_in_the_middle(self) -> None:
        body = lines(heatmap(((3.0, 3.0),)))
        assert body[2] == "  0 ++++"
        assert body[3] == "  3 everywhere  bits"

    def test_no_values_are_said_to_be_none(self) -> None:
        assert lines(heatmap(((None, float("inf")),))) == ["  A map", "  no values"]

    def test_the_letters_of_a_text_stand_together_above_their_cells(self) -> None:
        text = "So long lives this,\nand this"
        body = lines(heatmap((tuple(float(len(text)) for _ in text),), x=tuple(text), y=("h",)))
        assert body[1] == "    So long lives this,↵and this"
        assert body[2] == "  h " + "+" * len(text)

    def test_a_map_wider_than_the_terminal_goes_on_below(self) -> None:
        picture = heatmap((tuple(float(place) for place in range(100)),), x=tuple("ab" * 50))
        body = lines(picture, width=60)
        assert [len(body[place]) for place in (1, 2, 4, 5)] == [54] * 4
        assert body[3] == ""

    def test_a_map_too_large_is_thinned_and_says_so(self) -> None:
        picture = heatmap(tuple(tuple(float(y) for _ in range(1000)) for y in range(200)))
        body = lines(picture)
        assert "  64 of 200 rows are shown." in body
        assert re.fullmatch(r"  The first \d+ of 1,000 columns are shown.", body[-1])

    def test_marks_stand_in_their_cells_or_as_letters_that_are_explained(self) -> None:
        marks = (("vanishes", "stable", ""),)
        picture = heatmap(((0.0, 1.0, 2.0),), marks=marks)
        assert lines(picture)[2] == "  0 vanishes stable   @"
        body = lines(picture, width=20)
        assert body[2] == "  0 v s @@"
        assert " s stable, v vanishes" in " ".join(map(str.strip, body[3:]))

    def test_in_a_terminal_with_colours_cells_are_coloured(self) -> None:
        text = shown(heatmap(((0.0, 1.0),)), colour=True)
        assert "48;2;222;232;241m" in text
        assert "48;2;23;57;92m" in text
        assert "@" not in text


class TestJson:
    def test_every_part_has_its_kind_and_fields(self) -> None:
        curves: Mapping[str, tuple[float | None, ...]] = MappingProxyType({"a": (1.0, None)})
        parts: tuple[Part, ...] = (
            Heading("h"),
            Note("n"),
            WEIGHTS,
            SHAPE,
            EQUATION,
            Table("t", ("a", "b"), (("x", float("nan")),)),
            Matrix("m", ((1.0, None),)),
            heatmap(((float("inf"), 1.0),), limits=(0.0, 1.0)),
            Chart("c", "C", "x", "y", (0.0, 1.0), curves),
        )
        found = json.loads(as_json(Explanation("T", parts)))
        assert found["title"] == "T"
        assert [part["kind"] for part in found["parts"]] == [
            "heading",
            "note",
            "formula",
            "formula",
            "equation",
            "table",
            "matrix",
            "heatmap",
            "chart",
        ]
        assert found["parts"][2]["numbers"] == "8 x 5 x 5 x 3"
        assert found["parts"][5] == {
            "kind": "table",
            "title": "t",
            "columns": ["a", "b"],
            "rows": [["x", None]],
        }
        assert found["parts"][7]["values"] == [[None, 1.0]]
        assert found["parts"][8]["curves"] == {"a": [1.0, None]}
        assert found["values"] == {"weights": 600, "output shape": [28, 28, 8]}

    def test_numbers_keep_every_digit(self) -> None:
        explanation = Explanation("T", (Formula("n", "", "", 0.1 + 0.2),))
        assert json.loads(as_json(explanation))["values"]["n"] == 0.1 + 0.2


def environments(latex: str) -> None:
    """Assert that braces and environments close in the order they were opened."""
    opened: list[str] = []
    body = "\n".join(line for line in latex.splitlines() if not line.startswith("%"))
    for found in re.finditer(r"\\(begin|end)\{(\w+\*?)\}|\\.|[{}]", body, re.DOTALL):
        if found[1] == "begin":
            opened.append(found[2])
        elif found[1] == "end":
            assert opened.pop() == found[2]
        elif found[0] == "{":
            opened.append("{")
        elif found[0] == "}":
            assert opened.pop() == "{"
    assert not opened


class TestLatex:
    def test_a_whole_fragment(self) -> None:
        explanation = Explanation(
            "Convolution",
            (
                Heading("Parameters & more"),
                Note("A kernel is 100% {shared}."),
                WEIGHTS,
                BIASES,
                SHAPE,
                EQUATION,
                Table("", ("layer", "n"), (("conv_1", 1200), ("[x]", 0.5), ("*", None))),
                Matrix("M", ((1.0, 0.5), (None, -3e-7))),
                heatmap(((1.0,),)),
            ),
        )
        latex = as_latex(explanation)
        environments(latex)
        assert latex == (
            "% Convolution\n"
            "% Needs \\usepackage{amsmath}, and \\usepackage[T1]{fontenc} for accents.\n"
            "\n"
            "\\par\\medskip\\noindent\\textbf{Parameters \\& more}\n"
            "\n"
            "A kernel is 100\\% \\{shared\\}.\n"
            "\\begin{align*}\n"
            "  \\text{weights} &= \\text{filters} \\times \\text{kernel}^{2} \\times "
            "\\text{channels} = 8 \\times 5^{2} \\times 3 \\\\\n"
            "  &= 600\\ \\text{parameters} \\\\\n"
            "  \\text{biases} &= \\text{filters} = 8\\ \\text{parameters} \\\\\n"
            "  \\text{output shape} &= \\text{height x width x filters} = 28 \\times 28 "
            "\\times 8\n"
            "\\end{align*}\n"
            "\n"
            "\\begin{align*}\n"
            "  c &= f \\odot c \\tag*{\\footnotesize the cell, kept}\n"
            "\\end{align*}\n"
            "\n"
            "\\nopagebreak\\noindent\n"
            "\\begin{tabular}{lr}\n"
            "  layer & $n$ \\\\ \\hline\\noalign{\\vskip 2pt}\n"
            "  conv\\_1 & $1{,}200$ \\tabularnewline\n"
            "  {}[x] & $0.5$ \\tabularnewline\n"
            "  {}* & - \\tabularnewline\n"
            "\\end{tabular}\n"
            "\n"
            "\\noindent\n"
            "M\\par\\nopagebreak\n"
            "\\[\n"
            "\\begin{bmatrix}\n"
            "  1 & 0.5 \\\\\n"
            "  \\cdot & -3 \\times 10^{-7}\n"
            "\\end{bmatrix}\n"
            "\\]\n"
            "\n"
            "% Picture: A map\n"
            "% Draw it with the option --figure map.png, then:\n"
            "% \\includegraphics[width=\\linewidth]{map.png}"
        )

    def test_of_several_pictures_each_has_a_file_of_its_own(self) -> None:
        chart = Chart("curve", "A curve", "x", "y", (1.0,), {"y": (1.0,)})
        latex = as_latex(Explanation("T", (heatmap(((1.0,),)), chart)))
        assert latex.count("--figure figure.png, then:") == 2
        assert "{figure-map.png}" in latex
        assert "{figure-curve.png}" in latex

    def test_the_tab_is_before_the_first_equals_sign_outside_groups(self) -> None:
        latex = as_latex(
            Explanation("T", (Equation("", r"\sum_{k=1} \frac{a=b}{2} x = y = z", ""),))
        )
        assert r"\sum_{k=1} \frac{a=b}{2} x &= y = z" in latex
        assert "  & x" in as_latex(Explanation("T", (Equation("", "x", ""),)))

    def test_a_long_formula_is_broken_before_its_numbers(self) -> None:
        symbols = "output height x output width x filters x channels"
        latex = as_latex(Explanation("T", (Formula("n", symbols, "28 x 28 x 8 x 3", 18816),)))
        numbers = r"28 \times 28 \times 8 \times 3"
        assert f"&= \\text{{{symbols}}} \\\\\n  &= {numbers} = 18{{,}}816" in latex
        environments(latex)

    @pytest.mark.parametrize(
        ("value", "wanted"),
        [
            (float("nan"), r"\text{undefined}"),
            (float("-inf"), r"-\infty"),
            (1.5e20, r"1.5 \times 10^{20}"),
            (-0.25, "-0.25"),
        ],
    )
    def test_numbers(self, value: float, wanted: str) -> None:
        latex = as_latex(Explanation("T", (Formula("n", "", "", value),)))
        assert rf"\text{{n}} &= {wanted}" in latex

    def test_a_wide_matrix_raises_the_limit_on_columns(self) -> None:
        latex = as_latex(Explanation("T", (Matrix("", (tuple(map(float, range(12))),)),)))
        assert r"\setcounter{MaxMatrixCols}{12}" in latex

    @settings(max_examples=100, deadline=None)
    @given(text=st.text(alphabet=st.sampled_from("ab \\{}&%$#_~^<>|[]*\n\x1b…↵"), max_size=30))
    def test_any_text_leaves_the_fragment_well_formed(self, text: str) -> None:
        latex = as_latex(
            Explanation(
                text,
                (
                    Heading(text),
                    Note(text),
                    Formula(text, text, text, 3, text),
                    Equation(text, "a = b", text),
                    Table(text, (text,), ((text,),)),
                    Matrix(text, ((1.0,),)),
                ),
            )
        )
        environments(latex)
        body = [line for line in latex.splitlines() if not line.startswith("%")]
        for special in "#_~^%$":
            # Our own: signs such as an arrow, and names of one letter.
            own = re.sub(r"\$[^$]*\$", "", " ".join(body).replace(r"\$", ""))
            assert not re.findall(rf"(?<!\\){re.escape(special)}", own)
