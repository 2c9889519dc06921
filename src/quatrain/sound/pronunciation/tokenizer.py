"""Split a line into words, as they are spoken.

In: one line of verse. Out: its words in order, each with its place in the line.

A word is a run of letters with apostrophes and accents inside. An apostrophe before it
belongs to it if it is one of the words of verse that begin with one ('tis, 'gainst); likewise
after it (th', o'). What another tokeniser split is joined again (man 's, do n't). A hyphen ends a
word, because metre and rhyme go by the parts of a compound; the parts know that they are
joined.

What holds a digit is one word with the signs that belong to it (1990s, $5.50, 24/7), and so are
letters with full stops (p.m.) and a sign that is said (&). `quantities` reads the first kind out,
`abbreviations` says what stands for more than its letters. Punctuation is silent. `unspoken`
returns what else is.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from quatrain.sound.pronunciation.abbreviations import Surroundings, expansion
from quatrain.sound.pronunciation.quantities import CURRENCIES, FRACTIONS, SIGNS

_APOSTROPHES = str.maketrans("’‘ʼ`´", "'''''")
_WORD = r"'?[^\W\d_]+(?:'[^\W\d_]+)*'?"
"""Letters, apostrophes about and inside."""

_PLAIN = re.compile(_WORD)
_MORE_THAN_LETTERS = re.compile(
    rf"[\d{FRACTIONS}²³⁰-₉{re.escape(''.join(SIGNS))}]|[A-Z][A-Z]|[wbc]/|\.(?=.*\w)"
    r"|\b(?:[A-Z][a-z]{0,4}\.|[VX]\b|[A-Z][a-z]+ I(?! ?\w)|vs\b|(?:St|Mt|Dr|Lt|Capt|Mme|Mlle) )"
)
"""Signs of a line that needs a closer look."""

_DIGIT = rf"[\d{FRACTIONS}₀-₉]"
_SUPERSCRIPTS = "²³¹⁰-⁹"
_LETTER = rf"[^\W\d_{FRACTIONS}{_SUPERSCRIPTS}₀-₉]"
_CURRENCY = f"[{''.join(CURRENCIES)}]"
_SUFFIX = r"(?:\s?[%‰]|¢|\s?°(?:\s?[CFcf]\b)?|[²³])"
_TOKEN = re.compile(
    rf"""
    (?P<short>&\s?c\b\.?|\b(?:[wW]/o|[bB]/c|c/o)\b|\b[wW]/(?=\s))
    | (?P<emoticon><3+(?!\d))
    | (?P<quantity>
        (?:(?<![^\s(\[{{"“])[-−+±](?=(?:{_CURRENCY}|\.)?\d))?     # a sign before the number
        (?:
            {_CURRENCY}\s?\d+(?:[.,]\d+)*
                (?:(?:\s?(?:[mb]n|tn|hundred|thousand|million|billion|trillion)|[kmb])\b)?
            | (?<![\w–-])\d+(?:[.,]\d+)*[-–]\d+(?:[.,]\d+)*(?![\w–-])  # a range
            | \d+'\d+"?                                            # feet and inches
            | [\#№§]?(?:(?<!\w)\.(?=\d))?{_LETTER}*{_DIGIT}
                (?:{_DIGIT}|{_LETTER}|[.,:/×⁄](?={_DIGIT})|'(?=s\b))*{_SUFFIX}?
            | (?<!\w)(?:{_LETTER}{{1,2}})[²³]
        )
    )
    | (?P<dotted>(?:(?<![\w'])|(?<=-))(?:[^\W\d_]\.){{2,}}(?:[^\W\d_](?![\w']))?)
    | (?P<word>'?{_LETTER}+(?:'{_LETTER}+)*'?)
    | (?P<dot>(?:(?<=\w)\.(?=(?:com|org|net|edu|gov|io|co\.uk)\b)|(?<=www)\.))
    | (?P<sign>[{re.escape("".join(SIGNS))}])
    """,
    re.VERBOSE,
)
_SPLIT_CONTRACTION = re.compile(
    r"(?<=[^\W\d_])\s+(?='(?:s|d|st|t|ll|re|ve|m|er|en|n)\b(?!'))"
    r"|(?<=[^\W\d_])\s+(?=n't\b)"
    r"|(?<=\b[oe]')\s+(?=e[rn]\b)|(?<=\bne')\s+(?=er\b)",  # o' er, e' en, ne' er
    re.IGNORECASE,
)
_SHORT = {
    "&c": "et cetera",
    "w/": "with",
    "w/o": "without",
    "b/c": "because",
    "c/o": "care of",
}
"""Short forms that hold a sign."""

_AMOUNTS = frozenset((*CURRENCIES, "%", "‰", "¢", "°"))
"""Signs that are said with a number only, which `quantities` reads."""

_MARKS = tuple(".,;:!?)]”’")
_ANY_LETTER = re.compile(r"[^\W_]")
_LONGEST = 16
"""Letters of the longest word that may be an abbreviation."""

_HYPHENS = frozenset(("-", "‐", "‑"))
_WITH_APOSTROPHE_BEFORE = frozenset(
    """'tis 'twas 'twere 'twill 'twould 'twixt 'gainst 'neath 'mid 'midst 'mong 'mongst 'scape
    'scaped 'bout 'cause 'em 'ere 'fore 'gan 'gin 'larum 'less 'light 'noint 'pon 'rose
    'round 'scuse 'spite 'stead 'til 'till 'way 'ware 'long 'plain 'venge 'sdeath 'hind
    'side 'bove 'cross 'most 'nough 'nother 'gins 'tend 'tice 'stroy 'scapes 'im 'er 'is 'e
    'tother 'ould 'un 'n 'quire 'count 'low 'vise 'dure 'compass 'mongest 'bide 's 'd 'st 't
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
    if _MORE_THAN_LETTERS.search(text):
        return _expanded(line, text, _words_of(line, text, _TOKEN))
    return tuple(_plain_words(line, text) if "'" not in text else _words_of(line, text, _PLAIN))


def unspoken(line: str) -> tuple[str, ...]:
    """Return the signs of a line that are neither said nor punctuation: emoji, arrows, note marks.

    Args:
        line: one line of verse, any Unicode.
    """
    line = unicodedata.normalize("NFC", line)
    said = {place for word in words(line) for place in range(word.start, word.end)}
    return tuple(
        character
        for place, character in enumerate(line)
        if place not in said and (character in SIGNS or unicodedata.category(character)[0] in "SNL")
    )


def _plain_words(line: str, text: str) -> list[Word]:
    """Return the words of a line of letters only; most lines are, and this is faster."""
    line_words: list[Word] = []
    last = 0
    for match in _PLAIN.finditer(text):
        start, end = match.span()
        word = line[start:end]
        joined = start - last == 1 and bool(line_words) and text[last] in _HYPHENS
        line_words.append(Word(word, word.lower(), start, end, joined))
        last = end
    return line_words


def _words_of(line: str, text: str, token: re.Pattern[str]) -> list[Word]:
    """Return the words of a line; `text` is the line with plain apostrophes."""
    line_words: list[Word] = []
    for match in token.finditer(text):
        start, end = match.span()
        spoken = match.group().lower()
        if match.lastgroup in (None, "word"):
            if spoken[0] == "'" and not _keeps_apostrophe_before(spoken):
                start, spoken = start + 1, spoken[1:]
            if spoken[-1] == "'" and not _keeps_apostrophe_after(spoken, text, end):
                end, spoken = end - 1, spoken[:-1]
        elif match.lastgroup != "quantity":
            spoken = _sign_or_letters(match, text)
            end -= match.lastgroup == "dotted" and spoken != match.group().lower()
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
    return line_words


def _sign_or_letters(match: re.Match[str], text: str) -> str:
    """Return what a sign or letters with full stops are said as; nothing for a decoration."""
    sign, start, end = match.group(), match.start(), match.end()
    if match.lastgroup == "short":
        return _SHORT[sign.lower().rstrip(".").replace(" ", "")]
    if match.lastgroup == "emoticon":
        return ""
    if match.lastgroup == "dot":
        return "dot"
    if match.lastgroup == "dotted":
        return sign.lower().rstrip(".") + "."
    before, after = text[:start], text[end:]
    if sign in _AMOUNTS:
        return ""  # without a number it is the mark of a note
    if (sign in "²³" and before[-1:].isalpha()) or (sign == "+" and before[-1:] in _MARKS):
        return ""  # the mark of a note
    if not _ANY_LETTER.search(before) and not _ANY_LETTER.search(after):
        return ""  # a rule of signs between stanzas
    if sign in (before[-1:], after[:1]) and not re.search(r"\w\+*$", before):
        return ""
    if sign == "#":
        if not before.strip():
            return "hashtag" if after[:1].isalpha() else ""  # a heading mark
        if re.search(r"\b[A-Ga-g]$", before):
            return "sharp"
        return "hashtag" if after[:1].isalpha() else SIGNS[sign]
    return SIGNS[sign]


def _expanded(line: str, text: str, line_words: list[Word]) -> tuple[Word, ...]:
    """Return words with their abbreviations said in full."""
    shouted = not any(letter.islower() for letter in line)
    whole = []
    for place, word in enumerate(line_words):
        if not word.text[0].isalpha() or not word.text.isascii() or len(word.text) > _LONGEST:
            whole.append(word)
            continue
        before = line_words[place - 1] if place else None
        after = line_words[place + 1] if place + 1 < len(line_words) else None
        space = text[before.end : word.start] if before else ""
        touching = space in (" ", "-", ". ")
        gap = text[word.end : after.start] if after else ""
        beside = Surroundings(
            before.text if before and touching else "",
            after.text if after and not gap.strip(" .-") else "",
            period=text[word.end : word.end + 1] == ".",
            pause=not after or bool(gap.strip(" ")),
            shouted=shouted,
            after_period="." in space,
            ampersand="&" in (text[word.start - 1 : word.start], text[word.end : word.end + 1]),
        )
        said = expansion(word.text, beside)
        whole.append(word._replace(spoken=said) if said else word)
    return tuple(whole)


def _keeps_apostrophe_before(spoken: str) -> bool:
    """Return whether an opening apostrophe is part of the word, not a quotation mark."""
    return spoken.rstrip("'") in _WITH_APOSTROPHE_BEFORE or spoken in _WITH_APOSTROPHE_BEFORE


def _keeps_apostrophe_after(spoken: str, text: str, end: int) -> bool:
    """Return whether a closing apostrophe is part of the word: th', or a plural's: girls' brows."""
    if spoken in _WITH_APOSTROPHE_AFTER or spoken.endswith("in'"):
        return True
    return spoken.endswith("s'") and text.count("'", 0, end) % 2 == 1 and text[end : end + 1] == " "
