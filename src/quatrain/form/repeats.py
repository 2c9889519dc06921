"""Whatever a form repeats word for word: refrains, end words; and the letters of an acrostic.

In: the lines of a poem and a form. Out: findings. Nothing here is heard: words are compared
as they are spelled, without punctuation and capitals. An empty line is still to be written: it
is passed over, and lines that should repeat it are compared with each other.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from quatrain.form.form import Form
from quatrain.records import Finding
from quatrain.sound import words


def refrain_findings(lines: Sequence[str], form: Form) -> list[Finding]:
    """Return a finding for each line that has to repeat another, of the lines that are there."""
    return [
        Finding(
            later,
            "refrain",
            same_words(lines[first - 1], lines[later - 1]),
            repr(lines[later - 1]),
            f"line {first} again, {lines[first - 1]!r}",
            "Words are compared, not punctuation or capitals.",
        )
        for first, later in _written(lines, refrain_pairs(len(lines), form))
    ] + _rentrement_findings(lines, form)


def _written(lines: Sequence[str], pairs: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield pairs of a line and one that should be like it; both are written.

    Where the first is still to be written, the first line that should be like it takes its place.
    """
    givers: dict[int, int] = {}
    for first, later in pairs:
        if not lines[later - 1]:
            continue
        giver = first if lines[first - 1] else givers.setdefault(first, later)
        if giver != later:
            yield giver, later


def _rentrement_findings(lines: Sequence[str], form: Form) -> list[Finding]:
    """Return a finding for each line that has to repeat the opening words of the first.

    How many words these are, the first such line says; at least one, and not the whole line.
    """
    findings = []
    places = [number for number in form.rentrement if any(lines[number - 1 : number])]
    for number in places:
        opening = _words(lines[0])
        again, first = _words(lines[number - 1]), _words(lines[places[0] - 1])
        opens = 0 < len(again) < len(opening) and opening[: len(again)] == again
        opens |= not lines[0]
        findings.append(
            Finding(
                number,
                "refrain",
                opens and again == first,
                repr(lines[number - 1]),
                f"the opening words of line 1, {lines[0]!r}",
                "Words are compared, not punctuation or capitals.",
            )
        )
    return findings


def refrain_pairs(count: int, form: Form) -> list[tuple[int, int]]:
    """Return the numbers of each line and one that repeats it, for a poem of `count` lines."""
    pairs = [(first, later) for first, places in form.refrains.items() for later in places]
    if form.carry:
        start, unit = form.opening_lines, len(form.again[0])
        for base in range(start + unit, count, unit):
            pairs += [(base - unit + before, base + now) for before, now in form.carry]
    return [(first, later) for first, later in pairs if later <= count]


def end_word_findings(lines: Sequence[str], form: Form) -> list[Finding]:
    """Return a finding for each line after the first stanza whose last word is given."""
    findings = []
    given = [(first, line) for line, first in end_word_pairs(form) if line <= len(lines)]
    for first, number in _written(lines, given):
        expected, actual = last_word(lines[first - 1]), last_word(lines[number - 1])
        findings.append(
            Finding(
                number,
                "end word",
                expected == actual,
                repr(actual),
                repr(expected),
                f"the last word of line {first}",
            )
        )
    return findings


def end_word_pairs(form: Form) -> list[tuple[int, int]]:
    """Return the number of each line whose last word is given, and of the line that gives it."""
    if not form.end_words:
        return []
    pairs = []
    start = len(form.stanzas[0])
    for scheme, row in zip(form.stanzas[1:], form.end_words[1:], strict=True):
        pairs += [(start + place, first) for place, first in enumerate(row, 1)]
        start += len(scheme)
    return pairs


def acrostic_findings(lines: Sequence[str], form: Form) -> list[Finding]:
    """Return a finding for each line whose first letter the form gives."""
    findings = []
    for number, (letter, line) in enumerate(zip(form.acrostic, lines, strict=False), 1):
        if not line:
            continue
        first = next((character for character in line if character.isalpha()), "")
        kept = first.lower() == letter.lower()
        why = "The first letters of the lines spell a word."
        findings.append(Finding(number, "acrostic", kept, repr(first), repr(letter), why))
    return findings


def same_words(line: str, other: str) -> bool:
    """Return whether two lines have the same words, whatever their punctuation."""
    return _words(line) == _words(other)


def _words(line: str) -> list[str]:
    """Return the words of a line as they are said."""
    return [word.spoken for word in words(line)]


def with_last_word(line: str, word: str) -> str:
    """Return a line with another last word; what stands after it stays."""
    line = unicodedata.normalize("NFC", line)
    last = next(iter(words(line)[-1:]), None)
    return line if last is None else line[: last.start] + word + line[last.end :]


def last_word(line: str) -> str:
    """Return the last word of a line as it is said; empty if it has none."""
    return next(iter(_words(line)[-1:]), "")
