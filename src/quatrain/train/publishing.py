"""Writing the poet of a run to its folder, each time a validation is the best so far."""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quatrain._version import __version__
from quatrain.config import Training
from quatrain.poet import NgramIndex, artifact
from quatrain.poet.artifact import card
from quatrain.records import Score, Validation
from quatrain.train.corpus_facts import CorpusFacts
from quatrain.train.data import Data, known_words


def validation_facts(score: Validation | Score) -> dict[str, float]:
    """Return what a poet's `config.json` records of its score; words have one figure more."""
    facts = {
        "nats_per_character": score.nats_per_character,
        "bits_per_character": score.bits_per_character,
    }
    if score.perplexity_per_word is not None:
        facts["perplexity_per_word"] = score.perplexity_per_word
    return facts


@dataclass(frozen=True)
class Publisher:
    """Writes a poet: its weights, its vocabulary, its card and what it records of its training.

    Attributes:
        folder: the poet's folder.
        corpus_facts: facts of the corpus for the poet's `config.json`.
        training_ngrams: the index of the training poems that goes with the poet.
    """

    folder: Path
    corpus_facts: CorpusFacts = field(default_factory=CorpusFacts)
    training_ngrams: NgramIndex | None = None

    def publish(
        self,
        data: Data,
        settings: Training,
        tensors: dict[str, NDArray[np.float32]],
        validation: Validation,
    ) -> None:
        """Replace the poet in the folder, whole.

        Args:
            data: the corpus the poet is trained on.
            settings: of the run, nothing left to choose.
            tensors: the weights under the artifact's names.
            validation: of these weights.
        """
        config = artifact.describe(
            version=__version__,
            tensors=tensors,
            corpus={
                **self.corpus_facts.facts(),
                "training_characters": data.characters(data.training),
                "validation_characters": data.characters(data.validation),
            },
            training={
                **asdict(settings),
                "steps": validation.step,
                "epochs_done": round(validation.epoch, 3),
                "minutes_done": round(validation.seconds / 60, 1),
            },
            validation=validation_facts(validation),
            direction=settings.direction or "forward",
            created=datetime.datetime.now(datetime.UTC).date().isoformat(),
        )
        artifact.save(
            self.folder,
            tensors=tensors,
            config=config,
            vocabulary=data.vocabulary,
            words=known_words(data),
            card=card.write(config, self.training_ngrams),
            training_ngrams=self.training_ngrams,
        )
