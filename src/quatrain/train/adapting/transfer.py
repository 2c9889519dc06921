"""The base's settings and weights in a network for other texts, with rows for new words.

`words` takes a base poet and poems and returns them in a vocabulary that has the poems' words,
too. `copy_weights` makes a network start as the base. A word that the base doesn't know is read
by its letters like any other. The vector that scores it is predicted from its letters, too, by
ridge regression over the rarer half of the words the base knows (Hoerl and Kennard 1970). A
character-level poet keeps its alphabet, and a character new to it starts with the rows of the
unknown character.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from quatrain.config import Training
from quatrain.corpus import Prepared, PreparedWords, Vocabulary, WordLimits, WordVocabulary
from quatrain.corpus.style_counter import style_of
from quatrain.errors import PoetError
from quatrain.poet import artifact
from quatrain.train.networks import RecurrentNetwork, WordNetwork

MOST_NEW_WORDS = 5_000
"""Words that a vocabulary gains from the texts, at most."""

_RIDGE = 1.0
"""Weight of the penalty, in words: features lie between -1 and 1."""


def alphabet(base: artifact.Artifact | None) -> tuple[str, ...]:
    """Return the characters that a base brings along; none if it is word-level or missing."""
    if base is None or not isinstance(base.vocabulary, Vocabulary):
        return ()
    return base.vocabulary.characters


def words(prepared: Prepared, base: artifact.Artifact) -> PreparedWords:
    """Prepare the poems in the base's words and their own new ones, up to 5,000.

    Capitals and dashes are set as these poems set them, not as the base's do.

    Raises:
        PoetError: the base is a character-level poet.
    """
    vocabulary = base.vocabulary
    if not isinstance(vocabulary, WordVocabulary):
        raise another_kind(base, "words")
    backwards = base.direction == "reversed"
    limits = WordLimits(most=MOST_NEW_WORDS + vocabulary.size)
    own = PreparedWords.of(prepared, vocabulary=limits).vocabulary
    letters = set(vocabulary.alphabet)
    new = [
        word for word in own.words if word not in vocabulary.numbers and letters.issuperset(word)
    ]
    extended = vocabulary.extended(new[:MOST_NEW_WORDS])
    styled = dataclasses.replace(extended, style=style_of(prepared, vocabulary.style))
    return PreparedWords.of(prepared, backwards=backwards, vocabulary=styled)


def copy_weights(
    network: RecurrentNetwork,
    base: artifact.Artifact,
    vocabulary: Vocabulary | WordVocabulary,
) -> None:
    """Copy the base's weights into a network of its sizes, whose vocabulary may be another.

    Args:
        network: the one to be trained.
        base: the poet to start from.
        vocabulary: the network's. A word-level one begins with the base's words.
    """
    tensors = {name: torch.from_numpy(value.copy()) for name, value in base.tensors.items()}
    if isinstance(vocabulary, Vocabulary) and isinstance(base.vocabulary, Vocabulary):
        known_rows = torch.from_numpy(_known_rows(base.vocabulary, vocabulary))
        for name in ("embedding.weight", "output.weight", "output.bias"):
            tensors[name] = tensors[name][known_rows]
    if not isinstance(network, WordNetwork):
        network.copy_weights(tensors)
        return
    known = len(tensors["output.weight"])
    if known < network.vocabulary:
        network.copy_weights(
            {name: value for name, value in tensors.items() if "output." not in name}
        )
        with torch.no_grad():
            features = network.words(torch.arange(network.vocabulary)).numpy()
        scored = np.concatenate(
            (base.tensors["output.weight"], base.tensors["output.bias"][:, None]), axis=1
        )
        predicted = predict_output_rows(
            features[known // 2 : known], scored[known // 2 :], features[known:]
        )
        for name, rows in (("weight", predicted[:, :-1]), ("bias", predicted[:, -1])):
            old = tensors[f"output.{name}"]
            new = torch.from_numpy(np.ascontiguousarray(rows, np.float32))
            tensors[f"output.{name}"] = torch.cat([old, new])
    network.copy_weights(tensors)


def _known_rows(old: Vocabulary, new: Vocabulary) -> NDArray[np.int64]:
    """Return the row in the old alphabet of every symbol of the new one, (new alphabet,)."""
    characters = old.table[[ord(character) for character in new.characters]]
    specials = np.arange(new.size - len(characters))
    return np.concatenate([specials, characters.astype(np.int64)])


def predict_output_rows(
    features: NDArray[Any], scored: NDArray[Any], new: NDArray[Any]
) -> NDArray[np.float64]:
    """Predict the output rows of new words by ridge regression.

    Args:
        features: of known words, (known, features).
        scored: their output rows, (known, outputs).
        new: features of new words, (new, features).

    Returns:
        Output rows of the new words, (new, outputs).
    """
    middle, average = features.mean(axis=0), scored.mean(axis=0)
    centred = (features - middle).astype(np.float64)
    square = centred.T @ centred + _RIDGE * np.eye(centred.shape[1])
    weights = np.linalg.solve(square, centred.T @ (scored - average))
    rows: NDArray[np.float64] = (new - middle) @ weights + average
    return rows


def another_kind(base: artifact.Artifact, kind: str) -> PoetError:
    """Return the error for a base poet of another kind than the settings ask for."""
    level = "word" if base.kind == artifact.WORDS else "character"
    return PoetError(
        str(base.folder),
        f"a {level}-level poet",
        f"a poet of the kind {kind!r}",
        "Leave --kind out, or adapt another poet.",
        message=f"{base.folder} is a {level}-level poet, and kind is {kind!r}.",
    )


def architecture(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the kind, the direction and the sizes of a poet's network, named as in `Training`.

    Args:
        config: the facts of the poet's `config.json`.
    """
    facts = dict(config["network"])
    for name in ("alphabet", "letters", "vocabulary"):
        facts.pop(name, None)
    kind = "words" if config["kind"] == artifact.WORDS else "characters"
    return facts | {"kind": kind, "direction": config.get("direction", "forward")}


def inherit_architecture(settings: Training, base: artifact.Artifact) -> Training:
    """Return settings with the base's network and direction.

    Raises:
        PoetError: they ask for another.
    """
    facts = architecture(base.config)
    if settings.kind not in (None, facts["kind"]):
        raise another_kind(base, str(settings.kind))
    for name, value in facts.items():
        if getattr(settings, name) not in (None, value):
            raise PoetError(
                str(base.folder),
                f"{name} {value!r}",
                f"{getattr(settings, name)!r}, as the settings ask",
                f"Leave {name} out: an adapted poet has its base's network.",
                message=f"{base.folder} has {name} {value!r}, not {getattr(settings, name)!r}.",
            )
    return dataclasses.replace(settings, **facts)
