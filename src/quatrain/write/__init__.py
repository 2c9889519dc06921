"""Writing verse with a trained poet.

In: a poet's folder, and how to draw. Out: `Poem`s, at once or character by
character; next room `page`, or a `print`.
"""

from pathlib import Path

from quatrain.poet import WordVocabulary, artifact, resolve
from quatrain.write.constrained.generation import ConstrainedGeneration
from quatrain.write.free.characters import CharacterGeneration
from quatrain.write.free.words import WordGeneration
from quatrain.write.overlap import OverlapIndex
from quatrain.write.writers import CharacterWriter, WordWriter

__all__ = [
    "CharacterGeneration",
    "ConstrainedGeneration",
    "OverlapIndex",
    "WordGeneration",
    "WordWriter",
    "Writer",
    "load",
]


def load(poet: str | Path) -> CharacterWriter | WordWriter:
    """Open a poet to write with it: a folder, or the name of a shipped poet.

    Example:
        poet = quatrain.load("sonnets")
        print(poet.write(lines=14, temperature=0.7, seed=1))

    Raises:
        PoetError: there is no poet, or it is damaged or too new.
    """
    read = artifact.load(resolve(poet))
    if isinstance(read.vocabulary, WordVocabulary):
        return WordWriter.from_artifact(read)
    return CharacterWriter.from_artifact(read)
