"""A trained word poet in memory.

In: a folder (`artifact`). Out: a `WordPoet`, which steps from word to word, scores texts, and
knows which words are spelled alike; the room `write` teaches it to write.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from quatrain.corpus.tokens import poem_tokens
from quatrain.corpus.vocabulary import Tokens
from quatrain.corpus.word_vocabulary import WordVocabulary
from quatrain.errors import CorpusError, PoetError, SettingsError
from quatrain.layers import LSTMState, log_softmax
from quatrain.poet import artifact
from quatrain.poet.copy_index import NgramIndex
from quatrain.poet.poet import Poems, collected, each, times
from quatrain.poet.spelling import Speller
from quatrain.poet.stepper import State, WordStepper
from quatrain.poet.word_network import WordNetwork
from quatrain.records import Poem, Score

_SIDE_BY_SIDE = 64
_TIMES = 32
_AT_ONCE = 512
"""Words whose scores are made at once: with 20,000 words to score, 40 MB."""


class WordPoet:
    """A poet of words made of letters, its vocabulary and where it comes from.

    Attributes:
        name: its folder's name.
        config: the facts of its `config.json`.
        vocabulary: its words.
        words: word types of its training text, in lower case.
        backwards: whether it reads and writes every line from its end.
        network: its layers.
        copies: which runs of words stand in its training text, or None if that is not known.
    """

    def __init__(
        self,
        tensors: Mapping[str, NDArray[np.float32]],
        vocabulary: WordVocabulary,
        *,
        words: Iterable[str] = (),
        backwards: bool = False,
        config: Mapping[str, Any] | None = None,
        name: str = "",
        copies: NgramIndex | None = None,
    ) -> None:
        self.name, self.copies = name, copies
        self.config: Mapping[str, Any] = config or {}
        self.vocabulary = vocabulary
        self.words = frozenset(words)
        self.backwards = backwards
        self.network = WordNetwork.of(tensors)

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """Open a word poet's folder.

        Raises:
            PoetError: there is no poet, or it is damaged, of another kind or too new.
        """
        return cls.of(artifact.load(folder))

    @classmethod
    def of(cls, read: artifact.Artifact) -> Self:
        """The poet of an artifact.

        Raises:
            PoetError: it is a poet of characters.
        """
        if not isinstance(read.vocabulary, WordVocabulary):
            raise PoetError(
                str(read.folder),
                "a poet of characters",
                "a poet of words",
                "Give a poet trained with: quatrain train --kind words",
            )
        return cls(
            read.tensors,
            read.vocabulary,
            words=read.words,
            backwards=read.direction == "reversed",
            config=read.config,
            name=read.folder.resolve().name,
            copies=read.copies,
        )

    def __repr__(self) -> str:
        lstm = self.network.lstm.layers
        return (
            f"<{type(self).__name__} {self.name!r}: {len(lstm)} LSTM layers of {lstm[0].hidden} "
            f"cells, {len(self.vocabulary.words):,} words>"
        )

    @cached_property
    def _stepper(self) -> WordStepper:
        return WordStepper(self.network, self.vocabulary.spellings)

    @cached_property
    def _speller(self) -> Speller:
        return Speller(self.vocabulary.words)

    def start(self, poems: int = 1) -> State:
        """The state before the first word of `poems` poems; feed them `vocabulary.START`."""
        return self._stepper.start(poems)

    def step(
        self, ids: NDArray[np.integer[Any]], state: State
    ) -> tuple[NDArray[np.float32], State]:
        """Read one word of each poem.

        Args:
            ids: the words' numbers in the vocabulary, shape (poems,).
            state: the state before them; it is left as it is, and can be used again.

        Returns:
            The logits of the next words, shape (poems, vocabulary), and the state after.

        Raises:
            SettingsError: the ids are not one number of the vocabulary per poem.
        """
        return self._stepper.step(ids, state)

    def vectors(self, ids: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """The vectors of words by number, made of their letters, (..., features)."""
        return self._stepper.vectors(ids)

    def encode(self, poem: Poem) -> Tokens:
        """A poem's numbers in the order the poet reads them."""
        return self.vocabulary.encode_poem(poem, backwards=self.backwards)

    def evaluate(self, poems: Poems) -> Score:
        """Score poems by the definition in `records.Score`.

        The surprise at a word outside the vocabulary is that at the unknown word and, besides,
        at its letters by a trigram model of the vocabulary's spellings (`Speller`). Style
        and spaces are made by rule and cost nothing, so the text is scored as in lower case.

        Args:
            poems: a poem, several, or a `Corpus` of them.

        Raises:
            CorpusError: there are no poems, or something else was given.
        """
        given = list(each(poems))
        if not given:
            raise CorpusError(
                "the poems to score", "none", "at least one poem", "Give a text that holds verse."
            )
        encoded = [self.encode(poem) for poem in given]
        nats = sum(float(part.sum(dtype=np.float64)) for part in self.surprisals(encoded))
        known = self.vocabulary.numbers
        for poem in given:
            for line in poem_tokens(poem):
                nats += sum(self._speller.nats(token) for token in line if token not in known)
        return Score(
            nats=nats,
            characters=sum(len(poem.text) + 2 for poem in given),
            unknown=sum(int((poem == WordVocabulary.UNKNOWN).sum()) for poem in encoded),
            poems=len(given),
            words=sum(len(poem) - 1 for poem in encoded),
        )

    def surprisals(self, poems: Sequence[Tokens]) -> list[NDArray[np.float32]]:
        """Surprise in nats at every token but the first of each encoded poem, (tokens - 1,)."""
        return collected(poems, self._read, _SIDE_BY_SIDE)

    def _read(self, poems: Sequence[Tokens]) -> Iterator[NDArray[np.float32]]:
        """Surprise at poems in order of falling length, (times, poems), some times at once."""
        states: tuple[LSTMState, ...] | None = None
        for inputs, targets in times(poems, _TIMES, WordVocabulary.END):
            if states is not None:  # poems that have ended are at the right
                batch = inputs.shape[1]
                states = tuple(LSTMState(h[:batch], c[:batch]) for h, c in states)
            vectors = self.vectors(inputs)
            queries, states = self.network.read(vectors, states)
            flat, wanted = queries.reshape(targets.size, -1), targets.ravel()
            nats = np.empty(targets.size, np.float32)
            for start in range(0, len(flat), _AT_ONCE):
                part = slice(start, start + _AT_ONCE)
                scores = log_softmax(self.network.output.value(flat[part]))
                nats[part] = -scores[np.arange(len(scores)), wanted[part]]
            yield nats.reshape(targets.shape)

    def near(self, word: str, most: int = 10) -> list[tuple[str, float]]:
        """The known words whose vectors point most nearly where `word`'s does, with the cosines.

        The vector is made of the letters, so `word` need not be known (Kim et al. 2016,
        table 6).

        Raises:
            SettingsError: it is no word, or several.
        """
        if len(word.split()) != 1:
            raise SettingsError("the word", repr(word), "a single one", "Ask for one word.")
        lower = word.strip().lower()
        spelled = np.array([self.vocabulary.spell(lower)])
        vector = self.network.vectors(spelled)[0]
        start = WordVocabulary.SPECIALS
        known = self.vectors(np.arange(start, self.vocabulary.size))
        norms = np.linalg.norm(known, axis=1) * np.linalg.norm(vector)
        cosines = known @ vector / np.maximum(norms, np.finfo(np.float32).tiny)
        order = np.argsort(-cosines, kind="stable")
        names = self.vocabulary.words
        found = [(names[place], float(cosines[place])) for place in order[: most + 1].tolist()]
        return [pair for pair in found if pair[0] != lower][:most]
