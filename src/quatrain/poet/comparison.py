"""A poet beside simpler models, on the same text and by the same definition.

In: a poet, a text to score, and the poems the poet was trained on, if they can
be had. Out: a `Comparison`; next room `page`.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from quatrain.corpus import Vocabulary, read
from quatrain.errors import SettingsError
from quatrain.poet.baselines import KneserNey, fitting_order, uniform, unigram
from quatrain.poet.origin import Origin, training_corpus
from quatrain.poet.poet import Poet
from quatrain.records import Comparison, Poem

PARTS = ("auto", "all", "training", "validation")
ORDER = 5
"""Characters of the n-grams a poet is compared with, where so many can be counted."""


def compare(
    poet: Poet,
    source: str | Path,
    *,
    training: str | Path | None = None,
    part: str = "auto",
    column: str | None = None,
    encoding: str | None = None,
) -> Comparison:
    """Score a text with a poet, and with models fitted on the poet's training poems.

    The simpler models know the poet's alphabet: a uniform one, a unigram, and an
    interpolated Kneser-Ney 5-gram over characters (`ngram`), or the longest n-gram below
    that the alphabet and the training poems allow. The text is cleaned as the training
    corpus was, since a poet knows no others than the characters it was left.

    Args:
        poet: the poet.
        source: the text to score, anything `quatrain.read` reads.
        training: the poet's training corpus; None looks where it was at training time, if
            that was a file, a folder or the anthology. Nothing is fetched unasked.
        part: which poems of `source` to score if it is the poet's training corpus:
            "auto" takes those the poet never saw, "all", "training" or "validation".
        column: of a CSV or Parquet source; None takes the training corpus's, if it is that.
        encoding: of the source; None detects it, or takes the training corpus's, if it is that.

    Raises:
        CorpusError: a source cannot be read, or `training` is not what the poet learned from.
        PoetError: what the poet says of its training corpus is not what training writes.
        SettingsError: a part is asked for that the source does not have.
    """
    if part not in PARTS:
        raise SettingsError("part", repr(part), f"one of {', '.join(PARTS)}", "Correct the word.")
    origin = Origin.of(poet)
    cleaning = origin.cleaning
    if str(source) == origin.source:
        column = origin.column if column is None else column
    else:
        cleaning = dataclasses.replace(cleaning, encoding=None)
    if encoding is not None:
        cleaning = dataclasses.replace(cleaning, encoding=encoding)
    found = read(source, column=column, cleaning=cleaning)
    notes: list[str] = []
    learned_from = found if found.sha256 == origin.sha256 else None
    if learned_from is None and part in ("training", "validation"):
        raise SettingsError(
            f"part {part!r}",
            f"{source}, a text the poet was not trained on",
            "the poet's training corpus",
            "Leave the part out: the whole text is scored.",
        )
    if learned_from is None:
        learned_from = training_corpus(origin, training)
        if learned_from is None:
            notes.append(
                "The poet's training corpus is not at hand: no n-gram is fitted. "
                "Give it with --train to compare."
            )
    scored: Sequence[Poem] = found.poems
    models: list[Any] = [(f"{poet.name} (LSTM)", poet)]
    if isinstance(poet.vocabulary, Vocabulary):
        alphabet = poet.vocabulary
    else:
        alphabet = Vocabulary.from_counts(Counter("".join(p.text + "\n" for p in found.poems)))
        notes.append(
            "A word-level poet spells words it does not know, and the letters count in its score. "
            "It sets capitals by rule at no cost; the character-level models pay for them."
        )
    if learned_from is not None:
        seen, unseen = learned_from.split(origin.split)
        if learned_from is found and part != "all":
            scored = seen if part == "training" else unseen
            sort = "it learned from" if part == "training" else "it never saw"
            notes.append(f"{source} is what the poet was trained on: only the poems {sort} count.")
        order = fitting_order(seen, alphabet, ORDER)
        if order < ORDER:
            notes.append(
                f"A {order}-gram stands in for the {ORDER}-gram: the poet's alphabet is too large "
                "for more, or its training poems are too short."
            )
        models += [
            (f"{order}-gram, Kneser-Ney", KneserNey.fit(seen, alphabet, order)),
            ("unigram", unigram(seen, alphabet)),
        ]
    models.append(("uniform", uniform(alphabet)))
    scores = {name: model.evaluate(scored) for name, model in models}
    return Comparison(str(source), poet.name, scores, tuple(notes))
