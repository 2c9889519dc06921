"""Abbreviations and the words that they stand for: vs., St. Ives, Jan. 5, Henry VIII, BBC.

In: a word as it is written, and what stands beside it. Out: the words it is said as, or None if
it is said as it is spelled. Letters that are said one by one come out dotted: `b.b.c.`.

Capitals in a line that is not all capitals are an initialism where no word has such letters, or
where a dictionary spells them out; NASA and LASER are words. A Roman numeral is a count after a
word for a part (Chapter IV) and an ordinal after a name (Henry VIII).
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from quatrain.sound.frequency import usage, words_by_frequency
from quatrain.sound.function_words import ARTICLES, LIGHT_WORDS
from quatrain.sound.pronunciation.lexicon import shipped as lexicon
from quatrain.sound.pronunciation.numerals import cardinal, ordinal, read_whole
from quatrain.sound.pronunciation.phonemes import without_stress
from quatrain.sound.pronunciation.quantities import UNITS
from quatrain.sound.pronunciation.respelling import COMMON_COUNT


class Surroundings(NamedTuple):
    """Neighbours of a word in its line.

    Attributes:
        before, after: the neighbouring words as written; empty at the ends of the line.
        period: whether a full stop follows directly.
        pause: whether punctuation or the end of the line follows, or stands before.
        shouted: whether the line has no small letter.
        ampersand: whether an & touches the word.
        after_period: whether a full stop stands between it and the word before.
    """

    before: str = ""
    after: str = ""
    period: bool = False
    pause: bool = False
    shouted: bool = False
    ampersand: bool = False
    after_period: bool = False


_MONTHS = {
    "jan": "january",
    "feb": "february",
    "mar": "march",
    "apr": "april",
    "jun": "june",
    "jul": "july",
    "aug": "august",
    "sep": "september",
    "sept": "september",
    "oct": "october",
    "nov": "november",
    "dec": "december",
}
_NAMES = frozenset({"jan", "mar", "jun"})
"""Months whose short form is a word or a name too, so that only a date tells."""

_WITH_PERIOD = {
    "vs": "versus",
    "viz": "namely",
    "dept": "department",
    "govt": "government",
    "approx": "approximately",
}
"""Abbreviations that are no words, wherever they stand."""

_BEFORE_NUMBER = {
    "no": "number",
    "nos": "numbers",
    "vol": "volume",
    "ch": "chapter",
    "chap": "chapter",
    "p": "page",
    "pp": "pages",
    "op": "opus",
    "fig": "figure",
}
_ONLY_BEFORE_DIGITS = frozenset({"p", "pp", "op"})
"""Those that may be initials before a Roman numeral: P. D. Marsh."""

_BEFORE_NAME = {
    "st": "saint",
    "mt": "mount",
    "ft": "fort",
    "dr": "doctor",
    "capt": "captain",
    "col": "colonel",
    "gen": "general",
    "gov": "governor",
    "lt": "lieutenant",
    "maj": "major",
    "pvt": "private",
    "cpl": "corporal",
    "prof": "professor",
    "rev": "reverend",
    "hon": "honorable",
    "sen": "senator",
    "rep": "representative",
    "mme": "madame",
    "mlle": "mademoiselle",
}
_WITHOUT_PERIOD = frozenset({"st", "mt", "dr", "capt", "lt", "mme", "mlle"})
"""Those that British and French print without a full stop, and that are no words."""

_AFTER_NAME = {
    "st": "street",
    "ave": "avenue",
    "rd": "road",
    "dr": "drive",
    "co": "company",
    "bros": "brothers",
    "inc": "incorporated",
    "esq": "esquire",
}
_BEFORE_STREET = frozenset("123456789&")
"""First signs of what may stand for a name before these: 5th Ave., Marsh & Co."""

_AMBIGUOUS_UNITS = frozenset({"in", "p", "m", "h"})

_PARTS = frozenset(
    """act apollo appendix article ballad book bowl canto case century chapter class day
    eclogue elegy epigram epistle exception fable figure fit grade hymn idyl idyll law lesson level
    mark movement night note number ode part phase plate problem psalm round rule satire saturn
    scene section sonnet song stage stanza step story table tale type verse vision volume war
    week""".split()  # noqa: SIM905
)
"""Words after which a Roman numeral is a count: Chapter IV is *four*, not *the fourth*."""

_ROMAN = re.compile(
    r"(?=[MDCLXVI])(M{0,3})(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})(st|nd|rd|th)?"
)
_ROMAN_VALUES = {"M": 1000, "D": 500, "C": 100, "L": 50, "X": 10, "V": 5, "I": 1}
_HIGHEST_OF_NAME = 40
"""The highest number that a Roman numeral after a name is taken for."""

_CAPITALS = re.compile(r"([A-Z]{2,})('?s)?")
_NUMBERED = re.compile(r"([A-Z]{2,}?)(II|III)")
"""An initialism with a Roman numeral, such as WWII: no word ends in several i."""

_EDGES = re.compile(r"(?P<first>y?[^aeiouy]*).*?(?P<last>[^aeiouy]*)")
_LONGEST_INITIALISM = 6
_SHORTEST_ACRONYM = 4
"""Letters from which capitals that no list has may be said as a word, like *OPEC*."""


def expansion(word: str, beside: Surroundings) -> str | None:
    """Return what a word is said as, in lower case; None if as it is spelled.

    Args:
        word: as it is written, capitals included.
        beside: what stands beside it.
    """
    lowered = word.lower()
    return (
        _abbreviated(word, lowered, beside)
        or _roman_numeral(word, beside)
        or _letters(word, beside)
    )


def _abbreviated(word: str, lowered: str, beside: Surroundings) -> str | None:
    """Return an abbreviation in full."""
    before_number = beside.after[:1].isdecimal()
    if beside.before[-1:].isdecimal() and lowered in UNITS and lowered not in _AMBIGUOUS_UNITS:
        return UNITS[lowered][beside.before != "1"]
    if word == "vs" and (before_number or beside.after[:1].isupper()):
        return "versus"
    if beside.period and lowered in _WITH_PERIOD:
        return _WITH_PERIOD[lowered]
    if lowered in _BEFORE_NUMBER and (before_number or _is_count(beside.after, lowered)):
        mid_line_capital = word[0].isupper() and bool(beside.before)
        if beside.period or (lowered == "no" and mid_line_capital and before_number):
            return _BEFORE_NUMBER[lowered]
    if not word[0].isupper():
        return None
    if lowered in _MONTHS:
        in_date = before_number or beside.before[-1:].isdecimal()
        if in_date or (beside.period and lowered not in _NAMES):
            return _MONTHS[lowered]
    if (
        lowered in _BEFORE_NAME
        and beside.after[:1].isupper()
        and (beside.period or lowered in _WITHOUT_PERIOD)
        and not beside.shouted
    ):
        return _BEFORE_NAME[lowered]
    if beside.period and (beside.before[:1].isupper() or beside.before[:1] in _BEFORE_STREET):
        return _AFTER_NAME.get(lowered)
    return None


def _is_count(word: str, abbreviation: str) -> bool:
    """Return whether a word after *Vol.* or *No.* is a Roman numeral, not *I* nor an initial."""
    if abbreviation in _ONLY_BEFORE_DIGITS or word == "I":
        return False
    return _ROMAN.fullmatch(word) is not None and (len(word) > 1 or word in "VX")


def _roman_numeral(word: str, beside: Surroundings) -> str | None:
    """Return a Roman numeral in words."""
    word, possessive, _ = word.partition("'s")
    match = _ROMAN.fullmatch(word)
    if not match:
        return None
    digits = [_ROMAN_VALUES[letter] for letter in "".join(match.groups("")[:4])]
    value = sum(
        -digit if digit < max(digits[place:]) else digit for place, digit in enumerate(digits)
    )
    if match[5]:
        return _roman_ordinal(value, match[5])
    before = beside.before.lower()
    of_part = before in _PARTS or before.removesuffix("s") in _PARTS or before in _BEFORE_NUMBER
    of_name = (
        beside.before[:1].isupper()
        and not (of_part or beside.after_period)
        and value <= _HIGHEST_OF_NAME
        and before not in LIGHT_WORDS | ARTICLES
    )
    if len(word) == 1 and not _is_single_numeral(word, beside, of_part, of_name):
        return None
    if len(word) > 1 and not set(word) <= set("IVX") and lexicon()[word.lower()]:
        return None  # MIX, CIVIL, CD
    if of_name and not (beside.shouted and not set(word) <= set("IVX")):
        return "the " + " ".join(ordinal(cardinal(value))) + possessive
    return " ".join(read_whole(str(value))[0])


def _roman_ordinal(value: int, suffix: str) -> str | None:
    """Return XIVth in words; None if its ending is another number's, as in *Ind*."""
    words = ordinal(cardinal(value))
    return " ".join(words) if words[-1].endswith(suffix) else None


