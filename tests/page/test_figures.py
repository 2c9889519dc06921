"""Pictures in files: what is in them, the same bytes each time, and what is refused."""

import math
import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from quatrain.errors import ExtraError, OutputError
from quatrain.page.figures import draw, figure_of
from quatrain.page.scale import abbreviations, colour, is_dark, limits, position
from quatrain.records import Bars, CellGrid, Chart, Grids, Hatching, Heatmap, Outline, Picture

PNG = b"\x89PNG\r\n\x1a\n"


def heatmap(
    values: tuple[tuple[float | None, ...], ...] = ((0.0, 0.5), (1.0, None)),
    *,
    x: tuple[str, ...] = (),
    given: tuple[float, float] | None = None,
    diverging: bool = False,
    marks: tuple[tuple[str, ...], ...] = (),
) -> Heatmap:
    columns = x or tuple(map(str, range(len(values[0]))))
    rows = tuple(f"row {place}" for place in range(len(values)))
    return Heatmap(
        "map", "A map", "across", "down", "bits", columns, rows, values, given, diverging, marks
    )


def chart(*, logarithmic: bool = False, curves: int = 2) -> Chart:
    x = tuple(float(place) for place in range(30))
    named = {
        f"curve {number}": tuple(None if place == 7 else math.exp(-place * number) for place in x)
        for number in range(curves)
    }
    return Chart("chart", "Some curves", "steps", "norm", x, named, logarithmic)


def grids() -> Grids:
    """Two grids with everything a grid can have, and one below."""
    image = CellGrid(
        "An image",
        ((1, 0.5, None), ("a", float("nan"), -2)),
        shaded=True,
        rows=("0", "9"),
        columns=("0", "1", "12"),
        row_gaps=(1,),
        column_gaps=(2,),
        hatchings=(
            Hatching("never seen", ((0, 2), (1, 2))),
            Hatching("padding", ((1, 0),), "dots"),
        ),
        outlines=(
            Outline("first window", ((0, 0), (0, 1), (1, 0))),
            Outline("last window", ((0, 2), (1, 1))),
        ),
    )
    blank = CellGrid("A $grid$ of many", ((None,) * 40,) * 30, sign="maximum of each window")
    return Grids("grids", "Grids of cells", ((image, blank), (CellGrid("Below", ((7,),)),)))


BARS = Bars("bars", "Amounts", "parameters", ("a $layer$", "lstm.0"), (0, 123_456))

PICTURES: dict[str, Picture] = {
    "grids": grids(),
    "a grid without cells": Grids("g", "t", ((CellGrid("none", ()),),)),
    "no grid": Grids("g", "t", ()),
    "bars": BARS,
    "no bars": Bars("b", "t", "v", (), ()),
    "bars with intervals": Bars("b", "t", "%", ("a", "b"), (0.0, 51.515), ((0, 4.2), (40, 64.2))),
    "bars of nothing": Bars("b", "t", "v", ("a",), (0.0,)),
    "heat map": heatmap(),
    "one row": heatmap(((1.0, 2.0, 3.0),)),
    "one cell": heatmap(((1.0,),)),
    "equal values": heatmap(((2.0, 2.0),)),
    "equal to 0": heatmap(((0.0, 0.0),)),
    "no value": heatmap(((None, float("nan")),)),
    "infinite": heatmap(((float("inf"), 1.0),)),
    "beyond its limits": heatmap(((-5.0, 5.0),), given=(0.0, 1.0)),
    "marks that fit": heatmap(((0.0, 1.0),), marks=(("low", "high"),), diverging=True),
    "marks that do not fit": heatmap(
        (tuple(map(float, range(60))),), marks=(("vanishes", "stable", "") * 20,)
    ),
    "marks that begin alike": heatmap(
        (tuple(map(float, range(60))),), marks=(("stable", "steady") * 30,)
    ),
    "dollars and breaks": heatmap(((1.0, 2.0, 3.0),), x=("$", "\n", "a $b$ \\frac{")),
    "letters no font has": heatmap(((1.0, 2.0),), x=("\U000e0041", "詩")),
    "long labels": heatmap(((1.0, 2.0),), x=("position in the line, counted " * 4, "b")),
    "chart": chart(),
    "logarithms": chart(logarithmic=True),
    "many curves": chart(curves=9),
    "no logarithm": Chart("c", "t", "x", "y", (1.0, 2.0), {"y": (0.0, -1.0)}, True),
    "only gaps": Chart("c", "t", "x", "y", (1.0, 2.0), {"y": (None, None)}),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_is_drawn(name: str, tmp_path: Path) -> None:
    draw(PICTURES[name], tmp_path / "picture.PNG")
    assert (tmp_path / "picture.PNG").read_bytes().startswith(PNG)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["svg", "png"])
@pytest.mark.parametrize(
    "picture", [heatmap(), chart(), grids(), BARS], ids=["heat map", "chart", "grids", "bars"]
)
def test_the_same_picture_has_the_same_bytes(picture: Picture, suffix: str, tmp_path: Path) -> None:
    import matplotlib

    first, second = (tmp_path / f"{name}.{suffix}" for name in ("first", "second"))
    draw(picture, first)
    with matplotlib.rc_context({"font.size": 20, "axes.facecolor": "red", "svg.hashsalt": "x"}):
        draw(picture, second)
        assert matplotlib.rcParams["font.size"] == 20
    assert first.read_bytes() == second.read_bytes()


