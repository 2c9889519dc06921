"""The arithmetic of an LSTM: its parameters, its work and its memory.

In: the sizes of a stack of layers. Out: an `Explanation`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from quatrain.errors import SettingsError
from quatrain.explain.arithmetic.axes import FLOAT32, as_symbol
from quatrain.explain.arithmetic.expression import Expression, Symbol, product, shape
from quatrain.explain.arithmetic.layers import MULTIPLY_ADD, size_symbols
from quatrain.explain.lstm_gradients.notation import CandidateName, Notation
from quatrain.explain.pictures.weights import gate_blocks
from quatrain.records import Explanation, Heading, Note, Part, Table

_TABLE_LAYERS = 8
"""Layers that have a row of their own in the table of parameters."""


def lstm(
    inputs: int,
    hidden: int,
    *,
    layers: int = 1,
    biases: Literal[1, 2] = 1,
    length: int = 100,
    batch: int = 1,
    candidate: CandidateName = "g",
) -> Explanation:
    """Explain why an LSTM has its parameters, and what a sequence costs.

    Hochreiter and Schmidhuber 1997, with the forget gate of Gers, Schmidhuber and Cummins 2000.

    Args:
        inputs: numbers in an input vector.
        hidden: cells of a layer.
        layers: stacked layers.
        biases: bias vectors per layer: 1, as here, or 2, as in PyTorch, where only their sum
            matters.
        length: characters of a sequence.
        batch: sequences read at the same time.
        candidate: how the candidate is written: "g", or "c", which has a tilde.

    Returns:
        Formulas named "one gate", "four gates", "layer 1", "each further layer", "total",
        "total with 2 bias vectors" (or 1), "output shape", "multiply-adds per character",
        "element-wise multiplications per character", "multiply-adds per sequence",
        "multiply-adds of the batch", "memory of the parameters", "memory of the state" and
        "memory for the backward pass" (bytes in float32). The picture "lstm" shows the blocks of
        the weights, a row for each gate.

    Raises:
        SettingsError: a size is not a whole number of at least 1, the biases neither 1 nor 2,
            or the candidate's name unknown.
    """
    sizes = size_symbols(
        "LSTM", inputs=inputs, hidden=hidden, layers=layers, length=length, batch=batch
    )
    if biases not in (1, 2):
        raise SettingsError(
            "'biases' of the LSTM layer",
            f"{biases!r}",
            "1 or 2",
            "PyTorch keeps 2 bias vectors per layer, most books 1.",
        )
    return _Stack(Notation(candidate), biases, *sizes).explanation()


@dataclass(frozen=True, slots=True)
class _Stack:
    """Stacked LSTM layers, their sizes as symbols."""

    notation: Notation
    biases: Literal[1, 2]
    inputs: Symbol
    cells: Symbol
    layers: Symbol
    time: Symbol
    batch: Symbol

    def explanation(self) -> Explanation:
        depth, cells = self.layers.number, self.cells.number
        stack = f"{depth} x {cells}" if depth > 1 else f"{cells}"
        return Explanation(
            f"LSTM of {self.inputs.number} inputs and {stack} cells",
            (*self._parameters(), *self._shape(), *self._work(), *self._memory(), *self._reasons()),
        )

    def _layer(self, inputs: Symbol, biases: int) -> Expression:
        """Return the parameters of one layer that reads `inputs` numbers."""
        return 4 * self.cells * (inputs + self.cells + Symbol("bias vectors", biases))

    def _stacked(self, first: Expression, further: Expression) -> Expression:
        """Return the sum of something over all layers; all but the first are equal."""
        return first if self.layers.number == 1 else first + (self.layers - 1) * further

    @property
    def _total(self) -> Expression:
        """Parameters of all layers, from the formulas shown for one layer."""
        further = self._layer(self.cells, self.biases)
        return self._stacked(
            as_symbol("layer 1", self._layer(self.inputs, self.biases)),
            as_symbol("each further layer", further),
        )

    def _parameters(self) -> Iterator[Part]:
        gate = self.cells * (self.inputs + self.cells + Symbol("bias vectors", self.biases))
        yield Heading("Parameters")
        yield gate.formula("one gate")
        yield (4 * as_symbol("one gate", gate)).formula("four gates")
        yield self._layer(self.inputs, self.biases).formula("layer 1")
        if self.layers.number > 1:
            yield self._layer(self.cells, self.biases).formula("each further layer")
        yield self._total.formula("total")
        yield self._table()
        inputs, cells = int(self.inputs.number), int(self.cells.number)
        yield gate_blocks(inputs, cells, self.biases, self.notation)
        other = 2 if self.biases == 1 else 1
        total = self._stacked(self._layer(self.inputs, other), self._layer(self.cells, other))
        yield total.formula(f"total with {other} bias vector{'s' if other == 2 else ''}")
        yield Note(
            "Why this many parameters: three gates and a candidate, each a linear map of the "
            "input and of the previous hidden vector. The length doesn't matter: the same "
            "weights read every character. PyTorch keeps two bias vectors per layer, but only "
            "their sum matters, so both conventions compute the same. Both vectors get the same "
            "gradient, though, so a step of plain gradient descent moves their sum twice as far."
        )

    def _table(self) -> Table:
        """Tabulate the parameters of the first layers by kind of weight."""
        hidden, rows = int(self.cells.number), []
        layers = int(self.layers.number)
        for layer in range(1, min(layers, _TABLE_LAYERS) + 1):
            inputs = int(self.inputs.number) if layer == 1 else hidden
            counts = (4 * hidden * inputs, 4 * hidden * hidden, 4 * hidden * self.biases)
            rows.append((str(layer), *counts, sum(counts)))
        title = "Parameters by layer"
        if layers > _TABLE_LAYERS:
            title += f": the first {_TABLE_LAYERS} of {layers}"
        columns = ("layer", "input weights", "recurrent weights", "biases", "total")
        return Table(title, columns, tuple(rows))

    def _shape(self) -> Iterator[Part]:
        yield Heading("Shape")
        yield shape("output shape", self.time, self.batch, self.cells)
        yield Note("Why this shape: at each time step every cell outputs one number, o * tanh(c).")

    def _work(self) -> Iterator[Part]:
        cells = self.cells
        work = self._stacked(4 * cells * (self.inputs + cells), 4 * cells * (cells + cells))
        per_character = as_symbol("multiply-adds per character", work)
        element_wise = 3 * cells * self.layers
        yield Heading("Work")
        yield work.formula("multiply-adds per character")
        yield element_wise.formula("element-wise multiplications per character")
        yield (per_character * self.time).formula("multiply-adds per sequence")
        yield (per_character * self.time * self.batch).formula("multiply-adds of the batch")
        yield Note(
            f"{MULTIPLY_ADD} The element-wise multiplications f * c, i * {self.notation.text} and "
            "o * tanh(c) are counted separately."
        )

    def _memory(self) -> Iterator[Part]:
        total = as_symbol("total", self._total)
        state = product(FLOAT32, 2, self.layers, self.batch, self.cells)
        saved = product(FLOAT32, self.time, self.batch, self.layers, 6, self.cells)
        yield Heading("Memory")
        yield (FLOAT32 * total).formula("memory of the parameters", "bytes")
        yield state.formula("memory of the state", "bytes")
        yield saved.formula("memory for the backward pass", "bytes")
        yield Note(
            "The state is the hidden and the cell vector of each layer. Writing needs nothing "
            "more, however long the text is. Training saves six numbers per cell and time step "
            f"for the backward pass: {self.notation.gates}, c and h. The inputs aren't counted, "
            "because the layer doesn't compute them."
        )

    def _reasons(self) -> Iterator[Part]:
        yield Heading("Why")
        yield Note(
            "Why this gradient: a weight is used at every time step, so its gradient is the sum "
            "over all steps. From one step to the one before, the gradient travels along c, "
            "where each step multiplies it by f, and through the gates, by way of W_h."
        )
