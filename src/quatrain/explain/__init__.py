"""Arithmetic, gradients and trained poets, explained with their numbers.

In: sizes, a matrix, a poet, a network of the reader's own. Out: `Explanation`,
which `page` shows as text, JSON, LaTeX or pictures.

    import quatrain
    print(quatrain.explain.convolution((32, 32, 3), filters=8, kernel=5)["total"])

Only `module` and `autograd` import torch, and only when they are asked for it.
"""

from quatrain.explain.convolution import convolution
from quatrain.explain.flow import flow, measured_flow
from quatrain.explain.flow_grid import flow_grid
from quatrain.explain.gradients import gradients
from quatrain.explain.inspection import inspect
from quatrain.explain.layers import embedding, highway, linear, lstm
from quatrain.explain.matrix import read_matrix
from quatrain.explain.model import model
from quatrain.explain.pooling import pooling, pooling_corners, pooling_invariance, pooling_of

__all__ = [
    "convolution",
    "embedding",
    "flow",
    "flow_grid",
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
