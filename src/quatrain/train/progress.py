"""The position of a run, which its checkpoint keeps beside the tensors, and its end."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from quatrain.records import Score
from quatrain.train.budget import Budget


@dataclass
class Progress:
    """The position of a run. Everything but `seconds` is a function of the step alone."""

    budget: Budget
    step: int = 0
    seconds: float = 0.0
    validations: int = 0
    best_nats: float = math.inf
    best: dict[str, Any] | None = None  # the Validation of the best, as a row
    validated_step: int = -1
    last_nats: float = math.inf
    stale: int = 0  # validations since the best
    rollbacks: int = 0
    scale: float = 1.0  # of the learning rate, halved at each roll-back
    recent_nats: float = 0.0  # running mean of the training loss ...
    recent_weight: float = 0.0  # ... and its normaliser
    rows: int = 0  # of metrics.jsonl
    finished: str = ""  # why the run ended, if it did

    @property
    def training_nats(self) -> float:
        """Running mean of the training loss, nats per character, dropout on."""
        return self.recent_nats / self.recent_weight if self.recent_weight else math.nan

    def facts(self) -> dict[str, Any]:
        """Return the numbers for a checkpoint."""
        return {**asdict(self), "budget": self.budget.facts()}

    @classmethod
    def from_facts(cls, facts: dict[str, Any]) -> Progress:
        """Read what `facts` returned."""
        return cls(**{**facts, "budget": Budget.from_facts(facts["budget"])})


@dataclass(frozen=True)
class Outcome:
    """The end of a run.

    Attributes:
        stopped: "budget", "patience" or "interrupted".
        validation: score of the best weights over every validation poem.
        training_nats: recent training loss in nats per character, dropout on.
        last_nats: the last validation, in nats per character.
        signal: number of the signal that interrupted the run.
    """

    stopped: str
    validation: Score
    training_nats: float
    last_nats: float
    steps: int
    epochs: float
    seconds: float
    signal: int | None
