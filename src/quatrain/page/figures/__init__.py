"""Pictures of an explanation, drawn as SVG or PNG: heat maps, charts, bars, grids.

`draw` writes a picture to a file; `figure_of` returns it as a matplotlib figure. With the same
matplotlib, the same picture always gives the same bytes, whatever your matplotlib settings are.

Reading order: `text` (fonts and sizes); `heatmap`, `chart`, `bars`, one kind of picture each;
`grid_layout` and `grids`; `drawing` (figures and files).
"""

from quatrain.page.figures.drawing import SUFFIXES, check_path, draw, figure_of

__all__ = ["SUFFIXES", "check_path", "draw", "figure_of"]
