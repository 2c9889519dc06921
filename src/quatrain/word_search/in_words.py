"""Facts about a word in plain words: how it is said, where it stands, how often verse has it."""

from __future__ import annotations

from quatrain.form import LineReading
from quatrain.form.draft.wording import counted, joined, ordinal
from quatrain.records import Pronunciation
from quatrain.sound.frequency import counted_words, usage


def frequency_in_words(word: str) -> str:
    """Return how often verse has a word: "about once in 9,000 words of verse"."""
    count = usage(word.lower()).count
    if not count:
        return "not found in 12 million words of verse"
    every = counted_words() / count
    digits = max(0, len(str(round(every))) - 1)
    rounded = max(1, round(every / 10**digits) * 10**digits)
    return f"about once in {rounded:,} words of verse"


def syllables_in_words(said: Pronunciation) -> str:
    """Return a word's syllables and its stress: "two syllables, stressed on the second"."""
    count = said.syllables
    stressed = (said.stress.find("1") + 1 or said.stress.find("2") + 1) if count > 1 else 0
    told = f", stressed on the {ordinal(stressed)}" if stressed else ""
    return counted(count, "syllable") + told


def beats_of(reading: LineReading, start: int, end: int) -> tuple[list[int], list[str]]:
    """Return the beats that fall on a part of a line, from 1, and the marks of its syllables.

    Args:
        reading: of the line.
        start: of the part, in the line's text.
        end: of the part.
    """
    beats, marks, count = [], [], 0
    for place, mark in zip(reading.places, reading.stress, strict=False):
        count += mark == "+"
        if start <= place < end:
            marks.append(mark)
            if mark == "+":
                beats.append(count)
    return beats, marks


def beat_in_words(beats: list[int]) -> str:
    """Return beats in words: "on the fifth beat", "between beats"."""
    if not beats:
        return "between beats"
    listed = joined([ordinal(beat) for beat in beats])
    return f"on the {listed} beat{'s' if len(beats) > 1 else ''}"
