"""The networks rearranged so that stepping one symbol at a time is fast.

In: a `CharacterNetwork` or a `WordNetwork`. Out: its `Stepper`, whose logits equal the plain
layers' within rounding (a test holds it to 1e-5). It does this once, on loading:

- The embedding of characters goes through the first layer's input weights
  beforehand: a character then costs a look-up of its gates instead of a product.
- A layer's two products become one, over the inputs and the hidden vector
  laid end to end.
- sigmoid(x) = (1 + tanh(x / 2)) / 2, so halving the rows of the gates i, f, o
  lets one tanh serve all four; the rows are put in the order i, f, o, g.
  The factor 1/2 of the hidden vector that is left over goes into the weights
  that read it. Powers of two scale exactly, so this loses nothing.
- Vectors stand in columns, (features, poems): `benchmarks/sample.py` found
  OpenBLAS quickest so, and the gates are then contiguous blocks.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quatrain.errors import SettingsError
from quatrain.poet.network.character_network import CharacterNetwork
from quatrain.poet.network.word_network import WordNetwork
from quatrain.poet.network.word_vectors import WordVectors

_HALF = np.float32(0.5)
_ONE = np.float32(1.0)


_BLOCK = 64
"""Words in a block of the output weights.

OpenBLAS multiplies a few rows with so small a matrix without packing it first. All blocks together
take half the time of one product with all words, and give the same bits
(`benchmarks/output_layer.py`).
"""

_MOST_ROWS = 24
"""Rows up to which blocks are quicker; one product packs the weights once for all its rows."""


@dataclass(frozen=True, slots=True)
class State:
    """The LSTM state that a poet carries from one symbol to the next; never changed in place.

    Attributes:
        doubled: per layer, twice the hidden vectors, shape (hidden, poems).
        cells: per layer, the cell vectors, shape (hidden, poems).
    """

    doubled: tuple[NDArray[np.float32], ...]
    cells: tuple[NDArray[np.float32], ...]

    @property
    def poems(self) -> int:
        """The number of poems stepped side by side."""
        return int(self.cells[0].shape[1])

    def select(self, poems: NDArray[np.integer[Any]] | list[int]) -> State:
        """Return the state of some poems, in the order of `poems`; repeats are allowed."""
        return State(
            tuple(np.take(layer, poems, axis=1) for layer in self.doubled),
            tuple(np.take(layer, poems, axis=1) for layer in self.cells),
        )

    @classmethod
    def joined(cls, states: Sequence[State]) -> State:
        """Return one state of all the poems of `states`, in their order."""
        return cls(
            tuple(
                np.concatenate(layer, axis=1)
                for layer in zip(*(s.doubled for s in states), strict=True)
            ),
            tuple(
                np.concatenate(layer, axis=1)
                for layer in zip(*(s.cells for s in states), strict=True)
            ),
        )


class Stepper(ABC):
    """Steps a network for many poems side by side."""

    _hidden: Sequence[int]
    """Cells of each LSTM layer."""

    def start(self, poems: int) -> State:
        """Return the state before the first symbol, all zeros."""
        zeros = tuple(np.zeros((hidden, poems), np.float32) for hidden in self._hidden)
        return State(zeros, zeros)

    @abstractmethod
    def step(
        self, ids: NDArray[np.integer[Any]], state: State
    ) -> tuple[NDArray[np.float32], State]:
        """Read one symbol of each poem.

        Args:
            ids: the symbols' numbers, shape (poems,).
            state: the state before them; it is not changed.

        Returns:
            The logits of the next symbols, (poems, vocabulary), and the state after.

        Raises:
            SettingsError: the ids are not one number of the vocabulary per poem.
        """


class CharacterStepper(Stepper):
    """Steps a network of characters; a character's part of the gates is looked up in a table."""

    def __init__(self, network: CharacterNetwork) -> None:
        layers = network.lstm.layers
        first = layers[0]
        self._alphabet = network.embedding.weight.shape[0]
        self._hidden = [layer.hidden for layer in layers]
        gates = network.embedding.weight @ first.weight_input.T + first.bias
        # (4 * hidden, alphabet): what each character adds to the first layer's gates.
        self._character_gates = np.ascontiguousarray(_one_tanh(gates.T))
        self._weights: list[NDArray[np.float32]] = [_one_tanh(first.weight_hidden) * _HALF]
        self._biases = []
        for layer in layers[1:]:
            joined = np.concatenate((layer.weight_input, layer.weight_hidden), axis=1)
            self._weights.append(_one_tanh(joined) * _HALF)
            self._biases.append(_one_tanh(layer.bias[:, None]))
        self._output = np.ascontiguousarray(network.output.weight.T * _HALF)
        self._output_bias = network.output.bias

    def step(
        self, ids: NDArray[np.integer[Any]], state: State
    ) -> tuple[NDArray[np.float32], State]:
        """Read one character of each poem, as `Stepper.step`; the logits are (poems, alphabet)."""
        _check(ids, state, self._alphabet, "characters")
        gates = self._weights[0] @ state.doubled[0]
        gates += np.take(self._character_gates, ids, axis=1)
        values, cell = _cells(gates, state.cells[0])
        doubled, cells = [values], [cell]
        for below, (weight, bias) in enumerate(zip(self._weights[1:], self._biases, strict=True)):
            gates = weight @ np.concatenate((values, state.doubled[below + 1]))
            gates += bias
            values, cell = _cells(gates, state.cells[below + 1])
            doubled.append(values)
            cells.append(cell)
        logits = values.T @ self._output
        logits += self._output_bias
        return logits, State(tuple(doubled), tuple(cells))


