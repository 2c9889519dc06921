"""Validation while training, by the definition of `records.Score`, in torch.

Poems are scored side by side, the state reset at the start of each. A poem
longer than `SEGMENT` characters is scored in segments, each read in with
`CONTEXT` earlier characters, so that one long text does not have to be walked
alone; `CharacterPoet.evaluate` walks it whole. On the last tenth of tinyshakespeare,
one text of 111,540 characters, both gave 1.4442 nats per character.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from quatrain.corpus import Vocabulary
from quatrain.records import Score
from quatrain.train.networks import RecurrentNetwork

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from quatrain.train.networks import State

SEGMENT = 4096
"""Characters of a poem scored at a time."""

CONTEXT = 256
"""Characters read in before a segment."""

_BATCH_CHARACTERS = 65_536
"""Characters of all segments that are scored side by side, at most."""

_CHUNK = 256
"""Characters per call of the network."""


@dataclass(frozen=True)
class _Segment:
    start: int  # first input token
    stop: int  # one past the last target token
    context: int  # leading predictions that are not counted

    @property
    def length(self) -> int:
        return self.stop - self.start - 1


def _segments(offsets: NDArray[np.int64], poems: Iterable[int]) -> list[_Segment]:
    segments = []
    for poem in poems:
        first, stop = int(offsets[poem]), int(offsets[poem + 1])
        for begin in range(first, stop - 1, SEGMENT):
            start = max(first, begin - CONTEXT)
            segments.append(_Segment(start, min(begin + SEGMENT, stop - 1) + 1, begin - start))
    return sorted(segments, key=lambda segment: (segment.length, segment.start))


def _batches(segments: list[_Segment]) -> list[list[_Segment]]:
    batches: list[list[_Segment]] = [[]]
    for segment in segments:
        if batches[-1] and (len(batches[-1]) + 1) * segment.length > _BATCH_CHARACTERS:
            batches.append([])
        batches[-1].append(segment)
    return batches


@torch.no_grad()
def score(
    network: RecurrentNetwork,
    tokens: NDArray[np.unsignedinteger],
    offsets: NDArray[np.int64],
    poems: Iterable[int],
    *,
    device: torch.device,
    rank: int = 0,
    ranks: int = 1,
) -> Score:
    """Score the share of `rank` in `poems` (indices into `offsets`)."""
    network.eval()
    nats, counted, unknown, starts = 0.0, 0, 0, 0
    for batch in _batches(_segments(offsets, poems))[rank::ranks]:
        width, longest = len(batch), batch[-1].length
        ids = np.full((longest + 1, width), Vocabulary.END, dtype=np.int64)
        weight = np.zeros((longest, width), dtype=bool)
        for lane, segment in enumerate(batch):
            ids[: segment.length + 1, lane] = tokens[segment.start : segment.stop]
            weight[segment.context : segment.length, lane] = True
            starts += segment.context == 0
        targets = ids[1:]
        counted += int(weight.sum())
        unknown += int(((targets == Vocabulary.UNKNOWN) & weight).sum())
        state: State = network.start(width, device)
        for begin in range(0, longest, _CHUNK):
            span = slice(begin, min(begin + _CHUNK, longest))
            inputs = torch.from_numpy(ids[span]).to(device)
            expected = torch.from_numpy(targets[span]).to(device)
            losses, state = network.surprisal(inputs, expected, state)
            mask = torch.from_numpy(weight[span]).to(device)
            nats += float(losses[mask].double().sum())
    network.train()
    return Score(nats, counted, unknown, starts)


def overfitting(training: float, best: float, last: float) -> str:
    """Say in a sentence how far a poet overfits.

    Args:
        training: recent training loss.
        best: best validation.
        last: last validation; all three in nats per character.
    """
    gap = best - training
    if not math.isfinite(gap):
        return "The run is too short to judge overfitting."
    if last > best + 0.01:
        return (
            f"After the best point validation rose by {last - best:.3f} nats per character: the "
            "poet began to memorise the training poems. The best point is the one saved."
        )
    if gap > 0.25:
        return (
            f"Overfitting: unseen poems are {gap:.2f} nats per character harder than training "
            "poems. More text or more dropout would help."
        )
    if gap > 0.08:
        return f"Mild overfitting: training and validation are {gap:.2f} nats per character apart."
    return "No overfitting: training and validation are close."
