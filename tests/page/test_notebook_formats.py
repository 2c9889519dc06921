"""Records as LaTeX, images and figures for a notebook; mistakes in a notebook as sentences."""

import io
import re
import sys
from pathlib import Path
from typing import Any

import pytest

import quatrain
from quatrain.errors import ExtraError, InternalError, SettingsError, UserError
from quatrain.page.notebook_formats import as_figure, as_image, as_latex
from quatrain.records import Chart, Equation, Explanation, Formula, Heatmap, Matrix, Note, Table

HEATMAP = Heatmap("gates", "The gates", "step", "gate", "value", ("1",), ("i", "f"), ((0.5,), (1,)))
CHART = Chart("norms", "The norms", "step", "norm", (0.0, 1.0), {"c": (1.0, 0.5)})
BOTH = Explanation("Two pictures", (HEATMAP, Note("between"), CHART))
ONE = Explanation("One picture", (CHART,))
NONE = Explanation("No picture", (Note("text"),))


# LaTeX


def test_single_parts_are_latex() -> None:
    formula = Formula("weights", "outputs", "3", 3, "", r"\text{outputs}", "3")
    assert r"\text{weights} &= \text{outputs} = 3" in formula._repr_latex_()
    assert r"a &= b \tag*{\footnotesize why}" in Equation("a = b", "a = b", "why")._repr_latex_()
    assert r"\begin{bmatrix}" in Matrix("", ((1.0,),))._repr_latex_()
    assert r"\begin{tabular}{lr}" in Table("", ("a", "n"), (("x", 1),))._repr_latex_()


def test_an_explanation_is_latex_with_its_title_and_without_comments() -> None:
    latex = quatrain.explain.linear(4, 3)._repr_latex_()
    assert r"\textbf{Linear layer from 4 to 3 numbers}" in latex
    assert not re.search("^%", latex, re.MULTILINE)


def test_latex_names_the_pictures_it_lacks() -> None:
    latex = BOTH._repr_latex_()
    assert "Picture: The gates. To have it here, end a cell with .figure('gates')." in latex


def test_a_sheet_is_latex_without_solutions() -> None:
    latex = quatrain.exercise("convolution", seed="Ada")._repr_latex_()
    assert r"\section*{Convolution, level 1}" in latex
    assert "Solution" not in latex


def test_hostile_text_is_escaped_in_latex() -> None:
    latex = Explanation("50% & $x$", (Note(r"\input{/etc/passwd}"),))._repr_latex_()
    assert r"50\% \& \$x\$" in latex
    assert r"\textbackslash{}input\{/etc/passwd\}" in latex


def test_other_objects_have_no_latex_and_are_no_pictures() -> None:
    with pytest.raises(TypeError, match="int has no LaTeX"):
        as_latex(3)
    with pytest.raises(TypeError, match="Note is no picture"):
        as_image(Note("a"), "svg")
    with pytest.raises(TypeError, match="int is no picture"):
        as_figure(3)


# Images


@pytest.mark.parametrize("picture", [HEATMAP, CHART], ids=["heatmap", "chart"])
def test_a_picture_is_an_image_of_three_kinds(picture: Heatmap | Chart) -> None:
    pytest.importorskip("matplotlib")
    svg, png, pdf = picture._repr_svg_(), picture._repr_png_(), picture._repr_pdf_()
    assert svg is not None
    assert svg.startswith("<svg ")
    assert png is not None
    assert png.startswith(b"\x89PNG")
    assert pdf is not None
    assert pdf.startswith(b"%PDF")
    assert (svg, png, pdf) == (picture._repr_svg_(), picture._repr_png_(), picture._repr_pdf_())
    assert picture._repr_html_() is None  # a notebook would show it instead of the SVG


def test_a_picture_is_text_without_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert CHART._repr_svg_() is CHART._repr_png_() is CHART._repr_pdf_() is None
    text = CHART._repr_html_()
    assert text is not None
    assert "The norms" in text
    with pytest.raises(ExtraError, match="matplotlib"):
        CHART.figure()


# Figures


def test_an_explanation_gives_its_figures() -> None:
    pytest.importorskip("matplotlib")
    figure = ONE.figure()
    assert figure.axes[0].get_title("left") == "The norms"
    for name in ("gates", "The gates"):
        assert BOTH.figure(name).axes[0].get_title("left") == "The gates"
    assert BOTH.figure("norms").axes[0].get_xlabel() == "step"


