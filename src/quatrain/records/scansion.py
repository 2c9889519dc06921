"""Verse, scanned: syllables, stresses, beats, feet."""

from __future__ import annotations

from dataclasses import dataclass

from quatrain.records.pronunciation import Pronunciation
from quatrain.records.verse import Poem

NUMBERS = [
    "monometer",
    "dimeter",
    "trimeter",
    "tetrameter",
    "pentameter",
    "hexameter",
    "heptameter",
    "octameter",
]


@dataclass(frozen=True, slots=True)
class Metre:
    """The metre of a poem or a line.

    Attributes:
        foot: "iambic", "trochaic", "anapaestic", "dactylic", "amphibrachic", "free"
            where nothing recurs, "" where there is no verse.
        feet: beats of a line, repeating from line to line: (5,) or, in a ballad, (4, 3).
    """

    foot: str
    feet: tuple[int, ...] = ()

    def __str__(self) -> str:
        if not self.feet:
            return self.foot or "none"
        names = [
            NUMBERS[feet - 1] if 0 < feet <= len(NUMBERS) else f"of {feet} feet"
            for feet in dict.fromkeys(self.feet)
        ]
        return f"{self.foot} {' and '.join(names)}"


@dataclass(frozen=True, slots=True)
class Variation:
    """A departure of a line from its metre.

    Attributes:
        name: "trochaic inversion", "spondee", "pyrrhic", "anapaestic substitution",
            "feminine ending", "headless", "catalectic", or the licence taken in saying a word.
        foot: which foot, from 1; 0 where it is about the line.
    """

    name: str
    foot: int = 0

    def __str__(self) -> str:
        return f"{self.name} (foot {self.foot})" if self.foot else self.name


@dataclass(frozen=True, slots=True)
class LineScansion:
    """One line, scanned.

    Attributes:
        text: the line.
        stress: `-` or `+` per syllable, as the voice stresses it.
        beats: `-` or `+` per syllable, where the metre has its beats.
        words: the words said, as (text, start in the line, syllables, pronunciation); a word
            elided before a vowel has 0 syllables.
        metre: of this line.
        feet: its feet, as runs of `beats` marks.
        variations: departures from the metre, and licences.
        score: of this scansion under the grammar, in nats; only differences mean anything.
        margin: by how much the best reading with another stress is worse, in nats; None if it was
            not asked for.
    """

    text: str
    stress: str
    beats: str
    words: tuple[tuple[str, int, int, Pronunciation], ...]
    metre: Metre
    feet: tuple[str, ...] = ()
    variations: tuple[Variation, ...] = ()
    score: float = 0.0
    margin: float | None = None

    @property
    def guessed(self) -> tuple[str, ...]:
        """The words whose pronunciation was guessed."""
        return tuple(text for text, _, _, said in self.words if said.guessed)


@dataclass(frozen=True, slots=True)
class Scansion:
    """A poem, scanned.

    Attributes:
        poem: the poem.
        metre: of the whole.
        confidence: how sure the foot is, 0 to 1.
        regularity: the share of lines in that metre.
        lines: one per line of the poem, in order.
    """

    poem: Poem
    metre: Metre
    confidence: float
    regularity: float
    lines: tuple[LineScansion, ...]
