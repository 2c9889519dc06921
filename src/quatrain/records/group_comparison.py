"""Groups of poems compared: what each has, with intervals, and how two of them differ."""

from __future__ import annotations

from dataclasses import dataclass

from quatrain.records.deferred import RichRepr


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95 % interval.

    Attributes:
        value: the number.
        low, high: ends of the interval; the number is within.
    """

    value: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Whether 0 is outside the interval."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity that is measured of every group.

    Attributes:
        section: the subject, such as "metres" or "rhymes".
        name: what is measured, such as "iambic pentameter".
        unit: "%", or what the number counts, such as "per 100 lines".
        base: what it is a share of or a mean over, such as "poems with a metre".
    """

    section: str
    name: str
    unit: str
    base: str


@dataclass(frozen=True, slots=True)
class PoemGroup:
    """Poems that are measured together.

    Attributes:
        name: what they have in common, such as an author.
        poems, lines: their numbers.
        estimates: one for each measure; None where there is nothing to measure, such as rhyming
            pairs in verse without rhyme.
    """

    name: str
    poems: int
    lines: int
    estimates: tuple[Estimate | None, ...]


@dataclass(frozen=True, slots=True)
class GroupComparison(RichRepr):
    """Groups of poems side by side.

    Attributes:
        results: the folders of results.
        by: the keys that make the groups; empty if each folder is a group.
        measures: what is measured, in reading order.
        groups: at least one.
        differences: the first group less the second, one for each measure, if there are two
            groups; None where one of them has nothing to measure.
        resamples: how often the poems of each group were drawn again for the intervals.
        seed: of these draws.
        notes: remarks for the reader, in sentences.
    """

    results: tuple[str, ...]
    by: tuple[str, ...]
    measures: tuple[Measure, ...]
    groups: tuple[PoemGroup, ...]
    differences: tuple[Estimate | None, ...]
    resamples: int
    seed: int
    notes: tuple[str, ...]

    def section(self, name: str) -> tuple[int, ...]:
        """Return the places of the measures of a section."""
        return tuple(
            place for place, measure in enumerate(self.measures) if measure.section == name
        )
