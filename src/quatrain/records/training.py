"""Records of a training run: its progress, its validations, its result."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from quatrain.records.deferred import HtmlRepr
from quatrain.records.scores import Score


@dataclass(frozen=True, slots=True)
class Advance:
    """Progress of a training run between validations."""

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

    Attributes:
        step, epoch, progress, seconds: where the run stands.
        training_nats: running mean of the training loss, dropout on; like all scores, with the
            letters of unknown words.
        nats_per_character, bits_per_character: on the validation poems, by the definition in
            `records.Score`.
        learning_rate: of the step before the validation.
        gradient_norm: of that step, before clipping, over all parameters.
        best: whether no earlier validation was better.
        gradient_norms: of that step, before clipping, by layer from the lowest: "embedding",
            "lstm.0" and so on, "output". The squares sum to the square of `gradient_norm`.
            Empty in rows that an older version wrote.
        horizon: how many of the most recent characters, or words for a word-level poet, account
            for half of the gradient of a validation prediction (`layers.horizon`); None if it
            cannot be computed.
        perplexity_per_word: on the validation poems; None for a character-level poet.
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
    gradient_norms: Mapping[str, float] = field(default_factory=dict)
    horizon: int | None = None
    perplexity_per_word: float | None = None


@dataclass(frozen=True, slots=True)
class Adaptation:
    """Scores of an adapted poet and of its base on poems that neither learned from.

    Attributes:
        base: the base's name.
        base_nats_per_character: of the base as it is, by the definition in `records.Score`.
        nats_per_character: of the adapted poet.
        poems: how many poems were scored.
        better: how many of them the adapted poet predicts better.
        sample_before, sample_after: lines that the base and the adapted poet write with one seed.
    """

    base: str
    base_nats_per_character: float
    nats_per_character: float
    poems: int
    better: int
    sample_before: str
    sample_after: str

    @property
    def base_bits_per_character(self) -> float:
        """Mean surprisal of the base in bits per character."""
        return self.base_nats_per_character / math.log(2)

    @property
    def bits_per_character(self) -> float:
        """Mean surprisal of the adapted poet in bits per character."""
        return self.nats_per_character / math.log(2)

    @property
    def share(self) -> float:
        """Share of the base's surprisal that adapting saved; negative if it rose."""
        return 1.0 - self.nats_per_character / self.base_nats_per_character


@dataclass(frozen=True, slots=True)
class Trained(HtmlRepr):
    """Result of a training run.

    Attributes:
        folder: the poet; `quatrain.load(folder)` opens it.
        validation: score of the poet's weights on the validation poems.
        stopped: "budget", "patience" (validation no longer fell) or "interrupted".
        steps, epochs, seconds: how long it trained.
        training_nats: recent training loss in nats per character, dropout on.
        messages: sentences for the user: overfitting, what was saved, what to try.
        signal: number of the signal that interrupted it, such as 2 for Ctrl-C; None without one.
        adaptation: what starting from another poet gained; None for a run from scratch, or one
            that was interrupted.
    """

    folder: str
    validation: Score
    stopped: str
    steps: int
    epochs: float
    seconds: float
    training_nats: float
    messages: tuple[str, ...]
    signal: int | None = None
    adaptation: Adaptation | None = None
