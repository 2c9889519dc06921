"""The networks of the two kinds of poet, and the fast forms in which they are stepped.

In: named tensors (`artifact`). Out: logits. Read `character_network` first, then `word_network`;
`lstm` is what they share. `stepper` is the same arithmetic rearranged for speed, one symbol at a
time; `word_vectors` is the part of it that computes a word's vector from its letters.
"""

from quatrain.poet.network.character_network import CharacterNetwork, CharacterSize
from quatrain.poet.network.stepper import CharacterStepper, State, Stepper, WordStepper
from quatrain.poet.network.word_network import WordNetwork, WordSize
from quatrain.poet.network.word_vectors import WordVectors

__all__ = [
    "CharacterNetwork",
    "CharacterSize",
    "CharacterStepper",
    "State",
    "Stepper",
    "WordNetwork",
    "WordSize",
    "WordStepper",
    "WordVectors",
]
