"""A prepared corpus as training uses it: its kind, its training sequences, its validation poems."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

import numpy as np

from quatrain.config import Training
from quatrain.corpus import Prepared, PreparedWords, Streams, Windows
from quatrain.corpus.prepared_words import WORDS_JSON

MONITORED_CHARACTERS, MONITORED_WORDS = 1_000_000, 30_000
"""Validation characters, or words, scored while training; the final score counts them all."""

Data: TypeAlias = Prepared | PreparedWords
"""A prepared corpus, as characters or as words."""


def open_data(folder: Path) -> Data:
    """Open a prepared corpus, as words if it was prepared so."""
    if (folder / WORDS_JSON).exists():
        return PreparedWords.open(folder)
    return Prepared.open(folder)


def make_sequences(data: Data, settings: Training) -> Streams | Windows:
    """Make the training sequences that `settings` ask for.

    Raises:
        SettingsError: the corpus is too short for them.
    """
    lanes, length = settings.chosen("batch"), settings.chosen("length")
    where = (data.tokens, data.offsets, data.training)
    if settings.sequences == "windows":
        stride = settings.chosen("stride")
        return Windows(*where, lanes=lanes, length=length, stride=stride, seed=settings.seed)
    return Streams(*where, lanes=lanes, length=length, seed=settings.seed)


def monitored_poems(data: Data) -> list[int]:
    """Return the validation poems to score while training, in a shuffled but fixed order."""
    order = np.random.Generator(np.random.PCG64(0)).permutation(data.validation)
    lengths = np.diff(data.offsets)[order]
    most = MONITORED_WORDS if isinstance(data, PreparedWords) else MONITORED_CHARACTERS
    count = int(np.searchsorted(np.cumsum(lengths), most)) + 1
    return [int(poem) for poem in order[:count]]


def known_words(data: Data) -> Iterable[str]:
    """Return the word types of the training poems, those a reader would call known."""
    if isinstance(data, Prepared):
        return data.words
    words = enumerate(data.vocabulary.words, data.vocabulary.SPECIALS)
    return [word for number, word in words if word[0].isalpha() and data.counts[number]]
