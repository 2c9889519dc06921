"""Places of syllables, feet and rhymes in the text of a line.

In: a line, and how it was read or scanned. Out: spans of characters. The words of a line are found
in its composed form (NFC), so every offset goes through `Offsets` back to the text as it stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quatrain.form.metre import FEET, LineReading, MetreAutomaton, Strength
from quatrain.form.metre.strength import UNSTRESSED, strengths
from quatrain.records import LineScansion, Pronunciation
from quatrain.records.draft import Span, SyllableMark
from quatrain.records.syllables import syllabify

_TOO_LIGHT = frozenset({Strength.FREE, Strength.LEANING, Strength.ARTICLE})
"""Syllables too light to carry a beat well: articles, and unstressed ones of longer words."""

_ENDING = re.compile(r"([^aeiouy]+)(ings?)", re.IGNORECASE)
"""A last syllable with consonants before its -ing."""

_FIRST_PART = re.compile(
    r"(some|there|where|here|fore|home|house|life|time|fire|white|grave|lone|care|hope)"
    r"(?=one|[^aeiouy])(\w*)",
    re.IGNORECASE,
)
"""First part of a compound whose last letter is silent."""

_VOWELS = re.compile(r"[aeiouy]+(?!$)|[aiouy]+$|(?<=[^aeiouyl]l)e$", re.IGNORECASE)
"""Vowels of a word that are said, a silent e at its end apart."""

_THING = re.compile(r"(some|no|any|every|play)things?$", re.IGNORECASE)
"""Words that end in *thing*, a syllable of its own."""

_MOST_IN_FOOT = 3
"""Syllables of a foot beyond those of its pattern that are tried."""


class Offsets:
    """Places in a text of the characters of its composed form."""

    def __init__(self, text: str) -> None:
        self.composed = unicodedata.normalize("NFC", text)
        self._places: list[int] | None = None
        if self.composed != text:
            self._places = _places(text, len(self.composed))

    def span(self, start: int, end: int) -> Span:
        """Return the span in the text of one in its composed form."""
        if self._places is None:
            return start, end
        return self._places[start], self._places[end]


def _places(text: str, length: int) -> list[int]:
    """Return for each place of the composed form, its end too, the place in the text."""
    places = []
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and unicodedata.combining(text[end]):
            continue
        places += [start] * len(unicodedata.normalize("NFC", text[start:end]))
        start = end
    places = places[:length]
    return places + [len(text)] * (length + 1 - len(places))


@dataclass(frozen=True, slots=True)
class Syllable:
    """A syllable of a line.

    Attributes:
        word: index of its word among those of the reading.
        text: its letters, with a hyphen where its word goes on: `the`, `-ing`, `riv-`.
        span: its characters.
        beat: whether a beat falls on it.
        weak: whether it is said without stress.
        light: whether it is too light to carry a beat well.
    """

    word: int
    text: str
    span: Span
    beat: bool
    weak: bool
    light: bool


Spoken = tuple[str, int, int, Pronunciation, str]
"""A word: its text, start, number of syllables, pronunciation, and its form as it is said."""


def syllables_of(spoken: Iterable[Spoken], beats: str, offsets: Offsets) -> tuple[Syllable, ...]:
    """Return the syllables of a line.

    Args:
        spoken: its words.
        beats: `-` or `+` per syllable.
        offsets: of the line.
    """
    line: list[Syllable] = []
    for number, (text, start, count, said, word) in enumerate(spoken):
        pattern = strengths(word, said)
        parts = _cut(text, count)
        for place, part in enumerate(parts):
            strength = pattern[min(place, len(pattern) - 1)]
            shown = ("-" if place else "") + part + ("-" if place < count - 1 else "")
            line.append(
                Syllable(
                    number,
                    shown,
                    offsets.span(start, start + len(part)),
                    beats[len(line) : len(line) + 1] == "+",
                    strength in UNSTRESSED,
                    strength in _TOO_LIGHT,
                )
            )
            start += len(part)
    return tuple(line)


def _cut(word: str, syllables: int) -> tuple[str, ...]:
    """Cut a word into syllables: *climb-ing*, not *clim-bing*; *some-one*, not *so-meone*."""
    if syllables == 3 and len(word) > 5 and word.lower().startswith("every"):
        return word[:3], word[3:5], word[5:]
    first = _FIRST_PART.match(word)
    if first and syllables > 1 and len(_VOWELS.findall(first[2])) >= syllables - 1:
        return first[1], *syllabify(first[2] + word[first.end() :], syllables - 1)
    parts = syllabify(word, syllables)
    match = _ENDING.fullmatch(parts[-1]) if syllables > 1 and not _THING.search(word) else None
    if match is None or not parts[-2] or parts[-2].endswith(match[1]):
        return parts
    return (*parts[:-2], parts[-2] + match[1], match[2])


def words_of_reading(reading: LineReading) -> list[Spoken]:
    """Return the words of a reading with their numbers of syllables."""
    return [
        (word.text, word.start, count, said, word.spoken)
        for (word, said), count in zip(reading.said, reading.counts, strict=True)
    ]


def words_of_scansion(scansion: LineScansion) -> list[Spoken]:
    """Return the words of a scansion with their numbers of syllables."""
    return [
        (text, start, count, said, text.lower().replace("’", "'"))
        for text, start, count, said in scansion.words
    ]


def marks_of(syllables: Sequence[Syllable], extra: Iterable[int]) -> tuple[SyllableMark, ...]:
    """Return a mark for each syllable.

    Args:
        syllables: of the line.
        extra: indices of those that are too many.
    """
    too_many = set(extra)
    return tuple(
        SyllableMark(
            *syllable.span,
            "extra"
            if place in too_many
            else "weak"
            if not syllable.beat
            else "light"
            if syllable.light
            else "beat",
        )
        for place, syllable in enumerate(syllables)
    )


def runs_to_spans(runs: Iterable[int], syllables: Sequence[Syllable]) -> tuple[Span, ...]:
    """Return the characters of each foot, from the number of syllables of each.

    Args:
        runs: number of syllables of each foot; those of 0 are left out.
        syllables: of the line.
    """
    feet: list[Span] = []
    place = 0
    for count in runs:
        run = syllables[place : place + count]
        if run:
            feet.append((run[0].span[0], run[-1].span[1]))
        place += count
    return tuple(feet)


def divide(beats: str, metre: MetreAutomaton) -> tuple[int, ...]:
    """Return how many syllables of a line each foot of its metre takes.

    The cheapest division, by dynamic programming: a foot as the metre has it costs nothing, one
    that is turned round little, one without a beat or with two most.

    Args:
        beats: `-` or `+` per syllable.
        metre: the metre.
    """
    foot = FEET[metre.foot].replace("W", "-").replace("S", "+")
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for _ in range(metre.feet):
        further: dict[int, tuple[float, tuple[int, ...]]] = {}
        for start, (cost, runs) in best.items():
            for count in range(len(foot) + _MOST_IN_FOOT):
                end = start + count
                if end > len(beats):
                    break
                total = cost + _foot_cost(beats[start:end], foot)
                if end not in further or total < further[end][0]:
                    further[end] = total, (*runs, count)
        best = further
    end = max(best)
    runs = best[end][1]
    return (*runs[:-1], runs[-1] + len(beats) - end)


def _foot_cost(beats: str, foot: str) -> float:
    """Return how far some syllables are from a foot."""
    if beats == foot:
        return 0
    if not beats:
        return 5
    if beats == foot[::-1]:
        return 1
    return abs(len(beats) - len(foot)) + (1.5 if beats.count("+") == 1 else 4)


def rhyme_span(spoken: Spoken, beats: str, offsets: Offsets) -> Span | None:
    """Return the letters of a word from its rhyming vowel to its end; None if it has no letter.

    The rhyming vowel is that of the last beat in the word; without one, of the last stress.

    Args:
        spoken: the last word of a line.
        beats: `-` or `+` for each of its syllables.
        offsets: of the line.
    """
    text, start, count, said, _ = spoken
    parts = syllabify(text, max(count, 1))
    place = beats.rfind("+")
    if place < 0:
        stress = said.stress[: len(parts)]
        place = max(stress.rfind("1"), stress.rfind("2"))
    if not 0 <= place < len(parts):
        place = len(parts) - 1
    before = sum(map(len, parts[:place]))
    begin = before + _first_vowel(text[before:])
    end = len(text.rstrip("'’.,"))
    return offsets.span(start + begin, start + end) if begin < end else None


def _first_vowel(letters: str) -> int:
    """Return the index of the first vowel of some letters; 0 if there is none."""
    plain = [unicodedata.normalize("NFD", letter)[0].lower() for letter in letters]
    for place, letter in enumerate(plain):
        after = plain[place + 1 : place + 2]
        if letter in "aeiouy" and not (
            (letter == "u" and plain[place - 1 : place] == ["q"] and after)
            or (letter == "y" and place == 0 and after and after[0] in "aeiou")
        ):
            return place
    return 0
