"""A trained poet from inside: its cells, its gates and how far back it remembers.

Reading order: `reading` (traces of the layers), `features` and `sample` (the data for
correlations), `cells` (the measurements), `diagnosis` (healthy, or the problems), `report` (the
explanation); `line_reading` (a few lines symbol by symbol, for the experiment with them).
"""
