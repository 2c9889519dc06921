"""A scanned poem as rows of the tables in `columns`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from quatrain.records import Poem, RhymeScheme, Scansion
from quatrain.scale.columns import TABLES

Row: TypeAlias = tuple[object, ...]
"""Values in the order of the table's columns."""

YEAR_NAMES = ("year", "date", "published", "publication year", "pub year", "first published")
"""Names of a field that holds a year, in lower case, with spaces; the likeliest first."""

_YEAR = re.compile(r"(?<!\d)(1\d{3}|20\d{2})(?!\d)")


@dataclass
class Tables:
    """Rows by table; `add` changes it in place."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in TABLES})

    def add(self, scansion: Scansion, scheme: RhymeScheme, year_field: str = "") -> None:
        """Add the rows of a poem.

        Args:
            scansion: the poem.
            scheme: its rhymes, with links.
            year_field: the field that holds the year; a usual name if empty.
        """
        rows = {
            "poems": [_poem(scansion, scheme, year_field)],
            "lines": list(_lines(scansion, scheme)),
            "words": list(_words(scansion)),
            "rhymes": list(_rhymes(scansion.poem, scheme)),
        }
        for table, own in rows.items():
            self.rows[table] += own

    def set_aside(self, poem: Poem, problem: str) -> None:
        """Add a poem that can't be scanned, and why."""
        self.rows["problems"].append((poem.id, poem.source, poem.line or None, problem))


def year_of(fields: Mapping[str, object], name: str = "") -> int | None:
    """Return the year in a poem's fields, None if there is none.

    Args:
        fields: the fields.
        name: the field that holds it; if empty, the first of a usual name is taken.
    """
    wanted = [name] if name else _usual(fields)
    for each in wanted:
        value = fields.get(each)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10_000:
            return value
        if isinstance(value, float) and value == int(value) and abs(value) < 10_000:
            return int(value)
        match = _YEAR.search(value) if isinstance(value, str) else None
        if match:
            return int(match[0])
    return None


def _usual(fields: Iterable[str]) -> list[str]:
    plain = {" ".join(name.casefold().replace("_", " ").split()): name for name in fields}
    return [plain[name] for name in YEAR_NAMES if name in plain]


def _poem(scansion: Scansion, scheme: RhymeScheme, year_field: str) -> Row:
    poem = scansion.poem
    return (
        poem.id,
        poem.source,
        poem.line or None,
        poem.title,
        poem.author,
        year_of(poem.fields, year_field),
        poem.form,
        json.dumps(dict(poem.fields), ensure_ascii=False, allow_nan=False),
        len(poem.stanzas),
        len(poem.lines),
        sum(len(line.words) for line in scansion.lines),
        str(scansion.metre),
        scansion.metre.foot,
        list(scansion.metre.feet),
        round(scansion.confidence, 4),
        round(scansion.regularity, 4),
        str(scheme),
    )


def _lines(scansion: Scansion, scheme: RhymeScheme) -> Iterator[Row]:
    stanzas = [number for number, lines in enumerate(scansion.poem.stanzas, 1) for _ in lines]
    rows = zip(scansion.lines, scheme.letters, stanzas, strict=True)
    for number, (line, letter, stanza) in enumerate(rows, 1):
        yield (
            scansion.poem.id,
            number,
            stanza,
            line.text,
            len(line.stress),
            line.stress,
            line.beats,
            str(line.metre),
            line.metre.foot,
            list(line.feet),
            [str(variation) for variation in line.variations],
            letter,
            None if line.confidence is None else round(line.confidence, 4),
            None if line.margin is None else round(line.margin, 4),
            round(line.score, 4),
        )


def _words(scansion: Scansion) -> Iterator[Row]:
    for number, line in enumerate(scansion.lines, 1):
        for place, (text, start, syllables, pronunciation) in enumerate(line.words, 1):
            yield (
                scansion.poem.id,
                number,
                place,
                text,
                start,
                syllables,
                str(pronunciation),
                pronunciation.source,
                pronunciation.guessed,
            )


def _rhymes(poem: Poem, scheme: RhymeScheme) -> Iterator[Row]:
    for link in scheme.links:
        yield (
            poem.id,
            link.first + 1,
            link.second + 1,
            link.second - link.first,
            scheme.letters[link.second],
            link.rhyme.first,
            link.rhyme.second,
            link.rhyme.kind,
            link.rhyme.syllables,
            round(link.rhyme.probability, 4),
        )