def test_an_svg_is_xml_without_a_date(tmp_path: Path) -> None:
    draw(heatmap(x=("<&>", "b")), tmp_path / "picture.svg")
    text = (tmp_path / "picture.svg").read_text(encoding="utf-8")
    assert ElementTree.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"
    assert "dc:date" not in text
    # Letters are drawn as outlines; matplotlib notes beside them what they spell.
    assert "<!-- A map -->" in text
    assert "<!-- bits -->" in text


def spelled(picture: Picture, tmp_path: Path) -> list[str]:
    """Every text in a picture, in the order it is drawn."""
    draw(picture, tmp_path / "picture.svg")
    text = (tmp_path / "picture.svg").read_text(encoding="utf-8")
    return re.findall(r"<!-- (.*?) -->", text, re.DOTALL)


def test_axes_limits_and_marks_are_written_out(tmp_path: Path) -> None:
    found = spelled(
        heatmap(((0.0, 8.0),), marks=(("low", "high"),), x=("first", "second")), tmp_path
    )
    for wanted in ("A map", "across", "down", "bits", "first", "second", "row 0", "low", "high"):
        assert wanted in found
    assert {"0", "8"} <= set(found)


@pytest.mark.slow
def test_marks_too_wide_become_letters_explained_below(tmp_path: Path) -> None:
    found = spelled(PICTURES["marks that do not fit"], tmp_path)
    assert found.count("v") == found.count("s") == 20
    assert any("s stable, v vanishes" in text for text in found)
    assert "stable" not in " ".join(spelled(PICTURES["marks that begin alike"], tmp_path))


def test_a_dollar_is_a_dollar_and_a_line_break_is_seen(tmp_path: Path) -> None:
    found = spelled(heatmap(((1.0, 2.0, 3.0),), x=("$", "\n", "$1$")), tmp_path)
    assert {"$", "↵", "$1$"} <= set(found)


def test_a_chart_names_its_curves_unless_there_is_but_the_axis(tmp_path: Path) -> None:
    assert {"curve 0", "curve 1", "steps", "norm"} <= set(spelled(chart(), tmp_path))
    alone = Chart("c", "t", "x", "norm", (1.0, 2.0), {"norm": (1.0, 2.0)})
    assert spelled(alone, tmp_path).count("norm") == 1


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "picture.gif"
    message = (
        f"the picture {path}: got the suffix '.gif'; expected '.svg' or '.png'. "
        "Choose a file name that ends in one of these."
    )
    with pytest.raises(OutputError, match=f"^{re.escape(message)}$"):
        draw(heatmap(), path)
    with pytest.raises(OutputError, match="got no suffix; expected"):
        draw(heatmap(), tmp_path / "picture")
    assert not list(tmp_path.iterdir())


def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "none"
    message = (
        f"the picture {folder / 'picture.svg'}: got no such folder; expected a folder that "
        f"exists. Create {folder} first, or choose another folder."
    )
    with pytest.raises(OutputError, match=f"^{re.escape(message)}$"):
        draw(heatmap(), folder / "picture.svg")


def test_a_file_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "picture.svg"
    path.mkdir()
    message = (
        f"{path}: got is a directory; expected a file that can be written. "
        "Choose another place, or fix its permissions."
    )
    with pytest.raises(OutputError, match=f"^{re.escape(message)}$"):
        draw(heatmap(), path)


def test_without_matplotlib_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [each for each in sys.modules if each.partition(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    message = (
        "The picture needs the package 'matplotlib'. "
        "Install it, in Quatrain's source folder, with: pip install '.[plot]'"
    )
    with pytest.raises(ExtraError, match=f"^{re.escape(message)}$"):
        draw(heatmap(), tmp_path / "picture.png")


def test_limits_fit_the_values_and_a_diverging_scale_is_as_wide_on_both_sides() -> None:
    assert limits(heatmap(((-1.0, 3.0, None),))) == (-1.0, 3.0)
    assert limits(heatmap(((-1.0, 3.0, None),), diverging=True)) == (-3.0, 3.0)
    assert limits(heatmap(((-1.0, 3.0),), given=(0.0, 1.0))) == (0.0, 1.0)
    assert limits(heatmap(((None, float("nan")),))) is None


def test_places_and_colours() -> None:
    assert [position(value, (2.0, 4.0)) for value in (1.0, 2.0, 3.0, 9.0)] == [0.0, 0.0, 0.5, 1.0]
    assert position(5.0, (5.0, 5.0)) == 0.5
    scale = ((0, 0, 0), (100, 200, 50), (255, 255, 255))
    assert [colour(place, scale) for place in (0.0, 0.25, 0.5, 1.0)] == [
        (0, 0, 0),
        (50, 100, 25),
        (100, 200, 50),
        (255, 255, 255),
    ]
    assert is_dark((23, 57, 92))
    assert not is_dark((244, 244, 244))


def test_marks_are_shortened_only_if_their_letters_tell_them_apart() -> None:
    assert abbreviations(heatmap(((1.0, 2.0),), marks=(("up", ""),))) == {"up": "u"}
    assert abbreviations(heatmap(((1.0, 2.0),), marks=(("up", "under"),))) == {}


def test_the_first_bar_is_at_the_top() -> None:
    (axes,) = figure_of(BARS).axes
    assert axes.yaxis_inverted()
    assert [label.get_text() for label in axes.get_yticklabels()] == [r"a \$layer\$", "lstm.0"]
