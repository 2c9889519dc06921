"""Lines that people scanned, and the score of a scanner on them.

In: the two gold collections. Out: examples for `scripts/train_scanner.py`, in folds of whole poems;
the shares of lines and syllables that a scanner gets right.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quatrain.records import Poem
from quatrain.sound.scansion.scanner import Scanner

FEET = ("iambic", "trochaic", "anapaestic", "dactylic")
FIRST_LINES = {
    "O, my luve is like a red, red rose,": "A Red, Red Rose",
    "Pure spirit! O where art thou now!": "On the Death of Mr. Charles Burney",
    "Happy the man, whose wish and care": "Ode on Solitude",
    "A poet's Cat, sedate and grave": "The Retired Cat",
    "Stop, Christian passer-by! Stop, child of God,": "Epitaph",
    "O blush not so! O blush not so!": "Sharing Eve's Apple",
    "God moves in a mysterious way": "Light Shining out of Darkness",
    "I sing the Sofa. I who lately sang": "The Task",
    "I met a traveller from an antique land": "Ozymandias",
}
"""First lines and titles of the poems that the second collection prints without a title."""


@dataclass
class Example:
    """A line and how people scanned it.

    Attributes:
        line: its text.
        poem: the collection's letter and the poem's title.
        foot: of the poem, a place in `FEET`.
        golds: accepted stresses; of the second collection, one for each annotator.
        source: the collection, "fbfv" or "litlab".
        metre: beats of the nominal metre, if the collection has them.
    """

    line: str
    poem: str
    foot: int
    golds: list[str]
    source: str
    metre: str = ""


def read_rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        return [json.loads(row) for row in rows]


def foot_of(metre: str) -> int:
    """Return the foot of a nominal metre written as marks, a place in `FEET`."""
    if metre.count("+") * 2 > len(metre) - 2 and "--" not in metre[1:-1]:
        return 0 if metre.startswith("-") else 1
    return 2 if metre.startswith("-") else 3


def read_examples(fbfv: Path, litlab: Path) -> list[Example]:
    """Return the lines of both collections."""
    names = {"iambic": 0, "trochaic": 1, "anapestic": 2, "dactylic": 3}
    examples = []
    rows = read_rows(fbfv)
    feet: dict[str, Counter[int]] = defaultdict(Counter)
    for row in rows:
        feet[row["poem"]][foot_of(row["met"])] += 1
    for row in rows:
        foot = feet[row["poem"]].most_common(1)[0][0]
        golds = [row["stress"], *row["alternatives"]]
        examples.append(Example(row["line"], "f:" + row["poem"], foot, golds, "fbfv", row["met"]))
    untitled = ""
    for row in read_rows(litlab):
        untitled = FIRST_LINES.get(row["line"], untitled)
        poem = "l:" + (row["poem"] or untitled)
        golds = list(dict.fromkeys([row["stress"], row["stress2"] or row["stress"]]))
        examples.append(Example(row["line"], poem, names[row["meter"]], golds, "litlab"))
    return examples


def compare(golds: list[str], stress: str) -> tuple[bool, int]:
    """Return whether a line is right by any of the golds, and how many of its syllables are."""
    best = 0
    for gold in golds:
        if len(gold) == len(stress):
            best = max(best, sum(a == b for a, b in zip(gold, stress, strict=True)))
    return stress in golds, best


def score(examples: list[Example], scanner: Scanner, alone: bool) -> dict[str, list[float]]:
    """Return counts by collection and foot.

    The counts are lines, right lines, syllables, right syllables, and lines of the right length.

    Args:
        examples: the lines.
        scanner: what scans them.
        alone: whether each line is scanned by itself instead of in its poem.
    """
    totals: dict[str, list[float]] = defaultdict(lambda: [0] * 5)
    poems: dict[str, list[Example]] = defaultdict(list)
    for number, example in enumerate(examples):
        poems[f"{number}" if alone else example.poem].append(example)
    for group in poems.values():
        scansion = scanner.scan(Poem.from_lines([example.line for example in group]))
        for example, line in zip(group, scansion.lines, strict=True):
            first = example.golds if example.source == "fbfv" else example.golds[:1]
            by_first, by_any = compare(first, line.stress), compare(example.golds, line.stress)
            named = {
                example.source: by_first,
                f"{example.source} {FEET[example.foot]}": by_first,
                f"{example.source} either gold": by_any,
            }
            has_length = len(line.stress) in {len(gold) for gold in first}
            for key, (whole, syllables) in named.items():
                total = totals[key]
                total[0] += 1
                total[1] += whole
                total[2] += len(example.golds[0])
                total[3] += syllables
                total[4] += has_length
    return totals


def conventions(examples: list[Example]) -> str:
    """Return how often the first collection's stresses leave the metre, in lines of its length."""
    pairs = Counter(
        pair
        for example in examples
        if len(example.metre) == len(example.golds[0])
        for pair in zip(example.metre, example.golds[0], strict=True)
    )
    off, on = pairs["-", "+"], pairs["+", "-"]
    return (
        f"fbfv: {off} of {off + pairs['-', '-']} syllables off the beat are stressed,"
        f" {on} of {on + pairs['+', '+']} on it are not"
    )


def print_wrong_feet(examples: list[Example], scanner: Scanner) -> None:
    """Print the poems of which the scanner gets the foot wrong."""
    poems: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        poems[example.poem].append(example)
    for poem, group in poems.items():
        scansion = scanner.scan(Poem.from_lines([example.line for example in group]))
        if not scansion.metre.foot.startswith(FEET[group[0].foot][:4]):
            print(f"  {poem}: {len(group)} lines of {FEET[group[0].foot]}, {scansion.metre}")


def fold_of(poem: str, folds: int) -> int:
    """Return the fold of a poem, by its title."""
    title = poem[2:]  # a poem in both collections is in one fold
    return int.from_bytes(hashlib.sha256(title.encode()).digest()[:4], "big") % folds
