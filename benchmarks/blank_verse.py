"""Letters that the rhyme scheme gives to verse without rhyme: there should be none.

    python benchmarks/blank_verse.py GUTENBERG.jsonl.gz STANDARD_EBOOKS.jsonl.gz

Each file has a poem per row, with `id` and `lines`. The works are blank verse and free verse, cut
into stanzas of 2, 3, 4 and 5 lines, or not at all. A stanza is scanned alone, and as part of its
whole poem. The thresholds of `sound.rhyme.scheme` and `sound.rhyme.stanza` were chosen on the
development works, with one exception: `RHYMED` was raised from -0.5 to 0 after the second group
had shown 3.3 letters per 100 lines for couplets alone. So its figures are not wholly unseen. What
the thresholds cost rhymed verse is in the table of `scripts/train_rhyme.py`.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from quatrain.records import Poem
from quatrain.sound import Schemer

DEVELOPMENT = {
    "Young, Night Thoughts": ("pg33156-0008", "pg33156-0009", "pg33156-0011"),
    "Cowper, The Task": ("pg3698-0003", "pg3698-0005", "pg47790-0340"),
    "Akenside, Pleasures of Imagination": ("pg9814-0012", "pg9814-0013"),
    "De Vere, Legends": ("pg29121-0005", "pg29121-0008", "pg29121-0011"),
    "Southey, Thalaba": ("pg39804-0001", "pg39804-0051", "pg39804-0095"),
    "Tennyson, Idylls, The Princess": ("pg610-0002", "pg791-0002", "pg791-0003", "pg8601-0187"),
    "Arnold, Sohrab and Rustum": ("pg13364-0008",),
    "Whitman, Calamus": ("pg1322-0101",),
}
"""Works on which the thresholds were chosen, with the ids of their parts."""

HELD_OUT = {
    "Milton, Paradise Lost": ("pg1745-0003", "pg1745-0004", "pg1745-0006"),
    "Wordsworth, The Prelude": ("pg12383-0123", "pg12383-0124", "pg12383-0129", "pg12383-0152"),
    "Keats, Hyperion": ("se-john-keats-0182", "se-john-keats-0183", "se-john-keats-0184"),
    "Shelley, Alastor": ("pg4797-0004",),
    "Coleridge, Conversation Poems": ("pg29091-0026", "pg29091-0029", "pg29091-0006"),
    "Sigourney, Man of Uz": ("pg20504-0004", "pg20504-0005"),
    "Browning, monologues": ("pg16376-0073", "pg28041-0092", "pg28041-0095"),
    "Whitman, other poems": ("se-walt-whitman-1165", "se-walt-whitman-0726",
                             "se-walt-whitman-1270", "se-walt-whitman-1034"),
}  # fmt: skip
"""Works that decided nothing but the last step of `RHYMED`."""

LENGTHS = (2, 3, 4, 5, 0)
"""Lines of a stanza; 0 leaves the poem uncut."""


def read(paths: Iterable[Path], ids: set[str]) -> dict[str, list[str]]:
    """Return the lines of verse of each row that is asked for."""
    poems: dict[str, list[str]] = {}
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as rows:
            for row in map(json.loads, rows):
                if row["id"] in ids:
                    poems[row["id"]] = [line for line in row["lines"] if line]
    return poems


def letters(poem: Poem, schemer: Schemer) -> int:
    """Return how many lines of a poem get a letter."""
    return sum(letter is not None for letter in schemer.scheme(poem, links=False).letters)


def per_hundred(poems: Sequence[list[str]], length: int, schemer: Schemer) -> tuple[float, float]:
    """Return letters per 100 lines, for stanzas alone and within their poems."""
    alone = whole = count = 0
    for lines in poems:
        stanzas = ["\n".join(lines[at : at + (length or len(lines))])
                   for at in range(0, len(lines), length or len(lines))]  # fmt: skip
        count += len(lines)
        whole += letters(Poem.from_text("\n\n".join(stanzas)), schemer)
        alone += sum(letters(Poem.from_text(stanza), schemer) for stanza in stanzas)
    return 100 * alone / count, 100 * whole / count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path, nargs="+")
    options = parser.parse_args()
    ids = {name for works in (DEVELOPMENT, HELD_OUT) for parts in works.values() for name in parts}
    poems, schemer = read(options.corpora, ids), Schemer()
    print("letters per 100 lines: stanzas alone / within their poem")
    print(f"{'':38}" + "".join(f"{f'{length} lines' if length else 'uncut':>14}"
                                for length in LENGTHS))  # fmt: skip
    for title, works in (("development", DEVELOPMENT), ("held out", HELD_OUT)):
        parts = [name for names in works.values() for name in names]
        for work, names in [*works.items(), (f"all {title}", parts)]:
            texts = [poems[name] for name in names if name in poems]
            cells = (per_hundred(texts, length, schemer) for length in LENGTHS)
            print(f"{work:38}" + "".join(f"{f'{one:.1f} / {two:.1f}':>14}" for one, two in cells))


if __name__ == "__main__":
    main()
