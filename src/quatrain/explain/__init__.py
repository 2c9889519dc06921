"""Explanations of arithmetic, gradients and trained poets, with the numbers in the formulas.

In: sizes, a matrix, a poet, a network of your own. Out: an `Explanation`, which `page` prints
as text, JSON or LaTeX and draws as pictures.

    import quatrain
    print(quatrain.explain.convolution((32, 32, 3), filters=8, kernel=5)["total"])

Reading order: `arithmetic` (single layers), `lstm_gradients` (the derivation and its checks),
`gradient_flow` (a gradient over many steps), `model_summary` (a whole network, layer by layer),
`inspection` (a trained poet), `sequences` (a text as windows and streams), `exercises` (problem
sheets), `demonstrations` (experiments with sliders). Each folder says in its `__init__` where to
begin.

Only `lstm_gradients.autograd` and the observation of a module in `model_summary` import torch, and
only when they are called.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quatrain.explain.arithmetic.convolution import convolution
    from quatrain.explain.arithmetic.invariance import pooling_corners, pooling_invariance
    from quatrain.explain.arithmetic.layers import embedding, highway, linear
    from quatrain.explain.arithmetic.lstm import lstm
    from quatrain.explain.arithmetic.matrix import read_matrix
    from quatrain.explain.arithmetic.pooling import pooling, pooling_of
    from quatrain.explain.demonstrations.topics import demonstrate
    from quatrain.explain.exercises.exercise import exercise
    from quatrain.explain.gradient_flow.grid import flow_grid
    from quatrain.explain.gradient_flow.poet import poet_flow
    from quatrain.explain.gradient_flow.random_networks import flow, trace_flow
    from quatrain.explain.inspection.report import inspect
    from quatrain.explain.lstm_gradients.report import gradients
    from quatrain.explain.model_summary.model import model
    from quatrain.explain.sequences.streams import streams
    from quatrain.explain.sequences.windows import windows

_MODULE_OF = {
    "convolution": "arithmetic.convolution",
    "demonstrate": "demonstrations.topics",
    "embedding": "arithmetic.layers",
    "exercise": "exercises.exercise",
    "flow": "gradient_flow.random_networks",
    "flow_grid": "gradient_flow.grid",
    "poet_flow": "gradient_flow.poet",
    "gradients": "lstm_gradients.report",
    "highway": "arithmetic.layers",
    "inspect": "inspection.report",
    "linear": "arithmetic.layers",
    "lstm": "arithmetic.lstm",
    "trace_flow": "gradient_flow.random_networks",
    "model": "model_summary.model",
    "pooling": "arithmetic.pooling",
    "pooling_corners": "arithmetic.invariance",
    "pooling_invariance": "arithmetic.invariance",
    "pooling_of": "arithmetic.pooling",
    "read_matrix": "arithmetic.matrix",
    "streams": "sequences.streams",
    "windows": "sequences.windows",
}
"""Module of each public function, loaded on first use, so that one explanation loads only the
code it runs.

No function may have the name of a folder: importing the folder would hide the function.
"""

__all__ = [
    "convolution",
    "demonstrate",
    "embedding",
    "exercise",
    "flow",
    "flow_grid",
    "gradients",
    "highway",
    "inspect",
    "linear",
    "lstm",
    "model",
    "poet_flow",
    "pooling",
    "pooling_corners",
    "pooling_invariance",
    "pooling_of",
    "read_matrix",
    "streams",
    "trace_flow",
    "windows",
]


def __getattr__(name: str) -> object:
    """Load a function from its module on first use (PEP 562)."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'quatrain.explain' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"quatrain.explain.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value
