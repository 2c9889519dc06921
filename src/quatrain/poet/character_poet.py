"""A character-level poet in memory.

In: a folder (`artifact`). Out: a `CharacterPoet`, which steps from character to character.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from quatrain.corpus.tokens import Style
from quatrain.corpus.vocabulary import Vocabulary
from quatrain.errors import PoetError
from quatrain.layers import LSTMState, log_softmax
from quatrain.poet import artifact
from quatrain.poet.network import CharacterNetwork, CharacterStepper
from quatrain.poet.poet import Poet


class CharacterPoet(Poet):
    """A poet that reads character by character; its vocabulary is an alphabet."""

    kind = artifact.CHARACTERS
    batch_size = 128  # at 512 cells, about 50 MB
    vocabulary: Vocabulary
    network: CharacterNetwork

    @cached_property
    def style(self) -> Style | None:
        """Style of its corpus on the page, such as capitals; None if the poet records none.

        Raises:
            PoetError: the record is damaged.
        """
        corpus = self.config.get("corpus")
        facts = corpus.get("style") if isinstance(corpus, Mapping) else None
        if facts is None:
            return None
        try:
            return Style.from_facts(facts)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise PoetError(
                f"{artifact.CONFIG} of the poet {self.name!r}",
                f"a style that can't be read ({error})",
                "one as training writes it",
                "Copy the poet's folder again from where it came, or train the poet again.",
            ) from error

    @cached_property
    def _stepper(self) -> CharacterStepper:
        return CharacterStepper(self.network)

    @property
    def _symbols(self) -> str:
        return f"an alphabet of {self.vocabulary.size}"

    def _build(self, tensors: Mapping[str, NDArray[np.float32]]) -> CharacterNetwork:
        return CharacterNetwork.from_tensors(tensors)

    def _surprisal(
        self,
        inputs: NDArray[np.intp],
        targets: NDArray[np.intp],
        states: tuple[LSTMState, ...] | None,
    ) -> tuple[NDArray[np.float32], tuple[LSTMState, ...]]:
        logits, states = self.network.value(inputs, states)
        nats = -np.take_along_axis(log_softmax(logits), targets[:, :, None], axis=2)[:, :, 0]
        return nats, states
