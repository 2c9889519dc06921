"""Writing verse with a trained poet.

In: a poet's folder, and options. Out: finished poems, or their text while they are written. `page`
prints them.

Reading order: `options` (everything you can set; `option_checks` checks it), `writer` (the poets),
`generation` (poems being written), `free` (without a form), `constrained` (in a form, with `search`
and `bias`), `contrast` (what follows from the poem so far counts more), `line_critic` (a larger
model's part), `revise` (changes to a poem), `draft` (poems with empty places). Beside them:
`sampling` (from logits to a symbol), `word_classes` (words that sound alike; `spoken_tokens` says
what is a word), `overlap` (copied words), `text_statistics`; `archaic_rate` says how many of a
text's words are archaic.
"""

from pathlib import Path

from quatrain.poet import WordVocabulary, artifact, resolve
from quatrain.write.bias.archaisms import archaic_rate
from quatrain.write.constrained.generation import ConstrainedGeneration
from quatrain.write.draft.filling import FilledLine, Filling, fill
from quatrain.write.free.characters import CharacterGeneration
from quatrain.write.free.words import WordGeneration
from quatrain.write.generation import Generation
from quatrain.write.options import WriteOptions
from quatrain.write.overlap import OverlapIndex
from quatrain.write.writer import CharacterWriter, WordWriter, Writer

__all__ = [
    "CharacterGeneration",
    "CharacterWriter",
    "ConstrainedGeneration",
    "FilledLine",
    "Filling",
    "Generation",
    "OverlapIndex",
    "WordGeneration",
    "WordWriter",
    "WriteOptions",
    "Writer",
    "archaic_rate",
    "fill",
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
