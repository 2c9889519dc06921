"""A causal language model that scores tokens, and remembers the text that it has read.

In: the tokens of a text, and of several continuations. Out: the log probability of each
continuation. The text is read once: its keys and values (the model's cache) are kept, and the text
of the next line, which begins with it, is read from there.
"""

from __future__ import annotations

import copy
import math
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import torch

_REMEMBERED = 16
"""Texts whose caches are kept: as many poems are written side by side, and a few to spare."""

_LOGITS = 2**25
"""Most logits computed at once, 128 MB in single precision; continuations are split to fit."""

_TOLERANCE = 0.5
"""Nats by which a score may differ with and without the cache: bfloat16 rounds to 8 bits."""


class TokenScorer:
    """Scores continuations of a text with a causal language model.

    Args:
        model: of transformers, in evaluation mode.
        window: most tokens that it can read at once.
    """

    def __init__(self, model: Any, window: int) -> None:
        self._model, self._window = model, window
        self._memory: OrderedDict[tuple[int, ...], tuple[Any, torch.Tensor]] = OrderedDict()
        self._reuse = True

    def try_cache(self, before: Sequence[int], rows: Sequence[Sequence[int]]) -> list[float]:
        """Score some rows without the cache, and use it from now on if it gives the same scores.

        Not every model's cache can be copied.

        Returns:
            The scores, in nats, as `log_probabilities` has them.
        """
        self._reuse = False
        plain = self.log_probabilities(before, rows)
        self._reuse = True
        try:
            cached = self.log_probabilities(before, rows)
        except (AttributeError, NotImplementedError, TypeError, ValueError, RuntimeError):
            cached = [math.nan]
        self._memory.clear()
        differences = [abs(one - other) for one, other in zip(cached, plain, strict=False)]
        self._reuse = max(differences) <= _TOLERANCE
        return plain

    @torch.inference_mode()
    def log_probabilities(
        self, before: Sequence[int], rows: Sequence[Sequence[int]]
    ) -> list[float]:
        """Return the log probability of each row after a text, in nats.

        Where text and rows together are longer than the window, the text loses its oldest half
        window, as often as needed, and keeps its first token.

        Args:
            before: tokens of the text, at least one.
            rows: tokens of each continuation; an empty one has log probability 0.
        """
        longest = max(map(len, rows), default=0)
        over = len(before) + longest - self._window
        if over > 0:
            half = max(self._window // 2, 1)
            cut = min(-(-over // half) * half, len(before) - 1)
            before = [before[0], *before[1 + cut :]]
        if not self._reuse:
            return self._score_whole(before, rows)
        cache, first = self._read(tuple(before))
        most = max(1, _LOGITS // (max(longest, 1) * first.shape[-1]))
        scores: list[float] = []
        for start in range(0, len(rows), most):
            scores += self._score_rows(cache, first, len(before), rows[start : start + most])
        return scores

    def _read(self, text: tuple[int, ...]) -> tuple[Any, torch.Tensor]:
        """Return the cache after a text, and the log probabilities of the next token, (tokens,)."""
        if text in self._memory:
            self._memory.move_to_end(text)
            return self._memory[text]
        known = [key for key in self._memory if key == text[: len(key)]]
        former = max(known, key=len, default=())
        cache = self._memory.pop(former)[0] if former else None
        past = {"cache": cache} if cache is not None else {}
        output = self._model(
            input_ids=torch.tensor([text[len(former) :]]),
            attention_mask=torch.ones(1, len(text), dtype=torch.long),
            use_cache=True,
            logits_to_keep=1,
            **past,
        )
        self._memory[text] = output.cache, output.logits[0, -1].float().log_softmax(-1)
        while len(self._memory) > _REMEMBERED:
            self._memory.popitem(last=False)
        return self._memory[text]

    def _score_rows(
        self, cache: Any, first: torch.Tensor, read: int, rows: Sequence[Sequence[int]]
    ) -> list[float]:
        """Return the log probability of rows after a text of `read` tokens that is in a cache."""
        following = [len(row) - 1 for row in rows]  # the last token of a row is only predicted
        width = max(following)
        scores = [float(first[row[0]]) if row else 0.0 for row in rows]
        if width < 1:
            return scores
        copied = copy.deepcopy(cache)
        copied.batch_repeat_interleave(len(rows))
        ids = torch.zeros(len(rows), width, dtype=torch.long)
        mask = torch.zeros(len(rows), read + width, dtype=torch.long)
        for place, (row, length) in enumerate(zip(rows, following, strict=True)):
            ids[place, : max(length, 0)] = torch.tensor(row[:-1], dtype=torch.long)
            mask[place, : read + max(length, 0)] = 1
        output = self._model(input_ids=ids, attention_mask=mask, use_cache=True, cache=copied)
        for place, (row, length) in enumerate(zip(rows, following, strict=True)):
            if length > 0:
                scores[place] += _log_probability(output.logits[place, :length], row[1:])
        return scores

    def _score_whole(self, before: Sequence[int], rows: Sequence[Sequence[int]]) -> list[float]:
        """Return the log probability of rows, reading the text again with each."""
        scores = []
        for row in rows:
            ids = torch.tensor([[*before, *row]])
            logits = self._model(input_ids=ids, use_cache=False).logits[0, len(before) - 1 : -1]
            scores.append(_log_probability(logits, row) if row else 0.0)
        return scores


def _log_probability(logits: torch.Tensor, row: Sequence[int]) -> float:
    """Return the log probability of tokens, in nats, from the logits of each, (row, tokens)."""
    chosen = logits.float().log_softmax(-1).gather(1, torch.tensor(row)[:, None])
    return float(chosen.double().sum())
