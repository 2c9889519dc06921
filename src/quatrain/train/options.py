"""Everything a user can set about a training run, as one record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quatrain.config import Cleaning, Split, Training
from quatrain.train.report import Reporter


@dataclass(frozen=True, kw_only=True)
class TrainOptions(Training):
    """The settings of `config.Training`, and those of the run around them.

    Attributes:
        cleaning: how the text is cleaned.
        split: how poems are set apart for validation.
        column: the column of a CSV or Parquet file that holds the poems.
        licence: of the texts, for the poet's card.
        copy_index: whether hashes of the training poems go with the poet, so that it can avoid
            copying them.
        base: a poet to start from, by its folder or by the name of a shipped one. The new poet
            has its kind, its network and its direction, and its words besides the text's own.
            "scratch" starts from none. None takes the shipped poet that predicts the text best,
            if its network is as the settings ask and it is better than an n-gram of the text.
        resume: continue the interrupted run in the folder, with that run's settings.
        overwrite: replace the poet and the run in the folder.
        trackers: "tensorboard", "mlflow" or "wandb", each if it is installed.
        reporter: receives the run's progress.
    """

    cleaning: Cleaning | None = None
    split: Split | None = None
    column: str | None = None
    licence: str = ""
    copy_index: bool = True
    base: str | Path | None = None
    resume: bool = False
    overwrite: bool = False
    trackers: Sequence[str] = ()
    reporter: Reporter | None = None

    def training(self) -> Training:
        """Return the settings of the network and of how it is trained."""
        return Training(**{name: getattr(self, name) for name in Training.names()})

    def changes(self) -> dict[str, object]:
        """Return the options that are not at their default, apart from those of any resumed run."""
        any_run = {"resume", "copy_index", "trackers", "reporter"}
        return {name: value for name, value in _changes(self).items() if name not in any_run}

    def plain_changes(self) -> dict[str, object]:
        """Return `changes` as JSON can hold them: a record as its own changes, a path as text."""
        plain: dict[str, object] = {}
        for name, value in self.changes().items():
            if isinstance(value, Cleaning | Split):
                plain[name] = _changes(value)
            else:
                plain[name] = str(value) if isinstance(value, Path) else value
        return plain


def _changes(record: Any) -> dict[str, Any]:
    """Return the fields of a record of settings that are not at their default, by name."""
    default = type(record)()
    values = {name: getattr(record, name) for name in record.names()}
    return {name: value for name, value in values.items() if value != getattr(default, name)}
