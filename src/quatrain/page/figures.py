"""Pictures of an explanation, drawn to files: heat maps and charts, as SVG or PNG.

`draw` writes a `Heatmap` or a `Chart` to a file. With the same matplotlib, the same picture always
gives the same bytes, whatever your matplotlib settings are.
"""

from __future__ import annotations

import math
import textwrap
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quatrain.errors import ExtraError, OutputError
from quatrain.page.numbers import LINE_BREAK, number, printable
from quatrain.page.scale import abbreviations, colour, is_dark, is_finite, limits, position, stops
from quatrain.records import Chart, Heatmap, Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SUFFIXES = (".svg", ".png")
"""Suffixes of the files a picture can be drawn to."""

_LINES = ("#2b5c8a", "#b3372f", "#8a8a8a", "#4c8055", "#c08a2e", "#6d5087")
_DASHES = ("-", "--", ":", "-.")
_GRID = "#e5e5e5"
_DPI = 150
_LONGEST_LABEL = 48
_FEW_POINTS = 24
_SMALL, _NORMAL = 7.5, 9.0
"""Font sizes in points."""

_INCHES_PER_LETTER = 0.075
"""Approximate width of a small letter, half the height of a line."""


def draw(picture: Picture, path: str | Path) -> None:
    """Draw a picture to a file, replacing an existing one.

    Args:
        picture: a heat map or a chart.
        path: the file; its suffix chooses SVG or PNG (150 dots per inch).

    Raises:
        OutputError: the suffix is not supported, or the file cannot be written.
        ExtraError: matplotlib is not installed.
    """
    path = Path(path)
    check_path(path)
    try:
        import matplotlib
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise ExtraError.missing("the picture", "matplotlib", "plot") from error

    with matplotlib.rc_context(), warnings.catch_warnings():
        # A character the font lacks is drawn as a box, which needs no warning.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(
            {
                "svg.hashsalt": f"quatrain-{picture.name}",
                "axes.titlesize": _NORMAL,
                "axes.labelsize": _NORMAL,
                "xtick.labelsize": _SMALL,
                "ytick.labelsize": _SMALL,
                "legend.fontsize": _SMALL,
                "axes.spines.top": False,
                "axes.spines.right": False,
            }
        )
        figure = Figure(layout="constrained")
        FigureCanvasAgg(figure)
        if isinstance(picture, Heatmap):
            _heatmap(picture, figure)
        else:
            _chart(picture, figure)
        vector = path.suffix.lower() == ".svg"
        try:
            figure.savefig(
                path,
                format="svg" if vector else "png",
                dpi=_DPI,
                metadata={"Date": None} if vector else {"Software": None},
            )
        except OSError as error:
            raise OutputError(
                str(path),
                (error.strerror or str(error)).lower(),
                "a file that can be written",
                "Choose another place, or fix its permissions.",
            ) from error


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


