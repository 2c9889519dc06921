"""A trained poet in memory.

In: a folder (`artifact`). Out: a `CharacterPoet`, which steps from character to
character and scores texts; the room `write` teaches it to write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from quatrain.corpus.vocabulary import Tokens, Vocabulary
from quatrain.errors import CorpusError, PoetError
from quatrain.layers import LSTMState, log_softmax
from quatrain.poet import artifact
from quatrain.poet.copy_index import NgramIndex
from quatrain.poet.network import Network
from quatrain.poet.stepper import State, Stepper
from quatrain.records import Poem, Score

_SIDE_BY_SIDE = 128
_TIMES = 32
"""Poems scored side by side and characters read at once: at 512 cells, about 50 MB."""


class Collection(Protocol):
    """Anything that holds poems, as a `Corpus` does."""

    @property
    def poems(self) -> Iterable[Poem]:
        """The poems."""


Poems: TypeAlias = Poem | Collection | Iterable[Poem]


class CharacterPoet:
    """A character LSTM, its alphabet and where it comes from.

    Open one with `CharacterPoet.load(folder)`.

    Attributes:
        name: its folder's name.
        config: the facts of its `config.json`.
        vocabulary: its alphabet.
        words: word types of its training text, in lower case.
        network: its layers.
        copies: which runs of words stand in its training text, or None if that is not known.
    """

    def __init__(
        self,
        tensors: Mapping[str, NDArray[np.float32]],
        vocabulary: Vocabulary,
        *,
        words: Iterable[str] = (),
        config: Mapping[str, Any] | None = None,
        name: str = "",
        copies: NgramIndex | None = None,
    ) -> None:
        self.name, self.copies = name, copies
        self.config: Mapping[str, Any] = config or {}
        self.vocabulary = vocabulary
        self.words = frozenset(words)
        self.network = Network.of(tensors)

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """Open a poet's folder.

        Raises:
            PoetError: there is no poet, or it is damaged, of another kind or too new.
        """
        return cls.of(artifact.load(folder))

    @classmethod
    def of(cls, read: artifact.Artifact) -> Self:
        """The poet of an artifact.

        Raises:
            PoetError: it is a poet of words.
        """
        if not isinstance(read.vocabulary, Vocabulary):
            raise PoetError(
                str(read.folder),
                "a poet of words",
                "a poet of characters",
                "Give a poet trained with: quatrain train --kind characters",
            )
        return cls(
            read.tensors,
            read.vocabulary,
            words=read.words,
            config=read.config,
            name=read.folder.resolve().name,
            copies=read.copies,
        )

    def __repr__(self) -> str:
        lstm = self.network.lstm.layers
        return (
            f"<{type(self).__name__} {self.name!r}: {len(lstm)} LSTM layers of {lstm[0].hidden} "
            f"cells, an alphabet of {self.vocabulary.size}>"
        )

    @cached_property
    def _stepper(self) -> Stepper:
        return Stepper(self.network)

    def start(self, poems: int = 1) -> State:
        """The state before the first character of `poems` poems; feed them `vocabulary.START`."""
        return self._stepper.start(poems)

    def step(
        self, ids: NDArray[np.integer[Any]], state: State
    ) -> tuple[NDArray[np.float32], State]:
        """Read one character of each poem.

        Args:
            ids: the characters' numbers in the vocabulary, shape (poems,).
            state: the state before them; it is left as it is, and can be used again.

        Returns:
            The logits of the next characters, shape (poems, alphabet), and the state after.

        Raises:
            SettingsError: the ids are not one number of the vocabulary per poem.
        """
        return self._stepper.step(ids, state)

    def evaluate(self, poems: Poems) -> Score:
        """Score poems by the definition in `records.Score`.

        Args:
            poems: a poem, several, or a `Corpus` of them.

        Raises:
            CorpusError: there are no poems, or something else was given.
        """
        encoded = encode(poems, self.vocabulary)
        encoded.sort(key=len, reverse=True)  # similar lengths side by side: little padding
        nats = 0.0
        for first in range(0, len(encoded), _SIDE_BY_SIDE):
            for part in self.surprisals(encoded[first : first + _SIDE_BY_SIDE]):
                nats += float(part.sum(dtype=np.float64))
        return score(encoded, nats)

    def surprisals(self, poems: Sequence[Tokens]) -> list[NDArray[np.float32]]:
        """Surprise in nats at every symbol but the first of each encoded poem, (symbols - 1,)."""
        return collected(poems, self._read, _SIDE_BY_SIDE)

    def _read(self, poems: Sequence[Tokens]) -> Iterator[NDArray[np.float32]]:
        """Surprise at poems in order of falling length, (times, poems), some times at once."""
        states: tuple[LSTMState, ...] | None = None
        for inputs, targets in times(poems, _TIMES, Vocabulary.END):
            if states is not None:  # poems that have ended are at the right
                batch = inputs.shape[1]
                states = tuple(LSTMState(h[:batch], c[:batch]) for h, c in states)
            logits, states = self.network.value(inputs, states)
            yield -np.take_along_axis(log_softmax(logits), targets[:, :, None], axis=2)[:, :, 0]


def times(
    poems: Sequence[Tokens], most: int, padding: int
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Inputs and targets of poems in order of falling length, each (times, poems not ended)."""
    lengths = np.array([len(poem) - 1 for poem in poems])
    for begin in range(0, int(lengths[0]), most):
        batch = int((lengths > begin).sum())
        tokens = np.full((min(most, int(lengths[0]) - begin) + 1, batch), padding, np.intp)
        for column, poem in enumerate(poems[:batch]):
            piece = poem[begin : begin + len(tokens)]
            tokens[: len(piece), column] = piece
        yield tokens[:-1], tokens[1:]


