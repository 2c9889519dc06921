"""The word poet as torch trains it: letters, convolution, pooling, highway, LSTM.

    spelling (words, letters) -> embedding -> convolutions of widths 1 to `widths`, tanh
        -> max over time -> highway layers -> word vectors (words, features)
    ids (time, batch) -> word vectors -> LSTM x layers -> projection -> scores of every word

Kim et al. 2016 ("Character-aware neural language models", section 3). The convolutions run
once for each distinct word of a batch. The same network is stepped in NumPy by
`quatrain.poet`; the two meet only in the tensors of `WordNetwork.tensors()`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional

from quatrain.train.network import State, VariationalDropout, copy_lstm_weights, drop_weights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_AT_ONCE = 1024

_HIGHWAY_BIAS = -2.0
"""Gates start by carrying (Srivastava et al. 2015, section 2.2)."""


class SpelledWords(nn.Module):
    """Word vectors from spelling: embedding, convolutions, max-pooling, highway.

    Args:
        spellings: letters of every word, padded with 0, (vocabulary, letters).
        letters: how many numbers spellings are made of.
        embedding: size of a letter's vector.
        filters: filters of the narrowest convolution; one of width w has w times as many.
        widths: the widest convolution.
        highway: highway layers.
    """

    spellings: Tensor

    def __init__(
        self,
        spellings: Tensor,
        *,
        letters: int,
        embedding: int,
        filters: int,
        widths: int,
        highway: int,
    ) -> None:
        super().__init__()
        self.register_buffer("spellings", spellings.long(), persistent=False)
        self.letters = nn.Embedding(letters, embedding, padding_idx=0)
        self.kernels: list[nn.Conv1d] = nn.ModuleList(  # type: ignore[assignment]
            nn.Conv1d(embedding, filters * width, width) for width in range(1, widths + 1)
        )
        self.features = filters * widths * (widths + 1) // 2
        self.transforms: list[nn.Linear] = nn.ModuleList(  # type: ignore[assignment]
            nn.Linear(self.features, self.features) for _ in range(highway)
        )
        self.gates: list[nn.Linear] = nn.ModuleList(  # type: ignore[assignment]
            nn.Linear(self.features, self.features) for _ in range(highway)
        )

    def initialise(self, generator: torch.Generator) -> None:
        """Draw the weights anew."""
        nn.init.normal_(self.letters.weight, std=0.3, generator=generator)
        self.letters.weight.data[0] = 0.0
        for kernel in self.kernels:
            nn.init.xavier_uniform_(kernel.weight, generator=generator)
            nn.init.zeros_(kernel.get_parameter("bias"))
        for transform, gate in zip(self.transforms, self.gates, strict=True):
            nn.init.xavier_uniform_(transform.weight, generator=generator)
            nn.init.zeros_(transform.bias)
            nn.init.xavier_uniform_(gate.weight, generator=generator)
            nn.init.constant_(gate.bias, _HIGHWAY_BIAS)

    def forward(self, words: Tensor) -> Tensor:
        """Vectors (words, features) of distinct words (words,), given by number."""
        spelled = self.spellings[words]  # (words, letters)
        lengths = (spelled != 0).sum(dim=1)
        spelled = spelled[:, : int(lengths.max())]
        if spelled.shape[1] < len(self.kernels):
            spelled = functional.pad(spelled, (0, len(self.kernels) - spelled.shape[1]))
        letters = self.letters(spelled).transpose(1, 2)  # (words, embedding, letters)
        pooled = []
        for width, kernel in enumerate(self.kernels, start=1):
            answers = kernel(letters)  # (words, filters, places)
            places = torch.arange(answers.shape[2], device=words.device)
            outside = places > (lengths - width).clamp(min=0)[:, None]  # windows past the end
            pooled.append(answers.masked_fill(outside[:, None, :], -torch.inf).amax(dim=2))
        values = torch.tanh(torch.cat(pooled, dim=1))  # tanh rises: it may follow the maximum
        for transform, gate in zip(self.transforms, self.gates, strict=True):
            opened = torch.sigmoid(gate(values))
            values = opened * torch.relu(transform(values)) + (1.0 - opened) * values
        return values


class WordNetwork(nn.Module):
    """Word vectors from letters, LSTM layers, a low-rank projection, one score per word.

    Forget-gate biases start at 1, recurrent matrices are orthogonal gate by gate, input
    matrices are Glorot-uniform, as in `CharacterNetwork`.

    Args:
        spellings: letters of every word, padded with 0, (vocabulary, letters).
        letters: how many numbers spellings are made of.
        counts: how often each word was seen in training, (vocabulary,).
        embedding, filters, widths, highway: see `SpelledWords`.
        hidden: cells per layer.
        layers: number of LSTM layers.
        projection: size of the vectors that words are scored by.
        dropout: share of word vectors' and layers' features dropped, the same at every time.
        recurrent_dropout: share of the recurrent weights dropped at each step of training.
        word_dropout: share of the words read that become unknown.
        negatives: words drawn for the sampled softmax; 0 scores every word.
        unknown: the number of the unknown word.
        seed: of the initial weights; `generator` draws what is dropped and sampled.
    """

    _unigram: Tensor
    _drawn: Tensor

    def __init__(
        self,
        *,
        spellings: Tensor,
        letters: int,
        counts: Tensor,
        embedding: int,
        filters: int,
        widths: int,
        highway: int,
        hidden: int,
        layers: int,
        projection: int,
        dropout: float,
        recurrent_dropout: float,
        word_dropout: float,
        negatives: int,
        unknown: int,
        seed: int,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        self.hidden = hidden
        self.recurrent_dropout = recurrent_dropout
        self.word_dropout = word_dropout
        self.negatives = negatives
        self.unknown = unknown
        self.vocabulary = len(spellings)
        with torch.random.fork_rng(devices=[]):  # the constructors draw from the global generator
            self.words = SpelledWords(
                spellings,
                letters=letters,
                embedding=embedding,
                filters=filters,
                widths=widths,
                highway=highway,
            )
            self.lstm = nn.ModuleList(
                nn.LSTM(self.words.features if layer == 0 else hidden, hidden)
                for layer in range(layers)
            )
            self.projection = nn.Linear(hidden, projection)
            self.output = nn.Linear(projection, self.vocabulary)
        self.dropout = VariationalDropout(dropout, generator)
        seen = counts.double() + 0.5
        self.register_buffer("_unigram", (seen / seen.sum()).float(), persistent=False)
        flat = seen.sqrt()  # flatter than the text, so that rare words are drawn too
        self.register_buffer("_drawn", (flat / flat.sum()).float(), persistent=False)
        self._initialise(torch.Generator().manual_seed(seed))

    def _initialise(self, generator: torch.Generator) -> None:
        self.words.initialise(generator)
        for weight_input, weight_hidden, *biases in self._cells():
            nn.init.xavier_uniform_(weight_input, generator=generator)
            for gate in weight_hidden.data.chunk(4):
                nn.init.orthogonal_(gate, generator=generator)
            for bias in biases:
                nn.init.zeros_(bias)
            biases[0].data[self.hidden : 2 * self.hidden] = 1.0  # gates i, f, g, o
        nn.init.xavier_uniform_(self.projection.weight, generator=generator)
        nn.init.zeros_(self.projection.bias)
        nn.init.normal_(self.output.weight, std=0.05, generator=generator)
        self.output.bias.data.copy_(self._unigram.log())  # begins as the unigram model

    def _cells(self) -> list[tuple[Tensor, ...]]:
        """Per layer: input weights, recurrent weights, and torch's two bias vectors."""
        return [tuple(layer.parameters()) for layer in self.lstm]

    def start(self, batch: int, device: torch.device | None = None) -> State:
        """The zero state for `batch` sequences."""
        return [
            (
                torch.zeros(1, batch, self.hidden, device=device),
                torch.zeros(1, batch, self.hidden, device=device),
            )
            for _ in self.lstm
        ]

    def read(self, ids: Tensor, state: State) -> tuple[Tensor, State]:
        """What the last layer answers, projected, (time, batch, projection), and the state after.

        Args:
            ids: words read, (time, batch).
            state: before them.
        """
        if self.training and self.word_dropout:
            drawn = torch.rand(ids.shape, generator=self.dropout.generator)
            ids = ids.masked_fill((drawn < self.word_dropout).to(ids.device), self.unknown)
        values = self.vectors(ids)
        after: State = []
        for index, layer in enumerate(self.lstm):
            values, layer_state = functional_call(
                layer, self._dropped(layer), (self.dropout(values), state[index])
            )
            after.append(layer_state)
        return self.projection(self.dropout(values)), after

    def vectors(self, ids: Tensor) -> Tensor:
        """The vectors (..., features) that the lowest LSTM layer reads."""
        distinct, places = torch.unique(ids, return_inverse=True)
        return functional.embedding(places, self.words(distinct))

    def logits(self, values: Tensor) -> Tensor:
        """Scores (..., vocabulary) of what the highest LSTM layer answers, (..., hidden)."""
        logits: Tensor = self.output(self.projection(values))
        return logits

    def surprisal(self, ids: Tensor, targets: Tensor, state: State) -> tuple[Tensor, State]:
        """Surprise in nats at each target, (time, batch), and the state after.

        The scores of every word are made for a few targets at once.
        """
        projected, after = self.read(ids, state)
        losses = [
            functional.cross_entropy(self.output(queries), wanted, reduction="none")
            for queries, wanted in zip(
                torch.split(projected.flatten(0, 1), _AT_ONCE),
                torch.split(targets.flatten(), _AT_ONCE),
                strict=True,
            )
        ]
        return torch.cat(losses).view(targets.shape), after

    def _dropped(self, layer: nn.Module) -> dict[str, Tensor]:
        """The recurrent weights to use instead of the layer's own, if any are to be dropped."""
        if not self.training or self.recurrent_dropout == 0.0:
            return {}
        weight = layer.get_parameter("weight_hh_l0")
        dropped = drop_weights(weight, self.recurrent_dropout, self.dropout.generator)
        return {"weight_hh_l0": dropped}

    def forward(
        self, ids: Tensor, state: State, targets: Tensor | None = None, ignored: int = -100
    ) -> tuple[Tensor, State]:
        """Logits (time, batch, vocabulary) for ids (time, batch), and the state after them.

        With `targets` (time, batch) the summed surprise at them instead, (): in training over
        the sampled words, otherwise over all. Targets equal to `ignored` do not count.
        """
        projected, after = self.read(ids, state)
        if targets is None:
            return self.output(projected), after
        wanted = targets.flatten()
        queries = projected.flatten(0, 1)
        if self.training and self.negatives:
            return self._sampled(queries, wanted, ignored), after
        logits = self.output(queries)
        return functional.cross_entropy(
            logits, wanted, ignore_index=ignored, reduction="sum"
        ), after

    def _sampled(self, queries: Tensor, wanted: Tensor, ignored: int) -> Tensor:
        """Sampled softmax over the batch's own words and drawn ones (Jean et al. 2015, eq. 5).

        A batch's words are draws from the unigram distribution q and `negatives` more come from
        a flatter one s, so word w is a candidate with the probability
        1 - (1 - q_w)^batch (1 - s_w)^negatives, and its logit is lowered by the log of that.
        """
        drawn = torch.multinomial(
            self._drawn.cpu(), self.negatives, replacement=True, generator=self.dropout.generator
        ).to(wanted.device)
        candidates, places = torch.unique(torch.cat([wanted, drawn]), return_inverse=True)
        missed = len(wanted) * torch.log1p(-self._unigram[candidates])
        missed = missed + self.negatives * torch.log1p(-self._drawn[candidates])
        expected = torch.log(-torch.expm1(missed))
        logits = functional.linear(
            queries, self.output.weight[candidates], self.output.bias[candidates] - expected
        )
        chosen = places[: len(wanted)].masked_fill(wanted == ignored, -100)
        return functional.cross_entropy(logits, chosen, reduction="sum")

    def tensors(self) -> dict[str, NDArray[np.float32]]:
        """The weights under the artifact's names, the two biases of torch's LSTM summed."""
        describe_base = self._places()
        for index, (weight_input, weight_hidden, *biases) in enumerate(self._cells()):
            describe_base[f"lstm.{index}.weight_input"] = weight_input
            describe_base[f"lstm.{index}.weight_hidden"] = weight_hidden
            describe_base[f"lstm.{index}.bias"] = biases[0] + biases[1]
        return {
            name: tensor.detach().to("cpu", torch.float32).contiguous().numpy().copy()
            for name, tensor in describe_base.items()
        }

    def _places(self) -> dict[str, Tensor]:
        """The weights outside the LSTM layers under the artifact's names."""
        describe_base: dict[str, Tensor] = {
            "letters.weight": self.words.letters.weight,
            "projection.weight": self.projection.weight,
            "projection.bias": self.projection.bias,
            "output.weight": self.output.weight,
            "output.bias": self.output.bias,
        }
        for width, kernel in enumerate(self.words.kernels, start=1):
            describe_base[f"kernel.{width}.weight"] = kernel.weight
            describe_base[f"kernel.{width}.bias"] = kernel.get_parameter("bias")
        for index, (transform, gate) in enumerate(
            zip(self.words.transforms, self.words.gates, strict=True)
        ):
            describe_base[f"highway.{index}.weight"] = transform.weight
            describe_base[f"highway.{index}.bias"] = transform.bias
            describe_base[f"highway.{index}.gate_weight"] = gate.weight
            describe_base[f"highway.{index}.gate_bias"] = gate.bias
        return describe_base

    def copy_weights(self, tensors: Mapping[str, Tensor]) -> None:
        """Take weights under the artifact's names; those that are not given stay."""
        places = self._places()
        with torch.no_grad():
            for name, value in tensors.items():
                if name in places:
                    places[name].copy_(value)
            copy_lstm_weights(self.lstm, tensors)

    def parameter_count(self) -> int:
        """Trained parameters, torch's two bias vectors per LSTM layer counted as such."""
        return sum(parameter.numel() for parameter in self.parameters())
