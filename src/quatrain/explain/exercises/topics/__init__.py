"""The subjects of exercises, a module each.

A topic draws numbers and makes questions. A mistake is named with the answer it leads to, computed
like the right one with the mistake in it.

    convolution, convolution_layer   parameters, shapes, what is never seen; a drawn layer
    pooling                          results, gradients, what is forgotten
    lstm, lstm_cell                  deltas, the short form; a drawn cell and its steps
    gradients                        when they vanish or explode
    preprocessing                    a text as numbers, windows, streams
    training                         curves, patience, measures
    temperature                      distributions, samples, entropy
"""

from __future__ import annotations

from quatrain.explain.exercises.building import Topic
from quatrain.explain.exercises.topics.convolution import CONVOLUTION
from quatrain.explain.exercises.topics.gradients import GRADIENTS
from quatrain.explain.exercises.topics.lstm import LSTM_CELL
from quatrain.explain.exercises.topics.pooling import POOLING
from quatrain.explain.exercises.topics.preprocessing import PREPROCESSING
from quatrain.explain.exercises.topics.temperature import TEMPERATURE
from quatrain.explain.exercises.topics.training import TRAINING

TOPICS: dict[str, Topic] = {
    topic.name: topic
    for topic in (
        CONVOLUTION,
        POOLING,
        LSTM_CELL,
        GRADIENTS,
        PREPROCESSING,
        TRAINING,
        TEMPERATURE,
    )
}
"""Topics by name."""
