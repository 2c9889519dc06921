"""A matplotlib figure that a notebook shows without pyplot."""

from __future__ import annotations

import io
import warnings

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

_DPI = 96
"""Dots per inch at which a notebook shows a figure; the picture has twice as many."""


class NotebookFigure(Figure):
    """A figure that belongs to no window and shows itself in a notebook.

    Notebooks learn to show matplotlib's own figures only when somebody imports pyplot.
    """

    def __init__(self) -> None:
        super().__init__(layout="constrained")
        FigureCanvasAgg(self)

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        """Return the figure as PNG, and the size in pixels at which to show it."""
        file = io.BytesIO()
        with warnings.catch_warnings():
            # A character the font lacks is drawn as a box, which needs no warning.
            warnings.filterwarnings("ignore", message="Glyph .* missing from")
            self.savefig(file, format="png", dpi=2 * _DPI, metadata={"Software": None})
        width, height = (round(_DPI * inches) for inches in self.get_size_inches())
        return file.getvalue(), {"width": width, "height": height}
