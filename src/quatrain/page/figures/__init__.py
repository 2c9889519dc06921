"""Pictures of an explanation, drawn as SVG or PNG: heat maps, charts, bars, grids.

`draw` writes a picture to a file; `figure_of` returns it as a matplotlib figure; `image` returns
the content of a file. With the same matplotlib, the same picture always gives the same bytes,
whatever your matplotlib settings are.

Reading order: `text` (fonts and sizes); `heatmap`, `chart`, `bars`, one kind of picture each;
`grid_layout` and `grids`; `notebook_figure` and `drawing` (figures and files), `names` (of several
files).
"""

from quatrain.page.figures.drawing import SUFFIXES, check_path, draw, figure_of, image
from quatrain.page.figures.names import check_figure, picture_files

__all__ = [
    "SUFFIXES",
    "check_figure",
    "check_path",
    "draw",
    "figure_of",
    "image",
    "picture_files",
]
