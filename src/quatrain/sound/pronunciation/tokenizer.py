"""The words of a line, as they are said.

In: one line of verse. Out: its words in order, each with its place in the line.

A word is a run of letters with apostrophes and accents inside; an apostrophe
before it belongs to it where a word of verse begins so ('tis, 'gainst), after it
where one ends so (th', o'). What a tokeniser split is joined again (man 's, do
n't). A hyphen ends a word, for metre and rhyme go by the parts of a compound;
the parts know that they are joined. Numbers are words too.
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
_SPLIT = re.compile(
    r"(?<=[^\W\d_])\s+(?='(?:s|d|st|t|ll|re|ve|m|er|en|n)\b)"
    r"|(?<=[^\W\d_])\s+(?=n't\b)"
    r"|(?<=\b[oe]')\s+(?=e[rn]\b)|(?<=\bne')\s+(?=er\b)",  # o' er, e' en, ne' er
    re.IGNORECASE,
)
_HYPHENS = frozenset(("-", "‐", "‑"))
_OPENED = frozenset(
    """'tis 'twas 'twere 'twill 'twould 'twixt 'gainst 'neath 'mid 'midst 'mong 'mongst 'scape
    'scaped 'bout 'cause 'em 'ere 'fore 'gan 'gin 'larum 'less 'light 'noint 'pon 'rose
    'round 'scuse 'spite 'stead 'til 'till 'way 'ware 'long 'plain 'venge 'sdeath 'hind
    'side 'bove 'cross 'most 'nough 'nother 'gins 'tend 'tice 'stroy 'scapes 'im 'er 'is 'e
    'tother 'ould 'un 'quire 'count 'low 'vise 'dure 'compass 'mongest 'bide 's 'd 'st 't
    'll 're 'm 've""".split()  # noqa: SIM905
)
_CLOSED = frozenset(
    """th' o' i' t' e' ne' wi' a' ha' wha' an' ol' po' fo' mo' thro' tho' ye' y' d' l'""".split()  # noqa: SIM905
)


class Word(NamedTuple):
    """A word of a line.

    Attributes:
        text: as it stands in the line.
        spoken: in lower case, apostrophes plain, what a tokeniser split joined.
        start, end: its place in the line, in characters.
        joined: whether a hyphen ties it to the word before.
    """

    text: str
    spoken: str
    start: int
    end: int
    joined: bool = False


def words(line: str) -> tuple[Word, ...]:
    """Every word of a line, in order.

    Args:
        line: one line of verse, any Unicode.
    """
    text = line.translate(_APOSTROPHES)  # a character for a character: places stay
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = line = unicodedata.normalize("NFC", text)
    if "'" not in text:
        plain: list[Word] = []
        last = 0
        for match in _TOKEN.finditer(text):
            start, end = match.span()
            said = line[start:end]
            joined = start - last == 1 and bool(plain) and text[last] in _HYPHENS
            plain.append(Word(said, said.lower(), start, end, joined))
            last = end
        return tuple(plain)
    found: list[Word] = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        spoken = match.group().lower()
        if spoken[0] == "'" and not _kept_before(spoken):
            start, spoken = start + 1, spoken[1:]
        if spoken[-1] == "'" and not _kept_after(spoken, text, end):
            end, spoken = end - 1, spoken[:-1]
        if not spoken:
            continue
        if found and _SPLIT.match(text, found[-1].end) and text[found[-1].end : start].isspace():
            before = found.pop()
            found.append(
                Word(line[before.start : end], before.spoken + spoken, before.start, end,
                     before.joined)
            )  # fmt: skip
            continue
        joined = bool(found) and text[found[-1].end : start] in _HYPHENS
        found.append(Word(line[start:end], spoken, start, end, joined))
    return tuple(found)


def _kept_before(spoken: str) -> bool:
    return spoken.rstrip("'") in _OPENED or spoken in _OPENED


def _kept_after(spoken: str, text: str, end: int) -> bool:
    """Whether a closing apostrophe is part of the word: th', or the plural's girls' brows."""
    if spoken in _CLOSED or spoken.endswith("in'"):
        return True
    return spoken.endswith("s'") and text.count("'", 0, end) % 2 == 1 and text[end : end + 1] == " "
