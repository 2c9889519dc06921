"""Which network a corpus and its settings ask for."""

from __future__ import annotations

from typing import TypeAlias

import torch

from quatrain.config import Training
from quatrain.corpus import Prepared, PreparedWords
from quatrain.errors import SettingsError
from quatrain.train.network import CharacterNetwork
from quatrain.train.word_network import WordNetwork

Network: TypeAlias = CharacterNetwork | WordNetwork
Data: TypeAlias = Prepared | PreparedWords


def build(data: Data, settings: Training) -> Network:
    """The network to train on `data`, its weights drawn from the seed.

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
    sizes = {
        name: settings.chosen(name)
        for name in ("embedding", "hidden", "layers", "dropout", "recurrent_dropout")
    }
    generator = torch.Generator().manual_seed(settings.seed)
    if isinstance(data, Prepared):
        return CharacterNetwork(
            alphabet=data.vocabulary.size, seed=settings.seed, generator=generator, **sizes
        )
    sizes |= {
        name: settings.chosen(name)
        for name in ("filters", "widths", "highway", "projection", "word_dropout", "negatives")
    }
    return WordNetwork(
        spellings=torch.from_numpy(data.vocabulary.spellings),
        letters=data.vocabulary.letters,
        counts=torch.from_numpy(data.counts),
        unknown=data.vocabulary.UNKNOWN,
        seed=settings.seed,
        generator=generator,
        **sizes,
    )
