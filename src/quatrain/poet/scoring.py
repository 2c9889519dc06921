"""Scoring poems in batches, for every model that predicts verse.

In: poems, alone or in a collection. Out: their numbers, padded batches of them, and a `Score`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from quatrain.corpus.corpus import read
from quatrain.corpus.vocabulary import Tokens, Vocabulary
from quatrain.errors import CorpusError
from quatrain.records import Line, Poem, Score, Verse, as_poem


class Collection(Protocol):
    """Anything that holds poems, as a `Corpus` does."""

    @property
    def poems(self) -> Iterable[Poem]:
        """The poems."""


Poems: TypeAlias = Verse | Collection | Iterable[Poem]
"""Everything a model can score: a poem in any shape, several poems, a file, or a `Corpus`."""


def iter_poems(poems: Poems) -> Iterator[Poem]:
    """Yield the poems of anything that holds poems: a path, a corpus, a poem, a text, lines.

    Raises:
        CorpusError: `poems` is something else.
    """
    if isinstance(poems, Path):
        yield from read(str(poems)).poems
        return
    if isinstance(poems, Poem | Line | str):
        yield as_poem(poems)
        return
    members = iter(poems if isinstance(poems, Iterable) else getattr(poems, "poems", (poems,)))
    for member in members:
        if isinstance(member, str | Line):  # the lines of one poem
            yield as_poem((member, *members))
            return
        if not isinstance(member, Poem):
            raise CorpusError(
                "the poems to score",
                f"{member!r:.60}",
                "a poem, several, or a corpus",
                "Read a file with quatrain.read(path), or make a poem with Poem.from_text(text).",
            )
        yield member


def list_poems(poems: Poems) -> list[Poem]:
    """Return the poems of anything that holds poems, at least one.

    Raises:
        CorpusError: there are no poems, or `poems` is something else.
    """
    members = list(iter_poems(poems))
    if not members:
        raise CorpusError(
            "the poems to score",
            "none",
            "at least one poem",
            "Give a text that holds verse.",
            message="There are no poems to score.",
        )
    return members


def encode_poems(poems: Poems, vocabulary: Vocabulary) -> list[Tokens]:
    """Return every poem as numbers of the vocabulary, each (symbols,).

    Raises:
        CorpusError: there are no poems, or `poems` is something else.
    """
    return [vocabulary.encode_poem(poem) for poem in list_poems(poems)]


def padded_batches(
    poems: Sequence[Tokens], steps: int, padding: int
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Yield inputs and targets of poems read side by side, each (time, poems not yet ended).

    Args:
        poems: encoded, the longest first.
        steps: symbols of each poem per batch, at most.
        padding: the number that fills up the shorter poems.
    """
    lengths = np.array([len(poem) - 1 for poem in poems])
    for begin in range(0, int(lengths[0]), steps):
        batch = int((lengths > begin).sum())
        tokens = np.full((min(steps, int(lengths[0]) - begin) + 1, batch), padding, np.intp)
        for column, poem in enumerate(poems[:batch]):
            piece = poem[begin : begin + len(tokens)]
            tokens[: len(piece), column] = piece
        yield tokens[:-1], tokens[1:]


def surprisals_in_batches(
    poems: Sequence[Tokens],
    read: Callable[[Sequence[Tokens]], Iterator[NDArray[np.float32]]],
    batch_size: int,
) -> list[NDArray[np.float32]]:
    """Return the surprisals of each poem in nats, in the order of `poems`, each (symbols - 1,).

    Poems of similar length share a batch, so that little of it is padding.

    Args:
        poems: encoded.
        read: yields the surprisals of some poems, the longest first, batch by batch, each
            (time, poems not yet ended).
        batch_size: poems read side by side.
    """
    surprisals = [np.empty(len(poem) - 1, np.float32) for poem in poems]
    order = sorted(range(len(poems)), key=lambda number: -len(poems[number]))
    for first in range(0, len(order), batch_size):
        batch = order[first : first + batch_size]
        begin = 0
        for nats in read([poems[number] for number in batch]):
            for column, number in enumerate(batch[: nats.shape[1]]):
                part = surprisals[number][begin : begin + len(nats)]
                part[:] = nats[: len(part), column]
            begin += len(nats)
    return surprisals


def score(encoded: Sequence[NDArray[np.integer[Any]]], nats: float) -> Score:
    """Return the score of encoded poems of characters whose total surprisal is `nats`."""
    return Score(
        nats=nats,
        characters=sum(len(poem) - 1 for poem in encoded),
        unknown=sum(int((poem == Vocabulary.UNKNOWN).sum()) for poem in encoded),
        poems=len(encoded),
    )
