"""Counts of every poem: lines, syllables, variations, rhymes, schemes of stanzas.

A count has a section and a name, such as ("metres", "iambic pentameter"). The counts are kept as
triplets of poem, count and amount, because most poems have few of all the counts there are.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from quatrain.errors import OutputError
from quatrain.scale.arrow import read_columns
from quatrain.scale.comparison.grouping import COLUMNS, Label, Labels

Name: TypeAlias = tuple[str, str]
"""Section and name of a count."""

BASE = "bases"
"""Section of the counts that shares are taken of."""

LENGTHS = "syllables in a line"
DISTANCES = "distance of rhymes"
"""Sections whose names are numbers, and `MEAN`."""

MEAN = "mean"
"""Name of the sum from which a mean is made."""

LONGEST_SCHEME = 20
"""Lines of the longest stanza whose scheme is counted; a longer one is hardly ever repeated."""

BASES = (
    "poems",
    "poems with a metre",
    "lines",
    "scanned lines",
    "rhyming pairs",
    f"stanzas of 2 to {LONGEST_SCHEME} lines",
)
"""Counts of the section `BASE` that shares are taken of and means over."""

_POEMS, _METRICAL, _LINES, _SCANNED, _PAIRS, _STANZAS = BASES

_POEM_COLUMNS = ("poem_id", *COLUMNS, "lines", "regularity")
_LINE_COLUMNS = ("stanza", "syllables", "variations", "rhyme")
_RHYME_COLUMNS = ("poem_id", "kind", "distance")


@dataclass
class Counts:
    """Counts of poems; `add` changes it in place.

    Attributes:
        labels: of each poem, the values of its keys.
        places: number of each count.
        poem, count, amount: triplets, in three arrays of one length.
    """

    labels: list[Label] = field(default_factory=list)
    places: dict[Name, int] = field(default_factory=dict)
    poem: array[int] = field(default_factory=lambda: array("l"))
    count: array[int] = field(default_factory=lambda: array("l"))
    amount: array[float] = field(default_factory=lambda: array("d"))

    def add(self, label: Label, counts: Mapping[Name, float]) -> None:
        """Add a poem."""
        number = len(self.labels)
        self.labels.append(label)
        for name, amount in counts.items():
            self.poem.append(number)
            self.count.append(self.places.setdefault(name, len(self.places)))
            self.amount.append(amount)

    def only(self, poems: np.ndarray) -> Counts:
        """Return the counts of some poems.

        Args:
            poems: their numbers, rising.
        """
        number = np.full(len(self.labels), -1)
        number[poems] = np.arange(len(poems))
        poem, count, amount = self.triplets
        wanted = number[poem] >= 0
        used, places = np.unique(count[wanted], return_inverse=True)
        names = list(self.places)
        return Counts(
            [self.labels[place] for place in poems],
            {names[place]: row for row, place in enumerate(used)},
            array("l", number[poem[wanted]].tolist()),
            array("l", places.tolist()),
            array("d", amount[wanted].tolist()),
        )

    @property
    def triplets(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Poem, count and amount of every triplet, as arrays that share the memory."""
        return np.asarray(self.poem), np.asarray(self.count), np.asarray(self.amount)


def add_results(counts: Counts, folder: Path, labels: Labels, first: Sequence[str]) -> None:
    """Add every poem of a folder of results.

    Args:
        counts: what they are added to.
        folder: the results.
        labels: reads the keys of a poem.
        first: values that stand before those of the keys.

    Raises:
        OutputError: a file of the results is missing, damaged or of another shape.
    """
    columns = (*_POEM_COLUMNS, *(("fields",) if labels.needs_fields else ()))
    interned: dict[Label, Label] = {}
    for part in sorted((folder / "poems").glob("part-*")):
        poems = _rows(read_columns(part, "poems", columns))
        lines = read_columns(folder / "lines" / part.name, "lines", _LINE_COLUMNS)
        pairs = _pairs_by_poem(folder / "rhymes" / part.name)
        begin = 0
        for poem in poems:
            end = begin + poem["lines"]
            own = {name: values[begin:end] for name, values in lines.items()}
            begin = end
            label = (*first, *labels.of(poem))
            counts.add(
                interned.setdefault(label, label),
                _counts_of(poem, own, pairs.get(poem["poem_id"], ())),
            )
        if begin != len(lines["stanza"]):
            raise OutputError(
                str(folder / "lines" / part.name),
                f"{len(lines['stanza']):,} lines",
                f"the {begin:,} lines of its poems",
                "Scan the corpus again into another folder.",
            )


def _rows(columns: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    for values in zip(*columns.values(), strict=True):
        yield dict(zip(columns, values, strict=True))


def _pairs_by_poem(path: Path) -> dict[str, list[tuple[str, int]]]:
    """Return kind and distance of the rhyming pairs of each poem."""
    pairs: dict[str, list[tuple[str, int]]] = {}
    columns = read_columns(path, "rhymes", _RHYME_COLUMNS)
    for poem, kind, distance in zip(*columns.values(), strict=True):
        pairs.setdefault(poem, []).append((kind, distance))
    return pairs


def _counts_of(
    poem: Mapping[str, Any],
    lines: Mapping[str, Sequence[Any]],
    pairs: Sequence[tuple[str, int]],
) -> dict[Name, float]:
    """Return the counts of a poem that are not 0."""
    scanned = [number for number in lines["syllables"] if number]
    counts: Counter[Name] = Counter()
    bases = {_POEMS: 1, _LINES: poem["lines"], _SCANNED: len(scanned), _PAIRS: len(pairs)}
    counts.update({(BASE, name): number for name, number in bases.items()})
    counts["feet", poem["foot"]] = 1
    total: dict[Name, float] = {}
    if poem["foot"] != "free":
        counts[BASE, _METRICAL] = 1
        counts["metres", poem["metre"]] = 1
        total["regularity", "lines in the metre"] = poem["regularity"]
    counts[LENGTHS, MEAN] = sum(scanned)
    counts.update((LENGTHS, str(number)) for number in scanned)
    counts.update(
        ("variations", variation.partition(" (foot")[0])
        for variations in lines["variations"]
        for variation in variations
    )
    counts["rhyme", "lines that rhyme"] = sum(1 for letter in lines["rhyme"] if letter)
    counts[DISTANCES, MEAN] = sum(distance for _, distance in pairs)
    for kind, distance in pairs:
        counts["kinds of rhyme", kind] += 1
        counts[DISTANCES, str(distance)] += 1
    for scheme in _schemes(lines["stanza"], lines["rhyme"]):
        counts[BASE, _STANZAS] += 1
        counts["schemes of stanzas", scheme] += 1
    return {**{name: number for name, number in counts.items() if number}, **total}


def _schemes(stanzas: Sequence[int], letters: Sequence[str | None]) -> Iterator[str]:
    """Yield the scheme of each stanza of 2 to `LONGEST_SCHEME` lines, its letters from a."""
    begin = 0
    for end in range(1, len(stanzas) + 1):
        if end < len(stanzas) and stanzas[end] == stanzas[begin]:
            continue
        if 2 <= end - begin <= LONGEST_SCHEME:
            names: dict[str, str] = {}
            yield "".join(
                names.setdefault(letter, chr(ord("a") + len(names))) if letter else "x"
                for letter in letters[begin:end]
            )
        begin = end
