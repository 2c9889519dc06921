"""What a training run reports and leaves."""

from __future__ import annotations

from dataclasses import dataclass

from quatrain.records.scores import Score


@dataclass(frozen=True, slots=True)
class Advance:
    """A look at a training run between validations."""

    step: int
    progress: float
    epoch: float
    training_nats: float
    characters_per_second: float
    seconds_left: float


@dataclass(frozen=True, slots=True)
class Validation:
    """One validation of a training run: a row of `metrics.jsonl`.

    Losses are in nats per character unless they say bits.
    """

    step: int
    epoch: float
    progress: float
    seconds: float
    training_nats: float
    nats_per_character: float
    bits_per_character: float
    learning_rate: float
    gradient_norm: float
    best: bool


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training run leaves.

    Attributes:
        folder: the poet; `quatrain.load(folder)` opens it.
        validation: score of the poet's weights on the validation poems.
        stopped: "budget", "patience" (validation no longer fell) or "interrupted".
        steps, epochs, seconds: how long it trained.
        training_nats: recent training loss in nats per character, dropout on.
        told: sentences for the user: over-fitting, what was saved, what to try.
    """

    folder: str
    validation: Score
    stopped: str
    steps: int
    epochs: float
    seconds: float
    training_nats: float
    told: tuple[str, ...]
