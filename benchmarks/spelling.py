"""Words read, and scored, by their letters or from a table: a test of Kim et al.'s claim.

Networks with the same LSTM learn from the same sonnets for the same passes. They differ in how
they make the vector of a word that the LSTM reads, and in the rows that score the next word:

    letters -> table      convolutions over letters read, a table scores (the word-level poet)
    table -> table        a learned vector for every word (Kim et al. 2016 compare with this)
    letters -> letters    rows made of letters too (Jozefowicz et al. 2016, section 3.2)
    letters -> corrected  the same, and a few parameters of its own for every word (their eq. 6)

The vocabulary is the words seen three times or more, as in `deepspeare.py`. Every second sonnet of
VALID chooses the pass that is kept; the others give the figures.

    python benchmarks/spelling.py --train TRAIN.jsonl.gz --valid VALID.jsonl.gz
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from deepspeare import LEAST, sonnets
from machine import machine
from quatrain.config import Training
from quatrain.corpus import PreparedWords, Streams, WordLimits
from quatrain.native import configure_native_libraries
from quatrain.train.budget import learning_rate
from quatrain.train.device import accelerator, processor
from quatrain.train.evaluation import score
from quatrain.train.learner import Learner
from quatrain.train.networks import build
from quatrain.train.networks import SpelledWords, WordNetwork

WAYS = ("letters -> table", "table -> table", "letters -> letters", "letters -> corrected")
CORRECTION = 32
RARE, COMMON = 10, 100
"""Largest training count of a rare word and of a middling one."""

SETTINGS = Training(
    kind="words", direction="reversed", embedding=16, filters=12, widths=6, highway=1,
    hidden=256, layers=1, projection=128, dropout=0.4, recurrent_dropout=0.2, word_dropout=0.1,
    negatives=1024, batch=16, length=35, learning_rate=2e-3, averaging=0.998,
)  # fmt: skip


class Table(nn.Module):
    """A vector for every word, in place of `SpelledWords`."""

    def __init__(self, vocabulary: int, features: int, generator: torch.Generator) -> None:
        super().__init__()
        self.features = features
        self.weight = nn.Parameter(torch.empty(vocabulary, features))
        nn.init.normal_(self.weight, std=0.3, generator=generator)

    def forward(self, words: Tensor) -> Tensor:
        """Return the vectors (words, features) of words (words,)."""
        return self.weight[words]


class SpelledRows(nn.Module):
    """Scores by rows made of letters, in place of the output's table.

    Args:
        words: makes the vectors of words.
        vocabulary: number of words.
        queries: size of the vectors that are scored.
        correction: parameters of each word's own.
        bias: one per word, (vocabulary,).
    """

    def __init__(
        self, words: SpelledWords, vocabulary: int, queries: int, correction: int, bias: Tensor
    ) -> None:
        super().__init__()
        self.words = words
        self.rows = nn.Linear(words.features, queries)
        self.bias = nn.Parameter(bias.detach().clone())
        self.own = nn.Parameter(torch.zeros(vocabulary, correction)) if correction else None
        self.spread = nn.Linear(correction, queries, bias=False) if correction else None

    @property
    def weight(self) -> SpelledRows:
        """Rows by number, as a table's: the sampled softmax asks for some."""
        return self

    def __getitem__(self, words: Tensor) -> Tensor:
        """Return the rows (words, size) of words (words,)."""
        rows: Tensor = self.rows(self.words(words))
        if self.own is not None and self.spread is not None:
            rows = rows + self.spread(self.own[words])
        return rows

    def forward(self, queries: Tensor) -> Tensor:
        """Return the scores (queries, vocabulary) of queries (queries, size)."""
        rows = self[torch.arange(len(self.bias), device=queries.device)]
        return nn.functional.linear(queries, rows, self.bias)


