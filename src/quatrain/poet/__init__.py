"""A trained poet, on disk and in memory.

In: a folder written by `train`. Out: a `CharacterPoet`, which predicts the next
character and scores texts; next room `write`, where it writes. Beside it stand
the baselines a reader compares it with.
"""

from quatrain.corpus import tokens
from quatrain.corpus.vocabulary import Vocabulary, is_control
from quatrain.corpus.word_vocabulary import WordVocabulary
from quatrain.corpus.words import words_of
from quatrain.poet.comparison import compare
from quatrain.poet.copy_index import LONGEST, NgramIndex, composed, words_in
from quatrain.poet.ngram import KneserNey, Unigram, fitting_order, uniform, unigram
from quatrain.poet.origin import Origin, training_corpus
from quatrain.poet.poet import CharacterPoet
from quatrain.poet.registry import found, opened, shipped, shipped_words, summaries
from quatrain.poet.stepper import State
from quatrain.poet.word_poet import WordPoet

Poet = CharacterPoet

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
    "compare",
    "composed",
    "fitting_order",
    "found",
    "is_control",
    "opened",
    "shipped",
    "shipped_words",
    "summaries",
    "tokens",
    "training_corpus",
    "uniform",
    "unigram",
    "words_in",
    "words_of",
]
