"""Grapheme to phoneme (g2p): a network that guesses pronunciations from letters.

In: a word's letters. Out: its likeliest pronunciation with a confidence. A bidirectional LSTM of
two layers, run on `quatrain.layers`, gives each letter's phonemes; of all ways to choose them,
the likeliest with exactly one primary stress is taken. `scripts/train_g2p.py` trained it and
says on what.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quatrain.layers import LSTM, Embedding, Linear, log_softmax

LETTERS = "abcdefghijklmnopqrstuvwxyz'"
MAX_LETTERS = 40
"""Most letters of a word that the network reads; the rest are ignored."""


class GraphemeToPhoneme:
    """A network from letters to phonemes.

    Args:
        tensors: the weights, as `scripts/train_g2p.py` packs them.
        labels: the phonemes each output stands for.
        exponent: the power of the product of the letters' probabilities that is the
            confidence. The letters are not independent: where one is right, so are others.
    """

    def __init__(
        self,
        tensors: dict[str, NDArray[Any]],
        labels: Sequence[tuple[str, ...]],
        exponent: float = 1.0,
    ) -> None:
        self._labels = tuple(labels)
        self._exponent = exponent
        self._embedding = Embedding(tensors["embedding.weight"])
        self._layers = [
            [
                LSTM(
                    tensors[f"lstm.{layer}.{way}.weight_input"],
                    tensors[f"lstm.{layer}.{way}.weight_hidden"],
                    tensors[f"lstm.{layer}.{way}.bias"],
                )
                for way in ("forward", "backward")
            ]
            for layer in (0, 1)
        ]
        self._output = Linear(tensors["output.weight"], tensors["output.bias"])
        primary = [sum(phoneme[-1] == "1" for phoneme in label) for label in self._labels]
        self._stressed = np.array(primary) == 1
        self._plain = np.array(primary) == 0
        self._number = {letter: place for place, letter in enumerate(LETTERS, 1)}

    def predict(self, word: str) -> tuple[tuple[str, ...], float]:
        """Return a word's likeliest phonemes, and the probability that a dictionary has them.

        The probability ignores stress. Letters of other scripts are skipped. A word without any
        letter it knows gets a neutral vowel with confidence 0, because it still takes a place in
        the line.
        """
        ids = [self._number[letter] for letter in word if letter in self._number][:MAX_LETTERS]
        if not ids:
            return ("AH1",), 0.0
        scores = self._scores(np.array(ids))
        labels, total = self._best_labels(scores)
        phonemes = tuple(phoneme for label in labels for phoneme in self._labels[label])
        if not any(phoneme[-1].isdigit() for phoneme in phonemes):
            phonemes = (*phonemes, "AH1")
        return phonemes, float(np.exp(self._exponent * total))

    def _scores(self, ids: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return log probabilities of each letter's labels, (letters, labels)."""
        values = self._embedding.value(ids[:, None])  # (letters, 1, embedding)
        for forward, backward in self._layers:
            ahead, _ = forward.value(values)
            behind, _ = backward.value(np.ascontiguousarray(values[::-1]))
            values = np.concatenate((ahead, behind[::-1]), axis=2)
        return log_softmax(self._output.value(values[:, 0]))

    def _best_labels(self, scores: NDArray[np.float32]) -> tuple[list[int], float]:
        """Return the best labels with exactly one primary stress, and their log probability.

        Take the best unstressed label of every letter, and a stressed one where it costs least.
        """
        plain = np.where(self._plain, scores, -np.inf)
        stressed = np.where(self._stressed, scores, -np.inf)
        best_plain, best_stressed = plain.argmax(axis=1), stressed.argmax(axis=1)
        rows = np.arange(len(scores))
        base, lifted = plain[rows, best_plain], stressed[rows, best_stressed]
        place = int(np.argmax(lifted - base))
        labels = best_plain.tolist()
        labels[place] = int(best_stressed[place])
        return labels, float(base.sum() - base[place] + lifted[place])


def load(path: Path) -> GraphemeToPhoneme:
    """Load the network in a file of `scripts/train_g2p.py`."""
    from safetensors import safe_open

    with safe_open(path, framework="np") as file:
        tensors = {
            name: file.get_tensor(name).astype(np.float32)
            for name in file.keys()  # noqa: SIM118
        }
        metadata = file.metadata()
    labels = [tuple(label.split()) for label in json.loads(metadata["labels"])]
    return GraphemeToPhoneme(tensors, labels, float(metadata["exponent"]))


@cache
def shipped() -> GraphemeToPhoneme:
    """Load the network in the package, once."""
    path = resources.files("quatrain.sound") / "data" / "g2p.safetensors"
    with resources.as_file(path) as file:
        return load(file)
