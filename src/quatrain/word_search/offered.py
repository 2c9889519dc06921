"""Words that may be offered, and their pronunciations."""

from __future__ import annotations

from collections.abc import Sequence

from quatrain.meaning import lemmas, shipped
from quatrain.records import Pronunciation
from quatrain.write.bias import BLOCKED_WORDS

_UNWANTED_LABELS = frozenset({"ethnic slur", "obscenity", "disparagement"})
"""Labels of a word's most used sense with which it is not offered."""


def usual_ways(ways: Sequence[Pronunciation]) -> list[Pronunciation]:
    """Return the ways of saying a word that a writer may count on, the likeliest first.

    A way with more or fewer syllables than the likeliest has to be listed by two dictionaries or by
    that of verse (*heaven*), or to run two syllables into one (*desire*): one dictionary alone has
    *bed* with two, and *inspired* may be said with four.
    """
    usual = ways[0].syllables
    return [
        way
        for way in ways
        if way.syllables == usual
        or "+" in way.source
        or way.source == "verse"
        or (way.source == "rule" and way.syllables < usual)
    ]


def is_offered(word: str, *, only_associated: bool) -> bool:
    """Return whether a word may be offered: no slur, no letter, and not several words.

    Args:
        word: the word.
        only_associated: whether it is near by association alone; it must then carry meaning, so
            that it is in the dictionary, and there no adverb first.
    """
    if not word.isalpha() or word in BLOCKED_WORDS or (len(word) == 1 and word not in "aio"):
        return False
    bases = lemmas(word, shipped())
    senses = [shipped().sense(shipped().senses_of(base)[0]) for base in bases[:1]]
    if only_associated and (not senses or senses[0].part == "r"):
        return False
    labels = (label.sense for sense in senses for label in sense.related("label"))
    return all(_UNWANTED_LABELS.isdisjoint(shipped().sense(label).words) for label in labels)
