"""The guesser's network as torch trains it.

    letters (time, batch) -> embedding -> LSTM both ways x layers -> hearing
    hearing and the chunk before -> LSTM -> linear -> logits of each letter's chunk

Every letter is read with all letters before and after it; its chunk of phonemes is then said
knowing the chunks before, so that what is said agrees with itself. The same network is stepped
in NumPy by `quatrain.sound.guesser`; the two meet only in `GuesserNetwork.tensors()`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from quatrain.train.network import VariationalDropout

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Sizes:
    """The sizes of the network.

    Attributes:
        embedding: of a letter's vector.
        encoder: cells of each layer in each direction.
        layers: of the encoder.
        chunk: size of the vector of the chunk before.
        decoder: cells of the layer that says the chunks.
    """

    embedding: int = 48
    encoder: int = 128
    layers: int = 2
    chunk: int = 32
    decoder: int = 160


class GuesserNetwork(nn.Module):
    """Letters to the logits of their chunks, when the chunks before are known.

    Forget-gate biases start at 1 and recurrent matrices are orthogonal gate by gate, as in
    `quatrain.train.network`.

    Args:
        letters: size of the alphabet.
        chunks: how many chunks there are; `chunks` itself stands for none before.
        sizes: of the layers.
        dropout: share of the features dropped between layers.
        seed: of the initial weights; `generator` draws the dropout masks.
    """

    def __init__(
        self,
        *,
        letters: int,
        chunks: int,
        sizes: Sizes,
        dropout: float,
        seed: int,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        hearing = 2 * sizes.encoder
        with torch.random.fork_rng(devices=[]):  # the constructors draw from the global generator
            self.embedding = nn.Embedding(letters, sizes.embedding)
            self.encoder = nn.ModuleList(
                nn.LSTM(hearing if layer else sizes.embedding, sizes.encoder, bidirectional=True)
                for layer in range(sizes.layers)
            )
            self.chunk = nn.Embedding(chunks + 1, sizes.chunk)
            self.decoder = nn.LSTM(hearing + sizes.chunk, sizes.decoder)
            self.output = nn.Linear(sizes.decoder, chunks)
        self.dropout = VariationalDropout(dropout, generator)
        self._initialise(torch.Generator().manual_seed(seed))

    def _initialise(self, generator: torch.Generator) -> None:
        nn.init.normal_(self.embedding.weight, generator=generator)
        nn.init.normal_(self.chunk.weight, generator=generator)
        for layer in (*self.encoder, self.decoder):
            for name, parameter in layer.named_parameters():
                if name.startswith("weight_ih"):
                    nn.init.xavier_uniform_(parameter, generator=generator)
                elif name.startswith("weight_hh"):
                    for gate in parameter.data.chunk(4):
                        nn.init.orthogonal_(gate, generator=generator)
                else:
                    nn.init.zeros_(parameter)
                    if name.startswith("bias_ih"):
                        parameter.data.chunk(4)[1].fill_(1.0)  # gates i, f, g, o
        nn.init.xavier_uniform_(self.output.weight, generator=generator)
        nn.init.zeros_(self.output.bias)

    def forward(self, letters: Tensor, before: Tensor) -> Tensor:
        """Logits (time, batch, chunks).

        Args:
            letters: numbers of the letters, (time, batch).
            before: numbers of the chunk of the letter before each, (time, batch).
        """
        values = self.embedding(letters)
        for number, layer in enumerate(self.encoder):
            values, _ = layer(self.dropout(values) if number else values)
        values = torch.cat((self.dropout(values), self.chunk(before)), dim=2)
        values, _ = self.decoder(values)
        logits: Tensor = self.output(self.dropout(values))
        return logits

    def tensors(self) -> dict[str, NDArray[np.float32]]:
        """The weights under the names of the guesser's file, torch's two biases summed."""
        named = {
            "embedding.weight": self.embedding.weight,
            "chunk.weight": self.chunk.weight,
            "output.weight": self.output.weight,
            "output.bias": self.output.bias,
        }
        directions = {"": "forward", "_reverse": "backward"}
        lstms = {
            f"encoder.{number}.{direction}": (layer, suffix)
            for number, layer in enumerate(self.encoder)
            for suffix, direction in directions.items()
        }
        for name, (layer, suffix) in {**lstms, "decoder": (self.decoder, "")}.items():
            weights = {
                key: layer.get_parameter(f"{key}_l0{suffix}")
                for key in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
            }
            named[f"{name}.weight_input"] = weights["weight_ih"]
            named[f"{name}.weight_hidden"] = weights["weight_hh"]
            named[f"{name}.bias"] = weights["bias_ih"] + weights["bias_hh"]
        return {
            name: tensor.detach().to("cpu", torch.float32).contiguous().numpy().copy()
            for name, tensor in named.items()
        }
