"""The loss curve of a run: training and validation, the best point marked."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

from quatrain.errors import ExtraError


def draw(metrics: Path, picture: Path, told: str = "") -> None:
    """Draw `metrics.jsonl` to a PNG.

    Args:
        metrics: a row per validation.
        picture: the file to write.
        told: a sentence on over-fitting, written above.

    Raises:
        ExtraError: matplotlib is not installed.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise ExtraError.missing("the loss curve", "matplotlib", "plot") from error

    rows = [json.loads(line) for line in metrics.read_text(encoding="utf-8").splitlines()]
    if not rows:
        return
    epochs = [row["epoch"] for row in rows]
    validation = [row["nats_per_character"] for row in rows]
    best = min(range(len(rows)), key=validation.__getitem__)

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
    axes.set_title(textwrap.fill(told, 90), fontsize=9, loc="left")
    axes.set_xlabel("epochs")
    axes.set_ylabel("nats per character")
    axes.grid(color="#e5e5e5", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    figure.savefig(picture, dpi=150)
