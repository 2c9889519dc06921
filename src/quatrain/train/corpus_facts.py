"""The facts of a corpus that a poet keeps in its `config.json` and a run in its checkpoint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from quatrain.config import Cleaning, Split
from quatrain.corpus import Prepared
from quatrain.corpus.tokens import Style
from quatrain.poet.artifact import Artifact


@dataclass(frozen=True)
class BaseFacts:
    """The poet that another started from.

    Attributes:
        poet: the name of its folder.
        corpus: the name of its corpus, if known.
        files: sizes and hashes of its files, as its own `config.json` has them.
    """

    poet: str
    corpus: str | None
    files: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class CorpusFacts:
    """Facts of its corpus that a poet records. None means not known.

    Attributes:
        name: the corpus's short name.
        source: the source as the user gave it.
        sha256: hash of the cleaned poems, in order.
        poems: how many there are, both sides of the split together.
        split: how they were divided.
        cleaning: how they were cleaned.
        column: the column of a table they were read from.
        licence: of the texts, as the user words it.
        copy_index: whether a copy index of the training poems goes with the poet.
        base: the poet that this one started from.
        style: how the poems set their words, for a character-level poet; a word-level poet has it
            in its vocabulary.
    """

    name: str | None = None
    source: str | None = None
    sha256: str | None = None
    poems: int | None = None
    split: Split | None = None
    cleaning: Cleaning | None = None
    column: str | None = None
    licence: str | None = None
    copy_index: bool | None = None
    base: BaseFacts | None = None
    style: Style | None = None

    def described_by(self, prepared: Prepared) -> CorpusFacts:
        """Return these facts with those that a prepared corpus holds."""
        return replace(
            self,
            name=prepared.name,
            source=prepared.source,
            sha256=prepared.sha256,
            poems=len(prepared.training) + len(prepared.validation),
            split=prepared.split,
        )

    def facts(self) -> dict[str, Any]:
        """Return what is known as JSON can hold it; `from_facts` reads it back."""
        facts = {name: value for name, value in asdict(self).items() if value is not None}
        return facts | ({"style": self.style.facts()} if self.style else {})

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> CorpusFacts:
        """Read what `facts` returned."""
        records = {"split": Split, "cleaning": Cleaning, "base": BaseFacts}
        values = {
            name: records[name](**value) if name in records else value
            for name, value in facts.items()
        }
        if "style" in values:
            values["style"] = Style.from_facts(values["style"])
        return cls(**values)


def describe_base(base: Artifact) -> BaseFacts:
    """Return what a poet records of the poet it started from."""
    corpus = base.config.get("corpus", {})
    return BaseFacts(
        poet=base.folder.resolve().name,
        corpus=corpus.get("name") if isinstance(corpus, dict) else None,
        files=base.config["files"],
    )
