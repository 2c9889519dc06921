"""The names, kinds and limits of a poet's folder, and what is read from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from quatrain.corpus.vocabulary import Vocabulary
from quatrain.corpus.word_vocabulary import WordVocabulary
from quatrain.errors import PoetError
from quatrain.poet.network import CharacterSize, WordSize
from quatrain.poet.ngram_index import NgramIndex

FORMAT = "quatrain-poet"
"""The value of "format" in every `config.json`."""

FORMAT_VERSION = 2
"""The newest version that this Quatrain reads, and the one it writes."""

CHARACTERS, WORDS = "character-lstm", "word-cnn-lstm"
KINDS = (CHARACTERS, WORDS)
"""The kinds of network, as `config.json` names them."""

CONFIG, MODEL, VOCABULARY, CARD = "config.json", "model.safetensors", "vocab.json", "README.md"
COPIES = "copies.safetensors"
FILES = (CONFIG, MODEL, VOCABULARY, COPIES, CARD)
"""Every file of a poet's folder; `COPIES` and `CARD` may be missing."""

SAVING = ".saving"
"""The folder in a poet's folder into which a save writes first."""

DIRECTIONS = ("forward", "reversed")
"""The directions in which a poet reads lines; the first is the default."""

DICTIONS = ("modern", "any", "archaic")
"""The dictions that a poet may write in unless an option says otherwise."""

STORED = ("float32", "int8")
"""The types in which matrices are stored; the first is the default."""

CONFIG_BYTES, VOCABULARY_BYTES, COPIES_BYTES = 4 * 2**20, 64 * 2**20, 8 * 2**20
"""The largest files that are read, in bytes: no folder makes us read more."""

HEADER_BYTES = 2**20
"""The largest header of a safetensors file, in bytes."""

LIMITS: dict[str, dict[str, tuple[int, int]]] = {
    CHARACTERS: {
        "alphabet": (1, 65_536),
        "embedding": (1, 16_384),
        "hidden": (1, 16_384),
        "layers": (1, 64),
    },
    WORDS: {
        "vocabulary": (1, 65_536),
        "letters": (1, 65_536),
        "embedding": (1, 1024),
        "filters": (1, 1024),
        "widths": (1, 12),
        "highway": (0, 16),
        "hidden": (1, 16_384),
        "layers": (1, 64),
        "projection": (1, 16_384),
    },
}
"""The smallest and largest value of every size of a network, by kind."""

RESTORE = "Copy the poet's folder again from where it came, or train the poet again."

Size: TypeAlias = CharacterSize | WordSize


@dataclass(frozen=True, slots=True)
class Artifact:
    """The content of a poet's folder, checked.

    Attributes:
        folder: where it was read.
        config: all of `config.json`.
        kind: `CHARACTERS` or `WORDS`.
        tensors: name -> float32 array, as in the size's `shapes`.
        vocabulary: the alphabet, or the words.
        words: word types of the training text, in lower case.
        direction: "forward", or "reversed" if lines are read from their end.
        training_ngrams: index of the runs of words in the training text; None if it has none.
    """

    folder: Path
    config: Mapping[str, Any]
    kind: str
    tensors: Mapping[str, NDArray[np.float32]]
    vocabulary: Vocabulary | WordVocabulary
    words: frozenset[str]
    direction: str
    training_ngrams: NgramIndex | None = None


def damaged(path: Path, found: str, expected: str) -> PoetError:
    """Return the error for a file of a poet that is not as training writes it."""
    return PoetError(str(path), found, expected, RESTORE)
