"""Heteronyms: words stressed by their part of speech, as *a record* and *to record*.

In: a word and its neighbours in the line. Out: its part of speech there, and which of its
pronunciations suit it. `data/heteronyms.txt` lists the words; `scripts/prepare_parts.py` makes it.
The neighbours are asked in turn, those that say most first: an article makes a noun, an auxiliary a
verb. Where they leave it open, so does this module, and the metre decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

from quatrain.sound.function_words import (
    DO,
    MODALS,
    OBJECT_PRONOUNS,
    POSSESSIVES,
    SUBJECT_PRONOUNS,
)
from quatrain.sound.scansion.parts_of_speech import PartOfSpeech, part_of_speech

_ASKS_FOR_VERB = MODALS | DO | {"to", "shalt", "wilt", "canst", "cannot", "let", "let's"}
"""Words that a verb in its plain form follows."""

_SUBJECTS = (SUBJECT_PRONOUNS - {"it", "you"}) | {"who"}
"""Pronouns that a verb follows; *it* and *you* may be objects too."""

_OBJECTS = (OBJECT_PRONOUNS - {"her"}) | {"himself", "herself", "itself", "themselves"}
"""Pronouns that follow a verb; *her* may be a possessive."""

_BEFORE_NOUN = frozenset(
    {PartOfSpeech.DETERMINER, PartOfSpeech.ADJECTIVE, PartOfSpeech.NUMERAL,
     PartOfSpeech.PREPOSITION}
)  # fmt: skip
"""Parts of speech that a noun, or its adjective, follows."""

_IN_NOUN_PHRASE = frozenset({PartOfSpeech.NOUN, PartOfSpeech.ADJECTIVE})
_COPULAS = frozenset(
    ("am", "are", "is", "was", "were", "be", "been", "being", "art", "seem", "seems", "seemed")
)


class Heteronym(NamedTuple):
    """The stresses of a word by part of speech.

    Attributes:
        usual: its stress where `others` has no other, a digit per syllable.
        others: part of speech -> stress.
    """

    usual: str
    others: dict[PartOfSpeech, str]

    def suits(self, stress: str, part: PartOfSpeech) -> bool:
        """Return whether a pronunciation's stress is nearer to that of a part of speech.

        Args:
            stress: of the pronunciation, a digit per syllable.
            part: the word's part of speech in its line.
        """
        own = self.others.get(part, self.usual)
        rivals = {self.usual, *self.others.values()} - {own}
        return all(_distance(stress, own) <= _distance(stress, rival) for rival in rivals)


def _distance(stress: str, other: str) -> int:
    """Return how far two stresses are apart: the main stress first, then the weaker ones."""
    if len(stress) != len(other):
        return 0
    weaker = sum(one != two for one, two in zip(stress, other, strict=True))
    return weaker + len(stress) * (stress.find("1") != other.find("1"))


@cache
def heteronyms() -> dict[str, Heteronym]:
    """Return the heteronyms by word."""
    path = resources.files("quatrain.sound") / "data" / "heteronyms.txt"
    table = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        word, usual, *rest = line.split()
        parts = map(PartOfSpeech.__getitem__, rest[::2])
        table[word] = Heteronym(usual, dict(zip(parts, rest[1::2], strict=True)))
    return table


def part_in_line(spoken: Sequence[str], pauses: Sequence[bool], place: int) -> PartOfSpeech:
    """Return the part of speech of a word in its line: noun, adjective or verb.

    Args:
        spoken: the words of the line, in lower case.
        pauses: per word, whether punctuation stands before it.
        place: of the word.

    Returns:
        `PartOfSpeech.NONE` where the neighbours leave it open.
    """
    before = place - 1
    while before > 0 and not pauses[before + 1] and _is_adverb(spoken[before]):
        before -= 1  # will never desert
    previous = spoken[before] if before >= 0 and not any(pauses[before + 1 : place + 1]) else ""
    following = spoken[place + 1] if place + 1 < len(spoken) and not pauses[place + 1] else ""
    if _asks_for_verb(previous):
        return PartOfSpeech.VERB
    previous_part = part_of_speech(previous) if previous else PartOfSpeech.NONE
    if previous != "that" and (previous_part == PartOfSpeech.DETERMINER or previous in POSSESSIVES):
        return _nominal(spoken[place], following)
    if previous in _SUBJECTS:
        return PartOfSpeech.VERB
    if previous in _COPULAS:
        return PartOfSpeech.ADJECTIVE
    if _opens_object(following):
        return PartOfSpeech.VERB
    if previous_part in _BEFORE_NOUN or previous.endswith(("'s", "s'")):
        return _nominal(spoken[place], following)
    if following == "of":
        return PartOfSpeech.NOUN
    if previous_part == PartOfSpeech.NOUN and _agrees(previous, spoken[place]) and following:
        return PartOfSpeech.VERB
    return PartOfSpeech.NONE


def _asks_for_verb(word: str) -> bool:
    """Return whether a verb in its plain form follows: will, to, don't, I'd."""
    would = word.endswith("'d") and word[:-2] in SUBJECT_PRONOUNS
    return would or word in _ASKS_FOR_VERB or word.endswith(("'ll", "n't"))


def _is_adverb(word: str) -> bool:
    return part_of_speech(word) == PartOfSpeech.ADVERB


def _nominal(word: str, following: str) -> PartOfSpeech:
    """Return adjective for what is usually one and stands before a noun, else noun."""
    is_adjective = (
        PartOfSpeech.ADJECTIVE in heteronyms()[word].others
        or part_of_speech(word) == PartOfSpeech.ADJECTIVE
    )
    if is_adjective and following and part_of_speech(following) in _IN_NOUN_PHRASE:
        return PartOfSpeech.ADJECTIVE
    return PartOfSpeech.NOUN


def _opens_object(word: str) -> bool:
    """Return whether a word after a verb would begin its object: an article, *him*."""
    return word in _OBJECTS or (
        bool(word) and word != "that" and part_of_speech(word) == PartOfSpeech.DETERMINER
    )


def _agrees(noun: str, verb: str) -> bool:
    """Return whether a noun may be the subject of a verb in the present: *metals contract*."""
    return noun.endswith("s") != verb.endswith("s")
