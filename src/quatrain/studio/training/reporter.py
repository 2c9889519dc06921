"""The progress of a training, written to files that every server can read."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from quatrain.config import Training
from quatrain.errors import UserError
from quatrain.records import Advance, Validation
from quatrain.studio.training.names import without_options
from quatrain.studio.training.places import write_json

WRITE_SECONDS = 1.0
"""Seconds between two reports of how far the run is."""

SAMPLE_SECONDS = 20.0
"""Seconds between two samples, at least; writing one takes a second of the training."""

_MOST_NOTES = 20
"""Sentences of a run that are shown."""


class FileReporter:
    """A reporter of `quatrain.train` that writes `progress.json` and `samples.jsonl`.

    A disk that is full ends no training: what can't be written is left out, and the trainer says
    so itself when it can't save.

    Args:
        folder: the job's folder.
        sample: returns some lines by the poet as it stands.
    """

    def __init__(self, folder: Path, sample: Callable[[], str]) -> None:
        self._progress, self._samples = folder / "progress.json", folder / "samples.jsonl"
        self._sample = sample
        self._written = self._sampled = -float("inf")
        self.notes: list[str] = []

    def planned(self, settings: Training, reasons: Sequence[str]) -> None:  # noqa: ARG002
        """Note what was chosen and why."""
        for reason in reasons:
            self.noted(reason)
        self._write("training", 0.0)

    def preparing(self, done: int, total: int) -> None:
        """Write how much of the corpus is prepared."""
        if self._is_due():
            self._write("preparing", 0.0, prepared=done / max(total, 1))

    def advanced(self, advance: Advance) -> None:
        """Write how far the run is."""
        if self._is_due():
            self._write(
                "training",
                advance.progress,
                step=advance.step,
                seconds_left=advance.seconds_left,
            )

    def validated(self, validation: Validation) -> None:
        """Add a sample, if the poet is the best so far and it is time for one."""
        if not validation.best or time.monotonic() - self._sampled < SAMPLE_SECONDS:
            return
        with suppress(OSError, UserError):
            row = {"step": validation.step, "text": self._sample()}
            with self._samples.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
        self._sampled = time.monotonic()

    def noted(self, message: str) -> None:
        """Note a sentence."""
        if note := without_options(message):
            self.notes = [*self.notes, note][-_MOST_NOTES:]
        self._written = -float("inf")

    def _is_due(self) -> bool:
        return time.monotonic() - self._written >= WRITE_SECONDS

    def _write(self, phase: str, progress: float, **facts: Any) -> None:
        with suppress(OSError):
            write_json(
                self._progress,
                {
                    "phase": phase,
                    "progress": progress,
                    "at": time.time(),
                    "notes": self.notes,
                    **facts,
                },
                durable=False,
            )
        self._written = time.monotonic()
