"""The word-level network as torch trains it: letters, convolution, pooling, highway, LSTM.

    spelling (words, letters) -> embedding -> convolutions of widths 1 to `widths`, tanh
        -> max over time -> highway layers -> word vectors (words, features)
    ids (time, batch) -> word vectors -> LSTM x layers -> projection -> scores of every word

Kim et al. 2016 ("Character-aware neural language models", section 3). The convolutions run
once for each distinct word of a batch.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from quatrain.poet.network import WordSize
from quatrain.train.networks.recurrent import RecurrentNetwork, State, lstm_layers

_TARGETS_AT_ONCE = 1024
"""Targets whose scores of every word are made together, to bound the memory."""

_HIGHWAY_BIAS = -2.0
"""Initial gate bias: the layers start by carrying (Srivastava et al. 2015, section 2.2)."""


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
        self.kernels = nn.ModuleList(
            nn.Conv1d(embedding, filters * width, width) for width in range(1, widths + 1)
        )
        self.features = filters * widths * (widths + 1) // 2
        self.transforms = nn.ModuleList(
            nn.Linear(self.features, self.features) for _ in range(highway)
        )
        self.gates = nn.ModuleList(nn.Linear(self.features, self.features) for _ in range(highway))

    def initialise(self, generator: torch.Generator) -> None:
        """Draw the weights."""
        nn.init.normal_(self.letters.weight, std=0.3, generator=generator)
        self.letters.weight.data[0] = 0.0
        for kernel in self.kernels:
            nn.init.xavier_uniform_(kernel.get_parameter("weight"), generator=generator)
            nn.init.zeros_(kernel.get_parameter("bias"))
        for transform, gate in zip(self.transforms, self.gates, strict=True):
            nn.init.xavier_uniform_(transform.get_parameter("weight"), generator=generator)
            nn.init.zeros_(transform.get_parameter("bias"))
            nn.init.xavier_uniform_(gate.get_parameter("weight"), generator=generator)
            nn.init.constant_(gate.get_parameter("bias"), _HIGHWAY_BIAS)

    def forward(self, words: Tensor) -> Tensor:
        """Return vectors (words, features) for distinct words (words,), given by number."""
        spelled = self.spellings[words]  # (words, letters)
        lengths = (spelled != 0).sum(dim=1)
        spelled = spelled[:, : int(lengths.max())]
        if spelled.shape[1] < len(self.kernels):
            spelled = functional.pad(spelled, (0, len(self.kernels) - spelled.shape[1]))
        letters = self.letters(spelled).transpose(1, 2)  # (words, embedding, letters)
        pooled = []
        for width, kernel in enumerate(self.kernels, start=1):
            responses = kernel(letters)  # (words, filters, places)
            places = torch.arange(responses.shape[2], device=words.device)
            outside = places > (lengths - width).clamp(min=0)[:, None]  # windows past the end
            pooled.append(responses.masked_fill(outside[:, None, :], -torch.inf).amax(dim=2))
        values = torch.tanh(torch.cat(pooled, dim=1))  # tanh rises: it may follow the maximum
        for transform, gate in zip(self.transforms, self.gates, strict=True):
            openness = torch.sigmoid(gate(values))
            values = openness * torch.relu(transform(values)) + (1.0 - openness) * values
        return values


@dataclass(frozen=True)
class Dropout:
    """Shares of a word-level network dropped while it is trained.

    Attributes:
        features: of word vectors' and layers' features, the same at every time.
        recurrent: of the recurrent weights, drawn at each step.
        words: of the words read, which become unknown.
    """

    features: float = 0.0
    recurrent: float = 0.0
    words: float = 0.0


class WordNetwork(RecurrentNetwork):
    """Word vectors from letters, LSTM layers, a low-rank projection, one score per word.

    Args:
        size: of every layer.
        spellings: letters of every word, padded with 0, (vocabulary, letters).
        counts: how often each word was seen in training, (vocabulary,).
        dropout: shares dropped while training.
        negatives: words drawn for the sampled softmax; 0 scores every word.
        unknown: the number of the unknown word.
        seed: of the initial weights; `generator` draws what is dropped and sampled.
    """

    drops_inputs = True

    _unigram: Tensor
    _proposal: Tensor

    def __init__(
        self,
        size: WordSize,
        *,
        spellings: Tensor,
        counts: Tensor,
        dropout: Dropout,
        negatives: int,
        unknown: int,
        seed: int,
        generator: torch.Generator,
    ) -> None:
        super().__init__(size.hidden, dropout.features, dropout.recurrent, generator)
        self.word_dropout = dropout.words
        self.negatives = negatives
        self.unknown = unknown
        self.vocabulary = size.vocabulary
        with torch.random.fork_rng(devices=[]):  # the constructors draw from the global generator
            self.words = SpelledWords(
                spellings,
                letters=size.letters,
                embedding=size.embedding,
                filters=size.filters,
                widths=size.widths,
                highway=size.highway,
            )
            self.lstm = lstm_layers(size.features, size.hidden, size.layers)
            self.projection = nn.Linear(size.hidden, size.projection)
            self.output = nn.Linear(size.projection, size.vocabulary)
        smoothed = counts.double() + 0.5
        self.register_buffer("_unigram", (smoothed / smoothed.sum()).float(), persistent=False)
        flat = smoothed.sqrt()  # flatter than the text, so that rare words are drawn too
        self.register_buffer("_proposal", (flat / flat.sum()).float(), persistent=False)
        self._initialise(torch.Generator().manual_seed(seed))

    def _initialise(self, generator: torch.Generator) -> None:
        self.words.initialise(generator)
        self.initialise_lstm(generator)
        nn.init.xavier_uniform_(self.projection.weight, generator=generator)
        nn.init.zeros_(self.projection.bias)
        nn.init.normal_(self.output.weight, std=0.05, generator=generator)
        self.output.bias.data.copy_(self._unigram.log())  # begins as the unigram model

    def read(self, ids: Tensor, state: State) -> tuple[Tensor, State]:
        """Return the highest layer's output, projected, and the state after it.

        Args:
            ids: words read, (time, batch).
            state: before them.

        Returns:
            Query vectors (time, batch, projection), to be scored against every word; the state.
        """
        if self.training and self.word_dropout:
            draws = torch.rand(ids.shape, generator=self.dropout.generator)
            ids = ids.masked_fill((draws < self.word_dropout).to(ids.device), self.unknown)
        values, after = self.run_lstm(self.vectors(ids), state)
        return self.projection(values), after

    def vectors(self, ids: Tensor) -> Tensor:
        """Return the vectors (..., features) that the lowest LSTM layer reads."""
        distinct, places = torch.unique(ids, return_inverse=True)
        return functional.embedding(places, self.words(distinct))

    def logits(self, values: Tensor) -> Tensor:
        """Return scores (..., vocabulary) for the highest LSTM layer's output, (..., hidden)."""
        logits: Tensor = self.output(self.projection(values))
        return logits

    def surprisal(self, ids: Tensor, targets: Tensor, state: State) -> tuple[Tensor, State]:
        """Return the surprisal at each target in nats, (time, batch), and the state after.

        The scores of every word are made for a few targets at a time.
        """
        projected, after = self.read(ids, state)
        losses = [
            functional.cross_entropy(self.output(queries), words, reduction="none")
            for queries, words in zip(
                torch.split(projected.flatten(0, 1), _TARGETS_AT_ONCE),
                torch.split(targets.flatten(), _TARGETS_AT_ONCE),
                strict=True,
            )
        ]
        return torch.cat(losses).view(targets.shape), after

    def forward(
        self, ids: Tensor, state: State, targets: Tensor | None = None, ignored: int = -100
    ) -> tuple[Tensor, State]:
        """Return logits (time, batch, vocabulary) for ids (time, batch), and the state after them.

        With `targets` (time, batch), return their summed surprisal instead, (), in nats: in
        training over the sampled words, otherwise over all. Targets equal to `ignored` do not
        count.
        """
        projected, after = self.read(ids, state)
        if targets is None:
            return self.output(projected), after
        words = targets.flatten()
        queries = projected.flatten(0, 1)
        if self.training and self.negatives:
            return self._sampled_softmax(queries, words, ignored), after
        logits = self.output(queries)
        return functional.cross_entropy(logits, words, ignore_index=ignored, reduction="sum"), after

    def _sampled_softmax(self, queries: Tensor, words: Tensor, ignored: int) -> Tensor:
        """Sum the losses over the batch's own words and drawn ones (Jean et al. 2015, eq. 5).

        A batch's words are draws from the unigram distribution q and `negatives` more come from
        a flatter one s, so word w is a candidate with the probability
        1 - (1 - q_w)^batch (1 - s_w)^negatives, and its logit is lowered by the log of that.
        """
        negatives = torch.multinomial(
            self._proposal.cpu(), self.negatives, replacement=True, generator=self.dropout.generator
        ).to(words.device)
        candidates, places = torch.unique(torch.cat([words, negatives]), return_inverse=True)
        log_absent = len(words) * torch.log1p(-self._unigram[candidates])
        log_absent = log_absent + self.negatives * torch.log1p(-self._proposal[candidates])
        log_present = torch.log(-torch.expm1(log_absent))
        logits = functional.linear(
            queries, self.output.weight[candidates], self.output.bias[candidates] - log_present
        )
        targets = places[: len(words)].masked_fill(words == ignored, -100)
        return functional.cross_entropy(logits, targets, reduction="sum")

    def outer_weights(self) -> dict[str, Tensor]:
        """Return the weights outside the LSTM layers under the artifact's names."""
        weights: dict[str, Tensor] = {
            "letters.weight": self.words.letters.weight,
            "projection.weight": self.projection.weight,
            "projection.bias": self.projection.bias,
            "output.weight": self.output.weight,
            "output.bias": self.output.bias,
        }
        for width, kernel in enumerate(self.words.kernels, start=1):
            weights[f"kernel.{width}.weight"] = kernel.get_parameter("weight")
            weights[f"kernel.{width}.bias"] = kernel.get_parameter("bias")
        for index, (transform, gate) in enumerate(
            zip(self.words.transforms, self.words.gates, strict=True)
        ):
            weights[f"highway.{index}.weight"] = transform.get_parameter("weight")
            weights[f"highway.{index}.bias"] = transform.get_parameter("bias")
            weights[f"highway.{index}.gate_weight"] = gate.get_parameter("weight")
            weights[f"highway.{index}.gate_bias"] = gate.get_parameter("bias")
        return weights
