"""The licences that a line takes, in plain words.

In: a reading that keeps its metre. Out: a few words for each licence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from quatrain.form.draft.line.spans import Syllable
from quatrain.form.draft.wording import counted, ordinal
from quatrain.form.metre import FEET, LineReading, MetreAutomaton


def notes_of(
    reading: LineReading,
    syllables: Sequence[Syllable],
    runs: Sequence[int],
    metre: MetreAutomaton,
) -> tuple[str, ...]:
    """Return a remark for each licence that a line takes, each once.

    Args:
        reading: how the line was read.
        syllables: of the reading.
        runs: number of syllables of each foot.
        metre: the metre.
    """
    return tuple(dict.fromkeys(_notes(reading, syllables, runs, metre)))


def _notes(
    reading: LineReading,
    syllables: Sequence[Syllable],
    runs: Sequence[int],
    metre: MetreAutomaton,
) -> Iterator[str]:
    foot = FEET[metre.foot]
    if "trochaic inversion" in reading.licences:
        yield from _inversions(reading.stress, runs)
    beat = 0
    for syllable in syllables:
        beat += syllable.beat
        if syllable.beat and syllable.light:
            yield f"a light {ordinal(beat)} beat"
    if "anapaestic substitution" in reading.licences:
        yield "one light syllable more"
    if "a syllable less" in reading.licences:
        yield "a foot of two syllables"
    if "feminine ending" in reading.licences:
        yield "a feminine ending"
    headless = "headless" in metre.allowed and "trochaic inversion" not in reading.licences
    if headless and foot[0] == "W" and reading.stress.startswith("+") and runs[0] < len(foot):
        yield "begins on the beat"
    if foot[-1] == "W" and "catalectic" in metre.allowed and reading.stress.endswith("+"):
        yield "ends on the beat"
    for (word, said), count in zip(reading.said, reading.counts, strict=True):
        if count < said.syllables:
            yield f"*{word.text}* runs into the next word"
        elif any(licence.startswith(f"{word.spoken}: ") for licence in reading.licences):
            yield f"*{word.text}* in {counted(count, 'syllable')}"


def _inversions(beats: str, runs: Sequence[int]) -> Iterator[str]:
    """Yield where a foot is turned round: at the start, or after a pause."""
    place = 0
    for number, count in enumerate(runs, 1):
        if beats[place : place + count].startswith("+-"):
            where = "begins with an inversion" if number == 1 else ""
            yield where or f"the {ordinal(number)} foot turned round"
        place += count
