"""A checker that knows invented words, and its findings for a form made on the spot."""

import json
from collections.abc import Callable, Iterable

import pytest

from quatrain.form import Checker, parse
from quatrain.page import draft as page
from quatrain.records import DraftCheck, DraftLine, Finding, Poem
from quatrain.sound import Ear

WORDS = {
    "kuke": ("K UW1 K AH0 K", "K UW1 K"),  # two syllables, or one
    "zight": ("Z AY1 T",),
    "fite": ("F AY1 T",),
    "fide": ("F AY1 D",),
    "moot": ("M UW1 T",),
    "dolo": ("D OW1 L OW0",),
    "tivery": ("T IH1 V ER0 IY0",),
    "razery": ("R AE1 Z ER0 R IY0",),
    "lee": ("L IY1",),
    "ree": ("R IY1",),
    "ee": ("IY1",),
}
"""Invented words, and their pronunciations."""


@pytest.fixture(scope="session")
def checker() -> Checker:
    ear = Ear()
    for word, pronunciations in WORDS.items():
        for phonemes in pronunciations:
            ear.add(word, phonemes)
    return Checker(ear)


@pytest.fixture(scope="session")
def findings(checker: Checker) -> Callable[..., list[Finding]]:
    """Return the findings of one kind; the lines of the text are separated by ` / `."""

    def check(text: str, toml: str, asked: str, *, strict: bool = True) -> list[Finding]:
        poem = Poem.from_lines(text.split(" / "))
        verdict = checker.check(poem, parse(toml, "made", "made.toml"), strict=strict)
        lines = [finding.line for finding in verdict.findings]
        assert lines == sorted(lines)
        return [finding for finding in verdict.findings if finding.asked == asked]

    return check


def _spans_of(line: DraftLine) -> Iterable[tuple[int, int]]:
    yield from ((mark.start, mark.end) for mark in line.syllable_marks)
    yield from line.feet
    yield from (span for fault in line.faults for span in fault.spans)
    if line.rhyme_span:
        yield line.rhyme_span


def _assert_sound(draft: DraftCheck) -> None:
    """Assert what holds for every draft: spans in their line and in order, short briefs."""
    for number, line in enumerate(draft.lines, 1):
        assert line.number == number
        assert all(0 <= start <= end <= len(line.text) for start, end in _spans_of(line)), line
        for spans in ([(mark.start, mark.end) for mark in line.syllable_marks], line.feet):
            ends = [place for span in spans for place in span]
            assert ends == sorted(ends), line
        for fault in line.faults:
            assert 1 <= len(fault.brief.split()) <= 5, fault
            assert fault.message.endswith(".")
            assert len(fault.repairs) <= 3
            assert list(fault.spans) == sorted(fault.spans)
        assert (line.state == "empty") == (not line.text.strip())
        assert (line.state == "broken") == bool(line.faults)
    assert draft.summary
    json.dumps(page.as_dict(draft, utf16=True))


@pytest.fixture(scope="session")
def assert_sound() -> Callable[[DraftCheck], None]:
    """Return what asserts that spans lie in their lines and in order, and briefs are short."""
    return _assert_sound
