"""The words of a theme, as a poet knows them.

In: the words of a theme. Out: those that carry meaning, and known words in the place of those that
the poet does not know: *call* and *signal* for *smartphone*.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from quatrain.form import ARTICLES, LIGHT_WORDS
from quatrain.meaning import compound_heads, lemmas, shipped, stand_ins
from quatrain.poet import WordVocabulary
from quatrain.write.bias import BLOCKED_WORDS


@dataclass(frozen=True)
class ThemeWords:
    """Words of a theme as a poet knows them.

    Attributes:
        words: those that carry meaning, in lower case, as they were given.
        bases: the same, and the last part of a compound that the dictionary does not have: their
            relations count.
        ids: numbers of those that the poet knows, and of those that stand in for the others, in
            reading order.
        stand_ins: word that the poet does not know -> known words near it in meaning.
        unknown: words that nothing stands in for.
    """

    words: tuple[str, ...]
    bases: tuple[str, ...]
    ids: tuple[int, ...]
    stand_ins: Mapping[str, tuple[str, ...]]
    unknown: tuple[str, ...]


def theme_words(words: Iterable[str], vocabulary: WordVocabulary) -> ThemeWords:
    """Return the words of a theme that carry meaning, with what stands in for unknown ones.

    Args:
        words: of the theme, in lower case; light words and articles are left out.
        vocabulary: what the poet knows.
    """
    numbers, empty = vocabulary.numbers, LIGHT_WORDS | ARTICLES
    content = [word for word in dict.fromkeys(words) if word not in empty]
    candidates = numbers.keys() - empty - BLOCKED_WORDS
    replacements = {word: stand_ins(word, candidates) for word in content if word not in numbers}
    known = [near for word in content for near in replacements.get(word, (word,))]
    database = shipped()
    bases = {
        word: [word] if lemmas(word, database) else compound_heads(word, numbers, database)[:1]
        for word in content
    }
    return ThemeWords(
        tuple(content),
        tuple(base for word in content for base in bases[word]),
        tuple(numbers[word] for word in dict.fromkeys(known)),
        {word: near for word, near in replacements.items() if near},
        tuple(word for word, near in replacements.items() if not near),
    )
