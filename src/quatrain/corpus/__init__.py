"""Reading verse: files, cleaning, splitting into poems, numbering.

In: a path, `anthology`, or `gutenberg:NUMBER`. Out: a `Corpus` of poems, or a
`Prepared` corpus of numbers with its `Vocabulary`, which `Streams` and
`Windows` turn into training sequences; next room `train`.
"""

from __future__ import annotations

from quatrain.corpus.prepared import Prepared
from quatrain.corpus.prepared_words import PreparedWords
from quatrain.corpus.preparing import prepare
from quatrain.corpus.reading import Corpus, read, stream, stream_all
from quatrain.corpus.sequences import Streams, Windows
from quatrain.corpus.statistics import statistics
from quatrain.corpus.vocabulary import Vocabulary
from quatrain.corpus.word_vocabulary import WordLimits, WordVocabulary

__all__ = [
    "Corpus",
    "Prepared",
    "PreparedWords",
    "Streams",
    "Vocabulary",
    "Windows",
    "WordLimits",
    "WordVocabulary",
    "prepare",
    "read",
    "statistics",
    "stream",
    "stream_all",
]
