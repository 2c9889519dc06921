"""Known words that may stand in for a word that a poet never saw: of the same part of speech.

In: a new word and a known one. Out: whether the poet may treat the new one like the known one.
"""

from __future__ import annotations

import re
from functools import cache

from quatrain.meaning import lemmas, shipped

_ENDING = re.compile(r"(?:ly|est|ish|ous|ful|less|able|ible|ive|ic|al)$")
"""Endings that say themselves what part of speech a word is; words spelled alike have them too."""

_VERB_ENDING = re.compile(r"(?:ed|ing)$")
_NOUN, _VERB = "nv"


def may_stand_in(new: str, known: str) -> bool:
    """Return whether a known word is of the part of speech that a new word seems to be.

    A word that the dictionary of `meaning` has is what its most used sense is, and a form in -ed
    or -ing a verb. Any other word is a noun, as most names and new things are, unless it is in
    lower case and its ending says otherwise: then every word may stand in, since those that are
    spelled alike come first.
    """
    part = _part_of_speech(new.lower())
    if not part and not (new.islower() and _ENDING.search(new)):
        part = _NOUN
    return not part or _part_of_speech(known) == part


@cache
def _part_of_speech(word: str) -> str:
    """Return the letter of a word's part of speech in its most used sense; empty if unknown."""
    database = shipped()
    if word not in database and _VERB_ENDING.search(word):
        return _VERB
    senses = (sense for lemma in lemmas(word, database) for sense in database.senses_of(lemma))
    return next((database.sense(sense).part for sense in senses), "")
