"""Grids and bars in a terminal, and the files of several pictures."""

import io
import re
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from quatrain.errors import OutputError
from quatrain.explain import convolution, linear, lstm, pooling_corners, pooling_of
from quatrain.page.explanation import as_json, as_text
from quatrain.page.figures import check_figure, picture_files
from quatrain.records import Bars, CellGrid, Explanation, Grids, Hatching, Outline, Picture


def typed(
    *pictures: Picture, width: int = 80, encoding: str = "utf-8", colours: str | None = None
) -> str:
    """What a terminal shows of pictures."""
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(
        file=file, width=width, highlight=False, force_terminal=colours is not None,
        color_system="truecolor" if colours else None,
    )  # fmt: skip
    console.print(as_text(Explanation("", pictures)))
    file.flush()
    file.seek(0)
    return file.read()


def grid(**options: object) -> CellGrid:
    settings = {
        "title": "An image",
        "values": ((1, 2, 3), (4, None, 6)),
        "rows": ("0", "1"),
        "columns": ("0", "1", "2"),
        **options,
    }
    return CellGrid(**settings)  # type: ignore[arg-type]


def picture(*grids: CellGrid) -> Grids:
    return Grids("p", "A picture", (grids,))


PICTURES = {
    "corners": pooling_corners().pictures[0],
    "pooled": pooling_of([[1.5, -2.25], [3.0, 4.0]], window=1).pictures[0],
    "image": convolution((32, 31, 3), filters=2, kernel=5, stride=3).pictures[0],
    "text": convolution((40, 3), filters=2, kernel=5, padding=2).pictures[0],
    "long text": convolution((90_000, 3), filters=2, kernel=5, stride=1_000).pictures[0],
    "linear": linear(7, 8).pictures[0],
    "lstm": lstm(64, 512).pictures[0],
    "bars": Bars("b", "Amounts", "parameters", ("a" * 60, "b"), (12_345_678, 0)),
}


@pytest.mark.parametrize("width", range(40, 121, 16))
@pytest.mark.parametrize("name", PICTURES)
def test_no_line_is_wider_than_the_terminal(name: str, width: int) -> None:
    for encoding in ("utf-8", "ascii"):
        text = typed(PICTURES[name], width=width, encoding=encoding)
        assert max(map(cell_len, text.split("\n"))) <= width
        assert text.isascii() or encoding == "utf-8"


def test_a_window_is_a_box_and_patterns_are_signs() -> None:
    shown = typed(
        picture(
            grid(
                hatchings=(
                    Hatching("never seen", ((1, 1), (1, 2))),
                    Hatching("padding", ((0, 2),), "dots"),
                ),
                outlines=(Outline("first window", ((0, 0), (0, 1))),),
            )
        )
    )
    assert [line.strip() for line in shown.split("\n")[2:]] == [
        "A picture",
        "An image",
        "0  1   2",
        "┌──────┐",
        "0 │ 1  2 │.3.",
        "└──────┘",
        "1   4 /// /6/",
        "┌┐ first window   /// never seen   ... padding",
        "",
    ]


def test_overlapping_windows_have_lines_of_their_own() -> None:
    two = grid(
        values=((0,) * 3,) * 3, rows=(), columns=(),
        outlines=(
            Outline("first", ((0, 0), (0, 1), (1, 0), (1, 1))),
            Outline("last", ((1, 1), (1, 2), (2, 1), (2, 2))),
        ),
    )  # fmt: skip
    shown = typed(picture(two))
    assert [line.strip() for line in shown.split("\n")[4:-2]] == [
        "┌───────┐",
        "│ 0   0 │ 0",
        "│   ┏━━━┼━━━┓",
        "│ 0 ┃ 0 │ 0 ┃",
        "└───┼───┘   ┃",
        "0 ┃ 0   0 ┃",
        "┗━━━━━━━┛",
    ]
    assert "┌┐ first   ┏┓ last" in shown


def test_what_does_not_fit_beside_stands_below() -> None:
    both = picture(grid(), grid(title="The result", sign="maximum"))
    wide, narrow = typed(both, width=60), typed(both, width=30)
    assert re.search(r"An image +The result", wide)
    assert "An image\n" in narrow
    assert narrow.index("maximum") < narrow.index("The result")


def test_gaps_are_marked_in_both_directions() -> None:
    shown = typed(picture(grid(row_gaps=(1,), column_gaps=(2,))))
    assert "1  2 …  3" in shown
    assert "⋮" in shown


def test_shades_are_colours_or_characters() -> None:
    shaded = picture(CellGrid("Many", (tuple(range(60)),), shaded=True))
    plain = typed(shaded, width=70)
    assert re.search(r"\.+:+-+=+\++\*+#+%+@+", plain)
    assert "48;2;23;57;92" in typed(shaded, width=70, colours="yes")


def test_bars_have_their_intervals_beside_their_numbers() -> None:
    bars = Bars("b", "Shares", "%", ("a", "b"), (51.515, 0.0), ((40.31, 64.2), (0.0, 5.44)))
    shown = typed(bars, width=60)
    assert "51.5 (40.3 to 64.2)" in shown
    assert "0 (0 to 5.44)" in shown


def test_bars_are_as_long_as_their_numbers() -> None:
    shown = typed(Bars("b", "Amounts", "numbers", ("a", "b", "c", "d"), (400, 200, 1, 0)), width=60)
    lines = {line.split()[0]: line for line in shown.split("\n")[3:-1]}
    assert [lines[name].count("█") for name in "abcd"] == [40, 20, 1, 0]
    assert lines["a"].endswith(" 400")
    assert "Amounts (numbers)" in shown


def test_json_has_every_cell_and_mark() -> None:
    import json

    part = json.loads(as_json(Explanation("T", (picture(grid(shaded=True)),))))["parts"][0]
    assert part["kind"] == "grids"
    assert part["bands"][0][0]["values"] == [[1, 2, 3], [4, None, 6]]
    assert part["bands"][0][0]["shaded"] is True


def named(*names: str) -> list[Picture]:
    return [Bars(name, "", "", (), ()) for name in names]


@pytest.mark.parametrize(
    ("names", "file", "files"),
    [
        (["flow-cell"], "flow.png", ["flow.png"]),
        (["flow-cell", "flow-network"], "flow.png", ["flow-cell.png", "flow-network.png"]),
        (["gradient-flow", "other"], "flow.svg", ["flow-gradient.svg", "flow-other.svg"]),
        (["flow", "other"], "flow.svg", ["flow.svg", "flow-other.svg"]),
        (["a", "b"], "out.png", ["out-a.png", "out-b.png"]),
        (["a-b", "b"], "a.png", ["a-a-b.png", "a-b.png"]),
        (["same", "same"], "out.png", ["out-same.png", "out-same-2.png"]),
        (["a.b", "b"], "x.y.png", ["x.y-a.b.png", "x.y-b.png"]),
    ],
)
def test_files_of_pictures_have_no_doubles(
    names: list[str], file: str, files: list[str], tmp_path: Path
) -> None:
    found = picture_files(named(*names), tmp_path / file)
    assert [path.name for path in found] == files
    assert {path.parent for path in found} == {tmp_path}


def test_a_folder_takes_the_names_of_the_pictures(tmp_path: Path) -> None:
    assert picture_files(named("a", "b"), tmp_path) == (tmp_path / "a.png", tmp_path / "b.png")
    check_figure(tmp_path)
    with pytest.raises(OutputError, match="no suffix, and no folder of that name"):
        check_figure(tmp_path / "none")
    with pytest.raises(OutputError, match=r"the suffix '\.gif'"):
        check_figure(tmp_path / "none.gif")
