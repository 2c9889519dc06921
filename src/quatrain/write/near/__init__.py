"""Nearness in meaning of a poet's words to the words of a theme.

In: the words of a theme, and a word-level poet. Out: a number from 0 to 1 for each of its words.
`write` steers a poem towards near words, and `word_search` lists them.

Three things are joined (`nearness`):

1. `association`: what the poet expects after a line of these words.
2. The relations of `quatrain.meaning`: synonyms, broader words, words of the definition.
3. `vectors`: what stands in the same places as they do.

`theme_words` finds what stands in for words that the poet does not know.
"""

from quatrain.write.near.association import associations
from quatrain.write.near.nearness import Nearness, nearness_to
from quatrain.write.near.theme_words import ThemeWords, theme_words
from quatrain.write.near.vectors import cosines

__all__ = [
    "Nearness",
    "ThemeWords",
    "associations",
    "cosines",
    "nearness_to",
    "theme_words",
]
