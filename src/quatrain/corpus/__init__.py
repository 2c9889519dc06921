"""Reading verse from files, and turning it into numbers to train on.

`read` takes a path, `anthology`, or `gutenberg:NUMBER` and returns a `Corpus` of poems. `prepare`
takes the same and returns a `Prepared` corpus of numbers with its `Vocabulary`; `train` gets its
batches from `Streams` or `Windows` of it. Read in this order:

    corpus, reader                  what users call; any source to batches of clean poems
    files, gutenberg                which files a source has
    formats, raw_poems              the list of file formats; what a format's reader yields
    plain, markdown, tables, tei    the readers
    poem_borders, paratext          where a poem begins in plain text; what is not verse
    decoding, cleaning, duplicates  bytes to text; plain text; poems that are nearly the same
    splitting                       which poems train and which validate
    preparing, prepared             the corpus as characters, on disk
    vocabulary, words               the alphabet; what a word is
    prepared_words, word_vocabulary, tokens     the corpus as words and punctuation marks
    spelling                        what the letters of an unknown word cost a score
    reading_notes                   sentences on how a source was read
    sequences, statistics           training batches; what `quatrain corpus show` counts

To add a format:

1. Write a module like `tables`: a function of a path and a `ReadContext` that yields `RawBatch`es.
2. Register it in `formats.FORMATS`, by suffix. Add the suffix to `Source` in `cli/options.py` and
   to `_FILE_NAME` in `records/verse.py`. If it needs a new library, add that to the extra
   `corpora` in `pyproject.toml` and to `HEAVY` in `tests/house/test_architecture.py`.
3. Describe it in `docs/corpus.md`, make `docs/cli.md` again (`docs/workshop/cli_help.py`), and test
   the format in `tests/corpus/test_sources.py`.
"""

from __future__ import annotations

from quatrain.corpus.corpus import Corpus, PoemStream, read, stream, stream_all
from quatrain.corpus.prepared import Prepared
from quatrain.corpus.prepared_words import PreparedWords
from quatrain.corpus.preparing import prepare
from quatrain.corpus.sequences import Streams, Windows
from quatrain.corpus.statistics import statistics
from quatrain.corpus.vocabulary import Vocabulary
from quatrain.corpus.word_vocabulary import WordLimits, WordVocabulary

__all__ = [
    "Corpus",
    "PoemStream",
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
