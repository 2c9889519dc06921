"""Frozen values that travel between rooms.

A record holds facts and derives nothing that costs more than a join. Other packages
make records; `page` shows them. `as_poem` turns whatever a caller means as one poem
into a `Poem`; every function that takes verse calls it.
"""

from quatrain.records.corpus import CleaningReport, CorpusStatistics, Omission, UnreadRow
from quatrain.records.deferred import Facts, FactsRepr, Listing
from quatrain.records.demonstration import (
    Choice,
    Control,
    Demonstration,
    Grid,
    GridField,
    Json,
    Section,
    Slider,
    StateValue,
    TextField,
)
from quatrain.records.draft import DraftCheck, DraftLine, Fault, LikelyForm, Repair, SyllableMark
from quatrain.records.exercises import (
    Mark,
    Marking,
    Mistake,
    ProblemSheet,
    Question,
    QuestionResult,
)
from quatrain.records.explanation import (
    Bars,
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
from quatrain.records.form import ComingLine, Finding, Verdict
from quatrain.records.grids import CellGrid, Grids, Hatching, Outline, Place
from quatrain.records.group_comparison import Estimate, GroupComparison, Measure, PoemGroup
from quatrain.records.meaning import (
    PanelWord,
    Relative,
    Sense,
    WordGroup,
    WordMatch,
    WordPanel,
)
from quatrain.records.poets import PoetSummary
from quatrain.records.pronunciation import Pronunciation
from quatrain.records.rhyme import Rhyme, RhymeLink, RhymeScheme, RhymingWord
from quatrain.records.scansion import LineScansion, Metre, Scansion, Variation
from quatrain.records.scores import Comparison, Copied, Score, TextStatistics
from quatrain.records.training import Adaptation, Advance, Trained, Validation
from quatrain.records.verse import (
    Alternative,
    Line,
    LineAlternative,
    Paratext,
    Poem,
    Verse,
    WordAlternative,
    as_poem,
    check_words,
)

__all__ = [
    "Adaptation",
    "Advance",
    "Alternative",
    "Bars",
    "Cell",
    "CellGrid",
    "Chart",
    "Choice",
    "CleaningReport",
    "ComingLine",
    "Comparison",
    "Control",
    "Copied",
    "CorpusStatistics",
    "Demonstration",
    "DraftCheck",
    "DraftLine",
    "Equation",
    "Estimate",
    "Explanation",
    "Facts",
    "FactsRepr",
    "Fault",
    "Finding",
    "Formula",
    "Grid",
    "GridField",
    "Grids",
    "GroupComparison",
    "Hatching",
    "Heading",
    "Heatmap",
    "Json",
    "LikelyForm",
    "Line",
    "LineAlternative",
    "LineScansion",
    "Listing",
    "Mark",
    "Marking",
    "Matrix",
    "Measure",
    "Metre",
    "Mistake",
    "Note",
    "Omission",
    "Outline",
    "PanelWord",
    "Paratext",
    "Part",
    "Picture",
    "Place",
    "Poem",
    "PoemGroup",
    "PoetSummary",
    "ProblemSheet",
    "Pronunciation",
    "Question",
    "QuestionResult",
    "Relative",
    "Repair",
    "Rhyme",
    "RhymeLink",
    "RhymeScheme",
    "RhymingWord",
    "Scansion",
    "Score",
    "Section",
    "Sense",
    "Slider",
    "StateValue",
    "SyllableMark",
    "Table",
    "TextField",
    "TextStatistics",
    "Trained",
    "UnreadRow",
    "Validation",
    "Variation",
    "Verdict",
    "Verse",
    "WordAlternative",
    "WordGroup",
    "WordMatch",
    "WordPanel",
    "as_poem",
    "check_words",
]
