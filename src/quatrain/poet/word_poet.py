"""A word-level poet in memory.

In: a folder (`artifact`). Out: a `WordPoet`, which steps from word to word, and knows which words
are spelled alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from quatrain.corpus.spelling import Speller
from quatrain.corpus.tokens import poem_tokens
from quatrain.corpus.vocabulary import Tokens
from quatrain.corpus.word_vocabulary import WordVocabulary
from quatrain.errors import SettingsError
from quatrain.layers import LSTMState, log_softmax
from quatrain.poet import artifact
from quatrain.poet.network import WordNetwork, WordStepper
from quatrain.poet.poet import Poet
from quatrain.poet.scoring import Poems
from quatrain.records import Poem, Score

_QUERIES_AT_ONCE = 512
"""Places scored at once: with a vocabulary of 20,000 words, 40 MB."""

STAND_INS = 20
"""Known words that a new word is scored like: those with the most similar spelling and use.

`benchmarks/new_words.py` compares numbers of them, and other ways to score a new word.
"""

STAND_IN_CANDIDATES = 8_000
"""Most frequent words that are looked through for them: more take longer and serve no better."""

STAND_IN_POWER = 8
"""Power of the cosine by which a stand-in weighs, so that the most similar ones count most."""


class WordPoet(Poet):
    """A poet that reads word by word; a word's vector is computed from its letters."""

    kind = artifact.WORDS
    batch_size = 64
    vocabulary: WordVocabulary
    network: WordNetwork

    @cached_property
    def _stepper(self) -> WordStepper:
        return WordStepper(self.network, self.vocabulary.spellings)

    @cached_property
    def _speller(self) -> Speller:
        return Speller(self.vocabulary.words)

    @property
    def _symbols(self) -> str:
        return f"{len(self.vocabulary.words):,} words"

    def _build(self, tensors: Mapping[str, NDArray[np.float32]]) -> WordNetwork:
        self._tensors = dict(tensors)
        return WordNetwork.from_tensors(tensors)

    def vectors(self, ids: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """Return the vectors of words by number, computed from their letters, (..., features)."""
        return self._stepper.vectors(ids)

    def with_words(
        self, words: Iterable[str], may_stand_in: Callable[[str, str], bool] | None = None
    ) -> Self:
        """Return the poet with more words after its own.

        A new word is read by its letters, like any other. It is scored like the word that it is in
        other capitals, if the poet knows that, or else like the words that it is spelled like.

        Args:
            words: the words, as they are to be printed; those that the poet has stay as they are.
            may_stand_in: whether a new word, given first, may be scored like a known one; by
                default always.
        """
        vocabulary = self.vocabulary.extended(words)
        new = vocabulary.words[len(self.vocabulary.words) :]
        if not new:
            return self
        rows = [self.stand_ins(word, may_stand_in or (lambda *_: True)) for word in new]
        tensors = dict(self._tensors)
        for name in ("output.weight", "output.bias"):
            means = [np.tensordot(shares, tensors[name][ids], axes=1) for ids, shares in rows]
            tensors[name] = np.concatenate([tensors[name], np.array(means, np.float32)])
        return type(self)(
            tensors,
            vocabulary,
            words=self.words,
            backwards=self.backwards,
            config=self.config,
            name=self.name,
            training_ngrams=self.training_ngrams,
        )

    def stand_ins(
        self, word: str, may_stand_in: Callable[[str, str], bool]
    ) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Return the known words that a new one is scored like, and their shares, summing to 1.

        Args:
            word: the new word.
            may_stand_in: whether it, given first, may be scored like a known word.

        Returns:
            The words' numbers, (stand-ins,), and their shares, (stand-ins,).
        """
        known = self.vocabulary.numbers.get(word.lower())
        if known is not None and self.vocabulary.token(known) != word:
            return np.array([known]), np.ones(1)
        first = WordVocabulary.SPECIALS
        ids = np.arange(first, min(self.vocabulary.size, first + STAND_IN_CANDIDATES))
        cosines = self._cosines(word, ids)
        ranked = np.argsort(-cosines, kind="stable").tolist()
        tokens = self.vocabulary.words
        suitable = (
            place
            for place in ranked
            if tokens[place].isalpha() and may_stand_in(word, tokens[place])
        )
        nearest = list(islice(suitable, STAND_INS)) or ranked[:STAND_INS]
        weights = np.maximum(cosines[nearest], 1e-3) ** STAND_IN_POWER
        return ids[nearest], weights / weights.sum()

    def _cosines(self, word: str, ids: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return the cosines of a word's vector with those of known words, (ids,)."""
        vector = self.network.vectors(np.array([self.vocabulary.spell(word)]))[0]
        vectors = self.vectors(ids).astype(np.float64)
        norms = np.linalg.norm(vectors, axis=1) * np.linalg.norm(vector)
        return np.asarray(vectors @ vector / np.maximum(norms, np.finfo(np.float32).tiny))

    def encode(self, poem: Poem) -> Tokens:
        """Return a poem's numbers in the order the poet reads them, (tokens,)."""
        return self.vocabulary.encode_poem(poem, backwards=self.backwards)

    def evaluate(self, poems: Poems) -> Score:
        """Score poems by the definition in `records.Score`.

        A word outside the vocabulary costs the surprisal at the unknown word, plus that at its
        letters by a trigram model of the vocabulary's spellings (`Speller`). Capitals
        and spaces follow rules and cost nothing, so the text is scored as in lower case.

        Args:
            poems: a poem, a text or lines; several poems; a `Corpus`; or the `Path` of a file.

        Raises:
            CorpusError: there are no poems, or `poems` is something else.
        """
        return super().evaluate(poems)

    def _spelling_nats(self, poems: Sequence[Poem]) -> float:
        known = self.vocabulary.numbers
        return sum(
            self._speller.nats(token)
            for poem in poems
            for line in poem_tokens(poem)
            for token in line
            if token not in known
        )

    def _surprisal(
        self,
        inputs: NDArray[np.intp],
        targets: NDArray[np.intp],
        states: tuple[LSTMState, ...] | None,
    ) -> tuple[NDArray[np.float32], tuple[LSTMState, ...]]:
        queries, states = self.network.read(self.vectors(inputs), states)
        rows, words = queries.reshape(targets.size, -1), targets.ravel()
        nats = np.empty(targets.size, np.float32)
        for start in range(0, len(rows), _QUERIES_AT_ONCE):
            part = slice(start, start + _QUERIES_AT_ONCE)
            logs = log_softmax(self.network.output.value(rows[part]))
            nats[part] = -logs[np.arange(len(logs)), words[part]]
        return nats.reshape(targets.shape), states

    def nearest_words(self, word: str, count: int = 10) -> list[tuple[str, float]]:
        """Return the known words most like `word` in spelling and use, with their cosines.

        They are those whose vectors point most nearly where the word's does. Its vector is
        computed from its letters, so `word` need not be known (Kim et al. 2016, table 6).

        Args:
            word: the word, in any case.
            count: how many, at most.

        Raises:
            SettingsError: `word` is empty or more than one word.
        """
        if len(word.split()) != 1:
            raise SettingsError(
                "the word",
                repr(word),
                "a single word",
                "Ask for one word.",
                message=f"{word!r} is not a single word.",
            )
        lower = word.strip().lower()
        known = np.arange(WordVocabulary.SPECIALS, self.vocabulary.size)
        cosines = self._cosines(lower, known)
        order = np.argsort(-cosines, kind="stable")
        words = self.vocabulary.words
        nearest = [(words[number], float(cosines[number])) for number in order[: count + 1]]
        return [pair for pair in nearest if pair[0] != lower][:count]
