"""Two losses on logits, in nats: cross-entropy after softmax and after sigmoid.

In: logits, the scores before softmax or sigmoid, and the targets. Out: the mean loss, and a
function from its gradient (1, unless it is part of something else) to that of the logits. Taken
together with its softmax or sigmoid, the gradient of either loss is short: prediction - target.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from quatrain.errors import SettingsError
from quatrain.layers.shapes import Array
from quatrain.layers.softmax import log_softmax, sigmoid


class LossBackward(Protocol):
    """The backward function of a loss."""

    def __call__(self, gradient: float = 1.0) -> Array:
        """Return the gradient of the logits, of their shape and type, given that of the loss."""
        ...


def softmax_cross_entropy(
    logits: Array, targets: NDArray[np.integer[Any]]
) -> tuple[float, LossBackward]:
    """Return the mean of -log softmax(logits)[target], the mean surprisal of the targets in nats.

    Of n targets, each adds (softmax(logits) - one-hot target) / n to the gradient of its logits.

    Args:
        logits: shape (..., classes).
        targets: the right classes, whole numbers of shape (...), from 0 to classes - 1.

    Raises:
        SettingsError: the targets do not fit the logits, or there are none.
    """
    name = "softmax cross-entropy"
    shape = logits.shape[:-1]
    _require_some(name, logits)
    if targets.shape != shape or not np.issubdtype(targets.dtype, np.integer):
        raise SettingsError(
            f"'targets' of the {name}",
            f"{targets.dtype} of shape {targets.shape}",
            f"whole numbers of shape {shape}, one for each vector of logits",
            "Give the number of the right class for each.",
        )
    last = logits.shape[-1] - 1
    if not 0 <= int(targets.min()) <= int(targets.max()) <= last:
        raise SettingsError(
            f"'targets' of the {name}",
            f"numbers from {targets.min()} to {targets.max()}",
            f"numbers from 0 to {last}, one of the {last + 1} classes",
            "Give targets of the classes that the logits are for.",
        )
    places = targets[..., None]
    logarithms = log_softmax(logits)
    loss = -float(np.take_along_axis(logarithms, places, -1).mean(dtype=np.float64))

    def backward(gradient: float = 1.0) -> Array:
        of_logits = np.exp(logarithms)
        at_targets = np.take_along_axis(of_logits, places, -1)
        np.put_along_axis(of_logits, places, at_targets - 1, -1)
        of_logits *= float(gradient) / targets.size
        return of_logits

    return loss, backward


def sigmoid_binary_cross_entropy(logits: Array, targets: Array) -> tuple[float, LossBackward]:
    """Return the mean of -y log s - (1 - y) log(1 - s), with s = sigmoid(logit), in nats.

    Computed as max(x, 0) - x y + log(1 + exp(-|x|)) of the logit x, which never overflows
    and never takes the logarithm of 0. Of n logits, each has the gradient (s - y) / n.

    Args:
        logits: any shape.
        targets: y, the right probabilities, from 0 to 1; shape and type of the logits.

    Raises:
        SettingsError: the targets do not fit the logits, or there are none.
    """
    name = "sigmoid binary cross-entropy"
    _require_some(name, logits)
    if targets.shape != logits.shape or targets.dtype != logits.dtype:
        raise SettingsError(
            f"'targets' of the {name}",
            f"{targets.dtype} of shape {targets.shape}",
            f"{logits.dtype} of shape {logits.shape}, as the logits have",
            "Give one probability for each logit.",
        )
    if not 0 <= targets.min() <= targets.max() <= 1:
        raise SettingsError(
            f"'targets' of the {name}",
            f"numbers from {targets.min():g} to {targets.max():g}",
            "probabilities, from 0 to 1",
            "Give 0 for no, 1 for yes, or a probability between.",
        )
    losses = np.maximum(logits, 0) - logits * targets + np.log1p(np.exp(-np.abs(logits)))
    loss = float(losses.mean(dtype=np.float64))

    def backward(gradient: float = 1.0) -> Array:
        of_logits = sigmoid(logits)
        of_logits -= targets
        of_logits *= float(gradient) / logits.size
        return of_logits

    return loss, backward


def _require_some(name: str, logits: Array) -> None:
    if logits.dtype not in (np.float32, np.float64):
        raise SettingsError(
            f"'logits' of the {name}",
            f"{logits.dtype}",
            "float32 or float64",
            "Convert the array with astype.",
        )
    if not logits.size:
        raise SettingsError(
            f"'logits' of the {name}",
            f"shape {logits.shape}",
            "at least one prediction: the mean of none is not defined",
            "Leave empty batches out.",
        )
