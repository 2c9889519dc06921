"""A checker that knows invented words, and its findings for a form made on the spot."""

from collections.abc import Callable

import pytest

from quatrain.form import Checker, parse
from quatrain.records import Finding, Poem
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
