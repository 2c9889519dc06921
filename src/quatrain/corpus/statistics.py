"""Counts that describe the size and the shape of a corpus.

`statistics` takes a `Corpus` or its source and returns `CorpusStatistics`, which `page` shows.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from quatrain.corpus.corpus import Corpus, read
from quatrain.corpus.vocabulary import default_minimum_count
from quatrain.corpus.words import words_of
from quatrain.records import CorpusStatistics

RARE = 10
"""Count below which a character is listed as rare, known or unknown."""


def statistics(corpus: Corpus | str | Path) -> CorpusStatistics:
    """Count a corpus: poems, stanzas, lines, words, characters, and what is rare or long.

    Characters are those a model predicts, the end symbols apart: each line's, its line
    break, and the further line break between stanzas.

    Args:
        corpus: the corpus, or anything `quatrain.read` reads.
    """
    corpus = corpus if isinstance(corpus, Corpus) else read(corpus)
    alphabet: Counter[str] = Counter()
    lengths: Counter[int] = Counter()
    stanzas = words = characters = 0
    longest, where = "", ""
    for number, poem in enumerate(corpus.poems, start=1):
        text = poem.text
        alphabet.update(text)
        characters += len(text) + 1
        stanzas += len(poem.stanzas)
        words += len(words_of(text))
        for at, line in enumerate(poem.lines, start=1):
            lengths[len(line.text)] += 1
            if len(line.text) > len(longest):
                longest = line.text
                titled = f" ({poem.title})" if poem.title else ""
                where = f"poem {number}{titled}, line {at}"
    alphabet.pop("\n", None)
    minimum = default_minimum_count(characters)
    rare = max(minimum, RARE)
    return CorpusStatistics(
        name=corpus.name,
        source=corpus.source,
        sha256=corpus.sha256,
        poems=len(corpus.poems),
        stanzas=stanzas,
        lines=sum(lengths.values()),
        words=words,
        characters=characters,
        alphabet=tuple(sorted(alphabet)),
        minimum_count=minimum,
        rare={
            character: alphabet[character]
            for character in sorted(alphabet)
            if alphabet[character] < rare
        },
        line_lengths=dict(sorted(lengths.items())),
        longest_line=longest,
        longest_where=where,
        report=corpus.report,
    )