def network(way: str, data: PreparedWords, settings: Training) -> WordNetwork:
    """Build the word-level poet's network with the parts of one way."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        made = build(data, settings)
        assert isinstance(made, WordNetwork)
        generator = torch.Generator().manual_seed(settings.seed)
        read, scored = way.split(" -> ")
        if read == "table":
            made.words = Table(made.vocabulary, made.words.features, generator)
        if scored != "table":
            words = SpelledWords(
                torch.from_numpy(data.vocabulary.spellings), letters=data.vocabulary.letters,
                embedding=settings.chosen("embedding"), filters=settings.chosen("filters"),
                widths=settings.chosen("widths"), highway=settings.chosen("highway"),
            )  # fmt: skip
            words.initialise(generator)
            correction = CORRECTION if scored == "corrected" else 0
            size = made.output.in_features
            made.output = SpelledRows(words, made.vocabulary, size, correction, made.output.bias)
    return made


def size(part: nn.Module) -> int:
    """Return the number of trained parameters."""
    return sum(parameter.numel() for parameter in part.parameters())


def by_frequency(made: WordNetwork, data: PreparedWords, poems: list[int]) -> dict[str, float]:
    """Return the perplexity of all words, and of words by their training count."""
    made.eval()
    device = next(made.parameters()).device
    nats, seen = [], []
    for poem in poems:
        ids = data.tokens[data.offsets[poem] : data.offsets[poem + 1]].astype(np.int64)[:-1, None]
        there = torch.from_numpy(ids).to(device)
        with torch.no_grad():
            found, _ = made.surprisal(there[:-1], there[1:], made.start(1, device))
        nats.append(found[:, 0].double().cpu().numpy())
        wanted = ids[1:, 0]
        seen.append(np.where(wanted == data.vocabulary.UNKNOWN, -1, data.counts[wanted]))
    surprisal, counts = np.concatenate(nats), np.concatenate(seen)
    kinds = {
        "all": counts > -2, "unknown": counts == -1, "rare": (counts >= 0) & (counts <= RARE),
        "middling": (counts > RARE) & (counts <= COMMON), "common": counts > COMMON,
    }  # fmt: skip
    with np.errstate(over="ignore"):  # of a training that went astray
        return {name: float(np.exp(surprisal[kind].mean())) for name, kind in kinds.items()}


def measured(way: str, asked: argparse.Namespace, seed: int) -> dict[str, Any]:
    """Train and score one network."""
    configure_native_libraries()
    settings = Training(
        **{**vars(SETTINGS), "seed": seed, "threads": asked.threads, "learning_rate": asked.rate}
    )
    training, valid = list(sonnets(asked.train)), list(sonnets(asked.valid))
    data = PreparedWords.from_tokens(
        training + valid, np.arange(len(training)),
        np.arange(len(training), len(training) + len(valid)), backwards=True,
        vocabulary=WordLimits(minimum_count=LEAST),
    )  # fmt: skip
    choosing, reporting = data.validation[::2].tolist(), data.validation[1::2].tolist()
    streams = Streams(
        data.tokens, data.offsets, data.training, lanes=settings.chosen("batch"),
        length=settings.chosen("length"), seed=seed,
    )  # fmt: skip
    run_on = accelerator(settings)
    learner = Learner(
        settings, network(way, data, settings), lanes=streams.lanes,
        ignored=data.vocabulary.START, accelerator=run_on,
    )  # fmt: skip
    made = learner.network
    steps = asked.passes * streams.steps_per_epoch
    best, kept = math.inf, 0
    begun = time.monotonic()
    with processor(settings):
        for step in range(steps):
            if streams.fresh(step):
                learner.start_afresh()
            rate = learning_rate(step / steps, settings.chosen("learning_rate"), settings.warmup)
            learner.step(*streams.batch(step, lanes=learner.mine), rate)
            done, rest = divmod(step + 1, streams.steps_per_epoch)
            if rest == 0:
                with learner.averaged():
                    found = score(made, data.tokens, data.offsets, choosing, device=run_on.device)
                    if found.nats < best:
                        best, kept = found.nats, done
                        learner.keep_best()
                row = {
                    "way": way,
                    "seed": seed,
                    "pass": done,
                    "choosing": math.exp(found.nats / found.characters),
                }
                print(json.dumps(row), flush=True)
        seconds = time.monotonic() - begun
        with learner.best_in_place():
            perplexity = by_frequency(made, data, reporting)
    words_read, rows = size(made.words), size(made.output)
    return {
        "way": way, "seed": seed, "passes": kept, "seconds": round(seconds),
        "read": words_read, "scored": rows, "other": size(made) - words_read - rows, **perplexity,
    }  # fmt: skip


def rows_of(asked: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Yield the figures of each network as soon as it is done."""
    with ProcessPoolExecutor(asked.processes, mp_context=get_context("spawn")) as pool:
        waiting = [
            pool.submit(measured, way, asked, seed)
            for seed in range(asked.seeds) for way in asked.ways
        ]  # fmt: skip
        for each in as_completed(waiting):
            row = each.result()
            print(json.dumps(row), flush=True)
            yield row


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--train", required=True, type=Path, help="sonnets to learn from")
    parser.add_argument("--valid", required=True, type=Path, help="sonnets to score")
    parser.add_argument("--ways", nargs="*", default=list(WAYS), choices=WAYS)
    parser.add_argument("--passes", type=int, default=14)
    parser.add_argument("--rate", type=float, default=2e-3, help="the highest learning rate")
    parser.add_argument("--seeds", type=int, default=1, help="networks to train per way")
    parser.add_argument("--processes", type=int, default=1, help="networks to train side by side")
    parser.add_argument("--threads", type=int, default=1, help="threads per network")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args()
    rows = sorted(rows_of(asked), key=lambda row: (WAYS.index(row["way"]), row["seed"]))
    if asked.json:
        print(json.dumps({"machine": machine("torch"), "rows": rows}))
        return
    print(machine("torch"))
    kinds = ("all", "unknown", "rare", "middling", "common")
    print(f"{'way':22} {'read':>10} {'scored':>10} {'other':>10} {'passes':>6} {'seconds':>7}"
          + "".join(f"{kind:>10}" for kind in kinds))  # fmt: skip
    for row in rows:
        print(f"{row['way']:22} {row['read']:10,} {row['scored']:10,} {row['other']:10,} "
              f"{row['passes']:6} {row['seconds']:7}"
              + "".join(f"{row[kind]:10.1f}" for kind in kinds))  # fmt: skip


if __name__ == "__main__":
    main()
