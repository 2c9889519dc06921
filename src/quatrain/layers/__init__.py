"""The layers of the networks, in NumPy, each with its forward and backward pass.

In: arrays. Out: arrays. `poet` predicts with these layers, and `explain` shows what they
compute.

    value = layer.value(inputs)                   the value alone
    value, backward = layer.forward(inputs)       the value and the backward function
    gradients = backward(gradient_of_value)       of the inputs and of every parameter

Sequences are time first, `(time, batch, features)`; images `(batch, channels,
height, width)`. float32 stays float32 and float64 stays float64. Weights are stored
as PyTorch stores them, so that the two can be compared line by line.

Reading order: `linear`, `activations`, `embedding`, `windows`, `convolution`,
`pooling`, `highway`, `lstm`, `softmax`, `losses`, `horizon`.
"""

from quatrain.layers.activations import ReLU, Sigmoid, Tanh
from quatrain.layers.convolution import Conv1d, Conv2d, ConvolutionGradients
from quatrain.layers.embedding import Embedding, EmbeddingGradients
from quatrain.layers.highway import Highway, HighwayGradients
from quatrain.layers.linear import Linear, LinearGradients
from quatrain.layers.losses import sigmoid_binary_cross_entropy, softmax_cross_entropy
from quatrain.layers.lstm import LSTM, LSTMStack, LSTMStackGradients
from quatrain.layers.lstm_sequence import LSTMGradients, LSTMState, LSTMTrace
from quatrain.layers.pooling import (
    AveragePool1d,
    AveragePool2d,
    GlobalAveragePool,
    GlobalMaxPool,
    MaxPool1d,
    MaxPool2d,
)
from quatrain.layers.softmax import Softmax, log_softmax, sigmoid, softmax
from quatrain.layers.windows import Windows

__all__ = [
    "LSTM",
    "AveragePool1d",
    "AveragePool2d",
    "Conv1d",
    "Conv2d",
    "ConvolutionGradients",
    "Embedding",
    "EmbeddingGradients",
    "GlobalAveragePool",
    "GlobalMaxPool",
    "Highway",
    "HighwayGradients",
    "LSTMGradients",
    "LSTMStack",
    "LSTMStackGradients",
    "LSTMState",
    "LSTMTrace",
    "Linear",
    "LinearGradients",
    "MaxPool1d",
    "MaxPool2d",
    "ReLU",
    "Sigmoid",
    "Softmax",
    "Tanh",
    "Windows",
    "log_softmax",
    "sigmoid",
    "sigmoid_binary_cross_entropy",
    "softmax",
    "softmax_cross_entropy",
]
