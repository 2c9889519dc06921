"""Scansions: syllables, stresses, beats, feet."""

from __future__ import annotations

from dataclasses import dataclass

from quatrain.records.deferred import HtmlRepr
from quatrain.records.pronunciation import Pronunciation
from quatrain.records.syllables import vowel_positions
from quatrain.records.verse import Poem

STRESS_MARKS = {"+": "/", "-": "x"}
"""Marks of a stressed and an unstressed syllable, as books on metre print them."""

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


CERTAINTIES = ((0.95, "certain"), (0.8, "likely"), (0.5, "unsure"), (0.0, "doubtful"))
"""Least confidence, and the word for it. The figures are calibrated, so nineteen of twenty poems
called certain are right (`benchmarks/calibration.py`)."""


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
    """A departure of a line from its metre as the scanner names it, or a licence.

    Attributes:
        name: "trochaic inversion", "spondee", "pyrrhic", "anapaestic substitution",
            "feminine ending", "headless", "catalectic", or a licence in how a word is said.
        foot: which foot, from 1; 0 where it is about the line.
    """

    name: str
    foot: int = 0

    def __str__(self) -> str:
        return f"{self.name} (foot {self.foot})" if self.foot else self.name


@dataclass(frozen=True, slots=True)
class LineScansion:
    """The scansion of one line.

    Attributes:
        text: the line.
        stress: `-` or `+` per syllable, as a speaker stresses it.
        beats: `-` or `+` per syllable, where the metre has its beats.
        words: its words, as (text, start in the line, syllables, pronunciation); a word
            elided before a vowel has 0 syllables.
        metre: of this line.
        feet: its feet, as runs of `beats` marks.
        variations: departures from the metre, and licences.
        score: under the grammar, in nats; only differences between scores mean anything.
        margin: how much worse the best scansion with another stress is, in nats; None if it was
            not asked for.
        confidence: calibrated probability that every mark is right, 0 to 1; None without a margin.
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
    confidence: float | None = None

    @property
    def guessed(self) -> tuple[str, ...]:
        """Words whose pronunciation was guessed."""
        return tuple(text for text, _, _, pronunciation in self.words if pronunciation.guessed)

    @property
    def is_scanned(self) -> bool:
        """False for a line without a syllable, or with more than a line of verse can have."""
        return bool(self.stress)

    @property
    def is_unsure(self) -> bool:
        """True if the marks are more likely wrong somewhere than right; False if not asked for."""
        return self.confidence is not None and self.confidence < 0.5

    @property
    def vowel_positions(self) -> list[int]:
        """Index in `text` of the vowel of each syllable; none for a line that is not scanned."""
        if not self.is_scanned:
            return []
        return [
            start + position
            for text, start, syllables, _ in self.words
            for position in vowel_positions(text, syllables)
        ]

    @property
    def marks(self) -> str:
        """Marks to print above the line: / over a stressed syllable, x over another."""
        marks = [" "] * max(len(self.text), 1)
        for position, stress in zip(self.vowel_positions, self.stress, strict=True):
            marks[min(position, len(marks) - 1)] = STRESS_MARKS[stress]
        return "".join(marks).rstrip()

    def __str__(self) -> str:
        variations = "; ".join(map(str, self.variations))
        return f"{self.marks}\n{self.text}" + (f"  ({variations})" if variations else "")


@dataclass(frozen=True, slots=True)
class Scansion(HtmlRepr):
    """The scansion of a poem.

    Attributes:
        poem: the poem.
        metre: of the whole.
        confidence: calibrated probability that the metre's foot is right, or that the poem is
            free if `metre` says so, 0 to 1.
        regularity: the share of lines in that metre.
        lines: one per line of the poem, in order.
    """

    poem: Poem
    metre: Metre
    confidence: float
    regularity: float
    lines: tuple[LineScansion, ...]

    @property
    def lines_left_out(self) -> int:
        """Number of lines that have words, but too many syllables to be scanned as verse."""
        return sum(bool(line.words) and not line.is_scanned for line in self.lines)

    @property
    def summary(self) -> str:
        """The metre in words, how sure it is, how many lines fit it, and how many are left out."""
        left_out = self.lines_left_out
        if not left_out:
            return self._metre_summary
        lines = "1 line is" if left_out == 1 else f"{left_out:,} lines are"
        return f"{self._metre_summary}; {lines} too long to be verse, and not scanned"

    @property
    def certainty(self) -> str:
        """The confidence in words, with the figure where there is doubt."""
        word = next(word for least, word in CERTAINTIES if self.confidence >= least)
        return word if word == "certain" else f"{word}, {self.confidence:.0%} sure"

    @property
    def _metre_summary(self) -> str:
        if not self.metre.foot:
            return str(self.metre)
        sure = self.certainty
        if not self.metre.feet:
            return f"{self.metre} ({sure})"
        fitting = "all" if self.regularity >= 0.995 else f"{self.regularity:.0%} of"
        return f"{self.metre} ({sure}); {fitting} lines fit"

    def __str__(self) -> str:
        lines = iter(self.lines)
        stanzas = ["\n".join(str(next(lines)) for _ in stanza) for stanza in self.poem.stanzas]
        return "\n\n".join([*stanzas, self.summary])
