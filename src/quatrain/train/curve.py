"""Pictures of a run, from its `metrics.jsonl`: the loss, and what the gradients did."""

from __future__ import annotations

import importlib.util
import json
import math
import textwrap
from pathlib import Path
from typing import Any

import numpy as np

from quatrain.errors import ExtraError, OutputError, TrainingError
from quatrain.train import metrics


def can_draw() -> bool:
    """Return whether matplotlib is installed."""
    return importlib.util.find_spec("matplotlib") is not None


def draw(path: Path, picture: Path, title: str = "") -> None:
    """Draw the loss: training and validation, the best point marked.

    Args:
        path: the `metrics.jsonl`, a row per validation.
        picture: the file to write, PNG or SVG by its suffix.
        title: a sentence on overfitting, written above.

    Raises:
        ExtraError: matplotlib is not installed.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise ExtraError.missing("the loss curve", "matplotlib", "plot") from error

    rows = metrics.read(path)
    if not rows:
        return
    epochs = [row["epoch"] for row in rows]
    validation = [row["nats_per_character"] for row in rows]
    best = int(np.nan_to_num(validation, nan=math.inf).argmin())

    figure = Figure(figsize=(7.0, 4.2), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.plot(
        epochs,
        [row["training_nats"] for row in rows],
        color="#8a8a8a",
        label="training (dropout on)",
    )
    axes.plot(epochs, validation, color="#2b5c8a", marker=".", label="validation")
    axes.plot(
        epochs[best],
        validation[best],
        linestyle="none",
        marker="o",
        markersize=9,
        fillstyle="none",
        color="#b3372f",
        label=f"best: {validation[best]:.3f} nats, {rows[best]['bits_per_character']:.3f} bits",
    )
    axes.set_title(textwrap.fill(title, 90), fontsize=9, loc="left")
    axes.set_xlabel("epochs")
    axes.set_ylabel("nats per character")
    axes.grid(color="#e5e5e5", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    # Killed in the middle, a run leaves no half a picture, and the next one draws it.
    partial = picture.with_suffix(".partial")
    figure.savefig(partial, format=picture.suffix[1:], dpi=150)
    partial.replace(picture)


def draw_gradients(path: Path, picture: Path) -> None:
    """Draw the gradient's norm by layer, and the memory horizon, over the epochs of a run.

    Args:
        path: the `metrics.jsonl`, a row per validation, of a run that is finished or goes on.
        picture: the file to write, PNG or SVG by its suffix.

    Raises:
        TrainingError: there are no metrics, none with gradient norms, or rows that no training
            run wrote.
        OutputError: the picture cannot be written, or is to be of another kind.
        ExtraError: matplotlib is not installed.
    """
    try:
        import matplotlib as mpl
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
        from matplotlib.ticker import MaxNLocator
    except ModuleNotFoundError as error:
        raise ExtraError.missing("the gradients' curve", "matplotlib", "plot") from error
    kind = picture.suffix.lower()
    if kind not in (".png", ".svg"):
        raise OutputError(
            str(picture), f"the suffix {picture.suffix!r}", ".png or .svg", "Choose another name."
        )
    rows = _rows_with_gradients(path)
    epochs = [row["epoch"] for row in rows]
    layers = list(dict.fromkeys(layer for row in rows for layer in row["gradient_norms"]))

    figure = Figure(figsize=(7.0, 5.4), layout="constrained")
    FigureCanvasAgg(figure)
    above, below = figure.subplots(2, sharex=True, height_ratios=(3, 2))
    colours = mpl.colormaps["viridis"].resampled(len(layers) + 1)
    for number, layer in enumerate(layers):
        norms = [row["gradient_norms"].get(layer) or math.nan for row in rows]
        above.plot(epochs, norms, marker=".", color=colours(number), label=layer)
    above.set_yscale("log")
    above.set_ylabel("gradient norm before clipping")
    above.legend(frameon=False, ncols=4, loc="lower left", bbox_to_anchor=(0.0, 1.0))
    below.plot(epochs, [row["horizon"] for row in rows], color="#2b5c8a", marker=".")
    below.set_ylabel("memory horizon, characters")
    below.set_ylim(bottom=0)
    below.yaxis.set_major_locator(MaxNLocator(integer=True))
    below.set_xlabel("epochs")
    for axes in (above, below):
        axes.grid(color="#e5e5e5", linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
    try:
        figure.savefig(picture, dpi=150, metadata={"Date": None} if kind == ".svg" else None)
    except OSError as error:
        raise OutputError(
            str(picture),
            error.strerror or str(error),
            "a file that can be written",
            "Choose another place for the picture.",
        ) from error


def _rows_with_gradients(path: Path) -> list[dict[str, Any]]:
    """Return the rows with gradient norms, at least one.

    Raises:
        TrainingError: there are none, or one that cannot be drawn.
    """
    try:
        rows = metrics.read(path)
    except (TrainingError, ValueError) as error:
        raise TrainingError(
            str(path),
            error.found if isinstance(error, TrainingError) else str(error),
            "the metrics of a training run",
            "Give the folder that a run was trained in: a poet that was only copied may lack them.",
        ) from error
    with_norms = [row for row in rows if row.get("gradient_norms")]
    if not with_norms:
        raise TrainingError(
            str(path),
            f"{len(rows)} validations, none with gradient norms",
            "a run that wrote them",
            "Train again: runs of earlier versions did not write them.",
        )
    for row in with_norms:
        norms = row["gradient_norms"]
        numbers = [row.get("epoch"), row.get("horizon")]
        numbers += norms.values() if isinstance(norms, dict) else [None]
        if not all(isinstance(number, int | float) for number in numbers):
            raise TrainingError(
                str(path),
                f"the row {json.dumps(row):.120}",
                "numbers as 'epoch' and 'horizon', and one for each layer as 'gradient_norms'",
                "Restore the file as the training run wrote it.",
            )
    return with_norms
