"""A trained poet in memory.

In: a folder (`artifact`). Out: a `Poet`, which reads symbol by symbol and scores texts. Its two
kinds are `CharacterPoet` and `WordPoet`; the room `write` teaches both to write.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from quatrain.corpus.vocabulary import Tokens, Vocabulary
from quatrain.corpus.word_vocabulary import WordVocabulary
from quatrain.errors import PoetError
from quatrain.layers import LSTMState
from quatrain.poet import artifact
from quatrain.poet.network import CharacterNetwork, State, Stepper, WordNetwork
from quatrain.poet.ngram_index import NgramIndex
from quatrain.poet.registry import resolve
from quatrain.poet.scoring import Poems, list_poems, padded_batches, surprisals_in_batches
from quatrain.records import Facts, FactsRepr, Poem, Score

TIME_STEPS = 32
"""Symbols of each poem read at once while scoring."""

_WRITER_METHODS = {"alternatives", "begin", "revise", "write", "write_many"}
_LEVELS = {artifact.CHARACTERS: "character", artifact.WORDS: "word"}


class Poet(FactsRepr):
    """A trained LSTM, its vocabulary and where it comes from.

    `Poet.load` opens a poet of either kind to read and score texts; `quatrain.load` opens one
    that also writes.

    Attributes:
        kind: the kind of network, as `config.json` names it.
        name: its folder's name.
        config: the facts of its `config.json`.
        vocabulary: its symbols, characters or words, and their numbers.
        words: word types of its training text, in lower case.
        backwards: whether it reads and writes every line from its end.
        network: its layers.
        training_ngrams: index of the runs of words in its training text; None if it has none.
    """

    kind: ClassVar[str] = ""
    batch_size: ClassVar[int]
    """Poems scored side by side."""

    vocabulary: Vocabulary | WordVocabulary
    network: CharacterNetwork | WordNetwork

    def __init__(
        self,
        tensors: Mapping[str, NDArray[np.float32]],
        vocabulary: Vocabulary | WordVocabulary,
        *,
        words: Iterable[str] = (),
        backwards: bool = False,
        config: Mapping[str, Any] | None = None,
        name: str = "",
        training_ngrams: NgramIndex | None = None,
    ) -> None:
        self.name = name
        self.config: Mapping[str, Any] = config or {}
        self.vocabulary = vocabulary
        self.words = frozenset(words)
        self.backwards = backwards
        self.training_ngrams = training_ngrams
        self.network = self._build(tensors)

    @classmethod
    def load(cls, poet: str | Path) -> Self:
        """Open a poet: a folder, or the name of a shipped poet.

        `Poet` itself opens either kind, a subclass only its own.

        Raises:
            PoetError: there is no poet, or it is damaged, of another kind or too new.
        """
        return cls.from_artifact(artifact.load(resolve(poet)))

    @classmethod
    def from_artifact(cls, files: artifact.Artifact) -> Self:
        """Return the poet of a folder that has been read.

        Raises:
            PoetError: the poet is of another kind.
        """
        for subclass in (cls, *cls.__subclasses__()):
            if subclass.kind == files.kind:
                return subclass(
                    files.tensors,
                    files.vocabulary,
                    words=files.words,
                    backwards=files.direction == "reversed",
                    config=files.config,
                    name=files.folder.resolve().name,
                    training_ngrams=files.training_ngrams,
                )
        level, expected = _LEVELS[files.kind], _LEVELS[cls.kind]
        raise PoetError(
            str(files.folder),
            f"a {level}-level poet",
            f"a {expected}-level poet",
            f"Give a poet trained with: quatrain train --kind {expected}s",
            message=f"{files.folder} is a {level}-level poet; a {expected}-level one is needed.",
        )

    @property
    def is_adapted(self) -> bool:
        """True for a poet that was adapted from another to texts of its user."""
        corpus = self.config.get("corpus")
        return isinstance(corpus, dict) and "base" in corpus and "diction" not in self.config

    @property
    def diction(self) -> str:
        """Name of the diction that it writes in unless an option says otherwise.

        A shipped poet names its own. Otherwise, an adapted poet writes modern, since its base read
        verse of other times, and any other poet as its texts do.
        """
        return str(self.config.get("diction") or ("modern" if self.is_adapted else "any"))

    def __repr__(self) -> str:
        lstm = self.network.lstm.layers
        return (
            f"<{type(self).__name__} {self.name!r}: {len(lstm)} LSTM layers of {lstm[0].hidden} "
            f"cells, {self._symbols}>"
        )

    @property
    def _facts(self) -> Facts:
        lstm = self.network.lstm.layers
        corpus, score = (self.config.get(name) for name in ("corpus", "validation"))
        bits = score.get("bits_per_character") if isinstance(score, dict) else None
        return {
            "poet": self.name,
            "network": self.kind,
            "LSTM layers": len(lstm),
            "cells of a layer": lstm[0].hidden,
            "vocabulary": self._symbols,
            "trained on": corpus.get("name") if isinstance(corpus, dict) else None,
            "bits per character": bits,
        }

    if not TYPE_CHECKING:  # a type checker would take it to mean that every attribute is there

        def __getattr__(self, name: str) -> object:
            """Point to `quatrain.load` whoever asks a poet that only reads to write."""
            hint = ""
            if name in _WRITER_METHODS:
                hint = (
                    ": this poet only reads. Open one that writes with "
                    f"quatrain.load({self.name or 'FOLDER'!r})"
                )
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}{hint}")

    def start(self, poems: int = 1) -> State:
        """Return the state before the first symbol of `poems` poems; feed it `vocabulary.START`."""
        return self._stepper.start(poems)

    def step(
        self, ids: NDArray[np.integer[Any]], state: State
    ) -> tuple[NDArray[np.float32], State]:
        """Read one symbol, a character or a word, of each poem.

        Args:
            ids: the symbols' numbers in the vocabulary, shape (poems,).
            state: the state before them; it is not changed, and can be used again.

        Returns:
            The logits of the next symbols, shape (poems, vocabulary), and the state after.

        Raises:
            SettingsError: the ids are not one number of the vocabulary per poem.
        """
        return self._stepper.step(ids, state)

    def encode(self, poem: Poem) -> Tokens:
        """Return a poem's numbers in the order the poet reads them, (symbols,)."""
        return self.vocabulary.encode_poem(poem)

    def evaluate(self, poems: Poems) -> Score:
        """Score poems by the definition in `records.Score`.

        Args:
            poems: a poem, a text or lines; several poems; a `Corpus`; or the `Path` of a file.

        Raises:
            CorpusError: there are no poems, or `poems` is something else.
        """
        members = list_poems(poems)
        encoded = [self.encode(poem) for poem in members]
        nats = sum(float(part.sum(dtype=np.float64)) for part in self.surprisals(encoded))
        spelling = self._spelling_nats(members)
        return Score(
            nats=nats + spelling,
            characters=sum(len(poem.text) + 2 for poem in members),
            unknown=sum(int((poem == self.vocabulary.UNKNOWN).sum()) for poem in encoded),
            poems=len(members),
            words=sum(len(poem) - 1 for poem in encoded) if self.kind == artifact.WORDS else 0,
            spelling_nats=spelling,
        )

    def poem_nats(self, poems: Poems) -> NDArray[np.float64]:
        """Return the total surprisal of each poem in nats, unknown words spelled, (poems,).

        Args:
            poems: as for `evaluate`.

        Raises:
            CorpusError: there are no poems, or `poems` is something else.
        """
        members = list_poems(poems)
        parts = self.surprisals([self.encode(poem) for poem in members])
        return np.array(
            [
                float(part.sum(dtype=np.float64)) + self._spelling_nats([poem])
                for part, poem in zip(parts, members, strict=True)
            ]
        )

    def surprisals(self, poems: Sequence[Tokens]) -> list[NDArray[np.float32]]:
        """Return nats at every symbol but the first of each encoded poem, each (symbols - 1,)."""
        return surprisals_in_batches(poems, self._read, self.batch_size)

    def _read(self, poems: Sequence[Tokens]) -> Iterator[NDArray[np.float32]]:
        """Yield the surprisals of poems, the longest first, (time, poems not yet ended)."""
        states: tuple[LSTMState, ...] | None = None
        for inputs, targets in padded_batches(poems, TIME_STEPS, self.vocabulary.END):
            if states is not None:  # poems that have ended are at the right
                batch = inputs.shape[1]
                states = tuple(LSTMState(h[:batch], c[:batch]) for h, c in states)
            nats, states = self._surprisal(inputs, targets, states)
            yield nats

    def _spelling_nats(self, poems: Sequence[Poem]) -> float:  # noqa: ARG002
        """Return the nats of letters that no symbol of the vocabulary stands for."""
        return 0.0

    @property
    @abstractmethod
    def _stepper(self) -> Stepper:
        """The network in a form that is fast to step."""

    @property
    @abstractmethod
    def _symbols(self) -> str:
        """The size of the vocabulary, for `repr`."""

    @abstractmethod
    def _build(self, tensors: Mapping[str, NDArray[np.float32]]) -> CharacterNetwork | WordNetwork:
        """Assemble the layers."""

    @abstractmethod
    def _surprisal(
        self,
        inputs: NDArray[np.intp],
        targets: NDArray[np.intp],
        states: tuple[LSTMState, ...] | None,
    ) -> tuple[NDArray[np.float32], tuple[LSTMState, ...]]:
        """Return nats at the targets, (time, poems), and the states after the inputs."""


def as_poet(poet: Poet | str | Path) -> Poet:
    """Return a poet, opened if `poet` is its folder or the name of a shipped one.

    Raises:
        PoetError: there is no poet, or it is damaged or too new.
    """
    return poet if isinstance(poet, Poet) else Poet.load(poet)