def test_a_figure_can_be_changed_and_saved() -> None:
    pytest.importorskip("matplotlib")
    figure = CHART.figure()
    figure.axes[0].set_title("Mine")
    file = io.BytesIO()
    figure.savefig(file, format="svg")
    assert b"<!-- Mine -->" in file.getvalue()


def test_a_figure_shows_itself_without_pyplot() -> None:
    pytest.importorskip("matplotlib")
    png, size = CHART.figure()._repr_png_()
    assert png.startswith(b"\x89PNG")
    assert size == {"width": 672, "height": 403}
    assert int.from_bytes(png[16:20], "big") == 2 * size["width"]


@pytest.mark.parametrize(
    ("explanation", "name", "sentence"),
    [
        (NONE, "", "This explanation has no figure. Print it to see what it has."),
        (
            NONE,
            "x",
            "This explanation has no figure called 'x'. Print it to see what it has.",
        ),
        (
            BOTH,
            "",
            "This explanation has 2 figures. "
            "Write explanation.figure('gates') or explanation.figure('norms').",
        ),
        (
            ONE,
            "gates",
            "This explanation has no figure called 'gates'. Write explanation.figure('norms').",
        ),
    ],
)
def test_a_figure_that_is_not_there(explanation: Explanation, name: str, sentence: str) -> None:
    with pytest.raises(SettingsError) as caught:
        explanation.figure(name)
    assert str(caught.value) == sentence


# Mistakes


def test_a_mistake_is_shown_as_its_sentence() -> None:
    error = UserError("the file", "nothing", "a poem", "Write one.")
    assert error._render_traceback_() == ["the file: got nothing; expected a poem. Write one."]
    assert not hasattr(InternalError("a bug"), "_render_traceback_")


OWN = "import quatrain\ndef own():\n    return quatrain.read('nowhere.txt')\n"
CELLS = {
    "a call": "import quatrain\nquatrain.read('nowhere.txt')",
    "a function of the user": OWN + "own()",
    "a cause": (
        OWN + "try:\n    own()\nexcept quatrain.UserError as error:\n"
        "    raise quatrain.UserError('a', 'b', 'c', 'Say why.') from error"
    ),
    "another error's cause": (
        OWN + "try:\n    own()\nexcept quatrain.UserError as error:\n"
        "    raise ValueError('mine') from error"
    ),
    "a bug": "from quatrain.errors import InternalError\nraise InternalError('a bug')",
    "a picture": (
        "from quatrain.records import Chart\n"
        "chart = Chart('c', 'Curve', 'x', 'y', (0.0, 1.0), {'a': (0.0, 1.0)})\nchart"
    ),
    "a figure": "chart.figure()",
    "a formula": "quatrain.explain.linear(4, 3).formulas['weights']",
}


@pytest.mark.slow
def test_a_real_notebook(tmp_path: Path) -> None:
    nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed")
    nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed")
    pytest.importorskip("ipykernel", reason="ipykernel is not installed")
    pytest.importorskip("matplotlib")
    cells = [nbformat.v4.new_code_cell(code) for code in CELLS.values()]
    notebook = nbformat.v4.new_notebook(cells=cells)
    resources = {"metadata": {"path": str(tmp_path)}}
    nbclient.NotebookClient(notebook, timeout=120, allow_errors=True, resources=resources).execute()
    outputs: dict[str, Any] = {}
    for name, cell in zip(CELLS, notebook.cells, strict=True):
        (outputs[name],) = cell.outputs
    tracebacks = {
        name: "\n".join(output.traceback)
        for name, output in outputs.items()
        if output.output_type == "error"
    }
    sentence = "There is no file or folder nowhere.txt. Check the path."
    assert tracebacks["a call"] == tracebacks["a function of the user"] == sentence
    assert tracebacks["a cause"] == "a: got b; expected c. Say why."
    assert "Traceback" in tracebacks["another error's cause"]
    assert "Traceback" in tracebacks["a bug"]
    picture = {"image/svg+xml", "image/png", "application/pdf", "text/plain"}
    assert set(outputs["a picture"].data) == picture
    assert set(outputs["a figure"].data) == {"image/png", "text/plain"}
    assert set(outputs["a formula"].data) == {"text/html", "text/latex", "text/plain"}
