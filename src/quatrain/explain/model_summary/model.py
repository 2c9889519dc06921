"""A whole model, layer by layer: a poet, or any torch module.

In: a poet, its folder, or a module with its example input. Out: an explanation.
A poet is read from its layers in NumPy; only a torch module needs torch.
"""

from __future__ import annotations

from pathlib import Path

from quatrain.errors import SettingsError
from quatrain.explain.arithmetic.expression import Constant, Expression, Symbol, product, total
from quatrain.explain.model_summary.report import (
    MULTIPLY_ADDS_COUNTED,
    LayerSummary,
    ModelSummary,
    explain_summary,
)
from quatrain.poet import CharacterPoet
from quatrain.records import Explanation, Note

_BYTES = 4
"""Bytes per float32."""


def model(subject: object, example_input: object = None) -> Explanation:
    """Explain every layer of a model: shapes, parameters, multiply-adds, memory.

    Args:
        subject: a `CharacterPoet`, the folder of one, or a `torch.nn.Module`.
        example_input: only for a module: a tensor, a tuple of positional arguments, or a mapping
            of keyword arguments; anything else is taken as the only argument. A poet is
            explained for one character of one poem and needs none.

    Returns:
        A table of the layers, and bars of their parameters and multiply-adds; per layer the
        formulas of its parameters and multiply-adds; the formulas "total parameters", "total
        multiply-adds" and "peak activation memory" (bytes).

    Raises:
        PoetError: the folder holds no poet, or a damaged one.
        SettingsError: an example input that is missing, or given for a poet; a module with lazy
            layers, or whose forward pass fails (its error is the cause).
        ExtraError: the subject is not a poet and torch is not installed.
    """
    if isinstance(subject, str | Path):
        subject = CharacterPoet.load(subject)
    if not isinstance(subject, CharacterPoet):
        from quatrain.explain.model_summary.module import observe

        return explain_summary(observe(subject, example_input))
    if example_input is not None:
        raise SettingsError(
            "the example input",
            f"an object of type {type(example_input).__name__}",
            "none",
            "Leave it out: a poet is explained for one character of one poem.",
        )
    return explain_summary(_poet(subject))


def _poet(poet: CharacterPoet) -> ModelSummary:
    layers = _poet_layers(poet)
    stack = poet.network.lstm.layers
    hidden, gates = Symbol("hidden", stack[0].hidden), Symbol("gates", 4)
    depth = Symbol("LSTM layers", len(stack))
    parameters = Symbol("parameters", sum(layer.parameter_count for layer in layers))
    bytes_each = Symbol("bytes per number", _BYTES)
    state = product(2, depth, hidden)
    return ModelSummary(
        f"{poet.name or 'A poet'}, layer by layer",
        layers,
        (MULTIPLY_ADDS_COUNTED, "Everything is counted for one character of one poem."),
        (
            (parameters + product(depth, gates, hidden)).formula("parameters in training"),
            Note(
                "In training, torch keeps two bias vectors per LSTM layer, of which only the sum "
                "matters. A poet stores the sum."
            ),
            (parameters * bytes_each).formula("memory of the parameters", "bytes"),
            (state * bytes_each).formula("memory of a poem's state", "bytes"),
            Note(
                "The state is all that a poet remembers of the text so far: a hidden and a cell "
                "vector per layer."
            ),
            (_widest_step(poet) * bytes_each).formula("peak activation memory", "bytes"),
            Note(
                "The peak is computed, not measured. While the poet reads a character, memory "
                "holds the states before and after it, and the numbers of the widest step: in an "
                "LSTM layer its input vector and the summed inputs of its gates, at the output "
                "the logits and the probabilities."
            ),
        ),
        (),
    )


def _poet_layers(poet: CharacterPoet) -> list[LayerSummary]:
    network = poet.network
    stack = network.lstm.layers
    alphabet = Symbol("alphabet", network.embedding.weight.shape[0])
    size = Symbol("embedding", network.embedding.weight.shape[1])
    hidden, gates = Symbol("hidden", stack[0].hidden), Symbol("gates", 4)
    layers = [
        _layer("embedding", "Embedding", "1", size, alphabet * size, "a lookup", Constant(0)),
    ]
    for number, lstm in enumerate(stack):
        inputs = Symbol("hidden below", lstm.inputs) if number else size
        parameters = product(gates, hidden, total(inputs, hidden, 1))
        work = product(gates, hidden, total(inputs, hidden))
        layers.append(
            _layer(f"lstm.{number}", "LSTM", str(lstm.inputs), hidden, parameters, "", work)
        )
    weights = hidden * alphabet
    softmax = "exponentials and their sum"
    return [
        *layers,
        _layer("output", "Linear", str(hidden.value), alphabet, weights + alphabet, "", weights),
        _layer("softmax", "Softmax", str(alphabet.value), alphabet, None, softmax, Constant(0)),
    ]


def _layer(
    path: str,
    kind: str,
    inputs: str,
    outputs: Symbol,
    parameters: Expression | None,
    reason: str,
    work: Expression,
) -> LayerSummary:
    layer = LayerSummary(path, kind, parameters=parameters, reason=reason, calls=1)
    layer.inputs[inputs] += 1
    layer.outputs[str(outputs.value)] += 1
    layer.work.add(work)
    return layer


def _widest_step(poet: CharacterPoet) -> Expression:
    """Return the numbers in memory at the widest step of reading one character."""
    network = poet.network
    stack = network.lstm.layers
    hidden = Symbol("hidden", stack[0].hidden)
    states = product(2, 2, Symbol("LSTM layers", len(stack)), hidden)
    widest = max(lstm.inputs for lstm in stack)
    gates: Expression = Symbol("inputs", widest) + Symbol("gates", 4) * hidden
    ends = 2 * Symbol("alphabet", network.embedding.weight.shape[0])
    return states + (gates if gates.value >= ends.value else ends)
