"""Arithmetic, gradients and trained poets, explained with their numbers.

In: sizes, a matrix, a poet, a network of the reader's own. Out: `Explanation`,
which `page` shows as text, JSON, LaTeX or pictures.

    import quatrain
    print(quatrain.explain.convolution((32, 32, 3), filters=8, kernel=5)["total"])

Only `model.module` and `gradients.autograd` import torch, and only when they are asked for it.
"""

from quatrain.explain.arithmetic.convolution import convolution
from quatrain.explain.arithmetic.invariance import pooling_corners, pooling_invariance
from quatrain.explain.arithmetic.layers import embedding, highway, linear, lstm
from quatrain.explain.arithmetic.matrix import read_matrix
from quatrain.explain.arithmetic.pooling import pooling, pooling_of
from quatrain.explain.flow.grid import flow_grid
from quatrain.explain.flow.poet import flow_through
from quatrain.explain.flow.random_networks import flow, measured_flow
from quatrain.explain.gradients.report import gradients
from quatrain.explain.inspection.report import inspect
from quatrain.explain.model.model import model

__all__ = [
    "convolution",
    "embedding",
    "flow",
    "flow_grid",
    "flow_through",
    "gradients",
    "highway",
    "inspect",
    "linear",
    "lstm",
    "measured_flow",
    "model",
    "pooling",
    "pooling_corners",
    "pooling_invariance",
    "pooling_of",
    "read_matrix",
]
