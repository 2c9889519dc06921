"""Starting from a trained poet: which one, how its weights come over, and what that gained.

choice      the shipped poet that predicts the corpus best, or none
transfer    the base's settings and weights in a network for the corpus's own vocabulary
gain        the base and the adapted poet on poems that neither learned from
"""

from quatrain.train.adapting.choice import SCRATCH, Choice, choose_base
from quatrain.train.adapting.gain import gain_sentence, measure_gain, record_gain
from quatrain.train.adapting.transfer import (
    alphabet,
    copy_weights,
    inherit_architecture,
    predict_output_rows,
    words,
)

__all__ = [
    "SCRATCH",
    "Choice",
    "alphabet",
    "choose_base",
    "copy_weights",
    "gain_sentence",
    "inherit_architecture",
    "measure_gain",
    "predict_output_rows",
    "record_gain",
    "words",
]
