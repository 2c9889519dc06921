"""Logit biases: terms that make words likelier or less likely while a poem is written.

A term is a number of nats added to a word's logit; a negative one discourages it. One file per
term: `agreement`, `punctuation`, `register`, `repetition`, `theme`; `blocklist` forbids words
altogether. `logit_bias` adds the terms up for one line.

To add a term:

1. Write a function or a small class here that returns nats, (vocabulary,), and put its strength
   in a constant that says how the number was found.
2. If the term is fixed for a line, add it in `ConstrainedGeneration._logit_bias`.
3. If it depends on the words of the line itself, give it a field of `LogitBias` and add it in both
   `LogitBias.add_to` (for word-level poets) and `LogitBias.of_word` (for character-level ones).
"""

from quatrain.write.bias.agreement import Agreement
from quatrain.write.bias.blocklist import BLOCKED_WORDS
from quatrain.write.bias.logit_bias import LogitBias
from quatrain.write.bias.punctuation import punctuation_bias
from quatrain.write.bias.register import Registers
from quatrain.write.bias.repetition import LowTemperaturePenalty, repeat_bias
from quatrain.write.bias.theme import content_words, cosines, theme_bias

__all__ = [
    "BLOCKED_WORDS",
    "Agreement",
    "LogitBias",
    "LowTemperaturePenalty",
    "Registers",
    "content_words",
    "cosines",
    "punctuation_bias",
    "repeat_bias",
    "theme_bias",
]
