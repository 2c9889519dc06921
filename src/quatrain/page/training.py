"""Progress of a training run, drawn in the terminal.

`TerminalReporter` takes each `Advance` and `Validation` from `train`, and prints lines and a
progress bar.
"""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Callable, Sequence
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.text import Text

from quatrain.escaping import shell_word
from quatrain.records import Adaptation, Advance, Trained, Validation

SAMPLE_SECONDS = 20.0
"""Seconds between two samples, at least."""


class TerminalReporter:
    """Draws a progress bar and one line per validation; samples a few lines now and then.

    Args:
        console: where to draw; its width and colours are rich's business.
        sample: called after a new best, at most every `SAMPLE_SECONDS`, for a short text
            the poet writes; None shows none.
    """

    def __init__(self, console: Console, sample: Callable[[], str] | None = None) -> None:
        self._console = console
        self._sample = sample
        self._sampled = time.monotonic()
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("{task.fields[detail]}"),
            console=console,
            transient=True,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> TerminalReporter:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def _show(self, description: str, share: float, detail: str) -> None:
        if self._task is None:
            self._task = self._bar.add_task(description, total=1.0, detail=detail)
        self._bar.update(self._task, description=description, completed=share, detail=detail)

    def preparing(self, done: int, total: int) -> None:
        """Show how much of the corpus is prepared."""
        self._show("preparing", done / max(total, 1), f"{done / 1e6:,.1f} MB")

    def planned(self, settings: object, reasons: Sequence[str]) -> None:  # noqa: ARG002
        """Print what was chosen and why."""
        for reason in reasons:
            self._console.print(Text(reason))
        self._console.print()

    def advanced(self, advance: Advance) -> None:
        """Move the bar."""
        self._show(
            "training",
            advance.progress,
            f"loss {advance.training_nats:.3f}  {advance.characters_per_second:,.0f} characters/s  "
            f"{duration(advance.seconds_left)} left",
        )

    def validated(self, validation: Validation) -> None:
        """Print the validation's line, and a sample if it is time for one."""
        mark = "  best so far" if validation.best else ""
        self._console.print(
            Text(
                f"epoch {validation.epoch:6.2f}  training {validation.training_nats:.3f}  "
                f"validation {validation.nats_per_character:.3f} nats, "
                f"{validation.bits_per_character:.3f} bits per character{mark}"
            )
        )
        due = time.monotonic() - self._sampled > SAMPLE_SECONDS
        if self._sample and validation.best and due:
            for line in self._sample().splitlines():
                self._console.print(Text(f"    {line}", style="italic"))
            self._sampled = time.monotonic()

    def noted(self, message: str) -> None:
        """Print a note."""
        self._console.print(Text(message, style="yellow"))


def duration(seconds: float) -> str:
    """Write seconds as 45 s, 3 min 05 s or 2 h 10 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def trained_as_text(trained: Trained) -> Text:
    """Return how the run ended, where the poet is, and what to do next."""
    score = trained.validation
    return Text(
        "\n".join(
            (
                "",
                f"Trained {trained.epochs:.1f} epochs in {duration(trained.seconds)}: "
                f"{score.nats_per_character:.3f} nats, {score.bits_per_character:.3f} bits per "
                f"character on {score.poems} poem{'s' if score.poems != 1 else ''} it never saw.",
                *trained.messages,
                *_samples(trained.adaptation),
                f"The poet is in {trained.folder}. Write with it: "
                f"quatrain write {shell_word(trained.folder)}",
            )
        )
    )


def _samples(adaptation: Adaptation | None) -> list[str]:
    """Return what the base and the adapted poet write with one seed, under headings."""
    if adaptation is None:
        return []
    return [
        "",
        f"Before, by {adaptation.base!r}:",
        *(f"    {line}" for line in adaptation.sample_before.splitlines()),
        "After, with the same seed:",
        *(f"    {line}" for line in adaptation.sample_after.splitlines()),
        "",
    ]


def trained_as_json(trained: Trained) -> str:
    """Return the result of a run as one JSON object."""
    score = trained.validation
    return json.dumps(
        {
            "folder": trained.folder,
            "stopped": trained.stopped,
            "steps": trained.steps,
            "epochs": trained.epochs,
            "seconds": trained.seconds,
            "training_nats_per_character": trained.training_nats,
            "nats_per_character": score.nats_per_character,
            "bits_per_character": score.bits_per_character,
            "perplexity_per_word": score.perplexity_per_word,
            "validation_characters": score.characters,
            "validation_poems": score.poems,
            "messages": list(trained.messages),
            "adaptation": _adaptation_facts(trained.adaptation),
        }
    )


def _adaptation_facts(adaptation: Adaptation | None) -> dict[str, object] | None:
    """Return an adaptation as JSON can hold it, the derived figures included."""
    if adaptation is None:
        return None
    return {
        **dataclasses.asdict(adaptation),
        "base_bits_per_character": adaptation.base_bits_per_character,
        "bits_per_character": adaptation.bits_per_character,
        "share": adaptation.share,
    }
