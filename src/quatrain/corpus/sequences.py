"""Training sequences from poems, made in the two textbook ways.

`Streams` and `Windows` take the tokens of a prepared corpus, the poems to train on and a seed.
They return batches of inputs and of targets (the inputs one character later), which `train` asks
for. A batch depends on its step number alone, so a run that stops after step 1000 continues with
`batch(1000)`.

`Streams` are contiguous: the poems, in an order that changes every epoch, are
laid end to end and cut into lanes read side by side; the network's state is
carried from step to step, so a line can depend on one many steps earlier
(truncated back-propagation through time, Williams and Peng 1990). Each
character is trained on once an epoch.

`Windows` overlap: every `stride` characters a window of `length` characters
starts, over the running text of the poems, and the state is fresh for each.
Like the textbook's, a window may begin in one poem and end in the next.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from quatrain.corpus.vocabulary import Tokens
from quatrain.errors import SettingsError

Batch: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Inputs and targets, both of shape (length, lanes)."""

_IN_MEMORY = 256 * 2**20
"""Bytes up to which the running text is one array."""


class _Sequences(ABC):
    """Base of the two ways: batches by step number.

    Attributes:
        lanes: sequences side by side. Fewer than asked for when the text is too short.
        length: characters per step and lane.
        steps_per_epoch: steps in one pass over the poems.
        sequences: sequences of `length` characters in an epoch.
        characters_per_step: characters predicted in one step, `lanes * length`.
    """

    lanes: int
    length: int
    steps_per_epoch: int
    sequences: int

    @property
    def characters_per_step(self) -> int:
        """Characters predicted in one step."""
        return self.lanes * self.length

    def batch(self, step: int, lanes: slice | None = None) -> Batch:
        """Return the inputs and targets of a step.

        Args:
            step: which step, counted from 0 through all epochs.
            lanes: which lanes to return, for one process of several; all by default.

        Returns:
            Two arrays of shape (length, lanes): the characters, and the characters one later.
        """
        epoch, within = divmod(step, self.steps_per_epoch)
        chosen = np.arange(self.lanes)[lanes if lanes is not None else slice(None)]
        return _pairs(self._stretches(epoch, within, chosen))

    @abstractmethod
    def _stretches(self, epoch: int, within: int, lanes: NDArray[np.int64]) -> Tokens:
        """Return the text of some lanes in a step of an epoch, (lanes, length + 1)."""

    @abstractmethod
    def fresh(self, step: int) -> bool:
        """Return whether the state must be zeroed before a step."""


