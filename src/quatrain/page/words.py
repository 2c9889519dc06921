"""Words that were searched for, as text or as JSON.

The functions take `WordMatch`es and return a table, or JSON.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from quatrain.records import WordMatch


def as_json(match: WordMatch) -> str:
    """Return one word as one JSON object on one line."""
    fields = {
        "word": match.word,
        "stress": match.stress,
        "syllables": match.pronunciation.syllables,
        "pronunciation": str(match.pronunciation),
        "source": match.pronunciation.source,
        "nearness": None if match.nearness is None else round(match.nearness, 4),
        "relation": match.relation or None,
        "rhyme": match.rhyme.kind if match.rhyme else None,
        "rhyme_probability": round(match.rhyme.probability, 4) if match.rhyme else None,
        "definition": match.definition or None,
    }
    return json.dumps(fields, ensure_ascii=False)


def as_table(matches: Sequence[WordMatch], *, definitions: bool) -> Table:
    """Return the words as a table, with those columns that were asked for.

    Args:
        matches: the words, all of one search.
        definitions: whether to show their definitions.
    """
    near = any(match.nearness is not None for match in matches)
    rhyme = any(match.rhyme for match in matches)
    headings = ["word", "stress"]
    headings += ["nearness", "relation"] if near else []
    headings += ["rhyme"] if rhyme else []
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in headings:
        table.add_column(heading, justify="right" if heading == "nearness" else "left")
    if definitions:
        table.add_column("definition", overflow="fold")
    for match in matches:
        cells = [match.word, match.stress + ("?" if match.pronunciation.guessed else "")]
        cells += [f"{match.nearness:.2f}" if match.nearness else "", match.relation] if near else []
        cells += [match.rhyme.kind if match.rhyme else ""] if rhyme else []
        cells += [match.definition] if definitions else []
        table.add_row(*map(Text, cells))
    return table
