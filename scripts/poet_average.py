"""Averages of poets' weights for `train_poets.py` (Wortsman et al. 2022).

In: poets of one network and vocabulary. Out: the average that predicts the choosing half of the
sonnets best, with its scores on both halves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from poet_texts import Tokens

from quatrain.corpus import PreparedWords
from quatrain.poet import WordPoet, artifact
from quatrain.records import Score
from quatrain.train.publishing import validation_facts

Tensors = Mapping[str, NDArray[np.float32]]


def score_of_tokens(poet: WordPoet, poems: list[Tokens]) -> Score:
    """Score poems that are tokens already, as training does."""
    data = PreparedWords.from_tokens(
        poems, np.arange(0), np.arange(len(poems)),
        backwards=poet.backwards, vocabulary=poet.vocabulary,
    )  # fmt: skip
    encoded = [data.tokens[first:last] for first, last in pairwise(data.offsets.tolist())]
    nats = sum(float(part.sum(dtype=np.float64)) for part in poet.surprisals(encoded))
    spelling = data.spelling_nats(data.validation)
    return Score(
        nats=nats + spelling,
        characters=data.characters(data.validation),
        unknown=sum(int((poem == poet.vocabulary.UNKNOWN).sum()) for poem in encoded),
        poems=len(poems),
        words=data.predictions(data.validation),
        spelling_nats=spelling,
    )


def shares_of(poets: int, steps: int) -> Iterator[tuple[float, ...]]:
    """Yield all shares of so many poets that are multiples of 1 / `steps` and add up to 1."""
    for first in product(range(steps + 1), repeat=poets - 1):
        if sum(first) <= steps:
            yield tuple(count / steps for count in (*first, steps - sum(first)))


def average(poets: Sequence[Tensors], shares: Sequence[float]) -> dict[str, NDArray[np.float32]]:
    """Return the weighted mean of each tensor."""
    return {
        name: np.sum(
            [share * poet[name] for poet, share in zip(poets, shares, strict=True)],
            axis=0,
            dtype=np.float32,
        )
        for name in poets[0]
    }


def best_average(
    paths: Sequence[Path], choosing: list[Tokens], reporting: list[Tokens], steps: int
) -> artifact.Artifact:
    """Return the average that predicts `choosing` best; a note of it has the shares.

    Args:
        paths: the poets' folders. The average has the facts and index of the last, and the words
            of all.
        choosing: sonnets that choose the shares.
        reporting: sonnets of which only the best average is scored.
        steps: shares are multiples of one divided by this.
    """
    read = [artifact.load(path) for path in paths]
    last = read[-1]
    vocabulary = WordPoet.from_artifact(last).vocabulary
    if any(WordPoet.from_artifact(poet).vocabulary.words != vocabulary.words for poet in read):
        raise SystemExit("These poets have different vocabularies.")

    def averaged(shares: Sequence[float]) -> WordPoet:
        tensors = average([poet.tensors for poet in read], shares)
        return WordPoet(tensors, vocabulary, backwards=True, name="average")

    found: dict[tuple[float, ...], float] = {}
    for shares in shares_of(len(paths), steps):
        found[shares] = score_of_tokens(averaged(shares), choosing).nats_per_character
        print(*(f"{share:.2f} {path.name}" for share, path in zip(shares, paths, strict=True)),
              f"{found[shares]:.4f} nats per character", sep="  ", flush=True)  # fmt: skip
    shares = min(found, key=lambda key: found[key])
    score = score_of_tokens(averaged(shares), reporting)
    names = ", ".join(
        f"{share:.2f} of {path.name}" for share, path in zip(shares, paths, strict=True)
    )
    note = f"Each weight is an average (Wortsman et al. 2022): {names}."
    print(note, f"{score.nats_per_character:.4f} nats per character on the other half.")
    config: dict[str, Any] = {
        **last.config,
        "validation": validation_facts(score),
        "notes": [*last.config.get("notes", []), note],
    }
    config.pop("files")
    return replace(
        last,
        config=config,
        words=frozenset[str]().union(*(poet.words for poet in read)),
        tensors=average([poet.tensors for poet in read], shares),
    )
