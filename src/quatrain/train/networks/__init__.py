"""The two networks that torch trains, and which of them a corpus and its settings ask for.

Read in this order: `recurrent` (what the two share: LSTM layers, dropout, weights by name),
`characters`, `words`.
"""

from __future__ import annotations

import torch

from quatrain.config import Training
from quatrain.corpus import Prepared
from quatrain.errors import SettingsError
from quatrain.train.data import Data
from quatrain.train.networks.characters import CharacterNetwork
from quatrain.train.networks.recurrent import RecurrentNetwork, State, parameter_groups
from quatrain.train.networks.words import Dropout, SpelledWords, WordNetwork
from quatrain.train.size import word_size

__all__ = [
    "CharacterNetwork",
    "Dropout",
    "RecurrentNetwork",
    "SpelledWords",
    "State",
    "WordNetwork",
    "build",
    "parameter_groups",
]


def build(data: Data, settings: Training) -> CharacterNetwork | WordNetwork:
    """Build the network to train on `data`, its weights drawn from the seed.

    Raises:
        SettingsError: `settings` are of the other kind.
    """
    kind = "characters" if isinstance(data, Prepared) else "words"
    if settings.kind not in (None, kind):
        raise SettingsError(
            "setting 'kind'",
            repr(settings.kind),
            f"{kind!r}, as the corpus was prepared",
            "Prepare the corpus as the kind asks.",
        )
    generator = torch.Generator().manual_seed(settings.seed)
    if isinstance(data, Prepared):
        return CharacterNetwork(
            alphabet=data.vocabulary.size,
            embedding=settings.chosen("embedding"),
            hidden=settings.chosen("hidden"),
            layers=settings.chosen("layers"),
            dropout=settings.chosen("dropout"),
            recurrent_dropout=settings.chosen("recurrent_dropout"),
            seed=settings.seed,
            generator=generator,
        )
    return WordNetwork(
        word_size(data.vocabulary.size, data.vocabulary.letters, settings),
        spellings=torch.from_numpy(data.vocabulary.spellings),
        counts=torch.from_numpy(data.counts),
        dropout=Dropout(
            features=settings.chosen("dropout"),
            recurrent=settings.chosen("recurrent_dropout"),
            words=settings.chosen("word_dropout"),
        ),
        negatives=settings.chosen("negatives"),
        unknown=data.vocabulary.UNKNOWN,
        seed=settings.seed,
        generator=generator,
    )
