"""Writing verse with a trained poet.

In: a poet's folder, and how to draw. Out: `Poem`s, at once or character by
character; next room `page`, or a `print`.
"""

from pathlib import Path

from quatrain.poet import WordVocabulary, artifact, found
from quatrain.write.constrained.generation import FormedWriting
from quatrain.write.free.characters import Writing
from quatrain.write.free.words import WordWriting
from quatrain.write.overlap import CopyGuard
from quatrain.write.writers import WordWriter, Writer

__all__ = ["CopyGuard", "FormedWriting", "WordWriter", "WordWriting", "Writer", "Writing", "load"]


def load(poet: str | Path) -> Writer | WordWriter:
    """Open a poet to write with it: a folder, or the name of a shipped poet.

    Example:
        poet = quatrain.load("sonnets")
        print(poet.write(lines=14, temperature=0.7, seed=1))

    Raises:
        PoetError: there is no poet, or it is damaged or too new.
    """
    read = artifact.load(found(poet))
    if isinstance(read.vocabulary, WordVocabulary):
        return WordWriter.of(read)
    return Writer.of(read)
