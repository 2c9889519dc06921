"""The standing of a word among rhymes: a usual word, a name, or the rest.

In: a word. Out: "word", "name" or "other". A lexicon of a quarter of a million words has surnames,
letters, Latin and fragments (*de*, *uv*, *thi*); a list of rhymes is better without them.
"""

from __future__ import annotations

from functools import cache

from quatrain.sound.frequency import usage
from quatrain.sound.pronunciation.ear import default
from quatrain.sound.pronunciation.lexicon import shipped as lexicon

NAME_SHARE = 0.9
"""Share of capitals inside lines from which a word is a name.

In the verse corpus *God* has 0.89 and *Muse* 0.60; *Harry* 0.91, *Marie* 0.98, *Rome* 0.99.
"""

_SMALL_SHARE = 0.5
"""Share of capitals up to which a word that a dictionary has with a capital is a word too."""

_OLD_WORD_COUNT = 20
_OLD_WORD_LETTERS = 4
"""Uses and letters from which a word that no dictionary has is one: *shoon*, *spright*.

Shorter ones in the corpus are mostly fragments and foreign words: *uv*, *che*, *les*.
"""


@cache
def standing_of(word: str) -> str:
    """Return "word", "name" or "other".

    A word is what a dictionary defines, an inflection of it, what the list of words of verse has,
    and what verse uses often in small letters. A name has a capital in nine of ten places inside a
    line. The rest is "other": single letters, foreign words, surnames that verse has not.
    """
    if len(word) == 1 and word not in ("i", "o", "a"):
        return "other"
    if word.split("'")[0] == "i":
        return "word"  # I'd, though it has a capital
    used = usage(word)
    capitals = used.capitals
    if capitals is not None and capitals >= NAME_SHARE:
        return "name"
    if lexicon().is_headword(word):
        return "word"
    if lexicon().is_headword(word, capital=True):
        return "word" if capitals is not None and capitals <= _SMALL_SHARE else "name"
    if default().pronounce(word)[0].source == "verse":
        return "word"
    if capitals is not None and capitals > _SMALL_SHARE:
        return "name"
    often = used.count >= _OLD_WORD_COUNT and len(word) >= _OLD_WORD_LETTERS
    return "word" if often and "'" not in word else "other"