def _is_single_numeral(word: str, beside: Surroundings, of_part: bool, of_name: bool) -> bool:
    """Return whether a single letter is a numeral: Part I, Henry V; not *I*, not an initial."""
    if word == "I":
        return of_part and beside.before[:1].isupper() and beside.pause
    return (of_part and word in "VX") or (of_name and word == "V" and not beside.period)


def _letters(word: str, beside: Surroundings) -> str | None:
    """Return an initialism with a dot after each letter, and the ending of its plural."""
    if word == "A" and (
        beside.before.lower() in ARTICLES
        or beside.after == "+"
        or (beside.period and beside.after[:1].isupper())
    ):
        return "a."  # the letter, not the article: A. E. Marsh, an A, A+
    if beside.ampersand and word.isupper() and len(word) < _SHORTEST_ACRONYM:
        return "".join(f"{letter}." for letter in word.lower())  # AT&T, Q&A
    if numbered := _NUMBERED.fullmatch(word):
        return "".join(f"{letter}." for letter in numbered[1].lower()) + f" {len(numbered[2])}"
    match = _CAPITALS.fullmatch(word)
    if not match:
        return None
    letters = match[1].lower()
    if not _is_spelled_out(letters, beside):
        return None
    return "".join(f"{letter}." for letter in letters) + (match[2] or "").lower()


