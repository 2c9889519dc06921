"""Judging whether a line that stands above a poem is its title.

`judge` takes a line that no mark shows to be a heading, and the verse below it. It looks at what
a printer would have looked at: capitals, end punctuation, length, and whether the lines below
have a shape of their own without it. What it can't decide it calls doubtful, and a doubtful
line stays verse.
"""

from __future__ import annotations

import enum
import re
import statistics
from collections.abc import Sequence

from quatrain.corpus.paratext.lines import LONGEST_TITLE

SHORTER = 0.75
"""A title's share of the median line's length, at most, if length is to speak for it.

A line of verse set apart at the start of a poem has in the median 0.98 of it; see
tests/corpus/test_text_cases.py for the texts that this and the other evidence were weighed on.
"""

CLOSED = frozenset({3, 5, 14})
"""Numbers of lines of whole poems that are too odd for chance: haiku, limerick, sonnet."""

SMALL = frozenset(
    {"a", "an", "and", "as", "at", "but", "by", "de", "for", "from", "in", "into", "is", "la", "le"}
    | {"near", "nor", "o", "of", "off", "on", "or", "out", "over", "per", "so", "than", "that"}
    | {"the", "to", "under", "up", "upon", "versus", "vs", "with", "without"}
)
"""Words that a title in capitals and small letters writes small."""

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


class Judgement(enum.Enum):
    """Judgement on a line above a poem."""

    TITLE = enum.auto()
    VERSE = enum.auto()
    DOUBTFUL = enum.auto()


def judge(line: str, stanzas: Sequence[Sequence[str]], *, gap: int) -> Judgement:
    """Say whether a line above some stanzas is their title.

    Args:
        line: the line, indentation and all.
        stanzas: the stanzas below it, each a list of lines.
        gap: blank lines between the line and the first stanza.
    """
    text = line.strip()
    verse = [row.strip() for stanza in stanzas for row in stanza]
    if gap == 0 and (not verse or 4 * len(text) > 3 * max(map(len, verse))):
        return Judgement.VERSE
    if not verse or not _could_be_title(text, verse):
        return Judgement.VERSE
    if gap and _is_incipit(text, verse[0]):
        return Judgement.TITLE
    short = len(text) <= SHORTER * statistics.median(map(len, verse))
    shapely = _has_shape(stanzas)
    starts_anew = not verse[0][:1].islower() or text[:1].islower()
    lonely = gap > 0 and all(len(stanza) > 1 for stanza in stanzas)
    if gap == 0:
        if not short or not is_title_case(text, verse) or verse[0][:1].islower():
            return Judgement.VERSE
        closed = _is_closed(verse) or (len(stanzas) > 1 and shapely)
        return Judgement.TITLE if closed else Judgement.DOUBTFUL
    if text[-1] in "!?" and (len(text.split()) < 3 or "," in text):
        return Judgement.DOUBTFUL  # it may as well be a cry
    large = [word for word in text.split() if word[0].isupper()]
    if is_title_case(text, verse) and (starts_anew or len(large) > 1 or _small_letters(verse)):
        if short or lonely or len(text.split()) > 1:
            return Judgement.TITLE
        return Judgement.DOUBTFUL
    if text[-1] in ".!?":
        return Judgement.VERSE
    if text[:1].islower() and gap < 2:
        return Judgement.DOUBTFUL
    evidence = short + shapely + lonely + _is_punctuated(stanzas) + 2 * (gap > 1)
    if starts_anew and evidence >= 3:
        return Judgement.TITLE
    return Judgement.DOUBTFUL


def runs_on(line: str) -> bool:
    """Return whether a line ends in a mark after which a sentence goes on."""
    return line.rstrip(" \"'”’_*").endswith((",", ";", ":", "-", "—", "–"))


def _could_be_title(text: str, verse: Sequence[str]) -> bool:
    """Return whether nothing speaks against a title: its end, its length, its return as a line."""
    if not text or len(text) > LONGEST_TITLE or runs_on(text) or not any(map(str.isalpha, text)):
        return False
    if text[0] in "\"“‘'-—–" and text[-1] not in "\"”’'":
        return False
    words = _words(text)
    return not any(_words(row) == words for row in verse[1:] if _alike(row, text))


def _alike(row: str, text: str) -> bool:
    """Return whether a line may have the same words as another: a first look, for speed."""
    return abs(len(row) - len(text)) < 5 and text[:3].casefold() in row[:5].casefold()


def _words(line: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(line)]


def _is_incipit(text: str, first: str) -> bool:
    """Return whether a line is the beginning of the first line of verse, as titles often are."""
    words, beginning = _words(text), _words(first)
    repeated = words == beginning
    return bool(words) and not repeated and beginning[: len(words)] == words


def is_title_case(text: str, verse: Sequence[str]) -> bool:
    """Return whether the words of a line begin with capitals, and those of the verse don't."""
    if text[-1] == "." and len(text.split()) < 2:
        return False
    words = _WORD.findall(text)
    large = [word for word in words if word.casefold() not in SMALL]
    if not large or not all(word[0].isupper() or word[0].isdigit() for word in large):
        return False
    if not words[0][0].isupper() and not words[0][0].isdigit():
        return False
    return sum(_capitals(row) for row in verse) <= len(verse) / 2


def _is_punctuated(stanzas: Sequence[Sequence[str]]) -> bool:
    """Return whether nearly all stanzas end in a punctuation mark, as the line above does not."""
    ends = [stanza[-1].rstrip()[-1:] in ".,;:!?-—–\"'”’)" for stanza in stanzas]
    return sum(ends) >= 0.8 * len(ends)


def _is_closed(verse: Sequence[str]) -> bool:
    """Return whether lines have the outline of a sonnet, a limerick or a haiku."""
    lengths = [len(row) for row in verse]
    if len(lengths) == 5:
        return min(lengths[0], lengths[1], lengths[4]) > max(lengths[2], lengths[3])
    if len(lengths) == 3:
        return lengths[1] >= max(lengths[0], lengths[2])
    return len(lengths) == 14


def _small_letters(verse: Sequence[str]) -> bool:
    """Return whether verse is written without capitals at the start of lines."""
    return all(row[:1] == row[:1].lower() for row in verse)


def _capitals(row: str) -> bool:
    """Return whether every large word of a line of verse after its first has a capital."""
    large = [word for word in _WORD.findall(row)[1:] if word.casefold() not in SMALL]
    return len(large) > 1 and all(word[0].isupper() for word in large)


def _has_shape(stanzas: Sequence[Sequence[str]]) -> bool:
    """Return whether stanzas are of one length, of two lines or more, or make a closed form."""
    lengths = {len(stanza) for stanza in stanzas}
    lines = sum(map(len, stanzas))
    return (
        lines in CLOSED
        or (len(lengths) == 1 and min(lengths) > 1)
        or (
            len(stanzas) > 2
            and len({len(stanza) for stanza in stanzas[:-1]}) == 1
            and min(lengths) > 1
        )
    )
