"""Words that stand in for one that a vocabulary lacks.

In: a word, and the words that are known. Out: known words near it in meaning. The search goes from
sense to sense, always on from the nearest, until enough known words are met: *smartphone* is split,
a *phone* is *electronic equipment*, and its definition has *sound* and *signal*. It goes by senses
and not by words, so that it does not pass from one meaning of a word to another.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Container, Iterator

from quatrain.meaning.database import Database, shipped
from quatrain.meaning.lemmas import forms, lemmas
from quatrain.meaning.relatives import SENSE_DECAY, definition_words

MOST_STAND_INS = 5
"""Most words that stand in for one."""

LEAST_STRENGTH = 0.25
"""Least strength of a relation, or the product along a chain of them, for a stand-in."""

MOST_SENSES = 40
"""Most senses that are looked at; a dozen take a millisecond."""

STRENGTHS = {
    "broader": 0.8,
    "similar": 0.8,
    "whole": 0.6,
    "part": 0.6,
    "definition": 0.6,
    "derived": 0.5,
    "narrower": 0.5,
}
"""Factor on the strength for each relation. The numbers are judgement.

What a thing is and is made of is nearer to it than its kinds, which have strange names: a computer
is a machine, and a *guest* is a kind of computer.
"""

HEAD_STRENGTH = 0.9
"""Strength of the last part of a compound: a smartphone is a phone (right-hand head rule, Williams
1981)."""

_SHORTEST_PART = 3
"""Letters of the shortest part of a compound."""


def stand_ins(word: str, known: Container[str]) -> tuple[str, ...]:
    """Return known words that are nearest to an unknown one in meaning, the nearest first.

    Without any, an empty tuple.

    Args:
        word: in any case.
        known: the words that may stand in, in lower case.
    """
    database = shipped()
    bases, strength = lemmas(word, database), 1.0
    if not bases:
        bases, strength = compound_heads(word.lower(), known, database), HEAD_STRENGTH
    waiting: list[_Step] = [(-strength, base, None) for base in bases]
    senses = [number for base in bases for number in database.senses_of(base)]
    waiting += [
        (-strength * SENSE_DECAY**rank, "", number)
        for rank, number in enumerate(dict.fromkeys(senses))
    ]
    heapq.heapify(waiting)
    done: set[str | int | None] = set()
    chosen: dict[str, None] = {}
    while waiting and len(chosen) < MOST_STAND_INS and len(done) < MOST_SENSES:
        minus_strength, near, number = heapq.heappop(waiting)
        if number is None:
            forms_known = (form for form in forms(near, database) if form in known)
            chosen.update(dict.fromkeys(itertools.islice(forms_known, 1)))
        elif number not in done:
            done.add(number)
            for step in _steps(-minus_strength, number, database):
                if step[0] <= -LEAST_STRENGTH:
                    heapq.heappush(waiting, step)
    return tuple(chosen)


_Step = tuple[float, str, int | None]
"""Minus the strength, so that the strongest comes first; a word; the number of a sense, or None."""


def _steps(strength: float, number: int, database: Database) -> Iterator[_Step]:
    """Yield the words of a sense, those of its definition, and the senses that it is related to."""
    entry = database.sense(number)
    yield from ((-strength, word.lower(), None) for word in entry.words if " " not in word)
    for word in definition_words(entry, database):
        yield -strength * STRENGTHS["definition"], word, None
    for relation in entry.relations:
        if relation.name in STRENGTHS:
            yield -strength * STRENGTHS[relation.name], "", relation.sense


def compound_heads(word: str, known: Container[str], database: Database) -> list[str]:
    """Return what the last part of a compound may be, if both parts are words; the longest first.

    Args:
        word: in lower case, such as *smartphone*, *smartphones* or *smart-phone*.
        known: words that may be the first part, beside those of the dictionary.
        database: the dictionary, which has to have the last part.
    """
    first, hyphen, _ = word.rpartition("-")
    places = [len(first)] if hyphen else range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
    heads = []
    for place in places:
        parts = word[:place], word[place + len(hyphen) :]
        if hyphen or parts[0] in known or lemmas(parts[0], database):
            heads += lemmas(parts[1], database)
    return list(dict.fromkeys(heads))
