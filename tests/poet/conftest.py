"""Small poets with random weights, and verse written for the tests."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from quatrain.corpus import Vocabulary
from quatrain.poet import CharacterPoet, NgramIndex, artifact
from quatrain.poet.artifact import card
from quatrain.poet.network import CharacterSize
from quatrain.records import Poem

VERSES = (
    "The lamp is low, the kettle sings,\nThe cat has gone to bed;\n\nA moth goes by on paper "
    "wings\nAnd dreams about my head.",
    "Rain.",
    "One gull above the harbour wall\ncries once and then is gone.\nThe tide comes in; the tide, "
    "withal,\ngoes quietly on and on.\n\nA bell, a rope, a creaking mast,\n"
    "a name cut in the stone.",
    "Snow on the step",
)

INDEX = NgramIndex.from_texts(VERSES)


@pytest.fixture(scope="session")
def poems() -> list[Poem]:
    return [Poem.from_lines(verse.split("\n")) for verse in VERSES]


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return Vocabulary(tuple(sorted(set("".join(VERSES)) - {"q", "R"})))


@pytest.fixture(scope="session")
def tensors_of() -> Callable[..., dict[str, np.ndarray]]:
    def make(
        alphabet: int, embedding: int = 5, hidden: int = 8, layers: int = 2, seed: int = 0
    ) -> dict[str, np.ndarray]:
        generator = np.random.default_rng(seed)
        return {
            name: generator.normal(0, 0.6, shape).astype(np.float32)
            for name, shape in CharacterSize(alphabet, embedding, hidden, layers).shapes.items()
        }

    return make


@pytest.fixture
def tensors(
    vocabulary: Vocabulary, tensors_of: Callable[..., dict[str, np.ndarray]]
) -> dict[str, np.ndarray]:
    return tensors_of(vocabulary.size)


@pytest.fixture
def poet(tensors: dict[str, np.ndarray], vocabulary: Vocabulary) -> CharacterPoet:
    return CharacterPoet(tensors, vocabulary, name="tiny")


@pytest.fixture
def save(vocabulary: Vocabulary) -> Callable[[Path, dict[str, np.ndarray]], None]:
    def write(folder: Path, tensors: dict[str, np.ndarray]) -> None:
        config = artifact.describe(
            version="0.1.0",
            tensors=tensors,
            corpus={"name": "verses", "sha256": "ab" * 32, "poems": 4, "licence": "CC0"},
            training={"hidden": 8, "minutes": None, "learning_rate": 0.002},
            validation={"nats_per_character": 1.25, "bits_per_character": 1.8034},
            created="2025-01-31",
        )
        artifact.save(
            folder,
            tensors=tensors,
            config=config,
            vocabulary=vocabulary,
            words=["the", "lamp", "kettle"],
            card=card.write(config, INDEX),
            training_ngrams=INDEX,
        )

    return write
