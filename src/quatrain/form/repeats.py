"""Whatever a form repeats word for word: refrains, end words; and the letters of an acrostic.

In: the lines of a poem and a form. Out: findings. Nothing here is heard: words are compared
as they are spelled, without punctuation and capitals.
"""

from __future__ import annotations

from collections.abc import Sequence

from quatrain.form.form import Form
from quatrain.records import Finding
from quatrain.sound import words


def refrain_findings(lines: Sequence[str], form: Form) -> list[Finding]:
    """Return a finding for each line that has to repeat another."""
    pairs = [(first, later) for first, places in form.refrains.items() for later in places]
    if form.carry:
        start, unit = form.opening_lines, len(form.again[0])
        for stanza in range(1, (len(lines) - start) // unit):
            base = start + stanza * unit
            pairs += [(base - unit + before, base + now) for before, now in form.carry]
    return [
        Finding(
            later,
            "refrain",
            same_words(lines[first - 1], lines[later - 1]),
            repr(lines[later - 1]),
            f"line {first} again, {lines[first - 1]!r}",
            "Words are compared, not punctuation or capitals.",
        )
        for first, later in pairs
    ]


def end_word_findings(lines: Sequence[str], form: Form) -> list[Finding]:
    """Return a finding for each line after the first stanza whose last word is given."""
    if not form.end_words:
        return []
    end_words = [_last_word(line) for line in lines[: len(form.stanzas[0])]]
    findings = []
    start = len(form.stanzas[0])
    for scheme, row in zip(form.stanzas[1:], form.end_words[1:], strict=True):
        for place in range(len(scheme)):
            expected, actual = end_words[row[place] - 1], _last_word(lines[start + place])
            findings.append(
                Finding(
                    start + place + 1,
                    "end word",
                    expected == actual,
                    repr(actual),
                    repr(expected),
                    f"the last word of line {row[place]}",
                )
            )
        start += len(scheme)
    return findings


def acrostic_findings(lines: Sequence[str], form: Form) -> list[Finding]:
    """Return a finding for each line whose first letter the form gives."""
    findings = []
    for number, (letter, line) in enumerate(zip(form.acrostic, lines, strict=False), 1):
        first = next((character for character in line if character.isalpha()), "")
        kept = first.lower() == letter.lower()
        why = "The first letters of the lines spell a word."
        findings.append(Finding(number, "acrostic", kept, repr(first), repr(letter), why))
    return findings


def is_carried(number: int, form: Form) -> bool:
    """Return whether a line, counted from 0, repeats one of the stanza before."""
    if not form.carry:
        return False
    stanza, place = divmod(number - form.opening_lines, len(form.again[0]))
    return stanza > 0 and any(now == place + 1 for _, now in form.carry)


def same_words(line: str, other: str) -> bool:
    """Return whether two lines have the same words, whatever their punctuation."""
    return [word.spoken for word in words(line)] == [word.spoken for word in words(other)]


def _last_word(line: str) -> str:
    spoken = [word.spoken for word in words(line)]
    return spoken[-1] if spoken else ""
