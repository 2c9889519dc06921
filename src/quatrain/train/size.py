"""A network and a budget for a corpus and a machine, with the reason in words.

No torch here: `quatrain corpus show` proposes a size too. The rows of `_SIZES`
were set with `benchmarks/learn.py` and by training on 3,000 to 5 million
characters; the rule behind them is that a recurrent network of this kind keeps
improving until it has about as many parameters as there are characters, and
that more dropout is worth its slower learning only when text is scarce.
"""

from __future__ import annotations

import dataclasses
import os
from dataclasses import dataclass

from quatrain.config import Training

SMALL_CORPUS = 20_000
"""Training characters under which a reader is warned what to expect."""


@dataclass(frozen=True)
class Size:
    """Training settings with nothing left to choose, and why they were chosen."""

    settings: Training
    parameters: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class _Row:
    characters: int  # up to this many training characters
    hidden: int
    layers: int
    dropout: float
    recurrent_dropout: float
    batch: int
    length: int
    learning_rate: float
    minutes: float


_SIZES = (
    _Row(20_000, 128, 1, 0.4, 0.3, 8, 64, 5e-3, 1.0),
    _Row(100_000, 384, 1, 0.5, 0.3, 8, 64, 5e-3, 3.0),
    _Row(400_000, 512, 1, 0.5, 0.3, 16, 64, 5e-3, 6.0),
    _Row(3_000_000, 512, 1, 0.3, 0.2, 16, 64, 6e-3, 10.0),
    _Row(20_000_000, 768, 2, 0.2, 0.0, 64, 128, 3e-3, 60.0),
    _Row(1 << 62, 1024, 2, 0.1, 0.0, 64, 128, 2e-3, 240.0),
)


def parameters(alphabet: int, embedding: int, hidden: int, layers: int) -> int:
    """Parameters as the artifact stores them: one bias vector per LSTM layer."""
    inputs = [embedding] + [hidden] * (layers - 1)
    cells = sum(4 * hidden * (size + hidden + 1) for size in inputs)
    return alphabet * embedding + cells + alphabet * (hidden + 1)


def propose(
    characters: int,
    alphabet: int,
    given: Training | None = None,
    *,
    cores: int | None = None,
    gpu: bool = False,
) -> Size:
    """Fill in what `given` leaves open, for `characters` characters to train on.

    Args:
        characters: characters in the training poems.
        alphabet: size of the vocabulary.
        given: the user's settings; what is set there stays.
        cores: of this machine; None asks the system.
        gpu: whether a GPU will train.
    """
    given = given or Training()
    cores = cores or os.cpu_count() or 1
    row = next(row for row in _SIZES if characters <= row.characters)
    minutes = None if given.epochs is not None else row.minutes
    if minutes is not None and not gpu:
        minutes *= max(1.0, 2.0 / cores)
    open_choices: dict[str, object] = {
        "embedding": 64 if row.hidden >= 256 else 32,
        "hidden": row.hidden,
        "layers": row.layers,
        "dropout": row.dropout,
        "recurrent_dropout": row.recurrent_dropout,
        "batch": row.batch * (4 if gpu and row.batch >= 16 else 1),
        "length": row.length,
        "learning_rate": row.learning_rate,
        "minutes": minutes,
        "stride": 3 if given.sequences == "windows" else None,
    }
    if given.sequences == "windows":
        open_choices["length"] = 40
    filled = dataclasses.replace(
        given,
        **{name: value for name, value in open_choices.items() if getattr(given, name) is None},  # type: ignore[arg-type]
    )
    hidden, layers = filled.chosen("hidden"), filled.chosen("layers")
    dropout = filled.chosen("dropout")
    count = parameters(alphabet, filled.chosen("embedding"), hidden, layers)
    reasons = [
        f"{characters:,} characters to learn from: {layers} LSTM layer"
        f"{'s' if layers != 1 else ''} of {hidden} cells, {count:,} parameters "
        f"({count / max(characters, 1):.2g} per character)."
    ]
    if given.dropout is None:
        scarce = "scarce, so a good part of each layer's input is dropped"
        plenty = "plentiful, so little is dropped"
        reasons.append(f"Text is {scarce if dropout >= 0.3 else plenty} ({dropout:g}).")
    if filled.minutes is not None and given.minutes is None:
        where = "a GPU" if gpu else f"{cores} core{'s' if cores != 1 else ''}"
        reasons.append(
            f"{filled.minutes:g} minutes on {where} is where such a run stops paying; "
            "--minutes or --epochs changes it."
        )
    if characters < SMALL_CORPUS:
        reasons.append(
            f"Under {SMALL_CORPUS:,} characters a poet learns the look of words and lines, "
            "not much English: expect invented words. More text helps more than any setting."
        )
    return Size(filled, count, tuple(reasons))
