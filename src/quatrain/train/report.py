"""The interface by which a training run reports its progress."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from quatrain.config import Training
from quatrain.records import Advance, Validation


@runtime_checkable
class Reporter(Protocol):
    """Receives a run's progress. The command line draws it; a script may ignore it."""

    def planned(self, settings: Training, reasons: Sequence[str]) -> None:
        """Handle the start of training: the size and the budget are chosen."""

    def preparing(self, done: int, total: int) -> None:
        """Handle `done` of `total` bytes of the corpus being prepared."""

    def advanced(self, advance: Advance) -> None:
        """Handle some more steps."""

    def validated(self, validation: Validation) -> None:
        """Handle a validation; a new best is already on disk."""

    def noted(self, message: str) -> None:
        """Handle a sentence for the user."""


class NullReporter:
    """A reporter that ignores everything."""

    def planned(self, settings: Training, reasons: Sequence[str]) -> None:
        """Ignore."""

    def preparing(self, done: int, total: int) -> None:
        """Ignore."""

    def advanced(self, advance: Advance) -> None:
        """Ignore."""

    def validated(self, validation: Validation) -> None:
        """Ignore."""

    def noted(self, message: str) -> None:
        """Ignore."""
