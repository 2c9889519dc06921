"""Chooses what is measured: the most frequent counts of each section, and what they are over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from quatrain.records import Measure
from quatrain.scale.comparison.counting import BASE, BASES, DISTANCES, LENGTHS, MEAN, Counts, Name

_POEMS, _METRICAL, _LINES, _SCANNED, _PAIRS, _STANZAS = BASES


class Section(NamedTuple):
    """A section of measures.

    Attributes:
        name: of the section, in the counts and for the reader.
        base: what the counts are divided by.
        unit: of the measures.
        whole: whether the counts sum up to the base, so that the rest can be told.
    """

    name: str
    base: str
    unit: str = "%"
    whole: bool = True


SECTIONS = (
    Section("feet", _POEMS),
    Section("metres", _METRICAL),
    Section("regularity", _METRICAL, whole=False),
    Section("variations", _SCANNED, "per 100 lines", whole=False),
    Section(LENGTHS, _SCANNED),
    Section("rhyme", _LINES, whole=False),
    Section("kinds of rhyme", _PAIRS),
    Section(DISTANCES, _PAIRS),
    Section("schemes of stanzas", _STANZAS),
)
"""Sections in reading order."""

_MEANS = {LENGTHS: "syllables", DISTANCES: "lines"}
"""Units of the means."""

OTHERS = "others"
"""Name of what a section has beyond the names that are measured."""

_CANDIDATES = 200
"""Counts of a section, the most frequent, from which the measures are chosen."""


@dataclass(frozen=True)
class Amounts:
    """Amounts of every poem: what is measured, and what it is divided by.

    Attributes:
        measures: the measures.
        numerators: shape (poems, measures), in the unit of the measure.
        bases: shape (poems, bases), in the order of `BASES`.
        base: for each measure, the column of `bases`.
    """

    measures: tuple[Measure, ...]
    numerators: np.ndarray
    bases: np.ndarray
    base: np.ndarray


def amounts_of(counts: Counts, group: np.ndarray, groups: int, most: int) -> Amounts:
    """Choose the measures, and return their amounts for every poem.

    Of a section, the `most` names are taken that are most frequent on average over the groups, so
    that a small group counts as much as a large one.

    Args:
        counts: counts of poems.
        group: number of the group of each poem, shape (poems,).
        groups: number of groups.
        most: names of a section at most.
    """
    bases = _dense(counts, {(BASE, name): place for place, name in enumerate(BASES)}, len(BASES))
    candidates = _candidates(counts)
    means = _mean_shares(counts, candidates, bases, group, groups)
    measures: list[Measure] = []
    column: dict[Name, int] = {}
    for section in SECTIONS:
        names = [name for name in counts.places if name[0] == section.name]
        chosen = sorted(
            (name for name in names if name in means and name[1] != MEAN),
            key=lambda name: (-means[name], name),
        )[:most]
        if section.name in _MEANS:
            chosen = [(section.name, MEAN), *sorted(chosen, key=lambda name: int(name[1]))]
        for name in chosen:
            column[name] = len(measures)
            measures.append(_measure(section, name[1]))
        rest = set(names).difference(chosen)
        if section.whole and rest:
            column.update(dict.fromkeys(rest, len(measures)))
            measures.append(_measure(section, OTHERS))
    numerators = _dense(counts, column, len(measures))
    numerators *= [1.0 if measure.unit in _MEANS.values() else 100.0 for measure in measures]
    base = np.array([BASES.index(measure.base) for measure in measures])
    return Amounts(tuple(measures), numerators, bases, base)


def _measure(section: Section, name: str) -> Measure:
    if name == MEAN:
        return Measure(section.name, name, _MEANS[section.name], section.base)
    if section.name in _MEANS and name != OTHERS:
        name = f"{name} {_MEANS[section.name]}"
        name = name.removesuffix("s") if name.startswith("1 ") else name
        name += " apart" if section.name == DISTANCES else ""
    return Measure(section.name, name, section.unit, section.base)


def _candidates(counts: Counts) -> list[Name]:
    """Return the most frequent counts of each section."""
    _, count, amount = counts.triplets
    totals = np.bincount(count, amount, minlength=len(counts.places))
    ranked = sorted(counts.places, key=lambda name: (-totals[counts.places[name]], name))
    return [
        name
        for section in SECTIONS
        for name in [name for name in ranked if name[0] == section.name][:_CANDIDATES]
    ]


def _mean_shares(
    counts: Counts, names: Sequence[Name], bases: np.ndarray, group: np.ndarray, groups: int
) -> dict[Name, float]:
    """Return the shares of counts in their base, each the mean over the groups."""
    column = _columns(counts, {name: place for place, name in enumerate(names)})
    poem, count, amount = counts.triplets
    wanted = column[count] >= 0
    cells = group[poem[wanted]] * len(names) + column[count[wanted]]
    sums = np.bincount(cells, amount[wanted], minlength=groups * len(names))
    over = np.zeros((groups, len(BASES)))
    np.add.at(over, group, bases)
    base = {section.name: BASES.index(section.base) for section in SECTIONS}
    divisors = np.maximum(over[:, [base[section] for section, _ in names]], 1.0)
    shares = (sums.reshape(groups, len(names)) / divisors).mean(axis=0)
    return dict(zip(names, shares.tolist(), strict=True))


def _dense(counts: Counts, column: Mapping[Name, int], columns: int) -> np.ndarray:
    """Return amounts by poem and column, shape (poems, columns); counts without one are left."""
    columns_of_counts = _columns(counts, column)
    poem, count, amount = counts.triplets
    wanted = columns_of_counts[count] >= 0
    cells = poem[wanted] * columns + columns_of_counts[count[wanted]]
    poems = len(counts.labels)
    return np.bincount(cells, amount[wanted], minlength=poems * columns).reshape(poems, columns)


def _columns(counts: Counts, column: Mapping[Name, int]) -> np.ndarray:
    """Return the column of each count, -1 for those that have none."""
    columns = np.full(len(counts.places), -1, dtype=np.int64)
    for name, place in column.items():
        if name in counts.places:
            columns[counts.places[name]] = place
    return columns