class WordStepper(Stepper):
    """Steps a network of words.

    A word's vector is computed from its letters when the word is first read, and cached.
    """

    def __init__(self, network: WordNetwork, spellings: NDArray[np.integer[Any]]) -> None:
        self._spellings, self._word_vectors = spellings, WordVectors(network)
        layers = network.lstm.layers
        self._hidden = [layer.hidden for layer in layers]
        # Pages of a large array of zeros take no memory until something is written to them.
        self._vectors = np.zeros((len(spellings), layers[0].inputs), np.float32)
        self._known = np.zeros(len(spellings), dtype=bool)
        self._weights, self._biases = [], []
        for number, layer in enumerate(layers):
            joined = np.concatenate((layer.weight_input, layer.weight_hidden), axis=1)
            weight = _one_tanh(joined)
            weight[:, 0 if number else layer.inputs :] *= _HALF  # words' vectors are not doubled
            self._weights.append(weight)
            self._biases.append(_one_tanh(layer.bias[:, None]))
        self._projection = np.ascontiguousarray(network.projection.weight * _HALF)
        self._projection_bias = network.projection.bias[:, None]
        # In rows, (projection, vocabulary): with few queries OpenBLAS is two to four times as quick
        # so, and this product is most of a step (docs/decisions/0010-keeping-form.md).
        self._output: NDArray[np.float32] = np.ascontiguousarray(network.output.weight.T)
        self._output_bias: NDArray[np.float32] = network.output.bias

    def vectors(self, ids: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """Return the vectors of words by number, (..., features)."""
        new = np.unique(ids[~self._known[ids]])
        if len(new):
            self._vectors[new] = self._word_vectors.compute(self._spellings[new])
            self._known[new] = True
        vectors: NDArray[np.float32] = self._vectors[ids]
        return vectors

    def step(
        self, ids: NDArray[np.integer[Any]], state: State
    ) -> tuple[NDArray[np.float32], State]:
        """Read one word of each poem, as `Stepper.step`."""
        _check(ids, state, len(self._spellings), "words")
        values = self.vectors(ids).T
        doubled, cells = [], []
        for layer, (weight, bias) in enumerate(zip(self._weights, self._biases, strict=True)):
            gates = weight @ np.concatenate((values, state.doubled[layer]))
            gates += bias
            values, cell = _cells(gates, state.cells[layer])
            doubled.append(values)
            cells.append(cell)
        queries: NDArray[np.float32] = self._projection @ values
        queries += self._projection_bias
        return self._logits(np.ascontiguousarray(queries.T)), State(tuple(doubled), tuple(cells))

    def _logits(self, queries: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the words' logits, (poems, vocabulary), for queries, (poems, projection)."""
        logits: NDArray[np.float32]
        if not 1 < len(queries) <= _MOST_ROWS:  # one row is a product with a vector: no packing
            logits = queries @ self._output
            logits += self._output_bias
            return logits
        products = np.matmul(queries, self._output_blocks)  # (blocks, poems, _BLOCK)
        rows = products.transpose(1, 0, 2).reshape(len(queries), -1)
        logits = rows[:, : len(self._output_bias)] + self._output_bias
        return logits

    @cached_property
    def _output_blocks(self) -> NDArray[np.float32]:
        """The output weights in blocks of words, the last one padded, (blocks, projection, 64)."""
        features, words = self._output.shape
        blocks = -(-words // _BLOCK)
        padded = np.zeros((features, blocks * _BLOCK), np.float32)
        padded[:, :words] = self._output
        in_blocks = padded.reshape(features, blocks, _BLOCK).transpose(1, 0, 2)
        return np.ascontiguousarray(in_blocks)


def _check(ids: NDArray[np.integer[Any]], state: State, size: int, symbols: str) -> None:
    if ids.shape != (state.poems,) or ids.dtype.kind not in "iu":
        raise SettingsError(
            f"the {symbols} to step",
            f"{ids.dtype} of shape {ids.shape}",
            f"whole numbers of shape ({state.poems},), one per poem",
            "Give one number of the vocabulary per poem of the state.",
        )
    if ids.size and not 0 <= ids.min() <= ids.max() < size:
        raise SettingsError(
            f"the {symbols} to step",
            f"numbers from {ids.min()} to {ids.max()}",
            f"numbers from 0 to {size - 1}",
            "Encode the text with the poet's vocabulary.",
        )


def _one_tanh(rows: NDArray[Any]) -> NDArray[np.float32]:
    """Reorder rows of the gates i, f, g, o to i, f, o, g, and halve all but g."""
    input_gate, forget_gate, candidate, output_gate = np.split(rows, 4)
    ordered = np.concatenate((input_gate, forget_gate, output_gate, candidate))
    ordered[: -len(candidate)] *= _HALF
    return ordered


def _cells(
    gates: NDArray[np.float32], cell: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return twice the hidden vectors, and the cells, after gates (4 * hidden, poems)."""
    size = cell.shape[0]
    np.tanh(gates, out=gates)
    sigmoids = gates[: 3 * size]
    sigmoids += _ONE  # twice the sigmoid
    after = sigmoids[size : 2 * size] * cell
    after += sigmoids[:size] * gates[3 * size :]
    after *= _HALF
    doubled = np.tanh(after)
    doubled *= sigmoids[2 * size :]
    return doubled, after
