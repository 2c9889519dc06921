"""A trained poet, on disk and in memory.

In: a folder written by `train`. Out: a `Poet`, which predicts the next character or word and
scores texts. The room `write` teaches it to write.

Reading order: `poet` (the base class), `character_poet` and `word_poet`, `network/` (their layers,
and the fast steppers), `artifact/` (the folder on disk), `registry` (finding a folder by name).
`scoring`, `baselines`, `origin` and `comparison` serve `evaluate`; `ngram_index` keeps
a poet from copying its training texts; `hub` and `onnx` pass a poet on to others.
"""

from quatrain.corpus import tokens
from quatrain.corpus.style_counter import StyleCounter
from quatrain.corpus.vocabulary import Vocabulary, is_control
from quatrain.corpus.word_vocabulary import WordVocabulary
from quatrain.corpus.words import words_of
from quatrain.poet.artifact.layout import DICTIONS
from quatrain.poet.baselines import KneserNey, Unigram, fitting_order, uniform, unigram
from quatrain.poet.character_poet import CharacterPoet
from quatrain.poet.comparison import compare
from quatrain.poet.network import State
from quatrain.poet.ngram_index import MAX_SHARED_WORDS, NgramIndex, normalise_text, words_in
from quatrain.poet.origin import Origin, training_corpus
from quatrain.poet.poet import Poet
from quatrain.poet.registry import bundled, bundled_words, list_poets, resolve
from quatrain.poet.word_poet import WordPoet

__all__ = [
    "DICTIONS",
    "MAX_SHARED_WORDS",
    "CharacterPoet",
    "KneserNey",
    "NgramIndex",
    "Origin",
    "Poet",
    "State",
    "StyleCounter",
    "Unigram",
    "Vocabulary",
    "WordPoet",
    "WordVocabulary",
    "bundled",
    "bundled_words",
    "compare",
    "fitting_order",
    "is_control",
    "list_poets",
    "normalise_text",
    "resolve",
    "tokens",
    "training_corpus",
    "uniform",
    "unigram",
    "words_in",
    "words_of",
]
