"""The long short-term memory layer, alone and stacked.

Hochreiter and Schmidhuber 1997, with the forget gate of Gers, Schmidhuber and Cummins 2000.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from quatrain.errors import SettingsError
from quatrain.layers import lstm_sequence
from quatrain.layers.lstm_sequence import LSTMGradients, LSTMState, LSTMTrace
from quatrain.layers.shapes import Array, require, require_same_type
from quatrain.layers.softmax import sigmoid


class LSTMBackward(Protocol):
    """The backward function of one layer."""

    def __call__(
        self, gradient_of_values: Array, gradient_of_state: LSTMState | None = None
    ) -> LSTMGradients:
        """Return the gradients of the loss with respect to everything the layer was given.

        Args:
            gradient_of_values: of the hidden vectors, shape (time, batch, hidden).
            gradient_of_state: of the state after the last time; zero by default.

        Raises:
            SettingsError: a shape or a type is not that of the values or of the state.
        """


class LSTMTraceBackward(Protocol):
    """The backward function of one layer, with the gradient reaching every activation."""

    def __call__(
        self, gradient_of_values: Array, gradient_of_state: LSTMState | None = None
    ) -> tuple[LSTMGradients, LSTMTrace]:
        """Return the gradients as `LSTMBackward` does, and those of each activation at each time.

        The second is the total derivative with respect to the activations (i, f, g, o after
        their sigmoid or tanh); it includes all that comes back through later times.
        """


@dataclass(frozen=True, slots=True)
class LSTM:
    """One LSTM layer.

    With the gates stacked in PyTorch's order i, f, g, o (input gate, forget gate,
    candidate, output gate):

        (i, f, g, o) = (sigmoid, sigmoid, tanh, sigmoid) of
                       weight_input x + weight_hidden h + bias
        cell'   = f * cell + i * g
        hidden' = o * tanh(cell')

    PyTorch has two bias vectors, which only ever appear as their sum; here there is one.

    Attributes:
        weight_input: shape (4 * hidden, inputs).
        weight_hidden: shape (4 * hidden, hidden).
        bias: shape (4 * hidden,).

    Raises:
        SettingsError: the shapes or the types do not agree.
    """

    weight_input: Array
    weight_hidden: Array
    bias: Array

    def __post_init__(self) -> None:
        require("LSTM", "weight_hidden", self.weight_hidden, ("4 x hidden", None), ("hidden", None))
        gates, hidden = self.weight_hidden.shape
        if gates != 4 * hidden:
            raise SettingsError(
                "'weight_hidden' of the LSTM layer",
                f"shape {self.weight_hidden.shape}",
                f"shape ({4 * hidden}, {hidden}): four gates of {hidden} cells",
                "Stack the gates i, f, g, o along the first dimension.",
            )
        require("LSTM", "weight_input", self.weight_input, ("4 x hidden", gates), ("inputs", None))
        require("LSTM", "bias", self.bias, ("4 x hidden", gates))
        require_same_type(
            "LSTM",
            weight_input=self.weight_input,
            weight_hidden=self.weight_hidden,
            bias=self.bias,
        )

    @property
    def inputs(self) -> int:
        """Size of an input vector."""
        return int(self.weight_input.shape[1])

    @property
    def hidden(self) -> int:
        """Number of cells."""
        return int(self.weight_hidden.shape[1])

    def start(self, batch: int) -> LSTMState:
        """Return the zero state for `batch` sequences."""
        shape = (batch, self.hidden)
        return LSTMState(np.zeros(shape, self.bias.dtype), np.zeros(shape, self.bias.dtype))

    def value(self, inputs: Array, state: LSTMState | None = None) -> tuple[Array, LSTMState]:
        """Read a batch of sequences.

        Args:
            inputs: shape (time, batch, inputs).
            state: the state before the first time; zeros by default.

        Returns:
            The hidden vectors of every time, shape (time, batch, hidden), and the state after
            the last time.

        Raises:
            SettingsError: the inputs or the state do not fit the layer.
        """
        state = self._check(inputs, state)
        return lstm_sequence.value(self.weight_input, self.weight_hidden, self.bias, inputs, state)

    def forward(
        self, inputs: Array, state: LSTMState | None = None
    ) -> tuple[Array, LSTMState, LSTMBackward]:
        """Read a batch of sequences, and return what `value` does and the backward function.

        Backpropagation through time, not truncated, derived in `lstm_sequence`.
        The inputs and the weights are not copied: do not change them before the last call
        of the backward function.

        Args:
            inputs: shape (time, batch, inputs).
            state: the state before the first time; zeros by default.

        Returns:
            The hidden vectors of every time, shape (time, batch, hidden), the state after the
            last time, and the backward function.

        Raises:
            SettingsError: the inputs or the state do not fit the layer.
        """
        reading = self._read(inputs, state)

        def backward(
            gradient_of_values: Array, gradient_of_state: LSTMState | None = None
        ) -> LSTMGradients:
            self._check_gradients(inputs, gradient_of_values, gradient_of_state)
            return reading.back(gradient_of_values, gradient_of_state)[0]

        return reading.values, reading.state_after, backward

    def trace(
        self, inputs: Array, state: LSTMState | None = None
    ) -> tuple[LSTMTrace, LSTMTraceBackward]:
        """Read a batch of sequences, and return the gates, cells and hidden vectors of every time.

        Args:
            inputs: shape (time, batch, inputs).
            state: the state before the first time; zeros by default.

        Returns:
            Gates, candidates, cells and hidden vectors, and the backward function, which returns
            the gradient reaching each of them beside the layer's.

        Raises:
            SettingsError: the inputs or the state do not fit the layer.
        """
        reading = self._read(inputs, state)

        def backward(
            gradient_of_values: Array, gradient_of_state: LSTMState | None = None
        ) -> tuple[LSTMGradients, LSTMTrace]:
            self._check_gradients(inputs, gradient_of_values, gradient_of_state)
            gradients, hidden, cell = reading.back(gradient_of_values, gradient_of_state)
            return gradients, reading.back_to_activations(hidden, cell)

        return reading.trace, backward

    def step(self, inputs: Array, state: LSTMState) -> tuple[Array, LSTMState]:
        """Read one time of a batch of sequences.

        Args:
            inputs: shape (batch, inputs).
            state: the state before this time.

        Returns:
            The hidden vectors, shape (batch, hidden), and the state after this time.

        Raises:
            SettingsError: the inputs or the state do not fit the layer.
        """
        require("LSTM", "inputs", inputs, ("batch", None), ("inputs", self.inputs))
        self._check_state(inputs, state, inputs.shape[0])
        gates = inputs @ self.weight_input.T
        gates += state.hidden @ self.weight_hidden.T
        gates += self.bias
        state = self._cells(gates, state.cell)
        return state.hidden, state

    def _read(self, inputs: Array, state: LSTMState | None) -> lstm_sequence.Reading:
        state = self._check(inputs, state)
        return lstm_sequence.read(self.weight_input, self.weight_hidden, self.bias, inputs, state)

    def _check(self, inputs: Array, state: LSTMState | None) -> LSTMState:
        """Return the state before the first time, after checking that it fits."""
        require("LSTM", "inputs", inputs, ("time", None), ("batch", None), ("inputs", self.inputs))
        batch = inputs.shape[1]
        if state is None:
            state = self.start(batch)
        self._check_state(inputs, state, batch)
        return state

    def _check_gradients(self, inputs: Array, values: Array, state: LSTMState | None) -> None:
        time, batch, _ = inputs.shape
        sizes = (("batch", batch), ("hidden", self.hidden))
        require("LSTM", "gradient_of_values", values, ("time", time), *sizes)
        gradients = {"gradient_of_values": values}
        if state is not None:
            gradients["gradient_of_state.hidden"], gradients["gradient_of_state.cell"] = state
            for name in ("gradient_of_state.hidden", "gradient_of_state.cell"):
                require("LSTM", name, gradients[name], *sizes)
        require_same_type("LSTM", **gradients, weights=self.bias)

    def _check_state(self, inputs: Array, state: LSTMState, batch: int) -> None:
        sizes = (("batch", batch), ("hidden", self.hidden))
        require("LSTM", "hidden", state.hidden, *sizes)
        require("LSTM", "cell", state.cell, *sizes)
        require_same_type(
            "LSTM", inputs=inputs, hidden=state.hidden, cell=state.cell, weights=self.bias
        )

    def _cells(self, gates: Array, cell: Array) -> LSTMState:
        """Return the state after the summed inputs of the gates, shape (batch, 4 * hidden)."""
        size = self.hidden
        input_and_forget = sigmoid(gates[:, : 2 * size])
        candidate = np.tanh(gates[:, 2 * size : 3 * size])
        output = sigmoid(gates[:, 3 * size :])
        after = input_and_forget[:, size:] * cell
        after += input_and_forget[:, :size] * candidate
        output *= np.tanh(after)
        return LSTMState(output, after)


class LSTMStackGradients(NamedTuple):
    """The gradient of the loss with respect to everything the layers were given.

    Attributes:
        inputs: shape (time, batch, inputs).
        states: of each layer's state before the first time.
        layers: of each layer; the `inputs` of an upper one are the gradient for the layer below.
    """

    inputs: Array
    states: tuple[LSTMState, ...]
    layers: tuple[LSTMGradients, ...]


class LSTMStackBackward(Protocol):
    """The backward function of all layers."""

    def __call__(
        self, gradient_of_values: Array, gradient_of_states: Sequence[LSTMState] | None = None
    ) -> LSTMStackGradients:
        """Return the gradients, given that of the values and of every layer's last state.

        Raises:
            SettingsError: a shape, a type or the number of states is not that of the layers.
        """


@dataclass(frozen=True, slots=True)
class LSTMStack:
    """LSTM layers in a stack: each reads the hidden vectors of the one below.

    Attributes:
        layers: from the lowest, at least one.

    Raises:
        SettingsError: there is no layer, or one does not fit the one below.
    """

    layers: tuple[LSTM, ...]

    def __post_init__(self) -> None:
        if not self.layers:
            raise SettingsError("LSTM layers", "none", "at least one", "Give a layer.")
        for number, (below, above) in enumerate(zip(self.layers, self.layers[1:], strict=False)):
            if above.inputs != below.hidden:
                raise SettingsError(
                    f"LSTM layer {number + 1}",
                    f"{above.inputs} inputs",
                    f"{below.hidden}, the cells of layer {number}",
                    "Make the sizes agree.",
                )

    def start(self, batch: int) -> tuple[LSTMState, ...]:
        """Return the zero state of every layer for `batch` sequences."""
        return tuple(layer.start(batch) for layer in self.layers)

    def value(
        self, inputs: Array, states: Sequence[LSTMState] | None = None
    ) -> tuple[Array, tuple[LSTMState, ...]]:
        """Read a batch of sequences; see `LSTM.value`.

        Returns:
            The top layer's hidden vectors, (time, batch, hidden), and every layer's state.
        """
        before = [None] * len(self.layers) if states is None else self._check(states)
        after = []
        for layer, state in zip(self.layers, before, strict=True):
            inputs, state_after = layer.value(inputs, state)
            after.append(state_after)
        return inputs, tuple(after)

    def forward(
        self, inputs: Array, states: Sequence[LSTMState] | None = None
    ) -> tuple[Array, tuple[LSTMState, ...], LSTMStackBackward]:
        """Read a batch of sequences, and return the backward function too; see `LSTM.forward`.

        Returns:
            The top layer's hidden vectors, (time, batch, hidden), every layer's state, and the
            backward function.

        Raises:
            SettingsError: the inputs or the states do not fit the layers.
        """
        before = [None] * len(self.layers) if states is None else self._check(states)
        states_after = []
        backwards = []
        values = inputs
        for layer, state in zip(self.layers, before, strict=True):
            values, state_after, layer_backward = layer.forward(values, state)
            states_after.append(state_after)
            backwards.append(layer_backward)

        def backward(
            gradient_of_values: Array, gradient_of_states: Sequence[LSTMState] | None = None
        ) -> LSTMStackGradients:
            of_states: Sequence[LSTMState | None] = [None] * len(self.layers)
            if gradient_of_states is not None:
                of_states = gradient_of_states
                if len(of_states) != len(self.layers):
                    raise SettingsError(
                        "'gradient_of_states' of the LSTM layers",
                        f"{len(of_states)} states",
                        f"{len(self.layers)}, one per layer",
                        "Give the gradient of the state of every layer, zeros where it has none.",
                    )
            gradient = gradient_of_values
            layers = []
            for layer_backward, of_state in zip(
                reversed(backwards), reversed(of_states), strict=True
            ):
                layers.append(layer_backward(gradient, of_state))
                gradient = layers[-1].inputs
            layers.reverse()
            return LSTMStackGradients(
                gradient, tuple(layer.state for layer in layers), tuple(layers)
            )

        return values, tuple(states_after), backward

    def step(
        self, inputs: Array, states: Sequence[LSTMState]
    ) -> tuple[Array, tuple[LSTMState, ...]]:
        """Read one time of a batch of sequences; see `LSTM.step`.

        Returns:
            The top layer's hidden vectors, (batch, hidden), and every layer's state.
        """
        after = []
        for layer, state in zip(self.layers, self._check(states), strict=True):
            inputs, state_after = layer.step(inputs, state)
            after.append(state_after)
        return inputs, tuple(after)

    def _check(self, states: Sequence[LSTMState]) -> Sequence[LSTMState]:
        if len(states) != len(self.layers):
            raise SettingsError(
                "the state of the LSTM layers",
                f"{len(states)} states",
                f"{len(self.layers)}, one per layer",
                "Begin with start(batch).",
            )
        return states