class Streams(_Sequences):
    """Contiguous streams whose state is carried from step to step.

    An epoch is `steps_per_epoch` steps of `lanes * length` characters; the few characters
    left over at its end differ from epoch to epoch, as the order of the poems does.
    """

    def __init__(
        self,
        tokens: Tokens,
        offsets: NDArray[np.int64],
        poems: NDArray[np.integer] | Sequence[int],
        *,
        lanes: int,
        length: int,
        seed: int,
    ) -> None:
        """Lay out the streams.

        Args:
            tokens: all poems end to end, shape (characters,).
            offsets: where each poem begins and the last one ends, shape (poems + 1,).
            poems: indices of the poems to train on.
            lanes: sequences side by side, at most.
            length: characters per step and lane.
            seed: with the epoch's number, the source of the poems' order.

        Raises:
            SettingsError: a number is not positive, or the poems are shorter than one step.
        """
        _check(lanes=lanes, length=length)
        self._tokens, self._offsets = tokens, offsets
        self._poems = np.asarray(poems, dtype=np.int64)
        self._seed = seed
        self._epoch = 0
        self._text = self._arranged(0)
        _check_enough(self._text.size, length)
        self.length = length
        self.lanes = min(lanes, (self._text.size - 1) // length)
        self._lane = (self._text.size - 1) // self.lanes
        self.steps_per_epoch = self._lane // length
        self.sequences = self.lanes * self.steps_per_epoch

    def _stretches(self, epoch: int, within: int, lanes: NDArray[np.int64]) -> Tokens:
        """Return the text of some lanes in a step of an epoch, (lanes, length + 1)."""
        if epoch != self._epoch:
            self._text = self._arranged(epoch)
            self._epoch = epoch
        return self._text.take(lanes * self._lane + within * self.length, self.length + 1)

    def _arranged(self, epoch: int) -> _RunningText:
        """Lay the poems end to end in the order of an epoch."""
        generator = np.random.Generator(np.random.PCG64([self._seed, epoch]))
        order = self._poems[generator.permutation(len(self._poems))]
        return _RunningText(self._tokens, self._offsets, order)

    def fresh(self, step: int) -> bool:
        """Return whether the state must be zeroed before a step: the first of an epoch."""
        return step % self.steps_per_epoch == 0


class Windows(_Sequences):
    """Overlapping windows, shuffled every epoch; the state is fresh for each.

    The running text is the poems in the order given, end to end. Window `i` begins at
    character `i * stride`; there are `ceil((characters - length) / stride)`. The order of
    the windows is a new permutation every epoch, computed and never stored. The windows of an
    incomplete last batch, others every epoch, wait for the next.

    Attributes:
        stride: characters between the starts of two windows.
    """

    def __init__(
        self,
        tokens: Tokens,
        offsets: NDArray[np.int64],
        poems: NDArray[np.integer] | Sequence[int],
        *,
        lanes: int,
        length: int,
        stride: int,
        seed: int,
    ) -> None:
        """Lay out the windows; the arguments are those of `Streams`, and the stride.

        Raises:
            SettingsError: a number is not positive, or the poems are shorter than one window.
        """
        _check(lanes=lanes, length=length, stride=stride)
        self._text = _RunningText(tokens, offsets, np.asarray(poems, dtype=np.int64))
        self._seed = seed
        _check_enough(self._text.size, length)
        self.length = length
        self.stride = stride
        self.sequences = (self._text.size - length - 1) // stride + 1
        self.lanes = min(lanes, self.sequences)
        self.steps_per_epoch = self.sequences // self.lanes

    def _stretches(self, epoch: int, within: int, lanes: NDArray[np.int64]) -> Tokens:
        """Return the text of some lanes in a step of an epoch, (lanes, length + 1)."""
        generator = np.random.Generator(np.random.PCG64([self._seed, epoch]))
        keys = generator.integers(0, 2**64, size=_ROUNDS, dtype=np.uint64)
        windows = _permuted(lanes + within * self.lanes, self.sequences, keys)
        return self._text.take(windows * self.stride, self.length + 1)

    def window(self, number: int) -> Tokens:
        """Return a window by its place in the text, from 0: its inputs and the last target.

        Returns:
            Shape (length + 1,).
        """
        (stretch,) = self._text.take(np.array([number * self.stride]), self.length + 1)
        inputs_and_target: Tokens = stretch
        return inputs_and_target

    def fresh(self, step: int) -> bool:  # noqa: ARG002 - the same interface as Streams
        """Return True: no state is carried from window to window."""
        return True


class _RunningText:
    """Poems laid end to end in some order, without copying them if they are many.

    Up to 256 MB the running text is one array and a batch is one indexing; past that, the
    poems' cumulative lengths say which pieces of the tokens a stretch is made of.
    """

    def __init__(
        self, tokens: Tokens, offsets: NDArray[np.int64], order: NDArray[np.int64]
    ) -> None:
        starts = np.asarray(offsets)[order]
        lengths = np.asarray(offsets)[order + 1] - starts
        self._ends = np.cumsum(lengths)
        self.size = int(self._ends[-1]) if len(order) else 0
        self._shift = starts - (self._ends - lengths)
        self._tokens = tokens
        self._text: Tokens | None = None
        if self.size * tokens.itemsize <= _IN_MEMORY:
            pieces = [
                tokens[start:end]
                for start, end in zip(starts.tolist(), (starts + lengths).tolist(), strict=True)
            ]
            self._text = np.concatenate(pieces) if pieces else tokens[:0]

    def take(self, starts: NDArray[np.int64], length: int) -> Tokens:
        """Return stretches of the running text; shape (len(starts), length)."""
        if self._text is not None:
            indexed: Tokens = self._text[starts[:, None] + np.arange(length)]
            return indexed
        stretches = np.empty((len(starts), length), dtype=self._tokens.dtype)
        first = np.searchsorted(self._ends, starts, side="right")
        for row, start, poem in zip(stretches, starts.tolist(), first.tolist(), strict=True):
            filled = 0
            while filled < length:
                at = start + filled
                piece = min(int(self._ends[poem]) - at, length - filled)
                source = at + int(self._shift[poem])
                row[filled : filled + piece] = self._tokens[source : source + piece]
                filled += piece
                poem += 1
        return stretches


_ROUNDS = 6
"""Rounds of the Feistel network."""


def _permuted(places: NDArray[np.int64], size: int, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return where a keyed permutation of `range(size)` sends `places`, by arithmetic alone.

    A generalised Feistel network (Black and Rogaway 2002, section 5): a place is a pair
    (row, column) of a grid just large enough, and each round adds to one of the two a hash
    of the other, by the mixing step of splitmix64 (Steele et al. 2014). The few places that
    leave `range(size)` are sent on until they fall inside (cycle walking).
    """
    columns = math.isqrt(size - 1) + 1
    rows = -(-size // columns)
    moduli = np.uint64(rows), np.uint64(columns)

    def once(value: NDArray[np.uint64]) -> NDArray[np.uint64]:
        halves = [value // moduli[1], value % moduli[1]]
        for number, key in enumerate(keys):
            turned = number % 2
            mixed = (halves[1 - turned] + key) * np.uint64(0x9E3779B97F4A7C15)
            mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            halves[turned] = (halves[turned] + (mixed >> np.uint64(31))) % moduli[turned]
        return halves[0] * moduli[1] + halves[1]

    value = once(places.astype(np.uint64))
    while (outside := value >= size).any():
        value[outside] = once(value[outside])
    return value.astype(np.int64)


def _pairs(stretches: Tokens) -> Batch:
    """Return inputs and targets, (length, lanes) each, of stretches (lanes, length + 1)."""
    turned = np.ascontiguousarray(stretches.T).astype(np.int64)  # (length + 1, lanes)
    return turned[:-1], turned[1:]


def _check(**numbers: int) -> None:
    """Raise `SettingsError` for a number that is not positive."""
    for name, number in numbers.items():
        if number < 1:
            raise SettingsError(f"setting {name!r}", f"{number}", "1 or more", "Correct the value.")


def _check_enough(characters: int, length: int) -> None:
    """Raise `SettingsError` if the text is shorter than one sequence."""
    if characters <= length:
        raise SettingsError(
            "setting 'length'",
            f"{length} characters per sequence in training poems of {characters} characters",
            f"poems of at least {length + 1} characters",
            f"Train on more verse, or set length to {max(1, characters - 1)} or less.",
        )
