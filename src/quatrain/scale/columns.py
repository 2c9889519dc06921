"""The tables of a scan, column by column: the one list that schema and documents are made from."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Column(NamedTuple):
    """A column of a table.

    Attributes:
        name: its name.
        kind: "text", "integer", "number", "flag", "texts" (a list) or "integers" (a list).
        meaning: what it holds, with its unit.
    """

    name: str
    kind: str
    meaning: str


POEMS = (
    Column(
        "poem_id",
        "text",
        "identifier of the poem, or its file and line; a repeated one gets .2, .3 and so on",
    ),
    Column("source", "text", "file it was read from"),
    Column("source_line", "integer", "its first line in that file, or its row; from 1"),
    Column("title", "text", "as the source gives it"),
    Column("author", "text", "as the source gives it"),
    Column("year", "integer", "the year that the source gives, if it does"),
    Column("form", "text", "as the source gives it"),
    Column("fields", "text", "the other columns of the source, as a JSON object"),
    Column("stanzas", "integer", "number of stanzas"),
    Column("lines", "integer", "number of lines"),
    Column("words", "integer", "number of words"),
    Column("metre", "text", "metre in words, such as iambic pentameter"),
    Column("foot", "text", "iambic, trochaic, anapaestic, dactylic, amphibrachic or free"),
    Column("feet", "integers", "beats of a line, repeating from line to line"),
    Column("confidence", "number", "calibrated probability of the foot, 0 to 1"),
    Column("regularity", "number", "share of lines in the metre, 0 to 1"),
    Column("scheme", "text", "a letter for each line; x for a line without a rhyme"),
)

LINES = (
    Column("poem_id", "text", "the poem's"),
    Column("line", "integer", "number in the poem, from 1"),
    Column("stanza", "integer", "number of its stanza, from 1"),
    Column("text", "text", "the line"),
    Column("syllables", "integer", "number of syllables; 0 for a line that is not scanned"),
    Column("stress", "text", "+ or - for each syllable, as a speaker stresses it"),
    Column("beats", "text", "+ or - for each syllable, where the metre has its beats"),
    Column("metre", "text", "of this line"),
    Column("foot", "text", "of this line"),
    Column("feet", "texts", "its feet, as runs of beats"),
    Column("variations", "texts", "departures from the metre, and licences"),
    Column("rhyme", "text", "its letter; missing for a line without a rhyme"),
    Column("confidence", "number", "calibrated probability that every mark is right, 0 to 1"),
    Column("margin", "number", "nats by which the best other scansion is worse"),
    Column("score", "number", "nats; only differences mean anything"),
)

WORDS = (
    Column("poem_id", "text", "the poem's"),
    Column("line", "integer", "number of the line in the poem, from 1"),
    Column("word", "integer", "number in the line, from 1"),
    Column("text", "text", "the word"),
    Column("start", "integer", "characters before it in the line"),
    Column("syllables", "integer", "number of syllables; 0 if elided"),
    Column("phonemes", "text", "pronunciation in ARPAbet, with digits of stress"),
    Column("origin", "text", "where the pronunciation comes from"),
    Column("guessed", "flag", "whether it was guessed from the spelling"),
)

RHYMES = (
    Column("poem_id", "text", "the poem's"),
    Column("first_line", "integer", "number of the line above, from 1"),
    Column("second_line", "integer", "number of the line below, from 1"),
    Column("distance", "integer", "lines from one to the other"),
    Column("rhyme", "text", "their letter"),
    Column("first", "text", "what rhymes in the line above"),
    Column("second", "text", "what rhymes in the line below"),
    Column("kind", "text", "perfect, slant, eye and so on"),
    Column("syllables", "integer", "syllables that rhyme; 1 for a masculine rhyme"),
    Column("probability", "number", "that poets rhyme them, 0 to 1"),
)

PROBLEMS = (
    Column("poem_id", "text", "identifier of the poem or of its row"),
    Column("source", "text", "file it stands in"),
    Column("source_line", "integer", "line or row of that file, from 1"),
    Column("problem", "text", "why it was set aside, in a sentence"),
)

TABLES: Mapping[str, tuple[Column, ...]] = MappingProxyType(
    {"poems": POEMS, "lines": LINES, "words": WORDS, "rhymes": RHYMES, "problems": PROBLEMS}
)
"""Columns by table. Each table is a folder of parts in the folder of results."""
