"""What there is to know of a poet without opening its weights."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PoetSummary:
    """A poet on disk, or why it cannot be opened.

    Attributes:
        name: what to call it by: a shipped poet's name, or its folder.
        shipped: whether it comes with Quatrain.
        kind: "characters" or "words".
        direction: "forward", or "reversed" if it writes each line from its end.
        parameters: how many numbers its network has.
        corpus: what it was trained on.
        bits_per_character: on poems it was not trained on; None if its folder does not say.
        megabytes: of its files.
        trouble: why it cannot be opened, or empty.
    """

    name: str
    shipped: bool
    kind: str = ""
    direction: str = ""
    parameters: int = 0
    corpus: str = ""
    bits_per_character: float | None = None
    megabytes: float = 0.0
    trouble: str = ""