def _is_spelled_out(letters: str, beside: Surroundings) -> bool:
    """Return whether a word in capitals is said letter by letter."""
    listed = lexicon()[letters]
    if listed:
        by_letters = any(is_by_letters(letters, each.phonemes) for each in listed)
        common = usage(letters).count >= COMMON_COUNT and beside.before.lower() not in ARTICLES
        return by_letters and not common and not beside.shouted
    has_vowel = not set(letters).isdisjoint("aeiouy")
    if not has_vowel:
        return True
    if usage(letters).count or len(letters) > _LONGEST_INITIALISM:
        return False
    if len(letters) < _SHORTEST_ACRONYM and not beside.shouted:
        return True
    edges = _EDGES.fullmatch(letters)
    return edges is not None and not (
        edges["first"] in _word_edges()[0] and edges["last"] in _word_edges()[1]
    )


@cache
def _word_edges() -> tuple[frozenset[str], frozenset[str]]:
    """Return the consonant letters that common words of verse begin with, and end with."""
    edges = [
        _EDGES.fullmatch(word)
        for word in words_by_frequency()
        if usage(word).count >= COMMON_COUNT and not set(word).isdisjoint("aeiou")
    ]
    first = {match["first"] for match in edges if match}
    last = {match["last"] for match in edges if match}
    return frozenset(first), frozenset(last)


def is_by_letters(letters: str, phonemes: tuple[str, ...]) -> bool:
    """Return whether phonemes are the names of letters, whatever their stress."""
    names = [phoneme for letter in letters for phoneme in letter_name(letter)]
    return without_stress(phonemes) == without_stress(names)


@cache
def letter_name(letter: str) -> tuple[str, ...]:
    """Return the name of a letter: the first way to say it that has a stress."""
    said = lexicon()[letter]
    return next(
        (each.phonemes for each in said if "1" in each.stress), said[0].phonemes if said else ()
    )
