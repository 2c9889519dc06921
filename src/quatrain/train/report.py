"""What a training run tells while it goes on, and to whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from quatrain.config import Training
from quatrain.records import Advance, Validation


class Reporter(Protocol):
    """Told what happens. The command line draws it; a script may ignore it."""

    def planned(self, settings: Training, reasons: Sequence[str]) -> None:
        """The size and the budget are chosen; training begins."""

    def preparing(self, done: int, total: int) -> None:
        """`done` of `total` bytes of the corpus are prepared."""

    def advanced(self, advance: Advance) -> None:
        """Some steps were taken."""

    def validated(self, validation: Validation) -> None:
        """The validation poems were scored; a new best is already on disk."""

    def noted(self, message: str) -> None:
        """Something the user should know."""


class NullReporter:
    """A reporter that tells nobody."""

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
