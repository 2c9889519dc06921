"""Pictures as matplotlib figures and as files, whatever your matplotlib settings are."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from quatrain.errors import ExtraError, OutputError
from quatrain.page.figures.bars import draw_bars
from quatrain.page.figures.chart import draw_chart
from quatrain.page.figures.grids import draw_grids
from quatrain.page.figures.heatmap import draw_heatmap
from quatrain.page.figures.text import NORMAL, SMALL
from quatrain.records import Bars, Chart, Grids, Heatmap, Picture

if TYPE_CHECKING:
    from quatrain.page.figures.notebook_figure import NotebookFigure

SUFFIXES = (".svg", ".png")
"""Suffixes of the files a picture can be drawn to."""

_DPI = 150
_DATED = {"svg": "Date", "pdf": "CreationDate", "png": "Software"}
"""Kind of a file -> what matplotlib writes into it that differs from day to day or release to
release."""


def figure_of(picture: Picture) -> NotebookFigure:
    """Return a picture as a matplotlib figure, which belongs to no window.

    Raises:
        ExtraError: matplotlib is not installed.
    """
    with _settings(picture):
        from quatrain.page.figures.notebook_figure import NotebookFigure

        figure = NotebookFigure()
        match picture:
            case Heatmap():
                draw_heatmap(picture, figure)
            case Chart():
                draw_chart(picture, figure)
            case Bars():
                draw_bars(picture, figure)
            case Grids():
                draw_grids(picture, figure)
        return figure


def draw(picture: Picture, path: str | Path) -> None:
    """Draw a picture to a file, replacing an existing one.

    Args:
        picture: the picture.
        path: the file; its suffix chooses SVG or PNG (150 dots per inch).

    Raises:
        OutputError: the suffix is not supported, or the file cannot be written.
        ExtraError: matplotlib is not installed.
    """
    path = Path(path)
    check_path(path)
    data = image(picture, "svg" if path.suffix.lower() == ".svg" else "png")
    try:
        path.write_bytes(data)
    except OSError as error:
        raise OutputError(
            str(path),
            (error.strerror or str(error)).lower(),
            "a file that can be written",
            "Choose another place, or fix its permissions.",
        ) from error


def image(picture: Picture, kind: Literal["svg", "png", "pdf"]) -> bytes:
    """Return a picture as the content of an SVG, PDF or PNG file (150 dots per inch).

    Raises:
        ExtraError: matplotlib is not installed.
    """
    figure = figure_of(picture)
    file = io.BytesIO()
    with _settings(picture):
        figure.savefig(file, format=kind, dpi=_DPI, metadata={_DATED[kind]: None})
    return file.getvalue()


def check_path(path: Path) -> None:
    """Raise `OutputError` if no picture can be drawn there."""
    if path.suffix.lower() not in SUFFIXES:
        raise OutputError(
            f"the picture {path}",
            f"the suffix {path.suffix!r}" if path.suffix else "no suffix",
            " or ".join(map(repr, SUFFIXES)),
            "Choose a file name that ends in one of these.",
        )
    if not path.parent.is_dir():
        raise OutputError(
            f"the picture {path}",
            "no such folder",
            "a folder that exists",
            f"Create {path.parent} first, or choose another folder.",
        )


@contextmanager
def _settings(picture: Picture) -> Iterator[None]:
    """Use matplotlib with our settings, and leave the user's as they were."""
    try:
        import matplotlib
    except ModuleNotFoundError as error:
        raise ExtraError.missing("the picture", "matplotlib", "plot") from error
    with matplotlib.rc_context(), warnings.catch_warnings():
        # A character the font lacks is drawn as a box, which needs no warning.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(
            {
                "svg.hashsalt": f"quatrain-{picture.name}",
                "axes.titlesize": NORMAL,
                "axes.labelsize": NORMAL,
                "xtick.labelsize": SMALL,
                "ytick.labelsize": SMALL,
                "legend.fontsize": SMALL,
                "axes.spines.top": False,
                "axes.spines.right": False,
            }
        )
        yield
