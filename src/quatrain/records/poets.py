"""The facts of a poet for a list of poets."""

from __future__ import annotations

from dataclasses import dataclass

from quatrain.records.deferred import Facts, FactsRepr


@dataclass(frozen=True, slots=True)
class PoetSummary(FactsRepr):
    """A poet on disk, or why it cannot be opened.

    Attributes:
        name: the name that opens it: a shipped poet's name, or its folder.
        shipped: whether it comes with Quatrain.
        kind: "characters" or "words".
        direction: "forward", or "reversed" if it writes each line from its end.
        parameters: number of parameters of its network.
        corpus: name of its training corpus.
        bits_per_character: its score on poems it was not trained on; None if not recorded.
        megabytes: size of its files.
        trouble: why it cannot be opened; empty if it can.
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

    @property
    def _facts(self) -> Facts:
        if self.trouble:
            return {"poet": self.name, "trained on": self.trouble}
        return {
            "poet": self.name,
            "level": self.kind.removesuffix("s"),
            "trained on": self.corpus,
            "parameters": self.parameters,
            "bits per character": self.bits_per_character,
            "size in MB": self.megabytes,
        }
