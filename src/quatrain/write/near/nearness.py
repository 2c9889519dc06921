"""Nearness of a poet's words to a theme: association, relations and vectors joined.

In: the words of a theme, and a word-level poet. Out: a `Nearness`. The three are joined as
independent reasons (a noisy or): a word is far only if all three say so. A relation counts for more
where the vectors agree: *to winter* is *to spend* the winter, but *spend* is not near *winter* in
verse.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quatrain.form import ARTICLES, LIGHT_WORDS
from quatrain.meaning import forms, lemmas, relatives, shipped
from quatrain.poet import WordPoet, WordVocabulary
from quatrain.write.near.association import associations
from quatrain.write.near.theme_words import ThemeWords
from quatrain.write.near.vectors import cosines

FULL_ASSOCIATION = 2.0
"""Association in nats from which a word is as near as can be."""

RELATION_WEIGHT = 0.5
"""Nearness of a synonym by its relation alone.

Of 0.5 and 1, and of vectors with 0.5 and 1, this ranks the words of sixteen themes best
(`benchmarks/meaning.py themes`).
"""

VECTOR_WEIGHT = 0.5
"""Nearness of a word by a cosine of 1 alone; see `RELATION_WEIGHT`."""

FORM_STRENGTH = 0.95
"""Strength of the other forms of a theme's word: *winters*."""

FULL_AGREEMENT = 0.25
"""Cosine from which the vectors fully agree with a relation. The number is judgement."""

LEAST_AGREEMENT = 0.3
"""Share of a relation that counts where the vectors do not agree. The number is judgement."""

_EMPTY = LIGHT_WORDS | ARTICLES
"""Words that are near nothing, because they carry no meaning of their own."""


@dataclass(frozen=True)
class Nearness:
    """Nearness of each of a poet's words to a theme.

    Attributes:
        values: 0 to 1, (vocabulary,).
        relations: number of a word -> its relation to a word of the theme, and the strength.
    """

    values: NDArray[np.float32]
    relations: Mapping[int, tuple[str, float]]


def nearness_to(theme: ThemeWords, poet: WordPoet) -> Nearness:
    """Return how near a poet's words are to a theme."""
    relations = relations_to(theme.bases, poet.vocabulary)
    near = cosines(poet.network.output.weight, theme.ids)
    far = 1.0 - VECTOR_WEIGHT * np.maximum(near, 0.0)
    far *= 1.0 - np.clip(associations(poet, theme.ids) / FULL_ASSOCIATION, 0.0, 1.0)
    ids = np.fromiter(relations, np.intp, len(relations))
    strengths = np.array([strength for _, strength in relations.values()], np.float32)
    agreement = np.clip(near[ids] / FULL_AGREEMENT, LEAST_AGREEMENT, 1.0)
    far[ids] *= 1.0 - RELATION_WEIGHT * strengths * agreement
    far[: poet.vocabulary.SPECIALS] = 1.0
    far[[poet.vocabulary.numbers[word] for word in _EMPTY & poet.vocabulary.numbers.keys()]] = 1.0
    return Nearness(np.asarray(1.0 - far, np.float32), relations)


def relations_to(words: Iterable[str], vocabulary: WordVocabulary) -> dict[int, tuple[str, float]]:
    """Return what a vocabulary's words are to some words: number -> relation and strength.

    A word related to several has the strongest relation. All forms of a related word are related.
    """
    database = shipped()
    related: dict[int, tuple[str, float]] = {}

    def relate(lemma: str, relation: str, strength: float) -> None:
        for form in forms(lemma, database):
            number = vocabulary.numbers.get(form)
            if number is not None and related.get(number, ("", 0.0))[1] < strength:
                related[number] = relation, strength

    for word in words:
        for lemma in lemmas(word, database):
            relate(lemma, "form", FORM_STRENGTH)
        for relative in relatives(word):
            relate(relative.word, relative.relation, relative.strength)
        if word in vocabulary.numbers:
            related[vocabulary.numbers[word]] = "itself", 1.0
    return related
