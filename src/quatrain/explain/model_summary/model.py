"""A whole model, layer by layer: a poet, or any torch module.

In: a poet, its folder, or a module with its example input. Out: an explanation.
A poet is read off its layers in NumPy; only a torch module needs torch.
"""

from __future__ import annotations

from pathlib import Path

from quatrain.errors import SettingsError
from quatrain.explain.arithmetic.expression import Constant, Expression, Symbol, product, total
from quatrain.explain.model_summary.report import WHAT_IS_COUNTED, Layer, Observed, explanation
from quatrain.poet import CharacterPoet
from quatrain.records import Explanation, Note

_BYTES = 4
"""Of a float32."""


def model(subject: object, example_input: object = None) -> Explanation:
    """Explain every layer of a model: shapes, parameters, multiply-adds, memory.

    Args:
        subject: a `CharacterPoet`, the folder of one, or a `torch.nn.Module`.
        example_input: for a module alone: a tensor, a tuple of positional arguments, or a dict
            of keyword arguments; anything else is the one argument. A poet has none: it is
            explained for one character of one poem.

    Returns:
        A table of the layers; per layer the formulas of its parameters and multiply-adds; the
        formulas "total parameters", "total multiply-adds" and "peak activation memory" (bytes).

    Raises:
        PoetError: the folder holds no poet, or a damaged one.
        SettingsError: an example input that is missing or that a poet has no use for; a module
            with lazy layers, or whose forward pass fails (its error is the cause).
        ExtraError: the subject is no poet and torch is not installed.
    """
    if isinstance(subject, str | Path):
        subject = CharacterPoet.load(subject)
    if not isinstance(subject, CharacterPoet):
        from quatrain.explain.model_summary.module import observe

        return explanation(observe(subject, example_input))
    if example_input is not None:
        raise SettingsError(
            "the example input",
            f"an object of type {type(example_input).__name__}",
            "none: a poet is explained for one character of one poem",
            "Leave it out.",
        )
    return explanation(_poet(subject))


def _poet(poet: CharacterPoet) -> Observed:
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
        layers.append(
            _layer(
                f"lstm.{number}",
                "LSTM",
                str(lstm.inputs),
                hidden,
                product(gates, hidden, total(inputs, hidden, 1)),
                "",
                product(gates, hidden, total(inputs, hidden)),
            )
        )
    layers += [
        _layer(
            "output",
            "Linear",
            str(hidden.value),
            alphabet,
            hidden * alphabet + alphabet,
            "",
            hidden * alphabet,
        ),
        _layer(
            "softmax",
            "Softmax",
            str(alphabet.value),
            alphabet,
            None,
            "exponentials and their sum",
            Constant(0),
        ),
    ]
    depth = Symbol("LSTM layers", len(stack))
    parameters = Symbol("parameters", sum(layer.parameter_count for layer in layers))
    bytes_each = Symbol("bytes per number", _BYTES)
    state = product(2, depth, hidden)
    return Observed(
        f"{poet.name or 'A poet'}, layer by layer",
        layers,
        (WHAT_IS_COUNTED, "Everything is counted for one character of one poem."),
        (
            (parameters + product(depth, gates, hidden)).formula("parameters in training"),
            Note(
                "In training, torch keeps two bias vectors per LSTM layer, which only ever appear "
                "as their sum; a poet keeps the sum."
            ),
            (parameters * bytes_each).formula("memory of the parameters", "bytes"),
            (state * bytes_each).formula("memory of a poem's state", "bytes"),
            Note(
                "The state is all that a poet remembers of the text so far: a hidden and a cell "
                "vector per layer."
            ),
            (_widest(poet) * bytes_each).formula("peak activation memory", "bytes"),
            Note(
                "The peak is counted, not measured: while a character is read, the states before "
                "it and after it are both there, and with them the widest step: in an LSTM layer "
                "the vector it reads and the summed inputs of its gates, at the output the "
                "logits and the probabilities."
            ),
        ),
        (),
    )


def _layer(
    path: str,
    kind: str,
    inputs: str,
    outputs: Symbol,
    parameters: Expression | None,
    reason: str,
    done: Expression,
) -> Layer:
    layer = Layer(path, kind, parameters=parameters, reason=reason, calls=1)
    layer.inputs[inputs] += 1
    layer.outputs[str(outputs.value)] += 1
    layer.work.add(done)
    return layer


def _widest(poet: CharacterPoet) -> Expression:
    """Numbers alive at the widest step of reading one character."""
    network = poet.network
    stack = network.lstm.layers
    hidden = Symbol("hidden", stack[0].hidden)
    states = product(2, 2, Symbol("LSTM layers", len(stack)), hidden)
    widest = max(lstm.inputs for lstm in stack)
    gates: Expression = Symbol("inputs", widest) + Symbol("gates", 4) * hidden
    ends = 2 * Symbol("alphabet", network.embedding.weight.shape[0])
    return states + (gates if gates.value >= ends.value else ends)
