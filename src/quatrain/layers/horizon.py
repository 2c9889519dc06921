"""The memory horizon: how far back the gradient of a prediction reaches.

The definition, everywhere in Quatrain. A network reads a text; take the loss at one
prediction, in nats, and its gradient with respect to the vector of the character read
k characters before (lag 0 is the last one read: the embedding's output, before the
first LSTM layer). The Euclidean norm of that gradient, averaged over many predictions,
is the norm at lag k. The horizon is the smallest n such that the lags 0 to n - 1 hold
at least half of the sum of the norms over all lags looked at: "half of the gradient
comes from the last n characters".

The norm of d loss / d x_(t-k) is what Bengio, Simard and Frasconi 1994 and Pascanu,
Mikolov and Bengio 2013 ("On the difficulty of training recurrent neural networks",
section 2) follow over k to tell a vanishing from an exploding gradient.

In: layers and encoded poems. Out: norms by lag, which `explain` shows. `train.horizon`
computes the same norms in torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from quatrain.errors import SettingsError
from quatrain.layers.embedding import Embedding
from quatrain.layers.linear import Linear
from quatrain.layers.lstm import LSTMStack
from quatrain.layers.shapes import Array
from quatrain.layers.softmax import softmax

WINDOW_CHARACTERS = 128
"""Characters of a window: three or four lines of verse."""

WINDOWS = 64
"""Number of predictions over which the norms are averaged."""


class Predictions(NamedTuple):
    """Windows of text, and the character to predict after each.

    Attributes:
        ids: characters read, (time, windows); a window shorter than the longest is filled up
            after its end, where nothing is predicted.
        lengths: characters read in each window, (windows,).
        targets: the character after each window, (windows,).
    """

    ids: NDArray[np.int64]
    lengths: NDArray[np.int64]
    targets: NDArray[np.int64]


def draw_predictions(
    poems: Sequence[NDArray[np.integer[Any]]],
    seed: int,
    *,
    windows: int = WINDOWS,
    longest: int = WINDOW_CHARACTERS,
) -> Predictions:
    """Draw predictions of poems at random, each with equal probability.

    A window holds the `longest` characters before a prediction, within one poem. A prediction
    with fewer before it is taken only if it stands in its poem's second half, and is then read
    from the poem's start.

    Args:
        poems: the numbers of every poem, start and end symbols included.
        seed: the same seed draws the same predictions.
        windows: how many; drawn with replacement, so that there are always that many.
        longest: characters of a window.

    Raises:
        SettingsError: no poem has a character to predict.
    """
    sizes = np.array([len(poem) for poem in poems], np.int64)
    first = np.minimum(longest, np.maximum(sizes // 2, 1))  # prediction of each poem
    ends = np.cumsum(np.maximum(sizes - first, 0))
    if not len(ends) or not ends[-1]:
        raise SettingsError(
            "the poems for the memory horizon", "none", "at least one", "Give a text with verse."
        )
    generator = np.random.Generator(np.random.PCG64(seed))
    chosen = generator.integers(0, ends[-1], size=windows)
    ids = np.zeros((min(longest, int(sizes.max()) - 1), windows), np.int64)
    lengths = np.zeros(windows, np.int64)
    targets = np.zeros(windows, np.int64)
    for window, choice in enumerate(chosen.tolist()):
        poem_number = int(np.searchsorted(ends, choice, side="right"))
        poem = poems[poem_number]
        after = len(poem) - (int(ends[poem_number]) - choice)
        read = poem[max(0, after - longest) : after]
        ids[: len(read), window] = read
        lengths[window], targets[window] = len(read), poem[after]
    return Predictions(ids, lengths, targets)


def gradient_by_lag(
    embedding: Embedding, lstm: LSTMStack, output: Linear, predictions: Predictions
) -> Array:
    """Return the norm of the gradient by lag, averaged over the predictions.

    Every window is read from the zero state. The loss is that of its last prediction alone,
    so one backward pass through all windows gives the gradient at every lag of each.

    Args:
        embedding: the characters' vectors.
        lstm: reads them.
        output: from the top layer's hidden vectors to the logits of the next character.
        predictions: of `draw_predictions`.

    Returns:
        The mean norm at lag 0, 1, ..., nats per unit of the character's vector, shape (lags,);
        see `mean_by_lag`.
    """
    vectors = embedding.value(predictions.ids)
    values, _, lstm_backward = lstm.forward(vectors)
    last = (predictions.lengths - 1, np.arange(len(predictions.lengths)))
    logits, output_backward = output.forward(values[last])
    # Of the cross-entropy -log softmax(logits)[target], summed over windows.
    gradient = softmax(logits)
    gradient[last[1], predictions.targets] -= 1.0
    gradient_of_values = np.zeros_like(values)
    gradient_of_values[last] = output_backward(gradient).inputs
    gradient_of_vectors = lstm_backward(gradient_of_values).inputs
    return mean_by_lag(np.linalg.norm(gradient_of_vectors, axis=-1), predictions.lengths)


def mean_by_lag(norms: Array, lengths: NDArray[np.integer[Any]]) -> Array:
    """Turn norms by time into the mean norm by lag.

    A lag counts the windows that reach it; lags that fewer than half of the windows reach
    are left out.

    Args:
        norms: the gradient's norm at every time, (time, windows).
        lengths: characters read in each window, (windows,).

    Returns:
        Shape (lags,), in float64.
    """
    lags = int(np.sort(lengths)[len(lengths) // 2])  # at least half are this long
    times = lengths - 1 - np.arange(lags)[:, None]  # (lags, windows)
    reached = times >= 0
    at_lag = np.take_along_axis(norms.astype(np.float64), np.maximum(times, 0), axis=0)
    mean: Array = np.where(reached, at_lag, 0.0).sum(axis=1) / reached.sum(axis=1)
    return mean


def horizon(norms: Array) -> int:
    """Return the number of last characters from which half of the gradient comes.

    Args:
        norms: the mean norm at lag 0, 1, ..., shape (lags,), not all zero.

    Returns:
        The smallest n such that norms[:n] sum to at least half of the whole.

    Raises:
        SettingsError: there are no norms, one is negative or not finite, or all are zero.
    """
    values = np.asarray(norms, np.float64)
    if values.ndim != 1 or not (np.isfinite(values).all() and (values >= 0).all() and values.any()):
        raise SettingsError(
            "the gradient norms by lag",
            f"shape {values.shape}, "
            f"{int((~np.isfinite(values)).sum())} not finite, {int((values < 0).sum())} negative, "
            f"{int((values > 0).sum())} positive",
            "one row of finite norms, at least one of them positive",
            "A network that reads its input has such norms: look at its weights.",
        )
    _, exponent = np.frexp(values.max())
    sums = np.cumsum(np.ldexp(values, -exponent))  # a power of two: no overflow, no rounding
    return int(np.searchsorted(sums, sums[-1] / 2)) + 1


def retention(norms: Array) -> float:
    """Return the factor by which the gradient changes per character further back, on average.

    It is fitted by least squares to the logarithm of the norms over lags: below 1 the gradient
    shrinks on its way back, above 1 it grows.

    Args:
        norms: the mean norm at lag 0, 1, ..., shape (lags,). From the first zero on they are
            left out: the gradient has gone below the smallest number there is.

    Returns:
        The factor; 0 if fewer than two norms are left, 1 if there was one lag only.
    """
    values = np.asarray(norms, np.float64)
    if len(values) == 1:
        return 1.0
    positive = len(values) if values.all() else int(np.argmin(values > 0))
    if positive < 2:
        return 0.0
    slope = np.polynomial.Polynomial.fit(np.arange(positive), np.log(values[:positive]), 1)
    return float(np.exp(slope.convert().coef[1]))
