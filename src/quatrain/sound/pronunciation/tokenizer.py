"""Split a line into words, as they are spoken.

In: one line of verse. Out: its words in order, each with its place in the line.

A word is a run of letters with apostrophes and accents inside. An apostrophe before it
belongs to it if it is one of the words of verse that begin with one ('tis, 'gainst); likewise
after it (th', o'). What another tokeniser split is joined again (man 's, do n't). A hyphen ends a
word, because metre and rhyme go by the parts of a compound; the parts know that they are
joined. Numbers are words too.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_APOSTROPHES = str.maketrans("’‘ʼ`´", "'''''")
_TOKEN = re.compile(
    r"""
    '?[^\W\d_]+(?:'[^\W\d_]+)*'?      # letters, apostrophes about and inside
    | \d[\d,]*(?:st|nd|rd|th)?\b      # a number
    """,
    re.VERBOSE,
)
_SPLIT_CONTRACTION = re.compile(
    r"(?<=[^\W\d_])\s+(?='(?:s|d|st|t|ll|re|ve|m|er|en|n)\b)"
    r"|(?<=[^\W\d_])\s+(?=n't\b)"
    r"|(?<=\b[oe]')\s+(?=e[rn]\b)|(?<=\bne')\s+(?=er\b)",  # o' er, e' en, ne' er
    re.IGNORECASE,
)
_HYPHENS = frozenset(("-", "‐", "‑"))
_WITH_APOSTROPHE_BEFORE = frozenset(
    """'tis 'twas 'twere 'twill 'twould 'twixt 'gainst 'neath 'mid 'midst 'mong 'mongst 'scape
    'scaped 'bout 'cause 'em 'ere 'fore 'gan 'gin 'larum 'less 'light 'noint 'pon 'rose
    'round 'scuse 'spite 'stead 'til 'till 'way 'ware 'long 'plain 'venge 'sdeath 'hind
    'side 'bove 'cross 'most 'nough 'nother 'gins 'tend 'tice 'stroy 'scapes 'im 'er 'is 'e
    'tother 'ould 'un 'quire 'count 'low 'vise 'dure 'compass 'mongest 'bide 's 'd 'st 't
    'll 're 'm 've""".split()  # noqa: SIM905
)
_WITH_APOSTROPHE_AFTER = frozenset(
    """th' o' i' t' e' ne' wi' a' ha' wha' an' ol' po' fo' mo' thro' tho' ye' y' d' l'""".split()  # noqa: SIM905
)


class Word(NamedTuple):
    """A word of a line.

    Attributes:
        text: as it stands in the line.
        spoken: in lower case, with plain apostrophes; what a tokeniser split is joined.
        start, end: its place in the line, in characters.
        joined: whether a hyphen joins it to the word before.
    """

    text: str
    spoken: str
    start: int
    end: int
    joined: bool = False


def words(line: str) -> tuple[Word, ...]:
    """Return the words of a line, in order.

    Args:
        line: one line of verse, any Unicode.
    """
    text = line.translate(_APOSTROPHES)  # a character for a character: places stay
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = line = unicodedata.normalize("NFC", text)
    return _plain_words(line, text) if "'" not in text else _words_with_apostrophes(line, text)


def _plain_words(line: str, text: str) -> tuple[Word, ...]:
    """Return the words of a line without apostrophes; most lines are, and this is faster."""
    line_words: list[Word] = []
    last = 0
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        word = line[start:end]
        joined = start - last == 1 and bool(line_words) and text[last] in _HYPHENS
        line_words.append(Word(word, word.lower(), start, end, joined))
        last = end
    return tuple(line_words)


def _words_with_apostrophes(line: str, text: str) -> tuple[Word, ...]:
    """Return the words of a line; `text` is the line with plain apostrophes."""
    line_words: list[Word] = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        spoken = match.group().lower()
        if spoken[0] == "'" and not _keeps_apostrophe_before(spoken):
            start, spoken = start + 1, spoken[1:]
        if spoken[-1] == "'" and not _keeps_apostrophe_after(spoken, text, end):
            end, spoken = end - 1, spoken[:-1]
        if not spoken:
            continue
        if (
            line_words
            and text[line_words[-1].end : start].isspace()
            and _SPLIT_CONTRACTION.match(text, line_words[-1].end)
        ):
            before = line_words.pop()
            whole, spoken = line[before.start : end], before.spoken + spoken
            line_words.append(Word(whole, spoken, before.start, end, before.joined))
            continue
        joined = bool(line_words) and text[line_words[-1].end : start] in _HYPHENS
        line_words.append(Word(line[start:end], spoken, start, end, joined))
    return tuple(line_words)


def _keeps_apostrophe_before(spoken: str) -> bool:
    """Return whether an opening apostrophe is part of the word, not a quotation mark."""
    return spoken.rstrip("'") in _WITH_APOSTROPHE_BEFORE or spoken in _WITH_APOSTROPHE_BEFORE


def _keeps_apostrophe_after(spoken: str, text: str, end: int) -> bool:
    """Return whether a closing apostrophe is part of the word: th', or a plural's: girls' brows."""
    if spoken in _WITH_APOSTROPHE_AFTER or spoken.endswith("in'"):
        return True
    return spoken.endswith("s'") and text.count("'", 0, end) % 2 == 1 and text[end : end + 1] == " "
