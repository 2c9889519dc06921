"""Poets that write with or without a form, that revise poems and fill drafts.

`writer` has what all poets share, `kinds` the two kinds: `CharacterWriter` and `WordWriter`.
"""

from quatrain.write.writer.kinds import CharacterWriter, WordWriter
from quatrain.write.writer.writer import Writer

__all__ = ["CharacterWriter", "WordWriter", "Writer"]
