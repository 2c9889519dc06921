"""Verse from TEI XML, and scansions written back into it.

`poems` is the reader of the format, for `formats`. Read in this order:

    elements                        the table: what is done with every element of TEI
    document, deletions, copies     the parsed document
    readings, words, lines          the text of a line
    groups, drafts, poems           which lines are a poem, and what stands beside it
    marking                         attributes added to a document that stays as it is otherwise

Whatever isn't verse is counted and noted with its line (`Tally.omit`).
"""

from __future__ import annotations

from quatrain.corpus.tei.poems import poems

__all__ = ["poems"]
