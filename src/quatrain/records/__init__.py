"""Frozen values that travel between rooms.

A record holds facts and derives nothing that costs more than a join. Rooms
make records; `page` shows them.
"""

from quatrain.records.corpus import CleaningReport, CorpusStatistics
from quatrain.records.explanation import (
    Cell,
    Chart,
    Equation,
    Explanation,
    Formula,
    Heading,
    Heatmap,
    Matrix,
    Note,
    Part,
    Picture,
    Table,
)
from quatrain.records.scores import Comparison, Figures, Score
from quatrain.records.training import Advance, Trained, Validation
from quatrain.records.verse import Line, Poem

__all__ = [
    "Advance",
    "Cell",
    "Chart",
    "CleaningReport",
    "Comparison",
    "CorpusStatistics",
    "Equation",
    "Explanation",
    "Figures",
    "Formula",
    "Heading",
    "Heatmap",
    "Line",
    "Matrix",
    "Note",
    "Part",
    "Picture",
    "Poem",
    "Score",
    "Table",
    "Trained",
    "Validation",
]
