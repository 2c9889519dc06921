"""A poet beside simpler models, on the same text and by the same definition.

In: a poet, a text to score, and the poems the poet was trained on, if they can
be had. Out: a `Comparison`; next room `page`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from quatrain.config import Cleaning, Split
from quatrain.corpus import Corpus, read
from quatrain.errors import CorpusError, SettingsError
from quatrain.poet.ngram import KneserNey, uniform, unigram
from quatrain.poet.poet import Poet
from quatrain.records import Comparison, Poem

PARTS = ("auto", "all", "training", "validation")


def compare(
    poet: Poet,
    source: str | Path,
    *,
    training: str | Path | None = None,
    part: str = "auto",
    column: str | None = None,
    cleaning: Cleaning | None = None,
) -> Comparison:
    """Score a text with a poet, and with models fitted on the poet's training poems.

    The simpler models know the poet's alphabet: a uniform one, a unigram, and an
    interpolated Kneser-Ney 5-gram over characters (`ngram`).

    Args:
        poet: the poet.
        source: the text to score, anything `quatrain.read` reads.
        training: the poet's training corpus; None looks where it was at training time.
        part: which poems of `source` to score if it is the poet's training corpus:
            "auto" takes those the poet never saw, "all", "training" or "validation".
        column: of a CSV or Parquet source.
        cleaning: of the source; None cleans as the training corpus was cleaned.

    Raises:
        CorpusError: a source cannot be read, or `training` is not what the poet learned from.
        SettingsError: a part is asked for that the source does not have.
    """
    if part not in PARTS:
        raise SettingsError("part", repr(part), f"one of {', '.join(PARTS)}", "Correct the word.")
    facts: dict[str, Any] = dict(poet.config.get("corpus", {}))
    how = cleaning or Cleaning(**facts.get("cleaning", {}))
    found = read(source, column=column, cleaning=how)
    notes: list[str] = []
    learned_from = found if found.sha256 == facts.get("sha256") else None
    if learned_from is None and part in ("training", "validation"):
        raise SettingsError(
            f"part {part!r}",
            f"{source}, a text the poet was not trained on",
            "the poet's training corpus",
            "Leave the part out: the whole text is scored.",
        )
    if learned_from is None:
        learned_from = _training_corpus(facts, training, notes)
    scored: Sequence[Poem] = found.poems
    models: list[Any] = [(f"{poet.name} (LSTM)", poet)]
    if learned_from is not None:
        seen, unseen = learned_from.split(Split(**facts.get("split", {})))
        if learned_from is found and part != "all":
            scored = seen if part == "training" else unseen
            sort = "it learned from" if part == "training" else "it never saw"
            notes.append(f"{source} is what the poet was trained on: only the poems {sort} count.")
        models += [
            ("5-gram, Kneser-Ney", KneserNey.fit(seen, poet.vocabulary)),
            ("unigram", unigram(seen, poet.vocabulary)),
        ]
    models.append(("uniform", uniform(poet.vocabulary)))
    scores = {name: model.evaluate(scored) for name, model in models}
    return Comparison(str(source), poet.name, scores, tuple(notes))


def _training_corpus(
    facts: dict[str, Any], given: str | Path | None, notes: list[str]
) -> Corpus | None:
    """The corpus the poet learned from, if it is still to be had."""
    source = given if given is not None else facts.get("source")
    cleaning = Cleaning(**facts.get("cleaning", {}))
    try:
        corpus = read(source, column=facts.get("column"), cleaning=cleaning) if source else None
    except CorpusError:
        if given is not None:
            raise
        corpus = None
    if corpus is not None and corpus.sha256 == facts.get("sha256"):
        return corpus
    if given is not None:
        raise CorpusError(
            str(given),
            "poems the poet was not trained on",
            f"the corpus {facts.get('name')!r}, as it was when the poet was trained",
            "Give that corpus with --train, or leave --train out.",
        )
    notes.append(
        "The poet's training corpus is no longer where it was: no 5-gram is fitted. "
        "Give it with --train to compare."
    )
    return None
