"""Small poets with random weights, bent towards whatever a test needs."""

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pytest

import quatrain
from quatrain.corpus import Vocabulary, WordVocabulary
from quatrain.poet.network import CharacterSize, WordSize
from quatrain.write import CharacterWriter, WordWriter
from quatrain.write.constrained.prosody import Prosody
from quatrain.write.word_classes import WordClasses
from quatrain.write.writer import Writer

ALPHABET = "\n ',-.ABCDEabcdefghils"
MakeWriter = Callable[..., CharacterWriter]
MakeWordWriter = Callable[..., WordWriter]


@pytest.fixture(scope="session")
def make_writer() -> MakeWriter:
    def make(
        leaning: Mapping[str, float] | None = None, *, alphabet: str = ALPHABET, end: float = 0.0
    ) -> CharacterWriter:
        """A poet; `leaning` is added to the logit of each character, `end` to the end's."""
        vocabulary = Vocabulary(tuple(sorted(alphabet)))
        generator = np.random.default_rng(7)
        tensors = {
            name: generator.normal(0, 0.7, shape).astype(np.float32)
            for name, shape in CharacterSize(vocabulary.size, 6, 12, 2).shapes.items()
        }
        for character, more in (leaning or {}).items():
            tensors["output.bias"][vocabulary.encode(character)] += more
        tensors["output.bias"][vocabulary.END] += end
        return CharacterWriter(tensors, vocabulary, words={"a", "bad", "cab"}, name="tiny")

    return make


@pytest.fixture(scope="session")
def make_word_writer() -> MakeWordWriter:
    def make(words: Iterable[str], *, backwards: bool, scale: float = 0.3) -> WordWriter:
        """A word-level poet of a few words, the most frequent first, and random weights."""
        counts = {word: 90 - place for place, word in enumerate(words)}
        vocabulary = WordVocabulary.from_counts(counts)
        size = WordSize(vocabulary.size, vocabulary.letters, 4, 2, 3, 1, 8, 1, 6)
        generator = np.random.default_rng(5)
        tensors = {
            name: generator.normal(0, scale, shape).astype(np.float32)
            for name, shape in size.shapes.items()
        }
        return WordWriter(tensors, vocabulary, backwards=backwards, name="few")

    return make


@pytest.fixture
def writer(make_writer: MakeWriter) -> CharacterWriter:
    return make_writer({"\n": 1.5, " ": 1.0})


@pytest.fixture(scope="session")
def verse() -> Writer:
    poet = quatrain.load("verse")
    assert isinstance(poet, Writer)
    return poet


@pytest.fixture(scope="session")
def word_classes(verse: Writer) -> WordClasses:
    found: Prosody = verse._prosody
    return found.word_classes
