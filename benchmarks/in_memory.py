"""Poems in memory as a prepared corpus, for benchmarks and tests that divide them themselves."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

import numpy as np

from quatrain.corpus import Prepared, Vocabulary
from quatrain.corpus.prepared import framed
from quatrain.corpus.vocabulary import default_minimum_count
from quatrain.corpus.words import WordCounter
from quatrain.records import Poem


def prepared(
    training: Sequence[Poem], validation: Sequence[Poem], *, name: str = "poems"
) -> Prepared:
    """Prepare poems that are cleaned already and divided as given, at least one on each side."""
    text = "".join(poem.text + "\n" for poem in training)
    poems = [*training, *validation]
    minimum = default_minimum_count(sum(len(poem.text) + 1 for poem in poems))
    vocabulary = Vocabulary.from_counts(Counter(text), minimum)
    encoded = [vocabulary.encode_poem(poem) for poem in poems]
    words = WordCounter()
    words.add(text.encode())
    return Prepared(
        name=name,
        source=name,
        sha256=hashlib.sha256("".join(framed(poem.text) for poem in poems).encode()).hexdigest(),
        vocabulary=vocabulary,
        tokens=np.concatenate(encoded),
        offsets=np.cumsum([0, *map(len, encoded)]),
        training=np.arange(len(training)),
        validation=np.arange(len(training), len(poems)),
        words=words.types(),
        unknown=vocabulary.unknown(text + "".join(poem.text for poem in validation)),
    )
