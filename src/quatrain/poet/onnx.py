"""Export of a poet as ONNX: one step of its network, with its states, for other programs.

In: a poet. Out: a file with the graph

    ids (poems,), hidden.k (poems, hidden), cell.k (poems, hidden) for every layer k
    -> logits (poems, symbols), hidden_after.k, cell_after.k

The vector of a word is a row of a table in the graph; its letters are not. Before the file is
written, onnxruntime runs the graph, and its logits must agree with the poet's own.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from quatrain.errors import ExtraError, InternalError, OutputError
from quatrain.poet.character_poet import CharacterPoet
from quatrain.poet.poet import Poet, as_poet
from quatrain.poet.word_poet import WordPoet

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOLERANCE = 1e-4
"""The largest allowed difference between a logit of the graph and the poet's."""

_OPSET = 17
_LARGEST = 2**31 - 1
"""The largest file that the format allows, in bytes."""

_STEPS = 5
"""Steps over which the graph is compared with the poet."""


def export(poet: Poet | str | Path, path: str | Path) -> float:
    """Write a poet's step to a file.

    Args:
        poet: a poet of either kind, its folder, or the name of a shipped one.
        path: the file; replaced if it is there.

    Returns:
        The largest difference between a logit of the graph and one of the poet, over a few
        steps of random symbols.

    Raises:
        ExtraError: onnx or onnxruntime is not installed.
        InternalError: the graph and the poet do not agree to `TOLERANCE`.
        OutputError: the file cannot be written, or the poet is too large for one file.
    """
    try:
        import onnx
        import onnxruntime
    except ModuleNotFoundError as error:
        raise ExtraError.missing("ONNX", error.name or "onnx", "onnx") from error
    path, poet = Path(path), as_poet(poet)
    vectors = _vectors(poet)
    content = _model(poet, vectors).SerializeToString()
    if len(content) > _LARGEST:
        raise OutputError(
            str(path),
            "a poet of over 2 GB",
            "a smaller one",
            "Export another poet.",
            message="An ONNX file holds 2 GB at most, and this poet is larger.",
        )
    onnx.checker.check_model(content)
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    gap = _difference(poet, session)
    if not gap <= TOLERANCE:
        raise InternalError(f"the exported step differs from the poet's by {gap:g}")
    try:
        path.write_bytes(content)
    except OSError as error:
        raise OutputError(
            str(path),
            f"{error.strerror or error}",
            "a file that can be written",
            "Choose another name or folder.",
        ) from error
    return gap


def _vectors(poet: Poet) -> NDArray[np.float32]:
    """Return the vector that the lowest LSTM layer reads for every symbol, (symbols, features)."""
    if isinstance(poet, WordPoet):
        return poet.vectors(np.arange(poet.vocabulary.size))
    if isinstance(poet, CharacterPoet):
        return poet.network.embedding.weight
    raise InternalError(f"no export for a {type(poet).__name__}")


def _model(poet: Poet, vectors: NDArray[np.float32]) -> Any:
    """Build the graph: gather, LSTM cells (gates in the order i, f, g, o), linear maps."""
    from onnx import TensorProto, helper, numpy_helper

    nodes, constants = [], []

    def constant(name: str, value: NDArray[Any]) -> str:
        constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def states(name: str, size: int) -> Any:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["poems", size])

    def node(kind: str, inputs: list[str], outputs: list[str], **attributes: Any) -> str:
        nodes.append(helper.make_node(kind, inputs, outputs, **attributes))
        return outputs[0]

    def linear(values: str, weight: NDArray[Any], bias: NDArray[Any], name: str) -> str:
        parts = [values, constant(f"{name}.weight", weight), constant(f"{name}.bias", bias)]
        return node("Gemm", parts, [name], transB=1)

    inputs = [helper.make_tensor_value_info("ids", TensorProto.INT64, ["poems"])]
    outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["poems", len(vectors)])]
    values = node("Gather", [constant("vectors", vectors), "ids"], ["values"], axis=0)
    for number, layer in enumerate(poet.network.lstm.layers):
        hidden, cell = f"hidden.{number}", f"cell.{number}"
        inputs += [states(name, layer.hidden) for name in (hidden, cell)]
        joined = node("Concat", [values, hidden], [f"joined.{number}"], axis=1)
        weight = np.concatenate((layer.weight_input, layer.weight_hidden), axis=1)
        summed = linear(joined, weight, layer.bias, f"gates.{number}")
        gates = [f"{gate}.{number}" for gate in ("input", "forget", "candidate", "output")]
        sizes = constant(f"sizes.{number}", np.full(4, layer.hidden, np.int64))
        node("Split", [summed, sizes], gates, axis=1)
        active = {
            gate: node("Tanh" if "candidate" in gate else "Sigmoid", [gate], [f"{gate}.active"])
            for gate in gates
        }
        remembered = node("Mul", [active[gates[1]], cell], [f"remembered.{number}"])
        added = node("Mul", [active[gates[0]], active[gates[2]]], [f"added.{number}"])
        after = node("Add", [remembered, added], [f"cell_after.{number}"])
        squashed = node("Tanh", [after], [f"squashed.{number}"])
        values = node("Mul", [active[gates[3]], squashed], [f"hidden_after.{number}"])
        outputs += [states(name, layer.hidden) for name in (values, after)]
    if isinstance(poet, WordPoet):
        projection = poet.network.projection
        values = linear(values, projection.weight, projection.bias, "projected")
    output = poet.network.output
    linear(values, output.weight, output.bias, "logits")
    graph = helper.make_graph(nodes, "step", inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)])
    model.ir_version = 9
    model.producer_name = "quatrain"
    symbols = {"kind": "words" if isinstance(poet, WordPoet) else "characters"}
    helper.set_model_props(model, symbols | {"network": json.dumps(poet.config.get("network"))})
    return model


def _difference(poet: Poet, session: Any) -> float:
    """Return the largest difference between logits over a few steps of random symbols."""
    generator = np.random.default_rng(0)
    state = poet.start(3)
    carried = {
        name.name: np.zeros((3, name.shape[1]), np.float32) for name in session.get_inputs()[1:]
    }
    gap = 0.0
    for _ in range(_STEPS):
        ids = generator.integers(0, poet.vocabulary.size, 3)
        logits, state = poet.step(ids, state)
        logits_of_graph, *after = session.run(None, {"ids": ids, **carried})
        carried = dict(zip(carried, after, strict=True))
        gap = max(gap, float(np.abs(logits_of_graph - logits).max()))
    return gap
