"""One way to read a line under a metre, and the faults of the line against it.

Out: the records `LineReading` and `Breach`, which `reader` makes.
"""

from __future__ import annotations

from dataclasses import dataclass

from quatrain.records import Pronunciation
from quatrain.sound import Word


@dataclass(frozen=True, slots=True)
class Breach:
    """One thing in a line that breaks its metre. `str` gives it in words.

    Attributes:
        kind: "extra" for a syllable too many, "weak" for an unstressed one where a beat stands,
            "stressed" for a stressed one where none stands, "light" for one that is too light
            after those before it, "short" for missing ones, "long" for a line of too many words.
        syllable: index of the syllable in the line; that of the first missing one, for "short".
        count: number of syllables concerned.
        text: what is wrong, in words.
    """

    kind: str
    syllable: int
    count: int
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class LineReading:
    """One way to read a line under a metre.

    Attributes:
        stress: `-` or `+` per syllable.
        said: the words with the pronunciations taken.
        licences: names of the licences taken.
        broken: what breaks the metre; empty if the line keeps it.
        distance: number of syllables that break it.
        places: index in the line of the vowel of each syllable, for a mark above it.
        counts: number of syllables of each word of `said`; 0 for one elided before a vowel.
    """

    stress: str
    said: tuple[tuple[Word, Pronunciation], ...]
    licences: tuple[str, ...] = ()
    broken: tuple[Breach, ...] = ()
    distance: int = 0
    places: tuple[int, ...] = ()
    counts: tuple[int, ...] = ()

    @property
    def breaches(self) -> tuple[str, ...]:
        """Faults of the line against its metre, each in words; empty if it keeps it."""
        return tuple(map(str, self.broken))
