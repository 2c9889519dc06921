"""Words near a word in meaning, by their relations.

In: a word. Out: the words that it is related to, each with its relation and a strength. A synonym
is nearest, then words from the same root, narrower words, broader ones, words of the definition,
and *sisters*, narrower words of the same broader one. A word's less used senses count less.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

from quatrain.meaning.database import Database, SenseEntry, shipped
from quatrain.meaning.lemmas import lemmas, senses_of
from quatrain.meaning.senses import antonyms_of, place_in, words_of
from quatrain.records import Relative, check_words

STRENGTHS = {
    "synonym": 1.0,
    "derived": 0.9,
    "similar": 0.8,
    "narrower": 0.8,
    "part": 0.7,
    "whole": 0.6,
    "broader": 0.6,
    "sister": 0.35,
    "definition": 0.4,
    "antonym": 0.4,
}
"""Strength of each relation in a word's most used sense, 0 to 1. The numbers are judgement."""

SENSE_DECAY = 0.75
"""Factor on the strength for every sense of the word that is used more."""

MOST_SISTERS = 60
"""Most narrower words of a broader one that are sisters: the more, the less they share."""

SENSES_WITH_SISTERS = 2
"""Most used senses whose sisters count; those of a noun alone, since sisters of verbs are strange:
*winter* and *soldier* are both ways to spend time."""

_WORD = re.compile(r"[a-z]+(?:['-][a-z]+)*")

_LIGHTEST = 4
"""Letters of the shortest word of a definition that counts: shorter ones are mostly grammar."""


def relatives(word: str) -> tuple[Relative, ...]:
    """Return the words near a word in meaning, the nearest first; of an unknown word, none.

    Args:
        word: in any case, with or without endings.

    Raises:
        UserError: `word` is not a text.
    """
    check_words("word", word)
    database = shipped()
    nearest: dict[str, Relative] = {}
    own = lemmas(word, database)
    for rank, (number, lemma) in enumerate(senses_of(word, database).items()):
        entry = database.sense(number)
        related = list(_related(entry, lemma, database))
        if rank < SENSES_WITH_SISTERS and entry.part == "n":
            related += (("sister", sister) for sister in _sisters(entry, database))
        for relation, other in related:
            strength = STRENGTHS[relation] * SENSE_DECAY**rank
            known = nearest.get(other)
            if other not in own and (known is None or known.strength < strength):
                nearest[other] = Relative(other, relation, strength)
    return tuple(sorted(nearest.values(), key=lambda near: (-near.strength, near.word)))


def _related(entry: SenseEntry, lemma: str, database: Database) -> Iterator[tuple[str, str]]:
    """Yield the words related to one sense of a word, each after its relation, all lower-case."""
    place = place_in(entry, lemma)
    yield from (("synonym", word.lower()) for word in entry.words)
    for name in ("derived", "similar", "narrower", "part", "whole", "broader"):
        for word in words_of(entry.related(name, place), database):
            yield name, word.lower()
    for word in words_of(antonyms_of(entry, place, database), database):
        yield "antonym", word.lower()
    yield from (("definition", word) for word in definition_words(entry, database))


def definition_words(entry: SenseEntry, database: Database) -> Iterator[str]:
    """Yield the words of a sense's definition that name a thing or a quality, without endings."""
    for word in _WORD.findall(entry.definition.lower()):
        if len(word) < _LIGHTEST or word in _empty_words():
            continue
        bases = lemmas(word, database)
        senses = database.senses_of(bases[0]) if bases else ()
        part = database.sense(senses[0]).part if senses else ""
        if part == "n" or (part == "a" and not word.endswith(("ed", "ing"))):
            yield bases[0]


def _sisters(entry: SenseEntry, database: Database) -> Iterator[str]:
    """Yield the words that are narrower than the same broader one, in lower case."""
    for broader in entry.related("broader"):
        sisters = database.sense(broader.sense).related("narrower")
        if len(sisters) <= MOST_SISTERS:
            yield from (word.lower() for word in words_of(sisters, database))


@cache
def _empty_words() -> frozenset[str]:
    """Return words of definitions that say nothing of what is defined: *characteristic*, *kind*."""
    path = resources.files("quatrain.meaning") / "data" / "empty_words.txt"
    return frozenset(path.read_text(encoding="utf-8").split())
