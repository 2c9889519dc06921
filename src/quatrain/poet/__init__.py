"""A trained poet, on disk and in memory.

In: a folder written by `train`. Out: a `Poet`, which predicts the next character or word and
scores texts; next room `write`, where it writes.
"""

from quatrain.corpus import tokens
from quatrain.corpus.vocabulary import Vocabulary, is_control
from quatrain.corpus.word_vocabulary import WordVocabulary
from quatrain.corpus.words import words_of
from quatrain.poet.baselines import KneserNey, Unigram, fitting_order, uniform, unigram
from quatrain.poet.character_poet import CharacterPoet
from quatrain.poet.comparison import compare
from quatrain.poet.network import State
from quatrain.poet.ngram_index import LONGEST, NgramIndex, composed, words_in
from quatrain.poet.origin import Origin, training_corpus
from quatrain.poet.poet import Poet
from quatrain.poet.registry import bundled, bundled_words, list_poets, resolve
from quatrain.poet.word_poet import WordPoet

__all__ = [
    "LONGEST",
    "CharacterPoet",
    "KneserNey",
    "NgramIndex",
    "Origin",
    "Poet",
    "State",
    "Unigram",
    "Vocabulary",
    "WordPoet",
    "WordVocabulary",
    "bundled",
    "bundled_words",
    "compare",
    "composed",
    "fitting_order",
    "is_control",
    "list_poets",
    "resolve",
    "tokens",
    "training_corpus",
    "uniform",
    "unigram",
    "words_in",
    "words_of",
]
