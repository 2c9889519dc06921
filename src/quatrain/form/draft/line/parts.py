"""A line by itself: its syllables, feet, rhyming letters, and why it breaks its metre.

In: a line, and the metre or the number of syllables it should have. Out: a `LineParts`, which
depends on nothing else and is remembered.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from quatrain.form.draft.line.faults import count_fault, extra_syllables, metre_fault
from quatrain.form.draft.line.notes import notes_of
from quatrain.form.draft.line.spans import (
    Offsets,
    Spoken,
    divide,
    marks_of,
    rhyme_span,
    runs_to_spans,
    syllables_of,
    words_of_reading,
    words_of_scansion,
)
from quatrain.form.metre import (
    LineReading,
    MetreAutomaton,
    MetreReader,
    Strength,
    SyllableCount,
    count_syllables,
)
from quatrain.form.metre.strength import UNSTRESSED, strengths
from quatrain.records import LineScansion
from quatrain.records.draft import DraftLine, Fault, Span, SyllableMark
from quatrain.sound import Ear, words

CACHE_LIMIT = 20_000
"""Lines whose parts are kept in memory; one more clears them."""


@dataclass(frozen=True, slots=True)
class LineParts:
    """Parts of a line that depend on nothing beside it.

    Attributes:
        marks, feet, rhyme_span: as in `DraftLine`.
        syllables: number of syllables.
        fault: why it breaks its metre or its count, without repairs; None if it doesn't.
        notes: licences it takes.
        guessed: words whose pronunciation is guessed.
    """

    marks: tuple[SyllableMark, ...] = ()
    feet: tuple[Span, ...] = ()
    rhyme_span: Span | None = None
    syllables: int = 0
    fault: Fault | None = None
    notes: tuple[str, ...] = ()
    guessed: tuple[str, ...] = ()


def filled(line: DraftLine, parts: LineParts) -> DraftLine:
    """Return a line of a draft with its parts; its state and its faults stay."""
    return replace(
        line,
        syllables=parts.syllables,
        rhyme_span=parts.rhyme_span if line.rhyme else None,
        syllable_marks=parts.marks,
        feet=parts.feet,
        notes=parts.notes,
        guessed=parts.guessed,
        wish="",
    )


class LineAnalyst:
    """Takes lines apart; what it has done is remembered.

    Args:
        reader: reads lines under a metre.
    """

    def __init__(self, reader: MetreReader) -> None:
        self._reader = reader
        self._parts: dict[tuple[str, MetreAutomaton | int | None], LineParts] = {}

    def parts(self, text: str, measure: MetreAutomaton | int | None) -> LineParts:
        """Return the parts of a line.

        Args:
            text: the line.
            measure: its metre, or its number of syllables, or None.
        """
        key = text, measure
        parts = self._parts.get(key)
        if parts is None:
            if isinstance(measure, MetreAutomaton):
                parts = self._in_metre(text, measure)
            else:
                parts = self._counted(text, measure)
            if len(self._parts) >= CACHE_LIMIT:
                self._parts.clear()
            self._parts[key] = parts
        return parts

    def _in_metre(self, text: str, metre: MetreAutomaton) -> LineParts:
        reading = self._reader.read(text, metre)
        if reading.broken and any(": " in name or "elided" in name for name in reading.licences):
            reading = self._reader.read_plainly(text, metre)
        offsets = Offsets(text)
        spoken = words_of_reading(reading)
        if not spoken:
            counted = self._counted(text, None)
            return replace(counted, fault=metre_fault(reading, (), (), metre))
        syllables = syllables_of(spoken, reading.stress, offsets)
        extra = extra_syllables(reading)
        fault = metre_fault(reading, syllables, extra, metre) if reading.broken else None
        runs = _runs(reading, extra, metre)
        return LineParts(
            marks_of(syllables, extra),
            runs_to_spans(runs, syllables),
            _last_rhyme(spoken, reading.stress, offsets),
            len(syllables),
            fault,
            () if fault else notes_of(reading, syllables, runs, metre),
            self._guessed(text),
        )

    def _counted(self, text: str, expected: int | None) -> LineParts:
        """Return the parts of a line whose syllables are only counted."""
        count = count_syllables(text, self._reader.ear)
        spoken = _words_counted(text, count, self._reader.ear)
        offsets = Offsets(text)
        beats = "".join(_plain_stress(word) for word in spoken)
        syllables = syllables_of(spoken, beats, offsets)
        fault = None
        if expected is not None and count.total != expected:
            fault = count_fault(count, expected, [syllable.span for syllable in syllables])
        return LineParts(
            marks_of(syllables, ()),
            (),
            _last_rhyme(spoken, beats, offsets) if spoken else None,
            count.total,
            fault,
            (),
            self._guessed(text),
        )

    def scanned(self, scansion: LineScansion) -> LineParts:
        """Return the parts of a line that the scanner has read."""
        spoken = words_of_scansion(scansion)
        if not scansion.is_scanned or not spoken:
            return self._counted(scansion.text, None)
        offsets = Offsets(scansion.text)
        syllables = syllables_of(spoken, scansion.beats, offsets)
        return LineParts(
            marks_of(syllables, ()),
            runs_to_spans(map(len, scansion.feet), syllables),
            _last_rhyme(spoken, scansion.beats, offsets),
            len(syllables),
            None,
            (),
            tuple(dict.fromkeys(scansion.guessed)),
        )

    def _guessed(self, text: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(word for word, _ in self._reader.guesses(text)))


def _runs(reading: LineReading, extra: list[int], metre: MetreAutomaton) -> tuple[int, ...]:
    """Return the number of syllables of each foot; one too many goes with the foot before it."""
    beats = "".join(mark for place, mark in enumerate(reading.stress) if place not in extra)
    runs = list(divide(beats, metre))
    for place in extra:
        end = 0
        for foot, count in enumerate(runs):
            end += count
            if end >= place or foot == len(runs) - 1:
                runs[foot] += 1
                break
    return tuple(runs)


def _last_rhyme(spoken: list[Spoken], beats: str, offsets: Offsets) -> Span | None:
    """Return the letters that rhyme at the end of a line."""
    last = spoken[-1]
    return rhyme_span(last, beats[len(beats) - last[2] :] if last[2] else "", offsets)


def _words_counted(text: str, count: SyllableCount, ear: Ear) -> list[Spoken]:
    """Return the words of a line, each as it was counted."""
    spoken: list[Spoken] = []
    counts = iter(count.words)
    for word in words(text):
        pronunciations = ear.pronounce(word.spoken)
        if not pronunciations:
            continue
        counted = next(counts, None)
        if counted is None:
            break
        spoken.append((word.text, word.start, counted.counted, pronunciations[0], word.spoken))
    return spoken


def _plain_stress(word: Spoken) -> str:
    """Return where a word is stressed, as a reader who knows no metre says it: `-` and `+`."""
    pattern = strengths(word[4], word[3])
    weak = UNSTRESSED | {Strength.STRESSABLE}
    marks = "".join("-" if strength in weak else "+" for strength in pattern)
    return (marks + "-" * word[2])[: word[2]]
