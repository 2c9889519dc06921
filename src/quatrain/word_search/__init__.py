"""Search for words by meaning, sound and metre together, and all about one word.

    find_words(near="winter", rhyme="sea")      # the words that pass every filter
    word_panel("worn", place=DraftPlace(...))   # how it is said, what it means, words beside it

Reading order: `filters` (what a word should be like), `search` (`find_words`), `slot` (a place of a
draft, and whether a word fits there), `panel` (`word_panel`). Beside them: `offered` (which words
may be offered at all), `in_words` (facts as phrases).
"""

from quatrain.word_search.filters import USUAL_KINDS, WordFilters
from quatrain.word_search.panel import word_panel
from quatrain.word_search.search import LIMIT, Place, SearchOptions, WordSearch, find_words
from quatrain.word_search.slot import DraftPlace

__all__ = [
    "LIMIT",
    "USUAL_KINDS",
    "DraftPlace",
    "Place",
    "SearchOptions",
    "WordFilters",
    "WordSearch",
    "find_words",
    "word_panel",
]
