"""Verse from TEI XML, and scansions written back into it.

`poems` is the reader of the format, for `formats`. Read in this order:

    elements     the table: what is done with every element of TEI
    document     the parsed document
    words, lines the text of a line
    drafts, poems, deletions     which lines are a poem, and what stands beside it
    marking      adding attributes to a document, which stays as it is otherwise

Whatever isn't verse is counted and noted with its line (`Tally.omit`).
"""

from __future__ import annotations

from quatrain.corpus.tei.poems import poems

__all__ = ["poems"]
