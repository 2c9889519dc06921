"""The memory horizon of a network in training.

The definition, the windows and the mean over them are `layers.horizon`'s; the gradient
here is torch's. A test holds the two equal on one poet.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import torch
from numpy.typing import NDArray
from torch.func import functional_call
from torch.nn import functional

from quatrain.config import Training
from quatrain.layers import horizon as definition
from quatrain.train.data import Data
from quatrain.train.networks import RecurrentNetwork

_SHARE = 0.01
"""Share of the characters between two validations that the windows hold."""

_FEWEST, _MOST = 4, definition.WINDOWS
"""Bounds on the number of windows."""

_UNPLANNED = 16
"""Windows of a run whose budget is in minutes: its characters are not known beforehand."""


def gradient_by_lag(
    network: RecurrentNetwork, predictions: definition.Predictions, device: torch.device
) -> NDArray[np.float64]:
    """Compute the mean norm of the gradient at lag 0, 1, ...; see `layers.horizon`.

    In float32 and without dropout, whatever the precision of the training steps. The weights
    are read as constants: their gradients, and what hangs on them, stay as they are.

    Args:
        network: on `device`; in training mode if that is a GPU, as cuDNN's LSTM has no other way
            back.
        predictions: of `layers.horizon.draw_predictions`.
        device: where to compute.

    Returns:
        Nats per unit of the character's vector, shape (lags,).
    """
    ids, lengths, targets = (torch.from_numpy(part).to(device) for part in predictions)
    vectors = network.vectors(ids).detach().requires_grad_()
    values = vectors  # (time, windows, features)
    for layer in network.lstm:
        constants = {name: weight.detach() for name, weight in layer.named_parameters()}
        values, _ = functional_call(layer, constants, (values,))
    last = values[lengths - 1, torch.arange(len(lengths), device=device)]
    loss = functional.cross_entropy(network.logits(last), targets, reduction="sum")
    (gradient,) = torch.autograd.grad(loss, vectors)
    norms = torch.linalg.vector_norm(gradient, dim=-1).cpu().numpy()
    return np.asarray(definition.mean_by_lag(norms, predictions.lengths), np.float64)


def horizon(
    network: RecurrentNetwork, predictions: definition.Predictions, device: torch.device
) -> int | None:
    """Return how many of the most recent characters account for half of the gradient.

    Returns:
        The number; None where no gradient comes back at all, or one that is not finite.
    """
    norms = gradient_by_lag(network, predictions, device)
    if not np.isfinite(norms).all() or not norms.any():
        return None
    return definition.horizon(norms)


def predictions_of(
    data: Data, poems: Iterable[int], settings: Training, characters_per_epoch: int
) -> definition.Predictions:
    """Choose the predictions of a run's horizons: always the same, so that they compare.

    Their windows hold, within bounds, a hundredth of the characters trained on between two
    validations.

    Args:
        data: the corpus.
        poems: indices of the poems to predict.
        settings: of the run.
        characters_per_epoch: that the run trains on.
    """
    windows = _UNPLANNED
    if settings.minutes is None:
        between = settings.chosen("epochs") * characters_per_epoch / settings.validations
        windows = round(between * _SHARE / definition.WINDOW_CHARACTERS)
    offsets = data.offsets
    texts = [data.tokens[offsets[poem] : offsets[poem + 1]] for poem in poems]
    return definition.draw_predictions(texts, 0, windows=min(max(windows, _FEWEST), _MOST))
