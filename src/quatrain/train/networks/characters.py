"""The character LSTM as torch trains it.

ids (time, batch) -> embedding -> LSTM x layers -> linear -> logits (time, batch, alphabet)
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from quatrain.train.networks.recurrent import RecurrentNetwork, State, lstm_layers


class CharacterNetwork(RecurrentNetwork):
    """Embedding, LSTM layers, linear.

    Args:
        alphabet: size of the vocabulary, special symbols included.
        embedding: size of a character's vector.
        hidden: cells per layer.
        layers: number of LSTM layers.
        dropout: share of the inputs of each layer after the embedding that is dropped.
        recurrent_dropout: share of the recurrent weights dropped at each step of training.
        seed: of the initial weights; `generator` draws the dropout masks.
    """

    drops_inputs = False

    def __init__(
        self,
        *,
        alphabet: int,
        embedding: int,
        hidden: int,
        layers: int,
        dropout: float,
        recurrent_dropout: float,
        seed: int,
        generator: torch.Generator,
    ) -> None:
        super().__init__(hidden, dropout, recurrent_dropout, generator)
        self.alphabet = alphabet
        with torch.random.fork_rng(devices=[]):  # the constructors draw from the global generator
            self.embedding = nn.Embedding(alphabet, embedding)
            self.lstm = lstm_layers(embedding, hidden, layers)
            self.output = nn.Linear(hidden, alphabet)
        self._initialise(torch.Generator().manual_seed(seed))

    def _initialise(self, generator: torch.Generator) -> None:
        nn.init.normal_(self.embedding.weight, generator=generator)
        self.initialise_lstm(generator)
        nn.init.xavier_uniform_(self.output.weight, generator=generator)
        nn.init.zeros_(self.output.bias)

    def forward(
        self, ids: Tensor, state: State, targets: Tensor | None = None, ignored: int = -100
    ) -> tuple[Tensor, State]:
        """Return logits (time, batch, alphabet) for ids (time, batch), and the state after them.

        With `targets` (time, batch), return their summed surprisal instead, (), in nats. Targets
        equal to `ignored` do not count.
        """
        values, after = self.run_lstm(self.vectors(ids), state)
        logits = self.logits(values)
        if targets is None:
            return logits, after
        return functional.cross_entropy(
            logits.flatten(0, 1), targets.flatten(), ignore_index=ignored, reduction="sum"
        ), after

    def vectors(self, ids: Tensor) -> Tensor:
        """Return the vectors (..., embedding) that the lowest LSTM layer reads."""
        vectors: Tensor = self.embedding(ids)
        return vectors

    def logits(self, values: Tensor) -> Tensor:
        """Return scores (..., alphabet) for the highest LSTM layer's output, (..., hidden)."""
        logits: Tensor = self.output(values)
        return logits

    def surprisal(self, ids: Tensor, targets: Tensor, state: State) -> tuple[Tensor, State]:
        """Return the surprisal at each target in nats, (time, batch), and the state after.

        In float32, whatever precision accelerate has put in the instance's place.
        """
        logits, after = CharacterNetwork.forward(self, ids, state)
        losses = functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="none")
        return losses.view(targets.shape), after

    def outer_weights(self) -> dict[str, Tensor]:
        """Return the weights outside the LSTM layers under the artifact's names."""
        return {
            "embedding.weight": self.embedding.weight,
            "output.weight": self.output.weight,
            "output.bias": self.output.bias,
        }
