"""Rows of verse: JSON lines, CSV and Parquet.

The functions here take a file of one poem per row and yield raw poems. `columns` chooses the
columns that hold the verse, title, author and form; `cells` turns the cells of a row into a poem;
the other modules read a format each.
"""

from quatrain.corpus.tables.comma_separated import comma_separated
from quatrain.corpus.tables.json_lines import json_lines
from quatrain.corpus.tables.parquet import parquet

__all__ = ["comma_separated", "json_lines", "parquet"]