def collected(
    poems: Sequence[Tokens],
    read: Callable[[Sequence[Tokens]], Iterator[NDArray[np.float32]]],
    side_by_side: int,
) -> list[NDArray[np.float32]]:
    """Surprise at each poem, in the order given, from what is read of them side by side.

    Args:
        poems: encoded.
        read: of poems in order of falling length, gives (times, poems not ended) in turn.
        side_by_side: how many are read so at once.
    """
    found = [np.empty(len(poem) - 1, np.float32) for poem in poems]
    order = sorted(range(len(poems)), key=lambda place: -len(poems[place]))
    for first in range(0, len(order), side_by_side):
        chosen = order[first : first + side_by_side]
        begin = 0
        for nats in read([poems[place] for place in chosen]):
            for column, place in enumerate(chosen[: nats.shape[1]]):
                part = found[place][begin : begin + len(nats)]
                part[:] = nats[: len(part), column]
            begin += len(nats)
    return found


def encode(poems: Poems, vocabulary: Vocabulary) -> list[Tokens]:
    """Every poem as numbers, at least one poem.

    Raises:
        CorpusError: there are no poems, or something else was given.
    """
    encoded = [vocabulary.encode_poem(poem) for poem in each(poems)]
    if not encoded:
        raise CorpusError(
            "the poems to score", "none", "at least one poem", "Give a text that holds verse."
        )
    return encoded


def each(poems: Poems) -> Iterator[Poem]:
    """The poems of whatever holds them.

    Raises:
        CorpusError: something else was given.
    """
    given: Iterable[object]
    if isinstance(poems, Poem | str):
        given = (poems,)
    elif isinstance(poems, Iterable):
        given = poems
    else:
        given = getattr(poems, "poems", (poems,))
    for poem in given:
        if not isinstance(poem, Poem):  # a line has a text too: it would be scored as a poem
            raise CorpusError(
                "the poems to score",
                f"{poem!r:.60}",
                "a poem, several, or a corpus",
                "Read a file with quatrain.read(path), or make a poem with Poem.from_lines(lines).",
            )
        yield poem


def score(encoded: Sequence[Tokens], nats: float) -> Score:
    """The score of poems whose total surprise is `nats`."""
    return Score(
        nats=nats,
        characters=sum(len(poem) - 1 for poem in encoded),
        unknown=sum(int((poem == Vocabulary.UNKNOWN).sum()) for poem in encoded),
        poems=len(encoded),
    )
