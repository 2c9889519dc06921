"""Verse in: reading, cleaning, dividing, numbering.

In: a path, `anthology`, or `gutenberg:NUMBER`. Out: a `Corpus` of poems, or a
`Prepared` corpus of numbers with its `Vocabulary`, which `Streams` and
`Windows` turn into training sequences; next room `train`.
"""

from __future__ import annotations

from quatrain.corpus.prepared import Prepared
from quatrain.corpus.sequences import Streams, Windows
from quatrain.corpus.vocabulary import Vocabulary

__all__ = [
    "Prepared",
    "Streams",
    "Vocabulary",
    "Windows",
]
