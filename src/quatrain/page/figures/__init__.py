"""Pictures of an explanation, drawn as SVG or PNG: heat maps, charts.

`draw` writes a picture to a file; `figure_of` returns it as a matplotlib figure. With the same
matplotlib, the same picture always gives the same bytes, whatever your matplotlib settings are.

Reading order: `text` (fonts and sizes), `heatmap`, `chart`, `drawing` (figures and files).
"""

from quatrain.page.figures.drawing import SUFFIXES, check_path, draw, figure_of

__all__ = ["SUFFIXES", "check_path", "draw", "figure_of"]
