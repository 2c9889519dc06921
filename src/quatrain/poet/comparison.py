"""Comparison of a poet with simpler models, on the same text and by the same definition.

In: a poet, a text to score, and the poems the poet was trained on, if they can be found. Out: a
`Comparison`, which `page` prints.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from quatrain.corpus import Corpus, Vocabulary, read
from quatrain.corpus.reading_notes import omission_notes
from quatrain.errors import SettingsError
from quatrain.poet.baselines import KneserNey, fitting_order, uniform, unigram
from quatrain.poet.origin import Origin, training_corpus
from quatrain.poet.poet import Poet, as_poet
from quatrain.poet.scoring import Poems
from quatrain.records import Comparison, Poem, Score

PARTS = ("auto", "all", "training", "validation")
"""The poems that can be chosen from the poet's own training corpus."""

ORDER = 5
"""Characters of the n-grams that a poet is compared with, if the text allows that many."""


class _Model(Protocol):
    """Anything that scores poems."""

    def evaluate(self, poems: Poems) -> Score:
        """Score poems by the definition in `records.Score`."""


def compare(
    poet: Poet | str | Path,
    source: str | Path,
    *,
    training: str | Path | None = None,
    part: str = "auto",
    column: str | None = None,
    encoding: str | None = None,
    keep_all: bool = False,
) -> Comparison:
    """Score a text with a poet, and with models fitted on the poet's training poems.

    The simpler models know the poet's alphabet: a uniform one, a unigram, and an
    interpolated Kneser-Ney 5-gram over characters (`baselines`), or the longest shorter
    n-gram that the alphabet and the training poems allow. The text is cleaned as the training
    corpus was, since a poet knows only the characters that cleaning left.

    Args:
        poet: the poet, its folder, or the name of a shipped one.
        source: the text to score, anything `quatrain.read` reads.
        training: the poet's training corpus; None looks where it was at training time, if
            that was a file, a folder or the anthology. Nothing is downloaded.
        part: which poems of `source` to score if it is the poet's training corpus:
            "auto" takes those the poet never saw, "all", "training" or "validation".
        column: of a CSV or Parquet source; None takes the training corpus's, if it is that.
        keep_all: take everything in `source` as verse; it changes nothing if that is the
            training corpus, which is read as it was for training.
        encoding: of the source; None detects it, or takes the training corpus's, if it is that.

    Raises:
        CorpusError: a source cannot be read, or `training` is not the poet's training corpus.
        PoetError: what the poet says of its training corpus is not what training writes.
        SettingsError: a part is asked for that the source does not have.
    """
    if part not in PARTS:
        raise SettingsError("part", repr(part), f"one of {', '.join(PARTS)}", "Correct the word.")
    poet = as_poet(poet)
    origin = Origin.from_poet(poet)
    corpus = _read_source(origin, source, column, encoding, keep_all=keep_all)
    is_training_corpus = corpus.sha256 == origin.sha256
    if not is_training_corpus and part in ("training", "validation"):
        raise SettingsError(
            f"part {part!r}",
            f"{source}, a text the poet was not trained on",
            "the poet's training corpus",
            "Leave the part out: the whole text is scored.",
        )
    trained_on = corpus if is_training_corpus else training_corpus(origin, training)
    notes = list(omission_notes(corpus.report))
    if trained_on is None:
        notes.append(
            "The poet's training corpus can't be found, so no n-gram is fitted. "
            "Give it with --train to compare."
        )
    alphabet = _alphabet(poet, corpus.poems, notes)
    scored: Sequence[Poem] = corpus.poems
    models: list[tuple[str, _Model]] = [(f"{poet.name} (LSTM)", poet)]
    if trained_on is not None:
        seen, unseen = trained_on.split(origin.split)
        if is_training_corpus and part != "all":
            scored = seen if part == "training" else unseen
            kind = "it learned from" if part == "training" else "it never saw"
            notes.append(f"{source} is what the poet was trained on: only the poems {kind} count.")
        models += _fitted_models(seen, alphabet, notes)
    models.append(("uniform", uniform(alphabet)))
    scores = {name: model.evaluate(scored) for name, model in models}
    return Comparison(str(source), poet.name, scores, tuple(notes))


def _read_source(
    origin: Origin,
    source: str | Path,
    column: str | None,
    encoding: str | None,
    *,
    keep_all: bool,
) -> Corpus:
    """Read the text to score, cleaned as the training corpus was."""
    cleaning = origin.cleaning
    if str(source) == origin.source:
        column = origin.column if column is None else column
    else:
        cleaning = dataclasses.replace(cleaning, encoding=None, keep_all=keep_all)
    if encoding is not None:
        cleaning = dataclasses.replace(cleaning, encoding=encoding)
    return read(source, column=column, cleaning=cleaning)


def _alphabet(poet: Poet, poems: Sequence[Poem], notes: list[str]) -> Vocabulary:
    """Return the alphabet of the simpler models: the poet's, or that of the text."""
    if isinstance(poet.vocabulary, Vocabulary):
        return poet.vocabulary
    notes.append(
        "A word-level poet sets capitals by rule at no cost; the character-level models pay for "
        "them."
    )
    return Vocabulary.from_counts(Counter("".join(poem.text + "\n" for poem in poems)))


def _fitted_models(
    poems: Sequence[Poem], alphabet: Vocabulary, notes: list[str]
) -> list[tuple[str, _Model]]:
    """Return an n-gram and a unigram fitted on the training poems, with their names."""
    order = fitting_order(poems, alphabet, ORDER)
    if order < ORDER:
        notes.append(
            f"A {order}-gram stands in for the {ORDER}-gram: the poet's alphabet is too large "
            "for more, or its training poems are too short."
        )
    return [
        (f"{order}-gram, Kneser-Ney", KneserNey.fit(poems, alphabet, order)),
        ("unigram", unigram(poems, alphabet)),
    ]
