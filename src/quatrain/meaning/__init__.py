"""The meaning of words: synonyms, antonyms, broader and narrower words, definitions.

    quatrain.meaning.look_up("geese")       # the senses of a word
    quatrain.meaning.relatives("winter")    # words near a word, by their relations

In: a word. Out: `Sense`s and `Relative`s. Everything comes from WordNet 3.0, prepared by
`scripts/prepare_meaning.py` into `data/wordnet.safetensors`; `data/NOTICE` has its licence. This
package knows nothing of poets: `write` joins it with their word vectors.

Read in this order:

1. `database`: the prepared file, and what is in it.
2. `lemmas`: words without their endings, and with them.
3. `senses`: `look_up`, and spellings to suggest.
4. `relatives`: words near a word, with strengths.
5. `stand_ins`: known words for an unknown one.
"""

from quatrain.meaning.database import PARTS_OF_SPEECH, shipped
from quatrain.meaning.lemmas import forms, lemmas
from quatrain.meaning.relatives import relatives
from quatrain.meaning.senses import look_up, similar_spellings
from quatrain.meaning.stand_ins import compound_heads, stand_ins

__all__ = [
    "PARTS_OF_SPEECH",
    "compound_heads",
    "forms",
    "lemmas",
    "look_up",
    "relatives",
    "shipped",
    "similar_spellings",
    "stand_ins",
]
