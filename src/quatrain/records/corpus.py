"""A collection of verse: what was cleaned, what it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from quatrain.records.deferred import HtmlRepr


@dataclass(frozen=True, slots=True)
class Omission:
    """Text of a source that is not taken as verse.

    Attributes:
        kind: what it is: "title", "note", "stage direction", "licence" and the like.
        text: the text, or its beginning.
        file: the file it stands in.
        line: number of its first line in the file, from 1; of its row, in a table; 0 if unknown.
        lines: number of its lines that are not blank.
    """

    kind: str
    text: str
    file: str = ""
    line: int = 0
    lines: int = 1


@dataclass(frozen=True, slots=True)
class UnreadRow:
    """A row of a table that can't be read as a poem.

    Attributes:
        id: identifier of the row: its file and line.
        file: the file it stands in.
        line: its line or row, from 1.
        problem: why, in a sentence.
    """

    id: str
    file: str
    line: int
    problem: str


@dataclass(frozen=True, slots=True)
class CleaningReport:
    """Counts of what was read, and of everything changed or left out on the way in.

    Attributes:
        files: files read.
        skipped: files of a folder that were not read: unsupported, hidden, a poet's, or links
            that leave the folder. A folder counts as one.
        skipped_names: those that are not hidden, with the reason.
        encodings: encoding taken -> files; a detected one says its confidence.
        rules: rule that separates poems, in words -> text files.
        columns: columns that hold verse, title, author and form, in words -> tables.
        poems: poems kept.
        empty: entries of the source that held no text.
        duplicates: poems nearly the same as an earlier one.
        dropped: how many of those were left out (all of them, or none).
        cut: breaks put into texts too long to be one poem.
        omitted: kind of text that is not taken as verse -> lines of it. A part of a line, such
            as a line number in the margin, counts as one.
        omissions: what that was, in the order of the source; the first ones if there are many.
        doubts: lines that are taken as verse though they may be a title, a signature or the like;
            `kind` says what else they could be.
        entities: characters written as HTML entities, such as `&mdash;`.
        line_endings: line ends other than a line feed.
        quotes, dashes: typographic characters folded.
        spaces: tabs and unusual spaces turned into plain ones.
        control: control and invisible characters removed.
        trailing: lines whose trailing spaces were removed.
        blank: blank lines removed from runs of them.
        indented: poems whose common indentation was removed.
        normalised: lines changed by Unicode NFC.
    """

    files: int = 0
    skipped: int = 0
    skipped_names: tuple[str, ...] = ()
    encodings: Mapping[str, int] = field(default_factory=dict)
    rules: Mapping[str, int] = field(default_factory=dict)
    columns: Mapping[str, int] = field(default_factory=dict)
    poems: int = 0
    empty: int = 0
    duplicates: int = 0
    dropped: int = 0
    cut: int = 0
    omitted: Mapping[str, int] = field(default_factory=dict)
    omissions: tuple[Omission, ...] = ()
    doubts: tuple[Omission, ...] = ()
    entities: int = 0
    line_endings: int = 0
    quotes: int = 0
    dashes: int = 0
    spaces: int = 0
    control: int = 0
    trailing: int = 0
    blank: int = 0
    indented: int = 0
    normalised: int = 0


@dataclass(frozen=True, slots=True)
class CorpusStatistics(HtmlRepr):
    """Size and shape of a corpus.

    Attributes:
        name, source, sha256: which corpus.
        poems, stanzas, lines, words, characters: how many; characters count every line
            break but not the start and end symbols.
        alphabet: every character used, in code point order, the line break left out.
        minimum_count: characters that occur fewer times in the training poems become unknown.
        rare: rare characters, known or not -> times seen.
        line_lengths: characters in a line -> lines of that length.
        longest_line: the longest line.
        longest_where: the poem and line it stands in, in words.
        report: what was cleaned.
    """

    name: str
    source: str
    sha256: str
    poems: int
    stanzas: int
    lines: int
    words: int
    characters: int
    alphabet: tuple[str, ...]
    minimum_count: int
    rare: Mapping[str, int]
    line_lengths: Mapping[int, int]
    longest_line: str
    longest_where: str
    report: CleaningReport
