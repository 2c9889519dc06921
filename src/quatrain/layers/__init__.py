"""The layers a character LSTM is made of, in NumPy.

In: arrays. Out: arrays, next room `poet`, which assembles a network from them.
Sequences are time first, `(time, batch, features)`. float32 stays float32 and
float64 stays float64. Weights are stored as PyTorch stores them, so that either
can be read against the other.

Reading order: `embedding`, `lstm`, `linear`, `softmax`.
"""

from quatrain.layers.embedding import Embedding
from quatrain.layers.linear import Linear
from quatrain.layers.lstm import LSTM, LSTMStack, LSTMState
from quatrain.layers.softmax import log_softmax, sigmoid, softmax

__all__ = [
    "LSTM",
    "Embedding",
    "LSTMStack",
    "LSTMState",
    "Linear",
    "log_softmax",
    "sigmoid",
    "softmax",
]