def _chart(chart: Chart, figure: Figure) -> None:
    figure.set_size_inches(7.0, 4.2)
    axes = figure.add_subplot()
    positive = False
    for count, (name, curve) in enumerate(chart.curves.items()):
        values = [value if is_finite(value) else math.nan for value in curve]
        positive = positive or any(value > 0 for value in values)
        axes.plot(
            chart.x,
            values,
            color=_LINES[count % len(_LINES)],
            linestyle=_DASHES[count // len(_LINES) % len(_DASHES)],
            marker="." if len(chart.x) <= _FEW_POINTS or _scattered(values) else "",
            label=_text(name),
        )
    if chart.logarithmic and positive:
        axes.set_yscale("log", nonpositive="mask")
    axes.grid(color=_GRID, linewidth=0.6)
    _set_title(axes, chart.title, 7.0)
    axes.set_xlabel(_text(chart.x_label))
    axes.set_ylabel(_text(chart.y_label))
    if len(chart.curves) > len(_LINES):
        axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
    elif len(chart.curves) > 1 or set(chart.curves) - {chart.y_label}:
        axes.legend(frameon=False)


def _scattered(values: Sequence[float]) -> bool:
    """Return whether a point has gaps on both sides, where a line would not show it."""
    padded = [math.nan, *values, math.nan]
    return any(
        math.isnan(before) and not math.isnan(value) and math.isnan(after)
        for before, value, after in zip(padded, padded[1:], padded[2:], strict=False)
    )


@dataclass(frozen=True, slots=True)
class _Layout:
    """Sizes of a heat map in inches.

    Attributes:
        wide, tall: the size of the map itself.
        width, height: the size of the whole picture.
        turned: whether the labels of the columns are turned by 90 degrees.
        longest: letters of the longest column label.
    """

    wide: float
    tall: float
    width: float
    height: float
    turned: bool
    longest: int

    @classmethod
    def of(cls, picture: Heatmap, x: Sequence[str], y: Sequence[str]) -> _Layout:
        """Compute the layout from the labels of the columns and rows."""
        margin = 1.9 + _INCHES_PER_LETTER * max(map(len, y), default=0)
        wide = min(max(0.17 * len(x), _mark_width(picture) * len(x), 2.6), 12.0)
        tall = min(max(0.19 * len(y), 0.6), 10.0)
        longest = max(map(len, x), default=0)
        turned = longest > 4 and (longest + 1) * _INCHES_PER_LETTER * len(x) > wide
        below = _INCHES_PER_LETTER * longest if turned else 0.2
        title = textwrap.wrap(picture.title, _letters(wide + margin))
        height = tall + below + 0.5 + 0.17 * len(title)
        return cls(wide, tall, wide + margin, height, turned, longest)


def _heatmap(picture: Heatmap, figure: Figure) -> None:
    x, y = ([_short(label) for label in labels] for labels in (picture.x, picture.y))
    layout = _Layout.of(picture, x, y)
    figure.set_size_inches(layout.width, max(layout.height, 1.7))
    axes = figure.add_subplot()
    _set_title(axes, picture.title, layout.width)
    axes.set_xlabel(_text(picture.x_label))
    axes.set_ylabel(_text(picture.y_label))
    ends = limits(picture)
    if ends is None or not x:
        axes.set_xticks([])
        axes.set_yticks([])
        axes.text(0.5, 0.5, "no values", ha="center", va="center", transform=axes.transAxes)
        return
    _cells(picture, figure, axes, ends, layout)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.tick_params(length=2)
    letter = 0.09 if layout.longest == 1 else _INCHES_PER_LETTER * (layout.longest + 1)
    step = _step(len(x), layout.wide, 0.14 if layout.turned else letter)
    rotation = 90 if layout.turned else 0
    axes.set_xticks(range(0, len(x), step), map(_text, x[::step]), rotation=rotation)
    step = _step(len(y), layout.tall, 0.13)
    axes.set_yticks(range(0, len(y), step), map(_text, y[::step]))
    if _longest_mark(picture):
        _marks(picture, axes, ends, layout.wide / len(x))


def _cells(
    picture: Heatmap, figure: Figure, axes: Axes, ends: tuple[float, float], layout: _Layout
) -> None:
    """Draw the coloured cells and the colour bar."""
    from matplotlib.colors import LinearSegmentedColormap, Normalize

    colours = LinearSegmentedColormap.from_list(
        "house", [tuple(part / 255 for part in stop) for stop in stops(picture)]
    )
    low, high = ends
    if low == high:  # one colour, the middle one, and a scale around it
        around = abs(low) / 2 or 0.5
        low, high = low - around, high + around
    image = axes.imshow(
        [[value if is_finite(value) else math.nan for value in row] for row in picture.values],
        cmap=colours,
        norm=Normalize(low, high),
        aspect="auto",
        interpolation="nearest",
    )
    values = [value for row in picture.values for value in row if is_finite(value)]
    beyond = (min(values, default=low) < low, max(values, default=high) > high)
    bar = figure.colorbar(
        image,
        ax=axes,
        extend={(True, True): "both", (True, False): "min", (False, True): "max"}.get(
            beyond, "neither"
        ),
        shrink=1.0 if layout.tall < 4 else 0.7,
        fraction=0.05,
        pad=0.02,
        aspect=max(6.0, 5 * min(layout.tall, 4.0)),
    )
    bar.outline.set_visible(False)
    if layout.tall < 1.2:
        bar.set_ticks([low, high], labels=[number(low, 3), number(high, 3)])
    width = max(12, _letters(layout.height) - 4)
    bar.set_label(textwrap.fill(_text(picture.value_label), width))


def _marks(picture: Heatmap, axes: Axes, ends: tuple[float, float], cell: float) -> None:
    """Write the marks into the cells, as first letters if they are too wide."""
    short: dict[str, str] = {}
    if _longest_mark(picture) * _INCHES_PER_LETTER > cell - 0.06:
        short = abbreviations(picture)
        if not short:
            return
        key = ", ".join(f"{letter} {mark}" for mark, letter in short.items())
        label = picture.x_label
        axes.set_xlabel(_text(f"{label}\n{key}" if label else key))
    for row, (values, marks) in enumerate(zip(picture.values, picture.marks, strict=True)):
        for column, (value, mark) in enumerate(zip(values, marks, strict=True)):
            if not mark:
                continue
            at = position(value, ends) if value is not None and is_finite(value) else None
            white = at is not None and is_dark(colour(at, stops(picture)))
            axes.text(
                column,
                row,
                _text(short.get(mark, mark)),
                ha="center",
                va="center",
                fontsize=_SMALL - 0.5,
                color="white" if white else "black",
            )


def _longest_mark(picture: Heatmap) -> int:
    return max((len(mark) for row in picture.marks for mark in row), default=0)


def _mark_width(picture: Heatmap) -> float:
    """Return the width in inches at which marks fit in a cell; 0 if the picture gets too wide."""
    longest = _longest_mark(picture)
    width = _INCHES_PER_LETTER * longest + 0.1
    return width if longest and width * len(picture.x) <= 9.0 else 0.0


def _step(count: int, inches: float, label: float) -> int:
    """Return n such that every n-th of `count` labels fits into the given inches."""
    return max(1, math.ceil(count * label / inches))


def _set_title(axes: Axes, title: str, inches: float) -> None:
    axes.set_title(textwrap.fill(_text(title), _letters(inches)), loc="left")


def _letters(inches: float) -> int:
    """Return the number of letters of normal size that fit into a line."""
    return max(20, int(inches * 12.5))


def _short(label: str) -> str:
    """Cut an axis label to `_LONGEST_LABEL` letters, with visible line breaks."""
    label = printable(label, LINE_BREAK)
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1]}…"


def _text(text: str) -> Any:
    """Escape a text so that dollar signs don't start a formula."""
    return printable(text).replace("$", r"\$")
