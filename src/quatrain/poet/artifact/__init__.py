"""A poet's folder, written whole and checked when it is read.

    config.json        what the poet is, the size and hash of the others, and where it comes from
    model.safetensors  the tensors, named as in `CharacterSize.shapes` or `WordSize.shapes`, in
                       float32, or matrices in 8 bits with a scale for each row
    vocab.json         its alphabet or its words, and the words of the texts it was trained on
    copies.safetensors hashes of the runs of words in these texts; may be missing
    README.md          the card: the same facts for people; not read back, so it may be edited

Reading order: `layout` (names, limits, the `Artifact`), `reading`, `checking`, `tensors`,
`writing`, `card`.

Saving first writes the new files to `.saving/` inside the folder, `config.json`
last, and then moves them over the old ones, `config.json` last again. While
`.saving/config.json` is there, the new poet is complete: a file in `.saving/` counts, and a
file that is no longer there has been moved already. A crash at any point
therefore leaves the old poet or the new one, never half of each.
"""

from quatrain.poet.artifact.layout import (
    CARD,
    CHARACTERS,
    CONFIG,
    COPIES,
    FILES,
    FORMAT,
    FORMAT_VERSION,
    KINDS,
    MODEL,
    SAVING,
    VOCABULARY,
    WORDS,
    Artifact,
    Size,
)
from quatrain.poet.artifact.reading import is_poet, load
from quatrain.poet.artifact.writing import describe, save, size_of

__all__ = [
    "CARD",
    "CHARACTERS",
    "CONFIG",
    "COPIES",
    "FILES",
    "FORMAT",
    "FORMAT_VERSION",
    "KINDS",
    "MODEL",
    "SAVING",
    "VOCABULARY",
    "WORDS",
    "Artifact",
    "Size",
    "describe",
    "is_poet",
    "load",
    "save",
    "size_of",
]
