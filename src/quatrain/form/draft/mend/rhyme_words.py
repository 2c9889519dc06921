"""Words that rhyme with a word, the most used of verse first, at once.

In: a word. Out: words whose sounds agree with its own from the stressed vowel on. The search of
`sound.rhyme` finds more, but takes too long for a line that is being typed.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from quatrain.sound import Ear
from quatrain.sound.frequency import usage, words_by_frequency
from quatrain.sound.function_words import ARTICLES, LIGHT_WORDS
from quatrain.sound.pronunciation.lexicon import shipped

MOST_WORDS = 6000
"""Words of verse among which rhymes are looked for, the most frequent."""

_MOSTLY_NAMES = 0.5
"""Share of capitals inside lines from which a word counts as a name."""


def rhyming_words(word: str, ear: Ear) -> tuple[str, ...]:
    """Return frequent words that rhyme with a word in its likeliest pronunciation.

    Args:
        word: the word, in lower case.
        ear: gives its pronunciations.
    """
    pronunciations = ear.pronounce(word)
    if not pronunciations:
        return ()
    return tuple(other for other in _index()[pronunciations[0].rhyming_part] if other != word)


def prepare() -> None:
    """Sort the words by their sounds, which takes a tenth of a second the first time."""
    _index()


@cache
def _index() -> defaultdict[tuple[str, ...], list[str]]:
    """Return the frequent words by their sounds from the stressed vowel on."""
    lexicon = shipped()
    index: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for word in words_by_frequency()[:MOST_WORDS]:
        capitals = usage(word).capitals
        if len(word) < 2 or word in LIGHT_WORDS | ARTICLES or "'" in word:
            continue
        if capitals is not None and capitals > _MOSTLY_NAMES:
            continue
        listed = lexicon[word]
        if listed:
            index[listed[0].rhyming_part].append(word)
    return index
