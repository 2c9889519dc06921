"""A word-level poet's training step: ways to score the words, and the bound of its own products.

Words are drawn by Zipf's law and spelled at random, with 1 to 14 letters. One step reads a chunk,
scores its next words, goes backward, clips and takes a step of AdamW. Ways to score:

    full       a row for every word (a table)
    sampled    the batch's words and 2,048 random ones (large corpora train on this)
    adaptive   torch's adaptive softmax (Grave et al. 2017), cut at a tenth and at two fifths
    letters    rows made of letters by the convolutions that read (Jozefowicz et al. 2016), for
               every word at every step

The bound of the sampled step is its matrix products alone, as in `throughput.py`: convolutions as
products over unfolded letters, highway, LSTM, projection and scores, and their gradients.

    python benchmarks/words.py
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from machine import machine
from quatrain.corpus import WordLimits, WordVocabulary
from quatrain.native import configure_native_libraries
from quatrain.poet.network import WordSize
from quatrain.train.networks import Dropout, State, WordNetwork
from throughput import product_seconds

LANES, LENGTH = 64, 35
SIZES = {
    "embedding": 16, "filters": 16, "widths": 6, "highway": 1, "hidden": 640, "layers": 1,
    "projection": 256,
}  # fmt: skip


def made_up(words: int) -> WordVocabulary:
    """Make up random spellings, all different."""
    draw = np.random.default_rng(0)
    letters = list("abcdefghijklmnopqrstuvwxyz'")
    spelled: dict[str, int] = {}
    while len(spelled) < words:
        word = "".join(draw.choice(letters, draw.integers(1, 15)))
        spelled.setdefault(word, words - len(spelled))
    return WordVocabulary.from_counts(spelled, WordLimits(most=words))


class Adaptive(WordNetwork):
    """Scores by an adaptive softmax."""

    def take(self) -> Adaptive:
        """Replace the table with this output."""
        size = self.vocabulary
        cuts = [size // 10, 2 * size // 5]
        self.adaptive = nn.AdaptiveLogSoftmaxWithLoss(self.output.in_features, size, cuts)
        del self.output
        return self

    def forward(
        self, ids: Tensor, state: State, targets: Tensor | None = None, ignored: int = -100
    ) -> tuple[Tensor, State]:
        """Return the summed surprisal."""
        del ignored
        assert targets is not None
        projected, after = self.read(ids, state)
        loss = self.adaptive(projected.flatten(0, 1), targets.flatten()).loss
        return loss * targets.numel(), after


class Letters(WordNetwork):
    """Scores by rows made of letters."""

    def take(self) -> Letters:
        """Replace the table with a map from letters."""
        self.rows = nn.Linear(self.words.features, self.output.in_features)
        self.bias = nn.Parameter(self.output.bias.detach().clone())
        del self.output
        return self

    def forward(
        self, ids: Tensor, state: State, targets: Tensor | None = None, ignored: int = -100
    ) -> tuple[Tensor, State]:
        """Return the summed surprisal."""
        del ignored
        assert targets is not None
        projected, after = self.read(ids, state)
        rows = self.rows(self.words(torch.arange(self.vocabulary)))
        logits = functional.linear(projected.flatten(0, 1), rows, self.bias)
        return functional.cross_entropy(logits, targets.flatten(), reduction="sum"), after


def network(kind: type[WordNetwork], vocabulary: WordVocabulary, negatives: int) -> WordNetwork:
    counts = 1e7 / (torch.arange(vocabulary.size) + 3.0)
    return kind(
        WordSize(vocabulary.size, vocabulary.letters, **SIZES),
        spellings=torch.from_numpy(vocabulary.spellings), counts=counts, dropout=Dropout(),
        negatives=negatives, unknown=vocabulary.UNKNOWN, seed=0,
        generator=torch.Generator().manual_seed(0),
    )  # fmt: skip


def step_of(trained: WordNetwork, ids: Tensor) -> Callable[[], None]:
    optimizer = torch.optim.AdamW(trained.parameters(), fused=True)
    state = trained.start(LANES)

    def step() -> None:
        optimizer.zero_grad(set_to_none=True)
        total, _ = trained(ids[:-1], state, ids[1:])
        (total / ids[1:].numel()).backward()
        nn.utils.clip_grad_norm_(trained.parameters(), 1.0)
        optimizer.step()

    return step


def best_seconds(step: Callable[[], None], runs: int) -> float:
    step()
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        step()
        times.append(time.perf_counter() - begun)
    return float(np.median(times))


def bound_seconds(trained: WordNetwork, ids: Tensor, candidates: int) -> float:
    """Return the seconds of the sampled step's products: three each, value and two gradients."""
    read = ids[:-1]
    distinct = torch.unique(read)
    spelled = trained.words.spellings[distinct]
    longest = int((spelled != 0).sum(dim=1).max())
    words, features = len(distinct), trained.words.features
    hidden, chunk = SIZES["hidden"], LANES * LENGTH
    embedding, projection = SIZES["embedding"], SIZES["projection"]
    shapes = [
        (words * (longest - width + 1), embedding * width, SIZES["filters"] * width, 1)
        for width in range(1, SIZES["widths"] + 1)
    ]
    shapes += [(words, features, features, 2 * SIZES["highway"])]
    shapes += [(chunk, features, 4 * hidden, 1), (chunk, hidden, projection, 1)]
    shapes += [(chunk, projection, candidates, 1)]
    total = 0.0
    for rows, inner, columns, times in shapes:
        for product in ((rows, inner, columns), (rows, columns, inner), (columns, rows, inner)):
            total += times * product_seconds(*product, torch.float32)
    for product in ((LANES, hidden, 4 * hidden), (LANES, 4 * hidden, hidden)):
        total += LENGTH * product_seconds(*product, torch.float32)
    return total + product_seconds(4 * hidden, chunk, hidden, torch.float32)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--words", nargs="*", type=int, default=[10_000, 40_000])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    configure_native_libraries()
    torch.set_flush_denormal(True)
    rows: list[dict[str, object]] = []
    for size in asked.words:
        vocabulary = made_up(size)
        chances = 1 / (torch.arange(vocabulary.size) + 3.0)
        generator = torch.Generator().manual_seed(1)
        ids = torch.multinomial(
            chances, (LENGTH + 1) * LANES, replacement=True, generator=generator
        ).view(LENGTH + 1, LANES)
        kinds: list[tuple[str, WordNetwork]] = [
            ("full", network(WordNetwork, vocabulary, 0)),
            ("sampled", network(WordNetwork, vocabulary, 2048)),
            ("adaptive", network(Adaptive, vocabulary, 0).take()),
            ("letters", network(Letters, vocabulary, 0).take()),
        ]
        for name, trained in kinds:
            seconds = best_seconds(step_of(trained, ids), asked.runs)
            row: dict[str, object] = {
                "words": size, "scored": name, "step_ms": round(1e3 * seconds, 1),
                "words_per_second": round(LANES * LENGTH / seconds), "ratio": None,
            }  # fmt: skip
            if name == "sampled":
                drawn = torch.multinomial(
                    trained._proposal, 2048, replacement=True, generator=generator
                )
                candidates = len(torch.unique(torch.cat([ids[1:].flatten(), drawn])))
                bound = bound_seconds(trained, ids, candidates)
                seconds = min(seconds, best_seconds(step_of(trained, ids), asked.runs))
                row |= {"bound_ms": round(1e3 * bound, 1), "ratio": round(seconds / bound, 2)}
            rows.append(row)
    if asked.json:
        print(json.dumps({"machine": machine("torch"), "rows": rows}))
        return
    print(machine("torch"))
    print(f"{'words':>7} {'scored':9} {'step ms':>9} {'words/s':>8} {'ratio to products':>20}")
    for row in rows:
        ratio = "" if row["ratio"] is None else f"{row['ratio']} of {row['bound_ms']} ms"
        print(
            f"{row['words']:7,} {row['scored']:9} {row['step_ms']:9,} "
            f"{row['words_per_second']:8,} {ratio:>20}"
        )


if __name__ == "__main__":
    main()
