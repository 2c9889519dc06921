"""The senses of a word.

In: a word. Out: its senses, the most used first, with the words that each is related to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from quatrain.meaning.database import PARTS_OF_SPEECH, Database, Relation, SenseEntry, shipped
from quatrain.meaning.lemmas import senses_of
from quatrain.records import Sense, check_words

_SIMILAR_SPELLING = 0.75
"""Similarity, by `difflib`, from which a spelling is worth suggesting: *wintre* and *winter*."""

_COMPARED_LETTERS = 2
"""First letters that a suggested spelling shares: comparing all the words would take a second."""

_MOST_COMPARED = 20_000
"""Most words that a spelling is compared with."""


def look_up(word: str) -> tuple[Sense, ...]:
    """Return the senses of a word, the most used first; of an unknown word, none.

    Endings are taken off: *geese* has the senses of *goose*. Words of several words, such as *ice
    cream*, are known too.

    Example:
        for sense in quatrain.meaning.look_up("winter"):
            print(sense.definition, sense.synonyms)

    Args:
        word: in any case.

    Raises:
        UserError: `word` is not a text.
    """
    check_words("word", word)
    database = shipped()
    senses = senses_of(word, database)
    return tuple(_sense(number, lemma, database) for number, lemma in senses.items())


def similar_spellings(word: str, count: int = 4) -> list[str]:
    """Return the known words that are spelled most like a word, the likest first.

    Args:
        word: in any case; usually one that is unknown.
        count: most words to return.
    """
    database, typed = shipped(), " ".join(word.lower().split())
    first = typed[:_COMPARED_LETTERS]
    near = database.words_from(first, _MOST_COMPARED)
    near = [other for other in near if other.startswith(first) and other != typed]
    return get_close_matches(typed, near, n=count, cutoff=_SIMILAR_SPELLING)


def words_of(relations: Iterable[Relation], database: Database) -> Iterator[str]:
    """Yield the words that relations lead to."""
    for relation in relations:
        words = database.sense(relation.sense).words
        yield from (words[relation.other_word - 1],) if relation.other_word else words


def antonyms_of(entry: SenseEntry, place: int, database: Database) -> list[Relation]:
    """Return the relations to a sense's antonyms.

    An adjective without any has those of the adjectives that it is similar to: *frosty* is like
    *cold*, so its antonym is *hot* (Gross, Fischer and Miller 1989).

    Args:
        entry: the sense.
        place: which of its words is meant, from 1; 0 for all.
        database: the dictionary.
    """
    direct = entry.related("antonym", place)
    if direct or entry.part != "a":
        return direct
    heads = (database.sense(similar.sense) for similar in entry.related("similar", place))
    return [antonym for head in heads for antonym in head.related("antonym", 1)]


def place_in(entry: SenseEntry, lemma: str) -> int:
    """Return which of a sense's words a word is, from 1; 0 if it is none of them."""
    folded = [word.lower() for word in entry.words]
    return folded.index(lemma) + 1 if lemma in folded else 0


def _sense(number: int, lemma: str, database: Database) -> Sense:
    """Return a sense of a word."""
    entry = database.sense(number)
    place = place_in(entry, lemma)
    own = entry.words[place - 1] if place else lemma

    def related(name: str) -> tuple[str, ...]:
        words = words_of(entry.related(name, place), database)
        return tuple(word for word in dict.fromkeys(words) if word != own)

    return Sense(
        own,
        PARTS_OF_SPEECH[entry.part],
        entry.definition,
        synonyms=tuple(word for word in entry.words if word != own),
        antonyms=tuple(dict.fromkeys(words_of(antonyms_of(entry, place, database), database))),
        broader=related("broader"),
        narrower=related("narrower"),
        similar=related("similar"),
        wholes=related("whole"),
        parts=related("part"),
        derived=related("derived"),
        labels=related("label"),
        topics=related("topic"),
    )
